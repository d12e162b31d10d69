"""Backups while others work: the database as at one moment, the stored documents, the settings without secrets."""

import contextlib
import datetime
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from certification.issuing import software
from certification.ledger import as_line, write_instant
from certification.store import audit, postgres
from certification.store.archives import CONFIGURATION, DATABASES, DOCUMENTS, LOG, Manifest, Writing
from certification.store.models.facts import Proof
from evidence.files import replace_file
from levels.faults import Text

COPY = "copy"
"""The alias under which a copy of the database is read."""


@frozen
class Made:
    """A backup that was made; ``doubts``: what whoever made it should look at, it is complete all the same."""

    manifest: Manifest
    doubts: tuple[Text, ...]

    @property
    def documents(self) -> int:
        """How many stored documents are in it."""
        return sum(name.startswith(DOCUMENTS) for name in self.manifest.files)


def back_up(target: Path) -> Made:
    """Write everything into the archive ``target`` while others go on working; it is there whole or not at all.

    What was confirmed before the call is in it. Raises ``Unusable`` where the database cannot be copied and
    ``OSError`` where the file cannot be written.
    """
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    with (
        replace_file(target) as stream,
        zipfile.ZipFile(stream, "w") as opened,
        tempfile.TemporaryDirectory(prefix=".certify-", dir=target.resolve().parent) as folder,
    ):
        os.fchmod(stream.fileno(), 0o600)  # it holds what only some may read
        writing = Writing(opened)
        copy = Path(folder) / DATABASES[vendor]
        with _copied(copy) as using:
            with copy.open("rb") as content:
                writing.add(DATABASES[vendor], content, pack=True)
            head = audit.read_head(using)
            lines = (f"{as_line(entry)}\n".encode() for entry in audit.read_entries(using=using))
            writing.add(LOG, lines, pack=True)
            doubts = [flaw.text for flaw in audit.verify(using=using)]
            wanted = set(Proof.objects.using(using).values_list("sha256", flat=True))
            migrations = _migrations(using)
        # After the database: a document is stored before the row that names it, and never removed.
        doubts += _add_documents(writing, wanted)
        writing.add(CONFIGURATION, [json.dumps(configuration(), indent=1, sort_keys=True).encode()])
        made_at = write_instant(datetime.datetime.now(datetime.UTC))
        manifest = Manifest(made_at, software(), vendor, migrations, head, writing.files)
        writing.finish(manifest)
    return Made(manifest, tuple(doubts))


@contextlib.contextmanager
def _copied(copy: Path) -> Iterator[str]:
    """The database copied to the file ``copy``; the alias under which exactly that state can be read."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
        with opened_as(COPY, {"NAME": str(copy), "OPTIONS": {}}):
            yield COPY
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        postgres.dump(connection.settings_dict, copy, cursor.fetchone()[0])
        yield DEFAULT_DB_ALIAS


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy an SQLite database as it is at one moment, whoever writes; nobody stays signed in in the copy."""
    with (
        contextlib.closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as origin,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in postgres.PASSING:
            if table in there:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        copy.commit()
        copy.execute("VACUUM")  # what was deleted would still stand in the file


@contextlib.contextmanager
def opened_as(alias: str, changed: dict[str, Any]) -> Iterator[str]:
    """Another database beside the configured one, whose settings differ by ``changed``, for the time of the block."""
    connections.settings[alias] = {**connections.settings[DEFAULT_DB_ALIAS], "CONN_MAX_AGE": 0, **changed}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def _migrations(using: str) -> tuple[str, ...]:
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in applied))


def _add_documents(writing: Writing, wanted: set[str]) -> Iterator[Text]:
    """Put every stored document in; what of those the database names (by hash) is missing or not as it was stored."""
    root = Path(settings.MEDIA_ROOT)
    found = set[str]()
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts):
            with path.open("rb") as content:
                found.add(writing.add(DOCUMENTS + path.relative_to(root).as_posix(), content).sha256)
    for sha256 in sorted(wanted - found):
        yield Text(
            vi=f"tài liệu kiểm chứng {sha256} có trong cơ sở dữ liệu nhưng không có tệp nguyên vẹn trong {root}",
            en=f"the document {sha256} is named by the database but there is no intact file of it in {root}",
        )


def configuration() -> dict[str, Any]:
    """What was configured, without any secret: no key, no password."""
    database = connections.settings[DEFAULT_DB_ALIAS]
    return {
        "home": str(settings.HOME),
        "production": settings.PRODUCTION,
        "hosts": list(settings.ALLOWED_HOSTS),
        "origins": list(settings.CSRF_TRUSTED_ORIGINS),
        "time_zone": settings.TIME_ZONE,
        "database": {key.lower(): str(database.get(key) or "") for key in ("ENGINE", "NAME", "HOST", "PORT", "USER")},
    }
