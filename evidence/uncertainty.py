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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any

from attrs import evolve, frozen

from evidence.asked import Asked, Catalogue, catalogue
from evidence.assumptions import (
    GRAIN,
    KINDS,
    MOST_SAMPLED,
    NEEDS_VALUE,
    SPEAKS_OF,
    WITH_VALUE,
    ZERO_BASE,
    Assumption,
    Assumptions,
    Model,
    Scope,
    as_fraction,
    kind_of,
)
from evidence.files import FilePath, read_rows
from evidence.index_values import read_decimal
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
    suggest_in,
)
from levels.faults import Fault, Findings, Text
from levels.framework import Tier
from levels.loader import Rulebook
from levels.words import TIERS

_MODEL_NAMES: dict[Model, Text] = {
    Model.AUDIT: Text(vi="thẩm định", en="audit"),
    Model.SURVEY: Text(vi="khảo sát", en="survey"),
    Model.CHANCE: Text(vi="xác suất", en="chance"),
    Model.PEERS: Text(vi="đơn vị cùng cấp", en="peers"),
    Model.RANGE: Text(vi="khoảng", en="range"),
    Model.CERTAIN: Text(vi="chắc chắn", en="certain"),
}


UNCERTAINTY_REQUIRED = ("model",)
UNCERTAINTY_COLUMNS = ("tier", "unit", "criterion", "status", "model", "p", "low", "high", "size")

_MODEL_WORDS = {word: model for model, name in _MODEL_NAMES.items() for word in (str(model), fold(name.vi))}

_TAKES = {
    Model.AUDIT: ("p", "low", "high"),
    Model.SURVEY: ("size",),
    Model.CHANCE: ("p",),
    Model.RANGE: ("low", "high"),
}
_OPTIONAL = frozenset({"size"})

_EXPECTED_SHARE = Text(vi="cần số từ 0 đến 1, ví dụ 0,3 hoặc 30 %", en="expected a number from 0 to 1, as 0.3 or 30 %")
_EXPECTED_FACTOR = Text(
    vi="cần hệ số từ 0 đến 1, tối đa 4 chữ số thập phân, ví dụ 0,6 hoặc 60 %",
    en="expected a factor from 0 to 1 with at most 4 decimals, as 0.6 or 60 %",
)


