"""Tables of units and evidence: what an officer's file means, and every fault in it by row and column."""

import datetime
import gc
import json
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.asked import catalogue
from evidence.dossiers import EVIDENCE_COLUMNS, Evidence, Intake
from evidence.facts import Amount, Document, Fact, Status
from evidence.tables import read_evidence, read_units, write_evidence, write_units
from evidence.units import Unit, Units
from levels.faults import Faulty, Findings
from levels.framework import Criterion, Tier
from levels.loader import load_framework

FRAMEWORK = load_framework("kon-tum-121-2025")
UNITS = Units(
    {
        unit.code: unit
        for unit in (
            Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE),
            Unit("608", "Thành phố Kon Tum", Tier.DISTRICT, "62", 4),
            Unit("618", "Huyện Ia H' Drai", Tier.DISTRICT, "62"),
            Unit("23281", "Phường Quang Trung", Tier.COMMUNE, "608", 5),
            Unit("23284", "Phường Duy Tân", Tier.COMMUNE, "608"),
            Unit("S1", "Sở Khoa học và Công nghệ", Tier.DEPARTMENT, "62"),
        )
    }
)
HEADER = "unit,criterion,numerator,denominator,value,status,document,measured_on,cycle,note,reported,sha256"
WHOLE = "expected a whole number from 0 up, such as 104"
NEED = "expected a value; where nothing is known, write status unknown"
STATUSES = "unknown, self_reported, verified, adjusted, rejected, exempt"
DERIVED = "I.1 of 608: I.1 follows from the levels of the member units"
REASON = "exempt without a reason; expected the appraising council's reason"
ALLOWED = "only a criterion that says “(nếu có)”, or one whose base is zero (stated as 0/0), can be"
ADJUSTED_ONLY = "column reported goes only with status adjusted"
PERCENTAGE = "expected a percentage from 0 to 100, such as 69.96 %, or numerator and denominator"
NO_MEMBERS = "only a unit without members can be exempted"
DISTRICT = "expected a criterion of tier district"
LAST_DAY = "expected a day no later than"
OWN = "expected the unit's own value in column reported"
PROOF = "expected a file, a link or the number of a letter"
LETTER = "45/BC-UBND"


def faults_of(error: Faulty, path: Path) -> list[str]:
    return [fault.line("en").removeprefix(f"{path}:") for fault in error.faults]


def refuse_units(tmp_path: Path, *rows: str, header: str = "code,name,tier,parent,registered") -> list[str]:
    path = tmp_path / "units.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    with pytest.raises(Faulty) as refusal:
        read_units(path)
    return faults_of(refusal.value, path)


def read(tmp_path: Path, *rows: str, header: str = HEADER, cycle: int | None = 2025) -> Evidence:
    path = tmp_path / "evidence.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return read_evidence(path, FRAMEWORK, UNITS, cycle)


def refuse(tmp_path: Path, *rows: str, header: str = HEADER, cycle: int | None = 2025) -> list[str]:
    with pytest.raises(Faulty) as refusal:
        read(tmp_path, *rows, header=header, cycle=cycle)
    return faults_of(refusal.value, tmp_path / "evidence.csv")


def warnings(evidence: Evidence) -> list[str]:
    return [fault.line("en").partition("evidence.csv:")[2] for fault in evidence.warnings]


# Units


