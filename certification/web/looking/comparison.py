"""Comparison: two to six units of one tier beside each other, criterion by criterion."""

from collections.abc import Sequence

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.procedure.actions import Action
from certification.store.assessments import framework_of
from certification.store.models import Dossier
from certification.store.results import CriterionResult, Result
from certification.store.search import fold
from certification.web.gate import gate
from certification.web.looking.scope import Scope, results_in, scope_in
from certification.web.looking.unit_tables import criterion_column
from certification.web.tables import Column, Table, lay_out
from certification.web.words import mark_of
from levels.faults import Text
from levels.framework import Criterion
from reports.sentences import STANDINGS
from rules.verdict import Standing

MOST = 6
_FOUND = 20


@frozen
class Side:
    """One of the units compared."""

    dossier: Dossier
    result: Result


@frozen
class CompareRow:
    """One criterion with what every unit has reached on it."""

    criterion: Criterion
    found: tuple[CriterionResult, ...]

    @property
    def differs(self) -> bool:
        """Whether the units stand at different levels."""
        return len({each.levels.level for each in self.found if each.standing is not Standing.EXEMPT}) > 1


@gate(Action.READ_DOSSIER, anywhere=True)
def compare_units(request: HttpRequest) -> HttpResponse:
    """The units that ``?unit=`` names (again and again) beside each other; ``?add=`` finds another by name or code."""
    scope = scope_in(request)
    if scope is None or not scope.dossiers:
        heading = Text(vi="So sánh đơn vị", en="Compare units")
        return render(request, "looking/nothing.html", {"heading": heading})
    framework = framework_of(scope.cycle)
    results = results_in(scope, scope.dossiers)
    chosen = _chosen(request, scope)
    choices = _choices(request, scope, chosen)
    if len(choices) == 1 and len(chosen) < MOST:
        chosen, choices = [*chosen, choices[0]], []
    sides = [Side(dossier, results[dossier.pk]) for dossier in chosen if dossier.pk in results]
    # Another tier is asked other criteria: there is nothing to put beside each other.
    apart = [side for side in sides if side.dossier.unit.tier != sides[0].dossier.unit.tier]
    sides = [side for side in sides if side not in apart]
    context: dict[str, object] = {
        "scope": scope,
        "framework": framework,
        "sides": sides,
        "apart": apart,
        "choices": choices,
        "full": len(sides) >= MOST,
        "most": MOST,
        "marks": [(mark_of(standing), STANDINGS[standing]) for standing in Standing if mark_of(standing)],
        "asked": request.GET,
    }
    if len(sides) > 1:
        rows = rows_of(scope, sides)
        if request.GET.get("only") == "differ":
            rows = [row for row in rows if row.differs]
        table = table_of(scope, sides)
        context["table"] = lay_out(table, rows, request)
    return render(request, "looking/compare.html", context)


def _chosen(request: HttpRequest, scope: Scope) -> list[Dossier]:
    asked = list(dict.fromkeys(request.GET.getlist("unit")))
    by_unit = {str(unit): dossier for unit, dossier in scope.by_unit.items()}
    return [by_unit[unit] for unit in asked if unit in by_unit][:MOST]


def _choices(request: HttpRequest, scope: Scope, chosen: Sequence[Dossier]) -> list[Dossier]:
    words = fold(request.GET.get("add", "")).split()
    if not words:
        return []
    found = [
        dossier
        for dossier in scope.dossiers
        if dossier not in chosen
        and (not chosen or dossier.unit.tier == chosen[0].unit.tier)
        and all(word in dossier.unit.search_key for word in words)
    ]
    exact = [dossier for dossier in found if dossier.unit.code == request.GET["add"].strip()]
    return exact or found[:_FOUND]


def rows_of(scope: Scope, sides: Sequence[Side]) -> list[CompareRow]:
    """The criteria of the units' tier with what each has reached."""
    sets = framework_of(scope.cycle).sets
    criteria = next(each.criteria for tier, each in sets.items() if tier == sides[0].dossier.unit.tier)
    by_code = [side.result.by_code for side in sides]
    return [CompareRow(criterion, tuple(found[criterion.code] for found in by_code)) for criterion in criteria]


def table_of(scope: Scope, sides: Sequence[Side]) -> Table[CompareRow]:
    """The comparison as a table with one column for every unit."""
    order = {row.criterion.code: at for at, row in enumerate(rows_of(scope, sides))}
    return Table(
        name=f"so-sanh-{scope.cycle.year}",
        caption=Text(vi=f"So sánh đơn vị, năm {scope.cycle.year}", en=f"Comparison of units, {scope.cycle.year}"),
        columns=[
            Column(
                key="code",
                title=Text(vi="Mã", en="Code"),
                value=lambda row: row.criterion.code,
                rank=lambda row: order[row.criterion.code],
                names_row=True,
                width=8,
            ),
            criterion_column(),
            *(_side(at, side) for at, side in enumerate(sides)),
        ],
        sort="code",
        size=100,
    )


def _side(at: int, side: Side) -> Column[CompareRow]:
    name = side.dossier.unit.name
    return Column(
        key=f"unit-{side.dossier.unit_id}",
        title=Text(vi=name, en=name),
        value=lambda row: row.found[at].levels.level,
        align="middle",
    )
