"""Asked: what a row of evidence may name under a rulebook, and how what stands there is read.

A recognition framework asks for criteria, an index for the inputs of its indicators and for its
bonus. Whoever takes in facts, from tables or from forms, knows only what is *asked*: its code,
how its cells become an amount, which facts cannot stand, in how many cycles one counts.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Protocol

from attrs import field, frozen

from evidence.admission import find_doubts, find_flaws
from evidence.facts import Amount, Fact
from evidence.index_values import write_decimal
from evidence.inputs import Whole, ask_inputs, find_wholes, name_inputs
from evidence.units import Unit, Units
from evidence.values import Flaw, quote, read_amount, read_written
from levels.faults import Text
from levels.framework import Criterion, Framework, Kind, Tier
from levels.index import Index, IndicatorSet, InputKind
from levels.loader import Rulebook
from levels.words import TIERS

_PLURALS = {"criterion": "criteria", "indicator": "indicators"}
_ARTICLES = {"criterion": "a criterion", "indicator": "an indicator"}


class Asked(Protocol):
    """One fact that a rulebook asks of the units of one tier."""

    @property
    def code(self) -> str:
        """How a fact names it: ``Fact.criterion``."""

    @property
    def valid_cycles(self) -> int:
        """In how many cycles a fact counts, its own included."""

    @property
    def kind(self) -> Kind | InputKind:
        """What its value is."""

    @property
    def needs_total(self) -> bool:
        """Whether a count comes with the total it is of."""

    def read(self, *, numerator: str = "", denominator: str = "", value: str = "") -> Amount | None:
        """The exact value that three cells state; None where all are empty. Raises ``Unreadable`` with every flaw."""

    def read_written(self, text: str) -> Amount | None:
        """The value that one cell holds whole, as ``write`` gives it. Raises ``Unreadable`` naming ``reported``."""

    def write(self, amount: Amount) -> str:
        """``amount`` in one cell: ``74/104``, ``5``, ``1.25``."""

    def find_flaws(self, fact: Fact, units: Units) -> list[Flaw]:
        """Why ``fact`` cannot stand in a dossier; empty where it can."""

    def find_doubts(self, fact: Fact, unit: Unit) -> list[Flaw]:
        """What stops nothing but should be looked at; each has a column of its own."""


@frozen
class AskedCriterion:
    """A criterion of a recognition framework."""

    criterion: Criterion
    code: str = field(init=False)  # an attribute, not a property: it is read for every row of a country

    @code.default
    def _code(self) -> str:
        return self.criterion.code

    @property
    def valid_cycles(self) -> int:
        return self.criterion.valid_cycles

    @property
    def kind(self) -> Kind | InputKind:
        return self.criterion.kind

    @property
    def needs_total(self) -> bool:
        return self.criterion.needs_total

    def read(self, *, numerator: str = "", denominator: str = "", value: str = "") -> Amount | None:
        return read_amount(self.criterion, numerator=numerator, denominator=denominator, value=value)

    def read_written(self, text: str) -> Amount | None:
        return read_written(self.criterion, text)

    def write(self, amount: Amount) -> str:
        return str(amount)

    def find_flaws(self, fact: Fact, units: Units) -> list[Flaw]:
        return find_flaws(fact, self.criterion, units)

    def find_doubts(self, fact: Fact, unit: Unit) -> list[Flaw]:
        del unit  # no criterion is for some units of a tier only
        return find_doubts(fact)


@frozen
class Catalogue:
    """Everything that a rulebook asks, by tier and by every way of writing its code."""

    rulebook: Rulebook
    asked: Mapping[Tier, Mapping[str, Asked]]
    wholes: Mapping[Tier, tuple[Whole, ...]] = field(factory=dict)

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """The rounds of scoring, in their order; a recognition framework has none."""
        return tuple(entry.id for entry in self.rulebook.rounds) if isinstance(self.rulebook, Index) else ()

    @cached_property
    def lasting(self) -> dict[Tier, list[Asked]]:
        """What counts in more than one cycle."""
        return {
            tier: [asked for asked in named.values() if asked.valid_cycles > 1] for tier, named in self.asked.items()
        }

    @property
    def noun(self) -> Text:
        """What the rulebook calls what it asks."""
        if isinstance(self.rulebook, Index):
            return Text(vi="chỉ số", en="indicator")
        return Text(vi="tiêu chí", en="criterion")

    def codes(self, *tiers: Tier) -> list[str]:
        """Everything asked of the units of ``tiers``, each by its own code."""
        return list(dict.fromkeys(asked.code for tier in tiers for asked in self.asked[tier].values()))

    def refuse(self, unit: Unit, written: str) -> Flaw | None:
        """Why ``written`` is asked of no unit such as ``unit``; None where nothing at all has such a name."""
        noun = self.noun
        if unit.tier not in self.asked:
            found = Text(
                vi=f"{unit.code} thuộc {TIERS[unit.tier].vi}, cấp này không có {noun.vi} nào",
                en=f"{unit.code} is a {unit.tier}, for which there are no {_PLURALS[noun.en]}",
            )
            named = ", ".join(TIERS[tier].vi for tier in self.asked)
            tiers = ", ".join(self.asked)
            expected = Text(vi=f"có {noun.vi} cho: {named}", en=f"there are {_PLURALS[noun.en]} for: {tiers}")
            return Flaw("unit", found, expected)
        if flaw := self._refuse_input(unit.tier, written):
            return flaw
        other = next((tier for tier, named in self.asked.items() if written in named), None)
        if other is None:
            return None
        found = Text(
            vi=f"{written} là {noun.vi} của {TIERS[other].vi}, nhưng {unit.code} thuộc {TIERS[unit.tier].vi}",
            en=f"{written} is {_ARTICLES[noun.en]} of tier {other}, but {unit.code} is a {unit.tier}",
        )
        expected = Text(
            vi=f"cần {noun.vi} của {TIERS[unit.tier].vi}", en=f"expected {_ARTICLES[noun.en]} of tier {unit.tier}"
        )
        return Flaw("criterion", found, expected)

    def _refuse_input(self, tier: Tier, written: str) -> Flaw | None:
        """Why ``written`` names no input although an indicator, or a row of general information, has its name."""
        criteria_set = self.rulebook.sets[tier]
        if not isinstance(criteria_set, IndicatorSet):
            return None
        if any(written and written == item.code for item in criteria_set.general):
            found = Text(
                vi=f"{written} là thông tin chung, không tính điểm",
                en=f"{written} is general information, worth no points",
            )
            return Flaw("criterion", found, Text(vi="hãy bỏ dòng này", en="leave this row out"))
        name, colon, key = written.partition(":")
        indicator = criteria_set.by_code.get(name)
        if indicator is None:
            return None
        found = Text(vi=f"{name} có nhiều số liệu", en=f"{name} has several inputs")
        if colon:
            found = Text(vi=f"{name} không có số liệu {quote(key)}", en=f"{name} has no input {quote(key)}")
        inputs = name_inputs(indicator)
        return Flaw("criterion", found, Text(vi=f"cần một trong: {inputs}", en=f"expected one of {inputs}"))


def amount_writer(rulebook: Rulebook) -> Callable[[Amount], str]:
    """How values of ``rulebook`` are written in one cell: of an index a denominator means decimals."""
    return write_decimal if isinstance(rulebook, Index) else str


def catalogue(rulebook: Rulebook) -> Catalogue:
    """What ``rulebook`` asks of the units of each tier."""
    if isinstance(rulebook, Framework):
        criteria = {
            tier: {criterion.code: AskedCriterion(criterion) for criterion in criteria_set.criteria}
            for tier, criteria_set in rulebook.sets.items()
        }
        return Catalogue(rulebook, criteria)
    inputs: dict[Tier, dict[str, Asked]] = {}
    for tier, indicators in rulebook.sets.items():
        for asked in ask_inputs(rulebook, indicators):
            ways = inputs.setdefault(tier, {})
            ways[asked.code] = asked
            if ":" not in asked.code:  # the only input: its key may be written, but need not
                ways[f"{asked.code}:1"] = ways[f"{asked.code}:{asked.input.key}"] = asked
    return Catalogue(rulebook, inputs, {tier: tuple(find_wholes(entry)) for tier, entry in rulebook.sets.items()})
