"""What if: equal to deciding (or scoring) the changed facts from scratch, and nothing recorded ever changes."""

import copy
from collections.abc import Mapping
from functools import cache

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification import hierarchy
from certification.hierarchy import Assessment
from certification.rating import Rating
from certification.what_if import compare, compare_ranked, recorded_verdicts, what_if, what_if_ranked
from evidence.asked import catalogue
from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.samples import sample_paths
from evidence.scenarios import HYPOTHESIS, Assumption, Scenario, cumulate, stack, suppose
from evidence.tables import read_evidence, read_units
from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import load_index
from rules.changes import PlaceChange
from rules.scores import Ranking
from rules.verdict import Levels, Recognition, Verdict
from tests.certification.test_hierarchy import decided, levels, province
from tests.rules.dossiers import CYCLE, kon_tum

KNOWN = catalogue(kon_tum())


@cache
def sample() -> Assessment:
    """The bundled province."""
    paths = sample_paths()
    units = read_units(paths.units)
    found = read_evidence(paths.evidence, kon_tum(), units)
    return Assessment(kon_tum(), units, found.facts, found.cycle)


@cache
def rated(name: str) -> Rating:
    """The bundled sample of an index."""
    paths, index = sample_paths(name), load_index(name)
    units = read_units(paths.units)
    return Rating(index, units, read_evidence(paths.evidence, index, units))


def edited(facts: Facts, scenario: Scenario) -> dict[str, dict[str, Fact]]:
    """The oracle's facts: each row of the file changed by hand, as an officer would."""
    table = {code: dict(dossier) for code, dossier in facts.items()}
    for each in scenario.assumptions:
        recorded = table.setdefault(each.unit, {}).pop(each.criterion, None)
        if each.status is Status.UNKNOWN:
            continue
        amount = each.amount if each.amount is not None or recorded is None else recorded.amount
        documents = (recorded.documents if recorded else ()) or (Document("12/BC"),)
        table[each.unit][each.criterion] = Fact(
            each.unit, each.criterion, each.status, amount, documents=documents, note="vì"
        )
    return table


def only(assumptions: Mapping[tuple[str, str], tuple[str, Amount | None]], name: str = "Thử") -> Scenario:
    return stack(name, (Assumption(*key, Status(status), amount) for key, (status, amount) in assumptions.items()))


def plain(verdict: Verdict) -> tuple[object, ...]:
    """What a verdict says, without the wording of its facts."""
    members = tuple((member.unit.code, member.levels) for member in verdict.members)
    return verdict.levels, tuple((c.code, c.levels, c.standing, c.actual) for c in verdict.criteria), members


AMOUNTS = {
    "I.2": [Amount(n, 10) for n in range(0, 11, 2)],
    "I.3": [Amount(n, 10) for n in range(0, 11, 2)],
    "I.4": [Amount(0), Amount(1)],
    "II.1": [Amount(n, 10) for n in range(0, 11, 2)],
}
STATUSES = [Status.VERIFIED, Status.SELF_REPORTED, Status.REJECTED, Status.UNKNOWN]


@st.composite
def scenarios(draw: st.DrawFn, assessment: Assessment) -> Scenario:
    found = []
    for _ in range(draw(st.integers(1, 5))):
        code = draw(st.sampled_from([c for c, unit in assessment.units.items() if unit.tier is not Tier.PROVINCE]))
        tier = assessment.units[code].tier
        criterion = draw(st.sampled_from(sorted(set(AMOUNTS) & set(kon_tum().sets[tier].by_code))))
        kind = kon_tum().sets[tier].by_code[criterion].kind
        fitting = [a for a in AMOUNTS[criterion] if (a.denominator is None) == (kind == "presence")] or [
            Amount(1) if kind == "presence" else Amount(5, 10)
        ]
        status = draw(st.sampled_from(STATUSES))
        found.append(
            Assumption(code, criterion, status, None if status is Status.UNKNOWN else draw(st.sampled_from(fitting)))
        )
    return stack("Thử", found)


