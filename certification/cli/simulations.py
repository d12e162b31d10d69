"""``certify simulate``: how likely each level or rank is where the facts are not certain."""

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from attrs import frozen

from certification.cli.app import app
from certification.cli.inputs import Sources, chosen_units, complain, load, refuse, refusing, working
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DecisionsOption,
    EvidenceOption,
    ExcelOption,
    FrameworkOption,
    HtmlOption,
    LevelOption,
    OptionalOutOption,
    ReplaceOption,
    SampleOption,
    SchedulerOption,
    TableOrJson,
    Tabular,
    UnitsOption,
    WorkersOption,
    describe,
    no_criteria,
    print_json,
    watch,
)
from certification.cli.outputs import Outputs
from certification.cli.speech import language, say, tell

if TYPE_CHECKING:  # importing them would make «certify --help» slow
    from collections.abc import Callable, Mapping, Sequence

    from certification.hierarchy import Assessment
    from certification.rating import Rating

MOST_DRAWS = 10_000_000

THREADS = 2
"""Draws are made and compared by NumPy, which lets threads run side by side."""


@frozen
class Wanted:
    """What ``certify simulate`` was asked for, as given on the command line."""

    units: tuple[str, ...]
    draws: int
    seed: int
    uncertainty: str | None
    level: int | None
    workers: int | None
    scheduler: str | None
    shape: Tabular
    outputs: Outputs


