"""Plans of points: against everything that could be done, at the boundaries, and what no plan can do."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.planning import points
from certification.planning.points import plan_points
from certification.rating import Rating
from evidence.costs import Costs, Money, Price, read_costs
from evidence.dossiers import Evidence
from evidence.facts import SYNTHETIC, Amount, Document, Fact, Status
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from levels.framework import Tier
from levels.index import Index, Input, NoneDetected, Peers, Quantity, Scale, Segment
from levels.loader import load_index
from rules.point_plans import Bar, PointGoal, PointPlan
from rules.ranking import rank
from rules.scoring import Unscorable, score_all
from tests.certification.test_knapsack import by_highs
from tests.rules.indexes import ALL_DISTRICTS, CYCLE, index, indicator, pillar, units
from tests.rules.test_frontiers import chu_prong

PROOF = (Document("12/BC-UBND"),)
FAR = 9  # so much more of a count is tried
Values = Mapping[str, int | None]


def rating(owner: Index, *told: Values, **more: Any) -> Rating:
    """Units u0, u1 … that have told so much, all of it verified."""
    group = units(*(f"u{n}" for n in range(len(told))))
    facts = {
        unit: {code: fact(unit, code, value, **more) for code, value in values.items()}
        for unit, values in zip(group, told, strict=True)
    }
    return Rating(owner, group, Evidence(facts, CYCLE, {}, ()))


def fact(unit: str, code: str, value: int | None, **more: Any) -> Fact:
    if value is None:
        return Fact(unit, code, Status.UNKNOWN, **more)
    return Fact(unit, code, Status.VERIFIED, Amount(value), documents=PROOF, **more)


def priced(owner: Index, prices: Mapping[str, Price]) -> Costs:
    return {(Tier.DISTRICT, code): price for code, price in prices.items()}


COUNT, OTHER = Input("1", "count", "số lượng"), Input("2", "presence", "không phát hiện")


def small(*, peers: bool = True) -> Index:
    """A choice, a cliff, a sum of two parts, and two comparisons with the peers."""
    entries = [chu_prong(code) for code in ("II.1.1", "II.7.1", "II.6.1")]
    if peers:
        entries += [
            indicator("P.1", 9, Peers("highest", Quantity(("1",)), "so với cao nhất"), [COUNT]),
            indicator("P.2", 6, NoneDetected("2", "không", Peers("min_max", Quantity(("1",)), "mm")), [COUNT, OTHER]),
        ]
    return index(pillar("1", *entries))


def tried(owner: Index, own: Values, prices: Mapping[str, Price]) -> Iterator[tuple[dict[str, int], Money]]:
    """Everything that the unit could come to, and what that costs."""
    ways: dict[str, list[tuple[int | None, Money]]] = {}
    for entry in owner.sets[Tier.DISTRICT].indicators:
        for asked in entry.inputs:
            code = entry.fact_code(asked.key)
            now, price = own.get(code), prices.get(code)
            found: list[tuple[int | None, Money]] = [(now, 0)]
            if price is not None:
                match asked.kind:
                    case "presence":
                        found += [(1, price.of(1))] if now != 1 else []
                    case "choice":
                        found += [(n, price.of(1)) for n in range(1, len(asked.options) + 1) if n != now]
                    case _:
                        most = own["II.7.1:b"] if code == "II.7.1:a" else (now or 0) + FAR
                        found += [(n, price.of(n - (now or 0))) for n in range(now or 0, (most or 0) + 1)]
            ways[code] = found
    for chosen in product(*ways.values()):
        values = {code: value for code, (value, _) in zip(ways, chosen, strict=True) if value is not None}
        yield values, sum(cost for _, cost in chosen)


def results(known: Rating, own: Values, prices: Mapping[str, Price]) -> list[tuple[Money, Fraction, int]]:
    """Cost, points and rank of everything that u0 could do, scored and ranked from the facts."""
    found = []
    for values, cost in tried(known.index, own, prices):
        dossier = {code: fact("u0", code, value) for code, value in values.items()}
        scores = score_all(known.index, known.units, {**known.facts, "u0": dossier}, CYCLE, explain=False)
        place = rank(known.index, known.units, scores, CYCLE).place_of["u0"]
        found.append((cost, place.score.points, place.rank))
    return found


CODES = ("II.1.1", "II.7.1:a", "II.6.1:1", "II.6.1:2", "P.1", "P.2:1", "P.2:2")


@st.composite
def situations(draw: st.DrawFn) -> tuple[Rating, Values, dict[str, Price]]:
    def told() -> dict[str, int | None]:
        base = draw(st.integers(0, 20))
        return {
            "II.1.1": draw(st.sampled_from([1, 2, 3, None])),
            "II.7.1:a": draw(st.sampled_from([0, max(0, base - 3), base, None])),
            "II.7.1:b": base,
            "II.6.1:1": draw(st.integers(0, 1)),
            "II.6.1:2": draw(st.sampled_from([0, 1, None])),
            "P.1": draw(st.sampled_from([0, 1, 2, 3, 5, None])),
            "P.2:1": draw(st.sampled_from([0, 1, 2, 4, None])),
            "P.2:2": draw(st.sampled_from([0, 0, 1])),
        }

    group = [told() for _ in range(draw(st.integers(2, 4)))]
    group[0]["II.7.1:b"] = min(group[0]["II.7.1:b"] or 0, 6)
    group[0]["II.7.1:a"] = min(group[0]["II.7.1:a"] or 0, group[0]["II.7.1:b"] or 0)
    buyable = draw(st.sets(st.sampled_from(CODES), min_size=2, max_size=5))
    prices = {code: Price(draw(st.integers(0, 6)), draw(st.integers(1, 4))) for code in CODES if code in buyable}
    return rating(small(), *group), group[0], prices


Situation = tuple[Rating, Values, dict[str, Price]]
goals = st.integers(1, 99), st.integers(1, 3), st.integers(0, 30)


@given(situations(), *goals)
@settings(max_examples=8, deadline=None)
def test_nothing_that_could_be_done_is_cheaper_or_better(
    situation: Situation, percent: int, climb: int, budget: int
) -> None:
    check_all(situation, percent, climb, budget)


@pytest.mark.slow
@given(situations(), *goals)
@settings(max_examples=200, deadline=None)
def test_nothing_is_cheaper_or_better_in_many_situations(
    situation: Situation, percent: int, climb: int, budget: int
) -> None:
    check_all(situation, percent, climb, budget)


def check_all(situation: Situation, percent: int, climb: int, budget: int) -> None:
    known, own, prices = situation
    costs = priced(known.index, prices)
    everything = results(known, own, prices)
    now = known.scores()["u0"].points
    target = now + (known.scores()["u0"].reachable - now) * Fraction(percent, 100)
    _check(plan_points(known, "u0", PointGoal(points=target), costs), [c for c, p, _ in everything if p >= target])
    place = known.ranking().place_of["u0"]
    plan = plan_points(known, "u0", PointGoal(climb=climb), costs)
    if climb >= place.rank:
        assert not plan.feasible
    else:
        _check(plan, [c for c, _, r in everything if r <= place.rank - climb])
    best = max((points, -cost) for cost, points, _ in everything if cost <= budget)
    within = plan_points(known, "u0", PointGoal(budget=budget), costs)
    assert within.after is not None
    assert (within.after.score.points, -within.effort) >= best
    assert within.optimal


def _check(plan: PointPlan, costs: list[Money]) -> None:
    """What was tried went only so far: a plan may do better by going further, never worse."""
    assert plan.optimal == plan.feasible
    assert plan.feasible or not costs
    if plan.feasible:
        assert plan.effort <= min(costs, default=plan.effort)
        if all(step.more is None or step.more <= FAR for step in plan.steps):
            assert plan.effort == min(costs)


@st.composite
def bargains(draw: st.DrawFn) -> Situation:
    """Situations where much costs nothing, or nothing more once it is begun."""
    known, own, prices = draw(situations())
    free = draw(st.sets(st.sampled_from(CODES), min_size=1, max_size=5))
    return known, own, {**prices, **{code: Price(draw(st.sampled_from([0, 0, 3])), 0) for code in sorted(free)}}


@given(bargains(), st.integers(1, 99), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_of_no_plan_anything_can_be_left_out_even_where_it_costs_nothing(
    situation: Situation, percent: int, climb: int
) -> None:
    known, own, prices = situation
    now, place = known.scores()["u0"], known.ranking().place_of["u0"]
    target = now.points + (now.reachable - now.points) * Fraction(percent, 100)
    for goal in (PointGoal(points=target), PointGoal(climb=climb)):
        plan = plan_points(known, "u0", goal, priced(known.index, prices))
        done = {**own, **{step.code: int(step.to) for step in plan.steps}}
        for step in plan.steps:
            start = None if step.start is None else int(step.start)
            for less in {start, int(step.to) - 1} if step.more and step.more > 1 else {start}:
                dossier = {code: fact("u0", code, value) for code, value in {**done, step.code: less}.items()}
                scores = score_all(known.index, known.units, {**known.facts, "u0": dossier}, CYCLE, explain=False)
                if goal.climb is None:
                    assert scores["u0"].points < target
                else:
                    after = rank(known.index, known.units, scores, CYCLE).place_of["u0"]
                    assert after.rank > place.rank - goal.climb


def test_exactly_the_total_is_reached_and_one_step_less_misses_it() -> None:
    known = rating(index(chu_prong("II.3.1")), {"II.3.1:a": 3, "II.3.1:b": 10})
    costs = priced(known.index, {"II.3.1:a": Price(7, 2)})
    exact = plan_points(known, "u0", PointGoal(points=Fraction(6)), costs)
    [step] = exact.steps
    assert (step.start, step.to, step.more, step.cost) == (3, 6, 3, 13)
    assert (exact.effort, exact.bound, exact.optimal, exact.equally_good) == (13, 13, True, 1)
    assert exact.after is not None
    assert exact.after.score.points == 6
    above = plan_points(known, "u0", PointGoal(points=Fraction(6) + Fraction(1, 10**9)), costs)
    assert [step.to for step in above.steps] == [7]


def test_who_is_there_already_has_nothing_to_do() -> None:
    known = rating(index(chu_prong("II.3.1")), {"II.3.1:a": 6, "II.3.1:b": 10})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(6)), {})
    assert (plan.feasible, plan.steps, plan.effort, plan.optimal) == (True, (), 0, True)


def test_what_all_improvements_together_do_not_reach_is_no_plan() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.1.5")), {"II.3.1:a": 6, "II.3.1:b": 10, "II.1.5": 0})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(11)), priced(known.index, {"II.3.1:a": Price(1, 1)}))
    assert (plan.feasible, plan.most, plan.optimal, plan.bound) == (False, 10, False, None)
    [barrier] = plan.barriers
    assert (barrier.line.indicator.code, barrier.kind, barrier.keys) == ("II.1.5", Bar.NO_COST, ("1",))


def test_without_costs_the_fewest_things_are_changed() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.1.5")), {"II.3.1:a": 60, "II.3.1:b": 100, "II.1.5": 0})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(9)))
    assert [(step.code, step.to, step.cost) for step in plan.steps] == [("II.1.5", 1, None)]
    assert (plan.priced, plan.effort) == (False, 1)
    one = plan_points(known, "u0", PointGoal(points=Fraction(161, 10)))
    assert [(step.code, step.more) for step in one.steps] == [("II.3.1:a", 1), ("II.1.5", None)]


def test_offices_are_those_of_the_costs_else_of_the_decision() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.1.5")), {"II.3.1:a": 6, "II.3.1:b": 10, "II.1.5": 0})
    costs = priced(known.index, {"II.3.1:a": Price(0, 1, "Bưu điện huyện"), "II.1.5": Price(0, 1)})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(20)), costs)
    assert [step.office for step in plan.steps] == ["Bưu điện huyện", "Phòng Văn hóa và Thông tin"]


def test_what_is_settled_is_not_touched_and_said() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.6.1")), {"II.3.1:a": 6, "II.3.1:b": 10, "II.6.1:1": 0})
    settled = frozenset({"II.3.1:a", "II.6.1:1"})
    costs = priced(known.index, {"II.3.1:a": Price(0, 1), "II.6.1:1": Price(0, 1)})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(8)), costs, settled=settled)
    assert not plan.feasible
    assert [(b.line.indicator.code, b.kind, b.keys) for b in plan.barriers] == [
        ("II.3.1", Bar.SETTLED, ("a",)), ("II.6.1", Bar.SETTLED, ("1",)), ("II.6.1", Bar.NO_COST, ("2",)),
    ]  # fmt: skip


def test_work_that_costs_nothing_is_asked_for_only_where_it_is_needed() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.1.5")), {"II.3.1:a": 6, "II.3.1:b": 10, "II.1.5": 0})
    free = priced(known.index, {"II.3.1:a": Price(5, 0), "II.1.5": Price(0, 0)})
    assert [s.code for s in plan_points(known, "u0", PointGoal(points=Fraction(7)), free).steps] == ["II.1.5"]
    plan = plan_points(known, "u0", PointGoal(points=Fraction(17)), free)
    assert [(step.code, step.to) for step in plan.steps] == [("II.3.1:a", 7), ("II.1.5", 1)]


def test_the_number_of_equally_good_plans_is_known_where_they_are_few() -> None:
    known = rating(index(*(chu_prong(f"II.2.{n}") for n in range(1, 7))), {})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(30)))
    assert plan.equally_good == 20  # C(6, 3)
    assert [step.code for step in plan.steps] == ["II.2.1", "II.2.2", "II.2.3"]


def test_the_cheapest_points_come_first_and_say_how_much_is_taken() -> None:
    known = rating(index(chu_prong("II.3.1"), chu_prong("II.1.5")), {"II.3.1:a": 6, "II.3.1:b": 10, "II.1.5": 0})
    costs = priced(known.index, {"II.3.1:a": Price(0, 3), "II.1.5": Price(0, 5)})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(17)), costs)
    assert [(m.indicator.code, m.points, m.cost, m.price, m.taken) for m in plan.marginals] == [
        ("II.1.5", 10, 5, Fraction(1, 2), "all"), ("II.3.1", 4, 12, 3, "part"),
    ]  # fmt: skip
    one = plan_points(known, "u0", PointGoal(points=Fraction(16)), costs)
    assert [m.taken for m in one.marginals] == ["all", "none"]


def ranked(*points: int) -> Rating:
    return rating(index(indicator("1.1", 100)), *({"1.1": value} for value in points))


def test_to_climb_is_to_come_to_the_total_of_whoever_is_so_many_ranks_above() -> None:
    costs = {(Tier.DISTRICT, "1.1"): Price(0, 1)}
    known = ranked(10, 90, 70, 70, 20)
    for climb, needed in ((1, 20), (2, 70), (3, 70), (4, 90)):
        plan = plan_points(known, "u0", PointGoal(climb=climb), costs)
        assert plan.after is not None
        assert (plan.needed, plan.after.rank) == (needed, {20: 4, 70: 2, 90: 1}[needed])  # a tie is enough
    assert not plan_points(known, "u0", PointGoal(climb=5), costs).feasible
    top = plan_points(ranked(9, 5), "u0", PointGoal(climb=1), costs)
    assert (top.feasible, top.needed, top.before.rank) == (False, None, 1)


def test_to_climb_counts_the_percentage_of_what_can_be_reached() -> None:
    known = rating(index(indicator("1.1", 60), indicator("1.2", 40)), {"1.1": 30, "1.2": 4}, {"1.1": 36})
    exempt = Fact("u1", "1.2", Status.EXEMPT, note="không có")
    facts = {**known.facts, "u1": {**known.facts["u1"], "1.2": exempt}}
    known = Rating(known.index, known.units, Evidence(facts, CYCLE, {}, ()))
    plan = plan_points(known, "u0", PointGoal(climb=1), {(Tier.DISTRICT, "1.2"): Price(0, 1)})
    assert (plan.needed, plan.effort) == (60, 26)  # 36 of 60 are 60 %


def test_a_unit_subject_to_nothing_cannot_climb() -> None:
    known = ranked(0, 5)
    facts = {**known.facts, "u0": {"1.1": Fact("u0", "1.1", Status.EXEMPT, note="không có")}}
    known = Rating(known.index, known.units, Evidence(facts, CYCLE, {}, ()))
    assert not plan_points(known, "u0", PointGoal(climb=1)).feasible


def rivals(own: int, other: int) -> Rating:
    """Two units, each with a council's score of 20 and one count measured against the highest."""
    entries = indicator("1.1", 20), indicator("P.1", 20, Peers("highest", Quantity(("1",)), "cao nhất"), [COUNT])
    return rating(index(*entries), {"1.1": own, "P.1": 10}, {"1.1": other, "P.1": 10})


