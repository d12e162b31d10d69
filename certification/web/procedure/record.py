"""A dossier on paper: what the unit reports and what its council has ruled, criterion by criterion, then its steps."""

from attrs import frozen
from django.http import HttpRequest, HttpResponse

from certification.procedure.actions import Action
from certification.store.assessments import rulebook_of
from certification.store.decisions import act_in_force
from certification.store.matters import Matter, Part, docket_of
from certification.store.models import Dossier
from certification.store.results import results_of
from certification.store.subjects import kind_of
from certification.web.appraisal.reading import amount_words, part_name, standing_words
from certification.web.formats import day_text
from certification.web.gate import gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, show_table
from evidence.facts import Fact
from evidence.values import STATUS_NAMES
from levels.faults import Text
from levels.framework import Framework


@frozen
class Line:
    """One fact of the dossier with the criterion or indicator that asks for it."""

    matter: Matter
    part: Part

    @property
    def fact(self) -> Fact:
        return self.part.standing


@gate(Action.READ_DOSSIER, Dossier)
def show_record(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The whole dossier, to be printed or taken as a workbook; what its reader is not told yet is not in it."""
    docket = docket_of(dossier)
    lines = [Line(matter, part) for matter in docket.matters for part in matter.parts]
    rulebook = rulebook_of(dossier.cycle)
    framework = rulebook if isinstance(rulebook, Framework) else None
    context = {
        "dossier": dossier,
        "rulebook": rulebook,
        "framework": framework,
        "result": results_of(dossier.cycle).get(dossier.unit.code) if framework else None,
        "kind": kind_of(dossier.cycle),
        "act": act_in_force(dossier),
        "steps": list(dossier.transitions.select_related("by")),
    }
    return show_table(request, "procedure/record.html", _table(dossier), lines, context)


def _table(dossier: Dossier) -> Table[Line]:
    name, year = dossier.unit.name, dossier.cycle.year
    return Table(
        name=f"dossier-{dossier.unit.code}-{year}",
        caption=Text(f"Số liệu và kết luận: {name}, năm {year}", f"Facts and rulings: {name}, {year}"),
        columns=_COLUMNS,
        size=1000,
    )


def _name(line: Line) -> str:
    if len(line.matter.parts) == 1:
        return line.matter.name
    return f"{line.matter.name} – {part_name(line.part)}"


def _status(line: Line) -> str:
    if line.matter.derived:
        return say("tính từ các đơn vị trực thuộc", "follows from the units below")
    if line.part.record is not None and line.part.record.draft:
        return say("bản nháp, chưa xác nhận", "draft, not confirmed")
    return tell(STATUS_NAMES[line.fact.status])


def _source(line: Line) -> str:
    """Where the value comes from and of which day it is."""
    day = line.fact.measured_on
    return ", ".join(filter(None, (line.fact.source, day_text(day) if day else "")))


def _reason(line: Line) -> str:
    """The council's reason, else the unit's own remark; with who ruled."""
    by = line.matter.appraiser if line.part.ruled else ""
    return f"{line.fact.note} ({by})" if line.fact.note and by else line.fact.note or by


_COLUMNS: list[Column[Line]] = [
    Column(
        key="code", title=Text("Mã", "Code"), value=lambda line: line.part.asked.code, names_row=True, sortable=False
    ),
    Column(key="name", title=Text("Nội dung", "What is asked"), value=_name, sortable=False, width=60),
    Column(
        key="reported",
        title=Text("Đơn vị báo cáo", "Reported"),
        value=lambda line: amount_words(line.part.asked, line.part.claim.amount),
        sortable=False,
    ),
    Column(
        key="ruled",
        title=Text("Hội đồng kết luận", "Ruled"),
        value=lambda line: standing_words(line.part) or None,
        sortable=False,
    ),
    Column(key="status", title=Text("Tình trạng", "Status"), value=_status, sortable=False, width=22),
    Column(key="source", title=Text("Nguồn, ngày", "Source, day"), value=_source, sortable=False, width=30),
    Column(
        key="documents",
        title=Text("Tài liệu", "Documents"),
        value=lambda line: "; ".join(document.reference for document in line.fact.documents),
        sortable=False,
        width=50,
    ),
    Column(
        key="reason", title=Text("Lý do, người kết luận", "Reason, by whom"), value=_reason, sortable=False, width=40
    ),
]
