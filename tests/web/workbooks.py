"""Workbooks that pages give: read as somebody reads them who opens them."""

import io

import openpyxl

Row = tuple[object, ...]


def sheets_of(content: bytes) -> dict[str, list[Row]]:
    """The rows of every sheet, its head first; the title lines above and the empty row after them are left out."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: _below_title(list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets}


def rows_of(content: bytes) -> list[Row]:
    """The rows of the only sheet, without its head."""
    (rows,) = sheets_of(content).values()
    return rows[1:]


def _below_title(rows: list[Row]) -> list[Row]:
    empty = next(at for at, row in enumerate(rows) if not any(value is not None for value in row))
    return rows[empty + 1 :]
