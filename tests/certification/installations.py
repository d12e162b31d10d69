"""An installation of the tests' own, handled as an administrator does: through programs, from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
ADMIN = [sys.executable, "-m", "django"]
CERTIFY = [sys.executable, "-m", "certification.cli"]


@frozen
class Installation:
    """One installation: its folder and its database."""

    home: Path
    url: str  # of its database; "" for the SQLite file

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def certify(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run(*CERTIFY, *arguments)

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "CERTIFY_HOME": str(self.home),
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "certification.settings",
        }

    def sql(self, statement: str) -> str:
        script = (
            "import sys, django; django.setup()\n"
            "from django.db import connection\n"
            "cursor = connection.cursor(); cursor.execute(sys.argv[1])\n"
            "print(cursor.fetchall() if cursor.description else cursor.rowcount)"
        )
        done = self.run(sys.executable, "-c", script, statement)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def written(self, name: str = "can-bo") -> Iterator[Callable[[], list[int]]]:
        """A program that writes meanwhile; killed at the end, or by the call, which gives what was confirmed."""
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.certification.writing", name],
            env=self.environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        assert first, writer.stderr.read() if writer.stderr else ""

        def kill() -> list[int]:
            writer.send_signal(signal.SIGKILL)
            rest = writer.communicate(timeout=60)[0]
            return [int(line) for line in [first, *rest.splitlines(keepends=True)] if line.endswith("\n")]

        try:
            yield kill
        finally:
            writer.kill()
            writer.communicate(timeout=60)
