"""The work lists of the offices that a decision puts in charge: what each has to supply, and how far it has got."""

from attrs import frozen
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.tasks import Task, find_tasks
from certification.web.exports import paper_asked
from certification.web.files import PAPERS, send_file, send_paper
from certification.web.gate import gate
from certification.web.indexes.seeing import Sight, see
from certification.web.speech import language, say
from certification.web.tables import Column, Table, show_table
from evidence.index_values import bare
from levels.faults import Text
from reports.words import TIER_NAMES
from reports.work_list import joint_note, render_work_list, view_work_list, work_list_workbook


@frozen
class Row:
    """One office with how far the facts it answers for have got, of the units that the reader may look into."""

    task: Task
    href: str

    @property
    def inputs(self) -> int:
        return sum(each.inputs for each in self.task.work.progress)

    @property
    def known(self) -> int:
        return sum(each.known for each in self.task.work.progress)

    @property
    def accepted(self) -> int:
        return sum(each.accepted for each in self.task.work.progress)


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
def show_offices(request: HttpRequest) -> HttpResponse:
    """Every office of the cycle that ``?cycle=`` names."""
    sight = see(request)
    tasks = _tasks(sight)
    if sight is None or not tasks:
        heading = say("Phân công theo cơ quan", "Work lists of offices")
        return render(request, "indexes/nothing.html", {"heading": heading, "no_offices": sight is not None})
    rows = [Row(task, _href(sight, task)) for task in tasks]
    context = {"sight": sight, "note": joint_note([task.work for task in tasks], language())}
    return show_table(request, "indexes/offices.html", _table(), rows, context)


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
def show_office(request: HttpRequest) -> HttpResponse:
    """The work list of the office that ``?office=`` and ``?tier=`` name; ``?format=xlsx|docx|pdf`` as a file."""
    sight = see(request)
    name, tier = request.GET.get("office", ""), request.GET.get("tier", "")
    task = next((each for each in _tasks(sight) if bare(each.work.office) == bare(name) and each.tier == tier), None)
    if sight is None or task is None:
        raise Http404
    index, year = sight.rating.index, sight.scope.cycle.year
    wanted = paper_asked(request)
    if wanted == "xlsx":
        content = work_list_workbook([task.work], index, year, language())
        return send_file(content, f"phan-cong-{index.id}-{year}.xlsx")
    if wanted in PAPERS:
        papers = render_work_list(task.work, index, year, language=language(), kinds=[wanted])
        return send_paper(papers, wanted, f"phan-cong-{index.id}-{year}")
    context = {
        "sight": sight,
        "task": task,
        "view": view_work_list(task.work, index, year, language()),
        "row": Row(task, ""),
        "query": _query(sight, task),
    }
    return render(request, "indexes/office.html", context)


def _tasks(sight: Sight | None) -> list[Task]:
    """The work lists with the progress of the units that the reader may look into; none where he may into none."""
    if sight is None or not sight.inside:
        return []
    return find_tasks(sight.rating, None, sight.inside)


def _href(sight: Sight, task: Task) -> str:
    return f"{reverse('indexes:office')}?{_query(sight, task)}"


def _query(sight: Sight, task: Task) -> str:
    return urlencode({"cycle": sight.scope.cycle.pk, "office": task.work.office, "tier": task.tier.value})


def _table() -> Table[Row]:
    return Table(
        name="offices",
        caption=Text(vi="Cơ quan được phân công", en="Offices in charge"),
        size=100,
        columns=[
            Column(
                key="office",
                title=Text(vi="Cơ quan", en="Office"),
                value=lambda row: row.task.work.office,
                href=lambda row: row.href,
                names_row=True,
                width=50,
            ),
            Column(key="tier", title=Text(vi="Bộ chỉ số", en="Index of"), value=lambda row: TIER_NAMES[row.task.tier]),
            Column(
                key="lead",
                title=Text(vi="Phụ trách", en="Leads"),
                value=lambda row: len(row.task.work.lead),
                align="end",
            ),
            Column(
                key="support",
                title=Text(vi="Phối hợp", en="Supports"),
                value=lambda row: len(row.task.work.support),
                align="end",
            ),
            Column(
                key="max",
                title=Text(vi="Điểm tối đa", en="Maximum"),
                value=lambda row: sum(indicator.max for indicator in row.task.work.lead),
                align="end",
            ),
            Column(
                key="known",
                title=Text(vi="Số liệu đã có", en="Facts known"),
                value=lambda row: f"{row.known}/{row.inputs}" if row.inputs else None,
                rank=lambda row: row.known * 1000 // max(row.inputs, 1),
                align="end",
            ),
            Column(
                key="accepted",
                title=Text(vi="Đã thẩm định", en="Accepted"),
                value=lambda row: row.accepted if row.inputs else None,
                align="end",
            ),
            Column(
                key="missing",
                title=Text(vi="Còn thiếu", en="Missing"),
                value=lambda row: row.inputs - row.known if row.inputs else None,
                align="end",
            ),
        ],
    )
