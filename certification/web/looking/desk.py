"""The desk: what waits for whoever is signed in, what is late, and how far the year has got."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from attrs import frozen
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.calendar import Due
from certification.procedure.permissions import may
from certification.procedure.roles import Duty, Role
from certification.procedure.stages import Stage, Taken, stages_of
from certification.procedure.states import State
from certification.store.assessments import framework_of
from certification.store.models import Account, Appointment, Cycle, Dossier, Invitation, Transition
from certification.store.results import Result, results_of
from certification.store.subjects import INSTALLATION, calendar_in, kind_of
from certification.store.worklist import Waiting, dossiers_in, waiting_among
from certification.web.environment import can_link
from certification.web.gate import actor_in, public
from certification.web.looking.chores import chores_of
from certification.web.looking.scope import cycles_of, readable
from levels.framework import Framework, Tier

SHOWN = 12
"""How many lines a list on the desk shows before it leads to the whole list."""
_ASSESSORS = [role.value for role in Role if role.duty is Duty.ASSESS]
_OWN = 3
_RECENT = 8


@frozen
class Own:
    """A dossier of the reader's own unit, with where it stands."""

    dossier: Dossier
    stages: tuple[Stage, ...]
    waiting: Waiting | None
    result: Result | None
    framework: Framework | None


@frozen
class Share:
    """How many units stand at one level, out of how many."""

    level: int
    name: str
    count: int
    percent: int  # cut, for the length of a bar


@frozen
class Distribution:
    """The units of one tier by their accepted, claimed and possible levels."""

    tier: Tier
    total: int
    accepted: tuple[Share, ...]
    claimed: tuple[Share, ...]
    possible: tuple[Share, ...]


@frozen
class Deadline:
    """A date of the year that is still to come, or has just gone by; of several cycles under one rulebook once."""

    due: Due
    days_left: int


@frozen
class Keeping:
    """What an administrator looks after; nothing of any verdict."""

    active: int
    invited: int
    uncared: tuple[Dossier, ...]  # dossiers whose unit has nobody to enter anything
    cycles: tuple[Cycle, ...]


@public
def show_home(request: HttpRequest) -> HttpResponseBase:
    """The desk of whoever is signed in; everybody else is shown what is public."""
    actor = actor_in(request)
    if actor.account is None:
        return redirect("portal:home") if can_link("portal:home") else redirect_to_login(request.get_full_path())
    today = timezone.localdate()
    levels = [cycle for cycle in cycles_of("levels") if cycle.closed_at is None]
    points = [cycle for cycle in cycles_of("index") if cycle.closed_at is None]
    every = dossiers_in([*levels, *points])
    dossiers = readable(request, every, Action.READ_DOSSIER)
    waiting = waiting_among(actor, dossiers, today)
    results = {cycle.pk: results_of(cycle) for cycle in levels if any(d.cycle_id == cycle.pk for d in dossiers)}
    mine = [each for each in waiting if each.mine]
    late = [each for each in waiting if each.reminder.overdue]
    context = {
        "today": today,
        "shown": SHOWN,
        "mine": mine,
        "late": late,
        "dossiers": dossiers,
        "states": _states(dossiers),
        "stale": [dossier for dossier in dossiers if dossier.stale],
        "own": _own(actor, dossiers, waiting, results),
        "distributions": _distributions(levels, dossiers, results),
        "deadlines": _deadlines(_concerning([*levels, *points], dossiers)),
        "recent": _recent(dossiers),
        "chores": chores_of(actor, [*levels, *points], dossiers),
        "keeping": _keeping(actor, every, [*levels, *points]),
    }
    return render(request, "looking/desk.html", context)


def _states(dossiers: Iterable[Dossier]) -> list[tuple[State, int]]:
    counted = Counter(dossier.state for dossier in dossiers)
    return [(state, counted[state.value]) for state in State if counted[state.value]]


