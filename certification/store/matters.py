"""Matters: a dossier as the council goes through it, criterion by criterion (an index: indicator by indicator).

Each *part* of a matter is one fact: what the unit claims, what stands now, what it was last year, and what has been
ruled on it before. A *docket* holds all matters of one dossier.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from certification.procedure.states import State
from certification.store.assessments import amount_of, fact_of, fact_records, rulebook_of, units_of
from certification.store.facts import describe, unit_of
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.past_rulings import RULING_OF, Past, as_claim, claim_before
from certification.store.rounds import COUNCIL_ROUNDS, order_of, round_of_ruling
from certification.store.telling import told_past
from evidence.asked import Asked, Catalogue, catalogue
from evidence.facts import Fact, Status
from evidence.inputs import AskedInput
from evidence.rulings import RULED, Ruling
from evidence.units import Unit, Units
from levels.framework import CriteriaSet, Criterion
from levels.index import Bonus, Indicator, IndicatorSet


def snapshot(asked: Asked, record: FactRecord) -> dict[str, Any]:
    """What the log keeps of a row that is ruled on: as of one that is entered, and what was reported beside it."""
    reported = amount_of(record.reported_numerator, record.reported_denominator)
    return describe(record) | ({} if reported is None else {"reported": asked.write(reported)})


@frozen
class Part:
    """One fact of a matter."""

    asked: Asked
    claim: Fact  # what the unit itself states; status unknown where it states nothing
    standing: Fact
    record: FactRecord | None  # the row that stands
    earlier: Fact  # what stood before the row that stands; of an index in the round before
    last: Fact | None  # a year before
    past: tuple[Past, ...]

    @property
    def told(self) -> Past | None:
        """The latest ruling that was made on the unit's own words in the row that stands."""
        return claim_before(past for past in self.past if past.row == self.standing.row)

    @property
    def made_by_council(self) -> bool:
        """Whether the row that stands is the council's: taken back it goes, and what stood before it stands again."""
        if self.told is None:
            return self.standing.round in COUNCIL_ROUNDS
        return self.told.before is None

    @property
    def was_draft(self) -> bool:
        """Whether the council ruled on a draft that the unit had not confirmed."""
        return self.told is not None and self.told.before is not None and bool(self.told.before.get("draft"))

    @property
    def restored(self) -> Fact:
        """What stands once the ruling is taken back."""
        return self.earlier if self.made_by_council else self.claim

    @property
    def ruled(self) -> bool:
        return self.standing.status in RULED

    @property
    def proofs(self) -> tuple[FactProof, ...]:
        return () if self.record is None else tuple(self.record.proofs.all())

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that stands."""
        return RULING_OF.get(self.standing.status.value)


@frozen
class Matter:
    """One criterion, or one indicator with all its inputs."""

    subject: Criterion | Indicator | Bonus
    parts: tuple[Part, ...]
    seen: str = field(init=False)
    """The state of its rows: a form carries it, so that the second person sees what the first has ruled."""

    @seen.default
    def _seen(self) -> str:
        rows = (part.record for part in self.parts)
        return "-".join("0" if row is None else f"{row.pk}.{row.version}" for row in rows)

    @property
    def code(self) -> str:
        return self.subject.code

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def ruled(self) -> bool:
        return all(part.ruled for part in self.parts)

    @property
    def derived(self) -> bool:
        """Whether it follows from the members' levels: nothing is reported, so nothing can be accepted."""
        return any(part.asked.kind == "members" for part in self.parts)

    @property
    def claimed(self) -> bool:
        """Whether the unit reports every value."""
        return all(part.claim.amount is not None for part in self.parts)

    @property
    def proven(self) -> bool:
        """Whether every value that is reported comes with a document."""
        return all(part.claim.documents for part in self.parts if part.claim.amount is not None)

    @property
    def zero_base(self) -> bool:
        """Whether the base of a ratio is zero: undetermined until the council rules."""
        return any(
            part.asked.kind == "ratio" and fact.amount is not None and fact.amount.denominator == 0
            for part in self.parts
            for fact in (part.claim, part.standing)
        )

    @property
    def ruling(self) -> Ruling | None:
        """The ruling that stands: of several facts adjusting one says it of all; None while one is open."""
        found = {part.ruling for part in self.parts}
        if None in found:
            return None
        return found.pop() if len(found) == 1 else Ruling.ADJUST

    @property
    def past(self) -> tuple[Past, ...]:
        """Every ruling there has been, the latest first."""
        return tuple(sorted((past for part in self.parts for past in part.past), key=lambda p: p.at, reverse=True))

    @property
    def appraiser(self) -> str:
        """Who made the ruling that stands; empty where the log does not say."""
        return next((past.name for past in self.past), "") if any(part.ruled for part in self.parts) else ""


