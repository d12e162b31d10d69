"""Rank trials: drawn inputs of an index → points and ranks, counted, exactly.

Only the lines whose inputs are drawn are scored again; all others are held. What a span of draws gives depends on
what is given alone, so that it may be counted anywhere.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from levels.index import Indicator
from rules.compile import UNMET
from rules.draws import Law, draw
from rules.ranking import NOTHING_REACHABLE
from rules.shares import (
    ACCEPTED,
    MISSING,
    SELF_REPORTED,
    UNPROVEN,
    PeerStatistics,
    Value,
    rule_of,
    statistics_of,
)

Outcome = tuple[int, ...]
"""What was drawn of a line: one number for each of its ``Drawn``."""


@frozen
class Drawn:
    """Inputs of one line that are drawn together.

    ``places``: which of the line's inputs; ``scale``: what the drawn number is counted in; ``table``: where the
    number is that of a row of values instead, the rows; ``unproven``: a «yes» comes without its document.
    """

    name: str
    law: Law
    places: tuple[int, ...]
    scale: int = 1
    table: tuple[tuple[Value, ...], ...] = ()
    unproven: bool = False

    def values(self, number: int) -> tuple[Value | None, ...]:
        """The values of the inputs at ``places``; None: nothing that counts."""
        if self.table:
            return self.table[number]
        if number == UNMET:
            return (None,)
        return (number if self.scale == 1 else Fraction(number, self.scale),)


@frozen
class Line:
    """One indicator of the unit at ``place`` (None: its bonus), with the inputs that stay."""

    place: int
    indicator: Indicator | None
    values: tuple[Value | None, ...]
    ranks: tuple[int, ...]
    drawn: tuple[Drawn, ...] = ()

    def inputs(self, outcome: Outcome) -> tuple[list[Value | None], list[int]]:
        """Values and how settled each is, as drawn."""
        values, ranks = list(self.values), list(self.ranks)
        for each, number in zip(self.drawn, outcome, strict=True):
            for place, value in zip(each.places, each.values(number), strict=True):
                if value and each.unproven:
                    values[place], ranks[place] = None, UNPROVEN
                else:
                    values[place], ranks[place] = value, MISSING if value is None else ACCEPTED
        return values, ranks


Joint = tuple[Line, ...]
"""Lines that are scored together: one, or those of all units that are measured against each other."""


@frozen
class Field:
    """The rated units of one tier: what they hold whatever is drawn, and the lines that are drawn.

    ``groups``: the places of the units that are ranked against each other.
    """

    units: tuple[str, ...]
    held: tuple[Fraction, ...]
    reachable: tuple[int, ...]
    joints: tuple[Joint, ...]
    groups: tuple[tuple[int, ...], ...]


@frozen(eq=False)
class RankTally:
    """``ranks``: by group, unit × rank (from 1), in how many draws; ``points``: the sum over the draws by unit."""

    ranks: tuple[NDArray[np.int64], ...]
    points: tuple[Fraction, ...]

    def __add__(self, other: "RankTally") -> "RankTally":
        return RankTally(
            tuple(one + two for one, two in zip(self.ranks, other.ranks, strict=True)),
            tuple(one + two for one, two in zip(self.points, other.points, strict=True)),
        )


def count_ranks(shared: tuple[Field, int], span: range) -> RankTally:
    """The tally of a field (with the seed) in a span of draws; a function of its arguments alone.

    Raises ``Unscorable`` for drawn values that no points may be given for.
    """
    field, seed = shared
    parts: list[list[tuple[list[Fraction], NDArray[np.intp]]]] = [[] for _ in field.units]
    for joint in field.joints:
        rows, which = _outcomes(joint, seed, span)
        scored = [points_of(joint, row) for row in rows]
        for number, line in enumerate(joint):
            parts[line.place].append(([points[number] for points in scored], which))
    scale = lcm(
        *(held.denominator for held in field.held),
        *(points.denominator for each in parts for scored, _ in each for points in scored),
    )
    totals = [_total(held, each, scale, len(span)) for held, each in zip(field.held, parts, strict=True)]
    points = tuple(Fraction(sum(total.tolist()), scale) for total in totals)
    whole = lcm(*(reachable for reachable in field.reachable if reachable))
    merits = [
        total * (whole // reachable) if reachable else np.full(len(span), int(NOTHING_REACHABLE), object)
        for total, reachable in zip(totals, field.reachable, strict=True)
    ]
    return RankTally(tuple(_ranks([merits[place] for place in group]) for group in field.groups), points)


def points_of(joint: Joint, outcome: Outcome) -> list[Fraction]:
    """The points of every line of ``joint`` for what was drawn of them, one after the other."""
    read, start = [], 0
    for line in joint:
        read.append(line.inputs(outcome[start : start + len(line.drawn)]))
        start += len(line.drawn)
    peers = _peers(joint, read)
    points = []
    for line, (values, ranks) in zip(joint, read, strict=True):
        if line.indicator is None:
            points.append(Fraction(values[0] or 0))
            continue
        share, _, _ = rule_of(line.indicator).earn(values, ranks, peers, None)
        points.append(share * line.indicator.max)
    return points


def _peers(joint: Joint, read: Sequence[tuple[list[Value | None], list[int]]]) -> Mapping[str, PeerStatistics]:
    """The statistics of the lines that are measured against each other."""
    indicator = joint[0].indicator
    found: dict[str, PeerStatistics] = {}
    for name, measure in rule_of(indicator).peers if indicator is not None else ():
        quantities = []
        for values, ranks in read:
            rank, above, below = measure(values, ranks)
            if rank in (ACCEPTED, SELF_REPORTED):
                quantities.append(Fraction(above, below))
        statistics = statistics_of(quantities)
        if statistics is not None:
            found[name] = statistics
    return found


def _outcomes(joint: Joint, seed: int, span: range) -> tuple[list[Outcome], NDArray[np.intp]]:
    """The different outcomes of a joint in a span, and which of them each draw has."""
    columns = np.stack([draw(each.law, seed, each.name, span) for line in joint for each in line.drawn], axis=1)
    rows, which = np.unique(columns, axis=0, return_inverse=True)
    return [tuple(row) for row in rows.tolist()], which.ravel()


def _total(
    held: Fraction, parts: Sequence[tuple[list[Fraction], NDArray[np.intp]]], scale: int, draws: int
) -> NDArray[Any]:
    """A unit's points in every draw, in parts of ``scale``: whole numbers of any size."""
    total = np.full(draws, int(held * scale), object)
    for scored, which in parts:
        whole = np.array([int(points * scale) for points in scored], object)
        total += whole[which]
    return total


def _ranks(merits: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """How often each unit has each rank: one more than there are strictly better ones."""
    units = len(merits)
    stacked = np.stack(merits)
    # The order alone matters: from here on small integers stand for the merits.
    order = np.unique(stacked, return_inverse=True)[1].reshape(stacked.shape)
    return np.stack([np.bincount((order > own).sum(axis=0), minlength=units).astype(np.int64) for own in order])
