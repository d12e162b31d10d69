"""The yearly report as an Excel workbook: how far the units went, and every unit with its level and act."""

from typing import Any

from reports.sheets import Book
from reports.tables import Table
from reports.year_report import YearSummary, view_year_report

_HEAD: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}


def year_workbook(summary: YearSummary) -> bytes:
    """One sheet with the tables of the report, one with its annex; numbers are written as such."""
    view = view_year_report(summary)
    book = Book()
    sheet = book.sheet("Tổng hợp")
    at = book.heading(sheet, [view.subject, view.synthetic_mark])
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 4, 16)
    for section in view.sections:
        for part in section.parts:
            if part.heading:
                book.write(sheet, at, 0, part.heading, bold=True)
                at += 1
            if part.table is not None:
                at = _write(book, sheet, part.table, at) + 1
    annex = view.annexes[0]
    assert annex.table is not None
    listing = book.sheet("Danh sách")
    at = book.heading(listing, [annex.title, view.synthetic_mark])
    for place, column in enumerate(annex.table.columns):
        listing.set_column(place, place, max(8, column.width // 2))
    listing.freeze_panes(at + 1, 3)
    listing.repeat_rows(at)
    _write(book, listing, annex.table, at)
    return book.close()


def _write(book: Book, sheet: Any, table: Table, at: int) -> int:
    """A table from row ``at``; the first free row beneath it."""
    for place, column in enumerate(table.columns):
        book.write(sheet, at, place, column.title, **_HEAD)
    for row in table.rows:
        at += 1
        for place, cell in enumerate(row.cells):
            text = "; ".join(line.text for line in cell)
            centred = not row.heading and table.columns[place].centred
            look: dict[str, object] = {"bold": True} if row.heading else {"border": 1}
            value = int(text) if centred and text.lstrip("-").isascii() and text.lstrip("-").isdigit() else text
            book.write(sheet, at, place, value, **look, align="center" if centred else "left")
    return at + 1
