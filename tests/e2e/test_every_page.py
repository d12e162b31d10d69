"""Every page that a link leads to, for every role: nobody is kept out, nothing runs over, is heavy or breaks.

Pages are told apart by their address without the numbers and codes in it: one unit's page stands for all units'.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests.e2e.browsing import OVERFLOW, PHONE, Visitors, axe, weigh

FIRST_LOAD = 150_000
"""Bytes: what a page may cost on a slow line."""
MOST = 60
"""Pages looked at for one role; a role that reaches more has a fault in how its links are told apart."""

_LINKS = (
    "Array.from(document.querySelectorAll('a[href]'), a => a.hasAttribute('download') ? '' : a.getAttribute('href'))"
)
_FILE = re.compile(
    r"\.(xlsx|docx|pdf|csv|jsonl?|ics|html|ya?ml|js|css|svg)$|/files/\d+/|/proofs/\d+/|format=(xlsx|docx|pdf)|logout"
)


def kind_of(path: str) -> str:
    """An address without what tells one unit, cycle, group or criterion from another."""
    return re.sub(
        r"(?<=/)(\d+|[IVX]+(\.\d+)*(:\w+)?|[a-z]+-[a-z-]*\d[\w.-]*|district|commune|department)(?=/)", "N", path
    )


def crawl(page: Page) -> list[str]:
    """The addresses within reach of ``page``, one of each kind."""
    seen: dict[str, str] = {}
    files: set[str] = set()
    waiting = [page.url]
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        parts = urlsplit(address)
        kind = kind_of(parts.path)
        if kind in seen or kind in files:
            continue
        seen[kind] = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            page.goto(seen[kind])
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            del seen[kind]
            files.add(kind)
            continue
        for link in page.evaluate(_LINKS):
            joined = urlsplit(str(link))
            if not joined.scheme and not joined.netloc and joined.path.startswith("/") and not _FILE.search(str(link)):
                waiting.append(str(link))
    return list(seen.values())


@pytest.mark.slow  # some minutes: each role's pages are crawled and looked at one by one
@pytest.mark.parametrize(
    "username", ["", "can-bo-xa", "phong-vhkhtt", "hoi-dong-huyen-1", "ubnd-huyen", "so-khcn", "thanh-tra", "quan-tri"]
)
def test_every_page_within_reach_is_sound(visitors: Visitors, username: str) -> None:
    page = visitors.enter(username) if username else visitors()
    if not username:
        page.goto("/")
    page.context.set_default_timeout(60_000)
    faults: list[str] = []
    found = crawl(page)
    for path in found:
        if (weight := weigh(page, path)) > FIRST_LOAD:
            faults.append(f"{path}: {weight} bytes")
        if page.locator("h1").count() != 1:
            faults.append(f"{path}: {page.locator('h1').count()} first headings")
        try:
            axe(page)
        except AssertionError as error:
            faults.append(str(error))
        before = page.viewport_size
        page.set_viewport_size({"width": PHONE, "height": 740})
        if (over := page.evaluate(OVERFLOW)) > 0:
            faults.append(f"{path}: {over} pixels wider than a telephone")
        assert before
        page.set_viewport_size(before)
    assert not faults, "\n".join(faults)
    assert len(found) > 3
