"""Relaxation: what could be reached if only money mattered, as bounds for the program and a plan to begin with.

Up to the end of a year no more can be spent than all budgets so far, whenever it is spent; with purchases for
nothing, no years in which something cannot change, and parts of steps in any year, the exact decomposition tells the
most that this allows. Its choice for each year, taken as settled for the next, is packed into the years' budgets: where
that succeeds the program has only the rest to improve.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from certification.budgeting.coupling import Bound, HeadStart
from certification.budgeting.decomposition import Decomposed, decompose, shape_of
from certification.budgeting.goals import Goals, Need, Solution, bill, demand, overspent
from certification.budgeting.program import Candidate, Target

_CAUTION = (1000, 995, 980, 950, 900)
"""Thousandths of the money to plan with: the less, the easier steps go into years in whole."""


def head_start(goals: Goals) -> HeadStart:
    """Bounds and a first plan for goals that are counted; nothing where they are weighed or have no shape for it."""
    if goals.weights is not None:
        return HeadStart()
    bounds: dict[Target, Bound] = {}
    for year in range(goals.years):
        relaxed = _relaxed(goals, year, frozenset(goals.useful), 1000, ())
        if relaxed is None or relaxed.wanted is None:
            return HeadStart()
        given: dict[Target, int] = {}
        for target, _, bound in relaxed.pursuits:
            if not target.cost:
                bounds[Target(target.tier, year)] = Bound(bound, dict(given))
                given[Target(target.tier, year)] = bound
            elif year == goals.years - 1 and not goals.useful:
                bounds[Target(None, year, cost=True)] = Bound(bound, dict(given))
    last = goals.years - 1
    for years in ((last,), range(goals.years)):  # the end alone asks for the least; year after year packs easier
        for caution in _CAUTION if len(years) > 1 else _CAUTION[:1]:
            if (plan := _begin(goals, caution, years)) is not None:
                return HeadStart(plan, bounds)
    return HeadStart(None, bounds)


def _relaxed(
    goals: Goals, year: int, bought: frozenset[int], thousandths: int, settled: Sequence[str]
) -> Decomposed | None:
    """The best with all the money up to ``year`` at once, what must be by then and is ``settled`` included."""
    money = sum(goals.budgets[: year + 1]) * thousandths // 1000
    must = dict.fromkeys([*(code for code, latest in goals.must.items() if latest <= year), *settled], 0)
    alone = evolve(goals.in_one_year(), budgets=(money,), must=must)
    shape = shape_of(alone, bought)
    return None if shape is None else decompose(alone, shape)


def _begin(goals: Goals, thousandths: int, years: Sequence[int]) -> Candidate | None:
    """A plan without purchases: the best of the first of ``years``, with that the best of the next, and so on."""
    wanted: dict[tuple[str, int], int] = {}
    there: dict[str, int] = {}
    for year in years:
        found = _relaxed(goals, year, frozenset(), thousandths, list(there))
        if found is None or found.wanted is None:
            return None
        wanted = {**dict.fromkeys(found.wanted, year), **wanted}
        there = {**dict.fromkeys(sorted(found.there), year), **there}
    solution = _pack(goals, demand(goals, wanted))
    if solution is None:
        return None
    _, spent = bill(goals, solution)
    claims = frozenset((code, year) for code, first in there.items() for year in range(first, goals.years))
    return Candidate(solution, claims, sum(spent))


def _pack(goals: Goals, needed: Mapping[Need, int]) -> Solution | None:
    """Every need in the first year that has money for it, no later than it is needed; the dearest first."""
    spent = [0] * goals.years
    climbed: dict[Need, int] = {}
    for deadline in range(goals.years):
        for cost, needs in sorted(_together(goals, needed, deadline), key=lambda item: (-item[0], item[1])):
            for year in _open_years(goals, climbed, needs, deadline):
                tried = [paid + cost * (each == year) for each, paid in enumerate(spent)]
                if overspent(goals, tried) is None:
                    spent = tried
                    climbed |= dict.fromkeys(needs, year)
                    break
            else:
                return None
    return Solution(climbed, {})


def _together(goals: Goals, needed: Mapping[Need, int], deadline: int) -> Iterator[tuple[int, list[Need]]]:
    """The rungs of each task that are needed by ``deadline`` and no earlier, with their cost."""
    groups: dict[int, list[Need]] = {}
    for need in sorted(need for need, year in needed.items() if year == deadline):
        groups.setdefault(need[0], []).append(need)
    for number, needs in groups.items():
        task = goals.tasks[number]
        below = needs[0][1]
        before = (task.cost(below - 1) or 0) if below else 0
        yield (task.cost(needs[-1][1]) or 0) - before, needs


def _open_years(goals: Goals, climbed: Mapping[Need, int], needs: Sequence[Need], deadline: int) -> Iterator[int]:
    number, bottom = needs[0]
    task = goals.tasks[number]
    changes = any(task.rungs[place].changes for _, place in needs)
    for year in range(climbed.get((number, bottom - 1), 0), deadline + 1):
        if not (changes and year in task.closed):
            yield year
