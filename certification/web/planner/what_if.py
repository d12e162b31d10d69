"""What if: one unit's facts as they might be, with what would follow; sliders answer at once, nothing is recorded."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.rating import Rating
from certification.store.assessments import rulebook_of, units_of
from certification.store.changes import Overtaken
from certification.store.models import Dossier, Scenario
from certification.store.planning import assume, keep_scenario, scenarios_for
from certification.store.subjects import subject_of_unit
from certification.web.gate import actor_in, gate
from certification.web.planner.scope import around, decided, rated_for
from certification.web.speech import language, say, tell
from certification.what_if import what_if, what_if_ranked
from evidence.asked import Asked, catalogue
from evidence.facts import Fact
from evidence.scenario_files import ScenarioReader
from evidence.scenarios import Scenario as Assumed
from evidence.scenarios import value_text
from evidence.units import Units
from levels.faults import Faulty
from levels.framework import Count, Framework, Tier
from reports.analysis import Page
from reports.what_if import asked_name, view_what_if
from reports.what_if_points import view_what_if_ranked
from rules.hypotheses import WhatIf

PREFIX = "v."


@frozen
class Slider:
    """One fact as the page lets it be moved: how it is typed now, and between which whole numbers it slides."""

    code: str
    name: str
    group: str
    kind: str
    recorded: str  # as it is typed; "" where nothing is known
    typed: str
    most: int | None  # the right end of the slider; None: there is none
    position: int
    fault: str = ""


@gate(Action.PLAN, Dossier)
@require_http_methods(["GET", "POST"])
def show_what_if(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The page with all facts of a unit; ``?scenario=ID`` starts from a kept one.

    A POST shows what would follow from what is typed (``look``), or keeps it.
    """
    units = units_of(dossier.cycle)
    kept = _kept(request, dossier)
    if "look" in request.POST:
        return _page(request, dossier, _typed(request.POST), kept)
    if request.method == "POST":
        return _keep(request, dossier, units, kept)
    typed = _typed(request.GET)
    if kept is not None and not typed:
        typed = _words(kept, dossier, units)
    return _page(request, dossier, typed, kept)


