"""Planning points: the cheapest improvements that bring a unit to a total or a rank, or the most points for a sum.

Every indicator has its frontier (``rules.frontiers``); one option of each is chosen (``knapsack``),
proven to be the least or with the bound told. The others of the ranking group stay as they are, but where an indicator
is measured against the peers, a plan moves their points too: ``climbing`` searches that out.

No plan leaves unproven: its changes are applied to the facts and everybody is scored and ranked anew.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, lcm
from time import monotonic

from attrs import evolve, frozen

from certification.planning.climbing import Changes, Climb, Reached, compares
from certification.planning.knapsack import Row, cheapest, corners, most
from certification.rating import Rating
from evidence.costs import Costs, Money, Price
from evidence.facts import Document, Fact, Status
from evidence.units import Unit
from levels.index import Indicator
from rules.frontiers import (
    Frontier,
    Peerage,
    Piece,
    as_amount,
    plain,
    quantities_of,
    share_among,
    trace,
    units,
    values_of,
)
from rules.point_plans import Bar, Barrier, Improvement, Marginal, PointGoal, PointPlan, PointStep
from rules.ranking import peers, rank
from rules.scores import GroupRanking, Place, Score
from rules.scoring import Unscorable, score_all
from rules.shares import rule_of

_EACH_COUNTS_ONE = Price(0, 1)
"""Without costs: every unit of an input (begun), every yes and every other option is one thing changed."""

_PROOF = (Document("kế hoạch"),)
"""Stands for the document that a claim needs once the plan is carried out."""


def plan_points(
    rating: Rating,
    code: str,
    goal: PointGoal,
    costs: Costs | None = None,
    *,
    settled: frozenset[str] = frozenset(),
    seconds: float | None = None,
) -> PointPlan:
    """The best plan for ``goal`` of the unit ``code``, which the index rates; without ``costs`` that of fewest changes.

    ``settled`` are codes of facts that must stay. ``seconds``: how long to search; what is found then is told with how
    much better another could be. Raises ``Unscorable`` where no points can be given, and where the plan does not stand
    when everything is scored anew.
    """
    return _Planner.of(rating, code, costs, settled, seconds).plan(goal)


@frozen(eq=False)
class _Planner:
    rating: Rating
    unit: Unit
    costs: Costs | None
    settled: frozenset[str]
    until: float | None
    place: Place
    group: GroupRanking | None
    others: tuple[Score, ...]  # of the units it is measured against
    frontiers: tuple[Frontier, ...]
    by_gain: int  # one point in the whole numbers of the search
    by_cost: int

    @classmethod
    def of(
        cls, rating: Rating, code: str, costs: Costs | None, settled: frozenset[str], seconds: float | None
    ) -> "_Planner":
        unit, scores = rating.units[code], rating.scores()
        group = next(
            (each for each in rating.ranking().groups if any(p.score.unit.code == code for p in each.places)), None
        )
        place = Place(scores[code], 0, tied=False)
        if group is not None:
            place = next(each for each in group.places if each.score.unit.code == code)
        others = tuple(scores[other.code] for other in _measured_against(rating, unit) if other.code != code)

        def price(fact: str) -> Price | None:
            if fact in settled:
                return None
            return _EACH_COUNTS_ONE if costs is None else costs.get((unit.tier, fact))

        frontiers = tuple(
            trace(line, price, _peerage(line.indicator, others), priced=costs is not None)
            for line in place.score.indicators
        )
        pieces = [(f.indicator.max, piece) for f in frontiers for piece in (*f.pieces, *f.beyond)]
        by_gain = lcm(*(number.denominator for top, p in pieces for number in (p.share * top, p.rise * top)))
        by_cost = lcm(*(number.denominator for _, p in pieces for number in (p.cost, p.each)))
        until = None if seconds is None else monotonic() + seconds
        return cls(rating, unit, costs, settled, until, place, group, others, frontiers, by_gain, by_cost)

    @property
    def score(self) -> Score:
        return self.place.score

    def plan(self, goal: PointGoal) -> PointPlan:
        if goal.budget is not None:
            return self._within(goal, goal.budget)
        if goal.climb is not None:
            return self._climb(goal, goal.climb)
        assert goal.points is not None  # a goal is just one of the three
        classes = [self.rows(frontier, frontier.pieces) for frontier in self.frontiers]
        found = cheapest(classes, self.needed(goal.points), self.until)
        if found.picks is None:
            return self._told(goal, goal.points)
        chosen = [frontier.pieces[r] for frontier, (r, _) in zip(self.frontiers, found.picks, strict=True)]
        numbers = [n for _, n in found.picks]
        reached = Reached(tuple(chosen), tuple(numbers), found.bound, found.equally_good)
        return self._told(goal, goal.points, reached)

    def _climb(self, goal: PointGoal, climb: int) -> PointPlan:
        if climb >= self.place.rank or not self.score.reachable:
            return self._told(goal, None)
        search = Climb(
            self.score,
            self.others_ranked,
            self.place.rank - climb,
            self.frontiers,
            self.rows,
            self.needed,
            self.until,
        )
        reached = search.run()
        if reached is None:
            return self._told(goal, search.total({}))
        return self._told(goal, None, reached, search)

    def _within(self, goal: PointGoal, budget: Money) -> PointPlan:
        classes = [self.rows(frontier, frontier.pieces) for frontier in self.frontiers]
        found = most(classes, int(Fraction(budget) * self.by_cost), self.until)
        assert found.picks is not None  # to change nothing costs nothing
        chosen = [frontier.pieces[r] for frontier, (r, _) in zip(self.frontiers, found.picks, strict=True)]
        reached = Reached(tuple(chosen), tuple(n for _, n in found.picks), found.cost, found.equally_good)
        plan = self._told(goal, self.score.points + Fraction(found.gain, self.by_gain), reached)
        bound = self.score.points + Fraction(found.bound, self.by_gain)
        return evolve(plan, bound=None, points_bound=bound, optimal=found.bound == found.gain)

    @property
    def others_ranked(self) -> tuple[Score, ...]:
        """The scores of the others in the ranking group."""
        if self.group is None:
            return ()
        return tuple(place.score for place in self.group.places if place.score.unit.code != self.unit.code)

    def rows(self, frontier: Frontier, pieces: Sequence[Piece]) -> list[Row]:
        """``pieces`` in whole numbers; gains are those over what the indicator earns now."""
        top, now = frontier.indicator.max * self.by_gain, frontier.line.share
        return [
            Row(
                int(piece.cost * self.by_cost),
                int((piece.share - now) * top),
                piece.last,
                int(piece.each * self.by_cost),
                int(piece.rise * top),
            )
            for piece in pieces
        ]

    def needed(self, total: Fraction) -> int:
        """What the gains must add up to for ``total``."""
        return ceil((total - self.score.points) * self.by_gain)

    def _told(
        self, goal: PointGoal, needed: Fraction | None, reached: Reached | None = None, search: Climb | None = None
    ) -> PointPlan:
        """The plan, of ``reached`` only what is needed; to climb, that moves with what is done (``search``)."""
        most_ = sum(
            (max(p.share_of(p.last) for p in f.pieces) - f.line.share) * f.indicator.max for f in self.frontiers
        )
        plan = PointPlan(
            goal,
            self.costs is not None,
            self.place,
            0 if self.group is None else len(self.group.places),
            None,
            needed,
            (),
            0,
            None,
            self.score.points + most_,
            optimal=False,
            equally_good=None,
            marginals=self._marginals(self.score),
            barriers=self._barriers(),
            settled=tuple(sorted(self.settled)),
        )
        if reached is None:
            return plan

        def total(changes: Changes) -> Fraction:
            found = needed if search is None else search.total(changes)
            assert found is not None  # a plan has its total
            return found

        changes = self._trim(self._changes(reached.pieces, reached.numbers), lambda c: self._points_with(c) >= total(c))
        return self._prove(evolve(plan, needed=total(changes)), changes, reached)

    def _points_with(self, changes: Changes) -> Fraction:
        """The unit's points once ``changes`` are made."""
        points = self.score.points
        for line in self.score.indicators:
            if made := changes.get(line.indicator.code):
                share = share_among(line, _peerage(line.indicator, self.others), made)
                points += (share - line.share) * line.indicator.max
        return points

    def _trim(self, changes: Changes, holds: Callable[[Changes], bool]) -> Changes:
        """``changes`` without what they can do without, the last printed first: only what costs nothing is left out."""
        kept: Changes = changes
        for frontier in reversed(self.frontiers):
            code = frontier.indicator.code
            for step in reversed(self._steps(frontier, kept.get(code, {}))):
                key = step.input.key
                without = {**kept, code: {k: to for k, to in kept[code].items() if k != key}}
                if holds(without):
                    kept = without
                elif step.more is not None:
                    to = self._shortened(step, code, _step_of(frontier, step), kept, holds)
                    kept = {**kept, code: {**kept[code], key: to}}
        return {code: of_line for code, of_line in kept.items() if of_line}

    @staticmethod
    def _shortened(
        step: PointStep, code: str, by: Fraction, changes: Changes, holds: Callable[[Changes], bool]
    ) -> Fraction:
        """The least that ``step`` must come to, in whole steps back from where it is."""
        assert step.more is not None  # only numbers can be less
        key = step.input.key

        def back(n: int) -> Fraction:
            return step.to - n * by

        low, high = 0, ceil(step.more / by) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if holds({**changes, code: {**changes[code], key: back(middle)}}):
                low = middle
            else:
                high = middle - 1
        return back(low)

    def _changes(self, pieces: Sequence[Piece], numbers: Sequence[int]) -> Changes:
        """What the inputs come to, by indicator and key; only those that change."""
        return {
            frontier.indicator.code: changes
            for frontier, piece, n in zip(self.frontiers, pieces, numbers, strict=True)
            if (changes := piece.changes(n))
        }

    def _prove(self, plan: PointPlan, changes: Changes, reached: Reached) -> PointPlan:
        """The plan with everybody scored and ranked anew. Raises ``Unscorable`` where it does not hold."""
        scores = self._anew(changes)
        after = self._place(scores)
        lines = after.score.by_code
        improvements = tuple(
            Improvement(
                frontier.line,
                lines[frontier.indicator.code],
                (steps := self._steps(frontier, changes[frontier.indicator.code])),
                plain(sum((Fraction(self._cost(step)) for step in steps), Fraction(0))),
            )
            for frontier in self.frontiers
            if frontier.indicator.code in changes
        )
        effort = sum((improvement.cost for improvement in improvements), Fraction(0))
        bound = min(Fraction(reached.bound, self.by_cost), effort)
        moved = tuple(
            (other, scores[other.unit.code]) for other in self.others if scores[other.unit.code].points != other.points
        )
        found = evolve(
            plan,
            after=after,
            improvements=improvements,
            effort=plain(effort),
            bound=plain(bound),
            optimal=bound == effort,
            equally_good=reached.equally_good if bound == effort else None,
            moved=moved,
            marginals=self._marginals(after.score),
        )
        promised = sum(p.cost_of(n) for p, n in zip(reached.pieces, reached.numbers, strict=True))
        self._check(found, promised)
        return found

    def _check(self, plan: PointPlan, promised: Money) -> None:
        who, after, needed = self.unit.code, plan.after, plan.needed
        assert after is not None  # only plans that are there are checked
        assert needed is not None
        won = sum((improvement.points for improvement in plan.improvements), Fraction(0))
        if after.score.points != self.score.points + won:
            raise Unscorable(f"{who}: the plan promises {won} points, scored anew there are {after.score.points}")
        if after.score.points < needed:
            raise Unscorable(f"{who}: the plan for {needed} points reaches only {after.score.points}")
        if plan.goal.climb is not None and after.rank > self.place.rank - plan.goal.climb:
            raise Unscorable(f"{who}: the plan for {plan.goal.climb} ranks more reaches only rank {after.rank}")
        if plan.goal.budget is not None and plan.effort > plan.goal.budget:
            raise Unscorable(f"{who}: the plan costs {plan.effort}, more than {plan.goal.budget}")
        costs = sum((self._cost(step) for step in plan.steps), Fraction(0))
        if costs != plan.effort or plan.effort > promised:
            raise Unscorable(f"{who}: the steps cost {costs}, the plan {plan.effort}, what was found {promised}")
        for frontier in self.frontiers if plan.optimal else ():
            improvement = next((each for each in plan.improvements if each.before is frontier.line), None)
            if improvement is not None and not (plan.goal.climb is not None and compares(frontier)):
                self._check_least(frontier, improvement, after.score.points - needed)

    def _check_least(self, frontier: Frontier, improvement: Improvement, spare: Fraction) -> None:
        """That with one less of any step, or one left undone, the total is missed."""
        changes = {step.input.key: plain(step.to) for step in improvement.steps}
        others = _peerage(improvement.indicator, self.others)
        for step in improvement.steps:
            less = dict(changes)
            to = None if step.more is None else step.to - min(step.more, _step_of(frontier, step))
            if to is None or to == (step.start or 0):
                del less[step.input.key]
            else:
                less[step.input.key] = plain(to)
            lost = (improvement.after.share - share_among(improvement.before, others, less)) * improvement.indicator.max
            if lost <= spare:
                raise Unscorable(f"{self.unit.code}: {step.code} needs less than {step.to}")

    def _price(self, step: PointStep) -> Price:
        return _EACH_COUNTS_ONE if self.costs is None else self.costs[self.unit.tier, step.code]

    def _cost(self, step: PointStep) -> Money:
        """What a step costs; without costs, how many things it changes."""
        return self._price(step).of(1 if step.more is None else units(step.more, whole=self.costs is None))

    def _steps(self, frontier: Frontier, changes: Mapping[str, Fraction]) -> tuple[PointStep, ...]:
        indicator = frontier.indicator
        steps = []
        for found in frontier.line.inputs:
            key = found.input.key
            if key in changes:
                code = indicator.fact_code(key)
                price = _EACH_COUNTS_ONE if self.costs is None else self.costs[self.unit.tier, code]
                step = PointStep(
                    found.input, code, found.fact, found.value, changes[key], None, price.office or indicator.lead
                )
                steps.append(step if self.costs is None else evolve(step, cost=self._cost(step)))
        return tuple(steps)

    def _anew(self, changes: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Score]:
        """Everybody's score with ``changes`` made."""
        dossier = dict(self.rating.facts.get(self.unit.code, {}))
        for line in self.score.indicators:
            for found in line.inputs:
                to = changes.get(line.indicator.code, {}).get(found.input.key)
                if to is not None:
                    code = line.indicator.fact_code(found.input.key)
                    dossier[code] = self._fact(code, found.fact, found.input.kind, to)
        facts = {**self.rating.facts, self.unit.code: dossier}
        return score_all(self.rating.index, self.rating.units, facts, self.rating.cycle, explain=False)

    def _fact(self, code: str, fact: Fact | None, kind: str, to: Fraction) -> Fact:
        amount = as_amount(to, whole=kind not in ("amount", "score"))
        documents = (fact.documents if fact else ()) or _PROOF
        source = fact.source if fact else ""  # keeps the mark of made-up facts
        return Fact(self.unit.code, code, Status.VERIFIED, amount, documents=documents, source=source)

    def _place(self, scores: Mapping[str, Score]) -> Place:
        if self.group is None:
            return Place(scores[self.unit.code], 0, tied=False)
        ranked = rank(self.rating.index, self.rating.units, scores, self.rating.cycle)
        group = next(g for g in ranked.groups if (g.group, g.parent) == (self.group.group, self.group.parent))
        return next(place for place in group.places if place.score.unit.code == self.unit.code)

    def _marginals(self, after: Score) -> tuple[Marginal, ...]:
        """The stretches of all frontiers, the cheapest points first; how much of them ``after`` has taken."""
        found: list[Marginal] = []
        for frontier in self.frontiers:
            ends = [(frontier.pieces[r], n) for r, n in corners(self.rows(frontier, frontier.pieces))]
            taken = after.by_code[frontier.indicator.code].share
            before, cost = frontier.line.share, Fraction(0)
            for piece, n in ends:
                share = piece.share_of(n)
                if share > before:
                    found.append(self._marginal(frontier, piece, n, before, cost, taken))
                    before, cost = share, Fraction(piece.cost_of(n))
        return tuple(sorted(found, key=lambda each: each.price))

    def _marginal(
        self, frontier: Frontier, piece: Piece, n: int, before: Fraction, cost: Fraction, taken: Fraction
    ) -> Marginal:
        changes, values = piece.changes(n), values_of(frontier.line)
        now = {key: None if value is None else Fraction(value) for key, value in values.items()}
        share = piece.share_of(n)
        return Marginal(
            frontier.indicator,
            tuple(
                (entry, now[entry.key], changes[entry.key])
                for entry in frontier.indicator.inputs
                if entry.key in changes
            ),
            (share - before) * frontier.indicator.max,
            plain(piece.cost_of(n) - cost),
            "all" if taken >= share else "part" if taken > before else "none",
        )

    def _barriers(self) -> tuple[Barrier, ...]:
        told = []
        for barrier in (each for frontier in self.frontiers for each in frontier.barriers):
            fixed = tuple(k for k in barrier.keys if barrier.line.indicator.fact_code(k) in self.settled)
            rest = tuple(k for k in barrier.keys if k not in fixed)
            if barrier.kind is Bar.NO_COST and fixed:
                told.append(evolve(barrier, kind=Bar.SETTLED, keys=fixed))
                if not rest:
                    continue
            told.append(evolve(barrier, keys=rest))
        return tuple(told)


def _step_of(frontier: Frontier, step: PointStep) -> Fraction:
    return next((p.step for p in frontier.pieces if p.key == step.input.key), step.more or Fraction(1))


def _measured_against(rating: Rating, unit: Unit) -> list[Unit]:
    """The units whose quantities a unit's are compared with, as scoring does it."""
    groups = peers(rating.index, rating.rated)
    for members in groups.values():
        if unit in members:
            return members
    placed = {member.code for members in groups.values() for member in members}
    return [each for each in rating.rated if each.tier is unit.tier and each.code not in placed]


def _peerage(indicator: Indicator, others: Sequence[Score]) -> Peerage:
    """What the others bring to the comparisons of an indicator."""
    found: dict[str, list[Fraction]] = {}
    for other in others if rule_of(indicator).peers else ():
        for name, quantity in quantities_of(other.by_code[indicator.code]).items():
            found.setdefault(name, []).append(quantity)
    return found
