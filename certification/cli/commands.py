"""The commands of ``certify``: their options, their help with an example, what each calls and prints."""

import datetime
import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from certification.cli.inputs import DEFAULT_FRAMEWORK, Sources, chosen_units, complain, load, refuse, refusing
from certification.cli.speech import language, say, tell

if TYPE_CHECKING:  # importing them would make «certify --help» slow
    from certification.hierarchy import Assessment
    from rules.verdict import Verdict


class Shape(StrEnum):
    """How ``evaluate`` prints."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Telling(StrEnum):
    """How ``why`` prints."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class Plain(StrEnum):
    """How the other commands print."""

    TEXT = "text"
    JSON = "json"


def _help(vi: str, en: str, example: str) -> str:
    return f"{say(vi, en)}\n\n{say('Ví dụ', 'Example')}: {example}"


app = typer.Typer(
    help=_help(
        "Công nhận mức độ chuyển đổi số của xã và huyện: mức nào, vì sao, vì sao chưa lên mức sau.",
        "Certifies the digital transformation level of communes and districts: which, why, why not the next.",
        "certify evaluate --sample",
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
framework_app = typer.Typer(
    help=_help("Các bộ tiêu chí.", "The rulebooks.", "certify framework list"), no_args_is_help=True
)
app.add_typer(framework_app, name="framework")

FrameworkOption = Annotated[
    str,
    typer.Option(
        "--framework", metavar="ID|FILE", help=say("Bộ tiêu chí: mã hoặc tệp YAML.", "The rulebook: id or YAML file.")
    ),
]
UnitsOption = Annotated[Path | None, typer.Option("--units", help=say("Tệp đơn vị.", "The units file."))]
EvidenceOption = Annotated[Path | None, typer.Option("--evidence", help=say("Tệp số liệu.", "The facts file."))]
CycleOption = Annotated[
    int | None, typer.Option("--cycle", min=2000, max=2999, help=say("Năm đánh giá.", "The assessment year."))
]
SampleOption = Annotated[
    bool,
    typer.Option("--sample", help=say("Dùng tỉnh mẫu (số liệu mô phỏng).", "Use the sample province (synthetic).")),
]
DecisionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--decisions",
        help=say(
            "Gói quyết định (hoặc thư mục) đã công nhận cấp dưới.", "Bundles (or a folder) that recognised units below."
        ),
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help=say("Thư mục nhận kết quả.", "The folder for the results."))]
BelowOption = Annotated[
    bool, typer.Option("--with-below", help=say("Kể cả mọi đơn vị cấp dưới.", "Also every unit below."))
]
LevelOption = Annotated[int | None, typer.Option("--level", min=1, max=5, help=say("Mức cần xét.", "The level asked."))]
UnitsArgument = Annotated[
    list[str], typer.Argument(metavar="UNIT...", help=say("Mã đơn vị.", "Codes of units."), show_default=False)
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from certification.issuing import software

        print(software())
        raise typer.Exit


@app.callback()
def main(
    _lang: Annotated[str | None, typer.Option("--lang", metavar="vi|en", help=say("Ngôn ngữ.", "Language."))] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=say("Phiên bản.", "The version."))
    ] = False,
) -> None:
    """Refuse a language that is not there; the others were taken by ``choose_language``."""
    if _lang is not None:
        raise typer.BadParameter(say(f"«{_lang}»: chỉ có vi hoặc en", f"«{_lang}»: it is vi or en"))


@framework_app.command(
    "list",
    help=_help("Liệt kê các bộ tiêu chí kèm theo.", "List the rulebooks that come along.", "certify framework list"),
)
def list_frameworks(shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT) -> None:
    """Print every bundled framework."""
    from levels.loader import framework_ids, load_framework

    with refusing():
        frameworks = [load_framework(name) for name in framework_ids()]
    if shape is Plain.JSON:
        _print_json(
            [
                {"id": f.id, "version": f.version, "instrument": f.instrument.number, "digest": f.digest}
                for f in frameworks
            ]
        )
        return
    for framework in frameworks:
        print(f"{framework.id}  {framework.version}  {framework.instrument.citation}\n    {framework.digest}")


