"""What changed between two versions of a rulebook, criterion by criterion and cell by cell."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import attrs
from attrs import frozen

from levels.faults import Text
from levels.framework import Criterion, Deadline, Exemption, Framework, Requirement, Tier
from levels.requirements import implies
from levels.words import FIELDS, STEPS, TIERS

ChangeKind = Literal["added", "removed", "renamed", "tightened", "loosened", "reworded", "changed"]
Subject = Literal[
    "framework", "instrument", "level name", "deadline", "set", "group", "criterion", "cell", "validity", "exemption",
    "interpretation", "act",
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
_ALIKE = 0.6  # share of common words from which two names at one code are one criterion, renamed


@frozen
class Change:
    """One difference. ``before`` is None where something was added, ``after`` where it was removed."""

    subject: Subject
    kind: ChangeKind
    before: str | None
    after: str | None
    tier: Tier | None
    code: str | None  # of the criterion in the newer framework; of a removed one in the older
    level: int | None
    text: Text  # the change as one sentence

    def as_json(self) -> dict[str, Any]:
        """The change as plain data, with its sentence in both languages."""
        return attrs.asdict(self)


@frozen
class _Place:
    """Where something changed; makes the changes there."""

    name: Text
    tier: Tier | None = None
    code: str | None = None
    level: int | None = None

    def change(self, subject: Subject, kind: ChangeKind, before: Any, after: Any) -> Change:
        shown = [None if value is None else _show(value) for value in (before, after)]
        words = " → ".join(f"«{words}»" for words in shown if words is not None)
        verb = _VERBS[kind]
        text = Text(f"{self.name.vi}: {verb.vi} {words}", f"{self.name.en}: {verb.en} {words}")
        return Change(subject, kind, shown[0], shown[1], self.tier, self.code, self.level, text)

    def field(self, name: str) -> "_Place":
        """One field of what stands here."""
        return self._closer(f", {FIELDS[name].vi}", f", {FIELDS[name].en}")

    def entry(self, key: str) -> "_Place":
        """The entry that is called ``key``."""
        return self._closer(f" {key}", f" {key}")

    def _closer(self, vi: str, en: str) -> "_Place":
        return attrs.evolve(self, name=Text(self.name.vi + vi, self.name.en + en))


def _show(value: Any) -> str:
    if isinstance(value, Exemption):
        return f"{value.wording} [{value.interpretation}]"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def diff(a: Framework, b: Framework) -> tuple[Change, ...]:
    """Every difference from ``a`` to ``b``, in the order of the document; empty where they are equal."""
    instrument = _Place(Text("văn bản", "instrument"))
    levels = _Place(Text("mức", "level"))
    readings = _Place(Text("cách hiểu", "interpretation"))
    acts = _Place(Text("quyết định công nhận", "act of recognition"))
    return (
        *_compare_fields("framework", _Place(Text("khung", "framework")), a, b, ("id", "version", "recognise")),
        *_compare_fields("instrument", instrument, a.instrument, b.instrument),
        *_compare_entries("level name", levels, a.levels, b.levels, lambda level: str(level.number)),
        *_compare_deadlines(a, b),
        *_compare_sets(a, b),
        *_compare_entries("interpretation", readings, a.interpretations, b.interpretations, lambda entry: entry.id),
        *_compare_entries("act", acts, a.acts, b.acts, lambda act: str(act.tier)),
    )


def _compare_fields(
    subject: Subject, place: _Place, a: Any, b: Any, names: Iterable[str] = (), kind: ChangeKind = "changed"
) -> Iterator[Change]:
    """The fields (by default all) in which two frozen values of one class differ."""
    for name in names or [field.name for field in attrs.fields(type(a))]:
        before, after = getattr(a, name), getattr(b, name)
        if before != after:
            yield place.field(name).change(subject, kind, before, after)


def _compare_entries(
    subject: Subject, place: _Place, a: Iterable[Any], b: Iterable[Any], name: Callable[[Any], str]
) -> Iterator[Change]:
    """Entries that have a name of their own: added, removed, or changed field by field."""
    old, new = {name(entry): entry for entry in a}, {name(entry): entry for entry in b}
    for key in old | new:
        if key not in new:
            yield place.change(subject, "removed", key, None)
        elif key not in old:
            yield place.change(subject, "added", None, key)
        else:
            yield from _compare_fields(subject, place.entry(key), old[key], new[key])


def _compare_deadlines(a: Framework, b: Framework) -> Iterator[Change]:
    old, new = {deadline.step: deadline for deadline in a.deadlines}, {d.step: d for d in b.deadlines}
    for step in old | new:
        place = _Place(Text(f"thời hạn {STEPS[step].vi}", f"deadline of {STEPS[step].en}"))
        if step not in new:
            yield place.change("deadline", "removed", _day(old[step]), None)
        elif step not in old:
            yield place.change("deadline", "added", None, _day(new[step]))
        else:
            before, after = old[step], new[step]
            if _day(before) != _day(after):
                earlier = (after.before_month, after.before_day) < (before.before_month, before.before_day)
                yield place.change("deadline", "tightened" if earlier else "loosened", _day(before), _day(after))
            yield from _compare_fields("deadline", place, before, after, ("name", "clause", "late"), "reworded")


def _day(deadline: Deadline) -> str:
    return f"{deadline.before_day:02}/{deadline.before_month:02}"


def _compare_sets(a: Framework, b: Framework) -> Iterator[Change]:
    for tier in a.sets | b.sets:
        place = _Place(Text(f"bảng {TIERS[tier].vi}", f"{TIERS[tier].en} set"), tier)
        old, new = a.sets.get(tier), b.sets.get(tier)
        if new is None:
            yield place.change("set", "removed", a.sets[tier].title, None)
        elif old is None:
            yield place.change("set", "added", None, new.title)
        else:
            fields = ("annex", "title", "stated_count", "appraised_by")
            yield from _compare_fields("set", place, old, new, fields)
            yield from _compare_entries(
                "group",
                _Place(Text(f"{place.name.vi}, nhóm", f"{place.name.en}, group"), tier),
                old.groups,
                new.groups,
                lambda group: group.code,
            )
        yield from _compare_criteria(tier, old.criteria if old else (), new.criteria if new else ())


def _compare_criteria(tier: Tier, a: tuple[Criterion, ...], b: tuple[Criterion, ...]) -> Iterator[Change]:
    partners = _partners(a, b)
    for old in a:
        if old.code not in partners:
            yield _place(tier, old.code).change("criterion", "removed", old.name, None)
    by_code = {old.code: old for old in a}
    former = {new.code: by_code[code] for code, new in partners.items()}
    for new in b:
        if new.code in former:
            yield from _compare_criterion(tier, former[new.code], new)
        else:
            yield _place(tier, new.code).change("criterion", "added", None, new.name)


def _partners(a: tuple[Criterion, ...], b: tuple[Criterion, ...]) -> dict[str, Criterion]:
    """Which criterion of ``b`` each of ``a`` became, by its old code: the surest likeness first."""
    left, right = list(a), list(b)
    partners: dict[str, Criterion] = {}
    for likeness in (_same_name_and_code, _same_name, _same_content, _same_code_and_alike):
        for old in tuple(left):
            new = next((candidate for candidate in right if likeness(old, candidate)), None)
            if new is not None:
                partners[old.code] = new
                left.remove(old)
                right.remove(new)
    return partners


def _same_name_and_code(old: Criterion, new: Criterion) -> bool:
    return old.code == new.code and old.name == new.name


def _same_name(old: Criterion, new: Criterion) -> bool:
    return old.name == new.name


def _same_content(old: Criterion, new: Criterion) -> bool:
    return old.method != "" and attrs.evolve(old, code="", name="") == attrs.evolve(new, code="", name="")


def _same_code_and_alike(old: Criterion, new: Criterion) -> bool:
    words = difflib.SequenceMatcher(None, old.name.split(), new.name.split(), autojunk=False)
    return old.code == new.code and words.ratio() >= _ALIKE


def _place(tier: Tier, code: str, level: int | None = None) -> _Place:
    name = Text(f"{TIERS[tier].vi}, tiêu chí {code}", f"{TIERS[tier].en} criterion {code}")
    if level is not None:
        name = Text(f"{name.vi}, mức {level}", f"{name.en}, level {level}")
    return _Place(name, tier, code, level)


def _compare_criterion(tier: Tier, old: Criterion, new: Criterion) -> Iterator[Change]:
    place = _place(tier, new.code)
    for before, after in ((old.code, new.code), (old.name, new.name)):
        if before != after:
            yield place.change("criterion", "renamed", before, after)
    for index, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        if before != after:
            kind = _direction(old.requirements[index], new.requirements[index])
            yield _place(tier, new.code, index + 1).change("cell", kind, before, after)
    yield from _compare_fields("criterion", place, old, new, ("measure", "method", "basis"), "reworded")
    if old.valid_cycles != new.valid_cycles:
        kind = "tightened" if new.valid_cycles < old.valid_cycles else "loosened"
        yield place.field("valid_cycles").change("validity", kind, old.valid_cycles, new.valid_cycles)
    if old.exemption != new.exemption:
        kind = "loosened" if old.exemption is None else "tightened" if new.exemption is None else "changed"
        yield place.field("exemption").change("exemption", kind, old.exemption, new.exemption)


def _direction(before: Requirement, after: Requirement) -> ChangeKind:
    stricter, milder = implies(after, before), implies(before, after)
    if stricter and milder:
        return "reworded"
    return "tightened" if stricter else "loosened" if milder else "changed"
