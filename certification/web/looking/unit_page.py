"""One unit: its levels, why it has or has not reached any of them, its criteria, its documents, its years."""

from collections.abc import Sequence

from attrs import frozen
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from markupsafe import Markup

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.store.assessments import framework_of, recognitions_of
from certification.store.models import ActUnit, Dossier, FactProof, UnitRecord
from certification.store.results import Result, results_of, verdicts_of
from certification.store.subjects import kind_of, outline_of, subject_of_unit
from certification.store.units import history_of
from certification.web.environment import can_link, url
from certification.web.gate import actor_in, gate, require
from certification.web.speech import language
from certification.web.tables import Column, Table, arrange, badge, lay_out, level_badge, workbook_response
from certification.web.words import mark_of
from evidence.facts import Document
from evidence.succession import LABELS
from levels.faults import Text
from levels.framework import LEVELS, Criterion, Framework
from reports.explanation import ExplanationView, view_explanation
from reports.overview import reported_and_accepted
from reports.sentences import document_text, standing_text
from rules.explain import explain
from rules.verdict import CriterionVerdict, Standing, Verdict

YEARS = 8
"""How many years of a unit's history a page decides."""


@frozen
class Year:
    """One year of a unit: what was computed and what was recognised."""

    dossier: Dossier
    result: Result | None  # None: not for this reader, or a year of points
    act: ActUnit | None  # of a recognition in force


@frozen
class Place:
    """A dossier as its reader may see it."""

    dossier: Dossier
    inside: bool  # may look into it; else only at what is public


def places_of(request: HttpRequest, unit: UnitRecord) -> list[Place]:
    """The dossiers of ``unit`` that the reader may see anything of: open cycles first, then the latest. One query."""
    actor = actor_in(request)
    rows = Dossier.objects.filter(unit=unit).select_related("cycle__rulebook", "cycle__root")
    places = []
    for dossier in rows:
        dossier.unit = unit
        outline = outline_of(dossier)
        if may(actor, Action.READ_DOSSIER, outline):
            places.append(Place(dossier, True))
        elif may(actor, Action.READ_RESULT, outline):
            places.append(Place(dossier, False))
    return sorted(places, key=lambda place: (place.dossier.cycle.closed_at is not None, -place.dossier.cycle.year))


def chosen(request: HttpRequest, places: Sequence[Place]) -> Place | None:
    """The place that ``?cycle=`` names, else the first of a cycle of levels. Raises ``Http404`` for another."""
    asked = request.GET.get("cycle", "")
    of_levels = [place for place in places if kind_of(place.dossier.cycle) == "levels"]
    if not asked:
        return next(iter(of_levels), None)
    found = next((place for place in of_levels if str(place.dossier.cycle_id) == asked), None)
    if found is None:
        raise Http404
    return found


@gate(Action.READ_UNIT, UnitRecord)
def show_unit(request: HttpRequest, unit: UnitRecord) -> HttpResponse:
    """The page of a unit; without the right to look into its dossier, what is public of it."""
    places = places_of(request, unit)
    place = chosen(request, places)
    context = {
        "unit": unit,
        "line": _line(unit),
        "place": place,
        "places": places,
        "below": list(unit.children.filter(valid_until=None).order_by("sort_key")),
        "years": _years(places),
        "inside": place is not None and place.inside,
        "history": history_of(unit),
        "may_know": lambda other: may(actor_in(request), Action.READ_DOSSIER, subject_of_unit(other)),
        "kinds": LABELS,
    }
    if place is None:
        return render(request, "looking/unit.html", context)
    framework = framework_of(place.dossier.cycle)
    recognition = recognitions_of(place.dossier.cycle).get(unit.code)
    context |= {"framework": framework, "recognition": recognition, "dossier": place.dossier}
    if not place.inside:
        return render(request, "looking/unit.html", context)
    verdict, verdicts = verdicts_about(place.dossier)
    table = criteria_table(place.dossier)
    if request.GET.get("format") == "xlsx":
        return workbook_response(table, arrange(table, verdict.criteria, request.GET.get("sort", "")))
    asked = level_in(request, verdict)
    explanation = view_explanation(explain(verdict, asked, verdicts), language())
    context |= {
        "verdict": verdict,
        "asked": asked,
        "explanation": explanation,
        "table": lay_out(table, verdict.criteria, request),
        "documents": documents_of(place.dossier, verdict),
        "doubtful": _marks(explanation),
    }
    return render(request, "looking/unit.html", context)


def verdicts_about(dossier: Dossier) -> tuple[Verdict, dict[str, Verdict]]:
    """The whole verdict of a dossier, and by code those of the units whose levels it reads."""
    cycle, code = dossier.cycle, dossier.unit.code
    first = verdicts_of(cycle, [code])
    members = [member.unit.code for member in first[code].members]
    return first[code], first | (verdicts_of(cycle, members) if members else {})


