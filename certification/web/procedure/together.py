"""One step for many dossiers: an office that receives or proposes what lies before it need not open each."""

from collections.abc import Mapping

from attrs import frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from certification.procedure.actions import Action
from certification.procedure.permissions import may, permit
from certification.store.models import Cycle, Dossier, Transition, UnitRecord
from certification.store.subjects import kind_of
from certification.store.together import NotTogether, take_all
from certification.store.worklist import subjects_for
from certification.web.gate import actor_in, gate
from certification.web.procedure.councils import before, cycle_at
from certification.web.speech import say, tell
from certification.web.words import action_name

STEPS = (Action.RECEIVE, Action.PROPOSE, Action.CLOSE_APPRAISAL)
"""The steps that may be taken together: none of them turns anything down."""


@frozen
class Line:
    """One dossier that can take the step."""

    dossier: Dossier
    handed_in: Transition | None
    chosen: bool
    error: str


@gate(Action.READ_REPORTS, UnitRecord)
def take_together(request: HttpRequest, unit: UnitRecord, cycle: int, action: str) -> HttpResponseBase:
    """Choose dossiers and take ``action`` for all of them; a fault of one keeps all from it, and is said beside it."""
    step = next((each for each in STEPS if each.value == action), None)
    if step is None:
        raise Http404
    actor, found = actor_in(request), cycle_at(cycle)
    permit(actor, step)
    able = takers(request, found, unit, step)
    if request.method != "POST":
        return _show(request, unit, found, step, able)
    chosen = {dossier.pk: _version(request, dossier) for dossier in able if request.POST.get(f"dossier-{dossier.pk}")}
    why = request.POST.get("why", "")
    if not chosen:
        return _show(request, unit, found, step, able, {}, {0: say("Chưa chọn hồ sơ nào.", "Nothing is chosen.")}, why)
    try:
        count = take_all(actor, step, chosen, why=why)
    except NotTogether as refused:
        faults = {key: tell(text) for key, text in refused.faults.items()}
        return _show(request, unit, found, step, able, chosen, faults, why)
    messages.success(
        request, say(f"Đã {action_name(step)}: {count} hồ sơ.", f"Done for {count} dossiers: {action_name(step)}.")
    )
    return redirect("procedure:council", unit.pk, found.pk)


def takers(request: HttpRequest, cycle: Cycle, unit: UnitRecord, step: Action) -> list[Dossier]:
    """The dossiers before ``unit`` for which the reader may take ``step`` now. A bounded number of queries."""
    actor = actor_in(request)
    rows = before(cycle, unit)
    subjects = subjects_for(actor, rows)
    return [dossier for dossier in rows if may(actor, step, subjects[dossier.pk])]


def _version(request: HttpRequest, dossier: Dossier) -> int | None:
    value = request.POST.get(f"version-{dossier.pk}", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _show(
    request: HttpRequest,
    unit: UnitRecord,
    cycle: Cycle,
    step: Action,
    able: list[Dossier],
    chosen: Mapping[int, int | None] | None = None,
    faults: Mapping[int, str] | None = None,
    why: str = "",
) -> HttpResponse:
    told = faults or {}
    handed_in = {each.dossier_id: each for each in Transition.objects.filter(dossier__in=able, action=Action.SUBMIT)}
    lines = [
        Line(
            dossier,
            handed_in.get(dossier.pk),
            dossier.pk in chosen if chosen is not None else not _late(handed_in.get(dossier.pk)),
            told.get(dossier.pk, ""),
        )
        for dossier in able
    ]
    context = {
        "unit": unit,
        "cycle": cycle,
        "kind": kind_of(cycle),
        "step": step,
        "lines": lines,
        "any_late": any(_late(line.handed_in) for line in lines),
        "error": told.get(0, ""),
        "faults": len(told) - (0 in told),
        "why": why,
    }
    return render(request, "procedure/together.html", context, status=422 if told else 200)


def _late(handed_in: Transition | None) -> bool:
    return handed_in is not None and handed_in.days_late > 0
