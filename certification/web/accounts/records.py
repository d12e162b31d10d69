"""What people do with their own accounts is entered in the log, in the transaction in which they do it."""

from typing import Any

from allauth.account import signals as account
from allauth.socialaccount import signals as social
from django.core.management import call_command
from django.db.models.signals import post_migrate

from certification.store.accounts import note_own
from certification.store.models import Account


def _password_changed(user: Account, **_: Any) -> None:
    note_own(user, "change_password", before={"password": "old"}, after={"password": "new"})


def _password_reset(user: Account, **_: Any) -> None:
    note_own(user, "reset_password", before={"password": "old"}, after={"password": "new"})


def _identity_linked(sociallogin: Any, **_: Any) -> None:
    named = {"provider": sociallogin.account.provider, "identity": sociallogin.account.uid}
    note_own(sociallogin.account.user, "link_identity", after=named)


def _identity_unlinked(socialaccount: Any, **_: Any) -> None:
    named = {"provider": socialaccount.provider, "identity": socialaccount.uid}
    note_own(socialaccount.user, "unlink_identity", before=named)


def _make_cache_table(using: str, **_: Any) -> None:
    call_command("createcachetable", database=using, verbosity=0)


account.password_changed.connect(_password_changed)
account.password_set.connect(_password_changed)
account.password_reset.connect(_password_reset)
social.social_account_added.connect(_identity_linked)
social.social_account_removed.connect(_identity_unlinked)
# The cache holds what throttles logins: a migrated database is complete with it.
post_migrate.connect(_make_cache_table, dispatch_uid="certification.web.cache")
