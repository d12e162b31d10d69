"""Coupling: goals whose units share purchases, years or weights, solved together as a mixed-integer program (HiGHS).

The aims are pursued one after the other, each without giving up what was found before. HiGHS computes in floating
point, so it only proposes: every proposal is rounded, paid for in integers, and where it costs more than there is
(or weighs less than was found before) an inequality that rules out this one combination is added and HiGHS is asked
again. An aim counts as proven where HiGHS' own bound leaves nothing better among whole numbers.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from math import ceil, floor, inf
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from certification.goals import Goals, Solution, bill, demand, overspent
from levels.framework import Tier
from rules.decide import Undecidable

ATTEMPTS = 60
"""How often a proposal that does not stand in integers is ruled out before an aim is left unproven."""

_NOTHING, _EVERYTHING = -1, -2
"""The variables that are always 0 and always 1."""

_SCALED, _SUMMED = 1 << 12, 1 << 20
"""About how large the numbers of a budget's row, and the sum of an aim's, may be: HiGHS' tolerances are absolute."""

_OPTIMAL, _INFEASIBLE = 0, 2  # what scipy.optimize.milp calls status
_TOLERANCE, _PRECISION = 1e-4, 1e-10
"""Within which, absolutely and relatively, HiGHS' bounds are taken for the whole number beside them."""

Values = NDArray[np.float64]


@frozen
class Target:
    """One aim: ``tier`` (None: the weight) counted at the end of ``year``; the cost where ``cost``."""

    tier: Tier | None
    year: int
    cost: bool = False


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


class OutOfTime(Undecidable):
    """The time was over before any plan was found."""


def targets(goals: Goals) -> list[Target]:
    """The aims in their order: what is reached at the end, then what earlier years reach, then the least cost."""
    tiers: list[Tier | None] = [None] if goals.weights is not None else list(goals.counted)
    last = goals.years - 1
    return [Target(tier, year) for year in (last, *range(last)) for tier in tiers] + [Target(None, last, cost=True)]


def solve(goals: Goals, seconds: float) -> Coupled:
    """Pursue all aims within ``seconds``. Raises ``OutOfTime`` where they pass before there is any plan, and
    ``Undecidable`` where no proposal of the solver stands.
    """
    deadline = time.monotonic() + seconds
    model = Model(goals)
    best = _nothing_done(goals)
    pursuits = []
    for target in targets(goals):
        best, pursuit = _pursue(model, target, best, deadline)
        if best is None or pursuit is None:
            return Coupled(None)
        pursuits.append(pursuit)
        model.keep(target, pursuit.found)
    assert best is not None  # there is an aim, the cost
    return Coupled(best.solution, best.claims, tuple(pursuits))


def least_cost(goals: Goals, seconds: float, tier: Tier | None = None, count: int = 0) -> int | None:
    """The least that the settled units cost, with ``count`` units of ``tier`` at the target, whatever the budgets.

    ``goals`` are those of one year (``Goals.in_one_year``). None: there is no way, or it is not proven in time.
    """
    model = Model(goals, budgets=False)
    if tier is not None:
        model.keep(Target(tier, 0), count)
    best, pursuit = _pursue(model, Target(None, 0, cost=True), None, time.monotonic() + seconds, patient=False)
    return None if best is None or pursuit is None or pursuit.found != pursuit.bound else pursuit.found


@frozen
class _Candidate:
    """A solution that stands in integers."""

    solution: Solution
    claims: frozenset[tuple[str, int]]
    spent: int


def _nothing_done(goals: Goals) -> "_Candidate | None":
    """Doing nothing, which is a plan unless somebody must rise."""
    if any(goals.places[code].level < goals.target for code in goals.must):
        return None
    there = ((code, year) for codes in goals.counted.values() for code in codes for year in range(goals.years))
    claims = frozenset((code, year) for code, year in there if goals.places[code].level >= goals.target)
    return _Candidate(Solution({}, {}), claims - {(c, y) for c in goals.capped for y in range(goals.years)}, 0)


