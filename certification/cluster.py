"""Where work is done: in this process, by processes of this machine, or on the machines of a cluster.

Guarantees the same answers in the same order wherever that is: a piece of work depends on what it is given and on
nothing else, so that it may be done anywhere, and again where a worker died over it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol, TypeVar

from attrs import frozen

from rules.sweeps import in_turn

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int], None]
"""Called with the number of items done since the last call."""


class Executor(Protocol):
    """Does pieces of work; made by ``executor``."""

    def map(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Iterable[Item],
        progress: Progress = lambda _: None,
    ) -> Iterator[Result]:
        """What ``work`` makes of ``shared`` and each of ``items``, in their order, each as soon as it is there.

        ``work`` is a function of a module; it, ``shared`` (sent once to every worker), items and results can be
        pickled. Only a few items are under way or waiting to be taken, so that neither many items nor their results
        fill the memory. An error that ``work`` raises is raised in its turn, as the same type.
        """
        ...


@frozen
class InProcess:
    """Work in this process, on ``threads`` threads: more than one serve work that NumPy does."""

    threads: int = 1

    def map(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Iterable[Item],
        progress: Progress = lambda _: None,
    ) -> Iterator[Result]:
        """As ``Executor.map``; nothing is pickled."""
        for _, result in in_turn(partial(work, shared), items, threads=self.threads):
            progress(1)
            yield result


@contextmanager
def executor(workers: int | None = None, scheduler: str | None = None, *, threads: int = 1) -> Iterator[Executor]:
    """What does the work until the context ends: this process (on ``threads`` threads, at least 1); ``workers``
    processes of this machine; or the workers of the cluster whose scheduler has the address ``scheduler``.
    """
    if workers is not None or scheduler is not None:
        raise NotImplementedError("a cluster")
    yield InProcess(threads)
