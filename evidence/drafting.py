"""Drafting: the facts of one rulebook turned, unit by unit, into what the crosswalk lets another be offered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from attrs import define, field, frozen

from evidence.checks import is_bare_percentage
from evidence.facts import Amount, Fact, Facts, Status
from evidence.files import MAX_CELL
from evidence.index_values import write_decimal
from evidence.units import Unit, Units
from evidence.values import STATUS_NAMES
from levels.coverage import lines_of
from levels.crosswalk import Crosswalk, Entry, Link, Relation, Take, links_back
from levels.faults import Text
from levels.framework import Criterion, Tier
from levels.index import Indicator
from levels.loader import Rulebook

_LONGEST = MAX_CELL // 10
"""Of a source that is quoted, in characters: what is written must be read again."""

_TAKES: Mapping[Take, Text] = {
    "numerator": Text("tử số", "numerator"),
    "denominator": Text("mẫu số", "denominator"),
    "count": Text("số lượng", "count"),
    "answer": Text("câu trả lời", "answer"),
    "complete": Text("đủ 100%", "100 %"),
    "yeses": Text("số xã trả lời «có»", "communes that say yes"),
    "members": Text("số xã", "number of communes"),
}
_RULED = {
    Status.REJECTED: Text("Hội đồng không chấp nhận số liệu này.", "The council has rejected this fact."),
    Status.EXEMPT: Text("Hội đồng đã cho miễn.", "The council has exempted the unit."),
}
_BARE = Text(
    "Số liệu là tỷ lệ phần trăm không kèm số đếm; không biết tử số, mẫu số.",
    "The fact is a percentage without its counts; numerator and denominator are not known.",
)
_MORE_THAN_ALL = Text("Tử số lớn hơn mẫu số.", "The numerator exceeds the denominator.")
_YES, _NO = Text("có", "yes"), Text("không", "no")


@frozen
class Withheld:
    """A fact that is there and is not offered, and why."""

    unit: str
    source: str  # code of the source's line
    target: str  # code of the target's line
    reason: Text


@frozen
class Offer:
    """One value for one input of the target (None: shown to its scorer only), and what it rests on."""

    unit: str
    code: str  # as the target's evidence writes it
    amount: Amount | None
    sources: tuple[Fact, ...]
    origin: Text  # which facts, with values and statuses
    how: Text  # what was taken of them, and why that is right
    conditions: tuple[Text, ...] = ()


class _Refused(Exception):
    """A fact cannot be offered, for ``reason``; None where there simply is no fact."""

    def __init__(self, reason: Text | None = None) -> None:
        self.reason = reason
        super().__init__(reason)


@define
class Drafting:
    """One pass of one rulebook's facts of ``cycle`` over the crosswalk, towards one target."""

    crosswalk: Crosswalk
    facts: Facts
    source: Rulebook
    target: Rulebook
    units: Units
    cycle: int
    offers: list[Offer] = field(factory=list)
    withheld: list[Withheld] = field(factory=list)

    def run(self) -> None:
        """Fill ``offers`` and ``withheld``, in the order of the crosswalk and of the units."""
        for entry, relation in self.crosswalk.between(self.source.id, self.target.id):
            self._look_there(entry, relation)
        for entry, relation in self.crosswalk.between(self.target.id, self.source.id):
            self._look_back(entry, relation)

    def _look_there(self, entry: Entry, relation: Relation) -> None:
        indicator = lines_of(self.target, relation.tier).get(relation.code)
        assert isinstance(indicator, Indicator)
        for unit in self._units(relation.tier):
            places = self._communes(unit) if relation.summed else [unit]
            makes = [partial(self._offer, unit, places, relation, link, indicator) for link in relation.links]
            if relation.kind == "informs":
                makes.append(partial(self._inform, unit, places, entry, relation, indicator))
            for make in makes:
                self._try(unit, entry.code, relation.code, make)

    def _look_back(self, entry: Entry, relation: Relation) -> None:
        criterion = lines_of(self.target, entry.tier).get(entry.code)
        indicator = lines_of(self.source, relation.tier).get(relation.code)
        assert isinstance(indicator, Indicator)
        links = links_back(entry, relation, criterion) if isinstance(criterion, Criterion) else ()
        for unit in self._units(entry.tier) if links else ():
            self._try(unit, relation.code, entry.code, partial(self._return, unit, links, entry, relation, indicator))

    def _try(self, unit: Unit, source: str, target: str, make: Callable[[], Offer]) -> None:
        try:
            self.offers.append(make())
        except _Refused as refused:
            if refused.reason is not None:
                self.withheld.append(Withheld(unit.code, source, target, refused.reason))

    def _units(self, tier: Tier) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.tier is tier]

    def _communes(self, unit: Unit) -> list[Unit]:
        return [member for member in self.units.children(unit.code) if member.tier is Tier.COMMUNE]

    def _offer(self, unit: Unit, places: Sequence[Unit], relation: Relation, link: Link, indicator: Indicator) -> Offer:
        """One value for one input. Raises ``_Refused``."""
        facts = self._all_usable(places, link.of)
        if link.answers:
            amount = _choose(facts[0], relation, link, indicator)
        else:
            amount = Amount(sum(_number(fact, link.take) for fact in facts))
        taken = _TAKES[link.take]
        why = _argue(relation)
        how = Text(f"{taken.vi} ({link.of}). {why.vi}", f"{taken.en} ({link.of}). {why.en}")
        code = indicator.fact_code(link.input)
        origin = self._origin(facts, relation.summed)
        return Offer(unit.code, code, amount, tuple(facts), origin, how, _conditions(link))

    def _return(
        self, unit: Unit, links: Sequence[Link], entry: Entry, relation: Relation, indicator: Indicator
    ) -> Offer:
        """The whole fact of a criterion from an indicator's inputs. Raises ``_Refused``."""
        facts = [self._usable(unit, indicator.fact_code(link.input)) for link in links]
        numbers = [_value(fact).numerator for fact in facts]
        if links[0].answers:
            amount = Amount(int(_answer_back(numbers[0], relation, links[0], indicator)))
        elif len(numbers) > 1 and numbers[0] > numbers[1]:
            raise _Refused(_MORE_THAN_ALL)
        else:
            amount = Amount(*numbers)
        origin = self._origin(facts, summed=False)
        return Offer(unit.code, entry.code, amount, tuple(facts), origin, _argue(relation), _conditions(*links))

    def _inform(
        self, unit: Unit, places: Sequence[Unit], entry: Entry, relation: Relation, indicator: Indicator
    ) -> Offer:
        """What is shown to the council that scores. Raises ``_Refused``."""
        line = lines_of(self.source, entry.tier)[entry.code]
        if isinstance(line, Criterion):
            facts = self._all_usable(places, entry.code)
        else:
            asked = relation.inputs or tuple(line.by_key)
            dossier = self.facts.get(unit.code, {})
            known = [code for code in map(line.fact_code, asked) if code in dossier]
            facts = [self._usable(unit, code) for code in known]
        if not facts:
            raise _Refused
        code = indicator.fact_code(indicator.inputs[0].key)
        return Offer(unit.code, code, None, tuple(facts), self._origin(facts, relation.summed), _argue(relation))

    def _usable(self, unit: Unit, code: str) -> Fact:
        """The fact with a value that may be handed on. Raises ``_Refused``."""
        fact = self.facts.get(unit.code, {}).get(code)
        if fact is not None and fact.status in _RULED:
            raise _Refused(_RULED[fact.status])
        if fact is None or fact.status is Status.UNKNOWN or fact.amount is None:
            raise _Refused
        made = fact.measured_on.year if fact.measured_on else fact.cycle or self.cycle
        if made != self.cycle:
            raise _Refused(
                Text(
                    f"Số liệu của năm {made}, không phải {self.cycle}.", f"The fact is of {made}, not of {self.cycle}."
                )
            )
        return fact

    def _all_usable(self, places: Sequence[Unit], code: str) -> list[Fact]:
        """The facts of all ``places``. Raises ``_Refused``: a sum with a gap is no sum."""
        facts: list[Fact] = []
        reasons: list[Text | None] = []
        for place in places:
            try:
                facts.append(self._usable(place, code))
            except _Refused as refused:
                reasons.append(refused.reason)
        if not facts:
            raise _Refused(next((reason for reason in reasons if reason is not None), None))
        if reasons:
            raise _Refused(
                Text(
                    f"Chỉ {len(facts)} trong {len(places)} xã có số liệu dùng được.",
                    f"Only {len(facts)} of {len(places)} communes have a usable fact.",
                )
            )
        return facts

    def _origin(self, facts: Sequence[Fact], summed: bool) -> Text:
        """Where a draft comes from: rulebook, line, value, status, and the source that the fact itself names."""
        if summed:
            return self._sum_origin(facts)
        parts = [self._describe(fact) for fact in facts]
        return Text("; ".join(part.vi for part in parts), "; ".join(part.en for part in parts))

    def _describe(self, fact: Fact) -> Text:
        shown, status = self._show(fact), STATUS_NAMES[fact.status]
        cited = fact.source if len(fact.source) <= _LONGEST else f"{fact.source[:_LONGEST]}…"
        named = Text(f", nguồn: {cited}", f", source: {cited}") if cited and not fact.synthetic else Text("", "")
        return Text(
            f"{self.source.id} {fact.criterion} = {shown.vi} ({status.vi}{named.vi})",
            f"{self.source.id} {fact.criterion} = {shown.en} ({status.en}{named.en})",
        )

    def _sum_origin(self, facts: Sequence[Fact]) -> Text:
        code, times = facts[0].criterion, Counter(fact.status for fact in facts)
        line = lines_of(self.source, Tier.COMMUNE)[code]
        if isinstance(line, Criterion) and line.kind == "presence":
            together = Amount(sum(_value(fact).numerator for fact in facts), len(facts))
        else:
            together = Amount(sum(_number(fact, "numerator") for fact in facts), _total(facts))
        vi = ", ".join(f"{STATUS_NAMES[status].vi} {count}" for status, count in times.items())
        en = ", ".join(f"{STATUS_NAMES[status].en} {count}" for status, count in times.items())
        return Text(
            f"{self.source.id} {code}, cộng {len(facts)} xã = {together} ({vi})",
            f"{self.source.id} {code}, sum of {len(facts)} communes = {together} ({en})",
        )

    def _show(self, fact: Fact) -> Text:
        """The value as its rulebook writes it."""
        code, _, key = fact.criterion.partition(":")
        line = lines_of(self.source, self.units[fact.unit].tier)[code]
        if isinstance(line, Criterion):
            return _show(_value(fact), line.kind)
        entry = line.by_key[key] if key else line.inputs[0]
        return _show(_value(fact), entry.kind, entry.options)


