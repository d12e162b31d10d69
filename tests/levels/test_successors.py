"""What each criterion or indicator of one text has become in another."""

from attrs import evolve

from levels.diff import successors
from levels.framework import Tier
from levels.loader import load_framework, load_index

LEVELS = load_framework("kon-tum-121-2025")
INDEX = load_index("chu-prong-2023")


def test_everything_of_an_equal_text_is_what_it_was() -> None:
    for text in (LEVELS, INDEX):
        found = successors(text, text)
        assert found
        assert all(code == became for (_, code), became in found.items())


def test_a_renumbered_criterion_is_followed_and_a_removed_one_has_no_successor() -> None:
    whole = LEVELS.sets[Tier.COMMUNE]
    first, second, *rest = whole.criteria
    changed = evolve(
        LEVELS, sets={**LEVELS.sets, Tier.COMMUNE: evolve(whole, criteria=(evolve(second, code="I.1"), *rest))}
    )
    found = successors(LEVELS, changed)
    assert (Tier.COMMUNE, first.code) not in found
    assert found[Tier.COMMUNE, second.code] == "I.1"
    assert found[Tier.DISTRICT, "I.1"] == "I.1"


def test_a_tier_that_only_one_text_has_has_no_successors_nor_has_another_kind_of_text() -> None:
    communes = evolve(LEVELS, sets={Tier.COMMUNE: LEVELS.sets[Tier.COMMUNE]})
    assert {tier for tier, _ in successors(LEVELS, communes)} == {Tier.COMMUNE}
    assert successors(LEVELS, INDEX) == {}
    assert successors(INDEX, LEVELS) == {}