def check_against_scratch(data: st.DataObject) -> None:
    assessment = province([3, 4, 4], [2, 3], [])
    scenario = data.draw(scenarios(assessment))
    before = copy.deepcopy(assessment.facts)
    recorded = recorded_verdicts(assessment, [scenario])
    answer = what_if(assessment, recorded, scenario)
    assert assessment.facts == before
    was = decided(assessment)
    scratch = decided(evolve(assessment, facts=edited(assessment.facts, scenario)))
    changed = {change.unit.code: change for change in answer.units}
    for code, verdict in scratch.items():
        if code in changed:
            assert plain(changed[code].after) == plain(verdict)
            assert changed[code].before == was[code]
        else:
            assert plain(was[code]) == plain(verdict)
    assert list(changed) == [code for code in assessment.units if code in changed]


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_what_if_is_deciding_the_changed_facts_from_scratch(data: st.DataObject) -> None:
    check_against_scratch(data)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_what_ifs_are_deciding_the_changed_facts_from_scratch(data: st.DataObject) -> None:
    check_against_scratch(data)


def test_nothing_but_what_the_scenario_can_reach_is_decided() -> None:
    assessment = province([3, 4], [2, 2])
    scenario = only({("23000", "I.2"): ("verified", Amount(99, 100))})
    assert set(recorded_verdicts(assessment, [scenario])) == {"23000", "23001", "610"}


def test_a_commune_lifts_its_district_and_the_reasons_that_vanish_are_told() -> None:
    assessment = province([3, 3, 4])
    lift = {("23000", code): ("verified", fact.amount) for code, fact in province([4]).facts["23000"].items()}
    answer = what_if(assessment, decided(assessment), only(lift))
    commune, district = answer.units[1], answer.units[0]
    assert (commune.unit.code, commune.climbed, district.unit.code, district.climbed) == ("23000", 1, "610", 1)
    assert min(reason.at_level for reason in commune.gone) == 4
    assert [(r.criterion.code, r.at_level) for r in district.gone] == [("I.1", 4)]
    assert all(supposition.supposed.source == HYPOTHESIS for supposition in answer.suppositions)


def test_what_is_decided_for_good_keeps_the_level_that_those_above_read() -> None:
    recognition = Recognition("23000", Levels(3, 3, 3), "sha256:x", provisional=False, number="12/QĐ-UBND")
    assessment = evolve(province([3, 4]), recognitions={"23000": recognition})
    answer = what_if(assessment, decided(assessment), only({("23000", "I.4"): ("rejected", None)}))
    assert [change.unit.code for change in answer.units] == ["23000"]
    assert answer.settled == (recognition,)
    draft = evolve(assessment, recognitions={"23000": evolve(recognition, provisional=True)})
    assert what_if(draft, decided(draft), only({("23000", "I.4"): ("rejected", None)})).settled == ()


def test_what_is_recorded_already_changes_nothing() -> None:
    assessment = province([3])
    recorded = assessment.facts["23000"]["I.2"].amount
    answer = what_if(assessment, decided(assessment), only({("23000", "I.2"): ("verified", recorded)}))
    assert (len(answer.suppositions), answer.units) == (1, ())
    assert not answer.synthetic


def test_what_could_not_be_a_fact_is_no_hypothesis_either() -> None:
    assessment = province([3])
    with pytest.raises(Faulty, match=r"I\.2 cannot be exempted"):
        what_if(assessment, decided(assessment), only({("23000", "I.2"): ("exempt", None)}))


def test_side_by_side_every_column_is_that_scenario_alone_and_stacking_minds_the_order() -> None:
    assessment = province([3, 4], [2])
    a = only({("23000", "I.4"): ("rejected", None), ("23001", "I.2"): ("verified", Amount(1, 100))}, "A")
    b = only({("23000", "I.4"): ("verified", Amount(1))}, "B")
    found = compare(assessment, cumulate([a, b]))
    assert [column.scenario.name for column in found.columns] == ["A", "B", "A + B"]
    by_code = {row[0].unit.code: row for row in found.rows}
    assert set(by_code) == {"610", "23000", "23001"}
    for place, scenario in enumerate((a, b, cumulate([a, b])[2]), start=1):
        scratch = decided(evolve(assessment, facts=edited(assessment.facts, scenario)))
        assert {code: row[place].levels for code, row in by_code.items()} == {
            code: scratch[code].levels for code in by_code
        }
    other = compare(assessment, cumulate([b, a]))
    after = {row[0].unit.code: row[3].levels.level for row in other.rows}
    assert after["23000"] < by_code["23000"][3].levels.level  # the later wins


