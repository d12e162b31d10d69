"""Frontiers: what one indicator of one unit can be brought to, and what that costs, exactly.

Everything is tried on the compiled scoring itself. Between the points where another line of the decision begins, the
share is linear in what is counted; so an indicator has a few *pieces*, each of which holds a whole row of options (one
more dossier, two more …), however many these are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor

from attrs import evolve, field, frozen

from evidence.costs import Money, Price, bases
from evidence.facts import Amount
from evidence.values import MAX_DECIMALS, MAX_DIGITS
from levels.index import Choice, CouncilScore, Gate, Indicator, NoneDetected, Peers, Quantity, Scale, Scoring, Sum
from rules.point_plans import Bar, Barrier
from rules.scores import IndicatorScore, State
from rules.shares import (
    ACCEPTED,
    MISSING,
    SELF_REPORTED,
    UNPROVEN,
    PeerStatistics,
    Unscorable,
    Value,
    peer_name,
    rule_of,
    statistics_of,
)

STEPS = {"count": Fraction(1), "amount": Fraction(1, 1000), "score": Fraction(1, 100)}
"""By how much an input rises at least: money by thousandths of its unit, a council's score by hundredths of a
point. Beside these steps every amount at which a line of the decision begins can be reached exactly."""

MOST_COMBINATIONS = 4096
"""Of yes and no and options in one indicator; no printed indicator has a hundredth of it."""

Sets = tuple[tuple[str, Value], ...]

Peerage = Mapping[str, Sequence[Fraction]]
"""The quantities of the other units of the ranking group, by the name of the comparison (``Rule.peers``)."""


@frozen
class Piece:
    """A row of options of one indicator: option n, from 0 to ``last``, sets ``sets`` and raises ``key``.

    ``key`` comes to ``start + n × step``, at ``cost + n × each``, and earns ``share + n × rise`` of the maximum.
    """

    sets: Sets
    share: Fraction
    cost: Money
    key: str = ""  # "": a single option that raises nothing
    start: Value = 0
    step: Fraction = Fraction(0)
    last: int = 0
    each: Money = 0
    rise: Fraction = Fraction(0)

    def changes(self, n: int) -> dict[str, Fraction]:
        """What the inputs come to."""
        found = {key: Fraction(value) for key, value in self.sets}
        if self.key:
            found[self.key] = self.start + n * self.step
        return found

    def after(self, n: int) -> "Piece":
        """The piece without its first ``n`` options."""
        start, cost, share = self.start + n * self.step, self.cost_of(n), self.share_of(n)
        return evolve(self, start=start, cost=cost, share=share, last=self.last - n)

    def cost_of(self, n: int) -> Money:
        return self.cost + n * self.each

    def share_of(self, n: int) -> Fraction:
        return self.share + n * self.rise


@frozen(eq=False)
class Frontier:
    """All that one line can be brought to; the first piece changes nothing."""

    line: IndicatorScore
    pieces: tuple[Piece, ...]
    beyond: tuple[Piece, ...]  # of no use to the unit itself, but another measure for its peers
    barriers: tuple[Barrier, ...]

    @property
    def indicator(self) -> Indicator:
        return self.line.indicator


def trace(
    line: IndicatorScore,
    prices: Callable[[str], Price | None],
    others: Peerage | None = None,
    *,
    priced: bool = True,
) -> Frontier:
    """The frontier of ``line``; ``prices`` by fact code, None where an input cannot be bought.

    ``others`` are needed where the indicator is measured against the peers. Where the prices are no costs but count
    things (not ``priced``), everything rises by whole units, the last of them begun; and more of the incidents that
    «none detected» speaks of is not asked for. Raises ``Unscorable`` where the line cannot be scored.
    """
    return _Tracing(line, prices, others or {}, priced).run()


def values_of(line: IndicatorScore) -> dict[str, Value | None]:
    """The values that count of a line's inputs, by key."""
    return {found.input.key: None if found.value is None else plain(found.value) for found in line.inputs}


def ranks_of(line: IndicatorScore, values: Mapping[str, Value | None]) -> list[int]:
    """How settled the inputs are, as far as the points depend on it, where they come to ``values``."""
    proofs = rule_of(line.indicator).proofs if line.unproven else frozenset()
    return [ACCEPTED if value is not None else UNPROVEN if key in proofs else MISSING for key, value in values.items()]


