"""The JSON API: exact answers in the promised shapes, and nothing beyond the token's role and unit."""

import datetime
import json
import threading
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.audit import verify
from certification.store.loading import Province
from certification.store.models import (
    ApiToken,
    Appointment,
    AuditEntry,
    Dossier,
    FactProof,
    FactRecord,
    ImportKey,
    UnitRecord,
)
from certification.store.results import results_of
from certification.web.api.api import schema
from tests.web.api.conftest import COMMUNE, System
from tests.web.conftest import dossier_of
from tests.web.facts.conftest import PDF, fact

pytestmark = pytest.mark.django_db
Systems = Callable[..., System]


def body(*facts: dict[str, object]) -> str:
    return json.dumps({"facts": facts})


@pytest.fixture
def own(dossier: Dossier, system: Systems) -> System:
    return system(Role.COMMUNE_OFFICER, COMMUNE)


@pytest.fixture
def auditor(province: Province, system: Systems) -> System:
    return system(Role.AUDITOR)


# Reading


def test_units_are_found_without_tones_and_come_in_pages(auditor: System) -> None:
    answer = auditor.get("units", q="dak ring")
    assert [unit["name"] for unit in answer.json()["items"]] == ["Xã Đắk Ring"]
    page = auditor.get("units", tier="commune", limit=2, offset=1).json()
    assert (page["count"], page["limit"], page["offset"], len(page["items"])) == (3, 2, 1, 2)
    assert auditor.get("units", limit=501).status_code == 422
    assert auditor.get("units/23455").json()[0]["parent"] == "613"
    assert auditor.get("units/99999").json()["error"]["code"] == "not_found"


def test_cycles_and_their_rulebooks_are_told(auditor: System, province: Province) -> None:
    cycles = auditor.get("cycles").json()
    assert [(cycle["year"], cycle["open"]) for cycle in cycles] == [(2025, True), (2024, False), (2023, False)]
    assert auditor.get("rulebooks").json()[0]["digest"] == province.rulebook.digest
    rulebook = auditor.get(f"cycles/{province.cycle.pk}/rulebook").json()
    assert len(rulebook["sets"]["commune"]["criteria"]) == 38


def test_results_have_the_shape_of_evaluate(auditor: System, province: Province) -> None:
    answer = auditor.get(f"cycles/{province.cycle.pk}/results").json()
    assert answer["framework"] == {"id": "kon-tum-121-2025", "version": "1.0", "digest": province.rulebook.digest}
    units = {unit["code"]: unit for unit in answer["units"]}
    assert {"code", "name", "tier", "parent", "level", "claimed_level", "possible_level", "criteria"} <= units[
        COMMUNE
    ].keys()
    criterion = next(each for each in units[COMMUNE]["criteria"] if each["code"] == "I.1")
    assert (criterion["actual"], criterion["status"]) == ("106/118", "self_reported")
    for code, result in results_of(province.cycle).items():
        assert units[code]["level"] == result.levels.level
        assert units[code]["claimed_level"] == result.levels.claimed_level
    one = auditor.get(f"cycles/{province.cycle.pk}/results", unit=[COMMUNE, "613"]).json()
    assert {unit["code"] for unit in one["units"]} == {COMMUNE, "613"}


def test_why_names_every_blocker(auditor: System, dossier: Dossier) -> None:
    answer = auditor.get(f"dossiers/{dossier.pk}/why", level=4).json()
    assert (answer["unit"], answer["asked"], answer["reached"]) == (COMMUNE, 4, False)
    assert {"criterion", "at_level", "required", "actual", "missing", "clause"} <= answer["blockers"][0].keys()
    assert auditor.get(f"dossiers/{dossier.pk}/why", level=9).status_code == 422
    assert auditor.get(f"dossiers/{dossier.pk}/why", level="x").json()["error"]["places"][0]["at"].endswith("level")


def test_an_index_answers_with_exact_points_and_reasons(index_province: Province, system: Systems) -> None:
    auditor, dossier = system(Role.AUDITOR), dossier_of(index_province, "01-VP")
    (unit,) = auditor.get(f"dossiers/{dossier.pk}/result").json()["units"]
    assert isinstance(unit["points"], str)
    assert unit["rank"] >= 1
    why = auditor.get(f"dossiers/{dossier.pk}/why", indicator="1.1").json()
    assert [line["code"] for line in why["indicators"]] == ["1.1"]
    assert auditor.get(f"dossiers/{dossier.pk}/why", indicator="99").status_code == 404


