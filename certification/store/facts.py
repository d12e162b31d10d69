"""Facts of a dossier as its unit enters them: typed cells in, rows out, every flaw told, nobody's change lost.

What stands in cells is read as the command line reads the same cells of a table (``evidence.asked``). A form says which
version of a fact it was made from; where somebody else has changed the fact since, both values are shown and
nothing is written. What a council has ruled on is no longer the unit's to change.
"""

import datetime
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from attrs import evolve, fields, frozen
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.assessments import amount_of, rulebook_of
from certification.store.changes import DossierChange, Overtaken, change_dossier
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.rounds import COUNCIL_ROUNDS, order_of
from certification.store.unfit import Unfit
from evidence.asked import Asked, amount_writer, catalogue
from evidence.facts import Fact, Status
from evidence.inputs import AskedInput
from evidence.rulings import RULED
from evidence.units import Unit, Units
from evidence.values import CONTROL, Flaw, Unreadable, read_date
from levels.faults import Text
from levels.framework import Tier

_T = TypeVar("_T")

LONGEST = {"numerator": 100, "denominator": 100, "value": 500, "source": 500, "measured_on": 40, "note": 4000}
"""How many characters each cell may hold."""


@frozen
class Cells:
    """What was typed for one fact, as it was typed."""

    numerator: str = ""
    denominator: str = ""
    value: str = ""
    source: str = ""
    measured_on: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing at all was typed."""
        return not any(getattr(self, each.name).strip() for each in fields(Cells))


@frozen
class Saved:
    """What saving came to: the row as it stands now, and whether anything is different from before."""

    record: FactRecord
    changed: bool


def asked_of(dossier: Dossier) -> Mapping[str, Asked]:
    """Everything that the rulebook asks of the dossier's unit, by the code that facts carry, in printed order."""
    named = catalogue(rulebook_of(dossier.cycle)).asked[Tier(dossier.unit.tier)]
    return {asked.code: asked for asked in named.values()}


def unit_of(dossier: Dossier) -> Unit:
    """The dossier's unit by itself, without those above and below."""
    record = dossier.unit
    return Unit(record.code, record.name, Tier(record.tier), None, dossier.target)


def refuse_entry(asked: Asked, unit: Unit) -> Text | None:
    """Why the unit itself enters nothing there; None where it does."""
    if asked.kind == "members":
        return Text(
            vi=f"{asked.code} được tính từ mức độ của các đơn vị trực thuộc, không nhập số liệu",
            en=f"{asked.code} follows from the levels of the member units; nothing is entered",
        )
    if isinstance(asked, AskedInput):
        if asked.indicator is None:
            return Text(vi="Điểm khuyến khích do Hội đồng cho", en="The bonus is given by the council")
        if not asked.is_for(unit):
            return Text(
                vi=f"{unit.name} không thuộc đối tượng áp dụng của {asked.code}",
                en=f"{unit.name} is not subject to {asked.code}",
            )
    return None


def entry_round(dossier: Dossier) -> str:
    """The round of scoring that the unit's own facts belong to now; "" where the rulebook keeps no rounds apart."""
    rounds = catalogue(rulebook_of(dossier.cycle)).rounds
    wanted = "explanation" if dossier.state == State.EXPLAINING else "self"
    return wanted if wanted in rounds else ""


def read_fact(dossier: Dossier, asked: Asked, cells: Cells) -> Fact:
    """The fact that ``cells`` state, self-reported; without a value what is known is that nothing is known.

    Raises ``Unreadable`` with every flaw of every cell.
    """
    year, unit, flaws = dossier.cycle.year, unit_of(dossier), list[Flaw]()
    if refusal := refuse_entry(asked, unit):
        raise Unreadable([Flaw("criterion", refusal, Text(vi="hãy bỏ số liệu này", en="leave this fact out"))])
    tidy = tidy_cells(cells, flaws)
    faulty = {flaw.column for flaw in flaws}
    amount = None
    if not faulty & {"numerator", "denominator", "value"}:
        amount = _take(
            flaws,
            lambda: asked.read(numerator=tidy.numerator, denominator=tidy.denominator, value=tidy.value),
        )
    day = None if "measured_on" in faulty else _take(flaws, lambda: read_date(tidy.measured_on))
    if day is not None and (flaw := refuse_day(day, year)):
        flaws.append(flaw)
    status = Status.UNKNOWN if amount is None else Status.SELF_REPORTED
    fact = Fact(
        unit=unit.code,
        criterion=asked.code,
        status=status,
        amount=amount,
        source=tidy.source,
        measured_on=day,
        cycle=year,
        note=tidy.note,
        round=entry_round(dossier),
    )
    # Only an exemption looks at the members of a unit, and no unit exempts itself.
    flaws += asked.find_flaws(fact, Units({unit.code: unit}))
    if flaws:
        raise Unreadable(flaws)
    return fact


