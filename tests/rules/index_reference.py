"""The points of an index once more, as plainly as they can be said: what the compiled scoring is tested against.

Nothing is shared with ``rules.scoring`` and ``rules.shares`` but the values of the domain. A quantity, an
input or a part is either worth something (share, state) or it is not (0, why not).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from evidence.facts import Fact, Status
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
    Sum,
)
from rules.scores import Reading, State

Result = tuple[Fraction, State]
Known = Mapping[str, Fact]
"""The facts of one indicator by the key of its input."""

ORDER = [State.ACCEPTED, State.REJECTED, State.SELF_REPORTED, State.ZERO_BASE, State.MISSING]


class Reference:
    """The share of one indicator for ``units``' facts, one mapping by input key for each unit of the group."""

    def __init__(self, indicator: Indicator, units: Sequence[Known], cycle: int, reading: Reading) -> None:
        self.indicator, self.units, self.cycle, self.reading = indicator, units, cycle, reading

    def result(self, unit: Known) -> Result:
        if self.exempt(unit):
            return Fraction(0), State.NOT_SUBJECT
        share, state = self.share(self.indicator.scoring, unit)
        return share, state

    def exempt(self, unit: Known) -> bool:
        return any(f.status is Status.EXEMPT and f.cycle in (None, self.cycle) for f in unit.values())

    def share(self, scoring: Scoring, unit: Known) -> Result:
        if isinstance(scoring, Choice):
            return self.choice(scoring, unit)
        if isinstance(scoring, Scale):
            return self.scale(scoring, unit)
        if isinstance(scoring, Sum):
            found = [self.share(part.scoring, unit) for part in scoring.parts]
            total = sum(
                (part.share * share for part, (share, _) in zip(scoring.parts, found, strict=True)), Fraction(0)
            )
            return min(total, Fraction(1)), least_settled(state for _, state in found)
        if isinstance(scoring, Gate):
            opened, state = self.value(scoring.key, unit)
            if not opened:
                return Fraction(0), state
            share, behind = self.share(scoring.then, unit)
            return share, least_settled([state, behind])
        if isinstance(scoring, NoneDetected):
            return self.none_detected(scoring, unit)
        if isinstance(scoring, Peers):
            return self.peers(scoring, unit)
        assert isinstance(scoring, CouncilScore)
        value, state = self.value(scoring.key, unit)
        return (value or Fraction(0)) / self.indicator.max, state

    def choice(self, scoring: Choice, unit: Known) -> Result:
        value, state = self.value(scoring.key, unit)
        if value is None:
            return Fraction(0), state
        if self.indicator.by_key[scoring.key].kind == "presence":
            return scoring.options[0 if value == 1 else 1].share, state
        return scoring.options[int(value) - 1].share, state

    def scale(self, scoring: Scale, unit: Known) -> Result:
        x, state = self.quantity(scoring.quantity, unit)
        if x is None:
            return Fraction(0), state
        segment = next(segment for segment in scoring.segments if segment.holds(x))
        return max(min(segment.constant + segment.slope * x, Fraction(1)), Fraction(0)), state

    def none_detected(self, scoring: NoneDetected, unit: Known) -> Result:
        said, state = self.value(scoring.key, unit)
        detected = self.detected(scoring, unit)
        if said == 1 and not detected:
            if unit[scoring.key].documents:
                return Fraction(1), state
            return Fraction(0), State.MISSING
        share, other = self.share(scoring.otherwise, unit)
        unsaid = state is State.MISSING or (said == 1 and not unit[scoring.key].documents)
        return share, other if unsaid else least_settled([state, other])

    def detected(self, scoring: NoneDetected, unit: Known) -> bool:
        assert isinstance(scoring.otherwise, Scale | Peers)
        quantity = scoring.otherwise.quantity
        counted = [self.value(key, unit)[0] for key in (*quantity.numerator, *quantity.denominator)]
        return any(value is not None and value > 0 for value in counted)

    def clean(self, unit: Known) -> bool:
        """Whether the unit has proven that nothing was detected: it is nobody's measure."""
        scoring = self.indicator.scoring
        scoring = scoring.then if isinstance(scoring, Gate) else scoring
        if not isinstance(scoring, NoneDetected) or self.detected(scoring, unit):
            return False
        return self.value(scoring.key, unit)[0] == 1 and bool(unit[scoring.key].documents)

    def peers(self, scoring: Peers, unit: Known) -> Result:
        x, state = self.quantity(scoring.quantity, unit)
        if x is None:
            return Fraction(0), state
        subject = [other for other in self.units if not self.exempt(other) and not self.clean(other)]
        every = [y for y, _ in (self.quantity(scoring.quantity, other) for other in subject) if y is not None]
        low, high = min(every), max(every)
        if scoring.method == "highest":
            return (x / high if high else Fraction(0)), state
        if scoring.method == "min_max":
            if low == high:
                return Fraction(1 if x > 0 else 0), state
            return (x - low) / (high - low), state
        if low == high:
            return Fraction(1, 2), state
        return max(min((standard_score(x, every) + 3) / 6, Fraction(1)), Fraction(0)), state

    def quantity(self, quantity: Quantity, unit: Known) -> tuple[Fraction | None, State]:
        above = [self.value(key, unit) for key in quantity.numerator]
        below = [self.value(key, unit) for key in quantity.denominator]
        void = [state for value, state in above + below if value is None]
        if void:
            return None, least_settled(void)
        state = least_settled(state for _, state in above + below)
        numerator = sum(value for value, _ in above if value is not None)
        if not quantity.denominator:
            return Fraction(numerator), state
        denominator = sum(value for value, _ in below if value is not None)
        if denominator == 0:
            return None, State.ZERO_BASE
        return Fraction(numerator) / denominator, state

    def value(self, key: str, unit: Known) -> tuple[Fraction | None, State]:
        fact = unit.get(key)
        if fact is None or fact.status is Status.UNKNOWN or (fact.cycle or self.cycle) != self.cycle:
            return None, State.MISSING
        claimed = self.reading is Reading.CLAIMED
        if fact.status is Status.REJECTED and not claimed:
            return None, State.REJECTED
        if fact.measured_on is not None and fact.measured_on.year != self.cycle:
            return None, State.MISSING
        if fact.status is Status.SELF_REPORTED and self.reading is Reading.ACCEPTED:
            return None, State.MISSING
        amount, state = fact.amount, State.ACCEPTED
        if fact.status is Status.SELF_REPORTED:
            state = State.SELF_REPORTED
        if claimed and fact.status is Status.ADJUSTED:
            amount, state = fact.reported, State.SELF_REPORTED
        if claimed and fact.status is Status.REJECTED:
            amount, state = fact.reported or fact.amount, State.SELF_REPORTED
        if amount is None:
            return None, State.MISSING
        return Fraction(amount.numerator, amount.denominator or 1), state


def least_settled(states: object) -> State:
    return max(states, key=ORDER.index)  # type: ignore[call-overload,no-any-return]


def standard_score(x: Fraction, every: Sequence[Fraction]) -> Fraction:
    mean = sum(every, Fraction(0)) / len(every)
    variance = sum(((y - mean) ** 2 for y in every), Fraction(0)) / len(every)
    square = (x - mean) ** 2 / variance
    with localcontext(prec=200):
        root = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        size = Fraction(root.quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP))
    return size if x > mean else -size
