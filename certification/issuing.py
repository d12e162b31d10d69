"""Issuing: the decisions on a set of units, from the lowest tier up, rendered and sealed.

A district's decision rests on the decisions on its communes: where those are issued in the same
run, or given, the district is decided again on the recognised levels.
"""

import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import networkx as nx
from attrs import evolve, frozen

from certification.bundle import SUFFIX, seal
from certification.decisions import Signing, prepare_decisions
from certification.hierarchy import Assessment
from rules.verdict import Decision, Verdict, recognise

Render = Callable[[Decision, Mapping[str, Verdict]], Mapping[str, bytes]]
"""Renders a decision, given the verdicts by unit: file name → content. The bundle seals them all."""


@frozen
class Issued:
    """One decision with its files by name, the bundle among them."""

    decision: Decision
    seal: str
    files: dict[str, bytes]


@cache
def software() -> str:
    """Name and version of the software, as bundles record it."""
    return f"certify {importlib.metadata.version('certify-digital-levels')}"


def issue(
    assessment: Assessment, verdicts: Mapping[str, Verdict], codes: Iterable[str], signing: Signing, render: Render
) -> Iterator[Issued]:
    """Yield the decisions on ``codes``, those on communes before those on their districts.

    ``verdicts`` of all units by code. Raises ``NotRecognisable`` for a unit no decision can be about.
    """
    wanted = list(dict.fromkeys(codes))
    prepare_decisions(assessment, verdicts, wanted, signing)  # refuses before anything is rendered
    current = dict(verdicts)
    recognitions = dict(assessment.recognitions)
    for wave in nx.topological_generations(assessment.graph.subgraph(wanted)):
        assessment = evolve(assessment, recognitions=recognitions)
        levels = {code: verdict.levels for code, verdict in current.items()}
        # Only what reads other units can have changed by the decisions of the waves before.
        current |= {code: assessment.decide(code, levels) for code in wave if assessment.graph.in_degree(code)}
        for decision in prepare_decisions(assessment, current, wave, signing):
            issued = _issue(decision, current, render)
            for verdict in decision.verdicts:
                code, stated = verdict.unit.code, verdict.recognised_level
                recognitions[code] = recognise(
                    code, verdict.levels, stated, issued.seal, decision.number, decision.signed_on, final=decision.final
                )
            yield issued


def file_stem(decision: Decision) -> str:
    """``quyet-dinh-608-commune-2025``: the issuer, the tier it recognises, the cycle."""
    return f"quyet-dinh-{decision.issuer.code}-{decision.tier}-{decision.cycle}"


def _issue(decision: Decision, verdicts: Mapping[str, Verdict], render: Render) -> Issued:
    documents = dict(render(decision, verdicts))
    mark, bundle = seal(decision, verdicts, documents, software())
    return Issued(decision, mark, {**documents, f"{file_stem(decision)}{SUFFIX}": bundle})
