"""Decisions: what a people's committee would sign, and what still keeps it provisional."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from certification.hierarchy import Assessment
from evidence.units import Unit
from levels.faults import Text
from rules.verdict import Decision, Standing, Verdict


@frozen
class Signing:
    """What the office knows of the act: its number (``12/QĐ-UBND``), date, signer, and the council's minutes."""

    number: str = ""
    signed_on: datetime.date | None = None
    signer: str = ""
    minutes: str = ""
    closed: bool = False
    replaces: str = ""  # the earlier decision whose place it takes, as a document cites it


class Unsignable(ValueError):
    """An act that nobody could sign; ``text`` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NotRecognisable(Unsignable):
    """A unit that no decision can be about."""


class NotPublishable(Unsignable):
    """A ranking that no committee can publish."""


def prepare_decisions(
    assessment: Assessment, verdicts: Mapping[str, Verdict], codes: Iterable[str], signing: Signing
) -> list[Decision]:
    """One draft for every committee and tier among the units named.

    The committee of the unit above recognises (section II.3: the district its communes, the
    province its districts; a province its communes where there are no districts). Raises
    ``NotRecognisable`` for a unit without criteria of its own or without a unit above it.
    """
    chosen: dict[tuple[str, str], list[Verdict]] = {}
    wanted = set(codes)
    for code in (code for code in assessment.units if code in wanted):
        unit = assessment.units[code]
        if code not in verdicts:
            raise NotRecognisable(
                Text(
                    vi=f"{unit.name} ({code}): bộ tiêu chí không có bảng cho cấp này, không thể xét công nhận",
                    en=f"{unit.name} ({code}): the rulebook has no criteria for this tier, it cannot be recognised",
                )
            )
        if unit.parent is None:
            raise NotRecognisable(
                Text(
                    vi=f"{unit.name} ({code}): không có đơn vị cấp trên trong tệp đơn vị để ra quyết định công nhận",
                    en=f"{unit.name} ({code}): the units file has no unit above it whose committee could decide",
                )
            )
        open_ = [c.code for c in verdicts[code].criteria if c.standing is Standing.SELF_REPORTED]
        if signing.closed and open_:  # a council closes a dossier when it has ruled on all that was reported
            raise NotRecognisable(
                Text(
                    vi=f"{unit.name} ({code}): chưa thể khóa hồ sơ, Hội đồng chưa thẩm định {', '.join(open_)}",
                    en=f"{unit.name} ({code}): the dossier cannot be closed, {', '.join(open_)} not appraised yet",
                )
            )
        chosen.setdefault((unit.parent, unit.tier), []).append(verdicts[code])
    return [_decision(assessment, group, signing) for group in chosen.values()]


def _decision(assessment: Assessment, group: Sequence[Verdict], signing: Signing) -> Decision:
    issuer = _above(assessment, group[0].unit)
    assert issuer is not None
    facts = [found.fact for verdict in group for found in verdict.criteria if found.fact is not None]
    read = [assessment.facts.get(member.unit.code, {}) for verdict in group for member in verdict.members]
    return Decision(
        framework=assessment.framework,
        cycle=assessment.cycle,
        issuer=issuer,
        superior=_above(assessment, issuer),
        tier=group[0].unit.tier,
        verdicts=tuple(group),
        provisional=unsettled(group, closed=signing.closed),
        number=signing.number,
        signed_on=signing.signed_on,
        signer=signing.signer,
        minutes=signing.minutes,
        closed=signing.closed,
        synthetic=any(fact.synthetic for fact in (*facts, *(f for below in read for f in below.values()))),
        replaces=signing.replaces,
    )


def _above(assessment: Assessment, unit: Unit) -> Unit | None:
    return None if unit.parent is None else assessment.units[unit.parent]


# Known so far as nothing: a council may still hear of it, until it closes the dossier.
_OPEN = {Standing.UNKNOWN, Standing.EXPIRED, Standing.ZERO_BASE}


def unsettled(verdicts: Iterable[Verdict], *, closed: bool) -> tuple[Text, ...]:
    """Why a decision about ``verdicts`` is not final; empty: it is.

    It is provisional while it rests on values the council has not appraised, on accepted values
    without a document («tài liệu kiểm chứng liên quan», II.3), on communes not finally recognised
    (their decisions come by 20/12, the district's appraisal by 15/12), or while something not yet
    shown could still raise a level and the council has not ``closed`` the dossiers.
    """
    texts = []
    for verdict in verdicts:
        who = f"{verdict.unit.name} ({verdict.unit.code})"
        reported = [c.code for c in verdict.criteria if c.standing is Standing.SELF_REPORTED]
        undecided = [c.code for c in verdict.criteria if c.standing in _OPEN]
        unproven = [
            c.code
            for c in verdict.criteria
            if c.standing is Standing.ACCEPTED and c.fact is not None and not c.fact.documents
        ]
        waiting = [member.unit.name for member in verdict.members if member.provisional]
        if reported:
            texts.append(
                Text(
                    vi=f"{who}: mới tự khai, chưa thẩm định: {', '.join(reported)}",
                    en=f"{who}: reported but not appraised yet: {', '.join(reported)}",
                )
            )
        if undecided and not closed and verdict.levels.possible_level > verdict.levels.level:
            texts.append(
                Text(
                    vi=f"{who}: chưa có căn cứ và có thể còn nâng mức: {', '.join(undecided)}",
                    en=f"{who}: nothing shown yet, which may still raise the level: {', '.join(undecided)}",
                )
            )
        if unproven:
            texts.append(
                Text(
                    vi=f"{who}: đã chấp nhận nhưng chưa có tài liệu kiểm chứng: {', '.join(unproven)}",
                    en=f"{who}: accepted without a document that proves it: {', '.join(unproven)}",
                )
            )
        if waiting:
            texts.append(
                Text(
                    vi=f"{who}: chưa có quyết định công nhận chính thức của {', '.join(waiting)}",
                    en=f"{who}: no final decision of this cycle yet on {', '.join(waiting)}",
                )
            )
    return tuple(texts)
