"""What a budget can do: against brute force over every way to spend it, both solvers against each other, boundaries."""

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification import budgeting, coupling
from certification.budgeting import next_level, plan_budget
from certification.coupling import OutOfTime
from certification.goals import Wish
from certification.hierarchy import Assessment, evaluate
from certification.planning import changes
from evidence.conditions import Choices, Cover, Purchase, ancestry
from evidence.costs import Costs, Money, Price
from evidence.facts import Amount, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Count, Criterion, Framework, Members, NotApplicable, Presence, Ratio, Tier
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
    options = {key: wish.pop(key) for key in ("seconds", "decompose") if key in wish}
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


def brute_force(assessment: Assessment, wish: Wish) -> tuple[Money, ...] | None:
    """The best of all ways, aim by aim (the cost last); None: the settled units cannot be had."""
    sets, years = assessment.framework.sets, len(wish.budgets)
    final = {code: each.levels.level for code, each in assessment.recognitions.items() if not each.provisional}
    assessed = [unit for unit in assessment.units.values() if unit.tier in sets]
    communes = [unit for unit in assessed if unit.tier is Tier.COMMUNE]
    districts = [unit for unit in assessed if unit.tier is Tier.DISTRICT]
    best: tuple[Money, ...] | None = None
    when = [None, *range(years)]
    for years_bought in itertools.product(when, repeat=len(wish.shared)):
        bought = {number: year for number, year in enumerate(years_bought) if year is not None}
        prices = [sum(wish.shared[n].cost for n, year in bought.items() if year == each) for each in range(years)]

        def level(unit: Unit, option: Option, year: int, members: list[tuple[int, int, int]]) -> int:
            found, _ = reference.decide(sets[unit.tier], CYCLE, option.facts[year], members)
            return found[0]

        tables = []
        for unit in communes:
            each = options(assessment, wish, unit, bought)
            if unit.code in final:
                tables.append([((final[unit.code],) * years, (0,) * years)])
            else:
                tables.append(cheapest((tuple(level(unit, o, y, []) for y in range(years)), o.paid) for o in each))
        own = {unit.code: list(options(assessment, wish, unit, bought)) for unit in districts}
        known: dict[tuple[str, tuple[tuple[int, ...], ...]], list[tuple[tuple[int, ...], tuple[Money, ...]]]] = {}
        for combination in itertools.product(*tables):
            rows = []
            for unit in districts:
                below = tuple(
                    levels
                    for child, (levels, _) in zip(communes, combination, strict=True)
                    if child.parent == unit.code
                )
                if unit.code in final:
                    rows.append([((final[unit.code],) * years, (0,) * years)])
                    continue
                if (unit.code, below) not in known:
                    known[unit.code, below] = cheapest(
                        (
                            tuple(level(unit, o, y, [(m[y],) * 3 for m in below]) for y in range(years)),  # type: ignore[misc]
                            o.paid,
                        )
                        for o in own[unit.code]
                    )
                rows.append(known[unit.code, below])
            for above in itertools.product(*rows):
                parts = [*above, *combination]
                paid = [sum(part[1][year] for part in parts) + prices[year] for year in range(years)]
                value = judge(assessment, wish, [*districts, *communes], [part[0] for part in parts], paid, final)
                if value is not None and (best is None or value > best):
                    best = value
    return None if best is None else (*best[:-1], -best[-1])


def judge(
    assessment: Assessment,
    wish: Wish,
    units: list[Unit],
    levels: list[tuple[int, ...]],
    paid: list[Money],
    final: Mapping[str, int],
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
        capped = at_most and unit.registered is not None and unit.registered < wish.target and unit.code not in final
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
            for tier in dict.fromkeys(unit.tier for unit in units):
                value.append(sum(there[unit.code][year] for unit in units if unit.tier is tier))
    return (*value, -sum(paid))


def check(assessment: Assessment, wish: Wish, *, decompose: bool = True) -> BudgetPlan:
    """That the plan is as good as the best of all ways, and is what it says."""
    verdicts = decided(assessment)
    found = plan_budget(assessment, verdicts, wish, decompose=decompose)
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


SLOWLY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@SLOWLY
@given(st.data())
def test_no_way_to_spend_one_budget_is_better(data: st.DataObject) -> None:
    assessment = data.draw(provinces())
    wish = data.draw(wishes(assessment, 1))
    check(assessment, wish)


@SLOWLY
@given(st.data())
def test_no_way_to_spend_two_budgets_is_better(data: st.DataObject) -> None:
    assessment = data.draw(provinces(most=2))
    wish = data.draw(wishes(assessment, 2))
    check(assessment, wish)


@SLOWLY
@given(st.data())
def test_decomposition_and_program_are_both_as_good_as_brute_force(data: st.DataObject) -> None:
    assessment = data.draw(provinces())
    wish = data.draw(wishes(assessment, 1, plain=True))
    one, other = check(assessment, wish), check(assessment, wish, decompose=False)
    assert one.curve == other.curve
