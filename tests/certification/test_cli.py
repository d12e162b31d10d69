"""The command line as scripts and people use it: answers, exit codes, faults, nothing half-written."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from certification.cli import main
from evidence.samples import sample_paths
from tests.certification.stopping import stop_midway

FRAMEWORK = "kon-tum-121-2025"
UNITS = """code,name,tier,parent
62,Tỉnh Kon Tum,province,
615,Huyện Đắk Hà,district,62
23500,Thị trấn Đắk Hà,commune,615
"""
HEADER = "unit,criterion,numerator,denominator,value,status,document\n"


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Write a units and an evidence file; the options that name them."""

    def write(evidence: str, units: str = UNITS) -> list[str]:
        (tmp_path / "units.csv").write_text(units, encoding="utf-8")
        (tmp_path / "evidence.csv").write_text(evidence, encoding="utf-8")
        return ["--units", str(tmp_path / "units.csv"), "--evidence", str(tmp_path / "evidence.csv")]

    return write


def test_help_speaks_vietnamese_unless_asked_for_english() -> None:
    def helped(*arguments: str) -> str:
        call = [sys.executable, "-m", "certification.cli", *arguments]
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout

    assert "Ví dụ: certify why" in helped("why", "--help")
    assert "Example: certify why" in helped("why", "--help", "--lang", "en")


@pytest.mark.parametrize(
    "command",
    ["evaluate", "why", "doubts", "decide", "form", "import", "verify", "demo", "sample", "framework list",
     "framework show",
     "framework check", "framework diff"],
)  # fmt: skip
def test_every_command_has_help_with_an_example(run: Any, command: str) -> None:
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert f"certify {command}" in out.replace("\n", " ")


def test_evaluate_prints_only_json_with_sorted_keys(run: Any) -> None:
    code, out, _ = run("evaluate", "--framework", FRAMEWORK, "--sample", "--format", "json")
    assert code == 0
    answer = json.loads(out)
    assert json.dumps(answer, sort_keys=True, ensure_ascii=False, indent=2) + "\n" == out
    assert answer["framework"]["id"] == FRAMEWORK
    assert answer["framework"]["digest"].startswith("sha256:")
    assert len(answer["units"]) == 112
    unit = next(unit for unit in answer["units"] if unit["code"] == "23281")
    assert unit["name"] == "Phường Quang Trung"
    assert (unit["tier"], unit["parent"]) == ("commune", "608")
    assert (unit["level"], unit["claimed_level"], unit["possible_level"]) == (5, 5, 5)
    assert {"code", "level", "claimed_level", "possible_level", "actual", "status"} <= unit["criteria"][0].keys()
    assert _no_floats(answer)


def _no_floats(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_no_floats, value.values()))
    if isinstance(value, list):
        return all(map(_no_floats, value))
    return not isinstance(value, float)


def test_evaluate_as_csv_can_be_read_by_a_spreadsheet(run: Any) -> None:
    _, out, _ = run("evaluate", "--sample", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))
    assert len(rows) == 113
    assert any("Phường Quang Trung" in row for row in rows)


def test_evaluate_writes_units_by_criteria_for_excel(run: Any, tmp_path: Path) -> None:
    assert run("evaluate", "--sample", "--excel", tmp_path / "levels.xlsx")[0] == 0
    assert load_workbook(tmp_path / "levels.xlsx").sheetnames == ["Phụ lục 02", "Phụ lục 01"]
    code, _, err = run("evaluate", "--sample", "--excel", tmp_path / "none" / "levels.xlsx")
    assert code == 2
    assert "levels.xlsx:1:1: " in err


def test_evaluate_as_table_marks_synthetic_figures(run: Any) -> None:
    _, out, _ = run("evaluate", "--sample")
    assert "Phường Quang Trung" in out
    assert "DỮ LIỆU MÔ PHỎNG" in out


