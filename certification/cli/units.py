"""``certify units …``: the units of a province from the official directory, and what becomes of them in time."""

import datetime
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import complain, refuse, refusing
from certification.cli.options import Plain, ReplaceOption, describe, print_json
from certification.cli.outputs import Outputs
from certification.cli.speech import say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from evidence.directories import Directory
    from evidence.succession import Chronicle, Era
    from evidence.unit_changes import UnitChanges
    from evidence.units import Units

units_app = typer.Typer(
    help=describe(
        "Đơn vị hành chính: lấy từ danh mục chính thức, theo dõi nhập, chia, đổi tên.",
        "Units: taken from the official directory, followed through merges, splits and renames.",
        "certify units import danh-muc.xls --province 62 --out units.csv",
    ),
    no_args_is_help=True,
)
app.add_typer(units_app, name="units")

DirectoryArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[FILE]",
        show_default=False,
        help=say(
            "Tệp .xls, .xlsx hoặc .csv xuất từ danhmuchanhchinh.nso.gov.vn; bỏ trống: danh mục ba cấp trước"
            " 01/7/2025 của phần thêm [units].",
            "An .xls, .xlsx or .csv exported from danhmuchanhchinh.nso.gov.vn; left out: the three tiers before"
            " 1 July 2025 of the extra [units].",
        ),
    ),
]
OutFileOption = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help=say("Tệp units.csv nhận kết quả.", "The units.csv to write.")),
]


@units_app.command(
    "import",
    help=describe(
        "Lấy một tỉnh từ danh mục hành chính của cơ quan thống kê thành units.csv.",
        "Take a province from the statistics office's directory as units.csv.",
        "certify units import danh-muc.xls --province 'Kon Tum' --out units.csv",
    ),
)
def import_units(
    file: DirectoryArgument = None,
    province: Annotated[
        str | None, typer.Option("--province", help=say("Mã hoặc tên tỉnh.", "The province's code or name."))
    ] = None,
    out: OutFileOption = None,
    replace: ReplaceOption = False,
    store: Annotated[
        bool,
        typer.Option(
            "--store",
            help=say("Thêm các đơn vị mới vào cơ sở dữ liệu.", "Add the units that are new to the database."),
        ),
    ] = False,
) -> None:
    """Write the units of one province, or print them; exits 2 with every fault of its rows, then nothing is written."""
    with refusing():
        outputs = Outputs({"units": out}, [file], replace)
        outputs.check()
        units = _directory(file).units(province)
        if store:
            _add_to_store(units)
        if out is not None or not store:
            _write(units, out)
    if out is not None:
        tiers = ", ".join(f"{count} {tier}" for tier, count in _count(units).items())
        print(say(f"{len(units)} đơn vị ({tiers}) → {out}", f"{len(units)} units ({tiers}) → {out}"))


@units_app.command(
    "provinces",
    help=describe(
        "Liệt kê các tỉnh, thành phố có trong danh mục.",
        "List the provinces that a directory holds.",
        "certify units provinces danh-muc.xls",
    ),
)
def list_provinces(
    file: DirectoryArgument = None,
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
) -> None:
    """Print code and name of every province."""
    with refusing():
        provinces = _directory(file).provinces
    if shape is Plain.JSON:
        print_json([{"code": code, "name": name} for code, name in provinces.items()])
        return
    for code, name in provinces.items():
        print(f"{code}  {name}")


@units_app.command(
    "changes",
    help=describe(
        "Kiểm tra các thay đổi đơn vị (nhập, chia, đổi tên …) và cho biết đơn vị của một ngày.",
        "Check changes of units (merged, split, renamed …) and tell the units of a day.",
        "certify units changes unit_changes.csv --units units.csv --on 2025-07-01 --out units-moi.csv",
    ),
)
def apply_changes(
    changes: Annotated[str, typer.Argument(metavar="FILE", help=say("Tệp unit_changes.csv.", "The unit_changes.csv."))],
    units: Annotated[
        str, typer.Option("--units", help=say("Tệp đơn vị trước mọi thay đổi.", "The units before all changes."))
    ],
    on: Annotated[
        datetime.datetime | None,
        typer.Option(
            "--on",
            metavar="DATE",
            formats=["%Y-%m-%d", "%d/%m/%Y"],
            help=say(
                "Đơn vị của ngày này; mặc định: sau mọi thay đổi.", "The units of this day; else after all changes."
            ),
        ),
    ] = None,
    out: OutFileOption = None,
    shape: Annotated[Plain, typer.Option("--format", help=say("Dạng in.", "How to print."))] = Plain.TEXT,
    replace: ReplaceOption = False,
) -> None:
    """Tell what becomes of every unit concerned; with ``--out`` write the units of the day; 2 on any fault."""
    from evidence.tables import read_units
    from evidence.unit_changes import read_changes

    with refusing():
        outputs = Outputs({"units": out}, [changes, units], replace)
        outputs.check()
        read = read_changes(changes, read_units(units))
        complain(read.warnings)
        day = on.date() if on else max((change.on for change in read.changes), default=datetime.date.max)
        if out is not None:
            _write(read.chronicle.units_on(day), out)
    if shape is Plain.JSON:
        print_json([_era_as_json(read.chronicle, era) for era in _concerned(read.chronicle)])
        return
    for line in _story(read):
        print(line)
    if out is not None:
        count = len(read.chronicle.units_on(day))
        print(say(f"{count} đơn vị ngày {day:%d/%m/%Y} → {out}", f"{count} units on {day:%d/%m/%Y} → {out}"))


