"""A unit that bears the code of one before it: it reads what is kept of that one, and never acts for it."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused, may
from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.changes import change_dossier
from certification.store.decisions import Signature, sign
from certification.store.loading import Province
from certification.store.models import Account, Appointment, Dossier, UnitRecord
from certification.store.reorganising import make_changes
from certification.store.subjects import outline_of, subject_of
from certification.store.tokens import actor_of_token, issue_token
from evidence.succession import Change, Kind
from tests.web.conftest import dossier_of

DAY = datetime.date(2026, 7, 1)
ACT = "1677/NQ-UBTVQH15"

Actors = Callable[..., Actor]
People = Callable[..., Account]


def merge(before: str, to: str, name: str) -> Change:
    return Change(Kind.MERGE, DAY, ACT, tuple(before.split("|")), to, name)


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(pk=dossier.pk)


@pytest.fixture
def administrator(actor: Actors) -> Actor:
    return actor(Role.ADMINISTRATOR)


def test_the_officer_of_a_merged_commune_does_not_enter_for_the_one_whose_code_it_kept(
    province: Province, administrator: Actor, actor: Actors, person: People
) -> None:
    old = dossier_of(province, "23455")
    before = person(Role.COMMUNE_OFFICER, "23455")
    assert may(actor_of(before), Action.ENTER_FACT, subject_of(old))
    make_changes(administrator, [merge("23455|23458", "23455", "Xã Măng Đen")])
    new = actor(Role.COMMUNE_OFFICER, "23455")
    subject = subject_of(again(old))
    for action in (Action.ENTER_FACT, Action.ATTACH_PROOF, Action.SUBMIT, Action.REGISTER, Action.EXPLAIN):
        assert not may(new, action, subject), action
    with pytest.raises(Refused), change_dossier(new, Action.ENTER_FACT, old.pk):
        pytest.fail("it was allowed")
    assert not actor_of(before).appointments


def test_a_token_of_the_new_unit_does_not_act_for_the_old_one_either(
    province: Province, administrator: Actor, person: People
) -> None:
    old = dossier_of(province, "23455")
    make_changes(administrator, [merge("23455|23458", "23455", "Xã Măng Đen")])
    officer = person(Role.COMMUNE_OFFICER, "23455")
    post = Appointment.objects.get(account=officer)
    calling = actor_of_token(issue_token(actor_of(officer), post.pk, "phần mềm", 30).token)
    assert not may(calling, Action.ENTER_FACT, subject_of(again(old)))
    assert calling.appointments == actor_of(officer).appointments


def test_the_people_of_a_merged_district_neither_appraise_nor_sign_for_the_one_whose_code_it_kept(
    province: Province, administrator: Actor, actor: Actors
) -> None:
    old = dossier_of(province, "23473")
    Dossier.objects.filter(pk=old.pk).update(state="proposed")
    assert may(actor(Role.DISTRICT_COMMITTEE, "613"), Action.SIGN, outline_of(again(old)))
    make_changes(administrator, [merge("613|618", "613", "Huyện Kon Plông mới")])
    signer, office = actor(Role.DISTRICT_COMMITTEE, "613"), actor(Role.DISTRICT_OFFICE, "613")
    subject = outline_of(again(old))
    assert not may(signer, Action.SIGN, subject)
    assert not may(office, Action.PUBLISH, subject)
    with pytest.raises(Refused):
        sign(signer, {old.pk: None}, Signature(datetime.date(2026, 11, 20), "Nguyễn Văn A"))


def test_whoever_stands_above_and_the_heir_still_read_what_is_kept_of_the_old_unit(
    province: Province, administrator: Actor, actor: Actors, browser: Callable[..., Client]
) -> None:
    old = dossier_of(province, "23455")
    make_changes(administrator, [merge("23455|23458", "23455", "Xã Măng Đen")])
    subject = outline_of(again(old))
    for above in (actor(Role.DEPARTMENT, "62"), actor(Role.DISTRICT_OFFICE, "613"), actor(Role.AUDITOR)):
        assert may(above, Action.READ_DOSSIER, subject)
    heir, other = actor(Role.COMMUNE_OFFICER, "23455"), actor(Role.COMMUNE_OFFICER, "23461")
    assert may(heir, Action.READ_DOSSIER, subject)
    assert not may(other, Action.READ_DOSSIER, subject)
    assert browser(Role.DEPARTMENT, "62").get(f"/dossiers/{old.pk}/").status_code == 200
    Dossier.objects.filter(pk=old.pk).update(state="published")
    assert may(other, Action.READ_RESULT, outline_of(again(old)))


def test_a_province_that_was_merged_away_is_read_by_the_one_it_went_into(
    province: Province, administrator: Actor, actor: Actors
) -> None:
    UnitRecord.objects.create(code="51", name="Tỉnh Quảng Ngãi", tier="province")
    old = dossier_of(province, "23455")
    make_changes(administrator, [merge("62|51", "51", "Tỉnh Quảng Ngãi")])
    assert may(actor(Role.DEPARTMENT, "51"), Action.READ_DOSSIER, outline_of(again(old)))


def test_a_unit_that_only_moved_goes_on_with_its_dossier(
    province: Province, administrator: Actor, person: People, actor: Actors
) -> None:
    old = dossier_of(province, "23455")
    officer = person(Role.COMMUNE_OFFICER, "23455")
    make_changes(administrator, [Change(Kind.MOVE, DAY, ACT, ("23455",), parent="618")])
    later = datetime.date(2026, 8, 1)
    make_changes(administrator, [Change(Kind.MOVE, later, ACT, ("23455",), parent="613")])
    subject = subject_of(again(old))
    assert may(actor_of(officer), Action.ENTER_FACT, subject)
    assert may(actor(Role.DISTRICT_OFFICE, "613"), Action.READ_DOSSIER, subject)
