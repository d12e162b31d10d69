"""A form comes back as the very form that was sent, or is refused with the reason, cell by cell."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from openpyxl import load_workbook

from evidence.facts import Amount
from evidence.form_layout import META_KEYS, META_SHEET
from evidence.forms import read_form
from evidence.units import Units
from levels.faults import Faulty
from tests.evidence.form_kit import (
    COMMUNE,
    CYCLE,
    DISTRICT,
    FIRST_SHEET,
    FRAMEWORK,
    OTHER,
    UNITS,
    dossier,
    edit,
    fact,
    faults_of,
    fill,
    letter,
    new_form,
    read,
    replace_in,
    rewrite,
    row_of,
    set_meta,
    type_in,
)

SHEET = "Phụ lục 01"
FIRST, SECOND = row_of("I.1"), row_of("I.2")
LAST = row_of("III.9")


@pytest.fixture
def form(tmp_path: Path, empty: bytes) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(empty)
    return path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return new_form(tmp_path_factory.mktemp("forms") / "empty.xlsx", fact("I.2", amount=Amount(74, 104))).read_bytes()


def test_a_form_saved_by_another_program_is_still_the_form(form: Path) -> None:
    edit(form, lambda sheet: None)
    assert read(form).facts == dossier(fact("I.2", amount=Amount(74, 104)))


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("form", "certify/0", "the form is of form version “certify/0”; expected a form of form version certify/1"),
        ("framework", "bac-ninh-1187-2023", "the form is of framework “bac-ninh-1187-2023”"),
        (
            "framework_version",
            "0.9",
            "the form is of framework version “0.9”; expected a form of framework version 1.0",
        ),
        ("digest", "sha256:00", "the form is of a framework text with the digest “sha256:00”"),
        ("cycle", "2024", "the form is of cycle “2024”; expected a form of cycle 2025"),
        ("unit", "99999", "there is no unit “99999”; expected a unit of the list"),
        ("unit", DISTRICT.code, "the form is for tier “commune” but 608 is a district"),
        ("tier", "district", "the form is for tier “district” but 23281 is a commune"),
        ("appraisal", "perhaps", "appraisal says “perhaps”"),
        ("unit", None, "there is no unit “”"),
    ],
)
def test_a_form_of_something_else_is_refused_with_the_reason(
    form: Path, key: str, value: str | None, fault: str
) -> None:
    (line,) = faults_of(set_meta(form, **{key: value}))
    # Of a unit of another tier it is the tier that is at fault.
    row = META_KEYS.index("tier" if "for tier" in fault else key) + 1
    assert line.startswith(f"{row}:{META_SHEET}!B: {fault}")


def test_metadata_that_is_missing_is_named(form: Path) -> None:
    place = META_KEYS.index("digest") + 1
    lines = faults_of(edit(form, lambda sheet: sheet.__setitem__(f"A{place}", "x"), META_SHEET))
    assert lines == [
        f"{place}:{META_SHEET}!B: the hidden sheet lacks digest; use a new form made by “certify form”",
    ]
    lines = faults_of(edit(form, lambda sheet: sheet.delete_rows(2, 7), META_SHEET))
    assert [line.partition("; ")[0].rpartition(" ")[2] for line in lines] == list(META_KEYS[1:])


def test_everything_wrong_with_the_metadata_is_told_at_once(form: Path) -> None:
    lines = faults_of(set_meta(form, cycle="2024", unit="99999", digest="x", framework="y"))
    assert len(lines) == 4


def test_a_form_of_a_changed_framework_is_refused(form: Path) -> None:
    changed = evolve(FRAMEWORK, digest="sha256:changed")
    with pytest.raises(Faulty) as caught:
        read_form(form, changed, UNITS, CYCLE)
    assert "a framework text with the digest" in str(caught.value)


def test_a_form_of_a_unit_whose_tier_the_framework_does_not_know_is_refused(form: Path) -> None:
    fewer = evolve(FRAMEWORK, sets={DISTRICT.tier: FRAMEWORK.sets[DISTRICT.tier]})
    with pytest.raises(Faulty) as caught:
        read_form(form, fewer, UNITS, CYCLE)
    assert "the form is for tier “commune” but 23281 is a commune" in str(caught.value)


def test_a_form_made_over_to_another_unit_still_names_the_first(form: Path) -> None:
    lines = faults_of(set_meta(form, unit=OTHER.code))
    assert lines[0] == "2:Phụ lục 01!B: what was printed is now “PHƯỜNG QUANG TRUNG”; it must be “PHƯỜNG DUY TÂN”"
    assert lines[1].startswith("8:Phụ lục 01!B: ")


def test_a_unit_that_was_renamed_since_needs_a_new_form(form: Path) -> None:
    renamed = Units(UNITS.by_code | {COMMUNE.code: evolve(COMMUNE, name="Phường Mới")})
    with pytest.raises(Faulty) as caught:
        read_form(form, FRAMEWORK, renamed, CYCLE)
    assert len(caught.value.faults) == 2


def drop(name: str) -> Callable[[Path], Path]:
    def apply(path: Path) -> Path:
        book = load_workbook(path)
        del book[name]
        book.save(path)
        return path

    return apply


def rename(path: Path) -> Path:
    return edit(path, lambda sheet: setattr(sheet, "title", "Sheet1"))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (drop(META_SHEET), f"1:{META_SHEET}: the hidden sheet {META_SHEET} is missing"),
        (drop(SHEET), f"1:{SHEET}: the sheet “{SHEET}” is missing"),
        (rename, f"1:{SHEET}: the sheet “{SHEET}” is missing"),
    ],
)
def test_a_missing_sheet_is_named(form: Path, change: Callable[[Path], Path], line: str) -> None:
    (found,) = faults_of(change(form))
    assert found.startswith(line)


def insert_row(sheet: Any) -> None:
    sheet.insert_rows(SECOND)
    sheet[f"K{SECOND}"] = 5


def delete_row(sheet: Any) -> None:
    sheet.delete_rows(SECOND)


def swap_rows(sheet: Any) -> None:
    for column in range(1, 20):
        first, second = sheet.cell(FIRST, column), sheet.cell(SECOND, column)
        first.value, second.value = second.value, first.value


def copy_row(sheet: Any) -> None:
    for column in range(1, 20):
        sheet.cell(LAST + 1, column).value = sheet.cell(SECOND, column).value


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (insert_row, [(SECOND + 1, f"I.2 stands in row {SECOND + 1} instead of {SECOND}: rows were inserted")]),
        (
            delete_row,
            [(SECOND, "the row of I.2 is missing"), (SECOND, f"I.3 stands in row {SECOND} instead of {SECOND + 1}")],
        ),
        (
            swap_rows,
            [
                (FIRST, f"I.2 stands in row {FIRST} instead of {SECOND}"),
                (SECOND, f"I.1 stands in row {SECOND} instead of {FIRST}"),
                (SECOND + 1, f"I.3 stands in row {SECOND + 1}"),
            ],
        ),
        (copy_row, [(LAST + 1, f"the row of I.2 is there twice (first in row {SECOND}); delete the copy")]),
    ],
)
def test_rows_inserted_deleted_moved_or_copied_are_named(
    form: Path, change: Callable[[Any], None], lines: list[tuple[int, str]]
) -> None:
    found = [line for line in faults_of(edit(form, change)) if line.partition(":")[2].startswith(f"{SHEET}!B: ")]
    for row, said in lines:
        assert any(line.startswith(f"{row}:{SHEET}!B: ") and said in line for line in found), (said, found)


def test_faults_of_values_are_told_also_where_rows_were_moved(form: Path) -> None:
    fill(form, {("I.3", "numerator"): "x"})
    lines = faults_of(edit(form, insert_row))
    assert any(line.startswith(f"{row_of('I.3') + 1}:{SHEET}!K: “x” is not a number") for line in lines)


def test_an_unknown_hidden_code_is_named(form: Path) -> None:
    lines = faults_of(edit(form, lambda sheet: sheet.__setitem__(f"A{SECOND}", "I.99")))
    assert f"{SECOND}:{SHEET}!B: the row has an unknown hidden code “I.99”; leave what is printed as it was" in lines
    assert any("the row of I.2 is missing" in line for line in lines)


def test_moved_columns_are_seen_by_their_titles(form: Path) -> None:
    lines = faults_of(edit(form, lambda sheet: sheet.insert_cols(4)))
    rows = {int(line.split(":")[0]) for line in lines}
    assert rows <= {10, 11, 12}
    assert f"10:{SHEET}!D: what was printed is gone; it must be “Đơn vị tính”" in lines


@pytest.mark.parametrize(
    ("reference", "value", "said"),
    [
        (f"E{FIRST}", "10%", "what was printed is now “10%”; it must be “50%”"),
        (f"E{FIRST}", 0.5, "what was printed is now “0.5”; it must be “50%”"),
        (f"J{SECOND}", "Tùy ý", "what was printed is now “Tùy ý”"),
        (f"C{FIRST}", None, "what was printed is gone"),
        (f"B{FIRST}", "=1", "what was printed is now “=1”"),
        (f"C{row_of('II.1') - 1}", "Kinh tế", "what was printed is now “Kinh tế”; it must be “Kinh tế số”"),
        ("B7", "BIỂU KHÁC", "what was printed is now “BIỂU KHÁC”"),
        (f"K{row_of('I.4')}", 3, "there is content in a cell that takes none; leave this cell empty"),
    ],
)
def test_printed_words_that_were_changed_are_refused_at_their_cell(
    form: Path, reference: str, value: Any, said: str
) -> None:
    (line,) = faults_of(type_in(form, {reference: value}))
    row = reference[1:]
    assert line.startswith(f"{row}:{SHEET}!{reference[0]}: {said}")


def test_composed_and_decomposed_letters_are_the_same_words(form: Path) -> None:
    name = FRAMEWORK.sets[COMMUNE.tier].by_code["I.1"].name
    type_in(form, {f"C{FIRST}": unicodedata.normalize("NFD", name)})
    assert read(form).facts == dossier(fact("I.2", amount=Amount(74, 104)))


def test_the_councils_part_cannot_be_filled_in_on_a_units_own_form(form: Path) -> None:
    change = lambda sheet: sheet.__setitem__(f"{letter('status')}{SECOND}", "đã xác minh")  # noqa: E731
    assert faults_of(edit(form, change)) == [
        f"{SECOND}:{SHEET}!R: there is content in a cell that takes none; leave this cell empty"
    ]


def test_notes_beside_and_below_the_table_are_not_read_and_said_so(form: Path) -> None:
    def scribble(sheet: Any) -> None:
        sheet[f"Y{SECOND}"] = "gọi lại"
        sheet[f"D{LAST + 9}"] = "0260 3862 xxx"

    content = read(edit(form, scribble))
    assert [(warning.row, warning.column) for warning in content.warnings] == [
        (SECOND, f"{SHEET}!Y"),
        (LAST + 9, f"{SHEET}!D"),
    ]
    assert content.facts == dossier(fact("I.2", amount=Amount(74, 104)))


@pytest.mark.parametrize("merged", [f"K{row_of('I.9')}:L{row_of('I.9')}", f"K{row_of('I.9')}:K{row_of('I.11')}"])
def test_merged_input_cells_are_refused(form: Path, merged: str) -> None:
    (line,) = faults_of(edit(form, lambda sheet: sheet.merge_cells(merged)))
    assert line.startswith(f"{row_of('I.9')}:{SHEET}!K: cells are merged (")
    assert line.endswith("columns); unmerge them")


def test_a_district_is_read_from_its_own_annex(tmp_path: Path) -> None:
    path = fill(
        new_form(tmp_path / "a.xlsx", unit=DISTRICT), {("IV.4", "numerator"): 1, ("IV.4", "denominator"): 2}, DISTRICT
    )
    assert read(path).facts == dossier(fact("IV.4", unit=DISTRICT.code, amount=Amount(1, 2)))


def test_a_cell_far_away_is_refused_and_never_reached(form: Path) -> None:
    replace_in(form, FIRST_SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    (line,) = faults_of(form)
    assert line.startswith(f"1048576:{SHEET}!XFD: there is content outside the form; the form ends at ")


def test_empty_cells_far_away_and_false_dimensions_do_no_harm(form: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        sheet = parts[FIRST_SHEET]
        start = sheet.index(b"<dimension")
        end = sheet.index(b"/>", start) + 2
        sheet = sheet[:start] + b'<dimension ref="A1:XFD1048576"/>' + sheet[end:]
        # Office programs do write such rows and cells where whole columns were formatted.
        far = b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row></sheetData>'
        parts[FIRST_SHEET] = sheet.replace(b"</sheetData>", far)

    assert read(rewrite(form, change)).facts == dossier(fact("I.2", amount=Amount(74, 104)))


def test_a_far_cell_disguised_from_the_guard_is_never_reached_either(form: Path) -> None:
    far = b'<row r="1048576"><c x=">" r="&#88;FD1048576"><v>1</v></c></row></sheetData>'
    replace_in(form, FIRST_SHEET, b"</sheetData>", far)
    assert read(form).facts == dossier(fact("I.2", amount=Amount(74, 104)))
