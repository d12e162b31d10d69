"""Uncertainty: the most specific row speaks, our defaults where none does; every fault of a file at once."""

from fractions import Fraction
from pathlib import Path

import pytest

from evidence.assumptions import CERTAIN, DEFAULTS, WHOLE, ZERO_BASE, Assumption, Assumptions, Model, kind_of
from evidence.facts import Status
from evidence.inputs import ask_inputs
from evidence.uncertainty import read_uncertainty
from evidence.units import Unit, Units
from evidence.values import SEARCHED
from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import Rulebook, load_index
from tests.rules.dossiers import kon_tum

HEADER = "tier,unit,criterion,status,model,p,low,high,size\n"
UNITS = Units(
    {
        "62": Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE),
        "615": Unit("615", "Huyện Đắk Hà", Tier.DISTRICT, "62"),
        "23500": Unit("23500", "Thị trấn Đắk Hà", Tier.COMMUNE, "615"),
        "23503": Unit("23503", "Xã Đắk PXi", Tier.COMMUNE, "615"),
    }
)
CHU_PRONG = Units({"632": Unit("632", "Huyện Chư Prông", Tier.DISTRICT)})


def read(folder: Path, *rows: str, header: str = HEADER, rulebook: Rulebook | None = None) -> Assumptions:
    path = folder / "uncertainty.csv"
    path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    return read_uncertainty(path, rulebook or kon_tum(), UNITS if rulebook is None else CHU_PRONG)


def faults(folder: Path, *rows: str, header: str = HEADER, rulebook: Rulebook | None = None) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read(folder, *rows, header=header, rulebook=rulebook)
    return [fault.line("en").removeprefix(f"{folder}/uncertainty.csv:") for fault in refused.value.faults]


def of(found: Assumptions, unit: str, code: str, status: str, kind: str = "ratio") -> Assumption:
    return found.of(UNITS[unit].tier, unit, code, kind, status)


def test_the_most_specific_row_speaks(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "commune,,,,audit,0.1,0.5,1,",
        ",,,self_reported,audit,20 %,50 %,100 %,",
        "commune,,I.2,,audit,\"0,3\",\"0,5\",1,",
        ",23500,,,audit,0.4,0.5,1,",
        ",23500,I.2,,chance,0.5,,,",
        "commune,,I.2,verified,survey,,,,400",
    )  # fmt: skip
    reported = Status.SELF_REPORTED
    assert of(found, "23500", "I.2", reported).model is Model.CHANCE
    assert of(found, "23500", "I.2", Status.REJECTED).model is Model.CHANCE  # it names the fact, whatever its status
    assert of(found, "23500", "I.1", reported).p == Fraction(4, 10)
    assert of(found, "23503", "I.2", reported).p == Fraction(3, 10)
    assert of(found, "23503", "I.1", reported).p == Fraction(2, 10)
    assert of(found, "615", "II.1", reported).p == Fraction(2, 10)
    survey = of(found, "23503", "I.2", Status.VERIFIED)
    assert (survey.model, survey.size, survey.row) == (Model.SURVEY, 400, 7)
    assert of(found, "23503", "I.1", Status.VERIFIED) == CERTAIN
    assert found.rows[0].low == Fraction(1, 2)
    assert found.rows[3].fits("ratio", Status.SELF_REPORTED)
    assert not found.rows[3].fits("ratio", Status.UNKNOWN)


def test_rows_that_speak_of_nothing_are_idle(tmp_path: Path) -> None:
    found = read(tmp_path, ",,,,audit,0.1,0.5,1,", ",23500,,,certain,,,,")
    assert found.idle({2}) == found.rows[1:]
    assert found.idle({2, 3}) == ()


def test_without_rows_the_defaults_speak_and_what_is_settled_is_certain() -> None:
    found = Assumptions()
    peers, audit, chance = DEFAULTS
    assert of(found, "23500", "I.2", Status.UNKNOWN) == peers
    assert of(found, "23500", "I.2", Status.SELF_REPORTED) == audit
    assert of(found, "23500", "I.2", ZERO_BASE) == chance
    for status in (Status.VERIFIED, Status.ADJUSTED, Status.REJECTED, Status.EXEMPT):
        assert of(found, "23500", "I.2", status) == CERTAIN


def test_a_row_takes_the_place_of_the_default_of_its_scope(tmp_path: Path) -> None:
    found = read(tmp_path, ",,,self_reported,certain,,,,", ",,,mẫu số 0,certain,,,,".replace("mẫu số 0", "zero base"))
    assert of(found, "23500", "I.2", Status.SELF_REPORTED) == found.rows[0]
    assert of(found, "23500", "I.2", ZERO_BASE) == found.rows[1]


