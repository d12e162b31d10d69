"""Logging in and out, invitations, passwords and the second step, as people meet them."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from certification.procedure.roles import Role
from certification.store.accounts import Person, invite_administrator
from certification.store.links import Link
from certification.store.models import Account, AuditEntry, Invitation

GOOD = "trời hôm nay mưa to quá"
MAILING = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_throttling_between_tests() -> None:
    cache.clear()


@pytest.fixture
def link() -> Link:
    return invite_administrator(Person("a.quan", "Nguyễn Thị Quản", "a.quan@tinh.gov.vn"))


@pytest.fixture
def account(link: Link) -> Account:
    link.account.set_password(GOOD)
    link.account.save()
    return link.account


def sign_in(client: Client, name: str, password: str, **more: str) -> object:
    return client.post("/account/login/", {"login": name, "password": password, **more})


def test_an_invited_person_sets_a_password_once_and_logs_in(client: Client, link: Link) -> None:
    address = f"/invitation/{link.token}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "Nguyễn Thị Quản" in page.text
    assert client.post(address, {"password1": GOOD, "password2": GOOD}).status_code == 303
    again = client.get(address)
    assert again.status_code == 410
    assert "đã được dùng" in again.text
    assert sign_in(client, "A.Quan", GOOD).status_code == 303
    assert client.get("/account/").status_code == 200
    assert AuditEntry.objects.filter(action="accept_link", account=str(link.account.pk)).exists()


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("ngắn quá", "ngắn quá", "ít nhất 12 ký tự"),
        ("MatKhau@123456", "MatKhau@123456", "dễ đoán"),
        ("kontum2025kontum2026", "kontum2025kontum2026", "dễ đoán"),
        ("Nguyễn Thị Quản 1980", "Nguyễn Thị Quản 1980", "quá giống"),
        (GOOD, GOOD + "!", "không giống nhau"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words_and_the_link_still_works(
    client: Client, link: Link, first: str, second: str, words: str
) -> None:
    page = client.post(f"/invitation/{link.token}/", {"password1": first, "password2": second})
    assert page.status_code == 200
    assert words in page.text
    assert Invitation.objects.get().is_open()


def test_a_link_that_ran_out_or_never_was_opens_nothing(client: Client, link: Link) -> None:
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get(f"/invitation/{link.token}/").status_code == 410
    assert client.post(f"/invitation/{link.token}/", {"password1": GOOD, "password2": GOOD}).status_code == 410
    assert client.get("/invitation/wrong/").status_code == 410
    assert not Account.objects.get().has_usable_password()


def test_five_wrong_passwords_close_the_door_even_to_the_right_one_for_a_while(
    client: Client, account: Account
) -> None:
    for _ in range(5):
        wrong = sign_in(client, "a.quan", "sai")
        assert (wrong.status_code, "không đúng" in wrong.text) == (200, True)
    locked = sign_in(client, "a.quan", GOOD)
    assert "Quá nhiều lần đăng nhập sai" in locked.text
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "300")
    assert not client.session.get("_auth_user_id")


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(client: Client, account: Account) -> None:
    answers = {
        re.sub(r'(csrfmiddlewaretoken" value="|name="login" value=")[^"]*', "", sign_in(client, name, "sai").text)
        for name in ("a.quan", "khong-co")
    }
    assert len(answers) == 1


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/account/signup/", "/account/sign-on/signup/", "/account/email/"):
        assert client.get(address).status_code == 404


def test_a_deactivated_account_is_out_at_once(client: Client, account: Account) -> None:
    client.force_login(account)
    assert client.get("/account/").status_code == 200
    account.is_active = False
    account.save()
    assert client.get("/account/").status_code == 302
    again = Client()
    sign_in(again, "a.quan", GOOD)
    assert again.get("/account/").status_code == 302


def test_changing_the_password_ends_the_other_sessions_but_not_this_one(client: Client, account: Account) -> None:
    other = Client()
    other.force_login(account)
    client.force_login(account)
    new = "chiều nay gió thổi mạnh"
    entered = {"oldpassword": GOOD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", entered).status_code == 303
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert AuditEntry.objects.filter(action="change_password").count() == 1


def test_signing_out_everywhere_ends_every_session(client: Client, account: Account) -> None:
    other = Client()
    other.force_login(account)
    client.force_login(account)
    assert client.post("/account/sign-out-everywhere/").status_code == 303
    assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 302


@override_settings(SESSION_HOURS=12)
def test_a_session_ends_after_a_working_day_however_much_it_is_used(client: Client, account: Account) -> None:
    client.force_login(account)
    session = client.session
    session["began"] -= 12 * 3600
    session.save()
    assert client.get("/account/").status_code == 302


def test_a_session_is_moved_on_by_use_but_written_at_most_once_a_minute(client: Client, account: Account) -> None:
    client.force_login(account)
    client.get("/account/")
    assert "Set-Cookie" not in {name for name, _ in client.get("/account/").items() if "sessionid" in _}
    session = client.session
    session["used"] -= 61
    session.save()
    before = client.session["used"]
    answer = client.get("/account/")
    assert client.session["used"] > before
    assert "sessionid" in answer.cookies


@MAILING
def test_a_forgotten_password_is_reset_by_mail(
    client: Client, account: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/password/reset/", {"email": "A.Quan@tinh.gov.vn"}).status_code == 303
    (letter,) = mail.outbox
    assert letter.to == ["a.quan@tinh.gov.vn"]
    address = re.search(r"http://testserver(/\S+)", letter.body)
    assert address
    page = client.get(address[1], follow=True)
    new = "chiều nay gió thổi mạnh"
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    account.refresh_from_db()
    assert account.check_password(new)
    assert "đặt lại" in mail.outbox[-1].subject
    assert "sai, đã được dùng" in client.get(address[1], follow=True).text


@MAILING
def test_an_unknown_address_gets_no_mail_and_the_same_answer(
    client: Client, account: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/password/reset/", {"email": "la@tinh.gov.vn"}).status_code == 303
    assert mail.outbox == []


def test_without_mail_the_page_says_whom_to_ask(client: Client) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        assert "không gửi thư" in client.get("/account/password/reset/").text


def confirm(client: Client) -> None:
    assert client.post("/account/reauthenticate/", {"password": GOOD}).status_code == 303


def code_for(secret: str) -> str:
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def test_the_second_step_is_switched_on_and_asked_for(client: Client, account: Account) -> None:
    sign_in(client, "a.quan", GOOD)
    assert client.get("/account/two-step/app/activate/").url.startswith("/account/reauthenticate/")
    confirm(client)
    page = client.get("/account/two-step/app/activate/")
    secret = re.search(r"<dt>Khóa</dt><dd>([A-Z2-7]+)</dd>", page.text)
    assert secret
    assert "Mã không đúng" in client.post("/account/two-step/app/activate/", {"code": "000000"}).text
    codes = client.post("/account/two-step/app/activate/", {"code": code_for(secret[1])}, follow=True)
    shown = re.findall(r"<li><code>(\d+)</code></li>", codes.text)
    assert len(shown) == 10
    assert client.get("/account/two-step/codes/").text.count("<li><code>") == 0  # shown once

    stored = account.authenticator_set.get(type="totp")
    assert secret[1] not in str(stored.data)

    other = Client()
    assert sign_in(other, "a.quan", GOOD).url == "/account/two-step/authenticate/"
    assert other.get("/account/").status_code == 302
    assert "Mã không đúng" in other.post("/account/two-step/authenticate/", {"code": "123123"}).text
    assert other.post("/account/two-step/authenticate/", {"code": shown[0]}).status_code == 303
    assert other.get("/account/").status_code == 200
    assert set(AuditEntry.objects.get(action="change_second_factors").after) == {"totp", "recovery_codes"}


def test_english_is_spoken_where_it_is_chosen(client: Client, account: Account) -> None:
    client.force_login(account)
    client.post("/account/language/", {"language": "en"})
    assert "My account" in client.get("/account/").text
    account.refresh_from_db()
    assert account.language == "en"
    fresh = Client()
    fresh.post("/account/login/", {"login": "a.quan", "password": GOOD})
    assert "My account" in fresh.get("/account/").text


def test_every_page_of_ones_own_account_opens(client: Client, account: Account) -> None:
    sign_in(client, "a.quan", GOOD)
    confirm(client)
    for page in ("", "password/change/", "two-step/", "two-step/app/activate/", "sessions/", "sign-on/"):
        assert client.get(f"/account/{page}").status_code == 200, page
    for page in ("login/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/"):
        assert Client().get(f"/account/{page}").status_code == 200, page
    assert Client().get("/account/sign-on/error/").status_code == 401
    assert Client().get("/account/sign-on/cancelled/").status_code == 200


def test_a_stranger_is_led_to_the_login_and_back(client: Client, account: Account) -> None:
    away = client.get("/account/sessions/")
    assert away.status_code == 302
    assert away.url == "/account/login/?next=/account/sessions/"
    page = client.get(away.url)
    assert 'name="next" value="/account/sessions/"' in page.text
    assert sign_in(client, "a.quan", GOOD, next="/account/sessions/").url == "/account/sessions/"
    assert sign_in(Client(), "a.quan", GOOD, next="https://evil.example/").url != "https://evil.example/"


def test_a_role_of_the_first_administrator_holds(link: Link) -> None:
    appointment = link.account.appointments.get()
    assert (appointment.role, appointment.unit) == (Role.ADMINISTRATOR, None)


def test_wrong_passwords_of_many_other_names_do_not_make_the_count_of_one_forgotten(
    client: Client, account: Account
) -> None:
    for _ in range(5):
        sign_in(client, "a.quan", "sai")
    for number in range(1000):  # as many counts of others: Django keeps 300 entries unless told otherwise
        cache.set(f"other-{number}", 1, timeout=300)
    assert "Quá nhiều lần đăng nhập sai" in sign_in(client, "a.quan", GOOD).text