def quantities_of(line: IndicatorScore, changes: Mapping[str, Value] | None = None) -> dict[str, Fraction]:
    """What a unit brings to each comparison with its peers, with ``changes`` made; nothing where nothing counts."""
    if line.state is State.NOT_SUBJECT:
        return {}
    values = {**values_of(line), **(changes or {})}
    found = {}
    for name, measure in rule_of(line.indicator).peers:
        rank, above, below = measure(list(values.values()), ranks_of(line, values))
        if rank in (ACCEPTED, SELF_REPORTED):
            found[name] = Fraction(above, below)
    return found


def share_among(line: IndicatorScore, others: Peerage, changes: Mapping[str, Value] | None = None) -> Fraction:
    """The share that a line earns beside ``others``, with ``changes`` made to its inputs.

    Raises ``Unscorable`` as scoring does.
    """
    values = {**values_of(line), **(changes or {})}
    own = quantities_of(line, changes)
    peers: dict[str, PeerStatistics] = {}
    for name, _ in rule_of(line.indicator).peers:
        statistics = statistics_of([*others.get(name, ()), *((own[name],) if name in own else ())])
        if statistics is not None:
            peers[name] = statistics
    return rule_of(line.indicator).earn(list(values.values()), ranks_of(line, values), peers, None)[0]


def plain(value: Value) -> Value:
    """An ``int`` where the value is whole."""
    return value.numerator if value.denominator == 1 else value


def as_amount(value: Fraction, *, whole: bool) -> Amount:
    """``value`` as a fact holds it: a whole number, or an exact decimal. Raises ``ValueError`` where it is neither."""
    if whole:
        if value.denominator != 1:
            raise ValueError(f"{value} is not whole")
        return Amount(value.numerator)
    places = next((p for p in range(MAX_DECIMALS + 1) if 10**p % value.denominator == 0), None)
    if places is None:
        raise ValueError(f"{value} is no decimal")
    return Amount(int(value * 10**places), 10**places)


def units(more: Value, *, whole: bool) -> Value:
    """How many units ``more`` of an input are; ``whole``: one that is only begun counts as one."""
    return ceil(more) if whole else more


def _is_decimal(value: Fraction) -> bool:
    return not 10**MAX_DECIMALS % value.denominator


