"""The ledger: a chain of hashes in which nothing can be changed, moved or left out unseen."""

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from certification.ledger import START, Deed, Entry, Head, as_line, as_plain, from_line, seal_entry, verify_chain

NOON = datetime.datetime(2026, 1, 20, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def deed(number: int, **more: Any) -> Deed:
    given = {
        "at": NOON + datetime.timedelta(minutes=number),
        "account": "7",
        "name": "Y Bưởi",
        "role": "commune_officer",
        "unit": "23281",
        "action": "fact.save",
        "kind": "fact",
        "object": str(number),
        "label": "I.2",
        "before": None,
        "after": {"numerator": number, "denominator": 104},
        "why": "",
    }
    return Deed(**{**given, **more})


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    head = START
    for number in range(1, length + 1):
        entries.append(seal_entry(head, deed(number)))
        head = Head(number, entries[-1].hash)
    return entries


def head_of(entries: list[Entry]) -> Head:
    return Head(entries[-1].sequence, entries[-1].hash)


def test_a_whole_chain_has_no_flaw() -> None:
    entries = chain(5)
    assert list(verify_chain(entries, head_of(entries), {entries[2].hash, START.hash})) == []


def test_a_chain_without_entries_is_whole() -> None:
    assert list(verify_chain([], START)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"after": {"numerator": 104, "denominator": 104}},
        {"name": "A Thui"},
        {"at": NOON},
        {"why": "vì công văn số 12"},
        {"before": {}},
        {"after": {"numerator": 3.0}},  # a number that another hand wrote
    ],
)
def test_one_changed_entry_is_one_flaw_and_named(change: dict[str, Any]) -> None:
    entries = chain(5)
    entries[2] = evolve(entries[2], deed=evolve(entries[2].deed, **change))
    flaws = list(verify_chain(entries, head_of(entries)))
    assert [flaw.sequence for flaw in flaws] == [3]
    assert "mục 3 đã bị sửa" in flaws[0].text.vi


def test_an_entry_changed_together_with_its_hash_breaks_the_next_one() -> None:
    entries = chain(5)
    entries[2] = seal_entry(Head(2, entries[1].hash), evolve(entries[2].deed, after=None))
    assert [flaw.sequence for flaw in verify_chain(entries, head_of(entries))] == [4]


def test_all_flaws_are_told_not_just_the_first() -> None:
    entries = chain(7)
    for place in (1, 4):
        entries[place] = evolve(entries[place], deed=evolve(entries[place].deed, why="khác"))
    assert [flaw.sequence for flaw in verify_chain(entries, head_of(entries))] == [2, 5]


def test_a_removed_entry_is_missed() -> None:
    entries = chain(5)
    removed = [*entries[:2], *entries[3:]]
    assert [flaw.sequence for flaw in verify_chain(removed, head_of(entries))] == [4]


def test_two_entries_that_changed_places_are_told() -> None:
    entries = chain(4)
    entries[1], entries[2] = entries[2], entries[1]
    assert [flaw.sequence for flaw in verify_chain(entries, head_of(entries))] == [3, 2, 4]


def test_a_log_cut_at_its_end_does_not_reach_its_head() -> None:
    entries = chain(5)
    (flaw,) = verify_chain(entries[:3], head_of(entries))
    assert flaw.sequence == 4
    assert "head" in flaw.text.en


def test_a_log_rewritten_together_with_its_head_lacks_the_hash_that_was_kept_outside() -> None:
    kept = head_of(chain(5))
    rewritten = [seal_entry(START, deed(1, why="viết lại"))]
    assert list(verify_chain(rewritten, head_of(rewritten))) == []
    (flaw,) = verify_chain(rewritten, head_of(rewritten), {kept.hash})
    assert kept.hash in flaw.text.vi


def test_an_instant_counts_not_how_its_zone_is_written() -> None:
    entry = seal_entry(START, deed(0))
    elsewhere = evolve(entry, deed=evolve(entry.deed, at=entry.deed.at.astimezone(datetime.UTC)))
    assert list(verify_chain([elsewhere])) == []


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal_entry(START, deed(0, at=datetime.datetime(2026, 1, 20, 12)))  # noqa: DTZ001 - that is the point


def test_exact_values_go_in_as_text_and_floats_never() -> None:
    assert as_plain({"a": Fraction(74, 104), "b": Decimal("18.75"), "c": 2**60, "d": {"z", "a"}, "e": NOON.date()}) == {
        "a": "37/52",
        "b": "18.75",
        "c": str(2**60),
        "d": ["a", "z"],
        "e": "2026-01-20",
    }
    with pytest.raises(TypeError, match="no exact form"):
        seal_entry(START, deed(0, after={"numerator": 0.5}))


def test_an_exported_line_is_read_back_as_the_same_entry() -> None:
    entries = chain(3)
    assert list(verify_chain(map(from_line, map(as_line, entries)), head_of(entries))) == []
