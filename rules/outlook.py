"""Outlook: how likely each level of a unit is when its facts may turn out otherwise; what the other rooms read.

All numbers are counts of draws, so that every probability is an exact fraction of them.
"""

from fractions import Fraction
from math import isqrt

from attrs import frozen

from evidence.assumptions import Assumption
from evidence.units import Unit
from levels.framework import Criterion, Framework
from levels.index import Index, RankingGroup
from rules.verdict import Levels, Member

PLACES = 10_000
"""Intervals are rounded outward to ten-thousandths."""


@frozen
class Binding:
    """In how many draws a criterion is at the unit's level while that is not the highest: it holds the unit there."""

    criterion: Criterion
    count: int


@frozen
class Worth:
    """What it is worth for one unit's level to know one fact (of the unit or of one below) for certain."""

    unit: Unit  # whose fact it is
    criterion: Criterion
    right: Fraction  # by how much more often the best guess of the level would be right
    lowest: Fraction  # the chance of the level asked after the worst outcome
    highest: Fraction  # and after the best

    @property
    def moves(self) -> Fraction:
        """How far apart the chances of the level asked lie after the worst and after the best outcome."""
        return self.highest - self.lowest


@frozen
class Below:
    """One unit whose level a unit reads: in how many draws it is below what is asked of it for the level looked at."""

    unit: Unit
    criterion: Criterion  # of the unit that reads it
    every: int  # the level that all must be at
    below_every: int
    at: int | None  # the higher one that a share of them must be at; None: there is none
    below_at: int


@frozen
class Outlook:
    """One unit."""

    unit: Unit
    levels: Levels  # as the facts are recorded
    asked: int
    counts: tuple[int, ...]  # draws in which it is at level 0 … 5
    binding: tuple[Binding, ...]  # the most frequent first; only those that bind in some draw
    worth: tuple[Worth, ...]  # the greatest first; only what is worth something, or moves the chance of the level asked
    below: tuple[Below, ...] = ()  # those most often below first; only those that are in some draw

    @property
    def draws(self) -> int:
        return sum(self.counts)

    def at_least(self, level: int) -> Fraction:
        """The probability of ``level`` or above."""
        return Fraction(sum(self.counts[level:]), self.draws)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(count, self.draws) for count in self.counts)

    @property
    def best_guess(self) -> int:
        """The most likely level; of equally likely ones the lowest."""
        return self.counts.index(max(self.counts))

    @property
    def binding_most(self) -> tuple[Binding, ...]:
        """The criterion that binds most often; several where they tie."""
        return tuple(each for each in self.binding if each.count == self.binding[0].count)


@frozen
class Used:
    """An assumption and the number of facts that it was made of."""

    assumption: Assumption
    facts: int


@frozen
class Simulation:
    """The outlook of many units, from the same draws."""

    framework: Framework
    cycle: int
    draws: int
    seed: int
    used: tuple[Used, ...]
    units: tuple[Outlook, ...]
    synthetic: bool
    level: int | None = None  # the one asked for; None: of every unit the registered one, else the next
    stated: tuple[Member, ...] = ()  # the units read that a decision of this cycle speaks of; read only where final
    idle: tuple[Assumption, ...] = ()  # rows that speak of no fact of theirs


@frozen
class RankOutlook:
    """One unit in its ranking group."""

    unit: Unit
    points: Fraction  # as the facts are recorded
    rank: int
    expected: Fraction  # the mean of its points over the draws
    counts: tuple[int, ...]  # draws in which it has rank 1, 2 …

    @property
    def draws(self) -> int:
        return sum(self.counts)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(count, self.draws) for count in self.counts)

    def at_best(self, rank: int) -> Fraction:
        """The probability of ``rank`` or a better one."""
        return Fraction(sum(self.counts[:rank]), self.draws)

    @property
    def span(self) -> tuple[int, int]:
        """The best and the worst rank that it has in some draw."""
        seen = [rank for rank, count in enumerate(self.counts, start=1) if count]
        return seen[0], seen[-1]


@frozen
class GroupOutlook:
    """The units of one ranking group, the best as the facts are recorded first; only those wanted."""

    group: RankingGroup
    parent: Unit | None
    size: int  # of the whole group
    units: tuple[RankOutlook, ...]


@frozen
class RankSimulation:
    """The outlook of ranking groups, from the same draws."""

    index: Index
    cycle: int
    draws: int
    seed: int
    used: tuple[Used, ...]
    groups: tuple[GroupOutlook, ...]
    synthetic: bool
    idle: tuple[Assumption, ...] = ()  # rows that speak of no input of the index


def interval(count: int, draws: int) -> tuple[Fraction, Fraction]:
    """Wilson's 95 % interval of a probability of which ``count`` of ``draws`` were seen, rounded outward.

    It tells how far the number of draws may mislead, and says nothing of the assumptions. In integers: z = 1.96.
    """
    square = Fraction(196, 100) ** 2
    share = Fraction(count, draws)
    spread = square * (Fraction(share * (1 - share), draws) + Fraction(square, 4 * draws * draws))
    middle, below = share + Fraction(square, 2 * draws), 1 + Fraction(square, draws)
    # The root, rounded up to 10^-12, so that no rounding makes the interval too narrow.
    root = Fraction(isqrt(-(-spread.numerator * 10**24 // spread.denominator)) + 1, 10**12)
    low = Fraction(middle - root, below) * PLACES
    high = Fraction(middle + root, below) * PLACES
    return max(Fraction(low.__floor__(), PLACES), Fraction(0)), min(Fraction(high.__ceil__(), PLACES), Fraction(1))
