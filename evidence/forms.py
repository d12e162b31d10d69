"""Forms: the Excel form of Phụ lục 01/02, or of an index, out and back in.

A form comes back from outside: it is refused unless it is the very form that was sent for this
unit, cycle and version of the rulebook. No formula is evaluated, and all faults are told at once.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attrs import field, frozen

from evidence.facts import Fact
from evidence.files import FilePath
from evidence.form_general import general_area, read_general
from evidence.form_layout import GENERAL_SHEET, META_KEYS, META_SHEET, ROUND_KEY, SPARE_COLUMNS, SPARE_ROWS, Layout
from evidence.form_plan import sheet_of
from evidence.form_rows import FormRow
from evidence.form_structure import check_head, check_merged, check_printed, locate_rows, name_place, read_meta
from evidence.form_writer import write_form
from evidence.inputs import find_excess, find_wholes
from evidence.units import Unit, Units
from evidence.workbooks import read_workbook
from levels.faults import Fault, Faulty, Findings, Text
from levels.framework import CriteriaSet, Tier
from levels.index import IndicatorSet
from levels.loader import Rulebook

__all__ = ["FormContent", "read_form", "read_forms", "write_form"]

_MAX_HEAD = 20  # rows above and below the table, at most
_MAX_COLUMNS = 22  # of any table


@frozen
class FormContent:
    """What one form holds. ``appraised``: it has the council's columns, so only a council may send it.

    ``rows``: where the fact of each criterion stands, as a row and a column such as ``Phụ lục 01!L``.
    ``round``: the round of scoring its facts belong to; ``general``: the general information, row by row.
    """

    file: str
    unit: Unit
    cycle: int
    appraised: bool
    facts: Mapping[str, Fact]
    warnings: tuple[Fault, ...] = ()
    rows: Mapping[str, tuple[int, str]] = field(factory=dict)
    round: str = ""
    general: tuple[str, ...] = ()


def read_form(path: FilePath, rulebook: Rulebook, units: Units, cycle: int) -> FormContent:
    """The facts of one form. Raises ``Faulty`` with every fault, by sheet, row and column.

    Refused: a file that is no sound workbook, a form of another rulebook, version, unit list or
    cycle, one whose rows, columns or printed words were changed, and every value that
    ``evidence.values`` or ``evidence.admission`` does not admit. A row without a value but with a
    note or document is a fact of status unknown; an empty row is none.
    """
    findings = Findings(os.fspath(path))
    sheets = read_workbook(Path(path), findings.file, _find_areas(rulebook))
    layout = read_meta(sheets, rulebook, units, cycle, findings)
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
    for line, asked in layout.criteria.items():
        if asked.code in located:
            row = FormRow(sheet, layout, line, located[asked.code], asked, findings)
            fact = row.read(units)
            if fact is not None:
                facts[asked.code] = fact
                places[asked.code] = row.place
    _check_wholes(rulebook, layout, facts, places, findings)
    general = read_general(sheets.get(GENERAL_SHEET), layout, findings)
    findings.faults.sort(key=lambda fault: fault.row)
    findings.stop()
    appraised = layout.meta["appraisal"] == "yes"
    round_ = layout.meta.get(ROUND_KEY, "")
    return FormContent(findings.file, unit, cycle, appraised, facts, tuple(findings.faults), places, round_, general)


def _find_areas(rulebook: Rulebook) -> dict[str, tuple[int, int]]:
    """How many rows and columns of each sheet are read."""
    areas = {META_SHEET: (len(META_KEYS) + SPARE_ROWS, 2 + SPARE_COLUMNS)}
    for criteria_set in rulebook.sets.values():
        rows = _count_lines(criteria_set) + _MAX_HEAD + SPARE_ROWS
        name, area = sheet_of(criteria_set.annex), (rows, _MAX_COLUMNS + SPARE_COLUMNS)
        areas[name] = max(area, areas.get(name, area))
        if isinstance(criteria_set, IndicatorSet) and criteria_set.general:
            area = general_area(criteria_set.general)
            areas[GENERAL_SHEET] = max(area, areas.get(GENERAL_SHEET, area))
    return areas


def _count_lines(criteria_set: CriteriaSet | IndicatorSet) -> int:
    if isinstance(criteria_set, CriteriaSet):
        return len(criteria_set.groups) + len(criteria_set.criteria)
    # Two headings of a pillar at most: its group's and its own.
    return 2 * len(criteria_set.pillars) + sum(len(indicator.inputs) for indicator in criteria_set.indicators) + 1


def _check_wholes(
    rulebook: Rulebook,
    layout: Layout,
    facts: Mapping[str, Fact],
    places: Mapping[str, tuple[int, str]],
    findings: Findings,
) -> None:
    """Note where a part is more than its whole."""
    criteria_set = rulebook.sets[Tier(layout.meta["tier"])]
    for whole in find_wholes(criteria_set) if isinstance(criteria_set, IndicatorSet) else ():
        if found := find_excess(facts, whole, lambda fact: places[fact.criterion][0]):
            fact, flaw = found
            findings.error(*places[fact.criterion], found=flaw.found, expected=flaw.expected)


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
    rulebook: Rulebook,
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
            contents.append(read_form(path, rulebook, units, cycle))
        except Faulty as faulty:
            faults.extend(faulty.faults)
        if progress is not None:
            progress(number)
    if faults:
        raise Faulty(faults)
    return tuple(contents)
