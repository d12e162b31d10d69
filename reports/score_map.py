"""The heat map of a group: units × indicators, each cell with its percentage of the maximum and its mark."""

from collections.abc import Sequence

from levels.faults import Language, Text
from levels.index import Pillar
from reports.drawing import INK, PALE, PAPER, SHADES, Box, Canvas, Drawing, Label, Stroke, ink_on
from reports.ranking_table import group_name, pillar_label
from reports.score_charts import shorten
from reports.score_words import MARKS, STATES, points_text
from reports.words import decimal_text
from rules.scores import GroupRanking, IndicatorScore, Place, State

ROWS_PER_PAGE = 30
COLUMNS_PER_PAGE = 40
"""How many units and indicators of a heat map fit on A4 landscape and can still be read."""

_WIDE, _HIGH = 48, 42
_NAMES, _HEAD, _TOTAL = 400, 180, 110
_SHADED = 20  # per cent of the maximum for each shade
_EMPTY = {State.MISSING, State.ZERO_BASE, State.REJECTED, State.NOT_SUBJECT}
_HATCHED = {State.MISSING, State.ZERO_BASE, State.SELF_REPORTED}


def draw_score_maps(group: GroupRanking, language: Language) -> tuple[Drawing, ...]:
    """Units × indicators, by so many pillars and so many units as can be read on one page."""
    pages = [group.places[start : start + ROWS_PER_PAGE] for start in range(0, len(group.places), ROWS_PER_PAGE)]
    parts = _parts(group.places[0].score.criteria_set.pillars)
    shown = [(places, pillars) for places in pages for pillars in parts]
    return tuple(
        _map(places, pillars, group, f" ({number}/{len(shown)})" if len(shown) > 1 else "", language)
        for number, (places, pillars) in enumerate(shown, start=1)
    )


def _parts(pillars: Sequence[Pillar]) -> list[list[Pillar]]:
    """Whole pillars, in order, on as few pages as hold them, the pages about equally full."""
    total = sum(len(pillar.indicators) for pillar in pillars)
    wanted = -(-total // -(-total // COLUMNS_PER_PAGE))
    parts: list[list[Pillar]] = [[]]
    filled = 0
    for pillar in pillars:
        count = len(pillar.indicators)
        full = filled + count > COLUMNS_PER_PAGE or filled >= wanted
        if parts[-1] and full:
            parts.append([])
            filled = 0
        parts[-1].append(pillar)
        filled += count
    return parts


def _map(
    places: Sequence[Place], pillars: Sequence[Pillar], group: GroupRanking, of: str, language: Language
) -> Drawing:
    canvas = Canvas()
    codes = [indicator.code for pillar in pillars for indicator in pillar.indicators]
    across = _NAMES + _WIDE * len(codes)
    _heading(canvas, pillars, across, language)
    for row, place in enumerate(places):
        top = _HEAD + _HIGH * row
        canvas.labels.append(Label(40, top + 31, str(place.rank), 28, "end", bold=True))
        canvas.labels.append(Label(52, top + 31, shorten(place.score.unit.name, 25), 28))
        for column, code in enumerate(codes):
            _cell(canvas, place.score.by_code[code], _NAMES + _WIDE * column, top)
        total = decimal_text(place.score.points, language, 1, fixed=True)
        canvas.labels.append(Label(across + _TOTAL, top + 31, total, 28, "end", bold=True))
    bottom = _HEAD + _HIGH * len(places)
    width = max(across + _TOTAL + 10, _legend(canvas, bottom + 30, language))
    cycle = places[0].score.cycle
    title = Text(
        vi=f"Tỷ lệ điểm đạt của từng chỉ số theo đơn vị năm {cycle} – {group_name(group.group)}{of}",
        en=f"Share of the maximum by unit and indicator in {cycle} – {group_name(group.group)}{of}",
    )
    description = "; ".join(f"{place.score.unit.name}: {points_text(place.score.points, language)}" for place in places)
    return canvas.drawing((width, bottom + 140), title.say(language), description, frame="#8fa3b8")


def _heading(canvas: Canvas, pillars: Sequence[Pillar], across: int, language: Language) -> None:
    left = _NAMES
    for pillar in pillars:
        right = left + _WIDE * len(pillar.indicators)
        fits = (right - left - 8) // 15
        name = shorten(pillar_label(pillar), fits) if fits >= 6 else pillar.number or pillar.code
        canvas.labels.append(Label((left + right) // 2, 40, name, 28, "middle", bold=True))
        canvas.strokes.append(Stroke(left + 4, 54, right - 4, 54, width=3))
        for column, indicator in enumerate(pillar.indicators):
            canvas.labels.append(Label(left + _WIDE * column + 34, _HEAD - 10, indicator.code, 28, turned=True))
        left = right
    points = Text(vi="Tổng điểm", en="Points").say(language)
    canvas.labels.append(Label(across + 70, _HEAD - 10, points, 28, bold=True, turned=True))


def _cell(canvas: Canvas, line: IndicatorScore, x: int, y: int) -> None:
    percent = int(line.share * 100)
    shade = 0 if line.state in _EMPTY else percent // _SHADED
    fill = PALE if line.state is State.NOT_SUBJECT else SHADES[shade]
    box = Box(x, y, _WIDE, _HIGH, fill)
    canvas.boxes.append(box)
    if line.state in _HATCHED:
        canvas.hatch(box)
    mark = MARKS.get(line.state, "")
    text = mark if line.state in _EMPTY else f"{percent}{mark}"
    size = 28 if len(text) < 3 else 24 if len(text) < 4 else 20
    canvas.labels.append(Label(x + _WIDE // 2, y + 30, text, size, "middle", ink_on(shade)))


def _legend(canvas: Canvas, top: int, language: Language) -> int:
    """What the cells mean; gives how far it reaches."""
    x = 10
    words = Text(vi="% điểm tối đa:", en="% of the maximum:").say(language)
    canvas.labels.append(Label(x, top + 31, words, 28))
    x += 15 * len(words) + 10
    for shade, fill in enumerate(SHADES):
        low = shade * _SHADED
        text = f"{low}–{low + _SHADED - 1}" if low < 100 else "100"
        canvas.boxes.append(Box(x, top, 110, 42, fill))
        canvas.labels.append(Label(x + 55, top + 31, text, 28, "middle", ink_on(shade)))
        x += 126
    widest, x = x, 10
    for state, mark in MARKS.items():
        box = Box(x, top + 56, 46, 42, PALE if state is State.NOT_SUBJECT else PAPER)
        canvas.boxes.append(box)
        if state in _HATCHED:
            canvas.hatch(box)
        canvas.labels.append(Label(x + 23, top + 88, mark, 28, "middle", INK))
        text = STATES[state].say(language)
        canvas.labels.append(Label(x + 58, top + 88, text, 28))
        x += 58 + 14 * len(text) + 36
    return max(widest, x)
