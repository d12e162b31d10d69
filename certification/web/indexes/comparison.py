"""Comparison: a few units of one group beside each other, pillar by pillar and indicator by indicator."""

from fractions import Fraction
from functools import partial

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.web.exports import asked_for
from certification.web.gate import gate
from certification.web.indexes.rankings import climbed_words
from certification.web.indexes.seeing import group_key, group_title, see, visible
from certification.web.speech import say
from certification.web.tables import Column, Table, lay_out, workbook_response
from levels.faults import Text
from reports.ranking_table import pillar_label
from rules.scores import GroupRanking, IndicatorScore, PillarScore, Place

MOST = 5


@frozen
class Row:
    """One pillar or indicator with the points of every unit; None where a unit is not subject to it."""

    code: str
    name: str
    most: int
    points: tuple[Fraction | None, ...]
    heading: bool = False

    @property
    def spread(self) -> Fraction | None:
        """Between the most and the least of the units."""
        known = [each for each in self.points if each is not None]
        return max(known) - min(known) if known else None


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
def show_comparison(request: HttpRequest) -> HttpResponse:
    """The units that ``?unit=`` names (again and again) of ``?group=``; ``?only=differ`` leaves out what is equal."""
    sight = see(request)
    groups = [] if sight is None else visible(sight.rating.ranking().groups, sight)
    if sight is None or not sight.inside or not groups:
        return render(request, "indexes/nothing.html", {"heading": say("So sánh", "Compare")})
    group = next((each for each in groups if group_key(each) == request.GET.get("group")), groups[0])
    within = [place for place in group.places if place.score.unit.code in sight.inside]
    asked = list(dict.fromkeys(request.GET.getlist("unit")))
    chosen = [place for code in asked for place in within if place.score.unit.code == code][:MOST]
    rows = rows_of(chosen) if chosen else []
    if request.GET.get("only") == "differ":
        rows = [row for row in rows if row.heading or row.spread]
    table = _table(group, chosen)
    if chosen and asked_for(request, table.name):
        return workbook_response(table, rows, request)
    context = {
        "sight": sight,
        "groups": [(group_key(each), group_title(each)) for each in groups],
        "group_key": group_key(group),
        "choices": sorted(within, key=lambda place: place.rank),
        "ranked": all(place.score.unit.code in sight.dossiers for place in group.places),
        "chosen": chosen,
        "codes": [place.score.unit.code for place in chosen],
        "climbed": [climbed_words(place) for place in chosen],
        "most": MOST,
        "only": request.GET.get("only", ""),
        "table": lay_out(table, rows, request) if chosen else None,
    }
    return render(request, "indexes/compare.html", context)


def rows_of(places: list[Place]) -> list[Row]:
    """Every pillar with its indicators, in printed order."""
    rows: list[Row] = []
    for at, pillar in enumerate(places[0].score.pillars):
        of_pillar = tuple(_pillar_points(place.score.pillars[at]) for place in places)
        rows.append(Row(pillar.pillar.code, pillar_label(pillar.pillar), pillar.pillar.max, of_pillar, heading=True))
        for indicator in pillar.pillar.indicators:
            points = tuple(_points(place.score.by_code[indicator.code]) for place in places)
            rows.append(Row(indicator.code, indicator.name, indicator.max, points))
    return rows


def _pillar_points(pillar: PillarScore) -> Fraction | None:
    return pillar.points if pillar.reachable else None


def _points(line: IndicatorScore) -> Fraction | None:
    return line.points if line.reachable else None


def _points_at(at: int, row: Row) -> Fraction | None:
    return row.points[at]


def _table(group: GroupRanking, chosen: list[Place]) -> Table[Row]:
    columns: list[Column[Row]] = [
        Column(
            key="code",
            title=Text(vi="Mã", en="Code"),
            value=lambda row: "" if row.heading else row.code,
            sortable=False,
        ),
        Column(
            key="name",
            title=Text(vi="Trụ cột, chỉ số", en="Pillar, indicator"),
            value=lambda row: row.name,
            names_row=True,
            sortable=False,
            width=60,
        ),
        Column(
            key="max", title=Text(vi="Tối đa", en="Maximum"), value=lambda row: row.most, sortable=False, align="end"
        ),
    ]
    columns += [
        Column(
            key=f"unit-{place.score.unit.code}",
            title=Text(vi=place.score.unit.name, en=place.score.unit.name),
            value=partial(_points_at, at),
            sortable=False,
            align="end",
        )
        for at, place in enumerate(chosen)
    ]
    columns.append(
        Column(
            key="spread",
            title=Text(vi="Chênh lệch", en="Spread"),
            value=lambda row: row.spread,
            sortable=False,
            align="end",
        )
    )
    return Table(
        name="comparison", caption=Text(vi=group_title(group), en=group_title(group)), columns=columns, size=200
    )
