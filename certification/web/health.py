"""Health: ``/healthz`` says whether this process answers and reaches its database; for supervisors and balancers.

It stands before everything else: a probe comes over plain HTTP and under whatever host name.
"""

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PATH = "/healthz"
_log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers 200 «ok» or 503 «database»; nothing that a stranger could use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != PATH:
            return self.get_response(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_migrations")
                cursor.fetchone()
        except DatabaseError:
            _log.exception("the database does not answer")
            return _answer("database\n", 503)
        return _answer("ok\n", 200)


def _answer(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain", status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
