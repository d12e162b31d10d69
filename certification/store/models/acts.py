"""Acts: the signed decisions, sealed and never changed; another act replaces or revokes one.

The database itself refuses changes to what is signed (migration ``0002_guards``).
"""

from django.db import models


class NumberSeries(models.Model):
    """The last number a body has given to its acts of a year; locked while the next is taken."""

    body = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="one_series_of_a_body_and_year")]


class Act(models.Model):
    """One signed act of a people's committee."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.PROTECT, related_name="acts")
    body = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12)  # recognise, refuse, revoke, ranking
    year = models.PositiveSmallIntegerField()  # of the number
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=60)  # 12/QĐ-UBND
    signed_on = models.DateField()
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    signer = models.CharField(max_length=150)
    why = models.TextField(blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    seal = models.CharField(max_length=80, blank=True)  # digest of the sealed bundle
    search_key = models.CharField(max_length=300, blank=True, db_index=True)

    class Meta:
        ordering = ("-year", "-sequence")
        constraints = [models.UniqueConstraint(fields=["body", "year", "sequence"], name="numbers_do_not_repeat")]

    def __str__(self) -> str:
        return self.number


class ActFile(models.Model):
    """One file of an act as it was sealed: docx, pdf, html, the bundle."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["act", "name"], name="one_file_of_a_name")]


class ActUnit(models.Model):
    """What an act states for one dossier."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="units")
    dossier = models.ForeignKey("store.Dossier", on_delete=models.PROTECT, related_name="acts")
    level = models.PositiveSmallIntegerField(null=True)  # recognised; 0: not recognised; None: a ranking
    result = models.JSONField(default=dict)  # the levels, or points and rank, as sealed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "dossier"], name="a_dossier_once_in_an_act")]


class Publication(models.Model):
    """That an act was made public, by whom and when; kept apart since the act itself never changes."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="publication")
    by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
