"""What JSON Schema cannot say of an index's content: codes and ids name one thing, formulas can be read."""

from collections.abc import Iterator
from typing import Any

from levels.formulas import UnreadableFormula, read_indicator
from levels.source import Path
from levels.violations import Violation, check_unique, entries, get


def index_violations(data: Any) -> Iterator[Violation]:
    """Every way in which ``data``, whatever the schema found, is not the content of an index."""
    for key in ("lists", "groups", "interpretations", "rounds"):
        told: set[str] = set()
        for path, entry in entries(get(data, key), (key,)):
            if isinstance(name := get(entry, "id"), str):
                yield from check_unique(name, told, (*path, "id"))
    for path, indicator_set in entries(get(data, "sets"), ("sets",)):
        yield from _check_set(indicator_set, path)


def _check_set(indicator_set: Any, path: Path) -> Iterator[Violation]:
    pillars: set[str] = set()
    codes: set[str] = set()
    for pillar_path, pillar in entries(get(indicator_set, "pillars"), (*path, "pillars")):
        if isinstance(code := get(pillar, "code"), str):
            yield from check_unique(code, pillars, (*pillar_path, "code"))
        for indicator_path, indicator in entries(get(pillar, "indicators"), (*pillar_path, "indicators")):
            if isinstance(code := get(indicator, "code"), str):
                yield from check_unique(code, codes, (*indicator_path, "code"))
            yield from _check_formula(indicator, indicator_path)
    if isinstance(code := get(get(indicator_set, "bonus"), "code"), str):
        yield from check_unique(code, codes | pillars, (*path, "bonus", "code"))


def _check_formula(indicator: Any, path: Path) -> Iterator[Violation]:
    keys: set[str] = set()
    for input_path, entry in entries(get(indicator, "inputs"), (*path, "inputs")):
        if isinstance(key := get(entry, "key"), str):
            yield from check_unique(key, keys, (*input_path, "key"))
    try:
        read_indicator(indicator)
    except UnreadableFormula as unreadable:
        yield Violation((*path, *unreadable.path), unreadable.found, unreadable.expected)
    except (KeyError, TypeError, AttributeError, ArithmeticError):
        return  # not of the shape that the schema asks for, which has said so
