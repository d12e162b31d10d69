"""The rulebooks: listed, checked by the linter before they are kept, compared with the version in force, downloaded."""

from collections.abc import Sequence
from pathlib import PurePath

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.store.models import Cycle, RulebookRecord
from certification.store.rulebooks import (
    add_bundled,
    add_rulebook,
    bundled_versions,
    check_rulebook,
    compare_rulebooks,
    in_force,
    listed_rulebooks,
    rulebook_from,
)
from certification.store.unfit import Unfit
from certification.web.administration.forms import RulebookForm
from certification.web.files import send_file
from certification.web.gate import actor_in, gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, show_table
from levels.faults import Fault, Faulty, Text, printable
from levels.framework import Framework
from levels.loader import Rulebook, framework_ids

KINDS = {
    "levels": Text(vi="công nhận mức", en="levels"),
    "index": Text(vi="chấm điểm, xếp hạng", en="points and ranks"),
}


@gate(Action.MANAGE_RULEBOOKS)
@require_GET
def list_rulebooks(request: HttpRequest) -> HttpResponse:
    """Every version of every rulebook."""
    context = {"bundled": bundled_versions()}
    return show_table(request, "administration/rulebooks.html", _TABLE, listed_rulebooks(), context)


@gate(Action.MANAGE_RULEBOOKS)
@require_POST
def take_bundled(request: HttpRequest) -> HttpResponseBase:
    """Keep a rulebook that came with the software."""
    framework = request.POST.get("framework", "")
    if framework not in framework_ids():
        raise Http404
    try:
        record = add_bundled(actor_in(request), framework)
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
        return redirect("administration:rulebooks")
    messages.success(request, say(f"Đã nhận {record}.", f"{record} is kept."))
    return redirect("administration:rulebook", record.pk)


@gate(Action.MANAGE_RULEBOOKS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    """Check a YAML, and keep it where the linter finds no error; «check» only shows what it finds."""
    form = RulebookForm(request.POST or None, request.FILES or None)
    faults: Sequence[Fault] = ()
    checked: Rulebook | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        name, raw = _shown(upload.name), upload.read()
        found = check_rulebook(raw, name)
        faults, checked = found.faults, found.rulebook
        if "keep" in request.POST and not found.errors:
            try:
                record = add_rulebook(actor_in(request), raw, name)
            except Unfit as unfit:
                form.refuse(unfit)
            except Faulty as faulty:
                faults = faulty.faults
            else:
                messages.success(request, say(f"Đã nhận {record}.", f"{record} is kept."))
                return redirect("administration:rulebook", record.pk)
    refused = any(fault.severity == "error" for fault in faults) or bool(form.errors)
    context = {
        "form": form,
        "faults": [fault for fault in faults if fault.severity == "error"],
        "warnings": [fault for fault in faults if fault.severity != "error"],
        "checked": checked,
        "differences": _against_version_in_force(checked) if checked else None,
    }
    return render(request, "administration/rulebook_add.html", context, status=422 if refused else 200)


@gate(Action.MANAGE_RULEBOOKS)
@require_GET
def show_rulebook(request: HttpRequest, rulebook: int) -> HttpResponse:
    """One version: what it holds, which cycles use it, and how it differs from the version in force."""
    record = get_object_or_404(RulebookRecord.objects.select_related("added_by"), pk=rulebook)
    loaded = rulebook_from(record)
    others = RulebookRecord.objects.filter(framework=record.framework).exclude(pk=record.pk).defer("content")
    against = (
        others.filter(pk=int(request.GET["against"])).first() if request.GET.get("against", "").isdecimal() else None
    )
    if against is None:
        current = in_force(record.framework)
        against = current if current is not None and current.pk != record.pk else None
    context = {
        "record": record,
        "kind": tell(KINDS[record.kind]),
        "rulebook": loaded,
        "sizes": _sizes(loaded),
        "cycles": Cycle.objects.filter(rulebook=record).select_related("root").order_by("-year"),
        "others": others,
        "against": against,
        "differences": compare_rulebooks(rulebook_from(against), loaded) if against else None,
    }
    return render(request, "administration/rulebook.html", context)


@gate(Action.MANAGE_RULEBOOKS)
@require_GET
def download(request: HttpRequest, rulebook: int) -> HttpResponse:
    """The YAML as it was kept."""
    record = get_object_or_404(RulebookRecord, pk=rulebook)
    return send_file(bytes(record.content), f"{record.framework}-{record.version}.yaml")


def _shown(name: str) -> str:
    """The file's name as its faults call it."""
    return printable(PurePath(name.replace("\\", "/")).name) or "file"


def _against_version_in_force(rulebook: Rulebook) -> tuple[RulebookRecord, Sequence[object]] | None:
    current = in_force(rulebook.id)
    if current is None or current.digest == rulebook.digest:
        return None
    return current, compare_rulebooks(rulebook_from(current), rulebook)


def _sizes(rulebook: Rulebook) -> list[tuple[str, int]]:
    """By tier how many criteria or indicators there are."""
    if isinstance(rulebook, Framework):
        return [(str(tier), len(entry.criteria)) for tier, entry in rulebook.sets.items()]
    return [(str(tier), len(entry.indicators)) for tier, entry in rulebook.sets.items()]


def _cycle_count(record: RulebookRecord) -> int:
    count: int = record.cycle_count  # type: ignore[attr-defined]  # annotated by listed_rulebooks
    return count


_TABLE: Table[RulebookRecord] = Table(
    name="rulebooks",
    caption=Text(vi="Các phiên bản bộ tiêu chí, bộ chỉ số", en="Versions of rulebooks"),
    sort="framework",
    columns=(
        Column(
            key="framework",
            title=Text(vi="Mã", en="Id"),
            value=lambda row: row.framework,
            href=lambda row: reverse("administration:rulebook", args=[row.pk]),
            names_row=True,
            width=26,
        ),
        Column(key="version", title=Text(vi="Phiên bản", en="Version"), value=lambda row: row.version),
        Column(key="name", title=Text(vi="Văn bản", en="Instrument"), value=lambda row: row.name, width=60),
        Column(key="kind", title=Text(vi="Loại", en="Kind"), value=lambda row: KINDS[row.kind], width=22),
        Column(key="cycles", title=Text(vi="Số kỳ", en="Cycles"), value=_cycle_count, align="end"),
        Column(key="added", title=Text(vi="Nhận lúc", en="Added"), value=lambda row: row.added_at),
        Column(
            key="digest", title=Text(vi="Mã băm", en="Digest"), value=lambda row: row.digest, only_excel=True, width=72
        ),
    ),
)
