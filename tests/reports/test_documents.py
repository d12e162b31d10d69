"""The documents: what they say, how they are laid out, and what they refuse."""

import hashlib
import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
from attrs import evolve
from docx.shared import Pt

from evidence.facts import Status
from evidence.units import Unit
from levels.faults import Faulty, Text
from levels.framework import Act, Tier
from levels.loader import load_framework
from reports import documents
from reports.documents import (
    TEMPLATES,
    FontMissing,
    render_appraisal_sheet,
    render_decision,
    render_summary,
    unavailable,
)
from rules.explain import explain
from rules.verdict import Decision
from tests.reports import factory
from tests.reports.looking import (
    compare_golden,
    docx_headers,
    docx_text,
    html_tags,
    html_text,
    need,
    pdf_fonts,
    pdf_pages,
    pdf_tool,
)

Files = Mapping[str, bytes]
DRAFT = (Text(vi="Xã Đắk Hring: mới tự khai, chưa thẩm định: I.2", en="Xã Đắk Hring: reported only: I.2"),)
ALL_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY" + "".join(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in "\u0300\u0301\u0303\u0309\u0323"
)


@pytest.fixture(scope="module")
def final() -> Files:
    return render_decision(factory.district_decision(open_number=False))


@pytest.fixture(scope="module")
def draft() -> Files:
    return render_decision(factory.district_decision(provisional=DRAFT, synthetic=True))


@pytest.fixture(scope="module")
def of_province() -> Files:
    return render_decision(factory.province_decision())


@pytest.fixture(scope="module")
def sheet() -> Files:
    verdict = factory.every_kind(factory.commune())
    return render_appraisal_sheet(verdict, explain(verdict, 4, {}), "vi")


@pytest.fixture(scope="module")
def summary() -> Files:
    verdicts = (*factory.district_decision().verdicts, factory.every_kind(factory.commune("23507", "Xã Đăk La")))
    return render_summary(factory.DISTRICT, verdicts, "vi", factory.district_verdict())


def text_of(files: Files) -> str:
    return html_text(files["html"].decode())


# What they say


def test_the_districts_decision_reads_as_agreed(final: Files) -> None:
    compare_golden("quyet-dinh-huyen.txt", docx_text(final["docx"]))


def test_the_districts_draft_reads_as_agreed(draft: Files) -> None:
    compare_golden("quyet-dinh-huyen-tam-tinh.txt", docx_text(draft["docx"]))


def test_the_provinces_decision_reads_as_agreed(of_province: Files) -> None:
    compare_golden("quyet-dinh-tinh.txt", docx_text(of_province["docx"]))


def test_the_appraisal_sheet_reads_as_agreed(sheet: Files) -> None:
    compare_golden("phieu-tham-dinh.txt", docx_text(sheet["docx"]))


def test_the_summary_reads_as_agreed(summary: Files) -> None:
    compare_golden("tong-hop.txt", docx_text(summary["docx"]))