@frozen(eq=False)
class _Tracing:
    line: IndicatorScore
    prices: Callable[[str], Price | None]
    others: Peerage
    priced: bool
    barriers: dict[tuple[Bar, str], None] = field(factory=dict)

    @property
    def indicator(self) -> Indicator:
        return self.line.indicator

    @property
    def measured(self) -> "tuple[Scale | Peers, ...]":
        """Everything in the scoring that measures a quantity."""
        return tuple(find_measures(self.indicator.scoring))

    def run(self) -> Frontier:
        stay = Piece((), self.line.share, 0)
        if self.line.state is State.NOT_SUBJECT:
            return Frontier(self.line, (stay,), (), ())
        if share_among(self.line, self.others) != self.line.share:
            raise Unscorable(f"{self.indicator.code}: scored anew, the line does not earn what it has earned")
        rows = [stay]
        raised = self._raised()
        for sets in self._combinations():
            if sets:
                rows += self._points(sets)
            for key in raised:
                rows += self._rows(sets, key, raised)
        held = [row if row.rise > 0 else evolve(row, last=0, rise=Fraction(0)) for row in rows]
        useful = [place == 0 or _is_useful(place, held) for place in range(len(held))]
        found = [piece for piece, used in zip(held, useful, strict=True) if used]
        beyond: list[Piece] = []
        if any(isinstance(scoring, Peers) for scoring in self.measured):
            beyond = [
                row.after(1) if used else row
                for row, piece, used in zip(rows, held, useful, strict=True)
                if row.last > piece.last or not used
            ]
        lost = max(piece.share_of(piece.last) for piece in found) < 1
        barriers: dict[Bar, list[str]] = {}
        for kind, key in self.barriers:
            barriers.setdefault(kind, []).append(key)
        told = tuple(Barrier(self.line, kind, tuple(keys)) for kind, keys in barriers.items()) if lost else ()
        return Frontier(self.line, tuple(found), tuple(beyond), told)

    def price(self, key: str) -> Price | None:
        """The price of an input; that there is none is noted."""
        price = self.prices(self.indicator.fact_code(key))
        if price is None:
            self.bar(Bar.NO_COST, key)
        return price

    def bar(self, kind: Bar, *keys: str) -> None:
        for key in keys:
            self.barriers[kind, key] = None

    def share(self, changes: Mapping[str, Value]) -> Fraction | None:
        """What ``changes`` earn; None where the decision does not say."""
        try:
            return share_among(self.line, self.others, changes)
        except Unscorable:
            return None

    # What is chosen or confirmed

    def _combinations(self) -> Iterator[Sets]:
        """All that can be answered otherwise, in every combination; the first changes nothing."""
        values = values_of(self.line)
        tried: dict[str, list[Value | None]] = {}
        for key, options in _answers(self.indicator):
            others = [option for option in options if option != values[key]]
            if others and self._can_help(key, others) and self.price(key) is not None:
                tried[key] = [None, *others]
        count = 1
        for options_ in tried.values():
            count *= len(options_)
        if count > MOST_COMBINATIONS:
            raise Unscorable(f"{self.indicator.code}: {count} combinations of answers are too many to plan")
        for chosen in product(*tried.values()):
            yield tuple((key, value) for key, value in zip(tried, chosen, strict=True) if value is not None)

    def _can_help(self, key: str, options: Sequence[Value]) -> bool:
        """Whether another answer could give more, whatever else is done: the best one given is not improved."""
        scoring = _choice_of(self.indicator.scoring, key)
        if scoring is None:
            return True  # a gate that is closed, or «none detected» that is not claimed
        value = values_of(self.line)[key]
        if value is None:
            return True
        by_presence = self.indicator.by_key[key].kind == "presence"
        now = scoring.options[(2 - int(value) if by_presence else int(value)) - 1].share
        return any(
            scoring.options[(2 - int(option) if by_presence else int(option)) - 1].share > now for option in options
        )

    def _points(self, sets: Sets) -> Iterator[Piece]:
        share = self.share(dict(sets))
        if share is not None:
            yield Piece(sets, share, self._cost(sets))

    def _cost(self, sets: Sets) -> Money:
        cost: Money = 0
        for key, _ in sets:
            price = self.prices(self.indicator.fact_code(key))
            assert price is not None  # only what has a price is set
            cost += price.of(1)
        return cost

    # What is counted or scored

    def _raised(self) -> tuple[str, ...]:
        """The inputs that can rise, and have a price; where two cost the same, the first printed."""
        scoring = self.indicator.scoring
        if isinstance(scoring, CouncilScore):
            return (scoring.key,) if self.line.share < 1 and self.price(scoring.key) is not None else ()
        measured = self.measured
        if len(measured) > 1:
            self.bar(Bar.SEVERAL, *(key for scale in measured for key in scale.quantity.numerator))
        if len(measured) != 1:
            return ()
        [scoring] = measured
        quantity = scoring.quantity
        values = values_of(self.line)
        keys = tuple(dict.fromkeys(quantity.numerator))
        if isinstance(scoring, Peers) and scoring.method == "z_score":
            self.bar(Bar.Z_SCORE, *keys)
            return ()
        unknown = [key for key in quantity.denominator if values[key] is None]
        if unknown:
            self.bar(Bar.NO_BASE, *unknown)
            return ()
        if quantity.denominator and not _total(values, quantity.denominator):
            self.bar(Bar.ZERO_BASE, *quantity.denominator)
            return ()
        if not self.priced and not quantity.denominator and _counts_incidents(self.indicator.scoring):
            self.bar(Bar.INCIDENTS, *keys)
            return ()
        if len({self.indicator.by_key[key].kind for key in keys}) > 1:
            self.bar(Bar.SEVERAL, *keys)
            return ()
        return self._buyable(keys)

    def _buyable(self, keys: Sequence[str]) -> tuple[str, ...]:
        values = values_of(self.line)
        own = bases(self.indicator)
        self.bar(Bar.OWN_BASE, *(key for key in keys if key in own))
        prices = {key: self.prices(self.indicator.fact_code(key)) for key in keys if key not in own}
        priced = {key: price for key, price in prices.items() if price is not None}
        without = [key for key in prices if key not in priced and (values[key] is None or not priced)]
        if without:  # where one is not known, the sum is not
            self.bar(Bar.NO_COST, *without)
            return ()
        found: dict[tuple[Money, Money], str] = {}
        for key, price in priced.items():
            found.setdefault((price.fixed, price.per_unit), key)
        return tuple(found.values())

    def _rows(self, sets: Sets, key: str, raised: Sequence[str]) -> Iterator[Piece]:
        """The pieces along ``key``; the first also where nothing rises, if unknown inputs come to nothing."""
        climb = self._climb(sets, key)
        if key == raised[0] and climb.zeroed:
            yield from self._points_of(climb)
        yield from climb.rows()

    def _points_of(self, climb: "_Climb") -> Iterator[Piece]:
        sets = (*climb.sets, (climb.key, climb.start)) if climb.unknown else climb.sets
        share = self.share(dict(sets))
        if share is not None:
            yield Piece(sets, share, climb.cost)

    def _climb(self, sets: Sets, key: str) -> "_Climb":
        values = values_of(self.line)
        price = self.prices(self.indicator.fact_code(key))
        assert price is not None  # only what has a price rises
        start = values[key]
        step = STEPS[self.indicator.by_key[key].kind] if self.priced else Fraction(1)
        limit: Value | None
        if self.measured:
            quantity = self.measured[0].quantity
            targets = sorted(set(self._targets(self.measured[0])))
            limit = _total(values, quantity.denominator) if quantity.part and quantity.denominator else None
        else:  # a council's score
            quantity, targets, limit = Quantity((key,)), [Fraction(self.indicator.max)], self.indicator.max
        zeroed = tuple((each, 0) for each in dict.fromkeys(quantity.numerator) if values[each] is None and each != key)
        return _Climb(
            sets=sets + zeroed,
            zeroed=bool(zeroed) or start is None,
            unknown=start is None,
            key=key,
            start=start or 0,
            step=step,
            above=_total({**values, **{k: values[k] or 0 for k in quantity.numerator}}, quantity.numerator),
            times=quantity.numerator.count(key),
            below=_total(values, quantity.denominator) if quantity.denominator else 1,
            limit=limit,
            targets=targets,
            cost=self._cost(sets),
            price=price,
            share=self.share,
            exact=self.indicator.by_key[key].kind != "count",
            whole=not self.priced,
        )

    def _targets(self, scoring: Scale | Peers) -> Iterator[Fraction]:
        """The quantities at which another line, the full score, or another place among the peers begins."""
        yield Fraction(0)
        if scoring.quantity.denominator:
            yield Fraction(1)
        if isinstance(scoring, Peers):
            yield from self.others.get(peer_name(self.indicator.code, scoring.quantity), ())
            return
        for segment in scoring.segments:
            yield segment.low
            if segment.high is not None:
                yield segment.high
            if segment.slope:
                yield Fraction(1 - segment.constant, segment.slope)
                yield Fraction(-segment.constant, segment.slope)


