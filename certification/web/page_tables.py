"""Page tables: the tables that a page shows, read from the page itself, and written as a workbook.

A workbook made from a page says what the page says, in the reader's language, and nothing else; so it needs no
permission of its own. Guaranteed: a number only where the page states it exactly (``<data value>``), a day only
where it states one (``<time datetime>``), everything else as text; no text becomes a formula (reports.sheets).

What a cell says is what is seen: no icons, no words for screen readers where others stand. What is typed or chosen in
a field is text, a box is ☐ or ☑; pictures, buttons and forms of their own are none of the data, and a column that
holds nothing else is left out. ``<span data-column="Mã">`` inside a cell becomes a column of its own beside it.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

from attrs import evolve, field, frozen
from lxml import html

from certification.web.formats import exact_number
from reports.sheets import Book

Value = str | int | Decimal | datetime.date
Align = Literal["left", "center", "right"]

_BLOCKS = frozenset({"br", "dd", "details", "div", "dl", "dt", "fieldset", "legend", "li", "ol", "p", "summary", "ul"})
_SILENT = frozenset({"button", "datalist", "form", "script", "style", "svg", "template"})
_NOT_TYPED = frozenset({"button", "file", "hidden", "image", "password", "reset", "submit"})
_ALIGN: dict[str, Align] = {"middle": "center", "end": "right"}
_SPACE = re.compile(r"\s+")
_WIDEST, _NARROWEST, _LONGEST_NAME = 60, 8, 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))


@frozen
class Cell:
    """One cell of a table and where it stands: ``down`` rows and ``across`` columns from its corner."""

    row: int
    column: int
    value: Value
    down: int = 1
    across: int = 1
    head: bool = False
    align: Align = "left"
    apart: tuple[tuple[str, Value], ...] = field(default=(), repr=False)  # columns of their own, and what they hold
    reduced: bool = field(default=False, repr=False)  # something to press or to look at was left out of it


@frozen
class PageTable:
    """A table as a page shows it."""

    name: str  # its id in the page
    caption: str
    cells: tuple[Cell, ...]
    heads: int  # rows of the head

    @property
    def rows(self) -> int:
        """How many rows there are, the head's with them."""
        return max((cell.row + cell.down for cell in self.cells), default=0)


def read_page(page: bytes) -> tuple[list[str], list[PageTable]]:
    """What an HTML page is about, and its tables in their order.

    The first is for the head of its workbook: its heading, and what it says of made-up data. A table without an id is
    called by its number (``table-2``).
    """
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    about = [*tree.iter("h1"), *tree.find_class("made-up")]
    heading = [" ".join(_text(element).split()) for element in about]
    return heading, [_read_table(table, f"table-{number}") for number, table in enumerate(tree.iter("table"), start=1)]


def write_tables(tables: Sequence[PageTable], heading: Sequence[str]) -> bytes:
    """The tables as a workbook, a sheet for each, under the same heading."""
    book = Book()
    taken: set[str] = set()
    for table in tables:
        sheet = book.sheet(_sheet_name(table.name, taken))
        top = book.heading(sheet, [*heading[:1], table.caption, *heading[1:]])
        _write(book, sheet, top, table)
    return book.close()


def _read_table(table: Any, otherwise: str) -> PageTable:
    caption = " ".join(_text(each) for each in table.iter("caption"))
    rows = [row for part in ("thead", "tbody", "tfoot") for row in table.findall(f"{part}/tr")]
    heads = len(table.findall("thead/tr"))
    cells = _split(_without_idle(_place(rows, heads), heads), heads)
    return PageTable(table.get("id") or otherwise, " ".join(caption.split()), tuple(cells), heads)


