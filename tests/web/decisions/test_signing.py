"""Acts in the store: signed once and for ever, numbered without gaps, replaced or revoked by another."""

import datetime
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from certification.bundle import bundles_in
from certification.decisions import Unsignable
from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.revocation_bundle import acts_beside, read_revocation, seal_revocation, verify_revocation
from certification.store import audit, decisions
from certification.store.assessments import assessment_of, recognitions_of
from certification.store.changes import Overtaken
from certification.store.decisions import Signature, act_in_force, publish, revoke, sign
from certification.store.drafts import waiting_groups
from certification.store.loading import Province
from certification.store.models import (
    Act,
    ActFile,
    ActUnit,
    AuditEntry,
    Council,
    Dossier,
    FactRecord,
    Minutes,
    MinutesItem,
    NumberSeries,
    Publication,
)
from certification.store.published import stated_in
from certification.store.results import results_of
from certification.store.staleness import stale_dossiers
from certification.store.unfit import Unfit
from certification.verification import Finding, verify
from tests.web.decisions.conftest import DISTRICT, Propose, ready

pytestmark = pytest.mark.usefixtures("without_pdf")

DAY = datetime.date(2025, 12, 18)
People = Callable[..., Actor]


def signature(day: datetime.date = DAY, why: str = "") -> Signature:
    return Signature(day, "Y Đôn", why)


def of(dossiers: list[Dossier]) -> dict[int, int | None]:
    return {dossier.pk: dossier.version for dossier in dossiers}


@pytest.fixture
def committee(actor: People) -> Actor:
    return actor(Role.DISTRICT_COMMITTEE, DISTRICT)


@pytest.fixture
def province_committee(actor: People) -> Actor:
    return actor(Role.PROVINCIAL_COMMITTEE, "62")


def verified(acts: list[Act], folder: Path) -> bool:
    """Whether ``certify verify`` finds nothing in the last of ``acts``, given the files of all."""
    for number, act in enumerate(acts):
        (folder / str(number)).mkdir()
        for file in act.files.all():
            (folder / str(number) / file.name).write_bytes(bytes(file.content))
    bundles = bundles_in([folder / str(number) for number in range(len(acts))])
    path = bundles[acts[-1].seal]
    return all(finding.agrees for finding in verify(path, path.name, bundles))


def test_the_committee_signs_and_every_unit_has_the_level_that_was_sealed(
    propose: Propose, committee: Actor, province: Province, tmp_path: Path
) -> None:
    dossiers = propose()
    computed = {code: result.levels.level for code, result in results_of(province.cycle).items()}
    act = sign(committee, of(dossiers), signature())
    assert (act.number, act.kind, act.signer) == ("01/QĐ-UBND", "recognise", "Y Đôn")
    assert {entry.dossier.unit.code: entry.level for entry in act.units.all()} == {
        dossier.unit.code: computed[dossier.unit.code] for dossier in dossiers
    }
    assert {State(row.state) for row in province.cycle.dossiers.filter(acts__act=act)} == {State.RECOGNISED}
    assert verified([act], tmp_path)
    recognised = recognitions_of(province.cycle)
    assert {code: found.decision for code, found in recognised.items()} == dict.fromkeys(
        (dossier.unit.code for dossier in dossiers), act.seal
    )


def test_the_signature_is_in_the_log_with_the_step_of_every_dossier(propose: Propose, committee: Actor) -> None:
    dossiers = propose()
    act = sign(committee, of(dossiers), signature())
    entry = AuditEntry.objects.get(object_kind="act", object_id=str(act.pk))
    assert entry.after["seal"] == act.seal
    assert entry.role == "district_committee"
    steps = AuditEntry.objects.filter(action="sign", object_kind="dossier")
    assert steps.count() == len(dossiers)
    assert list(audit.verify()) == []


