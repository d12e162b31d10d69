"""``certify plan`` under an index: text and JSON that people and scripts rely on, exit codes, every fault at once."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.certification.test_plan_cli import floats
from tests.reports.looking import compare_golden

SAMPLE = ("--framework", "chu-prong-2023", "--sample")
HANOI = ("--framework", "ha-noi-2024", "--sample")
UNITS = """code,name,tier,parent
64,Tỉnh Gia Lai,province,
632,Huyện Chư Prông,district,64
633,Huyện Chư Sê,district,64
"""
EVIDENCE = """unit,criterion,numerator,denominator,value,status,document
632,II.1.1,,,2,verified,12/BC
632,II.1.4:1,,,có,verified,12/BC
632,II.1.4:2,,,3,rejected,12/BC
632,II.3.1:a,,,6,self_reported,12/BC
632,II.3.1:b,,,10,verified,12/BC
632,II.3.2:a,,,6,verified,12/BC
632,II.5.9:1,,,0,verified,12/BC
632,II.5.9:2,,,có,verified,
632,II.7.7:a,,,"0,5",verified,12/BC
632,II.7.7:b,,,1000,verified,12/BC
632,II.8.4,,,"1,5",verified,12/BC
633,II.8.4,,,6,verified,12/BC
633,II.3.1:a,,,9,verified,12/BC
633,II.3.1:b,,,10,verified,12/BC
"""
COSTS = """tier,criterion,fixed,per_unit,office
district,II.1.1,25000000,25000000,
district,II.1.4:2,0,800000,Đài huyện
district,II.3.1:a,20000000,30000,
district,II.5.9:2,0,1000000,
district,II.7.7:a,0,1000000000,
district,II.8.4,0,1000000000,
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A small dossier of every kind of start; its options."""
    for name, text in (("units", UNITS), ("evidence", EVIDENCE), ("costs", COSTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    named = [part for name in ("units", "evidence", "costs") for part in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    return ["--framework", "chu-prong-2023", "--cycle", "2023", *named]


def test_a_plan_says_what_how_much_for_how_much_by_whom_and_what_it_wins(run: Any) -> None:
    code, out, _ = run("plan", 632, *SAMPLE, "--points", 700, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert (answer["unit"], answer["target"], answer["feasible"], answer["optimal"]) == ("632", "700", True, True)
    assert (answer["objective"], answer["total_cost"], answer["bound"]) == ("cost", "278175000", "278175000")
    assert (answer["before"]["points"], answer["before"]["rank"], answer["after"]["rank"]) == ("571.3493", 14, 12)
    assert (answer["before"]["group_size"], answer["reading"], answer["synthetic"]) == (17, "standing", True)
    assert answer["steps"][0] == {
        "unit": "632",
        "criterion": "II.1.3:a",
        "indicator": "II.1.3",
        "kind": "count",
        "from": "5",
        "to": "14",
        "missing": 9,
        "cost": "15500000",
        "office": "Phòng Văn hóa và Thông tin",
        "status": "verified",
    }
    assert sum(int(step["cost"]) for step in answer["steps"]) == 278_175_000
    first = answer["indicators"][0]
    assert (first["before"], first["after"], first["points"]) == ("3.5714", "10", "6.4286")
    assert first["applied"] == ["Điểm=Tỷ lệ*Điểm tối đa"]
    won = sum(Fraction(each["points"]) for each in answer["indicators"])
    assert abs(won - (700 - Fraction("571.3493"))) < Fraction(1, 100)
    prices = [Fraction(each["per_point"]) for each in answer["cheapest_points"]]
    assert prices == sorted(prices)
    assert [obstacle["kind"] for obstacle in answer["obstacles"]] == ["no_cost"]


def test_a_rank_a_budget_and_the_fewest_changes_are_answered_as_well(run: Any) -> None:
    climb = json.loads(run("plan", 632, *SAMPLE, "--climb", 2, "--format", "json")[1])
    assert (climb["after"]["rank"], climb["goal"]["climb"], climb["total_cost"]) == (12, 2, "80500000")
    assert Fraction(climb["after"]["points"]) >= Fraction(climb["target"])
    code, out, _ = run("plan", 632, *SAMPLE, "--budget", "100.000.000", "--format", "json")
    budget = json.loads(out)
    assert (code, budget["objective"], budget["goal"]["budget"]) == (0, "points", "100000000")
    assert int(budget["total_cost"]) <= 100_000_000
    assert (budget["points_bound"], budget["bound"]) == (budget["after"]["points"], None)
    fewest = json.loads(run("plan", 632, *SAMPLE, "--points", 700, "--fewest", "--format", "json")[1])
    assert (fewest["objective"], fewest["total_changes"], fewest["total_cost"]) == ("changes", "10", None)
    assert {step["cost"] for step in fewest["steps"]} == {None}
    council = json.loads(run("plan", 275, *HANOI, "--climb", 1, "--format", "json")[1])
    assert (council["objective"], council["after"]["rank"]) == ("changes", 1)


def test_a_plan_of_points_reads_as_a_person_would_say_it(run: Any, files: list[str]) -> None:
    code, out, _ = run("plan", 632, *files, "--points", 59)
    assert code == 0
    compare_golden("ke-hoach-diem.txt", out)
    _, out, _ = run("--lang", "en", "plan", 632, *files, "--points", 59)
    compare_golden("point-plan.txt", out)


def test_what_cannot_be_is_said_with_the_highest_that_can_and_exit_code_1(run: Any, files: list[str]) -> None:
    code, out, _ = run("plan", 632, *files, "--points", 900, "--lang", "en")
    assert code == 1
    assert "all improvements together reach only" in out
    assert "II.3.2:b) is not known" in out
    code, out, _ = run("plan", 632, *SAMPLE, "--climb", 14)
    assert (code, "chỉ lên được nhiều nhất 13 hạng" in out) == (1, True)
    code, out, _ = run("plan", 634, *SAMPLE, "--climb", 1, "--format", "json")
    assert (code, json.loads(out)["feasible"], json.loads(out)["steps"]) == (1, False, [])


def test_who_is_there_already_is_told_so(run: Any) -> None:
    code, out, _ = run("plan", 632, *SAMPLE, "--points", "500,5")
    assert (code, "không cần làm gì thêm" in out) == (0, True)
    code, out, _ = run("plan", 632, *SAMPLE, "--budget", 1, "--lang", "en")
    assert (code, "can win no more points" in out) == (0, True)


def test_what_is_settled_stays(run: Any, tmp_path: Path) -> None:
    choices = tmp_path / "choices.csv"
    choices.write_text("unit,criterion,choice\n632,II.2.10,fixed\n,II.2.9,fixed\n", encoding="utf-8")
    answer = json.loads(run("plan", 632, *SAMPLE, "--points", 700, "--choices", choices, "--format", "json")[1])
    assert answer["fixed"] == ["II.2.10", "II.2.9"]
    assert {"II.2.9", "II.2.10"}.isdisjoint(step["criterion"] for step in answer["steps"])
    assert int(answer["total_cost"]) > 278_175_000
    choices.write_text("unit,criterion,choice\n632,II.99,must\n", encoding="utf-8")
    code, out, err = run("plan", 632, *SAMPLE, "--points", 700, "--choices", choices, "--lang", "en")
    assert (code, out) == (2, "")
    told = [line.partition("choices.csv:")[2].split(":")[:2] for line in err.splitlines() if "choices.csv:" in line]
    assert told == [["2", "choice"], ["2", "criterion"]]


def test_every_fault_of_the_costs_is_told_and_nothing_printed(run: Any, files: list[str], tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("tier,criterion,fixed,per_unit\ndistrict,II.5.1,-1,\nx,II.1,0,0\n", "utf-8")
    code, out, err = run("plan", 632, *files, "--points", 700, "--lang", "en")
    assert (code, out) == (2, "")
    told = [line.partition("costs.csv:")[2].split(":")[:2] for line in err.splitlines() if "costs.csv:" in line]
    assert told == [["2", "fixed"], ["2", "per_unit"], ["2", "criterion"], ["3", "tier"]]
    assert "II.5.1:a (" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["632", *SAMPLE], "--climb K"),
        (["632", *SAMPLE, "--points", "700", "--climb", "2"], "--climb K"),
        (["632", *SAMPLE, "--points", "-5"], "--points"),
        (["632", *SAMPLE, "--points", "0"], "--points: “0”"),
        (["632", *SAMPLE, "--points", "nan"], "--points"),
        (["632", *SAMPLE, "--points", "1.000"], "--points"),
        (["632", *SAMPLE, "--climb", "0"], "--climb"),
        (["632", *SAMPLE, "--budget", "-1"], "--budget"),
        (["632", *SAMPLE, "--budget", "1", "--budget", "2"], "chỉ một ngân sách"),
        (["632", *SAMPLE, "--points", "700", "--level", "3"], "--level"),
        (["632", *SAMPLE, "--points", "700", "--shared", "x.csv"], "--shared"),
        (["632", *SAMPLE, "--points", "700", "--decisions", "x"], "--decisions"),
        (["632", *SAMPLE, "--points", "700", "--number", "5"], "--out"),
        (["275", *HANOI, "--budget", "5"], "--costs"),
        (["64", *SAMPLE, "--points", "700"], "64"),
        (["99999", *SAMPLE, "--points", "700"], "UNIT:1:99999"),
        (["608", "--sample", "--points", "700"], "--points"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(run: Any, arguments: list[str], said: str) -> None:
    code, out, err = run("plan", *arguments)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.whole
def test_a_plan_of_points_is_written_as_a_paper_to_sign(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, _, _ = run("plan", 632, *SAMPLE, "--points", 700, "--out", out, "--number", "15/KH-UBND")
    assert code == 0
    assert {path.suffix for path in out.iterdir()} >= {".docx", ".html", ".xlsx"}
    page = next(out.glob("*.html")).read_text("utf-8")
    assert "700 điểm" in page
    assert "DỮ LIỆU MÔ PHỎNG" in page
    assert "Phòng Tài chính - Kế hoạch" in page