def _place(rows: Sequence[Any], heads: int) -> list[Cell]:
    """The cells where they stand: one that spans rows or columns moves those after it aside."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for at, row in enumerate(rows):
        column = 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while (at, column) in taken:
                column += 1
            cell = _read_cell(element, at, column, heads)
            cells.append(cell)
            taken |= {(at + down, column + across) for down in range(cell.down) for across in range(cell.across)}
    return cells


def _read_cell(element: Any, row: int, column: int, heads: int) -> Cell:
    apart = tuple((each.get("data-column"), _value(each)) for each in element.xpath(".//*[@data-column]"))
    classes = _classes(element)
    return Cell(
        row,
        column,
        _head(element) if row < heads else _value(element),
        int(element.get("rowspan") or 1),
        int(element.get("colspan") or 1),
        row < heads,
        next((align for name, align in _ALIGN.items() if name in classes), "left"),
        apart,
        any(_is_silent(each, unseen=False) for each in element.iterdescendants("*")),
    )


def _head(element: Any) -> str:
    """What the cell of a head says, if only to a screen reader."""
    return _tidy(_text(element)) or _tidy(_text(element, unseen=True))


def _value(element: Any) -> Value:
    """The number or day that an element states exactly, where it says nothing else; otherwise its text."""
    text = _tidy(_text(element))
    for stated in element.xpath("descendant-or-self::data[@value] | descendant-or-self::time[@datetime]"):
        if not text or _tidy(_text(stated)) != text:
            continue
        if stated.tag == "data":
            return exact_number(stated.get("value"))
        if len(stated.get("datetime")) == len("2026-11-26"):
            return datetime.date.fromisoformat(stated.get("datetime"))
    return text


def _text(element: Any, *, unseen: bool = False) -> str:
    """The words of an element as they are seen, with line breaks; ``unseen``: with those for screen readers too."""
    return "".join(_words(element, unseen))


def _words(element: Any, unseen: bool) -> Iterator[str]:
    yield _SPACE.sub(" ", element.text or "")
    for child in element:
        if isinstance(child.tag, str) and not _is_silent(child, unseen=unseen) and not child.get("data-column"):
            apart = child.tag in _BLOCKS or "note" in _classes(child)
            yield "\n" if apart else ""
            yield from _typed(child) if child.tag in ("input", "select") else _words(child, unseen)
            yield "\n" if apart else ""
        yield _SPACE.sub(" ", child.tail or "")


def _typed(control: Any) -> Iterator[str]:
    """What a field of a form says."""
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")[:1]
        yield ", ".join(_text(option).strip() for option in chosen)
    elif (kind := control.get("type", "text")) in ("checkbox", "radio"):
        yield "☑ " if control.get("checked") is not None else "☐ "
    elif kind not in _NOT_TYPED:
        yield control.get("value", "")


def _is_silent(element: Any, *, unseen: bool) -> bool:
    """Whether an element says nothing: not seen, or only there to be pressed."""
    classes = _classes(element)
    return (
        element.tag in _SILENT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "button" in classes
        or ("unseen" in classes and not unseen)
        or (element.tag == "details" and element.find(".//form") is not None)
    )


def _classes(element: Any) -> list[str]:
    return str(element.get("class", "")).split()


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _without_idle(cells: list[Cell], heads: int) -> list[Cell]:
    """The cells without the columns that only hold something to press or to look at."""
    body = [cell for cell in cells if cell.row >= heads and cell.across == 1]
    gone = {cell.column for cell in body if cell.reduced} - {cell.column for cell in body if cell.value != ""}
    kept = []
    for cell in cells:
        span = [column for column in range(cell.column, cell.column + cell.across) if column not in gone]
        if span:
            before = sum(column < cell.column for column in gone)
            kept.append(evolve(cell, column=cell.column - before, across=len(span)))
    return kept


def _split(cells: list[Cell], heads: int) -> list[Cell]:
    """The cells with columns of their own for what stands apart inside them, each headed by what it is."""
    columns = max((cell.column + cell.across for cell in cells), default=0)
    apart: list[list[str]] = [[] for _ in range(columns)]
    for cell in cells:
        apart[cell.column] += [title for title, _ in cell.apart if title not in apart[cell.column]]
    starts = [column + sum(map(len, apart[:column])) for column in range(columns + 1)]
    split = []
    for cell in cells:
        start, end = starts[cell.column], starts[cell.column + cell.across]
        titles = apart[cell.column] if cell.across == 1 and (not cell.head or cell.row + cell.down == heads) else []
        split.append(evolve(cell, column=start, across=1 if titles else end - start, apart=()))
        held = {title: title for title in titles} if cell.head else dict(cell.apart)
        for at, title in enumerate(titles, start=start + 1):
            split.append(Cell(cell.row, at, held.get(title, ""), cell.down, 1, cell.head))
    return split


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet of the workbook has."""
    stem = name.translate(_FORBIDDEN)
    found = stem[:_LONGEST_NAME]
    while found.casefold() in taken:
        ending = f"-{len(taken) + 1}"
        found = stem[: _LONGEST_NAME - len(ending)] + ending
    taken.add(found.casefold())
    return found


def _write(book: Book, sheet: Any, top: int, table: PageTable) -> None:
    head: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
    widths: dict[int, int] = {}
    for cell in table.cells:
        look = head if cell.head else {"border": 1, "align": cell.align}
        row, column = top + cell.row, cell.column
        if cell.down > 1 or cell.across > 1:
            book.merge(sheet, row, column, cell.down, cell.across, **look)
        book.write(sheet, row, column, cell.value, **look)
        if cell.across == 1:
            longest = max(map(len, str(cell.value).split("\n")))
            widths[column] = max(widths.get(column, _NARROWEST), min(longest + 2, _WIDEST))
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + table.heads, 1)
    if table.heads:
        sheet.repeat_rows(top, top + table.heads - 1)
