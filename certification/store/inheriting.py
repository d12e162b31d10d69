"""Inheriting: the first dossier of a unit that came out of others begins with drafts of what these had shown.

A draft counts as unknown until the new unit's officer confirms it (``evidence.inheritance`` says what follows). The
day and the documents of an earlier year are not taken over: they prove what was true then.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from certification.store.assessments import fact_of, fact_records, rulebook_of
from certification.store.facts import entry_round
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.models.units import Succession, UnitRecord
from certification.store.units import INHERITED
from evidence.asked import catalogue
from evidence.drafts import Draft
from evidence.facts import Fact, Status
from evidence.inheritance import Predecessor, inherit_facts
from evidence.succession import CONTINUING, Kind
from evidence.units import Unit
from levels.framework import Tier

_AT_ONCE = 500


def inherit(cycle: Cycle, dossiers: Sequence[Dossier]) -> int:
    """Write what the units before had shown as drafts into the new units' ``dossiers`` of ``cycle``; how many.

    A unit that had a dossier under the rulebook before has a past of its own and inherits nothing.
    """
    own = _rows_of([dossier.unit_id for dossier in dossiers])
    shown_before = Dossier.objects.filter(unit__in=own, cycle__rulebook__framework=cycle.rulebook.framework)
    grown = {own[unit] for unit in shown_before.exclude(cycle=cycle).values_list("unit", flat=True)}
    young = [dossier for dossier in dossiers if dossier.unit_id not in grown]
    before = _predecessors({row: unit for row, unit in own.items() if unit not in grown})
    if not before:
        return 0
    base = entry_round(dossiers[0])  # all are as new as the cycle
    shown = _last_shown(cycle, base, {former.pk for formers in before.values() for former, _ in formers})
    asked = catalogue(rulebook_of(cycle)).asked
    count = 0
    for dossier in young:
        predecessors = [
            Predecessor(_value(former), *shown.get(former.pk, ({}, cycle.year)), whole)
            for former, whole in before.get(dossier.unit_id, ())
        ]
        unit = _value(dossier.unit)
        drafts = inherit_facts(unit, predecessors, asked.get(unit.tier, {}), cycle.year)
        _write(dossier, base, drafts)
        count += len(drafts)
    return count


def _value(record: UnitRecord) -> Unit:
    return Unit(record.code, record.name, Tier(record.tier))


def _rows_of(units: Sequence[int]) -> dict[int, int]:
    """By the key of every row that a unit has or had before it moved, the key of its row now."""
    own = {unit: unit for unit in units}
    waiting = set(own)
    while waiting:
        moves = Succession.objects.filter(change__kind=Kind.MOVE, successor__in=waiting).exclude(predecessor=None)
        former = dict(moves.values_list("predecessor", "successor"))
        waiting = {row for row in former if row not in own}
        own |= {row: own[former[row]] for row in waiting if former[row] is not None}
    return own


def _predecessors(own: Mapping[int, int]) -> dict[int, list[tuple[UnitRecord, bool]]]:
    """By the key of a unit those that it came from, and whether each went into it alone; ``own``: its rows."""
    lines = list(
        Succession.objects.filter(successor__in=own)
        .exclude(change__kind__in=[kind.value for kind in CONTINUING])
        .exclude(predecessor=None)
        .select_related("predecessor")
        .order_by("pk")
    )
    heirs: dict[int | None, set[int | None]] = {}
    together = Succession.objects.filter(predecessor__in=[line.predecessor_id for line in lines])
    for predecessor, successor in together.values_list("predecessor", "successor"):
        if predecessor != successor:  # a line to itself is a rename
            heirs.setdefault(predecessor, set()).add(successor)
    found: dict[int, list[tuple[UnitRecord, bool]]] = {}
    for line in lines:
        if line.predecessor is not None and line.successor_id is not None:
            whole = len(heirs[line.predecessor_id]) == 1
            found.setdefault(own[line.successor_id], []).append((line.predecessor, whole))
    return found


def _last_shown(cycle: Cycle, base: str, units: Iterable[int]) -> dict[int, tuple[dict[str, Fact], int]]:
    """By the key of a unit the facts of its last dossier under the same rulebook, and that dossier's year."""
    dossiers = Dossier.objects.filter(
        unit__in=list(units), cycle__rulebook__framework=cycle.rulebook.framework, cycle__year__lte=cycle.year
    ).exclude(cycle=cycle)
    latest: dict[int, Dossier] = {}
    for dossier in dossiers.select_related("cycle", "unit").order_by("cycle__year"):
        latest[dossier.unit_id] = dossier
    found: dict[int, tuple[dict[str, Fact], int]] = {key: ({}, dossier.cycle.year) for key, dossier in latest.items()}
    for record in fact_records(Dossier.objects.filter(pk__in=[dossier.pk for dossier in latest.values()])):
        if record.round == base:
            unit, year = record.dossier.unit, record.dossier.cycle.year
            found[unit.pk][0][record.criterion] = fact_of(record, unit.code, year)
    return found


def _write(dossier: Dossier, base: str, drafts: Iterable[Draft]) -> None:
    rows, proofs = [], []
    for draft in drafts:
        amount = draft.amount
        timely = all(fact.cycle == draft.cycle for fact in draft.sources)
        row = FactRecord(
            dossier=dossier,
            criterion=draft.code,
            round=base,
            status=(Status.UNKNOWN if amount is None else Status.SELF_REPORTED).value,
            numerator=None if amount is None else amount.numerator,
            denominator=None if amount is None else amount.denominator,
            source=draft.origin.vi[:500],
            measured_on=draft.measured_on if timely else None,
            note=draft.note.vi,
            draft=True,
            entered_at=timezone.now(),
            entered_through=INHERITED,
        )
        rows.append(row)
        if timely:
            proofs += [FactProof(fact=row, reference=document.reference[:500]) for document in draft.documents]
    FactRecord.objects.bulk_create(rows, batch_size=_AT_ONCE)
    FactProof.objects.bulk_create(proofs, batch_size=_AT_ONCE)