def test_units_are_read_in_the_order_of_the_file_with_their_registered_level(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(
        "registered;parent;tier;name;code\n;608;commune;A;23281\n4;62;district;Thành phố;608\n;;PROVINCE;Tỉnh;62\n",
        encoding="utf-8-sig",
    )
    assert list(read_units(path).values()) == [
        Unit("23281", "A", Tier.COMMUNE, "608"),
        Unit("608", "Thành phố", Tier.DISTRICT, "62", 4),
        Unit("62", "Tỉnh", Tier.PROVINCE),
    ]


def test_a_commune_may_stand_directly_under_a_province_and_a_tree_may_begin_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("code,name,tier,parent\n62,T,province,\n1,A,commune,62\n9,S,department,\n8,H,district,\n")
    units = read_units(path)
    assert [unit.code for unit in units.children("62")] == ["1"]
    assert [unit.code for unit in units.children(None)] == ["62", "9", "8"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",A,commune,", "2:code: “” is no code; expected 1 to 16 plain letters, digits, or . _ -"),
        ("12 3,A,commune,", "2:code: “12 3” is no code; expected 1 to 16 plain letters, digits, or . _ -"),
        (
            "x" * 17 + ",A,commune,",
            f"2:code: “{'x' * 17}” is no code; expected 1 to 16 plain letters, digits, or . _ -",
        ),
        (f"1,{'x' * 151},commune,", "2:name: the name has 151 characters; at most 150 characters"),
        ("1,X\u200bã,commune,", "2:name: the cell holds the control character U+200B; remove it"),
        ("1,\u200fXã,commune,", "2:name: the cell holds the control character U+200F; remove it"),
        ("1,,commune,", "2:name: the name is empty; expected the unit's name"),
        ("1,A,comune,", "2:tier: there is no tier “comune”; did you mean commune?"),
        ("1,A,,", "2:tier: there is no tier “”; expected one of province, district, commune, department"),
        ("1,A,commune,7", "2:parent: there is no unit 7 in the file; expected one of 1"),
        ("1,A,commune,Đắk", "2:parent: “Đắk” is no code; expected 1 to 16 plain letters, digits, or . _ -"),
    ],
)
def test_a_faulty_unit_is_told_by_row_and_column(tmp_path: Path, row: str, fault: str) -> None:
    assert refuse_units(tmp_path, row, header="code,name,tier,parent")[0] == fault


def test_a_registered_level_is_one_of_five(tmp_path: Path) -> None:
    for level in ("0", "6", "3.0", "cao"):
        assert refuse_units(tmp_path, f"1,A,commune,,{level}") == [
            f"2:registered: there is no level “{level}”; expected a level from 1 to 5, or nothing"
        ]


def test_a_duplicate_code_names_the_first_row(tmp_path: Path) -> None:
    assert refuse_units(tmp_path, "1,A,commune,,", "2,B,commune,,", "1,C,commune,,") == [
        "4:code: code 1 is already in row 2; expected every code once"
    ]


def test_parents_that_run_in_a_circle_are_named_once(tmp_path: Path) -> None:
    faults = refuse_units(tmp_path, "a,A,district,b,", "b,B,district,c,", "c,C,district,a,", "d,D,commune,a,")
    assert faults == ["2:parent: parents run in a circle: a → b → c → a; a parent must be of a broader tier"]
    assert refuse_units(tmp_path, "a,A,commune,a,") == [
        "2:parent: parents run in a circle: a → a; a parent must be of a broader tier"
    ]


@pytest.mark.parametrize(
    ("tier", "parent_tier", "expected"),
    [
        ("province", "province", "this tier has no parent"),
        ("district", "district", "expected a parent that is a province"),
        ("district", "commune", "expected a parent that is a province"),
        ("commune", "department", "expected a parent that is a district or province"),
        ("commune", "commune", "expected a parent that is a district or province"),
        ("department", "district", "expected a parent that is a province"),
    ],
)
def test_a_parent_is_of_a_broader_tier(tmp_path: Path, tier: str, parent_tier: str, expected: str) -> None:
    assert refuse_units(tmp_path, f"1,A,{parent_tier},,", f"2,B,{tier},1,") == [
        f"3:parent: 2 ({tier}) stands under 1 ({parent_tier}); {expected}"
    ]


def test_all_faults_of_a_units_file_come_in_the_order_of_its_rows(tmp_path: Path) -> None:
    faults = refuse_units(tmp_path, "1,A,commune,8,", "2,B,district,1,", "3,,commune,,", "3,D,village,,9")
    assert [fault.partition(": ")[0] for fault in faults] == [
        "2:parent",
        "3:parent",
        "4:name",
        "5:tier",
        "5:registered",
        "5:code",
    ]


