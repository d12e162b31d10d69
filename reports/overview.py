"""Views of the working papers: explanation, appraisal sheet, summary; in Vietnamese or English.

Like ``reports.view``: plain frozen values, so that a template only loops and prints.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.facts import Fact, Status
from evidence.units import Unit
from levels.faults import Language, Text
from levels.framework import LEVELS, Criterion
from reports.charts import Drawing, draw_heat_maps, draw_ladder
from reports.sentences import (
    demands,
    document_text,
    fact_sentence,
    headline,
    levels_sentence,
    member_source,
    reason_sentence,
    short_reason,
    standing_text,
)
from reports.view import BLANK, Letterhead, committee_lines
from reports.words import (
    NOTHING,
    PROVISIONAL,
    SYNTHETIC_MARK,
    TIER_NAMES,
    collation_key,
    in_sentence,
    level_name,
    level_text,
    place_of,
    value_text,
)
from rules.verdict import CriterionVerdict, Explanation, Reason, Standing, Verdict

LABELS = {
    "accepted": Text(vi="Thẩm định", en="Accepted"),
    "appraisal": Text(vi="PHIẾU THẨM ĐỊNH", en="APPRAISAL SHEET"),
    "blocked": Text(vi="Số đơn vị bị giữ lại", en="Units held back"),
    "blockers": Text(vi="Tiêu chí giữ mức", en="Held back by"),
    "blocking": Text(vi="Tiêu chí giữ lại nhiều đơn vị nhất", en="Criteria that hold back most units"),
    "chain": Text(vi="Căn cứ thực tế và tài liệu kiểm chứng", en="Facts and documents that prove it"),
    "chairman": Text(vi="CHỦ TỊCH HỘI ĐỒNG", en="CHAIR OF THE COUNCIL"),
    "children": Text(vi="Các đơn vị trực thuộc còn giữ lại", en="Member units that hold it back"),
    "claimed": Text(vi="Tự đánh giá", en="Claimed"),
    "code": Text(vi="Mã", en="Code"),
    "criterion": Text(vi="Tiêu chí", en="Criterion"),
    "distribution": Text(vi="Số đơn vị theo mức", en="Units by level"),
    "documents": Text(vi="Tài liệu kiểm chứng", en="Documents"),
    "level": Text(vi="Mức", en="Level"),
    "members": Text(vi="Mức của các đơn vị trực thuộc", en="Levels of the member units"),
    "number": Text(vi="STT", en="No."),
    "possible": Text(vi="Còn có thể đạt", en="Possible"),
    "reason": Text(vi="Tình trạng, lý do", en="Status, reason"),
    "recognised": Text(vi="Được chấp nhận", en="Accepted"),
    "registered": Text(vi="Đăng ký", en="Registered"),
    "reported": Text(vi="Báo cáo", en="Reported"),
    "required": Text(vi="Yêu cầu của từng mức", en="Required at each level"),
    "secretary": Text(vi="THƯ KÝ HỘI ĐỒNG", en="SECRETARY OF THE COUNCIL"),
    "summary": Text(vi="BÁO CÁO TỔNG HỢP", en="SUMMARY REPORT"),
    "truncated": Text(
        vi="Tỷ lệ phần trăm được in đến hai chữ số thập phân và cắt bớt, không làm tròn; mức đạt được xét trên phân số "
        "chính xác in kèm.",
        en="Percentages are printed with two decimals, cut and not rounded; levels are decided on the exact fractions "
        "printed beside them.",
    ),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "units": Text(vi="Mức của từng đơn vị", en="Level of every unit"),
}

MOST_BLOCKING = 10


@frozen
class Marks:
    """What a paper has to say of itself on every page; ``""``: nothing."""

    provisional: str
    synthetic: str


@frozen
class ReasonGroup:
    """The failing requirements at one level."""

    heading: str
    sentences: tuple[str, ...]


@frozen
class Link:
    """One link of the chain to a level: what it says and what proves it."""

    sentence: str
    proof: str  # "" where nothing is to be proven: exempt, or following from other units


@frozen
class ExplanationView:
    title: str
    language: Language
    labels: Mapping[str, str]
    unit: str
    code: str
    citation: str
    headline: str
    levels: str
    drawings: tuple[Drawing, ...]
    groups: tuple[ReasonGroup, ...]
    chain: tuple[Link, ...]
    free: str  # the criteria that demand nothing at this level
    members: tuple[tuple[str, str, str], ...]  # name, level, source
    children: tuple["ExplanationView", ...]
    provisional_mark: str
    synthetic_mark: str
    date: str


@frozen
class SheetRow:
    """One criterion of the appraisal sheet."""

    code: str
    name: str
    cells: tuple[str, ...]
    reported: str
    accepted: str
    level: int
    reason: str
    documents: str


@frozen
class SheetGroup:
    heading: str
    rows: tuple[SheetRow, ...]


@frozen
class AppraisalSheetView:
    title: str
    language: Language
    labels: Mapping[str, str]
    letterhead: Letterhead
    subject: str
    citation: str
    levels: str
    level_names: tuple[str, ...]
    drawings: tuple[Drawing, ...]
    groups: tuple[SheetGroup, ...]
    headline: str
    provisional_mark: str
    synthetic_mark: str
    date: str


@frozen
class EvaluationRow:
    """One unit of the summary."""

    index: int
    code: str
    name: str
    registered: str
    recognised: str
    claimed: str
    possible: str
    blockers: str


@frozen
class Distribution:
    """How many units stand at one level."""

    level: str
    registered: int
    recognised: int
    claimed: int
    possible: int


@frozen
class Blocking:
    code: str
    name: str
    count: int


@frozen
class SummaryView:
    title: str
    language: Language
    labels: Mapping[str, str]
    letterhead: Letterhead
    subject: str
    sentence: str
    distribution: tuple[Distribution, ...]
    rows: tuple[EvaluationRow, ...]
    blocking: tuple[Blocking, ...]
    drawings: tuple[Drawing, ...]
    provisional_mark: str
    synthetic_mark: str
    date: str


def view_explanation(explanation: Explanation, language: Language) -> ExplanationView:
    """The view of a why or why not, with those of the units that hold it back."""
    verdict, reached = explanation.verdict, explanation.reached
    marks = judge([verdict, *(child.verdict for child in explanation.children)], language)
    asking = [found for found in verdict.criteria if demands(found, explanation.asked)]
    free = [found.code for found in verdict.criteria if not demands(found, explanation.asked)]
    without = Text(
        vi=f"Không áp dụng ở mức này: {', '.join(free)}.", en=f"Nothing is demanded at this level by {', '.join(free)}."
    )
    return ExplanationView(
        title=f"{verdict.unit.name} – {LABELS['level'].say(language)} {explanation.asked} – {verdict.cycle}",
        language=language,
        labels=labels(language),
        unit=verdict.unit.name,
        code=verdict.unit.code,
        citation=verdict.framework.instrument.citation,
        headline=headline(explanation, language),
        levels=levels_sentence(verdict, language),
        drawings=(draw_ladder(verdict, language),),
        groups=tuple(reason_groups(explanation, language)),
        chain=tuple(_link(found, explanation, language) for found in asking) if reached else (),
        free=without.say(language) if reached and free else "",
        members=tuple(
            (
                member.unit.name,
                level_text(verdict.framework, member.levels.level, language),
                member_source(member, language),
            )
            for member in verdict.members
        ),
        children=tuple(view_explanation(child, language) for child in explanation.children),
        provisional_mark=marks.provisional,
        synthetic_mark=marks.synthetic,
        date=_date(verdict),
    )


def reason_groups(explanation: Explanation, language: Language) -> Iterator[ReasonGroup]:
    """The failing requirements by level, the lowest first."""
    verdict = explanation.verdict
    for level in LEVELS[: explanation.asked]:
        reasons = [reason for reason in explanation.blockers if reason.at_level == level]
        if not reasons:
            continue
        name = level_text(verdict.framework, level, language)
        heading = Text(
            vi=f"Ở mức {name} còn {len(reasons)} yêu cầu chưa được đáp ứng:",
            en=f"At level {name}, {len(reasons)} requirement{'' if len(reasons) == 1 else 's'} not met:",
        )
        yield ReasonGroup(
            heading.say(language), tuple(reason_sentence(reason, verdict, language) for reason in reasons)
        )


def view_appraisal_sheet(
    verdict: Verdict, explanation: Explanation, language: Language, marks: Marks
) -> AppraisalSheetView:
    """The view of one unit's appraisal sheet; ``explanation`` of the level that the council looks at."""
    criteria_set = verdict.framework.sets[verdict.unit.tier]
    first: dict[str, Reason] = {}
    for reason in explanation.blockers:
        first.setdefault(reason.criterion.code, reason)
    groups = tuple(
        SheetGroup(
            f"{group.code}. {group.name}",
            tuple(
                _sheet_row(found, first.get(found.code), verdict, language)
                for found in verdict.criteria
                if found.criterion.group == group.code
            ),
        )
        for group in criteria_set.groups
    )
    council = f"THẨM ĐỊNH {TIER_NAMES[criteria_set.appraised_by].vi}".upper()
    subject = Text(
        vi=f"Mức độ chuyển đổi số năm {verdict.cycle} của {in_sentence(verdict.unit.name)} (mã {verdict.unit.code})",
        en=f"Digital transformation level {verdict.cycle} of {verdict.unit.name} (code {verdict.unit.code})",
    )
    return AppraisalSheetView(
        title=f"{LABELS['appraisal'].say(language).capitalize()} – {verdict.unit.name} – {verdict.cycle}",
        language=language,
        labels=labels(language),
        letterhead=Letterhead((), ("HỘI ĐỒNG", council), "", f"{BLANK}, {_open_date(verdict.cycle)}"),
        subject=subject.say(language),
        citation=verdict.framework.instrument.citation,
        levels=levels_sentence(verdict, language),
        level_names=tuple(f"{named.number}. {named.name}" for named in verdict.framework.levels),
        drawings=(draw_ladder(verdict, language),),
        groups=groups,
        headline=headline(explanation, language),
        provisional_mark=marks.provisional,
        synthetic_mark=marks.synthetic,
        date=_date(verdict),
    )


