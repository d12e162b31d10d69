"""Values of an index: exact decimals, options by number or words, and what could be meant in two ways."""

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.asked import Asked, catalogue
from evidence.facts import Amount
from evidence.index_values import write_decimal
from evidence.values import Unreadable
from levels.framework import Tier
from tests.evidence.indexes import INDEX, shorten

ASKED = catalogue(INDEX).asked[Tier.DISTRICT]
SCORE, YES, CHOICE, COUNT, MONEY = (ASKED[code] for code in ("1.1", "1.2", "1.3", "1.4:a", "1.5:a"))
BONUS, UNBOUNDED = ASKED["KK"], catalogue(INDEX).asked[Tier.DEPARTMENT]["KK"]


def refuse(asked: Asked, **cells: str) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as refusal:
        asked.read(**cells)
    return [(flaw.column, f"{flaw.found.en}; {flaw.expected.en}") for flaw in refusal.value.flaws]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", Amount(5, 1)),
        ("0", Amount(0, 1)),
        ("1,25", Amount(125, 100)),
        ("1.25", Amount(125, 100)),
        ("1,250000", Amount(125, 100)),
        ("0,125", Amount(125, 1000)),
        ("1234,567", Amount(1234567, 1000)),
        ("1.250,5", Amount(12505, 10)),
        ("1,250.5", Amount(12505, 10)),
        ("1 250,500", Amount(12505, 10)),
        ("1.234.567", Amount(1234567, 1)),
        ("12 500", Amount(12500, 1)),
        ("１，５", Amount(15, 10)),
        (" 007,50 ", Amount(75, 10)),
        ("999999999999999", Amount(10**15 - 1, 1)),
        ("0,000000000001", Amount(1, 10**12)),
    ],
)
def test_money_is_an_exact_decimal_with_comma_or_point(text: str, amount: Amount) -> None:
    assert MONEY.read(value=text) == amount


@pytest.mark.parametrize(("text", "whole", "clear"), [("1.250", "1250", "1.2500"), ("12,500", "12500", "12,5000")])
def test_three_decimals_could_be_thousands_and_are_asked_back(text: str, whole: str, clear: str) -> None:
    decimal = text.replace(",", ".")
    found = f"“{text}” has two readings: {whole} (thousands separator) or {decimal} (decimal)"
    expected = f"write {whole}, or one more zero: {clear}"
    assert refuse(MONEY, value=text) == [("value", f"{found}; {expected}")]
    assert refuse(UNBOUNDED, value=text) == [("value", f"{found}; {expected}")]
    amount = MONEY.read(value=clear)
    assert amount is not None
    assert amount.denominator is not None
    assert Fraction(amount.numerator, amount.denominator) == Fraction(decimal)


def test_a_score_that_cannot_be_thousands_is_a_decimal() -> None:
    assert SCORE.read(value="1.250") == Amount(125, 100)
    assert BONUS.read(value="19,999") == Amount(19999, 1000)


def test_a_score_lies_between_nothing_and_its_maximum() -> None:
    assert SCORE.read(value="15,0") == Amount(15, 1)
    for text in ("15,01", "16", "1 500"):
        assert refuse(SCORE, value=text) == [
            ("value", f"“{text}” is more than the maximum 15; expected points from 0 to 15, such as 15")
        ]
    assert refuse(SCORE, value="-1") == [("value", "“-1” is negative; expected points from 0 to 15, such as 15")]
    assert refuse(BONUS, value="20.5")[0][1].startswith("“20.5” is more than the maximum 20")
    assert UNBOUNDED.read(value="5000") == Amount(5000, 1)
    assert refuse(UNBOUNDED, value="x") == [("value", "“x” is not a number; expected points from 0 up, such as 1.5")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-5,2", "is negative"),
        ("NaN", "is not a finite number"),
        ("∞", "is not a finite number"),
        ("1e5", "is written with an exponent"),
        ("1,5E-3", "is written with an exponent"),
        ("=1+1", "is a formula"),
        ("yes", "is a yes or no, not a number"),
        ("٤٢", "has digits of another script than 0–9"),
        ("1.23.456", "is not a number"),
        ("1,2,3", "is not a number"),
        ("12 34,5", "is not a number"),
        (",5", "is not a number"),
        ("5,", "is not a number"),
        ("+5", "is not a number"),
        ("0x1F", "is not a number"),
        ("1/4", "is not a number"),
        ("5 tỷ", "is not a number"),
    ],
)
def test_what_is_no_decimal_is_refused_in_a_plain_sentence(text: str, found: str) -> None:
    expected = "expected a number from 0 up (tỷ đồng), such as 1.25"
    assert refuse(MONEY, value=text) == [("value", f"“{text}” {found}; {expected}")]


def test_a_decimal_has_at_most_fifteen_digits_twelve_of_them_after_the_comma() -> None:
    for text in ("9" * 16, "0," + "1" * 13, "1234," + "1" * 12, "9" * 400):
        assert refuse(MONEY, value=text)[0][1].endswith("has too many digits; at most 15 digits, 12 of them decimals")