def level_in(request: HttpRequest, verdict: Verdict) -> int:
    """The level that ``?level=`` asks about, else the next above the accepted one. Raises ``Http404`` for another."""
    asked = request.GET.get("level", "")
    if not asked:
        return min(verdict.levels.level + 1, LEVELS[-1])
    if asked not in {str(level) for level in LEVELS}:
        raise Http404
    return int(asked)


def _marks(explanation: ExplanationView) -> list[str]:
    return [mark for mark in (explanation.provisional_mark, explanation.synthetic_mark) if mark]


def _line(unit: UnitRecord) -> list[UnitRecord]:
    line: list[UnitRecord] = []
    above = unit.parent
    while above is not None:
        line.insert(0, above)
        above = above.parent
    return line


def _years(places: Sequence[Place]) -> list[Year]:
    shown = sorted(places, key=lambda place: (-place.dossier.cycle.year, place.dossier.cycle_id))[:YEARS]
    acts: dict[int, ActUnit] = {}
    entries = ActUnit.objects.filter(dossier__in=[place.dossier.pk for place in shown]).select_related("act")
    for entry in entries.order_by("act__signed_at", "act__pk"):
        if entry.act.kind == "revoke":
            acts.pop(entry.dossier_id, None)
        else:
            acts[entry.dossier_id] = entry
    years = []
    for place in shown:
        dossier = place.dossier
        looked = place.inside and kind_of(dossier.cycle) == "levels"
        result = results_of(dossier.cycle).get(dossier.unit.code) if looked else None
        years.append(Year(dossier, result, acts.get(dossier.pk)))
    return years


@frozen
class DocumentRow:
    """One document, and the criteria that it proves."""

    text: str
    href: str  # of the stored file, or of a link that can be followed; else ""
    criteria: tuple[str, ...]
    size: int | None = None  # of a stored file
    media_type: str = ""
    sha256: str = ""


def documents_of(dossier: Dossier, verdict: Verdict) -> list[DocumentRow]:
    """Every document that a dossier's verdict rests on, once, in the order of the criteria. One query."""
    proves: dict[Document, list[str]] = {}
    for found in verdict.criteria:
        for document in found.fact.documents if found.fact else ():
            proves.setdefault(document, []).append(found.code)
    # A fact of the year before may count too (I.11): its file lies in that year's dossier.
    kept = FactProof.objects.filter(
        fact__dossier__unit=dossier.unit_id,
        fact__dossier__cycle__root=dossier.cycle.root_id,
        fact__dossier__cycle__year__in=(dossier.cycle.year, dossier.cycle.year - 1),
        proof__isnull=False,
    ).select_related("proof", "fact")
    files = {Document(use.reference, use.proof.sha256): use for use in kept if use.proof is not None}
    return [_document(document, files.get(document), tuple(codes)) for document, codes in proves.items()]


def _document(document: Document, use: FactProof | None, codes: tuple[str, ...]) -> DocumentRow:
    if use is None or use.proof is None:
        is_link = document.reference.startswith(("https://", "http://"))
        return DocumentRow(document_text(document), document.reference if is_link else "", codes)
    href = url("facts:proof", use.fact.dossier_id, use.pk) if can_link("facts:proof", 1, 1) else ""
    proof = use.proof
    return DocumentRow(document.reference, href, codes, proof.size, proof.media_type, proof.sha256)


