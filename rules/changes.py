"""Changes: what differs between two verdicts, or two places in a ranking, of one unit.

Read by what-if (other facts, the same rulebook) and by impact (the same facts, another rulebook).
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from evidence.facts import Status
from evidence.units import Unit
from levels.framework import LEVELS, Tier
from rules.explain import explain
from rules.scores import GroupRanking, IndicatorScore, InputValue, Place, Ranking, State
from rules.verdict import CriterionVerdict, Reason, Verdict


@frozen
class CriterionChange:
    """One criterion of one unit before and after; None where the rulebook of that side has no such criterion."""

    before: CriterionVerdict | None
    after: CriterionVerdict | None

    @property
    def sides(self) -> tuple[CriterionVerdict, ...]:
        """Both sides, or the one that there is."""
        return tuple(side for side in (self.before, self.after) if side is not None)

    @property
    def shown(self) -> CriterionVerdict:
        """The side that says what the criterion is: the later one, where there is one."""
        return self.sides[-1]

    @property
    def code(self) -> str:
        return self.shown.code

    @property
    def climbed(self) -> int | None:
        """By how many levels the criterion rose (negative: fell); None where one side does not have it."""
        return None if self.before is None or self.after is None else self.after.levels.level - self.before.levels.level


@frozen
class UnitChange:
    """One unit before and after, with the reasons that vanished and those that are new."""

    before: Verdict
    after: Verdict
    criteria: tuple[CriterionChange, ...] = ()  # those whose value, status or level differs
    asked: int = 0  # the level that the reasons are about: the next above the higher of the two
    gone: tuple[Reason, ...] = ()
    new: tuple[Reason, ...] = ()
    blocking: tuple[Reason, ...] = ()  # what still keeps the unit from the next level

    @property
    def unit(self) -> Unit:
        return self.after.unit

    @property
    def climbed(self) -> int:
        """By how many levels the accepted level rose; negative: fell."""
        return self.after.levels.level - self.before.levels.level

    @property
    def next_level(self) -> int | None:
        """The level that ``blocking`` is about; None at the highest."""
        level = self.after.levels.level + 1
        return level if level in LEVELS else None


def compare_verdicts(
    before: Verdict, after: Verdict, verdicts_before: Mapping[str, Verdict], verdicts_after: Mapping[str, Verdict]
) -> UnitChange | None:
    """What differs between two verdicts of one unit under one rulebook; None where nothing does.

    The mappings hold the verdicts of the units below, for the reasons.
    """
    criteria = tuple(
        CriterionChange(old, new)
        for old, new in zip(before.criteria, after.criteria, strict=True)
        if _known(old) != _known(new)
    )
    if not criteria and before.members == after.members:
        return None
    asked = min(max(before.levels.level, after.levels.level) + 1, LEVELS[-1])
    old_reasons = explain(before, asked, verdicts_before).blockers
    new_reasons = explain(after, asked, verdicts_after).blockers
    blocking = tuple(reason for reason in new_reasons if reason.at_level <= after.levels.level + 1)
    gone = tuple(_only(old_reasons, new_reasons))
    return UnitChange(before, after, criteria, asked, gone, tuple(_only(new_reasons, old_reasons)), blocking)


def _known(found: CriterionVerdict) -> tuple[object, ...]:
    """What is known of a criterion and what follows, wherever it comes from."""
    return found.levels, found.standing, found.status, None if found.fact is None else found.fact.amount


def _only(reasons: Sequence[Reason], others: Sequence[Reason]) -> Iterator[Reason]:
    """The reasons whose requirement is not among ``others``'."""
    there = {(reason.criterion.code, reason.at_level) for reason in others}
    return (reason for reason in reasons if (reason.criterion.code, reason.at_level) not in there)


@frozen
class LineChange:
    """One indicator of one unit before and after; None where the rulebook of that side has no such indicator."""

    before: IndicatorScore | None
    after: IndicatorScore | None

    @property
    def shown(self) -> IndicatorScore:
        """The side that says what the indicator is: the later one, where there is one."""
        return [side for side in (self.before, self.after) if side is not None][-1]

    @property
    def code(self) -> str:
        return self.shown.indicator.code

    @property
    def gained(self) -> Fraction:
        """The points won (negative: lost)."""
        return points_of(self.after) - points_of(self.before)


def points_of(line: IndicatorScore | None) -> Fraction:
    """The points of a line; none where there is no such line."""
    return Fraction(0) if line is None else line.points


@frozen
class PlaceChange:
    """One unit's place in its group before and after."""

    group: GroupRanking  # after
    before: Place
    after: Place
    lines: tuple[LineChange, ...] = ()  # the indicators whose points, state, maximum or inputs differ

    @property
    def unit(self) -> Unit:
        return self.after.score.unit

    @property
    def gained(self) -> Fraction:
        """The points won; negative: lost."""
        return self.after.score.points - self.before.score.points

    @property
    def climbed(self) -> int:
        """By how many ranks the unit got better; negative: worse."""
        return self.before.rank - self.after.rank


def compare_rankings(
    before: Ranking, after: Ranking, became: Mapping[tuple[Tier, str], str] | None = None
) -> Iterator[PlaceChange]:
    """Every unit that is ranked in both, group by group and best first, with what differs; also where nothing does.

    ``became``: under another rulebook, the code in ``after`` of each indicator of ``before`` that is still
    there, by tier and code.
    """
    earlier = before.place_of
    for group in after.groups:
        for place in group.places:
            old = earlier.get(place.score.unit.code)
            if old is not None:
                yield PlaceChange(group, old, place, tuple(_lines(old, place, became)))


def _lines(before: Place, after: Place, became: Mapping[tuple[Tier, str], str] | None) -> Iterator[LineChange]:
    tier = after.score.unit.tier
    former: dict[str, IndicatorScore] = {}
    for old in before.score.indicators:
        code = old.indicator.code if became is None else became.get((tier, old.indicator.code))
        if code is None:
            yield LineChange(old, None)
        else:
            former[code] = old
    for new in after.score.indicators:
        line = former.get(new.indicator.code)
        if line is None or _content(line) != _content(new):
            yield LineChange(line, new)


def _content(line: IndicatorScore) -> tuple[object, ...]:
    """What can be told of a line; of one that the unit is not subject to, no value."""
    values = () if line.state is State.NOT_SUBJECT else tuple(map(_value, line.inputs))
    return line.points, line.reachable, line.state, values


def _value(found: InputValue) -> tuple[object, ...]:
    return found.input.key, found.value, Status.UNKNOWN if found.fact is None else found.fact.status
