"""Rank simulation: inputs of an index that may turn out otherwise → how likely each rank is, and the points expected.

Every input is drawn by the assumption that speaks of it; only what the drawn inputs touch is scored again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import add

from certification.cluster.executor import Executor, InProcess
from certification.rating import Rating
from certification.simulation.rank_prospects import RankProspect
from evidence.assumptions import Assumptions
from rules.outlook import GroupOutlook, RankOutlook, RankSimulation, Used
from rules.rank_trials import Field, RankTally, count_ranks
from rules.ranking import peers
from rules.sweeps import rows_of


def simulate_ranks(
    rating: Rating,
    assumptions: Assumptions,
    codes: Sequence[str],
    draws: int,
    seed: int,
    *,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> RankSimulation:
    """How likely each rank of the rated units ``codes`` is, from ``draws`` draws (at least 1).

    ``progress`` is called with the number of pieces of work done, of ``rank_pieces``. Raises ``Faulty`` where an
    assumption names a fact that its model cannot speak of, and ``Unscorable`` as ``rules.scoring.score``.
    """
    prospect = RankProspect(rating, assumptions)
    works = executor or InProcess()
    outlooks: dict[tuple[str, str], RankOutlook] = {}
    for each in prospect.fields():
        tallies = works.map(count_ranks, (each, seed), _spans(len(each.units), draws), progress)
        outlooks |= _outlooks(rating, each, reduce(add, tallies), draws)
    wanted = set(codes)
    groups = []
    for group in rating.ranking().groups:
        members = [place.score.unit.code for place in group.places]
        key = group.group.id
        if found := tuple(outlooks[key, code] for code in members if code in wanted):
            groups.append(GroupOutlook(group.group, group.parent, len(members), found))
    return RankSimulation(
        rating.index,
        rating.cycle,
        draws,
        seed,
        tuple(Used(assumption, number) for assumption, number in sorted(prospect.used.items(), key=lambda u: u[0].row)),
        tuple(groups),
        any(fact.synthetic for facts in rating.facts.values() for fact in facts.values()),
        assumptions.idle(prospect.spoken),
    )


def rank_pieces(rating: Rating, draws: int) -> int:
    """How many pieces of work ``simulate_ranks`` will do: what a progress bar needs."""
    tiers = Counter(unit.tier for unit in rating.rated)
    return sum(-(-draws // rows_of(units)) for units in tiers.values())


def _spans(units: int, draws: int) -> Iterator[range]:
    rows = rows_of(units)
    return (range(first, min(first + rows, draws)) for first in range(0, draws, rows))


def _outlooks(rating: Rating, field_of: Field, tally: RankTally, draws: int) -> dict[tuple[str, str], RankOutlook]:
    """By group and unit."""
    ranking = rating.ranking()
    found: dict[tuple[str, str], RankOutlook] = {}
    units = [rating.units[code] for code in field_of.units]
    keys = peers(rating.index, units)
    places = {(group.group.id, place.score.unit.code): place for group in ranking.groups for place in group.places}
    for (key, _), members, counts in zip(keys, field_of.groups, tally.ranks, strict=True):
        for number, row in zip(members, counts.tolist(), strict=True):
            place = places[key, field_of.units[number]]
            expected = tally.points[number] / draws
            found[key, field_of.units[number]] = RankOutlook(
                units[number], place.score.points, place.rank, expected, tuple(row)
            )
    return found
