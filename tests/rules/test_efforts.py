"""Efforts over columns are what improvements cost, unit by unit: every status, boundary, base, price and rulebook."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from attrs import evolve

from evidence.costs import Costs, Money, Price
from evidence.facts import Amount, Fact, Status
from levels.framework import LEVELS, Count, CriteriaSet, Framework, Ratio, Tier
from rules import reference
from rules.below import Below
from rules.columns import compile_columns
from rules.compile import FREE, NotCompilable
from rules.decide import stand
from rules.efforts import CANNOT, efforts, scale_of
from rules.improvement import improve
from rules.plans import Obstacle
from rules.reference import Triple
from rules.verdict import CriterionVerdict, Levels, Standing, Verdict
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members
from tests.rules.test_columns import good_facts, possible_facts, random_requirements, rulebook_of

Dossier = Mapping[str, Fact]

SOME: tuple[Money, ...] = (0, 1, 7, 5_000_000, Fraction(1, 3), Fraction(5, 4))
"""Prices that share no denominator; some are free."""


def verdict_of(
    framework: Framework, tier: Tier, facts: Dossier, below: Sequence[Triple] = (), cycle: int = CYCLE
) -> Verdict:
    """The verdict by the plain reference: the rule engine gives the same, four milliseconds later."""
    unit = commune() if tier is Tier.COMMUNE else district()
    entry: CriteriaSet = framework.sets[tier]
    _, by_code = reference.decide(entry, cycle, facts, list(below))
    criteria = tuple(
        CriterionVerdict(
            c,
            Levels(*by_code[c.code]),
            stand(c, facts.get(c.code), cycle, members(*below)),
            facts.get(c.code),
            ("",) * 3,
        )
        for c in entry.criteria
    )
    return Verdict(framework, unit, cycle, Levels(0, 0, 0), criteria)


def by_improvements(verdict: Verdict, level: int, costs: Costs | None) -> Money:
    """The sum of the steps of one unit's own criteria; ``CANNOT`` where one of them has none."""
    total: Money = 0
    for found in verdict.criteria:
        if found.standing is Standing.DERIVED or level == 0:
            continue
        step = improve(verdict, found, level, costs)
        if isinstance(step, Obstacle):
            return CANNOT
        if step is not None:
            total += step.missing if step.cost is None else step.cost
    return total


def random_prices(rnd: random.Random, framework: Framework, tier: Tier) -> Costs | None:
    """None, or prices of which now and then one is missing."""
    if rnd.random() < 1 / 4:
        return None
    whole = rnd.random() < 1 / 2
    gaps = rnd.choice((0, 0, 0.02, 0.3))

    def money() -> Money:
        return rnd.choice(SOME[:4] if whole else SOME)

    return {(tier, c.code): Price(money(), money()) for c in framework.sets[tier].criteria if rnd.random() >= gaps}


def check(framework: Framework, tier: Tier, dossiers: Mapping[str, Dossier], costs: Costs | None) -> set[bool]:
    """Compare every level of every unit; whether there were ways, whether there were none."""
    columns = compile_columns(framework, tier)
    levels = (0, *LEVELS)
    found = efforts(columns, columns.encode(CYCLE, dossiers), levels, costs)
    ways = set()
    for number, facts in enumerate(dossiers.values()):
        verdict = verdict_of(framework, tier, facts)
        for level in levels:
            cost, expected = int(found.to(level)[number]), by_improvements(verdict, level, costs)
            assert (CANNOT if cost == CANNOT else found.money(cost)) == expected, (number, level)
            ways.add(cost == CANNOT)
    return ways


@cache
def easy_facts(tier: Tier) -> dict[str, tuple[Fact, ...]]:
    """Facts of every criterion from which there is a way up, and the few kinds from which there is none."""
    return {
        code: tuple(
            each
            for each in pool
            if each is not None
            and (each.amount is None or each.amount.denominator is None or each.amount.denominator <= 1000)
        )
        for code, pool in possible_facts(tier).items()
    }


