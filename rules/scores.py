"""Scores: the points of units with their justification, and their ranking; what the other rooms read.

Everything is exact: shares and points are fractions, rounded only where they are printed (half up).
"""

from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from attrs import field, frozen

from evidence.facts import Fact, Status
from evidence.units import Unit
from levels.index import Bonus, Index, Indicator, IndicatorSet, Input, Pillar, RankingGroup, Round


class Reading(StrEnum):
    """Which facts count, and at which value."""

    STANDING = "standing"  # as the data stand: the council's value where it has ruled, else the unit's own
    CLAIMED = "claimed"  # the self score: what the unit itself reported, whatever the council made of it
    ACCEPTED = "accepted"  # only what the council has accepted: the only score that can be published


class State(StrEnum):
    """What is known of one indicator of one unit; the least settled of its inputs decides."""

    ACCEPTED = "accepted"  # every input verified or adjusted
    SELF_REPORTED = "self_reported"  # an input that the council has not accepted yet
    MISSING = "missing"  # an input without a fact: 0 points, marked
    REJECTED = "rejected"  # an input that the council refused: 0 points
    ZERO_BASE = "zero_base"  # a quotient over 0: 0 points, marked, until the council rules
    NOT_SUBJECT = "not_subject"  # by the decision's list or the council's ruling: leaves both sides


@frozen
class InputValue:
    """One input as it was read: its fact, and the exact value that counted (None: none did)."""

    input: Input
    fact: Fact | None
    value: Fraction | None


@frozen
class Applied:
    """One line of the decision that was applied, in its own words."""

    text: str  # the words of the segment, option or part; "" where the decision has none
    share: Fraction  # the share of the indicator's maximum it gave
    quantity: Fraction | None = None  # the ratio or number it was applied to
    # Of the units that it was compared with, whose quantity is known: the least, the most, how many.
    peers_lowest: Fraction | None = None
    peers_highest: Fraction | None = None
    peers_count: int | None = None
    unproven: bool = False  # whether it gives nothing only because the claim comes without a document


@frozen
class Gain:
    """One way to win points back: ``more`` of the input ``key`` (or the option or part ``text``) gives ``points``."""

    key: str
    text: str  # the decision's words that would then apply
    points: Fraction  # how many more than now
    more: Fraction | None = None  # how many more of the input; None where it is a choice, a part or a document
    at_most: bool = False  # whether ``points`` is only the most it can give: an input not reported or refused
    also: tuple[tuple[str, Fraction], ...] = ()  # how many more of which other inputs it takes besides


class Reasons(Protocol):
    """Tells the reasons of a unit's lines when they are asked for; the points of a country need none."""

    def inputs(self, line: "IndicatorScore") -> tuple[InputValue, ...]: ...

    def applied(self, line: "IndicatorScore") -> tuple[Applied, ...]: ...

    def gains(self, line: "IndicatorScore") -> tuple[Gain, ...]: ...


@frozen(eq=False)
class IndicatorScore:
    """The points of one unit on one indicator, and why."""

    indicator: Indicator
    state: State
    share: Fraction  # of the maximum, 0 … 1
    _inputs: tuple[InputValue, ...] | Reasons
    _applied: tuple[Applied, ...] | Reasons = ()
    _gains: tuple[Gain, ...] | Reasons = ()
    readings: tuple[str, ...] = ()  # ids of the interpretations the score rests on

    @cached_property
    def inputs(self) -> tuple[InputValue, ...]:
        return self._inputs if isinstance(self._inputs, tuple) else self._inputs.inputs(self)

    @cached_property
    def applied(self) -> tuple[Applied, ...]:
        return self._applied if isinstance(self._applied, tuple) else self._applied.applied(self)

    @cached_property
    def gains(self) -> tuple[Gain, ...]:
        """What would win points back, the best last; empty at the full score."""
        return self._gains if isinstance(self._gains, tuple) else self._gains.gains(self)

    @property
    def unproven(self) -> bool:
        """Whether it earns nothing because a claim that needs a document comes without one."""
        return self.state is State.MISSING and any(found.unproven for found in self.applied)

    @property
    def points(self) -> Fraction:
        return Fraction(self.share.numerator * self.indicator.max, self.share.denominator)

    @property
    def reachable(self) -> int:
        return 0 if self.state is State.NOT_SUBJECT else self.indicator.max

    @property
    def lost(self) -> Fraction:
        return self.reachable - self.points

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, IndicatorScore) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.indicator.code, self.state, self.share))

    def _content(self) -> tuple[Any, ...]:
        return self.indicator, self.state, self.share, self.inputs, self.applied, self.gains, self.readings


