"""Telling: what whoever reads at this moment may know of a council's rulings.

While a round of appraisal is open, or its result is not adopted yet, the rulings are not the unit's to know (mục II.3;
``procedure.states.UNTOLD``): its own people read the facts as they stood when it was last told anything. That is
enforced here and nowhere else: facts leave the store for pages, exports, plans and calls of the API through
``as_told``, and whatever is computed from them knows no more. Without a reader (the command line, a change that is
being made) everything is read in full.
"""

import contextlib
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar

from attrs import define
from django.db.models import Q

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import may
from certification.procedure.roles import Duty
from certification.procedure.states import NOT_HANDED_IN, UNTOLD, State
from certification.store.held_rulebooks import rulebook_of
from certification.store.models.dossiers import Dossier, Transition
from certification.store.models.facts import FactRecord
from certification.store.past_rulings import Past, Snapshot, past_of
from certification.store.rounds import COUNCIL_ROUNDS
from certification.store.subjects import outline_of
from evidence.asked import Asked, catalogue
from evidence.facts import Status, row_name
from evidence.rulings import RULED
from levels.framework import Tier


@define
class _Reader:
    actor: Callable[[], Actor]
    withheld: frozenset[int] | None = None


_reader: ContextVar[_Reader | None] = ContextVar("reader", default=None)

_BEFORE_ANY = frozenset({*NOT_HANDED_IN, State.SUBMITTED, State.RECEIVED})
"""The states in which no council has ruled on anything yet."""


@contextlib.contextmanager
def reading_as(actor: Callable[[], Actor]) -> Iterator[None]:
    """Within, facts are read as ``actor`` may know them; asked who it is when it first matters."""
    token = _reader.set(_Reader(actor))
    try:
        yield
    finally:
        _reader.reset(token)


@contextlib.contextmanager
def in_full() -> Iterator[None]:
    """Within, everything is read: what is decided and kept never depends on who happens to look."""
    token = _reader.set(None)
    try:
        yield
    finally:
        _reader.reset(token)


def withheld() -> frozenset[int]:
    """The keys of the dossiers whose rulings the reader may not know yet. One query at most, once per reader."""
    reader = _reader.get()
    if reader is None:
        return frozenset()
    if reader.withheld is None:
        reader.withheld = _find_withheld(reader.actor())
    return reader.withheld


def _find_withheld(actor: Actor) -> frozenset[int]:
    codes, records = set[str](), set[int]()
    for appointment in actor.appointments:
        if appointment.unit is not None and appointment.role.duty not in (Duty.AUDIT, Duty.ADMINISTER):
            codes.add(appointment.unit)
            records |= appointment.stands_for | appointment.heir_of
    if not codes:
        return frozenset()
    rows = Dossier.objects.filter(Q(unit__code__in=codes) | Q(unit__in=records), state__in=list(UNTOLD))
    found = rows.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    found = found.defer("result", "cycle__rulebook__content")
    return frozenset(row.pk for row in found if not may(actor, Action.READ_RULINGS, outline_of(row)))


def told_past(dossier: Dossier) -> dict[str, tuple[Past, ...]]:
    """As ``past_of``, without the rulings that the reader may not know yet."""
    past = past_of(dossier)
    if dossier.pk not in withheld():
        return past
    moment, _ = _last_told(dossier)
    return {row: tuple(each for each in rulings if each.at <= moment) for row, rulings in past.items()}


def as_told(rows: Iterable[FactRecord]) -> list[FactRecord]:
    """``rows`` as the reader may know them, in their order; not to be saved.

    Of a dossier whose rulings are withheld a row is as it stood when the unit was last told; one that the council has
    made since is left out, one that it has taken away since stands at the end.
    """
    listed = list(rows)
    hidden = withheld() & {row.dossier_id for row in listed}
    if not hidden:
        return listed
    dossiers = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").in_bulk(hidden)
    before = {key: _Before.of(dossier) for key, dossier in dossiers.items()}
    told = [
        shown
        for row in listed
        if (shown := before[row.dossier_id].restore(row) if row.dossier_id in hidden else row) is not None
    ]
    for each in before.values():
        standing = {_name(row) for row in listed if row.dossier_id == each.dossier.pk}
        told += each.taken_away(standing)
    return told


