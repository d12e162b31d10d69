"""A PostgreSQL server of the tests' own: made in a moment, alone on a free port of this machine, gone afterwards.

Tests ask for the fixture ``postgres`` (tests/conftest.py) and get databases with ``postgres.create()``.
``python -m tests.postgres COMMAND …`` runs any command with ``DATABASE_URL`` on such a server, for instance
``python -m tests.postgres .venv/bin/python -m pytest -m database``.
"""

import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import psycopg
from psycopg import sql

LACKING = (
    "The tests on PostgreSQL need its server programs (initdb, postgres), which were not found. "
    "make setup-tests installs them where it may; an administrator of a Debian or Ubuntu machine does it with: "
    "apt-get install postgresql"
)
PATIENCE = 60  # seconds, on a machine that does much else
PLAIN: dict[str, Any] = {
    "cwd": "/",
    "stdin": subprocess.DEVNULL,
    "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
}


class Lacking(RuntimeError):
    """The server programs are not on this machine."""


@attrs.frozen
class Cluster:
    """A running server, and how to reach it."""

    port: int
    password: str = attrs.field(repr=False)
    folder: Path
    _numbers: Iterator[int] = attrs.field(factory=lambda: itertools.count(1), init=False, repr=False, eq=False)

    def url(self, database: str) -> str:
        """What ``DATABASE_URL`` says of ``database`` on this server; its user may do everything."""
        return f"postgres://certify:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """The URL of a new database: empty, or a copy of ``template``, which nobody may be using."""
        name = f"certify_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)


def programs() -> Path:
    """The folder of the newest server programs; raises ``Lacking``."""
    versions = sorted(
        (place for place in Path("/usr/lib/postgresql").glob("*/bin") if place.parent.name.isdigit()),
        key=lambda place: int(place.parent.name),
        reverse=True,
    )
    on_path = shutil.which("initdb")
    for folder in [*versions, *([Path(on_path).resolve().parent] if on_path else [])]:
        if all((folder / name).is_file() for name in ("initdb", "postgres")):
            return folder
    raise Lacking(LACKING)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server with PostgreSQL's own settings, fsync among them; raises ``Lacking`` where there are no programs.

    Its locale knows no language: what the application finds and sorts must not depend on the database's.
    """
    binaries = programs()
    folder = Path(tempfile.mkdtemp(prefix="certify-postgres-"))
    try:
        password = secrets.token_urlsafe(16)
        (folder / "password").write_text(password + "\n", "ascii")
        if as_owner := _owner():
            for path in (folder, folder / "password"):
                shutil.chown(path, as_owner["user"], as_owner["group"])
        data = folder / "data"
        making = ["--username=certify", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256", "--no-sync"]
        command: list[str | Path] = [binaries / "initdb", f"--pgdata={data}", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = subprocess.run([*command, *making], capture_output=True, timeout=PATIENCE, **PLAIN, **as_owner)
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{(made.stdout + made.stderr).decode()}")
        with _running(binaries, data) as port:
            yield Cluster(port, password, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> dict[str, Any]:
    """As whom the server runs: it refuses to do so as root."""
    return {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.geteuid() == 0 else {}


@contextmanager
def _running(binaries: Path, data: Path) -> Iterator[int]:
    port = free_port()
    log = data.parent / "log"
    # A load test has 120 officers, and each of gunicorn's threads keeps its connection.
    settings: list[str | Path] = ["-c", "max_connections=200", "-c", "timezone=UTC"]
    where: list[str | Path] = ["-D", data, "-p", str(port), "-k", data.parent, "-h", "127.0.0.1"]
    with log.open("w", encoding="utf-8") as file:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [binaries / "postgres", *where, *settings], stdout=file, stderr=file, **PLAIN, **_owner()
        )
    try:
        _wait(server, port, log)
        yield port
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        server.wait(PATIENCE)


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Until the server takes connections."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0 and "ready to accept" in log.read_text("utf-8"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8')}")


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Run the command of the arguments; its exit code, or 1 where there is no server to be had."""
    if len(sys.argv) < 2:
        print("usage: python -m tests.postgres COMMAND …", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server does not outlive this program
    try:
        with cluster() as server:
            url = server.create()
            # tests/settings.py reads the second: it never touches a database that happens to be configured.
            environment = {**os.environ, "DATABASE_URL": url, "CERTIFY_TEST_DATABASE_URL": url}
            return subprocess.run(sys.argv[1:], env=environment).returncode
    except Lacking as lacking:
        print(lacking, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
