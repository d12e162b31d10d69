"""An installation as docs/deployment describes it: the example of the settings, PostgreSQL, HTTPS in front, backups."""

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import Server, running
from tests.postgres import Cluster

PLACE = Path(__file__).resolve().parents[2] / "docs" / "deployment"
PROXIED = {"Host": "chuyendoiso.example.vn", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def read_example() -> dict[str, str]:
    """What the example of the settings sets, but for the database."""
    stated = re.findall(r"^([A-Z_]+)=(.*)$", (PLACE / "certify.env.example").read_text("utf-8"), re.MULTILINE)
    return {name: value for name, value in stated if name != "DATABASE_URL"}


@pytest.fixture(scope="module")
def installation(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The application in production, with the example's settings, on a new database."""
    home = tmp_path_factory.mktemp("installation") / "home"
    server = Server(home, database=postgres.create(), environment=read_example())
    with running(server, "--production"):
        yield server


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Let a redirect be what was answered."""


def ask(server: Server, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request that came through a proxy, or did not."""
    request = urllib.request.Request(server.address + path, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def test_production_does_not_start_with_unsafe_settings(tmp_path: Path) -> None:
    done = Server(tmp_path).call("serve", "--production", "--port", "0")
    assert done.returncode == 2
    for name in ("CERTIFY_HOSTS", "CERTIFY_PROXY_HEADER", "CERTIFY_PROXIES", "DATABASE_URL"):
        assert name in done.stderr


def test_production_answers_what_comes_over_https_through_the_proxy(installation: Server) -> None:
    status, headers = ask(installation, "/account/login/", PROXIED)
    assert status == 200
    assert "__Host-csrftoken=" in headers["Set-Cookie"]
    assert "Secure" in headers["Set-Cookie"]
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]


def test_production_sends_plain_http_to_https(installation: Server) -> None:
    status, headers = ask(installation, "/public/", {**PROXIED, "X-Forwarded-Proto": "http"})
    assert (status, headers["Location"]) == (301, "https://chuyendoiso.example.vn/public/")


def test_production_answers_under_no_other_name(installation: Server) -> None:
    status, _ = ask(installation, "/public/", {**PROXIED, "Host": "evil.example"})
    assert status == 400


def test_the_nightly_backup_makes_a_copy_verifies_it_and_keeps_a_checkpoint(
    installation: Server, tmp_path: Path
) -> None:
    unit = (PLACE / "certify-backup.service").read_text("utf-8").replace("\\\n", " ")
    [script] = re.findall(r"^ExecStart=/bin/sh -ec '(.*)'$", unit, re.MULTILINE)
    program = Path(sys.executable).with_name("certify")
    command = script.replace("$$", "$").replace("%%", "%").replace("/srv/certify/current/bin/certify", str(program))
    (tmp_path / "certify-2020-01-01-021500.zip").touch()
    subprocess.run(["touch", "-d", "2020-01-01", tmp_path / "certify-2020-01-01-021500.zip"], check=True)
    done = subprocess.run(
        ["/bin/sh", "-ec", command], env=installation.settings(), cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [copy] = tmp_path.glob("certify-*.zip")  # the one of 2020 has gone
    assert re.fullmatch(r"sha256:[0-9a-f]{64}  \d+  \S+\n", (tmp_path / "checkpoints.txt").read_text("utf-8"))
    assert copy.stat().st_size > 0


def test_a_backup_is_restored_into_an_empty_place(installation: Server, postgres: Cluster, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    assert installation.call("backup", str(copy)).returncode == 0
    other = Server(tmp_path / "other", database=postgres.create())
    other.home.mkdir()
    restored = other.call("restore", str(copy))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert other.call("audit", "verify").returncode == 0
