"""What a unit learns of the rulings on its dossier, and when: nothing while a round is open."""

import html
import io
import json
import re
from collections.abc import Callable
from itertools import chain

import pytest
from django.test import Client
from openpyxl import load_workbook

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.appraisal import rule_on
from certification.store.assessments import fact_records
from certification.store.changes import change_dossier
from certification.store.facts import Cells
from certification.store.loading import Province
from certification.store.matters import docket_of
from certification.store.models import Account, Dossier, FactRecord
from certification.store.results import results_of, verdict_of
from certification.store.telling import in_full, reading_as
from certification.store.tokens import issue_token
from evidence.facts import Amount, Status
from evidence.rulings import Ruling
from rules.verdict import CriterionVerdict, Levels
from tests.web.appraisal.conftest import seat
from tests.web.conftest import Person

REASON = "đếm lại tại Cổng dịch vụ công"
SECRETS = (REASON, "100/118")


@pytest.fixture
def officer(received: Dossier, person: Person) -> Account:
    """The officer of the commune whose dossier is appraised."""
    return person(Role.COMMUNE_OFFICER, received.unit.code, "Cán Bộ Xã")


def adjust(judge: Actor, dossier: Dossier) -> None:
    rule_on(judge, dossier.pk, "I.1", Ruling.ADJUST, cells={"I.1": Cells("100", "118")}, reason=REASON)


def close_round(judge: Actor, dossier: Dossier) -> None:
    with change_dossier(judge, Action.CLOSE_ROUND, dossier.pk, why="xin giải trình"):
        ...


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(pk=dossier.pk)


def found(dossier: Dossier) -> CriterionVerdict:
    return next(each for each in verdict_of(again(dossier)).criteria if each.code == "I.1")


OTHERS = re.compile(r"^/(static|account|public|help|language|tokens|calendar)/|/(?!I\.1\b)[IVX]+\.\d+")
"""What tells of no dossier, and the pages of the other criteria."""


def crawl(client: Client, *starts: str) -> dict[str, bytes]:
    """Every page and file that links lead to, each once in its plain form and once as a workbook."""
    waiting, found = list(starts), dict[str, bytes]()
    while waiting:
        at = waiting.pop()
        if at in found or OTHERS.search(at):
            continue
        response = client.get(at, follow=True)
        found[at] = b"".join(response) if response.streaming else response.content
        if "html" in response.headers.get("Content-Type", ""):
            for link in re.findall(r'(?:href|hx-get|src)="(/[^"#]*)', found[at].decode()):
                path, _, query = html.unescape(link).partition("?")
                waiting.append(path + ("?format=xlsx" if "format=xlsx" in query else ""))
    return found


def words(content: bytes) -> str:
    if content[:2] == b"PK":
        try:
            book = load_workbook(io.BytesIO(content))
        except KeyError:
            return ""
        cells = chain.from_iterable(row for sheet in book for row in sheet.iter_rows(values_only=True))
        return " ".join(str(cell) for cell in cells if cell is not None)
    return html.unescape(content.decode(errors="replace"))


def test_no_page_tells_the_unit_a_ruling_while_the_round_is_open(
    received: Dossier, judge: Actor, officer: Account, sign_in: Callable[[Account], Client]
) -> None:
    adjust(judge, received)
    pages = crawl(sign_in(officer), "/", f"/dossiers/{received.pk}/", f"/units/{received.unit_id}/")
    assert len(pages) > 30
    telling = {at: secret for at, content in pages.items() for secret in SECRETS if secret in words(content)}
    assert telling == {}


def test_the_crawl_would_have_found_it(
    received: Dossier, judge: Actor, officer: Account, sign_in: Callable[[Account], Client]
) -> None:
    adjust(judge, received)
    close_round(judge, received)
    pages = crawl(sign_in(officer), f"/dossiers/{received.pk}/", f"/units/{received.unit_id}/")
    assert {secret for content in pages.values() for secret in SECRETS if secret in words(content)} == set(SECRETS)


