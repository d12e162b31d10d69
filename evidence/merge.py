"""Merging: a submission laid beside what is known already; nothing known is ever overwritten.

What is unknown gives way to what is known, a ruling of the council takes the place of the very
report it rules on, and gaps are filled. Where both sides say something different about the same
unit, criterion, cycle and round, the known fact stays and a conflict is reported for a person to settle.
"""

from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.values import STATUS_NAMES
from levels.faults import Text

_RULINGS = frozenset({Status.VERIFIED, Status.ADJUSTED, Status.REJECTED, Status.EXEMPT})
_RANKS = {Status.UNKNOWN: 0, Status.SELF_REPORTED: 1}  # a ruling ranks above both
_VALUES = ("status", "amount", "reported")
_GAPS = ("source", "measured_on", "note")
_NAMES = {
    "status": Text(vi="trạng thái", en="status"),
    "amount": Text(vi="giá trị", en="value"),
    "reported": Text(vi="giá trị báo cáo", en="reported value"),
    "documents": Text(vi="tài liệu kiểm chứng", en="documents"),
    "source": Text(vi="nguồn số liệu", en="source"),
    "measured_on": Text(vi="ngày chốt số liệu", en="day measured"),
    "note": Text(vi="ghi chú", en="note"),
}


@frozen
class Conflict:
    """Two submissions that differ on one criterion: ``known`` was kept, ``incoming`` comes from ``origin``."""

    known: Fact
    incoming: Fact
    origin: str
    fields: tuple[str, ...]  # in what they differ: names of ``Fact``'s fields
    write: Callable[[Amount], str] = str  # how values of the rulebook are written

    def say(self) -> Text:
        """The conflict in one sentence: in what the submissions differ, the known and the incoming value."""
        known, incoming = self._describe(self.known), self._describe(self.incoming)
        round_ = self.known.round
        place = (f", vòng {round_}", f", round {round_}") if round_ else ("", "")
        vi = ", ".join(_NAMES[name].vi for name in self.fields)
        en = ", ".join(_NAMES[name].en for name in self.fields)
        return Text(
            vi=f"đơn vị {self.known.unit}, tiêu chí {self.known.criterion}{place[0]}: khác nhau về {vi}; "
            f"đang có {known.vi}, nộp thêm {incoming.vi}; giữ nguyên số liệu đang có, cần người quyết định",
            en=f"unit {self.known.unit}, criterion {self.known.criterion}{place[1]}: they differ in {en}; "
            f"known is {known.en}, submitted is {incoming.en}; the known fact is kept, a person must decide",
        )

    def _describe(self, fact: Fact) -> Text:
        name = STATUS_NAMES[fact.status]
        value = "" if fact.amount is None else f"{self.write(fact.amount)} "
        return Text(vi=f"{value}({name.vi})", en=f"{value}({name.en})")


@frozen
class Merged:
    """What is known after a merge, by unit and ``Fact.row``, and what a person has to settle."""

    facts: Facts
    conflicts: tuple[Conflict, ...]


def merge(known: Facts, incoming: Facts, cycle: int, origin: str, write: Callable[[Amount], str] = str) -> Merged:
    """``known`` with everything of ``incoming`` that does not contradict it; ``origin`` names the submission.

    ``write`` gives the values of the rulebook as messages show them. Rows of different rounds stand
    side by side. A fact that states no cycle is of ``cycle``. A fact of another cycle contradicts nothing: the
    later one that is known stands (``Fact.counts_in`` says whether it still counts).
    """
    merged = {unit: {fact.row: fact for fact in dossier.values()} for unit, dossier in known.items()}
    conflicts = []
    for unit, dossier in incoming.items():
        own = merged.setdefault(unit, {})
        for fact in dossier.values():
            row = fact.row
            present = own.get(row)
            if present is None:
                own[row] = fact
            elif (present.cycle or cycle) != (fact.cycle or cycle):
                own[row] = max(present, fact, key=lambda each: (each.status is not Status.UNKNOWN, each.cycle or cycle))
            elif fields := find_differences(present, fact):
                conflicts.append(Conflict(present, fact, origin, fields, write))
            else:
                own[row] = _unite(present, fact)
    return Merged(merged, tuple(conflicts))


def find_differences(known: Fact, incoming: Fact) -> tuple[str, ...]:
    """In what two facts of one cycle contradict each other; empty where they can be united."""
    if Status.UNKNOWN in (known.status, incoming.status):
        return ()
    gaps = [name for name in _GAPS if _differ(getattr(known, name), getattr(incoming, name))]
    hashes = {document.reference: document.sha256 for document in known.documents}
    if any(_differ(hashes.get(document.reference), document.sha256) for document in incoming.documents):
        gaps.append("documents")
    if (known.status in _RULINGS) is (incoming.status in _RULINGS):
        return (*(name for name in _VALUES if getattr(known, name) != getattr(incoming, name)), *gaps)
    ruling, report = (known, incoming) if known.status in _RULINGS else (incoming, known)
    # The note beside a ruling is the council's reason, not the unit's own words.
    gaps = [name for name in gaps if name != "note"]
    ruled_on = ruling.reported if ruling.status is Status.ADJUSTED else ruling.amount
    contradicted = _differ(ruled_on, report.amount)
    if ruling is known:
        # What the council ruled on stays as it saw it: a later report adds neither value, day, source nor document.
        contradicted |= ruled_on is None and report.amount is not None
        gaps += [name for name in ("source", "measured_on") if getattr(report, name) and not getattr(ruling, name)]
        gaps += ["documents"] if {document.reference for document in report.documents} - hashes.keys() else []
    return ("amount", *gaps) if contradicted else tuple(gaps)


def _unite(known: Fact, incoming: Fact) -> Fact:
    """Both facts as one: the one that has got further, its gaps filled from the other."""
    first, second = known, incoming
    if _RANKS.get(incoming.status, 2) > _RANKS.get(known.status, 2):
        first, second = incoming, known
    gaps: dict[str, Any] = {name: getattr(first, name) or getattr(second, name) for name in _GAPS}
    if second.status not in _RULINGS:
        # What had been reported stays on record beside the ruling; the unit's words are no reason of the council.
        if first.status is Status.ADJUSTED:
            gaps["reported"] = first.reported or second.amount
        elif first.amount is None:
            gaps["amount"] = second.amount
        if first.status in (Status.REJECTED, Status.EXEMPT):
            gaps["note"] = first.note
    documents: dict[str, Document] = {}
    for document in (*first.documents, *second.documents):
        if document.reference not in documents or not documents[document.reference].sha256:
            documents[document.reference] = document
    return evolve(first, documents=tuple(documents.values()), **gaps)


def _differ(known: object, incoming: object) -> bool:
    """Whether both say something, and not the same."""
    return known not in (None, "") and incoming not in (None, "") and known != incoming
