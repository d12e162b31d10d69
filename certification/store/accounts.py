"""Accounts: who a person is to the procedure, how he is let in, corrected, shut out and let in again.

What a person may do is not here: it follows from his appointments (``store.appointing``). Whoever keeps the accounts
never learns or sets a password: he hands over a one-time link (``store.links``).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from attrs import frozen
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import permit
from certification.procedure.roles import Role
from certification.procedure.subjects import Subject
from certification.store import audit
from certification.store.appointing import (
    Post,
    describe_post,
    enter_post,
    keep_one_administrator,
    lock_administrators,
    posts_of,
)
from certification.store.changes import Change, Overtaken, change
from certification.store.links import Link, can_mail, make_link, revoke_links
from certification.store.models.accounts import USERNAME_PATTERN, Account, Invitation, new_salt
from certification.store.subjects import INSTALLATION, subject_of_unit
from certification.store.unfit import Unfit
from certification.store.vouching import is_entered, lay_to_rest
from levels.faults import Text


@frozen
class Person:
    """Who an account is for. ``email`` may be empty: not every office has one for each person."""

    username: str
    full_name: str
    email: str = ""
    language: str = "vi"


def actor_of(account: Account) -> Actor:
    """``account`` as the procedure judges it, with the roles that it holds now. One query."""
    return Actor(account=account.pk, name=account.full_name, appointments=posts_of(account))


def invite(actor: Actor, person: Person, post: Post) -> Link:
    """A new account with its first role, and the link by which the person sets its password.

    Raises ``Refused`` where ``actor`` may not keep accounts there, ``Unfit`` for names that are taken or malformed and
    for a role that does not fit its unit.
    """
    subject = INSTALLATION if post.unit is None else subject_of_unit(post.unit)
    with change(actor, Action.MANAGE_ACCOUNTS, subject, kind="account", why=post.basis) as made:
        link = _enter_person(person, post, actor.account)
        made.key, made.label = link.account.pk, str(link.account)
        made.after = _as_new(link)
    return link


def invite_administrator(person: Person) -> Link:
    """An administrator of the whole installation, made from the machine itself: the first one, or a rescue.

    Whoever can write the database needs no permission; the log says that it was the system. Raises ``Unfit``.
    """
    with transaction.atomic():
        link = _enter_person(person, Post(Role.ADMINISTRATOR), None)
        account = link.account
        audit.append(
            audit.deed(
                Action.MANAGE_ACCOUNTS.value, "account", account.pk, str(account), name="certify", after=_as_new(link)
            )
        )
    return link


def renew_link(actor: Actor, account: Account, why: str) -> Link:
    """A new link for somebody who never accepted the first or forgot the password; the present password still works
    until it is used. Raises ``Refused`` and ``Unfit``.
    """
    if actor.account == account.pk:
        raise Unfit(
            Text(
                vi="Hãy đổi mật khẩu của chính mình ở trang «Tài khoản của tôi».",
                en="Change your own password on the page “My account”.",
            )
        )
    with _change_account(actor, account, why) as (made, locked):
        if not locked.is_active:
            raise Unfit(Text(vi="Tài khoản này đã bị khóa.", en="This account is deactivated."))
        joined = locked.invitations.filter(accepted_at__isnull=False).exists() or locked.last_login is not None
        link = make_link(locked, Invitation.Purpose.RESET if joined else Invitation.Purpose.JOIN, actor.account)
        _rest_if_shown(locked)
        made.after = {"link": link.invitation.pk, "purpose": link.invitation.purpose}
    return link


def correct(actor: Actor, account: Account, full_name: str, email: str, version: int) -> Account:
    """Correct a name or an address. Raises ``Refused``, ``Unfit``, and ``Overtaken`` where it has changed meanwhile."""
    with _change_account(actor, account, "") as (made, locked):
        if locked.version != version:
            raise Overtaken(
                Text(
                    vi="Tài khoản này vừa được người khác sửa; hãy so hai bên rồi lưu lại.",
                    en="Somebody else has just changed this account; compare both and save again.",
                ),
                locked,
            )
        made.before = {"full_name": locked.full_name, "email": locked.email}
        person = _check(Person(locked.username, full_name, email), known=locked)
        if person.email != locked.email and is_entered(locked):
            lay_to_rest(locked)
        locked.full_name, locked.email = person.full_name, person.email
        locked.version += 1
        locked.save(update_fields=["full_name", "email", "version"])
        # allauth remembers every address an account ever had; only the present one may reset a password.
        EmailAddress.objects.filter(user=locked).exclude(email=locked.email).delete()
        made.after = {"full_name": locked.full_name, "email": locked.email}
        if made.before == made.after:
            made.before = made.after = None
    return locked


def deactivate(actor: Actor, account: Account, why: str) -> None:
    """Shut an account out at once: its sessions and links end; its roles stay written but no longer hold.

    Raises ``Refused`` and ``Unfit`` (not oneself, not the last administrator, a reason is needed).
    """
    if actor.account == account.pk:
        raise Unfit(Text(vi="Không ai được tự khóa tài khoản của mình.", en="Nobody deactivates his own account."))
    if not why.strip():
        raise Unfit(Text(vi="Hãy ghi lý do.", en="State the reason."), "why")
    with _change_account(actor, account, why) as (made, locked):
        lock_administrators()
        if not locked.is_active:
            raise Unfit(Text(vi="Tài khoản này đã bị khóa rồi.", en="This account is deactivated already."))
        locked.is_active, locked.deactivated_at, locked.session_salt = False, timezone.now(), new_salt()
        locked.version += 1
        locked.save(update_fields=["is_active", "deactivated_at", "session_salt", "version"])
        revoke_links(locked)
        keep_one_administrator()
        made.before, made.after = {"active": True}, {"active": False}


def reactivate(actor: Actor, account: Account, why: str) -> Link:
    """Open an account again; its old password is void, a link sets the new one. Raises ``Refused`` and ``Unfit``."""
    with _change_account(actor, account, why) as (made, locked):
        if locked.is_active:
            raise Unfit(Text(vi="Tài khoản này đang hoạt động.", en="This account is active."))
        locked.is_active, locked.deactivated_at = True, None
        locked.set_unusable_password()
        locked.version += 1
        locked.save(update_fields=["is_active", "deactivated_at", "password", "version"])
        _rest_if_shown(locked)
        link = make_link(locked, Invitation.Purpose.RESET, actor.account)
        made.before, made.after = {"active": False}, {"active": True, "link": link.invitation.pk}
    return link


def forget_second_factor(actor: Actor, account: Account, why: str) -> None:
    """Take the second factor from an account whose holder lost the telephone and the recovery codes; sessions end.

    Raises ``Refused`` and ``Unfit`` (not one's own: that takes a code; a reason is needed).
    """
    if actor.account == account.pk:
        raise Unfit(
            Text(
                vi="Hãy tự tắt ở trang «Xác thực hai bước», bằng một mã còn dùng được.",
                en="Switch it off yourself on the page “Two-step verification”, with a code that still works.",
            )
        )
    if not why.strip():
        raise Unfit(Text(vi="Hãy ghi lý do.", en="State the reason."), "why")
    with _change_account(actor, account, why) as (made, locked):
        factors = Authenticator.objects.filter(user=locked)
        made.before = {"second_factors": sorted(factors.values_list("type", flat=True))}
        if not made.before["second_factors"]:
            raise Unfit(Text(vi="Tài khoản này chưa bật xác thực hai bước.", en="This account has no second factor."))
        factors.delete()
        lay_to_rest(locked)
        locked.session_salt = new_salt()
        locked.save(update_fields=["session_salt"])
        made.after = {"second_factors": []}


def end_sessions(account: Account) -> None:
    """End every session of ``account``, in every browser, from its next request on; entered in the log."""
    with transaction.atomic():
        account.session_salt = new_salt()
        account.save(update_fields=["session_salt"])
        note_own(account, "end_sessions", after={"sessions": "ended"})


def choose_language(account: Account, language: str) -> None:
    """Keep the language in which mails to ``account`` are written and its pages begin. Raises ``Unfit``."""
    if language not in ("vi", "en"):
        raise Unfit(Text(vi="Chỉ có tiếng Việt hoặc tiếng Anh.", en="It is Vietnamese or English."), "language")
    if language == account.language:
        return
    with transaction.atomic():
        before, account.language = account.language, language
        account.save(update_fields=["language"])
        note_own(account, "choose_language", before={"language": before}, after={"language": language})


def note_own(account: Account, action: str, *, before: Any = None, after: Any = None) -> None:
    """Enter in the log what a person did with his own account, within the caller's transaction."""
    audit.append(
        audit.deed(
            action,
            "account",
            account.pk,
            str(account),
            account=account.pk,
            name=account.full_name,
            before=before,
            after=after,
        )
    )


def subjects_of(account: Account) -> tuple[Subject, ...]:
    """Where ``account`` has or will have a role: whoever keeps it must be allowed to at every one of these places."""
    rows = account.appointments.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.now()))
    units = [row.unit for row in rows.select_related("unit__parent__parent")]
    return tuple(INSTALLATION if unit is None else subject_of_unit(unit) for unit in units) or (INSTALLATION,)


