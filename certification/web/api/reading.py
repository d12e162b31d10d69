"""Reading: units, cycles, rulebooks, dossiers with their results and reasons, facts, and published acts."""

from typing import Annotated, Any

from attrs import evolve
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router
from ninja.params import functions as params

from certification.answers import evaluation_as_json, explanation_as_json
from certification.point_answers import rating_as_json, score_as_json
from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import appointments_for, may, permit
from certification.store.assessments import assessment_of, fact_of, fact_records, rating_of, rulebook_of
from certification.store.facts import asked_of
from certification.store.models import (
    Act,
    Cycle,
    Dossier,
    FactProof,
    FactRecord,
    RulebookRecord,
    UnitRecord,
)
from certification.store.published import find_acts, published_acts
from certification.store.results import verdicts_of
from certification.store.search import words_of
from certification.store.subjects import outline_of
from certification.store.unfit import Unfit
from certification.web.api import schemas
from certification.web.gate import actor_in
from certification.web.looking.scope import told_units
from evidence.dossiers import INDEX_COLUMNS
from evidence.tables import write_fact
from levels.content import framework_as_json
from levels.faults import Text
from levels.framework import LEVELS, Framework
from levels.index_content import index_as_json
from rules.explain import explain
from rules.scores import GroupRanking

MOST = 500
"""Entries of one answer."""

router = Router()
REFUSALS: dict[int, type[schemas.Refusal]] = dict.fromkeys((401, 403, 404, 422, 429), schemas.Refusal)


def _page(limit: int, offset: int) -> tuple[int, int]:
    if not 1 <= limit <= MOST or offset < 0:
        raise Unfit(
            Text(vi=f"limit từ 1 đến {MOST}, offset từ 0.", en=f"limit is 1 to {MOST}, offset 0 or more."), "limit"
        )
    return limit, offset


def _cut(rows: QuerySet[Any], limit: int, offset: int) -> tuple[list[Any], dict[str, int]]:
    limit, offset = _page(limit, offset)
    return list(rows[offset : offset + limit]), {"count": rows.count(), "limit": limit, "offset": offset}


@router.get("/units", response={200: schemas.Units, **REFUSALS}, tags=["units"], operation_id="list_units")
def list_units(
    request: HttpRequest,
    q: str = "",
    tier: str = "",
    parent: str = "",
    all_times: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> dict[str, Any]:
    """Units that exist today (`all_times`: also those of the past), found by name or code, tones and case aside."""
    permit(actor_in(request), Action.READ_UNIT)
    rows = UnitRecord.objects.select_related("parent").order_by("code", "pk")
    if not all_times:
        rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))
    if tier:
        rows = rows.filter(tier=tier)
    if parent:
        rows = rows.filter(parent__code=parent)
    for word in words_of(q):
        rows = rows.filter(search_key__contains=word)
    units, page = _cut(rows, limit, offset)
    return {"items": [_unit(unit) for unit in units], **page}


@router.get(
    "/units/{code}", response={200: list[schemas.UnitOut], **REFUSALS}, tags=["units"], operation_id="read_unit"
)
def read_unit(request: HttpRequest, code: str) -> list[dict[str, Any]]:
    """Every unit that bears or bore a code, the present one first."""
    permit(actor_in(request), Action.READ_UNIT)
    rows = UnitRecord.objects.filter(code=code).select_related("parent").order_by("-valid_from", "-pk")
    found = sorted(rows, key=lambda unit: unit.valid_until is not None)
    if not found:
        raise Http404
    return [_unit(unit) for unit in found]


@router.get("/cycles", response={200: list[schemas.CycleOut], **REFUSALS}, tags=["cycles"], operation_id="list_cycles")
def list_cycles(request: HttpRequest) -> list[dict[str, Any]]:
    """All cycles, the latest first."""
    permit(actor_in(request), Action.READ_UNIT)
    return [
        {
            "id": cycle.pk,
            "year": cycle.year,
            "rulebook": cycle.rulebook.framework,
            "version": cycle.rulebook.version,
            "digest": cycle.rulebook.digest,
            "kind": cycle.rulebook.kind,
            "root": cycle.root.code,
            "open": cycle.closed_at is None,
        }
        for cycle in Cycle.objects.select_related("rulebook", "root")
    ]


