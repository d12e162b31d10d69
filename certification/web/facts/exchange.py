"""Exchange: the Excel form out and back in, and tables of evidence in; what differs is chosen before it is saved."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from attrs import frozen
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for, may
from certification.store.assessments import fact_of, fact_records, rulebook_of
from certification.store.changes import Overtaken
from certification.store.documents import tidy_name
from certification.store.fact_imports import Kind, Line, Preview, Taken, compare, read_files, write_facts
from certification.store.facts import entry_round, unit_of
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.subjects import outline_of
from certification.store.unfit import Unfit
from certification.web import upload_limits
from certification.web.facts.values import told_value
from certification.web.files import send_file
from certification.web.gate import actor_in, gate
from certification.web.speech import language, say, tell
from certification.web.uploads import as_file
from evidence.facts import Amount, Document, Fact, Status
from evidence.forms import write_form
from evidence.values import read_date
from levels.faults import Faulty, Text

_SALT = "facts.import"
_KEPT = 2 * 60 * 60
"""Seconds for which a preview can be saved."""

SUFFIXES = (".xlsx", ".csv", ".jsonl", ".ndjson")
MOST_FILES = 50

_TOO_LARGE = Text(
    vi="Tệp lớn hơn 5 MB; biểu mẫu chỉ khoảng 40 kB.", en="A file is larger than 5 MB; a form has about 40 kB."
)
_NO_FILE = Text(vi="Hãy chọn từ 1 đến 50 tệp.", en="Choose 1 to 50 files.")
_OTHER_KIND = Text(vi="Cần tệp .xlsx (biểu mẫu), .csv hoặc .jsonl.", en="Expected .xlsx (the form), .csv or .jsonl.")


@frozen
class Choice:
    """One line of a preview as the page shows it."""

    line: Line
    stands: str
    incoming: str
    chosen: str  # take, keep; "": not chosen yet


@gate(Action.READ_DOSSIER, Dossier)
def send_form(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The Excel form of a dossier, filled with what stands."""
    round_ = entry_round(dossier)
    records = [record for record in fact_records([dossier]) if record.round == round_]
    facts = {record.criterion: fact_of(record, dossier.unit.code, dossier.cycle.year) for record in records}
    name = f"{dossier.unit.code}-{dossier.cycle.year}.xlsx"
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        path = Path(folder) / name
        write_form(path, rulebook_of(dossier.cycle), unit_of(dossier), dossier.cycle.year, facts, round_=round_)
        return send_file(path.read_bytes(), name)


@gate(Action.ENTER_FACT, Dossier)
def take_in(request: HttpRequest, dossier: Dossier) -> HttpResponseBase:
    """Import a form or a table into one dossier."""
    return _import(request, dossier.cycle, [dossier], reverse("facts:dossier", args=[dossier.pk]))


@gate(Action.ENTER_FACT, anywhere=True)
def take_in_many(request: HttpRequest, cycle: int) -> HttpResponseBase:
    """Import several forms, or a table, into all dossiers of a cycle that the reader enters."""
    found = get_object_or_404(Cycle.objects.select_related("rulebook", "root"), pk=cycle)
    actor = actor_in(request)
    codes = {each.unit for each in appointments_for(actor, Action.ENTER_FACT) if each.unit is not None}
    rows = found.dossiers.filter(unit__code__in=codes).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    )
    dossiers = [dossier for dossier in rows if may(actor, Action.ENTER_FACT, outline_of(dossier))]
    if not dossiers:
        raise Http404
    return _import(request, found, dossiers, "/")


def _import(request: HttpRequest, cycle: Cycle, dossiers: Sequence[Dossier], back: str) -> HttpResponseBase:
    if request.method != "POST":
        return _show(request, cycle, dossiers, back)
    if "kept" in request.POST:
        return _apply(request, cycle, dossiers, back)
    try:
        preview = _read(request, cycle, dossiers)
    except Faulty as faulty:
        return _show(request, cycle, dossiers, back, faults=[each.line(language()) for each in faulty.faults])
    except Unfit as unfit:
        return _show(request, cycle, dossiers, back, faults=[tell(unfit.text)])
    return _show(request, cycle, dossiers, back, preview=preview)


def _read(request: HttpRequest, cycle: Cycle, dossiers: Sequence[Dossier]) -> Preview:
    """The files of a request laid beside what stands. Raises ``Faulty`` and ``Unfit``."""
    files = request.FILES.getlist("files")
    if upload_limits.too_large(request) or any((file.size or 0) > upload_limits.LARGEST_FORM for file in files):
        raise Unfit(_TOO_LARGE)
    if not files or len(files) > MOST_FILES:
        raise Unfit(_NO_FILE)
    with ExitStack() as stack:
        paths = []
        for file in files:
            name = tidy_name(file.name or "")
            if not name.casefold().endswith(SUFFIXES):
                raise Unfit(_OTHER_KIND)
            paths.append(stack.enter_context(as_file(name, file.read())))
        return read_files(paths, cycle, dossiers)


