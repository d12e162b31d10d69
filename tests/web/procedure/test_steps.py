"""The steps of the year in the store: each with who, when, why and how late; what is refused stays undone."""

import datetime

import pytest

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.changes import Overtaken, change_dossier
from certification.store.dossiers import (
    complain,
    dismiss_complaint,
    register,
    reopen,
    take_step,
    unruled,
)
from certification.store.loading import Province
from certification.store.models import AuditEntry, Dossier, FactRecord
from certification.store.together import NotTogether, Registration, register_all, take_all
from certification.store.unfit import Unfit
from tests.web.conftest import dossier_of
from tests.web.procedure.people import COMMUNE, DISTRICT, MakeActor, commune, council, people, place, rule_all

IN_TIME, TOO_LATE = datetime.date(2025, 11, 29), datetime.date(2025, 11, 30)


def last(dossier: Dossier) -> tuple[str, str, str, int, str]:
    step = dossier.transitions.order_by("-id")[0]
    return step.action, step.after, step.role, step.days_late, step.why


def test_a_dossier_goes_from_registration_to_the_appraised_second_round(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "open")
    council(who, province)
    key = dossier.pk
    register(who.officer, key, 3, today=datetime.date(2025, 1, 19))
    assert last(dossier) == ("register", "registered", "commune_officer", 0, "")
    with change_dossier(who.officer, Action.ENTER_FACT, key) as made:
        made.after = {"entered": "I.1"}
    take_step(who.officer, Action.SUBMIT, key, today=IN_TIME)
    take_step(who.office, Action.RETURN, key, why="Thiếu tài liệu kiểm chứng I.5")
    assert last(dossier) == ("return", "returned", "district_office", 0, "Thiếu tài liệu kiểm chứng I.5")
    take_step(who.officer, Action.SUBMIT, key, today=datetime.date(2025, 12, 5))
    assert last(dossier)[3] == 0  # what came in time and was returned is not late
    take_step(who.office, Action.RECEIVE, key)
    with change_dossier(who.member, Action.APPRAISE, key) as made:
        made.after = {"ruled": "I.1"}
    take_step(who.member, Action.CLOSE_ROUND, key, why="Giải trình I.3")
    with pytest.raises(Unfit, match="no explanation"):
        take_step(who.officer, Action.SUBMIT, key)
    take_step(who.officer, Action.SUBMIT, key, why="Không có ý kiến")
    dossier.refresh_from_db()
    assert dossier.state == State.SECOND_ROUND
    if unruled(dossier):
        with pytest.raises(Unfit, match="not ruled on"):
            take_step(who.member, Action.CLOSE_APPRAISAL, key)
    rule_all(dossier, who.member)
    assert take_step(who.member, Action.CLOSE_APPRAISAL, key).state == State.APPRAISED
    steps = list(dossier.transitions.values_list("by", "why", "at"))
    assert all(by and at for by, _, at in steps)
    assert AuditEntry.objects.filter(object_kind="dossier", object_id=str(key)).count() >= len(steps)


def test_an_office_may_refuse_what_is_late_and_gives_its_reason(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "assessing")
    take_step(who.officer, Action.SUBMIT, dossier.pk, today=TOO_LATE)
    assert last(dossier)[3] == 1
    with pytest.raises(Unfit, match="State the reason"):
        take_step(who.office, Action.REFUSE_LATE, dossier.pk)
    take_step(who.office, Action.REFUSE_LATE, dossier.pk, why="Văn bản đến ngày 30/11")
    with pytest.raises(Unfit, match="received after all"):
        take_step(who.office, Action.RECEIVE, dossier.pk)
    assert take_step(who.office, Action.RECEIVE, dossier.pk, why="Mưa lũ").state == State.RECEIVED


def test_an_office_that_receives_a_late_dossier_says_why(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "assessing")
    take_step(who.officer, Action.SUBMIT, dossier.pk, today=TOO_LATE)
    with pytest.raises(Unfit, match="received all the same"):
        take_step(who.office, Action.RECEIVE, dossier.pk)
    take_step(who.office, Action.RECEIVE, dossier.pk, why="Sự cố trục liên thông văn bản")
    assert last(dossier)[4] == "Sự cố trục liên thông văn bản"


def test_what_came_in_time_cannot_be_refused_as_late(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "assessing")
    take_step(who.officer, Action.SUBMIT, dossier.pk, today=IN_TIME)
    with pytest.raises(Refused, match="came in time"):
        take_step(who.office, Action.REFUSE_LATE, dossier.pk, why="muộn")


def test_an_empty_dossier_is_not_handed_in(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "assessing")
    FactRecord.objects.filter(dossier=dossier).delete()
    with pytest.raises(Unfit, match="holds no fact"):
        take_step(who.officer, Action.SUBMIT, dossier.pk)
    assert not dossier.transitions.exists()


