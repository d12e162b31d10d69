"""The same rulebook over NumPy integer columns: many units, and many draws, at once; for planning and sweeps.

Guarantees the levels that ``rules.decide`` gives, for every status, value and base: it is made from the same rule
base, and whatever it cannot compare exactly in 64 bits is refused, never rounded or wrapped around.
No product is formed for a draw: «numerator × scale ≥ threshold × base» becomes «numerator ≥ the least
numerator that reaches it», once per unit, so that a sweep only compares.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from evidence.facts import Fact
from levels.framework import LEVELS, Criterion, Framework, Tier
from rules.below import Below, LevelArray
from rules.compile import FREE, UNMET, NotCompilable, RuleBase, Share
from rules.decide import READINGS, Undecidable, rule_base, stand
from rules.verdict import Standing

ACCEPTED, CLAIMED, POSSIBLE = range(3)
"""The three levels that stand side by side: the first axis of a dossier's values and of what follows from them."""

Integers = NDArray[np.signedinteger[Any]]

NO_TOTAL = -2
"""The total of a count where none is known: no value equals it."""

NO_START = -1
"""The start of an improvement where nothing can be improved: there is no base, or it is 0."""

_WITH_BASE = frozenset({Standing.ACCEPTED, Standing.SELF_REPORTED, Standing.ZERO_BASE, Standing.REJECTED})

_LARGEST = int(np.iinfo(np.int64).max)
_NARROW = int(np.iinfo(np.int32).max)


@frozen
class Step:
    """From ``level`` on (up to the next step's) a criterion demands an amount of ``low``; where count = total, of
    ``whole`` («hoặc 100%»; None where no requirement reads so). ``rise``: how many levels that is.
    """

    level: int
    rise: int
    low: int
    whole: int | None


