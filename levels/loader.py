"""Loads frameworks: bundled ones by id, others from a YAML file, sealed ones from their content.

Every fault of a file is collected with its row and column. A framework that loads is complete, its
cells are read and its codes are unique; what a lawyer should look at as well is the linter's work.
"""

import functools
import importlib.resources
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from levels.content import build, content, digest, framework_as_json
from levels.faults import Faulty, Findings, Text
from levels.framework import Framework
from levels.schema import violations
from levels.source import MAX_BYTES, Positions, read_source

__all__ = [
    "content",
    "digest",
    "framework_as_json",
    "framework_from_content",
    "framework_ids",
    "load_framework",
    "load_with_positions",
]

_BUNDLED = importlib.resources.files("levels") / "frameworks"
_FILE = "framework.yaml"


def framework_ids() -> tuple[str, ...]:
    """The ids of the bundled frameworks, in alphabetical order."""
    return tuple(sorted(folder.name for folder in _BUNDLED.iterdir() if (folder / _FILE).is_file()))


def load_framework(path_or_id: str | os.PathLike[str]) -> Framework:
    """The framework with a bundled id, or of a YAML file. Raises ``Faulty`` with every fault."""
    return load_with_positions(path_or_id)[0]


def load_with_positions(path_or_id: str | os.PathLike[str]) -> tuple[Framework, Positions]:
    """As ``load_framework``, with the place of every value for whoever finds fault with it."""
    name = os.fspath(path_or_id)
    if name in framework_ids():
        return _load_bundled(name)
    return _read(_read_bytes(name), name)


@functools.cache
def _load_bundled(framework_id: str) -> tuple[Framework, Positions]:
    return _read((_BUNDLED / framework_id / _FILE).read_bytes(), f"{framework_id}/{_FILE}")


def framework_from_content(data: Mapping[str, Any], name: str) -> Framework:
    """The framework whose ``content`` is ``data``; ``name`` says in faults where it comes from.

    Raises ``Faulty``; the column of a fault is the way to the value: ``sets/commune/annex``.
    """
    findings = Findings(name)
    try:
        for violation in violations(data):
            column = "/".join(map(str, violation.path)) or "/"
            findings.error(1, column, found=violation.found, expected=violation.expected)
    except RecursionError:
        findings.error(
            1,
            "/",
            found=Text("nội dung lồng nhau quá nhiều tầng", "the content is nested too deeply"),
            expected=Text("cần nội dung của một khung tiêu chí", "the content of a framework is expected"),
        )
    findings.stop()
    return build(data)


def _read_bytes(name: str) -> bytes:
    findings = Findings(name)
    try:
        with pathlib.Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        pass  # whatever the reason, there is no file to read: said below
    known = ", ".join(framework_ids())
    findings.error(
        1,
        1,
        found=Text("không có khung tiêu chí hoặc tệp này", "there is no such framework, and no file that can be read"),
        expected=Text(f"cần tệp YAML hoặc một trong: {known}", f"a YAML file or one of these is expected: {known}"),
    )
    raise Faulty(findings.faults)


def _read(raw: bytes, name: str) -> tuple[Framework, Positions]:
    findings = Findings(name)
    data, positions = read_source(raw, findings)
    if data is not None or not findings.errors:
        told = {(fault.row, fault.column) for fault in findings.faults}
        for violation in violations(data):
            place = positions.of(*violation.path)
            if place not in told:  # an alias has no value: once is enough
                findings.error(*place, found=violation.found, expected=violation.expected)
    findings.faults.sort(key=lambda fault: (fault.row, fault.column))
    findings.stop()
    return build(data), positions
