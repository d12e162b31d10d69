"""Form structure: is this workbook the very form that was sent out, and where does each row stand?

Every locked cell is compared with what the writer printed there, the hidden metadata with the
framework, unit and cycle asked for, and the hidden codes of the rows with their places.
"""

import unicodedata
from collections.abc import Mapping

from xlsxwriter.utility import xl_col_to_name

from evidence.form_layout import (
    FORM_VERSION,
    HEAD_ROWS,
    META_KEYS,
    META_SHEET,
    ROUND_KEY,
    Layout,
    lay_out,
)
from evidence.units import Units
from evidence.values import quote
from evidence.workbooks import EMPTY, Sheet
from levels.faults import Findings, Text
from levels.index import Index
from levels.loader import Rulebook
from levels.words import TIERS

_NEW_FORM = Text(vi="hãy dùng biểu mới do lệnh “certify form” tạo ra", en="use a new form made by “certify form”")
_META_NAMES = {
    "form": Text(vi="phiên bản biểu mẫu", en="form version"),
    "framework": Text(vi="bộ tiêu chí", en="framework"),
    "framework_version": Text(vi="phiên bản bộ tiêu chí", en="framework version"),
    "digest": Text(vi="nội dung bộ tiêu chí có mã băm", en="a framework text with the digest"),
    "cycle": Text(vi="năm đánh giá", en="cycle"),
}
_AS_PRINTED = Text(vi="hãy giữ nguyên nội dung in sẵn", en="leave what is printed as it was")


def name_place(sheet: str, place: int) -> str:
    """How faults name a column: ``Phụ lục 01!K``."""
    return f"{sheet}!{xl_col_to_name(place - 1)}"


def read_meta(sheets: Mapping[str, Sheet], rulebook: Rulebook, units: Units, cycle: int, findings: Findings) -> Layout:
    """The layout of the form by its hidden metadata; refused where it is of something else. Raises ``Faulty``."""
    sheet = sheets.get(META_SHEET)
    if sheet is None:
        findings.error(
            1,
            META_SHEET,
            found=Text(
                vi=f"thiếu trang ẩn {META_SHEET}: đây không phải là biểu do hệ thống tạo ra",
                en=f"the hidden sheet {META_SHEET} is missing: this is not a form of this system",
            ),
            expected=_NEW_FORM,
        )
        findings.stop()
    assert sheet is not None
    meta = {
        key: sheet.cell(row, 2).text for row, key in enumerate(META_KEYS, start=1) if sheet.cell(row, 1).text == key
    }
    round_row = len(META_KEYS) + 1
    round_ = sheet.cell(round_row, 2).text if sheet.cell(round_row, 1).text == ROUND_KEY else ""
    _check_meta(meta, rulebook, units, cycle, findings)
    _check_round(round_, rulebook, findings)
    findings.stop()
    return lay_out(rulebook, units[meta["unit"]], cycle, appraisal=meta["appraisal"] == "yes", round_=round_)


def _check_round(round_: str, rulebook: Rulebook, findings: Findings) -> None:
    known = [entry.id for entry in rulebook.rounds] if isinstance(rulebook, Index) else []
    if round_ and round_ not in known:
        found = Text(vi=f"biểu thuộc vòng {quote(round_)}", en=f"the form is of the round {quote(round_)}")
        findings.error(len(META_KEYS) + 1, name_place(META_SHEET, 2), found=found, expected=_NEW_FORM)


def _check_meta(meta: Mapping[str, str], rulebook: Rulebook, units: Units, cycle: int, findings: Findings) -> None:
    """Note whatever says that the form belongs to another framework, version, unit or cycle."""

    def note(key: str, found: Text, expected: Text = _NEW_FORM) -> None:
        findings.error(META_KEYS.index(key) + 1, name_place(META_SHEET, 2), found=found, expected=expected)

    for key in META_KEYS:
        if key not in meta:
            note(key, Text(vi=f"trang ẩn thiếu mục {key}", en=f"the hidden sheet lacks {key}"))
    findings.stop()
    for key, wanted in {
        "form": f"certify/{FORM_VERSION}",
        "framework": rulebook.id,
        "framework_version": rulebook.version,
        "digest": rulebook.digest,
        "cycle": str(cycle),
    }.items():
        if meta[key] != wanted:
            name, shown = _META_NAMES[key], quote(meta[key])
            found = Text(vi=f"biểu thuộc {name.vi} {shown}", en=f"the form is of {name.en} {shown}")
            note(key, found, Text(vi=f"cần biểu của {name.vi} {wanted}", en=f"expected a form of {name.en} {wanted}"))
    unit = units.get(meta["unit"])
    if unit is None:
        shown = quote(meta["unit"])
        found = Text(vi=f"không có đơn vị mã {shown}", en=f"there is no unit {shown}")
        note("unit", found, Text(vi="cần một đơn vị trong danh sách", en="expected a unit of the list"))
    elif meta["tier"] != unit.tier or unit.tier not in rulebook.sets:
        shown = quote(meta["tier"])
        found = Text(
            vi=f"biểu của cấp {shown} nhưng {unit.name} thuộc {TIERS[unit.tier].vi}",
            en=f"the form is for tier {shown} but {unit.code} is a {unit.tier}",
        )
        note("tier", found)
    if meta["appraisal"] not in ("yes", "no"):
        shown = quote(meta["appraisal"])
        note("appraisal", Text(vi=f"mục appraisal ghi {shown}", en=f"appraisal says {shown}"))