def _pursue(
    model: "Model", target: Target, best: _Candidate | None, deadline: float, *, patient: bool = True
) -> tuple[_Candidate | None, Pursuit | None]:
    """The best for ``target``, no worse than ``best``, and how far it is proven."""
    sign = 1 if target.cost else -1
    bound = model.trivial_bound(target)
    for _ in range(ATTEMPTS):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        answer = model.run(target, left)
        if answer.infeasible and best is None:
            return None, None
        if answer.bound is not None:
            bound = max(bound, answer.bound) if target.cost else min(bound, answer.bound)
        if answer.values is None:
            break
        candidate, cut = model.examine(answer.values)
        if candidate is not None:
            value = model.value(target, candidate)
            if best is None or sign * value < sign * model.value(target, best):
                best = candidate
            if answer.optimal and abs(value - bound) <= answer.slack:
                bound = value  # proven by HiGHS; what differs is the last digit of its floating point
            break
        if cut is None:
            break
        model.rule_out(cut)
    if best is None:
        if patient:
            raise OutOfTime("no plan was found in the time given; --time-limit gives more")
        return None, None
    found = model.value(target, best)
    return best, Pursuit(target, found, max(bound, found) if not target.cost else min(bound, found))


@frozen(eq=False)
class _Answer:
    values: Values | None
    bound: int | None  # None: none that is better than the trivial one
    infeasible: bool = False
    optimal: bool = False  # HiGHS says so
    slack: float = 0  # how far its numbers may be off


@define
class _Row:
    terms: dict[int, float]
    low: float
    high: float


