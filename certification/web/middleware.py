"""Middleware of our own: a refusal becomes the page that says why."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from certification.procedure.permissions import Refused
from certification.web.failures import show_failure


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
