"""What the decision's words make of facts: points, states, the words applied, and that nothing fails open."""

import datetime
import gc
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.facts import Amount, Document, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Interpretation, Tier
from levels.index import (
    Bonus,
    Choice,
    CouncilScore,
    Gate,
    GeneralItem,
    Index,
    Indicator,
    Input,
    InputKind,
    NoneDetected,
    Option,
    Part,
    Peers,
    Quantity,
    RankingGroup,
    Scale,
    Segment,
    Sum,
    UnitList,
    Window,
)
from levels.loader import load_index
from rules.scores import Applied, IndicatorScore, Reading, Score, State
from rules.scoring import Unscorable, find_peers, score, score_all
from rules.shares import PeerStatistics, rule_of, standard_score, statistics_of
from tests.rules.index_reference import Reference
from tests.rules.indexes import CYCLE, index, indicator, pillar, units
from tests.rules.scorings import by_key, facts, indicators

PROOF = (Document("12/BC-UBND"),)
YES_OR_NO = Choice(
    (Option("Đã có: Điểm tối đa", "Đã có", Fraction(1)), Option("Chưa có: 0 điểm", "Chưa có", Fraction(0)))
)
RATIO = Quantity(("a",), ("b",))
COUNTS = (Input("a", "count", "a"), Input("b", "count", "b"))


def yes_or_no(code: str = "1.1", maximum: int = 10, **more: Any) -> Indicator:
    return indicator(code, maximum, YES_OR_NO, [Input("1", "presence", "Đã có", ("Đã có", "Chưa có"))], **more)


def segment(
    share: str = "0", slope: str = "0", low: str = "0", high: str | None = None, included: bool = True, **more: Any
) -> Segment:
    text = f"từ {low} đến {high}"
    top = None if high is None else Fraction(high)
    return Segment(text, Fraction(share), Fraction(slope), Fraction(low), top, high_included=included, **more)


def scale(*segments: Segment, quantity: Quantity = RATIO, inputs: tuple[Input, ...] = COUNTS) -> Indicator:
    return indicator("1.1", 10, Scale(quantity, segments or (segment(slope="1"),)), inputs)


def known(unit: str, **amounts: int | Amount | Fact | None) -> dict[str, Fact]:
    """Verified facts on indicator 1.1: ``a=3`` is 1.1:a, ``_1=1`` is 1.1:1, ``only=1`` is 1.1."""
    found = {}
    for name, value in amounts.items():
        if value is None:
            continue
        code = "1.1" if name == "only" else f"1.1:{name.removeprefix('_')}"
        amount = Amount(value) if isinstance(value, int) else value
        found[code] = (
            evolve(amount, unit=unit, criterion=code)
            if isinstance(amount, Fact)
            else Fact(unit, code, Status.VERIFIED, amount, documents=PROOF)
        )
    return found


def told(status: Status, value: int | None = None, **more: Any) -> Fact:
    return Fact("", "", status, None if value is None else Amount(value), **more)


def line_of(
    entry: Indicator, dossier: dict[str, Fact], reading: Reading = Reading.STANDING, **more: Any
) -> IndicatorScore:
    owner = index(entry, **more)
    return score_all(owner, units("a"), {"a": dossier}, CYCLE, reading=reading)["a"].indicators[0]


def lines(entry: Indicator, **dossiers: dict[str, Fact]) -> dict[str, IndicatorScore]:
    scores = score_all(index(entry), units(*dossiers), dossiers, CYCLE)
    return {code: found.indicators[0] for code, found in scores.items()}


# Every way of scoring, one in another, against the reference.


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_compiled_scoring_gives_what_the_plain_reference_gives(data: st.DataObject) -> None:
    entry = data.draw(indicators())
    group = units("a", "b", "c")
    dossiers = {code: data.draw(facts(entry, code)) for code in group}
    reading = data.draw(st.sampled_from(list(Reading)))
    scores = score_all(index(entry), group, dossiers, CYCLE, reading=reading)
    reference = Reference(entry, [by_key(entry, found) for found in dossiers.values()], CYCLE, reading)
    for code in group:
        [line] = scores[code].indicators
        assert (line.share, line.state) == reference.result(by_key(entry, dossiers[code]))
        assert 0 <= line.points <= entry.max
        assert scores[code].points == line.points
        # What the words give is what the score gives, but for a sum that is held at the maximum.
        assert sum(words.share for words in line.applied) >= line.share


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_more_of_the_numerator_never_loses_points_in_chu_prong(data: st.DataObject) -> None:
    rulebook = load_index("chu-prong-2023")
    entry = data.draw(
        st.sampled_from([i for i in rulebook.sets[Tier.DISTRICT].indicators if isinstance(i.scoring, Scale)])
    )
    assert isinstance(entry.scoring, Scale)
    quantity = entry.scoring.quantity
    known_values = {key: data.draw(st.integers(0, 50)) for key in quantity.keys}
    more = {**known_values, quantity.numerator[0]: known_values[quantity.numerator[0]] + data.draw(st.integers(1, 50))}
    if quantity.part:  # what is counted is part of the whole
        more[quantity.denominator[0]] = known_values[quantity.denominator[0]] = 200

    def share(values: dict[str, int]) -> Fraction:
        return rule_of(entry).earn([values[i.key] for i in entry.inputs], [0] * len(values), None, None)[0]

    assert share(more) >= share(known_values)


