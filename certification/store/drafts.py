"""Drafts: what a people's committee would sign on a set of dossiers, decided now on the facts in the store.

A draft is decided and rendered by the same use cases as on the command line (``issuing``, ``publishing``); here
rows become what these take. Nothing is written.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen
from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.decisions import NotRecognisable, Signing, prepare_decisions
from certification.gazette import file_stem as ranking_stem
from certification.hierarchy import Assessment, evaluate
from certification.issuing import issue, software
from certification.procedure.actions import Action
from certification.procedure.states import NOT_HANDED_IN, State, states_for
from certification.publishing import prepare_publications
from certification.ranking_bundle import SUFFIX as RANKING_SUFFIX
from certification.ranking_bundle import seal_ranking
from certification.store.assessments import assessment_of, frame_of, rating_of
from certification.store.models.councils import Minutes, MinutesItem
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.units import UnitRecord
from certification.store.subjects import calendar_in, has_lapsed, kind_of, outline_of
from certification.store.unfit import Unfit
from evidence.media_types import DOCX, PDF, XLSX
from levels.faults import Text
from levels.framework import Tier
from reports.documents import KINDS, render_decision
from reports.publication import render_publication
from reports.ranking_sheets import ranking_workbook
from reports.words import date_text, decimal_text
from rules.publication import Publication
from rules.scores import Place, Ranking
from rules.verdict import Decision, Verdict, as_triple

MEDIA_TYPES = {
    "html": "text/html",
    "pdf": PDF,
    "docx": DOCX,
    "xlsx": XLSX,
    "json": "application/json",
}

KEPT = states_for("index", Action.RESTATE)
"""The states of a dossier that a replacing ranking states again without a new appraisal."""


@frozen
class Group:
    """Dossiers on which one body decides in one act: of one cycle, one tier, one reviewer."""

    cycle: Cycle
    body: UnitRecord
    tier: Tier
    dossiers: tuple[Dossier, ...]

    @property
    def codes(self) -> list[str]:
        """The codes of the units."""
        return [dossier.unit.code for dossier in self.dossiers]


@frozen
class Statement:
    """What an act states for one unit: the recognised level (None: of a ranking), and the result it rests on."""

    level: int | None
    result: dict[str, Any]


@frozen
class Draft:
    """One act as it would be signed: what it states by unit, its files by name, its seal."""

    group: Group
    statements: Mapping[str, Statement]
    files: Mapping[str, bytes]
    seal: str
    provisional: tuple[Text, ...]
    rests_on: Mapping[str, str]  # by member unit the seal of the act whose level was read


def waiting_groups(cycle: Cycle | None = None, states: Collection[State] = (State.PROPOSED,)) -> list[Group]:
    """The dossiers in ``states``, by the act they belong in; of ``cycle`` only. Three queries.

    With them those of open cycles of levels that were not handed in in time: an act has to say so, or what stands
    above them would wait for ever; and of a ranking that was signed before the units that keep their appraisal.
    """
    rows = Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    cycles = Cycle.objects.filter(rulebook__kind="levels", closed_at=None).select_related("rulebook")
    if cycle is not None:
        rows, cycles = rows.filter(cycle=cycle), cycles.filter(pk=cycle.pk)
    over = [each.pk for each in cycles if is_over(each)]
    unsent = [state for state in NOT_HANDED_IN if state is not State.RETURNED]
    lapsed = [each.pk for each in cycles if is_over(each, State.RETURNED)]
    ranked_again = Dossier.objects.filter(state__in=states, cycle__rulebook__kind="index").values("cycle")
    wanted = rows.filter(
        Q(state__in=states)
        | Q(state__in=unsent, cycle__in=over)
        | Q(state=State.RETURNED, cycle__in=lapsed)
        | Q(state__in=KEPT, cycle__in=ranked_again)
    )
    found = groups_of(wanted.order_by("-cycle__year", "cycle_id", "unit__sort_key", "unit__code"))
    return [group for group in found if not all(map(is_kept, group.dossiers))]


def is_kept(dossier: Dossier) -> bool:
    """Whether a replacing ranking states ``dossier`` again as it was appraised before."""
    return kind_of(dossier.cycle) == "index" and dossier.state in KEPT


def with_kept(group: Group) -> Group:
    """``group`` with the units of its ranking that keep their appraisal: an act that replaces one is about all."""
    if kind_of(group.cycle) != "index":
        return group
    rows = Dossier.objects.filter(
        Q(pk__in=[dossier.pk for dossier in group.dossiers]) | Q(cycle=group.cycle, state__in=KEPT)
    ).select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
    found = groups_of(rows.order_by("unit__sort_key", "unit__code"))
    return next(each for each in found if each.body.pk == group.body.pk)


def is_over(cycle: Cycle, state: State = State.OPEN) -> bool:
    """Whether the last day for handing in a dossier in ``state`` has passed."""
    return has_lapsed(calendar_in(cycle), state, timezone.localdate())


def groups_of(dossiers: Iterable[Dossier]) -> list[Group]:
    """``dossiers`` by the act they belong in; of a ranking the tiers of one body belong in one act."""
    found: dict[tuple[int, int, str], list[Dossier]] = {}
    bodies: dict[int, UnitRecord] = {}
    for dossier in dossiers:
        body = body_of(dossier)
        if body is None:
            continue
        bodies[body.pk] = body
        tier = "" if kind_of(dossier.cycle) == "index" else dossier.unit.tier
        found.setdefault((dossier.cycle_id, body.pk, tier), []).append(dossier)
    return [
        Group(rows[0].cycle, bodies[body], Tier(rows[0].unit.tier), tuple(rows)) for (_, body, _), rows in found.items()
    ]


def body_of(dossier: Dossier) -> UnitRecord | None:
    """The unit whose committee decides on ``dossier``; read ``unit.parent.parent`` along to save queries."""
    reviewer = outline_of(dossier).reviewer
    above = dossier.unit.parent
    while above is not None and reviewer is not None:
        if above.code == reviewer.code:
            return above
        above = above.parent
    return None


def cite_minutes(group: Group) -> str:
    """The council's minutes on which the act rests, as its grounds cite them; "" where a dossier has none.

    Of units that have not handed in, or not again after a return, their list takes the place of minutes.
    """
    absent = [dossier for dossier in group.dossiers if dossier.state in NOT_HANDED_IN]
    heard = [dossier for dossier in group.dossiers if dossier.state not in NOT_HANDED_IN]
    cited = _cite_council(group, heard) if heard else ""
    if (heard and not cited) or not absent:
        return cited
    return "; ".join([*([cited] if cited else []), *_list_absent(group.cycle, absent)])


def _list_absent(cycle: Cycle, absent: Sequence[Dossier]) -> Iterator[str]:
    """What the grounds cite of units without an appraisal: who sent nothing in time, and who did not send it again."""
    told = {
        False: f"danh sách đơn vị không gửi hồ sơ đề nghị thẩm định năm {cycle.year}",
        True: f"danh sách đơn vị có hồ sơ đề nghị thẩm định năm {cycle.year} đã trả lại, không nộp lại trong thời hạn",
    }
    for returned in sorted({dossier.state == State.RETURNED for dossier in absent}):
        last = _last_day(cycle, returned=returned)
        until = "" if last is None else f" đến hết {date_text(last, 'vi')}"
        yield f"{told[returned]}{until}"


def _last_day(cycle: Cycle, *, returned: bool) -> datetime.date | None:
    """Until when a dossier could be handed in; again, where it was returned: while it could be appraised in time."""
    calendar = calendar_in(cycle)
    appraised = calendar.last_day("appraisal") if returned else None
    return appraised or calendar.last_day("self_assessment")


def _cite_council(group: Group, heard: Sequence[Dossier]) -> str:
    closed = Minutes.objects.filter(closed_at__isnull=False, items__adopted=True, items__dossier__in=heard)
    by_dossier = dict(closed.order_by("held_on", "pk").values_list("items__dossier", "pk"))
    if {dossier.pk for dossier in heard} - by_dossier.keys():
        return ""
    council = {Tier.PROVINCE: "cấp tỉnh", Tier.DISTRICT: "cấp huyện"}.get(Tier(group.body.tier), "")
    cited = [
        f"Biên bản họp Hội đồng thẩm định {council}{f' số {row.number}' if row.number else ''} "
        f"{date_text(row.held_on, 'vi')}"
        for row in Minutes.objects.filter(pk__in=by_dossier.values()).order_by("held_on", "pk")
    ]
    return "; ".join(cited)


def signed_too_early(group: Group, day: datetime.date) -> Iterator[Text]:
    """Why an act on ``group`` cannot bear the date ``day``: what it rests on had not come about yet."""
    met = _adopted(group).order_by("-minutes__held_on").values_list("minutes__held_on", flat=True).first()
    if met is not None and day < met:
        yield Text(
            vi=f"Hội đồng họp ngày {met:%d/%m/%Y}; ngày ký không được sớm hơn.",
            en=f"The council met on {met}; the act cannot be signed before.",
        )
    absent = {dossier.state == State.RETURNED for dossier in group.dossiers if dossier.state in NOT_HANDED_IN}
    last = max(filter(None, (_last_day(group.cycle, returned=returned) for returned in absent)), default=None)
    if last is not None and day <= last:
        yield Text(
            vi=f"Hạn nộp hồ sơ hết ngày {last:%d/%m/%Y}; ngày ký phải sau ngày đó.",
            en=f"Dossiers could be handed in until {last}; the act must be signed after that day.",
        )


def _adopted(group: Group) -> QuerySet[MinutesItem]:
    """What closed minutes adopted on the dossiers of ``group`` that were handed in."""
    heard = [dossier.pk for dossier in group.dossiers if dossier.state not in NOT_HANDED_IN]
    return MinutesItem.objects.filter(dossier__in=heard, adopted=True, minutes__closed_at__isnull=False)


def _unlike_minutes(group: Group, statements: Mapping[str, Statement]) -> Iterator[Text]:
    """Where the level computed now is not the one that the council adopted: its act would rest on no vote.

    So it is when the acts on a district's communes came after its council had met (Quyết định 121, Phụ lục 02, I.1).
    """
    items = _adopted(group).order_by("minutes__closed_at", "pk")
    adopted = dict(items.exclude(level=None).values_list("dossier", "level"))
    for dossier in group.dossiers:
        voted, now = adopted.get(dossier.pk), statements[dossier.unit.code].level
        if voted is not None and voted != now:
            yield Text(
                vi=f"{dossier.unit.name}: Hội đồng đã thông qua mức {voted}, nay tính được mức {now}; "
                "hãy trả lại để Hội đồng họp lại",
                en=f"{dossier.unit.name}: the council adopted level {voted}, now it is computed as {now}; "
                "send it back for another meeting",
            )


def make_draft(group: Group, signing: Signing, kinds: Collection[str] = KINDS) -> Draft:
    """The act on ``group`` with its documents of ``kinds``, sealed.

    Raises ``Unsignable`` where no act can be about these dossiers as they stand, ``Unfit`` where one is missing.
    """
    if kind_of(group.cycle) == "index":
        return _draft_ranking(group, signing, kinds)
    return _draft_recognition(group, signing, kinds)


def _draft_recognition(group: Group, signing: Signing, kinds: Collection[str]) -> Draft:
    frame = frame_of(group.cycle)
    codes = [code for code in frame.units if code in set(group.codes)]
    resting = frame.resting_on(codes)
    if set(codes) - set(resting):
        names = ", ".join(sorted(set(codes) - set(resting)))
        raise NotRecognisable(
            Text(vi=f"Bộ tiêu chí không có bảng cho {names}.", en=f"The rulebook has no criteria for {names}.")
        )
    assessment = _without_unsent(assessment_of(group.cycle, resting, frame), group)
    verdicts = {verdict.unit.code: verdict for verdict in evaluate(assessment, codes=resting)}
    if len(prepare_decisions(assessment, verdicts, codes, signing)) != 1:
        raise NotRecognisable(
            Text(vi="Các hồ sơ thuộc nhiều quyết định khác nhau.", en="The dossiers belong in several decisions.")
        )

    def render(decision: Decision, _: Mapping[str, Verdict]) -> Mapping[str, bytes]:
        stem = f"quyet-dinh-{decision.issuer.code}-{decision.tier}-{decision.cycle}"
        return {f"{stem}.{kind}": content for kind, content in render_decision(decision, kinds=kinds).items()}

    issued = next(issue(assessment, verdicts, codes, signing, render))
    statements = {verdict.unit.code: _state(verdict) for verdict in issued.decision.verdicts}
    rests_on = {
        member.unit.code: member.recognition.decision
        for verdict in issued.decision.verdicts
        for member in verdict.members
        if member.recognition is not None
    }
    provisional = (*issued.decision.provisional, *_unlike_minutes(group, statements))
    return Draft(group, statements, issued.files, issued.seal, provisional, rests_on)


def _without_unsent(assessment: Assessment, group: Group) -> Assessment:
    """What was entered but never handed in is no fact of the act."""
    unsent = {dossier.unit.code for dossier in group.dossiers if dossier.state in NOT_HANDED_IN}
    if not unsent:
        return assessment
    return evolve(assessment, facts={code: facts for code, facts in assessment.facts.items() if code not in unsent})


def _state(verdict: Verdict) -> Statement:
    result: dict[str, Any] = {"levels": list(as_triple(verdict.levels))}
    if verdict.members:
        result["members"] = {
            member.unit.code: {
                "level": member.levels.level,
                "seal": "" if member.recognition is None else member.recognition.decision,
            }
            for member in verdict.members
        }
    return Statement(verdict.recognised_level, result)


def _draft_ranking(group: Group, signing: Signing, kinds: Collection[str]) -> Draft:
    rating = rating_of(group.cycle)
    (publication,) = prepare_publications(rating, signing, issuers=[group.body.code])
    ranked = {score.unit.code for score in publication.scores}
    missing = sorted(ranked - set(group.codes))
    if missing:  # a ranking without some of its units would give the others wrong ranks
        names = ", ".join(f"{rating.units[code].name} ({code})" for code in missing)
        raise Unfit(
            Text(
                vi=f"Chưa công bố xếp hạng được khi hồ sơ của các đơn vị sau chưa được trình ký: {names}.",
                en=f"The ranking cannot be published while these dossiers are not submitted for signature: {names}.",
            ),
            "dossiers",
        )
    documents = _render_ranking(publication, kinds)
    seal, bundle = seal_ranking(publication, rating, documents, software())
    stem = ranking_stem(publication, part=False)
    statements = {
        place.score.unit.code: _state_rank(place, ranking.group.id)
        for ranking in publication.groups
        for place in ranking.places
    }
    files = {**documents, f"{stem}{RANKING_SUFFIX}": bundle}
    return Draft(group, statements, files, seal, publication.provisional, {})


def _render_ranking(publication: Publication, kinds: Collection[str]) -> dict[str, bytes]:
    stem = ranking_stem(publication, part=False)
    files = {f"{stem}.{kind}": content for kind, content in render_publication(publication, kinds=kinds).items()}
    if set(kinds) == set(KINDS):
        ranking = Ranking(publication.index, publication.cycle, publication.groups)
        files[f"{stem}.xlsx"] = ranking_workbook(ranking, "vi", provisional=bool(publication.provisional))
    return files


def _state_rank(place: Place, group: str) -> Statement:
    score = place.score

    def exact(value: Fraction) -> str:
        return decimal_text(value, "en", 4)

    return Statement(
        None,
        {
            "points": exact(score.points),
            "reachable": str(score.reachable),
            "percent": exact(score.percent),
            "rank": place.rank,
            "group": group,
        },
    )
