"""Pieces of work in turn: begun ahead of time, taken in order, few enough at a time to bound memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


def in_turn(work: Callable[[Item], Found], items: Iterable[Item], *, threads: int) -> Iterator[tuple[Item, Found]]:
    """Every item with what ``work`` makes of it, in order, on ``threads`` threads; one is the caller's own.

    No more than ``threads`` + 1 items are under way or waiting to be taken. An error in ``work`` is raised in its
    turn.
    """
    if threads == 1:
        yield from ((item, work(item)) for item in items)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from taken_in_turn(lambda item: pool.submit(work, item).result, items, lambda: threads)


def taken_in_turn(
    begin: Callable[[Item], Callable[[], Found]], items: Iterable[Item], ahead: Callable[[], int]
) -> Iterator[tuple[Item, Found]]:
    """Every item with its result, in order, where ``begin`` begins the work on an item and returns what waits for
    its result. No more items than ``ahead`` says, and one, are begun and not yet taken.
    """
    waiting: deque[tuple[Item, Callable[[], Found]]] = deque()
    for item in items:
        waiting.append((item, begin(item)))
        while len(waiting) > ahead():
            first, result = waiting.popleft()
            yield first, result()
    while waiting:
        first, result = waiting.popleft()
        yield first, result()
