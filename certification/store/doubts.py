"""Doubts: what may be wrong with a dossier's facts and should be looked at before they are handed in or accepted.

Found by ``evidence.checks`` in the whole cycle, for the same document may prove facts of several communes and a
district's ratio is laid beside those of its communes. A doubt decides nothing.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from certification.store.assessments import Beside, evidence_of, rulebook_of, units_of
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof
from evidence.checks import Doubt, added_up, check_all
from evidence.facts import Facts
from evidence.inputs import excess_among, find_wholes
from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier
from levels.index import IndicatorSet
from levels.loader import Rulebook


def doubts_of(dossier: Dossier, units: Units | None = None) -> tuple[Doubt, ...]:
    """Every doubt about the facts of one dossier, also those that it shares with others. A handful of queries.

    Only the facts that can bear on it are read: its own, those that rest on the same documents, and what is added up
    of its district and the communes there. ``units``: those of the cycle, where they are at hand already.
    """
    cycle, code = dossier.cycle, dossier.unit.code
    rulebook, units = rulebook_of(cycle), units or units_of(cycle)
    sharing = dict(_sharing(dossier))
    around = {*_around(code, units), *sharing.values()}
    concerned = Units({each: unit for each, unit in units.items() if each in around})
    beside = Beside(code, added_up(rulebook), sharing.keys())
    evidence = evidence_of(cycle, concerned, list(concerned), beside)
    last_year = evidence.history.get(cycle.year - 1, {})
    found = check_all(evidence.facts, concerned, rulebook, last_year)
    return (
        *(doubt for doubt in found if code in doubt.units),
        *_find_excesses(units[code], evidence.facts, rulebook),
    )


def _around(code: str, units: Units) -> set[str]:
    """The unit with those below it, and its district with the communes beside it."""
    codes = {code, *(below.code for below in units.children(code))}
    parent = units[code].parent
    if parent is not None and units[parent].tier is Tier.DISTRICT:
        codes |= {parent, *(beside.code for beside in units.children(parent))}
    return codes


def _sharing(dossier: Dossier) -> Iterable[tuple[int, str]]:
    """The facts of the cycle that rest on the same documents, each with its unit."""
    own = FactProof.objects.filter(fact__dossier=dossier)
    same = Q(proof__in=own.exclude(proof=None).values("proof")) | Q(reference__in=own.values("reference"))
    found = FactProof.objects.filter(same, fact__dossier__cycle=dossier.cycle)
    return found.order_by().values_list("fact", "fact__dossier__unit__code").distinct()


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
