"""What the bound leaves open is compared exhaustively: every choice, at every price and gap."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.budgeting.allocation import WORK, Families, _lay_out
from certification.budgeting.counting import Option, TooMuchWork, count_out
from certification.budgeting.selection import _Search, count_within
from tests.certification.families import small_families

LIMIT = 12


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """What one reader can do: one way or both."""
    ways = draw(st.sampled_from(((False,), (True,), (False, True))))
    extras = st.lists(st.integers(0, LIMIT), min_size=1, max_size=4)
    return tuple(Option(way, draw(st.integers(0, 3)), np.array(draw(extras), np.int64)) for way in ways)


def cheapest(readers: Sequence[Sequence[Option]], rest: Sequence[int], lifted: int, members: int) -> int | None:
    """The least sum, by trying every rung of every reader."""
    rungs = [
        [(each.lifted, each.first + place, int(extra)) for each in ways for place, extra in enumerate(each.extra)]
        for ways in readers
    ]
    sums = []
    for chosen in itertools.product(*rungs):
        others = members - sum(rung[1] for rung in chosen)
        if sum(rung[0] for rung in chosen) == lifted and 0 <= others < len(rest):
            sums.append(sum(rung[2] for rung in chosen) + rest[others])
    return min(sums, default=None)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(options(), max_size=4),
    st.lists(st.integers(0, LIMIT), min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(0, 12),
    st.booleans(),
)
def test_counting_finds_the_least_sum_of_all_choices(
    readers: list[tuple[Option, ...]], rest: list[int], lifted: int, members: int, own_integers: bool
) -> None:
    if lifted > len(readers):
        return
    dtype = object if own_integers else np.int64
    found, _ = count_out(readers, np.array(rest, dtype), lifted, members, LIMIT, WORK)
    expected = cheapest(readers, rest, lifted, members)
    if expected is None or expected > LIMIT:
        assert found is None
    else:
        assert found is not None
        assert sum(found) == lifted
        settled = [
            tuple(way for way in ways if way.lifted == is_lifted)
            for ways, is_lifted in zip(readers, found, strict=True)
        ]
        assert cheapest(settled, rest, lifted, members) == expected


def test_counting_stops_before_the_comparison_that_is_too_much() -> None:
    readers = [(Option(False, 0, np.array([0])), Option(True, 1, np.array([0, 0])))] * 3
    _, nodes = count_out(readers, np.array([0]), 1, 1, LIMIT, WORK)
    assert count_out(readers, np.array([0]), 1, 1, LIMIT, nodes)[1] == nodes
    with pytest.raises(TooMuchWork) as stopped:
        count_out(readers, np.array([0]), 1, 1, LIMIT, nodes - 1)
    assert stopped.value.nodes < nodes


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_families(readers=5, members=9), st.data())
def test_no_selection_within_the_gap_is_overlooked_at_any_price(
    drawn: tuple[Families, int], data: st.DataObject
) -> None:
    terms = _lay_out(drawn[0]).terms
    if _lay_out(drawn[0]).settled is None:
        return
    count = data.draw(st.integers(0, len(terms.free)))
    search = _Search(terms, count, 0, WORK)
    members = data.draw(st.integers(0, len(terms.loose)))
    judged = search.judge(data.draw(st.integers(0, search.dearest)))
    gap = data.draw(st.integers(0, 3 * search.fineness) | st.integers(0, search.dearest * 6))
    costs = []
    for chosen in itertools.combinations(terms.free.tolist(), count):
        lifted = np.isin(np.arange(len(search.lift)), [*terms.chosen.tolist(), *chosen])
        if int(search.forced[lifted].sum()) <= members:
            costs.append(search._cost(lifted, members) * search.fineness)
    assert all(cost >= judged.bound(members) for cost in costs)
    found = search._compare(judged, members, gap)
    best = min(costs, default=None)
    if not 0 < count < len(terms.free) or best is None or best > judged.bound(members) + gap:
        assert found is None
    else:
        assert found is not None
        assert found[terms.chosen].all()
        assert int(found.sum()) == count + len(terms.chosen)
        assert search._cost(found, members) * search.fineness == best


@pytest.mark.parametrize("budget", [2**63, 2**64 - 1, 2**64, 10**30])
def test_a_budget_that_64_bits_do_not_hold_is_compared_exactly(budget: int) -> None:
    assert count_within(np.array([1, 2**61]), budget) == 2
    assert count_within(np.array([1, 2**61]), 2**61) == 1
    assert count_within(np.array([], np.int64), budget) == 0