def test_a_call_of_the_unit_reads_its_own_value_until_the_round_is_closed(
    received: Dossier, judge: Actor, officer: Account
) -> None:
    post = officer.appointments.get()
    token = issue_token(actor_of(officer), post.pk, "Phần mềm của xã", 30).secret
    client = Client(headers={"Authorization": f"Bearer {token}"})

    def told(address: str) -> str:
        return json.dumps(client.get(f"/api/v1/dossiers/{received.pk}/{address}").json(), ensure_ascii=False)

    adjust(judge, received)
    for address in ("facts", "result", "why?level=1"):
        assert not any(secret in told(address) for secret in SECRETS), address
    assert "106/118" in told("result") or '"numerator": "106"' in told("facts")
    close_round(judge, received)
    assert REASON in told("facts")


def test_who_is_above_the_unit_or_audits_reads_rulings_as_they_are_made(
    received: Dossier, judge: Actor, actor: Callable[..., Actor]
) -> None:
    adjust(judge, received)
    for reader in (judge, actor(Role.DISTRICT_OFFICE, "613"), actor(Role.AUDITOR), actor(Role.DEPARTMENT, "62")):
        with reading_as(lambda reader=reader: reader):  # type: ignore[misc]  # the reader of this turn
            assert docket_of(again(received)).by_code["I.1"].ruling is Ruling.ADJUST


def test_the_second_round_is_untold_and_the_first_stays_told(received: Dossier, judge: Actor, officer: Account) -> None:
    adjust(judge, received)
    close_round(judge, received)
    with change_dossier(judge, Action.OPEN_SECOND_ROUND, received.pk, why="chưa giải trình"):
        ...
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="tài liệu không đúng kỳ")
    rule_on(judge, received.pk, "I.2", Ruling.ACCEPT)
    with reading_as(lambda: actor_of(officer)):
        docket = docket_of(again(received))
        part = docket.by_code["I.1"].parts[0]
        assert (part.standing.status, part.standing.amount, part.standing.note) == (
            Status.ADJUSTED, Amount(100, 118), REASON
        )  # fmt: skip
        assert part.standing.reported == Amount(106, 118)
        assert [past.note for past in part.past] == [REASON]
        assert docket.by_code["I.2"].ruling is None


def test_the_units_result_is_the_one_it_knows_and_what_is_kept_is_the_true_one(
    received: Dossier, judge: Actor, officer: Account
) -> None:
    before = found(received)
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason=REASON)
    code = received.unit.code
    with reading_as(lambda: actor_of(officer)):
        assert found(received) == before
        seen = results_of(received.cycle)[code].by_code["I.1"]
        assert seen.levels == before.levels
        with in_full():
            assert results_of(received.cycle)[code].by_code["I.1"].levels.claimed_level == 0
    assert results_of(received.cycle)[code].by_code["I.1"].levels.claimed_level == 0


def test_a_ruling_taken_away_in_the_second_round_is_still_told(
    received: Dossier, judge: Actor, officer: Account
) -> None:
    FactRecord.objects.filter(dossier=received, criterion="I.1").delete()
    adjust_missing = {"I.1": Cells("90", "118")}
    rule_on(judge, received.pk, "I.1", Ruling.ADJUST, cells=adjust_missing, reason=REASON)
    close_round(judge, received)
    with change_dossier(judge, Action.OPEN_SECOND_ROUND, received.pk, why="chưa giải trình"):
        ...
    rule_on(judge, received.pk, "I.1", Ruling.REOPEN)
    assert not FactRecord.objects.filter(dossier=received, criterion="I.1").exists()
    with reading_as(lambda: actor_of(officer)):
        assert found(received).actual == "90/118"
        assert docket_of(again(received)).by_code["I.1"].parts[0].standing.amount == Amount(90, 118)


