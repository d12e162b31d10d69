"""Planner and solvers are told of the same share of the country and find the same."""

from fractions import Fraction

import pytest
from attrs import evolve

from certification.budgeting.allocation import Allocation, allocate, curve
from levels.loader import load_framework
from tests.benchmarks.country import country
from tests.benchmarks.planner import Told, compared, country_families, within
from tests.benchmarks.solvers import by_cp_sat, by_milp

FRAMEWORK = load_framework("kon-tum-121-2025")
HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def told() -> Told:
    return country_families(FRAMEWORK, country(Fraction(12, 705)))


@pytest.fixture(scope="module")
def found(told: Told) -> Allocation:
    return allocate(told.families, within(told.families, HALF))


def test_some_districts_are_lifted_and_some_are_not(told: Told, found: Allocation) -> None:
    assert 0 < found.readers.sum() < len(curve(told.families)) - 1
    assert 0 < found.reached < len(told.families.low)


@pytest.mark.parametrize("solve", [by_milp, by_cp_sat])
def test_planner_and_solvers_find_the_same(told: Told, found: Allocation, solve: type) -> None:
    theirs = solve(told.families, within(told.families, HALF), 60)
    assert compared(found, theirs) == "same answer, proven by both"


def test_a_solver_that_was_stopped_is_told_with_its_bounds_and_a_difference_is_an_error(
    told: Told, found: Allocation
) -> None:
    theirs = by_milp(told.families, within(told.families, HALF), 60)
    stopped = evolve(theirs, proven=False)
    assert compared(found, stopped).startswith(f"same answer, stopped: {theirs.readers} districts (bound ")
    assert compared(found, evolve(stopped, members=theirs.members - 1)).startswith("stopped: ")
    for wrong in (evolve(theirs, members=theirs.members - 1), evolve(stopped, cost=theirs.cost - 1)):
        with pytest.raises(ArithmeticError):
            compared(found, wrong)
