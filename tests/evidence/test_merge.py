"""Merging submissions: nothing known is overwritten, whatever contradicts is told to a person."""

import datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from evidence.facts import Amount, Document, Fact, Status
from evidence.merge import Merged, merge

CYCLE = 2025
HASH = "ab" * 32
A, B = Document("15/BC-UBND"), Document("16/BC-UBND")
DAY = datetime.date(2025, 11, 28)


VALUE = Amount(74, 104)


def fact(status: Status = Status.SELF_REPORTED, amount: Amount | None = VALUE, **rest: Any) -> Fact:
    return Fact("23281", "I.2", status, amount, **rest)


def lay(known: Fact | None, incoming: Fact) -> Merged:
    def wrap(each: Fact | None) -> dict[str, dict[str, Fact]]:
        return {each.unit: {each.criterion: each}} if each else {}

    return merge(wrap(known), wrap(incoming), CYCLE, "form.xlsx")


def result(known: Fact | None, incoming: Fact) -> Fact:
    merged = lay(known, incoming)
    assert merged.conflicts == ()
    return merged.facts["23281"]["I.2"]


REPORT = fact()
VERIFIED = fact(Status.VERIFIED, documents=(A,))
ADJUSTED = fact(Status.ADJUSTED, Amount(70, 104), reported=Amount(74, 104), note="Đối chiếu")
REJECTED = fact(Status.REJECTED, note="Không có tài liệu")
EXEMPT = fact(Status.EXEMPT, None, note="Không có")
UNKNOWN = fact(Status.UNKNOWN, None)


@pytest.mark.parametrize("same", [REPORT, VERIFIED, ADJUSTED, REJECTED, EXEMPT, UNKNOWN])
def test_the_same_submission_twice_is_no_conflict(same: Fact) -> None:
    assert result(same, same) == same


@pytest.mark.parametrize("known", [None, UNKNOWN, fact(Status.UNKNOWN, None, note="Đang thu thập")])
@pytest.mark.parametrize("incoming", [REPORT, VERIFIED, ADJUSTED, REJECTED, EXEMPT])
def test_what_is_unknown_gives_way(known: Fact | None, incoming: Fact) -> None:
    assert evolve(result(known, incoming), note="") == evolve(incoming, note="")


@pytest.mark.parametrize("known", [REPORT, VERIFIED, ADJUSTED, REJECTED, EXEMPT])
def test_an_unknown_takes_nothing_away(known: Fact) -> None:
    assert result(known, UNKNOWN) == known


@pytest.mark.parametrize("ruling", [VERIFIED, ADJUSTED, REJECTED])
def test_a_ruling_takes_the_place_of_the_report_it_rules_on(ruling: Fact) -> None:
    assert result(REPORT, ruling) == ruling


def test_a_ruling_without_a_value_keeps_what_was_reported_on_record() -> None:
    assert result(REPORT, EXEMPT) == evolve(EXEMPT, amount=Amount(74, 104))
    bare = fact(Status.ADJUSTED, Amount(70, 104))
    assert result(REPORT, bare) == evolve(bare, reported=Amount(74, 104))
    assert result(bare, bare) == bare


def test_the_units_own_words_never_become_the_councils_reason() -> None:
    wordy = fact(note="Xin miễn")
    assert result(wordy, evolve(EXEMPT, note="")).note == ""
    assert result(wordy, VERIFIED).note == "Xin miễn"


@pytest.mark.parametrize(
    ("known", "incoming", "fields"),
    [
        (REPORT, fact(amount=Amount(80, 104)), ("amount",)),
        (REPORT, fact(amount=Amount(37, 52)), ("amount",)),
        (fact(source="Cổng"), fact(source="Báo cáo"), ("source",)),
        (fact(note="một"), fact(note="hai"), ("note",)),
        (fact(measured_on=DAY), fact(measured_on=DAY.replace(day=1)), ("measured_on",)),
        (fact(documents=(Document("a", HASH),)), fact(documents=(Document("a", "cd" * 32),)), ("documents",)),
        (REPORT, evolve(VERIFIED, amount=Amount(80, 104)), ("amount",)),
        (REPORT, evolve(ADJUSTED, reported=Amount(80, 104)), ("amount",)),
        (VERIFIED, REJECTED, ("status",)),
        (VERIFIED, ADJUSTED, ("status", "amount", "reported")),
        (VERIFIED, fact(amount=Amount(80, 104)), ("amount",)),
        (ADJUSTED, fact(amount=Amount(70, 104)), ("amount",)),
        (REJECTED, fact(amount=Amount(80, 104)), ("amount",)),
        (EXEMPT, REPORT, ("amount",)),
        (evolve(ADJUSTED, reported=None), REPORT, ("amount",)),
        (VERIFIED, fact(documents=(A, B)), ("documents",)),
        (VERIFIED, fact(measured_on=DAY), ("measured_on",)),
        (VERIFIED, fact(source="Cổng"), ("source",)),
    ],
)
def test_a_contradiction_is_told_and_the_known_fact_stays(known: Fact, incoming: Fact, fields: tuple[str, ...]) -> None:
    merged = lay(known, incoming)
    assert merged.facts == {"23281": {"I.2": known}}
    (conflict,) = merged.conflicts
    assert (conflict.known, conflict.incoming, conflict.origin) == (known, incoming, "form.xlsx")
    assert conflict.fields == fields