# States: the ways of not knowing are kept apart.


@pytest.mark.parametrize(
    ("fact", "standing", "claimed", "accepted"),
    [
        (None, (0, "missing"), (0, "missing"), (0, "missing")),
        (told(Status.UNKNOWN), (0, "missing"), (0, "missing"), (0, "missing")),
        (told(Status.SELF_REPORTED, 1), (10, "self_reported"), (10, "self_reported"), (0, "missing")),
        (told(Status.VERIFIED, 1), (10, "accepted"), (10, "accepted"), (10, "accepted")),
        (told(Status.VERIFIED, 0), (0, "accepted"), (0, "accepted"), (0, "accepted")),
        (
            told(Status.ADJUSTED, 0, reported=Amount(1)),
            (0, "accepted"),
            (10, "self_reported"),
            (0, "accepted"),
        ),
        (told(Status.ADJUSTED, 1), (10, "accepted"), (0, "missing"), (10, "accepted")),
        (told(Status.REJECTED, 1), (0, "rejected"), (10, "self_reported"), (0, "rejected")),
        (told(Status.REJECTED, 0, reported=Amount(1)), (0, "rejected"), (10, "self_reported"), (0, "rejected")),
        (told(Status.REJECTED), (0, "rejected"), (0, "missing"), (0, "rejected")),
        (told(Status.EXEMPT, note="lý do"), (0, "not_subject"), (0, "not_subject"), (0, "not_subject")),
    ],
)
def test_every_status_counts_as_the_reading_says(
    fact: Fact | None, standing: tuple[int, str], claimed: tuple[int, str], accepted: tuple[int, str]
) -> None:
    for reading, expected in zip(Reading, (standing, claimed, accepted), strict=True):
        line = line_of(yes_or_no(), known("a", only=fact), reading)
        assert (line.points, line.state) == expected, reading
        assert line.reachable == (0 if expected[1] == "not_subject" else 10)


@pytest.mark.parametrize(
    ("fact", "counts"),
    [
        (told(Status.VERIFIED, 1, cycle=CYCLE), True),
        (told(Status.VERIFIED, 1, cycle=CYCLE - 1), False),
        (told(Status.VERIFIED, 1, measured_on=datetime.date(CYCLE, 12, 31)), True),
        (told(Status.VERIFIED, 1, measured_on=datetime.date(CYCLE - 1, 12, 31)), False),
        (told(Status.VERIFIED, 1, measured_on=datetime.date(CYCLE + 1, 1, 1)), False),
    ],
)
def test_a_fact_of_another_year_is_a_missing_one_and_is_shown_without_a_value(fact: Fact, counts: bool) -> None:
    line = line_of(yes_or_no(), known("a", only=fact))
    assert line.state is (State.ACCEPTED if counts else State.MISSING)
    [value] = line.inputs
    assert value.fact is not None
    assert value.value == (1 if counts else None)


def test_a_ruling_of_another_cycle_does_not_bind() -> None:
    for status in (Status.EXEMPT, Status.REJECTED):
        assert line_of(yes_or_no(), known("a", only=told(status, 1, cycle=CYCLE - 1))).state is State.MISSING


def test_where_the_decision_states_a_window_its_days_count() -> None:
    window = Window("từ 01/10 năm trước đến 30/9", "mục 1", 1, 10, -1, 30, 9)
    for day, counts in [
        (datetime.date(CYCLE - 1, 9, 30), False),
        (datetime.date(CYCLE - 1, 10, 1), True),
        (datetime.date(CYCLE, 9, 30), True),
        (datetime.date(CYCLE, 10, 1), False),
    ]:
        found = known("a", only=told(Status.VERIFIED, 1, measured_on=day))
        assert (line_of(yes_or_no(), found, window=window).points == 10) is counts


def test_of_a_ratio_the_input_that_voids_it_says_why() -> None:
    for a, b, expected in [
        (3, 4, State.ACCEPTED),
        (told(Status.SELF_REPORTED, 3), 4, State.SELF_REPORTED),
        (told(Status.REJECTED, 3), 4, State.REJECTED),
        (told(Status.REJECTED, 3), told(Status.SELF_REPORTED, 4), State.REJECTED),
        (told(Status.REJECTED, 3), None, State.MISSING),
        (3, None, State.MISSING),
        (3, 0, State.ZERO_BASE),
        (0, 0, State.ZERO_BASE),
    ]:
        line = line_of(scale(), known("a", a=a, b=b))
        assert line.state is expected
        assert bool(line.share) is (expected in (State.ACCEPTED, State.SELF_REPORTED))
        assert bool(line.applied) is bool(line.share)


