"""Scoring: the facts of units → their points under one index, with every reason.

Guarantees that no share exceeds the maximum, that what is not known earns nothing and is marked, and
that a value which intake would have refused gives an error and no points.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache

from attrs import evolve, frozen

from evidence.facts import Amount, Fact, Facts, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import Bonus, Index, Indicator, IndicatorSet, Input, InputKind, Pillar, UnitList
from levels.unit_names import same_unit
from rules.gains import gains
from rules.ranking import peers as ranked_against
from rules.scores import IndicatorScore, InputValue, PillarScore, Reading, Score, State
from rules.shares import (
    ACCEPTED,
    BOUNDARY,
    CEILING,
    EQUAL,
    MISSING,
    NOTHING,
    REJECTED,
    SELF_REPORTED,
    UNPROVEN,
    ZERO_BASE,
    Contradicted,
    Measure,
    Once,
    PeerGroup,
    PeerStatistics,
    Rule,
    Unscorable,
    Value,
    rule_of,
    statistics_of,
)

__all__ = ["Unscorable", "find_peers", "score", "score_all"]

_STATES = {
    ACCEPTED: State.ACCEPTED,
    REJECTED: State.REJECTED,
    SELF_REPORTED: State.SELF_REPORTED,
    ZERO_BASE: State.ZERO_BASE,
    MISSING: State.MISSING,
    UNPROVEN: State.MISSING,
}

_NOT_SUBJECT = 6  # a rank beside those of rules.shares: the council has exempted the unit
_NO_POINTS, _EXEMPT = 8, 16  # marks beside those of rules.shares

# Readings that a score rests on only where they made a difference; any other that names the indicator always.
_CONDITIONAL = {
    "points-missing": _NO_POINTS,
    "points-ceiling": CEILING,
    "points-not-subject": _EXEMPT,
    "boundary-first": BOUNDARY,
}
_PEERS_EQUAL = "peers-equal"

Taken = tuple[int, Callable[[Fact], Amount | None] | None]
"""How a status is read: the rank of the input, and where its value comes from (None: it has none that counts)."""


def _amount(fact: Fact) -> Amount | None:
    return fact.amount


def _reported(fact: Fact) -> Amount | None:
    return fact.reported


def _reported_or_amount(fact: Fact) -> Amount | None:
    return fact.reported or fact.amount


_STANDING: dict[Status, Taken] = {
    Status.UNKNOWN: (MISSING, None),
    Status.SELF_REPORTED: (SELF_REPORTED, _amount),
    Status.VERIFIED: (ACCEPTED, _amount),
    Status.ADJUSTED: (ACCEPTED, _amount),
    Status.REJECTED: (REJECTED, None),
}
_TAKEN: dict[Reading, dict[Status, Taken]] = {
    Reading.STANDING: _STANDING,
    Reading.CLAIMED: _STANDING
    | {Status.ADJUSTED: (SELF_REPORTED, _reported), Status.REJECTED: (SELF_REPORTED, _reported_or_amount)},
    Reading.ACCEPTED: _STANDING | {Status.SELF_REPORTED: (MISSING, None)},
}


def score(
    index: Index,
    unit: Unit,
    facts: Mapping[str, Fact],
    cycle: int,
    *,
    reading: Reading = Reading.STANDING,
    peers: PeerGroup | None = None,
    explain: bool = True,
) -> Score:
    """The points of one unit.

    ``facts`` by the indicators' fact codes; ``peers`` as ``find_peers`` gives them for the unit, needed
    where an indicator is measured against the peers. ``explain`` adds what would win lost points back.
    Raises ``Unscorable`` where no points may be given: no set for the unit's tier, facts of no indicator,
    values out of their bounds, peers that are needed and not known.
    """
    plan = _plans(index).get(unit.tier)
    if plan is None:
        raise Unscorable(f"{index.id} has no indicators for a {unit.tier} ({unit.code})")
    if not facts.keys() <= plan.codes:
        raise Unscorable(f"{unit.code}: no indicators {sorted(facts.keys() - plan.codes)} in {index.id}")
    dossier = _Dossier(unit, facts, cycle, reading, _days(index, cycle))
    lines = [line.score(dossier, peers) for line in plan.lines]
    if explain:
        lines = [evolve(line, gains=gains(line, peers)) if line.lost else line for line in lines]
    pillars = tuple(_add_up(pillar, lines[first:last]) for pillar, first, last in plan.pillars)
    bonus, fact = NOTHING, None
    if plan.bonus is not None:
        bonus, fact = dossier.take_bonus(plan.bonus)
    return Score(
        index=index,
        unit=unit,
        cycle=cycle,
        reading=reading,
        indicators=tuple(lines),
        pillars=pillars,
        points=sum((pillar.points for pillar in pillars), bonus),
        reachable=sum(pillar.reachable for pillar in pillars),
        bonus=bonus,
        bonus_fact=fact,
    )


def score_all(
    index: Index,
    units: Units,
    facts: Facts,
    cycle: int,
    *,
    reading: Reading = Reading.STANDING,
    explain: bool = True,
) -> dict[str, Score]:
    """The points of every unit whose tier the index rates, by code in the order of ``units``.

    Raises ``Unscorable`` as ``score`` does.
    """
    peers = find_peers(index, units, facts, cycle, reading)
    return {
        code: score(
            index, unit, facts.get(code, {}), cycle, reading=reading, peers=peers.get(code, {}), explain=explain
        )
        for code, unit in units.items()
        if unit.tier in index.sets
    }


def find_peers(
    index: Index, units: Units, facts: Facts, cycle: int, reading: Reading = Reading.STANDING
) -> dict[str, PeerGroup]:
    """By unit, the statistics of its ranking group on every indicator that is measured against the peers.

    Only units that are subject to the indicator and whose inputs are known and count under ``reading``
    take part. Units that no group ranks are measured against those of their tier.
    """
    days = _days(index, cycle)
    found: dict[str, PeerGroup] = {}
    for members in _groups(index, units):
        dossiers = [_Dossier(unit, facts.get(unit.code, {}), cycle, reading, days) for unit in members]
        group: dict[str, PeerStatistics] = {}
        for line in _plans(index)[members[0].tier].lines:
            for name, measure in line.rule.peers:
                quantities = [line.quantity(measure, dossier) for dossier in dossiers]
                statistics = statistics_of(quantity for quantity in quantities if quantity is not None)
                if statistics is not None:
                    group[name] = statistics
        for unit in members:
            found.setdefault(unit.code, group)  # of two groups, the first
    return found


def _groups(index: Index, units: Units) -> Iterator[list[Unit]]:
    rated = [unit for unit in units.values() if unit.tier in index.sets]
    ranked = ranked_against(index, rated)
    yield from ranked.values()
    placed = {unit.code for members in ranked.values() for unit in members}
    for tier in index.sets:
        alone = [unit for unit in rated if unit.tier is tier and unit.code not in placed]
        if alone:
            yield alone


def _days(index: Index, cycle: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day whose data count."""
    if index.window is not None:
        return index.window.days(cycle)
    return datetime.date(cycle, 1, 1), datetime.date(cycle, 12, 31)


