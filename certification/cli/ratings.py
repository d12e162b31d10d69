"""``certify rounds``, ``tasks``, ``publish``: what only an index has."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, check_date, chosen_units, load_rating, refuse, refusing
from certification.cli.options import (
    ClosedOption,
    CycleOption,
    DateOption,
    DocumentsOption,
    EvidenceOption,
    GroupOption,
    IndexOption,
    IssuerOption,
    MinutesOption,
    NumberOption,
    OptionalOutOption,
    OutOption,
    ReplaceOption,
    SampleOption,
    SheetsOption,
    SignedBy,
    SignerOption,
    TableOrJson,
    Tabular,
    TemplateOption,
    UnitsOption,
    describe,
    no_criteria,
    one_line,
    print_json,
    watch,
)
from certification.cli.speech import language, say, tell
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing them would make «certify --help» slow
    from collections.abc import Sequence

    from certification.rating import Rating
    from rules.publication import Publication


@app.command(
    "rounds",
    help=describe(
        "Các vòng chấm điểm cạnh nhau: tự chấm, thẩm định, giải trình; lý do và ảnh hưởng đến hạng.",
        "The rounds of scoring side by side: self, appraisal, explanation; reasons and effect on the rank.",
        "certify rounds --framework ha-noi-2024 --sample",
    ),
)
def compare_rounds(
    framework: IndexOption,
    units_to_show: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT...", help=say("Mã đơn vị; không có: tất cả.", "Codes of units; none: all.")),
    ] = None,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    shape: TableOrJson = Tabular.TABLE,
) -> None:
    """Print what each round made of each unit."""
    from certification.cli.index_pages import print_rounds
    from certification.point_answers import rounds_as_json

    with refusing():
        rating = load_rating(Sources(framework, units, evidence, cycle, sample))
        codes = chosen_units(rating, units_to_show or [unit.code for unit in rating.rated])
        for code in codes:
            if rating.units[code].tier not in rating.index.sets:
                raise refuse(no_criteria(rating, code))
        answer = rounds_as_json(rating, codes, language())
    if shape is Tabular.JSON:
        print_json(answer)
    elif not rating.rounds:
        print(say("Tệp số liệu không có dòng nào ghi vòng chấm (cột round).", "No row names a round (column round)."))
    else:
        print_rounds(rating, codes)


@app.command(
    "tasks",
    help=describe(
        "Danh sách công việc theo cơ quan phụ trách từng chỉ số, kèm tiến độ.",
        "The work list of every office in charge of indicators, with its progress.",
        'certify tasks "Phòng Nội vụ" --framework chu-prong-2023 --sample',
    ),
)
def list_tasks(
    framework: IndexOption,
    office: Annotated[
        str | None,
        typer.Argument(
            metavar="OFFICE",
            help=say("Tên cơ quan, không cần dấu; không có: tất cả.", "The office, without accents too; none: all."),
        ),
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="CODE", help=say("Chỉ đơn vị này.", "Only this unit."))
    ] = None,
    out: OptionalOutOption = None,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    replace: ReplaceOption = False,
    shape: TableOrJson = Tabular.TABLE,
) -> None:
    """Print, or with ``--out`` write, who has to do what, and how far it has got."""
    from certification.cli.task_pages import print_tasks, tasks_as_json
    from certification.tasks import find_tasks, write_tasks

    with refusing():
        rating = load_rating(Sources(framework, units, evidence, cycle, sample))
        tasks = find_tasks(rating, office, chosen_units(rating, unit or ()))
        written = []
        if out is not None:
            with watch(say("Soạn danh sách", "Writing work lists"), len(tasks)) as step:
                written = write_tasks(out, rating, tasks, language(), replace=replace, progress=step)
    if shape is Tabular.JSON:
        print_json(tasks_as_json(rating, tasks))
    elif out is None:
        print_tasks(rating, tasks)
    for name in written if shape is Tabular.TABLE else ():
        print(name)


@app.command(
    "publish",
    help=describe(
        "Soạn quyết định công bố xếp hạng (Word, PDF, HTML), biểu đồ, bảng Excel và gói niêm phong.",
        "Write the decision that publishes the ranking (Word, PDF, HTML), pictures, workbook and sealed bundle.",
        "certify publish --framework bac-ninh-1187-2023 --sample --out out",
    ),
)
def publish_ranking(
    framework: IndexOption,
    out: OutOption,
    group: GroupOption = None,
    issuer: IssuerOption = None,
    sheets: SheetsOption = False,
    units: UnitsOption = None,
    evidence: EvidenceOption = None,
    cycle: CycleOption = None,
    sample: SampleOption = False,
    documents: DocumentsOption = None,
    number: NumberOption = "",
    date: DateOption = None,
    signer: SignerOption = "",
    minutes: MinutesOption = "",
    closed: ClosedOption = False,
    signed_by: Annotated[
        SignedBy | None,
        typer.Option(
            "--signed-by",
            help=say("Ký thay mặt Ủy ban, hay Chủ tịch ký.", "For the committee, or by its chairman in his own name."),
        ),
    ] = None,
    proposed_by: Annotated[
        str,
        typer.Option("--proposed-by", callback=one_line(300), help=say("Theo đề nghị của ai.", "On whose proposal.")),
    ] = "",
    responsible: Annotated[
        str,
        typer.Option(
            "--responsible", callback=one_line(300), help=say("Ai chịu trách nhiệm thi hành.", "Who carries it out.")
        ),
    ] = "",
    recipient: Annotated[
        list[str] | None,
        typer.Option(
            "--recipient", callback=one_line(300), help=say("Nơi nhận (nhiều lần).", "Who receives it (repeatable).")
        ),
    ] = None,
    template: TemplateOption = None,
    replace: ReplaceOption = False,
) -> None:
    """Publish the ranking: only what the council has accepted is worth points; a provisional one is a draft."""
    from attrs import evolve

    from certification.decisions import Signing
    from certification.gazette import write_publications
    from certification.publishing import prepare_publications
    from certification.staging import staged
    from reports.documents import unavailable

    signing = Signing(number, date.date() if date else None, signer, minutes, closed)
    with refusing():
        rating = load_rating(Sources(framework, units, evidence, cycle, sample, documents=documents))
        check_date(signing, rating.cycle)
        check_groups(rating, group or ())
        publications = prepare_publications(
            rating, signing, groups=group or (), issuers=chosen_units(rating, issuer or ())
        )
        if len(publications) > 1 and (number or signer or minutes):
            raise refuse(
                say(
                    f"--number, --signer, --minutes là của một quyết định, ở đây có {len(publications)};"
                    " hãy ra lần lượt với --issuer.",
                    f"--number, --signer, --minutes are those of one decision, here are {len(publications)};"
                    " issue them one by one with --issuer.",
                )
            )
        publications = [
            evolve(
                publication,
                signed_by=None if signed_by is None else signed_by.value,
                proposed_by=proposed_by,
                responsible=responsible,
                recipients=tuple(recipient or ()),
            )
            for publication in publications
        ]
        for text in unavailable().values():
            print(tell(text), file=sys.stderr)
        for publication in publications:
            tell_provisional(publication)
        with staged(out, replace=replace) as stage, watch(say("Soạn văn bản", "Writing documents"), None) as step:
            written = write_publications(
                stage,
                rating,
                publications,
                language(),
                part=bool(group),
                sheets=sheets,
                template=template,
                progress=step,
            )
    for name in written:
        print(out / name)


def check_groups(rating: "Rating", groups: "Sequence[str]") -> None:
    """Raises ``Faulty`` naming every ranking group that the index does not have."""
    from evidence.values import quote, suggest

    known = [group.id for group in rating.index.groups]
    faults = [
        Fault(
            "--group",
            place,
            1,
            Text(vi=f"không có nhóm xếp hạng {quote(name)}", en=f"there is no ranking group {quote(name)}"),
            suggest(name, known),
        )
        for place, name in enumerate(groups, start=1)
        if name not in known
    ]
    if faults:
        raise Faulty(faults)


def tell_provisional(publication: "Publication") -> None:
    """Say on standard error that a publication is a draft, and why, in few words."""
    count = len(publication.provisional)
    if count:
        who = publication.issuer.name
        print(
            say(
                f"{who}: kết quả còn là tạm tính vì {count} lý do (phụ lục cuối), văn bản chỉ là dự thảo.",
                f"{who}: the result is provisional for {count} reasons (last annex), the document is a draft only.",
            ),
            file=sys.stderr,
        )
