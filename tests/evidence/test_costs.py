"""Costs: exact prices by tier and criterion; every fault of a file at once."""

from fractions import Fraction
from pathlib import Path

import pytest

from evidence.costs import Price, read_costs, read_sum, write_costs
from evidence.samples import sample_paths
from evidence.values import SEARCHED
from levels.faults import Faulty, Text
from levels.framework import Tier
from levels.loader import load_index
from tests.rules.dossiers import kon_tum

HEADER = "tier,criterion,fixed,per_unit\n"


def costs_file(folder: Path, text: str) -> str:
    path = folder / "costs.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read_costs(costs_file(folder, text), kon_tum())
    return [fault.line("en").removeprefix(f"{folder}/costs.csv:") for fault in refused.value.faults]


def test_raising_costs_the_fixed_part_once_and_the_rest_for_every_missing_unit() -> None:
    price = Price(5_000_000, 20_000)
    assert price.of(10) == 5_200_000
    assert price.of(1) == 5_020_000  # a presence: one is missing
    assert price.of(0) == 0


def test_the_sample_s_costs_can_be_read_and_written_back(tmp_path: Path) -> None:
    costs = read_costs(str(sample_paths().costs), kon_tum())
    assert costs[Tier.COMMUNE, "I.2"] == Price(5_000_000, 20_000, "Văn phòng HĐND và UBND")
    write_costs(tmp_path / "again.csv", costs)
    assert (tmp_path / "again.csv").read_text("utf-8").startswith("tier,criterion,fixed,per_unit,office\n")
    assert read_costs(tmp_path / "again.csv", kon_tum()) == costs


def test_decimals_are_exact_and_an_office_may_be_named(tmp_path: Path) -> None:
    text = "tier;criterion;fixed;per_unit;office\nCommune;I.2;12,5;0.1;Bưu điện  tỉnh\ndistrict;II.1;1.234.567;0;\n"
    costs = read_costs(costs_file(tmp_path, text), kon_tum())
    assert costs[Tier.COMMUNE, "I.2"] == Price(Fraction(25, 2), Fraction(1, 10), "Bưu điện tỉnh")
    assert costs[Tier.COMMUNE, "I.2"].of(3) == Fraction(128, 10)
    assert costs[Tier.DISTRICT, "II.1"] == Price(1_234_567, 0)
    write_costs(tmp_path / "again.jsonl", costs)
    assert read_costs(tmp_path / "again.jsonl", kon_tum()) == costs


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = (
        "commune,I.1,5000000,1.250",
        "commune,I.1,-5,",
        "village,I.1,1e5,nan",
        "commune,I.99,=1+1,5",
        "district,I.1,5,5",
        "commune,I.2,1,2,3",
        "commune,I.3,0.1234567890123,9999999999999999",
    )
    two = "“1.250” has two readings: 1250 (thousands separator) or 1.250 (decimal)"
    assert faults(tmp_path, HEADER + "\n".join(rows) + "\n") == [
        f"2:per_unit: {two}; write 1250 or 1.25",
        "3:fixed: “-5” is negative; expected a number from 0 up, such as 5000000 or 12.5",
        "3:per_unit: the cell is empty; expected a number from 0 up, such as 5000000 or 12.5",
        "3:criterion: I.1 already has its costs in row 2; expected it once",
        "4:fixed: “1e5” is written with an exponent; expected a number from 0 up, such as 5000000 or 12.5",
        "4:per_unit: “nan” is not a finite number; expected a number from 0 up, such as 5000000 or 12.5",
        "4:tier: there are no criteria for “village”; expected one of commune, district",
        "5:fixed: “=1+1” is a formula; expected a number from 0 up, such as 5000000 or 12.5",
        "5:criterion: there is no criterion “I.99”; did you mean I.9?",
        "6:criterion: I.1 follows from the levels of the member units and has no costs of its own; remove this row",
        "7:5: the row has 5 cells; expected 4 as in the header",
        "8:fixed: “0.1234567890123” has too many digits; at most 15 digits, 12 of them decimals",
        "8:per_unit: “9999999999999999” has too many digits; at most 15 digits, 12 of them decimals",
    ]


def index_faults(folder: Path, text: str, index_id: str = "chu-prong-2023") -> list[str]:
    with pytest.raises(Faulty) as refused:
        read_costs(costs_file(folder, text), load_index(index_id))
    return [fault.line("en").removeprefix(f"{folder}/costs.csv:") for fault in refused.value.faults]


