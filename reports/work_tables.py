"""The tables of a work plan: by unit, by piece of work, by office, by year, by month, and the cost curve.

One form for Word, PDF and HTML; all in Vietnamese, as the act is. Sums are exact and never rounded away.
"""

from collections.abc import Iterator, Sequence

from evidence.costs import Money
from levels.framework import Tier
from levels.index import Index
from reports.plan import money_text
from reports.tables import LANDSCAPE, PORTRAIT, Cell, Column, Row, Table, cell, heading, row, shaded, table
from reports.words import NOTHING, TIER_NAMES
from reports.work_entries import Entry, groups_of, office_name, waiting_text
from reports.work_plan import Rise, WorkItem, WorkPlan, accounts, budget_of, left_of, total_of
from reports.work_schedule import BEFORE, UNASSIGNED, Month, OfficeWork, Schedule, Task, due_text

_NUMBER = Column("STT", 11, centred=True)
_COST = "Kinh phí (đồng)"
YEAR_SUMS = ("Ngân sách", "Chuyển sang từ năm trước", "Kinh phí theo Kế hoạch", "Còn lại")
"""The sums that a year of a plan has, in order."""


def money_cell(amount: Money | None) -> str:
    """An exact sum, or a stroke where none is known."""
    return NOTHING if amount is None else money_text(amount, "vi")


def items_table(plan: WorkPlan, width: int) -> Table:
    """Every piece of work, under its unit where there are several; ``width``: 160 or 247 mm."""
    wide = width >= LANDSCAPE
    columns = (
        _NUMBER,
        Column("Nội dung công việc, yêu cầu phải đáp ứng", 0),
        Column("Hiện trạng → cần đạt", 58 if wide else 40),
        Column(_COST, 31 if wide else 24, right=True),
        Column("Cơ quan thực hiện, thời hạn", 40 if wide else 28),
    )
    return table(columns, _item_rows(plan), width=width, size=12 if wide else 10)


def _item_rows(plan: WorkPlan) -> Iterator[Row]:
    groups = groups_of(plan)
    for group in groups:
        if len(groups) > 1:
            yield heading(group.title)
        for entry in group.entries:
            yield _waiting_row(plan, entry) if entry.waiting else _item_row(plan, entry.number, *entry.items)
    if plan.total is not None:
        yield Row(((), cell("Tổng cộng", style="bold"), (), cell(money_cell(plan.total), style="bold"), ()))


def _item_row(plan: WorkPlan, number: int, item: WorkItem) -> Row:
    return Row(
        (
            cell(str(number)),
            _work_cell(plan, item),
            _change_cell(item),
            cell(money_cell(item.cost)),
            cell(item.office or UNASSIGNED, due_text(plan, item)),
        )
    )


_MOST_OFFICES = 2
"""Up to how many offices are named beside what only awaits appraisal."""


def _waiting_row(plan: WorkPlan, entry: Entry) -> Row:
    """What only awaits appraisal in one unit, in one row."""
    offices = dict.fromkeys(item.office or UNASSIGNED for item in entry.items)
    return Row(
        (
            cell(str(entry.number)),
            cell(f"Chỉ chờ thẩm định: {waiting_text(entry.items)}"),
            cell("Số liệu tự báo cáo đã đủ"),
            cell(money_cell(total_of(entry.items))),
            cell(
                "; ".join(offices) if len(offices) <= _MOST_OFFICES else "Các cơ quan phụ trách từng tiêu chí",
                due_text(plan, entry.items[0]),
            ),
        )
    )


def purpose_text(plan: WorkPlan, item: WorkItem) -> str:
    """What a piece of work is for: the requirement that it satisfies, or the points that it earns."""
    kind = "Kết quả" if isinstance(plan.rulebook, Index) else "Đáp ứng"
    return f"{kind}: {item.purpose}" if item.purpose else ""


def _work_cell(plan: WorkPlan, item: WorkItem) -> Cell:
    shared = f"Làm một lần, dùng chung cho {len(item.serves)} đơn vị" if item.serves else ""
    title = f"{item.code} – {item.name}" if item.code else item.name
    return (*cell(title), *cell(shared, purpose_text(plan, item), style="note"))


