"""Decomposition: goals as families for ``allocation``, where nothing couples them, and the cost curve."""

import time
from itertools import chain, combinations, zip_longest

import numpy as np
from attrs import frozen

from certification.budgeting.allocation import HIGH, LOW, Families, allocate
from certification.budgeting.allocation import curve as allocation_curve
from certification.budgeting.coupling import least_cost
from certification.budgeting.goals import Goals
from certification.budgeting.program import Target
from rules.efforts import CANNOT

ENUMERATED = 2_000_000
"""Up to how many costs of criteria the combinations of shared purchases are all looked at for the cost curve."""


@frozen
class Shape:
    families: Families
    readers: tuple[str, ...]
    members: tuple[str, ...]
    every: tuple[int, ...]  # per member the level that its reader demands of all


def shape_of(goals: Goals, bought: frozenset[int] = frozenset()) -> Shape | None:
    """The goals as readers with their members, where ``bought`` are there; None where they have another shape."""
    tiers = list(goals.counted.values())
    if len(tiers) > 2 or not goals.capped.isdisjoint(tiers[-1]):
        return None
    target = goals.target
    readers = tuple(c for c in tiers[0] if goals.places[c].level < target) if len(tiers) == 2 else ()
    members = tiers[-1]
    reader_of: dict[str, int] = {}
    every: dict[str, int] = {}
    needed = []
    own = []
    for number, code in enumerate(readers):
        place = goals.places[code]
        quotas = place.quotas.get(target)
        needed.append(0)
        own.append(CANNOT if code in goals.capped else _cost(goals, code, target, bought))
        if quotas is None or own[-1] == CANNOT:
            own[-1] = CANNOT
            continue
        if not place.members or quotas.every > target or set(quotas.at) - {target}:
            return None
        needed[-1] = quotas.at.get(target, 0)
        reader_of |= dict.fromkeys(place.members, number)
        every |= dict.fromkeys(place.members, quotas.every)
    lows = [_cost(goals, code, every.get(code, 0), bought) for code in members]
    highs = [_cost(goals, code, target, bought) for code in members]
    if max((*own, *lows, *highs), default=0) > np.iinfo(np.int64).max // 8:
        return None
    families = Families(
        np.array(own, np.int64),
        np.array(lows, np.int64),
        np.array(highs, np.int64),
        np.array([reader_of.get(code, -1) for code in members], np.intp),
        np.array(needed, np.int64),
        np.array([code in goals.must for code in readers], np.bool_),
        np.array([code in goals.must for code in members], np.bool_),
    )
    return Shape(families, readers, members, tuple(every.get(code, 0) for code in members))


def _cost(goals: Goals, code: str, level: int, bought: frozenset[int]) -> int:
    place = goals.places[code]
    if level <= place.level:
        return 0
    needs = place.needs[level]
    costs = [goals.tasks[task].cost(rung, bought) for task, rung in needs or ()]
    if needs is None or None in costs:
        return CANNOT
    return sum(cost for cost in costs if cost is not None)


@frozen
class Decomposed:
    """What an allocation brings. ``wanted``: by unit and level, all in the first year (None: the settled units cannot
    be had, and cost ``settled`` at least, where there is a way); ``there``: who is at the target then; ``pursuits``:
    by aim what was found, and its bound.
    """

    wanted: dict[tuple[str, int], int] | None
    there: frozenset[str] = frozenset()
    pursuits: tuple[tuple[Target, int, int], ...] = ()
    settled: int | None = None


def decompose(goals: Goals, shape: Shape) -> Decomposed:
    """The best for goals of one year that have a ``shape``."""
    allocation = allocate(shape.families, goals.budgets[0])
    if not allocation.feasible:
        return Decomposed(None, settled=allocation.settled)
    lifted = [code for code, rises in zip(shape.readers, allocation.readers, strict=True) if rises]
    wanted = dict.fromkeys(((code, goals.target) for code in lifted), 0)
    what = list(zip(shape.members, shape.every, allocation.members, strict=True))
    wanted |= {(code, every): 0 for code, every, rung in what if rung == LOW}
    wanted |= {(code, goals.target): 0 for code, _, rung in what if rung == HIGH}
    counted = [code for codes in goals.counted.values() for code in codes if code not in goals.capped]
    already = {code for code in counted if goals.places[code].level >= goals.target}
    there = already.union(lifted, (code for code, _, rung in what if rung == HIGH))
    tiers = list(goals.counted)
    found = [(Target(tier, 0), len(there.intersection(codes))) for tier, codes in goals.counted.items()]
    bounds = [max(count, allocation.most_members) if target.tier is tiers[-1] else count for target, count in found]
    pursuits = [(target, count, bound) for (target, count), bound in zip(found, bounds, strict=True)]
    cost = Target(None, 0, cost=True), allocation.spent, allocation.least_spent
    return Decomposed(wanted, frozenset(there), (*pursuits, cost))


def cost_curve(goals: Goals, seconds: float) -> list[int]:
    """The least cost at which 0, 1, 2 … units of the broadest tier are at the target, whatever the budgets and years,
    with what is settled; as far as it is found in ``seconds``, else shorter.
    """
    alone = goals.in_one_year()
    if not goals.useful:
        shape = shape_of(alone)
        if shape is not None:
            return _curve(alone, shape)
    subsets = 1 << len(goals.useful)
    if subsets * max(1, len(goals.tasks)) <= ENUMERATED:
        every_number = (combinations(goals.useful, size) for size in range(len(goals.useful) + 1))
        found: list[int] = []
        for bought in map(frozenset, chain.from_iterable(every_number)):
            shape = shape_of(alone, bought)
            if shape is None:
                break
            price = sum(goals.purchases[number] for number in bought)
            costs = [price + cost for cost in _curve(alone, shape)]
            found = [min(c for c in pair if c is not None) for pair in zip_longest(found, costs)]
        else:
            return found
    return _curve_by_program(alone, seconds)


def _curve(goals: Goals, shape: Shape) -> list[int]:
    """With the readers that are there already in front: they are in no family."""
    costs = allocation_curve(shape.families)
    codes = next(iter(goals.counted.values()))
    if not shape.readers:
        if len(goals.counted) == 1:
            return costs
        costs = costs[:1]  # nobody of the broadest tier is left to rise; the members are not what is counted
    there = sum(goals.places[code].level >= goals.target for code in codes if code not in goals.capped)
    return costs[:1] * (there if len(goals.counted) > 1 else 0) + costs


def _curve_by_program(goals: Goals, seconds: float) -> list[int]:
    deadline = time.monotonic() + seconds
    tier, codes = next(iter(goals.counted.items()))
    costs: list[int] = []
    for count in range(len(codes) + 1):
        left = deadline - time.monotonic()
        cost = least_cost(goals, left, tier, count) if left > 0 else None
        if cost is None:
            break
        costs.append(cost)
    return costs
