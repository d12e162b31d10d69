"""Every reason, at every level, with what is missing; and the graph of what rests on what."""

import datetime

import networkx as nx
import pytest

from evidence.facts import Amount, Document, Fact, Status
from levels.framework import Presence, Ratio, Tier
from rules.decide import decide
from rules.explain import explain, shortfall
from rules.trace import trace
from rules.verdict import Explanation, Levels, Member, Recognition, Standing, Verdict
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members


def explained(level: int, **changed: Fact | None) -> Explanation:
    verdict = decide(kon_tum(), commune(), meeting(commune(), 5, **changed), CYCLE)
    return explain(verdict, level, {})


def found(explanation: Explanation) -> list[tuple[str, int, str, str | None, int | None, Standing]]:
    return [(r.criterion.code, r.at_level, r.required, r.actual, r.missing, r.standing) for r in explanation.blockers]


def test_a_level_reached_has_no_blockers() -> None:
    assert explained(5).reached
    assert explained(5).blockers == ()


def test_74_of_104_dossiers_miss_10_for_level_4_and_20_for_level_5() -> None:
    explanation = explained(5, I_2=fact(commune(), "I.2", Amount(74, 104)))
    assert not explanation.reached
    assert found(explanation) == [
        ("I.2", 4, "80%", "74/104", 10, Standing.ACCEPTED),
        ("I.2", 5, "90%", "74/104", 20, Standing.ACCEPTED),
    ]
    assert explanation.blockers[0].clause == "Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)"
    assert explained(3, I_2=fact(commune(), "I.2", Amount(74, 104))).reached


def test_every_failing_requirement_at_every_level_up_to_the_one_asked_appears() -> None:
    explanation = explained(
        4,
        I_12=fact(commune(), "I.12", Amount(0)),
        II_1=None,
        II_4=fact(commune(), "II.4", Amount(1, 9)),
        I_7=fact(commune(), "I.7", Amount(0)),
    )
    assert found(explanation) == [
        ("I.7", 1, "Tối thiểu 01 nhân sự", "0", 1, Standing.ACCEPTED),
        ("I.7", 2, "Tối thiểu 01 nhân sự", "0", 1, Standing.ACCEPTED),
        ("I.7", 3, "Tối thiểu 01 nhân sự", "0", 1, Standing.ACCEPTED),
        ("I.7", 4, "Tối thiểu 01 nhân sự", "0", 1, Standing.ACCEPTED),
        ("I.12", 3, "Có hệ thống", "0", 1, Standing.ACCEPTED),
        ("I.12", 4, "Có hệ thống", "0", 1, Standing.ACCEPTED),
        ("II.1", 1, "20%", None, None, Standing.UNKNOWN),
        ("II.1", 2, "30%", None, None, Standing.UNKNOWN),
        ("II.1", 3, "40%", None, None, Standing.UNKNOWN),
        ("II.1", 4, "50%", None, None, Standing.UNKNOWN),
        ("II.4", 4, "Có 2 doanh nghiệp, hợp tác xã", "1/9", 1, Standing.ACCEPTED),
    ]


def test_each_kind_of_not_knowing_is_told_apart() -> None:
    old = datetime.date(CYCLE - 2, 5, 1)
    explanation = explained(
        2,
        I_1=fact(commune(), "I.1", Amount(9, 9), Status.SELF_REPORTED),
        I_2=fact(commune(), "I.2", Amount(9, 9), Status.REJECTED, note="không có tài liệu"),
        I_3=fact(commune(), "I.3", Amount(0, 0)),
        I_11=fact(commune(), "I.11", Amount(9, 9), measured_on=old),
    )
    assert found(explanation) == [
        ("I.1", 1, "50%", "9/9", 0, Standing.SELF_REPORTED),
        ("I.1", 2, "60%", "9/9", 0, Standing.SELF_REPORTED),
        ("I.2", 1, "20%", "9/9", None, Standing.REJECTED),
        ("I.2", 2, "30%", "9/9", None, Standing.REJECTED),
        ("I.3", 1, "60%", "0/0", None, Standing.ZERO_BASE),
        ("I.3", 2, "70%", "0/0", None, Standing.ZERO_BASE),
        ("I.11", 2, "40%", "9/9", None, Standing.EXPIRED),
    ]


def test_all_of_two_enterprises_would_do_for_level_5() -> None:
    explanation = explained(5, II_4=fact(commune(), "II.4", Amount(1, 2)))
    assert [(level, missing) for _, level, _, _, missing, _ in found(explanation)] == [(4, 1), (5, 1)]
    explanation = explained(5, II_4=fact(commune(), "II.4", Amount(1)))
    assert [(level, missing) for _, level, _, _, missing, _ in found(explanation)] == [(4, 1), (5, 2)]


@pytest.mark.parametrize("level", [0, 6, -1])
def test_there_is_no_other_level_than_1_to_5(level: int) -> None:
    with pytest.raises(ValueError, match="levels are 1 to 5"):
        explained(level)