def test_of_a_sum_the_parts_that_are_answered_still_earn() -> None:
    parts = tuple(Part(f"Phần {n}", Fraction(1, 2), evolve(YES_OR_NO, key=str(n))) for n in (1, 2))
    inputs = [Input(str(n), "presence", f"Phần {n}") for n in (1, 2)]
    entry = indicator("1.1", 10, Sum(parts), inputs)
    for two, expected in [
        (None, State.MISSING),
        (told(Status.REJECTED, 1), State.REJECTED),
        (told(Status.SELF_REPORTED, 0), State.SELF_REPORTED),
        (0, State.ACCEPTED),
    ]:
        line = line_of(entry, known("a", _1=1, _2=two))
        assert (line.points, line.state) == (5, expected)


def test_a_sum_of_more_than_everything_is_held_at_the_maximum() -> None:
    parts = tuple(Part(f"Phần {n}", Fraction(3, 5), evolve(YES_OR_NO, key=str(n))) for n in (1, 2))
    entry = indicator("1.1", 10, Sum(parts), [Input(str(n), "presence", f"Phần {n}") for n in (1, 2)])
    line = line_of(entry, known("a", _1=1, _2=1))
    assert line.points == 10
    assert line.readings == ("points-ceiling",)


def gate() -> Indicator:
    behind = Scale(Quantity(("2",)), (segment("1", low="10"), segment("1/4", high="10", included=False)))
    inputs = [Input("1", "presence", "chuyên mục"), Input("2", "count", "số tin, bài")]
    return indicator("1.1", 12, Gate("1", "Đã có", behind, "Chưa có chuyên mục: 0 điểm"), inputs)


def test_a_closed_gate_settles_it_and_an_unknown_gate_does_not() -> None:
    for one, two, points, state in [
        (1, 10, 12, State.ACCEPTED),
        (1, 9, 3, State.ACCEPTED),
        (1, None, 0, State.MISSING),
        (0, 10, 0, State.ACCEPTED),
        (0, None, 0, State.ACCEPTED),
        (told(Status.SELF_REPORTED, 0), 10, 0, State.SELF_REPORTED),
        (told(Status.SELF_REPORTED, 1), 10, 12, State.SELF_REPORTED),
        (told(Status.REJECTED, 1), 10, 0, State.REJECTED),
        (None, 10, 0, State.MISSING),
    ]:
        line = line_of(gate(), known("a", _1=one, _2=two))
        assert (line.points, line.state) == (points, state)
    assert [words.text for words in line_of(gate(), known("a", _1=0)).applied] == ["Chưa có chuyên mục: 0 điểm"]
    silent = evolve(gate(), scoring=evolve(gate().scoring, otherwise=""))
    assert line_of(silent, known("a", _1=0)).applied == ()


def none_detected() -> Indicator:
    otherwise = Scale(RATIO, (segment(slope="1"),))
    said = Input("1", "presence", "không phát hiện sự cố")
    return indicator(
        "1.1", 10, NoneDetected("1", "không phát hiện sự cố thì được điểm tối đa", otherwise), [*COUNTS, said]
    )


def test_none_detected_counts_only_with_a_document() -> None:
    proved = told(Status.VERIFIED, 1, documents=PROOF)
    bare = told(Status.VERIFIED, 1)
    for said, a, b, points, state in [
        (proved, None, None, 10, State.ACCEPTED),
        (proved, 0, 0, 10, State.ACCEPTED),
        (evolve(proved, status=Status.SELF_REPORTED), None, None, 10, State.SELF_REPORTED),
        (bare, None, None, 0, State.MISSING),
        (bare, 0, 0, 0, State.MISSING),
        (told(Status.VERIFIED, 0), 3, 4, Fraction(15, 2), State.ACCEPTED),
        (told(Status.SELF_REPORTED, 0), 3, 4, Fraction(15, 2), State.SELF_REPORTED),
        (None, 3, 4, Fraction(15, 2), State.ACCEPTED),
        (told(Status.REJECTED, 1, documents=PROOF), 3, 4, Fraction(15, 2), State.REJECTED),
        (None, None, None, 0, State.MISSING),
        (None, 0, 0, 0, State.ZERO_BASE),
    ]:
        line = line_of(none_detected(), known("a", _1=said, a=a, b=b))
        assert (line.points, line.state) == (points, state), (said, a, b)


