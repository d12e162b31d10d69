"""Places: the dossiers of one unit as one reader may see them, and the verdict that a page is about."""

from collections.abc import Sequence

from attrs import frozen
from django.http import Http404, HttpRequest

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.models import Dossier, UnitRecord
from certification.store.results import verdicts_of
from certification.store.subjects import kind_of, outline_of
from certification.web.gate import actor_in
from levels.framework import LEVELS
from rules.verdict import Verdict


@frozen
class Place:
    """A dossier as its reader may see it."""

    dossier: Dossier
    inside: bool  # may look into it; else only at what is public


def places_of(request: HttpRequest, unit: UnitRecord) -> list[Place]:
    """The dossiers of ``unit`` that the reader may see anything of: open cycles first, then the latest. One query."""
    actor = actor_in(request)
    rows = Dossier.objects.filter(unit=unit).select_related("cycle__rulebook", "cycle__root")
    places = []
    for dossier in rows:
        dossier.unit = unit
        outline = outline_of(dossier)
        if may(actor, Action.READ_DOSSIER, outline):
            places.append(Place(dossier, True))
        elif may(actor, Action.READ_RESULT, outline):
            places.append(Place(dossier, False))
    return sorted(places, key=lambda place: (place.dossier.cycle.closed_at is not None, -place.dossier.cycle.year))


def chosen(request: HttpRequest, places: Sequence[Place]) -> Place | None:
    """The place that ``?cycle=`` names, else the first of a cycle of levels. Raises ``Http404`` for another."""
    asked = request.GET.get("cycle", "")
    of_levels = [place for place in places if kind_of(place.dossier.cycle) == "levels"]
    if not asked:
        return next(iter(of_levels), None)
    found = next((place for place in of_levels if str(place.dossier.cycle_id) == asked), None)
    if found is None:
        raise Http404
    return found


def verdicts_about(dossier: Dossier) -> tuple[Verdict, dict[str, Verdict]]:
    """The whole verdict of a dossier, and by code those of the units whose levels it reads."""
    cycle, code = dossier.cycle, dossier.unit.code
    first = verdicts_of(cycle, [code])
    members = [member.unit.code for member in first[code].members]
    return first[code], first | (verdicts_of(cycle, members) if members else {})


def level_in(request: HttpRequest, verdict: Verdict) -> int:
    """The level that ``?level=`` asks about, else the next above the accepted one. Raises ``Http404`` for another."""
    asked = request.GET.get("level", "")
    if not asked:
        return min(verdict.levels.level + 1, LEVELS[-1])
    if asked not in {str(level) for level in LEVELS}:
        raise Http404
    return int(asked)


def line_of(unit: UnitRecord) -> list[UnitRecord]:
    """The units above, the broadest first."""
    line: list[UnitRecord] = []
    above = unit.parent
    while above is not None:
        line.insert(0, above)
        above = above.parent
    return line
