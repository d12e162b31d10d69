"""The log of every change, and its head. Rows are only ever added: triggers of the database refuse anything else."""

from typing import Self

from django.db import models

from certification.ledger import Deed, Entry, Head
from certification.store.search import fold


class AuditEntry(models.Model):
    """One change: who, when, what, before, after, why, and its place in the chain of hashes.

    Names stand as text: the entry says who it was then, whatever becomes of the account.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    account = models.CharField(max_length=64, db_index=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, db_index=True, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    why = models.TextField(blank=True)
    previous = models.CharField(max_length=71)
    hash = models.CharField(max_length=71, unique=True)
    search_key = models.TextField(editable=False)  # of what the entry says itself; not under the hash

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object_kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_label}"

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The row of an entry, not yet saved."""
        deed = entry.deed
        return cls(
            sequence=entry.sequence,
            at=deed.at,
            account=deed.account,
            name=deed.name,
            role=deed.role,
            unit=deed.unit,
            action=deed.action,
            object_kind=deed.kind,
            object_id=deed.object,
            object_label=deed.label,
            before=deed.before,
            after=deed.after,
            why=deed.why,
            previous=entry.previous,
            hash=entry.hash,
            search_key=fold(f"{deed.name} {deed.label} {deed.why}"),
        )

    def entry(self) -> Entry:
        """The row as the ledger knows it."""
        deed = Deed(
            at=self.at,
            account=self.account,
            name=self.name,
            role=self.role,
            unit=self.unit,
            action=self.action,
            kind=self.object_kind,
            object=self.object_id,
            label=self.object_label,
            before=self.before,
            after=self.after,
            why=self.why,
        )
        return Entry(self.sequence, deed, self.previous, self.hash)


class AuditHead(models.Model):
    """The end of the log: one row, locked by whoever adds the next entry."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=71)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"

    def head(self) -> Head:
        """The row as the ledger knows it."""
        return Head(self.sequence, self.hash)
