"""How likely each level or rank is where facts are not certain, and what to verify first."""

from collections.abc import Iterable

from attrs import frozen
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.simulation.levels import simulate
from certification.simulation.ranks import simulate_ranks
from certification.store.models import Dossier
from certification.web.exports import paper_asked
from certification.web.files import send_file
from certification.web.formats import number_text
from certification.web.gate import gate
from certification.web.planner.scope import decided, rated_for
from certification.web.speech import language
from evidence.assumptions import Assumptions
from reports.drawing import Drawing
from reports.rank_simulation import rank_simulation_workbook, view_rank_simulation
from reports.simulation import view_simulation
from reports.simulation_charts import Pictures
from reports.simulation_sheets import simulation_workbook
from reports.tables import Table

DRAWS = (1_000, 2_000, 10_000)
"""What a page may ask for; more is the command line's work."""


@frozen
class Part:
    """One headed part of the page."""

    heading: str
    table: Table | None = None
    drawings: tuple[Drawing, ...] = ()
    sentences: tuple[str, ...] = ()


@gate(Action.PLAN, Dossier)
@require_GET
def show_chances(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The chances of a unit and of the units it reads: ``?draws=2000&seed=1``; the same seed gives the same answer."""
    asked = request.GET.get("draws", "")
    draws = int(asked) if asked.isdecimal() and int(asked) in DRAWS else DRAWS[1]
    typed = request.GET.get("seed", "")
    seed = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 1
    simulated = _ranks if dossier.cycle.rulebook.kind == "index" else _levels
    return simulated(request, dossier, draws, seed)


def _levels(request: HttpRequest, dossier: Dossier, draws: int, seed: int) -> HttpResponse:
    frame, _ = decided(dossier.cycle, ())
    order = frame.resting_on([dossier.unit.code])
    if not order:
        raise Http404
    assessment, _ = decided(dossier.cycle, order)
    assumptions = Assumptions()
    found = simulate(assessment, assumptions, order, draws, seed)
    if paper_asked(request) == "xlsx":
        return _workbook(simulation_workbook(found, assumptions.file, language()), dossier)
    view = view_simulation(found, assumptions.file, language())
    parts = [
        Part(view.labels["chances"], view.chances, _drawings(view.pictures), view.lines),
        Part(view.labels["worth"], view.worth, (), (view.worth_note,)),
        Part(view.labels["certain"], sentences=view.certain),
    ]
    return _page(request, dossier, view, parts, (draws, seed), some=False)


def _ranks(request: HttpRequest, dossier: Dossier, draws: int, seed: int) -> HttpResponse:
    known = rated_for(request, dossier.cycle)
    rating = known.rating
    code = dossier.unit.code
    if rating.units[code].tier not in rating.index.sets:
        raise Http404
    assumptions = Assumptions()
    found = simulate_ranks(rating, assumptions, [code], draws, seed)
    if paper_asked(request) == "xlsx":
        return _workbook(rank_simulation_workbook(found, assumptions.file, language()), dossier)
    view = view_rank_simulation(found, assumptions.file, language())
    parts = [Part(group.heading, group.chances, _drawings(group.pictures), group.lines) for group in view.groups]
    return _page(request, dossier, view, parts, (draws, seed), some=known.some)


def _drawings(pictures: Pictures | None) -> tuple[Drawing, ...]:
    return () if pictures is None else tuple(pictures.wide)


def _page(
    request: HttpRequest, dossier: Dossier, view: object, parts: Iterable[Part], asked: tuple[int, int], *, some: bool
) -> HttpResponse:
    draws, seed = asked
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "some": some,
        "dossier": dossier,
        "view": view,
        "parts": [part for part in parts if part.table or part.drawings or part.sentences],
        "draws": draws,
        "seed": seed,
        "all_draws": [(number, number_text(number)) for number in DRAWS],
        "export_href": f"?{query.urlencode()}",
    }
    return render(request, "planner/chances.html", context)


def _workbook(content: bytes, dossier: Dossier) -> HttpResponse:
    return send_file(content, f"mo-phong-{dossier.unit.code}-{dossier.cycle.year}.xlsx")
