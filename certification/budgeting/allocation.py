"""Allocation: whom a budget lifts. Most readers (districts) first, then most members (communes), then least cost.

Exact: every number that decides is an integer, every answer comes with the bound that proves it, and where the
proof would take too much work the answer says that it is not proven (``Allocation.optimal``).
"""

from operator import index
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from certification.budgeting.selection import Found, Terms, count_within, find_ends, search, sum_groups
from rules.decide import Undecidable
from rules.efforts import CANNOT

AS_IT_IS, LOW, HIGH = range(3)
"""What becomes of a member: nothing is paid, it comes to the level asked of all, it comes to the target."""

WORK = 100_000_000
"""How many combinations of counts are compared, at most, to close what the bound leaves open: about a second."""

_LARGEST = int(np.iinfo(np.int64).max) // 4


@frozen(eq=False)
class Families:
    """Readers (districts) with their members (communes), and what it costs to raise them; costs are integers from 0
    up, ``CANNOT`` where there is no way.

    ``own``: per reader, its own criteria to the target. ``low``, ``high``: per member, to the level demanded of all
    members and to the target (no less than ``low``). ``reader``: per member its reader's place, -1 where it has none.
    ``needed``: per reader, how many members must reach the target. ``must_reader``, ``must_member``: these are
    settled, whatever else they prevent. Raises ``ValueError`` for columns that contradict each other.
    """

    own: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    reader: NDArray[np.intp]
    needed: NDArray[np.int64]
    must_reader: NDArray[np.bool_]
    must_member: NDArray[np.bool_]

    def __attrs_post_init__(self) -> None:
        per_reader, per_member = (self.own, self.needed, self.must_reader), (self.low, self.high, self.must_member)
        if {each.shape for each in per_reader} != {self.own.shape} or self.own.ndim != 1:
            raise ValueError("own, needed and must_reader hold one entry for every reader")
        if {each.shape for each in per_member} != {self.reader.shape} or self.reader.ndim != 1:
            raise ValueError("low, high, reader and must_member hold one entry for every member")
        costs = self.own, self.low, self.high
        if any(each.dtype != np.int64 for each in costs) or min(int(each.min(initial=0)) for each in costs) < CANNOT:
            raise ValueError("costs are integers of 64 bits from 0 up, or CANNOT")
        if ((self.high != CANNOT) & ((self.low == CANNOT) | (self.low > self.high))).any():
            raise ValueError("who can reach the target can reach the lower level, and at no higher cost")
        if int(self.reader.max(initial=-1)) >= len(self.own) or int(self.reader.min(initial=-1)) < -1:
            raise ValueError("a member's reader is the place of one, or -1")
        if self.needed.dtype.kind != "i" or int(self.needed.min(initial=0)) < 0:
            raise ValueError("needed counts members")


@frozen(eq=False)
class Allocation:
    """Who is lifted. ``members``: per member ``AS_IT_IS``, ``LOW`` or ``HIGH`` (also where that costs nothing).

    ``settled``: what the settled ones cost at least, None where there is no way for one of them; not ``feasible``:
    they cost more than the budget, and nobody is lifted. ``most_members``: with as many readers no allocation has
    more members at the target; ``least_spent``: with as many of both none costs less. ``nodes``: combinations of
    counts compared beyond the bound.
    """

    feasible: bool
    readers: NDArray[np.bool_]
    members: NDArray[np.int8]
    spent: int
    settled: int | None
    most_members: int
    least_spent: int
    nodes: int = 0

    @property
    def reached(self) -> int:
        """How many members reach the target."""
        return int(np.count_nonzero(self.members == HIGH))

    @property
    def optimal(self) -> bool:
        """Whether it is proven that no allocation is better."""
        return not self.feasible or (self.reached >= self.most_members and self.spent <= self.least_spent)


def allocate(families: Families, budget: int, *, work: int = WORK) -> Allocation:
    """The allocation of ``budget`` (in the unit of the costs) that lifts most readers, then brings most members to
    the target, in whatever district, then costs least; ties go to whoever stands first.

    A reader is lifted when its own criteria are paid, all its members (there are some) come to the lower level and
    ``needed`` of them to the target. ``work`` bounds the combinations compared after the bounds. Raises
    ``ValueError`` for a negative budget, and ``Undecidable`` where what is found does not cost what was to be proven.
    """
    budget = index(budget)  # Python's own integer: it never wraps around
    if budget < 0:
        raise ValueError(f"a budget of {budget} is negative")
    layout = _lay_out(families)
    if layout.settled is None or layout.settled > budget:
        nobody = np.zeros(len(families.own), np.bool_), np.zeros(len(families.reader), np.int8)
        return Allocation(False, *nobody, 0, layout.settled, 0, 0)
    count = count_within(layout.steps, budget - layout.settled)
    allocation = _allocation(families, layout, search(layout.terms, count, budget - layout.base, work))
    if not allocation.least_spent <= allocation.spent <= budget:
        raise Undecidable(f"lifting costs {allocation.spent}, at least {allocation.least_spent}, of {budget}")
    return allocation


