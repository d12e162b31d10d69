"""What allauth asks of this application: nobody signs up, its words in both languages, secrets never in the clear.

allauth carries no Vietnamese; its faults, messages and mails are said here and in ``mails``.
"""

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.flows.connect import connect
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.encoding import force_bytes

from certification.store.accounts import actor_of
from certification.store.interventions import Intervention, interventions_of
from certification.store.links import accept
from certification.store.models import Account
from certification.store.unfit import Unfit
from certification.store.vouching import waiting_for
from certification.web.accounts.mails import post_mail
from certification.web.formats import moment_text
from certification.web.languages import remember_language
from certification.web.speech import say, tell
from levels.faults import Text

INVITED = "invitation"
"""Under this key a session holds the one-time link that its holder chose to accept by single sign-on."""

_FAULTS = {
    "account_inactive": Text(vi="Tài khoản này đã bị khóa.", en="This account is deactivated."),
    "enter_current_password": Text(vi="Mật khẩu hiện tại không đúng.", en="This is not your present password."),
    "incorrect_code": Text(
        vi="Mã không đúng. Mỗi mã chỉ dùng được một lần, trong khoảng 30 giây.",
        en="This code is not right. Each works once only, for about 30 seconds.",
    ),
    "incorrect_password": Text(vi="Mật khẩu không đúng.", en="The password is not right."),
    "invalid_or_expired_key": Text(vi="Đường dẫn sai hoặc đã hết hiệu lực.", en="The link is wrong or works no more."),
    "invalid_password_reset": Text(vi="Đường dẫn sai hoặc đã được dùng.", en="The link is wrong or has been used."),
    "invalid_login": Text(
        vi="Tên đăng nhập hoặc mật khẩu không đúng.", en="The user name or the password is not right."
    ),
    "email_password_mismatch": Text(
        vi="Tên đăng nhập hoặc mật khẩu không đúng.", en="The user name or the password is not right."
    ),
    "username_password_mismatch": Text(
        vi="Tên đăng nhập hoặc mật khẩu không đúng.", en="The user name or the password is not right."
    ),
    "too_many_login_attempts": Text(
        vi="Quá nhiều lần đăng nhập sai. Hãy chờ năm phút rồi thử lại.",
        en="Too many failed attempts. Wait five minutes and try again.",
    ),
    "rate_limited": Text(vi="Quá nhiều yêu cầu. Hãy chờ một lát.", en="Too many requests. Please wait a little."),
    "unverified_email": Text(vi="Địa chỉ thư chưa được xác nhận.", en="The address is not verified."),
    "cannot_delete_authenticator": Text(
        vi="Không thể tắt xác thực hai bước.", en="Two-step verification cannot be switched off."
    ),
    "cannot_generate_recovery_codes": Text(
        vi="Hãy bật xác thực hai bước trước khi tạo mã dự phòng.",
        en="Switch two-step verification on before making recovery codes.",
    ),
    "invalid_token": Text(vi="Cổng đăng nhập trả lời không hợp lệ.", en="The sign-on service answered wrongly."),
    "no_password": Text(
        vi="Hãy đặt mật khẩu trước khi bỏ liên kết, nếu không bạn sẽ không đăng nhập được nữa.",
        en="Set a password before you unlink this, or you could no longer sign in.",
    ),
    "connected_other": Text(
        vi="Danh tính này đã liên kết với tài khoản khác.", en="This identity is linked to another account."
    ),
}

_MESSAGES = {
    "account/messages/logged_in.txt": Text(vi="Xin chào {user}.", en="Welcome, {user}."),
    "account/messages/logged_out.txt": Text(vi="Bạn đã đăng xuất.", en="You have signed out."),
    "account/messages/password_changed.txt": Text(
        vi="Đã đổi mật khẩu. Mọi phiên đăng nhập khác của tài khoản đã kết thúc.",
        en="The password is changed. All other sessions of the account have ended.",
    ),
    "account/messages/password_set.txt": Text(vi="Đã đặt mật khẩu.", en="The password is set."),
    "mfa/messages/totp_activated.txt": Text(vi="Đã bật xác thực hai bước.", en="Two-step verification is on."),
    "mfa/messages/totp_deactivated.txt": Text(vi="Đã tắt xác thực hai bước.", en="Two-step verification is off."),
    "socialaccount/messages/account_connected.txt": Text(
        vi="Đã liên kết với cổng đăng nhập.", en="Linked to the sign-on service."
    ),
    "socialaccount/messages/account_connected_updated.txt": Text(
        vi="Đã liên kết với cổng đăng nhập.", en="Linked to the sign-on service."
    ),
    "socialaccount/messages/account_connected_other.txt": _FAULTS["connected_other"],
    "socialaccount/messages/account_disconnected.txt": Text(
        vi="Đã bỏ liên kết với cổng đăng nhập.", en="No longer linked to the sign-on service."
    ),
    "usersessions/messages/sessions_logged_out.txt": Text(
        vi="Đã kết thúc các phiên đăng nhập khác.", en="All other sessions have ended."
    ),
}


