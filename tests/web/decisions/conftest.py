"""What the tests of decisions share: dossiers that a council has closed and proposed for signature."""

import datetime
from collections.abc import Callable, Iterable

import pytest
from django.utils import timezone

from certification.procedure.states import State
from certification.store.drafts import body_of
from certification.store.loading import Province
from certification.store.models import Council, Cycle, Dossier, FactProof, FactRecord, Minutes, MinutesItem
from evidence.facts import Status
from levels.faults import Text

DISTRICT = "613"
COMMUNES = ("23485", "23488", "23473", "23476", "23479", "23482", "23470", "23491", "23494")

Propose = Callable[..., list[Dossier]]


def ready(cycle: Cycle, codes: Iterable[str], held_on: datetime.date) -> list[Dossier]:
    """The dossiers of ``codes`` as they stand when the council has ruled on everything and the office proposes."""
    dossiers = list(
        Dossier.objects.filter(cycle=cycle, unit__code__in=codes)
        .select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
        .order_by("unit__sort_key")
    )
    facts = FactRecord.objects.filter(dossier__in=dossiers)
    facts.filter(status=Status.SELF_REPORTED).update(status=Status.VERIFIED)
    for fact in facts.filter(proofs=None):
        FactProof.objects.create(fact=fact, reference="Công văn số 15/CV-UBND")
    body = body_of(dossiers[0])
    council, _ = Council.objects.get_or_create(cycle=cycle, body=body)
    minutes = Minutes.objects.create(council=council, number="05/BB-HĐTĐ", held_on=held_on)
    for dossier in dossiers:
        MinutesItem.objects.create(minutes=minutes, dossier=dossier, adopted=True)
    minutes.closed_at = timezone.now()
    minutes.save()
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in dossiers]).update(state=State.PROPOSED)
    for dossier in dossiers:
        dossier.refresh_from_db(fields=["state", "version"])
    return dossiers


@pytest.fixture
def propose(province: Province) -> Propose:
    """Makes dossiers ready: ``propose("23485", …)``; without codes the communes of the district."""

    def make(*codes: str) -> list[Dossier]:
        wanted = codes or tuple(
            province.cycle.dossiers.filter(unit__parent__code=DISTRICT).values_list("unit__code", flat=True)
        )
        return ready(province.cycle, wanted, datetime.date(province.cycle.year, 12, 12))

    return make


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without Pango: documents are made in a tenth of the time."""
    monkeypatch.setattr("reports.documents.unavailable", lambda: {"pdf": Text(vi="không có", en="not there")})
