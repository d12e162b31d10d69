"""What the tests in a real browser share: a running application with the demonstration in it, and its visitors."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitors, Watch, chromium
from tests.e2e.serving import Server, read_passwords, running
from tests.postgres import Cluster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these start processes: they are not among the fast tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("whole")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A home with the demonstration, made once for all processes of a test run and left as it is: tests use copies.

    ``CERTIFY_TEST_DEMONSTRATION=FOLDER`` keeps it for the next run, while one writes tests.
    """
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_TESTRUNUID" in os.environ else base
    if os.environ.get("CERTIFY_TEST_DEMONSTRATION"):
        place = Path(os.environ["CERTIFY_TEST_DEMONSTRATION"])
        place.mkdir(parents=True, exist_ok=True)
    home, kept = place / "demonstration", place / "demonstration.json"
    with (place / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process makes it, the others wait
        server = Server(home)
        if not kept.exists():
            with running(server, "--demo"):
                passwords = read_passwords(server.log.read_text("utf-8"))
            kept.write_text(json.dumps(passwords), "utf-8")
    server.passwords = json.loads(kept.read_text("utf-8"))
    return server


@pytest.fixture(scope="module")
def server(demonstration: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application on SQLite with the demonstration, for the tests of one file."""
    home = tmp_path_factory.mktemp("server") / "home"
    shutil.copytree(demonstration.home, home)
    with running(Server(home, passwords=demonstration.passwords)) as started:
        yield started


@pytest.fixture(scope="module")
def server_on_postgres(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same on PostgreSQL; it takes the better part of a minute to load."""
    server = Server(tmp_path_factory.mktemp("postgres") / "home", database=postgres.create())
    with running(server, "--demo"):
        server.passwords = read_passwords(server.log.read_text("utf-8"))
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of one file: while it runs, Django's store must not be used in the same thread."""
    with chromium() as started:
        yield started


@pytest.fixture
def visitors(browser: Browser, server: Server) -> Iterator[Visitors]:
    """Opens pages of ``server``; at the end, no page may have done what none may."""
    yield from _visit(browser, server)


@pytest.fixture
def visitors_on_postgres(browser: Browser, server_on_postgres: Server) -> Iterator[Visitors]:
    """The same for ``server_on_postgres``."""
    yield from _visit(browser, server_on_postgres)


def _visit(browser: Browser, server: Server) -> Iterator[Visitors]:
    watch = Watch(server.host)
    visitors = Visitors(browser, server, watch)
    yield visitors
    visitors.leave()
    assert watch.faults == []
