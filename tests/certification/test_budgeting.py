"""What a budget can do: against brute force over every way to spend it, both solvers against each other, boundaries."""

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.budgeting import budgets, coupling, decomposition, program
from certification.budgeting.budgets import next_level, plan_budget
from certification.budgeting.coupling import OutOfTime
from certification.budgeting.decomposition import cost_curve
from certification.budgeting.goal_setting import set_goals
from certification.budgeting.goals import Solution, Wish, bill
from certification.hierarchy import Assessment, evaluate
from certification.planning.ways import changes, plan
from evidence.conditions import Choices, ancestry
from evidence.costs import Costs, Money, Price
from evidence.facts import Amount, Fact, Status
from evidence.purchases import Cover, Purchase
from evidence.units import Unit, Units
from levels.framework import Count, Criterion, Framework, Members, Presence, Ratio, Tier
from reports.budget import budget_text
from rules import reference
from rules.budgets import BudgetPlan
from rules.decide import Undecidable
from rules.plans import Hindrance
from rules.verdict import Levels, Recognition, Verdict
from tests.certification.test_hierarchy import province
from tests.rules.dossiers import CYCLE, fact, kon_tum, meeting

PRICES: Costs = {
    (tier, criterion.code): Price(7, 2)
    for tier, criteria_set in kon_tum().sets.items()
    for criterion in criteria_set.criteria
    if criterion.kind != "members"
}


def decided(assessment: Assessment) -> dict[str, Verdict]:
    return {verdict.unit.code: verdict for verdict in evaluate(assessment)}


def planned(assessment: Assessment, *budgets: Money, target: int = 3, unit: str = "62", **wish: Any) -> BudgetPlan:
    options = {key: wish.pop(key) for key in ("seconds", "decomposed") if key in wish}
    costs = wish.pop("costs", PRICES)
    return plan_budget(assessment, decided(assessment), Wish(unit, target, budgets, costs, **wish), **options)


def reached(found: BudgetPlan) -> dict[str, list[str]]:
    return {str(tier): [each.unit.code for each in there] for tier, there in found.reached.items()}


# Brute force: two criteria of communes, one of districts, so that every way to spend a budget can be tried.

SMALL = {Tier.COMMUNE: ("I.2", "I.4"), Tier.DISTRICT: ("I.1", "II.4")}
SHARES = {
    "one": kon_tum().sets[Tier.DISTRICT].by_code["I.1"].requirements,
    "several": (
        Members(Tier.COMMUNE, 1),
        Members(Tier.COMMUNE, 1, Ratio(2, 3), 2),
        Members(Tier.COMMUNE, 1, Ratio(2, 3), 3),
        Members(Tier.COMMUNE, 2, Ratio(1, 3), 5),
        Members(Tier.COMMUNE, 2, Ratio(1, 4), 4),
    ),
}


@cache
def small(shares: str, recognise: str) -> Framework:
    sets = {}
    for tier, codes in SMALL.items():
        whole = kon_tum().sets[tier]
        criteria = tuple(whole.by_code[code] for code in codes)
        if tier is Tier.DISTRICT:
            criteria = (evolve(criteria[0], requirements=SHARES[shares]), criteria[1])
        sets[tier] = evolve(whole, criteria=criteria)
    return evolve(kon_tum(), sets=sets, recognise=recognise, digest=f"sha256:small-{shares}-{recognise}")


AMOUNTS = {
    "I.2": [Amount(n, 10) for n in (0, 2, 3, 5, 8, 9)] + [Amount(1, 3), Amount(0, 0)],
    "I.4": [Amount(0), Amount(1)],
    "II.4": [Amount(0), Amount(1)],
}
STATUSES = st.sampled_from([*["verified"] * 5, "self_reported", "rejected", "unknown", "exempt"])
PRICE = st.builds(Price, st.integers(0, 3), st.integers(0, 3))
BUYABLE = [(tier, code) for tier, codes in SMALL.items() for code in codes if code != "I.1"]


@st.composite
def dossiers(draw: st.DrawFn, unit: Unit) -> dict[str, Fact]:
    known = {}
    for code in SMALL[unit.tier]:
        if code != "I.1" and (status := draw(STATUSES)) != "unknown":
            known[code] = fact(unit, code, draw(st.sampled_from(AMOUNTS[code])), Status(status))
    return known


