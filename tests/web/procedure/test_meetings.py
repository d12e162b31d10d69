"""Councils and their minutes: who sits there, who may vote, when a meeting is valid; closed minutes never change."""

import datetime

import pytest
from attrs import evolve
from django.db import DatabaseError, transaction

from certification.procedure.actions import Action
from certification.procedure.meetings import Choice, Quorum, Seat, count_votes
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.store.changes import Overtaken, change_dossier
from certification.store.councils import Member, declare_conflict, set_up_council
from certification.store.dossiers import take_step
from certification.store.loading import Province
from certification.store.meetings import meeting_of
from certification.store.minutes import (
    Ballot,
    Item,
    Sitting,
    agenda,
    barred_members,
    cast_vote,
    close_minutes,
    save_minutes,
    tally_of,
)
from certification.store.models import AuditEntry, Council, CouncilMember, Dossier, Minutes, MinutesItem
from certification.store.unfit import Unfit
from tests.web.conftest import dossier_of
from tests.web.procedure.people import DISTRICT, MakeActor, commune, composition, council, people, place

HELD = datetime.date(2025, 12, 10)


def members(of: Council) -> dict[str, CouncilMember]:
    return {member.duty: member for member in of.members.all()}


def sitting(of: Council, dossier: Dossier, *votes: Choice | None, conflict: str = "") -> Sitting:
    sat = list(of.members.order_by("id"))
    ballots = {member.pk: Ballot(choice) for member, choice in zip(sat, votes, strict=False)}
    if conflict:
        ballots[sat[0].pk] = Ballot(conflict=conflict)
    return Sitting(HELD, frozenset(member.pk for member in sat), (Item(dossier.pk, "", ballots),), "01/BB-HĐTĐ", "UBND")


@pytest.mark.parametrize(
    ("rule", "members", "present", "valid"),
    [
        (Quorum.HALF, 4, 2, False),
        (Quorum.HALF, 4, 3, True),
        (Quorum.TWO_THIRDS, 7, 4, False),
        (Quorum.TWO_THIRDS, 7, 5, True),
        (Quorum.TWO_THIRDS, 3, 2, True),
        (Quorum.TWO_THIRDS, 0, 0, False),
    ],
)
def test_a_quorum_is_counted_exactly(rule: Quorum, members: int, present: int, valid: bool) -> None:
    assert rule.holds(members, present) is valid


def test_votes_of_the_absent_and_of_those_in_conflict_do_not_count() -> None:
    votes = {1: Choice.FOR, 2: Choice.AGAINST, 3: Choice.FOR, 4: Choice.FOR}
    tally = count_votes(present=[1, 2, 3], barred=[3], votes=votes)
    assert (tally.in_favour, tally.against, tally.barred, tally.entitled) == (1, 1, 1, 2)
    assert tally.complete
    assert not tally.adopted  # a tie adopts nothing
    assert not count_votes([1, 5], [], votes).complete
    assert not count_votes([3], [3], votes).complete  # nobody is left who may vote


def test_a_council_needs_a_chair_a_secretary_and_its_decision(province: Province, actor: MakeActor) -> None:
    who = people(actor)
    body, good = province.units[DISTRICT], composition(who)
    with pytest.raises(Unfit, match="number and date"):
        set_up_council(who.office, province.cycle, body, evolve(good, decided_by=" "))
    with pytest.raises(Unfit, match="exactly one “Chair”"):
        set_up_council(who.office, province.cycle, body, evolve(good, members=good.members[1:]))
    with pytest.raises(Unfit, match="twice"):
        set_up_council(who.office, province.cycle, body, evolve(good, members=(*good.members, good.members[1])))
    stranger = Member("Cán bộ xã", "", Seat.MEMBER, who.officer.account)
    with pytest.raises(Unfit, match="Not appointed"):
        set_up_council(who.office, province.cycle, body, evolve(good, members=(*good.members, stranger)))
    with pytest.raises(Refused):
        set_up_council(who.committee, province.cycle, body, good)
    assert not Council.objects.exists()
    made = set_up_council(who.office, province.cycle, body, good)
    again = set_up_council(who.office, province.cycle, body, evolve(good, members=good.members), made.version)
    assert [member.pk for member in again.members.all()] == [member.pk for member in made.members.all()]
    with pytest.raises(Overtaken):
        set_up_council(who.office, province.cycle, body, good, made.version)


