"""Checks: each doubt is raised where it should be, and not beside it."""

from evidence.checks import (
    added_up,
    check_all,
    find_bare_percentages,
    find_contradictions,
    find_jumps,
    find_missing_totals,
    find_shared_documents,
    find_unproven,
)
from evidence.facts import Amount, Document, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.loader import load_framework, load_rulebook

FRAMEWORK = load_framework("kon-tum-121-2025")
UNITS = Units(
    {
        unit.code: unit
        for unit in (
            Unit("62", "Tỉnh", Tier.PROVINCE),
            Unit("608", "Thành phố", Tier.DISTRICT, "62"),
            Unit("618", "Huyện không có xã", Tier.DISTRICT, "62"),
            Unit("1", "Xã Một", Tier.COMMUNE, "608"),
            Unit("2", "Xã Hai", Tier.COMMUNE, "608"),
        )
    }
)
LETTER = (Document("45/BC-UBND"),)


def facts(*given: Fact) -> dict[str, dict[str, Fact]]:
    dossiers: dict[str, dict[str, Fact]] = {}
    for fact in given:
        dossiers.setdefault(fact.unit, {})[fact.criterion] = fact
    return dossiers


def fact(
    unit: str,
    criterion: str,
    numerator: int = 1,
    denominator: int | None = None,
    status: Status = Status.VERIFIED,
    documents: tuple[Document, ...] = LETTER,
) -> Fact:
    return Fact(unit, criterion, status, Amount(numerator, denominator), documents=documents)


def test_one_document_for_two_communes_is_doubted_by_hash_before_name() -> None:
    def shared(first: Document, second: Document) -> list[tuple[str, ...]]:
        given = facts(fact("1", "I.4", documents=(first,)), fact("2", "I.4", documents=(second,)))
        return [doubt.units for doubt in find_shared_documents(given, UNITS, FRAMEWORK)]

    assert shared(Document("a.pdf"), Document("a.pdf")) == [("1", "2")]
    assert shared(Document("a.pdf", "0" * 64), Document("b.pdf", "0" * 64)) == [("1", "2")]
    assert shared(Document("a.pdf", "0" * 64), Document("a.pdf", "1" * 64)) == []
    assert shared(Document("a.pdf"), Document("b.pdf")) == []


def test_one_document_for_several_facts_of_one_commune_or_of_its_district_is_no_doubt() -> None:
    given = facts(fact("1", "I.4"), fact("1", "I.5"), fact("608", "II.4"))
    assert list(find_shared_documents(given, UNITS, FRAMEWORK)) == []


def test_a_district_that_says_other_than_its_communes_is_doubted() -> None:
    below = (fact("1", "II.1", 30, 60), fact("2", "II.1", 20, 40))
    (doubt,) = find_contradictions(facts(fact("608", "III.1", 56, 100), *below), UNITS, FRAMEWORK)
    assert doubt.units == ("608", "1", "2")
    assert doubt.text.en == "Thành phố: III.1 says 56/100, but its communes' II.1 make 50/100."
    assert doubt.text.vi == "Thành phố: III.1 ghi 56/100, nhưng cộng II.1 của các xã được 50/100."
    for numerator in (45, 50, 55):
        assert not [*find_contradictions(facts(fact("608", "III.1", numerator, 100), *below), UNITS, FRAMEWORK)]


def test_a_district_counts_the_health_stations_its_communes_have() -> None:
    below = (fact("1", "III.8", 1), fact("2", "III.8", 0))
    assert [*find_contradictions(facts(fact("608", "IV.3", 2, 2), *below), UNITS, FRAMEWORK)]
    assert not [*find_contradictions(facts(fact("608", "IV.3", 1, 2), *below), UNITS, FRAMEWORK)]


def test_a_district_is_compared_by_the_criteria_that_add_up_and_by_no_others() -> None:
    rows = {
        "608": ("III.1", "IV.3", "I.2", "II.9"),
        "1": ("II.1", "III.8", "I.2", "III.1"),
        "2": ("II.1", "III.8", "I.2", "III.1"),
    }
    stated = [fact(unit, code, 9 if unit == "608" else 1, 9) for unit, codes in rows.items() for code in codes]
    adding = [each for each in stated if each.criterion in added_up(FRAMEWORK)]
    doubts = [*find_contradictions(facts(*adding), UNITS, FRAMEWORK)]
    assert doubts
    assert doubts == [*find_contradictions(facts(*stated), UNITS, FRAMEWORK)]
    assert {doubt.criterion for doubt in doubts} <= added_up(FRAMEWORK)
    assert added_up(load_rulebook("ha-noi-2024")) == frozenset()


