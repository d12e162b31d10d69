"""Doubts: what may be wrong with a dossier's facts and should be looked at before they are handed in or accepted.

Found by ``evidence.checks`` in the whole cycle, for the same document may prove facts of several communes and a
district's ratio is laid beside those of its communes. A doubt decides nothing.
"""

from collections.abc import Iterator

from certification.store.assessments import evidence_of, rulebook_of, units_of
from certification.store.models.dossiers import Dossier
from evidence.checks import Doubt, check_all
from evidence.facts import Facts
from evidence.inputs import excess_among, find_wholes
from evidence.units import Unit
from levels.faults import Text
from levels.index import IndicatorSet
from levels.loader import Rulebook


def doubts_of(dossier: Dossier) -> tuple[Doubt, ...]:
    """Every doubt about the facts of one dossier, also those that it shares with others. A handful of queries."""
    cycle, code = dossier.cycle, dossier.unit.code
    rulebook, units = rulebook_of(cycle), units_of(cycle)
    evidence = evidence_of(cycle, units)
    last_year = evidence.history.get(cycle.year - 1, {})
    found = check_all(evidence.facts, units, rulebook, last_year)
    return (
        *(doubt for doubt in found if code in doubt.units),
        *_find_excesses(units[code], evidence.facts, rulebook),
    )


def _find_excesses(unit: Unit, facts: Facts, rulebook: Rulebook) -> Iterator[Doubt]:
    """A part that is more than its whole: each may be entered before the other, so neither is refused by itself."""
    criteria_set, dossier = rulebook.sets[unit.tier], facts.get(unit.code, {})
    for whole in find_wholes(criteria_set) if isinstance(criteria_set, IndicatorSet) else ():
        for code, flaw in list(excess_among(whole, dossier, dossier))[:1]:
            text = Text(
                vi=f"{unit.name}: {flaw.found.vi}; {flaw.expected.vi}.",
                en=f"{unit.name}: {flaw.found.en}; {flaw.expected.en}.",
            )
            yield Doubt((unit.code,), code, "excess", text)
