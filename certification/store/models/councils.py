"""Appraisal councils of a year, their minutes, and how each member voted on each dossier."""

from django.db import models

from certification.procedure.meetings import Quorum


class Council(models.Model):
    """The appraisal council of ``body`` (a district, the province) in one cycle."""

    cycle = models.ForeignKey("store.Cycle", on_delete=models.PROTECT, related_name="councils")
    body = models.ForeignKey("store.UnitRecord", on_delete=models.PROTECT, related_name="councils")
    decided_by = models.CharField(max_length=200, blank=True)  # the decision that set it up: number and date
    quorum = models.CharField(max_length=12, default=Quorum.TWO_THIRDS.value)  # as that decision says
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "body"], name="one_council_of_a_body_in_a_cycle")]


class CouncilMember(models.Model):
    """A member: an account, or a name where a member does not use the application."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey("store.Account", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    position = models.CharField(max_length=200, blank=True)  # chức vụ, đơn vị
    duty = models.CharField(max_length=12, default="member")  # procedure.meetings.Seat

    class Meta:
        ordering = ("id",)


class Minutes(models.Model):
    """The minutes of one meeting; closed minutes never change."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="minutes")
    number = models.CharField(max_length=60, blank=True)
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    present = models.ManyToManyField(CouncilMember, related_name="+", blank=True)
    discussion = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("held_on", "id")


class MinutesItem(models.Model):
    """One dossier on the agenda: the level the council proposes on the evidence it appraised."""

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="items")
    dossier = models.ForeignKey("store.Dossier", on_delete=models.PROTECT, related_name="minuted")
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # as computed when the minutes were closed
    remark = models.TextField(blank=True)
    adopted = models.BooleanField(null=True)  # what the votes decided; None until the minutes are closed

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minutes", "dossier"], name="a_dossier_once_in_minutes")]


class Vote(models.Model):
    """How one member voted on one dossier; ``conflict``: why he or she may not."""

    item = models.ForeignKey(MinutesItem, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8, blank=True)  # for, against, abstain; empty with a conflict
    conflict = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("store.Account", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    own = models.BooleanField(default=False)  # cast by the member himself: nobody else changes it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="one_vote_a_member")]


class Conflict(models.Model):
    """A member's declared conflict of interest with one dossier: he or she neither appraises it nor votes on it."""

    dossier = models.ForeignKey("store.Dossier", on_delete=models.PROTECT, related_name="conflicts")
    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "account"], name="one_conflict_of_an_account")]
