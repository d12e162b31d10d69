"""Reorganisation: from the units of the beginning and all changes to the chronicle of units, made day by day.

All changes of one day happen together: on 1 July 2025 provinces merged, districts ended and communes merged at once.
Units below follow the unit that theirs became; where that is not one unit, changes must say where they belong.
"""

import datetime
import itertools
from collections.abc import Sequence

from attrs import define, evolve, field

from evidence.change_checks import Placed, Standing, check_changes, given_code, missing
from evidence.succession import CONTINUING, Change, Chronicle, Defect, Era, Kind, Unsound
from evidence.tables import PARENT_TIERS
from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier

_SHOWN = 5  # units that a message names


def draw_up(units: Units, changes: Sequence[Change]) -> Chronicle:
    """The chronicle that begins with ``units`` and goes on by ``changes``, in whatever order they are given.

    Raises ``Unsound`` with every defect: units that are not there, codes in use, units that both end and go on, units
    below that would be left without a parent, parents of a wrong tier, cells that say nothing or too much.
    """
    drawing = _Drawing()
    for unit in units.values():
        drawing.begin(None, unit)
    placed = sorted(enumerate(changes), key=lambda pair: pair[1].on)
    for day, of_day in itertools.groupby(placed, key=lambda pair: pair[1].on):
        drawing.make(day, list(of_day))
    if drawing.defects:
        raise Unsound(drawing.defects)
    return Chronicle(tuple(running.close() for running in drawing.eras), tuple(drawing.doubts))


@define(eq=False)
class _Running:
    """An era while it is being drawn."""

    number: int
    forms: list[tuple[datetime.date | None, Unit]]
    begun_by: Change | None = None
    until: datetime.date | None = None
    came_from: list[int] = field(factory=list)
    became: list[int] = field(factory=list)
    altered_by: list[Change] = field(factory=list)
    ended_by: list[Change] = field(factory=list)

    @property
    def unit(self) -> Unit:
        return self.forms[-1][1]

    def alter(self, day: datetime.date, unit: Unit) -> None:
        """From ``day`` on it is described as ``unit``; what one day makes of it is one form."""
        if self.forms[-1][0] == day:
            self.forms.pop()
        self.forms.append((day, unit))

    def close(self) -> Era:
        return Era(
            self.number,
            tuple(self.forms),
            self.until,
            self.begun_by,
            tuple(self.came_from),
            tuple(self.became),
            tuple(self.altered_by),
            tuple(self.ended_by),
        )


@define
class _Drawing:
    """The eras so far, and those that exist now by their code."""

    eras: list[_Running] = field(factory=list)
    current: dict[str, _Running] = field(factory=dict)
    defects: list[Defect] = field(factory=list)
    doubts: list[Defect] = field(factory=list)

    def begin(self, day: datetime.date | None, unit: Unit, by: Change | None = None) -> _Running:
        """A new era under the unit's code."""
        running = _Running(len(self.eras), [(day, unit)], by)
        self.eras.append(running)
        self.current[unit.code] = running
        return running

    def make(self, day: datetime.date, changes: list[Placed]) -> None:
        """Check and make the changes of one day; those at fault are left out, so that the later ones are checked."""
        units = {code: running.unit for code, running in self.current.items()}
        defects = check_changes(Standing(day, units, self.former), changes)
        wrong = {defect.place for defect in defects}
        self.defects += defects
        _Day(self, day, [(place, change) for place, change in changes if place not in wrong]).happen()

    def former(self, code: str) -> tuple[Unit, datetime.date] | None:
        """The unit that bore ``code`` when it ended, and its last day."""
        ended = ((era.unit, era.until) for era in reversed(self.eras) if era.unit.code == code)
        return next(((unit, until) for unit, until in ended if until is not None), None)


