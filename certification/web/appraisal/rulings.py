"""One criterion before the council: the value beside its documents, and the ruling with what it would change."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.store.appraisal import may_reopen, rule_on
from certification.store.changes import Overtaken
from certification.store.effects import LevelEffect, Levelled, PointEffect, effects_of, points_on
from certification.store.facts import Cells, cells_of
from certification.store.matters import Matter, Part, asked_in
from certification.store.models import Dossier, Explanation, FactProof
from certification.store.unfit import Unfit
from certification.web.appraisal.dockets import rows_of, ruling_badge, ruling_name, standing_of
from certification.web.appraisal.reading import (
    Bench,
    amount_words,
    neighbours,
    part_name,
    proof_href,
    sit,
    standing_words,
    text_words,
)
from certification.web.gate import actor_in, gate
from certification.web.looking.scope import tellable
from certification.web.speech import say, tell
from evidence.asked import Asked, AskedCriterion
from evidence.facts import Status
from evidence.inputs import AskedInput
from evidence.media_types import JPEG, PDF, PNG
from evidence.rulings import RULINGS, Ruling, may_exempt
from evidence.values import Flaw, Unreadable
from levels.faults import Text
from levels.framework import Criterion, Framework
from levels.index import Indicator
from rules.scores import Place

CHOICES = (Ruling.ACCEPT, Ruling.ADJUST, Ruling.REJECT, Ruling.EXEMPT)
IN_FRAME = frozenset({PDF})
PICTURES = frozenset({PNG, JPEG})

_COLUMNS = {
    "numerator": Text(vi="tử số", en="numerator"),
    "denominator": Text(vi="mẫu số", en="denominator"),
    "value": Text(vi="giá trị", en="value"),
    "note": Text(vi="lý do", en="reason"),
    "status": Text(vi="kết luận", en="ruling"),
}


@frozen
class Typed:
    """What was typed into the form of a ruling, or what an untouched form begins with."""

    ruling: str = ""
    reason: str = ""
    cells: Mapping[str, Cells] = {}
    seen: str = ""

    @property
    def chosen(self) -> Ruling | None:
        """The ruling, where one of those that there are was chosen."""
        return Ruling(self.ruling) if self.ruling in list(Ruling) else None


@frozen
class Shown:
    """One document of a fact."""

    text: str
    href: str
    frame: bool = False
    picture: bool = False


@frozen
class Fault:
    """What is wrong with what was typed; ``field``: the id of the field it stands in."""

    field: str
    text: str


@gate(Action.READ_RULINGS, Dossier)
@require_http_methods(["GET", "POST"])
def show_matter(request: HttpRequest, dossier: Dossier, code: str) -> HttpResponse:
    """The page of one criterion. A POST saves the ruling, or with ``do=preview`` shows only what it would change."""
    asked = asked_in(dossier, code)
    if not asked:
        raise Http404
    if request.method != "POST":
        bench = sit(request, dossier)
        return _page(request, bench, bench.docket.by_code[code], None)
    typed = _typed(request, asked)
    ruling = typed.chosen
    if request.POST.get("do") == "preview":
        return _again(request, dossier, code, typed, previewed=True)
    if ruling is None:
        return _again(
            request, dossier, code, typed, [Fault("id_ruling", say("Hãy chọn một kết luận.", "Choose a ruling."))]
        )
    try:
        docket = rule_on(
            actor_in(request), dossier.pk, code, ruling, cells=typed.cells, reason=typed.reason, seen=typed.seen
        )
    except Unreadable as unreadable:
        return _again(request, dossier, code, typed, _faults(asked, unreadable.flaws))
    except Unfit as unfit:
        return _again(request, dossier, code, typed, [Fault("id_ruling", tell(unfit.text))])
    except Overtaken as overtaken:
        return _again(request, dossier, code, typed, overtaken=tell(overtaken.text))
    messages.success(request, f"{code}: {tell(RULINGS[ruling])}.")
    _, _, waiting = neighbours(docket, code)
    if request.POST.get("do") == "next" and waiting is not None:
        return redirect("appraisal:matter", dossier=dossier.pk, code=waiting.code)
    return redirect("appraisal:matter", dossier=dossier.pk, code=code)


def _again(
    request: HttpRequest,
    dossier: Dossier,
    code: str,
    typed: Typed,
    faults: Sequence[Fault] = (),
    *,
    previewed: bool = False,
    overtaken: str = "",
) -> HttpResponse:
    """The page once more with what was typed: a preview, or why nothing was saved."""
    status = 409 if overtaken else 422 if faults else 200
    fresh = Dossier.objects.select_related(*_WITH).get(pk=dossier.pk) if overtaken else dossier
    bench = sit(request, fresh)
    matter = bench.docket.by_code[code]
    return _page(request, bench, matter, typed, faults=faults, previewed=previewed, overtaken=overtaken, status=status)


_WITH = ("unit__parent__parent", "cycle__rulebook", "cycle__root")


@gate(Action.READ_RULINGS, Dossier)
@require_POST
def show_effect(request: HttpRequest, dossier: Dossier, code: str) -> HttpResponse:
    """What each ruling would change with what is typed so far: the part of the page that answers as one types."""
    asked = asked_in(dossier, code)
    if not asked:
        raise Http404
    bench = sit(request, dossier)
    matter = bench.docket.by_code[code]
    return render(request, "appraisal/effects.html", _effects(bench, matter, _typed(request, asked)))


def _field(asked: Asked, column: str) -> str:
    return f"{asked.code}.{column}"


def _untouched(matter: Matter) -> Typed:
    """The form as it begins: the value that counts now, else the one that is claimed, ready to be changed."""
    cells: dict[str, Cells] = {}
    for part in matter.parts:
        adjusted = part.standing.status is Status.ADJUSTED
        if adjusted and part.record is not None:
            cells[part.asked.code] = cells_of(part.asked, part.record)
        else:
            cells[part.asked.code] = _cells_for(part)
    reason = next((part.standing.note for part in matter.parts if part.ruled), "")
    if matter.ruling is Ruling.ACCEPT:
        reason = ""
    return Typed(matter.ruling.value if matter.ruling else "", reason, cells, matter.seen)


def _cells_for(part: Part) -> Cells:
    """The claimed value in the cells it would be typed into."""
    amount = part.claim.amount
    if amount is None:
        return Cells()
    if isinstance(part.asked, AskedCriterion) and part.asked.kind in ("ratio", "count"):
        denominator = "" if amount.denominator is None else str(amount.denominator)
        if part.asked.kind == "count":
            return Cells(value=str(amount.numerator), denominator=denominator)
        return Cells(numerator=str(amount.numerator), denominator=denominator)
    return Cells(value=part.asked.write(amount))


def _typed(request: HttpRequest, asked: Iterable[Asked]) -> Typed:
    post = request.POST
    cells = {
        each.code: Cells(*(post.get(_field(each, column), "") for column in ("numerator", "denominator", "value")))
        for each in asked
    }
    return Typed(post.get("ruling", ""), post.get("reason", ""), cells, post.get("seen", ""))


def _faults(asked: Sequence[Asked], flaws: Iterable[Flaw]) -> list[Fault]:
    """Each flaw with the field it stands in; of several facts with the fact it is of."""
    several = len(asked) > 1
    found = []
    for flaw in flaws:
        code, _, column = flaw.column.rpartition(":")
        field = {"note": "id_reason", "status": "id_ruling"}.get(column, f"id_{code}.{column}")
        of = f"{code}: " if several and column in ("numerator", "denominator", "value") else ""
        found.append(Fault(field, f"{of}{tell(flaw.found)}; {tell(flaw.expected)}"))
    return found


def _effects(bench: Bench, matter: Matter, typed: Typed) -> dict[str, Any]:
    """What each ruling would change, ready for the page."""
    if matter.derived and not any(may_exempt(part.claim, part.asked, bench.docket.units) for part in matter.parts):
        return {"effects": [], "chosen": None, **standing_of(bench)}
    choices = [*CHOICES, *([Ruling.REOPEN] if may_reopen(bench.docket, matter.code) else [])]
    effects = {
        ruling: evolve(effect, above=tuple(each for each in effect.above if each.unit.code in bench.above))
        if isinstance(effect, LevelEffect)
        else effect
        for ruling, effect in effects_of(bench.weighed, matter, typed.cells, choices).items()
    }
    return {
        "effects": [(each, tell(RULINGS[each]), effects[each], _why_not(effects[each], typed)) for each in choices],
        "chosen": typed.chosen,
        **standing_of(bench),
    }


def _why_not(effect: LevelEffect | PointEffect, typed: Typed) -> str:
    if effect.flaws and effect.ruling is Ruling.ADJUST and typed.chosen is not Ruling.ADJUST:
        return say("ghi giá trị khác để xem ảnh hưởng", "type another value to see its effect")
    return "; ".join(dict.fromkeys(f"{tell(flaw.found)}; {tell(flaw.expected)}" for flaw in effect.flaws))


def _page(
    request: HttpRequest,
    bench: Bench,
    matter: Matter,
    typed: Typed | None,  # None: the form is untouched
    *,
    faults: Iterable[Fault] = (),
    previewed: bool = False,
    overtaken: str = "",
    status: int = 200,
) -> HttpResponse:
    docket, typed = bench.docket, typed or _untouched(matter)
    before, after, waiting = neighbours(docket, matter.code)
    row = next(each for each in rows_of(bench) if each.matter.code == matter.code)
    faults = list(faults)
    context: dict[str, Any] = {
        "bench": bench,
        "dossier": bench.dossier,
        "matter": matter,
        "row": row,
        "criterion": matter.subject if isinstance(matter.subject, Criterion) else None,
        "indicator": matter.subject if isinstance(matter.subject, Indicator) else None,
        "parts": [(part, _part(part, typed.cells.get(part.asked.code, Cells()), faults)) for part in matter.parts],
        "before": before,
        "after": after,
        "waiting": waiting,
        "typed": typed,
        "seen": matter.seen,
        "faults": faults,
        "previewed": previewed,
        "overtaken": overtaken,
        "choices": _choices(bench, matter),
        "may_reopen": may_reopen(docket, matter.code),
        "doubts": tellable(request, bench.dossier, bench.doubts.get(matter.code, ())),
        "ruling_name": ruling_name(matter),
        "ruling_badge": ruling_badge(matter),
        "documents": _documents(bench, matter),
        "readings": _readings(bench, matter.code),
        "explanations": _explanations(bench, matter),
        "past": [(past, tell(RULINGS[past.ruling]), _past_value(matter, past)) for past in matter.past],
        "reached": row.verdict,
        "rounds": _rounds(bench, matter),
        **_effects(bench, matter, typed),
    }
    return render(request, "appraisal/matter.html", context, status=status)


def _part(part: Part, cells: Cells, faults: Iterable[Fault]) -> dict[str, Any]:
    """One fact as the page shows it, with the fields that its value is typed into."""
    asked = part.asked
    options: list[tuple[str, str]] = []
    if asked.kind == "presence":
        options = [("", "–"), ("1", say("có", "yes")), ("0", say("không", "no"))]
    elif isinstance(asked, AskedInput) and asked.kind == "choice":
        options = [("", "–"), *((str(at), text) for at, text in enumerate(asked.input.options, start=1))]
    columns = ["numerator", "denominator"] if asked.kind == "ratio" else ["value"]
    if asked.kind == "count" and asked.needs_total:
        columns.append("denominator")
    errors = {fault.field: fault.text for fault in faults}
    fields = [
        {
            "name": _field(asked, column),
            "id": f"id_{asked.code}.{column}",
            "label": _label(part, column),
            "value": getattr(cells, column),
            "errors": [errors[f"id_{asked.code}.{column}"]] if f"id_{asked.code}.{column}" in errors else [],
        }
        for column in columns
    ]
    return {
        "name": part_name(part),
        "claimed": amount_words(asked, part.claim.amount),
        "standing": standing_words(part),
        "last": amount_words(asked, part.last.amount) if part.last else "",
        "options": options,
        "expected": tell(asked.expected) if isinstance(asked, AskedInput) else "",
        "fields": fields,
        "code": asked.code,
    }


def _label(part: Part, column: str) -> str:
    if column == "denominator" and part.asked.kind == "count":
        return say("Tổng số", "Total")
    if column == "value" and part.asked.kind == "count":
        return say("Số lượng", "Count")
    words = tell(_COLUMNS[column])
    return words[:1].upper() + words[1:]


def _choices(bench: Bench, matter: Matter) -> list[tuple[Ruling, str, str]]:
    """The rulings that the page offers, each with a word on it; what the decision does not allow is said so."""
    exempt = all(may_exempt(part.claim, part.asked, bench.docket.units) for part in matter.parts)
    ratio = any(part.asked.kind == "ratio" for part in matter.parts)
    if exempt:
        words = say("không ràng buộc ở mức nào; cần lý do", "binds at no level; needs a reason")
        if bench.dossier.cycle.rulebook.kind == "index":
            words = say(
                "điểm tối đa không tính ở cả hai phía; cần lý do", "its maximum leaves both sides; needs a reason"
            )
    elif ratio:
        words = say(
            "chỉ khi Hội đồng xác định tổng số bằng 0 (ghi 0 và 0 vào ô giá trị); cần lý do",
            "only where the council finds that the base is zero (type 0 and 0 as the value); needs a reason",
        )
    else:
        words = say("quyết định không cho miễn tiêu chí này", "the decision does not allow it for this criterion")
    said = {
        Ruling.ACCEPT: say("giá trị đúng như đơn vị báo cáo", "the value is as the unit reports it"),
        Ruling.ADJUST: say(
            "giá trị của Hội đồng thay cho giá trị báo cáo, cả hai đều được giữ; cần lý do",
            "the council's value takes its place, both are kept; needs a reason",
        ),
        Ruling.REJECT: say("tính là chưa đạt; cần lý do", "counts as unmet; needs a reason"),
        Ruling.EXEMPT: words,
    }
    if matter.derived:
        return [(Ruling.EXEMPT, tell(RULINGS[Ruling.EXEMPT]), words)] if exempt else []
    return [(ruling, tell(RULINGS[ruling]), said[ruling]) for ruling in CHOICES]


def _documents(bench: Bench, matter: Matter) -> list[Shown]:
    """Every document of the matter once: stored files as files, links as links, letters by their number."""
    found: dict[tuple[str, str], Shown] = {}
    for part in matter.parts:
        for proof in part.proofs:
            shown = _show(bench.dossier, proof)
            found.setdefault((shown.text, proof.proof.sha256 if proof.proof else ""), shown)
    return list(found.values())


def _show(dossier: Dossier, proof: FactProof) -> Shown:
    href = proof_href(dossier, proof)
    media = "" if proof.proof is None else proof.proof.media_type
    return Shown(proof.reference, href, media in IN_FRAME, media in PICTURES)


def _readings(bench: Bench, code: str) -> list[Any]:
    """The recorded readings of the decision that concern the criterion."""
    rulebook = bench.docket.catalogue.rulebook
    tier = bench.docket.unit.tier
    if isinstance(rulebook, Framework):
        return [each for each in rulebook.interpretations if f"{tier}/{code}" in each.criteria]
    return [each for each in rulebook.interpretations if code in each.criteria or f"{tier}/{code}" in each.criteria]


def _explanations(bench: Bench, matter: Matter) -> list[Explanation]:
    codes = {matter.code, *(part.asked.code for part in matter.parts)}
    rows = Explanation.objects.filter(dossier=bench.dossier, criterion__in=codes).select_related("by")
    return list(rows)


def _rounds(bench: Bench, matter: Matter) -> list[tuple[str, Fraction, Place]]:
    """Of an index: the points after every round that has facts, with the unit's place then."""
    if isinstance(bench.weighed, Levelled):
        return []
    scored = bench.weighed.rating.rounds.get(bench.docket.unit.code, ())
    return [(each.round.name, points_on(each.place, matter.code), each.place) for each in scored]


def _past_value(matter: Matter, past: Any) -> str:
    part = next(part for part in matter.parts if part.asked.code == past.row.partition("@")[0])
    words = text_words(part.asked, past.value)
    return f"{part.asked.code.rpartition(':')[2]}: {words}" if len(matter.parts) > 1 else words