def view_summary(
    issuer: Unit, verdicts: Sequence[Verdict], language: Language, own: Verdict | None, marks: Marks
) -> SummaryView:
    """The view of the summary of ``issuer``'s units: all of one tier, at least one; ``own``: its own verdict."""
    ranked = sorted(verdicts, key=lambda verdict: (-verdict.levels.level, collation_key(verdict.unit.name)))
    first = ranked[0]
    tier = TIER_NAMES[first.unit.tier]
    subject = Text(
        vi=f"Kết quả đánh giá mức độ chuyển đổi số {tier.vi} năm {first.cycle} trên địa bàn {in_sentence(issuer.name)}",
        en=f"Digital transformation levels in {first.cycle}, {tier.en}, {issuer.name}",
    )
    ladder = () if own is None else (draw_ladder(own, language),)
    return SummaryView(
        title=subject.say(language),
        language=language,
        labels=labels(language),
        letterhead=Letterhead(
            (), committee_lines(issuer.name), "", f"{place_of(issuer.name)}, {_open_date(first.cycle)}"
        ),
        subject=subject.say(language),
        sentence=_summary_sentence(ranked, language),
        distribution=tuple(_distribution(ranked, language)),
        rows=tuple(_evaluation_row(index, verdict) for index, verdict in enumerate(ranked, start=1)),
        blocking=tuple(_most_blocking(ranked)),
        drawings=(*ladder, *draw_heat_maps(ranked, language)),
        provisional_mark=marks.provisional,
        synthetic_mark=marks.synthetic,
        date=_date(first),
    )


