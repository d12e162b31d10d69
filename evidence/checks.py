"""Checks: one small named check for each doubt that a council should look at before it accepts.

A doubt decides nothing: the facts stand as they are until a person rules on them.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import frozen

from evidence.facts import Amount, Fact, Facts, Status
from evidence.units import Units
from levels.faults import Text
from levels.framework import Count, Criterion, Framework, Ratio, Tier

SUMS = {"kon-tum-121-2025": {"III.1": "II.1", "III.4": "II.5", "IV.3": "III.8"}}
"""For each framework: district criterion by the commune criterion that measures the same thing, worded alike, on its
part of the territory: small enterprises, cashless payment, health stations. Only bases that add up: dossiers (I.2,
II.2), staff and systems are counted at each level of government for itself."""

APART = Fraction(5, 100)
"""How far a district's ratio may lie from that of its communes together: they report on different days."""

JUMP = Fraction(40, 100)
"""A change from one year to the next that asks for an explanation."""

_VALUED = (Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED)


@frozen
class Doubt:
    """Something that may be wrong with the facts of ``units`` on ``criterion``, in words."""

    units: tuple[str, ...]
    criterion: str
    kind: str  # shared_document, contradiction, jump, unproven, bare_percentage, missing_total
    text: Text


def check_all(facts: Facts, units: Units, framework: Framework, last_year: Facts | None = None) -> tuple[Doubt, ...]:
    """Every doubt that the checks of this module have about ``facts``."""
    return (
        *find_shared_documents(facts, units, framework),
        *find_contradictions(facts, units, framework),
        *find_jumps(facts, units, framework, last_year or {}),
        *find_unproven(facts, units, framework),
        *find_bare_percentages(facts, units, framework),
        *find_missing_totals(facts, units, framework),
    )


def find_shared_documents(facts: Facts, units: Units, framework: Framework) -> Iterator[Doubt]:
    """The same document (by hash, else by name) proves facts of several communes."""
    first: dict[str, Fact] = {}
    sharing: dict[str, dict[str, None]] = {}
    for fact, _ in _walk(facts, units, framework):
        for document in fact.documents if units[fact.unit].tier is Tier.COMMUNE else ():
            key = document.sha256 or document.reference
            if first.setdefault(key, fact).unit != fact.unit:
                sharing.setdefault(key, {first[key].unit: None})[fact.unit] = None
    for key, codes in sharing.items():
        fact, names = first[key], ", ".join(f"{units[code].name} ({code})" for code in codes)
        text = Text(
            vi=f"Cùng một tài liệu “{key}” được nộp cho nhiều xã: {names}.",
            en=f"The same document “{key}” is handed in for several communes: {names}.",
        )
        yield Doubt(tuple(codes), fact.criterion, "shared_document", text)


def find_contradictions(facts: Facts, units: Units, framework: Framework) -> Iterator[Doubt]:
    """A district's ratio is not what its communes' facts on the same thing add up to."""
    sums = SUMS.get(framework.id, {})
    for fact, criterion in _walk(facts, units, framework):
        unit = units[fact.unit]
        if unit.tier is not Tier.DISTRICT or criterion.code not in sums or not _is_ratio(fact):
            continue
        below = sums[criterion.code]
        communes = [member.code for member in units.children(unit.code) if member.tier is Tier.COMMUNE]
        parts = [facts.get(code, {}).get(below) for code in communes]
        amounts = [part.amount for part in parts if part is not None and part.amount and part.status in _VALUED]
        if not communes or len(amounts) < len(communes):
            continue
        # A presence (a commune's health station) counts as one of one.
        total = sum(1 if amount.denominator is None else amount.denominator for amount in amounts)
        together = Amount(sum(amount.numerator for amount in amounts), total)
        if total and abs(_share(fact.amount) - _share(together)) > APART:
            text = Text(
                vi=f"{unit.name}: {criterion.code} ghi {fact.amount}, nhưng cộng {below} của các xã được {together}.",
                en=f"{unit.name}: {criterion.code} says {fact.amount}, but its communes' {below} make {together}.",
            )
            yield Doubt((unit.code, *communes), criterion.code, "contradiction", text)