def test_a_unit_that_reaches_no_level_is_not_recognised(propose: Propose, committee: Actor) -> None:
    (dossier,) = propose("23455")
    FactRecord.objects.filter(dossier=dossier, criterion="I.2").update(status="rejected", note="không có căn cứ")
    act = sign(committee, of([dossier]), signature())
    dossier.refresh_from_db()
    assert act.kind == "refuse"
    assert act.units.get().level == 0
    assert State(dossier.state) is State.NOT_RECOGNISED


def test_numbers_follow_each_other_and_each_body_and_year_has_its_own(
    propose: Propose, committee: Actor, actor: People, province: Province
) -> None:
    first, second = propose("23455"), propose("23452")
    assert sign(committee, of(first), signature()).number == "01/QĐ-UBND"
    assert sign(committee, of(second), signature()).number == "02/QĐ-UBND"
    other = ready(province.cycle, ["23535"], datetime.date(2025, 12, 10))
    assert sign(actor(Role.DISTRICT_COMMITTEE, "618"), of(other), signature()).number == "01/QĐ-UBND"
    third = propose("23461")
    assert sign(committee, of(third), signature(datetime.date(2026, 1, 5))).number == "01/QĐ-UBND"


def test_a_signing_that_fails_leaves_no_gap_and_no_trace(
    propose: Propose, committee: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = propose()

    def fail(*_: Any) -> None:
        raise ConnectionError("the line went dead")

    with monkeypatch.context() as patch:
        patch.setattr(decisions, "tell_above", fail)
        with pytest.raises(ConnectionError):
            sign(committee, of(dossiers), signature())
    assert not Act.objects.exists()
    assert NumberSeries.objects.get().last == 0
    assert set(Dossier.objects.filter(pk__in=of(dossiers)).values_list("state", flat=True)) == {State.PROPOSED}
    assert sign(committee, of(dossiers), signature()).number == "01/QĐ-UBND"


@pytest.mark.django_db(transaction=True)
def test_many_who_sign_at_once_get_numbers_without_gaps_or_repeats(propose: Propose, committee: Actor) -> None:
    dossiers = propose()[:5]
    failed: list[Exception] = []

    def sign_one(dossier: Dossier) -> None:
        try:
            sign(committee, of([dossier]), signature())
        except (Refused, Overtaken, Unfit, DatabaseError) as error:  # told below: a thread's own would be lost
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_one, args=(dossier,)) for dossier in dossiers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []
    assert sorted(Act.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert NumberSeries.objects.get().last == 5
    assert list(audit.verify()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_the_same_dossier_make_one_act(propose: Propose, committee: Actor) -> None:
    (dossier,) = propose("23455")
    outcomes: list[str] = []

    def sign_it() -> None:
        try:
            outcomes.append(sign(committee, of([dossier]), signature()).number)
        except (Refused, Overtaken, Unfit) as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_it) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert outcomes.count("01/QĐ-UBND") == 1
    assert Act.objects.count() == 1
    assert NumberSeries.objects.get().last == 1


def test_the_database_refuses_to_change_what_is_signed(propose: Propose, committee: Actor) -> None:
    sign(committee, of(propose("23455")), signature())
    for table in ("store_act", "store_actfile", "store_actunit"):
        for change in ("UPDATE {} SET id = id + 1000", "DELETE FROM {}"):
            with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change.format(table))


def test_the_models_cannot_change_what_is_signed_either(propose: Propose, committee: Actor) -> None:
    act = sign(committee, of(propose("23455")), signature())
    act.number = "99/QĐ-UBND"
    for change in (act.save, lambda: ActUnit.objects.update(level=5), lambda: ActFile.objects.update(content=b"")):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        NumberSeries.objects.update(last=0)


