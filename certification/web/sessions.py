"""Sessions end: after a while without use, after a working day in any case, and with their account at once.

Every use moves the end on, noted at most once a minute, so that reading pages does not write to the database each time.
The middle of a page's work is never lost silently: what was typed is kept by the forms' autosave.
"""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponseBase

_BEGAN, _USED = "began", "used"
_EVERY = 60


class SessionEndMiddleware:
    """Logs out sessions that are too old and moves the end of the others on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            session = request.session
            if now - session.get(_BEGAN, 0) >= settings.SESSION_HOURS * 3600:
                logout(request)
            elif now - session.get(_USED, 0) >= _EVERY:
                session[_USED] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


def begin_session(request: HttpRequest, **_: object) -> None:
    """Note when a session began; without it a session counts as too old."""
    request.session[_BEGAN] = request.session[_USED] = int(time.time())


user_logged_in.connect(begin_session, dispatch_uid="certification.web.sessions")
