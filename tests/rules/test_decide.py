"""What the law makes of facts: levels, statuses, boundaries, and that nothing fails open."""

import datetime
import random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.facts import Amount, Fact, Status
from evidence.units import Unit
from levels.framework import LEVELS, Criterion, NotApplicable, Tier
from rules import decide as decide_module
from rules import reference
from rules.decide import Undecidable, decide, stand
from rules.verdict import Levels, Member, Standing, as_triple
from tests.rules.dossiers import CYCLE, commune, district, fact, just_enough, kon_tum, meeting, members, nothing

CRITERIA = [(tier, c) for tier in (Tier.COMMUNE, Tier.DISTRICT) for c in kon_tum().sets[tier].criteria]
VALUED = [(tier, c) for tier, c in CRITERIA if c.kind != "members"]


def unit_of(tier: Tier) -> Unit:
    return commune() if tier is Tier.COMMUNE else district()


def levels_of_unit(unit: Unit, facts: dict[str, Fact], *below: Member) -> tuple[int, int, int]:
    return as_triple(decide(kon_tum(), unit, facts, CYCLE, below).levels)


@pytest.mark.parametrize("level", LEVELS)
def test_a_commune_that_just_meets_every_requirement_of_a_level_has_that_level(level: int) -> None:
    assert levels_of_unit(commune(), meeting(commune(), level)) == (level,) * 3


@pytest.mark.parametrize(("tier", "criterion"), VALUED, ids=lambda v: v.code if isinstance(v, Criterion) else str(v))
def test_exactly_at_a_threshold_meets_it_and_one_below_does_not(tier: Tier, criterion: Criterion) -> None:
    for level, requirement in zip(LEVELS, criterion.requirements, strict=True):
        enough = just_enough(requirement)
        if enough is None:
            continue
        below = evolve(enough, numerator=enough.numerator - 1)
        at = _criterion_level(tier, criterion, enough)
        assert at >= level
        assert _criterion_level(tier, criterion, below) < level


def _criterion_level(tier: Tier, criterion: Criterion, amount: Amount) -> int:
    unit = unit_of(tier)
    facts = meeting(unit, 5) | {criterion.code: fact(unit, criterion.code, amount)}
    below = members(5) if tier is Tier.DISTRICT else []
    verdict = decide(kon_tum(), unit, facts, CYCLE, below)
    [found] = [c for c in verdict.criteria if c.code == criterion.code]
    assert verdict.levels.level == found.levels.level
    return found.levels.level


def test_69_96_percent_does_not_meet_70_percent_and_two_thirds_do_not_meet_67() -> None:
    assert levels_of_unit(commune(), meeting(commune(), 5, I_1=fact(commune(), "I.1", Amount(6996, 10000)))) == (2,) * 3
    assert reference._holds(just_ratio(67), Amount(2, 3)) is False


def just_ratio(percent: int) -> object:
    from levels.framework import Ratio

    return Ratio(percent, 100)


def test_a_criterion_that_starts_at_level_3_leaves_an_empty_handed_commune_at_2() -> None:
    assert levels_of_unit(commune(), meeting(commune(), 5, I_4=fact(commune(), "I.4", Amount(0)))) == (2,) * 3


def test_a_commune_without_any_fact_has_no_level_but_may_still_reach_5() -> None:
    assert levels_of_unit(commune(), {}) == (0, 0, 5)


@pytest.mark.parametrize(
    ("status", "amount", "expected"),
    [
        (Status.UNKNOWN, None, (0, 0, 5)),
        (Status.SELF_REPORTED, Amount(60, 100), (0, 2, 2)),
        (Status.VERIFIED, Amount(60, 100), (2, 2, 2)),
        (Status.ADJUSTED, Amount(60, 100), (2, 2, 2)),
        (Status.REJECTED, Amount(100, 100), (0, 0, 0)),
        (Status.VERIFIED, Amount(0, 0), (0, 0, 5)),
        (Status.SELF_REPORTED, Amount(0, 0), (0, 0, 5)),
        (Status.EXEMPT, Amount(0, 0), (5, 5, 5)),
    ],
)
def test_the_ways_of_not_knowing_are_kept_apart(
    status: Status, amount: Amount | None, expected: tuple[int, int, int]
) -> None:
    facts = meeting(commune(), 5, I_1=fact(commune(), "I.1", amount, status))
    assert levels_of_unit(commune(), facts) == expected


def test_a_council_s_ruling_of_another_cycle_is_an_unknown_now() -> None:
    for status in (Status.EXEMPT, Status.REJECTED):
        facts = meeting(commune(), 5, I_11=fact(commune(), "I.11", Amount(0, 0), status, cycle=CYCLE - 1))
        assert levels_of_unit(commune(), facts) == (1, 1, 5)


