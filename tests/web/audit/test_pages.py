"""The pages of the log: read by auditors only, filtered, entry by entry, verified."""

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import openpyxl
import pytest
from django.db import connection, transaction
from django.test import Client

from certification.ledger import from_line, verify_chain
from certification.procedure.roles import Role
from certification.store import audit, guards
from certification.store.loading import Province
from certification.store.models import AuditEntry

Browser = Callable[..., Client]


def enter(number: int, **more: object) -> AuditEntry:
    given = {
        "account": 7,
        "name": "Y Bưởi",
        "role": "commune_officer",
        "unit": "23473",
        "before": {"numerator": number, "denominator": 104},
        "after": {"numerator": number + 1, "denominator": 104},
    }
    with transaction.atomic():
        return audit.append(audit.deed("enter_fact", "fact", number, "Đắk Hà I.2", **{**given, **more}))


@pytest.fixture
def log(province: Province) -> list[AuditEntry]:
    """Three entries, the last of another person with a reason."""
    return [enter(1), enter(2), enter(3, name="A Thui", unit="613", why="theo công văn số 12")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_but_the_auditor_reads_the_log(log: list[AuditEntry], browser: Browser, role: Role) -> None:
    client = browser(role, {"commune": "23473", "district": "613"}.get(str(role.tier), "62"))
    for address in ("/audit/", f"/audit/{log[0].sequence}/", "/audit/verification/", "/audit/log.jsonl"):
        assert client.get(address).status_code == 403


def test_the_auditor_sees_every_change_the_newest_first(log: list[AuditEntry], browser: Browser) -> None:
    page = browser(Role.AUDITOR).get("/audit/").content.decode()
    assert page.index("A Thui") < page.index("Y Bưởi")
    assert "nhập số liệu" in page
    assert "theo công văn số 12" in page


def test_the_log_is_searched_without_tones_and_filtered_by_day_and_action(
    log: list[AuditEntry], browser: Browser
) -> None:
    client = browser(Role.AUDITOR)

    def found(query: str) -> int:
        page = client.get(f"/audit/?{query}").content.decode()
        counted = re.search(r"(\d+) dòng", page)
        return int(counted[1]) if counted else 0

    everything = found("")
    assert found("q=y+buoi") == 2
    assert found("q=cong+van") == 1
    assert found("q=dak+ha") == 3
    assert found("action=enter_fact&unit=613") == 1
    assert found("action=sign") == 0
    assert found("until=2001-01-01") == 0
    assert found("since=2001-01-01") == everything
    wrong = client.get("/audit/?since=2026-02-30")
    assert "Ngày không đúng" in wrong.content.decode()


def test_an_entry_shows_what_changed_and_where_it_stands_in_the_chain(log: list[AuditEntry], browser: Browser) -> None:
    entry = log[1]
    response = browser(Role.AUDITOR).get(f"/audit/{entry.sequence}/")
    page = response.content.decode()
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page)]
    assert cells[-6:] == ["tử số đổi", "2", "3", "mẫu số", "104", "104"]
    assert entry.hash in page
    assert entry.previous in page
    assert "đúng với mã băm và nối đúng vào mục trước" in page


def test_an_entry_that_was_tampered_with_says_so(log: list[AuditEntry], browser: Browser) -> None:
    with guards.lifted(connection):
        AuditEntry.objects.filter(pk=log[1].pk).update(after={"numerator": 104})
    client = browser(Role.AUDITOR)
    assert "đã bị can thiệp" in client.get(f"/audit/{log[1].sequence}/").content.decode()
    told = client.get("/audit/verification/?run=1").content.decode()
    assert "KHÔNG nguyên vẹn" in told
    assert f"mục {log[1].sequence} đã bị sửa" in told


def test_the_whole_log_is_verified_with_a_hash_kept_outside(log: list[AuditEntry], browser: Browser) -> None:
    client = browser(Role.AUDITOR)
    kept = log[2].hash
    assert "Nhật ký nguyên vẹn" in client.get(f"/audit/verification/?run=1&head={kept}").content.decode()
    wrong = "sha256:" + "0" * 63 + "1"
    assert "KHÔNG nguyên vẹn" in client.get(f"/audit/verification/?run=1&head={wrong}").content.decode()


def test_the_log_leaves_as_a_workbook_and_as_lines_that_verify_elsewhere(
    log: list[AuditEntry], browser: Browser
) -> None:
    client = browser(Role.AUDITOR)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/audit/?format=xlsx&q=cong+van").content)).active
    assert sheet is not None
    assert log[2].hash in {cell.value for row in sheet.iter_rows() for cell in row}
    lines = b"".join(client.get("/audit/log.jsonl")).decode().splitlines()
    assert list(verify_chain(map(from_line, lines), audit.read_head())) == []
    assert json.loads(lines[-1])["why"] == "theo công văn số 12"


def test_an_auditor_of_a_district_sees_what_was_done_in_it(log: list[AuditEntry], browser: Browser) -> None:
    client = browser(Role.AUDITOR, "613")
    enter(4, unit="618")
    outside = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    page = client.get("/audit/").content.decode()
    assert "A Thui" in page  # of the district itself
    assert "Y Bưởi" in page  # of one of its communes
    assert f'href="{outside}/"' not in page
    assert client.get(f"/audit/{outside}/").status_code == 404


def test_a_page_of_the_log_takes_a_bounded_number_of_queries(
    log: list[AuditEntry],
    browser: Browser,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    client = browser(Role.AUDITOR)
    for number in range(60):
        enter(number)
    with django_assert_max_num_queries(12):
        client.get("/audit/")