def test_only_the_committee_of_the_body_signs_what_was_proposed(
    propose: Propose, committee: Actor, actor: People, province_committee: Actor
) -> None:
    dossiers = propose("23455")
    for stranger in (
        actor(Role.DISTRICT_COMMITTEE, "618"),
        province_committee,
        actor(Role.DISTRICT_OFFICE, DISTRICT),
        actor(Role.DISTRICT_COUNCIL, DISTRICT),
        actor(Role.ADMINISTRATOR),
    ):
        with pytest.raises(Refused):
            sign(stranger, of(dossiers), signature())
    Dossier.objects.filter(pk=dossiers[0].pk).update(state=State.MINUTED)
    with pytest.raises(Refused, match=r"[Ss]ubmitted for signature"):
        sign(committee, of(dossiers), signature())


def test_nobody_signs_what_he_entered(propose: Propose, committee: Actor) -> None:
    dossiers = propose("23455")
    fact = FactRecord.objects.filter(dossier=dossiers[0]).first()
    assert fact is not None
    FactRecord.objects.filter(pk=fact.pk).update(entered_by=committee.account)
    with pytest.raises(Refused, match="entered facts"):
        sign(committee, of(dossiers), signature())


def test_what_is_still_provisional_cannot_be_signed(propose: Propose, committee: Actor) -> None:
    dossiers = propose("23455")
    fact = FactRecord.objects.filter(dossier=dossiers[0], status="verified").first()
    assert fact is not None
    fact.proofs.all().delete()
    with pytest.raises(Unsignable) as refused:
        sign(committee, of(dossiers), signature())
    assert "chưa có tài liệu kiểm chứng" in refused.value.text.vi
    assert not Act.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Signature(datetime.date(2099, 1, 1), "Y Đôn"), "signed_on"),
        (Signature(DAY, "  "), "signer"),
        (Signature(datetime.date(2025, 12, 11), "Y Đôn"), "signed_on"),  # before the act with the number before
    ],
)
def test_a_day_or_name_that_no_act_can_have_is_refused(
    propose: Propose, committee: Actor, given: Signature, field: str
) -> None:
    sign(committee, of(propose("23452")), signature())
    with pytest.raises(Unfit) as refused:
        sign(committee, of(propose("23455")), given)
    assert refused.value.field == field


def test_a_dossier_that_was_handled_meanwhile_is_not_signed(propose: Propose, committee: Actor) -> None:
    (dossier,) = propose("23455")
    with pytest.raises(Overtaken):
        sign(committee, {dossier.pk: dossier.version - 1}, signature())


def test_dossiers_without_closed_minutes_are_not_signed(propose: Propose, committee: Actor, province: Province) -> None:
    propose("23455")
    other = Dossier.objects.get(cycle=province.cycle, unit__code="23452")
    Dossier.objects.filter(pk=other.pk).update(state=State.PROPOSED)
    with pytest.raises(Unfit, match="minutes"):
        sign(committee, {other.pk: None}, signature())


def test_another_act_replaces_an_earlier_one_which_stays_and_shows_it(
    propose: Propose, committee: Actor, tmp_path: Path
) -> None:
    dossiers = propose("23455", "23452")
    old = sign(committee, of(dossiers), signature())
    (again,) = propose("23455")
    with pytest.raises(Unfit) as refused:
        sign(committee, of([again]), signature())
    assert refused.value.field == "why"
    new = sign(committee, of([again]), signature(why="theo kết luận giải quyết khiếu nại số 3"))
    assert new.replaces == old
    page = bytes(new.files.get(name__endswith=".html").content).decode()
    assert "thay thế Quyết định số 01/QĐ-UBND ngày 18 tháng 12 năm 2025 của Ủy ban nhân dân huyện Kon Plông" in page
    assert list(old.replaced_by.all()) == [new]
    assert act_in_force(again) == new
    assert act_in_force(next(row for row in dossiers if row.pk != again.pk)) == old  # for the other it still holds
    assert verified([old], tmp_path)


