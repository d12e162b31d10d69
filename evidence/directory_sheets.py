"""Sheets of a directory of units: ``.xls`` as the statistics office exports it, ``.xlsx`` or CSV as it was saved again.

Within bounds, like every foreign workbook; of the old ``.xls`` only values are read, by xlrd, which runs nothing.
"""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import xlrd

from evidence.containers import Bounds, read_bounded, refuse
from evidence.files import FilePath
from evidence.workbooks import EMPTY, Cell, Kind, read_workbook
from levels.faults import Findings, Text

DIRECTORY = Bounds(
    Text(vi="danh mục đơn vị hành chính", en="directory of units"),
    Text(
        vi="cần tệp .xls, .xlsx hoặc .csv xuất từ danhmuchanhchinh.nso.gov.vn",
        en="expected an .xls, .xlsx or .csv exported from danhmuchanhchinh.nso.gov.vn",
    ),
    file=10_000_000,  # the whole country has 2
    inflated=60_000_000,
    markup=2_000_000,
)
MAX_ROWS = 20_000  # the whole country had 10,604 communes, districts without any included
MAX_COLUMNS = 30

Rows = tuple[tuple[Cell, ...], ...]

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_XLRD_KINDS: dict[int, Kind] = {
    xlrd.XL_CELL_TEXT: "text",
    xlrd.XL_CELL_NUMBER: "number",
    xlrd.XL_CELL_DATE: "date",
    xlrd.XL_CELL_BOOLEAN: "boolean",
    xlrd.XL_CELL_ERROR: "error",
}


def read_sheets(path: FilePath) -> Iterator[tuple[str, Rows]]:
    """The name and the rows of every sheet, from its first row; a CSV is one sheet without a name.

    Raises ``Faulty`` where the file is none of the three, damaged, locked by a password or too large.
    """
    file = os.fspath(path)
    findings = Findings(file)
    content = read_bounded(Path(path), findings, DIRECTORY)
    if content.startswith(_OLD_WORKBOOK):
        yield from _read_old(content, findings)
    elif content.startswith(b"PK"):
        for sheet in read_workbook(Path(path), file, (MAX_ROWS, MAX_COLUMNS), DIRECTORY).values():
            yield sheet.name, sheet.rows
    else:
        yield "", _read_text(content, findings)


def _read_old(content: bytes, findings: Findings) -> Iterator[tuple[str, Rows]]:
    try:
        with xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True) as book:
            sheets = [(name, book.sheet_by_name(name)) for name in book.sheet_names()[:2]]
            read = [(name, _read_old_rows(sheet)) for name, sheet in sheets]
    except Exception as error:  # noqa: BLE001 - on malformed records xlrd raises whatever it meets
        if "encrypted" in str(error) or "Can't find workbook" in str(error):
            refuse(findings, Text(vi="tệp có mật khẩu", en="the file has a password"), DIRECTORY.expected)
        refuse(
            findings,
            Text(vi="không đọc được nội dung của sổ tính", en="the workbook's content cannot be read"),
            Text(vi="mở bằng Excel, lưu lại rồi nộp lại", en="open it in Excel, save it again and resubmit"),
        )
    for name, rows in read:
        if len(rows) > MAX_ROWS:
            refuse(
                findings,
                Text(vi=f"trang “{name}” có {len(rows)} dòng", en=f"the sheet “{name}” has {len(rows)} rows"),
                Text(vi=f"tối đa {MAX_ROWS} dòng", en=f"at most {MAX_ROWS} rows"),
            )
        yield name, rows


def _read_old_rows(sheet: xlrd.sheet.Sheet) -> Rows:
    return tuple(
        tuple(
            Cell(_XLRD_KINDS[cell.ctype], cell.value) if cell.ctype in _XLRD_KINDS and cell.value != "" else EMPTY
            for cell in sheet.row(number)[:MAX_COLUMNS]
        )
        for number in range(sheet.nrows)
    )


def _read_text(content: bytes, findings: Findings) -> Rows:
    try:
        text = content.decode("utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    if not rows or "\0" in text or text.lstrip().startswith("<"):
        refuse(findings, Text(vi="tệp không phải là danh mục", en="this is no directory"), DIRECTORY.expected)
    return tuple(tuple(Cell("text", cell) if cell.strip() else EMPTY for cell in row) for row in rows[: MAX_ROWS + 1])
