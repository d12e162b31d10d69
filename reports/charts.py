"""Charts: a unit's ladder and the heat map units × criteria, drawn once and shown as SVG or PNG.

Nothing is told by colour alone: every cell and step bears its number, every kind of not-knowing a
mark and a hatch. Lengths are whole tenths of a millimetre, so that equal input gives equal bytes.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from attrs import define, evolve, field, frozen

from levels.faults import Language, Text
from levels.framework import LEVELS
from reports.sentences import STANDINGS
from reports.words import level_name, level_text
from rules.verdict import CriterionVerdict, Standing, Verdict

Anchor = Literal["start", "middle", "end"]

ROWS_PER_PAGE = 22
"""How many units of a heat map fit on A4 landscape with its legend."""

# Light to dark, so that the order survives a black-and-white printer and every colour blindness.
_SHADES = ("#ffffff", "#e3eef9", "#b9d6ee", "#7fb3dd", "#2f74b5", "#123e73")
_INK, _PAPER, _PALE = "#000000", "#ffffff", "#eeeeee"

# What stands beside the number in a cell that does not rest on an accepted value.
MARKS = {
    Standing.SELF_REPORTED: "*",
    Standing.UNKNOWN: "?",
    Standing.EXPIRED: "!",
    Standing.REJECTED: "×",
    Standing.ZERO_BASE: "÷",
}
EXEMPT_MARK = "–"
NONE = Text(vi="Chưa đạt", en="None")


@frozen
class Box:
    x: int
    y: int
    width: int
    height: int
    fill: str
    dashed: bool = False


@frozen
class Stroke:
    x1: int
    y1: int
    x2: int
    y2: int
    width: int = 2
    colour: str = _INK


@frozen
class Label:
    x: int
    y: int  # of the base line
    text: str
    size: int
    anchor: Anchor = "start"
    colour: str = _INK
    bold: bool = False
    turned: bool = False  # reads upwards


@frozen
class Drawing:
    """A picture as plain shapes, in tenths of a millimetre from the upper left corner."""

    width: int
    height: int
    title: str
    description: str
    frame: str  # the colour of the boxes' frames
    boxes: tuple[Box, ...]
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]


@define
class _Canvas:
    boxes: list[Box] = field(factory=list)
    strokes: list[Stroke] = field(factory=list)
    labels: list[Label] = field(factory=list)

    def drawing(self, size: tuple[int, int], title: str, description: str, frame: str = "#333333") -> Drawing:
        boxes, strokes, labels = tuple(self.boxes), tuple(self.strokes), tuple(self.labels)
        return Drawing(*size, title, description, frame, boxes, strokes, labels)

    def hatch(self, box: Box, step: int = 25) -> None:
        """Diagonal lines across ``box``."""
        for reach in range(step, box.width + box.height, step):
            self.strokes.append(
                Stroke(
                    box.x + min(reach, box.width),
                    box.y + max(0, reach - box.width),
                    box.x + max(0, reach - box.height),
                    box.y + min(reach, box.height),
                    width=1,
                    colour="#8a8a8a",
                )
            )


def draw_ladder(verdict: Verdict, language: Language) -> Drawing:
    """The five steps with the accepted, claimed and possible level and the registered target."""
    canvas, levels = _Canvas(), verdict.levels
    marks = [
        (levels.level, Text(vi="Được chấp nhận", en="Accepted")),
        (levels.claimed_level, Text(vi="Tự đánh giá", en="Claimed")),
        (levels.possible_level, Text(vi="Còn có thể đạt", en="Possible")),
    ]
    if verdict.unit.registered is not None:
        marks.append((verdict.unit.registered, Text(vi="Đăng ký", en="Registered")))
    said = {level: [text.say(language) for at, text in reversed(marks) if at == level] for level in (0, *LEVELS)}
    ground = max(_rise(level) + _LINE * len(texts) for level, texts in said.items()) + 30
    for level, texts in said.items():
        box = Box(10 + _STEP * level, ground - _rise(level), _STEP - 12, _rise(level), _step_fill(verdict, level))
        attainable = levels.level < level <= levels.possible_level
        canvas.boxes.append(evolve(box, dashed=attainable))
        if levels.level < level <= levels.claimed_level:
            canvas.hatch(box, 20)
        name = level_name(verdict.framework, level) or NONE.say(language)
        middle = box.x + box.width // 2
        canvas.labels.append(Label(middle, ground + 40, f"{level}. {name}", 36, "middle", bold=level == levels.level))
        for place, text in enumerate(texts):
            accepted = text == marks[0][1].say(language)
            canvas.labels.append(Label(middle, box.y - 12 - _LINE * place, f"▲ {text}", 32, "middle", bold=accepted))
    title = Text(
        vi=f"Thang mức độ chuyển đổi số năm {verdict.cycle}: {verdict.unit.name}",
        en=f"Ladder of digital transformation levels in {verdict.cycle}: {verdict.unit.name}",
    )
    description = "; ".join(
        f"{text.say(language)}: {level_text(verdict.framework, level, language)}" for level, text in marks
    )
    return canvas.drawing((10 + _STEP * 6, ground + 60), title.say(language), description)


_STEP, _LINE = 262, 36


def _rise(level: int) -> int:
    return 16 + 52 * level


def _step_fill(verdict: Verdict, level: int) -> str:
    if level <= verdict.levels.level:
        return _SHADES[4] if level else _SHADES[2]
    return _PAPER if level <= verdict.levels.possible_level else _PALE


def draw_heat_maps(verdicts: Sequence[Verdict], language: Language) -> tuple[Drawing, ...]:
    """Units × criteria, one drawing for every ``ROWS_PER_PAGE`` units; all of one tier and framework."""
    pages = [verdicts[start : start + ROWS_PER_PAGE] for start in range(0, len(verdicts), ROWS_PER_PAGE)]
    return tuple(_heat_map(page, number, len(pages), language) for number, page in enumerate(pages, start=1))


_SIDE, _NAMES, _HEAD = 50, 430, 190


def _heat_map(verdicts: Sequence[Verdict], number: int, pages: int, language: Language) -> Drawing:
    canvas, first = _Canvas(), verdicts[0]
    criteria = first.criteria
    across = _NAMES + _SIDE * len(criteria)
    _heading(canvas, criteria, first, across, language)
    for row, verdict in enumerate(verdicts):
        top = _HEAD + _SIDE * row
        canvas.labels.append(Label(_NAMES - 12, top + 36, _shortened(verdict.unit.name), 32, "end"))
        for column, found in enumerate(verdict.criteria):
            _cell(canvas, found, _NAMES + _SIDE * column, top)
        box = Box(across + 14, top, 76, _SIDE, _SHADES[verdict.levels.level])
        canvas.boxes.append(box)
        ink = _ink(verdict.levels.level)
        canvas.labels.append(Label(box.x + 38, top + 36, str(verdict.levels.level), 36, "middle", ink, bold=True))
    bottom = _HEAD + _SIDE * len(verdicts)
    _legend(canvas, bottom + 40, first, language)
    of = f" ({number}/{pages})" if pages > 1 else ""
    title = Text(
        vi=f"Mức đạt của từng tiêu chí theo đơn vị, năm {first.cycle}{of}",
        en=f"Level of every criterion by unit, {first.cycle}{of}",
    )
    description = "; ".join(
        f"{verdict.unit.name}: {level_text(verdict.framework, verdict.levels.level, language)}" for verdict in verdicts
    )
    return canvas.drawing((across + 100, bottom + 150), title.say(language), description, frame="#8fa3b8")


def _heading(
    canvas: _Canvas, criteria: Sequence[CriterionVerdict], first: Verdict, across: int, language: Language
) -> None:
    names = {group.code: group.name for group in first.framework.sets[first.unit.tier].groups}
    start = 0
    for column, found in enumerate(criteria):
        middle = _NAMES + _SIDE * column + 36
        canvas.labels.append(Label(middle, _HEAD - 12, found.code, 30, turned=True))
        last = column + 1 == len(criteria) or criteria[column + 1].criterion.group != found.criterion.group
        if last:
            left, right = _NAMES + _SIDE * start, _NAMES + _SIDE * (column + 1)
            group = found.criterion.group
            name = f"{group}. {names.get(group, '')}"
            name = name if 17 * len(name) < right - left else group
            canvas.labels.append(Label((left + right) // 2, 44, name, 32, "middle", bold=True))
            canvas.strokes.append(Stroke(left + 4, 58, right - 4, 58, width=3))
            start = column + 1
    level = Text(vi="Mức", en="Level").say(language)
    canvas.labels.append(Label(across + 52, _HEAD - 12, level, 32, "middle", bold=True))


def _cell(canvas: _Canvas, found: CriterionVerdict, x: int, y: int) -> None:
    exempt = found.standing is Standing.EXEMPT
    level = 0 if exempt else found.levels.level
    box = Box(x, y, _SIDE, _SIDE, _SHADES[level])
    canvas.boxes.append(box)
    mark = MARKS.get(found.standing, "")
    if mark:
        canvas.hatch(box)
    text = EXEMPT_MARK if exempt else f"{level}{mark}"
    canvas.labels.append(Label(x + _SIDE // 2, y + 36, text, 32, "middle", _ink(level)))


def _ink(level: int) -> str:
    return _PAPER if level >= 4 else _INK


def _shortened(name: str) -> str:
    return name if len(name) <= 27 else name[:26] + "…"


def _legend(canvas: _Canvas, top: int, first: Verdict, language: Language) -> None:
    x = 10
    for level, shade in enumerate(_SHADES):
        name = level_name(first.framework, level) or NONE.say(language)
        x = _key(canvas, x, top, shade, str(level), name, ink=_ink(level))
    x = 10
    for standing, mark in (*MARKS.items(), (Standing.EXEMPT, EXEMPT_MARK)):
        hatched = standing is not Standing.EXEMPT
        x = _key(canvas, x, top + 56, _PAPER, mark, STANDINGS[standing].say(language), hatched=hatched)


def _key(
    canvas: _Canvas, x: int, y: int, fill: str, mark: str, text: str, *, ink: str = _INK, hatched: bool = False
) -> int:
    box = Box(x, y, 46, 42, fill)
    canvas.boxes.append(box)
    if hatched:
        canvas.hatch(box)
    canvas.labels.append(Label(x + 23, y + 32, mark, 32, "middle", ink))
    canvas.labels.append(Label(x + 60, y + 32, text, 32))
    return x + 60 + 17 * len(text) + 50


def as_png(drawing: Drawing) -> bytes:
    """The drawing as a PNG at 200 dpi, for Word. Needs matplotlib, which is imported here."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(drawing.width / 254, drawing.height / 254), dpi=200)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, drawing.width), ylim=(drawing.height, 0))
    axes.set_axis_off()
    for shape in _patches(drawing):
        axes.add_artist(shape)
    for label in drawing.labels:
        axes.text(
            label.x,
            label.y,
            label.text.replace("$", r"\$"),
            fontsize=label.size / 10 * 72 / 25.4,
            fontfamily=["Liberation Serif", "DejaVu Serif"],
            fontweight="bold" if label.bold else "normal",
            color=label.colour,
            ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
            va="baseline",
            rotation=90 if label.turned else 0,
            rotation_mode="anchor",
        )
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _patches(drawing: Drawing) -> Iterator[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    for box in drawing.boxes:
        style = "dashed" if box.dashed else "solid"
        yield Rectangle(
            (box.x, box.y), box.width, box.height, facecolor=box.fill, edgecolor=drawing.frame, lw=0.6, linestyle=style
        )
    for stroke in drawing.strokes:
        yield Line2D((stroke.x1, stroke.x2), (stroke.y1, stroke.y2), color=stroke.colour, lw=stroke.width * 0.28)