def test_a_revoked_act_stays_readable_and_its_units_are_no_longer_recognised(
    propose: Propose, committee: Actor, province: Province
) -> None:
    dossiers = propose("23455", "23452")
    old = sign(committee, of(dossiers), signature())
    publish(committee, old)
    governed = decisions.governed_by(old)
    with pytest.raises(Unfit):
        revoke(committee, old, of(governed[:1]), signature())  # without a reason
    act = revoke(committee, old, of(governed[:1]), signature(why="số liệu I.2 bị khai khống"))
    assert (act.number, act.kind, act.replaces) == ("02/QĐ-UBND", "revoke", old)
    assert {name.rsplit(".", 1)[1] for name in act.files.values_list("name", flat=True)} == {
        "html",
        "docx",
        "json",
    }
    assert b"I.2 b" in bytes(act.files.get(name__endswith=".html").content)
    code = governed[0].unit.code
    assert code not in recognitions_of(province.cycle)
    assert governed[1].unit.code in recognitions_of(province.cycle)
    assert State(Dossier.objects.get(pk=governed[0].pk).state) is State.REVOKED
    assert Publication.objects.filter(act=act).exists()  # the recognition was public, so is its end
    assert Act.objects.filter(pk=old.pk).exists()


def test_publishing_makes_the_results_public_once(propose: Propose, committee: Actor, actor: People) -> None:
    act = sign(committee, of(propose("23455", "23452")), signature())
    with pytest.raises(Refused):
        publish(actor(Role.DISTRICT_COUNCIL, DISTRICT), act)
    publish(actor(Role.DISTRICT_OFFICE, DISTRICT), act)
    assert set(Dossier.objects.filter(acts__act=act).values_list("state", flat=True)) == {State.PUBLISHED}
    with pytest.raises(Unfit):
        publish(committee, act)


def test_a_district_rests_on_the_acts_on_its_communes_and_is_stale_when_one_changes(
    propose: Propose, committee: Actor, province_committee: Actor, province: Province, tmp_path: Path
) -> None:
    communes = propose()
    (district,) = ready(province.cycle, [DISTRICT], datetime.date(2025, 12, 15))
    with pytest.raises(Unsignable) as refused:
        sign(province_committee, of([district]), signature())
    assert "chưa có quyết định công nhận chính thức" in refused.value.text.vi
    below = sign(committee, of(communes), signature())
    district.refresh_from_db()
    act = sign(province_committee, of([district]), signature())
    members = act.units.get().result["members"]
    assert {found["seal"] for found in members.values()} == {below.seal}
    assert assessment_of(province.cycle).recognitions[DISTRICT].decision == act.seal
    assert verified([below, act], tmp_path)
    assert not stale_dossiers().exists()

    publish(committee, below)
    revoked = Dossier.objects.get(cycle=province.cycle, unit__code="23455")
    gone = revoke(committee, below, of([revoked]), signature(why="khai khống"))
    (stale,) = stale_dossiers()
    assert stale.unit.code == DISTRICT
    assert gone.number in stale.stale
    assert "Xã Đắk Ring" in stale.stale
    assert AuditEntry.objects.filter(action="flag_stale", object_id=str(stale.pk)).exists()


def test_a_first_recognition_as_computed_makes_nothing_stale(
    propose: Propose, committee: Actor, province: Province
) -> None:
    communes = propose()
    ready(province.cycle, [DISTRICT], datetime.date(2025, 12, 15))
    sign(committee, of(communes), signature())
    assert not stale_dossiers().exists()


def test_facts_that_change_while_the_act_is_rendered_stop_the_signing(
    propose: Propose, committee: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dossier,) = propose("23455")
    render = decisions.make_draft

    def slowly(*arguments: Any) -> Any:
        made = render(*arguments)
        Dossier.objects.filter(pk=dossier.pk).update(revision=dossier.revision + 1)
        return made

    monkeypatch.setattr(decisions, "make_draft", slowly)
    with pytest.raises(Overtaken):
        sign(committee, of([dossier]), signature())
    assert not Act.objects.exists()


