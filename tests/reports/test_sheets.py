"""Excel and CSV: what leaves us never becomes a formula."""

import csv
import io
import unicodedata
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from evidence.facts import Status
from evidence.units import Unit
from levels.framework import Tier
from reports.sheets import CSV_COLUMNS, appraisal_workbook, evaluation_csv, evaluation_workbook
from rules.explain import explain
from rules.verdict import Verdict
from tests.reports import factory


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def parts(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels")))


@pytest.fixture(scope="module")
def commune() -> Verdict:
    return factory.every_kind(factory.commune())


def test_csv_has_one_row_for_every_unit(commune: Verdict) -> None:
    rows = list(csv.DictReader(io.StringIO(evaluation_csv([commune, factory.district_verdict()]))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(row["code"], row["tier"], row["level"]) for row in rows] == [
        ("23503", "commune", "0"),
        ("615", "district", str(factory.district_verdict().levels.level)),
    ]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x";"y")', "+1+1", "-1", "@SUM(1)", "\t=1", "'=1"])
def test_names_never_become_formulas(name: str) -> None:
    unit = Unit("1", name, Tier.COMMUNE)
    facts = factory.dossier(unit, 2) | {"I.2": factory.fact(unit, "I.2", Status.REJECTED, note=name)}
    verdict = factory.verdict(unit, facts)
    for row in list(csv.reader(io.StringIO(evaluation_csv([verdict]))))[1:]:
        assert row[1].lstrip()[:1] not in ("=", "+", "-", "@"), "a spreadsheet would compute it"
    for content in (evaluation_workbook([verdict], "vi"), appraisal_workbook(verdict, explain(verdict, 3, {}), "vi")):
        assert "<f>" not in parts(content)
        assert "hyperlink" not in parts(content)
        for sheet in opened(content):
            assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    [sheet] = opened(evaluation_workbook([verdict], "vi"))
    cell = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).strip() == name.strip())
    assert cell.quotePrefix


def test_the_evaluation_has_a_sheet_for_every_tier(commune: Verdict) -> None:
    district = factory.district_verdict()
    book = opened(evaluation_workbook([district, commune], "vi"))
    assert book.sheetnames == ["Phụ lục 02", "Phụ lục 01"]
    sheet = book["Phụ lục 01"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "Mã")
    assert head[:7] == ["Mã", "Đơn vị", "Đăng ký", "Được chấp nhận", "Tự đánh giá", "Còn có thể đạt", "I.1"]
    [row] = [row for row in rows if row[0] == "23503"]
    cells = dict(zip(head, row, strict=True))
    assert cells["Được chấp nhận"] == 0
    assert (cells["I.2"], cells["I.3"], cells["II.3"], cells["III.7"]) == (3, "0*", "–", "1÷")
    assert any("TẠM TÍNH" in str(row[0]) for row in rows)
    assert ["*", "mới tự báo cáo"] in [row[:2] for row in rows]
    assert sheet.freeze_panes == f"C{rows.index(head) + 2}"
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == "9"


def test_the_appraisal_workbook_has_the_content_of_the_printed_sheet(commune: Verdict) -> None:
    book = opened(appraisal_workbook(commune, explain(commune, 4, {}), "en", provisional=False))
    [sheet] = book
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert not any("PROVISIONAL" in str(cell) for row in rows for cell in row)
    [row] = [row for row in rows if row[0] == "I.7"]
    assert row[2:10] == [*["Tối thiểu 01 nhân sự"] * 4, "Tối thiểu 02 nhân sự", "2", "1", 4]
    [row] = [row for row in rows if row[0] == "I.11"]
    assert row[7:9] == ["3/3 (100%)", "–"]  # an expired inspection is reported but not accepted
    assert sum(str(row[0]).startswith(("I.", "II.", "III.")) and row[1] is not None for row in rows) == 38


def test_made_up_facts_are_called_so_in_every_sheet() -> None:
    unit = factory.commune(registered=None)
    verdict = factory.verdict(unit, factory.dossier(unit, 2, source="Dữ liệu mô phỏng (synthetic)"))
    for content in (evaluation_workbook([verdict], "vi"), appraisal_workbook(verdict, explain(verdict, 3, {}), "vi")):
        [sheet] = opened(content)
        assert "DỮ LIỆU MÔ PHỎNG" in [row[0].value for row in sheet.iter_rows()]


def test_the_same_verdict_gives_the_same_bytes_in_nfc(commune: Verdict) -> None:
    content = evaluation_workbook([commune], "vi")
    assert content == evaluation_workbook([commune], "vi")
    assert unicodedata.is_normalized("NFC", parts(content))
    explanation = explain(commune, 4, {})
    assert appraisal_workbook(commune, explanation, "vi") == appraisal_workbook(commune, explanation, "vi")
