"""Reorganising: merges, splits, renames, moves and abolitions as the act says, written into the rows of units.

The unit that ends keeps its row with everything that hangs on it: dossiers, decisions, appointments. A new unit gets a
row of its own, and so does one that only comes to stand under another, since the cycles of earlier years read the tree
as it was. A unit that is merely called something else goes on in its row.
"""

import datetime
from collections.abc import Iterable, Sequence

from attrs import define, field, frozen
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.changes import change as make_change
from certification.store.models.accounts import Appointment
from certification.store.models.dossiers import Dossier
from certification.store.models.units import Succession, UnitChange, UnitRecord
from certification.store.subjects import INSTALLATION
from certification.store.units import TIER_ORDER, units_from
from evidence.reorganisation import draw_up
from evidence.succession import CONTINUING, Change, Chronicle, Defect, Era, Kind, Unsound
from evidence.units import Unit
from levels.faults import Text

_ONE_DAY = datetime.timedelta(days=1)


@frozen
class Plan:
    """What changes would make of the units that are there: the whole chronicle, and what hangs on the old units."""

    changes: tuple[Change, ...]
    chronicle: Chronicle
    appointments: int = 0  # that end with their units
    dossiers: int = 0  # of cycles that are open, which stay with units that end

    @property
    def followers(self) -> int:
        """How many units only come to stand under another."""
        return sum(len(era.forms) > 1 and not era.altered_by for era in self.chronicle.eras if era.begun_by is None)

    @property
    def concerned(self) -> tuple[Era, ...]:
        """The units that begin, end or go on differently by the changes themselves."""
        return tuple(era for era in self.chronicle.eras if era.begun_by or era.ended_by or era.altered_by)


def plan_changes(changes: Sequence[Change]) -> Plan:
    """What ``changes`` would make of the units that exist. Raises ``Unsound`` with every defect."""
    records = list(UnitRecord.objects.filter(valid_until=None))
    chronicle = _judge(changes, records)
    ending = {era.number for era in chronicle.eras if era.ended_by and era.number < len(records)}
    codes = [chronicle.eras[number].forms[0][1].code for number in ending]
    keys = [record.pk for record in records if record.code in codes]
    return Plan(
        tuple(changes),
        chronicle,
        Appointment.objects.holding().filter(unit__in=keys).count(),
        Dossier.objects.filter(unit__in=keys, cycle__closed_at=None).count(),
    )


def make_changes(actor: Actor, changes: Sequence[Change], why: str = "") -> list[UnitChange]:
    """Write ``changes`` into the rows of units, all of them or none, with one entry in the log.

    Raises ``Refused``, and ``Unsound`` with every defect.
    """
    acts = ", ".join(dict.fromkeys(each.instrument for each in changes))
    with make_change(actor, Action.MANAGE_UNITS, INSTALLATION, kind="units", label=acts[:300], why=why) as made:
        records = list(UnitRecord.objects.select_for_update().filter(valid_until=None).order_by("pk"))
        writing = _Writing(actor, _judge(changes, records), tuple(changes), {r.code: r for r in records})
        writing.write()
        made.after = {
            "changes": [_told(each) for each in changes],
            "rows": {"ended": writing.ended, "begun": writing.begun, "altered": writing.altered},
        }
    return writing.written


def _told(change: Change) -> dict[str, object]:
    """A change as the log keeps it."""
    cells = {"to": change.code, "name": change.name, "tier": str(change.tier or ""), "parent": change.parent}
    told = {"kind": change.kind.value, "on": change.on.isoformat(), "instrument": change.instrument}
    return {**told, "from": list(change.before), **{key: value for key, value in cells.items() if value}}


def _judge(changes: Sequence[Change], records: Sequence[UnitRecord]) -> Chronicle:
    """The chronicle of the units that exist and ``changes``; also what only the rows know is checked."""
    by_code = {record.code: record for record in records}
    defects = list(_check_days(changes, by_code))
    try:
        chronicle = draw_up(units_from(records), changes)
    except Unsound as unsound:
        raise Unsound([*defects, *unsound.defects]) from None
    if defects:
        raise Unsound(defects)
    return chronicle


