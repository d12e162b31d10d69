"""Prospects: an assessment whose facts are uncertain → from which law each fact is drawn, and who is drawn together."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import lcm

import networkx as nx
import numpy as np
from attrs import define, field, frozen

from certification.hierarchy import Assessment
from evidence.assumptions import GRAIN, MOST_SAMPLED, WITHOUT_PEERS, ZERO_BASE, Assumption, Assumptions, Model
from evidence.facts import Amount, Fact, Status
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text
from levels.framework import Criterion, Tier
from rules.below import Below, LevelArray
from rules.columns import Column, Columns, Dossiers, compile_columns
from rules.decide import stand
from rules.draws import Among, Audited, Between, Chance, Law, Sampled
from rules.trials import Batch, Stratum
from rules.verdict import Levels, Member, Standing, levels_of

UNITS = 64
"""Units that are drawn together, at least while there are so many: enough to hide the cost of a call."""

_KNOWN = (Standing.ACCEPTED, Standing.SELF_REPORTED)


@frozen
class Cell:
    """One fact that is drawn: by which assumption, from which law, in parts of which base (None: of the rule's)."""

    assumption: Assumption
    law: Law
    base: int | None


@define
class Prospect:
    """An assessment whose facts are uncertain; made ready once, drawn as often as asked."""

    assessment: Assessment
    assumptions: Assumptions
    codes: Sequence[str]  # the units that are drawn, from ``Assessment.resting_on``
    cells: dict[str, dict[str, Cell]] = field(init=False)
    spoken: set[int] = field(init=False, factory=set)  # the rows that speak of some fact of theirs

    def __attrs_post_init__(self) -> None:
        faults: list[Fault] = []
        self.cells = {code: dict(self._cells(self.assessment.units[code], faults)) for code in self.codes}
        if faults:
            raise Faulty(faults)

    @cached_property
    def columns(self) -> dict[Tier, Columns]:
        framework = self.assessment.framework
        return {tier: compile_columns(framework, tier) for tier in framework.sets}

    @property
    def stated(self) -> tuple[Member, ...]:
        """The units whose level is read by one that is drawn, and of which a decision of this cycle speaks."""
        graph, recognitions = self.assessment.graph, self.assessment.recognitions
        drawn = set(self.codes)
        return tuple(
            Member(self.assessment.units[code], recognitions[code].levels, recognitions[code])
            for code in self.codes
            if code in recognitions and not drawn.isdisjoint(graph.successors(code))
        )

    @cached_property
    def peers(self) -> dict[tuple[Tier, str], tuple[int, ...]]:
        """The known values of every criterion among the units of a tier, in order; as its columns compare them."""
        found: dict[tuple[Tier, str], list[int]] = {}
        for code, unit in self.assessment.units.items():
            for column in self.columns[unit.tier].columns if unit.tier in self.columns else ():
                fact = self.assessment.facts.get(code, {}).get(column.code)
                if fact is not None and stand(column.criterion, fact, self.assessment.cycle) in _KNOWN:
                    assert fact.amount is not None
                    found.setdefault((unit.tier, column.code), []).append(self._comparable(column, unit, fact.amount))
        return {key: tuple(sorted(values)) for key, values in found.items()}

    def _comparable(self, column: Column, unit: Unit, amount: Amount) -> int:
        """A numerator that reaches, of no base and no total, what ``amount`` reaches."""
        value = self.columns[unit.tier].rules.amount(column.code, amount.numerator, amount.denominator)
        if column.totalled and amount.numerator == amount.denominator:
            return max([value, *(step.low for step in column.steps if step.whole is not None and value >= step.whole)])
        return value

    def _cells(self, unit: Unit, faults: list[Fault]) -> Iterator[tuple[str, Cell]]:
        facts = self.assessment.facts.get(unit.code, {})
        for column in self.columns[unit.tier].columns:
            if column.criterion.kind == "members":
                continue
            fact = facts.get(column.code)
            standing = stand(column.criterion, fact, self.assessment.cycle)
            status = _status(standing, fact)
            assumption = self.assumptions.of(unit.tier, unit.code, column.code, column.criterion.kind, status)
            self.spoken.add(assumption.row)
            known = fact.amount if fact is not None and standing in _KNOWN else None
            if flaw := _unfit(assumption, column.criterion, unit, status, known):
                faults.append(Fault(self.assumptions.file, assumption.row, *flaw))
            elif cell := self._cell(unit, column, assumption, known):
                yield column.code, cell

    def _cell(self, unit: Unit, column: Column, assumption: Assumption, known: Amount | None) -> Cell | None:
        """How a fact is drawn; None where it is certain."""
        match assumption.model:
            case Model.PEERS if (unit.tier, column.code) in self.peers:
                return Cell(assumption, Among(self.peers[unit.tier, column.code]), None)
            case Model.PEERS:
                assert WITHOUT_PEERS.p is not None
                return Cell(WITHOUT_PEERS, Chance(WITHOUT_PEERS.p), None)
            case Model.CHANCE:
                assert assumption.p is not None
                return Cell(assumption, Chance(assumption.p), None)
            case Model.AUDIT if known is not None and known.numerator:
                return Cell(assumption, audited(assumption, known.numerator, column.criterion.kind), known.denominator)
            case Model.SURVEY if known is not None and known.denominator:
                size = assumption.size or known.denominator
                return Cell(assumption, Sampled(known.numerator, known.denominator, size), size)
            case Model.RANGE:
                return Cell(assumption, *_between(assumption, column.criterion, known))
            case _:
                return None

    def batches(self) -> Iterator[Batch]:
        """The units in batches that no reading crosses, in the order of deciding."""
        return map(self._batch, drawn_together(self.assessment, self.codes))

    def recorded(self, batch: Batch) -> dict[str, Levels]:
        """The levels of the units of a batch as the facts are recorded."""
        found: dict[str, Levels] = {}
        below: list[LevelArray] = []
        for stratum in batch:
            facts = {code: self.assessment.facts.get(code, {}) for code in stratum.dossiers.units}
            dossiers = stratum.columns.encode(self.assessment.cycle, facts, stratum.dossiers.below)
            levels = stratum.columns.levels(dossiers, None if stratum.reads is None else below[stratum.reads]).units
            below.append(levels)
            found |= {code: levels_of(*three) for code, three in zip(dossiers.units, levels.T.tolist(), strict=True)}
        return found

    def _batch(self, codes: Sequence[str]) -> Batch:
        units = self.assessment.units
        by_tier: dict[Tier, list[str]] = {}
        for code in codes:  # members stand before those that read them, and so do their tiers
            by_tier.setdefault(units[code].tier, []).append(code)
        order = sorted(by_tier, key=self._depth)
        place = {code: number for tier in order for number, code in enumerate(by_tier[tier])}
        graph = self.assessment.graph
        return tuple(self._stratum(tier, by_tier, order, place, graph) for tier in order)

    def _depth(self, tier: Tier) -> int:
        """How many tiers are read below ``tier``, one through the other."""
        below = self.assessment.framework.sets[tier].members_tier
        return 1 + self._depth(below) if below in self.assessment.framework.sets else 0

    def _stratum(
        self,
        tier: Tier,
        by_tier: Mapping[Tier, Sequence[str]],
        order: Sequence[Tier],
        place: Mapping[str, int],
        graph: "nx.DiGraph[str]",
    ) -> Stratum:
        codes = by_tier[tier]
        lower = self.assessment.framework.sets[tier].members_tier
        members = {code: list(graph.predecessors(code)) for code in codes}
        reads = order.index(lower) if lower in order and any(members.values()) else None
        below = None
        final = {code: each.levels.level for code, each in self.assessment.recognitions.items() if not each.provisional}
        if reads is not None and lower is not None:
            below = Below.of(codes, by_tier[lower], members, final)
        # Where a decision stands, nobody reads what is drawn.
        reader = [None if code in final else next(iter(graph.successors(code)), None) for code in codes]
        columns = self.columns[tier]
        dossiers = columns.encode(self.assessment.cycle, {code: self._drawn_facts(code) for code in codes}, below)
        return Stratum(
            tier,
            columns,
            dossiers,
            self._laws(dossiers, columns),
            reads,
            np.array([-1 if code is None or code not in place else place[code] for code in reader], np.intp),
        )

    def _laws(self, dossiers: Dossiers, columns: Columns) -> dict[str, tuple[tuple[int, Law], ...]]:
        found: dict[str, list[tuple[int, Law]]] = {code: [] for code in columns.place}
        for place, unit in enumerate(dossiers.units):
            for code, cell in self.cells[unit].items():
                found[code].append((place, cell.law))
        return {code: tuple(laws) for code, laws in found.items() if laws}

    def _drawn_facts(self, unit: str) -> dict[str, Fact]:
        """The facts, those that are drawn as the base alone of which their numerators are parts."""
        facts = dict(self.assessment.facts.get(unit, {}))
        for code, cell in self.cells[unit].items():
            facts.pop(code, None)
            if cell.base is not None:
                facts[code] = Fact(unit, code, Status.VERIFIED, Amount(0, cell.base))
        return facts


def drawn_together(assessment: Assessment, codes: Sequence[str]) -> Iterator[list[str]]:
    """The units ``codes`` (from ``Assessment.resting_on``) batch by batch, none of which reads one of another."""
    graph = assessment.graph.subgraph(codes)
    place = {code: number for number, code in enumerate(codes)}
    parts = [sorted(part, key=place.__getitem__) for part in nx.weakly_connected_components(graph)]
    waiting: list[str] = []
    for part in sorted(parts, key=lambda part: place[part[0]]):
        waiting += part
        if len(waiting) >= UNITS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def misfits(assessment: Assessment, codes: Sequence[str], assumptions: Assumptions) -> tuple[Fault, ...]:
    """What the facts of the units ``codes``, from ``Assessment.resting_on``, say against ``assumptions``."""
    try:
        Prospect(assessment, assumptions, codes)
    except Faulty as faulty:
        return faulty.faults
    return ()


def audited(assumption: Assumption, reported: int, kind: str) -> Audited:
    """What an audit makes of ``reported``; of a yes a no."""
    assert assumption.p is not None
    low, high = assumption.low, assumption.high
    if kind in ("presence", "choice") or low is None or high is None:
        return Audited(reported, assumption.p, 0, 0)
    return Audited(reported, assumption.p, int(low * GRAIN), int(high * GRAIN))


def _between(assumption: Assumption, criterion: Criterion, known: Amount | None) -> tuple[Law, int | None]:
    low, high = assumption.low, assumption.high
    assert low is not None
    assert high is not None
    if criterion.kind == "ratio":
        base = lcm(GRAIN, low.denominator, high.denominator)
        return Between(int(low * base), int(high * base)), base
    return Between(int(low), int(high)), known.denominator if known is not None else None


def _status(standing: Standing, fact: Fact | None) -> str:
    if standing is Standing.ZERO_BASE:
        return ZERO_BASE
    return Status.UNKNOWN if fact is None or standing is Standing.EXPIRED else fact.status


def _unfit(
    assumption: Assumption, criterion: Criterion, unit: Unit, status: str, known: Amount | None
) -> tuple[str, Text, Text] | None:
    """Why a row cannot speak of a fact that it names, or of one it came upon; the column first."""
    if not assumption.fits(criterion.kind, status):
        return (
            "model",
            Text(
                vi=f"{criterion.code} của {unit.code} chưa có giá trị ({status})",
                en=f"{criterion.code} of {unit.code} has no value ({status})",
            ),
            Text(vi="hãy dùng chance, peers hoặc range", en="use chance, peers or range"),
        )
    if known is None:
        return None
    if assumption.model is Model.RANGE and criterion.kind == "count":
        return _beyond(assumption, criterion, unit, known)
    if assumption.model is not Model.SURVEY or assumption.size:
        return None
    if (known.denominator or 0) <= MOST_SAMPLED:
        return None
    return (
        "model",
        Text(
            vi=f"{criterion.code} của {unit.code} có mẫu số {known.denominator}, quá lớn để là một mẫu khảo sát",
            en=f"{criterion.code} of {unit.code} has the denominator {known.denominator}, too large for a sample",
        ),
        Text(vi="hãy ghi cỡ mẫu ở cột size", en="give the size of the sample in column size"),
    )


def _beyond(assumption: Assumption, criterion: Criterion, unit: Unit, known: Amount) -> tuple[str, Text, Text] | None:
    """A range that would make a part larger than the total it is of."""
    total = known.denominator
    assert assumption.high is not None
    if total is None or assumption.high <= total:
        return None
    return (
        "high",
        Text(
            vi=f"khoảng này làm cho {criterion.code} của {unit.code} có phần lớn hơn tổng ({total})",
            en=f"this range makes a part of {criterion.code} of {unit.code} larger than its whole ({total})",
        ),
        Text(vi="hãy thu hẹp khoảng", en="narrow the range"),
    )
