"""``certify plan``: the cheapest sufficient set of improvements."""

from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, chosen_units, decide_all, find_sample, load_assessment, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DecisionsOption,
    EvidenceOption,
    FrameworkOption,
    LevelOption,
    Plain,
    SampleOption,
    UnitsOption,
    describe,
    no_criteria,
    print_json,
)
from certification.cli.speech import language, say

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from evidence.costs import Costs


@app.command(
    "plan",
    help=describe(
        "Kế hoạch rẻ nhất để một đơn vị đạt một mức: làm gì, thêm bao nhiêu, hết bao nhiêu; mã thoát 1 nếu không thể.",
        "The cheapest plan for a unit to reach a level: what, how many more, at what cost; exit code 1: none.",
        "certify plan 608 --level 4 --costs costs.csv --units units.csv --evidence evidence.csv",
    ),
)
def plan_unit(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=say("Mã đơn vị.", "The unit's code."))],
    level: LevelOption = None,
    costs: Annotated[
        str | None,
        typer.Option(
            "--costs",
            metavar="FILE",
            help=say(
                "Chi phí (tier,criterion,fixed,per_unit); không có thì tính ít mục còn thiếu nhất.",
                "The costs (tier,criterion,fixed,per_unit); without them the fewest missing items.",
            ),
        ),
    ] = None,
    fewest: Annotated[
        bool,
        typer.Option(
            "--fewest",
            help=say("Ít mục còn thiếu nhất, không xét chi phí.", "The fewest missing items, whatever they cost."),
        ),
    ] = False,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
) -> None:
    """Print the plan for one unit and level (by default the next above its own)."""
    from certification.cli.plan_pages import plan_as_json
    from certification.planning import plan
    from reports.plan import plan_text

    if fewest and costs is not None:
        raise refuse(say("--fewest không đi cùng --costs.", "--fewest does not go with --costs."))
    with refusing():
        assessment = load_assessment(
            Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())), "certify why"
        )
        prices = None if fewest else _prices(assessment, costs, sample)
        [code] = chosen_units(assessment, [unit])
        verdicts = decide_all(assessment, codes=assessment.resting_on([code]))
        if code not in verdicts:
            raise refuse(no_criteria(assessment, code))
        found = plan(assessment, verdicts, code, level or min(verdicts[code].levels.level + 1, 5), prices)
    if shape is Plain.JSON:
        print_json(plan_as_json(found, language()))
    else:
        print(plan_text(found, language()))
    if not found.feasible:
        raise typer.Exit(1)


def _prices(assessment: "Assessment", costs: str | None, sample: bool) -> "Costs | None":
    """The costs named, or with ``--sample`` those of the sample."""
    from evidence.costs import read_costs

    path = costs
    if path is None and sample:
        bundled = find_sample(assessment.framework).costs
        path = None if bundled is None else str(bundled)
    return None if path is None else read_costs(path, assessment.framework)
