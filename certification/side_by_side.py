"""Side by side: where every unit stands under several rulebooks at once, levels beside points and ranks.

Nothing is mixed: each rulebook judges by its own facts, and no number here is made of two of them.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from certification.hierarchy import Assessment, evaluate
from certification.rating import Rating
from evidence.units import Unit, Units
from rules.scores import GroupRanking, Place
from rules.verdict import Verdict

Judged = Assessment | Rating


@frozen
class Ranked:
    """A unit's place and the group it is a place in."""

    place: Place
    group: GroupRanking


@frozen
class UnitStanding:
    """What every rulebook says of one unit, by the rulebook's id; it is left out where it says nothing."""

    unit: Unit
    levels: Mapping[str, Verdict]
    ranks: Mapping[str, Ranked]


@frozen
class SideBySide:
    """Every unit that at least one of ``judged`` speaks of, in the order of the units file."""

    judged: tuple[Judged, ...]
    units: tuple[UnitStanding, ...]

    @property
    def cycle(self) -> int:
        return self.judged[0].cycle


def place_side_by_side(judged: Sequence[Judged], codes: Sequence[str] = ()) -> SideBySide:
    """The standing of the units of ``codes`` (none: all) under each of ``judged``, which share units and cycle.

    Raises ``ValueError`` where they do not, or where one rulebook comes twice.
    """
    ids = [each.rulebook.id for each in judged]
    if len(set(ids)) < len(ids) or len({each.cycle for each in judged}) != 1:
        raise ValueError("each rulebook once, all of one cycle")
    units = judged[0].units
    if any(each.units != units for each in judged):
        raise ValueError("all of the same units")
    levels: dict[str, dict[str, Verdict]] = {}
    ranks: dict[str, dict[str, Ranked]] = {}
    for each in judged:
        if isinstance(each, Assessment):
            # A district reads its communes' levels, so these are decided even where only it is asked for.
            for verdict in evaluate(each, codes=each.resting_on(codes) if codes else None):
                levels.setdefault(verdict.unit.code, {})[each.rulebook.id] = verdict
        else:
            # A rank is one among all: every unit is scored even where one is asked for.
            for group in each.ranking().groups:
                for place in group.places:
                    ranks.setdefault(place.score.unit.code, {})[each.rulebook.id] = Ranked(place, group)
    return SideBySide(tuple(judged), tuple(_stand(units, codes, levels, ranks)))


def _stand(
    units: Units,
    codes: Sequence[str],
    levels: Mapping[str, Mapping[str, Verdict]],
    ranks: Mapping[str, Mapping[str, Ranked]],
) -> list[UnitStanding]:
    wanted = set(codes or units)
    return [
        UnitStanding(unit, levels.get(code, {}), ranks.get(code, {}))
        for code, unit in units.items()
        if code in wanted and (code in levels or code in ranks)
    ]
