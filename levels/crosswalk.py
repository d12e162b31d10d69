"""The crosswalk: which facts of one rulebook measure what another asks for, as frozen data.

An *entry* is one line of a rulebook (a criterion of levels, or an indicator whose facts are numbers); its
*relations* name lines of an index: the *same* thing, with the numbers that may be handed over; the same
matter that only *informs* a council's score; or something *different*, with the reason why not. What no
relation says is not the same. Nothing here knows a unit or a fact.
"""

import functools
import importlib.resources
import os
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import evolve, frozen

from levels.faults import Faulty, Findings, Text
from levels.framework import Criterion, Tier
from levels.schema import schema_violations
from levels.source import Positions, read_bytes, read_source

Kind = Literal["same", "informs", "different"]
Way = Literal["there", "back", "both"]
Take = Literal["numerator", "denominator", "count", "answer", "complete", "yeses", "members"]
"""What is handed over: a number of the fact; its yes or no; a ratio of 100 % as a yes; over communes, how many
say yes, and how many there are."""

_FILE = "crosswalk.yaml"
_NUMBERS: tuple[Take, ...] = ("numerator", "denominator", "count")


@frozen
class Answer:
    """A yes or no that is the same as one printed option, or follows from it one way only."""

    fact: bool
    option: int  # in printed order, from 1
    text: str  # the option's words
    way: Way


@frozen
class Link:
    """One number or answer of a fact that is an input of the index."""

    take: Take
    of: str  # the criterion whose fact it is: the entry's own, or another of its tier
    words: str  # of that criterion's name or method
    input: str  # key
    label: str  # the input's words
    condition: Text | None = None  # what the officer has to confirm; None: nothing
    answers: tuple[Answer, ...] = ()


@frozen
class Relation:
    """How one line of an index stands to an entry, and why."""

    index: str
    tier: Tier
    code: str
    name: str  # the index's words
    kind: Kind
    reason: Text
    summed: bool = False  # over the communes of the district
    readings: tuple[str, ...] = ()  # ids of the entry's interpretations that the reason rests on
    inputs: tuple[str, ...] = ()  # which inputs inform; empty: all
    links: tuple[Link, ...] = ()


@frozen
class Entry:
    """One line of a rulebook with all that is said of it."""

    framework: str
    tier: Tier
    code: str
    name: str  # the rulebook's words
    relations: tuple[Relation, ...]


@frozen
class Remark:
    """What holds for a whole instrument, or for one of its tiers."""

    framework: str
    tiers: tuple[Tier, ...]  # empty: all
    reason: Text


@frozen
class Crosswalk:
    """All entries, and what holds where they say nothing."""

    id: str
    version: str
    silent: tuple[Remark, ...]  # instruments whose facts are scores: they say nothing of another's
    apart: tuple[Remark, ...]  # tiers that nothing is compared with
    unmatched: tuple[Remark, ...]  # what it means that an entry names no line of an index
    conditions: Mapping[str, Text]
    entries: tuple[Entry, ...]

    def between(self, source: str, target: str) -> Iterator[tuple[Entry, Relation]]:
        """Every relation of ``source``'s entries to lines of ``target``, in the order of the file."""
        for entry in self.entries:
            if entry.framework == source:
                yield from ((entry, relation) for relation in entry.relations if relation.index == target)


def links_back(entry: Entry, relation: Relation, criterion: Criterion) -> tuple[Link, ...]:
    """The links by which an indicator's facts make the whole fact of ``criterion``; none where they cannot.

    A sum over communes cannot be taken apart, and half a ratio is no fact.
    """
    own = [link for link in relation.links if link.of == entry.code and not relation.summed]
    numbers = {link.take: link for link in own if link.take in _NUMBERS}
    needed: tuple[Take, ...] = {
        "ratio": ("numerator", "denominator"),
        "count": ("count", "denominator") if criterion.needs_total else ("count",),
    }.get(criterion.kind, ())
    if needed:
        return tuple(numbers[take] for take in needed) if set(needed) <= numbers.keys() else ()
    answers = [
        evolve(link, answers=tuple(answer for answer in link.answers if answer.way != "there"))
        for link in own
        if link.take == "answer"
    ]
    return tuple(link for link in answers if link.answers)


def load_crosswalk(path: str | os.PathLike[str] | None = None) -> Crosswalk:
    """The bundled crosswalk, or that of a YAML file. Raises ``Faulty`` with every fault of its form.

    Whether it agrees with the rulebooks is the work of ``levels.crosswalk_lint``.
    """
    return load_crosswalk_with_positions(path)[0]