def test_a_longer_measure_that_lowers_the_peers_is_found_where_it_is_cheaper() -> None:
    known = rivals(10, 16)
    prices = {"1.1": Price(0, 100), "P.1": Price(0, 1)}
    plan = plan_points(known, "u0", PointGoal(climb=1), priced(known.index, prices))
    # 15 of P.1 leave the other 20 × 10/15 = 13⅓ there: 29⅓ against 30.
    assert [(step.code, step.to) for step in plan.steps] == [("P.1", 15)]
    assert (plan.effort, plan.bound, plan.optimal, plan.equally_good) == (5, 5, True, None)
    assert [(before.unit.code, after.points) for before, after in plan.moved] == [("u1", Fraction(88, 3))]
    assert plan.needed == Fraction(88, 3)
    total = plan_points(known, "u0", PointGoal(points=Fraction(36)), priced(known.index, prices))
    assert [(step.code, step.to) for step in total.steps] == [("1.1", 16)]  # a total is not won against peers


def test_where_the_measure_is_dear_the_points_are_bought() -> None:
    prices = {"1.1": Price(0, 1), "P.1": Price(50, 10)}
    known = rivals(10, 16)
    plan = plan_points(known, "u0", PointGoal(climb=1), priced(known.index, prices))
    assert [(step.code, step.to) for step in plan.steps] == [("1.1", 16)]
    only = plan_points(known, "u0", PointGoal(climb=1), priced(known.index, {"P.1": Price(50, 10)}))
    assert [(step.code, step.to, step.cost) for step in only.steps] == [("P.1", 15, 100)]