@gate(Action.PLAN, Dossier)
@require_GET
def show_effect(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The part of the page that says what would follow from what is typed; asked for whenever a slider stops."""
    _, effect = _follow(request, dossier, _typed(request.GET))
    return render(request, "planner/effect.html", {"effect": effect, "dossier": dossier})


@frozen
class Effect:
    """What would follow: the page of the analysis and, under levels, the levels of every unit concerned in short."""

    page: Page | None = None
    units: tuple[Any, ...] = ()
    faults: Mapping[str, str] = field(factory=dict)  # by criterion
    some: bool = False  # ranks are among the units that the reader may know


def _page(
    request: HttpRequest, dossier: Dossier, typed: Mapping[str, str], kept: Scenario | None, fault: str = ""
) -> HttpResponse:
    facts, effect = _follow(request, dossier, typed)
    sliders = [
        _slider(
            asked,
            _group(dossier, asked),
            facts.get(asked.code),
            typed.get(asked.code),
            effect.faults.get(asked.code, ""),
        )
        for asked in _asked(dossier).values()
        if asked.kind != "members"  # follows from the communes
    ]
    groups: dict[str, list[Slider]] = {}
    for slider in sliders:
        groups.setdefault(slider.group, []).append(slider)
    context = {
        "dossier": dossier,
        "groups": groups,
        "effect": effect,
        "kept": kept,
        "fault": fault,
        "name": request.POST.get("name") or (kept.name if kept else ""),
        "may_keep": may(actor_in(request), Action.SAVE_SCENARIO, subject_of_unit(dossier.unit)),
    }
    return render(request, "planner/what_if.html", context, status=422 if fault else 200)


def _group(dossier: Dossier, asked: Asked) -> str:
    """The group or pillar that a fact belongs to, as printed."""
    rulebook, tier = rulebook_of(dossier.cycle), Tier(dossier.unit.tier)
    if isinstance(rulebook, Framework):
        code = asked.code.partition(".")[0]
        return next((f"{each.code}. {each.name}" for each in rulebook.sets[tier].groups if each.code == code), code)
    found = rulebook.sets[tier].by_input.get(asked.code)
    if found is None:
        return say("Điểm thưởng và khác", "Bonus and others")
    pillar = rulebook.sets[tier].pillar_of[found[0].code]
    return f"{pillar.code}. {pillar.name}"


def _asked(dossier: Dossier) -> dict[str, Asked]:
    asked = catalogue(rulebook_of(dossier.cycle)).asked[Tier(dossier.unit.tier)]
    return {each.code: each for each in asked.values()}


def _typed(query: Mapping[str, str]) -> dict[str, str]:
    return {key.removeprefix(PREFIX): value.strip() for key, value in query.items() if key.startswith(PREFIX)}


def _changed(typed: Mapping[str, str], facts: Mapping[str, Fact], asked: Mapping[str, Asked]) -> dict[str, str]:
    """What is typed otherwise than it is recorded; an emptied field supposes that nothing is known."""
    found = {}
    for code, value in typed.items():
        if code in asked and value != _written(asked[code], facts.get(code)):
            found[code] = value or "@unknown"
    return found


def _written(asked: Asked, fact: Fact | None) -> str:
    if fact is None or fact.amount is None:
        return ""
    if asked.kind == "presence":
        return say("có", "yes") if fact.amount.numerator else say("không", "no")
    return asked.write(fact.amount)


def _follow(request: HttpRequest, dossier: Dossier, typed: Mapping[str, str]) -> tuple[Mapping[str, Fact], Effect]:
    code, cycle = dossier.unit.code, dossier.cycle
    asked = _asked(dossier)
    if cycle.rulebook.kind == "index":
        known = rated_for(request, cycle)
        facts = known.rating.facts.get(code, {})
        effect = _rank(known.rating, dossier, _changed(typed, facts, asked))
        return facts, evolve(effect, some=known.some)
    assessment, verdicts = decided(cycle, around(request, cycle, code))
    facts = assessment.facts.get(code, {})
    words = _changed(typed, facts, asked)
    if not words:
        return facts, Effect()
    try:
        scenario = assume(words, code, say("giả định trên trang", "assumed on the page"), "", cycle, assessment.units)
        found: WhatIf = what_if(assessment, verdicts, scenario)
    except Faulty as faulty:
        return facts, Effect(faults=_faults(faulty, list(words)))
    return facts, Effect(view_what_if(found, language()), found.units)


def _rank(rating: Rating, dossier: Dossier, words: Mapping[str, str]) -> Effect:
    if not words:
        return Effect()
    try:
        name = say("giả định trên trang", "assumed on the page")
        scenario = assume(words, dossier.unit.code, name, "", dossier.cycle, rating.units)
        found = what_if_ranked(rating, scenario)
    except Faulty as faulty:
        return Effect(faults=_faults(faulty, list(words)))
    return Effect(view_what_if_ranked(found, language()), found.places)


def _faults(faulty: Faulty, codes: list[str]) -> dict[str, str]:
    """The faults by criterion: each names the position of what was typed."""
    found: dict[str, str] = {}
    for fault in faulty.faults:
        if 1 <= fault.row <= len(codes):
            found.setdefault(codes[fault.row - 1], f"{tell(fault.found)}; {tell(fault.expected)}")
    return found


def _slider(asked: Asked, group: str, fact: Fact | None, typed: str | None, fault: str) -> Slider:
    recorded = _written(asked, fact)
    amount = fact.amount if fact else None
    most: int | None = None
    if asked.kind == "ratio" and amount is not None and amount.denominator:
        most = amount.denominator
    elif asked.kind == "count":
        criterion = getattr(asked, "criterion", None)
        needed = [each.at_least for each in criterion.requirements if isinstance(each, Count)] if criterion else []
        most = max([2 * max(needed, default=5), amount.numerator * 2 if amount else 0])
    text = recorded if typed is None else typed
    head = text.partition("/")[0]
    position = int(head) if head.isascii() and head.isdigit() else amount.numerator if amount else 0
    return Slider(asked.code, asked_name(asked), group, str(asked.kind), recorded, text, most, position, fault)


def _kept(request: HttpRequest, dossier: Dossier) -> Scenario | None:
    key = request.POST.get("scenario") or request.GET.get("scenario") or ""
    if not key.isdecimal():
        return None
    return get_object_or_404(scenarios_for(actor_in(request), dossier.cycle), pk=int(key), unit=dossier.unit)


def _words(kept: Scenario, dossier: Dossier, units: Units) -> dict[str, str]:
    """What a kept scenario assumes of the unit, as it would be typed."""
    known = catalogue(rulebook_of(dossier.cycle))
    reader = ScenarioReader(known, units)
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(kept.content, encoding="utf-8")
        assumed: Assumed = reader.read_file(path)
    return {
        each.criterion: value_text(each, known, units) for each in assumed.assumptions if each.unit == dossier.unit.code
    }


def _keep(request: HttpRequest, dossier: Dossier, units: Units, kept: Scenario | None) -> HttpResponse:
    typed = _typed(request.POST)
    facts, effect = _follow(request, dossier, typed)
    words = _changed(typed, facts, _asked(dossier))
    name = " ".join(request.POST.get("name", "").split())[:120]
    if not words or effect.faults or not name:
        fault = (
            say("Chưa đặt tên kịch bản.", "The scenario has no name.")
            if not name
            else say("Có giá trị chưa đọc được.", "Some values cannot be read.")
            if effect.faults
            else say("Chưa có giả định nào khác số liệu hiện có.", "Nothing is assumed that differs from the record.")
        )
        return _page(request, dossier, typed, kept, fault)
    version = int(request.POST["version"]) if kept is not None and request.POST.get("version", "").isdecimal() else None
    try:
        assumed = assume(words, dossier.unit.code, name, "", dossier.cycle, units)
        saved = keep_scenario(
            actor_in(request),
            dossier.cycle,
            dossier.unit,
            assumed,
            units,
            shared=bool(request.POST.get("shared")),
            version=version if kept is not None and kept.name == name else None,
        )
    except Overtaken as overtaken:
        return _page(request, dossier, typed, kept, tell(overtaken.text))
    messages.success(request, say(f"Đã lưu kịch bản «{saved.name}».", f"The scenario “{saved.name}” is kept."))
    return redirect("planner:scenarios", cycle=dossier.cycle_id)
