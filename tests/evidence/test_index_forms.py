"""The Excel form of an index: every kind of input comes back exactly, and what is not the form is refused."""

import datetime
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from certification.intake import take_in
from evidence.asked import catalogue
from evidence.facts import Amount, Document, Fact, Status
from evidence.form_layout import LISTS_SHEET, META_SHEET, lay_out
from evidence.forms import FormContent, read_form, write_form
from evidence.inputs import AskedInput
from evidence.tables import read_evidence, write_evidence, write_facts, write_units
from evidence.units import Unit
from levels.faults import Faulty
from levels.framework import Tier
from levels.index import Index
from levels.loader import load_index
from tests.evidence.form_kit import edit, rewrite
from tests.evidence.indexes import CYCLE, DEPARTMENT, DISTRICT, INDEX, OTHER, UNITS, WITHOUT_ROUNDS, shorten

SHEET = "Phụ lục"
ASKED = {
    code: asked
    for code, asked in catalogue(INDEX).asked[Tier.DISTRICT].items()
    if isinstance(asked, AskedInput) and asked.code == code and asked.is_for(DISTRICT)
}


def fact(criterion: str, amount: Amount | None, status: Status = Status.SELF_REPORTED, **rest: Any) -> Fact:
    return Fact(DISTRICT.code, criterion, status, amount, **rest)


def dossier(*facts: Fact) -> dict[str, Fact]:
    return {each.criterion: each for each in facts}


DOSSIER = dossier(
    fact("1.1", Amount(75, 10), documents=(Document("15/BC-UBND"),), source="Báo cáo", note="Đã rà soát"),
    fact("1.2", Amount(0)),
    fact("1.3", Amount(2), measured_on=datetime.date(2025, 10, 1)),
    fact("1.4:a", Amount(10)),
    fact("1.4:b", Amount(3)),
    fact("1.5:a", Amount(1250125, 1000)),
    fact("1.6:2", Amount(1)),
    fact("1.8", None, Status.UNKNOWN, note="Đang thu thập"),
    fact("KK", Amount(15, 10), note="Sáng kiến"),
)
RULED = dossier(
    fact("1.1", Amount(5, 1), Status.ADJUSTED, reported=Amount(75, 10), note="Đối chiếu"),
    fact("1.2", Amount(1), Status.VERIFIED, documents=(Document("15/BC-UBND"),)),
    fact("1.3", Amount(3), Status.ADJUSTED, reported=Amount(1), note="Quyết định khác"),
    fact("1.4:a", Amount(10), Status.REJECTED, note="Không có tài liệu"),
    fact("1.8", None, Status.EXEMPT, note="Không thuộc đối tượng"),
    fact("KK", Amount(2, 1), Status.VERIFIED, note="Sáng kiến"),
)


def new_form(path: Path, *facts: Fact, unit: Unit = DISTRICT, index: Index = INDEX, **rest: Any) -> Path:
    write_form(path, index, unit, CYCLE, dossier(*facts), **rest)
    return path


def read(path: Path, index: Index = INDEX, cycle: int = CYCLE) -> FormContent:
    return read_form(path, index, UNITS, cycle)


def faults_of(path: Path, index: Index = INDEX, cycle: int = CYCLE) -> list[str]:
    with pytest.raises(Faulty) as refusal:
        read(path, index, cycle)
    return [fault.line("en").removeprefix(f"{path}:") for fault in refusal.value.faults]


def place(code: str, key: str = "value", *, appraisal: bool = False) -> tuple[int, int]:
    layout = lay_out(INDEX, DISTRICT, CYCLE, appraisal=appraisal)
    return next(row for row, asked in layout.criteria.items() if asked.code == code), layout.table.places[key]


def fill(path: Path, cells: Mapping[str, Any], key: str = "value", *, appraisal: bool = False) -> Path:
    def change(sheet: Any) -> None:
        for code, value in cells.items():
            sheet.cell(*place(code, key, appraisal=appraisal)).value = value

    return edit(path, change, SHEET)


# Out and in again


def test_a_self_assessment_comes_back_as_it_was_filled_in(tmp_path: Path) -> None:
    content = read(new_form(tmp_path / "a.xlsx", *DOSSIER.values()))
    assert content.facts == DOSSIER
    assert (content.unit, content.cycle, content.appraised, content.warnings) == (DISTRICT, CYCLE, False, ())
    assert content.rows["1.4:b"] == (place("1.4:b")[0], "Phụ lục!I")


