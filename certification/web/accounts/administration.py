"""The administrator's pages about accounts: invite, correct, appoint, end, shut out. Never verdicts or passwords."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.procedure.roles import Role
from certification.store.accounts import (
    correct,
    deactivate,
    forget_second_factor,
    invite,
    reactivate,
    renew_link,
    subjects_of,
)
from certification.store.appointing import appoint, end_appointment
from certification.store.changes import Overtaken
from certification.store.links import Link
from certification.store.models import Account, Appointment
from certification.store.reminding import can_mail
from certification.store.unfit import Unfit
from certification.web.accounts.entries import AppointForm, CorrectForm, InviteForm
from certification.web.accounts.listing import STATES, TABLE, filter_accounts, kept_accounts, kept_units, state_of
from certification.web.accounts.mails import post_mail
from certification.web.gate import actor_in, gate, require
from certification.web.speech import say, tell
from certification.web.tables import show_table

_FRESH = "fresh_link"
"""Under this key a session holds the address of a link just made, until the next page has shown it once."""


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts of the reader's units, searched and filtered."""
    asked = {name: request.GET.get(name, "") for name in ("q", "role", "state")}
    rows = filter_accounts(kept_accounts(request), asked["q"], asked["role"], asked["state"])
    context = {
        "asked": asked,
        "role_options": [("", say("(mọi vai trò)", "(all roles)")), *((role.value, tell(role.label)) for role in Role)],
        "state_options": [("", say("(mọi trạng thái)", "(all)")), *((key, tell(text)) for key, text in STATES.items())],
    }
    return show_table(request, "accounts/list.html", TABLE, rows, context)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_http_methods(["GET", "POST"])
def invite_person(request: HttpRequest) -> HttpResponseBase:
    """A new account with its first role."""
    form = InviteForm(request.POST or None, units=kept_units(request))
    if request.method == "POST" and form.is_valid():
        try:
            link = invite(actor_in(request), form.person(), form.post())
        except Unfit as unfit:
            form.refuse(unfit)
        else:
            _hand_over(request, link, "join")
            return redirect("accounts:account", link.account.pk)
    return render(request, "accounts/invite.html", {"form": form, "roles": list(Role)})


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@never_cache
@require_GET
def account_page(request: HttpRequest, account: int) -> HttpResponse:
    """Everything about one account that its administrator may know."""
    return _show(request, _find(request, account))


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def correct_account(request: HttpRequest, account: int) -> HttpResponseBase:
    """Correct name and address; what somebody else changed meanwhile is shown beside."""
    found = _find(request, account)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _show(request, found, correct_form=form)
    entered = form.cleaned_data
    try:
        correct(actor_in(request), found, entered["full_name"], entered["email"], entered["version"])
    except Unfit as unfit:
        form.refuse(unfit)
        return _show(request, found, correct_form=form)
    except Overtaken as overtaken:
        now = overtaken.current
        form.overtake(now.version)
        form.add_error(None, tell(overtaken.text))
        form.add_error("full_name", say(f"Nay là: {now.full_name}", f"Now: {now.full_name}"))
        form.add_error("email", say(f"Nay là: {now.email or '(trống)'}", f"Now: {now.email or '(empty)'}"))
        return _show(request, found, correct_form=form, status=409)
    messages.success(request, say("Đã lưu.", "Saved."))
    return redirect("accounts:account", account)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def appoint_account(request: HttpRequest, account: int) -> HttpResponseBase:
    """One more role for the account."""
    found = _find(request, account)
    form = AppointForm(request.POST, units=kept_units(request))
    if form.is_valid():
        try:
            appoint(actor_in(request), found, form.post())
        except Unfit as unfit:
            form.refuse(unfit)
        else:
            messages.success(request, say("Đã giao vai trò.", "The role is given."))
            return redirect("accounts:account", account)
    return _show(request, found, appoint_form=form)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def end_role(request: HttpRequest, account: int, appointment: int) -> HttpResponseBase:
    """End one role of the account."""
    found = _find(request, account)
    row = get_object_or_404(
        Appointment.objects.select_related("account", "unit__parent__parent"), pk=appointment, account=found
    )
    return _do(
        request,
        found,
        lambda why: end_appointment(actor_in(request), row, why),
        say("Đã kết thúc vai trò.", "The role has ended."),
    )


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def renew(request: HttpRequest, account: int) -> HttpResponseBase:
    """A new one-time link."""
    found = _find(request, account)

    def make(why: str) -> None:
        link = renew_link(actor_in(request), found, why)
        _hand_over(request, link, link.invitation.purpose)

    return _do(request, found, make)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def forget_factor(request: HttpRequest, account: int) -> HttpResponseBase:
    """Take the second factor from an account whose holder has lost it."""
    found = _find(request, account)
    done = say("Đã gỡ xác thực hai bước.", "The second step is removed.")
    return _do(request, found, lambda why: forget_second_factor(actor_in(request), found, why), done)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def shut_out(request: HttpRequest, account: int) -> HttpResponseBase:
    """Deactivate the account."""
    found = _find(request, account)
    done = say(
        "Đã khóa tài khoản; mọi phiên của nó đã kết thúc.", "The account is deactivated; its sessions have ended."
    )
    return _do(request, found, lambda why: deactivate(actor_in(request), found, why), done)


