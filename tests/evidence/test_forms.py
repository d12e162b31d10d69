"""The Excel form: what is filled in comes back exactly, and it looks like what an office would send."""

import datetime
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from evidence.facts import Amount, Document, Fact, Status
from evidence.form_layout import META_SHEET
from evidence.form_tables import RECOGNITION
from evidence.forms import read_form_cycle, read_forms, write_form
from levels.faults import Faulty
from levels.framework import Criterion, Tier
from tests.evidence.form_kit import (
    COMMUNE,
    CRITERIA,
    CYCLE,
    DISTRICT,
    FRAMEWORK,
    OTHER,
    PLACES,
    PROVINCE,
    SHEET,
    UNITS,
    VACUOUS,
    dossier,
    fact,
    faults_of,
    fill,
    letter,
    new_form,
    read,
    row_of,
)

INJECTIONS = ["=1+1", '=HYPERLINK("http://x.example","y")', "+1", "-1", "@SUM(A1)", "'=1", "http://x.example", "{=1}"]

DOSSIER = dossier(
    fact(
        "I.1",
        amount=Amount(120, 124),
        documents=(Document("Báo cáo số 15/BC-UBND"), Document("https://example.vn/1.pdf")),
        source="Cổng dịch vụ công",
        measured_on=datetime.date(2025, 11, 20),
        note="Số liệu đến 20/11",
    ),
    fact("I.2", amount=Amount(6996, 10000)),
    fact("I.4", amount=Amount(1)),
    fact("I.5", amount=Amount(0)),
    fact("I.7", amount=Amount(2)),
    fact("I.9", amount=Amount(0, 0)),
    fact("II.1", Status.UNKNOWN, note="Đang thu thập"),
)
RULED = dossier(
    fact("I.1", Status.VERIFIED, amount=Amount(120, 124), documents=(Document("15/BC-UBND"),)),
    fact("I.2", Status.ADJUSTED, amount=Amount(74, 104), reported=Amount(80, 104), note="Đối chiếu hệ thống"),
    fact("I.4", Status.REJECTED, amount=Amount(1), note="Không có tài liệu"),
    fact("I.9", Status.EXEMPT, amount=Amount(0, 0), note="Không có hệ thống thông tin"),
    fact("II.3", Status.EXEMPT, note="Xã không có sản phẩm OCOP"),
    fact("III.1", amount=Amount(3, 4)),
)


def test_a_self_assessment_comes_back_as_it_was_filled_in(tmp_path: Path) -> None:
    content = read(new_form(tmp_path / "a.xlsx", *DOSSIER.values()))
    assert content.facts == DOSSIER
    assert (content.unit, content.cycle, content.appraised, content.warnings) == (COMMUNE, CYCLE, False, ())


def test_a_councils_form_comes_back_with_its_rulings(tmp_path: Path) -> None:
    content = read(new_form(tmp_path / "a.xlsx", *RULED.values(), appraisal=True))
    assert content.facts == RULED
    assert content.appraised
    assert [warning.column for warning in content.warnings] == [f"Phụ lục 01!{letter('document')}"]


