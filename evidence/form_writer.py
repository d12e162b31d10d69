"""Writes the Excel form of Phụ lục 01/02: one workbook per unit, such as an office would send.

Every text is written as text: nothing that comes from outside can become a formula or a link.
"""

import datetime
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from evidence.facts import Amount, Fact, Status
from evidence.files import FilePath, replace_file
from evidence.form_layout import (
    AMOUNT_KEYS,
    COLUMNS,
    COUNCIL_STATUSES,
    GUIDE_SHEET,
    LAST_PROOF,
    META_SHEET,
    PARTS,
    PLACES,
    Layout,
    Style,
    lay_out,
    takes,
)
from evidence.units import Unit
from evidence.values import STATUS_NAMES
from levels.framework import Criterion, Framework

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", "text_wrap": True}
_INK, _LINE = "#1F3864", "#7F8FA9"
_TINTS = {"head": "#D9E2F0", "group": "#EDF1F8", "report": "#FFF8DC", "proof": "#FFF8DC", "appraisal": "#E6F2E0"}
_SHUT = "#EFEFEF"

_STYLES: dict[Style, dict[str, Any]] = {
    "office": {"bold": True, "font_size": 12, "align": "center"},
    "nation": {"bold": True, "font_size": 12, "align": "center"},
    "motto": {"bold": True, "font_size": 13, "align": "center", "underline": 1},
    "annex": {"bold": True, "font_size": 13, "align": "center"},
    "title": {"bold": True, "font_size": 13, "align": "center"},
    "cited": {"italic": True, "font_size": 12, "align": "center"},
    "form": {"bold": True, "font_size": 14, "align": "center", "font_color": _INK},
    "unit": {"bold": True, "font_size": 12, "align": "left"},
    "hint": {"italic": True, "font_size": 11, "align": "left", "font_color": _INK},
    "signer": {"bold": True, "font_size": 12, "align": "center"},
    "role": {"italic": True, "font_size": 12, "align": "center"},
}
_HEIGHTS: dict[Style, float] = {"form": 26, "signer": 34, "title": 20}

_MAX_ROW_HEIGHT = 409.0  # Excel has no taller rows

_DAY_ONE = datetime.date(2000, 1, 1)
_NUMBER_HELP = "Số nguyên không âm, không dấu phân cách. Tử số không lớn hơn mẫu số."
_GUIDE = (
    ("1.", "Chỉ nhập vào các ô có nền màu. Không thêm, xóa, di chuyển dòng, cột; không gộp ô; không dùng công thức."),
    (
        "2.",
        "Tiêu chí tính bằng tỷ lệ: nhập số thực hiện (tử số) và tổng số (mẫu số), là các số nguyên. Nếu chỉ có tỷ lệ "
        "phần trăm thì để trống hai ô đó và nhập tỷ lệ vào ô “Giá trị”, ví dụ 69,96%. Số liệu được lấy chính xác, "
        "không làm tròn: 69,96% không đạt ngưỡng 70%.",
    ),
    ("3.", "Tiêu chí tính bằng số lượng: nhập số lượng vào ô “Giá trị”; ô “Tổng số” chỉ nhập khi có nền màu."),
    ("4.", "Tiêu chí có/không: chọn “Có” hoặc “Không” trong danh sách."),
    (
        "5.",
        "Không có số liệu thì để trống; không ghi số 0 thay cho chưa biết. Không có đối tượng để tính "
        "(ví dụ không có hệ thống thông tin nào) thì ghi 0 trên 0; hội đồng thẩm định sẽ xem xét.",
    ),
    (
        "6.",
        "Tài liệu kiểm chứng: số, ký hiệu văn bản, tên tệp hoặc đường dẫn; mỗi tài liệu một dòng (Alt+Enter) hoặc "
        "ngăn cách bằng dấu “|”.",
    ),
    (
        "7.",
        "Ngày chốt số liệu: ngày/tháng/năm. Riêng việc kiểm tra, đánh giá an toàn thông tin theo cấp độ: ghi ngày "
        "kiểm tra; 01 lần kiểm tra, đánh giá được tính cho 02 năm.",
    ),
    (
        "8.",
        "Phần “Kết quả thẩm định” (nếu có) do hội đồng thẩm định nhập. “đã xác minh”: chấp nhận số báo cáo; "
        "“điều chỉnh”: ghi giá trị của hội đồng; “không chấp nhận” và “được miễn”: ghi lý do.",
    ),
    ("9.", "Ô màu xám không áp dụng cho tiêu chí đó, hoặc do hệ thống tự tính."),
    (
        "10.",
        "Biểu này chỉ dùng cho đơn vị, năm và phiên bản bộ tiêu chí đã ghi; không dùng lại cho đơn vị hoặc năm khác.",
    ),
)


