"""One installation: its database brought up to this version, its rulebooks, its first administrator."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from certification.procedure.roles import Role
from certification.store.accounts import Person, invite_administrator
from certification.store.links import Link, make_link
from certification.store.loading import keep_bundled
from certification.store.models import Account, Appointment, Invitation
from certification.store.opening import Unopened
from levels.faults import Text
from levels.loader import framework_ids

FIRST = Person("admin", "Quản trị hệ thống")
"""Who the first administrator is until he corrects his name."""


@contextmanager
def reached() -> Iterator[None]:
    """Tell in plain words of a database that cannot be used: raises ``Unopened`` for whatever it answers."""
    try:
        yield
    except DatabaseError as error:
        raise Unopened(
            Text(vi=f"Cơ sở dữ liệu không dùng được: {error}", en=f"The database cannot be used: {error}")
        ) from error


def bring_up_to_date() -> None:
    """Migrate the database forward to this version; nothing where it is there already."""
    call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Put the styles and scripts where the web server reads them, under names that change with their content."""
    call_command("collectstatic", interactive=False, verbosity=0)


def forget_sessions() -> None:
    """Delete what is left of sessions that have ended; nobody else does."""
    call_command("clearsessions")
    known = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=known).delete()


def keep_rulebooks() -> int:
    """Keep every bundled rulebook, those of a new version beside the older ones; how many there are."""
    with transaction.atomic():
        return len([keep_bundled(framework_id) for framework_id in framework_ids()])


def first_link() -> Link | None:
    """A link for the administrator while none can log in yet; None once one can."""
    with transaction.atomic():
        held = Appointment.objects.holding().filter(role=Role.ADMINISTRATOR, unit=None).select_related("account")
        keepers = [row.account for row in held]
        if any(account.has_usable_password() or _is_linked(account) for account in keepers):
            return None
        if keepers:
            return make_link(keepers[0], Invitation.Purpose.JOIN, None)
    return invite_administrator(FIRST)


def _is_linked(account: Account) -> bool:
    return bool(SocialAccount.objects.filter(user=account).exists())


def is_empty() -> bool:
    """Whether nobody works here yet: only then may the demonstration be loaded."""
    return not Account.objects.exists()


def close() -> None:
    """Let go of the database before other processes are started."""
    connections.close_all()
