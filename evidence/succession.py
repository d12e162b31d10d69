"""Succession: what becomes of units in time, by which legal act; who is there on any day, and from whom it descends.

Units are established, merged, split, renamed, moved under another unit, given another code or tier, and abolished (Luật
Tổ chức chính quyền địa phương 2025, số 72/2025/QH15: thành lập, nhập, chia, đổi tên, giải thể). A rename, a move and a
new code leave the unit what it was. Every other change ends the units it names on the day before and begins others,
even where a new unit takes over an old code: since 1 July 2025 code 15 is Lào Cai, before it was Yên Bái. Whatever was
recorded of a unit stays with the unit it was recorded of.
"""

import datetime
from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier


class Kind(StrEnum):
    """What happens to units."""

    ESTABLISH = "establish"
    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    MOVE = "move"
    RECODE = "recode"
    RETIER = "retier"
    ABOLISH = "abolish"


CONTINUING = (Kind.RENAME, Kind.MOVE, Kind.RECODE)
"""The kinds after which the unit is the same one."""

LABELS = {
    Kind.ESTABLISH: Text(vi="Thành lập", en="Established"),
    Kind.MERGE: Text(vi="Nhập", en="Merged"),
    Kind.SPLIT: Text(vi="Chia", en="Split"),
    Kind.RENAME: Text(vi="Đổi tên", en="Renamed"),
    Kind.MOVE: Text(vi="Chuyển sang trực thuộc đơn vị khác", en="Moved under another unit"),
    Kind.RECODE: Text(vi="Đổi mã", en="Given another code"),
    Kind.RETIER: Text(vi="Đổi cấp", en="Given another tier"),
    Kind.ABOLISH: Text(vi="Giải thể, kết thúc hoạt động", en="Abolished"),
}


@frozen
class Change:
    """One unit that begins or goes on differently, or units that end: one row of ``unit_changes.csv``.

    What is left empty stays as it was: of a merge or split the tier and the parent of the units before. Of an
    abolition ``parent`` is who takes over the units below.
    """

    kind: Kind
    on: datetime.date  # the first day on which it holds
    instrument: str
    before: tuple[str, ...] = ()
    code: str = ""
    name: str = ""
    tier: Tier | None = None
    parent: str = ""


@frozen
class Defect:
    """What is wrong with one change: its place in the list, the column, what was found and what is expected."""

    place: int
    column: str
    found: Text
    expected: Text


class Unsound(Exception):
    """Changes that contradict the units or each other; carries every defect, in the order of the changes."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects = tuple(sorted(defects, key=lambda defect: defect.place))
        super().__init__("; ".join(f"{defect.found.en}; {defect.expected.en}" for defect in self.defects))


@frozen
class Era:
    """One unit from its first day to its last, under all its names, codes and parents."""

    number: int  # its place in the chronicle
    forms: tuple[tuple[datetime.date | None, Unit], ...]  # since when (None: always) it is described so
    until: datetime.date | None = None  # the last day; None: it exists
    begun_by: Change | None = None
    came_from: tuple[int, ...] = ()  # numbers of eras
    became: tuple[int, ...] = ()
    altered_by: tuple[Change, ...] = ()
    ended_by: tuple[Change, ...] = ()

    @property
    def since(self) -> datetime.date | None:
        """The first day; None: since before anything was recorded."""
        return self.forms[0][0]

    @property
    def unit(self) -> Unit:
        """The unit as it is described last."""
        return self.forms[-1][1]

    def on(self, day: datetime.date) -> Unit | None:
        """The unit as it was described on ``day``; None where it did not exist."""
        if self.until is not None and day > self.until:
            return None
        held = [unit for since, unit in self.forms if since is None or since <= day]
        return held[-1] if held else None


@frozen
class Chronicle:
    """All units that ever were, in the order in which they appeared; made by ``evidence.reorganisation.draw_up``."""

    eras: tuple[Era, ...]
    doubts: tuple[Defect, ...] = ()  # codes that came back without descent: allowed, but to be looked at

    def units_on(self, day: datetime.date) -> Units:
        """The units that existed on ``day``."""
        return Units({unit.code: unit for era in self.eras if (unit := era.on(day)) is not None})

    def era(self, code: str, day: datetime.date) -> Era | None:
        """The unit that had ``code`` on ``day``."""
        return next((era for era in self.eras if (unit := era.on(day)) is not None and unit.code == code), None)

    def predecessors(self, era: Era) -> list[Era]:
        """The units that ``era`` came from, in the order in which the act names them."""
        return [self.eras[number] for number in era.came_from]

    def successors(self, era: Era) -> list[Era]:
        """The units that ``era`` became, in the order of the changes."""
        return [self.eras[number] for number in era.became]

    def ancestors(self, era: Era) -> list[Era]:
        """The predecessors of ``era`` and theirs, nearest first, each once."""
        found = list(era.came_from)
        for number in found:
            found.extend(more for more in self.eras[number].came_from if more not in found)
        return [self.eras[number] for number in found]