def test_a_unit_that_handed_in_nothing_in_time_is_not_recognised_so_that_the_district_need_not_wait(
    propose: Propose, committee: Actor, province_committee: Actor, province: Province, tmp_path: Path
) -> None:
    communes = propose()
    absent, *others = communes
    Dossier.objects.filter(pk=absent.pk).update(state=State.ASSESSING)  # has entered facts and never handed them in
    below = sign(committee, {row.pk: None for row in (absent, *others)}, signature())
    stated = {entry.dossier_id: entry.level for entry in below.units.all()}
    assert stated[absent.pk] == 0
    assert all(stated[row.pk] for row in others)
    absent.refresh_from_db()
    assert State(absent.state) is State.NOT_RECOGNISED
    page = bytes(below.files.get(name__endswith=".html").content).decode()
    assert "danh sách đơn vị không gửi hồ sơ đề nghị thẩm định năm 2025 đến hết ngày 29 tháng 11 năm 2025" in page
    (district,) = ready(province.cycle, [DISTRICT], datetime.date(2025, 12, 15))
    act = sign(province_committee, of([district]), signature())
    assert verified([below, act], tmp_path)


def test_while_a_dossier_may_still_be_handed_in_its_recognition_is_not_refused(
    propose: Propose, committee: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dossier,) = propose("23455")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.ASSESSING)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: datetime.date(2025, 11, 29))
    with pytest.raises(Refused, match="may still be handed in"):
        sign(committee, {dossier.pk: None}, signature())


def test_an_act_never_states_another_level_than_the_one_that_the_council_adopted(
    propose: Propose, committee: Actor, province: Province
) -> None:
    (dossier,) = propose("23455")
    computed = results_of(province.cycle)["23455"].recognised
    met = Minutes.objects.create(council=Council.objects.get(), number="06/BB-HĐTĐ", held_on=DAY)
    MinutesItem.objects.create(minutes=met, dossier=dossier, adopted=True, level=computed + 1)
    Minutes.objects.filter(pk=met.pk).update(closed_at=timezone.now())
    with pytest.raises(Unsignable, match=f"adopted level {computed + 1}, now it is computed as {computed}"):
        sign(committee, of([dossier]), signature())
    again = Minutes.objects.create(council=Council.objects.get(), number="07/BB-HĐTĐ", held_on=DAY)
    MinutesItem.objects.create(minutes=again, dossier=dossier, adopted=True, level=computed)
    Minutes.objects.filter(pk=again.pk).update(closed_at=timezone.now())
    assert sign(committee, of([dossier]), signature()).units.get().level == computed


def test_an_act_is_not_dated_before_what_it_rests_on_or_takes_back(propose: Propose, committee: Actor) -> None:
    (absent,) = propose("23452")
    Dossier.objects.filter(pk=absent.pk).update(state=State.ASSESSING)
    with pytest.raises(Unfit, match="could be handed in until"):
        sign(committee, {absent.pk: None}, signature(datetime.date(2025, 11, 29), why="không gửi hồ sơ"))
    dossiers = propose("23455")  # the council met on 12 December
    with pytest.raises(Unfit, match="cannot be signed before"):
        sign(committee, of(dossiers), signature(datetime.date(2025, 12, 11)))
    old = sign(committee, of(dossiers), signature())
    with pytest.raises(Unfit, match="cannot be replaced or revoked before"):  # in the register of another year
        revoke(committee, old, {dossiers[0].pk: None}, signature(datetime.date(2024, 5, 1), why="sai số liệu"))


def test_what_was_revoked_before_anything_was_published_is_published_as_revoked(
    propose: Propose, committee: Actor, province: Province
) -> None:
    dossiers = propose("23455", "23452")
    old = sign(committee, of(dossiers), signature())
    revoke(committee, old, {dossiers[0].pk: None}, signature(why="số liệu I.2 bị khai khống"))
    assert not Publication.objects.exists()
    publish(committee, old)
    stated = stated_in(province.cycle)
    assert stated[dossiers[0].unit.code].revoked
    assert stated[dossiers[0].unit.code].level is None
    assert not stated[dossiers[1].unit.code].revoked


