"""Charts of a simulation: for every unit one bar of a hundred per cent, cut by how likely each outcome is.

Nothing is told by colour alone: every part that is wide enough bears its number and percentage, or its number, parts
follow in order from the left, and the level or rank that a unit has now is framed; all survives a grey printer.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from attrs import frozen

from reports.drawing import INK, PAPER, Anchor, Box, Canvas, Drawing, Label, Outline, Stroke, ink_on

BARS_PER_PAGE = 24
"""How many units of a chart fit on A4 landscape with its legend."""

BAR_SHADES = ("#ffffff", "#c3d9ee", "#8fb8de", "#5b95cc", "#2c6aa8", "#0f3460")
"""Further apart than the shades of a map: here neighbours touch, and a grey printer must part them too."""

_CHARACTER = 17


@frozen
class Sheet:
    """How a chart is laid out, in tenths of a millimetre: a bar begins at ``left`` and is ``bar`` long; with ``above``
    the name stands over its bar.
    """

    width: int
    left: int
    bar: int
    step: int
    above: bool = False


PAGE = Sheet(2470, 640, 1800, 56)
"""As wide as the text of a landscape page."""

SCREEN = Sheet(1000, 10, 980, 116, above=True)
"""For a telephone, where the names need the whole width."""

_HEAD = 84


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


_LONGEST = 36
"""So many characters of a name and its code stand beside a bar."""


def draw_bars(
    bars: Sequence[Bar],
    keys: Sequence[Key],
    shade: Callable[[int], int],
    title: str,
    now: str,
    sheet: Sheet = PAGE,
) -> tuple[Drawing, ...]:
    """The bars of all units, one drawing for every ``BARS_PER_PAGE`` of them.

    ``shade``: of an outcome, from 0 (light) to 5; ``now``: what the legend calls the framed part.
    """
    pages = [bars[start : start + BARS_PER_PAGE] for start in range(0, len(bars), BARS_PER_PAGE)]
    drawings = []
    for number, page in enumerate(pages, start=1):
        canvas = Canvas()
        for row, bar in enumerate(page):
            _bar(canvas, sheet, bar, _HEAD + sheet.step * row, shade)
        bottom = _HEAD + sheet.step * len(page)
        _scale(canvas, sheet, bottom)
        bottom = _legend(canvas, sheet, bottom + 40, keys, now)
        said = "; ".join(f"{bar.name}: {', '.join(f'{p.number}: {p.text}' for p in bar.parts)}" for bar in page)
        of = f" ({number}/{len(pages)})" if len(pages) > 1 else ""
        drawings.append(canvas.drawing((sheet.width, bottom), f"{title}{of}", said, frame="#4a4a4a"))
    return tuple(drawings)


def shorten_name(name: str, length: int) -> str:
    """``name`` within ``length`` characters; the code in brackets at its end stays: ``Xã Đăk … (23281)``."""
    if len(name) <= length:
        return name
    head, bracket, code = name.rpartition(" (")
    if not bracket:
        head, code = name, ""
    return f"{head[: length - len(bracket + code) - 1].rstrip()}…{bracket}{code}"


def _bar(canvas: Canvas, sheet: Sheet, bar: Bar, top: int, shade: Callable[[int], int]) -> None:
    name = shorten_name(bar.name, _LONGEST)
    if sheet.above:
        canvas.labels.append(Label(sheet.left, top + 34, name, 34))
        top += 46
    else:
        canvas.labels.append(Label(sheet.left - 14, top + 32, name, 32, "end"))
    left, so_far = sheet.left, Fraction(0)
    for part in bar.parts:
        so_far += part.share
        right = sheet.left + int(so_far * sheet.bar)  # from the sum, so that no gap opens between the parts
        box = Box(left, top, right - left, 44, BAR_SHADES[shade(part.number)])
        if box.width:
            canvas.boxes.append(box)
            ink = ink_on(shade(part.number))
            texts = (f"{part.number}: {part.text}", str(part.number))
            fitting = next((text for text in texts if _CHARACTER * len(text) + 8 <= box.width), None)
            if fitting:
                canvas.labels.append(Label(box.x + box.width // 2, top + 33, fitting, 30, "middle", ink, bold=part.now))
        if part.now:
            _frame(canvas, left, top, max(box.width, 6))
        left = right


def _frame(canvas: Canvas, left: int, top: int, width: int) -> None:
    corners = ((left, top - 4), (left + width, top - 4), (left + width, top + 48), (left, top + 48))
    canvas.outlines.append(Outline(corners, "none", INK, 7))


def _scale(canvas: Canvas, sheet: Sheet, bottom: int) -> None:
    for hundredths in range(0, 101, 25):
        x = sheet.left + sheet.bar * hundredths // 100
        anchor: Anchor = "start" if hundredths == 0 else "end" if hundredths == 100 else "middle"
        canvas.labels.append(Label(x, _HEAD - 24, f"{hundredths}%", 28, anchor))
        canvas.strokes.append(Stroke(x, _HEAD - 16, x, _HEAD - 6))
        canvas.strokes.append(Stroke(x, bottom - 8, x, bottom))


def _legend(canvas: Canvas, sheet: Sheet, top: int, keys: Sequence[Key], now: str) -> int:
    """The bottom of the drawing."""
    x = 10
    for key in (*keys, None):
        text = now if key is None else key.text
        width = 70 + _CHARACTER * len(text) + 40
        if x + width > sheet.width:
            x, top = 10, top + 60
        if key is None:
            canvas.boxes.append(Box(x, top, 52, 40, PAPER))
            canvas.outlines.append(
                Outline(((x, top), (x + 52, top), (x + 52, top + 40), (x, top + 40)), "none", INK, 7)
            )
        else:
            canvas.boxes.append(Box(x, top, 52, 40, BAR_SHADES[key.shade]))
            canvas.labels.append(Label(x + 26, top + 31, key.mark, 30, "middle", ink_on(key.shade)))
        canvas.labels.append(Label(x + 66, top + 31, text, 30))
        x += width
    return top + 60


@frozen
class Pictures:
    """The bars of some units: for a page, and for a telephone; ``note``: who is not in them."""

    wide: tuple[Drawing, ...]
    slim: tuple[Drawing, ...]
    note: str

    @classmethod
    def of(
        cls,
        bars: Sequence[Bar],
        keys: Sequence[Key],
        shade: Callable[[int], int],
        title: str,
        now: str,
        note: str,
    ) -> "Pictures":
        """Both kinds of drawing; ``shade`` and ``now`` as for ``draw_bars``."""
        return cls(draw_bars(bars, keys, shade, title, now), draw_bars(bars, keys, shade, title, now, SCREEN), note)
