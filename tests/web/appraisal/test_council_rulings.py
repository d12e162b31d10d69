"""The council's rulings on the facts of a dossier: what they leave, what they refuse, what they promise beforehand."""

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.appraisal import accept_together, acceptable, rule_on
from certification.store.changes import Overtaken
from certification.store.effects import LevelEffect, weigh
from certification.store.facts import Cells
from certification.store.loading import Province
from certification.store.matters import Docket, docket_of, progress_of
from certification.store.models import Account, AuditEntry, Dossier, FactProof, FactRecord
from certification.store.proofs import attach_reference
from certification.store.results import results_of, verdict_of
from certification.store.unfit import Unfit
from evidence.facts import Amount, Status
from evidence.rulings import Ruling
from evidence.values import Unreadable
from tests.web.appraisal.conftest import seat
from tests.web.conftest import Person


def again(dossier: Dossier) -> Docket:
    """The dossier as another page would read it now."""
    return docket_of(
        Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(pk=dossier.pk)
    )


def test_accepting_verifies_the_fact_and_begins_the_appraisal(received: Dossier, judge: Actor) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)
    matter = again(received).by_code["I.1"]
    assert matter.ruling is Ruling.ACCEPT
    assert matter.parts[0].standing.amount == Amount(106, 118)
    received.refresh_from_db()
    assert received.state == State.APPRAISING
    assert received.transitions.get().action == "appraise"


def test_adjusting_keeps_both_values_and_says_who_and_why(received: Dossier, judge: Actor) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("100", "118")}, reason="đếm lại tại Cổng")
    part = again(received).by_code["I.1"].parts[0]
    assert (part.standing.amount, part.standing.reported) == (Amount(100, 118), Amount(106, 118))
    assert part.claim.amount == Amount(106, 118)
    assert [(past.ruling, past.name, past.note) for past in part.past] == [
        (Ruling.ADJUST, "Nguyễn Thị Hội Đồng", "đếm lại tại Cổng")
    ]


def test_changing_ones_mind_never_loses_what_the_unit_had_reported(received: Dossier, judge: Actor) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("0", "0")}, reason="không có thủ tục")
    rule_on(judge, received.pk, "I.1", Ruling.EXEMPT, cells={"I.1": Cells("0", "0")}, reason="không có thủ tục")
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="không có tài liệu")
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("90", "118")}, reason="đếm lại")
    part = again(received).by_code["I.1"].parts[0]
    assert (part.standing.amount, part.standing.reported) == (Amount(90, 118), Amount(106, 118))
    rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)
    part = again(received).by_code["I.1"].parts[0]
    assert (part.standing.status, part.standing.amount) == (Status.VERIFIED, Amount(106, 118))
    assert len(part.past) == 5


def test_a_ruling_taken_back_leaves_the_fact_as_the_unit_stated_it(received: Dossier, judge: Actor) -> None:
    FactRecord.objects.filter(dossier=received, criterion="I.1").update(note="xem phụ lục")
    before = again(received).by_code["I.1"].parts[0].standing
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("1", "118")}, reason="đếm lại")
    rule_on(judge, received.pk, "I.1", Ruling.REOPEN)
    assert again(received).by_code["I.1"].parts[0].standing == before


def test_what_the_council_stated_alone_goes_when_it_is_taken_back(received: Dossier, judge: Actor) -> None:
    FactRecord.objects.filter(dossier=received, criterion="I.1").delete()
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("1", "2")}, reason="theo hệ thống")
    part = again(received).by_code["I.1"].parts[0]
    assert part.claim.status is Status.UNKNOWN
    rule_on(judge, received.pk, "I.1", Ruling.REOPEN)
    assert not FactRecord.objects.filter(dossier=received, criterion="I.1").exists()
    with pytest.raises(Unfit):
        rule_on(judge, received.pk, "I.1", Ruling.REOPEN)


def test_a_draft_that_was_ruled_on_is_a_draft_again_when_it_is_taken_back(received: Dossier, judge: Actor) -> None:
    FactRecord.objects.filter(dossier=received, criterion="I.1").update(draft=True)
    with pytest.raises(Unreadable):
        rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="chưa xác nhận")
    rule_on(judge, received.pk, "I.1", Ruling.REOPEN)
    assert FactRecord.objects.get(dossier=received, criterion="I.1").draft


def test_what_was_rejected_may_be_proven_by_further_documents_while_it_is_explained(
    received: Dossier, judge: Actor, actor: Callable[..., Actor]
) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="thiếu bảng kê")
    officer = actor(Role.COMMUNE_OFFICER, "23455")
    Dossier.objects.filter(pk=received.pk).update(state=State.EXPLAINING.value)
    attach_reference(officer, received.pk, "I.1", "Bảng kê số 7/BK-UBND")
    part = again(received).by_code["I.1"].parts[0]
    assert part.standing.status is Status.REJECTED
    assert part.standing.documents[-1].reference == "Bảng kê số 7/BK-UBND"


def test_a_rejected_fact_is_unmet_in_all_three_levels(received: Dossier, judge: Actor) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="không khớp Cổng dịch vụ công")
    levels = verdict_of(dossier_reloaded(received)).levels
    assert (levels.level, levels.claimed_level, levels.possible_level) == (0, 0, 0)


