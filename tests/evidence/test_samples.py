"""The bundled province: real places, synthetic facts, and everything in it that it promises to show."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from importlib.resources import as_file
from pathlib import Path

import pytest

from evidence.checks import check_all
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Status
from evidence.samples import CYCLE, FRAMEWORK, sample_paths
from evidence.samples.make import HERE, make
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.framework import Framework, Tier
from levels.loader import load_framework
from rules import reference

Verdicts = Mapping[str, reference.Triple]


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load_framework(FRAMEWORK)


@pytest.fixture(scope="module")
def units() -> Units:
    with as_file(sample_paths().units) as path:
        return read_units(path)


@pytest.fixture(scope="module")
def evidence(framework: Framework, units: Units) -> Evidence:
    with as_file(sample_paths().evidence) as path:
        return read_evidence(path, framework, units)


@pytest.fixture(scope="module")
def verdicts(framework: Framework, units: Units, evidence: Evidence) -> Verdicts:
    """The three levels of every commune and district by the reference."""
    found: dict[str, reference.Triple] = {}
    for tier in (Tier.COMMUNE, Tier.DISTRICT):
        for unit in (unit for unit in units.values() if unit.tier is tier):
            members = [found[member.code] for member in units.children(unit.code)]
            found[unit.code], _ = reference.decide(framework.sets[tier], CYCLE, evidence.facts[unit.code], members)
    return found


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    make(tmp_path)
    for name in ("units.csv", "evidence.csv", "costs.csv"):
        assert (tmp_path / name).read_bytes() == (HERE / name).read_bytes(), name


def test_kon_tum_has_ten_districts_and_102_communes_by_their_official_codes(units: Units) -> None:
    assert Counter(unit.tier for unit in units.values()) == {Tier.PROVINCE: 1, Tier.DISTRICT: 10, Tier.COMMUNE: 102}
    assert [unit.code for unit in units.children("62")] == ["608", *map(str, range(610, 619))]
    assert [len(units.children(unit.code)) for unit in units.children("62")] == [21, 12, 8, 9, 9, 7, 11, 11, 11, 3]
    assert units["608"].name == "Thành phố Kon Tum"
    assert units["23473"].name == "Thị trấn Măng Đen"
    assert all(len(unit.code) == 5 for unit in units.values() if unit.tier is Tier.COMMUNE)
    assert all(unicodedata.is_normalized("NFC", unit.name) for unit in units.values())
    assert all(unit.registered for unit in units.values() if unit.tier is not Tier.PROVINCE)


def test_every_fact_says_that_it_is_synthetic(evidence: Evidence) -> None:
    dossiers = [*evidence.facts.values(), *(past for year in evidence.history.values() for past in year.values())]
    assert all(fact.synthetic for dossier in dossiers for fact in dossier.values())
    assert (evidence.cycle, evidence.warnings) == (CYCLE, ())


def test_all_levels_occur(verdicts: Verdicts, units: Units) -> None:
    def levels(tier: Tier) -> Counter[int]:
        return Counter(verdicts[unit.code][0] for unit in units.values() if unit.tier is tier)

    assert set(levels(Tier.COMMUNE)) == {0, 1, 2, 3, 4, 5}
    assert set(levels(Tier.DISTRICT)) == {0, 1, 2, 3, 4}


def test_accepted_claimed_and_possible_levels_differ(verdicts: Verdicts) -> None:
    assert all(level <= claimed <= possible for level, claimed, possible in verdicts.values())
    assert any(level < claimed < possible for level, claimed, possible in verdicts.values())


def test_a_district_may_be_held_back_by_its_communes_alone(
    framework: Framework, units: Units, evidence: Evidence
) -> None:
    communes = [
        reference.decide(framework.sets[Tier.COMMUNE], CYCLE, evidence.facts[commune.code], ())[0]
        for commune in units.children("612")
    ]
    level, criteria = reference.decide(framework.sets[Tier.DISTRICT], CYCLE, evidence.facts["612"], communes)
    assert level[0] == criteria["I.1"][0] == 2
    assert min(levels[0] for code, levels in criteria.items() if code != "I.1") == 3


def test_most_districts_are_appraised_to_the_end_and_three_are_not(
    framework: Framework, units: Units, evidence: Evidence
) -> None:
    """Nothing reported only, nothing unknown, expired or undecided, and every accepted value with its proof."""

    def is_settled(unit: str) -> bool:
        criteria_set = framework.sets[units[unit].tier]
        dossier = evidence.facts[unit]
        return all(
            (fact := dossier.get(criterion.code)) is not None
            and fact.status not in (Status.UNKNOWN, Status.SELF_REPORTED)
            and fact.counts_in(CYCLE, criterion)
            and (fact.status in (Status.EXEMPT, Status.REJECTED) or bool(fact.documents and not _is_zero(fact)))
            for criterion in criteria_set.criteria
            if criterion.kind != "members"
        )

    open_districts = [
        district.code
        for district in units.children("62")
        if not all(map(is_settled, [district.code, *(commune.code for commune in units.children(district.code))]))
    ]
    assert open_districts == ["613", "616", "618"]


def _is_zero(fact: Fact) -> bool:
    return fact.amount is not None and fact.amount.denominator == 0


OCCURRENCES: dict[str, Callable[[Fact], bool]] = {
    **{f"status {status}": lambda fact, status=status: fact.status is status for status in Status},  # type: ignore[misc]
    "exempt product of a commune": lambda f: (f.criterion, f.status, len(f.unit)) == ("II.3", Status.EXEMPT, 5),
    "exempt product of a district": lambda f: (f.criterion, f.status, len(f.unit)) == ("III.5", Status.EXEMPT, 3),
    "zero base exempted": lambda f: f.status is Status.EXEMPT and _is_zero(f) and bool(f.note),
    "zero base not ruled on": lambda f: f.status is Status.VERIFIED and _is_zero(f),
    "rejected with a reason": lambda f: f.status is Status.REJECTED and bool(f.note),
    "adjusted, both values kept": lambda f: f.status is Status.ADJUSTED and f.reported not in (None, f.amount),
    "typed as a percentage": lambda f: f.amount == Amount(6996, 10000),
    "one below the threshold": lambda f: f.criterion == "I.2" and f.amount == Amount(415, 520),
    "exactly at the threshold": lambda f: f.criterion == "I.2" and f.amount == Amount(416, 520),
    "several documents": lambda f: len(f.documents) > 1,
}


@pytest.mark.parametrize("name", OCCURRENCES)
def test_it_shows_what_it_promises(evidence: Evidence, name: str) -> None:
    assert any(OCCURRENCES[name](fact) for dossier in evidence.facts.values() for fact in dossier.values())


def test_an_unknown_occurs_as_a_missing_row_too(evidence: Evidence) -> None:
    assert "I.14" not in evidence.facts["23542"]


def test_inspections_have_expired_or_are_carried_over(framework: Framework, evidence: Evidence) -> None:
    inspection = framework.sets[Tier.COMMUNE].by_code["I.11"]
    made = {unit: evidence.facts[unit]["I.11"].measured_on for unit in ("23530", "23533", "23534")}
    assert [day.year for day in made.values() if day] == [2023, 2024, 2023]
    assert [evidence.facts[unit]["I.11"].counts_in(CYCLE, inspection) for unit in made] == [False, True, False]
    assert [evidence.facts[unit]["I.11"].cycle for unit in made] == [2023, 2024, 2025]


def test_one_commune_is_verified_throughout_and_others_have_only_reported(evidence: Evidence) -> None:
    statuses = {unit: {fact.status for fact in dossier.values()} for unit, dossier in evidence.facts.items()}
    assert statuses["23281"] == {Status.VERIFIED}
    assert [unit for unit, found in statuses.items() if found == {Status.SELF_REPORTED}] == [
        "23455",
        "23458",
        "23464",
        "23535",
        "23537",
        "23538",
    ]


def test_the_facts_of_one_commune_share_their_bases(evidence: Evidence) -> None:
    def base(dossier: Mapping[str, Fact], code: str) -> int:
        amount = dossier[code].amount
        assert amount is not None
        return amount.denominator or 0

    typed_as_percentage = "23545"
    for dossier in (evidence.facts[unit] for unit in evidence.facts if len(unit) == 5 and unit != typed_as_percentage):
        assert base(dossier, "III.3") == base(dossier, "III.4") < base(dossier, "III.1") < base(dossier, "III.6")
        assert base(dossier, "I.9") == base(dossier, "I.10") == base(dossier, "I.11")
        approved, protected = dossier["I.9"].amount, dossier["I.10"].amount
        assert approved is not None
        assert protected is not None
        assert protected.numerator <= approved.numerator


def test_each_kind_of_doubt_that_people_meet_occurs_once(
    framework: Framework, units: Units, evidence: Evidence
) -> None:
    doubts = check_all(evidence.facts, units, framework, evidence.history[CYCLE - 1])
    assert Counter(doubt.kind for doubt in doubts) == {
        "shared_document": 1,
        "contradiction": 1,
        "jump": 1,
        "bare_percentage": 1,
    }


def test_every_criterion_that_can_be_raised_has_its_costs(framework: Framework) -> None:
    costs_path = sample_paths().costs
    assert costs_path is not None
    lines = costs_path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "tier,criterion,fixed,per_unit,office"
    rows = [line.split(",", 4) for line in lines[1:]]
    costs = {(tier, code): (int(fixed), int(each)) for tier, code, fixed, each, _ in rows}
    raised = {
        (str(tier), criterion.code)
        for tier, criteria_set in framework.sets.items()
        for criterion in criteria_set.criteria
        if criterion.kind != "members"
    }
    assert costs.keys() == raised
    assert all(fixed >= 0 and each > 0 for fixed, each in costs.values())
    assert all(office for *_, office in rows)


def test_sixty_nine_ninety_six_is_not_seventy(framework: Framework, evidence: Evidence) -> None:
    amount = evidence.facts["23545"]["III.1"].amount
    assert amount is not None
    assert Fraction(amount.numerator, amount.denominator or 1) < Fraction(70, 100)
    _, criteria = reference.decide(framework.sets[Tier.COMMUNE], CYCLE, evidence.facts["23545"], ())
    assert criteria["III.1"] == (2, 2, 2)
