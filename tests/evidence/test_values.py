"""Values: what a cell says, exactly, or a plain refusal."""

import datetime
import unicodedata
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.facts import Amount, Document, Status
from evidence.values import (
    STATUS_NAMES,
    Flaw,
    Unreadable,
    read_amount,
    read_cycle,
    read_date,
    read_documents,
    read_status,
    read_written,
    suggest,
)
from levels.framework import Criterion, Kind
from levels.loader import load_framework

FRAMEWORK = load_framework("kon-tum-121-2025")


def criterion(kind: Kind, *, needs_total: bool = False) -> Criterion:
    return next(
        c for s in FRAMEWORK.sets.values() for c in s.criteria if c.kind == kind and c.needs_total is needs_total
    )


def refuse(kind: Kind, *, needs_total: bool = False, **cells: str) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as refusal:
        read_amount(criterion(kind, needs_total=needs_total), **cells)
    return [(flaw.column, f"{flaw.found.en}; {flaw.expected.en}") for flaw in refusal.value.flaws]


@pytest.mark.parametrize(
    ("text", "numerator", "denominator"),
    [
        ("69,96 %", 6996, 10000),
        ("69.96", 6996, 10000),
        ("69,96", 6996, 10000),
        ("70%", 70, 100),
        (" 70 ", 70, 100),
        ("70\u00a0%", 70, 100),
        ("70\u2009%", 70, 100),
        ("69，96％", 6996, 10000),
        ("７０", 70, 100),
        ("0", 0, 100),
        ("100", 100, 100),
        ("100,000", 100000, 100000),
        ("66.667", 66667, 100000),
        ("0,7 %", 7, 1000),
        ("1%", 1, 100),
        ("0,0", 0, 1000),
        ("1.01", 101, 10000),
    ],
)
def test_a_percentage_is_an_exact_fraction(text: str, numerator: int, denominator: int) -> None:
    assert read_amount(criterion("ratio"), value=text) == Amount(numerator, denominator)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("0.7", "0.7 % or 70 %"),
        ("0,7", "0.7 % or 70 %"),
        (" 0，70 ", "0.7 % or 70 %"),
        ("1", "1 % or 100 %"),
        ("1,000", "1 % or 100 %"),
        ("0.000000000001", "0.000000000001 % or 0.0000000001 %"),
    ],
)
def test_a_bare_number_up_to_1_may_be_a_share_and_is_asked_back_with_both_readings(text: str, readings: str) -> None:
    expected = "enter it with its sign, such as 69.96 %, or give numerator and denominator"
    assert refuse("ratio", value=text) == [("value", f"“{text}” has two readings: {readings}; {expected}")]
    with pytest.raises(Unreadable) as refusal:
        read_written(criterion("ratio"), text)
    (flaw,) = refusal.value.flaws
    assert (flaw.column, flaw.found.vi) == (
        "reported", f"“{text}” có hai cách đọc: {readings.replace(' or ', ' hoặc ').replace('.', ',')}"
    )  # fmt: skip


@given(st.integers(0, 100 * 10**4), st.sampled_from([".", ","]), st.sampled_from(["", "%", " %", "\u00a0％"]))
def test_every_percentage_of_four_decimals_reads_back_exactly(units: int, point: str, sign: str) -> None:
    assume(sign or not 0 < units <= 10**4)  # asked back: see above
    text = f"{units // 10**4}{point}{units % 10**4:04}{sign}"
    amount = read_amount(criterion("ratio"), value=text)
    assert amount is not None
    assert amount.denominator is not None
    assert Fraction(amount.numerator, amount.denominator) == Fraction(units, 100 * 10**4)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("104", 104),
        ("007", 7),
        ("１０４", 104),
        ("1 234", 1234),
        ("1\u00a0234\u2009567", 1234567),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("9" * 15, 10**15 - 1),
    ],
)
def test_a_whole_number_may_be_grouped_where_only_one_reading_is_possible(text: str, number: int) -> None:
    assert read_amount(criterion("count"), value=text) == Amount(number)


@pytest.mark.parametrize(("text", "readings"), [("1.234", "1234"), ("1,234", "1234"), ("12.000", "12000")])
def test_one_separator_before_three_digits_is_asked_back_with_both_readings(text: str, readings: str) -> None:
    decimal = text.replace(",", ".")
    separator = text.strip("0123456789")
    found = f"“{text}” has two readings: {readings} (thousands separator) or {decimal} (decimal)"
    assert refuse("count", value=text) == [("value", f"{found}; write it without “{separator}”")]