def _change_cell(item: WorkItem) -> Cell:
    more = cell(f"Cần thêm {item.missing}" if item.missing else "", style="bold")
    return (*cell(item.start, item.to and f"→ {item.to}"), *more)


def units_table(plan: WorkPlan) -> Table:
    """Where every unit stands, where it gets, with how much work and for how much."""
    several = len(plan.years) > 1
    columns = (
        _NUMBER,
        Column("Đơn vị", 0),
        *((Column("Năm", 13, centred=True),) if several else ()),
        Column("Hiện nay", 31),
        Column("Cần đạt", 31),
        Column("Số việc", 14, centred=True),
        Column(_COST, 28, right=True),
    )
    rows = []
    for number, (title, rise, items) in enumerate(_units(plan), start=1):
        year = (str(rise.year or plan.cycle),) if several else ()
        cost = total_of(items) if plan.priced else None
        rows.append(row(str(number), title, *year, rise.now, rise.then, str(len(items)), money_cell(cost)))
    return table(columns, rows, width=PORTRAIT, size=11)


def _units(plan: WorkPlan) -> Iterator[tuple[str, Rise, list[WorkItem]]]:
    own: dict[tuple[str, int], list[WorkItem]] = {}
    for item in plan.items:
        own.setdefault((item.unit.code, plan.year_of(item)), []).append(item)
    for rise in plan.rises:
        yield rise.unit.name, rise, own.get((rise.unit.code, rise.year or plan.cycle), [])


def offices_table(plan: WorkPlan, schedules: Sequence[Schedule]) -> Table:
    """What every office has to do and what it costs, by year where there are several."""
    several = len(schedules) > 1
    columns = (
        _NUMBER,
        Column("Cơ quan thực hiện", 0),
        *((Column("Năm", 13, centred=True),) if several else ()),
        Column("Số việc", 16, centred=True),
        Column("Số đơn vị", 22, centred=True),
        Column(_COST, 36, right=True),
    )
    works = [(schedule.year, work) for schedule in schedules for work in schedule.offices]
    rows = [
        row(
            str(number),
            office_name(plan, work.office, work.items) or UNASSIGNED,
            *((str(year),) if several else ()),
            str(len(work.items)),
            str(len({unit for task in work.tasks for unit in task.units})),
            money_cell(work.cost if plan.priced else None),
        )
        for number, (year, work) in enumerate(works, start=1)
    ]
    if plan.total is not None:
        blank = ((),) if several else ()
        count = cell(str(len(plan.items)), style="bold")
        total = cell(money_cell(plan.total), style="bold")
        rows.append(Row(((), cell("Tổng cộng", style="bold"), *blank, count, (), total)))
    return table(columns, rows, width=PORTRAIT, size=11)


def years_table(plan: WorkPlan) -> Table:
    """Budget, what the year before left, cost and what is left of every year, and their sums."""
    kept = plan.carry_over
    budget, carried, spent, left = YEAR_SUMS
    columns = (
        Column("Năm", 18, centred=True),
        Column(f"{budget} (đồng)", 0, right=True),
        *((Column(f"{carried} (đồng)", 30, right=True),) if kept else ()),
        Column(f"{spent} (đồng)", 32, right=True),
        Column(f"{left} (đồng)", 30, right=True),
        Column("Số việc", 16, centred=True),
    )
    found = accounts(plan)
    rows = [
        row(
            str(year.year),
            money_cell(year.budget),
            *((money_cell(year.carried),) if kept else ()),
            money_cell(year.spent),
            money_cell(year.left),
            str(year.count),
        )
        for year in found
    ]
    sums = (
        "Tổng cộng",
        money_cell(budget_of(plan)),
        *(("",) if kept else ()),
        money_cell(plan.total),
        money_cell(left_of(plan)),
        str(len(plan.items)),
    )
    rows.append(Row(tuple(cell(text, style="bold") for text in sums)))
    return table(columns, rows, width=PORTRAIT, size=11)


_MONTH_WIDTH = 11