def test_a_measure_that_can_never_be_long_enough_is_no_way() -> None:
    known = rivals(0, 20)
    assert not plan_points(known, "u0", PointGoal(climb=1), priced(known.index, {"P.1": Price(0, 1)})).feasible
    # Where it costs nothing it is no longer than it has to be: 12 + 20 × 10/12 is less than 30.
    plan = plan_points(rivals(10, 12), "u0", PointGoal(climb=1), priced(known.index, {"P.1": Price(0, 0)}))
    assert [(step.code, step.to) for step in plan.steps] == [("P.1", 12)]


def test_the_clock_leaves_a_plan_with_its_bound() -> None:
    known, costs = chu_prong_sample()
    plan = plan_points(known, "632", PointGoal(points=Fraction(800)), costs, seconds=-1)
    assert plan.feasible
    assert plan.bound is not None
    assert plan.bound <= plan.effort
    climbing = plan_points(known, "632", PointGoal(climb=5), costs, seconds=-1)
    assert climbing.bound is not None
    assert climbing.bound <= plan_points(known, "632", PointGoal(climb=5), costs).effort <= climbing.effort
    budget = plan_points(known, "632", PointGoal(budget=500_000_000), costs, seconds=-1)
    assert budget.after is not None
    assert budget.points_bound is not None
    assert budget.after.score.points <= budget.points_bound