WHOLE = "expected a whole number from 0 up, such as 104"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-5", "is negative"),
        ("−5", "is negative"),
        ("NaN", "is not a finite number"),
        ("-inf", "is not a finite number"),
        ("∞", "is not a finite number"),
        ("1e5", "is written with an exponent"),
        ("1.5E+3", "is written with an exponent"),
        ("=1+1", "is a formula"),
        ("true", "is a yes or no, not a number"),
        ("Có", "is a yes or no, not a number"),
        ("٤٢", "has digits of another script than 0–9"),
        ("๔๒", "has digits of another script than 0–9"),
        ("1٢", "has digits of another script than 0–9"),
        ("1.5", "is a decimal number"),
        ("5,0", "is a decimal number"),
        ("0.123", "is a decimal number"),
        ("1.23.456", "is not a number"),
        ("12 34", "is not a number"),
        ("²", "is not a number"),
        ("0x1F", "is not a number"),
        ("+5", "is not a number"),
        ("74/104", "is not a number"),
    ],
)
def test_what_is_no_count_is_refused_in_a_plain_sentence(text: str, found: str) -> None:
    assert refuse("count", value=text) == [("value", f"“{text}” {found}; {WHOLE}")]


def test_a_number_of_four_hundred_digits_is_refused_with_the_limit() -> None:
    ((column, sentence),) = refuse("count", value="9" * 400)
    assert column == "value"
    assert sentence == f"“{'9' * 37}…” (400) has too many digits; at most 15 digits, 12 of them decimals"
    assert refuse("ratio", value="0." + "1" * 13)[0][1].startswith("“0.1111111111111” has too many digits")
    assert refuse("count", value="1" + " 000" * 5)[0][1].startswith("“1 000 000 000 000 000” has too many digits")


@pytest.mark.parametrize("text", ["100.01", "101", "69.96.1", "-5 %", "1e2", "NaN", "=7*10", "yes", "70%%", "a"])
def test_what_is_no_percentage_up_to_100_is_refused(text: str) -> None:
    ((column, sentence),) = refuse("ratio", value=text)
    assert column == "value"
    assert "expected a percentage from 0 to 100" in sentence


def test_a_ratio_needs_both_counts_and_no_percentage_besides() -> None:
    ratio = criterion("ratio")
    assert read_amount(ratio, numerator="74", denominator="104") == Amount(74, 104)
    assert read_amount(ratio, numerator="104", denominator="104") == Amount(104, 104)
    both = "the cell is empty; numerator and denominator are both needed"
    assert refuse("ratio", numerator="74") == [("denominator", both)]
    assert refuse("ratio", denominator="104") == [("numerator", both)]
    assert refuse("ratio", numerator="120", denominator="104") == [
        ("numerator", "120 out of 104; the numerator cannot exceed the denominator")
    ]
    assert refuse("ratio", numerator="74", denominator="104", value="70")[0][1].startswith(
        f"{ratio.code} has both a percentage and a numerator or denominator"
    )


def test_a_zero_base_is_a_value_but_something_out_of_nothing_is_not() -> None:
    assert read_amount(criterion("ratio"), numerator="0", denominator="0") == Amount(0, 0)
    assert read_amount(criterion("count", needs_total=True), value="0", denominator="0") == Amount(0, 0)
    assert refuse("ratio", numerator="3", denominator="0") == [
        (
            "denominator",
            "the denominator is 0 but the numerator is 3; a denominator of 0 goes only with a numerator of 0",
        )
    ]


def test_both_cells_at_fault_are_told_together() -> None:
    assert [column for column, _ in refuse("ratio", numerator="x", denominator="-1")] == ["numerator", "denominator"]


def test_a_count_stands_in_value_or_numerator_with_its_total() -> None:
    count = criterion("count", needs_total=True)
    assert read_amount(count, value="2", denominator="5") == Amount(2, 5)
    assert read_amount(count, numerator="2", denominator="5") == Amount(2, 5)
    assert read_amount(count, value="2") == Amount(2)
    assert refuse("count", numerator="2", value="2")[0][0] == "numerator"
    assert refuse("count", needs_total=True, denominator="5") == [("value", "the cell is empty; the count is needed")]
    assert refuse("count", needs_total=True, value="6", denominator="5") == [
        ("value", "6 out of 5; the numerator cannot exceed the denominator")
    ]


def test_a_count_whose_total_does_not_matter_takes_none_and_so_has_no_zero_base() -> None:
    for total in ("0", "5"):
        assert refuse("count", value="0", denominator=total) == [
            ("denominator", f"superfluous value “{total}”; leave this cell empty")
        ]


@pytest.mark.parametrize(
    "text", ["yes", "YES", "có", "Có", "CÓ", "1", "１", unicodedata.normalize("NFD", "Có"), " có "]
)
def test_presence_is_understood_in_both_languages(text: str) -> None:
    assert read_amount(criterion("presence"), value=text) == Amount(1)


@pytest.mark.parametrize("text", ["no", "No", "không", "KHÔNG", "0", "０", unicodedata.normalize("NFD", "không")])
def test_absence_is_understood_in_both_languages(text: str) -> None:
    assert read_amount(criterion("presence"), value=text) == Amount(0)


