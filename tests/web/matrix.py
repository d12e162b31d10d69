"""The matrix's parts: every address, what it asks of its reader, and where readers and objects are."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter
from ruamel.yaml import YAML

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import may
from certification.procedure.roles import Role
from certification.procedure.subjects import Subject
from certification.store.models import Dossier
from certification.store.subjects import INSTALLATION, outline_of, subject_of_unit
from certification.web.api.api import api

PAGES = Path(__file__).parents[1] / "cases" / "pages.yaml"
CALLS = PAGES.with_name("calls.yaml")

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
