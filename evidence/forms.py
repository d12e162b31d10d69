"""Forms: the Excel form of Phụ lục 01/02, out and back in.

A form comes back from outside: it is refused unless it is the very form that was sent for this
unit, cycle and version of the framework. No formula is evaluated, and all faults are told at once.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attrs import field, frozen

from evidence.facts import Fact
from evidence.files import FilePath
from evidence.form_layout import LAST_COLUMN, META_KEYS, META_SHEET, SPARE_COLUMNS, SPARE_ROWS
from evidence.form_rows import FormRow
from evidence.form_structure import check_head, check_merged, check_printed, locate_rows, name_place, read_meta
from evidence.form_writer import write_form
from evidence.units import Unit, Units
from evidence.workbooks import read_workbook
from levels.faults import Fault, Faulty, Findings, Text
from levels.framework import Framework

__all__ = ["FormContent", "read_form", "read_forms", "write_form"]

_MAX_HEAD = 20  # rows above and below the table, at most


@frozen
class FormContent:
    """What one form holds. ``appraised``: it has the council's columns, so only a council may send it.

    ``rows``: where the fact of each criterion stands, as a row and a column such as ``Phụ lục 01!L``.
    """

    file: str
    unit: Unit
    cycle: int
    appraised: bool
    facts: Mapping[str, Fact]
    warnings: tuple[Fault, ...] = ()
    rows: Mapping[str, tuple[int, str]] = field(factory=dict)


def read_form(path: FilePath, framework: Framework, units: Units, cycle: int) -> FormContent:
    """The facts of one form. Raises ``Faulty`` with every fault, by sheet, row and column.

    Refused: a file that is no sound workbook, a form of another framework, version, unit list or
    cycle, one whose rows, columns or printed words were changed, and every value that
    ``evidence.values`` or ``evidence.admission`` does not admit. A row without a value but with a
    note or document is a fact of status unknown; an empty row is none.
    """
    findings = Findings(os.fspath(path))
    areas = {META_SHEET: (len(META_KEYS) + SPARE_ROWS, 2 + SPARE_COLUMNS)}
    for criteria_set in framework.sets.values():
        rows = len(criteria_set.groups) + len(criteria_set.criteria) + _MAX_HEAD + SPARE_ROWS
        areas[criteria_set.annex] = (rows, LAST_COLUMN + SPARE_COLUMNS)
    sheets = read_workbook(Path(path), findings.file, areas)
    layout = read_meta(sheets, framework, units, cycle, findings)
    sheet = sheets.get(layout.sheet)
    if sheet is None:
        found = Text(vi=f"thiếu trang “{layout.sheet}”", en=f"the sheet “{layout.sheet}” is missing")
        expected = Text(vi="hãy nộp cả sổ tính, không đổi tên trang", en="send the whole workbook, sheets not renamed")
        raise Faulty([Fault(findings.file, 1, layout.sheet, found, expected)])
    check_head(sheet, layout, findings)
    findings.stop()
    located = locate_rows(sheet, layout, findings)
    check_merged(sheet, layout, findings)
    check_printed(sheet, layout, located, findings)
    unit = units[layout.meta["unit"]]
    facts: dict[str, Fact] = {}
    places: dict[str, tuple[int, str]] = {}
    for line, criterion in layout.criteria.items():
        if criterion.code in located:
            row = FormRow(sheet, layout, line, located[criterion.code], criterion, findings)
            fact = row.read(units)
            if fact is not None:
                facts[criterion.code] = fact
                places[criterion.code] = row.place
    findings.faults.sort(key=lambda fault: fault.row)
    findings.stop()
    appraised = layout.meta["appraisal"] == "yes"
    return FormContent(findings.file, unit, cycle, appraised, facts, tuple(findings.faults), places)


def read_form_cycle(path: FilePath) -> int:
    """The cycle that a form says it is of. Raises ``Faulty`` where the file says none."""
    findings = Findings(os.fspath(path))
    area = {META_SHEET: (len(META_KEYS) + SPARE_ROWS, 2 + SPARE_COLUMNS)}
    sheet = read_workbook(Path(path), findings.file, area).get(META_SHEET)
    row = META_KEYS.index("cycle") + 1
    said = sheet.cell(row, 2).text if sheet else ""
    if not (said.isascii() and said.isdigit()):
        found = Text(vi="tệp không cho biết năm đánh giá", en="the file does not say its cycle")
        expected = Text(vi="cần biểu do hệ thống tạo ra, hoặc --cycle", en="expected a form of this system, or --cycle")
        findings.error(row, name_place(META_SHEET, 2), found=found, expected=expected)
    findings.stop()
    return int(said)


def read_forms(
    paths: Iterable[FilePath],
    framework: Framework,
    units: Units,
    cycle: int,
    progress: Callable[[int], object] | None = None,
) -> tuple[FormContent, ...]:
    """The contents of many forms, in their order. Raises ``Faulty`` with the faults of all of them.

    ``progress`` is told after every file how many have been read.
    """
    contents: list[FormContent] = []
    faults: list[Fault] = []
    for number, path in enumerate(paths, start=1):
        try:
            contents.append(read_form(path, framework, units, cycle))
        except Faulty as faulty:
            faults.extend(faulty.faults)
        if progress is not None:
            progress(number)
    if faults:
        raise Faulty(faults)
    return tuple(contents)
