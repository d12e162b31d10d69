"""``certify what-if``: what would follow if some facts were other than recorded. Records nothing."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import evolve, frozen

from certification.cli.app import app
from certification.cli.inputs import Sources, load, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DecisionsOption,
    EvidenceOption,
    ExcelOption,
    FrameworkOption,
    HtmlOption,
    Plain,
    ReplaceOption,
    SampleOption,
    UnitsOption,
    describe,
    print_json,
)
from certification.cli.outputs import Outputs
from certification.cli.speech import language, say

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from certification.rating import Rating
    from evidence.scenarios import Scenario
    from reports.analysis import Page


@frozen
class Hypotheses:
    """What is to be supposed: the scenarios to be shown, one for each column, and the one that can be saved."""

    stacked: "Scenario | None"  # of --scenario and --set together
    compared: "tuple[Scenario, ...]"  # of --compare
    bases: tuple[str, ...] = ()  # files that those named rest on

    @property
    def columns(self) -> "tuple[Scenario, ...]":
        """What is shown: that of --scenario and --set first, those compared, then A+B, A+B+C …"""
        from evidence.scenarios import cumulate

        return cumulate(self.compared if self.stacked is None else (self.stacked, *self.compared))


@app.command(
    "what-if",
    help=describe(
        "Nếu số liệu khác đi thì sao: trước và sau, lý do nào hết, lý do nào còn. Không ghi gì vào số liệu."
        " VALUE như trong evidence.csv, thêm @trạng-thái nếu cần: 84/104, '80 %', có, 3@self_reported, @rejected;"
        " chỉ có @trạng-thái thì giữ nguyên giá trị; không có @adjusted (mức Hội đồng điều chỉnh thì ghi giá trị đó).",
        "What if facts were other: before and after, which reasons vanish, which remain. Records nothing."
        " VALUE as in evidence.csv, with @status if need be: 84/104, '80 %', yes, 3@self_reported, @rejected;"
        " a bare @status keeps the value; there is no @adjusted (write the value the council would have set).",
        "certify what-if --set 23281:I.2=84/104 --scenario kich-ban.yaml --units units.csv --evidence evidence.csv",
    ),
)
def suppose_facts(
    assumed: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="UNIT:CRITERION=VALUE",
            help=say("Một giả định; ghi được nhiều lần.", "One assumption; may be given several times."),
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help=say(
                "Kịch bản YAML (name, set, base); nhiều kịch bản chồng lên nhau theo thứ tự.",
                "A scenario in YAML (name, set, base); several are applied on top of each other in order.",
            ),
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="FILE",
            help=say(
                "Đặt các kịch bản cạnh nhau: hiện nay, A, B, A+B …",
                "Scenarios side by side: as it is, A, B, A+B …",
            ),
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="FILE", help=say("Ghi kịch bản đã gộp.", "Write the combined scenario.")),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help=say("Tên kịch bản đã gộp.", "The combined scenario's name."))
    ] = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
    excel: ExcelOption = None,
    html: HtmlOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Print what one scenario would change, or several side by side."""
    from certification.rating import Rating
    from evidence.asked import catalogue
    from evidence.scenarios import scenario_yaml

    if not (assumed or scenario or compare):
        raise refuse(
            say(
                "Chưa có giả định nào; hãy dùng --set, --scenario hoặc --compare.",
                "Nothing is assumed; use --set, --scenario or --compare.",
            )
        )
    if save is not None and not (assumed or scenario):
        raise refuse(
            say(
                "--save ghi kịch bản của --set và --scenario; ở đây không có.",
                "--save writes the scenario of --set and --scenario; there is none.",
            )
        )
    if name is not None and not (assumed or scenario):
        raise refuse(
            say(
                "--name là tên của kịch bản gộp từ --set và --scenario; ở đây không có.",
                "--name is that of the scenario of --set and --scenario; there is none.",
            )
        )
    sources = Sources(framework, units, evidence, cycle, sample, tuple(decisions or ()))
    read = (*sources.read, *(scenario or ()), *(compare or ()))
    outputs = Outputs({"excel": excel, "html": html, "save": save}, read, replace)
    with refusing():
        outputs.check()
        found = load(sources)
        hypotheses = _read(found, assumed or [], scenario or [], compare or [], name)
        if isinstance(found, Rating):
            page, answer = _ask_rating(found, hypotheses)
        else:
            page, answer = _ask_assessment(found, hypotheses)
        made = pages_of(page, outputs)
        if save is not None and hypotheses.stacked is not None:
            made["save"] = scenario_yaml(hypotheses.stacked, catalogue(found.rulebook), found.units)
        evolve(outputs, read=(*outputs.read, *hypotheses.bases)).write(made)
    if shape is Plain.JSON:
        print_json(answer)
    else:
        from certification.cli.what_if_pages import print_page

        print_page(page)