@router.get(
    "/rulebooks", response={200: list[schemas.RulebookOut], **REFUSALS}, tags=["cycles"], operation_id="list_rulebooks"
)
def list_rulebooks(request: HttpRequest) -> list[dict[str, Any]]:
    """The rulebooks that are kept here, each version."""
    permit(actor_in(request), Action.READ_UNIT)
    return [
        {"id": row.framework, "version": row.version, "digest": row.digest, "kind": row.kind, "name": row.name}
        for row in RulebookRecord.objects.defer("content")
    ]


@router.get(
    "/cycles/{cycle}/rulebook",
    response={200: dict[str, Any], **REFUSALS},
    tags=["cycles"],
    operation_id="read_rulebook",
)
def read_rulebook(request: HttpRequest, cycle: int) -> dict[str, Any]:
    """The whole rulebook of a cycle, as `certify framework show --format json`."""
    permit(actor_in(request), Action.READ_UNIT)
    rulebook = rulebook_of(find_cycle(cycle))
    answer = framework_as_json(rulebook) if isinstance(rulebook, Framework) else index_as_json(rulebook)
    return dict(answer)


@router.get("/dossiers", response={200: schemas.Dossiers, **REFUSALS}, tags=["dossiers"], operation_id="list_dossiers")
def list_dossiers(
    request: HttpRequest, cycle: int | None = None, unit: str = "", state: str = "", limit: int = 100, offset: int = 0
) -> dict[str, Any]:
    """The dossiers that the token may read."""
    rows = readable(actor_in(request), Action.READ_DOSSIER)
    if cycle is not None:
        rows = rows.filter(cycle=cycle)
    if unit:
        rows = rows.filter(unit__code=unit)
    if state:
        rows = rows.filter(state=state)
    dossiers, page = _cut(rows.order_by("-cycle__year", "cycle", "unit__code"), limit, offset)
    return {"items": [_dossier(dossier) for dossier in dossiers], **page}


@router.get(
    "/dossiers/{dossier}",
    response={200: schemas.DossierOut, **REFUSALS},
    tags=["dossiers"],
    operation_id="read_dossier",
)
def read_dossier(request: HttpRequest, dossier: int) -> dict[str, Any]:
    """One dossier."""
    return _dossier(find_dossier(request, dossier, Action.READ_DOSSIER))


@router.get(
    "/dossiers/{dossier}/facts", response={200: schemas.Facts, **REFUSALS}, tags=["facts"], operation_id="read_facts"
)
def read_facts(request: HttpRequest, dossier: int) -> dict[str, Any]:
    """The facts of a dossier, with drafts that nobody has confirmed yet (`draft`): these count as unknown."""
    found = find_dossier(request, dossier, Action.READ_DOSSIER)
    asked = asked_of(found)
    rows = fact_records([found], drafts=True)
    return {"items": [fact_as_json(record, found) for record in rows if record.criterion in asked]}


@router.get(
    "/cycles/{cycle}/results", response={200: schemas.Evaluation, **REFUSALS}, tags=["results"], operation_id="results"
)
def read_results(request: HttpRequest, cycle: int, unit: Annotated[list[str], params.Query()] = []) -> dict[str, Any]:  # noqa: B006 - ninja reads it
    """Levels, or points and ranks, of the units (`unit`, else all) that the token may read: computed now, no act."""
    found = find_cycle(cycle)
    actor = actor_in(request)
    rows = readable(actor, Action.READ_RESULT).filter(cycle=found)
    codes = [code for code in rows.values_list("unit__code", flat=True) if not unit or code in unit]
    if not codes:
        raise Http404
    return _evaluate(request, found, codes)


