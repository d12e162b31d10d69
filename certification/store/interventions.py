"""Interventions: what others did that decides who can get into an account, for its holder to see.

A one-time link opens an account to whoever holds it, and the administrator may hold it where no mail is sent. He cannot
use it unseen: its holder is told who made it and when, at every sign-in for a month and on his own page.
"""

import datetime
from collections.abc import Iterator

from attrs import frozen
from django.utils import timezone

from certification.procedure.actions import Action
from certification.store.models.accounts import Account, Invitation
from certification.store.models.audit import AuditEntry
from levels.faults import Text

TOLD_FOR = datetime.timedelta(days=30)

_LINK = Text(vi="tạo đường dẫn đặt lại mật khẩu", en="a link to reset the password was made")
_REOPENED = Text(
    vi="mở lại tài khoản, tạo đường dẫn đặt mật khẩu",
    en="the account was opened again by a link to set its password",
)
_FACTOR = Text(vi="gỡ xác thực hai bước", en="two-step verification was removed")
_ADDRESS = Text(vi="đổi địa chỉ thư điện tử", en="the e-mail address was changed")


@frozen
class Intervention:
    """What somebody else did to an account, and why he said he did."""

    at: datetime.datetime
    by: str
    what: Text
    why: str


def interventions_of(account: Account) -> list[Intervention]:
    """What others did lately that decides who can get into ``account``, the latest first. One query, on the log."""
    rows = AuditEntry.objects.filter(
        object_kind="account",
        object_id=str(account.pk),
        action=Action.MANAGE_ACCOUNTS,
        at__gte=timezone.now() - TOLD_FOR,
    ).exclude(account=str(account.pk))
    return [
        Intervention(row.at, row.name, what, row.why) for row in rows.order_by("-sequence") for what in _told_by(row)
    ]


def _told_by(entry: AuditEntry) -> Iterator[Text]:
    before, after = entry.before or {}, entry.after or {}
    if after.get("active") is True:
        yield _REOPENED
    elif after.get("purpose") == Invitation.Purpose.RESET:
        yield _LINK
    if "second_factors" in after:
        yield _FACTOR
    if "email" in before and before["email"] != after.get("email"):
        yield _ADDRESS
