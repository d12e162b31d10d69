"""Tokens: how another system acts for a person, with one of that person's appointments and no more, until a day.

Only the hash of a token is kept; the token itself is shown once. What a token may do is judged like everything else: by
the appointment, as it holds at the moment of each call.
"""

import datetime
import hashlib
import re
import secrets

from attrs import frozen
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.subjects import Subject
from certification.store.accounts import note_own
from certification.store.appointing import held_by
from certification.store.changes import change
from certification.store.models.accounts import Appointment
from certification.store.models.tokens import ApiToken
from certification.store.models.units import UnitRecord
from certification.store.subjects import INSTALLATION, subject_of_unit
from certification.store.unfit import Unfit
from levels.faults import Text

MARK = "cdl_"
"""What every token begins with, so that one that leaks into a file or a log can be found."""

LONGEST_DAYS = 366
PER_MINUTE = (1, 600)
_SHAPE = re.compile(rf"{MARK}[A-Za-z0-9_-]{{43}}")
_SEEN = datetime.timedelta(minutes=1)


@frozen
class Issued:
    """A new token: its row, and the secret that is never shown again."""

    token: ApiToken
    secret: str


def issue_token(actor: Actor, appointment: int, name: str, days: int, per_minute: int = 120) -> Issued:
    """A token for one of the actor's own appointments, valid for ``days``.

    Raises ``Refused`` where the role may have none; ``Unfit`` where the appointment is not his or does not hold now,
    the name is empty, or the numbers are out of their bounds.
    """
    post = Appointment.objects.holding().filter(pk=appointment, account=actor.account).select_related("unit").first()
    if post is None:
        raise Unfit(Text(vi="Vai trò này không phải của bạn.", en="This role is not yours."), "appointment")
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 120:
        raise Unfit(Text(vi="Hãy đặt tên, tối đa 120 ký tự.", en="Name it, 120 characters at most."), "name")
    if not 1 <= days <= LONGEST_DAYS:
        raise Unfit(
            Text(vi=f"Thời hạn từ 1 đến {LONGEST_DAYS} ngày.", en=f"It lasts 1 to {LONGEST_DAYS} days."), "days"
        )
    least, most = PER_MINUTE
    if not least <= per_minute <= most:
        raise Unfit(
            Text(vi=f"Từ {least} đến {most} lượt gọi mỗi phút.", en=f"{least} to {most} calls a minute."), "per_minute"
        )
    secret = MARK + secrets.token_urlsafe(32)
    with change(actor, Action.ISSUE_TOKEN, _subject_of(post.unit), kind="token", label=tidy) as made:
        token = ApiToken.objects.create(
            name=tidy,
            prefix=secret[:12],
            sha256=_hash(secret),
            appointment=post,
            expires_at=timezone.now() + datetime.timedelta(days=days),
            per_minute=per_minute,
        )
        made.key = token.pk
        made.after = {
            "prefix": token.prefix,
            "role": post.role,
            "unit": post.unit.code if post.unit else "",
            "expires_at": token.expires_at.isoformat(),
            "per_minute": per_minute,
        }
    return Issued(token, secret)


def revoke_token(actor: Actor, token: int) -> None:
    """End one of the actor's own tokens now. Raises ``Unfit`` where it is not his; one that has ended stays so.

    His role may have ended meanwhile: taking a right away needs none.
    """
    with transaction.atomic():
        rows = ApiToken.objects.select_for_update(of=("self",)).select_related("appointment__account")
        row = rows.filter(pk=token, appointment__account=actor.account).first()
        if row is None:
            raise Unfit(Text(vi="Khóa này không phải của bạn.", en="This token is not yours."))
        if row.revoked_at is not None:
            return
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        note_own(row.appointment.account, "revoke_token", before={"token": row.prefix}, after={"revoked": row.prefix})


def find_token(secret: str) -> ApiToken | None:
    """The token that ``secret`` opens, if it still does: not expired, not revoked, its appointment holding now."""
    if not _SHAPE.fullmatch(secret):
        return None
    now = timezone.now()
    # A unit that no longer exists takes its roles with it, and with them their tokens.
    exists = Q(unit=None) | Q(unit__valid_until=None) | Q(unit__valid_until__gte=timezone.localdate())
    return (
        ApiToken.objects.filter(
            sha256=_hash(secret),
            revoked_at=None,
            expires_at__gt=now,
            appointment__in=Appointment.objects.holding(now).filter(exists),
        )
        .select_related("appointment__account", "appointment__unit")
        .first()
    )


def actor_of_token(token: ApiToken) -> Actor:
    """The person that a token acts for, with the one appointment that it is scoped to."""
    post = token.appointment
    return Actor(post.account_id, post.account.full_name, held_by([post]))


def note_use(token: ApiToken) -> None:
    """Remember that a token is used, once a minute at most."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _SEEN:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def tokens_of(account: int) -> list[ApiToken]:
    """The tokens of an account, the latest first."""
    rows = ApiToken.objects.filter(appointment__account=account)
    return list(rows.select_related("appointment__unit"))


def _subject_of(unit: UnitRecord | None) -> Subject:
    return INSTALLATION if unit is None else subject_of_unit(unit)


def _hash(secret: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()
