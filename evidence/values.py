"""Values: the text of a cell → exact integers, for tables and Excel forms alike.

Nothing is guessed: what can be read in two ways is asked back, and every refusal is one plain
sentence. No float ever takes part: ``69,96 %`` is the exact fraction 6996/10000.
"""

import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from attrs import frozen

from evidence.facts import Amount, Document, Status
from levels.faults import Findings, Text
from levels.framework import Criterion

MAX_DIGITS = 15
"""Longest number taken: every number of 15 digits stays below 2^53, up to which the engine is exact."""

MAX_DECIMALS = 12
"""Most decimals of a percentage, so that its denominator too stays within ``MAX_DIGITS`` digits."""

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Control, direction and invisible characters: none belongs in a cell, a decision must read as it was entered."""

STATUS_NAMES: dict[Status, Text] = {
    Status.UNKNOWN: Text(vi="chưa biết", en="unknown"),
    Status.SELF_REPORTED: Text(vi="tự đánh giá", en="self-reported"),
    Status.VERIFIED: Text(vi="đã xác minh", en="verified"),
    Status.ADJUSTED: Text(vi="điều chỉnh", en="adjusted"),
    Status.REJECTED: Text(vi="không chấp nhận", en="rejected"),
    Status.EXEMPT: Text(vi="được miễn", en="exempt"),
}
"""What people call a status; the Vietnamese names are also understood in input."""

_STATUS_WORDS = {
    word: status
    for status, name in STATUS_NAMES.items()
    for word in (str(status), name.vi, str(status).replace("_", " "), str(status).replace("_", "-"))
}
_PRESENCE_WORDS = {"yes": 1, "có": 1, "1": 1, "no": 0, "không": 0, "0": 0}
_TRUTH_WORDS = _PRESENCE_WORDS.keys() - {"0", "1"} | {"true", "false"}

# Full-width forms of an East Asian keyboard, and every kind of space, as their plain equals.
_PLAIN = {0xFF10 + digit: str(digit) for digit in range(10)} | str.maketrans("，．％／－", ",.%/-")
_SPACES = re.compile(r"\s+")

WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?: [0-9]{3})+|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
ONE_SEPARATOR = re.compile(r"([1-9][0-9]{0,2})([.,])([0-9]{3})")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_PERCENTAGE = re.compile(r"([0-9]+)(?:[.,]([0-9]+))? ?%?")
_NEGATIVE = re.compile(r"[-−–] ?[0-9.,]+ ?%?")
_NOT_FINITE = re.compile(r"[-+−]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]*)?e[-+]?[0-9]+", re.IGNORECASE)

SEARCHED = 50
"""So many different unknown words of one file have the nearest known one looked up: it is slow."""

_CYCLE = re.compile(r"2[0-9]{3}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SHA256 = re.compile(r"[0-9a-f]{64}")

EXPECTED_WHOLE = Text(vi="cần một số nguyên không âm, ví dụ 104", en="expected a whole number from 0 up, such as 104")
_EXPECTED_PERCENTAGE = Text(
    vi="cần tỷ lệ phần trăm từ 0 đến 100, ví dụ 69,96 %, hoặc tử số và mẫu số",
    en="expected a percentage from 0 to 100, such as 69.96 %, or numerator and denominator",
)
_EXPECTED_PRESENCE = Text(vi="cần “có” hoặc “không” (yes/no, 1/0)", en="expected yes or no (có/không, 1/0)")
EXPECTED_EMPTY = Text(vi="hãy để trống ô này", en="leave this cell empty")


@frozen
class Flaw:
    """Why a cell cannot be read: its column, what was found, what is expected."""

    column: str
    found: Text
    expected: Text


class Unreadable(Exception):
    """Cells that are no value; ``flaws`` holds one entry for every cell at fault."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__(self.flaws)

    def __str__(self) -> str:
        return "\n".join(f"{flaw.column}: {flaw.found.en}; {flaw.expected.en}" for flaw in self.flaws)


