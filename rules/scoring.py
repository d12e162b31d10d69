"""Scoring: the facts of units → their points under one index, with every reason.

Guarantees that no share exceeds the maximum, that what is not known earns nothing and is marked, and
that a value which intake would have refused gives an error and no points.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal

from attrs import evolve, frozen

from evidence.facts import Amount, Fact, Facts, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import Bonus, Index, Indicator, IndicatorSet, InputKind, Pillar, UnitList
from levels.unit_names import same_unit
from rules.gains import gains
from rules.ranking import peers as ranked_against
from rules.scores import Applied, Gain, IndicatorScore, InputValue, PillarScore, Reading, Score, State
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
    Earned,
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
_NO_POINTS, _EXEMPT, _CONTRADICTED = 8, 16, 32  # marks beside those of rules.shares

# Readings that a score rests on only where they made a difference; any other that names the indicator always.
_CONDITIONAL = {
    "points-missing": _NO_POINTS,
    "points-ceiling": CEILING,
    "points-not-subject": _EXEMPT,
    "boundary-first": BOUNDARY,
}
_PEERS_EQUAL = "peers-equal"

Source = Literal["amount", "reported", "reported or amount", ""]
"""Where the value of a fact is read from; nowhere: it has none that counts."""

_STANDING: dict[Status, tuple[int, Source]] = {
    Status.UNKNOWN: (MISSING, ""),
    Status.SELF_REPORTED: (SELF_REPORTED, "amount"),
    Status.VERIFIED: (ACCEPTED, "amount"),
    Status.ADJUSTED: (ACCEPTED, "amount"),
    Status.REJECTED: (REJECTED, ""),
    Status.EXEMPT: (_NOT_SUBJECT, ""),
}
_TAKEN: dict[Reading, dict[Status, tuple[int, Source]]] = {
    Reading.STANDING: _STANDING,
    Reading.CLAIMED: _STANDING
    | {Status.ADJUSTED: (SELF_REPORTED, "reported"), Status.REJECTED: (SELF_REPORTED, "reported or amount")},
    Reading.ACCEPTED: _STANDING | {Status.SELF_REPORTED: (MISSING, "")},
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
    return _score(index, plan, _read(plan, unit, facts, _Terms.of(index, cycle, reading)), peers, explain=explain)


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
    plans, terms = _plans(index), _Terms.of(index, cycle, reading)
    dossiers = [
        _read(plans[unit.tier], unit, facts.get(code, {}), terms)
        for code, unit in units.items()
        if unit.tier in index.sets
    ]
    peers = _find_peers(index, dossiers)
    return {
        dossier.unit.code: _score(index, plans[dossier.unit.tier], dossier, peers[dossier.unit.code], explain=explain)
        for dossier in dossiers
    }


def find_peers(
    index: Index, units: Units, facts: Facts, cycle: int, reading: Reading = Reading.STANDING
) -> dict[str, PeerGroup]:
    """By unit, the statistics of its ranking group on every indicator that is measured against the peers.

    Only units that are subject to the indicator and whose inputs are known and count under ``reading``
    take part. Units that no group ranks are measured against those of their tier.
    """
    plans, terms = _plans(index), _Terms.of(index, cycle, reading)
    return _find_peers(
        index,
        [
            _read(plans[unit.tier], unit, facts.get(code, {}), terms)
            for code, unit in units.items()
            if unit.tier in index.sets
        ],
    )


@frozen
class _Terms:
    """Which facts count, and at which value."""

    cycle: int
    reading: Reading
    taken: dict[Status, tuple[int, Source]]
    first: datetime.date  # of the days whose data count
    last: datetime.date

    @classmethod
    def of(cls, index: Index, cycle: int, reading: Reading) -> "_Terms":
        return cls(cycle, reading, _TAKEN[reading], *index.days(cycle))

    def take(self, fact: Fact, kind: InputKind) -> tuple[int, Value | None]:
        """The rank and the value of ``fact``; without a value where none counts."""
        if fact.cycle is not None and fact.cycle != self.cycle:
            return MISSING, None
        rank, source = self.taken[fact.status]
        if not source:
            return rank, None
        if fact.measured_on is not None and not self.first <= fact.measured_on <= self.last:
            return MISSING, None
        amount = fact.amount
        if source != "amount":
            amount = fact.reported if source == "reported" else fact.reported or amount
        if amount is None:
            if source == "amount":
                raise Unscorable(f"{fact.id} is {fact.status} but has no value")
            return MISSING, None  # nobody says what the unit had reported
        value = _VALUES[kind](amount)
        if value is None:
            raise Unscorable(f"{fact.id}: {amount} is no value of the kind {kind}")
        return rank, value


@frozen
class _Dossier:
    """One unit's facts as they were read, input by input; tells the reasons of its lines."""

    unit: Unit
    terms: _Terms
    facts: list[Fact | None]
    values: list[Value | None]
    ranks: list[int]
    places: Mapping[str, int]  # of the first input of an indicator, by its code
    bonus: Fraction
    bonus_fact: Fact | None
    peers: PeerGroup | None = None

    def inputs(self, line: IndicatorScore) -> tuple[InputValue, ...]:
        first = self.places[line.indicator.code]
        counts = line.state is not State.NOT_SUBJECT
        return tuple(
            InputValue(entry, self.facts[place], Fraction(value) if counts and value is not None else None)
            for place, entry in enumerate(line.indicator.inputs, start=first)
            for value in [self.values[place]]
        )

    def applied(self, line: IndicatorScore) -> tuple[Applied, ...]:
        words: list[Applied] = []
        part = self.part(line.indicator)
        rule_of(line.indicator).earn(self.values[part], self.ranks[part], self.peers, words)
        return tuple(words)

    def gains(self, line: IndicatorScore) -> tuple[Gain, ...]:
        return gains(line, self.peers)

    def part(self, indicator: Indicator) -> slice:
        """Where the inputs of ``indicator`` stand."""
        first = self.places[indicator.code]
        return slice(first, first + len(indicator.inputs))


