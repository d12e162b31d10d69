"""Loads frameworks: bundled ones by id, others from a YAML file, sealed ones from their content.

Every fault of a file is collected with its row and column. A framework that loads is complete, its
cells are read and its codes are unique; what a lawyer should look at as well is the linter's work.
"""

import functools
import importlib.resources
import os
from collections.abc import Mapping
from typing import Any

from levels import index_content
from levels.content import build, content, digest, framework_as_json
from levels.faults import Faulty, Findings, Text
from levels.framework import Framework
from levels.index import Index
from levels.schema import violations
from levels.source import Positions, read_bytes, read_source

__all__ = [
    "Rulebook",
    "content",
    "digest",
    "framework_as_json",
    "framework_from_content",
    "framework_ids",
    "load_framework",
    "load_index",
    "load_rulebook",
    "load_with_positions",
    "read_rulebook",
    "rulebook_from_content",
]

Rulebook = Framework | Index

_BUNDLED = importlib.resources.files("levels") / "frameworks"
_FILE = "framework.yaml"


def framework_ids() -> tuple[str, ...]:
    """The ids of the bundled frameworks, in alphabetical order."""
    return tuple(sorted(folder.name for folder in _BUNDLED.iterdir() if (folder / _FILE).is_file()))


def load_framework(path_or_id: str | os.PathLike[str]) -> Framework:
    """The framework of levels with a bundled id, or of a YAML file.

    Raises ``Faulty`` with every fault; an index, which knows no levels, is one.
    """
    rulebook, positions = load_with_positions(path_or_id)
    if isinstance(rulebook, Framework):
        return rulebook
    raise _of_other_kind(
        positions,
        Text("đây là bộ chỉ số tính điểm, không có mức", "this is an index of points, it knows no levels"),
        Text("cần bộ tiêu chí công nhận mức", "a framework of levels is expected"),
    )


def load_index(path_or_id: str | os.PathLike[str]) -> Index:
    """The index of points with a bundled id, or of a YAML file.

    Raises ``Faulty`` with every fault; a framework of levels, which knows no points, is one.
    """
    rulebook, positions = load_with_positions(path_or_id)
    if isinstance(rulebook, Index):
        return rulebook
    raise _of_other_kind(
        positions,
        Text("đây là bộ tiêu chí công nhận mức, không tính điểm", "this is a framework of levels, it knows no points"),
        Text("cần bộ chỉ số tính điểm", "an index of points is expected"),
    )


def _of_other_kind(positions: Positions, found: Text, expected: Text) -> Faulty:
    findings = Findings(positions.file)
    findings.error(*positions.of("kind"), found=found, expected=expected)
    return Faulty(findings.faults)


def load_rulebook(path_or_id: str | os.PathLike[str]) -> Rulebook:
    """The framework or index with a bundled id, or of a YAML file. Raises ``Faulty`` with every fault."""
    return load_with_positions(path_or_id)[0]


def load_with_positions(path_or_id: str | os.PathLike[str]) -> tuple[Rulebook, Positions]:
    """As ``load_rulebook``, with the place of every value for whoever finds fault with it."""
    name = os.fspath(path_or_id)
    if name in framework_ids():
        return _load_bundled(name)
    return read_rulebook(_read_bytes(name), name)


def read_bundled(framework_id: str) -> bytes:
    """The YAML of a bundled rulebook, to be copied and amended. Raises ``KeyError`` for an id there is not."""
    if framework_id not in framework_ids():
        raise KeyError(framework_id)
    return (_BUNDLED / framework_id / _FILE).read_bytes()


@functools.cache
def _load_bundled(framework_id: str) -> tuple[Rulebook, Positions]:
    return read_rulebook(read_bundled(framework_id), f"{framework_id}/{_FILE}")


def rulebook_from_content(data: Mapping[str, Any], name: str) -> Rulebook:
    """The framework or index whose content is ``data``; ``name`` says in faults where it comes from.

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
    return _build(data)


def framework_from_content(data: Mapping[str, Any], name: str) -> Framework:
    """As ``rulebook_from_content``; an index, which knows no levels, is a fault as well."""
    rulebook = rulebook_from_content(data, name)
    if isinstance(rulebook, Framework):
        return rulebook
    findings = Findings(name)
    findings.error(
        1,
        "kind",
        found=Text("đây là bộ chỉ số tính điểm", "this is an index of points"),
        expected=Text("cần bộ tiêu chí công nhận mức", "a framework of levels is expected"),
    )
    raise Faulty(findings.faults)


def _read_bytes(name: str) -> bytes:
    raw = read_bytes(name)
    if raw is not None:
        return raw
    findings = Findings(name)
    known = ", ".join(framework_ids())
    findings.error(
        1,
        1,
        found=Text("không có khung tiêu chí hoặc tệp này", "there is no such framework, and no file that can be read"),
        expected=Text(f"cần tệp YAML hoặc một trong: {known}", f"a YAML file or one of these is expected: {known}"),
    )
    raise Faulty(findings.faults)


def read_rulebook(raw: bytes, name: str) -> tuple[Rulebook, Positions]:
    """As ``load_with_positions``, of the YAML ``raw``; ``name`` says in faults where it comes from."""
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
    return _build(data), positions


def _build(data: Mapping[str, Any]) -> Rulebook:
    return index_content.build(data) if data["kind"] == "index" else build(data)