def test_what_was_returned_for_completion_is_not_refused_while_it_can_still_be_appraised_in_time(
    propose: Propose, committee: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dossier,) = propose("23455")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.RETURNED)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: datetime.date(2025, 12, 5))
    with pytest.raises(Refused, match="may still be handed in"):
        sign(committee, {dossier.pk: None}, signature(datetime.date(2025, 12, 5)))
    assert all(dossier not in group.dossiers for group in waiting_groups())
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: datetime.date(2025, 12, 18))
    with pytest.raises(Unfit, match="after that day"):  # the day for handing in has passed, not that for appraising
        sign(committee, {dossier.pk: None}, signature(datetime.date(2025, 12, 5)))
    act = sign(committee, {dossier.pk: None}, signature())
    assert act.kind == "refuse"
    page = bytes(act.files.get(name__endswith=".html").content).decode()
    assert "năm 2025 đã trả lại, không nộp lại trong thời hạn" in page
    assert "không gửi hồ sơ" not in page


def test_a_decision_after_its_day_is_recorded_as_late(propose: Propose, committee: Actor) -> None:
    (in_time,), (late,) = propose("23455"), propose("23452")
    sign(committee, of([in_time]), signature(datetime.date(2025, 12, 19)))  # «trước ngày 20/12»
    sign(committee, of([late]), signature(datetime.date(2025, 12, 22)))
    assert [row.transitions.get(action="sign").days_late for row in (in_time, late)] == [0, 3]


def test_a_revocation_is_checked_against_the_act_that_it_takes_back(
    propose: Propose, committee: Actor, tmp_path: Path
) -> None:
    old = sign(committee, of(propose("23455", "23452")), signature())
    publish(committee, old)
    act = revoke(committee, old, of(decisions.governed_by(old)[:1]), signature(why="số liệu I.2 bị khai khống"))
    for file in act.files.all():
        (tmp_path / file.name).write_bytes(bytes(file.content))
    bundle = next(tmp_path.glob("*.revocation.json"))

    def found() -> list[Finding]:
        return list(verify_revocation(bundle, bundle.name, acts_beside(bundle, ())))

    alone = found()
    assert not any(finding.agrees is False for finding in alone)
    assert any("chưa đối chiếu" in finding.text.vi for finding in alone)
    earlier = old.files.get(name__endswith=".bundle.json")
    (tmp_path / earlier.name).write_bytes(bytes(earlier.content))
    beside = found()
    assert not any(finding.agrees is False for finding in beside)
    assert [finding.text.vi for finding in beside if finding.agrees is None] == [
        "Lý do thu hồi («số liệu I.2 bị khai khống») do cơ quan ký nêu; không có gì để tính lại."
    ]
    document = next(tmp_path.glob("thu-hoi-*.html"))
    document.write_bytes(document.read_bytes() + b" ")
    assert any(finding.agrees is False and document.name in finding.text.vi for finding in found())
    forged = read_revocation(bundle, bundle.name)[1]
    _, content = seal_revocation(evolve(forged, units=(evolve(forged.units[0], level=5),), earlier_on="2030-01-01"))
    bundle.write_bytes(content)
    told = " ".join(finding.text.vi for finding in found() if finding.agrees is False)
    assert "Kết quả bị thu hồi" in told
    assert "Ngày ký của nó" in told
    assert "không trước ngày ký" in told
    for units in ((), (evolve(forged.units[0], level=5), *forged.units)):
        bundle.write_bytes(seal_revocation(evolve(forged, units=units))[1])
        assert any(finding.agrees is False and "names no unit" in finding.text.en for finding in found())
    client = Client()
    sent = client.post("/public/verify/", {"file": SimpleUploadedFile(bundle.name, content)}).content.decode()
    assert "KHÔNG khớp" in sent
