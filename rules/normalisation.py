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
from rules.shares import PeerStatistics, standard_score, statistics_of

Method = Literal["z_score", "min_max"]

READING = "normalisation"
"""The id of the interpretation under which an index tells whether its decision names the methods."""


@frozen
class NormalisedUnit:
    """One unit's values against its group's."""

    place: Place  # its points and rank, which stand
    values: tuple[Fraction | None, ...]  # in the order of ``Normalised.indicators``; None: nothing to compare
    composite: Fraction | None  # the mean of the values weighted by the maxima; None where there is none
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
    """The values of every unit of ``ranking`` against those of its group.

    What is compared is the share of each indicator's maximum; missing data count 0 as they do in the
    points. ``z_score`` is the distance from the mean in standard deviations of the whole group, to 12
    decimals, half up; ``min_max`` is (x - lowest) / (highest - lowest). A unit that is not subject to an
    indicator has no value there, and an indicator that all have alike tells nobody apart: neither is
    part of a composite. ``ranking`` must hold at least one place.
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
    shares = [None if line.state is State.NOT_SUBJECT else line.share for line in lines]
    peers = statistics_of(share for share in shares if share is not None)
    if peers is None or peers.lowest == peers.highest:
        return [None for _ in shares]
    return [None if share is None else _value(share, peers, method) for share in shares]


def _value(share: Fraction, peers: PeerStatistics, method: Method) -> Fraction:
    if method == "z_score":
        return standard_score(peers, share)
    return Fraction(share - peers.lowest, peers.highest - peers.lowest)


def _composite(values: Sequence[Fraction | None], indicators: Sequence[Indicator]) -> Fraction | None:
    known = [(value, indicator.max) for value, indicator in zip(values, indicators, strict=True) if value is not None]
    weight = sum(maximum for _, maximum in known)
    return Fraction(sum(value * maximum for value, maximum in known), weight) if weight else None
