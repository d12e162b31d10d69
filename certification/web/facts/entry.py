"""Entry: the pages on which a unit enters its facts, one form for each; what it comes to shows while it is typed.

Typing changes nothing: the server says what would follow. Leaving a fact (or pressing its button) saves it, as far as
its cells can be read; what was typed is never taken away. Without JavaScript the button is all there is.
"""

from attrs import evolve, frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, appointments_for, may, permit
from certification.store.changes import Overtaken
from certification.store.doubts import doubts_of
from certification.store.facts import LONGEST, Cells, enter_fact, find_asked, overtaken_by, read_fact, states
from certification.store.last_year import offers_of
from certification.store.models.dossiers import Dossier
from certification.store.subjects import outline_of, subject_of
from certification.store.trials import Trial, trial_of
from certification.store.unfit import Unfit
from certification.web.facts.consequences import consequences
from certification.web.facts.sheet import Item, Sheet, group_code, href_of, lay_out_sheet, make_items
from certification.web.gate import actor_in, gate
from certification.web.looking.scope import tellable
from certification.web.speech import say, tell
from evidence.asked import Asked
from evidence.facts import Document, Fact
from evidence.values import Flaw, Unreadable

FRAGMENT = "X-Facts"
"""The header by which the page's script knows an answer that belongs into the page."""


@frozen
class Outcome:
    """What is said of one fact after it was tried or saved; nothing else of the page changes."""

    item: Item
    saved: bool = False  # it stands now, as it was typed
    would: tuple[str, ...] = ()  # what it comes to


