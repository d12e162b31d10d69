"""Whom a budget lifts: against a search through everything, against HiGHS, and what must not happen."""

from collections.abc import Sequence
from fractions import Fraction
from importlib.resources import as_file

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.budgeting import allocation
from certification.budgeting.allocation import AS_IT_IS, HIGH, LOW, WORK, Families, allocate, curve
from certification.budgeting.selection import Found
from certification.hierarchy import Assessment, evaluate
from certification.planning.ways import Planner, find_quotas
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from levels.framework import LEVELS, Tier
from levels.loader import load_framework
from rules.below import Below
from rules.columns import compile_columns
from rules.decide import Undecidable
from rules.efforts import CANNOT, efforts
from tests.benchmarks.planner import country_families, prices_of, within
from tests.benchmarks.solvers import by_milp
from tests.certification.families import cost_of, every_score, families, province, score, small_families

KON_TUM = load_framework("kon-tum-121-2025")
CYCLE = 2025

SIMPLE = families(
    own=[10, 5, 0],
    members=[(1, 4, 0), (1, 2, 0), (0, 0, 0), (2, 9, 1), (2, 3, 1), (0, 6, -1)],
    needed=[2, 1, 0],
)
"""Two districts with communes, one without, and a commune of no district."""


# Against everything there is


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_families())
def test_nothing_is_better_of_all_there_is(drawn: tuple[Families, int]) -> None:
    given_families, budget = drawn
    scores = list(every_score(given_families))
    found = allocate(given_families, budget)
    affordable = [each for each in scores if -each[2] <= budget]
    assert found.feasible == bool(affordable)
    assert found.settled == min((-cost for _, _, cost in scores), default=None)
    if affordable:
        assert found.optimal
        assert score(found) == max(affordable)
        assert cost_of(given_families, found) == found.spent
        assert (found.most_members, found.least_spent) == (found.reached, found.spent)
    else:
        assert (found.spent, found.readers.any(), found.members.any()) == (0, False, False)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_families())
def test_the_curve_tells_the_least_cost_of_every_count(drawn: tuple[Families, int]) -> None:
    given_families, _ = drawn
    scores = list(every_score(given_families))
    which = 0 if len(given_families.own) else 1
    most = max((each[which] for each in scores), default=-1)
    expected = [min(-each[2] for each in scores if each[which] >= count) for count in range(most + 1)]
    assert curve(given_families) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32), st.integers(2, 40), st.sampled_from((1, 2, 5, 100, 10**6)), st.fractions(0, Fraction(4, 3))
)
def test_costs_many_times_as_large_change_nothing_but_the_sums(
    seed: int, readers: int, dearest: int, part: Fraction
) -> None:
    small = province(np.random.default_rng(seed), readers, 6, dearest)
    # As large as 64 bits hold one of them, and far beyond that for their sum.
    times = (2**63 - 1) // max(1, int(small.high.max()), int(small.own.max()))
    own, low, high = (np.where(c == CANNOT, c, c * times) for c in (small.own, small.low, small.high))
    large = evolve(small, own=own, low=low, high=high)
    budget = int(curve(small)[-1] * part)
    one, other = allocate(small, budget), allocate(large, budget * times)
    assert one.optimal
    assert other.optimal
    assert score(other) == (score(one)[0], score(one)[1], score(one)[2] * times)


# Against HiGHS


@pytest.mark.parametrize(("seed", "part"), [(1, "1/10"), (2, "1/3"), (3, "1/2"), (4, "2/3"), (5, "9/10"), (6, "6/5")])
def test_a_province_of_eleven_districts_is_allocated_as_highs_does(seed: int, part: str) -> None:
    given_families = province(np.random.default_rng(seed), 11, 9, 1000)
    budget = int(curve(given_families)[-1] * Fraction(part))
    found, theirs = allocate(given_families, budget), by_milp(given_families, budget, seconds=60)
    assert found.optimal
    assert theirs.proven
    assert score(found) == (theirs.readers, theirs.members, -theirs.cost)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["1/50", "3/10", "9/10"])