def test_a_document_that_is_missing_is_said_in_the_decisions_words() -> None:
    line = line_of(none_detected(), known("a", _1=told(Status.VERIFIED, 1)))
    assert line.applied == (Applied("không phát hiện sự cố thì được điểm tối đa", Fraction(0), unproven=True),)
    assert line.unproven
    assert not line_of(none_detected(), known("a", _1=told(Status.VERIFIED, 1, documents=PROOF))).unproven
    assert not line_of(none_detected(), {}).unproven
    assert line.inputs[2].value is None


def test_whoever_counts_incidents_has_detected_some_whatever_is_said_beside() -> None:
    for documents in (PROOF, ()):
        said = told(Status.VERIFIED, 1, documents=documents)
        assert line_of(none_detected(), known("a", _1=said, a=1, b=4)).points == Fraction(5, 2)
        assert line_of(none_detected(), known("a", _1=said, a=None, b=4)).state is State.MISSING


def test_an_incident_counted_anywhere_behind_none_detected_was_detected() -> None:
    counted = Scale(Quantity(("3",)), (segment("1", low="1"), segment("1/2", high="1", included=False)))
    absent = NoneDetected("4", "không có", counted)
    behind = Sum((Part("một nửa", Fraction(1, 2), evolve(YES_OR_NO, key="2")), Part("còn lại", Fraction(1, 2), absent)))
    entry = indicator(
        "1.1",
        8,
        NoneDetected("1", "không phát hiện", Gate("5", "Đã rà soát", behind)),
        [Input(str(n), "count" if n == 3 else "presence", str(n)) for n in range(1, 6)],
    )
    assert line_of(entry, known("a", _1=1)).points == 8
    assert line_of(entry, known("a", _1=1, _5=1)).points == 8
    assert line_of(entry, known("a", _1=1, _2=0, _3=1, _5=1)).points == 4


def test_a_council_s_score_is_taken_as_it_is() -> None:
    line = line_of(indicator("1.1", 8), {"1.1": Fact("a", "1.1", Status.VERIFIED, Amount(625, 100))})
    assert line.points == Fraction(25, 4)
    assert line.applied == (Applied("", Fraction(25, 32), Fraction(25, 4)),)


# What is not subject to an indicator leaves both sides.


def test_only_units_on_the_list_are_subject_to_an_indicator_or_a_pillar() -> None:
    nine = UnitList("nine", "Chín sở", "Phụ lục II", Tier.DISTRICT, ("UBND Đơn vị a",))
    for entries in (
        (yes_or_no("1.1"), yes_or_no("1.2", applies_to="nine")),
        (yes_or_no("1.1"), pillar("7", yes_or_no("1.2"), applies_to="nine")),
    ):
        owner = index(*entries, lists=(nine,))
        both = {
            code: {number: Fact(code, number, Status.VERIFIED, Amount(1)) for number in ("1.1", "1.2")} for code in "ab"
        }
        scores = score_all(owner, units("a", "b"), both, CYCLE)
        assert (scores["a"].points, scores["a"].reachable, scores["a"].percent) == (20, 20, 100)
        assert (scores["b"].points, scores["b"].reachable, scores["b"].percent) == (10, 10, 100)
        line = scores["b"].by_code["1.2"]
        assert (line.state, line.applied, line.gains, line.readings) == (
            State.NOT_SUBJECT, (), (), ("points-not-subject",)
        )  # fmt: skip
        assert [(value.fact is not None, value.value) for value in line.inputs] == [(True, None)]


def test_an_exempted_input_takes_the_whole_indicator_out() -> None:
    line = line_of(scale(), known("a", a=3, b=told(Status.EXEMPT, note="không có đối tượng")))
    assert (line.state, line.reachable, line.lost) == (State.NOT_SUBJECT, 0, 0)
    assert [value.value for value in line.inputs] == [None, None]


# The words of the decision, applied in their order.


def test_of_two_lines_that_hold_a_number_the_first_printed_counts_and_says_so() -> None:
    lines_ = (segment("1", low="10"), segment("1/2", low="5", high="10"), segment("1/4", high="5", included=False))
    entry = scale(*lines_, quantity=Quantity(("a",)), inputs=(COUNTS[0], Input("c", "count", "c")))
    for number, points, readings in [
        (11, 10, ()),
        (10, 10, ("boundary-first",)),
        (9, 5, ()),
        (5, 5, ()),
        (4, Fraction(5, 2), ()),
        (0, Fraction(5, 2), ()),
    ]:
        line = line_of(entry, known("a", a=number))
        assert (line.points, line.readings) == (points, readings)
        assert line.applied[0].quantity == number


def test_a_line_that_excludes_its_boundary_leaves_it_to_the_next() -> None:
    above = segment("1", low="1/2", low_included=False)
    below = segment("0", high="1/2")
    assert line_of(scale(above, below), known("a", a=1, b=2)).points == 0
    assert line_of(scale(above, below), known("a", a=51, b=100)).points == 10