@frozen
class _Dossier:
    """One unit's facts and how they are to be read."""

    unit: Unit
    facts: Mapping[str, Fact]
    cycle: int
    reading: Reading
    days: tuple[datetime.date, datetime.date]

    def take(self, fact: Fact, kind: InputKind) -> tuple[int, Value | None]:
        """The rank and the value of ``fact``; without a value where none counts."""
        if fact.cycle is not None and fact.cycle != self.cycle:
            return MISSING, None
        if fact.status is Status.EXEMPT:
            return _NOT_SUBJECT, None
        rank, source = _TAKEN[self.reading][fact.status]
        if source is None:
            return rank, None
        if fact.measured_on is not None and not self.days[0] <= fact.measured_on <= self.days[1]:
            return MISSING, None
        amount = source(fact)
        if amount is None:
            if source is _amount:
                raise Unscorable(f"{fact.id} is {fact.status} but has no value")
            return MISSING, None  # adjusted, and nobody says what the unit had reported
        value = _VALUES[kind](amount)
        if value is None:
            raise Unscorable(f"{fact.id}: {amount} is no value of the kind {kind}")
        return rank, value

    def take_bonus(self, bonus: Bonus) -> tuple[Fraction, Fact | None]:
        """The points beyond the maximum and the fact they rest on; none where it does not count."""
        fact = self.facts.get(bonus.code)
        if fact is None:
            return NOTHING, None
        _, value = self.take(fact, "score")
        if value is not None and bonus.max is not None and value > bonus.max:
            raise Unscorable(f"{fact.id}: a bonus of {value} is above the maximum of {bonus.max}")
        return Fraction(value or 0), fact