@cache
def chu_prong_sample() -> tuple[Rating, Costs]:
    paths, owner = sample_paths("chu-prong-2023"), load_index("chu-prong-2023")
    group = read_units(str(paths.units))
    return Rating(owner, group, read_evidence(str(paths.evidence), owner, group)), read_costs(str(paths.costs), owner)


def test_no_points_are_bought_dearer_than_others_of_the_sample() -> None:
    known, costs = chu_prong_sample()
    plan = plan_points(known, "632", PointGoal(points=Fraction(700)), costs)
    assert plan.after is not None
    assert 700 <= plan.after.score.points < 701
    assert plan.optimal
    assert plan.synthetic
    assert all(fact.synthetic for step in plan.steps if (fact := step.fact))
    assert all(x.price <= y.price for x, y in zip(plan.marginals, plan.marginals[1:], strict=False))
    assert {m.taken for m in plan.marginals[:4]} == {"all"}


@pytest.mark.parametrize(("unit", "total"), [("632", 650), ("632", 900), ("624", 600), ("630", 850), ("639", 930)])
def test_highs_finds_no_cheaper_plan_in_the_sample(unit: str, total: int) -> None:
    known, costs = chu_prong_sample()
    planner = points._Planner.of(known, unit, costs, frozenset(), None)
    classes = [planner.rows(frontier, frontier.pieces) for frontier in planner.frontiers]
    plan = planner.plan(PointGoal(points=Fraction(total)))
    assert plan.optimal
    least = by_highs(classes, planner.needed(Fraction(total)), planner.by_gain) / planner.by_cost
    assert float(plan.effort) == pytest.approx(least, rel=1e-4)


