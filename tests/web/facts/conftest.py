"""One commune that assesses itself, its officer, and shorthands for what he does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from django.http import HttpResponse
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.store.loading import Province, load_assessment
from certification.store.models import Dossier, FactRecord
from evidence.dossiers import Evidence
from evidence.samples import FRAMEWORK
from evidence.units import Units
from tests.web.conftest import dossier_of, read_sample

COMMUNE = "23455"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def own_documents(settings: Any, tmp_path: Path) -> Path:
    """Every test has its own place for documents."""
    settings.MEDIA_ROOT = tmp_path / "proofs"
    return tmp_path / "proofs"


def keep(framework_id: str, codes: set[str]) -> tuple[Units, Evidence]:
    """Some units of a sample, with what is known of them: these tests load one for each."""
    units, evidence = read_sample(framework_id)
    stated = {year: {code: rows[code] for code in rows if code in codes} for year, rows in evidence.stated.items()}
    return Units({code: unit for code, unit in units.items() if code in codes}), evolve(evidence, stated=stated)


@pytest.fixture
def province(db: None) -> Province:
    """Two districts with one to two communes each."""
    return load_assessment(FRAMEWORK, *keep(FRAMEWORK, {"62", "613", "23455", "23458", "618", "23535"}))


@pytest.fixture
def index_province(db: None) -> Province:
    """Three departments of Hà Nội."""
    return load_assessment("ha-noi-2024", *keep("ha-noi-2024", {"01", "01-VP", "01-SNV", "01-SXD"}))


@pytest.fixture
def dossier(province: Province) -> Dossier:
    return dossier_of(province, COMMUNE)


@pytest.fixture
def officer(dossier: Dossier, browser: Callable[..., Client]) -> Client:
    return browser(Role.COMMUNE_OFFICER, COMMUNE, "Y Hà")


@pytest.fixture
def me(dossier: Dossier, actor: Callable[..., Actor]) -> Actor:
    return actor(Role.COMMUNE_OFFICER, COMMUNE, "A Biu")


class Entering:
    """The addresses under which one dossier's facts are entered."""

    def __init__(self, client: Client, dossier: Dossier) -> None:
        self.client, self.at = client, f"/dossiers/{dossier.pk}"

    def save(self, criterion: str, *, script: bool = False, **cells: Any) -> HttpResponse:
        headers = {"HX-Request": "true"} if script else {}
        return self.client.post(f"{self.at}/facts/enter/{criterion}/", cells, headers=headers)

    def attempt(self, criterion: str, **cells: Any) -> str:
        answer = self.client.post(f"{self.at}/facts/try/{criterion}/", cells, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.content.decode()

    def attach(self, criterion: str, **parts: Any) -> HttpResponse:
        return self.client.post(f"{self.at}/facts/proofs/{criterion}/", parts)

    def page(self, group: str) -> str:
        return self.client.get(f"{self.at}/facts/groups/{group}/").content.decode()


@pytest.fixture
def entering(officer: Client, dossier: Dossier) -> Entering:
    return Entering(officer, dossier)


def fact(dossier: Dossier, criterion: str) -> FactRecord | None:
    return FactRecord.objects.filter(dossier=dossier, criterion=criterion).first()