def criteria_table(dossier: Dossier) -> Table[CriterionVerdict]:
    """The table of a unit's criteria."""
    cycle, unit = dossier.cycle, dossier.unit

    def href(found: CriterionVerdict) -> str:
        return f"{reverse('looking:criterion', args=[unit.pk, found.code])}?cycle={cycle.pk}"

    columns: Sequence[Column[CriterionVerdict]] = (
        Column(
            key="code",
            title=Text(vi="Mã", en="Code"),
            value=lambda found: found.code,
            href=href,
            rank=lambda found: _order(framework_of(cycle), dossier, found.criterion),
            names_row=True,
            width=8,
        ),
        Column(
            key="name",
            title=Text(vi="Tiêu chí", en="Criterion"),
            value=lambda found: found.criterion.name,
            sortable=False,
            width=46,
        ),
        Column(
            key="reported",
            title=Text(vi="Báo cáo", en="Reported"),
            value=lambda found: reported_and_accepted(found, language())[0],
            sortable=False,
            align="end",
            width=18,
        ),
        Column(
            key="accepted",
            title=Text(vi="Thẩm định", en="Accepted"),
            value=lambda found: reported_and_accepted(found, language())[1],
            sortable=False,
            align="end",
            width=18,
        ),
        Column(
            key="level",
            title=Text(vi="Mức", en="Level"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.level,
            show=_level,
            align="middle",
            width=8,
        ),
        Column(
            key="claimed",
            title=Text(vi="Tự đánh giá", en="Claimed"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.claimed_level,
            align="middle",
            width=10,
        ),
        Column(
            key="possible",
            title=Text(vi="Còn có thể", en="Possible"),
            value=lambda found: None if found.standing is Standing.EXEMPT else found.levels.possible_level,
            align="middle",
            width=10,
        ),
        Column(
            key="standing",
            title=Text(vi="Tình trạng", en="Status"),
            value=lambda found: standing_text(found, language()),
            show=_standing,
            width=22,
        ),
        Column(
            key="documents",
            title=Text(vi="Tài liệu", en="Documents"),
            value=lambda found: len(found.fact.documents) if found.fact else 0,
            align="end",
            width=10,
        ),
    )
    return Table(
        name=f"tieu-chi-{unit.code}-{cycle.year}",
        caption=Text(vi=f"Tiêu chí của {unit.name}, năm {cycle.year}", en=f"Criteria of {unit.name} in {cycle.year}"),
        columns=columns,
        sort="code",
        size=len(LEVELS) * 20,  # all of them on one page
    )


def _order(framework: Framework, dossier: Dossier, criterion: Criterion) -> int:
    criteria = next(each.criteria for tier, each in framework.sets.items() if tier == dossier.unit.tier)
    return [each.code for each in criteria].index(criterion.code)


def _level(found: CriterionVerdict) -> Markup:
    if found.standing is Standing.EXEMPT:
        return badge(mark_of(found.standing))
    return level_badge(found.levels.level)


def _standing(found: CriterionVerdict) -> Markup:
    text = standing_text(found, language())
    match found.standing:
        case Standing.ACCEPTED | Standing.DERIVED:
            return badge(text, "good")
        case Standing.SELF_REPORTED:
            return badge(text, "info")
        case Standing.REJECTED | Standing.EXPIRED:
            return badge(text, "bad")
        case Standing.UNKNOWN | Standing.ZERO_BASE:
            return badge(text, "warn")
        case _:
            return badge(text)


@gate(Action.READ_UNIT, UnitRecord)
def show_criterion(request: HttpRequest, unit: UnitRecord, code: str) -> HttpResponse:
    """One criterion of one unit: what each level demands, what there is, what proves it, how the neighbours stand."""
    place = chosen(request, places_of(request, unit))
    if place is None:
        raise Http404
    require(request, Action.READ_DOSSIER, outline_of(place.dossier))
    cycle = place.dossier.cycle
    framework = framework_of(cycle)
    verdict, verdicts = verdicts_about(place.dossier)
    found = next((each for each in verdict.criteria if each.code == code), None)
    if found is None:
        raise Http404
    codes = [each.code for each in verdict.criteria]
    at = codes.index(code)
    explanation = explain(verdict, LEVELS[-1], verdicts)
    context = {
        "unit": unit,
        "line": _line(unit),
        "dossier": place.dossier,
        "framework": framework,
        "verdict": verdict,
        "found": found,
        "values": reported_and_accepted(found, language()),
        "standing": _standing(found),
        "clause": framework.clause(verdict.unit.tier, code),
        "blockers": {reason.at_level: reason for reason in explanation.blockers if reason.criterion.code == code},
        "before": codes[at - 1] if at else "",
        "after": codes[at + 1] if at + 1 < len(codes) else "",
        "neighbours": _neighbours(request, place.dossier, code),
        "record": place.dossier.facts.filter(criterion=code, draft=False)
        .select_related("entered_by", "appraised_by")
        .first(),
        "documents": [row for row in documents_of(place.dossier, verdict) if code in row.criteria],
        "readings": [
            reading for reading in framework.interpretations if f"{verdict.unit.tier}/{code}" in reading.criteria
        ],
    }
    return render(request, "looking/criterion.html", context)


def _neighbours(request: HttpRequest, dossier: Dossier, code: str) -> list[tuple[Dossier, Result]]:
    """The units beside this one that the reader may look into, the highest on this criterion first."""
    actor = actor_in(request)
    rows = Dossier.objects.filter(cycle=dossier.cycle, unit__parent=dossier.unit.parent, unit__tier=dossier.unit.tier)
    results = results_of(dossier.cycle)
    beside = []
    for row in rows.select_related("unit__parent__parent").defer("result").order_by("unit__sort_key"):
        row.cycle = dossier.cycle
        if row.unit.code in results and may(actor, Action.READ_DOSSIER, outline_of(row)):
            beside.append((row, results[row.unit.code]))
    return sorted(beside, key=lambda pair: -pair[1].by_code[code].levels.level)