def write_form(
    path: FilePath,
    framework: Framework,
    unit: Unit,
    cycle: int,
    facts: Mapping[str, Fact] | None = None,
    *,
    appraisal: bool = False,
) -> None:
    """Write the form of ``unit`` for ``cycle``, filled with ``facts`` where given, whole or not at all.

    ``appraisal`` adds the council's columns (status, value, reason); without it only what the
    unit reports is filled in. A fact of another cycle that states no day is left out: it is not
    of this dossier. Raises ``KeyError`` where ``framework`` has no criteria for the unit's tier.
    """
    layout = lay_out(framework, unit, cycle, appraisal=appraisal)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with replace_file(path) as stream, xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {"title": layout.printed[7, 2], "subject": unit.name, "company": framework.instrument.issuer}
        )
        book.formats[0].set_font_name("Times New Roman")
        _Writing(book, layout, cycle, dict(facts or {})).write()


def measure_text(text: str, size: float = 11) -> float:
    """The width of ``text`` in points when set in Times of ``size`` points; close, never much too small."""
    em = 0.0
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            continue
        if letter in "iljtfrI.,:;'|()[]- /":
            em += 0.32
        elif letter in "mwMW%–“”":
            em += 0.83
        else:
            em += 0.72 if letter.isupper() else 0.5
    return em * size


def count_lines(text: str, width: float, size: float = 11) -> int:
    """The lines that ``text`` takes in a column ``width`` characters wide."""
    room = width * 5.25 - 2  # points: Excel counts a column's width in digits of 7 pixels
    lines = 0
    for paragraph in text.split("\n"):
        used = 0.0
        lines += 1
        for word in paragraph.split(" "):
            length = measure_text(word, size)
            if used and used + length > room:
                lines += 1
                used = 0.0
            lines += max(0, math.ceil(length / room) - 1)  # a long word breaks
            used += length + measure_text(" ", size)
    return lines


