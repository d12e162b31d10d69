"""Sheets: evaluations and appraisal sheets as Excel workbooks and CSV.

Guarantees that no text from outside becomes a formula or a link, that text is in NFC, and the same
bytes for the same input. Exact values are written as integers or short decimals, never as a rounded number.
"""

import csv
import datetime
import io
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from attrs import define, field

from evidence.files import neutralise
from levels.faults import Language, Text
from reports.charts import EXEMPT_MARK, MARKS
from reports.labels import LABELS, judge
from reports.overview import AppraisalSheetView, view_appraisal_sheet
from reports.sentences import STANDINGS
from reports.words import NOTHING, printable
from rules.verdict import CriterionVerdict, Explanation, Standing, Verdict

CSV_COLUMNS = ("code", "name", "tier", "parent", "registered", "level", "claimed_level", "possible_level", "synthetic")

_FONT = "Times New Roman"
_CREATED = datetime.datetime(2025, 1, 1)  # noqa: DTZ001 - a fixed stamp, so that equal content gives equal bytes
_TEXTS_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def evaluation_csv(verdicts: Sequence[Verdict]) -> str:
    """The levels of every unit as CSV, one row each; the criteria are in the workbook."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for verdict in verdicts:
        unit, levels = verdict.unit, verdict.levels
        known = (unit.code, unit.name, unit.tier, unit.parent or "", unit.registered or "")
        cells = (
            *known,
            levels.level,
            levels.claimed_level,
            levels.possible_level,
            "yes" if verdict.synthetic else "no",
        )
        writer.writerow([printable(neutralise(str(cell))) for cell in cells])
    return text.getvalue()


def evaluation_workbook(verdicts: Sequence[Verdict], language: Language) -> bytes:
    """The levels of every unit as an Excel workbook: one sheet per tier, units × criteria."""
    book = Book()
    tiers = list(dict.fromkeys(verdict.unit.tier for verdict in verdicts))
    for tier in tiers:
        _evaluation_sheet(book, [verdict for verdict in verdicts if verdict.unit.tier is tier], language)
    return book.close()


def appraisal_workbook(
    verdict: Verdict, explanation: Explanation, language: Language, *, provisional: bool | None = None
) -> bytes:
    """One unit's appraisal sheet as an Excel workbook, with the content of the printed one."""
    marks = judge([verdict], language, provisional=provisional)
    view = view_appraisal_sheet(verdict, explanation, language, marks)
    book = Book()
    _appraisal_sheet(book, view)
    return book.close()


@define
class Book:
    """A workbook in memory that writes text as text."""

    stream: io.BytesIO = field(factory=io.BytesIO)
    book: Any = field(init=False)
    formats: dict[tuple[tuple[str, object], ...], Any] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        import xlsxwriter

        self.book = xlsxwriter.Workbook(self.stream, _TEXTS_ONLY)
        self.book.set_properties({"created": _CREATED})

    def format(self, **look: object) -> Any:
        """A cell format in the font of the decree; equal looks share one."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            base = {"font_name": _FONT, "font_size": 11, "valign": "top", "text_wrap": True}
            self.formats[key] = self.book.add_format({**base, **look})
        return self.formats[key]

    def sheet(self, name: str) -> Any:
        """A new sheet, A4 landscape, as wide as one page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def write(self, sheet: Any, row: int, column: int, value: object, **look: object) -> None:
        """Numbers and days as such, everything else as text that stays text when somebody edits the cell.

        Lines of a text stay lines.
        A decimal is written with its own digits; whoever gives one sees to it that there are 15 at most.
        """
        if isinstance(value, int | Decimal):
            sheet.write_number(row, column, value, self.format(**look))
            return
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            sheet.write_datetime(row, column, value, self.format(**look, num_format="dd/mm/yyyy"))
            return
        text = "\n".join(printable(line).strip() for line in str(value).strip().splitlines())
        quoted = {"quote_prefix": True} if neutralise(text) != text else {}
        sheet.write_string(row, column, text, self.format(**look, **quoted))

    def merge(self, sheet: Any, row: int, column: int, down: int, across: int, **look: object) -> None:
        """One cell out of ``down`` rows and ``across`` columns, to be written at its corner."""
        sheet.merge_range(row, column, row + down - 1, column + across - 1, "", self.format(**look))

    def heading(self, sheet: Any, lines: Sequence[str]) -> int:
        """Title lines from the top; gives the first free row."""
        for row, text in enumerate(line for line in lines if line):
            self.write(sheet, row, 0, text, bold=True, font_size=14 if row == 0 else 11, text_wrap=False)
        return len([line for line in lines if line]) + 1

    def close(self) -> bytes:
        """The finished workbook."""
        self.book.close()
        return self.stream.getvalue()


