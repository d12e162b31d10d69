"""Pages about the API: its documentation, and the tokens of whoever is signed in."""

from typing import Any

from attrs import frozen
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, appointments_for
from certification.procedure.roles import Role
from certification.store.models import Appointment
from certification.store.tokens import issue_token, revoke_token, tokens_of
from certification.store.unfit import Unfit
from certification.web.api.api import schema, schema_answer
from certification.web.gate import actor_in, public, signed_in
from certification.web.speech import language, say, tell


@frozen
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    kind: str
    required: bool


@frozen
class Operation:
    """One operation as the documentation shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    bodies: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@public
@require_GET
def show_documentation(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters; no script, no other host."""
    document = schema()
    operations = [
        _operation(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/documentation.html", {"operations": operations})


@public
@require_GET
def send_schema(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return schema_answer()


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    return Operation(
        method,
        path,
        operation["x-summary-vi"] if language() == "vi" else operation["summary"],
        operation["x-description-vi"] if language() == "vi" else operation.get("description", ""),
        tuple(_parameter(each) for each in operation.get("parameters", ())),
        tuple(content),
        tuple((status, _schema_name(answer)) for status, answer in operation["responses"].items()),
    )


def _parameter(entry: dict[str, Any]) -> Parameter:
    kinds = [entry["schema"], *entry["schema"].get("anyOf", ())]
    named = [str(kind["type"]) for kind in kinds if "type" in kind and kind["type"] != "null"]
    return Parameter(entry["name"], entry["in"], " | ".join(named), bool(entry.get("required")))


def _schema_name(answer: dict[str, Any]) -> str:
    for content in answer.get("content", {}).values():
        found = content.get("schema", {})
        if "$ref" in found:
            return str(found["$ref"]).rpartition("/")[2]
        if "items" in found and "$ref" in found["items"]:
            return f"[{str(found['items']['$ref']).rpartition('/')[2]}]"
        return str(found.get("type", ""))
    return ""


@signed_in
@never_cache
def show_tokens(request: HttpRequest) -> HttpResponseBase:
    """The reader's own tokens, and the form for another one."""
    return _show(request)


@require_POST
@signed_in
@never_cache
def issue(request: HttpRequest) -> HttpResponseBase:
    """A new token, shown on this one answer and never again."""
    typed = request.POST
    try:
        issued = issue_token(
            actor_in(request),
            _number(typed.get("appointment", ""), 0),
            typed.get("name", ""),
            _number(typed.get("days", ""), 0),
            _number(typed.get("per_minute", ""), 0),
        )
    except (Unfit, Refused) as refused:
        field = refused.field if isinstance(refused, Unfit) else ""
        return _show(request, fault=tell(refused.text), field=field, status=422)
    return _show(request, secret=issued.secret)


@require_POST
@signed_in
def revoke(request: HttpRequest, token: int) -> HttpResponseBase:
    """End one of the reader's own tokens."""
    try:
        revoke_token(actor_in(request), token)
    except Unfit as unfit:
        messages.error(request, tell(unfit.text))
    else:
        messages.success(request, say("Đã thu hồi khóa; từ nay không dùng được nữa.", "The token is revoked."))
    return redirect("tokens:list")


def _show(
    request: HttpRequest, *, secret: str = "", fault: str = "", field: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_in(request)
    able = set(appointments_for(actor, Action.ISSUE_TOKEN))
    posts = Appointment.objects.holding().filter(account=actor.account).select_related("unit")
    context = {
        "tokens": [(token, tell(Role(token.appointment.role).label)) for token in tokens_of(actor.account or 0)],
        "posts": [
            (post.pk, f"{tell(Role(post.role).label)}{': ' + post.unit.name if post.unit else ''}")
            for post in posts
            if any(each.role == post.role and each.unit == (post.unit.code if post.unit else None) for each in able)
        ],
        "secret": secret,
        "fault": fault,
        "field": field,
        "typed": {name: request.POST.get(name, "") if fault else "" for name in _TYPED},
        "now": timezone.now(),
    }
    return render(request, "api/tokens.html", context, status=status)


_TYPED = ("name", "appointment", "days", "per_minute")


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