def labels(language: Language) -> dict[str, str]:
    """The fixed words of the working papers."""
    return {key: text.say(language) for key, text in LABELS.items()}


def judge(
    verdicts: Sequence[Verdict], language: Language, *, provisional: bool | None = None, synthetic: bool = False
) -> Marks:
    """The marks of a paper on ``verdicts``; ``provisional`` where the caller knows better than they tell."""
    draft = is_provisional(verdicts) if provisional is None else provisional
    return Marks(
        PROVISIONAL.say(language) if draft else "",
        SYNTHETIC_MARK.say(language) if synthetic or is_synthetic(verdicts) else "",
    )


def is_provisional(verdicts: Iterable[Verdict]) -> bool:
    """Whether a paper rests on values no council has ruled on, on levels not recognised, or may still change.

    Whoever knows more (the council has closed the dossiers) says so to the ``render`` functions.
    """
    return any(
        verdict.levels.level != verdict.levels.possible_level
        or any(found.standing is Standing.SELF_REPORTED for found in verdict.criteria)
        or any(member.provisional for member in verdict.members)
        for verdict in verdicts
    )


def is_synthetic(verdicts: Iterable[Verdict]) -> bool:
    """Whether a paper rests on made-up facts."""
    return any(found.fact is not None and found.fact.synthetic for verdict in verdicts for found in verdict.criteria)


def blocking_codes(verdict: Verdict) -> list[str]:
    """The criteria that keep the unit from the next level; none at level 5."""
    if verdict.levels.level == LEVELS[-1]:
        return []
    return [found.code for found in verdict.criteria if found.levels.level == verdict.levels.level]


def _date(verdict: Verdict) -> str:
    return datetime.date(verdict.cycle, 12, 31).isoformat()


def _open_date(cycle: int) -> str:
    return f"ngày {BLANK} tháng {BLANK} năm {cycle}"


