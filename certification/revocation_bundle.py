"""The sealed revocation: an act that takes back what an earlier one stated, in one file that can be checked offline.

A revocation computes nothing: why an act is taken back is its committee's to say. What can be checked is checked: its
own seal and documents, and against the sealed bundle of the earlier act that this is the one it names, signed by the
same committee before it, and that it stated what is taken back. What cannot be is said as such.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from certification.bundle import FORMAT as DECISION
from certification.bundle import (
    Sealed,
    bundles_beside,
    close_bundle,
    read_day,
    read_format,
    read_sealed,
    recognitions_in,
    seal_of,
)
from certification.ranking_bundle import FORMAT as RANKING
from certification.ranking_bundle import SUFFIX as RANKINGS
from certification.ranking_bundle import SealedRanking, read_ranking
from certification.verification import Finding, compare, verify_documents
from evidence.units import Unit
from levels.faults import Faulty, Text

FORMAT = "certify-revocation/1"
SUFFIX = ".revocation.json"


@frozen
class Withdrawn:
    """One unit of which the earlier act no longer holds; ``level``: what it had stated, None of a ranking."""

    unit: Unit
    level: int | None


@frozen
class SealedRevocation:
    """What the seal of a revocation covers."""

    format: str
    software: str
    rulebook: str
    rulebook_digest: str
    cycle: int
    issuer: Unit
    number: str
    signed_on: str
    signer: str
    why: str
    earlier: str  # the number of the act that is revoked
    earlier_on: str
    earlier_seal: str
    units: tuple[Withdrawn, ...]
    documents: dict[str, str]  # file name → "sha256:…" of the rendered documents


def seal_revocation(covered: SealedRevocation) -> tuple[str, bytes]:
    """The seal and the bytes of a revocation's bundle."""
    return close_bundle(covered)


def is_revocation(path: Path, name: str) -> bool:
    """Whether a file states that it is the bundle of a revocation. Raises ``Faulty`` where it cannot be read."""
    return read_format(path, name) == FORMAT


def read_revocation(path: Path, name: str) -> tuple[str, SealedRevocation]:
    """The seal that a revocation's bundle carries and what it covers. Raises ``Faulty`` where the file is none."""
    return read_sealed(path, name, {FORMAT: SealedRevocation})


def acts_beside(path: Path, others: Iterable[Path]) -> dict[str, Path]:
    """The bundles of decisions among ``others`` and, with those of rankings, beside ``path``, by their seals."""
    found = bundles_beside(path, others)
    for ranking in sorted(path.parent.glob(f"*{RANKINGS}")):
        with contextlib.suppress(Faulty):  # what lies beside it by chance
            found[read_ranking(ranking, str(ranking))[0]] = ranking
    return found


def verify_revocation(path: Path, name: str, others: Mapping[str, Path]) -> Iterator[Finding]:
    """Check a sealed revocation; ``others`` are bundles by the seal each carries, among them that of the earlier act.

    Raises ``Faulty`` where the file is no bundle of a revocation.
    """
    mark, sealed = read_revocation(path, name)
    yield compare(mark, seal_of(sealed), Text(vi="Niêm phong SHA-256", en="The SHA-256 seal"))
    codes = [each.unit.code for each in sealed.units]
    if not codes or len(set(codes)) < len(codes):
        yield Finding(
            False,
            Text(vi="Không nêu đơn vị nào, hoặc nêu một đơn vị hai lần.", en="It names no unit, or one of them twice."),
        )
    earlier = others.get(sealed.earlier_seal)
    if earlier is None:
        yield Finding(
            None,
            Text(
                vi=f"Quyết định bị thu hồi {sealed.earlier}: không có gói niêm phong của nó, chưa đối chiếu.",
                en=f"The revoked act {sealed.earlier}: its sealed bundle is not at hand, not compared.",
            ),
        )
    else:
        yield from _verify_earlier(sealed, earlier)
    yield Finding(
        None,
        Text(
            vi=f"Lý do thu hồi («{sealed.why}») do cơ quan ký nêu; không có gì để tính lại.",
            en=f"The reason (“{sealed.why}”) is the committee's to state; there is nothing to recompute.",
        ),
    )
    yield from verify_documents(sealed.documents, path, SUFFIX)


def _verify_earlier(sealed: SealedRevocation, path: Path) -> Iterator[Finding]:
    kinds: dict[str, type[Sealed | SealedRanking]] = {DECISION: Sealed, RANKING: SealedRanking}
    mark, earlier = read_sealed(path, path.name, kinds)
    yield compare(
        mark,
        seal_of(earlier),
        Text(vi=f"Niêm phong của quyết định bị thu hồi {sealed.earlier}", en=f"The seal of the act {sealed.earlier}"),
    )
    for recorded, found, what in (
        (sealed.earlier, earlier.number, Text(vi="Số của quyết định bị thu hồi", en="The revoked act's number")),
        (sealed.earlier_on, earlier.signed_on, Text(vi="Ngày ký của nó", en="Its day")),
        (sealed.issuer.code, earlier.issuer.code, Text(vi="Cơ quan đã ký cả hai", en="The body that signed both")),
        (sealed.cycle, earlier.cycle, Text(vi="Năm đánh giá", en="The cycle")),
        (sealed.rulebook_digest, earlier.framework_digest, Text(vi="Mã băm của bộ tiêu chí", en="The rulebook")),
        (_stated(sealed), _found(sealed, earlier), Text(vi="Kết quả bị thu hồi", en="What is taken back")),
    ):
        yield compare(recorded, found, what, show=isinstance(recorded, str | int))
    before, after = read_day(sealed.earlier_on), read_day(sealed.signed_on)
    yield Finding(
        before is not None and after is not None and before <= after,
        Text(
            vi=f"Thu hồi ngày {sealed.signed_on}, không trước ngày ký {sealed.earlier_on}.",
            en=f"Revoked on {sealed.signed_on}, not before {sealed.earlier_on}, when it was signed.",
        ),
    )


def _stated(sealed: SealedRevocation) -> dict[str, int | None]:
    return {each.unit.code: each.level for each in sealed.units}


def _found(sealed: SealedRevocation, earlier: Sealed | SealedRanking) -> dict[str, int | None]:
    """What ``earlier`` states of the units that are taken back."""
    if isinstance(earlier, SealedRanking):
        known: dict[str, int | None] = {place.unit.code: None for group in earlier.groups for place in group.places}
    else:
        known = {code: stated.levels.level for code, stated in recognitions_in(sealed.earlier_seal, earlier).items()}
    return {each.unit.code: known[each.unit.code] for each in sealed.units if each.unit.code in known}
