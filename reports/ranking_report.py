"""The report on a ranking for those who sign it: results, losses and pictures of every group."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from attrs import frozen

from levels.faults import Language, Text
from levels.index import Indicator
from reports.documents import KINDS, render
from reports.drawing import Drawing
from reports.labels import labels
from reports.ranking_table import gaps_table, group_name, notes_of_group, ranking_table
from reports.score_charts import draw_bars
from reports.score_map import draw_score_maps
from reports.tables import LANDSCAPE, Column, Row, Table, row, table
from reports.view import BLANK, Letterhead, date_or_blank
from reports.words import PROVISIONAL, SYNTHETIC_MARK, TIER_NAMES, decimal_text, in_sentence, join, year_end
from rules.scores import GroupRanking, Ranking, State

MOST_LOST = 10
"""How many indicators on which a group loses most are shown."""


@frozen
class GroupReport:
    """One group: what is said of it, its places, what it loses most on."""

    heading: str
    sentence: str
    places: Table
    notes: tuple[str, ...]
    losses: Table
    gaps: Table | None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return (self.places, self.losses, *(() if self.gaps is None else (self.gaps,)))


@frozen
class RankingReportView:
    """A report on a ranking, ready to print."""

    title: str
    language: Language
    labels: Mapping[str, str]
    letterhead: Letterhead
    subject: str
    citation: str
    groups: tuple[GroupReport, ...]
    drawings: tuple[Drawing, ...]
    provisional_mark: str
    synthetic_mark: str
    date: str

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order of the document."""
        return tuple(shown for group in self.groups for shown in group.tables)


_LABELS = {
    "report": Text(vi="BÁO CÁO KẾT QUẢ XẾP HẠNG", en="REPORT ON THE RANKING"),
    "losses": Text(vi="Chỉ số mất nhiều điểm nhất", en="Indicators on which most points are lost"),
    "gaps": Text(vi="Chỉ số chưa có số liệu, không được chấp nhận", en="Indicators without accepted data"),
}


def render_ranking_report(
    ranking: Ranking,
    language: Language = "vi",
    *,
    provisional: bool | None = None,
    kinds: Collection[str] = KINDS,
) -> dict[str, bytes]:
    """The report on a ranking as ``html``, ``docx`` and, unless unavailable, ``pdf``; of these only ``kinds``.

    ``provisional`` None: judged from the scores alone, which do not know whether the council has closed the dossiers.
    """
    return render(view_ranking_report(ranking, language, provisional=provisional), "ranking_report", kinds)


def view_ranking_report(ranking: Ranking, language: Language, *, provisional: bool | None = None) -> RankingReportView:
    """The view of a report on a ranking of at least one group."""
    if provisional is None:
        provisional = any(group.provisional for group in ranking.groups)
    first = ranking.groups[0].places[0].score
    council = f"ĐÁNH GIÁ, THẨM ĐỊNH {TIER_NAMES[first.criteria_set.rated_by].vi}".upper()
    subject = Text(
        vi=f"Kết quả xếp hạng chỉ số chuyển đổi số năm {ranking.cycle}",
        en=f"Digital transformation index, ranking in {ranking.cycle}",
    ).say(language)
    synthetic = any(place.score.synthetic for place in ranking.place_of.values())
    return RankingReportView(
        title=subject,
        language=language,
        labels={**labels(language), **{key: text.say(language) for key, text in _LABELS.items()}},
        letterhead=Letterhead((), ("HỘI ĐỒNG", council), "", f"{BLANK}, {date_or_blank(None, ranking.cycle)}"),
        subject=subject,
        citation=ranking.index.instrument.citation,
        groups=tuple(_group(group, language) for group in ranking.groups),
        drawings=tuple(
            drawing
            for group in ranking.groups
            for drawing in (*draw_bars(group, language), *draw_score_maps(group, language))
        ),
        provisional_mark=PROVISIONAL.say(language) if provisional else "",
        synthetic_mark=SYNTHETIC_MARK.say(language) if synthetic else "",
        date=year_end(ranking.cycle).isoformat(),
    )


def _group(group: GroupRanking, language: Language) -> GroupReport:
    gaps = gaps_table((group,), language)
    heading = group_name(group.group) + (f" – {in_sentence(group.parent.name)}" if group.parent else "")
    return GroupReport(
        heading=heading,
        sentence=_sentence(group, language),
        places=ranking_table(group, language),
        notes=notes_of_group(group, language),
        losses=_losses(group, language),
        gaps=gaps if gaps.rows else None,
    )


def _sentence(group: GroupRanking, language: Language) -> str:
    percents = [place.score.percent for place in group.places]
    average = decimal_text(sum(percents, Fraction(0)) / len(percents), language)
    top = join([place.score.unit.name for place in group.places if place.rank == 1], language)
    missing = sum(bool(place.score.missing) for place in group.places)
    return Text(
        vi=f"{len(percents)} đơn vị; bình quân đạt {average}% điểm tối đa được tính, cao nhất "
        f"{decimal_text(max(percents), 'vi')}% ({top}), thấp nhất {decimal_text(min(percents), 'vi')}%; "
        f"{missing} đơn vị còn chỉ số chưa có số liệu.",
        en=f"{len(percents)} units; on average {average}% of the reachable maximum, at most "
        f"{decimal_text(max(percents), 'en')}% ({top}), at least {decimal_text(min(percents), 'en')}%; "
        f"{missing} units have indicators without data.",
    ).say(language)


def _losses(group: GroupRanking, language: Language) -> Table:
    columns = (
        Column(labels(language)["code"], 18, centred=True),
        Column(Text(vi="Chỉ số", en="Indicator").say(language), 0),
        Column(Text(vi="Điểm tối đa", en="Max.").say(language), 22, centred=True),
        Column(Text(vi="Mất bình quân", en="Lost on average").say(language), 28, centred=True),
        Column(Text(vi="Đơn vị mất điểm", en="Units that lose").say(language), 28, centred=True),
    )
    return table(columns, _loss_rows(group, language), width=LANDSCAPE)


def _loss_rows(group: GroupRanking, language: Language) -> Iterator[Row]:
    found: list[tuple[Fraction, Indicator, int]] = []
    for indicator in group.places[0].score.criteria_set.indicators:
        lines = [place.score.by_code[indicator.code] for place in group.places]
        subject = [line for line in lines if line.state is not State.NOT_SUBJECT]
        lost = sum((line.lost for line in subject), Fraction(0))
        if lost:
            found.append((lost / len(subject), indicator, sum(bool(line.lost) for line in subject)))
    found.sort(key=lambda entry: -entry[0])
    for average, indicator, units in found[:MOST_LOST]:
        yield row(
            indicator.code, indicator.name, str(indicator.max), decimal_text(average, language, fixed=True), str(units)
        )
