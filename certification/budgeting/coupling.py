"""Coupling: goals whose units share purchases, years or weights, solved together as a mixed-integer program (HiGHS).

The aims are pursued one after the other, each without giving up what was found before. HiGHS computes in floating
point, so it only proposes: every proposal is rounded, paid for in integers, and where it costs more than there is
(or weighs less than was found before) an inequality that rules out this one combination is added and HiGHS is asked
again. An aim counts as proven where HiGHS' own bound leaves nothing better among whole numbers.
"""

import time
from collections.abc import Mapping

from attrs import field, frozen

from certification.budgeting.goals import Goals, Solution
from certification.budgeting.program import Candidate, Program, Target
from certification.budgeting.rounding import examine
from levels.framework import Tier
from rules.decide import Undecidable

ATTEMPTS = 60
"""How often a proposal that does not stand in integers is ruled out before an aim is left unproven."""


@frozen
class Pursuit:
    """What became of an aim: ``found``, and the ``bound`` beyond which nothing is possible."""

    target: Target
    found: int
    bound: int


@frozen
class Coupled:
    """The answer. ``solution`` None: the settled units cannot all be had within the budgets (proven)."""

    solution: Solution | None
    claims: frozenset[tuple[str, int]] = frozenset()  # unit and the year at whose end it is at the target
    pursuits: tuple[Pursuit, ...] = ()


@frozen
class Bound:
    """That nothing exceeds ``value`` (of the cost: is less) where the aims before it came to what is ``given``."""

    value: int
    given: Mapping[Target, int] = field(factory=dict)


@frozen
class HeadStart:
    """What is known before the search: a plan that stands, and bounds by aim (``relaxation``)."""

    best: Candidate | None = None
    bounds: Mapping[Target, Bound] = field(factory=dict)


class OutOfTime(Undecidable):
    """The time was over before any plan was found."""


def targets(goals: Goals) -> list[Target]:
    """The aims in their order: what is reached at the end, then the least cost, then what earlier years reach."""
    tiers: list[Tier | None] = [None] if goals.weights is not None else list(goals.counted)
    last = goals.years - 1
    earlier = [Target(tier, year) for year in range(last) for tier in tiers]
    return [*(Target(tier, last) for tier in tiers), Target(None, last, cost=True), *earlier]


def solve(goals: Goals, seconds: float, start: HeadStart | None = None) -> Coupled:
    """Pursue all aims within ``seconds``, from ``start`` on. Raises ``OutOfTime`` where they pass before there is any
    plan.
    """
    deadline = time.monotonic() + seconds
    program = Program(goals)
    known = start or HeadStart()
    best = known.best or _nothing_done(goals)
    pursuits: list[Pursuit] = []
    found: dict[Target, int] = {}
    for target in targets(goals):
        bound = known.bounds.get(target)
        holds = bound is not None and bound.given.items() <= found.items()
        best, pursuit = _pursue(program, target, best, deadline, bound=bound.value if bound and holds else None)
        if best is None or pursuit is None:
            return Coupled(None)
        pursuits.append(pursuit)
        found[target] = pursuit.found
        program.keep(target, pursuit.found)
    assert best is not None  # the cost is always an aim
    return Coupled(best.solution, best.claims, tuple(pursuits))


def least_cost(goals: Goals, seconds: float, tier: Tier | None = None, count: int = 0) -> int | None:
    """The least that the settled units cost, with ``count`` units of ``tier`` at the target, whatever the budgets.

    ``goals`` are those of one year (``Goals.in_one_year``). None: there is no way, or it is not proven in time.
    """
    program = Program(goals, budgets=False)
    if tier is not None:
        program.keep(Target(tier, 0), count)
    best, pursuit = _pursue(program, Target(None, 0, cost=True), None, time.monotonic() + seconds, patient=False)
    return None if best is None or pursuit is None or pursuit.found != pursuit.bound else pursuit.found


def _nothing_done(goals: Goals) -> "Candidate | None":
    """Doing nothing, which is a plan unless somebody must rise."""
    if any(goals.places[code].level < goals.target for code in goals.must):
        return None
    there = ((code, year) for codes in goals.counted.values() for code in codes for year in range(goals.years))
    claims = frozenset((code, year) for code, year in there if goals.places[code].level >= goals.target)
    return Candidate(Solution({}, {}), claims - {(c, y) for c in goals.capped for y in range(goals.years)}, 0)


def _pursue(
    program: Program,
    target: Target,
    best: Candidate | None,
    deadline: float,
    *,
    bound: int | None = None,
    patient: bool = True,
) -> tuple[Candidate | None, Pursuit | None]:
    """The best for ``target``, no worse than ``best``, and how far it is proven; neither where there is no plan, or,
    not ``patient``, where none is found in time. Where ``best`` comes up to a ``bound`` nothing is searched.
    """
    if best is not None and bound is not None and program.value(target, best) == bound:
        return best, Pursuit(target, bound, bound)
    candidate, proven, infeasible = _propose(program, target, deadline)
    if bound is None:
        bound = proven
    bound = max(bound, proven) if target.cost else min(bound, proven)
    if best is None and (infeasible or (candidate is None and not patient)):
        return None, None
    if candidate is not None and (best is None or _better(program, target, candidate, best)):
        best = candidate
    if best is None:
        raise OutOfTime("no plan was found in the time given; --time-limit gives more")
    found = program.value(target, best)
    return best, Pursuit(target, found, min(bound, found) if target.cost else max(bound, found))


def _better(program: Program, target: Target, one: Candidate, other: Candidate) -> bool:
    gained = program.value(target, one) - program.value(target, other)
    return gained < 0 if target.cost else gained > 0


def _propose(program: Program, target: Target, deadline: float) -> tuple[Candidate | None, int, bool]:
    """A solution that stands in integers, if one is found, a bound that none exceeds, and whether there is none."""
    bound = program.trivial_bound(target)
    for _ in range(ATTEMPTS):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        answer = program.run(target, left)
        if answer.infeasible:
            return None, bound, True
        if answer.bound is not None:
            bound = max(bound, answer.bound) if target.cost else min(bound, answer.bound)
        if answer.values is None:
            break
        candidate, cut = examine(program, answer.values)
        if candidate is not None:
            value = program.value(target, candidate)
            # Proven by HiGHS: what differs is the last digit of its floating point.
            proven = answer.optimal and abs(value - bound) <= answer.slack
            return candidate, value if proven else bound, False
        if cut is None:
            break
        program.rule_out(cut)
    return None, bound, False
