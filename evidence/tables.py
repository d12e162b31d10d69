"""Tables: units and evidence as CSV or JSON lines, in and out.

``units.csv``: ``code,name,tier,parent`` and optionally ``registered`` (the target level, 1-5).
``evidence.csv``: ``unit,criterion,numerator,denominator,value,status`` and optionally
``source,document,measured_on,cycle,note,reported,sha256,round``; several documents of one fact are
separated by ``|``, their hashes likewise and in the same order; ``reported`` is what the unit had
reported where the council adjusted it (``74/104``, ``5``, ``yes``). Of an index a row names an
input (``II.6.5:a``), and may name the round of scoring it belongs to.

Reading collects every fault of a file and raises them together; nothing is guessed.
"""

import contextlib
import datetime
import gc
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evidence.asked import catalogue
from evidence.dossiers import EVIDENCE_COLUMNS, EVIDENCE_REQUIRED, INDEX_COLUMNS, Evidence, Intake
from evidence.facts import Fact, Facts
from evidence.files import FilePath, read_rows, write_rows
from evidence.index_values import write_decimal
from evidence.units import Unit, Units
from evidence.values import quote, suggest_in
from levels.faults import Findings, Text
from levels.framework import LEVELS, Tier
from levels.index import Index
from levels.loader import Rulebook

UNIT_REQUIRED = ("code", "name", "tier", "parent")
UNIT_COLUMNS = (*UNIT_REQUIRED, "registered")
MAX_NAME = 150
"""Longest name of a unit, in characters: it must fit into the headings of documents."""

CODE = re.compile(r"[0-9A-Za-z._-]{1,16}")
_SHOWN = 12  # units of a circle of parents that a message names
PARENT_TIERS: dict[Tier, tuple[Tier, ...]] = {
    Tier.PROVINCE: (),
    Tier.DISTRICT: (Tier.PROVINCE,),
    # Since 1 July 2025 there are provinces without districts: communes directly under them.
    Tier.COMMUNE: (Tier.DISTRICT, Tier.PROVINCE),
    Tier.DEPARTMENT: (Tier.PROVINCE,),
}


def read_units(path: FilePath) -> Units:
    """The units of a file, in its order, as a checked tree. Raises ``Faulty`` with all faults."""
    findings = Findings(os.fspath(path))
    units: dict[str, Unit] = {}
    rows: dict[str, int] = {}
    for row, cells in read_rows(findings, UNIT_COLUMNS, UNIT_REQUIRED):
        unit = _read_unit(findings, row, cells)
        if unit.code in units:
            first = rows[unit.code]
            found = Text(vi=f"mã {unit.code} đã có ở dòng {first}", en=f"code {unit.code} is already in row {first}")
            findings.error(row, "code", found=found, expected=Text(vi="mỗi mã một dòng", en="expected every code once"))
        elif unit.code:
            units[unit.code] = unit
            rows[unit.code] = row
    _check_tree(findings, units, rows)
    findings.faults.sort(key=lambda fault: fault.row)
    findings.stop()
    return Units(units)


def write_units(path: FilePath, units: Mapping[str, Unit]) -> None:
    """Write ``units`` so that ``read_units`` gives them back."""
    rows = (
        (unit.code, unit.name, str(unit.tier), unit.parent or "", str(unit.registered or "")) for unit in units.values()
    )
    write_rows(path, UNIT_COLUMNS, rows)


def read_evidence(
    path: FilePath,
    rulebook: Rulebook,
    units: Units,
    cycle: int | None = None,
    today: datetime.date | None = None,
) -> Evidence:
    """The facts of a file on ``units`` under ``rulebook``. Raises ``Faulty`` with all errors.

    The assessed cycle is ``cycle``; where that is None, the latest cycle that the file states;
    where it states none, the year of its latest ``measured_on``; where it has none either, the
    year of ``today`` (by default the present day).
    """
    intake = Intake(Findings(os.fspath(path)), catalogue(rulebook), units)
    with _collector_paused():
        for row, cells in read_rows(intake.findings, INDEX_COLUMNS, EVIDENCE_REQUIRED):
            intake.take_row(row, cells)
    return intake.conclude(cycle, today or datetime.datetime.now().astimezone().date())


def write_evidence(path: FilePath, facts: Facts, rulebook: Rulebook | None = None) -> None:
    """Write ``facts`` so that ``read_evidence`` gives them back; those of an index need it as ``rulebook``.

    Raises ``ValueError`` for a document whose reference holds the separator ``|``.
    """
    write_facts(path, (fact for dossier in facts.values() for fact in dossier.values()), rulebook)


def write_facts(path: FilePath, facts: Iterable[Fact], rulebook: Rulebook | None = None) -> None:
    """As ``write_evidence``, for facts of several cycles or rounds together."""
    decimal = isinstance(rulebook, Index)
    rows = (write_fact(fact, decimal=decimal) for fact in facts)
    if isinstance(rulebook, Index) and rulebook.rounds:
        write_rows(path, INDEX_COLUMNS, rows)
    else:
        write_rows(path, EVIDENCE_COLUMNS, (row[: len(EVIDENCE_COLUMNS)] for row in rows))


