"""Appointments: who holds which role where and until when. They begin and end; they are never changed or deleted.

Nobody appoints himself, and the installation never loses its last administrator.
"""

import datetime
from collections.abc import Sequence

from attrs import frozen
from django.db.models import Q
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.actors import Appointment as Held
from certification.procedure.roles import Duty, Role, clash, fits
from certification.store.changes import change
from certification.store.models.accounts import Account, Appointment
from certification.store.models.units import UnitRecord
from certification.store.subjects import INSTALLATION, subject_of_unit
from certification.store.unfit import Unfit
from certification.store.units import Past, pasts_of
from certification.store.vouching import rests
from levels.faults import Text
from levels.framework import Tier

EVERYWHERE = frozenset({Duty.PLAN, Duty.AUDIT, Duty.ADMINISTER})
"""The duties that may be held for the whole installation instead of one unit."""


@frozen
class Post:
    """What somebody is to be appointed to; ``until``: the first moment at which he no longer is."""

    role: Role
    unit: UnitRecord | None = None
    basis: str = ""
    since: datetime.datetime | None = None  # None: from now on
    until: datetime.datetime | None = None  # None: until it is ended


def posts_of(account: Account) -> tuple[Held, ...]:
    """The roles that ``account`` holds now, as the procedure judges them. One query, more for units that have a past.

    A unit that no longer exists takes its roles with it: another unit may bear its code today.
    """
    today = timezone.localdate()
    exists = Q(unit=None) | Q(unit__valid_until=None) | Q(unit__valid_until__gte=today)
    rows = Appointment.objects.holding().filter(exists, account=account).order_by("pk")
    return held_by(list(rows.select_related("unit", "account")))


def held_by(rows: Sequence[Appointment]) -> tuple[Held, ...]:
    """``rows``, read with units and accounts, as the procedure judges them: each at its unit and at no namesake.

    What rests until its holder is known again (``store.vouching``) is none.
    """
    rows = [row for row in rows if not rests(row.account, Role(row.role))]
    # What nobody reorganised has no day of its own.
    pasts = pasts_of({row.unit.pk for row in rows if row.unit is not None and row.unit.valid_from is not None})
    found = []
    for row in rows:
        if row.unit is None:
            found.append(Held(Role(row.role), None))
        else:
            past = pasts.get(row.unit.pk, Past())
            found.append(Held(Role(row.role), row.unit.code, past.same | {row.unit.pk}, past.others))
    return tuple(found)


def appoint(actor: Actor, account: Account, post: Post) -> Appointment:
    """Appoint ``account`` to ``post``. Raises ``Refused`` and ``Unfit``."""
    _not_himself(actor, account)
    subject = INSTALLATION if post.unit is None else subject_of_unit(post.unit)
    with change(actor, Action.MANAGE_ACCOUNTS, subject, kind="account", key=account.pk, label=str(account)) as made:
        # Two appointments of one person at once must not clash unseen: the second waits for the first.
        locked = Account.objects.select_for_update().get(pk=account.pk)
        appointed = enter_post(locked, post, actor.account)
        made.after = {"appointed": describe_post(appointed)}
        made.why = post.basis
    return appointed


def end_appointment(actor: Actor, appointment: Appointment, why: str) -> None:
    """End ``appointment`` now. Raises ``Refused`` and ``Unfit`` (not one's own; not the last administrator)."""
    _not_himself(actor, appointment.account)
    subject = INSTALLATION if appointment.unit is None else subject_of_unit(appointment.unit)
    label = str(appointment.account)
    with change(
        actor, Action.MANAGE_ACCOUNTS, subject, kind="account", key=appointment.account_id, label=label, why=why
    ) as made:
        lock_administrators()
        found = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
        now = timezone.now()
        if found.valid_until is not None and found.valid_until <= now:
            raise Unfit(Text(vi="Vai trò này đã kết thúc rồi.", en="This role has ended already."))
        made.before = {"appointed": describe_post(found)}
        # One that has not begun yet ends as it begins: it never held.
        found.valid_until = max(now, found.valid_from)
        found.ended_by_id = actor.account
        found.save(update_fields=["valid_until", "ended_by"])
        keep_one_administrator()
        made.after = {"ended": describe_post(found)}


def enter_post(account: Account, post: Post, maker: int | None) -> Appointment:
    """The new row of an appointment, within the caller's transaction and permission. Raises ``Unfit``."""
    _fit_post(post)
    now = timezone.now()
    held = list(account.appointments.filter(Q(valid_until=None) | Q(valid_until__gt=now)))
    if any(row.role == post.role and row.unit_id == (post.unit and post.unit.pk) for row in held):
        raise Unfit(Text(vi="Người này đang giữ vai trò đó rồi.", en="This person holds that role already."), "role")
    problem = clash([post.role, *(Role(row.role) for row in held)])
    if problem is not None:
        raise Unfit(Text(vi=f"Không được: {problem.vi}.", en=f"Not allowed: {problem.en}."), "role")
    since = post.since or now
    if post.until is not None and post.until <= since:
        raise Unfit(
            Text(vi="Ngày kết thúc phải sau ngày bắt đầu.", en="The end must come after the beginning."), "until"
        )
    return Appointment.objects.create(
        account=account,
        role=post.role.value,
        unit=post.unit,
        valid_from=since,
        valid_until=post.until,
        basis=post.basis,
        appointed_by_id=maker,
    )


def _fit_post(post: Post) -> None:
    if post.unit is None:
        if post.role.duty not in EVERYWHERE:
            raise Unfit(
                Text(
                    vi=f"Vai trò «{post.role.label.vi}» phải gắn với một đơn vị.",
                    en=f"The role “{post.role.label.en}” is held at a unit.",
                ),
                "unit",
            )
    elif not fits(post.role, Tier(post.unit.tier)):
        raise Unfit(
            Text(
                vi=f"Vai trò «{post.role.label.vi}» không có ở đơn vị «{post.unit.name}».",
                en=f"The role “{post.role.label.en}” does not exist at “{post.unit.name}”.",
            ),
            "unit",
        )


def lock_administrators() -> None:
    """Let only one at a time take rights from administrators: two who remove each other would leave none."""
    list(Appointment.objects.filter(role=Role.ADMINISTRATOR).select_for_update(of=("self",)).order_by("pk"))


def keep_one_administrator() -> None:
    """Undo, by raising ``Unfit``, what would leave the installation without an administrator who can log in."""
    keepers = Appointment.objects.holding().filter(role=Role.ADMINISTRATOR, unit=None, valid_until=None)
    if not keepers.exists():
        raise Unfit(
            Text(
                vi="Đây là quản trị hệ thống cuối cùng của toàn hệ thống. Hãy giao vai trò này cho người khác trước.",
                en="This is the last administrator of the installation. Appoint another one first.",
            )
        )


def describe_post(row: Appointment) -> dict[str, str]:
    """An appointment as the log keeps it."""
    told = {"role": row.role, "unit": row.unit.code if row.unit else "", "from": row.valid_from.isoformat()}
    if row.valid_until is not None:
        told["until"] = row.valid_until.isoformat()
    return told


def _not_himself(actor: Actor, account: Account) -> None:
    if actor.account == account.pk:
        raise Unfit(
            Text(
                vi="Không ai được tự giao hay tự bỏ vai trò của chính mình; hãy nhờ một quản trị hệ thống khác.",
                en="Nobody gives himself a role or takes it from himself; ask another administrator.",
            )
        )
