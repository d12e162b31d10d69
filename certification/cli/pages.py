"""What the commands print: tables on a terminal, and JSON that scripts rely on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from certification.cli.speech import language, say, tell
from certification.hierarchy import Assessment
from evidence.units import Unit
from levels.faults import Text
from reports.words import level_text
from rules.verdict import CriterionVerdict, Explanation, Levels, Reason, Verdict

SYNTHETIC_NOTE = Text(
    vi="DỮ LIỆU MÔ PHỎNG: các số liệu trên là giả định, không nói gì về đơn vị thật.",
    en="SYNTHETIC DATA: the figures above are made up and say nothing about the real units.",
)


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


def print_levels(assessment: Assessment, verdicts: Mapping[str, Verdict]) -> None:
    """Print the tree of units with their levels; districts in bold above their communes."""
    table = Table(
        title=say(f"Mức độ chuyển đổi số năm {assessment.cycle}", f"Digital transformation {assessment.cycle}")
    )
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Đơn vị", "Unit"))
    for title in (
        say("Mức", "Level"),
        say("Tự đánh giá", "Claimed"),
        say("Có thể đạt", "Possible"),
        say("Đăng ký", "Registered"),
    ):
        table.add_column(title, justify="right")
    for depth, unit in _tree(assessment, None, 0):
        if unit.code not in verdicts:
            table.add_row(unit.code, Styled("  " * depth + unit.name))
            continue
        levels = verdicts[unit.code].levels
        table.add_row(
            unit.code,
            Styled("  " * depth + unit.name),
            level_text(assessment.framework, levels.level, language()),
            str(levels.claimed_level),
            str(levels.possible_level),
            "" if unit.registered is None else str(unit.registered),
            style="bold" if verdicts[unit.code].members else "",
        )
    print_table(table)
    if any(fact.synthetic for facts in assessment.facts.values() for fact in facts.values()):
        print(tell(SYNTHETIC_NOTE))


def terminal() -> Console:
    """Standard output for tables, as wide as the terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=120)  # a file or pipe has no width of its own


def print_table(table: Table) -> None:
    """Print a table on standard output; what is too wide for its column is folded, never cut off."""
    for column in table.columns:
        column.overflow = "fold"
    terminal().print(table)


def _tree(assessment: Assessment, code: str | None, depth: int) -> Iterator[tuple[int, Unit]]:
    for unit in assessment.units.children(code):
        yield depth, unit
        yield from _tree(assessment, unit.code, depth + 1)
