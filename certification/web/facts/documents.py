"""Documents: what proves a fact is handed in here, shown to whoever may read the dossier, and taken back."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.store.documents import Received, open_document, receive, too_large
from certification.store.facts import find_asked
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof
from certification.store.proofs import Room, attach_files, attach_reference, detach
from certification.store.trials import trial_of
from certification.store.unfit import Unfit
from certification.web import upload_limits
from certification.web.facts.entry import FRAGMENT, rights
from certification.web.facts.sheet import href_of, make_items
from certification.web.files import name_file
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from evidence.asked import Asked
from evidence.media_types import JPEG, PDF, PNG
from levels.faults import Text

SHOWN = frozenset({PDF, PNG, JPEG})
"""What a browser shows by itself; the rest is only ever saved."""

# Whatever a document tries, it may run nothing, load nothing and name no origin. A browser's own reader of PDF is
# apart from the page anyway, and would not open within a sandbox.
_LOCKED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
_SANDBOX = f"sandbox; {_LOCKED}"


@gate(Action.READ_DOSSIER, Dossier)
def send(request: HttpRequest, dossier: Dossier, use: int) -> HttpResponseBase:
    """A stored file as it was handed in; beside its value where the browser can show it, else to be saved."""
    row = FactProof.objects.filter(pk=use, fact__dossier=dossier, proof__isnull=False).select_related("proof").first()
    if row is None or row.proof is None:
        raise Http404
    proof = row.proof
    try:
        content = open_document(proof)
    except Unfit as unfit:
        raise Http404(tell(unfit.text)) from unfit
    response = FileResponse(content, content_type=proof.media_type)
    name_file(response, row.reference, shown=proof.media_type in SHOWN and "save" not in request.GET)
    response.headers["Content-Length"] = str(proof.size)
    response.headers["Content-Security-Policy"] = _LOCKED if proof.media_type == PDF else _SANDBOX
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@gate(Action.ATTACH_PROOF, Dossier)
def attach(request: HttpRequest, dossier: Dossier, criterion: str) -> HttpResponseBase:
    """Take files, a link or the number of a letter as proof of one fact."""
    asked = _asked(dossier, criterion)
    refused, taken = _receive(request, dossier)
    reference = request.POST.get("reference", "")
    try:
        if taken:
            attach_files(actor_in(request), dossier.pk, asked.code, taken)
        if reference.strip():
            attach_reference(actor_in(request), dossier.pk, asked.code, reference)
            reference = ""
        if not (taken or refused or request.POST.get("reference", "").strip()):
            refused.append(
                Text(
                    vi="Hãy chọn tệp, hoặc ghi số văn bản hay đường dẫn.",
                    en="Choose a file, or state a letter's number or a link.",
                )
            )
    except Unfit as unfit:
        refused.append(unfit.text)
    return _answer(request, dossier, asked, refused, reference)


@require_POST
@gate(Action.ATTACH_PROOF, Dossier)
def remove(request: HttpRequest, dossier: Dossier, use: int) -> HttpResponseBase:
    """Take a document from its fact."""
    row = FactProof.objects.filter(pk=use, fact__dossier=dossier).select_related("fact").first()
    if row is None:
        raise Http404
    asked, refused = _asked(dossier, row.fact.criterion), list[Text]()
    try:
        detach(actor_in(request), dossier.pk, use)
    except Unfit as unfit:
        refused.append(unfit.text)
    except FactProof.DoesNotExist:
        pass  # somebody else was quicker: it is gone
    return _answer(request, dossier, asked, refused)


def _receive(request: HttpRequest, dossier: Dossier) -> tuple[list[Text], list[Received]]:
    """The files of a request, stored; and why those that were not could not be taken. Good ones wait for no bad one."""
    refused = [too_large(name).text for name in upload_limits.too_large(request)]
    taken, room = [], Room(dossier)
    for file in request.FILES.getlist("files"):
        try:
            taken.append(receive(file.chunks(), file.name or "", room.admit))
        except Unfit as unfit:
            refused.append(unfit.text)
    return refused, taken


def _answer(
    request: HttpRequest, dossier: Dossier, asked: Asked, refused: list[Text], reference: str = ""
) -> HttpResponseBase:
    if request.headers.get("HX-Request") == "true":
        dossier.refresh_from_db(fields=["state", "version", "revision"])
        item = make_items(dossier, trial_of(dossier), [asked.code])[asked.code]
        context = {
            "item": item,
            "dossier": dossier,
            "refused": [tell(text) for text in refused],
            "reference": reference if refused else "",
            **rights(request, dossier),
        }
        response: HttpResponse = render(request, "facts/proofs.html", context)
        response.headers[FRAGMENT] = "1"
        return response
    for text in refused:
        messages.error(request, f"{asked.code}: {tell(text)}")
    if not refused:
        messages.success(request, say(f"Đã lưu tài liệu của {asked.code}.", f"Documents of {asked.code} saved."))
    return redirect(href_of(dossier, asked))


def _asked(dossier: Dossier, criterion: str) -> Asked:
    try:
        return find_asked(dossier, criterion)
    except Unfit as unfit:
        raise Http404(unfit.text.en) from unfit
