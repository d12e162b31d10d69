"""Conditions of a budget: what is settled beforehand, and what counts how much.

``choices.csv``: ``unit,criterion,choice,year``. ``must``: the unit must reach the level, in ``year`` at the
latest; ``never``: nothing is done in the unit nor below it; ``fixed``: this criterion of this unit (unit empty:
of every unit that has it) does not change, in that year or, without a year, at all. A year is one of the plan,
as a calendar year or as its number from 1.

``weights.csv``: ``unit,weight``, exact decimals from 0 up; who is not listed weighs nothing.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from attrs import define, field, frozen

from evidence.costs import Money, read_money
from evidence.files import FilePath, read_rows
from evidence.index_values import bare
from evidence.units import Unit, Units
from evidence.values import EXPECTED_EMPTY, quote, suggest_in
from levels.faults import Findings, Text
from levels.framework import Framework

CHOICE_REQUIRED = ("unit", "criterion", "choice")
CHOICE_COLUMNS = (*CHOICE_REQUIRED, "year")
WEIGHT_COLUMNS = ("unit", "weight")


class Choice(StrEnum):
    """What can be settled of a unit beforehand."""

    MUST = "must"
    NEVER = "never"
    FIXED = "fixed"


@frozen
class Stated:
    """One choice as a row states it."""

    choice: Choice
    unit: Unit | None  # None: every unit that has the criterion
    criterion: str  # "" of a unit as a whole
    year: int | None  # None: at the end of the plan (of what is fixed: in all years)


@frozen
class Choices:
    """What is settled beforehand; years are calendar years of the plan."""

    must: Mapping[str, int] = field(factory=dict)  # by unit: the year in which it must have reached the level
    never: frozenset[str] = frozenset()  # the units named and all below them
    fixed: Mapping[tuple[str, str], frozenset[int]] = field(factory=dict)  # by unit ("": every) and criterion
    stated: tuple[Stated, ...] = field(default=(), eq=False)  # the rows, in their order

    def unchanged(self, unit: str, criterion: str) -> frozenset[int]:
        """The years in which a criterion of a unit cannot change."""
        return self.fixed.get((unit, criterion), frozenset()) | self.fixed.get(("", criterion), frozenset())


def ancestry(units: Units, code: str) -> list[str]:
    """``code`` and the units above it, upwards."""
    line = [code]
    while (parent := units[line[-1]].parent) is not None:
        line.append(parent)
    return line


def read_choices(path: FilePath, framework: Framework, units: Units, years: Sequence[int], within: str) -> Choices:
    """The choices of a file for a plan of ``years`` (calendar years, in order) over ``within`` and all below it.

    Raises ``Faulty`` with all faults: unknown units, criteria, choices and years, criteria that follow from the
    member units, rows that are there twice, that contradict each other, or settle a unit outside the plan.
    """
    reading = _Choices(Findings(os.fspath(path)), framework, units, tuple(years), within)
    for row, (unit, criterion, choice, year) in read_rows(reading.findings, CHOICE_COLUMNS, CHOICE_REQUIRED):
        reading.read(row, unit, criterion, choice, year)
    reading.findings.stop()
    return reading.finish()


@define
class _Choices:
    findings: Findings
    framework: Framework
    units: Units
    years: tuple[int, ...]
    within: str
    must: dict[str, tuple[int, int]] = field(factory=dict)  # by unit: year, row
    never: dict[str, int] = field(factory=dict)
    fixed: dict[tuple[str, str], dict[int, int]] = field(factory=dict)  # by unit and criterion: the row of every year
    stated: list[Stated] = field(factory=list)

    def read(self, row: int, unit: str, criterion: str, word: str, year_text: str) -> None:
        choice = self._choice(row, word)
        if unit and unit not in self.units:
            note_unknown_unit(self.findings, row, "unit", unit, self.units)
        elif not unit and choice in (Choice.MUST, Choice.NEVER):
            found = Text(vi="ô trống", en="the cell is empty")
            expected = Text(vi="cần mã đơn vị", en="expected a unit's code")
            self.findings.error(row, "unit", found=found, expected=expected)
        year = self._year(row, year_text)
        match choice:
            case Choice.MUST | Choice.NEVER:
                if criterion:
                    _superfluous(self.findings, row, "criterion", criterion)
                if unit in self.units:
                    self._settle(row, self.units[unit], choice, year, year_text)
            case Choice.FIXED if (not unit or unit in self.units) and self._has(row, unit, criterion) and year != 0:
                self._fix(row, unit, criterion, self.years if year is None else (year,))
                self.stated.append(Stated(choice, self.units[unit] if unit else None, criterion, year))

    def _choice(self, row: int, word: str) -> Choice | None:
        if word.casefold() in tuple(Choice):
            return Choice(word.casefold())
        found = Text(vi=f"không có lựa chọn {quote(word)}", en=f"there is no choice {quote(word)}")
        self.findings.error(
            row, "choice", found=found, expected=suggest_in(self.findings, "choice", word.casefold(), lambda: Choice)
        )
        return None

    def _year(self, row: int, text: str) -> int | None:
        """The calendar year; None where the cell is empty, 0, with the fault noted, for what is no year of the plan."""
        if not text:
            return None
        named = {str(year): year for year in self.years} | {str(n): y for n, y in enumerate(self.years, start=1)}
        if text in named:
            return named[text]
        first, last = self.years[0], self.years[-1]
        span = str(first) if first == last else f"{first}–{last}"
        found = Text(vi=f"{quote(text)} không phải là năm của kế hoạch", en=f"{quote(text)} is no year of the plan")
        expected = Text(
            vi=f"cần năm trong {span}, số thứ tự của năm (từ 1), hoặc để trống",
            en=f"expected a year of {span}, its number from 1, or nothing",
        )
        self.findings.error(row, "year", found=found, expected=expected)
        return 0

    def _settle(self, row: int, unit: Unit, choice: Choice, year: int | None, year_text: str) -> None:
        known = self.must[unit.code][1] if unit.code in self.must else self.never.get(unit.code)
        if known is not None:
            note_again(self.findings, row, "unit", unit.code, known)
        elif choice is Choice.NEVER:
            if year_text:
                _superfluous(self.findings, row, "year", year_text)
            self.never[unit.code] = row
            self.stated.append(Stated(choice, unit, "", None))
        elif unit.tier not in self.framework.sets:
            found = Text(
                vi=f"{unit.code} ({unit.name}) không có bộ tiêu chí", en=f"{unit.code} ({unit.name}) has no criteria"
            )
            expected = Text(vi="cần đơn vị được xét mức", en="expected a unit that is assessed")
            self.findings.error(row, "unit", found=found, expected=expected)
        elif self.within not in ancestry(self.units, unit.code):
            found = Text(
                vi=f"{unit.code} ({unit.name}) không thuộc {self.within}",
                en=f"{unit.code} ({unit.name}) is not of {self.within}",
            )
            expected = Text(vi="cần đơn vị trong kế hoạch", en="expected a unit of the plan")
            self.findings.error(row, "unit", found=found, expected=expected)
        else:
            self.must[unit.code] = (year or self.years[-1], row)
            self.stated.append(Stated(choice, unit, "", year))

    def _has(self, row: int, unit: str, code: str) -> bool:
        """Whether the unit (empty: any) has a criterion of this code that can change by itself; faults are noted."""
        tiers = [self.units[unit].tier] if unit else list(self.framework.sets)
        sets = [self.framework.sets[tier] for tier in tiers if tier in self.framework.sets]
        found = [each.by_code[code] for each in sets if code in each.by_code]
        if not found:
            kind = f"criterion {' '.join(tiers)}"
            known = dict.fromkeys(code for each in sets for code in each.by_code)
            text = Text(vi=f"không có tiêu chí {quote(code)}", en=f"there is no criterion {quote(code)}")
            nobody = Text(vi=f"{unit} không có bộ tiêu chí", en=f"there are no criteria for {unit}")
            self.findings.error(
                row,
                "criterion",
                found=text,
                expected=suggest_in(self.findings, kind, code, lambda: known) if known else nobody,
            )
        elif all(criterion.kind == "members" for criterion in found):
            text = Text(
                vi=f"{code} được tính từ mức của các đơn vị trực thuộc, không tự thay đổi",
                en=f"{code} follows from the levels of the member units and does not change by itself",
            )
            self.findings.error(
                row, "criterion", found=text, expected=Text(vi="hãy xóa dòng này", en="remove this row")
            )
            return False
        return bool(found)

    def _fix(self, row: int, unit: str, criterion: str, years: Iterable[int]) -> None:
        known = self.fixed.setdefault((unit, criterion), {})
        for year in years:
            if year in known:
                note_again(self.findings, row, "criterion", f"{unit} {criterion}".strip(), known[year])
                return
            known[year] = row

    def finish(self) -> Choices:
        """All that was read; a unit that must rise cannot lie under one in which nothing is done."""
        for code, (_, row) in self.must.items():
            for above in ancestry(self.units, code):
                if above in self.never:
                    found = Text(
                        vi=f"{code} phải đạt mức nhưng {above} không được nâng (dòng {self.never[above]})",
                        en=f"{code} must reach the level, but {above} is not to be lifted (row {self.never[above]})",
                    )
                    expected = Text(vi="hãy giữ một trong hai", en="keep one of the two")
                    self.findings.error(row, "choice", found=found, expected=expected)
        self.findings.stop()
        untouched = frozenset(
            code for code in self.units if not self.never.keys().isdisjoint(ancestry(self.units, code))
        )
        return Choices(
            {code: year for code, (year, _) in self.must.items()},
            untouched,
            {key: frozenset(years) for key, years in self.fixed.items()},
            tuple(self.stated),
        )


def read_weights(path: FilePath, framework: Framework, units: Units, within: str) -> Mapping[str, Money]:
    """The weights of a file by unit, for a plan over ``within`` and all below it.

    Raises ``Faulty`` with all faults: unknown units, units that are not assessed or listed twice, weights that are
    missing, negative or no numbers, and a file that gives no unit of the plan any weight.
    """
    findings = Findings(os.fspath(path))
    weights: dict[str, Money] = {}
    rows: dict[str, int] = {}
    for row, (unit, text) in read_rows(findings, WEIGHT_COLUMNS, WEIGHT_COLUMNS):
        weight = read_money(findings, row, "weight", text)
        if unit not in units:
            note_unknown_unit(findings, row, "unit", unit, units)
        elif units[unit].tier not in framework.sets:
            found = Text(
                vi=f"{unit} ({units[unit].name}) không có bộ tiêu chí",
                en=f"{unit} ({units[unit].name}) has no criteria",
            )
            expected = Text(vi="cần đơn vị được xét mức", en="expected a unit that is assessed")
            findings.error(row, "unit", found=found, expected=expected)
        elif unit in weights:
            note_again(findings, row, "unit", unit, rows[unit])
        else:
            weights[unit], rows[unit] = weight, row
    if not findings.errors and not any(weight for code, weight in weights.items() if within in ancestry(units, code)):
        found = Text(vi=f"không đơn vị nào thuộc {within} có trọng số", en=f"no unit of {within} has any weight")
        expected = Text(vi="cần ít nhất một trọng số lớn hơn 0", en="expected at least one weight above 0")
        findings.error(1, "weight", found=found, expected=expected)
    findings.stop()
    return weights


def note_unknown_unit(findings: Findings, row: int, column: str, code: str, units: Units) -> None:
    """Note that there is no unit ``code``, with the units of that name or else the nearest code."""
    found = Text(vi=f"không có đơn vị mã {quote(code)}", en=f"there is no unit with the code {quote(code)}")
    if alike := units_named(units, code):
        told = ", ".join(f"{unit.code} ({unit.name})" for unit in alike[:MOST_ALIKE])
        expected = Text(vi=f"hãy ghi mã đơn vị: {told}", en=f"write the unit's code: {told}")
    else:
        expected = suggest_in(findings, "unit", code, lambda: units)
    findings.error(row, column, found=found, expected=expected)


MOST_ALIKE = 5
"""Up to how many units of a name are told."""


def units_named(units: Units, text: str) -> list[Unit]:
    """The units of that name, whole or without its kind (``kon plong`` for Huyện Kon Plông); tones do not matter."""
    wanted = bare(text)
    names = {code: bare(unit.name) for code, unit in units.items()} if wanted else {}
    whole = [units[code] for code, name in names.items() if name == wanted]
    return whole or [units[code] for code, name in names.items() if name.endswith(f" {wanted}")]


def _superfluous(findings: Findings, row: int, column: str, text: str) -> None:
    found = Text(vi=f"thừa giá trị {quote(text)}", en=f"superfluous value {quote(text)}")
    findings.error(row, column, found=found, expected=EXPECTED_EMPTY)


def note_again(findings: Findings, row: int, column: str, what: str, first: int) -> None:
    """Note that ``what`` stood in row ``first`` already."""
    found = Text(vi=f"{what} đã có ở dòng {first}", en=f"{what} is in row {first} already")
    findings.error(row, column, found=found, expected=Text(vi="chỉ một dòng", en="expected it once"))
