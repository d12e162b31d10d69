"""What an installation is made from: units that systemd takes, an image with all it needs, settings that are read."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from certification.databases import read_database_url

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "docs" / "deployment"
ROOMS = ("levels", "evidence", "rules", "reports", "certification")
UNITS = sorted(path.name for path in PLACE.glob("certify*.*") if path.suffix in {".service", ".timer"})
INSTALLED = "/srv/certify/current/bin/certify"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units in a folder of their own, of a program that stands there."""
    program = tmp_path / "certify"
    program.write_text("#!/bin/sh\n", "ascii")
    program.chmod(0o755)
    for name in UNITS:
        (tmp_path / name).write_text((PLACE / name).read_text("utf-8").replace(INSTALLED, str(program)), "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(units: Path, name: str) -> None:
    if shutil.which("systemd-analyze") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("systemd-analyze is not installed")
    done = subprocess.run(["systemd-analyze", "verify", units / name], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if name in line or str(units) in line]
    assert (done.returncode, complaints) == (0, [])


def test_units_name_the_same_program_and_the_same_settings() -> None:
    for name in (unit for unit in UNITS if unit.endswith(".service")):
        text = (PLACE / name).read_text("utf-8")
        assert INSTALLED in text
        assert "EnvironmentFile=/etc/certify/certify.env" in text


def containerfile() -> str:
    return (PLACE / "Containerfile").read_text("utf-8").replace("\\\n", " ")


def test_image_is_given_every_room() -> None:
    copied = {line.split()[1] for line in containerfile().splitlines() if line.startswith("COPY ") and "--" not in line}
    assert set(ROOMS) <= copied


def test_image_holds_what_pip_cannot_install() -> None:
    packages = (ROOT / ".ci" / "system-packages").read_text("utf-8")
    [needed] = re.findall(r"^run='(.*?)'$", packages, re.MULTILINE | re.DOTALL)
    last = containerfile().rpartition("FROM ")[2]
    assert {line.partition("|")[0] for line in needed.splitlines()} <= set(shlex.split(last, comments=True))


def test_example_of_the_settings_sets_what_is_read() -> None:
    example = (PLACE / "certify.env.example").read_text("utf-8")
    stated = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    source = "".join(path.read_text("utf-8") for path in (ROOT / "certification").glob("*.py"))
    source += "".join((PLACE / unit).read_text("utf-8") for unit in UNITS)
    assert [name for name in stated if name not in source] == []


def test_example_of_the_settings_names_databases_that_can_be_read() -> None:
    example = (PLACE / "certify.env.example").read_text("utf-8")
    urls = re.findall(r"^#?DATABASE_URL=(.+)$", example, re.MULTILINE)
    assert len(urls) == 2
    socket, network = (read_database_url(url, Path()) for url in urls)
    assert (socket["HOST"], socket["NAME"]) == ("/run/postgresql", "certify")
    assert (network["HOST"], network["PORT"], network["OPTIONS"]["sslmode"]) == ("db.example.vn", "5432", "verify-full")
