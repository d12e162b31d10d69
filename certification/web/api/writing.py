"""Writing: facts and their proof, handed in by other systems; the same import twice is one import."""

import hashlib
import json
import re
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router, UploadedFile
from ninja.params import functions as params

from certification.procedure.actions import Action
from certification.procedure.permissions import appointments_for, may, permit
from certification.store.documents import open_document, receive, too_large
from certification.store.fact_imports import Kind, Line, Preview, Taken, read_files, write_facts
from certification.store.facts import exact_text
from certification.store.models import ApiToken, Cycle, Dossier, FactProof, ImportKey
from certification.store.proofs import Room, attach_files, attach_reference
from certification.store.subjects import outline_of
from certification.store.unfit import Unfit
from certification.web import upload_limits
from certification.web.api import schemas
from certification.web.api.calling import Problem, fault_as_json
from certification.web.api.reading import REFUSALS, document_as_json, find_cycle, find_dossier
from certification.web.files import name_file
from certification.web.gate import actor_in
from certification.web.uploads import as_file
from evidence.media_types import XLSX
from levels.faults import Text

router = Router()
WRITING: dict[int, type[schemas.Refusal]] = {**REFUSALS, 409: schemas.Refusal, 413: schemas.Refusal}

_KEY = re.compile(r"[!-~]{1,100}")
_KINDS = {
    "text/csv": "facts.csv",
    "application/json": "facts.json",
    "application/x-ndjson": "facts.jsonl",
    "application/jsonl": "facts.jsonl",
    XLSX: "form.xlsx",
}

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["facts"],
                    "properties": {"facts": {"type": "array", "items": {"type": "object"}}},
                },
                "example": {
                    "facts": [
                        {
                            "unit": "23455",
                            "criterion": "I.2",
                            "numerator": 74,
                            "denominator": 104,
                            "source": "Cổng dịch vụ công",
                            "measured_on": "2025-11-20",
                        }
                    ]
                },
            },
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/cycles/{cycle}/facts",
    response={200: schemas.Imported, **WRITING},
    tags=["facts"],
    operation_id="import_facts",
    openapi_extra=_BODY,
)
def import_facts(
    request: HttpRequest,
    cycle: int,
    overwrite: bool = False,
    idempotency_key: Annotated[str, params.Header(alias="Idempotency-Key")] = "",
) -> Any:
    """Hand in facts as JSON, a table of evidence (CSV, JSON lines) or an Excel form: all of them or none.

    Columns and values are those of `evidence.csv`; every fault is told at once with its row (of JSON: its place in
    `facts`, from 1) and column. A value that differs from what stands is a conflict (409) unless `overwrite`; what a
    council has ruled on stays and is named under `settled`. `Idempotency-Key` (1 to 100 visible characters) is needed:
    the same key with the same content answers the same and writes nothing again, with other content 409.
    """
    token, actor = _token(request), actor_in(request)
    if not _KEY.fullmatch(idempotency_key):
        raise Unfit(
            Text(
                vi="Cần tiêu đề Idempotency-Key, từ 1 đến 100 ký tự hiển thị được.",
                en="The header Idempotency-Key is needed, 1 to 100 visible characters.",
            ),
            "Idempotency-Key",
        )
    permit(actor, Action.ENTER_FACT)
    found = find_cycle(cycle)
    name, content = _content(request)
    digest = hashlib.sha256(f"{cycle} {overwrite} {name}\n".encode() + content).hexdigest()
    if (earlier := _earlier(token, idempotency_key, digest)) is not None:
        return earlier
    with as_file(name, content) as path:
        preview = read_files([path], found, _dossiers(request, found))
    if not overwrite and (conflicts := preview.of(Kind.DIFFERENT)):
        return _conflicts(conflicts)
    taken: dict[int, list[Taken]] = {}
    for line in preview.of(Kind.NEW, Kind.ADDED, Kind.DIFFERENT):
        taken.setdefault(line.dossier.pk, []).append(Taken(line.fact, line.version))
    try:
        with transaction.atomic():
            changed = write_facts(actor, taken, through="api") if taken else 0
            answer = _answer(found, preview, changed)
            ImportKey.objects.create(token=token, key=idempotency_key, content_sha256=digest, answer=answer)
    except IntegrityError:  # the same call came twice at once: the other one was quicker
        if (earlier := _earlier(token, idempotency_key, digest)) is None:
            raise
        return earlier
    return answer


@router.post(
    "/dossiers/{dossier}/facts/{criterion}/proofs",
    response={200: list[schemas.DocumentOut], **WRITING},
    tags=["facts"],
    operation_id="attach_proof",
)
def attach_proof(
    request: HttpRequest,
    dossier: int,
    criterion: str,
    files: Annotated[list[UploadedFile], params.File()] = [],  # noqa: B006 - ninja makes a new one
    reference: Annotated[str, params.Form()] = "",
) -> Any:
    """Prove a fact by files (PDF, DOCX, XLSX, PNG, JPEG) or by a link or letter's number (`reference`).

    A file that proves the fact already is no second document, so the call may be repeated. Answers all documents of it.
    """
    found = find_dossier(request, dossier, Action.ATTACH_PROOF)
    actor = actor_in(request)
    for name in upload_limits.too_large(request):
        raise too_large(name)
    if not files and not reference.strip():
        raise Unfit(Text(vi="Cần tệp (files) hoặc reference.", en="Expected files or a reference."), "files")
    room = Room(found)
    received = [receive(file.chunks(), file.name or "", room.admit) for file in files]
    record = None
    with transaction.atomic():
        if received:
            record = attach_files(actor, found.pk, criterion, received)
        if reference.strip():
            record = attach_reference(actor, found.pk, criterion, reference)
    uses = FactProof.objects.filter(fact=record).select_related("proof")
    return [document_as_json(use, found) for use in uses]


