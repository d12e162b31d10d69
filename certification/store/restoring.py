"""Restoring: an archive is judged whole, then read into a database of its own, then put in the place of the old one.

Nothing that is there is touched before all of that has succeeded, and what is replaced is kept under another name.
"""

import contextlib
import datetime
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from certification.store import audit, postgres
from certification.store.archives import DOCUMENTS, Archive, Unusable
from certification.store.backup import opened_as
from levels.faults import Text

SCRATCH = "scratch"
"""The alias under which the restored database is judged before it takes the old one's place."""


@frozen
class Restored:
    """What was done: where the data are now, how many documents came along, and under which name the old data are."""

    where: str
    documents: int
    kept: str  # empty: there was nothing to keep


def judge(archive: Archive) -> tuple[list[Text], list[Text]]:
    """Whatever speaks against restoring the archive, and the flaws of its log.

    The first: files changed, missing or added, and migrations of a later version.
    """
    found = list(archive.flaws())
    # A log that is not even as it was stored is not worth reading.
    log = [] if found else [flaw.text for flaw in archive.log_flaws()]
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    later = sorted(set(archive.manifest.migrations) - known)
    if later:
        made_by = archive.manifest.software
        found.append(
            Text(
                vi=f"bản sao lưu do {made_by} tạo ra, có các bước nâng cấp mà phiên bản này không biết: "
                f"{', '.join(later)}; hãy cài phiên bản mới hơn",
                en=f"the backup was made by {made_by} and has migrations that this version does not know: "
                f"{', '.join(later)}; install a later version",
            )
        )
    return found, log


def restore(archive: Archive, *, replace: bool, accept_broken_log: bool = False) -> Restored:
    """Restore a judged archive into the configured database and folder.

    Raises ``Unusable`` where there are data already and they may not be ``replace``d, where the database is of
    another kind, is in use, or what was restored is not what the archive says; then the old data stand as they were.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    vendor = archive.manifest.vendor
    if connection.vendor != vendor:
        raise Unusable(
            Text(
                vi=f"bản sao lưu là của {vendor}, cơ sở dữ liệu đang cấu hình là {connection.vendor}; "
                "hãy đặt DATABASE_URL hoặc --into cho đúng loại",
                en=f"the backup is of {vendor}, the configured database is {connection.vendor}; "
                "set DATABASE_URL or --into to one of its kind",
            )
        )
    put_in_place = _restore_sqlite if vendor == "sqlite" else _restore_postgres
    kept = put_in_place(archive, replace, accept_broken_log)
    return Restored(str(connection.settings_dict["NAME"]), len(archive.documents), kept)


def _occupied(where: object) -> Unusable:
    return Unusable(
        Text(
            vi=f"{where} đã có dữ liệu; hãy chọn nơi khác, hoặc thêm --replace nếu muốn thay",
            en=f"{where} holds data already; choose another place, or add --replace",
        )
    )


def _used(where: object) -> Unusable:
    return Unusable(
        Text(
            vi=f"{where} đang được sử dụng; hãy dừng máy chủ ứng dụng trước khi khôi phục",
            en=f"{where} is in use; stop the application's server before restoring",
        )
    )


def _restore_sqlite(archive: Archive, replace: bool, accept_broken_log: bool) -> str:
    target = Path(settings.DATABASES[DEFAULT_DB_ALIAS]["NAME"])
    there = target.exists()
    if there and not replace:
        raise _occupied(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    connections[DEFAULT_DB_ALIAS].close()
    with tempfile.TemporaryDirectory(prefix=".certify-", dir=target.parent) as folder:
        scratch = Path(folder) / target.name
        with archive.open(archive.database) as source, scratch.open("xb") as stream:
            shutil.copyfileobj(source, stream)
            os.fsync(stream.fileno())
        with contextlib.closing(sqlite3.connect(scratch)) as opened:
            said = opened.execute("PRAGMA integrity_check").fetchall()
        if said != [("ok",)]:
            raise Unusable(
                Text(
                    vi=f"cơ sở dữ liệu trong bản sao lưu bị hỏng: {said}",
                    en=f"the database in the backup is damaged: {said}",
                )
            )
        with opened_as(SCRATCH, {"NAME": str(scratch), "OPTIONS": {}}):
            _compare(archive, accept_broken_log)
        _place_documents(archive)
        kept = ""
        if there:
            _settle(target)
            kept = str(target.with_name(f"{target.name}.before-{_stamp()}"))
            target.rename(kept)
        scratch.rename(target)
    target.chmod(0o600)
    return kept


def _settle(path: Path) -> None:
    """Bring an SQLite database into its one file; raises ``Unusable`` while anybody else has it open."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as opened:
            opened.execute("PRAGMA locking_mode=EXCLUSIVE")
            opened.execute("PRAGMA journal_mode=DELETE")  # what stands in the log beside it is written into it
            opened.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        raise _used(path) from error
    except sqlite3.DatabaseError:  # damaged beyond reading: that is why somebody restores
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{path}{suffix}").rename(f"{path}.before-{_stamp()}{suffix}")


