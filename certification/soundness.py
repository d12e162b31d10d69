"""Soundness: what no decision may hold, whoever sealed it.

A forger can recompute a seal, every level and the justification graph. So a bundle is held to the
same rules as the files a council hands in: its rulebook is one that is known, its facts may stand
in a dossier, its units belong to the committee that decides, each once.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from certification.bundle import Assessed, Sealed, read_day
from evidence.admission import find_flaws
from evidence.facts import Amount, Fact
from evidence.units import Unit, Units
from evidence.values import CONTROL, MAX_DIGITS
from levels.faults import Text
from levels.framework import LEVELS, CriteriaSet, Criterion, Framework
from levels.loader import framework_ids, load_rulebook


def known_rulebooks() -> frozenset[str]:
    """The digests of the rulebooks that come with the software."""
    return frozenset(load_rulebook(name).digest for name in framework_ids())


def find_objections(sealed: Sealed, framework: Framework, rulebooks: Collection[str]) -> Iterator[Text]:
    """Why a sealed decision cannot be one, even where seal and levels agree.

    ``framework`` is the one it carries; ``rulebooks`` are the digests of those that are known.
    A decision without objections can be recomputed.
    """
    if framework.digest not in rulebooks:
        yield Text(
            vi=f"Bộ tiêu chí {framework.id} {framework.version} trong gói không phải bộ tiêu chí đã biết nào; "
            "nếu đó là bộ tiêu chí của cơ quan, hãy chỉ ra bằng --framework.",
            en=f"The rulebook {framework.id} {framework.version} in the bundle is none of those known; "
            "where it is the office's own, name it with --framework.",
        )
    if sealed.signed_on and read_day(sealed.signed_on) is None:
        yield Text(vi="Ngày ký không phải là một ngày.", en="The date of signing is not a day.")
    if not sealed.synthetic and any(fact.synthetic for part in _parts(sealed) for fact in part.facts):
        yield Text(
            vi="Quyết định dựa vào dữ liệu mô phỏng mà không ghi rõ.",
            en="The decision rests on synthetic data without saying so.",
        )
    for name in sealed.documents:
        if Path(name).name != name or CONTROL.search(name):
            yield Text(vi=f"«{name}» không phải là tên tệp.", en=f"«{name}» is no name of a file.")
    yield from _object_to_units(sealed)
    for assessed in _parts(sealed):
        criteria_set = framework.sets.get(assessed.unit.tier)
        if criteria_set is None:
            who = _name(assessed.unit)
            yield Text(vi=f"{who}: bộ tiêu chí không có bảng cho cấp này.", en=f"{who}: no criteria for this tier.")
            continue
        yield from _object_to_members(assessed, criteria_set)
        yield from _object_to_facts(assessed, criteria_set)


def _parts(sealed: Sealed) -> tuple[Assessed, ...]:
    return (*sealed.below, *sealed.units)


def _name(unit: Unit) -> str:
    return f"{unit.name} ({unit.code})"


def _object_to_units(sealed: Sealed) -> Iterator[Text]:
    """The committee of the unit above recognises (section II.3), every unit once."""
    if not sealed.units:
        yield Text(vi="Quyết định không nói về đơn vị nào.", en="The decision is about no unit.")
    if sealed.issuer.parent != (sealed.superior.code if sealed.superior else None):
        who = _name(sealed.issuer)
        yield Text(vi=f"{who}: đơn vị cấp trên không khớp.", en=f"{who}: the unit above it does not match.")
    for unit in (assessed.unit for assessed in _parts(sealed)):
        if CONTROL.search(unit.name) or unit.registered not in (None, *LEVELS):
            yield Text(
                vi=f"{_name(unit)}: tên hoặc mức đăng ký không thể có.",
                en=f"{_name(unit)}: the name or the registered level is impossible.",
            )
    for unit in (assessed.unit for assessed in sealed.units):
        if unit.parent != sealed.issuer.code or unit.tier != sealed.tier:
            who, issuer = _name(unit), _name(sealed.issuer)
            yield Text(
                vi=f"{who} không phải đơn vị cấp dưới mà {issuer} công nhận trong quyết định này.",
                en=f"{who} is not among the units below {issuer} that this decision recognises.",
            )
    yield from _object_to_repeats(assessed.unit for assessed in _parts(sealed))


def _object_to_repeats(units: Iterator[Unit]) -> Iterator[Text]:
    for code, times in Counter(unit.code for unit in units).items():
        if times > 1:
            yield Text(vi=f"Đơn vị {code} được tính {times} lần.", en=f"The unit {code} is counted {times} times.")


def _object_to_members(assessed: Assessed, criteria_set: CriteriaSet) -> Iterator[Text]:
    """District I.1 reads the levels of the district's own communes, of each once."""
    tier = criteria_set.members_tier
    for member in assessed.members:
        recognised = member.recognition.unit if member.recognition else member.unit.code
        if member.unit.parent != assessed.unit.code or member.unit.tier != tier or recognised != member.unit.code:
            who, above = _name(member.unit), _name(assessed.unit)
            yield Text(
                vi=f"{who} không thuộc {above} nhưng được tính vào.",
                en=f"{who} does not belong to {above} but is counted in.",
            )
    yield from _object_to_repeats(member.unit for member in assessed.members)


def _object_to_facts(assessed: Assessed, criteria_set: CriteriaSet) -> Iterator[Text]:
    around = Units({unit.code: unit for unit in (assessed.unit, *(member.unit for member in assessed.members))})
    for fact in assessed.facts:
        criterion = criteria_set.by_code.get(fact.criterion)
        if criterion is None or fact.unit != assessed.unit.code:
            yield Text(
                vi=f"Hồ sơ của {_name(assessed.unit)} có dữ liệu lạ: {fact.id}.",
                en=f"The dossier of {_name(assessed.unit)} holds a stray fact: {fact.id}.",
            )
            continue
        for found in _flaws(fact, criterion, around):
            yield Text(vi=f"{fact.id}: {found.vi}.", en=f"{fact.id}: {found.en}.")


def _flaws(fact: Fact, criterion: Criterion, around: Units) -> Iterator[Text]:
    for amount in (fact.amount, fact.reported):
        if amount is not None and not _fits(criterion, amount):
            yield Text(vi=f"giá trị {amount} không thể có", en=f"the value {amount} is impossible")
    yield from (flaw.found for flaw in find_flaws(fact, criterion, around))


def _fits(criterion: Criterion, amount: Amount) -> bool:
    """Whether ``evidence.values`` could have read ``amount`` for ``criterion``."""
    part, total = amount.numerator, amount.denominator
    if not 0 <= part < 10**MAX_DIGITS:
        return False
    if criterion.kind == "presence":
        return part <= 1 and total is None
    if total is None:
        return criterion.kind == "count"
    # Only where the decision asks for a base can that base be zero, and the criterion be exempted for it.
    return part <= total < 10**MAX_DIGITS and (total > 0 or criterion.kind == "ratio" or criterion.needs_total)
