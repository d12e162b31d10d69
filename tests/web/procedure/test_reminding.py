"""Reminders: everybody is told what waits for him, by mail where there is a mail server, and of nothing else."""

import datetime
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import override_settings

from certification.procedure.roles import Role
from certification.store.loading import Province
from certification.store.models import Account
from certification.store.models.reports import YearReport
from certification.store.reminding import Letter, can_mail, letters, send
from tests.web.conftest import Person
from tests.web.procedure.people import COMMUNE, DISTRICT, commune

IN_TIME, LATE = datetime.date(2025, 11, 26), datetime.date(2025, 12, 3)


def letter_to(account: Account, today: datetime.date, **asked: int) -> Letter | None:
    return next((letter for letter in letters(today, **asked) if letter.account == account), None)


def test_an_officer_is_reminded_of_the_own_dossier_and_of_how_late_it_is(province: Province, person: Person) -> None:
    commune(province, "assessing")
    officer = person(Role.COMMUNE_OFFICER, COMMUNE)
    letter = letter_to(officer, IN_TIME)
    assert letter is not None
    assert "nộp hồ sơ, ngày cuối 29/11/2025, còn 3 ngày" in letter.text("vi")
    late = letter_to(officer, LATE)
    assert late is not None
    assert late.late == 1
    assert "4 days overdue" in late.text("en")
    assert letter_to(officer, datetime.date(2025, 6, 1)) is None
    assert letter_to(officer, IN_TIME, within=2) is None


def test_who_is_asked_for_something_is_told_at_once(province: Province, person: Person) -> None:
    officer, committee = person(Role.COMMUNE_OFFICER, COMMUNE), person(Role.DISTRICT_COMMITTEE, DISTRICT)
    commune(province, "returned")
    june = datetime.date(2025, 6, 1)
    asked = letter_to(officer, june)
    assert asked is not None
    assert "nộp hồ sơ, ngày cuối 14/12/2025" in asked.text("vi")
    commune(province, "complained")
    complaint = letter_to(committee, june)
    assert complaint is not None
    assert complaint.text("vi").rstrip().endswith("giải quyết khiếu nại")


def test_nobody_is_reminded_of_what_others_have_to_do(province: Province, person: Person) -> None:
    commune(province, "submitted")
    stranger, auditor = person(Role.COMMUNE_OFFICER, COMMUNE), person(Role.AUDITOR)
    assert letter_to(stranger, LATE) is None
    assert letter_to(auditor, LATE) is None


def test_an_office_is_told_that_its_council_is_missing(province: Province, person: Person) -> None:
    commune(province, "received")
    office = person(Role.DISTRICT_OFFICE, DISTRICT)
    letter = letter_to(office, IN_TIME)
    assert letter is not None
    assert "Chưa thành lập Hội đồng thẩm định tại Huyện Kon Plông" in letter.text("vi")


def test_the_department_is_reminded_of_the_summary_until_it_is_signed(province: Province, person: Person) -> None:
    department, district = person(Role.DEPARTMENT, "62"), person(Role.DISTRICT_OFFICE, DISTRICT)
    day = datetime.date(2025, 12, 20)
    letter, other = letter_to(department, day), letter_to(district, day)
    assert letter is not None
    assert "báo cáo năm 2025 gửi Bộ, ngày cuối 24/12/2025" in letter.text("vi")
    assert other is None or "gửi Bộ" not in other.text("vi")
    YearReport.objects.create(cycle=province.cycle, body=province.units["62"], signed_on=day)
    after = letter_to(department, day)
    assert after is None or "báo cáo năm 2025 gửi Bộ" not in after.text("vi")


def test_letters_go_by_mail_to_those_who_have_an_address(province: Province, person: Person) -> None:
    commune(province, "assessing")
    officer, other = person(Role.COMMUNE_OFFICER, COMMUNE), person(Role.COMMUNE_OFFICER, COMMUNE)
    Account.objects.filter(pk=officer.pk).update(email="xa@example.vn")
    assert can_mail()  # Django's tests keep what is sent
    sent = send([letter for letter in letters(LATE) if letter.account in (officer, other)])
    assert [letter.account for letter in sent] == [officer]
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (
        ["xa@example.vn"],
        "Nhắc việc thẩm định mức độ chuyển đổi số",
    )


@pytest.fixture
def remind(
    province: Province, person: Person, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Call ``certify remind`` where a dossier waits for its district's office; what it prints."""
    from certification.cli import main

    commune(province, "received")
    person(Role.DISTRICT_OFFICE, DISTRICT, "Lê Văn Phòng")
    monkeypatch.setattr("certification.store.opening.open_store", lambda: None)

    def call(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            main(["remind", *arguments])
        return capsys.readouterr().out

    return call


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--dry-run",), "Kính gửi Lê Văn Phòng"),
        (("--dry-run", "--format", "json"), '"councils": [\n      {\n        "unit": "613"'),
        (("--dry-run",), "Cộng: 1 người, 1 việc, trong đó 0 quá hạn; đã gửi thư cho 0 người."),
        ((), "Kính gửi Lê Văn Phòng"),  # no address: printed, and the exit code says so
    ],
)
def test_the_command_prints_where_no_mail_is_sent(
    remind: Callable[..., str], arguments: tuple[str, ...], expected: str
) -> None:
    assert expected in remind(*arguments)


def test_without_a_mail_server_the_command_says_which_setting_is_missing(remind: Callable[..., str]) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        assert "CERTIFY_EMAIL_URL" in remind()
