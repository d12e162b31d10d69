"""Drafts: last year's facts, looked through and taken over; then confirmed one by one, by group, or taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.store.changes import Overtaken
from certification.store.last_year import confirm_drafts, discard_drafts, offers_of, take_over
from certification.store.models.dossiers import Dossier
from certification.store.trials import trial_of
from certification.web.facts.values import told_value
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell


@gate(Action.ENTER_FACT, Dossier)
def show_offers(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """Last year's facts that nothing stands for yet; those chosen become drafts."""
    offers = offers_of(dossier, trial_of(dossier))
    if request.method == "POST":
        chosen = set(request.POST.getlist("criterion"))
        taken = take_over(actor_in(request), dossier, [offer for offer in offers if offer.asked.code in chosen])
        messages.success(
            request,
            say(
                f"Đã lấy {taken} số liệu năm trước làm bản nháp; hãy xác nhận hoặc sửa từng số liệu.",
                f"{taken} facts of last year taken over as drafts; confirm or mend each of them.",
            ),
        )
        return redirect("facts:dossier", dossier.pk)
    rows = [(offer, told_value(offer.asked, offer.fact)) for offer in offers]
    return render(request, "facts/offers.html", {"dossier": dossier, "rows": rows})


@require_POST
@gate(Action.ENTER_FACT, Dossier)
def settle(request: HttpRequest, dossier: Dossier, group: str) -> HttpResponseBase:
    """Confirm all drafts of a group as they were shown, or take them back."""
    versions = dict(_versions(request.POST.getlist("draft")))
    actor, discard = actor_in(request), "discard" in request.POST
    try:
        done = (discard_drafts if discard else confirm_drafts)(actor, dossier.pk, versions)
    except Overtaken as overtaken:
        messages.error(request, tell(overtaken.text))
    else:
        said = (
            say(f"Đã bỏ {done} bản nháp.", f"{done} drafts taken back.")
            if discard
            else say(f"Đã xác nhận {done} bản nháp.", f"{done} drafts confirmed.")
        )
        messages.success(request, said)
    return redirect(reverse("facts:group", args=[dossier.pk, group]))


def _versions(values: list[str]) -> list[tuple[str, int]]:
    """``I.2@3``: a draft's code and the version in which it was shown."""
    found = []
    for value in values:
        code, _, version = value.rpartition("@")
        if code and version.isascii() and version.isdecimal() and len(version) < 10:
            found.append((code, int(version)))
    return found
