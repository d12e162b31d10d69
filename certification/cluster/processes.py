"""Workers that are processes of this machine; one that dies is replaced and its piece done again."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any

from attrs import define, frozen

from certification.cluster.executor import DEATHS, ClusterFailure, Item, Progress, Result, Shared
from levels.faults import Text
from rules.turns import taken_in_turn

# Where a platform can fork, what is shared reaches the workers by inheritance and is not copied.
_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


@frozen
class Processes:
    """Work in ``workers`` processes of this machine."""

    workers: int
    inherits: bool = _METHOD == "fork"

    def map(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Iterable[Item],
        progress: Progress = lambda _: None,
    ) -> Iterator[Result]:
        """As ``Executor.map``."""
        with _crew(self.workers, work, shared) as crew:
            for _, result in taken_in_turn(crew.begin, items, lambda: 3 * self.workers):
                progress(1)
                yield result


@define(eq=False)
class _Piece:
    item: Any
    future: "Future[Any]"


@define(eq=False)
class _Crew:
    make: Callable[[], ProcessPoolExecutor]
    pool: ProcessPoolExecutor
    under_way: list[_Piece]
    deaths: int = 0  # since the last result

    def begin(self, item: Any) -> Callable[[], Any]:
        piece = _Piece(item, self._submit(item))
        self.under_way.append(piece)
        return lambda: self._take(piece)

    def _submit(self, item: Any) -> "Future[Any]":
        try:
            return self.pool.submit(_perform, item)
        except BrokenProcessPool as error:  # it is mended when the piece is taken
            broken: Future[Any] = Future()
            broken.set_exception(error)
            return broken

    def _take(self, piece: _Piece) -> Any:
        while isinstance(piece.future.exception(), BrokenProcessPool):
            self._replace()
        self.deaths = 0
        self.under_way.remove(piece)
        return piece.future.result()

    def _replace(self) -> None:
        # One death ends the whole pool: what the others had under way is done again as well.
        self.deaths += 1
        if self.deaths > DEATHS:
            raise ClusterFailure(
                Text(
                    vi=f"{self.deaths} tiến trình làm việc liên tiếp đã chết khi làm cùng một phần việc"
                    " (có thể vì hết bộ nhớ); không kết luận gì.",
                    en=f"{self.deaths} worker processes in a row died over the same piece of work"
                    " (the memory may be full); nothing is concluded.",
                )
            )
        self.pool.shutdown()
        self.pool = self.make()
        for piece in self.under_way:
            if not piece.future.done() or isinstance(piece.future.exception(), BrokenProcessPool):
                piece.future = self._submit(piece.item)


@contextmanager
def _crew(workers: int, work: Callable[..., Any], shared: Any) -> Iterator[_Crew]:
    context = multiprocessing.get_context(_METHOD)
    stopped, stop = context.Pipe(duplex=False)

    def make() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, context, _begin, (work, shared, stopped, stop))

    crew = _Crew(make, make(), [])
    try:
        yield crew
    finally:
        stop.close()  # ends the workers at once, also those whose work nobody will take any more
        crew.pool.shutdown(cancel_futures=True)
        stopped.close()


_given: tuple[Callable[[Any, Any], Any], Any] | None = None  # the work and what it shares, in a worker


def _begin(work: Callable[[Any, Any], Any], shared: Any, stopped: Connection, stop: Connection) -> None:
    global _given
    _given = work, shared
    stop.close()  # only the parent's end counts
    # Ctrl-C reaches every process of a terminal; it is the first that answers it and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_when_told, args=(stopped,), daemon=True).start()


def _end_when_told(stopped: Connection) -> None:
    # The pipe ends as well where the parent was killed: a worker would wait for work for ever.
    wait([stopped])
    os._exit(1)


def _perform(item: Any) -> Any:
    assert _given is not None
    work, shared = _given
    return work(shared, item)