def test_evaluate_reads_one_s_own_files(run: Any, files: Any) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,12/BC\n")
    _, out, _ = run("evaluate", *options, "--cycle", 2025, "--format", "json")
    commune = next(unit for unit in json.loads(out)["units"] if unit["code"] == "23500")
    found = next(criterion for criterion in commune["criteria"] if criterion["code"] == "I.2")
    assert (found["level"], found["actual"], found["status"]) == (3, "74/104", "verified")
    assert (commune["level"], commune["claimed_level"], commune["possible_level"]) == (0, 0, 3)


def test_two_processes_print_the_same(run: Any) -> None:
    one = run("evaluate", "--sample", "--format", "json")
    assert run("evaluate", "--sample", "--format", "json", "--workers", 2) == one


def test_why_gives_every_reason_as_json(run: Any, files: Any) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,12/BC\n")
    code, out, _ = run("why", "23500", "--level", 4, *options, "--cycle", 2025, "--format", "json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["unit"], answer["asked"], answer["level"], answer["reached"]) == ("23500", 4, 0, False)
    [blocker] = [b for b in answer["blockers"] if b["criterion"] == "I.2"]
    assert blocker == {
        "unit": "23500",
        "criterion": "I.2",
        "at_level": 4,
        "required": "80%",
        "actual": "74/104",
        "missing": 10,
        "clause": "Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)",
        "status": "verified",
        "standing": "accepted",
        "holding_back": [],
    }


def test_why_of_a_district_holds_the_reasons_of_its_communes(run: Any, files: Any) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,12/BC\n")
    _, out, _ = run("why", "615", "--level", 1, *options, "--cycle", 2025, "--format", "json")
    answer = json.loads(out)
    assert answer["blockers"][0]["holding_back"] == ["23500"]
    assert [child["unit"] for child in answer["children"]] == ["23500"]
    assert answer["children"][0]["blockers"]


@pytest.mark.parametrize(("language", "words"), [("vi", "chưa đạt mức 2"), ("en", "has not reached level 2")])
def test_why_speaks_both_languages(run: Any, language: str, words: str) -> None:
    _, out, _ = run("why", "610", "--sample", "--lang", language)
    assert words in out
    _, page, _ = run("why", "610", "--sample", "--lang", language, "--format", "html")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert words in page


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate"],
        ["evaluate", "--sample", "--format", "xml"],
        ["evaluate", "--sample", "--framework", "no-such"],
        ["evaluate", "--units", "no-such.csv", "--evidence", "no-such.csv"],
        ["why", "99999", "--sample"],
        ["why", "62", "--sample"],
        ["why", "610", "--sample", "--level", "6"],
        ["--lang", "fr", "framework", "list"],
        ["verify", "no-such.json"],
        ["framework", "show", "no-such"],
        ["framework", "check", "no-such"],
        ["no-such-command"],
    ],
)
def test_bad_usage_ends_with_2_and_a_sentence(run: Any, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


def test_every_fault_is_told_with_file_row_and_column(run: Any, files: Any) -> None:
    options = files(
        HEADER
        + "23500,I.2,120,104,,verified,x\n"
        + "23500,I.3,-1,104,,verified,x\n"
        + "99999,I.2,1,2,,verified,x\n"
        + "23500,IX.1,1,2,,verified,x\n"
        + "23500,I.4,,,maybe,verified,x\n"
        + "23500,I.6,1,2,,wrong,x\n"
    )
    code, out, err = run("evaluate", *options, "--lang", "en", "--cycle", 2025)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert [line.removeprefix(options[3] + ":").split(":")[:2] for line in lines] == [
        ["2", "numerator"],
        ["3", "numerator"],
        ["4", "unit"],
        ["5", "criterion"],
        ["6", "value"],
        ["7", "status"],
    ]
    assert all("; " in line for line in lines)


def test_decide_writes_nothing_when_the_input_is_bad(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,120,104,,verified,x\n")
    code, _, _ = run("decide", "23500", *options, "--cycle", 2025, "--out", tmp_path / "out")
    assert code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence.csv", "units.csv"]


def test_decisions_that_are_none_are_warned_of(run: Any, tmp_path: Path, decided: Path) -> None:
    code, out, err = run("evaluate", "--sample", "--decisions", tmp_path, "--format", "json")
    assert (code, json.loads(out)["cycle"]) == (0, 2025)
    assert f"thư mục {tmp_path} của --decisions không có gói quyết định nào (*.bundle.json)" in err
    _, _, err = run("evaluate", "--sample", "--decisions", decided)
    assert "--decisions" not in err
    shutil.copy(sample_paths().units, tmp_path / "units.csv")
    rows = sample_paths().evidence.read_text("utf-8").replace(",2025,", ",2026,")
    (tmp_path / "evidence.csv").write_text(rows, encoding="utf-8")
    tables = ("--units", tmp_path / "units.csv", "--evidence", tmp_path / "evidence.csv", "--cycle", "2026")
    code, _, err = run("evaluate", *tables, "--decisions", decided)
    assert (code, f"{decided} của --decisions không có quyết định nào theo bộ tiêu chí này của năm 2026" in err) == (
        0,
        True,
    )


@pytest.mark.parametrize("option", ["--signer", "--minutes"])
def test_what_would_spoil_an_act_is_not_taken_into_it(run: Any, tmp_path: Path, option: str) -> None:
    for text in ("   ", "A\nB", "A\u202eB", "A" * 10_000):
        code, _, err = run("decide", "618", "--sample", option, text, "--out", tmp_path / "out")
        assert (code, "cần chữ trên một dòng" in err) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The decisions on one district of the sample and its communes."""
    out = tmp_path_factory.mktemp("decided")
    shared = ["decide", "618", "--sample", "--signer", "Nguyễn Văn A", "--out", str(out)]
    for more in (
        ["--only-below", "--sheets", "--number", "12/QĐ-UBND", "--date", "18/12/2025"],
        ["--decisions", str(out), "--sheets", "--number", "500/QĐ-UBND", "--date", "2025-12-19"],
    ):
        with pytest.raises(SystemExit) as ended:
            main([*shared, *more])
        assert not ended.value.code
    return out


def test_decide_writes_documents_summaries_sheets_and_bundles(decided: Path) -> None:
    names = {path.name for path in decided.iterdir()}
    for stem in ("quyet-dinh-618-commune-2025", "quyet-dinh-62-district-2025", "tong-hop-618-commune-2025",
                 "phieu-tham-dinh-618-2025"):  # fmt: skip
        assert {f"{stem}.{kind}" for kind in ("docx", "pdf", "html")} <= names
    assert {"quyet-dinh-618-commune-2025.bundle.json", "quyet-dinh-62-district-2025.bundle.json"} <= names
    assert not [name for name in names if name.startswith(".")]


def test_what_was_decided_verifies_and_what_was_changed_does_not(run: Any, decided: Path) -> None:
    bundle = decided / "quyet-dinh-62-district-2025.bundle.json"
    code, out, _ = run("verify", bundle)
    assert code == 0
    assert "✗" not in out
    code, out, _ = run("verify", bundle, "--format", "json")
    assert json.loads(out)["agrees"] is True
    page = decided / "quyet-dinh-62-district-2025.html"
    original = page.read_bytes()
    page.write_bytes(original + b" ")
    code, out, _ = run("verify", bundle)
    page.write_bytes(original)
    assert code == 1
    assert "✗" in out


def test_a_decision_under_a_rulebook_of_one_s_own_verifies_only_where_it_is_named(
    run: Any, files: Any, tmp_path: Path
) -> None:
    from importlib.resources import files as resources

    text = (resources("levels") / "frameworks" / FRAMEWORK / "framework.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace(FRAMEWORK, "own-rulebook", 1), encoding="utf-8")
    options = files(HEADER + "23500,I.2,74,104,,verified,x\n")
    out = tmp_path / "out"
    assert run("decide", "23500", *options, "--framework", own, "--cycle", 2025, "--out", out)[0] == 0
    bundle = out / "quyet-dinh-615-commune-2025.bundle.json"
    assert run("verify", bundle)[0] == 1
    assert run("verify", bundle, "--framework", own)[0] == 0


def test_nothing_is_written_where_a_folder_has_the_name_of_a_result(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,x\n")
    blocked = tmp_path / "forms" / "phieu-615-2025.xlsx"
    blocked.mkdir(parents=True)
    code, out, err = run("form", "23500", "615", *options, "--cycle", 2025, "--out", blocked.parent)
    assert (code, out) == (2, "")
    assert "phieu-615-2025.xlsx" in err
    assert list(blocked.parent.iterdir()) == [blocked]


def test_a_district_reads_recognised_levels_from_decisions(run: Any, decided: Path) -> None:
    _, out, _ = run("evaluate", "--sample", "--decisions", decided, "--format", "json")
    units = {unit["code"]: unit for unit in json.loads(out)["units"]}
    assert {member["decision"] is not None for member in units["618"]["members"]} == {True}
    assert {member["decision"] for member in units["610"]["members"]} == {None}


def test_forms_go_out_and_come_back(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    code, out, _ = run("form", "23500", "615", *options, "--cycle", 2025, "--out", tmp_path / "forms")
    assert code == 0
    forms = out.split()
    assert [Path(form).name for form in forms] == ["phieu-23500-2025.xlsx", "phieu-615-2025.xlsx"]
    target = tmp_path / "new.csv"
    shared = ["--units", options[1], "--cycle", 2025, "--into", target]
    code, out, _ = run("import", *forms, *shared, "--dry-run")
    assert code == 0
    assert not target.exists()
    assert run("import", *forms, *shared)[0] == 0
    assert "23500,I.2,74,104" in target.read_text(encoding="utf-8-sig")
    before = target.read_bytes()
    assert run("import", *forms, *shared)[0] == 0  # the same again changes nothing
    assert target.read_bytes() == before


def test_conflicting_forms_are_reported_and_nothing_is_written(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    _, out, _ = run("form", "23500", *options, "--cycle", 2025, "--out", tmp_path / "forms")
    target = tmp_path / "known.csv"
    target.write_text(HEADER.replace("document", "document,cycle") + "23500,I.2,80,104,,self_reported,12/BC,2025\n")
    before = target.read_bytes()
    code, _, err = run("import", out.strip(), "--units", options[1], "--cycle", 2025, "--into", target)
    assert code == 1
    assert re.search(r"phieu-23500-2025\.xlsx:\d+:Phụ lục 01![A-Z]+: .*I\.2", err)
    assert target.read_bytes() == before


def test_an_import_does_not_overwrite_what_another_has_just_written(
    run: Any, files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from certification import intake

    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    form = run("form", "23500", *options, "--cycle", 2025, "--out", tmp_path / "forms")[1].strip()
    target = tmp_path / "known.csv"
    other = HEADER + "23500,I.3,1,2,,verified,x\n"
    read = intake.read_forms

    def read_while_another_writes(*arguments: Any, **named: Any) -> Any:
        target.write_text(other, encoding="utf-8")
        return read(*arguments, **named)

    monkeypatch.setattr(intake, "read_forms", read_while_another_writes)
    code, out, err = run("import", form, "--units", options[1], "--cycle", 2025, "--into", target, "--lang", "en")
    assert (code, out) == (2, "")
    assert "somebody else has changed the file" in err
    assert target.read_text(encoding="utf-8") == other


def test_a_form_of_another_year_is_refused(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    _, out, _ = run("form", "23500", *options, "--cycle", 2024, "--out", tmp_path / "forms")
    target = tmp_path / "new.csv"
    code, _, err = run("import", out.strip(), "--units", options[1], "--cycle", 2025, "--into", target)
    assert code == 2
    assert "2024" in err
    assert not target.exists()


def test_the_bundled_rulebook_has_no_faults(run: Any) -> None:
    code, out, _ = run("framework", "check")
    assert code == 0
    assert f"{FRAMEWORK}: 0 lỗi" in out


def test_a_rulebook_is_shown_as_json(run: Any) -> None:
    _, out, _ = run("framework", "show", FRAMEWORK, "--format", "json")
    answer = json.loads(out)
    assert answer["id"] == FRAMEWORK
    criterion = next(c for c in answer["sets"]["commune"]["criteria"] if c["code"] == "I.2")
    assert criterion["cells"] == ["20%", "30%", "50%", "80%", "90%"]
    assert criterion["requirements"][0] == {"kind": "ratio", "at_least": "20/100"}
    assert {"id", "clause", "reading", "alternative"} <= answer["interpretations"][0].keys()
    _, text, _ = run("framework", "show", FRAMEWORK)
    assert "Phụ lục 02" in text


def test_a_faulty_rulebook_ends_with_1_and_a_changed_one_is_compared(run: Any, tmp_path: Path) -> None:
    from importlib.resources import files as resources

    text = (resources("levels") / "frameworks" / FRAMEWORK / "framework.yaml").read_text(encoding="utf-8")
    assert '"80%"' in text or "80%" in text
    draft = tmp_path / "draft.yaml"
    draft.write_text(_with_cell(text, "I.2", "80%", "10%"), encoding="utf-8")
    code, _, err = run("framework", "check", draft)
    assert code == 1
    assert f"{draft}:" in err
    code, out, err = run("evaluate", "--sample", "--framework", draft)  # a faulty rulebook decides nothing
    assert (code, out) == (2, "")
    draft.write_text(_with_cell(text, "I.2", "80%", "about 80%"), encoding="utf-8")
    code, _, err = run("framework", "check", draft)
    assert code == 1
    assert f"{draft}:" in err
    draft.write_text(_with_cell(text, "I.2", "80%", "85%"), encoding="utf-8")
    _, out, _ = run("framework", "diff", FRAMEWORK, draft, "--format", "json")
    assert [(change["code"], change["level"]) for change in json.loads(out)] == [("I.2", 4)]
    _, out, _ = run("framework", "diff", FRAMEWORK, FRAMEWORK)
    assert out == "Không có gì khác nhau.\n"


def _with_cell(text: str, code: str, old: str, new: str) -> str:
    start = text.index(f"code: {code}\n")
    place = text.index(old, start)
    return text[:place] + new + text[place + len(old) :]


def test_a_rulebook_is_copied_to_draft_an_amendment(run: Any, tmp_path: Path) -> None:
    draft = tmp_path / "du-thao.yaml"
    assert run("framework", "copy", "kon-tum-121-2025", draft)[:2] == (0, f"{draft}\n")
    assert run("framework", "check", draft)[0] == 0
    assert run("framework", "diff", "kon-tum-121-2025", draft)[:2] == (0, "Không có gì khác nhau.\n")
    code, _, err = run("framework", "copy", "kon-tum-121-2025", draft)
    assert (code, "--replace" in err) == (2, True)
    code, _, err = run("framework", "copy", "kon-tum", tmp_path / "x.yaml")
    assert (code, "kon-tum-121-2025" in err, (tmp_path / "x.yaml").exists()) == (2, True, False)


def test_version_and_list(run: Any) -> None:
    assert run("--version")[1].startswith("certify ")
    assert FRAMEWORK in run("framework", "list")[1]
    assert json.loads(run("framework", "list", "--format", "json")[1])[0]["id"]


def test_a_fault_of_the_software_is_a_sentence_too(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from certification.cli import findings

    def fail(*_: object) -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(findings, "load", fail)
    code, _, err = run("evaluate", "--sample")
    assert code == 3
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["decide", "form"])
@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, request_to_end: signal.Signals, command: str) -> None:
    given = [command, "62", "--with-below", "--sample", "--out", str(tmp_path / "out")]
    code, err = stop_midway(tmp_path, request_to_end, *given)
    assert code != 0
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_is_utf_8_whatever_the_locale(encoding: str) -> None:
    call = [sys.executable, "-m", "certification.cli", "evaluate", "--sample", "--format", "json"]
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    done = subprocess.run(call, capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout.decode("utf-8"))["units"]
    assert "mô phỏng" in done.stderr.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_in_a_sentence() -> None:
    call = [sys.executable, "-m", "certification.cli", "why", "608", "--sample"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert "Không ghi được kết quả" in done.stderr.decode("utf-8")


def test_the_sample_lies_where_the_package_lies() -> None:
    assert sample_paths().units.is_file()


def test_doubts_are_told_but_decide_nothing(run: Any) -> None:
    code, out, _ = run("doubts", "--sample", "--format", "json")
    assert code == 0
    doubts = json.loads(out)
    assert {"units", "criterion", "kind", "text"} == doubts[0].keys()
    _, text, _ = run("doubts", "--sample")
    assert f"{len(doubts)} điều cần xem lại" in text


def test_faults_call_the_file_as_it_was_typed(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("units.csv").write_text(UNITS, encoding="utf-8")
    Path("evidence.csv").write_text(HEADER + "23500,I.2,120,104,,verified,x\n", encoding="utf-8")
    _, _, err = run("evaluate", "--units", "./units.csv", "--evidence", ".//evidence.csv", "--cycle", 2025)
    assert err.startswith(".//evidence.csv:2:numerator: ")


def test_a_council_s_form_is_taken_only_when_it_is_said_to_be_one(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,12/BC\n")
    _, out, _ = run("form", "23500", *options, "--cycle", 2025, "--appraisal", "--out", tmp_path / "forms")
    target = tmp_path / "new.csv"
    shared = [out.strip(), "--units", options[1], "--cycle", 2025, "--into", target]
    code, _, err = run("import", *shared)
    assert (code, target.exists()) == (2, False)
    assert "--appraisal" in err
    assert run("import", *shared, "--appraisal")[0] == 0
    assert "verified" in target.read_text(encoding="utf-8-sig")


def test_proofs_are_hashed_into_the_sealed_decision(run: Any, files: Any, tmp_path: Path) -> None:
    proofs = tmp_path / "proofs"
    proofs.mkdir()
    (proofs / "bao-cao.pdf").write_bytes(b"proof")
    options = files(HEADER + "23500,I.2,74,104,,verified,bao-cao.pdf\n")
    shared = ["decide", "23500", *options, "--cycle", 2025, "--documents", proofs, "--out", tmp_path / "out"]
    assert run(*shared)[0] == 0
    [bundle] = (tmp_path / "out").glob("*.bundle.json")
    [known] = json.loads(bundle.read_bytes())["content"]["units"][0]["facts"]
    assert known["documents"] == [{"reference": "bao-cao.pdf", "sha256": hashlib.sha256(b"proof").hexdigest()}]


def test_why_names_the_grounds_of_a_level_that_is_reached(run: Any) -> None:
    _, out, _ = run("why", "23281", "--level", 5, "--sample", "--format", "json")
    answer = json.loads(out)
    assert (answer["reached"], answer["synthetic"], answer["blockers"]) == (True, True, [])
    assert len(answer["grounds"]) == 38
    ground = next(ground for ground in answer["grounds"] if ground["criterion"] == "I.2")
    assert (ground["required"], ground["status"], ground["rule"]) == ("90%", "verified", "I.2/L5")
    assert ground["documents"][0]["reference"]


@pytest.mark.parametrize(
    "signing", [["--number", "=1+1"], ["--number", "QĐ 12"], ["--date", "31/02/2025"], ["--date", "2031-01-01"]]
)
def test_an_impossible_number_or_date_is_refused(run: Any, tmp_path: Path, signing: list[str]) -> None:
    code, _, err = run("decide", "23281", "--sample", "--out", tmp_path / "out", *signing)
    assert code == 2
    assert err
    assert not (tmp_path / "out").exists()


def test_the_sample_s_files_can_be_copied_and_used_as_one_s_own(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("sample", "--out", tmp_path / "mau")
    assert code == 0
    assert sorted(Path(line).name for line in out.split()) == ["costs.csv", "evidence.csv", "units.csv"]
    own = ["--units", tmp_path / "mau" / "units.csv", "--evidence", tmp_path / "mau" / "evidence.csv"]
    assert run("evaluate", *own, "--format", "json")[1] == run("evaluate", "--sample", "--format", "json")[1]


def test_what_is_already_there_is_not_lost(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    shared = ["form", "23500", *options, "--cycle", 2025, "--out", tmp_path / "forms"]
    assert run(*shared)[0] == 0
    form = tmp_path / "forms" / "phieu-23500-2025.xlsx"
    form.write_bytes(b"filled in")
    code, _, err = run(*shared)
    assert code == 2
    assert "phieu-23500-2025.xlsx:1:1: " in err
    assert form.read_bytes() == b"filled in"
    assert run(*shared, "--replace")[0] == 0
    assert form.read_bytes() != b"filled in"


def test_a_blank_form_needs_no_facts(run: Any, files: Any, tmp_path: Path) -> None:
    units = files("")[:2]
    code, out, _ = run("form", "615", "--with-below", *units, "--cycle", 2025, "--empty", "--out", tmp_path / "forms")
    assert code == 0
    assert [Path(line).name for line in out.split()] == ["phieu-615-2025.xlsx", "phieu-23500-2025.xlsx"]


def test_one_number_is_not_put_on_two_authorities_decisions(run: Any, tmp_path: Path) -> None:
    code, _, err = run("decide", "618", "--with-below", "--sample", "--number", "1/QĐ-UBND", "--out", tmp_path / "out")
    assert code == 2
    assert "--only-below" in err
    assert not (tmp_path / "out").exists()


def test_a_dossier_with_unappraised_reports_is_not_closed(run: Any, tmp_path: Path) -> None:
    code, _, err = run("decide", "618", "--only-below", "--sample", "--closed", "--out", tmp_path / "out")
    assert code == 2
    assert "chưa thẩm định" in err


def test_the_sample_does_not_hide_one_s_own_files(run: Any, files: Any) -> None:
    assert run("evaluate", "--sample", *files(HEADER + "23500,I.2,1,2,,verified,x\n"))[0] == 2


def test_another_province_is_told_under_whose_decision_it_is_assessed(run: Any, files: Any) -> None:
    options = files(HEADER + "23500,I.2,1,2,,verified,x\n", UNITS.replace("Tỉnh Kon Tum", "Tỉnh Nghệ An"))
    code, _, err = run("evaluate", *options, "--cycle", 2025)
    assert code == 0
    assert "Tỉnh Nghệ An" in err


def test_a_decision_signed_after_the_last_day_is_remarked_upon(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,verified,12/BC\n")
    shared = ["decide", "23500", *options, "--cycle", 2025, "--out", tmp_path / "out", "--replace"]
    assert "19/12/2025" in run(*shared, "--date", "20/12/2025")[2]
    assert "19/12/2025" not in run(*shared, "--date", "19/12/2025")[2]


def test_forms_say_their_own_year_and_are_printed_where_no_file_is_named(run: Any, files: Any, tmp_path: Path) -> None:
    options = files(HEADER + "23500,I.2,74,104,,self_reported,12/BC\n")
    _, form, _ = run("form", "23500", *options, "--cycle", 2025, "--out", tmp_path / "forms")
    code, out, _ = run("import", form.strip(), "--units", options[1])
    assert code == 0
    [row] = list(csv.DictReader(io.StringIO(out)))
    assert (row["unit"], row["criterion"], row["numerator"], row["cycle"]) == ("23500", "I.2", "74", "2025")
    (tmp_path / "other.xlsx").write_bytes((tmp_path / "evidence.csv").read_bytes())
    assert run("import", tmp_path / "other.xlsx", "--units", options[1])[0] == 2
