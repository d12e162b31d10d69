"""A real browser: how the tests open pages, look at them, and what no page may ever do.

Every page is watched from the moment it is opened. An error in the console (the content security policy's among them),
a script's exception, a request to another host or an answer of 500 and above fails the test at its end.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from attrs import define, field, frozen
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    StorageState,
    expect,
    sync_playwright,
)

from tests.e2e.serving import Server

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = Path(os.environ.get("CERTIFY_ARTEFACTS") or ROOT / "build" / "artefacts")
LACKING = (
    "The tests in a real browser need Chromium, which was not found. make setup-tests installs it where it may; "
    "an administrator of a Debian or Ubuntu machine does it with: apt-get install chromium"
)
DESKTOP, PHONE = 1280, 360
MOMENT = 20_000
"""Milliseconds: how long a page may take to become what a test expects, on a machine that does much else."""
HEIGHTS = {DESKTOP: 900, PHONE: 740}
# Everything of WCAG 2.2 AA that a machine can tell, and what axe-core holds good practice beyond it.
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


class Lacking(RuntimeError):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window; raises ``Lacking`` where there is none."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise Lacking(LACKING)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@define(slots=False)  # Playwright keeps what it makes of a method on the object
class Watch:
    """What the pages of one test did that none may do."""

    host: str
    faults: list[str] = field(factory=list)

    def over(self, page: Page) -> None:
        """Watch ``page``."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser also logs every answer of 400 and above, which a test may well ask for, and htmx every request
        # that was still on its way when somebody left the page.
        harmless = message.text.startswith(
            # A document in a sandboxed frame has no scripts; it is the browser driver that tries to run one there.
            ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest", "Blocked script execution")
        )
        if message.type in {"error", "warning"} and not harmless:
            self.faults.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        address = urlsplit(response.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.host:
            self.faults.append(f"{response.frame.url} asks another host: {response.url}")
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")


@frozen
class Visitors:
    """Opens pages, each visitor with cookies of his own, on one server."""

    browser: Browser
    server: Server
    watch: Watch
    _contexts: list[BrowserContext] = field(factory=list, init=False, repr=False)

    def __call__(self, *, width: int = DESKTOP, javascript: bool = True, state: StorageState | None = None) -> Page:
        """The first, still empty page of a new visitor, whose addresses may be given without the host."""
        context = self.browser.new_context(
            base_url=self.server.address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": HEIGHTS.get(width, HEIGHTS[DESKTOP])},
            java_script_enabled=javascript,
            storage_state=state,
        )
        context.set_default_timeout(MOMENT)
        expect.set_options(timeout=MOMENT)
        context.on("page", self.watch.over)
        self._contexts.append(context)
        return context.new_page()

    def enter(self, username: str, *, width: int = DESKTOP, javascript: bool = True) -> Page:
        """The first page of somebody of the demonstration who is logged in.

        Through the form the first time; afterwards with the same session, as in another window of the same person.
        """
        known = self.server.sessions.get(username)
        page = self(width=width, javascript=javascript, state=known)
        page.goto("/")
        if known is None:
            log_in(page, username, self.server.passwords[username])
            self.server.sessions[username] = page.context.storage_state()
        return page

    def leave(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()


def log_in(page: Page, username: str, password: str) -> None:
    """Fill in the form of the page for logging in."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def axe(page: Page) -> None:
    """Nothing on ``page`` keeps anybody out, as far as axe-core can tell; else the assertion says what, and where."""
    options = {"iframes": False, "runOnly": {"type": "tag", "values": list(STANDARDS)}}
    found = Axe().run(page, options=options).response["violations"]
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html'][:300]}\n"
        f"    {node.get('failureSummary', '').replace(chr(10), ' ')}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not told, f"{page.url} at {page.viewport_size}:\n" + "\n".join(told)


def shoot(page: Page, name: str) -> None:
    """Keep ``page`` as a picture at a desktop's and a telephone's width (``NAME-1280.png``, ``NAME-360.png``)."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for width in _widths(page):
        page.screenshot(path=ARTEFACTS / f"{name}-{width}.png", full_page=True, animations="disabled")


def inspect(page: Page, name: str) -> None:
    """As ``shoot``; at both widths axe must also find nothing, and nothing may run out of the page sideways."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for width in _widths(page):
        page.screenshot(path=ARTEFACTS / f"{name}-{width}.png", full_page=True, animations="disabled")
        assert page.evaluate(OVERFLOW) <= 0, f"{page.url} is wider than {width} pixels"
        axe(page)


def _widths(page: Page) -> Iterator[int]:
    before = page.viewport_size
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        yield width
    if before:
        page.set_viewport_size(before)


def weigh(page: Page, path: str) -> int:
    """How many bytes come over the line when a visitor who has cached nothing opens ``path``."""
    session = page.context.new_cdp_session(page)
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(path, wait_until="networkidle")
    session.detach()
    return int(sum(weights))
