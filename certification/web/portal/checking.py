"""Whether a decision is what it says: found by its number, or a file of it compared with the register."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from allauth.core import ratelimit
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from certification.bundle import SUFFIX, read_bundle
from certification.ranking_bundle import SUFFIX as RANKINGS
from certification.ranking_verification import is_ranking, verify_ranking
from certification.revocation_bundle import is_revocation, read_revocation, verify_revocation
from certification.store.models import ActFile, RulebookRecord
from certification.store.published import find_acts
from certification.verification import Finding, verify
from certification.web.gate import public
from certification.web.speech import language, say, tell
from certification.web.uploads import as_file
from levels.faults import Faulty, printable

MOST_BYTES = 25_000_000


@public
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """``?number=12/QĐ-UBND`` looks a decision up; a POST with ``file`` compares it with what was sealed."""
    number = request.GET.get("number", "").strip()
    context: dict[str, Any] = {"number": number, "acts": None, "answer": None}
    if number:
        context["acts"] = list(find_acts(number)[:20])
    if request.method == "POST":
        if not ratelimit.consume(request, action="verify"):
            refused: HttpResponse = ratelimit.respond_429(request)
            return refused
        upload = request.FILES.get("file")
        nothing = _unread("", say("Chưa chọn tệp.", "No file was chosen."))
        context["answer"] = nothing if upload is None else _look_at(upload)
    return render(request, "portal/verify.html", context)


def _unread(name: str, why: str) -> dict[str, Any]:
    """What can be said of a file that was not looked at: why."""
    return {"name": name, "known": None, "findings": [], "faults": [why]}


def _look_at(upload: "UploadedFile[Any]") -> dict[str, Any]:
    """What can be said of a file: whose it is in the register, and for a bundle whether it recomputes."""
    name = printable(upload.name or "")
    if (upload.size or 0) > MOST_BYTES:
        return _unread(name, say("Tệp lớn hơn 25 MB.", "The file is larger than 25 MB."))
    content = upload.read(MOST_BYTES + 1)
    sha256 = hashlib.sha256(content).hexdigest()
    known = (
        ActFile.objects.filter(sha256=sha256, act__publication__isnull=False)
        .select_related("act__body", "act__cycle__rulebook")
        .defer("content")
        .first()
    )
    answer: dict[str, Any] = {"name": name, "sha256": sha256, "known": known, "findings": [], "faults": []}
    if content.lstrip()[:1] != b"{":  # no bundle: a document can only be compared with what was sealed
        return answer
    try:
        with as_file(name or f"quyet-dinh{SUFFIX}", content) as path:
            answer["findings"] = [(each.agrees, printable(tell(each.text))) for each in _recompute(path, name)]
    except Faulty as faulty:
        answer["faults"] = [fault.line(language()) for fault in faulty.faults]
    answer["agrees"] = not answer["faults"] and all(agrees is not False for agrees, _ in answer["findings"])
    return answer


def _recompute(path: Path, name: str) -> list[Finding]:
    trusted = set(RulebookRecord.objects.values_list("digest", flat=True))
    if is_ranking(path, name):
        return list(verify_ranking(path, name, trusted))
    if is_revocation(path, name):
        with tempfile.TemporaryDirectory(prefix="certify-") as folder:
            _, revocation = read_revocation(path, name)
            return list(verify_revocation(path, name, _kept({revocation.earlier_seal}, Path(folder))))
    _, sealed = read_bundle(path, name)
    used = {
        member.recognition.decision
        for assessed in sealed.units
        for member in assessed.members
        if member.recognition is not None
    }
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        return list(verify(path, name, _kept(used, Path(folder)), trusted))


def _kept(seals: set[str], folder: Path) -> dict[str, Path]:
    """Those of the sealed decisions named by ``seals`` that were published: a district's is verified with them."""
    found: dict[str, Path] = {}
    endings = Q(name__endswith=SUFFIX) | Q(name__endswith=RANKINGS)
    bundles = ActFile.objects.filter(endings, act__publication__isnull=False, act__seal__in=seals)
    for number, file in enumerate(bundles.select_related("act")):
        path = folder / f"{number}{SUFFIX}"
        path.write_bytes(bytes(file.content))
        found[file.act.seal] = path
    return found
