"""The desk shows everybody what waits for him and what is late, and nothing else."""

import datetime

import pytest
from django.utils import timezone

from certification.procedure.permissions import may
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.models import Conflict, Council, CouncilMember, Dossier, Transition
from certification.store.subjects import subject_of
from certification.store.worklist import dossiers_in, waiting_among
from tests.web.conftest import dossier_of

COMMUNE, DISTRICT = "23473", "613"
OTHER_DISTRICT = "618"
POSTS = {
    Role.DISTRICT_COUNCIL: DISTRICT,
    Role.DISTRICT_OFFICE: DISTRICT,
    Role.DISTRICT_COMMITTEE: DISTRICT,
    Role.DISTRICT_OFFICER: DISTRICT,
    Role.COMMUNE_OFFICER: COMMUNE,
    Role.DEPARTMENT: "62",
    Role.PROVINCIAL_COMMITTEE: "62",
    Role.PLANNER: None,
}


@pytest.fixture
def on(monkeypatch):
    """Makes today another day."""

    def move(year, month, day):
        monkeypatch.setattr(timezone, "localdate", lambda *_: datetime.date(year, month, day))

    return move


def text_of(answer):
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def place(province, unit, state):
    Dossier.objects.filter(cycle=province.cycle, unit__code=unit).update(state=state.value)


def test_nobody_sees_a_desk_without_signing_in(province, client):
    answer = client.get("/")
    assert answer.status_code == 302


def test_a_commune_officer_finds_his_own_dossier_its_stage_and_his_next_step(province, browser, on):
    on(2025, 11, 20)
    place(province, COMMUNE, State.ASSESSING)
    page = text_of(browser(Role.COMMUNE_OFFICER, COMMUNE).get("/"))
    assert "Thị trấn Măng Đen" in page
    assert "Việc tiếp theo:" in page
    assert "còn 9 ngày" in page  # trước ngày 30/11: the 29th is the last
    assert "Đang tự đánh giá" in page
    assert "Huyện Ia H" not in page


def test_an_office_finds_the_dossiers_that_were_handed_in_to_it_and_no_others(province, browser, on):
    on(2025, 12, 1)
    place(province, COMMUNE, State.SUBMITTED)
    outside = province.cycle.dossiers.filter(unit__parent__code=OTHER_DISTRICT).first()
    place(province, outside.unit.code, State.SUBMITTED)
    page = text_of(browser(Role.DISTRICT_OFFICE, DISTRICT).get("/"))
    mine = page.split('id="mine"')[1].split("</section>")[0]
    assert "Thị trấn Măng Đen" in mine
    assert "Kiểm tra, tiếp nhận hồ sơ" in mine
    assert outside.unit.name not in page


def test_what_is_overdue_is_said_with_the_days_and_whose_turn_it_is(province, browser, on):
    on(2025, 12, 2)
    place(province, COMMUNE, State.ASSESSING)
    page = text_of(browser(Role.DISTRICT_OFFICE, DISTRICT).get("/"))
    assert "quá hạn 3 ngày" in page
    assert "đơn vị được đánh giá" in page


def test_a_council_member_waits_for_nothing_until_his_name_stands_in_the_council(province, browser, person):
    place(province, COMMUNE, State.RECEIVED)
    member = person(Role.DISTRICT_COUNCIL, DISTRICT)
    from certification.store.accounts import actor_of

    def mine():
        actor, dossiers = actor_of(member), dossiers_in([province.cycle])
        waiting = waiting_among(actor, dossiers, datetime.date(2025, 12, 1))
        return {each.dossier.unit.code for each in waiting if each.mine}

    assert COMMUNE not in mine()
    council = Council.objects.create(cycle=province.cycle, body=province.units[DISTRICT])
    CouncilMember.objects.create(council=council, account=member, name="Người Thứ 1")
    assert COMMUNE in mine()


def test_whoever_entered_facts_of_a_dossier_is_not_told_to_judge_it(province, person):
    place(province, COMMUNE, State.SUBMITTED)
    office = person(Role.DISTRICT_OFFICE, DISTRICT)
    from certification.store.accounts import actor_of

    def mine():
        waiting = waiting_among(actor_of(office), dossiers_in([province.cycle]), datetime.date(2025, 12, 1))
        return {each.dossier.unit.code for each in waiting if each.mine}

    assert COMMUNE in mine()
    dossier_of(province, COMMUNE).facts.update(entered_by=office)
    assert COMMUNE not in mine()


def test_an_administrator_sees_accounts_and_gaps_but_no_level(province, browser):
    page = text_of(browser(Role.ADMINISTRATOR).get("/"))
    assert "tài khoản đang hoạt động" in page
    assert "hồ sơ chưa có cán bộ nhập số liệu" in page
    assert "Số đơn vị xã theo mức" not in page
    assert "level-name" not in page


