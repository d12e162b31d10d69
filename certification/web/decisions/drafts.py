"""Drafts: what waits for a signature, looked at as it would be signed, and signed."""

from typing import Any

from attrs import evolve, frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from certification.decisions import Signing, Unsignable
from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.procedure.states import NOT_HANDED_IN, State
from certification.procedure.subjects import Subject
from certification.store.changes import Overtaken
from certification.store.decisions import cite_act, next_number, open_series, replaced_by, sign, signing_of
from certification.store.drafts import Draft, Group, cite_minutes, is_kept, make_draft, waiting_groups
from certification.store.models import Act, Cycle, Dossier, NumberSeries, UnitRecord
from certification.store.results import results_of
from certification.store.subjects import calendar_in, kind_of, outline_of, subject_of_unit
from certification.store.unfit import Unfit
from certification.store.units import first_row
from certification.web.decisions.forms import SignatureForm, versions_in
from certification.web.decisions.register import tabs
from certification.web.decisions.scope import KINDS, send_document
from certification.web.gate import actor_in, gate, require
from certification.web.speech import say, tell
from levels.faults import Text

_PREVIEWED = (State.PROPOSED, State.MINUTED)


@frozen
class Waiting:
    """One act that could be signed, as its list shows it."""

    group: Group
    href: str
    proposed: int  # dossiers that the office has submitted
    absent: int  # dossiers that were not handed in in time
    kept: int  # dossiers that a replacing ranking states again; the others have minutes only
    may_sign: bool


@frozen
class Chosen:
    """One dossier of a draft: whether it is to be in the act, and what the act would state of it."""

    key: int
    version: int
    code: str
    name: str
    target: int | None
    level: int | None
    standing: str  # proposed, minuted, absent, returned, kept
    chosen: bool
    stale: str


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
def list_waiting(request: HttpRequest) -> HttpResponse:
    """Every body's dossiers that wait for its signature, those the reader may see."""
    actor = actor_in(request)
    found = []
    for group in waiting_groups(states=_PREVIEWED):
        if may(actor, Action.READ_DOSSIER, subject_of_unit(group.body)):
            proposed = [row for row in group.dossiers if row.state == State.PROPOSED]
            absent = [row for row in group.dossiers if row.state in NOT_HANDED_IN]
            signs = any(may(actor, signing_of(row), _late(row)) for row in (*proposed, *absent)[:1])
            kept = sum(map(is_kept, group.dossiers))
            found.append(Waiting(group, _href(group), len(proposed), len(absent), kept, signs))
    context = {"waiting": found, "here": "waiting", "tabs": tabs(request)}
    return render(request, "decisions/waiting.html", context)


def _href(group: Group) -> str:
    return reverse("decisions:draft", args=[group.cycle.pk, group.body.pk, _slug(group)])


def _slug(group: Group) -> str:
    return "all" if kind_of(group.cycle) == "index" else str(group.tier)


def _group(request: HttpRequest, cycle: int, unit: int, tier: str) -> Group:
    """The group of an address, where the reader may see it. Raises ``Refused``, ``Http404``."""
    body = get_object_or_404(UnitRecord.objects.select_related("parent__parent"), pk=unit)
    require(request, Action.READ_DOSSIER, subject_of_unit(body))
    of = get_object_or_404(Cycle.objects.select_related("rulebook", "root"), pk=cycle)
    for group in waiting_groups(of, _PREVIEWED):
        if group.body.pk == body.pk and _slug(group) in (tier, "all"):  # a ranking is of all tiers at once
            return group
    raise Http404


def _narrowed(group: Group, keys: set[int]) -> Group:
    """The group with the dossiers ``keys`` only; without any, with those that were proposed, else with all.

    What a replacing ranking states again cannot be left out.
    """
    proposed = {row.pk for row in group.dossiers if row.state == State.PROPOSED}
    kept = {row.pk for row in group.dossiers if is_kept(row)}
    wanted = (keys or proposed or {row.pk for row in group.dossiers}) | kept
    return Group(group.cycle, group.body, group.tier, tuple(row for row in group.dossiers if row.pk in wanted))


@gate(Action.READ_DOSSIER, anywhere=True)
@require_http_methods(["GET", "POST"])
def show_draft(request: HttpRequest, cycle: int, unit: int, tier: str) -> HttpResponse:
    """The draft beside what it rests on; a POST signs it."""
    group = _group(request, cycle, unit, tier)
    versions = versions_in(request)
    narrowed = _narrowed(group, set(versions))
    if not narrowed.dossiers:
        raise Http404
    earlier, doubts = _earlier(narrowed)
    form = SignatureForm(
        request.POST if request.method == "POST" else None, signer=_last_signer(group), reason=earlier is not None
    )
    if request.method == "POST" and form.is_valid():
        try:
            act = sign(actor_in(request), versions, form.signature())
        except Unfit as unfit:
            form.refuse(unfit)
        except (Overtaken, Unsignable) as error:
            form.add_error(None, tell(error.text))
        else:
            messages.success(request, say(f"Đã ký quyết định {act.number}.", f"The decision {act.number} is signed."))
            return redirect("decisions:act", act=act.pk)
    context = _context(request, group, narrowed, form, earlier, doubts)
    return render(request, "decisions/draft.html", context, status=422 if form.errors else 200)


