"""The pages of the log: the list with its filters, one entry with before and after, the verification."""

import datetime
from collections.abc import Iterator
from typing import Any

from attrs import frozen
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from certification.ledger import as_line
from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for
from certification.store import audit, guards
from certification.store.models import AuditEntry, UnitRecord
from certification.store.search import fold
from certification.web.audit.differences import compare
from certification.web.audit.table import KINDS, TABLE, action_name, kind_name, role_name
from certification.web.files import media_type_of, name_file
from certification.web.gate import actor_in, gate
from certification.web.speech import tell
from certification.web.tables import show_table


@gate(Action.READ_AUDIT, anywhere=True)
@require_GET
def list_entries(request: HttpRequest) -> HttpResponse:
    """The log, newest first, as filtered; ``?format=xlsx`` as a workbook."""
    rows = _filter(_readable(request), request)
    context = {
        "asked": {name: request.GET.get(name, "") for name in ("q", "action", "kind", "unit", "since", "until")},
        "actions": [(action.value, tell(action.label)) for action in Action],
        "kinds": [(kind, tell(title)) for kind, title in KINDS.items()],
        "head": audit.read_head(),
        "faults": [name for name in ("since", "until") if request.GET.get(name) and _day(request, name) is None],
    }
    return show_table(request, "audit/home.html", TABLE, rows, context)


def _readable(request: HttpRequest) -> QuerySet[AuditEntry]:
    """The entries that the reader may see: all, or of an auditor of some units those that act in and under them."""
    appointments = appointments_for(actor_in(request), Action.READ_AUDIT)
    if any(appointment.unit is None for appointment in appointments):
        return AuditEntry.objects.all()
    own = [appointment.unit for appointment in appointments if appointment.unit is not None]
    within = Q(code__in=own) | Q(parent__code__in=own) | Q(parent__parent__code__in=own)
    return AuditEntry.objects.filter(unit__in=set(UnitRecord.objects.filter(within).values_list("code", flat=True)))


def _filter(rows: QuerySet[AuditEntry], request: HttpRequest) -> QuerySet[AuditEntry]:
    asked = request.GET
    if text := asked.get("q", "").strip():
        rows = rows.filter(Q(search_key__contains=fold(text)) | Q(object_id=text))
    for name, field in (("action", "action"), ("kind", "object_kind"), ("unit", "unit"), ("account", "account")):
        if value := asked.get(name, "").strip():
            rows = rows.filter(**{field: value})
    if since := _day(request, "since"):
        rows = rows.filter(at__gte=_midnight(since))
    if until := _day(request, "until"):
        rows = rows.filter(at__lt=_midnight(until + datetime.timedelta(days=1)))
    return rows


def _day(request: HttpRequest, name: str) -> datetime.date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:  # 30/2
        return None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@gate(Action.READ_AUDIT, anywhere=True)
@require_GET
def show_entry(request: HttpRequest, sequence: int) -> HttpResponse:
    """One entry: who, what, when, why, every value before and after, and its place in the chain."""
    seen = _readable(request)
    row = seen.filter(sequence=sequence).first()
    if row is None:
        raise Http404
    entry = row.entry()
    context: dict[str, Any] = {
        "row": row,
        "action": action_name(row.action),
        "kind": kind_name(row.object_kind),
        "role": role_name(row.role),
        "differences": compare(row.before, row.after),
        "intact": not list(audit.verify_entry(entry)),
        "earlier": seen.filter(sequence__lt=sequence).order_by("-sequence").first(),
        "later": seen.filter(sequence__gt=sequence).order_by("sequence").first(),
        "same": seen.filter(object_kind=row.object_kind, object_id=row.object_id)
        .exclude(sequence=sequence)
        .order_by("-sequence")[:20]
        if row.object_id
        else (),
    }
    return render(request, "audit/entry.html", context)


@frozen
class Told:
    """One flaw as the page tells it."""

    sequence: int
    text: str


@gate(Action.READ_AUDIT, anywhere=True)
@require_GET
def verify_log(request: HttpRequest) -> HttpResponse:
    """Whether the whole chain holds, with ``?head=…`` also a hash that was kept outside; reads every entry."""
    kept = request.GET.get("head", "").strip()
    asked = "run" in request.GET
    context: dict[str, Any] = {"asked": asked, "kept": kept, "head": audit.read_head()}
    if asked:
        context["flaws"] = [Told(flaw.sequence, tell(flaw.text)) for flaw in audit.verify({kept} if kept else ())]
        context["missing"] = guards.find_missing()
        context["head"] = audit.read_head()
        context["at"] = timezone.now()
    return render(request, "audit/verification.html", context)


@gate(Action.READ_AUDIT, anywhere=True)
@require_GET
def send_log(request: HttpRequest) -> StreamingHttpResponse:
    """The log as JSON lines, to be verified elsewhere: of an auditor of some units only what he may see."""
    name = "nhat-ky.jsonl"
    response = StreamingHttpResponse(_lines(_readable(request)), content_type=media_type_of(name))
    name_file(response, name)
    return response


def _lines(rows: QuerySet[AuditEntry]) -> Iterator[bytes]:
    for row in rows.order_by("sequence").iterator(chunk_size=audit.AT_ONCE):
        yield f"{as_line(row.entry())}\n".encode()