@gate(Action.READ_DOSSIER, Dossier)
def show_dossier(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """How far the self-assessment has got, group by group."""
    trial = trial_of(dossier)
    context = {
        "sheet": lay_out_sheet(dossier, trial),
        "dossier": dossier,
        "drafts_available": len(offers_of(dossier, trial)),
        "doubts": [tell(doubt.text) for doubt in tellable(request, dossier, doubts_of(dossier))],
        "several": len(appointments_for(actor_in(request), Action.ENTER_FACT)) > 1,
        **rights(request, dossier),
    }
    return render(request, "facts/dossier.html", context)


@gate(Action.READ_DOSSIER, Dossier)
def show_group(request: HttpRequest, dossier: Dossier, group: str) -> HttpResponse:
    """One group of criteria, or one pillar, with a form for each fact."""
    return _page(request, dossier, group)


@require_POST
@gate(Action.ENTER_FACT, Dossier)
def enter(request: HttpRequest, dossier: Dossier, criterion: str) -> HttpResponseBase:
    """Save one fact. The page's script gets what is to be said of it, everybody else the page."""
    asked = _asked(dossier, criterion)
    cells, version = _typed(request), _version(request)
    problem, conflict, saved = "", None, None
    flaws: tuple[Flaw, ...] = ()
    try:
        saved = enter_fact(actor_in(request), dossier.pk, asked.code, cells, version=version)
    except Unreadable as unreadable:
        flaws = unreadable.flaws
    except Overtaken as overtaken:
        problem, conflict = tell(overtaken.text), overtaken.current
    except Unfit as unfit:
        problem = tell(unfit.text)
    if saved is not None and not _scripted(request):
        done = say("Đã lưu {}.", "Saved {}.") if saved.changed else say("{} không có gì thay đổi.", "{}: no change.")
        messages.success(request, done.format(asked.code))
        return redirect(href_of(dossier, asked))
    if saved is None:
        dossier.refresh_from_db(fields=["state", "version", "revision"])
    else:
        dossier = saved.record.dossier  # as it is now
    trial = trial_of(dossier)
    sheet = None if saved is None else lay_out_sheet(dossier, trial)
    item = (sheet and sheet.item(asked.code)) or make_items(dossier, trial, [asked.code])[asked.code]
    if saved is None:
        item = evolve(item, cells=cells, flaws=flaws, problem=problem, conflict=conflict, made_from=version)
    if not _scripted(request):
        return _page(
            request, dossier, group_code(dossier, asked), trial, {asked.code: item}, status=409 if conflict else 422
        )
    would = consequences(trial, None, asked.code, dossier.target)
    return _fragment(request, dossier, Outcome(item, saved is not None, would=would), sheet)


@require_POST
@gate(Action.ENTER_FACT, Dossier)
def attempt(request: HttpRequest, dossier: Dossier, criterion: str) -> HttpResponse:
    """What a fact that is being typed would come to; nothing is saved."""
    asked = _asked(dossier, criterion)
    cells, version, trial = _typed(request), _version(request), trial_of(dossier)
    item = make_items(dossier, trial, [asked.code])[asked.code]
    stands, item = item, evolve(item, cells=cells, made_from=version)
    if stands.record is not None and version != stands.form_version:
        # Told as soon as it can be: what is tried last takes the place of what a refused save had said.
        item = evolve(item, problem=tell(overtaken_by(stands.record).text), conflict=stands.record)
    try:
        fact = read_fact(dossier, asked, cells)
    except Unreadable as unreadable:
        return _fragment(request, dossier, Outcome(evolve(item, flaws=unreadable.flaws)))
    if stands.record is not None and states(stands.record, fact):
        # What is typed is what stands: it was saved a moment ago, or by somebody else with the same value.
        would = consequences(trial, None, asked.code, dossier.target)
        return _fragment(request, dossier, Outcome(stands, saved=True, would=would))
    would = _supposed(trial, item, fact, dossier.target)
    return _fragment(request, dossier, Outcome(item, would=would))


def _page(
    request: HttpRequest,
    dossier: Dossier,
    group: str,
    trial: Trial | None = None,
    typed: dict[str, Item] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = lay_out_sheet(dossier, trial or trial_of(dossier), typed)
    section = sheet.section(group)
    if section is None:
        raise Http404
    at = sheet.sections.index(section)
    context = {
        "sheet": sheet,
        "section": section,
        "dossier": dossier,
        "before": sheet.sections[at - 1] if at else None,
        "after": sheet.sections[at + 1] if at + 1 < len(sheet.sections) else None,
        "faulty": [item for block in section.blocks for item in block.items if item.flaws or item.problem],
        "longest": LONGEST,
        **rights(request, dossier),
    }
    return render(request, "facts/group.html", context, status=status)


def rights(request: HttpRequest, dossier: Dossier) -> dict[str, object]:
    """Whether the reader may enter facts and documents now, and why not."""
    actor, outline = actor_in(request), outline_of(dossier)
    if not may(actor, Action.ENTER_FACT, outline) and not may(actor, Action.ATTACH_PROOF, outline):
        try:
            permit(actor, Action.ENTER_FACT, outline)
        except Refused as refused:
            return {"may_enter": False, "may_prove": False, "why_not": tell(refused.text)}
    subject = subject_of(dossier)
    return {
        "may_enter": may(actor, Action.ENTER_FACT, subject),
        "may_prove": may(actor, Action.ATTACH_PROOF, subject),
        "why_not": "",
    }


def _fragment(request: HttpRequest, dossier: Dossier, outcome: Outcome, sheet: Sheet | None = None) -> HttpResponse:
    context = {
        "outcome": outcome,
        "item": outcome.item,
        "dossier": dossier,
        "sheet": sheet,
        "group": group_code(dossier, outcome.item.asked),
    }
    response = render(request, "facts/outcome.html", context)
    response.headers[FRAGMENT] = "1"
    return response


def _scripted(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _typed(request: HttpRequest) -> Cells:
    return Cells(**{name: request.POST.get(name, "") for name in LONGEST})


def _version(request: HttpRequest) -> int:
    """The version of the fact that the form was made from, or that its maker has seen since and writes over."""
    text = request.POST.get("over") or request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _asked(dossier: Dossier, criterion: str) -> Asked:
    try:
        return find_asked(dossier, criterion)
    except Unfit as unfit:
        raise Http404(unfit.text.en) from unfit


def _supposed(trial: Trial, item: Item, fact: Fact, target: int | None) -> tuple[str, ...]:
    """What would follow from a fact that is only typed."""
    proofs = tuple(Document(each.name, each.sha256 or None) for each in item.documents)
    return consequences(trial, trial.suppose(evolve(fact, documents=proofs)), fact.criterion, target)