def _link(found: CriterionVerdict, explanation: Explanation, language: Language) -> Link:
    sentence = fact_sentence(found, explanation.verdict, explanation.asked, language)
    if found.fact is None or found.standing is not Standing.ACCEPTED:
        return Link(sentence, "")
    documents = "; ".join(_documents(found.fact)) or _UNPROVEN.say(language)
    source = f" ({found.fact.source})" if found.fact.source else ""
    return Link(sentence, f"{LABELS['documents'].say(language)}: {documents}{source}")


_UNPROVEN = Text(vi="chưa có", en="none")


def _documents(fact: Fact | None) -> tuple[str, ...]:
    return tuple(document_text(document) for document in fact.documents) if fact else ()


def _sheet_row(found: CriterionVerdict, reason: Reason | None, verdict: Verdict, language: Language) -> SheetRow:
    state = standing_text(found, language)
    note = found.fact.note if found.fact else ""
    if reason is not None:
        state = short_reason(reason, verdict, language).partition(": ")[2]
    elif note:
        state = f"{state}: {note}"
    reported, accepted = reported_and_accepted(found, language)
    return SheetRow(
        code=found.code,
        name=found.criterion.name,
        cells=found.criterion.cells,
        reported=reported,
        accepted=accepted,
        level=found.levels.level,
        reason=state,
        documents="; ".join(_documents(found.fact)),
    )


def reported_and_accepted(found: CriterionVerdict, language: Language) -> tuple[str, str]:
    """What the unit reported and what the council accepted of it, as text; both are kept."""
    fact = found.fact
    if fact is None or fact.status is Status.UNKNOWN:
        return NOTHING, NOTHING
    value = NOTHING if fact.amount is None else value_text(found.criterion.kind, fact.amount, language)
    reported = value
    if fact.status is Status.ADJUSTED and fact.reported is not None:
        reported = value_text(found.criterion.kind, fact.reported, language)
    if found.standing is Standing.EXEMPT:
        return reported, standing_text(found, language)
    return reported, value if found.standing is Standing.ACCEPTED else NOTHING


def _summary_sentence(verdicts: Sequence[Verdict], language: Language) -> str:
    total = len(verdicts)
    none = sum(verdict.levels.level == 0 for verdict in verdicts)
    targets = [verdict for verdict in verdicts if verdict.unit.registered is not None]
    met = sum(verdict.levels.level >= (verdict.unit.registered or 0) for verdict in targets)
    return Text(
        vi=f"Trong {total} đơn vị, {total - none} đơn vị đạt từ mức 1 trở lên, {none} đơn vị chưa đạt mức nào. "
        f"{met}/{len(targets)} đơn vị có đăng ký đã đạt từ mức đăng ký trở lên.",
        en=f"Of {total} units, {total - none} have reached level 1 or above and {none} none. "
        f"{met} of {len(targets)} units with a registered target have reached it.",
    ).say(language)


def _distribution(verdicts: Sequence[Verdict], language: Language) -> Iterator[Distribution]:
    framework = verdicts[0].framework
    registered = Counter(verdict.unit.registered for verdict in verdicts)
    recognised = Counter(verdict.levels.level for verdict in verdicts)
    claimed = Counter(verdict.levels.claimed_level for verdict in verdicts)
    possible = Counter(verdict.levels.possible_level for verdict in verdicts)
    for level in (*reversed(LEVELS), 0):
        name = f"{level}. {level_name(framework, level)}" if level else level_text(framework, 0, language)
        yield Distribution(name, registered[level], recognised[level], claimed[level], possible[level])


def _evaluation_row(index: int, verdict: Verdict) -> EvaluationRow:
    unit, levels = verdict.unit, verdict.levels
    return EvaluationRow(
        index=index,
        code=unit.code,
        name=unit.name,
        registered=NOTHING if unit.registered is None else str(unit.registered),
        recognised=str(levels.level),
        claimed=str(levels.claimed_level),
        possible=str(levels.possible_level),
        blockers=", ".join(blocking_codes(verdict)) or NOTHING,
    )


def _most_blocking(verdicts: Sequence[Verdict]) -> Iterator[Blocking]:
    names: dict[str, Criterion] = {found.code: found.criterion for found in verdicts[0].criteria}
    counts = Counter(code for verdict in verdicts for code in blocking_codes(verdict))
    order = list(names)
    for code in sorted(counts, key=lambda code: (-counts[code], order.index(code)))[:MOST_BLOCKING]:
        yield Blocking(code, names[code].name, counts[code])
