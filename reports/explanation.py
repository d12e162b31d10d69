"""The view of a why or why not: sentences by level, the chain of facts, the units that hold back."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from levels.faults import Language, Text
from levels.framework import LEVELS
from reports.charts import draw_ladder
from reports.drawing import Drawing
from reports.labels import LABELS, judge, labels
from reports.sentences import (
    demands,
    documents_text,
    fact_sentence,
    headline,
    levels_sentence,
    member_source,
    reason_sentence,
)
from reports.words import level_text, year_end
from rules.verdict import CriterionVerdict, Explanation, Standing

_UNPROVEN = Text(vi="chưa có", en="none")


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
        date=year_end(verdict.cycle).isoformat(),
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


def _link(found: CriterionVerdict, explanation: Explanation, language: Language) -> Link:
    sentence = fact_sentence(found, explanation.verdict, explanation.asked, language)
    if found.fact is None or found.standing is not Standing.ACCEPTED:
        return Link(sentence, "")
    documents = documents_text(found.fact) or _UNPROVEN.say(language)
    source = f" ({found.fact.source})" if found.fact.source else ""
    return Link(sentence, f"{LABELS['documents'].say(language)}: {documents}{source}")
