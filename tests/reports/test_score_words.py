"""Why this score: sentences that name the formula, the facts, the points lost and how to win them back."""

import unicodedata
from fractions import Fraction

import pytest
from attrs import evolve

from evidence.facts import Amount, Status
from evidence.units import Unit
from levels.faults import Language
from levels.framework import Tier
from levels.index import Bonus, CouncilScore, Indicator, Input, NoneDetected, Peers, Quantity, Scale, Segment
from reports.score_explanation import explain_score_html, explain_score_text
from reports.score_words import (
    amount_text,
    applied_sentence,
    gain_sentence,
    gaps_sentence,
    input_sentence,
    lost_sentence,
    points_text,
    quantity_sentences,
    quantity_text,
    rank_text,
    state_text,
    total_sentence,
    ways_back,
)
from reports.words import decimal_text
from rules.scores import Applied, Gain, IndicatorScore, InputValue, Place, Ranking, State
from tests.reports import index_factory as factory
from tests.reports.looking import compare_golden, html_tags, html_text


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return factory.ranking()


@pytest.fixture(scope="module")
def place(ranking: Ranking) -> Place:
    return factory.place(ranking)


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [
        (Fraction(1625, 2), 2, "812,5", "812.5"),
        (Fraction(1, 8), 2, "0,13", "0.13"),  # half up
        (Fraction(1, 3), 4, "0,3333", "0.3333"),
        (Fraction(19999, 10000), 2, "2", "2"),
        (Fraction(7), 2, "7", "7"),
    ],
)
def test_points_are_rounded_half_up_with_a_vietnamese_comma(value: Fraction, places: int, vi: str, en: str) -> None:
    assert (decimal_text(value, "vi", places), decimal_text(value, "en", places)) == (vi, en)


def test_columns_of_figures_keep_their_decimals() -> None:
    assert decimal_text(Fraction(15, 2), "vi", fixed=True) == "7,50"
    assert decimal_text(0, "vi", fixed=True) == "0,00"


def test_points_that_would_round_to_nothing_are_not_called_nothing() -> None:
    assert points_text(Fraction(1, 1000), "vi") == "dưới 0,01 điểm"
    assert points_text(Fraction(1, 1000), "en") == "less than 0.01 points"
    assert points_text(Fraction(0), "vi") == "0 điểm"
    assert points_text(Fraction(1), "en") == "1 point"


def test_a_quantity_shows_the_exact_fraction_and_a_percentage_that_is_cut() -> None:
    assert quantity_text(Fraction(7999, 10000), "vi") == "7999/10000 (79,99%)"
    assert quantity_text(Fraction(1), "vi") == "100%"
    assert quantity_text(Fraction(7), "vi") == "7"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_why_this_score_reads_as_agreed(place: Place, ranking: Ranking, language: Language) -> None:
    name = {"vi": "vi-sao-diem.txt", "en": "why-score.txt"}[language]
    compare_golden(name, explain_score_text(place, language, rounds=factory.rounds(ranking)))


def test_one_indicator_is_explained_alone(place: Place) -> None:
    text = explain_score_text(place, "vi", "5.1")
    assert "Tỷ lệ=(c+d)/(a+b) = (50 + 24)/(60 + 44) = 71,15%" in text
    assert "“Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa”: 35,58 điểm" in text
    assert "thêm 10 ở mục c (Số hồ sơ trực tuyến của cấp huyện): được thêm 4,42 điểm – “Tỷ lệ≥80%: Điểm tối đa”" in text
    assert "Hội đồng điều chỉnh từ số báo cáo 58" in text
    assert "1.1 –" not in text
    with pytest.raises(KeyError):
        explain_score_text(place, "vi", "9.9")


