"""Scripts of others that pages load: exactly what their authors released, each with its licence."""

import hashlib
import re
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parents[2] / "certification" / "web" / "static" / "vendor"
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| `(?P<package>[^`]+)` \| (?P<version>\d+\.\d+\.\d+) \| `[^`]+` "
    r"\| [^|]+\(`(?P<licence>[^`]+)`\) \| `(?P<digest>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)
ROWS = [match.groupdict() for match in ROW.finditer((PLACE / "VENDORED.md").read_text("utf-8"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_vendored_script_is_the_one_that_was_released(row: dict[str, str]) -> None:
    assert hashlib.sha256((PLACE / row["file"]).read_bytes()).hexdigest() == row["digest"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_vendored_script_stands_beside_its_licence(row: dict[str, str]) -> None:
    assert "permission" in (PLACE / row["licence"]).read_text("utf-8").lower()


def test_nothing_is_vendored_that_is_not_named() -> None:
    named = {name for row in ROWS for name in (row["file"], row["licence"])}
    assert {path.name for path in PLACE.iterdir()} == {*named, "VENDORED.md"}
