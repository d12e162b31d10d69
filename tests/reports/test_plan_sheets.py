"""The workbook of a work plan: exact sums, filters, bars, a curve; text from outside stays text."""

import io
import zipfile
from typing import Any

import openpyxl
from attrs import evolve

from reports.plan_sheets import work_plan_workbook
from reports.work_plan import WorkPlan, accounts, left_of
from reports.work_tables import years_table
from tests.reports import factory
from tests.reports.plan_factory import CULTURE, district_plan, index_plan, item, many, province_plan, signed


def read(plan: WorkPlan) -> Any:
    return openpyxl.load_workbook(io.BytesIO(work_plan_workbook(plan)))


def rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheets_are_those_the_plan_has() -> None:
    assert read(district_plan()).sheetnames == ["Công việc", "Theo cơ quan 2025", "Theo đơn vị", "Ghi chú"]
    assert read(province_plan()).sheetnames == [
        "Công việc", "Theo cơ quan 2025", "Theo cơ quan 2026", "Theo đơn vị", "Theo năm", "Đường chi phí", "Ghi chú",
    ]  # fmt: skip


def test_every_piece_of_work_is_a_row_that_can_be_filtered() -> None:
    sheet = read(province_plan())["Công việc"]
    found = rows(sheet)
    top = next(place for place, row in enumerate(found) if row[0] == "STT")
    assert sheet.auto_filter.ref == f"A{top + 1}:N{top + 4}"
    assert found[top + 2][:11] == [
        2, 2025, "62", "Tỉnh Kon Tum", "I.4", "Hệ thống báo cáo dùng chung của tỉnh", "không có", "có", "",
        2_000_000_000, "Sở Khoa học và Công nghệ",
    ]  # fmt: skip
    assert found[top + 2][13] == "Xã Đắk 0, Xã Đắk 1, Xã Đắk 2"
    assert found[top + 1][10] == "(chưa phân công)"
    assert found[top + 4][9] == 2_019_500_000
    assert found[top + 5][9] == f"=SUBTOTAL(109,J{top + 2}:J{top + 4})"


def test_sums_that_excel_would_round_are_text() -> None:
    found = rows(read(district_plan())["Công việc"])
    [half] = [row for row in found if row[4] == "I.2" and row[9] == "6.500.000,5"]
    assert half[3] == "Xã Đắk 0"
    assert [row[9] for row in found if row[5] == "Tổng cộng"] == ["147.500.000,5"]
    assert not [row for row in found if str(row[9]).startswith("=")]
    huge = evolve(district_plan(), items=(item(factory.DISTRICT, "II.2", 10**15 + 1),))
    assert "1.000.000.000.000.001" in [row[9] for row in rows(read(huge)["Công việc"])]


def test_offices_have_a_bar_in_every_month_of_their_work() -> None:
    sheet = read(signed(district_plan()))["Theo cơ quan 2025"]
    found = rows(sheet)
    head = next(row for row in found if row[0] == "Cơ quan, công việc")
    assert head[6:] == [f"{month}/2025" for month in range(2, 13)]
    [office] = [row for row in found if row[0] == CULTURE]
    assert office[1:4] == [2, 2, "6.500.000,5"]
    [task] = [place for place, row in enumerate(found, start=1) if str(row[0]).startswith("IV.3")]
    bars = [cell for cell in sheet[task] if cell.value == "■"]
    assert len(bars) == 10
    assert {cell.fill.start_color.rgb for cell in bars} == {"FFA6A6A6"}
    assert sheet[task][4].value == "03/02/2025"
    assert sheet[task][5].value == "29/11/2025"
    assert any("chưa được xác định" in str(row[0]) for row in found)


def test_units_and_years_add_up() -> None:
    units = rows(read(province_plan())["Theo đơn vị"])
    assert [row[1:8] for row in units if row[0] in (1, 2, 3)] == [
        ["615", "Huyện Đắk Hà", 2025, "2 (Kết nối)", "3 (Cơ bản)", 1, 12_500_000],
        ["608", "Thành phố Kon Tum", 2026, "2 (Kết nối)", "3 (Cơ bản)", 1, 7_000_000],
        ["62", "Tỉnh Kon Tum", 2025, "–", "–", 1, 2_000_000_000],
    ]
    years = rows(read(province_plan())["Theo năm"])
    assert [row[:6] for row in years if row[0] in (2025, 2026, "Tổng cộng")] == [
        [2025, 3_000_000_000, "–", 2_012_500_000, 987_500_000, 2],
        [2026, 10_000_000, "–", 7_000_000, 3_000_000, 1],
        ["Tổng cộng", 3_010_000_000, "", 2_019_500_000, 990_500_000, 3],
    ]


