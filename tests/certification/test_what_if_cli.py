"""``certify what-if`` and ``certify impact``: text, JSON, Excel and web page, exit codes, every fault at once."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from certification.cli import main
from evidence.samples import sample_paths
from tests.certification.test_impact import LOOSENED, TIGHTENED, edit
from tests.certification.test_plan_cli import COSTS, UNITS, commune, floats
from tests.reports.looking import compare_golden

__all__ = ["COSTS", "UNITS", "commune", "main"]  # fixtures are found by their names

HYPOTHESIS = {"vi": "Giả định, không phải số liệu đã ghi nhận", "en": "A hypothesis, not what has been recorded"}
COMPUTED = "Tính toán để so sánh hai văn bản, không phải kết quả công nhận"
A = "name: Bưu điện hỗ trợ\nnote: Từ quý III\nset:\n  23500:\n    I.2: 84/104\n"
B = "name: Không có phần mềm\nset:\n  23500:\n    I.4: không\n    I.2: 90/104@self_reported\n"


@pytest.fixture
def files(tmp_path: Path, commune: Any) -> Any:
    """Files of one commune and its district, two scenarios; the options that name them."""
    options = commune("23500,I.2,74,104,,verified,12/BC", "23500,I.3,950,1000,,self_reported,13/BC", costs=None)
    (tmp_path / "a.yaml").write_text(A, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(B, encoding="utf-8")
    return options


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = load_workbook(path, read_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_a_what_if_reads_as_a_person_would_say_it(run: Any, files: Any, tmp_path: Path) -> None:
    words = ("--scenario", tmp_path / "a.yaml", "--set", "23500:I.3=@verified", "--name", "Đủ hồ sơ")
    code, out, _ = run("what-if", *words, *files)
    assert code == 0
    compare_golden("neu-nhu.txt", out)
    _, out, _ = run("--lang", "en", "what-if", *words, *files)
    compare_golden("what-if.txt", out)


def test_scenarios_side_by_side_read_as_a_table(run: Any, files: Any, tmp_path: Path) -> None:
    words = ("--compare", tmp_path / "a.yaml", "--compare", tmp_path / "b.yaml")
    code, out, _ = run("what-if", *words, *files)
    assert code == 0
    compare_golden("so-sanh-kich-ban.txt", out)
    _, out, _ = run("--lang", "en", "what-if", *words, *files)
    compare_golden("scenarios.txt", out)
    _, out, _ = run("what-if", *words, *files, "--format", "json")
    answer = json.loads(out)
    assert [column["label"] for column in answer["columns"]] == ["", "A", "B", "A+B"]
    assert answer["columns"][0]["name"] is None
    assert answer["hypothesis"] == HYPOTHESIS["vi"]
    town = next(unit for unit in answer["units"] if unit["code"] == "23500")
    assert len(town["columns"]) == 4
    assert [side["actual"] for side in next(c for c in town["criteria"] if c["code"] == "I.2")["columns"]] == [
        "74/104", "84/104", "90/104", "90/104",
    ]  # fmt: skip
    assert not floats(answer)


def test_a_what_if_as_json_says_before_and_after_and_every_reason(run: Any, files: Any) -> None:
    code, out, _ = run("what-if", "--set", "23500:I.2=84/104", *files, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert answer["scenario"] == {
        "name": "23500:I.2=84/104",
        "note": None,
        "assumptions": [
            {
                "unit": "23500",
                "criterion": "I.2",
                "name": "Tỷ lệ hồ sơ thủ tục hành chính được thực hiện trực tuyến toàn trình",
                "before": {"value": "74/104", "status": "verified"},
                "after": {"value": "84/104", "status": "verified"},
            }
        ],
    }
    town = next(unit for unit in answer["units"] if unit["code"] == "23500")
    assert (town["before"]["claimed_level"], town["after"]["claimed_level"]) == (3, 4)
    assert [(each["criterion"], each["at_level"]) for each in town["reasons_gone"]] == []  # I.3 still holds it at 0
    assert [(each["criterion"], each["at_level"]) for each in town["blocking"]] == [("I.3", 1)]
    assert [change["code"] for change in town["criteria"]] == ["I.2"]


def test_excel_and_web_page_say_on_every_page_that_it_is_a_hypothesis(run: Any, files: Any, tmp_path: Path) -> None:
    excel, html = tmp_path / "x.xlsx", tmp_path / "x.html"
    code, _, _ = run("what-if", "--set", "23500:I.2=84/104", *files, "--excel", excel, "--html", html)
    assert code == 0
    found = sheets(excel)
    assert list(found) == ["Giả định", "Đơn vị", "Tiêu chí", "Lý do"]
    assert all(rows[1][0] == HYPOTHESIS["vi"] for rows in found.values())
    page = html.read_text("utf-8")
    assert page.count(HYPOTHESIS["vi"]) == 2  # once in sight, once at the top of every printed page
    assert "@top-left" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    run("what-if", "--compare", tmp_path / "a.yaml", *files, "--excel", excel, "--html", html, "--replace")
    phone = re.search(r"max-width: 700px\) \{ (\.analysis .*)\n", html.read_text("utf-8"))
    assert phone is not None  # on a phone the widths of paper do not push the scenarios off the screen
    assert "col { width: auto !important; }" in phone[1]
    assert all(rows[1][0] == HYPOTHESIS["vi"] for rows in sheets(excel).values())


def test_hostile_names_reach_no_terminal_page_or_formula(run: Any, files: Any, tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0 <script>alert(1)</script> [bold]{{ 7*7 }}"
    (tmp_path / "evil.yaml").write_text(
        f"name: {json.dumps(evil)}\nnote: {json.dumps(evil)}\nset: {{23500: {{I.2: 84/104}}}}\n", encoding="utf-8"
    )
    excel, html = tmp_path / "x.xlsx", tmp_path / "x.html"
    words = ("--scenario", tmp_path / "evil.yaml", "--compare", tmp_path / "evil.yaml")
    for chosen in (words[:2], words):
        code, out, _ = run("what-if", *chosen, *files, "--excel", excel, "--html", html, "--replace")
        assert code == 0
        assert evil in out
        page = html.read_text("utf-8")
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert "{{ 7*7 }}" in page
        assert not any(
            str(cell).startswith("=cmd") for rows in sheets(excel).values() for row in rows[1:] for cell in row
        )
    code, _, err = run("what-if", "--set", "23500:\x1b[31mI.2=1", *files)
    assert (code, "\x1b" in err) == (2, False)


def test_where_one_file_cannot_be_written_none_is(run: Any, files: Any, tmp_path: Path) -> None:
    words = ("--excel", tmp_path / "x.xlsx", "--html", tmp_path / "x.html", "--save", tmp_path / "no" / "x.yaml")
    before = sorted(tmp_path.iterdir())
    code, out, err = run("what-if", "--set", "23500:I.2=84/104", *files, *words)
    assert (code, out) == (2, "")
    assert "x.yaml:1:1: " in err
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_saved_gives_the_same_answer_again_and_is_not_lost(run: Any, files: Any, tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    words = ("--scenario", tmp_path / "a.yaml", "--scenario", tmp_path / "b.yaml", "--set", "23500:I.3=@verified")
    code, out, _ = run("what-if", *words, *files, "--save", saved, "--name", "Cả hai", "--format", "json")
    assert code == 0
    first = json.loads(out)
    assert (first["scenario"]["name"], first["scenario"]["note"]) == ("Cả hai", "Từ quý III")
    _, out, _ = run("what-if", "--scenario", saved, *files, "--format", "json")
    again = json.loads(out)
    assert again["units"] == first["units"]
    assert [{**each, "before": 0} for each in again["scenario"]["assumptions"]] == [
        {**each, "before": 0} for each in first["scenario"]["assumptions"]
    ]
    before = saved.read_bytes()
    code, out, err = run("what-if", "--set", "23500:I.2=1/2", *files, "--save", saved)
    assert (code, out, saved.read_bytes()) == (2, "", before)
    assert "--replace" in err
    code, _, _ = run("what-if", "--set", "23500:I.2=1/2", *files, "--save", saved, "--replace")
    assert (code, saved.read_bytes() == before) == (0, False)
    assert saved.read_text("utf-8").startswith("name: 23500:I.2=1/2\n")


def test_the_later_layer_wins(run: Any, files: Any, tmp_path: Path) -> None:
    a, b = ("--scenario", tmp_path / "a.yaml"), ("--scenario", tmp_path / "b.yaml")
    for layers, value in (((*a, *b), "90/104"), ((*b, *a), "84/104"), ((*b, *a, "--set", "23500:I.2=1/2"), "1/2")):
        _, out, _ = run("what-if", *layers, *files, "--format", "json")
        after = {each["criterion"]: each["after"]["value"] for each in json.loads(out)["scenario"]["assumptions"]}
        assert after["I.2"] == value


def test_every_fault_of_every_word_and_file_is_told_and_nothing_written(run: Any, files: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: X\nset: {99999: {I.2: 1}, 23500: {I.2: 9/8}}\n", encoding="utf-8")
    options = ("--save", tmp_path / "s.yaml", "--excel", tmp_path / "x.xlsx", "--html", tmp_path / "x.html")
    words = (
        "--set",
        "23500:I.99=1",
        "--set",
        "615:I.1=3",
        "--set",
        "23500:I.2=@exempt",
        "--compare",
        tmp_path / "no.yaml",
    )
    code, out, err = run("what-if", "--scenario", tmp_path / "bad.yaml", *words, *files, *options, "--lang", "en")
    assert (code, out) == (2, "")
    lines = [line.split(": ")[0].rpartition("/")[2] for line in err.splitlines()]
    assert lines[-6:] == [
        "bad.yaml:2:7", "bad.yaml:2:37", "--set:1:criterion", "--set:2:value", "--set:3:status", "no.yaml:1:1",
    ]  # fmt: skip
    assert not [path.name for path in tmp_path.iterdir() if path.suffix in (".xlsx", ".html") or path.name == "s.yaml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--set"),
        (["--compare", "a.yaml", "--save", "b.yaml"], "--save"),
        (["--compare", "a.yaml", "--name", "b"], "--name"),
        (["--set", "x:y=1", "--name", ""], "--name"),
        (["--set", "x:y=1", "--name", "a\u202eb"], "--name"),
        (["--set", "x:y=1", *["--compare", "a.yaml"] * 6], "6"),
        (["--set", "608:II.1=1/2", "--save", "/nowhere/at/all.yaml"], "/nowhere/at/all.yaml:1:1: "),
        (["--set", "608:II.1=1/2", "--excel", "/nowhere/at/all.xlsx"], "/nowhere/at/all.xlsx:1:1: "),
        (["--framework", "chu-prong-2023", "--set", "632:II.6.5:c=1", "--decisions", "x"], "--decisions"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(run: Any, arguments: list[str], said: str) -> None:
    code, out, err = run("what-if", *arguments, "--sample")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_under_an_index_points_and_ranks_are_told(run: Any, tmp_path: Path) -> None:
    words = ("what-if", "--framework", "chu-prong-2023", "--sample", "--set", "632:II.6.5:c=1")
    code, out, _ = run(*words, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert answer["synthetic"]
    [unit] = answer["units"]
    assert (unit["code"], [line["code"] for line in unit["indicators"]]) == ("632", ["II.6.5"])
    assert unit["gained"].startswith("-")
    code, out, _ = run(*words, "--excel", tmp_path / "x.xlsx", "--html", tmp_path / "x.html")
    assert code == 0
    assert "DỮ LIỆU MÔ PHỎNG" in out
    assert HYPOTHESIS["vi"] in out
    assert list(sheets(tmp_path / "x.xlsx")) == ["Giả định", "Đơn vị", "Chỉ số"]
    (tmp_path / "a.yaml").write_text("name: Một\nset: {632: {II.6.5:c: 1}}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("name: Hai\nset: {632: {II.6.5:c: '@rejected'}}\n", encoding="utf-8")
    compared = ("--compare", tmp_path / "a.yaml", "--compare", tmp_path / "b.yaml")
    _, out, _ = run(*words[:4], *compared, "--format", "json")
    unit = next(unit for unit in json.loads(out)["units"] if unit["code"] == "632")
    points = [column["points"] for column in unit["columns"]]
    assert points[2] == points[3] != points[1] != points[0]
    _, out, _ = run(*words[:4], *compared)
    assert "Chỉ số khác nhau" in out
    code, _, err = run(*words[:4], "--set", "632:II.6.5:a=12")
    assert (code, "lớn hơn" in err) == (2, True)


def test_a_district_without_communes_is_told_so_in_one_wording(run: Any, tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text(
        "code,name,tier,parent,registered\n62,Tỉnh A,province,,\n601,Huyện B,district,62,\n", encoding="utf-8"
    )
    (tmp_path / "e.csv").write_text(
        "unit,criterion,numerator,denominator,value,status,document\n601,II.1,1,2,,verified,x\n", encoding="utf-8"
    )
    tables = ("--units", tmp_path / "u.csv", "--evidence", tmp_path / "e.csv", "--cycle", 2025)
    code, out, _ = run("what-if", "--set", "601:I.1=@exempt", *tables)
    lines = [line for line in out.splitlines() if "I.1 –" in line and "được miễn" in line]
    assert (code, len(lines)) == (0, 2)
    assert all("không có đơn vị trực thuộc" in line for line in lines)
    assert not any("mẫu số" in line or "chưa có số liệu" in line for line in lines)


# Nothing leaks.


def test_neither_files_nor_decisions_know_of_a_scenario(run: Any, files: Any, tmp_path: Path) -> None:
    before = {
        path: path.read_bytes() for path in (*tmp_path.glob("*.csv"), *sample_paths().evidence.parent.glob("*.csv"))
    }
    run("what-if", "--scenario", tmp_path / "a.yaml", *files)
    run("what-if", "--set", "23281:I.2=1/2", "--sample")
    assert {path: path.read_bytes() for path in before} == before
    for command in ("decide", "publish", "evaluate", "verify"):
        _, out, _ = run(command, "--help")
        assert not re.search(r"--(?:set|scenario|compare)\b", out)
        code, out, _ = run(command, "608", "--sample", "--scenario", tmp_path / "a.yaml")
        assert (code, out) == (2, "")


def test_what_decides_and_publishes_never_even_loads_scenarios() -> None:
    modules = "decisions, issuing, bundle, dossier, publishing, gazette, ranking_bundle, verification"
    program = f"import sys; from certification import {modules}; sys.exit('evidence.scenarios' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


# Impact.


@pytest.fixture
def draft(tmp_path: Path) -> str:
    return edit("kon-tum-121-2025", tmp_path, LOOSENED, TIGHTENED)


def test_an_impact_says_who_rises_who_falls_and_what_decides(run: Any, commune: Any, tmp_path: Path) -> None:
    files = commune("23500,I.2,74,104,,verified,12/BC", costs=None)
    draft = edit("kon-tum-121-2025", tmp_path, LOOSENED)
    code, out, _ = run("impact", "--to", draft, *files)
    assert code == 0
    compare_golden("tac-dong.txt", re.sub(r"sha256:[0-9a-f]+", "sha256:", out))
    _, out, _ = run("--lang", "en", "impact", "--to", draft, *files)
    compare_golden("impact.txt", re.sub(r"sha256:[0-9a-f]+", "sha256:", out))


def test_an_impact_on_the_sample_as_json(run: Any, draft: str) -> None:
    code, out, _ = run("impact", "--to", draft, "--sample", "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert answer["synthetic"]
    assert (answer["framework"]["id"], answer["to"]["id"]) == ("kon-tum-121-2025", "kon-tum-121-2025")
    assert answer["framework"]["digest"] != answer["to"]["digest"]
    for tier, total in (("commune", 102), ("district", 10)):
        for side in ("before", "after"):
            assert sum(count[side] for count in answer["counts"][tier].values()) == total
    fallen = {unit["code"]: unit for unit in answer["units"] if unit["climbed"] < 0}
    assert answer["fall"] == list(fallen)
    assert all(unit["decisive"] for unit in fallen.values())
    assert any(one["members"] for unit in fallen.values() for one in unit["decisive"])
    assert {change["code"] for change in answer["changes"]} == {"I.2", "I.3"}


def test_an_impact_is_drawn_as_a_heat_map_that_can_be_read_without_seeing_it(
    run: Any, draft: str, tmp_path: Path
) -> None:
    code, _, _ = run("impact", "--to", draft, "--sample", "--html", tmp_path / "x.html", "--excel", tmp_path / "x.xlsx")
    assert code == 0
    page = (tmp_path / "x.html").read_text("utf-8")
    assert COMPUTED in page
    assert 'role="img"' in page
    assert re.search(r"<desc[^>]*>[^<]*Phường Duy Tân: 4 → 3 \(I\.3 −1\)", page)
    assert "gạch chéo" in page  # on grey paper a fall is hatched
    assert page.count("DỮ LIỆU MÔ PHỎNG") > 1
    found = sheets(tmp_path / "x.xlsx")
    assert list(found) == ["Đơn vị", "Tiêu chí cấp huyện", "Tiêu chí cấp xã", "Thay đổi"]
    heads = next(row for row in found["Tiêu chí cấp xã"] if row[0] == "Mã")
    assert heads[3:] == ["I.2 ●", "I.3 ●"]
    assert sum(row[0] not in (None, "Mã") and row[2] is not None for row in found["Tiêu chí cấp xã"]) == 102


def test_other_workers_give_the_same_impact(run: Any, draft: str) -> None:
    words = ("impact", "--to", draft, "--sample", "--format", "json")
    assert run(*words, "--workers", 2)[1] == run(*words)[1]


def test_an_impact_writes_its_folder_whole_or_not_at_all(run: Any, files: Any, draft: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("impact", "--to", draft, *files, "--out", out)
    code, _, _ = run(*words)
    assert code == 0
    names = {path.name for path in out.iterdir()}
    assert (
        {"tac-dong-2025.html", "tac-dong-2025.xlsx"}
        <= names
        <= {f"tac-dong-2025.{kind}" for kind in ("html", "pdf", "xlsx")}
    )
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    code, _, err = run(*words)
    assert (code, "--replace" in err) == (2, True)
    code, _, _ = run(*words, "--replace")
    assert (code, {path.name: path.read_bytes() for path in out.iterdir()}) == (0, before)


def test_an_impact_on_ranks(run: Any, tmp_path: Path) -> None:
    edits = (("code: II.6.5\n", "max: 20", "max: 10"), ("code: II.6.6\n", "max: 20", "max: 30"))
    draft = edit("chu-prong-2023", tmp_path, *edits)
    words = ("impact", "--framework", "chu-prong-2023", "--sample", "--to", draft)
    code, out, _ = run(*words, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert answer["rise"]
    assert answer["fall"]
    assert all({line["code"] for line in unit["indicators"]} == {"II.6.5", "II.6.6"} for unit in answer["units"])
    code, out, _ = run(*words, "--excel", tmp_path / "x.xlsx", "--html", tmp_path / "x.html")
    assert code == 0
    assert "chỉ số II.6.5, điểm tối đa: thay đổi «20» → «10»" in out
    assert list(sheets(tmp_path / "x.xlsx")) == ["Đơn vị", "Chỉ số cấp huyện", "Thay đổi"]
    assert 'role="img"' in (tmp_path / "x.html").read_text("utf-8")


def test_the_same_text_moves_nobody(run: Any) -> None:
    for name in ("kon-tum-121-2025", "ha-noi-2024"):
        code, out, _ = run("impact", "--framework", name, "--to", name, "--sample", "--lang", "en")
        assert code == 0
        assert "Nothing that could move a result." in out
        assert "No unit changes." in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "bac-ninh-1187-2023"], "không cùng loại"),
        (["--framework", "chu-prong-2023", "--to", "kon-tum-121-2025"], "không cùng loại"),
        (["--to", "none.yaml"], "none.yaml:1:1: "),
        (["--framework", "chu-prong-2023", "--to", "chu-prong-2023", "--workers", "2"], "--workers"),
        ([], "--to"),
    ],
)
def test_texts_that_cannot_be_compared_are_refused(run: Any, arguments: list[str], said: str) -> None:
    code, out, err = run("impact", "--sample", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_draft_that_contradicts_itself_decides_nothing(run: Any, tmp_path: Path) -> None:
    draft = edit("kon-tum-121-2025", tmp_path, ("code: I.2\n", '"80%"', '"8 phần"'))
    code, out, err = run("impact", "--sample", "--to", draft)
    assert (code, out) == (2, "")
    assert re.search(r"draft\.yaml:\d+:\d+: ", err)