def test_facts_come_back_as_rows_of_evidence_with_their_documents(own: System, dossier: Dossier) -> None:
    rows = {row["criterion"]: row for row in own.get(f"dossiers/{dossier.pk}/facts").json()["items"]}
    assert (rows["I.1"]["numerator"], rows["I.1"]["denominator"], rows["I.1"]["status"]) == (
        "106",
        "118",
        "self_reported",
    )
    assert rows["I.1"]["documents"][0]["href"] is None


def test_published_acts_are_told_and_others_are_not(auditor: System) -> None:
    assert auditor.get("acts").json() == {"items": [], "count": 0, "limit": 100, "offset": 0}
    assert auditor.get("acts/1").status_code == 404


# Who


def test_without_a_token_nothing_answers_and_a_session_is_none(
    province: Province, browser: Callable[..., Client]
) -> None:
    for client in (Client(), browser(Role.AUDITOR)):
        answer = client.get("/api/v1/units")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["error"]["code"] == "unauthorised"


@pytest.mark.parametrize(
    "wrong", ["", "Bearer", "Bearer x", "Bearer cdl_" + "A" * 43, "Basic cdl_abc", "Bearer " + "é" * 47]
)
def test_a_wrong_token_opens_nothing(province: Province, wrong: str) -> None:
    assert Client().get("/api/v1/units", headers={"Authorization": wrong}).status_code == 401


def test_an_expired_revoked_or_orphaned_token_opens_nothing(province: Province, system: Systems) -> None:
    def works(one: System) -> bool:
        return one.get("units").status_code == 200

    moment = timezone.now() - datetime.timedelta(minutes=1)
    expired, revoked, dismissed, shut, abolished = (system(Role.COMMUNE_OFFICER, COMMUNE) for _ in range(5))
    assert all(map(works, (expired, revoked, dismissed, shut, abolished)))
    ApiToken.objects.filter(pk=expired.token.pk).update(expires_at=moment)
    ApiToken.objects.filter(pk=revoked.token.pk).update(revoked_at=moment)
    Appointment.objects.filter(pk=dismissed.token.appointment_id).update(
        valid_from=moment - datetime.timedelta(days=1), valid_until=moment
    )
    account = shut.token.appointment.account
    account.is_active = False
    account.save()
    assert not any(map(works, (expired, revoked, dismissed, shut)))
    UnitRecord.objects.filter(code=COMMUNE).update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    assert not works(abolished)


def test_a_token_reads_its_unit_and_those_below_and_no_other(province: Province, system: Systems) -> None:
    commune, office = system(Role.COMMUNE_OFFICER, COMMUNE), system(Role.DISTRICT_OFFICE, "613")
    codes = lambda one: {each["unit"] for each in one.get("dossiers", cycle=province.cycle.pk).json()["items"]}  # noqa: E731
    assert codes(commune) == {COMMUNE}
    assert codes(office) == {"613", "23455", "23458"}
    other = dossier_of(province, "23535")
    for state in (State.APPRAISING, State.PUBLISHED):  # what is published is the act, not facts and documents
        Dossier.objects.filter(pk=other.pk).update(state=state.value)
        for path in ("", "/facts", "/result", "/why"):
            answer = office.get(f"dossiers/{other.pk}{path}")
            assert answer.status_code == 403
            assert answer.json()["error"]["code"] == "refused"
    assert commune.get(f"dossiers/{dossier_of(province, '23458').pk}").status_code == 403
    assert {unit["code"] for unit in office.get(f"cycles/{province.cycle.pk}/results").json()["units"]} == {
        "613",
        "23455",
        "23458",
    }


def test_a_token_has_one_appointment_of_a_person_who_holds_two(province: Province, system: Systems) -> None:
    one = system(Role.COMMUNE_OFFICER, COMMUNE)
    Appointment.objects.create(
        account=one.token.appointment.account,
        role=Role.COMMUNE_OFFICER.value,
        unit=UnitRecord.objects.get(code="23458"),
    )
    assert one.get(f"dossiers/{dossier_of(province, '23458').pk}").status_code == 403


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.COMMUNE_OFFICER, "23458"),
        (Role.DISTRICT_OFFICER, "613"),
        (Role.DISTRICT_OFFICE, "613"),
        (Role.DISTRICT_COUNCIL, "613"),
        (Role.DISTRICT_COMMITTEE, "613"),
        (Role.DEPARTMENT, "62"),
        (Role.PROVINCIAL_COUNCIL, "62"),
        (Role.PROVINCIAL_COMMITTEE, "62"),
        (Role.PLANNER, None),
        (Role.AUDITOR, None),
    ],
)
def test_nobody_but_the_units_officer_writes_its_facts(
    dossier: Dossier, system: Systems, role: Role, unit: str | None
) -> None:
    one, before = system(role, unit), list(FactRecord.objects.order_by("pk").values())
    answer = one.post(
        f"cycles/{dossier.cycle_id}/facts",
        body({"unit": COMMUNE, "criterion": "I.1", "numerator": 1, "denominator": 2}),
        **{"Idempotency-Key": "k"},
    )
    assert answer.status_code in (403, 422)  # refused, or a unit that is none of his
    assert one.upload(f"dossiers/{dossier.pk}/facts/I.1/proofs", reference="Công văn 1").status_code == 403
    assert list(FactRecord.objects.order_by("pk").values()) == before


