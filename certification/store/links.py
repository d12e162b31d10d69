"""One-time links: how a person sets the password of an account that somebody else has made or locked out.

The link goes by mail to its holder alone, or is shown once to whoever makes it where no mail reaches him; the store
keeps only its hash. A new link ends the account's older ones.
"""

import datetime
import hashlib
import secrets

from attrs import frozen
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from certification.store import audit
from certification.store.models.accounts import Account, Invitation, new_salt
from certification.store.unfit import Unfit
from levels.faults import Text

LASTS = {
    Invitation.Purpose.JOIN: datetime.timedelta(days=7),
    Invitation.Purpose.RESET: datetime.timedelta(hours=24),
}


@frozen
class Link:
    """A link as it is handed over once: ``token`` is its secret part."""

    account: Account
    invitation: Invitation
    token: str


def can_mail() -> bool:
    """Whether this installation sends mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def make_link(account: Account, purpose: Invitation.Purpose, maker: int | None) -> Link:
    """A new link for ``account``, within the caller's transaction; its older ones no longer work."""
    revoke_links(account)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation.objects.create(
        account=account,
        purpose=purpose,
        token_hash=_hash(token),
        created_at=now,
        created_by_id=maker,
        expires_at=now + LASTS[purpose],
    )
    return Link(account, invitation, token)


def revoke_links(account: Account) -> None:
    """End every link of ``account`` that is still open."""
    account.invitations.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


def find_link(token: str) -> Invitation:
    """The open link whose secret part is ``token``. Raises ``Unfit`` where it never was, was used, ended or ran out."""
    found = Invitation.objects.select_related("account").filter(token_hash=_hash(token)).first()
    return _open(found)


def accept(token: str, password: str | None) -> Account:
    """Set the password of the account that ``token`` opens; the link is used up and every session of the account ends.

    The password has been found good (``django.contrib.auth.password_validation``); None: its holder links the account
    to single sign-on instead, in the same transaction. Raises ``Unfit`` as ``find_link``.
    """
    with transaction.atomic():
        # Two presses on one link: the second waits here and finds it used.
        locked = Invitation.objects.select_for_update(of=("self",)).select_related("account")
        invitation = _open(locked.filter(token_hash=_hash(token)).first())
        account = invitation.account
        account.set_password(password)
        account.session_salt = new_salt()
        account.save(update_fields=["password", "session_salt"])
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        revoke_links(account)
        audit.append(
            audit.deed(
                "accept_link",
                "account",
                account.pk,
                account.username,
                account=account.pk,
                name=account.full_name,
                before={"link": invitation.pk, "accepted": False},
                after={"link": invitation.pk, "accepted": True, "purpose": invitation.purpose},
            )
        )
    return account


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None or not invitation.account.is_active:
        raise Unfit(
            Text(
                vi="Đường dẫn này không đúng. Hãy chép lại đủ cả đường dẫn, hoặc xin quản trị hệ thống đường dẫn mới.",
                en="This link is not right. Copy the whole link again, or ask the administrator for a new one.",
            )
        )
    if invitation.is_open():
        return invitation
    if invitation.accepted_at is not None:
        raise Unfit(
            Text(
                vi="Đường dẫn này đã được dùng. Nếu người dùng không phải là bạn, hãy báo ngay cho quản trị hệ thống.",
                en="This link has been used. If that was not you, tell the administrator at once.",
            )
        )
    raise Unfit(
        Text(
            vi="Đường dẫn này đã hết hiệu lực. Hãy xin quản trị hệ thống đường dẫn mới.",
            en="This link works no more. Ask the administrator for a new one.",
        )
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
