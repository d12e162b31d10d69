"""Dossiers: one unit in one cycle, where it stands in the year's procedure, and every step it took."""

from django.db import models

from certification.procedure.states import State

STATES = [(state.value, state.value) for state in State]


class Dossier(models.Model):
    """One unit's dossier of one cycle.

    ``revision`` counts whatever can change its result (facts, exemptions, recognitions below), ``version`` the steps of
    the procedure. ``result`` is the last computed result for ``result_basis``: a cache that ``store.results`` fills
    and checks; never read it directly.
    """

    cycle = models.ForeignKey("store.Cycle", on_delete=models.PROTECT, related_name="dossiers")
    unit = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="dossiers")
    state = models.CharField(max_length=24, choices=STATES, db_index=True)
    target = models.PositiveSmallIntegerField(null=True, blank=True)  # the registered level; an index has none
    round = models.CharField(max_length=20, blank=True)  # the round of appraisal that is open
    stale = models.CharField(max_length=300, blank=True)  # why its verdict or decision must be looked at again
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    result = models.JSONField(null=True, blank=True)
    result_basis = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("cycle", "unit")
        constraints = [models.UniqueConstraint(fields=["cycle", "unit"], name="one_dossier_of_a_unit_in_a_cycle")]

    def __str__(self) -> str:
        return f"{self.unit} {self.cycle.year}"


class Transition(models.Model):
    """One step of the procedure: who took it in which role, when, from where to where, and why."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="transitions")
    action = models.CharField(max_length=32)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    days_late = models.PositiveSmallIntegerField(default=0)  # after the last day of the rulebook's calendar

    class Meta:
        ordering = ("id",)


class Complaint(models.Model):
    """A complaint about a result, and what became of it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="complaints")
    by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    text = models.TextField()
    outcome = models.CharField(max_length=12, blank=True)  # upheld, dismissed; empty: open
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)


class Explanation(models.Model):
    """What a unit answers to one ruling between two rounds of appraisal."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="explanations")
    criterion = models.CharField(max_length=40)
    round = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("criterion", "id")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "criterion", "round"], name="one_explanation_of_a_round")
        ]