def test_the_page_says_the_same_as_the_text(place: Place, ranking: Ranking) -> None:
    page = explain_score_html(place, "vi", rounds=factory.rounds(ranking))
    shown = html_text(page).replace(" :", ":")
    for line in explain_score_text(place, "vi", rounds=factory.rounds(ranking)).splitlines()[3:]:
        assert " ".join(line.strip().removeprefix("- ").split()) in shown
    assert not [tag for tag, names in html_tags(page) if tag in {"script", "link", "img"} or "src" in names]
    assert unicodedata.is_normalized("NFC", page)


@pytest.mark.parametrize(
    ("entry", "amount", "vi", "en"),
    [
        (Input("1", "presence", ""), Amount(1), "có", "yes"),
        (Input("1", "presence", ""), Amount(0), "không", "no"),
        (Input("1", "choice", "", ("Có", "Đang làm")), Amount(2), "“Đang làm”", "“Đang làm”"),
        (Input("1", "choice", "", ("Có",)), Amount(2), "2", "2"),
        (Input("1", "amount", "", unit="tỷ đồng"), Amount(125, 100), "1,25 tỷ đồng", "1.25 tỷ đồng"),
        (Input("1", "count", ""), Amount(12), "12", "12"),
        (Input("1", "score", ""), Amount(15, 2), "7,5 điểm", "7.5 points"),
    ],
)
def test_every_kind_of_input_is_read_aloud(entry: Input, amount: Amount, vi: str, en: str) -> None:
    assert (amount_text(entry, amount, "vi"), amount_text(entry, amount, "en")) == (vi, en)


def test_facts_that_do_not_count_are_not_called_missing(place: Place) -> None:
    line = place.score.by_code["1.2"]
    waiting = evolve(line, state=State.MISSING)
    assert state_text(waiting, "vi") == "Hội đồng chưa chấp nhận, tính 0 điểm"
    late = evolve(
        waiting,
        inputs=tuple(
            evolve(value, fact=evolve(value.fact, status=Status.VERIFIED) if value.fact else None, value=None)
            for value in line.inputs
        ),
    )
    assert "ngoài kỳ số liệu" in state_text(late, "vi")
    assert "outside the data window" in lost_sentence(late, "en")
    assert state_text(place.score.by_code["4.1"], "en") == "no data, counts as 0 points"


def test_a_claim_without_its_document_is_told_as_that_and_nothing_else(place: Place) -> None:
    line = place.score.by_code["1.2"]
    claimed = evolve(line, state=State.MISSING, share=Fraction(0), applied=(Applied("", Fraction(0), unproven=True),))
    assert state_text(claimed, "vi") == "thiếu tài liệu kiểm chứng, tính 0 điểm"
    assert "its document is missing" in lost_sentence(claimed, "en")
    lines = tuple(claimed if each is line else each for each in place.score.indicators)
    gaps = gaps_sentence(evolve(place, score=evolve(place.score, indicators=lines)), "vi")
    assert f"1 chỉ số thiếu tài liệu kiểm chứng, tính 0 điểm (tối đa {line.indicator.max} điểm)" in gaps


def test_what_was_compared_with_peers_can_be_computed_again() -> None:
    nine = Applied("Min-Max", Fraction(1, 3), Fraction(3), Fraction(0), Fraction(9), 17)
    assert applied_sentence(nine, 15, "vi") == (
        "“Min-Max”: 5 điểm (thấp nhất 0, cao nhất 9 trong 17 đơn vị có số liệu)"
    )
    assert applied_sentence(nine, 15, "en").endswith("5 points (lowest 0, highest 9 of 17 units with data)")
    money = Applied("Min-Max", Fraction(1), Fraction(441, 50), Fraction(441, 50), Fraction(441, 50), 1)
    assert applied_sentence(money, 20, "vi").endswith("(thấp nhất 8,82, cao nhất 8,82 trong 1 đơn vị có số liệu)")
    assert applied_sentence(money, 20, "en").endswith("(lowest 8.82, highest 8.82 of 1 unit with data)")
    ratio = evolve(nine, peers_lowest=Fraction(1, 3))
    assert "thấp nhất 1/3 (33,33%)" in applied_sentence(ratio, 15, "vi")


