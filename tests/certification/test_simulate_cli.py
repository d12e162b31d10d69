"""``certify simulate``: text, JSON, papers; every fault at once; the same answer again."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from certification.cli import simulations
from reports.documents import unavailable
from rules.draws import MOST_DRAWS
from tests.reports.looking import compare_golden, html_tags, html_text

FAST = ("--sample", "--draws", "400")
HEADER = "tier,unit,criterion,status,model,p,low,high,size\n"


def test_the_text_is_the_one_a_person_has_read(run: Any) -> None:
    code, out, err = run("simulate", "618", "23538", "23281", *FAST)
    assert code == 0
    assert "Dữ liệu mô phỏng" in err
    compare_golden("mo-phong.txt", out)
    code, out, _ = run("--lang", "en", "simulate", "618", "23281", *FAST)
    assert code == 0
    compare_golden("simulation.txt", out)


def test_ranks_have_a_text_too(run: Any) -> None:
    code, out, _ = run("simulate", "--framework", "chu-prong-2023", *FAST)
    assert code == 0
    compare_golden("mo-phong-hang.txt", out)
    code, out, _ = run("--lang", "en", "simulate", "635", "--framework", "chu-prong-2023", *FAST)
    compare_golden("rank-simulation.txt", out)


def test_json_counts_all_draws_and_tells_what_was_assumed(run: Any) -> None:
    code, out, _ = run("simulate", "618", "23538", *FAST, "--seed", "7", "--format", "json")
    assert code == 0
    found = json.loads(out)
    assert out == json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert (found["draws"], found["seed"], found["synthetic"]) == (400, 7, True)
    assert {each["model"] for each in found["assumptions"]} == {"audit", "peers"}
    assert [unit["code"] for unit in found["units"]] == ["618", "23538"]
    for unit in found["units"]:
        assert sum(unit["counts"]) == 400
        assert unit["probabilities"] == [f"{count / 400:.4f}" for count in unit["counts"]]
        assert unit["at_least"]["1"] == f"{sum(unit['counts'][1:]) / 400:.4f}"
        assert unit["best_guess"] == unit["counts"].index(max(unit["counts"]))
        holding = [(each["every"]["count"], each["share"]["count"]) for each in unit["below"]]
        assert holding == sorted(holding, reverse=True)
        assert bool(holding) == (unit["tier"] == "district")
        assert unit["binding"] == sorted(unit["binding"], key=lambda each: -each["count"])
        assert unit["interval"]["low"] <= unit["at_least"][str(unit["asked"])] <= unit["interval"]["high"]
        rights = [float(each["right_more_often"]) for each in unit["worth"]]
        assert rights == sorted(rights, reverse=True)
    assert {each["unit"] for each in found["units"][0]["worth"]} > {"618"}  # its communes' facts too


def test_what_to_verify_first_is_told_also_where_it_changes_no_guess(run: Any, tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    code, out, _ = run("simulate", "618", "--sample", "--draws", "10000", "--excel", book)
    assert code == 0
    assert "(của Xã Ia Dom, 23537): khả năng đạt mức 2 (Kết nối), nay 20,2%, thành 0% hoặc 22,4%." in out
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[1]
    assert any("nay 20,2%, thành 0% hoặc 22,4%" in str(row[3]) for row in sheet.iter_rows(values_only=True))
    _, out, _ = run("simulate", "618", "--sample", "--draws", "10000", "--format", "json")
    worth = json.loads(out)["units"][0]["worth"]
    assert {each["right_more_often"] for each in worth} == {"0.0000"}
    moves = [float(each["moves"]) for each in worth]
    assert moves == sorted(moves, reverse=True)


def test_the_same_seed_gives_the_same_answer_and_processes_change_nothing(run: Any) -> None:
    options = ("simulate", "618", *FAST, "--format", "json")
    _, first, _ = run(*options)
    assert run(*options)[1] == first
    assert run(*options, "--workers", "2")[1] == first
    assert run(*options, "--seed", "2")[1] != first


def test_a_province_stands_for_all_units_below_it(run: Any) -> None:
    _, all_of_them, _ = run("simulate", *FAST, "--format", "json")
    _, of_province, _ = run("simulate", "62", *FAST, "--format", "json")
    codes, below = ({unit["code"] for unit in json.loads(out)["units"]} for out in (all_of_them, of_province))
    assert codes == below
    assert len(codes) == 112


def test_the_level_asked_can_be_chosen(run: Any) -> None:
    _, out, _ = run("simulate", "618", *FAST, "--level", "1", "--format", "json")
    assert json.loads(out)["units"][0]["asked"] == 1
    assert "ít nhất mức được hỏi 1" in run("simulate", "618", *FAST, "--level", "1")[1]
    assert "ít nhất mức đăng ký 2" in run("simulate", "618", *FAST)[1]


def test_rows_of_a_file_are_told_and_followed(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "chac-chan.csv"
    path.write_text(HEADER + ",,,self_reported,certain,,,,\n,,,unknown,certain,,,,\n", encoding="utf-8")
    _, out, _ = run("simulate", "618", *FAST, "--uncertainty", path, "--format", "json")
    found = json.loads(out)
    assert found["assumptions"] == []
    assert found["units"][0]["counts"][found["units"][0]["claimed_level"]] == 400
    path.write_text(HEADER + ",618,II.1,,audit,25 %,0.5,0.8,\n", encoding="utf-8")
    _, out, _ = run("simulate", "618", *FAST, "--uncertainty", path)
    assert "1 số liệu (đơn vị 618, tiêu chí II.1): với xác suất 25%" in out
    assert f"(dòng 2 của {path})" in out


def test_what_the_facts_say_against_a_row_is_told_with_the_other_faults(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",632,II.3.1:a,,range,,1,999999999,\n,632,X,,certain,,,,\n,,,,nothing,,,,\n")
    code, _, err = run("simulate", "--framework", "chu-prong-2023", *FAST, "--uncertainty", path)
    assert code == 2
    told = [line.removeprefix(f"{path}:").split(":")[:2] for line in err.splitlines() if line.startswith(str(path))]
    assert told == [["2", "high"], ["3", "criterion"], ["4", "model"]]
    path.write_text(HEADER + ",23281,I.1,unknown,audit,0.5,0.5,1,\n,23281,I.2,,range,,30 %,40 %,\n,,,,nothing,,,,\n")
    code, _, err = run("simulate", "23281", *FAST, "--uncertainty", path)
    assert code == 2
    told = [line.removeprefix(f"{path}:").split(":")[:2] for line in err.splitlines() if line.startswith(str(path))]
    assert told == [["2", "model"], ["4", "model"]]


def test_nothing_is_written_over_what_is_read(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",,,self_reported,audit,0.5,0.5,1,\n")
    before = path.read_bytes()
    for option in ("--html", "--excel"):
        code, out, err = run("simulate", "618", *FAST, "--uncertainty", path, option, path, "--replace")
        assert (code, out) == (2, "")
        assert "Traceback" not in err
        assert path.read_bytes() == before


def test_rows_without_effect_are_told(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",,,self_reported,audit,0.5,0.5,1,\n,610,,,certain,,,,\n,618,II.4,exempt,certain,,,,\n")
    code, out, err = run("simulate", "618", *FAST, "--uncertainty", path)
    assert code == 0
    for row in (3, 4):
        assert (
            f"{path}:{row}:model: cảnh báo: dòng này không áp dụng cho số liệu nào được mô phỏng; hãy xem lại đơn vị,"
            " tiêu chí, trạng thái và mô hình"
        ) in err.splitlines()
    assert f"{path}:2" not in err
    assert f"Dòng 3 và 4 của {path} không áp dụng cho số liệu nào được mô phỏng." in out
    _, out, _ = run("simulate", "618", *FAST, "--uncertainty", path, "--format", "json")
    assert json.loads(out)["rows_without_effect"] == [3, 4]


def test_rows_without_effect_are_told_of_an_index(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",,,self_reported,audit,0.5,0.5,1,\n,632,II.1.1,exempt,certain,,,,\n")
    options = ("--framework", "chu-prong-2023", *FAST, "--uncertainty", path)
    code, out, err = run("--lang", "en", "simulate", "635", *options)
    assert code == 0
    assert f"{path}:3:model: warning: this row speaks of no fact that is simulated" in err
    assert f"Row 3 of {path}: of no fact that is simulated." in out


def test_papers_are_written_with_pictures_that_tell_nothing_by_colour_alone(run: Any, tmp_path: Path) -> None:
    page, book, folder = tmp_path / "a.html", tmp_path / "a.xlsx", tmp_path / "out"
    code, _, _ = run("simulate", "618", "23538", "23281", *FAST, "--html", page, "--excel", book, "--out", folder)
    assert code == 0
    text = page.read_text("utf-8")
    words = html_text(text)
    assert "DỮ LIỆU MÔ PHỎNG" in words
    assert "Xã Ia Tơi (23538)" in words
    assert "Phường Quang Trung" in words
    assert "Chắc chắn: cùng một mức trong mọi lần mô phỏng" in words
    assert "mức 5 (Toàn diện) (1 đơn vị): Phường Quang Trung (23281)." in words
    tags = html_tags(text)
    pictures = [attributes for name, attributes in tags if name == "svg"]
    assert all(picture["role"] == "img" and picture["aria-labelledby"] for picture in pictures)
    identifiers = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert not [attributes for _, attributes in tags if attributes.get("src") or attributes.get("href")]
    kinds = {"html", "xlsx"} | ({"pdf"} - set(unavailable()))
    assert {path.name for path in folder.iterdir()} == {f"mo-phong-2025.{kind}" for kind in kinds}
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("618", "23538", "23281")]
    assert [sum(row[3:9]) for row in rows] == [400, 400, 400]
    assert run("simulate", "618", *FAST, "--out", folder)[0] == 2  # nothing is overwritten unasked
    assert run("simulate", "618", *FAST, "--out", folder, "--replace")[0] == 0


def test_an_index_s_papers_hold_every_rank(run: Any, tmp_path: Path) -> None:
    page, book, folder = tmp_path / "a.html", tmp_path / "a.xlsx", tmp_path / "out"
    options = ("simulate", "--framework", "chu-prong-2023", *FAST)
    code, out, _ = run(*options, "--html", page, "--excel", book, "--out", folder, "--format", "json")
    assert code == 0
    [group] = json.loads(out)["groups"]
    assert group["size"] == len(group["units"]) == 17
    for unit in group["units"]:
        assert sum(unit["counts"]) == 400
        assert len(unit["probabilities"]) == 17
        assert unit["counts"][unit["best_rank"] - 1] > 0
        assert unit["counts"][unit["worst_rank"] - 1] > 0
    assert "hạng 1–4" in html_text(page.read_text("utf-8"))
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("622", "635")]
    assert [sum(row[6:23]) for row in rows] == [400, 400]


# Refused


def test_every_fault_of_the_file_is_told_as_the_file_was_given(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",99,,,audit,2,1,0,\ncommune,,I.2,,hope,,,,\n", encoding="utf-8")
    code, out, err = run("simulate", "618", *FAST, "--uncertainty", path, "--html", tmp_path / "a.html")
    assert (code, out) == (2, "")
    told = [line for line in err.splitlines() if line.startswith(str(path))]
    assert [line.removeprefix(f"{path}:").split(": ")[0] for line in told] == [
        "2:unit", "2:p", "2:low", "3:model",
    ]  # fmt: skip
    assert not (tmp_path / "a.html").exists()


def test_no_more_draws_are_taken_than_can_be_counted_exactly() -> None:
    assert simulations.MOST_DRAWS == MOST_DRAWS


@pytest.mark.parametrize(
    "options",
    [
        ("--draws", "0"),
        ("--draws", "10000001"),
        ("--draws", "many"),
        ("--seed", "-1"),
        ("--seed", "9223372036854775808"),
        ("--level", "6"),
        ("--workers", "0"),
        ("--format", "xml"),
        ("--uncertainty", "nowhere.csv"),
        ("--decisions", "nowhere"),
    ],
)
def test_absurd_options_are_refused(options: tuple[str, str], run: Any) -> None:
    code, out, err = run("simulate", "618", "--sample", *options)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_units_and_options_that_do_not_fit_are_refused(run: Any) -> None:
    code, _, err = run("simulate", "618", "99999", "88888", *FAST)
    assert code == 2
    assert err.count("không có đơn vị mã") == 2
    code, _, err = run("simulate", "--framework", "chu-prong-2023", *FAST, "--level", "3")
    assert code == 2
    assert "không có mức" in err


def test_a_fact_that_its_row_cannot_speak_of_is_named(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text(HEADER + ",635,II.6.6:b,,range,,9999999,9999999,\n", encoding="utf-8")
    code, _, err = run("simulate", "--framework", "chu-prong-2023", *FAST, "--uncertainty", path)
    assert code == 2
    assert f"{path}:2:high: khoảng này làm cho II.6.6 của 635 có phần lớn hơn tổng" in err
