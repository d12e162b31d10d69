"""Form inputs: the cells of the Excel form that are filled in, each with its unit, validation and help."""

import datetime
from typing import Any

from attrs import frozen
from xlsxwriter.utility import xl_col_to_name

from evidence.facts import Amount, Fact, Status
from evidence.form_layout import AMOUNT_KEYS, COLUMNS, COUNCIL_STATUSES, PLACES, AmountKey, Layout, takes
from evidence.form_style import SHUT, TINTS, Pen
from evidence.values import STATUS_NAMES
from levels.framework import Criterion

_FORMULA_SIGNS = ("=", "+", "-", "@", "'", "\t", "\r")
_TITLES = {"numerator": "Số thực hiện", "denominator": "Tổng số", "value": "Số lượng"}


@frozen
class InputWriter:
    """Writes the input cells of one sheet."""

    sheet: Any
    pen: Pen
    layout: Layout

    def write_report(self, row: int, criterion: Criterion, fact: Fact | None) -> None:
        """The unit's own part: value, documents, source, day and note."""
        amount = None
        if fact is not None:
            amount = fact.reported if fact.status is Status.ADJUSTED else fact.amount
        self._write_amount(row, criterion, amount, "")
        # Beside a ruling the note is the council's reason, not the unit's own words.
        own_note = fact is not None and fact.status not in COUNCIL_STATUSES
        self._write_words(row, "document", "\n".join(document.reference for document in fact.documents) if fact else "")
        self._write_words(row, "source", fact.source if fact else "")
        self._write_words(row, "note", fact.note if fact and own_note else "")
        self._write_day(row, criterion, fact.measured_on if fact else None)

    def write_appraisal(self, row: int, criterion: Criterion, fact: Fact | None) -> None:
        """The council's part: its ruling, its value where it adjusts, its reason."""
        ruled = fact is not None and fact.status in COUNCIL_STATUSES
        adjusted = fact is not None and fact.status is Status.ADJUSTED
        self._write_amount(row, criterion, fact.amount if fact and adjusted else None, "council_")
        self._write_words(row, "status", STATUS_NAMES[fact.status].vi if fact and ruled else "", align="center")
        # A derived criterion takes no value: all a council can do is exempt a district without communes.
        choices = (Status.EXEMPT,) if criterion.kind == "members" else COUNCIL_STATUSES
        self._offer(row, "status", [STATUS_NAMES[status].vi for status in choices], "Kết luận thẩm định")
        self._write_words(row, "reason", fact.note if fact and ruled else "")

    def write_text(self, row: int, place: int, text: str, form: Any) -> None:
        """``text`` as text, or a blank cell."""
        if text:
            self.sheet.write_string(row - 1, place - 1, text, form)
        else:
            self.sheet.write_blank(row - 1, place - 1, None, form)

    def _is_open(self, row: int, key: str) -> bool:
        """Whether the cell takes input; one that does not is made grey, with its printed words if it has any."""
        place = PLACES[key]
        if (row, place) in self.layout.inputs:
            return True
        form = self.pen.ruled(bg_color=SHUT, align="center", italic=True, font_size=10)
        self.write_text(row, place, self.layout.printed.get((row, place), ""), form)
        return False

    def _form(self, key: str, **properties: Any) -> Any:
        return self.pen.ruled(bg_color=TINTS[COLUMNS[PLACES[key] - 1].part], locked=False, **properties)

    def _write_words(self, row: int, key: str, text: str, align: str = "left") -> None:
        if self._is_open(row, key):
            # Format @ and the quote prefix: what begins with = stays text even when somebody edits the cell.
            prefix = {"quote_prefix": True} if text.startswith(_FORMULA_SIGNS) else {}
            self.write_text(row, PLACES[key], text, self._form(key, num_format="@", align=align, **prefix))

    def _write_day(self, row: int, criterion: Criterion, day: datetime.date | None) -> None:
        if not self._is_open(row, "measured_on"):
            return
        form = self._form("measured_on", num_format="dd/mm/yyyy", align="center")
        place = PLACES["measured_on"]
        if day is None:
            self.sheet.write_blank(row - 1, place - 1, None, form)
        else:
            self.sheet.write_datetime(row - 1, place - 1, day, form)
        cycle = int(self.layout.meta["cycle"])
        first, last = datetime.date(cycle - criterion.valid_cycles + 1, 1, 1), datetime.date(cycle, 12, 31)
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, "error_type": "warning"}
        error = f"Số liệu chỉ được tính khi chốt từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}."
        self._validate(row, "measured_on", rule, "Ngày chốt số liệu", f"Nhập ngày/tháng/năm. {error}", error)

    def _write_amount(self, row: int, criterion: Criterion, amount: Amount | None, prefix: str) -> None:
        for key in AMOUNT_KEYS:
            column, place = prefix + key, PLACES[prefix + key]
            if not self._is_open(row, column):
                continue
            percentage = key == "value" and criterion.kind == "ratio"
            form = self._form(column, num_format="0.00%" if percentage else "0", align="center")
            number = _pick(criterion, amount, key) if amount else None
            if number is None:
                self.sheet.write_blank(row - 1, place - 1, None, form)
            elif criterion.kind == "presence":
                self.sheet.write_string(row - 1, place - 1, "Có" if number else "Không", form)
            else:
                self.sheet.write_number(row - 1, place - 1, number, form)
            self._guard(row, criterion, key, prefix)

    def _guard(self, row: int, criterion: Criterion, key: AmountKey, prefix: str) -> None:
        """The data validation of one cell of an amount."""
        cells = {name: f"{xl_col_to_name(PLACES[prefix + name] - 1)}{row}" for name in AMOUNT_KEYS}
        part, total, cell = (
            cells["value" if criterion.kind == "count" else "numerator"],
            cells["denominator"],
            cells[key],
        )
        if criterion.kind == "presence":
            self._offer(row, prefix + key, ["Có", "Không"], "Có hay không")
            return
        if criterion.kind == "ratio" and key == "value":
            formula = f'=AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1,{part}="",{total}="")'
            title, text = "Tỷ lệ phần trăm", "Chỉ nhập khi không có tử số và mẫu số, ví dụ 69,96%."
            error = "Cần tỷ lệ từ 0% đến 100%, và chỉ khi để trống tử số và mẫu số."
        else:
            compared = f',OR({part}="",{total}="",{part}<={total})' if takes(criterion, "denominator") else ""
            formula = f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}){compared})"
            title, text = _TITLES[key], f"Đơn vị tính: {criterion.measure}. Số nguyên không âm, không dấu phân cách."
            if criterion.kind == "ratio":
                text = "Số nguyên không âm, không dấu phân cách. Tử số không lớn hơn mẫu số."
            error = "Cần số nguyên không âm" + ("; số thực hiện không được lớn hơn tổng số." if compared else ".")
        self._validate(row, prefix + key, {"validate": "custom", "value": formula}, title, text, error)

    def _offer(self, row: int, key: str, choices: list[str], title: str) -> None:
        text = f"Chọn: {', '.join(choices)}."
        self._validate(row, key, {"validate": "list", "source": choices}, title, text, "Hãy chọn trong danh sách.")

    def _validate(self, row: int, key: str, rule: dict[str, Any], title: str, text: str, error: str) -> None:
        says = {"input_title": title, "input_message": text, "error_title": "Chưa đúng", "error_message": error}
        self.sheet.data_validation(row - 1, PLACES[key] - 1, row - 1, PLACES[key] - 1, rule | says)


def _pick(criterion: Criterion, amount: Amount, key: str) -> int | None:
    """What of ``amount`` stands in column ``key``."""
    if key == "denominator":
        return amount.denominator
    return amount.numerator if (key == "numerator") is (criterion.kind == "ratio") else None
