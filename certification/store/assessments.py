"""Assessments: the rows of one cycle as the values that the use cases work on.

The one door between Django's models and the rooms: rows become ``Units``, ``Fact``, ``Assessment`` and ``Rating``
here, and nowhere else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen
from django.db.models import Prefetch, Q, QuerySet

from certification.hierarchy import Assessment
from certification.rating import Rating
from certification.store.held_rulebooks import (  # read from here everywhere: the one door to the rooms' values
    framework_of as framework_of,
)
from certification.store.held_rulebooks import (
    index_of as index_of,
)
from certification.store.held_rulebooks import (
    read_content as read_content,
)
from certification.store.held_rulebooks import (
    rulebook_of as rulebook_of,
)
from certification.store.models.acts import ActUnit
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.models.units import Succession
from certification.store.telling import as_told, withheld
from certification.store.trees import units_of as units_of
from evidence.asked import catalogue
from evidence.dossiers import Evidence, Intake
from evidence.facts import Amount, Document, Fact, Status
from evidence.succession import Kind
from evidence.units import Units
from levels.faults import Findings
from rules.verdict import Recognition, levels_of


def amount_of(numerator: int | None, denominator: int | None) -> Amount | None:
    """The exact value of two columns; None where there is none."""
    return None if numerator is None else Amount(numerator, denominator)


def fact_of(record: FactRecord, unit: str, year: int) -> Fact:
    """The fact that a row states; its proofs are read from ``record.proofs`` (prefetch them with their files)."""
    proofs = ((each.reference, None if each.proof is None else each.proof.sha256) for each in record.proofs.all())
    return _fact(record, unit, year, proofs)


def _fact(row: Any, unit: str, year: int, proofs: Iterable[tuple[str, str | None]]) -> Fact:
    """The fact of a record, or of its columns alone."""
    return Fact(
        unit=unit,
        criterion=row.criterion,
        status=Status(row.status),
        amount=amount_of(row.numerator, row.denominator),
        reported=amount_of(row.reported_numerator, row.reported_denominator),
        documents=tuple(Document(reference, sha256) for reference, sha256 in proofs),
        source=row.source,
        measured_on=row.measured_on,
        cycle=year,
        note=row.note,
        round=row.round,
    )


_COLUMNS = (
    "pk",
    "dossier",
    "criterion",
    "status",
    "numerator",
    "denominator",
    "reported_numerator",
    "reported_denominator",
    "source",
    "measured_on",
    "note",
    "round",
)


def fact_records(dossiers: Collection[Dossier] | QuerySet[Dossier], *, drafts: bool = False) -> list[FactRecord]:
    """The confirmed facts of ``dossiers`` with their proofs; with ``drafts`` also those that nobody took over yet.

    By dossier, criterion and round, as far as the reader may know them (``store.telling``). Drafts count as unknown:
    whoever decides leaves them out.
    """
    proofs = Prefetch("proofs", FactProof.objects.select_related("proof"))
    rows = FactRecord.objects.filter(dossier__in=dossiers).prefetch_related(proofs)
    rows = rows.order_by("dossier_id", "criterion", "round")
    if isinstance(dossiers, QuerySet):
        told = as_told(rows.select_related("dossier__unit", "dossier__cycle"))
    else:  # at hand with their cycles: not to be read again with every row
        known = {dossier.pk: dossier for dossier in dossiers}
        told = as_told(rows)
        for row in told:
            row.dossier = known[row.dossier_id]
    return told if drafts else [row for row in told if not row.draft]


@frozen
class Beside:
    """Whose facts are read in full, and which of the others': those on some criteria, and some by their keys."""

    unit: str
    criteria: Collection[str]
    facts: Collection[int]


