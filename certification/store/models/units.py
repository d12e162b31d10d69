"""Units in time: a locality or office as it was between two dates, and what it became."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from certification.store.search import collation_key, fold
from levels.framework import Tier

TIERS = [(tier.value, tier.value) for tier in Tier]


class UnitRecord(models.Model):
    """One unit under one official code for as long as it was the same unit.

    After a merge or a change of tier another record takes its place, even under the same code; dossiers,
    decisions and accounts stay with the record they were made for.
    """

    code = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    tier = models.CharField(max_length=12, choices=TIERS)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True, blank=True)  # None: since before anybody recorded
    valid_until = models.DateField(null=True, blank=True)  # the last day; None: it exists
    search_key = models.CharField(max_length=220, editable=False, db_index=True)
    sort_key = models.CharField(max_length=700, editable=False, db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("sort_key", "code")
        constraints = [
            # One unit of a code at a time.
            models.UniqueConstraint(fields=["code"], condition=Q(valid_until=None), name="one_current_unit_of_a_code"),
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_unit_of_a_code_from_a_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
                name="a_unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.code}")
        self.sort_key = collation_key(self.name)
        super().save(*args, **kwargs)


class UnitChange(models.Model):
    """A merge, split, rename, move or abolition by a legal act; from the day it takes effect."""

    kind = models.CharField(max_length=12)  # evidence.succession's kinds
    effective_on = models.DateField()
    instrument = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)  # what a unit that goes on was called before and is now
    recorded_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("effective_on", "id")


class Succession(models.Model):
    """One line from a unit before a change to a unit after it.

    An abolished unit has a line to nobody, an established one a line from nobody; a unit that is only called
    something else from then on has one to itself.
    """

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="lines")
    predecessor = models.ForeignKey(UnitRecord, null=True, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(UnitRecord, null=True, on_delete=models.PROTECT, related_name="origins")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "predecessor", "successor"], name="one_line_of_succession")
        ]
