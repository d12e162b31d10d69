"""The samples of the four indexes: every rated unit by name, synthetic facts, and all that they promise to show."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import as_file
from pathlib import Path

import pytest

from evidence.costs import bases, read_costs
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Status
from evidence.samples import FRAMEWORK, sample_ids, sample_paths
from evidence.samples.make_indexes import HERE, make, seasons
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.framework import Tier
from levels.index import Index
from levels.loader import framework_ids, load_index
from levels.unit_names import absent, same_unit
from rules.ranking import rank
from rules.rounds import compare_rounds
from rules.scores import Place, State
from rules.scoring import score_all

BAC_NINH, CHU_PRONG, DAK_LAK, HA_NOI = "bac-ninh-1187-2023", "chu-prong-2023", "dak-lak-2534-2022", "ha-noi-2024"
CYCLES = {BAC_NINH: 2023, CHU_PRONG: 2023, DAK_LAK: 2022, HA_NOI: 2024}
EVERY = pytest.mark.parametrize("index_id", CYCLES)


@cache
def sample(index_id: str) -> tuple[Index, Units, Evidence]:
    paths, index = sample_paths(index_id), load_index(index_id)
    with as_file(paths.units) as units_path, as_file(paths.evidence) as evidence_path:
        units = read_units(units_path)
        return index, units, read_evidence(evidence_path, index, units)


def facts_of(index_id: str) -> Iterator[Fact]:
    """Every fact of the assessed cycle, of a sample with rounds those of every round."""
    for dossier in sample(index_id)[2].stated[CYCLES[index_id]].values():
        yield from dossier.values()


def test_every_bundled_rulebook_has_its_sample_and_two_have_costs() -> None:
    assert set(sample_ids()) == set(framework_ids())
    assert [index_id for index_id in sample_ids() if sample_paths(index_id).costs is not None] == [FRAMEWORK, CHU_PRONG]
    with pytest.raises(KeyError):
        sample_paths("nowhere")


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    make(tmp_path)
    for season in seasons():
        for name in ("units.csv", "evidence.csv"):
            assert (tmp_path / season.folder / name).read_bytes() == (HERE / season.folder / name).read_bytes(), season
    assert [path.parent.name for path in tmp_path.glob("*/costs.csv")] == ["chu-prong"]
    assert (tmp_path / "chu-prong/costs.csv").read_bytes() == (HERE / "chu-prong/costs.csv").read_bytes()


def test_everything_that_a_plan_of_chu_prong_can_raise_has_its_costs_but_incidents() -> None:
    index = sample(CHU_PRONG)[0]
    costs = read_costs(str(sample_paths(CHU_PRONG).costs), index)
    raised = {
        (entry.tier, indicator.fact_code(asked.key))
        for entry in index.sets.values()
        for indicator in entry.indicators
        for asked in indicator.inputs
        if asked.key not in bases(indicator)
    }
    assert raised - costs.keys() == {(Tier.DISTRICT, code) for code in ("II.5.9:1", "II.5.9:2", "II.5.10:1")}
    assert costs.keys() <= raised
    assert all(price.fixed >= 0 and price.per_unit > 0 for price in costs.values())


@EVERY
def test_every_fact_says_that_it_is_synthetic_and_nothing_is_doubtful(index_id: str) -> None:
    _, _, evidence = sample(index_id)
    assert (evidence.cycle, evidence.warnings) == (CYCLES[index_id], ())
    for year in evidence.stated.values():
        assert all(fact.synthetic for dossier in year.values() for fact in dossier.values())


@EVERY
def test_every_unit_that_the_decision_rates_is_there_and_no_other(index_id: str) -> None:
    index, units, _ = sample(index_id)
    for entry in index.lists:
        of_tier = [unit.name for unit in units.values() if unit.tier is entry.tier]
        assert absent(entry.units, of_tier) == ()
        assert not entry.rated or len(of_tier) == len(entry.units)
    assert all(unicodedata.is_normalized("NFC", unit.name) for unit in units.values())


@pytest.mark.parametrize(
    ("index_id", "province", "counts"),
    [
        (BAC_NINH, "27", {Tier.PROVINCE: 1, Tier.DEPARTMENT: 17, Tier.DISTRICT: 8}),
        (CHU_PRONG, "64", {Tier.PROVINCE: 1, Tier.DISTRICT: 17}),
        (DAK_LAK, "66", {Tier.PROVINCE: 1, Tier.DEPARTMENT: 18, Tier.DISTRICT: 15, Tier.COMMUNE: 38}),
        (HA_NOI, "01", {Tier.PROVINCE: 1, Tier.DEPARTMENT: 22, Tier.DISTRICT: 30}),
    ],
)
def test_places_have_their_official_codes(index_id: str, province: str, counts: dict[Tier, int]) -> None:
    units = sample(index_id)[1]
    assert Counter(unit.tier for unit in units.values()) == counts
    lengths = {Tier.PROVINCE: 2, Tier.DISTRICT: 3, Tier.COMMUNE: 5}
    for unit in units.values():
        if unit.tier is Tier.DEPARTMENT:
            assert unit.code.startswith(f"{province}-")
        else:
            assert len(unit.code) == lengths[unit.tier]
            assert unit.code.isdecimal()
        assert unit.parent == {Tier.PROVINCE: None, Tier.COMMUNE: unit.parent}.get(unit.tier, province)


def test_communes_of_dak_lak_stand_under_two_districts() -> None:
    units = sample(DAK_LAK)[1]
    assert {unit.parent for unit in units.values() if unit.tier is Tier.COMMUNE} == {"643", "648"}
    assert (units["24133"].name, units["24259"].name) == ("Phường Thắng Lợi", "Thị trấn Quảng Phú")
    assert sample(CHU_PRONG)[1]["632"].name == "Huyện Chư Prông"


@EVERY
def test_the_year_before_is_known_of_every_rated_unit(index_id: str) -> None:
    index, units, evidence = sample(index_id)
    rated = {unit.code for unit in units.values() if unit.tier in index.sets}
    assert evidence.history.keys() == {CYCLES[index_id] - 1}
    assert evidence.history[CYCLES[index_id] - 1].keys() == rated
    ranking = rank_sample(index_id)
    moves = {0 if place.climbed is None else place.climbed for group in ranking for place in group}
    assert min(moves) < 0 < max(moves)


@cache
def rank_sample(index_id: str) -> tuple[tuple[Place, ...], ...]:
    """The places of the sample, group by group."""
    index, units, evidence = sample(index_id)
    cycle = CYCLES[index_id]
    scores = score_all(index, units, evidence.facts, cycle)
    last = score_all(index, units, evidence.history[cycle - 1], cycle - 1)
    return tuple(group.places for group in rank(index, units, scores, cycle, last).groups)


@EVERY
def test_every_group_has_a_tie_and_a_rank_left_out_behind_it(index_id: str) -> None:
    for places in rank_sample(index_id):
        ranks = [place.rank for place in places]
        tied = sorted({place.rank for place in places if place.tied})
        assert len(tied) == 1
        assert ranks.count(tied[0]) == 2
        assert tied[0] + 1 not in ranks


@EVERY
def test_some_units_are_settled_and_some_are_not(index_id: str) -> None:
    for places in rank_sample(index_id):
        assert {place.score.provisional for place in places} == {True, False}
        assert all(place.score.synthetic for place in places if place.score.percent)


@EVERY
def test_every_status_occurs_with_the_reason_that_it_needs(index_id: str) -> None:
    facts = list(facts_of(index_id))
    assert {fact.status for fact in facts} == set(Status)
    assert all(fact.note for fact in facts if fact.status in (Status.REJECTED, Status.EXEMPT, Status.ADJUSTED))
    assert all(fact.reported != fact.amount for fact in facts if fact.status is Status.ADJUSTED)
    assert all(fact.documents for fact in facts if fact.status in (Status.VERIFIED, Status.ADJUSTED))


@EVERY
def test_data_are_missing_and_are_not_the_councils_zero(index_id: str) -> None:
    states = {line.state for places in rank_sample(index_id) for place in places for line in place.score.indicators}
    assert {State.MISSING, State.NOT_SUBJECT, State.REJECTED, State.SELF_REPORTED, State.ACCEPTED} <= states
    zeros = [fact for fact in facts_of(index_id) if fact.status is Status.VERIFIED and fact.amount]
    assert any(fact.amount is not None and fact.amount.numerator == 0 for fact in zeros) or index_id == HA_NOI


def test_data_of_bac_ninh_were_measured_within_its_window() -> None:
    index, _, evidence = sample(BAC_NINH)
    assert index.window is not None
    for year, dossiers in evidence.stated.items():
        first, last = index.window.days(year or 0)
        days = [fact.measured_on for dossier in dossiers.values() for fact in dossier.values()]
        assert all(first <= day <= last for day in days if day)


def test_ha_noi_has_every_round_for_every_unit() -> None:
    index, units, evidence = sample(HA_NOI)
    assert list(evidence.rounds) == [entry.id for entry in index.rounds] == ["self", "round1", "explanation", "round2"]
    by_round = {step: {fact.unit for fact in facts_of(HA_NOI) if fact.round == step} for step in evidence.rounds}
    rated = {unit.code for unit in units.values() if unit.tier in index.sets}
    assert by_round["self"] == by_round["round1"] == rated
    assert by_round["explanation"] - by_round["round2"] == {"271", "01-BDT"}  # not ruled on yet
    assert len(by_round["round2"]) > 40
    assert all(fact.round for fact in facts_of(HA_NOI))


def test_whatever_a_later_round_of_ha_noi_changes_has_its_reason() -> None:
    steps: dict[tuple[str, str], dict[str, Fact]] = {}
    for fact in facts_of(HA_NOI):
        steps.setdefault((fact.unit, fact.criterion), {})[fact.round] = fact
    explained = [rounds for rounds in steps.values() if "explanation" in rounds]
    assert len(explained) > 100
    for rounds in explained:
        assert rounds["round1"].status in (Status.ADJUSTED, Status.REJECTED)
        assert rounds["explanation"].note
        assert len(rounds["explanation"].documents) == 2
        assert "round2" not in rounds or rounds["round2"].note
    outcomes = Counter(rounds["round2"].note.partition(":")[0] for rounds in explained if "round2" in rounds)
    assert set(outcomes) == {"Chấp nhận giải trình", "Chấp nhận một phần giải trình", "Giữ nguyên kết quả vòng 1"}


def test_every_difference_between_two_rounds_of_ha_noi_has_its_reason() -> None:
    index, units, evidence = sample(HA_NOI)
    rounds = compare_rounds(index, units, evidence.rounds, CYCLES[HA_NOI])
    changes = [change for scored in rounds.values() for step in scored[:-1] for change in step.changes]
    assert changes
    assert all(change.reason for change in changes)
    assert any(change.rank_before != change.rank_after for change in changes)


def test_only_the_nine_departments_of_ha_noi_have_pillar_7_and_three_units_a_bonus() -> None:
    index, units, evidence = sample(HA_NOI)
    with_pillar = {
        unit.name
        for unit in units.values()
        if unit.tier is Tier.DEPARTMENT and "7.1" in evidence.facts.get(unit.code, {})
    }
    nine = index.list_by_id["phu-luc-ii"].units
    assert len(with_pillar) == 9
    assert all(any(same_unit(name, printed) for printed in nine) for name in with_pillar)
    bonuses = {unit: dossier["KK"].amount for unit, dossier in evidence.facts.items() if "KK" in dossier}
    assert bonuses == {"005": Amount(3, 1), "017": Amount(15, 10), "01-SKHDT": Amount(2, 1)}


OF_CHU_PRONG: dict[str, Callable[[dict[str, Fact]], bool]] = {
    "a boundary that two lines hold": lambda d: amount(d, "II.1.4:2") == Amount(10),
    "80 % exactly": lambda d: 5 * (count(d, "II.6.6:b") + count(d, "II.6.6:c")) == 4 * count(d, "II.6.6:a"),
    "one below 80 %": lambda d: 5 * (count(d, "II.6.6:b") + count(d, "II.6.6:c") + 1) == 4 * count(d, "II.6.6:a"),
    "10 % exactly at the cliff": lambda d: 10 * count(d, "II.7.1:a") == count(d, "II.7.1:b"),
    "one below the cliff": lambda d: 10 * (count(d, "II.7.1:a") + 1) == count(d, "II.7.1:b"),
    "all but one": lambda d: count(d, "II.6.20:1") + 1 == count(d, "II.6.20:2"),
    "more than 100 %": lambda d: count(d, "II.3.7:1") > count(d, "II.3.7:2"),
    "money in decimals": lambda d: amount(d, "II.5.11:a") == Amount(9999, 100),
    "a zero base": lambda d: amount(d, "II.5.5:b") == Amount(0) and d["II.5.5:b"].status is Status.VERIFIED,
    "none detected, with proof": lambda d: amount(d, "II.5.9:2") == Amount(1) and bool(d["II.5.9:2"].documents),
    "none detected, without proof": lambda d: amount(d, "II.5.9:2") == Amount(1) and not d["II.5.9:2"].documents,
    "half the points": lambda d: amount(d, "II.1.1") == Amount(2),
    "nothing of the kind": lambda d: amount(d, "II.1.1") == Amount(3),
}


def amount(dossier: dict[str, Fact], code: str) -> Amount | None:
    return dossier[code].amount if code in dossier else None


def count(dossier: dict[str, Fact], code: str) -> int:
    found = amount(dossier, code)
    return -1 if found is None else found.numerator


@pytest.mark.parametrize("name", OF_CHU_PRONG)
def test_the_sample_of_chu_prong_shows_what_it_promises(name: str) -> None:
    assert any(OF_CHU_PRONG[name](dict(dossier)) for dossier in sample(CHU_PRONG)[2].facts.values())


def test_the_facts_of_one_district_share_their_bases() -> None:
    for dossier in sample(CHU_PRONG)[2].facts.values():
        assert amount(dict(dossier), "II.3.1:b") == amount(dict(dossier), "II.8.1:b")
        assert amount(dict(dossier), "II.7.1:b") == amount(dict(dossier), "II.7.2:b")
        assert amount(dict(dossier), "II.5.1:a") == amount(dict(dossier), "II.5.2:b")
