"""Tokens of the JSON API, and the keys that make imports idempotent."""

from django.db import models


class ApiToken(models.Model):
    """A token of one appointment's rights, kept as its hash; the token itself is shown once."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)  # shown in lists, so that a leaked token can be found
    sha256 = models.CharField(max_length=64, unique=True)
    appointment = models.ForeignKey("store.Appointment", on_delete=models.PROTECT, related_name="tokens")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    per_minute = models.PositiveIntegerField(default=120)

    class Meta:
        ordering = ("-created_at",)


class ImportKey(models.Model):
    """One import that was done: the same key with the same content answers the same, with another it is refused."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="imports")
    key = models.CharField(max_length=100)
    content_sha256 = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_import_of_a_key")]
