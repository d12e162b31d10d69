"""Form inputs: the cells of the Excel form that are filled in, each with its unit, validation and help."""

import datetime
from decimal import Decimal
from typing import Any

from attrs import field, frozen
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from evidence.asked import Asked
from evidence.facts import Amount, Fact, Status
from evidence.form_layout import COUNCIL_STATUSES, LISTS_SHEET, Layout, takes
from evidence.form_style import SHUT, TINTS, Pen
from evidence.form_tables import AMOUNT_KEYS, AmountKey
from evidence.index_values import write_decimal
from evidence.inputs import AskedInput
from evidence.values import STATUS_NAMES

FORMULA_SIGNS = ("=", "+", "-", "@", "'", "\t", "\r")
_TITLES = {"numerator": "Số thực hiện", "denominator": "Tổng số", "value": "Số lượng"}
_MAX_HELP = 250  # Excel shows no more of a message


@frozen
class InputWriter:
    """Writes the input cells of one sheet; ``lists`` collects the options that cells are chosen from."""

    sheet: Any
    pen: Pen
    layout: Layout
    lists: list[tuple[str, ...]] = field(factory=list)

    def write_report(self, row: int, asked: Asked, fact: Fact | None) -> None:
        """The unit's own part: value, documents, source, day and note."""
        amount = None
        if fact is not None:
            amount = fact.reported if fact.status is Status.ADJUSTED else fact.amount
        self._write_amount(row, asked, amount, "")
        # Beside a ruling the note is the council's reason, not the unit's own words.
        own_note = fact is not None and fact.status not in COUNCIL_STATUSES
        self._write_words(row, "document", "\n".join(document.reference for document in fact.documents) if fact else "")
        self._write_words(row, "source", fact.source if fact else "")
        self._write_words(row, "note", fact.note if fact and own_note else "")
        self._write_day(row, asked, fact.measured_on if fact else None)

    def write_appraisal(self, row: int, asked: Asked, fact: Fact | None) -> None:
        """The council's part: its ruling, its value where it adjusts, its reason."""
        ruled = fact is not None and fact.status in COUNCIL_STATUSES
        adjusted = fact is not None and fact.status is Status.ADJUSTED
        self._write_amount(row, asked, fact.amount if fact and adjusted else None, "council_")
        self._write_words(row, "status", STATUS_NAMES[fact.status].vi if fact and ruled else "", align="center")
        # A derived criterion takes no value: all a council can do is exempt a district without communes.
        choices = (Status.EXEMPT,) if asked.kind == "members" else COUNCIL_STATUSES
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
        place = self.layout.table.places[key]
        if (row, place) in self.layout.inputs:
            return True
        form = self.pen.ruled(bg_color=SHUT, align="center", italic=True, font_size=10)
        self.write_text(row, place, self.layout.printed.get((row, place), ""), form)
        return False

    def _form(self, key: str, **properties: Any) -> Any:
        return self.pen.ruled(bg_color=TINTS[self.layout.table.column(key).part], locked=False, **properties)

    def _write_words(self, row: int, key: str, text: str, align: str = "left") -> None:
        if self._is_open(row, key):
            # Format @ and the quote prefix: what begins with = stays text even when somebody edits the cell.
            prefix = {"quote_prefix": True} if text.startswith(FORMULA_SIGNS) else {}
            self.write_text(
                row, self.layout.table.places[key], text, self._form(key, num_format="@", align=align, **prefix)
            )

    def _write_day(self, row: int, asked: Asked, day: datetime.date | None) -> None:
        if not self._is_open(row, "measured_on"):
            return
        form = self._form("measured_on", num_format="dd/mm/yyyy", align="center")
        place = self.layout.table.places["measured_on"]
        if day is None:
            self.sheet.write_blank(row - 1, place - 1, None, form)
        else:
            self.sheet.write_datetime(row - 1, place - 1, day, form)
        cycle = int(self.layout.meta["cycle"])
        whole = datetime.date(cycle - asked.valid_cycles + 1, 1, 1), datetime.date(cycle, 12, 31)
        first, last = self.layout.plan.window or whole
        rule = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last, "error_type": "warning"}
        error = f"Số liệu chỉ được tính khi chốt từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}."
        self._validate(row, "measured_on", rule, "Ngày chốt số liệu", f"Nhập ngày/tháng/năm. {error}", error)

    def _write_amount(self, row: int, asked: Asked, amount: Amount | None, prefix: str) -> None:
        for key in AMOUNT_KEYS:
            column = prefix + key
            if column not in self.layout.table.places or not self._is_open(row, column):
                continue
            form = self._form(column, num_format=_number_format(asked, key), align="center")
            self._write_value(
                row, self.layout.table.places[column], _pick(asked, amount, key) if amount else None, form
            )
            self._guard(row, asked, key, prefix)

    def _write_value(self, row: int, place: int, value: int | Decimal | str | None, form: Any) -> None:
        if value is None:
            self.sheet.write_blank(row - 1, place - 1, None, form)
        elif isinstance(value, str):
            self.sheet.write_string(row - 1, place - 1, value, form)
        else:
            self.sheet.write_number(row - 1, place - 1, value, form)

    def _guard(self, row: int, asked: Asked, key: AmountKey, prefix: str) -> None:
        """The data validation of one cell of an amount."""
        if asked.kind == "presence":
            self._offer(row, prefix + key, ["Có", "Không"], "Có hay không")
        elif isinstance(asked, AskedInput):
            self._guard_input(row, asked, prefix + key)
        else:
            self._guard_counts(row, asked, key, prefix)

    def _guard_input(self, row: int, asked: AskedInput, key: str) -> None:
        """The data validation of an input of an index."""
        says = asked.expected.vi[:1].upper() + asked.expected.vi[1:] + "."
        if asked.kind == "choice":
            self._offer_options(row, key, asked.input.options)
        elif asked.kind == "count":
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
            self._validate(row, key, rule, "Số lượng", says, says)
        elif asked.most is None:
            self._validate(row, key, {"validate": "decimal", "criteria": ">=", "value": 0}, "Giá trị", says, says)
        else:
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": asked.most}
            self._validate(row, key, rule, "Điểm", says, says)

    def _guard_counts(self, row: int, asked: Asked, key: AmountKey, prefix: str) -> None:
        """The data validation of a ratio or count of a criterion."""
        places = self.layout.table.places
        cells = {name: f"{xl_col_to_name(places[prefix + name] - 1)}{row}" for name in AMOUNT_KEYS}
        part, total, cell = (
            cells["value" if asked.kind == "count" else "numerator"],
            cells["denominator"],
            cells[key],
        )
        if asked.kind == "ratio" and key == "value":
            formula = f'=AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1,{part}="",{total}="")'
            title, text = "Tỷ lệ phần trăm", "Chỉ nhập khi không có tử số và mẫu số, ví dụ 69,96%."
            error = "Cần tỷ lệ từ 0% đến 100%, và chỉ khi để trống tử số và mẫu số."
        else:
            compared = f',OR({part}="",{total}="",{part}<={total})' if takes(asked, "denominator") else ""
            formula = f"=AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}){compared})"
            measure = self.layout.printed.get((row, places["measure"]), "")
            title, text = _TITLES[key], f"Đơn vị tính: {measure}. Số nguyên không âm, không dấu phân cách."
            if asked.kind == "ratio":
                text = "Số nguyên không âm, không dấu phân cách. Tử số không lớn hơn mẫu số."
            error = "Cần số nguyên không âm" + ("; số thực hiện không được lớn hơn tổng số." if compared else ".")
        self._validate(row, prefix + key, {"validate": "custom", "value": formula}, title, text, error)

    def _offer_options(self, row: int, key: str, options: tuple[str, ...]) -> None:
        """A choice among options that stand in a hidden sheet: they hold commas, and Excel limits a list in place."""
        if options not in self.lists:
            self.lists.append(options)
        column = self.lists.index(options)
        source = f"={LISTS_SHEET}!{xl_range_abs(0, column, len(options) - 1, column)}"
        text = "Chọn một trong danh sách: " + "; ".join(f"{n}. {option}" for n, option in enumerate(options, start=1))
        text = text if len(text) <= _MAX_HELP else f"{text[:_MAX_HELP]}…"
        rule = {"validate": "list", "source": source}
        self._validate(row, key, rule, "Lựa chọn", text, "Hãy chọn trong danh sách.")

    def _offer(self, row: int, key: str, choices: list[str], title: str) -> None:
        text = f"Chọn: {', '.join(choices)}."
        self._validate(row, key, {"validate": "list", "source": choices}, title, text, "Hãy chọn trong danh sách.")

    def _validate(self, row: int, key: str, rule: dict[str, Any], title: str, text: str, error: str) -> None:
        says = {"input_title": title, "input_message": text, "error_title": "Chưa đúng", "error_message": error}
        self.sheet.data_validation(
            row - 1, self.layout.table.places[key] - 1, row - 1, self.layout.table.places[key] - 1, rule | says
        )


