"""What the Word templates are made of: pages, lines, tables. Layout: Nghị định 30/2020/NĐ-CP, Appendix I."""

from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.word_tables import MARK

FONT = "Times New Roman"
CENTRE, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY


def element(name: str, **attributes: object) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def blank(*, wide: bool = False) -> Any:
    """An empty A4 document with the margins, the font and the page number of the decree."""
    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        style.element.rPr.rFonts.set(qn(f"w:{script}"), FONT)
    style.element.rPr.append(element("lang", val="vi-VN", eastAsia="vi-VN"))
    style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(0), Pt(0)
    style.paragraph_format.line_spacing = 1.0
    page(document.sections[0], wide=wide)
    headers(document.sections[0])
    return document


def mark(row: Any, property_name: str) -> None:
    """Switch a property of a table row on: tblHeader (repeated on every page), cantSplit."""
    row._tr.get_or_add_trPr().append(element(property_name))  # noqa: SLF001 - python-docx has no public way


def page(section: Any, *, wide: bool) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin, section.header_distance = Mm(30), Mm(9)


def headers(section: Any) -> None:
    """The page number from page 2 on, and the mark of synthetic data on every page."""
    section.different_first_page_header_footer = True  # the first page bears no number
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    field = element("fldSimple", instr="PAGE")
    run = element("r")
    run.append(element("t"))
    field.append(run)
    number.paragraph_format.element.append(field)
    for header in (section.header, section.first_page_header):
        for text in ("{%p if synthetic_mark %}", "{{ synthetic_mark }}", "{%p endif %}"):
            paragraph = header.add_paragraph()
            line(paragraph, text, CENTRE, bold=True, size=11)


def line(
    paragraph: Any,
    text: str,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = 14,
    after: float = 0,
    before: float = 0,
    indent: float = 0,
) -> Any:
    """Write ``text`` as one run into ``paragraph``."""
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_after, shape.space_before = align, Pt(after), Pt(before)
    if indent:
        shape.first_line_indent = Mm(indent)
    return paragraph


def rule(cell_or_document: Any, sides: float, after: float = 0) -> None:
    """A short rule, drawn as the upper border of an empty paragraph ``sides`` mm from both edges."""
    paragraph = cell_or_document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(sides)
    shape.line_spacing, shape.space_before, shape.space_after = Pt(4), Pt(3), Pt(after)
    borders = element("pBdr")
    borders.append(element("top", val="single", sz=6, space=1, color="000000"))
    shape.element.get_or_add_pPr().append(borders)


