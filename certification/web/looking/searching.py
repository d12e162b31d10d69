"""Search: units, criteria and decisions by any part of their names, whatever tones and case are typed."""

from attrs import frozen
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import framework_of
from certification.store.models import Act, UnitRecord
from certification.store.search import fold, words_of
from certification.store.subjects import subject_of_unit
from certification.web.gate import actor_in, gate
from certification.web.looking.scope import cycles_of
from levels.framework import Criterion, Tier

MOST = 30
"""How many of each kind are shown."""


@frozen
class FoundCriterion:
    """A criterion of the newest rulebook of levels."""

    tier: Tier
    criterion: Criterion


@gate(Action.READ_UNIT, anywhere=True)
def search(request: HttpRequest) -> HttpResponse:
    """What ``?q=`` finds."""
    asked = request.GET.get("q", "").strip()
    words = words_of(asked)
    units = list(_units(words)[: MOST + 1]) if words else []
    context = {
        "query": asked,
        "units": units[:MOST],
        "more_units": len(units) > MOST,
        "criteria": _criteria(words) if words else [],
        "acts": _acts(request, words) if words else [],
    }
    return render(request, "looking/search.html", context)


def _units(words: list[str]) -> QuerySet[UnitRecord]:
    rows = UnitRecord.objects.select_related("parent")
    for word in words:
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("sort_key", "code")


def _criteria(words: list[str]) -> list[FoundCriterion]:
    cycle = next(iter(cycles_of("levels")), None)
    if cycle is None:
        return []
    found = [
        FoundCriterion(tier, criterion)
        for tier, criteria in framework_of(cycle).sets.items()
        for criterion in criteria.criteria
        if all(word in fold(f"{criterion.code} {criterion.name}") for word in words)
    ]
    return found[:MOST]


def _acts(request: HttpRequest, words: list[str]) -> list[Act]:
    """The decisions that match: published ones, and those of the bodies whose dossiers the reader may look into."""
    rows = Act.objects.select_related("body__parent__parent", "cycle", "publication")
    for word in words:
        rows = rows.filter(search_key__contains=word)
    actor = actor_in(request)
    seen = [
        act
        for act in rows.order_by("-signed_on", "-pk")[: MOST * 4]
        if hasattr(act, "publication") or may(actor, Action.READ_DOSSIER, subject_of_unit(act.body))
    ]
    return seen[:MOST]