def test_every_operation_needs_a_token(province: Province) -> None:
    for path, methods in schema()["paths"].items():
        for method in methods:
            address = path.replace("{code}", "62").replace("{criterion}", "I.1")
            for name in ("cycle", "dossier", "act", "use"):
                address = address.replace(f"{{{name}}}", "1")
            assert Client().generic(method.upper(), address).status_code == 401, address


# Throttling


def test_a_token_is_throttled_and_told_when_to_come_back(province: Province, system: Systems) -> None:
    one, other = system(Role.AUDITOR, per_minute=3), system(Role.AUDITOR, per_minute=3)
    statuses = [one.get("units").status_code for _ in range(6)]
    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses[3:]
    answer = one.get("units")
    assert answer.json()["error"]["code"] == "too_many_calls"
    assert 0 < int(answer["Retry-After"]) <= 60
    assert other.get("units").status_code == 200


def test_whoever_tries_many_tokens_is_stopped(province: Province) -> None:
    wrong = {"Authorization": "Bearer cdl_" + "A" * 43}
    statuses = [Client().get("/api/v1/units", headers=wrong).status_code for _ in range(62)]
    assert statuses[:30] == [401] * 30
    assert 429 in statuses


# Importing


def test_facts_are_imported_once_whatever_is_repeated(own: System, dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion__in=["I.2", "I.3"]).delete()
    facts = body(
        {"unit": COMMUNE, "criterion": "I.2", "numerator": 74, "denominator": 104, "document": "bc.pdf"},
        {"unit": COMMUNE, "criterion": "I.3", "value": "69.96%", "source": "Cổng dịch vụ công"},
    )
    path = f"cycles/{dossier.cycle_id}/facts"
    first = own.post(path, facts, **{"Idempotency-Key": "a"})
    entries = AuditEntry.objects.count()
    again = own.post(path, facts, **{"Idempotency-Key": "a"})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["changed"] == 2
    assert AuditEntry.objects.count() == entries
    found = fact(dossier, "I.3")
    assert found is not None
    assert (found.numerator, found.denominator, found.entered_through) == (6996, 10000, "api")
    entry = AuditEntry.objects.filter(action="enter_fact").latest("sequence")
    assert (entry.role, entry.unit) == ("commune_officer", COMMUNE)
    other = own.post(path, facts.replace("74", "75"), **{"Idempotency-Key": "a"})
    assert other.status_code == 409
    assert other.json()["error"]["code"] == "key_taken"
    assert ImportKey.objects.count() == 1
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_of_the_same_import_at_the_same_moment_one_is_done_and_all_answer_the_same(
    dossier: Dossier, own: System
) -> None:
    facts = body({"unit": COMMUNE, "criterion": "I.1", "numerator": 110, "denominator": 118})
    ready, answers = threading.Barrier(4), list[tuple[int, object]]()

    def call() -> None:
        ready.wait(timeout=20)
        answer = own.post(f"cycles/{dossier.cycle_id}/facts?overwrite=1", facts, **{"Idempotency-Key": "a"})
        answers.append((answer.status_code, answer.json()))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in answers] == [200] * 4
    assert all(answer == answers[0][1] for _, answer in answers)
    assert ImportKey.objects.count() == 1
    assert AuditEntry.objects.filter(action="enter_fact").count() == 1


def test_the_same_key_of_another_token_is_another_key(own: System, dossier: Dossier, system: Systems) -> None:
    path = f"cycles/{dossier.cycle_id}/facts"
    facts = body({"unit": COMMUNE, "criterion": "I.1", "numerator": 106, "denominator": 118})
    assert own.post(path, facts, **{"Idempotency-Key": "a"}).json()["unchanged"] == 1
    other = system(Role.COMMUNE_OFFICER, COMMUNE)
    assert other.post(path, facts.replace("106", "106 "), **{"Idempotency-Key": "a"}).status_code == 200


