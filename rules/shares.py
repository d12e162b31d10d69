"""Shares: what a scoring gives for known values, compiled once per indicator into closures over integers.

A compiled rule takes the values of the indicator's inputs in their order (None: nothing that counts),
how settled each is (its *rank*) and the statistics of the peers; it gives the share of the indicator's
maximum, the rank of the whole, the decision's words that were applied, and *marks*: which of the
recorded readings the share rests on. Nothing here knows a unit, a fact or a cycle.
"""

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import isqrt, lcm
from typing import Generic, TypeVar

from attrs import frozen

from evidence.inputs import find_quantities
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    Indicator,
    NoneDetected,
    Peers,
    Quantity,
    Scale,
    Scoring,
    Segment,
    Sum,
)
from rules.scores import Applied

Value = int | Fraction
Values = Sequence[Value | None]

ACCEPTED, REJECTED, SELF_REPORTED, ZERO_BASE, MISSING, UNPROVEN = range(6)
"""How settled an input or a part is; of several, the least settled (the greatest) decides."""

CEILING, BOUNDARY, EQUAL = 1, 2, 4
"""Marks: held at the maximum; held by a later line too; all peers alike."""

NOTHING, EVERYTHING = Fraction(0), Fraction(1)

Z_DIGITS = 12
"""Standard scores are irrational: they are computed to so many decimals, half up."""

Z_REACH = 3
"""Standard scores from -3 to 3 are mapped to shares from 0 to 1."""


class Unscorable(RuntimeError):
    """No points may be given: a fact that intake would have refused, or words that do not say what it earns."""


class Contradicted(Unscorable):
    """More is counted above the line of a quotient than the whole below it."""


@frozen
class PeerStatistics:
    """A quantity among the units of one ranking group, of those whose quantity is known."""

    count: int
    lowest: Fraction
    highest: Fraction
    total: Fraction
    squares: Fraction  # the sum of the squares

    @cached_property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.count)

    @cached_property
    def variance(self) -> Fraction:
        """Of the whole population, exact."""
        return Fraction(self.squares, self.count) - self.mean**2

    def moved(self, old: Fraction, new: Fraction) -> "PeerStatistics":
        """The statistics had the unit with ``old`` reached ``new``, at least ``highest``.

        The lowest stays, which changes no share: ``new`` is the highest whatever the lowest is.
        """
        return PeerStatistics(
            self.count, self.lowest, max(self.highest, new), self.total - old + new, self.squares - old**2 + new**2
        )


def statistics_of(quantities: Iterable[Fraction]) -> PeerStatistics | None:
    """The statistics of the known ``quantities`` of a group; None where none is known."""
    known = list(quantities)
    if not known:
        return None
    return PeerStatistics(len(known), min(known), max(known), _sum(known), _sum(x * x for x in known))


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, NOTHING)


PeerGroup = Mapping[str, PeerStatistics]
"""The statistics of a unit's ranking group by the name of the scoring that asks for them (``Rule.peers``)."""

Earned = tuple[Fraction, int, int]
"""Share of the maximum, rank, marks. A plain tuple: a country needs fifty thousand at once."""

Earn = Callable[[Values, Sequence[int], PeerGroup | None, list[Applied] | None], Earned]
"""Notes the words that are applied in the last argument, where there is one."""

Measure = Callable[[Values, Sequence[int]], tuple[int, int, int]]
"""Rank, numerator, denominator (> 0) of a quantity; the numbers mean nothing where the rank voids it."""


@frozen
class Rule:
    """One indicator's scoring, compiled."""

    earn: Earn
    peers: tuple[tuple[str, Measure], ...]  # what is measured against the peers, by name
    proofs: frozenset[str]  # keys of inputs whose «yes» counts only with a document


Key = TypeVar("Key")
Made = TypeVar("Made")


class Once(Generic[Key, Made]):
    """What ``make`` gives for an object, made once while the object lives.

    By identity: an index is long to compare, and those built by hand have no digest. What is made
    must not hold on to its object.
    """

    def __init__(self, make: Callable[[Key], Made]) -> None:
        self._make = make
        self._known: dict[int, tuple[weakref.ref[Key], Made]] = {}

    def __call__(self, of: Key) -> Made:
        known = self._known.get(id(of))
        if known is not None:
            return known[1]
        made, place = self._make(of), id(of)
        self._known[place] = weakref.ref(of, lambda _: self._known.pop(place, None)), made
        return made


def _compile(indicator: Indicator) -> Rule:
    compiler = _Compiler(indicator)
    earn = compiler.compile(indicator.scoring, EVERYTHING)
    return Rule(earn, tuple(compiler.peers), frozenset(compiler.proofs))


