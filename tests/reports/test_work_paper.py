"""The work plan as a paper: what it says, its form after Nghị định 30/2020/NĐ-CP, what it leaves open."""

import datetime
import io
import re
import time
import unicodedata
import zipfile
from collections.abc import Mapping

import docx
import pytest
from attrs import evolve
from docx.shared import Pt

from levels.faults import Text
from levels.loader import load_rulebook
from reports.plan_charts import draw_curve, draw_timeline, within
from reports.view import left_open
from reports.work_files import work_plan_files
from reports.work_paper import MOST_IN_BODY, MOST_REASONS, MOST_UNITS, issuing_office, render_work_plan, view_work_plan
from reports.work_plan import WorkPlan
from reports.work_schedule import schedules_of
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
from tests.reports.plan_factory import district_plan, index_plan, item, many, province_plan, signed

Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def final() -> Files:
    return render_work_plan(signed(district_plan()))


@pytest.fixture(scope="module")
def draft() -> Files:
    return render_work_plan(evolve(district_plan(), synthetic=True))


@pytest.fixture(scope="module")
def of_province() -> Files:
    return render_work_plan(province_plan())


def text_of(plan: WorkPlan) -> str:
    return html_text(render_work_plan(plan, ("html",))["html"].decode())


# What it says


def test_the_districts_plan_reads_as_agreed(final: Files) -> None:
    compare_golden("ke-hoach-huyen.txt", docx_text(final["docx"]))


def test_the_provinces_plan_of_two_years_reads_as_agreed(of_province: Files) -> None:
    compare_golden("ke-hoach-tinh.txt", docx_text(of_province["docx"]))


