"""``certify crosswalk`` and ``standing``: coverage, drafts that are reviewed, rulebooks side by side."""

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from certification.hierarchy import Assessment
from certification.rating import Rating
from certification.side_by_side import place_side_by_side
from evidence.tables import read_evidence, read_units
from levels.loader import load_framework, load_index

KON_TUM, CHU_PRONG, BAC_NINH, HA_NOI, DAK_LAK = (
    "kon-tum-121-2025",
    "chu-prong-2023",
    "bac-ninh-1187-2023",
    "ha-noi-2024",
    "dak-lak-2534-2022",
)
UNITS = """code,name,tier,parent
62,Tỉnh Kon Tum,province,
615,Huyện Đắk Hà,district,62
616,Huyện Sa Thầy,district,62
23500,Thị trấn Đắk Hà,commune,615
"""
HEADER = "unit,criterion,numerator,denominator,value,status,document,cycle\n"
LEVELS = HEADER + "615,II.9,7,9,,verified,qd.pdf,2025\n615,II.5,,,no,verified,cv.pdf,2025\n23500,I.15,,,yes,,,2025\n"
POINTS = HEADER + "615,II.5.1:a,,,7,verified,qd.pdf,2025\n615,II.5.1:b,,,9,verified,qd.pdf,2025\n"