def test_a_zero_base_stays_undetermined_until_it_is_exempted(received: Dossier, judge: Actor) -> None:
    FactRecord.objects.filter(dossier=received, criterion="III.7").update(numerator=0, denominator=0)
    rule_on(judge, received.pk, "III.7", Ruling.ACCEPT)
    accepted = next(each for each in verdict_of(dossier_reloaded(received)).criteria if each.code == "III.7")
    assert (accepted.levels.level, accepted.levels.claimed_level, accepted.levels.possible_level) == (1, 1, 5)
    rule_on(judge, received.pk, "III.7", Ruling.EXEMPT, reason="xã không có nhà văn hóa")
    found = next(each for each in verdict_of(dossier_reloaded(received)).criteria if each.code == "III.7")
    assert found.levels.level == 5


def test_nothing_but_nothing_or_neu_co_can_be_exempted(received: Dossier, judge: Actor) -> None:
    with pytest.raises(Unreadable) as refused:
        rule_on(judge, received.pk, "I.1", Ruling.EXEMPT, reason="không phù hợp")
    assert "không được miễn" in refused.value.flaws[0].found.vi
    rule_on(judge, received.pk, "II.3", Ruling.EXEMPT, reason="không có sản phẩm OCOP")
    assert again(received).by_code["II.3"].ruling is Ruling.EXEMPT


def test_a_refused_ruling_changes_nothing_and_leaves_no_entry(received: Dossier, judge: Actor) -> None:
    with pytest.raises(Unreadable):
        rule_on(judge, received.pk, "I.1", Ruling.REJECT)
    received.refresh_from_db()
    assert received.state == State.RECEIVED
    assert not AuditEntry.objects.filter(action="appraise").exists()


def test_nobody_rules_on_a_dossier_that_he_entered(received: Dossier, judge: Actor, member: Account) -> None:
    FactRecord.objects.filter(dossier=received, criterion="III.9").update(entered_by=member)
    with pytest.raises(Refused):
        rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)


def test_nobody_rules_on_a_dossier_whose_proof_he_handed_in(received: Dossier, judge: Actor, member: Account) -> None:
    fact = FactRecord.objects.get(dossier=received, criterion="III.9")
    FactProof.objects.filter(fact=fact).update(added_by=member)
    with pytest.raises(Refused):
        rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)


def test_the_council_of_another_district_rules_on_nothing_here(
    province: Province, received: Dossier, person: Person
) -> None:
    stranger = person(Role.DISTRICT_COUNCIL, "618")
    seat(stranger, province.cycle, "618")
    with pytest.raises(Refused):
        rule_on(actor_of(stranger), received.pk, "I.1", Ruling.ACCEPT)


def test_the_second_of_two_people_sees_the_firsts_ruling(received: Dossier, judge: Actor, colleague: Account) -> None:
    seen = again(received).by_code["I.1"].seen
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="thiếu số liệu gốc", seen=seen)
    with pytest.raises(Overtaken) as overtaken:
        rule_on(actor_of(colleague), received.pk, "I.1", Ruling.ACCEPT, seen=seen)
    assert overtaken.value.current.ruling is Ruling.REJECT
    rule_on(actor_of(colleague), received.pk, "I.1", Ruling.ACCEPT, seen=overtaken.value.current.seen)
    assert again(received).by_code["I.1"].ruling is Ruling.ACCEPT


def test_accepting_together_leaves_out_what_is_not_proven_doubtful_or_open(received: Dossier, judge: Actor) -> None:
    FactProof.objects.filter(fact__dossier=received, fact__criterion="I.1").delete()
    FactRecord.objects.filter(dossier=received, criterion="I.2").delete()
    FactRecord.objects.filter(dossier=received, criterion="I.3").update(numerator=0, denominator=0)
    rule_on(judge, received.pk, "I.6", Ruling.REJECT, reason="chưa có danh sách")
    fit = acceptable(again(received), {"I.7"})
    assert not {"I.1", "I.2", "I.3", "I.6", "I.7"} & {matter.code for matter in fit}
    assert accept_together(judge, received.pk, {matter.code: matter.seen for matter in fit}, {"I.7"}) == 33
    docket = again(received)
    assert docket.ruled == 34
    assert (progress_of([received])[received.pk].ruled, progress_of([received])[received.pk].total) == (34, 38)


def test_accepting_together_accepts_none_where_one_has_changed(received: Dossier, judge: Actor) -> None:
    seen = {matter.code: matter.seen for matter in acceptable(again(received))}
    rule_on(judge, received.pk, "I.6", Ruling.REJECT, reason="chưa có danh sách")
    with pytest.raises(Overtaken):
        accept_together(judge, received.pk, seen)
    assert again(received).ruled == 1


def dossier_reloaded(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(pk=dossier.pk)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_what_a_ruling_promises_is_what_follows_from_it(received: Dossier, judge: Actor, seed: int) -> None:
    chance = random.Random(seed)
    docket = again(received)
    matter = chance.choice(docket.matters)
    ruling = chance.choice(list(Ruling))
    whole = chance.randint(0, 20)
    part = chance.randint(0, whole)
    cells = {matter.code: Cells(str(part), str(whole))}
    if matter.parts[0].asked.kind != "ratio":
        cells = {matter.code: Cells(value=chance.choice(["0", "1"]))}
    effect = weigh(docket).effect(matter, ruling, cells, "lý do")
    assert isinstance(effect, LevelEffect)
    try:
        rule_on(judge, received.pk, matter.code, ruling, cells=cells, reason="lý do", seen=matter.seen)
    except Unreadable as refused:
        assert tuple(refused.flaws) == effect.flaws  # noqa: PT017 - what is refused was foretold as well
        return
    except Unfit:
        return
    results = results_of(dossier_reloaded(received).cycle)
    assert results[docket.unit.code].levels == effect.after
    assert {each.unit.code: each.after for each in effect.above} == {"613": results["613"].levels}
