"""Backups, restoring and the log as an administrator handles them, on both databases, while others write."""

import json
import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.certification.installations import ADMIN, Installation
from tests.postgres import Cluster

pytestmark = pytest.mark.whole  # everything runs in programs of its own


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of an installation in which nothing has happened yet."""
    place = Installation(tmp_path_factory.mktemp("migrated"), "")
    done = place.run(*ADMIN, "migrate", "-v0")
    assert done.returncode == 0, done.stderr
    return place.home / "certify.sqlite3"


@pytest.fixture(scope="session")
def template(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of such a database on PostgreSQL."""
    url = postgres.create()
    done = Installation(tmp_path_factory.mktemp("template"), url).run(*ADMIN, "migrate", "-v0")
    assert done.returncode == 0, done.stderr
    return url.rsplit("/", 1)[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation in which nothing has happened yet."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), home / "certify.sqlite3")
        return Installation(home, "")
    server: Cluster = request.getfixturevalue("postgres")
    return Installation(home, server.create(request.getfixturevalue("template")))


@pytest.fixture
def empty(place: Installation, request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """Another place, of the same kind of database, with nothing in it."""
    url = request.getfixturevalue("postgres").create() if place.url else ""
    return Installation(tmp_path / "elsewhere", url)


def into(place: Installation) -> tuple[str, str]:
    return ("--into", place.url or str(place.home))


def restored(archive: Path, target: Installation, *more: str) -> subprocess.CompletedProcess[str]:
    return target.certify("restore", archive, *into(target), *more)


def test_a_backup_made_while_others_write_restores_to_one_moment_with_all_that_was_confirmed(
    place: Installation, empty: Installation, tmp_path: Path
) -> None:
    archive = tmp_path / "sao-luu.zip"
    with place.written() as kill:
        time.sleep(1)
        before = int(place.sql("SELECT count(*) FROM store_account").strip("[](),"))
        made = place.certify("backup", archive)
        assert made.returncode == 0, made.stderr
        assert len(kill()) > before  # it went on writing
    done = restored(archive, empty)
    assert done.returncode == 0, done.stderr
    told = empty.sql(
        "SELECT (SELECT count(*) FROM store_account), (SELECT count(*) FROM store_proof), "
        "(SELECT sequence FROM store_audithead)"
    )
    accounts, proofs, entries = map(int, re.findall(r"\d+", told))
    assert accounts == proofs == entries >= before
    verified = empty.certify("audit", "verify")
    assert verified.returncode == 0, verified.stdout
    documents = {path.name for path in (empty.home / "proofs").rglob("*") if path.is_file()}
    assert set(re.findall(r"[0-9a-f]{64}", empty.sql("SELECT sha256 FROM store_proof"))) <= documents


def test_killing_the_program_while_it_writes_loses_nothing_that_was_confirmed(place: Installation) -> None:
    confirmed: dict[str, list[int]] = {}
    for name in ("mot", "hai", "ba"):
        with place.written(name) as kill:
            time.sleep(0.7)
            confirmed[name] = kill()
    assert all(confirmed.values())
    found = place.sql("SELECT username FROM store_account")
    missing = [
        f"{name}-{number}"
        for name, numbers in confirmed.items()
        for number in numbers
        if f"'{name}-{number}'" not in found
    ]
    assert missing == []
    # A change and its entry are there together or not at all.
    assert place.sql("SELECT count(*) FROM store_account") == place.sql("SELECT sequence FROM store_audithead")
    verified = place.certify("audit", "verify")
    assert verified.returncode == 0, verified.stdout


def test_nothing_is_restored_over_data_unless_they_may_be_replaced(place: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "sao-luu.zip"
    assert place.certify("backup", archive).returncode == 0
    with place.written():
        time.sleep(0.2)
    refused = restored(archive, place)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert place.sql("SELECT sequence > 0 FROM store_audithead") in ("[(1,)]", "[(True,)]")
    done = restored(archive, place, "--replace")
    assert done.returncode == 0, done.stderr
    assert "before" in done.stdout  # the old data are kept
    assert place.sql("SELECT sequence FROM store_audithead") == "[(0,)]"
    assert place.certify("audit", "verify").returncode == 0  # with its guards


def test_data_in_use_are_not_replaced(place: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "sao-luu.zip"
    assert place.certify("backup", archive).returncode == 0
    with place.written() as kill:
        refused = restored(archive, place, "--replace")
        assert refused.returncode == 2, refused.stdout
        confirmed = kill()
    assert "dừng máy chủ" in refused.stderr
    assert int(place.sql("SELECT sequence FROM store_audithead").strip("[](),")) >= len(confirmed) > 0


@pytest.mark.parametrize("change", ["database", "document", "log", "added"])
def test_an_archive_that_was_changed_restores_nothing(migrated: Path, tmp_path: Path, change: str) -> None:
    place = Installation(tmp_path / "home", "")
    (place.home / "proofs" / "ab").mkdir(parents=True)
    shutil.copy(migrated, place.home / "certify.sqlite3")
    (place.home / "proofs" / "ab" / "abc").write_bytes(b"x" * 100)
    archive, forged = tmp_path / "sao-luu.zip", tmp_path / "gia.zip"
    assert place.certify("backup", archive).returncode == 0
    name = {"database": "database.sqlite3", "document": "proofs/ab/abc", "log": "audit.jsonl"}.get(change)
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(forged, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, content + b" " if entry.filename == name else content)
        if change == "added":
            target.writestr("proofs/cd/cde", b"khac")
    other = Installation(tmp_path / "other", "")
    refused = restored(forged, other)
    assert refused.returncode == 1
    assert (name or "proofs/cd/cde") in refused.stderr
    assert not (other.home / "certify.sqlite3").exists()


def test_what_is_no_backup_is_refused_in_a_sentence(tmp_path: Path) -> None:
    other = Installation(tmp_path / "other", "")
    file = tmp_path / "x.zip"
    file.write_bytes(b"PK nothing")
    refused = restored(file, other)
    assert refused.returncode == 2
    assert "certify backup" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_backup_of_one_kind_of_database_is_not_restored_into_another(migrated: Path, tmp_path: Path) -> None:
    place = Installation(tmp_path / "home", "")
    place.home.mkdir()
    shutil.copy(migrated, place.home / "certify.sqlite3")
    archive = tmp_path / "sao-luu.zip"
    assert place.certify("backup", archive).returncode == 0
    refused = place.certify("restore", archive, "--into", "postgres://nobody@127.0.0.1:1/nothing")
    assert refused.returncode == 2
    assert "postgresql" in refused.stderr


def test_a_backup_holds_no_secret(migrated: Path, tmp_path: Path) -> None:
    place = Installation(tmp_path / "home", "")
    place.home.mkdir()
    shutil.copy(migrated, place.home / "certify.sqlite3")
    (place.home / "secret-key").write_text("khoa-bi-mat-cua-don-vi-nay-0123456789", "ascii")
    archive = tmp_path / "sao-luu.zip"
    assert place.certify("backup", archive).returncode == 0
    with zipfile.ZipFile(archive) as opened:
        assert all(b"khoa-bi-mat" not in opened.read(entry) for entry in opened.infolist())
        assert json.loads(opened.read("configuration.json"))["home"] == str(place.home)
    assert archive.stat().st_mode & 0o077 == 0  # only its owner reads it


def test_the_log_is_verified_kept_outside_and_exported(place: Installation, tmp_path: Path) -> None:
    with place.written():
        time.sleep(0.3)
    kept = place.certify("audit", "checkpoint")
    assert kept.returncode == 0
    mark = kept.stdout.split()[0]
    exported = tmp_path / "nhat-ky.jsonl"
    assert place.certify("audit", "export", exported).returncode == 0
    assert place.certify("audit", "verify", exported, "--head", mark).returncode == 0
    assert place.certify("audit", "verify", "--head", mark).returncode == 0
    unknown = "sha256:" + "0" * 63 + "1"
    missed = place.certify("audit", "verify", "--head", unknown)
    assert missed.returncode == 1
    assert unknown in missed.stdout
    # Somebody with the rights of the database's owner takes a guard away and rewrites an entry.
    on = " ON store_auditentry" if place.url else ""
    place.sql(f"DROP TRIGGER guard_auditentry_update{on}")
    place.sql("UPDATE store_auditentry SET why = 'sửa' WHERE sequence = 2")
    found = place.certify("audit", "verify", "--format", "json")
    assert found.returncode == 1
    told = json.loads(found.stdout)
    assert [flaw["entry"] for flaw in told["flaws"]] == [2]
    assert told["missing_guards"] == ["guard_auditentry_update"]
    assert place.certify("audit", "checkpoint").returncode == 1
    # A backup is made all the same, says so, and is only restored when that is accepted.
    archive = tmp_path / "sao-luu.zip"
    made = place.certify("backup", archive)
    assert made.returncode == 1
    assert "mục 2 đã bị sửa" in made.stderr
    other = Installation(tmp_path / "other", "")
    assert other.certify("restore", archive, "--check").returncode == 1


def test_nobody_is_signed_in_by_a_backup(place: Installation, empty: Installation, tmp_path: Path) -> None:
    place.sql("INSERT INTO django_session VALUES ('secret-key-of-a-session', 'data', '2999-01-01 00:00:00')")
    archive = tmp_path / "sao-luu.zip"
    made = place.certify("backup", archive)
    assert made.returncode == 0, made.stderr
    assert place.sql("SELECT count(*) FROM django_session") == "[(1,)]"
    with zipfile.ZipFile(archive) as opened:
        assert not any(b"secret-key-of-a-session" in opened.read(name) for name in opened.namelist())
    done = restored(archive, empty)
    assert done.returncode == 0, done.stderr
    assert empty.sql("SELECT count(*) FROM django_session") == "[(0,)]"
