"""The cheapest way up: against brute force over every value there is, at the boundaries, and where there is none."""

import datetime
import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from math import comb

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.hierarchy import Assessment, evaluate
from certification.planning import ways
from certification.planning.ways import changes, plan, prove
from evidence.costs import Costs, Money, Price
from evidence.facts import Amount, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Framework, Members, Ratio, Tier
from rules import reference
from rules.decide import Undecidable
from rules.plans import Hindrance, Plan, Way
from rules.verdict import Levels, Recognition, Verdict
from tests.certification.test_hierarchy import province
from tests.rules.dossiers import CYCLE, fact, kon_tum, meeting

HALF = Ratio(1, 2)
PRICES: Costs = {
    (tier, criterion.code): Price(7, 2)
    for tier, criteria_set in kon_tum().sets.items()
    for criterion in criteria_set.criteria
    if criterion.kind != "members"
}


def decided(assessment: Assessment) -> dict[str, Verdict]:
    return {verdict.unit.code: verdict for verdict in evaluate(assessment)}


def planned(assessment: Assessment, code: str, level: int, costs: Costs | None = None) -> Plan:
    return plan(assessment, decided(assessment), code, level, costs)


def after(assessment: Assessment, found: Plan) -> int:
    """The unit's level once the plan has come true."""
    facts = {code: dict(known) for code, known in assessment.facts.items()}
    for code, changed in changes(found.steps).items():
        facts.setdefault(code, {}).update(changed)
    return decided(evolve(assessment, facts=facts))[found.verdict.unit.code].levels.level


def raised(found: Plan) -> dict[str, int]:
    return {way.verdict.unit.code: way.level for way in found.way.walk() if way.steps}


# Brute force: a small rulebook, so that every value of every criterion of every unit can be tried.

SMALL = {Tier.COMMUNE: ("I.2", "I.4", "II.4"), Tier.DISTRICT: ("I.1", "II.4")}
ONE_SHARE = kon_tum().sets[Tier.DISTRICT].by_code["I.1"].requirements
SEVERAL_SHARES = (
    Members(Tier.COMMUNE, 1),
    Members(Tier.COMMUNE, 1, Ratio(2, 3), 2),
    Members(Tier.COMMUNE, 1, Ratio(2, 3), 3),
    Members(Tier.COMMUNE, 2, Ratio(1, 3), 5),
    Members(Tier.COMMUNE, 2, Ratio(1, 4), 4),
)


@cache
def small(several: bool) -> Framework:
    """Three criteria of communes and two of districts."""
    sets = {}
    for tier, codes in SMALL.items():
        whole = kon_tum().sets[tier]
        criteria = tuple(whole.by_code[code] for code in codes)
        if tier is Tier.DISTRICT:
            criteria = (evolve(criteria[0], requirements=SEVERAL_SHARES if several else ONE_SHARE), criteria[1])
        sets[tier] = evolve(whole, criteria=criteria)
    return evolve(kon_tum(), sets=sets, digest=f"sha256:small-{several}")


AMOUNTS = {
    "I.2": [Amount(n, d) for d in range(4) for n in range(d + 1)],
    "I.4": [Amount(0), Amount(1)],
    "II.4": [Amount(n, d) for d in range(4) for n in range(d + 1)] + [Amount(0), Amount(2)],
}
STATUSES = st.sampled_from(["verified", "verified", "verified", "self_reported", "rejected", "unknown", "exempt"])


@st.composite
def dossiers(draw: st.DrawFn, unit: Unit) -> dict[str, Fact]:
    known = {}
    for code in SMALL[unit.tier]:
        if (status := draw(STATUSES)) != "unknown" and code != "I.1":
            amounts = AMOUNTS["I.4" if unit.tier is Tier.DISTRICT else code]
            known[code] = fact(unit, code, draw(st.sampled_from(amounts)), Status(status))
    return known


PRICE = st.builds(Price, st.integers(0, 3), st.integers(0, 3))