def test_a_conflict_says_whose_it_is_and_both_values() -> None:
    (conflict,) = lay(VERIFIED, fact(amount=Amount(80, 104))).conflicts
    assert conflict.say().en == (
        "unit 23281, criterion I.2: they differ in value; known is 74/104 (verified), "
        "submitted is 80/104 (self-reported); the known fact is kept, a person must decide"
    )
    assert conflict.say().vi == (
        "đơn vị 23281, tiêu chí I.2: khác nhau về giá trị; đang có 74/104 (đã xác minh), "
        "nộp thêm 80/104 (tự đánh giá); giữ nguyên số liệu đang có, cần người quyết định"
    )
    (conflict,) = lay(evolve(EXEMPT), evolve(EXEMPT, note="Khác")).conflicts
    assert "known is (exempt), submitted is (exempt)" in conflict.say().en


@pytest.mark.parametrize("ruling", [VERIFIED, ADJUSTED, REJECTED, result(REPORT, EXEMPT)])
def test_the_same_report_sent_again_does_not_undo_a_ruling(ruling: Fact) -> None:
    again = fact(documents=(A,)) if ruling is VERIFIED else fact(note="Gửi lại")
    assert result(ruling, again) == ruling


def test_gaps_are_filled_and_documents_added() -> None:
    known = fact(documents=(A,), source="Cổng")
    incoming = fact(documents=(Document(A.reference, HASH), B), measured_on=DAY, note="x")
    merged = fact(documents=(Document(A.reference, HASH), B), source="Cổng", measured_on=DAY, note="x")
    assert result(known, incoming) == merged
    assert result(incoming, known) == merged


def test_a_fact_of_another_cycle_contradicts_nothing() -> None:
    earlier, now = fact(amount=Amount(1, 2), cycle=2024), fact(cycle=2025)
    assert result(earlier, now) == now
    assert result(now, earlier) == now
    assert result(earlier, fact()) == fact()
    assert result(earlier, fact(Status.UNKNOWN, None)) == earlier


def test_a_fact_without_a_cycle_is_of_the_assessed_one() -> None:
    assert result(fact(cycle=2025), fact()) == fact(cycle=2025)


FACTS = st.builds(
    fact,
    status=st.sampled_from(list(Status)),
    amount=st.sampled_from([None, Amount(74, 104), Amount(80, 104)]),
    reported=st.sampled_from([None, Amount(74, 104)]),
    documents=st.lists(st.sampled_from([A, B]), max_size=2, unique=True).map(tuple),
    source=st.sampled_from(["", "Cổng"]),
    note=st.sampled_from(["", "một", "hai"]),
    cycle=st.sampled_from([None, 2024, 2025]),
).filter(lambda fact: fact.amount is not None or fact.status is not Status.ADJUSTED)  # no file can say so


@given(known=FACTS, incoming=FACTS)
def test_a_known_value_is_never_overwritten(known: Fact, incoming: Fact) -> None:
    merged = lay(known, incoming)
    (found,) = merged.facts["23281"].values()
    if merged.conflicts:
        assert found == known
    elif Status.UNKNOWN not in (known.status, incoming.status) and (known.cycle or CYCLE) == (incoming.cycle or CYCLE):
        # The known value stands, or stands on record beside the ruling on it.
        assert known.amount in (None, found.amount, found.reported)
        if known.status not in (Status.SELF_REPORTED, Status.UNKNOWN):
            assert (found.status, found.amount) == (known.status, known.amount or incoming.amount)


@given(known=FACTS, incoming=FACTS)
def test_laying_the_same_submission_down_again_changes_nothing(known: Fact, incoming: Fact) -> None:
    once = lay(known, incoming)
    twice = merge(once.facts, {"23281": {"I.2": incoming}}, CYCLE, "form.xlsx")
    if not once.conflicts:
        assert twice.facts == once.facts
