"""The server is killed in the midst of its work, as by a power failure: nothing that it had confirmed is lost."""

import http.client
import http.cookiejar
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from attrs import define, field

from tests.e2e.serving import Server, read_passwords, running
from tests.postgres import Cluster

pytestmark = pytest.mark.whole


@define
class Officer:
    """Somebody of the department, without a browser; ``confirmed`` are the texts that the server said it has kept."""

    server: Server
    confirmed: list[str] = field(factory=list)
    opener: urllib.request.OpenerDirector = field(init=False)

    def __attrs_post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def get(self, path: str) -> str:
        with self.opener.open(f"{self.server.address}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        """Send a form of ``page``; the page that follows."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        content = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        request = urllib.request.Request(  # noqa: S310 - our own address
            f"{self.server.address}{path}", content, {"Referer": f"{self.server.address}{path}"}
        )
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())

    def enter(self, username: str) -> None:
        path = "/account/login/"
        self.post(path, self.get(path), login=username, password=self.server.passwords[username])

    def write_until_killed(self, path: str) -> None:
        """Save the report again and again, each time with another text."""
        page, number = self.get(path), 0
        try:
            while True:
                number += 1
                version = re.search(r'name="version" value="(\d+)"', page)
                text = f"lần ghi {number:06d}"
                page = self.post(path, page, difficulties=text, version=version[1] if version else "")
                if "Đã lưu báo cáo" in page:
                    self.confirmed.append(text)
        except (OSError, urllib.error.URLError, http.client.HTTPException):
            return  # the server is gone


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_the_server_confirmed_before_it_was_killed_is_there_when_it_stands_again(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    cluster: Cluster | None = request.getfixturevalue("postgres") if database == "postgresql" else None
    server = Server(tmp_path / "home", cluster.create() if cluster else "")
    server.start("--demo")
    server.passwords |= read_passwords(server.log.read_text("utf-8"))
    officer = Officer(server)
    path = ""
    for round_ in range(2):
        officer.enter("so-khcn")
        path = re.findall(r'href="(/decisions/reports/\d+/)"', officer.get("/decisions/reports/"))[0]
        writing = threading.Thread(target=officer.write_until_killed, args=(path,))
        writing.start()
        before = len(officer.confirmed)
        deadline = time.monotonic() + 60
        while len(officer.confirmed) < before + 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.1 * round_)
        server.kill()
        writing.join(timeout=60)
        assert len(officer.confirmed) >= before + 5
        if not round_:
            server.start()
    with running(server):
        officer = Officer(server, officer.confirmed)
        officer.enter("so-khcn")
        found = re.search(r"lần ghi (\d{6})", officer.get(path))
    assert found is not None
    # The last text is the last that was confirmed, or one that was kept and whose answer got lost.
    last = int(officer.confirmed[-1].rsplit(" ", 1)[1])
    assert int(found[1]) in (last, last + 1)
    verified = server.call("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    exported = tmp_path / "nhat-ky.jsonl"
    assert server.call("audit", "export", str(exported)).returncode == 0
    log = exported.read_text("utf-8")
    assert [text for text in officer.confirmed if log.count(text) < 1] == []
