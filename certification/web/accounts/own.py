"""One's own account: what one is appointed to, language, password, second step, sessions."""

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from certification.procedure.roles import Role
from certification.store.accounts import choose_language, end_sessions
from certification.store.interventions import interventions_of
from certification.store.models import Account
from certification.store.unfit import Unfit
from certification.store.vouching import refuse_own, take_up_again
from certification.web.accounts.providers import providers
from certification.web.gate import signed_in
from certification.web.languages import remember_language
from certification.web.speech import say, tell


@signed_in
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """The page about one's own account."""
    account = holder(request)
    appointments = account.appointments.select_related("unit", "appointed_by").order_by("-valid_from")
    now = timezone.now()
    return render(
        request,
        "accounts/profile.html",
        {
            "account": account,
            "roles": [(row, Role(row.role), row.valid_until is None or row.valid_until > now) for row in appointments],
            "two_step": is_mfa_enabled(account, [Authenticator.Type.TOTP]),
            "providers": providers(request),
            "interventions": interventions_of(account),
            "resting": account.resting_since is not None,
            "refusal": refuse_own(account) if account.resting_since is not None else None,
        },
    )


@signed_in
@sensitive_post_parameters("password")
@require_POST
def take_up_roles(request: HttpRequest) -> HttpResponseBase:
    """Let one's deciding roles hold again, with the password that one still knows."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        refused: HttpResponseBase = ratelimit.respond_429(request)
        return refused
    try:
        take_up_again(holder(request), request.POST.get("password", ""))
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
    else:
        messages.success(request, say("Các vai trò của bạn có hiệu lực trở lại.", "Your roles hold again."))
    return redirect("accounts:profile")


@signed_in
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the account, and of this browser."""
    chosen = request.POST.get("language", "")
    try:
        choose_language(holder(request), chosen)
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
        return redirect("accounts:profile")
    with translation.override(chosen):
        messages.success(request, say("Đã lưu ngôn ngữ.", "The language is saved."))
    response = redirect("accounts:profile")
    remember_language(response, chosen)
    return response


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account, this one too."""
    end_sessions(holder(request))
    logout(request)
    messages.success(request, say("Mọi phiên đăng nhập đã kết thúc.", "Every session has ended."))
    return redirect("account_login")


def holder(request: HttpRequest) -> Account:
    """The account that makes the request; behind ``signed_in`` there is one."""
    assert isinstance(request.user, Account)
    return request.user
