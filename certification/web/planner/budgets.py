"""The most that a budget, or one a year, can do for the units below one."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from certification.budgeting.budgets import next_level, plan_budget
from certification.budgeting.coupling import OutOfTime
from certification.budgeting.goals import Wish
from certification.hierarchy import Assessment
from certification.procedure.actions import Action
from certification.store.models import UnitRecord
from certification.web.exports import paper_asked
from certification.web.gate import gate
from certification.web.planner.plans import SECONDS, TYPES, send_paper
from certification.web.planner.reading import read_budgets, read_level
from certification.web.planner.scope import cycle_for, decided, prices_of
from certification.web.speech import language, say
from certification.web.uploads import as_file
from evidence.conditions import Choices, read_choices, read_weights
from evidence.costs import Money
from evidence.files import FilePath
from evidence.purchases import Purchase, read_shared
from levels.faults import Faulty
from reports.budget import of_budget, view_budget

_Read = TypeVar("_Read")
MOST_BYTES = 2_000_000


@gate(Action.PLAN, UnitRecord)
@require_http_methods(["GET", "POST"])
def show_budget(request: HttpRequest, cycle: int, unit: UnitRecord) -> HttpResponse:
    """Ask for budgets, level and conditions; answer with the plan. Nothing is kept: a POST only carries the files.

    The answer to ``format=docx|pdf|xlsx`` is the work plan as a paper.
    """
    of = cycle_for(request, cycle, unit)
    if of.rulebook.kind != "levels":
        raise Http404
    prices = prices_of(of, unit)
    typed = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {"cycle": of, "unit": unit, "prices": prices.record, "typed": typed, "view": None}
    context |= {"faults": [], "kinds": list(TYPES)}
    if not typed.get("budgets"):
        return render(request, "planner/budget.html", context)
    if prices.costs is None:
        context["faults"] = [say("Cần có bảng giá trước.", "Prices are needed first.")]
        return render(request, "planner/budget.html", context, status=422)
    sums, faults = read_budgets(typed.get("budgets", ""))
    frame, _ = decided(of, ())
    inside = [code for code in frame.order if code == unit.code or _under(frame, code, unit.code)]
    conditions = _Conditions(request, frame, unit.code, range(of.year, of.year + len(sums)))
    weights, choices, shared = conditions.read_all()
    faults += conditions.faults
    if faults:
        context["faults"] = faults
        return render(request, "planner/budget.html", context, status=422)
    assessment, verdicts = decided(of, frame.resting_on(inside))
    level = read_level(typed.get("level"), next_level(assessment, verdicts, unit.code))
    carry = bool(typed.get("carry_over"))
    wish = Wish(unit.code, level, sums, prices.costs, carry, choices, shared, weights)
    try:
        found = plan_budget(assessment, verdicts, wish, seconds=SECONDS)
    except OutOfTime:
        context["faults"] = [
            say(
                f"Sau {SECONDS} giây chưa tìm được kế hoạch nào; hãy bớt điều kiện hoặc dùng lệnh certify plan.",
                f"No plan was found in {SECONDS} seconds; state fewer conditions or use the command certify plan.",
            )
        ]
        return render(request, "planner/budget.html", context, status=503)
    paper = of_budget(found, assessment.units.get(found.unit.parent or ""))
    if wanted := typed.get("format", "") if request.method == "POST" else paper_asked(request):
        return send_paper(paper, wanted)
    context |= {"view": view_budget(found, language()), "level": level, "papers": bool(paper.items)}
    return render(request, "planner/budget.html", context)


def _under(frame: Assessment, code: str, above: str) -> bool:
    parent = frame.units[code].parent
    while parent is not None and parent != above:
        parent = frame.units[parent].parent
    return parent == above


class _Conditions:
    """The files of conditions that came with a request; ``faults`` collects those of all of them."""

    def __init__(self, request: HttpRequest, frame: Assessment, code: str, years: range) -> None:
        self.request, self.frame, self.code, self.years = request, frame, code, years
        self.faults: list[str] = []

    def read_all(self) -> Any:
        """Weights, choices and shared purchases, as far as there are any."""
        framework, units = self.frame.framework, self.frame.units
        weights: dict[str, Money] | None = self._read(
            "weights", lambda path: dict(read_weights(path, framework, units, self.code)), None
        )
        choices = self._read(
            "choices", lambda path: read_choices(path, framework, units, self.years, self.code), Choices()
        )
        nothing: tuple[Purchase, ...] = ()
        shared = self._read("shared", lambda path: read_shared(path, framework, units), nothing)
        return weights, choices, shared

    def _read(self, name: str, reader: Callable[[FilePath], _Read], nothing: _Read) -> _Read:
        upload = self.request.FILES.get(name)
        if upload is None or not upload.name:
            return nothing
        content = upload.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            self.faults.append(f"{upload.name}: " + say("tệp lớn hơn 2 MB", "the file is larger than 2 MB"))
            return nothing
        try:
            with as_file(upload.name, content) as path:
                return reader(path)
        except Faulty as faulty:
            self.faults += [fault.line(language()) for fault in faulty.faults]
            return nothing