class _Writing:
    """One workbook being written."""

    def __init__(self, book: Any, layout: Layout, cycle: int, facts: dict[str, Fact]) -> None:
        self.book = book
        self.layout = layout
        self.cycle = cycle
        self.facts = facts
        self.appraisal = layout.meta["appraisal"] == "yes"
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """The format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(_FONT | properties)
        return self.formats[key]

    def write(self) -> None:
        self.sheet = self.book.add_worksheet(self.layout.sheet)
        self._set_up()
        self._write_headings()
        self._write_table_head()
        bordered = {"border": 1, "border_color": _LINE}
        for row, name in self.layout.groups.items():
            shade = self.format(bold=True, bg_color=_TINTS["group"], font_color=_INK, **bordered)
            for column in range(2, self.layout.last_column + 1):
                self.sheet.write_blank(row - 1, column - 1, None, shade)
            self._print(
                row,
                PLACES["number"],
                self.format(bold=True, align="center", bg_color=_TINTS["group"], font_color=_INK, **bordered),
            )
            self._print(
                row, PLACES["name"], self.format(bold=True, bg_color=_TINTS["group"], font_color=_INK, **bordered)
            )
            self.sheet.set_row(row - 1, 16.5 * count_lines(name, COLUMNS[PLACES["name"] - 1].width * 0.9))
        for row, criterion in self.layout.criteria.items():
            self._write_criterion(row, criterion)
        self._write_guide()
        self._write_meta()

    def _set_up(self) -> None:
        sheet, layout = self.sheet, self.layout
        head = layout.head_row
        for place, column in enumerate(COLUMNS, start=1):
            hidden = place == PLACES["code"] or place > layout.last_column
            sheet.set_column(place - 1, place - 1, column.width, None, {"hidden": hidden})
        sheet.freeze_panes(head + 2, PLACES["measure"] - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(head - 1, head + 1)
        sheet.print_area(0, 1, layout.last_row - 1, layout.last_column - 1)
        sheet.set_footer('&L&"Times New Roman,Italic"&9&A&R&"Times New Roman,Regular"&9Trang &P/&N')
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        # No password: the lock guards against slips; the reader checks every locked cell anyway.
        sheet.protect("", {"format_rows": True, "format_columns": True})

    def _print(self, row: int, column: int, form: Any) -> None:
        self.sheet.write_string(row - 1, column - 1, self.layout.printed[row, column], form)

    def _write_headings(self) -> None:
        heights: dict[int, float] = {}
        for heading in self.layout.headings:
            form = self.format(**_STYLES[heading.style])
            self.sheet.merge_range(heading.row - 1, heading.first - 1, heading.row - 1, heading.last - 1, "", form)
            self._print(heading.row, heading.first, form)
            width = sum(column.width for column in COLUMNS[heading.first - 1 : heading.last])
            size = _STYLES[heading.style]["font_size"]
            height = max(_HEIGHTS.get(heading.style, 18), 1.3 * size * count_lines(heading.text, width, size))
            heights[heading.row] = max(height, heights.get(heading.row, 0))
        for row, height in heights.items():
            self.sheet.set_row(row - 1, height)
        self.sheet.set_row(2, 8)

    def _write_table_head(self) -> None:
        top = self.layout.head_row
        shape = {"bold": True, "align": "center", "border": 1, "border_color": _LINE, "font_color": _INK}
        form = self.format(bg_color=_TINTS["head"], **shape)
        for place, column in enumerate(COLUMNS[: self.layout.last_column], start=1):
            if column.part == "law" and place > 1 and not column.key.startswith("level_"):
                self.sheet.merge_range(top - 1, place - 1, top, place - 1, "", form)
                self._print(top, place, form)
            elif place > 1:
                self._print(top + 1, place, form)
            if place > 1:
                self._print(
                    top + 2, place, self.format(italic=True, align="center", font_size=9, border=1, border_color=_LINE)
                )
        spans = [("level_1", "level_5")]
        for part in PARTS:
            keys = [column.key for column in COLUMNS if column.part == part]
            spans.append((keys[0], keys[-1]))
        for first, last in spans:
            if PLACES[last] <= self.layout.last_column:
                self.sheet.merge_range(top - 1, PLACES[first] - 1, top - 1, PLACES[last] - 1, "", form)
                self._print(top, PLACES[first], form)
        self.sheet.set_row(top - 1, 20)
        self.sheet.set_row(top, 48)
        self.sheet.set_row(top + 1, 13)

    def _write_criterion(self, row: int, criterion: Criterion) -> None:
        shape = {"border": 1, "border_color": _LINE}
        texts: dict[int, str] = {}
        self._print(row, PLACES["code"], self.format(font_color="#808080"))
        for key in ("number", "name", "measure", "method", *(f"level_{level}" for level in range(1, 6))):
            place = PLACES[key]
            texts[place] = self.layout.printed.get((row, place), "")
            align = "left" if key in ("name", "method") else "center"
            self.sheet.write_string(row - 1, place - 1, texts[place], self.format(align=align, **shape))
        fact = self.facts.get(criterion.code)
        if fact is not None and fact.measured_on is None and fact.cycle not in (None, self.cycle):
            fact = None
        self._write_report(row, criterion, fact, texts)
        if self.appraisal:
            self._write_appraisal(row, criterion, fact, texts)
        lines = max(count_lines(text, COLUMNS[place - 1].width) for place, text in texts.items())
        self.sheet.set_row(row - 1, min(_MAX_ROW_HEIGHT, max(32.0, 14.6 * lines + 5)))

    def _write_report(self, row: int, criterion: Criterion, fact: Fact | None, texts: dict[int, str]) -> None:
        amount = None if fact is None else fact.reported or (None if fact.status is Status.ADJUSTED else fact.amount)
        self._write_amount(row, criterion, amount, "", "report")
        if criterion.kind == "members":
            for key in ("document", "source", "measured_on", "note"):
                self._shut(row, PLACES[key])
            return
        # Beside a ruling the note is the council's reason, not the unit's own words.
        note = "" if fact is None or fact.status in COUNCIL_STATUSES else fact.note
        entries = {
            "document": "\n".join(document.reference for document in fact.documents) if fact else "",
            "source": fact.source if fact else "",
            "note": note,
        }
        for key, text in entries.items():
            texts[PLACES[key]] = text
            self._write_text(row, PLACES[key], text, "proof")
        place = PLACES["measured_on"]
        form = self.format(num_format="dd/mm/yyyy", align="center", **self._open("proof"))
        if fact is not None and fact.measured_on is not None:
            self.sheet.write_datetime(row - 1, place - 1, fact.measured_on, form)
        else:
            self.sheet.write_blank(row - 1, place - 1, None, form)
        self.sheet.data_validation(
            row - 1, place - 1, row - 1, place - 1,
            {
                "validate": "date", "criteria": "between",
                "minimum": _DAY_ONE.replace(year=self.cycle - criterion.valid_cycles - 4),
                "maximum": _DAY_ONE.replace(year=self.cycle + 1),
                **_say("Ngày chốt số liệu", f"Nhập ngày/tháng/năm, ví dụ 28/11/{self.cycle}.", "Cần một ngày hợp lệ, dạng ngày/tháng/năm."),
            },
        )  # fmt: skip

    def _write_appraisal(self, row: int, criterion: Criterion, fact: Fact | None, texts: dict[int, str]) -> None:
        status = fact.status if fact is not None and fact.status in COUNCIL_STATUSES else None
        amount = fact.amount if fact is not None and status is Status.ADJUSTED else None
        self._write_amount(row, criterion, amount, "council_", "appraisal")
        word = STATUS_NAMES[status].vi if status else ""
        self._write_text(row, PLACES["status"], word, "appraisal", align="center")
        # A derived criterion takes no value: all a council can do is exempt a district without communes.
        choices = (Status.EXEMPT,) if criterion.kind == "members" else COUNCIL_STATUSES
        names = [STATUS_NAMES[each].vi for each in choices]
        self._offer(row, PLACES["status"], names, "Kết luận thẩm định", "Chọn: " + ", ".join(names) + ".")
        reason = fact.note if fact is not None and status else ""
        texts[PLACES["reason"]] = reason
        self._write_text(row, PLACES["reason"], reason, "appraisal")

    def _write_amount(self, row: int, criterion: Criterion, amount: Amount | None, prefix: str, part: str) -> None:
        values: dict[str, int | str] = {}
        if amount is not None and criterion.kind == "presence":
            values["value"] = "Có" if amount.numerator else "Không"
        elif amount is not None:
            values["value" if criterion.kind == "count" else "numerator"] = amount.numerator
            if amount.denominator is not None:
                values["denominator"] = amount.denominator
        for key in AMOUNT_KEYS:
            place = PLACES[prefix + key]
            if not takes(criterion, key):
                self._shut(row, place)
                continue
            percentage = key == "value" and criterion.kind == "ratio"
            form = self.format(num_format="0.00%" if percentage else "0", align="center", **self._open(part))
            value = values.get(key)
            if isinstance(value, str):
                self.sheet.write_string(row - 1, place - 1, value, form)
            elif value is not None:
                self.sheet.write_number(row - 1, place - 1, value, form)
            else:
                self.sheet.write_blank(row - 1, place - 1, None, form)
            self._guard(row, criterion, key, prefix)

    def _guard(self, row: int, criterion: Criterion, key: str, prefix: str) -> None:
        """The data validation of one cell of an amount."""
        place = PLACES[prefix + key]
        cells = {name: f"{xl_col_to_name(PLACES[prefix + name] - 1)}{row}" for name in AMOUNT_KEYS}
        part = cells["value" if criterion.kind == "count" else "numerator"]
        total, cell = cells["denominator"], cells[key]
        if criterion.kind == "presence":
            self._offer(row, place, ["Có", "Không"], "Có hay không", "Chọn “Có” hoặc “Không”.")
            return
        if criterion.kind == "ratio" and key == "value":
            formula = f'AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1,{part}="",{total}="")'
            says = _say(
                "Tỷ lệ phần trăm", "Chỉ nhập khi không có tử số và mẫu số, ví dụ 69,96%.",
                "Cần tỷ lệ từ 0% đến 100%, và chỉ khi để trống tử số và mẫu số.",
            )  # fmt: skip
        else:
            compared = f'OR({part}="",{total}="",{part}<={total})' if takes(criterion, "denominator") else "TRUE"
            formula = f"AND(ISNUMBER({cell}),{cell}>=0,{cell}=INT({cell}),{compared})"
            says = _say(
                {"numerator": "Số thực hiện", "denominator": "Tổng số", "value": "Số lượng"}[key],
                _NUMBER_HELP if takes(criterion, "denominator") else "Số nguyên không âm, không dấu phân cách.",
                "Cần số nguyên không âm; số thực hiện không được lớn hơn tổng số.",
            )
        self.sheet.data_validation(
            row - 1, place - 1, row - 1, place - 1, {"validate": "custom", "value": f"={formula}", **says}
        )

    def _offer(self, row: int, place: int, choices: list[str], title: str, text: str) -> None:
        self.sheet.data_validation(
            row - 1, place - 1, row - 1, place - 1,
            {"validate": "list", "source": choices, **_say(title, text, "Hãy chọn trong danh sách.")},
        )  # fmt: skip

    def _open(self, part: str) -> dict[str, Any]:
        return {"border": 1, "border_color": _LINE, "bg_color": _TINTS[part], "locked": False}

    def _write_text(self, row: int, place: int, text: str, part: str, align: str = "left") -> None:
        # Format @ and the quote prefix: what begins with = stays text even when somebody edits the cell.
        prefix = {"quote_prefix": True} if text[:1] in ("=", "+", "-", "@", "'", "\t", "\r") and text else {}
        form = self.format(num_format="@", align=align, **self._open(part), **prefix)
        self._write(row, place, text, form)

    def _write(self, row: int, place: int, text: str, form: Any) -> None:
        if text:
            self.sheet.write_string(row - 1, place - 1, text, form)
        else:
            self.sheet.write_blank(row - 1, place - 1, None, form)

    def _shut(self, row: int, place: int) -> None:
        """A cell that takes nothing: grey, with the printed words if there are any."""
        form = self.format(bg_color=_SHUT, border=1, border_color=_LINE, align="center", italic=True, font_size=10)
        self._write(row, place, self.layout.printed.get((row, place), ""), form)

    def _write_guide(self) -> None:
        guide = self.book.add_worksheet(GUIDE_SHEET)
        guide.set_column(0, 0, 5)
        guide.set_column(1, 1, 100)
        guide.hide_gridlines(2)
        guide.set_paper(9)
        guide.fit_to_pages(1, 0)
        guide.write_string(
            0, 0, "HƯỚNG DẪN NHẬP BIỂU", self.format(bold=True, font_size=14, font_color=_INK, text_wrap=False)
        )
        guide.set_row(0, 28)
        for row, (number, text) in enumerate(_GUIDE, start=1):
            guide.write_string(row, 0, number, self.format(font_size=12, valign="top"))
            guide.write_string(row, 1, text, self.format(font_size=12, valign="top"))
            guide.set_row(row, 16.5 * count_lines(text, 100, 12) + 6)
        guide.protect()

    def _write_meta(self) -> None:
        meta = self.book.add_worksheet(META_SHEET)
        for row, (key, value) in enumerate(self.layout.meta.items()):
            meta.write_string(row, 0, key)
            meta.write_string(row, 1, value)
        meta.protect()
        meta.very_hidden()


def _say(title: str, text: str, error: str) -> dict[str, str]:
    return {"input_title": title, "input_message": text, "error_title": "Chưa đúng", "error_message": error}
