"""Tables in Word: widths, alignment and letters that a template cannot know, set once it is filled in."""

from collections.abc import Sequence
from typing import Any

from reports.tables import Table

MARK = "reports.tables"
"""The caption by which a template marks a table that is made of a ``Table``; it is taken away here."""


def fit_tables(document: Any, tables: Sequence[Table]) -> None:
    """Give the marked tables of a filled-in ``document`` (python-docx) the columns of ``tables``, in order."""
    from docx.oxml.ns import qn

    marked = [table for table in document.tables if _marked(table, qn("w:tblCaption"))]
    for table, shown in zip(marked, tables, strict=False):
        _fit(table, shown)


def _marked(table: Any, tag: str) -> bool:
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no public way
    captions = [caption for caption in properties.iter(tag) if caption.values() == [MARK]]
    for caption in captions:
        properties.remove(caption)
    return bool(captions)


BAR = "A6A6A6"
"""The grey of a bar: seen on every printer, and what is written on it can be read."""


def _shade(rows: Sequence[Sequence[Any]], shown: Table) -> None:
    """Fill the cells that are pieces of bars; their words take the colour of the bar."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import RGBColor

    for cells, row in zip(rows, shown.rows, strict=True):
        for cell, lines in zip(cells, row.cells, strict=True):
            if any(line.style == "bar" for line in lines):
                cell.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{BAR}"/>'))
                for run in (run for paragraph in cell.p_lst for run in paragraph.r_lst):
                    run.get_or_add_rPr().get_or_add_color().val = RGBColor.from_string(BAR)


def _fit(table: Any, shown: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    grid = table._tbl.tblGrid  # noqa: SLF001 - python-docx has no public way
    for place, column in zip(grid.gridCol_lst, shown.columns, strict=True):
        place.w = Mm(column.width)
    rows = [row._tr.tc_lst for row in table.rows]  # noqa: SLF001 - row.cells counts a merged cell many times
    _shade(rows[1:], shown)
    for number, cells in enumerate(rows):
        across = len(cells) < len(shown.columns)
        for cell, column in zip(cells, shown.columns, strict=False):
            cell.width = Mm(shown.width if across else column.width)
            for paragraph in cell.p_lst:
                if column.centred and not across:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                if column.right and number and not across:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                for run in paragraph.r_lst:
                    italic = run.get_or_add_rPr().xpath("./w:i[not(@w:val='0')]")
                    run.rPr.sz_val = Pt(shown.size - (1 if italic or number == 0 else 0))
