"""The matrix's parts: every address, what it asks of its reader, and where readers and objects are."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from ruamel.yaml import YAML

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import may
from certification.procedure.roles import Role
from certification.procedure.subjects import Subject
from certification.store.models import Account, Act, Dossier, FactProof, FactRecord, Minutes, RulebookRecord
from certification.store.subjects import INSTALLATION, outline_of, subject_of_unit
from certification.web.api.api import api

PAGES = Path(__file__).parents[1] / "cases" / "pages.yaml"
CALLS = PAGES.with_name("calls.yaml")

CANARY = "ma-bi-mat"
"""Stands in the facts of a unit, where only those may read it who may read its dossier."""

POSTS: Mapping[Role, str | None] = {
    Role.COMMUNE_OFFICER: "23473",
    Role.DISTRICT_OFFICER: "613",
    Role.AGENCY_OFFICER: "01-SNV",
    Role.DISTRICT_OFFICE: "613",
    Role.DISTRICT_COUNCIL: "613",
    Role.DISTRICT_COMMITTEE: "613",
    Role.DEPARTMENT: "62",
    Role.PROVINCIAL_COUNCIL: "62",
    Role.PROVINCIAL_COMMITTEE: "62",
    Role.PLANNER: None,
    Role.AUDITOR: None,
    Role.ADMINISTRATOR: None,
}
"""Where the reader of each role is appointed: Kon Plông and its town, the province above, an agency of another one."""


@frozen
class Page:
    """One address: its name, its parameters, and what answers."""

    name: str
    parameters: tuple[str, ...]
    numbers: frozenset[str]  # those parameters that are keys
    view: Callable[..., HttpResponseBase]

    @property
    def gate(self) -> Any:
        """What the view asks; None: it has no gate."""
        return getattr(self.view, "gate", None)


def pages() -> Iterator[Page]:
    """Every address, those of the JSON API apart."""
    yield from _walk(get_resolver(), (), (), frozenset())


def _walk(
    resolver: URLResolver, spaces: tuple[str, ...], above: tuple[str, ...], numbers: frozenset[str]
) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        converters = pattern.pattern.converters
        here = tuple(converters) or tuple(pattern.pattern.regex.groupindex)
        named = (*above, *(each for each in here if each not in above))
        keys = numbers | {name for name, each in converters.items() if isinstance(each, IntConverter)}
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from _walk(pattern, inner, named, keys)
        elif isinstance(pattern, URLPattern):
            yield Page(":".join((*spaces, pattern.name or "")), named, keys, pattern.callback)


def asked() -> dict[str, str]:
    """What ``pages.yaml`` says that each page asks."""
    return dict(YAML(typ="safe").load(PAGES.read_text(encoding="utf-8")))


def calls() -> Iterator[tuple[str, str, str]]:
    """Every call of the JSON API: what it is called, its method and its address."""
    for address, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        for method, operation in operations.items():
            yield operation["operationId"], method, address


def called() -> dict[str, str]:
    """What ``calls.yaml`` says that each call asks."""
    return dict(YAML(typ="safe").load(CALLS.read_text(encoding="utf-8")))


def told(gate: Any) -> str:
    """A gate as ``pages.yaml`` writes it."""
    if gate is None:
        return "no gate"
    if gate.anonymous:
        return "public"
    if gate.action is None:
        return "signed in"
    if gate.about is not None:
        where = {"Dossier": "dossier", "UnitRecord": "unit", "Cycle": "cycle"}[gate.about.__name__]
    else:
        where = "anywhere" if gate.anywhere else "installation"
    return f"{gate.action.value} {where}"


def allows(question: str, actor: Actor | None, dossier: Dossier) -> bool:
    """Whether ``actor`` (None: a stranger) passes a page that asks ``question`` about the place of ``dossier``."""
    if question == "public":
        return True
    if actor is None:
        return False
    if question in ("signed in", "token"):
        return True
    name, where = question.split()
    subjects: Mapping[str, Subject | None] = {
        "dossier": outline_of(dossier),
        "unit": subject_of_unit(dossier.unit),
        "cycle": subject_of_unit(dossier.cycle.root),
        "installation": INSTALLATION,
        "anywhere": None,
    }
    return may(actor, Action(name), subjects[where])


@frozen
class Reader:
    name: str
    actor: Actor | None
    client: Client


@frozen
class Place:
    """A unit with its dossier, and what an address about it may name."""

    name: str
    dossier: Dossier
    keys: Mapping[str, object]


def keys_of(dossier: Dossier, act: Act) -> dict[str, object]:
    """What an address about ``dossier`` may name; its facts hold ``CANARY`` from now on."""
    fact = FactRecord.objects.filter(dossier=dossier).first()
    assert fact is not None
    use = FactProof.objects.create(fact=fact, reference=f"{CANARY}-{dossier.pk}")
    FactRecord.objects.filter(pk=fact.pk).update(source=f"{CANARY}-{dossier.pk}", note=f"{CANARY}-{dossier.pk}")
    officer = Account.objects.earliest("pk")
    file = act.files.first()
    assert file is not None
    return {
        "dossier": dossier.pk,
        "unit": dossier.unit_id,
        "cycle": dossier.cycle_id,
        "use": use.pk,
        "criterion": fact.criterion,
        "code": fact.criterion.partition(":")[0],
        "group": "I",
        "tier": dossier.unit.tier,
        "kind": "html",
        "ending": "docx",
        "action": "submit",
        "act": act.pk,
        "file": file.pk,
        "minutes": Minutes.objects.earliest("pk").pk,
        "account": officer.pk,
        "appointment": officer.appointments.earliest("pk").pk,
        "rulebook": RulebookRecord.objects.earliest("pk").pk,
        "sequence": 1,
        "token": "khong-co",
        "provider_id": "khong-co",
        "uidb36": "1",
        "key": "khong-co",
        "scenario": 1,
    }


def visits(places: list[Place]) -> Iterator[tuple[Page, Place, str]]:
    """Every page about every place that it can be about, and its address there."""
    for page in pages():
        about_a_place = {"dossier", "unit", "cycle"} & set(page.parameters)
        for place in places if about_a_place else places[:1]:
            names = {name: _key(place, name, number=name in page.numbers) for name in page.parameters}
            yield page, place, reverse(page.name, kwargs=names)


def _key(place: Place, name: str, *, number: bool) -> object:
    key = place.keys.get(name, "x")
    return 1 if number and not isinstance(key, int) else key