@pytest.mark.parametrize("name", ["final", "draft", "of_province", "sheet", "summary"])
def test_word_html_and_pdf_say_the_same(name: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(name)
    page = re.sub(r"\s", "", text_of(files))
    for line in docx_text(files["docx"]).splitlines():
        for cell in line.split("\t"):
            for part in cell.split(" / "):
                assert re.sub(r"\s", "", part.partition(". ")[2] if part[:1].isdigit() else part) in page


def test_a_province_has_no_superior_body_and_a_district_has(final: Files, of_province: Files) -> None:
    assert text_of(final).count("ỦY BAN NHÂN DÂN TỈNH KON TUM ỦY BAN NHÂN DÂN HUYỆN ĐẮK HÀ Số: 1234/QĐ-UBND") == 1
    assert "ỦY BAN NHÂN DÂN TỈNH KON TUM Số: 900/QĐ-UBND CỘNG HÒA XÃ HỘI" in text_of(of_province)


def test_a_province_may_recognise_communes_directly() -> None:
    decision = evolve(factory.district_decision(), issuer=factory.PROVINCE, superior=None)
    text = text_of(render_decision(decision, kinds=("html",)))
    assert "Về việc công nhận mức độ chuyển đổi số cấp xã năm 2025 trên địa bàn tỉnh Kon Tum" in text
    assert "Theo đề nghị của Giám đốc Sở Khoa học và Công nghệ." in text
    assert "Chủ tịch Ủy ban nhân dân các xã, thị trấn" in text


def test_a_city_is_named_as_a_city() -> None:
    decision = evolve(factory.district_decision(), issuer=factory.CITY)
    text = text_of(render_decision(decision, kinds=("html",)))
    assert "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM" in text
    assert "Thường trực Thành ủy (b/c)" in text
    assert "Kon Tum, ngày" in text
    assert "của Ủy ban nhân dân thành phố Kon Tum)" in text


def test_the_offices_of_an_act_are_those_of_its_framework() -> None:
    act = Act(
        Tier.DISTRICT,
        "Trưởng phòng Chuyển đổi số {place}",
        "Các {units} thuộc {superior}",
        ("{party} {place}",),
        "VT, X",
    )
    decision = evolve(factory.district_decision(), framework=evolve(factory.framework(), acts=(act,)))
    text = text_of(render_decision(decision, kinds=("html",)))
    assert "Theo đề nghị của Trưởng phòng Chuyển đổi số huyện." in text
    assert "Điều 3. Các xã, thị trấn thuộc tỉnh Kon Tum chịu trách nhiệm thi hành Quyết định này./." in text
    assert "Nơi nhận: - Như Điều 3; - Huyện ủy huyện; - Lưu: VT, X. " in text
    assert "Khoa học" not in text.partition("CÁC CÁCH HIỂU")[0]


def test_where_a_framework_names_no_office_the_place_is_left_open() -> None:
    decision = evolve(factory.district_decision(), framework=evolve(factory.framework(), acts=()))
    text = text_of(render_decision(decision, kinds=("html",)))
    assert "Theo đề nghị của ……." in text
    assert "Điều 3. Thủ trưởng các đơn vị có liên quan chịu trách nhiệm thi hành Quyết định này./." in text
    assert "Nơi nhận: - Như Điều 3; - Lưu: VT. " in text


def test_units_whose_names_say_no_kind_are_still_worded() -> None:
    decision = factory.district_decision()
    bare = evolve(decision.issuer, name="Đắk Hà")
    verdicts = tuple(evolve(v, unit=evolve(v.unit, name=f"Đơn vị {v.unit.code}")) for v in decision.verdicts)
    text = text_of(render_decision(evolve(decision, issuer=bare, superior=None, verdicts=verdicts), kinds=("html",)))
    assert "Chánh Văn phòng Ủy ban nhân dân huyện" in text
    assert "Chủ tịch Ủy ban nhân dân các cấp xã" in text


def test_nobody_recognised_is_said_plainly() -> None:
    decision = factory.district_decision()
    empty = evolve(decision, verdicts=decision.verdicts[-1:], closed=True)
    text = text_of(render_decision(empty, kinds=("html",)))
    assert "Năm 2025 không có đơn vị hành chính cấp xã nào trên địa bàn huyện Đắk Hà được công nhận" in text
    assert "Không có đơn vị nào." in text
    assert "Hồ sơ đã được Hội đồng thẩm định chốt; nội dung chưa được chứng minh tính là chưa đạt." in text


def test_only_the_main_reasons_stand_in_the_annex() -> None:
    unit = factory.commune("23506", "Xã Đăk Pxi")
    decision = evolve(factory.district_decision(), verdicts=(factory.verdict(unit, {}),))
    text = text_of(render_decision(decision, kinds=("html",)))
    assert text.count("chưa có số liệu (mức 1 yêu cầu") == 5
    assert "và 9 yêu cầu khác (xem phiếu thẩm định)" in text


def test_the_registered_level_caps_only_where_the_framework_says_so() -> None:
    capped = evolve(factory.framework(), recognise="at_most_registered")
    decision = factory.district_decision()
    verdicts = tuple(
        evolve(v, framework=capped, unit=evolve(v.unit, registered=2 if v.levels.level else 0))
        for v in decision.verdicts
    )
    text = text_of(render_decision(evolve(decision, framework=capped, verdicts=verdicts), kinds=("html",)))
    assert "- 03 đơn vị đạt mức độ 2 – Kết nối." in text


def test_the_readings_are_numbered_and_nothing_in_their_annex_is_english() -> None:
    real = load_framework("kon-tum-121-2025")
    for decision in (factory.district_decision(), factory.province_decision()):
        text = text_of(render_decision(evolve(decision, framework=real), kinds=("html",)))
        assert "khi áp dụng Quyết định số 121/QĐ-UBND, nêu tại Phụ lục" in text
        annex = text[text.index("CÁC CÁCH HIỂU ĐÃ GHI NHẬN") :].partition("PHỤ LỤC")[0]
        assert "STT Điều, khoản Cách hiểu được áp dụng Cách hiểu khác 1 Mục II.2" in annex
        assert not [reading.id for reading in real.interpretations if "-" in reading.id and reading.id in annex]
        assert "_" not in annex


def test_a_framework_without_readings_has_no_annex_of_them() -> None:
    decision = factory.province_decision()
    bare = evolve(decision, framework=evolve(factory.framework(), interpretations=()))
    text = text_of(render_decision(bare, kinds=("html",)))
    assert "CÁC CÁCH HIỂU" not in text
    assert "PHỤ LỤC II MỨC ĐỘ CỦA CÁC ĐƠN VỊ TRỰC THUỘC" in text


# Marks


@pytest.mark.parametrize(("name", "marked"), [("draft", True), ("final", False)])
def test_titles_and_annexes_say_provisional_while_they_are(
    name: str, marked: bool, request: pytest.FixtureRequest
) -> None:
    files: Files = request.getfixturevalue(name)
    for text in (text_of(files), docx_text(files["docx"])):
        annexes = len(re.findall(r"PHỤ LỤC [IV]+", text))
        assert text.count("TẠM TÍNH – chưa phải kết quả chính thức") == (annexes + 1 if marked else 0)
        assert ("Xã Đắk Hring: mới tự khai, chưa thẩm định: I.2" in text) is marked
    assert annexes == (4 if marked else 3)


def test_made_up_data_is_marked_on_every_page(draft: Files, final: Files) -> None:
    assert docx_headers(draft["docx"]) == ["\nDỮ LIỆU MÔ PHỎNG", "\nDỮ LIỆU MÔ PHỎNG"]
    assert "DỮ LIỆU MÔ PHỎNG" in text_of(draft)
    assert "MÔ PHỎNG" not in text_of(final) + "".join(docx_headers(final["docx"]))


@pytest.mark.whole
def test_made_up_data_is_marked_on_every_page_of_the_pdf(draft: Files, final: Files) -> None:
    need("pdftotext")
    pages = pdf_pages(draft["pdf"])
    assert len(pages) > 4
    assert all("DỮ LIỆU MÔ PHỎNG" in page for page in pages)
    assert not any("MÔ PHỎNG" in page for page in pdf_pages(final["pdf"]))


def test_working_papers_are_marked_where_the_caller_knows_more() -> None:
    unit = factory.commune()
    verdict = factory.verdict(unit, factory.dossier(unit, 3))
    explanation = explain(verdict, 4, {})
    plain = render_appraisal_sheet(verdict, explanation, "en", kinds=("html",))
    assert not {"PROVISIONAL", "SYNTHETIC"} & set(text_of(plain).split())
    marked = render_appraisal_sheet(verdict, explanation, "en", provisional=True, synthetic=True, kinds=("html",))
    assert "(PROVISIONAL – not an official result)" in text_of(marked)
    assert "SYNTHETIC DATA" in text_of(marked)


# Layout: Nghị định 30/2020/NĐ-CP


def test_word_has_the_page_the_margins_and_the_font_of_the_decree(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    [section] = document.sections
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.bottom_margin)] == [20, 20]
    assert [round(length.mm) for length in (section.left_margin, section.right_margin)] == [30, 20]
    assert section.different_first_page_header_footer  # numbers from page 2
    assert 'w:instr="PAGE"' in section.header.part.blob.decode()
    assert "PAGE" not in section.first_page_header.part.blob.decode()
    assert document.styles["Normal"].font.name == "Times New Roman"
    sizes = {run.font.size for paragraph in document.paragraphs for run in paragraph.runs if run.text.strip()}
    assert sizes <= {Pt(13), Pt(14)}
    with zipfile.ZipFile(io.BytesIO(final["docx"])) as package:
        body = package.read("word/document.xml").decode()
    assert set(re.findall(r'<w:rFonts [^>]*w:ascii="([^"]+)"', body)) <= {"Times New Roman"}