def quote(text: str) -> str:
    """``text`` in quotation marks, cut to a length that a message can carry."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:37]}…” ({len(text)})"


def suggest(word: str, known: Sequence[str], *, search: bool = True) -> Text:
    """What to expect instead of ``word``: the nearest of ``known`` (a slow ``search``), or what they look like."""
    near = difflib.get_close_matches(word, known, n=1) if search else []
    if near:
        return Text(vi=f"có phải là {near[0]}?", en=f"did you mean {near[0]}?")
    some = ", ".join(known[:6]) + (" …" if len(known) > 6 else "")
    return Text(vi=f"cần một trong: {some}", en=f"expected one of {some}")


def suggest_in(findings: Findings, kind: str, word: str, known: Callable[[], Iterable[str]]) -> Text:
    """``suggest`` for one file of many rows: the nearest word is looked up once, and of the first words only.

    ``kind`` tells apart words that are looked up among different ``known``, which is called only to look.
    """
    told = findings.suggested
    search = (kind, word) in told or len(told) < SEARCHED
    key = (kind, word if search else "")
    if key not in told:
        told[key] = suggest(key[1], list(known()), search=search)
    return told[key]


def read_amount(criterion: Criterion, *, numerator: str = "", denominator: str = "", value: str = "") -> Amount | None:
    """The exact value that three cells state for ``criterion``; None where all are empty.

    ratio: ``numerator`` and ``denominator``, or ``value`` as a percentage; above 0 and up to 1 it needs
    its sign, since ``0,7`` could be 0.7 % or 70 %. count: ``value`` (or ``numerator``), and
    ``denominator`` only where a requirement asks for the total. presence: ``value`` yes/no. Raises
    ``Unreadable`` with every flaw found. ``0/0`` is a value: a zero base, on which the council must rule.
    """
    if not (numerator or denominator or value):
        return None
    if criterion.kind == "ratio":
        if value:
            return _read_percentage(criterion, numerator, denominator, value)
        return _read_fraction("numerator", numerator, denominator)
    if criterion.kind == "count":
        return read_count(numerator, denominator, value, needs_total=criterion.needs_total)
    if criterion.kind == "presence":
        return read_presence(numerator, denominator, value)
    found = Text(
        vi=f"{criterion.code} được tính từ mức độ của các đơn vị trực thuộc, không nhập giá trị",
        en=f"{criterion.code} follows from the levels of the member units and takes no value",
    )
    cells = {"numerator": numerator, "denominator": denominator, "value": value}
    raise Unreadable(Flaw(column, found, EXPECTED_EMPTY) for column, text in cells.items() if text)


def read_written(criterion: Criterion, text: str, column: str = "reported") -> Amount | None:
    """The value of one cell that holds all of it: ``74/104``, ``5``, ``yes``, ``69,96 %``; None where empty.

    Raises ``Unreadable`` naming ``column``.
    """
    numerator, slash, denominator = make_plain(text).partition("/")
    try:
        if slash and numerator and denominator and criterion.kind in ("ratio", "count"):
            return read_amount(criterion, numerator=numerator, denominator=denominator)
        return read_amount(criterion, value=text)
    except Unreadable as unreadable:
        raise Unreadable(Flaw(column, flaw.found, flaw.expected) for flaw in unreadable.flaws) from None


def read_status(text: str) -> Status | None:
    """The status a word names, in English or Vietnamese, any case; empty is self-reported; None where unknown."""
    if not text:
        return Status.SELF_REPORTED
    return _STATUS_WORDS.get(text) or _STATUS_WORDS.get(fold(text))


@lru_cache(maxsize=2**6)
def read_cycle(text: str) -> int | None:
    """The assessment year; None where empty. Raises ``Unreadable`` (cycle) for what is no year from 2000 to 2999."""
    plain = make_plain(text)
    if not plain:
        return None
    if _CYCLE.fullmatch(plain):
        return int(plain)
    found = Text(vi=f"{quote(text)} không phải là một năm", en=f"{quote(text)} is not a year")
    raise Unreadable(
        [Flaw("cycle", found, Text(vi="cần năm từ 2000 đến 2999", en="expected a year from 2000 to 2999"))]
    )


@lru_cache(maxsize=2**12)
def read_date(text: str) -> datetime.date | None:
    """The day written as 2025-11-28 or 28/11/2025; None where empty. Raises ``Unreadable`` (measured_on)."""
    if not text:
        return None
    match = _DATE.fullmatch(make_plain(text))
    if match is not None:
        year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            pass  # 30/02: refused like every other text that is no day
    found = Text(vi=f"{quote(text)} không phải là một ngày", en=f"{quote(text)} is not a day")
    expected = Text(vi="cần dạng 2025-11-28 hoặc 28/11/2025", en="expected 2025-11-28 or 28/11/2025")
    raise Unreadable([Flaw("measured_on", found, expected)])


@lru_cache(maxsize=2**12)
def read_documents(text: str, sha256: str = "") -> tuple[Document, ...]:
    """The documents of one cell, separated by ``|``, with their hashes in the same order.

    A document without a hash leaves its place in ``sha256`` empty. Raises ``Unreadable`` where a
    hash is none (64 hexadecimal digits) or the two cells do not match.
    """
    references = [reference.strip() for reference in text.split("|") if reference.strip()]
    if not sha256:
        return tuple(_document(reference) for reference in references)
    hashes = [digest.strip().lower() for digest in sha256.split("|")]
    if len(hashes) != len(references):
        found = Text(
            vi=f"có {len(hashes)} mã băm cho {len(references)} tài liệu",
            en=f"{len(hashes)} hashes for {len(references)} documents",
        )
        expected = Text(
            vi="mỗi tài liệu một mã, cùng thứ tự, ngăn cách bằng “|”",
            en="expected one for each document, in the same order, separated by “|”",
        )
        raise Unreadable([Flaw("sha256", found, expected)])
    if wrong := [digest for digest in hashes if digest and not _SHA256.fullmatch(digest)]:
        found = Text(vi=f"{quote(wrong[0])} không phải là mã SHA-256", en=f"{quote(wrong[0])} is not a SHA-256 hash")
        expected = Text(vi="cần 64 chữ số thập lục phân", en="expected 64 hexadecimal digits")
        raise Unreadable([Flaw("sha256", found, expected)])
    return tuple(Document(reference, digest or None) for reference, digest in zip(references, hashes, strict=True))


@lru_cache(maxsize=2**16)
def share_amount(numerator: int, denominator: int | None = None) -> Amount:
    """One shared object for equal values: a country's facts hold few different ones."""
    return Amount(numerator, denominator)