@st.composite
def provinces(draw: st.DrawFn, most: int = 4) -> Assessment:
    """Up to two districts with communes, perhaps a commune directly under the province; some are recognised."""
    units = [Unit("62", "Tỉnh", Tier.PROVINCE)]
    count = 0
    for number in range(draw(st.integers(0, 2))):
        units.append(Unit(f"61{number}", f"Huyện {number}", Tier.DISTRICT, "62", draw(st.sampled_from([None, 2, 5]))))
        for _ in range(draw(st.integers(0 if draw(st.integers(0, 5)) == 0 else 1, max(1, most // 2)))):
            parent = f"61{number}"
            units.append(Unit(f"2350{count}", f"Xã {count}", Tier.COMMUNE, parent, draw(st.sampled_from([None, 2, 5]))))
            count += 1
    if len(units) == 1 or draw(st.integers(0, 3)) == 0:
        units.append(Unit(f"2350{count}", f"Xã {count}", Tier.COMMUNE, "62"))
    facts = {unit.code: draw(dossiers(unit)) for unit in units[1:]}
    settled = {
        unit.code: Recognition(unit.code, Levels(level, level, level), "sha256:x", draw(st.booleans()))
        for unit in units[1:]
        if draw(st.integers(0, 7)) == 0
        for level in [draw(st.integers(0, 5))]
    }
    framework = small(draw(st.sampled_from(["one", "one", "several"])), draw(st.sampled_from(RECOGNISE)))
    return Assessment(framework, Units({unit.code: unit for unit in units}), facts, CYCLE, settled)


RECOGNISE = ["highest_met", "highest_met", "at_most_registered"]


@st.composite
def wishes(draw: st.DrawFn, assessment: Assessment, years: int, *, plain: bool = False) -> Wish:
    assessed = [unit for unit in assessment.units.values() if unit.tier in SMALL]
    codes = [unit.code for unit in assessed]
    costs = {key: draw(PRICE) for key in BUYABLE if draw(st.integers(0, 9))}
    budgets = tuple(draw(st.integers(0, 30 // years)) for _ in range(years))
    target = draw(st.sampled_from([1, 2, 2, 3, 3, 4, 5]))
    if plain:
        return Wish("62", target, budgets, costs)
    span = range(CYCLE, CYCLE + years)
    never = {code for code in codes if draw(st.integers(0, 9)) == 0}
    never |= {code for code in codes if not never.isdisjoint(ancestry(assessment.units, code))}
    must = {c: draw(st.sampled_from(span)) for c in codes if c not in never and draw(st.integers(0, 7)) == 0}
    fixed = {
        (draw(st.sampled_from(["", *codes])), draw(st.sampled_from(["I.2", "I.4", "II.4"]))): frozenset(
            draw(st.sets(st.sampled_from(span), min_size=1))
        )
        for _ in range(draw(st.integers(0, 2)))
    }
    covers = st.builds(
        lambda key, level, under: Cover(*key, level, under),
        st.sampled_from(BUYABLE),
        st.integers(1, 5),
        st.sampled_from([None, None, *(unit.code for unit in assessed if unit.tier is Tier.DISTRICT)]),
    )
    shared = tuple(
        Purchase(f"Việc {number}", draw(st.integers(0, 12)), tuple(draw(st.lists(covers, min_size=1, max_size=2))))
        for number in range(draw(st.integers(0, 2)))
    )
    weights = {code: draw(st.sampled_from([0, 1, 2, 5])) for code in codes} if draw(st.integers(0, 2)) == 0 else None
    return Wish(
        "62", target, budgets, costs, draw(st.booleans()), Choices(must, frozenset(never), fixed), shared, weights
    )


@frozen
class Option:
    """What may become of one unit on its own criteria: facts at the end of every year, what is paid in every year."""

    facts: tuple[Mapping[str, Fact], ...]
    paid: tuple[Money, ...]


def least(criterion: Criterion, start: Amount, level: int) -> Amount | None:
    """The least value from ``start`` up that meets all requirements to ``level``, found by trying them."""
    total = start.denominator
    for numerator in range(start.numerator, 11):
        if total is not None and numerator > total:
            return None
        for requirement in criterion.requirements[:level]:
            match requirement:
                case Ratio(above, below) if total is None or numerator * below < above * total:
                    break
                case Count(at_least) if numerator < at_least:
                    break
                case Presence() if numerator < 1:
                    break
        else:
            return Amount(numerator, total)
    return None


def ladder(unit: Unit, criterion: Criterion, known: Fact | None) -> list[Fact | None]:
    """The fact as it is, and every verified one that is worth having."""
    steps: list[Fact | None] = [known]
    if known is not None and (known.status is Status.EXEMPT or (known.amount and known.amount.denominator == 0)):
        return steps
    if known is not None and known.amount is not None:
        start = known.amount if known.status is not Status.REJECTED else Amount(0, known.amount.denominator)
    elif criterion.kind == "ratio":
        return steps
    else:
        start = Amount(0)
    values = dict.fromkeys(least(criterion, start, level) for level in range(1, 6))
    steps += [fact(unit, criterion.code, value) for value in values if value is not None]
    return steps


def worth(step: Fact | None, known: Fact | None) -> int:
    """How many of the numerator count for the costs."""
    if step is None or step.amount is None or (step is known and step.status is Status.REJECTED):
        return 0
    return step.amount.numerator


def brought(assessment: Assessment, wish: Wish, unit: Unit, code: str, bought: Mapping[int, int], year: int) -> int:
    """Up to which level purchases made by ``year`` (from 0) satisfy a criterion of a unit."""
    return max(
        (
            cover.level
            for number, when in bought.items()
            for cover in wish.shared[number].covers
            if when <= year and (cover.tier, cover.criterion) == (unit.tier, code)
            if cover.under is None or cover.under in ancestry(assessment.units, unit.code)
        ),
        default=0,
    )


def courses(
    assessment: Assessment, wish: Wish, unit: Unit, criterion: Criterion, bought: Mapping[int, int]
) -> Iterator[tuple[tuple[Fact | None, ...], tuple[Money, ...]]]:
    """Everything that may happen to one criterion of one unit over the years."""
    known = assessment.facts[unit.code].get(criterion.code)
    steps = ladder(unit, criterion, known)
    if unit.code in wish.choices.never:
        steps = steps[:1]
    price = wish.costs.get((unit.tier, criterion.code))
    closed = wish.choices.unchanged(unit.code, criterion.code)
    years = range(len(wish.budgets))
    for course in itertools.combinations_with_replacement(range(len(steps)), len(years)):
        paid: list[Money] = []
        before, opened = 0, False
        for year, now in zip(years, course, strict=True):
            start = (
                0
                if before == 0 and known is not None and known.status is Status.REJECTED
                else worth(steps[before], known)
            )
            end = worth(steps[now], known) if now else start
            level = brought(assessment, wish, unit, criterion.code, bought, year)
            amount = least(criterion, Amount(start, steps[now].amount.denominator), level) if now and level else None  # type: ignore[union-attr]
            free = start if amount is None else amount.numerator
            if now and level and amount is None:  # as far as the levels below it go
                lower = [
                    least(criterion, Amount(start, steps[now].amount.denominator), each) for each in range(1, level)
                ]  # type: ignore[union-attr]
                free = max((each.numerator for each in lower if each is not None), default=start)
            own = max(0, end - max(start, free))
            if (end > start and CYCLE + year in closed) or (own and price is None):
                break
            cost: Money = 0
            if own:
                assert price is not None
                cost = price.per_unit * own + (0 if opened else price.fixed)
                opened = True
            paid.append(cost)
            before = now
        else:
            yield tuple(steps[now] for now in course), tuple(paid)


def options(assessment: Assessment, wish: Wish, unit: Unit, bought: Mapping[int, int]) -> Iterator[Option]:
    criteria = [c for c in assessment.framework.sets[unit.tier].criteria if c.kind != "members"]
    each = [list(courses(assessment, wish, unit, criterion, bought)) for criterion in criteria]
    for combination in itertools.product(*each):
        facts = tuple(
            {
                c.code: known[year]
                for c, (known, _) in zip(criteria, combination, strict=True)
                if known[year] is not None
            }
            for year in range(len(wish.budgets))
        )
        paid = tuple(sum(costs) for costs in zip(*(paid for _, paid in combination), strict=True))
        yield Option(facts, paid)  # type: ignore[arg-type]


def cheapest(
    found: Iterator[tuple[tuple[int, ...], tuple[Money, ...]]],
) -> list[tuple[tuple[int, ...], tuple[Money, ...]]]:
    """Without what is nowhere better than another."""
    kept: list[tuple[tuple[int, ...], tuple[Money, ...]]] = []
    for levels, paid in sorted(set(found), key=lambda item: (sum(item[1]), [-level for level in item[0]])):
        if not any(
            all(a >= b for a, b in zip(other, levels, strict=True))
            and all(a <= b for a, b in zip(cost, paid, strict=True))
            for other, cost in kept
        ):
            kept.append((levels, paid))
    return kept


def tables(
    assessment: Assessment, wish: Wish, units: list[Unit], bought: Mapping[int, int]
) -> list[list[tuple[tuple[int, ...], tuple[Money, ...]]]]:
    """What may become of every commune: its level at the end of every year, and what is paid."""
    years = range(len(wish.budgets))

    def levels(unit: Unit, option: Option) -> tuple[int, ...]:
        decide, criteria_set = reference.decide, assessment.framework.sets[unit.tier]
        return tuple(decide(criteria_set, CYCLE, option.facts[year], [])[0][0] for year in years)

    return [
        settled(assessment, unit, wish)
        or cheapest((levels(unit, option), option.paid) for option in options(assessment, wish, unit, bought))
        for unit in units
    ]


def settled(assessment: Assessment, unit: Unit, wish: Wish) -> list[tuple[tuple[int, ...], tuple[Money, ...]]]:
    """The level of a final decision; nothing where there is none."""
    recognition = assessment.recognitions.get(unit.code)
    if recognition is None or recognition.provisional:
        return []
    return [((recognition.levels.level,) * len(wish.budgets), (0,) * len(wish.budgets))]


def above(
    assessment: Assessment, wish: Wish, unit: Unit, own: list[Option], below: tuple[tuple[int, ...], ...]
) -> list[tuple[tuple[int, ...], tuple[Money, ...]]]:
    """What may become of a district whose communes stand at ``below``."""
    criteria_set = assessment.framework.sets[unit.tier]

    def level(option: Option, year: int) -> int:
        members = [(levels[year],) * 3 for levels in below]
        return reference.decide(criteria_set, CYCLE, option.facts[year], members)[0][0]  # type: ignore[arg-type]

    years = range(len(wish.budgets))
    return settled(assessment, unit, wish) or cheapest(
        (tuple(level(option, year) for year in years), option.paid) for option in own
    )


def brute_force(assessment: Assessment, wish: Wish) -> tuple[Money, ...] | None:
    """The best of all ways, aim by aim, the cost after the end's counts; None: the settled units cannot be had."""
    years = range(len(wish.budgets))
    assessed = [unit for unit in assessment.units.values() if unit.tier in assessment.framework.sets]
    communes = [unit for unit in assessed if unit.tier is Tier.COMMUNE]
    districts = [unit for unit in assessed if unit.tier is Tier.DISTRICT]
    values = []
    for when in itertools.product([None, *years], repeat=len(wish.shared)):
        bought = {number: year for number, year in enumerate(when) if year is not None}
        prices = [sum(wish.shared[n].cost for n, year in bought.items() if year == each) for each in years]
        own = {unit.code: list(options(assessment, wish, unit, bought)) for unit in districts}
        for combination in itertools.product(*tables(assessment, wish, communes, bought)):
            there = list(zip(communes, combination, strict=True))
            below = {
                unit.code: tuple(levels for child, (levels, _) in there if child.parent == unit.code)
                for unit in districts
            }
            rows = [above(assessment, wish, unit, own[unit.code], below[unit.code]) for unit in districts]
            for upper in itertools.product(*rows):
                parts = [*upper, *combination]
                paid = [sum(part[1][year] for part in parts) + prices[year] for year in years]
                values.append(judge(assessment, wish, [*districts, *communes], [part[0] for part in parts], paid))
    best = max((value for value in values if value is not None), default=None)
    counts = 1 if wish.weights is not None else len({unit.tier for unit in assessed})  # of the end, before the cost
    return None if best is None else (*best[:counts], -best[counts], *best[counts + 1 :])


def judge(
    assessment: Assessment, wish: Wish, units: list[Unit], levels: list[tuple[int, ...]], paid: list[Money]
) -> tuple[Money, ...] | None:
    """How good one way is, the larger the better; None where it is none."""
    left: Money = 0
    for budget, cost in zip(wish.budgets, paid, strict=True):
        left = (left if wish.carry_over else 0) + budget - cost
        if left < 0:
            return None
    at_most = assessment.framework.recognise == "at_most_registered"
    there = {}
    for unit, by_year in zip(units, levels, strict=True):
        capped = at_most and unit.registered is not None and unit.registered < wish.target
        capped = capped and not settled(assessment, unit, wish)
        there[unit.code] = tuple(not capped and level >= wish.target for level in by_year)
    for code, year in wish.choices.must.items():
        if not there[code][year - CYCLE]:
            return None
    last = len(wish.budgets) - 1
    value: list[Money] = []
    for year in (last, *range(last)):
        if wish.weights is not None:
            value.append(sum(wish.weights.get(code, 0) for code, known in there.items() if known[year]))
        else:
            tiers = dict.fromkeys(unit.tier for unit in units)
            value += [sum(there[unit.code][year] for unit in units if unit.tier is tier) for tier in tiers]
        value += [-sum(paid)] if year == last else []
    return tuple(value)


def check(assessment: Assessment, wish: Wish, *, decomposed: bool = True) -> BudgetPlan:
    """That the plan is as good as the best of all ways, and is what it says."""
    verdicts = decided(assessment)
    found = plan_budget(assessment, verdicts, wish, decomposed=decomposed)
    best = brute_force(assessment, wish)
    assert found.feasible == (best is not None)
    if best is None:
        assert not found.steps
        return found
    assert found.optimal
    assert tuple(aim.found for aim in found.aims) == best
    facts = {code: dict(known) for code, known in assessment.facts.items()}
    for code, changed in changes([paid.step for paid in found.steps]).items():
        facts.setdefault(code, {}).update(changed)
    again = decided(evolve(assessment, facts=facts))
    for outcome in found.outcomes:
        recognition = assessment.recognitions.get(outcome.unit.code)
        if recognition is None or recognition.provisional:
            assert again[outcome.unit.code].recognised_level == outcome.after
    return found


SLOWLY = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


@SLOWLY
@given(st.data())
def test_no_way_to_spend_one_budget_is_better(data: st.DataObject) -> None:
    assessment = data.draw(provinces())
    wish = data.draw(wishes(assessment, 1))
    check(assessment, wish, decomposed=data.draw(st.booleans()))


@SLOWLY
@given(st.data())
def test_no_way_to_spend_two_budgets_is_better(data: st.DataObject) -> None:
    assessment = data.draw(provinces(most=2))
    wish = data.draw(wishes(assessment, 2))
    check(assessment, wish, decomposed=data.draw(st.booleans()))


@SLOWLY
@given(st.data())
def test_decomposition_and_program_are_both_as_good_as_brute_force(data: st.DataObject) -> None:
    assessment = data.draw(provinces())
    wish = data.draw(wishes(assessment, 1, plain=True))
    one, other = check(assessment, wish), check(assessment, wish, decomposed=False)
    assert one.curve == other.curve


@pytest.mark.slow
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_way_to_spend_up_to_three_budgets_is_better(data: st.DataObject) -> None:
    years = data.draw(st.sampled_from([1, 1, 2, 2, 2, 3]))
    assessment = data.draw(provinces(most={1: 4, 2: 3, 3: 2}[years]))
    check(assessment, data.draw(wishes(assessment, years)), decomposed=data.draw(st.booleans()))


@SLOWLY
@given(st.data())
def test_the_cost_curve_is_that_of_the_program(data: st.DataObject) -> None:
    assessment = data.draw(provinces())
    goals = set_goals(assessment, decided(assessment), data.draw(wishes(assessment, data.draw(st.integers(1, 2)))))
    assert cost_curve(goals, 60) == decomposition._curve_by_program(goals.in_one_year(), 60)


# Boundaries.


def test_a_purchase_serves_the_levels_above_that_demand_no_more() -> None:
    # I.4 demands the same at levels 3, 4 and 5: whoever has it at level 3 has it at 4, without a price of its own.
    units = [Unit("62", "Tỉnh", Tier.PROVINCE), Unit("23500", "Xã", Tier.COMMUNE, "62")]
    known = {code: fact(units[1], code, amount) for code, amount in (("I.2", Amount(8, 10)), ("I.4", Amount(0)))}
    framework = small("one", "highest_met")
    assessment = Assessment(framework, Units({unit.code: unit for unit in units}), {"23500": known}, CYCLE)
    bought = Purchase("Nền tảng", 7, (Cover(Tier.COMMUNE, "I.4", 3, None),))
    enough = check(assessment, Wish("62", 4, (7,), {}, shared=(bought,)))
    assert [outcome.after for outcome in enough.outcomes] == [4]
    assert not check(assessment, Wish("62", 4, (6,), {}, shared=(bought,))).steps


def one_district(*levels: int) -> Assessment:
    """Communes that stand at ``levels``, their district at 5 on its own criteria."""
    return province(list(levels))


def test_a_budget_that_is_exactly_enough_is_enough() -> None:
    assessment = one_district(2, 3)
    cost = plan(assessment, decided(assessment), "23000", 3, PRICES).total_cost
    assert cost is not None
    for decomposed in (True, False):
        enough = planned(assessment, cost, decomposed=decomposed)
        assert reached(enough) == {"district": ["610"], "commune": ["23000", "23001"]}
        assert enough.total_cost == cost
        short = planned(assessment, cost - 1, decomposed=decomposed)
        assert reached(short) == {"district": ["610"], "commune": ["23001"]}
        assert not short.lifted
        assert not short.answers


def test_the_district_is_lifted_before_any_number_of_communes() -> None:
    assessment = province([1, 2], [2, 2, 2, 2, 2, 3, 3, 3, 3, 3])
    verdicts = decided(assessment)
    cost = plan(assessment, verdicts, "610", 3, PRICES).total_cost
    assert cost is not None
    for decomposed in (True, False):
        found = planned(assessment, cost, decomposed=decomposed)
        assert [each.unit.parent for each in found.lifted] == ["62", "610"]
        assert found.curve == (0, 0, cost)


def test_without_money_only_what_awaits_appraisal_rises() -> None:
    assessment = one_district(2, 3)
    claimed = meeting(Unit("23000", "Xã", Tier.COMMUNE, "610"), 3, Status.SELF_REPORTED)
    facts = {**assessment.facts, "23000": claimed}
    for decomposed in (True, False):
        assert not planned(assessment, 0, decomposed=decomposed).answers
        found = planned(evolve(assessment, facts=facts), 0, decomposed=decomposed)
        assert [each.unit.code for each in found.lifted] == ["610", "23000"]
        assert found.total_cost == 0


def test_where_everybody_is_there_nothing_is_done_and_that_is_an_answer() -> None:
    found = planned(one_district(3, 3), 100)
    assert found.answers
    assert not found.steps
    assert found.optimal


def test_sums_are_exact_whatever_their_size() -> None:
    huge = 10**14 + Fraction(1, 7 * 10**6)
    costs = {key: Price(huge, Fraction(1, 3)) for key in PRICES}
    assessment = one_district(2, 3)
    cost = plan(assessment, decided(assessment), "23000", 3, costs).total_cost
    assert cost is not None
    for decomposed in (True, False):
        assert planned(assessment, cost, costs=costs, decomposed=decomposed).total_cost == cost
        assert not planned(assessment, cost - Fraction(1, 10**12), costs=costs, decomposed=decomposed).lifted


def test_a_province_directly_over_communes_lifts_the_most_communes() -> None:
    communes = [Unit(f"2350{n}", f"Xã {n}", Tier.COMMUNE, "62") for n in range(3)]
    units = Units({unit.code: unit for unit in (Unit("62", "Tỉnh", Tier.PROVINCE), *communes)})
    facts = {unit.code: meeting(unit, level) for unit, level in zip(communes, (1, 2, 2), strict=True)}
    assessment = Assessment(kon_tum(), units, facts, CYCLE)
    cheapest_one = min(plan(assessment, decided(assessment), unit.code, 3, PRICES).total_cost or 0 for unit in communes)
    for decomposed in (True, False):
        found = planned(assessment, 2 * cheapest_one, decomposed=decomposed)
        assert reached(found) == {"commune": ["23501", "23502"]}
        assert found.curve[:3] == (0, cheapest_one, 2 * cheapest_one)


def test_a_district_or_one_commune_may_be_asked_for_alone() -> None:
    assessment = province([2, 3], [2, 2])
    assert reached(planned(assessment, 10**6, unit="610")) == {"district": ["610"], "commune": ["23000", "23001"]}
    assert reached(planned(assessment, 10**6, unit="23100")) == {"commune": ["23100"]}


def test_a_shared_purchase_pays_where_it_is_cheaper_than_each_for_itself() -> None:
    units = [Unit(f"2300{n}", f"Xã {n}", Tier.COMMUNE, "610") for n in range(3)]
    base = one_district(3, 3, 3)
    lacking = {unit.code: meeting(unit, 4, I_16=fact(unit, "I.16", Amount(0))) for unit in units}
    assessment = evolve(base, facts={**base.facts, **lacking})
    portal = Purchase("Cổng chung", 20, (Cover(Tier.COMMUNE, "I.16", 5, None),), "Sở KHCN")
    found = planned(assessment, 27, target=4, shared=(portal,))
    assert [(bought.purchase.name, len(bought.serves)) for bought in found.bought] == [("Cổng chung", 3)]
    assert {paid.shared for paid in found.steps} == {"Cổng chung"}
    assert found.total_cost == 20
    assert found.curve == (0, 20)  # each for itself: 9
    dear = planned(assessment, 27, target=4, shared=(evolve(portal, cost=28),))
    assert not dear.bought
    assert dear.total_cost == 27


def test_what_a_purchase_brings_is_no_start_for_the_fixed_cost_but_for_the_rest() -> None:
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = one_district(5)
    facts = {**base.facts, unit.code: meeting(unit, 5, I_2=fact(unit, "I.2", Amount(0, 100)))}
    half = Purchase("Nền tảng", 1, (Cover(Tier.COMMUNE, "I.2", 3, None),))  # 50 of 100
    found = planned(evolve(base, facts=facts), 100, target=4, shared=(half,))
    assert [(p.year, p.shared, str(p.step.start), str(p.step.to), p.step.cost) for p in found.steps] == [
        (CYCLE, "Nền tảng", "0/100", "50/100", 0),
        (CYCLE, "", "50/100", "80/100", 7 + 2 * 30),
    ]


def test_years_pay_step_by_step_and_the_fixed_part_once() -> None:
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = one_district(5)
    facts = {**base.facts, unit.code: meeting(unit, 5, I_2=fact(unit, "I.2", Amount(0, 100)))}
    found = planned(evolve(base, facts=facts), 7 + 2 * 80, 20, target=5)
    # 80 of 100 is level 4 and all that the first year can pay; the rest waits for the second.
    assert [(paid.year, str(paid.step.to), paid.step.cost) for paid in found.steps] == [
        (CYCLE, "80/100", 167),
        (CYCLE + 1, "90/100", 20),
    ]
    assert [(year.spent, year.available) for year in found.years] == [(167, 167), (20, 20)]
    assert {each.year for each in found.lifted} == {CYCLE + 1}


def test_a_year_may_pay_for_a_level_on_the_way() -> None:
    """Neither year pays for all of it: the first brings the level between, the second the rest."""
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = one_district(5)
    lacking = meeting(unit, 5, I_2=fact(unit, "I.2", Amount(30, 100)), I_16=fact(unit, "I.16", Amount(0)))
    found = planned(evolve(base, facts={**base.facts, unit.code: lacking}), 47, 69, target=4, unit=unit.code)
    assert [(paid.year, paid.step.criterion.code, str(paid.step.to), paid.step.cost) for paid in found.steps] == [
        (CYCLE, "I.2", "50/100", 47),
        (CYCLE + 1, "I.2", "80/100", 60),
        (CYCLE + 1, "I.16", "1", 9),
    ]


def test_money_passes_to_the_next_year_only_where_it_may() -> None:
    assessment = one_district(2, 3)
    cost = plan(assessment, decided(assessment), "23000", 3, PRICES).total_cost
    assert cost is not None
    steps = plan(assessment, decided(assessment), "23000", 3, PRICES).steps
    least_step = min(step.cost or 0 for step in steps)
    assert not planned(assessment, least_step - 1, cost - least_step, target=3).lifted
    carried = planned(assessment, least_step - 1, cost - least_step + 1, target=3, carry_over=True)
    assert {each.year for each in carried.lifted} == {CYCLE + 1}


def test_what_can_be_had_earlier_is_had_earlier() -> None:
    found = planned(one_district(2, 3), 10**6, 10**6)
    assert {each.year for each in found.lifted} == {CYCLE}
    assert [year.spent for year in found.years][1] == 0


def test_who_must_rise_is_lifted_though_others_are_cheaper() -> None:
    assessment = province([1, 2], [2, 2])
    verdicts = decided(assessment)
    cost = plan(assessment, verdicts, "610", 3, PRICES).total_cost
    assert cost is not None
    for decomposed in (True, False):
        found = planned(assessment, cost, choices=Choices({"610": CYCLE}), decomposed=decomposed)
        assert "610" in reached(found)["district"]
        short = planned(assessment, cost - 1, choices=Choices({"610": CYCLE}), decomposed=decomposed)
        assert not short.feasible
        assert not short.answers
        assert short.least == cost
        assert not short.steps


def test_who_must_rise_and_cannot_is_named_with_every_reason() -> None:
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = one_district(3, 3)
    zero = meeting(unit, 3, I_9=fact(unit, "I.9", Amount(0, 0)))
    found = planned(evolve(base, facts={**base.facts, unit.code: zero}), 10**6, choices=Choices({"23000": CYCLE}))
    assert not found.feasible
    assert [(each.unit.code, [o.kind for o in each.obstacles]) for each in found.refused] == [
        ("23000", [Hindrance.ZERO_BASE])
    ]
    assert found.least is None
    assert found.curve == ()


def test_what_is_fixed_or_never_lifted_is_an_obstacle() -> None:
    assessment = one_district(2, 3)
    fixed = planned(assessment, 10**6, choices=Choices(fixed={("", "I.2"): frozenset([CYCLE])}))
    assert [(each.unit.code, each.obstacles[0].kind) for each in fixed.hindered] == [("23000", Hindrance.FIXED)]
    never = planned(assessment, 10**6, choices=Choices(never=frozenset(["23000"])))
    assert [(each.unit.code, each.obstacles[0].kind) for each in never.hindered] == [("23000", Hindrance.NEVER)]
    later = planned(assessment, 10**6, 10**6, choices=Choices(fixed={("", "I.2"): frozenset([CYCLE])}))
    assert {each.year for each in later.lifted} == {CYCLE + 1}


def test_a_decision_of_this_cycle_keeps_its_level() -> None:
    assessment = one_district(2, 2, 3)
    final = Recognition("23000", Levels(2, 2, 2), "sha256:x", provisional=False)
    found = planned(evolve(assessment, recognitions={"23000": final}), 10**6)
    assert reached(found) == {"district": ["610"], "commune": ["23001", "23002"]}
    assert [each.obstacles[0].kind for each in found.hindered] == [Hindrance.RECOGNISED]


def test_weights_may_prefer_one_commune_to_many() -> None:
    assessment = one_district(1, 2, 2, 3)
    costs = {
        code: plan(assessment, decided(assessment), code, 3, PRICES).total_cost or 0 for code in ("23000", "23001")
    }
    found = planned(assessment, costs["23000"], weights={"23000": Fraction(5, 2), "23001": 1, "23002": Fraction(1, 3)})
    assert [each.unit.code for each in found.lifted if each.unit.tier is Tier.COMMUNE] == ["23000"]
    assert found.aims[0].found == Fraction(5, 2)


def test_three_tiers_are_lifted_together() -> None:
    whole = kon_tum().sets[Tier.DISTRICT]
    members = evolve(
        whole.by_code["I.1"],
        requirements=tuple(
            Members(Tier.DISTRICT, max(1, level - 1), Ratio(1, 2), level) if level > 1 else Members(Tier.DISTRICT, 1)
            for level in range(1, 6)
        ),
    )
    upper = evolve(whole, tier=Tier.PROVINCE, criteria=(members, whole.by_code["II.4"]))
    sets = {Tier.PROVINCE: upper, **kon_tum().sets}
    base = province([2, 2], [1, 2], [3, 2])
    facts = {**base.facts, "62": {"II.4": fact(base.units["62"], "II.4", Amount(1))}}
    assessment = evolve(base, framework=evolve(kon_tum(), sets=sets, digest="sha256:three"), facts=facts)
    verdicts = decided(assessment)
    cost = plan(assessment, verdicts, "62", 3, PRICES).total_cost
    assert cost
    found = planned(assessment, cost)
    assert reached(found)["province"] == ["62"]
    assert found.total_cost <= cost
    assert found.method == "milp"
    assert not [each for each in planned(assessment, cost - 1).lifted if each.unit.code == "62"]


def test_without_a_level_it_is_the_lowest_that_not_all_of_the_broadest_tier_have() -> None:
    def lowest(*districts: list[int], unit: str = "62") -> int:
        assessment = province(*districts)
        return next_level(assessment, decided(assessment), unit)

    assert lowest([3, 3], [2, 2]) == 3
    assert lowest([3, 3], [2, 2], unit="610") == 4
    assert lowest([5, 5]) == 5
    assert lowest([3, 2], unit="23000") == 4


# The search and its proof.


def test_a_search_that_is_stopped_tells_how_much_better_a_plan_might_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coupling, "_propose", lambda program, target, _: (None, program.trivial_bound(target), False))
    found = planned(province([2, 2], [2, 2]), 10**6, decomposed=False)
    assert not found.optimal
    assert found.feasible
    text = budget_text(found, "en")
    assert f"Not proven: at most 2 districts more might be possible in {CYCLE}." in text
    assert "Proven: no plan is better" not in text
    assert "Chưa chứng minh: năm 2025 có thể thêm nhiều nhất 4 đơn vị cấp xã." in budget_text(found, "vi")
    assert [(aim.name, aim.found, aim.bound) for aim in found.aims] == [
        ("district", 0, 2),
        ("commune", 0, 4),
        ("cost", 0, 0),
    ]


def test_without_time_there_is_a_plan_or_a_refusal_but_no_guess() -> None:
    assessment = province([2, 2], [2, 2])
    assert not planned(assessment, 10**6, decomposed=False, seconds=0).steps
    with pytest.raises(OutOfTime):
        planned(assessment, 10**6, decomposed=False, seconds=0, choices=Choices({"610": CYCLE}))


@SLOWLY
@given(st.data())
def test_a_solver_that_takes_sums_for_more_or_less_than_they_are_is_corrected(data: st.DataObject) -> None:
    """Budgets read too large and counts kept too small: the cuts bring it back to the best there is."""
    years = data.draw(st.integers(1, 2))
    assessment = data.draw(provinces(most=4 if years == 1 else 2))
    wish = data.draw(wishes(assessment, years))
    add_budget, keep = program.Program._add_budget, program.Program.keep

    def generous(self: program.Program, year: int) -> None:
        before = len(self.rows)
        add_budget(self, year)
        for row in self.rows[before:]:
            row.high = row.high * 1.4 + 0.5

    def forgetful(self: program.Program, target: program.Target, found: int) -> None:
        before = len(self.rows)
        keep(self, target, found)
        for row in self.rows[before:]:
            row.low *= 0.6

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program.Program, "_add_budget", generous)
        patch.setattr(program.Program, "keep", forgetful)
        patch.setattr(coupling, "ATTEMPTS", 10_000)
        check(assessment, wish, decomposed=False)


@pytest.mark.parametrize("carry_over", [False, True])
def test_what_costs_too_much_in_integers_is_ruled_out(carry_over: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    original = program.Program._add_budget

    def generous(self: program.Program, year: int) -> None:
        original(self, year)
        self.rows[-1].high *= 1.5

    assessment = province([2, 2], [2, 1], [2, 2, 1])
    portal = Purchase("Cổng chung", 30, (Cover(Tier.COMMUNE, "I.16", 5, None), Cover(Tier.COMMUNE, "I.2", 2, None)))
    wish = {"shared": (portal,), "carry_over": carry_over, "decomposed": False}
    right = planned(assessment, 150, 90, **wish)
    monkeypatch.setattr(program.Program, "_add_budget", generous)
    monkeypatch.setattr(coupling, "ATTEMPTS", 10_000)
    found = planned(assessment, 150, 90, **wish)
    assert [(aim.name, aim.found, aim.bound) for aim in found.aims] == [
        (aim.name, aim.found, aim.bound) for aim in right.aims
    ]
    assert all(year.spent <= year.available for year in found.years)


def test_a_decision_s_level_is_kept_for_all_years_and_that_is_said() -> None:
    final = Recognition("23000", Levels(2, 2, 2), "sha256:x", provisional=False, number="12/QĐ-UBND")
    found = planned(evolve(one_district(2, 3), recognitions={"23000": final}), 10**6, 10**6)
    assert "Units with a decision of this cycle keep its level throughout the plan." in budget_text(found, "en")


def test_where_all_that_can_rise_have_risen_no_budget_does_more() -> None:
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = province([3, 3], [2, 2])
    zero = meeting(unit, 3, I_9=fact(unit, "I.9", Amount(0, 0)))
    found = planned(evolve(base, facts={**base.facts, unit.code: zero}), 10**6, target=4)
    assert reached(found)["district"] == ["611"]
    assert "No budget lifts more than 1 district." in budget_text(found, "en")


def test_a_plan_that_does_not_stand_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "reevaluate", lambda *_: {})
    with pytest.raises(Undecidable, match="reaches level 2, not 3"):
        planned(one_district(2, 2), 10**6)


def test_no_rung_is_paid_that_cannot_be_climbed() -> None:
    unit = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    base = one_district(5)
    assessment = evolve(base, facts={**base.facts, unit.code: meeting(unit, 5, I_2=fact(unit, "I.2", Amount(0, 100)))})
    fixed = Choices(fixed={("", "I.2"): frozenset([CYCLE])})
    goals = set_goals(assessment, decided(assessment), Wish("62", 5, (1000, 1000), PRICES, choices=fixed))
    [task] = goals.tasks
    assert [str(rung.step.to) for rung in task.rungs] == ["20/100", "30/100", "50/100", "80/100", "90/100"]
    bills, spent = bill(goals, Solution({(0, place): 1 for place in range(5)}, {}))
    assert [each.cost for each in bills.values()] == [47, 20, 40, 60, 20]
    assert spent == [0, 187]
    with pytest.raises(ValueError, match="cannot change"):
        bill(goals, Solution({(0, 0): 0}, {}))
    with pytest.raises(ValueError, match="before the one below"):
        bill(goals, Solution({(0, 1): 1}, {}))
    unpriced = evolve(task, rungs=(evolve(task.rungs[0], cost=None),))
    with pytest.raises(ValueError, match="no price"):
        bill(evolve(goals, tasks=(unpriced,)), Solution({(0, 0): 1}, {}))


@pytest.mark.parametrize("wish", [{"target": 0}, {"target": 6}])
def test_there_is_no_other_level(wish: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no level"):
        planned(one_district(2), 1, **wish)


def test_budgets_are_sums() -> None:
    with pytest.raises(ValueError, match="from 0 up"):
        planned(one_district(2), -1)
    with pytest.raises(ValueError, match="from 0 up"):
        planned(one_district(2))
