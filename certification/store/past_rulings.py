"""Past rulings: what the log keeps of everything a council ever ruled on the facts of a dossier."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve, frozen

from certification.procedure.actions import Action
from certification.procedure.roles import Role
from certification.store.models.audit import AuditEntry
from certification.store.models.dossiers import Dossier
from evidence.asked import Asked
from evidence.facts import Fact, Status
from evidence.rulings import STATUS_AFTER, Ruling

RULING_OF = {status.value: ruling for ruling, status in STATUS_AFTER.items()}

Snapshot = Mapping[str, Any]
"""A row as the log keeps it: its round, status, exact values and note."""


@frozen
class Past:
    """One ruling of the past on one fact: who, when, what, why."""

    at: datetime.datetime
    name: str
    role: str
    row: str  # Fact.row
    before: Snapshot | None  # None: there was no such row
    after: Snapshot | None
    why: str

    @property
    def ruling(self) -> Ruling:
        return Ruling.REOPEN if self.after is None else RULING_OF.get(self.after["status"], Ruling.REOPEN)

    @property
    def office(self) -> Role | None:
        """In which role it was made."""
        return next((role for role in Role if role.value == self.role), None)

    @property
    def value(self) -> str:
        """The value that stood afterwards, as text; "" where there was none."""
        return "" if self.after is None else self.after["value"] or ""

    @property
    def note(self) -> str:
        """The reason as it stood beside the fact."""
        return self.why or ("" if self.after is None else self.after.get("note", ""))


def past_of(dossier: Dossier) -> dict[str, tuple[Past, ...]]:
    """Every ruling on a fact of ``dossier``, by ``Fact.row``, the earliest first."""
    found: dict[str, list[Past]] = {}
    entries = AuditEntry.objects.filter(object_kind="dossier", object_id=str(dossier.pk), action=Action.APPRAISE.value)
    for entry in entries.order_by("sequence"):
        before, after = entry.before or {}, entry.after or {}
        after = after.get("after", after) if "with" in after else after
        for row, stands in (after or {}).items():
            past = Past(entry.at, entry.name, entry.role, row, before.get(row), stands, entry.why)
            found.setdefault(row, []).append(past)
    return {row: tuple(rulings) for row, rulings in found.items()}


def claim_before(past: Iterable[Past]) -> Past | None:
    """The latest ruling that was made on the unit's own words, and not on an earlier ruling."""
    own = [each for each in past if each.before is None or each.before["status"] not in RULING_OF]
    return own[-1] if own else None


def as_claim(asked: Asked, fact: Fact, before: Snapshot) -> Fact:
    """``fact`` as the unit had stated it, by what the log kept."""
    if before.get("draft"):
        return evolve(fact, status=Status.UNKNOWN, amount=None, reported=None, note="")
    return evolve(
        fact,
        status=Status(before["status"]),
        amount=asked.read_written(before["value"] or ""),
        reported=None,
        note=before.get("note", ""),
    )
