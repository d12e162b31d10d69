"""Who works here: accounts, the offices they hold, and the one-time links that let a person in.

An account by itself may do nothing. What a person may do follows from the appointments that hold now, judged in
``certification.procedure``: no flag here stands above the roles.
"""

import datetime
import re
import secrets
import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from certification.procedure.roles import Role
from certification.store.search import collation_key, fold

USERNAME_PATTERN = r"^[a-z0-9](?:[a-z0-9._-]{1,48}[a-z0-9])$"


def role_choices() -> list[tuple[str, str]]:
    """The roles as a column may hold them, each with its Vietnamese name."""
    return [(role.value, role.label.vi) for role in Role]


def new_salt() -> str:
    """What all sessions of one account rest on; another one ends them all."""
    return secrets.token_urlsafe(24)


class AccountManager(BaseUserManager["Account"]):
    """Accounts as Django and allauth ask for them."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Account":
        """A saved account; without ``password`` nobody can log in with it until an invitation is accepted."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account that logs in as ``username``, whatever its case."""
        return self.get(username=(username or "").casefold())


class Account(AbstractBaseUser):
    """A person who can log in. Never deleted, only deactivated: the log and the acts name it for ever."""

    username = models.CharField(max_length=50, unique=True, validators=[RegexValidator(USERNAME_PATTERN)])
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deactivated_at = models.DateTimeField(null=True, blank=True)
    resting_since = models.DateTimeField(null=True, blank=True, editable=False)
    """Since when its deciding roles rest because an administrator touched what lets its holder in (store.vouching)."""
    resting_on = models.CharField(max_length=64, blank=True, editable=False)
    """A digest of the password it had then: who still knows that one is its holder."""
    session_salt = models.CharField(max_length=40, default=new_salt, editable=False)
    search_key = models.CharField(max_length=320, editable=False, db_index=True)
    sort_key = models.CharField(max_length=1000, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_account_per_email"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def clean(self) -> None:
        """Bring names into their one written form (NFC; user names and addresses without case)."""
        self.username = unicodedata.normalize("NFKC", self.username).casefold().strip()
        self.full_name = unicodedata.normalize("NFC", " ".join(self.full_name.split()))
        self.email = self.email.strip().casefold()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row with its keys of search and order, in the written form of ``clean``."""
        self.clean()
        self.search_key = fold(f"{self.full_name} {self.username}")
        # People are listed by their given name, which stands last: Nguyễn Văn An before Lê Thị Bình.
        plain = re.sub(r"\([^)]*\)", "", self.full_name)
        self.sort_key = collation_key(" ".join(reversed(plain.split())))
        fields = kwargs.get("update_fields")
        if fields is not None and "full_name" in fields:
            kwargs["update_fields"] = {*fields, "search_key", "sort_key"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name as acts and minutes print it."""
        return self.full_name

    def get_short_name(self) -> str:
        """The name for a greeting."""
        return self.full_name or self.username

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # What a session must carry to stay open: another password or another salt ends every session.
        resting_on = f"{self.password}:{self.session_salt}"
        return salted_hmac("certification.store.Account", resting_on, secret=secret, algorithm="sha256").hexdigest()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, asked by the moment."""

    def holding(self, at: datetime.datetime | None = None) -> "AppointmentQuerySet":
        """Those that hold at ``at`` (now): begun and not yet ended, of accounts that are active."""
        moment = at or timezone.now()
        open_end = Q(valid_until__isnull=True) | Q(valid_until__gt=moment)
        return self.filter(open_end, valid_from__lte=moment, account__is_active=True)


class Appointment(models.Model):
    """One person holds one role at one unit for a time; without a unit, for the whole installation.

    Never changed into another and never deleted: it ends and another begins, so that the log can be read.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40, choices=role_choices)
    unit = models.ForeignKey(
        "store.UnitRecord", null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    """The act that appoints: «Quyết định số 12/QĐ-UBND ngày …»."""
    appointed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["role", "unit_id", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "unit"],
                condition=Q(valid_until__isnull=True, unit__isnull=False),
                name="one_open_appointment",
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(valid_until__isnull=True, unit__isnull=True),
                name="one_open_appointment_everywhere",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="appointment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.role}"


class Invitation(models.Model):
    """A one-time link by which a person sets the password of an account; only its hash is kept.

    The account and its appointments exist before: what the link opens was decided by whoever sent it.
    """

    class Purpose(models.TextChoices):
        """Why the link was made."""

        JOIN = "join", "Lời mời"
        RESET = "reset", "Đặt lại mật khẩu"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=5, choices=Purpose.choices, default=Purpose.JOIN)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.account}: {self.purpose}"

    def is_open(self, at: datetime.datetime | None = None) -> bool:
        """Whether the link still works at ``at`` (now)."""
        return self.accepted_at is None and self.revoked_at is None and (at or timezone.now()) < self.expires_at