def write_fact(fact: Fact, *, decimal: bool = False) -> tuple[str, ...]:
    """One row of evidence, in the order of ``INDEX_COLUMNS``.

    ``decimal``: the fact is one of an index, where an amount with a denominator is an exact decimal.
    """
    numerator = denominator = value = ""
    amount, reported = fact.amount, fact.reported
    if amount is not None and (decimal or amount.denominator is None):
        value = write_decimal(amount)
    elif amount is not None:
        numerator, denominator = str(amount.numerator), str(amount.denominator)
    references = [document.reference for document in fact.documents]
    if any("|" in reference for reference in references):
        raise ValueError(f"{fact.id}: a document's reference holds the separator |")
    hashes = [document.sha256 or "" for document in fact.documents]
    return (
        fact.unit,
        fact.criterion,
        numerator,
        denominator,
        value,
        str(fact.status),
        fact.source,
        "|".join(references),
        fact.measured_on.isoformat() if fact.measured_on else "",
        str(fact.cycle or ""),
        fact.note,
        "" if reported is None else write_decimal(reported) if decimal else str(reported),
        "|".join(hashes) if any(hashes) else "",
        fact.round,
    )


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Facts hold no cycles; the collector would only walk over all of them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_unit(findings: Findings, row: int, cells: Sequence[str]) -> Unit:
    """One unit; what is wrong with it alone is noted, and the whole file refused later."""
    code, name, tier_text, parent, registered = (" ".join(cell.split()) for cell in cells)  # a name is one line
    for column, text in (("code", code), ("parent", parent)):
        if not CODE.fullmatch(text) and (text or column == "code"):
            found = Text(vi=f"mã {quote(text)} không hợp lệ", en=f"{quote(text)} is no code")
            expected = Text(
                vi="cần từ 1 đến 16 chữ cái không dấu, chữ số, dấu . _ -",
                en="expected 1 to 16 plain letters, digits, or . _ -",
            )
            findings.error(row, column, found=found, expected=expected)
    if not name:
        found = Text(vi="tên để trống", en="the name is empty")
        findings.error(row, "name", found=found, expected=Text(vi="cần tên đơn vị", en="expected the unit's name"))
    if len(name) > MAX_NAME:
        found = Text(vi=f"tên dài {len(name)} ký tự", en=f"the name has {len(name)} characters")
        expected = Text(vi=f"tối đa {MAX_NAME} ký tự", en=f"at most {MAX_NAME} characters")
        findings.error(row, "name", found=found, expected=expected)
    tier = Tier.COMMUNE
    if tier_text.casefold() in tuple(Tier):
        tier = Tier(tier_text.casefold())
    else:
        found = Text(vi=f"không có cấp {quote(tier_text)}", en=f"there is no tier {quote(tier_text)}")
        findings.error(
            row, "tier", found=found, expected=suggest_in(findings, "tier", tier_text.casefold(), lambda: Tier)
        )
    if registered and registered not in map(str, LEVELS):
        found = Text(vi=f"không có mức {quote(registered)}", en=f"there is no level {quote(registered)}")
        expected = Text(vi="cần mức từ 1 đến 5, hoặc để trống", en="expected a level from 1 to 5, or nothing")
        findings.error(row, "registered", found=found, expected=expected)
        registered = ""
    return Unit(sys.intern(code), name, tier, sys.intern(parent) or None, int(registered) if registered else None)


def _check_tree(findings: Findings, units: Mapping[str, Unit], rows: Mapping[str, int]) -> None:
    """Note unknown parents, cycles of parents (once, with their members) and parents of the wrong tier."""
    cycles = _find_cycles(units)
    in_cycle: set[str] = set()
    for unit in units.values():
        row = rows[unit.code]
        if unit.code in in_cycle or unit.parent is None:
            continue
        if unit.parent not in units:
            found = Text(
                vi=f"không có đơn vị {unit.parent} trong tệp", en=f"there is no unit {unit.parent} in the file"
            )
            findings.error(
                row, "parent", found=found, expected=suggest_in(findings, "parent", unit.parent, lambda: units)
            )
        elif circle := cycles.get(unit.code):
            in_cycle.update(circle)
            place = circle.index(unit.code)
            members = [*circle[place:], *circle[:place]]
            shown = members if len(members) <= _SHOWN else [*members[:_SHOWN], f"… ({len(members)})"]
            path = " → ".join((*shown, unit.code))
            found = Text(vi=f"các đơn vị trực thuộc vòng quanh: {path}", en=f"parents run in a circle: {path}")
            expected = Text(vi="đơn vị cấp trên phải ở cấp cao hơn", en="a parent must be of a broader tier")
            findings.error(row, "parent", found=found, expected=expected)
        elif units[unit.parent].tier not in PARENT_TIERS[unit.tier]:
            parent = units[unit.parent]
            found = Text(
                vi=f"{unit.code} ({unit.tier}) trực thuộc {parent.code} ({parent.tier})",
                en=f"{unit.code} ({unit.tier}) stands under {parent.code} ({parent.tier})",
            )
            tiers = PARENT_TIERS[unit.tier]
            expected = Text(
                vi=f"đơn vị cấp trên phải là {' hoặc '.join(tiers)}" if tiers else "cấp này không có đơn vị cấp trên",
                en=f"expected a parent that is a {' or '.join(tiers)}" if tiers else "this tier has no parent",
            )
            findings.error(row, "parent", found=found, expected=expected)


def _find_cycles(units: Mapping[str, Unit]) -> dict[str, list[str]]:
    """Every circle of parents, in the order of the parents, by the code of each unit in it."""
    cycles: dict[str, list[str]] = {}
    seen: set[str] = set()
    for start in units:
        way: dict[str, int] = {}
        code: str | None = start
        while code is not None and code in units and code not in seen:
            seen.add(code)
            way[code] = len(way)
            code = units[code].parent
        if code in way:
            circle = list(way)[way[code] :]
            cycles.update(dict.fromkeys(circle, circle))
    return cycles