def test_what_a_year_leaves_is_carried_over_so_that_no_year_looks_overspent() -> None:
    plan = evolve(province_plan(), budgets=((2025, 2_020_000_000), (2026, 1_000_000)), carry_over=True)
    assert [year[:6] for year in rows(read(plan)["Theo năm"]) if year[0] in (2025, 2026, "Tổng cộng")] == [
        [2025, 2_020_000_000, 0, 2_012_500_000, 7_500_000, 2],
        [2026, 1_000_000, 7_500_000, 7_000_000, 1_500_000, 1],
        ["Tổng cộng", 2_021_000_000, "", 2_019_500_000, 1_500_000, 3],
    ]
    table = years_table(plan)
    assert [column.title for column in table.columns][2] == "Chuyển sang từ năm trước (đồng)"
    assert [[line.text for cell in each.cells for line in cell] for each in table.rows] == [
        ["2025", "2.020.000.000", "0", "2.012.500.000", "7.500.000", "2"],
        ["2026", "1.000.000", "7.500.000", "7.000.000", "1.500.000", "1"],
        ["Tổng cộng", "2.021.000.000", "2.019.500.000", "1.500.000", "3"],
    ]
    assert len(years_table(province_plan()).columns) == 5
    unknown = accounts(evolve(plan, priced=False))
    assert [year.left for year in unknown] == [None, None]
    assert left_of(evolve(plan, budgets=())) is None


def test_the_curve_is_a_chart_of_excels_own_with_the_budget() -> None:
    plan = evolve(province_plan(), budgets=((2025, 19_500_000),))
    found = rows(read(plan)["Đường chi phí"])
    top = next(place for place, row in enumerate(found) if str(row[0]).startswith("Số huyện"))
    assert [row[:3] for row in found[top + 1 : top + 5]] == [
        [0, 0, "–"],
        [1, 12_500_000, 12_500_000],
        [2, 19_500_000, 7_000_000],
        [3, 5_019_500_000, 5_000_000_000],
    ]
    with zipfile.ZipFile(io.BytesIO(work_plan_workbook(plan))) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert "scatterChart" in chart
    assert "Ngân sách 19.500.000" in chart
    with zipfile.ZipFile(io.BytesIO(work_plan_workbook(province_plan()))) as package:
        assert "Ngân sách" not in package.read("xl/charts/chart1.xml").decode()  # of which year it would be unclear


def test_without_costs_there_are_no_sums() -> None:
    found = rows(read(index_plan())["Công việc"])
    assert [row[9] for row in found if row[4] == "1.1" or row[5] == "Tổng cộng"] == ["–", "–"]
    assert "Mọi số tiền tính bằng đồng." not in str(rows(read(index_plan())["Ghi chú"]))
    assert "Mọi số tiền tính bằng đồng." in str(rows(read(district_plan())["Ghi chú"]))


def test_made_up_data_is_marked_on_every_sheet() -> None:
    book = read(evolve(province_plan(), synthetic=True))
    assert all("DỮ LIỆU MÔ PHỎNG" in str(rows(sheet)[:3]) for sheet in book)
    assert not any("MÔ PHỎNG" in str(rows(sheet)) for sheet in read(province_plan()))


def test_text_from_outside_stays_text() -> None:
    plan = district_plan()
    bad = "=HYPERLINK(\"http://x\")&cmd|'/c calc'!A1"
    items = tuple(
        evolve(each, name=bad, office=bad, start=bad, unit=evolve(each.unit, name=bad)) for each in plan.items
    )
    for sheet in read(evolve(plan, items=items)):
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f"]
            assert not [cell for cell in row if cell.hyperlink]


def test_two_thousand_rows_are_all_there() -> None:
    found = rows(read(many(2000))["Công việc"])
    assert [row[0] for row in found if isinstance(row[0], int)] == list(range(1, 2001))
    assert [row[9] for row in found if row[5] == "Tổng cộng"] == [sum(range(1_000_000, 1_002_000))]
