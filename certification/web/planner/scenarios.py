"""Kept scenarios: listed, laid beside each other, deleted."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.models import Cycle, Dossier, Scenario
from certification.store.planning import drop_scenario, read_scenarios, scenarios_for
from certification.store.subjects import subject_of_unit
from certification.web.exports import paper_asked
from certification.web.files import send_file
from certification.web.gate import actor_in, signed_in
from certification.web.planner.scope import around, decided, rated_for
from certification.web.speech import language, say
from certification.what_if import compare, compare_ranked
from evidence.scenarios import cumulate
from levels.faults import Faulty
from reports.analysis import Page, workbook
from reports.scenario_table import MOST, view_comparison, view_ranked_comparison


def _visible(request: HttpRequest, cycle: Cycle) -> list[Scenario]:
    actor = actor_in(request)
    return [each for each in scenarios_for(actor, cycle) if may(actor, Action.PLAN, subject_of_unit(each.unit))]


def _cycle(key: int) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("rulebook", "root__parent__parent"), pk=key)


@signed_in
@require_GET
def list_scenarios(request: HttpRequest, cycle: int) -> HttpResponse:
    """The scenarios of a cycle that the reader made or that were shared with him, for units that he may plan for."""
    of = _cycle(cycle)
    rows = _visible(request, of)
    dossiers = {each.unit_id: each.pk for each in Dossier.objects.filter(cycle=of, unit__in=[r.unit_id for r in rows])}
    entries = [(row, dossiers.get(row.unit_id), row.owner_id == actor_in(request).account) for row in rows]
    return render(request, "planner/scenarios.html", {"cycle": of, "entries": entries})


@signed_in
@require_GET
def compare_scenarios(request: HttpRequest, cycle: int) -> HttpResponse:
    """Scenarios side by side: as it is, A, B, A+B …; ``?pick=1&pick=2``, ``&format=xlsx``."""
    of = _cycle(cycle)
    picked = {int(key) for key in request.GET.getlist("pick") if key.isdecimal()}
    rows = [row for row in _visible(request, of) if row.pk in picked]
    if not rows or len(rows) > MOST:
        messages.warning(request, say(f"Hãy chọn từ 1 đến {MOST} kịch bản.", f"Pick 1 to {MOST} scenarios."))
        return redirect("planner:scenarios", cycle=of.pk)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        try:
            page, some = _compare(request, of, rows, Path(folder))
        except Faulty as faulty:
            faults = [fault.line(language()) for fault in faulty.faults]
            return render(request, "planner/compare.html", {"cycle": of, "faults": faults, "page": None}, status=422)
    if paper_asked(request) == "xlsx":
        return send_file(workbook(page), "so-sanh-kich-ban.xlsx")
    query = request.GET.copy()
    query["format"] = "xlsx"
    context = {
        "cycle": of,
        "page": page,
        "some": some,
        "faults": [],
        "export_href": f"?{query.urlencode()}",
    }
    return render(request, "planner/compare.html", context)


def _compare(request: HttpRequest, cycle: Cycle, rows: list[Scenario], folder: Path) -> tuple[Page, bool]:
    """The scenarios side by side, and whether their ranks are only among the units that the reader may know."""
    if cycle.rulebook.kind == "index":
        known = rated_for(request, cycle)
        columns = cumulate(read_scenarios(rows, known.rating.units, folder))
        return view_ranked_comparison(compare_ranked(known.rating, columns), language()), known.some
    frame, _ = decided(cycle, ())
    wanted = {code for row in rows for code in around(request, cycle, row.unit.code)}
    assessment, _ = decided(cycle, frame.resting_on(wanted))
    columns = cumulate(read_scenarios(rows, assessment.units, folder))
    return view_comparison(compare(assessment, columns), language()), False


@signed_in
@require_POST
def delete_scenario(request: HttpRequest, cycle: int, scenario: int) -> HttpResponse:
    """Delete one of the reader's own scenarios; the log keeps what it held."""
    of = _cycle(cycle)
    row = get_object_or_404(scenarios_for(actor_in(request), of), pk=scenario, owner_id=actor_in(request).account)
    drop_scenario(actor_in(request), row)
    messages.success(request, say(f"Đã xóa kịch bản «{row.name}».", f"The scenario “{row.name}” is deleted."))
    return redirect("planner:scenarios", cycle=of.pk)
