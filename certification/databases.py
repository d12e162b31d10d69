"""Databases: where an installation keeps its data, as Django's settings name it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

POSTGRES = frozenset({"postgres", "postgresql"})


class UnknownDatabase(ValueError):
    """A ``DATABASE_URL`` that names no database this program can use."""


def read_database_url(url: str, home: Path) -> dict[str, Any]:
    """Django's entry for ``url``; empty: the SQLite file in ``home``.

    ``postgres://user:password@host:port/name?sslmode=require`` (``?host=/run/postgresql`` is the folder of a
    socket), or ``sqlite:///path/of/the.file``. Raises ``UnknownDatabase``.
    """
    if not url:
        return _sqlite(home / "certify.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return _sqlite(Path(parts.path))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in POSTGRES or not name:
        raise UnknownDatabase(
            f"DATABASE_URL: «{parts.scheme}:…» names no database; expected postgres://…/NAME or sqlite:///FILE"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # Under the default BEGIN a transaction that reads first and then writes fails beside another.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
