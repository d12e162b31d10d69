"""Input cells of the Excel form: what they may hold, what is refused or asked back, and where."""

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evidence.facts import Amount, Document, Status
from tests.evidence.form_kit import (
    COMMUNE,
    CRITERIA,
    FIRST_SHEET,
    PLACES,
    dossier,
    fact,
    faults_of,
    fill,
    letter,
    new_form,
    read,
    replace_in,
    row_of,
)

DAY = datetime.datetime(2025, 11, 28)  # noqa: DTZ001 - a day in Excel has no time zone
PERCENT, GENERAL = "percent", "general"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return new_form(tmp_path_factory.mktemp("forms") / "empty.xlsx").read_bytes()


@pytest.fixture(scope="module")
def councils(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return new_form(tmp_path_factory.mktemp("forms") / "council.xlsx", appraisal=True).read_bytes()


def filled(tmp_path: Path, form: bytes, cells: dict[tuple[str, str], Any]) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(form)
    return fill(path, cells)


RATIOS = [criterion.code for criterion in CRITERIA if criterion.kind == "ratio"]
PRESENCES = [criterion.code for criterion in CRITERIA if criterion.kind == "presence"]


def test_a_percentage_is_taken_exactly(tmp_path: Path, empty: bytes) -> None:
    understood = [
        ((0.6996, PERCENT), Fraction(6996, 10000)),  # Excel keeps 69,96% as the float 0.6996
        ((0.7, PERCENT), Fraction(7, 10)),
        ((1, PERCENT), Fraction(1)),
        ((0, PERCENT), Fraction(0)),
        ((1e-07, PERCENT), Fraction(1, 10_000_000)),
        ((69.96, GENERAL), Fraction(6996, 10000)),
        ((70, GENERAL), Fraction(7, 10)),
        ((70.0, GENERAL), Fraction(7, 10)),
        ("69,96 %", Fraction(6996, 10000)),
        ("69.96", Fraction(6996, 10000)),
        (" 69,96\u00a0% ", Fraction(6996, 10000)),
        ("６９，９６％", Fraction(6996, 10000)),
    ]
    cells = {(code, "value"): value for code, (value, _) in zip(RATIOS, understood, strict=False)}
    amounts = [each.amount for each in read(filled(tmp_path, empty, cells)).facts.values()]
    exact = [Fraction(amount.numerator, amount.denominator or 0) for amount in amounts if amount]
    assert exact == [fraction for _, fraction in understood]


def test_whole_numbers_are_understood_however_they_are_typed(tmp_path: Path, empty: bytes) -> None:
    pairs = [(74, 104), (74.0, 104.0), ("74", "104"), (" 74 ", "１０４"), ("74", 104), ("074", "104")]
    cells = {(code, "numerator"): pair[0] for code, pair in zip(RATIOS, pairs, strict=False)}
    cells |= {(code, "denominator"): pair[1] for code, pair in zip(RATIOS, pairs, strict=False)}
    facts = read(filled(tmp_path, empty, cells)).facts
    assert facts == dossier(*(fact(code, amount=Amount(74, 104)) for code in RATIOS[: len(pairs)]))


def test_presence_is_yes_or_no(tmp_path: Path, empty: bytes) -> None:
    words = {"Có": 1, "có": 1, "KHÔNG": 0, "Kho\u0302ng": 0, 1: 1, 0: 0, "yes": 1}
    cells = {(code, "value"): word for code, word in zip(PRESENCES, words, strict=False)}
    facts = read(filled(tmp_path, empty, cells)).facts
    expected = zip(PRESENCES, words.values(), strict=False)
    assert facts == dossier(*(fact(code, amount=Amount(there)) for code, there in expected))


REFUSED: list[tuple[str, str, Any, str]] = [
    ("ratio", "numerator", 120, "120 out of 104; the numerator cannot exceed the denominator"),
    ("ratio", "numerator", -1, "“-1” is negative; expected a whole number from 0 up, such as 104"),
    ("ratio", "numerator", 7.5, "“7.5” is a decimal number; expected a whole number from 0 up, such as 104"),
    ("ratio", "numerator", "7.400", "“7.400” has two readings"),
    ("ratio", "numerator", "1e3", "“1e3” is written with an exponent"),
    ("ratio", "numerator", 1e300, "“1000000000000000000000000000000000000…” (301) has too many digits"),
    ("ratio", "numerator", int("9" * 400), "(400) has too many digits"),
    ("ratio", "numerator", "NaN", "“NaN” is not a finite number"),
    ("ratio", "numerator", "x", "“x” is not a number"),
    ("ratio", "numerator", "7\u202e4", "the cell holds the control character U+202E; remove it"),
    ("ratio", "numerator", "९", "“९” has digits of another script than 0–9"),
    ("ratio", "numerator", True, "the cell holds TRUE or FALSE; type a number into it"),
    ("ratio", "numerator", DAY, "the cell holds a date; type a number into it"),
    ("ratio", "numerator", (74, "date"), "the cell holds a date; type a number into it"),
    ("ratio", "numerator", datetime.time(7, 30), "the cell holds a date; type a number into it"),
    ("ratio", "numerator", (74, PERCENT), "the cell is shown as a percentage; type a number into it"),
    ("ratio", "numerator", "=70+4", "the cell holds a formula; type a number into it"),
    ("ratio", "numerator", "#REF!", "the cell holds an error value #REF!; type a number into it"),
    ("ratio", "numerator", None, "the cell is empty; numerator and denominator are both needed"),
    ("ratio", "value", (0.6996, GENERAL), "“0.6996” has two readings: 0.6996 % or 69.96 %; enter it with its sign"),
    ("ratio", "value", (1, GENERAL), "“1” has two readings: 1 % or 100 %"),
    ("ratio", "value", "0,7", "“0,7” has two readings: 0.7 % or 70 %"),
    ("ratio", "value", (69.96, PERCENT), "“6996 %” is more than 100 %"),
    ("ratio", "value", (-0.5, PERCENT), "“-50 %” is negative"),
    ("ratio", "value", (0.1 + 0.2, PERCENT), "“30.000000000000004 %” has too many digits"),
    ("ratio", "value", (100.5, GENERAL), "“100.5” is more than 100 %"),
    ("presence", "value", True, "the cell holds TRUE or FALSE; enter “Có” (yes) or “Không” (no)"),
    ("presence", "value", 2, "“2” is neither yes nor no"),
    ("presence", "value", "Ko\u0302ng", "is neither yes nor no"),
    ("count", "value", 1.5, "“1.5” is a decimal number"),
    ("count", "value", DAY, "the cell holds a date; type a number into it"),
    ("ratio", "measured_on", (45000, GENERAL), "the cell for a day holds the number “45000”; type a day into it"),
    ("ratio", "measured_on", "30/02/2025", "“30/02/2025” is not a day"),
    ("ratio", "measured_on", "11/2025", "“11/2025” is not a day"),
    ("ratio", "measured_on", "=TODAY()", "the cell holds a formula; type a day into it"),
    ("ratio", "measured_on", datetime.time(7, 30), "the cell holds a date; type a day into it"),
    ("ratio", "measured_on", DAY.replace(year=2026), "the day 2026-11-28 is after the cycle 2025"),
    ("ratio", "note", "=1+1", "the cell holds a formula; enter it as text"),
    ("ratio", "source", True, "the cell holds TRUE or FALSE; enter it as text"),
    ("ratio", "document", "#NAME?", "the cell holds an error value #NAME?; enter it as text"),
    ("ratio", "note", "a\u2028b", "the cell holds the control character U+2028; remove it"),
]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory, empty: bytes) -> list[list[str]]:
    """The faults of every case of ``REFUSED``, each typed into a row of its own in as few forms as will do."""
    waiting = {kind: [each.code for each in CRITERIA if each.kind == kind] for kind in ("ratio", "presence", "count")}
    forms: list[dict[tuple[str, str], Any]] = []
    places = []
    used = dict.fromkeys(waiting, 0)
    for kind, key, value, _ in REFUSED:
        number, turn = divmod(used[kind], len(waiting[kind]))
        used[kind] += 1
        if number == len(forms):
            forms.append({})
        code = waiting[kind][turn]
        if key == "numerator":
            forms[number] |= {(code, "numerator"): 1, (code, "denominator"): 104}
        forms[number][code, key] = value
        places.append((number, f"{row_of(code)}:Phụ lục 01!{letter(key)}"))
    folder = tmp_path_factory.mktemp("refused")
    told = [faults_of(filled(folder, empty, cells)) for cells in forms]
    assert sum(map(len, told)) == len(REFUSED)
    return [
        [line.partition(": ")[2] for line in told[number] if line.startswith(f"{place}: ")] for number, place in places
    ]