def _earlier(group: Group) -> tuple[Act | None, list[str]]:
    try:
        return replaced_by(group), []
    except Unfit as unfit:
        return None, [tell(unfit.text)]


def _last_signer(group: Group) -> str:
    last = Act.objects.filter(body=group.body).order_by("-signed_at").first()
    return "" if last is None else last.signer


def _context(
    request: HttpRequest, group: Group, narrowed: Group, form: SignatureForm, earlier: Act | None, doubts: list[str]
) -> dict[str, Any]:
    chosen = {row.pk for row in narrowed.dossiers}
    levels = (
        {code: result.recognised for code, result in results_of(group.cycle).items()}
        if kind_of(group.cycle) == "levels"
        else {}
    )
    rows = [
        Chosen(
            row.pk,
            row.version,
            row.unit.code,
            row.unit.name,
            row.target,
            0 if row.state in NOT_HANDED_IN else levels.get(row.unit.code),
            _standing(row),
            row.pk in chosen,
            row.stale,
        )
        for row in group.dossiers
    ]
    try:
        provisional = [tell(text) for text in _draft(narrowed, frozenset()).provisional]
    except (Unsignable, Unfit) as error:
        provisional, doubts = [], [*doubts, tell(error.text)]
    if not cite_minutes(narrowed):
        doubts = [*doubts, say("Có hồ sơ chưa có biên bản đã chốt.", "A dossier has no closed minutes.")]
    actor = actor_in(request)
    signs = all(may(actor, signing_of(row), _late(row)) for row in narrowed.dossiers)
    year, last_day = timezone.localdate().year, calendar_in(group.cycle).last_day("recognition")
    query = "&".join(f"dossier={row.pk}" for row in narrowed.dossiers)
    return {
        "group": group,
        "index": kind_of(group.cycle) == "index",
        "rows": rows,
        "form": form,
        "earlier": earlier,
        "doubts": doubts,
        "provisional": provisional,
        "may_sign": signs,
        "number": next_number(group.body, year),
        "year": year,
        "may_open": may(actor, Action.SUMMARISE, subject_of_unit(group.body))
        and not NumberSeries.objects.filter(body=first_row(group.body), year=year).exists(),
        "query": query,
        "last_day": last_day,
        "late": 0 if last_day is None else max((timezone.localdate() - last_day).days, 0),
        "slug": _slug(group),
    }


def _standing(dossier: Dossier) -> str:
    if is_kept(dossier):
        return "kept"
    absent = dossier.state in NOT_HANDED_IN and dossier.state != State.RETURNED
    return "absent" if absent else dossier.state


def _late(dossier: Dossier) -> Subject:
    """The dossier as far as it matters here: who is listed without having handed in is late."""
    return evolve(outline_of(dossier), late=dossier.state in NOT_HANDED_IN)


def _draft(group: Group, kinds: frozenset[str]) -> Draft:
    earlier, _ = _earlier(group)
    signing = Signing(minutes=cite_minutes(group), closed=True, replaces=cite_act(earlier))
    return make_draft(group, signing, kinds)


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
@xframe_options_sameorigin
def send_draft(request: HttpRequest, cycle: int, unit: int, tier: str, kind: str) -> HttpResponse:
    """The draft as a document, marked as one: without number and day."""
    if kind not in KINDS:
        raise Http404
    group = _narrowed(_group(request, cycle, unit, tier), set(versions_in(request)))
    try:
        made = _draft(group, frozenset({kind}))
    except (Unsignable, Unfit) as error:
        return HttpResponse(tell(error.text), content_type="text/plain; charset=utf-8", status=409)
    name = next((name for name in made.files if name.endswith(f".{kind}")), None)
    if name is None:  # this machine makes no PDF
        raise Http404
    return send_document(made.files[name], f"du-thao-{name}")


@gate(Action.SUMMARISE, anywhere=True)
@require_http_methods(["GET", "POST"])
def open_numbers(request: HttpRequest, unit: int) -> HttpResponse:
    """Begin the numbers of a body and year where it has given out earlier ones outside of the application."""
    body = get_object_or_404(UnitRecord.objects.select_related("parent__parent"), pk=unit)
    require(request, Action.SUMMARISE, subject_of_unit(body))
    year, first, error = timezone.localdate().year, request.POST.get("first", "").strip(), ""
    if request.method == "POST":
        try:
            if not first.isdecimal() or len(first) > 5:
                raise Unfit(Text(vi=f"«{first}» không phải số thứ tự.", en=f"«{first}» is no number."), "first")
            open_series(actor_in(request), body, year, int(first))
        except Unfit as unfit:
            error = tell(unfit.text)
        else:
            messages.success(request, say("Đã mở sổ số.", "The register is open."))
            return redirect("decisions:waiting")
    context = {"body": body, "year": year, "first": first, "error": error, "number": next_number(body, year)}
    return render(request, "decisions/numbers.html", context, status=422 if error else 200)
