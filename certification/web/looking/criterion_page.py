"""One criterion of one unit: what each level demands, what there is, what proves it, how the neighbours stand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import framework_of
from certification.store.models import Dossier, FactRecord, UnitRecord
from certification.store.results import Result, results_of
from certification.store.subjects import outline_of
from certification.store.telling import as_told
from certification.web.gate import actor_in, gate, require
from certification.web.looking.documents import documents_of
from certification.web.looking.places import chosen, line_of, places_of, verdicts_about
from certification.web.looking.unit_tables import standing_badge
from certification.web.speech import language
from levels.framework import LEVELS
from reports.overview import reported_and_accepted
from reports.sentences import STANDINGS
from rules.explain import explain


@gate(Action.READ_UNIT, UnitRecord)
def show_criterion(request: HttpRequest, unit: UnitRecord, code: str) -> HttpResponse:
    """One criterion of one unit: what each level demands, what there is, what proves it, how the neighbours stand."""
    place = chosen(request, places_of(request, unit))
    if place is None:
        raise Http404
    require(request, Action.READ_DOSSIER, outline_of(place.dossier))
    cycle = place.dossier.cycle
    framework = framework_of(cycle)
    verdict, verdicts = verdicts_about(place.dossier)
    found = next((each for each in verdict.criteria if each.code == code), None)
    if found is None:
        raise Http404
    codes = [each.code for each in verdict.criteria]
    at = codes.index(code)
    explanation = explain(verdict, LEVELS[-1], verdicts)
    neighbours = _neighbours(request, place.dossier, code)
    context = {
        "unit": unit,
        "line": line_of(unit),
        "dossier": place.dossier,
        "framework": framework,
        "verdict": verdict,
        "found": found,
        "values": reported_and_accepted(found, language()),
        "standing": standing_badge(found),
        "clause": framework.clause(verdict.unit.tier, code),
        "blockers": {reason.at_level: reason for reason in explanation.blockers if reason.criterion.code == code},
        "before": codes[at - 1] if at else "",
        "after": codes[at + 1] if at + 1 < len(codes) else "",
        "neighbours": neighbours,
        "standings": STANDINGS,
        "record": _record(place.dossier, code),
        "documents": [row for row in documents_of(place.dossier, verdict) if code in row.criteria],
        "readings": [
            reading for reading in framework.interpretations if f"{verdict.unit.tier}/{code}" in reading.criteria
        ],
    }
    return render(request, "looking/criterion.html", context)


def _record(dossier: Dossier, code: str) -> FactRecord | None:
    rows = dossier.facts.filter(criterion=code).select_related("entered_by", "appraised_by")
    return next((row for row in as_told(rows) if row.criterion == code and not row.draft), None)


def _neighbours(request: HttpRequest, dossier: Dossier, code: str) -> list[tuple[Dossier, Result]]:
    """The units beside this one that the reader may look into, the highest on this criterion first."""
    actor = actor_in(request)
    rows = Dossier.objects.filter(cycle=dossier.cycle, unit__parent=dossier.unit.parent, unit__tier=dossier.unit.tier)
    results = results_of(dossier.cycle)
    beside = []
    for row in rows.select_related("unit__parent__parent").defer("result").order_by("unit__sort_key"):
        row.cycle = dossier.cycle
        if row.unit.code in results and may(actor, Action.READ_DOSSIER, outline_of(row)):
            beside.append((row, results[row.unit.code]))
    return sorted(beside, key=lambda pair: -pair[1].by_code[code].levels.level)
