"""An administrator who touches the entrance of a deciding account gets nothing by it: its roles rest."""

import datetime
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, may
from certification.procedure.roles import Role
from certification.store.accounts import actor_of, correct, forget_second_factor, reactivate, renew_link
from certification.store.appointing import Post, appoint
from certification.store.links import accept
from certification.store.loading import Province
from certification.store.models import Account, ApiToken, AuditEntry
from certification.store.tokens import actor_of_token, issue_token
from certification.store.unfit import Unfit
from certification.store.vouching import take_up_again, vouch, waiting_for

People = Callable[..., Account]
MAILING = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")


@pytest.fixture
def signer(province: object, person: People) -> Account:
    account = person(Role.DISTRICT_COMMITTEE, "613", "Chủ Tịch Huyện")
    Client().force_login(account)  # has signed in before
    account.refresh_from_db()
    return account


@pytest.fixture
def colleague(province: object, person: People) -> Account:
    return person(Role.DISTRICT_OFFICE, "613", "Trưởng Phòng")


@pytest.fixture
def admin(person: People) -> Account:
    return person(Role.ADMINISTRATOR, name="Quản Trị")


def signs(account: Account) -> bool:
    account.refresh_from_db()
    return may(actor_of(account), Action.SIGN)


def change_address(admin: Account, account: Account) -> None:
    account.refresh_from_db()
    correct(actor_of(admin), account, account.full_name, "cua.toi@admin.example", account.version)


@MAILING
def test_an_administrator_who_takes_over_a_signing_account_by_its_address_cannot_sign(
    colleague: Account, signer: Account, admin: Account, client: Client
) -> None:
    assert signs(signer)
    change_address(admin, signer)
    assert not signs(signer)
    link = renew_link(actor_of(admin), signer, "quên mật khẩu")  # goes to the new address: his own
    accept(link.token, "mật-khẩu-của-quản-trị-1")
    assert not signs(signer)
    with pytest.raises(Unfit, match="set anew"):
        take_up_again(signer, "mật-khẩu-của-quản-trị-1")
    with pytest.raises(Refused):
        vouch(actor_of(admin), signer, "tôi biết người này")
    with pytest.raises(Refused):
        vouch(actor_of(signer), signer, "là tôi")
    assert not signs(signer)


def test_an_account_made_for_it_cannot_vouch(signer: Account, admin: Account, person: People) -> None:
    change_address(admin, signer)
    made_up = person(Role.DISTRICT_COUNCIL, "613", "Người Mới")
    with pytest.raises(Refused):
        vouch(actor_of(made_up), signer, "tôi biết")


def test_a_role_that_was_given_for_it_cannot_vouch_whatever_day_it_states(
    signer: Account, admin: Account, person: People, province: Province
) -> None:
    planner = person(Role.PLANNER, "613", "Người Cũ")
    change_address(admin, signer)
    long_ago = timezone.now() - datetime.timedelta(days=100)
    appoint(actor_of(admin), planner, Post(Role.DISTRICT_OFFICE, province.units["613"], since=long_ago))
    assert may(actor_of(planner), Action.VOUCH)
    assert waiting_for(actor_of(planner)) == []
    with pytest.raises(Refused):
        vouch(actor_of(planner), signer, "tôi biết")


def test_what_was_let_in_while_the_roles_rested_is_shut_out_when_the_holder_is_known(
    colleague: Account, signer: Account, admin: Account, person: People
) -> None:
    SocialAccount.objects.create(user=signer, provider="tinh", uid="của người giữ")
    link = renew_link(actor_of(admin), signer, "quên mật khẩu")  # shown to the administrator, who uses it
    signer = accept(link.token, "mật-khẩu-của-quản-trị-1")
    SocialAccount.objects.create(user=signer, provider="tinh", uid="của quản trị")
    post = signer.appointments.get()
    ApiToken.objects.create(name="x", sha256="0" * 64, appointment=post, expires_at=timezone.now())
    accept(renew_link(actor_of(admin), signer, "quên mật khẩu").token, "mật-khẩu-của-người-giữ-1")  # the holder himself
    vouch(actor_of(colleague), signer, "gặp trực tiếp")
    assert signs(signer)
    assert [each.uid for each in SocialAccount.objects.filter(user=signer)] == ["của người giữ"]
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_who_has_no_password_keeps_the_identity_that_was_linked_last(
    colleague: Account, signer: Account, admin: Account
) -> None:
    for uid in ("của quản trị", "của người giữ"):
        signer = accept(renew_link(actor_of(admin), signer, "quên").token, None)
        SocialAccount.objects.create(user=signer, provider="tinh", uid=uid)
    vouch(actor_of(colleague), signer, "gặp trực tiếp")
    assert [each.uid for each in SocialAccount.objects.filter(user=signer)] == ["của người giữ"]


