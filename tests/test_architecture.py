"""The house: rooms whose arrows run one way, exact numbers, nothing of a machine in what is committed."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("levels", "evidence", "rules", "reports", "certification")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

# Where floats stand and decide nothing about a unit.
APPEARANCE = {
    **{
        f"evidence/form_{part}.py": "sizes in Excel's own units"
        for part in ("general", "guide", "style", "tables", "writer")
    },
}

# Spelled so that this file does not hold what it looks for.
FOREIGN = {
    "a path of one machine": re.compile(r"(?<![\w.~<>{}-])/(?:wor[k]|roo[t]|op[t]|hom[e]/\w+|User[s]/\w+)/"),
    "the host of a package registry": re.compile(r"py[p]i\.org|pythonhoste[d]\.org|registry\.np[m]js|crate[s]\.io"),
}


def committed() -> list[Path]:
    """Every file under version control, or that would come under it."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: there is no list of committed files")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lint_imports(place: Path) -> "subprocess.CompletedProcess[str]":
    code = "import importlinter.cli as cli, sys; sys.exit(cli.lint_imports(no_cache=True, no_logo=True))"
    # -P and the place of work first on the path: the copy is examined, not the installed project.
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(place)!r})\n{code}"],
        cwd=place,
        capture_output=True,
        text=True,
    )


def test_arrows_between_the_rooms_run_one_way() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.fixture(scope="module")
def copy_of_the_rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", place)
    for module in MODULES:
        target = place / module.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(module, target)
    return place


@pytest.mark.whole
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("levels/stray.py", "import evidence.units"),
        ("evidence/stray.py", "import rules.decide"),
        ("rules/stray.py", "import reports.view"),
        ("reports/stray.py", "import certification.hierarchy"),
        ("rules/stray.py", "import durable.engine"),
        ("evidence/stray.py", "import networkx"),
        ("reports/stray.py", "import django"),
        ("certification/cli/stray.py", "import django"),
        ("certification/cli/stray.py", "import allauth.account"),
        ("certification/hierarchy.py", "import psycopg"),
        ("certification/procedure/stray.py", "import django.utils.timezone"),
        ("certification/cli/stray.py", "import certification.web.urls"),
        ("certification/store/stray.py", "import certification.web.gate"),
        ("certification/procedure/stray.py", "import certification.store.models"),
        ("certification/web/stray.py", "import jinja2"),
        ("certification/web/stray.py", "import xlsxwriter"),
        ("certification/cli/stray.py", "import openpyxl"),
        ("certification/cli/stray.py", "import docx"),
        ("rules/stray.py", "import dask"),
        ("certification/hierarchy.py", "import certification.cli"),
        ("certification/stray.py", ""),
    ],
)
def test_an_arrow_the_wrong_way_is_noticed(copy_of_the_rooms: Path, module: str, line: str) -> None:
    path = copy_of_the_rooms / module
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text((before or '"""Stray."""\n') + line + "\n", "utf-8")
    try:
        found = lint_imports(copy_of_the_rooms)
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "BROKEN" in found.stdout


def test_there_is_no_other_room() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in committed() if path.parent != ROOT}
    assert folders <= {*ROOMS, "tests", "docs", ".ci"}


@pytest.mark.parametrize("what", FOREIGN)
def test_committed_files_name_no(what: str) -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{row}: {line.strip()[:120]}"
            for row, line in enumerate(text.splitlines(), 1)
            if FOREIGN[what].search(line)
        ]
    assert not found, "\n".join(found)


def test_every_module_says_what_it_is() -> None:
    written_by_django = re.compile(r"# Generated by Django")
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if not ast.get_docstring(parse(path)) and not written_by_django.match(path.read_text("utf-8"))
    ]
    assert not silent


def test_every_room_carries_its_types() -> None:
    assert all((ROOT / room / "py.typed").exists() for room in ROOMS)


@pytest.mark.parametrize("room", ["levels", "evidence", "rules"])
def test_no_float_takes_part_in_a_decision(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for path in MODULES
        if path.is_relative_to(ROOT / room) and path.relative_to(ROOT).as_posix() not in APPEARANCE
        for line, what in floats(parse(path))
    ]
    assert not found, "\n".join(found)


def test_rules_never_divide_into_a_float() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if path.is_relative_to(ROOT / "rules")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
    ]
    assert not found, found


def test_every_exception_from_the_checks_gives_its_reason() -> None:
    exception = re.compile(r"#\s*(?:noqa|type: ignore|pragma: no)")
    reason = re.compile(r"#\s*(?:noqa:\s*[A-Z0-9, ]+|type: ignore\[[\w, -]+\]|pragma: no \w+)\s*(?:#|-|—)\s*\S")
    found = []
    for path in MODULES:
        before = ""
        for row, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            # The reason stands on the same line or, as a comment, right above it.
            if exception.search(line) and not reason.search(line) and not before.lstrip().startswith("# "):
                found.append(f"{path.relative_to(ROOT)}:{row}")
            before = line
    assert not found, found


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), path.name)


def floats(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Float literals, and calls that make floats."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, repr(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, "float(…)"
