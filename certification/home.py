"""The home of an installation: the folder with its SQLite file, its proofs and its secret key."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

KEY = "secret-key"


def find_home(environment: Mapping[str, str]) -> Path:
    """``CERTIFY_HOME``, else the place for a user's own data."""
    stated = environment.get("CERTIFY_HOME")
    return Path(stated).absolute() if stated else Path.home() / ".local" / "share" / "certify"


def make_home(home: Path) -> None:
    """Make the folder and its secret key, readable by its owner only; what is there stays as it is.

    Raises ``OSError`` where it cannot be written.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Two that start at once: only one makes the file.
        handle = os.open(home / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))


def read_key(environment: Mapping[str, str], home: Path) -> str:
    """The secret key of this installation: from ``CERTIFY_SECRET_KEY``, else from its folder.

    Without either, one that ends with the process: sessions end with it, and nothing rests on a key that others know.
    """
    stated = environment.get("CERTIFY_SECRET_KEY")
    if stated:
        return stated
    kept = home / KEY
    return kept.read_text(encoding="ascii").strip() if kept.is_file() else secrets.token_urlsafe(48)
