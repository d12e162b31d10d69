"""Outlooks: exact fractions of the draws; an interval that holds what it says."""

from fractions import Fraction
from math import sqrt

import pytest

from levels.framework import Tier
from rules.outlook import Binding, Outlook, RankOutlook, Worth, interval
from rules.verdict import Levels
from tests.rules.dossiers import commune, kon_tum

CRITERIA = kon_tum().sets[Tier.COMMUNE].criteria


def test_probabilities_are_exact_fractions_of_the_draws() -> None:
    found = Outlook(commune(), Levels(1, 2, 3), 3, (0, 1, 4, 4, 0, 0), (), ())
    assert found.draws == 9
    assert found.at_least(3) == Fraction(4, 9)
    assert found.at_least(0) == 1
    assert found.probabilities[2] == Fraction(4, 9)
    assert found.best_guess == 2  # of equally likely levels the lowest
    assert found.binding_most == ()


def test_ties_of_what_binds_are_all_told() -> None:
    binding = (Binding(CRITERIA[0], 5), Binding(CRITERIA[1], 5), Binding(CRITERIA[2], 1))
    assert Outlook(commune(), Levels(1, 1, 1), 2, (9, 0, 0, 0, 0, 0), binding, ()).binding_most == binding[:2]


def test_a_fact_moves_a_chance_from_its_worst_outcome_to_its_best() -> None:
    known = Worth(commune(), CRITERIA[0], Fraction(0), Fraction(12, 100), Fraction(57, 100))
    assert known.moves == Fraction(45, 100)


def test_a_rank_outlook_tells_what_is_at_best_and_at_worst() -> None:
    found = RankOutlook(commune(), Fraction(700), 2, Fraction(690), (0, 6, 1, 3, 0))
    assert found.draws == 10
    assert found.at_best(2) == Fraction(6, 10)
    assert found.span == (2, 4)
    assert found.probabilities[3] == Fraction(3, 10)


@pytest.mark.parametrize(("count", "draws"), [(0, 1), (1, 1), (0, 10_000), (10_000, 10_000), (1234, 10_000), (5, 10)])
def test_the_interval_is_wilson_s_rounded_outward(count: int, draws: int) -> None:
    low, high = interval(count, draws)
    p, z = count / draws, 1.96
    middle = (p + z * z / (2 * draws)) / (1 + z * z / draws)
    half = z * sqrt(p * (1 - p) / draws + z * z / (4 * draws * draws)) / (1 + z * z / draws)
    assert 0 <= low <= Fraction(count, draws) <= high <= 1
    assert float(low) <= max(middle - half, 0) + 1e-12
    assert float(low) >= middle - half - 1.01e-4
    assert float(high) >= min(middle + half, 1) - 1e-12
    assert float(high) <= middle + half + 1.01e-4
