"""Every page: nobody is kept out, nothing runs over, is heavy or breaks.

Links are followed without a window, which is quick, from the first page of each role. What is found is then looked at
in the browser: every kind of page once, and again for each role where it is another one for each.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from attrs import frozen
from django.urls import Resolver404, resolve
from lxml import html
from playwright.sync_api import Page
from ruamel.yaml import YAML

from tests.e2e.browsing import OVERFLOW, PHONE, Visitors, axe, weigh
from tests.web.matrix import PAGES, asked

FIRST_LOAD = 150_000
"""Bytes: what a page may cost on a slow line."""
INSTANCES = 2
"""How many pages of one kind are opened in search of links: a commune's and a district's, say."""
STARTS = ("/", "/search/?q=dak+ha", "/account/logout/", "/dossiers/cycles/3/import/")

STRANGER = ""
PEOPLE = (
    "hoi-dong-huyen-1",
    "can-bo-xa",
    "phong-vhkhtt",
    "ubnd-huyen",
    "hoi-dong-tinh-1",
    "ubnd-tinh",
    "so-khcn",
    "ke-hoach",
    "thanh-tra",
    "quan-tri",
    STRANGER,
)
OF_AN_INDEX = ("can-bo-so",)
DIFFERENT = frozenset({"looking:home", "procedure:dossier"})
"""Pages that are another one for each role."""

UNLINKED = PAGES.with_name("unlinked.yaml")


def unlinked() -> set[str]:
    """The pages that no link of the demonstration leads to."""
    return {name for names in YAML(typ="safe").load(UNLINKED.read_text("utf-8")).values() for name in names.split()}


def kind_of(path: str) -> str:
    """The name of the page behind an address; "" where there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@frozen
class Found:
    """A page within reach: what kind it is, its address, and whether it is a document that may run no script."""

    kind: str
    path: str
    sealed: bool


def crawl(page: Page, known: Collection[str] = ()) -> Iterator[Found]:
    """The pages within reach of whoever has opened ``page``; of the kinds ``known`` one is enough to go on from."""
    opened: Counter[str] = Counter()
    waiting = list(STARTS)
    seen = set(waiting)
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if not kind or opened[kind] == (1 if kind in known and kind not in DIFFERENT else INSTANCES):
            continue
        answer = page.request.get(path)
        if path in STARTS and answer.status in (403, 404):
            continue
        assert answer.ok, f"{path}: {answer.status}"
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        opened[kind] += 1
        yield Found(kind, path, "sandbox" in answer.headers.get("content-security-policy", ""))
        for link in html.fromstring(answer.body()).xpath("//a[@href][not(@download)]/@href"):
            joined = urlsplit(urldefrag(urljoin(answer.url, link)).url)
            target = joined.path + (f"?{joined.query}" if joined.query else "")
            if joined.netloc == urlsplit(answer.url).netloc and target not in seen and "format=" not in target:
                seen.add(target)
                waiting.append(target)


def look(page: Page, found: Found) -> Iterator[str]:
    """What is wrong with a page."""
    path = found.path
    if (weight := weigh(page, path)) > FIRST_LOAD:
        yield f"{path}: {weight} bytes"
    if (headings := page.locator("h1").count()) != 1:
        yield f"{path}: {headings} first headings"
    if found.sealed:
        # A document may run no script, axe's neither: its text is looked at on a page without an address.
        text = page.request.get(path).text()
        page.goto("about:blank")
        page.set_content(text)
    try:
        axe(page)
    except AssertionError as error:
        yield f"{path}: {error}"
    before = page.viewport_size
    page.set_viewport_size({"width": PHONE, "height": 740})
    if (over := page.evaluate(OVERFLOW)) > 0:
        yield f"{path}: {over} pixels wider than a telephone"
    assert before
    page.set_viewport_size(before)


def inspect_all(visitors: Visitors, people: tuple[str, ...]) -> set[str]:
    """Look at every kind of page that one of ``people`` can reach, once, and at what differs for each of them."""
    faults: list[str] = []
    looked_at: set[tuple[str, str]] = set()
    for username in people:
        page = visitors.enter(username) if username else visitors()
        page.context.set_default_timeout(60_000)
        for found in list(crawl(page, {kind for kind, _ in looked_at})):
            key = (found.kind, username if found.kind in DIFFERENT else "")
            if key not in looked_at:
                looked_at.add(key)
                faults += look(page, found)
        page.close()
    assert not faults, "\n".join(faults)
    return {kind for kind, _ in looked_at}


def test_every_kind_of_page_is_sound(visitors: Visitors) -> None:
    found = inspect_all(visitors, PEOPLE)
    assert set(asked()) - found - unlinked() == set()


def test_every_kind_of_page_under_an_index_is_sound(visitors: Visitors) -> None:
    assert inspect_all(visitors, OF_AN_INDEX) > {"looking:home", "facts:group", "indexes:unit"}


@pytest.mark.slow  # each role's own pages: some minutes
@pytest.mark.parametrize("username", [*PEOPLE, *OF_AN_INDEX])
def test_every_page_within_reach_of_a_role_is_sound(visitors: Visitors, username: str) -> None:
    assert len(inspect_all(visitors, (username,))) > 3