def test_grounds_are_italic_and_end_as_prescribed(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    grounds = [p for p in document.paragraphs if p.text.startswith(("Căn cứ ", "Theo đề nghị"))]
    assert len(grounds) == 4
    assert all(run.italic for ground in grounds for run in ground.runs)
    assert [ground.text[-1] for ground in grounds] == [";", ";", ";", "."]
    body = [p for p in document.paragraphs if p.text.startswith("Điều ")]
    assert all(12.6 < p.paragraph_format.first_line_indent.mm < 12.8 for p in body)
    assert body[-1].text.endswith("./.")


@pytest.mark.whole
@pytest.mark.parametrize("name", ["final", "draft", "of_province", "sheet", "summary"])
def test_pdf_uses_one_embedded_family(name: str, request: pytest.FixtureRequest) -> None:
    need("pdffonts")
    fonts = pdf_fonts(request.getfixturevalue(name)["pdf"])
    assert {font[0].partition("+")[2].removesuffix("-Italic").removesuffix("-Bold") for font in fonts} == {
        "Liberation-Serif"
    }
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


@pytest.mark.whole
def test_every_vietnamese_letter_is_in_the_font() -> None:
    need("pdffonts", "pdftotext")
    decision = factory.district_decision(name=" ".join(re.findall(".{1,12}", ALL_LETTERS)))
    content = render_decision(decision)["pdf"]
    text = re.sub(r"\s", "", "".join(pdf_pages(content)))
    assert unicodedata.is_normalized("NFC", text)
    assert set(ALL_LETTERS) <= set(text)
    assert {font[0].partition("+")[2].partition("-")[0] for font in pdf_fonts(content)} == {"Liberation"}


@pytest.mark.whole
def test_pdf_pages_are_a4_and_numbered_at_the_top_from_page_two(final: Files, sheet: Files) -> None:
    need("pdfinfo", "pdftotext")
    assert "(A4)" in pdf_tool(final["pdf"], "pdfinfo", "-")
    assert re.search(r"841.89 x 595.2\d+ pts \(A4\)", pdf_tool(sheet["pdf"], "pdfinfo", "-"))
    first, *others = pdf_pages(final["pdf"])
    assert not first.split()[0].isdigit()
    assert [page.split()[0] for page in others] == [str(number) for number in range(2, len(others) + 2)]


@pytest.mark.whole
def test_text_of_the_pdf_stays_within_the_margins(final: Files) -> None:
    need("pdftotext")
    boxes = pdf_tool(final["pdf"], "pdftotext", "-bbox", "-", "-")
    point = 25.4 / 72
    left = [float(x) * point for x in re.findall(r'<word xMin="([\d.]+)"', boxes)]
    right = [float(x) * point for x in re.findall(r'xMax="([\d.]+)"', boxes)]
    bottom = [float(y) * point for y in re.findall(r'yMax="([\d.]+)"', boxes)]
    assert 29.9 < min(left) < 35
    assert max(right) < 190.5
    assert max(bottom) < 277.5


@pytest.mark.whole
def test_annexes_begin_on_a_page_of_their_own(draft: Files) -> None:
    need("pdftotext")
    starts = [page for page in pdf_pages(draft["pdf"]) if re.search(r"^\s*PHỤ LỤC [IV]+$", page, re.MULTILINE)]
    assert len(starts) == 4
    for page in starts:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert lines[1].startswith("PHỤ LỤC")  # after the page number


def test_html_is_one_accessible_page_that_loads_nothing(final: Files, summary: Files) -> None:
    for files in (final, summary):
        page = files["html"].decode()
        tags = html_tags(page)
        assert not [tag for tag, names in tags if tag in {"script", "link", "img", "iframe"} or "src" in names]
        assert "url(" not in page
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in page
        assert ("html", {"lang": "vi"}) in tags
        assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in tags


def test_charts_stand_in_word_with_words_for_who_cannot_see_them(summary: Files) -> None:
    with zipfile.ZipFile(io.BytesIO(summary["docx"])) as package:
        body = package.read("word/document.xml").decode()
        pictures = [name for name in package.namelist() if name.endswith(".png")]
    described = re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', body)
    assert len(pictures) == len(described) == 2
    assert "Được chấp nhận: 2 (Kết nối)" in described[0]
    assert "Xã Đăk La: chưa đạt mức nào" in described[1]


# Escaping


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{7*7}}", "{% raise %}", "</w:t><w:t>x", "&amp;", "a\x00b\x0bc", "Đa\u0306\u0301k"],
)
def test_hostile_names_are_printed_as_they_are(name: str) -> None:
    decision = factory.district_decision(name=name)
    shown = unicodedata.normalize("NFC", name).replace("\x00", "\ufffd").replace("\x0b", "\ufffd")
    files = render_decision(decision, kinds=("html", "docx"))
    page = files["html"].decode()
    assert shown in html_text(page)
    assert "<script" not in page
    assert shown in docx_text(files["docx"])