def test_a_general_row_leaves_what_its_model_cannot_speak_of_to_others(tmp_path: Path) -> None:
    found = read(tmp_path, "commune,,,verified,survey,,,,", "commune,,,,audit,0.5,0,1,", "commune,,,,chance,0.5,,,")
    assert of(found, "23500", "I.4", Status.VERIFIED, "presence") == CERTAIN  # no sample tells whether a thing is there
    assert of(found, "23500", "I.1", Status.VERIFIED).model is Model.SURVEY
    assert of(found, "23500", "I.1", Status.UNKNOWN).model is Model.CHANCE
    assert of(found, "23500", "I.1", Status.SELF_REPORTED).model is Model.AUDIT


def test_vietnamese_names_and_a_range_are_understood(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'commune,,I.2,chưa biết,Khoảng,,"40,5 %",60 %,',
        "commune,,II.4,,range,,2,5,",
        ",23500,I.4,,thẩm định,30%,,,",
        header=HEADER,
    )
    first, second, third = found.rows
    assert (first.low, first.high, first.ratio, first.status) == (Fraction(81, 200), Fraction(3, 5), True, "unknown")
    assert (second.low, second.high, second.ratio) == (2, 5, False)
    assert (third.model, third.p, third.low) == (Model.AUDIT, Fraction(3, 10), None)


def test_only_the_model_must_be_there(tmp_path: Path) -> None:
    assert read(tmp_path, "certain", header="model\n").rows[0].scope == (None, None, None, None)


def test_a_tier_is_superfluous_beside_a_unit(tmp_path: Path) -> None:
    assert read(tmp_path, "commune,23500,I.2,,certain,,,,").rows[0].scope == (None, "23500", "I.2", None)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    rows = (
        "village,,,,audit,0.1,0.5,1,",
        ",99999,,,audit,0.1,0.5,1,",
        "district,23500,,,audit,0.1,0.5,1,",
        "commune,,I.99,,audit,0.1,0.5,1,",
        ",,II.1,,audit,0.1,0.5,1,",
        "district,,I.1,,audit,0.1,0.5,1,",
        "commune,,,perhaps,audit,0.1,0.5,1,",
        "commune,,,,guess,0.1,0.5,1,",
        "commune,,,,audit,1.5,-1,2,7",
        "commune,,,unknown,audit,nan,0.9,0.1,",
        "commune,,I.4,,survey,,,,0",
        "commune,,,,range,,1,2,",
        "commune,,I.2,,range,,60 %,40 %,",
        "commune,,I.2,unknown,chance,,,,",
        "commune,,I.1,,audit,0.1,0.12345,1,",
        "commune,,I.1,,survey,,,,99999999999",
        "commune,,I.4,,range,,1,0,",
        "district,,I.1,,range,,1,2,",
        "commune,62,,,certain,,,,",
        "commune,,I.1,,range,,,x,",
    )
    assert faults(tmp_path, *rows) == [
        "2:tier: nothing is asked of tier “village”; expected one of commune, district",
        "3:unit: there is no unit with the code “99999”; expected one of 62, 615, 23500, 23503",
        "4:unit: 23500 is a commune; expected a district",
        "5:criterion: there is no criterion “I.99”; did you mean I.9?",
        "6:tier: II.1 is there at several tiers: commune, district; name the tier",
        "7:criterion: I.1 follows from the levels of the member units; speak of the facts of those units",
        (
            "8:status: there is no status “perhaps”; expected one of unknown, self_reported, verified, adjusted,"
            " rejected, exempt …"
        ),
        "9:model: there is no model “guess”; expected one of audit, survey, chance, peers, range, certain",
        "10:p: “1.5” is more than the maximum 1; expected a number from 0 to 1, as 0.3 or 30 %",
        "10:low: “-1” is negative; expected a factor from 0 to 1 with at most 4 decimals, as 0.6 or 60 %",
        (
            "10:high: “2” is more than the maximum 1; expected a factor from 0 to 1 with at most 4 decimals, as 0.6 or"
            " 60 %"
        ),
        "10:size: superfluous value “7”; leave this cell empty",
        "11:model: audit needs facts with a value, which “unknown” has not; use chance, peers or range",
        "11:p: “nan” is not a finite number; expected a number from 0 to 1, as 0.3 or 30 %",
        "11:low: “0.9” is above high “0.1”; expected low ≤ high",
        "12:model: survey cannot speak of I.4 (a presence); it is for these only: ratio",
        "12:size: a sample of “0”; expected 1 to 10000000",
        "13:criterion: a range of no criterion; name the criterion",
        "14:low: “60 %” is above high “40 %”; expected low ≤ high",
        "15:p: the cell is empty; expected a number from 0 to 1, as 0.3 or 30 %",
        (
            "16:low: “0.12345” has too many decimals; expected a factor from 0 to 1 with at most 4 decimals, as 0.6 or"
            " 60 %"
        ),
        "17:size: a sample of “99999999999”; expected 1 to 10000000",
        "18:model: range cannot speak of I.4 (a presence); it is for these only: count, ratio",
        "18:low: “1” is above high “0”; expected low ≤ high",
        "19:criterion: I.1 follows from the levels of the member units; speak of the facts of those units",
        "20:unit: 62 is a province; expected a commune",
        "21:low: the cell is empty; expected a value of the criterion",
        (
            "21:high: “x” is not a number; expected a percentage from 0 to 100, such as 69.96 %, or numerator and"
            " denominator"
        ),
    ]


