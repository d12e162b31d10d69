"""Reminders: what waits for whom today, from the dates of the rulebook and the states of the dossiers."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen
from django.db.models import Q
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.calendar import Calendar, Reminder, remind_of
from certification.procedure.permissions import concerns
from certification.procedure.roles import Duty
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.subjects import calendar_in, outline_of


@frozen
class Waiting:
    """One dossier that waits for somebody, and by which of his appointments."""

    dossier: Dossier
    reminder: Reminder
    appointment: Appointment

    @property
    def order(self) -> tuple[int, str, str]:
        """The most urgent first; what has no date last."""
        days = self.reminder.days_left
        return (10**6 if days is None else days, self.dossier.unit.sort_key, self.dossier.unit.code)


@frozen
class Waits:
    """The dossiers that wait for the same thing to be done."""

    action: Action
    cycle: Cycle
    entries: tuple[Waiting, ...]  # the most urgent first

    @property
    def late(self) -> int:
        """How many are overdue."""
        return sum(entry.reminder.overdue > 0 for entry in self.entries)


_ACTING = (Duty.ASSESS, Duty.RECEIVE, Duty.APPRAISE, Duty.SIGN)


def waiting_for(actor: Actor, today: datetime.date | None = None) -> list[Waiting]:
    """Every dossier of an open cycle, or of one that was handed in, that waits for ``actor``; the most urgent first.

    One query for all dossiers, one for each rulebook that this process has not read yet.
    """
    posts = [each for each in actor.appointments if each.unit is not None and each.role.duty in _ACTING]
    codes = {each.unit for each in posts}
    if actor.account is None or not codes:
        return []
    around = Q(unit__code__in=codes) | Q(unit__parent__code__in=codes) | Q(unit__parent__parent__code__in=codes)
    dossiers = Dossier.objects.filter(around).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    ).defer("result", "cycle__rulebook__content")  # fmt: skip
    return sorted(_waiting(dossiers, posts, today or timezone.localdate()), key=lambda entry: entry.order)


def _waiting(dossiers: Iterable[Dossier], posts: Sequence[Appointment], today: datetime.date) -> Iterator[Waiting]:
    calendars: dict[int, Calendar] = {}
    for dossier in dossiers:
        subject = outline_of(dossier)
        calendar = calendars.get(dossier.cycle_id)
        if calendar is None:
            calendar = calendars[dossier.cycle_id] = calendar_in(dossier.cycle)
        reminder = remind_of(calendar, subject, today)
        if reminder is None:
            continue
        post = next(
            (
                each
                for each in posts
                if each.role.duty is reminder.wait.duty and concerns(each, reminder.wait.action, subject)
            ),
            None,
        )
        if post is not None:
            yield Waiting(dossier, reminder, post)


def grouped(waiting: Sequence[Waiting]) -> list[Waits]:
    """``waiting`` by what has to be done in which cycle, in the order in which the most urgent of each comes."""
    found: dict[tuple[Action, int], list[Waiting]] = {}
    for entry in waiting:
        found.setdefault((entry.reminder.wait.action, entry.dossier.cycle_id), []).append(entry)
    return [Waits(action, entries[0].dossier.cycle, tuple(entries)) for (action, _), entries in found.items()]


def open_counts(cycle: Cycle, dossiers: Sequence[Dossier], today: datetime.date) -> Mapping[str, tuple[int, int]]:
    """By step of the calendar, how many of ``dossiers`` are still to take it, and how many of them are overdue."""
    calendar = calendar_in(cycle)
    found: dict[str, tuple[int, int]] = {}
    for dossier in dossiers:
        reminder = remind_of(calendar, outline_of(dossier), today)
        if reminder is None or reminder.due is None:
            continue
        waiting, late = found.get(reminder.due.step, (0, 0))
        found[reminder.due.step] = (waiting + 1, late + (reminder.overdue > 0))
    return found
