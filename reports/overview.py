"""Views of the working papers: the appraisal sheet and the summary; in Vietnamese or English.

Like ``reports.view``: plain frozen values, so that a template only loops and prints.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from evidence.facts import Status
from evidence.units import Unit
from levels.faults import Language, Text
from levels.framework import LEVELS, Criterion
from reports.charts import draw_heat_maps, draw_ladder
from reports.drawing import Drawing
from reports.labels import LABELS, Marks, labels
from reports.sentences import (
    documents_text,
    headline,
    levels_sentence,
    short_reason,
    standing_text,
)
from reports.view import BLANK, Letterhead, committee_lines, date_or_blank
from reports.words import (
    NOTHING,
    TIER_NAMES,
    collation_key,
    in_sentence,
    level_name,
    level_text,
    place_of,
    value_text,
    year_end,
)
from rules.verdict import CriterionVerdict, Explanation, Reason, Standing, Verdict

MOST_BLOCKING = 10


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
        letterhead=Letterhead((), ("HỘI ĐỒNG", council), "", f"{BLANK}, {date_or_blank(None, verdict.cycle)}"),
        subject=subject.say(language),
        citation=verdict.framework.instrument.citation,
        levels=levels_sentence(verdict, language),
        level_names=tuple(f"{named.number}. {named.name}" for named in verdict.framework.levels),
        drawings=(draw_ladder(verdict, language),),
        groups=groups,
        headline=headline(explanation, language),
        provisional_mark=marks.provisional,
        synthetic_mark=marks.synthetic,
        date=year_end(verdict.cycle).isoformat(),
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
            (), committee_lines(issuer.name), "", f"{place_of(issuer.name)}, {date_or_blank(None, first.cycle)}"
        ),
        subject=subject.say(language),
        sentence=_summary_sentence(ranked, language),
        distribution=tuple(_distribution(ranked, language)),
        rows=tuple(_evaluation_row(index, verdict) for index, verdict in enumerate(ranked, start=1)),
        blocking=tuple(_most_blocking(ranked)),
        drawings=(*ladder, *draw_heat_maps(ranked, language)),
        provisional_mark=marks.provisional,
        synthetic_mark=marks.synthetic,
        date=year_end(first.cycle).isoformat(),
    )


def blocking_codes(verdict: Verdict) -> list[str]:
    """The criteria that keep the unit from the next level; none at level 5."""
    if verdict.levels.level == LEVELS[-1]:
        return []
    return [found.code for found in verdict.criteria if found.levels.level == verdict.levels.level]


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
        documents=documents_text(found.fact),
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