rule_of: "Once[Indicator, Rule]" = Once(_compile)
"""The compiled rule of an indicator."""


class _Compiler:
    """Compiles the scorings of one indicator; ``worth`` is the share of the maximum that a scoring can earn."""

    def __init__(self, indicator: Indicator) -> None:
        self.code, self.max = indicator.code, indicator.max
        self.kinds = [entry.kind for entry in indicator.inputs]
        self.places = {entry.key: place for place, entry in enumerate(indicator.inputs)}
        self.peers: list[tuple[str, Measure]] = []
        self.proofs: set[str] = set()

    def compile(self, scoring: Scoring, worth: Fraction) -> Earn:
        match scoring:
            case Choice():
                return self._choice(scoring, worth)
            case Scale():
                return self._scale(scoring, worth)
            case Sum():
                return self._sum(scoring, worth)
            case Gate():
                return self._gate(scoring, worth)
            case NoneDetected():
                return self._none_detected(scoring, worth)
            case Peers():
                return self._peers(scoring, worth)
        return self._score(scoring, worth)

    def _choice(self, scoring: Choice, worth: Fraction) -> Earn:
        place, code = self.places[scoring.key], self.code
        # «Yes» is 1 and the first option; a choice's number counts from 1.
        by_number = {
            number: Applied(option.text, option.share * worth) for number, option in enumerate(scoring.options, start=1)
        }
        if self.kinds[place] == "presence":
            by_number = {1: by_number[1], 0: by_number[2]}

        def earn(values: Values, ranks: Sequence[int], _: PeerGroup | None, words: list[Applied] | None) -> Earned:
            value = values[place]
            if value is None:
                return NOTHING, ranks[place], 0
            award = by_number.get(int(value))
            if award is None:
                raise Unscorable(f"{code}: there is no option {value}")
            if words is not None and award.text:
                words.append(award)
            return award.share, ranks[place], 0

        return earn

    def _scale(self, scoring: Scale, worth: Fraction) -> Earn:
        measure = self._measure(scoring.quantity)
        lines = [_Line.of(segment, worth) for segment in scoring.segments]
        lone = len(lines) == 1 and lines[0].holds(0, 1) and lines[0].high is None
        code = self.code

        def earn(values: Values, ranks: Sequence[int], _: PeerGroup | None, words: list[Applied] | None) -> Earned:
            rank, above, below = measure(values, ranks)
            if rank in _VOID:
                return NOTHING, rank, 0
            overlap = 0
            if lone:
                line = lines[0]
            else:
                holding = [line for line in lines if line.holds(above, below)]
                if not holding:
                    raise Unscorable(f"{code}: no line says what {Fraction(above, below)} earns")
                line = holding[0]
                overlap = BOUNDARY if len(holding) > 1 else 0
            share, marks = line.earn(above, below)
            if words is not None:
                words.append(Applied(line.text, share, Fraction(above, below)))
            return share, rank, marks | overlap

        return earn

    def _sum(self, scoring: Sum, worth: Fraction) -> Earn:
        parts = [self.compile(part.scoring, worth * part.share) for part in scoring.parts]
        unearned = tuple(Applied(text, NOTHING) for text in scoring.otherwise)
        # As many lines of «0 điểm» as parts: one for each, in printed order (1.2). Else they speak of all (6.11).
        paired = len(unearned) == len(parts)

        def earn(values: Values, ranks: Sequence[int], peers: PeerGroup | None, words: list[Applied] | None) -> Earned:
            share, rank, marks = NOTHING, ACCEPTED, 0
            for place, part in enumerate(parts):
                its_share, its_rank, its_marks = part(values, ranks, peers, words)
                rank, marks = max(rank, its_rank), marks | its_marks
                if its_share:
                    share += its_share
                elif words is not None and paired and its_rank in _ANSWERED:
                    words.append(unearned[place])
            if words is not None and not paired and not share and rank in _ANSWERED:
                words += unearned
            return (worth, rank, marks | CEILING) if share > worth else (share, rank, marks)

        return earn

    def _gate(self, scoring: Gate, worth: Fraction) -> Earn:
        place = self.places[scoring.key]
        then = self.compile(scoring.then, worth)
        closed = [Applied(scoring.otherwise, NOTHING)] if scoring.otherwise else []

        def earn(values: Values, ranks: Sequence[int], peers: PeerGroup | None, words: list[Applied] | None) -> Earned:
            if not values[place]:
                if words is not None and values[place] is not None:
                    words += closed
                return NOTHING, ranks[place], 0
            share, rank, marks = then(values, ranks, peers, words)
            return share, max(rank, ranks[place]), marks

        return earn

    def _none_detected(self, scoring: NoneDetected, worth: Fraction) -> Earn:
        place = self.places[scoring.key]
        self.proofs.add(scoring.key)
        first = len(self.peers)
        otherwise = self.compile(scoring.otherwise, worth)
        counted = [self.places[key] for quantity in find_quantities(scoring.otherwise) for key in quantity.keys]
        text = scoring.text

        def proven(values: Values) -> bool:
            return bool(values[place]) and not any(values[other] for other in counted)

        def outside(measure: Measure) -> Measure:
            # Phụ lục 02, 5.9: whom the sentence gives the maximum is nobody's measure in the comparison.
            return lambda values, ranks: (MISSING, 0, 1) if proven(values) else measure(values, ranks)

        self.peers[first:] = [(name, outside(measure)) for name, measure in self.peers[first:]]

        def earn(values: Values, ranks: Sequence[int], peers: PeerGroup | None, words: list[Applied] | None) -> Earned:
            own = ranks[place]
            # Whoever counts something has detected something, whatever is said beside it.
            if (values[place] or own == UNPROVEN) and not any(values[other] for other in counted):
                share = NOTHING if own == UNPROVEN else worth
                if words is not None:
                    words.append(Applied(text, share, unproven=own == UNPROVEN))
                return share, MISSING if own == UNPROVEN else own, 0
            share, rank, marks = otherwise(values, ranks, peers, words)
            return share, rank if own >= MISSING else max(rank, own), marks

        return earn

    def _peers(self, scoring: Peers, worth: Fraction) -> Earn:
        measure = self._measure(scoring.quantity)
        name = peer_name(self.code, scoring.quantity)
        self.peers.append((name, measure))
        compare, text = _METHODS[scoring.method], scoring.text

        def earn(values: Values, ranks: Sequence[int], peers: PeerGroup | None, words: list[Applied] | None) -> Earned:
            rank, above, below = measure(values, ranks)
            if rank in _VOID:
                return NOTHING, rank, 0
            statistics = None if peers is None else peers.get(name)
            if statistics is None:
                raise Unscorable(f"{name}: measured against the peers, of whom nothing is known")
            quantity = Fraction(above, below)
            part, marks = compare(statistics, quantity)
            share = part * worth
            if words is not None:
                span = statistics.lowest, statistics.highest, statistics.count
                words.append(Applied(text, share, quantity, *span))
            return share, rank, marks

        return earn

    def _score(self, scoring: CouncilScore, worth: Fraction) -> Earn:
        place, code, maximum = self.places[scoring.key], self.code, self.max
        most = worth * maximum

        def earn(values: Values, ranks: Sequence[int], _: PeerGroup | None, words: list[Applied] | None) -> Earned:
            value = values[place]
            if value is None:
                return NOTHING, ranks[place], 0
            if value > most:
                raise Unscorable(f"{code}: a score of {value} is above the maximum of {most}")
            share = Fraction(value, maximum)
            if words is not None:
                words.append(Applied("", share, Fraction(value)))
            return share, ranks[place], 0

        return earn

    def _measure(self, quantity: Quantity) -> Measure:
        above = [self.places[key] for key in quantity.numerator]
        below = [self.places[key] for key in quantity.denominator]
        every, part, code = above + below, quantity.part, self.code

        def measure_any(values: Values, ranks: Sequence[int]) -> tuple[int, int, int]:
            numerator = _total(values, above)
            denominator = _total(values, below) if below else 1
            if numerator is None or denominator is None:
                return max(ranks[place] for place in every if values[place] is None), 0, 0
            if denominator == 0:
                return ZERO_BASE, 0, 0
            if part and numerator > denominator:
                raise Contradicted(f"{code}: {numerator} of {denominator} is more than the whole")
            rank = max(ranks[place] for place in every)
            if type(numerator) is int and type(denominator) is int:
                return rank, numerator, denominator
            return (
                rank,
                numerator.numerator * denominator.denominator,
                numerator.denominator * denominator.numerator,
            )

        if len(above) != 1 or len(below) != 1:
            return measure_any
        over, under = above[0], below[0]

        def measure(values: Values, ranks: Sequence[int]) -> tuple[int, int, int]:
            numerator, denominator = values[over], values[under]
            if type(numerator) is int and type(denominator) is int and (numerator <= denominator or not part):
                rank = max(ranks[over], ranks[under]) if denominator else ZERO_BASE
                return rank, numerator, denominator
            return measure_any(values, ranks)

        return measure


