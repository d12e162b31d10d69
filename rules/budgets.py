"""Budget plans: what a budget brings about, as the words and the documents read it."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from attrs import frozen

from evidence.conditions import Stated
from evidence.costs import Money
from evidence.purchases import Purchase
from evidence.units import Unit
from levels.framework import Framework, Tier
from rules.plans import Obstacle, Step


@frozen
class Paid:
    """One step in the year in which it is paid, in full.

    ``shared`` names the purchase that brings it; then it costs its unit nothing.
    """

    step: Step
    year: int
    shared: str = ""


@frozen
class Bought:
    """A shared purchase, the year in which it is paid, and the units that rise by it."""

    purchase: Purchase
    year: int
    serves: tuple[Unit, ...]


class Reason(StrEnum):
    """Why a purchase that was offered is not made."""

    NEEDLESS = "needless"  # it brings nothing to anybody that may rise
    NO_PLAN = "no_plan"  # there is no plan
    TOO_DEAR = "too_dear"  # it costs more than all budgets together
    NO_GAIN = "no_gain"  # with it the plan would be no better


@frozen
class Declined:
    """A purchase that was offered and is not made."""

    purchase: Purchase
    reason: Reason


@frozen
class Outcome:
    """The levels of one unit: now, at the end of the plan, and the year in which it is first at the target."""

    unit: Unit
    before: int
    after: int
    year: int | None  # None: it was there before, or does not get there


@frozen
class Year:
    """One year of a plan; ``available`` holds what was carried over."""

    year: int
    budget: Money
    available: Money
    spent: Money


@frozen
class Aim:
    """One thing that was to be as good as can be, once what stands before it was settled.

    ``name``: the tier whose units at the target were counted at the end of ``year``, ``weight``, or ``cost``.
    ``bound``: no plan has more (of the cost: less).
    """

    name: str
    year: int
    found: Money
    bound: Money

    @property
    def proven(self) -> bool:
        """Whether no plan does better."""
        return self.found == self.bound


@frozen
class Hindered:
    """A unit that no budget brings to the target under the conditions, and why."""

    unit: Unit
    obstacles: tuple[Obstacle, ...]


@frozen
class BudgetPlan:
    """The answer for a unit, a target and the budgets; ``certification.budgeting.budgets`` lets none out unproven.

    ``feasible``: all that must be reached is reached; else there are no steps, ``refused`` says which units cannot and
    why, and ``least`` what those that must would cost together at the least (None: it is not known, or there is no
    way). ``curve``: the least total for 0, 1, 2 … units of ``curve_tier`` at the target, from 0 up in order, as far
    as it is known, regardless of budgets and years. ``weighted``: by the weights given instead of by number.
    """

    framework: Framework
    unit: Unit
    cycle: int
    target: int
    years: tuple[Year, ...]
    carry_over: bool
    weighted: bool
    settled: bool  # whether choices were given
    feasible: bool
    steps: tuple[Paid, ...]
    bought: tuple[Bought, ...]
    outcomes: tuple[Outcome, ...]  # every unit that is assessed, in the order of the units file
    aims: tuple[Aim, ...]
    hindered: tuple[Hindered, ...]
    refused: tuple[Hindered, ...]
    least: Money | None
    curve_tier: Tier
    curve: tuple[Money, ...]
    method: str  # "decomposition", or "milp"
    synthetic: bool
    choices: tuple[Stated, ...] = ()  # all that were given, in the order of their file
    declined: tuple[Declined, ...] = ()  # what was offered and is not bought, in the order of its file
    weights: tuple[tuple[Unit, Money], ...] = ()  # those above 0 of units of the plan, where weights were given

    @property
    def total_cost(self) -> Money:
        """What is spent in all years."""
        return sum(year.spent for year in self.years)

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no plan is better."""
        return all(aim.proven for aim in self.aims)

    @cached_property
    def reached(self) -> Mapping[Tier, tuple[Outcome, ...]]:
        """Who is at the target at the end, by tier from the broadest."""
        return {
            tier: tuple(each for each in self.outcomes if each.unit.tier is tier and each.after >= self.target)
            for tier in Tier
            if any(each.unit.tier is tier for each in self.outcomes)
        }

    @property
    def lifted(self) -> tuple[Outcome, ...]:
        """Who gets to the target by the plan."""
        return tuple(each for each in self.outcomes if each.before < self.target <= each.after)

    @property
    def answers(self) -> bool:
        """Whether it does what was asked: all that must be is reached, and somebody rises or nobody is left."""
        return self.feasible and (bool(self.lifted) or all(each.after >= self.target for each in self.outcomes))
