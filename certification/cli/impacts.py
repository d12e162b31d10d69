"""``certify impact``: every unit under two texts of a rulebook; who rises, who falls, what decides it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, load, read_rulebook, refuse, refusing, working
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    EvidenceOption,
    ExcelOption,
    FrameworkOption,
    HtmlOption,
    OptionalOutOption,
    ReplaceOption,
    SampleOption,
    SchedulerOption,
    TableOrJson,
    Tabular,
    UnitsOption,
    WorkersOption,
    describe,
    only_with_levels,
    print_json,
    watch,
)
from certification.cli.outputs import Outputs
from certification.cli.speech import language, say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from certification.rating import Rating
    from levels.loader import Rulebook
    from reports.analysis import Page


@app.command(
    "impact",
    help=describe(
        "Nếu bộ tiêu chí được sửa đổi thì ai lên, ai xuống, tiêu chí nào quyết định; một dự thảo là đủ.",
        "If the rulebook is amended: who rises, who falls, which criterion decides; a draft is enough.",
        "certify impact --to du-thao.yaml --units units.csv --evidence evidence.csv --out tac-dong",
    ),
)
def assess_amendment(
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="ID|FILE", help=say("Văn bản mới: mã hoặc tệp YAML.", "The new text: id or file.")
        ),
    ],
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    shape: TableOrJson = Tabular.TABLE,
    excel: ExcelOption = None,
    html: HtmlOption = None,
    out: OptionalOutOption = None,
    replace: ReplaceOption = False,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
) -> None:
    """Print who rises and falls; with ``--out`` also write a web page, a PDF and a workbook."""
    from certification.cli.what_if import pages_of
    from certification.cli.what_if_pages import print_page
    from certification.rating import Rating

    sources = Sources(framework, units, evidence, cycle, sample)
    outputs = Outputs({"excel": excel, "html": html}, (*sources.read, to), replace, out)
    with refusing():
        outputs.check()
        amended = read_rulebook(to)
        if type(amended) is not type(read_rulebook(framework)):
            raise refuse(
                say(
                    f"{framework} và {to} không cùng loại: một bên công nhận mức, một bên tính điểm;"
                    " không so sánh được.",
                    f"{framework} and {to} are of different kinds: one recognises levels, the other gives points;"
                    " they cannot be compared.",
                )
            )
        found = load(sources)
        if not isinstance(found, Rating):
            page, answer = _assess(found, amended, workers, scheduler)
        elif workers is not None or scheduler is not None:
            raise refuse(only_with_levels("--workers, --scheduler"))
        else:
            page, answer = _rate(found, amended)
        page = _name_files(page, (framework, to))
        papers = {} if out is None else _papers(page, f"tac-dong-{found.cycle}")
        outputs.write(pages_of(page, outputs), papers)
    if shape is Tabular.JSON:
        print_json(answer)
    else:
        print_page(page)


def _name_files(page: "Page", texts: tuple[str, str]) -> "Page":
    """The notes on both texts with the files they were read from: a draft bears the id of what it amends."""
    from attrs import evolve

    from levels.loader import framework_ids

    named = zip(page.notes, texts, strict=True)
    return evolve(
        page, notes=tuple(note if text in framework_ids() else f"{note} – {Path(text).name}" for note, text in named)
    )


def _assess(found: "Assessment", amended: "Rulebook", workers: int | None, scheduler: str | None) -> "tuple[Page, Any]":
    from certification.cli.impact_pages import impact_as_json
    from certification.impact import assess_impact
    from levels.framework import Framework
    from reports.impact import view_impact

    assert isinstance(amended, Framework)
    title, total = say("Xét theo hai văn bản", "Deciding under both texts"), 2 * len(found.order)
    with watch(title, total) as step, working(workers, scheduler) as executor:
        impact = assess_impact(found, amended, executor=executor, progress=step)
    return view_impact(impact, language()), impact_as_json(impact)


def _rate(found: "Rating", amended: "Rulebook") -> "tuple[Page, Any]":
    from certification.cli.impact_pages import ranked_impact_as_json
    from certification.impact import rate_impact
    from levels.index import Index
    from reports.impact_points import view_ranked_impact

    assert isinstance(amended, Index)
    impact = rate_impact(found, amended)
    return view_ranked_impact(impact, language()), ranked_impact_as_json(impact)


def _papers(page: "Page", stem: str) -> dict[str, bytes]:
    """A page as web page, PDF (where it can be made) and workbook, by file name."""
    from certification.dossier import named
    from reports.analysis import workbook
    from reports.documents import render, unavailable

    for text in unavailable().values():
        print(tell(text), file=sys.stderr)
    return dict(named(stem, {**render(page, "analysis", ("html", "pdf")), "xlsx": workbook(page)}))