def test_the_minutes_of_a_valid_meeting_carry_the_dossier_on_at_its_computed_level(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province, Member("Người Không Dùng Máy", "Trưởng Công an huyện", Seat.MEMBER))
    assert dossier in agenda(board)
    draft = save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR, Choice.FOR, None, Choice.AGAINST))
    with pytest.raises(Unfit, match="Votes are missing"):
        close_minutes(who.secretary, draft)
    item = draft.items.get()
    cast_vote(who.secretary, item, Choice.FOR)
    assert tally_of(MinutesItem.objects.get(pk=item.pk)).in_favour == 3
    closed = close_minutes(who.secretary, draft)
    dossier.refresh_from_db()
    item.refresh_from_db()
    assert (dossier.state, item.adopted) == ("minuted", True)
    assert item.level is not None
    assert dossier.transitions.get().why == "Biên bản số 01/BB-HĐTĐ ngày 10/12/2025"
    with pytest.raises(Unfit, match="closed"):
        close_minutes(who.secretary, closed)
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesItem.objects.filter(pk=item.pk).update(level=5)
    with pytest.raises(Unfit, match="stands in the minutes"):
        set_up_council(
            who.office, province.cycle, province.units[DISTRICT],
            evolve(composition(who), members=tuple(m for m in composition(who).members if m.seat is not Seat.MEMBER)),
        )  # fmt: skip


def test_a_proposal_that_is_voted_down_leaves_the_dossier_with_the_council(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    draft = save_minutes(who.chair, board, sitting(board, dossier, Choice.FOR, Choice.AGAINST, Choice.ABSTAIN))
    close_minutes(who.chair, draft)
    dossier.refresh_from_db()
    assert (dossier.state, draft.items.get().adopted) == ("appraised", False)
    assert dossier in agenda(board)


def test_a_member_with_a_conflict_of_interest_does_not_vote(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    declare_conflict(who.member, dossier.pk, "Anh trai là Chủ tịch xã")
    draft = save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR, Choice.FOR, Choice.FOR))
    item = draft.items.get()
    assert barred_members(item) == {members(board)["member"].pk: "Anh trai là Chủ tịch xã"}
    assert (tally_of(item).entitled, tally_of(item).barred) == (2, 1)
    with pytest.raises(Refused, match="conflict of interest"):
        cast_vote(who.member, item, Choice.FOR)
    place(dossier, "second_round")
    with (
        pytest.raises(Refused, match="conflict of interest"),
        change_dossier(who.member, Action.CLOSE_APPRAISAL, dossier.pk),
    ):
        pytest.fail("judged too late")
    with pytest.raises(Unfit, match="Say what"):
        declare_conflict(who.chair, dossier.pk, "")


def test_a_conflict_noted_in_the_minutes_and_one_s_own_entries_bar_from_voting(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "registered")
    board = council(who, province)
    entering = evolve(who.officer, account=who.member.account)  # as if the member had been the commune's officer
    with change_dossier(entering, Action.ENTER_FACT, dossier.pk) as made:
        made.after = {"entered": "I.1"}
    place(dossier, "appraised")
    draft = save_minutes(
        who.secretary, board, sitting(board, dossier, None, Choice.FOR, Choice.FOR, conflict="Là con rể Bí thư xã")
    )
    barred = barred_members(draft.items.get())
    assert set(barred) == {members(board)["chair"].pk, members(board)["member"].pk}
    assert tally_of(draft.items.get()).entitled == 1