@app.command(
    "simulate",
    help=describe(
        "Nếu số liệu chưa chắc chắn thì từng mức (hoặc hạng) có khả năng đến đâu, tiêu chí nào giữ lại, nên xác minh gì"
        " trước.",
        "How likely each level (or rank) is where facts are not certain, what holds it, and what to verify first.",
        "certify simulate 618 --draws 10000 --sample",
    ),
)
def simulate_units(
    units_to_show: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT...", help=say("Mã đơn vị; không có: tất cả.", "Codes of units; none: all.")),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", min=1, max=MOST_DRAWS, help=say("Số lần mô phỏng.", "How many draws."))
    ] = 10_000,
    seed: Annotated[
        int,
        typer.Option(
            "--seed",
            min=0,
            max=2**63 - 1,
            help=say("Số khởi tạo: cùng số thì cùng kết quả.", "The same seed gives the same answer."),
        ),
    ] = 1,
    uncertainty: Annotated[
        str | None,
        typer.Option(
            "--uncertainty",
            metavar="FILE",
            help=say(
                "Số liệu chắc đến đâu (tier,unit,criterion,status,model,p,low,high,size; model: audit, survey, chance,"
                " peers, range, certain); không có thì theo giả định mặc định, được in kèm.",
                "How sure the facts are (tier,unit,criterion,status,model,p,low,high,size; model: audit, survey,"
                " chance, peers, range, certain); without it the defaults, which are printed.",
            ),
        ),
    ] = None,
    level: LevelOption = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    shape: TableOrJson = Tabular.TABLE,
    excel: ExcelOption = None,
    html: HtmlOption = None,
    out: OptionalOutOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Print the chances; with ``html``, ``excel`` and ``out`` also write them with pictures."""
    from certification.rating import Rating

    sources = Sources(framework, units, evidence, cycle, sample, tuple(decisions or ()))
    outputs = Outputs({"excel": excel, "html": html}, (*sources.read, uncertainty), replace, out)
    wanted = Wanted(tuple(units_to_show or ()), draws, seed, uncertainty, level, workers, scheduler, shape, outputs)
    with refusing():
        outputs.check()
        found = load(sources)
        if isinstance(found, Rating):
            print_ranks(found, wanted)
        else:
            print_levels(found, wanted)


def print_levels(assessment: "Assessment", wanted: Wanted) -> None:
    """Simulate the levels of the units wanted and print them."""
    from certification.cli.simulation_pages import simulation_as_json
    from certification.simulation.levels import pieces, simulate
    from certification.simulation.prospects import misfits
    from evidence.assumptions import Assumptions
    from evidence.uncertainty import read_uncertainty
    from reports.simulation import simulation_pages, simulation_text
    from reports.simulation_sheets import simulation_workbook
    from reports.simulation_words import idle_faults

    codes = _assessed(assessment, wanted.units)
    assumptions = Assumptions()
    if wanted.uncertainty is not None:
        against = partial(misfits, assessment, assessment.resting_on(codes))
        assumptions = read_uncertainty(wanted.uncertainty, assessment.framework, assessment.units, against)
    with (
        working(wanted.workers, wanted.scheduler, threads=THREADS) as works,
        watch(say("Mô phỏng", "Simulating"), pieces(assessment, codes, wanted.draws)) as step,
    ):
        found = simulate(
            assessment,
            assumptions,
            codes,
            wanted.draws,
            wanted.seed,
            level=wanted.level,
            executor=works,
            progress=step,
        )
    file, speech = assumptions.file, language()
    complain(idle_faults(found.idle, file))
    write_papers(
        wanted,
        f"mo-phong-{assessment.cycle}",
        lambda kinds: simulation_pages(found, file, speech, kinds),
        lambda: simulation_workbook(found, file, speech),
    )
    if wanted.shape is Tabular.JSON:
        print_json(simulation_as_json(found, file, speech))
    else:
        print(simulation_text(found, file, speech))


def print_ranks(rating: "Rating", wanted: Wanted) -> None:
    """Simulate the ranks of the units wanted and print them."""
    from certification.cli.simulation_pages import rank_simulation_as_json
    from certification.simulation.rank_prospects import rank_misfits
    from certification.simulation.ranks import rank_pieces, simulate_ranks
    from evidence.assumptions import Assumptions
    from evidence.uncertainty import read_uncertainty
    from reports.rank_simulation import rank_simulation_pages, rank_simulation_text, rank_simulation_workbook
    from reports.simulation_words import idle_faults

    if wanted.level is not None:
        raise refuse(
            say(
                f"--level: {rating.index.id} tính điểm, không có mức.",
                f"--level: {rating.index.id} gives points, no levels.",
            )
        )
    codes = _assessed(rating, wanted.units)
    assumptions = Assumptions()
    if wanted.uncertainty is not None:
        assumptions = read_uncertainty(wanted.uncertainty, rating.index, rating.units, partial(rank_misfits, rating))
    with (
        working(wanted.workers, wanted.scheduler, threads=THREADS) as works,
        watch(say("Mô phỏng", "Simulating"), rank_pieces(rating, wanted.draws)) as step,
    ):
        found = simulate_ranks(rating, assumptions, codes, wanted.draws, wanted.seed, executor=works, progress=step)
    file, speech = assumptions.file, language()
    complain(idle_faults(found.idle, file))
    write_papers(
        wanted,
        f"mo-phong-{rating.cycle}",
        lambda kinds: rank_simulation_pages(found, file, speech, kinds),
        lambda: rank_simulation_workbook(found, file, speech),
    )
    if wanted.shape is Tabular.JSON:
        print_json(rank_simulation_as_json(found, file, speech))
    else:
        print(rank_simulation_text(found, file, speech))


def write_papers(
    wanted: Wanted, name: str, pages: "Callable[[Sequence[str]], Mapping[str, bytes]]", workbook: "Callable[[], bytes]"
) -> None:
    """Write what was asked for beside the answer: a page, a workbook, or in a folder both and the PDF."""
    from reports.documents import unavailable

    outputs = wanted.outputs
    papers: dict[str, bytes] = {}
    if outputs.out is not None:
        for text in unavailable().values():
            print(tell(text), file=sys.stderr)
        made = {**pages(["html", "pdf"]), "xlsx": workbook()}
        papers = {f"{name}.{kind}": content for kind, content in made.items()}
    single = {} if outputs.named["html"] is None else {"html": pages(["html"])["html"]}
    if outputs.named["excel"] is not None:
        single["excel"] = workbook()
    outputs.write(single, papers)


def _assessed(assessment: "Assessment | Rating", asked: "Sequence[str]") -> list[str]:
    """The units wanted: those named, of one without criteria (a province) all below it."""
    sets = assessment.rulebook.sets
    if not asked:
        return [code for code, unit in assessment.units.items() if unit.tier in sets]
    codes: list[str] = []
    for code in chosen_units(assessment, asked):
        below = [code] if assessment.units[code].tier in sets else chosen_units(assessment, [code], below=True)
        if not below:
            raise refuse(no_criteria(assessment, code))
        codes += below
    return list(dict.fromkeys(codes))
