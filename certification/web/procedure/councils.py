"""A council: who sits in it by which decision, the dossiers before it, and its meetings."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from certification.procedure.actions import Action
from certification.procedure.meetings import Quorum, Seat
from certification.procedure.permissions import may
from certification.procedure.states import State
from certification.procedure.subjects import Subject
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken
from certification.store.councils import Composition, Member, candidates, council_of, set_up_council
from certification.store.minutes import agenda, members_in_order
from certification.store.models import Account, Council, Cycle, Dossier, UnitRecord
from certification.store.subjects import kind_of, outline_of, subject_of_unit
from certification.store.unfit import Unfit
from certification.store.worklist import dossiers_in, subjects_for
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from certification.web.words import capital

SPARE = 3
"""Empty lines for further members that a form offers."""
MOST = 60


def cycle_at(cycle: int) -> Cycle:
    """The cycle of an address. Raises ``Http404``."""
    return get_object_or_404(Cycle.objects.select_related("rulebook", "root__parent__parent"), pk=cycle)


@gate(Action.READ_REPORTS, UnitRecord)
def show_council(request: HttpRequest, unit: UnitRecord, cycle: int) -> HttpResponseBase:
    """The council of ``unit`` in ``cycle``."""
    found = cycle_at(cycle)
    actor, council = actor_in(request), council_of(found, unit)
    reviewed = before(found, unit)
    subjects = subjects_for(actor, reviewed)
    waiting = [] if council is None else agenda(council)
    context = {
        "unit": unit,
        "cycle": found,
        "kind": kind_of(found),
        "citation": rulebook_of(found).instrument.short_citation,
        "council": council,
        "quorum": None if council is None else Quorum(council.quorum),
        "members": [] if council is None else members_in_order(council.members.all()),
        "seats": {seat.value: seat.label for seat in Seat},
        "meetings": []
        if council is None
        else list(council.minutes.prefetch_related("items", "present").order_by("-held_on")),
        "waiting": waiting,
        "states": _states(reviewed),
        "may_set_up": may(actor, Action.SET_UP_COUNCIL, subject_of_unit(unit)),
        "together": _together(request, reviewed, subjects),
        "may_keep": _may_keep(request, waiting, subjects),
    }
    return render(request, "procedure/council.html", context)


def before(cycle: Cycle, unit: UnitRecord) -> list[Dossier]:
    """The dossiers of ``cycle`` that the bodies of ``unit`` review, in the order of names. One query."""
    return [
        dossier
        for dossier in dossiers_in([cycle])
        if (reviewer := outline_of(dossier).reviewer) is not None and reviewer.code == unit.code
    ]


def _together(
    request: HttpRequest, dossiers: list[Dossier], subjects: Mapping[int, Subject]
) -> list[tuple[Action, int]]:
    """The steps that the reader may take now for more than one dossier, with how many."""
    actor = actor_in(request)
    counted = [
        (step, sum(may(actor, step, subjects[dossier.pk]) for dossier in dossiers))
        for step in (Action.RECEIVE, Action.CLOSE_APPRAISAL, Action.PROPOSE)
    ]
    return [(step, count) for step, count in counted if count > 1]


def _states(dossiers: list[Dossier]) -> list[tuple[State, int]]:
    counted = [(state, sum(dossier.state == state for dossier in dossiers)) for state in State]
    return [(state, count) for state, count in counted if count]


def _may_keep(request: HttpRequest, waiting: list[Dossier], subjects: Mapping[int, Subject]) -> bool:
    actor = actor_in(request)
    return any(dossier.pk in subjects and may(actor, Action.KEEP_MINUTES, subjects[dossier.pk]) for dossier in waiting)


@gate(Action.SET_UP_COUNCIL, UnitRecord)
def edit_council(request: HttpRequest, unit: UnitRecord, cycle: int) -> HttpResponseBase:
    """The form by which a council is set up or its composition stated anew."""
    found = cycle_at(cycle)
    council, known = council_of(found, unit), candidates(unit)
    if request.method != "POST":
        return _show_form(request, unit, found, known, _as_typed(council, known))
    typed = _typed(request.POST, known)
    version = request.POST.get("version", "")
    try:
        set_up_council(
            actor_in(request), found, unit, _composition(typed), int(version) if version.isdecimal() else None
        )
    except (Unfit, Overtaken) as error:
        text = capital(tell(error.text))
        return _show_form(
            request, unit, found, known, {**typed, "error": text}, 422 if isinstance(error, Unfit) else 409
        )
    messages.success(request, say("Đã lưu Hội đồng thẩm định.", "The council is saved."))
    return redirect("procedure:council", unit.pk, found.pk)


def _as_typed(council: Council | None, known: list[Account]) -> dict[str, object]:
    """A form's contents: those of the council, else everybody who is appointed as a member."""
    if council is None:
        rows = [
            {"name": account.full_name, "position": "", "seat": Seat.MEMBER.value, "account": account.pk}
            for account in known
        ]
        return {"decided_by": "", "quorum": Quorum.TWO_THIRDS.value, "rows": rows, "version": "", "error": ""}
    rows = [
        {"name": member.name, "position": member.position, "seat": member.duty, "account": member.account_id}
        for member in council.members.all()
    ]
    return {
        "decided_by": council.decided_by,
        "quorum": council.quorum,
        "rows": rows,
        "version": council.version,
        "error": "",
    }


def _typed(data: QueryDict, known: list[Account]) -> dict[str, object]:
    names = {str(account.pk): account for account in known}
    rows = []
    for number in range(MOST):
        account = names.get(data.get(f"account-{number}", ""))
        name = data.get(f"name-{number}", "").strip() or ("" if account is None else account.full_name)
        seat = data.get(f"seat-{number}", "")
        if not name or seat not in list(Seat):
            continue
        rows.append(
            {
                "name": name,
                "position": data.get(f"position-{number}", "").strip(),
                "seat": seat,
                "account": None if account is None else account.pk,
            }
        )
    quorum = data.get("quorum", "")
    return {
        "decided_by": data.get("decided_by", "").strip(),
        "quorum": quorum if quorum in list(Quorum) else Quorum.TWO_THIRDS.value,
        "rows": rows,
        "version": data.get("version", ""),
        "error": "",
    }


def _composition(typed: Mapping[str, object]) -> Composition:
    rows = typed["rows"]
    assert isinstance(rows, list)
    members = tuple(Member(row["name"], row["position"], Seat(row["seat"]), row["account"]) for row in rows)
    return Composition(str(typed["decided_by"]), Quorum(str(typed["quorum"])), members)


def _show_form(
    request: HttpRequest,
    unit: UnitRecord,
    cycle: Cycle,
    known: list[Account],
    typed: Mapping[str, object],
    status: int = 200,
) -> HttpResponse:
    context = {
        "unit": unit,
        "cycle": cycle,
        "typed": typed,
        "known": [("", say("không dùng phần mềm", "does not use the application"))]
        + [(account.pk, account.full_name) for account in known],
        "seats": [(seat.value, tell(seat.label)) for seat in Seat],
        "quorums": [(quorum.value, tell(quorum.label)) for quorum in Quorum],
        "spare": SPARE,
    }
    return render(request, "procedure/members.html", context, status=status)
