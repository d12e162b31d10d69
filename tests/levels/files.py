"""Copies of the bundled rulebook with one thing changed, for the tests of this room."""

import copy
import importlib.resources
from pathlib import Path
from typing import Any

from levels.faults import Fault, Faulty
from levels.framework import Framework
from levels.lint import lint
from levels.loader import content, framework_from_content, load_framework, load_with_positions

ID = "kon-tum-121-2025"
FOLDER = importlib.resources.files("levels") / "frameworks" / ID
TEXT = (FOLDER / "framework.yaml").read_text("utf-8")


def kon_tum() -> Framework:
    return load_framework(ID)


def kon_tum_content() -> dict[str, Any]:
    """The content of the bundled rulebook, free to be changed."""
    return copy.deepcopy(content(kon_tum()))


def criterion_content(data: dict[str, Any], place: str) -> dict[str, Any]:
    """The criterion ``commune/I.2`` of ``data``."""
    tier, code = place.split("/")
    return next(c for group in data["sets"][tier]["groups"] for c in group["criteria"] if c["code"] == code)


def changed(**changes: Any) -> Framework:
    """The bundled rulebook with some top-level content replaced."""
    return framework_from_content({**kon_tum_content(), **changes}, "changed")


def row_of(text: str, needle: str, nth: int = 1) -> int:
    """The row in which ``needle`` stands for the nth time."""
    at = -1
    for _ in range(nth):
        at = text.index(needle, at + 1)
    return text.count("\n", 0, at) + 1


def replaced(old: str, new: str, after: str = "") -> str:
    """The bundled file with the first ``old`` behind ``after`` replaced."""
    start = TEXT.index(after) if after else 0
    at = TEXT.index(old, start)
    return TEXT[:at] + new + TEXT[at + len(old) :]


def faults_of(path: Path, text: str | bytes) -> tuple[Fault, ...]:
    """Everything that loading and linting the text finds, as ``certify framework check`` would."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        return tuple(lint(*load_with_positions(path)))
    except Faulty as faulty:
        return faulty.faults