def _whole(amount: Amount) -> Value | None:
    return amount.numerator if amount.denominator is None and amount.numerator >= 0 else None


def _decimal(amount: Amount) -> Value | None:
    if amount.numerator < 0 or (amount.denominator is not None and amount.denominator < 1):
        return None
    return amount.numerator if amount.denominator in (None, 1) else Fraction(amount.numerator, amount.denominator)


def _yes_or_no(amount: Amount) -> Value | None:
    return amount.numerator if amount.denominator is None and amount.numerator in (0, 1) else None


_VALUES: dict[InputKind, Callable[[Amount], Value | None]] = {
    "count": _whole,
    "choice": _whole,
    "amount": _decimal,
    "score": _decimal,
    "presence": _yes_or_no,
}


@frozen(eq=False)
class _LinePlan:
    """One indicator, ready to be scored."""

    indicator: Indicator
    rule: Rule
    entries: tuple[tuple[Input, str, bool], ...]  # each with its fact code and whether «yes» needs a document
    lists: tuple[UnitList, ...]  # the unit must be on all of them
    readings: Callable[[int], tuple[str, ...]]  # by marks

    def score(self, dossier: _Dossier, peers: PeerGroup | None) -> IndicatorScore:
        inputs, values, ranks = self._read(dossier)
        if _NOT_SUBJECT in ranks or not self._subject(dossier.unit):
            unread = tuple(InputValue(value.input, value.fact, None) for value in inputs)
            return IndicatorScore(self.indicator, State.NOT_SUBJECT, NOTHING, unread, readings=self.readings(_EXEMPT))
        try:
            share, rank, applied, marks = self.rule.earn(values, ranks, peers)
        except Contradicted as error:
            if dossier.reading is not Reading.CLAIMED:
                raise Unscorable(f"{dossier.unit.code}: {error}") from error
            # The council has ruled on one of the two numbers only: the claim is not what it was.
            share, rank, applied, marks = NOTHING, MISSING, (), 0
        except Unscorable as error:
            raise Unscorable(f"{dossier.unit.code}: {error}") from error
        if rank not in (ACCEPTED, SELF_REPORTED):
            marks |= _NO_POINTS
        return IndicatorScore(self.indicator, _STATES[rank], share, tuple(inputs), applied, (), self.readings(marks))

    def quantity(self, measure: Measure, dossier: _Dossier) -> Fraction | None:
        """What the unit brings to the comparison with its peers; None where nothing counts."""
        _, values, ranks = self._read(dossier)
        if _NOT_SUBJECT in ranks or not self._subject(dossier.unit):
            return None
        try:
            rank, above, below = measure(values, ranks)
        except Contradicted:
            return None  # scoring the unit says so
        return Fraction(above, below) if rank in (ACCEPTED, SELF_REPORTED) else None

    def _read(self, dossier: _Dossier) -> tuple[list[InputValue], list[Value | None], list[int]]:
        inputs: list[InputValue] = []
        values: list[Value | None] = []
        ranks: list[int] = []
        for entry, code, needs_document in self.entries:
            fact = dossier.facts.get(code)
            if fact is None:
                rank, value = MISSING, None
            else:
                rank, value = dossier.take(fact, entry.kind)
                if needs_document and value and not fact.documents:
                    rank, value = UNPROVEN, None
            inputs.append(InputValue(entry, fact, None if value is None else Fraction(value)))
            values.append(value)
            ranks.append(rank)
        return inputs, values, ranks

    def _subject(self, unit: Unit) -> bool:
        return all(_listed(entry.units, unit.name) for entry in self.lists)


