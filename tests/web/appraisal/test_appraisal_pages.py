"""The council's pages as its members meet them."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.appraisal import rule_on
from certification.store.loading import Province
from certification.store.matters import docket_of
from certification.store.models import Account, AuditEntry, Conflict, Dossier, Explanation, FactRecord
from evidence.checks import Doubt
from evidence.rulings import Ruling
from levels.faults import Text
from tests.web.appraisal.conftest import seat
from tests.web.conftest import Person

SignIn = Callable[[Account], Client]


def at(dossier: Dossier, code: str = "I.1") -> str:
    return f"/appraisal/{dossier.pk}/at/{code}/"


def ruling(dossier: Dossier, ruling: str, code: str = "I.1", **typed: str) -> dict[str, str]:
    """What the form of a ruling sends that was opened just now."""
    return {"ruling": ruling, "seen": docket_of(dossier).by_code[code].seen, "do": "save", **typed}


def test_the_list_shows_what_waits_with_its_progress(
    received: Dossier, member: Account, sign_in: SignIn, judge: Actor
) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)
    page = sign_in(member).get("/appraisal/").content.decode()
    assert "Xã Đắk Ring" in page
    assert "1/38" in page


def test_the_list_finds_names_whatever_their_tones(received: Dossier, member: Account, sign_in: SignIn) -> None:
    client = sign_in(member)
    assert "Xã Đắk Ring" in client.get("/appraisal/?q=dak+ring").content.decode()
    assert "Xã Đắk Ring" not in client.get("/appraisal/?q=mang+buk").content.decode()


def test_the_list_is_only_for_councils(received: Dossier, person: Person, sign_in: SignIn) -> None:
    assert sign_in(person(Role.COMMUNE_OFFICER, "23455")).get("/appraisal/").status_code == 403


def test_a_ruling_is_saved_and_leads_to_the_next_open_criterion(
    received: Dossier, member: Account, sign_in: SignIn
) -> None:
    client = sign_in(member)
    answer = client.post(at(received), ruling(received, "reject", reason="không khớp", do="next"))
    assert answer.status_code == 303
    assert answer["Location"] == at(received, "I.2")
    page = client.get(at(received)).content.decode()
    assert "không khớp" in page
    assert "Nguyễn Thị Hội Đồng" in page


def test_a_missing_reason_is_asked_for_and_nothing_typed_is_lost(
    received: Dossier, member: Account, sign_in: SignIn
) -> None:
    answer = sign_in(member).post(
        at(received), ruling(received, "adjust", **{"I.1.numerator": "99", "I.1.denominator": "118"})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "điều chỉnh mà không có lý do" in page
    assert 'value="99"' in page
    assert 'value="adjust" data-key="2" checked' in page


def test_what_may_not_be_exempted_says_why(received: Dossier, member: Account, sign_in: SignIn) -> None:
    answer = sign_in(member).post(at(received), ruling(received, "exempt", reason="không phù hợp"))
    assert answer.status_code == 422
    assert "I.1 không được miễn" in answer.content.decode()


def test_the_effect_is_shown_without_saving(received: Dossier, member: Account, sign_in: SignIn) -> None:
    client = sign_in(member)
    typed = {"ruling": "adjust", "I.1.numerator": "10", "I.1.denominator": "118", "reason": "", "do": "preview"}
    page = client.post(at(received), typed).content.decode()
    assert "1 <span" in page.split('id="effects"')[1]
    assert 'value="10"' in page
    part = client.post(at(received) + "effect/", typed).content.decode()
    assert "<html" not in part
    assert "Huyện Kon Plông" in part
    assert not AuditEntry.objects.filter(action="appraise").exists()
    assert FactRecord.objects.get(dossier=received, criterion="I.1").numerator == 106


def test_the_second_person_sees_the_firsts_ruling_beside_his_own(
    received: Dossier, member: Account, colleague: Account, sign_in: SignIn
) -> None:
    first, second = sign_in(member), sign_in(colleague)
    seen = second.get(at(received)).content.decode().split('name="seen" value="')[1].split('"')[0]
    first.post(at(received), {"ruling": "reject", "reason": "số liệu không khớp Cổng", "seen": seen, "do": "save"})
    mine = {"ruling": "adjust", "I.1.numerator": "97", "I.1.denominator": "118", "reason": "theo bảng kê", "seen": seen}
    answer = second.post(at(received), mine | {"do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("số liệu không khớp Cổng", "Nguyễn Thị Hội Đồng", "theo bảng kê", 'value="97"'):
        assert words in page
    fresh = page.split('name="seen" value="')[1].split('"')[0]
    assert second.post(at(received), mine | {"seen": fresh, "do": "save"}).status_code == 303
    assert FactRecord.objects.get(dossier=received, criterion="I.1").status == "adjusted"


def test_a_ruling_can_be_taken_back(received: Dossier, member: Account, sign_in: SignIn) -> None:
    client = sign_in(member)
    client.post(at(received), ruling(received, "accept"))
    assert "Rút lại kết luận" in client.get(at(received)).content.decode()
    client.post(at(received), ruling(received, "reopen"))
    assert FactRecord.objects.get(dossier=received, criterion="I.1").status == "self_reported"


def test_who_may_only_look_on_sees_why_and_no_form(
    received: Dossier, member: Account, person: Person, sign_in: SignIn
) -> None:
    auditor = sign_in(person(Role.AUDITOR))
    page = auditor.get(at(received)).content.decode()
    assert 'id="ruling"' not in page
    assert "Chỉ xem" in page
    assert auditor.post(at(received), ruling(received, "accept")).status_code == 403
    Conflict.objects.create(dossier=received, account=member, reason="người thân")
    page = sign_in(member).get(at(received)).content.decode()
    assert "xung đột lợi ích" in page
    assert 'id="ruling"' not in page


def test_the_table_is_narrowed_to_what_is_open(
    received: Dossier, member: Account, judge: Actor, sign_in: SignIn
) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.ACCEPT)
    page = sign_in(member).get(f"/appraisal/{received.pk}/?show=open").content.decode()
    assert at(received, "I.2") in page
    assert f'href="{at(received)}"' not in page
    workbook = sign_in(member).get(f"/appraisal/{received.pk}/?format=xlsx")
    assert workbook.content.startswith(b"PK")


def test_accepting_together_is_confirmed_first(received: Dossier, member: Account, sign_in: SignIn) -> None:
    client = sign_in(member)
    path = f"/appraisal/{received.pk}/accept/"
    page = client.get(path).content.decode()
    chosen = [part.split('"')[0] for part in page.split('name="matter" id="m-')[1:]]
    values = [part.split('value="')[1].split('"')[0] for part in page.split('name="matter" id="m-')[1:]]
    assert "I.1" in chosen
    kept = [value for value in values if not value.startswith("I.1@")]
    assert client.post(path, {"matter": kept}).status_code == 303
    accepted = FactRecord.objects.filter(dossier=received, status="verified").values_list("criterion", flat=True)
    assert set(accepted) == {value.split("@")[0] for value in kept}
    assert FactRecord.objects.get(dossier=received, criterion="I.1").status == "self_reported"


def test_the_unit_explains_what_was_not_accepted_and_the_second_round_reads_it(
    received: Dossier, member: Account, judge: Actor, person: Person, sign_in: SignIn
) -> None:
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="không khớp Cổng")
    rule_on(judge, received.pk, "I.2", Ruling.ACCEPT)
    Dossier.objects.filter(pk=received.pk).update(state=State.EXPLAINING.value)
    officer = sign_in(person(Role.COMMUNE_OFFICER, "23455"))
    path = f"/appraisal/{received.pk}/explanations/"
    page = officer.get(path).content.decode()
    assert "không khớp Cổng" in page
    assert "text.I.1" in page
    assert 'name="text.I.2"' not in page
    sent = {"text.I.1": "Cổng cập nhật chậm,\r\nxin xem tài liệu 12.", "seen.I.1": ""}
    assert officer.post(path, sent).status_code == 303
    assert Explanation.objects.get(dossier=received).text == "Cổng cập nhật chậm,\nxin xem tài liệu 12."
    conflict = officer.post(path, {"text.I.1": "câu khác", "seen.I.1": ""})
    assert conflict.status_code == 409
    assert "câu khác" in conflict.content.decode()
    assert "Cổng cập nhật chậm" in conflict.content.decode()
    assert sign_in(member).post(path, {"text.I.1": "thay đơn vị", "seen.I.1": ""}).status_code == 403
    Dossier.objects.filter(pk=received.pk).update(state=State.SECOND_ROUND.value)
    assert "Cổng cập nhật chậm" in sign_in(member).get(at(received)).content.decode()


def test_a_districts_council_reads_the_communes_levels_and_rules_on_the_rest(
    province: Province, person: Person, sign_in: SignIn
) -> None:
    account = person(Role.PROVINCIAL_COUNCIL, "62")
    seat(account, province.cycle, "62")
    district = Dossier.objects.get(cycle=province.cycle, unit__code="613")
    page = sign_in(account).get(at(district, "I.1")).content.decode()
    assert "được tính từ mức độ của các đơn vị trực thuộc" in page
    assert 'id="ruling"' not in page
    assert 'id="ruling"' in sign_in(account).get(at(district, "II.1")).content.decode()


@pytest.mark.parametrize("path", ["", "at/I.1/", "accept/"])
def test_pages_ask_the_database_a_bounded_number_of_times(
    received: Dossier, member: Account, sign_in: SignIn, path: str, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = sign_in(member)
    client.get(f"/appraisal/{received.pk}/{path}")
    with django_assert_max_num_queries(50):  # type: ignore[attr-defined]
        client.get(f"/appraisal/{received.pk}/{path}")


def test_in_english_nothing_is_left_in_vietnamese_but_the_law(
    received: Dossier, member: Account, sign_in: SignIn
) -> None:
    client = sign_in(member)
    client.post("/language/", {"language": "en", "next": "/"})
    page = client.get(at(received)).content.decode()
    for words in ("The council&#39;s ruling", "Accept", "Documents", "If this ruling is saved"):
        assert words in page


def test_a_commune_is_not_told_the_levels_of_its_district_before_they_are_public(
    received: Dossier, member: Account, person: Person, sign_in: SignIn
) -> None:
    officer, council = sign_in(person(Role.COMMUNE_OFFICER, "23455")), sign_in(member)
    for path in (f"/appraisal/{received.pk}/", at(received, "I.2")):
        assert "Huyện Kon Plông: " in council.get(path).content.decode()  # what a ruling moves above
        page = officer.get(path)
        assert page.status_code == 200
        assert "Huyện Kon Plông: " not in page.content.decode()
    effects = officer.post(f"{at(received, 'I.2')}effect/", {"ruling": "reject"})
    assert "Huyện Kon Plông" not in effects.content.decode()


def test_a_doubt_that_states_the_districts_value_is_told_to_those_who_may_read_it(
    received: Dossier, member: Account, person: Person, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Text("Huyện Kon Plông: II.3 ghi 60/100", "Kon Plông: II.3 says 60/100")
    doubt = Doubt(("613", "23455"), "I.2", "contradiction", text)
    for module in ("appraisal.reading", "facts.entry"):
        monkeypatch.setattr(f"certification.web.{module}.doubts_of", lambda *_: (doubt,))
    officer = sign_in(person(Role.COMMUNE_OFFICER, "23455"))
    for path in (at(received, "I.2"), f"/dossiers/{received.pk}/facts/"):
        assert "II.3 ghi 60/100" in sign_in(member).get(path).content.decode()
        assert "II.3 ghi 60/100" not in officer.get(path).content.decode()
