"""The dates of a cycle as an iCalendar file (RFC 5545), for the calendars that offices keep anyway."""

import datetime

from certification.procedure.calendar import Calendar, Due
from levels.faults import Language, Text

_WIDTH = 75
"""Octets of a line, its end not counted; longer ones are folded."""

LAST_DAY = Text("ngày cuối", "last day")


def write_icalendar(calendar: Calendar, name: str, key: str, stamp: datetime.datetime, language: Language) -> str:
    """Every dated step of ``calendar`` as a whole-day entry with a reminder a week before.

    ``name``: what the calendar is called; ``key`` tells it from other calendars for ever, so that a newer file takes
    the place of an older one; ``stamp``: when it was made, in UTC.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//certify//procedure//VI",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escape(name)}",
    ]
    for number, due in enumerate(calendar.steps):
        if due.last_day is not None:
            lines += _event(due, due.last_day, name, f"{key}-{due.step}-{number}", stamp, language)
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines)


def _event(
    due: Due, day: datetime.date, name: str, key: str, stamp: datetime.datetime, language: Language
) -> list[str]:
    told = "; ".join(part for part in (due.words, due.clause, due.by, due.late) if part)
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@certify",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escape(f'{due.name} ({LAST_DAY.say(language)})')}",
        f"DESCRIPTION:{_escape(f'{name}. {told}')}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escape(due.name)}",
        "TRIGGER:-P7D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _escape(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, f"\\{char}")
    return text.replace("\n", "\\n")


def _fold(line: str) -> str:
    """``line`` in pieces of at most ``_WIDTH`` octets, never cutting a letter in two."""
    pieces: list[str] = []
    piece = ""
    for char in line:
        if len((piece + char).encode()) > _WIDTH - bool(pieces):  # a continued line begins with a space
            pieces.append(piece)
            piece = ""
        piece += char
    return "\r\n ".join([*pieces, piece])