@lru_cache(maxsize=4096)
def _listed(printed: tuple[str, ...], name: str) -> bool:
    return any(same_unit(entry, name) for entry in printed)


@frozen(eq=False)
class _Plan:
    """One tier of an index, ready to be scored."""

    lines: tuple[_LinePlan, ...]
    pillars: tuple[tuple[Pillar, int, int], ...]  # each with the first of its lines and the one after the last
    bonus: Bonus | None
    codes: frozenset[str]  # that a dossier may hold


def _plan(index: Index) -> dict[Tier, _Plan]:
    return {tier: _plan_tier(index, entry) for tier, entry in index.sets.items()}


_plans: "Once[Index, dict[Tier, _Plan]]" = Once(_plan)


def _plan_tier(index: Index, entry: IndicatorSet) -> _Plan:
    lines: list[_LinePlan] = []
    pillars = []
    for pillar in entry.pillars:
        first = len(lines)
        lines += [_plan_line(index, entry.tier, pillar, indicator) for indicator in pillar.indicators]
        pillars.append((pillar, first, len(lines)))
    codes = {code for line in lines for _, code, _ in line.entries}
    codes |= {text for item in entry.general for text in (item.code, item.number) if text}
    if entry.bonus is not None:
        codes.add(entry.bonus.code)
    return _Plan(tuple(lines), tuple(pillars), entry.bonus, frozenset(codes))


def _plan_line(index: Index, tier: Tier, pillar: Pillar, indicator: Indicator) -> _LinePlan:
    rule = rule_of(indicator)
    entries = tuple((entry, indicator.fact_code(entry.key), entry.key in rule.proofs) for entry in indicator.inputs)
    lists = tuple(
        _list_of(index, wanted, indicator)
        for wanted in dict.fromkeys((pillar.applies_to, indicator.applies_to))
        if wanted
    )
    return _LinePlan(indicator, rule, entries, lists, _plan_readings(index, f"{tier}/{indicator.code}"))


def _list_of(index: Index, wanted: str, indicator: Indicator) -> UnitList:
    if wanted not in index.list_by_id:
        raise Unscorable(f"{index.id}: {indicator.code} applies to the list {wanted}, which is not there")
    return index.list_by_id[wanted]


def _plan_readings(index: Index, place: str) -> Callable[[int], tuple[str, ...]]:
    """The ids of the interpretations that a score rests on, by its marks."""
    always = tuple(i.id for i in index.interpretations if place in i.criteria and i.id not in _CONDITIONAL)

    @cache
    def cite(marks: int) -> tuple[str, ...]:
        found = [name for name, mark in _CONDITIONAL.items() if marks & mark]
        if marks & EQUAL and _PEERS_EQUAL not in always:
            found.append(_PEERS_EQUAL)
        return (*found, *always)

    return cite


def _add_up(pillar: Pillar, lines: Sequence[IndicatorScore]) -> PillarScore:
    """The points of a pillar; over integers, for adding fractions one by one costs more than all the rest."""
    above, below, reachable = 0, 1, 0
    for line in lines:
        share = line.share
        bottom = share.denominator
        above = above * bottom + share.numerator * line.indicator.max * below
        below *= bottom
        reachable += line.reachable
    return PillarScore(pillar, Fraction(above, below), reachable)
