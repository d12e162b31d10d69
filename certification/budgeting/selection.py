"""Selection: which readers are lifted, so that a budget brings most members to the target and then costs least.

How many readers are lifted is given. Were every member at the target worth a *price*, each reader could be judged
by itself; the best of that easier problem is a bound on the real one for every price (Lagrange), and prices are
searched for the strictest. Where the choice that a price suggests does not meet the bound, only readers whose
exchange costs no more than the gap can differ from it; these are compared exhaustively (``certification.counts``).

Every number that decides is an integer: costs are multiplied by ``_FINENESS`` so that prices between them can be
tried, in 64 bits where every sum fits and in Python's own integers where one does not.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from certification.budgeting.counting import Option, TooMuchWork, count_out

_FINENESS = 1024
_LARGEST = 2**61

Numbers = NDArray[Any]
"""Integers: of 64 bits, or Python's own."""

Places = NDArray[np.intp]

Lifted = NDArray[np.bool_]
"""By group, whether it is lifted."""


@frozen(eq=False)
class Terms:
    """What can be chosen, and for how much. A member's group is its reader's place, one after the last for none.

    ``loose``: per member, what the target costs where its reader is not lifted; ``tied``: the additional cost where
    it is, without the ``forced`` (per reader, how many) who reach the target with it; both by group and additional
    cost. ``lift``: per reader what lifting it costs, the forced included. ``free``: the readers to choose from;
    ``chosen``: those that are lifted in any case.
    """

    loose: Numbers
    loose_group: Places
    tied: Numbers
    tied_group: Places
    lift: Numbers
    forced: NDArray[np.int64]
    free: Places
    chosen: Places


@frozen(eq=False)
class Found:
    """``lifted``: the readers; ``more``: how many members besides the forced reach the target, cheapest first.

    ``most``: no selection has more members at the target; ``least``: none with as many as this one costs less.
    ``nodes``: how many combinations of counts were compared.
    """

    lifted: Places
    more: int
    most: int
    least: int
    nodes: int


def search(terms: Terms, count: int, budget: int, work: int) -> Found:
    """The best selection of ``count`` of the free readers within ``budget``, which suffices for the cheapest.

    Once more than ``work`` combinations would have to be compared the bounds stay as they are.
    """
    return _Search(terms, count, budget, work).best()


def find_ends(groups: Places, count: int) -> Places:
    """Where each of the groups 0 to ``count`` begins and the last ends, of ascending ``groups``."""
    return np.searchsorted(groups, np.arange(count + 2))


def sum_groups(values: Numbers, ends: Places) -> Numbers:
    """The sums of the groups that ``ends`` delimit."""
    sums = np.concatenate([values[:0].sum(keepdims=True), np.cumsum(values)])
    found: Numbers = sums[ends[1:]] - sums[ends[:-1]]
    return found


def count_within(costs: Numbers, budget: int) -> int:
    """How many of ascending ``costs``, from the first, sum up to no more than ``budget``."""
    sums = np.cumsum(costs)
    # Never compared with a number that 64 bits do not hold: that would be done in floating point.
    return int(np.searchsorted(sums, min(budget, int(sums[-1])), side="right")) if len(sums) else 0


@frozen(eq=False)
class _Judged:
    """Every reader judged by itself at ``price``: the best selection of the easier problem, and its ``value``.

    ``flips``: per free reader, what lifting it adds; ``order``: the free readers' places among the free, those
    that are lifted first. ``lifted``: by group. ``loose``, ``tied``: by group, what its members add where it is
    not lifted and where it is. ``count``: members at the target, all whose effort is no more than the price.
    """

    price: int
    flips: Numbers
    order: Places
    lifted: Lifted
    loose: Numbers
    tied: Numbers
    value: int
    count: int

    @property
    def cost(self) -> int:
        return self.value + self.price * self.count

    def bound(self, members: int) -> int:
        """No selection with so many members at the target costs less."""
        return self.value + self.price * members


@frozen(eq=False)
class _Cheapest:
    """The cheapest selection found (None: none within the budget), and the ``least`` that any is proven to cost."""

    lifted: Lifted | None
    least: int


