"""Rankings as Excel and CSV: places, units × indicators, inputs; no text from outside becomes a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from evidence.files import neutralise
from levels.faults import Language, Text
from reports.ranking_table import group_name, ranking_table
from reports.score_words import MARKS, STATES, input_status_text, input_value_text
from reports.sheets import Book
from reports.tables import Table
from reports.words import PROVISIONAL, SYNTHETIC_MARK, decimal_text, printable
from rules.scores import GroupRanking, IndicatorScore, Ranking, State

CSV_COLUMNS = (
    "code", "name", "tier", "parent", "group", "rank", "tied", "points", "reachable", "percent", "bonus", "missing",
    "last_rank", "provisional", "synthetic",
)  # fmt: skip
PLACES = 4
"""Decimals of points in files that other programs read."""

_HEAD: dict[str, object] = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DCE6F1"}
_SHEETS = {
    "ranks": Text(vi="Xếp hạng", en="Ranking"),
    "points": Text(vi="Điểm", en="Points"),
    "inputs": Text(vi="Số liệu", en="Facts"),
}
_INPUT_HEADS = (
    Text(vi="Mã đơn vị", en="Unit code"),
    Text(vi="Đơn vị", en="Unit"),
    Text(vi="Mã số liệu", en="Fact"),
    Text(vi="Nội dung", en="What it is"),
    Text(vi="Giá trị", en="Value"),
    Text(vi="Tình trạng", en="Status"),
    Text(vi="Nguồn", en="Source"),
    Text(vi="Tài liệu kiểm chứng", en="Documents"),
    Text(vi="Ghi chú", en="Notes"),
)


def ranking_csv(ranking: Ranking) -> str:
    """The points and ranks of every unit as CSV, one row each, group by group; points rounded half up to 4 places."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for cells in _csv_rows(ranking):
        writer.writerow([printable(neutralise(cell)) for cell in cells])
    return text.getvalue()


def _csv_rows(ranking: Ranking) -> Iterator[tuple[str, ...]]:
    for group in ranking.groups:
        for place in group.places:
            score = place.score
            unit = score.unit
            yield (
                unit.code,
                unit.name,
                unit.tier,
                unit.parent or "",
                group.group.id,
                str(place.rank),
                "yes" if place.tied else "no",
                decimal_text(score.points, "en", PLACES),
                str(score.reachable),
                decimal_text(score.percent, "en", PLACES),
                decimal_text(score.bonus, "en", PLACES),
                str(len(score.missing)),
                str(place.last.rank) if place.last else "",
                "yes" if score.provisional else "no",
                "yes" if score.synthetic else "no",
            )


def ranking_workbook(ranking: Ranking, language: Language = "vi", *, provisional: bool | None = None) -> bytes:
    """A ranking as an Excel workbook: for every group the places, units × indicators, and the facts.

    ``provisional`` None: judged from the scores alone, which do not know whether the council has closed the dossiers.
    """
    book = Book()
    for number, group in enumerate(ranking.groups, start=1):
        of = f" {number}" if len(ranking.groups) > 1 else ""
        title = [
            f"{group_name(group.group)}{f' – {group.parent.name}' if group.parent else ''}",
            *_marks(group, language, provisional=group.provisional if provisional is None else provisional),
        ]
        heads = {key: f"{text.say(language)}{of}" for key, text in _SHEETS.items()}
        write_table(book, heads["ranks"], title, ranking_table(group, language))
        _points_sheet(book, heads["points"], title, group, language)
        _inputs_sheet(book, heads["inputs"], title, group, language)
    return book.close()


def _marks(group: GroupRanking, language: Language, *, provisional: bool) -> list[str]:
    synthetic = any(place.score.synthetic for place in group.places)
    return [
        SYNTHETIC_MARK.say(language) if synthetic else "",
        PROVISIONAL.say(language) if provisional else "",
        group.places[0].score.index.instrument.citation,
    ]


