"""Verification of a sealed ranking: the points scored anew from the facts, offline.

As with decisions a forger can recompute a seal. So the rulebook must be one that is known, the facts must
be such as intake would take, and everything that the seal covers must follow from them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from attrs import fields

from certification.bundle import read_day, read_format, seal_of
from certification.decisions import NotPublishable, Signing
from certification.publishing import prepare_publications
from certification.ranking_bundle import FORMAT, SUFFIX, Ranked, SealedRanking, covered, read_ranking
from certification.rating import Rating
from certification.soundness import known_rulebooks
from certification.verification import Finding, compare, verify_documents
from evidence.asked import Asked, catalogue
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Facts
from evidence.units import Unit, Units
from evidence.values import CONTROL, Unreadable
from levels.faults import Text
from levels.index import Index
from levels.loader import rulebook_from_content
from rules.scoring import Unscorable


def is_ranking(path: Path, name: str) -> bool:
    """Whether a file states that it is the bundle of a ranking. Raises ``Faulty`` where it cannot be read."""
    return read_format(path, name) == FORMAT


def verify_ranking(path: Path, name: str, rulebooks: Collection[str] = frozenset()) -> Iterator[Finding]:
    """Recompute a sealed ranking and say what agrees and what does not.

    The index must come with the software, or its digest be in ``rulebooks``. Documents are looked for
    beside the bundle. Raises ``Faulty`` where the file is no bundle of a ranking.
    """
    mark, sealed = read_ranking(path, name)
    yield compare(mark, seal_of(sealed), Text(vi="Niêm phong SHA-256", en="The SHA-256 seal"))
    index = rulebook_from_content(sealed.framework, name)
    yield compare(
        sealed.framework_digest,
        index.digest,
        Text(vi=f"Mã băm của bộ chỉ số {index.id}", en=f"The digest of the index {index.id}"),
    )
    if not isinstance(index, Index):
        yield Finding(
            False, Text(vi="Gói không mang bộ chỉ số tính điểm.", en="The bundle carries no index of points.")
        )
        return
    objections = [Finding(False, text) for text in _find_objections(sealed, index, rulebooks)]
    yield from objections or _recompute(sealed, index)  # where there are any, nothing can be recomputed
    yield from verify_documents(sealed.documents, path, SUFFIX)


def _recompute(sealed: SealedRanking, index: Index) -> Iterator[Finding]:
    rating = Rating(index, _units(sealed), _evidence(sealed))
    signing = Signing(sealed.number, read_day(sealed.signed_on), sealed.signer, sealed.minutes, sealed.closed)
    try:
        # The issuer, too, may be of a tier that the index ranks, elsewhere.
        ranked = {group.group for group in sealed.groups}
        [publication] = prepare_publications(rating, signing, groups=ranked, issuers={sealed.issuer.code})
        again = covered(publication, rating, sealed.documents, sealed.software)
    except NotPublishable as error:
        yield Finding(False, error.text)
        return
    except Unscorable as error:
        text = Text(vi=f"Không thể tính điểm: {error}", en=f"The points cannot be computed: {error}")
        yield Finding(False, text)
        return
    recomputed = {(group.group, place.unit.code): place for group in again.groups for place in group.places}
    for group in sealed.groups:
        for place in group.places:
            yield from _compare_place(place, recomputed.get((group.group, place.unit.code)))
    for name in (field.name for field in fields(SealedRanking)):
        recorded, found = getattr(sealed, name), getattr(again, name)
        if recorded != found:
            what = Text(vi=f"Phần «{name}» của công bố", en=f"The part «{name}» of the publication")
            yield compare(recorded, found, what, show=False)


def _compare_place(recorded: Ranked, found: Ranked | None) -> Iterator[Finding]:
    who = f"{recorded.unit.name} ({recorded.unit.code})"
    what = Text(vi=f"Điểm và hạng của {who}", en=f"Points and rank of {who}")
    yield compare(_told(recorded), "–" if found is None else _told(found), what)
    lines = () if found is None else found.indicators
    for line in set(recorded.indicators).symmetric_difference(lines):
        if line in recorded.indicators:
            yield Finding(
                False,
                Text(
                    vi=f"Chỉ số {line.indicator} của {who}: ghi {line.points} ({line.state}), tính lại khác.",
                    en=f"Indicator {line.indicator} of {who}: {line.points} ({line.state}) recorded, "
                    "recomputed otherwise.",
                ),
            )


def _told(place: Ranked) -> str:
    """Points, maximum, rank and last year's as a person reads them: ``1625/2 / 1000, 3``."""
    last = "" if place.last is None else f" ({place.last.points}, {place.last.rank})"
    return f"{place.points} / {place.reachable}, {place.rank}{'=' if place.tied else ''}{last}"


def _places(sealed: SealedRanking) -> Iterator[Ranked]:
    for group in sealed.groups:
        yield from group.places


def _all_units(sealed: SealedRanking) -> list[Unit]:
    superior = [sealed.superior] if sealed.superior else []
    return [*superior, sealed.issuer, *sealed.above, *(place.unit for place in _places(sealed))]


