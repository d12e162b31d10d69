"""Dossiers: rows of evidence gathered by cycle and unit, and what one cycle makes of them."""

import datetime
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from attrs import define, field, frozen

from evidence.asked import Asked, Catalogue
from evidence.facts import Fact, Facts, Status
from evidence.inputs import find_excess
from evidence.units import Unit, Units
from evidence.values import (
    EXPECTED_EMPTY,
    Flaw,
    Unreadable,
    quote,
    read_cycle,
    read_date,
    read_documents,
    read_status,
    suggest_in,
)
from levels.faults import Fault, Findings, Text

EVIDENCE_REQUIRED = ("unit", "criterion", "numerator", "denominator", "value", "status")
EVIDENCE_COLUMNS = (*EVIDENCE_REQUIRED, "source", "document", "measured_on", "cycle", "note", "reported", "sha256")
INDEX_COLUMNS = (*EVIDENCE_COLUMNS, "round")  # of scoring; a recognition framework has none

DRAFT = "draft"
"""What stands in the column ``status`` of a row that nobody has taken over yet (``evidence.drafts``)."""

TOLD = 20
"""Warnings of one kind that are told one by one; the others of that kind are counted."""

_DRAFT = Text(vi="dòng này là bản nháp", en="this row is a draft")
_REVIEW = Text(
    vi="hãy kiểm tra, rồi xóa chữ draft để nhận số liệu, hoặc xóa cả dòng",
    en="check it, then clear the word draft to take the fact over, or delete the row",
)
_VALUE_COLUMNS = ("numerator", "denominator", "value", "status")
_NOUNS = {
    "unit": Text(vi="đơn vị", en="unit"),
    "status": Text(vi="trạng thái", en="status"),
    "round": Text(vi="vòng chấm điểm", en="round"),
}
_P = ParamSpec("_P")
_T = TypeVar("_T")


@frozen
class Evidence:
    """What a file of evidence holds, from the point of view of the assessed ``cycle``.

    ``facts``: the dossier of every unit: the rows of ``cycle`` or without one; where a
    criterion's fact counts in several cycles and this one has none, the latest earlier value
    stands in, even when it has expired (``Fact.counts_in`` says), so that it can be reported.
    ``history``: the rows of all other cycles. Where rows name rounds of scoring, a later round's row
    takes the place of an earlier one's in both; ``rounds``: what was known in ``cycle`` after each
    round that occurs, in the index's order; rows without a round count in every one of them.
    ``stated``: every row as it stands in the file, by cycle, unit and ``Fact.row``.
    """

    facts: Facts
    cycle: int
    history: Mapping[int, Facts]
    warnings: tuple[Fault, ...]
    rounds: Mapping[str, Facts] = field(factory=dict)
    stated: Mapping[int, Facts] = field(factory=dict)


@define
class _Dossier:
    """The facts of one unit in one cycle by criterion, and in the same order the rows they came from."""

    facts: dict[str, Fact] = field(factory=dict)
    rows: "array[int]" = field(factory=lambda: array("L"))

    def row_of(self, criterion: str) -> int:
        return self.rows[list(self.facts).index(criterion)]


