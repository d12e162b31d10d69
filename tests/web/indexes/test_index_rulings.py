"""The council's two rounds under an index: rows of their own, points and ranks foretold as they come."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.appraisal import may_reopen, rule_on
from certification.store.assessments import rating_of
from certification.store.effects import PointEffect, weigh
from certification.store.facts import Cells, enter_fact
from certification.store.loading import Province
from certification.store.matters import Docket, docket_of
from certification.store.models import Account, Cycle, Dossier, FactRecord, RulebookRecord
from certification.store.proofs import attach_reference
from certification.store.rounds import round_of_ruling
from certification.store.unfit import Unfit
from evidence.facts import Amount, Status
from evidence.rulings import Ruling
from evidence.values import Unreadable
from tests.web.conftest import dossier_of
from tests.web.indexes.conftest import AGENCY


def docket(dossier: Dossier) -> Docket:
    rows = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    return docket_of(rows.get(pk=dossier.pk))


def begin(province: Province, state: State, *rounds: str) -> Dossier:
    """The agency's dossier in ``state`` as if only ``rounds`` had been held."""
    dossier = dossier_of(province, AGENCY)
    FactRecord.objects.filter(dossier=dossier).exclude(round__in=rounds).delete()
    Dossier.objects.filter(pk=dossier.pk).update(state=state.value)
    return dossier_of(province, AGENCY)


def test_a_ruling_of_the_first_round_stands_beside_the_self_score(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    rule_on(
        actor_of(scorer), dossier.pk, "1.1", Ruling.ADJUST, cells={"1.1": Cells(value="1,5")}, reason="thiếu quyết định"
    )
    own, council = FactRecord.objects.filter(dossier=dossier, criterion="1.1").order_by("pk")
    assert (own.round, own.status) == ("self", "self_reported")
    assert (council.round, council.status) == ("round1", "adjusted")
    part = docket(dossier).by_code["1.1"].parts[0]
    assert part.standing.amount == Amount(15, 10)
    assert part.standing.reported == part.claim.amount
    assert part.standing.documents == part.claim.documents


def test_a_ruling_taken_back_leaves_the_self_score_alone(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REJECT, reason="không có tài liệu")
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REOPEN)
    assert FactRecord.objects.get(dossier=dossier, criterion="1.1").round == "self"


def test_a_round_that_is_over_is_not_taken_back_in_the_second(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.SECOND_ROUND, "self", "round1")
    assert not may_reopen(docket(dossier), "1.1")
    with pytest.raises(Unfit):
        rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REOPEN)
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REJECT, reason="xem lại hồ sơ")
    assert docket(dossier).by_code["1.1"].ruling is Ruling.REJECT
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REOPEN)
    assert docket(dossier).by_code["1.1"].ruling is Ruling.ACCEPT  # as the first round left it


def test_the_second_round_rules_on_what_was_explained(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.SECOND_ROUND, "self", "round1", "explanation")
    explained = FactRecord.objects.filter(dossier=dossier, round="explanation").first()
    assert explained is not None
    code = explained.criterion
    part = docket(dossier).by_code[code].parts[0]
    assert part.claim.round == "explanation"
    assert not part.ruled
    rule_on(actor_of(scorer), dossier.pk, code, Ruling.ACCEPT)
    standing = docket(dossier).by_code[code].parts[0].standing
    assert (standing.round, standing.status, standing.amount) == ("round2", Status.VERIFIED, part.claim.amount)


def test_a_document_added_to_an_explanation_keeps_the_value_that_it_explains(
    ha_noi: Province, scorer: Account, actor: Callable[..., Actor]
) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    claimed = docket(dossier).by_code["1.1"].parts[0].claim
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REJECT, reason="không có tài liệu")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.EXPLAINING.value)
    attach_reference(actor(Role.AGENCY_OFFICER, AGENCY), dossier.pk, "1.1", "Quyết định số 5/QĐ-BDT")
    part = docket(dossier).by_code["1.1"].parts[0]
    assert (part.standing.status, part.standing.amount) == (Status.SELF_REPORTED, claimed.amount)
    assert [each.reference for each in part.standing.documents][-1] == "Quyết định số 5/QĐ-BDT"
    assert len(part.standing.documents) == len(claimed.documents) + 1
    assert part.standing.round == "explanation"