def test_who_entered_a_fact_that_another_changed_later_still_does_not_appraise(
    province: Province, actor: MakeActor, person: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "registered")
    council(who, province)
    with change_dossier(who.officer, Action.ENTER_FACT, dossier.pk) as made:
        made.after = {"entered": "I.1"}
    assert not FactRecord.objects.filter(entered_by=who.officer.account).exists()
    place(dossier, "received")
    from attrs import evolve

    both = evolve(who.member, account=who.officer.account)
    with pytest.raises(Refused), change_dossier(both, Action.APPRAISE, dossier.pk):
        pytest.fail("judged too late")


def test_a_page_made_before_somebody_elses_step_changes_nothing(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "submitted")
    version = dossier.version
    take_step(who.office, Action.RETURN, dossier.pk, version=version, why="Thiếu")
    place(dossier, "submitted")
    with pytest.raises(Overtaken):
        take_step(who.office, Action.RECEIVE, dossier.pk, version=version)


def test_a_changed_target_needs_a_reason_and_stays_in_the_history(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "registered")
    Dossier.objects.filter(pk=dossier.pk).update(target=3)
    with pytest.raises(Unfit, match="registered level 3 already"):
        register(who.officer, dossier.pk, 3, why="như cũ")
    with pytest.raises(Unfit, match="target is changed"):
        register(who.officer, dossier.pk, 4)
    with pytest.raises(Unfit, match="from 1 to 5"):
        register(who.officer, dossier.pk, 6, why="cao")
    register(who.officer, dossier.pk, 4, why="Đã có thêm cán bộ", today=datetime.date(2025, 2, 1))
    assert last(dossier) == ("register", "registered", "commune_officer", 13, "Đã có thêm cán bộ")
    dossier.refresh_from_db()
    assert dossier.target == 4


def test_an_office_registers_all_its_communes_or_none(province: Province, actor: MakeActor) -> None:
    office = actor(Role.DISTRICT_OFFICE, DISTRICT)
    own = [place(d, "open") for d in Dossier.objects.filter(cycle=province.cycle, unit__parent__code=DISTRICT)]
    stranger = place(Dossier.objects.filter(cycle=province.cycle, unit__parent__code="618")[0], "open")
    with pytest.raises(NotTogether) as refused:
        register_all(office, [Registration(own[0].pk, 3), Registration(stranger.pk, 3), Registration(own[1].pk, 9)])
    assert set(refused.value.faults) == {stranger.pk, own[1].pk}
    assert not Dossier.objects.filter(cycle=province.cycle, state=State.REGISTERED, pk=own[0].pk).exists()
    assert register_all(office, [Registration(dossier.pk, 3) for dossier in own]) == len(own)
    assert Dossier.objects.filter(cycle=province.cycle, state=State.REGISTERED).count() >= len(own)


def test_an_office_receives_all_that_came_in_time_or_none(province: Province, actor: MakeActor) -> None:
    office = actor(Role.DISTRICT_OFFICE, DISTRICT)
    own = list(Dossier.objects.filter(cycle=province.cycle, unit__parent__code=DISTRICT).order_by("pk"))[:3]
    for dossier in own:
        place(dossier, "assessing")
        Dossier.objects.filter(pk=dossier.pk).update(state=State.ASSESSING)
        officer = actor(Role.COMMUNE_OFFICER, dossier.unit.code)
        take_step(officer, Action.SUBMIT, dossier.pk, today=TOO_LATE if dossier is own[0] else IN_TIME)
    with pytest.raises(NotTogether) as refused:
        take_all(office, Action.RECEIVE, {dossier.pk: None for dossier in own})
    assert set(refused.value.faults) == {own[0].pk}  # a late one needs its reason
    assert Dossier.objects.filter(cycle=province.cycle, state=State.RECEIVED, pk__in=[own[1].pk]).count() == 0
    assert take_all(office, Action.RECEIVE, {dossier.pk: None for dossier in own}, why="Bão số 12") == 3


def test_a_complaint_is_dismissed_with_an_answer_or_leads_to_another_appraisal(
    province: Province, actor: MakeActor
) -> None:
    who, dossier = people(actor), commune(province, "published")
    with pytest.raises(Unfit, match="complained of"):
        complain(who.officer, dossier.pk, " ")
    first = complain(who.officer, dossier.pk, "I.5 bị bỏ sót tài liệu")
    with pytest.raises(Refused):
        dismiss_complaint(who.office, dossier.pk, "Không")
    dismiss_complaint(who.committee, dossier.pk, "Tài liệu nộp sau thời hạn")
    first.refresh_from_db()
    assert (first.outcome, first.answered_by_id) == ("dismissed", who.committee.account)
    second = complain(who.officer, dossier.pk, "Văn bản đến trước hạn")
    assert reopen(who.committee, dossier.pk, "Khiếu nại đúng").state == State.REAPPRAISING
    second.refresh_from_db()
    assert second.outcome == "upheld"


def test_only_plain_steps_are_taken_this_way(province: Province, actor: MakeActor) -> None:
    with pytest.raises(ValueError, match="no plain step"):
        take_step(people(actor).committee, Action.SIGN, dossier_of(province, COMMUNE).pk)
