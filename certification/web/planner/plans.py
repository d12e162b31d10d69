"""The cheapest way of one unit to a level, or under an index to a total of points or a rank."""

from typing import Any

from attrs import evolve
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certification.planning.points import plan_points
from certification.planning.ways import plan
from certification.procedure.actions import Action
from certification.store.models import Dossier
from certification.web.exports import paper_asked
from certification.web.files import send_file
from certification.web.gate import gate
from certification.web.planner.reading import read_goal, read_level
from certification.web.planner.scope import Prices, decided, prices_of, rated_for
from certification.web.speech import language, say
from reports.plan import view_plan
from reports.point_plan import of_points, view_point_plan
from reports.work_files import work_plan_files
from reports.work_plan import WorkPlan, of_plan

SECONDS = 20
"""How long a page may search before it shows the best found with its bound."""

TYPES = ("docx", "pdf", "xlsx")


@gate(Action.PLAN, Dossier)
@require_GET
def show_plan(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The plan that the address asks for: ``?level=4``, or of an index ``?goal=points&amount=700``; ``&fewest=1``.

    ``&format=docx|pdf|xlsx``: the work plan as a paper that can be signed.
    """
    prices = prices_of(dossier.cycle, dossier.unit)
    if request.GET.get("fewest"):
        prices = evolve(prices, costs=None)
    show = _plan_points if dossier.cycle.rulebook.kind == "index" else _plan_level
    return show(request, dossier, prices)


def _plan_level(request: HttpRequest, dossier: Dossier, prices: Prices) -> HttpResponse:
    code = dossier.unit.code
    assessment, _ = decided(dossier.cycle, ())
    order = assessment.resting_on([code])
    if code not in order:
        raise Http404
    assessment, verdicts = decided(dossier.cycle, order)
    level = read_level(request.GET.get("level"), min(verdicts[code].levels.level + 1, 5))
    found = plan(assessment, verdicts, code, level, prices.costs)
    paper = of_plan(found, assessment.units.get(found.verdict.unit.parent or ""))
    view = view_plan(found, language())
    context = {
        "view": view,
        "level": level,
        "levels": verdicts[code].levels,
        "feasible": found.feasible,
        "some": False,
    }
    return _answer(request, dossier, prices, paper, context)


def _plan_points(request: HttpRequest, dossier: Dossier, prices: Prices) -> HttpResponse:
    known = rated_for(request, dossier.cycle)
    rating = known.rating
    if dossier.unit.code not in {unit.code for unit in rating.rated}:
        raise Http404
    goal, flaws = read_goal(request.GET)
    if goal is None or (goal.budget is not None and prices.costs is None):
        if goal is not None:
            flaws = [say("Cần có bảng giá để lập kế hoạch theo ngân sách.", "A budget needs prices.")]
        context = {
            "dossier": dossier,
            "prices": prices.record,
            "flaws": flaws,
            "typed": request.GET,
            "view": None,
            "some": known.some,
        }
        return render(request, "planner/plan.html", context, status=422 if flaws else 200)
    found = plan_points(rating, dossier.unit.code, goal, prices.costs, seconds=SECONDS)
    paper = of_points(found, rating.units.get(rating.units[dossier.unit.code].parent or ""))
    shown: dict[str, Any] = {
        "view": view_point_plan(found, language()),
        "feasible": found.feasible,
        "flaws": [],
        "some": known.some,
    }
    return _answer(request, dossier, prices, paper, shown)


def _answer(
    request: HttpRequest,
    dossier: Dossier,
    prices: Prices,
    paper: WorkPlan,
    context: dict[str, Any],
) -> HttpResponse:
    wanted = paper_asked(request)
    if wanted:
        return send_paper(paper, wanted)
    context |= {
        "dossier": dossier,
        "prices": prices.record,
        "typed": request.GET,
        "papers": _papers(request, paper),
    }
    return render(request, "planner/plan.html", context)


def _papers(request: HttpRequest, paper: WorkPlan) -> list[tuple[str, str]]:
    """The files that a plan with work in it can be had as."""
    if not paper.items:
        return []
    links = []
    for kind in TYPES:
        query = request.GET.copy()
        query["format"] = kind
        links.append(({"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}[kind], f"?{query.urlencode()}"))
    return links


def send_paper(paper: WorkPlan, wanted: str) -> HttpResponse:
    """One file of the work plan; a kind that cannot be made on this machine is a page that there is not."""
    for name, content in work_plan_files(paper) if paper.items and wanted in TYPES else ():
        if name.endswith(f".{wanted}"):
            return send_file(content, name)
    raise Http404
