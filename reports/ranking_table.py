"""The tables of a ranking: places with points per pillar, and what counted nothing or did not count at all."""

import re
from collections.abc import Iterable, Iterator

from levels.faults import Language, Text
from levels.index import Pillar, RankingGroup
from reports.score_words import MARKS, ROUNDED, STATES, climbed_text, state_text
from reports.tables import LANDSCAPE, Cell, Column, Line, Row, Table, cell, heading, row, table
from reports.words import NOTHING, decimal_text
from rules.scores import GroupRanking, IndicatorScore, PillarScore, Place, Score, State

GAPS_TITLE = "CHỈ SỐ THIẾU SỐ LIỆU, KHÔNG ĐƯỢC CHẤP NHẬN HOẶC KHÔNG THUỘC DIỆN ĐÁNH GIÁ"
NOTES_TITLE = "CÁC CÁCH HIỂU ĐÃ GHI NHẬN LÀM CĂN CỨ TÍNH ĐIỂM, XẾP HẠNG"

_HEADS = {
    "rank": Text(vi="Hạng", en="Rank"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "points": Text(vi="Tổng điểm", en="Points"),
    "reachable": Text(vi="Điểm tối đa được tính", en="Reachable"),
    "percent": Text(vi="Tỷ lệ (%)", en="Per cent"),
    "bonus": Text(vi="Khuyến khích", en="Bonus"),
    "last": Text(vi="Hạng năm trước", en="Rank a year before"),
    "lines": Text(vi="Chỉ số", en="Indicators"),
}
_SHOWN = (State.MISSING, State.ZERO_BASE, State.REJECTED, State.SELF_REPORTED)
"""What is marked in the points of a pillar, the gravest first."""


def group_name(group: RankingGroup) -> str:
    """The group's name without its number: ``Nhóm 1: Các sở, ban, ngành`` → ``Các sở, ban, ngành``."""
    return re.sub(r"^Nhóm \d+: ", "", group.name)


def pillar_label(pillar: Pillar) -> str:
    """``6. Hoạt động chính quyền số``."""
    return f"{pillar.number or pillar.code}. {pillar.name}"


def ranking_table(group: GroupRanking, language: Language) -> Table:
    """Rank, unit and points in all and per pillar; what can be reached where that differs; last year's rank."""
    first = group.places[0].score
    with_last = any(place.last for place in group.places)
    with_bonus = any(place.score.bonus for place in group.places)

    def head(key: str, width: int) -> Column:
        return Column(_HEADS[key].say(language), width, centred=key != "unit")

    columns = [head("rank", 14), head("unit", 0), head("points", 18)]
    if group.by_percent:
        columns += [head("reachable", 17), head("percent", 15)]
    room = (LANDSCAPE - 50 - sum(column.width for column in columns) - 23 * with_last - 17 * with_bonus) // len(
        first.pillars
    )
    columns += [
        Column(f"{pillar.pillar.name} ({pillar.pillar.max})", min(room, 20), centred=True) for pillar in first.pillars
    ]
    columns += [head("bonus", 17)] * with_bonus + [head("last", 23)] * with_last
    rows = (
        Row(tuple(_place_cells(place, group, language, with_bonus=with_bonus, with_last=with_last)))
        for place in group.places
    )
    return table(columns, rows, width=LANDSCAPE, size=11 if room >= 20 else 10)


def _place_cells(
    place: Place, group: GroupRanking, language: Language, *, with_bonus: bool, with_last: bool
) -> Iterator[Cell]:
    score = place.score
    yield cell(str(place.rank), style="bold")
    yield cell(score.unit.name)
    yield cell(decimal_text(score.points, language, fixed=True), style="bold")
    if group.by_percent:
        yield cell(str(score.reachable))
        yield cell(decimal_text(score.percent, language, fixed=True), style="bold")
    for pillar in score.pillars:
        yield cell(pillar_points(score, pillar, language))
    if with_bonus:
        yield cell(decimal_text(score.bonus, language, fixed=True) if score.bonus else NOTHING)
    if with_last:
        before = str(place.last.rank) if place.last else NOTHING
        yield (Line(before), *((Line(f"({climbed_text(place, language)})", "note"),) if place.last else ()))


def pillar_points(score: Score, pillar: PillarScore, language: Language) -> str:
    """``42,50``, with the mark of the gravest that is not settled; – where the unit is not subject to the pillar."""
    if not pillar.reachable:
        return NOTHING
    states = {score.by_code[indicator.code].state for indicator in pillar.pillar.indicators}
    mark = next((f" {MARKS[state]}" for state in _SHOWN if state in states), "")
    return decimal_text(pillar.points, language, fixed=True) + mark


def notes_of_group(group: GroupRanking, language: Language) -> tuple[str, ...]:
    """What a reader of the table has to know: marks that occur, ties, what the ranking is by, rounding."""
    return tuple(text.say(language) for text in _notes(group))


def _notes(group: GroupRanking) -> Iterator[Text]:
    if group.by_percent:
        yield Text(
            vi="Điểm tối đa được tính của các đơn vị khác nhau nên xếp hạng theo tỷ lệ phần trăm của tổng điểm so với "
            "điểm tối đa được tính.",
            en="The reachable maxima differ, so the ranking is by points in per cent of the reachable maximum.",
        )
    if any(place.tied for place in group.places):
        yield Text(
            vi="Đơn vị có kết quả bằng nhau được xếp cùng hạng; hạng kế tiếp bỏ trống.",
            en="Units with equal results share a rank; the next rank is left out.",
        )
    states = {line.state for place in group.places for line in place.score.indicators}
    marks = [state for state in _SHOWN if state in states]
    if any(not pillar.reachable for place in group.places for pillar in place.score.pillars):
        marks.append(State.NOT_SUBJECT)
    if marks:
        yield Text(
            vi="Dấu cạnh điểm của trụ cột: " + "; ".join(f"{MARKS[state]} có chỉ số {STATES[state].vi}" if state
               is not State.NOT_SUBJECT else f"{MARKS[state]} {STATES[state].vi}" for state in marks) + ".",
            en="Marks: " + "; ".join(f"{MARKS[state]} {STATES[state].en}" for state in marks) + ".",
        )  # fmt: skip
    yield ROUNDED


def gaps_table(groups: Iterable[GroupRanking], language: Language) -> Table:
    """By unit and kind: the indicators that count 0 because nothing is known or accepted, or that do not count."""
    columns = (
        Column(_HEADS["unit"].say(language), 62),
        Column(Text(vi="Tình trạng", en="Status").say(language), 60),
        Column(_HEADS["lines"].say(language), 0),
        Column(Text(vi="Điểm tối đa của các chỉ số", en="Points at most").say(language), 28, centred=True),
    )
    return table(columns, _gap_rows(groups, language), width=LANDSCAPE)


def _gap_rows(groups: Iterable[GroupRanking], language: Language) -> Iterator[Row]:
    for group in groups:
        rows = [found for place in group.places for found in _gaps_of(place.score, language)]
        if rows:
            yield heading(group_name(group.group))
            yield from rows


def _gaps_of(score: Score, language: Language) -> Iterator[Row]:
    name = score.unit.name
    for state in (*_SHOWN, State.NOT_SUBJECT):
        found: dict[str, list[IndicatorScore]] = {}
        for line in score.indicators:
            if line.state is state:
                found.setdefault(state_text(line, language), []).append(line)
        for words, lines in found.items():
            codes = ", ".join(line.indicator.code for line in lines)
            yield row(name, words, codes, str(sum(line.indicator.max for line in lines)))
            name = ""
