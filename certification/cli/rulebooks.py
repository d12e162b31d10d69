"""``certify framework …``: the rulebooks shown, checked and compared."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.inputs import complain, refuse, refusing
from certification.cli.options import DEFAULT_FRAMEWORK, Plain, ReplaceOption, describe, print_json
from certification.cli.speech import say, tell
from levels.faults import Faulty

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from levels.loader import Rulebook

framework_app = typer.Typer(
    help=describe("Các bộ tiêu chí.", "The rulebooks.", "certify framework list"), no_args_is_help=True
)


def kind_of(rulebook: "Rulebook") -> str:
    """What a rulebook gives: ``recognition`` (levels) or ``index`` (points and ranks)."""
    from levels.index import Index

    return "index" if isinstance(rulebook, Index) else "recognition"


@framework_app.command(
    "list",
    help=describe("Liệt kê các bộ tiêu chí kèm theo.", "List the rulebooks that come along.", "certify framework list"),
)
def list_frameworks(shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT) -> None:
    """Print every bundled framework."""
    from levels.loader import framework_ids, load_rulebook

    with refusing():
        frameworks = [load_rulebook(name) for name in framework_ids()]
    if shape is Plain.JSON:
        print_json(
            [
                {
                    "id": f.id,
                    "version": f.version,
                    "instrument": f.instrument.number,
                    "digest": f.digest,
                    "kind": kind_of(f),
                    "tiers": [str(tier) for tier in f.sets],
                }
                for f in frameworks
            ]
        )
        return
    for framework in frameworks:
        kind = say("mức", "levels") if kind_of(framework) == "recognition" else say("điểm và hạng", "points and ranks")
        print(f"{framework.id}  {framework.version}  {framework.instrument.citation}\n    {kind}  {framework.digest}")


@framework_app.command(
    "show",
    help=describe(
        "In một bộ tiêu chí hoặc bộ chỉ số: nguyên văn, cách tính, cách đọc.",
        "Print a rulebook: its own words, how it decides or scores, the readings.",
        f"certify framework show {DEFAULT_FRAMEWORK} --format json",
    ),
)
def show_framework(
    framework: Annotated[str, typer.Argument(metavar="ID|FILE")],
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Print one framework as text or JSON."""
    from certification.cli.rulebook_pages import framework_lines, index_lines
    from levels.index import Index
    from levels.index_content import index_as_json
    from levels.loader import framework_as_json, load_rulebook

    with refusing():
        loaded = load_rulebook(framework)
    if isinstance(loaded, Index):
        plain, lines = index_as_json(loaded), index_lines(loaded)
    else:
        plain, lines = framework_as_json(loaded), framework_lines(loaded)
    if shape is Plain.JSON:
        print_json(plain)
    else:
        print("\n".join(lines))


@framework_app.command(
    "copy",
    help=describe(
        "Chép một bộ tiêu chí kèm theo ra tệp YAML để soạn dự thảo sửa đổi.",
        "Copy a rulebook that comes along into a YAML file, to draft an amendment.",
        f"certify framework copy {DEFAULT_FRAMEWORK} du-thao.yaml",
    ),
)
def copy_framework(
    framework: Annotated[str, typer.Argument(metavar="ID")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("Tệp nhận bản chép.", "The file for the copy."))],
    replace: ReplaceOption = False,
) -> None:
    """Write the bundled rulebook as it stands, and say where."""
    from certification.staging import staged
    from levels.loader import framework_ids, read_bundled

    if framework not in framework_ids():
        known = ", ".join(framework_ids())
        raise refuse(
            say(
                f"Không có bộ tiêu chí «{framework}»; có: {known}.",
                f"There is no rulebook «{framework}»; it is one of {known}.",
            )
        )
    with refusing(), staged(file.parent, replace=replace) as stage:
        (stage / file.name).write_bytes(read_bundled(framework))
    print(file)


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
    from levels.loader import load_rulebook

    with refusing():
        changes = diff(load_rulebook(a), load_rulebook(b))
    if shape is Plain.JSON:
        print_json([change.as_json() for change in changes])
        return
    for change in changes:
        print(tell(change.text))
    if not changes:
        print(say("Không có gì khác nhau.", "There is no difference."))
