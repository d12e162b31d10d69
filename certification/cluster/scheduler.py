"""Workers on other machines, behind a Dask scheduler; the only file that imports distributed.

A piece of work whose worker dies is given to another by the scheduler. What is shared is a result like any other: it
is held by the workers, fetched once by one that joins, and made again where the last that held it dies.
Only workers that run the same software give answers; a cluster that gives none is given up in bounded time.
"""

import asyncio
import hashlib
import importlib.metadata
import logging
import pickle
import platform
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from attrs import define, field

from certification.cluster.executor import ClusterFailure, Item, Progress, Result, Shared
from certification.issuing import software
from levels.faults import Text
from rules.turns import taken_in_turn

if TYPE_CHECKING:
    from distributed import Client, Future

REACH = 10.0
"""Seconds within which a scheduler must answer."""

PATIENCE = 30.0
"""Seconds that a cluster may be without workers, or its scheduler without an answer, before it is given up."""

LOOK = 1.0
"""Seconds of waiting for a result after which the cluster is looked at."""

FETCH = 120.0
"""Seconds within which one result must have come over."""

ATTEMPTS = 3
"""How often a result may fail to come over, for a worker may die while it sends."""

_ROOMS = ("levels", "evidence", "rules", "reports", "certification")

Passport = Mapping[str, str]


@cache
def passport() -> Passport:
    """What must be the same on both sides for the answers to be the same: the versions of Python, of this software
    and of NumPy (whose draws may change), and the SHA-256 of this software's code and rulebooks.
    """
    sha256 = hashlib.sha256()
    for room in _ROOMS:
        for name, content in sorted(_contents(room, files(room))):
            sha256.update(f"{name}\0{len(content)}\0".encode())
            sha256.update(content)
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "certify": software(),
        "numpy": importlib.metadata.version("numpy"),
        "code": f"sha256:{sha256.hexdigest()}",
    }


