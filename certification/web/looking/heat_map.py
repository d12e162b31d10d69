"""The heat map units × criteria: where the gaps are; every cell leads to its criterion."""

from collections.abc import Callable, Sequence
from typing import Literal

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.procedure.actions import Action
from certification.store.assessments import framework_of
from certification.store.models import Dossier, UnitRecord
from certification.store.results import CriterionResult, Result
from certification.store.search import fold
from certification.web.gate import gate
from certification.web.looking.scope import Scope, results_in, scope_in
from certification.web.looking.unit_tables import unit_column
from certification.web.tables import Column, Table, lay_out
from certification.web.words import TIERS, mark_of
from levels.faults import Text
from levels.framework import LEVELS, CriteriaSet, Criterion, Framework, Tier
from reports.sentences import STANDINGS
from rules.verdict import Levels, Standing

Which = Literal["level", "claimed", "possible"]

ROWS = 25
"""Rows of one page: 38 criteria make a thousand cells, which a slow line still carries in a moment."""

_OF: dict[Which, Callable[[Levels], int]] = {
    "level": lambda levels: levels.level,
    "claimed": lambda levels: levels.claimed_level,
    "possible": lambda levels: levels.possible_level,
}


@frozen
class HeatRow:
    """One unit with its results."""

    dossier: Dossier
    result: Result

    @property
    def unit(self) -> UnitRecord:
        return self.dossier.unit


@frozen
class HeatCell:
    """What a cell shows: the level, and the mark of what does not rest on an accepted value."""

    shade: int
    text: str
    sure: bool


@frozen
class PlaceRow:
    """The units under one place together: how many of them each criterion holds back."""

    place: UnitRecord
    total: int
    held: tuple[int, ...]  # by criterion, in the order of the set

    def shade(self, at: int) -> int:
        """The shade of a count: white for nobody, the darkest for everybody."""
        return 1 + 4 * self.held[at] // self.total if self.held[at] else 0


@gate(Action.READ_DOSSIER, anywhere=True)
def show_map(request: HttpRequest) -> HttpResponse:
    """The heat map of one tier of a cycle, narrowed by the filters of the address."""
    scope = scope_in(request)
    heading = Text(vi="Bản đồ nhiệt", en="Heat map")
    if scope is None or not scope.dossiers:
        return render(request, "looking/nothing.html", {"heading": heading})
    framework = framework_of(scope.cycle)
    results = results_in(scope, scope.dossiers)
    tier = _tier(request, framework, scope)
    criteria = framework.sets[tier]
    every = [
        HeatRow(dossier, results[dossier.pk])
        for dossier in scope.dossiers
        if dossier.unit.tier == tier and dossier.pk in results
    ]
    rows = [row for row in every if _fits(request, row)]
    which = _which(request)
    table = table_of(scope, criteria, which)
    parents = {row.unit.parent.pk: row.unit.parent for row in every if row.unit.parent}
    context = {
        "scope": scope,
        "framework": framework,
        "criteria": criteria,
        "tier": tier,
        "tiers": [each for each in framework.sets if any(d.unit.tier == each for d in scope.dossiers)],
        "parents": sorted(parents.values(), key=lambda unit: unit.sort_key),
        "which": which,
        "asked": request.GET,
        "table": lay_out(table, rows, request),
        "cell": lambda found: cell_of(found, which),
        "unit_level": lambda row: _OF[which](row.result.levels),
        "held": held_back(rows, criteria, which),
        "places": by_place(rows, criteria, which) if request.GET.get("by") == "place" else [],
        "marks": [(standing, mark_of(standing), STANDINGS[standing]) for standing in Standing if mark_of(standing)],
        "levels": LEVELS,
    }
    return render(request, "looking/map.html", context)


def _tier(request: HttpRequest, framework: Framework, scope: Scope) -> Tier:
    present = [tier for tier in framework.sets if any(d.unit.tier == tier for d in scope.dossiers)]
    asked = request.GET.get("tier", "")
    if asked in present:
        return Tier(asked)
    return max(present, key=lambda tier: sum(dossier.unit.tier == tier for dossier in scope.dossiers))


def _which(request: HttpRequest) -> Which:
    match request.GET.get("show"):
        case "claimed":
            return "claimed"
        case "possible":
            return "possible"
        case _:
            return "level"


def _fits(request: HttpRequest, row: HeatRow) -> bool:
    words = fold(request.GET.get("q", "")).split()
    parent = request.GET.get("parent", "")
    return all(word in row.unit.search_key for word in words) and (not parent or str(row.unit.parent_id) == parent)


def cell_of(found: CriterionResult, which: Which) -> HeatCell:
    """A cell as the map shows it."""
    if found.standing is Standing.EXEMPT:
        return HeatCell(0, mark_of(found.standing), True)
    level, mark = _OF[which](found.levels), mark_of(found.standing)
    return HeatCell(level, f"{level}{mark}", not mark)


def held_back(rows: Sequence[HeatRow], criteria: CriteriaSet, which: Which) -> list[int]:
    """By criterion, how many units it keeps from the next level."""
    counted = dict.fromkeys((criterion.code for criterion in criteria.criteria), 0)
    for row in rows:
        level = _OF[which](row.result.levels)
        if level == LEVELS[-1]:
            continue
        for found in row.result.criteria:
            if found.standing is not Standing.EXEMPT and _OF[which](found.levels) == level:
                counted[found.code] += 1
    return [counted[criterion.code] for criterion in criteria.criteria]


def by_place(rows: Sequence[HeatRow], criteria: CriteriaSet, which: Which) -> list[PlaceRow]:
    """The units grouped by what they stand under, in the order of names."""
    grouped: dict[int, list[HeatRow]] = {}
    places: dict[int, UnitRecord] = {}
    for row in rows:
        if row.unit.parent is not None:
            places[row.unit.parent.pk] = row.unit.parent
            grouped.setdefault(row.unit.parent.pk, []).append(row)
    ordered = sorted(places.values(), key=lambda unit: unit.sort_key)
    return [
        PlaceRow(place, len(grouped[place.pk]), tuple(held_back(grouped[place.pk], criteria, which)))
        for place in ordered
    ]


def table_of(scope: Scope, criteria: CriteriaSet, which: Which) -> Table[HeatRow]:
    """The map as a table, for its order and its pages."""
    year = scope.cycle.year
    columns: list[Column[HeatRow]] = [
        unit_column(scope.cycle),
        Column(
            key="level",
            title=Text(vi="Mức", en="Level"),
            value=lambda row: _OF[which](row.result.levels),
            align="middle",
            width=7,
        ),
        *(_criterion(criterion, which) for criterion in criteria.criteria),
    ]
    return Table(
        name=f"ban-do-{criteria.tier}-{year}",
        caption=Text(
            vi=f"Mức đạt của từng tiêu chí, {TIERS[criteria.tier].vi.lower()}, năm {year}",
            en=f"Level of every criterion, {TIERS[criteria.tier].en.lower()}s, {year}",
        ),
        columns=columns,
        sort="name",
        size=ROWS,
        empty=Text(vi="Không có đơn vị nào phù hợp với bộ lọc.", en="No unit matches the filter."),
    )


def _criterion(criterion: Criterion, which: Which) -> Column[HeatRow]:
    code = criterion.code

    return Column(
        key=code,
        title=Text(vi=code, en=code),
        value=lambda row: _OF[which](row.result.by_code[code].levels),
        align="middle",
    )
