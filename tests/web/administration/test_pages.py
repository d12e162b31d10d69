"""The administrator's pages: units, cycles and rulebooks; everything is looked at before it is written."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from certification.procedure.roles import Role
from certification.store.loading import Province
from certification.store.models import Cycle, RulebookRecord, UnitChange, UnitRecord
from certification.web.administration.carried import pack_changes
from certification.web.administration.urls import urlpatterns
from evidence.succession import Change, Kind
from levels.loader import read_bundled

EXPORT = Path(__file__).parents[2] / "evidence" / "data" / "danh-muc-2025-01.xls"
FRAMEWORK = "kon-tum-121-2025"
ACT = "1677/NQ-UBTVQH15"


@pytest.fixture
def admin(browser: Callable[..., Client]) -> Client:
    return browser(Role.ADMINISTRATOR)


def text_of(client: Client, address: str, **data: object) -> str:
    response = client.get(address, data)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    before = page.split(f'name="{name}"', 1)[1]
    return before.split('value="', 1)[1].split('"', 1)[0]


ONLY_POST = ("import_take", "changes_make", "rulebook_bundled")
PAGES = [entry.name for entry in urlpatterns if "<" not in str(entry.pattern) and entry.name not in ONLY_POST]


def test_every_page_opens_for_the_administrator(province: Province, admin: Client) -> None:
    for name in PAGES:
        page = text_of(admin, reverse(f"administration:{name}"))
        assert page.count("<h1>") == 1, name
        assert "style=" not in page.split("<main")[1], name


def test_nobody_else_may_see_or_do_any_of_it(province: Province, browser: Callable[..., Client]) -> None:
    posts = {Role.COMMUNE_OFFICER: "23473", Role.DEPARTMENT: "62", Role.PROVINCIAL_COMMITTEE: "62"}
    for role in (*posts, Role.PLANNER, Role.AUDITOR):
        client = browser(role, posts.get(role))
        for entry in urlpatterns:
            keys = {"cycle": province.cycle.pk} if "<int:cycle>" in str(entry.pattern) else {}
            keys |= {"rulebook": province.rulebook.pk} if "<int:rulebook>" in str(entry.pattern) else {}
            address = reverse(f"administration:{entry.name}", kwargs=keys)
            assert client.get(address).status_code == 403, (role, address)
            assert client.post(address).status_code == 403, (role, address)
    assert Client().get(reverse("administration:units")).status_code == 302


def test_who_administers_one_district_keeps_its_cycles_and_no_units(
    province: Province, browser: Callable[..., Client]
) -> None:
    client = browser(Role.ADMINISTRATOR, "613")
    home = text_of(client, reverse("administration:home"))
    assert reverse("administration:units") not in home
    assert client.get(reverse("administration:units")).status_code == 403
    assert client.get(reverse("administration:cycle", args=[province.cycle.pk])).status_code == 403
    district = UnitRecord.objects.get(code="613")
    page = text_of(client, reverse("administration:cycle_open"))
    assert f'value="{district.pk}"' in page
    assert "Tỉnh Kon Tum (62)" not in page
    entered = {
        "rulebook": province.rulebook.pk,
        "year": "2027",
        "root": district.pk,
        "day": "2026-11-01",
        "confirm": "1",
    }
    assert client.post(reverse("administration:cycle_open"), entered).status_code == 303
    assert "2027" in text_of(client, reverse("administration:cycles"))
    assert reverse("administration:cycle", args=[province.cycle.pk]) not in text_of(
        client, reverse("administration:cycles")
    )


def test_a_preview_that_was_confirmed_already_changes_nothing_more(province: Province, admin: Client) -> None:
    carried = pack_changes(
        [Change(Kind.MERGE, datetime.date(2026, 7, 1), ACT, ("23473", "23470"), "23473", "Xã Măng Đen")]
    )
    address = reverse("administration:changes_make")
    assert "Đã ghi nhận 1 thay đổi." in admin.post(address, {"changes": carried}, follow=True).content.decode()
    again = admin.post(address, {"changes": carried}, follow=True).content.decode()
    assert "23470" in again
    assert 'role="alert"' in again
    assert UnitChange.objects.count() == 1


def test_units_are_found_whatever_tones_and_case(province: Province, admin: Client) -> None:
    page = text_of(admin, reverse("administration:units"), q="mang den")
    assert "Thị trấn Măng Đen" in page
    assert "1 dòng" in page
    tree = text_of(admin, reverse("administration:units"))
    assert tree.count('name="from"') == 15
    assert "Huyện Kon Plông" in tree


def test_the_units_of_a_province_fit_on_one_page_in_few_queries(
    whole_province: Province, admin: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = text_of(admin, reverse("administration:units"))
    assert page.count('name="from"') == 113


def test_a_merge_is_shown_before_it_is_made_and_then_listed(province: Province, admin: Client) -> None:
    form = text_of(admin, reverse("administration:change") + "?from=23473&from=23470")
    assert "23473\n23470" in form
    entered = {
        "kind": "merge",
        "on": "2026-07-01",
        "instrument": ACT,
        "before": "23473, 23470",
        "to-TOTAL_FORMS": "1",
        "to-INITIAL_FORMS": "0",
        "to-0-code": "23473",
        "to-0-name": "Xã Măng Đen",
    }
    preview = admin.post(reverse("administration:change"), entered)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "Xã Măng Đen" in page
    assert not UnitChange.objects.exists()
    made = admin.post(reverse("administration:changes_make"), {"changes": hidden(page, "changes")}, follow=True)
    listed = made.content.decode()
    assert "Đã ghi nhận 1 thay đổi." in listed
    assert ACT in listed
    new = UnitRecord.objects.get(code="23473", valid_until=None)
    assert (new.name, new.valid_from) == ("Xã Măng Đen", datetime.date(2026, 7, 1))


def test_what_is_wrong_with_a_change_stands_at_its_field_and_what_was_typed_stays(
    province: Province, admin: Client
) -> None:
    entered = {
        "kind": "merge",
        "on": "2026-07-01",
        "instrument": ACT,
        "before": "23473 99999",
        "to-TOTAL_FORMS": "2",
        "to-INITIAL_FORMS": "0",
        "to-0-code": "613",
        "to-0-name": "Xã Măng Đen",
        "to-1-code": "23999",
        "to-1-parent": "1",
    }
    response = admin.post(reverse("administration:change"), entered)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Không có đơn vị “99999”" in page
    assert "Mã 613 đang là của Huyện Kon Plông; cần mã không ai đang mang." in page
    assert "“Nhập” thiếu tên; cần ghi." in page
    assert 'value="Xã Măng Đen"' in page


def test_another_line_can_be_added_without_a_script(province: Province, admin: Client) -> None:
    entered = {"kind": "split", "before": "23473", "to-TOTAL_FORMS": "1", "to-INITIAL_FORMS": "0", "to-0-code": "1"}
    page = admin.post(reverse("administration:change"), {**entered, "more": "1"}).content.decode()
    assert 'name="to-1-code"' in page
    assert 'name="to-0-code" value="1"' in page


def test_what_was_altered_between_preview_and_confirmation_is_refused(province: Province, admin: Client) -> None:
    response = admin.post(reverse("administration:changes_make"), {"changes": "forged"}, follow=True)
    assert "Bản xem trước đã hết hạn" in response.content.decode()
    response = admin.post(reverse("administration:import_take"), {"units": "forged"}, follow=True)
    assert "Bản xem trước đã hết hạn" in response.content.decode()
    assert not UnitChange.objects.exists()


def upload(name: str, content: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_faults_of_a_table_of_changes_are_told_by_row_and_column(province: Province, admin: Client) -> None:
    header = "kind,date,instrument,from,to,name,tier,parent\n"
    bad = header + f"nhập,2026-07-01,{ACT},23473|1,23473,Xã Măng Đen,,\nđổi tên,bad,{ACT},23470,,X,,\n"
    response = admin.post(reverse("administration:changes_file"), {"file": upload("c.csv", bad)})
    page = response.content.decode()
    assert response.status_code == 422
    assert "c.csv:2:from" in page
    assert "c.csv:3:date" in page
    good = header + f"nhập,2026-07-01,{ACT},23473|23470,23473,Xã Măng Đen,,\n"
    page = admin.post(reverse("administration:changes_file"), {"file": upload("c.csv", good)}).content.decode()
    assert admin.post(reverse("administration:changes_make"), {"changes": hidden(page, "changes")}).status_code == 303
    assert UnitChange.objects.count() == 1


def test_a_directory_is_previewed_and_then_taken_over(db: None, admin: Client) -> None:
    data = {"file": upload("danh-muc.xls", EXPORT.read_bytes()), "province": "kon tum"}
    page = admin.post(reverse("administration:import"), data).content.decode()
    assert "<strong>113</strong> mới" in page
    assert not UnitRecord.objects.exists()
    done = admin.post(reverse("administration:import_take"), {"units": hidden(page, "units"), "since": ""}, follow=True)
    assert "Đã nhập 113 đơn vị mới, ghi nhận 0 thay đổi." in done.content.decode()
    again = {"file": upload("danh-muc.xls", EXPORT.read_bytes()), "province": "62"}
    assert "không có gì để nhập" in admin.post(reverse("administration:import"), again).content.decode()


def test_which_province_must_be_said_and_what_is_no_directory_is_refused(db: None, admin: Client) -> None:
    response = admin.post(reverse("administration:import"), {"file": upload("a.xls", EXPORT.read_bytes())})
    assert response.status_code == 422
    assert "tệp có 2 tỉnh, thành phố" in response.content.decode()
    response = admin.post(reverse("administration:import"), {"file": upload("a.pdf", b"%PDF-1.7")})
    assert "a.pdf:1:A" in response.content.decode()


def test_a_cycle_is_opened_after_a_look_at_its_dossiers(province: Province, admin: Client) -> None:
    entered = {"rulebook": province.rulebook.pk, "year": "2027", "root": province.cycle.root.pk, "day": "2026-11-01"}
    page = admin.post(reverse("administration:cycle_open"), entered).content.decode()
    assert "Kỳ này sẽ có 14 hồ sơ" in page
    assert not Cycle.objects.filter(year=2027).exists()
    page = admin.post(reverse("administration:cycle_open"), {**entered, "confirm": "1"}, follow=True).content.decode()
    assert "Đã mở kỳ 2027." in page
    assert Cycle.objects.get(year=2027).dossiers.count() == 14
    again = admin.post(reverse("administration:cycle_open"), {**entered, "confirm": "1"})
    assert again.status_code == 422
    assert "đã có" in again.content.decode()


def test_a_cycle_is_closed_with_a_reason_only(province: Province, admin: Client) -> None:
    address = reverse("administration:cycle_close", args=[province.cycle.pk])
    assert admin.post(address, {"why": ""}).status_code == 422
    assert "Đã đóng kỳ." in admin.post(address, {"why": "hết năm"}, follow=True).content.decode()
    back = reverse("administration:cycle_reopen", args=[province.cycle.pk])
    assert "Đã mở lại kỳ." in admin.post(back, {"why": "nhầm"}, follow=True).content.decode()


def test_a_rulebook_with_errors_is_refused_by_row_and_column(province: Province, admin: Client) -> None:
    raw = read_bundled(FRAMEWORK).replace(b"stated_count: 38", b"stated_count: 39")
    response = admin.post(reverse("administration:rulebook_add"), {"file": upload("moi.yaml", raw), "keep": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "moi.yaml:" in page
    assert RulebookRecord.objects.count() == 1
    response = admin.post(reverse("administration:rulebook_add"), {"file": upload("x.yaml", b"a: [")})
    assert "x.yaml:" in response.content.decode()


def test_uploads_are_bounded(province: Province, admin: Client) -> None:
    large = upload("large.yaml", b"k: v\n" * 200_000)
    response = admin.post(reverse("administration:rulebook_add"), {"file": large})
    assert response.status_code == 422
    assert "Tệp quá lớn; tối đa" in response.content.decode()


def test_another_version_is_compared_kept_and_downloaded(province: Province, admin: Client) -> None:
    raw = read_bundled(FRAMEWORK)
    version = province.rulebook.version
    same = admin.post(reverse("administration:rulebook_add"), {"file": upload("k.yaml", raw), "keep": "1"})
    assert "đã có với đúng nội dung này" in same.content.decode()
    newer = raw.replace(f'version: "{version}"'.encode(), b'version: "9.9"').replace(
        f"version: {version}\n".encode(), b'version: "9.9"\n'
    )
    assert newer != raw
    page = admin.post(reverse("administration:rulebook_add"), {"file": upload("k.yaml", newer), "check": "1"})
    assert "So với phiên bản đang dùng" in page.content.decode()
    admin.post(reverse("administration:rulebook_add"), {"file": upload("k.yaml", newer), "keep": "1"})
    record = RulebookRecord.objects.get(version="9.9")
    shown = text_of(admin, reverse("administration:rulebook", args=[record.pk]))
    assert record.digest in shown
    assert "Khác" in shown
    loaded = admin.get(reverse("administration:rulebook_download", args=[record.pk]))
    assert loaded.content == newer
    assert loaded.headers["Content-Disposition"] == f'attachment; filename="{FRAMEWORK}-9.9.yaml"'


def test_what_came_with_the_software_is_kept_with_one_press(province: Province, admin: Client) -> None:
    page = text_of(admin, reverse("administration:rulebooks"))
    assert "bac-ninh-1187-2023" in page
    address = reverse("administration:rulebook_bundled")
    done = admin.post(address, {"framework": "bac-ninh-1187-2023"}, follow=True).content.decode()
    assert "Đã nhận bac-ninh-1187-2023" in done
    assert RulebookRecord.objects.get(framework="bac-ninh-1187-2023").bundled
    assert admin.post(address, {"framework": "nothing"}).status_code == 404
    assert "đã có với đúng nội dung này" in admin.post(address, {"framework": FRAMEWORK}, follow=True).content.decode()


def test_lists_are_also_workbooks(province: Province, admin: Client) -> None:
    for name in ("units", "changes", "cycles", "rulebooks"):
        response = admin.get(reverse(f"administration:{name}"), {"format": "xlsx"})
        assert response.content.startswith(b"PK"), name


def test_the_units_page_tells_its_history(province: Province, admin: Client, browser: Callable[..., Client]) -> None:
    header = "kind,date,instrument,from,to,name,tier,parent\n"
    rows = header + f"nhập,2026-07-01,{ACT},23473|23470,23473,Xã Măng Đen,,\nđổi tên,2026-07-01,{ACT},23458,,Xã Đ,,\n"
    page = admin.post(reverse("administration:changes_file"), {"file": upload("c.csv", rows)}).content.decode()
    admin.post(reverse("administration:changes_make"), {"changes": hidden(page, "changes")})
    reader = browser(Role.AUDITOR)
    new = UnitRecord.objects.get(code="23473", valid_until=None)
    shown = text_of(reader, reverse("looking:unit", args=[new.pk]))
    assert ACT in shown
    assert "Xã Măng Cành" in shown
    gone = UnitRecord.objects.get(code="23470")
    assert "Xã Măng Đen" in text_of(reader, reverse("looking:unit", args=[gone.pk]))
