"""``certify standing``: levels, points and ranks of the same units side by side."""

from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import Sources, chosen_units, load, refuse, refusing
from certification.cli.options import CycleOption, TableOrJson, Tabular, describe, print_json
from certification.cli.speech import say
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.side_by_side import Judged


@app.command(
    "standing",
    help=describe(
        "Đặt cạnh nhau mức, điểm và hạng của cùng các đơn vị theo nhiều bộ tiêu chí.",
        "Levels, points and ranks of the same units under several rulebooks, side by side.",
        "certify standing 608 --units units.csv --rulebook kon-tum-121-2025=kt.csv --rulebook chu-prong-2023=cp.csv",
    ),
)
def stand_side_by_side(
    units: Annotated[str, typer.Option("--units", help=say("Tệp đơn vị.", "The units file."))],
    rulebooks: Annotated[
        list[str],
        typer.Option(
            "--rulebook",
            metavar="ID=EVIDENCE",
            help=say("Bộ tiêu chí và tệp số liệu của nó; ghi nhiều lần.", "A rulebook and its facts; repeatable."),
        ),
    ],
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[UNIT]...",
            help=say("Mã đơn vị; không có: mọi đơn vị.", "Codes of units; none: all."),
        ),
    ] = None,
    cycle: CycleOption = None,
    shape: TableOrJson = Tabular.TABLE,
) -> None:
    """Print where every unit stands under each rulebook."""
    from certification.cli.standing_pages import print_standings, standings_as_json
    from certification.side_by_side import place_side_by_side

    with refusing():
        judged = [
            load(Sources(framework, units, evidence, cycle)) for framework, evidence in map(_split, _once(rulebooks))
        ]
        _check_cycles(judged)
        wanted = chosen_units(judged[0], codes or ())
        found = place_side_by_side(judged, wanted)
    if shape is Tabular.JSON:
        print_json(standings_as_json(found))
    else:
        print_standings(found)


def _split(named: str) -> tuple[str, str]:
    framework, equals, evidence = named.partition("=")
    if not (framework and equals and evidence):
        found = Text(vi=f"«{named}» thiếu bộ tiêu chí hoặc tệp", en=f"«{named}» lacks a rulebook or a file")
        raise Faulty([Fault("--rulebook", 1, 1, found, Text(vi="cần ID=TỆP", en="expected ID=FILE"))])
    return framework, evidence


def _once(rulebooks: list[str]) -> list[str]:
    ids = [named.partition("=")[0] for named in rulebooks]
    if twice := [name for name in dict.fromkeys(ids) if ids.count(name) > 1]:
        raise refuse(
            say(f"Bộ tiêu chí ghi hai lần: {', '.join(twice)}.", f"A rulebook comes twice: {', '.join(twice)}.")
        )
    return rulebooks


def _check_cycles(judged: "list[Judged]") -> None:
    cycles = {each.rulebook.id: each.cycle for each in judged}
    if len(cycles) < len(judged):  # one by its id, one by its file
        raise refuse(say("Một bộ tiêu chí ghi hai lần.", "One rulebook comes twice."))
    if len(set(cycles.values())) > 1:
        named = ", ".join(f"{name}: {year}" for name, year in cycles.items())
        raise refuse(
            say(
                f"Số liệu của các năm khác nhau ({named}); hãy chỉ ra --cycle.",
                f"The facts are of different years ({named}); name one with --cycle.",
            )
        )
