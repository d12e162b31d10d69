"""Vouching: whoever knows the holder of an account that rests says so, in the administrator's place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from certification.procedure.actions import Action
from certification.procedure.roles import Role
from certification.store.interventions import interventions_of
from certification.store.models import Account, Appointment
from certification.store.unfit import Unfit
from certification.store.vouching import DECIDING, vouch, waiting_for
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell


@gate(Action.VOUCH, anywhere=True)
@require_GET
def show_waiting(request: HttpRequest) -> HttpResponse:
    """The people whose roles rest and whom the reader may identify."""
    people = [
        {
            "account": account,
            "roles": [
                (Role(row.role).label, row.unit)
                for row in Appointment.objects.holding().filter(account=account).select_related("unit")
                if Role(row.role).duty in DECIDING
            ],
            "interventions": interventions_of(account),
        }
        for account in waiting_for(actor_in(request))
    ]
    return render(request, "accounts/vouching.html", {"people": people})


@gate(Action.VOUCH, anywhere=True)
@require_POST
def vouch_for(request: HttpRequest, account: int) -> HttpResponse:
    """Say that the holder of an account has been identified, and how."""
    found = get_object_or_404(Account, pk=account)
    try:
        vouch(actor_in(request), found, request.POST.get("why", ""))
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
    else:
        messages.success(
            request, say(f"Đã xác nhận {found}; các vai trò có hiệu lực.", f"You vouched for {found}; the roles hold.")
        )
    return redirect("accounts:vouching")
