"""Checks the plain content of a framework against its JSON Schema and says every fault in words.

The schema's formats do what JSON Schema cannot: ``requirement`` reads the cell, ``text`` asks for
NFC without stray spaces, ``date`` and ``day of the year`` for days that exist.
"""

import datetime
import functools
import importlib.resources
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from levels.faults import Text
from levels.framework import LEVELS, LevelName, NotApplicable
from levels.index_schema import index_violations
from levels.requirements import UnreadableCell, read_requirement
from levels.source import Path
from levels.violations import Violation, check_unique, entries, get, shorten
from levels.words import KINDS

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPES = {
    "string": Text("chữ", "text"),
    "integer": Text("số nguyên", "a whole number"),
    "array": Text("danh sách", "a list"),
    "object": Text("các cặp khóa: giá trị", "keys with values"),
    "boolean": Text("true hoặc false", "true or false"),
}
_DEMANDS = {
    "enum": Text("cần một trong: {}", "expected is one of: {}"),
    "minLength": Text("không được để trống", "it must not be empty"),
    "maxLength": Text("cần không quá {} ký tự", "at most {} characters are expected"),
    "minimum": Text("cần từ {} trở lên", "{} or more is expected"),
    "maximum": Text("cần không quá {}", "at most {} is expected"),
    "minItems": Text("cần ít nhất {} mục", "at least {} entries are expected"),
    "minProperties": Text("cần ít nhất {} mục", "at least {} entries are expected"),
    "maxItems": Text("cần không quá {} mục", "at most {} entries are expected"),
    "oneOf": Text("cần đúng một trong: {}", "expected is exactly one of: {}"),
    "dependentRequired": Text("phải ghi cùng nhau: {}", "these go together: {}"),
    "uniqueItems": Text("không được lặp lại", "nothing may occur twice"),
}
_FORM = Text("cần đúng dạng {}", "the form {} is expected")
_NOTHING = Text("không có giá trị", "there is no value")


class _Refused(ValueError):
    def __init__(self, found: Text, expected: Text) -> None:
        self.found, self.expected = found, expected
        super().__init__(found.en)


@functools.cache
def _validator(name: str) -> Any:
    schema = json.loads(importlib.resources.files("levels").joinpath(f"{name}.schema.json").read_text("utf-8"))
    # JSON Schema takes 5.0 for an integer; no float may enter a rulebook.
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    # The stubs leave ``extend`` untyped.
    return functools.partial(extend(Draft202012Validator, type_checker=checker), schema)  # type: ignore[no-untyped-call]


def violations(data: Any) -> Iterator[Violation]:
    """Every way in which ``data`` is not the content of a framework."""
    index = get(data, "kind") == "index"
    levels = _read_levels(data)
    yield from schema_violations(data, "index" if index else "framework", levels)
    if index:
        yield from index_violations(data)
        return
    yield from _check_levels(levels)
    for path, criteria_set in entries(get(data, "sets"), ("sets",)):
        yield from _check_set(criteria_set, path, levels)


def schema_violations(data: Any, schema: str, levels: tuple[LevelName, ...] = ()) -> Iterator[Violation]:
    """Every way in which ``data`` is not what the schema of this name (``crosswalk``) asks for."""
    formats = FormatChecker(formats=())
    formats.checks("text", raises=_Refused)(_check_text)
    formats.checks("date", raises=_Refused)(_check_date)
    formats.checks("day of the year", raises=_Refused)(_check_day)
    formats.checks("requirement", raises=(_Refused, UnreadableCell))(lambda cell: _check_cell(cell, levels))
    for error in _validator(schema)(format_checker=formats).iter_errors(data):
        yield from _explain(error)


def _check_text(value: object) -> bool:
    if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
        raise _Refused(
            Text("chữ không ở dạng Unicode NFC", "text is not in Unicode NFC"),
            Text("hãy chuyển sang NFC (dựng sẵn)", "convert it to NFC (precomposed)"),
        )
    if isinstance(value, str) and value != " ".join(value.split()):
        raise _Refused(
            Text("thừa dấu cách hoặc xuống dòng", "stray spaces or line breaks"),
            Text("cần chữ trên một dòng, mỗi chỗ một dấu cách", "one line of text with single spaces is expected"),
        )
    return True


def _check_cell(value: object, levels: tuple[LevelName, ...]) -> bool:
    if isinstance(value, str):
        _check_text(value)
        read_requirement(value, levels)
    return True


def _check_date(value: object) -> bool:
    if isinstance(value, str):
        try:
            if not _DATE.fullmatch(value):
                raise ValueError
            datetime.date.fromisoformat(value)
        except ValueError:
            raise _Refused(
                Text(f"«{shorten(value)}» không phải một ngày", f"«{shorten(value)}» is not a date"),
                Text("cần ngày dạng 2025-03-10", "a date like 2025-03-10 is expected"),
            ) from None
    return True


def _check_day(value: object) -> bool:
    """A day that every year has: a yearly deadline cannot fall on 29/02."""
    if isinstance(value, dict) and type(value.get("day")) is int and type(value.get("month")) is int:
        try:
            datetime.date(2001, value["month"], value["day"])
        except ValueError:
            day = f"{value['day']}/{value['month']}"
            raise _Refused(
                Text(f"không phải năm nào cũng có ngày {day}", f"not every year has a {day}"),
                Text("cần ngày có trong mọi năm", "a day that every year has is expected"),
            ) from None
    return True