def test_faults_are_told_in_vietnamese_too(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("code,name,tier,parent\n1,A,commune,7\n")
    with pytest.raises(Faulty) as refusal:
        read_units(str(path))
    assert refusal.value.faults[0].line("vi") == f"{path}:2:parent: không có đơn vị 7 trong tệp; cần một trong: 1"


# Evidence


def test_each_kind_of_fact_is_read_with_all_it_carries(tmp_path: Path) -> None:
    digest = "ab" * 32
    evidence = read(
        tmp_path,
        f"23281,I.2,74,104,,verified,{LETTER}|anh.jpg,28/11/2025,2025,,,{digest}|",
        "23281,I.7,,,2,,,,,,,",
        f"23281,I.4,,,Có,điều chỉnh,{LETTER},2025-11-20,,Đã kiểm tra,không,",
        '23281,III.1,,,"69,96 %",tự đánh giá,,,,,,',
        "608,II.13,,,3,,,,,,,",
    )
    assert evidence.cycle == 2025
    assert evidence.warnings == ()
    day = datetime.date(2025, 11, 28)
    assert evidence.facts["23281"] == {
        "I.2": Fact(
            "23281",
            "I.2",
            Status.VERIFIED,
            Amount(74, 104),
            documents=(Document(LETTER, digest), Document("anh.jpg")),
            measured_on=day,
            cycle=2025,
        ),
        "I.7": Fact("23281", "I.7", Status.SELF_REPORTED, Amount(2)),
        "I.4": Fact(
            "23281",
            "I.4",
            Status.ADJUSTED,
            Amount(1),
            reported=Amount(0),
            documents=(Document(LETTER),),
            measured_on=datetime.date(2025, 11, 20),
            note="Đã kiểm tra",
        ),
        "III.1": Fact("23281", "III.1", Status.SELF_REPORTED, Amount(6996, 10000)),
    }
    assert set(evidence.facts) == set(UNITS)
    assert evidence.facts["62"] == {}


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("232810,I.2,1,2,,,,,,,,", ["2:unit: there is no unit “232810”; did you mean 23281?"]),
        (",I.2,1,2,,,,,,,,", ["2:unit: there is no unit “”; expected one of 62, 608, 618, 23281, 23284, S1"]),
        ("23281,I.25,1,2,,,,,,,,", ["2:criterion: there is no criterion “I.25”; did you mean I.5?"]),
        (
            "99999,Z,1,2,,good,,,x,,,",
            [
                f"2:status: there is no status “good”; expected one of {STATUSES}",
                "2:cycle: Z of 99999: “x” is not a year; expected a year from 2000 to 2999",
                "2:unit: there is no unit “99999”; expected one of 62, 608, 618, 23281, 23284, S1",
                "2:criterion: there is no criterion “Z”; expected one of I.1, I.2, I.3, I.4, I.5, I.6 …",
            ],
        ),
        (
            "608,I.2,1,2,,,,,,,,",
            [f"2:criterion: I.2 is a criterion of tier commune, but 608 is a district; {DISTRICT}"],
        ),
        (
            "62,I.2,1,2,,,,,,,,",
            ["2:unit: 62 is a province, for which there are no criteria; there are criteria for: commune, district"],
        ),
        ("23281,I.2,1,2,,verifed,,,,,,", ["2:status: there is no status “verifed”; did you mean verified?"]),
        (
            "23281,I.2,120,104,,,,,,,,",
            ["2:numerator: I.2 of 23281: 120 out of 104; the numerator cannot exceed the denominator"],
        ),
        (
            "23281,I.2,-1,1e5,,,,,,,,",
            [
                f"2:numerator: I.2 of 23281: “-1” is negative; {WHOLE}",
                f"2:denominator: I.2 of 23281: “1e5” is written with an exponent; {WHOLE}",
            ],
        ),
        (
            "23281,I.2,,,,verified,,,,,,",
            [f"2:numerator: I.2 of 23281: status verified but there is no value; {NEED}"],
        ),
        (
            "23281,I.4,,,,,,,,,,",
            [f"2:value: I.4 of 23281: status self_reported but there is no value; {NEED}"],
        ),
        (
            "23281,I.4,,,yes,unknown,,,,,,",
            ["2:status: I.4 of 23281: status unknown but the value is 1; remove the value, or write another status"],
        ),
        (
            "608,I.1,100,100,,,,,,,,",
            [
                f"2:numerator: {DERIVED} and takes no value; leave this cell empty",
                f"2:denominator: {DERIVED} and takes no value; leave this cell empty",
                f"2:criterion: {DERIVED}; leave this row out",
            ],
        ),
        (
            "608,I.1,,,,unknown,,,,,,",
            [f"2:criterion: {DERIVED}; leave this row out"],
        ),
        (
            "608,I.1,,,,exempt,,,,Lý do,,",
            [f"2:status: I.1 of 608: 608 has member units and cannot be exempted from I.1; {NO_MEMBERS}"],
        ),
        (
            "618,I.1,,,,exempt,,,,,,",
            [f"2:note: I.1 of 618: {REASON}"],
        ),
        (
            "23281,I.2,,,,exempt,,,,,,",
            [
                f"2:status: I.2 of 23281: I.2 cannot be exempted; {ALLOWED}",
                f"2:note: I.2 of 23281: {REASON}",
            ],
        ),
        (
            "23281,I.7,,0,0,exempt,,,,Không có người,,",
            ["2:denominator: I.7 of 23281: superfluous value “0”; leave this cell empty"],
        ),
        (
            "23281,II.3,,,,exempt,,,,,,",
            [f"2:note: II.3 of 23281: {REASON}"],
        ),
        (
            "23281,I.2,x,104,,exempt,,,,,1/2,",
            [
                f"2:numerator: I.2 of 23281: “x” is not a number; {WHOLE}",
                f"2:note: I.2 of 23281: {REASON}",
                f"2:reported: I.2 of 23281: a reported value 1/2 but the status is exempt; {ADJUSTED_ONLY}",
            ],
        ),
        (
            "23281,I.2,1,2,,verified,a,,,,1/2,",
            [f"2:reported: I.2 of 23281: a reported value 1/2 but the status is verified; {ADJUSTED_ONLY}"],
        ),
        (
            "23281,I.2,1,2,,adjusted,a,,,,x,",
            [f"2:reported: I.2 of 23281: “x” is not a number; {PERCENTAGE}"],
        ),
        (
            "23281,I.2,1,2,,verified,a,31/02/2025,,,,",
            ["2:measured_on: I.2 of 23281: “31/02/2025” is not a day; expected 2025-11-28 or 28/11/2025"],
        ),
        (
            "23281,I.2,1,2,,verified,a,2026-01-02,,,,",
            [f"2:measured_on: I.2 of 23281: measured on 2026-01-02, after the cycle 2025; {LAST_DAY} 2025"],
        ),
        (
            "23281,I.2,1,2,,verified,a,2025-06-01,2024,,,",
            [f"2:measured_on: I.2 of 23281: measured on 2025-06-01, after the cycle 2024; {LAST_DAY} 2024"],
        ),
        (
            "23281,I.2,1,2,,verified,a,,,,,12",
            ["2:sha256: I.2 of 23281: “12” is not a SHA-256 hash; expected 64 hexadecimal digits"],
        ),
    ],
)
def test_a_faulty_fact_is_told_by_row_and_column(tmp_path: Path, row: str, faults: list[str]) -> None:
    assert refuse(tmp_path, row) == faults