@st.composite
def districts(draw: st.DrawFn) -> tuple[Assessment, Costs | None]:
    """A district of up to four communes, under prices of which some may be missing, some communes recognised."""
    units = [Unit("62", "Tỉnh", Tier.PROVINCE), Unit("615", "Huyện", Tier.DISTRICT, "62")]
    units += [Unit(f"2350{n}", f"Xã {n}", Tier.COMMUNE, "615") for n in range(draw(st.integers(1, 4)))]
    facts = {unit.code: draw(dossiers(unit)) for unit in units[1:]}
    settled = {
        unit.code: Recognition(unit.code, Levels(level, level, level), "sha256:x", draw(st.booleans()))
        for unit in units[2:]
        if draw(st.integers(0, 5)) == 0
        for level in [draw(st.integers(0, 5))]
    }
    codes = [(tier, code) for tier, codes in SMALL.items() for code in codes if code != "I.1" or tier is Tier.COMMUNE]
    costs = {key: draw(PRICE) for key in codes if draw(st.integers(0, 9))}
    framework = small(draw(st.booleans()))
    assessment = Assessment(framework, Units({unit.code: unit for unit in units}), facts, CYCLE, settled)
    return assessment, draw(st.sampled_from([costs, None]))


Moved = tuple[Fact | None, Money]


def moves(unit: Unit, code: str, known: Fact | None, costs: Costs | None) -> Iterator[Moved]:
    """Everything that may be done on one criterion, and its cost: from nothing, or from the value that stands."""
    yield known, 0
    price = Price(0, 1) if costs is None else costs.get((unit.tier, code))
    start = Amount(0) if code != "I.2" else None
    if known is not None and known.amount is not None:
        if known.status is Status.EXEMPT or known.amount.denominator == 0:
            return
        start = Amount(0, known.amount.denominator) if known.status is Status.REJECTED else known.amount
    if start is None:
        return
    most = {"I.4": 1}.get(code, 4 if start.denominator is None else start.denominator)
    for numerator in range(start.numerator, most + 1):
        more = numerator - start.numerator
        if more == 0 or price is not None:
            cost = price.of(more) if price is not None else 0
            yield fact(unit, code, Amount(numerator, start.denominator)), cost


def cheapest_by_level(assessment: Assessment, unit: Unit, costs: Costs | None, members: list[int]) -> dict[int, Money]:
    """The least cost of every accepted level that ``unit`` can come to, all values tried."""
    criteria_set = assessment.framework.sets[unit.tier]
    known = assessment.facts[unit.code]
    codes = [code for code in SMALL[unit.tier] if not (code == "I.1" and unit.tier is Tier.DISTRICT)]
    options = [list(moves(unit, code, known.get(code), costs)) for code in codes]
    least: dict[int, Money] = {}
    for combination in itertools.product(*options):
        facts = {code: new for code, (new, _) in zip(codes, combination, strict=True) if new is not None}
        (level, _, _), _ = reference.decide(criteria_set, CYCLE, facts, [(m, m, m) for m in members])
        cost = sum(cost for _, cost in combination)
        least[level] = min(cost, least.get(level, cost))
    return least


def brute_force(assessment: Assessment, code: str, target: int, costs: Costs | None) -> Money | None:
    """The least cost at which the unit reaches ``target``; None: it cannot."""
    tables = []
    for child in assessment.units.children(code):
        recognition = assessment.recognitions.get(child.code)
        if recognition is not None and not recognition.provisional:
            tables.append({recognition.levels.level: 0})
        else:
            tables.append(cheapest_by_level(assessment, child, costs, []))
    sums: list[Money] = []
    own: dict[tuple[int, ...], dict[int, Money]] = {}
    for combination in itertools.product(*(table.items() for table in tables)):
        members = tuple(sorted(level for level, _ in combination))
        if members not in own:
            own[members] = cheapest_by_level(assessment, assessment.units[code], costs, list(members))
        below = sum(cost for _, cost in combination)
        sums += [below + cost for level, cost in own[members].items() if level >= target]
    return min(sums, default=None)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(districts(), st.integers(1, 5))
