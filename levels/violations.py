"""Violations: what is wrong with the plain content of a rulebook, and how content that may be faulty is walked."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from levels.faults import Text
from levels.source import Path


@frozen
class Violation:
    """One fault of the content at ``path``."""

    path: Path
    found: Text
    expected: Text


def shorten(value: Any) -> str:
    """A value for a message: what it is, not all of it."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def get(value: Any, key: str) -> Any:
    """The value under ``key`` of what may be no mapping."""
    return value.get(key) if isinstance(value, dict) else None


def entries(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The values of a list or mapping that may be neither, each with the way to it."""
    if isinstance(value, dict):
        yield from (((*path, key), entry) for key, entry in value.items())
    elif isinstance(value, list):
        yield from (((*path, index), entry) for index, entry in enumerate(value))


def check_unique(code: str, told: set[str], path: Path) -> Iterator[Violation]:
    """A violation where ``code`` is among those ``told``; it is from now on."""
    if code in told:
        yield Violation(
            path,
            Text(f"mã «{code}» lặp lại", f"the code «{code}» occurs twice"),
            Text("cần mã riêng", "codes are unique"),
        )
    told.add(code)
