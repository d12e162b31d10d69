"""Rulebooks as they are in force, and the yearly cycles held under them."""

from django.db import models

KINDS = [("levels", "levels"), ("index", "index")]


class RulebookRecord(models.Model):
    """One version of one rulebook with its content; a version that a cycle uses never changes."""

    framework = models.CharField(max_length=80)  # the rulebook's id: kon-tum-121-2025
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=300)
    content = models.BinaryField()  # the YAML it was loaded from
    bundled = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("framework", "-version")

    def __str__(self) -> str:
        return f"{self.framework} {self.version}"


class Cycle(models.Model):
    """One year's certification or ranking of the units under ``root`` by one rulebook."""

    rulebook = models.ForeignKey(RulebookRecord, on_delete=models.PROTECT, related_name="cycles")
    year = models.PositiveSmallIntegerField()
    root = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-year", "id")
        constraints = [models.UniqueConstraint(fields=["rulebook", "year", "root"], name="one_cycle_a_year")]

    def __str__(self) -> str:
        return f"{self.rulebook.framework} {self.year}"
