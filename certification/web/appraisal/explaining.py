"""The unit's explanations between two rounds: what the council did not take as reported, each with room to answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, permit
from certification.store.changes import Overtaken
from certification.store.explaining import Answer, contested, explain, explanations_of
from certification.store.matters import Matter, docket_of
from certification.store.models import Dossier, Explanation
from certification.store.subjects import subject_of
from certification.store.unfit import Unfit
from certification.web.appraisal.dockets import claimed_words, ruled_words, ruling_badge
from certification.web.facts.sheet import href_of
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from evidence.rulings import RULED
from levels.faults import Text


@gate(Action.READ_DOSSIER, Dossier)
@require_http_methods(["GET", "POST"])
def show_explanations(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Every contested criterion with the council's reason and the unit's answer; a POST keeps the answers."""
    if request.method != "POST":
        return _page(request, dossier, {})
    answers = {
        name.removeprefix("text."): Answer(text, request.POST.get(f"seen.{name.removeprefix('text.')}", ""))
        for name, text in request.POST.items()
        if name.startswith("text.") and isinstance(text, str)
    }
    try:
        count = explain(actor_in(request), dossier.pk, answers)
    except Unfit as unfit:
        return _page(request, dossier, answers, fault=tell(unfit.text), at=unfit.field, status=422)
    except Overtaken as overtaken:
        at = overtaken.current.criterion if isinstance(overtaken.current, Explanation) else ""
        return _page(request, dossier, answers, fault=tell(overtaken.text), at=at, status=409)
    messages.success(
        request,
        say(f"Đã lưu {count} giải trình.", f"{count} explanations saved.")
        if count
        else say("Không có gì thay đổi.", "Nothing changed."),
    )
    return redirect("appraisal:explanations", dossier=dossier.pk)


def _page(
    request: HttpRequest, dossier: Dossier, answers: dict[str, Answer], fault: str = "", at: str = "", status: int = 200
) -> HttpResponse:
    docket = docket_of(dossier)
    held = explanations_of(dossier)
    listed = {matter.code: matter for matter in contested(docket)}
    listed |= {code: docket.by_code[code] for code in held if code in docket.by_code}
    rows = [_row(dossier, matter, held.get(matter.code), answers.get(matter.code)) for matter in listed.values()]
    context = {
        "dossier": dossier,
        "rows": rows,
        "refusal": _refusal(request, dossier),
        "fault": fault,
        "at": at,
        "answered": sum(bool(row["text"]) for row in rows),
    }
    return render(request, "appraisal/explanations.html", context, status=status)


def _row(dossier: Dossier, matter: Matter, held: Explanation | None, answer: Answer | None) -> dict[str, object]:
    saved = "" if held is None else held.text
    return {
        "matter": matter,
        "claimed": claimed_words(matter),
        "ruled": ruled_words(matter),
        "badge": ruling_badge(matter),
        "reason": next((part.standing.note for part in matter.parts if part.standing.status in RULED), ""),
        "text": saved if answer is None else answer.text,
        "saved": saved,
        "other": held if answer is not None and answer.text.strip() != saved and answer.seen.strip() != saved else None,
        "by": held,
        "documents": href_of(dossier, matter.parts[0].asked),
    }


def _refusal(request: HttpRequest, dossier: Dossier) -> Text | None:
    try:
        permit(actor_in(request), Action.EXPLAIN, subject_of(dossier))
    except Refused as refused:
        return refused.text
    return None