def test_every_fact_is_found_again_at_its_row_and_column(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", *RULED.values(), fact("I.12", Status.UNKNOWN, note="Đang lắp"), appraisal=True)
    content = read(fill(path, {("III.2", "value"): "70 %"}))
    columns = {"I.2": "numerator", "I.4": "value", "II.3": "status", "I.12": "number", "III.2": "value"}
    assert content.rows.keys() == content.facts.keys()
    for code, key in columns.items():
        assert content.rows[code] == (row_of(code), f"Phụ lục 01!{letter(key)}")


def test_an_empty_form_holds_no_facts_and_a_zero_is_one(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx")
    assert read(path).facts == {}
    assert read(fill(path, {("I.7", "value"): 0})).facts == dossier(fact("I.7", amount=Amount(0)))


def test_without_the_councils_part_only_what_the_unit_reported_is_shown(tmp_path: Path) -> None:
    facts = read(new_form(tmp_path / "a.xlsx", *RULED.values())).facts
    assert {each.status for each in facts.values()} == {Status.SELF_REPORTED}
    assert facts["I.2"].amount == Amount(80, 104)
    assert not any(each.note for each in facts.values())
    assert "II.3" not in facts


def test_a_fact_of_another_cycle_is_filled_in_only_where_it_states_its_day(tmp_path: Path) -> None:
    dated = fact("I.11", amount=Amount(3, 4), measured_on=datetime.date(2024, 6, 1), cycle=2024)
    undated = fact("I.1", amount=Amount(1, 2), cycle=2024)
    facts = read(new_form(tmp_path / "a.xlsx", dated, undated)).facts
    assert facts == dossier(fact("I.11", amount=Amount(3, 4), measured_on=datetime.date(2024, 6, 1)))


def test_the_councils_reason_and_the_units_note_are_both_kept(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", RULED["I.4"], appraisal=True)
    (read_fact,) = read(fill(path, {("I.4", "note"): "Đã gửi lại"})).facts.values()
    assert read_fact.note == "Không có tài liệu\n(Ghi chú của đơn vị: Đã gửi lại)"


def test_the_units_note_is_no_reason_of_the_council(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", appraisal=True)
    cells = {("II.3", "note"): "Xã không có OCOP", ("II.3", "status"): "được miễn"}
    assert "exempt without a reason" in faults_of(fill(path, cells))[0]


def test_a_verified_fact_keeps_the_units_note(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", appraisal=True)
    cells = {
        ("I.1", "numerator"): 1,
        ("I.1", "denominator"): 2,
        ("I.1", "status"): "đã xác minh",
        ("I.1", "note"): "x",
    }
    assert read(fill(path, cells)).facts["I.1"].note == "x"


def test_a_derived_criterion_is_computed_and_takes_no_value(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", unit=DISTRICT)
    sheet = load_workbook(path)[SHEET[Tier.DISTRICT]]
    assert sheet[f"{letter('value')}{row_of('I.1', DISTRICT)}"].value == "Hệ thống tự tính"
    fill(path, {("I.1", "numerator"): 5, ("I.1", "document"): "x"}, DISTRICT)
    row = row_of("I.1", DISTRICT)
    assert faults_of(path) == [
        f"{row}:Phụ lục 02!K: there is content in a cell that takes none; leave this cell empty",
        f"{row}:Phụ lục 02!N: there is content in a cell that takes none; leave this cell empty",
    ]


def test_only_a_district_without_communes_can_be_exempted_from_the_derived_criterion(tmp_path: Path) -> None:
    cells = {("I.1", "status"): "được miễn", ("I.1", "reason"): "Không có xã trực thuộc"}
    vacuous = fill(new_form(tmp_path / "a.xlsx", unit=VACUOUS, appraisal=True), cells, VACUOUS)
    assert read(vacuous).facts["I.1"].status is Status.EXEMPT
    ordinary = fill(new_form(tmp_path / "b.xlsx", unit=DISTRICT, appraisal=True), cells, DISTRICT)
    assert "608 has member units and cannot be exempted from I.1" in faults_of(ordinary)[0]
    ruled = fill(
        new_form(tmp_path / "c.xlsx", unit=VACUOUS, appraisal=True), cells | {("I.1", "status"): "đã xác minh"}, VACUOUS
    )
    assert faults_of(ruled)[0].startswith(f"{row_of('I.1', VACUOUS)}:Phụ lục 02!B: I.1 follows from")


def amounts(criterion: Criterion) -> st.SearchStrategy[Amount]:
    whole = st.integers(0, 10**15 - 1)
    if criterion.kind == "presence":
        return st.sampled_from([Amount(0), Amount(1)])
    pairs = st.tuples(whole, whole).map(lambda pair: Amount(min(pair), max(pair)))
    if criterion.kind == "ratio":
        return pairs
    return st.one_of(whole.map(Amount), pairs) if criterion.needs_total else whole.map(Amount)


WORDS = st.one_of(
    st.sampled_from(INJECTIONS),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40),
).map(lambda text: text.strip())


@st.composite
def facts_of_a_form(draw: st.DrawFn) -> dict[str, Fact]:
    chosen = draw(st.lists(st.sampled_from(CRITERIA), max_size=12, unique_by=lambda criterion: criterion.code))
    facts = []
    for criterion in chosen:
        status = draw(st.sampled_from([Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED, Status.REJECTED]))
        amount = draw(amounts(criterion))
        source, note = (unicodedata.normalize("NFC", draw(WORDS)) for _ in range(2))
        documents = tuple(
            Document(name)
            for name in draw(st.lists(st.sampled_from([*INJECTIONS, "15/BC-UBND", "Giấy chứng nhận số 7"]), max_size=3))
        )
        facts.append(
            fact(
                criterion.code,
                status,
                amount=amount,
                reported=draw(amounts(criterion)) if status is Status.ADJUSTED else None,
                documents=documents,
                source=source,
                measured_on=draw(st.none() | st.dates(datetime.date(2000, 1, 1), datetime.date(2025, 12, 31))),
                note=note,
            )
        )
    return dossier(*facts)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=facts_of_a_form())
def test_whatever_facts_go_into_a_councils_form_come_out_of_it(tmp_path: Path, facts: dict[str, Fact]) -> None:
    assert read(new_form(tmp_path / "a.xlsx", *facts.values(), appraisal=True)).facts == facts


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    codes = [criterion.code for criterion in CRITERIA if criterion.kind == "ratio"]
    hostile = dossier(
        *(
            fact(code, Status.VERIFIED, amount=Amount(1, 2), documents=(Document(text),), source=text, note=text)
            for code, text in zip(codes, INJECTIONS, strict=False)
        )
    )
    assert len(hostile) == len(INJECTIONS)
    path = new_form(tmp_path / "a.xlsx", *hostile.values(), appraisal=True)
    assert read(path).facts == hostile
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet
    shown = load_workbook(path)[SHEET[Tier.COMMUNE]]
    for code, text in zip(codes, INJECTIONS, strict=False):
        cell = shown[f"{letter('source')}{row_of(code)}"]
        assert (cell.data_type, cell.value, cell.number_format) == ("s", text, "@")
        assert cell.quotePrefix is (text[0] in "=+-@'")


def test_the_form_shows_the_annex_in_the_decisions_own_words(tmp_path: Path) -> None:
    sheet = load_workbook(new_form(tmp_path / "a.xlsx"))[SHEET[Tier.COMMUNE]]
    for criterion in CRITERIA:
        row = row_of(criterion.code)
        shown = [sheet.cell(row, PLACES[column.key]).value for column in RECOGNITION.columns if column.part == "law"]
        number = criterion.code.partition(".")[2]
        assert shown == [criterion.code, number, criterion.name, criterion.measure, *criterion.cells, criterion.method]
    texts = {cell.value for row in sheet.iter_rows(max_row=9) for cell in row}
    assert {
        "ỦY BAN NHÂN DÂN",
        "PHƯỜNG QUANG TRUNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "PHỤ LỤC 01",
        "(Kèm theo Quyết định số 121/QĐ-UBND ngày 10 tháng 3 năm 2025 của Ủy ban nhân dân tỉnh Kon Tum)",
        "BIỂU TỰ ĐÁNH GIÁ NĂM 2025",
        "Đơn vị: Phường Quang Trung (mã đơn vị 23281). Kỳ đánh giá: năm 2025",
    } <= texts


def test_only_input_cells_are_unlocked_and_tinted(tmp_path: Path) -> None:
    book = load_workbook(new_form(tmp_path / "a.xlsx", appraisal=True))
    sheet = book[SHEET[Tier.COMMUNE]]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    for code, open_keys in {
        "I.1": {"numerator", "denominator", "value"},
        "I.4": {"value"},
        "I.7": {"value"},
    }.items():
        cells = {column.key: sheet.cell(row_of(code), PLACES[column.key]) for column in RECOGNITION.columns}
        unlocked = {key for key, cell in cells.items() if not cell.protection.locked}
        council = {f"council_{key}" for key in open_keys}
        assert unlocked == open_keys | council | {"document", "source", "measured_on", "note", "status", "reason"}
        tints = {cells[key].fill.fgColor.rgb for key in unlocked}
        assert "00000000" not in tints
    assert not any(cell.protection.locked is False for row in sheet.iter_rows(max_row=12) for cell in row)
    assert book[META_SHEET].sheet_state == "veryHidden"


def test_inputs_are_guarded_where_they_are_typed(tmp_path: Path) -> None:
    sheet = load_workbook(new_form(tmp_path / "a.xlsx"))[SHEET[Tier.COMMUNE]]
    rules = {}
    for validation in sheet.data_validations.dataValidation:
        for reference in str(validation.sqref).split():
            rules[reference] = validation
    ratio, presence = row_of("I.1"), row_of("I.4")
    numerator = rules[f"K{ratio}"]
    assert numerator.type == "custom"
    assert (
        numerator.formula1
        == f'AND(ISNUMBER(K{ratio}),K{ratio}>=0,K{ratio}=INT(K{ratio}),OR(K{ratio}="",L{ratio}="",K{ratio}<=L{ratio}))'
    )
    assert numerator.error == "Cần số nguyên không âm; số thực hiện không được lớn hơn tổng số."
    assert rules[f"M{presence}"].type == "list"
    assert rules[f"M{presence}"].formula1 == '"Có,Không"'
    assert rules[f"P{ratio}"].type == "date"
    assert all(validation.prompt and validation.error for validation in rules.values())


def test_the_form_prints_on_a4_landscape_with_repeated_titles(tmp_path: Path) -> None:
    sheet = load_workbook(new_form(tmp_path / "a.xlsx"))[SHEET[Tier.COMMUNE]]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$10:$12"
    assert sheet.freeze_panes == "D13"
    assert "&P" in sheet.oddFooter.right.text
    fonts = {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value}
    assert fonts == {"Times New Roman"}
    groups = [group for group in sheet.column_dimensions.values() if group.hidden]
    hidden = {place for group in groups for place in range(group.min, group.max + 1)}
    assert hidden == {PLACES["code"], *range(RECOGNITION.last_proof + 1, len(RECOGNITION.columns) + 1)}


def test_rows_are_tall_enough_for_their_words(tmp_path: Path) -> None:
    long = "Báo cáo kết quả thực hiện nhiệm vụ chuyển đổi số " * 6
    path = new_form(tmp_path / "a.xlsx", fact("I.1", amount=Amount(1, 2), documents=(Document(long.strip()),)))
    plain = load_workbook(new_form(tmp_path / "b.xlsx"))[SHEET[Tier.COMMUNE]]
    filled = load_workbook(path)[SHEET[Tier.COMMUNE]]
    row = row_of("I.1")
    assert filled.row_dimensions[row].height > 2 * plain.row_dimensions[row].height
    district = load_workbook(new_form(tmp_path / "c.xlsx", unit=DISTRICT))[SHEET[Tier.DISTRICT]]
    assert district.row_dimensions[row_of("I.1", DISTRICT)].height > 150  # eleven lines in a narrow column


def test_a_tier_without_criteria_has_no_form(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_form(tmp_path / "a.xlsx", FRAMEWORK, PROVINCE, CYCLE)
    assert not list(tmp_path.iterdir())


def test_many_forms_are_read_in_order_with_progress(tmp_path: Path) -> None:
    paths = [new_form(tmp_path / f"{unit.code}.xlsx", unit=unit) for unit in (COMMUNE, OTHER, DISTRICT)]
    told: list[int] = []
    contents = read_forms(paths, FRAMEWORK, UNITS, CYCLE, told.append)
    assert [content.unit for content in contents] == [COMMUNE, OTHER, DISTRICT]
    assert told == [1, 2, 3]
    assert read_forms(paths[:1], FRAMEWORK, UNITS, CYCLE)[0].unit == COMMUNE


def test_the_faults_of_all_forms_are_told_together(tmp_path: Path) -> None:
    good, broken, wrong = (tmp_path / f"{name}.xlsx" for name in "abc")
    new_form(good)
    broken.write_bytes(b"")
    fill(new_form(wrong, unit=OTHER), {("I.1", "numerator"): 5, ("I.2", "value"): "abc"})
    with pytest.raises(Faulty) as caught:
        read_forms([good, broken, wrong], FRAMEWORK, UNITS, CYCLE)
    places: list[Any] = [(Path(fault.file).name, fault.row, fault.column) for fault in caught.value.faults]
    assert places == [
        ("b.xlsx", 1, "A"),
        ("c.xlsx", row_of("I.1"), "Phụ lục 01!L"),
        ("c.xlsx", row_of("I.2"), "Phụ lục 01!M"),
    ]


@pytest.mark.parametrize("spoil", ["nothing", "the year", "the sheet"])
def test_a_form_says_its_own_cycle(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, FRAMEWORK, COMMUNE, CYCLE)
    if spoil == "nothing":
        assert read_form_cycle(path) == CYCLE
        return
    book = load_workbook(path)
    if spoil == "the year":
        book[META_SHEET].cell(7, 2).value = "năm nay"
    else:
        del book[META_SHEET]
    book.save(path)
    with pytest.raises(Faulty, match="the file does not say its cycle"):
        read_form_cycle(path)