def _explain(error: Any) -> Iterator[Violation]:
    path = tuple(error.absolute_path)
    value, demand = error.instance, error.validator_value
    if isinstance(error.cause, _Refused | UnreadableCell):
        yield Violation(path, error.cause.found, error.cause.expected)
    elif error.validator == "additionalProperties":
        for key in (key for key in value if key not in error.schema["properties"]):
            known = ", ".join(error.schema["properties"])
            yield Violation(
                (*path, key),
                Text(f"khóa lạ «{shorten(key)}»", f"unknown key «{shorten(key)}»"),
                Text(f"các khóa được dùng: {known}", f"the keys known here are: {known}"),
            )
    elif error.validator == "required":
        # The library reports each missing key once, and names it only in its English sentence.
        for key in (key for key in demand if key not in value and error.message.startswith(repr(key))):
            yield Violation(
                path,
                Text(f"thiếu khóa «{key}»", f"the key «{key}» is missing"),
                Text("cần ghi khóa này", "it is needed"),
            )
    else:
        shown = Text(f"«{shorten(value)}»", f"«{shorten(value)}»") if value is not None else _NOTHING
        yield Violation(path, shown, _demand(error.validator, demand))


def _demand(rule: str, demand: Any) -> Text:
    """What a rule of the schema asks for, in words."""
    if rule == "type":
        return Text(f"cần {_TYPES[demand].vi}", f"{_TYPES[demand].en} is expected")
    if rule == "oneOf":
        demand = [key for choice in demand for key in choice["required"]]
    words = _DEMANDS.get(rule, _FORM)
    named = ", ".join(demand) if isinstance(demand, list | dict) else demand
    return Text(words.vi.format(named), words.en.format(named))


def _read_levels(data: Any) -> tuple[LevelName, ...]:
    """The level names of content that may be faulty: those that can be understood."""
    return tuple(
        LevelName(entry["number"], entry["name"], "")
        for _, entry in entries(get(data, "levels"), ())
        if type(get(entry, "number")) is int and isinstance(get(entry, "name"), str)
    )


def _check_levels(levels: tuple[LevelName, ...]) -> Iterator[Violation]:
    """Levels 1 to 5 in order, each with a name of its own: cells refer to them by name."""
    numbers = tuple(level.number for level in levels)
    if len(levels) == len(LEVELS) and numbers != LEVELS:
        found = ", ".join(map(str, numbers))
        yield Violation(
            ("levels",),
            Text(f"các mức đánh số {found}", f"the levels are numbered {found}"),
            Text("cần các mức 1, 2, 3, 4, 5 theo thứ tự", "levels 1, 2, 3, 4, 5 in order are expected"),
        )
    if len({level.name.casefold() for level in levels}) < len(levels):
        yield Violation(
            ("levels",),
            Text("hai mức trùng tên", "two levels have the same name"),
            Text("mỗi mức cần tên riêng", "every level needs a name of its own"),
        )


def _check_set(criteria_set: Any, path: Path, levels: tuple[LevelName, ...]) -> Iterator[Violation]:
    """What the decision's table must be for a code to name one criterion of one kind."""
    groups: set[str] = set()
    codes: set[str] = set()
    for group_path, group in entries(get(criteria_set, "groups"), (*path, "groups")):
        if isinstance(numeral := get(group, "code"), str):
            yield from check_unique(numeral, groups, (*group_path, "code"))
        for criterion_path, criterion in entries(get(group, "criteria"), (*group_path, "criteria")):
            if isinstance(code := get(criterion, "code"), str):
                yield from check_unique(code, codes, (*criterion_path, "code"))
                if isinstance(numeral, str) and code.partition(".")[0] != numeral:
                    yield Violation(
                        (*criterion_path, "code"),
                        Text(f"mã «{code}» không thuộc nhóm {numeral}", f"code «{code}» is not of group {numeral}"),
                        Text(f"cần mã dạng {numeral}.1", f"a code like {numeral}.1 is expected"),
                    )
            yield from _check_kind(get(criterion, "cells"), (*criterion_path, "cells"), levels)


def _check_kind(cells: Any, path: Path, levels: tuple[LevelName, ...]) -> Iterator[Violation]:
    """One kind of value per criterion: a fact holds one value and every level asks for that."""
    kinds: set[str] = set()
    if not isinstance(cells, list) or len(cells) != len(LEVELS):
        return  # the schema has said it
    for cell in cells:
        try:
            kinds.add(read_requirement(cell, levels).kind)
        except (UnreadableCell, TypeError):
            return  # the schema has said it
    kinds.discard(NotApplicable.kind)
    if len(kinds) != 1:
        found, said = ", ".join(sorted(kinds)), ", ".join(KINDS[kind].vi for kind in sorted(kinds))
        yield Violation(
            path,
            Text(
                f"các ô đòi hỏi {len(kinds)} loại giá trị ({said})", f"the cells ask for {len(kinds)} kinds ({found})"
            ),
            Text("cần đúng một loại: tỷ lệ, số lượng, có/không", "one kind is expected: ratio, count, presence"),
        )
