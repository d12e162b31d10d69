"""The administrator's first page: what there is, and what can be done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.models import RulebookRecord, UnitChange
from certification.store.subjects import INSTALLATION
from certification.store.units import records_on
from certification.web.administration.cycles import kept_cycles
from certification.web.gate import actor_in, gate


@gate(Action.MANAGE_UNITS, anywhere=True)
@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """Units, cycles and rulebooks in figures; who administers a part of the units only sees its cycles."""
    tiers: dict[str, int] = {}
    for tier in records_on(timezone.localdate()).order_by().values_list("tier", flat=True):
        tiers[tier] = tiers.get(tier, 0) + 1
    return render(
        request,
        "administration/home.html",
        {
            "tiers": [
                (tier, tiers[tier]) for tier in ("province", "district", "commune", "department") if tier in tiers
            ],
            "changes": UnitChange.objects.count(),
            "open_cycles": kept_cycles(request).filter(closed_at=None),
            "whole": may(actor_in(request), Action.MANAGE_UNITS, INSTALLATION),
            "rulebooks": RulebookRecord.objects.count(),
        },
    )
