"""Schemas: what answers hold. Numbers that decide are exact: whole numbers, or text such as ``74/104`` and ``81.25``.

Answers may grow: whoever reads them takes what he knows and leaves the rest.
"""

import datetime
from typing import Any, Literal

from ninja import Schema


class Error(Schema):
    """Why a call was no success, in both languages; besides, what it is about: `faults`, `conflicts`, `places`."""

    code: str
    vi: str
    en: str


class Refusal(Schema):
    """Every answer that is no success."""

    error: Error


class Listed(Schema):
    """A part of a list: ``count`` is how many there are in all."""

    count: int
    limit: int
    offset: int


class UnitOut(Schema):
    """One unit as it is or was: of a merged or renamed one ``valid_until`` is the last day."""

    id: int
    code: str
    name: str
    tier: str
    parent: str | None
    valid_from: datetime.date | None
    valid_until: datetime.date | None


class Units(Listed):
    items: list[UnitOut]


class CycleOut(Schema):
    """One year under one rulebook."""

    id: int
    year: int
    rulebook: str
    version: str
    digest: str
    kind: Literal["levels", "index"]
    root: str
    open: bool


class RulebookOut(Schema):
    """One version of one rulebook."""

    id: str
    version: str
    digest: str
    kind: Literal["levels", "index"]
    name: str


class DossierOut(Schema):
    """One unit in one cycle, and where it stands in the year's procedure."""

    id: int
    cycle: int
    year: int
    rulebook: str
    unit: str
    name: str
    state: str
    target: int | None
    version: int
    revision: int


class Dossiers(Listed):
    items: list[DossierOut]


class RulebookName(Schema):
    id: str
    version: str
    digest: str


class Evaluation(Schema):
    """As ``certify evaluate --format json``: levels, or points and ranks, of every unit."""

    framework: RulebookName
    cycle: int
    units: list[dict[str, Any]]


class DocumentOut(Schema):
    """A proof: of a stored file also its hash, size and address."""

    id: int
    reference: str
    sha256: str | None
    size: int | None
    href: str | None


class FactOut(Schema):
    """One fact, its value as in a table of evidence."""

    unit: str
    criterion: str
    numerator: str
    denominator: str
    value: str
    status: str
    reported: str
    source: str
    measured_on: datetime.date | None
    cycle: int
    note: str
    round: str
    draft: bool
    version: int
    documents: list[DocumentOut]


class Facts(Schema):
    items: list[FactOut]


class Imported(Schema):
    """What an import came to."""

    cycle: int
    changed: int
    unchanged: int
    settled: list[str]
    refused: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


class ActUnitOut(Schema):
    """What an act states for one unit; ``level`` 0: not recognised, none: a ranking or a revocation."""

    unit: str
    name: str
    level: int | None
    result: dict[str, Any]


class ActFileOut(Schema):
    name: str
    media_type: str
    sha256: str
    href: str


class ActOut(Schema):
    """One published act."""

    id: int
    number: str
    kind: str
    body: str
    cycle: int
    year: int
    signed_on: datetime.date
    signer: str
    replaces: str | None
    replaced_by: list[str]
    units: list[ActUnitOut]
    files: list[ActFileOut]


class Acts(Listed):
    items: list[ActOut]