_VOID = frozenset({REJECTED, ZERO_BASE, MISSING, UNPROVEN})
_ANSWERED = frozenset({ACCEPTED, SELF_REPORTED})


def _total(values: Values, places: Sequence[int]) -> Value | None:
    if len(places) == 1:
        return values[places[0]]
    total: Value = 0
    for place in places:
        value = values[place]
        if value is None:
            return None
        total += value
    return total


def peer_name(code: str, quantity: Quantity) -> str:
    """Under what name a ``PeerGroup`` holds the statistics of ``quantity`` of the indicator ``code``."""
    return f"{code}:{'+'.join(quantity.numerator)}/{'+'.join(quantity.denominator)}"


@frozen
class _Line:
    """One segment over integers: at n/d it gives (constant × d + slope × n) / (unit × d), held at ``worth``."""

    text: str
    low: tuple[int, int]
    low_included: bool
    high: tuple[int, int] | None
    high_included: bool
    constant: int
    slope: int
    unit: int
    worth: Fraction
    most: int  # ``worth`` in ``unit``
    fixed: tuple[Fraction, int] | None  # share and marks, where they are the same all along the line

    @classmethod
    def of(cls, segment: Segment, worth: Fraction) -> "_Line":
        constant, slope = segment.constant * worth, segment.slope * worth
        unit = lcm(constant.denominator, slope.denominator, worth.denominator)
        return cls(
            text=segment.text,
            low=(segment.low.numerator, segment.low.denominator),
            low_included=segment.low_included,
            high=None if segment.high is None else (segment.high.numerator, segment.high.denominator),
            high_included=segment.high_included,
            constant=int(constant * unit),
            slope=int(slope * unit),
            unit=unit,
            worth=worth,
            most=int(worth * unit),
            fixed=None if slope else _held(constant, worth),
        )

    def holds(self, above: int, below: int) -> bool:
        left, right = above * self.low[1], self.low[0] * below
        if left < right or (left == right and not self.low_included):
            return False
        if self.high is None:
            return True
        left, right = above * self.high[1], self.high[0] * below
        return left < right or (left == right and self.high_included)

    def earn(self, above: int, below: int) -> tuple[Fraction, int]:
        """The share at ``above / below``, and the marks."""
        if self.fixed is not None:
            return self.fixed
        top = self.constant * below + self.slope * above
        if top > self.most * below:
            return self.worth, CEILING
        return (Fraction(top, self.unit * below) if top > 0 else NOTHING), 0


