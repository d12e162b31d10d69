"""Planning: the cheapest way up, exact.

What a unit needs on each of its criteria is forced (``rules.improvement``). What its members need is a
choice where a share of them must reach a higher level (district I.1): every member costs what it costs to
come to the level asked of all, and an additional amount to come to the higher one; the cheapest
additional amounts win, and no exchange of a chosen member for another makes it cheaper. The levels,
shares and tiers are those of the rulebook, at every level up to the target.

No plan leaves unproven: its steps are applied to the facts and everything is decided anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import prod

from attrs import define, evolve, field, frozen

from certification.hierarchy import Assessment, reevaluate
from evidence.costs import Costs, Money
from evidence.facts import Amount, Fact
from evidence.units import Unit
from levels.framework import LEVELS, Criterion, Members
from rules import reference
from rules.decide import Undecidable
from rules.improvement import improve
from rules.plans import Choice, Hindrance, Obstacle, Plan, Step, Way
from rules.verdict import CriterionVerdict, Member, Standing, Verdict, as_triple


def plan(
    assessment: Assessment, verdicts: Mapping[str, Verdict], code: str, level: int, costs: Costs | None = None
) -> Plan:
    """The cheapest plan that brings the unit ``code`` to ``level``; without ``costs`` that of fewest missing items.

    ``verdicts`` hold the unit's and those of all units it rests on. Members with a final decision of this
    cycle keep their level. Raises ``ValueError`` for another level than 1 to 5, and ``Undecidable`` where
    the plan does not stand when everything is decided anew.
    """
    if level not in LEVELS:
        raise ValueError(f"there is no level {level}; levels are 1 to 5")
    way = Planner(assessment, verdicts, costs).way(code, level)
    verdict = verdicts[code]
    registered = verdict.unit.registered
    if assessment.framework.recognise == "at_most_registered" and registered is not None and registered < level:
        way = evolve(way, obstacles=(Obstacle(verdict, level, Hindrance.REGISTERED), *way.obstacles))
    recognition = assessment.recognitions.get(code)
    settled = recognition if recognition is not None and not recognition.provisional else None
    found = Plan(way, costs is not None, settled)
    if found.feasible:
        prove(assessment, verdicts, found)
    return found


def changes(steps: Sequence[Step]) -> dict[str, dict[str, Fact]]:
    """The facts there would be after ``steps``, by unit and criterion: what ``reevaluate`` takes."""
    changed: dict[str, dict[str, Fact]] = {}
    for step in steps:
        changed.setdefault(step.unit.code, {})[step.criterion.code] = step.fact()
    return changed


def prove(assessment: Assessment, verdicts: Mapping[str, Verdict], found: Plan) -> None:
    """Check that a feasible plan suffices, and that nothing of it is more than needed.

    With its steps applied the unit reaches the level, decided anew; with one item less no step does what
    it is for; its sum is that of its steps; no chosen member costs more than one that was left.
    Raises ``Undecidable`` where any of this is not so.
    """
    changed = changes(found.steps)
    code = found.verdict.unit.code
    after = reevaluate(assessment, verdicts, changed).get(code, verdicts[code])
    if after.levels.level < found.target:
        raise Undecidable(f"{code}: the plan for level {found.target} reaches only level {after.levels.level}")
    for way in found.way.walk():
        _prove_least(way)
        for choice in way.choices:
            dearest, cheapest = choice.dearest, choice.cheapest_left
            if dearest is not None and cheapest is not None and dearest > cheapest:
                raise Undecidable(f"{way.verdict.unit.code}: a cheaper choice of members is left at level {choice.at}")
    total = sum(step.cost or 0 for step in found.steps) if found.priced else sum(s.missing for s in found.steps)
    if total != found.way.effort:
        raise Undecidable(f"{code}: the steps sum up to {total}, the plan to {found.way.effort}")


def _prove_least(way: Way) -> None:
    """That each step, made one item smaller, leaves its criterion below the level: by the plain reference."""
    steps = [step for step in way.steps if step.missing]
    if not steps:
        return
    less = {s.criterion.code: s.fact(Amount(s.to.numerator - 1, s.to.denominator)) for s in steps}
    verdict = way.verdict
    criteria_set = verdict.framework.sets[verdict.unit.tier]
    members = [as_triple(member.levels) for member in verdict.members]
    _, by_code = reference.decide(criteria_set, verdict.cycle, less, members)
    for step in steps:
        if by_code[step.criterion.code][0] >= step.level:
            raise Undecidable(f"{verdict.unit.code}: {step.criterion.code} needs less than {step.to}")


@frozen
class Quotas:
    """What the members must do together: all of them reach ``every``, so many of them each level of ``at``."""

    every: int
    at: dict[int, int]  # ascending, each count less than that of the level before

    @property
    def ladder(self) -> tuple[int, ...]:
        return (self.every, *self.at)


@frozen
class _Selection:
    ways: tuple[Way, ...]  # of the members, in their order
    choices: tuple[Choice, ...]
    equally_good: int


@define
class Planner:
    """Ways to levels, each found once; one planner serves any number of units."""

    assessment: Assessment
    verdicts: Mapping[str, Verdict]
    costs: Costs | None
    ways: dict[tuple[str, int], Way] = field(factory=dict)

    def way(self, code: str, level: int) -> Way:
        """The cheapest way of a unit to ``level``, from its facts."""
        key = code, level
        if key not in self.ways:
            self.ways[key] = self._find(self.verdicts[code], level)
        return self.ways[key]

    def improve(self, verdict: Verdict, found: CriterionVerdict, level: int) -> Step | Obstacle | None:
        """As ``rules.improvement.improve`` under the costs; a planner under conditions puts them here."""
        return improve(verdict, found, level, self.costs)

    def _find(self, verdict: Verdict, level: int) -> Way:
        if verdict.levels.level >= level:
            return Way(verdict, level)
        own, derived = self.own(verdict, level)
        return self._with_members(own, derived) if derived else own

    def own(self, verdict: Verdict, level: int) -> tuple[Way, list[CriterionVerdict]]:
        """What a unit needs on its own criteria, and those that follow from its members and are not met yet."""
        steps: list[Step] = []
        obstacles: list[Obstacle] = []
        derived: list[CriterionVerdict] = []
        for found in verdict.criteria:
            if found.standing is Standing.DERIVED:
                derived += [found] if found.levels.level < level else []
                continue
            match self.improve(verdict, found, level):
                case Step() as step:
                    steps.append(step)
                case Obstacle() as obstacle:
                    obstacles.append(obstacle)
        missing = sum(step.missing for step in steps)
        effort = missing if self.costs is None else sum(step.cost or 0 for step in steps)
        return Way(verdict, level, tuple(steps), obstacles=tuple(obstacles), effort=effort, missing=missing), derived

    def _with_members(self, own: Way, derived: Sequence[CriterionVerdict]) -> Way:
        """``own`` with the cheapest ways of the members that ``derived`` criteria demand."""
        members = own.verdict.members
        quotas = find_quotas([found.criterion for found in derived], own.level, len(members))
        ladders = [[self.of_member(member, level) for level in quotas.ladder] for member in members]
        hindered = [o for ladder in ladders for o in ladder[0].obstacles]
        beyond: list[Obstacle] = []
        for rung, (at, needed) in enumerate(quotas.at.items(), start=1):
            able = sum(ladder[rung].feasible for ladder in ladders)
            beyond += [o for ladder in ladders for o in ladder[rung].obstacles]
            if able < needed:
                hindered.append(Obstacle(own.verdict, at, Hindrance.TOO_FEW, derived[0], needed, able))
                hindered += [o for ladder in ladders for o in ladder[rung].obstacles]
        if hindered:
            return evolve(own, obstacles=distinct_obstacles([*own.obstacles, *hindered]))
        selection = _select(quotas, ladders)
        below = tuple(way for way in selection.ways if way.steps or way.below)
        chosen = any(choice.chosen for choice in selection.choices)
        return evolve(
            own,
            below=below,
            choices=selection.choices,
            left_out=distinct_obstacles([*(beyond if chosen else ()), *(o for way in below for o in way.left_out)]),
            effort=own.effort + sum(way.effort for way in below),
            missing=own.missing + sum(way.missing for way in below),
            equally_good=selection.equally_good,
        )

    def of_member(self, member: Member, level: int) -> Way:
        """The way of a member; a decision of this cycle has settled its level."""
        if member.recognition is None or member.recognition.provisional:
            return self.way(member.unit.code, level)
        verdict = self.verdicts[member.unit.code]
        if member.levels.level >= level:
            return Way(verdict, level)
        settled = Obstacle(verdict, level, Hindrance.RECOGNISED, recognition=member.recognition)
        return Way(verdict, level, obstacles=(settled,))


def distinct_obstacles(obstacles: Sequence[Obstacle]) -> tuple[Obstacle, ...]:
    """Each once, at the lowest level at which it stands in the way."""
    lowest: dict[tuple[str, str, Hindrance], Obstacle] = {}
    for obstacle in obstacles:
        known = lowest.setdefault(obstacle.key, obstacle)
        if obstacle.level < known.level:
            lowest[obstacle.key] = obstacle
    return tuple(lowest.values())


def find_quotas(criteria: Iterable[Criterion], level: int, total: int) -> Quotas:
    """What the requirements of ``criteria`` at all levels up to ``level`` demand of ``total`` members together."""
    demanded = [r for criterion in criteria for r in criterion.requirements[:level] if isinstance(r, Members)]
    every = max((requirement.every for requirement in demanded), default=0)
    counts: dict[int, int] = {}
    for requirement in demanded:
        if requirement.share is not None and requirement.at is not None and requirement.at > every:
            needed = -(-requirement.share.numerator * total // requirement.share.denominator)
            counts[requirement.at] = max(needed, counts.get(requirement.at, 0))
    # Whoever has reached a level counts at all below it: a lower share binds only where it is the greater.
    binding = {
        at: needed
        for at, needed in sorted(counts.items())
        if all(needed > other for higher, other in counts.items() if higher > at)
    }
    return Quotas(every, binding)


def _select(quotas: Quotas, ladders: Sequence[Sequence[Way]]) -> _Selection:
    """The cheapest rung of its ladder for every member, so that all quotas are met; there is such a selection.

    Ties go to fewer missing items, then to fewer steps, then to the order of the units.
    """
    if not quotas.at:
        ways = tuple(ladder[0] for ladder in ladders)
        return _Selection(ways, (), prod(way.equally_good for way in ways))
    if len(quotas.at) == 1:
        return _select_cheapest(quotas, ladders)
    return _select_by_counts(quotas, ladders)


def _work(way: Way) -> tuple[int, int]:
    """Missing items and steps; what a higher level demands beyond a lower one shows in one of them."""
    return way.missing, sum(len(each.steps) for each in way.walk())


def _select_cheapest(quotas: Quotas, ladders: Sequence[Sequence[Way]]) -> _Selection:
    """One share: the members with the least additional effort."""
    [(at, needed)] = quotas.at.items()
    ready = [place for place, (low, high) in enumerate(ladders) if high.feasible and _work(low) == _work(high)]
    rest = [place for place, (_, high) in enumerate(ladders) if high.feasible and place not in set(ready)]
    more = {place: ladders[place][1].effort - ladders[place][0].effort for place in rest}

    def rank(place: int) -> tuple[Money, int, int, int]:
        (missing, steps), (missing_before, steps_before) = _work(ladders[place][1]), _work(ladders[place][0])
        return more[place], missing - missing_before, steps - steps_before, place

    rest.sort(key=rank)
    wanted = max(0, needed - len(ready))
    chosen, left = sorted(rest[:wanted]), rest[wanted:]
    dearest = max((more[place] for place in chosen), default=None)
    raised = {*ready, *chosen}
    tied = [place for place in rest if more[place] == dearest]
    equal = _count_choices([ladders[place] for place in tied], sum(place in raised for place in tied))
    settled = [ladder[place in raised] for place, ladder in enumerate(ladders) if place not in set(tied)]
    unit = partial(_unit, ladders)
    choice = Choice(
        at,
        needed,
        tuple(map(unit, ready)),
        tuple(map(unit, chosen)),
        dearest,
        min((more[place] for place in left), default=None) if chosen else None,
        every=quotas.every,
    )
    ways = tuple(ladder[place in raised] for place, ladder in enumerate(ladders))
    return _Selection(ways, (choice,), equal * prod(way.equally_good for way in settled))


def _unit(ladders: Sequence[Sequence[Way]], place: int) -> Unit:
    return ladders[place][0].verdict.unit


def _count_choices(tied: Sequence[Sequence[Way]], chosen: int) -> int:
    """In how many ways ``chosen`` of the tied members rise; plainly C(n, k) where each has one way."""
    counts = [1] + [0] * chosen
    for low, high in tied:
        for place in range(chosen, -1, -1):
            counts[place] = counts[place] * low.equally_good
            if place:
                counts[place] += counts[place - 1] * high.equally_good
    return counts[chosen]


_Rank = tuple[Money, int, int]
"""Effort, rungs climbed, missing items."""


@frozen
class _State:
    rank: _Rank
    count: int  # selections of the same effort and rungs
    rungs: tuple[int, ...]  # of the members so far


def _select_by_counts(quotas: Quotas, ladders: Sequence[Sequence[Way]]) -> _Selection:
    """Shares at several levels: the best for every combination of counts reached, member by member."""
    needed = tuple(quotas.at.values())
    states = {(0,) * len(needed): _State((0, 0, 0), 1, ())}
    for ladder in ladders:
        after: dict[tuple[int, ...], _State] = {}
        for climbed, rung in enumerate(_rungs(ladder)):
            way = ladder[rung]
            for counts, state in states.items():
                reached = tuple(
                    min(limit, count + (place < rung))
                    for place, (count, limit) in enumerate(zip(counts, needed, strict=True))
                )
                effort, climbs, missing = state.rank
                rank = (effort + way.effort, climbs + climbed, missing + way.missing)
                new = _State(rank, state.count * way.equally_good, (*state.rungs, rung))
                after[reached] = _better(after.get(reached), new)
        states = after
    best = states[needed]
    choices = []
    for place, (at, count) in enumerate(quotas.at.items(), start=1):
        ready = [each for each, ladder in enumerate(ladders) if _rungs(ladder)[0] >= place]
        chosen = [each for each, rung in enumerate(best.rungs) if rung >= place and each not in ready]
        unit = partial(_unit, ladders)
        units = tuple(map(unit, ready)), tuple(map(unit, chosen))
        choices.append(Choice(at, count, *units, exhaustive=True, every=quotas.every))
    ways = tuple(ladder[rung] for ladder, rung in zip(ladders, best.rungs, strict=True))
    return _Selection(ways, tuple(choices), best.count)


def _rungs(ladder: Sequence[Way]) -> list[int]:
    """The rungs worth standing on: those that can be reached, without any from which the next costs no work."""
    highest = {_work(way): rung for rung, way in enumerate(ladder) if way.feasible}  # of the same work the last stays
    return list(highest.values())


def _better(known: _State | None, new: _State) -> _State:
    if known is None or new.rank[:2] < known.rank[:2]:
        return new
    if new.rank[:2] > known.rank[:2]:
        return known
    better = new if new.rank < known.rank else known
    return evolve(better, count=known.count + new.count)