def test_every_fault_of_a_file_is_told_in_one_run_in_the_order_of_its_rows(tmp_path: Path) -> None:
    rows = [
        "23281,I.2,3,2,,,,,,,,",
        "23281,I.4,,,maybe,,,2027-01-01,,,,",
        "x,I.4,,,yes,,,,,,,",
        "23281,I.4,,,no,,,,,,,",
    ]
    places = [fault.partition(": ")[0] for fault in refuse(tmp_path, *rows)]
    assert places == ["2:numerator", "3:value", "3:measured_on", "4:unit", "5:criterion"]


def test_a_duplicate_in_one_cycle_names_the_first_row_even_where_that_row_is_faulty(tmp_path: Path) -> None:
    duplicate = "I.2 of 23281 is already in row 2; expected one row for each criterion in one cycle"
    row = "23281,I.2,1,2,,,,,,,,"
    assert refuse(tmp_path, row, "23284,I.2,1,2,,,,,,,,", row) == [f"4:criterion: {duplicate}"]
    assert refuse(tmp_path, "23281,I.2,1,2,,,,,2025,,,", row) == [f"3:criterion: {duplicate}"]
    assert refuse(tmp_path, row, "23281,I.2,1,2,,,,,2025,,,") == [f"3:criterion: {duplicate}"]
    assert refuse(tmp_path, "23281,I.2,9,2,,,,,,,,", row)[1:] == [f"3:criterion: {duplicate}"]