def test_no_other_set_of_improvements_is_cheaper(world: tuple[Assessment, Costs | None], target: int) -> None:
    assessment, costs = world
    for code in ("615", "23500"):
        found = planned(assessment, code, target, costs)
        least = brute_force(assessment, code, target, costs)
        assert found.feasible == (least is not None)
        if found.feasible:
            assert found.way.effort == least
            assert found.total_cost == (None if costs is None else least)
            assert after(assessment, found) >= target
        else:
            assert found.way.obstacles


@st.composite
def ladders(draw: st.DrawFn) -> tuple[int, list[list[Way]]]:
    """Members with a way to the level of all and, some of them, one to a higher level."""
    verdict = decided(province([3]))["23000"]
    members = []
    for _ in range(draw(st.integers(1, 6))):
        low, more = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        high = Way(verdict, 4, effort=low + more, missing=low + more, equally_good=draw(st.integers(1, 2)))
        if draw(st.integers(0, 5)) == 0:
            high = evolve(high, obstacles=(ways.Obstacle(verdict, 4, Hindrance.NO_COST),))
        members.append([Way(verdict, 3, effort=low, missing=low), high])
    able = sum(high.feasible for _, high in members)
    return draw(st.integers(0, able)), members


@given(ladders())
def test_choosing_the_cheapest_differences_is_as_good_as_trying_all_counts(world: tuple[int, list[list[Way]]]) -> None:
    needed, members = world
    quotas = ways.Quotas(3, {4: needed})
    greedy, counted = ways._select_cheapest(quotas, members), ways._select_by_counts(quotas, members)
    for selection in (greedy, counted):
        assert sum(way.level == 4 for way in selection.ways) >= needed
    assert sum(way.effort for way in greedy.ways) == sum(way.effort for way in counted.ways)
    assert greedy.equally_good == counted.equally_good
    assert [choice.ready for choice in greedy.choices] == [choice.ready for choice in counted.choices]
    assert [len(choice.chosen) for choice in greedy.choices] == [len(choice.chosen) for choice in counted.choices]


# Whole dossiers of the real decision.


def with_facts(assessment: Assessment, code: str, **changed: Fact | None) -> Assessment:
    known = {**assessment.facts[code]}
    for name, new in changed.items():
        known.pop(name.replace("_", "."), None)
        if new is not None:
            known[name.replace("_", ".")] = new
    return evolve(assessment, facts={**assessment.facts, code: known})


def test_a_commune_s_plan_is_what_each_of_its_criteria_lacks() -> None:
    commune = Unit("23000", "Xã 0", Tier.COMMUNE, "610")
    assessment = with_facts(province([4]), "23000", I_2=fact(commune, "I.2", Amount(74, 104)))
    found = planned(assessment, "23000", 4, PRICES)
    [step] = found.steps
    assert (step.unit.code, step.criterion.code, step.start, step.to) == (
        "23000",
        "I.2",
        Amount(74, 104),
        Amount(84, 104),
    )
    assert (found.total_cost, found.way.missing, found.way.equally_good) == (27, 10, 1)
    assert after(assessment, found) == 4


def test_a_level_that_is_reached_needs_nothing() -> None:
    found = planned(province([4]), "23000", 3, PRICES)
    assert (found.feasible, found.steps, found.total_cost) == (True, (), 0)


def test_communes_directly_under_a_province_can_be_planned() -> None:
    commune = Unit("23281", "Xã", Tier.COMMUNE, "62")
    units = Units({"62": Unit("62", "Tỉnh", Tier.PROVINCE), "23281": commune})
    assessment = Assessment(kon_tum(), units, {"23281": meeting(commune, 3)}, CYCLE)
    found = planned(assessment, "23281", 4)
    assert found.feasible
    assert found.total_cost is None
    assert after(assessment, found) == 4