def _rest_if_shown(account: Account) -> None:
    """A link that no mail takes to its holder is shown to whoever makes it, who could use it himself."""
    if is_entered(account) and not (account.email and can_mail()):
        lay_to_rest(account)


@contextmanager
def _change_account(actor: Actor, account: Account, why: str) -> Iterator[tuple[Change, Account]]:
    first, *others = subjects_of(account)
    with change(
        actor, Action.MANAGE_ACCOUNTS, first, kind="account", key=account.pk, label=str(account), why=why
    ) as made:
        for subject in others:
            permit(actor, Action.MANAGE_ACCOUNTS, subject)
        yield made, Account.objects.select_for_update().get(pk=account.pk)


def _enter_person(person: Person, post: Post, maker: int | None) -> Link:
    checked = _check(person)
    account = Account(
        username=checked.username,
        full_name=checked.full_name,
        email=checked.email,
        language=checked.language,
        created_by_id=maker,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    enter_post(account, post, maker)
    return make_link(account, Invitation.Purpose.JOIN, maker)


def _check(person: Person, known: Account | None = None) -> Person:
    tidy = Account(username=person.username, full_name=person.full_name, email=person.email)
    tidy.clean()
    if not re.fullmatch(USERNAME_PATTERN, tidy.username):
        raise Unfit(
            Text(
                vi="Tên đăng nhập gồm 3 đến 50 chữ thường không dấu, chữ số, dấu chấm, gạch ngang hoặc gạch dưới.",
                en="A user name has 3 to 50 plain lower-case letters, digits, dots, hyphens or underscores.",
            ),
            "username",
        )
    if not tidy.full_name or len(tidy.full_name) > 200:
        raise Unfit(
            Text(vi="Hãy ghi họ và tên, tối đa 200 ký tự.", en="State the name, 200 letters at most."), "full_name"
        )
    others = Account.objects.all() if known is None else Account.objects.exclude(pk=known.pk)
    if others.filter(username=tidy.username).exists():
        raise Unfit(Text(vi="Tên đăng nhập này đã có người dùng.", en="This user name is taken."), "username")
    if tidy.email:
        try:
            validate_email(tidy.email)
        except ValidationError:
            raise Unfit(
                Text(
                    vi=f"«{tidy.email}» không phải địa chỉ thư; cần dạng ten@coquan.gov.vn.",
                    en=f"«{tidy.email}» is no address; expected name@office.gov.vn.",
                ),
                "email",
            ) from None
        if others.filter(email=tidy.email).exists():
            raise Unfit(
                Text(vi="Địa chỉ thư này thuộc tài khoản khác.", en="This address belongs to another account."), "email"
            )
    return Person(tidy.username, tidy.full_name, tidy.email, person.language)


def _as_new(link: Link) -> dict[str, Any]:
    account = link.account
    posts = account.appointments.select_related("unit").order_by("pk")
    return {
        "username": account.username,
        "full_name": account.full_name,
        "email": account.email,
        "appointed": [describe_post(row) for row in posts],
        "link": link.invitation.pk,
    }