def test_the_same_criterion_in_two_cycles_is_no_duplicate(tmp_path: Path) -> None:
    evidence = read(tmp_path, "23281,I.2,1,2,,,,,2025,,,", "23281,I.2,1,3,,,,,2024,,,", cycle=None)
    assert evidence.facts["23281"]["I.2"].amount == Amount(1, 2)
    assert evidence.history[2024]["23281"]["I.2"].amount == Amount(1, 3)


def test_many_unknown_units_are_all_told(tmp_path: Path) -> None:
    faults = refuse(tmp_path, *(f"x{number},I.2,1,2,,,,,,,," for number in range(80)))
    assert len(faults) == 80
    assert faults[79] == "81:unit: there is no unit “x79”; expected one of 62, 608, 618, 23281, 23284, S1"


def test_one_unknown_unit_in_many_rows_is_told_for_each(tmp_path: Path) -> None:
    faults = refuse(tmp_path, "2328,I.2,1,2,,,,,,,,", "2328,I.3,1,2,,,,,,,,")
    assert [fault[: len("2:unit: there is no unit “2328”")] for fault in faults] == [
        "2:unit: there is no unit “2328”",
        "3:unit: there is no unit “2328”",
    ]


@pytest.mark.parametrize("enabled", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(tmp_path: Path, enabled: bool) -> None:
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        read(tmp_path, "23281,I.2,1,2,,,,,,,,")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize(
    "row",
    [
        "23281,II.3,,,,exempt,,,,Không có sản phẩm OCOP,,",
        "608,III.5,5,9,,exempt,,,,Không có sản phẩm OCOP,,",
        "23281,III.7,0,0,,exempt,,,,Không có nhà văn hóa,,",
        "23281,II.4,,0,0,exempt,,,,Không có doanh nghiệp,,",
        "618,I.1,,,,exempt,,,,Huyện không có xã,,",
    ],
)
def test_an_exemption_needs_the_words_of_the_decision_or_a_zero_base_and_a_reason(tmp_path: Path, row: str) -> None:
    evidence = read(tmp_path, row)
    assert evidence.warnings == ()
    assert [fact.status for dossier in evidence.facts.values() for fact in dossier.values()] == [Status.EXEMPT]


def test_doubtful_facts_are_warnings(tmp_path: Path) -> None:
    evidence = read(
        tmp_path,
        "23281,I.2,1,2,,rejected,,,,,,",
        "23281,I.3,1,2,,adjusted,a,,,,,",
        "23281,I.6,1,2,,verified,,,,,,",
    )
    assert warnings(evidence) == [
        "2:note: warning: I.2 of 23281: rejected without a reason; expected the appraising council's reason",
        f"3:reported: warning: I.3 of 23281: adjusted without the value reported; {OWN}",
        f"4:document: warning: I.6 of 23281: accepted without a document; {PROOF}",
    ]
    assert read(tmp_path, "23281,I.2,,,,rejected,,,,Không đúng,,").warnings == ()


def test_the_same_warning_of_many_rows_is_told_twenty_times_and_then_counted(tmp_path: Path) -> None:
    codes = [c.code for c in FRAMEWORK.sets[Tier.COMMUNE].criteria if c.kind == "presence"]
    rows = [f"{unit},{code},,,yes,verified,,,,,," for unit in ("23281", "23284") for code in codes]
    told = warnings(read(tmp_path, *rows))
    assert len(told) == 21
    assert told[0].startswith(f"1:document: warning: accepted without a document: {len(rows) - 20} more rows; ")


# Cycles


def test_the_assessed_cycle_is_the_one_asked_for_else_the_latest_stated(tmp_path: Path) -> None:
    rows = ["23281,I.2,1,2,,,,,2024,,,", "23281,I.2,1,3,,,,,2026,,,"]
    assert read(tmp_path, *rows, cycle=None).cycle == 2026
    evidence = read(tmp_path, *rows, cycle=2024)
    assert evidence.cycle == 2024
    assert evidence.facts["23281"]["I.2"].amount == Amount(1, 2)
    assert list(evidence.history) == [2026]


def test_without_a_stated_cycle_it_is_the_year_of_the_latest_measurement_else_of_today(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    today = datetime.date(2027, 3, 1)
    path.write_text(
        f"{HEADER}\n23281,I.2,1,2,,,,2024-05-01,,,,\n23281,I.3,1,2,,,,2025-05-01,,,,\n23281,I.4,,,yes,,,,,,,\n"
    )
    assert read_evidence(path, FRAMEWORK, UNITS, today=today).cycle == 2025
    path.write_text(f"{HEADER}\n23281,I.2,1,2,,,,,,,,\n")
    assert read_evidence(path, FRAMEWORK, UNITS, today=today).cycle == 2027
    assert read_evidence(path, FRAMEWORK, UNITS).cycle >= 2025


def test_rows_without_a_cycle_join_those_of_the_assessed_one(tmp_path: Path) -> None:
    evidence = read(tmp_path, "23281,I.2,1,2,,,,,2025,,,", "23281,I.3,1,2,,,,,,,,", "23284,I.3,1,2,,,,,,,,", cycle=None)
    assert list(evidence.facts["23281"]) == ["I.2", "I.3"]
    assert list(evidence.facts["23284"]) == ["I.3"]
    assert evidence.history == {}


def test_a_cycle_of_which_the_file_has_no_row_is_a_warning(tmp_path: Path) -> None:
    told = warnings(read(tmp_path, "23281,I.2,1,2,,,,,2025,,,", cycle=2026))
    assert told == ["1:cycle: warning: the file has no row of cycle 2026; it has 2025"]


@pytest.mark.parametrize(("unit", "code"), [("23281", "I.11"), ("608", "II.11")])
def test_an_inspection_of_an_earlier_cycle_stands_in_and_says_whether_it_still_counts(
    tmp_path: Path, unit: str, code: str
) -> None:
    criterion = FRAMEWORK.sets[UNITS[unit].tier].by_code[code]
    for year, counts in ((2024, True), (2023, False)):
        row = f"{unit},{code},3,4,,verified,a,,{year},,,"
        fact = read(tmp_path, row, f"{unit},{code},,,,unknown,,,2025,,,").facts[unit][code]
        assert fact.amount == Amount(3, 4)
        assert fact.counts_in(2025, criterion) is counts
        assert read(tmp_path, row).facts[unit][code] == fact


def test_the_latest_usable_inspection_stands_in_and_never_before_one_of_this_cycle(tmp_path: Path) -> None:
    def fact(*rows: str) -> Fact | None:
        return read(tmp_path, *(f"23281,I.11,{row},,," for row in rows)).facts["23281"].get("I.11")

    old, older = "1,4,,verified,a,,2024", "2,4,,verified,a,,2023"
    later = fact(older, old)
    assert later is not None
    assert later.amount == Amount(1, 4)
    own = fact(old, "3,4,,,,,2025")
    assert own is not None
    assert own.amount == Amount(3, 4)
    assert fact("4,4,,verified,a,,2026") is None


@pytest.mark.parametrize("row", ["3,4,,rejected,a,,2024,Sai", "0,0,,exempt,a,,2024,Không có", ",,,unknown,,,2024,"])
def test_a_ruling_of_an_earlier_cycle_does_not_stand_in(tmp_path: Path, row: str) -> None:
    evidence = read(tmp_path, f"23281,I.11,{row},,", "23281,I.2,1,2,,,,,2025,,,")
    assert list(evidence.facts["23281"]) == ["I.2"]
    assert list(evidence.history[2024]["23281"]) == ["I.11"]


def test_a_fact_that_counts_in_one_cycle_only_stays_in_its_own(tmp_path: Path) -> None:
    evidence = read(tmp_path, "23281,I.2,1,2,,verified,a,,2024,,,", "23284,I.2,1,2,,,,,2025,,,")
    assert evidence.facts["23281"] == {}


# Anything at all


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace")))
def test_any_bytes_are_a_table_or_named_faults(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    for read_any in (read_units, lambda path: read_evidence(path, FRAMEWORK, UNITS)):
        with pytest.raises(Faulty) as refusal:
            read_any(path)
        assert refusal.value.faults
        for line in faults_of(refusal.value, path):
            assert line.partition(":")[0].isdecimal()
            assert line.isprintable()


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["608", "23281", "I.1", "I.2", "I.7", "II.4", "I.4", "0", "1", "2", "yes", "exempt", "2025", ""]
        )
        | st.text(max_size=5),
        min_size=12,
        max_size=12,
    )
)
def test_any_row_is_a_fact_or_named_faults(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.jsonl"
    path.write_text(json.dumps(dict(zip(HEADER.split(","), cells, strict=True))))
    try:
        facts = read_evidence(path, FRAMEWORK, UNITS, 2025).facts
    except Faulty as faulty:
        lines = faults_of(faulty, path)
    else:
        lines = ["1:"]
        write_evidence(path, facts)
        assert read_evidence(path, FRAMEWORK, UNITS, 2025).facts == facts
    assert all(line.startswith("1:") for line in lines)


# Out and in again


def _amounts(criterion: Criterion) -> st.SearchStrategy[Amount]:
    numbers = st.integers(0, 10**15 - 1)
    pairs = st.tuples(numbers, numbers).map(sorted).map(lambda pair: Amount(*pair))
    singles = st.integers(0, 1) if criterion.kind == "presence" else numbers
    if criterion.kind == "ratio":
        return pairs
    return singles.map(Amount) | pairs if criterion.needs_total else singles.map(Amount)


_WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="|"), max_size=12).map(
    lambda text: " ".join(text.split())
)


