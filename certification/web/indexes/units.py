"""One unit under an index: its place, the radar, every indicator with why, and how the rounds went."""

from collections.abc import Sequence

from attrs import frozen
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.rating import Rating
from certification.store.models import Dossier
from certification.store.subjects import kind_of, outline_of
from certification.web.exports import asked_for
from certification.web.formats import number_text
from certification.web.gate import actor_in, gate
from certification.web.indexes.seeing import group_key, group_title
from certification.web.looking.scope import told_units
from certification.web.planner.scope import rated
from certification.web.speech import language, say
from certification.web.tables import Column, Table, lay_out, workbook_response
from levels.faults import Text
from reports.ranking_table import pillar_label
from reports.round_table import EFFECT_NOTE, rounds_table, without_ranks
from reports.score_charts import draw_radar, draw_rounds
from reports.score_explanation import view_score_explanation
from reports.score_words import gaps_sentence, readings_of, state_text, total_sentence
from rules.scores import GroupRanking, IndicatorScore, Place, Reading, RoundScore

FEWEST = 3
"""A radar of fewer axes shows nothing."""


@frozen
class Line:
    """One indicator with its pillar."""

    pillar: str
    score: IndicatorScore


@gate(Action.READ_RESULT, Dossier)
@require_GET
def show_unit(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The page of one unit; who may not look into its dossier sees what can be published."""
    if kind_of(dossier.cycle) != "index":
        raise Http404
    rating = rated(dossier.cycle)
    outline = outline_of(dossier)
    inside = may(actor_in(request), Action.READ_DOSSIER, outline)
    found = place_in(rating, dossier.unit.code, Reading.STANDING if inside else Reading.ACCEPTED)
    if found is None:
        context = {"dossier": dossier, "heading": dossier.unit.name}
        return render(request, "indexes/nothing.html", context, status=404)
    place, group = found
    ranked = told_units(request, dossier.cycle).issuperset(each.score.unit.code for each in group.places)
    lines = lines_of(place)
    table = _table()
    if asked_for(request, table.name):
        return workbook_response(table, lines, request)
    rounds: Sequence[RoundScore] = rating.rounds.get(dossier.unit.code, ()) if inside else ()
    rounds = rounds if ranked else without_ranks(rounds)
    axes = sum(1 for pillar in place.score.pillars if pillar.reachable)
    context = {
        "dossier": dossier,
        "inside": inside,
        "rulings": may(actor_in(request), Action.READ_RULINGS, outline),
        "place": place,
        "group": group,
        "group_key": group_key(group),
        "group_title": group_title(group),
        "ranked": ranked,
        "total": total_sentence(place, language(), of=len(group.places)) if ranked else "",
        "gaps": gaps_sentence(place, language()) if inside else "",
        "radar": draw_radar(place, group, language()) if ranked and axes >= FEWEST else None,
        "pillars": [(pillar_label(each.pillar), each) for each in place.score.pillars],
        "table": lay_out(table, lines, request),
        "why": view_score_explanation(place, language(), None, rounds) if inside else None,
        "readings": readings_of(place.score, language()),
        "rounds": rounds_table(place, rounds, language(), ranked=ranked) if rounds else None,
        "rounds_chart": draw_rounds(rounds, language(), ranked=ranked) if len(rounds) > 1 else None,
        "rounds_note": EFFECT_NOTE.say(language()) if ranked else "",
        "neighbours": _neighbours(place, group) if ranked else "",
    }
    return render(request, "indexes/unit.html", context)


def place_in(rating: Rating, code: str, reading: Reading) -> tuple[Place, GroupRanking] | None:
    """The place of a unit with the group that ranks it, what would win points back told; None where none does."""
    ranking = rating.explained if reading is Reading.STANDING else rating.ranking(reading)
    for group in ranking.groups:
        for place in group.places:
            if place.score.unit.code == code:
                return place, group
    return None


def lines_of(place: Place) -> list[Line]:
    """Every indicator in printed order."""
    pillars = place.score.criteria_set.pillar_of
    return [Line(pillar_label(pillars[line.indicator.code]), line) for line in place.score.indicators]


def _neighbours(place: Place, group: GroupRanking) -> str:
    """How far the unit is from the next better place, in words; "" at the head."""
    better = [each for each in group.places if each.score.percent > place.score.percent]
    if not better:
        return ""
    gap = better[-1].score.percent - place.score.percent
    points = gap * place.score.reachable / 100
    return say(
        f"Cần thêm {number_text(points)} điểm để bằng hạng {better[-1].rank}.",
        f"{number_text(points)} more points would equal rank {better[-1].rank}.",
    )


def _table() -> Table[Line]:
    return Table(
        name="indicators",
        caption=Text(vi="Điểm từng chỉ số", en="Points of every indicator"),
        size=200,
        columns=[
            Column(
                key="code", title=Text(vi="Mã", en="Code"), value=lambda line: line.score.indicator.code, sortable=False
            ),
            Column(
                key="name",
                title=Text(vi="Chỉ số", en="Indicator"),
                value=lambda line: line.score.indicator.name,
                names_row=True,
                sortable=False,
                width=60,
            ),
            Column(
                key="pillar",
                title=Text(vi="Trụ cột", en="Pillar"),
                value=lambda line: line.pillar,
                only_excel=True,
                width=40,
            ),
            Column(key="points", title=Text(vi="Điểm", en="Points"), value=lambda line: line.score.points, align="end"),
            Column(
                key="max", title=Text(vi="Tối đa", en="Maximum"), value=lambda line: line.score.reachable, align="end"
            ),
            Column(key="lost", title=Text(vi="Còn mất", en="Lost"), value=lambda line: line.score.lost, align="end"),
            Column(
                key="state",
                title=Text(vi="Tình trạng", en="State"),
                value=lambda line: state_text(line.score, language()),
                width=36,
            ),
        ],
    )
