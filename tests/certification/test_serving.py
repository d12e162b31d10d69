"""``certify serve`` in a process of its own: from an empty folder to a page, and what it refuses."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from attrs import frozen

PATIENCE = 120


@frozen
class Started:
    process: "subprocess.Popen[str]"
    address: str
    said: str

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.address + path, headers=headers, timeout=30, allow_redirects=False)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def settings(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CERTIFY_", "DATABASE_URL", "DJANGO_", "COV_CORE"))
    }
    return {**kept, "CERTIFY_HOME": str(home), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "certification.cli", *arguments]


@contextlib.contextmanager
def running(home: Path, *arguments: str, **more: str) -> Iterator[Started]:
    """The application with what it said until it answers; ended in any case."""
    log = home.parent / f"{home.name}.log"
    with log.open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command("serve", "--port", "0", "--workers", "1", *arguments),
            env=settings(home, **more),
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=home.parent,
            text=True,
        )
        try:
            yield wait_for(process, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(PATIENCE)


def wait_for(process: "subprocess.Popen[str]", log: Path) -> Started:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"(?:Mở|Open) (http://\S+)", said):
            started = Started(process, found[1], said)
            with contextlib.suppress(requests.ConnectionError):
                if started.get("/healthz").status_code == 200:
                    return started
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def run(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*arguments), env=settings(home, **more), capture_output=True, text=True, timeout=PATIENCE
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Started]:
    with running(home) as started:
        yield started


@pytest.mark.whole
def test_an_empty_machine_becomes_a_working_application_with_an_invitation(home: Path, server: Started) -> None:
    assert server.get("/healthz").text == "ok\n"
    page = server.get("/account/login/")
    assert page.status_code == 200
    assert "Đăng nhập" in page.text
    style = re.search(r'href="(/static/app\.[0-9a-f]+\.css)"', page.text)
    assert style
    assert "immutable" in server.get(style[1]).headers["Cache-Control"]
    invitation = re.search(r"(/invitation/\S+/)", server.said)
    assert invitation
    assert server.get(invitation[1]).status_code == 200
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    with contextlib.closing(sqlite3.connect(home / "certify.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)

    assert server.stop() == 0  # Ctrl-C
    with running(home) as again:
        # Nobody has accepted yet: the old link gives way to a new one.
        assert again.get(invitation[1]).status_code == 410
        newer = re.search(r"(/invitation/\S+/)", again.said)
        assert newer
        assert again.get(newer[1]).status_code == 200
        assert again.stop(signal.SIGTERM) == 0


@pytest.mark.whole
def test_another_host_name_is_refused_but_health_is_told(server: Started) -> None:
    assert server.get("/account/login/", Host="evil.example").status_code == 400
    assert server.get("/healthz", Host="10.0.0.7").status_code == 200


@pytest.mark.whole
def test_a_taken_port_is_told_in_one_sentence_before_anything_is_made(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(home, "serve", "--port", str(port))
    assert done.returncode == 2
    told = f"cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác bằng --port"
    assert done.stderr == f"127.0.0.1:{port}: {told}\n"
    assert not home.exists()


@pytest.mark.whole
def test_production_refuses_everything_that_is_unsafe_at_once(home: Path) -> None:
    weak = {"CERTIFY_DEBUG": "1", "CERTIFY_SECRET_KEY": "short"}
    done = run(home, "serve", "--production", "--demo", "--lang", "en", **weak)
    assert done.returncode == 2
    assert done.stderr.count("\n- ") == 7
    assert not home.exists()


@pytest.mark.whole
def test_production_demands_https_and_says_so_to_browsers(home: Path) -> None:
    host = "cds.tinh.gov.vn"
    safe = {"CERTIFY_HOSTS": host, "CERTIFY_PROXY_HEADER": "X-Forwarded-Proto", "CERTIFY_PROXIES": "1"}
    with running(home, "--production", **safe) as started:
        assert f"https://{host}/invitation/" in started.said
        forwarded = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        page = started.get("/account/login/", **forwarded)
        assert page.status_code == 200
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        assert "__Host-csrftoken" in page.headers["Set-Cookie"]
        assert "Secure" in page.headers["Set-Cookie"]
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
        plain = started.get("/account/login/", Host=host)
        assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{host}/account/login/")
        assert started.get("/healthz").status_code == 200


@pytest.mark.whole
def test_a_database_that_cannot_be_used_is_told_in_plain_words(home: Path) -> None:
    done = run(home, "serve", "--port", "0", DATABASE_URL="mysql://x/y")
    assert done.returncode == 2
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    gone = run(home, "serve", "--port", "0", DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert gone.returncode == 2
    assert "Cơ sở dữ liệu không dùng được" in gone.stderr
    assert "Traceback" not in gone.stderr


@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CERTIFY_EMAIL_URL", "pop3://mail.vn"),
        ("CERTIFY_OIDC_ISSUER", "https://id.vn"),
        ("CERTIFY_SESSION_HOURS", "mười hai"),
    ],
)
def test_a_setting_that_means_nothing_is_named(home: Path, name: str, value: str) -> None:
    done = run(home, "serve", "--port", "0", **{name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.whole
def test_the_demonstration_lets_one_person_of_every_role_in(home: Path) -> None:
    with running(home, "--demo") as started:
        line = re.compile(r"^  ([a-z0-9-]+) +((?:[a-z0-9]{4}-){3}[a-z0-9]{4})  ", re.MULTILINE)
        entrances = dict(line.findall(started.said))
        assert len(entrances) == 16
        portal = started.get("/public/").text  # the year before was led to its published acts
        assert portal.count("Công nhận, năm") == 3
        assert portal.count("Công bố xếp hạng, năm") == 1
        assert started.stop() == 0
    # Once nobody writes any more: the database takes its journal in when the last one leaves it.
    stored = b"".join(file.read_bytes() for file in home.glob("certify.sqlite3*"))
    assert not any(password.encode() in stored for password in entrances.values())
    with running(home, "--demo") as again:
        assert "không được nạp lại" in again.said
        assert not line.search(again.said)
    verified = run(home, "audit", "verify")
    assert verified.returncode == 0, verified.stdout


@pytest.mark.whole
def test_a_rescue_invites_another_administrator_from_the_machine_itself(home: Path, server: Started) -> None:
    done = run(home, "account", "invite-admin", "nguyen.a", "--name", "Nguyễn Văn A", "--address", server.address)
    assert done.returncode == 0
    assert server.get(done.stdout.strip().removeprefix(server.address)).status_code == 200
    taken = run(home, "account", "invite-admin", "NGUYEN.A", "--name", "Nguyễn Văn A")
    assert taken.returncode == 2
    assert "đã có người dùng" in taken.stderr
