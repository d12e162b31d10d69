"""Unit import: the units of a directory beside those that are there, and what of the difference is taken over.

Nothing is taken silently: units that are new are added; names and parents that differ, and units that the directory no
longer lists, become changes with a date and a legal act, or stay as they are.
"""

import datetime

from attrs import frozen
from django.db import transaction

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import permit
from certification.store.changes import change
from certification.store.loading import add_units, load_units
from certification.store.models.units import UnitRecord
from certification.store.reorganising import make_changes
from certification.store.subjects import INSTALLATION
from certification.store.unfit import Unfit
from certification.store.units import units_from
from evidence.succession import Change, Kind
from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier


@frozen
class Differing:
    """One unit as it is kept, and as the directory has it."""

    kept: Unit
    listed: Unit


@frozen
class Comparison:
    """The units of a directory beside those kept of the same province."""

    listed: Units
    new: tuple[Unit, ...] = ()
    renamed: tuple[Differing, ...] = ()
    moved: tuple[Differing, ...] = ()
    gone: tuple[Unit, ...] = ()
    odd: tuple[Differing, ...] = ()  # of another tier: that is a change of its own, never an import
    same: int = 0

    @property
    def differs(self) -> bool:
        """Whether there is anything to take over."""
        return bool(self.new or self.renamed or self.moved or self.gone)


@frozen
class Taking:
    """What is taken over: the day since when new units exist (None: always), and which changes by which act."""

    since: datetime.date | None = None
    changed: bool = False  # names and parents as listed
    ended: bool = False  # units that are not listed end
    on: datetime.date | None = None  # the first day of the changes
    instrument: str = ""


def compare_units(listed: Units) -> Comparison:
    """``listed`` beside the units that exist, department offices aside: no directory of localities lists these."""
    kept = units_from(UnitRecord.objects.filter(valid_until=None))
    roots = {unit.code for unit in listed.children(None)}
    new, renamed, moved, odd = [], [], [], []
    for unit in listed.values():
        known = kept.get(unit.code)
        if known is None:
            new.append(unit)
            continue
        pair = Differing(known, unit)
        if known.tier is not unit.tier:
            odd.append(pair)
            continue
        if known.name != unit.name:
            renamed.append(pair)
        if known.parent != unit.parent:
            moved.append(pair)
    gone = [
        unit
        for unit in kept.values()
        if unit.code not in listed and unit.tier is not Tier.DEPARTMENT and _stands_under(kept, unit, roots)
    ]
    changed = {pair.kept.code for pair in (*renamed, *moved, *odd)}
    same = sum(code in kept and code not in changed for code in listed)
    return Comparison(listed, tuple(new), tuple(renamed), tuple(moved), tuple(gone), tuple(odd), same)


def _stands_under(units: Units, unit: Unit, roots: set[str]) -> bool:
    above = unit.parent
    while above is not None:
        if above in roots:
            return True
        above = units[above].parent
    return False


def changes_of(comparison: Comparison, taking: Taking) -> list[Change]:
    """The changes that ``taking`` asks for."""
    if taking.on is None:
        return []
    on, act = taking.on, taking.instrument
    made: list[Change] = []
    if taking.changed:
        made += [Change(Kind.RENAME, on, act, (p.kept.code,), name=p.listed.name) for p in comparison.renamed]
        made += [
            Change(Kind.MOVE, on, act, (p.kept.code,), parent=p.listed.parent)
            for p in comparison.moved
            if p.listed.parent
        ]
    if taking.ended and comparison.gone:
        made.append(Change(Kind.ABOLISH, on, act, tuple(unit.code for unit in comparison.gone)))
    return made


def import_units(actor: Actor, listed: Units, taking: Taking) -> Comparison:
    """Take over what ``taking`` says of ``listed``, all of it or nothing; what was different before.

    Raises ``Refused``; ``Unfit`` where nothing would change, a date or an act is missing, or a unit is of another
    tier; ``evidence.succession.Unsound`` where the changes cannot be.
    """
    permit(actor, Action.MANAGE_UNITS, INSTALLATION)
    wanted = taking.changed or taking.ended
    if wanted and (taking.on is None or not taking.instrument):
        raise Unfit(
            Text(
                vi="Đổi tên, chuyển hoặc kết thúc đơn vị phải có ngày hiệu lực và văn bản.",
                en="To rename, move or end units a first day and a legal act are needed.",
            ),
            "instrument" if taking.on is not None else "on",
        )
    with transaction.atomic():
        comparison = compare_units(listed)
        if comparison.odd:
            pair = comparison.odd[0]
            raise Unfit(
                Text(
                    vi=f"{pair.listed.code}: danh mục ghi {pair.listed.name}, hệ thống đang có {pair.kept.name}"
                    " ở cấp khác; hãy ghi nhận thay đổi đơn vị trước.",
                    en=f"{pair.listed.code} is {pair.listed.name} in the directory and {pair.kept.name} of another tier"
                    " here; record that change of units first.",
                )
            )
        changes = changes_of(comparison, taking)
        if not comparison.new and not changes:
            raise Unfit(Text(vi="Không có gì để nhập.", en="There is nothing to take over."))
        if comparison.new:
            _add(actor, comparison, taking.since)
        if changes:
            make_changes(actor, changes, why="import")
    return comparison


@transaction.atomic
def add_new_units(listed: Units) -> Comparison:
    """Add the units of ``listed`` that are not there yet, and nothing else; what was different before.

    For the command line of whoever keeps the server: the log says that it was loaded, not by whom.
    """
    comparison = compare_units(listed)
    if comparison.new:
        load_units(_addable(comparison))
    return comparison


def _add(actor: Actor, comparison: Comparison, since: datetime.date | None) -> None:
    label = ", ".join(unit.name for unit in comparison.listed.children(None))
    with change(actor, Action.MANAGE_UNITS, INSTALLATION, kind="units", label=label[:300], why="import") as made:
        _, added = add_units(_addable(comparison), since)
        made.after = {"added": [record.code for record in added], "since": since and since.isoformat()}


def _addable(comparison: Comparison) -> Units:
    """The new units with all that stand above them, in the order of the directory."""
    wanted: set[str] = set()
    for unit in comparison.new:
        code: str | None = unit.code
        while code is not None and code not in wanted:
            wanted.add(code)
            code = comparison.listed[code].parent
    return Units({code: unit for code, unit in comparison.listed.items() if code in wanted})
