"""The pages of the decisions: drafts looked at and signed, the register, revocations, the yearly report."""

import datetime
import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from certification.procedure.roles import Role
from certification.store.decisions import Signature, publish, sign
from certification.store.loading import Province
from certification.store.models import Act, Dossier, NumberSeries, UnitRecord, YearReport
from tests.web.decisions.conftest import DISTRICT, Propose, ready

pytestmark = pytest.mark.usefixtures("without_pdf")

Browser = Callable[..., Client]


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def draft_of(province: Province, code: str = DISTRICT, tier: str = "commune") -> str:
    body = UnitRecord.objects.get(code=code)
    return reverse("decisions:draft", args=[province.cycle.pk, body.pk, tier])


def form_of(dossiers: list[Dossier], **given: str) -> dict[str, object]:
    chosen = [f"{dossier.pk}.{dossier.version}" for dossier in dossiers]
    return {"dossier": chosen, "signed_on": "2025-12-18", "signer": "Y Đôn", "why": "", **given}


@pytest.fixture
def signed(propose: Propose, actor: Callable[..., object]) -> Act:
    """A signed act on two communes."""
    dossiers = propose("23455", "23452")
    versions = {dossier.pk: dossier.version for dossier in dossiers}
    return sign(actor(Role.DISTRICT_COMMITTEE, DISTRICT), versions, Signature(datetime.date(2025, 12, 18), "Y Đôn"))  # type: ignore[arg-type]


def test_the_committee_looks_at_the_draft_and_signs_it(propose: Propose, province: Province, browser: Browser) -> None:
    dossiers = propose()
    client = browser(Role.DISTRICT_COMMITTEE, DISTRICT)
    assert "9 hồ sơ đã trình ký" in text(client, "/decisions/waiting/")
    address = draft_of(province)
    page = text(client, address)
    assert "01/QĐ-UBND" in page
    assert "Thị trấn Măng Đen" in page
    document = client.get(f"{address}text.html")
    assert "……/QĐ-UBND" in document.content.decode()  # a draft has no number yet
    assert "sandbox" in document.headers["Content-Security-Policy"]
    answer = client.post(address, form_of(dossiers))
    act = Act.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/decisions/{act.pk}/"
    shown = text(client, f"/decisions/{act.pk}/")
    assert "01/QĐ-UBND" in shown
    assert act.seal in shown
    assert "Gói niêm phong khớp khi tính lại" in text(client, f"/decisions/{act.pk}/?verify=1")