def _held(share: Fraction, worth: Fraction) -> tuple[Fraction, int]:
    return (worth, CEILING) if share > worth else (max(share, NOTHING), 0)


def min_max(peers: PeerStatistics, quantity: Fraction) -> tuple[Fraction, int]:
    """Where ``quantity`` stands from the lowest (0) to the highest (1), held between them, and the marks."""
    if peers.highest == peers.lowest:
        return (EVERYTHING if quantity > 0 else NOTHING), EQUAL
    share = Fraction(quantity - peers.lowest, peers.highest - peers.lowest)
    return min(max(share, NOTHING), EVERYTHING), 0


def _highest(peers: PeerStatistics, quantity: Fraction) -> tuple[Fraction, int]:
    marks = EQUAL if peers.highest == peers.lowest else 0
    share = Fraction(quantity, peers.highest) if peers.highest else NOTHING
    return min(share, EVERYTHING), marks


def _z_score(peers: PeerStatistics, quantity: Fraction) -> tuple[Fraction, int]:
    if peers.variance == 0:
        return Fraction(1, 2), EQUAL
    share = Fraction(standard_score(peers, quantity) + Z_REACH, 2 * Z_REACH)
    return min(max(share, NOTHING), EVERYTHING), 0


def standard_score(peers: PeerStatistics, quantity: Fraction) -> Fraction:
    """How many standard deviations ``quantity`` lies from the mean, to ``Z_DIGITS`` decimals, half up.

    The variance of ``peers`` must not be 0.
    """
    distance = quantity - peers.mean
    square = Fraction(distance**2, peers.variance)
    unit = 10**Z_DIGITS
    # Twice the root, cut off, is enough to round it half up without a root that is not whole.
    doubled = isqrt(4 * unit**2 * square.numerator // square.denominator)
    size = Fraction((doubled + 1) // 2, unit)
    return size if distance > 0 else -size


_METHODS: dict[str, Callable[[PeerStatistics, Fraction], tuple[Fraction, int]]] = {
    "min_max": min_max,
    "highest": _highest,
    "z_score": _z_score,
}
