"""Scope: the acts that a reader may see, and how a document is sent to him."""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import appointments_for
from certification.procedure.roles import Duty
from certification.store.models import Act, UnitRecord
from certification.web.files import send_file
from certification.web.gate import actor_in

KINDS = frozenset({"html", "pdf", "docx"})
# A sealed page brings its own styles and nothing else; it can neither run anything nor load from elsewhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


def readable_acts(actor: Actor) -> QuerySet[Act]:
    """The acts that were published, and those on or by the units within which ``actor`` reads results."""
    acts = Act.objects.select_related("body", "cycle__rulebook", "replaces", "publication")
    held = [each for each in appointments_for(actor, Action.READ_RESULT) if each.role.duty is not Duty.ADMINISTER]
    if any(each.unit is None for each in held):
        return acts
    within = territory([each.unit for each in held if each.unit is not None])
    return acts.filter(
        Q(publication__isnull=False) | Q(body__in=within) | Q(units__dossier__unit__in=within)
    ).distinct()


def territory(codes: list[str]) -> QuerySet[UnitRecord]:
    """The units ``codes`` and those under them."""
    return UnitRecord.objects.filter(Q(code__in=codes) | Q(parent__code__in=codes) | Q(parent__parent__code__in=codes))


def act_for(request: HttpRequest, key: int) -> Act:
    """The act with this key, where the reader may see it; else a page that there is not."""
    act = readable_acts(actor_in(request)).filter(pk=key).first()
    if act is None:
        raise Http404
    return act


def send_document(content: bytes, name: str, *, download: bool = False) -> HttpResponse:
    """A document as a file to keep, or, of a page or a PDF, to be looked at beside the form."""
    kind = name.rsplit(".", 1)[1]
    answer = send_file(content, name, shown=kind in ("html", "pdf") and not download)
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    if kind == "html":
        answer.headers["Content-Security-Policy"] = _POLICY
    return answer
