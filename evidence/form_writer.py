"""Form writer: the Excel form of Phụ lục 01/02, one workbook per unit, such as an office would send.

Every text is written as text: nothing that comes from outside can become a formula or a link.
"""

from collections.abc import Mapping
from typing import Any

import xlsxwriter

from evidence.facts import Fact
from evidence.files import FilePath, replace_file
from evidence.form_guide import write_guide
from evidence.form_inputs import InputWriter
from evidence.form_layout import COLUMNS, META_SHEET, PARTS, PLACES, Layout, lay_out
from evidence.form_style import HEIGHTS, INK, MAX_ROW_HEIGHT, STYLES, TINTS, Pen, count_lines
from evidence.units import Unit
from levels.framework import Framework

_LAW_KEYS = ("number", "name", "measure", "level_1", "level_2", "level_3", "level_4", "level_5", "method")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_form(
    path: FilePath,
    framework: Framework,
    unit: Unit,
    cycle: int,
    facts: Mapping[str, Fact] | None = None,
    *,
    appraisal: bool = False,
) -> None:
    """Write the form of ``unit`` for ``cycle``, filled with ``facts`` where given, whole or not at all.

    ``appraisal`` adds the council's columns (ruling, value, reason); without it only what the
    unit reports is filled in. A fact of another cycle that states no day is left out: it is not
    of this dossier. Raises ``KeyError`` where ``framework`` has no criteria for the unit's tier.
    """
    layout = lay_out(framework, unit, cycle, appraisal=appraisal)
    of_cycle = {code: fact for code, fact in (facts or {}).items() if fact.measured_on or fact.cycle in (None, cycle)}
    with replace_file(path) as stream, xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"title": f"{layout.sheet} - {unit.name} - {cycle}"})
        book.formats[0].set_font_name("Times New Roman")
        pen = Pen(book)
        sheet = book.add_worksheet(layout.sheet)
        _set_up(sheet, layout)
        _write_headings(sheet, pen, layout)
        _write_table_head(sheet, pen, layout)
        _write_groups(sheet, pen, layout)
        _write_criteria(InputWriter(sheet, pen, layout), of_cycle)
        write_guide(book, pen)
        _write_meta(book, layout)


def _set_up(sheet: Any, layout: Layout) -> None:
    head = layout.head_row
    for place, column in enumerate(COLUMNS, start=1):
        hidden = place == PLACES["code"] or place > layout.last_column
        sheet.set_column(place - 1, place - 1, column.width, None, {"hidden": hidden})
    sheet.freeze_panes(head + 2, PLACES["measure"] - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(head - 1, head + 1)
    sheet.print_area(0, 1, layout.last_row - 1, layout.last_column - 1)
    sheet.set_footer('&L&"Times New Roman,Italic"&9&A&R&"Times New Roman,Regular"&9Trang &P/&N')
    sheet.hide_gridlines(2)
    sheet.set_zoom(90)
    # No password: the lock guards against slips; the reader checks every locked cell anyway.
    sheet.protect("", {"format_rows": True, "format_columns": True})


def _print(sheet: Any, layout: Layout, row: int, place: int, form: Any) -> None:
    sheet.write_string(row - 1, place - 1, layout.printed[row, place], form)


def _write_headings(sheet: Any, pen: Pen, layout: Layout) -> None:
    heights: dict[int, float] = {}
    for heading in layout.headings:
        form = pen.plain(**STYLES[heading.style])
        sheet.merge_range(heading.row - 1, heading.first - 1, heading.row - 1, heading.last - 1, "", form)
        _print(sheet, layout, heading.row, heading.first, form)
        width = sum(column.width for column in COLUMNS[heading.first - 1 : heading.last])
        size = STYLES[heading.style]["font_size"]
        height = max(HEIGHTS.get(heading.style, 18), 1.3 * size * count_lines(heading.text, width, size))
        heights[heading.row] = max(height, heights.get(heading.row, 0))
    for row, height in heights.items():
        sheet.set_row(row - 1, height)
    sheet.set_row(2, 8)


def _write_table_head(sheet: Any, pen: Pen, layout: Layout) -> None:
    top = layout.head_row
    form = pen.ruled(bold=True, align="center", font_color=INK, bg_color=TINTS["head"])
    small = pen.ruled(italic=True, align="center", font_size=9)
    for place, column in enumerate(COLUMNS[: layout.last_column], start=1):
        if place == PLACES["code"]:
            continue
        if column.part == "law" and not column.key.startswith("level_"):
            sheet.merge_range(top - 1, place - 1, top, place - 1, "", form)
            _print(sheet, layout, top, place, form)
        else:
            _print(sheet, layout, top + 1, place, form)
        _print(sheet, layout, top + 2, place, small)
    spans = [(PLACES["level_1"], PLACES["level_5"])]
    for part in PARTS:
        places = [place for place, column in enumerate(COLUMNS, start=1) if column.part == part]
        spans.append((places[0], places[-1]))
    for first, last in spans:
        if last <= layout.last_column:
            sheet.merge_range(top - 1, first - 1, top - 1, last - 1, "", form)
            _print(sheet, layout, top, first, form)
    for row, height in enumerate((20, 60, 13), start=top):
        sheet.set_row(row - 1, height)


def _write_groups(sheet: Any, pen: Pen, layout: Layout) -> None:
    form = pen.ruled(bold=True, bg_color=TINTS["group"], font_color=INK)
    centred = pen.ruled(bold=True, bg_color=TINTS["group"], font_color=INK, align="center")
    for row, name in layout.groups.items():
        for place in range(PLACES["measure"], layout.last_column + 1):
            sheet.write_blank(row - 1, place - 1, None, form)
        _print(sheet, layout, row, PLACES["number"], centred)
        _print(sheet, layout, row, PLACES["name"], form)
        sheet.set_row(row - 1, 17 * count_lines(name, COLUMNS[PLACES["name"] - 1].width * 0.9))


def _write_criteria(inputs: InputWriter, facts: Mapping[str, Fact]) -> None:
    layout, sheet, pen = inputs.layout, inputs.sheet, inputs.pen
    for row, criterion in layout.criteria.items():
        _print(sheet, layout, row, PLACES["code"], pen.plain(font_color="#808080"))
        for key in _LAW_KEYS:
            form = pen.ruled(align="left" if key in ("name", "method") else "center")
            inputs.write_text(row, PLACES[key], layout.printed.get((row, PLACES[key]), ""), form)
        fact = facts.get(criterion.code)
        inputs.write_report(row, criterion, fact)
        appraisal = layout.last_column >= PLACES["reason"]
        if appraisal:
            inputs.write_appraisal(row, criterion, fact)
        texts = {key: layout.printed.get((row, PLACES[key]), "") for key in _LAW_KEYS}
        if fact is not None:
            texts["document"] = "\n".join(document.reference for document in fact.documents)
            texts |= {"source": fact.source, "reason" if appraisal else "note": fact.note}
        lines = max(count_lines(text, COLUMNS[PLACES[key] - 1].width) for key, text in texts.items())
        sheet.set_row(row - 1, min(MAX_ROW_HEIGHT, max(30.0, 13.9 * lines + 6)))


def _write_meta(book: Any, layout: Layout) -> None:
    meta = book.add_worksheet(META_SHEET)
    for row, (key, value) in enumerate(layout.meta.items()):
        meta.write_string(row, 0, key)
        meta.write_string(row, 1, value)
    meta.protect()
    meta.very_hidden()