@pytest.mark.parametrize("name", ["final", "draft", "of_province"])
def test_word_html_and_pdf_say_the_same(name: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(name)
    page = re.sub(r"\s", "", html_text(files["html"].decode()))
    for line in docx_text(files["docx"]).splitlines():
        for cell in line.split("\t"):
            for part in cell.split(" / "):
                assert re.sub(r"\s", "", part) in page


def test_what_nobody_has_said_is_left_open_and_told_under_the_title() -> None:
    text = text_of(evolve(district_plan(), items=tuple(evolve(each, office="") for each in district_plan().items)))
    assert "Số: ……/KH-UBND" in text
    assert "Đắk Hà, ngày …… tháng …… năm 2025" in text
    assert "(DỰ THẢO – chưa có số, ngày ký và người ký)" in text
    assert "nguồn kinh phí: ……" in text
    assert "(chưa phân công) trước 30/11/2025" in text
    assert "Cơ quan chủ trì: ……; cơ quan phối hợp: ……." in text
    assert "Theo cơ quan thực hiện" not in text  # a table of nobody says nothing


def test_a_signed_plan_is_no_draft(final: Files) -> None:
    text = html_text(final["html"].decode())
    assert "DỰ THẢO" not in text
    assert "Số: 15/KH-UBND" in text
    assert "Đắk Hà, ngày 03 tháng 02 năm 2025" in text
    assert (
        text.count("(Kèm theo Kế hoạch số 15/KH-UBND ngày 03 tháng 02 năm 2025 của Ủy ban nhân dân huyện Đắk Hà)") == 1
    )
    assert "CHỦ TỊCH Nguyễn Văn An" in text


def test_a_number_alone_gets_the_signs_of_the_paper() -> None:
    assert "Số: 15/KH-UBND" in text_of(evolve(district_plan(), number="15"))


def test_without_costs_no_sum_is_told() -> None:
    plan = evolve(district_plan(), priced=False, items=tuple(evolve(each, cost=None) for each in district_plan().items))
    text = text_of(plan)
    assert "Kế hoạch được lập khi chưa có bảng chi phí. Tổng kinh phí: ……; nguồn kinh phí: ……." in text
    assert "Tổng cộng" not in text.partition("IV. TỔ CHỨC")[0].partition("III. KINH PHÍ")[0]


def test_a_cost_that_is_not_known_leaves_the_sum_open() -> None:
    first, *others = district_plan().items
    text = text_of(evolve(district_plan(), items=(evolve(first, cost=None), *others)))
    assert "Tổng kinh phí: ……; nguồn kinh phí: ……." in text
    assert "1 việc chưa có chi phí, chưa tính vào các số tiền trên." in text


def test_a_plan_signed_after_the_last_day_says_so() -> None:
    text = text_of(evolve(district_plan(), signed_on=datetime.date(2025, 12, 3)))
    assert "Ngày ký sau ngày cuối cùng được tính của năm 2025 (29/11/2025)" in text


def test_a_commune_reports_to_its_district() -> None:
    commune = factory.commune()
    plan = evolve(district_plan(), unit=commune, superior=factory.DISTRICT, items=(item(commune, "I.2"),), rises=())
    text = text_of(plan)
    assert "ỦY BAN NHÂN DÂN HUYỆN ĐẮK HÀ ỦY BAN NHÂN DÂN XÃ ĐẮK HRING Số: ……/KH-UBND" in text
    assert "- UBND huyện Đắk Hà (b/c); - Lưu: VT." in text
    assert "Theo đề nghị của ……." in text
    assert "Tổng số 1 việc." in text


def test_a_plan_of_an_index_cites_its_window_and_leaves_its_signs_open() -> None:
    text = text_of(evolve(index_plan(), superior=factory.PROVINCE))
    assert "ỦY BAN NHÂN DÂN TỈNH KON TUM SỞ TƯ PHÁP Số: ……/KH-……" in text
    assert "GIÁM ĐỐC" in text
    assert "TM. ỦY BAN NHÂN DÂN" not in text
    assert "- Hoàn thành các việc đến 30/9/2025." in text
    assert "30/9: Ngày cuối cùng của thời gian lấy số liệu (Mục III.2.a)" in text
    assert "Kon Tum, ngày" in text
    assert "1.1 – Số lãnh đạo chỉ đạo" in text


@pytest.mark.parametrize(
    ("name", "head"),
    [("Văn phòng UBND tỉnh", "CHÁNH VĂN PHÒNG"), ("Ban Dân tộc", "TRƯỞNG BAN"), ("Đài Phát thanh", "……")],
)
def test_an_office_signs_by_its_own_head(name: str, head: str) -> None:
    plan = index_plan()
    office = issuing_office(evolve(plan, unit=evolve(plan.unit, name=name), superior=None))
    assert (office.capacity, office.superior, office.name) == ((head,), (), name)
    assert "……, ngày" in text_of(evolve(plan, unit=evolve(plan.unit, name=name), superior=None))


def test_a_proposal_is_left_open_where_the_framework_names_nobody() -> None:
    text = text_of(evolve(district_plan(), rulebook=evolve(factory.framework(), acts=())))
    assert "Theo đề nghị của ……." in text
    assert "- UBND tỉnh Kon Tum (b/c);" in text


def test_only_readings_of_what_the_plan_is_about_are_annexed() -> None:
    assert "CÁC CÁCH HIỂU" not in text_of(district_plan())
    plan = evolve(district_plan(), items=(*district_plan().items, item(factory.commune(), "II.3")))
    text = text_of(plan)
    assert "Phụ lục 01, II.3 (nếu có): được miễn. Tính là chưa đạt." in text
    assert "Một nửa của 7 xã" not in text
    assert "Các cách hiểu chung được ghi trong kon-tum-121-2025" in text


def test_long_lists_move_behind_the_signature() -> None:
    short, long = view_work_plan(many(MOST_IN_BODY)), view_work_plan(many(MOST_IN_BODY + 1, MOST_UNITS + 1))
    assert [annex.title for annex in short.annexes] == ["TIẾN ĐỘ THỰC HIỆN THEO CƠ QUAN NĂM 2025"]
    assert [annex.title for annex in long.annexes][:2] == ["CÁC ĐƠN VỊ ĐƯỢC NÂNG LÊN", "DANH MỤC CÔNG VIỆC"]
    text = text_of(many(MOST_IN_BODY + 1, MOST_UNITS + 1))
    assert "Từng việc, yêu cầu phải đáp ứng và thời hạn nêu tại Phụ lục II kèm theo." in text
    assert "Hiện trạng và mức cần đạt của từng đơn vị nêu tại Phụ lục I kèm theo." in text


def test_results_requirements_and_assumptions_stand_under_their_own_headings() -> None:
    result = Text(vi="Với 5.000.000.000 đồng (2025): thêm 3 huyện.", en="")
    text = text_of(evolve(district_plan(), results=(result,)))
    aims, _, rest = text.partition("2. Yêu cầu")
    demands, _, work = rest.partition("II. NỘI DUNG CÔNG VIỆC")
    assert f"- {result.vi}" in aims
    assert demands.split(" - ")[1:] == [
        "Mọi kết quả chỉ được tính khi có tài liệu kiểm chứng.",
        "Hoàn thành các việc trước 30/11/2025. ",
    ]
    assert "Cơ sở tính toán - 1 việc tính từ đầu vì chưa có số liệu." in work
    assert "Cơ sở tính toán" not in text_of(evolve(district_plan(), notes=()))


def test_what_the_copy_of_the_decision_leaves_blank_is_left_open_for_the_clerk() -> None:
    index = load_rulebook("chu-prong-2023")
    text = text_of(evolve(index_plan(), rulebook=index, superior=factory.PROVINCE))
    assert "Căn cứ Quyết định số ……/QĐ-BCĐ ngày ……/……/2023 của Ban chỉ đạo" in text
    whole = "Quyết định số 121/QĐ-UBND ngày 10 tháng 3 năm 2025 của Ủy ban nhân dân tỉnh Kon Tum"
    assert left_open(whole) == whole


def test_many_reasons_move_behind_the_signature() -> None:
    reasons = tuple(Text(vi=f"Lý do {n}.", en="") for n in range(MOST_REASONS + 1))
    titles = [annex.title for annex in view_work_plan(evolve(district_plan(), proof=reasons)).annexes]
    assert titles[-1] == "CƠ SỞ LỰA CHỌN PHƯƠNG ÁN"
    assert "- Không có kế hoạch nào khác tốt bằng." in text_of(district_plan()).partition("TM. ỦY BAN")[0]


# Marks


@pytest.mark.whole
def test_made_up_data_is_marked_on_every_page(draft: Files, final: Files) -> None:
    need("pdftotext")
    assert docx_headers(draft["docx"]) == ["\nDỮ LIỆU MÔ PHỎNG", "\nDỮ LIỆU MÔ PHỎNG"]
    document = docx.Document(io.BytesIO(draft["docx"]))
    for section in document.sections:
        assert "MÔ PHỎNG" in "".join(paragraph.text for paragraph in section.header.paragraphs)
    pages = pdf_pages(draft["pdf"])
    assert len(pages) > 2
    assert all("DỮ LIỆU MÔ PHỎNG" in page for page in pages)
    assert not any("MÔ PHỎNG" in page for page in pdf_pages(final["pdf"]))


# Layout: Nghị định 30/2020/NĐ-CP


def test_word_has_the_page_the_margins_and_the_font_of_the_decree(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    body, annexes = document.sections
    assert [round(length.mm) for length in (body.page_width, body.page_height)] == [210, 297]
    assert [round(length.mm) for length in (annexes.page_width, annexes.page_height)] == [297, 210]
    for section in (body, annexes):
        assert [round(length.mm) for length in (section.top_margin, section.bottom_margin)] == [20, 20]
        assert [round(length.mm) for length in (section.left_margin, section.right_margin)] == [30, 20]
    assert body.different_first_page_header_footer
    assert not annexes.different_first_page_header_footer
    sizes = {run.font.size for paragraph in document.paragraphs for run in paragraph.runs if run.text.strip()}
    assert sizes <= {Pt(11), Pt(13), Pt(14)}
    with zipfile.ZipFile(io.BytesIO(final["docx"])) as package:
        content = package.read("word/document.xml").decode()
    assert set(re.findall(r'<w:rFonts [^>]*w:ascii="([^"]+)"', content)) <= {"Times New Roman"}
    assert "{{" not in content
    assert "{%" not in content


def test_grounds_are_italic_and_the_signature_keeps_its_last_sentence(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    grounds = [p for p in document.paragraphs if p.text.startswith(("Căn cứ ", "Theo đề nghị"))]
    assert [ground.text[-1] for ground in grounds] == [";", ";", "."]
    assert all(run.italic for ground in grounds for run in ground.runs)
    [last] = [p for p in document.paragraphs if p.text.endswith("./.")]
    assert last.paragraph_format.keep_with_next
    assert last.text == (
        "Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị kịp thời phản ánh về Ủy ban nhân dân huyện "
        "Đắk Hà để xem xét, điều chỉnh./."
    )


def test_bars_are_shaded_in_word_and_read_where_no_shade_is_seen(final: Files) -> None:
    with zipfile.ZipFile(io.BytesIO(final["docx"])) as package:
        content = package.read("word/document.xml").decode()
    tasks = sum(len(work.tasks) for work in schedules_of(signed(district_plan()))[0].offices)
    assert content.count('w:fill="A6A6A6"') == content.count("■") == tasks * 10  # February to November
    assert [tag for tag, attributes in html_tags(final["html"].decode()) if attributes.get("class") == "bar"] == [
        "td"
    ] * (tasks * 10)


def test_table_heads_are_repeated_and_rows_are_not_torn(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    listed = [table for table in document.tables if table.cell(0, 0).text in ("STT", "Cơ quan, công việc")]
    assert len(listed) == 4
    for table in listed:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml or len(row._tr.tc_lst) == 1 for row in table.rows[1:])


@pytest.mark.whole
@pytest.mark.parametrize("name", ["final", "draft", "of_province"])
def test_pdf_is_a4_in_one_embedded_family(name: str, request: pytest.FixtureRequest) -> None:
    need("pdffonts", "pdfinfo", "pdftotext")
    content = request.getfixturevalue(name)["pdf"]
    fonts = pdf_fonts(content)
    assert {font[0].partition("+")[2].removesuffix("-Italic").removesuffix("-Bold") for font in fonts} == {
        "Liberation-Serif"
    }
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)
    assert "(A4)" in pdf_tool(content, "pdfinfo", "-")
    first, *others = pdf_pages(content)
    assert not first.split()[0].isdigit()
    assert [page.split()[0] for page in others] == [str(number) for number in range(2, len(others) + 2)]
    assert unicodedata.is_normalized("NFC", "".join([first, *others]))


@pytest.mark.whole
def test_text_of_the_pdf_stays_within_the_margins(final: Files) -> None:
    need("pdftotext")
    point = 25.4 / 72
    width = 0.0
    for line in pdf_tool(final["pdf"], "pdftotext", "-bbox", "-", "-").splitlines():
        if found := re.search(r'<page width="([\d.]+)"', line):
            width = float(found[1])
        if found := re.search(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', line):
            assert float(found[1]) * point > 29.5
            assert float(found[2]) * point < width * point - 19.5


@pytest.mark.whole
@pytest.mark.slow
def test_two_thousand_rows_are_paginated_with_their_heads_in_two_minutes_of_one_core() -> None:
    need("pdftotext")
    begun = time.process_time()
    files = render_work_plan(many(2000))
    assert time.process_time() - begun < 120
    pages = pdf_pages(files["pdf"])
    listed = [page for page in pages if "→ 50/100 (50%)" in page]
    assert all("Hiện trạng → cần đạt" in page for page in listed)
    assert sum(page.count("→ 50/100 (50%)") for page in listed) == 2000
    assert docx_text(files["docx"]).count("→ 50/100 (50%)") == 2000


# What comes from outside

HOSTILE = [
    'Xã <script>alert("1")</script> & {{ 7 * 7 }} {% raw %}',
    "Xã " + "rất dài " * 60,
    "Xã \u202eđảo ngược\u202c \u0000 \x07 קסם مرحبا",
    "=HYPERLINK(0)",
    "$x_1^2$ \\frac",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str) -> None:
    plan = province_plan()
    bad = evolve(plan.unit, name=name)
    items = tuple(evolve(each, name=name, office=name, unit=bad, missing=name, purpose=name) for each in plan.items)
    rises = tuple(evolve(each, unit=bad) for each in plan.rises)
    hostile = evolve(plan, unit=bad, items=items, rises=rises, goal=Text(vi=name, en=""), signer=name)
    files = dict(work_plan_files(hostile))
    page = next(content for kind, content in files.items() if kind.endswith(".html")).decode()
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page or "{{" not in name
    assert not re.search("[\u202a-\u202e\x00-\x08]", page)
    word = docx_text(next(content for kind, content in files.items() if kind.endswith(".docx")))
    assert name[:3].strip() in word
    assert not re.search("[\u202a-\u202e\x00-\x08]", word)


def test_equal_plans_give_equal_bytes() -> None:
    first, second = (dict(work_plan_files(province_plan())) for _ in range(2))
    assert first == second
    assert {name.removeprefix("ke-hoach-62-2025") for name in first} >= {
        ".html", ".docx", ".xlsx", "-tien-do-2025.svg", "-tien-do-2026.svg", "-kinh-phi.svg",
    }  # fmt: skip


# Pictures


def test_the_curve_steps_up_where_the_money_is_enough_and_says_every_value() -> None:
    plan = evolve(province_plan(), budgets=((2025, 19_500_000),))
    drawing = draw_curve(plan)
    assert drawing.description == (
        "0: 0 đồng; 1: 12.500.000 đồng; 2: 19.500.000 đồng; 3: 5.019.500.000 đồng; ngân sách 19.500.000 đồng đủ cho 2"
    )
    assert "Ngân sách 19.500.000 đồng → 2" in [label.text for label in drawing.labels]
    thick = [stroke for stroke in drawing.strokes if stroke.width == 7]
    assert all(stroke.x1 == stroke.x2 or stroke.y1 == stroke.y2 for stroke in thick)
    assert all(stroke.x1 <= stroke.x2 and stroke.y1 >= stroke.y2 for stroke in thick)


@pytest.mark.parametrize("curve", [((0, 0),), ((0, 0), (1, 0)), tuple((n, n * n) for n in range(706))])
def test_every_curve_can_be_drawn(curve: tuple[tuple[int, int], ...]) -> None:
    for budgets in ((), ((2025, 0),), ((2025, 10**12),), ((2025, 1), (2026, 1))):
        drawing = draw_curve(evolve(province_plan(), curve=curve, budgets=budgets))
        assert all(0 <= stroke.x1 <= drawing.width and 0 <= stroke.y1 <= drawing.height for stroke in drawing.strokes)
        assert len(drawing.labels) < 40
        assert len(drawing.description) < 3000


def test_a_budget_is_enough_for_as_many_as_it_pays_and_no_more() -> None:
    plan = province_plan()
    assert [within(plan, sum_) for sum_ in (0, 12_499_999, 12_500_000, 10**10)] == [0, 0, 1, 3]


def test_the_timeline_shows_tasks_or_where_they_are_too_many_offices() -> None:
    few, lots = (draw_timeline(plan, schedules_of(plan)[0]) for plan in (district_plan(), many(400)))
    assert len(few.boxes) == 3 * 11
    assert "(chưa phân công) (1)" in [label.text for label in few.labels]
    assert few.description.startswith("Phòng Văn hóa, Khoa học và Thông tin: 2 việc, từ 01/01/2025 đến 29/11/2025")
    assert len(lots.boxes) == 3 * 11