def read_uncertainty(
    path: FilePath,
    rulebook: Rulebook,
    units: Units,
    misfits: Callable[[Assumptions], Iterable[Fault]] = lambda _: (),
) -> Assumptions:
    """The assumptions of a file on the facts of ``units`` under ``rulebook``.

    ``misfits``: where the file has faults, what else the facts say against the rows that could be read and name one
    fact each, so that all is told at once; of other rows it hangs on those that could not be read.
    Raises ``Faulty`` with all faults: tiers, units, criteria, statuses and models that are not there, what is no
    probability or no range, cells that a model does not take, two rows that speak of the same facts.
    """
    reading = _Reading(Findings(os.fspath(path)), catalogue(rulebook), units)
    rows = tuple(reading.read())
    if reading.findings.faults:
        named = Assumptions(os.fspath(path), tuple(row for row in rows if row.names_fact))
        reading.findings.faults.extend(misfits(named))
        reading.findings.faults.sort(key=attrgetter("row"))
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
            known = len(self.findings.faults)
            found = self._row(row, dict(zip(UNCERTAINTY_COLUMNS, cells, strict=True)))
            if found is None or len(self.findings.faults) > known:
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
            self._fault(row, "model", text, self._suggest("model", fold(model), Model))
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
            self._fault(row, "tier", text, self._suggest("tier", tier.casefold(), rated))
        elif tier:
            rated = [Tier(tier.casefold())]
        if not unit:
            return rated
        if unit not in self.units:
            text = Text(vi=f"không có đơn vị mã {quote(unit)}", en=f"there is no unit with the code {quote(unit)}")
            self._fault(row, "unit", text, self._suggest("unit", unit, self.units))
            return rated
        its = self.units[unit].tier
        if its not in rated:
            text = Text(vi=f"{unit} thuộc {TIERS[its].vi}", en=f"{unit} is a {its}")
            expected = Text(
                vi=f"cần đơn vị {' hoặc '.join(TIERS[tier].vi for tier in rated)}",
                en=f"expected a {' or '.join(rated)}",
            )
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
            codes = self.asked.codes(*tiers)
            if inputs := [each for each in codes if each.startswith(f"{code}:")]:
                text = Text(vi=f"{code} có nhiều số liệu", en=f"{code} has several inputs")
                self._fault(row, "criterion", text, suggest("", inputs))
                return None
            text = Text(vi=f"không có {noun.vi} {quote(code)}", en=f"there is no {noun.en} {quote(code)}")
            self._fault(row, "criterion", text, self._suggest(f"criterion {' '.join(tiers)}", code, codes))
            return None
        if len(found) > 1:
            names = ", ".join(found)
            text = Text(
                vi=f"{code} có ở nhiều cấp: {', '.join(TIERS[tier].vi for tier in found)}",
                en=f"{code} is there at several tiers: {names}",
            )
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
            self._fault(row, "status", found, self._suggest("status", text, (*STATUS_NAMES, ZERO_BASE)))
        return status

    def _check_fit(self, found: Assumption, asked: Asked | None, written: str) -> None:
        """That the model can speak of what the row names."""
        if found.model in NEEDS_VALUE and found.status is not None and found.status not in WITH_VALUE:
            text = Text(
                vi=f"{found.model} cần số liệu có giá trị, “{found.status}” thì không có",
                en=f"{found.model} needs facts with a value, which “{found.status}” has not",
            )
            expected = Text(vi="hãy dùng chance, peers hoặc range", en="use chance, peers or range")
            self._fault(found.row, "model", text, expected)
        kinds = KINDS.get(found.model)
        if asked is not None and kinds is not None and asked.kind != "members" and kind_of(asked) not in kinds:
            text = Text(
                vi=f"{found.model} không dùng được cho {asked.code} (loại {asked.kind})",
                en=f"{found.model} cannot speak of {asked.code} (a {asked.kind})",
            )
            self._fault(found.row, "model", text, self._for_which(kinds))
        if found.model is Model.RANGE and not written:
            text = Text(vi="khoảng giá trị mà không có tiêu chí", en="a range of no criterion")
            self._fault(found.row, "criterion", text, Text(vi="hãy ghi tiêu chí", en="name the criterion"))

    def _for_which(self, kinds: frozenset[str]) -> Text:
        """Of ``kinds`` those that the rulebook asks for at all."""
        asked = [each for of_tier in self.asked.asked.values() for each in of_tier.values()]
        there = sorted({str(each.kind) for each in asked if kind_of(each) in kinds})
        if not there:
            return Text(vi="hãy dùng mô hình khác", en="use another model")
        listed = ", ".join(there)
        return Text(vi=f"chỉ dùng cho: {listed}", en=f"it is for these only: {listed}")

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
            over = Text(
                vi=f"{quote(text)} lớn hơn high {quote(cells['high'])}",
                en=f"{quote(text)} is above high {quote(cells['high'])}",
            )
            self._fault(found.row, "low", over, Text(vi="cần low ≤ high", en="expected low ≤ high"))
        return values

    def _suggest(self, kind: str, word: str, known: Iterable[str]) -> Text:
        return suggest_in(self.findings, kind, word, lambda: known)

    def _note(self, row: int, column: str, flaws: Iterable[Flaw]) -> None:
        for flaw in flaws:
            self._fault(row, column, flaw.found, flaw.expected)

    def _fault(self, row: int, column: str, found: Text, expected: Text) -> None:
        self.findings.error(row, column, found=found, expected=expected)


def _overlap(one: Assumption, other: Assumption) -> bool:
    """Whether two rows of one scope speak of a fact that both could be applied to."""
    if one.status is not None or one.names_fact:
        return True
    return not SPEAKS_OF[one.model].isdisjoint(SPEAKS_OF[other.model])


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
        number = plain.removesuffix("%").rstrip()
        try:
            return as_fraction(read_decimal(number, expected, 100, column)) / 100
        except Unreadable as unreadable:
            raise Unreadable([_as_written(flaw, number, text) for flaw in unreadable.flaws]) from None
    return as_fraction(read_decimal(text, expected, 1, column))


def _as_written(flaw: Flaw, part: str, text: str) -> Flaw:
    """``flaw`` of a ``part`` of a cell, the whole ``text`` quoted."""
    vi, en = (found.replace(quote(part), quote(text)) for found in (flaw.found.vi, flaw.found.en))
    return evolve(flaw, found=Text(vi=vi, en=en))


def _expected(model: Model, column: str) -> Text:
    if model is Model.RANGE:
        return Text(vi="cần giá trị của tiêu chí", en="expected a value of the criterion")
    return _EXPECTED_SHARE if column == "p" else _EXPECTED_FACTOR
