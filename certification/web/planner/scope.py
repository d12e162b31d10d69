"""Scope: the cycles and units that somebody may plan for, and the prices that hold there."""

import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import networkx as nx
from attrs import evolve, field, frozen
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from certification.hierarchy import Assessment
from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for
from certification.rating import Rating
from certification.store.assessments import assessment_of, frame_of, rating_of, units_of
from certification.store.models import Cycle, Dossier, PriceList, UnitRecord
from certification.store.planning import line_of, price_list_of, read_prices
from certification.store.results import earlier_than, results_of
from certification.store.subjects import subject_of_unit
from certification.store.telling import withheld
from certification.web.gate import actor_in, require
from certification.web.looking.scope import known_units, told_units
from evidence.costs import Costs
from evidence.units import Units
from rules.verdict import Verdict


@frozen
class Prices:
    """The prices that hold for a unit: as a planner uploaded them, and read."""

    record: PriceList | None
    costs: Costs | None


def prices_of(cycle: Cycle, unit: UnitRecord) -> Prices:
    """The prices that hold for ``unit``; none where nobody has stated any. Raises ``Faulty``."""
    record = price_list_of(cycle, unit)
    if record is None:
        return Prices(None, None)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        return Prices(record, read_prices(record, Path(folder) / "costs.csv"))


def unit_in(cycle: Cycle, unit: UnitRecord) -> None:
    """Refuse, as a page that there is not, a unit that has nothing to do with ``cycle``."""
    above = unit
    while above.pk != cycle.root_id:
        if above.parent is None:
            raise Http404
        above = above.parent


def cycle_for(request: HttpRequest, cycle: int, unit: UnitRecord, action: Action = Action.PLAN) -> Cycle:
    """The cycle of an address that names a unit as well; judged at the unit. Raises ``Refused``, ``Http404``."""
    found = get_object_or_404(Cycle.objects.select_related("rulebook", "root__parent__parent"), pk=cycle)
    require(request, action, subject_of_unit(unit))
    unit_in(found, unit)
    return found


def plannable(request: HttpRequest, cycle: Cycle) -> list[Dossier]:
    """The dossiers of a cycle that the reader may plan for, in the order of names. Bounded queries."""
    appointments = appointments_for(actor_in(request), Action.PLAN)
    everywhere = any(each.unit is None for each in appointments)
    codes = {each.unit for each in appointments}
    rows = cycle.dossiers.select_related("unit__parent__parent").order_by("unit__sort_key", "unit__code")
    return [each for each in rows if everywhere or codes.intersection(unit.code for unit in line_of(each.unit))]


def around(request: HttpRequest, cycle: Cycle, code: str) -> list[str]:
    """The units that a change of ``code`` can reach, with all that these read: the district and its communes.

    Without those into whose dossiers the reader may not look: their levels are not his to know before they are public.
    """
    frame = frame_of(cycle)
    above = nx.descendants(frame.graph, code) if code in frame.graph else set()
    return frame.resting_on({code, *known_units(request, cycle, above)})


def decided(cycle: Cycle, codes: Sequence[str]) -> tuple[Assessment, dict[str, Verdict]]:
    """The assessment of the units ``codes``, each listed after those it reads, and their verdicts.

    Kept in memory while nothing that they rest on has changed: a slider asks again and again.
    """
    return _decide(_Basis(cycle, tuple(codes), revision_of(cycle), withheld()))


@frozen
class _Basis:
    """What verdicts rest on, as far as it changes: equal bases have equal verdicts."""

    cycle: Cycle = field(eq=lambda cycle: (cycle.pk, cycle.rulebook.digest))
    codes: tuple[str, ...]
    revision: int
    withheld: frozenset[int]  # what the reader may not know yet


def revision_of(cycle: Cycle) -> int:
    """A number that is another one after any change of a dossier's facts, state or target, of units or of acts.

    With its state changes what its unit is told (``store.telling``).
    """
    dossiers = tuple(cycle.dossiers.order_by("pk").values_list("pk", "revision", "version"))
    acts = tuple(cycle.acts.order_by("pk").values_list("pk", flat=True))
    earlier = tuple(earlier_than(cycle).aggregate(Count("pk"), Sum("revision"), Sum("version")).values())
    return hash((tuple(units_of(cycle).values()), dossiers, acts, earlier))


@lru_cache(maxsize=16)
def _decide(basis: _Basis) -> tuple[Assessment, dict[str, Verdict]]:
    assessment = assessment_of(basis.cycle, basis.codes)
    levels = {code: result.levels for code, result in results_of(basis.cycle).items()}
    return assessment, {code: assessment.decide(code, levels) for code in basis.codes}


def rated(cycle: Cycle) -> Rating:
    """The rating of an index, kept in memory like ``decided``; it ranks every unit, whoever reads."""
    return _rate(_Basis(cycle, (), revision_of(cycle), withheld()))


@frozen
class Known:
    """A rating as a reader may know it; ``some``: it leaves units out, so that no rank of it is the one published."""

    rating: Rating
    some: bool


def rated_for(request: HttpRequest, cycle: Cycle) -> Known:
    """The rating of the units whose results the reader may know, ranked among themselves: nothing of the others."""
    rating, told = rated(cycle), told_units(request, cycle)
    if told.issuperset(unit.code for unit in rating.rated):
        return Known(rating, some=False)
    unrated = {unit.code for unit in rating.units.values() if unit.tier not in rating.index.sets}
    units = Units({code: rating.units[code] for code in rating.units if code in told | unrated})
    return Known(evolve(rating, units=units), some=True)


@lru_cache(maxsize=4)
def _rate(basis: _Basis) -> Rating:
    return rating_of(basis.cycle)
