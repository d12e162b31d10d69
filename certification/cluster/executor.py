"""Where work is done: in this process, in processes of this machine, or on the machines of a cluster.

Guarantees the same answers in the same order wherever that is: a piece of work depends on what it is given and on
nothing else, so that it may be done anywhere, and again where a worker died over it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol, TypeVar

from attrs import frozen

from levels.faults import Text
from rules.turns import in_turn

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int], None]
"""Called with the number of items done since the last call."""

DEATHS = 3
"""How many workers may die in a row, without a result in between, before the work itself is held to kill them."""


class ClusterFailure(RuntimeError):
    """Work cannot be begun on a cluster, or could not be ended. ``code``: 2 where the cluster asked for is not
    there or not fit, 3 where it was lost on the way; nothing that was asked for is concluded then.
    """

    def __init__(self, text: Text, code: int = 3) -> None:
        super().__init__(text.en)
        self.text = text
        self.code = code


class Executor(Protocol):
    """Does pieces of work; made by ``executor``."""

    @property
    def inherits(self) -> bool:
        """Whether workers have ``shared`` without its being sent: pieces may then point into it."""
        ...

    def map(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Iterable[Item],
        progress: Progress = lambda _: None,
    ) -> Iterator[Result]:
        """What ``work`` makes of ``shared`` and each of ``items``, in their order, each as soon as it is there.

        ``work`` is a function of a module; it, ``shared`` (which every worker gets once), items and results can be
        pickled. Only a few items are under way or waiting to be taken, so that neither many items nor their results
        fill the memory. An error that ``work`` raises is raised in its turn, as the same type. The death of a worker
        changes nothing but the time. Raises ``ClusterFailure`` where the workers are lost.
        """
        ...


@frozen
class InProcess:
    """Work in this process, on ``threads`` threads: more than one serve work that NumPy does."""

    threads: int = 1
    inherits: bool = True

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


HERE = InProcess()
"""This process, on one thread."""


@contextmanager
def executor(workers: int | None = None, scheduler: str | None = None, *, threads: int = 1) -> Iterator[Executor]:
    """What does the work until the context ends: the workers of the Dask cluster whose scheduler has the address
    ``scheduler``; else, where ``workers`` is more than one, so many processes of this machine; else this process, on
    ``threads`` threads.

    Raises ``ClusterFailure`` where the cluster cannot be reached, has no workers or lacks its package here.
    """
    if scheduler is not None:
        from certification.cluster.scheduler import connected

        with connected(scheduler) as cluster:
            yield cluster
    elif workers is not None and workers > 1:
        from certification.cluster.processes import Processes

        yield Processes(workers)
    else:
        yield InProcess(threads)
