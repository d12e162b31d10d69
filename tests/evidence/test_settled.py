"""What is settled before points are planned: inputs that stay, and every fault of the file at once."""

from pathlib import Path

import pytest

from evidence.settled import read_settled
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import load_index

HEADER = "unit,criterion,choice,year\n"
PRONG, SE = (Unit(code, f"Huyện {code}", Tier.DISTRICT, None) for code in ("632", "633"))
UNITS = Units({unit.code: unit for unit in (PRONG, SE, Unit("64", "Tỉnh Gia Lai", Tier.PROVINCE))})


def read(folder: Path, rows: str) -> frozenset[str]:
    path = folder / "choices.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return read_settled(str(path), load_index("chu-prong-2023"), UNITS, PRONG)


def test_an_input_or_a_whole_indicator_of_the_unit_or_of_every_unit_stays(tmp_path: Path) -> None:
    rows = "632,II.6.5:c,fixed,\n,II.6.1,Fixed,\n633,II.1.5,fixed,\n"
    assert read(tmp_path, rows) == {"II.6.5:c", "II.6.1:1", "II.6.1:2"}


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    rows = (
        "632,II.6.5:c,must,",
        "632,II.6.5:z,fixed,2024",
        "999,II.6.5:c,fixed,",
        "64,II.1.5,fixed,",
        ",II.1.5,fixed,",
        ",II.1.5,fixed,",
    )
    with pytest.raises(Faulty) as refused:
        read(tmp_path, "\n".join(rows) + "\n")
    assert [fault.line("en").removeprefix(f"{tmp_path}/choices.csv:") for fault in refused.value.faults] == [
        "2:choice: “must” is of no use here; a plan of points knows only the choice «fixed» (does not change)",
        "3:year: “2024”: the plan is that of one cycle; leave this cell empty",
        "3:criterion: there is no input or indicator “II.6.5:z”; did you mean II.6.5:d?",
        "4:unit: there is no unit with the code “999”; expected one of 632, 633, 64",
        "5:unit: 64 (Tỉnh Gia Lai) is not rated by the index; remove this row",
        "7:criterion: II.1.5 is already in row 6; expected it once",
    ]


def test_the_codes_are_those_of_the_unit_s_own_tier(tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    path.write_text(HEADER + "632,7.1,fixed,\n,KK,fixed,\n", encoding="utf-8")
    with pytest.raises(Faulty) as refused:
        read_settled(str(path), load_index("bac-ninh-1187-2023"), UNITS, PRONG)
    assert [fault.line("en").partition("csv:")[2].split(":")[:2] for fault in refused.value.faults] == [
        ["3", "criterion"]
    ]