def test_a_planner_and_an_auditor_see_the_whole_province_and_nothing_waits_for_them(province, browser):
    for role in (Role.PLANNER, Role.AUDITOR):
        page = text_of(browser(role).get("/"))
        assert "Số đơn vị xã theo mức" in page
        assert "Không có hồ sơ nào đang chờ bạn." in page


def test_what_just_happened_is_shown_only_of_ones_own_territory(province, browser, person):
    account = person(Role.DISTRICT_OFFICE, DISTRICT, "Nguyễn Thị Phượng")
    for unit in (COMMUNE, province.cycle.dossiers.filter(unit__parent__code=OTHER_DISTRICT).first().unit.code):
        Transition.objects.create(
            dossier=dossier_of(province, unit),
            action="receive",
            before="submitted",
            after="received",
            by=account,
            at=timezone.now(),
        )
    page = text_of(browser(Role.DISTRICT_OFFICE, DISTRICT).get("/"))
    recent = page.split('id="recent"')[1].split("</section>")[0]
    assert recent.count("<li>") == 1
    assert "Nguyễn Thị Phượng" in recent


def test_the_desk_speaks_english_too(province, browser):
    client = browser(Role.DEPARTMENT, "62")
    client.cookies["django_language"] = "en"
    page = text_of(client.get("/"))
    assert "Waiting for me" in page
    assert "Overdue" in page


def test_before_any_cycle_is_opened_the_desk_says_so(browser, db):
    assert "Chưa có kỳ đánh giá nào đang mở" in text_of(browser(Role.AUDITOR).get("/"))


def test_an_office_is_told_to_set_up_its_council_and_is_pressed_when_dossiers_wait(province, browser):
    Dossier.objects.filter(cycle=province.cycle).update(state=State.ASSESSING.value)
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    chores = text_of(client.get("/")).split('id="chores"')[1].split("</section>")[0]
    assert "Thành lập Hội đồng thẩm định của huyện Kon Plông năm 2025" in chores
    assert "hồ sơ đang chờ" not in chores
    place(province, COMMUNE, State.RECEIVED)
    chores = text_of(client.get("/")).split('id="chores"')[1].split("</section>")[0]
    assert "hồ sơ đang chờ" in chores
    Council.objects.create(cycle=province.cycle, body=province.units[DISTRICT])
    chores = text_of(client.get("/")).split('id="chores"')[1].split("</section>")[0]
    assert "Thành lập" not in chores


def test_the_department_finds_its_council_of_districts_and_the_report_to_the_ministry(province, browser):
    page = text_of(browser(Role.DEPARTMENT, "62").get("/"))
    chores = page.split('id="chores"')[1].split("</section>")[0]
    assert "Báo cáo tổng hợp năm 2025 của tỉnh Kon Tum gửi Bộ" in chores
    assert "Hội đồng thẩm định của tỉnh Kon Tum" in chores


def test_a_committee_finds_what_was_proposed_to_it(province, browser):
    place(province, COMMUNE, State.PROPOSED)
    page = text_of(browser(Role.DISTRICT_COMMITTEE, DISTRICT).get("/"))
    assert "1 hồ sơ đã trình" in page
    assert "1 hồ sơ đã trình" not in text_of(browser(Role.DISTRICT_COMMITTEE, OTHER_DISTRICT).get("/"))


def test_the_list_judges_every_dossier_as_the_step_itself_would(province, actor):
    states = list(State)
    for at, dossier in enumerate(Dossier.objects.filter(cycle=province.cycle).order_by("pk")):
        place(province, dossier.unit.code, states[at % len(states)])
    council = Council.objects.create(cycle=province.cycle, body=province.units[DISTRICT])
    people = [actor(role, unit) for role, unit in POSTS.items()]
    for who in people[:2]:
        CouncilMember.objects.create(council=council, account_id=who.account, name=who.name)
    some = Dossier.objects.filter(cycle=province.cycle, unit__parent__code=DISTRICT).order_by("pk")
    some[0].facts.update(entered_by=people[1].account)
    some[1].facts.update(appraised_by=people[0].account)
    Conflict.objects.create(dossier=some[2], account_id=people[0].account, reason="họ hàng", at=timezone.now())
    dossiers = dossiers_in([province.cycle])
    judged = 0
    for who in people:
        for waiting in waiting_among(who, dossiers, datetime.date(2025, 12, 1)):
            whole = subject_of(waiting.dossier, datetime.date(2025, 12, 1))
            assert waiting.mine == may(who, waiting.reminder.wait.action, whole), (who, waiting.dossier.state)
            judged += waiting.mine
    assert judged > 5