@pytest.mark.whole
def test_hostile_notes_reach_neither_markup_nor_fields() -> None:
    unit = factory.commune()
    note = '<img src="http://x/">{{ title }}<b>'
    facts = factory.dossier(unit, 3) | {"I.2": factory.fact(unit, "I.2", Status.REJECTED, 1, 2, note=note)}
    verdict = factory.verdict(unit, facts)
    files = render_appraisal_sheet(verdict, explain(verdict, 1, {}), "vi")
    assert note in html_text(files["html"].decode())
    assert note in docx_text(files["docx"])
    if "pdf" not in unavailable():
        assert files["pdf"].startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["final", "draft", "of_province", "sheet", "summary"])
def test_everything_is_in_nfc(name: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(name)
    assert unicodedata.is_normalized("NFC", files["html"].decode())
    assert unicodedata.is_normalized("NFC", docx_text(files["docx"]))


# The same input gives the same bytes: a sealed bundle records their hashes

AGAIN = """
import hashlib, sys
from tests.reports import factory
from reports.documents import render_decision, render_summary
decision = factory.district_decision(provisional=(), synthetic=True)
files = render_decision(decision) | {
    "s" + kind: content for kind, content in render_summary(factory.DISTRICT, decision.verdicts, "vi").items()
}
print(*(f"{kind} {hashlib.sha256(content).hexdigest()}" for kind, content in sorted(files.items())), sep="\\n")
"""


@pytest.mark.whole
def test_another_process_makes_the_same_bytes() -> None:
    decision = factory.district_decision(synthetic=True)
    files = render_decision(decision) | {
        "s" + kind: content for kind, content in render_summary(factory.DISTRICT, decision.verdicts, "vi").items()
    }
    mine = [f"{kind} {hashlib.sha256(content).hexdigest()}" for kind, content in sorted(files.items())]
    root = Path(__file__).parents[2]
    environment = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Ho_Chi_Minh", "PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    other = subprocess.run(
        [sys.executable, "-c", AGAIN], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.split("\n")[:-1] == mine


# Templates


def test_the_word_templates_are_those_that_the_script_makes(tmp_path: Path) -> None:
    from reports.templates.make import make

    make(tmp_path)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (TEMPLATES / made.name).read_bytes(), (
            f"{made.name}: run python -m reports.templates.make"
        )


def template(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mau-cua-co-quan.docx"
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(path))
    return path


def test_an_office_may_use_its_own_template(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ subject }} – {{ letterhead.number }}")
    files = render_decision(factory.district_decision(), path, ("docx",))
    assert docx_text(files["docx"]) == (
        "Về việc công nhận mức độ chuyển đổi số cấp xã năm 2025 trên địa bàn huyện Đắk Hà – Số: ……/QĐ-UBND\n"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ subjet }}", "'subjet' is undefined"),
        ("{% if %}", "Expected an expression"),
        ("{{ subject.__class__.__mro__ }}", "is unsafe"),
        ("{{ ''.__class__ }}", "is unsafe"),
        ("{{ recognised.clear() }}", "is unsafe"),
        ("{% for i in range(9) %}{% endfor %}", "'range' is undefined"),
        ("{{ lipsum(n=100000) }}", "'lipsum' is undefined"),
    ],
)
def test_a_template_that_asks_for_what_it_may_not_have_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = template(tmp_path, text)
    with pytest.raises(Faulty) as refused:
        render_decision(factory.district_decision(), path, ("docx",))
    [fault] = refused.value.faults
    assert fault.line("en").startswith(f"{path}:")
    assert reason in fault.line("en")
    assert "không dùng được mẫu Word này" in fault.line("vi")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_a_template_that_is_no_word_document_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mau.docx"
    path.write_bytes(content)
    with pytest.raises(Faulty, match="this Word template cannot be used"):
        render_decision(factory.district_decision(), path, ("docx",))


