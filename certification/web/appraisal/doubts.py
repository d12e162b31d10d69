"""Doubts about the facts of a dossier, as the council sees them beside each criterion."""

from collections.abc import Mapping

from certification.store.assessments import evidence_of, rulebook_of
from certification.store.matters import Docket
from evidence.checks import Doubt, check_all


def doubts_about(docket: Docket) -> Mapping[str, tuple[Doubt, ...]]:
    """What the checks find about the unit, by the code of what is ruled on; looked for among all units of the cycle."""
    cycle, code = docket.dossier.cycle, docket.unit.code
    evidence = evidence_of(cycle, docket.units)
    last_year = evidence.history.get(cycle.year - 1, {})
    found: dict[str, list[Doubt]] = {}
    for doubt in check_all(evidence.facts, docket.units, rulebook_of(cycle), last_year):
        if code in doubt.units:
            found.setdefault(doubt.criterion.partition(":")[0], []).append(doubt)
    return {criterion: tuple(doubts) for criterion, doubts in found.items()}
