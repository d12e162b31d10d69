"""Charts of a simulation: for every unit one bar of a hundred per cent, cut by how likely each outcome is.

Nothing is told by colour alone: every part that is wide enough bears its number and percentage, parts follow in
order from the left, and the level or rank that a unit has now is framed; all of it survives a grey printer.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from attrs import frozen

from reports.drawing import INK, PAPER, SHADES, Box, Canvas, Drawing, Label, Outline, ink_on

BARS_PER_PAGE = 24
"""How many units of a chart fit on A4 landscape with its legend."""

WIDTH = 2470
"""Tenths of a millimetre: the text width of a landscape page."""

_NAMES, _BAR, _STEP, _HEAD = 640, 1800, 56, 84
_CHARACTER = 17


@frozen
class Part:
    """One outcome of a unit: its number, how likely it is, and how that is written."""

    number: int
    share: Fraction
    text: str
    now: bool = False  # whether it is what the facts say as they are recorded


@frozen
class Bar:
    """One unit."""

    name: str
    parts: tuple[Part, ...]


@frozen
class Key:
    """One shade of the legend."""

    mark: str
    text: str
    shade: int


def draw_bars(
    bars: Sequence[Bar],
    keys: Sequence[Key],
    shade: Callable[[int], int],
    title: str,
    now: str,
) -> tuple[Drawing, ...]:
    """The bars of all units, one drawing for every ``BARS_PER_PAGE`` of them.

    ``shade``: of an outcome, from 0 (light) to 5; ``now``: what the legend calls the framed part.
    """
    pages = [bars[start : start + BARS_PER_PAGE] for start in range(0, len(bars), BARS_PER_PAGE)]
    drawings = []
    for number, page in enumerate(pages, start=1):
        canvas = Canvas()
        for row, bar in enumerate(page):
            _bar(canvas, bar, _HEAD + _STEP * row, shade)
        _scale(canvas, _HEAD + _STEP * len(page))
        bottom = _legend(canvas, _HEAD + _STEP * len(page) + 70, keys, now)
        said = "; ".join(f"{bar.name}: {', '.join(f'{p.number}: {p.text}' for p in bar.parts)}" for bar in page)
        of = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        drawings.append(canvas.drawing((WIDTH, bottom), f"{title}{of}", said, frame="#4a4a4a"))
    return tuple(drawings)


def _bar(canvas: Canvas, bar: Bar, top: int, shade: Callable[[int], int]) -> None:
    name = bar.name if len(bar.name) <= 36 else bar.name[:35] + "…"
    canvas.labels.append(Label(_NAMES - 14, top + 32, name, 32, "end"))
    left, so_far = _NAMES, Fraction(0)
    for part in bar.parts:
        so_far += part.share
        right = _NAMES + int(so_far * _BAR)  # from the sum, so that no gap opens between the parts
        box = Box(left, top, right - left, 44, SHADES[shade(part.number)])
        if box.width:
            canvas.boxes.append(box)
            ink = ink_on(shade(part.number))
            texts = (f"{part.number}: {part.text}", part.text, str(part.number))
            fitting = next((text for text in texts if _CHARACTER * len(text) + 8 <= box.width), None)
            if fitting:
                canvas.labels.append(Label(box.x + box.width // 2, top + 33, fitting, 30, "middle", ink, bold=part.now))
        if part.now:
            _frame(canvas, left, top, max(box.width, 6))
        left = right


def _frame(canvas: Canvas, left: int, top: int, width: int) -> None:
    corners = ((left, top - 4), (left + width, top - 4), (left + width, top + 48), (left, top + 48))
    canvas.outlines.append(Outline(corners, "none", INK, 7))


def _scale(canvas: Canvas, bottom: int) -> None:
    for tenth in range(0, 101, 25):
        x = _NAMES + _BAR * tenth // 100
        anchor = "start" if tenth == 0 else "end" if tenth == 100 else "middle"
        canvas.labels.append(Label(x, _HEAD - 20, f"{tenth}%", 28, anchor))
        canvas.boxes.append(Box(x - 1, _HEAD - 12, 1, 8, INK))
        canvas.boxes.append(Box(x - 1, bottom - 6, 1, 8, INK))


def _legend(canvas: Canvas, top: int, keys: Sequence[Key], now: str) -> int:
    """The bottom of the drawing."""
    x = 10
    for key in (*keys, None):
        text = now if key is None else key.text
        width = 70 + _CHARACTER * len(text) + 40
        if x + width > WIDTH:
            x, top = 10, top + 60
        if key is None:
            canvas.boxes.append(Box(x, top, 52, 40, PAPER))
            canvas.outlines.append(
                Outline(((x, top), (x + 52, top), (x + 52, top + 40), (x, top + 40)), "none", INK, 7)
            )
        else:
            canvas.boxes.append(Box(x, top, 52, 40, SHADES[key.shade]))
            canvas.labels.append(Label(x + 26, top + 31, key.mark, 30, "middle", ink_on(key.shade)))
        canvas.labels.append(Label(x + 66, top + 31, text, 30))
        x += width
    return top + 60