def test_a_district_lifts_all_its_communes_to_one_level_and_the_cheapest_half_to_the_next() -> None:
    assessment = province([3, 3, 2, 3, 3, 3, 3])
    units = assessment.units
    for place, numerator in enumerate((799, 790, 0, 799, 700, 780, 750)):  # level 4 needs 800 of 1,000
        if place != 2:
            code = f"2300{place}"
            full = meeting(units[code], 4, I_2=fact(units[code], "I.2", Amount(numerator, 1000)))
            assessment = evolve(assessment, facts={**assessment.facts, code: full})
    found = planned(assessment, "610", 4)
    assert {code: level for code, level in raised(found).items() if level == 4} == {
        "23000": 4, "23003": 4, "23001": 4, "23005": 4,
    }  # fmt: skip
    assert raised(found)["23002"] == 3
    [choice] = found.way.choices
    assert (choice.at, choice.needed, choice.dearest, choice.cheapest_left) == (4, 4, 20, 50)  # half of 7 is 4
    assert found.way.equally_good == 1
    assert after(assessment, found) == 4


def test_communes_that_are_there_already_count_first() -> None:
    assessment = province([4, 3, 3, 4])
    found = planned(assessment, "610", 4)
    assert found.steps == ()
    found = planned(province([4, 3, 3, 3]), "610", 4, PRICES)
    [choice] = found.way.choices
    assert [unit.code for unit in choice.ready] == ["23000"]
    assert [unit.code for unit in choice.chosen] == ["23001"]  # the tie goes to the first in the file
    assert found.way.equally_good == 3


def test_a_commune_that_has_to_rise_anyway_pays_the_fixed_part_only_once() -> None:
    found = planned(province([4, 3, 3, 2]), "610", 4, PRICES)
    [choice] = found.way.choices
    assert [unit.code for unit in choice.chosen] == ["23003"]
    assert raised(found) == {"23003": 4}


@pytest.mark.parametrize(("communes", "needed"), [(2, 1), (5, 3), (8, 4)])
def test_how_many_plans_are_equally_good_is_counted_exactly(communes: int, needed: int) -> None:
    found = planned(province([3] * communes), "610", 4, PRICES)
    assert found.way.equally_good == comb(communes, needed)
    assert [unit.code for unit in found.way.choices[0].chosen] == [f"2300{place}" for place in range(needed)]


def test_what_the_lower_levels_demand_is_demanded_too() -> None:
    """«trong đó tối thiểu 50%» of level 3 asks half of the communes for 3; a rulebook may ask more there than above."""
    first, *others = ONE_SHARE
    heavy = (first, others[0], Members(Tier.COMMUNE, 2, Ratio(3, 4), 5), Members(Tier.COMMUNE, 1), others[3])
    whole = kon_tum()
    district = whole.sets[Tier.DISTRICT]
    criteria = (evolve(district.criteria[0], requirements=heavy), *district.criteria[1:])
    framework = evolve(
        whole, sets={**whole.sets, Tier.DISTRICT: evolve(district, criteria=criteria)}, digest="sha256:heavy"
    )
    found = planned(evolve(province([3, 3, 3, 1]), framework=framework), "610", 4)
    assert sorted(raised(found).values()) == [2, 5, 5, 5]


def test_a_recognised_commune_keeps_its_level() -> None:
    signed = datetime.date(CYCLE, 12, 19)
    settled = Recognition("23000", Levels(3, 3, 3), "sha256:x", False, "12/QĐ-UBND", signed)
    assessment = evolve(province([3, 2]), recognitions={"23000": settled})
    assert raised(planned(assessment, "610", 4)) == {"23001": 4}
    found = planned(assessment, "610", 5)
    assert [o.kind for o in found.way.obstacles] == [Hindrance.RECOGNISED]
    own = planned(assessment, "23000", 4)  # its own plan starts from its facts
    assert own.feasible
    assert own.recognition == settled
    draft = evolve(assessment, recognitions={"23000": evolve(settled, provisional=True)})
    assert planned(draft, "610", 5).feasible
    assert planned(draft, "23000", 4).recognition is None