@lru_cache(maxsize=2**14)
def _document(reference: str) -> Document:
    """One shared object for a report that proves many facts."""
    return Document(reference)


def make_plain(text: str) -> str:
    """``text`` with full-width forms and all kinds of space made plain."""
    return _SPACES.sub(" ", text.translate(_PLAIN)).strip()


def fold(text: str) -> str:
    """``text`` as it is compared with a known word: any case, width and spacing."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _read_percentage(criterion: Criterion, numerator: str, denominator: str, value: str) -> Amount:
    if numerator or denominator:
        found = Text(
            vi=f"{criterion.code} vừa có tỷ lệ phần trăm vừa có tử số hoặc mẫu số",
            en=f"{criterion.code} has both a percentage and a numerator or denominator",
        )
        expected = Text(
            vi="chỉ ghi tử số và mẫu số, hoặc chỉ ghi tỷ lệ phần trăm",
            en="give either numerator and denominator, or the percentage",
        )
        raise Unreadable([Flaw("value", found, expected)])
    plain = make_plain(value)
    match = _PERCENTAGE.fullmatch(plain)
    if match is None:
        raise Unreadable([not_a_number("value", value, _EXPECTED_PERCENTAGE)])
    whole, decimals = match[1], match[2] or ""
    if len(whole) + len(decimals) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
        raise Unreadable([too_long("value", value)])
    # A separator in a percentage is always the decimal one: read as thousands it would exceed 100 %.
    amount = share_amount(int(whole + decimals), 100 * 10 ** len(decimals))
    if amount.numerator > 100 * 10 ** len(decimals):
        found = Text(vi=f"{quote(value)} lớn hơn 100 %", en=f"{quote(value)} is more than 100 %")
        raise Unreadable([Flaw("value", found, _EXPECTED_PERCENTAGE)])
    if not plain.endswith("%") and 0 < amount.numerator <= 10 ** len(decimals):
        raise Unreadable([_two_readings(value, Decimal(f"{whole}.{decimals or 0}"))])
    return amount


def _two_readings(text: str, number: Decimal) -> Flaw:
    """A number above 0 and up to 1 without a sign: a percentage, or the share as Excel keeps it?"""
    percentages = [f"{reading.normalize():f} %" for reading in (number, number.scaleb(2))]
    vi = " hoặc ".join(percentages).replace(".", ",")
    return Flaw(
        "value",
        Text(
            vi=f"{quote(text)} có hai cách đọc: {vi}", en=f"{quote(text)} has two readings: {' or '.join(percentages)}"
        ),
        Text(
            vi="hãy nhập kèm dấu %, ví dụ 69,96 %, hoặc nhập tử số và mẫu số",
            en="enter it with its sign, such as 69.96 %, or give numerator and denominator",
        ),
    )


def _read_fraction(column: str, numerator: str, denominator: str) -> Amount:
    """``numerator`` (a cell of ``column``) out of ``denominator``."""
    part, total = _read_cells(
        lambda: _read_required(column, numerator), lambda: _read_required("denominator", denominator)
    )
    if part > total == 0:
        found = Text(vi=f"mẫu số là 0 nhưng tử số là {part}", en=f"the denominator is 0 but the numerator is {part}")
        expected = Text(vi="mẫu số 0 chỉ đi với tử số 0", en="a denominator of 0 goes only with a numerator of 0")
        raise Unreadable([Flaw("denominator", found, expected)])
    if part > total:
        found = Text(vi=f"{part} trên tổng số {total}", en=f"{part} out of {total}")
        expected = Text(vi="tử số không được lớn hơn mẫu số", en="the numerator cannot exceed the denominator")
        raise Unreadable([Flaw(column, found, expected)])
    return share_amount(part, total)


def read_count(numerator: str, denominator: str, value: str, *, needs_total: bool = False) -> Amount:
    """A whole number in ``value`` (or ``numerator``), with its total where that is asked. Raises ``Unreadable``."""
    if numerator and value:
        found = Text(vi="số lượng được ghi hai lần", en="the count is given twice")
        expected = Text(vi="chỉ ghi ở cột value", en="give it in column value only")
        raise Unreadable([Flaw("numerator", found, expected)])
    column, count = ("numerator", numerator) if numerator else ("value", value)
    if denominator and needs_total:
        return _read_fraction(column, count, denominator)
    if denominator:
        # A total of 0 would make a zero base of a criterion that has no base.
        raise Unreadable([superfluous("denominator", denominator)])
    return share_amount(read_whole(column, count))


def read_presence(numerator: str, denominator: str, value: str) -> Amount:
    """Yes or no in ``value`` alone. Raises ``Unreadable``."""
    cells = {"numerator": numerator, "denominator": denominator}
    flaws = [superfluous(column, text) for column, text in cells.items() if text]
    there = _PRESENCE_WORDS.get(value)
    if there is None:
        there = _PRESENCE_WORDS.get(fold(value))
    if there is None:
        found = (
            Text(vi=f"{quote(value)} không phải “có” hay “không”", en=f"{quote(value)} is neither yes nor no")
            if value
            else Text(vi="ô trống", en="the cell is empty")
        )
        flaws.append(Flaw("value", found, _EXPECTED_PRESENCE))
    if flaws or there is None:
        raise Unreadable(flaws)
    return share_amount(there)


def _read_cells(*readers: Callable[[], int]) -> list[int]:
    """What every reader returns; raises the flaws of all of them together."""
    numbers: list[int] = []
    flaws: list[Flaw] = []
    for read in readers:
        try:
            numbers.append(read())
        except Unreadable as unreadable:
            flaws.extend(unreadable.flaws)
    if flaws:
        raise Unreadable(flaws)
    return numbers


def _read_required(column: str, text: str) -> int:
    if text:
        return read_whole(column, text)
    found = Text(vi="ô trống", en="the cell is empty")
    expected = (
        Text(vi="cần cả tử số và mẫu số", en="numerator and denominator are both needed")
        if column != "value"
        else Text(vi="cần số lượng", en="the count is needed")
    )
    raise Unreadable([Flaw(column, found, expected)])


def read_whole(column: str, text: str) -> int:
    """The whole number in a cell of ``column``. Raises ``Unreadable``."""
    if len(text) <= MAX_DIGITS and text.isascii() and text.isdecimal():
        return int(text)
    plain = make_plain(text)
    if match := ONE_SEPARATOR.fullmatch(plain):
        separator = match[2]
        expected = Text(vi=f"hãy viết không có dấu “{separator}”", en=f"write it without “{separator}”")
        raise Unreadable([thousands_or_decimal(column, text, match, expected)])
    if WHOLE.fullmatch(plain) is None:
        raise Unreadable([not_a_number(column, text, EXPECTED_WHOLE)])
    digits = re.sub("[ .,]", "", plain)
    if len(digits) > MAX_DIGITS:
        raise Unreadable([too_long(column, text)])
    return int(digits)


def thousands_or_decimal(column: str, text: str, match: re.Match[str], expected: Text) -> Flaw:
    """Says that a number of the form ``ONE_SEPARATOR`` can be meant in two ways."""
    whole, _, rest = match.groups()
    found = Text(
        vi=f"{quote(text)} có hai cách đọc: {whole}{rest} (phân cách nghìn) hoặc {whole},{rest} (số thập phân)",
        en=f"{quote(text)} has two readings: {whole}{rest} (thousands separator) or {whole}.{rest} (decimal)",
    )
    return Flaw(column, found, expected)


def superfluous(column: str, text: str) -> Flaw:
    """Says that the cell must be empty."""
    found = Text(vi=f"thừa giá trị {quote(text)}", en=f"superfluous value {quote(text)}")
    return Flaw(column, found, EXPECTED_EMPTY)


def too_long(column: str, text: str) -> Flaw:
    """Says that the number has too many digits."""
    return Flaw(
        column,
        Text(vi=f"{quote(text)} có quá nhiều chữ số", en=f"{quote(text)} has too many digits"),
        Text(
            vi=f"tối đa {MAX_DIGITS} chữ số, trong đó tối đa {MAX_DECIMALS} chữ số thập phân",
            en=f"at most {MAX_DIGITS} digits, {MAX_DECIMALS} of them decimals",
        ),
    )


def not_a_number(column: str, text: str, expected: Text) -> Flaw:
    """Says what kind of thing ``text`` is, since it is not the number expected."""
    plain = make_plain(text)
    shown = quote(text)
    if plain.startswith("="):
        found = Text(vi=f"{shown} là công thức", en=f"{shown} is a formula")
    elif _NEGATIVE.fullmatch(plain):
        found = Text(vi=f"{shown} là số âm", en=f"{shown} is negative")
    elif _NOT_FINITE.fullmatch(plain):
        found = Text(vi=f"{shown} không phải là số hữu hạn", en=f"{shown} is not a finite number")
    elif _EXPONENT.fullmatch(plain):
        found = Text(vi=f"{shown} viết dưới dạng lũy thừa", en=f"{shown} is written with an exponent")
    elif fold(text) in _TRUTH_WORDS:
        found = Text(vi=f"{shown} là có/không, không phải là số", en=f"{shown} is a yes or no, not a number")
    elif any(character.isdecimal() and not character.isascii() for character in plain):
        found = Text(
            vi=f"{shown} có chữ số không thuộc hệ chữ số 0–9", en=f"{shown} has digits of another script than 0–9"
        )
    elif _DECIMAL.fullmatch(plain):
        found = Text(vi=f"{shown} là số thập phân", en=f"{shown} is a decimal number")
    else:
        found = Text(vi=f"{shown} không phải là số", en=f"{shown} is not a number")
    return Flaw(column, found, expected)
