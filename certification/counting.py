"""Counting: the cheapest selection of readers, by how many are lifted and how many members reach the target.

Two selections with the same counts differ only in cost, so the cheaper one is kept: readers are gone through one by
one, and the work grows with the product of the counts instead of doubling with every reader.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


class TooMuchWork(RuntimeError):
    """More combinations of counts would have to be compared than the caller allows."""


@frozen(eq=False)
class Option:
    """One way of a reader: ``lifted`` or not; ``first``, ``first`` + 1 … members at ``extra[0]``, ``extra[1]`` …"""

    lifted: bool
    first: int
    extra: NDArray[Any]


@frozen(eq=False)
class _Table:
    """``extra``: readers lifted × members, the least so far; the first row and column stand for ``start``."""

    start: tuple[int, int]
    extra: NDArray[Any]
    taken: NDArray[np.uint16]  # the rung by which the last reader came to these counts


def count_out(
    readers: Sequence[Sequence[Option]], rest: NDArray[Any], lifted: int, members: int, limit: int, work: int
) -> tuple[list[bool] | None, int]:
    """Which readers to lift, ``lifted`` of them with ``members`` members in all, at the least sum of extras; None
    where no sum is within ``limit``. And how many combinations were compared.

    ``rest``: the least extra of 0, 1, 2 … members of whom no reader here decides. Extras are integers from 0 to
    ``limit``. Raises ``TooMuchWork`` instead of comparing more than ``work`` combinations.
    """
    least = np.zeros((1, 1), rest.dtype)
    tables = [_Table((0, 0), least, np.zeros((1, 1), np.uint16))]
    nodes = 0
    for number, options in enumerate(readers, start=1):
        nodes += sum(len(option.extra) for option in options) * tables[-1].extra.size
        if nodes > work:
            raise TooMuchWork
        table = _trimmed(_add(tables[-1], options, limit), lifted - (len(readers) - number), lifted, limit)
        if table is None:
            return None, nodes
        tables.append(table)
    row, column = tables[-1].start
    others = members - column - np.arange(tables[-1].extra.shape[1])
    there = np.flatnonzero((others >= 0) & (others < len(rest)))
    sums = tables[-1].extra[lifted - row, there] + rest[others[there]]
    if not len(sums) or sums.min() > limit:
        return None, nodes
    return _backwards(readers, tables, lifted, column + int(there[np.argmin(sums)])), nodes


def _rungs(options: Sequence[Option]) -> list[tuple[bool, int, Any]]:
    return [
        (option.lifted, option.first + place, extra)
        for option in options
        for place, extra in enumerate(option.extra.tolist())
    ]


def _add(table: _Table, options: Sequence[Option], limit: int) -> _Table:
    """The counts with one reader more."""
    rungs = _rungs(options)
    fewest = min(members for _, members, _ in rungs)
    height, width = table.extra.shape
    shape = height + 1, width + max(members for _, members, _ in rungs) - fewest
    extra = np.full(shape, limit + 1, table.extra.dtype)
    taken = np.zeros(shape, np.uint16)
    for rung, (lifted, members, more) in enumerate(rungs):
        part = slice(lifted, lifted + height), slice(members - fewest, members - fewest + width)
        sums = table.extra + more
        better = sums < extra[part]
        np.copyto(extra[part], sums, where=better)
        taken[part][better] = rung
    row, column = table.start
    return _Table((row, column + fewest), extra, taken)


def _trimmed(table: _Table, fewest: int, most: int, limit: int) -> _Table | None:
    """Without counts from which nothing within the limit follows; None: there are no others."""
    row, column = table.start
    first, last = max(fewest - row, 0), most - row + 1
    extra, taken = table.extra[first:last], table.taken[first:last]
    columns = np.flatnonzero((extra <= limit).any(axis=0))
    if not len(columns):
        return None
    part = slice(columns[0], columns[-1] + 1)
    return _Table((row + first, column + int(columns[0])), extra[:, part], taken[:, part])


def _backwards(readers: Sequence[Sequence[Option]], tables: Sequence[_Table], lifted: int, members: int) -> list[bool]:
    chosen = []
    for options, table in zip(reversed(readers), reversed(tables), strict=False):
        row, column = table.start
        is_lifted, count, _ = _rungs(options)[table.taken[lifted - row, members - column]]
        chosen.append(is_lifted)
        lifted, members = lifted - is_lifted, members - count
    return chosen[::-1]
