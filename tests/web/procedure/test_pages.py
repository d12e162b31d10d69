"""The pages of the year: what each reader sees and may do, reasons that are asked for, errors that lose nothing."""

import datetime
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from certification.procedure.actions import Action
from certification.procedure.meetings import Choice
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.dossiers import take_step
from certification.store.loading import Province
from certification.store.models import Account, Appointment, Council, Dossier, Minutes, Transition
from tests.web.conftest import Person, dossier_of
from tests.web.procedure.people import COMMUNE, DISTRICT, commune, place

Browser = Callable[..., Client]


def step(dossier: Dossier, action: Action) -> str:
    return reverse("procedure:step", args=(dossier.pk, action.value))


def page(client: Client, dossier: Dossier) -> str:
    answer = client.get(reverse("procedure:dossier", args=(dossier.pk,)))
    assert answer.status_code == 200
    return str(answer.content.decode())


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_dossier_can_be_looked_at_in_every_state(province: Province, browser: Browser) -> None:
    officer, auditor = browser(Role.COMMUNE_OFFICER, COMMUNE), browser(Role.AUDITOR)
    for state in State:
        dossier = commune(province, state)
        for client in (officer, auditor):
            assert state.label.vi in page(client, dossier)


def test_a_dossier_on_paper_holds_its_facts_with_what_the_council_ruled_and_why(
    province: Province, browser: Browser
) -> None:
    dossier = commune(province, "published")
    fact = dossier.facts.filter(numerator__isnull=False).order_by("criterion")[0]
    fact.status, fact.note = "rejected", "Tài liệu không phải của năm này"
    fact.save()
    address = reverse("procedure:record", args=(dossier.pk,))
    paper = browser(Role.AUDITOR).get(address).content.decode()
    assert paper.count('data-label="Đơn vị báo cáo"') == 38
    assert "Tài liệu không phải của năm này" in paper
    assert browser(Role.AUDITOR).get(address, {"format": "xlsx"}).content[:2] == b"PK"
    assert browser(Role.COMMUNE_OFFICER, "23535").get(address).status_code in (403, 404)


def test_the_office_is_shown_that_a_dossier_is_late_and_its_choice_is_kept_with_the_reason(
    province: Province, browser: Browser, actor: Callable[..., object]
) -> None:
    dossier = commune(province, "assessing")
    officer = actor(Role.COMMUNE_OFFICER, COMMUNE)
    take_step(officer, Action.SUBMIT, dossier.pk, today=datetime.date(2025, 12, 3))  # type: ignore[arg-type]
    office = browser(Role.DISTRICT_OFFICE, DISTRICT)
    shown = page(office, dossier)
    assert "Hồ sơ nộp muộn 4 ngày" in shown
    assert "có quyền từ chối" in shown
    assert "Vì sao vẫn nhận hồ sơ nộp muộn" in shown
    dossier.refresh_from_db()
    refused = office.post(step(dossier, Action.RECEIVE), {"version": dossier.version, "why": " "})
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in refused.content.decode()
    done = office.post(step(dossier, Action.RECEIVE), {"version": dossier.version, "why": "Mất điện toàn huyện"})
    assert (done.status_code, done["Location"]) == (303, reverse("procedure:dossier", args=(dossier.pk,)))
    assert "Mất điện toàn huyện" in page(office, dossier)


def test_a_step_that_somebody_else_took_first_is_told_and_nothing_typed_is_lost(
    province: Province, browser: Browser
) -> None:
    dossier = commune(province, "submitted")
    first, second = browser(Role.DISTRICT_OFFICE, DISTRICT), browser(Role.DISTRICT_OFFICE, DISTRICT)
    version = dossier.version
    first.post(step(dossier, Action.RETURN), {"version": version, "why": "Thiếu tài liệu"})
    place(dossier, "submitted")
    answer = second.post(step(dossier, Action.RETURN), {"version": version, "why": "Thiếu I.5 và I.7"})
    assert answer.status_code == 409
    assert "Thiếu I.5 và I.7" in answer.content.decode()
    assert Transition.objects.filter(dossier=dossier).count() == 1