@frozen(eq=False)
class _Climb:
    """How one input rises, everything else standing still: by n steps to ``start + n × step``."""

    sets: Sets
    zeroed: bool  # whether inputs that are not known come to nothing
    unknown: bool  # whether ``key`` itself is not known
    key: str
    start: Value
    step: Fraction
    above: Value  # the sum above the line, before
    times: int  # how often ``key`` stands in it
    below: Value
    limit: Value | None  # of the sum above
    targets: Sequence[Fraction]
    cost: Money  # of what is set
    price: Price
    share: Callable[[Mapping[str, Value]], Fraction | None]
    exact: bool  # whether values between the steps can be reached
    whole: bool  # whether a step that is only begun counts as one

    def top(self) -> int:
        """The most steps there can be."""
        most: int = floor(Fraction(10**MAX_DIGITS - 1 - self.start, self.step))
        return most if self.limit is None else min(most, floor(self._furthest))

    def rows(self) -> Iterator[Piece]:
        """All pieces with at least one step, then the exact amounts between the steps."""
        top = self.top()
        reach = [Fraction(target * self.below - self.above, self.times * self.step) for target in self.targets]
        starts = sorted({n for t in reach for n in (ceil(t), floor(t) + 1) if 1 <= n <= top} | ({1} if top else set()))
        ends = [*(n - 1 for n in starts[1:]), top] if starts else []
        yield from _join(piece for first, last in zip(starts, ends, strict=True) for piece in self._linear(first, last))
        if self.exact:
            for t in reach:
                to = self.start + t * self.step
                if t > 0 and t.denominator != 1 and t <= self._furthest and _is_decimal(to):
                    yield from self._exactly(to)

    @property
    def _furthest(self) -> Fraction:
        """How many steps lead to the limit, in fractions of one."""
        if self.limit is None:
            return Fraction(10**MAX_DIGITS)
        return Fraction(self.limit - self.above, self.times * self.step)

    def _exactly(self, to: Fraction) -> Iterator[Piece]:
        sets = (*self.sets, (self.key, plain(to)))
        share = self.share(dict(sets))
        if share is not None:
            yield Piece(sets, share, self.cost + self.price.of(units(to - self.start, whole=self.whole)))

    def _linear(self, first: int, last: int) -> Iterator[Piece]:
        """``first`` to ``last`` as pieces; halved where the share bends between them."""
        one, other = self.piece(first, 0), self.piece(last, 0)
        if one is None or other is None:
            return  # the decision says nothing of such a quantity
        if first == last:
            yield one
            return
        rise = Fraction(other.share - one.share, last - first)
        second = self.piece(first + 1, 0)
        if second is None or second.share != one.share + rise:
            middle = (first + last) // 2
            yield from self._linear(first, middle)
            yield from self._linear(middle + 1, last)
            return
        yield evolve(one, last=last - first, rise=rise)

    def piece(self, n: int, last: int) -> Piece | None:
        """Option ``n`` alone; None where the decision does not say what it earns."""
        to = self.start + n * self.step
        share = self.share({**dict(self.sets), self.key: plain(to)})
        if share is None:
            return None
        cost, each = self.cost + self.price.of(n * self.step), self.price.per_unit * self.step
        return Piece(self.sets, share, plain(cost), self.key, to, self.step, last, plain(each))


