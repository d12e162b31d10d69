"""Minutes: as they stand, the votes of members, the closing, and the document to sign."""

from attrs import frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.procedure.meetings import Choice, Quorum, Seat, Tally
from certification.procedure.permissions import may
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken
from certification.store.meetings import meeting_of
from certification.store.minutes import (
    barred_members,
    cast_vote,
    close_minutes,
    members_in_order,
    recorder_of,
    tally_of,
)
from certification.store.models import CouncilMember, Cycle, Minutes, MinutesItem, UnitRecord
from certification.store.results import results_of
from certification.store.subjects import kind_of, subject_of
from certification.store.unfit import Unfit
from certification.web.exports import asked_for
from certification.web.files import PAPERS, send_paper
from certification.web.gate import actor_in, gate
from certification.web.procedure.councils import cycle_at
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, workbook_response
from certification.web.words import capital
from levels.faults import Text
from levels.framework import Framework
from reports.documents import unavailable
from reports.minutes import render_minutes


@frozen
class Agenda:
    """One dossier of the minutes with its votes, as a page shows them."""

    item: MinutesItem
    level: int | None  # proposed: as closed, else as computed now
    tally: Tally
    barred: dict[int, str]
    votes: dict[int, str]
    recorders: dict[int, str]  # of each vote who wrote it down; "": the member himself
    may_vote: bool


def minutes_at(unit: UnitRecord, cycle: Cycle, minutes: int) -> Minutes:
    """The minutes of an address, which must be of the council of ``unit`` in ``cycle``. Raises ``Http404``."""
    rows = Minutes.objects.select_related("council__body", "council__cycle__rulebook", "council__cycle__root")
    return get_object_or_404(rows, pk=minutes, council__body=unit, council__cycle=cycle)


@gate(Action.READ_REPORTS, UnitRecord)
def show_minutes(request: HttpRequest, unit: UnitRecord, cycle: int, minutes: int) -> HttpResponseBase:
    """Minutes as they stand: a draft with what is still missing, or closed and ready to print."""
    found = cycle_at(cycle)
    shown = minutes_at(unit, found, minutes)
    if asked_for(request, "votes"):
        return workbook_response(_table(shown), _ballots(shown), request)
    return _show(request, unit, found, shown)


@frozen
class Cast:
    """How one member voted on one dossier."""

    unit: UnitRecord
    member: CouncilMember
    choice: str  # "": none
    recorder: str  # who wrote it down; "": the member himself
    barred: str  # why he does not vote


def _ballots(minutes: Minutes) -> list[Cast]:
    present = members_in_order(minutes.present.all())
    items = minutes.items.select_related("dossier__unit", "minutes__council").prefetch_related("votes__recorded_by")
    found = []
    for item in items.order_by("dossier__unit__sort_key"):
        barred = barred_members(item)
        recorders = {vote.member_id: recorder_of(vote) for vote in item.votes.all()}
        choices = {vote.member_id: vote.choice for vote in item.votes.all()}
        found += [
            Cast(
                item.dossier.unit,
                member,
                choices.get(member.pk, ""),
                recorders.get(member.pk, ""),
                barred.get(member.pk, ""),
            )
            for member in present
        ]
    return found


def _table(minutes: Minutes) -> Table[Cast]:
    return Table(
        name=f"votes-{minutes.held_on.isoformat()}",
        caption=Text(
            f"Phiếu biểu quyết, phiên họp ngày {minutes.held_on:%d/%m/%Y}",
            f"Votes, meeting of {minutes.held_on.isoformat()}",
        ),
        columns=[
            Column(key="code", title=Text("Mã", "Code"), value=lambda cast: cast.unit.code),
            Column(key="unit", title=Text("Đơn vị", "Unit"), value=lambda cast: cast.unit.name, width=28),
            Column(key="member", title=Text("Thành viên", "Member"), value=lambda cast: cast.member.name, width=28),
            Column(
                key="vote",
                title=Text("Ý kiến", "Vote"),
                value=lambda cast: Choice(cast.choice).label if cast.choice and not cast.barred else None,
                width=20,
            ),
            Column(
                key="recorder",
                title=Text("Người ghi phiếu", "Recorded by"),
                value=lambda cast: (cast.recorder or cast.member.name) if cast.choice and not cast.barred else None,
                width=28,
            ),
            Column(
                key="barred",
                title=Text("Không biểu quyết vì", "Does not vote because"),
                value=lambda cast: cast.barred,
                width=44,
            ),
        ],
    )