def test_what_differs_is_a_conflict_until_the_caller_says_to_replace_it(own: System, dossier: Dossier) -> None:
    path, key = f"cycles/{dossier.cycle_id}/facts", {"Idempotency-Key": "a"}
    facts = body({"unit": COMMUNE, "criterion": "I.1", "numerator": 110, "denominator": 118})
    refused = own.post(path, facts, **key)
    assert refused.status_code == 409
    (conflict,) = refused.json()["error"]["conflicts"]
    assert (conflict["known"], conflict["incoming"], conflict["fields"]) == ("106/118", "110/118", ["amount"])
    before = fact(dossier, "I.1")
    assert before is not None
    assert before.numerator == 106
    assert own.post(f"{path}?overwrite=true", facts, **key).json()["changed"] == 1


def test_every_fault_is_told_at_once_with_its_row_and_column(own: System, dossier: Dossier) -> None:
    path, key = f"cycles/{dossier.cycle_id}/facts", {"Idempotency-Key": "a"}
    before = list(FactRecord.objects.order_by("pk").values())
    facts = body(
        {"unit": COMMUNE, "criterion": "I.1", "numerator": 119, "denominator": 118},
        {"unit": COMMUNE, "criterion": "I.99", "numerator": 1, "denominator": 2},
        {"unit": COMMUNE, "criterion": "I.2", "numerator": 1e3, "denominator": [1]},
        {"unit": "23458", "criterion": "I.2", "numerator": 1, "denominator": 2},
        {"unit": COMMUNE, "criterion": "I.4", "value": "yes", "status": "verified", "document": "x.pdf", "odd": 1},
    )
    answer = own.post(path, facts, **key)
    assert answer.status_code == 422
    places = {(each["row"], each["column"]) for each in answer.json()["error"]["faults"]}
    assert {(1, "numerator"), (2, "criterion"), (3, "denominator"), (4, "unit")} <= places
    assert list(FactRecord.objects.order_by("pk").values()) == before
    assert not ImportKey.objects.exists()  # mended, the same key may be used


def test_a_table_and_lines_are_taken_as_well(own: System, dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion__in=["I.2", "I.3"]).delete()
    path = f"cycles/{dossier.cycle_id}/facts"
    head = "unit,criterion,numerator,denominator,value,status\n"
    table = own.post(path, f"{head}{COMMUNE},I.2,1,2,,\n", "text/csv", **{"Idempotency-Key": "1"})
    lines = own.post(
        path,
        json.dumps(
            {"unit": COMMUNE, "criterion": "I.3", "numerator": "1", "denominator": "2", "value": "", "status": ""}
        ),
        "application/x-ndjson",
        **{"Idempotency-Key": "2"},
    )
    assert (table.json()["changed"], lines.json()["changed"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ("{}", "application/json"),
        ('{"facts": {}}', "application/json"),
        ('{"facts": [1]}', "application/json"),
        ('{"facts": []}', "application/json"),
        ("[" * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        ("x", "text/plain"),
        ("", "text/csv"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b" " * 5_000_001, "application/json"),
    ],
)
def test_what_is_no_import_is_refused_in_json(own: System, dossier: Dossier, content: str | bytes, kind: str) -> None:
    answer = own.post(f"cycles/{dossier.cycle_id}/facts", content, kind, **{"Idempotency-Key": "a"})
    assert answer.status_code == 422
    assert answer.json()["error"]["vi"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 101, "ä"])
def test_an_import_needs_a_key(own: System, dossier: Dossier, key: str) -> None:
    answer = own.post(f"cycles/{dossier.cycle_id}/facts", body(), **{"Idempotency-Key": key})
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["error"]["en"]


