"""Entering facts: typed cells become facts, what they come to shows before, nobody's change is lost."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.roles import Role
from certification.store.loading import Province
from certification.store.models import AuditEntry, Dossier, FactRecord
from tests.web.conftest import dossier_of

pytestmark = pytest.mark.django_db
COMMUNE = "23455"
Browser = Callable[..., Client]


@pytest.fixture
def dossier(province: Province) -> Dossier:
    return dossier_of(province, COMMUNE)


@pytest.fixture
def officer(dossier: Dossier, browser: Browser) -> Client:
    return browser(Role.COMMUNE_OFFICER, COMMUNE, "Y Hà")


def save(client: Client, dossier: Dossier, criterion: str, *, script: bool = False, **cells: object):
    headers = {"HX-Request": "true"} if script else {}
    return client.post(f"/dossiers/{dossier.pk}/facts/enter/{criterion}/", cells, headers=headers)


def attempt(client: Client, dossier: Dossier, criterion: str, **cells: object) -> str:
    answer = client.post(f"/dossiers/{dossier.pk}/facts/try/{criterion}/", cells, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def fact(dossier: Dossier, criterion: str) -> FactRecord | None:
    return dossier.facts.filter(criterion=criterion).first()


def test_every_group_has_a_page_with_a_form_for_each_fact(officer: Client, dossier: Dossier) -> None:
    overview = officer.get(f"/dossiers/{dossier.pk}/facts/")
    assert overview.status_code == 200
    for group, criteria in (("I", 24), ("II", 5), ("III", 9)):
        page = officer.get(f"/dossiers/{dossier.pk}/facts/groups/{group}/")
        assert page.status_code == 200
        assert page.content.decode().count("data-fact") == criteria
    assert officer.get(f"/dossiers/{dossier.pk}/facts/groups/IX/").status_code == 404