def _is_useful(place: int, pieces: Sequence[Piece]) -> bool:
    """Whether no other piece begins or ends where it costs no more and earns as much as this one at its best."""
    piece = pieces[place]
    best = piece.share_of(piece.last)
    for number, other in enumerate(pieces):
        for n in {0, other.last} if number != place else ():
            cost, share = other.cost_of(n), other.share_of(n)
            equal = cost == piece.cost_of(piece.last) and share == best
            if cost <= piece.cost and share >= best and not (equal and number > place):
                return False
    return True


def _join(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Pieces that go on in one line, made one."""
    held: Piece | None = None
    for piece in pieces:
        joined = None if held is None else _one(held, piece)
        if joined is not None:
            held = joined
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _one(first: Piece, second: Piece) -> Piece | None:
    if second.start != first.start + (first.last + 1) * first.step:
        return None
    rise = second.share - first.share_of(first.last)
    if rise <= 0 or (first.last and first.rise != rise) or (second.last and second.rise != rise):
        return None
    return evolve(first, last=first.last + 1 + second.last, rise=rise)


def _answers(indicator: Indicator) -> Iterator[tuple[str, list[Value]]]:
    """The inputs that are answered, and what can be answered: of yes or no only yes."""
    keys = dict.fromkeys(_answered(indicator.scoring))
    for key in keys:
        entry = indicator.by_key[key]
        yield key, [1] if entry.kind == "presence" else list(range(1, len(entry.options) + 1))


def _answered(scoring: Scoring) -> Iterator[str]:
    match scoring:
        case Choice():
            yield scoring.key
        case Sum():
            for part in scoring.parts:
                yield from _answered(part.scoring)
        case Gate():
            yield scoring.key
            yield from _answered(scoring.then)
        case NoneDetected():
            yield scoring.key
            yield from _answered(scoring.otherwise)


def _choice_of(scoring: Scoring, key: str) -> Choice | None:
    """The choice that ``key`` answers; None where it opens a gate or claims that nothing was detected."""
    match scoring:
        case Choice() if scoring.key == key:
            return scoring
        case Sum():
            return next((found for part in scoring.parts if (found := _choice_of(part.scoring, key))), None)
        case Gate():
            return _choice_of(scoring.then, key)
    return None


def find_measures(scoring: Scoring) -> "Iterator[Scale | Peers]":
    """Everything in ``scoring`` that measures a quantity."""
    match scoring:
        case Scale() | Peers():
            yield scoring
        case Gate():
            yield from find_measures(scoring.then)
        case NoneDetected():
            yield from find_measures(scoring.otherwise)
        case Sum():
            for part in scoring.parts:
                yield from find_measures(part.scoring)


def _counts_incidents(scoring: Scoring) -> bool:
    return isinstance(scoring, NoneDetected) or (isinstance(scoring, Gate) and _counts_incidents(scoring.then))


def _total(values: Mapping[str, Value | None], keys: Sequence[str]) -> Value:
    total: Value = 0
    for key in keys:
        total += values[key] or 0
    return total