@st.composite
def facts_of_a_commune(draw: st.DrawFn) -> Iterable[Fact]:
    def build(criterion: Criterion) -> Fact:
        status = draw(st.sampled_from([s for s in Status if s is not Status.EXEMPT]))
        amount = None if status is Status.UNKNOWN else draw(_amounts(criterion))
        words = draw(st.lists(_WORDS, min_size=4, max_size=4))
        source, note, *references = (unicodedata.normalize("NFC", word).strip() for word in words)
        return Fact(
            unit="23281",
            criterion=criterion.code,
            status=status,
            amount=amount,
            reported=draw(st.none() | _amounts(criterion)) if status is Status.ADJUSTED else None,
            documents=tuple(
                Document(reference, draw(st.none() | st.just("0f" * 32))) for reference in references if reference
            ),
            source=source,
            measured_on=draw(st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2025, 12, 31))),
            cycle=draw(st.sampled_from([None, 2025])),
            note=note,
        )

    criteria = st.lists(st.sampled_from(FRAMEWORK.sets[Tier.COMMUNE].criteria), unique=True, min_size=1, max_size=4)
    return [build(criterion) for criterion in draw(criteria)]


@settings(max_examples=60, deadline=None)
@given(facts_of_a_commune())
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_written_evidence_reads_back_as_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, facts: list[Fact]
) -> None:
    path = tmp_path_factory.mktemp("trip") / f"evidence{suffix}"
    dossier = {fact.criterion: fact for fact in facts}
    write_evidence(path, {"23281": dossier})
    assert read_evidence(path, FRAMEWORK, UNITS, 2025).facts["23281"] == dossier


