"""A Dask cluster for tests: a scheduler and workers as processes of their own, on loopback and random ports."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import define, field

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


@define(eq=False)
class Machines:
    """What was started, so that all of it is ended; ``options`` go to the scheduler and to every worker."""

    folder: Path
    options: Sequence[str] = ()
    started: list["subprocess.Popen[bytes]"] = field(factory=list)
    address: str = ""

    @property
    def scheduler(self) -> "subprocess.Popen[bytes]":
        return self.started[0]

    def start_scheduler(self) -> None:
        place = self.folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0", *self.options]
        self._start("scheduler", [*options, "--scheduler-file", str(place)], {})
        until(lambda: place.exists() and place.read_text().endswith("}"))
        self.address = json.loads(place.read_text())["address"]

    def start_worker(self, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
        given = [
            "--host",
            "127.0.0.1",
            "--nthreads",
            "1",
            "--dashboard-address",
            "127.0.0.1:0",
            *self.options,
            *options,
        ]
        return self._start(
            "worker", [self.address, *given, "--local-directory", str(self.folder / "scratch")], environment
        )

    def met(self) -> bool:
        """Whether a ``certify`` has come to the scheduler."""
        return b"Client-certify" in (self.folder / "scheduler-0.log").read_bytes()

    def _start(self, kind: str, options: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{kind}-{len(self.started)}.log").open("wb")
        call = [sys.executable, "-m", "dask", kind, *options]
        with log:
            process = subprocess.Popen(
                call,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in reversed(self.started):
            with contextlib.suppress(ProcessLookupError):  # with its nanny's children, also where it is suspended
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)


@contextlib.contextmanager
def machines(folder: Path, workers: int, *options: str) -> Iterator[Machines]:
    """A scheduler with so many workers without a nanny: one that is killed stays dead."""
    found = Machines(folder, options)
    try:
        found.start_scheduler()
        for _ in range(workers):
            found.start_worker("--no-nanny")
        yield found
    finally:
        found.end()


def until(holds: Callable[[], bool]) -> None:
    """Wait until ``holds``; fails in bounded time."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it has not come about"
        time.sleep(0.05)


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
