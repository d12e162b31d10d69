"""The distributions: complete, pinned, and able to work far from the checkout they were built in."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("levels", "evidence", "rules", "reports", "certification")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt")


def run(*command: "str | Path", cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from it; the checkout is left as it was."""
    place = tmp_path_factory.mktemp("build")
    skipped = shutil.ignore_patterns(".*_cache", ".venv", ".git", "*.egg-info", "__pycache__", "build", "dist", "out")
    shutil.copytree(ROOT, place / "source", ignore=skipped)
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", place, cwd=place / "source")
    return place


@pytest.fixture(scope="module")
def elsewhere(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    [wheel] = distributions.glob("*.whl")
    pip = ("-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", "--no-deps")
    run(sys.executable, *pip, "--target", target, wheel, cwd=target)
    return target


def certify(elsewhere: Path, cwd: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the installed program where the checkout is nowhere on the path."""
    code = f"""
import sys
sys.path = [{str(elsewhere)!r}] + [p for p in sys.path if p and p != {str(ROOT)!r}]
import levels, evidence, rules, reports, certification
for room in (levels, evidence, rules, reports, certification):
    assert room.__file__.startswith({str(elsewhere)!r}), room.__file__
from certification.cli import main
main({list(arguments)!r})
"""
    return run(sys.executable, "-I", "-c", code, cwd=cwd, PYTHONUTF8="1")


@pytest.mark.whole
def test_sdist_holds_what_is_needed_to_change_and_test_it(distributions: Path) -> None:
    [sdist] = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", ".ci/setup", *LOCKS}
    assert wanted <= names
    assert "tests/test_packaging.py" in names
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.whole
def test_wheel_holds_the_rooms_with_their_data_and_nothing_else(distributions: Path) -> None:
    [wheel] = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(ROOMS)
    assert {f"{room}/py.typed" for room in ROOMS} <= names
    assert not missing_data(names)


def missing_data(names: set[str]) -> list[str]:
    """The files of the rooms in the checkout that are not among ``names``."""
    return [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(ROOT).as_posix() not in names
    ]


@pytest.mark.whole
def test_installed_elsewhere_it_finds_the_rulebook(elsewhere: Path, tmp_path: Path) -> None:
    frameworks = json.loads(certify(elsewhere, tmp_path, "framework", "list", "--format", "json").stdout)
    assert "kon-tum-121-2025" in [framework["id"] for framework in frameworks]


@pytest.mark.whole
def test_installed_elsewhere_it_evaluates_the_sample(elsewhere: Path, tmp_path: Path) -> None:
    done = certify(elsewhere, tmp_path, "evaluate", "--sample", "--format", "json")
    units = json.loads(done.stdout)["units"]
    assert sum(unit["tier"] == "commune" for unit in units) == 102


@pytest.mark.whole
def test_installed_elsewhere_it_writes_a_decision(elsewhere: Path, tmp_path: Path) -> None:
    certify(elsewhere, tmp_path, "decide", "608", "--sample", "--out", "out")
    kinds = {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {".docx", ".html"} <= kinds


@pytest.mark.whole
def test_installed_program_is_called_certify(elsewhere: Path) -> None:
    [points] = elsewhere.glob("*.dist-info/entry_points.txt")
    assert "certify = certification.cli:main" in points.read_text("utf-8")


def pins(lock: str) -> Iterator[tuple[Requirement, int]]:
    """The pinned requirements of a lock file, each with the number of its hashes."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        requirement, *hashes = re.split(r"\s+--hash=sha256:", line)
        assert all(re.fullmatch(r"[0-9a-f]{64}\s*", digest) for digest in hashes), line
        yield Requirement(requirement.strip()), len(hashes)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_hashed_and_names_no_place(lock: str) -> None:
    for requirement, hashes in pins(lock):
        assert [specifier.operator for specifier in requirement.specifier] == ["=="]
        assert hashes > 0, requirement
        assert requirement.url is None


def test_pins_hold_every_dependency_in_a_version_that_fits() -> None:
    pinned = [requirement for requirement, _ in pins("requirements.txt")]
    for dependency in map(Requirement, PROJECT["project"]["dependencies"]):
        found = [pin for pin in pinned if normal(pin.name) == normal(dependency.name)]
        assert found, dependency
        for pin in found:
            [specifier] = pin.specifier
            assert dependency.specifier.contains(specifier.version), f"{pin} does not fit {dependency}"


def test_what_the_rooms_import_is_declared() -> None:
    imported = {
        name.partition(".")[0]
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported_names(node)
    }
    distributed = importlib.metadata.packages_distributions()
    used = {normal(d) for name in imported for d in distributed.get(name, []) if name not in ROOMS}
    optional = PROJECT["project"]["optional-dependencies"].values()
    declared = [*PROJECT["project"]["dependencies"], *(name for extra in optional for name in extra)]
    assert used <= {normal(Requirement(dependency).name) for dependency in declared}


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def test_tests_run_on_the_versions_that_are_installed_to_run() -> None:
    running, testing = (
        {f"{requirement.name}{requirement.specifier}" for requirement, _ in pins(lock)}
        for lock in ("requirements.txt", "requirements-dev.txt")
    )
    assert running <= testing


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
