"""Words, names and numbers as a Vietnamese office writes them.

Nothing here knows a verdict: exact values, dates and unit names go in, text comes out.
"""

import datetime
import unicodedata
from fractions import Fraction
from typing import Any

from evidence.facts import Amount
from levels.faults import Language, Text
from levels.framework import Framework, Kind, Tier

NO_LEVEL = Text(vi="chưa đạt mức nào", en="no level reached")
PROVISIONAL = Text(
    vi="TẠM TÍNH – chưa phải kết quả chính thức",
    en="PROVISIONAL – not an official result",
)
SYNTHETIC_MARK = Text(vi="DỮ LIỆU MÔ PHỎNG", en="SYNTHETIC DATA")
NOTHING = "–"

TIER_NAMES = {
    Tier.PROVINCE: Text(vi="cấp tỉnh", en="province level"),
    Tier.DISTRICT: Text(vi="cấp huyện", en="district level"),
    Tier.COMMUNE: Text(vi="cấp xã", en="commune level"),
    Tier.DEPARTMENT: Text(vi="sở, ngành", en="department"),
}

# What stands before a unit's own name; the longer ones first, so that none hides another.
_KINDS = ("thành phố", "thị trấn", "đặc khu", "thị xã", "phường", "huyện", "quận", "tỉnh", "xã")


def kind_of(name: str) -> str:
    """The kind of unit that a full name begins with (``Thị trấn Đắk Hà`` → ``thị trấn``), else ``""``."""
    lowered = name.lower()
    return next((kind for kind in _KINDS if lowered.startswith(kind + " ")), "")


def in_sentence(name: str) -> str:
    """A unit's name inside a sentence: ``Huyện Đắk Hà`` → ``huyện Đắk Hà``."""
    kind = kind_of(name)
    return kind + name[len(kind) :]


def place_of(name: str) -> str:
    """The place a document is dated from: ``Huyện Đắk Hà`` → ``Đắk Hà``, but ``Quận 1`` stays whole
    (Nghị định 30/2020/NĐ-CP, Appendix I: units named by a number keep their kind).
    """
    own = name[len(kind_of(name)) :].strip()
    return name if own[:1].isdigit() else own


def date_text(date: datetime.date, language: Language) -> str:
    """``ngày 05 tháng 02 năm 2025``: days below 10 and the months 1 and 2 take a zero
    (Nghị định 30/2020/NĐ-CP, Appendix I); in English the ISO date.
    """
    if language == "en":
        return date.isoformat()
    month = f"{date.month:02d}" if date.month < 3 else str(date.month)
    return f"ngày {date.day:02d} tháng {month} năm {date.year}"


def year_end(cycle: int) -> datetime.date:
    """The date a file bears in its properties while none is signed: nothing depends on the clock."""
    return datetime.date(cycle, 12, 31)


def percent_text(numerator: int, denominator: int, language: Language) -> str:
    """The percentage with at most two decimals, cut and not rounded: 6996/10000 never reads 70 %.

    ``denominator`` must not be zero.
    """
    whole, hundredths = divmod(numerator * 10_000 // denominator, 100)
    exact = numerator * 100 == whole * denominator
    point = "," if language == "vi" else "."
    return f"{whole}%" if exact else f"{whole}{point}{hundredths:02d}%"


def decimal_text(value: Fraction | int, language: Language, places: int = 2, *, fixed: bool = False) -> str:
    """An exact number in print: rounded half up to ``places`` decimals, with a decimal comma in Vietnamese.

    Needless zeros are left out unless ``fixed``. ``value`` must not be negative.
    """
    unit = 10**places
    whole, rest = divmod(int(value * unit * 2 + 1) // 2, unit)
    decimals = f"{rest:0{places}d}" if fixed else f"{rest:0{places}d}".rstrip("0")
    point = "," if language == "vi" else "."
    return f"{whole}{point}{decimals}" if decimals else str(whole)


def exact_text(value: Fraction) -> str:
    """An exact number as a decimal (``1.25``) where it ends, else as a fraction (``1/3``); nothing is rounded."""
    ends = [places for places in range(value.denominator.bit_length()) if not 10**places % value.denominator]
    if not ends:
        return str(value)
    return ("-" if value < 0 else "") + decimal_text(abs(value), "en", ends[0])


def value_text(kind: Kind, amount: Amount, language: Language) -> str:
    """An exact value as a person reads it: ``74/104 (71,15%)``, ``2``, ``2 (trên tổng số 5)``, ``có``."""
    if kind == "presence":
        present = Text(vi="có", en="present") if amount.numerator else Text(vi="không có", en="not there")
        return present.say(language)
    if kind == "count" and amount.denominator is not None:
        of = Text(vi="trên tổng số", en="of")
        return f"{amount.numerator} ({of.say(language)} {amount.denominator})"
    if not amount.denominator:
        return str(amount)
    return f"{amount} ({percent_text(amount.numerator, amount.denominator, language)})"


def level_text(framework: Framework, level: int, language: Language) -> str:
    """``3 (Cơ bản)``; for level 0 that none is reached. Level names are the instrument's own words."""
    if level == 0:
        return NO_LEVEL.say(language)
    return f"{level} ({level_name(framework, level)})"


def level_name(framework: Framework, level: int) -> str:
    """The instrument's name of a level; ``""`` for level 0."""
    return next((named.name for named in framework.levels if named.number == level), "")


def join(parts: list[str], language: Language) -> str:
    """``xã, phường và thị trấn``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + {"vi": " và ", "en": " and "}[language] + parts[-1]


# The Vietnamese alphabet (ă, â, đ, ê, ô, ơ, ư are letters of their own) and the order of the tones
# ngang, huyền, hỏi, ngã, sắc, nặng, as in the Unicode CLDR collation for vi. The maintained
# libraries need ICU of the system or lack the Vietnamese order, so these lines stand here.
_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=100)}
_TONES = {tone: place for place, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}


def collation_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """A key that sorts Vietnamese text as a dictionary does: letters first, then tones, then case."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text).lower():
        marks = unicodedata.normalize("NFD", char)
        letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        letters.append(_ALPHABET.get(letter, ord(char) if ord(char) < 97 else ord(char) + 200))
        tones.append(sum(_TONES.get(mark, 0) for mark in marks))
    return tuple(letters), tuple(tones), text


def printable(value: Any) -> Any:
    """``value`` (text, or anything made of lists, tuples and dicts) with all text in NFC and without
    characters that a document cannot hold or that would turn its lines around (controls, surrogates,
    direction marks): each becomes U+FFFD.
    """
    if isinstance(value, str):
        return "".join(map(_safe, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value


def _safe(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return " " if char in "\t\r\n" else "\N{REPLACEMENT CHARACTER}"
    turns = unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return "\N{REPLACEMENT CHARACTER}" if turns or category in {"Cs", "Cn"} else char