def test_what_is_above_the_maximum_is_held_there_and_says_so() -> None:
    for a, b, points, held in [(3, 2, 10, True), (2, 2, 10, False), (1, 2, 5, False)]:
        line = line_of(scale(), known("a", a=a, b=b))
        assert line.points == points
        assert ("points-ceiling" in line.readings) is held
    assert line_of(scale(segment("3/2")), known("a", a=1, b=2)).readings == ("points-ceiling",)


def test_no_line_gives_less_than_nothing() -> None:
    assert line_of(scale(segment("1/2", slope="-1")), known("a", a=3, b=4)).points == 0
    assert line_of(scale(segment("1/2", slope="-1")), known("a", a=1, b=4)).points == Fraction(5, 2)
    assert line_of(scale(segment("-1/2")), known("a", a=3, b=4)).points == 0


def test_sums_of_inputs_and_exact_decimals_make_a_quantity() -> None:
    money = tuple(Input(key, "amount", key, unit="tỷ đồng") for key in "abcd")
    entry = scale(quantity=Quantity(("c", "d"), ("a", "b")), inputs=money)
    found = known("a", a=Amount(15, 10), b=Amount(5, 1), c=Amount(1, 4), d=Amount(1))
    assert line_of(entry, found).applied[0].quantity == Fraction(5, 26)
    assert (
        line_of(entry, known("a", a=Amount(0, 1), b=Amount(0, 10), c=Amount(1, 4), d=Amount(1))).state
        is State.ZERO_BASE
    )
    assert line_of(entry, known("a", a=Amount(15, 10), b=None, c=Amount(1, 4), d=Amount(1))).state is State.MISSING


def test_the_words_of_a_sum_name_what_is_not_earned() -> None:
    parts = tuple(
        Part(
            f"Có {n}: 1/2 điểm",
            Fraction(1, 2),
            Choice((Option(f"Có {n}: 1/2 điểm", f"Có {n}", Fraction(1)), Option("", "", Fraction(0))), str(n)),
        )
        for n in (1, 2)
    )
    inputs = [Input(str(n), "presence", f"Có {n}") for n in (1, 2)]

    def applied(otherwise: tuple[str, ...], one: int | None, two: int | None) -> list[str]:
        entry = indicator("1.1", 10, Sum(parts, otherwise), inputs)
        return [words.text for words in line_of(entry, known("a", _1=one, _2=two)).applied]

    each, both = ("Không 1: 0 điểm", "Không 2: 0 điểm"), ("Chưa có: 0 điểm",)
    assert applied(each, 1, 0) == ["Có 1: 1/2 điểm", "Không 2: 0 điểm"]
    assert applied(each, None, 0) == ["Không 2: 0 điểm"]
    assert applied(both, 1, 0) == ["Có 1: 1/2 điểm"]
    assert applied(both, 0, 0) == ["Chưa có: 0 điểm"]
    assert applied(both, None, 0) == []


def test_readings_cite_what_the_score_rests_on() -> None:
    read = [
        Interpretation("odd-words", "1.1", "đọc", "khác", ("district/1.1",)),
        Interpretation("points-missing", "1.1", "0 điểm", "khác", ("district/1.1",)),
        Interpretation("other", "1.2", "đọc", "khác", ("district/1.2", "commune/1.1")),
        Interpretation("everywhere", "chung", "đọc", "khác"),
    ]
    assert line_of(yes_or_no(), known("a", only=1), interpretations=tuple(read)).readings == ("odd-words",)
    assert line_of(yes_or_no(), {}, interpretations=tuple(read)).readings == ("points-missing", "odd-words")
    for void in (told(Status.REJECTED, 1), None):
        assert line_of(yes_or_no(), known("a", only=void)).readings == ("points-missing",)
    assert line_of(scale(), known("a", a=1, b=0)).readings == ("points-missing",)


# Peers.


def against(method: str, *segments: Quantity) -> Indicator:
    quantity = segments[0] if segments else Quantity(("1",))
    inputs = COUNTS if segments else (Input("1", "count", "số"),)
    return indicator("1.1", 12, Peers(method, quantity, "so với các huyện"), inputs)  # type: ignore[arg-type]


def compared(method: str, *numbers: int | None) -> list[Fraction]:
    found = lines(against(method), **{f"u{n}": known(f"u{n}", only=number) for n, number in enumerate(numbers)})
    return [line.points for line in found.values()]


def test_min_max_gives_everything_to_the_most_and_nothing_to_the_fewest() -> None:
    assert compared("min_max", 2, 5, 8) == [0, 6, 12]
    assert compared("min_max", 0, None, 8) == [0, 0, 12]


