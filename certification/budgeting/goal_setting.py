"""Setting goals: from facts, costs and conditions to the plain data that the solvers take.

Every step comes from the same planner that finds the cheapest way of one unit (``certification.planning.ways``), so a
budget and the plan of one unit speak of the same steps.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from attrs import define, evolve, field

from certification.budgeting.goals import Goals, Need, Place, Rung, Task, Wish
from certification.hierarchy import Assessment
from certification.planning.ways import Planner, Quotas, find_quotas
from evidence.conditions import Choices, ancestry
from evidence.purchases import Purchase, covered
from levels.framework import LEVELS, Tier
from rules.improvement import improve
from rules.plans import Hindrance, Obstacle, Step
from rules.verdict import CriterionVerdict, Recognition, Standing, Verdict


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
        if any(most >= level for _, most in self.purchases(verdict, found)):
            return evolve(step, cost=0)
        return improve(verdict, found, level, self.costs)

    def closed(self, unit: str, criterion: str) -> frozenset[int]:
        """The calendar years in which a criterion of a unit cannot change."""
        return self.choices.unchanged(unit, criterion)

    def purchases(self, verdict: Verdict, found: CriterionVerdict) -> list[tuple[int, int]]:
        """The purchases that satisfy a criterion of a unit, and up to which level: the one stated, and those above it
        that demand no more.
        """
        units, code = self.assessment.units, verdict.unit.code
        stated = {
            number: max(cover.level for cover in covers)
            for number, purchase in enumerate(self.shared)
            if (covers := [c for c in purchase.covers if c.criterion == found.code and covered(units, code, c)])
        }
        return [(number, _highest_alike(verdict, found, level)) for number, level in stated.items()]


def _highest_alike(verdict: Verdict, found: CriterionVerdict, level: int) -> int:
    """The highest level that is met by what ``level`` demands."""
    step = improve(verdict, found, level, None)
    for higher in LEVELS[level:]:
        above = improve(verdict, found, higher, None)
        if not isinstance(step, Step) or not isinstance(above, Step) or above.to != step.to:
            break
        level = higher
    return level


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
        purchases = self.planner.purchases(verdict, found)
        rungs: list[Rung] = []
        served: dict[int, int | None] = {}
        levels = {*higher, *(most for _, most in purchases if most < higher[-1])}
        if len(self.planner.years) > 1:
            levels.update(range(1, higher[-1]))  # a year may pay for a level on the way
        for level in sorted(levels):
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
