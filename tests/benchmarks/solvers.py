"""The allocation of a budget as HiGHS (scipy's ``milp``) and OR-Tools' CP-SAT are told of it.

Both get the same tight formulation, stage after stage: most readers, then most members at the target, then least
cost. Of a member two variables: at the target while its reader is not lifted, and while it is. What they find is
rounded to whole units and its cost is added up in integers.
"""

import time
from collections.abc import Sequence
from math import gcd

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from certification.budgeting.allocation import Families
from rules.efforts import CANNOT

Row = tuple[NDArray[np.intp], NDArray[np.int64], int]
"""Variables, their coefficients, and what the sum is to be no more than."""

STAGES = 3


@frozen(eq=False)
class Model:
    """Variables are 0 or 1: ``readers``, then the ``loose`` members and the ``tied`` ones; those with ``upper`` 0
    cannot be 1. ``cost`` in parts of ``unit`` of the families' costs.
    """

    readers: NDArray[np.intp]
    members: NDArray[np.intp]
    upper: NDArray[np.int64]
    cost: NDArray[np.int64]
    rows: tuple[Row, ...]
    unit: int

    def stages(self, known: Sequence[int]) -> tuple[NDArray[np.int64], tuple[Row, ...]]:
        """What the next stage minimises, and that it keeps what those before have found."""
        parts = (self.readers, self.members)
        kept = tuple(
            (part, np.full(len(part), -1, np.int64), -count) for part, count in zip(parts, known, strict=False)
        )
        if len(known) == len(parts):
            return self.cost, kept
        objective = np.zeros(len(self.upper), np.int64)
        objective[parts[len(known)]] = -1
        return objective, kept

    def count(self, values: NDArray[np.int64], stage: int) -> int:
        """What a stage has reached."""
        return int(values[(self.readers, self.members)[stage]].sum()) if stage < 2 else int(self.cost @ values)


@frozen
class Solved:
    """What a solver found: readers, members and cost of the last stage with a solution; ``bounds`` by stage, of the
    same three; ``proven``: every stage was solved to the end. ``seconds`` of all stages.
    """

    readers: int
    members: int
    cost: int
    bounds: tuple[float, ...]
    proven: bool
    seconds: float


def model_of(families: Families, budget: int) -> Model:
    """The variables and rows; nothing is settled (``must_…``)."""
    own, low, high, reader = families.own, families.low, families.high, families.reader
    readers, members = len(own), len(low)
    joined = np.flatnonzero(reader >= 0)
    lows = np.where(low == CANNOT, 0, low)
    lift = np.where(own == CANNOT, 0, own)
    np.add.at(lift, reader[joined], lows[joined])
    sizes = np.bincount(reader[joined], minlength=readers)
    hindered = np.bincount(reader[joined][low[joined] == CANNOT], minlength=readers)
    x, loose, tied = np.split(np.arange(readers + 2 * members), [readers, readers + members])
    able = high != CANNOT
    upper = np.concatenate([(own != CANNOT) & (sizes > 0) & (hindered == 0), able, able & (reader >= 0)])
    costs = np.concatenate([lift, np.where(able, high, 0), np.where(able, high - lows, 0)])
    unit = gcd(*costs.tolist()) or 1
    rows: list[Row] = [(np.arange(len(costs)), costs // unit, budget // unit)]
    for member in joined:
        pair = np.array([loose[member], x[reader[member]]]), np.array([tied[member], x[reader[member]]])
        rows.append((pair[0], np.array([1, 1]), 1))
        rows.append((pair[1], np.array([1, -1]), 0))
    for place in range(readers):
        below = tied[np.flatnonzero(reader == place)]
        rows.append((np.append(below, x[place]), np.append(np.full(len(below), -1), families.needed[place]), 0))
    return Model(x, np.concatenate([loose, tied]), upper.astype(np.int64), costs // unit, tuple(rows), unit)


def by_milp(families: Families, budget: int, seconds: float) -> Solved:
    """HiGHS, with at most ``seconds`` for each stage."""
    model = model_of(families, budget)
    started = time.perf_counter()
    known: list[int] = []
    bounds: list[float] = []
    proven = True
    values = np.zeros(len(model.upper), np.int64)
    for stage in range(STAGES):
        objective, kept = model.stages(known)
        matrix, limits = _matrix((*model.rows, *kept), len(model.upper))
        found = milp(
            objective,
            constraints=LinearConstraint(matrix, -np.inf, limits),
            integrality=np.ones(len(model.upper)),
            bounds=Bounds(0, model.upper),
            options={"time_limit": seconds, "mip_rel_gap": 0},
        )
        proven &= found.status == 0
        bounds.append(abs(found.mip_dual_bound) * (model.unit if stage == STAGES - 1 else 1))
        if found.x is None:
            break
        values = np.round(found.x).astype(np.int64)
        known.append(model.count(values, stage))
    return _solved(model, values, bounds, proven, time.perf_counter() - started)


def _matrix(rows: Sequence[Row], width: int) -> tuple[csr_array, NDArray[np.float64]]:
    columns = np.concatenate([row[0] for row in rows])
    values = np.concatenate([row[1] for row in rows]).astype(np.float64)
    starts = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])])
    return csr_array((values, columns, starts), shape=(len(rows), width)), np.array([row[2] for row in rows], float)


def by_cp_sat(families: Families, budget: int, seconds: float, workers: int = 8) -> Solved:
    """CP-SAT with eight workers, whatever the number of cores: fewer leave out the strategies that it needs; at
    most ``seconds`` for each stage, each begun from what the one before has found.
    """
    from ortools.sat.python import cp_model

    model = model_of(families, budget)
    started = time.perf_counter()
    known: list[int] = []
    bounds: list[float] = []
    proven = True
    values = np.zeros(len(model.upper), np.int64)
    for stage in range(STAGES):
        told = cp_model.CpModel()
        variables = [told.new_int_var(0, int(upper), "") for upper in model.upper]
        objective, kept = model.stages(known)
        for columns, coefficients, limit in (*model.rows, *kept):
            picked = [variables[column] for column in columns]
            told.add(cp_model.LinearExpr.weighted_sum(picked, coefficients.tolist()) <= limit)
        told.minimize(cp_model.LinearExpr.weighted_sum(variables, objective.tolist()))
        for variable, value in zip(variables, values.tolist(), strict=True):
            told.add_hint(variable, value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(told)
        proven &= status == cp_model.OPTIMAL
        bounds.append(abs(solver.best_objective_bound) * (model.unit if stage == STAGES - 1 else 1))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        values = np.array([solver.value(variable) for variable in variables], np.int64)
        known.append(model.count(values, stage))
    return _solved(model, values, bounds, proven, time.perf_counter() - started)


def _solved(model: Model, values: NDArray[np.int64], bounds: Sequence[float], proven: bool, seconds: float) -> Solved:
    readers, members, cost = (model.count(values, stage) for stage in range(STAGES))
    for columns, coefficients, limit in model.rows:
        if int(coefficients @ values[columns]) > limit:
            proven = False  # rounded to whole units it is no solution
    return Solved(readers, members, cost * model.unit, tuple(bounds), proven, seconds)
