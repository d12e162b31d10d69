"""The words on points of Phụ lục 02 of Chư Prông are read as printed, and others not at all."""

from fractions import Fraction
from typing import Any

import pytest

from levels.formulas import UnreadableFormula, quotes, read_indicator
from levels.index import Scale, Segment


def scale(*points: str, ratio: str = "Tỷ lệ=a/b", labels: tuple[str, str] = ("x", "y"), **more: Any) -> Scale:
    keys = more.pop("keys", ("a", "b"))
    inputs = [{"key": key, "kind": "amount", "label": label} for key, label in zip(keys, labels, strict=True)]
    plain = {"name": "N", "max": 20, "inputs": inputs, "scoring": {"kind": "scale", "ratio": ratio, "points": points}}
    scoring, _ = read_indicator(plain)
    assert isinstance(scoring, Scale)
    return scoring


def segment(text: str) -> Segment:
    return scale(text).segments[0]


@pytest.mark.parametrize(
    "text",
    [
        "Điểm=Tỷ lệ*Điểm tối đa",
        "- Điểm = Tỷ lệ * điểm tối đa.",
        "Điểm=Tỷ lệ 1*Điểm tối đa",
        "- Điểm: + Tỷ lệ*Điểm tối đa",
        "Điểm=a/b*Điểm tối đa",
        "- Tỷ lệ= b/a* điểm tối đa",
        "Tỷ lệ = a/b * điểm tối đa",
    ],
)
def test_plain_ratios_earn_their_share(text: str) -> None:
    assert (segment(text).constant, segment(text).slope, segment(text).high) == (0, 1, None)


@pytest.mark.parametrize(
    ("text", "low", "low_included", "high", "high_included", "constant", "slope"),
    [
        ("+ Tỷ lệ≥80%: Điểm tối đa;", "4/5", True, None, True, "1", "0"),
        ("+ Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa", "0", True, "4/5", False, "0", "5/4"),
        ("+ Tỷ lệ ≤ 80%: Tỷ lệ/80%*Điểm tối đa", "0", True, "4/5", True, "0", "5/4"),
        ("+ Tỷ lệ>=1%: Điểm tối đa", "1/100", True, None, True, "1", "0"),
        ("Tỷ lệ > 1%: Điểm tối đa", "1/100", False, None, True, "1", "0"),
        ("Tỷ lệ <=1%: 0 điểm", "0", True, "1/100", True, "0", "0"),
        ("+ Tỷ lệ=100%: Điểm tối đa", "1", True, "1", True, "1", "0"),
        ("Tỷ lệ <10%: điểm = Điểm tối đa * tỷ lệ", "0", True, "1/10", False, "0", "1"),
        ("Tỷ lệ <80 : điểm = Điểm tối đa * tỷ lệ", "0", True, "4/5", False, "0", "1"),
        ("Tỷ lệ ≥0.25%: điểm tối đa", "1/400", True, None, True, "1", "0"),
        ("Tỷ lệ ≥ 0,25%: điểm tối đa", "1/400", True, None, True, "1", "0"),
        ("Mức 1 ≥ 10 % (điểm tối đa)", "1/10", True, None, True, "1", "0"),
        ("Mức 2 ≥ 7% (70% điểm)", "7/100", True, None, True, "7/10", "0"),
        ("Mức 4 <3% (0 điểm)", "0", True, "3/100", False, "0", "0"),
        ("Từ 10 trở lên: điểm tối đa", "10", True, None, True, "1", "0"),
        ("+ Từ 5 đến 10: 1/2 *Điểm tối đa;", "5", True, "10", True, "1/2", "0"),
        ("+ Dưới 5: 1/4* Điểm tối đa;", "0", True, "5", False, "1/4", "0"),
        ("- 100% cán bộ sử dụng: điểm tối đa", "1", True, None, True, "1", "0"),
        ("- dưới 100% cán bộ sử dụng: 0 điểm", "0", True, "1", False, "0", "0"),
    ],
)
def test_bounds_and_points_are_read_as_written(
    text: str, low: str, low_included: bool, high: str | None, high_included: bool, constant: str, slope: str
) -> None:
    found = segment(text)
    assert (found.low, found.low_included) == (Fraction(low), low_included)
    assert (found.high, found.high_included) == (None if high is None else Fraction(high), high_included)
    assert (found.constant, found.slope) == (Fraction(constant), Fraction(slope))
    assert found.text == text


