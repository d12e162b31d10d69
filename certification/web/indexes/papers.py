"""Papers: reports of the indexes as files to keep."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from certification.store.drafts import MEDIA_TYPES

PAPERS = {kind: MEDIA_TYPES[kind] for kind in ("docx", "pdf")}
"""The kinds of papers that a page offers."""


def send_paper(papers: Mapping[str, bytes], kind: str, stem: str) -> HttpResponse:
    """The paper of ``kind`` as a file; ``Http404`` where it could not be made (PDF needs a part of its own)."""
    if kind not in papers:
        raise Http404
    return send_file(papers[kind], PAPERS[kind], f"{stem}.{kind}")


def send_file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep under ``name``."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
