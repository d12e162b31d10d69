"""A dossier's page: where it stands, who did what when and why, and what its reader may do now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.procedure.calendar import Reminder, remind_of
from certification.procedure.permissions import allowed_actions, may
from certification.procedure.roles import Duty
from certification.procedure.stages import Stage, Taken, stages_of
from certification.procedure.states import State
from certification.procedure.subjects import Subject
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken
from certification.store.decisions import act_in_force
from certification.store.dossiers import (
    missing_proof,
    unanswered,
    unruled,
)
from certification.store.models import Council, Dossier, MinutesItem, Transition, UnitRecord
from certification.store.results import results_of
from certification.store.subjects import calendar_in, subject_of, subject_of_unit
from certification.store.unfit import Unfit
from certification.web.gate import actor_in, gate
from certification.web.procedure.elsewhere import elsewhere
from certification.web.procedure.forms import FORMS, Form, act_on, form_for
from certification.web.speech import say, tell
from certification.web.words import action_name, capital
from levels.framework import Framework


@gate(Action.READ_DOSSIER, Dossier)
def show_dossier(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """The page of one dossier."""
    return _show(request, dossier)


@require_POST
@gate(Action.READ_DOSSIER, Dossier)
def take(request: HttpRequest, dossier: Dossier, action: str) -> HttpResponseBase:
    """Take one step; what cannot be done shows the page again with why, and with what was typed."""
    chosen = next((each for each in FORMS if each.value == action), None)
    if chosen is None:
        raise Http404
    why = request.POST.get("why", "")
    typed = Form(chosen, False, "", "", 0, why, target=_number(request, "target"))
    try:
        act_on(actor_in(request), chosen, dossier, _number(request, "version"), typed)
    except Unfit as error:
        return _show(request, dossier, _refused(typed, tell(error.text)), status=422)
    except Overtaken as error:
        dossier.refresh_from_db()
        return _show(request, dossier, _refused(typed, capital(tell(error.text))), status=409)
    messages.success(request, say(f"Đã {action_name(action)}.", f"Done: {action_name(action)}."))
    return redirect("procedure:dossier", dossier.pk)


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
        "forms": [form_for(each, subject, dossier, refused) for each in FORMS if each in allowed],
        "elsewhere": elsewhere(dossier, allowed, body, act),
        "acts": list(dossier.acts.select_related("act__publication").order_by("-act__signed_at", "-act__pk")),
        "act": act,
        "error": refused.error if refused and refused.action not in allowed else "",
        "steps": steps[::-1],
        "handed_in": next((step for step in reversed(steps) if step.action == Action.SUBMIT), None),
        "bare": bare,
        "drafts": drafts,
        "entered": entered,
        "unanswered": unanswered(dossier) if Action.SUBMIT in allowed else [],
        "unruled": unruled(dossier) if Action.CLOSE_APPRAISAL in allowed else [],
        "body": body,
        "council": _council(dossier, body),
        "conflicts": list(dossier.conflicts.select_related("account")),
        "complaints": list(dossier.complaints.select_related("by", "answered_by")),
        "minuted": _minuted(dossier, may(actor, Action.READ_RULINGS, subject)),
        "blocked": _blocked(reminder, subject),
        "may_set_up": body is not None and may(actor, Action.SET_UP_COUNCIL, subject_of_unit(body)),
        "may_see_council": body is not None and may(actor, Action.READ_REPORTS, subject_of_unit(body)),
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


def _body(subject: Subject) -> UnitRecord | None:
    reviewer = subject.reviewer
    return None if reviewer is None else UnitRecord.objects.filter(code=reviewer.code, valid_until=None).first()


def _council(dossier: Dossier, body: UnitRecord | None) -> Council | None:
    return Council.objects.filter(cycle=dossier.cycle_id, body=body).prefetch_related("members").first()


def _minuted(dossier: Dossier, told: bool) -> list[MinutesItem]:
    """What closed minutes say of the dossier; to who is not told yet what the council rules, only what it adopted."""
    closed = MinutesItem.objects.filter(dossier=dossier, minutes__closed_at__isnull=False)
    closed = closed if told else closed.filter(adopted=True)
    return list(closed.select_related("minutes__council").order_by("-minutes__held_on", "-pk"))


def _blocked(reminder: Reminder | None, subject: Subject) -> bool:
    """Whether the dossier waits for a council that is not set up."""
    return reminder is not None and reminder.wait.duty is Duty.APPRAISE and subject.council is None