def test_presence_takes_no_other_word_and_no_number() -> None:
    assert refuse("presence", value="2")[0][1] == "“2” is neither yes nor no; expected yes or no (có/không, 1/0)"
    assert refuse("presence", value="1", denominator="1") == [
        ("denominator", "superfluous value “1”; leave this cell empty")
    ]
    assert [column for column, _ in refuse("presence", numerator="1")] == ["numerator", "value"]


def test_a_derived_criterion_takes_no_value() -> None:
    assert read_amount(criterion("members")) is None
    ((column, sentence),) = refuse("members", value="3")
    assert (column, sentence.startswith("I.1 follows from the levels of the member units")) == ("value", True)


@pytest.mark.parametrize(
    ("kind", "text", "amount"),
    [
        ("ratio", "74/104", Amount(74, 104)),
        ("ratio", "69,96 %", Amount(6996, 10000)),
        ("count", "5", Amount(5)),
        ("presence", "yes", Amount(1)),
        ("presence", "", None),
    ],
)
def test_a_reported_value_is_one_cell(kind: Kind, text: str, amount: Amount | None) -> None:
    assert read_written(criterion(kind), text) == amount
    assert read_written(criterion("count", needs_total=True), "2/5") == Amount(2, 5)


@pytest.mark.parametrize(("kind", "text"), [("ratio", "5/4"), ("ratio", "5/"), ("presence", "1/2"), ("count", "x")])
def test_an_unreadable_reported_value_names_its_own_column(kind: Kind, text: str) -> None:
    with pytest.raises(Unreadable, match="reported: "):
        read_written(criterion(kind), text)


def test_a_status_is_understood_in_english_and_vietnamese() -> None:
    assert read_status("") is Status.SELF_REPORTED
    for status, name in STATUS_NAMES.items():
        for word in (str(status), name.vi, name.vi.upper(), unicodedata.normalize("NFD", name.vi), name.en):
            assert read_status(word) is status
    assert read_status("Self reported") is Status.SELF_REPORTED
    assert read_status("checked") is None


@pytest.mark.parametrize("text", ["2025-11-28", "28/11/2025", "28/11/２０２５"])
def test_a_day_is_iso_or_vietnamese(text: str) -> None:
    assert read_date(text) == datetime.date(2025, 11, 28)
    assert read_date("") is None


@pytest.mark.parametrize("text", ["2025-02-30", "31/04/2025", "28-11-2025", "28/11/25", "2025", "45989", "0000-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match=r"measured_on: “.*” is not a day; expected 2025-11-28 or 28/11/2025"):
        read_date(text)


def test_a_cycle_is_a_year_of_this_millennium() -> None:
    assert read_cycle("2025") == read_cycle("２０２５") == 2025
    assert read_cycle("") is None
    for text in ("25", "20255", "0025", "1999", "3000", "năm 2025", "٢٠٢٥"):
        with pytest.raises(Unreadable, match=r"cycle: “.*” is not a year; expected a year from 2000 to 2999"):
            read_cycle(text)


def test_documents_are_separated_by_a_bar_with_their_hashes_in_order() -> None:
    seen = "a1" * 32
    assert read_documents("45/BC-UBND | anh.jpg|") == (Document("45/BC-UBND"), Document("anh.jpg"))
    assert read_documents("45/BC-UBND|anh.jpg", f"|{seen.upper()}") == (
        Document("45/BC-UBND"),
        Document("anh.jpg", seen),
    )
    with pytest.raises(Unreadable, match="sha256: 1 hashes for 2 documents"):
        read_documents("a|b", seen)
    with pytest.raises(Unreadable, match="sha256: “abc” is not a SHA-256 hash"):
        read_documents("a", "abc")


def test_the_nearest_known_word_is_suggested() -> None:
    known = ["verified", "adjusted", "rejected"]
    assert suggest("verifed", known).en == "did you mean verified?"
    assert suggest("xyz", known).en == "expected one of verified, adjusted, rejected"
    assert suggest("verifed", known * 3, search=False).vi.endswith("…")


@given(
    st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.sampled_from(["ratio", "count", "presence"])
)
def test_any_text_is_a_value_or_a_refusal_that_names_a_column(n: str, d: str, v: str, kind: Any) -> None:
    flaws: tuple[Flaw, ...] = ()
    try:
        amount = read_amount(criterion(kind), numerator=n, denominator=d, value=v)
    except Unreadable as unreadable:
        flaws, amount = unreadable.flaws, None
    assert {flaw.column for flaw in flaws} <= {"numerator", "denominator", "value"}
    assert all(flaw.found.vi and flaw.expected.vi for flaw in flaws)
    assert amount is None or 0 <= amount.numerator < 2**53
    assert amount is None or amount.denominator is None or amount.numerator <= amount.denominator < 2**53
