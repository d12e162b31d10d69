"""A one-time link: whoever holds it sets the password of its account, or links it to single sign-on."""

from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from certification.store.links import accept, find_link
from certification.store.unfit import Unfit
from certification.web.accounts.adapters import INVITED
from certification.web.accounts.forms import NewPasswordForm
from certification.web.accounts.providers import providers
from certification.web.gate import public
from certification.web.speech import say, tell


@public
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for the new password, set it, and lead on to the login."""
    if not ratelimit.consume(request, action="invitation"):
        refused: HttpResponseBase = ratelimit.respond_429(request)
        return refused
    try:
        invitation = find_link(token)
        form = NewPasswordForm(request.POST or None, holder=invitation.account)
        if request.method == "POST" and form.is_valid():
            accept(token, form.cleaned_data["password1"])
            messages.success(
                request,
                say("Đã đặt mật khẩu. Hãy đăng nhập.", "The password is set. Please sign in."),
            )
            return redirect("account_login")
    except Unfit as unfit:
        return render(request, "accounts/link_over.html", {"reason": tell(unfit.text)}, status=410)
    return render(
        request,
        "accounts/invitation.html",
        {
            "invitation": invitation,
            "account": invitation.account,
            "form": form,
            "token": token,
            "providers": providers(request),
        },
    )


@public
@never_cache
@require_POST
def accept_by_sign_on(request: HttpRequest, token: str) -> HttpResponseBase:
    """Remember the link and go to the provider: the identity it vouches for is linked to the account."""
    try:
        find_link(token)
    except Unfit as unfit:
        return render(request, "accounts/link_over.html", {"reason": tell(unfit.text)}, status=410)
    provider = get_adapter().get_provider(request, request.POST.get("provider", ""))
    request.session[INVITED] = token
    onward: HttpResponseBase = provider.redirect_from_request(request)
    return onward
