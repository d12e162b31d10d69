"""Loading: rulebooks, units, cycles and facts from files into the store, many rows at a time.

What the first day of an installation, the demonstration and the tests begin with. Every function works in its
caller's transaction and puts its entry into the log; permission is the caller's to judge (``store.changes``).
"""

import datetime
from collections.abc import Callable, Mapping

from attrs import evolve, frozen
from django.db import transaction
from django.utils import timezone

from certification.procedure.states import State
from certification.store import audit
from certification.store.assessments import read_content, rulebook_of
from certification.store.models.accounts import Account
from certification.store.models.cycles import Cycle, RulebookRecord
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.models.units import UnitRecord
from certification.store.search import collation_key, fold
from evidence.dossiers import Evidence
from evidence.facts import ACCEPTED, Amount, Fact, Facts, Status
from evidence.files import FilePath
from evidence.tables import read_evidence, read_units
from evidence.units import Unit, Units
from levels.framework import Framework
from levels.loader import Rulebook, load_rulebook, read_bundled

_AT_ONCE = 2000
"""Rows written by one statement: SQLite takes a limited number of values."""

Standing = Callable[[Unit, Mapping[str, Fact]], State]
"""Where the dossier of a unit with these facts stands in the procedure."""


@frozen
class Province:
    """What was loaded: the rulebook, its units by code, the cycle assessed and those before it."""

    rulebook: RulebookRecord
    units: Mapping[str, UnitRecord]
    cycle: Cycle
    earlier: tuple[Cycle, ...] = ()


def load_province(
    framework_id: str,
    units_path: FilePath,
    evidence_path: FilePath,
    *,
    year: int | None = None,
    entered_by: Mapping[str, Account] | None = None,
    standing: Standing | None = None,
) -> Province:
    """As ``load_assessment``, from a bundled rulebook and two tables. Raises also ``Faulty`` with all their faults."""
    rulebook = load_rulebook(framework_id)
    units = read_units(units_path)
    evidence = read_evidence(evidence_path, rulebook, units, year)
    return load_assessment(framework_id, units, evidence, entered_by=entered_by, standing=standing)


@transaction.atomic
def load_assessment(
    framework_id: str,
    units: Units,
    evidence: Evidence,
    *,
    entered_by: Mapping[str, Account] | None = None,
    standing: Standing | None = None,
) -> Province:
    """Keep a bundled rulebook, add the units and open the cycle that ``evidence`` is of, with its facts.

    Units that are there already under the same code stay as they are. Facts of earlier years make closed cycles.
    ``entered_by``: who entered the facts of a unit, by its code; nobody, where it does not say. ``standing``: where
    a dossier with these facts stands; else ``stand``.

    Raises ``ValueError`` where the units have not one root.
    """
    roots = units.children(None)
    if len(roots) != 1:
        raise ValueError(f"expected one unit above all others, found {len(roots)}")
    record = keep_bundled(framework_id)
    records = load_units(units)
    cycles: dict[int, Cycle] = {}
    for year in sorted({*evidence.stated, evidence.cycle}):
        past = year != evidence.cycle
        cycles[year] = open_cycle(record, year, records[roots[0].code], records, units, closed=past)
        load_facts(cycles[year], evidence.stated.get(year, {}), entered_by=entered_by)
        place_dossiers(cycles[year], units, evidence.history[year] if past else evidence.facts, standing)
    cycle = cycles.pop(evidence.cycle)
    return Province(record, records, cycle, tuple(cycles.values()))


def keep_rulebook(
    raw: bytes, name: str, *, bundled: bool = False, added_by: Account | None = None
) -> tuple[RulebookRecord, bool]:
    """The record of the rulebook whose YAML is ``raw``, and whether it is new; the same content is kept once.

    Raises ``Faulty`` with every fault of the YAML; ``name`` is what they call it.
    """
    rulebook = read_content(raw, name)
    record, created = RulebookRecord.objects.get_or_create(
        digest=rulebook.digest,
        defaults={
            "framework": rulebook.id,
            "version": rulebook.version,
            "kind": "levels" if isinstance(rulebook, Framework) else "index",
            "name": title_of(rulebook),
            "content": raw,
            "bundled": bundled,
            "added_by": added_by,
        },
    )
    return record, created


def keep_bundled(framework_id: str) -> RulebookRecord:
    """The record of a bundled rulebook, made where it is not there yet. Raises ``KeyError`` for an unknown id."""
    record, created = keep_rulebook(read_bundled(framework_id), framework_id, bundled=True)
    if created:
        _enter("rulebook", record.pk, str(record), {"digest": record.digest})
    return record


def title_of(rulebook: Rulebook) -> str:
    """What lists call a rulebook: the number and title of its instrument, within the column's length."""
    instrument = rulebook.instrument
    # What a copy of the act leaves blank stays blank.
    return ": ".join(part for part in (instrument.number, instrument.title) if part)[:300]


def load_units(units: Units, valid_from: datetime.date | None = None) -> dict[str, UnitRecord]:
    """The current records of ``units`` by code; those that are not there are added, with an entry in the log."""
    known, added = add_units(units, valid_from)
    if added:
        _enter("units", "", "", {"added": len(added), "codes": [unit.code for unit in added]})
    return known


