"""Drawings: pictures as plain shapes, drawn once and shown as SVG (Jinja) or PNG (matplotlib).

Lengths are whole tenths of a millimetre, so that equal input gives equal bytes.
"""

import io
from collections.abc import Iterator
from typing import Any, Literal

from attrs import define, field, frozen

Anchor = Literal["start", "middle", "end"]

INK, PAPER, PALE = "#000000", "#ffffff", "#eeeeee"

# Light to dark, so that the order survives a black-and-white printer and every colour blindness.
SHADES = ("#ffffff", "#e3eef9", "#b9d6ee", "#7fb3dd", "#2f74b5", "#123e73")


def ink_on(shade: int) -> str:
    """The colour of a figure that stands on ``SHADES[shade]``."""
    return PAPER if shade >= 4 else INK


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
    colour: str = INK


@frozen
class Outline:
    """A closed line through ``points``, filled or not; ``dash``: drawn and left out in turn."""

    points: tuple[tuple[int, int], ...]
    fill: str = "none"
    colour: str = INK
    width: int = 2
    dash: tuple[int, int] | None = None


@frozen
class Label:
    x: int
    y: int  # of the base line
    text: str
    size: int
    anchor: Anchor = "start"
    colour: str = INK
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
    outlines: tuple[Outline, ...] = ()


@define
class Canvas:
    boxes: list[Box] = field(factory=list)
    strokes: list[Stroke] = field(factory=list)
    labels: list[Label] = field(factory=list)
    outlines: list[Outline] = field(factory=list)

    def drawing(self, size: tuple[int, int], title: str, description: str, frame: str = "#333333") -> Drawing:
        """All that was drawn, as a picture of ``size``."""
        boxes, strokes, labels = tuple(self.boxes), tuple(self.strokes), tuple(self.labels)
        return Drawing(*size, title, description, frame, boxes, strokes, labels, tuple(self.outlines))

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
    from matplotlib.patches import Polygon, Rectangle

    for box in drawing.boxes:
        style = "dashed" if box.dashed else "solid"
        yield Rectangle(
            (box.x, box.y), box.width, box.height, facecolor=box.fill, edgecolor=drawing.frame, lw=0.6, linestyle=style
        )
    for outline in drawing.outlines:
        dashes = (0, tuple(length / outline.width for length in outline.dash)) if outline.dash else "solid"
        yield Polygon(
            outline.points,
            closed=True,
            facecolor=outline.fill,
            edgecolor=outline.colour,
            lw=outline.width * 0.28,
            linestyle=dashes,
        )
    for stroke in drawing.strokes:
        yield Line2D((stroke.x1, stroke.x2), (stroke.y1, stroke.y2), color=stroke.colour, lw=stroke.width * 0.28)