def _read(plan: "_Plan", unit: Unit, facts: Mapping[str, Fact], terms: _Terms) -> _Dossier:
    if not facts.keys() <= plan.codes:
        raise Unscorable(f"{unit.code}: no indicator asks for {sorted(facts.keys() - plan.codes)}")
    found: list[Fact | None] = []
    values: list[Value | None] = []
    ranks: list[int] = []
    for code, kind, needs_document in plan.inputs:
        fact = facts.get(code)
        if fact is None:
            rank, value = MISSING, None
        else:
            rank, value = terms.take(fact, kind)
            if needs_document and value and not fact.documents:
                rank, value = UNPROVEN, None
        found.append(fact)
        values.append(value)
        ranks.append(rank)
    bonus, fact = NOTHING, None
    if plan.bonus is not None:
        bonus, fact = _take_bonus(plan.bonus, facts.get(plan.bonus.code), terms)
    return _Dossier(unit, terms, found, values, ranks, plan.places, bonus, fact)


def _take_bonus(bonus: Bonus, fact: Fact | None, terms: _Terms) -> tuple[Fraction, Fact | None]:
    """The points beyond the maximum and the fact they rest on; none where it does not count."""
    if fact is None:
        return NOTHING, None
    _, value = terms.take(fact, "score")
    if value is not None and bonus.max is not None and value > bonus.max:
        raise Unscorable(f"{fact.id}: a bonus of {value} is above the maximum of {bonus.max}")
    return Fraction(value or 0), fact


def _find_peers(index: Index, dossiers: Sequence[_Dossier]) -> dict[str, PeerGroup]:
    by_code = {dossier.unit.code: dossier for dossier in dossiers}
    found: dict[str, PeerGroup] = {}
    for members in _groups(index, [dossier.unit for dossier in dossiers]):
        group: dict[str, PeerStatistics] = {}
        for line in _plans(index)[members[0].tier].lines:
            for name, measure in line.rule.peers:
                quantities = [line.quantity(measure, by_code[unit.code]) for unit in members]
                statistics = statistics_of(quantity for quantity in quantities if quantity is not None)
                if statistics is not None:
                    group[name] = statistics
        for unit in members:
            found.setdefault(unit.code, group)  # of two groups, the first
    return found


def _groups(index: Index, rated: Sequence[Unit]) -> Iterator[list[Unit]]:
    ranked = ranked_against(index, rated)
    yield from ranked.values()
    placed = {unit.code for members in ranked.values() for unit in members}
    for tier in index.sets:
        alone = [unit for unit in rated if unit.tier is tier and unit.code not in placed]
        if alone:
            yield alone


