"""Frontiers: all that an indicator can be brought to and nothing else, against every value of small inputs."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.costs import Money, Price
from evidence.facts import Amount, Document, Fact, Status
from levels.framework import Tier
from levels.index import (
    Choice,
    Gate,
    Indicator,
    Input,
    Option,
    Part,
    Peers,
    Quantity,
    Scale,
    Segment,
    Sum,
)
from levels.loader import load_index
from rules import frontiers
from rules.frontiers import Frontier, Peerage, Piece, as_amount, quantities_of, share_among, trace, units, values_of
from rules.point_plans import Bar
from rules.scores import IndicatorScore, Score, State
from rules.scoring import Unscorable, score_all
from tests.rules.indexes import CYCLE, index, indicator
from tests.rules.indexes import units as units_of
from tests.rules.scorings import facts, indicators

PROOF = (Document("12/BC-UBND"),)
EACH = Price(0, 1)
MOST = 7  # of whole things more, where everything is tried

Told = int | Amount | Fact | None


def chu_prong(code: str) -> Indicator:
    return load_index("chu-prong-2023").sets[Tier.DISTRICT].by_code[code]


def fact(unit: str, code: str, told: Told) -> Fact:
    if isinstance(told, Fact):
        return evolve(told, unit=unit, criterion=code)
    amount = Amount(told) if isinstance(told, int) else told
    return Fact(unit, code, Status.UNKNOWN if amount is None else Status.VERIFIED, amount, documents=PROOF)


def lines(entry: Indicator, *told: Mapping[str, Told]) -> list[IndicatorScore]:
    """The lines of units that have told so much, measured against each other."""
    group = units_of(*(f"u{n}" for n in range(len(told))))
    dossiers = {
        unit: {entry.fact_code(key): fact(unit, entry.fact_code(key), value) for key, value in given.items()}
        for unit, given in zip(group, told, strict=True)
    }
    return [score.indicators[0] for score in score_all(index(entry), group, dossiers, CYCLE).values()]


def peerage(others: list[IndicatorScore]) -> Peerage:
    found: dict[str, list[Fraction]] = {}
    for line in others:
        for name, quantity in quantities_of(line).items():
            found.setdefault(name, []).append(quantity)
    return found


def frontier(entry: Indicator, *told: Mapping[str, Told], price: Price = EACH, priced: bool = True) -> Frontier:
    own, *others = lines(entry, *told)
    return trace(own, lambda _: price, peerage(others), priced=priced)


def ends(found: Frontier) -> list[tuple[dict[str, Fraction], Fraction, Money]]:
    """What is changed, the points and the cost, at the beginning and the end of every piece."""
    maximum = found.indicator.max
    return [
        (piece.changes(n), piece.share_of(n) * maximum, piece.cost_of(n))
        for piece in found.pieces
        for n in sorted({0, piece.last})
    ]


def bars(found: Frontier) -> list[tuple[Bar, tuple[str, ...]]]:
    return [(barrier.kind, barrier.keys) for barrier in found.barriers]


def test_a_plain_ratio_is_one_row_of_options_however_many() -> None:
    found = frontier(chu_prong("II.3.1"), {"a": 62_032, "b": 118_000}, price=Price(20_000_000, 30_000))
    stay, row = found.pieces
    assert (stay.changes(0), stay.cost, stay.share) == ({}, 0, Fraction(62_032, 118_000))
    assert row.last + 1 == 118_000 - 62_032  # a part never exceeds its whole
    assert row.changes(row.last) == {"a": 118_000}
    assert row.share_of(row.last) == 1
    assert row.cost_of(row.last) == 20_000_000 + 30_000 * 55_968
    assert found.barriers == ()


def test_of_a_cliff_the_step_is_a_piece_of_its_own() -> None:
    # 7.1: 10 % give everything, below it the ratio itself.
    assert ends(frontier(chu_prong("II.7.1"), {"a": 7, "b": 100})) == [
        ({}, Fraction(14, 10), 0),
        ({"a": 8}, Fraction(16, 10), 1),
        ({"a": 9}, Fraction(18, 10), 2),
        ({"a": 10}, 20, 3),
    ]


def test_of_a_cap_nothing_is_asked_beyond_it() -> None:
    found = frontier(chu_prong("II.6.6"), {"a": 104, "b": 30, "c": 44})
    assert ends(found)[-1] == ({"b": 40}, 20, 10)  # 84 of 104; b and c cost the same: the first printed
    dear = trace(found.line, {"II.6.6:b": Price(0, 3), "II.6.6:c": Price(4, 1)}.get)
    # 9 more of b cost 27; beyond 14 it is cheaper to raise c, and at the line nothing else is left.
    assert {row.key: row.cost_of(row.last) for row in dear.pieces if row.key} == {"b": 27, "c": 14}


def test_a_gate_is_opened_and_what_stands_behind_it_raised() -> None:
    found = frontier(chu_prong("II.1.4"), {"1": 0, "2": 3}, price=Price(10, 1))
    assert ends(found) == [
        ({}, 0, 0),
        ({"1": 1}, Fraction(15, 4), 11),
        ({"1": 1, "2": 4}, Fraction(15, 4), 22),
        ({"1": 1, "2": 5}, Fraction(15, 2), 23),
        ({"1": 1, "2": 10}, 15, 28),
    ]
    closed = trace(found.line, {"II.1.4:2": EACH}.get)
    assert ends(closed) == [({}, 0, 0)]
    assert bars(closed) == [(Bar.NO_COST, ("1",))]


def test_parts_of_a_sum_are_won_alone_and_together() -> None:
    [line] = lines(chu_prong("II.6.1"), {"1": 0, "2": None})
    found = trace(line, {"II.6.1:1": Price(0, 3), "II.6.1:2": EACH}.get)
    assert ends(found) == [({}, 0, 0), ({"2": 1}, 2, 1), ({"1": 1}, 8, 3), ({"1": 1, "2": 1}, 10, 4)]
    assert ends(frontier(chu_prong("II.6.1"), {"1": 0, "2": None})) == [
        ({}, 0, 0), ({"1": 1}, 8, 1), ({"1": 1, "2": 1}, 10, 2),
    ]  # fmt: skip


def test_of_a_choice_only_better_options_are_bought() -> None:
    assert ends(frontier(chu_prong("II.1.1"), {"1": 2})) == [({}, Fraction(15, 2), 0), ({"1": 1}, 15, 1)]
    # Any option costs the same, so nobody asks for the lesser.
    assert [piece.changes(0) for piece in frontier(chu_prong("II.1.1"), {}).pieces] == [{}, {"1": 1}]
    full = trace(lines(chu_prong("II.1.1"), {"1": 1})[0], lambda _: None)
    assert (len(full.pieces), full.barriers) == (1, ())


def test_money_rises_by_thousandths_and_reaches_a_line_exactly() -> None:
    # 5.11 of 12,345 678 triệu: 3, 7 and 10 % lie between the thousandths.
    found = frontier(chu_prong("II.5.11"), {"a": Amount(1, 10), "b": Amount(12_345_678, 10**6)})
    exact = [(changes["a"], points, cost) for changes, points, cost in ends(found) if len(changes) == 1 and cost]
    assert (Fraction(37037034, 10**8), Fraction(45, 10), Fraction(27037034, 10**8)) in exact
    assert (Fraction(12345678, 10**7), 15, Fraction(11345678, 10**7)) in exact
    assert all(changes["a"] < Fraction(1235, 1000) for changes, _, _ in ends(found) if changes)
    counted = frontier(chu_prong("II.5.11"), {"a": Amount(1, 10), "b": Amount(12_345_678, 10**6)}, priced=False)
    assert {cost for _, points, cost in ends(counted) if points == 15} == {2}  # a unit begun counts as one
    assert units(Fraction(5, 4), whole=True) == 2


def test_a_council_s_score_rises_to_the_maximum() -> None:
    found = frontier(indicator("1.1", 8), {"1": Amount(7_995, 1000)})
    assert ends(found) == [({}, Fraction(7995, 1000), 0), ({"1": 8}, 8, Fraction(5, 1000))]
    assert ends(frontier(indicator("1.1", 8), {"1": Amount(75, 10)}))[-1] == ({"1": 8}, 8, Fraction(1, 2))
    assert len(frontier(indicator("1.1", 8), {"1": 8}).pieces) == 1
    assert bars(trace(lines(indicator("1.1", 8), {})[0], lambda _: None)) == [(Bar.NO_COST, ("1",))]


def test_points_per_item_end_at_the_maximum() -> None:
    assert ends(frontier(chu_prong("II.8.5"), {"1": 28})) == [({}, 28, 0), ({"1": 29}, 29, 1), ({"1": 30}, 30, 2)]


def test_what_is_unknown_or_refused_starts_from_nothing() -> None:
    refused = Fact("", "", Status.REJECTED, Amount(3), note="không có căn cứ")
    for told in (None, refused):
        # Reporting that there are none yet opens the lowest line of the gate.
        found = frontier(chu_prong("II.1.4"), {"1": 1, "2": told}, price=Price(5, 1))
        assert ({"2": 0}, Fraction(15, 4), 0) in ends(found)
        assert ends(found)[-1] == ({"2": 10}, 15, 15)
    both = frontier(chu_prong("II.6.6"), {"a": 100, "b": None, "c": None})
    assert ends(both)[-1] == ({"b": 80, "c": 0}, 20, 80)
    assert bars(trace(both.line, {"II.6.6:b": EACH}.get)) == [(Bar.NO_COST, ("c",))]


def test_a_base_that_is_not_known_or_zero_cannot_be_planned() -> None:
    assert bars(frontier(chu_prong("II.3.1"), {"a": 3})) == [(Bar.NO_BASE, ("b",))]
    assert bars(frontier(chu_prong("II.3.1"), {"a": 0, "b": 0})) == [(Bar.ZERO_BASE, ("b",))]


def test_a_unit_that_is_not_subject_has_nothing_to_do() -> None:
    exempt = Fact("", "", Status.EXEMPT, note="không có")
    found = frontier(chu_prong("II.3.1"), {"a": exempt, "b": 5})
    assert (len(found.pieces), found.barriers) == (1, ())
    assert quantities_of(found.line) == {}


def none_detected() -> Indicator:
    return chu_prong("II.5.9")


def test_none_detected_is_claimed_with_its_document_where_nothing_was() -> None:
    found = frontier(none_detected(), {"1": 0, "2": 0}, {"1": 4}, {"1": 2})
    assert ends(found) == [({}, 0, 0), ({"2": 1}, 5, 1)]
    counted = trace(found.line, {"II.5.9:1": EACH}.get, peerage(lines(none_detected(), {"1": 4}, {"1": 2})))
    assert ends(counted)[-1] == ({"1": 4}, 5, 4)
    unproven = Fact("", "", Status.VERIFIED, Amount(1))
    assert ends(frontier(none_detected(), {"1": None, "2": unproven}, {"1": 4}))[1] == ({"2": 1}, 5, 1)
    some = frontier(none_detected(), {"1": 1, "2": 0}, {"1": 4}, priced=False)
    assert ends(some) == [({}, 0, 0)]
    assert bars(some) == [(Bar.INCIDENTS, ("1",))]


def test_among_peers_the_highest_is_reached_and_what_lies_beyond_is_kept_apart() -> None:
    found = frontier(chu_prong("II.8.4"), {"1": 2}, {"1": 8}, {"1": 5}, price=Price(0, 10))
    [stay, row] = found.pieces
    assert (stay.share, row.share_of(row.last), row.changes(row.last)) == (Fraction(1, 4), 1, {"1": 8})
    [beyond] = found.beyond
    assert (beyond.changes(0), beyond.share, beyond.rise) == ({"1": Fraction(8001, 1000)}, 1, 0)
    assert beyond.cost == Fraction(60_010, 1000)
    assert beyond.last > 10**15
    alone = frontier(chu_prong("II.8.4"), {"1": 0})
    assert alone.pieces[1].share == 1  # whoever is alone has the most, once there is anything


def test_standard_scores_and_inputs_that_are_their_own_base_are_refused() -> None:
    z = indicator("1.1", 10, Peers("z_score", Quantity(("1",)), "Z"), [Input("1", "count", "một")])
    assert bars(frontier(z, {"1": 1}, {"1": 3})) == [(Bar.Z_SCORE, ("1",))]
    own = Scale(Quantity(("1",), ("1", "2")), (Segment("tỷ lệ", slope=Fraction(1)),))
    entry = indicator("1.1", 10, own, [Input("1", "count", "một"), Input("2", "count", "hai")])
    assert bars(frontier(entry, {"1": 1, "2": 3})) == [(Bar.OWN_BASE, ("1",))]


def per_item(key: str, slope: int = 10) -> Scale:
    return Scale(Quantity((key,)), (Segment("mỗi", slope=Fraction(1, slope)),))


def test_what_is_measured_in_more_than_one_way_is_refused() -> None:
    inputs = [Input("1", "count", "một"), Input("2", "count", "hai")]
    both = Sum((Part("a", Fraction(1, 2), per_item("1")), Part("b", Fraction(1, 2), per_item("2"))))  # type: ignore[arg-type]
    assert bars(frontier(indicator("1.1", 10, both, inputs), {"1": 1, "2": 3})) == [(Bar.SEVERAL, ("1", "2"))]
    mixed = Scale(Quantity(("1", "2")), (Segment("mỗi", slope=Fraction(1, 10)),))
    entry = indicator("1.1", 10, mixed, [inputs[0], Input("2", "amount", "hai")])
    assert bars(frontier(entry, {"1": 1, "2": 3})) == [(Bar.SEVERAL, ("1", "2"))]


def test_a_share_that_bends_at_the_maximum_of_a_sum_is_cut_there() -> None:
    full = Choice((Option("có", "có", Fraction(1)), Option("không", "không", Fraction(0))), "1")
    parts = Part("a", Fraction(3, 5), full), Part("b", Fraction(3, 5), per_item("2", 100))  # type: ignore[arg-type]
    entry = indicator("1.1", 10, Sum(parts), [Input("1", "presence", "một"), Input("2", "count", "hai")])
    found = frontier(entry, {"1": 1, "2": 0})
    best = min(cost for _, points, cost in ends(found) if points == 10)
    assert best == 67  # 2/5 of 3/5 are 66,7 of 100
    assert ({"2": 66}, Fraction(996, 100), 66) in ends(found)


def test_lines_that_leave_a_gap_or_fall_are_no_way_up() -> None:
    segments = (
        Segment("từ 6", Fraction(1, 5), low=Fraction(6)),
        Segment("đến 4", slope=Fraction(1, 8), high=Fraction(4)),
    )
    entry = indicator("1.1", 8, Scale(Quantity(("1",)), segments), [Input("1", "count", "một")])
    assert ends(frontier(entry, {"1": 2})) == [({}, 2, 0), ({"1": 3}, 3, 1), ({"1": 4}, 4, 2)]
    assert ends(frontier(entry, {"1": 6})) == [({}, Fraction(8, 5), 0)]
    falling = indicator("1.1", 8, Scale(Quantity(("1",)), (Segment("", Fraction(1), Fraction(-1, 8)),)), entry.inputs)
    assert len(frontier(falling, {"1": 2}).pieces) == 1


def test_what_the_decision_does_not_speak_of_is_no_option() -> None:
    segments = (
        Segment("từ 6", Fraction(1), low=Fraction(6)),
        Segment("trên 2, dưới 4", Fraction(1, 2), low=Fraction(2), high=Fraction(4), low_included=False,
                high_included=False),
    )  # fmt: skip
    entry = indicator(
        "1.1",
        8,
        Gate("1", "có", Scale(Quantity(("2",)), segments)),
        [Input("1", "presence", ""), Input("2", "amount", "")],
    )
    assert ends(frontier(entry, {"1": 0, "2": 5})) == [({}, 0, 0), ({"1": 1, "2": 6}, 8, 2)]
    some = ends(frontier(entry, {"1": 1, "2": Amount(25_005, 10_000)}))
    assert some == [({}, 4, 0), ({"2": 6}, 8, Fraction(34_995, 10_000))]
    assert ({"2": 0}, 0, 0) not in ends(frontier(entry, {"1": 1, "2": None}))


def test_more_combinations_than_anybody_prints_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontiers, "MOST_COMBINATIONS", 3)
    with pytest.raises(Unscorable, match="4 combinations"):
        frontier(chu_prong("II.6.1"), {"1": 0, "2": 0})


def test_a_line_that_does_not_earn_what_it_says_is_not_planned_on() -> None:
    [line] = lines(chu_prong("II.3.1"), {"a": 3, "b": 5})
    with pytest.raises(Unscorable, match="does not earn"):
        trace(evolve(line, share=Fraction(1, 2)), lambda _: EACH)


def test_values_are_written_as_facts_hold_them() -> None:
    assert as_amount(Fraction(3), whole=True) == Amount(3)
    assert as_amount(Fraction(5, 4), whole=False) == Amount(125, 100)
    with pytest.raises(ValueError, match="not whole"):
        as_amount(Fraction(5, 4), whole=True)
    with pytest.raises(ValueError, match="no decimal"):
        as_amount(Fraction(1, 3), whole=False)


# Any scoring, against everything that can be done


@st.composite
def cases(draw: st.DrawFn) -> tuple[Indicator, list[Score], dict[str, Price | None]]:
    entry = draw(indicators())
    group = units_of("u0", "u1", "u2")
    dossiers = {unit: draw(facts(entry, unit)) for unit in group}
    amounts = st.integers(0, 4)
    prices = {
        entry.fact_code(asked.key): draw(st.none() | st.builds(Price, amounts, amounts)) for asked in entry.inputs
    }
    return entry, list(score_all(index(entry), group, dossiers, CYCLE).values()), prices


def tried(found: Frontier, prices: Mapping[str, Price | None]) -> Iterator[tuple[dict[str, int], Money]]:
    """Everything that can be answered or counted otherwise, whole things only, and what it costs."""
    entry, now = found.indicator, values_of(found.line)
    refused = {key for barrier in found.barriers for key in barrier.keys if barrier.kind is not Bar.NO_COST}
    choices: dict[str, list[tuple[int | None, Money]]] = {}
    for asked in entry.inputs:
        price, value = prices[entry.fact_code(asked.key)], now[asked.key]
        ways: list[tuple[int | None, Money]] = [(None, 0)]
        if price is not None and asked.key not in refused:
            if asked.kind == "presence":
                ways.append((1, price.of(1)))
            elif asked.kind == "choice":
                ways += [(n, price.of(1)) for n in range(1, len(asked.options) + 1)]
            elif asked.kind == "count" and asked.key in above(entry):
                start = int(value or 0)
                ways += [(start + n, price.of(n)) for n in range(MOST + 1)]
        choices[asked.key] = ways
    for chosen in product(*choices.values()):
        changes = {key: to for key, (to, _) in zip(choices, chosen, strict=True) if to is not None}
        yield changes, sum(cost for _, cost in chosen)


def above(entry: Indicator) -> set[str]:
    measured = list(frontiers.find_measures(entry.scoring))
    return {key for scale in measured for key in scale.quantity.numerator} - {
        key for scale in measured for key in scale.quantity.denominator
    }


@given(cases())
@settings(max_examples=80, deadline=None)
def test_whatever_can_be_done_is_on_the_frontier_for_no_more(
    case: tuple[Indicator, list[Score], dict[str, Price | None]],
) -> None:
    _, scores, prices = case
    own, *others = (score.indicators[0] for score in scores)
    found = trace(own, prices.get, peerage(others))
    if own.state is State.NOT_SUBJECT:
        assert len(found.pieces) == 1
        return
    for changes, cost in tried(found, prices):
        try:
            share = share_among(own, peerage(others), changes)
        except Unscorable:
            continue
        assert any(
            _cheap(piece, share) is not None and piece.cost_of(_cheap(piece, share) or 0) <= cost
            for piece in found.pieces
        ), (changes, cost, share)


def _cheap(piece: Piece, share: Fraction) -> int | None:
    """The first option that earns ``share``."""
    if piece.share >= share:
        return 0
    if piece.share_of(piece.last) < share:
        return None
    return int(-(-(share - piece.share) // piece.rise))


@given(cases(), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_every_option_earns_and_costs_what_it_says(
    case: tuple[Indicator, list[Score], dict[str, Price | None]], any_number: int
) -> None:
    entry, scores, prices = case
    own, *others = (score.indicators[0] for score in scores)
    found = trace(own, prices.get, peerage(others))
    now = values_of(own)
    for piece in (*found.pieces, *found.beyond):
        for n in {0, piece.last, any_number % (piece.last + 1)}:
            changes = piece.changes(n)
            assert share_among(own, peerage(others), changes) == piece.share_of(n)
            cost: Money = 0
            for key, to in changes.items():
                price = prices[entry.fact_code(key)]
                assert price is not None
                answered = entry.by_key[key].kind in ("presence", "choice")
                cost += price.of(1 if answered else to - (now[key] or 0))
                assert answered or to >= (now[key] or 0)
            assert cost == piece.cost_of(n)
