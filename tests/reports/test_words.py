"""Names, dates and numbers as an office writes them."""

import datetime
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.facts import Amount
from reports.words import (
    collation_key,
    date_text,
    exact_text,
    in_sentence,
    join,
    kind_of,
    percent_text,
    place_of,
    printable,
    value_text,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "vi", "en"),
    [
        (74, 104, "71,15%", "71.15%"),
        (6996, 10_000, "69,96%", "69.96%"),
        (69_999, 100_000, "69,99%", "69.99%"),
        (2, 3, "66,66%", "66.66%"),
        (7, 10, "70%", "70%"),
        (0, 5, "0%", "0%"),
        (1, 100_000, "0,00%", "0.00%"),
        (99_999, 100_000, "99,99%", "99.99%"),
        (5, 5, "100%", "100%"),
        (1, 8, "12,50%", "12.50%"),
    ],
)
def test_percentages_are_cut_and_never_rounded_up(numerator: int, denominator: int, vi: str, en: str) -> None:
    assert percent_text(numerator, denominator, "vi") == vi
    assert percent_text(numerator, denominator, "en") == en


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_printed_percentage_never_exceeds_the_exact_one(numerator: int, denominator: int) -> None:
    printed = Fraction(percent_text(numerator, denominator, "en").removesuffix("%"))
    exact = Fraction(numerator * 100, denominator)
    assert printed <= exact < printed + Fraction(1, 100)


def test_values_are_always_printed_with_their_exact_fraction() -> None:
    assert value_text("ratio", Amount(74, 104), "vi") == "74/104 (71,15%)"
    assert value_text("ratio", Amount(0, 0), "vi") == "0/0"
    assert value_text("count", Amount(2), "vi") == "2"
    assert value_text("count", Amount(2, 5), "vi") == "2 (trên tổng số 5)"
    assert value_text("count", Amount(0, 0), "en") == "0 (of 0)"
    assert value_text("presence", Amount(1), "vi") == "có"
    assert value_text("presence", Amount(0), "en") == "not there"
    assert value_text("members", Amount(9, 11), "en") == "9/11 (81.81%)"


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (datetime.date(2025, 2, 5), "ngày 05 tháng 02 năm 2025"),
        (datetime.date(2025, 3, 10), "ngày 10 tháng 3 năm 2025"),
        (datetime.date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
    ],
)
def test_days_below_ten_and_the_first_two_months_take_a_zero(date: datetime.date, text: str) -> None:
    assert date_text(date, "vi") == text
    assert date_text(date, "en") == date.isoformat()


@pytest.mark.parametrize(
    ("name", "kind", "sentence", "place"),
    [
        ("Huyện Đắk Hà", "huyện", "huyện Đắk Hà", "Đắk Hà"),
        ("Thành phố Kon Tum", "thành phố", "thành phố Kon Tum", "Kon Tum"),
        ("Thị trấn Đắk Glei", "thị trấn", "thị trấn Đắk Glei", "Đắk Glei"),
        ("Thị xã Ba Đồn", "thị xã", "thị xã Ba Đồn", "Ba Đồn"),
        ("Quận 1", "quận", "quận 1", "Quận 1"),
        ("Đắk Hà", "", "Đắk Hà", "Đắk Hà"),
        ("Xã", "", "Xã", "Xã"),
    ],
)
def test_names_are_worded_from_what_they_say(name: str, kind: str, sentence: str, place: str) -> None:
    assert (kind_of(name), in_sentence(name), place_of(name)) == (kind, sentence, place)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5, 4), "1.25"),
        (Fraction(1, 32), "0.03125"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(7), "7"),
        (Fraction(0), "0"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-22, 7), "-22/7"),
    ],
)
def test_exact_numbers_are_decimals_where_they_end_and_are_never_rounded(value: Fraction, text: str) -> None:
    assert exact_text(value) == text
    assert Fraction(exact_text(value)) == value


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    ordered = [
        "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Bă", "Bằ", "Bâ", "Bấ", "Da", "Dạ", "Đa", "Đà", "Đắk Hà", "Đắk Tô", "Đâu",
        "Ea", "Êa", "Ngọc", "Nhà", "Oa", "Ôa", "Ơa", "Tô", "Tơ", "Ưa", "Xã 2", "Xã A", "Xã Ă", "Ya",
    ]  # fmt: skip
    assert sorted([*ordered[10:], *ordered[:10]], key=collation_key) == ordered


def test_letters_count_before_tones() -> None:
    assert sorted(["Mác", "Màn", "Ma", "Mã"], key=collation_key) == ["Ma", "Mã", "Mác", "Màn"]


@given(st.text())
def test_the_order_does_not_depend_on_how_letters_are_composed(text: str) -> None:
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text))
    assert collation_key(parts)[:2] == collation_key(unicodedata.normalize("NFC", text))[:2]


def test_lists_are_joined_as_they_are_spoken() -> None:
    assert join([], "vi") == ""
    assert join(["xã"], "vi") == "xã"
    assert join(["xã", "phường", "thị trấn"], "vi") == "xã, phường và thị trấn"
    assert join(["a", "b"], "en") == "a and b"


def test_text_is_composed_and_free_of_what_would_turn_or_break_it() -> None:
    assert printable("Đa\u0306\u0301k") == "Đắk"
    assert printable({"a": ["x\x00y", ("\u202eabc",)], "n": 3}) == {"a": ["x\ufffdy", ["\ufffdabc"]], "n": 3}
    assert printable("a\nb\tc") == "a b c"
    assert printable("\ud800") == "\ufffd"


@given(st.text())
def test_printable_text_is_in_nfc_and_can_be_written(text: str) -> None:
    shown = printable(text)
    assert unicodedata.is_normalized("NFC", shown)
    shown.encode()
    assert "\x1b" not in shown