def test_of_an_index_every_input_has_its_price(tmp_path: Path) -> None:
    text = HEADER + "district,II.6.6:c,30000000,15000\ndistrict,II.1.5,20000000,10000000\ndistrict,II.8.4,0,1e9\n"
    costs = read_costs(costs_file(tmp_path, text.replace("1e9", "1000000000")), load_index("chu-prong-2023"))
    assert costs[Tier.DISTRICT, "II.6.6:c"].of(200) == 33_000_000
    assert costs[Tier.DISTRICT, "II.1.5"].of(1) == 30_000_000
    assert costs[Tier.DISTRICT, "II.8.4"].of(Fraction(5, 4)) == 1_250_000_000  # of money: for each of its units
    write_costs(tmp_path / "again.csv", costs)
    assert read_costs(tmp_path / "again.csv", load_index("chu-prong-2023")) == costs


def test_of_an_index_it_is_told_which_keys_there_are_and_what_nobody_can_buy(tmp_path: Path) -> None:
    rows = (
        "district,II.5.1,0,5",
        "district,II.5.1:b,0,5",
        "district,II.5.1:c,0,5",
        "commune,II.5.1:a,0,5",
        "district,II.1.5,0,5",
        "district,II.1.5,0,5",
    )
    told = index_faults(tmp_path, HEADER + "\n".join(rows) + "\n")
    assert told[0].startswith("2:criterion: II.5.1 has 2 inputs; price each of them: II.5.1:a (")
    assert told[1:] == [
        "3:criterion: II.5.1:b stands below the line of a quotient, and no plan changes a base; remove this row",
        "4:criterion: there is no input “II.5.1:c”; did you mean II.5.1:a?",
        "5:tier: there are no criteria for “commune”; expected one of district",
        "7:criterion: II.1.5 already has its costs in row 6; expected it once",
    ]
    assert index_faults(tmp_path, HEADER + "district,KK,0,5\n", "ha-noi-2024") == [
        "2:criterion: KK is a bonus that the council gives and has no price; remove this row"
    ]


def test_a_file_without_the_columns_or_without_rows_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "tier,criterion,cost\ncommune,I.1,5\n")[-1].startswith("1:per_unit: column per_unit")
    assert "nothing but a header" in faults(tmp_path, HEADER)[0]
    assert faults(tmp_path, "")[0] == "1:1: the file is empty; expected the header tier,criterion,fixed,per_unit"


@pytest.mark.parametrize("name", ["kon-tum-121-2025", "chu-prong-2023"])
def test_similar_codes_are_looked_up_for_the_first_faults_of_a_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    looked: list[str] = []
    monkeypatch.setattr("difflib.get_close_matches", lambda word, known, n: looked.append(word) or known[:1])
    path = tmp_path / "costs.csv"
    path.write_text("tier,criterion,fixed,per_unit\n" + "".join(f"district,X.{n},1,1\n" for n in range(200)))
    with pytest.raises(Faulty) as refused:
        read_costs(path, kon_tum() if name.startswith("kon") else load_index(name))
    assert len(refused.value.faults) == 200
    assert len(looked) == SEARCHED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("500.000", "hãy viết 500000 (500 nghìn) hoặc 500,0"),
        ("1.250", "hãy viết 1250 hoặc 1,25"),
        ("1,234", "hãy viết 1234 hoặc 1,2340"),
        ("5 triệu", "“5 triệu” viết bằng chữ; hãy viết đủ các chữ số, ví dụ 5000000"),
        ("3,5 Tỷ", "“3,5 Tỷ” viết bằng chữ; hãy viết đủ các chữ số, ví dụ 5000000"),
        ("500k", "“500k” viết bằng chữ; hãy viết đủ các chữ số, ví dụ 5000000"),
        ("năm triệu", "“năm triệu” không phải là số; cần số không âm"),
    ],
)
def test_sums_that_two_readers_would_read_differently_are_refused_with_how_to_write_them(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(Faulty) as refused:
        read_costs(costs_file(tmp_path, f"{HEADER.strip()}\ncommune;I.2;{text};0\n".replace(",", ";", 3)), kon_tum())
    [fault] = refused.value.faults
    assert told in fault.line("vi")


@pytest.mark.parametrize("written", ["500000", "500,0", "1250", "1,25", "1,2340"])
def test_what_is_advised_can_be_read(written: str) -> None:
    assert read_sum(written, Text(vi="", en=""), "fixed") == Fraction(written.replace(",", "."))
