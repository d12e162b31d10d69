"""What would win lost points back: the least that is needed, and exactly the points that it gives."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.facts import Amount, Document, Fact, Status
from levels.framework import Tier
from levels.index import (
    Choice,
    Gate,
    Indicator,
    Input,
    NoneDetected,
    Option,
    Part,
    Peers,
    Quantity,
    Scale,
    Scoring,
    Segment,
    Sum,
)
from levels.loader import load_index
from rules.gains import gains
from rules.scores import Gain, IndicatorScore, State
from rules.scoring import Unscorable, score_all
from tests.rules.indexes import CYCLE, index, indicator, units
from tests.rules.scorings import facts, indicators

PROOF = (Document("12/BC-UBND"),)
Told = int | Amount | Fact | None


def chu_prong(code: str) -> Indicator:
    return load_index("chu-prong-2023").sets[Tier.DISTRICT].by_code[code]


def fact(unit: str, code: str, told: Told) -> Fact:
    if isinstance(told, Fact):
        return evolve(told, unit=unit, criterion=code)
    amount = Amount(told) if isinstance(told, int) else told
    return Fact(unit, code, Status.UNKNOWN if amount is None else Status.VERIFIED, amount, documents=PROOF)


def line(entry: Indicator, told: Mapping[str, Told], *others: Mapping[str, Told]) -> IndicatorScore:
    """The line of a unit that has told so much, beside other units."""
    owner = index(entry)
    group = units(*(f"u{n}" for n in range(len(others) + 1)))
    dossiers = {
        unit: {entry.fact_code(key): fact(unit, entry.fact_code(key), value) for key, value in given.items()}
        for unit, given in zip(group, (told, *others), strict=True)
    }
    return score_all(owner, group, dossiers, CYCLE)["u0"].indicators[0]


def won(entry: Indicator, told: Mapping[str, Told], *others: Mapping[str, Told]) -> list[tuple[object, ...]]:
    """The gains as (key, more, points); where it is no number of an input: (key, words or «at most», points)."""
    return [
        (gain.key, "at most" if gain.at_most else gain.text if gain.more is None else gain.more, gain.points)
        for gain in line(entry, told, *others).gains
    ]


def test_of_a_ratio_one_more_and_the_full_score_are_told() -> None:
    assert won(chu_prong("II.3.1"), {"a": 3, "b": 5}) == [("a", 1, 2), ("a", 2, 4)]
    assert won(chu_prong("II.3.1"), {"a": 4, "b": 5}) == [("a", 1, 2)]
    assert won(chu_prong("II.3.1"), {"a": 5, "b": 5}) == []


def test_of_a_capped_ratio_the_cap_is_reached_by_any_input_above_the_line() -> None:
    # 20 points at 80 %: 74 of 104 need 10 more, as 83 of 104 are below 80 %.
    found = won(chu_prong("II.6.6"), {"a": 104, "b": 30, "c": 44})
    one = Fraction(20) * Fraction(1, 104) / Fraction(80, 100)
    lost = 20 - Fraction(20) * Fraction(74, 104) / Fraction(80, 100)
    assert found == [("b", 1, one), ("c", 1, one), ("b", 10, lost), ("c", 10, lost)]


def test_of_a_cliff_the_step_is_what_is_to_be_reached() -> None:
    # 7.1: 10 % give everything, below it the ratio itself: 9 of 100 have 1,8 points.
    assert won(chu_prong("II.7.1"), {"a": 9, "b": 100}) == [("a", 1, Fraction(182, 10))]
    assert won(chu_prong("II.7.1"), {"a": 8, "b": 100}) == [("a", 1, Fraction(2, 10)), ("a", 2, Fraction(184, 10))]


def test_of_tiers_every_better_line_is_told_with_its_words() -> None:
    found = line(chu_prong("II.1.4"), {"1": 1, "2": 3}).gains
    assert found == (
        Gain("2", "Từ 5 đến 10: 1/2 *Điểm tối đa", Fraction(15, 4), Fraction(2)),
        Gain("2", "Từ 10 trở lên: điểm tối đa", Fraction(45, 4), Fraction(7)),
    )


def test_money_is_told_to_the_last_fraction() -> None:
    # 5.11: 10 % of 12,5 triệu are 1,25.
    found = won(chu_prong("II.5.11"), {"a": Amount(5, 10), "b": Amount(125, 10)})
    assert found == [("a", Fraction(375, 1000), 6), ("a", Fraction(75, 100), Fraction(105, 10))]


def test_points_per_item_lead_to_the_maximum() -> None:
    assert won(chu_prong("II.8.5"), {"1": 28}) == [("1", 2, 2)]
    assert won(chu_prong("II.8.5"), {"1": 31}) == []


def test_of_a_choice_every_better_option_is_told() -> None:
    full, half, _ = (option.text for option in chu_prong("II.1.1").scoring.options)  # type: ignore[union-attr]
    assert won(chu_prong("II.1.1"), {"1": 3}) == [("1", half, Fraction(15, 2)), ("1", full, 15)]
    assert won(chu_prong("II.1.1"), {"1": 2}) == [("1", full, Fraction(15, 2))]
    assert won(chu_prong("II.1.1"), {"1": 1}) == []
    assert won(chu_prong("II.1.1"), {}) == [("1", half, Fraction(15, 2)), ("1", full, 15)]
    assert won(chu_prong("II.1.5"), {"1": 0}) == [("1", "Đã có: Điểm tối đa", 10)]


def test_of_a_sum_the_parts_that_are_not_earned_are_told() -> None:
    four, one = (part.text for part in chu_prong("II.6.1").scoring.parts)  # type: ignore[union-attr]
    assert won(chu_prong("II.6.1"), {"1": 0, "2": 1}) == [("1", four, 8)]
    assert won(chu_prong("II.6.1"), {"1": 0}) == [("2", one, 2), ("1", four, 8)]


def test_a_gate_wins_what_stands_behind_it() -> None:
    entry = chu_prong("II.1.4")
    assert won(entry, {"1": 0, "2": 7})[0] == ("1", "Đã có chuyên mục", Fraction(15, 2))
    assert won(entry, {"1": None, "2": 12}) == [("1", "Đã có chuyên mục", 15)]
    assert won(entry, {"1": 0}) == [("1", "at most", 15)]


def test_a_gate_tells_also_what_the_full_score_asks_behind_it() -> None:
    opened, full = line(chu_prong("II.1.4"), {"1": 0, "2": 0}).gains
    assert (opened.text, opened.points, opened.also) == ("Đã có chuyên mục", Fraction(15, 4), ())
    assert full == Gain("1", "Từ 10 trở lên: điểm tối đa", Fraction(15), also=(("2", Fraction(10)),))
    [enough] = line(chu_prong("II.1.4"), {"1": 0, "2": 10}).gains
    assert (enough.points, enough.also) == (15, ())


def test_what_is_not_reported_or_was_refused_can_give_so_much_at_most() -> None:
    assert won(chu_prong("II.3.1"), {"a": 3}) == [("b", "at most", 10)]
    assert won(chu_prong("II.3.1"), {}) == [("a", "at most", 10), ("b", "at most", 10)]
    refused = Fact("", "", Status.REJECTED, Amount(3), note="không có căn cứ")
    assert won(chu_prong("II.3.1"), {"a": refused, "b": 5}) == [("a", "at most", 10)]
    assert won(chu_prong("II.8.4"), {}) == [("1", "at most", 20)]
    assert won(indicator("1.1", 8), {}) == [("1", "at most", 8)]


def test_what_is_not_reported_can_give_no_more_than_is_lost() -> None:
    parts = [Part("một", Fraction(3, 5), chu_prong("II.1.5").scoring), Part("hai", Fraction(3, 5), per_item())]
    inputs = [Input("1", "presence", "một"), Input("2", "count", "hai")]
    entry = indicator("1.1", 10, Sum(tuple(parts)), inputs)
    assert won(entry, {"1": 1}) == [("2", "at most", 4)]


def per_item() -> Scale:
    return Scale(Quantity(("2",)), (Segment("mỗi", slope=Fraction(1, 2)),))


def test_a_zero_base_is_for_the_council_to_rule_on() -> None:
    assert won(chu_prong("II.3.1"), {"a": 0, "b": 0}) == []
    ratio = Peers("highest", Quantity(("a",), ("b",)), "so với")
    entry = indicator("1.1", 10, ratio, [Input("a", "count", "a"), Input("b", "count", "b")])
    assert won(entry, {"a": 0, "b": 0}, {"a": 1, "b": 2}) == []


def test_what_was_not_detected_needs_its_document() -> None:
    entry = chu_prong("II.5.10")
    assert isinstance(entry.scoring, NoneDetected)
    words, bare = entry.scoring.text, Fact("", "", Status.VERIFIED, Amount(1))
    assert won(entry, {"1": bare}) == [("1", words, 10)]
    assert won(entry, {"a": 0, "b": 0}) == [("1", words, 10)]
    assert won(entry, {}) == [("1", words, 10), ("a", "at most", 10), ("b", "at most", 10)]
    assert won(entry, {"1": bare, "a": 3, "b": 5}) == [("a", 1, 2), ("a", 2, 4)]  # there were some


def test_of_parts_one_that_is_proved_asks_for_nothing_more() -> None:
    absent = NoneDetected("1", "không phát hiện", Scale(Quantity(("2",)), (Segment("mỗi", slope=Fraction(1)),)))
    half = Fraction(1, 2)
    yes = Choice((Option("Có", "Có", Fraction(1)), Option("Không", "Không", Fraction(0))), "3")
    inputs = [Input("1", "presence", "1"), Input("2", "count", "2"), Input("3", "presence", "3")]
    entry = indicator("1.1", 10, Sum((Part("a", half, absent), Part("b", half, yes))), inputs)
    assert won(entry, {"1": 1, "3": 0}) == [("3", "Có", 5)]
    assert won(entry, {"1": 1, "3": 1}) == []


def test_against_the_peers_the_highest_is_to_be_reached() -> None:
    entry = chu_prong("II.8.4")
    assert won(entry, {"1": Amount(12, 10)}, {"1": Amount(48, 10)}) == [("1", Fraction(36, 10), 15)]
    assert won(entry, {"1": Amount(48, 10)}, {"1": Amount(12, 10)}) == []
    assert won(entry, {"1": Amount(0, 1)}, {"1": Amount(0, 1)}) == [("1", 1, 20)]
    incidents = chu_prong("II.5.9")
    assert won(incidents, {"1": 3}, {"1": 3}, {"1": 7}) == [("1", 4, 5)]


def test_whoever_grows_with_the_whole_cannot_reach_everything() -> None:
    ratio = Peers("highest", Quantity(("a",), ("a", "b")), "so với")
    entry = indicator("1.1", 10, ratio, [Input("a", "count", "a"), Input("b", "count", "b")])
    assert won(entry, {"a": 1, "b": 3}, {"a": 1, "b": 0}) == []
    assert won(entry, {"a": 1, "b": 3}, {"a": 1, "b": 1}) == [("a", 2, 5)]


def test_a_standard_score_moves_the_mean_with_it() -> None:
    entry = indicator("1.1", 12, Peers("z_score", Quantity(("1",)), "Z-Score"), [Input("1", "count", "số")])
    # 0 and 4 lie at -1 and 1; at 4 both lie alike, in the middle.
    assert won(entry, {"1": 0}, {"1": 4}) == [("1", 4, 2)]
    assert won(entry, {"1": 4}, {"1": 4}) == [("1", 1, 2)]  # 5 and 4 lie at 1 and -1
    assert won(entry, {"1": 4}, {"1": 0}) == []


def test_of_a_council_s_score_the_points_lost_are_told() -> None:
    assert won(indicator("1.1", 8), {"1": Amount(625, 100)}) == [("1", Fraction(7, 4), Fraction(7, 4))]
    assert won(indicator("1.1", 8), {"1": Amount(8)}) == []


def test_nothing_is_won_where_the_unit_is_not_subject() -> None:
    found = line(chu_prong("II.3.1"), {"a": 3, "b": Fact("", "", Status.EXEMPT, note="lý do")})
    assert found.state is State.NOT_SUBJECT
    assert gains(found) == ()


def test_gains_against_peers_need_the_peers() -> None:
    found = line(chu_prong("II.8.4"), {"1": Amount(12, 10)}, {"1": Amount(48, 10)})
    with pytest.raises(Unscorable, match="of whom nothing is known"):
        gains(found)


def scale(*segments: Segment, above: tuple[str, ...] = ("a",), below: tuple[str, ...] = ("b",)) -> Indicator:
    inputs = [Input(key, "count", key) for key in sorted({*above, *below})]
    return indicator("1.1", 10, Scale(Quantity(above, below), segments), inputs)


def test_a_boundary_that_is_excluded_must_be_passed() -> None:
    above = Segment("trên 50%", Fraction(1), low=Fraction(1, 2), low_included=False)
    below = Segment("đến 50%", high=Fraction(1, 2))
    assert won(scale(above, below), {"a": 1, "b": 4}) == [("a", 2, 10)]


def test_an_input_on_both_sides_of_the_line_grows_both() -> None:
    entry = scale(Segment("tỷ lệ", slope=Fraction(1)), below=("a", "b"))
    # (1+m) / (1+m+3): one more gives 2/5 for 1/4; the full score can never be reached.
    assert won(entry, {"a": 1, "b": 3}) == [("a", 1, Fraction(3, 2))]


def test_only_a_line_that_is_better_and_possible_is_told() -> None:
    worse = scale(Segment("ít", Fraction(1), high=Fraction(1, 2)), Segment("nhiều", Fraction(1, 2), low=Fraction(1, 2)))
    assert won(worse, {"a": 3, "b": 4}) == []
    gap = scale(Segment("cả", Fraction(1), low=Fraction(1)), Segment("ít", high=Fraction(1, 2)))
    assert won(gap, {"a": 1, "b": 4}) == [("a", 3, 10)]  # on the way lie numbers of which no line speaks
    rising = scale(
        Segment("tăng", slope=Fraction(1, 2), high=Fraction(1)), Segment("hết", Fraction(1, 2), low=Fraction(1))
    )
    assert won(rising, {"a": 4, "b": 4}) == []
    assert won(rising, {"a": 4, "b": None}) == [("b", "at most", 5)]


# Promises are kept: whatever is won is exactly what scoring gives.


def entry_with(scoring: Scoring, kinds: Mapping[str, str]) -> Indicator:
    return indicator("1.1", 10, scoring, [Input(key, kind, key) for key, kind in kinds.items()])  # type: ignore[arg-type]


def come_true(entry: Indicator, before: IndicatorScore, gain: Gain, known: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts once ``gain`` has come true."""
    code = entry.fact_code(gain.key)
    old = next(value.value for value in before.inputs if value.input.key == gain.key)
    if gain.more is not None:
        assert old is not None
        new = old + gain.more
        whole = entry.by_key[gain.key].kind == "count"
        amount = Amount(int(new)) if whole else Amount(new.numerator, new.denominator)
        assert not whole or new.denominator == 1
    else:
        amount = chosen(entry.scoring, gain)
    status = known[code].status if code in known and known[code].status is Status.SELF_REPORTED else Status.VERIFIED
    after = {**known, code: Fact("a", code, status, amount, documents=PROOF)}
    for key, more in gain.also:
        after = come_true(entry, before, Gain(key, "", gain.points, more), after)
    return after