def test_the_whole_country_is_allocated_as_highs_does_or_within_its_bounds(part: str) -> None:
    given_families = country_families(KON_TUM).families
    budget = within(given_families, Fraction(part))
    found, theirs = allocate(given_families, budget), by_milp(given_families, budget, seconds=120)
    assert found.optimal
    assert score(found) >= (theirs.readers, theirs.members, -theirs.cost)
    if theirs.proven:
        assert score(found) == (theirs.readers, theirs.members, -theirs.cost)


# Against the plans of single units


@pytest.mark.parametrize("priced", [True, False])
def test_every_unit_of_the_sample_takes_the_effort_of_its_plan_and_every_district_the_cost_of_its_own(
    priced: bool,
) -> None:
    with as_file(sample_paths().units) as units_path, as_file(sample_paths().evidence) as path:
        units = read_units(units_path)
        facts = read_evidence(path, KON_TUM, units).facts
    assessment = Assessment(KON_TUM, units, facts, CYCLE)
    costs = prices_of(KON_TUM) if priced else None
    planner = Planner(assessment, {verdict.unit.code: verdict for verdict in evaluate(assessment)}, costs)
    districts, communes = ([u.code for u in units.values() if u.tier is tier] for tier in (Tier.DISTRICT, Tier.COMMUNE))
    below = Below.of(districts, communes, {code: [unit.code for unit in units.children(code)] for code in districts})
    found = {
        tier: efforts(
            columns, columns.encode(CYCLE, {code: facts.get(code, {}) for code in codes}, reads), levels, costs
        )
        for tier, codes, reads, levels in (
            (Tier.DISTRICT, districts, below, LEVELS),
            (Tier.COMMUNE, communes, None, (0, *LEVELS)),
        )
        for columns in [compile_columns(KON_TUM, tier)]
    }
    for level in LEVELS:
        ways = [planner.way(code, level) for code in communes]
        assert found[Tier.COMMUNE].to(level).tolist() == [way.effort if way.feasible else CANNOT for way in ways]
        for place, code in enumerate(districts):
            of_district = [communes.index(unit.code) for unit in units.children(code)]
            quotas = find_quotas(KON_TUM.sets[Tier.DISTRICT].criteria, level, len(of_district))
            low, high = (found[Tier.COMMUNE].to(each)[of_district] for each in (quotas.every, level))
            alone = families(
                [int(found[Tier.DISTRICT].to(level)[place])],
                [(a, b, 0) for a, b in zip(low.tolist(), high.tolist(), strict=True)],
                [quotas.at.get(level, 0)],
            )
            way = planner.way(code, level)
            assert curve(alone)[1:] == ([way.effort] if way.feasible else []), (code, level)


# What is asked, in plain cases


def lifted(found: allocation.Allocation) -> list[int]:
    return np.flatnonzero(found.readers).tolist()


def test_districts_come_before_communes_and_communes_before_money() -> None:
    # District 1 costs 5 + 2 + 3 = 10, district 0 costs 10 + 1 + 2 + 0 = 13.
    assert curve(SIMPLE) == [0, 10, 23]
    found = allocate(SIMPLE, 15)
    assert lifted(found) == [1]
    assert found.members.tolist() == [AS_IT_IS, HIGH, HIGH, LOW, HIGH, AS_IT_IS]
    assert (found.reached, found.spent) == (3, 12)
    found = allocate(SIMPLE, 9)
    assert lifted(found) == []
    assert found.members.tolist() == [HIGH, HIGH, HIGH, AS_IT_IS, HIGH, AS_IT_IS]


