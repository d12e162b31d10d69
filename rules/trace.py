"""The justification graph: which document proves which fact, which fact fired which rule.

It runs from documents and facts through criterion levels and communes to the unit's level; its
edges always point from what is relied upon to what follows from it.
"""

from collections.abc import Iterable

import networkx as nx

from rules.verdict import Verdict, as_triple


def trace(verdicts: Iterable[Verdict]) -> "nx.DiGraph[str]":
    """The justification graph of some verdicts together.

    Nodes: ``document:REFERENCE``, ``fact:UNIT/CRITERION``, ``criterion:UNIT/CRITERION``,
    ``level:UNIT`` and, for a member recognised by a decision, ``decision:DIGEST``; each carries
    its ``kind`` and what it states, a criterion also the ``rules`` that fired for the accepted,
    claimed and possible level. Deterministic: nodes and edges come in the order of the rulebook.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for verdict in verdicts:
        _add_unit(graph, verdict)
    return graph


def _add_unit(graph: "nx.DiGraph[str]", verdict: Verdict) -> None:
    unit = verdict.unit.code
    level = f"level:{unit}"
    graph.add_node(level, kind="level", unit=unit, levels=list(as_triple(verdict.levels)))
    for found in verdict.criteria:
        node = f"criterion:{unit}/{found.code}"
        graph.add_node(
            node,
            kind="criterion",
            unit=unit,
            criterion=found.code,
            standing=str(found.standing),
            levels=list(as_triple(found.levels)),
            rules=list(found.rules),
        )
        graph.add_edge(node, level)
        if found.fact is not None:
            fact = f"fact:{found.fact.id}"
            graph.add_node(fact, kind="fact", unit=unit, criterion=found.code, status=str(found.fact.status))
            graph.add_edge(fact, node)
            for document in found.fact.documents:
                graph.add_node(f"document:{document.reference}", kind="document", sha256=document.sha256)
                graph.add_edge(f"document:{document.reference}", fact)
        if found.criterion.kind == "members":
            for member in verdict.members:
                below = f"level:{member.unit.code}"
                if below not in graph:
                    graph.add_node(below, kind="level", unit=member.unit.code, levels=list(as_triple(member.levels)))
                if member.recognition is not None:
                    graph.add_node(f"decision:{member.recognition.decision}", kind="decision")
                    graph.add_edge(below, f"decision:{member.recognition.decision}")
                    below = f"decision:{member.recognition.decision}"
                graph.add_edge(below, node)
