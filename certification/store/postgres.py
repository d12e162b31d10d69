"""PostgreSQL's own programs, called for backups: ``pg_dump`` and ``pg_restore``."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.client import DatabaseClient

from certification.store.archives import Unusable
from levels.faults import Text

PASSING = ("django_session", "usersessions_usersession")
"""Tables whose rows no backup holds: whoever got hold of it could go on in the place of everybody signed in."""


def dump(settings: Mapping[str, Any], target: Path, snapshot: str) -> None:
    """Write the database as the transaction that exported ``snapshot`` sees it, in the custom format."""
    without = [f"--exclude-table-data={table}" for table in PASSING]
    options = ["-Fc", "--no-owner", "--no-privileges", *without, f"--snapshot={snapshot}", f"--file={target}"]
    _call("pg_dump", settings, options)


def load(settings: Mapping[str, Any], source: Path) -> None:
    """Fill the empty database of ``settings`` from a dump: all of it or nothing."""
    _call(
        "pg_restore",
        settings,
        ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source)],
        named=True,
    )


def _call(program: str, settings: Mapping[str, Any], arguments: Sequence[str], *, named: bool = False) -> None:
    """Run one of PostgreSQL's programs against the database of ``settings``. Raises ``Unusable`` with what it said."""
    path = _find(program)
    # Django knows how its settings are told to PostgreSQL's programs: the password never on the command line.
    told, environment = DatabaseClient.settings_to_cmd_args_env(dict(settings), [])
    *reach, name = told[1:]
    database = f"--dbname={name}" if named else name
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program with our own settings
        [path, *reach, *arguments[:-1], database, arguments[-1]],
        env={**os.environ, **(environment or {}), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise Unusable(Text(vi=f"{program} không làm được: {said}", en=f"{program} failed: {said}"))


def _find(program: str) -> str:
    # Debian keeps those of every version apart; the newest can read every older server.
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(program)
    if found is None:
        raise Unusable(
            Text(
                vi=f"Không có chương trình {program} của PostgreSQL trên máy này; hãy cài gói postgresql-client "
                "(Debian: apt install postgresql-client), hoặc sao lưu ngay trên máy chủ cơ sở dữ liệu.",
                en=f"PostgreSQL's program {program} is not on this machine; install the package postgresql-client "
                "(Debian: apt install postgresql-client), or back up on the database server itself.",
            )
        )
    return found