def test_a_meeting_without_quorum_or_chair_decides_nothing(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    full = sitting(board, dossier, Choice.FOR, Choice.FOR, Choice.FOR)
    alone = evolve(full, present=frozenset({members(board)["secretary"].pk}))
    draft = save_minutes(who.secretary, board, alone)
    with pytest.raises(Unfit, match="not valid: 1 of 3"):
        close_minutes(who.secretary, draft)
    without_chair = evolve(full, present=frozenset({members(board)["secretary"].pk, members(board)["member"].pk}))
    save_minutes(who.secretary, board, without_chair, draft, draft.version)
    with pytest.raises(Unfit, match="Neither the chair"):
        close_minutes(who.secretary, draft)
    draft.refresh_from_db()
    with pytest.raises(Overtaken):
        save_minutes(who.secretary, board, full, draft, draft.version - 1)
    save_minutes(who.secretary, board, evolve(full, held_on=datetime.date(2999, 1, 1)), draft)
    with pytest.raises(Unfit, match="future"):
        close_minutes(who.secretary, draft)


def test_only_waiting_dossiers_of_the_council_and_its_members_enter_the_minutes(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "received")
    board = council(who, province)
    good = sitting(board, dossier, Choice.FOR)
    with pytest.raises(Unfit, match="no longer waits"):
        save_minutes(who.secretary, board, good)
    place(dossier, "appraised")
    with pytest.raises(Unfit, match="no member"):
        save_minutes(who.secretary, board, evolve(good, present=frozenset({10**6})))
    with pytest.raises(Unfit, match="at least one dossier"):
        save_minutes(who.secretary, board, evolve(good, items=()))
    with pytest.raises(Refused):
        save_minutes(who.office, board, good)
    with pytest.raises(Refused):
        save_minutes(actor(Role.DISTRICT_COUNCIL, "618"), board, good)
    assert not board.minutes.exists()


def test_a_form_that_was_open_while_a_member_voted_does_not_write_over_the_vote(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    empty = sitting(board, dossier, Choice.FOR)
    draft = save_minutes(who.secretary, board, empty)
    cast_vote(who.secretary, draft.items.get(), Choice.AGAINST)
    with pytest.raises(Overtaken):
        save_minutes(who.chair, board, empty, draft, draft.version)
    assert tally_of(draft.items.get()).against == 1


def test_the_log_tells_what_the_head_of_the_minutes_was_before(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    first = sitting(board, dossier, Choice.FOR)
    draft = save_minutes(who.secretary, board, first)
    save_minutes(who.secretary, board, evolve(first, number="02/BB-HĐTĐ"), draft, draft.version)
    entry = AuditEntry.objects.filter(object_kind="minutes").latest("sequence")
    assert (entry.before["number"], entry.after["number"]) == ("01/BB-HĐTĐ", "02/BB-HĐTĐ")


def test_what_no_column_holds_is_refused_in_words_on_both_databases(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    wordy = evolve(composition(who), decided_by="Quyết định " * 20)
    with pytest.raises(Unfit, match="at most 200"):
        set_up_council(who.office, province.cycle, province.units[DISTRICT], wordy)
    board = council(who, province)
    with pytest.raises(Unfit, match="61 characters; at most 60"):
        save_minutes(who.secretary, board, evolve(sitting(board, dossier, Choice.FOR), number="9" * 61))


def test_a_vote_cast_in_person_is_changed_by_nobody_else(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    draft = save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR))
    item = draft.items.get()
    cast_vote(who.member, item, Choice.AGAINST)
    for changed in (
        sitting(board, dossier, Choice.FOR, Choice.FOR, Choice.FOR),
        sitting(board, dossier, Choice.FOR, None, Choice.FOR),
    ):
        with pytest.raises(Unfit, match="cast this vote in person"):
            save_minutes(who.secretary, board, changed, draft)
    kept = sitting(board, dossier, Choice.FOR, Choice.AGAINST, Choice.FOR)
    absent = evolve(kept, present=kept.present - {members(board)["member"].pk})
    with pytest.raises(Unfit, match="cast this vote in person"):
        save_minutes(who.secretary, board, absent, draft)
    save_minutes(who.secretary, board, kept, draft)
    vote = item.votes.get(member=members(board)["member"])
    assert (vote.choice, vote.own, vote.recorded_by_id) == ("against", True, who.member.account)
    cast_vote(who.member, item, Choice.FOR)  # his own to change, until the minutes are closed
    vote.refresh_from_db()
    assert vote.choice == "for"


def test_a_dossier_on_which_somebody_voted_in_person_stays_on_the_agenda(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    other = place(dossier_of(province, "23476"), "appraised")
    board = council(who, province)
    one, two = sitting(board, dossier, Choice.FOR), sitting(board, other, Choice.FOR)
    draft = save_minutes(who.secretary, board, evolve(one, items=(*one.items, *two.items)))
    item = draft.items.get(dossier=dossier)
    cast_vote(who.member, item, Choice.AGAINST)
    with pytest.raises(Unfit, match="cast this vote in person"):
        save_minutes(who.secretary, board, two, draft)
    assert item.votes.get(own=True).choice == "against"
    save_minutes(who.member, board, two, draft)  # his own to take away
    assert not MinutesItem.objects.filter(pk=item.pk).exists()


def test_votes_on_a_result_that_a_second_round_takes_up_again_are_cast_anew(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    draft = save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR, None, Choice.FOR))
    cast_vote(who.member, draft.items.get(), Choice.FOR)
    take_step(who.chair, Action.OPEN_SECOND_ROUND, dossier.pk, why="có tài liệu mới")
    entry = AuditEntry.objects.filter(action="open_second_round").get()
    assert len((entry.before or {})["votes"]) == 3
    place(dossier, "appraised")
    with pytest.raises(Unfit, match="Votes are missing"):
        close_minutes(who.secretary, draft)
    with pytest.raises(Overtaken):
        save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR, Choice.FOR, Choice.FOR), draft, 1)


def test_who_wrote_a_vote_down_is_kept_and_printed(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "appraised")
    board = council(who, province)
    draft = save_minutes(who.secretary, board, sitting(board, dossier, Choice.FOR, Choice.FOR, Choice.FOR))
    cast_vote(who.chair, draft.items.get(), Choice.FOR)  # takes the place of what the secretary wrote down
    (printed,) = meeting_of(Minutes.objects.get(pk=draft.pk)).votes
    assert printed.recorded == ("phiếu của Lê Văn Viên do Trần Thị Thư ghi",)
    entry = AuditEntry.objects.filter(object_kind="minutes").latest("sequence")
    told = (entry.after or {})["items"][0][1]
    assert ["Lê Văn Viên", "for", "", "Trần Thị Thư"] in told
    assert ["Trần Thị Thư", "for", "", ""] in told
