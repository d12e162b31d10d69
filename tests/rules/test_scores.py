"""What a score, a place and a ranking say of themselves."""

from fractions import Fraction

import pytest
from attrs import evolve

from evidence.facts import Fact, Status
from levels.framework import Tier
from rules.ranking import rank
from rules.scores import IndicatorScore, InputValue, Score, State
from tests.rules.indexes import CYCLE, index, indicator, pillar, score, score_fact, units

OWNER = index(pillar("1", indicator("1.1", 30)), pillar("2", indicator("2.1", 10)))
HERE = units("a", "b")


@pytest.mark.parametrize(
    ("state", "open_"),
    [
        (State.ACCEPTED, False),
        (State.REJECTED, False),
        (State.SELF_REPORTED, True),
        (State.MISSING, True),
        (State.ZERO_BASE, True),
    ],
)
def test_ranks_are_provisional_while_a_line_of_any_unit_may_still_change(state: State, open_: bool) -> None:
    scores = {"a": score(OWNER, HERE["a"], {"1.1": 1}), "b": score(OWNER, HERE["b"], {}, state=state)}
    (group,) = rank(OWNER, HERE, scores, CYCLE).groups
    assert scores["b"].provisional is open_
    assert group.provisional is open_


def test_missing_data_and_zero_bases_are_marked_and_a_refusal_is_not_missing() -> None:
    for state in State:
        marked = [line.indicator.code for line in score(OWNER, HERE["a"], {}, state=state).missing]
        assert marked == (["1.1", "2.1"] if state in (State.MISSING, State.ZERO_BASE) else [])


def test_a_pillar_has_the_share_of_what_can_be_reached_and_none_where_nothing_can() -> None:
    found = score(OWNER, HERE["a"], {"1.1": Fraction(1, 3), "2.1": None})
    assert [part.share for part in found.pillars] == [Fraction(1, 3), None]
    assert found.percent == Fraction(100, 3)
    assert score(OWNER, HERE["a"], {"1.1": None, "2.1": None}).percent == 0


def resting_on(fact: Fact) -> Score:
    plain = score(OWNER, HERE["a"], {"1.1": 1})
    first, *rest = plain.indicators
    on = evolve(first, inputs=(InputValue(first.indicator.inputs[0], fact, Fraction(30)),))
    return evolve(plain, indicators=(on, *rest))


def test_a_score_that_rests_on_a_made_up_fact_says_so() -> None:
    made_up = score_fact("a", "1.1", 30)
    assert resting_on(made_up).synthetic
    assert not resting_on(evolve(made_up, source="Báo cáo 12/BC-UBND")).synthetic


def test_lines_are_told_when_they_are_asked_for_and_make_the_same_score() -> None:
    told = score(OWNER, HERE["a"], {"1.1": 1})
    asked: list[Tier] = []

    def tell() -> tuple[IndicatorScore, ...]:
        asked.append(told.unit.tier)
        return told.indicators

    later = evolve(told, indicators=tell)
    assert not asked
    assert [later.indicators, later.indicators] == [told.indicators, told.indicators]
    assert len(asked) == 1
    assert later == told


@pytest.mark.parametrize(
    ("status", "open_"), [(Status.SELF_REPORTED, True), (Status.UNKNOWN, True), (Status.VERIFIED, False)]
)
def test_a_bonus_that_nobody_has_ruled_on_keeps_the_score_provisional(status: Status, open_: bool) -> None:
    settled = score(OWNER, HERE["a"], {"1.1": 1, "2.1": 1})
    assert not settled.provisional
    assert evolve(settled, bonus_fact=score_fact("a", "KK", 5, status)).provisional is open_
