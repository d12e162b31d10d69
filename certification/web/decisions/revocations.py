"""Revoking: another act takes back what an earlier one states, for some or all of its units, and says why."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import rulebook_of
from certification.store.changes import Overtaken
from certification.store.decisions import governed_by, load_group, next_number, revoke
from certification.store.models import Act
from certification.store.revocations import draft_revocation
from certification.store.subjects import outline_of
from certification.store.unfit import Unfit
from certification.web.decisions.forms import SignatureForm, versions_in
from certification.web.decisions.scope import KINDS, act_for, send_document
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from levels.framework import Framework


@gate(Action.REVOKE, anywhere=True)
@require_http_methods(["GET", "POST"])
def revoke_act(request: HttpRequest, act: int) -> HttpResponse:
    """Choose the units and say why; a POST signs the revocation. Raises ``Refused``."""
    found = act_for(request, act)
    versions = versions_in(request)
    form = SignatureForm(request.POST if request.method == "POST" else None, signer=found.signer, reason=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = revoke(actor_in(request), found, versions, form.signature())
        except Unfit as unfit:
            form.refuse(unfit)
        except Overtaken as overtaken:
            form.add_error(None, tell(overtaken.text))
        else:
            told = say(f"Đã ký quyết định thu hồi {made.number}.", f"The revocation {made.number} is signed.")
            messages.success(request, told)
            return redirect("decisions:act", act=made.pk)
    context = _context(request, found, form, versions)
    return render(request, "decisions/revoke.html", context, status=422 if form.errors else 200)


def _context(request: HttpRequest, act: Act, form: SignatureForm, versions: dict[int, int | None]) -> dict[str, Any]:
    actor = actor_in(request)
    levels = dict(act.units.values_list("dossier", "level"))
    rows = [(row, levels.get(row.pk), may(actor, Action.REVOKE, outline_of(row))) for row in governed_by(act)]
    if not any(revocable for _, _, revocable in rows):
        raise Http404
    rulebook = rulebook_of(act.cycle)
    return {
        "act": act,
        "form": form,
        "rows": rows,
        "chosen": set(versions),
        "number": next_number(act.body, timezone.localdate().year),
        "framework": rulebook if isinstance(rulebook, Framework) else None,
    }


@gate(Action.REVOKE, anywhere=True)
@require_GET
@xframe_options_sameorigin
def send_draft(request: HttpRequest, act: int, kind: str) -> HttpResponse:
    """The revocation as it would be signed, marked as a draft."""
    found = act_for(request, act)
    if kind not in KINDS:
        raise Http404
    wanted = set(versions_in(request)) or {row.pk for row in governed_by(found)}
    try:
        group = load_group(wanted & {row.pk for row in governed_by(found)})
    except Unfit as unfit:
        return HttpResponse(tell(unfit.text), content_type="text/plain; charset=utf-8", status=409)
    files = draft_revocation(group, found, "", None, "", request.GET.get("why", "") or "……", frozenset({kind}))
    if not files:  # this machine makes no PDF
        raise Http404
    name, content = next(iter(files.items()))
    return send_document(content, f"du-thao-{name}")
