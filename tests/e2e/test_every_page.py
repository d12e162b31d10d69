"""Every page that anybody can reach by links, as the role that reaches it: looked at, light, and open to everybody.

One page of every address pattern is taken per role. What the first role to reach a pattern sees is kept as a picture at
both widths; for the others axe looks at a telephone's width.
"""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.e2e.browsing import DESKTOP, HEIGHTS, OVERFLOW, PHONE, Visitors, axe, inspect, weigh
from tests.e2e.test_smoke import FIRST_LOAD

STRANGER = ""
ROLES = (
    STRANGER,
    "can-bo-xa",
    "can-bo-huyen",
    "phong-vhkhtt",
    "hoi-dong-huyen-1",
    "ubnd-huyen",
    "so-khcn",
    "hoi-dong-tinh-1",
    "ke-hoach",
    "thanh-tra",
    "quan-tri",
)
LINKS = "links => [...new Set(links.map(link => link.href))]"


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The patterns that have been looked at in full."""
    return set()


def pattern(address: str, host: str) -> str | None:
    """The pattern that an address of ours belongs to; None for everybody else's and for files."""
    parts = urlsplit(address)
    if parts.netloc != host:
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return found.route + ("?" + re.sub(r"=[^&]*", "", parts.query) if "format=" in parts.query else "")


def look(page: Page, name: str, address: str, *, first: bool) -> list[str]:
    """What is wrong with the page at ``address``."""
    faults = []
    if first and (weight := weigh(page, address)) > FIRST_LOAD:
        faults.append(f"{address}: {weight} bytes on first load")
    elif not first:
        page.goto(address)
    if page.locator("h1").count() != 1:
        faults.append(f"{address}: {page.locator('h1').count()} headings of the first rank")
    try:
        if first:
            inspect(page, name)
        else:
            page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
            assert page.evaluate(OVERFLOW) <= 0, f"{address} is wider than {PHONE} pixels"
            axe(page)
    except AssertionError as error:
        faults.append(str(error).partition("\nassert")[0])
    return faults


@pytest.mark.parametrize("username", ROLES, ids=lambda username: username or "stranger")
def test_every_page_in_reach_is_open_to_everybody(visitors: Visitors, seen: set[str], username: str) -> None:
    page = visitors.enter(username) if username else visitors()
    page.goto("/")
    waiting, known, faults = deque([page.url]), {pattern(page.url, visitors.server.host)}, []
    while waiting:
        address = waiting.popleft()
        answer = page.context.request.get(address)
        route = str(pattern(address, visitors.server.host))
        if not answer.ok:
            faults.append(f"{address}: {answer.status}, by a link of the page before")
            continue
        if "text/html" not in answer.headers["content-type"] or "attachment" in answer.headers.get(
            "content-disposition", ""
        ):
            continue
        name = "page-" + (re.sub(r"<\w+:(\w+)>|\W+", lambda match: match[1] or "-", route).strip("-") or "first")
        faults += look(page, name, address, first=route not in seen)
        seen.add(route)
        for link in page.locator("a[href]").evaluate_all(LINKS):
            target = urljoin(address, link).partition("#")[0]
            found = pattern(target, visitors.server.host)
            if found is not None and found not in known and "logout" not in target:
                known.add(found)
                waiting.append(target)
        page.set_viewport_size({"width": DESKTOP, "height": HEIGHTS[DESKTOP]})
    assert not faults, "\n".join(faults)
