"""Efforts: what it costs to bring every unit of a tier to a level, over the integer columns.

Equal, unit by unit, to what ``rules.improvement`` finds from verdicts: a reported value is a start, a rejected one
starts at 0 of its base, a ratio of no known base or of a zero base has no way up. What follows from the levels of
the units below (district I.1) is no effort of a unit's own and is left to whoever chooses among them.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from evidence.costs import Costs, Money, Price
from levels.framework import LEVELS
from rules.columns import ACCEPTED, NO_START, NO_TOTAL, Column, Columns, Dossiers
from rules.compile import FREE, NotCompilable

CANNOT = -1
"""The effort of a unit that no improvement brings to the level."""

_LARGEST = int(np.iinfo(np.int64).max)

_ITEM = Price(0, 1)
"""Where there are no prices, every missing item counts one."""


@frozen(eq=False)
class Efforts:
    """``costs``: level × unit, in parts of ``scale`` of the money that the prices are in (a cost of 3 at a scale of 2
    is 1.5), or the missing items where there are no prices; ``CANNOT`` where there is no way.
    """

    levels: tuple[int, ...]
    costs: NDArray[np.int64]
    scale: int

    def to(self, level: int) -> NDArray[np.int64]:
        """The efforts of all units to one of ``levels``."""
        found: NDArray[np.int64] = self.costs[self.levels.index(level)]
        return found

    def money(self, cost: int) -> Money:
        """A sum of these costs in the money that the prices are in."""
        sum_of_money = Fraction(cost, self.scale)
        return sum_of_money.numerator if sum_of_money.denominator == 1 else sum_of_money


def scale_of(costs: Costs | None) -> int:
    """By what all prices, of whatever tier, are multiplied to be whole."""
    return lcm(
        *(Fraction(part).denominator for price in (costs or {}).values() for part in (price.fixed, price.per_unit))
    )


def efforts(columns: Columns, dossiers: Dossiers, levels: Sequence[int], costs: Costs | None) -> Efforts:
    """What every unit of ``dossiers`` needs to come to each of ``levels`` (0 to 5) on its own criteria; without
    ``costs`` the missing items.

    The scale is the same for every tier under the same costs. Raises ``NotCompilable`` for a base that cannot be
    compared exactly, and for sums that would not fit into 64 bits.
    """
    scale = scale_of(costs)
    found = np.zeros((len(levels), len(dossiers.units)), np.int64)
    hopeless = np.zeros(found.shape, np.bool_)
    largest = [0] * len(levels)
    for place, column in enumerate(columns.columns):
        price = _ITEM if costs is None else costs.get((columns.tier, column.code))
        accepted = _levels(columns, dossiers, place)
        for number, level in enumerate(levels):
            missing, cannot = _missing(column, dossiers, place, level)
            short = accepted < level
            hopeless[number] |= short & cannot
            missing = np.where(short & ~cannot, missing, 0)
            if price is None:
                hopeless[number] |= missing > 0
                continue
            fixed, each = int(price.fixed * scale), int(price.per_unit * scale)
            largest[number] += fixed + each * int(missing.max(initial=0))
            if largest[number] > _LARGEST:
                raise NotCompilable(f"{column.code}: costs up to {largest[number]} cannot be added up in 64 bits")
            found[number] += np.where(missing > 0, fixed, 0) + each * missing
    found[hopeless] = CANNOT
    return Efforts(tuple(levels), found, scale)


def _levels(columns: Columns, dossiers: Dossiers, place: int) -> NDArray[np.int8]:
    """The accepted levels of one criterion; the highest where it follows from the units below."""
    column = columns.columns[place]
    found = columns.criterion_levels(evolve(dossiers, below=None), column.code, dossiers.values[ACCEPTED, place])
    if column.shares and dossiers.below is not None:
        found[dossiers.below.readers] = len(LEVELS)
    return found


def _missing(column: Column, dossiers: Dossiers, place: int, level: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many more of the numerator meet all requirements up to ``level``, and where nothing does."""
    starts, wholes = dossiers.starts[place], dossiers.wholes[place]
    there, known = starts != NO_START, wholes != NO_TOTAL
    if column.scale is not None and (wholes[there] >= FREE).any():
        raise NotCompilable(f"{column.code}: a base of {FREE} or more is too large to compare exactly")
    needed = starts
    for step, cut in zip(column.steps, column.cuts(np.where(there, wholes, 0)), strict=True):
        if step.level <= level:
            # «hoặc 100%»: all there are, but no fewer than the requirements that do not read so.
            all_of_them = known & (step.whole is not None)
            demanded = np.where(all_of_them, np.minimum(cut, np.maximum(wholes, step.whole or 0)), cut)
            needed = np.maximum(needed, demanded)
    return needed - starts, ~there | (known & (needed > wholes))