def test_a_value_of_an_index_has_no_parts() -> None:
    for asked in (SCORE, MONEY, CHOICE, YES):
        columns = [column for column, _ in refuse(asked, numerator="1", denominator="2", value="1")]
        assert columns == ["numerator", "denominator"]
    assert refuse(COUNT, numerator="1", denominator="2")[0][0] == "denominator"
    assert refuse(SCORE, numerator="1") == [("numerator", "superfluous value “1”; leave this cell empty")]
    assert COUNT.read() is SCORE.read() is None
    assert COUNT.read(value="1.234.567") == Amount(1234567)


def test_a_percentage_is_no_input_of_a_ratio_and_the_inputs_are_named() -> None:
    parts = "1.4:a (Tổng số hồ sơ), 1.4:b (Hồ sơ một phần), 1.4:c (Hồ sơ toàn trình)"
    assert refuse(COUNT, value="70 %") == [
        ("value", f"“70 %” is a percentage; the ratio is computed from its parts; enter {parts}")
    ]
    assert "1.5:a (Chi cho chuyển đổi số)" in refuse(MONEY, value="70，5％")[0][1]
    assert "1.9:b (Tổng chi)" in refuse(ASKED["1.9:a"], value="5%")[0][1]
    whole = "expected a whole number from 0 up, such as 104"
    assert refuse(ASKED["1.8"], value="5%") == [("value", f"“5%” is a percentage; {whole}")]
    assert refuse(SCORE, value="80%")[0][1] == "“80%” is a percentage; expected points from 0 to 15, such as 15"
    assert refuse(BONUS, value="80%")[0][1].startswith("“80%” is a percentage; expected points from 0 to 20")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("3", 3),
        (" ２ ", 2),
        ("Phó Chủ tịch UBND", 2),
        ("phó  chủ tịch\u00a0ubnd", 2),
        (unicodedata.normalize("NFD", "Phó Chủ tịch UBND"), 2),
        ("Pho Chu tich UBND", 2),
        ("CONG CHUC", 3),
    ],
)
def test_an_option_is_chosen_by_number_or_words_whatever_their_case_tones_and_spaces(text: str, number: int) -> None:
    assert CHOICE.read(value=text) == Amount(number)


def test_an_unknown_option_is_refused_with_the_nearest_or_all_of_them() -> None:
    assert refuse(CHOICE, value="Phó Chủ tịch") == [
        ("value", "there is no option “Phó Chủ tịch”; did you mean 2 (Phó Chủ tịch UBND)?")
    ]
    for text in ("0", "4", "-1", "1.0", "x", "9" * 50):
        assert refuse(CHOICE, value=text)[0][1].endswith(
            "expected one of 1 (“Chủ tịch UBND”); 2 (“Phó Chủ tịch UBND”); 3 (“Công chức”)"
        )
    assert refuse(CHOICE, numerator="1") == [("numerator", "superfluous value “1”; leave this cell empty")]
    with pytest.raises(Unreadable) as refusal:
        CHOICE.read_written("x")
    assert [flaw.column for flaw in refusal.value.flaws] == ["reported"]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("có", 1), ("Yes", 1), ("1", 1), ("không", 0), ("0", 0), ("no", 0),
        ("2", 0), ("Đã ban hành", 1), ("da ban hanh", 1), ("chưa", 0), ("CHUA", 0),
    ],
)  # fmt: skip
def test_full_or_none_is_answered_by_yes_or_no_or_by_its_options(text: str, there: int) -> None:
    assert YES.read(value=text) == Amount(there)


def test_what_is_neither_yes_nor_an_option_is_refused_with_both() -> None:
    options = "expected one of 1 (“Đã ban hành”); 2 (“Chưa”)"
    assert refuse(YES, value="3") == [
        ("value", f"“3” is neither yes nor no; expected yes or no (có/không, 1/0), {options}")
    ]
    assert refuse(ASKED["1.6:1"], value="2") == [
        ("value", "“2” is neither yes nor no; expected yes or no (có/không, 1/0)")
    ]
    assert refuse(YES, denominator="2") == [
        ("denominator", "superfluous value “2”; leave this cell empty"),
        ("value", "the cell is empty; expected yes or no (có/không, 1/0)"),
    ]


@given(st.integers(0, 10**15 - 1), st.integers(0, 12))
def test_every_decimal_is_written_so_that_it_reads_back(number: int, places: int) -> None:
    amount = shorten(number, places)
    assert MONEY.read(value=write_decimal(amount)) == amount
    assert MONEY.read_written(MONEY.write(amount)) == amount


def test_only_a_decimal_is_written_as_one() -> None:
    assert write_decimal(Amount(1234, 1000)) == "1.2340"
    assert write_decimal(Amount(7)) == "7"
    assert [write_decimal(Amount(number, 100)) for number in (1250, 120, 100, 5, 0)] == [
        "12.5",
        "1.2",
        "1",
        "0.05",
        "0",
    ]
    for denominator in (3, 0, 20):
        with pytest.raises(ValueError, match="is no decimal"):
            write_decimal(Amount(1, denominator))


@given(st.text(max_size=20), st.sampled_from([SCORE, YES, CHOICE, COUNT, MONEY, BONUS]))
def test_any_text_is_a_value_or_a_named_flaw(text: str, asked: Asked) -> None:
    try:
        amount = asked.read(value=text)
    except Unreadable as unreadable:
        columns = [flaw.column for flaw in unreadable.flaws]
    else:
        columns = ["value"]
        assert (amount is None) is (not text)
        assert amount is None or asked.read_written(asked.write(amount)) == amount
    assert columns == ["value"]