def load_crosswalk_with_positions(path: str | os.PathLike[str] | None = None) -> tuple[Crosswalk, Positions]:
    """As ``load_crosswalk``, with the place of every value for whoever finds fault with it."""
    if path is None:
        return _load_bundled()
    name = os.fspath(path)
    raw = read_bytes(name)
    if raw is not None:
        return _read(raw, name)
    findings = Findings(name)
    findings.error(
        1,
        1,
        found=Text("không đọc được tệp này", "this file cannot be read"),
        expected=Text("cần tệp YAML đối chiếu các bộ tiêu chí", "a YAML file with a crosswalk is expected"),
    )
    raise Faulty(findings.faults)


@functools.cache
def _load_bundled() -> tuple[Crosswalk, Positions]:
    return _read((importlib.resources.files("levels") / _FILE).read_bytes(), _FILE)


def _read(raw: bytes, name: str) -> tuple[Crosswalk, Positions]:
    findings = Findings(name)
    data, positions = read_source(raw, findings)
    if data is not None or not findings.errors:
        told = {(fault.row, fault.column) for fault in findings.faults}
        for violation in schema_violations(data, "crosswalk"):
            place = positions.of(*violation.path)
            if place not in told:  # an alias has no value: once is enough
                findings.error(*place, found=violation.found, expected=violation.expected)
    if not findings.errors:
        _check_conditions(data, positions, findings)
    findings.faults.sort(key=lambda fault: (fault.row, fault.column))
    findings.stop()
    return _build(data), positions


def _check_conditions(data: Mapping[str, Any], positions: Positions, findings: Findings) -> None:
    """Every condition named is stated, and every one stated is named."""
    named = {}
    for e, entry in enumerate(data["entries"]):
        for r, relation in enumerate(entry.get("to", ())):
            for k, link in enumerate(relation.get("takes", ())):
                if "condition" in link:
                    named[link["condition"]] = ("entries", e, "to", r, "takes", k, "condition")
    for condition in named.keys() - data["conditions"].keys():
        findings.error(
            *positions.of(*named[condition]),
            found=Text(f"không có điều kiện «{condition}»", f"there is no condition «{condition}»"),
            expected=Text("cần một điều kiện ghi ở mục conditions", "one of those under conditions is expected"),
        )
    for condition in data["conditions"].keys() - named.keys():
        findings.error(
            *positions.of("conditions", condition),
            found=Text(f"điều kiện «{condition}» không được dùng", f"the condition «{condition}» is not used"),
            expected=Text("hãy bỏ nó, hoặc dùng nó", "remove it, or use it"),
        )


def _build(data: Mapping[str, Any]) -> Crosswalk:
    conditions = {key: Text(**words) for key, words in data["conditions"].items()}
    return Crosswalk(
        data["id"],
        data["version"],
        tuple(map(_build_remark, data["silent"])),
        tuple(map(_build_remark, data["apart"])),
        tuple(map(_build_remark, data["unmatched"])),
        conditions,
        tuple(_build_entry(plain, conditions) for plain in data["entries"]),
    )


def _build_remark(plain: Mapping[str, Any]) -> Remark:
    tiers = plain.get("tiers", [plain["tier"]] if "tier" in plain else [])
    return Remark(plain["framework"], tuple(map(Tier, tiers)), Text(**plain["reason"]))


def _build_entry(plain: Mapping[str, Any], conditions: Mapping[str, Text]) -> Entry:
    relations = tuple(_build_relation(relation, plain["code"], conditions) for relation in plain.get("to", ()))
    return Entry(plain["framework"], Tier(plain["tier"]), plain["code"], plain["name"], relations)


def _build_relation(plain: Mapping[str, Any], code: str, conditions: Mapping[str, Text]) -> Relation:
    return Relation(
        plain["index"],
        Tier(plain["tier"]),
        plain["code"],
        plain["name"],
        plain["kind"],
        Text(**plain["reason"]),
        "over" in plain,
        tuple(plain.get("readings", ())),
        tuple(plain.get("inputs", ())),
        tuple(
            Link(
                link["take"],
                link.get("of", code),
                link["words"],
                link["input"],
                link["label"],
                conditions[link["condition"]] if "condition" in link else None,
                tuple(Answer(a["fact"] == "yes", a["option"], a["text"], a["way"]) for a in link.get("answers", ())),
            )
            for link in plain.get("takes", ())
        ),
    )
