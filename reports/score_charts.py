"""Charts of points: the radar of a unit, the bars of a group, the rounds of a unit.

Nothing is told by colour alone: lines differ in pattern and marker, bars bear the numbers of their
pillars and their points, what is missing is hatched; all of it survives a grey printer.
"""

import math
import textwrap
from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from levels.faults import Language, Text
from reports.drawing import INK, PAPER, SHADES, Anchor, Box, Canvas, Drawing, Label, Outline, Stroke, ink_on
from reports.ranking_table import group_name, pillar_label
from reports.score_words import points_text, rank_text
from reports.words import decimal_text
from rules.scores import GroupRanking, PillarScore, Place, RoundScore

BARS_PER_PAGE = 32
"""How many units of a bar chart fit on A4 landscape with its legend."""

WIDTH = 2470
"""Tenths of a millimetre: the text width of a landscape page."""

_CENTRE, _RADIUS = (800, 470), 320
_RINGS = (20, 40, 60, 80, 100)
_GREY = "#b5b5b5"
_CHARACTER = 16
"""How wide a character of 30 tenths of a millimetre is, generously."""

Point = tuple[int, int]


@frozen
class _Line:
    """One closed line of a radar: how it looks, and its shares of the maximum."""

    name: str
    shares: tuple[Fraction, ...]
    colour: str
    width: int
    dash: tuple[int, int] | None
    corners: int  # of its markers: 3 or 4
    fill: str = "none"


def draw_radar(place: Place, group: GroupRanking, language: Language) -> Drawing:
    """The unit's share of every pillar that it is subject to, against its group's average and best."""
    canvas = Canvas()
    axes = [pillar for pillar in place.score.pillars if pillar.reachable]
    lines = _radar_lines(place, group, axes, language)
    own = lines[-1]
    canvas.outlines.append(Outline(_corners(own.shares), own.fill, own.colour, own.width))
    _radar_grid(canvas, len(axes))
    for line in lines:
        canvas.outlines.append(Outline(_corners(line.shares), "none", line.colour, line.width, line.dash))
        canvas.outlines += [_marker(point, line) for point in _corners(line.shares)]
    for at, pillar in enumerate(axes):
        _radar_label(canvas, at, len(axes), pillar, own.shares[at], language)
    x = 90
    for line in reversed(lines):
        x = _radar_key(canvas, x, line)
    name = place.score.unit.name
    title = Text(
        vi=f"Điểm theo trụ cột năm {place.score.cycle} của {name} so với nhóm “{group_name(group.group)}”",
        en=f"Points by pillar in {place.score.cycle}: {name} against “{group_name(group.group)}”",
    )
    description = "; ".join(
        f"{pillar_label(pillar.pillar)}: "
        + ", ".join(f"{line.name} {decimal_text(line.shares[at] * 100, language)}%" for line in reversed(lines))
        for at, pillar in enumerate(axes)
    )
    return canvas.drawing((1600, 1040), title.say(language), description)


def _radar_lines(place: Place, group: GroupRanking, axes: Sequence[PillarScore], language: Language) -> list[_Line]:
    """The best, the average and the unit's own, in the order in which they are drawn."""
    shares = [
        [
            found.share
            for other in group.places
            for found in other.score.pillars
            if found.pillar.code == axis.pillar.code and found.share is not None
        ]
        for axis in axes
    ]
    best = tuple(max(found) for found in shares)
    average = tuple(sum(found, Fraction(0)) / len(found) for found in shares)
    own = tuple(axis.points / axis.reachable for axis in axes)
    names = (Text(vi="Cao nhất nhóm", en="Best of the group"), Text(vi="Trung bình nhóm", en="Average of the group"))
    return [
        _Line(names[0].say(language), best, "#666666", 4, (6, 8), 3),
        _Line(names[1].say(language), average, "#b34700", 5, (24, 10), 4),
        _Line(place.score.unit.name, own, SHADES[5], 9, None, 4, SHADES[1]),
    ]


def _spot(at: int, of: int, share: Fraction | float) -> Point:
    """The point of axis ``at``, clockwise from the top, at ``share`` of the radius."""
    angle = 2 * math.pi * at / of
    reach = _RADIUS * float(share)
    return _CENTRE[0] + round(reach * math.sin(angle)), _CENTRE[1] - round(reach * math.cos(angle))


def _corners(shares: Sequence[Fraction]) -> tuple[Point, ...]:
    return tuple(_spot(at, len(shares), min(share, Fraction(1))) for at, share in enumerate(shares))


