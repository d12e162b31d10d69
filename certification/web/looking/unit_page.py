"""One unit: its levels, why it has or has not reached any of them, its criteria, its documents, its years."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import framework_of, recognitions_of
from certification.store.models import ActUnit, UnitRecord
from certification.store.results import results_of
from certification.store.subjects import kind_of, subject_of_unit
from certification.store.units import history_of
from certification.web.exports import asked_for
from certification.web.gate import actor_in, gate
from certification.web.looking.documents import documents_of
from certification.web.looking.places import Place, chosen, level_in, line_of, places_of, verdicts_about
from certification.web.looking.unit_tables import Year, criteria_table, documents_table
from certification.web.speech import language
from certification.web.tables import lay_out, workbook_response
from evidence.succession import LABELS
from reports.explanation import ExplanationView, view_explanation
from rules.explain import explain

YEARS = 8
"""How many years of a unit's history a page decides."""


@gate(Action.READ_UNIT, UnitRecord)
def show_unit(request: HttpRequest, unit: UnitRecord) -> HttpResponse:
    """The page of a unit; without the right to look into its dossier, what is public of it."""
    places = places_of(request, unit)
    asked_of = next((each for each in places if str(each.dossier.cycle_id) == request.GET.get("cycle")), None)
    if asked_of is not None and kind_of(asked_of.dossier.cycle) == "index":
        return redirect("indexes:unit", dossier=asked_of.dossier.pk)
    place = chosen(request, places)
    context: dict[str, Any] = {
        "unit": unit,
        "line": line_of(unit),
        "place": place,
        "places": places,
        "below": list(unit.children.filter(valid_until=None).order_by("sort_key")),
        "years": _years(places),
        "inside": place is not None and place.inside,
        "history": history_of(unit),
        "may_know": lambda other: may(actor_in(request), Action.READ_DOSSIER, subject_of_unit(other)),
        "kinds": LABELS,
    }
    if place is None:
        return render(request, "looking/unit.html", context)
    framework = framework_of(place.dossier.cycle)
    recognition = recognitions_of(place.dossier.cycle).get(unit.code)
    context |= {"framework": framework, "recognition": recognition, "dossier": place.dossier}
    if not place.inside:
        return render(request, "looking/unit.html", context)
    verdict, verdicts = verdicts_about(place.dossier)
    table = criteria_table(place.dossier)
    if asked_for(request, table.name):
        return workbook_response(table, verdict.criteria, request)
    if asked_for(request, "documents"):
        return workbook_response(documents_table(unit), documents_of(place.dossier, verdict), request)
    asked = level_in(request, verdict)
    explanation = view_explanation(explain(verdict, asked, verdicts), language())
    context |= {
        "verdict": verdict,
        "asked": asked,
        "explanation": explanation,
        "table": lay_out(table, verdict.criteria, request),
        "documents": documents_of(place.dossier, verdict),
        "doubtful": _marks(explanation),
    }
    return render(request, "looking/unit.html", context)


def _marks(explanation: ExplanationView) -> list[str]:
    return [mark for mark in (explanation.provisional_mark, explanation.synthetic_mark) if mark]


def _years(places: Sequence[Place]) -> list[Year]:
    shown = sorted(places, key=lambda place: (-place.dossier.cycle.year, place.dossier.cycle_id))[:YEARS]
    acts: dict[int, ActUnit] = {}
    entries = ActUnit.objects.filter(dossier__in=[place.dossier.pk for place in shown]).select_related("act")
    for entry in entries.order_by("act__signed_at", "act__pk"):
        if entry.act.kind == "revoke":
            acts.pop(entry.dossier_id, None)
        else:
            acts[entry.dossier_id] = entry
    years = []
    for place in shown:
        dossier = place.dossier
        looked = place.inside and kind_of(dossier.cycle) == "levels"
        result = results_of(dossier.cycle).get(dossier.unit.code) if looked else None
        years.append(Year(dossier, result, acts.get(dossier.pk)))
    return years