def test_a_shortfall_is_not_guessed_for_a_ratio_without_a_base_or_a_requirement_on_members() -> None:
    [members_requirement, *_] = kon_tum().sets[Tier.DISTRICT].by_code["I.1"].requirements
    with pytest.raises(ValueError, match="is not a requirement on the value"):
        shortfall(members_requirement, Amount(3))
    with pytest.raises(ValueError, match="is not a requirement on the value"):
        shortfall(Ratio(50, 100), Amount(3))
    assert shortfall(Presence(), Amount(1)) == 0


def district_verdict(*below: Member) -> Verdict:
    return decide(kon_tum(), district(), meeting(district(), 5), CYCLE, below)


def test_a_district_is_held_back_by_the_communes_that_must_rise() -> None:
    below = members(2, 3, 3, 4)
    verdicts = {
        member.unit.code: decide(kon_tum(), member.unit, meeting(member.unit, member.levels.level), CYCLE)
        for member in below[:3]
    }
    explanation = explain(district_verdict(*below), 4, verdicts)
    assert [(r.at_level, r.missing, r.actual, r.holding_back) for r in explanation.blockers] == [
        (4, 1, "3/4", ("23000", "23001", "23002")),
    ]
    assert explanation.blockers[0].clause == "Phụ lục 02, tiêu chí I.1, mức 4 (121/QĐ-UBND)"
    assert [(child.verdict.unit.code, child.asked) for child in explanation.children] == [
        ("23000", 4),
        ("23001", 4),
        ("23002", 4),
    ]
    assert all(child.blockers for child in explanation.children)


def test_a_commune_below_the_floor_is_asked_for_the_floor_only_where_half_already_stand_higher() -> None:
    below = members(2, 4, 4, 4)
    verdicts = {"23000": decide(kon_tum(), below[0].unit, meeting(below[0].unit, 2), CYCLE)}
    explanation = explain(district_verdict(*below), 4, verdicts)
    assert [(r.missing, r.holding_back) for r in explanation.blockers] == [(1, ("23000",))]
    assert [(child.verdict.unit.code, child.asked) for child in explanation.children] == [("23000", 3)]


def test_where_every_commune_has_the_floor_the_share_is_what_is_told() -> None:
    explanation = explain(district_verdict(*members(3, 3, 3, 4)), 4, {})
    assert [(r.actual, r.missing, r.holding_back) for r in explanation.blockers] == [
        ("1/4", 1, ("23000", "23001", "23002"))
    ]


def test_level_1_of_a_district_asks_only_for_the_floor() -> None:
    explanation = explain(district_verdict(*members(0, 1)), 1, {})
    assert [(r.at_level, r.missing, r.holding_back) for r in explanation.blockers] == [(1, 1, ("23000",))]
    assert explanation.children == ()


def test_a_district_without_communes_cannot_say_how_many_are_missing() -> None:
    explanation = explain(district_verdict(), 1, {})
    assert [(r.criterion.code, r.standing, r.missing, r.actual) for r in explanation.blockers] == [
        ("I.1", Standing.ZERO_BASE, None, None)
    ]


def test_the_graph_runs_from_documents_and_facts_to_the_district_s_level() -> None:
    proof = (Document("01/BC-UBND", "ab" * 32),)
    lower = decide(
        kon_tum(),
        commune(),
        meeting(commune(), 5, I_2=Fact("23281", "I.2", Status.VERIFIED, Amount(74, 104), documents=proof), I_1=None),
        CYCLE,
    )
    upper = district_verdict(Member(commune(), lower.levels))
    graph = trace([lower, upper])
    path = nx.shortest_path(graph, "document:01/BC-UBND", "level:615")
    assert path == [
        "document:01/BC-UBND",
        "fact:23281/I.2",
        "criterion:23281/I.2",
        "level:23281",
        "criterion:615/I.1",
        "level:615",
    ]
    assert graph.nodes["criterion:23281/I.2"]["rules"] == ["I.2/L3", "I.2/L3", "I.2/L3"]
    assert graph.nodes["criterion:23281/I.1"]["rules"] == ["I.1/unmet", "I.1/unmet", "I.1/free"]
    assert graph.nodes["document:01/BC-UBND"]["sha256"] == "ab" * 32
    assert nx.is_directed_acyclic_graph(graph)


def test_the_graph_runs_through_the_decision_that_recognised_a_commune() -> None:
    recognition = Recognition("23281", Levels(3, 3, 3), "sha256:cd", provisional=False)
    graph = trace([district_verdict(Member(commune(), Levels(3, 3, 3), recognition))])
    assert nx.shortest_path(graph, "level:23281", "level:615") == [
        "level:23281",
        "decision:sha256:cd",
        "criterion:615/I.1",
        "level:615",
    ]


def test_the_rules_that_fired_for_a_district_name_every_requirement() -> None:
    [derived, *_] = district_verdict(*members(3, 4)).criteria
    assert derived.rules[0] == "I.1/L4 (R1/met R2/met R3/met R4/met R5/not-every)"
    assert derived.standing is Standing.DERIVED
