"""The program of some goals: variables of 0 or 1, rows of a matrix, and HiGHS' answers to one aim at a time.

HiGHS computes in floating point: what it proposes is judged by ``certification.budgeting.rounding``.
"""

from collections.abc import Iterable
from math import ceil, floor, inf

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from certification.budgeting.goals import Goals, Solution
from levels.framework import Tier

NOTHING, EVERYTHING = -1, -2
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
class Candidate:
    """A solution that stands in integers: what is claimed of it, unit by unit and year by year, and what it costs."""

    solution: Solution
    claims: frozenset[tuple[str, int]]
    spent: int


@frozen(eq=False)
class Answer:
    values: Values | None
    bound: int | None  # None: none that is better than the trivial one
    infeasible: bool = False
    optimal: bool = False  # HiGHS says so
    slack: float = 0  # how far its numbers may be off


@define
class Row:
    terms: dict[int, float]
    low: float
    high: float


@define
class Program:
    """The program of some goals: variables are 0 or 1, those of a year hold for all later ones as well.

    A rung is climbed (``climb``), paid for by its unit where a purchase may bring it as well (``pay``), its task's
    fixed part is paid (``open``), a purchase made (``buy``), a unit stands at a level (``stand``).
    """

    goals: Goals
    budgets: bool = True
    integral: list[bool] = field(factory=list)
    rows: list[Row] = field(factory=list)
    climb: dict[tuple[int, ...], int] = field(factory=dict)
    pay: dict[tuple[int, ...], int] = field(factory=dict)
    open: dict[tuple[int, ...], int] = field(factory=dict)
    buy: dict[tuple[int, ...], int] = field(factory=dict)
    stand: dict[tuple[str, int, int], int] = field(factory=dict)
    kept: list[tuple[Target, int]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        years = range(self.goals.years)
        for number in self.goals.useful:
            for year in years:
                self.buy[number, year] = self._new()
                self._lasting(self.buy.get((number, year - 1)), self.buy[number, year])
        for number in range(len(self.goals.tasks)):
            self._add_task(number)
        for code, place in self.goals.places.items():
            for level in place.needs:
                for year in years:
                    self._add_level(code, level, year)
        for code, year in self.goals.must.items():
            self._at_least([(self.claim(code, year), 1)], 1)
        if self.budgets:
            for year in years:
                self._add_budget(year)

    # The variables.

    def _new(self, *, integral: bool = True) -> int:
        self.integral.append(integral)
        return len(self.integral) - 1

    def _lasting(self, before: int | None, now: int) -> None:
        if before is not None and before not in (now, NOTHING):
            self._implies(before, now)

    def _add_task(self, number: int) -> None:
        task = self.goals.tasks[number]
        last = self.goals.years - 1
        for year in range(self.goals.years):
            for place, rung in enumerate(task.rungs):
                before = self.climb.get((number, place, year - 1))
                if rung.changes and year in task.closed:
                    self.climb[number, place, year] = NOTHING if before is None else before
                else:
                    # In the last year it is climbed just where it is needed, which is whole by itself.
                    self.climb[number, place, year] = self._new(integral=year < last)
                    self._lasting(before, self.climb[number, place, year])
                if place:
                    self._implies(self.climb[number, place, year], self.climb[number, place - 1, year])
            if task.covered:
                self._add_payments(number, year)

    def _add_payments(self, number: int, year: int) -> None:
        task = self.goals.tasks[number]
        changing = []
        for place, rung in enumerate(task.rungs):
            climbed = self.climb[number, place, year]
            before = self.pay.get((number, place, year - 1))
            if rung.cost is None or climbed == NOTHING:
                paid = NOTHING
            elif rung.changes and year in task.closed:
                paid = before if before is not None else NOTHING
            else:
                paid = self._new(integral=False)
                self._lasting(before, paid)
                self._implies(paid, climbed)
            self.pay[number, place, year] = paid
            buys = [self.buy[each, year] for each in rung.shared]
            self._at_least([(paid, 1), *((each, 1) for each in buys), (climbed, -1)], 0)
            if rung.changes and paid != NOTHING:
                changing.append(paid)
        if task.fixed and changing:
            opened = self.open[number, year] = self._new(integral=False)
            self._lasting(self.open.get((number, year - 1)), opened)
            for paid in changing:
                self._implies(paid, opened)
            self._at_least([*((paid, 1) for paid in changing), (opened, -1)], 0)

    def _add_level(self, code: str, level: int, year: int) -> None:
        place = self.goals.places[code]
        needs = place.needs[level]
        if needs is None:
            self.stand[code, level, year] = NOTHING
            return
        stands = self.stand[code, level, year] = self._new()
        self._lasting(self.stand.get((code, level, year - 1)), stands)
        for number, rung in needs:
            self._implies(stands, self.climb[number, rung, year])
        quotas = place.quotas[level]
        for member in place.members if quotas.every else ():
            self._implies(stands, self.stands(member, quotas.every, year))
        for at, needed in quotas.at.items():
            members = [(self.stands(member, at, year), 1) for member in place.members]
            self._at_least([*members, (stands, -needed)], 0)

    def stands(self, code: str, level: int, year: int) -> int:
        """The variable that the unit is at ``level`` at the end of ``year``."""
        if level <= self.goals.places[code].level:
            return EVERYTHING
        return self.stand[code, level, year]

    def claim(self, code: str, year: int) -> int:
        return NOTHING if code in self.goals.capped else self.stands(code, self.goals.target, year)

    # The rows.

    def _at_least(self, terms: Iterable[tuple[int, int]], low: int) -> None:
        kept: dict[int, float] = {}
        for variable, coefficient in terms:
            if variable == EVERYTHING:
                low -= coefficient
            elif variable != NOTHING:
                kept[variable] = kept.get(variable, 0) + coefficient
        if kept or low > 0:
            self.rows.append(Row(kept, low, inf))

    def _implies(self, one: int, other: int) -> None:
        """Where ``one`` holds, ``other`` does."""
        if one != other:
            self._at_least([(other, 1), (one, -1)], 0)

    def costs(self, year: int) -> dict[int, int]:
        """What is spent up to the end of ``year``, as whole coefficients."""
        spent: dict[int, int] = {}

        def add(variable: int, cost: int) -> None:
            if cost and variable != NOTHING:
                spent[variable] = spent.get(variable, 0) + cost

        for number, task in enumerate(self.goals.tasks):
            opened = task.covered
            for place, rung in enumerate(task.rungs):
                fixed = 0 if opened or not rung.changes else task.fixed
                opened = opened or rung.changes
                which = self.pay if task.covered else self.climb
                add(which[number, place, year], (rung.cost or 0) + fixed)
            if (number, year) in self.open:
                add(self.open[number, year], task.fixed)
        for number in self.goals.useful:
            add(self.buy[number, year], self.goals.purchases[number])
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
            self.rows.append(Row({v: float(cost / shrink) for v, cost in spent.items()}, -inf, float(budget / shrink)))

    # The aims.

    def objective(self, target: Target) -> dict[int, int]:
        """What is to be as much (the cost: as little) as can be, without what holds anyhow."""
        if target.cost:
            return self.costs(target.year)
        found: dict[int, int] = {}
        for code, weight in self.counted(target.tier):
            variable = self.claim(code, target.year)
            if variable >= 0:
                found[variable] = found.get(variable, 0) + weight
        return found

    def counted(self, tier: Tier | None) -> list[tuple[str, int]]:
        if tier is None:
            return list((self.goals.weights or {}).items())
        return [(code, 1) for code in self.goals.counted[tier]]

    def surely(self, target: Target) -> int:
        """What holds of an aim whatever is done."""
        if target.cost:
            return 0
        counted = self.counted(target.tier)
        return sum(weight for code, weight in counted if self.claim(code, target.year) == EVERYTHING)

    def trivial_bound(self, target: Target) -> int:
        """What holds without any search."""
        if target.cost:
            return 0
        claims = ((self.claim(code, target.year), weight) for code, weight in self.counted(target.tier))
        return sum(weight for variable, weight in claims if variable != NOTHING)

    def value(self, target: Target, candidate: Candidate) -> int:
        """What a solution has of an aim."""
        if target.cost:
            return candidate.spent
        return sum(weight for code, weight in self.counted(target.tier) if (code, target.year) in candidate.claims)

    def keep(self, target: Target, found: int) -> None:
        """From now on nothing has less of ``target`` (of the cost: more) than was ``found``."""
        self.kept.append((target, found))
        if target.cost:
            costs = self.costs(target.year)
            if costs:
                shrink = _shrink(max(costs.values()))
                free = {variable: float(cost / shrink) for variable, cost in costs.items()}
                self.rows.append(Row(free, -inf, float(found / shrink)))
            return
        terms = [(self.claim(code, target.year), weight) for code, weight in self.counted(target.tier)]
        shrink = _shrink(max((weight for _, weight in terms), default=1))
        low = found - sum(weight for variable, weight in terms if variable == EVERYTHING)
        free = {variable: weight / shrink for variable, weight in terms if variable >= 0}
        if free or low > 0:
            self.rows.append(Row(free, float(low / shrink), inf))

    # Solving.

    def run(self, target: Target, seconds: float) -> Answer:
        """One proposal of HiGHS."""
        objective, constant = self.objective(target), self.surely(target)
        if not self.integral:
            infeasible = any(row.low > 0 or row.high < 0 for row in self.rows)
            return Answer(None if infeasible else np.zeros(0), None if infeasible else constant, infeasible)
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
            return Answer(None, None, True)
        values = None if found.x is None else np.asarray(found.x)
        proposed = None if found.fun is None else float(found.fun)
        reached = proposed if found.status == _OPTIMAL else found.mip_dual_bound
        if reached is None or not np.isfinite(reached):
            return Answer(values, None, False)
        exact = abs(float(reached)) * shrink
        # Only whole numbers are possible: a bound within the solver's tolerance of one is that one.
        slack = max(_TOLERANCE, _PRECISION * exact)
        if target.cost:
            return Answer(values, ceil(exact - slack), False, found.status == _OPTIMAL, slack)
        return Answer(values, constant + floor(exact + slack), False, found.status == _OPTIMAL, slack)

    def _constraints(self) -> list[LinearConstraint]:
        if not self.rows:
            return []
        starts = np.cumsum([0, *(len(row.terms) for row in self.rows)])
        columns = np.fromiter((variable for row in self.rows for variable in row.terms), np.int64)
        values = np.fromiter((value for row in self.rows for value in row.terms.values()), np.float64)
        matrix = csr_array((values, columns, starts), shape=(len(self.rows), len(self.integral)))
        return [LinearConstraint(matrix, [row.low for row in self.rows], [row.high for row in self.rows])]

    def rule_out(self, cut: Row) -> None:
        """Add an inequality that holds for every solution in whole numbers."""
        self.rows.append(cut)


def _shrink(largest: int, limit: int = _SCALED) -> int:
    """The power of two by which whole numbers up to ``largest`` are divided, without loss, to come to ``limit``."""
    return 1 << max(0, (largest - 1).bit_length() - limit.bit_length() + 1) if largest > limit else 1