def _show(amount: Amount, kind: str, options: Sequence[str] = ()) -> Text:
    if kind == "presence":
        return _YES if amount.numerator else _NO
    if kind == "choice":
        shown = options[amount.numerator - 1]
    elif kind in ("ratio", "count"):
        shown = str(amount)
    else:
        shown = write_decimal(amount)
        return Text(shown.replace(".", ","), shown)
    return Text(shown, shown)


def _value(fact: Fact) -> Amount:
    assert fact.amount is not None  # _usable has seen to it
    return fact.amount


def _number(fact: Fact, take: Take) -> int:
    """What one fact adds. Raises ``_Refused`` for a percentage: its parts are no counts."""
    amount = _value(fact)
    if take == "members":
        return 1
    if is_bare_percentage(amount):
        raise _Refused(_BARE)
    if take == "denominator":
        if amount.denominator is None:  # the total of a count may be left out
            raise _Refused
        return amount.denominator
    return amount.numerator


def _total(facts: Sequence[Fact]) -> int | None:
    totals = [total for fact in facts if (total := _value(fact).denominator) is not None]
    return sum(totals) if len(totals) == len(facts) else None


def _choose(fact: Fact, relation: Relation, link: Link, indicator: Indicator) -> Amount:
    """The option that a yes, a no or 100 % is. Raises ``_Refused`` where none follows."""
    amount = _value(fact)
    says = amount.numerator == amount.denominator != 0 if link.take == "complete" else bool(amount.numerator)
    for answer in link.answers:
        if answer.fact is says and answer.way != "back":
            presence = indicator.by_key[link.input].kind == "presence"
            # Of full or none the first option is yes.
            return Amount(int(answer.option == 1) if presence else answer.option)
    raise _Refused(relation.reason)


def _answer_back(value: int, relation: Relation, link: Link, indicator: Indicator) -> bool:
    """The yes or no that an option is. Raises ``_Refused`` where none follows."""
    presence = indicator.by_key[link.input].kind == "presence"
    option = (1 if value else 2) if presence else value
    for answer in link.answers:
        if answer.option == option:
            return answer.fact
    raise _Refused(relation.reason)


def _argue(relation: Relation) -> Text:
    """Why the relation holds, with the recorded readings it rests on."""
    if not relation.readings:
        return relation.reason
    cited = ", ".join(relation.readings)
    return Text(f"{relation.reason.vi} (Cách hiểu: {cited}.)", f"{relation.reason.en} (Reading: {cited}.)")


def _conditions(*links: Link) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(link.condition for link in links if link.condition is not None))