def _radar_grid(canvas: Canvas, axes: int) -> None:
    for ring in _RINGS:
        canvas.outlines.append(Outline(tuple(_spot(at, axes, ring / 100) for at in range(axes)), colour=_GREY))
    for at in range(axes):
        canvas.outlines.append(Outline((_CENTRE, _spot(at, axes, 1)), colour=_GREY))
    for ring in _RINGS:
        x, y = _spot(0, axes, ring / 100)
        canvas.labels.append(Label(x - 8, y + 24, f"{ring}%", 24, "end", "#444444"))


def _radar_label(canvas: Canvas, at: int, of: int, pillar: PillarScore, share: Fraction, language: Language) -> None:
    x, y = _spot(at, of, 1.1)
    side = math.sin(2 * math.pi * at / of)
    anchor: Anchor = "middle" if abs(side) < 0.3 else "start" if side > 0 else "end"
    lines = textwrap.wrap(pillar_label(pillar.pillar), 27)
    height = 34 * (len(lines) + 1)
    top = y - height // 2 + 26 if anchor != "middle" else (y - height + 40 if y < _CENTRE[1] else y + 26)
    for number, text in enumerate(lines):
        canvas.labels.append(Label(x, top + 34 * number, text, 30, anchor))
    shown = f"{decimal_text(share * 100, language)}%"
    canvas.labels.append(Label(x, top + 34 * len(lines), shown, 30, anchor, bold=True))


def _marker(point: Point, line: _Line) -> Outline:
    x, y = point
    size = 10 if line.fill == "none" else 12
    corners = (
        ((x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size))
        if line.corners == 4
        else ((x, y - size), (x + size, y + size), (x - size, y + size))
    )
    filled = line.colour if line.corners == 3 or line.fill != "none" else PAPER
    return Outline(corners, filled, line.colour, 3)


def _radar_key(canvas: Canvas, x: int, line: _Line) -> int:
    y = 1000
    sample = ((x, y - 10), (x + 90, y - 10))
    canvas.outlines.append(Outline(sample, colour=line.colour, width=line.width, dash=line.dash))
    canvas.outlines.append(_marker((x + 45, y - 10), line))
    canvas.labels.append(Label(x + 106, y, line.name, 30))
    return x + 106 + _CHARACTER * len(line.name) + 40


def draw_bars(group: GroupRanking, language: Language) -> tuple[Drawing, ...]:
    """The group's places as bars stacked by pillar, one drawing for every ``BARS_PER_PAGE`` units."""
    pages = [group.places[start : start + BARS_PER_PAGE] for start in range(0, len(group.places), BARS_PER_PAGE)]
    return tuple(_bars(page, group, number, len(pages), language) for number, page in enumerate(pages, start=1))


_NAMES, _FIGURES, _TOP = 540, 360, 60