def test_the_words_say_what_was_compared() -> None:
    found = lines(against("min_max"), a=known("a", only=2), b=known("b", only=5), c=known("c", only=8))
    span = Fraction(2), Fraction(8), 3
    assert found["b"].applied == (Applied("so với các huyện", Fraction(1, 2), Fraction(5), *span),)


@pytest.mark.parametrize("method", ["min_max", "highest"])
def test_what_was_compared_is_enough_to_compute_the_points_again(method: str) -> None:
    found = lines(against(method), a=known("a", only=2), b=known("b", only=5), c=known("c", only=8), d={})
    [words] = found["b"].applied
    assert words.quantity is not None
    assert words.peers_lowest is not None
    assert words.peers_highest is not None
    low = words.peers_lowest if method == "min_max" else 0
    assert found["b"].share == (words.quantity - low) / (words.peers_highest - low)
    assert words.peers_count == 3  # what is not known is not compared


def test_highest_measures_everybody_by_the_most() -> None:
    assert compared("highest", 2, 5, 8) == [3, Fraction(15, 2), 12]


def test_peers_that_are_all_alike_have_everything_or_nothing_and_the_reading_is_cited() -> None:
    for method, numbers, points in [
        ("min_max", (5, 5), 12),
        ("min_max", (0, 0), 0),
        ("min_max", (5,), 12),
        ("highest", (5, 5), 12),
        ("highest", (0, 0), 0),
        ("z_score", (5, 5), 6),
        ("z_score", (0,), 6),
    ]:
        assert compared(method, *numbers) == [points] * len(numbers)
        found = lines(against(method), **{f"u{n}": known(f"u{n}", only=x) for n, x in enumerate(numbers)})
        assert all(line.readings == ("peers-equal",) for line in found.values())
    named = Interpretation("peers-equal", "1.1", "đọc", "khác", ("district/1.1",))
    assert line_of(against("highest"), known("a", only=0), interpretations=(named,)).readings == ("peers-equal",)


def test_standard_scores_are_rounded_half_up_at_the_twelfth_decimal_and_mapped_from_3_below_to_3_above() -> None:
    # 1, 2, 3, 6: the mean is 3, the variance 14/4; (6 - 3) / sqrt(3.5) = 1.603567451474546…
    assert compared("z_score", 6, 1, 2, 3)[0] == (Fraction("1.603567451475") + 3) * 2
    assert compared("z_score", 3, 1, 2, 6)[0] == 6
    assert compared("z_score", 0, 4) == [4, 8]  # -1 and 1
    assert compared("z_score", *[0] * 30, 100)[-1] == 12  # beyond 3 deviations
    assert compared("z_score", *[100] * 30, 0)[-1] == 0


def test_a_root_that_ends_in_a_half_is_rounded_up() -> None:
    def of(square: Fraction) -> Fraction:
        # mean 0, variance 1: the quantity is its own standard score
        peers = PeerStatistics(1, Fraction(0), Fraction(1), Fraction(0), Fraction(1))
        return standard_score(peers, square)

    unit = Fraction(1, 10**12)
    assert of(unit * Fraction(3, 2)) == 2 * unit
    assert of(unit * Fraction(149, 100)) == unit
    assert of(-unit * Fraction(3, 2)) == -2 * unit
    assert of(Fraction(0)) == 0


def test_units_are_measured_against_their_ranking_group_only() -> None:
    within = RankingGroup("group", "Cùng tỉnh", Tier.DISTRICT, "mục 1", "parent")
    again = RankingGroup("again", "Tất cả", Tier.DISTRICT, "mục 2")
    group = Units({c: Unit(c, c, Tier.DISTRICT, "P" if c in "ab" else "Q") for c in "abcd"})
    dossiers = {c: known(c, only=n) for c, n in zip("abcd", (1, 2, 3, 9), strict=True)}
    for groups, expected in [
        ((within,), [0, 12, 0, 12]),
        ((within, again), [0, 12, 0, 12]),  # of two groups, the first
        ((again,), [0, Fraction(3, 2), 3, 12]),
        ((), [0, Fraction(3, 2), 3, 12]),  # ranked by no group: against its tier
    ]:
        scores = score_all(index(against("min_max"), groups=groups), group, dossiers, CYCLE)
        assert [found.points for found in scores.values()] == expected


def test_only_units_that_are_subject_and_known_are_peers() -> None:
    found = lines(
        against("min_max", RATIO),
        a=known("a", a=1, b=4),
        b=known("b", a=3, b=4),
        exempt=known("exempt", a=0, b=told(Status.EXEMPT)),
        zero=known("zero", a=0, b=0),
        missing=known("missing", a=0),
    )
    assert [line.points for line in found.values()] == [0, 12, 0, 0, 0]
    listed = UnitList("some", "Một số", "mục 1", Tier.DISTRICT, ("Đơn vị a", "Đơn vị b"))
    owner = index(evolve(against("min_max"), applies_to="some"), lists=(listed,))
    numbers = {c: known(c, only=n) for c, n in zip("abc", (1, 2, 0), strict=True)}
    assert [s.points for s in score_all(owner, units("a", "b", "c"), numbers, CYCLE).values()] == [0, 12, 0]


