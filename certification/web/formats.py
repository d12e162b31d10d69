"""Formats: numbers, days and sizes as the reader's language writes them; Jinja's filters.

Exact values stay exact: whole numbers, fractions and decimals are rounded only here, where they are printed.
"""

import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone
from markupsafe import Markup

from certification.web.speech import language, say
from levels.framework import Framework
from reports.words import NOTHING, decimal_text
from reports.words import level_name as name_of_level
from reports.words import level_text as text_of_level

Number = int | Fraction | Decimal

_DIGITS = 15
"""How many a workbook holds of a number: its readers take it into 53 bits."""


def number_text(value: Number | None, places: int = 2) -> str:
    """``1.234,5`` (in English ``1,234.5``), rounded half up to ``places`` decimals; None: a dash."""
    if value is None:
        return NOTHING
    exact = Fraction(value)
    chosen = language()
    point, comma = (",", ".") if chosen == "vi" else (".", ",")
    whole, mark, decimals = decimal_text(abs(exact), chosen, places).partition(point)
    grouped = f"{int(whole):,}".replace(",", comma) + mark + decimals
    return f"\N{MINUS SIGN}{grouped}" if exact < 0 else grouped


def exact_number(text: str) -> int | Decimal:
    """What the ``value`` of a ``<data>`` says: a whole number, or a decimal as it is written."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def as_decimal(value: Number) -> int | Decimal | None:
    """``value`` as a workbook can hold it without rounding; None: it cannot (a third, or more than 15 digits)."""
    exact = Fraction(value)
    shift = next((places for places in range(_DIGITS) if (exact * 10**places).denominator == 1), None)
    if shift is None or abs(exact * 10**shift) >= 10**_DIGITS:
        return None
    return Decimal(int(exact * 10**shift)).scaleb(-shift) if shift else int(exact)


def figure(value: Number | str | None, places: int = 2) -> Markup | str:
    """A number in a cell, as ``number_text``, with its exact value for whoever takes the table away.

    ``value`` may be the text of an exact number (``85.75``, ``5/3``).
    """
    if value is None:
        return NOTHING
    number = Fraction(value)
    exact, text = as_decimal(number), number_text(number, places)
    return text if exact is None else Markup('<data value="{}">{}</data>').format(exact, text)


def money_text(value: Number | None) -> str:
    """A sum with its currency: ``45.200.000 đồng``; None: a dash."""
    return NOTHING if value is None else f"{number_text(value)}\N{NO-BREAK SPACE}đồng"


def day_text(day: datetime.date | datetime.datetime | None) -> str:
    """``26/11/2026``, in English ``2026-11-26``; None: a dash. A moment gives its day in the local time."""
    if day is None:
        return NOTHING
    if isinstance(day, datetime.datetime):
        day = _local(day).date()
    return day.isoformat() if language() == "en" else f"{day.day:02d}/{day.month:02d}/{day.year}"


def moment_text(moment: datetime.datetime | None) -> str:
    """``14:05 ngày 26/11/2026``, in English ``2026-11-26 14:05``, in the local time; None: a dash."""
    if moment is None:
        return NOTHING
    local = _local(moment)
    return say(f"{local:%H:%M} ngày {day_text(local)}", f"{day_text(local)} {local:%H:%M}")


def iso_text(moment: datetime.date | datetime.datetime) -> str:
    """What the ``datetime`` attribute of a ``<time>`` says."""
    return moment.isoformat()


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def size_text(size: int) -> str:
    """The size of a file: ``840 kB``, ``1,2 MB``."""
    if size < 1000:
        return f"{size}\N{NO-BREAK SPACE}B"
    if size < 1_000_000:
        return f"{number_text(Fraction(size, 1000), 0)}\N{NO-BREAK SPACE}kB"
    return f"{number_text(Fraction(size, 1_000_000), 1)}\N{NO-BREAK SPACE}MB"


def level_text(level: int | None, framework: Framework) -> str:
    """``3 (Cơ bản)``; for 0 that none is reached; None: a dash."""
    return NOTHING if level is None else text_of_level(framework, level, language())


def level_name(level: int, framework: Framework) -> str:
    """``Cơ bản``; for 0 «chưa đạt mức nào»."""
    return name_of_level(framework, level) or text_of_level(framework, 0, language())