def _last_told(dossier: Dossier) -> tuple[datetime.datetime, bool]:
    """When the unit last knew everything there was, and whether the council had ruled on anything by then."""
    steps = Transition.objects.filter(dossier=dossier).order_by("-id").values_list("at", "after")
    known = [(at, State(after)) for at, after in steps if State(after) not in UNTOLD]
    moment = known[0][0] if known else datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return moment, any(state not in _BEFORE_ANY for _, state in known)


def _name(row: FactRecord) -> str:
    return row_name(row.criterion, row.round)


@define
class _Before:
    """How the rows of one dossier stood when its unit was last told."""

    dossier: Dossier
    first: Mapping[str, Past]  # by Fact.row the first ruling that is not told
    untold: Mapping[str, int]  # and how many there are
    asked: Mapping[str, Asked]
    ruled_before: bool  # whether the unit may know of rulings that no log tells of
    logged: frozenset[str]  # the rows that the log knows any ruling on

    @classmethod
    def of(cls, dossier: Dossier) -> "_Before":
        moment, ruled_before = _last_told(dossier)
        past = past_of(dossier)
        untold = {row: [each for each in rulings if each.at > moment] for row, rulings in past.items()}
        return cls(
            dossier,
            {row: rulings[0] for row, rulings in untold.items() if rulings},
            {row: len(rulings) for row, rulings in untold.items()},
            catalogue(rulebook_of(dossier.cycle)).asked[Tier(dossier.unit.tier)],
            # What was loaded with a year that is over is history, whatever state it was left in.
            ruled_before or dossier.cycle.closed_at is not None,
            frozenset(past),
        )

    def restore(self, row: FactRecord) -> FactRecord | None:
        """The row as it stood; None where there was none."""
        ruling = self.first.get(_name(row))
        if ruling is not None:
            if ruling.before is None:
                return None
            row = self._filled(row, ruling.before)
            row.version -= self.untold[_name(row)]
        elif _name(row) in self.logged:
            return row
        if self.ruled_before or Status(row.status) not in RULED:
            return row
        # Rulings that came with the data when the dossier was loaded: no log tells what the unit had stated.
        if row.round in COUNCIL_ROUNDS:
            return None
        if Status(row.status) is Status.ADJUSTED:
            row.numerator, row.denominator = row.reported_numerator, row.reported_denominator
        row.status = (Status.UNKNOWN if row.numerator is None else Status.SELF_REPORTED).value
        row.reported_numerator = row.reported_denominator = None
        row.note, row.appraised_by, row.appraised_at = "", None, None
        return row

    def taken_away(self, standing: set[str]) -> list[FactRecord]:
        """The rows that the council had made and the unit been told of, and that are gone since."""
        found = []
        for name, ruling in self.first.items():
            if ruling.before is not None and name not in standing:
                criterion, _, round_ = name.partition("@")
                gone = FactRecord(pk=0, dossier=self.dossier, criterion=criterion, round=round_)
                found.append(self._filled(gone, ruling.before))
        return found

    def _filled(self, row: FactRecord, before: Snapshot) -> FactRecord:
        asked = self.asked[row.criterion]
        amount = asked.read_written(before["value"]) if before["value"] else None
        reported = asked.read_written(before["reported"]) if before.get("reported") else None
        row.status, row.note, row.draft = before["status"], before.get("note", ""), bool(before.get("draft"))
        row.numerator = None if amount is None else amount.numerator
        row.denominator = None if amount is None else amount.denominator
        row.reported_numerator = None if reported is None else reported.numerator
        row.reported_denominator = None if reported is None else reported.denominator
        row.appraised_by, row.appraised_at = None, None
        return row