def _facts(
    cycle: Cycle, codes: Collection[str] | None, lasting: Collection[str], beside: Beside | None
) -> Iterator[Fact]:
    # This year's and last year's (a jump is a doubt); of what lasts longer also the earlier ones, so that an
    # inspection that has expired is told as such (Phụ lục 01, I.11; Phụ lục 02, II.11).
    before = Succession.objects.filter(successor=cycle.root_id).values("predecessor")
    dossiers = Dossier.objects.filter(
        # Of its own year only its own: another version of the rulebook, or the province before, may have a cycle too.
        Q(cycle=cycle) | Q(cycle__year__lt=cycle.year),
        Q(cycle__root=cycle.root_id) | Q(cycle__root__in=before),
        cycle__rulebook__framework=cycle.rulebook.framework,
    )
    if codes is not None:
        dossiers = dossiers.filter(unit__code__in=codes)
    # A code that another unit had last year is not this unit's history; a unit that only moved is the same one.
    own = cycle.dossiers.values("unit")
    moved = Succession.objects.filter(change__kind=Kind.MOVE, successor__in=own).values("predecessor")
    dossiers = dossiers.filter(Q(unit__in=own) | Q(unit__in=moved))
    # Dossiers first, then what hangs on them by their keys: as one query with everything nested in it, PostgreSQL takes
    # many seconds where it has no statistics of the tables yet. Columns, not instances, which take five times as long.
    found = dossiers.order_by().values_list("pk", "unit__code", "cycle__year")
    places = {key: (code, year) for key, code, year in found}
    recent = [key for key, (_, year) in places.items() if year >= cycle.year - 1]
    earlier = [key for key, (_, year) in places.items() if year < cycle.year - 1]
    counting = Q(dossier__in=recent) | Q(dossier__in=earlier, criterion__in=lasting)
    hidden = withheld() & places.keys()
    for record in fact_records(Dossier.objects.filter(pk__in=hidden)) if hidden else ():
        yield fact_of(record, *places[record.dossier_id])
    # Of two dossiers of one unit in one earlier year the later one stands, whichever the database finds first.
    rows = FactRecord.objects.filter(counting, draft=False).exclude(dossier__in=hidden).order_by("dossier_id")
    shown = FactProof.objects.filter(fact__dossier__in=list(places), fact__draft=False).order_by("pk")
    if beside is not None:
        in_full = [key for key, (code, _) in places.items() if code == beside.unit]
        rows = rows.filter(Q(dossier__in=in_full) | Q(criterion__in=beside.criteria) | Q(pk__in=beside.facts))
        shown = shown.filter(fact__in=rows.values("pk"))
    proofs: dict[int, list[tuple[str, str | None]]] = {}
    for fact, reference, sha256 in shown.values_list("fact", "reference", "proof__sha256"):
        proofs.setdefault(fact, []).append((reference, sha256))
    for row in rows.values_list(*_COLUMNS, named=True):
        yield _fact(row, *places[row.dossier], proofs.get(row.pk, ()))


def evidence_of(
    cycle: Cycle, units: Units, codes: Collection[str] | None = None, beside: Beside | None = None
) -> Evidence:
    """The facts of ``cycle`` (of the units ``codes`` only), as ``read_evidence`` gives those of a file.

    ``beside``: of all but one unit less is read.
    """
    rulebook = rulebook_of(cycle)
    known = catalogue(rulebook)
    lasting = {asked.code for lasts in known.lasting.values() for asked in lasts}
    facts = (
        fact
        for fact in _facts(cycle, codes, lasting, beside)
        if fact.unit in units and fact.criterion in known.asked.get(units[fact.unit].tier, {})
    )
    return Intake(Findings(str(cycle)), known, units).gather(facts, cycle.year)


def recognitions_of(cycle: Cycle) -> dict[str, Recognition]:
    """What the signed acts of ``cycle`` that are in force state, by unit code."""
    found: dict[str, Recognition] = {}
    in_force = (
        ActUnit.objects.filter(act__cycle=cycle, act__kind__in=("recognise", "refuse", "revoke"))
        .select_related("act", "dossier__unit")
        .order_by("act__signed_at", "act__pk")
    )
    for entry in in_force:  # a later act on a unit takes the place of an earlier one
        code, act = entry.dossier.unit.code, entry.act
        if act.kind == "revoke":
            found.pop(code, None)
            continue
        level = entry.level or 0
        found[code] = Recognition(code, levels_of(level, level, level), act.seal, False, act.number, act.signed_on)
    return found


def frame_of(cycle: Cycle, units: Units | None = None) -> Assessment:
    """The assessment of a cycle of levels without any facts: its units, and what of them is recognised. Two queries.

    ``units``: those of the cycle, where they are at hand already.
    """
    return Assessment(framework_of(cycle), units or units_of(cycle), {}, cycle.year, recognitions_of(cycle))


def assessment_of(cycle: Cycle, codes: Collection[str] | None = None, frame: Assessment | None = None) -> Assessment:
    """The assessment of a cycle of levels; with ``codes`` only those units' facts are read. About six queries.

    ``frame``: that of the cycle, where it is at hand already.
    """
    frame = frame or frame_of(cycle)
    evidence = evidence_of(cycle, frame.units, codes)
    last_year: Mapping[str, Mapping[str, Fact]] = evidence.history.get(cycle.year - 1, {})
    return evolve(frame, facts=evidence.facts, last_year=last_year)


def rating_of(cycle: Cycle) -> Rating:
    """The rating of a cycle of points. Every unit is read, since each is ranked beside the others."""
    units = units_of(cycle)
    return Rating(index_of(cycle), units, evidence_of(cycle, units))