@pytest.mark.parametrize(("number", "fault"), [(number, case[3]) for number, case in enumerate(REFUSED)])
def test_what_is_no_value_is_refused_at_its_cell(refusals: list[list[str]], number: int, fault: str) -> None:
    (said,) = refusals[number]
    assert fault in said


def test_the_cached_result_of_a_formula_is_never_used(tmp_path: Path, empty: bytes) -> None:
    path = filled(tmp_path, empty, {("I.7", "value"): "=1+1"})
    replace_in(path, FIRST_SHEET, b"<f>1+1</f><v>2</v>", b"<f>1+1</f><v>2</v>")
    assert faults_of(path) == [
        f"{row_of('I.7')}:Phụ lục 01!M: the cell holds a formula; type a number into it",
    ]


@pytest.mark.parametrize(
    "kind", [b't="array" ref="K14:K20"', b't="shared" si="0" ref="K14:K15"', b't="dataTable" ref="K14"']
)
def test_every_kind_of_formula_is_one(tmp_path: Path, empty: bytes, kind: bytes) -> None:
    path = filled(tmp_path, empty, {("I.1", "numerator"): "=1+1"})
    replace_in(path, FIRST_SHEET, b"<f>1+1</f>", b"<f " + kind + b">1+1</f>")
    assert "the cell holds a formula" in faults_of(path)[0]