def random_dossier(rnd: random.Random, tier: Tier) -> Dossier:
    good = good_facts(tier, rnd.randint(1, 5))
    doubtful = rnd.choice((0, 1, 2, 4, 20))
    pool = easy_facts(tier)
    return {code: rnd.choice(pool[code]) if rnd.random() * len(pool) < doubtful else good[code] for code in pool}


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_efforts_are_the_sums_of_improvements_on_random_units(tier: Tier) -> None:
    rnd = random.Random(f"efforts/{tier}")
    ways = set()
    for _ in range(12):
        dossiers = {str(number): random_dossier(rnd, tier) for number in range(60)}
        if tier is Tier.DISTRICT:  # without communes; the council has exempted some of them
            dossiers = {
                code: {**facts, "I.1": fact(district(), "I.1", None, rnd.choice((Status.EXEMPT, Status.UNKNOWN)))}
                for code, facts in dossiers.items()
            }
        ways |= check(kon_tum(), tier, dossiers, random_prices(rnd, kon_tum(), tier))
    assert ways == {True, False}


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_each_possible_fact_of_each_criterion_takes_the_effort_of_its_improvement(tier: Tier) -> None:
    entry = kon_tum().sets[tier]
    for code, pool in possible_facts(tier).items():
        alone = evolve(entry, criteria=(entry.by_code[code],))
        framework = evolve(kon_tum(), sets={tier: alone}, digest=f"sha256:{tier}/{code}")
        dossiers = {
            str(number): {} if known is None else {code: known}
            for number, known in enumerate(pool)
            if known is None or known.amount is None or (known.amount.denominator or 0) < 2**40
        }
        assert False in check(framework, tier, dossiers, {(tier, code): Price(3, Fraction(1, 2))})


def test_efforts_are_the_sums_of_improvements_under_any_requirements_in_any_order() -> None:
    rnd = random.Random(11)
    for _ in range(50):
        kind, requirements = random_requirements(rnd)
        if kind == "ratio" and not any(isinstance(r, Ratio) for r in requirements):
            continue
        bases = {"count": (None, *range(8)), "ratio": tuple(range(13)), "presence": (None,)}[kind]
        statuses = (Status.VERIFIED, Status.SELF_REPORTED, Status.REJECTED, Status.EXEMPT)
        dossiers = {
            f"{value}/{base}/{status}": {"I.1": fact(commune(), "I.1", Amount(value, base), status)}
            for value in range(2 if kind == "presence" else 9)
            for base in bases
            for status in statuses
        }
        costs: Costs | None = rnd.choice((None, {}, {(Tier.COMMUNE, "I.1"): Price(Fraction(1, 6), 2)}))
        check(rulebook_of(requirements, kind), Tier.COMMUNE, {**dossiers, "nothing": {}}, costs)


# What it says


def of_commune(level: int, costs: Costs | None, **changed: Fact) -> int:
    """The effort of a commune that meets level 2 but for ``changed``."""
    columns = compile_columns(kon_tum(), Tier.COMMUNE)
    dossiers = columns.encode(CYCLE, {"1": meeting(commune(), 2, **changed)})
    return int(efforts(columns, dossiers, (level,), costs).costs[0, 0])


def test_a_unit_that_is_there_needs_nothing_not_even_prices() -> None:
    assert of_commune(2, {}) == of_commune(2, None) == of_commune(0, {}) == 0
    assert of_commune(3, {}) == CANNOT


def test_a_reported_value_that_suffices_costs_nothing_and_needs_no_price() -> None:
    reported = fact(commune(), "I.2", Amount(90, 100), Status.SELF_REPORTED)
    assert of_commune(2, {}, I_2=reported) == 0


