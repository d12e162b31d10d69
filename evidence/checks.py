"""Checks: one small named check for each doubt that a council should look at before it accepts.

A doubt decides nothing: the facts stand as they are until a person rules on them.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from evidence.admission import WITH_VALUE
from evidence.asked import Asked, AskedCriterion, catalogue
from evidence.facts import Amount, Fact, Facts, Status
from evidence.index_values import write_decimal
from evidence.inputs import add_up, find_quantities
from evidence.units import Units
from levels.faults import Text
from levels.framework import Count, CriteriaSet, Criterion, Framework, Ratio, Tier
from levels.index import CouncilScore, Indicator, IndicatorSet
from levels.loader import Rulebook

SUMS = {"kon-tum-121-2025": {"III.1": "II.1", "III.4": "II.5", "IV.3": "III.8"}}
"""For each framework: district criterion by the commune criterion that measures the same thing, worded alike, on its
part of the territory: small enterprises, cashless payment, health stations. Only bases that add up: dossiers (I.2,
II.2), staff and systems are counted at each level of government for itself."""

APART = Fraction(5, 100)
"""How far a district's ratio may lie from that of its communes together: they report on different days."""

JUMP = Fraction(40, 100)
"""A change from one year to the next that asks for an explanation."""


@frozen
class Doubt:
    """Something that may be wrong with the facts of ``units`` on ``criterion``, in words."""

    units: tuple[str, ...]
    criterion: str
    kind: str  # shared_document, contradiction, jump, unproven, bare_percentage, missing_total
    text: Text


def added_up(rulebook: Rulebook) -> frozenset[str]:
    """The criteria, of districts and of communes, on which a district is laid beside its communes."""
    sums = SUMS.get(rulebook.id, {})
    return frozenset({*sums, *sums.values()})


def check_all(facts: Facts, units: Units, rulebook: Rulebook, last_year: Facts | None = None) -> tuple[Doubt, ...]:
    """Every doubt that the checks of this module have about ``facts``; three of them are of recognition only."""
    return (
        *find_shared_documents(facts, units, rulebook),
        *find_contradictions(facts, units, rulebook),
        *find_jumps(facts, units, rulebook, last_year or {}),
        *find_unproven(facts, units, rulebook),
        *find_bare_percentages(facts, units, rulebook),
        *find_missing_totals(facts, units, rulebook),
    )


