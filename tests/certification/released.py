"""What an installation of a released version keeps, for the test that brings it to this version.

``python -m tests.certification.released VERSION`` is run once at a release: it writes
``released/VERSION.sqlite.sql.gz`` and ``released/VERSION.postgresql.sql.gz``, which are never written again.
"""

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.certification.installations import ADMIN, Installation
from tests.postgres import Cluster, cluster, programs

FOLDER = Path(__file__).parent / "released"

_FILL = """
import datetime, django
django.setup()
from importlib.resources import as_file
from django.db import transaction
from attrs import evolve
from certification.store import audit
from certification.store.loading import load_assessment
from certification.store.models import Account, Act, ActFile, ActUnit, NumberSeries
from evidence.samples import FRAMEWORK, sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.loader import load_rulebook

sample = sample_paths(FRAMEWORK)
with as_file(sample.units) as units_path, as_file(sample.evidence) as evidence_path:
    units = read_units(units_path)
    evidence = read_evidence(evidence_path, load_rulebook(FRAMEWORK), units)
kept = {code: unit for code, unit in units.items() if unit.parent is None or "618" in (code, unit.parent)}
stated = {year: {code: rows[code] for code in rows if code in kept} for year, rows in evidence.stated.items()}
province = load_assessment(FRAMEWORK, Units(kept), evolve(evidence, stated=stated))
with transaction.atomic():
    account = Account.objects.create_user("y.don", "pass", full_name="Y Đôn")
    body = province.units["618"]
    now = datetime.datetime(2025, 12, 18, 8, tzinfo=datetime.UTC)
    NumberSeries.objects.create(body=body, year=2025, last=1)
    act = Act.objects.create(
        cycle=province.cycle, body=body, kind="recognise", year=2025, sequence=1, number="01/QĐ-UBND",
        signed_on=now.date(), signed_at=now, signed_by=account, signer="Y Đôn", seal="sha256:" + "1" * 64,
    )
    ActFile.objects.create(act=act, name="a.html", media_type="text/html", sha256="2" * 64, content=b"<p>Y</p>")
    dossier = province.cycle.dossiers.filter(unit__parent=body).first()
    ActUnit.objects.create(act=act, dossier=dossier, level=2, result={"levels": [2, 2, 2]})
    audit.append(audit.deed("sign", "act", act.pk, act.number, account=account.pk, name="Y Đôn", after={"n": 1}))
"""


def fill(place: Installation) -> None:
    """An installation of this version with a little of everything that must outlive an upgrade."""
    place.home.mkdir(parents=True, exist_ok=True)
    for command in ([*ADMIN, "migrate", "-v0"], [sys.executable, "-c", _FILL]):
        done = place.run(*command)
        if done.returncode:
            raise RuntimeError(done.stderr)


def dump(place: Installation) -> bytes:
    """Everything in its database as SQL."""
    if not place.url:
        connection = sqlite3.connect(place.home / "certify.sqlite3")
        with connection:
            text = "\n".join(connection.iterdump())
        connection.close()
        return text.encode()
    done = subprocess.run(
        [programs() / "pg_dump", "--no-owner", "--no-privileges", _reach(place.url)], capture_output=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    # Newer programs add a line that older ones refuse.
    return b"\n".join(
        line for line in done.stdout.splitlines() if not line.startswith((b"\\restrict", b"\\unrestrict"))
    )


def load(place: Installation, script: bytes) -> None:
    """Fill an empty database from a dump."""
    place.home.mkdir(parents=True, exist_ok=True)
    if not place.url:
        connection = sqlite3.connect(place.home / "certify.sqlite3")
        connection.executescript(script.decode())
        connection.close()
        return
    done = subprocess.run(
        [programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", _reach(place.url)],
        input=script,
        capture_output=True,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode())


def _reach(url: str) -> str:
    return urlsplit(url)._replace(scheme="postgresql").geturl()


def main(version: str) -> None:
    """Write both dumps of ``version``."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, cluster() as server:
        for kind, url in (("sqlite", ""), ("postgresql", _new(server))):
            place = Installation(Path(folder) / kind, url)
            fill(place)
            target = FOLDER / f"{version}.{kind}.sql.gz"
            target.write_bytes(gzip.compress(dump(place), mtime=0))
            print(target)


def _new(server: Cluster) -> str:
    return server.create()


if __name__ == "__main__":
    main(sys.argv[1])
