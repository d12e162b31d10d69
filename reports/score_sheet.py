"""The score sheet of a unit (Phiếu điểm): every indicator with its facts, points, losses and ways to win them back."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from attrs import frozen

from levels.faults import Language, Text
from reports.documents import KINDS, render
from reports.drawing import Drawing
from reports.labels import labels
from reports.ranking_table import group_name, pillar_label
from reports.round_table import EFFECT_NOTE, rounds_table
from reports.score_charts import draw_radar, draw_rounds
from reports.score_words import (
    NO_METHOD,
    ROUNDED,
    applied_sentence,
    documents_of,
    gaps_sentence,
    input_sentence,
    notes_of,
    quantity_sentences,
    readings_of,
    state_text,
    total_sentence,
    ways_back,
)
from reports.tables import LANDSCAPE, Column, Line, Row, Table, cell, heading, row, table
from reports.view import BLANK, Letterhead, date_or_blank
from reports.words import NOTHING, PROVISIONAL, SYNTHETIC_MARK, TIER_NAMES, decimal_text, in_sentence, year_end
from rules.scores import GroupRanking, IndicatorScore, Place, Ranking, RoundScore, State

_LABELS = {
    "sheet": Text(vi="PHIẾU ĐIỂM", en="SCORE SHEET"),
    "pillars": Text(vi="Điểm theo trụ cột", en="Points by pillar"),
    "lines": Text(vi="Điểm từng chỉ số", en="Points by indicator"),
    "rounds": Text(vi="Điểm qua các vòng", en="Points by round"),
    "readings": Text(vi="Các cách hiểu được áp dụng", en="Readings it rests on"),
    "pillar": Text(vi="Trụ cột", en="Pillar"),
    "points": Text(vi="Điểm", en="Points"),
    "max": Text(vi="Điểm tối đa", en="Max."),
    "share": Text(vi="Tỷ lệ (%)", en="Per cent"),
    "average": Text(vi="Trung bình nhóm (%)", en="Group average (%)"),
    "best": Text(vi="Cao nhất nhóm (%)", en="Best of the group (%)"),
    "indicator": Text(vi="Chỉ số, cách xác định và tính điểm", en="Indicator and method"),
    "facts": Text(vi="Số liệu, cách tính", en="Facts and computation"),
    "lost": Text(vi="Mất", en="Lost"),
    "gains": Text(vi="Cách lấy lại điểm", en="What would win it back"),
    "status": Text(vi="Tình trạng, lý do, tài liệu", en="Status, reasons, documents"),
}


@frozen
class ScoreSheetView:
    """One unit's score sheet, ready to print."""

    title: str
    language: Language
    labels: Mapping[str, str]
    letterhead: Letterhead
    subject: str
    citation: str
    total: str
    gaps: str  # "" where nothing is open
    pillars: Table
    drawings: tuple[Drawing, ...]
    lines: Table
    rounds: Table | None
    notes: tuple[str, ...]
    readings: tuple[str, ...]
    provisional_mark: str
    synthetic_mark: str
    date: str

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return tuple(shown for shown in (self.pillars, self.rounds, self.lines) if shown is not None)


def render_score_sheet(
    place: Place,
    ranking: Ranking,
    rounds: Sequence[RoundScore] = (),
    *,
    language: Language = "vi",
    provisional: bool | None = None,
    kinds: Collection[str] = KINDS,
) -> dict[str, bytes]:
    """One unit's score sheet as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``.

    ``place`` is one of ``ranking``, or the same unit's with gains (``score(…, explain=True)``); ``rounds``
    are the unit's, in order. ``provisional`` None: judged from the score alone, which does not know
    whether the council has closed the dossiers.
    """
    view = view_score_sheet(place, ranking, rounds, language, provisional=provisional)
    return render(view, "score_sheet", kinds)


def view_score_sheet(
    place: Place,
    ranking: Ranking,
    rounds: Sequence[RoundScore],
    language: Language,
    *,
    provisional: bool | None = None,
) -> ScoreSheetView:
    """The view of one unit's score sheet. Raises ``KeyError`` where ``ranking`` does not hold the unit."""
    score, group = place.score, _group_of(place, ranking)
    unit = score.unit
    provisional = score.provisional if provisional is None else provisional
    subject = Text(
        vi=f"Chỉ số chuyển đổi số năm {score.cycle} của {in_sentence(unit.name)} (mã {unit.code})",
        en=f"Digital transformation index {score.cycle} of {unit.name} (code {unit.code})",
    ).say(language)
    said = {key: text.say(language) for key, text in _LABELS.items()}
    council = f"ĐÁNH GIÁ, THẨM ĐỊNH {TIER_NAMES[score.criteria_set.rated_by].vi}".upper()
    return ScoreSheetView(
        title=f"{said['sheet'].capitalize()} – {unit.name} – {score.cycle}",
        language=language,
        labels={**labels(language), **said},
        letterhead=Letterhead((), ("HỘI ĐỒNG", council), "", f"{BLANK}, {date_or_blank(None, score.cycle)}"),
        subject=subject,
        citation=score.index.instrument.citation,
        total=total_sentence(place, language, of=len(group.places), group=group_name(group.group)),
        gaps=gaps_sentence(place, language),
        pillars=_pillar_table(place, group, language),
        drawings=(draw_radar(place, group, language), *((draw_rounds(rounds, language),) if rounds else ())),
        lines=_line_table(place, language),
        rounds=rounds_table(place, rounds, language) if rounds else None,
        notes=(*((EFFECT_NOTE.say(language),) if rounds else ()), *_notes(place, language)),
        readings=readings_of(score, language),
        provisional_mark=PROVISIONAL.say(language) if provisional else "",
        synthetic_mark=SYNTHETIC_MARK.say(language) if score.synthetic else "",
        date=year_end(score.cycle).isoformat(),
    )