def timeline_table(plan: WorkPlan, schedule: Schedule) -> Table:
    """Who works in which months, one row for every office, beneath the days that the rulebook sets; work that has days
    of its own has a row of its own.
    """
    width = min(_MONTH_WIDTH, 121 // len(schedule.months))
    several = len({year for year, _ in schedule.months}) > 1
    columns = (
        Column("Cơ quan, công việc", 0),
        Column("Số việc", 12, centred=True),
        Column("Số đơn vị", 13, centred=True),
        Column(_COST, 28, right=True),
        *(Column(_month_title(month, several), width, centred=True) for month in schedule.months),
    )
    return table(columns, _timeline_rows(plan, schedule), width=LANDSCAPE, size=10)


def _month_title(month: Month, several: bool) -> str:
    return f"T{month[1]}/{month[0] % 100:02d}" if several else f"T{month[1]}"


def _timeline_rows(plan: WorkPlan, schedule: Schedule) -> Iterator[Row]:
    stones = [cell(*dict.fromkeys(stone.short for stone in schedule.milestones_in(month))) for month in schedule.months]
    if schedule.milestones:
        yield Row((cell(stones_title(schedule), style="note"), (), (), (), *stones))
    for work in schedule.offices:
        title = cell(office_name(plan, work.office, work.items) or UNASSIGNED, style="bold")
        yield _timeline_row(plan, schedule, (*title, *cell(matters_text(work), style="note")), work.tasks)
        for task in work.tasks:
            if any(item.starts or item.ends for item in task.items):
                name = f"{task.code} – {task.name}" if task.code else task.name
                yield _timeline_row(plan, schedule, cell(name), (task,))


def _timeline_row(plan: WorkPlan, schedule: Schedule, title: Cell, tasks: Sequence[Task]) -> Row:
    items = [item for task in tasks for item in task.items]
    units = {unit for task in tasks for unit in task.units}
    cost = money_cell(total_of(items) if plan.priced else None)
    bars = (shaded("■") if any(task.runs_in(month) for task in tasks) else () for month in schedule.months)
    return Row((title, cell(str(len(items))), cell(str(len(units))), cell(cost), *bars))


def matters_text(work: OfficeWork) -> str:
    """What an office's work is about: the criteria by tier, or what is bought."""
    by_tier: dict[Tier, list[str]] = {}
    for task in work.tasks:
        by_tier.setdefault(task.tier, []).append(task.code or task.name)
    said = {tier: ", ".join(dict.fromkeys(codes)) for tier, codes in by_tier.items()}
    if len(said) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{TIER_NAMES[tier].vi}: {codes}" for tier, codes in said.items())


def stones_title(schedule: Schedule) -> str:
    """What the days of a table of months are: those before which, or the last ones."""
    before = any(stone.told.startswith(BEFORE) for stone in schedule.milestones)
    return f"Mốc theo quy định ({'trước ngày' if before else 'ngày cuối cùng'})"


_HONEST = (
    "Thời gian cần cho từng việc chưa được xác định: việc của mỗi cơ quan được ghi từ khi bắt đầu tính đến ngày cuối"
    " cùng còn được tính, trừ việc đã có thời gian riêng. Cơ quan thực hiện điều chỉnh cho phù hợp."
)


def bar_notes(schedule: Schedule) -> Iterator[str]:
    """What is said beneath a table of months: what the bars mean, which days the rulebook sets, what nobody knows."""
    yield "Ô tô đậm: tháng thực hiện; số đơn vị: số đơn vị mà việc đó được làm hoặc được dùng."
    stones = "; ".join(f"{stone.told}: {stone.name} ({stone.clause})" for stone in schedule.milestones)
    if stones:
        yield f"Mốc thời gian theo quy định – {stones}."
    yield _HONEST


def curve_table(plan: WorkPlan) -> Table:
    """How many get there for how much, and what each one more adds; within which budget."""
    budget = plan.budgets[0][1] if len(plan.budgets) == 1 else None
    columns = (
        Column(f"Số {plan.curve_of}", 0, centred=True),
        Column("Kinh phí ít nhất (đồng)", 60, right=True),
        Column("Tăng thêm so với dòng trước (đồng)", 60, right=True),
        *((Column("Trong ngân sách", 40, centred=True),) if budget is not None else ()),
    )
    rows = []
    for place, (count, cost) in enumerate(plan.curve):
        more = money_text(cost - plan.curve[place - 1][1], "vi") if place else NOTHING
        within = () if budget is None else (("có" if cost <= budget else "không"),)
        rows.append(row(str(count), money_text(cost, "vi"), more, *within))
    return table(columns, rows, width=LANDSCAPE, size=11)