def test_over_a_zero_base_the_way_back_is_the_council_s_ruling(place: Place) -> None:
    line = evolve(place.score.by_code["5.1"], state=State.ZERO_BASE, share=Fraction(0), gains=())
    [way] = ways_back(line, "vi")
    assert way.startswith("Hội đồng có thể kết luận đơn vị không thuộc diện đánh giá chỉ số này (miễn, nêu rõ lý do)")
    assert f"{line.indicator.max} điểm" in way
    assert "exempt, with a reason" in ways_back(line, "en")[0]
    settled = place.score.by_code["5.1"]
    assert len(ways_back(settled, "vi")) == len(settled.gains)


def test_what_a_gate_asks_besides_is_told(place: Place) -> None:
    ratio = place.score.by_code["5.1"]
    both = Gain("c", "Tỷ lệ≥80%: Điểm tối đa", Fraction(5), also=(("a", Fraction(2)), ("b", Fraction(3))))
    assert gain_sentence(both, ratio, "vi", brief=True) == (
        "“Số hồ sơ trực tuyến của cấp huyện” và thêm 2 ở mục a và thêm 3 ở mục b: được thêm 5 điểm "
        "– “Tỷ lệ≥80%: Điểm tối đa”"
    )
    assert gain_sentence(evolve(both, text=""), ratio, "en", brief=True) == (
        "“Số hồ sơ trực tuyến của cấp huyện” and 2 more of a and 3 more of b: 5 points more"
    )


def _with_bonus(place: Place) -> Place:
    index = factory.index()
    bonus = Bonus("KK", "Điểm khuyến khích", "Điều 2")
    owner = evolve(index, sets={**index.sets, Tier.DISTRICT: evolve(index.sets[Tier.DISTRICT], bonus=bonus)})
    return evolve(place, score=evolve(place.score, index=owner))


def test_bonus_points_are_explained_with_reason_and_document(place: Place) -> None:
    none = _with_bonus(place)
    assert "KK" not in explain_score_text(none, "vi")
    assert "Hội đồng chưa cho điểm khuyến khích" in explain_score_text(none, "vi", "KK")
    fact = factory.fact(place.score.unit, place.score.indicators[0].indicator, "1", Amount(2, 1), note="Sáng kiến mới")
    given = evolve(none, score=evolve(none.score, bonus=Fraction(2), bonus_fact=fact))
    for text in (explain_score_text(given, "vi"), explain_score_text(given, "vi", "KK")):
        told = text[text.index("KK – Điểm khuyến khích: 2 điểm") :]
        assert "Số liệu: 2 điểm (đã thẩm định)" in told
        assert fact.documents[0].reference in told
        assert "Sáng kiến mới" in told
        assert "Căn cứ: Điều 2" in told
    assert "Cách tính" not in explain_score_text(given, "vi", "KK")
    with pytest.raises(KeyError):
        explain_score_text(place, "vi", "KK")


def test_every_way_to_win_points_back_has_words_of_its_own(place: Place) -> None:
    by_code = place.score.by_code
    choice, score, ratio = by_code["1.1"], by_code["1.3"], by_code["5.1"]
    five = Fraction(5)
    assert gain_sentence(score.gains[0], score, "vi") == "Hội đồng còn có thể chấm thêm 2,5 điểm"
    assert gain_sentence(choice.gains[0], choice, "en") == "“Chủ tịch UBND cấp huyện: Điểm tối đa”: 7.5 points more"
    unknown = Gain("c", "", five, at_most=True)
    assert gain_sentence(unknown, ratio, "vi") == (
        "có số liệu “Số hồ sơ trực tuyến của cấp huyện” được chấp nhận: được thêm tối đa 5 điểm"
    )
    assert gain_sentence(unknown, ratio, "en").endswith("up to 5 points more")
    assert gain_sentence(ratio.gains[0], ratio, "vi", brief=True).startswith("thêm 10 ở mục c: được thêm")
    assert gain_sentence(Gain("", "", five), choice, "vi") == f"“{choice.indicator.name}”: được thêm 5 điểm"