def test_rulings_that_came_with_the_data_are_untold_too(received: Dossier, officer: Account) -> None:
    rows = FactRecord.objects.filter(dossier=received, criterion="I.1")
    rows.update(status="adjusted", numerator=100, reported_numerator=106, reported_denominator=118, note=REASON)
    Dossier.objects.filter(pk=received.pk).update(state=State.APPRAISING.value)
    with reading_as(lambda: actor_of(officer)):
        standing = docket_of(again(received)).by_code["I.1"].parts[0].standing
    assert (standing.status, standing.amount, standing.note) == (Status.SELF_REPORTED, Amount(106, 118), "")


def test_rulings_that_came_with_the_data_stay_untold_when_the_council_rules_again(
    received: Dossier, judge: Actor, officer: Account
) -> None:
    rows = FactRecord.objects.filter(dossier=received, criterion="I.1")
    rows.update(status="adjusted", numerator=100, reported_numerator=106, reported_denominator=118, note=REASON)
    Dossier.objects.filter(pk=received.pk).update(state=State.APPRAISING.value)
    rule_on(judge, received.pk, "I.1", Ruling.REJECT, reason="tài liệu không đúng kỳ")
    with reading_as(lambda: actor_of(officer)):
        standing = docket_of(again(received)).by_code["I.1"].parts[0].standing
    assert (standing.status, standing.amount, standing.note) == (Status.SELF_REPORTED, Amount(106, 118), "")


def test_a_call_does_not_tell_which_facts_were_ruled_on(received: Dossier, judge: Actor, officer: Account) -> None:
    with reading_as(lambda: actor_of(officer)):
        before = {row.criterion: row.version for row in fact_records([received])}
        adjust(judge, received)
        rule_on(judge, received.pk, "I.2", Ruling.ACCEPT)
        rule_on(judge, received.pk, "I.2", Ruling.REOPEN)
    with reading_as(lambda: actor_of(officer)):
        assert {row.criterion: row.version for row in fact_records([received])} == before


def test_what_is_ruled_again_on_last_years_inspection_has_no_part_in_this_years_result_yet(
    province: Province, received: Dossier, member: Account, officer: Account
) -> None:
    judge = actor_of(member)
    FactRecord.objects.filter(dossier=received, criterion="I.11").delete()
    last = Dossier.objects.get(cycle__year=province.cycle.year - 1, unit=received.unit)
    stands = {"status": "verified", "numerator": 10, "denominator": 10, "draft": False, "round": ""}
    FactRecord.objects.update_or_create(dossier=last, criterion="I.11", defaults=stands)
    Dossier.objects.filter(pk=last.pk).update(state=State.REAPPRAISING.value)
    seat(member, last.cycle, "613")
    code = received.unit.code

    def levels() -> Levels:
        with reading_as(lambda: actor_of(officer)):
            return results_of(again(received).cycle)[code].by_code["I.11"].levels

    before = levels()
    assert before.level > 0
    rule_on(judge, last.pk, "I.11", Ruling.REJECT, reason=REASON)
    assert results_of(received.cycle)[code].by_code["I.11"].levels != before
    assert levels() == before


def test_a_plan_rests_on_what_the_unit_has_been_told_since(
    received: Dossier, judge: Actor, officer: Account, sign_in: Callable[[Account], Client]
) -> None:
    client, page = sign_in(officer), f"/planning/{received.pk}/what-if/"
    adjust(judge, received)
    assert "106/118" in client.get(page).content.decode()
    close_round(judge, received)
    with change_dossier(judge, Action.OPEN_SECOND_ROUND, received.pk, why="chưa giải trình"):
        ...
    assert "100/118" in client.get(page).content.decode()


def test_the_pages_of_the_appraisal_are_closed_to_the_unit_meanwhile(
    received: Dossier, judge: Actor, officer: Account, sign_in: Callable[[Account], Client]
) -> None:
    adjust(judge, received)
    client = sign_in(officer)
    response = client.get(f"/appraisal/{received.pk}/")
    assert response.status_code == 403
    assert "yêu cầu giải trình" in response.content.decode()
    close_round(judge, received)
    assert client.get(f"/appraisal/{received.pk}/").status_code == 200
