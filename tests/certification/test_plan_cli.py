"""``certify plan``: text and JSON that people and scripts rely on, exit codes, and every fault at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from certification.cli import main
from evidence.facts import Fact
from evidence.samples import sample_paths
from evidence.tables import write_facts, write_units
from evidence.units import Unit, Units
from levels.framework import Tier
from tests.certification.test_hierarchy import province
from tests.reports.looking import compare_golden
from tests.rules.dossiers import kon_tum, meeting

COSTS = (
    "tier,criterion,fixed,per_unit,office\ncommune,I.2,5000000,20000.5,Bưu điện tỉnh\ncommune,I.4,40000000,10000000,\n"
)
UNITS = """code,name,tier,parent
62,Tỉnh Kon Tum,province,
615,Huyện Đắk Hà,district,62
23500,Thị trấn Đắk Hà,commune,615
"""
HEADER = "unit,criterion,numerator,denominator,value,status,document,note\n"


@pytest.fixture
def commune(tmp_path: Path) -> Any:
    """Files of one commune that meets level 3, with rows of evidence in the place of its own; their options."""

    def write(*rows: str, costs: str | None = COSTS) -> list[str]:
        town = Unit("23500", "Thị trấn Đắk Hà", Tier.COMMUNE, "615")
        changed = {row.split(",")[1] for row in rows}
        table = tmp_path / "evidence.csv"
        facts = [known for code, known in meeting(town, 4).items() if code not in changed]
        write_facts(table, [_plain(known) for known in facts])
        lines = table.read_text("utf-8").splitlines()
        columns = lines[0].split(",")
        for row in rows:
            cells = dict(zip(HEADER.strip().split(","), row.split(","), strict=False))
            lines.append(",".join(cells.get(column, "") for column in columns))
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
        options = ["--units", str(tmp_path / "units.csv"), "--evidence", str(table), "--cycle", "2025"]
        if costs is not None:
            (tmp_path / "costs.csv").write_text(costs, encoding="utf-8")
            options += ["--costs", str(tmp_path / "costs.csv")]
        return options

    return write


def _plain(known: Fact) -> Fact:
    """A count of a total only where the decision asks for the total: the files know no other."""
    tier = Tier.DISTRICT if len(known.unit) == 3 else Tier.COMMUNE
    criterion = kon_tum().sets[tier].by_code[known.criterion]
    if criterion.kind == "count" and not criterion.needs_total:
        assert known.amount is not None
        return evolve(known, amount=evolve(known.amount, denominator=None))
    return known


def floats(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(floats, value.values()))
    return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)


def test_a_plan_says_what_how_many_at_what_cost_by_which_clause_and_who(run: Any, commune: Any) -> None:
    options = commune("23500,I.2,74,104,,verified,12/BC", "23500,I.3,950,1000,,self_reported,13/BC")
    code, out, _ = run("plan", "23500", "--level", 4, *options, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert not floats(answer)
    assert (answer["unit"], answer["target"], answer["feasible"], answer["optimal"]) == ("23500", 4, True, True)
    assert (answer["total_cost"], answer["total_missing"], answer["objective"]) == ("5200005", 10, "cost")
    assert (answer["equally_good"], answer["obstacles"], answer["synthetic"]) == (1, [], False)
    assert answer["steps"][0] == {
        "unit": "23500",
        "criterion": "I.2",
        "from": "74/104",
        "to": "84/104",
        "missing": 10,
        "base_stated": True,
        "cost": "5200005",
        "level": 4,
        "actual": "74/104",
        "status": "verified",
        "standing": "accepted",
        "office": "Bưu điện tỉnh",
        "requirements": [{"at_level": 4, "required": "80%", "clause": "Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)"}],
    }
    waiting = answer["steps"][1]
    assert (waiting["criterion"], waiting["missing"], waiting["cost"], waiting["standing"]) == (
        "I.3", 0, "0", "self_reported",
    )  # fmt: skip


def test_a_plan_reads_as_a_person_would_say_it(run: Any, commune: Any) -> None:
    options = commune(
        "23500,I.2,74,104,,verified,12/BC",
        "23500,I.3,950,1000,,self_reported,13/BC",
        "23500,I.4,,,có,rejected,14/BC,Chưa sử dụng",
    )
    _, out, _ = run("plan", "23500", "--level", 4, *options)
    compare_golden("ke-hoach.txt", out)
    _, out, _ = run("--lang", "en", "plan", "23500", *options)
    compare_golden("plan.txt", out)


def test_without_costs_the_fewest_missing_items_are_planned_and_that_is_said(run: Any, commune: Any) -> None:
    options = commune("23500,I.2,74,104,,verified,12/BC", costs=None)
    code, out, _ = run("plan", "23500", "--level", 4, *options, "--format", "json")
    answer = json.loads(out)
    assert (code, answer["objective"], answer["total_cost"], answer["total_missing"]) == (0, "missing", None, 10)
    assert answer["steps"][0]["cost"] is None
    _, out, _ = run("plan", "23500", "--level", 4, *options)
    assert "Không có chi phí" in out


def test_what_cannot_be_is_said_with_every_reason_and_exit_code_1(run: Any, commune: Any) -> None:
    rows = ("I.2,74,104,,verified", "I.6,,,,unknown", "I.9,0,0,,verified", "II.4,1,1,,verified", "I.1,0,9,,verified")
    options = commune(*(f"23500,{row},12/BC" for row in rows))
    code, out, _ = run("plan", "23500", "--level", 4, *options, "--format", "json", "--lang", "en")
    answer = json.loads(out)
    assert code == 1
    assert (answer["feasible"], answer["optimal"], answer["steps"], answer["total_cost"]) == (False, False, [], None)
    assert {(each["criterion"], each["kind"]) for each in answer["obstacles"]} == {
        ("I.6", "no_base"), ("I.9", "zero_base"), ("II.4", "total"), ("I.1", "no_cost"),
    }  # fmt: skip
    code, out, _ = run("plan", "23500", "--level", 4, *options, "--lang", "en")
    assert code == 1
    assert "No improvement brings Thị trấn Đắk Hà to level 4 (Nâng cao) in 2025: 4 in the way." in out
    for said in ("only the appraisal council", "report it first", "only 1 in all", "no price"):
        assert said in out


def test_a_district_s_plan_holds_the_steps_of_its_communes(run: Any) -> None:
    code, out, _ = run("plan", "608", "--sample", "--level", 5, "--format", "json")
    answer = json.loads(out)
    assert code == 0
    [choice] = answer["choices"]
    lifted = {unit["unit"]: unit["to"] for unit in answer["units"]}
    assert choice["at"] == 5
    assert len(choice["ready"]) + len(choice["chosen"]) == choice["needed"]
    assert all(lifted[code] == 5 for code in choice["chosen"])
    assert int(choice["dearest"]) <= int(choice["cheapest_left"])
    assert {step["unit"] for step in answer["steps"]} == set(lifted)
    assert sum(int(step["cost"]) for step in answer["steps"]) == int(answer["total_cost"])
    assert answer["synthetic"]
    _, out, _ = run("plan", "608", "--sample", "--level", 5)
    assert "DỮ LIỆU MÔ PHỎNG" in out
    assert "không được chọn" in out


def test_the_next_level_is_planned_unless_another_is_asked_for(run: Any) -> None:
    answer = json.loads(run("plan", "608", "--sample", "--format", "json")[1])
    assert (answer["level"], answer["target"]) == (4, 5)
    assert "đã đạt mức 3 (Cơ bản)" in run("plan", "608", "--sample", "--level", 3)[1]


def test_the_sample_s_costs_can_be_left_aside(run: Any, commune: Any) -> None:
    fewest = json.loads(run("plan", "608", "--sample", "--fewest", "--format", "json")[1])
    cheapest = json.loads(run("plan", "608", "--sample", "--format", "json")[1])
    assert (fewest["objective"], cheapest["objective"]) == ("missing", "cost")
    assert fewest["total_missing"] <= cheapest["total_missing"]
    code, _, err = run("plan", "608", "--sample", "--fewest", "--costs", "costs.csv")
    assert (code, "--fewest" in err) == (2, True)


def test_ties_are_counted_where_they_are_few(run: Any, tmp_path: Path) -> None:
    for communes, good in ((4, 6), (14, None)):  # C(4, 2), C(14, 7)
        assessment = province([3] * communes)
        write_units(tmp_path / "units.csv", Units(assessment.units.by_code))
        plain = [_plain(known) for facts in assessment.facts.values() for known in facts.values()]
        write_facts(tmp_path / "evidence.csv", plain)
        options = ("--units", tmp_path / "units.csv", "--evidence", tmp_path / "evidence.csv", "--cycle", 2025)
        assert json.loads(run("plan", "610", *options, "--level", 4, "--format", "json")[1])["equally_good"] == good
        out = run("plan", "610", *options, "--level", 4, "--lang", "en")[1]
        assert ("6 plans are equally good" if good else "More than 1000 plans are equally good") in out


def test_every_fault_of_the_costs_is_told_and_nothing_printed(run: Any, commune: Any) -> None:
    options = commune(costs="tier,criterion,fixed,per_unit\ncommune,I.2,-1,\nvillage,I.99,0,0\n")
    code, out, err = run("plan", "23500", *options, "--lang", "en")
    assert (code, out) == (2, "")
    assert [line.split(": ")[0].rpartition("/")[2] for line in err.splitlines() if ".csv" in line] == [
        "costs.csv:2:fixed", "costs.csv:2:per_unit", "costs.csv:3:tier",
    ]  # fmt: skip
    code, _, err = run("plan", "23500", *options[:-1], "none.csv", "--lang", "en")
    assert (code, "none.csv:1:1: the file cannot be opened" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99999", "--sample"], "UNIT:1:99999"),
        (["62", "--sample"], "62"),
        (["608", "--sample", "--level", "6"], "--level"),
        (["608", "--framework", "bac-ninh-1187-2023", "--sample"], "--points X"),
        (["608"], "--sample"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(run: Any, arguments: list[str], said: str) -> None:
    code, out, err = run("plan", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_percentage_without_its_counts_is_said_to_count_no_real_things(run: Any) -> None:
    # 23545, III.1 of the sample is typed as 69,96 %.
    code, out, _ = run("plan", "23545", "--level", "3", "--sample", "--format", "json")
    [step] = json.loads(out)["steps"]
    assert (code, step["from"], step["missing"], step["base_stated"]) == (0, "6996/10000", 4, False)
    assert (
        "không kèm tử số và mẫu số: III.1 (Xã Sa Bình: 6996/10000)"
        in run("plan", "23545", "--level", "3", "--sample")[1]
    )
    code, out, _ = run("plan", "23344", "--level", "2", "--sample", "--format", "json")
    assert all(step["base_stated"] for step in json.loads(out)["steps"])


def test_a_province_is_told_what_can_be_planned_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", "62", "--level", "3", "--sample"])
    assert ended.value.code == 2
    assert "hãy thêm --budget để lập kế hoạch cho các đơn vị trực thuộc" in capsys.readouterr().err


def test_a_unit_named_instead_of_coded_is_told_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", "kon plong", "--level", "3", "--sample"])
    assert ended.value.code == 2
    assert "613 (Huyện Kon Plông)" in capsys.readouterr().err


@pytest.mark.parametrize("more", [("613", "--level", "3"), ("62", "--level", "3", "--budget", "1000000000")])
def test_prices_that_are_missing_are_counted_and_given_as_rows_to_add(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = sample_paths().costs.read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("district,II.19,", "district,II.7,"))]
    (tmp_path / "costs.csv").write_text("\n".join(kept), "utf-8")
    with pytest.raises(SystemExit):
        main(["plan", *more, "--sample", "--costs", str(tmp_path / "costs.csv")])
    told = capsys.readouterr().err.splitlines()
    [place] = [place for place, line in enumerate(told) if "costs.csv thiếu giá của 2 mục" in line]
    assert told[place + 1 : place + 3] == ["district,II.7,,", "district,II.19,,"]
