"""Two members of a council in real browsers: live effects, keys alone, and neither loses what he typed."""

from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, Visitors, inspect


def first_open(page: Page) -> str:
    """Go to the first criterion that waits for a ruling; its address."""
    page.goto("/appraisal/?state=appraising")
    page.locator("#appraisal tbody th a").first.click()
    page.get_by_role("link", name="Kết luận tiêu chí tiếp theo").click()
    page.wait_for_url("**/at/**")
    return page.url


def test_what_a_value_would_change_is_shown_while_it_is_typed(visitors: Visitors) -> None:
    page = visitors.enter("hoi-dong-huyen-1")
    first_open(page)
    inspect(page, "appraisal-criterion")
    page.keyboard.press("3")
    expect(page.locator("#effects .chosen th")).to_contain_text("Không chấp nhận")
    expect(page.locator("#id_reason")).to_be_focused()
    page.keyboard.type("không khớp sổ gốc")
    page.locator("#id_reason").blur()
    page.keyboard.press("2")
    expect(page.locator("#effects .chosen th")).to_contain_text("Điều chỉnh")
    field = page.locator(".values input, .values select").first
    expect(field).to_be_focused()


def test_keys_alone_go_through_the_criteria(visitors: Visitors) -> None:
    page = visitors.enter("hoi-dong-huyen-1")
    begun = first_open(page)
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != begun)
    page.keyboard.press("k")
    page.wait_for_url(begun)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != begun)
    expect(page.get_by_role("status").first).to_contain_text("Chấp nhận")


def test_two_members_rule_at_once_and_neither_loses_what_he_typed(visitors: Visitors) -> None:
    first, second = visitors.enter("hoi-dong-huyen-1"), visitors.enter("hoi-dong-huyen-2")
    address = first_open(first)
    second.goto(address)
    first.get_by_label("Không chấp nhận").check()
    first.locator("#id_reason").fill("thiếu bảng kê")
    first.get_by_role("button", name="Lưu", exact=True).click()
    first.wait_for_load_state()
    second.get_by_label("Không chấp nhận").check()
    second.locator("#id_reason").fill("sai kỳ số liệu")
    second.get_by_role("button", name="Lưu", exact=True).click()
    expect(second.locator("main")).to_contain_text("Hai người cùng kết luận")
    expect(second.locator("main")).to_contain_text("thiếu bảng kê")
    expect(second.locator("#id_reason")).to_have_value("sai kỳ số liệu")
    inspect(second, "appraisal-conflict")
    second.get_by_role("button", name="Lưu", exact=True).click()
    expect(second.get_by_role("status").first).to_contain_text("Không chấp nhận")
    expect(second.locator("#id_reason")).to_have_value("sai kỳ số liệu")


def test_without_javascript_and_on_a_phone_the_effect_is_a_button_away(visitors: Visitors) -> None:
    page = visitors.enter("hoi-dong-huyen-3", width=PHONE, javascript=False)
    first_open(page)
    page.locator("input[value=reject]").check()
    page.get_by_role("button", name="Xem ảnh hưởng").click()
    expect(page.locator("#effects .chosen th")).to_contain_text("Không chấp nhận")
    expect(page.locator("input[value=reject]")).to_be_checked()


def test_a_ranking_and_a_unit_of_an_index_are_open_to_everybody(visitors: Visitors) -> None:
    page = visitors.enter("thanh-tra")
    page.goto("/indexes/")
    page.get_by_role("link", name="Xếp hạng").first.click()
    inspect(page, "index-ranking")
    page.locator("#ranking tbody th a").first.click()
    expect(page.locator("figure svg").first).to_be_visible()
    inspect(page, "index-unit")
