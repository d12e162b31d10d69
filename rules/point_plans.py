"""A plan of points: the cheapest improvements that bring a unit to a total or a rank; what the other rooms read.

A plan starts from the data as they stand (``Reading.STANDING``: the council's value where it has ruled, else the
unit's own), the reading that ``evaluate`` ranks by. What is unknown or was rejected starts from nothing. A plan only
adds: to what stands above the line of a formula, to a council's score, from no to yes, from an option to a better one.
"""

from enum import StrEnum
from fractions import Fraction
from typing import Literal

from attrs import frozen

from evidence.costs import Money
from evidence.facts import Fact
from levels.index import Indicator, Input
from rules.scores import IndicatorScore, Place, Score


class Bar(StrEnum):
    """Why points of a line are out of reach of any plan."""

    NO_BASE = "no_base"  # what stands below the line of the quotient is not known
    ZERO_BASE = "zero_base"  # it is 0: the council must rule
    NO_COST = "no_cost"  # the costs name no price for an input
    SETTLED = "settled"  # the input is not to be changed
    OWN_BASE = "own_base"  # the input stands below the line as well: more of it would change the base
    INCIDENTS = "incidents"  # it counts what has happened; nobody plans more of it without a price
    Z_SCORE = "z_score"  # a standard score moves with every unit
    SEVERAL = "several"  # more than one quantity in one line: no exact frontier is made for it


@frozen
class Barrier:
    """Points of one line that no plan can win, and why."""

    line: IndicatorScore
    kind: Bar
    keys: tuple[str, ...] = ()  # of the inputs it is about


@frozen
class PointStep:
    """One input of one indicator changed, no further than the plan needs."""

    input: Input
    code: str  # of the fact: II.6.5:c
    fact: Fact | None  # what is known of it now
    start: Fraction | None  # the value that counts now; None: nothing does
    to: Fraction
    cost: Money | None  # None: planned without costs
    office: str  # who would do it: as the costs say, else as the decision prints it; "" where neither does

    @property
    def more(self) -> Fraction | None:
        """How much more of the input; None where it is a choice, a yes or a document."""
        if self.input.kind in ("choice", "presence"):
            return None
        return self.to - (self.start or 0)


@frozen
class Improvement:
    """One indicator brought from one score to a better one by some steps."""

    before: IndicatorScore
    after: IndicatorScore
    steps: tuple[PointStep, ...]
    cost: Money  # without costs: how many things are changed

    @property
    def indicator(self) -> Indicator:
        return self.before.indicator

    @property
    def points(self) -> Fraction:
        """How many points it wins."""
        return self.after.points - self.before.points


@frozen
class Marginal:
    """One stretch of an indicator's frontier: so many points more for so much, beyond the stretch before it."""

    indicator: Indicator
    steps: tuple[tuple[Input, Fraction | None, Fraction], ...]  # input, its value now, its value at the end of it
    points: Fraction
    cost: Money
    taken: Literal["all", "part", "none"]  # how much of it the plan takes

    @property
    def price(self) -> Fraction:
        """What one point costs."""
        return Fraction(self.cost, self.points)


@frozen
class PointGoal:
    """What is asked for: just one of the three."""

    points: Fraction | None = None  # a total
    climb: int | None = None  # so many ranks
    budget: Money | None = None  # the most points for so much


@frozen
class PointPlan:
    """The answer; ``certification.planning.points`` lets none out that it has not proven."""

    goal: PointGoal
    priced: bool  # False: without costs, for the fewest things changed
    before: Place
    group_size: int  # units in the ranking group; 0 where no group ranks the unit
    after: Place | None  # None: there is no plan
    needed: Fraction | None  # the total that has to be reached; None where there is no such total
    improvements: tuple[Improvement, ...]
    effort: Money  # what was to be least: the cost; without costs the things changed
    bound: Money | None  # no plan costs less (with a budget: None)
    most: Fraction  # the highest total that the improvements can reach together
    points_bound: Fraction | None = None  # with a budget: no plan within it reaches more
    optimal: bool = True  # False: the time ran out, and ``bound`` tells how much better another could be
    equally_good: int | None = 1  # plans of the same cost, this one included; None: not counted
    marginals: tuple[Marginal, ...] = ()  # cheapest points first
    barriers: tuple[Barrier, ...] = ()
    moved: tuple[tuple[Score, Score], ...] = ()  # peers whose points the plan changes: before, after
    settled: tuple[str, ...] = ()  # codes of facts that were not to be changed

    @property
    def feasible(self) -> bool:
        return self.after is not None

    @property
    def score(self) -> Score:
        return self.before.score

    @property
    def synthetic(self) -> bool:
        return self.score.synthetic

    @property
    def steps(self) -> tuple[PointStep, ...]:
        return tuple(step for improvement in self.improvements for step in improvement.steps)
