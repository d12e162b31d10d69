"""Workbooks: the cells of a foreign ``.xlsx``; nothing in it is trusted or evaluated.

Read by openpyxl from what ``evidence.containers`` let through, within bounds that the caller
sets: the dimensions a workbook states of itself are not believed.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import frozen
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from evidence.containers import FORM, Bounds, open_container, refuse
from levels.faults import Findings, Text

MAX_TEXT = 32_767  # characters of one cell, as Excel has it

_FILLED = re.compile(rb"""<(?:[^\s<>/:]+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,7})([0-9]{1,12})["'][^>]*(?<!/)>\s*<""")
_MERGED = re.compile(
    rb"""<(?:[^\s<>/:]+:)?mergeCell\s(?:[^>]*?\s)?ref\s*=\s*["']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})["']"""
)

Kind = Literal["empty", "text", "number", "boolean", "date", "formula", "error"]
_KINDS: dict[str, Kind] = {"s": "text", "n": "number", "b": "boolean", "d": "date", "f": "formula", "e": "error"}


@frozen
class Cell:
    """What one cell holds, and of what kind it is; a formula's cached result is never read."""

    kind: Kind
    value: Any
    percent: bool = False  # shown with the number format of a percentage

    @property
    def text(self) -> str:
        """The text of a text cell; empty for an empty one."""
        return self.value if self.kind == "text" else ""


EMPTY = Cell("empty", None)


@frozen
class Sheet:
    """One sheet: rows of cells from A1, and the ranges that are merged."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first column, first row, last column, last row

    def cell(self, row: int, column: int) -> Cell:
        """The cell at ``row`` and ``column``, both counted from 1; EMPTY beyond the end."""
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return EMPTY
        return self.rows[row - 1][column - 1]


def read_workbook(
    path: Path, file: str, areas: Mapping[str, tuple[int, int]] | tuple[int, int], bounds: Bounds = FORM
) -> dict[str, Sheet]:
    """The sheets named in ``areas`` as far as they are there, each up to its (rows, columns); of one area every sheet.

    Whatever else the workbook holds is left alone. Raises ``Faulty`` (with ``file`` as the
    file's name) when the file is no workbook, is dangerous, or has content outside the areas.
    """
    findings = Findings(file)
    parts = open_container(path, findings, bounds)
    # Repacked without compression: what was checked, and nothing else, is what openpyxl reads.
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features it leaves out; none matters here
            book = load_workbook(repacked, read_only=True, keep_links=False)
            if not isinstance(areas, Mapping):
                areas = {sheet.title: areas for sheet in book.worksheets}
            sheets = {
                sheet.title: _read_sheet(sheet, parts, areas[sheet.title], findings, bounds)
                for sheet in book.worksheets
                if sheet.title in areas
            }
    except Exception:  # noqa: BLE001 - on malformed parts openpyxl raises whatever it meets
        refuse(
            findings,
            Text(vi="không đọc được nội dung của sổ tính", en="the workbook's content cannot be read"),
            Text(vi="mở bằng Excel, lưu lại rồi nộp lại", en="open it in Excel, save it again and resubmit"),
        )
    findings.stop()
    return sheets


def _read_sheet(
    sheet: Any, parts: Mapping[str, bytes], area: tuple[int, int], findings: Findings, bounds: Bounds
) -> Sheet:
    content = parts[sheet._worksheet_path]  # noqa: SLF001 - read-only sheets do not tell their merged ranges
    last_row, last_column = area
    for letters, row in sorted(set(_FILLED.findall(content)), key=lambda place: (int(place[1]), len(place[0]), place)):
        if int(row) > last_row or len(letters) > 3 or column_index_from_string(letters.decode()) > last_column:
            findings.error(
                int(row),
                f"{sheet.title}!{letters.decode()}",
                found=Text(
                    vi=f"có dữ liệu nằm ngoài {bounds.sort.vi}", en=f"there is content outside the {bounds.sort.en}"
                ),
                expected=Text(
                    vi=f"{bounds.sort.vi} kết thúc ở {get_column_letter(last_column)}{last_row}; hãy xóa phần thừa",
                    en=f"the {bounds.sort.en} ends at {get_column_letter(last_column)}{last_row};"
                    " delete what lies beyond",
                ),
            )
    # Explicit bounds: the stated dimension is not believed, and nothing is padded beyond them.
    rows = tuple(
        tuple(_read_cell(cell) for cell in row) for row in sheet.iter_rows(max_row=last_row, max_col=last_column)
    )
    return Sheet(sheet.title, rows, tuple(_read_merged(content)))


def _read_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return EMPTY
    kind = _KINDS[cell.data_type]
    if kind == "text":
        return Cell(kind, value[: MAX_TEXT + 1])
    if kind == "number":
        return Cell(kind, value, "%" in cell.number_format)
    return Cell(kind, value)


def _read_merged(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    for first, last in _MERGED.findall(content):
        yield (*_read_place(first), *_read_place(last))


def _read_place(reference: bytes) -> tuple[int, int]:
    """Column and row of ``C12``."""
    letters = reference.rstrip(b"0123456789")
    return column_index_from_string(letters.decode()), int(reference[len(letters) :])
