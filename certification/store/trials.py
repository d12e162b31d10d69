"""Trials: what a dossier's result is, and what it would be with a fact that is only typed yet. Nothing is saved.

Decided by the same use cases as every result. A unit's own facts are enough for it, except where its rulebook reads
the levels of its members, or measures it against its peers: then these are read as well.
"""

from collections.abc import Mapping
from functools import cached_property

from attrs import evolve, frozen

from certification.hierarchy import Assessment
from certification.store.assessments import assessment_of, evidence_of, frame_of, framework_of, index_of, units_of
from certification.store.facts import unit_of
from certification.store.models.dossiers import Dossier
from certification.store.results import results_of
from evidence.facts import Fact, Facts
from evidence.units import Units
from levels.faults import Text
from levels.framework import Tier
from levels.index import Gate, Index, IndicatorSet, NoneDetected, Peers, Scoring
from reports.plan import hindrance_text
from reports.sentences import missing_text
from rules.improvement import improve
from rules.plans import Step
from rules.scores import IndicatorScore, Score
from rules.scoring import find_peers, score
from rules.verdict import CriterionVerdict, Levels, Verdict


@frozen
class LevelTrial:
    """One dossier under a framework of levels: its verdict, and what one would be with other facts."""

    code: str
    assessment: Assessment
    levels: Mapping[str, Levels]  # of the member units, where they are read

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict as things stand."""
        return self.assessment.decide(self.code, self.levels)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that count this year, also those of last year that last."""
        return self.assessment.facts.get(self.code, {})

    @property
    def last_year(self) -> Mapping[str, Fact]:
        """The facts of the year before."""
        return self.assessment.last_year.get(self.code, {})

    def suppose(self, fact: Fact) -> Verdict:
        """The verdict if ``fact`` took the place of what is known of its criterion."""
        facts = {**self.assessment.facts, self.code: {**self.facts, fact.criterion: fact}}
        return evolve(self.assessment, facts=facts).decide(self.code, self.levels)


@frozen
class PointTrial:
    """One dossier under an index: its score, and what one would be with other facts."""

    code: str
    index: Index
    units: Units
    all_facts: Facts
    year: int
    last_year: Mapping[str, Fact]

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that count this year; of the latest round, where rounds are kept apart."""
        return self.all_facts.get(self.code, {})

    @cached_property
    def score(self) -> Score:
        """The points as things stand."""
        return self._score(self.all_facts)

    def suppose(self, fact: Fact) -> Score:
        """The points if ``fact`` took the place of what is known of its input."""
        return self._score({**self.all_facts, self.code: {**self.facts, fact.criterion: fact}})

    def _score(self, facts: Facts) -> Score:
        unit = self.units[self.code]
        peers = find_peers(self.index, self.units, facts, self.year)[self.code] if len(self.units) > 1 else None
        return score(self.index, unit, facts.get(self.code, {}), self.year, peers=peers)


Trial = LevelTrial | PointTrial


def trial_of(dossier: Dossier) -> Trial:
    """The trial of a dossier, whatever its rulebook yields."""
    return level_trial(dossier) if dossier.cycle.rulebook.kind == "levels" else point_trial(dossier)


def level_trial(dossier: Dossier) -> LevelTrial:
    """The trial of a dossier of levels: six queries or so, and the results of the members where they are read."""
    cycle, code = dossier.cycle, dossier.unit.code
    framework = framework_of(cycle)
    if framework.sets[Tier(dossier.unit.tier)].members_tier is not None:
        frame = frame_of(cycle)
        levels = {each: result.levels for each, result in results_of(cycle, frame).items()}
        return LevelTrial(code, assessment_of(cycle, [code], frame), levels)
    units = Units({code: unit_of(dossier)})
    evidence = evidence_of(cycle, units, [code])
    last_year = evidence.history.get(cycle.year - 1, {})
    return LevelTrial(code, Assessment(framework, units, evidence.facts, cycle.year, {}, last_year), {})


def point_trial(dossier: Dossier) -> PointTrial:
    """The trial of a dossier of points; the whole cycle is read only where the index compares with peers."""
    cycle, code = dossier.cycle, dossier.unit.code
    index = index_of(cycle)
    unit = unit_of(dossier)
    alone = not _compares(index.sets[unit.tier])
    units = Units({code: unit}) if alone else units_of(cycle)
    evidence = evidence_of(cycle, units, [code] if alone else None)
    last_year = evidence.history.get(cycle.year - 1, {})
    return PointTrial(code, index, units, evidence.facts, cycle.year, last_year.get(code, {}))


def _compares(indicators: IndicatorSet) -> bool:
    return any(_measures_peers(indicator.scoring) for indicator in indicators.indicators)


def _measures_peers(scoring: Scoring) -> bool:
    match scoring:
        case Gate():
            return _measures_peers(scoring.then)
        case NoneDetected():
            return _measures_peers(scoring.otherwise)
        case _:
            return isinstance(scoring, Peers)


def lacking(verdict: Verdict, found: CriterionVerdict, level: int) -> Text | None:
    """What a criterion lacks for ``level`` if what is reported is taken at its word; None where nothing is lacking."""
    if found.levels.claimed_level >= level:
        return None
    way = improve(verdict, found, level, None)
    if way is None:
        return None
    if not isinstance(way, Step):
        return hindrance_text(way)
    required = found.criterion.cells[level - 1]
    if found.criterion.kind == "presence" or not way.missing:
        return Text(vi=f"cần «{required}»", en=f"“{required}” is required")
    more = Text(*(missing_text(found.criterion, way.missing, language) for language in ("vi", "en")))
    return Text(vi=f"cần «{required}», {more.vi}", en=f"“{required}” is required, {more.en}")


def line_of(points: Score, criterion: str) -> IndicatorScore | None:
    """The line that an input's code belongs to; None for what earns no points of its own."""
    return points.by_code.get(criterion.partition(":")[0])
