"""Scope: the cycle a page is about, and which of its dossiers the reader may look into."""

from collections.abc import Collection, Iterable

from attrs import frozen
from django.http import Http404, HttpRequest

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.models import Cycle, Dossier
from certification.store.results import Result, results_of
from certification.store.subjects import outline_of
from certification.store.worklist import dossiers_in
from certification.web.gate import actor_in
from evidence.checks import Doubt


@frozen
class Scope:
    """One cycle as one reader sees it."""

    cycle: Cycle
    cycles: tuple[Cycle, ...]  # among which he may choose
    dossiers: tuple[Dossier, ...]  # those he may look into, in the Vietnamese order of names
    published: tuple[Dossier, ...]  # those of others whose result is public

    @property
    def by_unit(self) -> dict[int, Dossier]:
        """What he may look into, by the key of the unit."""
        return {dossier.unit_id: dossier for dossier in self.dossiers}


def cycles_of(kind: str = "levels") -> list[Cycle]:
    """The cycles of a kind: open ones first, then the latest year; of one year as they were opened."""
    rows = Cycle.objects.filter(rulebook__kind=kind).select_related("rulebook", "root__parent__parent")
    rows = rows.defer("rulebook__content")
    return sorted(rows, key=lambda cycle: (cycle.closed_at is not None, -cycle.year, cycle.pk))


def scope_in(request: HttpRequest, kind: str = "levels") -> Scope | None:
    """What ``?cycle=`` asks for, by default the first cycle in which the reader may see anything; three queries.

    None: there is no cycle yet, or none that he may see. Raises ``Http404`` for a cycle that there is not.
    """
    cycles = cycles_of(kind)
    asked = request.GET.get("cycle", "")
    if asked:
        cycle = next((each for each in cycles if str(each.pk) == asked), None)
        if cycle is None:
            raise Http404
        return _look(request, cycle, cycles)
    scopes = (_look(request, cycle, cycles) for cycle in cycles)
    return next((scope for scope in scopes if scope.dossiers or scope.published), None)


def _look(request: HttpRequest, cycle: Cycle, cycles: Iterable[Cycle]) -> Scope:
    dossiers = dossiers_in([cycle])
    inside = readable(request, dossiers, Action.READ_DOSSIER)
    seen = {dossier.pk for dossier in inside}
    outside = readable(request, (each for each in dossiers if each.pk not in seen), Action.READ_RESULT)
    return Scope(cycle, tuple(cycles), tuple(inside), tuple(outside))


def readable(request: HttpRequest, dossiers: Iterable[Dossier], action: Action) -> list[Dossier]:
    """Those of ``dossiers`` about which the reader may do ``action``, judged one by one without a query."""
    actor = actor_in(request)
    return [dossier for dossier in dossiers if may(actor, action, outline_of(dossier))]


def results_in(scope: Scope, dossiers: Collection[Dossier]) -> dict[int, Result]:
    """The results of ``dossiers`` (of the scope's cycle) by their keys. Only what the reader may see goes in."""
    results = results_of(scope.cycle)
    return {dossier.pk: results[dossier.unit.code] for dossier in dossiers if dossier.unit.code in results}


def known_units(request: HttpRequest, cycle: Cycle, codes: Collection[str]) -> frozenset[str]:
    """Those of the units ``codes`` into whose dossiers of ``cycle`` the reader may look. One query."""
    rows = Dossier.objects.filter(cycle=cycle, unit__code__in=codes).select_related("unit__parent__parent")
    found = list(rows.defer("result")) if codes else []
    for row in found:
        row.cycle = cycle
    return frozenset(row.unit.code for row in readable(request, found, Action.READ_DOSSIER))


def told_units(request: HttpRequest, cycle: Cycle) -> frozenset[str]:
    """The units whose results of ``cycle`` the reader may know: his to look into, or published. One query.

    A rank tells what the others of its group have: an index's decision makes the ranking public by an act (Hà Nội, mục
    III.5; Bắc Ninh, mục III.2.đ), so that before it whoever may not look into all of them is told points, no rank.
    """
    return frozenset(each.unit.code for each in readable(request, dossiers_in([cycle]), Action.READ_RESULT))


def tellable(request: HttpRequest, dossier: Dossier, doubts: Collection[Doubt]) -> list[Doubt]:
    """Those of ``doubts`` about ``dossier`` that state no value of a dossier into which the reader may not look.

    That a document is handed in elsewhere too states none.
    """
    own = dossier.unit.code
    stating = [doubt for doubt in doubts if doubt.kind != "shared_document"]
    known = known_units(request, dossier.cycle, {code for doubt in stating for code in doubt.units} - {own}) | {own}
    return [doubt for doubt in doubts if doubt not in stating or known.issuperset(doubt.units)]
