"""The list of dossiers that a council has before it, with how far the appraisal of each has got."""

from attrs import frozen
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, appointments_for, concerns, permit
from certification.procedure.states import State
from certification.procedure.subjects import Subject
from certification.store.matters import Progress, progress_of
from certification.store.models import Cycle, Dossier
from certification.store.search import fold
from certification.store.subjects import calendar_in, kind_of
from certification.store.worklist import subjects_for
from certification.web.addresses import address_of
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, badge, lines, show_table
from certification.web.words import cycle_name
from levels.faults import Text

BEFORE_THE_COUNCIL = (
    State.RECEIVED, State.APPRAISING, State.SECOND_ROUND, State.REAPPRAISING, State.EXPLAINING, State.APPRAISED,
)  # fmt: skip
"""The states in which a dossier lies with the council, or comes back to it."""
OPEN = frozenset({State.RECEIVED, State.APPRAISING, State.SECOND_ROUND, State.REAPPRAISING})
"""The states in which a ruling can be made."""


@frozen
class Row:
    """One dossier before the council."""

    dossier: Dossier
    progress: Progress
    refusal: Text | None  # why the reader himself may not appraise it

    @property
    def state(self) -> State:
        return State(self.dossier.state)

    @property
    def days_left(self) -> int | None:
        """Until the last day of the appraisal; None where the rulebook states none."""
        due = calendar_in(self.dossier.cycle).find("appraisal")
        return None if due is None else due.days_left(timezone.localdate())


@gate(Action.APPRAISE, anywhere=True)
@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """What lies before the councils that the reader sits in; ``?state=`` and ``?q=`` narrow it."""
    rows = rows_for(request)
    state, words = request.GET.get("state", ""), fold(request.GET.get("q", ""))
    states = sorted({row.state for row in rows}, key=list(State).index)
    chosen = [
        row for row in rows if (not state or row.state == state) and (not words or words in row.dossier.unit.search_key)
    ]
    context = {
        "states": [("", say("Mọi trạng thái", "Any state"))] + [(each.value, tell(each.label)) for each in states],
        "state": state,
        "q": request.GET.get("q", ""),
        "waiting": sum(row.state in OPEN and row.refusal is None for row in rows),
    }
    return show_table(request, "appraisal/home.html", _table(), chosen, context)


def rows_for(request: HttpRequest) -> list[Row]:
    """The dossiers before the councils of the reader, those that wait first. Queries bounded whatever their number."""
    actor = actor_in(request)
    posts = appointments_for(actor, Action.APPRAISE)
    codes = {each.unit for each in posts if each.unit is not None}
    cycles = {cycle.pk: cycle for cycle in Cycle.objects.filter(closed_at=None).select_related("rulebook", "root")}
    below = Q(unit__parent__code__in=codes) | Q(unit__parent__parent__code__in=codes)
    found = Dossier.objects.filter(below, cycle__in=cycles, state__in=[state.value for state in BEFORE_THE_COUNCIL])
    dossiers = list(found.select_related("unit__parent__parent").defer("result").order_by("unit__sort_key"))
    for dossier in dossiers:
        dossier.cycle = cycles[dossier.cycle_id]
    subjects = subjects_for(actor, dossiers)
    own = [each for each in dossiers if any(concerns(post, Action.APPRAISE, subjects[each.pk]) for post in posts)]
    progress = progress_of(own)
    rows = [Row(each, progress[each.pk], _refusal(request, subjects[each.pk])) for each in own]
    return sorted(rows, key=_urgency)


def _refusal(request: HttpRequest, subject: Subject) -> Text | None:
    try:
        permit(actor_in(request), Action.APPRAISE, subject)
    except Refused as refused:
        return refused.text
    return None


def _urgency(row: Row) -> tuple[bool, bool, int]:
    return row.state not in OPEN, row.refusal is not None, list(State).index(row.state)


def _table() -> Table[Row]:
    return Table(
        name="appraisal",
        caption=Text(vi="Hồ sơ trước Hội đồng thẩm định", en="Dossiers before the appraisal council"),
        empty=Text(
            vi="Không có hồ sơ nào chờ Hội đồng thẩm định.", en="No dossier is waiting for the appraisal council."
        ),
        columns=[
            Column(
                key="unit",
                title=Text(vi="Đơn vị", en="Unit"),
                value=lambda row: row.dossier.unit.name,
                href=lambda row: address_of("appraisal:dossier", row.dossier.pk),
                names_row=True,
                width=34,
            ),
            Column(
                key="cycle",
                title=Text(vi="Kỳ đánh giá", en="Cycle"),
                value=lambda row: cycle_name(row.dossier.cycle),
                width=26,
            ),
            Column(
                key="state",
                title=Text(vi="Trạng thái", en="State"),
                value=lambda row: row.state.label_in(kind_of(row.dossier.cycle)),
                show=lambda row: badge(tell(row.state.label), "info" if row.state in OPEN else "neutral"),
                width=26,
            ),
            Column(
                key="ruled",
                title=Text(vi="Đã kết luận", en="Ruled on"),
                value=lambda row: f"{row.progress.ruled}/{row.progress.total}",
                rank=lambda row: row.progress.ruled * 1000 // max(row.progress.total, 1),
                align="end",
            ),
            Column(
                key="days",
                title=Text(vi="Còn lại (ngày)", en="Days left"),
                value=lambda row: row.days_left,
                align="end",
            ),
            Column(
                key="mine",
                title=Text(vi="Với tôi", en="For me"),
                value=lambda row: row.refusal or Text(vi="chờ tôi", en="waits for me"),
                show=lambda row: (
                    lines([tell(row.refusal)]) if row.refusal else badge(say("chờ tôi", "waits for me"), "warn")
                ),
                width=50,
            ),
        ],
    )