def test_a_number_that_is_not_finite_is_refused(tmp_path: Path, empty: bytes) -> None:
    path = filled(tmp_path, empty, {("I.7", "value"): 12345})
    replace_in(path, FIRST_SHEET, b"<v>12345</v>", b"<v>1e999</v>")
    assert "“Infinity” is not a finite number" in faults_of(path)[0]


def test_words_may_be_typed_as_numbers_or_days(tmp_path: Path, empty: bytes) -> None:
    cells = {("I.1", "document"): 15, ("I.1", "source"): DAY, ("I.1", "note"): "a\r\nb", ("I.1", "measured_on"): DAY}
    assert read(filled(tmp_path, empty, cells)).facts == dossier(
        fact(
            "I.1",
            Status.UNKNOWN,
            documents=(Document("15"),),
            source="28/11/2025",
            note="a\nb",
            measured_on=DAY.date(),
        )
    )


def test_a_day_may_be_typed_as_text_and_documents_line_by_line(tmp_path: Path, empty: bytes) -> None:
    cells = {("I.1", "measured_on"): "28/11/2025", ("I.1", "document"): "15/BC-UBND\n16/BC-UBND | 17/BC-UBND"}
    (found,) = read(filled(tmp_path, empty, cells)).facts.values()
    assert found.measured_on == DAY.date()
    assert [document.reference for document in found.documents] == ["15/BC-UBND", "16/BC-UBND", "17/BC-UBND"]


def test_a_text_longer_than_a_cell_can_hold_is_refused(tmp_path: Path, empty: bytes) -> None:
    path = filled(tmp_path, empty, {("I.1", "note"): "L" * 40_000})
    assert faults_of(path) == [
        f"{row_of('I.1')}:Phụ lục 01!{letter('note')}: the cell is too long; at most 32767 characters"
    ]