def _evaluation_sheet(book: Book, verdicts: Sequence[Verdict], language: Language) -> None:
    first = verdicts[0]
    criteria_set = first.framework.sets[first.unit.tier]
    sheet = book.sheet(criteria_set.annex)
    title = Text(
        vi=f"Mức độ chuyển đổi số năm {first.cycle} – {first.framework.instrument.number}",
        en=f"Digital transformation levels in {first.cycle} – {first.framework.instrument.number}",
    )
    marks = judge(verdicts, language)
    top = book.heading(sheet, [title.say(language), marks.synthetic, marks.provisional])
    labels = [LABELS[key].say(language) for key in ("code", "unit", "registered", "recognised", "claimed", "possible")]
    look: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
    for column, text in enumerate((*labels, *(criterion.code for criterion in criteria_set.criteria))):
        book.write(sheet, top, column, text, **look)
    for row, verdict in enumerate(verdicts, start=top + 1):
        unit, levels = verdict.unit, verdict.levels
        registered = NOTHING if unit.registered is None else unit.registered
        book.write(sheet, row, 0, unit.code, border=1)
        book.write(sheet, row, 1, unit.name, border=1)
        for column, value in enumerate(
            (registered, levels.level, levels.claimed_level, levels.possible_level), start=2
        ):
            book.write(sheet, row, column, value, border=1, align="center", bold=column == 3)
        for column, found in enumerate(verdict.criteria, start=6):
            value = _cell(found)
            book.write(sheet, row, column, value, border=1, align="center", italic=isinstance(value, str))
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 5, 11)
    sheet.set_column(6, 5 + len(criteria_set.criteria), 6)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
    _legend(book, sheet, top + len(verdicts) + 2, language)


def _cell(found: CriterionVerdict) -> int | str:
    if found.standing is Standing.EXEMPT:
        return EXEMPT_MARK
    mark = MARKS.get(found.standing, "")
    return f"{found.levels.level}{mark}" if mark else found.levels.level


def _legend(book: Book, sheet: Any, row: int, language: Language) -> None:
    for at, (standing, mark) in enumerate((*MARKS.items(), (Standing.EXEMPT, EXEMPT_MARK)), start=row):
        book.write(sheet, at, 0, mark, align="center")
        book.write(sheet, at, 1, STANDINGS[standing].say(language), text_wrap=False)


_WIDTHS = (7, 42, 14, 14, 14, 14, 14, 15, 15, 7, 36, 26)


def _appraisal_sheet(book: Book, view: AppraisalSheetView) -> None:
    labels = view.labels
    sheet = book.sheet(labels["appraisal"].capitalize())
    top = book.heading(
        sheet,
        [
            f"{labels['appraisal']} – {view.subject}",
            view.synthetic_mark,
            view.provisional_mark,
            view.levels,
            view.citation,
        ],
    )
    heads = (
        labels["code"], labels["criterion"], *view.level_names, labels["reported"], labels["accepted"],
        labels["level"], labels["reason"], labels["documents"],
    )  # fmt: skip
    look: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
    for column, text in enumerate(heads):
        book.write(sheet, top, column, text, **look)
    row = top + 1
    for group in view.groups:
        book.write(sheet, row, 0, group.heading, bold=True, text_wrap=False)
        row += 1
        for entry in group.rows:
            cells = (
                entry.code, entry.name, *entry.cells, entry.reported, entry.accepted, entry.level, entry.reason,
                entry.documents,
            )  # fmt: skip
            for column, value in enumerate(cells):
                align = "left" if column in (1, 10, 11) else "center"
                book.write(sheet, row, column, value, border=1, align=align)
            lines = max(
                len(textwrap.wrap(str(value), width * 5 // 4)) for value, width in zip(cells, _WIDTHS, strict=True)
            )
            sheet.set_row(row, 15 * lines + 3)
            row += 1
    book.write(sheet, row + 1, 0, view.headline, bold=True, text_wrap=False)
    book.write(sheet, row + 2, 0, labels["truncated"], italic=True, text_wrap=False)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
