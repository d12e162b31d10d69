"""Subjects: units and dossiers as the procedure judges them."""

import datetime

from attrs import evolve
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.calendar import Calendar, calendar_of
from certification.procedure.states import Kind, State
from certification.procedure.subjects import Place, Subject
from certification.store.held_rulebooks import rulebook_of
from certification.store.models.accounts import Account
from certification.store.models.acts import Publication
from certification.store.models.audit import AuditEntry
from certification.store.models.councils import Conflict, CouncilMember
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.models.units import UnitRecord
from levels.framework import Framework, Tier

INSTALLATION = Subject(unit=Place("", Tier.PROVINCE))
"""What belongs to no unit: accounts, rulebooks, units and cycles of the whole installation."""


def place_of(unit: UnitRecord) -> Place:
    """A unit as permissions read it."""
    return Place(unit.code, Tier(unit.tier), unit.pk)


def ancestors_of(unit: UnitRecord) -> tuple[Place, ...]:
    """The units above, nearest first; read ``unit.parent.parent`` along with the unit to save queries."""
    above: list[Place] = []
    parent = unit.parent
    while parent is not None:
        above.append(place_of(parent))
        parent = parent.parent
    return tuple(above)


def subject_of_unit(unit: UnitRecord) -> Subject:
    """A unit by itself, apart from any dossier."""
    return Subject(unit=place_of(unit), ancestors=ancestors_of(unit))


def kind_of(cycle: Cycle) -> Kind:
    """Whether a cycle yields levels or points."""
    return "levels" if cycle.rulebook.kind == "levels" else "index"


def reviewing_tier(cycle: Cycle, tier: Tier) -> Tier | None:
    """The tier whose council appraises the units of ``tier``; None: the rulebook leaves it to the unit above."""
    rulebook = rulebook_of(cycle)
    if tier not in rulebook.sets:
        return None
    return rulebook.sets[tier].appraised_by if isinstance(rulebook, Framework) else rulebook.sets[tier].rated_by


def outline_of(dossier: Dossier) -> Subject:
    """A dossier's subject without the people: enough for what is only read, and for lists. No query of its own."""
    cycle = dossier.cycle
    return Subject(
        unit=place_of(dossier.unit),
        ancestors=ancestors_of(dossier.unit),
        kind=kind_of(cycle),
        state=State(dossier.state),
        reviewed_by=reviewing_tier(cycle, Tier(dossier.unit.tier)),
        published=dossier.state in (State.PUBLISHED, State.COMPLAINED),
        closed=cycle.closed_at is not None,
    )


def subject_of(dossier: Dossier, today: datetime.date | None = None) -> Subject:
    """A dossier with everybody who had a hand in it, as every change of it is judged. Six queries."""
    outline = outline_of(dossier)
    reviewer = outline.reviewer
    members: frozenset[int] | None = None
    if reviewer is not None:
        found = CouncilMember.objects.filter(council__cycle=dossier.cycle_id, council__body__code=reviewer.code)
        seats = list(found.order_by().values_list("account", flat=True))
        members = frozenset(filter(None, seats)) if seats else None
    conflicts = Conflict.objects.filter(dossier=dossier).values_list("account", flat=True)
    entered, appraised = hands_in(dossier)
    return evolve(
        outline,
        entered=entered,
        appraised=appraised,
        council=members,
        conflicts=frozenset(conflicts),
        late=_is_late(dossier, today),
        published=Publication.objects.filter(act__units__dossier=dossier).exists(),
    )


FOR_THE_UNIT = (Action.ENTER_FACT, Action.ATTACH_PROOF, Action.EXPLAIN, Action.SUBMIT)


def hands_in(dossier: Dossier) -> tuple[frozenset[int], frozenset[int]]:
    """The accounts that ever acted for the unit in ``dossier``, and those that ever appraised any of it.

    The rows name only who touched a fact last; the log never forgets who did before.
    """
    facts = FactRecord.objects.filter(dossier=dossier)
    proofs = FactProof.objects.filter(fact__dossier=dossier, added_by__isnull=False)
    hands = list(facts.order_by().values_list("entered_by", "appraised_by").distinct())
    entered = set(filter(None, (account for account, _ in hands)))
    entered |= set(proofs.order_by().values_list("added_by", flat=True).distinct())
    appraised = set(filter(None, (account for _, account in hands)))
    done = AuditEntry.objects.filter(object_kind="dossier", object_id=str(dossier.pk)).exclude(account="")
    for action, account in done.values_list("action", "account").order_by().distinct():
        if action in FOR_THE_UNIT:
            entered.add(int(account))
        elif action == Action.APPRAISE:
            appraised.add(int(account))
    return frozenset(entered), frozenset(appraised)


def _is_late(dossier: Dossier, today: datetime.date | None) -> bool:
    if dossier.state == State.SUBMITTED:
        handed_in = dossier.transitions.filter(action=Action.SUBMIT).order_by("-id").first()
        if handed_in is not None:
            return handed_in.days_late > 0
    return has_lapsed(calendar_in(dossier.cycle), State(dossier.state), today or timezone.localdate())


def has_lapsed(calendar: Calendar, state: State, day: datetime.date) -> bool:
    """Whether on ``day`` a dossier in ``state`` that is not handed in comes too late.

    One that was handed in and returned is in time as long as it can still be appraised in time.
    """
    returned = state is State.RETURNED and calendar.last_day("appraisal") is not None
    return calendar.days_late(Action.CLOSE_APPRAISAL if returned else Action.SUBMIT, day) > 0


def calendar_in(cycle: Cycle) -> Calendar:
    """The dates of ``cycle``, from its rulebook."""
    return calendar_of(rulebook_of(cycle), cycle.year)


def account_of(account: int | None) -> Account | None:
    """The account that acts; None for the system."""
    return None if account is None else Account.objects.get(pk=account)