def add_units(units: Units, valid_from: datetime.date | None = None) -> tuple[dict[str, UnitRecord], list[UnitRecord]]:
    """The current records of ``units`` by code, and those of them that were added, parents first; without an entry."""
    known = {unit.code: unit for unit in UnitRecord.objects.filter(code__in=list(units), valid_until=None)}
    added: list[UnitRecord] = []
    waiting = [unit for unit in units.values() if unit.code not in known]
    while waiting:  # one round for each tier: a parent needs its key before its members are written
        ready = [unit for unit in waiting if unit.parent is None or unit.parent in known]
        made = [_record(unit, known, valid_from) for unit in ready]
        UnitRecord.objects.bulk_create(made, batch_size=_AT_ONCE)
        known |= {record.code: record for record in made}
        added += made
        waiting = [unit for unit in waiting if unit.code not in known]
    return {code: known[code] for code in units}, added


def _record(unit: Unit, known: Mapping[str, UnitRecord], valid_from: datetime.date | None) -> UnitRecord:
    return UnitRecord(
        code=unit.code,
        name=unit.name,
        tier=unit.tier.value,
        parent=known[unit.parent] if unit.parent else None,
        valid_from=valid_from,
        # bulk_create does not call ``save``, which writes the keys.
        search_key=fold(f"{unit.name} {unit.code}"),
        sort_key=collation_key(unit.name),
    )


def open_cycle(
    rulebook: RulebookRecord,
    year: int,
    root: UnitRecord,
    records: Mapping[str, UnitRecord],
    units: Units,
    *,
    closed: bool = False,
) -> Cycle:
    """Open the cycle of ``year`` with a dossier for every unit of ``units`` whose tier the rulebook asks.

    The levels that ``units`` registered are the targets; those of a closed cycle are not known.
    """
    cycle = Cycle.objects.create(rulebook=rulebook, year=year, root=root, closed_at=timezone.now() if closed else None)
    tiers = rulebook_of(cycle).sets
    targeted = rulebook.kind == "levels" and not closed
    dossiers = [
        Dossier(
            cycle=cycle,
            unit=records[unit.code],
            state=stand(unit if targeted else evolve(unit, registered=None), {}).value,
            target=unit.registered if targeted else None,
        )
        for unit in units.values()
        if unit.tier in tiers
    ]
    Dossier.objects.bulk_create(dossiers, batch_size=_AT_ONCE)
    _enter("cycle", cycle.pk, str(cycle), {"year": year, "rulebook": rulebook.digest, "dossiers": len(dossiers)})
    return cycle


def load_facts(
    cycle: Cycle, facts: Facts, *, entered_by: Mapping[str, Account] | None = None, through: str = "import"
) -> int:
    """Write ``facts`` into the dossiers of ``cycle``, which hold none of them yet; how many were written.

    Raises ``KeyError`` for a unit without a dossier, ``IntegrityError`` for a fact that is there already.
    """
    dossiers = {dossier.unit.code: dossier for dossier in cycle.dossiers.select_related("unit")}
    who, now = entered_by or {}, timezone.now()
    pairs = [
        (record_of(fact, dossiers[code], who.get(code), now, through), fact)
        for code, dossier in facts.items()
        for fact in dossier.values()
    ]
    FactRecord.objects.bulk_create([record for record, _ in pairs], batch_size=_AT_ONCE)
    proofs = [
        FactProof(fact=record, reference=document.reference[:500], added_by=record.entered_by)
        for record, fact in pairs
        for document in fact.documents
    ]
    FactProof.objects.bulk_create(proofs, batch_size=_AT_ONCE)
    if pairs:
        _enter("cycle", cycle.pk, str(cycle), {"facts": len(pairs), "documents": len(proofs)})
    return len(pairs)


def record_of(
    fact: Fact, dossier: Dossier, entered_by: Account | None, now: datetime.datetime, through: str
) -> FactRecord:
    """The row of ``fact``, not yet saved and without its documents."""
    amount, reported = fact.amount or _NO_AMOUNT, fact.reported or _NO_AMOUNT
    return FactRecord(
        dossier=dossier,
        criterion=fact.criterion,
        round=fact.round,
        status=fact.status.value,
        numerator=None if fact.amount is None else amount.numerator,
        denominator=None if fact.amount is None else amount.denominator,
        reported_numerator=None if fact.reported is None else reported.numerator,
        reported_denominator=None if fact.reported is None else reported.denominator,
        source=fact.source,
        measured_on=fact.measured_on,
        note=fact.note,
        entered_by=entered_by,
        entered_at=now,
        entered_through=through,
    )


_NO_AMOUNT = Amount(0)


def place_dossiers(cycle: Cycle, units: Units, facts: Facts, standing: Standing | None = None) -> None:
    """Put every dossier of ``cycle`` where its facts say that it stands."""
    place = standing or stand
    moved = []
    for dossier in cycle.dossiers.select_related("unit"):
        code = dossier.unit.code
        dossier.state = place(evolve(units[code], registered=dossier.target), facts.get(code, {})).value
        moved.append(dossier)
    Dossier.objects.bulk_update(moved, ["state"], batch_size=_AT_ONCE)


def stand(unit: Unit, facts: Mapping[str, Fact]) -> State:
    """How far a dossier has got that holds ``facts``: what a council has ruled on is being appraised."""
    if any(fact.status in ACCEPTED or fact.status is Status.REJECTED for fact in facts.values()):
        return State.APPRAISING
    if facts:
        return State.ASSESSING
    return State.OPEN if unit.registered is None else State.REGISTERED


def _enter(kind: str, key: object, label: str, after: Mapping[str, object]) -> None:
    audit.append(audit.deed("load", kind, key, label[:300], after=dict(after)))