@gate(Action.MANAGE_ACCOUNTS, anywhere=True)
@require_POST
def let_in(request: HttpRequest, account: int) -> HttpResponseBase:
    """Activate the account again."""
    found = _find(request, account)
    return _do(request, found, lambda why: _hand_over(request, reactivate(actor_in(request), found, why), "reset"))


def _do(request: HttpRequest, account: Account, act: Callable[[str], None], done: str = "") -> HttpResponseBase:
    try:
        act(request.POST.get("why", "").strip())
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
    else:
        if done:
            messages.success(request, done)
    return redirect("accounts:account", account.pk)


def _find(request: HttpRequest, key: int) -> Account:
    account = get_object_or_404(Account, pk=key)
    for subject in subjects_of(account):
        require(request, Action.MANAGE_ACCOUNTS, subject)
    return account


def _hand_over(request: HttpRequest, link: Link, kind: str) -> None:
    """Send the link to its holder alone; only where no mail reaches him is it shown to whoever made it.

    Whoever knows the link can become its holder: the administrator could then sign in another's name.
    """
    address = request.build_absolute_uri(reverse("accounts:invitation", args=[link.token]))
    sent = post_mail(f"invitation/{kind}", link.account, {"link": address, "until": link.invitation.expires_at})
    request.session[_FRESH] = {"account": link.account.pk, "address": "" if sent else address}


def _show(
    request: HttpRequest,
    account: Account,
    *,
    correct_form: CorrectForm | None = None,
    appoint_form: AppointForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    fresh = request.session.get(_FRESH)
    if fresh is not None:
        del request.session[_FRESH]
    now = timezone.now()
    rows = account.appointments.select_related("unit", "appointed_by", "ended_by").order_by("-valid_from", "-pk")
    faulty = any(form is not None and form.errors for form in (correct_form, appoint_form))
    return render(
        request,
        "accounts/account.html",
        {
            "account": account,
            "state": state_of(account),
            "roles": [(row, Role(row.role), row.valid_until is None or row.valid_until > now) for row in rows],
            "invitations": account.invitations.select_related("created_by")[:5],
            "two_step": Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists(),
            "own": account.pk == request.user.pk,
            "fresh": fresh if fresh and fresh["account"] == account.pk else None,
            "correct_form": correct_form or CorrectForm.of(account),
            "appoint_form": appoint_form or AppointForm(units=kept_units(request)),
            "now": now,
            "mailed": bool(account.email) and can_mail(),
        },
        status=status or (422 if faulty else 200),
    )