def test_a_councils_form_comes_back_with_its_rulings(tmp_path: Path) -> None:
    content = read(new_form(tmp_path / "a.xlsx", *RULED.values(), appraisal=True))
    assert content.facts == RULED
    assert content.appraised


def test_a_form_of_a_round_brings_facts_of_that_round(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", *DOSSIER.values(), round_="round1")
    content = read(path)
    assert content.round == "round1"
    assert content.facts == {code: evolve(each, round="round1") for code, each in DOSSIER.items()}
    assert load_workbook(path)[SHEET]["B7"].value == "BIỂU TỰ ĐÁNH GIÁ NĂM 2025\nThẩm định vòng 1"
    assert faults_of(path, WITHOUT_ROUNDS)[-1].endswith("ThongTin!B: the form is of the round “round1”; "
                                                        "use a new form made by “certify form”")  # fmt: skip


def test_general_information_is_free_text_on_a_sheet_of_its_own(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", general=("=Quận Ba Đình",))
    assert read(path).general == ("=Quận Ba Đình", "")
    edit(path, lambda sheet: sheet.__setitem__("E5", 250_000), "Thông tin chung")
    assert read(path).general == ("=Quận Ba Đình", "250000")
    assert read(new_form(tmp_path / "b.xlsx", unit=DEPARTMENT)).general == ()


def test_the_general_sheet_is_guarded_too(tmp_path: Path) -> None:
    path = edit(new_form(tmp_path / "a.xlsx"), lambda sheet: sheet.__setitem__("B4", "Khác"), "Thông tin chung")
    assert faults_of(path) == ["4:Thông tin chung!B: what was printed is now “Khác”; it must be “Tên đơn vị”"]
    edit(path, lambda sheet: sheet.__setitem__("B4", "Tên đơn vị"), "Thông tin chung")
    edit(path, lambda sheet: sheet.__setitem__("E4", "=1+1"), "Thông tin chung")
    assert faults_of(path) == ["4:Thông tin chung!E: the cell holds a formula; enter it as text"]
    book = load_workbook(path)
    del book["Thông tin chung"]
    book.save(path)
    assert "the sheet “Thông tin chung” is missing" in faults_of(path)[0]


def test_an_indicator_that_is_not_for_the_unit_is_not_asked(tmp_path: Path) -> None:
    def codes(unit: Unit) -> list[str]:
        return [asked.code for asked in lay_out(INDEX, unit, CYCLE, appraisal=False).criteria.values()]

    assert "2" in codes(OTHER)
    assert "2" not in codes(DISTRICT)
    shown = [cell.value for cell in load_workbook(new_form(tmp_path / "a.xlsx"))[SHEET]["C"]]
    assert "Nhóm hoạt động" not in shown
    there = [cell.value for cell in load_workbook(new_form(tmp_path / "b.xlsx", unit=OTHER))[SHEET]["C"]]
    assert there[there.index("Nhóm hoạt động") + 1] == "Chỉ số 2"  # a pillar that is scored whole has no heading


def test_the_printed_words_of_an_indicator_stand_once_beside_all_its_inputs(tmp_path: Path) -> None:
    sheet = load_workbook(new_form(tmp_path / "a.xlsx"))[SHEET]
    first = place("1.4:a")[0]
    assert [sheet.cell(row, 3).value for row in range(first, first + 3)] == ["Chỉ số 1.4", None, None]
    assert [sheet.cell(row, 7).value for row in range(first, first + 3)] == [
        "a: Tổng số hồ sơ", "b: Hồ sơ một phần", "c: Hồ sơ toàn trình"
    ]  # fmt: skip
    assert f"C{first}:C{first + 2}" in {str(area) for area in sheet.merged_cells.ranges}
    row = place("1.3")[0]
    assert [sheet.cell(row, number).value for number in range(1, 9)] == [
        "1.3", "1.3", "Chỉ số 1.3", "10", "Cách tính", "Quyết định", "Lựa chọn", "Chọn một"
    ]  # fmt: skip


def test_choices_are_offered_from_a_hidden_list_and_others_by_their_kind(tmp_path: Path) -> None:
    book = load_workbook(new_form(tmp_path / "a.xlsx", appraisal=True))
    assert [cell.value for cell in book[LISTS_SHEET]["A"]] == ["Chủ tịch UBND", "Phó Chủ tịch UBND", "Công chức"]
    assert book[LISTS_SHEET].sheet_state == book[META_SHEET].sheet_state == "veryHidden"
    rules = {str(rule.sqref): rule for rule in book[SHEET].data_validations.dataValidation}
    value = {code: rules[f"I{place(code)[0]}"] for code in ("1.1", "1.2", "1.3", "1.4:a", "1.5:a", "KK")}
    assert {code: rule.type for code, rule in value.items()} == {
        "1.1": "decimal", "1.2": "list", "1.3": "list", "1.4:a": "whole", "1.5:a": "decimal", "KK": "decimal",
    }  # fmt: skip
    assert value["1.3"].formula1 == "DanhMuc!$A$1:$A$3"
    assert value["1.1"].formula2 == "15"
    assert rules[f"O{place('1.3', appraisal=True)[0]}"].formula1 == "DanhMuc!$A$1:$A$3"
    unbounded = load_workbook(new_form(tmp_path / "b.xlsx", unit=DEPARTMENT))[SHEET].data_validations.dataValidation
    assert [rule.operator for rule in unbounded if rule.type == "decimal"] == [None, "greaterThanOrEqual"]


def test_days_outside_the_data_window_are_warned_of_by_the_form(tmp_path: Path) -> None:
    bac_ninh = load_index("bac-ninh-1187-2023")
    write_form(tmp_path / "a.xlsx", bac_ninh, DISTRICT, 2023)
    rules = load_workbook(tmp_path / "a.xlsx")["Phụ lục III"].data_validations.dataValidation
    (text,) = {rule.error for rule in rules if rule.type == "date"}
    assert text == "Số liệu chỉ được tính khi chốt từ 01/10/2022 đến 30/09/2023."


# What people type


@pytest.mark.parametrize(
    ("code", "typed", "amount"),
    [
        ("1.1", 7.5, Amount(75, 10)),
        ("1.1", 1.25, Amount(125, 100)),
        ("1.1", "7,5", Amount(75, 10)),
        ("1.5:a", 1.234, Amount(1234, 1000)),
        ("1.5:a", 1234.5, Amount(12345, 10)),
        ("1.5:a", 9.7, Amount(97, 10)),
        ("1.5:a", 123456789.012345, Amount(123456789012345, 10**6)),
        ("1.3", "cong chuc", Amount(3)),
        ("1.3", 2, Amount(2)),
        ("1.2", "Đã ban hành", Amount(1)),
        ("1.8", 12, Amount(12)),
    ],
)
def test_numbers_and_words_are_taken_as_they_are_shown(tmp_path: Path, code: str, typed: Any, amount: Amount) -> None:
    path = fill(new_form(tmp_path / "a.xlsx"), {code: typed})
    assert read(path).facts[code].amount == amount


@pytest.mark.parametrize(
    ("code", "typed", "fault"),
    [
        ("1.1", 16, "“16” is more than the maximum 15; expected points from 0 to 15, such as 15"),
        ("1.1", "1.250.000", "“1.250.000” is more than the maximum 15; expected points from 0 to 15, such as 15"),
        ("1.1", True, "the cell holds TRUE or FALSE; type a number into it"),
        ("1.1", "=1+1", "the cell holds a formula; type a number into it"),
        ("1.3", datetime.date(2025, 1, 1), "the cell holds a date; choose from the list"),
        ("1.3", "Giám đốc", "there is no option “Giám đốc”; expected one of 1 (“Chủ tịch UBND”)"),
        ("1.2", True, "the cell holds TRUE or FALSE; enter “Có” (yes) or “Không” (no)"),
        ("1.4:a", 1.5, "“1.5” is a decimal number; expected a whole number from 0 up, such as 104"),
        ("1.4:a", "70%", "“70%” is a percentage; the ratio is computed from its parts; enter 1.4:a"),
        ("1.8", -1, "“-1” is negative; expected a whole number from 0 up, such as 104"),
    ],
)
def test_what_is_no_value_is_refused_at_its_cell(tmp_path: Path, code: str, typed: Any, fault: str) -> None:
    path = fill(new_form(tmp_path / "a.xlsx"), {code: typed})
    (found,) = faults_of(path)
    assert found.startswith(f"{place(code)[0]}:Phụ lục!I: {fault}")


def test_a_part_that_exceeds_its_whole_is_refused_at_its_cell(tmp_path: Path) -> None:
    path = fill(new_form(tmp_path / "a.xlsx"), {"1.4:a": 5, "1.4:b": 4, "1.4:c": 2})
    rows = [place(f"1.4:{key}")[0] for key in "abc"]
    (fault,) = faults_of(path)
    assert fault.startswith(f"{rows[2]}:Phụ lục!I: 1.4:b + 1.4:c = 6 (row {rows[1]}, {rows[2]}) is more than")
    assert fault.endswith(f"1.4:a = 5 (row {rows[0]}); a part cannot exceed its whole")


def test_a_ruling_that_contradicts_the_councils_value_says_it_in_decimals(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx", fact("1.1", Amount(75, 10)), appraisal=True)
    fill(path, {"1.1": "đã xác minh"}, "status", appraisal=True)
    fill(path, {"1.1": 7.25}, "council_value", appraisal=True)
    assert "but the council's value 7.25 differs from the one reported" in faults_of(path)[0]


# Guards


def test_a_form_of_another_index_year_or_unit_is_refused(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx")
    assert "the form is of cycle “2025”; expected a form of cycle 2024" in faults_of(path, cycle=2024)[0]
    other = evolve(INDEX, id="other", digest="sha256:1")
    assert [line.partition(";")[0] for line in faults_of(path, other)] == [
        "2:ThongTin!B: the form is of framework “small”",
        "4:ThongTin!B: the form is of a framework text with the digest “”",
    ]
    edit(path, lambda sheet: sheet.__setitem__("B6", "999"), META_SHEET)
    assert "there is no unit “999”" in faults_of(path)[0]


def test_printed_words_rows_and_merges_are_guarded(tmp_path: Path) -> None:
    path = new_form(tmp_path / "a.xlsx")
    row = place("1.4:a")[0]
    edit(path, lambda sheet: sheet.__setitem__(f"C{row}", "Khác"), SHEET)
    assert faults_of(path)[0].startswith(f"{row}:Phụ lục!C: what was printed is now “Khác”")
    other = edit(new_form(tmp_path / "b.xlsx"), lambda sheet: sheet.merge_cells(f"I{row}:I{row + 2}"), SHEET)
    assert faults_of(other)[0] == f"{row}:Phụ lục!I: cells are merged (3 rows × 1 columns); unmerge them"
    moved = edit(new_form(tmp_path / "c.xlsx"), lambda sheet: sheet.insert_rows(row), SHEET)
    assert any("rows were inserted, deleted or moved" in line for line in faults_of(moved))
    stray = edit(new_form(tmp_path / "d.xlsx"), lambda sheet: sheet.__setitem__(f"H{row - 1}", "x"), SHEET)
    assert faults_of(stray)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_any_change_of_the_sheet_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    path = new_form(tmp_path_factory.mktemp("any") / "a.xlsx")

    def spoil(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        middle = len(sheet) // 2 + len(noise)
        parts["xl/worksheets/sheet1.xml"] = sheet[:middle] + noise + sheet[middle:]

    rewrite(path, spoil)
    try:
        found = len(read(path).facts)
    except Faulty as faulty:
        found = -len(faulty.faults)
    assert found <= 0  # the form was empty


# Properties and the way into a file of facts


def _amounts(asked: AskedInput) -> st.SearchStrategy[Amount]:
    if asked.kind in ("amount", "score"):
        most = 10**14 if asked.most is None else asked.most * 10**3
        return st.integers(0, most).map(lambda number: shorten(number, 3))
    low, high = {"presence": (0, 1), "choice": (1, len(asked.input.options))}.get(asked.kind, (0, 10**15 - 1))
    return st.integers(low, high).map(Amount)


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text.strip())
)


@st.composite
def facts_of_a_form(draw: st.DrawFn) -> dict[str, Fact]:
    free = [asked for code, asked in ASKED.items() if not code.startswith(("1.4", "1.5:b", "1.7", "1.9"))]
    chosen = draw(st.lists(st.sampled_from(free), max_size=8, unique_by=lambda asked: asked.code))
    facts = []
    for asked in chosen:
        status = draw(st.sampled_from([Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED, Status.REJECTED]))
        facts.append(
            fact(
                asked.code,
                draw(_amounts(asked)),
                status,
                reported=draw(_amounts(asked)) if status is Status.ADJUSTED else None,
                source=draw(WORDS),
                note=draw(WORDS) or "x",
                measured_on=draw(st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2025, 12, 31))),
            )
        )
    return dossier(*facts)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts_of_a_form())
