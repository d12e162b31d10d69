"""Middleware of our own: a refusal becomes the page that says why, and text that nothing can hold is turned away."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from certification.procedure.permissions import Refused
from certification.store.telling import reading_as
from certification.web.failures import BAD_REQUEST, show_failure
from certification.web.gate import actor_in


class RefusalMiddleware:
    """Answers ``Refused``, wherever it is raised, with status 403 and its reason in plain words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page 403 for a refusal; everything else goes on."""
        if not isinstance(exception, Refused):
            return None
        return show_failure(request, 403, exception.text)


class NulMiddleware:
    """Answers 400 to text with the character NUL: nobody types it, and PostgreSQL takes it in no column.

    The API says itself what is wrong with its texts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return show_failure(request, 400, BAD_REQUEST)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """The page 400 for a form that holds it."""
        if request.method != "POST" or request.path.startswith("/api/"):
            return None
        if any("\0" in text for _, texts in request.POST.lists() for text in texts):
            return show_failure(request, 400, BAD_REQUEST)
        return None


class TellingMiddleware:
    """Lets every page and call read a council's rulings as whoever makes the request may know them.

    A streamed answer is made after it: whoever streams tells nothing of a dossier's facts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with reading_as(lambda: actor_in(request)):
            return self.get_response(request)


class SeeOtherMiddleware:
    """After a form was sent the browser is told to *get* the next page (303), whichever library answered (302)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            response.status_code = HTTPStatus.SEE_OTHER
        return response