def _directory(file: str | None) -> "Directory":
    from evidence.directories import official_directory, read_directory

    return official_directory() if file is None else read_directory(file)


def _add_to_store(units: "Units") -> None:
    """Add what is new; what differs is told, and recorded by an administrator with the act that changed it."""
    from certification.store.opening import Unopened, open_store

    try:
        open_store()
    except Unopened as error:
        raise refuse(tell(error.text)) from error
    from certification.store.unit_import import add_new_units

    done = add_new_units(units)
    print(
        say(f"{len(done.new)} đơn vị mới, {done.same} đã có", f"{len(done.new)} new units, {done.same} there already")
    )
    differing = len(done.renamed) + len(done.moved) + len(done.odd) + len(done.gone)
    if differing:
        told = say(
            f"{differing} điểm khác (tên, cấp trên, cấp, không còn trong danh mục) để nguyên; hãy ghi nhận ở trang"
            " Quản trị.",
            f"{differing} differences (name, parent, tier, not listed) are left as they are; record them under"
            " Administration.",
        )
        print(told, file=sys.stderr)


def _write(units: "Units", out: str | None) -> None:
    from evidence.tables import write_units

    if out is not None:
        write_units(out, units)
        return
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "units.csv"
        write_units(table, units)
        sys.stdout.write(table.read_text(encoding="utf-8-sig"))


def _count(units: "Units") -> dict[str, int]:
    from levels.words import TIERS

    found: dict[str, int] = {}
    for unit in units.values():
        tier = tell(TIERS[unit.tier])
        found[tier] = found.get(tier, 0) + 1
    return found


def _concerned(chronicle: "Chronicle") -> "list[Era]":
    """The units that any change begins, alters or ends."""
    return [era for era in chronicle.eras if era.begun_by or era.ended_by or era.altered_by or len(era.forms) > 1]


def _era_as_json(chronicle: "Chronicle", era: "Era") -> dict[str, object]:
    return {
        "forms": [
            {
                "since": since and since.isoformat(),
                "code": unit.code,
                "name": unit.name,
                "tier": str(unit.tier),
                "parent": unit.parent,
            }
            for since, unit in era.forms
        ],
        "until": era.until and era.until.isoformat(),
        "instruments": sorted({c.instrument for c in (*((era.begun_by,) if era.begun_by else ()), *era.ended_by)}),
        "predecessors": [{"code": each.unit.code, "name": each.unit.name} for each in chronicle.predecessors(era)],
        "successors": [{"code": each.unit.code, "name": each.unit.name} for each in chronicle.successors(era)],
    }


def _story(read: "UnitChanges") -> Iterator[str]:
    """One line for every change, by its day: what it is, who was there before, who is there after, by which act."""
    from evidence.succession import LABELS

    chronicle = read.chronicle
    for change in sorted(read.changes, key=lambda change: change.on):
        eve = change.on - datetime.timedelta(days=1)
        before = [chronicle.era(code, eve) for code in change.before]
        old = ", ".join(
            f"{code} {unit.name}"
            for code, era in zip(change.before, before, strict=True)
            if era and (unit := era.on(eve))
        )
        own = [era for era in chronicle.eras if era.begun_by is change or change in era.altered_by]
        new = ", ".join(f"{unit.code} {unit.name}" for era in own if (unit := era.on(change.on)))
        where = change.parent and f" ({say('thuộc', 'under')} {change.parent})"
        arrow = " → ".join(part for part in (old, new) if part) or "–"
        kind = tell(LABELS[change.kind])
        yield f"{change.on:%d/%m/%Y}  {kind}: {arrow}{where}  [{change.instrument}]"
