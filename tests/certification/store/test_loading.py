"""Loading a province from tables: everything of the files is in the store, and decides what the files decide."""

import pytest
from attrs import evolve

from certification.hierarchy import Assessment, evaluate
from certification.store.assessments import assessment_of, evidence_of, units_of
from certification.store.audit import verify
from certification.store.loading import keep_bundled, load_assessment, load_province, load_units, stand
from certification.store.models import AuditEntry, Dossier, FactRecord, RulebookRecord, UnitRecord
from certification.store.results import results_of
from evidence.facts import Fact, Status
from evidence.samples import FRAMEWORK, sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.loader import load_framework

pytestmark = pytest.mark.django_db
SAMPLE = sample_paths()
UNITS, EVIDENCE = str(SAMPLE.units), str(SAMPLE.evidence)


def test_what_the_store_decides_of_a_loaded_province_is_what_the_files_decide() -> None:
    province = load_province(FRAMEWORK, UNITS, EVIDENCE)
    framework = load_framework(FRAMEWORK)
    units = read_units(UNITS)
    evidence = read_evidence(EVIDENCE, framework, units)
    from_files = Assessment(framework, units, evidence.facts, evidence.cycle)
    expected = {verdict.unit.code: verdict.levels for verdict in evaluate(from_files)}
    assert {code: result.levels for code, result in results_of(province.cycle).items()} == expected


def test_every_fact_of_the_files_comes_back_from_the_store_as_it_was() -> None:
    province = load_province(FRAMEWORK, UNITS, EVIDENCE)
    units = units_of(province.cycle)
    assert dict(units) == dict(read_units(UNITS))
    expected = read_evidence(EVIDENCE, load_framework(FRAMEWORK), units).facts
    year = province.cycle.year
    for code, facts in evidence_of(province.cycle, units).facts.items():
        assert dict(facts) == {name: evolve(fact, cycle=fact.cycle or year) for name, fact in expected[code].items()}


def test_facts_of_earlier_years_make_closed_cycles_without_targets() -> None:
    province = load_province(FRAMEWORK, UNITS, EVIDENCE)
    assert [cycle.year for cycle in province.earlier] == [2023, 2024]
    assert all(cycle.closed_at is not None for cycle in province.earlier)
    assert province.cycle.closed_at is None
    assert not Dossier.objects.filter(cycle__in=province.earlier).exclude(target=None).exists()
    assert assessment_of(province.cycle).last_year


def test_units_and_rulebooks_that_are_there_already_are_not_added_twice() -> None:
    units = read_units(UNITS)
    first = load_units(units)
    assert load_units(units) == first
    assert keep_bundled(FRAMEWORK) == keep_bundled(FRAMEWORK)
    assert (UnitRecord.objects.count(), RulebookRecord.objects.count()) == (len(units), 1)
    assert AuditEntry.objects.filter(object_kind="units").count() == 1


def test_what_is_loaded_stands_in_the_log() -> None:
    load_province(FRAMEWORK, UNITS, EVIDENCE)
    assert set(AuditEntry.objects.values_list("object_kind", flat=True)) == {"rulebook", "units", "cycle"}
    assert list(verify()) == []


def test_units_without_one_root_are_refused_and_nothing_is_written() -> None:
    units = read_units(UNITS)
    evidence = read_evidence(EVIDENCE, load_framework(FRAMEWORK), units)
    two = Units({**units.by_code, "99": Unit("99", "Tỉnh Khác", Tier.PROVINCE)})
    with pytest.raises(ValueError, match="found 2"):
        load_assessment(FRAMEWORK, two, evidence)
    assert not UnitRecord.objects.exists()
    assert not FactRecord.objects.exists()


def test_a_dossier_stands_where_its_facts_say() -> None:
    unit = Unit("1", "Xã", Tier.COMMUNE)
    reported, ruled = (Fact("1", "I.1", status) for status in (Status.SELF_REPORTED, Status.REJECTED))
    assert stand(unit, {}) == "open"
    assert stand(evolve(unit, registered=3), {}) == "registered"
    assert stand(unit, {"I.1": reported}) == "assessing"
    assert stand(unit, {"I.1": reported, "I.2": ruled}) == "appraising"
