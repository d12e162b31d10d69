"""The least that brings one criterion to a level, and everything that no improvement can do."""

import pytest

from evidence.costs import Costs, Price
from evidence.facts import Amount, Fact, Status
from levels.framework import Tier
from rules.decide import decide
from rules.improvement import improve
from rules.plans import Demand, Hindrance, Obstacle, Plan, Step, Way
from rules.verdict import Standing, Verdict
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members

COSTS: Costs = {(Tier.COMMUNE, "I.2"): Price(5, 2, "Bưu điện"), (Tier.COMMUNE, "I.4"): Price(40, 10)}


def verdict(**changed: Fact | None) -> Verdict:
    return decide(kon_tum(), commune(), meeting(commune(), 3, **changed), CYCLE)


def improved(code: str, level: int, amount: Amount | None, status: Status = Status.VERIFIED, costs: Costs | None = None,
             **more: object) -> Step | Obstacle | None:  # fmt: skip
    known = fact(commune(), code, amount, status, **more)
    found = verdict(**{code.replace(".", "_"): known})
    return improve(found, next(each for each in found.criteria if each.code == code), level, costs)


def step(*arguments: object, **more: object) -> Step:
    found = improved(*arguments, **more)  # type: ignore[arg-type]
    assert isinstance(found, Step)
    return found


def obstacle(*arguments: object, **more: object) -> Obstacle:
    found = improved(*arguments, **more)  # type: ignore[arg-type]
    assert isinstance(found, Obstacle)
    return found


def test_a_ratio_is_raised_to_the_first_numerator_that_meets_every_level_up_to_the_target() -> None:
    found = step("I.2", 4, Amount(74, 104), costs=COSTS)
    assert (found.start, found.to, found.missing, found.cost) == (Amount(74, 104), Amount(84, 104), 10, 25)
    assert found.office == "Bưu điện"
    assert found.known
    assert found.demands == (Demand(4, "80%", "Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)"),)
    assert found.fact() == Fact("23281", "I.2", Status.VERIFIED, Amount(84, 104), cycle=CYCLE)


def test_what_holds_already_needs_no_step() -> None:
    assert improved("I.2", 3, Amount(52, 104)) is None
    assert step("I.2", 3, Amount(51, 104)).missing == 1


def test_a_presence_is_one_missing_item() -> None:
    found = step("I.4", 3, Amount(0), costs=COSTS)
    assert (found.missing, found.to, found.cost) == (1, Amount(1), 50)


def test_all_of_a_small_total_suffices_where_the_decision_says_so_but_not_below() -> None:
    assert step("II.4", 5, Amount(1, 2)).to == Amount(2, 2)
    assert step("II.4", 5, Amount(1, 9)).to == Amount(3, 9)
    found = obstacle("II.4", 4, Amount(1, 1))
    assert (found.kind, found.needed, found.able) == (Hindrance.TOTAL, 2, 1)


def test_the_level_that_demands_more_than_there_is_is_named_even_where_a_higher_one_is_asked() -> None:
    found = obstacle("II.4", 5, Amount(0, 1))  # level 5, «3 or 100%», would be met by the one there is
    assert (found.kind, found.level, found.needed, found.able) == (Hindrance.TOTAL, 4, 2, 1)


def test_a_reported_value_that_suffices_is_only_to_be_appraised_and_costs_nothing() -> None:
    found = step("I.3", 4, Amount(95, 100), Status.SELF_REPORTED, costs={})
    assert (found.missing, found.cost, found.to) == (0, 0, Amount(95, 100))
    assert [demand.at_level for demand in found.demands] == [1, 2, 3, 4]
    assert step("I.3", 4, Amount(85, 100), Status.SELF_REPORTED).missing == 5


def test_of_a_rejected_value_nothing_counts_but_its_base() -> None:
    found = step("I.2", 3, Amount(90, 104), Status.REJECTED, note="Thiếu căn cứ")
    assert (found.start, found.to, found.missing, found.known) == (Amount(0, 104), Amount(52, 104), 52, False)
    assert step("I.4", 3, Amount(1), Status.REJECTED, note="Chưa dùng").missing == 1
    assert obstacle("I.2", 3, Amount(0, 0), Status.REJECTED, note="Sai").kind is Hindrance.ZERO_BASE
    assert obstacle("I.2", 3, None, Status.REJECTED, note="Sai").kind is Hindrance.NO_BASE


def test_nothing_known_is_planned_from_nothing_but_a_ratio_needs_its_base() -> None:
    assert obstacle("I.2", 3, None, Status.UNKNOWN).kind is Hindrance.NO_BASE
    assert obstacle("I.2", 3, Amount(50, 104), cycle=CYCLE - 1).kind is Hindrance.NO_BASE  # another year's base
    found = step("I.7", 5, None, Status.UNKNOWN)
    assert (found.start, found.to, found.missing, found.known) == (Amount(0), Amount(2), 2, False)
    gone = verdict(I_4=None)
    found = improve(gone, next(each for each in gone.criteria if each.code == "I.4"), 3, None)  # type: ignore[assignment]
    assert (found.missing, found.cost, found.fact().source) == (1, None, "")


def test_a_zero_base_is_for_the_council_and_an_exempt_criterion_for_nobody() -> None:
    assert obstacle("I.9", 3, Amount(0, 0)).kind is Hindrance.ZERO_BASE
    assert improved("I.9", 2, Amount(0, 0)) is None  # demands nothing there
    assert improved("I.9", 5, Amount(0, 0), Status.EXEMPT, note="Không có hệ thống") is None


def test_what_has_no_price_is_named() -> None:
    found = obstacle("I.3", 4, Amount(85, 100), costs=COSTS)
    assert (found.kind, found.key) == (Hindrance.NO_COST, ("23281", "I.3", Hindrance.NO_COST))


def test_a_district_without_communes_is_for_the_council() -> None:
    alone = decide(kon_tum(), district(), meeting(district(), 3), CYCLE)
    found = improve(alone, alone.criteria[0], 1, None)
    assert isinstance(found, Obstacle)
    assert found.kind is Hindrance.NO_MEMBERS
    assert alone.criteria[0].standing is Standing.ZERO_BASE


@pytest.mark.parametrize("priced", [True, False])
def test_a_plan_gathers_the_steps_of_the_unit_and_of_those_below(priced: bool) -> None:
    own, below = step("I.2", 4, Amount(74, 104), costs=COSTS), step("I.4", 3, Amount(0), costs=COSTS)
    top = decide(kon_tum(), district(), meeting(district(), 3), CYCLE, members(3, 3))
    way = Way(top, 4, (own,), (Way(below.verdict, 3, (below,)),), effort=75)
    plan = Plan(way, priced)
    assert plan.steps == (own, below)
    assert (plan.feasible, plan.target, plan.verdict, plan.synthetic) == (True, 4, top, False)
    assert plan.total_cost == (75 if priced else None)