def test_after_handing_in_an_import_says_why_not(own: System, dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(state="submitted")
    answer = own.post(
        f"cycles/{dossier.cycle_id}/facts",
        body({"unit": COMMUNE, "criterion": "I.1", "numerator": 1, "denominator": 2}),
        **{"Idempotency-Key": "a"},
    )
    assert answer.status_code == 403
    assert "Đã nộp" in answer.json()["error"]["vi"]


def test_what_the_council_has_ruled_on_is_named_and_stays(own: System, dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion="I.1").update(status="verified")
    answer = own.post(
        f"cycles/{dossier.cycle_id}/facts?overwrite=1",
        body({"unit": COMMUNE, "criterion": "I.1", "numerator": 1, "denominator": 2}),
        **{"Idempotency-Key": "a"},
    )
    assert answer.json()["settled"] == [f"{COMMUNE}/I.1"]
    assert answer.json()["changed"] == 0


# Proof


def test_proof_is_handed_in_once_and_fetched_with_the_same_token(own: System, dossier: Dossier) -> None:
    path = f"dossiers/{dossier.pk}/facts/I.1/proofs"
    for _ in range(2):
        answer = own.upload(path, files=SimpleUploadedFile("bc.pdf", PDF), reference="Công văn 7")
        assert answer.status_code == 200
    documents = answer.json()
    assert [each["reference"] for each in documents][-2:] == ["bc.pdf", "Công văn 7"]
    href = next(each["href"] for each in documents if each["reference"] == "bc.pdf")
    sent = own.client.get(href, headers=own.headers)
    assert b"".join(sent.streaming_content) == PDF
    assert Client().get(href).status_code == 401


def test_a_hostile_proof_is_refused(own: System, dossier: Dossier) -> None:
    path = f"dossiers/{dossier.pk}/facts/I.1/proofs"
    count = FactProof.objects.count()
    assert own.upload(path, files=SimpleUploadedFile("a.pdf", b"MZ")).status_code == 422
    assert own.upload(path, files=SimpleUploadedFile("a.svg", b"<svg/>")).status_code == 422
    assert own.upload(path).status_code == 422
    assert own.upload(f"dossiers/{dossier.pk}/facts/IX.1/proofs", reference="x").status_code == 422
    assert FactProof.objects.count() == count


# The schema, the documentation, the tokens' page


def test_the_schema_names_every_operation_and_the_documentation_shows_them() -> None:
    document = schema()
    assert len(document["paths"]) == 16
    assert Client().get("/api/openapi.json").json()["openapi"].startswith("3.")
    page = Client().get("/api/")
    assert page.status_code == 200
    assert "Nhập số liệu" in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert "https://" not in page.content.decode().split("<main")[1].split("</main")[0]


def test_a_token_is_shown_once_and_only_its_hash_is_kept(province: Province, browser: Callable[..., Client]) -> None:
    client = browser(Role.COMMUNE_OFFICER, COMMUNE)
    post = Appointment.objects.latest("pk")
    answer = client.post(
        "/tokens/issue/", {"appointment": post.pk, "name": "Cổng dịch vụ công", "days": 90, "per_minute": 60}
    )
    text = answer.content.decode()
    secret = text[text.index("cdl_") :][:47]
    token = ApiToken.objects.get()
    assert secret not in client.get("/tokens/").content.decode()
    assert token.prefix == secret[:12]
    assert secret not in json.dumps([entry.after for entry in AuditEntry.objects.all()])
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.filter(action="issue_token", object_label="Cổng dịch vụ công").exists()
    works = lambda: Client().get("/api/v1/units", headers={"Authorization": f"Bearer {secret}"}).status_code  # noqa: E731
    assert works() == 200
    assert browser(Role.COMMUNE_OFFICER, COMMUNE).post(f"/tokens/{token.pk}/revoke/").status_code == 303
    assert works() == 200  # another's: nothing happened
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 303
    assert works() == 401
    assert AuditEntry.objects.filter(action="revoke_token").exists()


@pytest.mark.parametrize(
    "typed",
    [{"name": ""}, {"days": "0"}, {"days": "367"}, {"days": "x"}, {"per_minute": "601"}, {"appointment": "999999"}],
)
def test_a_token_that_cannot_be_is_told_and_what_was_typed_stays(
    province: Province, browser: Callable[..., Client], typed: dict[str, str]
) -> None:
    client = browser(Role.COMMUNE_OFFICER, COMMUNE)
    fields = {
        "appointment": Appointment.objects.latest("pk").pk,
        "name": "Tên",
        "days": "9",
        "per_minute": "60",
        **typed,
    }
    answer = client.post("/tokens/issue/", fields)
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_an_administrator_has_no_tokens(province: Province, browser: Callable[..., Client]) -> None:
    client = browser(Role.ADMINISTRATOR)
    post = Appointment.objects.latest("pk")
    assert "không được cấp khóa" in client.get("/tokens/").content.decode()
    answer = client.post("/tokens/issue/", {"appointment": post.pk, "name": "x", "days": 9, "per_minute": 60})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_half_a_character_is_a_fault_of_the_caller_and_not_of_the_server(own: System, dossier: Dossier) -> None:
    answer = own.post(
        f"cycles/{dossier.cycle_id}/facts", '{"facts": [{"unit": "\\ud800"}]}', **{"Idempotency-Key": "half"}
    )
    assert answer.status_code == 422
