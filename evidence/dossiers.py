"""Dossiers: rows of evidence gathered by cycle and unit, and what one cycle makes of them."""

import datetime
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from attrs import define, field, frozen

from evidence.admission import find_doubts, find_flaws
from evidence.facts import Fact, Facts, Status
from evidence.units import Units
from evidence.values import (
    Flaw,
    Unreadable,
    quote,
    read_amount,
    read_cycle,
    read_date,
    read_documents,
    read_status,
    read_written,
    suggest,
)
from levels.faults import Fault, Findings, Text
from levels.framework import Criterion, Framework

EVIDENCE_REQUIRED = ("unit", "criterion", "numerator", "denominator", "value", "status")
EVIDENCE_COLUMNS = (*EVIDENCE_REQUIRED, "source", "document", "measured_on", "cycle", "note", "reported", "sha256")

TOLD = 20
"""Warnings of one kind that are told one by one; the others of that kind are counted."""

_SEARCHED = 50  # different unknown words for which the nearest known one is looked up: it is slow
_VALUE_COLUMNS = ("numerator", "denominator", "value", "status")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@frozen
class Evidence:
    """What a file of evidence holds, from the point of view of the assessed ``cycle``.

    ``facts``: the dossier of every unit: the rows of ``cycle`` or without one; where a
    criterion's fact counts in several cycles and this one has none, the latest earlier value
    stands in, even when it has expired (``Fact.counts_in`` says), so that it can be reported.
    ``history``: the rows of all other cycles.
    """

    facts: Facts
    cycle: int
    history: Mapping[int, Facts]
    warnings: tuple[Fault, ...]


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
    framework: Framework
    units: Units
    dossiers: dict[int | None, dict[str, _Dossier]] = field(factory=dict)
    told: Counter[str] = field(factory=Counter)  # doubts by their column
    doubts: dict[str, Flaw] = field(factory=dict)
    nearest: dict[tuple[str, str], Text] = field(factory=dict)

    def take_row(self, row: int, cells: Sequence[str]) -> None:
        """Put the fact of one row into its dossier, and note all that is wrong with it."""
        code, criterion_code, numerator, denominator, value, status_text, source, document = cells[:8]
        measured, cycle_text, note, reported_text, sha256 = cells[8:]
        place = (row, code, criterion_code)
        status = read_status(status_text)
        if status is None:
            self._note_unknown(row, "status", status_text, list(Status))
        cycle = self._take(place, read_cycle, cycle_text)
        measured_on = self._take(place, read_date, measured) if measured else None
        documents = self._take(place, read_documents, document, sha256) or ()
        criterion = self._find_criterion(row, code, criterion_code)
        if criterion is None:
            return
        before = len(self.findings.faults)
        amount = self._take(place, read_amount, criterion, numerator=numerator, denominator=denominator, value=value)
        readable = len(self.findings.faults) == before
        reported = self._take(place, read_written, criterion, reported_text) if reported_text else None
        unit = self.units.by_code[code].code
        fact = Fact(
            unit=unit,
            criterion=criterion.code,
            status=status or Status.UNKNOWN,
            amount=amount,
            reported=reported,
            documents=documents,
            source=sys.intern(source),
            measured_on=measured_on,
            cycle=cycle,
            note=sys.intern(note),
        )
        if status is not None:
            self._check(place, fact, criterion, readable=readable)
        dossiers = self.dossiers.setdefault(cycle, {})
        dossier = dossiers.get(unit) or dossiers.setdefault(unit, _Dossier())
        if criterion.code in dossier.facts:
            self._note_duplicate(row, dossier.row_of(criterion.code), fact)
        else:
            dossier.facts[criterion.code] = fact
            dossier.rows.append(row)

    def conclude(self, cycle: int | None, today: datetime.date) -> Evidence:
        """The evidence as the assessed cycle sees it; ``tables.read_evidence`` says which one that is.

        Raises ``Faulty`` with all errors of all rows, in the order of the file.
        """
        cycle = cycle or self._find_cycle(today)
        stated = sorted(year for year in self.dossiers if year is not None)
        if stated and cycle not in stated and None not in self.dossiers:
            years = ", ".join(map(str, stated))
            found = Text(vi=f"tệp không có dòng nào của năm {cycle}", en=f"the file has no row of cycle {cycle}")
            expected = Text(vi=f"tệp có các năm {years}", en=f"it has {years}")
            self.findings.warn(1, "cycle", found=found, expected=expected)
        self._check_days(cycle)
        dossiers = self._merge(cycle)
        self._tell_rest()
        self.findings.faults.sort(key=lambda fault: fault.row)
        self.findings.stop()
        history: dict[int, Facts] = {
            year: {code: dossier.facts for code, dossier in self.dossiers[year].items()}
            for year in stated
            if year != cycle
        }
        facts = {code: dossiers[code].facts if code in dossiers else {} for code in self.units}
        self._stand_in(facts, history, cycle)
        return Evidence(facts, cycle, history, tuple(self.findings.faults))

    def _find_cycle(self, today: datetime.date) -> int:
        stated = [year for year in self.dossiers if year is not None]
        if stated:
            return max(stated)
        days = [
            fact.measured_on
            for dossier in self.dossiers.get(None, {}).values()
            for fact in dossier.facts.values()
            if fact.measured_on
        ]
        return max(days, default=today).year

    def _check_days(self, cycle: int) -> None:
        for year, dossiers in self.dossiers.items():
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

    def _merge(self, cycle: int) -> dict[str, _Dossier]:
        """The dossiers of ``cycle``: its own rows and those without a cycle."""
        merged = dict(self.dossiers.get(cycle, {}))
        for code, dossier in self.dossiers.get(None, {}).items():
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
        for code, unit in self.units.items():
            criteria_set = self.framework.sets.get(unit.tier)
            for criterion in criteria_set.criteria if earlier and criteria_set else ():
                own = facts[code].get(criterion.code)
                if criterion.valid_cycles > 1 and (own is None or own.status is Status.UNKNOWN):
                    found = (past[code].get(criterion.code) for past in earlier if code in past)
                    usable = (f for f in found if f and f.amount and f.status not in (Status.REJECTED, Status.EXEMPT))
                    if fact := next(usable, None):
                        facts[code][criterion.code] = fact

    def _find_criterion(self, row: int, code: str, criterion_code: str) -> Criterion | None:
        """The criterion of the unit's own tier; None, with the fault noted, where unit or criterion is unknown."""
        unit = self.units.by_code.get(code)
        sets = self.framework.sets
        if unit is not None and unit.tier in sets and criterion_code in sets[unit.tier].by_code:
            return sets[unit.tier].by_code[criterion_code]
        if unit is None:
            self._note_unknown(row, "unit", code, list(self.units))
        elif unit.tier not in sets:
            found = Text(
                vi=f"{code} thuộc cấp {unit.tier}, cấp này không có tiêu chí nào",
                en=f"{code} is a {unit.tier}, for which there are no criteria",
            )
            names = ", ".join(sets)
            expected = Text(vi=f"có tiêu chí cho: {names}", en=f"there are criteria for: {names}")
            self.findings.error(row, "unit", found=found, expected=expected)
            return None
        tiers = [tier for tier, criteria_set in sets.items() if criterion_code in criteria_set.by_code]
        if tiers and unit is not None:
            found = Text(
                vi=f"{criterion_code} là tiêu chí của cấp {tiers[0]}, nhưng {code} thuộc cấp {unit.tier}",
                en=f"{criterion_code} is a criterion of tier {tiers[0]}, but {code} is a {unit.tier}",
            )
            expected = Text(vi=f"cần tiêu chí của cấp {unit.tier}", en=f"expected a criterion of tier {unit.tier}")
            self.findings.error(row, "criterion", found=found, expected=expected)
        elif not tiers:
            known = [known for s in sets.values() if unit is None or s.tier is unit.tier for known in s.by_code]
            self._note_unknown(row, "criterion", criterion_code, known)
        return None

    def _check(self, place: tuple[int, str, str], fact: Fact, criterion: Criterion, *, readable: bool) -> None:
        """Note what ``fact`` may not be; of one whose value cannot be read only what does not hang on it."""
        for flaw in find_flaws(fact, criterion, self.units):
            if readable or flaw.column not in _VALUE_COLUMNS:
                self._note(place, flaw)
        for doubt in find_doubts(fact):
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

    def _note_unknown(self, row: int, column: str, word: str, known: Sequence[str]) -> None:
        expected = self.nearest.get((column, word))
        if expected is None:
            search = len(self.nearest) < _SEARCHED
            expected = self.nearest[column, word] = suggest(word, known, search=search)
        names = {"unit": ("đơn vị", "unit"), "criterion": ("tiêu chí", "criterion"), "status": ("trạng thái", "status")}
        vi, en = names[column]
        found = Text(vi=f"không có {vi} {quote(word)}", en=f"there is no {en} {quote(word)}")
        self.findings.error(row, column, found=found, expected=expected)

    def _note_duplicate(self, row: int, first: int, fact: Fact) -> None:
        found = Text(
            vi=f"{fact.criterion} của {fact.unit} đã có ở dòng {first}",
            en=f"{fact.criterion} of {fact.unit} is already in row {first}",
        )
        expected = Text(vi="mỗi tiêu chí một dòng trong một năm", en="expected one row for each criterion in one cycle")
        self.findings.error(row, "criterion", found=found, expected=expected)