def test_a_district_is_compared_only_where_every_commune_has_said_something() -> None:
    above, first = fact("608", "III.1", 9, 9), fact("1", "II.1", 0, 60)
    rejected = fact("2", "II.1", 0, 40, Status.REJECTED)
    for given in (
        (above, first),
        (above, first, rejected),
        (above, fact("1", "II.1", 0, 0), fact("2", "II.1", 0, 0)),
        (fact("608", "III.1", 0, 0), first, fact("2", "II.1", 1, 1)),
        (fact("618", "III.1", 9, 9),),
    ):
        assert list(find_contradictions(facts(*given), UNITS, FRAMEWORK)) == []


def test_a_jump_of_more_than_forty_points_is_doubted_in_either_direction() -> None:
    def jumps(before: Fact, now: Fact) -> list[str]:
        return [doubt.text.en for doubt in find_jumps(facts(now), UNITS, FRAMEWORK, facts(before))]

    low, exactly, high = (fact("1", "I.2", n, 100) for n in (20, 60, 61))
    assert jumps(low, high) == ["Xã Một: I.2 went from 20/100 last year to 61/100."]
    assert jumps(high, low) == ["Xã Một: I.2 went from 61/100 last year to 20/100."]
    assert jumps(low, exactly) == []
    assert jumps(fact("1", "I.2", 0, 0), high) == []
    assert jumps(fact("1", "I.7", 1), fact("1", "I.7", 9)) == []
    assert jumps(fact("2", "I.2", 1, 100), high) == []
    carried_over = fact("1", "I.11", 1, 4)
    assert jumps(carried_over, carried_over) == []


def test_an_accepted_value_without_a_document_is_doubted() -> None:
    statuses = {
        status: len([*find_unproven(facts(fact("1", "I.4", status=status, documents=())), UNITS, FRAMEWORK)])
        for status in Status
    }
    assert {status for status, doubts in statuses.items() if doubts} == {Status.VERIFIED, Status.ADJUSTED}
    assert list(find_unproven(facts(fact("1", "I.4")), UNITS, FRAMEWORK)) == []


def test_a_percentage_without_its_counts_is_doubted_and_a_threshold_nearby_is_named() -> None:
    def doubts(*given: Fact) -> list[str]:
        return [doubt.text.en for doubt in find_bare_percentages(facts(*given), UNITS, FRAMEWORK)]

    assert doubts(fact("608", "II.2", 6996, 10000)) == [
        "Thành phố: II.2 is a percentage without its counts (6996/10000)."
    ]
    assert doubts(fact("608", "II.2", 80, 100)) == [
        "Thành phố: II.2 is a percentage without its counts (80/100), right at the threshold of 80 %."
    ]
    assert doubts(fact("608", "II.2", 74, 104), fact("608", "II.3", 7, 10), fact("608", "II.6", 7, 200)) == []
    assert doubts(fact("1", "II.4", 3, 100), fact("1", "I.4", 1)) == []
    assert doubts(Fact("608", "II.2", Status.UNKNOWN)) == []


def test_a_count_that_may_be_all_there_are_asks_for_the_total() -> None:
    def doubts(*given: Fact) -> list[str]:
        return [doubt.text.en for doubt in find_missing_totals(facts(*given), UNITS, FRAMEWORK)]

    assert doubts(fact("1", "II.4", 2)) == ["Xã Một: II.4 is 2; if these are all there are, the total must be told."]
    assert doubts(fact("1", "II.4", 2, 2), fact("2", "II.4", 3), fact("1", "I.7", 1), fact("1", "I.4", 1)) == []
    assert doubts(fact("1", "II.4", 0), Fact("2", "II.4", Status.UNKNOWN)) == []


def test_all_checks_together_say_what_each_says() -> None:
    given = facts(fact("608", "II.2", 80, 100, documents=()), fact("1", "I.2", 1, 3), fact("2", "I.2", 1, 3))
    last_year = facts(fact("1", "I.2", 3, 3))
    kinds = [doubt.kind for doubt in check_all(given, UNITS, FRAMEWORK, last_year)]
    assert kinds == ["shared_document", "jump", "unproven", "bare_percentage"]
    assert [doubt.kind for doubt in check_all({}, UNITS, FRAMEWORK)] == []
