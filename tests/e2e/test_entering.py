"""An officer enters facts in a real browser: saved when left, two at once, no connection, no script, a file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import PHONE, Visitors, inspect

OFFICER = "can-bo-xa"
CODE = re.compile(r"/dossiers/(\d+)/")


def key_of(page: Page) -> str:
    """The number of the officer's own dossier, from what waits for him."""
    page.goto("/search/?q=ngok+reo")
    page.get_by_role("link", name=re.compile("Ngok Réo")).first.click()
    link = page.locator("main a[href*='/dossiers/']").first
    found = CODE.search(link.get_attribute("href") or "")
    assert found
    return found[1]


def block(page: Page, key: str, group: str = "III") -> Locator:
    """The first criterion of a group that is entered as a ratio."""
    page.goto(f"/dossiers/{key}/facts/groups/{group}/")
    return page.locator("article.fact-block", has=page.locator("input[name=numerator]")).first


def test_a_fact_is_saved_when_it_is_left_and_the_head_of_the_page_follows(visitors: Visitors) -> None:
    page = visitors.enter(OFFICER)
    key = key_of(page)
    fact = block(page, key)
    fact.locator("input[name=denominator]").fill("1000")
    fact.locator("input[name=numerator]").fill("1001")
    expect(fact.locator(".outcome")).to_contain_text("tử số không được lớn hơn mẫu số")
    fact.locator("input[name=numerator]").fill("901")
    expect(fact.locator(".outcome")).to_contain_text("sẽ tự lưu khi bạn rời")
    page.locator("article.fact-block").last.locator("select, input:not([type=hidden])").first.focus()
    expect(fact.locator(".outcome")).to_contain_text("Đã lưu lúc")
    page.reload()
    expect(block(page, key).locator("input[name=numerator]")).to_have_value("901")


def test_two_browsers_on_one_fact_lose_neither_value(visitors: Visitors) -> None:
    first, second = visitors.enter(OFFICER), visitors.enter(OFFICER)
    key = key_of(first)
    one, other = block(first, key), block(second, key)
    for fact, value in ((one, "700"), (other, "800")):
        fact.locator("input[name=denominator]").fill("1000")
        fact.locator("input[name=numerator]").fill(value)
    one.get_by_role("button", name=re.compile("^Lưu")).click()
    expect(one.locator(".outcome")).to_contain_text("Đã lưu lúc")
    other.get_by_role("button", name=re.compile("^Lưu")).click()
    expect(other.locator(".conflict")).to_contain_text("700/1000")
    expect(other.locator("input[name=numerator]")).to_have_value("800")
    # What was typed last is tried a moment after it was typed: the answer must not take the choice away.
    inspect(second, "facts-conflict")
    other.get_by_role("button", name="Lưu giá trị của tôi").click()
    expect(other.locator(".outcome")).to_contain_text("Đã lưu lúc")
    first.reload()
    expect(block(first, key).locator("input[name=numerator]")).to_have_value("800")


def test_without_a_script_the_button_saves_and_a_fault_keeps_what_was_typed(visitors: Visitors) -> None:
    page = visitors.enter(OFFICER, javascript=False, width=PHONE)
    key = key_of(page)
    fact = block(page, key)
    fact.locator("input[name=denominator]").fill("10")
    fact.locator("input[name=numerator]").fill("11")
    fact.get_by_role("button", name=re.compile("^Lưu")).click()
    expect(page.get_by_role("alert").first).to_contain_text("Chưa lưu được")
    fact = page.locator("article.fact-block", has=page.locator("input[name=numerator]")).first
    expect(fact.locator("input[name=numerator]")).to_have_value("11")
    fact.locator("input[name=numerator]").fill("9")
    fact.get_by_role("button", name=re.compile("^Lưu")).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu")


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def test_a_line_that_breaks_is_told_and_what_was_typed_stays(visitors: Visitors) -> None:
    page = visitors.enter(OFFICER)
    key = key_of(page)
    fact = block(page, key)
    fact.locator("input[name=denominator]").fill("1000")
    with offline(page):
        fact.locator("input[name=numerator]").fill("555")
        fact.get_by_role("button", name=re.compile("^Lưu")).click()
        expect(fact.locator(".outcome")).to_contain_text("mất kết nối")
        expect(fact.locator("input[name=numerator]")).to_have_value("555")
    fact.get_by_role("button", name=re.compile("^Lưu")).click()
    expect(fact.locator(".outcome")).to_contain_text("Đã lưu lúc")
    visitors.watch.faults[:] = [each for each in visitors.watch.faults if "htmx:sendError" not in each]


def test_a_file_is_looked_at_before_it_is_saved(visitors: Visitors) -> None:
    page = visitors.enter(OFFICER)
    key = key_of(page)
    page.goto(f"/dossiers/{key}/facts/")
    inspect(page, "facts-overview")
    code = page.request.get(f"/dossiers/{key}/facts/form.xlsx").headers["content-disposition"]
    unit = re.search(r'"([^"-]+)-', code)
    assert unit
    page.goto(f"/dossiers/{key}/facts/import/")
    table = f"unit,criterion,numerator,denominator,value,status\n{unit[1]},I.1,3,4,,\n{unit[1]},I.2,5,4,,\n"
    chosen = {"name": "số liệu.csv", "mimeType": "text/csv", "buffer": table.encode()}
    page.locator("#files").set_input_files(chosen)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert").first).to_contain_text("số liệu.csv:3:numerator")
    page.locator("#files").set_input_files({**chosen, "buffer": table.replace("5,4", "2,4").encode()})
    page.get_by_role("button", name="Xem trước").click()
    inspect(page, "facts-import")
    for choice in page.locator("input[value=take]").all():
        choice.check()
    page.get_by_role("button", name="Lưu những gì đã chọn").click()
    expect(page.get_by_role("status").first).to_contain_text("số liệu từ tệp")


@pytest.mark.parametrize("address", ["/api/", "/tokens/"])
def test_the_pages_of_the_api_keep_nobody_out(visitors: Visitors, address: str) -> None:
    page = visitors.enter(OFFICER)
    page.goto(address)
    inspect(page, f"api{address.replace('/', '-').rstrip('-')}")


def test_a_token_is_issued_shown_once_and_revoked(visitors: Visitors) -> None:
    page = visitors.enter(OFFICER)
    page.goto("/tokens/")
    page.get_by_label(re.compile("Phần mềm nào")).fill("Cổng dịch vụ công")
    page.get_by_role("button", name="Cấp khóa", exact=True).click()
    secret = page.locator("code.secret").inner_text()
    inspect(page, "api-token")
    answer = page.request.get("/api/v1/dossiers", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 200
    page.goto("/tokens/")
    expect(page.locator("main")).not_to_contain_text(secret)
    page.get_by_role("button", name="Thu hồi Cổng dịch vụ công").click()
    assert page.request.get("/api/v1/dossiers", headers={"Authorization": f"Bearer {secret}"}).status == 401
