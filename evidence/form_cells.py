"""Form cells: what an input cell of a workbook holds → the text that ``evidence.values`` reads.

Excel keeps numbers as binary floats. A float is taken at the shortest decimal that stands for it
(0.6996, what Excel shows, not 0.69959999…), and that decimal is then exact: 0.6996 in a cell
shown as a percentage is 69.96 %, 74.0 is 74. What can be meant in two ways is asked back.
"""

import datetime
import unicodedata
from decimal import Decimal
from typing import Any

from evidence.asked import Asked
from evidence.form_tables import AmountKey
from evidence.values import CONTROL, ONE_SEPARATOR, Flaw, Unreadable, quote, read_date
from evidence.workbooks import MAX_TEXT, Cell
from levels.faults import Text

_MAX_WHOLE = 10**15  # floats below are whole where they look whole

_WRONG_KINDS = {
    "formula": Text(vi="ô chứa công thức", en="the cell holds a formula"),
    "error": Text(vi="ô chứa giá trị lỗi", en="the cell holds an error value"),
    "boolean": Text(vi="ô chứa TRUE/FALSE", en="the cell holds TRUE or FALSE"),
    "date": Text(vi="ô chứa ngày tháng", en="the cell holds a date"),
}
_EXPECTED_VALUES: dict[str, Text] = {
    "number": Text(vi="hãy nhập trực tiếp một số", en="type a number into it"),
    "presence": Text(vi="hãy nhập “Có” hoặc “Không”", en="enter “Có” (yes) or “Không” (no)"),
    "choice": Text(vi="hãy chọn trong danh sách", en="choose from the list"),
    "text": Text(vi="hãy nhập dưới dạng chữ", en="enter it as text"),
    "date": Text(vi="hãy nhập trực tiếp một ngày, ví dụ 28/11/2025", en="type a day into it, such as 28/11/2025"),
}


def read_amount_cell(cell: Cell, asked: Asked, key: AmountKey) -> str:
    """The text of one input cell of an amount. Raises ``Unreadable`` naming ``key``."""
    if cell.kind == "text":
        return read_text_cell(cell, key)
    if cell.kind == "empty":
        return ""
    if cell.kind != "number":
        raise Unreadable([_name_kind(cell, key, asked.kind if asked.kind in _EXPECTED_VALUES else "number")])
    number = Decimal(repr(cell.value))
    if key == "value" and asked.kind == "ratio":
        if cell.percent:
            return f"{number.scaleb(2):f} %"
    elif cell.percent:
        found = Text(vi="ô có định dạng phần trăm", en="the cell is shown as a percentage")
        raise Unreadable([Flaw(key, found, _EXPECTED_VALUES["number"])])
    text = _write_number(cell.value)
    # A number that Excel keeps as 1.25 is never a thousand and more: where decimals are asked, a zero says so.
    return f"{text}0" if asked.kind in ("amount", "score") and ONE_SEPARATOR.fullmatch(text) else text


def read_text_cell(cell: Cell, key: str) -> str:
    """The text of a cell for words; a number typed there is taken as its digits. Raises ``Unreadable``."""
    if cell.kind == "number":
        return _write_number(cell.value)
    if isinstance(cell.value, datetime.date):
        return f"{cell.value:%d/%m/%Y}"
    if cell.kind == "empty":
        return ""
    if cell.kind != "text":
        raise Unreadable([_name_kind(cell, key, "text")])
    text = cell.text
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT:
        return text.strip()
    if len(text) > MAX_TEXT:
        found = Text(vi="ô quá dài", en="the cell is too long")
        raise Unreadable([Flaw(key, found, Text(vi=f"tối đa {MAX_TEXT} ký tự", en=f"at most {MAX_TEXT} characters"))])
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if control := CONTROL.search(text):
        sign = f"U+{ord(control[0]):04X}"
        found = Text(vi=f"ô có ký tự điều khiển {sign}", en=f"the cell holds the control character {sign}")
        raise Unreadable([Flaw(key, found, Text(vi="hãy xóa ký tự đó", en="remove it"))])
    return text.strip()


def read_date_cell(cell: Cell, key: str) -> datetime.date | None:
    """The day in a cell, typed as a date or as its text; None where empty. Raises ``Unreadable``."""
    if isinstance(cell.value, datetime.date):
        return cell.value.date() if isinstance(cell.value, datetime.datetime) else cell.value
    if cell.kind == "text":
        return read_date(read_text_cell(cell, key))
    if cell.kind == "empty":
        return None
    if cell.kind == "number":
        text = _write_number(cell.value)
        found = Text(vi=f"ô ngày chứa số {quote(text)}", en=f"the cell for a day holds the number {quote(text)}")
        raise Unreadable([Flaw(key, found, _EXPECTED_VALUES["date"])])
    raise Unreadable([_name_kind(cell, key, "date")])


def _write_number(value: Any) -> str:
    """``value`` in plain digits: 74.0 → ``74``, 1e-07 → ``0.0000001``."""
    if abs(value) < _MAX_WHOLE and value == int(value):
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def _name_kind(cell: Cell, key: str, expected: str) -> Flaw:
    """Says what kind of thing a cell holds, since it is none of the kind expected."""
    found = _WRONG_KINDS[cell.kind]
    if cell.kind == "error":
        found = Text(vi=f"{found.vi} {cell.value}", en=f"{found.en} {cell.value}")
    return Flaw(key, found, _EXPECTED_VALUES[expected])