@framework_app.command(
    "show",
    help=_help(
        "In một bộ tiêu chí: tiêu chí, năm mức, cách đọc.",
        "Print a rulebook: criteria, the five levels, the readings.",
        f"certify framework show {DEFAULT_FRAMEWORK} --format json",
    ),
)
def show_framework(
    framework: Annotated[str, typer.Argument(metavar="ID|FILE")],
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Print one framework as text or JSON."""
    from certification.cli.pages import framework_lines
    from levels.loader import framework_as_json, load_framework

    with refusing():
        loaded = load_framework(framework)
    if shape is Plain.JSON:
        _print_json(framework_as_json(loaded))
    else:
        print("\n".join(framework_lines(loaded)))


@framework_app.command(
    "check",
    help=_help(
        "Soát lỗi một bộ tiêu chí (mặc định: mọi bộ kèm theo); mã thoát 1 nếu có lỗi.",
        "Check a rulebook (default: all that come along) for faults; exit code 1 if there are any.",
        f"certify framework check {DEFAULT_FRAMEWORK}",
    ),
)
def check_framework(files: Annotated[list[str] | None, typer.Argument(metavar="[ID|FILE]...")] = None) -> None:
    """Lint frameworks; exits 1 where errors are found, 2 where a file cannot be read at all."""
    from levels.lint import lint
    from levels.loader import framework_ids, load_with_positions

    with refusing():
        loaded = {name: load_with_positions(name) for name in files or framework_ids()}
    faulty = False
    for name, (framework, positions) in loaded.items():
        faults = lint(framework, positions)
        complain(faults)
        errors = sum(fault.severity == "error" for fault in faults)
        faulty = faulty or errors > 0
        print(
            say(
                f"{name}: {errors} lỗi, {len(faults) - errors} cảnh báo",
                f"{name}: {errors} errors, {len(faults) - errors} warnings",
            )
        )
    if faulty:
        raise typer.Exit(1)


@framework_app.command(
    "diff",
    help=_help(
        "So sánh hai bộ tiêu chí: thêm, bớt, đổi tên, siết chặt, nới lỏng.",
        "Compare two rulebooks: added, removed, renamed, tightened, loosened.",
        f"certify framework diff {DEFAULT_FRAMEWORK} draft.yaml",
    ),
)
def diff_frameworks(
    a: Annotated[str, typer.Argument(metavar="A")],
    b: Annotated[str, typer.Argument(metavar="B")],
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Print every difference between two frameworks."""
    from levels.diff import diff
    from levels.loader import load_framework

    with refusing():
        changes = diff(load_framework(a), load_framework(b))
    if shape is Plain.JSON:
        _print_json([change.as_json() for change in changes])
        return
    for change in changes:
        print(tell(change.text))
    if not changes:
        print(say("Không có gì khác nhau.", "There is no difference."))


@app.command(
    "evaluate",
    help=_help(
        "Tính mức của mọi đơn vị: được chấp nhận, tự đánh giá, còn có thể đạt.",
        "Compute the levels of every unit: accepted, claimed, still possible.",
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
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help=say("Số tiến trình.", "Processes."))] = 1,
) -> None:
    """Print the levels of every unit."""
    with refusing():
        assessment = load(Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())))
        verdicts = decide_all(assessment, workers)
    ordered = [verdicts[code] for code in assessment.units if code in verdicts]
    if shape is Shape.JSON:
        from certification.cli.pages import evaluation_as_json

        _print_json(evaluation_as_json(assessment, ordered))
    elif shape is Shape.CSV:
        from reports.sheets import evaluation_csv

        sys.stdout.write(evaluation_csv(ordered, language()))
    else:
        from certification.cli.pages import print_levels

        print_levels(assessment, verdicts)


@app.command(
    "why",
    help=_help(
        "Vì sao một đơn vị đạt hoặc chưa đạt một mức: mọi lý do.",
        "Why a unit has, or has not, reached a level: every reason.",
        "certify why 608 --level 3 --sample",
    ),
)
def explain_unit(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help=say("Mã đơn vị.", "The unit's code."))],
    level: LevelOption = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    shape: Annotated[Telling, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Telling.TEXT,
) -> None:
    """Explain one unit; without a level, the next above the one it has."""
    from certification.cli.pages import explanation_as_json
    from reports.documents import explain_html, explain_text
    from rules.explain import explain

    with refusing():
        assessment = load(Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())))
        [code] = chosen_units(assessment, [unit])
        verdicts = decide_all(assessment, codes=assessment.resting_on([code]))
        if code not in verdicts:
            raise refuse(_no_criteria(assessment, code))
        asked = level or min(verdicts[code].levels.level + 1, 5)
        explanation = explain(verdicts[code], asked, verdicts)
    if shape is Telling.JSON:
        _print_json(explanation_as_json(explanation))
    elif shape is Telling.HTML:
        print(explain_html(explanation, language()))
    else:
        print(explain_text(explanation, language()))


def _no_criteria(assessment: "Assessment", code: str) -> str:
    unit = assessment.units[code]
    return say(
        f"{unit.name} ({code}): bộ tiêu chí không có bảng cho cấp này",
        f"{unit.name} ({code}): the rulebook has no criteria for this tier",
    )


