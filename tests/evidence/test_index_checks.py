"""Doubts about the facts of an index, and submissions laid beside them."""

from typing import Any

import pytest

from evidence.asked import amount_writer
from evidence.checks import check_all, find_jumps, find_shared_documents
from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.merge import merge
from tests.evidence.indexes import CYCLE, INDEX, UNITS

LETTER = (Document("45/BC-UBND"),)


def fact(
    criterion: str, amount: Amount | None, unit: str = "001", status: Status = Status.VERIFIED, **rest: Any
) -> Fact:
    return Fact(unit, criterion, status, amount, **{"documents": LETTER, **rest})


def dossiers(*given: Fact) -> dict[str, dict[str, Fact]]:
    facts: dict[str, dict[str, Fact]] = {}
    for each in given:
        facts.setdefault(each.unit, {})[each.row] = each
    return facts


def jumps(before: Facts, now: Facts) -> list[str]:
    return [doubt.text.en for doubt in find_jumps(now, UNITS, INDEX, before)]


def test_one_document_for_several_units_of_a_tier_is_doubted() -> None:
    shared = dossiers(fact("1.1", Amount(1, 1)), fact("1.2", Amount(1), "002"), fact("D.1", Amount(1, 1), "S1"))
    (doubt,) = find_shared_documents(shared, UNITS, INDEX)
    assert doubt.units == ("001", "002")
    assert doubt.text.en == (
        "The same document “45/BC-UBND” is handed in for several units: Quận Ba Đình (001), Quận Hoàn Kiếm (002)."
    )


def test_a_score_or_ratio_that_jumps_is_doubted() -> None:
    def score(points: int, **rest: Any) -> Facts:
        return dossiers(fact("1.1", Amount(points, 10), **rest))

    assert jumps(score(15), score(76)) == ["Quận Ba Đình: 1.1 went from 1.5/15 last year to 7.6/15."]
    assert jumps(score(15), score(75)) == []
    assert jumps({}, score(150)) == []
    assert jumps(score(0), score(150, status=Status.REJECTED)) == []


def test_a_ratio_is_compared_as_a_whole_and_only_where_all_its_parts_are_known() -> None:
    def ratio(*values: int) -> Facts:
        return dossiers(*(fact(f"1.4:{key}", Amount(value)) for key, value in zip("abc", values, strict=False)))

    assert jumps(ratio(10, 1, 1), ratio(20, 9, 6)) == ["Quận Ba Đình: 1.4 went from 2/10 last year to 15/20."]
    assert jumps(ratio(10, 1, 1), ratio(20, 18)) == []
    assert jumps(ratio(0, 0, 0), ratio(20, 18, 0)) == []
    money = [dossiers(fact("1.5:a", Amount(a, 100)), fact("1.5:b", Amount(2, 1))) for a in (10, 190)]
    assert jumps(*money) == ["Quận Ba Đình: 1.5 went from 0.1/2 last year to 1.9/2."]
    assert jumps(dossiers(fact("1.8", Amount(1))), dossiers(fact("1.8", Amount(9)))) == []


def test_checks_of_recognition_have_no_doubt_about_an_index() -> None:
    given = dossiers(fact("1.1", Amount(1, 1), documents=()), fact("1.4:a", Amount(100)), fact("D.1", None, "S1"))
    assert [doubt.kind for doubt in check_all(given, UNITS, INDEX)] == ["unproven"]
    assert list(find_jumps(given, UNITS, INDEX, {"01": {}})) == []


# Merging


def test_rows_of_different_rounds_stand_side_by_side() -> None:
    known = dossiers(fact("1.1", Amount(5, 1)), fact("1.1", Amount(6, 1), round="self"))
    incoming = {"001": {"1.1": fact("1.1", Amount(4, 1), round="round1")}}
    merged = merge(known, incoming, CYCLE, "form.xlsx")
    assert merged.conflicts == ()
    assert {row: str(each.amount) for row, each in merged.facts["001"].items()} == {
        "1.1": "5/1", "1.1@self": "6/1", "1.1@round1": "4/1"
    }  # fmt: skip


@pytest.mark.parametrize(("round_", "place"), [("", ""), ("self", ", round self")])
def test_a_conflict_in_one_round_is_told_with_its_decimals(round_: str, place: str) -> None:
    known, other = (dossiers(fact("1.1", Amount(n, 10), round=round_)) for n in (45, 75))
    (conflict,) = merge(known, other, CYCLE, "form.xlsx", amount_writer(INDEX)).conflicts
    assert conflict.say().en == (
        f"unit 001, criterion 1.1{place}: they differ in value; known is 4.5 (verified), "
        "submitted is 7.5 (verified); the known fact is kept, a person must decide"
    )