@define
class Intake:
    """One pass over one file of evidence: ``take_row`` for every row, then ``conclude``."""

    findings: Findings
    catalogue: Catalogue
    units: Units
    dossiers: dict[tuple[int | None, str], dict[str, _Dossier]] = field(factory=dict)  # by cycle and round
    told: Counter[str] = field(factory=Counter)  # doubts by their column
    doubts: dict[str, Flaw] = field(factory=dict)

    def take_row(self, row: int, cells: Sequence[str]) -> None:
        """Put the fact of one row into its dossier, and note all that is wrong with it."""
        code, criterion_code, numerator, denominator, value, status_text, source, document = cells[:8]
        measured, cycle_text, note, reported_text, sha256, round_text = cells[8:]
        place = (row, code, criterion_code)
        status = read_status(status_text)
        if status is None:
            self._note_status(row, status_text)
        cycle = self._take(place, read_cycle, cycle_text)
        measured_on = self._take(place, read_date, measured) if measured else None
        documents = self._take(place, read_documents, document, sha256) or ()
        round_ = self._read_round(row, round_text) if round_text else ""
        unit = self.units.by_code.get(code)
        asked = self._find_asked(row, code, unit, criterion_code)
        if unit is None or asked is None:
            return
        before = len(self.findings.faults)
        amount = self._take(place, asked.read, numerator=numerator, denominator=denominator, value=value)
        readable = len(self.findings.faults) == before
        reported = self._take(place, asked.read_written, reported_text) if reported_text else None
        asked_code = asked.code
        fact = Fact(
            unit=unit.code,
            criterion=asked_code,
            status=status or Status.UNKNOWN,
            amount=amount,
            reported=reported,
            documents=documents,
            source=sys.intern(source),
            measured_on=measured_on,
            cycle=cycle,
            note=sys.intern(note),
            round=round_,
        )
        if status is not None:
            self._check(place, fact, asked, unit, readable=readable)
        dossiers = self.dossiers.setdefault((cycle, round_), {})
        dossier = dossiers.get(unit.code) or dossiers.setdefault(unit.code, _Dossier())
        if asked_code in dossier.facts:
            self._note_duplicate(row, dossier.row_of(asked_code), fact)
        else:
            dossier.facts[asked_code] = fact
            dossier.rows.append(row)

    def conclude(self, cycle: int | None, today: datetime.date) -> Evidence:
        """The evidence as the assessed cycle sees it; ``tables.read_evidence`` says which one that is.

        Raises ``Faulty`` with all errors of all rows, in the order of the file.
        """
        cycle = cycle or self._find_cycle(today)
        stated = sorted({year for year, _ in self.dossiers if year is not None})
        if stated and cycle not in stated and all(year is not None for year, _ in self.dossiers):
            years = ", ".join(map(str, stated))
            found = Text(vi=f"tệp không có dòng nào của năm {cycle}", en=f"the file has no row of cycle {cycle}")
            expected = Text(vi=f"tệp có các năm {years}", en=f"it has {years}")
            self.findings.warn(1, "cycle", found=found, expected=expected)
        self._check_days(cycle)
        states = self._states(cycle)
        self._check_wholes(state for of_year in states.values() for state in of_year.values())
        self._tell_rest()
        self.findings.faults.sort(key=lambda fault: fault.row)
        self.findings.stop()
        return self._assemble(cycle, states)

    def gather(self, facts: Iterable[Fact], cycle: int) -> Evidence:
        """The evidence of ``facts`` that were checked one by one when they were taken in, each of its cycle.

        Parts that are more than their whole stand in no single fact: ``warnings`` name them.
        """
        for place, fact in enumerate(facts, 1):
            dossier = self.dossiers.setdefault((fact.cycle, fact.round), {}).setdefault(fact.unit, _Dossier())
            dossier.facts[fact.criterion] = fact
            dossier.rows.append(place)
        states = self._states(cycle)
        self._check_wholes(state for of_year in states.values() for state in of_year.values())
        return self._assemble(cycle, states)

    def _states(self, cycle: int) -> dict[int, dict[str, dict[str, dict[str, Fact]]]]:
        years = {year for year, _ in self.dossiers if year is not None}
        return {year: self._gather(year, assessed=year == cycle) for year in sorted({*years, cycle})}

    def _assemble(self, cycle: int, states: Mapping[int, Mapping[str, dict[str, dict[str, Fact]]]]) -> Evidence:
        last = {year: list(of_year.values())[-1] for year, of_year in states.items()}
        stated = sorted({year for year, _ in self.dossiers if year is not None})
        history: dict[int, Facts] = {year: last[year] for year in stated if year != cycle}
        facts = {code: last[cycle].get(code, {}) for code in self.units}
        self._stand_in(facts, history, cycle)
        rounds = {
            name: {code: state.get(code, {}) for code in self.units} for name, state in states[cycle].items() if name
        }
        return Evidence(facts, cycle, history, tuple(self.findings.faults), rounds, self._list_rows(cycle))

    def _find_cycle(self, today: datetime.date) -> int:
        stated = [year for year, _ in self.dossiers if year is not None]
        if stated:
            return max(stated)
        days = [
            fact.measured_on
            for dossiers in self.dossiers.values()
            for dossier in dossiers.values()
            for fact in dossier.facts.values()
            if fact.measured_on
        ]
        return max(days, default=today).year

    def _check_days(self, cycle: int) -> None:
        for (year, _), dossiers in self.dossiers.items():
            last = year or cycle
            for dossier in dossiers.values():
                for fact in dossier.facts.values():
                    if fact.measured_on is not None and fact.measured_on.year > last:
                        found = Text(
                            vi=f"đo ngày {fact.measured_on:%d/%m/%Y}, sau năm đánh giá {last}",
                            en=f"measured on {fact.measured_on}, after the cycle {last}",
                        )
                        expected = Text(vi=f"cần ngày không sau năm {last}", en=f"expected a day no later than {last}")
                        place = (dossier.row_of(fact.criterion), fact.unit, fact.criterion)
                        self._note(place, Flaw("measured_on", found, expected))

    def _gather(self, year: int, *, assessed: bool) -> dict[str, dict[str, dict[str, Fact]]]:
        """What was known in ``year`` before all rounds (""), and after each that occurs, in the index's order."""
        states: dict[str, dict[str, dict[str, Fact]]] = {}
        state: dict[str, dict[str, Fact]] = {}
        for name in ("", *self.catalogue.rounds):
            own = self._merge(year, name) if assessed else self.dossiers.get((year, name), {})
            if own or not name:
                changed = {
                    code: {**state[code], **dossier.facts} if code in state else dossier.facts
                    for code, dossier in own.items()
                }
                states[name] = state = {**state, **changed}
        return states

    def _list_rows(self, cycle: int) -> dict[int, Facts]:
        """Every row, by cycle, unit and ``Fact.row``."""
        rows: dict[int, dict[str, dict[str, Fact]]] = {}
        for (year, name), dossiers in self.dossiers.items():
            of_year = rows.setdefault(year or cycle, {})
            for unit, dossier in dossiers.items():
                own = {fact.row: fact for fact in dossier.facts.values()} if name else dossier.facts
                of_year[unit] = {**of_year[unit], **own} if unit in of_year else own
        return dict(rows)

    def _check_wholes(self, states: Iterable[Facts]) -> None:
        """Note where a part is more than its whole; once for each row, in whichever round it first is."""
        told: set[int] = set()
        for state in states:
            for code, dossier in state.items():
                for whole in self.catalogue.wholes.get(self.units[code].tier, ()):
                    if found := find_excess(dossier, whole, self._row_of):
                        fact, flaw = found
                        row = self._row_of(fact)
                        if row not in told:
                            told.add(row)
                            self._note((row, fact.unit, fact.criterion), flaw)

    def _row_of(self, fact: Fact) -> int:
        return self.dossiers[fact.cycle, fact.round][fact.unit].row_of(fact.criterion)

    def _merge(self, cycle: int, name: str) -> dict[str, _Dossier]:
        """The dossiers of ``cycle`` in the round ``name``: its own rows and those without a cycle."""
        merged = dict(self.dossiers.get((cycle, name), {}))
        for code, dossier in self.dossiers.get((None, name), {}).items():
            own = merged.setdefault(code, dossier)
            if own is dossier:
                continue
            for criterion, fact in dossier.facts.items():
                row = dossier.row_of(criterion)
                if criterion in own.facts:
                    first, second = sorted((own.row_of(criterion), row))
                    self._note_duplicate(second, first, fact)
                else:
                    own.facts[criterion] = fact
                    own.rows.append(row)
        return merged

    def _stand_in(self, facts: dict[str, dict[str, Fact]], history: Mapping[int, Facts], cycle: int) -> None:
        # Phụ lục 01, I.11 and Phụ lục 02, II.11: «01 lần kiểm tra, đánh giá được tính cho 02 năm». What
        # lasts is the inspection: a council's rejection or exemption is made anew in every cycle.
        earlier = [history[year] for year in sorted(history, reverse=True) if year < cycle]
        for code, unit in self.units.items() if earlier else ():
            for asked in self.catalogue.lasting.get(unit.tier, ()):
                own = facts[code].get(asked.code)
                if own is None or own.status is Status.UNKNOWN:
                    found = (past[code].get(asked.code) for past in earlier if code in past)
                    usable = (f for f in found if f and f.amount and f.status not in (Status.REJECTED, Status.EXEMPT))
                    if fact := next(usable, None):
                        facts[code] = {**facts[code], asked.code: fact}

    def _find_asked(self, row: int, code: str, unit: Unit | None, written: str) -> Asked | None:
        """What ``written`` asks of a unit of its tier; None, with the fault noted, where either is unknown."""
        known = self.catalogue.asked
        if unit is None:
            self._note_unknown(row, "unit", code, self.units)
            if not any(written in asked for asked in known.values()):
                self._note_unknown(row, "criterion", written, self.catalogue.codes(*known))
            return None
        asked = known[unit.tier].get(written) if unit.tier in known else None
        if asked is None:
            flaw = self.catalogue.refuse(unit, written)
            if flaw is None:
                self._note_unknown(row, "criterion", written, self.catalogue.codes(unit.tier))
            else:
                self.findings.error(row, flaw.column, found=flaw.found, expected=flaw.expected)
        return asked

    def _read_round(self, row: int, text: str) -> str:
        """The round that a cell names; anything else is noted as a fault."""
        name = text.casefold()
        if not self.catalogue.rounds:
            found = Text(vi="bộ tiêu chí này không có vòng chấm điểm", en="this rulebook has no rounds of scoring")
            self.findings.error(row, "round", found=found, expected=EXPECTED_EMPTY)
        elif name not in self.catalogue.rounds:
            self._note_unknown(row, "round", text, self.catalogue.rounds)
        return sys.intern(name)

    def _check(self, place: tuple[int, str, str], fact: Fact, asked: Asked, unit: Unit, *, readable: bool) -> None:
        """Note what ``fact`` may not be; of one whose value cannot be read only what does not hang on it."""
        for flaw in asked.find_flaws(fact, self.units):
            if readable or flaw.column not in _VALUE_COLUMNS:
                self._note(place, flaw)
        for doubt in asked.find_doubts(fact, unit):
            self.doubts[doubt.column] = doubt
            self.told[doubt.column] += 1
            if self.told[doubt.column] <= TOLD:
                self._note(place, doubt, warning=True)

    def _tell_rest(self) -> None:
        for column, times in self.told.items():
            doubt = self.doubts[column]
            if times > TOLD:
                rest = times - TOLD
                found = Text(vi=f"{doubt.found.vi}: thêm {rest} dòng", en=f"{doubt.found.en}: {rest} more rows")
                self.findings.warn(1, column, found=found, expected=doubt.expected)

    def _take(
        self, place: tuple[int, str, str], read: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T | None:
        try:
            return read(*args, **kwargs)
        except Unreadable as unreadable:
            for flaw in unreadable.flaws:
                self._note(place, flaw)
            return None

    def _note(self, place: tuple[int, str, str], flaw: Flaw, *, warning: bool = False) -> None:
        row, unit, criterion = place
        found = Text(vi=f"{criterion} của {unit}: {flaw.found.vi}", en=f"{criterion} of {unit}: {flaw.found.en}")
        note = self.findings.warn if warning else self.findings.error
        note(row, flaw.column, found=found, expected=flaw.expected)

    def _note_status(self, row: int, text: str) -> None:
        if text.casefold() == DRAFT:
            self.findings.error(row, "status", found=_DRAFT, expected=_REVIEW)
        else:
            self._note_unknown(row, "status", text, Status)

    def _note_unknown(self, row: int, column: str, word: str, known: Iterable[str]) -> None:
        expected = suggest_in(self.findings, column, word, lambda: known)
        noun = _NOUNS.get(column) or self.catalogue.noun
        found = Text(vi=f"không có {noun.vi} {quote(word)}", en=f"there is no {noun.en} {quote(word)}")
        self.findings.error(row, column, found=found, expected=expected)

    def _note_duplicate(self, row: int, first: int, fact: Fact) -> None:
        found = Text(
            vi=f"{fact.criterion} của {fact.unit} đã có ở dòng {first}",
            en=f"{fact.criterion} of {fact.unit} is already in row {first}",
        )
        vi, en = (" và một vòng", " and round") if self.catalogue.rounds else ("", "")
        noun = self.catalogue.noun
        expected = Text(
            vi=f"mỗi {noun.vi} một dòng trong một năm{vi}", en=f"expected one row for each {noun.en} in one cycle{en}"
        )
        self.findings.error(row, "criterion", found=found, expected=expected)
