"""One load test from an empty database to what was counted, on PostgreSQL and the server that users start."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from attrs import frozen

from tests.e2e.serving import Server, running
from tests.postgres import cluster

SETTINGS = "tests.load.settings"
THINKING = 6.0
"""Seconds between an officer's facts: no hand finds, reads and types one faster for a whole minute."""
DELIBERATING = 12.0
"""Seconds between an appraiser's criteria: a document is looked at."""


@frozen
class Load:
    """What a load test found; times in milliseconds."""

    officers: int
    appraisers: int
    seconds: float
    entries: dict[str, dict[str, float]]
    thinking: float  # seconds between an officer's facts, on the average
    deliberating: float  # between an appraiser's criteria
    bare: float  # p95 of the bare view while nobody works
    busy: dict[str, float]  # seconds on a processor: server, database, people
    saved: int
    conflicts: int
    errors: tuple[str, ...]
    lost: tuple[str, ...]

    def ratio(self, name: str) -> float:
        """The p95 of one kind of request as a multiple of the bare view's in the same minute."""
        return self.entries[name]["p95"] / max(self.entries["bare"]["p95"], 1.0)


def put_under_load(
    seconds: float,
    officers: int = 100,
    appraisers: int = 20,
    workers: int = 2,
    thinking: float = THINKING,
    deliberating: float = DELIBERATING,
) -> Load:
    """Load a province, let everybody work, stop, and count. Raises ``RuntimeError`` where one of its parts fails."""
    with tempfile.TemporaryDirectory(prefix="certify-load-") as folder, cluster() as database:
        place = Path(folder)
        server = Server(place / "home", database=database.create(), environment={"DJANGO_SETTINGS_MODULE": SETTINGS})
        server.home.mkdir()
        staged, found = place / "staged.json", place / "found.json"
        _run(server, "staging", str(officers), str(appraisers), str(staged))
        with running(server, "--workers", str(workers)):
            master = int((database.folder / "data" / "postmaster.pid").read_text("ascii").splitlines()[0])
            plan = {"seconds": seconds, "thinking": thinking, "deliberating": deliberating}
            plan |= {"server": server.process, "database": master}
            _run(server, "people", str(staged), server.address, json.dumps(plan), str(found))
        lost = _run(server, "counting", str(found)).splitlines()
        verified = server.call("audit", "verify")
        if verified.returncode != 0:
            lost.append(f"the log: {verified.stdout}{verified.stderr}")
        result: dict[str, Any] = json.loads(found.read_text("utf-8"))
        complaints = [line for line in server.log.read_text("utf-8").splitlines() if "Traceback" in line]
        return Load(
            officers=officers,
            appraisers=appraisers,
            seconds=result["seconds"],
            thinking=thinking,
            deliberating=deliberating,
            busy=result["busy"],
            entries=result["entries"],
            bare=result["alone"]["entries"]["bare"]["p95"],
            saved=len(result["confirmed"]),
            conflicts=result["conflicts"],
            errors=(*result["alone"]["errors"], *result["errors"], *complaints),
            lost=tuple(filter(None, lost)),
        )


def _run(server: Server, part: str, *arguments: str) -> str:
    environment = {**os.environ, "CERTIFY_HOME": str(server.home), "DATABASE_URL": server.database}
    environment |= {"DJANGO_SETTINGS_MODULE": SETTINGS, "CERTIFY_SERVED": ""}
    command = [sys.executable, "-m", f"tests.load.{part}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise RuntimeError(f"tests.load.{part}:\n{done.stdout}{done.stderr}")
    return done.stdout