@define(eq=False)
class _Search:
    terms: Terms
    count: int
    budget: int
    work: int
    nodes: int = 0
    fineness: int = field(init=False)
    dearest: int = field(init=False)
    lift: Numbers = field(init=False)
    loose: Numbers = field(init=False)
    tied: Numbers = field(init=False)
    loose_ends: Places = field(init=False)
    tied_ends: Places = field(init=False)
    forced: Numbers = field(init=False)
    judged: dict[int, _Judged] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        terms = self.terms
        largest = 2 * (len(terms.loose) + 1) * (int(terms.loose.max(initial=0)) + 1)
        largest += sum(map(int, terms.lift[np.concatenate([terms.free, terms.chosen])]))
        self.fineness = max(1, min(_FINENESS, _LARGEST // largest))
        dtype = np.int64 if largest * self.fineness <= _LARGEST else object
        self.lift = np.append(terms.lift, terms.lift[:0].sum()).astype(dtype) * self.fineness
        self.loose, self.tied = (each.astype(dtype) * self.fineness for each in (terms.loose, terms.tied))
        self.forced = np.append(terms.forced, 0).astype(dtype)  # for it is multiplied by prices
        self.dearest = int(self.loose.max(initial=0))
        self.loose_ends = find_ends(terms.loose_group, len(terms.lift))
        self.tied_ends = find_ends(terms.tied_group, len(terms.lift))

    def best(self) -> Found:
        within = _last(self.dearest, lambda price: self.judge(price).cost <= self.budget * self.fineness)
        nearby = [self.judge(price).lifted for price in (within, min(within + 1, self.dearest))]
        certain = max(self._affordable(lifted) for lifted in nearby)
        bound = None
        for members in range(self._most(), certain - 1, -1):
            found = self._cheapest(members, nearby)
            if bound is None and found.least <= self.budget:
                bound = members
            if found.lifted is not None:
                break
        assert found.lifted is not None  # one of those nearby has ``certain`` members within the budget
        assert bound is not None
        more = max(0, members - int(self.forced[found.lifted].sum()))
        return Found(np.flatnonzero(found.lifted), more, bound, found.least, self.nodes)

    def judge(self, price: int) -> _Judged:
        """The best selection where every member at the target is worth ``price``."""
        if price in self.judged:
            return self.judged[price]
        terms = self.terms
        loose = sum_groups(np.minimum(self.loose - price, 0), self.loose_ends)
        tied = sum_groups(np.minimum(self.tied - price, 0), self.tied_ends)
        adds = self.lift - price * self.forced + tied - loose
        flips = adds[terms.free]
        order = np.argsort(flips, kind="stable")
        lifted = np.zeros(len(self.lift), np.bool_)
        lifted[terms.chosen] = True
        lifted[terms.free[order[: self.count]]] = True
        value = int(loose.sum() + adds[lifted].sum())
        count = int(self.forced[lifted].sum())
        count += int(np.count_nonzero((self.loose <= price) & ~lifted[terms.loose_group]))
        count += int(np.count_nonzero((self.tied <= price) & lifted[terms.tied_group]))
        self.judged[price] = found = _Judged(price, flips, order, lifted, loose, tied, value, count)
        return found

    def _rest(self, lifted: Lifted, left: Lifted | None = None) -> Numbers:
        """What each member adds, the forced left out, where these readers are lifted and those ``left`` (None: all
        others) are not.
        """
        terms = self.terms
        left = ~lifted if left is None else left
        return np.concatenate([self.loose[left[terms.loose_group]], self.tied[lifted[terms.tied_group]]])

    def _affordable(self, lifted: Lifted) -> int:
        """How many members the budget brings to the target where these readers are lifted; -1: not even they are."""
        left = self.budget * self.fineness - int(self.lift[lifted].sum())
        if left < 0:
            return -1
        return int(self.forced[lifted].sum()) + count_within(np.sort(self._rest(lifted)), left)

    def _cost(self, lifted: Lifted, members: int) -> int:
        """The least cost of so many members at the target where these readers are lifted."""
        more = members - int(self.forced[lifted].sum())
        rest = self._rest(lifted)
        cheapest = np.partition(rest, more - 1)[:more] if 0 < more < len(rest) else rest if more > 0 else rest[:0]
        return (int(self.lift[lifted].sum()) + int(cheapest.sum())) // self.fineness

    def _most(self) -> int:
        """No selection has more members at the target: by the strictest of the prices tried."""
        budget = self.budget * self.fineness
        bounds = [(budget - each.value) // each.price for each in self.judged.values() if each.price]
        return min([len(self.loose), *bounds])

    def _cheapest(self, members: int, nearby: Sequence[Lifted]) -> _Cheapest:
        """The cheapest selection with so many members at the target, if there is one within the budget."""
        below = _last(self.dearest, lambda price: self.judge(price).count < members)
        judged = [self.judge(price) for price in sorted({max(below, 0), min(below + 1, self.dearest)})]
        strictest = max(judged, key=lambda each: each.bound(members))
        bound = strictest.bound(members)
        least = -(-bound // self.fineness)
        if least > self.budget:
            return _Cheapest(None, least)
        tried = [*nearby, *(each.lifted for each in judged), *self._between(judged[0], judged[-1], members)]
        costs = [self._cost(lifted, members) for lifted in tried]
        cost = min(*costs, self.budget + 1)
        known = tried[costs.index(cost)] if cost <= self.budget else None
        try:
            better = self._compare(strictest, members, (cost - 1) * self.fineness - bound)
        except TooMuchWork as stopped:
            self.nodes += stopped.nodes
            return _Cheapest(known, least)
        return _Cheapest(known, cost) if better is None else _Cheapest(better, self._cost(better, members))

    def _between(self, fewer: _Judged, more: _Judged, members: int) -> list[Lifted]:
        """The two selections on the way from one to the other between which the count passes ``members``."""
        leaving = np.flatnonzero(fewer.lifted & ~more.lifted)
        coming = np.flatnonzero(more.lifted & ~fewer.lifted)
        if not len(coming):
            return []
        without = sum_groups((self.loose <= more.price).astype(np.int64), self.loose_ends)
        adds = self.forced + sum_groups((self.tied <= more.price).astype(np.int64), self.tied_ends) - without
        counts = int(without.sum() + adds[fewer.lifted].sum()) + np.cumsum(adds[coming] - adds[leaving])
        passed = int(np.argmax(counts >= members))
        found = []
        for exchanged in (passed, passed + 1):
            lifted = fewer.lifted.copy()
            lifted[leaving[:exchanged]], lifted[coming[:exchanged]] = False, True
            found.append(lifted)
        return found

    def _compare(self, judged: _Judged, members: int, gap: int) -> Lifted | None:
        """The cheapest selection whose cost exceeds the bound by no more than ``gap``; None: there is none.

        Whoever is exchanged takes the place of another, and nobody is exchanged at less cost than with the nearest:
        readers for whom that exceeds the gap stay as they were judged.
        """
        flips, free = judged.flips, self.terms.free
        if gap < 0 or not 0 < self.count < len(free):
            return None
        last, first = (flips[judged.order[place]] for place in (self.count - 1, self.count))
        open_ = np.flatnonzero(np.where(judged.lifted[free], first - flips, flips - last) <= gap)
        settled = np.ones(len(self.lift), np.bool_)
        settled[free[open_]] = False
        fixed = judged.lifted & settled
        rest = self._rest(fixed, settled & ~judged.lifted) - judged.price
        readers = [self._options(judged, free[place], flips[place] - last, gap) for place in open_]
        lifted = self.count + len(self.terms.chosen) - int(np.count_nonzero(fixed))
        wanted = members - int(self.forced[fixed].sum())
        selection, nodes = count_out(readers, _sums_of_cheapest(rest), lifted, wanted, gap, self.work - self.nodes)
        self.nodes += nodes
        if selection is None:
            return None
        found = fixed.copy()
        found[free[open_]] = selection
        return found

    def _options(self, judged: _Judged, reader: int, flip: int, gap: int) -> tuple[Option, ...]:
        """What one reader can do at no more than ``gap`` above the bound, not lifted and lifted."""
        loose = self.loose[self.loose_ends[reader] : self.loose_ends[reader + 1]] - judged.price
        tied = self.tied[self.tied_ends[reader] : self.tied_ends[reader + 1]] - judged.price
        either = (
            (False, 0, _sums_of_cheapest(loose) + max(0, -flip)),
            (True, int(self.forced[reader]), _sums_of_cheapest(tied) + max(0, flip)),
        )
        options = []
        for lifted, forced, extra in either:
            within = np.flatnonzero(extra <= gap)  # side by side, for the sums fall and then rise
            options.append(Option(lifted, forced + int(within[0]), extra[within]))
        return tuple(options)


def _last(highest: int, holds: Callable[[int], bool]) -> int:
    """The last price from 0 to ``highest`` for which ``holds``, as for all before it; -1 where there is none."""
    low, high = -1, highest + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _sums_of_cheapest(values: Numbers) -> Numbers:
    """The sum of the 0, 1, 2 … least, above the least of these sums."""
    sums: Numbers = np.concatenate([values[:0].sum(keepdims=True), np.cumsum(np.sort(values))])
    above: Numbers = sums - sums.min()
    return above