def _check_days(changes: Sequence[Change], by_code: dict[str, UnitRecord]) -> Iterable[Defect]:
    """A change is recorded when it is in force, and after whatever was recorded of its units before."""
    last: dict[int, datetime.date] = {}
    for key, day in Succession.objects.filter(successor__valid_until=None).values_list(
        "successor", "change__effective_on"
    ):
        last[key] = max(day, last.get(key, day))
    today = timezone.localdate()
    for place, change in enumerate(changes):
        if change.on > today:
            found = Text(vi=f"ngày {change.on:%d/%m/%Y} chưa đến", en=f"{change.on:%d/%m/%Y} has not come yet")
            expected = Text(vi="chỉ ghi nhận từ ngày có hiệu lực", en="expected a change that is in force")
            yield Defect(place, "date", found, expected)
        for code in change.before:
            record = by_code.get(code)
            if record is None:
                continue
            days = [day for day in (record.valid_from, last.get(record.pk)) if day is not None and change.on <= day]
            if days:
                day = max(days)
                found = Text(
                    vi=f"{code} ({record.name}) đã có thay đổi từ ngày {day:%d/%m/%Y}",
                    en=f"{code} ({record.name}) was last changed on {day:%d/%m/%Y}",
                )
                yield Defect(place, "date", found, Text(vi="cần ngày sau đó", en="expected a later day"))


