"""The files of a work plan: Word, PDF, HTML, the workbook, and its pictures."""

from collections.abc import Iterator

from reports.documents import as_svg
from reports.plan_charts import draw_curve, draw_timeline
from reports.plan_sheets import work_plan_workbook
from reports.work_paper import render_work_plan
from reports.work_plan import WorkPlan
from reports.work_schedule import schedules_of


def work_plan_files(plan: WorkPlan) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that can be made on this machine (no PDF where ``unavailable`` says so)."""
    stem = f"ke-hoach-{plan.unit.code}-{plan.cycle}"
    for kind, content in render_work_plan(plan).items():
        yield f"{stem}.{kind}", content
    yield f"{stem}.xlsx", work_plan_workbook(plan)
    for schedule in schedules_of(plan):
        yield f"{stem}-tien-do-{schedule.year}.svg", as_svg(draw_timeline(plan, schedule)).encode()
    if plan.curve:
        yield f"{stem}-kinh-phi.svg", as_svg(draw_curve(plan)).encode()