@router.get(
    "/dossiers/{dossier}/result",
    response={200: schemas.Evaluation, **REFUSALS},
    tags=["results"],
    operation_id="result",
)
def read_result(request: HttpRequest, dossier: int) -> dict[str, Any]:
    """As the results of a cycle, of one unit: its facts and documents show, so it is no public one (see `acts`)."""
    found = find_dossier(request, dossier, Action.READ_DOSSIER)
    return _evaluate(request, found.cycle, [found.unit.code])


@router.get("/dossiers/{dossier}/why", response={200: dict[str, Any], **REFUSALS}, tags=["results"], operation_id="why")
def read_why(request: HttpRequest, dossier: int, level: int | None = None, indicator: str = "") -> dict[str, Any]:
    """Why a level (else the next one) was or was not reached; of an index the reasons of all points or of one."""
    found = find_dossier(request, dossier, Action.READ_DOSSIER)
    cycle, code = found.cycle, found.unit.code
    if cycle.rulebook.kind == "index":
        rating = rating_of(cycle)
        if indicator and indicator not in rating.index.sets[rating.units[code].tier].by_code:
            raise Http404
        place, group = rating.explained.place_of[code], rating.group_of(code)
        answer = score_as_json(rating, place, group, indicator or None, "vi")
        return _with_rank(answer, group, told_units(request, cycle))
    if level is not None and level not in LEVELS:
        raise Unfit(Text(vi="Mức từ 1 đến 5.", en="A level is 1 to 5."), "level")
    below = [each.unit.code for each in cycle.dossiers.filter(unit__parent=found.unit).select_related("unit")]
    verdicts = verdicts_of(cycle, [code, *below])
    asked = level or min(verdicts[code].levels.level + 1, LEVELS[-1])
    return explanation_as_json(explain(verdicts[code], asked, verdicts))


@router.get("/acts", response={200: schemas.Acts, **REFUSALS}, tags=["acts"], operation_id="list_acts")
def list_acts(
    request: HttpRequest, q: str = "", year: int | None = None, limit: int = 100, offset: int = 0
) -> dict[str, Any]:
    """Published decisions and rankings, the latest first."""
    permit(actor_in(request), Action.READ_UNIT)
    rows = find_acts(q, year) if q else published_acts(year)
    acts, page = _cut(rows, limit, offset)
    return {"items": [_act(act) for act in acts], **page}


@router.get("/acts/{act}", response={200: schemas.ActOut, **REFUSALS}, tags=["acts"], operation_id="read_act")
def read_act(request: HttpRequest, act: int) -> dict[str, Any]:
    """One published act."""
    permit(actor_in(request), Action.READ_UNIT)
    found = published_acts().filter(pk=act).first()
    if found is None:
        raise Http404
    return _act(found)


def readable(actor: Actor, action: Action) -> QuerySet[Dossier]:
    """The dossiers on which ``actor`` may do ``action``, a reading one: those of his unit and of all units below.

    Raises ``Refused`` where no role of his may.
    """
    permit(actor, action)
    places = [post.unit for post in appointments_for(actor, action)]
    rows = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    if None in places:
        return rows
    within = Q(unit__code__in=places) | Q(unit__parent__code__in=places) | Q(unit__parent__parent__code__in=places)
    # What the tree alone does not say (a role at a unit of another tier) is judged one by one.
    allowed = [dossier.pk for dossier in rows.filter(within) if may(actor, action, outline_of(dossier))]
    return rows.filter(pk__in=allowed)


def find_dossier(request: HttpRequest, dossier: int, action: Action) -> Dossier:
    """A dossier, with the permission judged. Raises ``Http404`` and ``Refused``."""
    rows = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    found = rows.filter(pk=dossier).first()
    if found is None:
        raise Http404
    permit(actor_in(request), action, outline_of(found))
    return found


def find_cycle(cycle: int) -> Cycle:
    """A cycle. Raises ``Http404``."""
    found = Cycle.objects.select_related("rulebook", "root__parent__parent").filter(pk=cycle).first()
    if found is None:
        raise Http404
    return found