@define
class _Day:
    """The sound changes of one day."""

    drawing: _Drawing
    day: datetime.date
    changes: list[Placed]
    old: dict[str, _Running] = field(init=False)  # who bore each code on the day before
    blame: dict[int, int] = field(factory=dict)  # the change that began, moved or ended an era
    lost: set[int] = field(factory=set)  # eras below one that has no single heir

    def __attrs_post_init__(self) -> None:
        self.old = dict(self.drawing.current)

    def happen(self) -> None:
        """End, alter and begin eras, then see that every unit stands where it may."""
        for place, change in self.changes:
            if change.kind not in CONTINUING:
                self._end(place, change)
        self._alter()
        begun = [
            (place, change, self._begin(place, change))
            for place, change in self.changes
            if change.kind not in (*CONTINUING, Kind.ABOLISH)
        ]
        self._follow()
        for place, change, running in begun:
            self._settle(place, change, running)
        self._check_tree()

    def _end(self, place: int, change: Change) -> None:
        for code in change.before:
            running = self.old[code]
            running.until = self.day - datetime.timedelta(days=1)
            running.ended_by.append(change)
            self.blame[running.number] = place
            self.drawing.current.pop(code, None)

    def _alter(self) -> None:
        recoded = []
        for place, change in self.changes:
            if change.kind in CONTINUING:
                running = self.old[change.before[0]]
                unit = running.unit
                altered = evolve(
                    unit,
                    code=change.code or unit.code,
                    name=change.name or unit.name,
                    parent=change.parent or unit.parent,
                )
                running.alter(self.day, altered)
                running.altered_by.append(change)
                self.blame[running.number] = place
                if change.kind is Kind.RECODE:
                    # Two units may exchange their codes: all are taken away before any is given.
                    self.drawing.current.pop(change.before[0])
                    recoded.append((place, running))
        for place, running in recoded:
            self._doubt_code(place, running)
            self.drawing.current[running.unit.code] = running

    def _begin(self, place: int, change: Change) -> _Running:
        before = [self.old[code] for code in change.before]
        like = before[0].unit if before else None
        tier = change.tier or (like.tier if like else Tier.PROVINCE)
        unit = Unit(given_code(change), change.name or (like.name if like else ""), tier, change.parent or None)
        running = self.drawing.begin(self.day, unit, change)
        for former in before:
            running.came_from.append(former.number)
            former.became.append(running.number)
        self.blame[running.number] = place
        self._doubt_code(place, running)
        return running

    def _doubt_code(self, place: int, running: _Running) -> None:
        """A code that comes back for a unit that does not descend from who bore it may be a mistake."""
        descent = list(running.came_from)
        for number in descent:
            descent += self.drawing.eras[number].came_from
        code = running.unit.code
        for era in self.drawing.eras:
            bore = any(unit.code == code for _, unit in era.forms) and era is not running
            if bore and era.until is not None and era.number not in descent:
                found = Text(
                    vi=f"mã {code} trước đây là của {era.unit.name}", en=f"code {code} was that of {era.unit.name}"
                )
                expected = Text(
                    vi="hãy kiểm tra: đơn vị mới không kế tục đơn vị đó",
                    en="check it: the new unit does not descend from it",
                )
                self.drawing.doubts.append(Defect(place, "to", found, expected))

    def _heir(self, code: str) -> str | None:
        """The code under which the units below ``code`` go on; None where that is not clear."""
        former = self.old.get(code)
        if former is None or former.until is None:
            return former.unit.code if former else code
        heirs = [self.drawing.eras[number].unit.code for number in former.became]
        if code in heirs:
            return code
        if not heirs:
            heirs = [change.parent for change in former.ended_by if change.parent]
        return heirs[0] if len(heirs) == 1 else None

    def _follow(self) -> None:
        """Units that go on stand under what their parent became, unless a change of the day moves them."""
        moved = {self.old[c.before[0]].number for _, c in self.changes if c.kind is Kind.MOVE}
        for running in self.drawing.current.values():
            parent = running.unit.parent
            if running.forms[0][0] != self.day and parent is not None and running.number not in moved:
                heir = self._heir(parent)
                if heir is None:
                    self.lost.add(running.number)
                elif heir != parent:
                    running.alter(self.day, evolve(running.unit, parent=heir))

    def _settle(self, place: int, change: Change, running: _Running) -> None:
        """A new unit without a parent of its own stands where those before it stood."""
        if change.parent or running.unit.tier is Tier.PROVINCE:
            return
        parents = {self.old[code].unit.parent for code in change.before}
        heirs = {self._heir(parent) if parent else None for parent in parents}
        if len(heirs) == 1 and None not in heirs:
            running.alter(self.day, evolve(running.unit, parent=heirs.pop()))
            return
        found = Text(
            vi=f"không rõ {running.unit.name} trực thuộc đơn vị nào",
            en=f"it is not clear what {running.unit.name} stands under",
        )
        expected = Text(vi="cần ghi mã đơn vị cấp trên", en="expected the code of its parent")
        self.drawing.defects.append(Defect(place, "parent", found, expected))
        running.alter(self.day, evolve(running.unit, tier=Tier.PROVINCE))  # told once

    def _check_tree(self) -> None:
        current = self.drawing.current
        stranded: dict[int, list[Unit]] = {}
        for running in current.values():
            unit = running.unit
            if running.number in self.lost:
                assert unit.parent is not None
                stranded.setdefault(self.blame[self.old[unit.parent].number], []).append(unit)
            elif unit.parent is None:
                continue
            elif unit.parent not in current:
                standing = Standing(self.day, {code: era.unit for code, era in current.items()}, self.drawing.former)
                self.drawing.defects.append(missing(self._blamed(running), "parent", unit.parent, standing))
            elif (parent := current[unit.parent].unit).tier not in PARENT_TIERS[unit.tier]:
                found = Text(
                    vi=f"{unit.code} ({unit.tier}) trực thuộc {parent.code} ({parent.tier})",
                    en=f"{unit.code} ({unit.tier}) stands under {parent.code} ({parent.tier})",
                )
                tiers = PARENT_TIERS[unit.tier]
                expected = (
                    Text(vi=f"cần cấp trên là {' hoặc '.join(tiers)}", en=f"expected a {' or '.join(tiers)}")
                    if tiers
                    else Text(vi="cấp này không có cấp trên", en="this tier has no parent")
                )
                self.drawing.defects.append(Defect(self._blamed(running), "parent", found, expected))
        self._note_stranded(stranded)

    def _blamed(self, running: _Running) -> int:
        """The change after which a unit stands wrong: its own, else that of its parent, else that of who was there."""
        assert running.unit.parent is not None
        parents = (self.drawing.current.get(running.unit.parent), self.old.get(running.unit.parent))
        numbers = [running.number, *(parent.number for parent in parents if parent is not None)]
        return next((self.blame[number] for number in numbers if number in self.blame), self.changes[0][0])

    def _note_stranded(self, stranded: dict[int, list[Unit]]) -> None:
        for place, units in stranded.items():
            named = ", ".join(unit.code for unit in units[:_SHOWN]) + (" …" if len(units) > _SHOWN else "")
            found = Text(
                vi=f"còn {len(units)} đơn vị trực thuộc không rõ về đâu: {named}",
                en=f"{len(units)} units below would be left without a parent: {named}",
            )
            expected = Text(
                vi="cần thay đổi của chúng cùng ngày, hoặc mã đơn vị tiếp nhận ở cột parent",
                en="expected changes of theirs on the same day, or who takes them over in the column parent",
            )
            self.drawing.defects.append(Defect(place, "parent", found, expected))
