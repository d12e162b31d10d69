"""``certify plan --budget``: text and JSON that people and scripts rely on, exit codes, and every fault at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from certification.cli import main, work_plans
from evidence.samples import sample_paths
from reports.plan import PROVEN
from reports.work_plan import WorkPlan
from tests.certification.test_plan_cli import floats

SHARED = """name,tier,criterion,level,cost,under,office
Cổng thông tin chung,commune,I.16,,200000000,,Sở Khoa học và Công nghệ
Cổng thông tin chung,commune,I.1,3,,,
"""
CHOICES = "unit,criterion,choice,year\n614,,must,2026\n612,,never,\n,III.1,fixed,2025\n"


@pytest.fixture
def run(run: Any) -> Any:
    """Call ``certify plan`` on the sample: exit code, standard output, standard error."""
    return lambda *arguments: run("plan", *arguments, "--sample")


@pytest.fixture
def given(tmp_path: Path) -> Any:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[WorkPlan]:
    """What ``--out`` would write, instead of writing it."""
    seen: list[WorkPlan] = []

    def keep(_: object, plan: WorkPlan, **__: object) -> list[Path]:
        seen.append(plan)
        return []

    monkeypatch.setattr(work_plans, "write", keep)
    return seen


def faults(err: str) -> list[str]:
    return [line for line in err.splitlines() if not line.startswith("Synthetic data:")]


def test_the_most_districts_for_the_money_and_why_no_more(run: Any) -> None:
    code, out, err = run(62, "--level", 3, "--budget", 5_000_000_000, "--lang", "en")
    assert code == 0
    assert err.startswith("Synthetic data")
    lines = out.splitlines()
    assert lines[0] == "Tỉnh Kon Tum (62) – SYNTHETIC DATA"
    assert (
        "With 5,000,000,000 đồng (2025): 3 districts and 10 communes more at level 3 (Cơ bản), for 4,860,685,000"
        " đồng." in lines
    )
    assert any(line.startswith("  - 6 of 10 districts at level 3 (Cơ bản), 3 more: huyện Đắk Tô") for line in lines)
    assert "  - 2025: budget 5,000,000,000 đồng, spent 4,860,685,000 đồng, left 139,315,000 đồng." in lines
    assert "  - 7 districts cost at least 7,014,220,000 đồng, 2,014,220,000 đồng above the budget." in lines
    assert "  - Proven: no plan is better (exact decomposition)." in lines
    assert "  - 9 districts: 22,922,605,000 đồng" in lines
    assert any("Xã Mô Rai (23536), criterion III.7" in line and "The base is zero (0/0)" in line for line in lines)


def test_json_is_all_there_is_on_standard_output_and_holds_no_float(run: Any) -> None:
    code, out, _ = run(62, "--level", 3, "--budget", "5.000.000.000", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert not floats(found)
    assert (found["unit"], found["target"], found["budget"]) == ("62", 3, "5000000000")
    assert (found["feasible"], found["optimal"], found["method"]) == (True, True, "decomposition")
    assert found["total_cost"] == "4860685000"
    assert found["reached"]["district"] == ["608", "611", "612", "613", "615", "618"]
    assert found["already"]["district"] == ["608", "611", "615"]
    assert found["bound"][0] == {"aim": "district", "year": 2025, "found": "6", "bound": "6", "proven": True}
    assert found["curve"][6] == {"reached": 6, "cost": "4670790000"}
    assert sum(int(step["cost"]) for step in found["steps"]) == 4_860_685_000
    assert {step["year"] for step in found["steps"]} == {2025}
    assert found["synthetic"] is True


def test_without_a_level_it_is_the_lowest_that_not_every_district_has(run: Any) -> None:
    code, out, _ = run(62, "--budget", 10**9, "--format", "json")
    assert (code, json.loads(out)["target"]) == (0, 1)


def test_years_choices_and_purchases_go_together(run: Any, given: Any) -> None:
    options = ("--shared", given("shared.csv", SHARED), "--choices", given("choices.csv", CHOICES))
    code, out, _ = run(62, "--level", 3, "--budget", 2 * 10**9, "--budget", 3 * 10**9, *options, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert [year["year"] for year in found["years"]] == [2025, 2026]
    assert all(int(year["spent"]) <= int(year["budget"]) for year in found["years"])
    assert "614" in found["reached"]["district"]
    assert "612" not in {step["unit"] for step in found["steps"]}
    assert not [s for s in found["steps"] if s["criterion"] == "III.1" and s["year"] == 2025 and s["missing"]]
    assert any("chứng minh lại" in text for text in found["assumptions"])


def test_a_purchase_stands_with_whom_it_serves(run: Any, given: Any) -> None:
    options = ("--shared", given("shared.csv", SHARED), "--budget", 5 * 10**9, "--level", 3)
    code, out, _ = run(62, *options, "--format", "json")
    [bought] = json.loads(out)["shared"]
    assert code == 0
    assert (bought["name"], bought["cost"], bought["office"]) == (
        "Cổng thông tin chung",
        "200000000",
        "Sở Khoa học và Công nghệ",
    )
    assert len(bought["serves"]) == 12
    _, out, _ = run(62, *options)
    assert "Nhờ việc dùng chung “Cổng thông tin chung”." in out
    assert "quy hoạch nguyên, HiGHS" in out


def test_weights_take_the_place_of_numbers(run: Any, given: Any) -> None:
    weights = given("weights.csv", "unit,weight\n613,2.5\n610,1\n")
    code, out, _ = run(62, "--level", 3, "--budget", 5 * 10**9, "--weights", weights, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["objective"] == "weight"
    assert found["bound"][0]["found"] == "2.5"
    assert "613" in found["reached"]["district"]
    _, out, _ = run(62, "--level", 3, "--budget", 5 * 10**9, "--weights", weights, "--lang", "en")
    assert (
        "By the weights given (Huyện Kon Plông 2.5 and Huyện Đắk Glei 1), not by number; every other unit weighs 0."
        in out
    )


def test_what_must_be_and_cannot_is_an_answer_of_no(run: Any, given: Any) -> None:
    choices = given("choices.csv", "unit,criterion,choice,year\n610,,must,\n")
    code, out, _ = run(62, "--level", 3, "--budget", 10**9, "--choices", choices, "--lang", "en")
    assert code == 1
    assert (
        "With 1,000,000,000 đồng (2025) not all units that must can reach level 3 (Cơ bản); these alone cost at least"
        " 6,210,965,000 đồng." in out
    )
    choices = given("choices.csv", "unit,criterion,choice,year\n23530,,must,\n")
    code, out, _ = run(62, "--level", 3, "--budget", 10**9, "--choices", choices, "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert (found["feasible"], found["total_cost"], found["steps"]) == (False, None, [])
    assert [each["unit"] for each in found["refused"]] == ["23530"]
    _, out, _ = run(62, "--level", 3, "--budget", 10**9, "--choices", choices)
    assert "Không có kế hoạch: 1 đơn vị phải đạt mức 3 (Cơ bản) nhưng không ngân sách nào đưa lên được." in out
    assert "Đơn vị phải đạt nhưng không thể:" in out


def test_too_little_for_anybody_is_an_answer_of_no(run: Any) -> None:
    code, out, _ = run(610, "--level", 5, "--budget", 1, "--lang", "en")
    assert code == 1
    assert "With 1 đồng (2025) no unit can reach level 5 (Toàn diện)." in out


def test_who_is_there_already_needs_nothing(run: Any) -> None:
    code, out, _ = run(23281, "--level", 5, "--budget", 0, "--lang", "en")
    assert code == 0
    assert "Every unit is at level 5 (Toàn diện) already." in out


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("-5", "“-5” is negative"),
        ("nhiều", "“nhiều” is not a number"),
        (str(10**30), "has too many digits"),
        ("NaN", "“NaN” is not a finite number"),
        ("1e9", "“1e9” is written with an exponent"),
        ("5.000", "“5.000” has two readings: 5000 (thousands separator) or 5.000 (decimal)"),
        ("", "“” is not a number"),
    ],
)
def test_a_budget_that_is_none_is_refused_with_what_is_expected(run: Any, budget: str, said: str) -> None:
    code, out, err = run(62, f"--budget={budget}", "--lang", "en")
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("--budget: ")


def test_every_budget_at_fault_is_named(run: Any) -> None:
    code, _, err = run(62, "--budget=-1", "--budget", "x", *["--budget=1"] * 9, "--lang", "en")
    assert code == 2
    assert [line.split(";")[0] for line in err.splitlines() if line.startswith("--budget")] == [
        "--budget: “-1” is negative",
        "--budget: “x” is not a number",
        "--budget: 11 years, at most 10.",
    ]


def test_the_faults_of_all_files_are_told_at_once(run: Any, given: Any) -> None:
    costs = given("costs.csv", "tier,criterion,fixed,per_unit\ncommune,I.99,1,1\n")
    choices = given("choices.csv", "unit,criterion,choice,year\n1,,must,2030\n")
    shared = given("shared.csv", "name,tier,criterion,level,cost,under,office\nA,commune,I.2,9,-1,,\n")
    weights = given("weights.csv", "unit,weight\n610,x\n")
    options = ("--costs", costs, "--choices", choices, "--shared", shared, "--weights", weights, "--lang", "en")
    code, out, err = run(62, "--budget=-3", *options)
    assert (code, out) == (2, "")
    first, *others = faults(err)
    assert first.startswith("--budget: “-3” is negative")
    assert [":".join(line.split(":")[:3]) for line in others] == [
        f"{costs}:2:criterion",
        f"{choices}:2:unit",
        f"{choices}:2:year",
        f"{shared}:2:level",
        f"{shared}:2:cost",
        f"{weights}:2:weight",
    ]


def test_budgets_need_prices(capsys: pytest.CaptureFixture[str]) -> None:
    sample = sample_paths()
    arguments = ["plan", "62", "--budget", "1", "--units", str(sample.units), "--evidence", str(sample.evidence)]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--lang", "en"])
    assert ended.value.code == 2
    assert "--budget needs --costs" in capsys.readouterr().err


def test_an_unknown_unit_and_one_without_anybody_assessed_are_refused(run: Any, tmp_path: Path, given: Any) -> None:
    assert run(99, "--budget", 1)[0] == 2
    units = given("units.csv", "code,name,tier,parent\n62,Tỉnh Kon Tum,province,\n64,Tỉnh Gia Lai,province,\n")
    evidence = given("evidence.csv", "unit,criterion,numerator,denominator,value,status\n")
    with pytest.raises(SystemExit) as ended:
        main(["plan", "64", "--budget", "1", "--units", units, "--evidence", evidence])
    assert ended.value.code == 2


def test_options_of_budgets_go_with_a_budget_only(run: Any, given: Any) -> None:
    code, _, err = run(62, "--level", 3, "--carry-over", "--weights", given("w.csv", ""), "--lang", "en")
    assert code == 2
    assert "--carry-over, --weights: go with --budget only." in err


def test_a_search_without_a_plan_in_time_stops_itself(run: Any, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from certification.budgeting import budgets
    from certification.budgeting.coupling import OutOfTime

    def never(*_: object, **__: object) -> None:
        raise OutOfTime("no plan")

    monkeypatch.setattr(budgets, "plan_budget", never)
    code, out, err = run(62, "--budget", 1, "--lang", "en")
    assert (code, out) == (3, "")
    assert "Stopped: no plan was found in 60 seconds; --time-limit gives more." in err


def test_the_paper_tells_no_method_and_keeps_results_demands_and_assumptions_apart(
    run: Any, papers: list[WorkPlan]
) -> None:
    assert run(62, "--level", 3, "--budget", 5 * 10**9)[0] == 0
    [paper] = papers
    assert [text.vi.partition(":")[0] for text in paper.results] == ["Với 5.000.000.000 đồng (2025)"]
    assert paper.demands == (PROVEN,)
    assert any("tính từ đầu" in text.vi for text in paper.notes)
    assert paper.curve[:2] == ((3, 0), (4, 935_160_000))  # three are there today
    assert "Đã chứng minh: không kế hoạch nào tốt hơn." in [text.vi for text in paper.proof]
    told = " ".join(text.vi for text in (*paper.results, *paper.demands, *paper.notes, *paper.proof))
    assert not [word for word in ("HiGHS", "phân rã", "certify", "tính lại", "--") if word in told]


OFFERED = """name,tier,criterion,level,cost,under,office
Trung tâm dữ liệu,commune,I.1,,9000000000,,
Không ai cần,commune,I.16,1,5,23500,
Họp trực tuyến,district,II.19,,600000000,,
"""


def test_every_choice_and_every_purchase_offered_leaves_its_trace(run: Any, given: Any, papers: list[WorkPlan]) -> None:
    options = ("--shared", given("shared.csv", OFFERED), "--choices", given("choices.csv", CHOICES))
    arguments = (62, "--level", 3, "--budget", 10**9, "--budget", 2 * 10**9, *options)
    code, out, _ = run(*arguments)
    assert code == 0
    lines = [
        "  - Huyện Kon Rẫy (614) phải đạt mức chậm nhất năm 2026.",
        "  - Không nâng huyện Đắk Tô (612).",
        "  - Tiêu chí III.1 của mọi đơn vị không đổi năm 2025.",
        "  - Trung tâm dữ liệu (9.000.000.000 đồng): không mua, vì giá cao hơn toàn bộ ngân sách.",
        "  - Không ai cần (5 đồng): không cần, vì không đơn vị nào được nâng còn thiếu tiêu chí này.",
        "  - Họp trực tuyến (600.000.000 đồng): không mua, vì kế hoạch không tốt hơn khi mua.",
    ]
    assert [line for line in lines if line not in out.splitlines()] == []
    assert {line.removeprefix("  - ") for line in lines} <= {text.vi for text in papers[0].notes}
    _, out, _ = run(*arguments, "--format", "json")
    found = json.loads(out)
    assert found["choices"] == [
        {"choice": "must", "unit": "614", "criterion": None, "year": 2026},
        {"choice": "never", "unit": "612", "criterion": None, "year": None},
        {"choice": "fixed", "unit": None, "criterion": "III.1", "year": 2025},
    ]
    assert found["shared"] == []
    assert {each["name"]: each["reason"] for each in found["not_bought"]} == {
        "Trung tâm dữ liệu": "too_dear",
        "Không ai cần": "needless",
        "Họp trực tuyến": "no_gain",
    }


def test_without_a_plan_what_was_offered_and_settled_is_told_all_the_same(run: Any, given: Any) -> None:
    shared = given("shared.csv", OFFERED.replace("600000000", "6"))
    choices = given("choices.csv", "unit,criterion,choice,year\n610,,must,\n")
    options = ("--shared", shared, "--choices", choices)
    code, out, _ = run(62, "--level", 3, "--budget", 10**9, *options, "--lang", "en")
    assert code == 1
    assert "  - Họp trực tuyến (6 đồng): not bought, for there is no plan." in out
    assert "  - Huyện Đắk Glei (610) must reach the level." in out


@pytest.mark.whole
def test_the_plan_is_written_as_a_paper(run: Any, given: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--shared", given("shared.csv", SHARED.replace("200000000", "1")), "--out", out)
    code, text, _ = run(612, "--level", 3, "--budget", 5 * 10**9, *options)
    assert code == 0
    assert {path.suffix for path in out.iterdir()} >= {".docx", ".html", ".xlsx"}
    page = next(out.glob("*.html")).read_text("utf-8")
    assert "Cổng thông tin chung" in page
    assert "Nâng mức độ chuyển đổi số ở huyện Đắk Tô lên mức 3 (Cơ bản) năm 2025" in page
    assert str(out) in text
    assert run(612, "--level", 3, "--budget", 10**9, *options)[0] == 2  # nothing is overwritten
