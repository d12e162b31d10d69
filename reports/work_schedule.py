"""The schedule of a work plan: which office does what in which months, and the days the rulebook sets.

How long a piece of work takes nobody has said: it runs from the day the plan is signed (or the year's first day
that counts) to the last day that counts, unless the plan knows better. Nothing depends on the clock.
"""

import datetime
from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import frozen

from evidence.costs import Money
from evidence.units import Unit
from levels.framework import Framework, Tier
from levels.index import Index
from reports.words import collation_key
from reports.work_plan import WorkItem, WorkPlan, total_of

UNASSIGNED = "(chưa phân công)"
BEFORE = "trước "
Month = tuple[int, int]  # year and month


@frozen
class Milestone:
    """A day that the rulebook sets: ``told`` as it says it («trước 30/11»), ``short`` without words («30/11»), ``day``
    the last one in time.
    """

    day: datetime.date
    told: str
    short: str
    name: str
    clause: str


@frozen
class Task:
    """What one office does for one criterion, in however many units."""

    tier: Tier  # of the units that have to show it
    code: str
    name: str
    items: tuple[WorkItem, ...]
    first: datetime.date
    last: datetime.date

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units it is done for, each once."""
        return tuple(dict.fromkeys(unit for item in self.items for unit in item.serves or (item.unit,)))

    @property
    def cost(self) -> Money | None:
        return total_of(self.items)

    def runs_in(self, month: Month) -> bool:
        """Whether it is worked on in ``month``; never where the first day is past the last."""
        first, last = ((day.year, day.month) for day in (self.first, self.last))
        return self.first <= self.last and first <= month <= last


@frozen
class OfficeWork:
    """All that one office does in one year."""

    office: str  # "": nobody is assigned yet
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        return self.office or UNASSIGNED

    @cached_property
    def items(self) -> tuple[WorkItem, ...]:
        return tuple(item for task in self.tasks for item in task.items)

    @property
    def cost(self) -> Money | None:
        return total_of(self.items)


@frozen
class Schedule:
    """One year's work by office; offices in the order of the alphabet, those not assigned last."""

    year: int
    months: tuple[Month, ...]
    milestones: tuple[Milestone, ...]  # in order of their days
    offices: tuple[OfficeWork, ...]

    def milestones_in(self, month: Month) -> tuple[Milestone, ...]:
        """The days set in ``month``."""
        return tuple(stone for stone in self.milestones if (stone.day.year, stone.day.month) == month)


def schedules_of(plan: WorkPlan) -> tuple[Schedule, ...]:
    """A schedule for every year in which something is to be done, in order."""
    by_year: dict[int, list[WorkItem]] = {}
    for item in plan.items:
        by_year.setdefault(plan.year_of(item), []).append(item)
    return tuple(_schedule(plan, year, by_year[year]) for year in sorted(by_year))


def period_of(plan: WorkPlan, year: int) -> tuple[datetime.date, datetime.date]:
    """First and last day on which work still counts in ``year``: from the day the plan is signed, where it is later
    than the first day that counts, to the last day for self-assessment (of an index: of its data).
    """
    if isinstance(plan.rulebook, Index):
        first, last = plan.rulebook.days(year)
    else:
        first = datetime.date(year, 1, 1)
        last = next(each for each in plan.rulebook.deadlines if each.step == "self_assessment").last_day(year)
    return max(first, plan.signed_on or first), last


def due_text(plan: WorkPlan, item: WorkItem) -> str:
    """Until when, as the rulebook says it: ``trước 30/11/2025``; where the plan or an index sets the last day,
    ``đến 30/9/2025``.
    """
    if item.ends is None and isinstance(plan.rulebook, Framework):
        _, last = period_of(plan, plan.year_of(item))
        return f"{BEFORE}{day_text(last + datetime.timedelta(days=1))}"
    return f"đến {day_text(item.ends or period_of(plan, plan.year_of(item))[1])}"


def day_text(day: datetime.date) -> str:
    """``05/02/2025``, ``30/11/2025``: days below 10 and the months 1 and 2 take a zero, as in a date written out."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def milestones_of(rulebook: Framework | Index, year: int) -> tuple[Milestone, ...]:
    """The days that the rulebook sets for ``year``, in order."""
    if isinstance(rulebook, Index):
        found = [
            _stone(day, day, "", step.name, step.clause)
            for step in rulebook.calendar
            if (day := step.last_day(year)) is not None
        ]
        if rulebook.window is not None:
            _, last = rulebook.window.days(year)
            found.append(_stone(last, last, "", "Ngày cuối cùng của thời gian lấy số liệu", rulebook.window.clause))
    else:
        found = [
            _stone(last, last + datetime.timedelta(days=1), BEFORE, each.name, each.clause)
            for each in rulebook.deadlines
            for last in (each.last_day(year),)
        ]
    return tuple(sorted(found, key=lambda stone: stone.day))


def _stone(last: datetime.date, said: datetime.date, before: str, name: str, clause: str) -> Milestone:
    short = day_text(said).rpartition("/")[0]
    return Milestone(last, before + short, short, name, clause)


def _schedule(plan: WorkPlan, year: int, items: Sequence[WorkItem]) -> Schedule:
    first, last = period_of(plan, year)
    offices = tuple(_offices(plan.rulebook, items, first, last))
    tasks = [task for office in offices for task in office.tasks]
    start = min([first, last, *(task.first for task in tasks)])
    milestones = tuple(stone for stone in milestones_of(plan.rulebook, year) if stone.day >= start)
    end = max([last, *(task.last for task in tasks), *(stone.day for stone in milestones)])
    return Schedule(year, tuple(_months(start, end)), milestones, offices)


def _months(start: datetime.date, end: datetime.date) -> Iterator[Month]:
    """Every month from the one of ``start`` to the one of ``end``."""
    for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield number // 12, number % 12 + 1


def _offices(
    rulebook: Framework | Index, items: Sequence[WorkItem], first: datetime.date, last: datetime.date
) -> Iterator[OfficeWork]:
    found: dict[str, dict[tuple[Tier, str, str], list[WorkItem]]] = {}
    for item in items:
        found.setdefault(item.office, {}).setdefault((_tier_of(item), item.code, item.name), []).append(item)
    places = _places(rulebook)
    for office in sorted(found, key=lambda name: (not name, collation_key(name))):
        tasks = [_task(*key, same, first, last) for key, same in found[office].items()]
        yield OfficeWork(office, tuple(sorted(tasks, key=lambda task: _place(task, places))))


def _tier_of(item: WorkItem) -> Tier:
    return (item.serves or (item.unit,))[0].tier


def _place(task: Task, places: dict[tuple[Tier, str], int]) -> int:
    """Where the first criterion of a task stands; behind all others where the rulebook has none of it."""
    return min((places.get(place, len(places)) for place in task.items[0].places), default=len(places))


def _places(rulebook: Framework | Index) -> dict[tuple[Tier, str], int]:
    """Where every criterion (indicator) stands in the rulebook, district before commune."""
    if isinstance(rulebook, Index):
        codes = [(tier, line.code) for tier in Tier if tier in rulebook.sets for line in rulebook.sets[tier].indicators]
    else:
        codes = [(tier, line.code) for tier in Tier if tier in rulebook.sets for line in rulebook.sets[tier].criteria]
    return {key: place for place, key in enumerate(codes)}


def _task(
    tier: Tier, code: str, name: str, items: Sequence[WorkItem], first: datetime.date, last: datetime.date
) -> Task:
    begins = min(item.starts or first for item in items)
    ends = max(item.ends or last for item in items)
    return Task(tier, code, name, tuple(items), begins, ends)