def write_table(book: Book, name: str, title: Sequence[str], table: Table) -> None:
    """One printed table as a sheet of its own: the title lines, the heads, the rows."""
    sheet = book.sheet(name)
    top = book.heading(sheet, list(title))
    for column, head in enumerate(table.columns):
        book.write(sheet, top, column, head.title, **_HEAD)
        sheet.set_column(column, column, max(6, head.width * 6 // 10))
    for number, row in enumerate(table.rows, start=top + 1):
        if row.heading:
            book.write(sheet, number, 0, row.cells[0][0].text, bold=True, text_wrap=False)
            continue
        for column, (cell, head) in enumerate(zip(row.cells, table.columns, strict=True)):
            text = "; ".join(line.text for line in cell)
            bold = any(line.style == "bold" for line in cell)
            book.write(sheet, number, column, _number(text), border=1, bold=bold, align=_align(centred=head.centred))
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)


def _align(*, centred: bool) -> str:
    return "center" if centred else "left"


def _number(text: str) -> int | str:
    """A whole number as such, so that Excel can sort and add it."""
    return int(text) if text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0")) else text


def _points_sheet(book: Book, name: str, title: Sequence[str], group: GroupRanking, language: Language) -> None:
    sheet = book.sheet(name)
    top = book.heading(sheet, list(title))
    indicators = group.places[0].score.criteria_set.indicators
    labels = [
        Text(vi="Mã đơn vị", en="Code"), Text(vi="Đơn vị", en="Unit"), Text(vi="Hạng", en="Rank"),
        Text(vi="Tổng điểm", en="Points"), Text(vi="Tối đa", en="Reachable"), Text(vi="Tỷ lệ (%)", en="Per cent"),
    ]  # fmt: skip
    for column, head in enumerate([*(label.say(language) for label in labels), *(entry.code for entry in indicators)]):
        book.write(sheet, top, column, head, **_HEAD)
    book.write(sheet, top + 1, 1, Text(vi="Điểm tối đa", en="Maximum").say(language), border=1, italic=True)
    for column, entry in enumerate(indicators, start=len(labels)):
        book.write(sheet, top + 1, column, entry.max, border=1, align="center", italic=True)
    for row, place in enumerate(group.places, start=top + 2):
        score = place.score
        known = (score.unit.code, score.unit.name, place.rank, score.points, score.reachable, score.percent)
        for column, value in enumerate(known):
            _write_exact(book, sheet, row, column, value, bold=column in (2, 3), align=_align(centred=column > 1))
        for column, entry in enumerate(indicators, start=len(labels)):
            _write_points(book, sheet, row, column, score.by_code[entry.code], language)
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 5, 10)
    sheet.set_column(6, 5 + len(indicators), 7)
    sheet.freeze_panes(top + 2, 2)
    sheet.repeat_rows(top)
    for at, (state, mark) in enumerate(MARKS.items(), start=top + len(group.places) + 3):
        book.write(sheet, at, 0, mark, align="center")
        book.write(sheet, at, 1, STATES[state].say(language), text_wrap=False)


def _write_exact(book: Book, sheet: Any, row: int, column: int, value: object, **look: object) -> None:
    """Points as a number that shows two decimals; exact ones are in the fraction that they were computed from."""
    if isinstance(value, Fraction):
        shown = float(decimal_text(value, "en", PLACES))
        sheet.write_number(row, column, shown, book.format(border=1, num_format="0.00", **look))
    else:
        book.write(sheet, row, column, value, border=1, **look)


def _write_points(book: Book, sheet: Any, row: int, column: int, line: IndicatorScore, language: Language) -> None:
    mark = MARKS.get(line.state, "")
    if not mark:
        _write_exact(book, sheet, row, column, line.points, align="center")
        return
    empty = line.state in (State.MISSING, State.NOT_SUBJECT, State.ZERO_BASE, State.REJECTED)
    text = mark if empty else f"{decimal_text(line.points, language)}{mark}"
    book.write(sheet, row, column, text, border=1, align="center", italic=True)


def _inputs_sheet(book: Book, name: str, title: Sequence[str], group: GroupRanking, language: Language) -> None:
    sheet = book.sheet(name)
    top = book.heading(sheet, list(title))
    for column, head in enumerate(_INPUT_HEADS):
        book.write(sheet, top, column, head.say(language), **_HEAD)
    rows = ((place.score.unit, line) for place in group.places for line in place.score.indicators)
    number = top + 1
    for unit, line in rows:
        for found in line.inputs:
            fact = found.fact
            cells = (
                unit.code,
                unit.name,
                line.indicator.fact_code(found.input.key),
                found.input.label or line.indicator.name,
                input_value_text(found, language),
                input_status_text(found, language)
                if line.state is not State.NOT_SUBJECT
                else STATES[line.state].say(language),
                fact.source if fact else "",
                "; ".join(document.reference for document in fact.documents) if fact else "",
                fact.note if fact else "",
            )
            for column, value in enumerate(cells):
                book.write(sheet, number, column, value, border=1)
            number += 1
    for column, width in enumerate((10, 28, 11, 46, 18, 22, 24, 28, 28)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 3)
    sheet.autofilter(top, 0, number - 1, len(_INPUT_HEADS) - 1)
    sheet.repeat_rows(top)