def enter_fact(
    actor: Actor, dossier: int, criterion: str, cells: Cells, *, version: int | None = None, through: str = "form"
) -> Saved:
    """Save what was typed for one criterion or input; empty cells take the value back.

    ``version``: the one of the fact that the form was made from, 0 where there was none; None: whatever stands there
    gives way, for a caller who has shown it. The same content once more changes nothing.

    Raises ``Refused``, ``Unreadable`` with every flaw, ``Overtaken`` with the row that stands there now, ``Unfit``
    where the rulebook does not ask it or a council has ruled on it.
    """
    with change_dossier(actor, Action.ENTER_FACT, dossier) as made:
        asked = find_asked(made.dossier, criterion)
        fact = read_fact(made.dossier, asked, cells)
        return put(made, actor, fact, version=version, through=through)


def find_asked(dossier: Dossier, criterion: str) -> Asked:
    """What the rulebook asks under a code. Raises ``Unfit`` where it asks the unit nothing of that name."""
    asked = catalogue(rulebook_of(dossier.cycle)).asked[Tier(dossier.unit.tier)].get(criterion)
    if asked is None:
        raise Unfit(
            Text(
                vi=f"Bộ tiêu chí không hỏi «{criterion[:40]}» ở đơn vị này.",
                en=f"The rulebook asks no “{criterion[:40]}” of this unit.",
            ),
            "criterion",
        )
    return asked


def overtaken_by(record: FactRecord) -> Overtaken:
    """What whoever typed another value is told: that of ``record`` has been saved meanwhile."""
    return Overtaken(
        Text(
            vi=f"{record.criterion}: người khác vừa lưu số liệu khác; hãy so hai bên rồi chọn",
            en=f"{record.criterion}: somebody else has just saved another value; compare both and choose",
        ),
        record,
    )


def put(
    made: DossierChange, actor: Actor, fact: Fact, *, version: int | None = None, through: str, draft: bool = False
) -> Saved:
    """Write ``fact`` into the dossier of a change that is being made, and say so in its log entry.

    Raises ``Overtaken`` and ``Unfit`` as ``enter_fact`` does.
    """
    record = made.dossier.facts.filter(criterion=fact.criterion, round=fact.round).order_by("pk").first()
    source = None
    if record is None:
        record, source = begin_row(made.dossier, fact.criterion, fact.round)
    before = describe(record)
    _refuse_ruled(record)
    if states(record, fact, draft=draft):
        return Saved(record, changed=False)
    if version is not None and version != record.version:
        raise overtaken_by(record)
    _write(record, fact, draft=draft)
    record.version += 1
    record.entered_by_id = actor.account
    record.entered_at = timezone.now()
    record.entered_through = through
    record.save()
    carry_proofs(source, record)
    note(made, before, describe(record))
    made.result_moved = True
    return Saved(record, changed=True)


def begin_row(
    dossier: Dossier, criterion: str, round_: str, rows: Iterable[FactRecord] | None = None
) -> tuple[FactRecord, FactRecord | None]:
    """A row of ``round_`` that is not there yet, of version 0 and not saved, and the row that it goes on from.

    ``rows``: those of the dossier on ``criterion``, where they are at hand already.

    What a unit explains between two rounds goes on from what it last stated itself, whatever the council made of that:
    a later round's row takes the place of an earlier one's, and must not lose the value it does not touch.
    """
    record = FactRecord(dossier=dossier, criterion=criterion, round=round_, status=Status.UNKNOWN.value, version=0)
    if not round_:
        return record, None
    order = order_of(dossier.cycle)
    known = dossier.facts.filter(criterion=criterion) if rows is None else rows
    own = [row for row in known if not row.draft and row.round not in COUNCIL_ROUNDS]
    before = [row for row in own if order.get(row.round, 0) < order.get(round_, 0)]
    source = max(before, key=lambda row: order.get(row.round, 0), default=None)
    if source is None:
        return record, None
    reported = amount_of(source.reported_numerator, source.reported_denominator)
    adjusted = Status(source.status) is Status.ADJUSTED
    amount = reported if adjusted else amount_of(source.numerator, source.denominator)
    record.numerator = None if amount is None else amount.numerator
    record.denominator = None if amount is None else amount.denominator
    record.status = (Status.UNKNOWN if amount is None else Status.SELF_REPORTED).value
    record.source, record.measured_on = source.source, source.measured_on
    record.note = "" if Status(source.status) in RULED else source.note
    return record, source


def carry_proofs(source: FactRecord | None, target: FactRecord) -> None:
    """Let what proves ``source`` prove ``target`` as well; who added it stays known."""
    if source is not None:
        FactProof.objects.bulk_create(
            FactProof(fact=target, proof_id=each.proof_id, reference=each.reference, added_by_id=each.added_by_id)
            for each in source.proofs.all()
        )


