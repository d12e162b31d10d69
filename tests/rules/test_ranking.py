"""Places: by the exact percentage of what a unit can reach, ties sharing a rank."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import RankingGroup
from rules.ranking import rank, ranks
from rules.scores import GroupRanking, Ranking
from tests.rules.indexes import ALL_DISTRICTS, CYCLE, index, indicator, pillar, score, units

COMMUNES = RankingGroup("commune", "Các xã", Tier.COMMUNE, "mục 6", within="parent")
TWO = index(pillar("1", indicator("1.1", 30)), pillar("2", indicator("2.1", 10)))


def ranking(**shares: Fraction | int | None) -> Ranking:
    """The ranking of units by their shares of 30 points; None: not subject to what gives them."""
    there = units(*shares)
    return rank(TWO, there, {code: score(TWO, there[code], {"1.1": share}) for code, share in shares.items()}, CYCLE)


def found(group: GroupRanking) -> list[tuple[str, int, bool]]:
    return [(place.score.unit.code, place.rank, place.tied) for place in group.places]


def test_the_best_comes_first_and_after_a_tie_a_rank_is_left_out() -> None:
    (group,) = ranking(a=0, b=Fraction(1, 2), c=1, d=Fraction(1, 2)).groups
    assert found(group) == [("c", 1, False), ("b", 2, True), ("d", 2, True), ("a", 4, False)]


def test_units_that_tie_stand_in_the_order_of_the_units_file() -> None:
    assert [code for code, *_ in found(ranking(z=1, m=1, a=1).groups[0])] == ["z", "m", "a"]


def test_percentages_are_compared_exactly() -> None:
    close = Fraction(1, 3) + Fraction(1, 10**30)
    assert found(ranking(a=Fraction(1, 3), b=close).groups[0]) == [("b", 1, False), ("a", 2, False)]


def test_where_maxima_differ_the_percentage_of_the_reachable_maximum_decides() -> None:
    there = units("small", "large")
    scores = {
        "small": score(TWO, there["small"], {"1.1": None, "2.1": Fraction(9, 10)}),  # 9 of 10
        "large": score(TWO, there["large"], {"1.1": Fraction(9, 10), "2.1": Fraction(4, 10)}),  # 31 of 40
    }
    group = rank(TWO, there, scores, CYCLE).groups[0]
    assert group.by_percent
    assert found(group) == [("small", 1, False), ("large", 2, False)]


def test_bonus_points_count() -> None:
    there = units("a", "b")
    scores = {
        "a": score(TWO, there["a"], {"1.1": 1}),
        "b": score(TWO, there["b"], {"1.1": 1}, bonus=Fraction(1, 4)),
    }
    assert found(rank(TWO, there, scores, CYCLE).groups[0]) == [("b", 1, False), ("a", 2, False)]


def test_a_unit_that_can_reach_nothing_comes_after_one_that_reached_nothing() -> None:
    there = units("exempt", "idle")
    scores = {
        "exempt": score(TWO, there["exempt"], {"1.1": None, "2.1": None}),
        "idle": score(TWO, there["idle"], {}),
    }
    assert found(rank(TWO, there, scores, CYCLE).groups[0]) == [("idle", 1, False), ("exempt", 2, False)]


def test_units_without_a_score_and_tiers_without_a_group_are_left_out() -> None:
    there = Units({**units("62", tier=Tier.PROVINCE), **units("a", "b")})
    scores = {"a": score(TWO, there["a"], {})}
    result = rank(TWO, there, scores, CYCLE)
    assert list(result.place_of) == ["a"]
    assert rank(index(groups=()), there, scores, CYCLE).groups == ()


def test_communes_are_ranked_within_their_district_where_the_index_says_so() -> None:
    owner = index(indicator("1.1"), tier=Tier.COMMUNE, groups=(ALL_DISTRICTS, COMMUNES))
    there = Units({**units("610", "608"), **units("3", "1", tier=Tier.COMMUNE, parent="608")})
    there = Units({**there, **units("2", tier=Tier.COMMUNE, parent="610"), **units("9", tier=Tier.COMMUNE)})
    scores = {
        code: score(owner, unit, {"1.1": Fraction(int(code), 10)})
        for code, unit in there.items()
        if unit.tier is Tier.COMMUNE
    }
    result = rank(owner, there, scores, CYCLE)
    assert [(g.group.id, g.parent and g.parent.code) for g in result.groups] == [
        ("commune", "608"),
        ("commune", "610"),
        ("commune", None),
    ]
    assert [found(group) for group in result.groups] == [
        [("3", 1, False), ("1", 2, False)],
        [("2", 1, False)],
        [("9", 1, False)],
    ]


def test_groups_stand_in_the_order_of_the_index() -> None:
    one = index(indicator("1.1"))
    two = index(indicator("1.1"), tier=Tier.COMMUNE)
    there = Units({**units("608"), **units("1", tier=Tier.COMMUNE, parent="608")})
    scores = {"608": score(one, there["608"], {}), "1": score(two, there["1"], {})}
    for order in ((COMMUNES, ALL_DISTRICTS), (ALL_DISTRICTS, COMMUNES)):
        result = rank(index(indicator("1.1"), groups=order), there, scores, CYCLE)
        assert [group.group for group in result.groups] == list(order)


def test_last_year_is_ranked_likewise_and_a_climb_is_shown() -> None:
    there = units("a", "b", "new")
    gone = units("gone")["gone"]
    scores = {code: score(TWO, there[code], {"1.1": share}) for code, share in {"a": 1, "b": 0, "new": 0}.items()}
    last = {
        "gone": score(TWO, gone, {"1.1": 1}),
        "a": score(TWO, there["a"], {"1.1": Fraction(1, 3)}),
        "b": score(TWO, there["b"], {"1.1": Fraction(2, 3)}),
    }
    places = rank(TWO, there, scores, CYCLE, last).place_of
    assert {code: (place.rank, place.climbed) for code, place in places.items()} == {
        "a": (1, 2),
        "b": (2, 0),
        "new": (2, None),
    }
    assert places["a"].last is not None
    assert places["a"].last.score is last["a"]


def test_a_commune_that_came_from_another_district_is_not_compared_with_its_place_there() -> None:
    owner = index(indicator("1.1"), tier=Tier.COMMUNE, groups=(COMMUNES,))
    there = Units({**units("608", "610"), **units("1", tier=Tier.COMMUNE, parent="608")})
    moved = Unit("1", "Đơn vị 1", Tier.COMMUNE, "610")
    result = rank(owner, there, {"1": score(owner, there["1"], {})}, CYCLE, {"1": score(owner, moved, {})})
    assert result.place_of["1"].last is None


shares = st.lists(st.fractions(0, 1, max_denominator=4), min_size=1, max_size=8)


@given(shares)
def test_a_rank_is_one_more_than_there_are_strictly_better_units(merits: list[Fraction]) -> None:
    assert ranks(merits) == [1 + sum(other > merit for other in merits) for merit in merits]


@given(shares.flatmap(lambda merits: st.tuples(st.just(merits), st.permutations(range(len(merits))))))
def test_the_order_of_the_units_changes_no_rank(given_: tuple[list[Fraction], list[int]]) -> None:
    merits, order = given_
    codes = [f"u{number}" for number in range(len(merits))]
    straight = ranking(**dict(zip(codes, merits, strict=True)))
    shuffled = ranking(**{codes[place]: merits[place] for place in order})
    for code in codes:
        one, other = straight.place_of[code], shuffled.place_of[code]
        assert (one.rank, one.tied) == (other.rank, other.tied)


@given(shares, st.data())
def test_raising_one_unit_never_worsens_its_rank(merits: list[Fraction], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(merits) - 1))
    raised = [*merits]
    raised[place] = data.draw(st.fractions(merits[place], 1, max_denominator=4))
    assert ranks(raised)[place] <= ranks(merits)[place]