def test_an_explanation_may_state_another_value_than_the_self_score(
    ha_noi: Province, scorer: Account, actor: Callable[..., Actor]
) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.REJECT, reason="không có tài liệu")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.EXPLAINING.value)
    officer = actor(Role.AGENCY_OFFICER, AGENCY)
    enter_fact(officer, dossier.pk, "1.1", Cells(value="2"), version=0)
    part = docket(dossier).by_code["1.1"].parts[0]
    assert (part.claim.amount, part.claim.round) == (Amount(2, 1), "explanation")
    assert part.claim.documents
    rounds = rating_of(dossier.cycle).rounds[AGENCY]
    assert [each.round.id for each in rounds] == ["self", "round1", "explanation", "round2", "published"]


def test_points_beyond_the_maximum_are_refused(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    with pytest.raises(Unreadable):
        rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.ADJUST, cells={"1.1": Cells(value="6")}, reason="cộng thêm")


def test_a_council_may_rule_that_a_unit_is_not_subject_to_an_indicator(ha_noi: Province, scorer: Account) -> None:
    dossier = begin(ha_noi, State.RECEIVED, "self")
    before = rating_of(dossier.cycle).scores()[AGENCY].reachable
    rule_on(actor_of(scorer), dossier.pk, "1.1", Ruling.EXEMPT, reason="không có nhiệm vụ này")
    assert rating_of(dossier.cycle).scores()[AGENCY].reachable == before - 5


@pytest.mark.parametrize(
    ("framework", "state", "expected"),
    [
        ("ha-noi-2024", State.APPRAISING, "round1"),
        ("ha-noi-2024", State.SECOND_ROUND, "round2"),
        ("ha-noi-2024", State.REAPPRAISING, "round2"),
        ("bac-ninh-1187-2023", State.SECOND_ROUND, "explanation"),
        ("dak-lak-2534-2022", State.SECOND_ROUND, "round1"),
        ("chu-prong-2023", State.APPRAISING, ""),
        ("kon-tum-121-2025", State.SECOND_ROUND, ""),
    ],
)
def test_a_ruling_belongs_to_the_round_that_the_decision_names(
    db: None, framework: str, state: State, expected: str
) -> None:
    from certification.store.loading import keep_bundled

    record: RulebookRecord = keep_bundled(framework)
    assert round_of_ruling(Cycle(rulebook=record, year=2024), state) == expected


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_the_points_and_rank_that_a_ruling_promises_are_those_that_follow(
    ha_noi: Province, scorer: Account, seed: int
) -> None:
    chance = random.Random(seed)
    dossier = dossier_of(ha_noi, AGENCY)
    before = docket(dossier)
    matter, ruling = chance.choice(before.matters), chance.choice(list(Ruling))
    cells = {part.asked.code: Cells(value=str(chance.randint(0, 5))) for part in matter.parts}
    effect = weigh(before).effect(matter, ruling, cells, "lý do")
    assert isinstance(effect, PointEffect)
    try:
        rule_on(actor_of(scorer), dossier.pk, matter.code, ruling, cells=cells, reason="lý do", seen=matter.seen)
    except Unreadable as refused:
        assert tuple(refused.flaws) == effect.flaws  # noqa: PT017 - what is refused was foretold as well
        return
    except Unfit:
        return
    place = rating_of(dossier.cycle).ranking().place_of[AGENCY]
    assert effect.after is not None
    assert (place.score.points, place.score.reachable, place.rank) == (
        effect.after.score.points,
        effect.after.score.reachable,
        effect.after.rank,
    )
