"""The calendar: the dates of every open cycle, what is still to do until each, and a file for one's own calendar."""

import datetime
from collections.abc import Sequence
from itertools import groupby

from attrs import frozen
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.calendar import Due
from certification.procedure.icalendar import write_icalendar
from certification.procedure.permissions import may
from certification.procedure.roles import Duty
from certification.store.models import Council, Cycle, Dossier, UnitRecord
from certification.store.models.reports import YearReport
from certification.store.subjects import calendar_in, outline_of, subject_of_unit
from certification.store.worklist import Waiting, dossiers_in, waiting_among
from certification.web.files import send_file
from certification.web.gate import actor_in, gate
from certification.web.looking.scope import readable
from certification.web.speech import language, say


@frozen
class Date:
    """One date of one cycle, with what the reader's units still have to do until then."""

    cycle: Cycle
    due: Due
    days_left: int | None
    waiting: int
    late: int
    mine: int

    @property
    def standing(self) -> str:
        """How the date is shown."""
        if self.days_left is None:
            return "undated"
        if self.days_left < 0:
            return "late" if self.late else "past"
        return "soon" if self.days_left <= 14 else "later"


@frozen
class Office:
    """A body at which the reader receives or appraises in a cycle: its registrations, and its council if it has one."""

    unit: UnitRecord
    cycle: Cycle
    has_council: bool
    receives: bool


@gate(Action.READ_UNIT)
def show_calendar(request: HttpRequest) -> HttpResponseBase:
    """The dates of all open cycles by month."""
    actor, today = actor_in(request), timezone.localdate()
    cycles = list(
        Cycle.objects.filter(closed_at=None).select_related("rulebook", "root__parent__parent").order_by("-year", "pk")
    )
    dossiers = readable(request, dossiers_in(cycles), Action.READ_DOSSIER)
    concerned = {dossier.cycle_id for dossier in dossiers}
    if concerned:  # who reads no dossier at all, an administrator, is shown every cycle
        cycles = [cycle for cycle in cycles if cycle.pk in concerned]
    waiting = waiting_among(actor, dossiers, today)
    dates = [
        date
        for cycle in cycles
        for date in _dates(cycle, [w for w in waiting if w.dossier.cycle_id == cycle.pk], today)
    ]
    dated = sorted((date for date in dates if date.due.last_day), key=lambda date: date.due.last_day or today)
    context = {
        "today": today,
        "months": [
            (month, list(group))
            for month, group in groupby(dated, lambda date: (date.due.last_day or today).replace(day=1))
        ],
        "undated": [date for date in dates if date.due.last_day is None],
        "cycles": cycles,
        "offices": _offices(request, cycles, dossiers),
        "signed": dict(
            YearReport.objects.filter(cycle__in=cycles, body=F("cycle__root")).values_list("cycle", "signed_on")
        ),
        "summarising": [cycle for cycle in cycles if may(actor, Action.SUMMARISE, subject_of_unit(cycle.root))],
    }
    return render(request, "procedure/calendar.html", context)


def _dates(cycle: Cycle, waiting: Sequence[Waiting], today: datetime.date) -> list[Date]:
    calendar = calendar_in(cycle)
    first = {due.step: number for number, due in reversed(list(enumerate(calendar.steps)))}
    found = []
    for number, due in enumerate(calendar.steps):
        here = [
            each
            for each in waiting
            if each.reminder.due is not None and each.reminder.due.step == due.step and first[due.step] == number
        ]
        late = sum(each.reminder.overdue > 0 for each in here)
        found.append(Date(cycle, due, due.days_left(today), len(here), late, sum(each.mine for each in here)))
    return found


def _offices(request: HttpRequest, cycles: Sequence[Cycle], dossiers: Sequence[Dossier]) -> list[Office]:
    actor = actor_in(request)
    posts = {
        each.unit: each.role.duty for each in actor.appointments if each.role.duty in (Duty.RECEIVE, Duty.APPRAISE)
    }
    receiving = {each.unit for each in actor.appointments if each.role.duty is Duty.RECEIVE}
    units = {
        unit.code: unit
        for unit in UnitRecord.objects.filter(code__in=[code for code in posts if code], valid_until=None)
    }
    reviewed = {
        (reviewer.code, dossier.cycle_id)
        for dossier in dossiers
        if (reviewer := outline_of(dossier).reviewer) is not None
    }
    councils = set(Council.objects.filter(cycle__in=cycles).values_list("body__code", "cycle"))
    return [
        Office(unit, cycle, (code, cycle.pk) in councils, code in receiving)
        for cycle in cycles
        for code, unit in units.items()
        if (code, cycle.pk) in reviewed
    ]


@gate(Action.READ_UNIT)
def export_calendar(request: HttpRequest, cycle: int) -> HttpResponse:
    """The dates of one cycle as an iCalendar file."""
    found = get_object_or_404(Cycle.objects.select_related("rulebook", "root"), pk=cycle)
    name = say(
        f"Chuyển đổi số {found.root.name} {found.year}", f"Digital transformation {found.root.name} {found.year}"
    )
    text = write_icalendar(
        calendar_in(found),
        name,
        f"{found.rulebook.framework}-{found.year}-{found.root.code}",
        datetime.datetime.now(datetime.UTC),
        language(),
    )
    return send_file(text.encode(), f"{found.rulebook.framework}-{found.year}.ics")