@router.get("/dossiers/{dossier}/proofs/{use}", tags=["facts"], operation_id="read_proof", url_name="read_proof")
def read_proof(request: HttpRequest, dossier: int, use: int) -> HttpResponseBase:
    """The content of a stored file."""
    found = find_dossier(request, dossier, Action.READ_DOSSIER)
    row = FactProof.objects.filter(pk=use, fact__dossier=found, proof__isnull=False).select_related("proof").first()
    if row is None or row.proof is None:
        raise Http404
    response = FileResponse(open_document(row.proof), content_type=row.proof.media_type)
    name_file(response, row.reference)
    response.headers["Content-Length"] = str(row.proof.size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _token(request: HttpRequest) -> ApiToken:
    token = getattr(request, "auth", None)
    assert isinstance(token, ApiToken)  # every operation is called with one
    return token


def _dossiers(request: HttpRequest, cycle: Cycle) -> list[Dossier]:
    """The dossiers of a cycle into which the token enters facts; each is judged again when it is written."""
    actor = actor_in(request)
    codes = {post.unit for post in appointments_for(actor, Action.ENTER_FACT) if post.unit is not None}
    rows = cycle.dossiers.filter(unit__code__in=codes).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    )
    listed = list(rows)
    # A unit that was merged away may have left a dossier under the same code: it is nobody's to fill in any more.
    found = [dossier for dossier in listed if may(actor, Action.ENTER_FACT, outline_of(dossier))]
    if not found:
        for dossier in listed:
            permit(actor, Action.ENTER_FACT, outline_of(dossier))
        raise Http404
    return found


def _content(request: HttpRequest) -> tuple[str, bytes]:
    """The name by which faults call the body, and the body; JSON becomes one line for each fact."""
    kind = (request.content_type or "").casefold()
    name = _KINDS.get(kind)
    if name is None:
        raise Unfit(
            Text(vi=f"Content-Type cần là một trong: {', '.join(_KINDS)}.", en=f"Content-Type: {', '.join(_KINDS)}."),
            "Content-Type",
        )
    content = request.read(upload_limits.LARGEST_FORM + 1)
    if len(content) > upload_limits.LARGEST_FORM:
        raise Unfit(Text(vi="Nội dung lớn hơn 5 MB.", en="The content is larger than 5 MB."), "")
    return (name, _lines(content)) if kind == "application/json" else (name, content)


def _lines(content: bytes) -> bytes:
    try:
        # Numbers stay the text that they were written as: nothing passes through a float.
        body = json.loads(content, parse_int=str, parse_float=str, parse_constant=str)
        facts = body["facts"]
        if not isinstance(facts, list):
            raise TypeError
        return "\n".join(json.dumps(fact, ensure_ascii=False) for fact in facts).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unfit(
            Text(vi='Cần JSON dạng {"facts": [{…}, …]}.', en='Expected JSON such as {"facts": [{…}, …]}.'), "facts"
        ) from None


def _earlier(token: ApiToken, key: str, digest: str) -> Any:
    """The answer to the same import before; other content under the same key is refused. None: there was none."""
    row = ImportKey.objects.filter(token=token, key=key).first()
    if row is None:
        return None
    if row.content_sha256 == digest:
        return row.answer
    return Problem(
        "key_taken",
        Text(
            vi="Idempotency-Key này đã dùng cho một lần nhập có nội dung khác; hãy dùng khóa mới.",
            en="This Idempotency-Key was used for an import with other content; use a new one.",
        ),
    ).answer(409)


def _conflicts(lines: list[Line]) -> HttpResponse:
    told = [
        {
            "unit": line.fact.unit,
            "criterion": line.asked.code,
            "fields": list(line.fields),
            "known": None if line.record is None else exact_text(line.record),
            "incoming": None if line.fact.amount is None else line.asked.write(line.fact.amount),
            "version": line.version,
        }
        for line in lines
    ]
    text = Text(
        vi=f"{len(told)} số liệu khác với số liệu đang có; chưa ghi gì. Gọi lại với overwrite=true để thay.",
        en=f"{len(told)} facts differ from what stands; nothing was written. Call with overwrite=true to replace them.",
    )
    return Problem("conflict", text, {"conflicts": told}).answer(409)


def _answer(cycle: Cycle, preview: Preview, changed: int) -> dict[str, Any]:
    return {
        "cycle": cycle.pk,
        "changed": changed,
        "unchanged": len(preview.of(Kind.SAME)),
        "settled": [f"{line.fact.unit}/{line.asked.code}" for line in preview.of(Kind.SETTLED)],
        "refused": [
            {
                "unit": line.fact.unit,
                "criterion": line.asked.code,
                "vi": line.why.vi if line.why else "",
                "en": line.why.en if line.why else "",
            }
            for line in preview.of(Kind.FAULTY)
        ],
        "warnings": [fault_as_json(fault) for fault in preview.warnings],
    }