def _group_of(place: Place, ranking: Ranking) -> GroupRanking:
    code = place.score.unit.code
    for group in ranking.groups:
        if any(other.score.unit.code == code for other in group.places):
            return group
    raise KeyError(code)


def _notes(place: Place, language: Language) -> Iterator[str]:
    yield ROUNDED.say(language)
    if any(not line.indicator.method for line in place.score.indicators):
        yield Text(
            vi=f"Chỉ số không ghi cách tính: {NO_METHOD.vi[:1].lower()}{NO_METHOD.vi[1:]}.",
            en=f"Where no method is printed, {NO_METHOD.en}.",
        ).say(language)


def _pillar_table(place: Place, group: GroupRanking, language: Language) -> Table:
    said = {key: text.say(language) for key, text in _LABELS.items()}
    columns = [Column(said["pillar"], 0)] + [
        Column(said[key], 28, centred=True) for key in ("points", "max", "share", "average", "best")
    ]
    return table(columns, _pillar_rows(place, group, language), width=LANDSCAPE)


def _pillar_rows(place: Place, group: GroupRanking, language: Language) -> Iterator[Row]:
    for at, pillar in enumerate(place.score.pillars):
        others = [share for other in group.places if (share := other.score.pillars[at].share) is not None]
        if pillar.share is None:
            yield row(pillar_label(pillar.pillar), NOTHING, "0", NOTHING, NOTHING, NOTHING)
            continue
        shares = (pillar.share, sum(others, pillar.share * 0) / len(others), max(others))
        yield row(
            pillar_label(pillar.pillar),
            cell(decimal_text(pillar.points, language, fixed=True), style="bold"),
            str(pillar.reachable),
            *(decimal_text(share * 100, language, fixed=True) for share in shares),
        )


def _line_table(place: Place, language: Language) -> Table:
    said = {key: text.say(language) for key, text in _LABELS.items()}
    columns = (
        Column(labels(language)["code"], 15, centred=True),
        Column(said["indicator"], 0),
        Column(said["facts"], 60),
        Column(said["max"], 13, centred=True),
        Column(said["points"], 14, centred=True),
        Column(said["lost"], 13, centred=True),
        Column(said["gains"], 36),
        Column(said["status"], 40),
    )
    return table(columns, _line_rows(place, language), width=LANDSCAPE, size=9)


def _line_rows(place: Place, language: Language) -> Iterator[Row]:
    score = place.score
    for pillar in score.pillars:
        points = decimal_text(pillar.points, language)
        yield heading(f"{pillar_label(pillar.pillar)}: {points}/{pillar.reachable}")
        for indicator in pillar.pillar.indicators:
            yield _line_row(score.by_code[indicator.code], language)
    if score.bonus_fact is not None and score.criteria_set.bonus is not None:
        bonus = score.criteria_set.bonus
        given = cell(decimal_text(score.bonus, language), style="bold")
        yield row(bonus.code, bonus.name, "", NOTHING, given, "", "", score.bonus_fact.note)


def _line_row(line: IndicatorScore, language: Language) -> Row:
    indicator = line.indicator
    subject = line.state is not State.NOT_SUBJECT
    facts = [input_sentence(found, line, language) for found in line.inputs] if subject else []
    computed = (
        *quantity_sentences(line, language),
        *(applied_sentence(applied, indicator.max, language) for applied in line.applied if applied.text),
    )
    return Row(
        (
            cell(indicator.code),
            (*cell(indicator.name, style="bold"), *cell(indicator.method, style="note")),
            (*cell(*facts), *(Line(text, "note") for text in computed)),
            cell(str(line.reachable) if subject else NOTHING),
            cell(decimal_text(line.points, language) if subject else NOTHING, style="bold"),
            cell(decimal_text(line.lost, language) if line.lost else ""),
            cell(*(f"- {way}" for way in ways_back(line, language, brief=True))),
            (*cell(state_text(line, language), notes_of(line)), *cell(documents_of(line), style="note")),
        )
    )
