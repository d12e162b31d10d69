"""The knapsack of rows: one option of every class, the least cost for which the gains add up to what is needed.

A class is a list of *rows*; a row holds the options n = 0 … last, each a little dearer and better than the one before.
Everything is whole numbers: the caller scales fractions. Classes are taken one after the other; what has been chosen so
far is kept only while no other choice costs less and gains as much, and while the least that the rest can cost (the
lower hulls added up, which only ever promise too much) leaves it cheaper than the best plan known. Of a long row first
only the row is chosen: how far along it is settled at the end, when nothing but straight lines is left and the bound is
as good as the answer. The search begins narrow and is widened until nothing had to be left out: then the best is
proven. What the clock cuts short says how much better another could be.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from itertools import accumulate, pairwise
from math import gcd
from time import monotonic
from typing import Any

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


ROUNDS = 8
"""How often the rows are cut at most to what is still of interest, before the search."""

LONG = 16
"""A row with more options of interest is opened: how far along it is settled last."""

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
    """The least cost at which the gains come to at least ``needed``; of equal costs that are counted the greatest gain.

    Costs are not negative; every class has an option. ``until``: when the search stops at the latest, on the clock
    ``time.monotonic``. ``count``: whether equally good choices are counted, where they are few.
    """
    if not classes:
        return Solution((), 0, 0, 0, 1) if needed <= 0 else Solution(None, 0, 0, 0)
    unit = gcd(*(number for rows in classes for row in rows for number in (row.cost, row.each))) or 1
    kept = [[_Kept(place, 0, _shortened(row, unit)) for place, row in enumerate(rows)] for rows in classes]
    search = _Search.of([[each.row for each in rows] for rows in kept], needed, until)
    if not search.begin():
        return Solution(None, 0, 0, 0)
    for _ in range(ROUNDS):
        narrower = search.narrower(kept)
        if narrower == kept:
            break
        known = [rows[place].of(n) for rows, (place, n) in zip(kept, search.picks(), strict=True)]
        kept = narrower
        search = _Search.of([[each.row for each in rows] for rows in kept], needed, until)
        search.begin([_find(rows, pick) for rows, pick in zip(kept, known, strict=True)])
    ways = search.finish(count=count)
    found = [rows[place].of(n) for rows, (place, n) in zip(kept, search.picks(), strict=True)]
    picks = tuple((r, rows[r].last if _is_free(rows[r]) else n) for rows, (r, n) in zip(classes, found, strict=True))
    assert search.best is not None  # it has begun well
    return Solution(picks, search.best[0] * unit, search.best[1], search.bound * unit, ways)


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
    return _Search.of(classes, needed, None).hull((), 0).least(needed) if classes else (0 if needed <= 0 else None)


_Edge = tuple[int, int, int]
"""Its place among all edges, the cheapest gain first; its gain; its cost."""

_Open = tuple[tuple[int, int], ...]
"""Long rows that have been chosen: stage and row."""

_Choice = tuple[int, int, int, Any, tuple[int, int, int]]
"""Cost and gain of what has been chosen so far, in how many ways, the choice before, and stage, row and option."""

_NOTHING: _Choice = (0, 0, 1, None, (0, 0, 0))


@frozen(eq=False)
class _Hull:
    """The lower hulls of some classes added up: the least cost of a gain if everything could be divided."""

    cost: int  # of the cheapest options
    gain: int
    gains: list[int]  # of the first edges, added up, the cheapest gain first
    costs: list[int]
    edges: list[_Edge]

    @classmethod
    def of(cls, cost: int, gain: int, edges: list[_Edge]) -> "_Hull":
        edges = sorted(edges)
        gains = list(accumulate(edge[1] for edge in edges))
        return cls(cost, gain, gains, list(accumulate(edge[2] for edge in edges)), edges)

    def least(self, needed: int) -> int | None:
        """The least cost, rounded up, for costs are whole; None where the gains do not come to ``needed``."""
        rest = needed - self.gain
        if rest <= 0:
            return self.cost
        place = bisect_left(self.gains, rest)
        if place == len(self.gains):
            return None
        _, gain, cost = self.edges[place]
        return self.cost + self.costs[place] - (self.gains[place] - rest) * cost // gain

    def steep(self, each: int, rise: int) -> int:
        """How much is gained by what is cheaper than ``each`` for ``rise``."""
        low, high = 0, len(self.edges)
        while low < high:
            middle = (low + high) // 2
            _, gain, cost = self.edges[middle]
            if cost * rise < each * gain:
                low = middle + 1
            else:
                high = middle
        return self.gain + (self.gains[low - 1] if low else 0)

    def window(self, needed: int, row: Row, limit: int) -> tuple[int, int]:
        """The options of ``row`` that can end at ``limit`` or below: a range, for the hull is convex."""

        def holds(n: int) -> bool:
            rest = self.least(needed - row.gain - n * row.rise)
            return rest is not None and row.cost + n * row.each + rest <= limit

        turn = self.turn(needed, row)
        if not holds(turn):
            if turn == 0 or not holds(turn - 1):
                return 1, 0
            turn -= 1
        return _first_true(holds, 0, turn), _last_true(holds, turn, row.last)

    def turn(self, needed: int, row: Row) -> int:
        """The option of ``row`` with the least to expect: beyond it the rest gains as much for less."""
        if not row.last:
            return 0
        rest = needed - row.gain - self.steep(row.each, row.rise)
        return min(max(-(-rest // row.rise), 0), row.last)


def _slope(one: _Edge, other: _Edge) -> int:
    """Which of two edges gains more cheaply, without dividing."""
    return one[2] * other[1] - other[2] * one[1]


def _edges(rows: Sequence[Row]) -> tuple[Row, list[_Edge]]:
    """The cheapest option, and from it the edges of the lower hull of a class (all in place 0)."""
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
    return Row(*hull[0]), [(0, after[1] - before[1], after[0] - before[0]) for before, after in pairwise(hull)]


class _OutOfTimeError(Exception):
    """The clock has run out."""


class _TooManyError(Exception):
    """There are more equally good choices than are counted."""


@define
class _Search:
    classes: list[list[Row]]  # in the order in which they are chosen
    order: list[int]  # where they stand in the caller's
    starts: list[Row]  # the cheapest option of each
    edges: list[list[_Edge]]  # from it on
    lines: dict[tuple[int, int], _Edge]  # of every row that is more than one option
    needed: int
    until: float | None
    best: _Choice | None = None
    bound: int = 0
    left: int | None = None  # the least that what was left out of an attempt can cost
    counting: bool = False
    ways: int = 0
    hulls: dict[tuple[_Open, int], _Hull] = field(factory=dict)

    @classmethod
    def of(cls, classes: Classes, needed: int, until: float | None) -> "_Search":
        order = sorted(range(len(classes)), key=lambda place: (sum(row.last + 1 for row in classes[place]), place))
        chosen = [list(classes[place]) for place in order]
        starts, edges = (list(each) for each in zip(*map(_edges, chosen), strict=True))
        lines = {
            (stage, place): (0, row.last * row.rise, row.last * row.each)
            for stage, rows in enumerate(chosen)
            for place, row in enumerate(rows)
            if row.last
        }
        every = sorted([*(edge for found in edges for edge in found), *lines.values()], key=cmp_to_key(_slope))
        rank = {edge: place for place, edge in reversed(list(enumerate(every)))}
        ranked = [[(rank[edge], *edge[1:]) for edge in found] for found in edges]
        return cls(
            chosen,
            order,
            starts,
            ranked,
            {key: (rank[edge], *edge[1:]) for key, edge in lines.items()},
            needed,
            until,
        )

    def begin(self, known: Sequence[Pick] = ()) -> bool:
        """Find the bound and a first plan, not worse than the one ``known``; whether there is one."""
        root = self.hull((), 0).least(self.needed)
        if root is None:
            return False
        self.bound = root
        if known:
            picks = [known[place] for place in self.order]
            self._keep(sum(self._cost(stage, pick) for stage, pick in enumerate(picks)), picks)
        self._exchange()
        return True

    def narrower(self, kept: "Sequence[Sequence[_Kept]]") -> "list[list[_Kept]]":
        """The rows as they were ``kept``, cut to the options that can be part of a plan no dearer than the best."""
        assert self.best is not None  # it has begun well
        found: list[list[_Kept]] = [[] for _ in kept]
        for stage, place in enumerate(self.order):
            others = [*range(stage), *range(stage + 1, len(self.classes))]
            hull = _Hull.of(
                sum(self.starts[other].cost for other in others),
                sum(self.starts[other].gain for other in others),
                [edge for other in others for edge in self.edges[other]],
            )
            for each in kept[place]:
                first, last = hull.window(self.needed, each.row, self.best[0])
                if first <= last:
                    found[place].append(each.cut(first, last))
        return found

    def finish(self, *, count: bool) -> int | None:
        """Search until the best is proven or the time is out; how many are as good, where that is counted."""
        try:
            self._widen()
            return self._count() if count else None
        except _OutOfTimeError:
            return None

    def picks(self) -> list[Pick]:
        """The best choice, by class as the caller has them."""
        assert self.best is not None  # it has begun well
        picks: list[Pick] = [(0, 0)] * len(self.classes)
        for stage, pick in _picks(self.best).items():
            picks[self.order[stage]] = pick
        return picks

    @property
    def limit(self) -> int:
        """The most that another choice may cost to be of interest."""
        assert self.best is not None  # the first thing there is
        return self.best[0] if self.counting else self.best[0] - 1

    def hull(self, opened: _Open, stage: int) -> _Hull:
        """The hull of the classes from ``stage`` on and the rows that are ``opened``."""
        key = opened, stage
        if key not in self.hulls:
            edges = [edge for found in self.edges[stage:] for edge in found]
            edges += [self.lines[row] for row in opened]
            starts = self.starts[stage:]
            self.hulls[key] = _Hull.of(sum(s.cost for s in starts), sum(s.gain for s in starts), edges)
        return self.hulls[key]

    def _widen(self) -> None:
        """Search ever wider until the best is proven."""
        for width in (*WIDTHS, None):
            assert self.best is not None  # the first thing there is
            if self.best[0] == self.bound:
                return
            left = self._attempt(width)
            self.bound = self.best[0] if left is None else max(self.bound, min(left, self.best[0]))

    def _exchange(self) -> None:
        """First plans: the cheapest gains, one after the other, and at each stage whatever one class adds to them."""
        bends = [corners(rows) for rows in self.classes]
        ranked = sorted((edge, stage) for stage, found in enumerate(self.edges) for edge in found)
        at = [0] * len(self.classes)
        picks = [found[0] for found in bends]
        self._exchange_one(picks)
        for _, stage in ranked:
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
        if self.best is not None and cost >= self.best[0]:
            return
        choice = _NOTHING
        for stage, pick in enumerate(picks):
            made = choice[0] + self._cost(stage, pick), choice[1] + self._gain(stage, pick)
            choice = (*made, 1, choice, (stage, *pick))
        self.best = choice

    def _cost(self, stage: int, pick: Pick) -> int:
        row = self.classes[stage][pick[0]]
        return row.cost + pick[1] * row.each

    def _gain(self, stage: int, pick: Pick) -> int:
        row = self.classes[stage][pick[0]]
        return row.gain + pick[1] * row.rise

    def _attempt(self, width: int | None) -> int | None:
        """Search with ``width`` choices beside each other; the least that what was left out can cost, if anything."""
        self.left = None
        self.hulls.clear()
        groups: dict[_Open, list[_Choice]] = {(): [_NOTHING]}
        for stage in range(len(self.classes)):
            found: dict[_Open, list[_Choice]] = {}
            for opened, choices in groups.items():
                self._extend(stage, opened, choices, found)
            groups = self._narrow({key: self._merge(choices) for key, choices in found.items()}, stage + 1, width)
        last = len(self.classes)
        for opened in sorted(groups, key=lambda key: min(self._end(key, last, choice) for choice in groups[key])):
            self._close(opened, groups[opened], width)
        return self.left

    def _extend(self, stage: int, opened: _Open, choices: Sequence[_Choice], found: dict[_Open, list[_Choice]]) -> None:
        """Every choice with every option of the class ``stage`` that is still of interest; long rows are opened."""
        hull, limit = self.hull(opened, stage + 1), self.limit
        for number, choice in enumerate(choices):
            if number % 64 == 0:
                self._check()
            cost, gain, ways = choice[:3]
            for place, row in enumerate(self.classes[stage]):
                first, last = hull.window(self.needed - gain, row, limit - cost)
                if last - first >= LONG:
                    wider = (*opened, (stage, place))
                    made = cost + row.cost, gain + row.gain
                    found.setdefault(wider, []).append((*made, ways, choice, (stage, place, 0)))
                elif first <= last:
                    found.setdefault(opened, []).extend(_options(choice, row, stage, place, range(first, last + 1)))

    def _close(self, opened: _Open, choices: list[_Choice], width: int | None) -> None:
        """How far along the ``opened`` rows: one after the other, the finest last, which is computed."""
        rows = sorted(opened, key=lambda key: (-self.classes[key[0]][key[1]].rise, key))
        for number, (stage, place) in enumerate(rows[:-1], start=1):
            row = _bare(self.classes[stage][place])
            rest = tuple(rows[number:])
            hull = self.hull(rest, len(self.classes))
            found: list[_Choice] = []
            for each, choice in enumerate(choices):
                if each % 64 == 0:
                    self._check()
                cost, gain = choice[:2]
                first, last = hull.window(self.needed - gain, row, self.limit - cost)
                if width is not None and last - first >= width:
                    first, last = self._cut(hull, choice, row, (first, last), width)
                found += _options(choice, row, stage, place, range(first, last + 1))
            choices = self._narrow({rest: self._merge(found)}, len(self.classes), width)[rest]
        for choice in choices:
            self._finish(choice, rows[-1] if rows else None)

    def _finish(self, choice: _Choice, key: tuple[int, int] | None) -> None:
        """The last row: its first option that is enough."""
        if key is None:
            if choice[1] >= self.needed and choice[0] <= self.limit:
                self._take(choice)
            return
        row = _bare(self.classes[key[0]][key[1]])
        n = _first(row, self.needed - choice[1])
        if self.counting and n is not None:
            # Of equal costs, not the first that is enough but that which costs as much as the best.
            n, rest = divmod(self.limit - choice[0], row.each)
            if rest or not 0 <= n <= row.last or choice[1] + n * row.rise < self.needed:
                return
        if n is not None and choice[0] + n * row.each <= self.limit:
            self._take(_options(choice, row, *key, range(n, n + 1))[0])

    def _take(self, choice: _Choice) -> None:
        assert self.best is not None  # the first thing there is
        if self.counting:
            self.ways += choice[2] if choice[0] == self.best[0] else 0
            if choice[1] > self.best[1]:
                self.best = choice
        else:
            self.best = choice

    def _cut(self, hull: _Hull, choice: _Choice, row: Row, window: tuple[int, int], width: int) -> tuple[int, int]:
        """Of too many options those nearest to the cheapest end."""
        first, last = window
        needed = self.needed - choice[1]
        low = max(first, min(hull.turn(needed, row) - width // 2, last - width + 1))
        high = min(last, low + width - 1)
        for n in (low - 1, high + 1):
            if first <= n <= last:
                rest = hull.least(needed - n * row.rise)
                assert rest is not None  # it is in the window
                self._leave(choice[0] + n * row.each + rest)
        return low, high

    def _leave(self, cost: int) -> None:
        self.left = cost if self.left is None else min(self.left, cost)

    def _narrow(self, groups: dict[_Open, list[_Choice]], stage: int, width: int | None) -> dict[_Open, list[_Choice]]:
        """The ``width`` choices that can end cheapest."""
        total = sum(map(len, groups.values()))
        if self.counting and total > COUNTED:
            raise _TooManyError
        if width is None or total <= width:
            return groups
        ends = sorted(
            (self._end(key, stage, choice), group, place)
            for group, (key, choices) in enumerate(groups.items())
            for place, choice in enumerate(choices)
        )
        self._leave(ends[width][0])
        kept: dict[int, list[int]] = {}
        for _, group, place in ends[:width]:
            kept.setdefault(group, []).append(place)
        keys = list(groups)
        return {keys[group]: [groups[keys[group]][p] for p in sorted(places)] for group, places in kept.items()}

    def _end(self, opened: _Open, stage: int, choice: _Choice) -> int:
        rest = self.hull(opened, stage).least(self.needed - choice[1])
        assert rest is not None  # what cannot gain enough was left out
        return choice[0] + rest

    def _merge(self, choices: list[_Choice]) -> list[_Choice]:
        return _together(choices) if self.counting else _undominated(choices)

    def _count(self) -> int | None:
        """How many choices are as cheap as the best, which becomes the one of them with the greatest gain."""
        assert self.best is not None  # the first thing there is
        if self.best[0] != self.bound:
            return None
        self.counting, best = True, self.best
        try:
            self._attempt(None)
        except _TooManyError:
            self.best = best
            return None
        return self.ways

    def _check(self) -> None:
        if self.until is not None and monotonic() > self.until:
            raise _OutOfTimeError


def _picks(choice: _Choice) -> dict[int, Pick]:
    """The row and the option by stage; how far along an opened row comes later, and counts."""
    found: dict[int, Pick] = {}
    while choice[3] is not None:
        stage, place, n = choice[4]
        found.setdefault(stage, (place, n))
        choice = choice[3]
    return found


def _bare(row: Row) -> Row:
    """An opened row: that it was chosen is paid for."""
    return Row(0, 0, row.last, row.each, row.rise)


def _options(choice: _Choice, row: Row, stage: int, place: int, numbers: range) -> list[_Choice]:
    cost, gain, ways = choice[0] + row.cost, choice[1] + row.gain, choice[2]
    each, rise = row.each, row.rise
    return [(cost + n * each, gain + n * rise, ways, choice, (stage, place, n)) for n in numbers]


@frozen
class _Kept:
    """What is left of a row of the caller's: from option ``first`` on."""

    place: int
    first: int
    row: Row

    def of(self, n: int) -> Pick:
        """The caller's row and option."""
        return self.place, self.first + n

    def cut(self, first: int, last: int) -> "_Kept":
        """The options ``first`` to ``last`` alone."""
        row = self.row
        cost, gain, more = row.cost + first * row.each, row.gain + first * row.rise, last - first
        return _Kept(self.place, self.first + first, Row(cost, gain, more, *((row.each, row.rise) if more else (0, 0))))


def _find(kept: Sequence[_Kept], pick: Pick) -> Pick:
    """Where one of the caller's options is kept."""
    place, n = pick
    return next(
        (number, n - each.first)
        for number, each in enumerate(kept)
        if each.place == place and 0 <= n - each.first <= each.row.last
    )


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
    for _, gain, cost in edges:
        at.append((at[-1][0] + cost, at[-1][1] + gain))
    return [ends[corner] for corner in at]


def _undominated(choices: list[_Choice]) -> list[_Choice]:
    """Without those that cost no less than another and gain no more; of equals the first stays."""
    choices.sort(key=lambda choice: (choice[0], -choice[1]))
    kept: list[_Choice] = []
    for choice in choices:
        if not kept or choice[1] > kept[-1][1]:
            kept.append(choice)
    return kept


def _together(choices: list[_Choice]) -> list[_Choice]:
    """Those that cost and gain the same as one, that can be made in as many ways."""
    met: dict[tuple[int, int], _Choice] = {}
    for choice in choices:
        known = met.get(choice[:2])
        met[choice[:2]] = choice if known is None else (*known[:2], known[2] + choice[2], *known[3:])
    return list(met.values())


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