@app.command(
    "decide",
    help=_help(
        "Soạn quyết định công nhận (Word, PDF, HTML) và gói niêm phong.",
        "Write the recognition decision (Word, PDF, HTML) and the sealed bundle.",
        "certify decide 62 --with-below --sample --out out",
    ),
)
def decide_units(
    units_to_decide: UnitsArgument,
    out: OutOption,
    with_below: BelowOption = False,
    sheets: Annotated[
        bool,
        typer.Option("--sheets", help=say("Kèm phiếu thẩm định từng đơn vị.", "Also each unit's appraisal sheet.")),
    ] = False,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    decisions: DecisionsOption = None,
    number: Annotated[str, typer.Option(help=say("Số quyết định.", "The decision's number."))] = "",
    date: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help=say("Ngày ký.", "Date of signing.")),
    ] = None,
    signer: Annotated[str, typer.Option(help=say("Người ký.", "Who signs."))] = "",
    minutes: Annotated[
        str, typer.Option(help=say("Biên bản của Hội đồng thẩm định.", "The appraisal council's minutes."))
    ] = "",
    closed: Annotated[
        bool,
        typer.Option(
            "--closed",
            help=say(
                "Hội đồng đã khóa hồ sơ: điều chưa chứng minh là chưa đạt.",
                "The council has closed the dossiers: what is not shown is unmet.",
            ),
        ),
    ] = False,
    template: Annotated[
        Path | None, typer.Option(help=say("Mẫu Word riêng của cơ quan.", "The office's own Word template."))
    ] = None,
) -> None:
    """Issue the decisions on the units named, those on communes first."""
    from certification.decisions import Signing

    signing = Signing(number, date.date() if date else None, signer, minutes, closed)
    with refusing():
        assessment = load(Sources(framework, units, evidence, cycle, sample, tuple(decisions or ())))
        codes = chosen_units(assessment, units_to_decide, below=with_below)
        verdicts = decide_all(assessment, codes=assessment.resting_on(codes))
        written = write_decisions(assessment, verdicts, codes, signing, out, sheets=sheets, template=template)
    for name in written:
        print(out / name)


@app.command(
    "form",
    help=_help(
        "Xuất phiếu Excel theo Phụ lục 01/02 để đơn vị điền.",
        "Write the Excel form of Phụ lục 01/02 for a unit to fill in.",
        "certify form 608 --with-below --sample --out forms",
    ),
)
def write_forms(
    units_to_ask: UnitsArgument,
    out: OutOption,
    with_below: BelowOption = False,
    appraisal: Annotated[
        bool, typer.Option("--appraisal", help=say("Mở phần thẩm định của Hội đồng.", "Open the council's part."))
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help=say("Không điền sẵn số liệu.", "Do not fill in facts."))
    ] = False,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
) -> None:
    """Write one workbook per unit."""
    from certification.staging import staged
    from evidence.forms import write_form

    with refusing():
        assessment = load(Sources(framework, units, evidence, cycle, sample))
        codes = chosen_units(assessment, units_to_ask, below=with_below)
        for code in codes:
            if assessment.units[code].tier not in assessment.framework.sets:
                raise refuse(_no_criteria(assessment, code))
        with staged(out) as stage, _progress(say("Xuất phiếu", "Writing forms"), len(codes)) as step:
            names = []
            for code in codes:
                unit = assessment.units[code]
                facts = {} if empty else assessment.facts.get(code, {})
                names.append(f"phieu-{code}-{assessment.cycle}.xlsx")
                write_form(stage / names[-1], assessment.framework, unit, assessment.cycle, facts, appraisal=appraisal)
                step(1)
    for name in names:
        print(out / name)


@app.command(
    "import",
    help=_help(
        "Đọc phiếu Excel đã điền vào tệp số liệu; mâu thuẫn thì báo, không ghi đè.",
        "Read filled-in Excel forms into a facts file; conflicts are reported, nothing is overwritten.",
        "certify import forms/*.xlsx --units units.csv --cycle 2025 --into evidence.csv --dry-run",
    ),
)
def import_forms(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=say("Phiếu Excel.", "Excel forms."))],
    units: Annotated[Path, typer.Option("--units", help=say("Tệp đơn vị.", "The units file."))],
    into: Annotated[Path, typer.Option("--into", help=say("Tệp số liệu nhận vào.", "The facts file to add to."))],
    cycle: Annotated[
        int, typer.Option("--cycle", min=2000, max=2999, help=say("Năm đánh giá của phiếu.", "The forms' year."))
    ],
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Chỉ kiểm tra, không ghi.", "Only check, write nothing."))
    ] = False,
) -> None:
    """Merge forms into a facts file; exits 1 where submissions conflict, 2 on faults; then nothing is written."""
    from certification.intake import take_in

    with refusing():
        with _progress(say("Đọc phiếu", "Reading forms"), len(files)) as step:
            intake = take_in(files, framework, units, into, cycle, progress=step)
        complain(intake.warnings)
        complain(intake.conflicts)
        summary = say(
            f"{len(files)} phiếu, {intake.changed} số liệu mới hoặc thay đổi, {len(intake.conflicts)} mâu thuẫn",
            f"{len(files)} forms, {intake.changed} facts new or changed, {len(intake.conflicts)} conflicts",
        )
        if intake.conflicts:
            raise refuse(summary + say("; chưa ghi gì.", "; nothing was written."), 1)
        if dry_run:
            print(summary + say("; chạy thử, chưa ghi gì.", "; dry run, nothing was written."))
            return
        intake.write(into)
    print(f"{summary} → {into}")


