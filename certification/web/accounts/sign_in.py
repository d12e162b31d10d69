"""The addresses of logging in and of one's own security that allauth answers, under the names it knows them by.

Only what is used has an address: nobody signs up, and addresses of mail are the administrator's.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as sign_on
from allauth.usersessions import views as sessions
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, re_path

from certification.store.accounts import note_own
from certification.web.accounts.own import holder
from certification.web.gate import public, signed_in

LOCKED_FOR = 300
"""Seconds after which a name that was tried too often may be tried again (``ACCOUNT_RATE_LIMITS``)."""

_View = Callable[..., HttpResponseBase]


def whole(view: _View) -> _View:
    """What a view changes is there together with its entry in the log, or not at all."""

    @wraps(view)
    def in_one(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return in_one


def _telling_throttle(view: _View) -> _View:
    # A wrong password is a form with an error (200), as everywhere in Django; too many of them are no page at all to
    # whatever tries or watches: 429, and when it may try again.
    @wraps(view)
    def telling(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(LOCKED_FOR)
        return response

    return telling


def _noting_factors(view: _View) -> _View:
    # allauth tells of a second factor only after its transaction: the entry in the log belongs inside.
    @wraps(view)
    def noting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        before = _factors(request)
        response = view(request, *args, **kwargs)
        after = _factors(request)
        if before != after:
            note_own(holder(request), "change_second_factors", before=before, after=after)
        return response

    return noting


def _factors(request: HttpRequest) -> dict[str, str]:
    rows = Authenticator.objects.filter(user=holder(request)).order_by("pk")
    return {row.type: row.created_at.isoformat() for row in rows}


def _own(view: _View) -> _View:
    return signed_in(whole(view))


def _open(view: _View) -> _View:
    return public(whole(view))


urlpatterns = [
    path("login/", public(_telling_throttle(account.login)), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", _own(account.password_change), name="account_change_password"),
    path("password/set/", _own(account.password_set), name="account_set_password"),
    path("password/reset/", public(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _open(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        public(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("two-step/", signed_in(second.index), name="mfa_index"),
    path("two-step/authenticate/", _open(second.authenticate), name="mfa_authenticate"),
    path("two-step/reauthenticate/", _own(second.reauthenticate), name="mfa_reauthenticate"),
    path("two-step/app/activate/", _own(_noting_factors(totp.activate_totp)), name="mfa_activate_totp"),
    path("two-step/app/deactivate/", _own(_noting_factors(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("two-step/codes/", _own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "two-step/codes/generate/",
        _own(_noting_factors(recovery.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("sessions/", _own(sessions.list_usersessions), name="usersessions_list"),
    path("sign-on/", _own(social.connections), name="socialaccount_connections"),
    path("sign-on/cancelled/", public(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-on/error/", public(social.login_error), name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", public(sign_on.login), name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", public(sign_on.callback), name="openid_connect_callback"),
]
