"""The hierarchy: districts wait for their communes; what changes is decided again, nothing else.

Works for a tree of any depth: three tiers, or a province directly over its communes. A unit whose
tier has no criteria (a province under Decision 121) is not assessed itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Protocol

import networkx as nx
from attrs import evolve, field, frozen

from certification.cluster.executor import HERE, Executor, InProcess
from evidence.facts import Fact, Facts
from evidence.units import Unit, Units
from levels.framework import Framework, Tier
from rules.decide import decide
from rules.verdict import CriterionVerdict, Levels, Member, Recognition, Standing, Verdict, as_triple, levels_of

Progress = Callable[[int], None]
"""Called with the number of units decided since the last call."""


@frozen
class Assessment:
    """One cycle of one framework over a tree of units, ready to be decided.

    ``facts`` may be any mapping, also one that makes a unit's facts when asked.
    """

    framework: Framework
    units: Units
    facts: Facts
    cycle: int
    recognitions: Mapping[str, Recognition] = field(factory=dict)
    last_year: Facts = field(factory=dict)  # the dossiers of the cycle before, for comparison only

    @property
    def rulebook(self) -> Framework:
        return self.framework

    @cached_property
    def _waiting(self) -> "_Waiting":
        read = tuple((tier, criteria.members_tier) for tier, criteria in self.framework.sets.items())
        return _who_waits(tuple(self.units.values()), read)

    @property
    def graph(self) -> "nx.DiGraph[str]":
        """Who waits for whom: an edge from every unit whose level is read to the unit that reads it. Frozen."""
        return self._waiting.graph

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The parts of the tree that do not touch each other, in each every unit right after those it waits for."""
        return self._waiting.parts

    @property
    def order(self) -> tuple[str, ...]:
        """The units that have criteria, each right after those it waits for."""
        return self._waiting.order

    def resting_on(self, codes: Iterable[str]) -> list[str]:
        """``codes`` with every unit whose level they read, in the order of deciding; others are left out."""
        wanted = {code for code in codes if code in self.graph}
        wanted = wanted.union(*(nx.ancestors(self.graph, code) for code in wanted))
        return [code for code in self.order if code in wanted]

    def _members(self, unit: Unit) -> list[Unit]:
        return _members(self.units, unit, self.framework.sets[unit.tier].members_tier)

    def members(self, unit: Unit, levels: Mapping[str, Levels]) -> tuple[Member, ...]:
        """The units whose levels ``unit`` reads, with the levels to be read from each."""
        return tuple(self._member(member, levels[member.code]) for member in self._members(unit))

    def decide(self, code: str, levels: Mapping[str, Levels]) -> Verdict:
        """The verdict on one unit, given the levels of the units it waits for."""
        unit = self.units[code]
        facts = self.facts.get(code, {})
        return decide(self.framework, unit, facts, self.cycle, self.members(unit, levels))

    def _member(self, unit: Unit, computed: Levels) -> Member:
        recognition = self.recognitions.get(unit.code)
        if recognition is None or (recognition.provisional and recognition.levels != computed):
            return Member(unit, computed)  # no decision, or a draft that newer facts have overtaken
        # A final decision of this cycle takes the place of the computed levels in all three.
        return Member(unit, recognition.levels, recognition)


def _members(units: Units, unit: Unit, wanted: Tier | None) -> list[Unit]:
    return [child for child in units.children(unit.code) if child.tier == wanted] if wanted else []


@frozen
class _Waiting:
    graph: "nx.DiGraph[str]"
    parts: tuple[tuple[str, ...], ...]
    order: tuple[str, ...]


@lru_cache(maxsize=8)
def _who_waits(units: tuple[Unit, ...], read: tuple[tuple[Tier, Tier | None], ...]) -> _Waiting:
    """``read``: by every tier that has criteria the tier whose levels it reads. The same units make the same tree."""
    tiers, tree = dict(read), Units({unit.code: unit for unit in units})
    graph: nx.DiGraph[str] = nx.DiGraph()
    for unit in units:
        if unit.tier in tiers:
            graph.add_node(unit.code)
            graph.add_edges_from((member.code, unit.code) for member in _members(tree, unit, tiers[unit.tier]))
    nx.freeze(graph)
    below = graph.reverse(copy=False)
    parts = tuple(tuple(nx.dfs_postorder_nodes(below, code)) for code in graph if not graph.out_degree(code))
    return _Waiting(graph, parts, tuple(chain.from_iterable(parts)))


def evaluate(
    assessment: Assessment,
    *,
    codes: Sequence[str] | None = None,
    executor: Executor = HERE,
    progress: Progress = lambda _: None,
) -> Iterator[Verdict]:
    """Decide every unit that has criteria; yields each verdict as soon as it is there, communes
    before their district. Keeps no verdict, so memory does not grow with the country.

    ``codes``, from ``Assessment.resting_on``, limits it to those units.

    The workers of an ``executor`` decide the parts of the tree that do not touch each other; the
    verdicts are the same and come in the same order.
    """
    wanted = assessment.order if codes is None else codes
    alone = isinstance(executor, InProcess)
    decided = _in_order(assessment, wanted) if alone else _elsewhere(assessment, wanted, executor)
    for verdict in decided:
        progress(1)
        yield verdict