def letterhead(document: Any, *, width: float = 160) -> None:
    table = grid(document, (width * 0.42, width * 0.58), borders=False)
    left, right = table.rows[0].cells
    line(left.paragraphs[0], "{%p for line in letterhead.superior %}", CENTRE, size=12)
    line(left.add_paragraph(), "{{ line }}", CENTRE, size=12)
    line(left.add_paragraph(), "{%p endfor %}", CENTRE, size=12)
    line(left.add_paragraph(), "{%p for line in letterhead.issuer %}", CENTRE, size=12)
    line(left.add_paragraph(), "{{ line }}", CENTRE, size=12, bold=True)
    line(left.add_paragraph(), "{%p endfor %}", CENTRE, size=12)
    rule(left, width * 0.42 * 0.33)
    line(left.add_paragraph(), "{{ letterhead.number }}", CENTRE, size=13, before=4)
    line(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", CENTRE, size=12, bold=True)
    line(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", CENTRE, size=13, bold=True)
    rule(right, (width * 0.58 - 60.5) / 2)  # the motto is 58 mm long at 13 pt bold, as its rule has to be
    line(right.add_paragraph(), "{{ letterhead.place_and_date }}", CENTRE, size=13, italic=True, before=4)


def grid(document: Any, widths: Sequence[float], *, rows: int = 1, borders: bool = True) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if borders:
        table.style = "Table Grid"
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def listing(
    document: Any,
    columns: Sequence[tuple[str, float, str, bool]],
    rows: str,
    *,
    size: float = 12,
    heading: str | None = None,
    row_of: str = "row",
    none: str | None = None,
) -> None:
    """A table that repeats its heading on every page and has one row for each of ``rows``.

    Columns: title, width in mm, content (``|``-separated paragraphs), centred. ``heading`` is a
    row across the whole table before each group: rows are then ``group.rows``.
    """
    table = grid(document, [width for _, width, _, _ in columns])
    head = table.rows[0]
    mark(head, "tblHeader")
    for cell, (title, _, _, _) in zip(head.cells, columns, strict=True):
        line(cell.paragraphs[0], title, CENTRE, bold=True, size=size)

    def tag(text: str) -> None:
        line(table.add_row().cells[0].paragraphs[0], text, size=size)

    if heading:
        tag(f"{{%tr for group in {rows} %}}")
        across = table.add_row().cells
        line(across[0].merge(across[-1]).paragraphs[0], heading, bold=True, size=size)
        rows = "group.rows"
    tag(f"{{%tr for {row_of} in {rows} %}}")
    body = table.add_row()
    mark(body, "cantSplit")
    for cell, (_, width, content, centred) in zip(body.cells, columns, strict=True):
        cell.width = Mm(width)
        for place, text in enumerate(content.split("|")):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            line(paragraph, text, CENTRE if centred else LEFT, size=size)
    tag("{%tr endfor %}")
    if heading:
        tag("{%tr endfor %}")
    if none is not None:
        tag(f"{{%tr if not {rows} %}}")
        cells = table.add_row().cells
        line(cells[0].merge(cells[-1]).paragraphs[0], none, CENTRE, size=size)
        tag("{%tr endif %}")


def grid_table(document: Any, name: str) -> None:
    """The value ``name`` (reports.tables.Table) as a table; its widths and letters are set once it is filled in."""
    table = grid(document, (40, 80, 40), rows=1)
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no public way
    margins = element("tblCellMar")
    margins.extend(element(side, w=62, type="dxa") for side in ("left", "right"))  # narrow columns stay readable
    properties.extend((margins, element("tblCaption", val=MARK)))
    head = table.rows[0]
    mark(head, "tblHeader")
    head.cells[1].vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    _loop(head.cells, f"{{%tc for column in {name}.columns %}}", ("{{ column.title }}",), CENTRE, bold=True)

    def tag(text: str) -> None:
        line(table.add_row().cells[0].paragraphs[0], text, size=11)

    tag(f"{{%tr for row in {name}.rows %}}")
    tag("{%tr if row.heading %}")
    across = table.add_row().cells
    whole = across[0].merge(across[-1])
    whole.paragraphs[0].paragraph_format.keep_with_next = True
    line(whole.paragraphs[0], f"{{% colspan {name}.columns|count %}}{{{{ row.cells[0][0].text }}}}", bold=True)
    tag("{%tr else %}")
    body = table.add_row()
    mark(body, "cantSplit")
    _loop(
        body.cells,
        "{%tc for cell in row.cells %}",
        (
            "{%p for line in cell %}",
            "{%p if line.style == 'bold' %}",
            "**{{ line.text }}",
            "{%p elif line.style == 'note' %}",
            "//{{ line.text }}",
            "{%p else %}",
            "{{ line.text }}",
            "{%p endif %}",
            "{%p endfor %}",
            "{%p if not cell %}",
            " ",
            "{%p endif %}",
        ),
        LEFT,
    )
    tag("{%tr endif %}")
    tag("{%tr endfor %}")


def _loop(cells: Sequence[Any], opening: str, texts: Sequence[str], align: WD_ALIGN_PARAGRAPH, **look: bool) -> None:
    """A row's cells as a loop: it opens in the first, runs over the second, ends in the third."""
    line(cells[0].paragraphs[0], opening, size=11)
    for place, text in enumerate(texts):
        paragraph = cells[1].paragraphs[0] if place == 0 else cells[1].add_paragraph()
        shown = {"bold": text.startswith("**"), "italic": text.startswith("//")} | look
        line(paragraph, text.lstrip("*/"), align, size=11, before=1, after=1, **shown)
    line(cells[2].paragraphs[0], "{%tc endfor %}", size=11)


def act(draft: str, marked: str, capacity: Sequence[str]) -> Any:
    """A decision up to its signature: the words of a draft where ``draft`` holds, the lines above the signature."""
    document = blank()
    letterhead(document)
    line(document.add_paragraph(), "QUYẾT ĐỊNH", CENTRE, bold=True, before=10)
    line(document.add_paragraph(), "{{ subject }}", CENTRE, bold=True)
    rule(document, 61)
    line(document.add_paragraph(), f"{{%p if {draft} %}}")
    line(document.add_paragraph(), marked, CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")
    line(document.add_paragraph(), "{{ authority }}", CENTRE, bold=True, before=8, after=6)
    line(document.add_paragraph(), "{%p for ground in grounds %}")
    line(document.add_paragraph(), "{{ ground }}", JUSTIFY, italic=True, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "QUYẾT ĐỊNH:", CENTRE, bold=True, before=4, after=6)
    line(document.add_paragraph(), "{%p for article in articles[:-1] %}")
    article(document)
    line(document.add_paragraph(), "{%p endfor %}")
    line(document.add_paragraph(), "{%p for article in articles[-1:] %}")
    article(document, last=True)
    line(document.add_paragraph(), "{%p endfor %}")
    closing(document, capacity)
    return document


def closing(document: Any, capacity: Sequence[str]) -> None:
    """Recipients on the left, on the right the lines above the signature, room to sign, and the name."""
    row = grid(document, (85, 75), borders=False).rows[0]
    mark(row, "cantSplit")
    left, right = row.cells
    line(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12, before=6)
    line(left.add_paragraph(), "{%p for recipient in recipients %}", size=11)
    line(left.add_paragraph(), "{{ recipient }}", size=11)
    line(left.add_paragraph(), "{%p endfor %}", size=11)
    for place, text in enumerate(capacity):
        paragraph = right.paragraphs[0] if place == 0 else right.add_paragraph()
        line(paragraph, text, CENTRE, bold=True, before=6 if place == 0 else 0)
    paragraph.paragraph_format.space_after = Pt(72)
    line(right.add_paragraph(), "{{ signer }}", CENTRE, bold=True)


def article(document: Any, *, last: bool = False) -> None:
    """One article; the last stays on the page of the signature."""
    first = line(document.add_paragraph(), "Điều {{ article.number }}. ", JUSTIFY, bold=True, indent=12.7, after=4)
    line(first, "{{ article.paragraphs[0] }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p for paragraph in article.paragraphs[1:] %}")
    further = line(document.add_paragraph(), "{{ paragraph }}", JUSTIFY, indent=12.7, after=4)
    line(document.add_paragraph(), "{%p endfor %}")
    for paragraph in (first, further):
        paragraph.paragraph_format.keep_with_next = last


def opening(document: Any, heading: str) -> None:
    line(document.add_paragraph(), heading, CENTRE, bold=True, before=10)
    line(document.add_paragraph(), "{{ subject }}", CENTRE, bold=True)
    rule(document, 105)
    line(document.add_paragraph(), "{%p if provisional_mark %}")
    line(document.add_paragraph(), "({{ provisional_mark }})", CENTRE, bold=True)
    line(document.add_paragraph(), "{%p endif %}")


def pictures(document: Any) -> None:
    line(document.add_paragraph(), "{%p for picture in pictures %}")
    shown = line(document.add_paragraph(), "{{ picture.image }}", CENTRE, before=6)
    shown.paragraph_format.keep_with_next = True
    line(document.add_paragraph(), "{{ picture.title }}", CENTRE, italic=True, size=12, after=4)
    line(document.add_paragraph(), "{%p endfor %}")


def titled(document: Any, title: str, name: str) -> None:
    """A table under its title."""
    shown = line(document.add_paragraph(), title, bold=True, size=13, before=8, after=4)
    shown.paragraph_format.keep_with_next = True
    grid_table(document, name)


def council(document: Any) -> None:
    """Room for the council's signatures."""
    closing = grid(document, (123, 123), borders=False).rows[0]
    mark(closing, "cantSplit")
    for cell, text in zip(closing.cells, ("{{ labels.secretary }}", "{{ labels.chairman }}"), strict=True):
        line(cell.paragraphs[0], text, CENTRE, bold=True, before=10, after=72)
