"""Trees: the units of a cycle, read as columns and put together once for as long as every one of them is the same."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from certification.store.models.cycles import Cycle
from certification.store.models.units import UnitRecord
from evidence.units import Unit, Units
from levels.framework import Tier

_TIERS = tuple(Tier)
_COLUMNS = ("pk", "code", "name", "tier", "parent")


class _Row(NamedTuple):
    """A unit as it stands in the store; ``target`` is what its dossier of the cycle registered."""

    pk: int
    code: str
    name: str
    tier: str
    parent: int | None
    target: int | None = None


def units_of(cycle: Cycle) -> Units:
    """The units that have a dossier in ``cycle``, with those above them, broader tiers first.

    One query, and one for every tier whose units have no dossiers.
    """
    columns = [f"unit__{name}" for name in _COLUMNS]
    rows = {row[0]: _Row(*row) for row in cycle.dossiers.order_by("pk").values_list(*columns, "target")}
    root = cycle.root
    rows.setdefault(root.pk, _Row(root.pk, root.code, root.name, root.tier, root.parent_id))
    # What stands above the root of the cycle is none of its units.
    while missing := set(_above(rows.values(), root.pk)) - rows.keys():
        found = UnitRecord.objects.filter(pk__in=missing).order_by("pk").values_list(*_COLUMNS)
        rows |= {row[0]: _Row(*row) for row in found}
    return _put_together(tuple(rows.values()), root.pk)


def _above(rows: Iterable[_Row], root: int) -> Iterator[int]:
    return (row.parent for row in rows if row.parent is not None and row.pk != root)


@lru_cache(maxsize=16)
def _put_together(rows: tuple[_Row, ...], root: int) -> Units:
    codes = {row.pk: row.code for row in rows}
    ordered = sorted(rows, key=lambda row: (_TIERS.index(Tier(row.tier)), row.code))
    return Units(
        {
            row.code: Unit(
                row.code,
                row.name,
                Tier(row.tier),
                None if row.pk == root or row.parent is None else codes[row.parent],
                row.target,
            )
            for row in ordered
        }
    )