def test_without_money_only_who_is_there_already_is_counted() -> None:
    found = allocate(SIMPLE, 0)
    assert (found.feasible, found.optimal, found.spent) == (True, True, 0)
    assert found.members.tolist() == [AS_IT_IS, AS_IT_IS, HIGH, AS_IT_IS, AS_IT_IS, AS_IT_IS]


def test_a_budget_beyond_all_costs_lifts_all_that_can_be_lifted_and_is_not_spent() -> None:
    for budget in (100, 2**63, 2**64 - 1, 10**40):
        found = allocate(SIMPLE, budget)
        assert lifted(found) == [0, 1]
        assert found.members.tolist() == [HIGH] * 6
        assert found.spent == 10 + 5 + 4 + 2 + 9 + 3 + 6


def test_a_district_without_communes_is_never_lifted() -> None:
    for needed in (0, 1):
        found = allocate(families([0], [], [needed]), 100)
        assert (found.feasible, lifted(found)) == (True, [])
    assert not allocate(families([0], [], [0], must_readers=[0]), 100).feasible


def test_a_district_is_not_lifted_where_one_commune_has_no_way_or_too_few_reach_the_target() -> None:
    assert lifted(allocate(families([0], [(1, 1, 0), (CANNOT, CANNOT, 0)], [1]), 100)) == []
    assert lifted(allocate(families([0], [(1, 1, 0), (1, CANNOT, 0)], [2]), 100)) == []
    assert lifted(allocate(families([CANNOT], [(1, 1, 0)], [1]), 100)) == []
    found = allocate(families([0], [(1, 1, 0), (1, CANNOT, 0)], [1]), 100)
    assert lifted(found) == [0]
    assert found.members.tolist() == [HIGH, LOW]


def test_where_no_commune_is_needed_at_the_target_all_come_to_the_lower_level() -> None:
    found = allocate(families([1], [(1, 3, 0), (1, 3, 0)], [0]), 3)
    assert lifted(found) == [0]
    assert found.members.tolist() == [LOW, LOW]
    assert allocate(families([1], [(1, 3, 0), (1, 3, 0)], [0]), 5).members.tolist() == [HIGH, LOW]


def test_communes_without_a_district_are_raised_cheapest_first_and_the_first_of_equals() -> None:
    given_families = families([], [(0, 5, -1), (0, 3, -1), (0, 3, -1), (0, CANNOT, -1)], [])
    assert allocate(given_families, 4).members.tolist() == [AS_IT_IS, HIGH, AS_IT_IS, AS_IT_IS]
    assert curve(given_families) == [0, 3, 6, 11]


def test_of_two_equal_districts_the_first_is_lifted() -> None:
    assert lifted(allocate(families([3, 3], [(1, 1, 0), (1, 1, 1)], [1, 1]), 4)) == [0]


def test_what_is_settled_is_paid_first_whatever_it_prevents() -> None:
    dear = evolve(SIMPLE, must_member=np.array([False, False, False, True, False, False]))
    found = allocate(dear, 18)
    assert found.settled == 9
    assert lifted(found) == [1]  # 5 + 9 + 2: its dear commune is the one that is needed; then 1 more for the other
    assert found.members.tolist() == [AS_IT_IS, AS_IT_IS, HIGH, HIGH, HIGH, AS_IT_IS]
    assert found.spent == 17
    too_dear = allocate(dear, 8)
    assert (too_dear.feasible, too_dear.optimal, too_dear.settled) == (False, True, 9)
    settled = evolve(SIMPLE, must_reader=np.array([True, False, False]))
    assert lifted(allocate(settled, 13)) == [0]
    assert curve(settled) == [13, 13, 23]


def test_what_is_settled_and_has_no_way_is_not_feasible_at_any_budget() -> None:
    for given_families in (
        families([], [(0, CANNOT, -1)], [], must_members=[0]),
        families([CANNOT], [(1, 1, 0)], [0], must_readers=[0]),
    ):
        found = allocate(given_families, 10**30)
        assert (found.feasible, found.settled) == (False, None)
        assert curve(given_families) == []


