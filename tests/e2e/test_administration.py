"""The administrator's year in a real browser, without JavaScript as with it: a reform, a new cycle, a rulebook."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitors, inspect, shoot

ACT = "1677/NQ-UBTVQH15"
EXPORT = Path(__file__).parents[1] / "evidence" / "data" / "danh-muc-2025-01.xls"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def merge(page: Page) -> None:
    """Merge Thị trấn Đắk Hà and Xã Đắk Ui, picked in the list of units."""
    page.goto("/administration/units/?q=23500")
    page.locator("[name=from][value='23500']").check()
    press(page, "Ghi nhận thay đổi")
    page.locator("[name=before]").fill("23500 23509")
    page.locator("[name=kind]").select_option("merge")
    page.locator("[name=on]").fill("2026-07-01")
    page.locator("[name=instrument]").fill(ACT)
    page.locator("[name=to-0-code]").fill("23500")
    page.locator("[name=to-0-name]").fill("Xã Đắk Hà")
    press(page, "Xem trước")


def test_a_merge_and_the_next_years_cycle(visitors: Visitors) -> None:
    page = visitors.enter("quan-tri")
    page.goto("/administration/")
    inspect(page, "administration")
    merge(page)
    inspect(page, "administration-merge")
    press(page, "Xác nhận")
    expect(page.get_by_text("Đã ghi nhận 1 thay đổi.")).to_be_visible()
    inspect(page, "administration-changes")

    page.goto("/administration/cycles/open/")
    page.locator("[name=rulebook]").select_option(index=_place_of(page, "kon-tum-121-2025"))
    page.locator("[name=year]").fill("2027")
    page.locator("[name=root]").select_option(index=1)
    press(page, "Xem trước")
    inspect(page, "administration-opening")
    press(page, "Mở kỳ")
    expect(page.get_by_text("Đã mở kỳ 2027.")).to_be_visible()
    inspect(page, "administration-cycle")

    page.goto("/administration/units/?q=23500")
    page.get_by_role("link", name="Xã Đắk Hà", exact=True).click()
    expect(page.get_by_text(ACT).first).to_be_visible()
    shoot(page, "administration-unit")


def _place_of(page: Page, text: str) -> int:
    options = page.locator("[name=rulebook] option").all_text_contents()
    return next(place for place, option in enumerate(options) if text in option)


def test_without_javascript_a_mistake_is_told_at_its_field_and_what_was_typed_stays(visitors: Visitors) -> None:
    page = visitors.enter("quan-tri", javascript=False)
    page.goto("/administration/units/changes/new/")
    page.locator("[name=kind]").select_option("split")
    page.locator("[name=on]").fill("2026-07-01")
    page.locator("[name=instrument]").fill(ACT)
    page.locator("[name=before]").fill("610")
    page.locator("[name=to-0-code]").fill("611")
    page.locator("[name=to-0-name]").fill("Huyện Mới")
    press(page, "Thêm một đơn vị mới")
    assert page.locator("[name=to-1-code]").count() == 1
    press(page, "Xem trước")
    assert "đang là của" in page.locator("main").inner_text()
    assert page.locator("[name=to-0-name]").input_value() == "Huyện Mới"
    shoot(page, "administration-refused")


def test_the_offices_own_spreadsheet_is_shown_before_it_is_taken_over(visitors: Visitors) -> None:
    page = visitors.enter("quan-tri")
    page.goto("/administration/units/import/")
    page.locator("[name=file]").set_input_files(EXPORT)
    page.locator("[name=province]").fill("quang tri")
    press(page, "Xem trước")
    inspect(page, "administration-import")
    press(page, "Nhập vào hệ thống")
    expect(page.get_by_text("Đã nhập 14 đơn vị mới")).to_be_visible()
    page.goto("/administration/units/?q=con+co")
    assert "Huyện Cồn Cỏ" in page.locator("main").inner_text()


def test_a_rulebook_with_an_error_is_refused_by_line(visitors: Visitors, tmp_path: Path) -> None:
    bad = tmp_path / "moi.yaml"
    bad.write_text("id: moi\nversion: 1\n", "utf-8")
    page = visitors.enter("quan-tri")
    page.goto("/administration/rulebooks/add/")
    page.locator("[name=file]").set_input_files(bad)
    press(page, "Soát thử")
    assert "moi.yaml:" in page.locator("main").inner_text()
    inspect(page, "administration-rulebook-refused")