@frozen
class Docket:
    """A dossier before the council."""

    dossier: Dossier
    unit: Unit
    units: Units
    catalogue: Catalogue
    round: str  # of an index: the round whose rows are ruled on now
    matters: tuple[Matter, ...]

    @cached_property
    def by_code(self) -> dict[str, Matter]:
        return {matter.code: matter for matter in self.matters}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Everything that stands, by its code."""
        return {part.asked.code: part.standing for matter in self.matters for part in matter.parts}

    @property
    def ruled(self) -> int:
        return sum(matter.ruled for matter in self.matters if not matter.derived)

    @property
    def total(self) -> int:
        return sum(not matter.derived for matter in self.matters)


def docket_of(dossier: Dossier) -> Docket:
    """The dossier with everything the council looks at. A fixed number of queries, about a dozen."""
    cycle = dossier.cycle
    units = units_of(cycle)
    unit = units[dossier.unit.code]
    rows = _rows([dossier], order_of(cycle))
    earlier = Dossier.objects.defer("result").filter(
        cycle__rulebook__framework=cycle.rulebook.framework,
        cycle__root=cycle.root_id,
        cycle__year=cycle.year - 1,
        unit=dossier.unit_id,
    )
    last = _rows(list(earlier), order_of(cycle))
    past = told_past(dossier)
    known = catalogue(rulebook_of(cycle))
    reader = _Reader(dossier, unit, rows, last, past)
    matters = tuple(
        Matter(subject, tuple(reader.part(each) for each in asked)) for subject, asked in _subjects(known, unit)
    )
    return Docket(dossier, unit, units, known, round_of_ruling(cycle, State(dossier.state)), matters)


def asked_in(dossier: Dossier, code: str) -> list[Asked]:
    """The facts of the matter ``code`` of a dossier; none where there is no such matter. No query."""
    subjects = _subjects(catalogue(rulebook_of(dossier.cycle)), unit_of(dossier))
    return next((asked for subject, asked in subjects if subject.code == code), [])


def _subjects(known: Catalogue, unit: Unit) -> Iterable[tuple[Criterion | Indicator | Bonus, list[Asked]]]:
    """What is ruled on in one step, with the facts that it asks of ``unit``; what does not concern it is left out."""
    criteria_set, asked = known.rulebook.sets[unit.tier], known.asked[unit.tier]
    if isinstance(criteria_set, CriteriaSet):
        return [(criterion, [asked[criterion.code]]) for criterion in criteria_set.criteria]
    assert isinstance(criteria_set, IndicatorSet)
    found: list[tuple[Criterion | Indicator | Bonus, list[Asked]]] = []
    for indicator in criteria_set.indicators:
        inputs = [asked[indicator.fact_code(entry.key)] for entry in indicator.inputs]
        if all(isinstance(each, AskedInput) and each.is_for(unit) for each in inputs):
            found.append((indicator, inputs))
    if criteria_set.bonus is not None:
        found.append((criteria_set.bonus, [asked[criteria_set.bonus.code]]))
    return found


def _rows(dossiers: Any, order: Mapping[str, int]) -> dict[str, list[FactRecord]]:
    """The rows of a dossier by what they are of, in the order of the rounds; drafts too, which count as unknown."""
    found: dict[str, list[FactRecord]] = {}
    records = sorted(fact_records(dossiers, drafts=True), key=lambda row: order.get(row.round, 0))
    for record in records:
        found.setdefault(record.criterion, []).append(record)
    return found


@frozen
class _Reader:
    dossier: Dossier
    unit: Unit
    rows: Mapping[str, list[FactRecord]]
    last: Mapping[str, list[FactRecord]]
    past: Mapping[str, tuple[Past, ...]]

    def part(self, asked: Asked) -> Part:
        """One fact with all that is known of it."""
        rows = self.rows.get(asked.code, [])
        record = rows[-1] if rows else None
        year = self.dossier.cycle.year
        last = [row for row in self.last.get(asked.code, []) if not row.draft]
        standing = self._nothing(asked) if record is None or record.draft else fact_of(record, self.unit.code, year)
        return Part(
            asked=asked,
            claim=self._claim(asked, rows),
            standing=standing,
            record=record,
            earlier=self._nothing(asked) if len(rows) < 2 else fact_of(rows[-2], self.unit.code, year),
            last=fact_of(last[-1], self.unit.code, year - 1) if last else None,
            past=tuple(self._past_of.get(asked.code, ())),
        )

    @cached_property
    def _past_of(self) -> dict[str, list[Past]]:
        """What was ruled in any round on what is asked under a code."""
        found: dict[str, list[Past]] = {}
        for row, past in self.past.items():
            found.setdefault(row.partition("@")[0], []).extend(past)
        return found

    def _nothing(self, asked: Asked) -> Fact:
        return Fact(self.unit.code, asked.code, Status.UNKNOWN, cycle=self.dossier.cycle.year)

    def _claim(self, asked: Asked, rows: list[FactRecord]) -> Fact:
        """What the unit itself last stated: in the latest row that is its own."""
        for record in reversed(rows):
            fact = fact_of(record, self.unit.code, self.dossier.cycle.year)
            if record.draft:
                continue
            if fact.status not in RULED:
                return fact
            told = claim_before(self.past.get(fact.row, ()))
            if told is not None:
                if told.before is None:
                    continue  # the council made this row
                return as_claim(asked, fact, told.before)
            if fact.round in COUNCIL_ROUNDS:
                continue  # the council's own row, taken in from elsewhere
            own = fact.reported if fact.status is Status.ADJUSTED else fact.amount
            status = Status.UNKNOWN if own is None else Status.SELF_REPORTED
            return evolve(fact, status=status, amount=own, reported=None, note="")
        return self._nothing(asked)


@frozen
class Progress:
    """How many of a dossier's criteria or indicators the council has ruled on."""

    ruled: int
    total: int


