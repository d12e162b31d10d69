"""Scenarios that planners keep: what would be if; never facts."""

from django.db import models


class Scenario(models.Model):
    """A saved what-if of one cycle; ``content`` is a scenario file (``evidence.scenarios.scenario_yaml``)."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=120)
    unit = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="+")  # whom it is about
    content = models.TextField()  # YAML: name, note, set
    shared = models.BooleanField(default=False)  # others who may plan for the unit see it
    owner = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="scenarios")
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-changed_at",)
        constraints = [models.UniqueConstraint(fields=["cycle", "owner", "name"], name="one_scenario_of_a_name")]


class PriceList(models.Model):
    """What improvements cost, as planners state it for a unit and all below it: a ``costs.csv`` as it was uploaded."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.CASCADE, related_name="price_lists")
    unit = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)  # the latest one counts; earlier ones stay
