"""``certify units``: from the official directory to units.csv, and through every change of units."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from evidence.samples import sample_paths
from evidence.tables import read_units

EXPORT = Path(__file__).parents[1] / "evidence" / "data" / "danh-muc-2025-01.xls"
HEADER = "kind,date,instrument,from,to,name,tier,parent\n"
REFORM = HEADER + (
    "abolish,2025-07-01,203/2025/QH15,608|610|611|612|613|614|615|616|617|618,,,,62\n"
    "merge,2025-07-01,1677/NQ-UBTVQH15,23500|23509,23500,Xã Đắk Hà,,\n"
    "rename,2025-07-01,1677/NQ-UBTVQH15,23503,,Xã Đăk Pxi,,\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_province_comes_from_the_offices_file_as_units_csv(run: Any) -> None:
    code, out, err = run("units", "import", EXPORT, "--province", "kon tum", "--out", "units.csv")
    assert (code, out, err) == (0, "113 đơn vị (1 cấp tỉnh, 10 cấp huyện, 102 cấp xã) → units.csv\n", "")
    assert {*read_units("units.csv")} == {*read_units(str(sample_paths().units))}
    assert (
        run("evaluate", "--units", "units.csv", "--evidence", str(sample_paths().evidence), "--format", "csv")[0] == 0
    )


def test_without_a_file_it_comes_from_the_extra_and_without_out_it_is_printed(run: Any) -> None:
    code, out, _ = run("units", "import", "--province", "62")
    rows = list(csv.DictReader(out.splitlines()))
    assert code == 0
    assert len(rows) == 113
    assert rows[0] == {"code": "62", "name": "Tỉnh Kon Tum", "tier": "province", "parent": "", "registered": ""}


def test_provinces_are_listed(run: Any) -> None:
    assert run("units", "provinces", EXPORT)[1] == "62  Tỉnh Kon Tum\n45  Tỉnh Quảng Trị\n"
    listed = json.loads(run("units", "provinces", EXPORT, "--format", "json")[1])
    assert listed[0] == {"code": "62", "name": "Tỉnh Kon Tum"}


def test_which_province_must_be_said_and_nothing_is_written_before(run: Any) -> None:
    code, out, err = run("units", "import", EXPORT, "--out", "units.csv")
    assert (code, out) == (2, "")
    assert err.startswith(f"{EXPORT}:1:province: tệp có 2 tỉnh, thành phố; hãy chọn một bằng mã hoặc tên: 62")
    assert not Path("units.csv").exists()


def test_files_that_are_there_are_replaced_only_when_asked(run: Any) -> None:
    Path("units.csv").write_text("mine")
    assert run("units", "import", EXPORT, "--province", "62", "--out", "units.csv")[0] == 2
    assert Path("units.csv").read_text() == "mine"
    assert run("units", "import", EXPORT, "--province", "62", "--out", "units.csv", "--replace")[0] == 0


def test_changes_are_told_one_by_one_and_give_the_units_of_a_day(run: Any) -> None:
    run("units", "import", EXPORT, "--province", "62", "--out", "units.csv")
    Path("c.csv").write_text(REFORM, "utf-8")
    code, out, err = run("units", "changes", "c.csv", "--units", "units.csv", "--out", "after.csv")
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        "01/07/2025  Nhập: 23500 Thị trấn Đắk Hà, 23509 Xã Đắk Ui → 23500 Xã Đắk Hà  [1677/NQ-UBTVQH15]",
        "01/07/2025  Đổi tên: 23503 Xã Đắk PXi → 23503 Xã Đăk Pxi  [1677/NQ-UBTVQH15]",
        "102 đơn vị ngày 01/07/2025 → after.csv",
    ]
    assert read_units("after.csv")["23500"].parent == "62"
    run("units", "changes", "c.csv", "--units", "units.csv", "--out", "before.csv", "--on", "30/06/2025")
    assert read_units("before.csv") == read_units("units.csv")


def test_changes_as_json_name_predecessors_and_successors(run: Any) -> None:
    run("units", "import", EXPORT, "--province", "62", "--out", "units.csv")
    Path("c.csv").write_text(REFORM, "utf-8")
    told = json.loads(run("units", "changes", "c.csv", "--units", "units.csv", "--format", "json")[1])
    [new] = [era for era in told if era["predecessors"]]
    assert new["forms"] == [
        {"since": "2025-07-01", "code": "23500", "name": "Xã Đắk Hà", "tier": "commune", "parent": "62"}
    ]
    assert [each["name"] for each in new["predecessors"]] == ["Thị trấn Đắk Hà", "Xã Đắk Ui"]
    old = next(era for era in told if era["forms"][0]["name"] == "Xã Đắk Ui")
    assert (old["until"], old["successors"]) == ("2025-06-30", [{"code": "23500", "name": "Xã Đắk Hà"}])


def test_a_doubt_is_a_warning_and_a_defect_a_fault(run: Any) -> None:
    run("units", "import", EXPORT, "--province", "62", "--out", "units.csv")
    Path("c.csv").write_text(REFORM + "thành lập,2026-07-01,12/NQ,,23509,Xã Mới,commune,62\n", "utf-8")
    code, _, err = run("units", "changes", "c.csv", "--units", "units.csv")
    assert code == 0
    assert err.startswith("c.csv:5:to: cảnh báo: mã 23509 trước đây là của Xã Đắk Ui;")
    Path("c.csv").write_text(REFORM + "đổi tên,2026-07-01,12/NQ,23509,,Xã Mới,,\n", "utf-8")
    code, out, err = run("units", "changes", "c.csv", "--units", "units.csv", "--out", "after.csv")
    assert (code, out) == (2, "")
    assert err.startswith("c.csv:5:from: 23509 (Xã Đắk Ui) đã kết thúc ngày 30/06/2025; cần đơn vị đang tồn tại")
    assert not Path("after.csv").exists()


def test_into_the_store_only_what_is_new_is_added_and_what_differs_is_told(
    run: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from certification.store.models import UnitRecord

    monkeypatch.setattr("certification.store.opening.open_store", lambda: None)
    code, out, err = run("units", "import", EXPORT, "--province", "62", "--store")
    assert (code, out, err) == (0, "113 đơn vị mới, 0 đã có\n", "")
    UnitRecord.objects.filter(code="23500").update(name="Xã Đắk Hà")
    UnitRecord.objects.filter(code="23509").delete()
    code, out, err = run("units", "import", EXPORT, "--province", "62", "--store")
    assert (code, out) == (0, "1 đơn vị mới, 111 đã có\n")
    assert err.startswith("1 điểm khác (tên, cấp trên, cấp, không còn trong danh mục) để nguyên;")
    assert UnitRecord.objects.get(code="23500").name == "Xã Đắk Hà"
