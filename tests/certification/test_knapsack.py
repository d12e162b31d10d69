"""The knapsack of rows: against every combination on small ones, against HiGHS on larger ones, and its bound."""

from collections.abc import Iterator, Sequence
from itertools import product
from time import monotonic

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from certification.planning import knapsack
from certification.planning.knapsack import Row, Solution, cheapest, corners, least, most

Classes = list[list[Row]]


def options(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    for row in rows:
        for n in range(row.last + 1):
            yield row.cost + n * row.each, row.gain + n * row.rise


def plans(classes: Classes) -> list[tuple[int, int]]:
    """Cost and gain of every combination."""
    return [(sum(c for c, _ in found), sum(g for _, g in found)) for found in product(*map(options, classes))]


def spent(classes: Classes, found: Solution) -> tuple[int, int]:
    assert found.picks is not None
    rows = [(each[row], n) for each, (row, n) in zip(classes, found.picks, strict=True)]
    assert all(0 <= n <= row.last for row, n in rows)
    return sum(row.cost + n * row.each for row, n in rows), sum(row.gain + n * row.rise for row, n in rows)


row = st.builds(Row, st.integers(0, 20), st.integers(-2, 12), st.integers(0, 5), st.integers(0, 6), st.integers(1, 5))
classes_ = st.lists(st.lists(row, max_size=3).map(lambda rows: [Row(0, 0), *rows]), max_size=4)


@given(classes_, st.integers(-3, 60), st.sampled_from([1, 16]))
@settings(max_examples=100, deadline=None)
def test_no_combination_costs_less_and_as_many_as_are_said_cost_the_same(
    classes: Classes, needed: int, long: int
) -> None:
    enough = [(cost, -gain) for cost, gain in plans(classes) if gain >= needed]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "LONG", long)
        found = cheapest(classes, needed)
    if not enough:
        assert found.picks is None
        assert least(classes, needed) is None
        return
    assert found.optimal
    assert spent(classes, found)[0] == found.cost == min(enough)[0]
    bound = least(classes, needed)
    assert bound is not None
    assert bound <= found.cost
    if not any(each.last and not each.each for rows in classes for each in rows):
        assert found.gain == -min(enough)[1]
        assert found.equally_good == sum(cost == found.cost for cost, _ in enough)


@given(classes_, st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_no_combination_within_the_budget_gains_more_or_gains_as_much_for_less(classes: Classes, budget: int) -> None:
    best = max((gain, -cost) for cost, gain in plans(classes) if cost <= budget)
    found = most(classes, budget)
    assert (found.gain, -found.cost) == best
    assert found.bound == found.gain
    assert spent(classes, found) == (found.cost, found.gain)


def test_a_narrow_search_is_widened_until_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knapsack, "WIDTHS", (1, 2))
    monkeypatch.setattr(knapsack, "LONG", 3)
    classes = [[Row(0, 0), Row(7 * n, 11 - n, 9, 13 + n, 17 + 2 * n), Row(30 - n, 40 + n)] for n in range(4)]
    for needed in range(1, 600, 37):
        found = cheapest(classes, needed)
        assert found.optimal
        assert found.cost == min(cost for cost, gain in plans(classes) if gain >= needed)


def random_classes(seed: int, count: int) -> Classes:
    """Gains and costs as indicators have them: fixed parts, long rows, steps, and nothing divides evenly."""
    draw = np.random.default_rng(seed)
    classes: Classes = []
    for _ in range(count):
        rows = [Row(0, 0)]
        for _ in range(int(draw.integers(1, 3))):
            last = int(draw.choice([0, 3, 40, 900]))
            rise = int(draw.integers(1, 400_000)) // (last + 1) + 1
            each = int(draw.integers(1, 900_000)) // (last + 1) + 1
            rows.append(Row(int(draw.integers(0, 200_000)), int(draw.integers(0, 200_000)), last, each, rise))
        classes.append(rows)
    return classes


