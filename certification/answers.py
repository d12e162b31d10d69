"""Answers: what was decided as plain data, in the form that scripts and other systems rely on."""

from collections.abc import Sequence
from typing import Any

from certification.hierarchy import Assessment
from rules.verdict import CriterionVerdict, Explanation, Levels, Reason, Verdict


def _levels(levels: Levels) -> dict[str, int]:
    return {"level": levels.level, "claimed_level": levels.claimed_level, "possible_level": levels.possible_level}


def evaluation_as_json(assessment: Assessment, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The answer of ``evaluate --format json``."""
    framework = assessment.framework
    return {
        "framework": {"id": framework.id, "version": framework.version, "digest": framework.digest},
        "cycle": assessment.cycle,
        "units": [
            {
                "code": verdict.unit.code,
                "name": verdict.unit.name,
                "tier": str(verdict.unit.tier),
                "parent": verdict.unit.parent,
                "registered": verdict.unit.registered,
                "synthetic": verdict.synthetic,
                **_levels(verdict.levels),
                "criteria": [
                    {
                        "code": found.code,
                        **_levels(found.levels),
                        "actual": found.actual,
                        "status": str(found.status),
                        "standing": str(found.standing),
                    }
                    for found in verdict.criteria
                ],
                "members": [
                    {
                        "code": member.unit.code,
                        **_levels(member.levels),
                        "decision": member.recognition.decision if member.recognition else None,
                    }
                    for member in verdict.members
                ],
            }
            for verdict in verdicts
        ],
    }


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """The answer of ``why --format json``."""
    return {
        "unit": explanation.verdict.unit.code,
        "asked": explanation.asked,
        **_levels(explanation.verdict.levels),
        "reached": explanation.reached,
        "synthetic": explanation.verdict.synthetic,
        "grounds": [
            _ground_as_json(found, explanation.asked)
            for found in explanation.verdict.criteria
            if found.levels.level >= explanation.asked
        ],
        "blockers": [_reason_as_json(reason) for reason in explanation.blockers],
        "children": [explanation_as_json(child) for child in explanation.children],
    }


def _ground_as_json(found: CriterionVerdict, asked: int) -> dict[str, Any]:
    documents = found.fact.documents if found.fact else ()
    return {
        "criterion": found.code,
        "required": found.criterion.cells[asked - 1],
        "actual": found.actual,
        "status": str(found.status),
        "standing": str(found.standing),
        "rule": found.rules[0],
        "documents": [{"reference": document.reference, "sha256": document.sha256} for document in documents],
    }


def _reason_as_json(reason: Reason) -> dict[str, Any]:
    return {
        "unit": reason.unit.code,
        "criterion": reason.criterion.code,
        "at_level": reason.at_level,
        "required": reason.required,
        "actual": reason.actual,
        "missing": reason.missing,
        "clause": reason.clause,
        "status": str(reason.status),
        "standing": str(reason.standing),
        "holding_back": list(reason.holding_back),
    }