def find_jumps(facts: Facts, units: Units, framework: Framework, last_year: Facts) -> Iterator[Doubt]:
    """A ratio has changed by more than ``JUMP`` since ``last_year``."""
    for fact, criterion in _walk(facts, units, framework):
        before = last_year.get(fact.unit, {}).get(criterion.code)
        if before is None or before is fact or not (_is_ratio(before) and _is_ratio(fact)):
            continue
        if abs(_share(fact.amount) - _share(before.amount)) > JUMP:
            name = units[fact.unit].name
            text = Text(
                vi=f"{name}: {criterion.code} thay đổi từ {before.amount} năm trước thành {fact.amount}.",
                en=f"{name}: {criterion.code} went from {before.amount} last year to {fact.amount}.",
            )
            yield Doubt((fact.unit,), criterion.code, "jump", text)


def find_unproven(facts: Facts, units: Units, framework: Framework) -> Iterator[Doubt]:
    """A value is accepted although no document proves it (II.3: «kèm tài liệu kiểm chứng liên quan»)."""
    for fact, criterion in _walk(facts, units, framework):
        if fact.status in (Status.VERIFIED, Status.ADJUSTED) and not fact.documents:
            name = units[fact.unit].name
            text = Text(
                vi=f"{name}: {criterion.code} được chấp nhận mà không có tài liệu kiểm chứng.",
                en=f"{name}: {criterion.code} is accepted without a document.",
            )
            yield Doubt((fact.unit,), criterion.code, "unproven", text)


def find_bare_percentages(facts: Facts, units: Units, framework: Framework) -> Iterator[Doubt]:
    """A ratio looks like a rounded percentage typed without its counts; says so where a threshold hangs on it."""
    for fact, criterion in _walk(facts, units, framework):
        total = fact.amount.denominator if fact.amount else None
        if criterion.kind != "ratio" or total is None or not is_bare_percentage(fact.amount):
            continue
        near = {r.at_least for r in criterion.requirements if isinstance(r, Ratio)}
        close = sorted(t for t in near if abs(_share(fact.amount) - t) <= Fraction(1, 2 * total))
        name, share = units[fact.unit].name, ", ".join(f"{threshold * 100} %" for threshold in close)
        vi, en = (f", sát ngưỡng {share}", f", right at the threshold of {share}") if close else ("", "")
        text = Text(
            vi=f"{name}: {criterion.code} là tỷ lệ phần trăm không kèm số liệu gốc ({fact.amount}){vi}.",
            en=f"{name}: {criterion.code} is a percentage without its counts ({fact.amount}){en}.",
        )
        yield Doubt((fact.unit,), criterion.code, "bare_percentage", text)


def is_bare_percentage(amount: Amount | None) -> bool:
    """Whether a ratio looks like a percentage typed without its counts: its base is 100, 1000 …"""
    total = amount.denominator if amount else None
    return total is not None and total >= 100 and str(total).strip("0") == "1"


def find_missing_totals(facts: Facts, units: Units, framework: Framework) -> Iterator[Doubt]:
    """A count falls short where it might be all there are («hoặc 100%»), and its total is not told."""
    for fact, criterion in _walk(facts, units, framework):
        enough = max((r.at_least for r in criterion.requirements if isinstance(r, Count) and r.or_all), default=0)
        if fact.amount is not None and fact.amount.denominator is None and 0 < fact.amount.numerator < enough:
            name = units[fact.unit].name
            text = Text(
                vi=f"{name}: {criterion.code} là {fact.amount}; nếu đó là toàn bộ thì cần ghi tổng số.",
                en=f"{name}: {criterion.code} is {fact.amount}; if these are all there are, the total must be told.",
            )
            yield Doubt((fact.unit,), criterion.code, "missing_total", text)


def _walk(facts: Facts, units: Units, framework: Framework) -> Iterator[tuple[Fact, Criterion]]:
    """Every fact with its criterion, in the order of ``units`` and of the criteria set."""
    for code, unit in units.items():
        criteria_set = framework.sets.get(unit.tier)
        criteria: Iterable[Criterion] = criteria_set.criteria if criteria_set else ()
        dossier = facts.get(code, {})
        for criterion in criteria:
            if criterion.code in dossier:
                yield dossier[criterion.code], criterion


def _is_ratio(fact: Fact) -> bool:
    return fact.status in _VALUED and fact.amount is not None and bool(fact.amount.denominator)


def _share(amount: Amount | None) -> Fraction:
    assert amount is not None
    assert amount.denominator
    return Fraction(amount.numerator, amount.denominator)
