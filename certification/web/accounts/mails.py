"""The mails about an account, in the language of its holder. None of them holds a password."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from certification.store.models import Account
from certification.store.reminding import can_mail
from levels.faults import Text

_SUBJECTS = {
    "account/email/password_reset_key": Text(vi="Đặt lại mật khẩu", en="Reset your password"),
    "account/email/password_reset": Text(vi="Mật khẩu đã được đặt lại", en="Your password was reset"),
    "account/email/password_changed": Text(vi="Mật khẩu đã được đổi", en="Your password was changed"),
    "account/email/password_set": Text(vi="Mật khẩu đã được đặt", en="Your password was set"),
    "mfa/email/totp_activated": Text(vi="Đã bật xác thực hai bước", en="Two-step verification was switched on"),
    "mfa/email/totp_deactivated": Text(vi="Đã tắt xác thực hai bước", en="Two-step verification was switched off"),
    "mfa/email/recovery_codes_generated": Text(vi="Đã tạo mã dự phòng mới", en="New recovery codes were made"),
    "socialaccount/email/account_connected": Text(
        vi="Tài khoản đã liên kết với cổng đăng nhập", en="Your account was linked to the sign-on service"
    ),
    "socialaccount/email/account_disconnected": Text(
        vi="Tài khoản đã bỏ liên kết với cổng đăng nhập", en="Your account was unlinked from the sign-on service"
    ),
    "invitation/join": Text(vi="Lời mời vào phần mềm thẩm định mức độ chuyển đổi số", en="You are invited"),
    "invitation/reset": Text(vi="Đặt lại mật khẩu", en="Reset your password"),
}


def post_mail(kind: str, holder: Account, context: Mapping[str, Any]) -> bool:
    """Send the mail ``kind`` to ``holder`` once what it tells of is saved; whether it can be sent at all.

    A mail server that does not answer undoes nothing; the failure is in the server's own log.
    """
    if not holder.email or not can_mail():
        return False
    subject, body = write_mail(kind, holder, context)
    transaction.on_commit(lambda: send_mail(subject, body, None, [holder.email]), robust=True)
    return True


def write_mail(kind: str, holder: Account, context: Mapping[str, Any]) -> tuple[str, str]:
    """The subject and the text of the mail ``kind`` to ``holder``. Raises ``KeyError`` for a kind that is not known."""
    with translation.override(holder.language):
        subject = _SUBJECTS[kind].say("en" if holder.language == "en" else "vi")
        link = context.get("password_reset_url") or context.get("link") or ""
        body = render_to_string(
            "accounts/mail.txt",
            {
                "holder": holder,
                "kind": kind,
                "subject": subject,
                "link": link,
                "at": context.get("timestamp"),
                "ip": context.get("ip", ""),
                "until": context.get("until"),
            },
        )
    return subject, body