def test_what_counts_among_peers_follows_the_reading() -> None:
    owner = index(against("highest"))
    numbers = {"a": known("a", only=5), "b": known("b", only=told(Status.SELF_REPORTED, 10))}
    by_reading = {r: score_all(owner, units("a", "b"), numbers, CYCLE, reading=r)["a"].points for r in Reading}
    assert by_reading == {Reading.STANDING: 6, Reading.CLAIMED: 6, Reading.ACCEPTED: 12}


def test_one_unit_is_scored_with_the_peers_that_were_found() -> None:
    owner = index(against("min_max"))
    group, numbers = units("a", "b"), {"a": known("a", only=5), "b": known("b", only=10)}
    peers = find_peers(owner, group, numbers, CYCLE)
    assert score(owner, group["b"], numbers["b"], CYCLE, peers=peers["b"]).points == 12
    assert score(owner, group["b"], known("b", only=20), CYCLE, peers=peers["b"]).points == 12
    assert score(owner, group["b"], known("b", only=1), CYCLE, peers=peers["b"]).points == 0
    assert statistics_of([]) is None


# Units, pillars, the bonus.


def test_every_unit_whose_tier_is_rated_is_scored_in_the_order_of_the_units() -> None:
    group = Units({**units("b", "a"), "x": Unit("x", "Xã", Tier.COMMUNE)})
    scores = score_all(index(yes_or_no()), group, {"a": known("a", only=1)}, CYCLE)
    assert [(code, found.points) for code, found in scores.items()] == [("b", 0), ("a", 10)]


def test_pillars_add_up_their_indicators_exactly() -> None:
    third = scale(segment(slope="1"))
    owner = index(third, yes_or_no("1.2"), pillar("2", evolve(third, code="2.1"), evolve(third, code="2.2")))
    dossier = {
        code: Fact("a", code, Status.VERIFIED, Amount(n))
        for code, n in {"1.1:a": 1, "1.1:b": 3, "1.2": 1, "2.1:a": 1, "2.1:b": 7, "2.2:a": 2, "2.2:b": 7}.items()
    }
    found = score(owner, units("a")["a"], dossier, CYCLE)
    assert [(p.points, p.reachable) for p in found.pillars] == [(Fraction(40, 3), 20), (Fraction(30, 7), 20)]
    assert found.points == Fraction(40, 3) + Fraction(30, 7)
    assert (found.reachable, found.bonus, found.bonus_fact) == (40, 0, None)


def test_the_bonus_is_added_beyond_the_maximum_and_is_not_part_of_it() -> None:
    owner = index(yes_or_no(), bonus=Bonus("KK", "Điểm khuyến khích", "Điều 5", 5))

    def bonus(status: Status, reading: Reading = Reading.STANDING, amount: Amount | None = None) -> Score:
        fact = Fact("a", "KK", status, amount or Amount(35, 10), note="sáng kiến")
        return score(owner, units("a")["a"], known("a", only=1) | {"KK": fact}, CYCLE, reading=reading)

    found = bonus(Status.VERIFIED)
    assert (found.points, found.bonus, found.reachable, found.percent) == (Fraction(27, 2), Fraction(7, 2), 10, 135)
    assert found.bonus_fact is not None
    assert bonus(Status.SELF_REPORTED).bonus == Fraction(7, 2)
    assert bonus(Status.SELF_REPORTED, Reading.ACCEPTED).bonus == 0
    assert bonus(Status.REJECTED).bonus == 0
    with pytest.raises(Unscorable, match="above the maximum of 5"):
        bonus(Status.VERIFIED, amount=Amount(51, 10))
    without = index(yes_or_no(), bonus=Bonus("KK", "Điểm khuyến khích", "Điều 5"))
    assert score(without, units("a")["a"], {"KK": Fact("a", "KK", Status.VERIFIED, Amount(99))}, CYCLE).bonus == 99
    assert score(without, units("a")["a"], {}, CYCLE).bonus_fact is None


def test_reasons_are_told_when_asked_and_make_scores_comparable() -> None:
    owner, group, found = index(scale()), units("a"), {"a": known("a", a=1, b=4)}
    one, other = (score_all(owner, group, found, CYCLE)["a"] for _ in range(2))
    assert one == other
    assert hash(one.indicators[0]) == hash(other.indicators[0])
    assert one.indicators[0].gains
    bare = score_all(owner, group, found, CYCLE, explain=False)["a"].indicators[0]
    assert bare.gains == ()
    assert bare != one.indicators[0]
    assert bare != "1.1"
    assert score(owner, group["a"], found["a"], CYCLE) == one


