"""Long lines on a terminal: wrapped at words with a hanging indent; a file or pipe gets every line whole."""

import re
import shutil
import sys
import textwrap

_LEAD = re.compile(r"\s*(?:\d+\. |- )?")
NARROWEST = 40
"""Below this many columns a terminal wraps by itself."""


def print_text(text: str) -> None:
    """Print lines of prose on standard output, as wide as the terminal where it is one."""
    width = shutil.get_terminal_size().columns
    print(wrap_lines(text, width) if sys.stdout.isatty() and width >= NARROWEST else text)


def wrap_lines(text: str, width: int) -> str:
    """``text`` with no line longer than ``width``, as far as words allow; an item hangs under its mark."""
    return "\n".join(_wrap(line, width) for line in text.split("\n"))


def _wrap(line: str, width: int) -> str:
    lead = _LEAD.match(line)
    assert lead is not None  # it matches nothing as well
    if len(line) <= width:
        return line
    hanging = " " * len(lead[0])
    return textwrap.fill(
        line[lead.end() :],
        width,
        initial_indent=lead[0],
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
