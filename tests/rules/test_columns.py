"""The columns give the levels of the rule base: every unit of the sample, every boundary, status, base and half."""

import datetime
import random
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file

import numpy as np
import pytest
from attrs import evolve, frozen

from certification.hierarchy import Assessment, evaluate
from evidence.facts import Amount, Fact, Status
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from levels.framework import Count, Criterion, Framework, NotApplicable, Presence, Ratio, Requirement, Tier
from rules import reference
from rules.below import Below
from rules.columns import NO_TOTAL, Columns, Dossiers, LevelColumns, compile_columns
from rules.compile import FREE, UNMET, NotCompilable
from rules.decide import Undecidable, decide
from rules.reference import Triple
from rules.verdict import as_triple
from tests.rules.dossiers import CYCLE, commune, district, fact, just_enough, kon_tum, meeting, members, nothing

Dossier = dict[str, Fact]


@cache
def columns_of(tier: Tier) -> Columns:
    return compile_columns(kon_tum(), tier)


def triples(found: LevelColumns) -> list[Triple]:
    return [(int(a), int(c), int(p)) for a, c, p in found.units.T]


def communes(*dossiers: Dossier) -> list[Triple]:
    columns = columns_of(Tier.COMMUNE)
    return triples(columns.levels(columns.encode(CYCLE, {str(n): facts for n, facts in enumerate(dossiers)})))


# Every unit of the sample


def test_every_unit_of_the_sample_has_the_levels_that_the_rule_base_gives_it() -> None:
    with as_file(sample_paths().units) as units_path, as_file(sample_paths().evidence) as path:
        units = read_units(units_path)
        facts = read_evidence(path, kon_tum(), units).facts
    verdicts = {v.unit.code: v for v in evaluate(Assessment(kon_tum(), units, facts, CYCLE))}
    codes = {tier: [u.code for u in units.values() if u.tier is tier] for tier in (Tier.COMMUNE, Tier.DISTRICT)}
    below = Below.of(
        codes[Tier.DISTRICT],
        codes[Tier.COMMUNE],
        {code: [child.code for child in units.children(code)] for code in codes[Tier.DISTRICT]},
    )
    found: LevelColumns | None = None
    for tier, reads in ((Tier.COMMUNE, None), (Tier.DISTRICT, below)):
        columns = columns_of(tier)
        dossiers = columns.encode(CYCLE, {code: facts.get(code, {}) for code in codes[tier]}, reads)
        found = columns.levels(dossiers, None if found is None else found.units)
        assert dossiers.values.dtype == np.int32
        for number, code in enumerate(codes[tier]):
            assert tuple(found.units[:, number]) == as_triple(verdicts[code].levels), code
            for place, criterion in enumerate(verdicts[code].criteria):
                assert tuple(found.criteria[:, place, number]) == as_triple(criterion.levels), (code, criterion.code)


# Random units: every boundary, status, base and cycle of every criterion


@cache
def possible_facts(tier: Tier) -> dict[str, tuple[Fact | None, ...]]:
    """Of every criterion all kinds of facts: at each threshold, one below and one above it, on many bases, in every
    status and cycle.
    """
    unit = commune() if tier is Tier.COMMUNE else district()
    return {
        c.code: (None, fact(unit, c.code, None, Status.UNKNOWN), *_facts_of(unit.code, c))
        for c in kon_tum().sets[tier].criteria
        if c.kind != "members"
    }


def _facts_of(unit: str, criterion: Criterion) -> Iterator[Fact]:
    known = [status for status in Status if status is not Status.UNKNOWN]
    for amount in sorted(_amounts(criterion), key=str):
        for status in known:
            yield Fact(unit, criterion.code, status, amount)
    for year in (CYCLE - 2, CYCLE - 1, CYCLE, CYCLE + 1):
        for status in known:
            yield Fact(unit, criterion.code, status, nothing(criterion), cycle=year)
            yield Fact(unit, criterion.code, status, nothing(criterion), measured_on=datetime.date(year, 12, 31))


