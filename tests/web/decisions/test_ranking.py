"""A ranking is signed and published as an act of its own; without one of its units there is none."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.ranking_verification import verify_ranking
from certification.store.assessments import rating_of
from certification.store.changes import Overtaken
from certification.store.decisions import Signature, act_in_force, governed_by, publish, revoke, sign
from certification.store.dossiers import complain, reopen
from certification.store.drafts import waiting_groups
from certification.store.loading import Province, load_assessment
from certification.store.models import Act, AuditEntry, Dossier, FactRecord
from certification.store.published import stated_in
from certification.store.unfit import Unfit
from evidence.facts import Status
from rules.scores import Reading
from tests.web.conftest import cut, read_sample
from tests.web.decisions.conftest import ready

pytestmark = pytest.mark.usefixtures("without_pdf")


@pytest.fixture
def proposed(index_province: Province) -> list[Dossier]:
    cycle = index_province.cycle
    rated = [place.score.unit.code for group in rating_of(cycle).ranking().groups for place in group.places]
    return ready(cycle, rated, datetime.date(cycle.year, 12, 12))


def test_a_ranking_is_signed_sealed_and_published(
    proposed: list[Dossier], index_province: Province, actor: Callable[..., Actor], tmp_path: Path
) -> None:
    root = index_province.cycle.root.code
    day = datetime.date(index_province.cycle.year, 12, 18)
    act = sign(
        actor(Role.PROVINCIAL_COMMITTEE, root), {row.pk: row.version for row in proposed}, Signature(day, "Trần A")
    )
    assert act.kind == "ranking"
    ranking = rating_of(index_province.cycle).ranking(Reading.ACCEPTED)
    stated = {entry.dossier.unit.code: entry.result["rank"] for entry in act.units.select_related("dossier__unit")}
    assert stated == {place.score.unit.code: place.rank for group in ranking.groups for place in group.places}
    assert set(act.units.values_list("level", flat=True)) == {None}
    for file in act.files.all():
        (tmp_path / file.name).write_bytes(bytes(file.content))
    (bundle,) = tmp_path.glob("*.json")
    findings = list(verify_ranking(bundle, bundle.name, {index_province.rulebook.digest}))
    assert [finding.text.vi for finding in findings if finding.agrees is False] == []
    publish(actor(Role.DEPARTMENT, root), act)
    assert set(Dossier.objects.filter(acts__act=act).values_list("state", flat=True)) == {State.PUBLISHED}


def test_a_ranking_without_one_of_its_units_is_refused_and_names_it(
    proposed: list[Dossier], index_province: Province, actor: Callable[..., Actor]
) -> None:
    chosen, left_out = proposed[1:], proposed[0]
    day = datetime.date(index_province.cycle.year, 12, 18)
    with pytest.raises(Unfit) as refused:
        sign(
            actor(Role.PROVINCIAL_COMMITTEE, index_province.cycle.root.code),
            {row.pk: row.version for row in chosen},
            Signature(day, "Trần A"),
        )
    assert left_out.unit.name in refused.value.text.vi


# An upheld complaint: one unit is appraised again, and the ranking of all is replaced

ROOT, FIRST = "01", "01-BDT"
DAY, LATER = datetime.date(2024, 12, 18), datetime.date(2025, 1, 15)
WHY = "Khiếu nại của đơn vị được chấp nhận"
People = Callable[..., Actor]


@pytest.fixture
def province() -> Province:
    """Three departments of Hà Nội."""
    return load_assessment("ha-noi-2024", *cut(*read_sample("ha-noi-2024"), ("01-BDT", "01-VP", "01-BQLKCN")))


@pytest.fixture
def few(db: None, province: Province) -> list[Dossier]:
    codes = province.cycle.dossiers.values_list("unit__code", flat=True)
    return ready(province.cycle, codes, datetime.date(2024, 12, 12))


@pytest.fixture
def committee(actor: People) -> Actor:
    return actor(Role.PROVINCIAL_COMMITTEE, ROOT)


def appraise_again(province: Province, code: str) -> Dossier:
    """The council finds that nothing of what the unit reported counts, and the office proposes."""
    FactRecord.objects.filter(dossier__cycle=province.cycle, dossier__unit__code=code).update(status=Status.REJECTED)
    (dossier,) = ready(province.cycle, [code], datetime.date(2025, 1, 10))
    return dossier


def uphold(province: Province, code: str, actor: People, committee: Actor) -> Dossier:
    """Complained of, reopened, appraised again, proposed."""
    dossier = province.cycle.dossiers.get(unit__code=code)
    complain(actor(Role.AGENCY_OFFICER, code), dossier.pk, "Điểm chỉ số 1.1 chưa đúng")
    reopen(committee, dossier.pk, WHY)
    return appraise_again(province, code)


def states_of(province: Province) -> dict[str, State]:
    return {code: State(state) for code, state in province.cycle.dossiers.values_list("unit__code", "state")}


def ranks_of(act: Act) -> dict[str, int]:
    return {entry.dossier.unit.code: entry.result["rank"] for entry in act.units.select_related("dossier__unit")}


def test_an_upheld_complaint_ends_in_a_ranking_of_all_units_that_replaces_the_first(
    few: list[Dossier], province: Province, actor: People, committee: Actor, client: Client, tmp_path: Path
) -> None:
    office = actor(Role.DEPARTMENT, ROOT)
    first = sign(committee, {row.pk: row.version for row in few}, Signature(DAY, "Trần A"))
    publish(office, first)
    best = min(ranks_of(first), key=lambda code: ranks_of(first)[code])
    again = uphold(province, best, actor, committee)
    steps = {row.pk: row.transitions.count() for row in few}

    (group,) = waiting_groups(province.cycle)
    assert set(group.codes) == set(ranks_of(first))
    second = sign(committee, {again.pk: again.version}, Signature(LATER, "Trần A", WHY))

    assert second.replaces == first
    assert set(ranks_of(second)) == set(ranks_of(first))
    assert ranks_of(second)[best] == len(few)
    assert ranks_of(first)[best] == 1
    kept = [row for row in few if row.pk != again.pk]
    assert states_of(province) == {row.unit.code: State.PUBLISHED for row in kept} | {best: State.RECOGNISED}
    for row in kept:  # no step is taken, and the log tells what was stated again
        assert row.transitions.count() == steps[row.pk]
        entry = AuditEntry.objects.get(action="restate", object_kind="dossier", object_id=str(row.pk))
        assert second.number in str(entry.after)
    assert {row.pk for row in governed_by(second)} == {row.pk for row in few}
    assert governed_by(first) == []
    page = bytes(second.files.get(name__endswith=".html").content).decode()
    assert f"Quyết định số {first.number}" in page
    assert "ngày 12 tháng 12 năm 2024" in page
    assert "ngày 10 tháng 01 năm 2025" in page
    for file in second.files.all():
        (tmp_path / file.name).write_bytes(bytes(file.content))
    (bundle,) = tmp_path.glob("*.json")
    findings = verify_ranking(bundle, bundle.name, {province.rulebook.digest})
    assert [finding.text.vi for finding in findings if finding.agrees is False] == []

    assert {stated.act for stated in stated_in(province.cycle).values()} == {first}  # until it is public
    publish(office, second)
    assert set(states_of(province).values()) == {State.PUBLISHED}
    stated = stated_in(province.cycle)
    assert {code: each.entry.result["rank"] for code, each in stated.items()} == ranks_of(second)
    assert waiting_groups(province.cycle) == []
    old = client.get(f"/public/decisions/{first.pk}/").content.decode()
    assert "đã được thay thế bởi" in old
    assert second.number in old
    assert first.number in client.get(f"/public/decisions/{second.pk}/").content.decode()


def test_who_signs_looks_at_all_units_of_the_replacing_ranking_and_signs_on_its_page(
    few: list[Dossier], province: Province, actor: People, committee: Actor, browser: Callable[..., Client]
) -> None:
    first = sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A"))
    publish(committee, first)
    uphold(province, FIRST, actor, committee)
    page = browser(Role.PROVINCIAL_COMMITTEE, ROOT)
    assert "2 đơn vị giữ kết quả thẩm định, xếp hạng lại" in page.get("/decisions/waiting/").content.decode()
    (group,) = waiting_groups(province.cycle)
    address = f"/decisions/draft/{province.cycle.pk}/{group.body.pk}/all/"
    shown = page.get(address).content.decode()
    assert shown.count("giữ kết quả thẩm định, ghi lại hạng") == 2
    assert "Ký và niêm phong" in shown
    form = {
        "dossier": [f"{row.pk}.{row.version}" for row in group.dossiers],
        "signed_on": "2025-01-15",
        "signer": "Trần A",
        "why": WHY,
    }
    answer = page.post(address, form)
    assert answer.status_code in (302, 303), answer.content.decode()
    second = Act.objects.get(replaces=first)
    assert page.post(f"/decisions/{second.pk}/publish/").status_code in (302, 303)
    ranking = page.get(f"/indexes/ranking/?cycle={province.cycle.pk}").content.decode()
    assert f"thay thế Quyết định {first.number}" in ranking
    assert "quyết định này đã được thay thế" in ranking


def test_a_ranking_that_is_signed_and_not_public_yet_is_replaced_as_well(
    few: list[Dossier], province: Province, committee: Actor
) -> None:
    first = sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A"))
    wrong = province.cycle.dossiers.get(unit__code=FIRST)
    revoke(committee, first, {wrong.pk: None}, Signature(DAY, "Trần A", "Có sai sót"))
    reopen(committee, wrong.pk, "Có sai sót")
    again = appraise_again(province, FIRST)
    second = sign(committee, {again.pk: again.version}, Signature(LATER, "Trần A", WHY))
    assert second.replaces == first
    assert set(states_of(province).values()) == {State.RECOGNISED}
    with pytest.raises(Unfit, match="No dossier waits"):
        publish(committee, first)
    publish(committee, second)
    assert set(states_of(province).values()) == {State.PUBLISHED}
    assert {act_in_force(row) for row in few} == {second}


def test_no_ranking_is_replaced_where_no_unit_was_appraised_again(
    few: list[Dossier], province: Province, committee: Actor
) -> None:
    publish(committee, sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A")))
    with pytest.raises(Unfit, match="none was appraised again"):
        sign(committee, {row.pk: None for row in few}, Signature(LATER, "Trần A", WHY))
    assert waiting_groups(province.cycle) == []
    assert Act.objects.count() == 1


def test_a_unit_with_a_pending_complaint_holds_the_replacing_ranking_up_and_is_named(
    few: list[Dossier], province: Province, actor: People, committee: Actor
) -> None:
    publish(committee, sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A")))
    again = uphold(province, FIRST, actor, committee)
    other = next(row for row in few if row.pk != again.pk)
    complain(actor(Role.AGENCY_OFFICER, other.unit.code), other.pk, "Điểm chưa đúng")
    with pytest.raises(Unfit) as refused:
        sign(committee, {again.pk: None}, Signature(LATER, "Trần A", WHY))
    assert other.unit.name in refused.value.text.vi


def test_who_entered_facts_of_a_kept_unit_does_not_sign_its_rank_again(
    few: list[Dossier], province: Province, actor: People, committee: Actor
) -> None:
    publish(committee, sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A")))
    again = uphold(province, FIRST, actor, committee)
    other = next(row for row in few if row.pk != again.pk)
    FactRecord.objects.filter(dossier=other).update(entered_by=committee.account)
    with pytest.raises(Refused, match="nobody appraises what he entered"):
        sign(committee, {again.pk: None}, Signature(LATER, "Trần A", WHY))


def test_a_kept_unit_that_was_handled_since_the_page_was_made_stops_the_signing(
    few: list[Dossier], province: Province, actor: People, committee: Actor
) -> None:
    publish(committee, sign(committee, {row.pk: None for row in few}, Signature(DAY, "Trần A")))
    again = uphold(province, FIRST, actor, committee)
    other = next(row for row in few if row.pk != again.pk)
    with pytest.raises(Overtaken):
        sign(committee, {again.pk: again.version, other.pk: 0}, Signature(LATER, "Trần A", WHY))