@pytest.fixture
def run(run: Any) -> Any:
    """Call ``certify`` in English: exit code, standard output, standard error."""
    return lambda *arguments: run(*arguments, "--lang", "en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with units and facts under two rulebooks."""
    for name, text in (("units.csv", UNITS), ("levels.csv", LEVELS), ("points.csv", POINTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


FACTS = ("--units", "units.csv", "--evidence", "levels.csv")
TO_POINTS = ("crosswalk", "--to", CHU_PRONG, *FACTS)
BOTH = (
    "standing",
    "--units",
    "units.csv",
    "--rulebook",
    f"{KON_TUM}=levels.csv",
    "--rulebook",
    f"{CHU_PRONG}=points.csv",
)


@pytest.mark.parametrize("command", ["crosswalk", "standing"])
def test_both_commands_have_help_with_an_example(run: Any, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"certify {command}" in " ".join(out.split())


# Coverage.


def test_coverage_counts_every_line_of_every_pair_once(run: Any) -> None:
    code, out, _ = run("crosswalk", "--format", "json")
    assert code == 0
    answer = json.loads(out)
    assert len({(pair["from"], pair["to"], pair["tier"]) for pair in answer["pairs"]}) == len(answer["pairs"])
    standings = ("offered", "partly", "informs", "different", "none")
    assert all(sum(pair[standing] for standing in standings) == pair["lines"] for pair in answer["pairs"])
    assert {pair["to"] for pair in answer["pairs"]} == {KON_TUM, CHU_PRONG, BAC_NINH, HA_NOI, DAK_LAK}


def test_coverage_tells_every_reason_and_condition(run: Any) -> None:
    code, out, _ = run("crosswalk", "--from", KON_TUM, "--to", CHU_PRONG, "--format", "json")
    lines = json.loads(out)["lines"]
    assert (code, len(lines)) == (0, 38 + 33)
    line = next(line for line in lines if (line["tier"], line["code"]) == ("district", "II.9"))
    assert line["counterparts"][0]["code"] == "II.5.1"
    assert line["counterparts"][0]["conditions"] == [
        "every information system of the district must be secured by level"
    ]
    alone = next(line for line in lines if line["standing"] == "none")
    assert alone["reason"]


def test_coverage_as_a_table_says_why_nothing_flows_and_lists_lines_where_asked(run: Any) -> None:
    code, out, _ = run("crosswalk")
    assert code == 0
    assert "a score yields no numerator" in out
    assert "II.5.1" not in out
    code, out, _ = run("crosswalk", "--from", KON_TUM, "--to", CHU_PRONG)
    assert "in full: II.5.1  Các hệ thống thông tin đã được phê duyệt hồ sơ đề xuất cấp độ" in out
    assert "Only if every information system of the district must be secured by level." in out
    assert "in part, over communes: II.8.2" in out
    assert "none: No district indicator of that index measures this." in out


def test_between_rulebooks_of_scores_there_are_only_reasons(run: Any) -> None:
    code, out, _ = run("crosswalk", "--from", HA_NOI, "--to", DAK_LAK)
    assert code == 0
    assert out.strip().splitlines()[1:] == [
        f"  {HA_NOI} → {DAK_LAK} (department)",
        f"  {HA_NOI} → {DAK_LAK} (district)",
    ]


def test_a_crosswalk_that_contradicts_the_rulebooks_is_not_used(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from levels import crosswalk

    loaded = crosswalk.load_crosswalk_with_positions()
    wrong = evolve(loaded[0], unmatched=())
    monkeypatch.setattr(crosswalk, "load_crosswalk_with_positions", lambda: (wrong, loaded[1]))
    code, out, err = run("crosswalk")
    assert (code, out) == (2, "")
    assert err.startswith("crosswalk.yaml:")


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_an_unknown_rulebook_is_named_with_the_nearest(run: Any, option: str) -> None:
    code, out, err = run("crosswalk", option, "ha-noi-2025")
    assert (code, out) == (2, "")
    assert err == f"{option}:1:1: there is no rulebook “ha-noi-2025”; did you mean ha-noi-2024?\n"


# Drafts.


def test_drafts_are_shown_without_writing_anything(run: Any, folder: Path) -> None:
    before = sorted(folder.iterdir())
    code, out, _ = run(*TO_POINTS)
    assert code == 0
    assert "615 Huyện Đắk Hà" in out
    assert "add --out FILE" in out
    assert sorted(folder.iterdir()) == before


def test_drafts_as_json_name_sources_values_and_conditions(run: Any, folder: Path) -> None:
    code, out, _ = run(*TO_POINTS, "--format", "json")
    answer = json.loads(out)
    assert (code, answer["cycle"]) == (0, 2025)
    values = {draft["criterion"]: draft["value"] for draft in answer["drafts"]}
    assert values == {
        "II.3.4:a": "1", "II.3.4:b": "1", "II.5.1:a": "7", "II.5.1:b": "9", "II.5.2:b": "7",
        "II.5.6:b": "9", "II.5.7:b": "9", "II.6.14": "3",
    }  # fmt: skip
    base = next(draft for draft in answer["drafts"] if draft["criterion"] == "II.5.1:b")
    assert base["documents"] == ["qd.pdf"]
    assert base["sources"] == ["615/II.9"]
    assert "Only if every information system" in base["note"]


def test_unreviewed_drafts_are_refused_and_reviewed_ones_score(run: Any, folder: Path) -> None:
    code, out, _ = run(*TO_POINTS, "--out", "drafts.csv")
    assert code == 0
    assert "clear the word draft" in out
    evaluate = (
        "evaluate",
        "--framework",
        CHU_PRONG,
        "--units",
        "units.csv",
        "--evidence",
        "drafts.csv",
        "--format",
        "json",
    )
    code, out, err = run(*evaluate)
    assert (code, out) == (2, "")
    assert "drafts.csv:2:status: this row is a draft" in err
    drafts = (folder / "drafts.csv").read_text("utf-8")
    (folder / "drafts.csv").write_text(drafts.replace(",draft,", ",,"), encoding="utf-8")
    code, out, _ = run(*evaluate)
    unit = next(unit for unit in json.loads(out)["units"] if unit["code"] == "615")
    # II.3.4 of 1 in 1 commune: 10 of 10; II.5.1 of 7 in 9 systems: 70/9 of 10; II.6.14: none.
    assert unit["points"] == "17.7778"


def test_a_file_that_is_there_is_kept_unless_it_may_be_replaced(run: Any, folder: Path) -> None:
    (folder / "drafts.csv").write_text("mine", encoding="utf-8")
    code, _, err = run(*TO_POINTS, "--out", "drafts.csv")
    assert (code, err) == (2, "drafts.csv:1:1: the file is already there; choose another file, or add --replace\n")
    assert (folder / "drafts.csv").read_text("utf-8") == "mine"
    code, _, _ = run(*TO_POINTS, "--out", "drafts.csv", "--replace")
    assert code == 0
    assert (folder / "drafts.csv").read_text("utf-8").startswith("unit,criterion")


@pytest.mark.parametrize("name", ["levels.csv", "./units.csv"])
def test_the_facts_themselves_are_never_replaced(run: Any, folder: Path, name: str) -> None:
    before = (folder / name).read_bytes()
    code, _, err = run(*TO_POINTS, "--out", name, "--replace")
    assert (code, err) == (2, f"{name}:1:1: the drafts come from this file; choose another file\n")
    assert (folder / name).read_bytes() == before


def test_a_folder_that_cannot_be_written_is_told_without_a_trace(run: Any, folder: Path) -> None:
    code, _, err = run(*TO_POINTS, "--out", "units.csv/drafts.csv")
    assert code == 2
    assert "Traceback" not in err


def test_where_there_is_nothing_to_offer_nothing_is_written_and_the_reason_is_said(run: Any, folder: Path) -> None:
    code, out, _ = run("crosswalk", "--to", DAK_LAK, *FACTS, "--out", "drafts.csv")
    assert code == 0
    assert "leaves the indicators out" in out
    assert "nothing was written" in out
    assert not (folder / "drafts.csv").exists()


def test_what_is_held_back_is_told_with_its_reason(run: Any, folder: Path) -> None:
    (folder / "levels.csv").write_text(HEADER + "615,II.9,50,100,,,,2025\n", encoding="utf-8")
    code, out, _ = run(*TO_POINTS)
    assert code == 0
    assert "II.9 → II.5.1 (615): The fact is a percentage without its counts" in out
    code, out, _ = run(*TO_POINTS, "--format", "json")
    assert {(held["unit"], held["from"]) for held in json.loads(out)["withheld"]} == {("615", "II.9"), ("615", "II.10")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (FACTS, "--to is missing"),
        (("--to", KON_TUM, *FACTS), "--from and --to are the same rulebook"),
        (("--to", CHU_PRONG, "--out", "x.csv"), "--units and --evidence missing"),
        (("--to", CHU_PRONG, "--units", "units.csv", "--evidence", "gone.csv"), "gone.csv:1:1:"),
        (("--to", CHU_PRONG, "--from", HA_NOI, *FACTS), "levels.csv:2:criterion"),
    ],
)
def test_bad_usage_and_bad_files_are_told_and_nothing_is_written(
    run: Any, folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = sorted(folder.iterdir())
    code, out, err = run("crosswalk", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert sorted(folder.iterdir()) == before


# Side by side.


def test_levels_points_and_ranks_stand_side_by_side(run: Any, folder: Path) -> None:
    code, out, _ = run(*BOTH, "--format", "json")
    assert code == 0
    answer = json.loads(out)
    assert [book["kind"] for book in answer["rulebooks"]] == ["recognition", "index"]
    units = {unit["code"]: unit for unit in answer["units"]}
    assert list(units) == ["615", "616", "23500"]  # the province has no table in either
    assert units["615"]["levels"][KON_TUM] == {
        "level": 0, "claimed_level": 0, "possible_level": 2, "synthetic": False,
    }  # fmt: skip
    points = units["615"]["points"][CHU_PRONG]
    assert (points["points"], points["reachable"], points["rank"], points["peers"]) == ("7.7778", "1000", 1, 2)
    assert units["23500"]["points"] == {}


def test_a_unit_asked_for_keeps_its_rank_among_all(run: Any, folder: Path) -> None:
    code, out, _ = run(*BOTH, "616", "--format", "json")
    [unit] = json.loads(out)["units"]
    assert (code, unit["code"], unit["points"][CHU_PRONG]["rank"]) == (0, "616", 2)


def test_the_table_shows_a_gap_where_a_rulebook_says_nothing(run: Any, folder: Path) -> None:
    code, out, _ = run(*BOTH)
    assert code == 0
    assert "7.78/1000 (0.78 %), rank 1/2, provisional" in out
    assert "SYNTHETIC" not in out
    [commune] = [line for line in out.splitlines() if line.startswith("23500")]
    assert commune.rstrip().endswith("–")


def test_made_up_facts_are_marked(run: Any, folder: Path) -> None:
    table = POINTS.replace("\n", ",source\n", 1).replace(",2025\n", ",2025,Dữ liệu mô phỏng (synthetic)\n")
    (folder / "points.csv").write_text(table, encoding="utf-8")
    assert "SYNTHETIC" in run(*BOTH)[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rulebook", "levels.csv"), "--rulebook:1:1: «levels.csv» lacks a rulebook or a file; expected ID=FILE"),
        (("--rulebook", f"{KON_TUM}="), "lacks a rulebook or a file"),
        (("--rulebook", f"{KON_TUM}=levels.csv", "--rulebook", f"{KON_TUM}=levels.csv"), "A rulebook comes twice"),
        (("--rulebook", "gone=levels.csv"), "gone:1:1:"),
        (("--rulebook", f"{KON_TUM}=gone.csv"), "gone.csv:1:1:"),
        (("--rulebook", f"{KON_TUM}=levels.csv", "99999"), "there is no unit with the code «99999»"),
        (
            ("--rulebook", f"{KON_TUM}=levels.csv", "--rulebook", f"{CHU_PRONG}=old.csv"),
            "The facts are of different years",
        ),
    ],
)
def test_bad_rulebooks_and_units_are_told(run: Any, folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "old.csv").write_text(POINTS.replace("2025", "2024"), encoding="utf-8")
    code, out, err = run("standing", "--units", "units.csv", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_one_rulebook_by_its_id_and_by_its_file_is_still_one(run: Any, folder: Path) -> None:
    import importlib.resources

    text = (importlib.resources.files("levels") / "frameworks" / KON_TUM / "framework.yaml").read_text("utf-8")
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    named = ("--rulebook", f"{KON_TUM}=levels.csv", "--rulebook", "own.yaml=levels.csv")
    code, _, err = run("standing", "--units", "units.csv", *named)
    assert (code, err.splitlines()[-1]) == (2, "One rulebook comes twice.")


def test_only_what_shares_units_and_cycle_can_stand_side_by_side(folder: Path) -> None:
    units = read_units("units.csv")
    framework, index = load_framework(KON_TUM), load_index(CHU_PRONG)
    levels = Assessment(framework, units, read_evidence("levels.csv", framework, units).facts, 2025)
    points = Rating(index, units, read_evidence("points.csv", index, units))
    assert len(place_side_by_side([levels, points], ["615"]).units) == 1
    with pytest.raises(ValueError, match="once"):
        place_side_by_side([levels, levels])
    with pytest.raises(ValueError, match="one cycle"):
        place_side_by_side([evolve(levels, cycle=2024), points])
    fewer = type(units)({code: unit for code, unit in units.items() if code != "616"})
    with pytest.raises(ValueError, match="same units"):
        place_side_by_side([levels, Rating(index, fewer, read_evidence("points.csv", index, fewer))])
