"""Publishing: the decisions that publish a ranking, and what still keeps them provisional."""

from collections.abc import Collection, Iterable, Sequence

from certification.decisions import NotPublishable, Signing
from certification.rating import Rating
from evidence.units import Unit, Units
from levels.faults import Text
from levels.framework import Tier
from levels.index import Index
from levels.unit_names import absent
from rules.publication import Publication
from rules.scores import GroupRanking, Reading, Score, State

_SHOWN = 12
"""Codes that a reason names before it counts the rest."""


def prepare_publications(
    rating: Rating, signing: Signing, *, groups: Collection[str] = (), issuers: Collection[str] = ()
) -> list[Publication]:
    """One draft for every committee that publishes, with all of its ranking groups.

    The committee is that of the nearest unit above whose tier rates (``IndicatorSet.rated_by``).
    ``groups`` and ``issuers``, ids and codes, limit what is published; empty: everything. Only what
    the council has accepted is worth points. Raises ``NotPublishable`` where nothing can be published,
    where a group has no such unit above it, or more than one, and where dossiers cannot be closed.
    """
    by_issuer: dict[str, list[GroupRanking]] = {}
    for ranking in rating.ranking(Reading.ACCEPTED).groups:
        if groups and ranking.group.id not in groups:
            continue
        issuer = find_issuer(rating.index, rating.units, ranking)
        if not issuers or issuer.code in issuers:
            by_issuer.setdefault(issuer.code, []).append(ranking)
    if not by_issuer:
        raise NotPublishable(
            Text(vi="Không có nhóm nào để công bố xếp hạng.", en="There is no group whose ranking could be published.")
        )
    return [_publication(rating, rating.units[code], found, signing) for code, found in by_issuer.items()]


def find_issuer(index: Index, units: Units, ranking: GroupRanking) -> Unit:
    """The unit whose committee publishes the ranking of one group. Raises ``NotPublishable``."""
    tier = index.sets[ranking.group.tier].rated_by
    issuers: dict[str, Unit] = {}
    for place in ranking.places:
        unit = _nearest(units, place.score.unit, tier)
        if unit is None:
            who = f"{place.score.unit.name} ({place.score.unit.code})"
            raise NotPublishable(
                Text(
                    vi=f"{who}: trong tệp đơn vị không có đơn vị cấp {tier} phía trên để công bố xếp hạng",
                    en=f"{who}: the units file has no {tier} above it whose committee could publish the ranking",
                )
            )
        issuers[unit.code] = unit
    if len(issuers) > 1:
        names = ", ".join(f"{unit.name} ({unit.code})" for unit in issuers.values())
        raise NotPublishable(
            Text(
                vi=f"Nhóm «{ranking.group.name}» thuộc nhiều cơ quan công bố: {names}; cần mỗi tệp đơn vị một cơ quan",
                en=f"the group «{ranking.group.name}» is under several committees: {names}; "
                "a units file for each is needed",
            )
        )
    return next(iter(issuers.values()))


def _nearest(units: Units, unit: Unit | None, tier: Tier) -> Unit | None:
    for _ in range(len(units)):  # a bundle's units may run in a circle
        if unit is None or unit.tier is tier:
            return unit
        unit = units.get(unit.parent or "")
    return None


def _publication(rating: Rating, issuer: Unit, groups: Sequence[GroupRanking], signing: Signing) -> Publication:
    codes = [place.score.unit.code for group in groups for place in group.places]
    standing = rating.scores(Reading.STANDING)
    known = [standing[code] for code in codes]
    open_ = [score for score in known if _lines(score, State.SELF_REPORTED)]
    if signing.closed and open_:  # a council closes the dossiers when it has ruled on all that was reported
        raise NotPublishable(
            Text(
                vi="Chưa thể khóa hồ sơ, Hội đồng chưa thẩm định: " + "; ".join(map(_open_lines, open_)),
                en="The dossiers cannot be closed, not appraised yet: " + "; ".join(map(_open_lines, open_)),
            )
        )
    return Publication(
        index=rating.index,
        cycle=rating.cycle,
        issuer=issuer,
        superior=None if issuer.parent is None else rating.units[issuer.parent],
        groups=tuple(groups),
        provisional=(*left_out(rating.index, groups, closed=signing.closed), *unsettled(known, closed=signing.closed)),
        number=signing.number,
        signed_on=signing.signed_on,
        signer=signing.signer,
        minutes=signing.minutes,
        closed=signing.closed,
        synthetic=any(fact.synthetic for code in codes for fact in rating.facts.get(code, {}).values()),
        replaces=signing.replaces,
    )


def left_out(index: Index, groups: Iterable[GroupRanking], *, closed: bool) -> tuple[Text, ...]:
    """The units that the decision's list of the rated names and that ``groups`` do not hold, unless ``closed``."""
    ranked = {group.group.tier: group for group in groups if group.group.within == "all"}
    return tuple(
        Text(
            vi=f"{name}: có trong «{entry.title}» nhưng không có trong tệp đơn vị",
            en=f"{name}: named by «{entry.title}» but not in the units file",
        )
        for entry in index.lists
        if entry.rated and entry.tier in ranked and not closed
        for name in absent(entry.units, [place.score.unit.name for place in ranked[entry.tier].places])
    )


def unsettled(scores: Iterable[Score], *, closed: bool) -> tuple[Text, ...]:
    """Why a ranking of ``scores`` (as the data stand) is not final; empty: it is.

    It is provisional while values are not appraised, while points are given without a document («số liệu
    minh chứng hoặc tài liệu kiểm chứng», Bắc Ninh II.2.c), and while data are missing and the council has
    not ``closed`` the dossiers.
    """
    texts = []
    for score in scores:
        who = f"{score.unit.name} ({score.unit.code})"
        reported = _lines(score, State.SELF_REPORTED)
        missing = [] if closed else [line.indicator.code for line in score.missing]
        if reported:
            told = _shorten(reported)
            texts.append(Text(vi=f"{who}: chưa thẩm định {told}", en=f"{who}: not appraised yet: {told}"))
        if missing:
            told = _shorten(missing)
            texts.append(Text(vi=f"{who}: chưa có số liệu {told}", en=f"{who}: no data yet: {told}"))
        unproven = _unproven(score)
        if unproven:
            told = _shorten(unproven)
            texts.append(
                Text(
                    vi=f"{who}: đã chấp nhận nhưng chưa có tài liệu kiểm chứng {told}",
                    en=f"{who}: accepted without a document that proves it: {told}",
                )
            )
    return tuple(texts)


def _lines(score: Score, state: State) -> list[str]:
    return [line.indicator.code for line in score.indicators if line.state is state]


def _unproven(score: Score) -> list[str]:
    return [
        line.indicator.code
        for line in score.indicators
        if line.state is State.ACCEPTED
        and line.points
        and not any(value.fact.documents for value in line.inputs if value.fact is not None)
    ]


def _open_lines(score: Score) -> str:
    return f"{score.unit.name} ({score.unit.code}): {_shorten(_lines(score, State.SELF_REPORTED))}"


def _shorten(codes: Sequence[str]) -> str:
    """``1.1, 1.2, 1.3``; of many the first, and how many there are."""
    if len(codes) <= _SHOWN:
        return ", ".join(codes)
    return f"{', '.join(codes[:_SHOWN])} … ({len(codes)})"
