"""Vouching: an account that an administrator could have taken over decides nothing until its holder is known again.

Whoever changes the address of an account, takes its second factor or is shown the link that sets its password could
sign in another's name. From then on the account's deciding roles rest. They hold again once its holder shows that he
still knows the password of before (and, where the second factor was taken, has set up a new one), or once somebody
else who holds an official role at the same unit or above, and held it before, has identified him; what somebody let
himself in by meanwhile ends then. No administrator can do either, so that one person alone never gets the vote or the
signature of somebody else; small offices need no second administrator.
"""

import datetime
import hashlib
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from attrs import evolve
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
from certification.store.models.tokens import ApiToken
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
        made.after |= _end_entrances_since(locked, locked.resting_since)
        _wake(locked)


def vouchable_at(actor: Actor, account: Account) -> list[Subject]:
    """The units of the resting roles of ``account`` at which ``actor`` may vouch for it; never for himself.

    Nor with an account that was made since, or in a role that was given since: an administrator could have for that.
    """
    if actor.account in (None, account.pk) or account.resting_since is None:
        return []
    if not Account.objects.filter(pk=actor.account, created_at__lt=account.resting_since).exists():
        return []
    before = _as_before(actor, account.resting_since)
    return [subject for subject in _subjects([account]) if may(before, Action.VOUCH, subject)]


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


def _as_before(actor: Actor, moment: datetime.datetime) -> Actor:
    """``actor`` without the roles that he was given after ``moment``; the log says when, whatever day they state."""
    touched = _kept_since(actor.account, moment)
    told = [(entry.after or {}).get("appointed", []) for entry in touched]
    given = {(post["role"], post["unit"]) for each in told for post in ([each] if isinstance(each, dict) else each)}
    held = tuple(each for each in actor.appointments if (each.role.value, each.unit or "") not in given)
    return evolve(actor, appointments=held)


def _end_entrances_since(account: Account, moment: datetime.datetime) -> dict[str, int]:
    """End what opens ``account`` beside its password and was made after ``moment``, by whoever could enter it then.

    Where there is no password the identity that was linked last stays: its holder accepted the latest link with it.
    How many identities and tokens that were.
    """
    linked = SocialAccount.objects.filter(user=account, date_joined__gte=moment).order_by("-pk")
    if not account.has_usable_password():
        linked = linked.exclude(pk__in=list(linked.values_list("pk", flat=True)[:1]))
    tokens = ApiToken.objects.filter(appointment__account=account, created_at__gte=moment, revoked_at=None)
    identities = [each.delete() for each in linked]
    return {"identities": len(identities), "tokens": tokens.update(revoked_at=timezone.now())}


def _wake(account: Account) -> None:
    account.resting_since, account.resting_on = None, ""
    account.save(update_fields=["resting_since", "resting_on"])


def _factor_was_taken(account: Account) -> bool:
    assert account.resting_since is not None
    taken = _kept_since(account.pk, account.resting_since)
    return any("second_factors" in (entry.after or {}) for entry in taken)


def _kept_since(account: int | None, moment: datetime.datetime) -> Iterable[AuditEntry]:
    """What administrators did to an account after ``moment``."""
    return AuditEntry.objects.filter(
        object_kind="account", object_id=str(account), action=Action.MANAGE_ACCOUNTS, at__gte=moment
    )


def _digest(account: Account) -> str:
    return hashlib.sha256(account.password.encode()).hexdigest()
