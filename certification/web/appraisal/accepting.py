"""Accepting together what is proven and without doubts: first shown as it is, then confirmed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from certification.procedure.actions import Action
from certification.store.appraisal import accept_together, acceptable
from certification.store.changes import Overtaken
from certification.store.models import Dossier
from certification.web.appraisal.dockets import claimed_words, standing_of
from certification.web.appraisal.reading import sit
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell


@gate(Action.READ_RULINGS, Dossier)
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What would be accepted, each with its value and documents and a box to leave it out; a POST accepts."""
    bench = sit(request, dossier)
    if request.method == "POST":
        chosen = request.POST.getlist("matter")
        seen = dict(each.split("@", 1) for each in chosen if "@" in each)
        try:
            count = accept_together(actor_in(request), dossier.pk, seen, bench.doubts) if seen else 0
        except Overtaken as overtaken:
            messages.error(request, tell(overtaken.text))
            return redirect("appraisal:accept", dossier=dossier.pk)
        if count:
            messages.success(request, say(f"Đã chấp nhận {count} tiêu chí.", f"{count} criteria accepted."))
        else:
            messages.warning(request, say("Chưa chọn tiêu chí nào.", "No criterion was chosen."))
        return redirect("appraisal:dossier", dossier=dossier.pk)
    fit = acceptable(bench.docket, bench.doubts)
    context = {
        "bench": bench,
        "dossier": dossier,
        "rows": [(matter, claimed_words(matter)) for matter in fit],
        "standing": standing_of(bench),
    }
    return render(request, "appraisal/accept.html", context)
