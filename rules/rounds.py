"""Rounds: the self score, the council's two rounds and the explanation between them, side by side.

Every difference between a round and the one before it is told with its reason and with what it alone
did to the unit's rank.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import evolve, frozen

from evidence.facts import Fact, Facts
from evidence.units import Units
from levels.index import Bonus, Index, Indicator, Round
from rules.ranking import merit, rank
from rules.scores import IndicatorScore, Place, Ranking, Reading, RoundChange, RoundScore
from rules.scoring import score_all

_READINGS = {"self": Reading.CLAIMED}

PUBLISHED = Round("published", "Kết quả công bố", "", "")
"""What stands beside the rounds as their outcome: only what the council has accepted."""


def compare_rounds(
    index: Index, units: Units, rounds: Mapping[str, Facts], cycle: int
) -> dict[str, tuple[RoundScore, ...]]:
    """By unit code, every round of ``index`` that has facts, in the order of the index, then what can be published.

    ``rounds`` holds the facts as they stood after each round, by its id. The self score takes what the
    unit itself reported; every later round takes the facts as they stand; ``PUBLISHED`` takes what the
    council has accepted of the last ones. Units that no group ranks are left out.
    """
    found: dict[str, list[RoundScore]] = {}
    before: Ranking | None = None
    held = [entry for entry in index.rounds if entry.id in rounds]
    stages = [(entry, rounds[entry.id], _READINGS.get(entry.id, Reading.STANDING)) for entry in held]
    if stages:
        stages.append((PUBLISHED, stages[-1][1], Reading.ACCEPTED))
    for entry, facts, reading in stages:
        scores = score_all(index, units, facts, cycle, reading=reading, explain=False)
        after = rank(index, units, scores, cycle)
        changes = {} if before is None else changes_between(before, after)
        for code, place in after.place_of.items():
            told = changes.get(code, ())
            if entry is PUBLISHED:  # the one reason is that the council has not accepted; notes say other things
                told = tuple(evolve(change, reason="") for change in told)
            found.setdefault(code, []).append(RoundScore(entry, place, told))
        before = after
    return {code: tuple(scored) for code, scored in found.items()}


def changes_between(before: Ranking, after: Ranking) -> dict[str, tuple[RoundChange, ...]]:
    """By unit code, each line whose points or reachable maximum differ, in printed order, the bonus last.

    A line that differs because a peer's facts changed (Min-Max) is among them. The rank after a change
    is the unit's had only this line changed: everything else of it, and every other unit, stays as
    in ``before``. Units that are not in both are left out.
    """
    return {
        place.score.unit.code: tuple(
            RoundChange(
                line.entry, line.before, line.after, line.reason, place.rank, rivals.rank(place, line), line.reachable
            )
            for line in _differences(place, after.place_of[place.score.unit.code])
        )
        for rivals in map(_Rivals.of, (group.places for group in before.groups))
        for place in rivals.places
        if place.score.unit.code in after.place_of
    }


@frozen
class _Difference:
    """One line of a score that differs between two rounds."""

    entry: Indicator | Bonus
    before: Fraction
    after: Fraction
    reachable: int  # how much more the unit can reach because of it
    reason: str


@frozen
class _Rivals:
    """One group as it stood, ready to be asked which rank other points would have been worth."""

    places: tuple[Place, ...]
    merits: list[Fraction]  # ascending

    @classmethod
    def of(cls, places: tuple[Place, ...]) -> "_Rivals":
        return cls(places, [merit(place.score.points, place.score.reachable) for place in reversed(places)])

    def rank(self, place: Place, line: _Difference) -> int:
        """The rank of ``place`` had only ``line`` changed."""
        score = place.score
        own = merit(score.points, score.reachable)
        changed = merit(score.points - line.before + line.after, score.reachable + line.reachable)
        better = len(self.merits) - bisect_right(self.merits, changed)
        return 1 + better - (own > changed)  # the unit is no rival of itself


def _differences(before: Place, after: Place) -> Iterator[_Difference]:
    for new in after.score.indicators:
        old = before.score.by_code[new.indicator.code]
        reachable = new.reachable - old.reachable
        if reachable or new.points != old.points:
            yield _Difference(new.indicator, old.points, new.points, reachable, _reason(old, new))
    bonus = after.score.criteria_set.bonus
    if bonus is not None and before.score.bonus != after.score.bonus:
        yield _Difference(bonus, before.score.bonus, after.score.bonus, 0, _notes([after.score.bonus_fact]))


def _reason(before: IndicatorScore, after: IndicatorScore) -> str:
    """The notes of what was read otherwise than before: another fact, or another value of the same one."""
    known = {value.input.key: value for value in before.inputs}
    return _notes(value.fact for value in after.inputs if known.get(value.input.key) != value)


def _notes(facts: Iterable[Fact | None]) -> str:
    return "; ".join(dict.fromkeys(fact.note for fact in facts if fact is not None and fact.note))
