"""Cycles: opened for a rulebook, a year and the units under one root as they are on a day; closed at the year's end.

A unit that came out of others begins with drafts of what these had shown (``evidence.inheritance``). The list of units
stays what it was on the opening's day: a reform in the middle of a year counts from the next cycle, or from one of its
own, so that no unit is assessed beside those that it came from.
"""

import datetime
from collections.abc import Iterable

from attrs import frozen
from django.db import IntegrityError, transaction
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken, change
from certification.store.inheriting import inherit
from certification.store.models.cycles import Cycle, RulebookRecord
from certification.store.models.dossiers import Dossier
from certification.store.models.units import Succession, UnitRecord
from certification.store.subjects import subject_of_unit
from certification.store.unfit import Unfit
from certification.store.units import TIER_ORDER, records_on
from levels.faults import Text
from levels.framework import Tier

_AT_ONCE = 500


@frozen
class Opening:
    """A cycle to be opened: ``day`` is the one whose units take part."""

    rulebook: RulebookRecord
    year: int
    root: UnitRecord
    day: datetime.date


def partakers(opening: Opening) -> list[UnitRecord]:
    """The units that get a dossier: under the root (or it), there on the day, of a tier that the rulebook assesses."""
    tiers = rulebook_of(Cycle(rulebook=opening.rulebook, year=opening.year, root=opening.root)).sets
    below: set[int] = set()
    found = []
    rows = sorted(records_on(opening.day), key=lambda row: TIER_ORDER.index(Tier(row.tier)))
    for row in rows:
        if row.pk == opening.root.pk or row.parent_id in below:
            below.add(row.pk)
            if Tier(row.tier) in tiers:
                found.append(row)
    return found


def open_year(actor: Actor, opening: Opening) -> Cycle:
    """Open the cycle with a dossier for every unit that takes part, and drafts of what new units inherit.

    Raises ``Refused``, and ``Unfit`` where there is such a cycle already or no unit takes part.
    """
    label = f"{opening.rulebook} {opening.year}"
    with change(actor, Action.MANAGE_CYCLES, subject_of_unit(opening.root), kind="cycle", label=label) as made:
        units = partakers(opening)
        if not units:
            raise Unfit(
                Text(
                    vi=f"Không có đơn vị nào thuộc {opening.root.name} mà bộ tiêu chí này đánh giá.",
                    en=f"No unit under {opening.root.name} is assessed by this rulebook.",
                ),
                "root",
            )
        cycle = _create(opening)
        made.key, made.label = cycle.pk, str(cycle)
        drafts = _add_dossiers(cycle, units)
        made.after = {
            "year": opening.year,
            "rulebook": opening.rulebook.digest,
            "root": opening.root.code,
            "units_of": opening.day.isoformat(),
            "dossiers": len(units),
            "inherited_drafts": drafts,
        }
    return cycle


def _create(opening: Opening) -> Cycle:
    try:
        with transaction.atomic():
            return Cycle.objects.create(rulebook=opening.rulebook, year=opening.year, root=opening.root)
    except IntegrityError:
        raise Unfit(
            Text(
                vi=f"Kỳ {opening.year} của {opening.root.name} theo bộ tiêu chí này đã có.",
                en=f"There is a cycle {opening.year} of {opening.root.name} under this rulebook already.",
            ),
            "year",
        ) from None


@frozen
class Missing:
    """Units without a dossier in a cycle: those that may get one, and those whose predecessors are assessed in it."""

    addable: tuple[UnitRecord, ...]
    held_back: tuple[UnitRecord, ...]


def missing_units(cycle: Cycle, day: datetime.date) -> Missing:
    """The units there on ``day`` that take part by rulebook and root but have no dossier in ``cycle``."""
    assessed = set(cycle.dossiers.values_list("unit", flat=True))
    lacking = [
        unit for unit in partakers(Opening(cycle.rulebook, cycle.year, cycle.root, day)) if unit.pk not in assessed
    ]
    lines = Succession.objects.filter(successor__in=lacking, predecessor__in=assessed).values_list(
        "successor", flat=True
    )
    succeeding = set(lines)
    return Missing(
        tuple(unit for unit in lacking if unit.pk not in succeeding),
        tuple(unit for unit in lacking if unit.pk in succeeding),
    )


def add_missing(actor: Actor, cycle: Cycle, day: datetime.date, why: str = "") -> int:
    """Give the units that ``missing_units`` may add their dossiers; how many. Raises ``Refused`` and ``Unfit``."""
    subject = subject_of_unit(cycle.root)
    with change(actor, Action.MANAGE_CYCLES, subject, kind="cycle", key=cycle.pk, label=str(cycle), why=why) as made:
        locked = Cycle.objects.select_for_update(of=("self",)).select_related("rulebook", "root").get(pk=cycle.pk)
        if locked.closed_at is not None:
            raise Unfit(Text(vi="Kỳ này đã đóng.", en="This cycle is closed."))
        units = missing_units(locked, day).addable
        if not units:
            raise Unfit(Text(vi="Không có đơn vị nào cần bổ sung.", en="There is no unit to add."))
        drafts = _add_dossiers(locked, units)
        made.after = {"added": [unit.code for unit in units], "inherited_drafts": drafts}
    return len(units)


def close_year(actor: Actor, cycle: Cycle, why: str, *, again: bool = False) -> None:
    """Close the cycle, or open it ``again``. Raises ``Refused``, and ``Overtaken`` where somebody just did."""
    subject = subject_of_unit(cycle.root)
    with change(actor, Action.MANAGE_CYCLES, subject, kind="cycle", key=cycle.pk, label=str(cycle), why=why) as made:
        locked = Cycle.objects.select_for_update(of=("self",)).select_related("rulebook", "root").get(pk=cycle.pk)
        if (locked.closed_at is None) == again:
            raise Overtaken(
                Text(vi="Người khác vừa đóng hoặc mở lại kỳ này.", en="Somebody has just closed or reopened it."),
                locked,
            )
        made.before = {"closed_at": locked.closed_at and locked.closed_at.isoformat()}
        locked.closed_at = None if again else timezone.now()
        locked.save(update_fields=["closed_at"])
        made.after = {"closed_at": locked.closed_at and locked.closed_at.isoformat()}


def _add_dossiers(cycle: Cycle, units: Iterable[UnitRecord]) -> int:
    """A dossier for each of ``units``; how many drafts they inherit."""
    rows = [Dossier(cycle=cycle, unit=unit, state=State.OPEN.value) for unit in units]
    Dossier.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return inherit(
        cycle, list(Dossier.objects.filter(pk__in=[row.pk for row in rows]).select_related("unit", "cycle__rulebook"))
    )
