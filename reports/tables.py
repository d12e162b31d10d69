"""Tables: what a printed table shows, as plain frozen values; one form for HTML, PDF, Word and Excel.

A template loops over columns, rows, cells and lines and prints; it chooses nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from attrs import evolve, frozen

Style = Literal["plain", "bold", "note", "bar"]

PORTRAIT, LANDSCAPE = 160, 247
"""The text width of an A4 page in millimetres."""


@frozen
class Line:
    """One paragraph of a cell; a ``note`` is small and italic, a ``bar`` fills its whole cell."""

    text: str
    style: Style = "plain"


Cell = tuple[Line, ...]


@frozen
class Column:
    title: str
    width: int  # millimetres
    centred: bool = False
    right: bool = False  # for sums of money, so that they can be compared at a glance


@frozen
class Row:
    """One row; a ``heading`` has one cell, across the whole table."""

    cells: tuple[Cell, ...]
    heading: bool = False


@frozen
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    size: int = 11  # of the letters, in points

    @property
    def width(self) -> int:
        """Millimetres."""
        return sum(column.width for column in self.columns)


def shaded(text: str) -> Cell:
    """A cell that is a piece of a bar; ``text`` is what is read where the shade is not seen."""
    return (Line(text, "bar"),)


def cell(*texts: str, style: Style = "plain") -> Cell:
    """A cell with one line for every text that is not empty; an empty cell where all are."""
    return tuple(Line(text, style) for text in texts if text)


def row(*cells: str | Cell) -> Row:
    """A row of cells, texts becoming plain ones."""
    return Row(tuple(cell(each) if isinstance(each, str) else each for each in cells))


def heading(text: str) -> Row:
    """A row that opens a group of rows."""
    return Row((cell(text, style="bold"),), heading=True)


def table(columns: Sequence[Column], rows: Iterable[Row], *, width: int, size: int = 11) -> Table:
    """A table ``width`` mm wide: the first column without a width (0) takes what the others leave."""
    rest = width - sum(column.width for column in columns)
    filled = [evolve(column, width=column.width or rest) for column in columns]
    return Table(tuple(filled), tuple(rows), size)
