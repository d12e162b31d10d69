"""Databases of every released version are brought to this one: nothing is lost, the log verifies, the guards stand."""

import gzip
import re
from pathlib import Path

import pytest

from tests.certification.installations import ADMIN, Installation
from tests.certification.released import FOLDER, dump, fill, load
from tests.postgres import Cluster

pytestmark = pytest.mark.whole

RELEASED = sorted({path.name.split(".sqlite.")[0] for path in FOLDER.glob("*.sqlite.sql.gz")})
KEPT = (
    "store_account",
    "store_act",
    "store_actfile",
    "store_actunit",
    "store_auditentry",
    "store_dossier",
    "store_factrecord",
)


def place_for(kind: str, folder: Path, request: pytest.FixtureRequest) -> Installation:
    server: Cluster | None = request.getfixturevalue("postgres") if kind == "postgresql" else None
    return Installation(folder, server.create() if server else "")


def counts(place: Installation) -> list[int]:
    counted = ", ".join(f"(SELECT count(*) FROM {table})" for table in KEPT)  # noqa: S608 - our own names
    told = place.sql(f"SELECT {counted}")
    return [int(number) for number in re.findall(r"\d+", told)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("version", [*RELEASED, "this"])
def test_a_database_of_a_released_version_is_brought_to_this_one(
    request: pytest.FixtureRequest, tmp_path: Path, version: str, kind: str
) -> None:
    if version == "this":  # nothing may be released yet, and what this version keeps must be readable to the next
        source = place_for(kind, tmp_path / "source", request)
        fill(source)
        script = dump(source)
    else:
        script = gzip.decompress((FOLDER / f"{version}.{kind}.sql.gz").read_bytes())
    place = place_for(kind, tmp_path / "home", request)
    load(place, script)
    before = counts(place)
    assert len(before) == len(KEPT)
    assert 0 not in before
    done = place.run(*ADMIN, "migrate", "-v0")
    assert done.returncode == 0, done.stderr
    assert counts(place) == before
    verified = place.certify("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_guards_that_a_migration_took_away_stand_again_after_it(tmp_path: Path) -> None:
    place = Installation(tmp_path / "home", "")
    fill(place)
    place.sql("DROP TRIGGER guard_act_update")
    assert place.certify("audit", "verify").returncode == 1
    assert place.run(*ADMIN, "migrate", "-v0").returncode == 0
    assert place.certify("audit", "verify").returncode == 0


def test_no_change_of_the_models_lacks_its_migration(tmp_path: Path) -> None:
    done = Installation(tmp_path, "").run(*ADMIN, "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout
