"""``certify plan UNIT --budget X``: the most units at a level that a budget, or one a year, can bring about."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import typer

from certification.cli.inputs import chosen_units, decide_all, load_assessment, refuse
from certification.cli.missing_prices import rows_missing, tell_missing
from certification.cli.options import Plain, no_criteria, print_json, watch
from certification.cli.plans import Wanted
from certification.cli.speech import language, say, tell
from certification.cli.unit_plans import read_prices
from certification.cli.wrapping import print_text
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.budgeting.goals import Wish
    from certification.hierarchy import Assessment
    from evidence.costs import Money
    from rules.verdict import Verdict

_Read = TypeVar("_Read")

MOST_YEARS = 10
"""Budgets further ahead than this are no plan."""

_EXPECTED = Text(
    vi="cần số tiền không âm, ví dụ 5000000000 hoặc 5.000.000.000",
    en="expected a sum from 0 up, such as 5000000000 or 5,000,000,000",
)


def plan_budget(wanted: Wanted) -> bool:
    """Print the plan; whether all that must be is reached, and somebody rises (or nobody is left to)."""
    from certification.budgeting import budgets
    from certification.budgeting.coupling import OutOfTime
    from certification.cli.budget_pages import budget_as_json
    from certification.cli.work_plans import written
    from reports.budget import budget_text, of_budget

    sums, wrong = _parse_budgets(wanted.budgets)
    for sentence in wrong:  # what is wrong in the files follows
        print(sentence, file=sys.stderr)
    assessment = load_assessment(wanted.sources, "certify plan --points")
    [code] = chosen_units(assessment, [wanted.unit])
    below = chosen_units(assessment, [code], below=True)
    if not below:
        raise refuse(no_criteria(assessment, code))
    wish = _read_wish(wanted, assessment, code, sums)
    if wrong:
        raise typer.Exit(2)
    verdicts = decide_all(assessment, codes=assessment.resting_on(below))
    try:
        with watch(say("Tìm kế hoạch", "Searching"), None):
            found = budgets.plan_budget(assessment, verdicts, wish(verdicts), seconds=wanted.time_limit)
    except OutOfTime as error:
        raise refuse(
            say(
                f"Dừng lại: sau {wanted.time_limit} giây chưa tìm được kế hoạch nào; hãy tăng --time-limit.",
                f"Stopped: no plan was found in {wanted.time_limit} seconds; --time-limit gives more.",
            ),
            3,
        ) from error
    paper = of_budget(found, assessment.units.get(found.unit.parent or ""))
    with written(wanted, paper, feasible=found.answers):
        if wanted.shape is Plain.JSON:
            print_json(budget_as_json(found, language()))
        else:
            print_text(budget_text(found, language()))
    obstacles = (obstacle for each in found.hindered for obstacle in each.obstacles)
    if any(obstacle.kind == "no_cost" for obstacle in obstacles) and (prices := read_prices(assessment, wanted)):
        tell_missing(wanted.costs, rows_missing(assessment.framework, (v.unit.tier for v in verdicts.values()), prices))
    return found.answers


def read_budgets(texts: tuple[str, ...]) -> "tuple[Money, ...]":
    """The budgets of the command line, exact; ends the command naming every one that is none."""
    budgets, wrong = _parse_budgets(texts)
    if wrong:
        raise refuse("\n".join(wrong))
    return budgets


def _parse_budgets(texts: tuple[str, ...]) -> "tuple[tuple[Money, ...], list[str]]":
    """The budgets (0 for what is none), and a sentence for everything wrong with them."""
    from evidence.costs import read_sum
    from evidence.values import Unreadable

    budgets: list[Money] = []
    wrong: list[str] = []
    for text in texts:
        try:
            budgets.append(read_sum(text, _EXPECTED, "--budget"))
        except Unreadable as unreadable:
            budgets.append(0)
            wrong += [f"--budget: {tell(flaw.found)}; {tell(flaw.expected)}" for flaw in unreadable.flaws]
    if len(texts) > MOST_YEARS:
        wrong.append(
            say(
                f"--budget: {len(texts)} năm, nhiều nhất {MOST_YEARS}.",
                f"--budget: {len(texts)} years, at most {MOST_YEARS}.",
            )
        )
    return tuple(budgets), wrong


def _read_wish(
    wanted: Wanted, assessment: "Assessment", code: str, budgets: "tuple[Money, ...]"
) -> "Callable[[Mapping[str, Verdict]], Wish]":
    """What is asked, all files read and all their faults told together; the level may follow from the verdicts."""
    from certification.budgeting.budgets import next_level
    from certification.budgeting.goals import Wish
    from evidence.conditions import Choices, read_choices, read_weights
    from evidence.purchases import Purchase, read_shared

    framework, units = assessment.framework, assessment.units
    years = range(assessment.cycle, assessment.cycle + len(budgets))
    faults: list[Fault] = []

    def read(path: str | None, reader: Callable[[str], _Read], nothing: _Read) -> _Read:
        try:
            return nothing if path is None else reader(path)
        except Faulty as faulty:
            faults.extend(faulty.faults)
            return nothing

    costs = read("", lambda _: read_prices(assessment, wanted), None)
    none: Mapping[str, Money] | None = None
    nothing: tuple[Purchase, ...] = ()
    choices = read(wanted.choices, lambda path: read_choices(path, framework, units, years, code), Choices())
    shared = read(wanted.shared, lambda path: read_shared(path, framework, units), nothing)
    weights = read(wanted.weights, lambda path: read_weights(path, framework, units, code), none)
    if faults:
        raise Faulty(faults)
    if costs is None:
        raise refuse(
            say(
                "--budget cần --costs: không có giá thì không biết đủ tiền hay không.",
                "--budget needs --costs: without prices nobody knows what it suffices for.",
            )
        )
    prices = costs

    def wish(verdicts: "Mapping[str, Verdict]") -> Wish:
        level = wanted.level or next_level(assessment, verdicts, code)
        return Wish(code, level, budgets, prices, wanted.carry_over, choices, shared, weights)

    return wish
