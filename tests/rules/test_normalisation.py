"""Normalisation: a comparison within the group that leaves points and ranks as they are."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.units import Units
from levels.framework import Interpretation
from levels.index import Index
from rules.normalisation import Method, Normalised, normalise
from rules.ranking import rank
from rules.scores import Score, State
from tests.rules.indexes import CYCLE, index, indicator, pillar, score, units

Shares = dict[str, Fraction | int | None]
TWO = index(indicator("1.1", 30), indicator("1.2", 10))
METHODS: tuple[Method, ...] = ("z_score", "min_max")


def normalised(method: Method, **shares: Shares) -> Normalised:
    return compared(TWO, method, shares)


def compared(owner: Index, method: Method, shares: Mapping[str, Shares]) -> Normalised:
    there = units(*shares)
    return normalised_group({code: score(owner, there[code], of) for code, of in shares.items()}, there, method)


def normalised_group(scores: Mapping[str, Score], there: Units, method: Method) -> Normalised:
    owner = next(iter(scores.values())).index
    return normalise(rank(owner, there, scores, CYCLE).groups[0], method)


def shown(result: Normalised) -> list[tuple[str, list[str], str, int | None]]:
    return [
        (
            unit.place.score.unit.code,
            ["" if value is None else str(value) for value in unit.values],
            "" if unit.composite is None else str(unit.composite),
            unit.rank,
        )
        for unit in result.units
    ]


def one(share: Fraction | int | None, other: Fraction | int | None = 0) -> Shares:
    return {"1.1": share, "1.2": other}


def test_min_max_puts_the_lowest_at_0_the_highest_at_1_and_weighs_by_the_maxima() -> None:
    result = normalised("min_max", a=one(Fraction(1, 4), 1), b=one(Fraction(3, 4), 0), c=one(Fraction(1, 2), 1))
    assert shown(result) == [
        ("b", ["1", "0"], "3/4", 1),
        ("c", ["1/2", "1"], "5/8", 2),
        ("a", ["0", "1"], "1/4", 3),
    ]


def test_z_score_is_the_distance_from_the_mean_in_deviations_of_the_whole_group() -> None:
    # 1/5, 2/5 … of a mean of 3/5: the deviation is the root of 2/25, and 1/5 of it is 1/√2 = 0.7071067811865…
    result = normalised("z_score", **{f"u{n}": one(Fraction(n, 5)) for n in range(1, 6)})
    values = {unit.place.score.unit.code: unit.values[0] for unit in result.units}
    root_half = Fraction(707106781187, 10**12)
    assert values["u3"] == 0
    assert values["u4"] == root_half
    assert values["u2"] == -root_half
    assert values["u5"] == Fraction(1414213562373, 10**12)


@pytest.mark.parametrize(("method", "above"), [("min_max", "1"), ("z_score", "0")])
def test_where_all_have_alike_whoever_has_something_has_everything_or_no_distance(method: Method, above: str) -> None:
    result = normalised(method, a=one(Fraction(1, 2), 0), b=one(Fraction(1, 2), 0))
    assert [[str(value) for value in unit.values] for unit in result.units] == [[above, "0"]] * 2


@pytest.mark.parametrize("method", METHODS)
def test_a_unit_that_is_not_subject_has_no_value_and_is_nobodys_peer(method: Method) -> None:
    result = normalised(method, a=one(None, 1), b=one(1, 0), c=one(0, 1))
    values = {unit.place.score.unit.code: unit for unit in result.units}
    assert values["a"].values[0] is None
    assert values["a"].composite == values["a"].values[1]
    # Without a the two others lie as far above as below their mean.
    assert values["b"].values[0] == 1
    assert values["c"].values[0] == {"z_score": -1, "min_max": 0}[method]


@pytest.mark.parametrize(("method", "lost"), [("min_max", "0"), ("z_score", "-3")])
@pytest.mark.parametrize("state", [State.MISSING, State.ZERO_BASE, State.REJECTED])
def test_data_that_do_not_count_are_0_and_nobodys_measure(state: State, method: Method, lost: str) -> None:
    there = units("a", "b", "c")
    scores = {
        "a": score(TWO, there["a"], one(1)),
        "b": score(TWO, there["b"], one(Fraction(1, 2))),
        "c": score(TWO, there["c"], {}, state=state),
    }
    values = {unit.place.score.unit.code: unit.values[0] for unit in normalised_group(scores, there, method).units}
    # A mean of 3/4 and a deviation of 1/4: c, who has no data, stands three deviations below, and shifts neither.
    assert values["a"] == 1
    assert values["b"] == {"min_max": 0, "z_score": -1}[method]
    assert str(values["c"]) == lost


@pytest.mark.parametrize("method", METHODS)
def test_where_nobody_has_data_everybody_has_0(method: Method) -> None:
    there = units("a")
    scores = {"a": score(TWO, there["a"], {}, state=State.MISSING)}
    assert shown(normalised_group(scores, there, method)) == [("a", ["0", "0"], "0", 1)]


@pytest.mark.parametrize(("method", "value"), [("min_max", "1"), ("z_score", "0")])
def test_a_group_of_one_is_its_own_measure(method: Method, value: str) -> None:
    assert shown(normalised(method, a=one(1, 1))) == [("a", [value, value], value, 1)]


@pytest.mark.parametrize("method", METHODS)
def test_an_indicator_to_which_nobody_is_subject_has_no_values(method: Method) -> None:
    result = normalised(method, a=one(None, 1), b=one(None, 0))
    assert [unit.values[0] for unit in result.units] == [None, None]


def test_equal_composites_share_a_rank_and_a_unit_without_one_comes_last() -> None:
    result = normalised("min_max", none=one(None, None), a=one(1), b=one(1), c=one(0))
    assert [(unit.place.score.unit.code, unit.rank, unit.tied) for unit in result.units] == [
        ("a", 1, True),
        ("b", 1, True),
        ("c", 3, False),
        ("none", None, False),
    ]


def test_points_and_ranks_stay_as_they_are() -> None:
    there = units("a", "b", "c")
    # By points a is first; by Min-Max, where the two weigh alike, b.
    owner = index(indicator("1.1", 10), indicator("1.2", 10))
    shares: dict[str, Shares] = {
        "a": one(1, Fraction(8, 10)),
        "b": one(Fraction(7, 10), 1),
        "c": one(0, Fraction(8, 10)),
    }
    ranking = rank(owner, there, {code: score(owner, there[code], of) for code, of in shares.items()}, CYCLE)
    result = normalise(ranking.groups[0], "min_max")
    assert result.ranking == ranking.groups[0]
    assert [(u.place.score.unit.code, u.rank, u.place.rank) for u in result.units] == [
        ("b", 1, 2),
        ("a", 2, 1),
        ("c", 3, 3),
    ]


def test_it_cites_the_clause_that_names_the_methods_where_there_is_one() -> None:
    named = Interpretation("normalisation", "Mục II.2.b", "chỉ khi đơn vị đánh giá chọn", "luôn chuẩn hóa")
    other = Interpretation("ranking-ties", "Mục II.2.a", "cùng hạng", "phân định")
    owner = index(indicator("1.1"), indicator("1.2"), interpretations=(other, named))
    assert compared(owner, "z_score", {"a": one(1), "b": one(0)}).reading == named
    assert normalised("z_score", a=one(1), b=one(0)).reading is None


def test_a_pillar_that_is_scored_whole_is_one_value() -> None:
    owner = index(pillar("1", indicator("1", 100, whole=True)), pillar("2", indicator("2", 50, whole=True)))
    result = compared(owner, "min_max", {"a": {"1": 1, "2": 0}, "b": {"1": 0, "2": 1}})
    assert [entry.code for entry in result.indicators] == ["1", "2"]
    assert [str(unit.composite) for unit in result.units] == ["2/3", "1/3"]


groups = st.lists(st.fractions(0, 1, max_denominator=20), min_size=2, max_size=7)


@given(groups, st.sampled_from(METHODS))
def test_values_keep_the_order_of_the_shares(shares: list[Fraction], method: Method) -> None:
    result = normalised(method, **{f"u{place}": one(share) for place, share in enumerate(shares)})
    found = sorted((unit.place.score.by_code["1.1"].share, unit.values[0]) for unit in result.units)
    values = [value for _, value in found]
    assert values == sorted(value for value in values if value is not None)


@given(groups)
def test_standard_scores_have_mean_0_and_variance_1_up_to_their_last_decimal(shares: list[Fraction]) -> None:
    result = normalised("z_score", **{f"u{place}": one(share) for place, share in enumerate(shares)})
    values = [unit.values[0] for unit in result.units if unit.values[0] is not None]
    if len(set(shares)) > 1:
        assert abs(sum(values, Fraction(0))) <= Fraction(len(values), 2 * 10**12)
        assert abs(sum((value**2 for value in values), Fraction(-len(values)))) <= Fraction(len(values) ** 2, 10**12)
