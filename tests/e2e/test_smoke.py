"""The first minute with the application: it starts, lets its people in, and shows them what waits for them."""

import pytest

from tests.e2e.browsing import Visitors, axe, inspect, weigh

FIRST_LOAD = 150_000
"""Bytes: what a page may cost on a slow line."""


@pytest.mark.parametrize(
    "username", ["can-bo-xa", "phong-vhkhtt", "hoi-dong-huyen-1", "ubnd-tinh", "ke-hoach", "quan-tri"]
)
def test_whoever_logs_in_finds_what_waits_for_him(visitors: Visitors, username: str) -> None:
    page = visitors.enter(username)
    assert page.locator("h1").count() == 1
    inspect(page, f"desk-{username}")


def test_a_stranger_sees_what_is_public_and_can_log_in(visitors: Visitors) -> None:
    page = visitors()
    page.goto("/")
    inspect(page, "portal")
    page.goto("/account/login/")
    inspect(page, "login")


def test_logging_in_needs_no_javascript(visitors: Visitors) -> None:
    page = visitors(javascript=False)
    page.goto("/account/login/")
    page.locator("input[name=login]").fill("thanh-tra")
    page.locator("input[name=password]").fill(visitors.server.passwords["thanh-tra"])
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    assert page.locator("h1").count() == 1
    assert "/login" not in page.url


def test_the_first_pages_are_light(visitors: Visitors) -> None:
    heavy = {
        path: weight for path in ("/public/", "/account/login/") if (weight := weigh(visitors(), path)) > FIRST_LOAD
    }
    page = visitors.enter("so-khcn")
    if (weight := weigh(page, "/")) > FIRST_LOAD:
        heavy["/"] = weight
    assert heavy == {}


def test_on_postgresql_the_application_starts_and_lets_its_people_in(visitors_on_postgres: Visitors) -> None:
    page = visitors_on_postgres.enter("hoi-dong-tinh-1")
    assert page.locator("h1").count() == 1
    axe(page)
