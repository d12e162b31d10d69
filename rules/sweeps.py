"""Many draws over many units: blocks that bound memory, on several threads, in the same order every time.

A sweep holds the criteria that do not change and compares only the drawn ones. What a block of draws gives depends
on the block alone, never on the number of threads or on the machine, so that it may be computed anywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from levels.framework import LEVELS
from rules.below import LevelArray
from rules.columns import ACCEPTED, Columns, Dossiers, Integers, reached
from rules.turns import in_turn

Draw = Callable[[str, range], Integers]
"""The drawn values of one criterion: draws of the block × units; numerators, ``UNMET`` or the dossiers' ``free``."""

CELLS = 2**18
"""Values of one criterion that are compared at once: enough to hide the cost of a call, few enough for a cache."""

_Found = TypeVar("_Found")


@frozen(eq=False)
class Sweep:
    """Draws that change the criteria ``varying`` and, where ``reads`` says so, the levels of the units below.

    Made by ``hold``. ``held``: the level up to which the other criteria let each unit rise.
    """

    columns: Columns
    dossiers: Dossiers
    kind: int
    varying: tuple[str, ...]
    reads: tuple[str, ...]
    held: LevelArray

    def levels(self, block: range, draw: Draw, members: LevelArray | None = None) -> LevelArray:
        """The levels of the units in the draws of ``block`` (draws × units).

        ``members``: the levels of the tier below in the same draws. Raises ``ValueError`` for drawn values that are
        not signed integers or not one for every draw and unit.
        """
        shape = len(block), len(self.dossiers.units)
        met: dict[int, NDArray[np.bool_]] = {}  # by level: the units that every drawn criterion lets begin it
        buffer = np.empty(shape, np.bool_)
        for code in self.varying:
            values, totals = self._drawn(code, block, draw), self.dossiers.totals[code]
            column = self.columns.columns[self.columns.place[code]]
            for step, cut in zip(column.steps, self.dossiers.cuts[code], strict=True):
                if step.level in met:
                    met[step.level] &= reached(step, values, cut, totals, buffer)
                else:
                    met[step.level] = reached(step, values, cut, totals)
        found = self._highest(met, shape)
        for code in self.reads:
            np.minimum(found, self._read(code, shape, members), out=found)
        return found

    def criteria(self, block: range, draw: Draw, members: LevelArray | None = None) -> LevelArray:
        """The levels of the varying criteria, then of those that read levels, in the draws of ``block``
        (criteria × draws × units): what binds, at the price of telling them apart. Raises as ``levels``.
        """
        shape = len(block), len(self.dossiers.units)
        found = [
            self.columns.criterion_levels(self.dossiers, code, self._drawn(code, block, draw)) for code in self.varying
        ]
        found += [self._read(code, shape, members) for code in self.reads]
        return np.array(found, np.int8).reshape(len(found), *shape)

    def _highest(self, met: Mapping[int, NDArray[np.bool_]], shape: tuple[int, int]) -> LevelArray:
        found = np.zeros(shape, np.int8)
        so_far = np.ones(shape, np.bool_)
        for level in LEVELS:
            if level in met:
                so_far &= met[level]
            found += so_far
        return np.minimum(found, self.held, out=found)

    def _drawn(self, code: str, block: range, draw: Draw) -> Integers:
        values = draw(code, block)
        shape = len(block), len(self.dossiers.units)
        if values.dtype.kind != "i" or values.shape != shape:
            raise ValueError(f"{code}: drawn {values.dtype} of {values.shape}; expected signed integers of {shape}")
        return values

    def _read(self, code: str, shape: tuple[int, int], members: LevelArray | None) -> LevelArray:
        recorded = self.dossiers.values[self.kind, self.columns.place[code]]
        return self.columns.criterion_levels(self.dossiers, code, np.broadcast_to(recorded, shape), members)


def hold(
    columns: Columns,
    dossiers: Dossiers,
    varying: Sequence[str],
    kind: int = ACCEPTED,
    members: LevelArray | None = None,
) -> Sweep:
    """A sweep in which the criteria ``varying`` are drawn and all others stay as recorded, read as ``kind``.

    ``members``: kind × unit of the tier below where their levels stay too; left out, every block brings them.
    Raises ``ValueError`` for a criterion that is not in the set or follows from the levels below.
    """
    derived = [c.code for c in columns.columns if c.shares and dossiers.below is not None]
    drawable = columns.place.keys() - set(derived)
    if strange := [code for code in varying if code not in drawable]:
        raise ValueError(f"{columns.rules.name}: {strange} cannot be drawn; expected some of {sorted(drawable)}")
    reads = derived if members is None else []
    held = np.full(len(dossiers.units), LEVELS[-1], np.int8)
    for column, values in zip(columns.columns, dossiers.values[kind], strict=True):
        if column.code not in {*varying, *reads}:
            below = None if members is None else members[kind]
            np.minimum(held, columns.criterion_levels(dossiers, column.code, values, below), out=held)
    return Sweep(columns, dossiers, kind, tuple(dict.fromkeys(varying)), tuple(reads), held)


def count_levels(found: LevelArray) -> NDArray[np.int64]:
    """How often each unit has each level: level (0 first) × unit, of levels that are draws × units."""
    # Counted in 64 bits: eight overflow at the 256th draw.
    return np.stack([np.count_nonzero(found == level, axis=0) for level in (0, *LEVELS)]).astype(np.int64)


def rows_of(units: int) -> int:
    """How many draws of that many units make a block; the same on every machine."""
    return max(1, CELLS // max(units, 1))


def in_blocks(
    work: Callable[[range], _Found],
    draws: int,
    rows: int,
    *,
    threads: int = 2,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[_Found]:
    """What ``work`` makes of every block of ``rows`` draws, in order, on ``threads`` threads.

    Memory is bounded as in ``in_turn``. ``progress`` is called with the number of draws done since its last call.
    An error in ``work`` is raised in its turn.
    """
    blocks = (range(first, min(first + rows, draws)) for first in range(0, draws, rows))
    for block, found in in_turn(work, blocks, threads=threads):
        progress(len(block))
        yield found
