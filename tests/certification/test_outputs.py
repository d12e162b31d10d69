"""What a command writes beside its answer: checked first, written together, never over what is not to be lost."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from certification.cli.outputs import Outputs
from certification.staging import staged
from evidence.samples import sample_paths
from levels.faults import Faulty
from levels.loader import framework_ids

SUPPOSED = ("what-if", "--sample", "--set", "23281:I.2=1/2")
SAME_TEXT = ("impact", "--sample", "--to", "kon-tum-121-2025")
SIMULATED = ("simulate", "618", "--sample", "--draws", "10")
PLANNED = ("plan", "23344", "--level", "2", "--sample")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(run: Any, *arguments: object) -> str:
    """What is said of a command that writes nothing and prints no answer."""
    before = {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")} == before
    return str(err)


@pytest.mark.parametrize("command", [SUPPOSED, SAME_TEXT, SIMULATED, ("evaluate", "--sample")], ids=lambda c: c[0])
def test_a_pipe_is_never_replaced_even_through_a_link(run: Any, command: tuple[str, ...]) -> None:
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    for name in ("pipe", "link"):
        for more in ((), ("--replace",)) if command[0] != "evaluate" else ((),):
            assert f"{name}:1:1: đây là thiết bị hoặc ống dẫn" in refused(run, *command, "--excel", name, *more)
    assert Path("pipe").is_fifo()


@pytest.mark.parametrize("command", [SUPPOSED, SAME_TEXT, SIMULATED], ids=lambda c: c[0])
def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(run: Any, command: tuple[str, ...]) -> None:
    Path("mine.html").write_text("mine")
    Path("mine.xlsx").write_text("mine")
    err = refused(run, *command, "--html", "mine.html", "--excel", "mine.xlsx")
    told = [line for line in err.splitlines() if line.startswith("mine.")]
    assert [line.split(";")[0] for line in told] == ["mine.xlsx:1:1: tệp đã có", "mine.html:1:1: tệp đã có"]
    assert all("--replace" in line for line in told)
    assert run(*command, "--html", "mine.html", "--replace")[0] == 0
    assert Path("mine.html").read_text("utf-8") != "mine"


def test_what_a_command_reads_it_never_writes_over(run: Any) -> None:
    for name, path in (("units", sample_paths().units), ("evidence", sample_paths().evidence)):
        shutil.copyfile(path, f"{name}.csv")
    Path("a.yaml").write_text("name: A\nset: {23281: {I.2: 1/2}}\n", encoding="utf-8")
    Path("b.yaml").write_text("name: B\nbase: a.yaml\n", encoding="utf-8")
    Path("decided").mkdir()
    Path("decided/x.bundle.json").write_text("{}", encoding="utf-8")
    tables = ("--units", "units.csv", "--evidence", "evidence.csv")
    said = "lệnh này đang đọc tệp đó"
    assert f"./evidence.csv:1:1: {said}" in refused(run, "evaluate", *tables, "--excel", "./evidence.csv")
    words = ("--scenario", "b.yaml", *tables, "--replace")
    for name in ("units.csv", "b.yaml", "a.yaml"):
        assert f"{name}:1:1: {said}" in refused(run, "what-if", *words, "--save", name)
    within = ("--decisions", "decided", "--html", "decided/x.bundle.json")
    assert f"decided/x.bundle.json:1:1: {said}" in refused(run, "what-if", *words, *within)
    assert f"units.csv:1:1: {said}" in refused(run, *SIMULATED[:2], *tables, "--excel", "units.csv", "--replace")


@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_one_name_for_two_results_is_refused(run: Any, more: tuple[str, ...]) -> None:
    said = "hai kết quả cùng ghi vào tệp này"
    assert f"./c.html:1:1: {said}" in refused(run, *SUPPOSED, "--excel", "c.html", "--html", "./c.html", *more)
    assert f"same:1:1: {said}" in refused(run, *SUPPOSED, "--save", "same", "--html", "same", *more)
    Path("o").mkdir()
    both = ("--html", "o/tac-dong-2025.html", "--out", "o", *more)
    assert f"o/tac-dong-2025.html:1:1: {said}" in refused(run, *SAME_TEXT, *both)
    both = ("--excel", "o/mo-phong-2025.xlsx", "--out", "o", *more)
    assert f"o/mo-phong-2025.xlsx:1:1: {said}" in refused(run, *SIMULATED, *both)


def test_where_one_result_cannot_be_written_none_is(run: Any) -> None:
    Path("folder").mkdir()
    assert "folder:1:1: đây là thư mục" in refused(run, *SUPPOSED, "--excel", "folder", "--html", "ok.html")
    said = "no/x.xlsx:1:1: không có thư mục no"
    assert said in refused(run, *SIMULATED, "--html", "ok.html", "--excel", "no/x.xlsx", "--out", "out")
    Path("out").write_text("no folder")
    assert "out:1:1: " in refused(run, *SAME_TEXT, "--html", "ok.html", "--out", "out")
    assert "out:1:1: " in refused(run, *SIMULATED, "--html", "ok.html", "--out", "out")


def test_results_appear_together() -> None:
    outputs = Outputs({"excel": "a.xlsx", "html": None}, framework_ids(), replace=False, out=Path("out"))
    outputs.write({"excel": b"a", "html": b"never asked for"}, {"b.html": b"b"})
    assert {str(path): path.read_text() for path in Path().rglob("*.*")} == {"a.xlsx": "a", "out/b.html": "b"}
    with pytest.raises(Faulty) as found:
        outputs.write({"excel": b"new"}, {"b.html": b"new"})
    assert [fault.file for fault in found.value.faults] == ["a.xlsx", "out/b.html"]


# Folders


def test_a_folder_of_results_is_called_as_it_was_typed(run: Any) -> None:
    assert run(*PLANNED, "--out", "o")[0] == 0
    err = refused(run, *PLANNED, "--out", "./o/../o")
    assert "o/../o/ke-hoach-23344-2025.xlsx:1:1: tệp đã có" in err
    assert str(Path.cwd()) not in err
    Path("file").write_text("x")
    assert "file/x:1:1: không đọc hoặc ghi được (đây không phải thư mục)" in refused(run, *PLANNED, "--out", "file/x")
    Path("closed").mkdir(mode=0o500)
    if os.geteuid() != 0:
        assert "closed:1:1: không đọc hoặc ghi được (không có quyền)" in refused(run, *PLANNED, "--out", "closed")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that nobody can write to")
def test_a_folder_that_cannot_be_made_is_called_as_it_was_typed(run: Any) -> None:
    err = refused(run, *PLANNED, "--out", "/proc/none")
    assert "/proc/none:1:1: không đọc hoặc ghi được (không có tệp hoặc thư mục này)" in err
    assert ".certify-" not in err


def test_a_folder_s_pipe_stays_and_an_error_of_the_stage_names_the_folder() -> None:
    Path("o/sub").mkdir(parents=True)
    os.mkfifo("o/pipe")
    contents = dict.fromkeys(("a", "pipe", "sub"), b"x")
    with pytest.raises(Faulty) as found:
        Outputs({}, (), replace=True, out=Path("o")).write({}, contents)
    assert [fault.file for fault in found.value.faults] == ["o/pipe", "o/sub"]
    with pytest.raises(Faulty) as found, staged(Path("o"), replace=True) as stage:
        [(stage / name).write_bytes(b"x") for name in contents]
    assert [fault.file for fault in found.value.faults] == ["o/pipe", "o/sub"]
    assert sorted(path.name for path in Path("o").iterdir()) == ["pipe", "sub"]
    with pytest.raises(FileNotFoundError) as missing, staged(Path("o"), replace=True) as stage:
        (stage / "none" / "a").write_bytes(b"x")
    assert missing.value.filename == "o"
    with pytest.raises(FileNotFoundError) as other, staged(Path("o"), replace=True):
        Path("template.docx").read_bytes()
    assert other.value.filename == "template.docx"