def test_who_may_not_take_a_step_is_told_who_may(province: Province, browser: Browser) -> None:
    dossier = commune(province, "submitted")
    answer = browser(Role.COMMUNE_OFFICER, COMMUNE).post(step(dossier, Action.RECEIVE), {"why": ""})
    assert answer.status_code == 403
    assert "Việc này thuộc" in answer.content.decode()
    neighbour = Dossier.objects.filter(unit__parent__code=DISTRICT).exclude(unit__code=COMMUNE)[0].unit.code
    assert (
        browser(Role.COMMUNE_OFFICER, neighbour).get(reverse("procedure:dossier", args=(dossier.pk,))).status_code
        == 403
    )
    assert browser(Role.AUDITOR).get(step(dossier, Action.RECEIVE)).status_code == 405
    assert browser(Role.AUDITOR).post(f"/dossiers/{dossier.pk}/steps/sign/").status_code == 404


def test_the_history_goes_to_excel(province: Province, browser: Browser) -> None:
    dossier = commune(province, "submitted")
    office = browser(Role.DISTRICT_OFFICE, DISTRICT)
    office.post(step(dossier, Action.RETURN), {"version": dossier.version, "why": "Thiếu"})
    address = reverse("procedure:history", args=(dossier.pk,))
    assert "Trả lại để hoàn thiện" in office.get(address).content.decode()
    assert office.get(address, {"format": "xlsx"}).content[:2] == b"PK"


def test_the_calendar_shows_the_last_days_and_what_is_still_to_do(province: Province, browser: Browser) -> None:
    commune(province, "submitted")
    shown = browser(Role.DISTRICT_OFFICE, DISTRICT).get(reverse("procedure:calendar")).content.decode()
    assert "Tháng 11/2025" in shown
    assert "trước ngày 30/11" in shown
    assert "chờ tôi" in shown
    assert reverse("procedure:council", args=(province.units[DISTRICT].pk, province.cycle.pk)) in shown


def test_the_calendar_is_a_file_for_one_s_own_calendar(province: Province, browser: Browser) -> None:
    answer = browser(Role.AUDITOR).get(reverse("procedure:export", args=(province.cycle.pk,)))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20251129\r\nDTEND;VALUE=DATE:20251130\r\n" in text
    assert text.count("BEGIN:VEVENT") == 5
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "Tự đánh giá và gửi văn bản đề nghị thẩm định" in text.replace("\r\n ", "")


def test_an_office_records_the_targets_of_its_communes_at_once(province: Province, browser: Browser) -> None:
    office = browser(Role.DISTRICT_OFFICE, DISTRICT)
    dossiers = list(Dossier.objects.filter(cycle=province.cycle, unit__parent__code=DISTRICT))
    for dossier in dossiers:
        place(dossier, "open")
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in dossiers]).update(target=None)
    address = reverse("procedure:registrations", args=(province.units[DISTRICT].pk, province.cycle.pk))
    assert office.get(address).content.decode().count("<select") == len(dossiers)
    place(dossiers[0], "appraised")
    both = {f"target-{dossiers[0].pk}": "4", f"target-{dossiers[1].pk}": "3"}
    refused = office.post(address, both)
    assert refused.status_code == 422
    assert "Chưa thể đăng ký mức độ" in refused.content.decode()
    assert not Dossier.objects.filter(pk=dossiers[1].pk, state="registered").exists()
    assert office.post(address, {f"target-{dossiers[1].pk}": "3"}).status_code == 303
    assert Dossier.objects.get(pk=dossiers[1].pk).target == 3
    assert office.get(address, {"format": "xlsx"}).content[:2] == b"PK"