@define
class _Writing:
    """The chronicle being written, day by day, broader tiers first."""

    actor: Actor
    chronicle: Chronicle
    changes: tuple[Change, ...]
    by_code: dict[str, UnitRecord]
    records: dict[int, UnitRecord] = field(factory=dict)  # by the number of the era
    written: list[UnitChange] = field(factory=list)
    ended: int = 0
    begun: int = 0
    altered: int = 0

    def write(self) -> None:
        known = len(self.by_code)
        self.records = {era.number: self.by_code[era.forms[0][1].code] for era in self.chronicle.eras[:known]}
        for day in sorted({change.on for change in self.changes}):
            self._write_day(day)

    def _write_day(self, day: datetime.date) -> None:
        before = dict(self.by_code)
        for era in self.chronicle.eras:
            if era.until == day - _ONE_DAY:
                record = self.records[era.number]
                self._end(record, day)
                del self.by_code[record.code]
        self._free_codes(day)
        alive = [(era, unit) for era in self.chronicle.eras if (unit := era.on(day)) is not None]
        followers: list[tuple[UnitRecord, UnitRecord]] = []
        for era, unit in sorted(alive, key=lambda pair: TIER_ORDER.index(pair[1].tier)):
            former = self.records.get(era.number)
            parent = None if unit.parent is None else self.by_code[unit.parent]
            record = self._begin(unit, parent, day) if former is None else self._go_on(former, unit, parent, day)
            self.records[era.number] = self.by_code[unit.code] = record
            moves = any(change.kind is Kind.MOVE and change.on == day for change in era.altered_by)
            if former is not None and record.pk != former.pk and not moves:
                followers.append((former, record))
        self._record(day, before, followers)

    def _free_codes(self, day: datetime.date) -> None:
        """Take away every code that is given to another the same day, so that two units may exchange theirs."""
        for era in self.chronicle.eras:
            forms = [unit for since, unit in era.forms if since is None or since <= day]
            if len(forms) > 1 and era.forms[len(forms) - 1][0] == day and forms[-1].code != forms[-2].code:
                record = self.records[era.number]
                del self.by_code[record.code]
                record.code = f"~{record.pk}"
                record.save()

    def _begin(self, unit: Unit, parent: UnitRecord | None, day: datetime.date) -> UnitRecord:
        self.begun += 1
        return UnitRecord.objects.create(
            code=unit.code, name=unit.name, tier=unit.tier.value, parent=parent, valid_from=day
        )

    def _go_on(self, record: UnitRecord, unit: Unit, parent: UnitRecord | None, day: datetime.date) -> UnitRecord:
        """The row under which a unit goes on: another one where it comes to stand under another row."""
        if record.parent_id != (parent and parent.pk):
            holding = list(Appointment.objects.holding().filter(unit=record))
            self._end(record, day)
            moved = self._begin(unit, parent, day)
            for post in holding:
                Appointment.objects.create(
                    account_id=post.account_id,
                    role=post.role,
                    unit=moved,
                    valid_from=max(_start_of(day), post.valid_from),
                    basis=post.basis,
                    appointed_by_id=self.actor.account,
                )
            return moved
        if (record.code, record.name) != (unit.code, unit.name):
            record.code, record.name = unit.code, unit.name
            record.version += 1
            record.save()
            self.altered += 1
        return record

    def _end(self, record: UnitRecord, day: datetime.date) -> None:
        """The last day of a row; whoever is appointed at it is so no longer."""
        record.valid_until = day - _ONE_DAY
        record.version += 1
        record.save()
        self.ended += 1
        for post in Appointment.objects.holding().filter(unit=record):
            post.valid_until = max(_start_of(day), post.valid_from)
            post.ended_by_id = self.actor.account
            post.save(update_fields=["valid_until", "ended_by"])

    def _record(
        self, day: datetime.date, before: dict[str, UnitRecord], followers: list[tuple[UnitRecord, UnitRecord]]
    ) -> None:
        """The changes of the day as rows, with a line from every unit to what became of it."""
        of_day = [change for change in self.changes if change.on == day]
        acts: dict[tuple[object, ...], UnitChange] = {}
        lines: list[Succession] = []
        for change in of_day:
            # A split has a row for every new unit, and is one change.
            key = (change.kind, change.instrument, change.before or change.code)
            act = acts.get(key)
            if act is None:
                act = acts[key] = self._act(change.kind, day, change.instrument, self._details(change))
            lines += self._lines(change, act, before)
        for former, record in followers:
            key = (Kind.MOVE, "", ())
            act = acts.get(key)
            if act is None:
                instruments = "; ".join(dict.fromkeys(change.instrument for change in of_day))
                act = acts[key] = self._act(Kind.MOVE, day, instruments[:300], {"follows": True})
            lines.append(Succession(change=act, predecessor=former, successor=record))
        Succession.objects.bulk_create(lines, batch_size=500)
        self.written += acts.values()

    def _act(self, kind: Kind, day: datetime.date, instrument: str, details: dict[str, object]) -> UnitChange:
        return UnitChange.objects.create(
            kind=kind.value,
            effective_on=day,
            instrument=instrument[:300],
            recorded_by_id=self.actor.account,
            details=details,
        )

    def _details(self, change: Change) -> dict[str, object]:
        if change.kind not in CONTINUING:
            return {"parent": change.parent} if change.kind is Kind.ABOLISH and change.parent else {}
        era = next(era for era in self.chronicle.eras if change in era.altered_by)
        was, now = era.on(change.on - _ONE_DAY), era.on(change.on)
        assert was is not None
        assert now is not None
        cells = {"code": (was.code, now.code), "name": (was.name, now.name), "parent": (was.parent, now.parent)}
        return {key: list(pair) for key, pair in cells.items() if pair[0] != pair[1]}

    def _lines(self, change: Change, act: UnitChange, before: dict[str, UnitRecord]) -> list[Succession]:
        if change.kind is Kind.ABOLISH:
            return [Succession(change=act, predecessor=before[code], successor=None) for code in change.before]
        era = next(era for era in self.chronicle.eras if change == era.begun_by or change in era.altered_by)
        after = self.records[era.number]
        if change.kind is Kind.ESTABLISH:
            return [Succession(change=act, predecessor=None, successor=after)]
        return [Succession(change=act, predecessor=before[code], successor=after) for code in change.before]


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
