"""The knapsack of rows: one option of every class, the least cost for which the gains add up to what is needed.

A class is a list of *rows*; a row holds the options n = 0 … last, each a little dearer and better than the one before.
Everything is whole numbers: the caller scales fractions. Classes are taken one after the other; what has been chosen so
far is kept only while no other choice costs less and gains as much, and while the least that the rest can cost (the
classes' lower hulls, which only ever promise too much) leaves it cheaper than the best plan known. The search begins
narrow and is widened until nothing had to be left out: then the best is proven. What the clock cuts short says how much
better another could be.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from math import gcd
from time import monotonic

from attrs import define, evolve, field, frozen

WIDTHS = (64, 1_024, 16_384, 262_144, 4_194_304)
"""How many choices are kept beside each other, attempt by attempt; after the last as many as there are."""

COUNTED = 20_000
"""Up to how many choices beside each other equally good ones are counted."""


@frozen
class Row:
    """Options n = 0 … ``last``: cost + n × each, gain + n × rise."""

    cost: int
    gain: int
    last: int = 0
    each: int = 0
    rise: int = 0


Classes = Sequence[Sequence[Row]]
Pick = tuple[int, int]
"""The row and the option in it."""


@frozen
class Solution:
    """The best choice that was found; none where the gains cannot add up."""

    picks: tuple[Pick, ...] | None  # by class
    cost: int
    gain: int
    bound: int  # no choice costs less
    equally_good: int | None = None  # choices of the same cost, this one included; None: not counted

    @property
    def optimal(self) -> bool:
        return self.cost == self.bound


def cheapest(classes: Classes, needed: int, until: float | None = None, *, count: bool = True) -> Solution:
    """The least cost at which the gains come to at least ``needed``; of equal costs the greatest gain.

    Costs are not negative; every class has an option. ``until``: when the search stops at the latest, on the clock
    ``time.monotonic``. ``count``: whether equally good choices are counted, where they are few.
    """
    if not classes:
        return Solution((), 0, 0, 0, 1) if needed <= 0 else Solution(None, 0, 0, 0)
    unit = gcd(*(number for rows in classes for row in rows for number in (row.cost, row.each))) or 1
    scaled = [[_shortened(row, unit) for row in rows] for rows in classes]
    found = _Search.of(scaled, needed, until).run(count=count)
    if found.picks is None:
        return found
    picks = tuple(
        (r, rows[r].last if _is_free(rows[r]) else n) for rows, (r, n) in zip(classes, found.picks, strict=True)
    )
    return evolve(found, picks=picks, cost=found.cost * unit, bound=found.bound * unit)


def most(classes: Classes, budget: int, until: float | None = None) -> Solution:
    """The greatest gain for at most ``budget``, and of equal gains the least cost; ``bound``: no choice gains more.

    The same search with the sides changed: the least that is lost, where enough is saved.
    """
    gains = [max(row.gain + row.last * row.rise for row in rows) for rows in classes]
    costs = [max(row.cost + row.last * row.each for row in rows) for rows in classes]
    turned = [[_turn(row, gain, cost) for row in rows] for rows, gain, cost in zip(classes, gains, costs, strict=True)]
    found = cheapest(turned, sum(costs) - budget, until, count=False)
    if found.picks is None:
        return found
    reached, bound = sum(gains) - found.cost, sum(gains) - found.bound
    saved = cheapest(classes, reached, until)
    assert saved.picks is not None  # there is a choice that gains as much
    if saved.cost > budget:  # the clock stopped it early
        picks = tuple((r, rows[r].last - n) for rows, (r, n) in zip(classes, found.picks, strict=True))
        return Solution(picks, sum(costs) - found.gain, reached, bound)
    return evolve(saved, bound=max(bound, saved.gain))


def _turn(row: Row, gain: int, cost: int) -> Row:
    return Row(
        gain - row.gain - row.last * row.rise, cost - row.cost - row.last * row.each, row.last, row.rise, row.each
    )


def least(classes: Classes, needed: int) -> int | None:
    """A lower bound of the cost at which the gains come to ``needed``, found at once; None where they cannot."""
    return _Hull.of([_edges(rows) for rows in classes]).least(needed)


@frozen(eq=False)
class _Hull:
    """The lower hulls of some classes added up: the least cost of a gain if everything could be divided."""

    cost: int  # of the cheapest options
    gain: int
    gains: list[int]  # of the first edges, added up, the cheapest gain first
    costs: list[int]
    edges: list[tuple[int, int]]  # gain and cost of each

    @classmethod
    def of(cls, parts: Sequence[tuple[Row, list[tuple[int, int]]]]) -> "_Hull":
        edges = sorted((edge for _, found in parts for edge in found), key=_Slope)
        return cls(
            sum(start.cost for start, _ in parts),
            sum(start.gain for start, _ in parts),
            list(accumulate(gain for gain, _ in edges)),
            list(accumulate(cost for _, cost in edges)),
            edges,
        )

    def least(self, needed: int) -> int | None:
        """Rounded up: costs are whole."""
        rest = needed - self.gain
        if rest <= 0:
            return self.cost
        place = bisect_left(self.gains, rest)
        if place == len(self.gains):
            return None
        gain, cost = self.edges[place]
        return self.cost + self.costs[place] - (self.gains[place] - rest) * cost // gain

    def steep(self, each: int, rise: int) -> int:
        """How much the edges gain that are cheaper than ``each`` for ``rise``."""
        low, high = 0, len(self.edges)
        while low < high:
            middle = (low + high) // 2
            gain, cost = self.edges[middle]
            if cost * rise < each * gain:
                low = middle + 1
            else:
                high = middle
        return self.gain + (self.gains[low - 1] if low else 0)


@frozen(eq=False)
class _Slope:
    """Orders edges by what a gain costs, without dividing."""

    edge: tuple[int, int]

    def __lt__(self, other: "_Slope") -> bool:
        return self.edge[1] * other.edge[0] < other.edge[1] * self.edge[0]


def _edges(rows: Sequence[Row]) -> tuple[Row, list[tuple[int, int]]]:
    """The cheapest option, and from it the edges of the lower hull of a class."""
    ends = [(row.cost, row.gain) for row in rows]
    ends += [(row.cost + row.last * row.each, row.gain + row.last * row.rise) for row in rows if row.last]
    ends.sort(key=lambda end: (end[0], -end[1]))
    hull: list[tuple[int, int]] = []
    for cost, gain in ends:
        if hull and gain <= hull[-1][1]:
            continue
        while len(hull) > 1 and (cost - hull[-1][0]) * (hull[-1][1] - hull[-2][1]) <= (hull[-1][0] - hull[-2][0]) * (
            gain - hull[-1][1]
        ):
            hull.pop()
        hull.append((cost, gain))
    edges = [(after[1] - before[1], after[0] - before[0]) for before, after in pairwise(hull)]
    return Row(*hull[0]), edges


@frozen(eq=False)
class _Choice:
    """What has been chosen of the first classes."""

    cost: int
    gain: int
    before: "_Choice | None" = None
    pick: Pick = (0, 0)
    ways: int = 1

    def picks(self) -> Iterator[Pick]:
        """Those made, the last first."""
        choice: _Choice | None = self
        while choice is not None and choice.before is not None:
            yield choice.pick
            choice = choice.before


class _OutOfTime(Exception):
    """The clock has run out."""


@define
class _Search:
    classes: list[list[Row]]  # in the order in which they are chosen
    order: list[int]  # where they stand in the caller's
    hulls: list[_Hull]  # of the classes from each on
    needed: int
    until: float | None
    best: _Choice | None = None
    bound: int = 0
    left: int | None = field(default=None)  # the least that what was left out of an attempt can cost

    @classmethod
    def of(cls, classes: Classes, needed: int, until: float | None) -> "_Search":
        # Those with the finest options last: the last class is not tried but computed.
        order = sorted(range(len(classes)), key=lambda place: (sum(row.last + 1 for row in classes[place]), place))
        chosen = [list(classes[place]) for place in order]
        parts = [_edges(each) for each in chosen]
        hulls = [_Hull.of(parts[place:]) for place in range(len(parts) + 1)]
        return cls(chosen, order, hulls, needed, until)

    def run(self, *, count: bool) -> Solution:
        root = self.hulls[0].least(self.needed)
        if root is None:
            return Solution(None, 0, 0, 0)
        self.bound = root
        self._exchange()
        try:
            self._widen()
        except _OutOfTime:
            count = False
        assert self.best is not None  # the first exchange finds one wherever there is one
        ways = self._count() if count and self.best.cost == self.bound else None
        picks: list[Pick] = [(0, 0)] * len(self.classes)
        for place, pick in zip(reversed(self.order), self.best.picks(), strict=True):
            picks[place] = pick
        return Solution(tuple(picks), self.best.cost, self.best.gain, self.bound, ways)

    def _widen(self) -> None:
        """Search ever wider until the best is proven."""
        for width in (*WIDTHS, None):
            assert self.best is not None
            if self.best.cost == self.bound:
                return
            left = self._attempt(width)
            self.bound = self.best.cost if left is None else max(self.bound, min(left, self.best.cost))

    def _exchange(self) -> None:
        """First plans: the cheapest gains, one after the other, and at each stage whatever one class adds to them."""
        bends = [corners(rows) for rows in self.classes]
        edges = sorted(
            ((_Slope(edge), stage) for stage, rows in enumerate(self.classes) for edge in _edges(rows)[1]),
            key=lambda found: found[0],
        )
        at = [0] * len(self.classes)
        picks = [found[0] for found in bends]
        self._exchange_one(picks)
        for _, stage in edges:
            if sum(self._gain(place, pick) for place, pick in enumerate(picks)) >= self.needed:
                return
            at[stage] += 1
            picks[stage] = bends[stage][at[stage]]
            self._exchange_one(picks)

    def _exchange_one(self, picks: Sequence[Pick]) -> None:
        """The best that ``picks`` can become by another option in one class."""
        gains = [self._gain(stage, pick) for stage, pick in enumerate(picks)]
        costs = [self._cost(stage, pick) for stage, pick in enumerate(picks)]
        gain, cost = sum(gains), sum(costs)
        for stage, rows in enumerate(self.classes):
            rest = self.needed - gain + gains[stage]
            for place, row in enumerate(rows):
                n = _first(row, rest)
                if n is not None:
                    changed = [*picks[:stage], (place, n), *picks[stage + 1 :]]
                    self._keep(cost - costs[stage] + row.cost + n * row.each, changed)

    def _keep(self, cost: int, picks: Sequence[Pick]) -> None:
        if self.best is not None and cost >= self.best.cost:
            return
        choice = _Choice(0, 0)
        for stage, pick in enumerate(picks):
            choice = _Choice(choice.cost + self._cost(stage, pick), choice.gain + self._gain(stage, pick), choice, pick)
        self.best = choice

    def _cost(self, stage: int, pick: Pick) -> int:
        row = self.classes[stage][pick[0]]
        return row.cost + pick[1] * row.each

    def _gain(self, stage: int, pick: Pick) -> int:
        row = self.classes[stage][pick[0]]
        return row.gain + pick[1] * row.rise

    def _attempt(self, width: int | None) -> int | None:
        """Search among ``width`` choices beside each other; the least that what was left out can cost, if anything."""
        self.left = None
        choices = [_Choice(0, 0)]
        for stage in range(len(self.classes) - 1):
            choices = self._narrow(stage + 1, _undominated(self._extend(stage, choices, width)), width)
        for choice in choices:
            self._check()
            self._finish(choice)
        return self.left

    def _finish(self, choice: _Choice) -> None:
        """The last class: the first option of each row that is enough."""
        for place, row in enumerate(self.classes[-1]):
            n = _first(row, self.needed - choice.gain)
            if n is None:
                continue
            cost = choice.cost + row.cost + n * row.each
            assert self.best is not None
            if cost < self.best.cost:
                self.best = _Choice(cost, choice.gain + row.gain + n * row.rise, choice, (place, n))

    def _extend(self, stage: int, choices: Sequence[_Choice], width: int | None) -> list[_Choice]:
        """Every choice with every option of the class ``stage`` that can still cost less than the best."""
        assert self.best is not None
        found = []
        for number, choice in enumerate(choices):
            if number % 256 == 0:
                self._check()
            for place, row in enumerate(self.classes[stage]):
                first, last = self._window(stage + 1, choice, row, self.best.cost - 1)
                if width is not None and last - first >= width:  # too many: those nearest to the cheapest
                    first, last = self._cut(stage + 1, choice, row, first, last, width)
                cost, gain = choice.cost + row.cost, choice.gain + row.gain
                found += [
                    _Choice(cost + n * row.each, gain + n * row.rise, choice, (place, n))
                    for n in range(first, last + 1)
                ]
        return found

    def _least(self, stage: int, choice: _Choice, row: Row, n: int) -> int | None:
        """The least that ``choice`` with option ``n`` can cost in the end."""
        rest = self.hulls[stage].least(self.needed - choice.gain - row.gain - n * row.rise)
        return None if rest is None else choice.cost + row.cost + n * row.each + rest

    def _turn_at(self, stage: int, choice: _Choice, row: Row) -> int:
        """The option of ``row`` whose least cost is least: beyond it the rest gains as much for less."""
        if not row.last:
            return 0
        rest = self.needed - choice.gain - row.gain - self.hulls[stage].steep(row.each, row.rise)
        return min(max(-(-rest // row.rise), 0), row.last)

    def _window(self, stage: int, choice: _Choice, row: Row, most_: int) -> tuple[int, int]:
        """The options of ``row`` that can cost at most ``most_`` in the end: a range, for the hull is convex."""

        def holds(n: int) -> bool:
            cost = self._least(stage, choice, row, n)
            return cost is not None and cost <= most_

        turn = self._turn_at(stage, choice, row)
        if not holds(turn):
            if turn == 0 or not holds(turn - 1):
                return 1, 0
            turn -= 1
        return _first_true(holds, 0, turn), _last_true(holds, turn, row.last)

    def _cut(self, stage: int, choice: _Choice, row: Row, first: int, last: int, width: int) -> tuple[int, int]:
        turn = self._turn_at(stage, choice, row)
        low = max(first, min(turn - width // 2, last - width + 1))
        high = min(last, low + width - 1)
        for n in (low - 1, high + 1):
            if first <= n <= last:
                self._leave(self._least(stage, choice, row, n))
        return low, high

    def _leave(self, cost: int | None) -> None:
        if cost is not None:
            self.left = cost if self.left is None else min(self.left, cost)

    def _narrow(self, stage: int, choices: list[_Choice], width: int | None) -> list[_Choice]:
        """The ``width`` choices that can end cheapest, in the order of their costs."""
        if width is None or len(choices) <= width:
            return choices
        ends = [(self._end(stage, choice), place) for place, choice in enumerate(choices)]
        ends.sort()
        self._leave(ends[width][0])
        return [choices[place] for place in sorted(place for _, place in ends[:width])]

    def _end(self, stage: int, choice: _Choice) -> int:
        rest = self.hulls[stage].least(self.needed - choice.gain)
        assert rest is not None  # what cannot gain enough was left out
        return choice.cost + rest

    def _count(self) -> int | None:
        """How many choices are as cheap as the best, which becomes the one of them with the greatest gain."""
        assert self.best is not None
        least_ = self.best.cost
        choices = [_Choice(0, 0)]
        for stage in range(len(self.classes)):
            met: dict[tuple[int, int], _Choice] = {}
            for choice in choices:
                for place, row in enumerate(self.classes[stage]):
                    first, last = self._window(stage + 1, choice, row, least_)
                    if last - first + len(met) > COUNTED:
                        return None
                    for n in range(first, last + 1):
                        cost, gain = choice.cost + row.cost + n * row.each, choice.gain + row.gain + n * row.rise
                        known = met.get((cost, gain))
                        ways = choice.ways + (known.ways if known else 0)
                        before, pick = (known.before, known.pick) if known else (choice, (place, n))
                        met[cost, gain] = _Choice(cost, gain, before, pick, ways)
            choices = list(met.values())
        self.best = max(choices, key=lambda choice: choice.gain)
        return sum(choice.ways for choice in choices)

    def _check(self) -> None:
        if self.until is not None and monotonic() > self.until:
            raise _OutOfTime


def _is_free(row: Row) -> bool:
    """Whether the options of a row all cost the same and gain ever more."""
    return row.rise > 0 and not row.each


def _shortened(row: Row, unit: int) -> Row:
    """A row with its costs in ``unit``; one whose options gain the same, or cost the same, is only its best option."""
    if _is_free(row):
        return Row(row.cost // unit, row.gain + row.last * row.rise)
    if row.rise <= 0:
        return Row(row.cost // unit, row.gain)
    return Row(row.cost // unit, row.gain, row.last, row.each // unit, row.rise)


def _first(row: Row, rest: int) -> int | None:
    """The first option that gains ``rest``; None where none does."""
    if row.gain >= rest:
        return 0
    if not row.last or row.gain + row.last * row.rise < rest:
        return None
    return -(-(rest - row.gain) // row.rise)


def corners(rows: Sequence[Row]) -> list[Pick]:
    """The options at the corners of the lower hull of a class, the cheapest first: the cheapest gains in order."""
    start, edges = _edges(rows)
    ends = {}
    for place, row in reversed(list(enumerate(rows))):
        for n in (row.last, 0):
            ends[row.cost + n * row.each, row.gain + n * row.rise] = place, n
    at = [(start.cost, start.gain)]
    for gain, cost in edges:
        at.append((at[-1][0] + cost, at[-1][1] + gain))
    return [ends[corner] for corner in at]


def _undominated(choices: list[_Choice]) -> list[_Choice]:
    """Without those that cost no less than another and gain no more; of equals the first stays."""
    choices.sort(key=lambda choice: (choice.cost, -choice.gain))
    kept: list[_Choice] = []
    for choice in choices:
        if not kept or choice.gain > kept[-1].gain:
            kept.append(choice)
    return kept


def _first_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first of ``low`` … ``high`` that holds, where from it on all do, and ``high`` does."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _last_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low