def _score(index: Index, plan: "_Plan", read: _Dossier, peers: PeerGroup | None, *, explain: bool) -> Score:
    dossier = read if peers is None else evolve(read, peers=peers)
    earned = [line.earn(dossier) for line in plan.lines]
    pillars = tuple(_add_up(pillar, earned[first:last]) for pillar, first, last in plan.pillars)
    columns = tuple(zip(*earned, strict=True))  # kept turned: far fewer objects for a country to hold
    return Score(
        index=index,
        unit=dossier.unit,
        cycle=dossier.terms.cycle,
        reading=dossier.terms.reading,
        indicators=lambda: tuple(
            line.score(dossier, its, explain=explain)
            for line, its in zip(plan.lines, zip(*columns, strict=True), strict=True)
        ),
        pillars=pillars,
        points=sum((pillar.points for pillar in pillars), dossier.bonus),
        reachable=sum(pillar.reachable for pillar in pillars),
        bonus=dossier.bonus,
        bonus_fact=dossier.bonus_fact,
    )


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
    first: int  # of its inputs in a dossier
    last: int  # the one after them
    lists: tuple[UnitList, ...]  # the unit must be on all of them
    readings: Callable[[int], tuple[str, ...]]  # by marks

    def earn(self, dossier: _Dossier) -> Earned:
        """What the line earns."""
        values, ranks = dossier.values[self.first : self.last], dossier.ranks[self.first : self.last]
        if _NOT_SUBJECT in ranks or (self.lists and not self._subject(dossier.unit)):
            return NOTHING, _NOT_SUBJECT, _EXEMPT
        try:
            return self.rule.earn(values, ranks, dossier.peers, None)
        except Contradicted as error:
            if dossier.terms.reading is not Reading.CLAIMED:
                raise Unscorable(f"{dossier.unit.code}: {error}") from error
            # The council has ruled on one of the two numbers only: the claim is not what it was.
            return NOTHING, MISSING, _CONTRADICTED
        except Unscorable as error:
            raise Unscorable(f"{dossier.unit.code}: {error}") from error

    def score(self, dossier: _Dossier, earned: Earned, *, explain: bool) -> IndicatorScore:
        """The line that has ``earned`` so much, with its reasons."""
        share, rank, marks = earned
        if rank == _NOT_SUBJECT:
            return IndicatorScore(self.indicator, State.NOT_SUBJECT, NOTHING, dossier, readings=self.readings(marks))
        if rank not in (ACCEPTED, SELF_REPORTED):
            marks |= _NO_POINTS
        told: tuple[Gain, ...] | _Dossier = dossier if explain else ()
        words: tuple[Applied, ...] | _Dossier = () if marks & _CONTRADICTED else dossier
        return IndicatorScore(self.indicator, _STATES[rank], share, dossier, words, told, self.readings(marks))

    def quantity(self, measure: Measure, dossier: _Dossier) -> Fraction | None:
        """What the unit brings to the comparison with its peers; None where nothing counts."""
        values, ranks = dossier.values[self.first : self.last], dossier.ranks[self.first : self.last]
        if _NOT_SUBJECT in ranks or not self._subject(dossier.unit):
            return None
        try:
            rank, above, below = measure(values, ranks)
        except Contradicted:
            return None  # scoring the unit says so
        return Fraction(above, below) if rank in (ACCEPTED, SELF_REPORTED) else None

    def _subject(self, unit: Unit) -> bool:
        return all(_listed(entry.units, unit.name) for entry in self.lists)


@lru_cache(maxsize=4096)
def _listed(printed: tuple[str, ...], name: str) -> bool:
    return any(same_unit(entry, name) for entry in printed)


@frozen(eq=False)
class _Plan:
    """One tier of an index, ready to be scored."""

    lines: tuple[_LinePlan, ...]
    inputs: tuple[tuple[str, InputKind, bool], ...]  # of all lines: fact code, kind, whether «yes» needs a document
    places: Mapping[str, int]  # of the first input of an indicator, by its code
    pillars: tuple[tuple[Pillar, int, int], ...]  # each with the first of its lines and the one after the last
    bonus: Bonus | None
    codes: frozenset[str]  # that a dossier may hold


def _plan(index: Index) -> dict[Tier, _Plan]:
    return {tier: _plan_tier(index, entry) for tier, entry in index.sets.items()}


_plans: "Once[Index, dict[Tier, _Plan]]" = Once(_plan)


def _plan_tier(index: Index, entry: IndicatorSet) -> _Plan:
    lines: list[_LinePlan] = []
    inputs: list[tuple[str, InputKind, bool]] = []
    pillars = []
    for pillar in entry.pillars:
        first = len(lines)
        for indicator in pillar.indicators:
            lines.append(_plan_line(index, entry.tier, pillar, indicator, len(inputs)))
            proofs = lines[-1].rule.proofs
            inputs += [(indicator.fact_code(asked.key), asked.kind, asked.key in proofs) for asked in indicator.inputs]
        pillars.append((pillar, first, len(lines)))
    codes = {code for code, _, _ in inputs}
    codes |= {text for item in entry.general for text in (item.code, item.number) if text}
    if entry.bonus is not None:
        codes.add(entry.bonus.code)
    places = {line.indicator.code: line.first for line in lines}
    return _Plan(tuple(lines), tuple(inputs), places, tuple(pillars), entry.bonus, frozenset(codes))


def _plan_line(index: Index, tier: Tier, pillar: Pillar, indicator: Indicator, first: int) -> _LinePlan:
    wanted = [name for name in dict.fromkeys((pillar.applies_to, indicator.applies_to)) if name]
    return _LinePlan(
        indicator,
        rule_of(indicator),
        first,
        first + len(indicator.inputs),
        tuple(_list_of(index, name, indicator) for name in wanted),
        _plan_readings(index, f"{tier}/{indicator.code}"),
    )


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


def _add_up(pillar: Pillar, earned: Sequence[Earned]) -> PillarScore:
    """The points of a pillar; over integers, for adding fractions one by one costs more than all the rest."""
    above, below, reachable = 0, 1, 0
    for indicator, (share, rank, _) in zip(pillar.indicators, earned, strict=True):
        if rank != _NOT_SUBJECT:
            bottom = share.denominator
            above = above * bottom + share.numerator * indicator.max * below
            below *= bottom
            reachable += indicator.max
    return PillarScore(pillar, Fraction(above, below), reachable)
