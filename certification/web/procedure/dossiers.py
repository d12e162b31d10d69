"""A dossier's page: where it stands, who did what when and why, and what its reader may do now."""

from collections.abc import Callable, Mapping

from attrs import frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.calendar import Reminder, remind_of
from certification.procedure.permissions import allowed_actions, may
from certification.procedure.reasons import reason_for
from certification.procedure.roles import Duty, Role
from certification.procedure.stages import Stage, Taken, stages_of
from certification.procedure.states import State
from certification.procedure.subjects import Subject
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken
from certification.store.councils import declare_conflict
from certification.store.decisions import act_in_force
from certification.store.dossiers import (
    STEPS,
    complain,
    dismiss_complaint,
    lateness,
    missing_proof,
    register,
    reopen,
    take_step,
    unruled,
)
from certification.store.models import Act, Council, Dossier, MinutesItem, Transition, UnitRecord
from certification.store.results import results_of
from certification.store.subjects import calendar_in, subject_of, subject_of_unit
from certification.store.unfit import Unfit
from certification.web.environment import can_link
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, badge, show_table
from certification.web.words import action_name, capital
from levels.faults import Text
from levels.framework import Framework


@frozen
class Form:
    """One thing that the reader may do now: what it is, what is worth knowing before, and what must be said."""

    action: Action
    danger: bool
    help: str
    wanted: str  # what the reason must say; "": a remark is welcome
    days_late: int
    why: str = ""  # as it was typed before it was refused
    error: str = ""
    target: int | None = None


@frozen
class Elsewhere:
    """Something the reader may do now on another page."""

    label: str
    href: str
    main: bool  # what the dossier waits for; else something that may be done besides


_FORMS = (*STEPS, Action.REGISTER, Action.COMPLAIN, Action.DISMISS_COMPLAINT, Action.REOPEN, Action.DECLARE_CONFLICT)
_DANGER = frozenset({Action.REFUSE_LATE, Action.WITHDRAW, Action.SEND_BACK, Action.DISMISS_COMPLAINT})
_PAGES: Mapping[Action, Text] = {
    Action.ENTER_FACT: Text("Nhập số liệu, tài liệu", "Enter facts and proof"),
    Action.EXPLAIN: Text("Giải trình", "Explain"),
    Action.APPRAISE: Text("Thẩm định từng tiêu chí", "Appraise the criteria"),
    Action.KEEP_MINUTES: Text("Biên bản, biểu quyết của Hội đồng", "Minutes and votes of the council"),
    Action.SIGN: Text("Xem trước và ký quyết định", "Preview and sign the decision"),
    Action.REFUSE_RECOGNITION: Text("Quyết định không công nhận", "Decide that it is not recognised"),
    Action.PUBLISH: Text("Công bố quyết định", "Publish the decision"),
    Action.REVOKE: Text("Thu hồi quyết định", "Revoke the decision"),
}
"""What is done on a page of its own; ``_address`` says where."""
_BESIDES = frozenset({Action.REVOKE, Action.REFUSE_RECOGNITION})

HELP: Mapping[Action, Text] = {
    Action.SUBMIT: Text(
        "Sau khi nộp, số liệu không sửa được nữa, trừ khi cơ quan tiếp nhận trả lại.",
        "Once handed in, the facts cannot be changed unless the office returns the dossier.",
    ),
    Action.WITHDRAW: Text(
        "Chỉ rút được khi cơ quan chuyên môn chưa tiếp nhận; nộp lại sau hạn là nộp muộn.",
        "Possible until the office has received it; handing it in again after the last day is late.",
    ),
    Action.RECEIVE: Text(
        "Hồ sơ đủ thành phần, chuyển Hội đồng thẩm định.", "The dossier is complete and goes to the council."
    ),
    Action.REFUSE_LATE: Text(
        "Quyền của cơ quan tiếp nhận, không phải nghĩa vụ; lý do được lưu cùng hồ sơ.",
        "The office may refuse, it need not; the reason is kept with the dossier.",
    ),
    Action.RETURN: Text(
        "Đơn vị sửa, bổ sung rồi nộp lại; ngày nộp lần đầu được giữ nguyên khi xét đúng hạn.",
        "The unit mends it and hands it in again; the first day it was handed in stays the one that counts.",
    ),
    Action.CLOSE_ROUND: Text(
        "Đơn vị thấy kết quả vòng 1 và được giải trình, bổ sung tài liệu trước vòng 2.",
        "The unit sees the first round and may explain and add documents before the second.",
    ),
    Action.OPEN_SECOND_ROUND: Text(
        "Hội đồng xem lại hồ sơ với giải trình đã có.", "The council looks at it again with the explanations given."
    ),
    Action.CLOSE_APPRAISAL: Text(
        "Khi mọi tiêu chí đã được thẩm định; tiếp theo là phiên họp và biên bản của Hội đồng.",
        "Once every criterion is ruled on; the council's meeting and its minutes follow.",
    ),
    Action.PROPOSE: Text(
        "Tổng hợp kết quả thẩm định, trình Ủy ban nhân dân phê duyệt, công nhận.",
        "The outcome is submitted to the people's committee for recognition.",
    ),
    Action.SEND_BACK: Text(
        "Hồ sơ trở lại Hội đồng thẩm định; biên bản đã chốt vẫn giữ nguyên.",
        "The dossier goes back to the council; closed minutes stay as they are.",
    ),
    Action.REOPEN: Text(
        "Quyết định đã ký vẫn có hiệu lực cho đến khi có quyết định khác thay thế hoặc thu hồi.",
        "The signed decision stays in force until another replaces or revokes it.",
    ),
    Action.DECLARE_CONFLICT: Text(
        "Từ đó bạn không thẩm định, không biểu quyết về hồ sơ này.",
        "From then on you neither appraise this dossier nor vote on it.",
    ),
}


