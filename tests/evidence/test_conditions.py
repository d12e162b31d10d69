"""Conditions of a budget: what is settled, shared and weighed; every fault of a file at once."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evidence.conditions import Choices, read_choices, read_weights
from evidence.purchases import Cover, Purchase, covered, read_shared
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier
from tests.rules.dossiers import kon_tum

UNITS = Units(
    {
        unit.code: unit
        for unit in (
            Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE),
            Unit("610", "Huyện Đắk Glei", Tier.DISTRICT, "62"),
            Unit("615", "Huyện Đắk Hà", Tier.DISTRICT, "62"),
            Unit("23341", "Thị trấn Đắk Glei", Tier.COMMUNE, "610"),
            Unit("23500", "Thị trấn Đắk Hà", Tier.COMMUNE, "615"),
            Unit("64", "Tỉnh Gia Lai", Tier.PROVINCE),
        )
    }
)
YEARS = range(2025, 2027)


def write(folder: Path, text: str) -> str:
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def choices(folder: Path, *rows: str, within: str = "62") -> Choices:
    path = write(folder, "\n".join(("unit,criterion,choice,year", *rows)))
    return read_choices(path, kon_tum(), UNITS, YEARS, within)


def shared(folder: Path, *rows: str) -> tuple[Purchase, ...]:
    return read_shared(
        write(folder, "\n".join(("name,tier,criterion,level,cost,under,office", *rows))), kon_tum(), UNITS
    )


def weights(folder: Path, *rows: str, within: str = "62") -> Any:
    return read_weights(write(folder, "\n".join(("unit,weight", *rows))), kon_tum(), UNITS, within)


def faults(folder: Path, reader: Any, *rows: str, **more: str) -> list[str]:
    with pytest.raises(Faulty) as refused:
        reader(folder, *rows, **more)
    return [fault.line("en").removeprefix(f"{folder}/given.csv:") for fault in refused.value.faults]


def test_units_must_rise_by_a_year_or_by_the_end(tmp_path: Path) -> None:
    found = choices(tmp_path, "610,,must,2025", "23500,,MUST,", "615,,must,2")
    assert found.must == {"610": 2025, "23500": 2026, "615": 2026}


def test_nothing_is_done_in_a_unit_that_is_never_lifted_nor_below_it(tmp_path: Path) -> None:
    assert choices(tmp_path, "610,,never,").never == {"610", "23341"}


def test_a_criterion_is_fixed_in_a_year_or_at_all_in_one_unit_or_everywhere(tmp_path: Path) -> None:
    found = choices(tmp_path, "23500,I.2,fixed,2026", ",I.4,fixed,", "23500,I.4,fixed,1")
    assert found.unchanged("23500", "I.2") == {2026}
    assert found.unchanged("23341", "I.2") == set()
    assert found.unchanged("23341", "I.4") == {2025, 2026}
    assert found.unchanged("23500", "I.4") == {2025, 2026}


def test_the_year_column_may_be_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "unit,criterion,choice\n610,,must\n")
    assert read_choices(path, kon_tum(), UNITS, YEARS, "62").must == {"610": 2026}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Huyện Đắk Hà", "615 (Huyện Đắk Hà)"),
        ("huyen dak ha", "615 (Huyện Đắk Hà)"),
        ("đắk glei", "610 (Huyện Đắk Glei), 23341 (Thị trấn Đắk Glei)"),
    ],
)
def test_a_unit_given_by_name_is_told_its_code_whatever_the_tones(tmp_path: Path, text: str, codes: str) -> None:
    found = faults(tmp_path, choices, f"{text},,must,")
    assert found == [f"2:unit: there is no unit with the code “{text}”; write the unit's code: {codes}"]


def test_every_choice_is_kept_as_its_row_states_it(tmp_path: Path) -> None:
    found = choices(tmp_path, "610,,must,1", "23500,,never,", ",II.19,fixed,2026", "615,II.3,fixed,")
    assert [(each.choice, each.unit and each.unit.code, each.criterion, each.year) for each in found.stated] == [
        ("must", "610", "", 2025),
        ("never", "23500", "", None),
        ("fixed", None, "II.19", 2026),
        ("fixed", "615", "II.3", None),
    ]


def test_every_fault_of_the_choices_is_told_at_once(tmp_path: Path) -> None:
    rows = (
        "61,,must,",
        "610,I.2,must,2030",
        "62,,must,",
        "23341,,always,",
        "23500,,never,2025",
        ",,must,",
        "615,I.1,fixed,",
        "615,I.99,fixed,",
        ",II.99,fixed,0",
        "23500,I.2,fixed,2025",
        "23500,I.2,fixed,",
        "62,I.2,fixed,",
        "615,,never,",
        "615,,must,",
    )
    assert faults(tmp_path, choices, *rows) == [
        "2:unit: there is no unit with the code “61”; did you mean 615?",
        "3:year: “2030” is no year of the plan; expected a year of 2025–2026, its number from 1, or nothing",
        "3:criterion: superfluous value “I.2”; leave this cell empty",
        "4:unit: 62 (Tỉnh Kon Tum) has no criteria; expected a unit that is assessed",
        "5:choice: there is no choice “always”; expected one of must, never, fixed",
        "6:year: superfluous value “2025”; leave this cell empty",
        "7:unit: the cell is empty; expected a unit's code",
        "8:criterion: I.1 follows from the levels of the member units and does not change by itself; remove this row",
        "9:criterion: there is no criterion “I.99”; did you mean II.9?",
        "10:year: “0” is no year of the plan; expected a year of 2025–2026, its number from 1, or nothing",
        "10:criterion: there is no criterion “II.99”; did you mean II.9?",
        "12:criterion: 23500 I.2 is in row 11 already; expected it once",
        "13:criterion: there is no criterion “I.2”; there are no criteria for 62",
        "15:unit: 615 is in row 14 already; expected it once",
    ]


def test_what_must_rise_cannot_lie_where_nothing_is_done(tmp_path: Path) -> None:
    assert faults(tmp_path, choices, "610,,never,", "23341,,must,") == [
        "3:choice: 23341 must reach the level, but 610 is not to be lifted (row 2); keep one of the two"
    ]


def test_who_must_rise_is_a_unit_of_the_plan(tmp_path: Path) -> None:
    assert faults(tmp_path, choices, "23500,,must,", within="610") == [
        "2:unit: 23500 (Thị trấn Đắk Hà) is not of 610; expected a unit of the plan"
    ]


def test_a_plan_of_one_year_says_which_year(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="expected a year of 2025, its number"):
        read_choices(write(tmp_path, "unit,criterion,choice,year\n610,,must,2\n"), kon_tum(), UNITS, [2025], "62")


def test_rows_of_one_name_are_one_purchase_with_one_cost(tmp_path: Path) -> None:
    found = shared(
        tmp_path,
        "Nền tảng  tỉnh,commune,I.4,,1.234.567,,Sở KHCN",
        "nền tảng tỉnh,Commune,I.2,3,,615,",
        "Đường truyền,district,II.1,5,12.5,610,",
    )
    assert found == (
        Purchase(
            "Nền tảng tỉnh",
            1_234_567,
            (Cover(Tier.COMMUNE, "I.4", 5, None), Cover(Tier.COMMUNE, "I.2", 3, "615")),
            "Sở KHCN",
        ),
        Purchase("Đường truyền", Fraction(25, 2), (Cover(Tier.DISTRICT, "II.1", 5, "610"),)),
    )


def test_a_purchase_covers_the_units_of_its_tier_under_its_unit() -> None:
    cover = Cover(Tier.COMMUNE, "I.2", 3, "615")
    assert [code for code in UNITS if covered(UNITS, code, cover)] == ["23500"]
    assert [code for code in UNITS if covered(UNITS, code, Cover(Tier.COMMUNE, "I.2", 3, None))] == ["23341", "23500"]


def test_every_fault_of_the_purchases_is_told_at_once(tmp_path: Path) -> None:
    rows = (
        ",commune,I.2,,5,,",
        "A,village,I.2,,-5,,",
        "B,commune,I.99,6,1e9,61,",
        "C,district,I.1,,5,,",
        "D,commune,I.2,,,,Sở A",
        "D,commune,I.2,x,,64,Sở B",
        "E,commune,I.2,,5,64,",
        "E,commune,I.2,,6,64,",
    )
    assert faults(tmp_path, shared, *rows) == [
        "2:name: the name is empty; expected a name to tell what is one purchase",
        "3:tier: there are no criteria for “village”; expected one of commune, district",
        "3:cost: “-5” is negative; expected a number from 0 up, such as 5000000 or 12.5",
        "4:criterion: there is no criterion “I.99”; did you mean I.9?",
        "4:level: “6” is not a level; expected a level from 1 to 5, or nothing",
        "4:under: there is no unit with the code “61”; did you mean 615?",
        "4:cost: “1e9” is written with an exponent; expected a number from 0 up, such as 5000000 or 12.5",
        "5:criterion: I.1 follows from the levels of the member units and has no costs of its own; remove this row",
        "6:cost: the cell is empty; expected a number from 0 up, such as 5000000 or 12.5",
        (
            "7:office: “Sở B” is not “Sở A” of row 6, which is the same purchase;"
            " state it once and leave the other rows empty"
        ),
        "7:level: “x” is not a level; expected a level from 1 to 5, or nothing",
        "8:under: there is no unit of the tier commune in “64”; expected a scope with units of that tier",
        "9:cost: “6” is not “5” of row 8, which is the same purchase; state it once and leave the other rows empty",
        "9:criterion: I.2 is in row 8 already; expected it once",
    ]


def test_weights_are_exact_and_who_is_not_listed_weighs_nothing(tmp_path: Path) -> None:
    assert weights(tmp_path, "610,2.5", "23500,0") == {"610": Fraction(5, 2), "23500": 0}


def test_every_fault_of_the_weights_is_told_at_once(tmp_path: Path) -> None:
    assert faults(tmp_path, weights, "61,1", "62,1", "610,-1", "610,1", "615,") == [
        "2:unit: there is no unit with the code “61”; did you mean 615?",
        "3:unit: 62 (Tỉnh Kon Tum) has no criteria; expected a unit that is assessed",
        "4:weight: “-1” is negative; expected a number from 0 up, such as 5000000 or 12.5",
        "5:unit: 610 is in row 4 already; expected it once",
        "6:weight: the cell is empty; expected a number from 0 up, such as 5000000 or 12.5",
    ]


def test_weights_that_weigh_nothing_in_the_plan_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, weights, "610,1", "615,0", within="615") == [
        "1:weight: no unit of 615 has any weight; expected at least one weight above 0"
    ]
