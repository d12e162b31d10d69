"""The yearly report to the ministry: read by a person (golden), the same in Word, PDF and HTML, and in Excel."""

import datetime
import io

import openpyxl
from attrs import evolve

from evidence.units import Unit
from levels.framework import Framework, Tier
from levels.loader import load_rulebook
from reports.year_report import Told, YearSummary, YearUnit, render_year_report
from reports.year_sheets import year_workbook
from tests.reports.looking import compare_golden, docx_text, html_text, need, pdf_fonts, pdf_pages

DAY = datetime.date(2025, 12, 18)


def unit(code: str, name: str, parent: str, target: int | None) -> Unit:
    return Unit(code, name, Tier.DISTRICT if parent == "62" else Tier.COMMUNE, parent, target)


def summary() -> YearSummary:
    framework = load_rulebook("kon-tum-121-2025")
    assert isinstance(framework, Framework)
    act, other = {"number": "15/QĐ-UBND", "signed_on": DAY}, {"number": "03/QĐ-UBND", "signed_on": DAY}
    units = (
        YearUnit(unit("608", "Thành phố Kon Tum", "62", 4), True, 4, last=3, **act),  # type: ignore[arg-type]
        YearUnit(unit("613", "Huyện Kon Plông", "62", 3), True, 2, last=2, **act),  # type: ignore[arg-type]
        YearUnit(unit("23281", "Phường Quang Trung", "608", 4), True, 4, last=4, **other),  # type: ignore[arg-type]
        YearUnit(unit("23284", "Phường Duy Tân", "608", 3), True, 3, last=None, **other),  # type: ignore[arg-type]
        YearUnit(unit("23455", "Xã Đắk Ring", "613", 2), True, 0, last=1, **other),  # type: ignore[arg-type]
        YearUnit(unit("23452", "Xã Đắk Nên", "613", None), False, None),
    )
    told = Told(
        "Sở đã hướng dẫn các địa phương tự đánh giá từ tháng 9.",
        "Một số xã vùng sâu chưa có cáp quang.\nThiếu cán bộ chuyên trách.",
        "Đề nghị Bộ hướng dẫn cách tính đối với tiêu chí không phát sinh.",
        "512/BC-SKHCN",
        datetime.date(2025, 12, 22),
        "Nguyễn Văn A",
    )
    return YearSummary(framework, 2025, Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE), units, told, compared=True)


def test_the_report_reads_as_a_person_has_read_it() -> None:
    compare_golden("bao-cao-nam.txt", docx_text(render_year_report(summary(), ("docx",))["docx"]))


def test_what_nobody_has_said_is_left_open_and_the_paper_is_a_draft() -> None:
    text = docx_text(render_year_report(evolve(summary(), told=Told()), ("docx",))["docx"])
    assert "(DỰ THẢO)" in text
    assert "……/BC-SKHCN" in text
    assert "III. KHÓ KHĂN, VƯỚNG MẮC\n……" in text


def test_without_a_year_before_nothing_is_compared() -> None:
    text = docx_text(render_year_report(evolve(summary(), compared=False), ("docx",))["docx"])
    assert "2024" not in text


def test_a_province_without_districts_reports_its_communes_alone() -> None:
    whole = summary()
    communes = tuple(each for each in whole.units if each.unit.tier is Tier.COMMUNE)
    text = docx_text(render_year_report(evolve(whole, units=communes), ("docx",))["docx"])
    assert "cấp huyện" not in text.partition("PHỤ LỤC")[0].replace(whole.framework.instrument.citation, "")


def test_html_says_what_word_says() -> None:
    rendered = render_year_report(summary(), ("docx", "html"))
    word, page = docx_text(rendered["docx"]), html_text(rendered["html"].decode())
    for words in ("Kính gửi: Bộ Khoa học và Công nghệ.", "01 đơn vị tăng mức", "Chưa được công nhận", "GIÁM ĐỐC"):
        assert words in word
        assert words in page


def test_the_pdf_is_in_one_font_with_its_annex_on_a_wide_page() -> None:
    need("pdftotext", "pdffonts")
    content = render_year_report(summary(), ("pdf",))["pdf"]
    assert {row[0].partition("+")[2].partition("-")[0] for row in pdf_fonts(content)} == {"Liberation"}
    assert "PHỤ LỤC I" in pdf_pages(content)[-1]


def test_the_workbook_holds_numbers_as_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(year_workbook(summary())))
    assert book.sheetnames == ["Tổng hợp", "Danh sách"]
    counts = {row[0].value: row[1].value for row in book["Tổng hợp"].iter_rows() if row[0].value}
    assert counts["Được công nhận"] == 2
    listed = {row[2].value: (row[3].value, row[4].value) for row in book["Danh sách"].iter_rows() if row[2].value}
    assert listed["Phường Quang Trung"] == (4, "4 – Nâng cao")
    assert listed["Xã Đắk Nên"] == ("–", "–")
