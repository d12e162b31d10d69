"""The columns and the loop written by hand are given the same draws and find the same levels."""

from fractions import Fraction

import numpy as np
import pytest

from levels.framework import Tier
from levels.loader import load_framework
from tests.benchmarks.country import country
from tests.benchmarks.sweeps import (
    Stock,
    by_columns,
    by_hand,
    comparisons_alone,
    facts_of_communes,
    looped,
    stock_of,
    swept,
)

FRAMEWORK = load_framework("kon-tum-121-2025")
FACTS = facts_of_communes(FRAMEWORK, country(Fraction(4, 705)))


@pytest.fixture(scope="module")
def stock() -> Stock:
    return stock_of(FACTS)


def test_every_criterion_of_every_commune_is_drawn(stock: Stock) -> None:
    assert set(stock.values) == {criterion.code for criterion in FRAMEWORK.sets[Tier.COMMUNE].criteria}
    assert {values.shape[1] for values in stock.values.values()} == {len(FACTS)}
    assert all(len(np.unique(values)) > 1 for values in stock.values.values())


def test_both_find_the_same_levels(stock: Stock) -> None:
    ours, theirs = by_columns(FRAMEWORK, FACTS, stock), by_hand(FRAMEWORK, FACTS, stock)
    block = range(3, 203)
    found = ours(block)
    assert found.tolist() == theirs(block).tolist()
    assert len(np.unique(found)) == 6


def test_both_go_through_every_draw(stock: Stock) -> None:
    work = comparisons_alone(FRAMEWORK, FACTS, stock)
    assert swept(work, 1000, 70) == looped(work, 1000, 70) == 1000 * len(FACTS)