def _show(
    request: HttpRequest, unit: UnitRecord, cycle: Cycle, minutes: Minutes, error: str = "", status: int = 200
) -> HttpResponse:
    rulebook = rulebook_of(cycle)
    present = set(minutes.present.values_list("pk", flat=True))
    members = members_in_order(minutes.council.members.all())
    entries = _entries(request, minutes)
    actor = actor_in(request)
    context = {
        "unit": unit,
        "cycle": cycle,
        "minutes": minutes,
        "framework": rulebook if isinstance(rulebook, Framework) else None,
        "rulebook": rulebook,
        "members": members,
        "present": [member for member in members if member.pk in present],
        "absent": [member for member in members if member.pk not in present],
        "seats": {seat.value: seat.label for seat in Seat},
        "quorum": Quorum(minutes.council.quorum),
        "entries": entries,
        "choices": [(choice.value, tell(choice.label)) for choice in Choice],
        "chair": next((m for m in members if m.duty in (Seat.CHAIR, Seat.DEPUTY) and m.pk in present), None),
        "secretary": next((m for m in members if m.duty == Seat.SECRETARY), None),
        "may_keep": minutes.closed_at is None
        and any(may(actor, Action.KEEP_MINUTES, subject_of(entry.item.dossier)) for entry in entries),
        "error": error,
        "endings": [
            (ending, name) for ending, name in (("docx", "Word"), ("pdf", "PDF")) if ending not in unavailable()
        ],
    }
    return render(request, "procedure/minutes.html", context, status=status)


def _entries(request: HttpRequest, minutes: Minutes) -> list[Agenda]:
    actor, open_ = actor_in(request), minutes.closed_at is None
    items = minutes.items.select_related(
        "dossier__unit__parent__parent", "dossier__cycle__rulebook", "dossier__cycle__root", "minutes__council"
    ).prefetch_related("votes__recorded_by")
    mine = set(minutes.present.filter(account=actor.account).values_list("pk", flat=True)) if actor.account else set()
    levels = levels_of(minutes.council.cycle) if open_ else {}
    found = []
    for item in items.order_by("dossier__unit__sort_key"):
        barred = barred_members(item)
        votes = {vote.member_id: vote.choice for vote in item.votes.all()}
        found.append(
            Agenda(
                item,
                levels.get(item.dossier.unit.code) if open_ else item.level,
                tally_of(item),
                barred,
                votes,
                {vote.member_id: recorder_of(vote) for vote in item.votes.all() if vote.choice},
                open_ and bool(mine - barred.keys()) and may(actor, Action.VOTE, subject_of(item.dossier)),
            )
        )
    return found


def levels_of(cycle: Cycle) -> dict[str, int]:
    """By unit code the level that a decision would state now; nothing for an index."""
    return {} if kind_of(cycle) == "index" else {code: each.recognised for code, each in results_of(cycle).items()}


@require_POST
@gate(Action.READ_REPORTS, UnitRecord)
def close(request: HttpRequest, unit: UnitRecord, cycle: int, minutes: int) -> HttpResponseBase:
    """Close the minutes for good; what still stands in the way is said on their page."""
    found = cycle_at(cycle)
    draft = minutes_at(unit, found, minutes)
    version = request.POST.get("version", "")
    try:
        close_minutes(actor_in(request), draft, int(version) if version.isdecimal() else None)
    except Unfit as error:
        return _show(request, unit, found, draft, tell(error.text), 422)
    except Overtaken as error:
        return _show(request, unit, found, minutes_at(unit, found, minutes), capital(tell(error.text)), 409)
    messages.success(request, say("Đã chốt biên bản.", "The minutes are closed."))
    return redirect("procedure:minutes", unit.pk, found.pk, minutes)


@require_POST
@gate(Action.READ_REPORTS, UnitRecord)
def vote(request: HttpRequest, unit: UnitRecord, cycle: int, minutes: int) -> HttpResponseBase:
    """A member's own vote on one dossier of a draft."""
    found = cycle_at(cycle)
    draft = minutes_at(unit, found, minutes)
    key, choice = request.POST.get("item", ""), request.POST.get("choice", "")
    if not key.isdecimal() or choice not in list(Choice):
        raise Http404
    item = get_object_or_404(draft.items.select_related("dossier"), pk=int(key))
    try:
        cast_vote(actor_in(request), item, Choice(choice))
    except Unfit as error:
        return _show(request, unit, found, draft, tell(error.text), 422)
    messages.success(request, say("Đã ghi phiếu của bạn.", "Your vote is recorded."))
    return redirect("procedure:minutes", unit.pk, found.pk, minutes)


@gate(Action.READ_REPORTS, UnitRecord)
def send_document(request: HttpRequest, unit: UnitRecord, cycle: int, minutes: int, ending: str) -> HttpResponseBase:
    """The minutes in the form of Nghị định 30/2020/NĐ-CP, as Word or PDF."""
    found = minutes_at(unit, cycle_at(cycle), minutes)
    made = render_minutes(meeting_of(found), kinds=(ending,)) if ending in PAPERS else {}
    return send_paper(made, ending, f"bien-ban-{unit.code}-{found.held_on.isoformat()}")
