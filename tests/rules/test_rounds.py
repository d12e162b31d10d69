"""Rounds: what each changed, why, and what it alone did to the rank."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from evidence.facts import Amount, Fact, Facts, Status
from evidence.units import Units
from levels.index import Bonus, Index, Input, Peers, Quantity
from rules.ranking import rank
from rules.rounds import changes_between, compare_rounds
from rules.scores import IndicatorScore, InputValue, Ranking, RoundChange, RoundScore, Score, State
from tests.rules.indexes import CYCLE, ROUNDS, index, indicator, score, score_fact, units

BONUS = Bonus("KK", "Điểm khuyến khích", "Điều 2")
OWNER = index(indicator("1.1", 30), indicator("1.2", 10), indicator("1.3", 20), rounds=ROUNDS, bonus=BONUS)
CODES = ("1.1", "1.2", "1.3")


def facts(*known: Fact) -> Facts:
    found: dict[str, dict[str, Fact]] = {}
    for fact in known:
        found.setdefault(fact.unit, {})[fact.criterion] = fact
    return found


def told(changes: tuple[RoundChange, ...]) -> list[tuple[str, str, str, int, int]]:
    return [(c.indicator.code, f"{c.before} → {c.after}", c.reason, c.rank_before, c.rank_after) for c in changes]


REPORTED = facts(
    score_fact("a", "1.1", 30, Status.SELF_REPORTED),
    score_fact("a", "1.2", 10, Status.SELF_REPORTED),
    score_fact("b", "1.1", 20, Status.SELF_REPORTED),
    score_fact("b", "1.3", 10, Status.SELF_REPORTED),
    score_fact("c", "1.1", 10, Status.SELF_REPORTED),
)


def adjusted(unit: str, code: str, reported: int, points: int, note: str) -> Fact:
    return score_fact(unit, code, points, Status.ADJUSTED, reported=Amount(reported, 1), note=note)


def after(before: Facts, *changed: Fact) -> Facts:
    """The facts of the round before with those that the next one brings."""
    return {code: {**before.get(code, {}), **facts(*changed).get(code, {})} for code in {**before, **facts(*changed)}}


def rounds_of(rounds: Mapping[str, Facts], owner: Index = OWNER) -> dict[str, tuple[RoundScore, ...]]:
    return compare_rounds(owner, units("a", "b", "c"), rounds, CYCLE)


FIRST = after(REPORTED, adjusted("a", "1.1", 30, 12, "thiếu tài liệu"), adjusted("c", "1.1", 10, 11, "đếm thiếu"))


def test_rounds_stand_side_by_side_with_the_reason_and_the_rank_that_each_change_alone_is_worth() -> None:
    found = rounds_of({"self": REPORTED, "round1": FIRST})
    assert [(entry.round.id, entry.place.score.points, entry.place.rank) for entry in found["a"]] == [
        ("self", Fraction(40), 1),
        ("round1", Fraction(22), 2),
        ("published", Fraction(12), 1),
    ]
    # Only what the council has accepted can be published; whose reason that is needs no words of the facts.
    assert told(found["a"][2].changes) == [("1.2", "10 → 0", "", 2, 2)]
    assert found["a"][0].changes == ()
    assert told(found["a"][1].changes) == [("1.1", "30 → 12", "thiếu tài liệu", 1, 2)]
    assert told(found["b"][1].changes) == []
    assert found["b"][1].place.rank == 1
    assert told(found["c"][1].changes) == [("1.1", "10 → 11", "đếm thiếu", 3, 3)]


def test_only_rounds_that_have_facts_are_shown_in_the_order_of_the_index() -> None:
    second = after(FIRST, adjusted("a", "1.1", 30, 30, "đã bổ sung"))
    found = rounds_of({"round2": second, "self": REPORTED, "other": REPORTED})
    assert [entry.round.id for entry in found["a"]] == ["self", "round2", "published"]
    assert rounds_of({}) == {}
    assert rounds_of({"self": REPORTED}, index(indicator("1.1"))) == {}


def test_the_self_score_is_what_the_unit_reported_whatever_the_council_made_of_it() -> None:
    both = facts(adjusted("a", "1.1", 30, 12, "thiếu tài liệu"), score_fact("b", "1.1", 20))
    found = rounds_of({"self": both, "round1": both})
    assert [entry.place.score.points for entry in found["a"]] == [30, 12, 12]
    # The same fact, read otherwise: its note is the reason.
    assert told(found["a"][1].changes) == [("1.1", "30 → 12", "thiếu tài liệu", 1, 2)]


def test_an_explanation_changes_points_and_the_second_round_answers_it() -> None:
    explained = after(FIRST, score_fact("a", "1.1", 28, Status.SELF_REPORTED, note="bổ sung quyết định"))
    second = after(explained, score_fact("a", "1.1", 25, note="chấp nhận một phần"))
    found = rounds_of({"self": REPORTED, "round1": FIRST, "explanation": explained, "round2": second})
    assert [told(entry.changes) for entry in found["a"][:-1]] == [
        [],
        [("1.1", "30 → 12", "thiếu tài liệu", 1, 2)],
        [("1.1", "12 → 28", "bổ sung quyết định", 2, 1)],
        [("1.1", "28 → 25", "chấp nhận một phần", 1, 1)],
    ]


def test_a_change_that_nobody_gave_a_reason_for_has_none() -> None:
    found = rounds_of({"self": REPORTED, "round1": after(REPORTED, score_fact("a", "1.1", 29))})
    assert told(found["a"][1].changes) == [("1.1", "30 → 29", "", 1, 1)]


def test_bonus_points_are_a_change_like_any_other() -> None:
    granted = after(FIRST, score_fact("a", "KK", 9, note="sáng kiến mới"))
    found = rounds_of({"round1": FIRST, "round2": granted})
    assert told(found["a"][1].changes) == [("KK", "0 → 9", "sáng kiến mới", 2, 1)]


def test_an_exemption_is_a_change_though_no_points_are_lost() -> None:
    ruled = after(REPORTED, Fact("b", "1.2", Status.EXEMPT, note="không thuộc đối tượng"))
    found = rounds_of({"self": REPORTED, "round1": ruled})
    # 30 of 50 instead of 30 of 60; a has 40 of 60.
    assert told(found["b"][1].changes) == [("1.2", "0 → 0", "không thuộc đối tượng", 2, 2)]
    assert found["b"][1].place.score.reachable == 50
    assert [change.reachable for change in found["b"][1].changes] == [-10]


def test_a_unit_whose_peer_has_changed_loses_points_without_a_reason_of_its_own() -> None:
    counted = Input("1", "count", "Số sự cố")
    least = Peers("min_max", Quantity(("1",)), "theo phương pháp Min-Max")
    owner = index(indicator("1.1", 10, least, [counted]), rounds=ROUNDS)
    first = facts(
        *(Fact(unit, "1.1", Status.VERIFIED, Amount(number)) for unit, number in {"a": 4, "b": 2, "c": 0}.items())
    )
    second = after(first, Fact("a", "1.1", Status.ADJUSTED, Amount(8), Amount(4), note="kiểm tra lại"))
    found = rounds_of({"round1": first, "round2": second}, owner)
    assert told(found["a"][1].changes) == []
    assert told(found["b"][1].changes) == [("1.1", "5 → 5/2", "", 2, 2)]


def test_units_that_are_not_in_both_are_left_out() -> None:
    there = units("a", "b")
    one = rank(OWNER, there, {"a": score(OWNER, there["a"], {})}, CYCLE)
    two = rank(OWNER, there, {code: score(OWNER, there[code], {"1.1": 1}) for code in there}, CYCLE)
    assert list(changes_between(one, two)) == ["a"]
    assert list(changes_between(two, one)) == ["a"]


def noted(line: IndicatorScore, *notes: str) -> IndicatorScore:
    """``line`` on facts with these notes."""
    entry = line.indicator
    values = tuple(
        InputValue(asked, score_fact("a", entry.code, 1, note=note), Fraction(place))
        for place, (asked, note) in enumerate(zip(entry.inputs * len(notes), notes, strict=True))
    )
    return evolve(line, inputs=values)


def test_the_same_reason_given_for_two_inputs_is_told_once() -> None:
    there = units("a")
    before, changed = score(OWNER, there["a"], {}), score(OWNER, there["a"], {"1.1": 1})
    lines = (noted(changed.by_code["1.1"], "số liệu mới", "", "số liệu mới", "công văn 12"), *changed.indicators[1:])
    rankings = [rank(OWNER, there, {"a": entry}, CYCLE) for entry in (before, evolve(changed, indicators=lines))]
    (change,) = changes_between(*rankings)["a"]
    assert change.reason == "số liệu mới; công văn 12"


shares = st.none() | st.fractions(0, 1, max_denominator=4)
settings = st.integers(1, 6).flatmap(
    lambda count: st.lists(
        st.tuples(*(st.fixed_dictionaries(dict.fromkeys(CODES, shares)) for _ in "ab"), *(st.integers(0, 3),) * 2),
        min_size=count,
        max_size=count,
    )
)


def ranked(there: Units, scores: list[Score]) -> Ranking:
    return rank(OWNER, there, {entry.unit.code: entry for entry in scores}, CYCLE)


def with_line(before: Score, line: IndicatorScore) -> Score:
    """``before`` scored anew with one line of another round."""
    lines = {**before.by_code, line.indicator.code: line}
    subject = {code: None if kept.state is State.NOT_SUBJECT else kept.share for code, kept in lines.items()}
    return score(OWNER, before.unit, subject, bonus=before.bonus)


@given(settings)
def test_the_rank_of_a_change_is_what_scoring_and_ranking_everybody_anew_gives(
    drawn: list[tuple[dict[str, Fraction | None], dict[str, Fraction | None], int, int]],
) -> None:
    there = units(*(f"u{place}" for place in range(len(drawn))))
    old = [score(OWNER, unit, of, bonus=b) for unit, (of, _, b, _) in zip(there.values(), drawn, strict=True)]
    new = [score(OWNER, unit, of, bonus=b) for unit, (_, of, _, b) in zip(there.values(), drawn, strict=True)]
    before = ranked(there, old)
    found = changes_between(before, ranked(there, new))
    for place, (was, now) in enumerate(zip(old, new, strict=True)):
        effects = {}
        for line in now.indicators:
            kept = was.by_code[line.indicator.code]
            if (kept.points, kept.reachable) != (line.points, line.reachable):
                effects[line.indicator.code] = with_line(was, line)
        if was.bonus != now.bonus:
            effects["KK"] = evolve(was, points=was.points - was.bonus + now.bonus, bonus=now.bonus)
        changes = found[was.unit.code]
        assert [change.indicator.code for change in changes] == list(effects)
        for change in changes:
            others = [*old[:place], effects[change.indicator.code], *old[place + 1 :]]
            assert change.rank_before == before.place_of[was.unit.code].rank
            assert change.rank_after == ranked(there, others).place_of[was.unit.code].rank