def say_value(asked: Asked, fact: Fact) -> str:
    """The words in the cell of a reported choice, by which a row must be tall enough; "" where they are a number."""
    amount = fact.reported if fact.status is Status.ADJUSTED else fact.amount
    shown = _pick(asked, amount, "value") if amount is not None else None
    return shown if isinstance(shown, str) else ""


def _number_format(asked: Asked, key: AmountKey) -> str:
    if asked.kind == "choice":
        return "@"
    if asked.kind in ("amount", "score"):
        return "General"
    return "0.00%" if key == "value" and asked.kind == "ratio" else "0"


def _pick(asked: Asked, amount: Amount, key: str) -> int | Decimal | str | None:
    """What of ``amount`` stands in column ``key``."""
    if isinstance(asked, AskedInput):
        return _show(asked, amount)
    if asked.kind == "presence":
        return "Có" if amount.numerator else "Không"
    if key == "denominator":
        return amount.denominator
    return amount.numerator if (key == "numerator") is (asked.kind == "ratio") else None


def _show(asked: AskedInput, amount: Amount) -> int | Decimal | str:
    """The value of an input as its cell holds it: words or a number; of 15 digits Excel keeps every one."""
    if asked.kind == "presence":
        return "Có" if amount.numerator else "Không"
    if asked.kind == "choice":
        return asked.input.options[amount.numerator - 1]
    return Decimal(write_decimal(amount))
