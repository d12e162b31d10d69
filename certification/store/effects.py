"""Effects: what each ruling that is open to the council would change, computed before anything is saved.

The same use cases decide that decide afterwards: ``certification.hierarchy`` levels, ``certification.rating`` points.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from attrs import evolve, frozen

from certification.hierarchy import Assessment, reevaluate
from certification.rating import Rating
from certification.store.appraisal import Proposal, propose
from certification.store.assessments import assessment_of, frame_of, rating_of
from certification.store.facts import Cells
from certification.store.matters import Docket, Matter
from certification.store.results import Result, results_of
from evidence.facts import Fact, Status
from evidence.rulings import Ruling
from evidence.scenarios import apply
from evidence.units import Unit
from evidence.values import Flaw, Unreadable
from rules.scores import Place
from rules.verdict import CriterionVerdict, Levels, Verdict

UNSTATED = "–"
"""Stands for a reason that is not written yet: what a ruling changes does not hang on it."""


@frozen
class Above:
    """A unit that reads the level of the one appraised, before and after."""

    unit: Unit
    before: Levels
    after: Levels


@frozen
class LevelEffect:
    """What a ruling changes in levels; ``flaws``: why it cannot be made like this, and then it changes nothing."""

    ruling: Ruling
    flaws: tuple[Flaw, ...] = ()
    before: Levels | None = None
    after: Levels | None = None
    criterion: CriterionVerdict | None = None  # after
    above: tuple[Above, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether it changes any level of the unit or above it."""
        return self.before != self.after or any(each.before != each.after for each in self.above)


@frozen
class PointEffect:
    """What a ruling changes in points and rank; ``flaws`` as of levels."""

    ruling: Ruling
    flaws: tuple[Flaw, ...] = ()
    before: Place | None = None
    after: Place | None = None
    line_before: Fraction = Fraction(0)  # points of what is ruled on
    line_after: Fraction = Fraction(0)

    @property
    def moves(self) -> bool:
        """Whether it changes the points or the rank of the unit."""
        if self.before is None or self.after is None:
            return False
        return self.before.score.points != self.after.score.points or self.before.rank != self.after.rank


@frozen
class Levelled:
    """A dossier of levels with the units above it, ready to be decided with other facts."""

    docket: Docket
    assessment: Assessment
    results: Mapping[str, Result]

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict as the facts stand."""
        levels = {code: result.levels for code, result in self.results.items()}
        return self.assessment.decide(self.docket.unit.code, levels)

    def effect(self, matter: Matter, ruling: Ruling, cells: Mapping[str, Cells], reason: str = "") -> LevelEffect:
        """What ``ruling`` would change, the reason still missing or not."""
        try:
            proposal = propose(self.docket, matter.code, ruling, cells, reason or UNSTATED)
        except Unreadable as unreadable:
            return LevelEffect(ruling, tuple(unreadable.flaws))
        code = self.docket.unit.code
        after = reevaluate(self.assessment, self.results, {code: self._counting(proposal)})
        before = self.results[code].levels
        above = tuple(
            Above(
                self.assessment.units[each],
                self.results[each].levels,
                after[each].levels if each in after else self.results[each].levels,
            )
            for each in self.readers
        )
        found = next((each for each in after[code].criteria if each.code == matter.code), None)
        return LevelEffect(ruling, (), before, after[code].levels, found, above)

    @property
    def readers(self) -> list[str]:
        """The units that read this one's level, nearest first."""
        graph, code = self.assessment.graph, self.docket.unit.code
        found: list[str] = []
        while above := [each for each in graph.successors(code) if each in self.results]:
            code = above[0]
            found.append(code)
        return found

    def _counting(self, proposal: Proposal) -> dict[str, Fact]:
        """``proposal`` as evidence takes it: where nothing is stated, an earlier inspection that lasts stands in."""
        last = {part.asked.code: part.last for matter in self.docket.matters for part in matter.parts}
        lasting = {asked.code for asked in self.docket.catalogue.lasting.get(self.docket.unit.tier, ())}
        found: dict[str, Fact] = {}
        for code, fact in proposal.items():
            before = last.get(code)
            usable = before is not None and before.amount and before.status not in (Status.REJECTED, Status.EXEMPT)
            stands_in = fact.status is Status.UNKNOWN and code in lasting and usable
            found[code] = before if stands_in and before is not None else fact
        return found


@frozen
class Pointed:
    """A dossier of points with all units that it is ranked among."""

    docket: Docket
    rating: Rating

    @cached_property
    def place(self) -> Place | None:
        """The unit's place as the facts stand; None where no group ranks it."""
        return self.rating.ranking().place_of.get(self.docket.unit.code)

    def effect(self, matter: Matter, ruling: Ruling, cells: Mapping[str, Cells], reason: str = "") -> PointEffect:
        """What ``ruling`` would change, the reason still missing or not."""
        try:
            proposal = propose(self.docket, matter.code, ruling, cells, reason or UNSTATED)
        except Unreadable as unreadable:
            return PointEffect(ruling, tuple(unreadable.flaws))
        facts = apply(self.rating.facts, {self.docket.unit.code: dict(proposal)})
        supposed = evolve(self.rating, evidence=evolve(self.rating.evidence, facts=facts))
        after = supposed.ranking().place_of.get(self.docket.unit.code)
        return PointEffect(
            ruling, (), self.place, after, points_on(self.place, matter.code), points_on(after, matter.code)
        )


def points_on(place: Place | None, code: str) -> Fraction:
    """The points of a unit on an indicator, or its bonus points; none where it has no place."""
    if place is None:
        return Fraction(0)
    line = place.score.by_code.get(code)
    return place.score.bonus if line is None else line.points


def weigh(docket: Docket, rating: Rating | None = None) -> Levelled | Pointed:
    """The dossier of ``docket`` made ready to be decided with other facts; ``rating``: where it is at hand already."""
    cycle = docket.dossier.cycle
    if cycle.rulebook.kind == "index":
        return Pointed(docket, rating or rating_of(cycle))
    line = [docket.unit.code]
    while above := docket.units[line[-1]].parent:
        line.append(above)
    frame = frame_of(cycle, docket.units)
    return Levelled(docket, assessment_of(cycle, line, frame), results_of(cycle, frame))


def effects_of(
    weighed: Levelled | Pointed, matter: Matter, cells: Mapping[str, Cells], rulings: Iterable[Ruling]
) -> dict[Ruling, LevelEffect | PointEffect]:
    """What each of ``rulings`` on ``matter`` would change."""
    return {ruling: weighed.effect(matter, ruling, cells) for ruling in rulings}
