"""Rows of a directory: which columns its header names, which units each row tells of, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from attrs import frozen
from openpyxl.utils import get_column_letter

from evidence.directory_sheets import MAX_ROWS, Rows
from evidence.index_values import bare
from evidence.tables import MAX_NAME
from evidence.units import Unit
from evidence.values import CONTROL, quote
from evidence.workbooks import EMPTY, Cell
from levels.faults import Findings, Text
from levels.framework import Tier

DIGITS = {Tier.PROVINCE: 2, Tier.DISTRICT: 3, Tier.COMMUNE: 5}
"""How many digits the official code of a tier has (Quyết định 124/2004/QĐ-TTg)."""

_HEADER_ROWS = 30  # how far down a header is looked for
_NOT_WORD = re.compile(r"[\W_]+")

# What each column may be headed with, without tones, case and signs.
_HEADINGS = {
    "tinh thanh pho": "province",
    "ma tp": "province_code",
    "ma tinh": "province_code",
    "ma tinh tp": "province_code",
    "quan huyen": "district",
    "ma qh": "district_code",
    "phuong xa": "commune",
    "xa phuong": "commune",
    "ma px": "commune_code",
    "ma": "code",
    "ten": "name",
    "cap": "kind",
}
_COMMUNES = {"phuong", "xa", "thi tran", "dac khu"}
_DISTRICTS = {"quan", "huyen", "thi xa", "thanh pho", "thanh pho thuoc tinh", "thanh pho thuoc thanh pho trung uong"}
_PROVINCES = {"tinh", "thanh pho trung uong", "thanh pho truc thuoc trung uong"}


@frozen
class Entry:
    """One unit as one row of the list names it."""

    row: int
    column: str  # where its code stands
    unit: Unit


def clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def find_header(rows: Rows) -> tuple[int, dict[str, int]] | None:
    """The number of the row that heads the list, and the place of every column it knows."""
    for number, row in enumerate(rows[:_HEADER_ROWS], start=1):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            heading = _HEADINGS.get(_NOT_WORD.sub(" ", bare(cell.text)).strip())
            if heading is not None:
                columns.setdefault(heading, place)
        nested = {"province", "province_code"} <= columns.keys() and "code" not in columns
        if nested or {"code", "name", "kind"} <= columns.keys():
            return number, columns
    return None


@frozen
class RowReader:
    """One pass over one sheet."""

    file: str
    sheet: str  # how its columns are called in faults: ``Sheet1!``, or nothing
    columns: Mapping[str, int]

    def read(self, rows: Rows, header: int) -> Iterator[tuple[list[Entry], Findings]]:
        """For every row below the header the units it names from the province down, and its faults.

        A row whose province cannot be read has faults and names none.
        """
        for number, row in enumerate(rows[header:], start=header + 1):
            findings = Findings(self.file)
            if number > MAX_ROWS:
                found = Text(vi=f"danh mục dài hơn {MAX_ROWS} dòng", en=f"the directory has more than {MAX_ROWS} rows")
                findings.error(number, "A", found=found, expected=Text(vi="hãy tách tệp", en="split the file"))
                yield [], findings
                return
            if self._holds(row):
                yield self._take(number, row, findings), findings

    def _holds(self, row: tuple[Cell, ...]) -> bool:
        """Whether the row is one of units: not empty, and no note in a single cell without any code."""
        codes = [place for heading, place in self.columns.items() if heading.endswith("code")]
        if any(cell is not EMPTY for place, cell in enumerate(row) if place in codes):
            return True
        return sum(cell is not EMPTY for cell in row) > 1

    def _take(self, number: int, row: tuple[Cell, ...], findings: Findings) -> list[Entry]:
        chain = list(self._chain(number, row, findings))
        if chain and chain[0].unit.tier is Tier.PROVINCE:
            return chain
        if not findings.errors:
            found = Text(vi="dòng không ghi tỉnh, thành phố", en="the row names no province")
            expected = Text(vi="cần mã và tên tỉnh, thành phố", en="expected a province's code and name")
            findings.error(number, self._letter("province_code"), found=found, expected=expected)
        return []

    def _chain(self, number: int, row: tuple[Cell, ...], findings: Findings) -> Iterator[Entry]:
        """The units of one row from the province down; a unit at fault ends it."""
        parent: str | None = None
        for tier, code_column, name_column in self._places(number, row, findings):
            code, name = (self._text(number, row, column, findings) for column in (code_column, name_column))
            if not code and not name and code_column != "code":
                continue
            unit = self._read_unit(number, tier, (code, code_column), (name, name_column), findings)
            if unit is None:
                return
            yield Entry(number, self._letter(code_column), Unit(unit.code, unit.name, tier, parent))
            parent = unit.code

    def _places(self, number: int, row: tuple[Cell, ...], findings: Findings) -> Iterator[tuple[Tier, str, str]]:
        """The tiers a row tells of, broadest first, with the columns of their codes and names."""
        own = self._own_tier(number, row, findings) if "code" in self.columns else None
        for tier in DIGITS:
            if tier is own:
                yield tier, "code", "name"
                return
            if f"{tier}_code" in self.columns and tier in self.columns:
                yield tier, f"{tier}_code", str(tier)

    def _own_tier(self, number: int, row: tuple[Cell, ...], findings: Findings) -> Tier | None:
        text = self._text(number, row, "kind", findings)
        kind = _NOT_WORD.sub(" ", bare(text)).strip()
        if kind in _COMMUNES:
            return Tier.COMMUNE
        if kind in _PROVINCES or (kind in _DISTRICTS and "province_code" not in self.columns):
            return Tier.PROVINCE
        if kind in _DISTRICTS:
            return Tier.DISTRICT
        found = Text(vi=f"không có loại đơn vị {quote(text)}", en=f"there is no kind of unit {quote(text)}")
        expected = Text(
            vi="cần Tỉnh, Thành phố, Quận, Huyện, Thị xã, Phường, Xã, Thị trấn hoặc Đặc khu",
            en="expected Tỉnh, Thành phố, Quận, Huyện, Thị xã, Phường, Xã, Thị trấn or Đặc khu",
        )
        findings.error(number, self._letter("kind"), found=found, expected=expected)
        return None

    def _read_unit(
        self, number: int, tier: Tier, code: tuple[str, str], name: tuple[str, str], findings: Findings
    ) -> Unit | None:
        digits = DIGITS[tier]
        errors = len(findings.faults)
        if not re.fullmatch(f"[0-9]{{1,{digits}}}", code[0]) or not int(code[0]):
            found = (
                Text(vi=f"mã {quote(code[0])} không hợp lệ", en=f"{quote(code[0])} is no code")
                if code[0]
                else Text(vi=f"{quote(name[0])} không có mã", en=f"{quote(name[0])} has no code")
            )
            expected = Text(vi=f"cần mã có {digits} chữ số", en=f"expected a code of {digits} digits")
            findings.error(number, self._letter(code[1]), found=found, expected=expected)
        if not name[0] or len(name[0]) > MAX_NAME or CONTROL.search(name[0]):
            found = (
                Text(vi=f"tên {quote(name[0])} không dùng được", en=f"the name {quote(name[0])} cannot be used")
                if name[0]
                else Text(vi=f"đơn vị {code[0]} không có tên", en=f"unit {code[0]} has no name")
            )
            expected = Text(
                vi=f"cần tên không quá {MAX_NAME} ký tự", en=f"expected a name of at most {MAX_NAME} letters"
            )
            findings.error(number, self._letter(name[1]), found=found, expected=expected)
        return None if len(findings.faults) > errors else Unit(code[0].zfill(digits), name[0], tier)

    def _text(self, number: int, row: tuple[Cell, ...], column: str, findings: Findings) -> str:
        place = self.columns[column]
        cell = row[place] if place < len(row) else EMPTY
        if cell.kind in ("empty", "text"):
            return clean(cell.text)
        if cell.kind == "number":
            whole = isinstance(cell.value, int) or cell.value.is_integer()
            return str(int(cell.value)) if whole else str(cell.value)
        found = Text(vi="ô là công thức, ngày hoặc giá trị lỗi", en="the cell is a formula, a date or an error")
        expected = Text(vi="cần mã hoặc tên viết thẳng trong ô", en="expected a code or a name typed into the cell")
        findings.error(number, self._letter(column), found=found, expected=expected)
        return ""

    def _letter(self, column: str) -> str:
        return f"{self.sheet}{get_column_letter(self.columns[column] + 1)}" if column in self.columns else column
