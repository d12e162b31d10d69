"""Scenarios: what if some facts were other than recorded. Named, stacked and saved; no recorded fact ever changes.

An *assumption* says what one unit would have on one criterion (or input of an index). ``suppose`` turns a
scenario into facts that stand beside the recorded ones; whoever reads them says that they are a hypothesis.
"""

import io
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from evidence.admission import WITH_VALUE
from evidence.asked import Catalogue
from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.inputs import excess_among
from evidence.units import Units
from evidence.values import Flaw
from levels.faults import Fault, Faulty, Text, printable

HYPOTHESIS = "Giả định (hypothesis)"
"""The ``source`` of a supposed fact, and the document that proves it where none is recorded."""

NOT_RECORDED = Text(vi="Giả định, không phải số liệu đã ghi nhận", en="A hypothesis, not what has been recorded")
"""What every output that rests on a scenario says of itself."""

_PRESENCE = {"1": "có", "0": "không"}  # as a person writes it

Changes = dict[str, dict[str, Fact]]
"""Supposed facts by unit and criterion: what ``certification.hierarchy.reevaluate`` takes."""


@frozen
class Place:
    """Where an assumption was read: a file's row and column, or the word of an option (``--set:2``)."""

    file: str
    row: int
    column: int | None = None  # None: the part of the word that is at fault has a name

    def fault(self, flaw: Flaw) -> Fault:
        """What is wrong there."""
        part = "value" if flaw.column in ("numerator", "denominator", "reported") else flaw.column
        return Fault(self.file, self.row, part if self.column is None else self.column, flaw.found, flaw.expected)


@frozen
class Assumption:
    """What ``unit`` would have on ``criterion``; no ``amount``: the value last assumed, else the recorded one."""

    unit: str
    criterion: str
    status: Status
    amount: Amount | None = None
    place: Place = field(default=Place("", 1), eq=False, repr=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.unit, self.criterion

    def over(self, earlier: "Assumption | None") -> "Assumption":
        """The two as one, this one being applied after ``earlier``."""
        if earlier is None or self.amount is not None or self.status is Status.UNKNOWN:
            return self
        return evolve(self, amount=earlier.amount)


@frozen
class Scenario:
    """Named assumptions, at most one for each unit and criterion."""

    name: str
    assumptions: tuple[Assumption, ...]
    note: str = ""


def shorten(text: str, limit: int) -> str:
    """``text``, cut where it has more than ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def stack(name: str, assumptions: Iterable[Assumption], note: str = "") -> Scenario:
    """``assumptions`` applied on top of each other in their order, as one scenario: the later wins; unit by unit."""
    last: dict[tuple[str, str], Assumption] = {}
    for assumption in assumptions:
        last[assumption.key] = assumption.over(last.get(assumption.key))
    units = list(dict.fromkeys(unit for unit, _ in last))
    return Scenario(name, tuple(sorted(last.values(), key=lambda assumption: units.index(assumption.unit))), note)


def suppose(scenario: Scenario, facts: Facts, catalogue: Catalogue, units: Units) -> Changes:
    """The facts that there would be, by unit and criterion; ``facts`` are the recorded ones and stay as they are.

    Raises ``Faulty`` with everything that could not stand in a dossier: what follows from the member
    units, an exemption that nobody may grant, a status without its value, a part above its whole.
    """
    changes: Changes = {}
    faults: list[Fault] = []
    places = {assumption.key: assumption.place for assumption in scenario.assumptions}
    for assumption in scenario.assumptions:
        dossier = facts.get(assumption.unit, {})
        fact = _supposed(assumption, dossier.get(assumption.criterion), scenario.name)
        asked = catalogue.asked[units[assumption.unit].tier][assumption.criterion]
        flaws = [_told(fact, flaw) for flaw in asked.find_flaws(fact, units)]
        faults += [assumption.place.fault(flaw) for flaw in flaws]
        if not flaws:
            changes.setdefault(assumption.unit, {})[assumption.criterion] = fact
    for code, changed in changes.items():
        dossier = {**facts.get(code, {}), **changed}
        for whole in catalogue.wholes.get(units[code].tier, ()):
            faults += [places[code, at].fault(flaw) for at, flaw in excess_among(whole, dossier, changed)]
    if faults:
        raise Faulty(faults)
    return changes


def apply(facts: Facts, changes: Changes) -> dict[str, Mapping[str, Fact]]:
    """``facts`` as they would be with ``changes``: a copy, the recorded ones stay as they are."""
    return {**facts, **{code: {**facts.get(code, {}), **changed} for code, changed in changes.items()}}


def _supposed(assumption: Assumption, recorded: Fact | None, name: str) -> Fact:
    amount, documents = assumption.amount, recorded.documents if recorded else ()
    if amount is None and recorded is not None and assumption.status is not Status.UNKNOWN:
        amount = recorded.amount
    if assumption.status in WITH_VALUE and not documents:  # what is supposed is supposed to be proven
        documents = (Document(HYPOTHESIS),)
    note = f"Giả định: {name}"
    status = assumption.status
    return Fact(
        assumption.unit, assumption.criterion, status, amount, documents=documents, source=HYPOTHESIS, note=note
    )


def _told(fact: Fact, flaw: Flaw) -> Flaw:
    where = fact.criterion, fact.unit
    found = Text(vi="{} của {}: ".format(*where) + flaw.found.vi, en="{} of {}: ".format(*where) + flaw.found.en)
    return Flaw(flaw.column, found, flaw.expected)


def value_text(assumption: Assumption, catalogue: Catalogue, units: Units) -> str:
    """What is assumed, as ``evidence.scenario_files`` reads it: ``84/104``, ``3@self_reported``, ``@rejected``."""
    asked = catalogue.asked[units[assumption.unit].tier][assumption.criterion]
    value = "" if assumption.amount is None else asked.write(assumption.amount)
    if asked.kind == "presence":
        value = _PRESENCE.get(value, "")
    return f"{value}@{assumption.status}" if assumption.status is not Status.VERIFIED or not value else value


def scenario_yaml(scenario: Scenario, catalogue: Catalogue, units: Units) -> bytes:
    """``scenario`` as a file that reads back the same; each unit with its name as a comment."""
    page = CommentedMap(name=scenario.name)
    if scenario.note:
        page["note"] = scenario.note
    page["set"] = by_unit = CommentedMap()
    for assumption in scenario.assumptions:
        if assumption.unit not in by_unit:
            by_unit[assumption.unit] = CommentedMap()
            by_unit.yaml_add_eol_comment(printable(units[assumption.unit].name), assumption.unit)
        by_unit[assumption.unit][assumption.criterion] = value_text(assumption, catalogue, units)
    yaml = YAML()
    yaml.width = 10_000  # no line is folded
    stream = io.BytesIO()
    yaml.dump(page, stream)
    return stream.getvalue()


def cumulate(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """``scenarios`` each by itself, then A+B, A+B+C …: what a comparison shows side by side."""
    stacked = (
        stack(" + ".join(s.name for s in part), (a for s in part for a in s.assumptions))
        for part in (scenarios[:count] for count in range(2, len(scenarios) + 1))
    )
    return *scenarios, *stacked
