"""Assumptions: what is taken for granted of facts that may turn out otherwise; ``evidence.uncertainty`` reads them."""

from collections.abc import Container, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import product

from attrs import frozen

from evidence.asked import Asked
from evidence.facts import Amount, Status
from evidence.inputs import AskedInput
from levels.framework import Tier

GRAIN = 10_000
"""Factors of an audit are whole ten-thousandths."""

MOST_SAMPLED = 10**7
"""The largest sample of a survey: beyond it the share is as good as certain, and a census."""

ZERO_BASE = "zero_base"
"""What stands beside the statuses: 0/0, which is undetermined until the council rules."""


class Model(StrEnum):
    """How a fact may turn out."""

    AUDIT = "audit"
    SURVEY = "survey"
    CHANCE = "chance"
    PEERS = "peers"
    RANGE = "range"
    CERTAIN = "certain"


WITH_VALUE = frozenset({Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED})
_STATUSES = frozenset({*map(str, Status), ZERO_BASE})

SPEAKS_OF: dict[Model, frozenset[str]] = {
    Model.AUDIT: frozenset({Status.SELF_REPORTED}),
    Model.SURVEY: frozenset(WITH_VALUE),
    Model.CHANCE: frozenset({Status.UNKNOWN}),
    Model.PEERS: frozenset({Status.UNKNOWN}),
    Model.RANGE: frozenset({Status.UNKNOWN, Status.SELF_REPORTED}),
    Model.CERTAIN: _STATUSES,
}
NEEDS_VALUE = frozenset({Model.AUDIT, Model.SURVEY})
WHOLE = "whole"
"""What a count is called that is an input of an index: no number of it is «met at every level»."""

# Which values a model can speak of; of an index a ratio is computed from inputs, each with a value of its own.
KINDS: dict[Model, frozenset[str]] = {
    Model.SURVEY: frozenset({"ratio"}),
    Model.RANGE: frozenset({"ratio", "count", WHOLE, "amount", "score"}),
    Model.CHANCE: frozenset({"ratio", "count", "presence", "choice", "score"}),
}


@frozen
class Assumption:
    """What is taken for granted of the facts it speaks of: one row, or (``row`` 0) one of our defaults."""

    model: Model
    tier: Tier | None = None
    unit: str | None = None
    criterion: str | None = None
    status: str | None = None
    p: Fraction | None = None
    low: Fraction | None = None  # of an audit the factor; of a range the value, of a ratio as a share
    high: Fraction | None = None
    size: int | None = None
    ratio: bool = False  # whether ``low`` and ``high`` of a range are those of a ratio
    row: int = 0

    @property
    def scope(self) -> "Scope":
        """The facts it names; a unit says its tier by itself."""
        return None if self.unit else self.tier, self.unit, self.criterion, self.status

    @property
    def names_fact(self) -> bool:
        """Whether it names one single fact."""
        return self.unit is not None and self.criterion is not None

    def speaks_of(self, status: str) -> bool:
        """Whether it speaks of a fact of ``status`` within its scope."""
        if self.status is not None:
            return status == self.status
        return self.names_fact or status in SPEAKS_OF[self.model]

    def fits(self, kind: str, status: str) -> bool:
        """Whether its model can be applied to a value of ``kind`` that has ``status``."""
        if self.model in NEEDS_VALUE and status not in WITH_VALUE:
            return False
        return kind in KINDS.get(self.model, {kind})


Scope = tuple[Tier | None, str | None, str | None, str | None]

DEFAULTS = (
    Assumption(Model.PEERS, status=Status.UNKNOWN),
    Assumption(Model.AUDIT, status=Status.SELF_REPORTED, p=Fraction(1, 10), low=Fraction(7, 10), high=Fraction(1)),
    Assumption(Model.CHANCE, status=ZERO_BASE, p=Fraction(1, 2)),
)
"""What is taken for granted where no row speaks of a fact; of any other status a fact is certain."""

WITHOUT_PEERS = Assumption(Model.CHANCE, p=Fraction(1, 2))
"""What takes the place of ``peers`` where no peer has a known value (of an index: what stands, nothing)."""

CERTAIN = Assumption(Model.CERTAIN)


@frozen
class Assumptions:
    """What is taken for granted of every fact; without rows our defaults alone."""

    file: str = ""
    rows: tuple[Assumption, ...] = ()

    @cached_property
    def _by_scope(self) -> Mapping[Scope, Sequence[Assumption]]:
        found: dict[Scope, list[Assumption]] = {}
        for assumption in self.rows:
            found.setdefault(assumption.scope, []).append(assumption)
        return found

    @cached_property
    def _shapes(self) -> Sequence[tuple[bool, ...]]:
        """Which of unit, criterion, status and tier some row names: the most specific first."""
        named = {(bool(unit), bool(code), bool(status), bool(tier)) for tier, unit, code, status in self._by_scope}
        return [shape for shape in product((True, False), repeat=4) if shape in named]

    def idle(self, spoken: Container[int]) -> tuple[Assumption, ...]:
        """The rows that speak of no fact; ``spoken``: which rows do."""
        return tuple(row for row in self.rows if row.row not in spoken)

    def of(self, tier: Tier, unit: str, criterion: str, kind: str, status: str) -> Assumption:
        """What is taken for granted of one fact; ``kind``: what its value is, ``status``: a status or ``ZERO_BASE``.

        A general row whose model cannot speak of such a value leaves the fact to less specific rows; one that names
        the fact is returned all the same, for its writer must be told.
        """
        for names_unit, names_criterion, names_status, names_tier in self._shapes:
            scope = (
                tier if names_tier else None,
                unit if names_unit else None,
                criterion if names_criterion else None,
                status if names_status else None,
            )
            for assumption in self._by_scope.get(scope, ()):
                if assumption.speaks_of(status) and (assumption.names_fact or assumption.fits(kind, status)):
                    return assumption
        return next((default for default in DEFAULTS if default.status == status), CERTAIN)


def kind_of(asked: Asked) -> str:
    """What the value of a fact is, as models tell them apart."""
    return WHOLE if asked.kind == "count" and isinstance(asked, AskedInput) else asked.kind


def as_fraction(amount: Amount) -> Fraction:
    """The number that an amount is; a ratio must not be 0/0."""
    return Fraction(amount.numerator, 1 if amount.denominator is None else amount.denominator)
