"""What a department adds in its own words to the yearly report; the figures come from the acts."""

from django.db import models


class YearReport(models.Model):
    """The words, number and day of the report that ``body`` makes on one cycle."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.PROTECT, related_name="reports")
    body = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="reports")
    done = models.TextField(blank=True)
    difficulties = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    number = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    signer = models.CharField(max_length=150, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "body"], name="one_report_of_a_body_and_cycle")]

    def __str__(self) -> str:
        return f"{self.body} {self.cycle.year}"
