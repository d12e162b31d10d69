"""Worth: exact where all outcomes are counted; nothing where nothing hangs on the fact, even at ten million draws."""

from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.draws import MOST_DRAWS
from rules.trials import SIX
from rules.worth import of_reader, of_unit

HISTOGRAM = st.lists(st.integers(0, 9), min_size=SIX, max_size=SIX).filter(any)


def spread(histogram: list[int], draws: int) -> list[int]:
    """The histogram of ``draws`` draws with the shares of ``histogram``."""
    return [count * draws // sum(histogram) for count in histogram]


@settings(deadline=None)
@given(HISTOGRAM, HISTOGRAM, st.integers(1, 5))
def test_a_unit_is_at_the_lower_of_the_fact_and_the_rest(fact: list[int], rest: list[int], level: int) -> None:
    draws = sum(fact) * sum(rest)
    joint = of_unit(np.array([spread(fact, draws)]), np.array([spread(rest, draws)]))
    chance: dict[int, dict[int, Fraction]] = {}
    for outcome, other in product(range(SIX), repeat=2):
        weight = Fraction(rest[other], sum(rest))
        chance.setdefault(outcome, dict.fromkeys(range(SIX), Fraction(0)))[min(outcome, other)] += weight
    shares = [Fraction(count, sum(fact)) for count in fact]
    right = sum((shares[k] * max(chance[k].values()) for k in range(SIX)), Fraction(0))
    guessed = max(sum(shares[k] * chance[k][u] for k in range(SIX)) for u in range(SIX))
    assert Fraction(int(joint.gains()[0]), draws * joint.whole) == right - guessed
    reached = [sum(chance[k][u] for u in range(level, SIX)) for k in range(SIX) if fact[k]]
    lowest, highest = joint.chances(level)
    assert Fraction(int(lowest[0]), joint.whole) == min(reached)
    assert Fraction(int(highest[0]), joint.whole) == max(reached)


def test_through_a_reader_that_copies_the_unit_a_fact_is_worth_the_same() -> None:
    own = of_unit(np.array([[0, 0, 50, 0, 50, 0]]), np.array([[0, 0, 0, 30, 70, 0]]))
    levels = np.array([[0, 0, 50, 15, 35, 0]])
    same = of_reader(own, np.array([np.diag(each) for each in levels]))
    assert Fraction(int(same.gains()[0]), 100 * same.whole) == Fraction(int(own.gains()[0]), 100 * own.whole)
    assert same.draws.tolist() == [100]


def test_a_reader_on_which_the_unit_has_no_hold_makes_its_facts_worth_nothing() -> None:
    own = of_unit(np.array([[0, 0, 50, 0, 50, 0]]), np.array([[0, 0, 0, 30, 70, 0]]))
    above = np.zeros((1, SIX, SIX), np.int64)
    above[0, :, 3] = [0, 0, 50, 15, 35, 0]
    joint = of_reader(own, above)
    lowest, highest = joint.chances(3)
    assert joint.gains().tolist() == [0]
    assert lowest.tolist() == highest.tolist() == [joint.whole]


def test_a_level_that_no_draw_has_shown_says_nothing_of_the_reader() -> None:
    own = of_unit(np.array([[1, 0, 0, 0, 0, 1]]), np.array([[1, 0, 0, 0, 0, 1]]))
    above = np.zeros((1, SIX, SIX), np.int64)
    above[0, 0, 2] = 2  # in neither of both draws was the unit at 5
    joint = of_reader(own, above)
    assert joint.gains().tolist() == [0]


def test_the_most_draws_that_can_be_asked_for_stay_within_64_bits() -> None:
    half = MOST_DRAWS // 2
    own = of_unit(np.array([[half, 0, 0, 0, 0, half]]), np.array([[0, 0, 0, 0, 0, MOST_DRAWS]]))
    above = np.zeros((1, SIX, SIX), np.int64)
    above[0, 0, 0] = above[0, 5, 5] = half
    joint = of_reader(own, above)
    assert Fraction(int(joint.gains()[0]), MOST_DRAWS * joint.whole) == Fraction(1, 2)


def test_without_facts_there_is_nothing_to_know() -> None:
    nothing = np.zeros((0, SIX), np.int64)
    assert of_unit(nothing, nothing).gains().tolist() == []