def test_points_per_item_are_a_share_of_the_maximum() -> None:
    assert segment("- Mỗi hoạt động hiệu quả: 1 điểm;").slope == Fraction(1, 20)


@pytest.mark.parametrize(
    ("ratio", "above", "below"),
    [
        ("Tỷ lệ=a/b", ("a",), ("b",)),
        ("- Tỷ lệ =b/a", ("b",), ("a",)),
        ("Tỷ lệ a/b.", ("a",), ("b",)),
        ("Điểm=a/b*Điểm tối đa", ("a",), ("b",)),
        ("Tỷ lệ=(a+b)/b", ("a", "b"), ("b",)),
    ],
)
def test_quotients_are_read_from_their_letters(ratio: str, above: tuple[str, ...], below: tuple[str, ...]) -> None:
    quantity = scale("Điểm=Tỷ lệ*Điểm tối đa", ratio=ratio).quantity
    assert (quantity.numerator, quantity.denominator) == (above, below)


def test_inputs_without_a_letter_are_found_by_their_words() -> None:
    words = "Điểm = Điểm tối đa * số thôn đã có Tổ CNS / Tổng số thôn"
    found = scale(words, ratio=words, labels=("số thôn đã có Tổ CNS", "Tổng số thôn"), keys=("1", "2"))
    assert (found.quantity.numerator, found.quantity.denominator) == (("1",), ("2",))
    assert found.segments[0].slope == 1


@pytest.mark.parametrize(
    "text",
    [
        "Điểm=Tỷ lệ*Điểm tối đa và hơn nữa",
        "Tỷ lệ khá: Điểm tối đa",
        "Tỷ lệ≥80%: gần Điểm tối đa",
        "Tỷ lệ≥80%",
        "Từ 5: điểm tối đa",
        "Tỷ lệ<80%: Tỷ lệ/0%*Điểm tối đa",
        "một câu rất dài không nói gì về điểm số mà chỉ kể lể dông dài để xem thông báo có bị cắt ngắn hay không",
        "",
    ],
)
def test_words_outside_the_grammar_are_refused(text: str) -> None:
    with pytest.raises(UnreadableFormula, match="cannot be read") as caught:
        segment(text)
    assert caught.value.path == ("scoring", "points", 0)


def test_every_quote_of_a_scoring_is_listed() -> None:
    points = ["Tỷ lệ≥80%: Điểm tối đa", "Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa"]
    assert quotes(scale(*points)) == ["Tỷ lệ=a/b", *points]
    plain: dict[str, Any] = {"name": "N", "max": 20}
    assert quotes(read_indicator(plain)[0]) == []
    options = ["Có: Điểm tối đa", "Không: 0 điểm"]
    assert quotes(read_indicator({**plain, "scoring": {"kind": "choice", "options": options}})[0]) == options
    parts = {"kind": "sum", "parts": ["A: 1/2*Điểm tối đa", "B: 1/2 Điểm tối đa"], "otherwise": ["C: 0 điểm"]}
    assert quotes(read_indicator({**plain, "scoring": parts})[0]) == [*parts["parts"], "C: 0 điểm"]
    peers = {"kind": "peers", "method": "min_max", "count": "2", "text": "Min-Max"}
    inputs = [{"key": "1", "kind": "presence", "label": "x"}, {"key": "2", "kind": "count", "label": "y"}]
    for outer in (
        {"kind": "gate", "key": "1", "text": "Có", "otherwise": "Không: 0 điểm", "then": peers},
        {"kind": "none_detected", "key": "1", "text": "Không phát hiện", "otherwise": peers},
    ):
        found = quotes(read_indicator({**plain, "inputs": inputs, "scoring": outer})[0])
        assert found[-1] == "Min-Max"
        assert len(found) == (3 if outer["kind"] == "gate" else 2)
