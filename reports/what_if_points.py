"""The words of a what-if under an index: whose points and rank would change, and which indicators make it so."""

from collections.abc import Iterator, Sequence

from levels.faults import Language, Text
from reports.analysis import Page, Section, groups
from reports.change_words import ARROW, columns, line_text, moved, rank_text, signed_points
from reports.tables import LANDSCAPE, Row, Table, cell, row, table
from reports.what_if import SHEETS, assumed_section, suppositions_table, what_if_page
from reports.words import decimal_text
from rules.changes import LineChange, PlaceChange
from rules.hypotheses import WhatIfRanked


def view_what_if_ranked(found: WhatIfRanked, language: Language) -> Page:
    """The page of a scenario under an index."""
    sections = [assumed_section(found.suppositions, language), _ranked_outcome(found, language)]
    sections += [_place_section(change, language) for change in found.places if change.lines or change.gained]
    sheets = (
        (SHEETS["assumed"], suppositions_table(found.suppositions, language)),
        (SHEETS["units"], _places_table(found.places, language)),
        (SHEETS["indicators"], _lines_table(found.places, language)),
    )
    return what_if_page(found, found.index.instrument.citation, sections, sheets, language)


def _ranked_outcome(found: WhatIfRanked, language: Language) -> Section:
    heading = Text(vi="Kết quả", en="Outcome").say(language)
    if not found.places:
        return Section(heading, (Text(vi="Không có gì thay đổi.", en="Nothing changes.").say(language),))
    more, less = (sum(change.gained * sign > 0 for change in found.places) for sign in (1, -1))
    up, down = (sum(change.climbed * sign > 0 for change in found.places) for sign in (1, -1))
    sentence = Text(
        vi=f"{more} đơn vị tăng điểm, {less} đơn vị giảm điểm; {up} đơn vị lên hạng, {down} đơn vị xuống hạng.",
        en=f"{more} gain points, {less} lose points; {up} rise in rank, {down} fall.",
    )
    return Section(heading, (sentence.say(language),), table=_places_table(found.places, language))


def _places_table(changes: Sequence[PlaceChange], language: Language) -> Table:
    heads = columns(language, code=20, unit=0, group=40, points=42, percent=36, rank=26)
    return table(heads, (_place_row(change, language) for change in changes), width=LANDSCAPE, size=11)


def _place_row(change: PlaceChange, language: Language) -> Row:
    before, after = change.before, change.after
    pairs = (
        [decimal_text(place.score.points, language) for place in (before, after)],
        [decimal_text(place.score.percent, language) for place in (before, after)],
        [rank_text(place) for place in (before, after)],
    )
    cells = [cell(moved(*pair), style="bold" if pair[0] != pair[1] else "plain") for pair in pairs]
    return row(change.unit.code, change.unit.name, change.group.group.name, *cells)


def _place_section(change: PlaceChange, language: Language) -> Section:
    before, after = change.before, change.after
    points = moved(*(decimal_text(place.score.points, language) for place in (before, after)))
    percent = moved(*(decimal_text(place.score.percent, language) for place in (before, after)))
    rank = moved(rank_text(before), rank_text(after))
    sentence = Text(
        vi=f"Điểm: {points} ({signed_points(change.gained, 'vi')}); tỷ lệ: {percent} %; hạng: {rank}.",
        en=f"Points: {points} ({signed_points(change.gained, 'en')}); per cent: {percent}; rank: {rank}.",
    )
    sentences = [sentence.say(language), *_bonus(change, language)]
    changed = Text(vi="Chỉ số thay đổi:", en="Indicators that change:").say(language)
    lines = [_line_sentence(each, language) for each in change.lines]
    return Section(f"{change.unit.name} ({change.unit.code})", tuple(sentences), groups({changed: lines}))


def _bonus(change: PlaceChange, language: Language) -> Iterator[str]:
    before, after = change.before.score.bonus, change.after.score.bonus
    if before != after:
        said = Text(vi="Điểm khuyến khích", en="Bonus points").say(language)
        yield f"{said}: {moved(decimal_text(before, language), decimal_text(after, language))}."


def _line_sentence(change: LineChange, language: Language) -> str:
    name = f"{change.code} – {change.shown.indicator.name}"
    return f"{name}: {ARROW.join(line_text(side, language) for side in (change.before, change.after))}"


def _lines_table(changes: Sequence[PlaceChange], language: Language) -> Table:
    heads = columns(language, code=16, unit=45, indicator=18, name=0, before=45, after=45, change=20)
    rows = (
        row(
            change.unit.code,
            change.unit.name,
            each.code,
            each.shown.indicator.name,
            line_text(each.before, language),
            line_text(each.after, language),
            signed_points(each.gained, language),
        )
        for change in changes
        for each in change.lines
    )
    return table(heads, rows, width=LANDSCAPE, size=10)