@pytest.mark.parametrize(("year", "level"), [(CYCLE, 5), (CYCLE - 1, 5), (CYCLE - 2, 1), (CYCLE + 1, 1)])
def test_one_inspection_counts_for_two_years(year: int, level: int) -> None:
    made = datetime.date(year, 12, 31)
    facts = meeting(commune(), 5, I_11=fact(commune(), "I.11", Amount(9, 9), measured_on=made))
    assert levels_of_unit(commune(), facts) == (level, level, 5)
    facts = meeting(commune(), 5, I_11=fact(commune(), "I.11", Amount(9, 9), cycle=year))
    assert levels_of_unit(commune(), facts) == (level, level, 5)


def test_any_other_fact_counts_only_in_its_own_cycle() -> None:
    old = fact(commune(), "I.2", Amount(9, 9), measured_on=datetime.date(CYCLE - 1, 12, 31))
    assert levels_of_unit(commune(), meeting(commune(), 5, I_2=old)) == (0, 0, 5)


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (Amount(0, 9), 2),
        (Amount(1, 9), 3),
        (Amount(2, 9), 4),
        (Amount(3, 9), 5),
        (Amount(3), 5),
        (Amount(2, 2), 5),
        (Amount(1, 1), 3),
        (Amount(2), 4),
    ],
)
def test_three_enterprises_or_all_of_them_are_enough_but_lower_levels_still_bind(value: Amount, level: int) -> None:
    assert levels_of_unit(commune(), meeting(commune(), 5, II_4=fact(commune(), "II.4", value))) == (level,) * 3


def test_a_commune_without_enterprises_is_undetermined_in_the_criterion_that_asks_for_all_of_them() -> None:
    assert levels_of_unit(commune(), meeting(commune(), 5, II_4=fact(commune(), "II.4", Amount(0, 0)))) == (2, 2, 5)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([1, 1, 1], 1),
        ([0, 5, 5], 0),
        ([1, 2], 2),
        ([1, 1, 2], 1),
        ([3, 3, 3, 4, 4, 4, 4], 4),  # half of 7 is 4
        ([3, 3, 3, 3, 4, 4, 4], 3),
        ([4, 5], 5),
        ([4, 4, 5], 4),
        ([5, 5, 5], 5),
        ([3, 5, 5], 4),
    ],
)
def test_a_district_reads_every_commune_and_half_of_them(levels: list[int], expected: int) -> None:
    assert levels_of_unit(district(), meeting(district(), 5), *members(*levels)) == (expected,) * 3


def test_a_district_reads_each_level_of_its_communes_apart() -> None:
    below = members((3, 4, 5), (4, 4, 5))
    assert levels_of_unit(district(), meeting(district(), 5), *below) == (4, 4, 5)
    below = members((1, 3, 3), (2, 3, 3))
    assert levels_of_unit(district(), meeting(district(), 5), *below) == (2, 3, 3)


def test_a_district_without_communes_does_not_pass_vacuously() -> None:
    verdict = decide(kon_tum(), district(), meeting(district(), 5), CYCLE)
    assert as_triple(verdict.levels) == (0, 0, 5)
    assert verdict.criteria[0].standing is Standing.ZERO_BASE
    ruled = meeting(district(), 5, I_1=fact(district(), "I.1", None, Status.EXEMPT))
    assert levels_of_unit(district(), ruled) == (5, 5, 5)


def test_a_fact_may_not_be_entered_for_what_follows_from_the_communes() -> None:
    facts = meeting(district(), 5, I_1=fact(district(), "I.1", None, Status.EXEMPT))
    with pytest.raises(Undecidable, match=r"I\.1"):
        decide(kon_tum(), district(), facts, CYCLE, members(5))


def test_a_fact_on_an_unknown_criterion_stops_the_verdict() -> None:
    with pytest.raises(Undecidable, match=r"IX\.1"):
        decide(kon_tum(), commune(), {"IX.1": fact(commune(), "IX.1", Amount(1))}, CYCLE)


def test_a_verified_fact_without_a_value_stops_the_verdict() -> None:
    with pytest.raises(Undecidable, match="has no value"):
        decide(kon_tum(), commune(), {"I.1": fact(commune(), "I.1")}, CYCLE)


def test_a_unit_of_a_tier_without_criteria_has_no_verdict() -> None:
    with pytest.raises(Undecidable, match="province"):
        decide(kon_tum(), Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE), {}, CYCLE)


