"""Ranking: every unit's place in its group, by the exact percentage of what it can reach.

Units with equal percentages share a rank and the next rank is left out: 1, 2, 2, 4. Where all units of
a group can reach the same maximum, this is the order of their points.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import Index
from rules.scores import GroupRanking, Place, Ranking, Score

NOTHING_REACHABLE = Fraction(-1)
"""The merit of a unit that is subject to no indicator: it stands behind every other one, those with 0 points too."""

Key = tuple[str, str | None]
"""Whom a unit is ranked against: the group's id and, in a group «within parent», the parent's code."""


def rank(
    index: Index, units: Units, scores: Mapping[str, Score], cycle: int, last: Mapping[str, Score] | None = None
) -> Ranking:
    """The ranking of ``scores`` (by unit code): the groups in the order of the index, the best unit first.

    Units that tie are listed in the order of ``units``. A unit without a score, or whose tier no group
    ranks, is left out, and so is a group without units. ``last`` are the scores of the year before:
    they are ranked likewise, and each place carries the one that the unit had in the same group then.
    """
    # Last year's units as they were: some may be gone, some under another parent.
    before = {
        (key, place.score.unit.code): place
        for key, members in peers(index, [score.unit for score in (last or {}).values()]).items()
        for place in _places(members, last or {}, key, {})
    }
    by_id = {group.id: group for group in index.groups}
    return Ranking(
        index,
        cycle,
        tuple(
            GroupRanking(
                by_id[key[0]], None if key[1] is None else units.get(key[1]), _places(members, scores, key, before)
            )
            for key, members in peers(index, [unit for unit in units.values() if unit.code in scores]).items()
        ),
    )


def peers(index: Index, units: Iterable[Unit]) -> dict[Key, list[Unit]]:
    """``units`` by whom they are ranked against, in the order of the index's groups, then of ``units``."""
    of_tier: dict[Tier, list[Unit]] = {}
    for unit in units:
        of_tier.setdefault(unit.tier, []).append(unit)
    found: dict[Key, list[Unit]] = {}
    for group in index.groups:
        for unit in of_tier.get(group.tier, ()):
            found.setdefault((group.id, unit.parent if group.within == "parent" else None), []).append(unit)
    return found


def merit(points: Fraction, reachable: int) -> Fraction:
    """What units are ordered by, more being better: the share of what they can reach."""
    return Fraction(points, reachable) if reachable else NOTHING_REACHABLE


def ranks(merits: Sequence[Fraction]) -> list[int]:
    """The rank of each merit: one more than there are strictly better ones."""
    first: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(merits, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in merits]


def _places(
    members: Sequence[Unit], scores: Mapping[str, Score], key: Key, before: Mapping[tuple[Key, str], Place]
) -> tuple[Place, ...]:
    found = [scores[unit.code] for unit in members]
    numbers = ranks([merit(score.points, score.reachable) for score in found])
    shared = Counter(numbers)
    places = [
        Place(score, number, shared[number] > 1, before.get((key, score.unit.code)))
        for score, number in zip(found, numbers, strict=True)
    ]
    return tuple(sorted(places, key=lambda place: place.rank))
