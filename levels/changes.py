"""Changes: what a comparison of two rulebooks says, and how entries, fields and lines are compared."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Protocol, TypeVar

import attrs
from attrs import frozen

from levels.faults import Language, Text
from levels.framework import Exemption, Tier
from levels.words import FIELDS

ChangeKind = Literal["added", "removed", "renamed", "tightened", "loosened", "reworded", "changed"]
Subject = Literal[
    "framework", "instrument", "level name", "deadline", "set", "group", "criterion", "cell", "validity", "exemption",
    "interpretation", "act",
    "general", "bonus", "pillar", "indicator", "maximum", "scoring", "input", "list", "window", "step", "round", "role",
    "omission",
]  # fmt: skip

_VERBS: dict[ChangeKind, Text] = {
    "added": Text("thêm", "added"),
    "removed": Text("bỏ", "removed"),
    "renamed": Text("đổi tên hoặc mã", "renamed"),
    "tightened": Text("siết chặt", "tightened"),
    "loosened": Text("nới lỏng", "loosened"),
    "reworded": Text("đổi câu chữ", "reworded"),
    "changed": Text("thay đổi", "changed"),
}
_LANGUAGES: tuple[Language, Language] = ("vi", "en")
_ALIKE = (6, 10)  # share of common words from which two names at one code are one criterion, renamed


@frozen
class Change:
    """One difference. ``before`` is None where something was added, ``after`` where it was removed."""

    subject: Subject
    kind: ChangeKind
    before: str | None
    after: str | None
    tier: Tier | None
    code: str | None  # of the criterion or indicator in the newer rulebook; of a removed one in the older
    level: int | None
    text: Text  # the change as one sentence

    def as_json(self) -> dict[str, Any]:
        """The change as plain data, with its sentence in both languages."""
        return attrs.asdict(self)


@frozen
class Place:
    """Where something changed; makes the changes there."""

    name: Text
    tier: Tier | None = None
    code: str | None = None
    level: int | None = None

    def change(self, subject: Subject, kind: ChangeKind, before: Any, after: Any) -> Change:
        shown = [None if value is None else _show(value) for value in (before, after)]
        text = _tell(kind, before, after)
        text = Text(f"{self.name.vi}: {text.vi}", f"{self.name.en}: {text.en}")
        return Change(subject, kind, shown[0], shown[1], self.tier, self.code, self.level, text)

    def field(self, name: str) -> "Place":
        """One field of what stands here."""
        return self._closer(f", {FIELDS[name].vi}", f", {FIELDS[name].en}")

    def entry(self, key: str) -> "Place":
        """The entry that is called ``key``."""
        return self._closer(f" {key}", f" {key}")

    def _closer(self, vi: str, en: str) -> "Place":
        return attrs.evolve(self, name=Text(self.name.vi + vi, self.name.en + en))


def _tell(kind: ChangeKind, before: Any, after: Any) -> Text:
    """What was and what is; of a list that keeps a part just what has gone and come, a list may be long."""
    if isinstance(before, tuple) and isinstance(after, tuple) and set(before) & set(after):
        moved: list[tuple[ChangeKind, list[Any]]] = [
            ("removed", [value for value in before if value not in after]),
            ("added", [value for value in after if value not in before]),
        ]
        told = [(_VERBS[change], f"«{_show(tuple(values))}»") for change, values in moved if values]
        if told:
            vi, en = ("; ".join(f"{verb.say(language)} {words}" for verb, words in told) for language in _LANGUAGES)
            return Text(vi, en)
    words = " → ".join(f"«{_show(value)}»" for value in (before, after) if value is not None)
    return Text(f"{_VERBS[kind].vi} {words}", f"{_VERBS[kind].en} {words}")


def _show(value: Any) -> str:
    if isinstance(value, Exemption):
        return f"{value.wording} [{value.interpretation}]"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def compare_fields(
    subject: Subject, place: Place, a: Any, b: Any, names: Iterable[str] = (), kind: ChangeKind = "changed"
) -> Iterator[Change]:
    """The fields (by default all) in which two frozen values of one class differ."""
    for name in names or [field.name for field in attrs.fields(type(a))]:
        before, after = getattr(a, name), getattr(b, name)
        if before != after:
            yield place.field(name).change(subject, kind, before, after)


def compare_entries(
    subject: Subject, place: Place, a: Iterable[Any], b: Iterable[Any], name: Callable[[Any], str]
) -> Iterator[Change]:
    """Entries that have a name of their own: added, removed, or changed field by field."""
    old, new = _keyed(a, name), _keyed(b, name)
    for key in old | new:
        if key not in new:
            yield place.change(subject, "removed", key, None)
        elif key not in old:
            yield place.change(subject, "added", None, key)
        else:
            yield from compare_fields(subject, place.entry(key), old[key], new[key])


def _keyed(entries: Iterable[Any], name: Callable[[Any], str]) -> dict[str, Any]:
    """The entries by name; what is named like one before it, by name and number."""
    keyed: dict[str, Any] = {}
    told: Counter[str] = Counter()
    for entry in entries:
        key = name(entry)
        told[key] += 1
        keyed[key if told[key] == 1 else f"{key} ({told[key]})"] = entry
    return keyed


class Line(Protocol):
    """A line of a decision's table: a criterion or an indicator."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


LineT = TypeVar("LineT", bound=Line)


def partners(a: Iterable[LineT], b: Iterable[LineT], content: Callable[[LineT], Any]) -> dict[str, LineT]:
    """Which line of ``b`` each of ``a`` became, by its old code: the surest likeness first.

    ``content`` gives what a line says besides its code and name; None where that says too little.
    """
    left, right = list(a), list(b)
    found: dict[str, LineT] = {}

    def same_content(old: LineT, new: LineT) -> bool:
        said = content(old)
        return said is not None and bool(said == content(new))

    for likeness in (_same_name_and_code, _same_name, same_content, _same_code_and_alike):
        for old in tuple(left):
            new = next((candidate for candidate in right if likeness(old, candidate)), None)
            if new is not None:
                found[old.code] = new
                left.remove(old)
                right.remove(new)
    return found


def _same_name_and_code(old: Line, new: Line) -> bool:
    return old.code == new.code and old.name == new.name


def _same_name(old: Line, new: Line) -> bool:
    return old.name == new.name


def _same_code_and_alike(old: Line, new: Line) -> bool:
    before, after = old.name.split(), new.name.split()
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    common, (part, whole) = 2 * sum(block.size for block in blocks), _ALIKE
    return old.code == new.code and common * whole >= part * (len(before) + len(after))