def test_a_difference_between_rules_and_reference_stops_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    real = reference.decide

    def lying(*given: object) -> object:
        _, criteria = real(*given)  # type: ignore[arg-type]
        return (5, 5, 5), criteria | {"I.2": (5, 5, 5)}

    monkeypatch.setattr(decide_module.reference, "decide", lying)
    with pytest.raises(Undecidable, match=r"I\.2: rules .* the reference \(5, 5, 5\)"):
        decide(kon_tum(), commune(), meeting(commune(), 4), CYCLE)


def test_a_presence_that_is_denied_is_unmet_not_unknown() -> None:
    [criterion] = [c for c in kon_tum().sets[Tier.COMMUNE].criteria if c.code == "I.12"]
    assert stand(criterion, fact(commune(), "I.12", Amount(0)), CYCLE) is Standing.ACCEPTED


def random_fact(rnd: random.Random, unit: Unit, criterion: Criterion) -> Fact | None:
    """A fact of any status; values crowd around the thresholds."""
    status = rnd.choice([*Status, Status.VERIFIED, Status.SELF_REPORTED])
    if status is Status.UNKNOWN:
        return rnd.choice([None, fact(unit, criterion.code, None, status)])
    made = rnd.choice([None, None, None, CYCLE, CYCLE - 1, CYCLE - 2])
    more = {"cycle": made} if rnd.random() < 0.5 else {"measured_on": made and datetime.date(made, 6, 1)}
    amount = nothing(criterion)
    if criterion.kind == "presence":
        amount = Amount(rnd.randint(0, 1))
    elif criterion.kind == "count":
        total = rnd.choice([None, 0, 1, 2, 3, 9])
        amount = Amount(rnd.randint(0, 4 if total is None else total), total)
    else:
        total = rnd.choice([0, 1, 2, 3, 7, 100, 104, 10**9, rnd.randint(1, 10**6)])
        requirement = rnd.choice([r for r in criterion.requirements if not isinstance(r, NotApplicable)])
        edge = just_enough(requirement)
        assert edge is not None
        near = -(-edge.numerator * total // 1000) + rnd.randint(-1, 1)
        amount = Amount(min(max(near, 0), total), total)
    return fact(unit, criterion.code, amount, status, **more)


def random_verdict(rnd: random.Random) -> None:
    """Decide a random unit; the reference is compared inside, the order of levels here."""
    unit = unit_of(rnd.choice([Tier.COMMUNE, Tier.DISTRICT]))
    facts = {}
    good = meeting(unit, rnd.choice(LEVELS))
    for criterion in kon_tum().sets[unit.tier].criteria:
        if criterion.kind == "members":
            continue
        known = good[criterion.code] if rnd.random() < 0.8 else random_fact(rnd, unit, criterion)
        if known is not None:
            facts[criterion.code] = known
    below = []
    if unit.tier is Tier.DISTRICT:
        least = rnd.randint(0, 5)
        triples = [
            sorted(rnd.choice([least, min(least + 1, 5), 5]) for _ in range(3)) for _ in range(rnd.randint(0, 9))
        ]
        below = members(*((a, b, c) for a, b, c in triples))
    verdict = decide(kon_tum(), unit, facts, CYCLE, below)
    for levels in (verdict.levels, *(found.levels for found in verdict.criteria)):
        assert levels.level <= levels.claimed_level <= levels.possible_level
    assert verdict.levels.level == min(found.levels.level for found in verdict.criteria)


@settings(max_examples=200, deadline=None)
@given(st.integers(min_value=0))
def test_rules_and_reference_agree_on_random_units(seed: int) -> None:
    random_verdict(random.Random(seed))


@pytest.mark.slow
def test_rules_and_reference_agree_on_100_000_random_units() -> None:
    rnd = random.Random(121)
    for _ in range(100_000):
        random_verdict(rnd)


def test_levels_are_shared_values() -> None:
    assert decide(kon_tum(), commune(), meeting(commune(), 3), CYCLE).levels == Levels(3, 3, 3)


def test_the_registered_level_caps_the_recognised_one_only_where_the_framework_says_so() -> None:
    registered = evolve(commune(), registered=3)
    assert decide(kon_tum(), registered, meeting(commune(), 5), CYCLE).recognised_level == 5
    capping = evolve(kon_tum(), recognise="at_most_registered")
    assert decide(capping, registered, meeting(commune(), 5), CYCLE).recognised_level == 3
    assert decide(capping, registered, meeting(commune(), 2), CYCLE).recognised_level == 2
    assert decide(capping, commune(), meeting(commune(), 5), CYCLE).recognised_level == 5


def test_the_reference_does_not_guess_what_a_requirement_on_communes_makes_of_a_value() -> None:
    requirement = kon_tum().sets[Tier.DISTRICT].by_code["I.1"].requirements[0]
    with pytest.raises(ValueError, match="is not a requirement on a value"):
        reference._holds(requirement, Amount(1, 1))
