"""The tables of a ranking: places with points per pillar, and what counted nothing or did not count at all."""

import re
from collections.abc import Iterable, Iterator

from levels.faults import Language, Text
from levels.index import Pillar, RankingGroup
from reports.score_words import MARKS, ROUNDED, STATES, state_text
from reports.tables import LANDSCAPE, Cell, Column, Line, Row, Table, cell, heading, row, table
from reports.words import NOTHING, decimal_text
from rules.scores import GroupRanking, IndicatorScore, PillarScore, Place, Reading, Score, State

GAPS_TITLE = "CHỈ SỐ THIẾU SỐ LIỆU, KHÔNG ĐƯỢC CHẤP NHẬN HOẶC KHÔNG THUỘC DIỆN ĐÁNH GIÁ"
NOTES_TITLE = "CÁC CÁCH HIỂU ĐÃ GHI NHẬN LÀM CĂN CỨ TÍNH ĐIỂM, XẾP HẠNG"

_HEADS = {
    "rank": Text(vi="Hạng", en="Rank"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "points": Text(vi="Tổng điểm", en="Points"),
    "percent": Text(vi="Tỷ lệ (%)", en="Per cent"),
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
    columns = [
        _head("rank", 13, language),
        _head("unit", 0, language),
        _head("points", 25 if group.by_percent else 20, language),
    ]
    if group.by_percent:
        columns.append(_head("percent", 16, language))
    taken = sum(column.width for column in columns) + _LAST * with_last
    room = min(22, (LANDSCAPE - _NAMES - taken) // len(first.pillars))
    columns += [Column(f"{pillar.pillar.name} ({pillar.pillar.max})", room, centred=True) for pillar in first.pillars]
    columns += [_head("last", _LAST, language)] * with_last
    rows = (Row(tuple(_place_cells(place, group, language, with_last=with_last))) for place in group.places)
    return table(columns, rows, width=LANDSCAPE, size=11 if room >= 20 else 10)


_NAMES, _LAST = 42, 18
"""Millimetres that the names of the units need at least, and the rank of the year before."""


def _head(key: str, width: int, language: Language) -> Column:
    return Column(_HEADS[key].say(language), width, centred=key != "unit")


def _place_cells(place: Place, group: GroupRanking, language: Language, *, with_last: bool) -> Iterator[Cell]:
    score = place.score
    yield cell(str(place.rank), style="bold")
    yield cell(score.unit.name)
    points = decimal_text(score.points, language, fixed=True)
    bonus = f"+{decimal_text(score.bonus, language)} KK" if score.bonus else ""
    of = f"/{score.reachable}" if group.by_percent else ""
    yield (Line(points + of, "bold"), *cell(bonus, style="note"))
    if group.by_percent:
        yield cell(decimal_text(score.percent, language, fixed=True), style="bold")
    for pillar in score.pillars:
        yield cell(pillar_points(score, pillar, language))
    if with_last:
        yield cell(_last_rank(place))


def _last_rank(place: Place) -> str:
    """``4 ▲3``: the rank a year before, and how far it rose or fell since."""
    if place.last is None or place.climbed is None:
        return NOTHING
    if place.climbed == 0:
        return f"{place.last.rank} ="
    return f"{place.last.rank} {'▲' if place.climbed > 0 else '▼'}{abs(place.climbed)}"


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
        said = [_mark(state, group) for state in marks]
        yield Text(
            vi=f"Dấu cạnh điểm của trụ cột: {'; '.join(text.vi for text in said)}.",
            en=f"Marks beside the points of a pillar: {'; '.join(text.en for text in said)}.",
        )
    if any(place.score.bonus for place in group.places):
        yield Text(vi="KK: điểm khuyến khích, đã cộng trong tổng điểm.", en="KK: bonus points, included in the total.")
    if any(place.last for place in group.places):
        yield Text(
            vi="Cạnh hạng năm trước: ▲ số bậc tăng, ▼ số bậc giảm, = giữ hạng.",
            en="Beside last year's rank: ▲ places up, ▼ places down, = unchanged.",
        )
    yield ROUNDED


def _mark(state: State, group: GroupRanking) -> Text:
    words = STATES[state]
    if state is State.MISSING and group.places[0].score.reading is Reading.ACCEPTED:
        words = _NOT_ACCEPTED  # facts may be there that the council has not accepted
    if state is State.NOT_SUBJECT:
        return Text(vi=f"{MARKS[state]} {words.vi}", en=f"{MARKS[state]} {words.en}")
    return Text(vi=f"{MARKS[state]} có chỉ số {words.vi}", en=f"{MARKS[state]} an indicator: {words.en}")


_NOT_ACCEPTED = Text(
    vi="chưa có số liệu được Hội đồng chấp nhận, tính 0 điểm",
    en="no data that the council has accepted, counts as 0 points",
)


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
    for state in (*_SHOWN, State.NOT_SUBJECT):
        found: dict[str, list[IndicatorScore]] = {}
        for line in score.indicators:
            if line.state is state:
                found.setdefault(state_text(line, language), []).append(line)
        for words, lines in found.items():
            codes = ", ".join(line.indicator.code for line in lines)
            most = sum(line.indicator.max for line in lines)
            yield row(score.unit.name, words, codes, str(most))
