"""Differences: what an entry of the log says was before and is after, value by value."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from certification.web.speech import say, tell
from levels.faults import Text
from reports.words import NOTHING


@frozen
class Difference:
    """One value by its name, before and after; ``changed``: the two differ."""

    name: str
    before: str
    after: str
    changed: bool


_WITHIN = " › "
_NAMES = {
    "act": Text(vi="quyết định", en="act"),
    "after": Text(vi="sau", en="after"),
    "appointed": Text(vi="bổ nhiệm", en="appointed"),
    "criterion": Text(vi="tiêu chí", en="criterion"),
    "denominator": Text(vi="mẫu số", en="denominator"),
    "difficulties": Text(vi="khó khăn", en="difficulties"),
    "digest": Text(vi="mã băm", en="digest"),
    "done": Text(vi="tình hình", en="course of the year"),
    "held_on": Text(vi="ngày họp", en="held on"),
    "items": Text(vi="nội dung", en="items"),
    "kind": Text(vi="loại", en="kind"),
    "level": Text(vi="mức", en="level"),
    "members": Text(vi="thành viên", en="members"),
    "minutes": Text(vi="biên bản", en="minutes"),
    "name": Text(vi="tên", en="name"),
    "note": Text(vi="ghi chú", en="note"),
    "number": Text(vi="số", en="number"),
    "numerator": Text(vi="tử số", en="numerator"),
    "present": Text(vi="có mặt", en="present"),
    "proofs": Text(vi="tài liệu", en="proofs"),
    "proposals": Text(vi="kiến nghị", en="proposals"),
    "replaces": Text(vi="thay thế, thu hồi", en="replaces, revokes"),
    "reported": Text(vi="đã khai", en="reported"),
    "round": Text(vi="vòng", en="round"),
    "seal": Text(vi="niêm phong", en="seal"),
    "signed_on": Text(vi="ngày ký", en="signed on"),
    "signer": Text(vi="người ký", en="signer"),
    "source": Text(vi="nguồn", en="source"),
    "stale": Text(vi="cần xem lại", en="to be looked at again"),
    "state": Text(vi="trạng thái", en="state"),
    "status": Text(vi="tình trạng", en="status"),
    "target": Text(vi="mức đăng ký", en="target"),
    "unit": Text(vi="đơn vị", en="unit"),
    "units": Text(vi="đơn vị", en="units"),
    "value": Text(vi="giá trị", en="value"),
    "with": Text(vi="cùng với", en="with"),
}
"""What the keys of entries are called."""


def compare(before: Any, after: Any) -> list[Difference]:
    """Every value of the two sides, those that differ first."""
    then, now = dict(_flatten("", before)), dict(_flatten("", after))
    names = list(dict.fromkeys((*now, *then)))
    shown = ((name, then.get(name, NOTHING), now.get(name, NOTHING)) for name in names)
    found = [Difference(in_words(name), before, after, before != after) for name, before, after in shown]
    return sorted(found, key=lambda each: not each.changed)


def in_words(name: str) -> str:
    """A path of keys as people call them; those that this page does not know as they stand."""
    parts = name.split(_WITHIN)
    return _WITHIN.join(tell(_NAMES[part]) if part in _NAMES else part for part in parts)


def _flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case None if not name:
            return
        case dict() if value:
            for key, inner in value.items():
                yield from _flatten(f"{name}{_WITHIN}{key}" if name else str(key), inner)
        case list() if value and any(isinstance(inner, dict | list) for inner in value):
            for place, inner in enumerate(value, start=1):
                yield from _flatten(f"{name}{_WITHIN}{place}" if name else str(place), inner)
        case _:
            yield name, _text(value)


def _text(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return NOTHING
        case bool():
            return say("có", "yes") if value else say("không", "no")
        case list():
            return ", ".join(map(_text, value))
        case _:
            return str(value)
