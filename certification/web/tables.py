"""Tables: one definition of a table, shown as a page with sorting and pages, and written as a workbook.

A view gives the rows and a ``Table``; ``show_table`` answers with the page, or with the whole table as
Excel where the address says ``?format=xlsx`` (``&table=`` its name, where a page has more than one). The query string
holds all of it: ``sort`` (a column's key, with ``-`` before it the other way round), ``page``, and whatever filters the
view itself reads. Tables that a page writes itself are exported by ``web/exports.py``.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from attrs import field, frozen
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from markupsafe import Markup, escape

from certification.web.exports import asked_for
from certification.web.files import send_file
from certification.web.formats import as_decimal, day_text, moment_text, number_text
from certification.web.simulated import mark_for
from certification.web.speech import tell
from levels.faults import Text
from reports.sheets import Book
from reports.words import NOTHING, collation_key

Row = TypeVar("Row")
Value = str | int | Fraction | Decimal | datetime.date | datetime.datetime | Text | None

PAGE_SIZE = 50
NO_ROW = Text(vi="Không có dòng nào phù hợp.", en="No row matches.")


@frozen(kw_only=True)
class Column(Generic[Row]):
    """One column: what a row's cell holds, how the page shows it, and how it is sorted.

    ``order`` is, for rows that are a query set, the field to order by; for other rows none is needed:
    they are sorted by ``rank`` where it is given, else by the value, texts as a Vietnamese dictionary sorts them.
    """

    key: str
    title: Text
    value: Callable[[Row], Value]
    href: Callable[[Row], str] | None = None  # what the cell leads to
    show: Callable[[Row], str | Markup] | None = None  # another form on the page: a badge, a bar
    order: str = ""
    rank: Callable[[Row], Any] | None = None
    sortable: bool = True
    align: Literal["start", "middle", "end"] = "start"
    width: int = 16  # of the workbook's column, in characters
    names_row: bool = False  # the cell that names its row for a screen reader
    only_excel: bool = False

    def cell(self, row: Row) -> str | Markup:
        """The cell as the page shows it."""
        shown = self.show(row) if self.show else value_text(self.value(row))
        address = self.href(row) if self.href else ""
        return Markup('<a href="{}">{}</a>').format(address, shown) if address else shown


@frozen(kw_only=True)
class Table(Generic[Row]):
    """A table: its caption, its columns, and how its rows stand when nobody has asked for another order."""

    name: str  # of the file, and of the table in the page: units
    caption: Text
    columns: Sequence[Column[Row]]
    sort: str = ""
    size: int = PAGE_SIZE
    empty: Text = NO_ROW


@frozen
class Heading:
    """The head of one column; ``direction``: how the rows are sorted by it now."""

    text: str
    align: str
    href: str  # "": cannot be sorted by
    direction: Literal["", "ascending", "descending"]


@frozen
class TableView(Generic[Row]):
    """A table as its template shows it: one page of rows, and the addresses of what else can be seen."""

    name: str
    caption: str
    empty: str
    headings: tuple[Heading, ...]
    columns: tuple[Column[Row], ...]
    page: Page[Row]
    total: int
    export_href: str
    query: QueryDict = field(eq=False)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a filter form has to carry along: the order of the rows."""
        return [("sort", value) for value in self.query.getlist("sort")]

    def page_href(self, number: int) -> str:
        """The address of another page of the same rows."""
        return _with(self.query, page=str(number))

    @property
    def numbers(self) -> list[int | str]:
        """The numbers of the pager, with an ellipsis where some are left out."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1))


def show_table(
    request: HttpRequest,
    template: str,
    table: Table[Any],
    rows: Sequence[Any] | QuerySet[Any],
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page ``template`` with the table as ``table``, or the workbook of all its rows (``?format=xlsx``)."""
    if asked_for(request, table.name):
        return workbook_response(table, rows, request)
    return render(request, template, {**(context or {}), "table": lay_out(table, rows, request)})


def lay_out(table: Table[Row], rows: Sequence[Row] | QuerySet[Any], request: HttpRequest) -> TableView[Row]:
    """The page of ``rows`` that the address asks for; a page that is not there becomes the nearest that is.

    For a workbook of the table the page has all rows.
    """
    query = request.GET
    arranged = arrange(table, rows, query.get("sort", ""))
    paginator = Paginator(arranged, table.size)
    if asked_for(request, table.name):
        paginator.per_page = max(paginator.count, 1)
    columns = tuple(column for column in table.columns if not column.only_excel)
    return TableView(
        table.name,
        tell(table.caption),
        tell(table.empty),
        tuple(_heading(column, table, query) for column in columns),
        columns,
        paginator.get_page(query.get("page")),
        paginator.count,
        _with(query, format="xlsx", table=table.name),
        query,
    )


