"""Calling: whose token a call carries, how often it may come back, and what every answer that is no success says."""

import logging
from typing import Any

from attrs import frozen
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from certification.procedure.permissions import Refused
from certification.store.changes import Overtaken
from certification.store.models.tokens import ApiToken
from certification.store.tokens import actor_of_token, find_token, note_use
from certification.store.unfit import Unfit
from levels.faults import Fault, Faulty, Text

_log = logging.getLogger(__name__)

WRONG_PER_MINUTE = 30
"""Calls with a token that opens nothing, from one address: nobody guesses 256 bits, but nobody need try."""


class TokenAuth(HttpBearer):
    """``Authorization: Bearer cdl_…``; a browser's session opens nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token's row; the call acts as its account from here on. None becomes the answer 401."""
        found = find_token(token)
        if found is None:
            if count(f"api-wrong:{request.META.get('REMOTE_ADDR', '')}") > WRONG_PER_MINUTE:
                raise Throttled(wait=_rest_of_minute())
            return None
        request.actor = actor_of_token(found)  # type: ignore[attr-defined]  # what web.gate.actor_in reads
        note_use(found)
        return found


class TokenThrottle(BaseThrottle):
    """So many calls a minute as the token allows, counted for all processes together."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this call and say whether it is within bounds."""
        token = getattr(request, "auth", None)
        if not isinstance(token, ApiToken):
            return True  # the documentation, which needs none
        return count(f"api:{token.pk}") <= token.per_minute

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return _rest_of_minute()


def count(name: str) -> int:
    """How often ``name`` was counted in this minute, this time included."""
    key = f"{name}:{timezone.now():%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:  # it was swept out between the two
        cache.set(key, 1, timeout=120)
        return 1


def _rest_of_minute() -> int:
    return 60 - timezone.now().second


@frozen
class Problem:
    """What an answer that is no success says."""

    code: str
    text: Text
    more: dict[str, Any] | None = None

    def answer(self, status: int) -> JsonResponse:
        """The answer: ``{"error": {"code", "vi", "en", …}}``."""
        body = {"code": self.code, "vi": self.text.vi, "en": self.text.en, **(self.more or {})}
        return JsonResponse({"error": body}, status=status, json_dumps_params={"ensure_ascii": False})


def fault_as_json(fault: Fault) -> dict[str, Any]:
    """One fault of a file with its place, in both languages."""
    return {
        "row": fault.row,
        "column": fault.column,
        "severity": fault.severity,
        "found": {"vi": fault.found.vi, "en": fault.found.en},
        "expected": {"vi": fault.expected.vi, "en": fault.expected.en},
        "line": fault.line("vi"),
    }


def add_handlers(api: NinjaAPI) -> None:
    """Let every error of the use cases become the answer that says so; a bug becomes 500 without its innards."""

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        text = Text(
            vi="Khóa truy cập không có, đã hết hạn hoặc đã bị thu hồi.",
            en="There is no token, or it has expired or was revoked.",
        )
        answer = Problem("unauthorised", text).answer(401)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="certify"'
        return answer

    @api.exception_handler(Throttled)
    def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
        wait = int(error.wait or _rest_of_minute())
        text = Text(vi=f"Gọi quá nhiều lần; hãy chờ {wait} giây.", en=f"Too many calls; wait {wait} seconds.")
        answer = Problem("too_many_calls", text).answer(429)
        answer.headers["Retry-After"] = str(wait)
        return answer

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return Problem("refused", error.text).answer(403)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return Problem("not_found", Text(vi="Không có đối tượng này.", en="There is no such thing.")).answer(404)

    @api.exception_handler(Overtaken)
    def overtaken(request: HttpRequest, error: Overtaken) -> HttpResponse:
        return Problem("overtaken", error.text).answer(409)

    @api.exception_handler(Unfit)
    def unfit(request: HttpRequest, error: Unfit) -> HttpResponse:
        return Problem("unfit", error.text, {"field": error.field} if error.field else None).answer(422)

    @api.exception_handler(Faulty)
    def faulty(request: HttpRequest, error: Faulty) -> HttpResponse:
        text = Text(
            vi=f"Có {len(error.faults)} lỗi; chưa ghi gì.", en=f"{len(error.faults)} faults; nothing was written."
        )
        return Problem("faulty", text, {"faults": [fault_as_json(each) for each in error.faults]}).answer(422)

    _add_plain_handlers(api)


def _add_plain_handlers(api: NinjaAPI) -> None:
    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [
            {"at": ".".join(str(part) for part in each["loc"]), "en": str(each["msg"])[:200]} for each in error.errors
        ]
        text = Text(vi="Tham số không đúng dạng.", en="The parameters are malformed.")
        return Problem("malformed", text, {"places": places}).answer(422)

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        return Problem("bad_request", Text(vi="Yêu cầu không đúng dạng.", en=error.message[:200])).answer(
            error.status_code
        )

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        _log.exception("the API failed at %s", request.path, exc_info=error)
        text = Text(vi="Máy chủ gặp lỗi; hãy thử lại sau.", en="The server failed; try again later.")
        return Problem("failed", text).answer(500)
