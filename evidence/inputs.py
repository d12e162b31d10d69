"""Inputs: what an index asks for, the inputs of its indicators and its bonus, and how each is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.admission import WITH_VALUE, find_bonus_flaws, find_doubts, find_input_flaws
from evidence.facts import Amount, Fact
from evidence.index_values import read_choice, read_decimal, read_yes_or_no, refuse_parts, write_decimal
from evidence.units import Unit, Units
from evidence.values import EXPECTED_WHOLE, Flaw, Unreadable, make_plain, quote, read_count
from levels.faults import Text
from levels.framework import Kind
from levels.index import (
    Bonus,
    Gate,
    Index,
    Indicator,
    IndicatorSet,
    Input,
    InputKind,
    NoneDetected,
    Peers,
    Quantity,
    Scale,
    Scoring,
    Sum,
    UnitList,
)
from levels.unit_names import absent


@frozen
class AskedInput:
    """One input of an indicator; without an ``indicator`` the bonus, points that the council adds for a reason."""

    code: str
    input: Input
    most: int | None  # the highest score; None where the decision states none, and where it is no score
    indicator: Indicator | None
    subjects: UnitList | None = None  # the units the decision applies it to; None: all of the tier
    valid_cycles: int = 1

    def read(self, *, numerator: str = "", denominator: str = "", value: str = "") -> Amount | None:
        if not (numerator or denominator or value):
            return None
        kind = self.input.kind
        if kind == "presence":
            return read_yes_or_no(self.input.options, numerator, denominator, value)
        if kind == "choice":
            return read_choice(self.input.options, numerator, denominator, value)
        if make_plain(value).endswith("%"):
            raise Unreadable([self._refuse_percentage(value)])
        if kind == "count":
            return read_count(numerator, denominator, value)
        refuse_parts(numerator, denominator)
        return read_decimal(value, self.expected, self.most)

    def read_written(self, text: str) -> Amount | None:
        try:
            return self.read(value=text)
        except Unreadable as unreadable:
            raise Unreadable(Flaw("reported", flaw.found, flaw.expected) for flaw in unreadable.flaws) from None

    def write(self, amount: Amount) -> str:
        return write_decimal(amount)

    def find_flaws(self, fact: Fact, units: Units) -> list[Flaw]:
        del units  # no input follows from the members of a unit
        return find_bonus_flaws(fact) if self.indicator is None else find_input_flaws(fact)

    def find_doubts(self, fact: Fact, unit: Unit) -> list[Flaw]:
        doubts = find_doubts(fact)
        if self.subjects is not None and not self.is_for(unit):
            doubts.append(_say_not_subject(self.subjects))
        return doubts

    def is_for(self, unit: Unit) -> bool:
        """Whether the decision applies the indicator to ``unit``."""
        return self.subjects is None or not absent((unit.name,), self.subjects.units)

    @property
    def kind(self) -> Kind | InputKind:
        return self.input.kind

    @property
    def needs_total(self) -> bool:
        return False

    @property
    def expected(self) -> Text:
        """What a number in the cell has to be, with an example."""
        if self.input.kind == "count":
            return EXPECTED_WHOLE
        if self.input.kind == "amount":
            unit = f" ({self.input.unit})" if self.input.unit else ""
            return Text(
                vi=f"cần một số không âm{unit}, ví dụ 1,25", en=f"expected a number from 0 up{unit}, such as 1.25"
            )
        if self.most is None:
            return Text(vi="cần số điểm không âm, ví dụ 1,5", en="expected points from 0 up, such as 1.5")
        return Text(
            vi=f"cần số điểm từ 0 đến {self.most}, ví dụ {self.most}",
            en=f"expected points from 0 to {self.most}, such as {self.most}",
        )

    def _refuse_percentage(self, value: str) -> Flaw:
        found = Text(vi=f"{quote(value)} là tỷ lệ phần trăm", en=f"{quote(value)} is a percentage")
        if self.indicator is None or not any(part.denominator for part in find_quantities(self.indicator.scoring)):
            return Flaw("value", found, self.expected)
        parts = name_inputs(self.indicator)
        expected = Text(
            vi=f"tỷ lệ được tính từ số liệu gốc; hãy nhập {parts}",
            en=f"the ratio is computed from its parts; enter {parts}",
        )
        return Flaw("value", found, expected)


@frozen
class Whole:
    """Of what is counted above, everything is also counted below: more of it is a fault."""

    above: tuple[str, ...]  # codes of facts
    below: tuple[str, ...]

    def pick(self, dossier: Mapping[str, Fact]) -> tuple[list[Fact], list[Fact]]:
        """The facts above and below that count with a value; none at all where one below is missing."""
        above, below = (
            [fact for code in codes if (fact := dossier.get(code)) and fact.amount and fact.status in WITH_VALUE]
            for codes in (self.above, self.below)
        )
        return (above, below) if len(below) == len(self.below) else ([], [])


def find_excess(dossier: Mapping[str, Fact], whole: Whole, row_of: Callable[[Fact], int]) -> tuple[Fact, Flaw] | None:
    """Where of one ``dossier`` the part is more than the whole: the fact in the later row, and what is wrong."""
    above, below = whole.pick(dossier)
    part, total = add_up(above), add_up(below)
    if not above or part.numerator * (total.denominator or 1) <= total.numerator * (part.denominator or 1):
        return None

    def say(facts: Sequence[Fact], amount: Amount) -> Text:
        codes, rows = (" + ".join(fact.criterion for fact in facts), ", ".join(str(row_of(fact)) for fact in facts))
        value = write_decimal(amount)
        return Text(vi=f"{codes} = {value} (dòng {rows})", en=f"{codes} = {value} (row {rows})")

    first, second = say(above, part), say(below, total)
    found = Text(vi=f"{first.vi} lớn hơn {second.vi}", en=f"{first.en} is more than {second.en}")
    expected = Text(vi="một phần không thể lớn hơn tổng số của nó", en="a part cannot exceed its whole")
    return max((*above, *below), key=row_of), Flaw("value", found, expected)


def excess_among(whole: Whole, dossier: Mapping[str, Fact], changed: Mapping[str, Fact]) -> Iterator[tuple[str, Flaw]]:
    """Where a changed part is more than its whole: the code that was changed, and what is wrong."""
    changed_codes = [code for code in (*whole.above, *whole.below) if code in changed]
    above, below = whole.pick(dossier) if changed_codes else ([], [])
    part, total = add_up(above), add_up(below)
    if above and part.numerator * (total.denominator or 1) > total.numerator * (part.denominator or 1):
        first, second = (
            f"{' + '.join(fact.criterion for fact in facts)} = {write_decimal(amount)}"
            for facts, amount in ((above, part), (below, total))
        )
        found = Text(vi=f"{first} lớn hơn {second}", en=f"{first} is more than {second}")
        expected = Text(vi="một phần không thể lớn hơn tổng số của nó", en="a part cannot exceed its whole")
        yield changed_codes[-1], Flaw("value", found, expected)


def add_up(facts: Iterable[Fact]) -> Amount:
    """The sum of the values of ``facts``, which are whole numbers or decimals."""
    amounts = [(fact.amount.numerator, fact.amount.denominator or 1) for fact in facts if fact.amount]
    places = max((denominator for _, denominator in amounts), default=1)
    total = sum(numerator * (places // denominator) for numerator, denominator in amounts)
    return Amount(total, places)


def ask_inputs(index: Index, criteria_set: IndicatorSet) -> Iterator[AskedInput]:
    """Everything that ``index`` asks of the units of one tier, in printed order; the bonus comes last."""
    for pillar in criteria_set.pillars:
        for indicator in pillar.indicators:
            subjects = index.list_by_id.get(indicator.applies_to or pillar.applies_to)
            for entry in indicator.inputs:
                most = indicator.max if entry.kind == "score" else None
                yield AskedInput(indicator.fact_code(entry.key), entry, most, indicator, subjects)
    if criteria_set.bonus is not None:
        yield _ask_bonus(criteria_set.bonus)


def find_wholes(criteria_set: IndicatorSet) -> Iterator[Whole]:
    """Every quotient of the set whose numerator is part of its denominator."""
    for indicator in criteria_set.indicators:
        for quantity in find_quantities(indicator.scoring):
            if quantity.part and quantity.denominator:
                above, below = (
                    tuple(map(indicator.fact_code, keys)) for keys in (quantity.numerator, quantity.denominator)
                )
                yield Whole(above, below)


def find_quantities(scoring: Scoring) -> Iterator[Quantity]:
    """Every quantity that a scoring measures, however deep it stands."""
    match scoring:
        case Scale() | Peers():
            yield scoring.quantity
        case Gate():
            yield from find_quantities(scoring.then)
        case NoneDetected():
            yield from find_quantities(scoring.otherwise)
        case Sum():
            for part in scoring.parts:
                yield from find_quantities(part.scoring)


def name_inputs(indicator: Indicator) -> str:
    """The codes of an indicator's inputs with the decision's words: ``II.4.6:a (Số lượng …), II.4.6:b (…)``."""
    return ", ".join(f"{indicator.fact_code(entry.key)} ({entry.label})" for entry in indicator.inputs)


def _ask_bonus(bonus: Bonus) -> AskedInput:
    return AskedInput(bonus.code, Input("1", "score", bonus.name), bonus.max, None)


def _say_not_subject(subjects: UnitList) -> Flaw:
    return Flaw(
        "criterion",
        Text(
            vi=f"đơn vị không thuộc đối tượng áp dụng ({subjects.title})",
            en=f"the unit is not subject to it ({subjects.title})",
        ),
        Text(vi="số liệu này không được tính điểm; hãy bỏ dòng", en="it earns no points; leave the row out"),
    )
