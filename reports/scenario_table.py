"""Scenarios side by side: the units concerned as they are and under each scenario, alone and stacked."""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from evidence.scenarios import NOT_RECORDED
from levels.faults import Language, Text
from reports.analysis import Page, Section
from reports.change_words import HEADS, columns, levels_text, rank_text
from reports.tables import LANDSCAPE, Cell, Column, Row, Table, cell, row, table
from reports.what_if import fact_text
from reports.words import SYNTHETIC_MARK, decimal_text, value_text, year_end
from rules.hypotheses import Comparison, RankedComparison, WhatIf, WhatIfRanked
from rules.scores import Place
from rules.verdict import CriterionVerdict, Standing, Verdict

MOST = 6
"""How many scenarios stand side by side: more of them cannot be read on a page."""


def column_labels(columns: int) -> tuple[str, ...]:
    """``A, B, C, A+B, A+B+C``: the scenarios alone, then stacked."""
    alone = ascii_uppercase[: (columns + 1) // 2]
    return *alone, *("+".join(alone[:count]) for count in range(2, len(alone) + 1))


def view_comparison(found: Comparison, language: Language) -> Page:
    """The page of scenarios under a framework of levels."""
    units = _table(_unit_rows(found), len(found.columns), language)
    criteria = _table(_criterion_rows(found, language), len(found.columns), language, criterion=14)
    heads = (
        Text(vi="Mức của từng đơn vị", en="Level of every unit"),
        Text(vi="Tiêu chí khác nhau", en="Criteria that differ"),
    )
    citation = found.columns[0].framework.instrument.citation
    note = Text(
        vi="Mỗi ô: mức (tự đánh giá / còn có thể đạt); chữ đậm là khác với hiện nay; A+B là B chồng lên A.",
        en="Each cell: level (claimed / possible); bold where it differs from what is recorded; A+B is B on top of A.",
    )
    return _page(found, citation, heads, (units, criteria), note, language)


def view_ranked_comparison(found: RankedComparison, language: Language) -> Page:
    """The page of scenarios under an index."""
    units = _table(_place_rows(found, language), len(found.columns), language)
    lines = _table(_line_rows(found, language), len(found.columns), language, indicator=16)
    heads = (
        Text(vi="Điểm và hạng của từng đơn vị", en="Points and rank of every unit"),
        Text(vi="Chỉ số khác nhau", en="Indicators that differ"),
    )
    citation = found.columns[0].index.instrument.citation
    note = Text(
        vi="Mỗi ô: điểm (hạng); chữ đậm là khác với hiện nay; A+B là B chồng lên A.",
        en="Each cell: points (rank); bold where it differs from what is recorded; A+B is B on top of A.",
    )
    return _page(found, citation, heads, (units, lines), note, language)


def _page(
    found: Comparison | RankedComparison,
    citation: str,
    heads: tuple[Text, Text],
    tables: tuple[Table, Table],
    note: Text,
    language: Language,
) -> Page:
    scenarios: Sequence[WhatIf | WhatIfRanked] = found.columns
    labels = column_labels(len(scenarios))
    title = Text(vi="So sánh các kịch bản", en="Scenarios side by side").say(language)
    legend = tuple(
        f"{label}: {column.scenario.name}{f' – {column.scenario.note}' if column.scenario.note else ''}"
        for label, column in zip(labels, scenarios, strict=True)
        if "+" not in label
    )
    nothing = () if found.rows else (Text(vi="Không có gì thay đổi.", en="Nothing changes.").say(language),)
    sections = tuple(
        Section(head.say(language), nothing, table=made if made.rows else None)
        for head, made in zip(heads, tables, strict=True)
        if made.rows or nothing
    )
    assumed = _assumed_table(scenarios, labels, language)
    names = (*(head.say(language) for head in heads), HEADS["assumed"].say(language))
    return Page(
        title=title,
        language=language,
        citation=citation,
        mark=NOT_RECORDED.say(language),
        synthetic_mark=SYNTHETIC_MARK.say(language) if any(column.synthetic for column in found.columns) else "",
        notes=(*legend, note.say(language)),
        sections=sections,
        sheets=tuple(zip(names, (*tables, assumed), strict=True)),
        date=year_end(found.columns[0].cycle).isoformat(),
    )


def _table(rows: Iterator[Row], count: int, language: Language, **more: int) -> Table:
    width = min(34, 150 // (count + 1))
    heads = columns(language, code=16, unit=0, **more)
    heads += [Column(title, width, centred=True) for title in (HEADS["as_it_is"].say(language), *column_labels(count))]
    return table(heads, rows, width=LANDSCAPE, size=10)


def _cells(texts: Sequence[str]) -> Iterator[Cell]:
    """The cells of a row, the first as it is, those that differ from it in bold."""
    for text in texts:
        yield cell(text, style="plain" if text == texts[0] else "bold")


def _unit_rows(found: Comparison) -> Iterator[Row]:
    for verdicts in found.rows:
        unit = verdicts[0].unit
        yield row(unit.code, unit.name, *_cells([_levels(verdict) for verdict in verdicts]))


def _levels(verdict: Verdict) -> str:
    return "{} ({} / {})".format(*levels_text(verdict.levels))


def _criterion_rows(found: Comparison, language: Language) -> Iterator[Row]:
    for verdicts in found.rows:
        unit = verdicts[0].unit
        for sides in zip(*(verdict.criteria for verdict in verdicts), strict=True):
            if any((side.levels, side.standing) != (sides[0].levels, sides[0].standing) for side in sides):
                yield row(unit.code, unit.name, sides[0].code, *_cells([_known(side, language) for side in sides]))


def _known(found: CriterionVerdict, language: Language) -> str:
    """The level of a criterion and its value: ``3 (74/104)``."""
    level = "–" if found.standing is Standing.EXEMPT else str(found.levels.level)
    amount = None if found.fact is None else found.fact.amount
    if amount is None:
        return level
    present = found.criterion.kind == "presence"
    return f"{level} ({value_text(found.criterion.kind, amount, language) if present else amount})"


def _place_rows(found: RankedComparison, language: Language) -> Iterator[Row]:
    for places in found.rows:
        unit = places[0].score.unit
        yield row(unit.code, unit.name, *_cells([_place(place, language) for place in places]))


def _place(place: Place, language: Language) -> str:
    return f"{decimal_text(place.score.points, language)} ({rank_text(place)})"


def _line_rows(found: RankedComparison, language: Language) -> Iterator[Row]:
    for places in found.rows:
        unit = places[0].score.unit
        for lines in zip(*(place.score.indicators for place in places), strict=True):
            if any((line.points, line.state) != (lines[0].points, lines[0].state) for line in lines):
                points = [decimal_text(line.points, language) for line in lines]
                yield row(unit.code, unit.name, lines[0].indicator.code, *_cells(points))


def _assumed_table(scenarios: Sequence[WhatIf | WhatIfRanked], labels: Sequence[str], language: Language) -> Table:
    heads = [Column(HEADS["scenario"].say(language), 26, centred=True)]
    heads += columns(language, code=16, unit=45, fact=20, recorded=0, assumed=55)
    rows = (
        row(
            label,
            made.unit.code,
            made.unit.name,
            made.asked.code,
            *(fact_text(made.asked, fact, language) for fact in (made.recorded, made.supposed)),
        )
        for label, column in zip(labels, scenarios, strict=True)
        if "+" not in label
        for made in column.suppositions
    )
    return table(heads, rows, width=LANDSCAPE, size=10)
