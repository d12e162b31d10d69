"""Chances in closed form: equal to going through everything that may happen, and exact at the boundaries."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import prod

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.facts import Amount, Status
from levels.framework import LEVELS, Criterion, Members, Ratio, Tier
from rules import reference
from rules.chances import certain, criterion_chances, members_chances, unit_chances
from rules.draws import Among, Audited, Between, Chance, Sampled
from tests.rules.dossiers import CYCLE, commune, fact, kon_tum

HALF = Fraction(1, 2)


def criterion(code: str, tier: Tier = Tier.COMMUNE) -> Criterion:
    return kon_tum().sets[tier].by_code[code]


def level_of(asked: Criterion, amount: Amount) -> int:
    entry = evolve(kon_tum().sets[Tier.COMMUNE], criteria=(asked,))
    facts = {asked.code: fact(commune(), asked.code, amount, Status.VERIFIED)}
    return reference.decide(entry, CYCLE, facts, [])[0][0]


def by_enumeration(levels: Sequence[int]) -> tuple[Fraction, ...]:
    return tuple(Fraction(sum(level >= each for level in levels), len(levels)) for each in LEVELS)


@pytest.mark.parametrize("code", ["I.2", "I.1", "II.1", "III.1"])
def test_a_ratio_drawn_evenly_has_the_levels_of_all_its_values(code: str) -> None:
    asked = criterion(code)
    assert asked.kind == "ratio"
    levels = [level_of(asked, Amount(value, 104)) for value in range(30, 105)]
    assert criterion_chances(asked, Between(30, 104), 104) == by_enumeration(levels)


def test_a_count_that_is_all_there_is_suffices() -> None:
    asked = next(c for c in kon_tum().sets[Tier.COMMUNE].criteria if c.needs_total)
    for total in (1, 2, 5):
        levels = [level_of(asked, Amount(value, total)) for value in range(total + 1)]
        assert criterion_chances(asked, Between(0, total), total) == by_enumeration(levels)
    unknown_total = [level_of(asked, Amount(value)) for value in range(9)]
    assert criterion_chances(asked, Between(0, 8)) == by_enumeration(unknown_total)


def test_met_is_met_at_every_level_and_unmet_only_where_nothing_is_demanded() -> None:
    late = next(c for c in kon_tum().sets[Tier.COMMUNE].criteria if "Không áp dụng" in c.cells[0])
    chances = criterion_chances(late, Chance(Fraction(1, 3)), 100)
    start = next(level for level in LEVELS if late.cells[level - 1] != "Không áp dụng")
    assert chances == tuple(Fraction(1) if level < start else Fraction(1, 3) for level in LEVELS)
    presence = next(c for c in kon_tum().sets[Tier.COMMUNE].criteria if c.kind == "presence")
    first = next(level for level in LEVELS if presence.cells[level - 1] != "Không áp dụng")
    audited = criterion_chances(presence, Audited(1, Fraction(1, 10), 0, 0))
    assert audited[first - 1] == Fraction(9, 10)


def test_a_unit_needs_all_its_criteria() -> None:
    chances = [certain(4), criterion_chances(criterion("I.2"), Sampled(74, 104, 104), 104)]
    assert unit_chances(chances) == (*chances[1][:4], 0)
    assert unit_chances([]) == ()


def test_peers_are_drawn_as_often_as_they_are_there() -> None:
    asked = criterion("I.2")  # 20 %, 30 %, 50 %, 80 %, 90 %
    assert criterion_chances(asked, Among((0, 20, 29, 90)), 100) == (
        Fraction(3, 4), Fraction(1, 4), Fraction(1, 4), Fraction(1, 4), Fraction(1, 4),
    )  # fmt: skip


# District I.1


def all_outcomes(members: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """Every combination of the members' levels, decided by the reference."""
    asked = criterion("I.1", Tier.DISTRICT)
    entry = evolve(kon_tum().sets[Tier.DISTRICT], criteria=(asked,))
    found = [Fraction(0)] * len(LEVELS)
    steps = [[*([1 - m[0]]), *(m[n] - m[n + 1] for n in range(4)), m[4]] for m in members]
    for levels in product(range(6), repeat=len(members)):
        weight = prod((steps[place][level] for place, level in enumerate(levels)), start=Fraction(1))
        reached = reference.decide(entry, CYCLE, {}, [(level,) * 3 for level in levels])[0][0]
        for level in range(reached):
            found[level] += weight
    return tuple(found)


CHANCES = st.lists(st.fractions(0, 1, max_denominator=7), min_size=5, max_size=5).map(
    lambda each: tuple(sorted(each, reverse=True))
)


@settings(max_examples=30, deadline=None)
@given(st.lists(CHANCES, min_size=1, max_size=3))
def test_half_of_the_communes_is_a_poisson_binomial_count(members: list[tuple[Fraction, ...]]) -> None:
    assert members_chances(criterion("I.1", Tier.DISTRICT), members) == all_outcomes(members)


def test_half_of_seven_is_four() -> None:
    asked = criterion("I.1", Tier.DISTRICT)
    sure = [certain(3)] * 4
    assert members_chances(asked, [*sure, *[certain(4)] * 3])[3] == 0
    assert members_chances(asked, [*sure[1:], *[certain(4)] * 4])[3] == 1
    assert members_chances(asked, [(1, 1, 1, HALF, 0)] * 7)[3] == HALF


FIRST, SECOND, THIRD, FOURTH, FIFTH = criterion("I.1", Tier.DISTRICT).requirements


@pytest.mark.parametrize(
    "demands",
    [
        (SECOND, THIRD, FOURTH, FIFTH, FIRST),  # every commune from 1 after every commune from 4
        (FIRST, SECOND, THIRD, Members(Tier.COMMUNE, 2), FIFTH),  # half of them no longer asked
        (FIRST, SECOND, THIRD, Members(Tier.COMMUNE, 2, Ratio(1, 3), 3), FIFTH),  # fewer of them asked
    ],
)
def test_where_a_level_does_not_imply_the_one_below_there_is_no_closed_form(demands: tuple[Members, ...]) -> None:
    odd = evolve(criterion("I.1", Tier.DISTRICT), requirements=demands)
    with pytest.raises(ValueError, match="does not imply"):
        members_chances(odd, [certain(1)])


def test_every_commune_at_the_level_of_half_of_them_before_implies_it() -> None:
    odd = evolve(criterion("I.1", Tier.DISTRICT), requirements=(FIRST, SECOND, THIRD, FOURTH, Members(Tier.COMMUNE, 5)))
    assert members_chances(odd, [certain(5)] * 2) == (1, 1, 1, 1, 1)


def test_only_a_criterion_that_reads_levels_has_members() -> None:
    with pytest.raises(ValueError, match="does not read the levels"):
        members_chances(criterion("I.2"), [certain(1)])
    with pytest.raises(ValueError, match="does not read the levels"):
        members_chances(criterion("I.1", Tier.DISTRICT), [])


def test_a_criterion_on_levels_has_no_value_to_draw() -> None:
    with pytest.raises(ValueError, match="not a requirement on a value"):
        criterion_chances(criterion("I.1", Tier.DISTRICT), Between(0, 1))
    with pytest.raises(ValueError, match="not a requirement on a value"):
        criterion_chances(criterion("I.2"), Between(0, 1))  # a ratio of no base
