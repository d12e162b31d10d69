"""Drafts: a fact entered under one rulebook, offered to another as the crosswalk allows; never silently taken.

A draft is no ``Fact`` and has none of its statuses. Its row of evidence holds the value, the documents and
where they come from, but in the column ``status`` the word ``draft``, which evidence of no rulebook may hold:
whoever feeds it unreviewed to ``evaluate`` is refused, row by row. An officer who has checked a row clears
that one cell, which makes the fact self-reported, or deletes the row. (Status ``unknown`` with the value in
the note would be counted by nobody either, but silently, and would have to be typed again.)

Two drafts that give one input different values stay two rows: evidence takes only one, a person chooses.
What only *informs* a council's score has no value at all: clearing its cell asks for the score.
"""

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property

from attrs import frozen

from evidence.dossiers import DRAFT, EVIDENCE_COLUMNS
from evidence.drafting import Drafting, Offer, Withheld
from evidence.facts import SYNTHETIC, Amount, Document, Fact, Facts, Status
from evidence.files import MAX_CELL, FilePath, write_rows
from evidence.tables import write_fact
from evidence.units import Units
from levels.crosswalk import Crosswalk
from levels.faults import Language, Text
from levels.index import Index
from levels.loader import Rulebook

MAX_DOCUMENTS = 100
"""Most documents that one draft carries over; their hashes too must fit into one cell."""


@frozen
class Draft:
    """What one unit might tell the target of one input: a value, or none where it only informs."""

    unit: str
    code: str  # as the target's evidence writes it
    amount: Amount | None
    sources: tuple[Fact, ...]
    cycle: int
    origin: Text  # which facts, with values and statuses
    note: Text  # how they were converted, why, what is to be confirmed

    @property
    def informs(self) -> bool:
        """Whether it is for the eyes of a scorer only."""
        return self.amount is None

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents of its sources, each once."""
        return tuple(dict.fromkeys(document for fact in self.sources for document in fact.documents))

    @property
    def measured_on(self) -> datetime.date | None:
        """The day of its sources; None where they differ, and for a score, which is given on a day of its own."""
        days = {fact.measured_on for fact in self.sources}
        return days.pop() if len(days) == 1 and not self.informs else None

    def adopt(self, language: Language = "vi") -> Fact:
        """The fact that it becomes when somebody takes it over: self-reported, whatever its sources were."""
        documents = _fitting(self.documents)
        left_out = len(self.documents) - len(documents)
        more = Text(
            f" Còn {left_out} tài liệu khác ở số liệu gốc.", f" {left_out} more documents are with the sources."
        )
        made_up = f"{SYNTHETIC}: " if any(fact.synthetic for fact in self.sources) else ""
        return Fact(
            self.unit,
            self.code,
            Status.SELF_REPORTED,
            self.amount,
            documents=documents,
            source=made_up + self.origin.say(language),
            measured_on=self.measured_on,
            cycle=self.cycle,
            note=self.note.say(language) + (more.say(language) if left_out else ""),
        )


@frozen
class Drafts:
    """Everything that one rulebook's facts offer another, and what was held back."""

    drafts: tuple[Draft, ...]
    withheld: tuple[Withheld, ...]


def draft_facts(
    crosswalk: Crosswalk, facts: Facts, source: Rulebook, target: Rulebook, units: Units, cycle: int
) -> Drafts:
    """What ``facts`` of ``cycle`` under ``source`` offer ``target``; only facts of that very cycle are used.

    ``crosswalk`` must be one that ``levels.crosswalk_lint`` finds in agreement with both.
    """
    drafting = Drafting(crosswalk, facts, source, target, units, cycle)
    drafting.run()
    places = {unit: place for place, unit in enumerate(units)}
    drafts = _unite(drafting.offers, _period(target, cycle), cycle)
    return Drafts(tuple(sorted(drafts, key=lambda draft: places[draft.unit])), tuple(dict.fromkeys(drafting.withheld)))


def write_drafts(path: FilePath, drafts: Iterable[Draft], language: Language = "vi") -> None:
    """Write ``drafts`` as evidence that cannot be read before each row was reviewed."""
    place = EVIDENCE_COLUMNS.index("status")
    rows = (write_fact(draft.adopt(language)) for draft in drafts)
    write_rows(path, EVIDENCE_COLUMNS, ((*row[:place], DRAFT, *row[place + 1 : len(EVIDENCE_COLUMNS)]) for row in rows))


def _unite(offers: Iterable[Offer], period: Text | None, cycle: int) -> Iterator[Draft]:
    """One draft for every input and value, whatever number of facts say so."""
    together: dict[tuple[str, str], dict[Amount | None, list[Offer]]] = {}
    for offer in offers:
        together.setdefault((offer.unit, offer.code), {}).setdefault(offer.amount, []).append(offer)
    for (unit, code), by_amount in together.items():
        for amount, alike in by_amount.items():
            sources = tuple(dict.fromkeys(fact for offer in alike for fact in offer.sources))
            note = _note(alike, [other for other in by_amount if other != amount], period)
            yield Draft(unit, code, amount, sources, cycle, _join((offer.origin for offer in alike), "; "), note)


def _note(alike: Iterable[Offer], others: Iterable[Amount | None], period: Text | None) -> Text:
    offers = tuple(alike)
    parts = [offer.how for offer in offers]
    parts += [
        Text(f"Chỉ dùng nếu {condition.vi}.", f"Only if {condition.en}.")
        for condition in dict.fromkeys(condition for offer in offers for condition in offer.conditions)
    ]
    parts += [
        Text(f"Bản nháp khác cho giá trị {other}: hãy chọn một.", f"Another draft says {other}: choose one.")
        for other in others
    ]
    return _join(dict.fromkeys([*parts, period] if period else parts), " ")


def _join(texts: Iterable[Text], separator: str) -> Text:
    parts = tuple(dict.fromkeys(texts))
    return Text(separator.join(part.vi for part in parts), separator.join(part.en for part in parts))


def _period(target: Rulebook, cycle: int) -> Text | None:
    """That the target counts the data of other days than the calendar year (Bắc Ninh, Mục III.2.a)."""
    if not isinstance(target, Index) or target.window is None:
        return None
    first, last = target.window.days(cycle)
    return Text(
        f"Kỳ số liệu khác: {target.id} lấy từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}; hãy kiểm tra.",
        f"Another period: {target.id} takes data from {first} to {last}; check it.",
    )


def _fitting(documents: Iterable[Document]) -> tuple[Document, ...]:
    """As many documents as one cell can hold: what is written must be read again."""
    fitting: list[Document] = []
    length = 0
    for document in documents:
        length += len(document.reference) + 1
        if length > MAX_CELL or len(fitting) == MAX_DOCUMENTS:
            break
        fitting.append(document)
    return tuple(fitting)
