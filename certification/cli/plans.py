"""``certify plan``: the cheapest sufficient set of improvements, for one unit, within a budget, or in points."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from attrs import frozen

from certification.cli.app import app
from certification.cli.inputs import Sources, read_rulebook, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DateOption,
    DecisionsOption,
    EvidenceOption,
    FrameworkOption,
    OptionalOutOption,
    Plain,
    PlanNumberOption,
    ReplaceOption,
    SampleOption,
    SignerOption,
    UnitsOption,
    describe,
)
from certification.cli.speech import say


@frozen
class Wanted:
    """What ``certify plan`` was asked for, as given on the command line."""

    sources: Sources
    unit: str
    level: int | None
    costs: str | None
    fewest: bool
    budgets: tuple[str, ...]  # one a year, in order
    carry_over: bool
    weights: str | None
    choices: str | None
    shared: str | None
    time_limit: int
    points: str | None
    climb: int | None
    out: Path | None
    replace: bool
    shape: Plain
    number: str = ""  # these three are of the paper in ``out``
    signed_on: datetime.date | None = None
    signer: str = ""


def _file(name: str, vi: str, en: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar="FILE", help=say(vi, en))
    return option


@app.command(
    "plan",
    help=describe(
        "Kế hoạch rẻ nhất để đạt một mức, một số điểm hay thứ hạng; hoặc làm được nhiều nhất với một ngân sách."
        " Mã thoát 1: không thể.",
        "The cheapest plan to a level, a total of points or a rank; or the most that a budget can do."
        " Exit code 1: there is none.",
        "certify plan 608 --level 4 --costs costs.csv --units units.csv --evidence evidence.csv",
    ),
)
def plan_unit(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=say("Mã đơn vị.", "The unit's code."))],
    level: Annotated[
        int | None,
        typer.Option(
            "--level",
            min=1,
            max=5,
            help=say(
                "Mức cần đạt; không ghi thì mức kế tiếp của đơn vị, với --budget là mức thấp nhất mà chưa phải mọi đơn"
                " vị (cấp rộng nhất) đều đạt.",
                "The level to reach; without it the unit's next, with --budget the lowest that not every unit (of the"
                " broadest tier) has reached.",
            ),
        ),
    ] = None,
    costs: Annotated[
        str | None,
        _file(
            "--costs",
            "Chi phí bằng đồng (tier,criterion,fixed,per_unit); không có thì tính ít mục còn thiếu nhất.",
            "The costs in đồng (tier,criterion,fixed,per_unit); without them the fewest missing items.",
        ),
    ] = None,
    fewest: Annotated[
        bool,
        typer.Option(
            "--fewest",
            help=say("Ít mục còn thiếu nhất, không xét chi phí.", "The fewest missing items, whatever they cost."),
        ),
    ] = False,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            "--budget",
            metavar="X",
            help=say(
                "Ngân sách (đồng): nhiều đơn vị đạt mức nhất (ghi nhiều lần, mỗi năm một lần); bộ chỉ số: nhiều điểm"
                " nhất.",
                "A budget in đồng: the most units at the level (several times, one a year); of an index the most"
                " points.",
            ),
        ),
    ] = None,
    carry_over: Annotated[
        bool,
        typer.Option(
            "--carry-over",
            help=say("Tiền chưa dùng được chuyển sang năm sau.", "Money not spent passes to the next year."),
        ),
    ] = False,
    weights: Annotated[
        str | None,
        _file(
            "--weights",
            "Trọng số của đơn vị (unit,weight); đơn vị không có trong tệp tính 0.",
            "Weights of units (unit,weight); who is not in the file weighs 0.",
        ),
    ] = None,
    choices: Annotated[
        str | None,
        _file(
            "--choices",
            "Điều đã định: đơn vị phải đạt, tiêu chí không đổi được (unit,criterion,choice,year).",
            "What is settled: units that must rise, criteria that cannot change (unit,criterion,choice,year).",
        ),
    ] = None,
    shared: Annotated[
        str | None,
        _file(
            "--shared",
            "Việc làm một lần cho nhiều đơn vị, giá bằng đồng (name,tier,criterion,level,cost,under,office).",
            "What is done once for many units, in đồng (name,tier,criterion,level,cost,under,office).",
        ),
    ] = None,
    time_limit: Annotated[
        int,
        typer.Option(
            "--time-limit",
            min=1,
            max=86400,
            metavar="SECONDS",
            help=say("Thời gian tìm tối đa (giây).", "How long to search at most, in seconds."),
        ),
    ] = 60,
    points: Annotated[
        str | None,
        typer.Option("--points", metavar="X", help=say("Tổng điểm cần đạt (bộ chỉ số).", "The total asked (index).")),
    ] = None,
    climb: Annotated[
        int | None,
        typer.Option("--climb", min=1, metavar="K", help=say("Lên K hạng (bộ chỉ số).", "Climb K ranks (index).")),
    ] = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    out: OptionalOutOption = None,
    replace: ReplaceOption = False,
    number: PlanNumberOption = "",
    date: DateOption = None,
    signer: SignerOption = "",
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
) -> None:
    """Print the plan; with ``out`` also write it as documents that can be signed."""
    wanted = Wanted(
        Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())),
        unit,
        level,
        costs,
        fewest,
        tuple(budget or ()),
        carry_over,
        weights,
        choices,
        shared,
        time_limit,
        points,
        climb,
        out,
        replace,
        shape,
        number,
        date.date() if date else None,
        signer,
    )
    with refusing():
        feasible = _planner(wanted)(wanted)
    if not feasible:
        raise typer.Exit(1)


_ONLY_BUDGETS = ("carry_over", "weights", "choices", "shared")
_ONLY_PAPERS = {"number": "number", "signed_on": "date", "signer": "signer"}


def _planner(wanted: Wanted) -> "Callable[[Wanted], bool]":
    """What answers: it prints the plan and says whether there is one. Refuses options that do not go together."""
    from levels.index import Index

    index = isinstance(read_rulebook(wanted.sources.framework), Index)
    of_points = [name for name in ("points", "climb") if getattr(wanted, name) is not None]
    of_levels = [name for name in ("level", *_ONLY_BUDGETS) if getattr(wanted, name) and name != "choices"]
    if index and of_levels:
        raise _misplaced(of_levels, say("chỉ dùng với bộ tiêu chí có mức", "go with a framework of levels only"))
    if not index and of_points:
        raise _misplaced(of_points, say("chỉ dùng với bộ chỉ số tính điểm", "go with an index of points only"))
    if not index and not wanted.budgets and (misplaced := [name for name in _ONLY_BUDGETS if getattr(wanted, name)]):
        raise _misplaced(misplaced, say("chỉ đi cùng --budget", "go with --budget only"))
    if wanted.fewest and (wanted.costs is not None or wanted.budgets):
        raise refuse(
            say("--fewest không đi cùng --costs và --budget.", "--fewest does not go with --costs and --budget.")
        )
    if wanted.out is None and (misplaced := [option for name, option in _ONLY_PAPERS.items() if getattr(wanted, name)]):
        raise _misplaced(misplaced, say("chỉ đi cùng --out", "go with --out only"))
    if index:
        from certification.cli.point_plans import plan_points

        return plan_points
    if wanted.budgets:
        from certification.cli.budget_plans import plan_budget

        return plan_budget
    from certification.cli.unit_plans import plan_one

    return plan_one


def _misplaced(names: list[str], why: str) -> typer.Exit:
    options = ", ".join(
        f"--{name.removesuffix('s') if name == 'budgets' else name}".replace("_", "-") for name in names
    )
    return refuse(f"{options}: {why}.")
