"""Budgeting: the most units at a level that a budget can bring about, and the proof that it does.

Where nothing couples the districts (one year, nothing shared, no weights, one share of members at the target) the
exact decomposition answers (``allocation``), else a mixed-integer program (``coupling``).
No plan leaves unproven: its steps are applied to the facts, everything is decided anew, the units counted are at
the level, and every year's steps are paid for by its budget.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby

from attrs import evolve, frozen

from certification.budgeting.coupling import Pursuit, least_cost, solve
from certification.budgeting.decomposition import Shape, cost_curve, decompose, shape_of
from certification.budgeting.goal_setting import set_goals
from certification.budgeting.goals import Bill, Goals, Need, Solution, Wish, bill, demand, overspent
from certification.budgeting.relaxation import head_start
from certification.hierarchy import Assessment, reevaluate
from certification.planning.ways import changes, distinct_obstacles
from evidence.conditions import ancestry
from evidence.costs import Money
from evidence.purchases import Purchase
from levels.framework import LEVELS, Tier
from rules.budgets import Aim, Bought, BudgetPlan, Declined, Hindered, Outcome, Paid, Reason, Year
from rules.decide import Undecidable
from rules.plans import Hindrance, Obstacle
from rules.verdict import Standing, Verdict

SECONDS = 60
"""How long a search may take, unless said otherwise."""


def next_level(assessment: Assessment, verdicts: Mapping[str, Verdict], unit: str) -> int:
    """The lowest level that not every unit of the broadest tier assessed under ``unit`` has reached, else 5."""
    scope = [verdict for code, verdict in verdicts.items() if unit in ancestry(assessment.units, code)]
    broadest = min((verdict.unit.tier for verdict in scope), key=list(Tier).index)
    lowest = min(_level(assessment, verdict) for verdict in scope if verdict.unit.tier is broadest)
    return min(lowest + 1, LEVELS[-1])


def plan_budget(
    assessment: Assessment,
    verdicts: Mapping[str, Verdict],
    wish: Wish,
    *,
    seconds: float = SECONDS,
    decomposed: bool = True,
) -> BudgetPlan:
    """The most that ``wish`` can have within its budgets; ``verdicts`` hold those of all units under it.

    ``seconds`` bounds the searches of the program together; not ``decomposed``: the program alone
    answers. Raises ``ValueError`` as ``set_goals`` does, ``OutOfTime`` where no plan is found in time, and
    ``Undecidable`` where a plan does not stand when everything is decided anew.
    """
    started = time.monotonic()
    goals = set_goals(assessment, verdicts, wish)
    hindered = _hindered(goals, chain.from_iterable(goals.counted.values()))
    refused = tuple(each for each in hindered if each.unit.code in goals.must)
    families = (
        shape_of(goals) if decomposed and not goals.useful and goals.weights is None and goals.years == 1 else None
    )
    found = _Found(None)
    if not refused:
        found = _decompose(goals, families) if families is not None else _couple(goals, seconds, decomposed)
    left = max(1.0, seconds - (time.monotonic() - started))
    if found.solution is None and not refused and found.least is None:
        found = evolve(found, least=least_cost(goals.in_one_year(), left))
    plan = BudgetPlan(
        framework=assessment.framework,
        unit=assessment.units[wish.unit],
        cycle=assessment.cycle,
        target=wish.target,
        years=(),
        carry_over=wish.carry_over,
        weighted=wish.weights is not None,
        settled=bool(wish.choices.must or wish.choices.never or wish.choices.fixed),
        feasible=found.solution is not None,
        steps=(),
        bought=(),
        outcomes=(),
        aims=found.aims,
        hindered=hindered,
        refused=refused,
        least=None if found.least is None else goals.money(found.least),
        curve_tier=next(iter(goals.counted)),
        curve=() if refused else tuple(map(goals.money, cost_curve(goals, left))),
        method="milp" if families is None else "decomposition",
        synthetic=any(verdicts[code].synthetic for code in goals.places),
        choices=wish.choices.stated,
        declined=_declined(goals, found.solution),
        weights=tuple(
            (goals.places[code].verdict.unit, weight)
            for code, weight in (wish.weights or {}).items()
            if weight and code in goals.places
        ),
    )
    return _fill(goals, plan, found.solution or Solution({}, {}), found.claims)


@frozen
class _Found:
    """``solution`` None: the settled units cannot be had; ``least``: what they cost at least, where it is known."""

    solution: Solution | None
    claims: frozenset[tuple[str, int]] = frozenset()
    aims: tuple[Aim, ...] = ()
    least: int | None = None


def _decompose(goals: Goals, shape: Shape) -> _Found:
    found = decompose(goals, shape)
    if found.wanted is None:
        return _Found(None, least=found.settled)
    aims = tuple(_aim(goals, Pursuit(*each)) for each in found.pursuits)
    return _Found(Solution(demand(goals, found.wanted), {}), frozenset((code, 0) for code in found.there), aims)


def _couple(goals: Goals, seconds: float, decomposed: bool) -> _Found:
    coupled = solve(goals, seconds, head_start(goals) if decomposed else None)
    if coupled.solution is None:
        return _Found(None)
    return _Found(coupled.solution, coupled.claims, tuple(_aim(goals, each) for each in coupled.pursuits))


def _aim(goals: Goals, pursuit: Pursuit) -> Aim:
    target, found, bound = pursuit.target, pursuit.found, pursuit.bound
    year = goals.cycle + target.year
    if target.cost:
        return Aim("cost", year, goals.money(found), goals.money(bound))
    if target.tier is None:
        return Aim("weight", year, whole(found * goals.weight_scale), whole(bound * goals.weight_scale))
    return Aim(str(target.tier), year, found, bound)


# The plan, with its proof.


def _fill(goals: Goals, plan: BudgetPlan, solution: Solution, claims: Iterable[tuple[str, int]]) -> BudgetPlan:
    """``plan`` with its steps, sums and outcomes, proven."""
    assessment, verdicts = goals.planner.assessment, goals.planner.verdicts
    try:
        bills, spent = bill(goals, solution)
    except ValueError as error:
        raise Undecidable(f"{plan.unit.code}: {error}") from error
    if overspent(goals, spent) is not None:
        raise Undecidable(f"{plan.unit.code}: a year of the plan costs more than its budget")
    order = {code: place for place, code in enumerate(assessment.units)}
    steps = sorted(_steps(goals, solution, bills), key=lambda paid: (paid.year, order[paid.step.unit.code]))
    levels = [{code: _level(assessment, verdicts[code]) for code in goals.places}]
    for year in range(goals.cycle, goals.cycle + goals.years):
        done = [paid.step for paid in steps if paid.year <= year]
        again = reevaluate(assessment, verdicts, changes(done))
        levels.append({code: _level(assessment, again.get(code, verdicts[code])) for code in goals.places})
    for code, number in claims:
        if levels[number + 1][code] < goals.target:
            raise Undecidable(f"{code}: the plan reaches level {levels[number + 1][code]}, not {goals.target}")
    for code, number in goals.must.items() if plan.feasible else ():
        if levels[number + 1][code] < goals.target:
            raise Undecidable(f"{code}: it must be at level {goals.target}, and is at {levels[number + 1][code]}")
    outcomes = [_outcome(goals, code, levels) for code in sorted(goals.places, key=order.__getitem__)]
    found = evolve(
        plan,
        years=tuple(_years(goals, spent)),
        steps=tuple(steps),
        bought=tuple(_bought(goals, solution, steps)),
        outcomes=tuple(outcomes),
        aims=tuple(_count_again(goals, aim, levels) for aim in plan.aims),
    )
    _check_sums(found)
    return found


def _level(assessment: Assessment, verdict: Verdict) -> int:
    """The level that counts: of a final decision of this cycle, else the one a decision would state."""
    recognition = assessment.recognitions.get(verdict.unit.code)
    if recognition is not None and not recognition.provisional:
        return recognition.levels.level
    return verdict.recognised_level


def _outcome(goals: Goals, code: str, levels: Sequence[Mapping[str, int]]) -> Outcome:
    first = next((number for number, known in enumerate(levels) if known[code] >= goals.target), 0)
    year = goals.cycle + first - 1 if first else None
    return Outcome(goals.places[code].verdict.unit, levels[0][code], levels[-1][code], year)


def _count_again(goals: Goals, aim: Aim, levels: Sequence[Mapping[str, int]]) -> Aim:
    """``aim`` with what is really there: who rises without being counted on counts too, up to the bound."""
    if aim.name == "cost":
        return aim
    there = [code for code, level in levels[aim.year - goals.cycle + 1].items() if level >= goals.target]
    if aim.name == "weight":
        weights = goals.weights or {}
        found = whole(sum(weights.get(code, 0) for code in there) * goals.weight_scale)
    else:
        found = len(set(there).intersection(goals.counted[Tier(aim.name)]))
    if not aim.found <= found <= aim.bound:
        raise Undecidable(f"{aim.name} in {aim.year}: {found} found anew, {aim.found} to {aim.bound} expected")
    return evolve(aim, found=found)


def _steps(goals: Goals, solution: Solution, bills: Mapping[Need, Bill]) -> list[Paid]:
    """One step for the rungs of a task that the same year and the same payer bring."""

    def alike(need: Need) -> tuple[int, int, int | None]:
        return need[0], solution.climbed[need], bills[need].shared

    steps = []
    for (number, year, shared), climbed in groupby(sorted(solution.climbed), key=alike):
        needs = list(climbed)
        task = goals.tasks[number]
        bottom, top = needs[0][1], needs[-1][1]
        step = task.rungs[top].step
        if bottom:
            below = task.rungs[bottom - 1].step
            known = evolve(step.found, standing=Standing.ACCEPTED, fact=below.fact())
            step = evolve(step, start=below.to, found=known)
        purchase = None if shared is None else goals.wish.shared[shared]
        cost = goals.money(sum(bills[need].cost for need in needs))
        step = evolve(step, cost=cost, office=task.office if purchase is None else purchase.office)
        steps.append(Paid(step, goals.cycle + year, "" if purchase is None else purchase.name))
    return steps


def _bought(goals: Goals, solution: Solution, steps: Sequence[Paid]) -> list[Bought]:
    bought = []
    for number, year in sorted(solution.bought.items(), key=lambda item: (item[1], item[0])):
        purchase = goals.wish.shared[number]
        serves = dict.fromkeys(paid.step.unit for paid in steps if paid.shared == purchase.name)
        bought.append(Bought(purchase, goals.cycle + year, tuple(serves)))
    return bought


def _declined(goals: Goals, solution: Solution | None) -> tuple[Declined, ...]:
    """The purchases offered that are not made, and why."""
    made = {} if solution is None else solution.bought
    return tuple(
        Declined(purchase, _reason(goals, number, purchase, solution))
        for number, purchase in enumerate(goals.wish.shared)
        if number not in made
    )


def _reason(goals: Goals, number: int, purchase: Purchase, solution: Solution | None) -> Reason:
    if number not in goals.useful:
        return Reason.NEEDLESS
    if purchase.cost > goals.money(sum(goals.budgets)):
        return Reason.TOO_DEAR
    return Reason.NO_GAIN if solution is not None else Reason.NO_PLAN


def _years(goals: Goals, spent: Sequence[int]) -> list[Year]:
    years, left = [], 0
    for number, (budget, cost) in enumerate(zip(goals.budgets, spent, strict=True)):
        available = budget + (left if goals.wish.carry_over else 0)
        left = available - cost
        years.append(Year(goals.cycle + number, *map(goals.money, (budget, available, cost))))
    return years


def _check_sums(plan: BudgetPlan) -> None:
    """That every year's steps and purchases, added up from what is shown, come to its sum and no more than there is."""
    for year in plan.years:
        total = sum(paid.step.cost or 0 for paid in plan.steps if paid.year == year.year)
        total += sum(bought.purchase.cost for bought in plan.bought if bought.year == year.year)
        if total != year.spent or year.spent > year.available:
            raise Undecidable(
                f"{plan.unit.code}: {year.year} costs {total}, {year.spent} was planned of {year.available}"
            )


def whole(amount: Money) -> Money:
    """An exact number, as ``int`` where it is whole."""
    return amount.numerator if amount.denominator == 1 else amount


def _hindered(goals: Goals, codes: Iterable[str]) -> tuple[Hindered, ...]:
    """The units below the target that no budget brings there, and why."""
    found = []
    for code in codes:
        obstacles = distinct_obstacles(_obstacles(goals, code))
        if obstacles:
            found.append(Hindered(goals.places[code].verdict.unit, obstacles))
    return tuple(found)


def _obstacles(goals: Goals, code: str) -> list[Obstacle]:
    place, target = goals.places[code], goals.target
    recognition = goals.planner.assessment.recognitions.get(code)
    if code in goals.wish.choices.never and place.level < target:
        return [Obstacle(place.verdict, target, Hindrance.NEVER)]
    if code in goals.capped:
        return [Obstacle(place.verdict, target, Hindrance.REGISTERED)]
    if place.level >= target:
        return []
    if recognition is not None and not recognition.provisional:
        return [Obstacle(place.verdict, target, Hindrance.RECOGNISED, recognition=recognition)]
    return list(goals.planner.way(code, target).obstacles)
