"""Trials: every draw is counted as the reference decides its facts, whoever counts it and in how many pieces."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest

from evidence.facts import Amount, Fact, Status
from levels.framework import LEVELS, Tier
from rules import reference, trials
from rules.below import Below
from rules.columns import compile_columns
from rules.draws import Among, Audited, Between, Chance, Law, draw
from rules.trials import SIX, Batch, Stratum, Tally, astuple, count
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting

SEED, DRAWS = 7, 60
COMMUNES = ("a", "b", "c")
DISTRICTS = ("x", "y")
MEMBERS = {"x": ("a", "b"), "y": ("c",)}
FACTS: dict[str, dict[str, Fact]] = {
    "a": meeting(commune(), 4),
    "b": meeting(commune(), 3, I_4=None),
    "c": meeting(commune(), 5, I_2=fact(commune(), "I.2", Amount(85, 100), Status.SELF_REPORTED)),
}
OF_DISTRICTS = {"x": meeting(district(), 5), "y": meeting(district(), 4)}
LAWS: dict[str, dict[str, Law]] = {
    "I.2": {"a": Audited(90, Fraction(1, 2), 2000, 10_000), "c": Between(0, 100)},
    "I.4": {"b": Chance(Fraction(2, 3))},
    "II.4": {"a": Among((0, 1, 3)), "c": Between(0, 3)},
}
BASES = {("a", "I.2"): 100, ("c", "I.2"): 100, ("c", "II.4"): 2}
OF_DISTRICTS_LAWS: dict[str, dict[str, Law]] = {"II.1": {"x": Between(0, 100)}}


def stratum(
    tier: Tier,
    facts: Mapping[str, Mapping[str, Fact]],
    laws: Mapping[str, Mapping[str, Law]],
    below: Below | None,
    reader: list[int],
) -> Stratum:
    columns = compile_columns(kon_tum(), tier)
    units = tuple(facts)
    based: dict[str, dict[str, Fact]] = {unit: dict(its) for unit, its in facts.items()}
    for code, of_units in laws.items():
        for unit in of_units:
            based[unit].pop(code, None)
            base = BASES.get((unit, code), 100 if tier is Tier.DISTRICT else None)
            if base is not None:
                based[unit][code] = Fact(unit, code, Status.VERIFIED, Amount(0, base))
    dossiers = columns.encode(CYCLE, based, below)
    placed = {code: tuple((units.index(unit), law) for unit, law in its.items()) for code, its in laws.items()}
    return Stratum(tier, columns, dossiers, placed, None if below is None else 0, np.array(reader, np.intp))


def batch() -> Batch:
    below = Below.of(DISTRICTS, COMMUNES, MEMBERS)
    return (
        stratum(Tier.COMMUNE, FACTS, LAWS, None, [0, 0, -1]),  # of c nobody asks here
        stratum(Tier.DISTRICT, OF_DISTRICTS, OF_DISTRICTS_LAWS, below, [-1, -1]),
    )


def drawn_fact(tier: Tier, unit: str, code: str, law: Law, number: int) -> Fact:
    """What a draw says of one fact, as the council would have found it."""
    value = int(draw(law, SEED, f"{tier}/{unit}/{code}", range(number, number + 1))[0])
    if isinstance(law, Chance):
        return fact(commune(), code, None, Status.EXEMPT if value > 0 else Status.REJECTED)
    base = BASES.get((unit, code), 100 if tier is Tier.DISTRICT else None)
    return fact(commune(), code, Amount(value, base), Status.VERIFIED)


Found = dict[str, tuple[int, dict[str, int]]]
TIERS = ((Tier.COMMUNE, COMMUNES, LAWS, FACTS), (Tier.DISTRICT, DISTRICTS, OF_DISTRICTS_LAWS, OF_DISTRICTS))


def decided(number: int) -> Found:
    """The level of every unit in one draw, and those of its criteria."""
    found: Found = {}
    for tier, units, laws, facts in TIERS:
        for unit in units:
            own = dict(facts[unit])
            own |= {c: drawn_fact(tier, unit, c, its[unit], number) for c, its in laws.items() if unit in its}
            members = [(found[member][0],) * 3 for member in MEMBERS.get(unit, ())]
            level, criteria = reference.decide(kon_tum().sets[tier], CYCLE, own, members)
            found[unit] = level[1], {code: three[1] for code, three in criteria.items()}
    return found


def nothing(units: int, criteria: int, cells: int) -> Tally:
    shapes = ((units, SIX), (criteria, units), (cells, SIX), (cells, SIX), (units, SIX, SIX))
    return Tally(*(np.zeros(shape, np.int64) for shape in shapes))


def by_reference() -> tuple[Tally, Tally]:
    """The tallies of all draws, one after the other."""
    tallies = nothing(3, 3, 5), nothing(2, 2, 1)
    for number in range(DRAWS):
        found = decided(number)
        for tally, (_, units, laws, _), read in zip(tallies, TIERS, ((), ("I.1",)), strict=True):
            for place, unit in enumerate(units):
                level, criteria = found[unit]
                tally.levels[place, level] += 1
                for row, code in enumerate((*laws, *read)):
                    tally.binding[row, place] += criteria[code] == level < LEVELS[-1]
                if unit in MEMBERS["x"]:
                    tally.above[place, level, found["x"][0]] += 1
            for cell, (code, unit) in enumerate((code, unit) for code, its in laws.items() for unit in its):
                criteria = found[unit][1]
                tally.facts[cell, criteria[code]] += 1
                tally.rest[cell, min(level for other, level in criteria.items() if other != code)] += 1
    return tallies


def same(one: Tally, other: Tally) -> bool:
    return all(np.array_equal(mine, its) for mine, its in zip(astuple(one), astuple(other), strict=True))


def test_every_draw_is_counted_as_the_reference_decides_its_facts() -> None:
    for counted, expected in zip(count(SEED, (batch(), range(DRAWS))), by_reference(), strict=True):
        for name in ("levels", "binding", "facts", "rest", "above"):
            assert getattr(counted, name).tolist() == getattr(expected, name).tolist(), name
    assert len(set(by_reference()[0].levels[2].tolist())) > 2  # the draws differ at all


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_blocks_and_spans_change_no_count(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count(SEED, (batch(), range(DRAWS)))
    monkeypatch.setattr(trials, "rows_of", lambda units: rows)
    again = count(SEED, (batch(), range(DRAWS)))
    parts = [count(SEED, (batch(), span)) for span in (range(23), range(23, DRAWS))]
    for place, tally in enumerate(whole):
        assert same(tally, again[place])
        assert same(tally, parts[0][place] + parts[1][place])


def test_a_seed_has_counts_of_its_own() -> None:
    assert not same(count(1, (batch(), range(DRAWS)))[0], count(2, (batch(), range(DRAWS)))[0])


def test_where_nothing_is_drawn_every_draw_is_the_recorded_level() -> None:
    still = stratum(Tier.COMMUNE, FACTS, {}, None, [-1, -1, -1])
    [tally] = count(SEED, ((still,), range(5)))
    assert tally.levels.argmax(axis=1).tolist() == [4, 2, 4]  # b shows no I.4; the claim of c is taken at its word
    assert tally.levels.sum() == 15
    assert tally.facts.shape == (0, SIX)


def test_a_number_too_large_for_the_columns_is_met_at_every_level() -> None:
    laws: dict[str, dict[str, Law]] = {"II.4": {"a": Between(2**40, 2**40)}}
    [tally] = count(SEED, ((stratum(Tier.COMMUNE, FACTS, laws, None, [-1, -1, -1]),), range(3)))
    assert tally.facts[0].tolist() == [0, 0, 0, 0, 0, 3]
    assert tally.rest[0].tolist() == [0, 0, 0, 0, 3, 0]
