"""Impacts: every unit under two texts of a rulebook; who rises, who falls, and what decides it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from evidence.units import Unit
from levels.changes import Change
from levels.faults import Text
from levels.framework import Framework, Tier
from levels.index import Index
from rules.changes import CriterionChange, LineChange, PlaceChange, points_of
from rules.verdict import Member, Standing, Verdict

Became = Mapping[tuple[Tier, str], str]
"""The code in the new text of every criterion (or indicator) of the old one, by tier and old code."""


@frozen
class Dropped:
    """What a fact of the old text is of no use for in the new one: it counts there as unknown."""

    tier: Tier
    code: str  # of the criterion or input in the old text
    became: str  # in the new text
    why: Text
    units: tuple[str, ...]  # codes


@frozen
class Decisive:
    """A criterion that by itself makes a unit rise or fall, and what has changed about it."""

    criterion: CriterionChange
    changes: tuple[Change, ...]  # of the text, as far as they can move a level
    members: tuple[tuple[Member, Member], ...] = ()  # of a district's I.1: the communes whose level moved
    dropped: Text | None = None  # why the fact does not count under the new text


@frozen
class UnitImpact:
    """One unit under both texts."""

    before: Verdict
    after: Verdict
    criteria: tuple[CriterionChange, ...]  # all of the new text, then those that it has removed
    decisive: tuple[Decisive, ...]  # empty where the level stays

    @property
    def unit(self) -> Unit:
        return self.after.unit

    @property
    def climbed(self) -> int:
        """By how many levels the unit rises; negative: falls."""
        return self.after.levels.level - self.before.levels.level

    @property
    def shifted(self) -> bool:
        """Whether the accepted level of the unit or of a criterion differs, or there is a criterion more or less."""
        return any(each.climbed != 0 for each in self.criteria)

    @property
    def moved(self) -> bool:
        """Whether anything differs: one of the three levels, or the level of a criterion."""
        return self.before.levels != self.after.levels or self.shifted


@frozen
class Impact:
    """Two texts of a framework of levels, over the same units and facts."""

    before: Framework
    after: Framework
    cycle: int
    units: tuple[UnitImpact, ...]  # those that both texts assess, in the order of the units file
    left_out: tuple[Unit, ...]  # those of which only one of the texts says anything
    changes: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    synthetic: bool


@frozen
class PlaceImpact:
    """One unit's points and rank under both texts; the indicators that differ, those that decide most first."""

    place: PlaceChange
    lines: tuple[tuple[LineChange, Fraction], ...]  # each with what it adds to the percentage

    @property
    def rest(self) -> Fraction:
        """What the other lines (and a bonus) add to the percentage, as what can be reached in all has changed."""
        change = self.place.after.score.percent - self.place.before.score.percent
        return change - sum((share for _, share in self.lines), Fraction(0))

    @property
    def moved(self) -> bool:
        """Whether points, percentage or rank differ."""
        before, after = self.place.before, self.place.after
        return bool(self.lines) or (before.rank, before.score.percent) != (after.rank, after.score.percent)


@frozen
class RankedImpact:
    """Two texts of an index, over the same units and facts."""

    before: Index
    after: Index
    cycle: int
    units: tuple[PlaceImpact, ...]  # those that both texts rank, group by group, the best first
    left_out: tuple[Unit, ...]  # those of which only one of the texts says anything
    changes: tuple[Change, ...]
    dropped: tuple[Dropped, ...]
    synthetic: bool


def impact_on(
    before: Verdict, after: Verdict, became: Became, changes: Sequence[Change], dropped: Sequence[Dropped]
) -> UnitImpact:
    """One unit under both texts, with the criteria that make it rise or fall.

    Falling, these are the criteria that do not give the level of before any more; rising, those that alone
    kept it below the level of after.
    """
    tier, code = after.unit.tier, after.unit.code
    former = {became.get((tier, found.code)): found for found in before.criteria}
    criteria = [CriterionChange(former.get(found.code), found) for found in after.criteria]
    criteria += [CriterionChange(found, None) for found in before.criteria if (tier, found.code) not in became]
    low, high = sorted((before.levels.level, after.levels.level))
    falls = after.levels.level < before.levels.level
    decisive = []
    for change in criteria if low < high else ():
        side = change.after if falls else change.before
        if side is not None and side.levels.level < high:
            lost = (each for each in dropped if (each.tier, each.became) == (tier, change.code) and code in each.units)
            decisive.append(
                Decisive(
                    change,
                    tuple(_bearing_on(change, tier, changes)),
                    tuple(_moved_members(before, after)) if side.standing is Standing.DERIVED else (),
                    next((each.why for each in lost), None),
                )
            )
    return UnitImpact(before, after, tuple(criteria), tuple(decisive))


def can_move(change: Change) -> bool:
    """Whether a change of the text can move a level or points: not a mere rewording or new name."""
    return change.kind not in ("renamed", "reworded") and change.subject not in ("interpretation", "instrument", "act")


def _bearing_on(change: CriterionChange, tier: Tier, changes: Sequence[Change]) -> Iterator[Change]:
    """What has changed in the text of a criterion at the levels between those that it gives now and before."""
    levels = [side.levels.level for side in change.sides]
    for each in changes:
        between = each.level is None or len(levels) < 2 or min(levels) < each.level <= max(levels)
        if (each.tier, each.code) == (tier, change.code) and can_move(each) and between:
            yield each


def _moved_members(before: Verdict, after: Verdict) -> Iterator[tuple[Member, Member]]:
    earlier = {member.unit.code: member for member in before.members}
    for member in after.members:
        old = earlier.get(member.unit.code)
        if old is not None and old.levels.level != member.levels.level:
            yield old, member


def place_impact(change: PlaceChange) -> PlaceImpact:
    """A unit's place under both texts, its changed indicators in the order of what they add to the percentage."""
    before, after = change.before.score, change.after.score
    lines = [
        (line, _share(points_of(line.after), after.reachable) - _share(points_of(line.before), before.reachable))
        for line in change.lines
    ]
    return PlaceImpact(change, tuple(sorted(lines, key=lambda each: -abs(each[1]))))


def _share(points: Fraction, reachable: int) -> Fraction:
    """``points`` in per cent of what can be reached; 0 where nothing can."""
    return Fraction(points * 100, reachable) if reachable else Fraction(0)