def test_whatever_is_filled_in_comes_back_exactly(tmp_path: Path, facts: dict[str, Fact]) -> None:
    assert read(new_form(tmp_path / "a.xlsx", *facts.values(), appraisal=True)).facts == facts


def test_every_option_and_input_of_the_bundled_indexes_comes_back(tmp_path: Path) -> None:
    for name in ("chu-prong-2023", "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"):
        index = load_index(name)
        for tier, known in catalogue(index).asked.items():
            unit = evolve(DISTRICT, tier=tier)
            amounts = {"count": "7", "amount": "1,5", "presence": "có", "choice": "2", "score": "1"}
            asked = {entry.code: entry for entry in known.values() if isinstance(entry, AskedInput)}
            tops = {code for whole in catalogue(index).wholes[tier] for code in whole.above}
            facts = {
                code: fact(code, entry.read(value="1" if code in tops else amounts[entry.kind]), note="x")
                for code, entry in asked.items()
                if entry.is_for(unit)
            }
            write_form(tmp_path / "a.xlsx", index, unit, 2023, facts)
            units = evolve(UNITS, by_code={unit.code: unit})
            assert read_form(tmp_path / "a.xlsx", index, units, 2023).facts == facts


def test_a_form_is_taken_into_a_file_that_holds_other_rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ha_noi = load_index("ha-noi-2024")
    unit = Unit("001", "Quận Ba Đình", Tier.DISTRICT)
    units = evolve(UNITS, by_code={unit.code: unit})
    write_units(tmp_path / "units.csv", units)
    known = [
        Fact("001", "1.1", Status.SELF_REPORTED, Amount(45, 10), cycle=2024, round="self"),
        Fact("001", "1.1", Status.VERIFIED, Amount(4, 1), cycle=2023, documents=(Document("x"),), round="round1"),
        Fact("001", "1.1", Status.SELF_REPORTED, Amount(3, 1), cycle=2023, round="self"),
    ]
    into = tmp_path / "evidence.csv"
    write_facts(into, known, ha_noi)
    sent = {"1.1": Fact("001", "1.1", Status.SELF_REPORTED, Amount(35, 10))}
    forms = []
    for round_ in ("round1", "self"):
        forms.append(str(tmp_path / f"{round_}.xlsx"))
        write_form(Path(forms[-1]), ha_noi, unit, 2024, sent, round_=round_)
    first = take_in(forms[:1], "ha-noi-2024", str(tmp_path / "units.csv"), str(into), None, lambda done: None)
    assert (first.changed, first.conflicts) == (1, ())
    first.write(str(into))
    evidence = read_evidence(into, ha_noi, units)
    assert sorted(str(fact.amount) for fact in evidence.stated[2023]["001"].values()) == ["3/1", "4/1"]
    assert {row: fact.amount for row, fact in evidence.stated[2024]["001"].items()} == {
        "1.1@self": Amount(45, 10), "1.1@round1": Amount(35, 10)
    }  # fmt: skip
    second = take_in(forms[1:], "ha-noi-2024", str(tmp_path / "units.csv"), str(into), None, lambda done: None)
    (conflict,) = second.conflicts
    assert "round self: they differ in value; known is 4.5 (self-reported), submitted is 3.5" in conflict.line("en")


def test_facts_written_as_a_table_and_as_a_form_are_the_same(tmp_path: Path) -> None:
    write_evidence(tmp_path / "a.csv", {DISTRICT.code: DOSSIER}, INDEX)
    assert read_evidence(tmp_path / "a.csv", INDEX, UNITS, CYCLE).facts[DISTRICT.code] == DOSSIER