def _read(
    found: "Assessment | Rating", words: list[str], files: list[str], compared: list[str], name: str | None
) -> Hypotheses:
    """All that is to be supposed. Raises ``Faulty`` with the faults of every file and word at once."""
    from evidence.asked import catalogue
    from evidence.scenario_files import MAX_NAME, MAX_NOTE, ScenarioReader, is_line
    from evidence.scenarios import shorten, stack
    from reports.scenario_table import MOST

    if len(compared) + bool(words or files) > MOST:
        raise refuse(say(f"So sánh tối đa {MOST} kịch bản.", f"At most {MOST} scenarios can be compared."))
    if name is not None and not is_line(name):
        raise refuse(
            say(
                f"--name: cần tên trên một dòng, tối đa {MAX_NAME} ký tự.",
                f"--name: expected one line of at most {MAX_NAME} characters.",
            )
        )
    reader = ScenarioReader(catalogue(found.rulebook), found.units)
    layers = [reader.read_file(path) for path in files]
    layers += [reader.read_words(words)] if words else []
    side_by_side = tuple(reader.read_file(path) for path in compared)
    title = name or shorten(" + ".join(layer.name for layer in layers), MAX_NAME)
    note = shorten(" / ".join(layer.note for layer in layers if layer.note), MAX_NOTE)
    stacked = stack(title, (a for layer in layers for a in layer.assumptions), note) if layers else None
    hypotheses = Hypotheses(stacked, side_by_side, tuple(reader.known))
    for scenario in hypotheses.columns:
        reader.check(scenario, found.facts)
    reader.stop()
    return hypotheses


def _ask_assessment(found: "Assessment", hypotheses: Hypotheses) -> "tuple[Page, Any]":
    """The page and the JSON of what would follow under a framework of levels."""
    from certification.cli.what_if_pages import comparison_as_json, what_if_as_json
    from certification.what_if import compare, recorded_verdicts, what_if
    from reports.scenario_table import view_comparison
    from reports.what_if import view_what_if

    columns = hypotheses.columns
    if hypotheses.compared:
        comparison = compare(found, columns)
        return view_comparison(comparison, language()), comparison_as_json(comparison)
    answer = what_if(found, recorded_verdicts(found, columns), columns[0])
    return view_what_if(answer, language()), what_if_as_json(answer)


def _ask_rating(found: "Rating", hypotheses: Hypotheses) -> "tuple[Page, Any]":
    """The page and the JSON of what would follow under an index."""
    from certification.cli.what_if_pages import ranked_comparison_as_json, what_if_ranked_as_json
    from certification.what_if import compare_ranked, what_if_ranked
    from reports.scenario_table import view_ranked_comparison
    from reports.what_if_points import view_what_if_ranked

    columns = hypotheses.columns
    if hypotheses.compared:
        comparison = compare_ranked(found, columns)
        return view_ranked_comparison(comparison, language()), ranked_comparison_as_json(comparison)
    answer = what_if_ranked(found, columns[0])
    return view_what_if_ranked(answer, language()), what_if_ranked_as_json(answer)


def pages_of(page: "Page", outputs: Outputs) -> dict[str, bytes]:
    """A page as the workbook and the web page that are asked for."""
    from reports.analysis import workbook
    from reports.documents import render

    made = {} if outputs.named["excel"] is None else {"excel": workbook(page)}
    return made if outputs.named["html"] is None else {**made, "html": render(page, "analysis", ("html",))["html"]}