@pytest.mark.parametrize("device", ["/dev/zero", "."])
def test_a_template_that_is_no_file_is_refused(device: str) -> None:
    with pytest.raises(Faulty, match="not a file of at most 10 MB"):
        render_decision(factory.district_decision(), Path(device), ("docx",))


def test_a_template_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty):
        render_decision(factory.district_decision(), tmp_path / "none.docx", ("docx",))


# Without Pango or the font


def small() -> Decision:
    return evolve(factory.district_decision(), verdicts=factory.district_decision().verdicts[:1])


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    documents.unavailable.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    documents.unavailable.cache_clear()


def test_without_pango_the_rest_is_made_and_it_says_what_is_missing(fresh: pytest.MonkeyPatch) -> None:
    def lacking() -> None:
        raise OSError("cannot load library 'libpango-1.0-0'\nand more")

    fresh.setattr(documents, "_weasyprint", lacking)
    assert set(render_decision(small())) == {"html", "docx"}
    said = unavailable()["pdf"]
    assert "cannot load library 'libpango-1.0-0'" in said.en
    assert "and more" not in said.en
    assert said.vi.startswith("Không tạo được PDF trên máy này vì thiếu WeasyPrint hoặc Pango")


def test_without_the_font_no_mixed_pdf_is_made(fresh: pytest.MonkeyPatch) -> None:
    need()
    documents.unavailable.cache_clear()
    fresh.setattr(documents, "FONT", "Liberation Nothing")
    assert set(render_decision(small())) == {"html", "docx"}
    assert "the font Liberation Nothing, version 2, is missing" in unavailable()["pdf"].en


