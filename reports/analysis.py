"""An analysis as a page: headed sections of sentences, tables and pictures; for a screen, HTML, PDF and Excel.

What-if and impact fill it; a template only loops and prints. Every page says what it rests on: made-up
facts, a hypothesis, a draft.
"""

from collections.abc import Mapping, Sequence

import attrs
from attrs import frozen

from levels.faults import Language
from reports.documents import environment
from reports.drawing import Drawing
from reports.ranking_sheets import write_table
from reports.sheets import Book
from reports.tables import Table
from reports.words import printable


@frozen
class Group:
    """Sentences under a small heading."""

    heading: str
    sentences: tuple[str, ...]


@frozen
class Section:
    """One part of a page."""

    heading: str
    sentences: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    table: Table | None = None
    drawings: tuple[Drawing, ...] = ()


@frozen
class Page:
    """A whole analysis. ``mark`` stands on every page of it: what kind of thing it is not."""

    title: str
    language: Language
    citation: str
    mark: str
    synthetic_mark: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    sheets: tuple[tuple[str, Table], ...]  # of the workbook, by name
    date: str


def workbook(page: Page) -> bytes:
    """The tables of a page as an Excel workbook; each sheet says what the page says of itself."""
    book = Book()
    for name, table in page.sheets:
        write_table(book, name, [page.title, page.mark, page.synthetic_mark, page.citation], table)
    return book.close()


def groups(named: Mapping[str, Sequence[str]]) -> tuple[Group, ...]:
    """A group for every heading that has sentences."""
    return tuple(Group(heading, tuple(sentences)) for heading, sentences in named.items() if sentences)


def section_text(section: Section) -> str:
    """The heading and sentences of a section as plain text; its table and pictures are shown otherwise."""
    template = environment().get_template("analysis_section.txt")
    return template.render(section=printable(attrs.asdict(section)))