def _apply(request: HttpRequest, cycle: Cycle, dossiers: Sequence[Dossier], back: str) -> HttpResponseBase:
    """Save what was chosen of a preview; where something is not chosen, or has changed meanwhile, show it again."""
    try:
        kept = signing.loads(request.POST["kept"], salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        fault = say("Bản xem trước đã hết hạn; hãy chọn lại tệp.", "The preview has expired; choose the file again.")
        return _show(request, cycle, dossiers, back, faults=[fault])
    if kept["account"] != actor_in(request).account or kept["cycle"] != cycle.pk:
        raise Http404
    facts = [(_unpack(entry), entry["place"]) for entry in kept["facts"]]
    wanted = {dossier.unit.code for dossier in dossiers}
    preview = Preview(tuple(compare(dossiers, [each for each in facts if each[0].unit in wanted])))
    seen = {entry["key"]: entry["version"] for entry in kept["facts"]}
    moved = [line for line in preview.lines if seen.get(line.key) != line.version]
    choices = {line.key: request.POST.get(f"choice-{line.key}", "") for line in preview.lines}
    open_lines = [line for line in preview.of(Kind.DIFFERENT) if choices[line.key] not in ("take", "keep")]
    if moved or open_lines:
        said = []
        if moved:
            codes = ", ".join(line.asked.code for line in moved[:10])
            said.append(
                say(
                    f"Người khác vừa lưu {codes}; hãy xem lại trước khi lưu.",
                    f"Somebody else has just saved {codes}; look again before you save.",
                )
            )
        if open_lines:
            said.append(
                say(
                    f"Còn {len(open_lines)} chỗ khác nhau chưa chọn giữ hay thay.",
                    f"{len(open_lines)} differences are not decided yet.",
                )
            )
        for line in moved:
            choices[line.key] = ""
        return _show(request, cycle, dossiers, back, preview=preview, choices=choices, faults=said, status=409)
    return _save(request, cycle, dossiers, back, preview, choices)


def _save(
    request: HttpRequest,
    cycle: Cycle,
    dossiers: Sequence[Dossier],
    back: str,
    preview: Preview,
    choices: dict[str, str],
) -> HttpResponseBase:
    taken: dict[int, list[Taken]] = {}
    for line in preview.of(Kind.NEW, Kind.ADDED, Kind.DIFFERENT):
        if choices[line.key] == "take":
            taken.setdefault(line.dossier.pk, []).append(Taken(line.fact, line.version))
    try:
        changed = write_facts(actor_in(request), taken, through="import") if taken else 0
    except (Overtaken, Unfit) as refused:
        fresh = Preview(tuple(compare(dossiers, [(line.fact, line.place) for line in preview.lines])))
        return _show(request, cycle, dossiers, back, preview=fresh, faults=[tell(refused.text)], status=409)
    messages.success(request, say(f"Đã lưu {changed} số liệu từ tệp.", f"{changed} facts saved from the file."))
    return redirect(back)


def _show(
    request: HttpRequest,
    cycle: Cycle,
    dossiers: Sequence[Dossier],
    back: str,
    *,
    preview: Preview | None = None,
    choices: dict[str, str] | None = None,
    faults: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "cycle": cycle,
        "dossiers": dossiers,
        "dossier": dossiers[0] if len(dossiers) == 1 else None,
        "back": back,
        "faults": faults,
        "preview": preview,
        "choices": [],
        "kept": "",
    }
    if preview is not None:
        context["choices"] = [_choice(line, choices) for line in preview.lines if line.kind is not Kind.SAME]
        context["kept"] = _pack(actor_in(request).account, cycle, preview)
    return render(request, "facts/import.html", context, status=422 if faults and status == 200 else status)


def _choice(line: Line, choices: dict[str, str] | None) -> Choice:
    default = "take" if line.kind in (Kind.NEW, Kind.ADDED) else ""
    chosen = default if choices is None else choices.get(line.key, "")
    return Choice(line, _in_line(line, line.record), _in_line(line, line.fact), chosen)


def _in_line(line: Line, fact: Any) -> str:
    if fact is None:
        return told_value(line.asked, None)
    parts = [told_value(line.asked, fact), fact.source, fact.note]
    return " · ".join(part for part in parts if part)


def _pack(account: int | None, cycle: Cycle, preview: Preview) -> str:
    """What was read, signed: the page brings it back, so that nothing lies about on the server."""
    facts = [
        {
            "key": line.key,
            "version": line.version,
            "place": line.place,
            "unit": line.fact.unit,
            "criterion": line.fact.criterion,
            "amount": None if line.fact.amount is None else [line.fact.amount.numerator, line.fact.amount.denominator],
            "source": line.fact.source,
            "measured_on": "" if line.fact.measured_on is None else line.fact.measured_on.isoformat(),
            "note": line.fact.note,
            "documents": [document.reference for document in line.fact.documents],
        }
        for line in preview.lines
    ]
    return signing.dumps({"account": account, "cycle": cycle.pk, "facts": facts}, salt=_SALT, compress=True)


def _unpack(entry: dict[str, Any]) -> Fact:
    amount = None if entry["amount"] is None else Amount(*entry["amount"])
    return Fact(
        unit=entry["unit"],
        criterion=entry["criterion"],
        status=Status.UNKNOWN if amount is None else Status.SELF_REPORTED,
        amount=amount,
        documents=tuple(Document(reference) for reference in entry["documents"]),
        source=entry["source"],
        measured_on=read_date(entry["measured_on"]),
        note=entry["note"],
    )
