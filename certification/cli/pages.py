"""What the commands print: tables on a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from certification.cli.speech import language, say, tell
from certification.hierarchy import Assessment
from evidence.units import Unit
from levels.faults import Text
from reports.words import level_text
from rules.verdict import Verdict

SYNTHETIC_NOTE = Text(
    vi="DỮ LIỆU MÔ PHỎNG: các số liệu trên là giả định, không nói gì về đơn vị thật.",
    en="SYNTHETIC DATA: the figures above are made up and say nothing about the real units.",
)


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
