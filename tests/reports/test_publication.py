"""The decision that publishes a ranking: what it says, who signs it, how it is laid out."""

import io
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
from attrs import evolve

from evidence.units import Unit
from levels.faults import Faulty, Text
from levels.framework import Tier
from levels.loader import load_index
from reports.publication import publisher_of, render_publication
from rules.publication import Publication
from tests.reports import index_factory as factory
from tests.reports.looking import (
    compare_golden,
    docx_headers,
    docx_text,
    html_text,
    need,
    pdf_fonts,
    pdf_pages,
    pdf_tool,
)

Files = Mapping[str, bytes]
OPEN = (Text(vi="Huyện Tiên Du (261): chưa thẩm định 1.2", en="Huyện Tiên Du (261): not appraised yet: 1.2"),)


@pytest.fixture(scope="module")
def final() -> Files:
    return render_publication(factory.publication(final=True))


@pytest.fixture(scope="module")
def draft() -> Files:
    return render_publication(factory.publication(provisional=OPEN, synthetic=True))


def text_of(files: Files) -> str:
    return html_text(files["html"].decode())


def page_of(publication: Publication) -> str:
    return text_of(render_publication(publication, kinds=("html",)))


# What it says


def test_the_publication_reads_as_agreed(final: Files) -> None:
    compare_golden("cong-bo-xep-hang.txt", docx_text(final["docx"]))


def test_the_draft_reads_as_agreed(draft: Files) -> None:
    compare_golden("cong-bo-xep-hang-du-thao.txt", docx_text(draft["docx"]))


