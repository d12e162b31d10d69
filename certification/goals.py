"""Goals: what a budget is to reach, as plain data with exact integer costs.

A *task* is one criterion of one unit with its *rungs*: the values that the levels in question demand, each with
what it costs to climb to it from the one below. A *place* is a unit with what it needs for every level in question:
rungs of its own tasks, and levels of its members. Everything comes from the same planner that finds the cheapest
way of one unit (``certification.planning``), so both speak of the same steps.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm

from attrs import define, evolve, field, frozen

from certification.hierarchy import Assessment
from certification.planning import Planner, Quotas, find_quotas
from evidence.conditions import Choices, Purchase, ancestry, covered
from evidence.costs import Costs, Money
from levels.framework import LEVELS, Tier
from rules.improvement import improve
from rules.plans import Hindrance, Obstacle, Step
from rules.verdict import CriterionVerdict, Recognition, Standing, Verdict


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

    def able(self, level: int) -> bool:
        """Whether its own criteria leave a way to ``level``."""
        return level <= self.level or self.needs.get(level) is not None


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
    planner: "ConditionalPlanner"

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
        """The same goals with all the money and time at once: what they cost, whatever the year."""
        tasks = tuple(evolve(task, closed=frozenset()) for task in self.tasks)
        return evolve(self, budgets=(sum(self.budgets),), tasks=tasks, must=dict.fromkeys(self.must, 0))


@define
class ConditionalPlanner(Planner):
    """A planner under choices and purchases: what they rule out is an obstacle, what they bring costs nothing."""

    choices: Choices = field(factory=Choices, kw_only=True)
    shared: tuple[Purchase, ...] = field(default=(), kw_only=True)
    years: tuple[int, ...] = field(default=(), kw_only=True)

    def improve(self, verdict: Verdict, found: CriterionVerdict, level: int) -> Step | Obstacle | None:
        """As of one unit alone, but for what is settled and what can be bought for many."""
        step = improve(verdict, found, level, None)  # what is needed, whatever it costs
        if not isinstance(step, Step):
            return step
        code = verdict.unit.code
        if code in self.choices.never:
            return Obstacle(verdict, level, Hindrance.NEVER)
        if step.missing and self.closed(code, found.code) >= set(self.years):
            return Obstacle(verdict, level, Hindrance.FIXED, found)
        if any(most >= level for _, most in self.purchases(verdict, found.code)):
            return evolve(step, cost=0)
        return improve(verdict, found, level, self.costs)

    def closed(self, unit: str, criterion: str) -> frozenset[int]:
        """The calendar years in which a criterion of a unit cannot change."""
        return self.choices.unchanged(unit, criterion)

    def purchases(self, verdict: Verdict, criterion: str) -> list[tuple[int, int]]:
        """The purchases that satisfy a criterion of a unit, and up to which level."""
        units = self.assessment.units
        found = {
            number: max(cover.level for cover in covers)
            for number, purchase in enumerate(self.shared)
            if (
                covers := [
                    c for c in purchase.covers if c.criterion == criterion and covered(units, verdict.unit.code, c)
                ]
            )
        }
        return list(found.items())


def set_goals(assessment: Assessment, verdicts: Mapping[str, Verdict], wish: Wish) -> Goals:
    """The goals of ``wish``; ``verdicts`` hold those of all units under it.

    Raises ``ValueError`` for a target that is no level, no budget or a negative one, and where nobody is assessed.
    """
    if wish.target not in LEVELS:
        raise ValueError(f"there is no level {wish.target}; levels are 1 to 5")
    if not wish.budgets or min(wish.budgets) < 0:
        raise ValueError("budgets are one sum or more, from 0 up")
    scope = [code for code in verdicts if wish.unit in ancestry(assessment.units, code)]
    if not scope:
        raise ValueError(f"no unit of {wish.unit} is assessed")
    years = tuple(range(assessment.cycle, assessment.cycle + len(wish.budgets)))
    planner = ConditionalPlanner(
        assessment, verdicts, wish.costs, choices=wish.choices, shared=wish.shared, years=years
    )
    amounts = [
        *wish.budgets,
        *(purchase.cost for purchase in wish.shared),
        *(amount for price in wish.costs.values() for amount in (price.fixed, price.per_unit)),
    ]
    scale = lcm(*(Fraction(amount).denominator for amount in amounts))
    building = _Building(planner, scale)
    for code in scope:
        building.ask(code, wish.target)
    places = {code: building.place(code) for code in scope}
    counted = {
        tier: tuple(code for code in scope if verdicts[code].unit.tier is tier)
        for tier in Tier
        if any(verdicts[code].unit.tier is tier for code in scope)
    }
    weights, weight_scale = _whole_weights(wish, scope)
    return Goals(
        wish,
        assessment.cycle,
        scale,
        tuple(int(budget * scale) for budget in wish.budgets),
        places,
        tuple(building.tasks),
        tuple(int(purchase.cost * scale) for purchase in wish.shared),
        counted,
        frozenset(code for code in scope if building.capped(code, wish.target)),
        {code: year - assessment.cycle for code, year in wish.choices.must.items()},
        weights,
        weight_scale,
        planner,
    )


def _whole_weights(wish: Wish, scope: Sequence[str]) -> tuple[dict[str, int] | None, Fraction]:
    if wish.weights is None:
        return None, Fraction(1)
    given = {code: Fraction(wish.weights[code]) for code in scope if wish.weights.get(code)}
    scale = lcm(*(weight.denominator for weight in given.values()))
    return {code: int(weight * scale) for code, weight in given.items()}, Fraction(1, scale)


@define
class _Building:
    """Collects places and tasks, each level asked of a unit bringing those of its members."""

    planner: ConditionalPlanner
    scale: int
    asked: dict[str, set[int]] = field(factory=dict)
    tasks: list[Task] = field(factory=list)

    def ask(self, code: str, level: int) -> None:
        """Note that ``level`` is in question for a unit, and what that asks of its members."""
        levels = self.asked.setdefault(code, set())
        if level in levels:
            return
        levels.add(level)
        verdict = self.planner.verdicts[code]
        if level > self.level(verdict) and self.decision(code) is None:
            for each in _quotas(verdict, level).ladder:
                for member in verdict.members if each else ():
                    self.ask(member.unit.code, each)

    def decision(self, code: str) -> Recognition | None:
        """The final decision of this cycle, if there is one: the unit keeps its level."""
        recognition = self.planner.assessment.recognitions.get(code)
        return None if recognition is None or recognition.provisional else recognition

    def level(self, verdict: Verdict) -> int:
        recognition = self.decision(verdict.unit.code)
        return verdict.levels.level if recognition is None else recognition.levels.level

    def capped(self, code: str, target: int) -> bool:
        """Whether the framework recognises no more than a lower level that the unit has registered."""
        registered = self.planner.verdicts[code].unit.registered
        at_most = self.planner.assessment.framework.recognise == "at_most_registered"
        return at_most and registered is not None and registered < target and self.decision(code) is None

    def place(self, code: str) -> Place:
        """A unit with what it needs for every level that was asked of it."""
        verdict = self.planner.verdicts[code]
        level = self.level(verdict)
        higher = sorted(each for each in self.asked[code] if each > level)
        members = tuple(member.unit.code for member in verdict.members)
        if not higher or self.decision(code) is not None or code in self.planner.choices.never:
            return Place(verdict, level, dict.fromkeys(higher), {}, members)
        ladders = [
            self._ladder(verdict, found, higher) for found in verdict.criteria if found.standing is not Standing.DERIVED
        ]
        able = [each for each in higher if all(each in served for _, served in ladders)]
        needs: dict[int, tuple[Need, ...] | None] = {each: () if each in able else None for each in higher}
        for task, served in ladders if able else ():
            if not task.rungs:
                continue
            for each in able:
                if (place := served[each]) is not None:
                    needs[each] = (*(needs[each] or ()), (len(self.tasks), place))
            self.tasks.append(task)
        return Place(verdict, level, needs, {each: _quotas(verdict, each) for each in able}, members)

    def _ladder(
        self, verdict: Verdict, found: CriterionVerdict, higher: Sequence[int]
    ) -> tuple[Task, dict[int, int | None]]:
        """The rungs of one criterion, and by level of ``higher`` on which to stand (None: on the ground); a level
        that is left out cannot be met.
        """
        code = verdict.unit.code
        price = self.planner.costs and self.planner.costs.get((verdict.unit.tier, found.code))
        purchases = self.planner.purchases(verdict, found.code)
        rungs: list[Rung] = []
        served: dict[int, int | None] = {}
        for level in sorted({*higher, *(most for _, most in purchases if most < higher[-1])}):
            step = improve(verdict, found, level, None)
            if step is None:
                served[level] = None
                continue
            if isinstance(step, Obstacle) or isinstance(self.planner.improve(verdict, found, level), Obstacle):
                break  # what stands in the way of a level stands in the way of all above it
            below = rungs[-1].step.missing if rungs else 0
            if rungs and rungs[-1].step.to == step.to:
                rungs[-1] = evolve(rungs[-1], step=step)
            else:
                more = step.missing - below
                cost = int(price.per_unit * more * self.scale) if price else None if more else 0
                shared = tuple(number for number, most in purchases if most >= level)
                rungs.append(Rung(level, step, cost, more > 0, shared))
            served[level] = len(rungs) - 1
        first = self.planner.years[0]
        closed = frozenset(year - first for year in self.planner.closed(code, found.code) if year in self.planner.years)
        fixed, office = (int(price.fixed * self.scale), price.office) if price else (0, "")
        return Task(code, tuple(rungs), fixed, office, closed), served


def _quotas(verdict: Verdict, level: int) -> Quotas:
    derived = [found.criterion for found in verdict.criteria if found.standing is Standing.DERIVED]
    return find_quotas(derived, level, len(verdict.members))


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