def test_a_council_is_set_up_meets_votes_and_closes_its_minutes(
    province: Province, browser: Browser, person: Person
) -> None:
    dossier = commune(province, "appraised")
    where = (province.units[DISTRICT].pk, province.cycle.pk)
    sat = [person(Role.DISTRICT_COUNCIL, DISTRICT, name) for name in ("Nguyễn Văn Chủ", "Trần Thị Thư", "Lê Văn Viên")]
    office = browser(Role.DISTRICT_OFFICE, DISTRICT)
    assert "chưa được thành lập" in office.get(reverse("procedure:council", args=where)).content.decode()
    form: dict[str, object] = {"decided_by": "Quyết định số 15/QĐ-UBND", "quorum": "half"}
    for number, (account, seat) in enumerate(zip(sat, ("chair", "member", "member"), strict=True)):
        form |= {f"account-{number}": account.pk, f"seat-{number}": seat, f"position-{number}": "UBND huyện"}
    assert office.get(reverse("procedure:members", args=where)).status_code == 200
    refused = office.post(reverse("procedure:members", args=where), form)
    assert refused.status_code == 422
    assert "Quyết định số 15/QĐ-UBND" in refused.content.decode()
    form["seat-1"] = "secretary"
    assert office.post(reverse("procedure:members", args=where), form).status_code == 303
    council = Council.objects.get()
    rows = {member.account_id: member.pk for member in council.members.all()}

    secretary = signed_in(sat[1])
    assert "Lập biên bản" in secretary.get(reverse("procedure:council", args=where)).content.decode()
    assert dossier.unit.name in secretary.get(reverse("procedure:new_minutes", args=where)).content.decode()
    meeting: dict[str, object] = {"held_on": "hôm qua", "number": "01/BB", f"item-{dossier.pk}": "1"}
    meeting |= {f"present-{row}": "1" for row in rows.values()}
    meeting |= {f"vote-{dossier.pk}-{rows[sat[0].pk]}": Choice.FOR.value}
    meeting |= {f"conflict-{dossier.pk}-{rows[sat[2].pk]}": "Quê ở xã này"}
    wrong = secretary.post(reverse("procedure:new_minutes", args=where), meeting)
    assert wrong.status_code == 422
    assert "Quê ở xã này" in wrong.content.decode()
    saved = secretary.post(reverse("procedure:new_minutes", args=where), meeting | {"held_on": "2025-12-10"})
    minutes = Minutes.objects.get()
    here = (*where, minutes.pk)
    assert saved["Location"] == reverse("procedure:minutes", args=here)
    shown = secretary.get(reverse("procedure:minutes", args=here)).content.decode()
    assert "còn thiếu 1 phiếu" in shown
    assert secretary.post(reverse("procedure:close_minutes", args=here), {"version": 1}).status_code == 422
    ballot = {"item": minutes.items.get().pk, "choice": "for"}
    assert signed_in(sat[2]).post(reverse("procedure:vote", args=here), ballot).status_code in (303, 422)
    assert secretary.post(reverse("procedure:vote", args=here), ballot).status_code == 303
    assert secretary.get(reverse("procedure:edit_minutes", args=here)).status_code == 200
    # The page was made before the vote: whoever closes the minutes has seen every vote.
    assert secretary.post(reverse("procedure:close_minutes", args=here), {"version": 1}).status_code == 409
    version = Minutes.objects.get().version
    assert secretary.post(reverse("procedure:close_minutes", args=here), {"version": version}).status_code == 303
    dossier.refresh_from_db()
    assert dossier.state == "minuted"
    assert secretary.get(reverse("procedure:edit_minutes", args=here)).status_code == 404
    assert "thông qua" in secretary.get(reverse("procedure:minutes", args=here)).content.decode()
    for table in (reverse("procedure:council", args=where), reverse("procedure:minutes", args=here)):
        assert office.get(table, {"format": "xlsx"}).content[:2] == b"PK"
    word = office.get(reverse("procedure:document", args=(*here, "docx")))
    assert word.content[:2] == b"PK"
    assert office.get(reverse("procedure:document", args=(*here, "exe"))).status_code == 404
    assert office.get(reverse("procedure:new_minutes", args=where)).status_code == 403
    assert browser(Role.DISTRICT_COUNCIL, DISTRICT).get(reverse("procedure:new_minutes", args=where)).status_code == 403
    assert "01/BB" in page(office, dossier)
    assert office.post(step(dossier, Action.PROPOSE), {"version": dossier.version}).status_code == 303


def test_an_office_takes_one_step_for_many_dossiers(province: Province, browser: Browser) -> None:
    where = (province.units[DISTRICT].pk, province.cycle.pk)
    own = list(Dossier.objects.filter(cycle=province.cycle, unit__parent__code=DISTRICT))[:3]
    for dossier in own:
        place(dossier, "minuted")
    office = browser(Role.DISTRICT_OFFICE, DISTRICT)
    address = reverse("procedure:together", args=(*where, "propose"))
    assert f'href="{address}"' in office.get(reverse("procedure:council", args=where)).content.decode()
    assert office.get(address).content.decode().count('type="checkbox"') == 3
    assert office.post(address, {}).status_code == 422
    form = {f"dossier-{own[0].pk}": "1", f"version-{own[0].pk}": "99", f"dossier-{own[1].pk}": "1"}
    refused = office.post(address, form | {"why": "Theo Tờ trình số 9"})
    assert refused.status_code == 422
    assert "Theo Tờ trình số 9" in refused.content.decode()
    form |= {f"version-{own[0].pk}": str(own[0].version)}
    assert office.post(address, form).status_code == 303
    assert Dossier.objects.filter(pk__in=[each.pk for each in own], state="proposed").count() == 2
    assert browser(Role.DISTRICT_COUNCIL, DISTRICT).get(address).status_code == 403
    assert office.get(reverse("procedure:together", args=(*where, "refuse_late"))).status_code == 404


