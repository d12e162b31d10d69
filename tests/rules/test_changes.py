"""What differs between two verdicts or places, and what decides under two texts of a rulebook."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from attrs import evolve

from evidence.facts import Amount, Fact, Status
from evidence.units import Unit
from levels.changes import Change
from levels.diff import diff, successors
from levels.faults import Text
from levels.framework import Criterion, Framework, Presence, Ratio, Tier
from rules.changes import LineChange, compare_rankings, compare_verdicts, points_of
from rules.decide import decide
from rules.impacts import Dropped, PlaceImpact, UnitImpact, can_move, impact_on, place_impact
from rules.ranking import rank
from rules.verdict import Member, Verdict
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members
from tests.rules.indexes import index, indicator, score, units

I_2 = fact(commune(), "I.2", Amount(74, 104))


def of(facts: dict[str, Fact], framework: Framework | None = None) -> Verdict:
    return decide(framework or kon_tum(), commune(), facts, CYCLE)


def of_district(*levels: int) -> Verdict:
    return decide(kon_tum(), district(), meeting(district(), 5), CYCLE, members(*levels))


def reasons(found: Sequence[object]) -> list[tuple[str, int]]:
    return [(reason.criterion.code, reason.at_level) for reason in found]  # type: ignore[attr-defined]


def test_reasons_that_vanish_and_that_remain_are_told_up_to_the_next_level() -> None:
    before = of(meeting(commune(), 4, I_2=I_2))
    after = of(meeting(commune(), 4, I_2=evolve(I_2, amount=Amount(84, 104))))
    change = compare_verdicts(before, after, {}, {})
    assert change is not None
    assert (before.levels.level, after.levels.level, change.climbed, change.next_level) == (3, 4, 1, 5)
    assert [each.code for each in change.criteria] == ["I.2"]
    assert change.criteria[0].climbed == 1
    assert change.asked == 5
    assert reasons(change.gone) == [("I.2", 4)]
    assert ("I.2", 5) not in reasons(change.new)  # it was there before
    assert {level for _, level in reasons(change.blocking)} == {5}
    assert ("I.2", 5) in reasons(change.blocking)


def test_the_other_way_round_the_same_reasons_are_new() -> None:
    before = of(meeting(commune(), 4))
    after = of(meeting(commune(), 4, I_2=I_2))
    change = compare_verdicts(before, after, {}, {})
    assert change is not None
    assert (change.climbed, change.next_level, change.unit.code) == (-1, 4, "23281")
    assert reasons(change.new) == [("I.2", 4)]
    assert reasons(change.gone) == []
    assert reasons(change.blocking) == [("I.2", 4)]


def test_at_the_highest_level_nothing_blocks() -> None:
    change = compare_verdicts(of(meeting(commune(), 5, I_2=I_2)), of(meeting(commune(), 5)), {}, {})
    assert change is not None
    assert (change.next_level, change.blocking) == (None, ())


def test_equal_verdicts_have_no_change_and_another_status_of_the_same_value_has() -> None:
    before = of(meeting(commune(), 4))
    assert compare_verdicts(before, of(meeting(commune(), 4)), {}, {}) is None
    claimed = of(meeting(commune(), 4, I_4=fact(commune(), "I.4", Amount(1), Status.SELF_REPORTED)))
    change = compare_verdicts(before, claimed, {}, {})
    assert change is not None
    assert (before.levels.claimed_level, claimed.levels.claimed_level) == (4, 4)
    assert change.climbed < 0


def test_a_district_whose_members_move_has_changed_though_no_criterion_has() -> None:
    change = compare_verdicts(of_district(4, 4, 3), of_district(4, 4, 5), {}, {})
    assert change is not None
    assert change.criteria == ()


# Points and ranks.

SMALL = index(indicator("1.1"), indicator("1.2"), indicator("1.3"))
TWO = units("a", "b")


def ranking(a: dict[str, int | Fraction], b: dict[str, int | Fraction], entry=SMALL):  # type: ignore[no-untyped-def]
    scores = {code: score(entry, TWO[code], shares) for code, shares in (("a", a), ("b", b))}  # type: ignore[arg-type]
    return rank(entry, TWO, scores, CYCLE)


def test_every_ranked_unit_is_told_with_the_lines_that_differ() -> None:
    before = ranking({"1.1": 1}, {"1.1": 1, "1.2": 1})
    after = ranking({"1.1": 1, "1.2": 1, "1.3": 1}, {"1.1": 1, "1.2": 1})
    first, second = compare_rankings(before, after)
    assert (first.unit.code, first.climbed, first.gained) == ("a", 1, 20)
    assert [(line.code, line.gained) for line in first.lines] == [("1.2", 10), ("1.3", 10)]
    assert (second.unit.code, second.climbed, second.gained, second.lines) == ("b", -1, 0, ())
    assert first.group.group.id == "district"


def test_a_line_that_only_one_text_has_is_told_and_a_renumbered_one_is_followed() -> None:
    other = index(indicator("1.1"), indicator("2.2"), indicator("1.4"))
    before, after = ranking({"1.1": 1, "1.2": 1, "1.3": 1}, {}), ranking({"1.1": 1, "2.2": 1, "1.4": 1}, {}, other)
    became = {(Tier.DISTRICT, "1.1"): "1.1", (Tier.DISTRICT, "1.2"): "2.2"}
    first = next(compare_rankings(before, after, became))
    assert [(line.before is None, line.after is None, line.code) for line in first.lines] == [
        (False, True, "1.3"), (True, False, "1.4"),
    ]  # fmt: skip
    assert [line.gained for line in first.lines] == [-10, 10]
    assert points_of(None) == 0


def test_a_unit_that_is_ranked_on_one_side_only_is_left_out() -> None:
    before = ranking({}, {})
    scores = {"a": score(SMALL, TWO["a"], {})}
    assert [each.unit.code for each in compare_rankings(before, rank(SMALL, TWO, scores, CYCLE))] == ["a"]
    assert [each.unit.code for each in compare_rankings(rank(SMALL, TWO, scores, CYCLE), before)] == ["a"]


def test_indicators_decide_in_the_order_of_what_they_add_to_the_percentage() -> None:
    before, after = ranking({"1.1": 1}, {}), ranking({"1.2": Fraction(1, 2), "1.1": Fraction(9, 10)}, {})
    first, second = map(place_impact, compare_rankings(before, after))
    assert [(line.code, share) for line, share in first.lines] == [("1.2", Fraction(50, 3)), ("1.1", Fraction(-10, 3))]
    assert first.moved
    assert not second.moved
    nothing = ranking({"1.1": 1, "1.2": 1, "1.3": 1}, {})
    for place in nothing.place_of.values():
        assert place.score.reachable == 30
    none = rank(SMALL, TWO, {"a": score(SMALL, TWO["a"], dict.fromkeys(("1.1", "1.2", "1.3")))}, CYCLE)
    [change] = compare_rankings(none, ranking({"1.1": 1}, {}))
    assert sum(share for _, share in place_impact(change).lines) == Fraction(100, 3)
    assert isinstance(place_impact(change), PlaceImpact)
    assert LineChange(None, change.lines[0].after).gained == 10


# Two texts.


def amended(tier: Tier = Tier.COMMUNE, **criteria: Criterion | None) -> Framework:
    """The rulebook with other criteria in the place of its own; None: without it."""
    whole = kon_tum().sets[tier]
    named = {name.replace("_", "."): new for name, new in criteria.items()}
    kept = [new for each in whole.criteria if (new := named.get(each.code, each)) is not None]
    known = {each.code for each in whole.criteria}
    added = [new for code, new in named.items() if code not in known and new is not None]
    changed = evolve(whole, criteria=(*kept, *added))
    return evolve(
        kon_tum(), sets={**kon_tum().sets, tier: changed}, digest=f"sha256:{sorted(named)}{hash(tuple(kept))}"
    )


def stricter(code: str, level: int, ratio: Ratio) -> Criterion:
    criterion = kon_tum().sets[Tier.COMMUNE].by_code[code]
    cells, requirements = list(criterion.cells), list(criterion.requirements)
    cells[level - 1] = f"{ratio.numerator * 100 // ratio.denominator}%"
    requirements[level - 1] = ratio
    return evolve(criterion, cells=tuple(cells), requirements=tuple(requirements))


def impact(facts: dict[str, Fact], framework: Framework, *dropped: Dropped) -> UnitImpact:
    known = {code: each for code, each in facts.items() if code in framework.sets[Tier.COMMUNE].by_code}
    became = successors(kon_tum(), framework)
    return impact_on(of(facts), of(known, framework), became, diff(kon_tum(), framework), dropped)


def test_who_falls_falls_by_the_criteria_that_no_longer_give_the_level() -> None:
    found = impact(meeting(commune(), 4), amended(I_2=stricter("I.2", 4, Ratio(85, 100))))
    assert (found.climbed, found.unit.code) == (-1, "23281")
    [decisive] = found.decisive
    assert decisive.criterion.code == "I.2"
    assert [(change.level, change.kind, change.after) for change in decisive.changes] == [(4, "tightened", "85%")]
    assert (decisive.members, decisive.dropped) == ((), None)
    assert found.moved
    assert found.shifted


def test_who_rises_was_held_back_by_what_the_text_has_loosened_or_removed() -> None:
    facts = meeting(commune(), 4, I_2=I_2)
    found = impact(facts, amended(I_2=stricter("I.2", 4, Ratio(70, 100))))
    assert (found.climbed, [each.criterion.code for each in found.decisive]) == (1, ["I.2"])
    gone = impact(facts, amended(I_2=None))
    assert (gone.climbed, [each.criterion.code for each in gone.decisive]) == (1, ["I.2"])
    [decisive] = gone.decisive
    assert decisive.criterion.after is None
    assert decisive.criterion.climbed is None
    assert [change.kind for change in decisive.changes] == ["removed"]


def test_only_changes_between_the_two_levels_bear_on_a_fall() -> None:
    criterion = stricter("I.2", 4, Ratio(85, 100))
    criterion = evolve(
        criterion, cells=("21%", *criterion.cells[1:]), requirements=(Ratio(21, 100), *criterion.requirements[1:])
    )
    [decisive] = impact(meeting(commune(), 4), amended(I_2=criterion)).decisive
    assert [change.level for change in decisive.changes] == [4]


def test_a_new_criterion_of_which_nothing_is_known_decides() -> None:
    new = Criterion("III.10", "Mới", "Có/Không", ("Có",) * 5, (Presence(),) * 5, "m", (), "presence")
    found = impact(meeting(commune(), 4), amended(III_10=new))
    assert found.after.levels.level == 0
    [decisive] = found.decisive
    assert (decisive.criterion.before, decisive.criterion.climbed) == (None, None)
    assert [change.kind for change in decisive.changes] == ["added"]


def test_a_fact_that_is_of_no_use_any_more_is_the_reason_and_just_for_those_units() -> None:
    facts = meeting(commune(), 4)
    why = Text("khác", "other")
    known = {code: each for code, each in facts.items() if code != "I.2"}
    for codes, said in ((("23281",), why), (("23284",), None)):
        dropped = Dropped(Tier.COMMUNE, "I.2", "I.2", why, codes)
        found = impact_on(of(facts), of(known), successors(kon_tum(), kon_tum()), (), (dropped,))
        assert [each.dropped for each in found.decisive] == [said]


def test_nothing_decides_where_nothing_moves() -> None:
    found = impact(meeting(commune(), 4), kon_tum())
    assert (found.climbed, found.decisive, found.moved, found.shifted) == (0, (), False, False)


def test_a_district_falls_with_its_communes() -> None:
    before, after = of_district(4, 4), of_district(4, 2)
    moved = Member(Unit("99999", "Xã Mới", Tier.COMMUNE, "615"), after.members[0].levels)
    after = evolve(after, members=(*after.members, moved))
    found = impact_on(before, after, successors(kon_tum(), kon_tum()), (), ())
    [decisive] = found.decisive
    assert decisive.criterion.code == "I.1"
    assert [(old.levels.level, new.levels.level) for old, new in decisive.members] == [(4, 2)]


@pytest.mark.parametrize(
    ("subject", "kind", "moves"),
    [
        ("cell", "tightened", True), ("cell", "reworded", False), ("criterion", "renamed", False),
        ("interpretation", "changed", False), ("instrument", "changed", False), ("indicator", "added", True),
    ],
)  # fmt: skip
def test_rewording_moves_nobody(subject: str, kind: str, moves: bool) -> None:
    change = Change(subject, kind, None, None, None, None, None, Text("", ""))  # type: ignore[arg-type]
    assert can_move(change) is moves