def _warning(done: Intervention) -> str:
    at = moment_text(done.at)
    return say(
        f"{at}: {done.by} đã {done.what.vi}. Nếu bạn không yêu cầu, hãy báo ngay cho lãnh đạo hoặc thanh tra.",
        f"{at}: {done.what.en} by {done.by}. If you did not ask for it, tell your superior or the auditor at once.",
    )


class _Saying:
    """Faults in the language of the request."""

    error_messages: ClassVar[dict[str, Any]]

    def validation_error(self, code: str, *args: object) -> ValidationError:
        """The fault ``code`` as a form shows it."""
        known = _FAULTS.get(code)
        return ValidationError(tell(known) if known else self.error_messages[code] % (args or ()), code=code)


class AccountAdapter(_Saying, DefaultAccountAdapter):
    """Logging in: by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never: accounts are made by an administrator."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Tell the reader what was done."""
        if message_template == "mfa/messages/recovery_codes_generated.txt":
            return  # the page that shows them says it
        known = _MESSAGES.get(message_template or "")
        if known is None:
            super().add_message(request, level, message_template, message_context, extra_tags, message)
            return
        user = (message_context or {}).get("user") or request.user
        done = messages.SUCCESS if level in (messages.INFO, messages.SUCCESS) else level
        messages.add_message(request, done, tell(known).format(user=user), extra_tags=extra_tags)

    def post_login(self, request: HttpRequest, user: Account, **options: Any) -> HttpResponseBase:
        """Go on in the language of the account, unless this browser has chosen one; tell what others did to it."""
        response: HttpResponseBase = super().post_login(request, user, **options)
        for each in interventions_of(user):
            messages.warning(request, _warning(each))
        if user.resting_since is not None:
            messages.warning(
                request,
                say(
                    "Vai trò tiếp nhận, thẩm định, ký của bạn đang tạm dừng; xem «Tài khoản của tôi».",
                    "Your deciding roles rest; see “My account”.",
                ),
            )
        if waiting := waiting_for(actor_of(user)):
            messages.info(
                request,
                say(
                    f"{len(waiting)} người chờ bạn xác nhận; xem «Xác nhận người dùng» trong trình đơn tài khoản.",
                    f"{len(waiting)} people wait for you to vouch for them; see the account menu.",
                ),
            )
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, user.language)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of the mails of ``mails``, in the language of whoever gets it."""
        holder = Account.objects.filter(email=email.casefold()).exclude(email="").first()
        if holder is None:
            return
        post_mail(template_prefix, holder, context)


class SecondFactorAdapter(_Saying, DefaultMFAAdapter):
    """Two-step verification; its secrets are kept encrypted: a copy of the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        """``text`` under the key of this installation."""
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again, also under an older key of this installation."""
        return _vault().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Account) -> str:
        """How the authenticator calls the account."""
        return user.username


class SignOnAdapter(_Saying, DefaultSocialAccountAdapter):
    """Single sign-on: an identity opens only the account that its holder has linked it to."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - as above
        """Never: an unknown identity gets no account."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link an identity to the account whose invitation its holder accepts, or whose owner asks for it.

        allauth has asked the provider before and asks nobody after this: nothing here waits with rows locked.
        """
        token = request.session.pop(INVITED, None)
        if sociallogin.state.get("process") == "connect":
            with transaction.atomic():
                response = connect(request, sociallogin)
            raise ImmediateHttpResponse(response)
        if token is None or sociallogin.is_existing:
            return
        try:
            with transaction.atomic():
                sociallogin.connect(request, accept(token, None))
        except Unfit as unfit:
            messages.error(request, tell(unfit.text))
            raise ImmediateHttpResponse(redirect("account_login")) from unfit


def _vault() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (hashlib.sha256(b"certification.second-factor:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in derived])
