"""Scorings and facts at random, for properties that hold of every index."""

import datetime
from collections.abc import Mapping
from fractions import Fraction

from hypothesis import strategies as st

from evidence.facts import Amount, Document, Fact, Status
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    Indicator,
    Input,
    InputKind,
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
from tests.rules.indexes import CYCLE, indicator

BOUNDS = [Fraction(n, 20) for n in range(1, 30)]
SHARES = [Fraction(n, 20) for n in range(21)]
STATUSES = [Status.VERIFIED] * 4 + [Status.SELF_REPORTED] * 3 + list(Status)


class Growing:
    """An indicator in the making: scorings ask it for inputs, which get the keys 1, 2, 3 …"""

    def __init__(self, draw: st.DrawFn, maximum: int) -> None:
        self.draw, self.max = draw, maximum
        self.inputs: list[Input] = []

    def key(self, kind: InputKind, options: tuple[str, ...] = ()) -> str:
        self.inputs.append(Input(str(len(self.inputs) + 1), kind, f"Dữ liệu {len(self.inputs) + 1}", options))
        return self.inputs[-1].key

    def scoring(self, depth: int = 2) -> Scoring:
        kinds = [self.choice, self.full_or_none, self.scale, self.scale, self.peers]
        if depth == 2:
            kinds.append(self.council)
        if depth:
            kinds += [lambda: self.sum(depth - 1), lambda: self.gate(depth - 1), lambda: self.none_detected(depth - 1)]
        return self.draw(st.sampled_from(kinds))()  # type: ignore[no-any-return]

    def choice(self) -> Choice:
        shares = self.draw(st.lists(st.sampled_from(SHARES), min_size=2, max_size=4))
        options = tuple(Option(f"Lựa chọn {n}: {share}", f"Lựa chọn {n}", share) for n, share in enumerate(shares, 1))
        return Choice(options, self.key("choice", tuple(option.label for option in options)))

    def full_or_none(self) -> Choice:
        options = Option("Đã có: tất cả", "Đã có", Fraction(1)), Option("", "", Fraction(0))
        return Choice(options, self.key("presence", ("Đã có", "Chưa có")))

    def council(self) -> CouncilScore:
        return CouncilScore(self.key("score"))

    def quantity(self) -> Quantity:
        kind: InputKind = self.draw(st.sampled_from(["count", "count", "amount"]))
        above = tuple(self.key(kind) for _ in range(self.draw(st.integers(1, 2))))
        below = tuple(self.key(kind) for _ in range(self.draw(st.integers(0, 2))))
        return Quantity(above, below)

    def scale(self) -> Scale:
        quantity = self.quantity()
        unit = Fraction(1) if quantity.denominator else Fraction(20)
        bounds = sorted(self.draw(st.sets(st.sampled_from(BOUNDS), max_size=3)), reverse=True)
        segments: list[Segment] = []
        above: Fraction | None = None
        for number, bound in enumerate([*bounds, Fraction(0)]):
            low = bound * unit
            # A boundary belongs to the line above or to both, as decisions print it.
            shared = above is not None and self.draw(st.booleans())
            segments.append(
                Segment(
                    f"Dòng {number}",
                    self.draw(st.sampled_from(SHARES)),
                    self.draw(st.sampled_from([Fraction(0), 1 / unit, 5 / unit / 4])),
                    low,
                    above,
                    high_included=shared,
                )
            )
            above = low
        return Scale(quantity, tuple(segments))

    def sum(self, depth: int) -> Sum:
        shares = self.draw(st.lists(st.sampled_from(SHARES[1:]), min_size=2, max_size=3))
        parts = tuple(Part(f"Phần {n}", share, self.scoring(depth)) for n, share in enumerate(shares))
        return Sum(parts, self.draw(st.sampled_from([(), ("Chưa có: 0 điểm",)])))

    def gate(self, depth: int) -> Gate:
        return Gate(self.key("presence"), "Đã có chuyên mục", self.scoring(depth), "Chưa có chuyên mục: 0 điểm")

    def none_detected(self, depth: int) -> NoneDetected:
        return NoneDetected(
            self.key("presence"), "Không phát hiện", self.draw(st.sampled_from([self.scale, self.peers]))()
        )

    def peers(self) -> Peers:
        method = self.draw(st.sampled_from(["min_max", "highest", "z_score"]))
        return Peers(method, self.quantity(), "So với các huyện")


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    """An indicator that is scored in any of the ways there are, one in another."""
    growing = Growing(draw, draw(st.sampled_from([1, 5, 10, 15, 20])))
    scoring = growing.scoring()
    return indicator("1.1", growing.max, scoring, growing.inputs)


def amounts(entry: Input, maximum: int) -> st.SearchStrategy[Amount]:
    match entry.kind:
        case "presence":
            return st.integers(0, 1).map(Amount)
        case "choice":
            return st.integers(1, len(entry.options)).map(Amount)
        case "count":
            return st.integers(0, 40).map(Amount)
        case "amount":
            return st.integers(0, 400).map(lambda n: Amount(n, 10))
    return st.integers(0, 10 * maximum).map(lambda n: Amount(n, 10))


@st.composite
def facts(draw: st.DrawFn, entry: Indicator, unit: str) -> dict[str, Fact]:
    """Facts of one unit on ``entry``, by fact code; any of them may be missing, refused, of another year."""
    found = {}
    for asked in entry.inputs:
        if draw(st.integers(0, 9)) == 0:
            continue
        status = draw(st.sampled_from(STATUSES))
        amount = draw(amounts(asked, entry.max))
        reported = draw(st.none() | amounts(asked, entry.max)) if status is Status.ADJUSTED else None
        code = entry.fact_code(asked.key)
        found[code] = Fact(
            unit,
            code,
            status,
            None if status is Status.UNKNOWN else amount,
            reported,
            draw(st.sampled_from([(), (Document("12/BC"),)])),
            measured_on=draw(st.sampled_from([None] * 8 + [datetime.date(year, 6, 30) for year in (CYCLE, CYCLE - 1)])),
            cycle=draw(st.sampled_from([None] * 8 + [CYCLE, CYCLE - 1])),
        )
    return found


def by_key(entry: Indicator, found: Mapping[str, Fact]) -> dict[str, Fact]:
    codes = {entry.fact_code(asked.key): asked.key for asked in entry.inputs}
    return {codes[code]: fact for code, fact in found.items()}
