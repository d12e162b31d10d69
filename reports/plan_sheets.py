"""A work plan as an Excel workbook: the work, the offices with their months, the units, the years, the cost curve.

Guarantees what every workbook here does (``reports.sheets``): text stays text, equal plans give equal bytes. Sums are
numbers where Excel holds them exactly, else text; nothing is rounded.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

from evidence.costs import Money
from reports.plan import dong_text, money_text
from reports.sheets import Book
from reports.view import left_open
from reports.words import NOTHING, SYNTHETIC_MARK, printable
from reports.work_entries import rise_of
from reports.work_plan import WorkItem, WorkPlan, accounts, budget_of, left_of, total_of
from reports.work_schedule import UNASSIGNED, Month, Schedule, day_text, due_text, schedules_of
from reports.work_tables import YEAR_SUMS, bar_notes, stones_title

MOST_EXACT = 10**15
"""Excel keeps fifteen digits of a number."""

_HEAD: dict[str, object] = {
    "bold": True,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "bg_color": "#DCE6F1",
}
_SUM = "#,##0"


def work_plan_workbook(plan: WorkPlan) -> bytes:
    """The plan as a workbook; it must have items."""
    book = Book()
    schedules = schedules_of(plan)
    _work_sheet(book, plan)
    for schedule in schedules:
        _office_sheet(book, plan, schedule)
    _unit_sheet(book, plan)
    if plan.budgets or len(plan.years) > 1:
        _year_sheet(book, plan)
    if plan.curve:
        _curve_sheet(book, plan)
    _note_sheet(book, plan)
    return book.close()


def _open(book: Book, plan: WorkPlan, name: str, heads: Sequence[str], widths: Sequence[int]) -> tuple[Any, int]:
    """A sheet with its title lines and column heads; gives the sheet and its first free row."""
    sheet = book.sheet(name)
    mark = SYNTHETIC_MARK.vi if plan.synthetic else ""
    top = book.heading(sheet, [f"Kế hoạch {plan.goal.vi[:1].lower()}{plan.goal.vi[1:]}", mark])
    for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
        book.write(sheet, top, column, text, **_HEAD)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    return sheet, top + 1


def _fit(sheet: Any, row: int, cells: Sequence[object], widths: Sequence[int]) -> None:
    """A row as high as the longest of its texts needs; not every program sees to that itself."""
    lines = (len(textwrap.wrap(str(value), width * 5 // 4)) for value, width in zip(cells, widths, strict=False))
    sheet.set_row(row, 15 * min(max(1, *lines), 25) + 3)


def _write_sum(book: Book, sheet: Any, row: int, column: int, amount: Money | None, **look: object) -> None:
    look = {"border": 1, "align": "right", **look}
    if isinstance(amount, int) and amount < MOST_EXACT:
        book.write(sheet, row, column, amount, num_format=_SUM, **look)
    else:
        book.write(sheet, row, column, NOTHING if amount is None else money_text(amount, "vi"), **look)


_WORK = (
    ("STT", 6), ("Năm", 7), ("Mã đơn vị", 9), ("Đơn vị", 18), ("Mã", 8), ("Nội dung công việc", 42),
    ("Hiện trạng", 20), ("Cần đạt", 20), ("Cần thêm", 15), ("Kinh phí (đồng)", 17), ("Cơ quan thực hiện", 20),
    ("Thời hạn", 17), ("Yêu cầu, kết quả", 34), ("Dùng chung cho", 22),
)  # fmt: skip
_COST = 9  # the column of the sums


def _work_sheet(book: Book, plan: WorkPlan) -> None:
    heads, widths = zip(*_WORK, strict=True)
    sheet, first = _open(book, plan, "Công việc", heads, widths)
    for row, item in enumerate(plan.items, start=first):
        values = _work_cells(plan, row - first + 1, item)
        _fit(sheet, row, values, widths)
        for column, value in enumerate(values):
            if column == _COST:
                _write_sum(book, sheet, row, column, item.cost)
            else:
                book.write(sheet, row, column, value, border=1, align="center" if column in (0, 1) else "left")
    last = first + len(plan.items) - 1
    sheet.autofilter(first - 1, 0, last, len(_WORK) - 1)
    book.write(sheet, last + 1, 5, "Tổng cộng", bold=True, border=1)
    _write_sum(book, sheet, last + 1, _COST, plan.total, bold=True)
    whole = [item.cost for item in plan.items if isinstance(item.cost, int) and item.cost < MOST_EXACT]
    if plan.total is not None and plan.total < MOST_EXACT and len(whole) == len(plan.items):
        book.write(sheet, last + 2, 5, "Tổng các dòng đang lọc", italic=True, border=1)
        look = book.format(border=1, align="right", italic=True, num_format=_SUM)
        cells = f"J{first + 1}:J{last + 1}"
        sheet.write_formula(last + 2, _COST, f"=SUBTOTAL(109,{cells})", look, plan.total)


def _work_cells(plan: WorkPlan, number: int, item: WorkItem) -> tuple[object, ...]:
    return (
        number, plan.year_of(item), item.unit.code, item.unit.name, item.code, item.name, item.start, item.to,
        item.missing, None, item.office or UNASSIGNED, due_text(plan, item), item.purpose,
        ", ".join(unit.name for unit in item.serves),
    )  # fmt: skip


def _office_sheet(book: Book, plan: WorkPlan, schedule: Schedule) -> None:
    months = [_month_title(month) for month in schedule.months]
    heads = ("Cơ quan, công việc", "Số việc", "Số đơn vị", "Kinh phí (đồng)", "Bắt đầu", "Kết thúc", *months)
    widths = (60, 9, 10, 18, 12, 12, *([8] * len(months)))
    sheet, row = _open(book, plan, f"Theo cơ quan {schedule.year}", heads, widths)
    book.write(sheet, row, 0, stones_title(schedule), italic=True, border=1)
    for column, month in enumerate(schedule.months, start=6):
        stones = ", ".join(dict.fromkeys(stone.short for stone in schedule.milestones_in(month)))
        book.write(sheet, row, column, stones, italic=True, border=1, align="center", font_size=9)
    for work in schedule.offices:
        row += 1
        book.write(sheet, row, 0, work.name, bold=True, border=1)
        book.write(sheet, row, 1, len(work.items), bold=True, border=1)
        book.write(sheet, row, 2, len({unit for task in work.tasks for unit in task.units}), bold=True, border=1)
        _write_sum(book, sheet, row, 3, work.cost if plan.priced else None, bold=True)
        for task in work.tasks:
            row += 1
            title = f"{task.code} – {task.name}" if task.code else task.name
            _fit(sheet, row, (title,), (widths[0] - 2,))
            book.write(sheet, row, 0, title, border=1, indent=1)
            book.write(sheet, row, 1, len(task.items), border=1)
            book.write(sheet, row, 2, len(task.units), border=1)
            _write_sum(book, sheet, row, 3, task.cost if plan.priced else None)
            book.write(sheet, row, 4, day_text(task.first), border=1, align="center")
            book.write(sheet, row, 5, day_text(task.last), border=1, align="center")
            for column, month in enumerate(schedule.months, start=6):
                if task.runs_in(month):
                    shade = {"bg_color": "#A6A6A6", "font_color": "#A6A6A6"}
                    book.write(sheet, row, column, "■", border=1, align="center", **shade)
                else:
                    book.write(sheet, row, column, "", border=1)
    for place, note in enumerate(bar_notes(schedule), start=row + 2):
        book.write(sheet, place, 0, note, italic=True, text_wrap=False)


def _month_title(month: Month) -> str:
    return f"{month[1]}/{month[0]}"


def _unit_sheet(book: Book, plan: WorkPlan) -> None:
    heads = ("STT", "Mã đơn vị", "Đơn vị", "Năm", "Hiện nay", "Cần đạt", "Số việc", "Kinh phí (đồng)")
    sheet, first = _open(book, plan, "Theo đơn vị", heads, (6, 11, 34, 8, 24, 24, 10, 18))
    own: dict[tuple[str, int], list[WorkItem]] = {}
    for rise in plan.rises:
        own[rise.unit.code, rise.year or plan.cycle] = []
    for item in plan.items:
        own.setdefault((item.unit.code, plan.year_of(item)), []).append(item)
    names = {unit.code: unit.name for unit in (*(r.unit for r in plan.rises), *(i.unit for i in plan.items))}
    row = first
    for (code, year), items in own.items():
        found = rise_of(plan, code, year)
        levels = (found.now, found.then) if found else (NOTHING, NOTHING)
        for column, value in enumerate((row - first + 1, code, names[code], year, *levels, len(items))):
            book.write(sheet, row, column, value, border=1, align="left" if column in (2, 4, 5) else "center")
        _write_sum(book, sheet, row, 7, total_of(items) if plan.priced else None)
        row += 1
    sheet.autofilter(first - 1, 0, row - 1, len(heads) - 1)
    book.write(sheet, row, 2, "Tổng cộng", bold=True, border=1)
    book.write(sheet, row, 6, len(plan.items), bold=True, border=1)
    _write_sum(book, sheet, row, 7, plan.total, bold=True)


def _year_sheet(book: Book, plan: WorkPlan) -> None:
    heads = ("Năm", *(f"{title} (đồng)" for title in YEAR_SUMS), "Số việc")
    sheet, row = _open(book, plan, "Theo năm", heads, (12, 22, 26, 26, 22, 12))
    for year in accounts(plan):
        book.write(sheet, row, 0, year.year, border=1)
        for column, amount in enumerate((year.budget, year.carried, year.spent, year.left), start=1):
            _write_sum(book, sheet, row, column, amount)
        book.write(sheet, row, 5, year.count, border=1)
        row += 1
    book.write(sheet, row, 0, "Tổng cộng", bold=True, border=1)
    book.write(sheet, row, 2, "", border=1)
    for column, amount in ((1, budget_of(plan)), (3, plan.total), (4, left_of(plan))):
        _write_sum(book, sheet, row, column, amount, bold=True)
    book.write(sheet, row, 5, len(plan.items), bold=True, border=1)


def _curve_sheet(book: Book, plan: WorkPlan) -> None:
    heads = (
        f"Số {plan.curve_of}",
        "Kinh phí ít nhất (đồng)",
        "Tăng thêm (đồng)",
        "Trục ngang (để vẽ)",
        "Trục dọc (để vẽ)",
    )
    sheet, first = _open(book, plan, "Đường chi phí", heads, (26, 22, 22, 20, 20))
    steps: list[tuple[Money, int]] = []
    for place, (count, cost) in enumerate(plan.curve):
        row = first + place
        book.write(sheet, row, 0, count, border=1)
        _write_sum(book, sheet, row, 1, cost)
        _write_sum(book, sheet, row, 2, cost - plan.curve[place - 1][1] if place else None)
        steps += [(cost, plan.curve[place - 1][0])] if place else []
        steps.append((cost, count))
    for row, (cost, count) in enumerate(steps, start=first):
        sheet.write_number(row, 3, float(cost), book.format(num_format=_SUM))  # a picture needs no exact numbers
        sheet.write_number(row, 4, count, book.format())
    chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
    end = first + len(steps) - 1
    chart.add_series(
        {
            "name": printable(f"Số {plan.curve_of}"),
            "categories": [sheet.get_name(), first, 3, end, 3],
            "values": [sheet.get_name(), first, 4, end, 4],
            "line": {"color": "black", "width": 2.25},
        }
    )
    if len(plan.budgets) == 1:
        _budget_line(book, sheet, chart, plan, end + 2)
    chart.set_x_axis({"name": "Kinh phí ít nhất (đồng)", "min": 0, "num_format": _SUM})
    chart.set_y_axis({"name": printable(f"Số {plan.curve_of}"), "min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 460})
    sheet.insert_chart(first, 6, chart, {"description": printable(f"Số {plan.curve_of} theo kinh phí")})


def _budget_line(book: Book, sheet: Any, chart: Any, plan: WorkPlan, row: int) -> None:
    """The budget as a dashed line from the ground to the highest count."""
    budget = float(plan.budgets[0][1])
    for place, count in enumerate((0, plan.curve[-1][0])):
        sheet.write_number(row + place, 3, budget, book.format(num_format=_SUM))
        sheet.write_number(row + place, 4, count, book.format())
    chart.add_series(
        {
            "name": f"Ngân sách {dong_text(plan.budgets[0][1], 'vi')}",
            "categories": [sheet.get_name(), row, 3, row + 1, 3],
            "values": [sheet.get_name(), row, 4, row + 1, 4],
            "line": {"color": "black", "width": 1.5, "dash_type": "dash"},
        }
    )


def _note_sheet(book: Book, plan: WorkPlan) -> None:
    sheet, row = _open(book, plan, "Ghi chú", ("Nội dung",), (140,))
    said = (*plan.results, *plan.demands, *plan.notes, *plan.proof)
    told = [left_open(plan.rulebook.instrument.citation), *(text.vi for text in said)]
    if plan.priced:
        told.append("Mọi số tiền tính bằng đồng.")
    for text in told:
        _fit(sheet, row, (text,), (140,))
        book.write(sheet, row, 0, text, border=1)
        row += 1