def curve(families: Families) -> list[int]:
    """The least cost at which 0, 1, 2 … readers (at least) are lifted, what is settled included; members at the
    target where there are no readers. Empty where something settled has no way.
    """
    layout = _lay_out(families)
    if layout.settled is None:
        return []
    steps = layout.steps
    certain = int(np.count_nonzero(families.must_reader))
    if not len(families.own):
        steps = np.sort(layout.terms.loose)
        certain = int(np.count_nonzero(families.must_member))
    return [layout.settled] * (certain + 1) + [layout.settled + int(each) for each in np.cumsum(steps)]


@frozen(eq=False)
class _Layout:
    """``terms``: what is left to choose; ``base``: what the settled members cost, ``settled``: with the settled
    readers (None: no way); ``steps``: what every other reader adds at least, cheapest first; ``joined``: the members
    who come to the target as soon as their reader is lifted.
    """

    terms: Terms
    base: int
    settled: int | None
    steps: NDArray[Any]
    joined: NDArray[np.bool_]


def _lay_out(families: Families) -> _Layout:
    low, high, own = families.low, families.high, families.own
    if _sum_exceeds(families):
        low, high, own = (each.astype(object) for each in (low, high, own))
    count, must, able = len(own), families.must_member, families.high != CANNOT
    group = np.where(families.reader < 0, count, families.reader)
    # Cheapest additional cost first within each reader, members of none at the end: the order of all that follows.
    order = np.argsort(high - low, kind="stable")
    order = order[np.argsort(group[order], kind="stable")]
    ends = find_ends(group[order], count)

    def per_reader(values: NDArray[Any]) -> NDArray[Any]:
        return sum_groups(values[order], ends)[:count]

    choosable = order[(able & ~must)[order]]
    places, extra = group[choosable], (high - low)[choosable]
    ends_of_choosable = find_ends(places, count)
    forced = np.maximum(families.needed - per_reader(must & able), 0)
    is_forced = np.arange(len(choosable)) - ends_of_choosable[places] < np.append(forced, 0)[places]
    liftable = (own != CANNOT) & (per_reader(np.ones_like(must)) > 0) & (per_reader(low == CANNOT) == 0)
    liftable &= forced <= np.diff(ends_of_choosable)[:count]
    forced_cost = sum_groups(np.where(is_forced, extra, 0), ends_of_choosable)[:count]
    terms = Terms(
        loose=high[choosable],
        loose_group=places,
        tied=extra[~is_forced],
        tied_group=places[~is_forced],
        lift=np.where(liftable, own + per_reader(np.where(must, 0, low)) + forced_cost, 0),
        forced=np.where(liftable, forced, 0),
        free=np.flatnonzero(liftable & ~families.must_reader),
        chosen=np.flatnonzero(families.must_reader),
    )
    base = int(high[must & able].sum())
    possible = bool(able[must].all() and liftable[terms.chosen].all())
    joined = np.zeros(len(group), np.bool_)
    joined[choosable[is_forced]] = True
    settled = base + int(terms.lift[terms.chosen].sum()) if possible else None
    return _Layout(terms, base, settled, np.sort(terms.lift[terms.free]), joined)


def _sum_exceeds(families: Families) -> bool:
    """Whether 64 bits do not hold every sum of costs, with room for what is done with them."""
    largest = [int(each.max(initial=0)) * max(len(each), 1) for each in (families.own, families.low, families.high)]
    return sum(largest) > _LARGEST


def _allocation(families: Families, layout: _Layout, found: Found) -> Allocation:
    readers = np.zeros(len(families.own), np.bool_)
    readers[found.lifted] = True
    lifted = np.append(readers, False)[families.reader]
    members = np.where(lifted, LOW, AS_IT_IS).astype(np.int8)
    members[families.must_member | (layout.joined & lifted)] = HIGH
    # Who stands first goes first among equals.
    paid = np.where(lifted & (families.high != CANNOT), families.high - families.low, families.high)
    rest = np.flatnonzero((families.high != CANNOT) & (members != HIGH))
    members[rest[np.argsort(paid[rest], kind="stable")][: found.more]] = HIGH
    spent = _cost(families, readers, members)
    settled = int(np.count_nonzero(families.must_member))
    return Allocation(
        True,
        readers,
        members,
        spent,
        layout.settled,
        found.most + settled,
        found.least + layout.base,
        found.nodes,
    )


def _cost(families: Families, readers: NDArray[np.bool_], members: NDArray[np.int8]) -> int:
    """What it costs, in integers of any size."""
    own, low, high = families.own[readers], families.low[members == LOW], families.high[members == HIGH]
    return sum(map(int, own)) + sum(map(int, low)) + sum(map(int, high))
