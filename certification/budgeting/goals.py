"""Goals: what a budget is to reach, as plain data with exact integer costs.

A *task* is one criterion of one unit with its *rungs*: the values that the levels in question demand, each with
what it costs to climb to it from the one below. A *place* is a unit with what it needs for every level in question:
rungs of its own tasks, and levels of its members. ``certification.budgeting.goal_setting`` makes them from the facts; a
*solution* says which rungs are climbed and what is bought in which year, and is paid for here to the last part.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import evolve, field, frozen

from certification.planning.ways import Planner, Quotas
from evidence.conditions import Choices
from evidence.costs import Costs, Money
from evidence.purchases import Purchase
from levels.framework import Tier
from rules.plans import Step
from rules.verdict import Verdict


@frozen
class Wish:
    """What is asked: the most units under ``unit`` at ``target``, within ``budgets``, one for each year from the cycle.

    ``weights``: the most weight instead of the most units; None: the most units of the broadest tier, then of the next.
    """

    unit: str
    target: int
    budgets: tuple[Money, ...]
    costs: Costs
    carry_over: bool = False
    choices: Choices = field(factory=Choices)
    shared: tuple[Purchase, ...] = ()
    weights: Mapping[str, Money] | None = None


@frozen
class Rung:
    """One value of a criterion that some level demands; it serves ``level`` and those above that demand no more.

    ``cost``: of climbing to it from the rung below, without what is paid once; None: it cannot be bought for this
    unit alone. ``changes``: more is needed than on the rung below (else only the council has to accept it).
    ``shared``: the purchases that bring it.
    """

    level: int
    step: Step
    cost: int | None
    changes: bool
    shared: tuple[int, ...]


@frozen
class Task:
    """One criterion of one unit. ``fixed`` is due once, with the first rung bought that changes something;
    ``closed``: the years, from 0, in which it cannot change.
    """

    unit: str
    rungs: tuple[Rung, ...]
    fixed: int
    office: str
    closed: frozenset[int]

    @property
    def covered(self) -> bool:
        """Whether a shared purchase may bring some of it."""
        return any(rung.shared for rung in self.rungs)

    def cost(self, place: int, bought: frozenset[int] = frozenset()) -> int | None:
        """What it costs to stand on the rung at ``place`` where ``bought`` are there; None: there is no way."""
        own = [rung for rung in self.rungs[: place + 1] if bought.isdisjoint(rung.shared)]
        if any(rung.cost is None for rung in own):
            return None
        return sum(rung.cost or 0 for rung in own) + (self.fixed if any(rung.changes for rung in own) else 0)


Need = tuple[int, int]
"""A task and the place of its rung."""


@frozen
class Place:
    """A unit: its level now (of a decision of this cycle, if any), and per level in question what it needs.

    ``needs``: the rungs of its own; None: there is no way. ``quotas``: of its ``members``. Levels it has are in none.
    """

    verdict: Verdict
    level: int
    needs: dict[int, tuple[Need, ...] | None]
    quotas: dict[int, Quotas]
    members: tuple[str, ...]


@frozen
class Goals:
    """The problem. Costs are in parts of ``scale`` of the money they came in; years count from 0.

    ``places`` in the order of deciding; ``counted``: the units by tier from the broadest; ``capped``: those that the
    framework recognises at no more than a lower level that they registered; ``must``: by unit the last year;
    ``weights``: whole numbers, times ``weight_scale`` those given.
    """

    wish: Wish
    cycle: int
    scale: int
    budgets: tuple[int, ...]
    places: Mapping[str, Place]
    tasks: tuple[Task, ...]
    purchases: tuple[int, ...]
    counted: Mapping[Tier, tuple[str, ...]]
    capped: frozenset[str]
    must: Mapping[str, int]
    weights: Mapping[str, int] | None
    weight_scale: Fraction
    planner: Planner

    @property
    def target(self) -> int:
        return self.wish.target

    @property
    def years(self) -> int:
        return len(self.budgets)

    @cached_property
    def useful(self) -> tuple[int, ...]:
        """The purchases that bring something to somebody."""
        return tuple(sorted({number for task in self.tasks for rung in task.rungs for number in rung.shared}))

    def money(self, parts: int) -> Money:
        """``parts`` in the money that the costs came in."""
        value = Fraction(parts, self.scale)
        return value.numerator if value.denominator == 1 else value

    def in_one_year(self) -> "Goals":
        """The same goals with all the money and time at once, by number: what they cost, whatever the year."""
        tasks = tuple(evolve(task, closed=frozenset()) for task in self.tasks)
        must = dict.fromkeys(self.must, 0)
        return evolve(self, budgets=(sum(self.budgets),), tasks=tasks, must=must, weights=None)


@frozen
class Solution:
    """Which rungs are climbed and which purchases made, and in which year, from 0."""

    climbed: Mapping[Need, int]
    bought: Mapping[int, int]


@frozen
class Bill:
    """What one climb costs its unit: nothing where the purchase ``shared`` brings it."""

    cost: int
    shared: int | None


def demand(goals: Goals, wanted: Mapping[tuple[str, int], int]) -> dict[Need, int]:
    """The rungs needed for ``wanted`` (unit and level → year), with all rungs below them, and by which year."""
    needed: dict[Need, int] = {}
    for (code, level), year in wanted.items():
        for task, top in goals.places[code].needs.get(level) or ():
            for rung in range(top + 1):
                needed[task, rung] = min(year, needed.get((task, rung), year))
    return needed


def bill(goals: Goals, solution: Solution) -> tuple[dict[Need, Bill], list[int]]:
    """What every climb costs, and the sum of every year with the purchases, exactly.

    Raises ``ValueError`` where a rung is climbed before the one below it, in a year in which it cannot change, or
    where it cannot be bought.
    """
    bills: dict[Need, Bill] = {}
    spent = [0] * goals.years
    for number, year in solution.bought.items():
        spent[year] += goals.purchases[number]
    opened: set[int] = set()
    for (number, place), year in sorted(solution.climbed.items()):
        task = goals.tasks[number]
        rung = task.rungs[place]
        if solution.climbed.get((number, place - 1), 0 if place == 0 else goals.years) > year:
            raise ValueError(f"{rung.step.unit.code} {rung.step.criterion.code}: a rung before the one below it")
        if rung.changes and year in task.closed:
            raise ValueError(f"{rung.step.unit.code} {rung.step.criterion.code} cannot change in year {year}")
        brought = [each for each in rung.shared if solution.bought.get(each, goals.years) <= year]
        if brought:
            bills[number, place] = Bill(0, brought[0])
            continue
        if rung.cost is None:
            raise ValueError(f"{rung.step.unit.code} {rung.step.criterion.code} has no price")
        cost = rung.cost
        if rung.changes and number not in opened:
            opened.add(number)
            cost += task.fixed
        bills[number, place] = Bill(cost, None)
        spent[year] += cost
    return bills, spent


def overspent(goals: Goals, spent: Sequence[int]) -> int | None:
    """The first year that costs more than there is for it; None: all are paid for."""
    left = 0
    for year, (budget, cost) in enumerate(zip(goals.budgets, spent, strict=True)):
        left = (left if goals.wish.carry_over else 0) + budget - cost
        if left < 0:
            return year
    return None