def test_what_was_typed_stays_when_the_signing_is_refused(
    propose: Propose, province: Province, browser: Browser
) -> None:
    dossiers = propose("23455")
    client = browser(Role.DISTRICT_COMMITTEE, DISTRICT)
    answer = client.post(draft_of(province), form_of(dossiers, signed_on="2099-01-01", why="lý do dài"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "ở trong tương lai" in page
    assert "lý do dài" in page
    assert 'value="2099-01-01"' in page
    assert not Act.objects.exists()


def test_the_office_sees_the_draft_but_cannot_sign(propose: Propose, province: Province, browser: Browser) -> None:
    dossiers = propose("23455")
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    assert "Ký và niêm phong" not in text(client, draft_of(province))
    assert client.post(draft_of(province), form_of(dossiers)).status_code == 403
    assert not Act.objects.exists()


def test_who_may_not_read_the_dossiers_sees_no_draft(propose: Propose, province: Province, browser: Browser) -> None:
    propose("23455")
    for role, unit in ((Role.COMMUNE_OFFICER, "23455"), (Role.DISTRICT_OFFICE, "618"), (Role.ADMINISTRATOR, None)):
        assert browser(role, unit).get(draft_of(province)).status_code == 403


def test_what_keeps_a_decision_provisional_is_told_on_its_draft(
    propose: Propose, province: Province, browser: Browser
) -> None:
    propose("23455")
    ready(province.cycle, [DISTRICT], datetime.date(2025, 12, 15))
    page = text(browser(Role.PROVINCIAL_COMMITTEE, "62"), draft_of(province, "62", "district"))
    assert "chưa có quyết định công nhận chính thức" in page
    assert "Ký và niêm phong" not in page


def test_the_register_is_searched_filtered_and_taken_as_excel(signed: Act, browser: Browser) -> None:
    client = browser(Role.AUDITOR)
    for query, found in (
        ("", True),
        ("q=dak+ring", True),  # a unit of the act
        ("q=kon+plong", True),  # its body
        ("q=dak+ha", False),
        ("year=2025", True),
        ("year=2024", False),
        ("kind=revoke", False),
        ("standing=published", False),
        ("standing=signed", True),
    ):
        assert ("01/QĐ-UBND" in text(client, f"/decisions/?{query}")) is found, query
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/decisions/?format=xlsx").content)).active
    assert sheet is not None
    assert signed.seal in {cell.value for row in sheet.iter_rows() for cell in row}


def test_an_act_is_seen_where_it_concerns_the_reader_and_by_all_once_it_is_public(
    signed: Act, browser: Browser, actor: Callable[..., object]
) -> None:
    address = f"/decisions/{signed.pk}/"
    own, stranger = browser(Role.COMMUNE_OFFICER, "23455"), browser(Role.COMMUNE_OFFICER, "23535")
    administrator = browser(Role.ADMINISTRATOR)
    assert own.get(address).status_code == 200
    assert stranger.get(address).status_code == 404
    assert administrator.get(address).status_code == 404
    assert "01/QĐ-UBND" not in text(stranger, "/decisions/")
    publish(actor(Role.DISTRICT_OFFICE, DISTRICT), signed)  # type: ignore[arg-type]
    assert stranger.get(address).status_code == 200
    assert administrator.get(address).status_code == 200


def test_files_are_sent_byte_for_byte_as_they_were_sealed(signed: Act, browser: Browser) -> None:
    client = browser(Role.AUDITOR)
    for file in signed.files.all():
        answer = client.get(f"/decisions/{signed.pk}/files/{file.pk}/")
        assert answer.content == bytes(file.content)
        assert answer["ETag"] == f'"{file.sha256}"'


def test_an_act_is_published_and_revoked_on_its_page(signed: Act, browser: Browser) -> None:
    client = browser(Role.DISTRICT_COMMITTEE, DISTRICT)
    assert client.post(f"/decisions/{signed.pk}/publish/").status_code == 303
    assert "đã công bố" in text(client, f"/decisions/{signed.pk}/")
    address = f"/decisions/{signed.pk}/revoke/"
    assert "Xã Đắk Ring" in text(client, address)
    assert "DỰ THẢO" in text(client, f"{address}text.html")
    dossier = Dossier.objects.get(acts__act=signed, unit__code="23455")
    nothing = client.post(address, {"signed_on": "2025-12-20", "signer": "Y Đôn", "why": "khai khống"})
    assert nothing.status_code == 422
    silent = client.post(address, form_of([dossier], signed_on="2025-12-20"))
    assert silent.status_code == 422  # no reason
    assert client.post(address, form_of([dossier], signed_on="2025-12-20", why="khai khống")).status_code == 303
    page = text(client, f"/decisions/{signed.pk}/")
    assert "02/QĐ-UBND" in page
    assert "khai khống" in page
    assert "còn hiệu lực với 1 đơn vị" in page


def test_nobody_else_publishes_or_revokes(signed: Act, browser: Browser) -> None:
    for role in (Role.DISTRICT_COUNCIL, Role.DISTRICT_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        client = browser(role, None if role in (Role.AUDITOR, Role.ADMINISTRATOR) else DISTRICT)
        assert client.post(f"/decisions/{signed.pk}/publish/").status_code in (403, 404)
        assert client.get(f"/decisions/{signed.pk}/revoke/").status_code in (403, 404)


def test_the_register_of_numbers_is_opened_once_where_numbers_were_given_elsewhere(
    province: Province, browser: Browser
) -> None:
    body = UnitRecord.objects.get(code=DISTRICT)
    address = reverse("decisions:numbers", args=[body.pk])
    assert browser(Role.DISTRICT_COMMITTEE, DISTRICT).get(address).status_code == 403
    client = browser(Role.DISTRICT_OFFICE, DISTRICT)
    assert client.post(address, {"first": "số 9"}).status_code == 422
    assert client.post(address, {"first": "128"}).status_code == 303
    assert NumberSeries.objects.get(body=body).last == 127
    again = client.post(address, {"first": "5"})
    assert again.status_code == 422
    assert "128/QĐ-UBND" in again.content.decode()


def test_the_department_writes_the_yearly_report_and_takes_it_as_word_and_excel(
    signed: Act, province: Province, browser: Browser
) -> None:
    client = browser(Role.DEPARTMENT, "62")
    address = f"/decisions/reports/{province.cycle.pk}/"
    assert "24/12/2025" in text(client, "/decisions/reports/")
    assert "Lưu và xem lại" in text(client, address)
    words = {"difficulties": "Thiếu cán bộ chuyên trách.", "number": "512/BC-SKHCN", "signed_on": "2025-12-22"}
    assert client.post(address, words).status_code == 303
    document = text(client, f"{address}text.html")
    assert "Thiếu cán bộ chuyên trách." in document
    assert "01/QĐ-UBND, 18/12/2025" in document
    assert client.get(f"{address}text.docx").content[:2] == b"PK"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}text.xlsx").content))
    counts = {row[0].value: row[2].value for row in book["Tổng hợp"].iter_rows(max_col=3) if row[0].value}
    assert counts["Được công nhận"] == 2


def test_two_who_write_the_report_lose_nothing(province: Province, browser: Browser) -> None:
    first, second = browser(Role.DEPARTMENT, "62"), browser(Role.DEPARTMENT, "62")
    address = f"/decisions/reports/{province.cycle.pk}/"
    assert first.post(address, {"difficulties": "của người thứ nhất"}).status_code == 303
    answer = second.post(address, {"difficulties": "của người thứ hai"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "của người thứ nhất" in page
    assert "của người thứ hai" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    again = second.post(address, {"difficulties": "của cả hai", "version": version[1]})
    assert again.status_code == 303
    assert YearReport.objects.get().difficulties == "của cả hai"


def test_others_read_the_report_and_change_nothing(province: Province, browser: Browser) -> None:
    address = f"/decisions/reports/{province.cycle.pk}/"
    for role in (Role.AUDITOR, Role.PROVINCIAL_COMMITTEE):
        client = browser(role, None if role is Role.AUDITOR else "62")
        assert "Lưu và xem lại" not in text(client, address)
        assert client.post(address, {"difficulties": "x"}).status_code == 403
    assert browser(Role.COMMUNE_OFFICER, "23455").get(address).status_code == 403


def test_stale_results_are_listed_for_those_who_may_read_them(province: Province, browser: Browser) -> None:
    Dossier.objects.filter(cycle=province.cycle, unit__code=DISTRICT).update(stale="Xã Đắk Ring: 02/QĐ-UBND thu hồi")
    assert "02/QĐ-UBND thu hồi" in text(browser(Role.DEPARTMENT, "62"), "/decisions/stale/")
    assert "02/QĐ-UBND thu hồi" not in text(browser(Role.DISTRICT_OFFICE, "618"), "/decisions/stale/")


def test_the_register_takes_a_bounded_number_of_queries(
    propose: Propose,
    actor: Callable[..., object],
    browser: Browser,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    committee = actor(Role.DISTRICT_COMMITTEE, DISTRICT)
    for code in ("23455", "23452", "23461"):
        (dossier,) = propose(code)
        sign(committee, {dossier.pk: None}, Signature(datetime.date(2025, 12, 18), "Y Đôn"))  # type: ignore[arg-type]
    client = browser(Role.AUDITOR)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        client.get("/decisions/")


def test_every_page_speaks_english_too(signed: Act, province: Province, browser: Browser, propose: Propose) -> None:
    propose("23461")
    client = browser(Role.DISTRICT_COMMITTEE, DISTRICT)
    client.cookies["django_language"] = "en"
    for address, words in (
        ("/decisions/", "Register of decisions"),
        ("/decisions/waiting/", "Awaiting signature"),
        ("/decisions/stale/", "Nothing has to be looked at again"),
        (draft_of(province), "Sign and seal"),
        (f"/decisions/{signed.pk}/", "signed, not published"),
        (f"/decisions/{signed.pk}/revoke/", "Sign the revocation"),
    ):
        assert words in text(client, address), address
    department = browser(Role.DEPARTMENT, "62")
    department.cookies["django_language"] = "en"
    assert "Yearly report" in text(department, "/decisions/reports/")
    assert "Save and look again" in text(department, f"/decisions/reports/{province.cycle.pk}/")
