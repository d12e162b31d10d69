"""Units as they stand, and as they came about: the tree with search, and from whom a unit descends.

Rows end and begin; nothing recorded of a unit ever moves to another (``store.reorganising`` makes the changes).
"""

import datetime
from collections.abc import Collection, Iterable, Mapping

from attrs import field, frozen
from django.db.models import Q, QuerySet

from certification.store.models.acts import ActUnit
from certification.store.models.facts import FactRecord
from certification.store.models.units import Succession, UnitChange, UnitRecord
from certification.store.search import words_of
from evidence.succession import Kind
from evidence.units import Unit, Units
from levels.framework import Tier

TIER_ORDER = tuple(Tier)

INHERITED = "predecessor"
"""``FactRecord.entered_through`` of a draft that was taken over from the units before."""


def records_on(day: datetime.date) -> QuerySet[UnitRecord]:
    """The units that existed on ``day``."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    lasting = Q(valid_until=None) | Q(valid_until__gte=day)
    return UnitRecord.objects.filter(begun, lasting)


def search_units(rows: QuerySet[UnitRecord], text: str) -> QuerySet[UnitRecord]:
    """Those of ``rows`` whose name or code holds every word of ``text``, tones and case aside."""
    for word in words_of(text):
        rows = rows.filter(search_key__contains=word)
    return rows


def units_from(records: Iterable[UnitRecord]) -> Units:
    """The tree of ``records``, broader tiers first; a parent that is not among them is none."""
    kept = {record.pk: record for record in records}
    ordered = sorted(kept.values(), key=lambda record: (TIER_ORDER.index(Tier(record.tier)), record.code))
    return Units(
        {
            record.code: Unit(
                record.code,
                record.name,
                Tier(record.tier),
                kept[record.parent_id].code if record.parent_id in kept else None,
            )
            for record in ordered
        }
    )


def first_row(unit: UnitRecord) -> UnitRecord:
    """The row that a unit had before it ever moved: what goes on through a move, as a body's numbers, hangs on it."""
    while True:
        moves = Succession.objects.filter(successor=unit, change__kind=Kind.MOVE).exclude(predecessor=unit)
        line = moves.select_related("predecessor").first()
        if line is None or line.predecessor is None:
            return unit
        unit = line.predecessor


@frozen
class Past:
    """The rows before a unit's present one: ``same`` those of the unit itself before it moved, ``others`` all else."""

    same: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()


def pasts_of(units: Collection[int]) -> dict[int, Past]:
    """The pasts of ``units``, by their keys. One query for every time that the oldest of them was reorganised."""
    lines: dict[int, list[tuple[int, bool]]] = {}
    waiting = set(units)
    while waiting:
        rows = Succession.objects.filter(successor__in=waiting).exclude(predecessor=None)
        waiting = set()
        for after, before, kind in rows.values_list("successor", "predecessor", "change__kind"):
            if before != after:
                lines.setdefault(after, []).append((before, kind == Kind.MOVE))
                waiting.add(before)
        waiting -= lines.keys()
    return {unit: _past(unit, lines) for unit in units}


def _past(unit: int, lines: Mapping[int, list[tuple[int, bool]]]) -> Past:
    same, known = {unit}, {unit}
    waiting = [unit]
    while waiting:
        row = waiting.pop()
        for before, moved in lines.get(row, ()):
            if moved and row in same:
                same.add(before)
            if before not in known:
                known.add(before)
                waiting.append(before)
    return Past(frozenset(same - {unit}), frozenset(known - same))


@frozen
class Recognised:
    """The last level that an act in force recognised of a unit."""

    year: int
    level: int
    number: str
    act: int


@frozen
class Origin:
    """One unit that another came from or became: by which change, and how it stood when it ended."""

    unit: UnitRecord
    change: UnitChange
    whole: bool  # it went into that one unit alone
    recognised: Recognised | None = None


@frozen
class UnitHistory:
    """What became of a unit and from whom it descends; ``drafts``: facts of theirs that wait for confirmation."""

    unit: UnitRecord
    origins: tuple[Origin, ...] = ()
    heirs: tuple[Origin, ...] = ()
    altered: tuple[UnitChange, ...] = ()  # renames and new codes, the unit being the same record
    ended_by: tuple[UnitChange, ...] = ()
    drafts: int = 0

    @property
    def told(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.origins or self.heirs or self.altered or self.ended_by)


def history_of(unit: UnitRecord) -> UnitHistory:
    """The history of one unit. At most five queries, whatever happened."""
    lines = list(
        Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
        .select_related("change", "predecessor", "successor")
        .order_by("change__effective_on", "pk")
    )
    if not lines:
        return UnitHistory(unit)
    befores = [line for line in lines if line.successor_id == unit.pk and line.predecessor_id not in (None, unit.pk)]
    afters = [line for line in lines if line.predecessor_id == unit.pk and line.successor_id not in (None, unit.pk)]
    heirs: dict[int | None, set[int | None]] = {}
    together = Succession.objects.filter(predecessor__in=[line.predecessor_id for line in (*befores, *afters)])
    for predecessor, successor in together.values_list("predecessor", "successor"):
        if predecessor != successor:
            heirs.setdefault(predecessor, set()).add(successor)
    known = recognised_levels([line.predecessor_id for line in befores if line.predecessor_id is not None])
    return UnitHistory(
        unit,
        tuple(_origin(line, line.predecessor, heirs, known) for line in befores),
        tuple(_origin(line, line.successor, heirs, {}) for line in afters),
        tuple(dict.fromkeys(line.change for line in lines if line.predecessor_id == line.successor_id == unit.pk)),
        tuple(
            dict.fromkeys(line.change for line in lines if line.predecessor_id == unit.pk and line.successor_id is None)
        ),
        FactRecord.objects.filter(dossier__unit=unit, draft=True, entered_through=INHERITED).count(),
    )


def _origin(
    line: Succession,
    unit: UnitRecord | None,
    heirs: Mapping[int | None, set[int | None]],
    known: Mapping[int, Recognised],
) -> Origin:
    assert unit is not None
    return Origin(unit, line.change, len(heirs.get(line.predecessor_id, ())) == 1, known.get(unit.pk))


def recognised_levels(units: Iterable[int]) -> dict[int, Recognised]:
    """The last recognised level of each unit with one of these keys, as acts in force state it. One query."""
    found: dict[int, dict[int, Recognised]] = {}
    stated = ActUnit.objects.filter(dossier__unit__in=list(units), act__kind__in=("recognise", "refuse", "revoke"))
    rows = stated.order_by("act__signed_at", "act__pk").values_list(
        "dossier__unit", "act__cycle__year", "level", "act__number", "act", "act__kind"
    )
    for unit, year, level, number, act, kind in rows:
        if kind == "revoke":
            found.get(unit, {}).pop(year, None)
        else:
            found.setdefault(unit, {})[year] = Recognised(year, level or 0, number, act)
    return {unit: years[max(years)] for unit, years in found.items() if years}


@frozen
class Branch:
    """A unit with those under it, for a page that shows the tree."""

    unit: UnitRecord
    below: list["Branch"] = field(factory=list)

    @property
    def size(self) -> int:
        """How many units stand under it, at any depth."""
        return sum(1 + branch.size for branch in self.below)


def tree_of(records: Iterable[UnitRecord]) -> list[Branch]:
    """The roots of ``records`` with all that stands under them, in the order given."""
    branches = {record.pk: Branch(record) for record in records}
    roots: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.unit.parent_id) if branch.unit.parent_id is not None else None
        (roots if parent is None else parent.below).append(branch)
    return roots