def _amounts(criterion: Criterion) -> set[Amount]:
    if criterion.kind == "presence":
        return {Amount(0), Amount(1)}
    if criterion.kind == "count":
        return {Amount(n, total) for n in range(5) for total in (None, *range(6))}
    amounts = {Amount(0, 0)}
    for requirement in criterion.requirements:
        if (edge := just_enough(requirement)) is not None:
            for base in (1, 2, 3, 7, 99, 100, 104, 10**4, 999_983, 10**9, 2**31, 2**40 + 1, 2**45):
                least = -(-edge.numerator * base // 1000)
                amounts |= {Amount(min(max(n, 0), base), base) for n in (least - 1, least, least + 1)}
    return amounts


@frozen
class Case:
    """A unit to be decided by both: its facts, the levels of its members, and what a decision states of some."""

    facts: Dossier
    members: tuple[Triple, ...] = ()
    stated: tuple[int | None, ...] = ()

    @property
    def read(self) -> list[Triple]:
        """The members' levels as they are to be read."""
        return [
            each if stated is None else (stated,) * 3 for each, stated in zip(self.members, self.stated, strict=True)
        ]


@cache
def good_facts(tier: Tier, level: int) -> Dossier:
    return meeting(commune() if tier is Tier.COMMUNE else district(), level)


def random_case(rnd: random.Random, tier: Tier) -> Case:
    """Most facts just meet one level, so that the others decide; one dossier in eight is random throughout."""
    good = good_facts(tier, rnd.randint(1, 5))
    doubtful = rnd.choice((1, 2, 4, 100))
    facts = {}
    for code, pool in possible_facts(tier).items():
        known = pool[int(rnd.random() * len(pool))] if rnd.random() * 36 < doubtful else good[code]
        if known is not None:
            facts[code] = known
    if tier is Tier.COMMUNE:
        return Case(facts)
    least, count = rnd.randint(0, 5), rnd.choice((0, 1, 2, 3, 7, 8, 300 if rnd.random() < 1 / 50 else 9))
    levels = [sorted(rnd.choice((least, min(least + 1, 5), 5)) for _ in range(3)) for _ in range(count)]
    stated = tuple(rnd.choice((None, None, None, least, 5)) for _ in levels)
    return Case(facts, tuple((a, b, c) for a, b, c in levels), stated)


def by_columns(tier: Tier, cases: Sequence[Case]) -> LevelColumns:
    names = [str(number) for number in range(len(cases))]
    below = lower = None
    if tier is Tier.DISTRICT:
        codes = {name: [f"{name}/{n}" for n in range(len(c.members))] for name, c in zip(names, cases, strict=True)}
        stated = {
            code: level
            for name, case in zip(names, cases, strict=True)
            for code, level in zip(codes[name], case.stated, strict=True)
            if level is not None
        }
        order = [code for name in reversed(names) for code in codes[name]]  # in no order of the readers
        levels = {
            code: triple
            for name, case in zip(names, cases, strict=True)
            for code, triple in zip(codes[name], case.members, strict=True)
        }
        below = Below.of(names, order, codes, stated)
        lower = np.array([levels[code] for code in order], np.int8).reshape(-1, 3).T
    columns = columns_of(tier)
    dossiers = columns.encode(CYCLE, {name: c.facts for name, c in zip(names, cases, strict=True)}, below)
    return columns.levels(dossiers, lower)


def by_reference(tier: Tier, case: Case) -> tuple[Triple, list[Triple]]:
    unit, criteria = reference.decide(kon_tum().sets[tier], CYCLE, case.facts, case.read)
    return unit, list(criteria.values())


def by_rule_base(tier: Tier, case: Case) -> tuple[Triple, list[Triple]]:
    unit = commune() if tier is Tier.COMMUNE else district()
    verdict = decide(kon_tum(), unit, case.facts, CYCLE, members(*case.read))
    return as_triple(verdict.levels), [as_triple(criterion.levels) for criterion in verdict.criteria]


def check_random_cases(seed: int, count: int, by_rules: int) -> None:
    """Compare ``count`` units with the reference, the first ``by_rules`` of them with the rule base (which itself
    stops where it differs from the reference).
    """
    rnd = random.Random(seed)
    for tier, size in ((Tier.COMMUNE, count - count // 4), (Tier.DISTRICT, count // 4)):
        cases = [random_case(rnd, tier) for _ in range(size)]
        found = by_columns(tier, cases)
        criteria = found.criteria.transpose(2, 1, 0).tolist()
        ruled = by_rules * size // count
        for number, (case, unit) in enumerate(zip(cases, triples(found), strict=True)):
            expected = (by_rule_base if number < ruled else by_reference)(tier, case)
            assert (unit, [tuple(each) for each in criteria[number]]) == expected, (seed, tier, number)


def test_columns_rule_base_and_reference_agree_on_random_units() -> None:
    check_random_cases(121, 4000, 200)


@pytest.mark.slow
def test_columns_agree_on_1_000_000_random_units_100_000_of_them_by_the_rule_base() -> None:
    for seed in range(200):
        check_random_cases(seed, 5000, 500)


def test_random_units_have_every_level_of_every_kind() -> None:
    rnd = random.Random(1)
    for tier in (Tier.COMMUNE, Tier.DISTRICT):
        found = by_columns(tier, [random_case(rnd, tier) for _ in range(2000)])
        assert all(set(kind.tolist()) == set(range(6)) for kind in found.units)
        assert len(set(triples(found))) > 20


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_each_possible_fact_of_each_criterion_has_the_level_of_the_reference(tier: Tier) -> None:
    sets = kon_tum().sets[tier]
    longest = max(map(len, possible_facts(tier).values()))
    cases = [
        Case({code: pool[n] for code, pool in possible_facts(tier).items() if n < len(pool) and pool[n]})  # type: ignore[misc]
        for n in range(longest)
    ]
    found = by_columns(tier, cases).criteria
    for number, case in enumerate(cases):
        expected = reference.decide(sets, CYCLE, case.facts, [])[1]
        assert [tuple(each) for each in found[:, :, number].T] == list(expected.values())


# Requirements of any rulebook


def rulebook_of(requirements: Sequence[Requirement], kind: str) -> Framework:
    """The rulebook with one criterion for communes: these requirements."""
    entry = kon_tum().sets[Tier.COMMUNE]
    criterion = evolve(entry.criteria[0], kind=kind, requirements=tuple(requirements))
    return evolve(
        kon_tum(), sets={Tier.COMMUNE: evolve(entry, criteria=(criterion,))}, digest=f"sha256:{requirements!r}"
    )


def random_requirements(rnd: random.Random) -> tuple[str, list[Requirement]]:
    kind = rnd.choice(("count", "ratio", "presence"))
    none = NotApplicable()

    def one() -> Requirement:
        if kind == "count":
            return Count(rnd.randint(0, 6), rnd.random() < 1 / 2)
        return Presence() if kind == "presence" else Ratio(rnd.randint(0, 7), rnd.choice((3, 5, 7)))

    return kind, [rnd.choice((none, one(), one())) for _ in range(5)]


def test_any_requirements_in_any_order_give_the_levels_of_the_reference() -> None:
    rnd = random.Random(5)
    for _ in range(300):
        kind, requirements = random_requirements(rnd)
        if kind == "ratio" and not any(isinstance(r, Ratio) for r in requirements):
            continue
        framework = rulebook_of(requirements, kind)
        bases: tuple[int | None, ...] = {"count": (None, *range(8)), "ratio": tuple(range(13)), "presence": (None,)}[
            kind
        ]
        facts = {
            f"{value}/{base}/{status}": {"I.1": fact(commune(), "I.1", Amount(value, base), status)}
            for value in range(2 if kind == "presence" else 9)
            for base in bases
            for status in (Status.VERIFIED, Status.SELF_REPORTED, Status.REJECTED, Status.EXEMPT)
        }
        columns = compile_columns(framework, Tier.COMMUNE)
        found = triples(columns.levels(columns.encode(CYCLE, facts)))
        for name, levels in zip(facts, found, strict=True):
            expected, _ = reference.decide(framework.sets[Tier.COMMUNE], CYCLE, facts[name], [])
            assert levels == expected, (requirements, name)


def test_three_enterprises_or_all_of_them_are_enough_but_lower_levels_still_bind() -> None:
    values = [Amount(0, 9), Amount(1, 9), Amount(2, 9), Amount(3, 9), Amount(3), Amount(2, 2), Amount(1, 1), Amount(2)]
    dossiers = [meeting(commune(), 5, II_4=fact(commune(), "II.4", value)) for value in values]
    assert [level for level, _, _ in communes(*dossiers)] == [2, 3, 4, 5, 5, 5, 3, 4]


# Exact, or refused


def test_69_96_percent_does_not_meet_70_percent_on_any_base() -> None:
    for base in (10**4, 10**9, 2**45):
        least = -(-70 * base // 100)
        values = [fact(commune(), "I.1", Amount(numerator, base)) for numerator in (least - 1, least)]
        assert communes(*(meeting(commune(), 5, I_1=value) for value in values)) == [(2, 2, 2), (3, 3, 3)]


def test_half_of_300_communes_is_counted_in_more_than_eight_bits() -> None:
    for enough, level in ((149, 3), (150, 4), (256, 4), (299, 4)):
        case = Case(good_facts(Tier.DISTRICT, 5), ((4, 4, 4),) * enough + ((3, 3, 3),) * (300 - enough), (None,) * 300)
        assert triples(by_columns(Tier.DISTRICT, [case])) == [(level,) * 3]


def dossiers_with(amount: Amount, status: Status = Status.VERIFIED) -> Dossiers:
    return columns_of(Tier.COMMUNE).encode(CYCLE, {"1": {"I.1": fact(commune(), "I.1", amount, status)}})


def test_numbers_are_32_bits_wide_where_all_fit_and_64_where_one_does_not() -> None:
    narrow, wide = dossiers_with(Amount(2**31 - 3, 2**31 - 2)), dossiers_with(Amount(1, 2**31 - 1))
    assert (narrow.values.dtype, narrow.free) == (np.int32, 2**31 - 1)
    assert (wide.values.dtype, wide.free) == (np.int64, FREE)
    assert {cut.dtype for cuts in narrow.cuts.values() for cut in cuts} == {np.dtype(np.int32)}
    for dossiers in (narrow, wide):
        assert set(dossiers.values[2, 1:, 0].tolist()) == {dossiers.free}
        assert set(dossiers.values[:2, 1:, 0].ravel().tolist()) == {UNMET}


def test_the_base_of_a_ratio_is_kept_and_where_none_is_known_it_is_the_scale() -> None:
    dossiers = dossiers_with(Amount(3, 104))
    assert dossiers.totals["I.1"].tolist() == [104]
    assert [cut.tolist() for cut in dossiers.cuts["I.1"]] == [[52], [63], [73], [104]]
    assert dossiers.totals["I.2"].tolist() == [100]
    assert [cut.tolist() for cut in dossiers.cuts["I.2"]] == [[20], [30], [50], [80], [90]]
    assert dossiers.totals["II.4"].tolist() == [NO_TOTAL]


@pytest.mark.parametrize(
    "amount",
    [Amount(-1, 5), Amount(1), Amount(2**53, 2**53), Amount(1, 2**52), Amount(-5, -5), Amount(2**52, 1), Amount(1, -2)],
)
def test_a_value_that_cannot_be_compared_exactly_is_refused(amount: Amount) -> None:
    with pytest.raises(NotCompilable, match=r"I\.1"):
        dossiers_with(amount)


def test_a_product_that_would_not_fit_into_64_bits_is_refused() -> None:
    fine = 10**6
    framework = rulebook_of([Ratio(fine - 1, fine)] * 5, "ratio")
    columns = compile_columns(framework, Tier.COMMUNE)
    largest = (2**63 - 1) // (fine - 1)
    base = {"1": {"I.1": fact(commune(), "I.1", Amount(largest, largest))}}
    assert triples(columns.levels(columns.encode(CYCLE, base))) == [(5, 5, 5)]
    base["1"]["I.1"] = fact(commune(), "I.1", Amount(largest, largest + 1))
    with pytest.raises(NotCompilable, match=f"I.1: a base of {largest + 1} is too large"):
        columns.encode(CYCLE, base)


def test_a_demand_that_not_even_an_exempt_value_would_reach_is_refused() -> None:
    columns = compile_columns(rulebook_of([Ratio(1000, 1)] * 5, "ratio"), Tier.COMMUNE)
    with pytest.raises(NotCompilable, match="too large"):
        columns.encode(CYCLE, {"1": {"I.1": fact(commune(), "I.1", Amount(1, 2**50))}})


def test_thresholds_too_fine_for_the_columns_are_refused() -> None:
    with pytest.raises(NotCompilable, match="too fine"):
        compile_columns(rulebook_of([Ratio(1, 10**16)] * 5, "ratio"), Tier.COMMUNE)


# What contradicts the law


def test_a_fact_on_an_unknown_criterion_is_refused() -> None:
    with pytest.raises(Undecidable, match=r"IX\.1"):
        communes({"IX.1": fact(commune(), "IX.1", Amount(1))})


def test_a_verified_fact_without_a_value_is_refused() -> None:
    with pytest.raises(Undecidable, match="has no value"):
        communes({"I.1": fact(commune(), "I.1")})


def test_a_fact_for_what_follows_from_the_communes_is_refused() -> None:
    facts = meeting(district(), 5, I_1=fact(district(), "I.1", None, Status.EXEMPT))
    with pytest.raises(Undecidable, match="takes no fact"):
        by_columns(Tier.DISTRICT, [Case(facts, ((5, 5, 5),), (None,))])


def test_a_value_for_the_levels_of_communes_is_refused() -> None:
    facts = meeting(district(), 5, I_1=fact(district(), "I.1", Amount(1, 2)))
    with pytest.raises(Undecidable, match="a matter of levels"):
        by_columns(Tier.DISTRICT, [Case(facts)])


def test_a_district_without_communes_passes_only_by_the_council_s_ruling() -> None:
    exempt = meeting(district(), 5, I_1=fact(district(), "I.1", None, Status.EXEMPT))
    found = by_columns(Tier.DISTRICT, [Case(good_facts(Tier.DISTRICT, 5)), Case(exempt)])
    assert triples(found) == [(0, 0, 5), (5, 5, 5)]


def test_districts_are_not_decided_without_the_levels_of_their_communes() -> None:
    below = Below.of(["615"], ["1"], {"615": ["1"]})
    columns = columns_of(Tier.DISTRICT)
    with pytest.raises(Undecidable, match="levels of the units below"):
        columns.levels(columns.encode(CYCLE, {"615": good_facts(Tier.DISTRICT, 5)}, below))