def test_two_secretaries_with_one_draft_see_each_other_s_text(
    province: Province, browser: Browser, person: Person
) -> None:
    from certification.store.minutes import Item, Sitting, save_minutes
    from tests.web.procedure.people import council, people

    makes = lambda role, unit, name="": actor_of(person(role, unit, name))  # noqa: E731 - one line
    who, dossier = people(makes), commune(province, "appraised")
    board = council(who, province)
    draft = save_minutes(
        who.secretary, board, Sitting(datetime.date(2025, 12, 10), frozenset(), (Item(dossier.pk, "Cũ"),))
    )
    here = (province.units[DISTRICT].pk, province.cycle.pk, draft.pk)
    form = {"held_on": "2025-12-11", f"item-{dossier.pk}": "1", "discussion": "Ý kiến của tôi", "version": "1"}
    first, second = (signed_in(Account.objects.get(pk=each.account)) for each in (who.secretary, who.chair))
    assert first.post(reverse("procedure:edit_minutes", args=here), form).status_code == 303
    answer = second.post(reverse("procedure:edit_minutes", args=here), form | {"discussion": "Ý kiến khác"})
    assert answer.status_code == 409
    assert "Ý kiến khác" in answer.content.decode()
    assert "Bản người khác vừa lưu" in answer.content.decode()
    assert second.post(reverse("procedure:edit_minutes", args=here), form | {"version": "2"}).status_code == 303


def test_strangers_see_no_council_and_set_none_up(province: Province, browser: Browser) -> None:
    where = (province.units[DISTRICT].pk, province.cycle.pk)
    assert browser(Role.COMMUNE_OFFICER, COMMUNE).get(reverse("procedure:council", args=where)).status_code == 403
    assert browser(Role.DISTRICT_COMMITTEE, DISTRICT).get(reverse("procedure:members", args=where)).status_code == 403
    assert browser(Role.DISTRICT_OFFICE, "618").get(reverse("procedure:members", args=where)).status_code == 403
    assert Client().get(reverse("procedure:council", args=where)).status_code == 302


def test_pages_speak_english_too(province: Province, browser: Browser) -> None:
    dossier = dossier_of(province, COMMUNE)
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    Appointment.objects.exists()
    client.cookies["django_language"] = "en"
    assert "What is next" in page(client, dossier)


def test_the_pages_of_a_province_take_a_bounded_number_of_queries(
    whole_province: Province, browser: Browser, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = browser(Role.DEPARTMENT, "62")
    client.get(reverse("procedure:calendar"))
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        client.get(reverse("procedure:calendar"))
    root = whole_province.units["62"]
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        client.get(reverse("procedure:registrations", args=(root.pk, whole_province.cycle.pk)))
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        client.get(reverse("procedure:council", args=(root.pk, whole_province.cycle.pk)))


def test_who_hands_in_is_told_what_nobody_has_entered(province: Province, browser: Browser) -> None:
    dossier = commune(province, "assessing")
    dossier.facts.filter(criterion__in=["I.3", "III.2"]).delete()
    shown = page(browser(Role.COMMUNE_OFFICER, COMMUNE), dossier)
    assert "tiêu chí chưa có số liệu, tính là chưa đạt: I.3, III.2" in " ".join(shown.split()).replace("</span>", "")


def test_whoever_reads_a_dossier_finds_its_facts_from_there(province: Province, browser: Browser) -> None:
    dossier = commune(province, "received")
    facts = f'href="{reverse("facts:dossier", args=(dossier.pk,))}"'
    for role, unit in ((Role.PLANNER, None), (Role.AUDITOR, None), (Role.DISTRICT_COMMITTEE, DISTRICT)):
        client = browser(role, unit)
        assert facts in page(client, dossier)
        assert client.get(reverse("facts:dossier", args=(dossier.pk,))).status_code == 200
