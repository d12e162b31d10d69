"""The formulas written by hand and the scoring read from the decision's words give the same points and ranks."""

from collections import Counter
from fractions import Fraction

from levels.framework import Tier
from rules.ranking import rank
from rules.scores import Score
from rules.scoring import score_all
from tests.benchmarks.by_hand import Points, points_by_hand, ranks_by_hand
from tests.benchmarks.country import CYCLE
from tests.benchmarks.districts import districts, facts_of, index_of_76, plain_values

INDEX = index_of_76()
UNITS = districts(Fraction(60, 705))
FACTS = facts_of(INDEX, UNITS)


def scored() -> dict[str, Score]:
    return score_all(INDEX, UNITS, FACTS, CYCLE, explain=False)


def by_hand() -> dict[str, Points]:
    return points_by_hand(plain_values(FACTS))


def test_there_are_76_indicators_and_705_districts() -> None:
    assert len(INDEX.sets[Tier.DISTRICT].indicators) == 76
    assert len(districts()) == 705


def test_facts_are_the_same_whenever_they_are_made() -> None:
    assert facts_of(INDEX, UNITS) == FACTS


def test_both_give_the_same_points_on_every_indicator() -> None:
    written = by_hand()
    for code, score in scored().items():
        assert {line.indicator.code: line.points for line in score.indicators} == written[code]


def test_both_give_the_same_ranks() -> None:
    places = rank(INDEX, UNITS, scored(), CYCLE).place_of
    totals = [(code, sum(points.values(), Fraction(0))) for code, points in by_hand().items()]
    assert {code: place.rank for code, place in places.items()} == ranks_by_hand(totals)


def test_districts_with_as_many_points_share_a_rank_in_both() -> None:
    totals = [("a", Fraction(3)), ("b", Fraction(5)), ("c", Fraction(3)), ("d", Fraction(1))]
    assert ranks_by_hand(totals) == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_every_indicator_is_scored_at_more_than_one_value_and_some_data_are_missing() -> None:
    scores = scored().values()
    values: dict[str, Counter[Fraction]] = {}
    for score in scores:
        for line in score.indicators:
            values.setdefault(line.indicator.code, Counter())[line.share] += 1
    assert not [code for code, shares in values.items() if len(shares) < 2]
    assert any(score.missing for score in scores)