def test_only_what_changes_is_decided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = sample()
    scenario = only({("23281", "I.2"): ("verified", Amount(84, 104)), ("610", "II.1"): ("rejected", None)})
    verdicts = recorded_verdicts(assessment, [scenario])
    assert len(verdicts) < len(assessment.order) // 3  # two districts with their communes
    decided_again = []
    decide = hierarchy.decide
    monkeypatch.setattr(
        hierarchy,
        "decide",
        lambda framework, unit, *rest: decided_again.append(unit.code) or decide(framework, unit, *rest),
    )
    answer = what_if(assessment, verdicts, scenario)
    assert sorted(decided_again) == ["23281", "608", "610"]
    assert answer.synthetic
    assert {change.unit.code for change in answer.units} == {"608", "610", "23281"}


# Points and ranks.


def places(ranking: Ranking) -> dict[str, tuple[object, ...]]:
    return {
        code: (
            place.score.points,
            place.score.percent,
            place.rank,
            place.tied,
            [line.points for line in place.score.indicators],
        )
        for code, place in ranking.place_of.items()
    }


def told(changes: tuple[PlaceChange, ...]) -> dict[str, tuple[object, ...]]:
    return {
        change.unit.code: (
            change.after.score.points, change.after.score.percent, change.after.rank, change.after.tied,
            [line.points for line in change.after.score.indicators],
        )
        for change in changes
    }  # fmt: skip


@pytest.mark.parametrize("name", ["chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"])
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_what_if_is_scoring_the_changed_facts_from_scratch(name: str, data: st.DataObject) -> None:
    rating = rated(name)
    known = catalogue(rating.index)
    picked: dict[tuple[str, str], tuple[str, Amount | None]] = {}
    units = [code for code, dossier in rating.facts.items() if dossier]
    for _ in range(data.draw(st.integers(1, 4))):
        code = data.draw(st.sampled_from(units))
        criterion = data.draw(st.sampled_from(sorted(rating.facts[code])))
        status = data.draw(st.sampled_from([Status.REJECTED, Status.UNKNOWN, Status.VERIFIED]))
        amount = None
        if status is Status.VERIFIED:  # the value of another unit on the same input: surely one that may be
            tier = rating.units[code].tier
            alike = [dossier for other, dossier in rating.facts.items() if rating.units[other].tier is tier]
            others = [dossier[criterion].amount for dossier in alike if criterion in dossier]
            amount = data.draw(st.sampled_from([a for a in others if a is not None] or [Amount(1)]))
        picked[code, criterion] = (status, amount)
    scenario = only(picked)
    try:
        suppose(scenario, rating.facts, known, rating.units)
    except Faulty:  # a part above its whole: refused in the file as well
        return
    before = copy.deepcopy(dict(rating.facts))
    answer = what_if_ranked(rating, scenario)
    assert dict(rating.facts) == before
    facts = edited(rating.facts, scenario)
    scratch = places(Rating(rating.index, rating.units, evolve(rating.evidence, facts=facts)).ranking())
    found = told(answer.places)
    was = places(rating.ranking())
    assert {**was, **found} == scratch
    assert all(change.lines or found[code] != was[code] for code, change in ((c.unit.code, c) for c in answer.places))


def test_units_that_the_scenario_does_not_name_change_rank_and_that_is_told() -> None:
    rating = rated("chu-prong-2023")
    best = rating.ranking().groups[0].places[0].score.unit.code
    facts = {(best, code): ("rejected", None) for code in rating.facts[best]}
    answer = what_if_ranked(rating, only(facts))
    named = {change.unit.code: change for change in answer.places}
    assert named[best].climbed < 0
    assert any(change.climbed > 0 and not change.gained for code, change in named.items() if code != best)
    assert answer.synthetic


def test_rankings_side_by_side_are_each_scenario_alone() -> None:
    rating = rated("chu-prong-2023")
    code = rating.rated[0].code
    a, b = (only({(code, criterion): ("rejected", None)}) for criterion in list(rating.facts[code])[:2])
    found = compare_ranked(rating, cumulate([a, b]))
    row = next(row for row in found.rows if row[0].score.unit.code == code)
    alone = [what_if_ranked(rating, scenario) for scenario in cumulate([a, b])]
    expected = [{c.unit.code: c.after.score.points for c in each.places}.get(code) for each in alone]
    assert [place.score.points for place in row[1:]] == [row[0].score.points if e is None else e for e in expected]


def test_the_samples_levels_are_as_they_were_after_all_this() -> None:
    assert levels(decided(province([3, 4]))) == {"23000": 3, "23001": 4, "610": 4}
    assert sample().cycle == CYCLE
