"""Scenarios that planners keep: what would be if; never facts."""

from django.db import models


class Scenario(models.Model):
    """A saved what-if of one cycle; ``content`` is a scenario file of ``evidence.scenario_files``."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=120)
    content = models.JSONField(default=dict)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(default=False)  # other planners of the same unit see it
    owner = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="scenarios")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-changed_at",)
        constraints = [models.UniqueConstraint(fields=["cycle", "owner", "name"], name="one_scenario_of_a_name")]
