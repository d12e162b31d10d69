"""The heat map of an impact: units × criteria, each cell with its change; falls are hatched, for grey paper."""

from collections.abc import Sequence

from attrs import frozen

from levels.faults import Language, Text
from reports.drawing import INK, PALE, Box, Canvas, Drawing, Label

ROWS_PER_PAGE, COLUMNS_PER_PAGE = 20, 38
"""How many units and criteria fit on A4 landscape and can still be read."""

RISES = ("#ffffff", "#d3e8f8", "#9fcbea", "#6aaedb")
FALLS = ("#ffffff", "#fde3cb", "#f9c79b", "#f4a868")
"""Light to dark by how much; both stay light enough for a black figure and its hatch."""

_SIDE, _NAMES, _HEAD, _OUTCOME = 50, 430, 190, 150
_FEW, _BROAD = 20, 80  # so few columns can be broader


@frozen
class Cell:
    """One criterion of one unit: what is written, and how much it rises (1 … 3) or falls (−1 … −3)."""

    text: str = ""
    strength: int = 0
    absent: bool = False  # one of the two texts does not have the criterion


@frozen
class MapRow:
    name: str
    cells: tuple[Cell, ...]
    outcome: str  # level or rank, before and after
    strength: int


@frozen
class Head:
    """What stands in a column."""

    code: str
    changed: bool  # whether the text has changed
    name: str

    @property
    def title(self) -> str:
        """The code, marked where the text has changed."""
        return f"{self.code} ●" if self.changed else self.code


def draw_impact_maps(
    title: Text, heads: Sequence[Head], rows: Sequence[MapRow], outcome: Text, language: Language
) -> tuple[Drawing, ...]:
    """The heat map by as many units and criteria as can be read on one page; none where there are no rows."""
    parts = [slice(start, start + COLUMNS_PER_PAGE) for start in range(0, max(1, len(heads)), COLUMNS_PER_PAGE)]
    pages = [
        (part, rows[start : start + ROWS_PER_PAGE]) for start in range(0, len(rows), ROWS_PER_PAGE) for part in parts
    ]
    drawings = []
    for number, (part, shown) in enumerate(pages, start=1):
        of = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        drawings.append(_draw(title.say(language) + of, heads[part], part, shown, outcome, language))
    return tuple(drawings)


def _draw(
    title: str, heads: Sequence[Head], part: slice, rows: Sequence[MapRow], outcome: Text, language: Language
) -> Drawing:
    canvas = Canvas()
    side = _BROAD if len(heads) <= _FEW else _SIDE
    legend = _legend(Canvas(), 0, language)
    left = max(0, (legend - _NAMES - side * len(heads) - _OUTCOME) // 2) + _NAMES
    across = left + side * len(heads)
    for column, head in enumerate(heads):
        place = left + side * column + side // 2 + 11
        canvas.labels.append(Label(place, _HEAD - 12, head.title, 30, bold=head.changed, turned=True))
    canvas.labels.append(Label(across + 14 + _OUTCOME // 2, _HEAD - 12, outcome.say(language), 30, "middle", bold=True))
    for row, entry in enumerate(rows):
        top = _HEAD + _SIDE * row
        name = entry.name if len(entry.name) <= 27 else entry.name[:26] + "…"
        canvas.labels.append(Label(left - 12, top + 36, name, 32, "end"))
        for column, cell in enumerate(entry.cells[part]):
            _draw_cell(canvas, Box(left + side * column, top, side, _SIDE, _fill(cell)), cell)
        box = Box(across + 14, top, _OUTCOME, _SIDE, _shade(entry.strength))
        _draw_cell(canvas, box, Cell(entry.outcome, entry.strength), bold=True)
    bottom = _HEAD + _SIDE * len(rows)
    _legend(canvas, bottom + 30, language)
    width = max(across + _OUTCOME + 24, legend)
    return canvas.drawing((width, bottom + 145), title, _describe(heads, part, rows), frame="#8fa3b8")


def _describe(heads: Sequence[Head], part: slice, rows: Sequence[MapRow]) -> str:
    """What a screen reader says: every unit with its outcome and the criteria that move."""
    told = []
    for entry in rows:
        moves = [
            f"{head.code} {cell.text}" for head, cell in zip(heads, entry.cells[part], strict=True) if cell.strength
        ]
        told.append(f"{entry.name}: {entry.outcome}" + (f" ({', '.join(moves)})" if moves else ""))
    return "; ".join(told)


def _shade(strength: int) -> str:
    return (RISES if strength >= 0 else FALLS)[min(3, abs(strength))]


def _fill(cell: Cell) -> str:
    return PALE if cell.absent else _shade(cell.strength)


def _draw_cell(canvas: Canvas, box: Box, cell: Cell, *, bold: bool = False) -> None:
    canvas.boxes.append(box)
    if cell.strength < 0:
        canvas.hatch(box)
    size = 32 if len(cell.text) < 3 or bold or box.width > _SIDE else 26 if len(cell.text) < 4 else 20
    canvas.labels.append(Label(box.x + box.width // 2, box.y + 36, cell.text, size, "middle", INK, bold=bold))


_LEGEND = (
    (
        (Cell("+1", 1), Text(vi="tăng", en="rises")),
        (Cell("−1", -1), Text(vi="giảm (gạch chéo)", en="falls (hatched)")),
        (Cell(), Text(vi="không đổi", en="unchanged")),
    ),
    (
        (Cell("n", absent=True), Text(vi="mới", en="new")),
        (Cell("x", absent=True), Text(vi="bị bỏ", en="removed")),
        (Cell("●"), Text(vi="quy định đã thay đổi", en="the text has changed")),
    ),
)


def _legend(canvas: Canvas, top: int, language: Language) -> int:
    """What the cells mean; gives how far it reaches."""
    widest = 0
    for line, entries in enumerate(_LEGEND):
        x, y = 10, top + 54 * line
        for cell, words in entries:
            text = words.say(language)
            _draw_cell(canvas, Box(x, y, _SIDE, 42, _fill(cell)), cell)
            canvas.labels.append(Label(x + 64, y + 32, text, 30))
            x += 64 + 16 * len(text) + 44
        widest = max(widest, x)
    return widest