def test_no_units_at_all_are_allocated_nothing() -> None:
    found = allocate(families([], [], []), 5)
    assert (found.feasible, found.optimal, found.spent, found.reached) == (True, True, 0, 0)
    assert curve(families([], [], [])) == [0]


# Where the bound alone does not prove it


def twins(count: int, step: int) -> Families:
    """Districts that cost nearly the same, half of them with so many communes more: the bound leaves a gap."""
    needed = np.where(np.arange(count) % 2, 1 + step, 1)
    reader = np.repeat(np.arange(count), 10)
    more = np.where(np.arange(len(reader)) % 10 < needed[reader], 1, 500)
    low = np.full(len(reader), 1000)
    nobody = np.zeros(count, np.bool_), np.zeros(len(reader), np.bool_)
    return Families(np.full(count, 50_000), low, low + more, reader, needed, *nobody)


def test_what_the_bound_leaves_open_is_counted_out() -> None:
    given_families = twins(24, 7)
    budget = curve(given_families)[8] + 31
    found, theirs = allocate(given_families, budget), by_milp(given_families, budget, seconds=60)
    assert found.nodes > 0
    assert found.optimal
    assert theirs.proven
    assert score(found) == (theirs.readers, theirs.members, -theirs.cost)


def test_where_the_proof_is_too_much_work_the_answer_says_so_and_keeps_to_the_budget() -> None:
    given_families = twins(24, 7)
    budget = curve(given_families)[8] + 31
    best, cut_short = allocate(given_families, budget), allocate(given_families, budget, work=100)
    assert not cut_short.optimal
    assert cut_short.nodes <= 100
    assert cost_of(given_families, cut_short) == cut_short.spent <= budget
    assert score(cut_short) <= score(best)
    assert cut_short.most_members >= best.reached
    assert cut_short.least_spent <= cut_short.spent


def test_the_proof_of_700_nearly_equal_districts_ends_after_a_bounded_number_of_comparisons() -> None:
    given_families = twins(700, 7)
    found = allocate(given_families, curve(given_families)[350] + 700, work=WORK // 100)
    assert found.nodes <= WORK // 100
    assert found.readers.sum() == 350
    assert found.reached <= found.most_members


# Bad input


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"needed": [1, 1]}, "one entry for every reader"),
        ({"low": [1, 1]}, "one entry for every member"),
        ({"own": [-2, 0, 0]}, "integers of 64 bits from 0 up"),
        ({"own": [0.5, 0, 0]}, "integers of 64 bits from 0 up"),
        ({"high": [2**63, 2, 0, 9, 3, 6]}, "integers of 64 bits from 0 up"),
        ({"high": [0, 0, 0, 0, 0, 0]}, "at no higher cost"),
        ({"low": [CANNOT, 1, 0, 2, 2, 0]}, "can reach the lower level"),
        ({"reader": [0, 0, 0, 1, 3, -1]}, "the place of one"),
        ({"reader": [0, 0, 0, 1, 1, -2]}, "the place of one"),
        ({"needed": [1, -1, 0]}, "counts members"),
        ({"needed": [1, 0.5, 0]}, "counts members"),
    ],
)
def test_columns_that_contradict_each_other_are_refused(changed: dict[str, Sequence[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evolve(SIMPLE, **{name: np.array(values) for name, values in changed.items()})


def test_a_negative_budget_and_one_that_is_no_integer_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        allocate(SIMPLE, -1)
    with pytest.raises(TypeError):
        allocate(SIMPLE, 1.5)  # type: ignore[arg-type]


def test_an_answer_that_does_not_cost_what_was_to_be_proven_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = Found(np.array([0, 1]), more=3, most=6, least=1, nodes=0)
    monkeypatch.setattr(allocation, "search", lambda *_: everybody)
    with pytest.raises(Undecidable, match="of 16"):
        allocate(SIMPLE, 16)
