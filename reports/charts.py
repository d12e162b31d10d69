"""Charts: a unit's ladder and the heat map units × criteria, drawn once and shown as SVG or PNG.

Nothing is told by colour alone: every cell and step bears its number, every kind of not-knowing a
mark and a hatch.
"""

from collections.abc import Sequence

from attrs import evolve

from levels.faults import Language, Text
from levels.framework import LEVELS
from reports.drawing import INK, PALE, PAPER, SHADES, Box, Canvas, Drawing, Label, Stroke, ink_on
from reports.sentences import STANDINGS
from reports.words import level_name, level_text
from rules.verdict import CriterionVerdict, Standing, Verdict

ROWS_PER_PAGE = 22
"""How many units of a heat map fit on A4 landscape with its legend."""


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


def draw_ladder(verdict: Verdict, language: Language) -> Drawing:
    """The five steps with the accepted, claimed and possible level and the registered target."""
    canvas, levels = Canvas(), verdict.levels
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
        return SHADES[4] if level else SHADES[2]
    return PAPER if level <= verdict.levels.possible_level else PALE


def draw_heat_maps(verdicts: Sequence[Verdict], language: Language) -> tuple[Drawing, ...]:
    """Units × criteria, one drawing for every ``ROWS_PER_PAGE`` units; all of one tier and framework."""
    pages = [verdicts[start : start + ROWS_PER_PAGE] for start in range(0, len(verdicts), ROWS_PER_PAGE)]
    return tuple(_heat_map(page, number, len(pages), language) for number, page in enumerate(pages, start=1))


_SIDE, _NAMES, _HEAD = 50, 430, 190


def _heat_map(verdicts: Sequence[Verdict], number: int, pages: int, language: Language) -> Drawing:
    canvas, first = Canvas(), verdicts[0]
    criteria = first.criteria
    across = _NAMES + _SIDE * len(criteria)
    _heading(canvas, criteria, first, across, language)
    for row, verdict in enumerate(verdicts):
        top = _HEAD + _SIDE * row
        canvas.labels.append(Label(_NAMES - 12, top + 36, _shortened(verdict.unit.name), 32, "end"))
        for column, found in enumerate(verdict.criteria):
            _cell(canvas, found, _NAMES + _SIDE * column, top)
        box = Box(across + 14, top, 76, _SIDE, SHADES[verdict.levels.level])
        canvas.boxes.append(box)
        ink = ink_on(verdict.levels.level)
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
    canvas: Canvas, criteria: Sequence[CriterionVerdict], first: Verdict, across: int, language: Language
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


def _cell(canvas: Canvas, found: CriterionVerdict, x: int, y: int) -> None:
    exempt = found.standing is Standing.EXEMPT
    level = 0 if exempt else found.levels.level
    box = Box(x, y, _SIDE, _SIDE, SHADES[level])
    canvas.boxes.append(box)
    mark = MARKS.get(found.standing, "")
    if mark:
        canvas.hatch(box)
    text = EXEMPT_MARK if exempt else f"{level}{mark}"
    canvas.labels.append(Label(x + _SIDE // 2, y + 36, text, 32, "middle", ink_on(level)))


def _shortened(name: str) -> str:
    return name if len(name) <= 27 else name[:26] + "…"


def _legend(canvas: Canvas, top: int, first: Verdict, language: Language) -> None:
    x = 10
    for level, shade in enumerate(SHADES):
        name = level_name(first.framework, level) or NONE.say(language)
        x = _key(canvas, x, top, shade, str(level), name, ink=ink_on(level))
    x = 10
    for standing, mark in (*MARKS.items(), (Standing.EXEMPT, EXEMPT_MARK)):
        hatched = standing is not Standing.EXEMPT
        x = _key(canvas, x, top + 56, PAPER, mark, STANDINGS[standing].say(language), hatched=hatched)


def _key(
    canvas: Canvas, x: int, y: int, fill: str, mark: str, text: str, *, ink: str = INK, hatched: bool = False
) -> int:
    box = Box(x, y, 46, 42, fill)
    canvas.boxes.append(box)
    if hatched:
        canvas.hatch(box)
    canvas.labels.append(Label(x + 23, y + 32, mark, 32, "middle", ink))
    canvas.labels.append(Label(x + 60, y + 32, text, 32))
    return x + 60 + 17 * len(text) + 50
