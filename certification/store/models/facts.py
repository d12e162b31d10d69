"""Facts as rows, and the files and references that prove them."""

from django.db import models

from evidence.facts import Status

STATUSES = [(status.value, status.value) for status in Status]


class FactRecord(models.Model):
    """What a dossier states of one criterion (or input of an indicator) in one round; ``evidence.facts.Fact`` as a row.

    ``version`` counts its changes: a form carries the one it was made from, so that a second person sees the first's
    change. ``draft``: taken over from an earlier year or a predecessor and not yet confirmed; counts as unknown.
    """

    dossier = models.ForeignKey("store.Dossier", on_delete=models.CASCADE, related_name="facts")
    criterion = models.CharField(max_length=40)
    round = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=16, choices=STATUSES, default=Status.SELF_REPORTED.value)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    reported_numerator = models.BigIntegerField(null=True, blank=True)
    reported_denominator = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=500, blank=True)
    measured_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    draft = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_through = models.CharField(max_length=12, blank=True)  # form, excel, import, api, last year
    appraised_by = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    appraised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("dossier", "criterion", "round")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "criterion", "round"], name="one_fact_of_a_criterion_and_round")
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.criterion}"


class Proof(models.Model):
    """One uploaded file, kept once under the hash of its content."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    scanned_at = models.DateTimeField(null=True, blank=True)  # by the virus scanner, where one is configured
    first_seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)


class FactProof(models.Model):
    """One document of one fact: a stored file under the name it came with, or a link or official letter's number."""

    fact = models.ForeignKey(FactRecord, on_delete=models.CASCADE, related_name="proofs")
    proof = models.ForeignKey(Proof, null=True, blank=True, on_delete=models.PROTECT, related_name="uses")
    reference = models.CharField(max_length=500)  # the file's name, the link, the letter's number
    added_by = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