def _evaluate(request: HttpRequest, cycle: Cycle, codes: list[str]) -> dict[str, Any]:
    if cycle.rulebook.kind == "index":
        rating, told = rating_of(cycle), told_units(request, cycle)
        answer = rating_as_json(rating, None)
        groups = {place.score.unit.code: group for group in rating.ranking().groups for place in group.places}
        units = [_with_rank(each, groups[each["code"]], told) for each in answer["units"] if each["code"] in codes]
        return {**answer, "units": units}
    verdicts = verdicts_of(cycle, codes)
    return evaluation_as_json(assessment_of(cycle, codes), [verdicts[code] for code in codes if code in verdicts])


def _with_rank(answer: dict[str, Any], group: GroupRanking, told: frozenset[str]) -> dict[str, Any]:
    """``answer`` on one unit; where the reader may not know all of its group what tells of them is null: every rank."""
    if told.issuperset(place.score.unit.code for place in group.places):
        return answer
    unranked = {"rank": None, "tied": None}
    rounds = [
        {
            **each,
            **unranked,
            "changes": [{**change, "rank_before": None, "rank_after": None} for change in each["changes"]],
        }
        for each in answer.get("rounds", ())
    ]
    return {**answer, **unranked, "last_year": None, **({"rounds": rounds} if "rounds" in answer else {})}


def _unit(unit: UnitRecord) -> dict[str, Any]:
    return {
        "id": unit.pk,
        "code": unit.code,
        "name": unit.name,
        "tier": unit.tier,
        "parent": unit.parent.code if unit.parent else None,
        "valid_from": unit.valid_from,
        "valid_until": unit.valid_until,
    }


def _dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.pk,
        "cycle": dossier.cycle_id,
        "year": dossier.cycle.year,
        "rulebook": dossier.cycle.rulebook.framework,
        "unit": dossier.unit.code,
        "name": dossier.unit.name,
        "state": dossier.state,
        "target": dossier.target,
        "version": dossier.version,
        "revision": dossier.revision,
    }


def fact_as_json(record: FactRecord, dossier: Dossier) -> dict[str, Any]:
    """A fact as a row of evidence, with its version and where its documents are."""
    fact = evolve(fact_of(record, dossier.unit.code, dossier.cycle.year), documents=())
    row = dict(zip(INDEX_COLUMNS, write_fact(fact, decimal=dossier.cycle.rulebook.kind == "index"), strict=True))
    wanted = ("unit", "criterion", "numerator", "denominator", "value", "status", "reported", "source", "note", "round")
    return {
        **{name: row[name] for name in wanted},
        "measured_on": record.measured_on,
        "cycle": dossier.cycle.year,
        "draft": record.draft,
        "version": record.version,
        "documents": [document_as_json(use, dossier) for use in record.proofs.all()],
    }


def document_as_json(use: FactProof, dossier: Dossier) -> dict[str, Any]:
    """One document of a fact; a stored file is fetched with the same token."""
    proof = use.proof
    return {
        "id": use.pk,
        "reference": use.reference,
        "sha256": None if proof is None else proof.sha256,
        "size": None if proof is None else proof.size,
        "href": None if proof is None else reverse("api:read_proof", args=[dossier.pk, use.pk]),
    }


def _act(act: Act) -> dict[str, Any]:
    return {
        "id": act.pk,
        "number": act.number,
        "kind": act.kind,
        "body": act.body.code,
        "cycle": act.cycle_id,
        "year": act.cycle.year,
        "signed_on": act.signed_on,
        "signer": act.signer,
        "replaces": act.replaces.number if act.replaces else None,
        "replaced_by": [later.number for later in act.replaced_by.all()],
        "units": [
            {
                "unit": entry.dossier.unit.code,
                "name": entry.dossier.unit.name,
                "level": None if act.kind == "revoke" else entry.level,
                "result": entry.result,
            }
            for entry in act.units.all()
        ],
        "files": [
            {
                "name": file.name,
                "media_type": file.media_type,
                "sha256": file.sha256,
                "href": reverse("portal:file", args=[act.pk, file.pk]),
            }
            for file in act.files.defer("content")
        ],
    }
