"""What is settled before points are planned: inputs of a unit that are not to be changed.

``choices.csv``, as for budgets: ``unit,criterion,choice,year`` with the choice ``fixed``. ``criterion`` is an input
(``II.6.5:c``) or an indicator, then all its inputs; the unit may be left empty: every unit. A plan of points is one
unit's in one cycle: units that ``must`` rise and years are for budgets.
"""

import os
from functools import partial

from evidence.conditions import CHOICE_COLUMNS, CHOICE_REQUIRED, Choice
from evidence.files import FilePath, read_rows
from evidence.units import Unit, Units
from evidence.values import EXPECTED_EMPTY, quote, suggest_in
from levels.faults import Findings, Text
from levels.index import Index

_ONLY_FIXED = Text(
    vi="kế hoạch điểm của một đơn vị chỉ có lựa chọn «fixed» (không thay đổi)",
    en="a plan of points knows only the choice «fixed» (does not change)",
)


def read_settled(path: FilePath, index: Index, units: Units, unit: Unit) -> frozenset[str]:
    """The codes of the facts of ``unit`` that are not to be changed; rows of other units are read and left aside.

    Raises ``Faulty`` with all faults: unknown units and codes, other choices than ``fixed``, years, rows twice.
    """
    findings = Findings(os.fspath(path))
    settled: set[str] = set()
    seen: dict[tuple[str, str], int] = {}
    for row, (code, criterion, choice, year) in read_rows(findings, CHOICE_COLUMNS, CHOICE_REQUIRED):
        if choice.casefold() != Choice.FIXED:
            found = Text(vi=f"{quote(choice)} không dùng được ở đây", en=f"{quote(choice)} is of no use here")
            findings.error(row, "choice", found=found, expected=_ONLY_FIXED)
        if year:
            found = Text(vi=f"{quote(year)}: kế hoạch của một kỳ", en=f"{quote(year)}: the plan is that of one cycle")
            findings.error(row, "year", found=found, expected=EXPECTED_EMPTY)
        if code and code not in units:
            found = Text(vi=f"không có đơn vị mã {quote(code)}", en=f"there is no unit with the code {quote(code)}")
            findings.error(row, "unit", found=found, expected=suggest_in(findings, "unit", code, lambda: units))
            continue
        if code and units[code].tier not in index.sets:
            found = Text(
                vi=f"{code} ({units[code].name}) không được bộ chỉ số chấm điểm",
                en=f"{code} ({units[code].name}) is not rated by the index",
            )
            findings.error(row, "unit", found=found, expected=Text(vi="hãy xóa dòng này", en="remove this row"))
            continue
        named = _inputs(index, units[code] if code else None, criterion)
        if not named:
            rated = units[code] if code else None
            kind = f"criterion {rated.tier if rated else ''}"
            found = Text(
                vi=f"không có số liệu đầu vào hay chỉ số {quote(criterion)}",
                en=f"there is no input or indicator {quote(criterion)}",
            )
            findings.error(
                row,
                "criterion",
                found=found,
                expected=suggest_in(findings, kind, criterion, partial(_known, index, rated)),
            )
        elif (code, criterion) in seen:
            first = seen[code, criterion]
            found = Text(vi=f"{criterion} đã có ở dòng {first}", en=f"{criterion} is already in row {first}")
            expected = Text(vi="mỗi điều một dòng", en="expected it once")
            findings.error(row, "criterion", found=found, expected=expected)
        else:
            seen[code, criterion] = row
            if code in ("", unit.code):
                settled |= _inputs(index, unit, criterion)
    findings.stop()
    return frozenset(settled)


def _tiers(index: Index, unit: Unit | None) -> list[dict[str, frozenset[str]]]:
    """By code of input or indicator, the inputs it names; of every tier where there is no ``unit``."""
    named = []
    for tier, entry in index.sets.items():
        if unit is None or unit.tier is tier:
            every: dict[str, frozenset[str]] = {}
            for indicator in entry.indicators:
                codes = [indicator.fact_code(asked.key) for asked in indicator.inputs]
                every |= {code: frozenset({code}) for code in codes} | {indicator.code: frozenset(codes)}
            named.append(every)
    return named


def _known(index: Index, unit: Unit | None) -> list[str]:
    return sorted({known for entry in _tiers(index, unit) for known in entry})


def _inputs(index: Index, unit: Unit | None, criterion: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for every in _tiers(index, unit):
        found |= every.get(criterion, frozenset())
    return found
