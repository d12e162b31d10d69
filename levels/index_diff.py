"""What changed between two versions of an index, indicator by indicator."""

from collections.abc import Iterator
from typing import Any

import attrs

from levels.changes import Change, Place, Subject, compare_entries, compare_fields, partners
from levels.faults import Text
from levels.framework import Tier
from levels.index import Choice, CouncilScore, Index, Indicator, IndicatorSet, Input, Pillar, Sum
from levels.index_content import scoring_content
from levels.words import TIERS

_COUNCIL = "Hội đồng chấm điểm"


def diff_indexes(a: Index, b: Index) -> tuple[Change, ...]:
    """Every difference from ``a`` to ``b``, in the order of the document; empty where they are equal."""
    return (
        *compare_fields("framework", Place(Text("bộ chỉ số", "index")), a, b, ("id", "version")),
        *compare_fields("instrument", Place(Text("văn bản", "instrument")), a.instrument, b.instrument),
        *_compare_sets(a, b),
        *_compare_lists(a, b),
    )


def index_successors(a: Index, b: Index) -> dict[tuple[Tier, str], str]:
    """The code in ``b`` of every indicator of ``a`` that is still there, by tier and its code in ``a``."""
    return {
        (tier, code): new.code
        for tier in a.sets.keys() & b.sets.keys()
        for code, new in partners(a.sets[tier].indicators, b.sets[tier].indicators, _content).items()
    }


def _compare_lists(a: Index, b: Index) -> Iterator[Change]:
    groups, lists = Place(Text("nhóm xếp hạng", "ranking group")), Place(Text("danh sách", "list"))
    steps, rounds = Place(Text("bước", "step")), Place(Text("vòng", "round"))
    roles, omissions = Place(Text("trách nhiệm", "role")), Place(Text("điều bỏ ngỏ", "omission"))
    readings = Place(Text("cách hiểu", "interpretation"))
    yield from compare_entries("group", groups, a.groups, b.groups, lambda group: group.id)
    yield from compare_entries("list", lists, a.lists, b.lists, lambda entry: entry.id)
    yield from _compare_optional("window", Place(Text("thời gian số liệu", "window")), a.window, b.window, "text")
    yield from compare_entries("step", steps, a.calendar, b.calendar, lambda step: step.name)
    yield from compare_entries("round", rounds, a.rounds, b.rounds, lambda entry: entry.id)
    yield from compare_entries("role", roles, a.roles, b.roles, lambda role: f"{role.who}: {role.does}")
    yield from compare_entries("omission", omissions, a.omissions, b.omissions, lambda entry: entry.what)
    yield from compare_entries("interpretation", readings, a.interpretations, b.interpretations, lambda entry: entry.id)


def _compare_optional(subject: Subject, place: Place, a: Any, b: Any, name: str) -> Iterator[Change]:
    """Something that a rulebook need not have; ``name`` is the field that names it."""
    if a is not None and b is not None:
        yield from compare_fields(subject, place, a, b)
    elif a is not None:
        yield place.change(subject, "removed", getattr(a, name), None)
    elif b is not None:
        yield place.change(subject, "added", None, getattr(b, name))


def _compare_sets(a: Index, b: Index) -> Iterator[Change]:
    for tier in a.sets | b.sets:
        place = Place(Text(f"bộ chỉ số {TIERS[tier].vi}", f"{TIERS[tier].en} set"), tier)
        old, new = a.sets.get(tier), b.sets.get(tier)
        if new is None:
            yield place.change("set", "removed", a.sets[tier].title, None)
        elif old is None:
            yield place.change("set", "added", None, new.title)
        else:
            yield from _compare_set(place, old, new)
        yield from _compare_indicators(tier, _own(old), _own(new))


def _own(indicator_set: IndicatorSet | None) -> list[Indicator]:
    """The indicators of a set; pillars that are scored whole have been compared as pillars."""
    return [line for line in indicator_set.indicators if not line.whole] if indicator_set is not None else []


def _compare_set(place: Place, old: IndicatorSet, new: IndicatorSet) -> Iterator[Change]:
    fields = ("annex", "title", "stated_pillars", "stated_count", "stated_max", "rated_by")
    yield from compare_fields("set", place, old, new, fields)
    general = place.field("general")
    yield from compare_entries(
        "general", general, old.general, new.general, lambda item: f"{item.number} {item.name}".strip()
    )
    yield from compare_entries(
        "set", place.field("stated_groups"), old.stated_groups, new.stated_groups, lambda group: group.name
    )
    yield from _compare_optional("bonus", place.field("bonus"), old.bonus, new.bonus, "name")
    before = {pillar.code: pillar for pillar in old.pillars}
    after = {pillar.code: pillar for pillar in new.pillars}
    for code in before | after:
        yield from _compare_pillar(place.field("pillar"), code, before.get(code), after.get(code))


