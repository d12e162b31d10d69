"""The schedule: who works in which months, which days the rulebook sets, what nobody knows."""

import datetime

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from levels.framework import Tier
from levels.index import Index
from levels.loader import load_rulebook
from reports.plan_charts import draw_timeline
from reports.work_plan import WorkItem, WorkPlan, total_of
from reports.work_schedule import (
    UNASSIGNED,
    Schedule,
    day_text,
    due_text,
    milestones_of,
    period_of,
    schedules_of,
)
from reports.work_tables import bar_notes, timeline_table
from tests.reports import factory
from tests.reports.plan_factory import CULTURE, HEALTH, TOWNS, district_plan, index_plan, item, province_plan, signed


def schedule(plan: WorkPlan) -> Schedule:
    [found] = schedules_of(plan)
    return found


def test_work_runs_from_the_years_first_day_to_the_last_day_for_self_assessment() -> None:
    plan = district_plan()
    assert period_of(plan, 2025) == (datetime.date(2025, 1, 1), datetime.date(2025, 11, 29))
    [task, *_] = schedule(plan).offices[0].tasks
    assert [month for month in schedule(plan).months if task.runs_in(month)] == [(2025, n) for n in range(1, 12)]
    assert schedule(plan).months[-1] == (2025, 12)  # the days of appraisal and recognition are seen


def test_work_begins_with_the_day_the_plan_is_signed() -> None:
    found = schedule(signed(district_plan()))
    assert found.months[0] == (2025, 2)
    assert [stone.told for stone in found.milestones] == ["trước 30/11", "trước 15/12", "trước 20/12", "trước 25/12"]


def test_a_plan_signed_the_year_before_begins_with_its_year() -> None:
    early = evolve(district_plan(), signed_on=datetime.date(2024, 12, 10))
    assert schedule(early).months[0] == (2025, 1)


def test_a_plan_signed_too_late_has_no_bars_but_all_its_months() -> None:
    late = evolve(district_plan(), signed_on=datetime.date(2025, 12, 3))
    found = schedule(late)
    assert found.months == ((2025, 11), (2025, 12))
    assert not any(task.runs_in(month) for work in found.offices for task in work.tasks for month in found.months)


def test_a_time_of_its_own_is_kept() -> None:
    plan = district_plan()
    own = evolve(plan.items[0], starts=datetime.date(2025, 3, 10), ends=datetime.date(2026, 1, 5))
    found = schedule(evolve(plan, items=(own,)))
    [task] = found.offices[0].tasks
    assert [month for month in found.months if task.runs_in(month)] == [
        *((2025, n) for n in range(3, 13)),
        (2026, 1),
    ]
    assert due_text(plan, own) == "đến 05/01/2026"


def test_offices_stand_in_the_order_of_the_alphabet_and_the_unassigned_last() -> None:
    work = schedule(district_plan()).offices
    assert [each.name for each in work] == [CULTURE, HEALTH, UNASSIGNED]
    assert [each.cost for each in work] == [total_of(district_plan().items[2:]), 12_500_000, 128_500_000]


def test_tasks_of_an_office_stand_as_in_the_rulebook_the_districts_first() -> None:
    items = [item(TOWNS[0], code) for code in ("I.10", "I.2")] + [item(factory.DISTRICT, "II.2")]
    [work] = schedule(evolve(district_plan(), items=tuple(items))).offices
    assert [(task.tier.value, task.code) for task in work.tasks] == [
        ("district", "II.2"),
        ("commune", "I.2"),
        ("commune", "I.10"),
    ]


def test_the_same_criterion_of_many_units_is_one_task_that_counts_its_units() -> None:
    [work] = schedule(evolve(district_plan(), items=tuple(item(town, "I.2") for town in TOWNS))).offices
    [task] = work.tasks
    assert task.units == TOWNS
    assert task.cost == 15_000_000


def test_something_shared_counts_for_the_units_it_serves() -> None:
    first, second = schedules_of(province_plan())
    assert [each.year for each in (first, second)] == [2025, 2026]
    [shared] = [task for work in first.offices for task in work.tasks if task.code == "I.4"]
    assert shared.units == TOWNS


def test_an_index_ends_with_its_window_and_tells_its_calendar() -> None:
    plan = index_plan()
    assert period_of(plan, 2025) == (datetime.date(2024, 10, 1), datetime.date(2025, 9, 30))
    assert due_text(plan, plan.items[0]) == "đến 30/9/2025"
    assert [stone.told for stone in milestones_of(plan.rulebook, 2025)] == ["30/9", "10/10", "30/11"]
    found = schedule(plan)
    assert found.months[0] == (2024, 10)
    assert found.months[-1] == (2025, 11)


def test_days_are_written_as_in_the_rulebook() -> None:
    assert due_text(district_plan(), district_plan().items[0]) == "trước 30/11/2025"
    assert day_text(datetime.date(2025, 2, 5)) == "05/02/2025"
    assert day_text(datetime.date(2025, 9, 5)) == "05/9/2025"


@given(
    signed_on=st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)),
    starts=st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)),
    ends=st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 12, 31)),
)
def test_every_month_that_is_worked_in_is_shown(
    signed_on: datetime.date | None, starts: datetime.date | None, ends: datetime.date | None
) -> None:
    plan = evolve(district_plan(), signed_on=signed_on)
    plan = evolve(plan, items=(evolve(plan.items[0], starts=starts, ends=ends),))
    found = schedule(plan)
    [task] = found.offices[0].tasks
    assert list(found.months) == sorted(set(found.months))
    if task.first <= task.last:
        assert task.runs_in((task.first.year, task.first.month))
        assert task.runs_in((task.last.year, task.last.month))
        assert {(day.year, day.month) for day in (task.first, task.last)} <= set(found.months)
    else:
        assert not any(map(task.runs_in, found.months))
    assert {(stone.day.year, stone.day.month) for stone in found.milestones} <= set(found.months)


def test_an_index_without_a_calendar_shows_no_days_and_orders_inputs_as_printed() -> None:
    index = load_rulebook("chu-prong-2023")
    assert isinstance(index, Index)
    codes = [line.code for line in index.sets[Tier.DISTRICT].indicators][:4]
    unit = factory.DISTRICT
    items = [WorkItem(unit, f"{code}:a" if place % 2 else code, code, "", "có") for place, code in enumerate(codes)]
    shared = WorkItem(unit, f"{codes[1]}, {codes[0]}", "dùng chung", "", "có")
    plan = evolve(district_plan(), rulebook=index, items=(*reversed(items), shared, WorkItem(unit, "", "khác", "", "")))
    found = schedule(plan)
    [work] = found.offices
    assert [task.name for task in work.tasks] == [codes[0], "dùng chung", *codes[1:], "khác"]
    assert found.milestones == ()
    assert not any(
        "Mốc" in line.text for row in timeline_table(plan, found).rows for cell in row.cells for line in cell
    )
    assert not any("Mốc" in note for note in bar_notes(found))
    assert not any("Mốc" in label.text for label in draw_timeline(plan, found).labels)