def _units(sealed: SealedRanking) -> Units:
    return Units({unit.code: unit for unit in _all_units(sealed)})


def _evidence(sealed: SealedRanking) -> Evidence:
    now: Facts = {place.unit.code: {f.criterion: f for f in place.facts} for place in _places(sealed)}
    before = {p.unit.code: {f.criterion: f for f in p.last_facts} for p in _places(sealed) if p.last_facts}
    return Evidence(now, sealed.cycle, {sealed.cycle - 1: before} if before else {}, ())


def _find_objections(sealed: SealedRanking, index: Index, rulebooks: Collection[str]) -> Iterator[Text]:
    """Why a sealed ranking cannot be one, even where seal and points agree."""
    if index.digest not in known_rulebooks().union(rulebooks):
        yield Text(
            vi=f"Bộ chỉ số {index.id} {index.version} trong gói không phải bộ chỉ số đã biết nào; "
            "nếu đó là bộ chỉ số của cơ quan, hãy chỉ ra bằng --framework.",
            en=f"The index {index.id} {index.version} in the bundle is none of those known; "
            "where it is the office's own, name it with --framework.",
        )
    if sealed.signed_on and read_day(sealed.signed_on) is None:
        yield Text(vi="Ngày ký không phải là một ngày.", en="The date of signing is not a day.")
    for name in sealed.documents:
        if Path(name).name != name or CONTROL.search(name):
            yield Text(vi=f"«{name}» không phải là tên tệp.", en=f"«{name}» is no name of a file.")
    yield from _object_to_units(sealed)
    asked = catalogue(index).asked
    units = _units(sealed)
    for place in _places(sealed):
        known = asked.get(place.unit.tier)
        if known is None:
            who = f"{place.unit.name} ({place.unit.code})"
            yield Text(vi=f"{who}: bộ chỉ số không có bảng cho cấp này.", en=f"{who}: no indicators for this tier.")
            continue
        for facts in (place.facts, place.last_facts):
            yield from _object_to_facts(place.unit, facts, known, units)


def _object_to_units(sealed: SealedRanking) -> Iterator[Text]:
    """Every unit once, with a sound name, and under the committee that publishes."""
    if not any(_places(sealed)):
        yield Text(vi="Công bố không xếp hạng đơn vị nào.", en="The publication ranks no unit.")
    units = _all_units(sealed)
    for code, times in Counter(unit.code for unit in units).items():
        if times > 1:
            yield Text(vi=f"Đơn vị {code} được tính {times} lần.", en=f"The unit {code} is counted {times} times.")
    by_code = {unit.code: unit for unit in units}
    for unit in units:
        if CONTROL.search(unit.name):
            yield Text(vi=f"Tên của {unit.code} không thể có.", en=f"The name of {unit.code} is impossible.")
    if sealed.issuer.parent != (sealed.superior.code if sealed.superior else None):
        yield Text(vi="Đơn vị cấp trên không khớp.", en="The unit above the issuer does not match.")
    for place in _places(sealed):
        if not _stands_under(place.unit, sealed.issuer, by_code):
            who = f"{place.unit.name} ({place.unit.code})"
            yield Text(
                vi=f"{who} không thuộc {sealed.issuer.name}, nơi công bố xếp hạng.",
                en=f"{who} does not stand under {sealed.issuer.name}, which publishes the ranking.",
            )


def _stands_under(unit: Unit, issuer: Unit, by_code: dict[str, Unit]) -> bool:
    seen = set()
    current: Unit | None = unit
    while current is not None and current.code not in seen:
        seen.add(current.code)
        if current.parent == issuer.code:
            return True
        current = by_code.get(current.parent or "")
    return False


def _object_to_facts(unit: Unit, facts: Collection[Fact], known: Mapping[str, Asked], units: Units) -> Iterator[Text]:
    for code, times in Counter(fact.criterion for fact in facts).items():
        if times > 1:
            yield Text(
                vi=f"{unit.code}/{code} có {times} số liệu.", en=f"{unit.code}/{code} has {times} facts instead of one."
            )
    for fact in facts:
        asked = known.get(fact.criterion)
        if asked is None or asked.code != fact.criterion or fact.unit != unit.code:
            yield Text(
                vi=f"Hồ sơ của {unit.name} ({unit.code}) có dữ liệu lạ: {fact.id}.",
                en=f"The dossier of {unit.name} ({unit.code}) holds a stray fact: {fact.id}.",
            )
            continue
        for amount in (fact.amount, fact.reported):
            if amount is not None and not _fits(asked, amount):
                yield Text(
                    vi=f"{fact.id}: giá trị {amount} không thể có.", en=f"{fact.id}: the value {amount} is impossible."
                )
        yield from (
            Text(vi=f"{fact.id}: {flaw.found.vi}.", en=f"{fact.id}: {flaw.found.en}.")
            for flaw in asked.find_flaws(fact, units)
        )


def _fits(asked: Asked, amount: Amount) -> bool:
    """Whether intake could have read ``amount``."""
    try:
        return asked.read_written(asked.write(amount)) == amount
    except (Unreadable, ValueError):
        return False
