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
    """More combinations of counts would have to be compared than the caller allows; ``nodes`` were."""

    def __init__(self, nodes: int) -> None:
        super().__init__(f"stopped after comparing {nodes} combinations of counts")
        self.nodes = nodes


@frozen(eq=False)
class Option:
    """One way of a reader: ``lifted`` or not; ``first``, ``first`` + 1 … members at ``extra[0]``, ``extra[1]`` …"""

    lifted: bool
    first: int
    extra: NDArray[Any]


@frozen(eq=False)
class _Table:
    """``extra``: readers lifted × members, the least so far; the first row and column stand for ``start``. ``taken``:
    the rung by which the last reader came to these counts.
    """

    start: tuple[int, int]
    extra: NDArray[Any]
    taken: NDArray[np.uint16]


def count_out(
    readers: Sequence[Sequence[Option]], rest: NDArray[Any], lifted: int, members: int, limit: int, work: int
) -> tuple[list[bool] | None, int]:
    """Which readers to lift, ``lifted`` of them with ``members`` members in all, at the least sum of extras; None
    where no sum is within ``limit``. And how many combinations were compared.

    ``rest``: the least extra of 0, 1, 2 … members of whom no reader here decides. Extras are integers from 0 to
    ``limit``. Raises ``TooMuchWork`` instead of comparing more than ``work`` combinations.
    """
    table = _Table((0, 0), np.zeros((1, 1), rest.dtype), np.zeros((1, 1), np.uint16))
    ways: list[tuple[tuple[int, int], NDArray[np.uint16]]] = []
    nodes = 0
    for number, options in enumerate(readers, start=1):
        more = sum(len(option.extra) for option in options) * table.extra.size
        if nodes + more > work:
            raise TooMuchWork(nodes)
        nodes += more
        table = _trimmed(_add(table, options, limit), lifted - (len(readers) - number), lifted, limit)
        ways.append((table.start, table.taken))
    row, column = table.start
    others = members - column - np.arange(table.extra.shape[1])
    there = np.flatnonzero((others >= 0) & (others < len(rest)))
    if not table.extra.size or not len(there):
        return None, nodes
    sums = table.extra[lifted - row, there] + rest[others[there]]
    if sums.min() > limit:
        return None, nodes
    return _backwards(readers, ways, lifted, column + int(there[np.argmin(sums)])), nodes


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


def _trimmed(table: _Table, fewest: int, most: int, limit: int) -> _Table:
    """Without counts from which nothing within the limit follows."""
    row, column = table.start
    first, last = max(fewest - row, 0), most - row + 1
    extra, taken = table.extra[first:last], table.taken[first:last]
    columns = np.flatnonzero((extra <= limit).any(axis=0))
    start, end = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, 0)
    # Of the rungs a copy: the rest of the table need not be kept.
    return _Table((row + first, column + start), extra[:, start:end], taken[:, start:end].copy())


def _backwards(
    readers: Sequence[Sequence[Option]],
    ways: Sequence[tuple[tuple[int, int], NDArray[np.uint16]]],
    lifted: int,
    members: int,
) -> list[bool]:
    chosen = []
    for options, ((row, column), taken) in zip(reversed(readers), reversed(ways), strict=True):
        is_lifted, count, _ = _rungs(options)[taken[lifted - row, members - column]]
        chosen.append(is_lifted)
        lifted, members = lifted - is_lifted, members - count
    return chosen[::-1]