@app.command(
    "verify",
    help=_help(
        "Tính lại một quyết định đã niêm phong, ngoại tuyến; mã thoát 1 nếu có điều không khớp.",
        "Recompute a sealed decision offline; exit code 1 if anything does not agree.",
        "certify verify out/quyet-dinh-608-commune-2025.bundle.json",
    ),
)
def verify_bundle(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help=say("Gói niêm phong.", "The sealed bundle."))],
    decisions: DecisionsOption = None,
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Verify a bundle; the bundles it rests on are looked for beside it and in ``--decisions``."""
    from certification.bundle import bundles_beside
    from certification.verification import verify

    with refusing():
        findings = list(verify(bundle, str(bundle), bundles_beside(bundle, decisions or ())))
    agrees = all(finding.agrees for finding in findings)
    if shape is Plain.JSON:
        _print_json(
            {
                "agrees": agrees,
                "findings": [{"agrees": finding.agrees, "text": tell(finding.text)} for finding in findings],
            }
        )
    else:
        for finding in findings:
            print(("✓ " if finding.agrees else "✗ ") + tell(finding.text))
        print(say("Khớp." if agrees else "KHÔNG khớp.", "It agrees." if agrees else "It does NOT agree."))
    if not agrees:
        raise typer.Exit(1)


@app.command(
    "demo",
    help=_help(
        "Công nhận toàn bộ tỉnh mẫu: bảng mức và các quyết định.",
        "Certify the whole sample province: a table of levels and the decisions.",
        "certify demo --out out",
    ),
)
def demonstrate(out: OutOption = Path("out")) -> None:
    """The main job on the bundled province."""
    from certification.cli.pages import print_levels
    from certification.decisions import Signing

    with refusing():
        assessment = load(Sources(sample=True))
        verdicts = decide_all(assessment)
        print_levels(assessment, verdicts)
        codes = [code for code in assessment.units if code in verdicts]
        written = write_decisions(assessment, verdicts, codes, Signing(), out)
    print(say(f"{len(written)} tệp quyết định và tổng hợp trong {out}/", f"{len(written)} decision files in {out}/"))
    held_back = next(c for c in assessment.units if c in verdicts and verdicts[c].levels.level < 5)
    print(
        say(
            f"""Tiếp theo, hãy thử:
  certify why {held_back} --sample                         vì sao {assessment.units[held_back].name} chưa lên mức sau
  certify form {held_back} --with-below --sample --out forms   phiếu Excel để đơn vị điền
  certify evaluate --units units.csv --evidence evidence.csv   số liệu của chính bạn""",
            f"""Next, try:
  certify why {held_back} --sample                         why {assessment.units[held_back].name} is not a level higher
  certify form {held_back} --with-below --sample --out forms   Excel forms for the units to fill in
  certify evaluate --units units.csv --evidence evidence.csv   your own figures""",
        )
    )


def decide_all(assessment: "Assessment", workers: int = 1, codes: "list[str] | None" = None) -> dict[str, "Verdict"]:
    """The verdicts by unit code, with a progress bar; only those of ``codes`` where given."""
    from certification.hierarchy import evaluate

    total = len(assessment.order if codes is None else codes)
    with _progress(say("Xét các đơn vị", "Deciding units"), total) as step:
        found = evaluate(assessment, workers=workers, progress=step, codes=codes)
        return {verdict.unit.code: verdict for verdict in found}


def write_decisions(
    assessment: "Assessment",
    verdicts: Mapping[str, "Verdict"],
    codes: list[str],
    signing: Any,
    out: Path,
    *,
    sheets: bool = False,
    template: Path | None = None,
) -> list[str]:
    """Write the decisions on ``codes`` with summaries (and sheets), all or nothing; the file names."""
    from certification.dossier import write_dossier
    from certification.staging import staged
    from reports.documents import unavailable

    for text in unavailable().values():
        print(tell(text), file=sys.stderr)
    with staged(out) as stage, _progress(say("Soạn văn bản", "Writing documents"), None) as step:
        return write_dossier(
            stage, assessment, verdicts, codes, signing, language(), sheets=sheets, template=template, progress=step
        )


def _progress(title: str, total: int | None) -> Any:
    from certification.cli.progress import progress_bar

    return progress_bar(title, total)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
