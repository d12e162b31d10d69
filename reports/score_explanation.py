"""Why this score: every indicator's formula, facts, points, losses and ways to win them back, as text and HTML."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs
from attrs import frozen

from levels.faults import Language, Text
from levels.index import Bonus, Input
from reports.documents import environment
from reports.ranking_table import pillar_label
from reports.round_table import change_sentence
from reports.score_words import (
    NO_METHOD,
    STATES,
    applied_sentence,
    documents_of,
    gaps_sentence,
    input_sentence,
    input_status_text,
    input_value_text,
    lost_sentence,
    notes_of,
    points_text,
    quantity_sentences,
    reading_texts,
    state_text,
    total_sentence,
    ways_back,
)
from reports.sentences import documents_text
from reports.words import PROVISIONAL, SYNTHETIC_MARK, decimal_text, printable, year_end
from rules.scores import IndicatorScore, InputValue, Place, RoundScore, Score, State

_LABELS = {
    "method": Text(vi="Cách tính (lời văn bản)", en="Method (the decision's words)"),
    "facts": Text(vi="Số liệu", en="Facts"),
    "computed": Text(vi="Tính", en="Computed"),
    "status": Text(vi="Tình trạng", en="Status"),
    "lost": Text(vi="Mất điểm", en="Lost"),
    "gains": Text(vi="Cách lấy lại điểm", en="What would win it back"),
    "documents": Text(vi="Tài liệu kiểm chứng", en="Documents"),
    "notes": Text(vi="Lý do, ghi chú", en="Reasons and notes"),
    "rounds": Text(vi="Qua các vòng", en="By round"),
    "readings": Text(vi="Cách hiểu được áp dụng", en="Readings it rests on"),
    "clause": Text(vi="Căn cứ", en="Legal basis"),
}


@frozen
class Point:
    """One thing to say of an indicator: what it is about, and the sentences."""

    label: str
    sentences: tuple[str, ...]


@frozen
class Line:
    """One indicator."""

    heading: str
    points: tuple[Point, ...]


@frozen
class Section:
    """One pillar."""

    heading: str
    lines: tuple[Line, ...]


@frozen
class ScoreExplanationView:
    """Why a unit has its points, ready to print."""

    title: str
    language: Language
    unit: str
    code: str
    citation: str
    total: str
    gaps: str
    sections: tuple[Section, ...]
    provisional_mark: str
    synthetic_mark: str
    date: str


def explain_score_text(
    place: Place, language: Language, indicator: str | None = None, *, rounds: Sequence[RoundScore] = ()
) -> str:
    """Why the unit has its points, on one indicator (its code) or on all, as plain text that can be read aloud.

    ``place`` holds gains where its score was computed with them. Raises ``KeyError`` for an unknown code.
    """
    page = _page(place, language, indicator, rounds)
    return environment().get_template("score_explanation.txt").render(page=page)


def explain_score_html(
    place: Place, language: Language, indicator: str | None = None, *, rounds: Sequence[RoundScore] = ()
) -> str:
    """The same as a page of its own, without anything from elsewhere. Raises ``KeyError`` likewise."""
    page = _page(place, language, indicator, rounds)
    return environment().get_template("score_explanation.html").render(page, page=page)


def _page(
    place: Place, language: Language, indicator: str | None, rounds: Sequence[RoundScore]
) -> Mapping[str, object]:
    page: Mapping[str, object] = printable(attrs.asdict(view_score_explanation(place, language, indicator, rounds)))
    return page


def view_score_explanation(
    place: Place, language: Language, indicator: str | None, rounds: Sequence[RoundScore]
) -> ScoreExplanationView:
    """The view of why a unit has its points. Raises ``KeyError`` for a code that the index does not have."""
    score = place.score
    bonus = score.criteria_set.bonus
    known = {*score.by_code, *((bonus.code,) if bonus is not None else ())}
    wanted = {indicator} if indicator is not None else known
    if not wanted <= known:
        raise KeyError(indicator)
    asked = bonus is not None and (indicator == bonus.code or (indicator is None and score.bonus_fact is not None))
    return ScoreExplanationView(
        title=f"{score.unit.name} – {score.cycle}" + (f" – {indicator}" if indicator else ""),
        language=language,
        unit=score.unit.name,
        code=score.unit.code,
        citation=score.index.instrument.citation,
        total=total_sentence(place, language),
        gaps="" if indicator else gaps_sentence(place, language),
        sections=(
            *_sections(score, wanted, rounds, language),
            *((_bonus_section(score, bonus, rounds, language),) if bonus is not None and asked else ()),
        ),
        provisional_mark=PROVISIONAL.say(language) if score.provisional else "",
        synthetic_mark=SYNTHETIC_MARK.say(language) if score.synthetic else "",
        date=year_end(score.cycle).isoformat(),
    )


def _sections(score: Score, wanted: set[str], rounds: Sequence[RoundScore], language: Language) -> Iterator[Section]:
    for pillar in score.pillars:
        lines = tuple(
            _line(score, score.by_code[indicator.code], rounds, language)
            for indicator in pillar.pillar.indicators
            if indicator.code in wanted
        )
        if lines:
            got = f"{decimal_text(pillar.points, language)}/{pillar.reachable}"
            yield Section(f"{pillar_label(pillar.pillar)}: {got}", lines)


def _bonus_section(score: Score, bonus: Bonus, rounds: Sequence[RoundScore], language: Language) -> Section:
    """The points beyond the maximum: how many, of how many claimed, why and by which document."""
    fact = score.bonus_fact
    said: list[tuple[str, Sequence[str]]] = []
    if fact is None:
        said.append(("status", (_NO_BONUS.say(language),)))
    else:
        found = InputValue(Input(bonus.code, "score", bonus.name), fact, score.bonus)
        claimed = input_value_text(found, language)
        said += [
            ("facts", (f"{claimed} ({input_status_text(found, language)})",)),
            ("documents", (documents_text(fact),)),
            ("notes", (fact.note,)),
        ]
    said += [("rounds", _changes(bonus.code, rounds, language)), ("clause", (bonus.clause,))]
    points = tuple(Point(_LABELS[key].say(language), tuple(told)) for key, told in said if any(told))
    got = points_text(score.bonus, language)
    return Section(_BONUS.say(language), (Line(f"{bonus.code} – {bonus.name}: {got}", points),))


_BONUS = Text(vi="Điểm cộng ngoài thang điểm", en="Points beyond the maximum")
_NO_BONUS = Text(vi="Hội đồng chưa cho điểm khuyến khích", en="the council has given no bonus points")


def _changes(code: str, rounds: Sequence[RoundScore], language: Language) -> list[str]:
    return [
        change_sentence(each, change, language)
        for each in rounds
        for change in each.changes
        if change.indicator.code == code
    ]


def _line(score: Score, line: IndicatorScore, rounds: Sequence[RoundScore], language: Language) -> Line:
    indicator = line.indicator
    got = f"{decimal_text(line.points, language)}/{points_text(Fraction(indicator.max), language)}"
    if line.state is State.NOT_SUBJECT:
        got = STATES[line.state].say(language)
    points = tuple(
        Point(_LABELS[key].say(language), tuple(sentences))
        for key, sentences in _sentences(score, line, rounds, language)
        if any(sentences)
    )
    return Line(f"{indicator.code} – {indicator.name}: {got}", points)


def _sentences(
    score: Score, line: IndicatorScore, rounds: Sequence[RoundScore], language: Language
) -> Iterator[tuple[str, Sequence[str]]]:
    indicator = line.indicator
    yield "method", (f"“{indicator.method}”" if indicator.method else f"{NO_METHOD.say(language)}.",)
    if line.state is State.NOT_SUBJECT:
        yield "status", (f"{lost_sentence(line, language)}.",)
    else:
        yield "facts", [input_sentence(found, line, language) for found in line.inputs]
        applied = [applied_sentence(each, indicator.max, language) for each in line.applied]
        yield "computed", (*quantity_sentences(line, language), *applied)
        yield "status", (state_text(line, language),)
        if line.lost:
            yield "lost", (points_text(line.lost, language),)
        yield "gains", ways_back(line, language)
    yield "documents", (documents_of(line),) if documents_of(line) else ()
    yield "notes", (notes_of(line),) if notes_of(line) else ()
    yield "rounds", _changes(indicator.code, rounds, language)
    yield "readings", reading_texts(score.index, line.readings)
    yield "clause", (score.index.clause(score.unit.tier, indicator.code),)
