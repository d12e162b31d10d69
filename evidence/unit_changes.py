"""Unit changes as a table: ``unit_changes.csv``, in and out.

``kind,date,instrument,from,to,name,tier,parent``: ``kind`` is ``establish|merge|split|rename|move|recode|retier|
abolish`` (or in Vietnamese: thành lập, nhập, chia, đổi tên, chuyển, đổi mã, đổi cấp, giải thể), ``date`` the first day
on which it holds, ``from`` the codes of the units before, separated by ``|``, ``to`` the code afterwards; one row for
every new unit, so that a split has several. What is left empty stays as it was.
"""

import os

from attrs import frozen

from evidence.files import FilePath, read_rows, write_rows
from evidence.index_values import bare
from evidence.reorganisation import draw_up
from evidence.succession import Change, Chronicle, Defect, Kind, Unsound
from evidence.units import Units
from evidence.values import Unreadable, quote, read_date, suggest_in
from levels.faults import Fault, Findings, Text
from levels.framework import Tier

CHANGE_COLUMNS = ("kind", "date", "instrument", "from", "to", "name", "tier", "parent")
CHANGE_REQUIRED = ("kind", "date", "instrument", "from", "to")

_KINDS = {
    "thanh lap": Kind.ESTABLISH,
    "nhap": Kind.MERGE,
    "sap nhap": Kind.MERGE,
    "hop nhat": Kind.MERGE,
    "chia": Kind.SPLIT,
    "tach": Kind.SPLIT,
    "doi ten": Kind.RENAME,
    "chuyen": Kind.MOVE,
    "doi ma": Kind.RECODE,
    "doi cap": Kind.RETIER,
    "giai the": Kind.ABOLISH,
    "ket thuc": Kind.ABOLISH,
} | {kind.value: kind for kind in Kind}


@frozen
class UnitChanges:
    """The changes of one file in its order, what they make of the units, and what should be looked at."""

    changes: tuple[Change, ...]
    chronicle: Chronicle
    warnings: tuple[Fault, ...] = ()


def read_changes(path: FilePath, units: Units) -> UnitChanges:
    """The changes of a file, that begin with ``units``. Raises ``Faulty`` with all faults of cells and all defects."""
    findings = Findings(os.fspath(path))
    rows: list[int] = []
    changes: list[Change] = []
    for row, cells in read_rows(findings, CHANGE_COLUMNS, CHANGE_REQUIRED):
        change = _read_change(findings, row, cells)
        if change is not None:
            rows.append(row)
            changes.append(change)
    try:
        chronicle = draw_up(units, changes)
    except Unsound as unsound:
        for defect in unsound.defects:
            findings.error(rows[defect.place], defect.column, found=defect.found, expected=defect.expected)
        findings.faults.sort(key=lambda fault: fault.row)
    findings.stop()
    return UnitChanges(
        tuple(changes), chronicle, tuple(_warn(findings.file, rows, doubt) for doubt in chronicle.doubts)
    )


def write_changes(path: FilePath, changes: "tuple[Change, ...]") -> None:
    """Write ``changes`` so that ``read_changes`` gives them back."""
    rows = (
        (
            str(change.kind),
            change.on.isoformat(),
            change.instrument,
            "|".join(change.before),
            change.code,
            change.name,
            str(change.tier or ""),
            change.parent,
        )
        for change in changes
    )
    write_rows(path, CHANGE_COLUMNS, rows)


def _warn(file: str, rows: list[int], doubt: Defect) -> Fault:
    return Fault(file, rows[doubt.place], doubt.column, doubt.found, doubt.expected, "warning")


def _read_change(findings: Findings, row: int, cells: list[str]) -> Change | None:
    """One change; None, with faults noted, where its kind, day or tier cannot be read."""
    kind_text, date_text, instrument, before, code, name, tier_text, parent = (" ".join(cell.split()) for cell in cells)
    errors = len(findings.errors)
    kind = _KINDS.get(bare(kind_text))
    if kind is None:
        found = Text(
            vi=f"không có loại thay đổi {quote(kind_text)}", en=f"there is no kind of change {quote(kind_text)}"
        )
        findings.error(row, "kind", found=found, expected=suggest_in(findings, "kind", kind_text, lambda: Kind))
    try:
        day = read_date(date_text)
    except Unreadable as unreadable:
        day = None
        [flaw] = unreadable.flaws
        findings.error(row, "date", found=flaw.found, expected=flaw.expected)
    else:
        if day is None:
            expected = Text(vi="cần ngày có hiệu lực, như 2025-07-01", en="expected the first day, as 2025-07-01")
            findings.error(row, "date", found=Text(vi="thiếu ngày", en="there is no day"), expected=expected)
    if tier_text and tier_text.casefold() not in tuple(Tier):
        found = Text(vi=f"không có cấp {quote(tier_text)}", en=f"there is no tier {quote(tier_text)}")
        findings.error(row, "tier", found=found, expected=suggest_in(findings, "tier", tier_text, lambda: Tier))
    if kind is None or day is None or len(findings.errors) > errors:
        return None
    tier = Tier(tier_text.casefold()) if tier_text else None
    codes = tuple(part.strip() for part in before.split("|") if part.strip())
    return Change(kind, day, instrument, codes, code, name, tier, parent)