@define
class Model:
    """The program of some goals: variables are 0 or 1, those of a year hold for all later ones as well.

    A rung is climbed (``_climb``), paid for by its unit where a purchase may bring it as well (``_pay``), its task's
    fixed part is paid (``_open``), a purchase made (``_buy``), a unit stands at a level (``_stand``).
    """

    goals: Goals
    budgets: bool = True
    integral: list[bool] = field(factory=list)
    rows: list[_Row] = field(factory=list)
    _climb: dict[tuple[int, ...], int] = field(factory=dict)
    _pay: dict[tuple[int, ...], int] = field(factory=dict)
    _open: dict[tuple[int, ...], int] = field(factory=dict)
    _buy: dict[tuple[int, ...], int] = field(factory=dict)
    _stand: dict[tuple[str, int, int], int] = field(factory=dict)
    kept: list[tuple[Target, int]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        years = range(self.goals.years)
        for number in self.goals.useful:
            for year in years:
                self._buy[number, year] = self._new()
                self._lasting(self._buy.get((number, year - 1)), self._buy[number, year])
        for number in range(len(self.goals.tasks)):
            self._add_task(number)
        for code, place in self.goals.places.items():
            for level in place.needs:
                for year in years:
                    self._add_level(code, level, year)
        for code, year in self.goals.must.items():
            self._at_least([(self._claim(code, year), 1)], 1)
        if self.budgets:
            for year in years:
                self._add_budget(year)

    # The variables.

    def _new(self, *, integral: bool = True) -> int:
        self.integral.append(integral)
        return len(self.integral) - 1

    def _lasting(self, before: int | None, now: int) -> None:
        if before is not None and before not in (now, _NOTHING):
            self._implies(before, now)

    def _add_task(self, number: int) -> None:
        task = self.goals.tasks[number]
        last = self.goals.years - 1
        for year in range(self.goals.years):
            for place, rung in enumerate(task.rungs):
                before = self._climb.get((number, place, year - 1))
                if rung.changes and year in task.closed:
                    self._climb[number, place, year] = _NOTHING if before is None else before
                else:
                    # In the last year it is climbed just where it is needed, which is whole by itself.
                    self._climb[number, place, year] = self._new(integral=year < last)
                    self._lasting(before, self._climb[number, place, year])
                if place:
                    self._implies(self._climb[number, place, year], self._climb[number, place - 1, year])
            if task.covered:
                self._add_payments(number, year)

    def _add_payments(self, number: int, year: int) -> None:
        task = self.goals.tasks[number]
        changing = []
        for place, rung in enumerate(task.rungs):
            climbed = self._climb[number, place, year]
            before = self._pay.get((number, place, year - 1))
            if rung.cost is None or climbed == _NOTHING:
                paid = _NOTHING
            elif rung.changes and year in task.closed:
                paid = before if before is not None else _NOTHING
            else:
                paid = self._new(integral=False)
                self._lasting(before, paid)
                self._implies(paid, climbed)
            self._pay[number, place, year] = paid
            buys = [self._buy[each, year] for each in rung.shared]
            self._at_least([(paid, 1), *((each, 1) for each in buys), (climbed, -1)], 0)
            if rung.changes and paid != _NOTHING:
                changing.append(paid)
        if task.fixed and changing:
            opened = self._open[number, year] = self._new(integral=False)
            self._lasting(self._open.get((number, year - 1)), opened)
            for paid in changing:
                self._implies(paid, opened)
            self._at_least([*((paid, 1) for paid in changing), (opened, -1)], 0)

    def _add_level(self, code: str, level: int, year: int) -> None:
        place = self.goals.places[code]
        needs = place.needs[level]
        if needs is None:
            self._stand[code, level, year] = _NOTHING
            return
        stands = self._stand[code, level, year] = self._new()
        for number, rung in needs:
            self._implies(stands, self._climb[number, rung, year])
        quotas = place.quotas[level]
        for member in place.members if quotas.every else ():
            self._implies(stands, self.stands(member, quotas.every, year))
        for at, needed in quotas.at.items():
            members = [(self.stands(member, at, year), 1) for member in place.members]
            self._at_least([*members, (stands, -needed)], 0)

    def stands(self, code: str, level: int, year: int) -> int:
        """The variable that the unit is at ``level`` at the end of ``year``."""
        if level <= self.goals.places[code].level:
            return _EVERYTHING
        return self._stand[code, level, year]

    def _claim(self, code: str, year: int) -> int:
        return _NOTHING if code in self.goals.capped else self.stands(code, self.goals.target, year)

    # The rows.

    def _at_least(self, terms: Iterable[tuple[int, int]], low: int) -> None:
        kept: dict[int, float] = {}
        for variable, coefficient in terms:
            if variable == _EVERYTHING:
                low -= coefficient
            elif variable != _NOTHING:
                kept[variable] = kept.get(variable, 0) + coefficient
        if kept or low > 0:
            self.rows.append(_Row(kept, low, inf))

    def _implies(self, one: int, other: int) -> None:
        """Where ``one`` holds, ``other`` does."""
        if one != other:
            self._at_least([(other, 1), (one, -1)], 0)

    def costs(self, year: int) -> dict[int, int]:
        """What is spent up to the end of ``year``, as whole coefficients."""
        spent: dict[int, int] = {}

        def add(variable: int, cost: int) -> None:
            if cost and variable != _NOTHING:
                spent[variable] = spent.get(variable, 0) + cost

        for number, task in enumerate(self.goals.tasks):
            opened = task.covered
            for place, rung in enumerate(task.rungs):
                fixed = 0 if opened or not rung.changes else task.fixed
                opened = opened or rung.changes
                which = self._pay if task.covered else self._climb
                add(which[number, place, year], (rung.cost or 0) + fixed)
            if (number, year) in self._open:
                add(self._open[number, year], task.fixed)
        for number in self.goals.useful:
            add(self._buy[number, year], self.goals.purchases[number])
        return spent

    def _spending(self, year: int) -> tuple[dict[int, int], int]:
        """What must not exceed which sum in ``year``."""
        spent = self.costs(year)
        if self.goals.wish.carry_over:
            return spent, sum(self.goals.budgets[: year + 1])
        for variable, cost in self.costs(year - 1).items() if year else ():
            spent[variable] = spent.get(variable, 0) - cost
        return {variable: cost for variable, cost in spent.items() if cost}, self.goals.budgets[year]

    def _add_budget(self, year: int) -> None:
        spent, budget = self._spending(year)
        if spent:
            shrink = _shrink(max(map(abs, spent.values())))
            self.rows.append(_Row({v: float(cost / shrink) for v, cost in spent.items()}, -inf, float(budget / shrink)))

    # The aims.

    def objective(self, target: Target) -> dict[int, int]:
        """What is to be as much (the cost: as little) as can be, without what holds anyhow."""
        if target.cost:
            return self.costs(target.year)
        found: dict[int, int] = {}
        for code, weight in self._counted(target.tier):
            variable = self._claim(code, target.year)
            if variable >= 0:
                found[variable] = found.get(variable, 0) + weight
        return found

    def _counted(self, tier: Tier | None) -> list[tuple[str, int]]:
        if tier is None:
            return list((self.goals.weights or {}).items())
        return [(code, 1) for code in self.goals.counted[tier]]

    def surely(self, target: Target) -> int:
        """What holds of an aim whatever is done."""
        if target.cost:
            return 0
        counted = self._counted(target.tier)
        return sum(weight for code, weight in counted if self._claim(code, target.year) == _EVERYTHING)

    def trivial_bound(self, target: Target) -> int:
        """What holds without any search."""
        if target.cost:
            return 0
        claims = ((self._claim(code, target.year), weight) for code, weight in self._counted(target.tier))
        return sum(weight for variable, weight in claims if variable != _NOTHING)

    def value(self, target: Target, candidate: _Candidate) -> int:
        """What a solution has of an aim."""
        if target.cost:
            return candidate.spent
        return sum(weight for code, weight in self._counted(target.tier) if (code, target.year) in candidate.claims)

    def keep(self, target: Target, found: int) -> None:
        """From now on nothing has less of ``target`` than was ``found``."""
        if target.cost:
            return
        self.kept.append((target, found))
        terms = [(self._claim(code, target.year), weight) for code, weight in self._counted(target.tier)]
        shrink = _shrink(max((weight for _, weight in terms), default=1))
        low = found - sum(weight for variable, weight in terms if variable == _EVERYTHING)
        free = {variable: weight / shrink for variable, weight in terms if variable >= 0}
        if free or low > 0:
            self.rows.append(_Row(free, float(low / shrink), inf))

    # Solving.

    def run(self, target: Target, seconds: float) -> _Answer:
        """One proposal of HiGHS."""
        objective, constant = self.objective(target), self.surely(target)
        if not self.integral:
            infeasible = any(row.low > 0 or row.high < 0 for row in self.rows)
            return _Answer(None if infeasible else np.zeros(0), None if infeasible else constant, infeasible)
        shrink = _shrink(sum(objective.values()), _SUMMED)
        weights = np.zeros(len(self.integral))
        for variable, coefficient in objective.items():
            weights[variable] = (1 if target.cost else -1) * coefficient / shrink
        found = milp(
            weights,
            integrality=np.array(self.integral, np.int8),
            bounds=Bounds(0, 1),
            constraints=self._constraints(),
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
        if found.status == _INFEASIBLE:
            return _Answer(None, None, True)
        values = None if found.x is None else np.asarray(found.x)
        proposed = None if found.fun is None else float(found.fun)
        reached = proposed if found.status == _OPTIMAL else found.mip_dual_bound
        if reached is None or not np.isfinite(reached):
            return _Answer(values, None, False)
        exact = abs(float(reached)) * shrink
        # Only whole numbers are possible: a bound within the solver's tolerance of one is that one.
        slack = max(_TOLERANCE, _PRECISION * exact)
        if target.cost:
            return _Answer(values, ceil(exact - slack), False, found.status == _OPTIMAL, slack)
        return _Answer(values, constant + floor(exact + slack), False, found.status == _OPTIMAL, slack)

    def _constraints(self) -> list[LinearConstraint]:
        if not self.rows:
            return []
        starts = np.cumsum([0, *(len(row.terms) for row in self.rows)])
        columns = np.fromiter((variable for row in self.rows for variable in row.terms), np.int64)
        values = np.fromiter((value for row in self.rows for value in row.terms.values()), np.float64)
        matrix = csr_array((values, columns, starts), shape=(len(self.rows), len(self.integral)))
        return [LinearConstraint(matrix, [row.low for row in self.rows], [row.high for row in self.rows])]

    def examine(self, values: Values) -> tuple[_Candidate | None, _Row | None]:
        """The proposal in whole numbers; without it an inequality that rules out this combination, if there is one."""
        claims = self._claims(values)
        try:
            needed = demand(self.goals, self._wanted(values, claims))
            solution = Solution(
                {need: self._first(values, self._climb, need, year) for need, year in needed.items()},
                {
                    n: year
                    for n in self.goals.useful
                    if (year := self._first(values, self._buy, (n,), None)) is not None
                },
            )
            bills, _ = bill(self.goals, solution)
            used = {each.shared for each in bills.values()}
            solution = Solution(solution.climbed, {n: year for n, year in solution.bought.items() if n in used})
            _, spent = bill(self.goals, solution)
        except ValueError:  # a rung without its way: rounding has broken the proposal beyond a budget's row
            return None, None
        year = overspent(self.goals, spent) if self.budgets else None
        if year is not None:
            return None, self._cover(solution, year)
        candidate = _Candidate(solution, claims, sum(spent))
        for target, found in self.kept:
            if self.value(target, candidate) < found:
                missing = [(code, target.year) for code, _ in self._counted(target.tier)]
                free = {self._claim(*each): 1.0 for each in missing if each not in claims}
                free.pop(_NOTHING, None)
                return None, _Row(free, 1, inf) if free else None
        return candidate, None

    def _claims(self, values: Values) -> frozenset[tuple[str, int]]:
        """The units that are counted, with every year at whose end they are at the target: once there, they stay."""
        claims = set()
        weighed = self.goals.weights
        codes = [code for each in self.goals.counted.values() for code in each] if weighed is None else list(weighed)
        for code in dict.fromkeys((*codes, *self.goals.must)):
            there = False
            for year in range(self.goals.years):
                there = there or _holds(values, self._claim(code, year))
                if there:
                    claims.add((code, year))
        return frozenset(claims)

    def _wanted(self, values: Values, claims: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """The levels that the claims rest on, their members' included, each with the year by which it is needed."""
        wanted: dict[tuple[str, int], int] = {}
        waiting = [(code, self.goals.target, year) for code, year in claims]
        while waiting:
            code, level, year = waiting.pop()
            place = self.goals.places[code]
            if level <= place.level or wanted.get((code, level), self.goals.years) <= year:
                continue
            wanted[code, level] = year
            quotas = place.quotas[level]
            waiting += [(member, quotas.every, year) for member in place.members]
            for at, needed in quotas.at.items():
                standing = [m for m in place.members if _holds(values, self.stands(m, at, year))]
                if len(standing) < needed:
                    raise ValueError(f"{code}: {len(standing)} of {needed} members at level {at}")
                waiting += [(member, at, year) for member in standing]
        return wanted

    def _first(
        self, values: Values, variables: Mapping[tuple[int, ...], int], key: tuple[int, ...], latest: int | None
    ) -> Any:
        """The first year in which a variable holds, before ``latest``, else that."""
        years = range(self.goals.years if latest is None else latest)
        return next((year for year in years if _holds(values, variables[(*key, year)])), latest)

    def _cover(self, solution: Solution, year: int) -> _Row:
        """That not all is paid in ``year`` that together costs more than there is: as few and as dear as will do."""
        payments = sorted(self._payments(solution, year), reverse=True)
        carried = self.goals.wish.carry_over
        left = sum(self.goals.budgets[: year + 1]) if carried else self.goals.budgets[year]
        terms: dict[int, float] = {}
        count = 0
        for cost, now, before in payments:
            left -= cost
            count += 1
            for variable, sign in ((now, 1), (before, -1)):
                if variable >= 0:
                    terms[variable] = terms.get(variable, 0) + sign
            if left < 0:
                break
        return _Row(terms, -inf, count - 1)

    def _payments(self, solution: Solution, year: int) -> Iterator[tuple[int, int, int]]:
        """What is paid in ``year`` (with carrying over: up to then): cost, its variable, that of the year before."""

        def paid(
            cost: int, when: int, variables: Mapping[tuple[int, ...], int], key: tuple[int, ...]
        ) -> Iterator[tuple[int, int, int]]:
            if cost and (when <= year if self.goals.wish.carry_over else when == year):
                before = _NOTHING if self.goals.wish.carry_over else variables.get((*key, year - 1), _NOTHING)
                yield cost, variables[(*key, year)], before

        for number, when in solution.bought.items():
            yield from paid(self.goals.purchases[number], when, self._buy, (number,))
        bills, _ = bill(self.goals, solution)
        for need, each in bills.items():
            task, rung = self.goals.tasks[need[0]], self.goals.tasks[need[0]].rungs[need[1]]
            if each.shared is not None:
                continue
            when = solution.climbed[need]
            if not task.covered:
                yield from paid(each.cost, when, self._climb, need)
                continue
            yield from paid(rung.cost or 0, when, self._pay, need)
            yield from paid(each.cost - (rung.cost or 0), when, self._open, need[:1])

    def rule_out(self, cut: _Row) -> None:
        """Add an inequality that holds for every solution in whole numbers."""
        self.rows.append(cut)


def _holds(values: Values, variable: int) -> bool:
    return variable == _EVERYTHING or (variable != _NOTHING and bool(values[variable] > 0.5))


def _shrink(largest: int, limit: int = _SCALED) -> int:
    """The power of two by which whole numbers up to ``largest`` are divided, without loss, to come to ``limit``."""
    return 1 << max(0, (largest - 1).bit_length() - limit.bit_length() + 1) if largest > limit else 1
