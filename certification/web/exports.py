"""Exports: every table of every page can be taken as a workbook, ``?format=xlsx&table=ID`` beside its own query.

One rule instead of a list of tables: where the address of a page says ``format=xlsx`` and the view answers with a page,
what goes out is a workbook of the tables of that very page, all of them or the one that ``table`` names. A view that
answers a workbook of its own (a ``Table`` with all its rows, a paper of the planner) is left alone.
"""

from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from certification.web.failures import show_failure
from certification.web.files import NAMED, media_type_of, name_file
from certification.web.page_tables import read_page, write_tables
from levels.faults import Text

NO_TABLE = Text(
    vi="Trang này không có bảng đó (nữa); hãy mở lại trang rồi tải từ liên kết «Tải Excel» của bảng.",
    en="The page has no such table (any more); open it again and use the link “Excel” of the table.",
)

_present: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


class ExportMiddleware:
    """Answers with a workbook where a page was asked for as one; the last of all, next to the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _present.set(request)
        try:
            answer = self.get_response(request)
        finally:
            _present.reset(token)
        if _wants_workbook(request) and isinstance(answer, HttpResponse) and _is_page(answer):
            return _workbook(request, answer)
        return answer


def asked_for(request: HttpRequest, name: str) -> bool:
    """Whether the table ``name`` is wanted as a workbook: it is named, or none is and the view may choose."""
    return _wants_workbook(request) and request.GET.get("table", name) == name


def paper_asked(request: HttpRequest) -> str:
    """The kind of paper (``docx``, ``pdf``, ``xlsx``) wanted of what a page says; "": none, or one of its tables."""
    return "" if "table" in request.GET else request.GET.get("format", "")


def exporting(name: str) -> bool:
    """Whether the page is made for the workbook of its table ``name``, which then shows all its rows."""
    request = _present.get()
    return request is not None and asked_for(request, name)


def excel_href(name: str) -> str:
    """Where the table ``name`` of the page being made is had as a workbook; "" where there is no address for it.

    What answers a form has none: the same address asked for again would show something else.
    """
    request = _present.get()
    if request is None or request.method not in ("GET", "HEAD"):
        return ""
    query = request.GET.copy()
    query.pop("page", None)
    query["format"], query["table"] = "xlsx", name
    return f"{request.path}?{query.urlencode()}"


def _wants_workbook(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and request.GET.get("format") == "xlsx"


def _is_page(answer: HttpResponse) -> bool:
    """Whether it is a page, and no document that is sent as it is."""
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    return answer.status_code == HTTPStatus.OK and media_type == "text/html" and not answer.has_header(NAMED)


def _workbook(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    name = request.GET.get("table")
    heading, shown = read_page(page.content)
    tables = [table for table in shown if name in (None, table.name)]
    if not tables:
        return show_failure(request, 404, NO_TABLE)
    stem = slugify(name or request.path.replace("/", " ")) or "tables"
    # The page's own answer goes out, so that what it says of caches holds for the workbook too.
    page.content = write_tables(tables, heading)
    page.headers["Content-Type"] = media_type_of(f"{stem}.xlsx")
    name_file(page, f"{stem}.xlsx")
    return page
