"""Pictures of a work plan: the cost curve, a step for every unit more; the work by office and month.

Drawn in black and greys, the budget as a dashed line that bears its own words; the descriptions say every value.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil

from evidence.costs import Money
from reports.drawing import PALE, Anchor, Box, Canvas, Drawing, Label, Outline, Stroke
from reports.plan import dong_text, money_text
from reports.work_plan import WorkPlan
from reports.work_schedule import Schedule, Task, day_text
from reports.work_tables import stones_title

_WIDTH, _HEIGHT = 2400, 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 170, 130, 90, 170
_GREY, _BAR = "#b5b5b5", "#7a7a7a"
_MOST_TOLD = 40
"""Up to how many steps the description says one by one; the table beneath has them all."""


def draw_curve(plan: WorkPlan) -> Drawing:
    """How many units get there for which sum, against the budget where there is one; the plan must have a curve."""
    canvas = Canvas()
    budget = plan.budgets[0][1] if len(plan.budgets) == 1 else None
    most = max(plan.curve[-1][1], budget or 0) or 1
    counts = plan.curve[-1][0] or 1
    across, down = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(cost: Money) -> int:
        return _LEFT + int(Fraction(cost) * across / most)

    def y(count: int) -> int:
        return _TOP + down - count * down // counts

    _axes(canvas, plan, (x(0), x(most), y(0), y(counts)))
    for count in range(0, counts + 1, int(_nice(Fraction(counts, 10)))):
        canvas.strokes.append(Stroke(x(0), y(count), x(most), y(count), 1, _GREY))
        canvas.labels.append(Label(_LEFT - 16, y(count) + 10, str(count), 32, "end"))
    step = _nice(Fraction(most) / 5)
    for place in range(int(Fraction(most) / step) + 1):
        at = x(place * step)
        canvas.strokes.append(Stroke(at, y(0), at, y(0) + 12))
        canvas.labels.append(Label(at, y(0) + 50, money_text(place * step, "vi"), 30, "middle"))
    corners = [(x(plan.curve[0][1]), y(plan.curve[0][0]))]
    for count, cost in plan.curve[1:]:
        corners += [(x(cost), corners[-1][1]), (x(cost), y(count))]
    corners.append((x(most), corners[-1][1]))
    canvas.outlines.append(Outline((*corners, (x(most), y(0)), (corners[0][0], y(0))), PALE, PALE, 1))
    for (x1, y1), (x2, y2) in pairwise(corners):
        canvas.strokes.append(Stroke(x1, y1, x2, y2, 7))
    if budget is not None:
        _budget(canvas, plan, budget, x(budget), (y(0), y(counts)))
    return canvas.drawing((_WIDTH, _HEIGHT), f"Số {plan.curve_of} theo kinh phí", _told(plan, budget), _GREY)


def within(plan: WorkPlan, budget: Money) -> int:
    """How many get there within ``budget``."""
    return max((count for count, cost in plan.curve if cost <= budget), default=0)


def _axes(canvas: Canvas, plan: WorkPlan, frame: tuple[int, int, int, int]) -> None:
    left, right, bottom, top = frame
    canvas.strokes += [Stroke(left, bottom, right + 30, bottom, 3), Stroke(left, bottom, left, top - 30, 3)]
    canvas.labels.append(Label(left - 100, top - 45, f"Số {plan.curve_of}", 34, bold=True))
    canvas.labels.append(Label(right + 30, bottom + 110, "Kinh phí ít nhất (đồng)", 34, "end", bold=True))


def _budget(canvas: Canvas, plan: WorkPlan, budget: Money, at: int, rise: tuple[int, int]) -> None:
    bottom, top = rise
    for dash in range(bottom, top - 20, -38):
        canvas.strokes.append(Stroke(at, dash, at, max(dash - 24, top - 20), 5))
    said = f"Ngân sách {dong_text(budget, 'vi')} → {within(plan, budget)}"
    anchored: Anchor = "end" if at > _WIDTH // 2 else "start"
    canvas.labels.append(Label(at + (-14 if anchored == "end" else 14), top - 4, said, 32, anchored, bold=True))


def _told(plan: WorkPlan, budget: Money | None) -> str:
    every = ceil(len(plan.curve) / _MOST_TOLD)
    points = [point for place, point in enumerate(plan.curve) if not place % every or place == len(plan.curve) - 1]
    said = "; ".join(f"{count}: {dong_text(cost, 'vi')}" for count, cost in points)
    if budget is None:
        return said
    return f"{said}; ngân sách {dong_text(budget, 'vi')} đủ cho {within(plan, budget)}"


def _nice(value: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20 … that is not less than ``value``."""
    power = Fraction(1)
    while power < value:
        power *= 10
    return next(step for step in (power / 10, power / 5, power / 2, power) if step >= value and step >= 1)


_ROW, _NAMES, _MONTH = 44, 1180, 100
_MOST_ROWS = 60
"""Up to how many rows show every task; with more of them an office is one row."""


def draw_timeline(plan: WorkPlan, schedule: Schedule) -> Drawing:
    """Who works on what in which months of one year: a bar for every task, beneath the days that the rulebook sets."""
    canvas = Canvas()
    detailed = sum(1 + len(work.tasks) for work in schedule.offices) <= _MOST_ROWS
    width = _NAMES + _MONTH * len(schedule.months) + 20
    top = 60 + 36 * max(1, *(len(schedule.milestones_in(month)) for month in schedule.months))
    for place, month in enumerate(schedule.months):
        middle = _NAMES + _MONTH * place + _MONTH // 2
        canvas.labels.append(Label(middle, 34, f"{month[1]}/{month[0]}", 28, "middle", bold=True))
        for line, stone in enumerate(schedule.milestones_in(month)):
            canvas.labels.append(Label(middle, 74 + 34 * line, stone.short, 26, "middle"))
    if schedule.milestones:
        canvas.labels.append(Label(10, 74, stones_title(schedule), 28))
    y = top
    for work in schedule.offices:
        _bar_row(canvas, schedule, y, f"{work.name} ({len(work.items)})", () if detailed else work.tasks, bold=True)
        y += _ROW
        for task in work.tasks if detailed else ():
            _bar_row(canvas, schedule, y, f"{task.code} {task.name}".strip(), (task,))
            y += _ROW
    for place in range(len(schedule.months) + 1):
        at = _NAMES + _MONTH * place
        canvas.strokes.append(Stroke(at, 10, at, y, 1, _GREY))
    told = "; ".join(
        f"{work.name}: {len(work.items)} việc, từ {day_text(min(task.first for task in work.tasks))}"
        f" đến {day_text(max(task.last for task in work.tasks))}"
        for work in schedule.offices
    )
    title = f"Tiến độ theo cơ quan năm {schedule.year}: {plan.unit.name}"
    return canvas.drawing((width, y + 10), title, told, _GREY)


def _bar_row(
    canvas: Canvas, schedule: Schedule, y: int, name: str, tasks: Sequence[Task], *, bold: bool = False
) -> None:
    room = (_NAMES - 20 - (0 if bold else 30)) // 13
    shown = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
    canvas.labels.append(Label(10 if bold else 40, y + 31, shown, 28, bold=bold))
    canvas.strokes.append(Stroke(10, y, _NAMES + _MONTH * len(schedule.months), y, 1, _GREY))
    runs = [place for place, month in enumerate(schedule.months) if any(task.runs_in(month) for task in tasks)]
    for place in runs:
        canvas.boxes.append(Box(_NAMES + _MONTH * place, y + 12, _MONTH, _ROW - 24, _BAR))
