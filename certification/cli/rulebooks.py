"""``certify framework …``: the rulebooks shown, checked and compared."""

from pathlib import Path
from typing import Annotated

import typer

from certification.cli.inputs import complain, refusing
from certification.cli.options import DEFAULT_FRAMEWORK, Plain, describe, print_json
from certification.cli.speech import say, tell
from levels.faults import Faulty

framework_app = typer.Typer(
    help=describe("Các bộ tiêu chí.", "The rulebooks.", "certify framework list"), no_args_is_help=True
)


@framework_app.command(
    "list",
    help=describe("Liệt kê các bộ tiêu chí kèm theo.", "List the rulebooks that come along.", "certify framework list"),
)
def list_frameworks(shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT) -> None:
    """Print every bundled framework."""
    from levels.loader import framework_ids, load_framework

    with refusing():
        frameworks = [load_framework(name) for name in framework_ids()]
    if shape is Plain.JSON:
        print_json(
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
    help=describe(
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
        print_json(framework_as_json(loaded))
    else:
        print("\n".join(framework_lines(loaded)))


@framework_app.command(
    "check",
    help=describe(
        "Soát lỗi một bộ tiêu chí (mặc định: mọi bộ kèm theo); mã thoát 1 nếu có lỗi.",
        "Check a rulebook (default: all that come along) for faults; exit code 1 if there are any.",
        f"certify framework check {DEFAULT_FRAMEWORK}",
    ),
)
def check_framework(files: Annotated[list[str] | None, typer.Argument(metavar="[ID|FILE]...")] = None) -> None:
    """Lint frameworks; exits 1 where faults are found, 2 where there is no such framework."""
    from levels.lint import lint
    from levels.loader import framework_ids, load_with_positions

    missing = [name for name in files or () if name not in framework_ids() and not Path(name).is_file()]
    with refusing():
        for name in missing:
            load_with_positions(name)  # says why it cannot be read
    faulty = False
    for name in files or framework_ids():
        try:
            faults = lint(*load_with_positions(name))
        except Faulty as unreadable:
            faults = list(unreadable.faults)
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
    help=describe(
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
        print_json([change.as_json() for change in changes])
        return
    for change in changes:
        print(tell(change.text))
    if not changes:
        print(say("Không có gì khác nhau.", "There is no difference."))