def chosen(scoring: Scoring, gain: Gain) -> Amount:
    match scoring:
        case Choice() if scoring.key == gain.key:
            number = next(n for n, option in enumerate(scoring.options, start=1) if option.text == gain.text)
            return Amount(1 if len(scoring.options) == 2 and scoring.options[1].text == "" else number)
        case Sum():
            found = [part.scoring for part in scoring.parts if gain.key in keys(part.scoring)]
            return chosen(found[0], gain)
        case Gate() if scoring.key != gain.key:
            return chosen(scoring.then, gain)
    return Amount(1)


def keys(scoring: Scoring) -> set[str]:
    match scoring:
        case Sum():
            return set().union(*(keys(part.scoring) for part in scoring.parts))
        case Gate():
            return {scoring.key} | keys(scoring.then)
        case NoneDetected():
            return {scoring.key} | keys(scoring.otherwise)
        case Scale() | Peers():
            return set(scoring.quantity.keys)
    return {scoring.key}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_gain_that_comes_true_gives_exactly_what_it_promised(data: st.DataObject) -> None:
    entry = data.draw(indicators())
    owner, group = index(entry), units("a", "b", "c")
    dossiers = {code: data.draw(facts(entry, code)) for code in group}
    before = score_all(owner, group, dossiers, CYCLE)["a"].indicators[0]
    found = before.gains
    assert [gain.points for gain in found] == sorted(gain.points for gain in found)
    for gain in found:
        assert 0 < gain.points <= before.lost
        assert gain.more is None or gain.more > 0
        if not gain.at_most:
            changed = {**dossiers, "a": come_true(entry, before, gain, dossiers["a"])}
            after = score_all(owner, group, changed, CYCLE)["a"].indicators[0]
            assert after.points - before.points == gain.points


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(load_index("chu-prong-2023").sets[Tier.DISTRICT].indicators), st.data())
def test_in_chu_prong_lost_points_can_always_be_won_back_and_no_less_would_do(
    entry: Indicator, data: st.DataObject
) -> None:
    owner, group = index(entry), units("a", "b")
    quantities = [
        s.quantity for s in (entry.scoring, getattr(entry.scoring, "otherwise", None)) if isinstance(s, Scale)
    ]
    below = {key for quantity in quantities for key in quantity.denominator}

    def draw(unit: str) -> dict[str, Fact]:
        found = {}
        for asked in entry.inputs:
            amount = {
                "presence": st.integers(0, 1).map(Amount),
                "choice": st.integers(1, max(1, len(asked.options))).map(Amount),
                "count": (st.integers(100, 999) if asked.key in below else st.integers(0, 49)).map(Amount),
                "amount": (st.integers(100, 999) if asked.key in below else st.integers(0, 99)).map(
                    lambda n: Amount(n, 10)
                ),
            }[asked.kind]
            code = entry.fact_code(asked.key)
            found[code] = Fact(unit, code, Status.VERIFIED, data.draw(amount), documents=PROOF)
        return found

    dossiers = {code: draw(code) for code in group}
    before = score_all(owner, group, dossiers, CYCLE)["a"].indicators[0]
    assert bool(before.gains) is (before.lost > 0)
    for gain in before.gains:
        changed = {**dossiers, "a": come_true(entry, before, gain, dossiers["a"])}
        assert score_all(owner, group, changed, CYCLE)["a"].indicators[0].points == before.points + gain.points
        if gain.more is not None and gain.more > 1 and entry.by_key[gain.key].kind == "count":
            less = come_true(entry, before, evolve(gain, more=gain.more - 1), dossiers["a"])
            after = score_all(owner, group, {**dossiers, "a": less}, CYCLE)["a"].indicators[0]
            assert after.points < before.points + gain.points
