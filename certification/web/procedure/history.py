"""A dossier's history: every step as a table, on the page and as a workbook."""

from django.http import HttpRequest, HttpResponseBase

from certification.procedure.actions import Action
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.models import Dossier, Transition
from certification.web.gate import gate
from certification.web.tables import Column, Table, badge, show_table
from certification.web.words import capital
from levels.faults import Text


@gate(Action.READ_DOSSIER, Dossier)
def show_history(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """Every step of a dossier as a table, on the page and as a workbook."""
    rows = list(dossier.transitions.select_related("by"))
    table = Table(
        name=f"history-{dossier.unit.code}-{dossier.cycle.year}",
        caption=Text(
            f"Các bước của hồ sơ {dossier.unit.name}, năm {dossier.cycle.year}",
            f"Steps of the dossier of {dossier.unit.name}, {dossier.cycle.year}",
        ),
        columns=_COLUMNS,
        size=200,
    )
    return show_table(request, "procedure/history.html", table, rows, {"dossier": dossier})


def _role(step: Transition) -> Text | None:
    return Role(step.role).label if step.role else None


_COLUMNS: list[Column[Transition]] = [
    Column(key="at", title=Text("Lúc", "When"), value=lambda step: step.at, width=22),
    Column(
        key="action",
        title=Text("Việc", "Step"),
        value=lambda step: Text(capital(Action(step.action).label.vi), capital(Action(step.action).label.en)),
        names_row=True,
        width=34,
    ),
    Column(key="by", title=Text("Người làm", "By"), value=lambda step: str(step.by or ""), width=24),
    Column(key="role", title=Text("Vai trò", "Role"), value=_role, width=34),
    Column(
        key="after", title=Text("Trạng thái sau", "State after"), value=lambda step: State(step.after).label, width=24
    ),
    Column(
        key="late",
        title=Text("Muộn (ngày)", "Days late"),
        value=lambda step: step.days_late or None,
        show=lambda step: badge(str(step.days_late), "bad") if step.days_late else "–",
        align="end",
    ),
    Column(key="why", title=Text("Lý do", "Reason"), value=lambda step: step.why, width=60),
]
