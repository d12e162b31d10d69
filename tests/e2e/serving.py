"""The application as users start it: ``certify serve`` in a process of its own, on a free port of this machine."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field
from playwright.sync_api import StorageState

from tests.postgres import free_port

PATIENCE = 180  # seconds: the sample province is loaded and decided on a machine that does much else


@define
class Server:
    """A running application; ``home`` and ``database`` are what it keeps, and stay when it is killed.

    ``passwords`` are those of the demonstration, by user name.
    """

    home: Path
    database: str = ""
    passwords: dict[str, str] = field(factory=dict, repr=False)
    port: int = field(factory=free_port)
    environment: dict[str, str] = field(factory=dict)
    sessions: dict[str, StorageState] = field(factory=dict, init=False, repr=False)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False, repr=False)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """The host and port of its addresses."""
        return f"127.0.0.1:{self.port}"

    @property
    def process(self) -> int:
        """The number of its first process. Raises ``RuntimeError`` where it does not run."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    @property
    def log(self) -> Path:
        """What it has said since it was first started."""
        return self.home.with_name(self.home.name + ".log")

    def call(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run ``certify`` on what this server keeps, beside it or while it stands still."""
        command = [sys.executable, "-m", "certification.cli", *arguments]
        return subprocess.run(
            command, env=self.settings(), cwd=self.home, capture_output=True, text=True, timeout=PATIENCE
        )

    def start(self, *arguments: str) -> None:
        """Start it and wait until it answers. Raises ``RuntimeError`` with what it said where it does not."""
        command = [sys.executable, "-m", "certification.cli", "serve", "--port", str(self.port), *arguments]
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self.settings(), cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.answers():
                return
            time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"certify serve did not answer:\n{self.log.read_text('utf-8')}")

    def answers(self) -> bool:
        """Whether it does."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):  # noqa: S310 - our own address
                return True
        except OSError:  # an answer of 503 is one, too
            return False

    def stop(self) -> None:
        """Let it finish what it does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all its workers at once, as a power failure does."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(self._process.pid, how)
            self._process.wait(PATIENCE)
            self._process = None

    def settings(self) -> dict[str, str]:
        """The environment of its processes: this machine's, but nothing that would configure another installation."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CERTIFY_", "DATABASE_URL", "DJANGO_", "COV_CORE"))
        }
        return {
            **kept,
            "CERTIFY_HOME": str(self.home),
            "DATABASE_URL": self.database,
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            **self.environment,
        }


@contextlib.contextmanager
def running(server: Server, *arguments: str) -> Iterator[Server]:
    """``server``, started with ``arguments`` and stopped at the end."""
    server.start(*arguments)
    try:
        yield server
    finally:
        server.stop()


def read_passwords(said: str) -> dict[str, str]:
    """The accounts that ``certify serve --demo`` printed, each with its password."""
    return dict(re.findall(r"^  ([a-z0-9-]+) +((?:[a-z2-9]{4}-){3}[a-z2-9]{4})  ", said, re.MULTILINE))
