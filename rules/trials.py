"""Trials: drawn facts → levels, counted; the tiers of some units go through the same draws together.

What a batch of units gives in a span of draws depends on these alone, so that it may be counted anywhere.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from levels.framework import LEVELS, Tier
from rules.below import LevelArray
from rules.columns import CLAIMED, Columns, Dossiers, Integers
from rules.draws import Law, draw
from rules.sweeps import Sweep, count_levels, hold, rows_of

SIX = len(LEVELS) + 1
"""The levels from 0 up."""

Counts = NDArray[np.int64]


@frozen(eq=False)
class Stratum:
    """The units of one tier in a batch.

    ``laws``: by criterion the places of the units whose fact is drawn, each with its law; all others are as they are
    claimed. ``reads``: which stratum below holds the members of the units; None: they read none. ``reader``: for
    every unit the place, in the stratum that reads this one, of the unit that does; -1: nobody reads it.
    """

    tier: Tier
    columns: Columns
    dossiers: Dossiers
    laws: Mapping[str, Sequence[tuple[int, Law]]]
    reads: int | None
    reader: NDArray[np.intp]

    @cached_property
    def cells(self) -> list[tuple[str, int]]:
        """The drawn facts: criterion and place of the unit, in the order of all counts of them."""
        return [(code, place) for code, laws in self.laws.items() for place, _ in laws]

    @cached_property
    def cells_of(self) -> list[list[int]]:
        """By unit the places of its drawn facts in ``cells``."""
        found: list[list[int]] = [[] for _ in self.dossiers.units]
        for cell, (_, place) in enumerate(self.cells):
            found[place].append(cell)
        return found


Batch = tuple[Stratum, ...]
"""Strata, each after the one that it reads."""


@frozen(eq=False)
class Tally:
    """What was counted of one stratum.

    ``levels``: unit × level; ``binding``: criterion × unit, draws in which it is at the unit's level below the
    highest; ``facts``: drawn fact × its criterion's level; ``rest``: drawn fact × the level that the unit's other
    criteria allow; ``above``: unit × its level × the level of the unit that reads it (of what nobody reads nothing).
    """

    levels: Counts
    binding: Counts
    facts: Counts
    rest: Counts
    above: Counts

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


def astuple(tally: Tally) -> tuple[Counts, ...]:
    """All counts of a tally."""
    return tally.levels, tally.binding, tally.facts, tally.rest, tally.above


def count(seed: int, item: tuple[Batch, range]) -> tuple[Tally, ...]:
    """The tallies of the strata of a batch in a span of draws; a function of its arguments alone."""
    batch, span = item
    trials = [_Trial(stratum, seed) for stratum in batch]
    rows = rows_of(sum(len(stratum.dossiers.units) for stratum in batch))
    for first in range(span.start, span.stop, rows):
        block = range(first, min(first + rows, span.stop))
        found: list[LevelArray] = []
        for stratum, trial in zip(batch, trials, strict=True):
            trial.go(block, None if stratum.reads is None else found[stratum.reads])
            found.append(trial.levels)
        for place, stratum in enumerate(batch):
            if stratum.reads is not None:
                trials[stratum.reads].look_up(found[place])
    return tuple(trial.counted for trial in trials)


@define
class _Trial:
    """One stratum in its draws."""

    stratum: Stratum
    seed: int
    sweep: Sweep = field(init=False)
    places: dict[str, NDArray[np.intp]] = field(init=False)
    criteria: LevelArray = field(init=False)  # of the block under way
    levels: LevelArray = field(init=False)
    counted: Tally = field(init=False)

    def __attrs_post_init__(self) -> None:
        stratum = self.stratum
        self.sweep = hold(stratum.columns, stratum.dossiers, tuple(stratum.laws), CLAIMED)
        self.places = {code: np.array([place for place, _ in laws], np.intp) for code, laws in stratum.laws.items()}
        units, cells = len(stratum.dossiers.units), len(stratum.cells)
        drawn = len(self.sweep.varying) + len(self.sweep.reads)
        shapes = ((units, SIX), (drawn, units), (cells, SIX), (cells, SIX), (units, SIX, SIX))
        self.counted = Tally(*(np.zeros(shape, np.int64) for shape in shapes))

    def go(self, block: range, members: LevelArray | None) -> None:
        self.criteria = self.sweep.criteria(block, self._draw, members)
        shape = len(block), len(self.stratum.dossiers.units)
        lowest = self.criteria.min(axis=0, initial=LEVELS[-1])
        self.levels = np.minimum(np.broadcast_to(lowest, shape), self.sweep.held)
        counted = self.counted
        counted.levels[:] += count_levels(self.levels).T
        counted.binding[:] += ((self.criteria == self.levels) & (self.levels < LEVELS[-1])).sum(axis=1, dtype=np.int64)
        self._count_facts()

    def look_up(self, above: LevelArray) -> None:
        """Count the levels of the units beside those of the units that read them."""
        read = np.flatnonzero(self.stratum.reader >= 0)
        self.counted.above[read] += _histograms(self.levels[:, read], above[:, self.stratum.reader[read]])

    def _draw(self, code: str, block: range) -> Integers:
        stratum = self.stratum
        dossiers = stratum.dossiers
        recorded = dossiers.values[CLAIMED, stratum.columns.place[code]]
        values = np.empty((len(dossiers.units), len(block)), dossiers.values.dtype)
        values[:] = recorded[:, None]
        for place, law in stratum.laws[code]:
            name = f"{stratum.tier}/{dossiers.units[place]}/{code}"
            # No numerator is compared with more than ``free``, which reaches every step.
            values[place] = np.minimum(draw(law, self.seed, name, block), dossiers.free)
        return np.ascontiguousarray(values.T)

    def _count_facts(self) -> None:
        """Count every drawn fact's level, and what the unit would be at were it not for that fact."""
        held, levels = self.sweep.held, self.levels
        at_lowest = (held == levels).astype(np.int16)
        second = np.broadcast_to(np.where(held > levels, held, LEVELS[-1]), levels.shape).astype(np.int8)
        for each in self.criteria:
            at_lowest += each == levels
            np.minimum(second, np.where(each > levels, each, np.int8(LEVELS[-1])), out=second)
        alone = np.where(at_lowest == 1, second, levels)  # where the lowest criterion stands alone
        first = 0
        for row, places in enumerate(self.places.values()):
            its = self.criteria[row][:, places]
            rest = np.where(its == levels[:, places], alone[:, places], levels[:, places])
            joint = _histograms(its, rest)
            self.counted.facts[first : first + len(places)] += joint.sum(axis=2)
            self.counted.rest[first : first + len(places)] += joint.sum(axis=1)
            first += len(places)


def _histograms(one: LevelArray, other: LevelArray) -> Counts:
    """How often each pair of levels is in each column: column × level × level."""
    columns = one.shape[1]
    pairs = np.add(one * np.int8(SIX) + other, np.arange(columns) * (SIX * SIX), dtype=np.intp)
    counted = np.bincount(pairs.ravel(), minlength=columns * SIX * SIX)
    return counted.astype(np.int64).reshape(columns, SIX, SIX)