def note(made: DossierChange, before: object, after: object) -> None:
    """Add one changed fact to the log entry of a change; several stand in it as a list."""
    if made.before is None and made.after is None:
        made.before, made.after = before, after
        return
    if not isinstance(made.after, list):
        made.before, made.after = [made.before], [made.after]
    made.before.append(before)
    made.after.append(after)


def describe(record: FactRecord) -> dict[str, object]:
    """A fact as the log keeps it: exact values, no documents."""
    told: dict[str, object] = {"criterion": record.criterion, "status": record.status, "value": exact_text(record)}
    for name in ("round", "source", "note"):
        if text := getattr(record, name):
            told[name] = text
    if record.measured_on is not None:
        told["measured_on"] = record.measured_on.isoformat()
    if record.draft:
        told["draft"] = True
    return told


def exact_text(record: FactRecord) -> str | None:
    """The value of a row as exact text: ``74/104``, ``5``, ``1.25``; None where there is none."""
    amount = amount_of(record.numerator, record.denominator)
    return None if amount is None else amount_writer(rulebook_of(record.dossier.cycle))(amount)


def cells_of(asked: Asked, record: FactRecord | None) -> Cells:
    """What a form shows in its cells for a row: what was typed, in its plain form."""
    if record is None:
        return Cells()
    amount = amount_of(record.numerator, record.denominator)
    words = Cells(
        source=record.source,
        measured_on="" if record.measured_on is None else record.measured_on.isoformat(),
        note=record.note,
    )
    if amount is None:
        return words
    if isinstance(asked, AskedInput) or asked.kind == "presence":
        return evolve(words, value=asked.write(amount))
    if asked.kind == "count":
        return evolve(
            words,
            value=str(amount.numerator),
            denominator="" if amount.denominator is None else str(amount.denominator),
        )
    return evolve(words, numerator=str(amount.numerator), denominator=str(amount.denominator))


def tidy_cells(cells: Cells, flaws: list[Flaw]) -> Cells:
    """``cells`` in NFC without space around; notes what no cell may hold."""
    tidy: dict[str, str] = {}
    for name, most in LONGEST.items():
        text = unicodedata.normalize("NFC", getattr(cells, name).replace("\r\n", "\n").replace("\r", "\n")).strip()
        tidy[name] = text
        if len(text) > most:
            found = Text(vi=f"dài {len(text)} ký tự", en=f"{len(text)} characters")
            flaws.append(Flaw(name, found, Text(vi=f"tối đa {most} ký tự", en=f"at most {most} characters")))
        elif CONTROL.search(text):
            found = Text(vi="có ký tự điều khiển hoặc ký tự ẩn", en="there are control or invisible characters")
            flaws.append(Flaw(name, found, Text(vi="hãy gõ lại ô này", en="type this cell again")))
    return Cells(**tidy)


def _take(flaws: list[Flaw], read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except Unreadable as unreadable:
        flaws.extend(unreadable.flaws)
        return None


def refuse_day(day: datetime.date, year: int) -> Flaw | None:
    """Why a fact of the cycle ``year`` cannot have been measured on ``day``; None where it can."""
    last = min(datetime.date(year, 12, 31), timezone.localdate())
    if day <= last:
        return None
    return Flaw(
        "measured_on",
        Text(vi=f"ngày {day:%d/%m/%Y} sau ngày {last:%d/%m/%Y}", en=f"{day} comes after {last}"),
        Text(
            vi=f"cần ngày đã qua và không sau năm đánh giá {year}",
            en=f"expected a day that has passed, no later than the cycle {year}",
        ),
    )


def _refuse_ruled(record: FactRecord) -> None:
    if Status(record.status) in RULED:
        raise Unfit(
            Text(
                vi=f"Hội đồng đã thẩm định {record.criterion}; đơn vị không sửa được nữa, hãy giải trình.",
                en=f"The council has ruled on {record.criterion}; the unit can only explain it.",
            ),
            "value",
        )


def states(record: FactRecord, fact: Fact, *, draft: bool = False) -> bool:
    """Whether the row says already what ``fact`` does."""
    stated = amount_of(record.numerator, record.denominator)
    return (Status(record.status), stated, record.source, record.measured_on, record.note, record.draft) == (
        fact.status,
        fact.amount,
        fact.source,
        fact.measured_on,
        fact.note,
        draft,
    )


def _write(record: FactRecord, fact: Fact, *, draft: bool) -> None:
    record.status = fact.status.value
    record.numerator = None if fact.amount is None else fact.amount.numerator
    record.denominator = None if fact.amount is None else fact.amount.denominator
    record.source = fact.source
    record.measured_on = fact.measured_on
    record.note = fact.note
    record.draft = draft
