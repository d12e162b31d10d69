"""Form writer: the Excel form of Phụ lục 01/02, one workbook per unit, such as an office would send.

Every text is written as text: nothing that comes from outside can become a formula or a link.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from evidence.facts import Fact
from evidence.files import FilePath, replace_file
from evidence.form_general import write_general
from evidence.form_guide import write_guide
from evidence.form_inputs import InputWriter, say_value
from evidence.form_layout import LISTS_SHEET, META_SHEET, Layout, lay_out
from evidence.form_style import HEIGHTS, INK, MAX_ROW_HEIGHT, STYLES, TINTS, Pen, count_lines
from evidence.units import Unit
from levels.loader import Rulebook

_LEFT_ALIGNED = ("name", "method", "expected", "label")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_form(
    path: FilePath,
    rulebook: Rulebook,
    unit: Unit,
    cycle: int,
    facts: Mapping[str, Fact] | None = None,
    *,
    appraisal: bool = False,
    round_: str = "",
    general: Sequence[str] = (),
) -> None:
    """Write the form of ``unit`` for ``cycle``, filled with ``facts`` where given, whole or not at all.

    ``appraisal`` adds the council's columns (ruling, value, reason); without it only what the
    unit reports is filled in. A fact of another cycle that states no day is left out: it is not
    of this dossier. Of an index: ``round_`` is the round of scoring that what comes back belongs to,
    ``general`` what is known already of the general information, row by row. Raises ``KeyError``
    where ``rulebook`` asks nothing of the unit's tier.
    """
    layout = lay_out(rulebook, unit, cycle, appraisal=appraisal, round_=round_)
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
        inputs = InputWriter(sheet, pen, layout)
        _write_criteria(inputs, of_cycle)
        if layout.general:
            write_general(book, pen, layout, general)
        write_guide(book, pen, rulebook)
        _write_meta(book, layout)
        _write_lists(book, inputs.lists)


def _set_up(sheet: Any, layout: Layout) -> None:
    head = layout.head_row
    for place, column in enumerate(layout.table.columns, start=1):
        hidden = column.key == "code" or place > layout.last_column
        sheet.set_column(place - 1, place - 1, column.width, None, {"hidden": hidden})
    sheet.freeze_panes(head + 2, layout.table.places["name"])
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
        width = sum(column.width for column in layout.table.columns[heading.first - 1 : heading.last])
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
    shown = [(first, last) for first, last, _ in layout.table.spans if last <= layout.last_column]
    spanned = {place for first, last in shown for place in range(first, last + 1)}
    for place, column in enumerate(layout.columns, start=1):
        if column.key == "code":
            continue
        if place not in spanned:
            sheet.merge_range(top - 1, place - 1, top, place - 1, "", form)
            _print(sheet, layout, top, place, form)
        else:
            _print(sheet, layout, top + 1, place, form)
        _print(sheet, layout, top + 2, place, small)
    for first, last in shown:
        if first < last:
            sheet.merge_range(top - 1, first - 1, top - 1, last - 1, "", form)
        _print(sheet, layout, top, first, form)
    for row, height in enumerate((20, 60, 13), start=top):
        sheet.set_row(row - 1, height)


def _write_groups(sheet: Any, pen: Pen, layout: Layout) -> None:
    look = {"bold": True, "bg_color": TINTS["group"], "font_color": INK}
    form, centred = pen.ruled(**look), pen.ruled(**look, align="center")
    name_place = layout.table.places["name"]
    for row, name in layout.groups.items():
        for place in range(layout.table.places["number"], layout.last_column + 1):
            if (row, place) in layout.printed:
                _print(sheet, layout, row, place, form if place == name_place else centred)
            else:
                sheet.write_blank(row - 1, place - 1, None, form)
        sheet.set_row(row - 1, 17 * count_lines(name, layout.table.column("name").width * 0.9))


def _write_criteria(inputs: InputWriter, facts: Mapping[str, Fact]) -> None:
    layout, sheet, pen = inputs.layout, inputs.sheet, inputs.pen
    law = [(place, column.key) for place, column in enumerate(layout.columns, start=1) if column.part == "law"][1:]
    shared = _share_heights(layout)
    for first_column, first_row, last_column, last_row in layout.merged:
        form = _law_form(pen, layout.columns[first_column - 1].key)
        sheet.merge_range(first_row - 1, first_column - 1, last_row - 1, last_column - 1, "", form)
    inside = {row for first, rows in layout.blocks.items() for row in range(first + 1, first + rows)}
    for row, asked in layout.criteria.items():
        _print(sheet, layout, row, layout.table.places["code"], pen.plain(font_color="#808080"))
        for place, key in law:
            if not (row in inside and place in layout.shared_places):
                inputs.write_text(row, place, layout.printed.get((row, place), ""), _law_form(pen, key))
        fact = facts.get(asked.code)
        inputs.write_report(row, asked, fact)
        appraisal = layout.last_column > layout.table.last_proof
        if appraisal:
            inputs.write_appraisal(row, asked, fact)
        texts = {key: layout.printed.get((row, place), "") for place, key in law}
        if row in shared:
            texts |= {layout.columns[place - 1].key: "" for place in layout.shared_places}
        if fact is not None:
            texts["document"] = "\n".join(document.reference for document in fact.documents)
            texts |= {"source": fact.source, "reason" if appraisal else "note": fact.note}
            texts["value"] = say_value(asked, fact)
        lines = max(count_lines(text, layout.table.column(key).width) for key, text in texts.items())
        sheet.set_row(row - 1, min(MAX_ROW_HEIGHT, max(30.0, 13.9 * lines + 6, shared.get(row, 0))))


def _law_form(pen: Pen, key: str) -> Any:
    return pen.ruled(align="left" if key in _LEFT_ALIGNED else "center")


def _share_heights(layout: Layout) -> dict[int, float]:
    """How tall the rows of a block must be at least for the words that they share."""
    heights: dict[int, float] = {}
    for first, rows in layout.blocks.items():
        lines = max(
            count_lines(layout.printed.get((first, place), ""), layout.columns[place - 1].width)
            for place in layout.shared_places
        )
        heights |= dict.fromkeys(range(first, first + rows), (13.9 * lines + 6) / rows)
    return heights


def _write_lists(book: Any, lists: Sequence[Sequence[str]]) -> None:
    if not lists:
        return
    sheet = book.add_worksheet(LISTS_SHEET)
    for column, options in enumerate(lists):
        for row, option in enumerate(options):
            sheet.write_string(row, column, option)
    sheet.protect()
    sheet.very_hidden()


def _write_meta(book: Any, layout: Layout) -> None:
    meta = book.add_worksheet(META_SHEET)
    for row, (key, value) in enumerate(layout.meta.items()):
        meta.write_string(row, 0, key)
        meta.write_string(row, 1, value)
    meta.protect()
    meta.very_hidden()
