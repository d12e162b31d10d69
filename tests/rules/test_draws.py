"""Draws: the same bits wherever they are drawn, as likely as the closed form says, and never compared in floats."""

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.compile import FREE, UNMET
from rules.draws import (
    MOST_SAMPLED,
    Among,
    Audited,
    Between,
    Chance,
    Law,
    Replaced,
    Sampled,
    below,
    binomial_thresholds,
    draw,
    happens,
    random_words,
)

NAME = "commune/23500/I.2"
DRAWS = 40_000
LAWS: tuple[Law, ...] = (
    Audited(74, Fraction(1, 4), 6000, 10_000),
    Audited(10**15 - 1, Fraction(1, 2), 0, 9999),
    Audited(1, Fraction(1, 10), 0, 0),
    Replaced(3, Fraction(1, 3), (0, 1, 1)),
    Sampled(74, 104, 104),
    Sampled(1, 3, 7),
    Sampled(0, 5, 5),
    Sampled(5, 5, 6),
    Chance(Fraction(1, 3)),
    Chance(Fraction(0)),
    Chance(Fraction(1), 5, 0),
    Among((1, 2, 2, 5)),
    Between(3, 9),
    Between(0, 10**15),
)


def values_of(law: Law) -> Iterable[int]:
    """Some numerators that the law can give, and some that it cannot."""
    match law:
        case Audited():
            return {0, 1, law.reported * law.low // 10_000, law.reported * 8 // 10, law.reported, law.reported + 1}
        case Sampled():
            return range(law.size + 2)
        case Between():
            return {law.low - 1, law.low, (law.low + law.high) // 2, law.high, law.high + 1}
    return {UNMET, 0, 1, 2, 3, 5, 6, FREE, FREE + 1}


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_draws_are_as_likely_as_the_closed_form_says(law: Law) -> None:
    drawn = draw(law, 121, NAME, range(DRAWS))
    assert drawn.dtype == np.int64
    for value in values_of(law):
        chance = law.at_least(value)
        assert 0 <= chance <= 1
        seen = int(np.count_nonzero(drawn >= value))
        # Six standard deviations of a binomial count, in integers; a certain or impossible value has none.
        variance = chance * (1 - chance) * DRAWS
        assert abs(seen - chance * DRAWS) <= 6 * (isqrt(int(variance)) + 1) * (variance > 0)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_a_draw_is_the_same_in_whatever_block_it_is_drawn(law: Law) -> None:
    whole = draw(law, 7, NAME, range(103)).tolist()
    cut = [draw(law, 7, NAME, range(first, min(first + 9, 103))).tolist() for first in range(0, 103, 9)]
    assert [value for block in cut for value in block] == whole
    assert draw(law, 7, NAME, range(50, 51)).tolist() == whole[50:51]
    assert draw(law, 7, NAME, range(5, 5)).tolist() == []


def test_bits_are_pinned_so_that_no_release_or_machine_changes_them() -> None:
    assert random_words(1, NAME, range(2), 2).tolist() == [
        [14955799622009251074, 9524458018607613419],
        [1845365245034145997, 17101845791780117452],
    ]


def test_seeds_and_names_have_bits_of_their_own() -> None:
    first = random_words(1, NAME, range(1000), 1)
    assert not np.array_equal(first, random_words(2, NAME, range(1000), 1))
    assert not np.array_equal(first, random_words(1, "commune/23500/I.3", range(1000), 1))
    assert np.array_equal(first, random_words(1, NAME, range(1000), 1))


WORDS = st.integers(0, 2**64 - 1)


@given(WORDS, st.integers(1, 2**63))
@example(2**64 - 1, 2**63)
@example(2**64 - 1, 2**32)
@example(2**64 - 1, 2**32 - 1)
def test_a_number_below_is_the_upper_half_of_the_product(word: int, count: int) -> None:
    assert int(below(np.array([word], np.uint64), count)[0]) == word * count >> 64


@given(WORDS, st.fractions(0, 1))
@example(2**64 - 1, Fraction(1))
@example(0, Fraction(0))
def test_what_is_certain_always_happens_and_the_impossible_never(word: int, p: Fraction) -> None:
    assert bool(happens(np.array([word], np.uint64), p)[0]) == (p == 1 or word < p * 2**64 // 1)


@given(st.integers(0, 10**15), st.integers(0, 10_000), WORDS)
def test_a_correction_is_rounded_down_exactly(reported: int, factor: int, word: int) -> None:
    law = Audited(reported, Fraction(1), factor, factor)
    assert law.draw(np.array([[word, word]], np.uint64)).tolist() == [reported * factor // 10_000]


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 80))
def test_thresholds_of_a_binomial_are_those_of_its_closed_form(asked: int, hits: int, size: int) -> None:
    hits = min(hits, asked)
    law = Sampled(hits, asked, size)
    first, thresholds = binomial_thresholds(hits, asked, size)
    assert first + len(thresholds) <= size
    for place, threshold in enumerate(thresholds.tolist()):
        at_most = 1 - law.at_least(first + place + 1)
        assert abs(Fraction(threshold, 2**64) - at_most) < Fraction(1, 2**63)


def test_large_samples_keep_their_mean_and_leave_out_only_what_never_happens() -> None:
    first, thresholds = binomial_thresholds(2, 3, MOST_SAMPLED)
    assert 6_600_000 < first < 6_666_667 < first + len(thresholds) < 6_740_000


@pytest.mark.parametrize(("hits", "asked", "size"), [(-1, 5, 5), (6, 5, 5), (1, 5, 0), (1, 5, MOST_SAMPLED + 1)])
def test_no_binomial_of_what_is_no_share_or_no_sample(hits: int, asked: int, size: int) -> None:
    with pytest.raises(ValueError, match="no binomial"):
        binomial_thresholds(hits, asked, size)
