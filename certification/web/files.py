"""Files: what a browser is told of a file that leaves the application, said in one place."""

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from certification.store.drafts import MEDIA_TYPES

NAMED = "Content-Disposition"
PAPERS = ("docx", "pdf")
"""The kinds of papers that a page offers."""

_TYPES = {
    **MEDIA_TYPES,
    "html": f"{MEDIA_TYPES['html']}; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}


def send_file(content: bytes, name: str, *, media_type: str = "", shown: bool = False) -> HttpResponse:
    """A file to keep under ``name``, or ``shown`` in the browser; the ending says what it is if nothing else does."""
    response = HttpResponse(content, content_type=media_type or media_type_of(name))
    name_file(response, name, shown=shown)
    return response


def name_file(response: HttpResponseBase, name: str, *, shown: bool = False) -> None:
    """Name what ``response`` carries (RFC 6266, so any letters), and let no browser guess that it is something else."""
    response.headers[NAMED] = content_disposition_header(not shown, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"


def media_type_of(name: str) -> str:
    """What the ending of a file's name says it is."""
    return _TYPES[name.rsplit(".", 1)[1]]


def send_paper(papers: Mapping[str, bytes], kind: str, stem: str) -> HttpResponse:
    """The paper of ``kind`` as a file; ``Http404`` where it could not be made (PDF needs a part of its own)."""
    if kind not in papers:
        raise Http404
    return send_file(papers[kind], f"{stem}.{kind}")