def test_an_only_input_is_told_without_a_letter() -> None:
    money = Indicator(
        "8.4", "Chi", 20, Peers("highest", Quantity(("1",)), ""), (Input("1", "amount", "Số chi", unit="tỷ đồng"),)
    )
    value = InputValue(
        money.inputs[0], factory.fact(factory.district(), money, "1", Amount(495, 100)), Fraction(99, 20)
    )
    line = IndicatorScore(money, State.ACCEPTED, Fraction(1, 2), (value,))
    assert input_sentence(value, line, "vi") == "Số chi: 4,95 tỷ đồng (đã thẩm định)"
    assert quantity_sentences(line, "vi") == ("Số lượng = 4,95 tỷ đồng",)
    assert gain_sentence(Gain("1", "", Fraction(1), Fraction(387, 100)), line, "vi") == (
        "thêm 3,87 tỷ đồng (Số chi): được thêm 1 điểm"
    )


def test_quantities_are_found_inside_what_was_not_detected_and_nothing_is_divided_by_zero() -> None:
    scale = Scale(Quantity(("a",), ("b",), text="Tỷ lệ=a/b"), (Segment("Điểm=Tỷ lệ", slope=Fraction(1)),))
    entry = Indicator(
        "5.10", "Sự cố", 10, NoneDetected("1", "không phát hiện", scale),
        (Input("a", "count", "xử lý"), Input("b", "count", "tổng"), Input("1", "presence", "không phát hiện")),
    )  # fmt: skip
    values = {"a": Fraction(0), "b": Fraction(0), "1": None}

    def line(values: dict[str, Fraction | None]) -> IndicatorScore:
        inputs = tuple(InputValue(found, None, values[found.key]) for found in entry.inputs)
        return IndicatorScore(entry, State.ZERO_BASE, Fraction(0), inputs)

    assert quantity_sentences(line(values), "vi") == ()
    assert quantity_sentences(line({**values, "a": None}), "vi") == ()
    assert quantity_sentences(line({**values, "a": Fraction(1), "b": Fraction(2)}), "vi") == ("Tỷ lệ=a/b = 1/2 = 50%",)
    assert list(quantity_sentences(factory.without(_score()), "vi")) == []


def _score() -> Indicator:
    return Indicator("1", "Điểm", 5, CouncilScore(), (Input("1", "score", ""),))


def test_the_total_tells_rank_ties_last_year_and_bonus(place: Place, ranking: Ranking) -> None:
    assert total_sentence(place, "vi", of=8, group="Các huyện") == (
        "Năm 2023: 121,58/190 điểm (63,99% điểm tối đa được tính), hạng 8/8 nhóm “Các huyện”. "
        "Năm 2022: 177,88 điểm, hạng 2 (giảm 6 hạng)."
    )
    tied = factory.place(ranking, "Thị xã Quế Võ")
    assert rank_text(tied, "vi") == "hạng 3 (đồng hạng)"
    assert rank_text(tied, "en", of=8) == "rank 3/8 (shared)"
    assert "(giữ hạng)" in total_sentence(factory.place(ranking, "Thị xã Thuận Thành"), "vi")
    lifted = evolve(place, score=evolve(place.score, bonus=Fraction(2)))
    assert "trong đó 2 điểm khuyến khích" in total_sentence(lifted, "vi")
    assert "2 of them bonus points" in total_sentence(lifted, "en")


def test_hostile_notes_stay_text() -> None:
    unit = Unit("1", "<b>{{ 7*7 }}", Tier.DISTRICT)
    group = factory.ranked(factory.index().groups[1], [factory.every_kind(unit)])
    page = explain_score_html(group.places[0], "vi")
    assert "<b>{{" not in page
    assert "<b>{{ 7*7 }}" in html_text(page)
