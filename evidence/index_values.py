"""Values of an index: the text of a cell → an exact amount: money, points, one of the options printed.

As in ``evidence.values`` nothing is guessed. What can be meant in two ways is asked back, and no
float ever takes part: ``1,25`` is the exact decimal 125/100.
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from evidence.facts import Amount
from evidence.values import (
    MAX_DECIMALS,
    MAX_DIGITS,
    ONE_SEPARATOR,
    WHOLE,
    Flaw,
    Unreadable,
    fold,
    make_plain,
    not_a_number,
    quote,
    read_presence,
    share_amount,
    superfluous,
    thousands_or_decimal,
    too_long,
)
from levels.faults import Text

_DECIMAL = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
# Thousands are grouped by one sign, the decimals set off by another: 1.250,5 or 1 250.5.
_GROUPED_DECIMAL = re.compile(
    r"([0-9]{1,3}(?: [0-9]{3})+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?=,)|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?=\.))[.,]([0-9]+)"
)
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_GROUPING = str.maketrans("", "", " .,")


def read_decimal(text: str, expected: Text, most: int | None = None, column: str = "value") -> Amount:
    """The exact decimal in a cell, from 0 to ``most``, with ``,`` or ``.``: ``1,25`` is 125/100, ``5`` is 5/1.

    ``1.250`` could be one and a quarter or over a thousand: asked back, unless ``most`` rules the
    thousands out. Raises ``Unreadable``, with what is ``expected`` instead.
    """
    plain = make_plain(text)
    parts = _split(plain)
    if parts is None:
        raise Unreadable([not_a_number(column, text, expected)])
    whole, decimals = parts
    if len(whole) + len(decimals) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
        raise Unreadable([too_long(column, text)])
    match = ONE_SEPARATOR.fullmatch(plain)
    if match and (most is None or int(whole + decimals) <= most):
        number, separator, rest = match.groups()
        ways = f"{number}{rest}", f"{number}{separator}{rest}0"
        clear = Text(
            vi=f"hãy viết {ways[0]}, hoặc thêm một số 0: {ways[1]}", en=f"write {ways[0]}, or one more zero: {ways[1]}"
        )
        raise Unreadable([thousands_or_decimal(column, text, match, clear)])
    decimals = decimals.rstrip("0")
    amount = share_amount(int(whole + decimals), 10 ** len(decimals))
    if most is not None and amount.numerator > most * 10 ** len(decimals):
        found = Text(vi=f"{quote(text)} lớn hơn mức tối đa {most}", en=f"{quote(text)} is more than the maximum {most}")
        raise Unreadable([Flaw(column, found, expected)])
    return amount


def write_decimal(amount: Amount) -> str:
    """``amount`` as ``read_decimal`` reads it back: 125/100 → ``1.25``, 1234/1000 → ``1.2340``, a whole one as it is.

    Raises ``ValueError`` for a denominator that is no power of ten.
    """
    if amount.denominator is None:
        return str(amount.numerator)
    places = len(str(amount.denominator)) - 1
    if amount.denominator != 10**places:
        raise ValueError(f"{amount} is no decimal")
    digits = str(amount.numerator).zfill(places + 1)
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    if not decimals:
        return whole
    text = f"{whole}.{decimals}"
    # Three decimals could be thousands: a fourth says what they are.
    return f"{text}0" if ONE_SEPARATOR.fullmatch(text) else text


def read_option(options: Sequence[str], text: str, column: str = "value") -> int:
    """The number, from 1, of the option that a cell names by number or by its words. Raises ``Unreadable``.

    Case, spacing and tone marks may differ as long as only one option is meant.
    """
    match = _NUMBER.fullmatch(make_plain(text))
    if match and int(match[0]) <= len(options):
        return int(match[0])
    for alike in (fold, bare):
        meant = [number for number, option in enumerate(options, start=1) if alike(option) == alike(text)]
        if len(meant) == 1:
            return meant[0]
    found = Text(vi=f"không có lựa chọn {quote(text)}", en=f"there is no option {quote(text)}")
    raise Unreadable([Flaw(column, found, _suggest_option(options, text))])


def read_choice(options: Sequence[str], numerator: str, denominator: str, value: str) -> Amount:
    """The option that ``value`` names, by its number. Raises ``Unreadable``."""
    refuse_parts(numerator, denominator)
    return share_amount(read_option(options, value))


def read_yes_or_no(options: Sequence[str], numerator: str, denominator: str, value: str) -> Amount:
    """Yes or no in ``value``; of full or none also the option, by number or words: the first is yes, 2 is no."""
    try:
        return read_presence(numerator, denominator, value)
    except Unreadable as unreadable:
        if not options or numerator or denominator or not value:
            raise
        try:
            return share_amount(1 if read_option(options, value) == 1 else 0)
        except Unreadable as neither:
            found, (other,) = unreadable.flaws[0], neither.flaws
            expected = Text(
                vi=f"{found.expected.vi}, {other.expected.vi}", en=f"{found.expected.en}, {other.expected.en}"
            )
            raise Unreadable([Flaw("value", found.found, expected)]) from None


def refuse_parts(numerator: str, denominator: str) -> None:
    """Raises ``Unreadable`` where a value that has no parts, such as a score, comes with one of them."""
    cells = {"numerator": numerator, "denominator": denominator}
    if flaws := [superfluous(column, text) for column, text in cells.items() if text]:
        raise Unreadable(flaws)


def _split(plain: str) -> tuple[str, str] | None:
    """The digits before and after the decimal sign; None where the text is no number."""
    if match := _DECIMAL.fullmatch(plain) or _GROUPED_DECIMAL.fullmatch(plain):
        return match[1].translate(_GROUPING), match[2] or ""
    return (plain.translate(_GROUPING), "") if WHOLE.fullmatch(plain) else None


def bare(text: str) -> str:
    """``text`` folded and without tone marks: as it is typed where there is no Vietnamese keyboard."""
    letters = unicodedata.normalize("NFD", fold(text)).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _suggest_option(options: Sequence[str], text: str) -> Text:
    known = [bare(option) for option in options]
    if near := difflib.get_close_matches(bare(text), known, n=1):
        number = known.index(near[0]) + 1
        meant = f"{number} ({options[number - 1]})"
        return Text(vi=f"có phải là {meant}?", en=f"did you mean {meant}?")
    listed = "; ".join(f"{number} ({quote(option)})" for number, option in enumerate(options, start=1))
    return Text(vi=f"cần một trong: {listed}", en=f"expected one of {listed}")