def arrange(table: Table[Row], rows: Sequence[Row] | QuerySet[Any], asked: str) -> Sequence[Row] | QuerySet[Any]:
    """``rows`` in the order ``asked`` for (``name``, ``-name``), else in the table's own; unknown values come last."""
    key, descending = _order(asked if asked.removeprefix("-") in _sortable(table) else table.sort)
    column = _sortable(table).get(key)
    if column is None:
        return rows
    if isinstance(rows, QuerySet):
        return rows.order_by(f"{'-' if descending else ''}{column.order}", "pk") if column.order else rows
    rank = column.rank or (lambda row: rank_of(column.value(row)))
    known = [row for row in rows if column.value(row) is not None]
    unknown = [row for row in rows if column.value(row) is None]
    return [*sorted(known, key=rank, reverse=descending), *unknown]


def rank_of(value: Value) -> Any:
    """What a value is sorted by: texts as a Vietnamese dictionary sorts them, numbers and days by themselves."""
    if isinstance(value, Text):
        value = tell(value)
    return collation_key(value) if isinstance(value, str) else value


def value_text(value: Value) -> str:
    """A value as the reader's language writes it; None: a dash."""
    match value:
        case None | "":
            return NOTHING
        case Text():
            return tell(value)
        case datetime.datetime():
            return moment_text(value)
        case datetime.date():
            return day_text(value)
        case str():
            return value
        case _:
            return number_text(value)


def workbook_response(table: Table[Row], rows: Sequence[Row] | QuerySet[Any], request: HttpRequest) -> HttpResponse:
    """The whole table as an Excel file to keep, in the order that the address asks for."""
    arranged = arrange(table, rows, request.GET.get("sort", ""))
    return send_file(workbook(table, arranged, mark_for(request)), f"{table.name}.xlsx")


def workbook(table: Table[Row], rows: Sequence[Row] | QuerySet[Any], mark: str = "") -> bytes:
    """The table as a workbook with one sheet: numbers and days as such, everything else as text.

    ``mark``: what is said of the whole under its caption.
    """
    book = Book()
    sheet = book.sheet(table.name[:31])
    top = book.heading(sheet, [tell(table.caption), *filter(None, [mark])])
    head: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
    for at, column in enumerate(table.columns):
        book.write(sheet, top, at, tell(column.title), **head)
        sheet.set_column(at, at, column.width)
    for row_at, row in enumerate(rows, start=top + 1):
        for at, column in enumerate(table.columns):
            align = {"start": "left", "middle": "center", "end": "right"}[column.align]
            book.write(sheet, row_at, at, _stored(column.value(row)), border=1, align=align)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(table.columns) - 1)
    return book.close()


def badge(text: str, kind: Literal["neutral", "info", "good", "warn", "bad"] = "neutral") -> Markup:
    """A state in words inside a cell."""
    return Markup('<span class="badge {}">{}</span>').format(kind, text)


def level_badge(level: int | None, name: str = "") -> Markup:
    """A level inside a cell: its figure, in its shade, and its name."""
    if level is None:
        return badge(NOTHING)
    words = Markup(' <span class="level-name">{}</span>').format(name) if name else ""
    return Markup('<span class="level level-{}">{}{}</span>').format(level, level, words)


def lines(parts: Sequence[object]) -> Markup:
    """Several lines inside a cell."""
    return Markup("<br>").join(escape(part) for part in parts)


def _stored(value: Value) -> object:
    if isinstance(value, Fraction | Decimal):
        exact = as_decimal(value)
        return number_text(value) if exact is None else exact  # a third is what the page says of it
    if isinstance(value, Text):
        return tell(value)
    if isinstance(value, datetime.datetime):
        return moment_text(value)
    return "" if value is None else value


def _sortable(table: Table[Row]) -> dict[str, Column[Row]]:
    return {column.key: column for column in table.columns if column.sortable}


def _order(sort: str) -> tuple[str, bool]:
    return sort.removeprefix("-"), sort.startswith("-")


def _heading(column: Column[Row], table: Table[Row], query: QueryDict) -> Heading:
    if not column.sortable:
        return Heading(tell(column.title), column.align, "", "")
    key, descending = _order(query.get("sort") or table.sort)
    direction: Literal["", "ascending", "descending"] = ""
    if key == column.key:
        direction = "descending" if descending else "ascending"
    asked = f"-{column.key}" if direction == "ascending" else column.key
    return Heading(tell(column.title), column.align, _with(query, sort=asked), direction)


def _with(query: QueryDict, **changes: str) -> str:
    """The query string with ``changes``; another order begins at its first page again."""
    changed = query.copy()
    changed.pop("format", None)
    changed.pop("table", None)
    if "sort" in changes:
        changed.pop("page", None)
    for name, value in changes.items():
        changed[name] = value
    return f"?{changed.urlencode()}"
