"""The ranking of a group: points, ranks, the change against last year and the rounds, as a table, bars and a map."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from markupsafe import Markup

from certification.procedure.actions import Action
from certification.store.published import published_rankings
from certification.web.addresses import address_of
from certification.web.exports import paper_asked
from certification.web.files import PAPERS, send_paper
from certification.web.gate import gate
from certification.web.indexes.seeing import READINGS, Sight, group_key, group_title, see, visible
from certification.web.speech import language, say, tell
from certification.web.tables import Column, Table, badge, show_table
from levels.faults import Text
from reports.ranking_report import render_ranking_report
from reports.ranking_table import notes_of_group, pillar_label
from reports.score_charts import draw_bars
from reports.score_map import draw_score_maps
from rules.scores import GroupRanking, Place, Ranking, RoundScore


@frozen
class Row:
    """One unit in its group."""

    place: Place
    href: str
    rounds: Mapping[str, RoundScore]  # by the id of the round

    def pillar(self, code: str) -> Fraction | None:
        """Its points on a pillar; None where it is not subject to it."""
        found = next((each for each in self.place.score.pillars if each.pillar.code == code), None)
        return found.points if found is not None and found.reachable else None


@gate(Action.READ_RESULT, anywhere=True)
@require_GET
def show_ranking(request: HttpRequest) -> HttpResponse:
    """The ranking that ``?cycle=``, ``?group=`` and ``?reading=`` ask for."""
    sight = see(request)
    if sight is None:
        return render(request, "indexes/nothing.html", {"heading": say("Xếp hạng", "Ranking")})
    reading = sight.reading(request.GET.get("reading", ""))
    groups = visible(sight.rating.ranking(reading).groups, sight)
    if not groups:
        return render(request, "indexes/nothing.html", {"heading": say("Xếp hạng", "Ranking")})
    group = next((each for each in groups if group_key(each) == request.GET.get("group")), groups[0])
    rows = rows_of(sight, group)
    whole = len(rows) == len(group.places)
    wanted = paper_asked(request)
    if wanted in PAPERS and whole:
        ranking = Ranking(sight.rating.index, sight.rating.cycle, (group,))
        papers = render_ranking_report(ranking, language(), kinds=[wanted])
        return send_paper(papers, wanted, f"xep-hang-{sight.rating.index.id}-{sight.rating.cycle}")
    context = {
        "sight": sight,
        "group": group,
        "group_key": group_key(group),
        "title": group_title(group),
        "groups": [(group_key(each), group_title(each)) for each in groups],
        "readings": [(each.value, tell(words)) for each, words in READINGS.items()],
        "reading": reading.value,
        "whole": whole,
        "query": _query(request),
        "notes": notes_of_group(group, language()),
        "acts": published_rankings(sight.scope.cycle),
        "bars": draw_bars(group, language()) if whole else (),
        "maps": draw_score_maps(group, language()) if whole else (),
    }
    return show_table(request, "indexes/ranking.html", _table(sight, group, rows), rows, context)


def _query(request: HttpRequest) -> str:
    """What the address asks for, to be asked for as a file."""
    kept = request.GET.copy()
    kept.pop("format", None)
    return kept.urlencode()


def rows_of(sight: Sight, group: GroupRanking) -> list[Row]:
    """The places of ``group`` that the reader may see, best first."""
    found = []
    for place in group.places:
        code = place.score.unit.code
        dossier = sight.dossiers.get(code)
        if dossier is not None:
            rounds = sight.rating.rounds.get(code, ()) if code in sight.inside else ()
            href = address_of("indexes:unit", dossier.pk)
            found.append(Row(place, href, {each.round.id: each for each in rounds}))
    return found


def climbed_words(place: Place) -> str:
    """``▲ 3``, ``▼ 2``, ``=``; "" where there is no place a year before."""
    if place.climbed is None:
        return ""
    return "=" if place.climbed == 0 else f"{'▲' if place.climbed > 0 else '▼'} {abs(place.climbed)}"


def _in_round(name: str, row: Row) -> Fraction | None:
    return row.rounds[name].place.score.points if name in row.rounds else None


def _on_pillar(code: str, row: Row) -> Fraction | None:
    return row.pillar(code)


def _table(sight: Sight, group: GroupRanking, rows: Sequence[Row]) -> Table[Row]:
    # A rank among units that the reader may not know would tell their points.
    whole = len(rows) == len(group.places)
    columns: list[Column[Row]] = []
    if whole:
        columns.append(
            Column(key="rank", title=Text(vi="Hạng", en="Rank"), value=lambda row: row.place.rank, align="end", width=8)
        )
    columns += [
        Column(
            key="unit",
            title=Text(vi="Đơn vị", en="Unit"),
            value=lambda row: row.place.score.unit.name,
            href=lambda row: row.href,
            names_row=True,
            width=40,
        ),
        Column(key="points", title=Text(vi="Điểm", en="Points"), value=lambda row: row.place.score.points, align="end"),
    ]
    if group.by_percent:
        columns.append(
            Column(
                key="reachable",
                title=Text(vi="Tối đa", en="Maximum"),
                value=lambda row: row.place.score.reachable,
                align="end",
            )
        )
        columns.append(
            Column(key="percent", title=Text(vi="%", en="%"), value=lambda row: row.place.score.percent, align="end")
        )
    if whole and any(row.place.last for row in rows):
        columns.append(
            Column(
                key="last",
                title=Text(vi="Hạng năm trước", en="Rank last year"),
                value=lambda row: None if row.place.last is None else row.place.last.rank,
                align="end",
            )
        )
        columns.append(
            Column(
                key="climbed",
                title=Text(vi="Thay đổi", en="Change"),
                value=lambda row: row.place.climbed,
                show=lambda row: Markup("{}").format(climbed_words(row.place) or "–"),
                align="end",
            )
        )
    rounds = [each for each in sight.rating.index.rounds if any(each.id in row.rounds for row in rows)]
    columns += [
        Column(
            key=each.id,
            title=Text(vi=each.name, en=each.name),
            value=partial(_in_round, each.id),
            align="end",
        )
        for each in rounds
    ]
    columns += [
        Column(
            key=f"pillar-{each.pillar.code}",
            title=Text(vi=pillar_label(each.pillar), en=pillar_label(each.pillar)),
            value=partial(_on_pillar, each.pillar.code),
            align="end",
            only_excel=True,
        )
        for each in group.places[0].score.pillars
    ]
    columns.append(
        Column(
            key="state",
            title=Text(vi="Tình trạng", en="State"),
            value=lambda row: (
                Text(vi="còn thay đổi", en="may change")
                if row.place.score.provisional
                else Text(vi="đã chốt", en="settled")
            ),
            show=lambda row: (
                badge(say("còn thay đổi", "may change"), "warn")
                if row.place.score.provisional
                else badge(say("đã chốt", "settled"), "good")
            ),
            width=18,
        )
    )
    return Table(
        name="ranking",
        caption=Text(vi=group_title(group), en=group_title(group)),
        columns=columns,
        sort="rank" if whole else "unit",
        size=100,
    )
