"""The planner's first page: for which units can be planned, with which prices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import rulebook_of
from certification.store.models import Cycle, UnitRecord
from certification.store.planning import keep_prices, price_list_of
from certification.store.search import fold
from certification.store.subjects import subject_of_unit
from certification.web.files import send_file
from certification.web.gate import actor_in, gate, signed_in
from certification.web.planner.scope import cycle_for, plannable
from certification.web.speech import language, say
from certification.web.uploads import as_file
from evidence.costs import read_costs
from levels.faults import Faulty

MOST_BYTES = 2_000_000
"""A list of prices larger than this is none."""


@signed_in
@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """The cycles and units for which the reader may plan; ``?q=dak ha`` searches them."""
    sought = request.GET.get("q", "").strip()
    found = []
    for cycle in Cycle.objects.select_related("rulebook", "root__parent__parent").filter(closed_at=None):
        dossiers = plannable(request, cycle)
        if not dossiers:
            continue
        tops = list({each.unit.parent_id: each.unit.parent for each in dossiers if each.unit.parent}.values())
        if sought:
            dossiers = [each for each in dossiers if fold(sought) in each.unit.search_key]
        actor = actor_in(request)
        bodies = [unit for unit in tops if may(actor, Action.PLAN, subject_of_unit(unit))]
        found.append((cycle, dossiers, bodies))
    return render(request, "planner/home.html", {"found": found, "q": sought})


@gate(Action.PLAN, UnitRecord)
@require_http_methods(["GET", "POST"])
def take_prices(request: HttpRequest, cycle: int, unit: UnitRecord) -> HttpResponse:
    """Show the prices that hold for a unit, and take in another list (``costs.csv``)."""
    of = cycle_for(request, cycle, unit)
    faults: list[str] = []
    if request.method == "POST":
        upload = request.FILES.get("file")
        content = b"" if upload is None else upload.read(MOST_BYTES + 1)
        if upload is None or not upload.name:
            faults = [say("Chưa chọn tệp nào.", "No file was chosen.")]
        elif len(content) > MOST_BYTES:
            faults = [say("Tệp lớn hơn 2 MB.", "The file is larger than 2 MB.")]
        else:
            try:
                with as_file(upload.name, content) as path:
                    read_costs(path, rulebook_of(of))
            except Faulty as faulty:
                faults = [fault.line(language()) for fault in faulty.faults]
            else:
                keep_prices(actor_in(request), of, unit, upload.name, content)
                messages.success(request, say("Đã lưu bảng giá.", "The prices are kept."))
                return redirect("planner:prices", cycle=of.pk, unit=unit.pk)
    context = {
        "cycle": of,
        "unit": unit,
        "prices": price_list_of(of, unit),
        "faults": faults,
        "may_keep": may(actor_in(request), Action.SAVE_SCENARIO, subject_of_unit(unit)),
    }
    return render(request, "planner/prices.html", context, status=422 if faults else 200)


@gate(Action.PLAN, UnitRecord)
@require_GET
def send_prices(request: HttpRequest, cycle: int, unit: UnitRecord) -> HttpResponse:
    """The list of prices that holds for a unit, as it was uploaded."""
    prices = price_list_of(cycle_for(request, cycle, unit), unit)
    if prices is None:
        return HttpResponse(status=404)
    return send_file(bytes(prices.content), "costs.csv")
