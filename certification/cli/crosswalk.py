"""``certify crosswalk``: what one rulebook's facts are to another, and the drafts that follow from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, load, refuse, refusing
from certification.cli.options import (
    DEFAULT_FRAMEWORK,
    CycleOption,
    DocumentsOption,
    EvidenceOption,
    ReplaceOption,
    SampleOption,
    TableOrJson,
    Tabular,
    UnitsOption,
    describe,
    print_json,
)
from certification.cli.speech import language, say
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from evidence.drafts import Draft
    from levels.crosswalk import Crosswalk
    from levels.loader import Rulebook


@app.command(
    "crosswalk",
    help=describe(
        "Số liệu của bộ này dùng được gì cho bộ khác, vì sao không; với số liệu thì ghi bản nháp để người xem xét.",
        "What one rulebook's facts are to another, and why not; with facts, write drafts for a person to review.",
        "certify crosswalk --to chu-prong-2023 --sample --out nhap.csv",
    ),
)
def show_crosswalk(
    source: Annotated[
        str | None, typer.Option("--from", metavar="ID", help=say("Bộ có số liệu.", "The rulebook with the facts."))
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", metavar="ID", help=say("Bộ nhận bản nháp.", "The rulebook offered drafts."))
    ] = None,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    documents: DocumentsOption = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help=say(
                "Tệp nhận bản nháp (CSV hoặc .jsonl): từng dòng phải được xem xét rồi mới nhận.",
                "The file for the drafts (CSV or .jsonl): each row is reviewed before it is taken.",
            ),
        ),
    ] = None,
    replace: ReplaceOption = False,
    shape: TableOrJson = Tabular.TABLE,
) -> None:
    """Print the coverage; with facts what they offer ``--to``, and with ``--out`` write it, whole or not at all."""
    from levels.coverage import coverage

    with refusing():
        crosswalk, books = load_crosswalk()
        for option, name in (("--from", source), ("--to", target)):
            _check_name(option, name, list(books))
        if sample or units is not None or evidence is not None or out is not None:
            sources = Sources(source or DEFAULT_FRAMEWORK, units, evidence, cycle, sample, documents=documents)
            if target is None:
                raise refuse(say("Thiếu --to: bản nháp cho bộ nào?", "--to is missing: drafts for which rulebook?"))
            offer_drafts(crosswalk, sources, books[target], out, replace, shape)
            return
    found = [
        part
        for a in books.values()
        for b in books.values()
        if a is not b and source in (None, a.id) and target in (None, b.id)
        for part in coverage(crosswalk, a, b)
    ]
    if shape is Tabular.JSON:
        from certification.cli.crosswalk_pages import coverage_as_json

        print_json(coverage_as_json(crosswalk, found))
    else:
        from certification.cli.crosswalk_pages import print_coverage

        print_coverage(found, in_detail=source is not None or target is not None)


def load_crosswalk() -> "tuple[Crosswalk, dict[str, Rulebook]]":
    """The crosswalk and all rulebooks by id. Raises ``Faulty`` where they contradict each other."""
    from levels.crosswalk import load_crosswalk_with_positions
    from levels.crosswalk_lint import lint_crosswalk
    from levels.loader import framework_ids, load_rulebook

    crosswalk, positions = load_crosswalk_with_positions()
    books = {name: load_rulebook(name) for name in framework_ids()}
    wrong = lint_crosswalk(crosswalk, books.values(), positions)
    if wrong:  # a wrong relation would hand a wrong number on
        raise Faulty(wrong)
    return crosswalk, books


def _check_name(option: str, name: str | None, known: list[str]) -> None:
    from evidence.values import quote, suggest

    if name is not None and name not in known:
        found = Text(vi=f"không có bộ tiêu chí {quote(name)}", en=f"there is no rulebook {quote(name)}")
        raise Faulty([Fault(option, 1, 1, found, suggest(name, known))])


def offer_drafts(
    crosswalk: "Crosswalk", sources: Sources, target: "Rulebook", out: str | None, replace: bool, shape: Tabular
) -> None:
    """Print what the facts of ``sources`` offer ``target``; write it to ``out`` where named."""
    from certification.cli.crosswalk_pages import drafts_as_json, print_drafts
    from evidence.drafts import draft_facts
    from levels.coverage import coverage

    found = load(sources)
    if found.rulebook.id == target.id:
        raise refuse(say("--from và --to là một bộ.", "--from and --to are the same rulebook."))
    drafts = draft_facts(crosswalk, found.facts, found.rulebook, target, found.units, found.cycle)
    if out is not None and drafts.drafts:
        write_out(out, drafts.drafts, (sources.units, sources.evidence), replace)
    if shape is Tabular.JSON:
        print_json(drafts_as_json(found.rulebook.id, target.id, found.cycle, drafts))
    else:
        obstacles = [part.reason for part in coverage(crosswalk, found.rulebook, target) if part.reason is not None]
        print_drafts(found.rulebook.id, target.id, found.units, drafts, obstacles, out)


def write_out(out: str, drafts: "tuple[Draft, ...]", read: tuple[str | None, ...], replace: bool) -> None:
    """Write the drafts, whole or not at all. Raises ``Faulty`` where ``out`` is there, or is a file they come from."""
    from certification.staging import staged
    from evidence.drafts import write_drafts

    path = Path(out)
    if any(name is not None and Path(name).resolve() == path.resolve() for name in read):
        found = Text("đây là tệp số liệu đang đọc", "the drafts come from this file")
        raise Faulty([Fault(out, 1, 1, found, Text("hãy chọn tệp khác", "choose another file"))])
    if path.exists() and not replace:
        expected = Text("hãy chọn tệp khác, hoặc thêm --replace nếu muốn thay", "choose another file, or add --replace")
        raise Faulty([Fault(out, 1, 1, Text("tệp đã có", "the file is already there"), expected)])
    with staged(path.parent, replace=replace) as stage:
        write_drafts(stage / path.name, drafts, language())
