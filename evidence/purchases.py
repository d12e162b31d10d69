"""Purchases: improvements that are bought once, at one price, for many units.

``shared.csv``: ``name,tier,criterion,level,cost,under,office``: what is bought once, at one price, and
satisfies one criterion up to ``level`` (empty: the highest) in every unit of ``tier`` under the unit ``under``
(empty: everywhere). Rows of one name are one purchase, whose cost is stated once.
"""

import os
from operator import attrgetter

from attrs import define, field, frozen

from evidence.conditions import ancestry, note_again, note_unknown_unit
from evidence.costs import Money, find_criterion, read_money
from evidence.files import FilePath, read_rows
from evidence.units import Units
from evidence.values import Unreadable, quote, read_whole
from levels.faults import Findings, Text
from levels.framework import LEVELS, Framework, Tier
from levels.words import TIERS

SHARED_REQUIRED = ("name", "tier", "criterion", "cost")
SHARED_COLUMNS = (*SHARED_REQUIRED, "level", "under", "office")


@frozen
class Cover:
    """One criterion that a purchase satisfies up to ``level`` in every unit of ``tier`` under ``under`` (None: all)."""

    tier: Tier
    criterion: str
    level: int
    under: str | None


@frozen
class Purchase:
    """An improvement that is bought once, at one price, for many units."""

    name: str
    cost: Money
    covers: tuple[Cover, ...]
    office: str = ""


def read_shared(path: FilePath, framework: Framework, units: Units) -> tuple[Purchase, ...]:
    """The purchases of a file, in its order.

    Raises ``Faulty`` with all faults: tiers, criteria and units there are not, criteria that follow from the member
    units, levels that are none, costs that are missing, negative, no numbers or differ within a name, a criterion
    that is covered twice, and rows that cover nobody.
    """
    findings = Findings(os.fspath(path))
    purchases: dict[str, _Purchase] = {}
    for row, (title, tier, code, cost, level, under, office) in read_rows(findings, SHARED_COLUMNS, SHARED_REQUIRED):
        name = " ".join(title.split())
        if not name:
            nameless = Text(vi="tên để trống", en="the name is empty")
            expected = Text(
                vi="cần tên để nhận ra các dòng cùng một việc", en="expected a name to tell what is one purchase"
            )
            findings.error(row, "name", found=nameless, expected=expected)
        purchase = purchases.setdefault(name.casefold(), _Purchase(findings, name, row))
        purchase.state("cost", row, cost)
        purchase.state("office", row, " ".join(office.split()))
        criterion = find_criterion(findings, row, tier.casefold(), code, framework)
        at = _read_level(findings, row, level)
        if under and under not in units:
            note_unknown_unit(findings, row, "under", under, units)
        elif criterion is not None and at is not None:
            purchase.cover(row, Cover(Tier(tier.casefold()), code, at, under or None), units)
    found = tuple(purchase.finish() for purchase in purchases.values())
    findings.faults.sort(key=attrgetter("row"))
    findings.stop()
    return found


@define
class _Purchase:
    findings: Findings
    name: str
    row: int
    stated: dict[str, tuple[str, int]] = field(factory=dict)  # cost and office, as written, and their row
    covers: dict[tuple[Tier, str, str | None], tuple[Cover, int]] = field(factory=dict)

    def state(self, column: str, row: int, text: str) -> None:
        """A cell that all rows of the name share: stated once, the others empty or equal."""
        if not text:
            return
        known, first = self.stated.setdefault(column, (text, row))
        if known != text:
            found = Text(
                vi=f"{quote(text)} khác {quote(known)} ở dòng {first} của cùng một việc",
                en=f"{quote(text)} is not {quote(known)} of row {first}, which is the same purchase",
            )
            expected = Text(vi="ghi một lần, các dòng khác để trống", en="state it once and leave the other rows empty")
            self.findings.error(row, column, found=found, expected=expected)

    def cover(self, row: int, cover: Cover, units: Units) -> None:
        key = cover.tier, cover.criterion, cover.under
        if key in self.covers:
            note_again(self.findings, row, "criterion", cover.criterion, self.covers[key][1])
            return
        self.covers[key] = cover, row
        if not any(covered(units, code, cover) for code in units):
            place = cover.under or str(cover.tier)
            found = Text(
                vi=f"không có đơn vị nào thuộc {TIERS[cover.tier].vi} trong phạm vi {quote(place)}",
                en=f"there is no unit of the tier {cover.tier} in {quote(place)}",
            )
            expected = Text(vi="cần phạm vi có đơn vị của cấp đó", en="expected a scope with units of that tier")
            self.findings.error(row, "under", found=found, expected=expected)

    def finish(self) -> Purchase:
        text, row = self.stated.get("cost", ("", self.row))
        cost = read_money(self.findings, row, "cost", text)
        office, _ = self.stated.get("office", ("", 0))
        return Purchase(self.name, cost, tuple(cover for cover, _ in self.covers.values()), office)


def covered(units: Units, code: str, cover: Cover) -> bool:
    """Whether ``cover`` is for the unit ``code``."""
    return units[code].tier is cover.tier and (cover.under is None or cover.under in ancestry(units, code))


def _read_level(findings: Findings, row: int, text: str) -> int | None:
    """The level of a cell, the highest where it is empty; None, with the fault noted, where it is none."""
    if not text:
        return LEVELS[-1]
    try:
        level = read_whole("level", text)
    except Unreadable:
        level = 0
    if level in LEVELS:
        return level
    found = Text(vi=f"{quote(text)} không phải là một mức", en=f"{quote(text)} is not a level")
    expected = Text(vi="cần mức từ 1 đến 5, hoặc để trống", en="expected a level from 1 to 5, or nothing")
    findings.error(row, "level", found=found, expected=expected)
    return None
