"""Rank prospects: a rating whose facts are uncertain → which lines are drawn from which laws, and what stays.

Inputs of one indicator that come from peers come from the same peer, so that a part never exceeds its whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm
from operator import attrgetter

from attrs import define, field, frozen

from certification.rating import Rating
from certification.simulation.prospects import audited
from evidence.assumptions import CERTAIN, Assumption, Assumptions, Model, as_fraction, kind_of
from evidence.facts import Amount, Fact, Status
from evidence.inputs import AskedInput, ask_inputs, find_quantities
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text
from levels.framework import Tier
from levels.index import Choice, Indicator, Scoring, Sum
from rules.compile import UNMET
from rules.draws import Among, Between, Chance, Law, Replaced
from rules.rank_trials import Drawn, Field, Joint, Line
from rules.ranking import peers
from rules.scores import Score
from rules.shares import ACCEPTED, MISSING, REJECTED, UNPROVEN, Contradicted, Value, rule_of

_COUNTED = frozenset({Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED})
_NOT_DRAWN = frozenset({Model.CERTAIN, Model.SURVEY})


@frozen
class _Slot:
    """One input of one unit as it stands, and what is taken for granted of it."""

    asked: AskedInput
    fact: Fact | None
    status: str
    value: Value | None
    rank: int
    assumption: Assumption

    @property
    def drawn(self) -> bool:
        return self.assumption.model not in _NOT_DRAWN


@define
class RankProspect:
    """A rating whose facts are uncertain; made ready once, drawn as often as asked."""

    rating: Rating
    assumptions: Assumptions
    faults: list[Fault] = field(factory=list)
    used: Counter[Assumption] = field(factory=Counter)
    spoken: set[int] = field(factory=set)  # the rows that speak of some input

    @cached_property
    def scores(self) -> Mapping[str, Score]:
        return self.rating.scores()

    def fields(self) -> list[Field]:
        """The tiers that hold rated units, each ready to be drawn. Raises ``Faulty`` for assumptions out of place."""
        found = [self._field(tier) for tier in self.rating.index.sets]
        if self.faults:
            raise Faulty(sorted(self.faults, key=attrgetter("row")))
        return [each for each in found if each.units]

    def _field(self, tier: Tier) -> Field:
        units = [unit for unit in self.rating.rated if unit.tier is tier]
        place = {unit.code: number for number, unit in enumerate(units)}
        index = self.rating.index
        slots = {unit.code: self._slots(unit) for unit in units}
        lines = [
            self._line(place[unit.code], unit, indicator, its, slots)
            for unit in units
            for indicator, its in slots[unit.code].items()
        ]
        ranked = peers(index, units)
        joints = list(self._joints(lines, _measured(ranked.values(), place)))
        drawn = {(line.place, line.indicator) for joint in joints for line in joint}
        held = [
            self.scores[unit.code].points
            - sum(
                self._points(unit, line) for line in lines if (line.place, line.indicator) in drawn and line.place == n
            )
            for n, unit in enumerate(units)
        ]
        return Field(
            tuple(place),
            tuple(held),
            tuple(self.scores[code].reachable for code in place),
            tuple(joints),
            tuple(tuple(place[unit.code] for unit in members) for members in ranked.values()),
        )

    def _points(self, unit: Unit, line: Line) -> Fraction:
        score = self.scores[unit.code]
        return score.bonus if line.indicator is None else score.by_code[line.indicator.code].points

    def _slots(self, unit: Unit) -> dict[Indicator | None, list[_Slot]]:
        """The inputs of a unit by the indicator they belong to; those of indicators it is not subject to left out."""
        entry = self.rating.index.sets[unit.tier]
        facts = self.rating.facts.get(unit.code, {})
        found: dict[Indicator | None, list[_Slot]] = {}
        for asked in ask_inputs(self.rating.index, entry):
            if asked.is_for(unit):
                found.setdefault(asked.indicator, []).append(self._slot(unit, asked, facts.get(asked.code)))
        return {
            indicator: slots
            for indicator, slots in found.items()
            if not any(slot.status == Status.EXEMPT for slot in slots)
        }

    def _slot(self, unit: Unit, asked: AskedInput, fact: Fact | None) -> _Slot:
        first, last = self.rating.index.days(self.rating.cycle)
        timely = fact is not None and (
            fact.cycle in (None, self.rating.cycle) and (fact.measured_on is None or first <= fact.measured_on <= last)
        )
        if fact is None or not timely:
            status: str = Status.UNKNOWN
        else:
            status = fact.status
        value: Value | None = None
        if fact is not None and status in _COUNTED and fact.amount is not None:
            value = _value(fact.amount)
        assumption = self.assumptions.of(unit.tier, unit.code, asked.code, kind_of(asked), status)
        self.spoken.add(assumption.row)
        if asked.indicator is None and fact is None and assumption.criterion is None:
            assumption = CERTAIN  # no bonus is proposed: nobody is asked for one
        if flaw := _unfit(assumption, asked, unit, status):
            self.faults.append(Fault(self.assumptions.file, assumption.row, "model", *flaw))
            assumption = CERTAIN
        rank = REJECTED if status == Status.REJECTED else ACCEPTED if value is not None else MISSING
        return _Slot(asked, fact, status, value, rank, assumption)

    def _line(
        self,
        place: int,
        unit: Unit,
        indicator: Indicator | None,
        slots: Sequence[_Slot],
        all_slots: Mapping[str, Mapping[Indicator | None, Sequence[_Slot]]],
    ) -> Line:
        proofs = frozenset() if indicator is None else rule_of(indicator).proofs
        values: list[Value | None] = []
        ranks: list[int] = []
        drawn: list[Drawn] = []
        given: list[int] = []
        for number, slot in enumerate(slots):
            unproven = (
                slot.asked.input.key in proofs
                and slot.fact is not None
                and slot.value is not None
                and not slot.fact.documents
            )
            lost = unproven and bool(slot.value)
            values.append(None if lost else slot.value)
            ranks.append(UNPROVEN if lost else slot.rank)
            if slot.assumption.model is Model.PEERS:
                given.append(number)
            elif slot.drawn and (made := self._law(slot, indicator)) is not None:
                law, scale = made
                name = f"{unit.tier}/{unit.code}/{slot.asked.code}"
                drawn.append(Drawn(name, law, (number,), scale, unproven=unproven))
                self.used[slot.assumption] += 1
        if given:
            drawn += self._given(unit, indicator, slots, given, all_slots)
        line = Line(place, indicator, tuple(values), tuple(ranks), tuple(drawn))
        self._check(line, unit, slots)
        return line

    def _given(
        self,
        unit: Unit,
        indicator: Indicator | None,
        slots: Sequence[_Slot],
        given: Sequence[int],
        all_slots: Mapping[str, Mapping[Indicator | None, Sequence[_Slot]]],
    ) -> Iterator[Drawn]:
        """The inputs that come from one peer, of those whose values do not contradict what is known of the line."""
        own = [slot.value for slot in slots]
        rows = set()
        for code, its in all_slots.items():
            donor = its.get(indicator)
            if code == unit.code or donor is None or any(donor[number].value is None for number in given):
                continue
            row = tuple(value for number in given if (value := donor[number].value) is not None)
            tried = list(own)
            for number, value in zip(given, row, strict=True):
                tried[number] = value
            if indicator is None or not _contradicts(indicator, tried):
                rows.add((row, code))
        if rows:
            # In order of the values, so that the order of the files changes nothing; as often as they are there.
            table = tuple(sorted((row for row, _ in rows), key=lambda row: tuple(map(Fraction, row))))
            code = indicator.code if indicator is not None else slots[0].asked.code
            yield Drawn(
                f"{unit.tier}/{unit.code}/{code}/peers", Among(tuple(range(len(table)))), tuple(given), 1, table
            )
            self.used[slots[given[0]].assumption] += len(given)
        else:
            self.used[CERTAIN] += len(given)

    def _law(self, slot: _Slot, indicator: Indicator | None) -> tuple[Law, int] | None:
        """From what an input is drawn, and in parts of what; None where nothing of it can change."""
        assumption, asked = slot.assumption, slot.asked
        match assumption.model:
            case Model.AUDIT:
                return self._audit(slot, indicator)
            case Model.CHANCE:
                assert assumption.p is not None
                return Chance(assumption.p, *_best(asked, indicator)), 1
            case _:
                assert assumption.low is not None
                assert assumption.high is not None
                cents = 1 if asked.input.kind == "count" else 100
                scale = lcm(cents, assumption.low.denominator, assumption.high.denominator)
                return Between(int(assumption.low * scale), int(assumption.high * scale)), scale

    def _audit(self, slot: _Slot, indicator: Indicator | None) -> tuple[Law, int] | None:
        amount = slot.fact.amount if slot.fact is not None else None
        key, kind = slot.asked.input.key, slot.asked.input.kind
        if amount is None or not amount.numerator or (indicator is not None and key in _wholes(indicator)):
            return None
        if kind == "choice" and indicator is not None:
            options = _find_choice(indicator.scoring, key).options
            share = options[amount.numerator - 1].share
            worse = tuple(number for number, option in enumerate(options, start=1) if option.share < share)
            assert slot.assumption.p is not None
            return (Replaced(amount.numerator, slot.assumption.p, worse), 1) if worse else None
        return audited(slot.assumption, amount.numerator, kind), amount.denominator or 1

    def _check(self, line: Line, unit: Unit, slots: Sequence[_Slot]) -> None:
        """That no range makes a part larger than its whole: tried at the ends of all of them."""
        if line.indicator is None:
            return
        ends = [(each.law.low, each.law.high) for each in line.drawn if isinstance(each.law, Between)]
        if not ends:
            return
        places = [each.places[0] for each in line.drawn if isinstance(each.law, Between)]
        scales = [each.scale for each in line.drawn if isinstance(each.law, Between)]
        for corner in product(*ends):
            values = list(line.values)
            for place, number, scale in zip(places, corner, scales, strict=True):
                values[place] = Fraction(number, scale) if scale > 1 else number
            if _contradicts(line.indicator, values):
                slot = slots[places[0]]
                found = Text(
                    vi=f"khoảng này làm cho {line.indicator.code} của {unit.code} có phần lớn hơn tổng",
                    en=f"this range makes a part of {line.indicator.code} of {unit.code} larger than its whole",
                )
                expected = Text(vi="hãy thu hẹp khoảng", en="narrow the range")
                self.faults.append(Fault(self.assumptions.file, slot.assumption.row, "high", found, expected))
                return

    def _joints(self, lines: Sequence[Line], measured: Mapping[int, int]) -> Iterator[Joint]:
        """What is scored again: drawn lines alone, and with all others those that are measured against each other."""
        together: dict[tuple[str, int], list[Line]] = {}
        for line in lines:
            if line.indicator is not None and rule_of(line.indicator).peers:
                together.setdefault((line.indicator.code, measured[line.place]), []).append(line)
            elif line.drawn:
                yield (line,)
        yield from (tuple(each) for each in together.values() if any(line.drawn for line in each))


def rank_misfits(rating: Rating, assumptions: Assumptions) -> tuple[Fault, ...]:
    """What the data of the units rated say against ``assumptions``."""
    try:
        RankProspect(rating, assumptions).fields()
    except Faulty as faulty:
        return faulty.faults
    return ()


def _measured(groups: Iterable[Sequence[Unit]], place: Mapping[str, int]) -> dict[int, int]:
    """By unit the first group that it is measured in; -1: with all others that no group ranks."""
    found = dict.fromkeys(place.values(), -1)
    for number, members in enumerate(groups):
        for unit in members:
            if found[place[unit.code]] == -1:
                found[place[unit.code]] = number
    return found


def _unfit(assumption: Assumption, asked: AskedInput, unit: Unit, status: str) -> tuple[Text, Text] | None:
    """Why a row cannot speak of a fact that it names, or of one it came upon."""
    if not assumption.fits(kind_of(asked), status):
        return (
            Text(
                vi=f"{asked.code} của {unit.code} chưa có giá trị ({status})",
                en=f"{asked.code} of {unit.code} has no value ({status})",
            ),
            Text(vi="hãy dùng chance, peers hoặc range", en="use chance, peers or range"),
        )
    if assumption.model is Model.CHANCE and asked.input.kind == "score" and asked.most is None:
        return (
            Text(vi=f"{asked.code} không có điểm tối đa", en=f"{asked.code} has no maximum"),
            Text(vi="hãy dùng range", en="use range"),
        )
    return None


def _value(amount: Amount) -> Value:
    value = as_fraction(amount)
    return value.numerator if value.denominator == 1 else value


def _contradicts(indicator: Indicator, values: Sequence[Value | None]) -> bool:
    """Whether more is counted above a line than the whole below it."""
    ranks = [MISSING if value is None else ACCEPTED for value in values]
    rule = rule_of(indicator)
    try:
        if rule.peers:
            for _, measure in rule.peers:
                measure(values, ranks)
        else:
            rule.earn(values, ranks, None, None)
    except Contradicted:
        return True
    return False


def _wholes(indicator: Indicator) -> frozenset[str]:
    """The inputs that are only what others are parts of: correcting them downward would win points."""
    quantities = list(find_quantities(indicator.scoring))
    above = {key for quantity in quantities for key in quantity.numerator}
    return frozenset(key for quantity in quantities for key in quantity.denominator if key not in above)


def _find_choice(scoring: Scoring, key: str) -> Choice:
    """The options of the input ``key``: of the whole indicator, or of a part of it."""
    if isinstance(scoring, Sum):
        return next(part.scoring for part in scoring.parts if part.scoring.key == key)
    assert isinstance(scoring, Choice)  # nothing else asks for one of the options
    return scoring


def _best(asked: AskedInput, indicator: Indicator | None) -> tuple[int, int]:
    """The numbers that stand for met and for unmet: the best option and none, the full score and 0, yes and no."""
    if asked.input.kind == "choice" and indicator is not None:
        options = _find_choice(indicator.scoring, asked.input.key).options
        return 1 + max(range(len(options)), key=lambda number: options[number].share), UNMET
    if asked.input.kind == "score":
        return asked.most or 0, 0
    return 1, 0
