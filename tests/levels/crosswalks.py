"""Copies of the bundled crosswalk with one thing changed, for tests."""

from typing import Any

from attrs import evolve

from levels.crosswalk import Crosswalk, Entry, Link, Relation, load_crosswalk
from levels.loader import Rulebook, framework_ids, load_rulebook

KON_TUM, CHU_PRONG, BAC_NINH, HA_NOI, DAK_LAK = (
    "kon-tum-121-2025",
    "chu-prong-2023",
    "bac-ninh-1187-2023",
    "ha-noi-2024",
    "dak-lak-2534-2022",
)


def rulebooks() -> list[Rulebook]:
    return [load_rulebook(name) for name in framework_ids()]


def entry_of(place: str, crosswalk: Crosswalk | None = None) -> Entry:
    """The entry ``kon-tum-121-2025/district/II.9``; without a rulebook it is Kon Tum's."""
    *framework, tier, code = place.split("/")
    wanted = (framework[0] if framework else KON_TUM, tier, code)
    entries = (crosswalk or load_crosswalk()).entries
    return next(entry for entry in entries if (entry.framework, str(entry.tier), entry.code) == wanted)


def relation_of(place: str, index: str, code: str) -> Relation:
    return next(r for r in entry_of(place).relations if (r.index, r.code) == (index, code))


def with_entry(place: str, /, **changes: Any) -> Crosswalk:
    """The bundled crosswalk with one entry changed."""
    old, bundled = entry_of(place), load_crosswalk()
    entries = tuple(evolve(entry, **changes) if entry == old else entry for entry in bundled.entries)
    return evolve(bundled, entries=entries)


def with_relation(place: str, index: str, code: str, /, **changes: Any) -> Crosswalk:
    """The bundled crosswalk with one relation changed."""
    old = relation_of(place, index, code)
    relations = tuple(evolve(r, **changes) if r == old else r for r in entry_of(place).relations)
    return with_entry(place, relations=relations)


def with_link(place: str, index: str, code: str, number: int, /, **changes: Any) -> Crosswalk:
    """The bundled crosswalk with one link of a relation changed."""
    links: list[Link] = list(relation_of(place, index, code).links)
    links[number] = evolve(links[number], **changes)
    return with_relation(place, index, code, links=tuple(links))
