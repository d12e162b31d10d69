"""A small province, and systems that call with somebody's token."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.loading import Province, load_assessment
from certification.store.models import Account, Dossier
from certification.store.tokens import Issued, issue_token
from evidence.samples import FRAMEWORK
from tests.web.conftest import dossier_of
from tests.web.facts.conftest import keep

COMMUNE = "23455"


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path, db: None) -> None:
    """Every test has its own documents, and nobody has called yet."""
    settings.MEDIA_ROOT = tmp_path / "proofs"
    cache.clear()


@pytest.fixture
def province(db: None) -> Province:
    return load_assessment(FRAMEWORK, *keep(FRAMEWORK, {"62", "613", "23455", "23458", "618", "23535"}))


@pytest.fixture
def index_province(db: None) -> Province:
    return load_assessment("ha-noi-2024", *keep("ha-noi-2024", {"01", "01-VP", "01-SNV", "01-SXD"}))


@pytest.fixture
def dossier(province: Province) -> Dossier:
    return dossier_of(province, COMMUNE)


class System:
    """Another system that calls with a token."""

    def __init__(self, issued: Issued) -> None:
        self.token, self.secret, self.client = issued.token, issued.secret, Client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, data: Any = b"", kind: str = "application/json", **headers: str) -> HttpResponse:
        return self.client.post(f"/api/v1/{path}", data, content_type=kind, headers={**self.headers, **headers})

    def upload(self, path: str, **parts: Any) -> HttpResponse:
        return self.client.post(f"/api/v1/{path}", parts, headers=self.headers)


@pytest.fixture
def system(person: Callable[..., Account]) -> Callable[..., System]:
    """``system(Role.COMMUNE_OFFICER, "23455")``: calls with a token of somebody who holds that role there."""

    def make(role: Role, unit: str | None = None, days: int = 30, per_minute: int = 600) -> System:
        account = person(role, unit)
        post = account.appointments.get()
        return System(issue_token(actor_of(account), post.pk, f"Hệ thống {role}", days, per_minute))

    return make
