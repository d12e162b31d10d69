"""Who gets where: every page × every role × own and other units, with real requests, against the procedure."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, may
from certification.procedure.roles import Role
from certification.procedure.states import states_for
from certification.store.loading import Province
from certification.store.models import (
    Account,
    Appointment,
    Council,
    CouncilMember,
    Dossier,
    FactRecord,
)
from certification.store.subjects import outline_of, subject_of
from certification.store.tokens import issue_token
from tests.web.conftest import dossier_of
from tests.web.matrix import CANARY, Place, Reader, allows, asked, called, calls, pages, told, visits

CLOSELY = frozenset({"own commune", "other commune"})
"""The places about which everybody who is let in asks for every page."""

Person = Callable[..., Account]


def test_every_page_has_a_gate_that_asks_what_the_matrix_says() -> None:
    found = {page.name: told(page.gate) for page in pages()}
    assert found == asked()


def test_every_call_of_the_api_stands_in_the_matrix() -> None:
    assert {name for name, _, _ in calls()} == set(called())


def test_no_page_takes_a_form_that_another_site_sent() -> None:
    assert [page.name for page in pages() if getattr(page.view, "csrf_exempt", False)] == []


@pytest.mark.whole
def test_every_page_lets_in_whom_the_procedure_lets_in_and_nobody_else(
    readers: list[Reader], places: list[Place]
) -> None:
    questions = asked()
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    done: set[tuple[str, str, str]] = set()
    for page, place, address in visits(places):
        for reader in readers:
            allowed = allows(questions.get(page.name, told(page.gate)), reader.actor, place.dossier)
            for method in ("get", "post"):
                opened = (page.name, place.name, method)
                if allowed and place.name not in CLOSELY and opened in done:
                    continue  # somebody else was let in there already; whoever is not is tried everywhere
                if allowed:
                    done.add(opened)
                status, problem = _try(reader, method, address, place, allowed=allowed)
                seen[status] += 1
                if problem:
                    wrong.append(f"{method} {page.name} about {place.name} by {reader.name}: {status}, {problem}")
    assert not wrong, f"{len(wrong)} of {seen}:\n" + "\n".join(wrong)


def _try(reader: Reader, method: str, address: str, place: Place, *, allowed: bool) -> tuple[str, str]:
    """What one request came to, with nothing of it kept; and what is wrong with that."""
    reader.client.raise_request_exception = False
    kept = reader.client.cookies.copy()
    with transaction.atomic():
        answer = getattr(reader.client, method)(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    reader.client.cookies = kept  # whatever was signed out is signed in again, as in the database
    status = str(answer.status_code)
    if answer.status_code >= 500:
        return status, "broken"
    if not allowed and not _turned_away(answer) and answer.status_code != 405:
        return status, "should have been turned away"
    if reader.actor is not None and not allowed and answer.status_code == 302:
        return status, "was sent to the login although signed in"
    canary = f"{CANARY}-{place.dossier.pk}".encode()
    if canary in content and not (reader.actor and may(reader.actor, Action.READ_DOSSIER, outline_of(place.dossier))):
        return status, "shows what stands in a dossier that is closed to the reader"
    return status, ""


@pytest.mark.whole
def test_a_call_is_answered_for_the_role_and_unit_of_its_token_and_for_nobody_else(
    readers: list[Reader], places: list[Place]
) -> None:
    questions, wrong = called(), []
    for reader in readers:
        headers = _bearer(reader)
        for place in places:
            for name, method, address in calls():
                path = address.format_map({**place.keys, "code": place.dossier.unit.code})
                allowed = bool(headers) and allows(questions[name], reader.actor, place.dossier)
                with transaction.atomic():
                    answer = getattr(reader.client, method)(path, headers={**headers, "Idempotency-Key": "1"})
                    transaction.set_rollback(True)
                told_why = answer.status_code in ((403,) if headers else (401,))
                if answer.status_code >= 500 or told_why is allowed:
                    wrong.append(f"{name} about {place.name} by {reader.name}: {answer.status_code}")
                if not allowed and f"{CANARY}-{place.dossier.pk}" in answer.text:
                    wrong.append(f"{name} shows {reader.name} what stands in the dossier of {place.name}")
    assert not wrong, "\n".join(wrong)


def _bearer(reader: Reader) -> dict[str, str]:
    """The header of a token of the reader's only role; none where he may have no token. His session opens nothing."""
    if reader.actor is None or reader.actor.account is None:
        return {}
    appointment = Appointment.objects.get(account=reader.actor.account)
    try:
        issued = issue_token(reader.actor, appointment.pk, "Hệ thống khác", 30, per_minute=600)
    except Refused:
        assert reader.name == Role.ADMINISTRATOR
        return {}
    return {"Authorization": f"Bearer {issued.secret}"}


