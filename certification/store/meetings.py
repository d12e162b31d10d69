"""Meetings: minutes as the document that is printed and signed."""

from certification.procedure.meetings import Choice, Quorum, Seat
from certification.store.assessments import rulebook_of
from certification.store.minutes import barred_members, members_in_order, recorder_of, tally_of
from certification.store.models.councils import CouncilMember, Minutes, MinutesItem
from certification.store.models.facts import FactRecord
from certification.store.results import results_of
from certification.store.subjects import kind_of
from evidence.facts import SYNTHETIC
from levels.framework import Framework
from reports.minutes import Attendee, Meeting, Vote
from reports.view import level_words


def meeting_of(minutes: Minutes) -> Meeting:
    """The meeting that ``minutes`` state; of a draft with the levels as they are computed now."""
    council, cycle = minutes.council, minutes.council.cycle
    members = members_in_order(council.members.all())
    present = set(minutes.present.values_list("pk", flat=True))
    here = [member for member in members if member.pk in present]
    leading = (Seat.CHAIR, Seat.DEPUTY)
    levels = kind_of(cycle) == "levels"
    items = list(
        minutes.items.select_related("dossier__unit", "minutes__council").prefetch_related("votes__recorded_by")
    )
    now = results_of(cycle) if levels and minutes.closed_at is None else {}
    proposed = {
        item.pk: item.level if minutes.closed_at else now[item.dossier.unit.code].recognised
        for item in items
        if minutes.closed_at or item.dossier.unit.code in now
    }
    dossiers = [item.dossier_id for item in items]
    return Meeting(
        body=council.body.name,
        subject=f"Họp thẩm định mức độ chuyển đổi số năm {cycle.year}"
        if levels
        else f"Họp thẩm định, đánh giá chỉ số chuyển đổi số năm {cycle.year}",
        number=minutes.number,
        held_on=minutes.held_on,
        place=minutes.place,
        decided_by=council.decided_by,
        quorum=Quorum(council.quorum).label.vi,
        present=tuple(map(_attendee, here)),
        absent=tuple(_attendee(member) for member in members if member.pk not in present),
        chair=next((_attendee(member) for member in here if member.duty in leading), None),
        secretary=next((_attendee(member) for member in here if member.duty == Seat.SECRETARY), None),
        votes=tuple(
            _vote(item, here, proposed.get(item.pk), rulebook_of(cycle))
            for item in sorted(items, key=lambda item: item.dossier.unit.sort_key)
        ),
        discussion=minutes.discussion,
        closed=minutes.closed_at is not None,
        synthetic=FactRecord.objects.filter(dossier__in=dossiers, source__startswith=SYNTHETIC).exists(),
    )


def _attendee(member: CouncilMember) -> Attendee:
    return Attendee(member.name, member.position, Seat(member.duty).label.vi)


def _vote(item: MinutesItem, here: list[CouncilMember], level: int | None, rulebook: object) -> Vote:
    tally, barred = tally_of(item), barred_members(item)
    choices = {vote.member_id: Choice(vote.choice) for vote in item.votes.all() if vote.choice}
    voted = [(member, choices[member.pk]) for member in here if member.pk in choices and member.pk not in barred]
    words = ""
    if level is not None and isinstance(rulebook, Framework):
        words = level_words(rulebook, level) if level else "chưa đạt mức nào"
    return Vote(
        item.dossier.unit.name,
        words,
        tally.in_favour,
        tally.against,
        tally.abstaining,
        tuple(f"{member.name}: {barred[member.pk]}" for member in here if member.pk in barred),
        tuple(f"{member.name}: {choice.label.vi.lower()}" for member, choice in voted if choice is not Choice.FOR),
        item.adopted,
        item.remark,
        _recorded(item, [member for member, _ in voted]),
    )


def _recorded(item: MinutesItem, voters: list[CouncilMember]) -> tuple[str, ...]:
    """Which votes somebody else than the member wrote down, by who did."""
    names: dict[str, list[str]] = {}
    votes = {vote.member_id: vote for vote in item.votes.all()}
    for member in voters:
        if recorder := recorder_of(votes[member.pk]):
            names.setdefault(recorder, []).append(member.name)
    return tuple(f"phiếu của {', '.join(members)} do {recorder} ghi" for recorder, members in names.items())
