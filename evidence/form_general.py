"""Form general information: the second sheet of an index's form, free text that earns no points.

What is printed is locked and compared; the column «Nội dung» takes any text, or none.
"""

from collections.abc import Sequence
from typing import Any

from evidence.form_cells import read_text_cell
from evidence.form_inputs import FORMULA_SIGNS
from evidence.form_layout import GENERAL_SHEET, SPARE_COLUMNS, SPARE_ROWS, Layout
from evidence.form_structure import check_text, name_place
from evidence.form_style import INK, TINTS, Pen, count_lines
from evidence.values import Unreadable
from evidence.workbooks import Sheet
from levels.faults import Findings, Text
from levels.index import GeneralItem

GENERAL_COLUMNS = (
    ("STT", 7.0),
    ("Thông tin", 52.0),
    ("Đơn vị tính", 14.0),
    ("Đơn vị phụ trách", 24.0),
    ("Nội dung", 50.0),
)
_HEAD_ROW = 3
_CONTENT = len(GENERAL_COLUMNS)


def write_general(book: Any, pen: Pen, layout: Layout, contents: Sequence[str]) -> None:
    """Add the sheet «Thông tin chung» to ``book``, filled with ``contents`` as far as they go."""
    sheet = book.add_worksheet(GENERAL_SHEET)
    for place, (_, width) in enumerate(GENERAL_COLUMNS):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW - 1)
    sheet.freeze_panes(_HEAD_ROW, 2)
    titles = {1: pen.plain(bold=True, font_size=14, font_color=INK, text_wrap=False)}
    head = pen.ruled(bold=True, align="center", font_color=INK, bg_color=TINTS["head"])
    known = dict(enumerate(contents))
    for number in range(len(layout.general)):
        for place in range(_CONTENT - 1):
            sheet.write_blank(_HEAD_ROW + number, place, None, pen.ruled())
    for (row, place), text in _print_texts(layout).items():
        form = titles.get(row) or (head if row == _HEAD_ROW else pen.ruled(align="left" if place == 2 else "center"))
        sheet.write_string(row - 1, place - 1, text, form)
    sheet.set_row(0, 28)
    for number, item in enumerate(layout.general):
        row, content = _HEAD_ROW + number, known.get(number, "")
        prefix = {"quote_prefix": True} if content.startswith(FORMULA_SIGNS) else {}
        form = pen.ruled(bg_color=TINTS["report"], locked=False, num_format="@", **prefix)
        if content:
            sheet.write_string(row, _CONTENT - 1, content, form)
        else:
            sheet.write_blank(row, _CONTENT - 1, None, form)
        texts = (*_texts(item), content)
        lines = max(count_lines(text, width, 12) for text, (_, width) in zip(texts, GENERAL_COLUMNS, strict=True))
        sheet.set_row(row, max(20.0, 15.5 * lines + 6))
    sheet.protect("", {"format_rows": True, "format_columns": True})


def read_general(sheet: Sheet | None, layout: Layout, findings: Findings) -> tuple[str, ...]:
    """What stands in «Nội dung», row by row; notes every locked cell that was changed, and a sheet that is gone."""
    if not layout.general:
        return ()
    if sheet is None:
        found = Text(vi=f"thiếu trang “{GENERAL_SHEET}”", en=f"the sheet “{GENERAL_SHEET}” is missing")
        expected = Text(vi="hãy nộp cả sổ tính, không đổi tên trang", en="send the whole workbook, sheets not renamed")
        findings.error(1, GENERAL_SHEET, found=found, expected=expected)
        return ()
    for (row, place), text in _print_texts(layout).items():
        check_text(sheet, row, place, text, findings)
    return tuple(_read_content(sheet, _HEAD_ROW + 1 + number, findings) for number in range(len(layout.general)))


def general_area(items: Sequence[GeneralItem]) -> tuple[int, int]:
    """How many rows and columns of the sheet are read."""
    return _HEAD_ROW + len(items) + SPARE_ROWS, _CONTENT + SPARE_COLUMNS


def _read_content(sheet: Sheet, row: int, findings: Findings) -> str:
    try:
        return read_text_cell(sheet.cell(row, _CONTENT), "content")
    except Unreadable as unreadable:
        for flaw in unreadable.flaws:
            findings.error(row, name_place(sheet.name, _CONTENT), found=flaw.found, expected=flaw.expected)
        return ""


def _print_texts(layout: Layout) -> dict[tuple[int, int], str]:
    """What is printed into the sheet, by row and column."""
    printed = {(1, 1): f"THÔNG TIN CHUNG (không tính điểm) NĂM {layout.meta['cycle']}"}
    printed |= {(_HEAD_ROW, place): title for place, (title, _) in enumerate(GENERAL_COLUMNS, start=1)}
    for row, item in enumerate(layout.general, start=_HEAD_ROW + 1):
        printed |= {(row, place): text for place, text in enumerate(_texts(item), start=1) if text}
    return printed


def _texts(item: GeneralItem) -> tuple[str, str, str, str]:
    """What is printed in the row of ``item``."""
    return item.number, item.name, "; ".join(filter(None, (item.unit, item.note))), item.lead
