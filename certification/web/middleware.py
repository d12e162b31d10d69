"""Middleware of our own: a refusal becomes the page that says why, and text that nothing can hold is turned away."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from certification.procedure.permissions import Refused
from certification.store.plain_text import strip_hidden
from certification.store.telling import reading_as
from certification.store.unfit import Unfit
from certification.web.failures import BAD_REQUEST, show_failure
from certification.web.gate import actor_in
from certification.web.speech import say


class RefusalMiddleware:
    """Answers ``Refused`` (403), and ``Unfit`` that no form stands for (422), with their reason in plain words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; everything else goes on."""
        if isinstance(exception, Refused | Unfit):
            return show_failure(request, 403 if isinstance(exception, Refused) else 422, exception.text)
        return None


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


class PlainTextMiddleware:
    """Takes from the text of forms what cannot be seen, and says so; everything is NFC, with lines that end alike.

    Whoever pastes from another program cannot see what comes along, so that a refusal would not help him. What is
    asked for while one types is left to its own answer beside the field; a password is what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Put the plain text in the place of what was sent."""
        if request.method != "POST" or request.path.startswith("/api/") or "HX-Request" in request.headers:
            return
        plain, dropped = QueryDict(mutable=True), 0
        for name, texts in request.POST.lists():
            kept = []
            for text in texts:
                shown, hidden = (text, 0) if "password" in name else strip_hidden(text)
                kept.append(shown)
                dropped += hidden
            plain.setlist(name, kept)
        plain._mutable = False  # noqa: SLF001 - as Django itself leaves it
        request.POST = plain  # type: ignore[assignment]  # Django's own setter
        if dropped:
            messages.warning(
                request,
                say(
                    f"Đã bỏ {dropped} ký tự điều khiển hoặc ký tự ẩn trong nội dung vừa gửi; hãy xem lại kết quả.",
                    f"{dropped} control or invisible characters were left out of what you sent; look at the result.",
                ),
            )


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