def _bars(places: Sequence[Place], group: GroupRanking, number: int, pages: int, language: Language) -> Drawing:
    canvas = Canvas()
    step = max(44, min(76, 1360 // len(places)))
    bottom = _TOP + step * len(places)
    # A bonus may lift a unit above its maximum.
    longest = max(Fraction(100), *(place.score.percent for place in group.places))
    scale = (WIDTH - _NAMES - _FIGURES) * 100 / longest
    for share in range(0, 101, 20):
        x = _NAMES + int(scale * share / 100)
        canvas.strokes.append(Stroke(x, _TOP - 10, x, _TOP))
        canvas.labels.append(Label(x, _TOP - 16, f"{share}%", 28, "middle"))
    for row, place in enumerate(places):
        _bar(canvas, place, _TOP + step * row + 4, step - 10, scale, language, by_percent=group.by_percent)
    legend = _bar_legend(canvas, group, bottom, language)
    of = f" ({number}/{pages})" if pages > 1 else ""
    name, cycle = group_name(group.group), places[0].score.cycle
    title = Text(
        vi=f"Xếp hạng chỉ số chuyển đổi số năm {cycle} – {name}{of}",
        en=f"Digital transformation index, ranking in {cycle} – {name}{of}",
    )
    description = "; ".join(
        f"{rank_text(place, language)}: {place.score.unit.name}, {points_text(place.score.points, language)}"
        for place in places
    )
    return canvas.drawing((WIDTH, legend), title.say(language), description)


def _bar(
    canvas: Canvas, place: Place, top: int, height: int, scale: Fraction, language: Language, *, by_percent: bool
) -> None:
    score = place.score
    base = top + height // 2 + 11
    canvas.labels.append(Label(44, base, str(place.rank), 32, "end", bold=True))
    canvas.labels.append(Label(60, base, shorten(score.unit.name, 29), 32))
    reached = Fraction(0)
    for number, pillar in enumerate(score.pillars):
        if pillar.points:
            label = pillar.pillar.number or pillar.pillar.code.rpartition(".")[2]
            _segment(
                canvas, (reached, pillar.points), score.reachable, (top, height), scale, label, 1 + 2 * (number % 2)
            )
            reached += pillar.points
    if score.bonus:
        _segment(canvas, (reached, score.bonus), score.reachable, (top, height), scale, "+", 4)
        reached += score.bonus
    missing = sum(line.indicator.max for line in score.missing)
    if missing:
        left, right = (_NAMES + int(scale * part / score.reachable) for part in (reached, reached + missing))
        box = Box(left, top, right - left, height, PAPER, dashed=True)
        canvas.boxes.append(box)
        canvas.hatch(box, 20)
    figures = decimal_text(score.points, language, fixed=True)
    if by_percent:
        figures = f"{decimal_text(score.percent, language, fixed=True)}% ({figures}/{score.reachable})"
    canvas.labels.append(Label(WIDTH - 6, base, figures, 30, "end", bold=True))


def _segment(
    canvas: Canvas,
    part: tuple[Fraction, Fraction],  # where it starts, and its points
    reachable: int,
    place: tuple[int, int],
    scale: Fraction,
    label: str,
    shade: int,
) -> None:
    top, height = place
    left, right = (_NAMES + int(scale * points / reachable) for points in (part[0], part[0] + part[1]))
    canvas.boxes.append(Box(left, top, right - left, height, SHADES[shade]))
    if right - left >= 20 * len(label) + 8:
        canvas.labels.append(Label((left + right) // 2, top + height // 2 + 10, label, 28, "middle", ink_on(shade)))


def _bar_legend(canvas: Canvas, group: GroupRanking, bottom: int, language: Language) -> int:
    """The words beneath the bars; gives the height of the whole picture."""
    pillars = "; ".join(pillar_label(pillar.pillar) for pillar in group.places[0].score.pillars)
    text = Text(vi=f"Số trong thanh là trụ cột: {pillars}.", en=f"Numbers in a bar are pillars: {pillars}.").say(
        language
    )
    if any(place.score.bonus for place in group.places):
        text += Text(vi=" +: điểm khuyến khích.", en=" +: bonus points.").say(language)
    lines = textwrap.wrap(text, (WIDTH - 20) // 15)
    for number, line in enumerate(lines):
        canvas.labels.append(Label(10, bottom + 44 + 38 * number, line, 30))
    y = bottom + 44 + 38 * len(lines)
    if any(place.score.missing for place in group.places):
        box = Box(10, y - 28, 60, 34, PAPER, dashed=True)
        canvas.boxes.append(box)
        canvas.hatch(box, 20)
        words = Text(vi="điểm tối đa của chỉ số chưa có số liệu", en="points at most of indicators without data")
        canvas.labels.append(Label(84, y, words.say(language), 30))
        y += 38
    return y


def shorten(name: str, length: int) -> str:
    """The name with at most ``length`` characters."""
    return name if len(name) <= length else name[: length - 1].rstrip() + "…"


def draw_rounds(rounds: Sequence[RoundScore], language: Language, *, ranked: bool = True) -> Drawing:
    """The unit's points after every round, the first on top; at least one round. ``ranked``: and its rank."""
    canvas = Canvas()
    score = rounds[0].place.score
    most = max(Fraction(each.place.score.percent) for each in rounds)
    scale = Fraction(900) / max(most, Fraction(100))
    for row, each in enumerate(rounds):
        top = 20 + 78 * row
        found = each.place.score
        canvas.labels.append(Label(470, top + 38, shorten(each.round.name, 30), 30, "end"))
        box = Box(490, top, max(2, int(found.percent * scale)), 54, SHADES[1 + min(row, 3)])
        canvas.boxes.append(box)
        points = points_text(found.points, language)
        text = f"{points} – {rank_text(each.place, language)}" if ranked else points
        inside = box.width > 420
        x = box.x + (box.width - 12 if inside else box.width + 12)
        colour = ink_on(1 + min(row, 3)) if inside else INK
        canvas.labels.append(Label(x, top + 38, text, 30, "end" if inside else "start", colour, bold=True))
    title = Text(
        vi=f"Điểm{' và thứ hạng' if ranked else ''} qua các vòng: {score.unit.name}",
        en=f"Points{' and rank' if ranked else ''} by round: {score.unit.name}",
    )
    description = "; ".join(
        f"{each.round.name}: {points_text(each.place.score.points, language)}"
        + (f", {rank_text(each.place, language)}" if ranked else "")
        for each in rounds
    )
    return canvas.drawing((1600, 20 + 78 * len(rounds)), title.say(language), description)