@gate(Action.READ_DOSSIER, Dossier)
def show_dossier(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The page of one dossier."""
    return _show(request, dossier)


@require_POST
@gate(Action.READ_DOSSIER, Dossier)
def take(request: HttpRequest, dossier: Dossier, action: str) -> HttpResponseBase:
    """Take one step; what cannot be done shows the page again with why, and with what was typed."""
    chosen = next((each for each in _FORMS if each.value == action), None)
    if chosen is None:
        raise Http404
    why = request.POST.get("why", "")
    typed = Form(chosen, False, "", "", 0, why, target=_number(request, "target"))
    try:
        _act(actor_in(request), chosen, dossier, _number(request, "version"), typed)
    except Unfit as error:
        return _show(request, dossier, _refused(typed, tell(error.text)), status=422)
    except Overtaken as error:
        dossier.refresh_from_db()
        return _show(request, dossier, _refused(typed, capital(tell(error.text))), status=409)
    messages.success(request, say(f"Đã {action_name(action)}.", f"Done: {action_name(action)}."))
    return redirect("procedure:dossier", dossier.pk)


def _act(actor: Actor, action: Action, dossier: Dossier, version: int | None, typed: Form) -> None:
    """Call the use case of ``action``; raises what it raises."""
    key, why = dossier.pk, typed.why
    special: dict[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: register(actor, key, typed.target or 0, version=version, why=why),
        Action.COMPLAIN: lambda: complain(actor, key, why, version=version),
        Action.DISMISS_COMPLAINT: lambda: dismiss_complaint(actor, key, why, version=version),
        Action.REOPEN: lambda: reopen(actor, key, why, version=version),
        Action.DECLARE_CONFLICT: lambda: declare_conflict(actor, key, why),
    }
    special.get(action, lambda: take_step(actor, action, key, version=version, why=why))()


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _refused(typed: Form, error: str) -> Form:
    return Form(typed.action, typed.danger, typed.help, typed.wanted, 0, typed.why, error, typed.target)


def _show(request: HttpRequest, dossier: Dossier, refused: Form | None = None, status: int = 200) -> HttpResponse:
    actor, today = actor_in(request), timezone.localdate()
    subject = subject_of(dossier)
    steps = list(dossier.transitions.select_related("by"))
    calendar = calendar_in(dossier.cycle)
    rulebook = rulebook_of(dossier.cycle)
    framework = rulebook if isinstance(rulebook, Framework) else None
    result = results_of(dossier.cycle).get(dossier.unit.code) if framework else None
    allowed = allowed_actions(actor, subject)
    bare, drafts, entered = missing_proof(dossier)
    reminder = remind_of(calendar, subject, today)
    body = _body(subject)
    act = act_in_force(dossier)
    context = {
        "dossier": dossier,
        "kind": subject.kind,
        "state": State(dossier.state),
        "rulebook": rulebook,
        "framework": framework,
        "result": result,
        "stages": _stages(subject, steps, dossier),
        "reminder": reminder,
        "reminder_action": None if reminder is None else reminder.wait.action,
        "due": calendar.find("self_assessment"),
        "forms": [_form(each, subject, dossier, refused) for each in _FORMS if each in allowed],
        "elsewhere": _elsewhere(dossier, allowed, body, act),
        "acts": list(dossier.acts.select_related("act__publication").order_by("-act__signed_at", "-act__pk")),
        "act": act,
        "error": refused.error if refused and refused.action not in allowed else "",
        "steps": steps[::-1],
        "handed_in": next((step for step in reversed(steps) if step.action == Action.SUBMIT), None),
        "bare": bare,
        "drafts": drafts,
        "entered": entered,
        "unruled": unruled(dossier) if Action.CLOSE_APPRAISAL in allowed else [],
        "body": body,
        "council": _council(dossier, body),
        "conflicts": list(dossier.conflicts.select_related("account")),
        "complaints": list(dossier.complaints.select_related("by", "answered_by")),
        "minuted": _minuted(dossier),
        "blocked": _blocked(reminder, subject),
        "may_set_up": body is not None and may(actor, Action.SET_UP_COUNCIL, subject_of_unit(body)),
        "may_see_council": body is not None and may(actor, Action.READ_REPORTS, subject_of_unit(body)),
        "state_of": lambda state, kind: tell(State(state).label_in(kind)),
        "role_of": lambda role: tell(Role(role).label),
    }
    return render(request, "procedure/dossier.html", context, status=status)


def _stages(subject: Subject, steps: list[Transition], dossier: Dossier) -> tuple[Stage, ...]:
    taken = [
        Taken(
            State(step.after), timezone.localdate(step.at), step.days_late, State(step.before) if step.before else None
        )
        for step in steps
    ]
    return stages_of(subject.kind, State(dossier.state), taken, calendar_in(dossier.cycle), timezone.localdate())


def _form(action: Action, subject: Subject, dossier: Dossier, refused: Form | None) -> Form:
    state = State(dossier.state)
    wanted = reason_for(action, state, late=subject.late)
    typed = refused if refused is not None and refused.action is action else None
    return Form(
        action,
        action in _DANGER,
        tell(HELP[action]) if action in HELP else "",
        "" if wanted is None else tell(wanted),
        lateness(dossier, action),
        "" if typed is None else typed.why,
        "" if typed is None else typed.error,
        dossier.target if typed is None else typed.target,
    )


def _elsewhere(
    dossier: Dossier, allowed: tuple[Action, ...], body: UnitRecord | None, act: Act | None
) -> list[Elsewhere]:
    found = []
    for action, label in _PAGES.items():
        if action is Action.REFUSE_RECOGNITION and Action.SIGN in allowed:
            continue  # the same page: what is proposed says which of the two it is
        voting = action is Action.KEEP_MINUTES and Action.VOTE in allowed
        address = _address(action, dossier, body, act) if action in allowed or voting else None
        if address is not None:
            found.append(Elsewhere(tell(label), address, action not in _BESIDES))
    return found


def _address(action: Action, dossier: Dossier, body: UnitRecord | None, act: Act | None) -> str | None:
    places: dict[Action, tuple[str, tuple[object, ...] | None]] = {
        Action.ENTER_FACT: ("facts:dossier", (dossier.pk,)),
        Action.EXPLAIN: ("appraisal:explanations", (dossier.pk,)),
        Action.APPRAISE: ("appraisal:dossier", (dossier.pk,)),
        Action.KEEP_MINUTES: ("procedure:council", (body.pk, dossier.cycle_id) if body else None),
        Action.SIGN: ("decisions:draft", (dossier.cycle_id, body.pk, dossier.unit.tier) if body else None),
        Action.REFUSE_RECOGNITION: (
            "decisions:draft",
            (dossier.cycle_id, body.pk, dossier.unit.tier) if body else None,
        ),
        Action.PUBLISH: ("decisions:act", (act.pk,) if act else None),
        Action.REVOKE: ("decisions:revoke", (act.pk,) if act else None),
    }
    view, parts = places[action]
    return None if parts is None or not can_link(view, *parts) else reverse(view, args=parts)


def _body(subject: Subject) -> UnitRecord | None:
    reviewer = subject.reviewer
    return None if reviewer is None else UnitRecord.objects.filter(code=reviewer.code, valid_until=None).first()


def _council(dossier: Dossier, body: UnitRecord | None) -> Council | None:
    return Council.objects.filter(cycle=dossier.cycle_id, body=body).prefetch_related("members").first()


def _minuted(dossier: Dossier) -> list[MinutesItem]:
    closed = MinutesItem.objects.filter(dossier=dossier, minutes__closed_at__isnull=False)
    return list(closed.select_related("minutes__council").order_by("-minutes__held_on", "-pk"))


def _blocked(reminder: Reminder | None, subject: Subject) -> bool:
    """Whether the dossier waits for a council that is not set up."""
    return reminder is not None and reminder.wait.duty is Duty.APPRAISE and subject.council is None


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
