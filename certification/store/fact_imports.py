"""Imports: facts of whole files, Excel forms or tables, laid beside what stands before anything is written.

A file is read as the command line reads it, every fault told at once. What a unit hands in never carries a council's
ruling. What differs from what stands is somebody's to decide, fact by fact; then all of it is written in one
transaction, or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from attrs import evolve, frozen
from django.db import transaction

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.assessments import fact_of, rulebook_of
from certification.store.changes import DossierChange, change_dossier, lock_dossiers
from certification.store.facts import (
    entry_round,
    find_asked,
    put,
    refuse_day,
    refuse_entry,
    unit_of,
)
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactRecord
from certification.store.proofs import attach_references
from evidence.asked import Asked
from evidence.facts import Fact, Status
from evidence.files import FilePath
from evidence.forms import FormContent, read_forms
from evidence.merge import find_differences
from evidence.rulings import RULED
from evidence.tables import read_evidence
from evidence.units import Units
from levels.faults import Fault, Faulty, Text

MOST = 5000
"""Facts that one import may hold: a district's communes in one file."""


class Kind(StrEnum):
    """What an incoming fact is to what stands."""

    NEW = "new"  # nothing stands there yet
    ADDED = "added"  # it adds a source, a day or documents to the same value
    SAME = "same"
    DIFFERENT = "different"  # somebody has to choose
    SETTLED = "settled"  # a council has ruled on it: it stays
    FAULTY = "faulty"  # it cannot be taken


@frozen
class Line:
    """One incoming fact beside what stands."""

    dossier: Dossier
    asked: Asked
    fact: Fact
    kind: Kind
    record: FactRecord | None
    place: str  # where it stands in the file
    fields: tuple[str, ...] = ()  # in what they differ
    why: Text | None = None  # it cannot be taken

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.dossier.pk}/{self.asked.code}"

    @property
    def version(self) -> int:
        """The version of what stands; 0: nothing does."""
        return self.record.version if self.record else 0


@frozen
class Preview:
    """What an import would do; nothing is written yet."""

    lines: tuple[Line, ...]
    warnings: tuple[Fault, ...] = ()
    skipped: int = 0  # facts of other years, which are no part of it

    def of(self, *kinds: Kind) -> list[Line]:
        """The lines of some kinds."""
        return [line for line in self.lines if line.kind in kinds]


@frozen
class Taken:
    """One fact that is to be written, and the version of the fact that it was laid beside (None: whatever stands)."""

    fact: Fact
    version: int | None = None


@frozen
class _Found:
    fact: Fact
    place: str
    at: tuple[str, int, str | int]  # file, row, column


def read_files(paths: Sequence[Path], cycle: Cycle, dossiers: Sequence[Dossier]) -> Preview:
    """Read forms (``.xlsx``) and tables of evidence for ``dossiers`` of ``cycle`` and lay them beside what stands.

    Raises ``Faulty`` with the faults of all files, also where a form or row is of a unit that is not among them, or
    carries a ruling.
    """
    rulebook, units = rulebook_of(cycle), Units({dossier.unit.code: unit_of(dossier) for dossier in dossiers})
    found: list[_Found] = []
    warnings: list[Fault] = []
    faults: list[Fault] = []
    skipped = 0
    for path in paths:
        try:
            if path.suffix.casefold() == ".xlsx":
                (form,) = read_forms([path], rulebook, units, cycle.year)
                found += _of_form(form, _round_of(dossiers))
                warnings += form.warnings
            else:
                evidence = read_evidence(path, rulebook, units, cycle.year)
                skipped += sum(
                    len(rows) for year, of in evidence.stated.items() if year != cycle.year for rows in of.values()
                )
                found += _of_table(path, evidence.stated.get(cycle.year, {}))
                warnings += evidence.warnings
        except Faulty as faulty:
            faults += faulty.faults
    faults += _refuse(found, cycle.year)
    if faults:
        raise Faulty(faults)
    return Preview(tuple(compare(dossiers, [(each.fact, each.place) for each in found])), tuple(warnings), skipped)


def compare(dossiers: Iterable[Dossier], facts: Iterable[tuple[Fact, str]]) -> Iterable[Line]:
    """Every fact beside what stands in its dossier. Three queries."""
    by_unit = {dossier.unit.code: dossier for dossier in dossiers}
    records = _records(by_unit.values())
    for fact, place in facts:
        dossier = by_unit[fact.unit]
        asked = find_asked(dossier, fact.criterion)
        yield _lay_beside(dossier, asked, fact, records.get((dossier.pk, asked.code)), place)


def write_facts(actor: Actor, taken: Mapping[int, Sequence[Taken]], *, through: str) -> int:
    """Write facts into dossiers (by primary key), all in one transaction; how many changed anything.

    Raises ``Refused`` where the actor may not enter facts into one of them, ``Overtaken`` where a fact has changed
    since it was laid beside, ``Unfit``; then nothing is written.
    """
    changed = 0
    with transaction.atomic():
        lock_dossiers(taken)
        for pk in sorted(taken):
            with change_dossier(actor, Action.ENTER_FACT, pk) as made:
                changed += sum(_write(made, actor, each, through) for each in taken[pk])
    return changed


