"""Form style: the look of the Excel form, calm and printable, and how tall its rows must be."""

import math
import unicodedata
from typing import Any

from evidence.form_layout import Style

INK, LINE, SHUT = "#1F3864", "#7F8FA9", "#EFEFEF"
TINTS = {"head": "#D9E2F0", "group": "#EDF1F8", "report": "#FFF8DC", "proof": "#FFF8DC", "appraisal": "#E6F2E0"}

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}

STYLES: dict[Style, dict[str, Any]] = {
    "office": {"bold": True, "font_size": 12, "align": "center"},
    "nation": {"bold": True, "font_size": 12, "align": "center"},
    "motto": {"bold": True, "font_size": 13, "align": "center", "underline": 1},
    "annex": {"bold": True, "font_size": 13, "align": "center"},
    "title": {"bold": True, "font_size": 13, "align": "center"},
    "cited": {"italic": True, "font_size": 12, "align": "center"},
    "form": {"bold": True, "font_size": 14, "align": "center", "font_color": INK},
    "unit": {"bold": True, "font_size": 12, "align": "left"},
    "hint": {"italic": True, "font_size": 11, "align": "left", "font_color": INK},
    "signer": {"bold": True, "font_size": 12, "align": "center"},
    "role": {"italic": True, "font_size": 12, "align": "center"},
}
HEIGHTS: dict[Style, float] = {"form": 26, "signer": 34, "title": 20}

MAX_ROW_HEIGHT = 409.0  # Excel has no taller rows


class Pen:
    """Gives out the formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def plain(self, **properties: Any) -> Any:
        """A format of the form's font with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(_FONT | properties)
        return self.formats[key]

    def ruled(self, **properties: Any) -> Any:
        """The same with the table's lines around it."""
        return self.plain(border=1, border_color=LINE, **properties)


def measure_text(text: str, size: float = 11) -> float:
    """The width of ``text`` in points when set in Times of ``size`` points; close, never much too small."""
    em = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in "iljtfrI.,:;'|()[]- /":
            em += 0.32
        elif letter in "mwMW%–“”":
            em += 0.83
        else:
            em += 0.72 if letter.isupper() else 0.5
    return em * size


def count_lines(text: str, width: float, size: float = 11) -> int:
    """The lines that ``text`` takes in a column ``width`` characters wide."""
    room = width * 5.25 - 2  # points: Excel counts a column's width in digits of 7 pixels
    lines = 0
    for paragraph in text.split("\n"):
        used = 0.0
        lines += 1
        for word in paragraph.split(" "):
            length = measure_text(word, size)
            if used and used + length > room:
                lines += 1
                used = 0.0
            lines += max(0, math.ceil(length / room) - 1)  # a long word breaks
            used += length + measure_text(" ", size)
    return lines
