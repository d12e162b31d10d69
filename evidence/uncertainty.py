"""Uncertainty: how sure the facts are, as ``uncertainty.csv`` states it.

``uncertainty.csv``: ``tier,unit,criterion,status,model,p,low,high,size``; only ``model`` must be there. A row speaks of
the facts that its first four cells name (empty: all); of several rows the most specific counts: one that names the
unit goes before one that names the criterion, then the status, then the tier. Models:

- ``audit``: what is reported is corrected downward with probability ``p``, by a factor drawn evenly from ``low`` to
  ``high`` (rounded down to whole numerators); a «yes» becomes «no».
- ``survey``: a ratio found in a sample: of ``size`` asked (empty: of its denominator) so many say yes as a binomial
  draw with the share found gives.
- ``chance``: with probability ``p`` met at every level, else not met.
- ``peers``: drawn from the known values of the same criterion among the units of its tier.
- ``range``: drawn evenly from ``low`` to ``high``: percentages of a ratio, else numbers.
- ``certain``: as it stands.

Where ``status`` is empty, ``audit`` speaks of self-reported facts, ``survey`` of all with a value, ``chance`` and
``peers`` of unknown ones, ``range`` of both unknown and self-reported ones; a row that names unit and criterion
speaks of that fact whatever its status.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from attrs import evolve, field, frozen

from evidence.asked import Asked, Catalogue, catalogue
from evidence.facts import Amount, Status
from evidence.files import FilePath, read_rows
from evidence.index_values import read_decimal
from evidence.inputs import AskedInput
from evidence.units import Units
from evidence.values import (
    EXPECTED_EMPTY,
    STATUS_NAMES,
    Flaw,
    Unreadable,
    fold,
    make_plain,
    quote,
    read_status,
    read_whole,
    suggest,
)
from levels.faults import Findings, Text
from levels.framework import Tier
from levels.loader import Rulebook

UNCERTAINTY_REQUIRED = ("model",)
UNCERTAINTY_COLUMNS = ("tier", "unit", "criterion", "status", "model", "p", "low", "high", "size")

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


MODEL_NAMES: dict[Model, Text] = {
    Model.AUDIT: Text(vi="thẩm định", en="audit"),
    Model.SURVEY: Text(vi="khảo sát", en="survey"),
    Model.CHANCE: Text(vi="xác suất", en="chance"),
    Model.PEERS: Text(vi="đơn vị cùng cấp", en="peers"),
    Model.RANGE: Text(vi="khoảng", en="range"),
    Model.CERTAIN: Text(vi="chắc chắn", en="certain"),
}
"""What people call a model; the Vietnamese names are also understood in input."""

_MODEL_WORDS = {word: model for model, name in MODEL_NAMES.items() for word in (str(model), fold(name.vi))}

_WITH_VALUE = frozenset({Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED})
_STATUSES = frozenset({*map(str, Status), ZERO_BASE})

_SPEAKS_OF: dict[Model, frozenset[str]] = {
    Model.AUDIT: frozenset({Status.SELF_REPORTED}),
    Model.SURVEY: frozenset(_WITH_VALUE),
    Model.CHANCE: frozenset({Status.UNKNOWN}),
    Model.PEERS: frozenset({Status.UNKNOWN}),
    Model.RANGE: frozenset({Status.UNKNOWN, Status.SELF_REPORTED}),
    Model.CERTAIN: _STATUSES,
}
_NEEDS_VALUE = frozenset({Model.AUDIT, Model.SURVEY})
_TAKES = {
    Model.AUDIT: ("p", "low", "high"),
    Model.SURVEY: ("size",),
    Model.CHANCE: ("p",),
    Model.RANGE: ("low", "high"),
}
_OPTIONAL = frozenset({"size"})

WHOLE = "whole"
"""What a count is called that is an input of an index: no number of it is «met at every level»."""

# Which values a model can speak of; of an index a ratio is computed from inputs, each with a value of its own.
_KINDS: dict[Model, frozenset[str]] = {
    Model.SURVEY: frozenset({"ratio"}),
    Model.RANGE: frozenset({"ratio", "count", WHOLE, "amount", "score"}),
    Model.CHANCE: frozenset({"ratio", "count", "presence", "choice", "score"}),
}

_EXPECTED_SHARE = Text(vi="cần số từ 0 đến 1, ví dụ 0,3 hoặc 30 %", en="expected a number from 0 to 1, as 0.3 or 30 %")
_EXPECTED_FACTOR = Text(
    vi="cần hệ số từ 0 đến 1, tối đa 4 chữ số thập phân, ví dụ 0,6 hoặc 60 %",
    en="expected a factor from 0 to 1 with at most 4 decimals, as 0.6 or 60 %",
)


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
        return self.names_fact or status in _SPEAKS_OF[self.model]

    def fits(self, kind: str, status: str) -> bool:
        """Whether its model can be applied to a value of ``kind`` that has ``status``."""
        if self.model in _NEEDS_VALUE and status not in _WITH_VALUE:
            return False
        return kind in _KINDS.get(self.model, {kind})


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
    _found: dict[tuple[Tier, str, str, str], Assumption] = field(factory=dict, init=False, eq=False, repr=False)

    @cached_property
    def _by_scope(self) -> Mapping[Scope, Sequence[Assumption]]:
        found: dict[Scope, list[Assumption]] = {}
        for assumption in (*self.rows, *DEFAULTS):
            found.setdefault(assumption.scope, []).append(assumption)  # a row before a default of equal scope
        return found

    @cached_property
    def _shapes(self) -> Sequence[tuple[bool, ...]]:
        """Which of unit, criterion, status and tier some row names: the most specific first."""
        named = {(bool(unit), bool(code), bool(status), bool(tier)) for tier, unit, code, status in self._by_scope}
        return [shape for shape in product((True, False), repeat=4) if shape in named]

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
        return CERTAIN


def read_uncertainty(path: FilePath, rulebook: Rulebook, units: Units) -> Assumptions:
    """The assumptions of a file on the facts of ``units`` under ``rulebook``.

    Raises ``Faulty`` with all faults: tiers, units, criteria, statuses and models that are not there, what is no
    probability or no range, cells that a model does not take, two rows that speak of the same facts.
    """
    reading = _Reading(Findings(os.fspath(path)), catalogue(rulebook), units)
    rows = tuple(reading.read())
    reading.findings.stop()
    return Assumptions(os.fspath(path), rows)


@frozen
class _Reading:
    findings: Findings
    asked: Catalogue
    units: Units

    def read(self) -> Iterator[Assumption]:
        seen: dict[Scope, list[Assumption]] = {}
        for row, cells in read_rows(self.findings, UNCERTAINTY_COLUMNS, UNCERTAINTY_REQUIRED):
            known = len(self.findings.errors)
            found = self._row(row, dict(zip(UNCERTAINTY_COLUMNS, cells, strict=True)))
            if found is None or len(self.findings.errors) > known:
                continue
            others = seen.setdefault(found.scope, [])
            if twice := next((other for other in others if _overlap(found, other)), None):
                text = Text(
                    vi=f"dòng {twice.row} đã nói về các số liệu này",
                    en=f"row {twice.row} speaks of these facts already",
                )
                self._fault(row, "model", text, Text(vi="hãy bỏ một trong hai dòng", en="remove one of the two rows"))
            others.append(found)
            yield found

    def _row(self, row: int, cells: dict[str, str]) -> Assumption | None:
        tier, unit, criterion, status, model = (cells.pop(column) for column in UNCERTAINTY_COLUMNS[:5])
        tiers = self._tiers(row, tier, unit)
        asked = self._asked(row, criterion, tiers)
        known = self._status(row, status)
        meant = _MODEL_WORDS.get(fold(model))
        if meant is None:
            text = Text(vi=f"không có mô hình {quote(model)}", en=f"there is no model {quote(model)}")
            self._fault(row, "model", text, suggest(fold(model), list(Model)))
            return None
        found = Assumption(
            meant,
            tier=tiers[0] if tier and len(tiers) == 1 else None,
            unit=unit or None,
            criterion=asked.code if asked else None,
            status=known,
            ratio=meant is Model.RANGE and asked is not None and asked.kind == "ratio",
            row=row,
        )
        self._check_fit(found, asked, criterion)
        return evolve(found, **self._values(found, asked, cells))

    def _tiers(self, row: int, tier: str, unit: str) -> list[Tier]:
        """The tiers whose facts a row may speak of."""
        rated = list(self.asked.asked)
        if tier and tier.casefold() not in rated:
            noun = self.asked.noun
            text = Text(vi=f"không có {noun.vi} cho cấp {quote(tier)}", en=f"nothing is asked of tier {quote(tier)}")
            self._fault(row, "tier", text, suggest(tier.casefold(), rated))
        elif tier:
            rated = [Tier(tier.casefold())]
        if not unit:
            return rated
        if unit not in self.units:
            text = Text(vi=f"không có đơn vị mã {quote(unit)}", en=f"there is no unit with the code {quote(unit)}")
            self._fault(row, "unit", text, suggest(unit, list(self.units)))
            return rated
        its = self.units[unit].tier
        if its not in rated:
            text = Text(vi=f"{unit} thuộc cấp {its}", en=f"{unit} is a {its}")
            expected = Text(vi=f"cần đơn vị cấp {', '.join(rated)}", en=f"expected a {' or '.join(rated)}")
            self._fault(row, "unit", text, expected)
            return rated
        return [its]

    def _asked(self, row: int, code: str, tiers: Sequence[Tier]) -> Asked | None:
        """What a row says by its criterion; None where it names none, or none that is."""
        if not code:
            return None
        found = {tier: self.asked.asked[tier][code] for tier in tiers if code in self.asked.asked[tier]}
        noun = self.asked.noun
        if not found:
            text = Text(vi=f"không có {noun.vi} {quote(code)}", en=f"there is no {noun.en} {quote(code)}")
            self._fault(row, "criterion", text, suggest(code, self.asked.codes(*tiers)))
            return None
        if len(found) > 1:
            names = ", ".join(found)
            text = Text(vi=f"{code} có ở nhiều cấp: {names}", en=f"{code} is there at several tiers: {names}")
            self._fault(row, "tier", text, Text(vi="hãy ghi cấp", en="name the tier"))
        asked = next(iter(found.values()))
        if asked.kind == "members":
            text = Text(
                vi=f"{code} được tính từ mức của các đơn vị trực thuộc",
                en=f"{code} follows from the levels of the member units",
            )
            expected = Text(vi="hãy nói về số liệu của các đơn vị đó", en="speak of the facts of those units")
            self._fault(row, "criterion", text, expected)
        return asked

    def _status(self, row: int, text: str) -> str | None:
        if not text:
            return None
        if fold(text).replace(" ", "_").replace("-", "_") == ZERO_BASE:
            return ZERO_BASE
        status = read_status(text)
        if status is None:
            found = Text(vi=f"không có trạng thái {quote(text)}", en=f"there is no status {quote(text)}")
            self._fault(row, "status", found, suggest(text, [*STATUS_NAMES, ZERO_BASE]))
        return status

    def _check_fit(self, found: Assumption, asked: Asked | None, written: str) -> None:
        """That the model can speak of what the row names."""
        if found.model in _NEEDS_VALUE and found.status is not None and found.status not in _WITH_VALUE:
            text = Text(
                vi=f"{found.model} cần số liệu có giá trị, “{found.status}” thì không có",
                en=f"{found.model} needs facts with a value, which “{found.status}” has not",
            )
            expected = Text(vi="hãy dùng chance, peers hoặc range", en="use chance, peers or range")
            self._fault(found.row, "model", text, expected)
        kinds = _KINDS.get(found.model)
        if asked is not None and kinds is not None and asked.kind != "members" and kind_of(asked) not in kinds:
            text = Text(
                vi=f"{found.model} không dùng được cho {asked.code} (loại {asked.kind})",
                en=f"{found.model} cannot speak of {asked.code} (a {asked.kind})",
            )
            listed = ", ".join(sorted(kinds - {WHOLE}))
            self._fault(
                found.row, "model", text, Text(vi=f"chỉ dùng cho: {listed}", en=f"it is for these only: {listed}")
            )
        if found.model is Model.RANGE and not written:
            text = Text(vi="khoảng giá trị mà không có tiêu chí", en="a range of no criterion")
            self._fault(found.row, "criterion", text, Text(vi="hãy ghi tiêu chí", en="name the criterion"))

    def _values(self, found: Assumption, asked: Asked | None, cells: Mapping[str, str]) -> dict[str, Any]:
        takes = _TAKES.get(found.model, ())
        if found.model is Model.AUDIT and asked is not None and asked.kind in ("presence", "choice"):
            takes = ("p",)  # a «yes» becomes a «no»: there is nothing to multiply
        values: dict[str, Any] = {}
        for column, text in cells.items():
            if text and column not in takes:
                extra = Text(vi=f"thừa giá trị {quote(text)}", en=f"superfluous value {quote(text)}")
                self._fault(found.row, column, extra, EXPECTED_EMPTY)
            elif text:
                try:
                    values[column] = _read(found.model, column, text, asked)
                except Unreadable as unreadable:
                    self._note(found.row, column, unreadable.flaws)
            elif column in takes and column not in _OPTIONAL:
                empty = Text(vi="ô trống", en="the cell is empty")
                self._fault(found.row, column, empty, _expected(found.model, column))
        if "low" in values and "high" in values and values["low"] > values["high"]:
            text = cells["low"]
            over = Text(vi=f"{quote(text)} lớn hơn high {quote(cells['high'])}", en=f"{quote(text)} is above high")
            self._fault(found.row, "low", over, Text(vi="cần low ≤ high", en="expected low ≤ high"))
        return values

    def _note(self, row: int, column: str, flaws: Iterable[Flaw]) -> None:
        for flaw in flaws:
            self._fault(row, column, flaw.found, flaw.expected)

    def _fault(self, row: int, column: str, found: Text, expected: Text) -> None:
        self.findings.error(row, column, found=found, expected=expected)


def kind_of(asked: Asked) -> str:
    """What the value of a fact is, as models tell them apart."""
    return WHOLE if asked.kind == "count" and isinstance(asked, AskedInput) else asked.kind


def _overlap(one: Assumption, other: Assumption) -> bool:
    """Whether two rows of one scope speak of a fact that both could be applied to."""
    if one.status is not None or one.names_fact:
        return True
    return not _SPEAKS_OF[one.model].isdisjoint(_SPEAKS_OF[other.model])


def _read(model: Model, column: str, text: str, asked: Asked | None) -> Fraction | int:
    if column == "size":
        return _read_size(text)
    if model is not Model.RANGE:
        share = read_share(text, _expected(model, column), column)
        if column != "p" and (share * GRAIN).denominator != 1:
            found = Text(vi=f"{quote(text)} có quá nhiều chữ số thập phân", en=f"{quote(text)} has too many decimals")
            raise Unreadable([Flaw(column, found, _EXPECTED_FACTOR)])
        return share
    if asked is None or asked.kind == "members":
        return Fraction(0)  # the fault is noted already
    amount = asked.read(value=text)
    assert amount is not None
    return as_fraction(amount)


def _read_size(text: str) -> int:
    size = read_whole("size", text)
    if not 1 <= size <= MOST_SAMPLED:
        found = Text(vi=f"cỡ mẫu {quote(text)}", en=f"a sample of {quote(text)}")
        expected = Text(vi=f"cần từ 1 đến {MOST_SAMPLED}", en=f"expected 1 to {MOST_SAMPLED}")
        raise Unreadable([Flaw("size", found, expected)])
    return size


def read_share(text: str, expected: Text, column: str) -> Fraction:
    """A number from 0 to 1, or its percentage with the sign. Raises ``Unreadable`` naming ``column``."""
    plain = make_plain(text)
    if plain.endswith("%"):
        return as_fraction(read_decimal(plain.removesuffix("%").rstrip(), expected, 100, column)) / 100
    return as_fraction(read_decimal(text, expected, 1, column))


def as_fraction(amount: Amount) -> Fraction:
    """The number that an amount is; a ratio must not be 0/0."""
    return Fraction(amount.numerator, 1 if amount.denominator is None else amount.denominator)


def _expected(model: Model, column: str) -> Text:
    if model is Model.RANGE:
        return Text(vi="cần giá trị của tiêu chí", en="expected a value of the criterion")
    return _EXPECTED_SHARE if column == "p" else _EXPECTED_FACTOR
