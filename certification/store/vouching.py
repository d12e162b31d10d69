"""Vouching: an account that an administrator could have taken over decides nothing until its holder is known again.

Whoever changes the address of an account, takes its second factor or is shown the link that sets its password could
sign in another's name. From then on the account's deciding roles rest. They hold again once its holder shows that he
still knows the password of before (and, where the second factor was taken, has set up a new one), or once somebody
else who holds an official role at the same unit or above has identified him. No administrator can do either, so that
one person alone never gets a council's vote or a committee's signature; small offices need no second administrator.
"""

import hashlib
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused, may
from certification.procedure.roles import Duty, Role
from certification.procedure.subjects import Subject
from certification.store import audit
from certification.store.changes import change
from certification.store.models.accounts import Account, Appointment
from certification.store.models.audit import AuditEntry
from certification.store.subjects import subject_of_unit
from certification.store.unfit import Unfit
from levels.faults import Text

DECIDING = frozenset({Duty.RECEIVE, Duty.APPRAISE, Duty.SIGN})
"""What rests: receiving and proposing, appraising and voting, signing."""


def lay_to_rest(account: Account) -> None:
    """Let the deciding roles of a locked ``account`` rest from now on; within the change that touched its entrance.

    One that rests already keeps what it rested on: two touches in a row open no way out.
    """
    if account.resting_since is None:
        account.resting_since, account.resting_on = timezone.now(), _digest(account)
        account.save(update_fields=["resting_since", "resting_on"])


def is_entered(account: Account) -> bool:
    """Whether anybody has ever set a password or signed in: before that there is nobody to be taken for."""
    return account.last_login is not None or account.invitations.filter(accepted_at__isnull=False).exists()


def rests(account: Account, role: Role) -> bool:
    """Whether ``role`` of ``account`` rests."""
    return account.resting_since is not None and role.duty in DECIDING


def refuse_own(account: Account) -> Text | None:
    """Why the holder cannot take up his roles again by himself; None where he can, with his password."""
    if account.resting_on != _digest(account):
        return Text(
            "Mật khẩu đã được đặt lại sau đó, nên phải có người khác ở cơ quan bạn hoặc cấp trên xác nhận.",
            "The password was set anew since then: somebody else of your office or above has to vouch for you.",
        )
    lost = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()
    if not lost and _factor_was_taken(account):
        return Text(
            "Hãy bật lại xác thực hai bước trước.",
            "Switch two-step verification on again first.",
        )
    return None


def take_up_again(account: Account, password: str) -> None:
    """The holder himself, who knows the password of before. Raises ``Unfit``."""
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.resting_since is None:
            return
        if refusal := refuse_own(locked):
            raise Unfit(refusal)
        if not locked.check_password(password):
            raise Unfit(Text("Mật khẩu không đúng.", "The password is not right."), "password")
        audit.append(
            audit.deed(
                "take_up_roles", "account", locked.pk, str(locked), account=locked.pk, name=locked.full_name,
                before={"resting_since": locked.resting_since.isoformat()}, after={"resting_since": None},
            )
        )  # fmt: skip
        _wake(locked)


def vouch(actor: Actor, account: Account, why: str) -> None:
    """Somebody else has identified the holder; ``why`` says how. Raises ``Refused`` and ``Unfit``."""
    if not why.strip():
        raise Unfit(Text("Hãy ghi đã nhận diện bằng cách nào.", "State how you made sure who it is."), "why")
    subject = next(iter(vouchable_at(actor, Account.objects.get(pk=account.pk))), None)
    if subject is None:
        raise Refused(
            Text(
                "Chỉ người khác giữ vai trò ở cùng đơn vị hoặc cấp trên của người này mới xác nhận được.",
                "Only somebody else with an official role at this person's unit or above can vouch.",
            )
        )
    with change(
        actor, Action.VOUCH, subject, kind="account", key=account.pk, label=str(account), why=why.strip()
    ) as made:
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.resting_since is None:
            raise Unfit(Text("Tài khoản này không phải chờ xác nhận.", "Nobody has to vouch for this account."))
        made.before, made.after = {"resting_since": locked.resting_since.isoformat()}, {"resting_since": None}
        _wake(locked)


def vouchable_at(actor: Actor, account: Account) -> list[Subject]:
    """The units of the resting roles of ``account`` at which ``actor`` may vouch for it; never for himself.

    Nor with an account that was made since: an administrator could have made it for that.
    """
    if actor.account in (None, account.pk) or account.resting_since is None:
        return []
    if not Account.objects.filter(pk=actor.account, created_at__lt=account.resting_since).exists():
        return []
    return [subject for subject in _subjects([account]) if may(actor, Action.VOUCH, subject)]


def waiting_for(actor: Actor) -> list[Account]:
    """The accounts for which ``actor`` may vouch now."""
    if not may(actor, Action.VOUCH):
        return []
    resting = Account.objects.filter(resting_since__isnull=False, is_active=True)
    return [account for account in resting if vouchable_at(actor, account)]


def _subjects(accounts: Iterable[Account]) -> list[Subject]:
    rows = Appointment.objects.holding().filter(account__in=list(accounts), unit__isnull=False)
    rows = rows.select_related("unit__parent__parent")
    return [subject_of_unit(row.unit) for row in rows if row.unit and Role(row.role).duty in DECIDING]


def _wake(account: Account) -> None:
    account.resting_since, account.resting_on = None, ""
    account.save(update_fields=["resting_since", "resting_on"])


def _factor_was_taken(account: Account) -> bool:
    taken = AuditEntry.objects.filter(
        object_kind="account", object_id=str(account.pk), action=Action.MANAGE_ACCOUNTS, at__gte=account.resting_since
    )
    return any("second_factors" in (entry.after or {}) for entry in taken)


def _digest(account: Account) -> str:
    return hashlib.sha256(account.password.encode()).hexdigest()