def _turned_away(answer: HttpResponse) -> bool:
    return answer.status_code == 403 or answer.headers.get("Location", "").startswith("/account/login/")


STEPS = (
    Action.REGISTER, Action.SUBMIT, Action.WITHDRAW, Action.RECEIVE, Action.REFUSE_LATE, Action.RETURN,
    Action.CLOSE_ROUND, Action.OPEN_SECOND_ROUND, Action.CLOSE_APPRAISAL, Action.PROPOSE, Action.SEND_BACK,
    Action.COMPLAIN, Action.DISMISS_COMPLAINT, Action.REOPEN, Action.DECLARE_CONFLICT,
)  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize("entered", [False, True], ids=["entered by others", "entered by the one who acts"])
def test_a_step_is_taken_by_whom_the_procedure_lets_take_it_and_by_nobody_else(
    readers: list[Reader], province: Province, entered: bool
) -> None:
    """Real forms, in a state in which the step can be taken, at one's own units and at others'."""
    _seat_everybody(readers, province)
    wrong = []
    taken: Counter[Action] = Counter()
    for action in STEPS:
        for code in ("23473", "613", "23537"):
            dossier = dossier_of(province, code)
            Dossier.objects.filter(pk=dossier.pk).update(state=states_for("levels", action)[0])
            for reader in readers:
                with transaction.atomic():
                    if entered and reader.actor is not None:
                        FactRecord.objects.filter(dossier=dossier).update(entered_by=reader.actor.account)
                    subject, before = subject_of(dossier_of(province, code)), _trace(dossier)
                    allowed = reader.actor is not None and may(reader.actor, action, subject)
                    form = {"why": "theo hồ sơ", "target": "3"}
                    answer = reader.client.post(reverse("procedure:step", args=[dossier.pk, action.value]), form)
                    changed = _trace(dossier) != before
                    transaction.set_rollback(True)
                if changed:
                    taken[action] += 1
                if (changed and not allowed) or _turned_away(answer) is allowed:
                    wrong.append(f"{action} on {code} by {reader.name}: {answer.status_code}, changed: {changed}")
    assert not wrong, "\n".join(wrong)
    # Nobody judges what he entered; without that every step is open to somebody, save those that need more than a form.
    by_the_unit = {Action.REGISTER, Action.SUBMIT, Action.WITHDRAW, Action.COMPLAIN}
    assert by_the_unit <= set(taken)
    assert set(taken) <= by_the_unit | {Action.DECLARE_CONFLICT} if entered else len(taken) >= len(STEPS) - 2


def _trace(dossier: Dossier) -> tuple[str, int, int]:
    dossier.refresh_from_db()
    return dossier.state, dossier.transitions.count(), dossier.conflicts.count()


def _seat_everybody(readers: list[Reader], province: Province) -> None:
    for code, role in (("613", Role.DISTRICT_COUNCIL), ("62", Role.PROVINCIAL_COUNCIL)):
        board = Council.objects.create(cycle=province.cycle, body=province.units[code])
        actor = next(reader.actor for reader in readers if reader.name == role)
        assert actor is not None
        CouncilMember.objects.create(council=board, account_id=actor.account, name=actor.name)
