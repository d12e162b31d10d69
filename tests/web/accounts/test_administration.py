"""The administrator's pages about accounts: who may, what happens, and what never does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from certification.procedure.roles import Role
from certification.store.accounts import Person, actor_of, deactivate, invite_administrator
from certification.store.appointing import end_appointment
from certification.store.interventions import interventions_of
from certification.store.models import Account, Appointment, AuditEntry, Invitation
from certification.store.unfit import Unfit

Browser = Callable[..., Client]
People = Callable[..., Account]

ENTERED = {
    "full_name": "  Trần   Văn Bình ",
    "username": "Tran.Binh",
    "email": "",
    "language": "vi",
    "role": "commune_officer",
    "basis": "Quyết định số 12/QĐ-UBND",
}


@pytest.fixture
def admin(browser: Browser) -> Client:
    return browser(Role.ADMINISTRATOR, name="Quản Trị Một")


def unit_key(code: str) -> int:
    from certification.store.models import UnitRecord

    return UnitRecord.objects.get(code=code).pk


def invite(admin: Client, **changed: object) -> Account:
    answer = admin.post("/accounts/new/", {**ENTERED, "unit": unit_key("23473"), **changed})
    assert answer.status_code == 303, answer.text
    return Account.objects.get(username="tran.binh")


@pytest.mark.usefixtures("province")
def test_an_invitation_makes_the_account_its_role_and_a_link_that_is_shown_once(admin: Client) -> None:
    made = invite(admin)
    assert (made.full_name, made.has_usable_password()) == ("Trần Văn Bình", False)
    page = admin.get(f"/accounts/{made.pk}/")
    link = re.search(r"http://testserver/invitation/\S+/", page.text)
    assert link
    assert link[0] not in admin.get(f"/accounts/{made.pk}/").text
    entry = AuditEntry.objects.get(object_kind="account", object_id=str(made.pk))
    assert entry.after["appointed"][0]["role"] == "commune_officer"
    assert entry.why == "Quyết định số 12/QĐ-UBND"
    token = link[0].split("/")[-2]
    assert token not in str(list(Invitation.objects.values()))


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "Bình!"}, "chữ thường không dấu"),
        ({"role": "district_office"}, "không có ở đơn vị"),
        ({"unit": ""}, "phải gắn với một đơn vị"),
        ({"full_name": " "}, "bắt buộc"),
        ({"email": "khong-phai-thu"}, "địa chỉ"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_keeps_what_was_typed(
    admin: Client, changed: dict[str, str], words: str
) -> None:
    page = admin.post("/accounts/new/", {**ENTERED, "unit": unit_key("23473"), **changed})
    assert page.status_code == 200
    assert words in page.text
    assert "Quyết định số 12/QĐ-UBND" in page.text
    assert not Account.objects.filter(username="tran.binh").exists()


@pytest.mark.usefixtures("province")
def test_a_user_name_is_taken_whatever_its_case(admin: Client) -> None:
    invite(admin)
    again = admin.post("/accounts/new/", {**ENTERED, "unit": unit_key("23473"), "username": "TRAN.BINH"})
    assert "đã có người dùng" in again.text


@pytest.mark.usefixtures("province")
def test_nobody_but_administrators_sees_accounts(browser: Browser) -> None:
    units = {None: "62", "province": "62", "district": "613", "commune": "23473", "department": None}
    readers = {role: browser(role, units[role.tier]) for role in Role if role is not Role.ADMINISTRATOR}
    target = Account.objects.earliest("pk")
    for role, reader in readers.items():
        for address in ("/accounts/", "/accounts/new/", f"/accounts/{target.pk}/"):
            assert reader.get(address).status_code == 403, (role, address)
        for action in ("correct", "appoint", "link", "second-factor", "deactivate", "reactivate"):
            assert reader.post(f"/accounts/{target.pk}/{action}/").status_code == 403, (role, action)


@pytest.mark.usefixtures("province")
def test_roles_are_given_and_ended_and_stay_written(admin: Client) -> None:
    made = invite(admin)
    given = {"role": "district_council", "unit": unit_key("613")}
    assert admin.post(f"/accounts/{made.pk}/appoint/", given).status_code == 303
    assert "đang giữ vai trò đó" in admin.post(f"/accounts/{made.pk}/appoint/", given).text
    assert {each.role for each in actor_of(made).appointments} == {"commune_officer", "district_council"}
    council = made.appointments.get(role="district_council")
    assert admin.post(f"/accounts/{made.pk}/end/{council.pk}/", {"why": "hết nhiệm kỳ"}).status_code == 303
    assert {each.role for each in actor_of(made).appointments} == {"commune_officer"}
    council.refresh_from_db()
    assert council.valid_until is not None
    assert AuditEntry.objects.order_by("-sequence")[0].why == "hết nhiệm kỳ"


@pytest.mark.usefixtures("province")
def test_who_gives_out_roles_holds_no_other(admin: Client) -> None:
    made = invite(admin)
    page = admin.post(f"/accounts/{made.pk}/appoint/", {"role": "administrator", "unit": ""})
    assert "không được giữ thêm vai trò nào khác" in page.text


def test_nobody_gives_himself_a_role(admin: Client, db: None) -> None:
    own = Account.objects.get()
    admin.post(f"/accounts/{own.pk}/appoint/", {"role": "auditor", "unit": ""})
    assert own.appointments.count() == 1
    admin.post(f"/accounts/{own.pk}/end/{own.appointments.get().pk}/", {"why": "nghỉ"})
    assert actor_of(own).appointments
    admin.post(f"/accounts/{own.pk}/deactivate/", {"why": "nghỉ"})
    own.refresh_from_db()
    assert own.is_active


def test_the_last_administrator_cannot_be_removed(db: None) -> None:
    first = invite_administrator(Person("quan.mot", "Quản Một")).account
    second = invite_administrator(Person("quan.hai", "Quản Hai")).account
    deactivate(actor_of(first), second, "chuyển công tác")
    other = invite_administrator(Person("quan.ba", "Quản Ba")).account
    actor = actor_of(other)
    Appointment.objects.filter(account=other).update(valid_until="2099-01-01T00:00:00Z")  # it will end by itself
    with pytest.raises(Unfit, match="last administrator"):
        deactivate(actor, first, "thử")
    with pytest.raises(Unfit, match="last administrator"):
        end_appointment(actor, first.appointments.get(), "thử")
    first.refresh_from_db()
    assert first.is_active
    assert actor_of(first).appointments


@pytest.mark.usefixtures("province")
def test_a_deactivated_account_loses_links_and_comes_back_with_a_new_password(admin: Client) -> None:
    made = invite(admin)
    assert admin.post(f"/accounts/{made.pk}/deactivate/", {"why": ""}).status_code == 303
    made.refresh_from_db()
    assert made.is_active  # without a reason nothing is done
    admin.post(f"/accounts/{made.pk}/deactivate/", {"why": "nghỉ việc"})
    assert not actor_of(made).appointments
    assert not any(link.is_open() for link in made.invitations.all())
    admin.post(f"/accounts/{made.pk}/reactivate/", {"why": ""})
    made.refresh_from_db()
    assert made.is_active
    assert not made.has_usable_password()
    assert sum(link.is_open() for link in made.invitations.all()) == 1


@pytest.mark.usefixtures("province")
def test_two_administrators_on_one_account_lose_nothing(admin: Client) -> None:
    made = invite(admin)
    seen = made.version
    first = {"full_name": "Trần Văn Bính", "email": "", "version": seen}
    assert admin.post(f"/accounts/{made.pk}/correct/", first).status_code == 303
    second = {"full_name": "Trần Văn Bỉnh", "email": "binh@xa.gov.vn", "version": seen}
    page = admin.post(f"/accounts/{made.pk}/correct/", second)
    assert page.status_code == 409
    assert "Trần Văn Bính" in page.text
    assert 'value="Trần Văn Bỉnh"' in page.text
    version = re.search(r'name="version" value="(\d+)"', page.text)
    assert version
    assert admin.post(f"/accounts/{made.pk}/correct/", {**second, "version": version[1]}).status_code == 303
    made.refresh_from_db()
    assert made.full_name == "Trần Văn Bỉnh"


@pytest.mark.usefixtures("province")
def test_accounts_are_found_without_tones_filtered_and_exported(admin: Client, person: People) -> None:
    person(Role.COMMUNE_OFFICER, "23473", "Đặng Thị Hường")
    person(Role.AUDITOR, None, "Lê Văn Ất")
    page = admin.get("/accounts/?q=dang+thi+huong").text
    assert "Đặng Thị Hường" in page
    assert "Lê Văn Ất" not in page
    assert "Đặng Thị Hường" not in admin.get("/accounts/?role=auditor").text
    assert admin.get("/accounts/?format=xlsx").content[:2] == b"PK"


@pytest.mark.usefixtures("province")
def test_the_list_asks_the_database_a_bounded_number_of_times(
    admin: Client, person: People, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(30):
        person(Role.COMMUNE_OFFICER, "23473")
    admin.get("/accounts/")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert admin.get("/accounts/").status_code == 200


@pytest.mark.usefixtures("province")
def test_an_administrator_of_a_district_keeps_only_its_accounts(browser: Browser, person: People) -> None:
    inside, outside = person(Role.COMMUNE_OFFICER, "23473"), person(Role.DISTRICT_OFFICE, "618")
    keeper = browser(Role.ADMINISTRATOR, "613")
    page = keeper.get("/accounts/").text
    assert inside.full_name in page
    assert outside.full_name not in page
    assert keeper.get(f"/accounts/{inside.pk}/").status_code == 200
    assert keeper.get(f"/accounts/{outside.pk}/").status_code == 403
    refused = keeper.post("/accounts/new/", {**ENTERED, "role": "auditor", "unit": ""})
    assert refused.status_code == 403
    assert keeper.post(f"/accounts/{outside.pk}/deactivate/", {"why": "thử"}).status_code == 403


CHOSEN = "trời hôm nay mưa to quá"
ADDRESS = re.compile(r"http://testserver/invitation/[\w-]+/")


@pytest.fixture
def holder(person: People) -> Account:
    account = person(Role.DISTRICT_COMMITTEE, "613", "Ký Thay Ai")
    account.email = "ky@huyen.gov.vn"
    account.save()
    Invitation.objects.create(account=account, expires_at=timezone.now(), accepted_at=timezone.now())
    return account


@pytest.mark.usefixtures("province")
def test_where_mail_is_sent_a_link_goes_to_its_holder_alone(
    admin: Client, holder: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    told = admin.get(f"/accounts/{holder.pk}/").text
    assert "Đường dẫn chỉ được gửi qua thư đến ky@huyen.gov.vn" in told
    assert "người này thấy ai đã tạo đường dẫn" in told
    with django_capture_on_commit_callbacks(execute=True):
        page = admin.post(f"/accounts/{holder.pk}/link/", {"why": "quên mật khẩu"}, follow=True)
    assert not ADDRESS.search(page.text)
    assert "không hiện ở đây" in page.text
    assert not ADDRESS.search(str(dict(admin.session)))
    [letter] = mail.outbox
    assert letter.to == ["ky@huyen.gov.vn"]
    assert ADDRESS.search(str(letter.body))


@pytest.mark.usefixtures("province")
def test_without_mail_the_link_is_shown_and_its_holder_is_told_by_whom_it_was_made(
    admin: Client, holder: Account
) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        page = admin.post(f"/accounts/{holder.pk}/link/", {"why": "quên mật khẩu"}, follow=True)
        shown = ADDRESS.search(page.text)
        assert shown
        stranger = Client()
        accepted = stranger.post(shown[0], {"password1": CHOSEN, "password2": CHOSEN})
        assert accepted.status_code == 303, accepted.text
        signed_in = {"login": holder.username, "password": CHOSEN}
        told = "Quản Trị Một đã tạo đường dẫn đặt lại mật khẩu"
        # Whoever used the link sees it too; that uses nothing up.
        for browser in (stranger, Client()):
            assert told in browser.post("/account/login/", signed_in, follow=True).text
    own = browser.get("/account/").text
    assert "Quản Trị Một" in own
    assert "quên mật khẩu" in own


@pytest.mark.usefixtures("province")
def test_a_new_password_by_link_leaves_the_second_step_on(admin: Client, holder: Account) -> None:
    Authenticator.objects.create(user=holder, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        page = admin.post(f"/accounts/{holder.pk}/link/", {"why": ""}, follow=True)
    shown = ADDRESS.search(page.text)
    assert shown
    stranger = Client()
    assert stranger.post(shown[0], {"password1": CHOSEN, "password2": CHOSEN}).status_code == 303
    answer = stranger.post("/account/login/", {"login": holder.username, "password": CHOSEN})
    assert "two-step/authenticate" in answer["Location"]
    assert stranger.get("/account/").status_code == 302


@pytest.mark.usefixtures("province")
def test_the_holder_sees_that_his_address_or_second_step_was_touched(admin: Client, holder: Account) -> None:
    Authenticator.objects.create(user=holder, type=Authenticator.Type.TOTP, data={"secret": "x"})
    admin.post(f"/accounts/{holder.pk}/second-factor/", {"why": "mất máy"})
    changed = {"full_name": holder.full_name, "email": "la@huyen.gov.vn", "version": holder.version}
    assert admin.post(f"/accounts/{holder.pk}/correct/", changed).status_code == 303
    assert [each.what.vi for each in interventions_of(holder)] == ["đổi địa chỉ thư điện tử", "gỡ xác thực hai bước"]