def test_similar_words_are_looked_up_for_the_first_faults_of_a_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(word: str, known: list[str], n: int) -> list[str]:
        looked.append(word)
        return [known[0]]

    monkeypatch.setattr("difflib.get_close_matches", look)
    told = faults(tmp_path, *(f",235{n},,,certain,,,," for n in [*range(1000, 1200), 1000]))
    assert len(told) == 201
    assert len(looked) == SEARCHED
    assert told[0] == "2:unit: there is no unit with the code “2351000”; did you mean 62?"
    assert told[SEARCHED].endswith("expected one of 62, 615, 23500, 23503")
    assert told[-1].endswith("did you mean 62?")  # what was looked up is known


def test_cells_are_quoted_as_written_and_tiers_have_their_names(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as refused:
        read(
            tmp_path, ",,,,audit,150 %,0.5,1,", ",,,,audit,1_5 %,0.5,1,", ",62,I.4,,certain,,,,", ",,II.1,,certain,,,,"
        )
    lines = [fault.line("vi").partition(".csv:")[2] for fault in refused.value.faults]
    assert lines[0].startswith("2:p: “150 %” lớn hơn mức tối đa 100")
    assert "“1_5 %”" in lines[1]
    assert lines[2] == "4:unit: 62 thuộc cấp tỉnh; cần đơn vị cấp xã hoặc cấp huyện"
    assert lines[-1] == "5:tier: II.1 có ở nhiều cấp: cấp xã, cấp huyện; hãy ghi cấp"


def test_two_rows_of_the_same_facts_contradict_each_other(tmp_path: Path) -> None:
    rows = (
        "commune,,I.2,,audit,0.1,0.5,1,",
        "commune,,I.2,,range,,1 %,2 %,",  # both speak of what is self-reported
        "commune,,I.2,,chance,0.5,,,",  # with the range of what is unknown
        ",23500,I.2,,certain,,,,",
        "commune,23500,I.2,,chance,0.5,,,",
        ",,,verified,certain,,,,",
        ",,,verified,survey,,,,9",
    )
    assert faults(tmp_path, *rows) == [
        "3:model: row 2 speaks of these facts already; remove one of the two rows",
        "4:model: row 3 speaks of these facts already; remove one of the two rows",
        "6:model: row 5 speaks of these facts already; remove one of the two rows",
        "8:model: row 7 speaks of these facts already; remove one of the two rows",
    ]


def test_a_file_that_is_none_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, header="tier,unit\n")[0].startswith("1:model: column model is missing")
    with pytest.raises(Faulty, match="cannot be opened"):
        read_uncertainty(tmp_path / "nowhere.csv", kon_tum(), UNITS)


def test_what_a_presence_or_an_index_cannot_take_is_superfluous_or_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "commune,,I.4,,audit,0.1,0.5,1,") == [
        "2:low: superfluous value “0.5”; leave this cell empty",
        "2:high: superfluous value “1”; leave this cell empty",
    ]
    index = load_index("chu-prong-2023")
    assert faults(
        tmp_path, ",,II.6.6:a,,chance,0.5,,,", ",,II.6.6,,certain,,,,", ",,II.6.6:a,,survey,,,,", rulebook=index
    ) == [
        "2:model: chance cannot speak of II.6.6:a (a count); it is for these only: choice, presence",
        "3:criterion: II.6.6 has several inputs; expected one of II.6.6:a, II.6.6:b, II.6.6:c",
        "4:model: survey cannot speak of II.6.6:a (a count); use another model",
    ]
    found = read(tmp_path, ",632,II.6.6:a,,range,,10,20,", ",,II.1.1,,audit,0.1,,,", rulebook=index)
    assert (found.rows[0].low, found.rows[0].high) == (10, 20)


def test_the_counts_of_an_index_are_told_apart_from_those_of_criteria() -> None:
    index = load_index("chu-prong-2023")
    kinds = {kind_of(asked) for asked in ask_inputs(index, index.sets[Tier.DISTRICT])}
    assert WHOLE in kinds
    assert "count" not in kinds
