"""The hierarchy: districts wait for their communes; what changes is decided again, nothing else.

Works for a tree of any depth: three tiers, or a province directly over its communes. A unit whose
tier has no criteria (a province under Decision 121) is not assessed itself.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cached_property

import networkx as nx
from attrs import evolve, field, frozen

from evidence.facts import Fact, Facts
from evidence.units import Unit, Units
from levels.framework import CriteriaSet, Framework, Members, Tier
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
    def graph(self) -> "nx.DiGraph[str]":
        """Who waits for whom: an edge from every unit whose level is read to the unit that reads it."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        for unit in self.units.values():
            if unit.tier in self.framework.sets:
                graph.add_node(unit.code)
                graph.add_edges_from((member.code, unit.code) for member in self._members(unit))
        return graph

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The units that have criteria, each right after those it waits for."""
        return tuple(nx.dfs_postorder_nodes(self.graph.reverse(copy=False)))

    def resting_on(self, codes: Iterable[str]) -> list[str]:
        """``codes`` with every unit whose level they read, in the order of deciding; others are left out."""
        wanted = {code for code in codes if code in self.graph}
        wanted = wanted.union(*(nx.ancestors(self.graph, code) for code in wanted))
        return [code for code in self.order if code in wanted]

    def _members(self, unit: Unit) -> list[Unit]:
        wanted = members_tier(self.framework.sets[unit.tier])
        return [child for child in self.units.children(unit.code) if child.tier == wanted] if wanted else []

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


def members_tier(criteria_set: CriteriaSet) -> Tier | None:
    """The tier whose levels a criteria set reads (district I.1: the communes'), if any."""
    tiers = {r.tier for c in criteria_set.criteria for r in c.requirements if isinstance(r, Members)}
    return next(iter(tiers), None)


def evaluate(
    assessment: Assessment,
    *,
    codes: Sequence[str] | None = None,
    workers: int = 1,
    progress: Progress = lambda _: None,
) -> Iterator[Verdict]:
    """Decide every unit that has criteria; yields each verdict as soon as it is there, communes
    before their district. Keeps no verdict, so memory does not grow with the country.

    ``codes``, from ``Assessment.resting_on``, limits it to those units; one process then does.

    With ``workers`` > 1 the parts of the tree that do not touch each other are decided by that many
    processes; the verdicts are the same and come in the same order.
    """
    if workers > 1 and codes is None:
        decided = _in_processes(assessment, workers)
    else:
        decided = _in_order(assessment, assessment.order if codes is None else codes)
    for verdict in decided:
        progress(1)
        yield verdict


def _in_order(assessment: Assessment, order: Sequence[str]) -> Iterator[Verdict]:
    levels: dict[str, Levels] = {}
    for code in order:
        verdict = assessment.decide(code, levels)
        levels[code] = verdict.levels
        yield verdict


def reevaluate(
    assessment: Assessment, verdicts: Mapping[str, Verdict], changes: Mapping[str, Mapping[str, Fact]]
) -> dict[str, Verdict]:
    """The verdicts that must be decided again after ``changes`` (unit → criterion → its new fact).

    ``verdicts`` are those before the change. Only the changed units, and the units above them as
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


_shared: Assessment | None = None  # what a worker process decides from; set once when it starts


def _share(assessment: Assessment) -> None:
    global _shared
    _shared = assessment


def _in_processes(assessment: Assessment, workers: int) -> Iterator[Verdict]:
    position = {code: place for place, code in enumerate(assessment.order)}
    parts = [sorted(part, key=position.__getitem__) for part in nx.weakly_connected_components(assessment.graph)]
    parts.sort(key=lambda part: position[part[0]])
    # Where a platform can fork, the facts reach the workers by inheritance and are not copied.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, context, initializer=_share, initargs=(assessment,)) as pool:
        for part, answers in zip(parts, pool.map(_decide_part, parts, chunksize=4), strict=True):
            levels: dict[str, Levels] = {}
            for code, answer in zip(part, answers, strict=True):
                verdict = _unpack(assessment, code, answer, levels)
                levels[code] = verdict.levels
                yield verdict


_Packed = tuple[int, int, int, str, tuple[str, str, str]]
"""A criterion's three levels, standing and rules: plain values, for an attrs value is slow to send."""


def _decide_part(part: Sequence[str]) -> list[tuple[tuple[int, int, int], list[_Packed]]]:
    assert _shared is not None
    return [
        (
            as_triple(verdict.levels),
            [(*as_triple(c.levels), c.standing.value, c.rules) for c in verdict.criteria],
        )
        for verdict in _in_order(_shared, part)
    ]


def _unpack(
    assessment: Assessment,
    code: str,
    answer: tuple[tuple[int, int, int], list[_Packed]],
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