@frozen
class PillarScore:
    pillar: Pillar
    points: Fraction
    reachable: int

    @property
    def share(self) -> Fraction | None:
        """The share of the reachable maximum; None where the unit is not subject to the pillar."""
        return Fraction(self.points, self.reachable) if self.reachable else None


Lines = tuple[IndicatorScore, ...]


def _lines(made: Lines | Callable[[], Lines]) -> Lines:
    return made if isinstance(made, tuple) else made()


@frozen
class Score:
    """The points of one unit under one index in one cycle."""

    index: Index
    unit: Unit
    cycle: int
    reading: Reading
    # The lines, or what tells them when they are asked for: a ranking asks for none.
    _indicators: Lines | Callable[[], Lines] = field(eq=_lines, repr=False)
    pillars: tuple[PillarScore, ...]
    points: Fraction  # bonus included
    reachable: int
    bonus: Fraction = Fraction(0)
    bonus_fact: Fact | None = None

    @cached_property
    def indicators(self) -> Lines:
        """Every line that earns points, in printed order."""
        return _lines(self._indicators)

    @property
    def criteria_set(self) -> IndicatorSet:
        return self.index.sets[self.unit.tier]

    @cached_property
    def percent(self) -> Fraction:
        """Points of the reachable maximum in per cent, exact; 0 where nothing is reachable."""
        return Fraction(self.points * 100, self.reachable) if self.reachable else Fraction(0)

    @cached_property
    def by_code(self) -> dict[str, IndicatorScore]:
        return {line.indicator.code: line for line in self.indicators}

    @cached_property
    def missing(self) -> tuple[IndicatorScore, ...]:
        """The lines that count 0 because nothing is known: missing data and zero bases."""
        return tuple(line for line in self.indicators if line.state in (State.MISSING, State.ZERO_BASE))

    @cached_property
    def provisional(self) -> bool:
        """Whether the score may still change: a line is missing, a zero base, or not accepted by the council."""
        open_states = (State.SELF_REPORTED, State.MISSING, State.ZERO_BASE)
        ruled = self.bonus_fact is None or self.bonus_fact.status not in (Status.UNKNOWN, Status.SELF_REPORTED)
        return not ruled or any(line.state in open_states for line in self.indicators)

    @cached_property
    def synthetic(self) -> bool:
        """Whether it rests on a made-up fact (the bundled samples)."""
        return any(value.fact is not None and value.fact.synthetic for line in self.indicators for value in line.inputs)


@frozen
class Place:
    """One unit in a ranking; units with equal percentages share a rank, the next rank is left out."""

    score: Score
    rank: int
    tied: bool
    last: "Place | None" = None  # the same unit's place a year before

    @property
    def climbed(self) -> int | None:
        """How many ranks better than a year before (negative: worse); None where that is not known."""
        return None if self.last is None else self.last.rank - self.rank


@frozen
class GroupRanking:
    """The places of one group, best first; for a group «within parent», of the units under ``parent``."""

    group: RankingGroup
    parent: Unit | None
    places: tuple[Place, ...]

    @property
    def provisional(self) -> bool:
        return any(place.score.provisional for place in self.places)

    @property
    def by_percent(self) -> bool:
        """Whether the units' reachable maxima differ, so that only percentages compare."""
        return len({place.score.reachable for place in self.places}) > 1


@frozen
class Ranking:
    """Every unit of an index in its group."""

    index: Index
    cycle: int
    groups: tuple[GroupRanking, ...]

    @cached_property
    def place_of(self) -> dict[str, Place]:
        """The place by the unit's code."""
        return {place.score.unit.code: place for group in self.groups for place in group.places}


@frozen
class RoundChange:
    """What a later round changed on one indicator, why, and what it did to the rank."""

    indicator: Indicator | Bonus
    before: Fraction
    after: Fraction
    reason: str  # the note of the facts that changed; "" where nobody gave one
    rank_before: int | None  # None: not to be told (``reports.round_table.without_ranks``)
    rank_after: int | None  # of the unit, had only this indicator changed
    reachable: int = 0  # how much more the unit can reach since: negative where it is no longer subject to it


@frozen
class RoundScore:
    """One unit after one round: its place among the units as they stand after that round."""

    round: Round
    place: Place
    changes: tuple[RoundChange, ...]  # against the round before; empty for the first
