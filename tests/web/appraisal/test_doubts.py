"""Of a dossier's doubts only what bears on them is read: they are those that reading everything finds."""

from certification.store.assessments import evidence_of, rulebook_of, units_of
from certification.store.doubts import doubts_of
from certification.store.loading import Province
from certification.store.models import Dossier
from evidence.checks import check_all


def test_the_doubts_about_one_dossier_are_those_that_reading_the_whole_province_finds(whole_province: Province) -> None:
    cycle = whole_province.cycle
    units = units_of(cycle)
    evidence = evidence_of(cycle, units)
    every = check_all(evidence.facts, units, rulebook_of(cycle), evidence.history[cycle.year - 1])
    kinds = {doubt.kind for doubt in every}
    assert {"shared_document", "contradiction", "jump"} <= kinds  # the sample has something to find
    for dossier in Dossier.objects.filter(cycle=cycle).select_related("unit", "cycle__rulebook", "cycle__root"):
        concerning = {doubt for doubt in every if dossier.unit.code in doubt.units}
        assert set(doubts_of(dossier, units)) == concerning, dossier
