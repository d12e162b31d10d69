"""``certify form``, ``import``: Excel forms out and in."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import (
    Sources,
    chosen_units,
    complain,
    find_sample,
    load,
    read_rulebook,
    refuse,
    refusing,
)
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    BelowOption,
    CycleOption,
    EvidenceOption,
    FrameworkOption,
    OutOption,
    ReplaceOption,
    SampleOption,
    UnitsArgument,
    UnitsOption,
    describe,
    no_criteria,
    watch,
)
from certification.cli.speech import say

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.intake import Intake


@app.command(
    "form",
    help=describe(
        "Xuất phiếu Excel theo bộ tiêu chí hoặc bộ chỉ số để đơn vị điền.",
        "Write the Excel form of a rulebook for a unit to fill in.",
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
    replace: ReplaceOption = False,
) -> None:
    """Write one workbook per unit; without facts to fill in, ``--units`` and ``--cycle`` are enough."""
    from certification.staging import staged
    from evidence.forms import write_form

    with refusing():
        asked = load(Sources(framework, units, evidence, cycle, sample, blank=empty and not sample))
        codes = chosen_units(asked, units_to_ask, below=with_below)
        for code in codes:
            if asked.units[code].tier not in asked.rulebook.sets:
                raise refuse(no_criteria(asked, code))
        with staged(out, replace=replace) as stage, watch(say("Xuất phiếu", "Writing forms"), len(codes)) as step:
            names = []
            for code in codes:
                unit = asked.units[code]
                facts = {} if empty else asked.facts.get(code, {})
                names.append(f"phieu-{code}-{asked.cycle}.xlsx")
                write_form(stage / names[-1], asked.rulebook, unit, asked.cycle, facts, appraisal=appraisal)
                step(1)
    for name in names:
        print(out / name)


@app.command(
    "import",
    help=describe(
        "Đọc phiếu Excel đã điền vào tệp số liệu; mâu thuẫn thì báo, không ghi đè.",
        "Read filled-in Excel forms into a facts file; conflicts are reported, nothing is overwritten.",
        "certify import forms/*.xlsx --units units.csv --into evidence.csv --dry-run",
    ),
)
def import_forms(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=say("Phiếu Excel.", "Excel forms."))],
    units: Annotated[str, typer.Option("--units", help=say("Tệp đơn vị.", "The units file."))],
    into: Annotated[
        str | None,
        typer.Option(
            "--into",
            "--evidence",
            help=say(
                "Tệp số liệu nhận vào; không có thì in ra.", "The facts file to add to; without it they are printed."
            ),
        ),
    ] = None,
    cycle: Annotated[
        int | None,
        typer.Option("--cycle", min=2000, max=2999, help=say("Năm đánh giá của phiếu.", "The forms' year.")),
    ] = None,
    framework: FrameworkOption = DEFAULT_FRAMEWORK,
    appraisal: Annotated[
        bool, typer.Option("--appraisal", help=say("Nhận cả phiếu thẩm định.", "Also accept the council's forms."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Chỉ kiểm tra, không ghi.", "Only check, write nothing."))
    ] = False,
) -> None:
    """Merge forms into a facts file; exits 1 where submissions conflict, 2 on faults; then nothing is written."""
    from certification.intake import take_in

    with refusing():
        with watch(say("Đọc phiếu", "Reading forms"), len(files)) as step:
            intake = take_in(files, framework, units, into, cycle, progress=step, appraisal=appraisal)
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
        if into is None:
            print_facts(intake)
            return
        intake.write(into)
    print(f"{summary} → {into}")


def print_facts(intake: "Intake") -> None:
    """The facts of the forms on standard output, as ``evidence.csv``."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "evidence.csv"
        intake.write(str(table))
        sys.stdout.write(table.read_text(encoding="utf-8-sig"))


@app.command(
    "sample",
    help=describe(
        "Chép các tệp mẫu của một bộ tiêu chí (số liệu mô phỏng) để xem khuôn dạng hoặc bắt đầu từ đó.",
        "Copy the files of a rulebook's sample (synthetic), to see their form or to start from them.",
        "certify sample --out mau",
    ),
)
def copy_sample(out: OutOption, framework: FrameworkOption = DEFAULT_FRAMEWORK, replace: ReplaceOption = False) -> None:
    """Write the tables of the rulebook's sample: units and facts, of levels also the costs."""
    from certification.staging import staged

    with refusing():
        sample = find_sample(read_rulebook(framework))
        with staged(out, replace=replace) as stage:
            for table in (sample.units, sample.evidence, sample.costs):
                if table is not None:
                    (stage / table.name).write_bytes(table.read_bytes())
                    print(out / table.name)