def test_every_obstacle_is_named_at_once() -> None:
    assessment = province([3, 3, 4])
    units = assessment.units
    assessment = with_facts(assessment, "610", II_3=None, II_9=fact(units["610"], "II.9", Amount(0, 0)))
    assessment = with_facts(assessment, "23000", I_3=None, II_4=fact(units["23000"], "II.4", Amount(1, 1)))
    found = planned(assessment, "610", 5, {key: price for key, price in PRICES.items() if key[1] != "I.5"})
    told = {(o.unit.code, o.found.code if o.found else "", str(o.kind)) for o in found.way.obstacles}
    assert {
        ("610", "II.3", "no_base"),
        ("610", "II.9", "zero_base"),
        ("23000", "I.3", "no_base"),
        ("23000", "II.4", "total"),
        ("23000", "I.5", "no_cost"),
        ("23001", "I.5", "no_cost"),
        ("610", "I.1", "too_few"),
    } == told - {("610", "I.5", "no_cost")}
    few = next(o for o in found.way.obstacles if o.kind is Hindrance.TOO_FEW)
    assert (few.needed, few.able, few.level) == (2, 1, 5)
    assert found.total_cost is None


def test_members_that_cannot_rise_are_left_out_and_named_only_where_there_is_a_choice() -> None:
    assessment = province([3, 3, 3, 3])
    commune = assessment.units["23000"]
    assessment = with_facts(assessment, "23000", II_4=fact(commune, "II.4", Amount(1, 1)))
    found = planned(assessment, "610", 4)
    assert [unit.code for unit in found.way.choices[0].chosen] == ["23001", "23002"]
    assert [(o.unit.code, o.kind) for o in found.way.left_out] == [("23000", Hindrance.TOTAL)]
    there = with_facts(province([3, 4, 4, 2]), "23000", II_4=fact(commune, "II.4", Amount(1, 1)))
    assert planned(there, "610", 4).way.left_out == ()


def test_a_district_without_communes_cannot_be_planned_unless_the_council_exempts_it() -> None:
    found = planned(province([]), "610", 1)
    assert [o.kind for o in found.way.obstacles] == [Hindrance.NO_MEMBERS]
    district = province([]).units["610"]
    exempt = with_facts(province([]), "610", I_1=fact(district, "I.1", None, Status.EXEMPT, note="Không có xã"))
    assert planned(exempt, "610", 5).feasible


def test_no_more_than_the_registered_level_where_the_rulebook_says_so() -> None:
    assessment = province([3])
    capped = evolve(kon_tum(), recognise="at_most_registered")
    units = Units({**assessment.units, "23000": evolve(assessment.units["23000"], registered=3)})
    found = planned(evolve(assessment, framework=capped, units=units), "23000", 4)
    assert [o.kind for o in found.way.obstacles] == [Hindrance.REGISTERED]
    assert planned(evolve(assessment, framework=capped, units=units), "23000", 3).feasible
    assert planned(evolve(assessment, units=units), "23000", 4).feasible


def test_there_are_five_levels() -> None:
    with pytest.raises(ValueError, match="there is no level 6"):
        planned(province([3]), "23000", 6)


# Nothing fails open.


def falsified(way: Way) -> Mapping[str, Way]:
    step = way.steps[0]
    choice = evolve(way.choices[0], dearest=9, cheapest_left=8) if way.choices else None
    return {
        "reaches only level": evolve(way, steps=way.steps[1:]),
        "needs less than": evolve(way, steps=(evolve(step, to=Amount(step.to.numerator + 1, 1000)), *way.steps[1:])),
        "sum up to": evolve(way, effort=way.effort + 1),
        **({"a cheaper choice": evolve(way, choices=(choice,))} if choice else {}),
    }


@pytest.mark.parametrize("code", ["23000", "610"])
def test_a_plan_that_does_not_stand_when_all_is_decided_anew_is_stopped(code: str) -> None:
    assessment = province([3, 3])
    district = assessment.units["610"]
    assessment = with_facts(assessment, "610", II_1=fact(district, "II.1", Amount(700, 1000)))
    found = planned(assessment, code, 4, PRICES)
    for message, way in falsified(found.way).items():
        with pytest.raises(Undecidable, match=message):
            prove(assessment, decided(assessment), evolve(found, way=way))