def find_shared_documents(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[Doubt]:
    """The same document (by hash, else by name) proves facts of several units: of communes, of an index in one tier."""
    recognition = isinstance(rulebook, Framework)
    vi, en = ("xã", "communes") if recognition else ("đơn vị", "units")
    first: dict[tuple[Tier, str], Fact] = {}
    sharing: dict[tuple[Tier, str], dict[str, None]] = {}
    for fact, _ in _walk(facts, units, rulebook):
        tier = units[fact.unit].tier
        for document in fact.documents if tier is Tier.COMMUNE or not recognition else ():
            key = tier, document.sha256 or document.reference
            if first.setdefault(key, fact).unit != fact.unit:
                sharing.setdefault(key, {first[key].unit: None})[fact.unit] = None
    for key, codes in sharing.items():
        fact, names = first[key], ", ".join(f"{units[code].name} ({code})" for code in codes)
        text = Text(
            vi=f"Cùng một tài liệu “{key[1]}” được nộp cho nhiều {vi}: {names}.",
            en=f"The same document “{key[1]}” is handed in for several {en}: {names}.",
        )
        yield Doubt(tuple(codes), fact.criterion, "shared_document", text)


def find_contradictions(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[Doubt]:
    """A district's ratio is not what its communes' facts on the same thing add up to."""
    sums = SUMS.get(rulebook.id, {})
    for fact, asked in _walk(facts, units, rulebook) if sums else ():
        unit = units[fact.unit]
        if unit.tier is not Tier.DISTRICT or asked.code not in sums or not _is_ratio(fact):
            continue
        below = sums[asked.code]
        communes = [member.code for member in units.children(unit.code) if member.tier is Tier.COMMUNE]
        parts = [facts.get(code, {}).get(below) for code in communes]
        amounts = [part.amount for part in parts if part is not None and part.amount and part.status in WITH_VALUE]
        if not communes or len(amounts) < len(communes):
            continue
        # A presence (a commune's health station) counts as one of one.
        total = sum(1 if amount.denominator is None else amount.denominator for amount in amounts)
        together = Amount(sum(amount.numerator for amount in amounts), total)
        if total and abs(_share(fact.amount) - _share(together)) > APART:
            text = Text(
                vi=f"{unit.name}: {asked.code} ghi {fact.amount}, nhưng cộng {below} của các xã được {together}.",
                en=f"{unit.name}: {asked.code} says {fact.amount}, but its communes' {below} make {together}.",
            )
            yield Doubt((unit.code, *communes), asked.code, "contradiction", text)


def find_jumps(facts: Facts, units: Units, rulebook: Rulebook, last_year: Facts) -> Iterator[Doubt]:
    """A ratio, or a score's share of its maximum, has changed by more than ``JUMP`` since ``last_year``."""
    for code, unit in units.items():
        if code not in last_year or unit.tier not in rulebook.sets:
            continue
        measured = dict(_measure(rulebook.sets[unit.tier], last_year[code]))
        for criterion, (share, shown) in _measure(rulebook.sets[unit.tier], facts.get(code, {})):
            before = measured.get(criterion)
            if before is not None and abs(share - before[0]) > JUMP:
                text = Text(
                    vi=f"{unit.name}: {criterion} thay đổi từ {before[1]} năm trước thành {shown}.",
                    en=f"{unit.name}: {criterion} went from {before[1]} last year to {shown}.",
                )
                yield Doubt((code,), criterion, "jump", text)


def find_unproven(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[Doubt]:
    """A value is accepted although no document proves it (II.3: «kèm tài liệu kiểm chứng liên quan»)."""
    for fact, asked in _walk(facts, units, rulebook):
        if fact.status in (Status.VERIFIED, Status.ADJUSTED) and not fact.documents:
            name = units[fact.unit].name
            text = Text(
                vi=f"{name}: {asked.code} được chấp nhận mà không có tài liệu kiểm chứng.",
                en=f"{name}: {asked.code} is accepted without a document.",
            )
            yield Doubt((fact.unit,), asked.code, "unproven", text)


def find_bare_percentages(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[Doubt]:
    """A ratio looks like a rounded percentage typed without its counts; says so where a threshold hangs on it."""
    for fact, criterion in _walk_criteria(facts, units, rulebook):
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


def find_missing_totals(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[Doubt]:
    """A count falls short where it might be all there are («hoặc 100%»), and its total is not told."""
    for fact, criterion in _walk_criteria(facts, units, rulebook):
        enough = max((r.at_least for r in criterion.requirements if isinstance(r, Count) and r.or_all), default=0)
        if fact.amount is not None and fact.amount.denominator is None and 0 < fact.amount.numerator < enough:
            name = units[fact.unit].name
            text = Text(
                vi=f"{name}: {criterion.code} là {fact.amount}; nếu đó là toàn bộ thì cần ghi tổng số.",
                en=f"{name}: {criterion.code} is {fact.amount}; if these are all there are, the total must be told.",
            )
            yield Doubt((fact.unit,), criterion.code, "missing_total", text)


def _walk(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[tuple[Fact, Asked]]:
    """Every fact with what was asked, in the order of ``units`` and of the rulebook's tables."""
    asked = catalogue(rulebook)
    by_tier = {tier: [known[code] for code in asked.codes(tier)] for tier, known in asked.asked.items()}
    for code, unit in units.items():
        dossier = facts.get(code, {})
        for entry in by_tier.get(unit.tier, ()):
            if entry.code in dossier:
                yield dossier[entry.code], entry


def _walk_criteria(facts: Facts, units: Units, rulebook: Rulebook) -> Iterator[tuple[Fact, Criterion]]:
    """As ``_walk``, where criteria are asked; an index has none."""
    for fact, asked in _walk(facts, units, rulebook):
        if isinstance(asked, AskedCriterion):
            yield fact, asked.criterion


def _measure(
    criteria_set: CriteriaSet | IndicatorSet, dossier: Mapping[str, Fact]
) -> Iterator[tuple[str, tuple[Fraction, str]]]:
    """What of ``dossier`` can be compared from year to year, with its code: ratios, and shares of a maximum."""
    if isinstance(criteria_set, CriteriaSet):
        for criterion in criteria_set.criteria:
            fact = dossier.get(criterion.code)
            if fact is not None and _is_ratio(fact):
                yield criterion.code, (_share(fact.amount), str(fact.amount))
        return
    for indicator in criteria_set.indicators:
        for part, total in _find_quotients(indicator, dossier):
            if total.numerator:
                share = Fraction(part.numerator, part.denominator or 1) / Fraction(
                    total.numerator, total.denominator or 1
                )
                yield indicator.code, (share, f"{write_decimal(part)}/{write_decimal(total)}")


def _find_quotients(indicator: Indicator, dossier: Mapping[str, Fact]) -> Iterator[tuple[Amount, Amount]]:
    """The parts and wholes of an indicator's quotients; of a score its points and the maximum."""
    if isinstance(indicator.scoring, CouncilScore):
        points = _pick(indicator, (indicator.scoring.key,), dossier)
        if points is not None:
            yield points, Amount(indicator.max)
    for quantity in find_quantities(indicator.scoring):
        part = _pick(indicator, quantity.numerator, dossier)
        total = _pick(indicator, quantity.denominator, dossier)
        if quantity.denominator and part is not None and total is not None:
            yield part, total


def _pick(indicator: Indicator, keys: Sequence[str], dossier: Mapping[str, Fact]) -> Amount | None:
    """The sum of the inputs ``keys``; None where one has no value."""
    found = [dossier.get(indicator.fact_code(key)) for key in keys]
    valued = [fact for fact in found if fact is not None and fact.amount and fact.status in WITH_VALUE]
    return add_up(valued) if len(valued) == len(found) else None


def _is_ratio(fact: Fact) -> bool:
    return fact.status in WITH_VALUE and fact.amount is not None and bool(fact.amount.denominator)


def _share(amount: Amount | None) -> Fraction:
    assert amount is not None
    assert amount.denominator
    return Fraction(amount.numerator, amount.denominator)
