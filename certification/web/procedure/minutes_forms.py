"""The form in which a meeting is written down; what cannot be saved is shown again as it was typed."""

import datetime

from attrs import frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.meetings import Choice, Quorum, Seat
from certification.procedure.permissions import Refused, permit
from certification.store.changes import Overtaken
from certification.store.minutes import (
    Ballot,
    Item,
    Sitting,
    agenda,
    members_in_order,
    save_minutes,
)
from certification.store.models import Council, CouncilMember, Dossier, Minutes, UnitRecord
from certification.store.subjects import kind_of
from certification.store.unfit import Unfit
from certification.web.gate import actor_in, gate
from certification.web.procedure.councils import cycle_at
from certification.web.procedure.meetings import levels_of, minutes_at
from certification.web.speech import say, tell
from certification.web.words import capital
from levels.faults import Text


@frozen
class Entry:
    """One dossier in the form, as it is and as it was typed."""

    dossier: Dossier
    chosen: bool
    level: int | None
    remark: str
    choices: dict[int, str]
    conflicts: dict[int, str]
    declared: dict[int, str]  # conflicts that the form cannot lift


@gate(Action.READ_REPORTS, UnitRecord)
def edit_minutes(request: HttpRequest, unit: UnitRecord, cycle: int, minutes: int | None = None) -> HttpResponseBase:
    """The form of a meeting; what cannot be saved is shown again as it was typed."""
    found = cycle_at(cycle)
    council = get_object_or_404(
        Council.objects.select_related("body", "cycle__rulebook", "cycle__root"), cycle=found, body=unit
    )
    draft = None if minutes is None else minutes_at(unit, found, minutes)
    _only_members(request, council)
    if draft is not None and draft.closed_at is not None:
        raise Http404
    if request.method != "POST":
        return _show_form(request, council, draft)
    try:
        version = request.POST.get("version", "")
        saved = save_minutes(
            actor_in(request), council, _sitting(request, council), draft, int(version) if version.isdecimal() else None
        )
    except Unfit as error:
        return _show_form(request, council, draft, tell(error.text), 422)
    except Overtaken as error:
        return _show_form(request, council, draft, capital(tell(error.text)), 409)
    messages.success(request, say("Đã lưu biên bản.", "The minutes are saved."))
    return redirect("procedure:minutes", unit.pk, found.pk, saved.pk)


def _only_members(request: HttpRequest, council: Council) -> None:
    """The minutes are the council's own: others may read them, and get no form to write in."""
    permit(actor_in(request), Action.KEEP_MINUTES)
    if not council.members.filter(account=actor_in(request).account).exists():
        raise Refused(
            Text(
                "Chỉ thành viên Hội đồng thẩm định của kỳ này mới lập được biên bản.",
                "Only members of this cycle's appraisal council keep its minutes.",
            )
        )


def _sitting(request: HttpRequest, council: Council) -> Sitting:
    data = request.POST
    try:
        held_on = datetime.date.fromisoformat(data.get("held_on", ""))
    except ValueError:
        raise Unfit(
            Text("Ngày họp chưa đúng; hãy chọn một ngày.", "The day of the meeting is not a date; choose one."),
            "held_on",
        ) from None
    members = list(council.members.all())
    items = tuple(
        Item(
            dossier.pk,
            data.get(f"remark-{dossier.pk}", ""),
            {member.pk: _ballot(request, dossier, member) for member in members},
        )
        for dossier in agenda(council)
        if data.get(f"item-{dossier.pk}")
    )
    present = frozenset(member.pk for member in members if data.get(f"present-{member.pk}"))
    return Sitting(held_on, present, items, data.get("number", ""), data.get("place", ""), data.get("discussion", ""))


