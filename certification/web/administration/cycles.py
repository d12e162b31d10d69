"""The yearly cycles: opened, looked at, completed with forgotten units, closed and opened again."""

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for, may
from certification.procedure.states import State
from certification.store.changes import Overtaken
from certification.store.cycles import add_missing, close_year, missing_units, open_year, partakers
from certification.store.models import Cycle, FactRecord, RulebookRecord
from certification.store.subjects import INSTALLATION, kind_of
from certification.store.unfit import Unfit
from certification.store.units import INHERITED
from certification.web.accounts.listing import kept_units
from certification.web.administration.forms import OpeningForm, ReasonForm
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, badge, show_table
from levels.faults import Text
from levels.framework import Tier

OPEN, CLOSED = Text(vi="Đang mở", en="Open"), Text(vi="Đã đóng", en="Closed")


def kept_cycles(request: HttpRequest) -> QuerySet[Cycle]:
    """The cycles within the units that the reader administers."""
    rows = Cycle.objects.select_related("rulebook", "root")
    units = [each.unit for each in appointments_for(actor_in(request), Action.MANAGE_CYCLES)]
    if None in units:
        return rows
    return rows.filter(
        Q(root__code__in=units) | Q(root__parent__code__in=units) | Q(root__parent__parent__code__in=units)
    )


@gate(Action.MANAGE_CYCLES, anywhere=True)
@require_GET
def list_cycles(request: HttpRequest) -> HttpResponse:
    """Every cycle that the reader administers, the latest first."""
    rows = kept_cycles(request).annotate(dossier_count=Count("dossiers"))
    context = {"whole": may(actor_in(request), Action.MANAGE_UNITS, INSTALLATION)}
    return show_table(request, "administration/cycles.html", _TABLE, rows, context)


@gate(Action.MANAGE_CYCLES, anywhere=True)
@require_http_methods(["GET", "POST"])
def open_cycle(request: HttpRequest) -> HttpResponseBase:
    """Open a year; how many dossiers it makes is shown before it is confirmed."""
    choices = {
        "rulebooks": RulebookRecord.objects.defer("content"),
        "roots": kept_units(request)
        .filter(valid_until=None, tier__in=[Tier.PROVINCE.value, Tier.DISTRICT.value])
        .order_by("-tier", "sort_key"),  # provinces first
    }
    form = OpeningForm(request.POST or None, **choices)  # type: ignore[arg-type]  # two query sets of two models
    preview = None
    if request.method == "POST" and form.is_valid():
        opening = form.opening()
        if "confirm" in request.POST:
            try:
                cycle = open_year(actor_in(request), opening)
            except Unfit as unfit:
                form.refuse(unfit)
            else:
                messages.success(request, say(f"Đã mở kỳ {cycle.year}.", f"The cycle {cycle.year} is open."))
                return redirect("administration:cycle", cycle.pk)
        else:
            units = partakers(opening)
            preview = [
                (tier, [unit for unit in units if unit.tier == tier]) for tier in dict.fromkeys(u.tier for u in units)
            ]
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "preview": preview,
        "total": sum(len(units) for _, units in preview or ()),
        "whole": may(actor_in(request), Action.MANAGE_UNITS, INSTALLATION),
    }
    return render(request, "administration/cycle_open.html", context, status=status)


@gate(Action.MANAGE_CYCLES, Cycle)
@require_GET
def show_cycle(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """One cycle: how far its dossiers are, which units have none, and what can be done."""
    return _show(request, cycle, ReasonForm())


@gate(Action.MANAGE_CYCLES, Cycle)
@require_POST
def close(request: HttpRequest, cycle: Cycle) -> HttpResponseBase:
    """Close the cycle."""
    return _close(request, cycle, again=False)


@gate(Action.MANAGE_CYCLES, Cycle)
@require_POST
def reopen(request: HttpRequest, cycle: Cycle) -> HttpResponseBase:
    """Open a closed cycle again."""
    return _close(request, cycle, again=True)


@gate(Action.MANAGE_CYCLES, Cycle)
@require_POST
def add_units(request: HttpRequest, cycle: Cycle) -> HttpResponseBase:
    """Give dossiers to units that were forgotten."""
    try:
        count = add_missing(actor_in(request), cycle, timezone.localdate())
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
    else:
        messages.success(request, say(f"Đã bổ sung {count} hồ sơ.", f"{count} dossiers are added."))
    return redirect("administration:cycle", cycle.pk)


def _close(request: HttpRequest, cycle: Cycle, *, again: bool) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, cycle, form, 422)
    try:
        close_year(actor_in(request), cycle, form.cleaned_data["why"], again=again)
    except Overtaken as overtaken:
        messages.error(request, tell(overtaken.text))
    else:
        messages.success(
            request, say("Đã mở lại kỳ.", "It is open again.") if again else say("Đã đóng kỳ.", "It is closed.")
        )
    return redirect("administration:cycle", cycle.pk)


def _show(request: HttpRequest, cycle: Cycle, form: ReasonForm, status: int = 200) -> HttpResponse:
    counted = dict(cycle.dossiers.order_by().values_list("state").annotate(Count("pk")))
    states = [(tell(state.label_in(kind_of(cycle))), counted[state.value]) for state in State if state.value in counted]
    context = {
        "cycle": cycle,
        "states": states,
        "total": sum(counted.values()),
        "missing": None if cycle.closed_at else missing_units(cycle, timezone.localdate()),
        "drafts": FactRecord.objects.filter(dossier__cycle=cycle, draft=True, entered_through=INHERITED).count(),
        "form": form,
        "whole": may(actor_in(request), Action.MANAGE_UNITS, INSTALLATION),
    }
    return render(request, "administration/cycle.html", context, status=status)


def _dossier_count(cycle: Cycle) -> int:
    count: int = cycle.dossier_count  # type: ignore[attr-defined]  # annotated by list_cycles
    return count


_TABLE: Table[Cycle] = Table(
    name="cycles",
    caption=Text(vi="Các kỳ đánh giá", en="Cycles"),
    sort="-year",
    empty=Text(vi="Chưa mở kỳ nào.", en="No cycle is opened yet."),
    columns=(
        Column(
            key="year",
            title=Text(vi="Năm", en="Year"),
            value=lambda row: str(row.year),
            href=lambda row: reverse("administration:cycle", args=[row.pk]),
            order="year",
            names_row=True,
        ),
        Column(
            key="rulebook",
            title=Text(vi="Bộ tiêu chí, bộ chỉ số", en="Rulebook"),
            value=lambda row: str(row.rulebook),
            order="rulebook__framework",
            width=30,
        ),
        Column(
            key="root",
            title=Text(vi="Phạm vi", en="Under"),
            value=lambda row: row.root.name,
            order="root__sort_key",
            width=26,
        ),
        Column(
            key="dossiers",
            title=Text(vi="Hồ sơ", en="Dossiers"),
            value=_dossier_count,
            order="dossier_count",
            align="end",
        ),
        Column(key="opened", title=Text(vi="Mở lúc", en="Opened"), value=lambda row: row.opened_at, order="opened_at"),
        Column(
            key="state",
            title=Text(vi="Trạng thái", en="State"),
            value=lambda row: CLOSED if row.closed_at else OPEN,
            show=lambda row: badge(tell(CLOSED), "neutral") if row.closed_at else badge(tell(OPEN), "good"),
            order="closed_at",
        ),
    ),
)
