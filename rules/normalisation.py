"""Normalisation: the values of a group against each other, by Z-Score or Min-Max.

The decision of Đắk Lắk (mục II.2.b) says that both methods «sẽ được xem xét áp dụng»: a possibility and
no rule. What is computed here stands beside points and ranks for comparison; it never replaces them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from attrs import frozen

from levels.framework import Interpretation
from levels.index import Indicator
from rules.ranking import ranks
from rules.scores import GroupRanking, Place, State
from rules.shares import PeerStatistics, min_max, standard_score, statistics_of

Method = Literal["z_score", "min_max"]

READING = "normalisation"
"""The id of the interpretation under which an index tells whether its decision names the methods."""

_HAVE_DATA = frozenset({State.ACCEPTED, State.SELF_REPORTED})


@frozen
class NormalisedUnit:
    """One unit's values against its group's."""

    place: Place  # its points and rank, which stand
    values: tuple[Fraction | None, ...]  # in the order of ``Normalised.indicators``; None: not subject
    composite: Fraction | None  # the mean of the values weighted by the maxima; None: subject to none
    rank: int | None  # by the composite
    tied: bool


@frozen
class Normalised:
    """A group, normalised: optional, and beside its ranking."""

    method: Method
    ranking: GroupRanking
    indicators: tuple[Indicator, ...]  # or whole pillars, where the decision leaves their indicators out
    units: tuple[NormalisedUnit, ...]  # by composite, the best first; those without one last
    reading: Interpretation | None  # with the clause that names the methods; None: the decision names none


def normalise(ranking: GroupRanking, method: Method) -> Normalised:
    """The values of every unit of ``ranking`` against those of its group that have data.

    What is compared is the share of each indicator's maximum. ``min_max`` is (x - lowest) / (highest -
    lowest), held from 0 to 1; where all have alike, 1 above 0 and else 0. ``z_score`` is the distance from
    the mean in standard deviations of all who have data, to 12 decimals, half up; where all have alike, 0.
    Missing, refused and zero-base data count 0, as they do in the points, and are nobody's measure. A unit
    that is not subject to an indicator has no value there. ``ranking`` must hold at least one place.
    """
    index = ranking.places[0].score.index
    indicators = ranking.places[0].score.criteria_set.indicators
    columns = [_column(ranking.places, indicator, method) for indicator in indicators]
    rows = list(zip(*columns, strict=True))
    composites = [_composite(row, indicators) for row in rows]
    known = [composite for composite in composites if composite is not None]
    rank_of = dict(zip(known, ranks(known), strict=True))
    shared = Counter(known)
    units = [
        NormalisedUnit(place, row, composite, rank_of[composite], shared[composite] > 1)
        if composite is not None
        else NormalisedUnit(place, row, None, None, False)
        for place, row, composite in zip(ranking.places, rows, composites, strict=True)
    ]
    reading = next((entry for entry in index.interpretations if entry.id == READING), None)
    return Normalised(
        method, ranking, indicators, tuple(sorted(units, key=lambda unit: unit.rank or len(units) + 1)), reading
    )


def _column(places: Iterable[Place], indicator: Indicator, method: Method) -> list[Fraction | None]:
    """The normalised values of one indicator, unit by unit."""
    lines = [place.score.by_code[indicator.code] for place in places]
    peers = statistics_of(line.share for line in lines if line.state in _HAVE_DATA)
    return [None if line.state is State.NOT_SUBJECT else _value(line.share, peers, method) for line in lines]


def _value(share: Fraction, peers: PeerStatistics | None, method: Method) -> Fraction:
    if peers is None:
        return Fraction(0)
    if method == "min_max":
        return min_max(peers, share)[0]
    return standard_score(peers, share) if peers.variance else Fraction(0)


def _composite(values: Sequence[Fraction | None], indicators: Sequence[Indicator]) -> Fraction | None:
    known = [(value, indicator.max) for value, indicator in zip(values, indicators, strict=True) if value is not None]
    weight = sum(maximum for _, maximum in known)
    return Fraction(sum(value * maximum for value, maximum in known), weight) if weight else None
