"""The words on points of Phụ lục 02 of Chư Prông are read as printed, and others not at all."""

from fractions import Fraction
from typing import Any

import pytest

from levels.formulas import UnreadableFormula, quoted, read_indicator
from levels.index import Scale, Segment


def scale(
    *points: str, ratio: str = "Tỷ lệ=a/b", labels: tuple[str, str] = ("số máy", "số người"), **more: Any
) -> Scale:
    keys = more.pop("keys", ("a", "b"))
    inputs = [{"key": key, "kind": "amount", "label": label} for key, label in zip(keys, labels, strict=True)]
    plain = {"name": "N", "max": 20, "inputs": inputs, "scoring": {"kind": "scale", "ratio": ratio, "points": points}}
    scoring, _ = read_indicator(plain)
    assert isinstance(scoring, Scale)
    return scoring


def segment(text: str, ratio: str = "Tỷ lệ=a/b") -> Segment:
    return scale(text, ratio=ratio).segments[0]


def counted(*points: str) -> Scale:
    plain = {"name": "N", "max": 20, "inputs": [{"key": "1", "kind": "count", "label": "x"}]}
    scoring, _ = read_indicator({**plain, "scoring": {"kind": "scale", "count": "1", "points": points}})
    assert isinstance(scoring, Scale)
    return scoring


@pytest.mark.parametrize(
    "text",
    [
        "Điểm=Tỷ lệ*Điểm tối đa",
        "- Điểm = Tỷ lệ * điểm tối đa.",
        "Điểm=Tỷ lệ 1*Điểm tối đa",
        "- Điểm: + Tỷ lệ*Điểm tối đa",
        "Điểm=a/b*Điểm tối đa",
        "- Tỷ lệ= a/b* điểm tối đa",
        "Điểm = Điểm tối đa * a / b",
        "'Điểm = T % x Điểm tối đa (Điểm uôn <= 20)",
        "Điểm = T % x Điểm tối đa (Điểm luôn ≤ 20)",
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


def test_tiers_of_a_number_hold_the_boundaries_that_they_name() -> None:
    tiers = counted(
        "Từ 10 trở lên: điểm tối đa", "+ Từ 5 đến 10: 1/2 *Điểm tối đa;", "+ Dưới 5: 1/4* Điểm tối đa;"
    ).segments
    assert [(tier.low, tier.low_included) for tier in tiers] == [(10, True), (5, True), (0, True)]
    assert [(tier.high, tier.high_included) for tier in tiers] == [(None, True), (10, True), (5, False)]
    assert [tier.constant for tier in tiers] == [1, Fraction(1, 2), Fraction(1, 4)]


def test_points_per_item_are_a_share_of_the_maximum() -> None:
    assert counted("- Mỗi hoạt động hiệu quả: 1 điểm;").segments[0].slope == Fraction(1, 20)


def test_a_quotient_written_again_with_the_points_must_be_the_indicators_own() -> None:
    assert segment("- Tỷ lệ= b/a* điểm tối đa", ratio="Tỷ lệ= b/a").slope == 1
    with pytest.raises(UnreadableFormula):
        segment("- Tỷ lệ= b/a* điểm tối đa", ratio="Tỷ lệ=a/b")


@pytest.mark.parametrize(
    "text",
    ["Tỷ lệ≥80%: Điểm tối đa", "Điểm=Tỷ lệ*Điểm tối đa", "Mức 2 ≥ 7% (70% điểm)", "Từ 5: điểm tối đa"],
)
def test_a_number_is_not_scored_by_percentages(text: str) -> None:
    with pytest.raises(UnreadableFormula):
        counted(text)


def test_keys_may_have_two_digits() -> None:
    found = scale("Điểm=Tỷ lệ*Điểm tối đa", ratio="số máy / số người", keys=("9", "10"))
    assert found.quantity.keys == ("9", "10")


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
        "Tỷ lệ<80%: 1/0*Điểm tối đa",
        "Tỷ lệ<80%: 3/2*Điểm tối đa",
        "Tỷ lệ≥80%: 101% điểm",
        "Điểm = T % x Điểm tối đa (Điểm uôn <= 10)",
        "Từ 10 trở lên: điểm tối đa",
        "Mỗi hoạt động: 1 điểm",
        "một câu rất dài không nói gì về điểm số mà chỉ kể lể dông dài để xem thông báo có bị cắt ngắn hay không",
        "",
    ],
)
def test_words_outside_the_grammar_are_refused(text: str) -> None:
    with pytest.raises(UnreadableFormula, match="cannot be read") as caught:
        segment(text)
    assert caught.value.path == ("scoring", "points", 0)


def places(plain: dict[str, Any]) -> list[tuple[str, str]]:
    """Every quote of a scoring with its place in the file."""
    found = quoted(read_indicator({"name": "N", "max": 20, **plain})[0])
    return [("/".join(map(str, path)), text) for path, text in found]


LETTERED = [{"key": "a", "kind": "count", "label": "x"}, {"key": "b", "kind": "count", "label": "y"}]
PEERS = {"kind": "peers", "method": "min_max", "count": "b", "text": "Min-Max"}


def test_every_quote_of_a_scoring_is_listed_where_it_stands() -> None:
    points = ["Tỷ lệ≥80%: Điểm tối đa", "Tỷ lệ<80%: 0 điểm"]
    assert places({"inputs": LETTERED, "scoring": {"kind": "scale", "ratio": "Tỷ lệ=a/b", "points": points}}) == [
        ("scoring/ratio", "Tỷ lệ=a/b"), ("scoring/points/0", points[0]), ("scoring/points/1", points[1]),
    ]  # fmt: skip
    options = ["Có: Điểm tối đa", "Không: 0 điểm"]
    assert places({"scoring": {"kind": "choice", "options": options}}) == [
        ("scoring/options/0", options[0]), ("scoring/options/1", options[1]),
    ]  # fmt: skip
    parts = ["A: 1/2*Điểm tối đa", "B: 1/2 Điểm tối đa"]
    assert places({"scoring": {"kind": "sum", "parts": parts, "otherwise": ["C: 0 điểm"]}}) == [
        ("scoring/parts/0", parts[0]), ("scoring/parts/1", parts[1]), ("scoring/otherwise/0", "C: 0 điểm"),
    ]  # fmt: skip
    assert places({}) == []


def test_a_scoring_within_another_is_quoted_in_its_place() -> None:
    inputs = [{"key": "a", "kind": "presence", "label": "x"}, {"key": "b", "kind": "count", "label": "y"}]
    gate = {"kind": "gate", "key": "a", "text": "Có", "then": PEERS}
    assert places({"inputs": inputs, "scoring": gate}) == [("scoring/text", "Có"), ("scoring/then/text", "Min-Max")]
    closed = {**gate, "otherwise": "Không: 0 điểm"}
    assert places({"inputs": inputs, "scoring": closed})[1] == ("scoring/otherwise", "Không: 0 điểm")
    none = {"kind": "none_detected", "key": "a", "text": "Không phát hiện", "otherwise": PEERS}
    assert places({"inputs": inputs, "scoring": none}) == [
        ("scoring/text", "Không phát hiện"), ("scoring/otherwise/text", "Min-Max"),
    ]  # fmt: skip