def _in_order(assessment: Assessment, order: Sequence[str]) -> Iterator[Verdict]:
    levels: dict[str, Levels] = {}
    for code in order:
        verdict = assessment.decide(code, levels)
        levels[code] = verdict.levels
        yield verdict


class Leveled(Protocol):
    """A verdict as far as others read it: its levels."""

    @property
    def levels(self) -> Levels: ...


def reevaluate(
    assessment: Assessment, verdicts: Mapping[str, Leveled], changes: Mapping[str, Mapping[str, Fact]]
) -> dict[str, Verdict]:
    """The verdicts that must be decided again after ``changes`` (unit → criterion → its new fact).

    ``verdicts`` are those before the change, or their levels. Only the changed units, and the units above them as
    far as the levels they read really change, are decided; the result holds just these. A unit above
    that ``verdicts`` does not hold has not been decided before and is not now.
    """
    facts = {**assessment.facts}
    for code, changed in changes.items():
        facts[code] = {**facts.get(code, {}), **changed}
    changed_assessment = evolve(assessment, facts=facts)
    graph = assessment.graph
    above = set().union(*(nx.descendants(graph, code) for code in changes if code in graph))
    affected = set(changes) | (above & verdicts.keys())
    levels = {code: verdict.levels for code, verdict in verdicts.items()}
    again: dict[str, Verdict] = {}
    moved: set[str] = set()
    for code in nx.topological_sort(graph.subgraph(affected)):
        if code in changes or moved.intersection(graph.predecessors(code)):
            again[code] = changed_assessment.decide(code, levels)
            if again[code].levels != levels.get(code):
                moved.add(code)
            levels[code] = again[code].levels
    return again


_TOGETHER = 24
"""How many units are decided as one piece of work, or more where they wait for each other."""

_Packed = tuple[int, int, int, str, tuple[str, str, str]]
"""A criterion's three levels, standing and rules: plain values, for an attrs value is slow to send."""

_Answer = tuple[tuple[int, int, int], list[_Packed]]

_Cut = tuple[Units, Facts, Mapping[str, Recognition], Sequence[str]]
"""What some units are decided from, and their codes."""


def _elsewhere(assessment: Assessment, codes: Sequence[str], executor: Executor) -> Iterator[Verdict]:
    pieces = list(_pieces(assessment, codes))
    if executor.inherits:
        found = executor.map(_decide_piece, assessment, pieces)
    else:
        shared = assessment.framework, assessment.cycle
        found = executor.map(_decide_cut, shared, (_cut(assessment, piece) for piece in pieces))
    for piece, answers in zip(pieces, found, strict=True):
        levels: dict[str, Levels] = {}
        for code, answer in zip(piece, answers, strict=True):
            verdict = _unpack(assessment, code, answer, levels)
            levels[code] = verdict.levels
            yield verdict


def _pieces(assessment: Assessment, codes: Sequence[str]) -> Iterator[list[str]]:
    wanted, piece = set(codes), list[str]()
    for part in assessment.parts:
        piece += [code for code in part if code in wanted]
        if len(piece) >= _TOGETHER:
            yield piece
            piece = []
    if piece:
        yield piece


def _cut(assessment: Assessment, codes: Sequence[str]) -> _Cut:
    """Only what these units are decided from: what travels to another machine."""
    facts, recognitions = assessment.facts, assessment.recognitions
    return (
        Units({code: assessment.units[code] for code in codes}),
        {code: dict(facts[code]) for code in codes if code in facts},
        {code: recognitions[code] for code in codes if code in recognitions},
        codes,
    )


def _decide_cut(shared: tuple[Framework, int], cut: _Cut) -> list[_Answer]:
    framework, cycle = shared
    units, facts, recognitions, codes = cut
    return _decide_piece(Assessment(framework, units, facts, cycle, recognitions), codes)


def _decide_piece(assessment: Assessment, codes: Sequence[str]) -> list[_Answer]:
    return [
        (
            as_triple(verdict.levels),
            [(*as_triple(c.levels), c.standing.value, c.rules) for c in verdict.criteria],
        )
        for verdict in _in_order(assessment, codes)
    ]


def _unpack(
    assessment: Assessment,
    code: str,
    answer: _Answer,
    levels: Mapping[str, Levels],
) -> Verdict:
    unit = assessment.units[code]
    facts = assessment.facts.get(code, {})
    unit_levels, packed = answer
    criteria = tuple(
        CriterionVerdict(criterion, levels_of(*found[:3]), Standing(found[3]), facts.get(criterion.code), found[4])
        for criterion, found in zip(assessment.framework.sets[unit.tier].criteria, packed, strict=True)
    )
    members = assessment.members(unit, levels)
    return Verdict(assessment.framework, unit, assessment.cycle, levels_of(*unit_levels), criteria, members)
