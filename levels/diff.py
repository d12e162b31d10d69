"""What changed between two versions of a rulebook, criterion by criterion and cell by cell."""

from collections.abc import Iterator

import attrs

from levels.changes import Change, ChangeKind, Place, compare_entries, compare_fields, partners
from levels.faults import Text
from levels.framework import Criterion, Deadline, Framework, Requirement, Tier
from levels.index import Index
from levels.index_diff import diff_indexes, index_successors
from levels.requirements import implies
from levels.words import STEPS, TIERS

__all__ = ["Change", "diff", "successors"]


def diff(a: Framework | Index, b: Framework | Index) -> tuple[Change, ...]:
    """Every difference from ``a`` to ``b``, in the order of the document; empty where they are equal.

    Of a framework of levels and an index of points there is but one: they cannot be compared.
    """
    if isinstance(a, Framework) and isinstance(b, Framework):
        return _diff_frameworks(a, b)
    if isinstance(a, Index) and isinstance(b, Index):
        return diff_indexes(a, b)
    kinds = ["recognition" if isinstance(rulebook, Framework) else "index" for rulebook in (a, b)]
    return (Place(Text("khung", "framework")).field("kind").change("framework", "changed", *kinds),)


def _diff_frameworks(a: Framework, b: Framework) -> tuple[Change, ...]:
    instrument = Place(Text("văn bản", "instrument"))
    levels = Place(Text("mức", "level"))
    readings = Place(Text("cách hiểu", "interpretation"))
    acts = Place(Text("quyết định công nhận", "act of recognition"))
    return (
        *compare_fields("framework", Place(Text("khung", "framework")), a, b, ("id", "version", "recognise")),
        *compare_fields("instrument", instrument, a.instrument, b.instrument),
        *compare_entries("level name", levels, a.levels, b.levels, lambda level: str(level.number)),
        *_compare_deadlines(a, b),
        *_compare_sets(a, b),
        *compare_entries("interpretation", readings, a.interpretations, b.interpretations, lambda entry: entry.id),
        *compare_entries("act", acts, a.acts, b.acts, lambda act: str(act.tier)),
    )


def _compare_deadlines(a: Framework, b: Framework) -> Iterator[Change]:
    old, new = {deadline.step: deadline for deadline in a.deadlines}, {d.step: d for d in b.deadlines}
    for step in old | new:
        place = Place(Text(f"thời hạn {STEPS[step].vi}", f"deadline of {STEPS[step].en}"))
        if step not in new:
            yield place.change("deadline", "removed", _day(old[step]), None)
        elif step not in old:
            yield place.change("deadline", "added", None, _day(new[step]))
        else:
            before, after = old[step], new[step]
            if _day(before) != _day(after):
                earlier = (after.before_month, after.before_day) < (before.before_month, before.before_day)
                yield place.change("deadline", "tightened" if earlier else "loosened", _day(before), _day(after))
            yield from compare_fields("deadline", place, before, after, ("name", "clause", "late"), "reworded")


def _day(deadline: Deadline) -> str:
    return f"{deadline.before_day:02}/{deadline.before_month:02}"


def _compare_sets(a: Framework, b: Framework) -> Iterator[Change]:
    for tier in a.sets | b.sets:
        place = Place(Text(f"bảng {TIERS[tier].vi}", f"{TIERS[tier].en} set"), tier)
        old, new = a.sets.get(tier), b.sets.get(tier)
        if new is None:
            yield place.change("set", "removed", a.sets[tier].title, None)
        elif old is None:
            yield place.change("set", "added", None, new.title)
        else:
            fields = ("annex", "title", "stated_count", "appraised_by")
            yield from compare_fields("set", place, old, new, fields)
            yield from compare_entries(
                "group",
                Place(Text(f"{place.name.vi}, nhóm", f"{place.name.en}, group"), tier),
                old.groups,
                new.groups,
                lambda group: group.code,
            )
        yield from _compare_criteria(tier, old.criteria if old else (), new.criteria if new else ())


def _compare_criteria(tier: Tier, a: tuple[Criterion, ...], b: tuple[Criterion, ...]) -> Iterator[Change]:
    became = partners(a, b, _content)
    for old in a:
        if old.code not in became:
            yield _place(tier, old.code).change("criterion", "removed", old.name, None)
    by_code = {old.code: old for old in a}
    former = {new.code: by_code[code] for code, new in became.items()}
    for new in b:
        if new.code in former:
            yield from _compare_criterion(tier, former[new.code], new)
        else:
            yield _place(tier, new.code).change("criterion", "added", None, new.name)


def _content(criterion: Criterion) -> Criterion | None:
    return attrs.evolve(criterion, code="", name="") if criterion.method else None


def _place(tier: Tier, code: str, level: int | None = None) -> Place:
    name = Text(f"{TIERS[tier].vi}, tiêu chí {code}", f"{TIERS[tier].en} criterion {code}")
    if level is not None:
        name = Text(f"{name.vi}, mức {level}", f"{name.en}, level {level}")
    return Place(name, tier, code, level)


def _compare_criterion(tier: Tier, old: Criterion, new: Criterion) -> Iterator[Change]:
    place = _place(tier, new.code)
    for before, after in ((old.code, new.code), (old.name, new.name)):
        if before != after:
            yield place.change("criterion", "renamed", before, after)
    for index, (before, after) in enumerate(zip(old.cells, new.cells, strict=True)):
        if before != after:
            kind = _direction(old.requirements[index], new.requirements[index])
            yield _place(tier, new.code, index + 1).change("cell", kind, before, after)
    yield from compare_fields("criterion", place, old, new, ("measure", "method", "basis"), "reworded")
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


def successors(a: Framework | Index, b: Framework | Index) -> dict[tuple[Tier, str], str]:
    """The code in ``b`` of every criterion (or indicator) of ``a`` that is still there, by tier and its code in ``a``.

    It may have another code or name: it is found as ``diff`` finds it. Of a framework and an index none is.
    """
    if isinstance(a, Framework) and isinstance(b, Framework):
        return {
            (tier, code): new.code
            for tier in a.sets.keys() & b.sets.keys()
            for code, new in partners(a.sets[tier].criteria, b.sets[tier].criteria, _content).items()
        }
    if isinstance(a, Index) and isinstance(b, Index):
        return index_successors(a, b)
    return {}