def _stamp() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")


def _restore_postgres(archive: Archive, replace: bool, accept_broken_log: bool) -> str:
    connection = connections[DEFAULT_DB_ALIAS]
    name = str(connection.settings_dict["NAME"])
    there = bool(connection.introspection.table_names())
    connection.close()
    if there and not replace:
        raise _occupied(name)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        dump = Path(folder) / archive.database
        with archive.open(archive.database) as source, dump.open("xb") as stream:
            shutil.copyfileobj(source, stream)
        scratch = f"{name}_{_stamp()}".replace("-", "_")
        with _server() as execute:
            execute(f"CREATE DATABASE \"{scratch}\" TEMPLATE template0 ENCODING 'UTF8'")
            try:
                with opened_as(SCRATCH, {"NAME": scratch}):
                    postgres.load(connections[SCRATCH].settings_dict, dump)
                    _compare(archive, accept_broken_log)
                _place_documents(archive)
                kept = f"{name}_before_{_stamp()}".replace("-", "_")
                execute(f'ALTER DATABASE "{name}" RENAME TO "{kept}"')
                try:
                    execute(f'ALTER DATABASE "{scratch}" RENAME TO "{name}"')
                except BaseException:
                    execute(f'ALTER DATABASE "{kept}" RENAME TO "{name}"')
                    raise
            except BaseException:
                with contextlib.suppress(Unusable):
                    execute(f'DROP DATABASE IF EXISTS "{scratch}"')
                raise
            if not there:
                execute(f'DROP DATABASE "{kept}"')
    return kept if there else ""


@contextlib.contextmanager
def _server() -> Iterator[Any]:
    """Statements to the server as such, outside of the database that is replaced."""
    with opened_as("server", {"NAME": "postgres"}) as alias:

        def execute(statement: str) -> None:
            try:
                with connections[alias].cursor() as cursor:
                    cursor.execute(statement)
            except DatabaseError as error:
                said = " ".join(str(error).split())
                raise Unusable(
                    Text(
                        vi=f"PostgreSQL không cho phép: {said} (dừng máy chủ ứng dụng trước; tài khoản cơ sở dữ liệu "
                        "cần quyền CREATEDB để khôi phục)",
                        en=f"PostgreSQL refused: {said} (stop the application's server first; the user of the database "
                        "needs the right CREATEDB to restore)",
                    )
                ) from error

        yield execute


def _compare(archive: Archive, accept_broken_log: bool) -> None:
    """Whether the log of the restored database is whole and ends where the archive says. Raises ``Unusable``."""
    head = audit.read_head(SCRATCH)
    texts = [] if accept_broken_log else [flaw.text for flaw in audit.verify(using=SCRATCH)]
    stated = archive.manifest.head
    if head != stated:
        texts.insert(
            0,
            Text(
                vi=f"nhật ký của cơ sở dữ liệu sao lưu kết thúc ở mục {head.sequence}, danh mục ghi {stated.sequence}",
                en=f"the log of the database in the backup ends at entry {head.sequence}, not at {stated.sequence}",
            ),
        )
    if texts:
        raise Unusable(*texts)


def _place_documents(archive: Archive) -> None:
    """Put the documents where they belong; what is there already with the same content stays."""
    root = Path(settings.MEDIA_ROOT)
    for name in archive.documents:
        target = root / name.removeprefix(DOCUMENTS)
        if target.is_file() and _hash(target) == archive.manifest.files[name].sha256:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            archive.open(name) as source,
            tempfile.NamedTemporaryFile(dir=target.parent, prefix=".certify-", delete=False) as stream,
        ):
            shutil.copyfileobj(source, stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(stream.name).replace(target)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