@frozen
class Column:
    """One criterion: the level of what counts as unmet, and the steps above it.

    ``scale``: what ``low`` is counted in where the value is a ratio. ``shares``: what is demanded of the levels of
    the units below.
    """

    criterion: Criterion
    base: int
    steps: tuple[Step, ...]
    scale: int | None
    shares: tuple[Share, ...]

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def totalled(self) -> bool:
        """Whether some step asks for count = total."""
        return any(step.whole is not None for step in self.steps)

    def cuts(self, totals: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """For every step the least numerator that reaches it: of each of the bases ``totals`` of a ratio; else the
        same for all. Raises ``NotCompilable`` where a product would not fit into 64 bits.
        """
        if self.scale is None or self.shares:
            return tuple(np.array([step.low], np.int64) for step in self.steps)
        largest = int(totals.max(initial=0))
        for step in self.steps:
            if step.low * largest > min(_LARGEST, (FREE - 1) * self.scale):
                raise NotCompilable(f"{self.code}: a base of {largest} is too large to compare exactly")
        return tuple(-(-step.low * totals // self.scale) for step in self.steps)


@frozen(eq=False)
class Dossiers:
    """The facts of many units of one tier as integers.

    ``values``: kind of level × criterion × unit: the numerator, ``UNMET`` or ``free``. ``cuts``: by criterion, for
    every step the least numerator that reaches it. ``totals``: by criterion, what the numerators of a ratio are
    parts of (where no base is known, the criterion's scale: a value drawn there is in parts of it), and the total
    of a count that asks for it (or ``NO_TOTAL``). ``free``: the numerator that reaches every step. ``starts``:
    criterion × unit, the numerator from which an improvement starts (or ``NO_START``), and ``wholes`` the total or
    base that it cannot exceed (or ``NO_TOTAL``); ``rules.efforts`` reads them.
    """

    units: tuple[str, ...]
    values: Integers
    cuts: Mapping[str, tuple[Integers, ...]]
    totals: Mapping[str, NDArray[np.int64]]
    free: int
    starts: NDArray[np.int64]
    wholes: NDArray[np.int64]
    below: Below | None = None


@frozen(eq=False)
class LevelColumns:
    """Levels of many units: ``criteria`` is kind × criterion × unit, ``units`` kind × unit."""

    criteria: LevelArray
    units: LevelArray


@frozen
class Columns:
    """One tier's criteria, compiled; made by ``compile_columns``."""

    tier: Tier
    rules: RuleBase
    columns: tuple[Column, ...]

    @cached_property
    def place(self) -> dict[str, int]:
        """Where a criterion stands on the axis of criteria."""
        return {column.code: number for number, column in enumerate(self.columns)}

    def encode(self, cycle: int, facts: Mapping[str, Mapping[str, Fact]], below: Below | None = None) -> Dossiers:
        """The columns of the units in ``facts`` (by unit, then criterion; every unit has an entry), in its order.

        ``below`` is made with the same order of units. Raises as ``rules.decide.decide``: ``Undecidable`` for facts
        that contradict the law, ``NotCompilable`` for values that cannot be compared exactly.
        """
        units = tuple(facts)
        values = np.full((3, len(self.columns), len(units)), UNMET, np.int64)
        starts = np.full(values.shape[1:], NO_START, np.int64)
        wholes = np.full(values.shape[1:], NO_TOTAL, np.int64)
        totals = {c.code: np.full(len(units), _no_total(c), np.int64) for c in self.columns}
        readers = set() if below is None else set(below.readers.tolist())
        for number, unit in enumerate(units):
            if unknown := sorted(facts[unit].keys() - self.place.keys()):
                raise Undecidable(f"{unit}: no criteria {unknown} in {self.rules.name}")
            for place, column in enumerate(self.columns):
                fact = facts[unit].get(column.code)
                if column.shares and number in readers:
                    if fact is not None:
                        raise Undecidable(f"{unit}: {column.code} follows from its units and takes no fact")
                    continue
                standing = stand(column.criterion, fact, cycle)
                triple, total = self._read(column, fact, standing)
                values[:, place, number] = triple
                starts[place, number], wholes[place, number] = _start(column, fact, standing)
                if total is not None:
                    totals[column.code][number] = total
        return self._narrowed(units, values, totals, starts, wholes, below)

    def _read(self, column: Column, fact: Fact | None, standing: Standing) -> tuple[tuple[int, ...], int | None]:
        reading = READINGS[standing]
        numerator, total = 0, None
        if standing in (Standing.ACCEPTED, Standing.SELF_REPORTED):
            assert fact is not None
            assert fact.amount is not None
            if column.shares:
                raise Undecidable(f"{fact.id} has a value, but {column.code} is a matter of levels")
            numerator = fact.amount.numerator
            total = fact.amount.denominator if column.scale is not None or column.totalled else None
            self.rules.amount(column.code, numerator, total)  # refuses what the rule base refuses
            if not 0 <= numerator < FREE or not NO_TOTAL < (total or 0) < FREE:
                raise NotCompilable(f"{fact.id}: {fact.amount} is not a value that columns can compare exactly")
        return tuple(numerator if each is None else each for each in reading), total

    def _narrowed(
        self,
        units: tuple[str, ...],
        values: NDArray[np.int64],
        totals: dict[str, NDArray[np.int64]],
        starts: NDArray[np.int64],
        wholes: NDArray[np.int64],
        below: Below | None,
    ) -> Dossiers:
        # 32 bits where every number fits, for they are compared twice as fast; else 64.
        cuts = {column.code: column.cuts(totals[column.code]) for column in self.columns}
        numbers = [values, *totals.values(), *(cut for each in cuts.values() for cut in each)]
        top = max(int(each.max(initial=0, where=each < FREE)) for each in numbers)
        width, free = (np.int32, _NARROW) if top < _NARROW else (np.int64, FREE)

        def narrow(column: NDArray[np.int64]) -> Integers:
            return np.where(column >= FREE, free, column).astype(width)

        return Dossiers(
            units,
            narrow(values),
            {code: tuple(narrow(cut) for cut in each) for code, each in cuts.items()},
            totals,
            free,
            starts,
            wholes,
            below,
        )

    def levels(self, dossiers: Dossiers, members: LevelArray | None = None) -> LevelColumns:
        """The levels of every criterion and unit; ``members``: kind × unit of the tier below, where one is read."""
        criteria = np.stack(
            [
                self.criterion_levels(dossiers, column.code, dossiers.values[:, place], members)
                for place, column in enumerate(self.columns)
            ],
            axis=1,
        )
        return LevelColumns(criteria, criteria.min(axis=1))

    def criterion_levels(
        self, dossiers: Dossiers, code: str, values: Integers, members: LevelArray | None = None
    ) -> LevelArray:
        """The levels of one criterion for any ``values`` and levels of ``members``: their last axis is the units,
        the axes before it (kinds, draws) are the same in both and in what is returned.
        """
        column = self.columns[self.place[code]]
        level = np.full(values.shape, column.base, np.int8)
        for step, cut in zip(column.steps, dossiers.cuts[code], strict=True):
            level += reached(step, values, cut, dossiers.totals[code]).astype(np.int8) * np.int8(step.rise)
        if column.shares and dossiers.below is not None:
            if members is None:
                raise Undecidable(f"{self.rules.name}: {code} follows from the levels of the units below")
            level[..., dossiers.below.readers] = dossiers.below.levels(column.shares, self.rules.scales[code], members)
        return level


def reached(
    step: Step,
    values: Integers,
    cut: Integers,
    totals: NDArray[np.int64],
    out: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """Where ``values`` reach ``step``; ``out`` is written to, if given."""
    met: NDArray[np.bool_] = np.greater_equal(values, cut, out=out)
    if step.whole is not None:
        met |= (values == totals) & (values >= step.whole)
    return met


def compile_columns(framework: Framework, tier: Tier) -> Columns:
    """The columns of one tier of a framework. Raises ``NotCompilable`` as ``rules.compile.compile_set``."""
    rules = rule_base(framework, tier)
    return Columns(tier, rules, tuple(_column(rules, criterion) for criterion in framework.sets[tier].criteria))


def _column(rules: RuleBase, criterion: Criterion) -> Column:
    bands = [band for band in rules.bands if band.criterion == criterion.code]
    base = next(band.level for band in bands if band.low is None)

    def low(level: int, whole: bool) -> int:
        return min(b.low for b in bands if b.low is not None and b.level >= level and b.whole in (None, whole))

    asks_total = criterion.code in rules.totals
    demands = [(low(level, False), low(level, True) if asks_total else None) for level in LEVELS[base:]]
    steps = [
        Step(base + 1 + place, demands.count(demand), *demand)
        for place, demand in enumerate(demands)
        if demand not in demands[:place]
    ]
    shares = tuple(share for share in rules.shares if share.criterion == criterion.code)
    scale = rules.scales.get(criterion.code)
    if scale is not None and scale >= FREE:
        raise NotCompilable(f"{criterion.code}: thresholds in parts of {scale} are too fine to compare exactly")
    return Column(criterion, base, tuple(steps), scale, shares)


def _start(column: Column, fact: Fact | None, standing: Standing) -> tuple[int, int]:
    """From what an improvement starts, and the total it cannot exceed; as in ``rules.improvement``."""
    kept = fact.amount if fact is not None and standing in _WITH_BASE else None
    total = None if kept is None else kept.denominator
    if column.shares or total == 0 or (column.scale is not None and total is None):
        return NO_START, NO_TOTAL
    # Of a rejected value nothing counts, but its base was reported for this cycle.
    numerator = 0 if kept is None or standing is Standing.REJECTED else kept.numerator
    # Nothing is demanded from ``FREE`` on, and nothing reaches a total below 0.
    return numerator, NO_TOTAL if total is None else min(max(total, -1), FREE)


def _no_total(column: Column) -> int:
    return NO_TOTAL if column.scale is None else column.scale
