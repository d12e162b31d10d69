"""Districts wait for their communes; a change is decided again as far as it reaches, and no further."""

import networkx as nx
import pytest
from attrs import evolve

from certification import hierarchy
from certification.cluster.processes import Processes
from certification.hierarchy import Assessment, evaluate, reevaluate
from evidence.facts import Amount, Fact
from evidence.units import Unit, Units
from levels.framework import Tier
from rules.verdict import Levels, Recognition, Verdict, as_triple
from tests.rules.dossiers import CYCLE, fact, kon_tum, meeting


def province(*districts: list[int]) -> Assessment:
    """A province whose districts have communes meeting these levels; districts meet level 5 themselves."""
    units = [Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE)]
    facts: dict[str, dict[str, Fact]] = {}
    for place, levels in enumerate(districts):
        district = Unit(f"61{place}", f"Huyện {place}", Tier.DISTRICT, "62")
        units.append(district)
        facts[district.code] = meeting(district, 5)
        for number, level in enumerate(levels):
            commune = Unit(f"23{place}{number:02}", f"Xã {number}", Tier.COMMUNE, district.code)
            units.append(commune)
            facts[commune.code] = meeting(commune, level) if level else {}
    return Assessment(kon_tum(), Units({unit.code: unit for unit in units}), facts, CYCLE)


def decided(assessment: Assessment) -> dict[str, Verdict]:
    return {verdict.unit.code: verdict for verdict in evaluate(assessment)}


def levels(verdicts: dict[str, Verdict]) -> dict[str, int]:
    return {code: verdict.levels.level for code, verdict in verdicts.items()}


def test_every_district_comes_right_after_its_communes() -> None:
    order = [verdict.unit.code for verdict in evaluate(province([3, 4], [2]))]
    assert order == ["23000", "23001", "610", "23100", "611"]


def test_a_district_s_level_follows_from_its_communes_levels() -> None:
    assert levels(decided(province([3, 4], [2, 2], []))) == {
        "23000": 3, "23001": 4, "610": 4, "23100": 2, "23101": 2, "611": 2, "612": 0,
    }  # fmt: skip


def test_a_province_may_certify_communes_directly() -> None:
    commune = Unit("23281", "Xã Đắk Hà", Tier.COMMUNE, "62")
    units = Units({"62": Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE), "23281": commune})
    verdicts = decided(Assessment(kon_tum(), units, {"23281": meeting(commune, 3)}, CYCLE))
    assert levels(verdicts) == {"23281": 3}


def test_a_recognised_level_takes_the_place_of_the_computed_ones() -> None:
    assessment = province([4, 4])
    recognised = {"23000": Recognition("23000", Levels(2, 2, 2), "sha256:x", provisional=False)}
    verdict = decided(evolve(assessment, recognitions=recognised))["610"]
    assert as_triple(verdict.levels) == (3, 3, 3)  # every commune from level 2, half of them from 3
    assert [member.recognition is not None for member in verdict.members] == [True, False]
    assert [member.provisional for member in verdict.members] == [False, True]


def test_a_draft_is_no_decision_the_computed_levels_are_read() -> None:
    assessment = province([4, 4])
    computed = Levels(4, 4, 4)
    draft = Recognition("23000", computed, "sha256:x", provisional=True)
    verdict = decided(evolve(assessment, recognitions={"23000": draft}))["610"]
    assert verdict.members[0].recognition == draft
    assert verdict.members[0].provisional
    assert verdict.members[0].levels == computed
    overtaken = evolve(draft, levels=Levels(2, 2, 2))  # the facts have changed since the draft
    verdict = decided(evolve(assessment, recognitions={"23000": overtaken}))["610"]
    assert verdict.members[0].recognition is None
    assert verdict.members[0].levels == computed


def test_two_processes_come_to_the_same_verdicts_in_the_same_order() -> None:
    assessment = province([3, 4], [2, 2], [5], [1, 0])
    alone, together = list(evaluate(assessment)), list(evaluate(assessment, executor=Processes(2)))
    assert together == alone


def test_only_what_a_part_is_decided_from_travels_with_it() -> None:
    assessment = province([3, 4], [2], [5])
    draft = Recognition("23100", Levels(2, 2, 2), "sha256:x", provisional=True)
    known = evolve(assessment, recognitions={"23100": draft})
    units, facts, recognitions, codes = hierarchy._cut(known, ["23000", "23001", "610"])
    assert list(units) == list(facts) == codes
    assert recognitions == {}


def test_only_the_units_asked_for_and_those_they_rest_on_are_decided() -> None:
    assessment = province([3, 4], [2])
    assert assessment.resting_on(["610"]) == ["23000", "23001", "610"]
    assert assessment.resting_on(["23001", "62"]) == ["23001"]
    found = [verdict.unit.code for verdict in evaluate(assessment, codes=assessment.resting_on(["611"]))]
    assert found == ["23100", "611"]


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    real = hierarchy.decide

    def decide(framework: object, unit: Unit, *rest: object) -> Verdict:
        asked.append(unit.code)
        return real(framework, unit, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(hierarchy, "decide", decide)
    return asked


def test_a_change_that_lowers_a_commune_is_decided_again_up_to_its_district(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = province([3, 4], [2])
    before = decided(assessment)
    asked = counting(monkeypatch)
    worse = {"I.2": fact(assessment.units["23001"], "I.2", Amount(0, 9))}
    again = reevaluate(assessment, before, {"23001": worse})
    assert asked == ["23001", "610"]
    assert levels(again) == {"23001": 0, "610": 0}
    after = decided(evolve(assessment, facts={**assessment.facts, "23001": {**assessment.facts["23001"], **worse}}))
    assert {**before, **again} == after


def test_a_change_that_moves_no_level_stops_at_the_commune(monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = province([3, 4], [2])
    before = decided(assessment)
    asked = counting(monkeypatch)
    again = reevaluate(assessment, before, {"23001": {"I.1": fact(assessment.units["23001"], "I.1", Amount(9, 9))}})
    assert asked == ["23001"]
    assert levels(again) == {"23001": 4}


def test_the_graph_names_who_waits_for_whom() -> None:
    graph = province([3, 4]).graph
    assert sorted(graph.edges) == [("23000", "610"), ("23001", "610")]
    assert nx.is_directed_acyclic_graph(graph)
