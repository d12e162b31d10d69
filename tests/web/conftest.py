"""What the tests of the pages share: a province in the store, people with one role each, their browsers."""

import datetime
import itertools
from collections.abc import Callable
from functools import cache
from importlib.resources import as_file

import pytest
from attrs import evolve
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.decisions import Signature, sign
from certification.store.loading import Province, load_assessment
from certification.store.models import Account, Appointment, Dossier, UnitRecord
from certification.web import simulated
from evidence.dossiers import Evidence
from evidence.samples import FRAMEWORK, sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.faults import Text
from levels.loader import load_rulebook
from tests.web.decisions.conftest import ready
from tests.web.matrix import POSTS, Place, Reader, keys_of

PART = ("613", "618")
"""Kon Plông and Ia H'Drai: twelve communes, four of which nobody has appraised yet, and every status among them."""


@cache
def read_sample(framework_id: str) -> tuple[Units, Evidence]:
    """The bundled sample of a rulebook, read once per process."""
    sample = sample_paths(framework_id)
    with as_file(sample.units) as units_path, as_file(sample.evidence) as evidence_path:
        units = read_units(units_path)
        return units, read_evidence(evidence_path, load_rulebook(framework_id), units)


def cut(units: Units, evidence: Evidence, districts: tuple[str, ...]) -> tuple[Units, Evidence]:
    """A part of a province: its root, some districts, and what stands under them."""
    kept = {
        code: unit
        for code, unit in units.items()
        if unit.parent is None or code in districts or unit.parent in districts
    }
    stated = {year: {code: rows[code] for code in rows if code in kept} for year, rows in evidence.stated.items()}
    return Units(kept), evolve(evidence, stated=stated)


@pytest.fixture(autouse=True)
def nothing_known_of_made_up_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a store holds made-up facts is remembered for a while; every test has a store of its own."""
    monkeypatch.setattr(simulated, "_known", simulated._Known())


@pytest.fixture
def province(db: None) -> Province:
    """A part of the bundled sample of Kon Tum in the store: two districts with twelve communes, three years."""
    return load_assessment(FRAMEWORK, *cut(*read_sample(FRAMEWORK), PART))


@pytest.fixture
def whole_province(db: None) -> Province:
    """The whole bundled sample of Kon Tum in the store: 10 districts, 102 communes. A second to load."""
    return load_assessment(FRAMEWORK, *read_sample(FRAMEWORK))


@pytest.fixture
def index_province(db: None) -> Province:
    """The bundled sample of Hà Nội's index in the store: departments and districts, two rounds of appraisal."""
    return load_assessment("ha-noi-2024", *read_sample("ha-noi-2024"))


Person = Callable[..., Account]


@pytest.fixture
def person(db: None) -> Person:
    """Makes people: ``person(Role.COMMUNE_OFFICER, "23455")`` holds that role there; everybody's password is "pass"."""
    numbers = itertools.count(1)

    def make(role: Role, unit: str | None = None, name: str = "") -> Account:
        number = next(numbers)
        account = Account.objects.create_user(f"person-{number}", "pass", full_name=name or f"Người Thứ {number}")
        place = None if unit is None else UnitRecord.objects.get(code=unit, valid_until=None)
        Appointment.objects.create(account=account, role=role.value, unit=place)
        return account

    return make


@pytest.fixture
def actor(person: Person) -> Callable[..., Actor]:
    """As ``person``, as the procedure knows them: for use cases that are called without a page."""
    return lambda *args, **kwargs: actor_of(person(*args, **kwargs))


@pytest.fixture
def browser(person: Person) -> Callable[..., Client]:
    """As ``person``, in front of a browser and signed in: ``browser(Role.AUDITOR).get(…)``."""

    def open_browser(role: Role, unit: str | None = None, name: str = "") -> Client:
        client = Client()
        client.force_login(person(role, unit, name))
        return client

    return open_browser


def dossier_of(province: Province, unit: str) -> Dossier:
    """The dossier of ``unit`` in the cycle that is assessed."""
    return Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(
        cycle=province.cycle, unit__code=unit
    )


@pytest.fixture
def readers(person: Person, province: Province, index_province: Province) -> list[Reader]:
    """A stranger, and somebody for every role, each in front of a browser."""
    people = {role: person(role, unit) for role, unit in POSTS.items()}
    made = [Reader("stranger", None, Client())]
    for role, account in people.items():
        client = Client()
        client.force_login(account)
        made.append(Reader(role.value, actor_of(account), client))
    return made


@pytest.fixture
def places(
    province: Province, index_province: Province, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> list[Place]:
    """Units near to and far from the readers, with their dossiers and one signed decision."""
    monkeypatch.setattr("reports.documents.unavailable", lambda: {"pdf": Text(vi="không có", en="not there")})
    signed = ready(province.cycle, ["23470"], datetime.date(province.cycle.year, 12, 12))
    committee = next(reader.actor for reader in readers if reader.name == Role.DISTRICT_COMMITTEE)
    assert committee is not None
    act = sign(committee, {signed[0].pk: None}, Signature(datetime.date(province.cycle.year, 12, 18), "Y Đôn"))
    chosen = {
        "own commune": dossier_of(province, "23473"),
        "own district": dossier_of(province, "613"),
        "other commune": dossier_of(province, "23537"),
        "other province": dossier_of(index_province, "268"),
        "agency": dossier_of(index_province, "01-SNV"),
    }
    return [Place(name, dossier, keys_of(dossier, act)) for name, dossier in chosen.items()]