def _compare_pillar(place: Place, code: str, old: Pillar | None, new: Pillar | None) -> Iterator[Change]:
    if old is not None and new is not None:
        at = attrs.evolve(place.entry(code), code=code)
        yield from compare_fields("pillar", at, old, new, ("name", "number", "stated_count", "group", "applies_to"))
        yield from compare_fields("maximum", at, old, new, ("max",))
        return
    before, after = (None if pillar is None else f"{code} {pillar.name}" for pillar in (old, new))
    yield place.change("pillar", "removed" if new is None else "added", before, after)


def _compare_indicators(tier: Tier, a: list[Indicator], b: list[Indicator]) -> Iterator[Change]:
    became = partners(a, b, _content)
    for old in a:
        if old.code not in became:
            yield _place(tier, old.code).change("indicator", "removed", old.name, None)
    by_code = {old.code: old for old in a}
    former = {new.code: by_code[code] for code, new in became.items()}
    for new in b:
        if new.code in former:
            yield from _compare_indicator(_place(tier, new.code), former[new.code], new)
        else:
            yield _place(tier, new.code).change("indicator", "added", None, new.name)


def _content(indicator: Indicator) -> tuple[str, ...] | None:
    said = (str(indicator.max), indicator.method, indicator.proof, indicator.lead, *indicator.support)
    return said if indicator.method else None


def _place(tier: Tier, code: str) -> Place:
    return Place(Text(f"{TIERS[tier].vi}, chỉ số {code}", f"{TIERS[tier].en} indicator {code}"), tier, code)


def _compare_indicator(place: Place, old: Indicator, new: Indicator) -> Iterator[Change]:
    for before, after in ((old.code, new.code), (old.name, new.name)):
        if before != after:
            yield place.change("indicator", "renamed", before, after)
    yield from compare_fields("maximum", place, old, new, ("max",))
    yield from _compare_scoring(place.field("scoring"), old, new)
    yield from compare_entries("input", place.field("inputs"), _listed(old), _listed(new), lambda entry: entry.key)
    fields = ("number", "method", "proof", "lead", "support")
    yield from compare_fields("indicator", place, old, new, fields, "reworded")
    yield from compare_fields("indicator", place, old, new, ("applies_to",))


def _compare_scoring(place: Place, old: Indicator, new: Indicator) -> Iterator[Change]:
    """Words that give the same points are reworded; anything else that is written differently is changed."""
    before, after = list(_leaves(scoring_content(old))), list(_leaves(scoring_content(new)))
    if before != after:
        gone, come = ([leaf for leaf in one if leaf not in other] for one, other in ((before, after), (after, before)))
        same = _bare(old.scoring.as_json()) == _bare(new.scoring.as_json()) and not any(map(_is_term, gone + come))
        yield place.change(
            "scoring", "reworded" if same else "changed", "; ".join(gone) or None, "; ".join(come) or None
        )


_TERMS = ("kind", "key", "count", "method", "part")  # of a rulebook; everything else under scoring is a quote


def _leaves(content: Any, key: str = "") -> Iterator[str]:
    """Everything that is written under ``scoring``: quotes as they are, terms with their key."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _leaves(value, name)
    elif isinstance(content, list):
        for value in content:
            yield from _leaves(value, key)
    else:
        yield f"{key}={content}" if key in _TERMS else str(content or _COUNCIL)


def _is_term(leaf: str) -> bool:
    return leaf.partition("=")[0] in _TERMS


def _bare(plain: Any) -> Any:
    """What a scoring reckons with: its JSON without the words."""
    if isinstance(plain, dict):
        return {key: _bare(value) for key, value in plain.items() if key not in ("text", "label")}
    return [_bare(value) for value in plain] if isinstance(plain, list) else plain


def _listed(indicator: Indicator) -> tuple[Input, ...]:
    """The inputs that the rulebook lists; those of a choice, a sum and a score follow from other words."""
    return () if isinstance(indicator.scoring, Choice | Sum | CouncilScore) else indicator.inputs