@settings(max_examples=60, deadline=None)
@given(facts_of_a_commune())
def test_facts_that_were_checked_one_by_one_make_the_evidence_of_the_file_that_holds_them(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Fact]
) -> None:
    path = tmp_path_factory.mktemp("gathered") / "evidence.csv"
    dated = [evolve(fact, cycle=2025) for fact in facts]
    write_evidence(path, {"23281": {fact.criterion: fact for fact in dated}})
    of_file = read_evidence(path, FRAMEWORK, UNITS, 2025)
    gathered = Intake(Findings("facts"), catalogue(FRAMEWORK), UNITS).gather(dated, 2025)
    assert gathered.facts == of_file.facts
    assert (gathered.history, gathered.rounds, gathered.stated) == (of_file.history, of_file.rounds, of_file.stated)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_written_units_read_back_as_the_same_units(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"units{suffix}"
    write_units(path, UNITS)
    assert read_units(path) == UNITS


def test_a_document_that_holds_the_separator_is_not_written(tmp_path: Path) -> None:
    fact = Fact("23281", "I.4", Status.VERIFIED, Amount(1), documents=(Document("a|b"),))
    with pytest.raises(ValueError, match=r"23281/I\.4: a document's reference holds the separator"):
        write_evidence(tmp_path / "e.csv", {"23281": {"I.4": fact}})
    assert list(tmp_path.iterdir()) == []


def test_the_columns_of_an_export_are_those_of_the_interface(tmp_path: Path) -> None:
    write_evidence(tmp_path / "e.csv", {})
    assert (tmp_path / "e.csv").read_text().strip() == ",".join(EVIDENCE_COLUMNS)


@pytest.mark.parametrize(
    "parents",
    [
        [str(code - 1) for code in range(20_000)],  # one long chain
        [f"x{code}" for code in range(20_000)],  # all orphans
        [str((code + 1) % 20_000) for code in range(20_000)],  # one long circle
    ],
)
def test_a_large_tree_full_of_faults_is_told_quickly_and_in_short_lines(tmp_path: Path, parents: list[str]) -> None:
    path = tmp_path / "units.csv"
    rows = (f"{code},Xã {code},commune,{parent}\n" for code, parent in enumerate(parents))
    path.write_text("code,name,tier,parent\n" + "".join(rows), encoding="utf-8")
    started = time.process_time()
    with pytest.raises(Faulty) as refused:
        read_units(path)
    assert time.process_time() - started < 10  # it took minutes
    assert max(len(fault.line("vi")) for fault in refused.value.faults) < 400 + len(str(path))


def test_every_unit_whose_parent_is_missing_is_told_even_where_it_is_the_same_one(tmp_path: Path) -> None:
    assert refuse_units(tmp_path, "1,A,commune,6,", "2,B,commune,6,") == [
        f"{row}:parent: there is no unit 6 in the file; expected one of 1, 2" for row in (2, 3)
    ]


def test_who_is_asked_for_what_its_tier_has_not_reads_the_names_of_the_tiers() -> None:
    asked = catalogue(load_framework("kon-tum-121-2025"))
    nothing = asked.refuse(Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE), "I.2")
    other = asked.refuse(Unit("23500", "Xã A", Tier.COMMUNE, "62"), "II.9")
    assert nothing is not None
    assert other is not None
    assert nothing.found.vi == "62 thuộc cấp tỉnh, cấp này không có tiêu chí nào"
    assert nothing.expected.vi == "có tiêu chí cho: cấp xã, cấp huyện"
    assert other.found.vi == "II.9 là tiêu chí của cấp huyện, nhưng 23500 thuộc cấp xã"
    assert other.expected.vi == "cần tiêu chí của cấp xã"
