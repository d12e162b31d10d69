"""Reads the decision's words on points into scorings: the structure is data, every number is read from a quote.

The grammar is closed and matches whole quotes only: words that it cannot read are an error and never
a guess. Its wordings are those of Phụ lục 02 of Chư Prông (2023).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from levels.faults import Text
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    Input,
    Measured,
    NoneDetected,
    Option,
    Part,
    Peers,
    Quantity,
    Scale,
    Scoring,
    Segment,
    Sum,
)

Path = tuple[str | int, ...]

_NUMBER = r"(\d{1,6}(?:[.,]\d{1,4})?)"
_KEY = r"\{\w{1,2}\}"
_SUM = rf"({_KEY}|\(\s*{_KEY}(?:\s*\+\s*{_KEY})*\s*\))"
_QUOTIENT = rf"{_SUM}\s*/\s*{_SUM}"
_TIMES = r"\s*[*x]\s*"
_FULL = r"điểm tối đa"

_RATIO = re.compile(rf"(?:(?:tỷ lệ|điểm)\s*=?\s*)?(?:{_FULL}{_TIMES})?{_QUOTIENT}(?:{_TIMES}{_FULL})?")
_WHOLE = re.compile(rf"{_FULL}|\({_FULL}\)")
_FRACTION = re.compile(rf"(\d{{1,3}})/(\d{{1,3}})(?:{_TIMES}|\s+){_FULL}")
_PERCENT_OF = re.compile(rf"\(?{_NUMBER}\s*% điểm\)?")
_NOTHING = re.compile(r"0 điểm|\(0 điểm\)")
_RISING = re.compile(rf"tỷ lệ(?: 1)?{_TIMES}{_FULL}|{_FULL}{_TIMES}tỷ lệ|t %{_TIMES}{_FULL}")
_RISING_BY = re.compile(rf"{_FULL}{_TIMES}{_QUOTIENT}|{_QUOTIENT}{_TIMES}{_FULL}")
_RISING_TO = re.compile(rf"tỷ lệ\s*/\s*{_NUMBER}\s*%{_TIMES}{_FULL}")
_HELD = re.compile(rf"(.+?)\s*\(điểm l?uôn\s*(?:≤|<=)\s*{_NUMBER}\)")
_PER_ITEM = re.compile(rf"mỗi [^:]+:\s*{_NUMBER} điểm")

_FROM = re.compile(rf"từ {_NUMBER} trở lên")
_BETWEEN = re.compile(rf"từ {_NUMBER} đến {_NUMBER}")
_UNDER = re.compile(rf"dưới {_NUMBER}")
_COMPARED = re.compile(rf"(?:tỷ lệ|mức \d)\s*(≥|>=|≤|<=|<|>|=)\s*{_NUMBER}\s*%?")
_ALL = re.compile(rf"(dưới )?{_NUMBER}% [^:]+")

EXPECTED = Text(
    "cần đúng một trong các cách ghi: «…: Điểm tối đa», «…: 1/2*Điểm tối đa», «…: 0 điểm», «Điểm=Tỷ lệ*Điểm tối đa», "
    "«Tỷ lệ≥80%: Điểm tối đa», «Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa», «Từ 5 đến 10: …», «Mức 2 ≥ 7% (70% điểm)», "
    "«Mỗi …: 1 điểm», «Tỷ lệ=(c+d)/(a+b)»",
    "expected is exactly one of the wordings: «…: Điểm tối đa», «…: 1/2*Điểm tối đa», «…: 0 điểm», "
    "«Điểm=Tỷ lệ*Điểm tối đa», «Tỷ lệ≥80%: Điểm tối đa», «Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa», «Từ 5 đến 10: …», "
    "«Mức 2 ≥ 7% (70% điểm)», «Mỗi …: 1 điểm», «Tỷ lệ=(c+d)/(a+b)»",
)


class UnreadableFormula(ValueError):
    """Words on points that the grammar does not know: where below the indicator, what and why."""

    def __init__(self, path: Path, found: Text, expected: Text = EXPECTED) -> None:
        self.path, self.found, self.expected = path, found, expected
        super().__init__(f"{found.en}; {expected.en}")


def read_indicator(plain: Mapping[str, Any]) -> tuple[Scoring, tuple[Input, ...]]:
    """The scoring and the inputs of one indicator's content; the council's score where it has no ``scoring``.

    Raises ``UnreadableFormula`` for words that cannot be read and for inputs that do not fit.
    """
    listed = tuple(
        Input(entry["key"], entry["kind"], entry["label"], unit=entry.get("unit", ""))
        for entry in plain.get("inputs", ())
    )
    if "scoring" not in plain:
        _refuse_listed(listed)
        return CouncilScore(), (Input("1", "score", plain["name"]),)
    reader = _Reader(listed, plain["max"])
    scoring = reader.read(plain["scoring"], ("scoring",))
    if isinstance(scoring, Choice):
        _refuse_listed(listed)
        kind = "presence" if scoring.full_or_none else "choice"
        options = tuple(option.label for option in scoring.options)
        return scoring, (Input(scoring.key, "presence" if kind == "presence" else "choice", plain["name"], options),)
    if isinstance(scoring, Sum):
        _refuse_listed(listed)
        labels = [_split(part.text)[0] for part in scoring.parts]
        return scoring, tuple(Input(str(n), "presence", label) for n, label in enumerate(labels, start=1))
    if unused := [entry.key for entry in listed if entry.key not in reader.used]:
        known = ", ".join(unused)
        raise UnreadableFormula(
            ("inputs",),
            Text(f"dữ liệu {known} không có trong công thức", f"the inputs {known} are in no formula"),
            Text("mỗi dữ liệu phải được dùng", "every input is used"),
        )
    return scoring, listed


def _refuse_listed(listed: Sequence[Input]) -> None:
    if listed:
        raise UnreadableFormula(
            ("inputs",),
            Text("cách tính điểm này không dùng mục inputs", "this scoring takes no inputs of its own"),
            Text("hãy bỏ mục inputs", "leave inputs out"),
        )


class _Reader:
    """Reads the scorings of one indicator; notes which of its inputs they use."""

    def __init__(self, inputs: Sequence[Input], maximum: int) -> None:
        self.inputs, self.maximum = inputs, maximum
        self.kinds = {entry.key: entry.kind for entry in inputs}
        self.used: set[str] = set()

    def read(self, plain: Mapping[str, Any], path: Path) -> Scoring:
        if plain["kind"] == "choice":
            return self._read_choice(plain, path)
        if plain["kind"] == "sum":
            return self._read_sum(plain, path)
        return self._read_measured(plain, path)

    def _read_measured(self, plain: Mapping[str, Any], path: Path) -> Measured:
        read: Callable[[Mapping[str, Any], Path], Measured] = getattr(self, f"_read_{plain['kind']}")
        return read(plain, path)

    def _read_choice(self, plain: Mapping[str, Any], path: Path) -> Choice:
        return Choice(tuple(self._option(text, (*path, "options", n)) for n, text in enumerate(plain["options"])))

    def _read_scale(self, plain: Mapping[str, Any], path: Path) -> Scale:
        quantity = self._quantity(plain, path)
        points = enumerate(plain["points"])
        return Scale(quantity, tuple(self._segment(text, quantity, (*path, "points", n)) for n, text in points))

    def _read_sum(self, plain: Mapping[str, Any], path: Path) -> Sum:
        parts = []
        for number, text in enumerate(plain["parts"]):
            option = self._option(text, (*path, "parts", number))
            earned = Choice((Option(text, option.label, Fraction(1)), Option("", "", Fraction(0))), str(number + 1))
            parts.append(Part(text, option.share, earned))
        return Sum(tuple(parts), tuple(plain.get("otherwise", ())))

    def _read_gate(self, plain: Mapping[str, Any], path: Path) -> Gate:
        self._use(plain["key"], (*path, "key"), "presence")
        then = self._read_measured(plain["then"], (*path, "then"))
        return Gate(plain["key"], plain["text"], then, plain.get("otherwise", ""))

    def _read_none_detected(self, plain: Mapping[str, Any], path: Path) -> NoneDetected:
        self._use(plain["key"], (*path, "key"), "presence")
        return NoneDetected(plain["key"], plain["text"], self._read_measured(plain["otherwise"], (*path, "otherwise")))

    def _read_peers(self, plain: Mapping[str, Any], path: Path) -> Peers:
        return Peers(plain["method"], self._quantity(plain, path), plain["text"])

    def _quantity(self, plain: Mapping[str, Any], path: Path) -> Quantity:
        if "count" in plain:
            self._use(plain["count"], (*path, "count"), "count", "amount")
            return Quantity((plain["count"],))
        text = plain["ratio"]
        match = _RATIO.fullmatch(self._spell(text))
        if match is None:
            raise _unread(text, (*path, "ratio"))
        above, below = (_keys(side) for side in match.groups())
        for key in above + below:
            self._use(key, (*path, "ratio"), "count", "amount")
        return Quantity(above, below, plain.get("part", False), text)

    def _use(self, key: str, path: Path, *kinds: str) -> None:
        if self.kinds.get(key) not in kinds:
            raise UnreadableFormula(
                path,
                Text(f"không có dữ liệu «{key}» loại này", f"there is no such input «{key}»"),
                Text(f"cần một dữ liệu loại {' / '.join(kinds)}", f"an input of kind {' / '.join(kinds)} is expected"),
            )
        self.used.add(key)

    def _spell(self, text: str) -> str:
        """``text`` with every input in braces, without list marks, in small letters."""
        for entry in sorted(self.inputs, key=lambda entry: -len(entry.label)):
            text = text.replace(entry.label, f"{{{entry.key}}}")
        keys = "".join(entry.key for entry in self.inputs if entry.key.isalpha())
        if keys:
            text = re.sub(rf"(?<![\w{{])([{keys}])(?![\w}}])", r"{\1}", text)
        return text.casefold().strip("-+;.' ")

    def _option(self, text: str, path: Path) -> Option:
        label, award = _split(text)
        share = _read_share(award)
        if share is None or not label:
            raise _unread(text, path)
        return Option(text, label, share)

    def _segment(self, text: str, quantity: Quantity, path: Path) -> Segment:
        spelled = self._spell(text)
        if (held := _HELD.fullmatch(spelled)) and _number(held[2]) == self.maximum:
            spelled = held[1]  # 3.7 says of itself what holds of every indicator: the maximum holds the points
        if not quantity.denominator and (match := _PER_ITEM.fullmatch(spelled)):
            return Segment(text, slope=_number(match[1]) / self.maximum)
        for condition, award in _divisions(spelled):
            bounds, line = _read_bounds(condition, quantity), _read_line(award, quantity)
            if bounds is not None and line is not None:
                low, low_included, high, high_included = bounds
                return Segment(text, *line, low, high, low_included, high_included)
        raise _unread(text, path)


def _keys(spelled: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\{(\w+)\}", spelled))


def _unread(text: str, path: Path) -> UnreadableFormula:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return UnreadableFormula(path, Text(f"không đọc được «{shown}»", f"«{shown}» cannot be read"))


def _split(text: str) -> tuple[str, str]:
    """What is judged and what it earns: ``Đã có: Điểm tối đa`` at its last colon."""
    label, _, award = text.strip("-+;. ").rpartition(":")
    return label.strip(), award.casefold().strip(" ;.")


def _divisions(spelled: str) -> list[tuple[str, str]]:
    """The ways to take words apart into a condition and what is earned under it."""
    cut = re.sub(r"^(điểm\s*[=:]\s*)?\+?\s*", "", spelled)
    divisions = [("", spelled), ("", cut), ("", re.sub(r"^tỷ lệ\s*=\s*", "", cut))]
    before, colon, after = cut.partition(":")
    if colon:
        divisions.append((before.strip(), re.sub(r"^điểm\s*=\s*", "", after.strip())))
    if bracket := re.fullmatch(r"(.+?)\s*(\([^()]+\))", cut):
        divisions.append((bracket[1], bracket[2]))
    return divisions


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", "."))


def _read_share(award: str) -> Fraction | None:
    """A fixed share of the maximum, from none to all of it; None where the words state none."""
    share = None
    if _WHOLE.fullmatch(award):
        share = Fraction(1)
    elif _NOTHING.fullmatch(award):
        share = Fraction(0)
    elif (match := _FRACTION.fullmatch(award)) and int(match[2]):
        share = Fraction(int(match[1]), int(match[2]))
    elif match := _PERCENT_OF.fullmatch(award):
        share = _number(match[1]) / 100
    return share if share is not None and share <= 1 else None


def _read_line(award: str, quantity: Quantity) -> tuple[Fraction, Fraction] | None:
    """Constant and slope of what is earned; None where the words state neither of this quantity."""
    share = _read_share(award)
    if share is not None:
        return share, Fraction(0)
    if not quantity.denominator:
        return None
    if match := _RISING_BY.fullmatch(award):
        above, below = (_keys(side) for side in match.groups() if side)
        return (Fraction(0), Fraction(1)) if (above, below) == (quantity.numerator, quantity.denominator) else None
    if _RISING.fullmatch(award):
        return Fraction(0), Fraction(1)
    if (match := _RISING_TO.fullmatch(award)) and _number(match[1]):
        return Fraction(0), 100 / _number(match[1])
    return None


def _read_bounds(condition: str, quantity: Quantity) -> tuple[Fraction, bool, Fraction | None, bool] | None:
    """Low, whether it is included, high, whether it is included; everything where there is no condition."""
    if not condition:
        return Fraction(0), True, None, True
    return _read_percentages(condition) if quantity.denominator else _read_numbers(condition)


def _read_numbers(condition: str) -> tuple[Fraction, bool, Fraction | None, bool] | None:
    if match := _FROM.fullmatch(condition):
        return _number(match[1]), True, None, True
    if match := _BETWEEN.fullmatch(condition):
        return _number(match[1]), True, _number(match[2]), True
    if match := _UNDER.fullmatch(condition):
        return Fraction(0), True, _number(match[1]), False
    return None


def _read_percentages(condition: str) -> tuple[Fraction, bool, Fraction | None, bool] | None:
    if match := _ALL.fullmatch(condition):
        whole = _number(match[2]) / 100
        return (Fraction(0), True, whole, False) if match[1] else (whole, True, None, True)
    if match := _COMPARED.fullmatch(condition):
        return _read_comparison(match[1], _number(match[2]) / 100)
    return None


def _read_comparison(sign: str, bound: Fraction) -> tuple[Fraction, bool, Fraction | None, bool]:
    nothing = Fraction(0)
    match sign:
        case "≥" | ">=":
            return bound, True, None, True
        case ">":
            return bound, False, None, True
        case "≤" | "<=":
            return nothing, True, bound, True
        case "<":
            return nothing, True, bound, False
    return bound, True, bound, True


def quoted(scoring: Scoring, path: Path = ("scoring",)) -> Iterator[tuple[Path, str]]:
    """Every quote that a scoring rests on (a quantity's words too), with its place below the indicator."""
    match scoring:
        case Choice(options=options):
            yield from (((*path, "options", n), option.text) for n, option in enumerate(options))
        case Sum(parts=parts, otherwise=lines):
            yield from (((*path, "parts", n), part.text) for n, part in enumerate(parts))
            yield from (((*path, "otherwise", n), text) for n, text in enumerate(lines))
        case Scale(quantity=quantity, segments=segments):
            yield from _quoted_quantity(quantity, path)
            yield from (((*path, "points", n), segment.text) for n, segment in enumerate(segments))
        case Gate(text=text, then=then, otherwise=closed):
            yield (*path, "text"), text
            if closed:
                yield (*path, "otherwise"), closed
            yield from quoted(then, (*path, "then"))
        case NoneDetected(text=text, otherwise=otherwise):
            yield (*path, "text"), text
            yield from quoted(otherwise, (*path, "otherwise"))
        case Peers(text=text, quantity=quantity):
            yield from _quoted_quantity(quantity, path)
            yield (*path, "text"), text


def _quoted_quantity(quantity: Quantity, path: Path) -> Iterator[tuple[Path, str]]:
    if quantity.text:
        yield (*path, "ratio"), quantity.text