def _own(
    actor: Actor, dossiers: Sequence[Dossier], waiting: Iterable[Waiting], results: dict[int, dict[str, Result]]
) -> list[Own]:
    units = {each.unit for each in actor.appointments if each.role.duty is Duty.ASSESS}
    chosen = [dossier for dossier in dossiers if dossier.unit.code in units][:_OWN]
    found = {each.dossier.pk: each for each in waiting}
    steps: dict[int, list[Taken]] = {}
    for step in Transition.objects.filter(dossier__in=chosen):
        before = State(step.before) if step.before else None
        taken = Taken(State(step.after), timezone.localdate(step.at), step.days_late, before)
        steps.setdefault(step.dossier_id, []).append(taken)
    today = timezone.localdate()
    return [
        Own(
            dossier,
            stages_of(
                kind_of(dossier.cycle),
                State(dossier.state),
                steps.get(dossier.pk, ()),
                calendar_in(dossier.cycle),
                today,
            ),
            found.get(dossier.pk),
            results.get(dossier.cycle_id, {}).get(dossier.unit.code),
            framework_of(dossier.cycle) if kind_of(dossier.cycle) == "levels" else None,
        )
        for dossier in chosen
    ]


def _distributions(
    cycles: Iterable[Cycle], dossiers: Sequence[Dossier], results: dict[int, dict[str, Result]]
) -> list[tuple[Cycle, list[Distribution]]]:
    found = []
    for cycle in cycles:
        mine = [dossier for dossier in dossiers if dossier.cycle_id == cycle.pk]
        tiers = distribute(framework_of(cycle), mine, results.get(cycle.pk, {}))
        if tiers:
            found.append((cycle, tiers))
    return found


def distribute(framework: Framework, dossiers: Sequence[Dossier], results: dict[str, Result]) -> list[Distribution]:
    """How many units of every tier stand at every level; a tier of which there is but one unit is left out."""
    found = []
    for tier in framework.sets:
        of_tier = [results[d.unit.code] for d in dossiers if d.unit.tier == tier and d.unit.code in results]
        if len(of_tier) > 1:
            accepted = _shares(framework, [result.levels.level for result in of_tier])
            claimed = _shares(framework, [result.levels.claimed_level for result in of_tier])
            possible = _shares(framework, [result.levels.possible_level for result in of_tier])
            found.append(Distribution(tier, len(of_tier), accepted, claimed, possible))
    return found


def _shares(framework: Framework, levels: Sequence[int]) -> tuple[Share, ...]:
    counted = Counter(levels)
    names = {0: ""} | {level.number: level.name for level in framework.levels}
    return tuple(
        Share(level, name, counted[level], counted[level] * 100 // len(levels)) for level, name in names.items()
    )


def _concerning(cycles: Sequence[Cycle], dossiers: Iterable[Dossier]) -> Sequence[Cycle]:
    """The cycles of the reader's dossiers; who reads no dossier at all, an administrator, is shown every cycle."""
    concerned = {dossier.cycle_id for dossier in dossiers}
    return [cycle for cycle in cycles if cycle.pk in concerned] if concerned else cycles


def _deadlines(cycles: Iterable[Cycle]) -> list[Deadline]:
    today = timezone.localdate()
    dated = [(due, due.days_left(today)) for cycle in cycles for due in calendar_in(cycle).steps]
    coming = dict.fromkeys(Deadline(due, left) for due, left in dated if left is not None and left >= -7)
    return sorted(coming, key=lambda each: each.days_left)[:5]


def _recent(dossiers: Sequence[Dossier]) -> list[Transition]:
    seen = {dossier.pk: dossier for dossier in dossiers}
    cycles = {dossier.cycle_id for dossier in dossiers}
    latest = Transition.objects.filter(dossier__cycle__in=cycles).select_related("by").order_by("-id")[:200]
    steps = [step for step in latest if step.dossier_id in seen][:_RECENT]
    for step in steps:
        step.dossier = seen[step.dossier_id]
    return steps


def _keeping(actor: Actor, dossiers: Sequence[Dossier], cycles: Collection[Cycle]) -> Keeping | None:
    if not may(actor, Action.MANAGE_ACCOUNTS, INSTALLATION):
        return None
    now = timezone.now()
    accounts = Account.objects.filter(is_active=True)
    open_links = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
    cared = set(Appointment.objects.holding(now).filter(role__in=_ASSESSORS).values_list("unit", flat=True))
    uncared = tuple(dossier for dossier in dossiers if dossier.unit_id not in cared)
    return Keeping(accounts.count(), open_links.count(), uncared, tuple(cycles))
