"""``certify evaluate``, ``why``, ``doubts``: what follows from the facts, and why."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, chosen_units, decide_all, load, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DecisionsOption,
    DocumentsOption,
    EvidenceOption,
    FrameworkOption,
    IndicatorOption,
    LevelOption,
    NormaliseOption,
    Plain,
    SampleOption,
    SchedulerOption,
    Shape,
    Telling,
    UnitsOption,
    WorkersOption,
    describe,
    no_criteria,
    only_with_an_index,
    only_with_levels,
    print_json,
)
from certification.cli.outputs import Outputs
from certification.cli.points import explain_score, print_rating
from certification.cli.speech import language, say, tell
from certification.cli.wrapping import print_text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from rules.verdict import Verdict


@app.command(
    "evaluate",
    help=describe(
        "Tính mức của mọi đơn vị (được chấp nhận, tự đánh giá, còn có thể đạt), hoặc điểm và hạng với một bộ chỉ số.",
        "Compute the levels of every unit (accepted, claimed, still possible), or with an index points and ranks.",
        "certify evaluate --units units.csv --evidence evidence.csv --format json",
    ),
)
def evaluate_units(
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    shape: Annotated[Shape, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Shape.TABLE,
    excel: Annotated[
        str | None,
        typer.Option(
            "--excel", metavar="FILE", help=say("Ghi thêm bảng đơn vị × tiêu chí.", "Also write units × criteria.")
        ),
    ] = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    normalise: NormaliseOption = None,
) -> None:
    """Print the levels, or with an index the points and ranks, of every unit."""
    from certification.rating import Rating

    sources = Sources(framework, units, evidence, cycle, sample, tuple(decisions or ()))
    outputs = Outputs({"excel": excel}, sources.read, replace=True)
    with refusing():
        outputs.check()
        found = load(sources)
        if isinstance(found, Rating):
            if workers is not None or scheduler is not None:
                raise refuse(only_with_levels("--workers, --scheduler"))
            print_rating(found, shape, outputs, normalise)
            return
        if normalise is not None:
            raise refuse(only_with_an_index("--normalise"))
        verdicts = decide_all(found, workers=workers, scheduler=scheduler)
    print_assessment(found, verdicts, shape, outputs)


def print_assessment(assessment: "Assessment", verdicts: "dict[str, Verdict]", shape: Shape, outputs: Outputs) -> None:
    """Print the levels of every unit decided; where asked for, also write the workbook."""
    with refusing():
        ordered = [verdicts[code] for code in assessment.units if code in verdicts]
        if outputs.named["excel"] is not None:
            from reports.sheets import evaluation_workbook

            outputs.write({"excel": evaluation_workbook(ordered, language())})
    if shape is Shape.JSON:
        from certification.answers import evaluation_as_json

        print_json(evaluation_as_json(assessment, ordered))
    elif shape is Shape.CSV:
        from reports.sheets import evaluation_csv

        sys.stdout.write(evaluation_csv(ordered))
    else:
        from certification.cli.pages import print_levels

        print_levels(assessment, verdicts)


@app.command(
    "why",
    help=describe(
        "Vì sao một đơn vị đạt hoặc chưa đạt một mức, hoặc được bấy nhiêu điểm: mọi lý do.",
        "Why a unit has, or has not, reached a level, or has its points: every reason.",
        "certify why 608 --level 3 --sample",
    ),
)
def explain_unit(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=say("Mã đơn vị.", "The unit's code."))],
    level: LevelOption = None,
    indicator: IndicatorOption = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    shape: Annotated[Telling, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Telling.TEXT,
) -> None:
    """Explain one unit: a level (by default the next above its own), or the points of an index."""
    from certification.rating import Rating

    with refusing():
        found = load(Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())))
        [code] = chosen_units(found, [unit])
    if isinstance(found, Rating):
        if level is not None:
            raise refuse(
                say(
                    f"--level: {found.index.id} tính điểm, không có mức; hãy dùng --indicator hoặc bỏ --level.",
                    f"--level: {found.index.id} gives points, no levels; use --indicator or leave --level out.",
                )
            )
        explain_score(found, code, indicator, shape)
    elif indicator is not None:
        raise refuse(only_with_an_index("--indicator"))
    else:
        explain_level(found, code, level, shape)


def explain_level(assessment: "Assessment", code: str, level: int | None, shape: Telling) -> None:
    """Print why the unit has, or has not, reached ``level``."""
    from certification.answers import explanation_as_json
    from reports.documents import explain_html, explain_text
    from rules.explain import explain

    with refusing():
        verdicts = decide_all(assessment, codes=assessment.resting_on([code]))
        if code not in verdicts:
            raise refuse(no_criteria(assessment, code))
        asked = level or min(verdicts[code].levels.level + 1, 5)
        explanation = explain(verdicts[code], asked, verdicts)
    if shape is Telling.JSON:
        print_json(explanation_as_json(explanation))
    elif shape is Telling.HTML:
        print(explain_html(explanation, language()))
    else:
        print_text(explain_text(explanation, language()))


@app.command(
    "doubts",
    help=describe(
        "Những điều Hội đồng nên xem lại trước khi chấp nhận; không tự quyết định gì.",
        "What a council should look at before it accepts; decides nothing.",
        "certify doubts --sample",
    ),
)
def list_doubts(
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    documents: DocumentsOption = None,
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
) -> None:
    """Print every doubt that the checks have about the facts."""
    from evidence.checks import check_all

    with refusing():
        found = load(Sources(framework, units, evidence, cycle, sample, documents=documents))
    doubts = check_all(found.facts, found.units, found.rulebook, found.last_year)
    if shape is Plain.JSON:
        print_json(
            [{"units": list(d.units), "criterion": d.criterion, "kind": d.kind, "text": tell(d.text)} for d in doubts]
        )
        return
    for doubt in doubts:
        print(tell(doubt.text))
    print(say(f"{len(doubts)} điều cần xem lại", f"{len(doubts)} doubts"))