def progress_of(dossiers: Collection[Dossier]) -> dict[int, Progress]:
    """How far the appraisal of each of ``dossiers`` has got, by key; their cycles and units must be read. One query.

    A fact is ruled on as its row of the latest round says; an indicator, when all its facts are.
    """
    latest: dict[int, dict[str, tuple[int, str]]] = {}
    orders = {dossier.cycle_id: order_of(dossier.cycle) for dossier in dossiers}
    rows = FactRecord.objects.filter(dossier__in=dossiers, draft=False)
    for key, cycle, code, name, status in rows.values_list("dossier", "dossier__cycle", "criterion", "round", "status"):
        place = orders[cycle].get(name, 0)
        known = latest.setdefault(key, {})
        if code not in known or place >= known[code][0]:
            known[code] = (place, status)
    found = {}
    for dossier in dossiers:
        of_unit = _asked_codes(dossier.cycle, unit_of(dossier))
        rulings = {code for code, (_, status) in latest.get(dossier.pk, {}).items() if Status(status) in RULED}
        found[dossier.pk] = Progress(sum(rulings.issuperset(codes) for codes in of_unit), len(of_unit))
    return found


def _asked_codes(cycle: Cycle, unit: Unit) -> list[list[str]]:
    """The facts of everything that is ruled on; what follows from the members' levels is not."""
    return [
        [each.code for each in asked]
        for _, asked in _subjects(catalogue(rulebook_of(cycle)), unit)
        if all(each.kind != "members" for each in asked)
    ]