@pytest.mark.parametrize("name", ["final", "draft"])
def test_word_html_and_pdf_say_the_same(name: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(name)
    page = re.sub(r"\s", "", text_of(files))
    for line in docx_text(files["docx"]).splitlines():
        for cell in line.split("\t"):
            for part in cell.split(" / "):
                assert re.sub(r"\s", "", part.partition(". ")[2] if part[:1].isdigit() else part) in page


@pytest.mark.parametrize(
    ("name", "tier", "chairman", "proposed_by"),
    [
        ("bac-ninh-1187-2023", Tier.PROVINCE, True, "Ban chỉ đạo chuyển đổi số tỉnh"),
        ("ha-noi-2024", Tier.PROVINCE, False, "Giám đốc Sở Thông tin và Truyền thông"),
        ("dak-lak-2534-2022", Tier.PROVINCE, False, "Giám đốc Sở Thông tin và Truyền thông"),
        ("dak-lak-2534-2022", Tier.DISTRICT, False, "Trưởng phòng văn hóa và Thông tin"),
    ],
)
def test_who_publishes_is_read_from_the_roles_of_the_decision(
    name: str, tier: Tier, chairman: bool, proposed_by: str
) -> None:
    publisher = publisher_of(load_index(name), tier)
    assert publisher is not None
    assert (publisher.chairman, publisher.proposed_by) == (chairman, proposed_by)


def test_a_chairman_signs_in_his_own_name_and_a_committee_through_its_chairman(final: Files) -> None:
    text = text_of(final)
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH BẮC NINH Căn cứ" in text
    assert "CHỦ TỊCH Nguyễn Văn Đông PHỤ LỤC I" in text
    assert "TM. ỦY BAN" not in text
    committee = page_of(factory.publication(final=True, signed_by="committee"))
    assert "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH Nguyễn Văn Đông" in committee
    assert "của Ủy ban nhân dân tỉnh Bắc Ninh)" in committee


def test_a_district_publishes_under_its_province() -> None:
    district = factory.district(3, "Huyện Krông Búk")
    publication = factory.publication(issuer=district, superior=factory.PROVINCE, signed_by="committee")
    text = page_of(publication)
    assert "ỦY BAN NHÂN DÂN TỈNH BẮC NINH ỦY BAN NHÂN DÂN HUYỆN KRÔNG BÚK Số: ……/QĐ-UBND" in text
    assert "trên địa bàn huyện Krông Búk" in text
    assert "Theo đề nghị của ……." in text


def test_where_the_decision_names_no_publisher_the_office_is_asked() -> None:
    assert publisher_of(load_index("chu-prong-2023"), Tier.PROVINCE) is None
    silent = evolve(factory.index(), roles=())
    text = page_of(factory.publication(final=True, index=silent))
    assert "(DỰ THẢO – chưa có cơ quan công bố)" in text
    assert "của ……)" in text
    asked = factory.publication(
        final=True,
        index=silent,
        signed_by="committee",
        proposed_by="Giám đốc Sở Khoa học và Công nghệ",
        responsible="Giám đốc các sở",
        recipients=("Thường trực Tỉnh ủy (b/c)",),
    )
    answered = page_of(asked)
    assert "DỰ THẢO" not in answered
    assert "Theo đề nghị của Giám đốc Sở Khoa học và Công nghệ." in answered
    assert "Giám đốc các sở chịu trách nhiệm thi hành Quyết định này./." in answered
    assert "- Như Điều 3; - Thường trực Tỉnh ủy (b/c); - Lưu: VT." in answered


@pytest.mark.parametrize(
    ("lacking", "mark"),
    [
        ({"number": ""}, "(DỰ THẢO – chưa có số)"),
        ({"signed_on": None}, "(DỰ THẢO – chưa có ngày ký)"),
        ({"signer": ""}, "(DỰ THẢO – chưa có người ký)"),
        ({"provisional": OPEN}, "(DỰ THẢO – kết quả còn là tạm tính)"),
        ({}, ""),
    ],
)
def test_it_is_a_draft_until_it_is_numbered_dated_signed_and_final(lacking: dict[str, object], mark: str) -> None:
    text = page_of(factory.publication(final=True, **lacking))
    assert text.count("(DỰ THẢO)") == (len(re.findall("PHỤ LỤC [IV]+", text)) if mark else 0)
    assert mark in text
    assert ("DỰ THẢO" in text) is bool(mark)


def test_units_are_compared_by_percentage_only_where_their_maxima_differ(final: Files) -> None:
    departments, districts = docx_text(final["docx"]).split("PHỤ LỤC II\n")
    assert "Tỷ lệ (%)" in departments
    assert "132,25/150\t88,17" in departments
    assert "Tỷ lệ (%)" not in districts.partition("PHỤ LỤC III")[0]
    assert "Các huyện, thị xã, thành phố: 08 đơn vị; xếp thứ nhất: Thành phố Bắc Ninh (179,63 điểm)" in departments


def test_ties_share_a_rank_and_last_years_rank_stands_beside(final: Files) -> None:
    rows = [line.split("\t") for line in docx_text(final["docx"]).splitlines() if "\t" in line]
    ranks = {row[1]: (row[0], row[-1]) for row in rows}
    assert ranks["Thị xã Quế Võ"][0] == ranks["Thị xã Thuận Thành"][0] == "3"
    assert ranks["Huyện Yên Phong"] == ("5", "–")  # nothing is known of last year
    assert ranks["Thành phố Bắc Ninh"] == ("1", "4 ▲3")
    assert ranks["Thị xã Quế Võ"][1] == "1 ▼2"
    assert ranks["Thị xã Thuận Thành"][1] == "3 ="


def test_what_is_missing_refused_or_not_subject_is_marked_and_listed(draft: Files) -> None:
    text = docx_text(draft["docx"])
    assert "22,50 *\t0,00 ×\t23,50\t25,00 ?\t50,58" in text
    assert "Huyện Tiên Du\tchưa có số liệu, tính 0 điểm\t4.1\t10" in text
    assert "Huyện Tiên Du\tkhông chấp nhận, tính 0 điểm\t2.1\t20" in text
    assert "Thanh tra tỉnh\tkhông thuộc diện đánh giá\t3.1, 3.2, 3.3, 3.4, 3.5\t50" in text
    assert "? có chỉ số chưa có số liệu được Hội đồng chấp nhận, tính 0 điểm; × có chỉ số không chấp nhận" in text


def test_a_complete_ranking_without_readings_has_only_its_own_annexes() -> None:
    bare = evolve(factory.index(), interpretations=())
    publication = factory.publication(final=True, index=bare, closed=True)
    text = page_of(evolve(publication, groups=publication.groups[1:]))
    assert "PHỤ LỤC II" not in text
    assert "Hồ sơ đã được Hội đồng chốt; nội dung chưa được chứng minh tính 0 điểm." in text


def test_a_group_within_a_parent_and_a_bonus_are_told() -> None:
    publication = factory.publication(final=True)
    group = publication.groups[1]
    best = group.places[0]
    lifted = evolve(best, score=evolve(best.score, points=best.score.points + 3, bonus=best.score.points * 0 + 3))
    text = page_of(evolve(publication, groups=(evolve(group, places=(lifted, *group.places[1:])),)))
    assert "182,63 +3 KK" in text
    assert "KK: điểm khuyến khích, đã cộng trong tổng điểm." in text


# Layout


def test_the_decision_stands_upright_and_its_annexes_lie_across(final: Files) -> None:
    upright, across = docx.Document(io.BytesIO(final["docx"])).sections
    assert [round(length.mm) for length in (upright.page_width, upright.page_height)] == [210, 297]
    assert [round(length.mm) for length in (across.page_width, across.page_height)] == [297, 210]
    for section in (upright, across):
        assert [round(length.mm) for length in (section.top_margin, section.left_margin, section.right_margin)] == [
            20,
            30,
            20,
        ]
    assert upright.different_first_page_header_footer
    assert not across.different_first_page_header_footer  # the number goes on
    assert across.header.is_linked_to_previous


def test_tables_fill_the_page_and_repeat_their_heads(final: Files) -> None:
    document = docx.Document(io.BytesIO(final["docx"]))
    tables = document.tables[2:]
    assert len(tables) == 4
    for table in tables:
        assert 246 <= sum(column.width.mm for column in table.columns) <= 248
        assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert not table._tbl.xpath("./w:tblPr/w:tblCaption")
    heads = [cell.text for cell in tables[1].rows[0].cells]
    assert heads[:3] == ["Hạng", "Đơn vị", "Tổng điểm"]
    assert heads[-2:] == ["Hoạt động chính quyền số (60)", "Hạng năm trước"]


def test_made_up_data_is_marked_on_every_page(draft: Files, final: Files) -> None:
    assert docx_headers(draft["docx"]) == ["\nDỮ LIỆU MÔ PHỎNG", "\nDỮ LIỆU MÔ PHỎNG"]
    assert "MÔ PHỎNG" not in text_of(final) + "".join(docx_headers(final["docx"]))


@pytest.mark.whole
def test_every_page_of_the_pdf_is_marked_numbered_and_inside_its_margins(draft: Files) -> None:
    need("pdftotext", "pdfinfo", "pdffonts")
    pages = pdf_pages(draft["pdf"])
    assert all("DỮ LIỆU MÔ PHỎNG" in page for page in pages)
    assert [page.split()[0] for page in pages[1:]] == [str(number) for number in range(2, len(pages) + 1)]
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x", pdf_tool(draft["pdf"], "pdfinfo", "-l", "99", "-"))
    assert [round(float(width)) for width in sizes] == [595] * 2 + [842] * (len(pages) - 2)
    boxes = pdf_tool(draft["pdf"], "pdftotext", "-bbox", "-", "-")
    right = [float(x) * 25.4 / 72 for x in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(right) < 277.5
    assert {font[0].partition("+")[2].partition("-")[0] for font in pdf_fonts(draft["pdf"])} == {"Liberation"}


@pytest.mark.whole
def test_thirty_units_and_nine_pillars_overflow_nothing() -> None:
    need("pdftotext")
    group = factory.districts(count=30)
    publication = evolve(factory.publication(), groups=(group,))
    pages = pdf_pages(render_publication(publication, kinds=("pdf",))["pdf"])
    rows = [line for page in pages for line in page.splitlines() if re.match(r"\s+\d+\s+Huyện", line)]
    assert len(rows) == 30
    assert all(len(re.findall(r"\d+,\d\d", row)) >= 6 for row in rows)  # no figure is torn
    assert sum("Hạng" in page and "Đơn vị" in page for page in pages) >= 2  # the head is repeated


# Escaping, sameness, templates


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "{% raise %}", "</w:t><w:t>x", "a\x00b"])
def test_hostile_names_are_printed_as_they_are(name: str) -> None:
    publication = factory.publication()
    group = publication.groups[1]
    place = evolve(group.places[0], score=evolve(group.places[0].score, unit=factory.district(0, name)))
    hostile = evolve(publication, groups=(evolve(group, places=(place, *group.places[1:])),))
    files = render_publication(hostile, kinds=("html", "docx"))
    shown = name.replace("\x00", "\ufffd")
    assert shown in text_of(files)
    assert "<script" not in files["html"].decode()
    assert shown in docx_text(files["docx"])


def test_the_same_publication_gives_the_same_bytes_in_nfc(final: Files) -> None:
    again = render_publication(factory.publication(final=True))
    assert again == final
    assert unicodedata.is_normalized("NFC", final["html"].decode() + docx_text(final["docx"]))


def test_an_office_may_use_its_own_template(tmp_path: Path) -> None:
    path = tmp_path / "mau.docx"
    document = docx.Document()
    document.add_paragraph("{{ subject }} – {{ annexes[0].table.rows | length }}")
    document.save(str(path))
    files = render_publication(factory.publication(), template=path, kinds=("docx",))
    assert docx_text(files["docx"]).endswith("trên địa bàn tỉnh Bắc Ninh – 4\n")
    with pytest.raises(Faulty):
        render_publication(factory.publication(), template=tmp_path / "none.docx", kinds=("docx",))


def test_a_unit_without_a_kind_is_published_too() -> None:
    assert "ỦY BAN NHÂN DÂN BẮC NINH" in page_of(factory.publication(issuer=Unit("27", "Bắc Ninh", Tier.PROVINCE)))
