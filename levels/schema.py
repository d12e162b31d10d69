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

from attrs import frozen
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from levels.faults import Text
from levels.framework import LEVELS, LevelName, NotApplicable
from levels.requirements import UnreadableCell, read_requirement
from levels.source import Path
from levels.words import KINDS

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPES = {
    "string": Text("chữ", "text"),
    "integer": Text("số nguyên", "a whole number"),
    "array": Text("danh sách", "a list"),
    "object": Text("các cặp khóa: giá trị", "keys with values"),
}
_NOTHING = Text("không có giá trị", "there is no value")


@frozen
class Violation:
    """One fault of the content at ``path``."""

    path: Path
    found: Text
    expected: Text


class _Refused(ValueError):
    def __init__(self, found: Text, expected: Text) -> None:
        self.found, self.expected = found, expected
        super().__init__(found.en)


@functools.cache
def _validator() -> Any:
    schema = json.loads(importlib.resources.files("levels").joinpath("framework.schema.json").read_text("utf-8"))
    # JSON Schema takes 5.0 for an integer; no float may enter a rulebook.
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    # The stubs leave ``extend`` untyped.
    return functools.partial(extend(Draft202012Validator, type_checker=checker), schema)  # type: ignore[no-untyped-call]


def violations(data: Any) -> Iterator[Violation]:
    """Every way in which ``data`` is not the content of a framework."""
    levels = _read_levels(data)
    formats = FormatChecker(formats=())
    formats.checks("text", raises=_Refused)(_check_text)
    formats.checks("date", raises=_Refused)(_check_date)
    formats.checks("day of the year", raises=_Refused)(_check_day)
    formats.checks("requirement", raises=(_Refused, UnreadableCell))(lambda cell: _check_cell(cell, levels))
    for error in _validator()(format_checker=formats).iter_errors(data):
        yield from _explain(error)
    yield from _check_levels(levels)
    for path, criteria_set in _entries(_get(data, "sets"), ("sets",)):
        yield from _check_set(criteria_set, path, levels)


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
                Text(f"«{_shorten(value)}» không phải một ngày", f"«{_shorten(value)}» is not a date"),
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
                Text(f"khóa lạ «{_shorten(key)}»", f"unknown key «{_shorten(key)}»"),
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
        shown = Text(f"«{_shorten(value)}»", f"«{_shorten(value)}»") if value is not None else _NOTHING
        yield Violation(path, shown, _demand(error.validator, demand))


def _demand(rule: str, demand: Any) -> Text:
    """What a rule of the schema asks for, in words."""
    match rule:
        case "type":
            return Text(f"cần {_TYPES[demand].vi}", f"{_TYPES[demand].en} is expected")
        case "enum":
            return Text(f"cần một trong: {', '.join(demand)}", f"expected is one of: {', '.join(demand)}")
        case "minLength":
            return Text("không được để trống", "it must not be empty")
        case "maxLength":
            return Text(f"cần không quá {demand} ký tự", f"at most {demand} characters are expected")
        case "minimum":
            return Text(f"cần từ {demand} trở lên", f"{demand} or more is expected")
        case "maximum":
            return Text(f"cần không quá {demand}", f"at most {demand} is expected")
        case "minItems" | "minProperties":
            return Text(f"cần ít nhất {demand} mục", f"at least {demand} entries are expected")
        case "maxItems":
            return Text(f"cần không quá {demand} mục", f"at most {demand} entries are expected")
        case "uniqueItems":
            return Text("không được lặp lại", "nothing may occur twice")
    return Text(f"cần đúng dạng {demand}", f"the form {demand} is expected")


def _shorten(value: Any) -> str:
    """A value for a message: what it is, not all of it."""
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _entries(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The values of a list or mapping that may be neither, each with the way to it."""
    if isinstance(value, dict):
        yield from (((*path, key), entry) for key, entry in value.items())
    elif isinstance(value, list):
        yield from (((*path, index), entry) for index, entry in enumerate(value))


def _read_levels(data: Any) -> tuple[LevelName, ...]:
    """The level names of content that may be faulty: those that can be understood."""
    return tuple(
        LevelName(entry["number"], entry["name"], "")
        for _, entry in _entries(_get(data, "levels"), ())
        if type(_get(entry, "number")) is int and isinstance(_get(entry, "name"), str)
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
    for group_path, group in _entries(_get(criteria_set, "groups"), (*path, "groups")):
        if isinstance(numeral := _get(group, "code"), str):
            yield from _check_unique(numeral, groups, (*group_path, "code"))
        for criterion_path, criterion in _entries(_get(group, "criteria"), (*group_path, "criteria")):
            if isinstance(code := _get(criterion, "code"), str):
                yield from _check_unique(code, codes, (*criterion_path, "code"))
                if isinstance(numeral, str) and code.partition(".")[0] != numeral:
                    yield Violation(
                        (*criterion_path, "code"),
                        Text(f"mã «{code}» không thuộc nhóm {numeral}", f"code «{code}» is not of group {numeral}"),
                        Text(f"cần mã dạng {numeral}.1", f"a code like {numeral}.1 is expected"),
                    )
            yield from _check_kind(_get(criterion, "cells"), (*criterion_path, "cells"), levels)


def _check_unique(code: str, told: set[str], path: Path) -> Iterator[Violation]:
    if code in told:
        yield Violation(
            path,
            Text(f"mã «{code}» lặp lại", f"the code «{code}» occurs twice"),
            Text("cần mã riêng", "codes are unique"),
        )
    told.add(code)


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