def test_all_faults_of_a_form_are_told_in_one_run(tmp_path: Path, empty: bytes) -> None:
    cells = {
        ("I.1", "numerator"): "x",
        ("I.1", "denominator"): "=2",
        ("I.1", "measured_on"): "hôm qua",
        ("I.4", "numerator"): 3,
        ("III.9", "value"): "có lẽ",
    }
    found = [line.split(": ")[0] for line in faults_of(filled(tmp_path, empty, cells))]
    assert sorted(found) == sorted(f"{row_of(code)}:Phụ lục 01!{letter(key)}" for code, key in cells)


@pytest.mark.parametrize(
    ("cells", "column", "fault"),
    [
        (
            {"council_numerator": 1, "council_denominator": 2},
            "status",
            "there is an appraised value or reason but no ruling",
        ),
        ({"reason": "vì"}, "status", "there is an appraised value or reason but no ruling"),
        ({"status": "tốt"}, "status", "“tốt” is no ruling; expected one of verified, adjusted, rejected, exempt"),
        ({"status": "tự đánh giá"}, "status", "“tự đánh giá” is no ruling"),
        ({"status": "đã xác minh"}, "numerator", "status verified but there is no value"),
        ({"status": "điều chỉnh", "numerator": 1, "denominator": 2}, "council_numerator", "there is no value"),
        ({"status": "được miễn", "reason": "vì"}, "status", "I.2 cannot be exempted"),
        (
            {
                "status": "đã xác minh",
                "numerator": 1,
                "denominator": 2,
                "council_numerator": 1,
                "council_denominator": 3,
            },
            "status",
            "ruled verified, but the council's value 1/3 differs from the one reported",
        ),
        (
            {"status": "không chấp nhận", "council_numerator": 1, "council_denominator": 3},
            "status",
            "ruled rejected, but the council's value 1/3 differs from the one reported",
        ),
        (
            {"status": "điều chỉnh", "council_numerator": 4, "council_denominator": 3},
            "council_numerator",
            "4 out of 3; the numerator cannot exceed the denominator",
        ),
        (
            {"status": "được miễn", "council_numerator": 0, "council_denominator": 0},
            "reason",
            "exempt without a reason",
        ),
    ],
)
def test_what_a_council_enters_must_go_together(
    tmp_path: Path, councils: bytes, cells: dict[str, Any], column: str, fault: str
) -> None:
    (line,) = faults_of(filled(tmp_path, councils, {("I.2", key): value for key, value in cells.items()}))
    assert line.startswith(f"{row_of('I.2')}:Phụ lục 01!{letter(column)}: ")
    assert fault in line


def test_the_council_may_state_the_zero_base_that_it_exempts(tmp_path: Path, councils: bytes) -> None:
    cells = {
        ("I.9", "status"): "được miễn",
        ("I.9", "council_numerator"): 0,
        ("I.9", "council_denominator"): 0,
        ("I.9", "reason"): "Không có hệ thống thông tin",
    }
    expected = fact("I.9", Status.EXEMPT, amount=Amount(0, 0), note="Không có hệ thống thông tin")
    assert read(filled(tmp_path, councils, cells)).facts == dossier(expected)


def test_a_value_that_the_council_repeats_is_no_contradiction(tmp_path: Path, councils: bytes) -> None:
    cells = {("I.2", key): value for key, value in {
        "numerator": 1, "denominator": 2, "council_numerator": 1, "council_denominator": 2, "status": "đã xác minh",
    }.items()}  # fmt: skip
    assert read(filled(tmp_path, councils, cells)).facts["I.2"].status is Status.VERIFIED


def test_doubts_are_warnings_at_their_cells(tmp_path: Path, councils: bytes) -> None:
    cells = {
        ("I.2", "status"): "điều chỉnh",
        ("I.2", "council_value"): (0.5, PERCENT),
        ("I.4", "status"): "không chấp nhận",
    }
    content = read(filled(tmp_path, councils, cells))
    assert [(warning.row, warning.column) for warning in content.warnings] == [
        (row_of("I.2"), f"Phụ lục 01!{letter('numerator')}"),
        (row_of("I.2"), f"Phụ lục 01!{letter('document')}"),
        (row_of("I.4"), f"Phụ lục 01!{letter('reason')}"),
    ]
    assert PLACES["reason"] == 22
    assert content.unit == COMMUNE