def _contents(name: str, place: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in place.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _contents(path, entry)
        elif entry.name.endswith((".py", ".yaml", ".json")):
            yield path, entry.read_bytes()


@contextmanager
def connected(address: str) -> Iterator["Cluster"]:
    """The cluster whose scheduler has ``address`` (``tcp://HOST:PORT``, or ``tls://`` with the certificates that
    Dask's own configuration names).

    Raises ``ClusterFailure`` where the package distributed is missing, the scheduler does not answer, or no worker
    is there.
    """
    with ExitStack() as stack:
        client = _client(address, stack)
        cluster = Cluster(client, address)
        cluster.look(code=2)
        while not cluster.threads:
            time.sleep(LOOK / 4)
            cluster.look(code=2)
        yield cluster


def _client(address: str, stack: ExitStack) -> "Client":
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ClusterFailure(
            Text(
                vi="--scheduler cần gói distributed: pip install 'certify-digital-levels[cluster]'",
                en="--scheduler needs the package distributed: pip install 'certify-digital-levels[cluster]'",
            ),
            2,
        ) from error
    stack.enter_context(_quiet())
    # Facts of a whole country are more than Dask thinks fit to send through its scheduler.
    stack.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": "100GB"}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions are compared here, and more strictly
        try:
            asyncio.run(asyncio.wait_for(_greet(address), REACH))
            client = Client(address, timeout=REACH, set_as_default=False, name="certify")
        except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
            why = f" ({error})" if str(error) else ""
            raise ClusterFailure(
                Text(
                    vi=f"Không liên lạc được với bộ điều phối «{address}»{why}; cần địa chỉ như"
                    " tcp://10.0.0.5:8786, nơi «dask scheduler» đang chạy.",
                    en=f"The scheduler «{address}» cannot be reached{why}; expected an address like"
                    " tcp://10.0.0.5:8786 where «dask scheduler» is running.",
                ),
                2,
            ) from error
    stack.callback(_close, client)
    return client


async def _greet(address: str) -> None:
    # A client would wait for ever where a connection is taken and nothing is said.
    from distributed.comm.core import connect
    from distributed.security import Security

    comm = await connect(address, timeout=REACH, **Security().get_connection_args("client"))
    await comm.close()


def _close(client: "Client") -> None:
    with suppress(TimeoutError, OSError):  # of a scheduler that is gone there is nothing to take leave of
        client.close(timeout=REACH)


@contextmanager
def _quiet() -> Iterator[None]:
    # What goes wrong with the cluster is told in sentences of our own.
    with ExitStack() as stack:
        for name in ("distributed", "distributed.client", "tornado", "asyncio"):
            logger = logging.getLogger(name)
            stack.callback(logger.setLevel, logger.level)
            logger.setLevel(logging.CRITICAL + 1)
        yield


@define(eq=False)
class Cluster:
    """Work by the workers of a Dask cluster; made by ``connected``."""

    client: "Client"
    address: str
    inherits: bool = False
    threads: int = 0  # of all workers together, when last looked
    _seen: float = field(factory=time.monotonic)  # when there last was a worker
    _looked: float = 0.0

    def map(
        self,
        work: Callable[[Shared, Item], Result],
        shared: Shared,
        items: Iterable[Item],
        progress: Progress = lambda _: None,
    ) -> Iterator[Result]:
        """As ``Executor.map``."""
        name = f"certify-{uuid.uuid4().hex}"
        # Pickled here, so that Dask does not search what is sent for results of its own.
        sent = {"wanted": passport(), "given": pickle.dumps((work, shared), 5)}
        given = self.client.submit(eval, _UNPACK, sent, key=f"{name}-shared")
        number = 0

        def begin(item: Item) -> Callable[[], Any]:
            nonlocal number
            number += 1
            sent = {"wanted": passport(), "given": given, "item": pickle.dumps(item, 5)}
            future = self.client.submit(eval, _PERFORM, sent, key=(name, number))
            return lambda: self._result(future)

        for _, result in taken_in_turn(begin, items, lambda: 3 * max(self.threads, 1)):
            progress(1)
            yield result

    def _result(self, future: "Future[Any]") -> Any:
        worker, outcome, found = self._outcome(future)
        future.release()
        if outcome == "differs":
            raise _unlike(worker, found)
        if outcome == "raised":
            raise found
        return found

    def _outcome(self, future: "Future[Any]") -> Any:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed import wait as wait_for

        fetched = 0
        while True:
            try:
                if time.monotonic() - self._looked > LOOK:
                    self.look()
                with self.client.as_current():
                    wait_for(future, timeout=LOOK)
                    fetched += 1
                    return future.result(timeout=FETCH)
            except TimeoutError as error:
                if fetched == ATTEMPTS or future.status == "error":
                    raise self._lost() from error
            except CancelledError as error:
                raise self._lost() from error
            except KilledWorker as error:
                raise ClusterFailure(
                    Text(
                        vi=f"Nhiều tiến trình làm việc của {self.address} liên tiếp đã chết khi làm cùng một phần việc"
                        " (có thể vì hết bộ nhớ); không kết luận gì.",
                        en=f"Several workers of {self.address} in a row died over the same piece of work"
                        " (the memory may be full); nothing is concluded.",
                    )
                ) from error
            except ClusterFailure:
                raise
            except Exception as error:
                raise self._unfit(error) from error

    def look(self, code: int = 3) -> None:
        """See how many workers there are. Raises ``ClusterFailure`` (with ``code``) where the scheduler does not
        answer, or has had no worker for too long.
        """
        scheduler: Any = self.client.scheduler
        try:
            threads = self.client.sync(scheduler.ncores, callback_timeout=PATIENCE)
        except (OSError, TimeoutError, RuntimeError, AttributeError) as error:
            raise self._lost() from error
        self._looked = time.monotonic()
        self.threads = sum(threads.values())
        if self.threads:
            self._seen = self._looked
        elif self._looked - self._seen > PATIENCE:
            raise ClusterFailure(
                Text(
                    vi=f"Bộ điều phối {self.address} không có tiến trình làm việc nào trong {PATIENCE:.0f} giây;"
                    f" hãy chạy «dask worker {self.address}» trên các máy làm việc.",
                    en=f"The scheduler {self.address} has had no workers for {PATIENCE:.0f} seconds;"
                    f" run «dask worker {self.address}» on the machines that are to work.",
                ),
                code,
            )

    def _lost(self) -> ClusterFailure:
        return ClusterFailure(
            Text(
                vi=f"Mất liên lạc với bộ điều phối {self.address} khi đang làm việc; không kết luận gì.",
                en=f"The scheduler {self.address} was lost while at work; nothing is concluded.",
            )
        )

    def _unfit(self, error: Exception) -> ClusterFailure:
        return ClusterFailure(
            Text(
                vi=f"Tiến trình làm việc của {self.address} không làm được việc này ({type(error).__name__}: {error});"
                f" cần {software()} trên Python {passport()['Python']} ở mọi máy.",
                en=f"A worker of {self.address} cannot do this work ({type(error).__name__}: {error});"
                f" expected {software()} on Python {passport()['Python']} on every machine.",
            ),
            2,
        )


def _unlike(worker: str, theirs: Passport) -> ClusterFailure:
    mine = passport()
    differing = [name for name in mine if mine[name] != theirs.get(name)]
    there = ", ".join(f"{name} {theirs.get(name, '–')}" for name in differing)
    here = ", ".join(f"{name} {mine[name]}" for name in differing)
    return ClusterFailure(
        Text(
            vi=f"Tiến trình làm việc {worker} khác phần mềm ở đây: {there}, ở đây {here};"
            " hãy cài cùng một phiên bản ở mọi máy.",
            en=f"The worker {worker} runs other software than this machine: {there}, here {here};"
            " install the same version on every machine.",
        ),
        2,
    )


# What workers do. An error of the work itself is handed over as a value: one that Dask raises is then Dask's.
# A function that a worker cannot import ends it, be it somebody else's; an expression only fails.

_HERE = "__import__('importlib').import_module('certification.cluster.scheduler')"
_UNPACK = f"{_HERE}.unpack(wanted, given)"
_PERFORM = f"{_HERE}.perform(wanted, given, item)"


def unpack(wanted: Passport, given: bytes) -> Any:
    """On a worker: the work and what it shares; nothing where the worker runs other software."""
    return pickle.loads(given) if passport() == wanted else None  # noqa: S301 - from the client that asks for the work


def perform(wanted: Passport, given: Any, item: bytes) -> tuple[str, str, Any]:
    """On a worker: its address, how it went (``done``, ``raised`` or ``differs``), and the result, the error or the
    worker's own passport.
    """
    from distributed import get_worker

    worker = get_worker().address
    if passport() != wanted:
        return worker, "differs", passport()
    try:
        work, shared = given
        return worker, "done", work(shared, pickle.loads(item))  # noqa: S301 - as above
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's to answer
        return worker, "raised", error
