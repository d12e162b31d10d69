"""Score sheets, work lists and the report on a ranking: what they say and how they are laid out."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from fractions import Fraction

import docx
import openpyxl
import pytest
from attrs import evolve

from evidence.facts import Amount, Status
from levels.framework import Tier
from levels.index import Bonus, GeneralItem
from reports.ranking_report import render_ranking_report
from reports.round_table import change_sentence, rounds_table
from reports.score_sheet import render_score_sheet, view_score_sheet
from reports.work_list import (
    bar,
    joint_note,
    missing_inputs,
    render_work_list,
    view_work_list,
    work_list_workbook,
)
from rules.scores import Ranking, RoundChange
from rules.worklists import Progress, WorkList, work_lists
from tests.reports import index_factory as factory
from tests.reports.looking import compare_golden, docx_text, html_tags, html_text, need, pdf_fonts, pdf_pages, pdf_tool

Files = Mapping[str, bytes]
OFFICE = "Văn phòng HĐND&UBND huyện"


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return factory.ranking()


@pytest.fixture(scope="module")
def sheet(ranking: Ranking) -> Files:
    return render_score_sheet(factory.place(ranking), ranking, factory.rounds(ranking))


@pytest.fixture(scope="module")
def report(ranking: Ranking) -> Files:
    return render_ranking_report(ranking)


@pytest.fixture(scope="module")
def work(ranking: Ranking) -> WorkList:
    scores = {place.score.unit.code: place.score for place in ranking.groups[1].places}
    lists = work_lists(factory.index(), Tier.DISTRICT, scores)
    found = next(each for each in lists if each.office == OFFICE)
    return evolve(found, general=(GeneralItem("12", "Số lượng máy chủ vật lý", "máy", OFFICE, "I.12"),))


@pytest.fixture(scope="module")
def tasks(work: WorkList) -> Files:
    return render_work_list(work, factory.index(), factory.CYCLE)


def text_of(files: Files) -> str:
    return html_text(files["html"].decode())


# What they say


def test_the_score_sheet_reads_as_agreed(sheet: Files) -> None:
    compare_golden("phieu-diem.txt", docx_text(sheet["docx"]))


def test_the_report_reads_as_agreed(report: Files) -> None:
    compare_golden("bao-cao-xep-hang.txt", docx_text(report["docx"]))


def test_the_work_list_reads_as_agreed(tasks: Files) -> None:
    compare_golden("danh-muc-cong-viec.txt", docx_text(tasks["docx"]))


@pytest.mark.parametrize("name", ["sheet", "report", "tasks"])
def test_word_and_html_say_the_same_in_nfc(name: str, request: pytest.FixtureRequest) -> None:
    files: Files = request.getfixturevalue(name)
    page = re.sub(r"\s", "", text_of(files))
    for line in docx_text(files["docx"]).splitlines():
        for cell in line.split("\t"):
            for part in cell.split(" / "):
                assert re.sub(r"\s", "", part.partition(". ")[2] if part[:1].isdigit() else part) in page
    assert unicodedata.is_normalized("NFC", files["html"].decode() + docx_text(files["docx"]))


def test_a_score_sheet_speaks_english_too(ranking: Ranking) -> None:
    place = factory.place(ranking)
    text = text_of(render_score_sheet(place, ranking, language="en", kinds=("html",)))
    assert "SCORE SHEET" in text
    assert "10 more of c: 4.42 points more – “Tỷ lệ≥80%: Điểm tối đa”" in text
    assert "Points by round" not in text
    assert "(PROVISIONAL – not an official result)" in text


def test_a_settled_sheet_is_not_called_provisional_and_hides_no_zero(ranking: Ranking) -> None:
    place = factory.place(ranking, "Thành phố Bắc Ninh")
    text = text_of(render_score_sheet(place, ranking, kinds=("html",)))
    assert "TẠM TÍNH" not in text
    assert "hạng 1/8 nhóm “Các huyện, thị xã, thành phố”" in text


def test_a_unit_that_is_not_ranked_has_no_sheet(ranking: Ranking) -> None:
    stranger = factory.ranked(factory.index().groups[1], [factory.every_kind(factory.district(99))]).places[0]
    with pytest.raises(KeyError):
        view_score_sheet(stranger, ranking, (), "vi")


def test_bonus_points_stand_on_the_sheet_with_their_reason(ranking: Ranking) -> None:
    place = factory.place(ranking)
    index = factory.index()
    bonus = Bonus("KK", "Điểm khuyến khích", "Điều 2")
    with_bonus = evolve(index, sets={**index.sets, Tier.DISTRICT: evolve(index.sets[Tier.DISTRICT], bonus=bonus)})
    fact = factory.fact(place.score.unit, place.score.indicators[0].indicator, "1", Amount(2, 1), note="Sáng kiến mới")
    lifted = evolve(place, score=evolve(place.score, index=with_bonus, bonus=Fraction(2), bonus_fact=fact))
    rounds = factory.rounds(ranking)
    change = RoundChange(bonus, Fraction(0), Fraction(2), "Sáng kiến mới", 8, 7)
    rounds = (*rounds[:-2], evolve(rounds[-2], changes=(change,), place=lifted), evolve(rounds[-1], place=lifted))
    text = text_of(render_score_sheet(lifted, ranking, rounds, kinds=("html",)))
    assert "KK Điểm khuyến khích – 2 Sáng kiến mới" in text
    assert "Đánh giá vòng 2 (hạng 8 → 7): Sáng kiến mới" in text


def test_rounds_tell_reasons_and_what_each_did_to_the_rank(ranking: Ranking, sheet: Files) -> None:
    text = docx_text(sheet["docx"])
    assert "Tổng điểm\t190\t146,58\t119,58\t121,58\t121,58\t121,58" in text
    assert (
        "Đánh giá vòng 1 (hạng 3 → 4): không nêu lý do / Bổ sung giải trình (hạng 7 → 6): Bổ sung phiếu khảo sát"
        in text
    )
    place = factory.place(ranking)
    same = [evolve(each, changes=()) for each in factory.rounds(ranking)]
    assert rounds_table(place, same, "vi").rows[-1].heading


def test_an_exemption_between_rounds_is_told_as_that_and_not_as_no_points(ranking: Ranking) -> None:
    place, rounds = factory.place(ranking), factory.rounds(ranking)
    survey = place.score.indicators[0].indicator
    exempt = RoundChange(survey, Fraction(0), Fraction(0), "không có dịch vụ công", 19, 17, -10)
    told = change_sentence(rounds[1], exempt, "vi")
    assert "chỉ số không còn áp dụng (điểm tối đa được tính −10) (không có dịch vụ công)" in told
    assert "từ 0 thành 0" not in told
    assert "from 4 to 0 points, the indicator no longer applies (reachable maximum −10)" in change_sentence(
        rounds[1], evolve(exempt, before=Fraction(4)), "en"
    )
    again = evolve(exempt, reachable=10)
    assert "chỉ số được áp dụng (điểm tối đa được tính +10)" in change_sentence(rounds[1], again, "vi")
    table = rounds_table(place, [rounds[0], evolve(rounds[1], changes=(exempt,))], "en")
    assert "the indicator no longer applies (reachable maximum −10); không có dịch vụ công" in str(table.rows[-1])


def test_joint_leads_are_said_to_count_for_each_office(work: WorkList) -> None:
    other = evolve(work, office="Công an huyện", lead=work.lead[:1])
    assert joint_note([work], "vi") == ""
    assert joint_note([work, other], "vi").startswith("1 chỉ số do nhiều cơ quan cùng phụ trách được tính đủ")
    assert joint_note([work, work], "en").startswith("4 indicators with several offices in charge")
    assert joint_note([work, other], "en").startswith("1 indicator with")
    book = openpyxl.load_workbook(io.BytesIO(work_list_workbook([work, other], factory.index(), 2023)))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert joint_note([work, other], "vi") in cells


def test_readings_that_a_score_rests_on_are_cited(sheet: Files) -> None:
    assert "Phụ lục III, 1.2 (chỉ số 1.2): 10 tin, bài được tính từ 10 trở lên." in text_of(sheet)


# Work lists


def test_a_work_list_tells_what_is_led_supported_and_still_missing(work: WorkList, tasks: Files) -> None:
    text = docx_text(tasks["docx"])
    assert "Phụ trách 4 chỉ số (tối đa 100 điểm), phối hợp 1 chỉ số, cung cấp 1 nội dung thông tin chung." in text
    assert "I.12\tSố lượng máy chủ vật lý\tmáy" in text
    assert [indicator.code for indicator in work.support] == ["1.1"]


def test_missing_facts_are_named_as_evidence_writes_them(ranking: Ranking) -> None:
    score = factory.place(ranking).score
    lines = tuple(line for line in score.indicators if line.indicator.code in ("4.1", "5.1"))
    unknown = evolve(lines[1].inputs[0], fact=evolve(lines[1].inputs[0].fact, status=Status.UNKNOWN))
    lines = (lines[0], evolve(lines[1], inputs=(unknown, *lines[1].inputs[1:])))
    assert list(missing_inputs(Progress(score.unit, lines))) == ["4.1", "5.1:a"]
    indicators = tuple(line.indicator for line in lines)
    work = WorkList("Công an huyện", indicators, (), (), (Progress(score.unit, lines),))
    view = view_work_list(work, factory.index(), factory.CYCLE, "en")
    assert "3 of 5 facts are there, 3 of them accepted; 2 are missing." in view.summary
    assert view.units is not None
    assert view.units.rows[0].cells[-1][0].text == "4.1, 5.1:a"
    assert view.support is view.general is None


@pytest.mark.parametrize(
    ("done", "of", "text"),
    [
        (0, 4, "□□□□□□□□□□ 0/4"),
        (1, 99, "■□□□□□□□□□ 1/99"),
        (98, 99, "■■■■■■■■■□ 98/99"),
        (4, 4, "■■■■■■■■■■ 4/4"),
        (0, 0, "–"),
    ],
)
def test_a_bar_is_full_only_where_all_is_done_and_empty_only_where_nothing_is(done: int, of: int, text: str) -> None:
    assert bar(done, of) == text


def test_an_office_without_facts_has_a_work_list(work: WorkList) -> None:
    view = view_work_list(evolve(work, progress=()), factory.index(), factory.CYCLE, "vi")
    assert view.units is None
    assert view.lead is not None
    assert view.lead.rows[0].cells[-1][0].text == "–"
    assert view.synthetic_mark == ""


def test_work_lists_of_made_up_facts_say_so() -> None:
    group = factory.districts(synthetic=True)
    scores = {place.score.unit.code: place.score for place in group.places}
    [first, *_] = work_lists(factory.index(), Tier.DISTRICT, scores)
    assert "DỮ LIỆU MÔ PHỎNG" in text_of(render_work_list(first, factory.index(), factory.CYCLE, kinds=("html",)))


# Layout


@pytest.mark.whole
@pytest.mark.parametrize("name", ["sheet", "report", "tasks"])
def test_papers_lie_across_are_numbered_and_keep_their_margins(name: str, request: pytest.FixtureRequest) -> None:
    need("pdftotext", "pdfinfo", "pdffonts")
    content = request.getfixturevalue(name)["pdf"]
    assert re.search(r"841.89 x 595.2\d+ pts \(A4\)", pdf_tool(content, "pdfinfo", "-"))
    first, *others = pdf_pages(content)
    assert not first.split()[0].isdigit()
    assert [page.split()[0] for page in others] == [str(number) for number in range(2, len(others) + 2)]
    boxes = pdf_tool(content, "pdftotext", "-bbox", "-", "-")
    assert min(float(x) * 25.4 / 72 for x in re.findall(r'<word xMin="([\d.]+)"', boxes)) > 29.9
    assert max(float(x) * 25.4 / 72 for x in re.findall(r'xMax="([\d.]+)"', boxes)) < 277.5
    assert max(float(y) * 25.4 / 72 for y in re.findall(r'yMax="([\d.]+)"', boxes)) < 190.5
    assert {font[0].partition("+")[2].partition("-")[0] for font in pdf_fonts(content)} == {"Liberation"}


@pytest.mark.parametrize("name", ["sheet", "report", "tasks"])
def test_word_tables_are_as_wide_as_the_page_and_repeat_their_heads(name: str, request: pytest.FixtureRequest) -> None:
    document = docx.Document(io.BytesIO(request.getfixturevalue(name)["docx"]))
    grids = [table for table in document.tables if table._tbl.xpath("./w:tr/w:trPr/w:tblHeader")]
    assert len(grids) >= 3
    for table in grids:
        assert 246 <= sum(column.width.mm for column in table.columns) <= 248


def test_pictures_stand_in_word_with_words_for_who_cannot_see_them(sheet: Files, report: Files) -> None:
    for files, count in ((sheet, 2), (report, 4)):
        with zipfile.ZipFile(io.BytesIO(files["docx"])) as package:
            body = package.read("word/document.xml").decode()
            pictures = [name for name in package.namelist() if name.endswith(".png")]
        assert len(pictures) == len(re.findall(r'<wp:docPr [^>]*descr="([^"]+)"', body)) == count


def test_pages_load_nothing_from_elsewhere(sheet: Files, report: Files, tasks: Files) -> None:
    for files in (sheet, report, tasks):
        page = files["html"].decode()
        assert not [
            tag for tag, names in html_tags(page) if tag in {"script", "link", "img", "iframe"} or "src" in names
        ]
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_same_facts_give_the_same_bytes(ranking: Ranking, report: Files, work: WorkList, tasks: Files) -> None:
    assert render_ranking_report(ranking) == report
    assert render_work_list(work, factory.index(), factory.CYCLE) == tasks


@pytest.mark.whole
def test_hostile_notes_reach_neither_markup_nor_fields(ranking: Ranking) -> None:
    note = '<img src="http://x/">{{ title }}'
    place = factory.place(ranking)
    lines = [
        evolve(line, inputs=tuple(evolve(v, fact=evolve(v.fact, note=note) if v.fact else None) for v in line.inputs))
        for line in place.score.indicators
    ]
    files = render_score_sheet(evolve(place, score=factory.score(place.score.unit, lines)), ranking)
    assert note in text_of(files)
    assert note in docx_text(files["docx"])