def test_a_colleague_who_identified_the_holder_lets_the_roles_hold_again(
    colleague: Account, signer: Account, admin: Account
) -> None:
    change_address(admin, signer)
    client = Client()
    client.force_login(colleague)
    assert "Chủ Tịch Huyện" in client.get("/vouching/").content.decode()
    assert client.post(f"/vouching/{signer.pk}/", {"why": ""}).status_code == 303
    assert not signs(signer)
    client.post(f"/vouching/{signer.pk}/", {"why": "gặp trực tiếp"})
    assert signs(signer)
    assert AuditEntry.objects.get(action="vouch").why == "gặp trực tiếp"
    assert waiting_for(actor_of(colleague)) == []


def test_somebody_of_another_district_cannot_vouch(signer: Account, admin: Account, person: People) -> None:
    stranger = person(Role.DISTRICT_COMMITTEE, "618")
    above = person(Role.DEPARTMENT, "62")
    change_address(admin, signer)
    with pytest.raises(Refused):
        vouch(actor_of(stranger), signer, "tôi biết")
    vouch(actor_of(above), signer, "gọi điện")
    assert signs(signer)


def test_the_holder_who_still_knows_the_password_needs_nobody_else(signer: Account, admin: Account) -> None:
    change_address(admin, signer)
    client = Client()
    client.force_login(signer)
    assert "tạm dừng" in client.get("/account/").content.decode()
    client.post("/account/roles/", {"password": "sai"})
    assert not signs(signer)
    client.post("/account/roles/", {"password": "pass"})
    assert signs(signer)


def test_who_lost_the_second_factor_sets_up_a_new_one_first(signer: Account, admin: Account) -> None:
    Authenticator.objects.create(user=signer, type=Authenticator.Type.TOTP, data={})
    forget_second_factor(actor_of(admin), signer, "mất điện thoại")
    assert not signs(signer)
    signer.refresh_from_db()
    with pytest.raises(Unfit, match="on again"):
        take_up_again(signer, "pass")
    Authenticator.objects.create(user=signer, type=Authenticator.Type.TOTP, data={})
    take_up_again(signer, "pass")
    assert signs(signer)


def test_a_link_that_is_shown_lets_the_roles_rest_and_one_that_is_mailed_does_not(
    signer: Account, admin: Account
) -> None:
    Account.objects.filter(pk=signer.pk).update(email="chu.tich@huyen.example")
    signer.refresh_from_db()
    with MAILING:
        renew_link(actor_of(admin), signer, "quên")
        assert signs(signer)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        renew_link(actor_of(admin), signer, "quên")
        assert not signs(signer)
    assert mail.outbox == []


def test_a_token_rests_with_its_person(colleague: Account, admin: Account) -> None:
    Client().force_login(colleague)
    token = issue_token(actor_of(colleague), colleague.appointments.get().pk, "máy", 30).token
    assert actor_of_token(token).appointments
    change_address(admin, colleague)
    token.refresh_from_db()
    assert not actor_of_token(type(token).objects.get(pk=token.pk)).appointments


def test_a_first_address_that_was_mistyped_is_corrected_without_more(
    person: People, admin: Account, province: object
) -> None:
    new = person(Role.DISTRICT_COUNCIL, "613")
    change_address(admin, new)
    assert may(actor_of(new), Action.VOTE)


def test_opening_an_account_again_lets_its_roles_rest(signer: Account, admin: Account) -> None:
    Account.objects.filter(pk=signer.pk).update(is_active=False)
    signer.refresh_from_db()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        reactivate(actor_of(admin), signer, "trở lại")
    assert not signs(signer)