def test_a_rulebook_that_is_gone_leaves_nothing_behind() -> None:
    entry = scale()
    line_of(entry, known("a", a=1, b=2))
    known_rules = rule_of._known
    assert id(entry) in known_rules
    place = id(entry)
    del entry
    gc.collect()
    assert place not in known_rules


# Nothing fails open.


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("count", Amount(-1)),
        ("count", Amount(3, 10)),
        ("amount", Amount(-1, 10)),
        ("amount", Amount(1, 0)),
        ("presence", Amount(2)),
        ("presence", Amount(1, 1)),
        ("score", Amount(-1, 1)),
        ("choice", Amount(1, 2)),
    ],
)
def test_a_value_that_its_kind_does_not_know_gives_an_error_and_no_points(kind: InputKind, amount: Amount) -> None:
    scoring: Any = {"presence": YES_OR_NO, "choice": YES_OR_NO, "score": CouncilScore()}.get(
        kind, Scale(Quantity(("1",)), (segment(slope="1"),))
    )
    entry = indicator("1.1", 10, scoring, [Input("1", kind, "số")])
    with pytest.raises(Unscorable, match=r"a/1\.1"):
        line_of(entry, {"1.1": Fact("a", "1.1", Status.VERIFIED, amount)})


def test_a_fact_out_of_range_gives_an_error_and_no_points() -> None:
    with pytest.raises(Unscorable, match=r"a: 1\.1: a score of 101/10 is above the maximum of 10"):
        line_of(indicator("1.1"), {"1.1": Fact("a", "1.1", Status.VERIFIED, Amount(101, 10))})
    with pytest.raises(Unscorable, match="no option 3"):
        line_of(evolve(yes_or_no(), inputs=(Input("1", "choice", "x"),)), known("a", only=3))
    with pytest.raises(Unscorable, match="no option 0"):
        line_of(evolve(yes_or_no(), inputs=(Input("1", "choice", "x"),)), known("a", only=0))
    with pytest.raises(Unscorable, match="verified but has no value"):
        line_of(yes_or_no(), known("a", only=told(Status.VERIFIED)))
    with pytest.raises(Unscorable, match="no line says what 3/4 earns"):
        line_of(scale(segment("1", low="4/5"), segment("0", high="1/2")), known("a", a=3, b=4))


def test_more_than_the_whole_is_an_error_but_in_the_claim_a_contradiction() -> None:
    part = evolve(RATIO, part=True)
    entry = scale(quantity=part)
    assert line_of(entry, known("a", a=4, b=4)).points == 10
    with pytest.raises(Unscorable, match="5 of 4 is more than the whole"):
        line_of(entry, known("a", a=5, b=4))
    ruled = known("a", a=told(Status.ADJUSTED, 4, reported=Amount(9)), b=4)
    assert line_of(entry, ruled).points == 10
    claimed = line_of(entry, ruled, Reading.CLAIMED)
    assert (claimed.points, claimed.state, claimed.applied) == (0, State.MISSING, ())
    assert (claimed.readings, claimed.gains) == (("points-missing",), ())
    against_peers = against("highest", part)
    assert line_of(against_peers, ruled, Reading.CLAIMED).state is State.MISSING
    with pytest.raises(Unscorable, match="more than the whole"):
        line_of(against_peers, known("a", a=5, b=4))


def test_nothing_is_scored_without_what_it_needs() -> None:
    owner: Index = index(against("min_max"))
    with pytest.raises(Unscorable, match="of whom nothing is known"):
        score(owner, units("a")["a"], known("a", only=5), CYCLE)
    assert score(owner, units("a")["a"], {}, CYCLE).points == 0
    with pytest.raises(Unscorable, match="no indicators for a commune"):
        score(owner, Unit("x", "Xã", Tier.COMMUNE), {}, CYCLE)
    with pytest.raises(Unscorable, match=r"no indicator asks for \['9.9'\]"):
        score(owner, units("a")["a"], {"9.9": Fact("a", "9.9", Status.VERIFIED, Amount(1))}, CYCLE)
    with pytest.raises(Unscorable, match="the list nine, which is not there"):
        line_of(yes_or_no(applies_to="nine"), {})


def test_general_information_is_asked_for_and_earns_nothing() -> None:
    owner = index(yes_or_no(), general=(GeneralItem("4", "Dân số", code="I.4"), GeneralItem("", "Email")))
    dossier = {code: Fact("a", code, Status.VERIFIED, Amount(70000)) for code in ("I.4", "4")}
    assert score(owner, units("a")["a"], dossier, CYCLE).points == 0