def test_a_rejected_value_starts_at_nothing_of_its_base_and_one_of_another_year_has_no_base() -> None:
    prices: Costs = {(Tier.COMMUNE, "I.2"): Price(100, 1)}
    rejected = fact(commune(), "I.2", Amount(90, 200), Status.REJECTED)
    assert of_commune(2, prices, I_2=rejected) == 100 + 60
    old = Fact(commune().code, "I.2", Status.VERIFIED, Amount(90, 200), cycle=CYCLE - 1)
    assert of_commune(2, prices, I_2=old) == CANNOT
    assert of_commune(2, prices, I_2=fact(commune(), "I.2", Amount(0, 0))) == CANNOT


def test_costs_are_in_whole_parts_of_the_money_the_same_for_every_tier() -> None:
    prices: Costs = {
        (Tier.COMMUNE, "I.2"): Price(Fraction(1, 4), 1),
        (Tier.DISTRICT, "II.1"): Price(0, Fraction(1, 6)),
    }
    assert scale_of(prices) == 12
    assert scale_of(None) == scale_of({}) == 1
    columns = compile_columns(kon_tum(), Tier.COMMUNE)
    short = {"1": meeting(commune(), 2, I_2=fact(commune(), "I.2", Amount(28, 100)))}
    found = efforts(columns, columns.encode(CYCLE, short), (2,), prices)
    assert (found.scale, found.costs.tolist()) == (12, [[27]])
    assert found.money(27) == Fraction(9, 4)
    assert isinstance(found.money(24), int)
    assert found.money(24) == 2


def test_what_follows_from_communes_is_no_effort_of_the_district_s_own() -> None:
    columns = compile_columns(kon_tum(), Tier.DISTRICT)
    facts = {"1": good_facts(Tier.DISTRICT, 4), "2": good_facts(Tier.DISTRICT, 4)}
    found = efforts(columns, columns.encode(CYCLE, facts, Below.of(["1", "2"], ["a"], {"1": ["a"]})), (4,), {})
    assert found.costs.tolist() == [[0, CANNOT]]  # the second has no communes


# Exact, or refused


def test_a_base_that_cannot_be_compared_exactly_is_refused_only_where_it_counts() -> None:
    columns = compile_columns(kon_tum(), Tier.COMMUNE)
    for base in (FREE, 2**62, 2**70):
        rejected = {"1": {"I.1": fact(commune(), "I.1", Amount(1, base), Status.REJECTED)}}
        dossiers = columns.encode(CYCLE, rejected)  # its levels need no base
        with pytest.raises(NotCompilable, match="too large"):
            efforts(columns, dossiers, (1,), None)


def test_a_total_of_any_size_limits_a_count_and_one_below_nothing_leaves_no_way() -> None:
    columns = compile_columns(rulebook_of([Count(3)] * 5, "count"), Tier.COMMUNE)
    totals = (None, 2, 3, 2**51, 2**52, 2**70, -1, -2, -(2**70))
    dossiers = {
        str(total): {"I.1": fact(commune(), "I.1", Amount(1, total), status)}
        for total in totals
        for status in [Status.VERIFIED if total is None or total > 0 else Status.REJECTED]
    }
    found = efforts(columns, columns.encode(CYCLE, dossiers), (1,), None)
    assert found.costs.tolist() == [[2, CANNOT, 2, 2, 2, 2, CANNOT, CANNOT, CANNOT]]


def test_sums_that_64_bits_do_not_hold_are_refused_and_never_wrap_around() -> None:
    columns = compile_columns(kon_tum(), Tier.COMMUNE)
    short = columns.encode(CYCLE, {"1": meeting(commune(), 2, I_2=fact(commune(), "I.2", Amount(28, 100)))})
    largest = int(np.iinfo(np.int64).max)
    just = efforts(columns, short, (2,), {(Tier.COMMUNE, "I.2"): Price(largest - 2, 1)})
    assert just.costs.tolist() == [[largest]]
    for fixed, each in ((largest - 1, 1), (0, 2**63), (10**40, 0), (Fraction(largest, 2), Fraction(1, 3))):
        with pytest.raises(NotCompilable, match="64 bits"):
            efforts(columns, short, (2,), {(Tier.COMMUNE, "I.2"): Price(fixed, each)})
