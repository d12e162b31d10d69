"""Gains: what would win back the points that a unit has lost on one indicator, to the last fraction.

An *offer* is one change: more of an input, another option, a part, a document, a report. Each is tried on
the compiled scoring itself, so what a gain promises is what scoring gives once it has come true. Only
more is ever offered, never less.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import evolve, frozen

from evidence.inputs import find_quantities
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    InputKind,
    NoneDetected,
    Peers,
    Quantity,
    Scale,
    Scoring,
    Segment,
    Sum,
)
from rules.scores import Gain, IndicatorScore, State
from rules.shares import (
    ACCEPTED,
    EVERYTHING,
    MISSING,
    NOTHING,
    PeerGroup,
    Unscorable,
    Value,
    peer_name,
    rule_of,
)


def gains(line: IndicatorScore, peers: PeerGroup | None = None) -> tuple[Gain, ...]:
    """What would win points back, the best last; empty at the full score and where the unit is not subject.

    ``peers`` are those that ``line`` was scored with. More of an input is the smallest whole number (of
    money the smallest amount) that reaches a better line of the decision, the full score or the highest of
    the peers, and for a quotient what one more gives. Of an input that is not reported, or was refused,
    ``points`` is the most that it can give. Raises ``Unscorable`` where peers are needed and not given.
    """
    if line.state is State.NOT_SUBJECT or line.share == 1:
        return ()
    return _Search(line, peers).run()


@frozen
class _Offer:
    """One change to try: the input ``key`` becomes ``value``, or (``value`` None) is reported at its best."""

    key: str
    text: str
    value: Value | None
    more: Value | None = None
    worth: Fraction = NOTHING  # where it is reported at its best: the share it can then give
    peers: PeerGroup | None = None  # as they stand once the offer has come true
    also: tuple[tuple[str, Value], ...] = ()  # how much other inputs must grow besides


class _Search:
    """The search for the gains of one line."""

    def __init__(self, line: IndicatorScore, peers: PeerGroup | None) -> None:
        self.line, self.peers = line, peers
        self.indicator = line.indicator
        self.rule = rule_of(line.indicator)
        self.values: dict[str, Value | None] = {entry.input.key: _plain(entry.value) for entry in line.inputs}
        self.kinds: dict[str, InputKind] = {entry.key: entry.kind for entry in line.indicator.inputs}

    def run(self) -> tuple[Gain, ...]:
        found: list[Gain] = []
        for offer in self.offers(self.indicator.scoring, EVERYTHING):
            at_most = offer.value is None
            share = min(offer.worth, 1 - self.line.share) if at_most else self.gained(offer)
            more = None if offer.more is None else Fraction(offer.more)
            also = tuple((key, Fraction(number)) for key, number in offer.also)
            gain = Gain(offer.key, offer.text, share * self.indicator.max, more, at_most, also)
            if share > 0 and not any(_outdoes(other, gain) for other in found):
                found.append(gain)
        return tuple(sorted(found, key=lambda gain: gain.points))

    def gained(self, offer: _Offer) -> Fraction:
        """How much more of the maximum there is once ``offer`` has come true; nothing where it cannot."""
        changed = {**self.values, offer.key: offer.value}
        for key, more in offer.also:
            changed[key] = (changed[key] or 0) + more
        values = list(changed.values())
        ranks = [MISSING if value is None else ACCEPTED for value in values]
        try:
            share = self.rule.earn(values, ranks, self.peers if offer.peers is None else offer.peers, None)[0]
        except Unscorable:  # more than the whole
            return NOTHING
        return share - self.line.share

    def offers(self, scoring: Scoring, worth: Fraction) -> Iterator[_Offer]:
        """Everything to try in ``scoring``, which can give the share ``worth`` of the maximum."""
        match scoring:
            case Choice():
                yield from self._of_choice(scoring)
            case Scale():
                yield from self._of_scale(scoring, worth)
            case Sum():
                for part in scoring.parts:
                    yield from self.offers(part.scoring, worth * part.share)
            case Gate():
                yield from self._of_gate(scoring, worth)
            case NoneDetected():
                yield from self._of_none_detected(scoring, worth)
            case Peers():
                yield from self._of_peers(scoring, worth)
            case _:
                yield from self._of_score(scoring, worth)

    def _of_choice(self, scoring: Choice) -> Iterator[_Offer]:
        by_presence = self.kinds[scoring.key] == "presence"
        for number, option in enumerate(scoring.options, start=1):
            yield _Offer(scoring.key, option.text, 2 - number if by_presence else number)

    def _of_scale(self, scoring: Scale, worth: Fraction) -> Iterator[_Offer]:
        quantity = scoring.quantity
        unknown = [key for key in quantity.keys if self.values[key] is None]
        best = max(_best(segment) for segment in scoring.segments)
        yield from (_Offer(key, self.label(key), None, worth=best * worth) for key in unknown)
        if unknown or (quantity.denominator and not self._total(quantity.denominator)):
            return
        targets = [target for segment in scoring.segments for target in _targets(segment)]
        for key in dict.fromkeys(quantity.numerator):
            steps = [self._reach(quantity, key, target, included=included) for target, included in targets]
            if quantity.denominator:
                steps.append(1)
            for more in sorted({step for step in steps if step is not None and step > 0}):
                reached = self._quantity(quantity, key, more)
                words = next((segment.text for segment in scoring.segments if segment.holds(reached)), "")
                yield self._more(key, words, more)

    def _of_gate(self, scoring: Gate, worth: Fraction) -> Iterator[_Offer]:
        if self.values[scoring.key]:
            yield from self.offers(scoring.then, worth)
            return
        opened = _Offer(scoring.key, scoring.text, 1)
        if self.gained(opened) > 0:
            yield opened
            yield from self._beyond(opened, scoring.then, worth)
        else:  # what stands behind the gate gives nothing yet, or is not known
            yield _Offer(scoring.key, scoring.text, None, worth=worth)

    def _beyond(self, opened: _Offer, scoring: Scoring, worth: Fraction) -> Iterator[_Offer]:
        """What gives the most behind the gate that is ``opened``, where opening it alone gives less."""
        behind = _Search(self.line, self.peers)
        behind.values[opened.key] = opened.value
        both = [
            evolve(opened, text=offer.text, peers=offer.peers, also=((offer.key, offer.more),))
            for offer in behind.offers(scoring, worth)
            if offer.more is not None
        ]
        best = max(both, key=self.gained, default=opened)  # of several that give as much, the least
        if self.gained(best) > self.gained(opened):
            yield best

    def _of_none_detected(self, scoring: NoneDetected, worth: Fraction) -> Iterator[_Offer]:
        counted = [key for quantity in find_quantities(scoring.otherwise) for key in quantity.keys]
        if not any(self.values[key] for key in counted):
            yield _Offer(scoring.key, scoring.text, 1)
            if any(words.text == scoring.text for words in self.line.applied):
                return  # «yes» has been said: it earns everything, or only the document is missing
        yield from self.offers(scoring.otherwise, worth)

    def _of_peers(self, scoring: Peers, worth: Fraction) -> Iterator[_Offer]:
        quantity = scoring.quantity
        unknown = [key for key in quantity.keys if self.values[key] is None]
        yield from (_Offer(key, self.label(key), None, worth=worth) for key in unknown)
        if unknown or (quantity.denominator and not self._total(quantity.denominator)):
            return
        name = peer_name(self.indicator.code, quantity)
        statistics = (self.peers or {}).get(name)
        if statistics is None:
            raise Unscorable(f"{name}: measured against the peers, of whom nothing is known")
        now = self._quantity(quantity, quantity.numerator[0], 0)
        for key in dict.fromkeys(quantity.numerator):
            more = self._reach(quantity, key, statistics.highest, included=True)
            if more is not None:
                more = more or 1  # all are alike: whoever has one more has the most
                moved = statistics.moved(now, self._quantity(quantity, key, more))
                yield self._more(key, scoring.text, more, {**(self.peers or {}), name: moved})

    def _of_score(self, scoring: CouncilScore, worth: Fraction) -> Iterator[_Offer]:
        value, most = self.values[scoring.key], worth * self.indicator.max
        if value is None:
            yield _Offer(scoring.key, self.label(scoring.key), None, worth=worth)
        else:
            yield self._more(scoring.key, self.label(scoring.key), most - value)

    def label(self, key: str) -> str:
        return self.indicator.by_key[key].label

    def _more(self, key: str, text: str, more: Value, peers: PeerGroup | None = None) -> _Offer:
        value = self.values[key]
        assert value is not None  # more is only asked of what is known
        return _Offer(key, text, value + more, more, peers=peers)

    def _reach(self, quantity: Quantity, key: str, target: Fraction, *, included: bool) -> Value | None:
        """The least that ``key`` must grow for ``quantity`` to reach (``included``) or to pass ``target``; or None."""
        each = quantity.numerator.count(key) - target * quantity.denominator.count(key)
        if each <= 0:  # below the line it grows as fast
            return None
        needed = Fraction(target * self._below(quantity) - self._total(quantity.numerator), each)
        if not included:
            return floor(needed) + 1
        return needed if self.kinds[key] == "amount" else ceil(needed)

    def _quantity(self, quantity: Quantity, key: str, more: Value) -> Fraction:
        above = self._total(quantity.numerator) + more * quantity.numerator.count(key)
        below = self._below(quantity) + more * quantity.denominator.count(key)
        return Fraction(above, below)

    def _below(self, quantity: Quantity) -> Value:
        return self._total(quantity.denominator) if quantity.denominator else 1

    def _total(self, keys: Sequence[str]) -> Value:
        total: Value = 0
        for key in keys:
            total += self.values[key] or 0
        return total


def _outdoes(one: Gain, other: Gain) -> bool:
    """Whether ``one`` asks for no more of the same input and gives as much."""
    if one.key != other.key or one.more is None or other.more is None:
        return False
    return one.more <= other.more and one.points >= other.points


def _best(segment: Segment) -> Fraction:
    """The most that a line can give."""
    if segment.slope > 0:
        share = EVERYTHING if segment.high is None else segment.constant + segment.slope * segment.high
    else:
        share = segment.constant + segment.slope * segment.low
    return min(share, EVERYTHING)


def _targets(segment: Segment) -> Iterator[tuple[Fraction, bool]]:
    """Where a line begins and where it gives everything; each with whether reaching it is enough."""
    yield segment.low, segment.low_included
    if segment.slope > 0:
        full = Fraction(1 - segment.constant, segment.slope)
        if segment.holds(full):
            yield full, True


def _plain(value: Fraction | None) -> Value | None:
    return value.numerator if value is not None and value.denominator == 1 else value
