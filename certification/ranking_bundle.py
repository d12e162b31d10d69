"""The sealed ranking: one published ranking with everything it rests on, in one file.

As a decision's bundle it is canonical JSON (RFC 8785) under a SHA-256 seal. It holds the rulebook,
the units, the facts of the cycle and of the year before with their statuses and document hashes, the
points and places, and the hashes of the documents that were rendered.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from certification.bundle import close_bundle, digest, read_sealed
from certification.rating import Rating
from evidence.facts import Fact
from evidence.units import Unit
from levels.faults import Text
from levels.index_content import content as index_content
from rules.publication import Publication
from rules.scores import GroupRanking, Place, State

FORMAT = "certify-ranking/1"
SUFFIX = ".ranking.json"


@frozen
class FoundPoints:
    """What the ranking says of one indicator; points are exact: ``75/4``."""

    indicator: str
    points: str
    reachable: int
    state: State


@frozen
class LastPlace:
    """A unit's points and rank a year before."""

    points: str
    rank: int


@frozen
class Ranked:
    """One unit with its facts, points and place."""

    unit: Unit
    facts: tuple[Fact, ...]
    last_facts: tuple[Fact, ...]  # of the year before, for its place then
    points: str
    bonus: str
    reachable: int
    rank: int
    tied: bool
    last: LastPlace | None
    indicators: tuple[FoundPoints, ...]


@frozen
class SealedGroup:
    """One ranking group, best first; ``parent`` is the unit within which it ranks, if any."""

    group: str
    parent: str | None
    places: tuple[Ranked, ...]


@frozen
class SealedRanking:
    """What the seal of a ranking covers."""

    format: str
    software: str
    framework: dict[str, Any]  # canonical content of the rulebook
    framework_digest: str
    cycle: int
    issuer: Unit
    superior: Unit | None
    above: tuple[Unit, ...]  # the units between the issuer and those it ranks
    number: str
    signed_on: str
    signer: str
    minutes: str
    closed: bool
    synthetic: bool
    provisional: tuple[Text, ...]
    groups: tuple[SealedGroup, ...]
    documents: dict[str, str]  # file name → "sha256:…" of the rendered documents


def seal_ranking(
    publication: Publication, rating: Rating, documents: Mapping[str, bytes], software: str
) -> tuple[str, bytes]:
    """The seal and the bytes of a publication's bundle; ``rating`` is the one it was drawn from.

    ``documents`` are the rendered files by name.
    """
    hashes = {name: digest(data) for name, data in documents.items()}
    return close_bundle(covered(publication, rating, hashes, software))


def covered(publication: Publication, rating: Rating, documents: dict[str, str], software: str) -> SealedRanking:
    """What a seal on ``publication`` covers; ``documents`` are the digests of the rendered files by name."""
    return SealedRanking(
        format=FORMAT,
        software=software,
        framework=index_content(publication.index),
        framework_digest=publication.index.digest,
        cycle=publication.cycle,
        issuer=publication.issuer,
        superior=publication.superior,
        above=_between(publication, rating),
        number=publication.number,
        signed_on=publication.signed_on.isoformat() if publication.signed_on else "",
        signer=publication.signer,
        minutes=publication.minutes,
        closed=publication.closed,
        synthetic=publication.synthetic,
        provisional=publication.provisional,
        groups=tuple(_group(group, rating) for group in publication.groups),
        documents=documents,
    )


def read_ranking(path: Path, name: str) -> tuple[str, SealedRanking]:
    """The seal that a ranking's bundle carries and what it covers. Raises ``Faulty`` where the file is none."""
    return read_sealed(path, name, {FORMAT: SealedRanking})


def _between(publication: Publication, rating: Rating) -> tuple[Unit, ...]:
    ranked = {score.unit.code for score in publication.scores}
    found: dict[str, Unit] = {}
    for score in publication.scores:
        parent = score.unit.parent
        while parent is not None and parent != publication.issuer.code:
            found[parent] = rating.units[parent]
            parent = rating.units[parent].parent
    return tuple(unit for code, unit in found.items() if code not in ranked)


def _group(group: GroupRanking, rating: Rating) -> SealedGroup:
    return SealedGroup(
        group=group.group.id,
        parent=None if group.parent is None else group.parent.code,
        places=tuple(_ranked(place, rating) for place in group.places),
    )


def _ranked(place: Place, rating: Rating) -> Ranked:
    score, code = place.score, place.score.unit.code
    return Ranked(
        unit=score.unit,
        facts=tuple(rating.facts.get(code, {}).values()),
        last_facts=tuple(rating.last_year.get(code, {}).values()),
        points=str(score.points),
        bonus=str(score.bonus),
        reachable=score.reachable,
        rank=place.rank,
        tied=place.tied,
        last=None if place.last is None else LastPlace(str(place.last.score.points), place.last.rank),
        indicators=tuple(
            FoundPoints(line.indicator.code, str(line.points), line.reachable, line.state) for line in score.indicators
        ),
    )
