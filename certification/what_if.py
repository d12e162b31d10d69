"""What if: a scenario's consequences, before and after, for the units it touches and all that depends on them.

Nothing leaks: a scenario becomes facts of a copy of the assessment (or rating) that exists only here. What
decides and publishes takes assessments and ratings that were read from files, and no scenario.
"""

from collections.abc import Mapping, Sequence

import networkx as nx
from attrs import evolve

from certification.hierarchy import Assessment, evaluate, reevaluate
from certification.rating import Rating
from evidence.asked import catalogue
from evidence.facts import Facts
from evidence.scenarios import Changes, Scenario, apply, suppose
from evidence.units import Units
from levels.loader import Rulebook
from rules.changes import UnitChange, compare_rankings, compare_verdicts
from rules.hypotheses import Comparison, RankedComparison, Supposition, WhatIf, WhatIfRanked
from rules.verdict import Verdict


def recorded_verdicts(assessment: Assessment, scenarios: Sequence[Scenario]) -> dict[str, Verdict]:
    """The verdicts that ``scenarios`` can change, with all those they rest on; nothing else is decided."""
    graph = assessment.graph
    touched = {assumption.unit for scenario in scenarios for assumption in scenario.assumptions}
    reading = touched.union(*(nx.descendants(graph, code) for code in touched if code in graph))
    order = assessment.resting_on(reading)
    return {verdict.unit.code: verdict for verdict in evaluate(assessment, codes=order)}


def what_if(assessment: Assessment, verdicts: Mapping[str, Verdict], scenario: Scenario) -> WhatIf:
    """What ``scenario`` would change; ``verdicts`` are those of ``recorded_verdicts``.

    Raises ``Faulty`` where something assumed could not stand in a dossier, and what deciding raises.
    """
    changes, suppositions = _suppose(scenario, assessment.rulebook, assessment.facts, assessment.units)
    after = {**verdicts, **reevaluate(assessment, verdicts, changes)}
    units: list[UnitChange] = []
    for code in assessment.units:
        if code in verdicts and after[code] is not verdicts[code]:
            change = compare_verdicts(verdicts[code], after[code], verdicts, after)
            units += [] if change is None else [change]
    settled = tuple(
        recognition
        for change in units
        if change.before.levels != change.after.levels
        and (recognition := assessment.recognitions.get(change.unit.code)) is not None
        and not recognition.provisional
    )
    synthetic = any(side.synthetic for change in units for side in (change.before, change.after))
    synthetic = synthetic or any(made.recorded is not None and made.recorded.synthetic for made in suppositions)
    return WhatIf(assessment.framework, assessment.cycle, scenario, suppositions, tuple(units), settled, synthetic)


def what_if_ranked(rating: Rating, scenario: Scenario) -> WhatIfRanked:
    """What ``scenario`` would change in points and ranks, also of units that it does not name.

    Raises ``Faulty`` where something assumed could not stand in a dossier, and what scoring raises.
    """
    changes, suppositions = _suppose(scenario, rating.rulebook, rating.facts, rating.units)
    supposed = evolve(rating, evidence=evolve(rating.evidence, facts=apply(rating.facts, changes)))
    places = tuple(
        change
        for change in compare_rankings(rating.ranking(), supposed.ranking())
        if change.lines or change.gained or change.climbed or change.before.tied is not change.after.tied
    )
    synthetic = any(place.score.synthetic for place in rating.ranking().place_of.values())
    return WhatIfRanked(rating.index, rating.cycle, scenario, suppositions, places, synthetic)


def compare(assessment: Assessment, scenarios: Sequence[Scenario]) -> Comparison:
    """Each of ``scenarios`` as a column beside what is recorded. Raises as ``what_if`` does."""
    verdicts = recorded_verdicts(assessment, scenarios)
    columns = tuple(what_if(assessment, verdicts, scenario) for scenario in scenarios)
    after = [{change.unit.code: change.after for change in column.units} for column in columns]
    concerned = [code for code in assessment.units if any(code in found for found in after)]
    rows = ((verdicts[code], *(found.get(code, verdicts[code]) for found in after)) for code in concerned)
    return Comparison(columns, tuple(rows))


def compare_ranked(rating: Rating, scenarios: Sequence[Scenario]) -> RankedComparison:
    """Each of ``scenarios`` as a column beside what is recorded. Raises as ``what_if_ranked`` does."""
    columns = tuple(what_if_ranked(rating, scenario) for scenario in scenarios)
    after = [{change.unit.code: change.after for change in column.places} for column in columns]
    rows = (
        (place, *(found.get(code, place) for found in after))
        for code, place in rating.ranking().place_of.items()
        if any(code in found for found in after)
    )
    return RankedComparison(columns, tuple(rows))


def _suppose(
    scenario: Scenario, rulebook: Rulebook, facts: Facts, units: Units
) -> tuple[Changes, tuple[Supposition, ...]]:
    known = catalogue(rulebook)
    changes = suppose(scenario, facts, known, units)
    made = (
        Supposition(units[code], known.asked[units[code].tier][fact.criterion], facts.get(code, {}).get(name), fact)
        for code, changed in changes.items()
        for name, fact in changed.items()
    )
    return changes, tuple(made)