def by_highs(classes: Sequence[Sequence[Row]], needed: int, unit: int = 1) -> float:
    """The least cost that HiGHS finds: a yes or no for each row, and how far along it; gains in ``unit``."""
    rows = [each for found in classes for each in found]
    count = len(rows)
    objective = np.array([each.cost for each in rows] + [each.each for each in rows], dtype=float)
    gains = np.array([each.gain / unit for each in rows] + [each.rise / unit for each in rows], dtype=float)
    one, start = np.zeros((len(classes), 2 * count)), 0
    for place, found in enumerate(classes):
        one[place, start : start + len(found)] = 1
        start += len(found)
    along = np.hstack([-np.diag([float(each.last) for each in rows]), np.eye(count)])
    solved = milp(
        objective,
        integrality=np.ones(2 * count),
        bounds=Bounds(0, np.array([1.0] * count + [float(each.last) for each in rows])),
        constraints=[
            LinearConstraint(gains, needed / unit, np.inf),
            LinearConstraint(one, 1, 1),
            LinearConstraint(along, -np.inf, 0),
        ],
        options={"mip_rel_gap": 0, "time_limit": 30},
    )
    assert solved.status == 0
    return float(solved.fun)


@pytest.mark.parametrize("seed", range(6))
def test_highs_finds_nothing_cheaper(seed: int) -> None:
    classes = random_classes(seed, 12)
    total = sum(max(gain for _, gain in options(rows)) for rows in classes)
    needed = total * (15 + 12 * seed) // 100
    found = cheapest(classes, needed, monotonic() + 60, count=False)
    assert found.optimal
    assert spent(classes, found) == (found.cost, found.gain)
    assert found.gain >= needed
    # HiGHS computes in floating point: it may call a plan enough that is short by a millionth of what is needed.
    assert found.cost == pytest.approx(by_highs(classes, needed), rel=1e-5)


def test_the_clock_leaves_a_plan_and_says_how_far_from_the_best_it_can_be() -> None:
    classes = random_classes(3, 40)
    needed = sum(max(gain for _, gain in options(rows)) for rows in classes) // 3
    found = cheapest(classes, needed, monotonic() - 1)
    proven = cheapest(classes, needed, monotonic() + 60, count=False)
    assert spent(classes, found) == (found.cost, found.gain)
    assert found.bound <= proven.cost <= found.cost
    assert not found.optimal
    assert found.equally_good is None
    budget = proven.cost
    early = most(classes, budget, monotonic() - 1)
    assert early.cost <= budget
    assert early.gain <= most(classes, budget, monotonic() + 60).gain <= early.bound


def test_of_too_many_equally_good_plans_the_number_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    classes = [[Row(0, 0), Row(1 + n, 10 + n)] for n in range(6)]
    assert cheapest(classes, 12).equally_good == 2  # 1 + 2, or the third alone
    monkeypatch.setattr(knapsack, "COUNTED", 1)
    found = cheapest(classes, 12)
    assert (found.optimal, found.equally_good) == (True, None)


def test_nothing_to_choose_from_is_enough_for_nothing_only() -> None:
    assert cheapest([], 0) == Solution((), 0, 0, 0, 1)
    assert cheapest([], 1).picks is None
    assert (least([], 0), least([], 1)) == (0, None)
    assert most([], 5).gain == 0


def test_what_costs_nothing_more_is_taken_whole() -> None:
    found = cheapest([[Row(0, 0), Row(5, 1, 9, 0, 2)]], 4)
    assert (found.picks, found.cost, found.gain) == (((1, 9),), 5, 19)


def test_the_corners_of_a_class_are_its_cheapest_gains_in_order() -> None:
    rows = [Row(0, 0), Row(10, 5, 10, 1, 3), Row(2, 1), Row(100, 36)]
    assert corners(rows) == [(0, 0), (1, 10), (3, 0)]