def locate_rows(sheet: Sheet, layout: Layout, findings: Findings) -> dict[str, int]:
    """The row in which each criterion really stands; notes rows moved, inserted, deleted or copied."""
    expected = {criterion.code: row for row, criterion in layout.criteria.items()}
    column = name_place(sheet.name, layout.table.places["number"])
    actual: dict[str, int] = {}
    for row in range(layout.head_row + 3, len(sheet.rows) + 1):
        code = sheet.cell(row, layout.table.places["code"]).text
        if not code:
            continue
        if code not in expected:
            found = Text(vi=f"dòng có mã ẩn lạ {quote(code)}", en=f"the row has an unknown hidden code {quote(code)}")
            findings.error(row, column, found=found, expected=_AS_PRINTED)
        elif code in actual:
            found = Text(
                vi=f"dòng của tiêu chí {code} bị lặp lại (đã có ở dòng {actual[code]})",
                en=f"the row of {code} is there twice (first in row {actual[code]})",
            )
            findings.error(row, column, found=found, expected=Text(vi="hãy xóa dòng thừa", en="delete the copy"))
        else:
            actual[code] = row
    for code in expected.keys() - actual.keys():
        found = Text(vi=f"thiếu dòng của tiêu chí {code}", en=f"the row of {code} is missing")
        findings.error(expected[code], column, found=found, expected=_NEW_FORM)
    _note_shift(actual, expected, column, findings)
    return actual


def _note_shift(actual: Mapping[str, int], expected: Mapping[str, int], column: str, findings: Findings) -> None:
    """Note where rows begin to stand elsewhere than they were printed: once for every change of the distance."""
    distance = 0
    for code, row in actual.items():
        if row - expected[code] != distance:
            distance = row - expected[code]
            found = Text(
                vi=f"tiêu chí {code} ở dòng {row} thay vì dòng {expected[code]}: có dòng bị chèn, xóa hoặc di chuyển",
                en=f"{code} stands in row {row} instead of {expected[code]}: rows were inserted, deleted or moved",
            )
            findings.error(row, column, found=found, expected=_AS_PRINTED)


def check_head(sheet: Sheet, layout: Layout, findings: Findings) -> None:
    """Note every column title that is not where it was printed: columns were moved or the table replaced."""
    for (row, place), text in layout.printed.items():
        if layout.head_row <= row < layout.head_row + HEAD_ROWS:
            check_text(sheet, row, place, text, findings)


def check_printed(sheet: Sheet, layout: Layout, rows: Mapping[str, int], findings: Findings) -> None:
    """Note every locked cell that no longer holds what was printed, and whatever stands beside the input cells."""
    found_at = {row: rows[criterion.code] for row, criterion in layout.criteria.items() if criterion.code in rows}
    if all(found_at.get(row) == row for row in layout.criteria):
        found_at = {row: row for row in range(1, len(sheet.rows) + 1)}
    else:  # rows were moved: what stands between and below the criteria cannot be told any more
        found_at |= {row: row for row in range(1, min(layout.criteria))}
    for (row, place), text in layout.printed.items():
        if row in found_at:
            check_text(sheet, found_at[row], place, text, findings)
    for row, actual in found_at.items():
        for place, cell in enumerate(sheet.rows[actual - 1] if actual <= len(sheet.rows) else (), start=1):
            if cell is not EMPTY and (row, place) not in layout.printed and (row, place) not in layout.inputs:
                in_table = row in layout.criteria and place <= len(layout.table.columns)
                _note_stray(sheet, actual, place, in_table, findings)


def check_text(sheet: Sheet, row: int, place: int, text: str, findings: Findings) -> None:
    """Note a locked cell that does not hold ``text`` any more."""
    cell = sheet.cell(row, place)
    if cell.value == text:
        return
    shown = "" if cell.kind == "empty" else str(cell.value)
    if unicodedata.normalize("NFC", shown.replace("\r\n", "\n")) != text:
        found = (
            Text(vi=f"nội dung in sẵn đã bị sửa thành {quote(shown)}", en=f"what was printed is now {quote(shown)}")
            if shown
            else Text(vi="nội dung in sẵn đã bị xóa", en="what was printed is gone")
        )
        expected = Text(vi=f"phải là {quote(text)}", en=f"it must be {quote(text)}")
        findings.error(row, name_place(sheet.name, place), found=found, expected=expected)


def _note_stray(sheet: Sheet, row: int, place: int, in_table: bool, findings: Findings) -> None:
    """What stands in a locked cell of a criterion is a fault; what stands beside the table a warning."""
    column = name_place(sheet.name, place)
    if in_table:
        found = Text(vi="có nội dung trong ô không dành để nhập", en="there is content in a cell that takes none")
        findings.error(row, column, found=found, expected=Text(vi="hãy để trống ô này", en="leave this cell empty"))
    else:
        found = Text(vi="nội dung ngoài bảng không được đọc", en="content outside the table is not read")
        findings.warn(row, column, found=found, expected=Text(vi="hãy ghi vào các ô nhập", en="use the input cells"))


def check_merged(sheet: Sheet, layout: Layout, findings: Findings) -> None:
    """Note merged cells in the table: a merged cell hides the inputs beneath it."""
    first, last, width = min(layout.criteria), max(layout.criteria), len(layout.table.columns)
    own = layout.merged
    for area in sheet.merged:
        first_column, first_row, last_column, last_row = area
        if last_row >= first and first_row <= last and first_column <= width and area not in own:
            found = Text(
                vi=f"các ô bị gộp ({last_row - first_row + 1} dòng × {last_column - first_column + 1} cột)",
                en=f"cells are merged ({last_row - first_row + 1} rows × {last_column - first_column + 1} columns)",
            )
            expected = Text(vi="hãy bỏ gộp ô", en="unmerge them")
            findings.error(first_row, name_place(sheet.name, first_column), found=found, expected=expected)
