"""The files of a work plan: Word, PDF, HTML, the workbook, and its pictures."""

from collections.abc import Iterator

from reports.plan_sheets import work_plan_workbook
from reports.work_paper import render_work_plan
from reports.work_plan import WorkPlan


def work_plan_files(plan: WorkPlan) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file that can be made on this machine (no PDF where ``unavailable`` says so)."""
    stem = f"ke-hoach-{plan.unit.code}-{plan.cycle}"
    for kind, content in render_work_plan(plan).items():
        yield f"{stem}.{kind}", content
    yield f"{stem}.xlsx", work_plan_workbook(plan)