def _ballot(request: HttpRequest, dossier: Dossier, member: CouncilMember) -> Ballot:
    choice = request.POST.get(f"vote-{dossier.pk}-{member.pk}", "")
    conflict = request.POST.get(f"conflict-{dossier.pk}-{member.pk}", "").strip()
    agreed = request.POST.get("blank") == Choice.FOR and request.POST.get(f"present-{member.pk}")
    if not choice and not conflict and agreed:
        choice = Choice.FOR
    return Ballot(Choice(choice) if choice in list(Choice) else None, conflict)


def _show_form(
    request: HttpRequest, council: Council, draft: Minutes | None, error: str = "", status: int = 200
) -> HttpResponse:
    members = members_in_order(council.members.all())
    posted = request.method == "POST"
    if draft is not None:
        draft.refresh_from_db()
    present = (
        {member.pk for member in members if request.POST.get(f"present-{member.pk}")}
        if posted
        else {member.pk for member in members}
        if draft is None
        else set(draft.present.values_list("pk", flat=True))
    )
    stored = {
        "held_on": (timezone.localdate() if draft is None else draft.held_on).isoformat(),
        "number": "" if draft is None else draft.number,
        "place": "" if draft is None else draft.place,
        "discussion": "" if draft is None else draft.discussion,
        "blank": "",
    }
    context = {
        "unit": council.body,
        "cycle": council.cycle,
        "council": council,
        "minutes": draft,
        "typed": {name: request.POST.get(name, value) for name, value in stored.items()} if posted else stored,
        "members": members,
        "seats": {seat.value: seat.label for seat in Seat},
        "present": present,
        "entries": _form_entries(request, council, draft),
        "choices": [("", "–"), *((choice.value, tell(choice.label)) for choice in Choice)],
        "quorum": Quorum(council.quorum),
        "kind": kind_of(council.cycle),
        "error": error,
        "stored": _told(draft) if status == 409 and draft is not None else [],
    }
    return render(request, "procedure/minutes_form.html", context, status=status)


def _form_entries(request: HttpRequest, council: Council, draft: Minutes | None) -> list[Entry]:
    data, posted = request.POST, request.method == "POST"
    kept = {} if draft is None else {item.dossier_id: item for item in draft.items.prefetch_related("votes")}
    members = list(council.members.all())
    accounts = {member.account_id: member.pk for member in members if member.account_id}
    waiting = agenda(council)
    levels = levels_of(council.cycle)
    found = []
    for dossier in waiting:
        item = kept.get(dossier.pk)
        votes = [] if item is None else list(item.votes.all())
        declared = {
            accounts[conflict.account_id]: conflict.reason
            for conflict in dossier.conflicts.all()
            if conflict.account_id in accounts
        }
        found.append(
            Entry(
                dossier,
                bool(data.get(f"item-{dossier.pk}")) if posted else draft is None or item is not None,
                levels.get(dossier.unit.code),
                data.get(f"remark-{dossier.pk}", "") if posted else "" if item is None else item.remark,
                {m.pk: data.get(f"vote-{dossier.pk}-{m.pk}", "") for m in members}
                if posted
                else {vote.member_id: vote.choice for vote in votes},
                {m.pk: data.get(f"conflict-{dossier.pk}-{m.pk}", "") for m in members}
                if posted
                else {vote.member_id: vote.conflict for vote in votes if vote.conflict},
                declared,
            )
        )
    return found


def _told(minutes: Minutes) -> list[str]:
    """What somebody else has saved meanwhile, line by line, to compare with what was typed."""
    told = [
        say(f"Ngày họp {minutes.held_on:%d/%m/%Y}", f"Held on {minutes.held_on.isoformat()}"),
        say("Có mặt: ", "Present: ") + ", ".join(minutes.present.values_list("name", flat=True)),
    ]
    for item in minutes.items.select_related("dossier__unit").prefetch_related("votes__member"):
        votes = [f"{vote.member.name}: {vote.conflict or tell(Choice(vote.choice).label)}" for vote in item.votes.all()]
        told.append(f"{item.dossier.unit.name}: {'; '.join(votes) or '–'}")
    return told
