"""Registrations: the targets of all units that one office receives, entered one by one or all at once."""

from collections.abc import Mapping

from attrs import frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import framework_of
from certification.store.dossiers import lateness
from certification.store.models import Cycle, Dossier, Transition, UnitRecord
from certification.store.subjects import calendar_in, kind_of, outline_of
from certification.store.together import NotTogether, Registration, register_all
from certification.store.worklist import dossiers_in
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell


@frozen
class Line:
    """One unit with its target, as it is and as it was typed."""

    dossier: Dossier
    registered: Transition | None
    typed: int | None
    changeable: bool
    error: str = ""


@gate(Action.READ_REPORTS, UnitRecord)
def show_registrations(request: HttpRequest, unit: UnitRecord, cycle: int) -> HttpResponseBase:
    """The list, and its form: what is wrong with one line is said beside it, and nothing is saved."""
    found = get_object_or_404(Cycle.objects.select_related("rulebook", "root__parent__parent"), pk=cycle)
    if kind_of(found) != "levels":
        raise Http404
    dossiers = _received(found, unit)
    if request.method != "POST":
        return _show(request, unit, found, dossiers)
    typed = {dossier.pk: _typed(request, dossier) for dossier in dossiers}
    changed = [
        Registration(dossier.pk, target, _version(request, dossier))
        for dossier in dossiers
        if (target := typed[dossier.pk]) is not None and target != dossier.target
    ]
    why = request.POST.get("why", "")
    try:
        count = register_all(actor_in(request), changed, why=why)
    except NotTogether as refused:
        faults = {key: tell(text) for key, text in refused.faults.items()}
        return _show(request, unit, found, dossiers, typed, faults, why)
    if count:
        messages.success(request, say(f"Đã ghi nhận đăng ký của {count} đơn vị.", f"{count} registrations recorded."))
    else:
        messages.info(request, say("Không có mức nào được thay đổi.", "No target was changed."))
    return redirect("procedure:registrations", unit.pk, found.pk)


def _received(cycle: Cycle, unit: UnitRecord) -> list[Dossier]:
    dossiers = [
        dossier
        for dossier in dossiers_in([cycle])
        if (reviewer := outline_of(dossier).reviewer) is not None and reviewer.code == unit.code
    ]
    if not dossiers:
        raise Http404
    return dossiers


def _typed(request: HttpRequest, dossier: Dossier) -> int | None:
    value = request.POST.get(f"target-{dossier.pk}", "")
    return int(value) if value in {"1", "2", "3", "4", "5"} else None


def _version(request: HttpRequest, dossier: Dossier) -> int | None:
    value = request.POST.get(f"version-{dossier.pk}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _show(
    request: HttpRequest,
    unit: UnitRecord,
    cycle: Cycle,
    dossiers: list[Dossier],
    typed: Mapping[int, int | None] | None = None,
    faults: Mapping[int, str] | None = None,
    why: str = "",
) -> HttpResponse:
    actor = actor_in(request)
    last: dict[int, Transition] = {
        step.dossier_id: step
        for step in Transition.objects.filter(dossier__in=dossiers, action=Action.REGISTER).select_related("by")
    }
    lines = [
        Line(
            dossier,
            last.get(dossier.pk),
            dossier.target if typed is None else typed.get(dossier.pk),
            may(actor, Action.REGISTER, outline_of(dossier)),
            (faults or {}).get(dossier.pk, ""),
        )
        for dossier in dossiers
    ]
    calendar = calendar_in(cycle)
    context = {
        "unit": unit,
        "cycle": cycle,
        "framework": framework_of(cycle),
        "lines": lines,
        "changeable": any(line.changeable for line in lines),
        "registered": sum(line.dossier.target is not None for line in lines),
        "due": calendar.find("registration"),
        "late": max((lateness(line.dossier, Action.REGISTER) for line in lines), default=0),
        "why": why,
        "faults": faults or {},
        "today": timezone.localdate(),
    }
    return render(request, "procedure/registrations.html", context, status=422 if faults else 200)