def test_units_that_nobody_ranks_can_still_be_brought_to_a_total() -> None:
    known = rating(index(indicator("1.1", 10), groups=()), {"1.1": 4}, {"1.1": 6})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(5)))
    assert plan.after is not None
    assert (plan.group_size, plan.after.rank, plan.after.score.points) == (0, 0, 5)
    halves = evolve(known.index, groups=(evolve(ALL_DISTRICTS, tier=Tier.COMMUNE),))
    peers = index(indicator("P.1", 9, Peers("highest", Quantity(("1",)), "cao"), [COUNT]), groups=halves.groups)
    plan = plan_points(rating(peers, {"P.1": 1}, {"P.1": 3}), "u0", PointGoal(points=Fraction(9)))
    assert [step.to for step in plan.steps] == [3]


@pytest.mark.parametrize("spoiled", ["points", "rank", "cost", "budget", "least", "short"])
def test_a_plan_that_does_not_stand_is_not_given(monkeypatch: pytest.MonkeyPatch, spoiled: str) -> None:
    known, costs = rivals(10, 16), {(Tier.DISTRICT, "1.1"): Price(0, 1)}
    planner = points._Planner.of(known, "u0", costs, frozenset(), None)
    goal = {
        "points": PointGoal(points=Fraction(36)), "rank": PointGoal(climb=1), "budget": PointGoal(budget=6),
    }.get(spoiled, PointGoal(points=Fraction(36)))  # fmt: skip
    plan = planner.plan(goal)
    assert plan.after is not None
    plan = evolve(plan, needed=Fraction(36))
    match spoiled:
        case "points":
            plan = evolve(plan, improvements=())
        case "rank":
            plan = evolve(plan, after=evolve(plan.after, rank=2))
        case "cost":
            plan = evolve(plan, effort=5)
        case "budget":
            plan = evolve(plan, goal=PointGoal(budget=5))
        case "least":
            plan = evolve(plan, needed=Fraction(35))
        case _:
            plan = evolve(plan, needed=Fraction(37))
    with pytest.raises(Unscorable):
        planner._check(plan, plan.effort)


def test_made_up_facts_mark_the_plan() -> None:
    known = rating(index(indicator("1.1", 10)), {"1.1": 4}, source=SYNTHETIC)
    plan = plan_points(known, "u0", PointGoal(points=Fraction(5)))
    assert plan.synthetic
    assert plan.after is not None
    assert plan.after.score.synthetic


def test_a_scale_of_hundredths_and_one_of_whole_things_are_weighed_exactly() -> None:
    scale = Scale(Quantity(("1",)), (Segment("mỗi", slope=Fraction(1, 7)),))
    known = rating(index(indicator("1.1", 10), indicator("1.2", 10, scale, [COUNT])), {"1.1": 0, "1.2": 0})
    costs = priced(known.index, {"1.1": Price(0, 10), "1.2": Price(0, 14)})
    plan = plan_points(known, "u0", PointGoal(points=Fraction(5)), costs)
    # One of 1.2 gives 10/7 for 14: 3 of it and 0,72 points cost 49,2, 4 of it 56, none 50.
    assert [(step.code, step.to, step.cost) for step in plan.steps] == [
        ("1.1", Fraction(18, 25), Fraction(36, 5)),
        ("1.2", 3, 42),
    ]