def _write(made: DossierChange, actor: Actor, each: Taken, through: str) -> bool:
    fact = evolve(each.fact, round=entry_round(made.dossier), cycle=made.dossier.cycle.year)
    saved = put(made, actor, fact, version=each.version, through=through)
    references = [document.reference for document in each.fact.documents]
    return attach_references(made, actor, saved.record, references) or saved.changed


def _round_of(dossiers: Sequence[Dossier]) -> str:
    return entry_round(dossiers[0]) if dossiers else ""


def _of_form(form: FormContent, round_: str) -> Iterable[_Found]:
    if form.appraised:
        raise Faulty([_fault(form.file, 1, 1, _WITH_RULINGS, _OWN_FORM)])
    if form.round not in ("", round_):
        found = Text(vi=f"biểu thuộc vòng «{form.round}»", en=f"the form is of the round “{form.round}”")
        raise Faulty([_fault(form.file, 1, 1, found, _OWN_FORM)])
    for code, fact in form.facts.items():
        row, column = form.rows[code]
        yield _Found(fact, f"{column}{row}", (form.file, row, column))


def _of_table(path: FilePath, stated: Mapping[str, Mapping[str, Fact]]) -> Iterable[_Found]:
    # Which row a fact stood in is no longer known here: its unit and code name it as well.
    for unit, dossier in stated.items():
        for fact in dossier.values():
            yield _Found(fact, f"{unit} {fact.criterion}", (str(path), 1, fact.id))


_WITH_RULINGS = Text(vi="biểu có phần thẩm định của Hội đồng", en="the form has the council's columns")
_OWN_FORM = Text(vi="cần biểu tải từ trang nhập số liệu", en="expected the form from the page of facts")


def _fault(file: str, row: int, column: str | int, found: Text, expected: Text) -> Fault:
    return Fault(file, row, column, found, expected)


def _refuse(found: Sequence[_Found], year: int) -> Iterable[Fault]:
    """What reads well but is not a unit's to hand in."""
    if len(found) > MOST:
        file = found[0].at[0]
        many = Text(vi=f"có {len(found)} số liệu", en=f"there are {len(found)} facts")
        yield _fault(file, 1, 1, many, Text(vi=f"tối đa {MOST} mỗi lần nhập", en=f"at most {MOST} at a time"))
    for each in found:
        if each.fact.status in RULED:
            ruled = Text(
                vi=f"{each.fact.criterion} của {each.fact.unit}: trạng thái {each.fact.status} do Hội đồng quyết định",
                en=f"{each.fact.criterion} of {each.fact.unit}: the status {each.fact.status} is the council's",
            )
            yield _fault(
                *each.at, ruled, Text(vi="cần để trống hoặc self_reported", en="expected nothing or self_reported")
            )
        if each.fact.measured_on is not None and (flaw := refuse_day(each.fact.measured_on, year)):
            yield _fault(*each.at, flaw.found, flaw.expected)


def _records(dossiers: Iterable[Dossier]) -> dict[tuple[int, str], FactRecord]:
    wanted = {dossier.pk: (dossier, entry_round(dossier)) for dossier in dossiers}
    rows = (
        FactRecord.objects.filter(dossier__in=list(wanted))
        .select_related("entered_by")
        .prefetch_related("proofs__proof")
    )
    found: dict[tuple[int, str], FactRecord] = {}
    for record in rows:
        dossier, round_ = wanted[record.dossier_id]
        if record.round == round_:
            record.dossier = dossier
            found[dossier.pk, record.criterion] = record
    return found


def _lay_beside(dossier: Dossier, asked: Asked, fact: Fact, record: FactRecord | None, place: str) -> Line:
    if refusal := refuse_entry(asked, unit_of(dossier)):
        return Line(dossier, asked, fact, Kind.FAULTY, record, place, why=refusal)
    if record is not None and Status(record.status) in RULED:
        return Line(dossier, asked, fact, Kind.SETTLED, record, place)
    if record is None or record.draft or record.numerator is None:
        known = bool(record and (record.source or record.note or record.proofs.all()))
        empty = fact.amount is None and not (fact.source or fact.note or fact.documents)
        return Line(dossier, asked, fact, Kind.SAME if empty and (record is None or known) else Kind.NEW, record, place)
    stands = fact_of(record, fact.unit, dossier.cycle.year)
    if fact.amount is None:
        return Line(dossier, asked, fact, Kind.SAME, record, place)
    incoming = evolve(fact, cycle=dossier.cycle.year, round=record.round)
    fields = find_differences(stands, incoming)
    if fields:
        return Line(dossier, asked, _fill(incoming, stands), Kind.DIFFERENT, record, place, fields)
    adds = any(getattr(incoming, name) and not getattr(stands, name) for name in ("source", "measured_on", "note"))
    adds |= bool({each.reference for each in incoming.documents} - {each.reference for each in stands.documents})
    if not adds:
        return Line(dossier, asked, fact, Kind.SAME, record, place)
    return Line(dossier, asked, _fill(incoming, stands), Kind.ADDED, record, place)


def _fill(incoming: Fact, stands: Fact) -> Fact:
    """``incoming`` with what it leaves open taken from what stands: a file without a note takes none away."""
    return evolve(
        incoming,
        source=incoming.source or stands.source,
        measured_on=incoming.measured_on or stands.measured_on,
        note=incoming.note or stands.note,
    )