def test_a_pdf_that_would_mix_fonts_is_never_handed_out() -> None:
    need()
    with pytest.raises(FontMissing, match="Liberation Serif has no □"):
        documents._pdf("<p style='font-family: Liberation Sans'>ơ</p>")


def test_a_letter_that_the_font_lacks_is_shown_as_a_box_and_not_borrowed() -> None:
    need("pdftotext", "pdffonts")
    content = documents._pdf("<p style='font-family: Liberation Serif'>Xã 漢 \ufffd Đắk</p>")
    assert pdf_pages(content)[0].split() == ["Xã", "□", "□", "Đắk"]
    assert len(pdf_fonts(content)) == 1


def test_a_pdf_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    need()
    from weasyprint.urls import FatalURLFetchingError

    for address in (tmp_path.as_uri(), "http://example.org/x.png", "data:image/png;base64,AAAA"):
        with pytest.raises(FatalURLFetchingError):
            documents._pdf(f"<img src='{address}' style='font-family: Liberation Serif'>")


def test_a_unit_without_a_kind_of_its_own_is_summarised() -> None:
    unit = Unit("1", "Đơn vị", Tier.COMMUNE, None)
    verdict = factory.verdict(unit, factory.dossier(unit, 5))
    text = text_of(render_summary(factory.DISTRICT, [verdict], "en", kinds=("html",)))
    assert "Of 1 units, 1 have reached level 1 or above and 0 none. 0 of 0 units with a registered target" in text
    assert "Criteria that hold back most units" not in text
