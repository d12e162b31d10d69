"""A new colleague in a real browser: invited, in, with a second step, and out everywhere."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page

from tests.e2e.browsing import Visitors, inspect

SENTENCE = "chiều nay gió thổi mạnh"


def test_an_invited_officer_gets_in_with_a_second_step_and_ends_every_session(visitors: Visitors) -> None:
    link = invite(visitors.enter("quan-tri"))
    page = visitors()
    page.goto(link)
    inspect(page, "invitation")
    page.get_by_label(re.compile(r"^Mật khẩu")).first.fill(SENTENCE)
    page.get_by_label(re.compile(r"^Nhập lại")).fill(SENTENCE)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    sign_in(page)
    secret, codes = switch_on(page)
    assert len(codes) == 10
    page.goto("/account/")
    inspect(page, "account")

    second = visitors()
    second.goto("/account/login/")
    sign_in(second)
    assert second.url.endswith("/two-step/authenticate/")
    inspect(second, "second-step")
    second.get_by_label(re.compile("Mã xác thực")).fill(codes[0])
    second.get_by_role("button", name="Đăng nhập", exact=True).last.click()
    second.goto("/account/sessions/")
    assert second.locator("#sessions tbody tr").count() == 2
    inspect(second, "sessions")
    second.get_by_role("button", name="Đăng xuất ở mọi nơi").click()
    page.goto("/account/")
    assert "/account/login/" in page.url

    page.goto("/account/login/")
    sign_in(page)
    page.get_by_label(re.compile("Mã xác thực")).fill(codes[0])  # used once already
    page.get_by_role("button", name="Đăng nhập", exact=True).last.click()
    assert page.get_by_text("Mã không đúng").first.is_visible()
    page.get_by_label(re.compile("Mã xác thực")).fill(code_for(secret, later=1))
    page.get_by_role("button", name="Đăng nhập", exact=True).last.click()
    page.goto("/account/")
    assert page.locator("h1").inner_text() == "Tài khoản của tôi"


def invite(page: Page) -> str:
    page.goto("/accounts/new/")
    inspect(page, "invite")
    page.get_by_label(re.compile("Họ và tên")).fill("Trần Thị Mới")
    page.get_by_label(re.compile("Tên đăng nhập")).fill("tran.moi")
    page.get_by_label(re.compile("^Vai trò")).select_option("commune_officer")
    page.get_by_label(re.compile("^Đơn vị")).select_option(label="Thị trấn Đắk Hà (23500)")
    page.get_by_role("button", name="Tạo tài khoản và đường dẫn").click()
    inspect(page, "invited")
    link = page.locator(".one-time-link").inner_text()
    page.reload()
    assert page.locator(".one-time-link").count() == 0
    return link


def sign_in(page: Page) -> None:
    page.locator("input[name=login]").fill("tran.moi")
    page.locator("input[name=password]").fill(SENTENCE)
    page.get_by_role("button", name="Đăng nhập", exact=True).last.click()


def switch_on(page: Page) -> tuple[str, list[str]]:
    page.goto("/account/two-step/")
    page.get_by_role("link", name="Bật").click()
    page.locator("input[name=password]").fill(SENTENCE)
    page.get_by_role("button", name="Tiếp tục").click()
    inspect(page, "second-step-on")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    secret = page.locator("dl.definitions dd").inner_text()
    page.get_by_label(re.compile("Mã xác thực")).fill(code_for(secret))
    page.get_by_role("button", name="Bật").click()
    codes = page.locator(".codes code").all_inner_texts()
    inspect(page, "recovery-codes")
    return secret, codes


def code_for(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()) + later))
