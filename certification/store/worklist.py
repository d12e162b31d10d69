"""The work list: what every dossier waits for today, until when, and whether it waits for one person.

The same judgement as for one dossier (``procedure.permissions``), made for all dossiers of some cycles in a bounded
number of queries.
"""

import datetime
from collections.abc import Collection, Iterable

from attrs import evolve, frozen
from django.db.models import Q

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.calendar import Calendar, Reminder, remind_of
from certification.procedure.permissions import may
from certification.procedure.subjects import Subject
from certification.store.models import (
    AuditEntry,
    Conflict,
    CouncilMember,
    Cycle,
    Dossier,
    FactProof,
    FactRecord,
    UnitRecord,
)
from certification.store.subjects import FOR_THE_UNIT, calendar_in, outline_of


@frozen
class Waiting:
    """One dossier and what it waits for; ``mine``: the one who asks may take that step."""

    dossier: Dossier
    reminder: Reminder
    mine: bool


def dossiers_in(cycles: Collection[Cycle]) -> list[Dossier]:
    """The dossiers of ``cycles`` in the Vietnamese order of names, with all that permissions read. Two queries."""
    known = {cycle.pk: cycle for cycle in cycles}
    rows = Dossier.objects.filter(cycle__in=known).select_related("unit").defer("result")
    dossiers = list(rows.order_by("unit__sort_key", "unit__code"))
    # A district is read once, and not again with each of its communes.
    above = {dossier.unit.parent_id for dossier in dossiers} - {None}
    parents = UnitRecord.objects.select_related("parent").in_bulk(above)
    for dossier in dossiers:
        dossier.cycle = known[dossier.cycle_id]
        if dossier.unit.parent_id is not None:
            dossier.unit.parent = parents[dossier.unit.parent_id]
    return dossiers


def waiting_among(actor: Actor, dossiers: Iterable[Dossier], today: datetime.date) -> list[Waiting]:
    """What those of ``dossiers`` wait for that wait for anything: the most urgent first, then as given.

    Seven queries, whatever the number of dossiers.
    """
    listed = list(dossiers)
    subjects = subjects_for(actor, listed)
    calendars: dict[int, Calendar] = {each.cycle_id: calendar_in(each.cycle) for each in listed}
    found = []
    for dossier in listed:
        subject = subjects[dossier.pk]
        reminder = remind_of(calendars[dossier.cycle_id], subject, today)
        if reminder is not None:
            found.append(Waiting(dossier, reminder, may(actor, reminder.wait.action, subject)))
    return sorted(found, key=_urgency)


def _urgency(waiting: Waiting) -> tuple[bool, int]:
    left = waiting.reminder.days_left
    return left is None, left or 0


def subjects_for(actor: Actor, dossiers: Collection[Dossier]) -> dict[int, Subject]:
    """The subjects of ``dossiers`` by their keys, as far as ``actor``'s own part in them goes.

    ``store.subjects.subject_of`` names everybody who had a hand in a dossier; here only whether the actor had, which is
    all that judging him asks. ``late`` is left out: what a dossier waits for never rests on it.
    """
    me = actor.account
    if me is None:
        return {dossier.pk: outline_of(dossier) for dossier in dossiers}
    cycles = {dossier.cycle_id for dossier in dossiers}
    entered, appraised = _hands(me, cycles)
    conflicts = set(Conflict.objects.filter(account=me, dossier__cycle__in=cycles).values_list("dossier", flat=True))
    members = CouncilMember.objects.filter(council__cycle__in=cycles, account__isnull=False)
    councils: dict[tuple[int, str], set[int]] = {}
    for cycle, body, account in members.values_list("council__cycle", "council__body__code", "account"):
        councils.setdefault((cycle, body), set()).add(account)
    mine = frozenset({me})
    found = {}
    for dossier in dossiers:
        outline = outline_of(dossier)
        seats = None if outline.reviewer is None else councils.get((dossier.cycle_id, outline.reviewer.code))
        found[dossier.pk] = evolve(
            outline,
            entered=mine if dossier.pk in entered else frozenset(),
            appraised=mine if dossier.pk in appraised else frozenset(),
            council=None if seats is None else frozenset(seats),
            conflicts=mine if dossier.pk in conflicts else frozenset(),
        )
    return found


def _hands(account: int, cycles: Collection[int]) -> tuple[set[int], set[int]]:
    """The dossiers that ``account`` ever acted for as the unit, and those that it ever appraised any of."""
    facts = FactRecord.objects.filter(dossier__cycle__in=cycles)
    entered = set(facts.filter(entered_by=account).values_list("dossier", flat=True))
    proofs = FactProof.objects.filter(fact__dossier__cycle__in=cycles, added_by=account)
    entered |= set(proofs.values_list("fact__dossier", flat=True))
    appraised = set(facts.filter(appraised_by=account).values_list("dossier", flat=True))
    # The rows name only who touched a fact last; the log never forgets who did before.
    done = AuditEntry.objects.filter(Q(action__in=FOR_THE_UNIT) | Q(action=Action.APPRAISE), account=str(account))
    for action, dossier in done.filter(object_kind="dossier").values_list("action", "object_id").distinct():
        (appraised if action == Action.APPRAISE else entered).add(int(dossier))
    return entered, appraised
