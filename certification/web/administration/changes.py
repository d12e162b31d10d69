"""Changes of units: recorded in a form or from a table, looked at before they are made, and listed by their acts."""

from collections.abc import Sequence

from attrs import frozen
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.store.models import Succession, UnitChange, UnitRecord
from certification.store.reorganising import Plan, make_changes, plan_changes
from certification.store.units import units_from
from certification.web.administration.carried import Expired, pack_changes, unpack_changes
from certification.web.administration.forms import (
    ChangeForm,
    ChangesFileForm,
    ResultForms,
    changes_from,
    sentence,
    show_defect,
)
from certification.web.gate import actor_in, gate
from certification.web.speech import say
from certification.web.tables import Column, Table, show_table
from certification.web.uploads import as_file
from evidence.succession import LABELS, Change, Kind, Unsound
from evidence.unit_changes import read_changes
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text

_RESULTS = {Kind.SPLIT: 3, Kind.ABOLISH: 1}


@gate(Action.MANAGE_UNITS)
@require_GET
def list_changes(request: HttpRequest) -> HttpResponse:
    """Every change that was recorded, the latest first."""
    lines = Prefetch("lines", Succession.objects.select_related("predecessor", "successor").order_by("pk"))
    rows = UnitChange.objects.order_by("-effective_on", "-pk").select_related("recorded_by").prefetch_related(lines)
    return show_table(request, "administration/changes.html", _TABLE, rows)


@gate(Action.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def enter_change(request: HttpRequest) -> HttpResponseBase:
    """Record one change; several units may begin by it. What it makes of the units is shown before it is made."""
    if request.method != "POST":
        picked = [code for code in request.GET.getlist("from") if code.strip()]
        kind = request.GET.get("kind", "merge" if len(picked) > 1 else "")
        form = ChangeForm(initial={"before": "\n".join(picked), "kind": kind})
        return _form(request, form, ResultForms(prefix="to"))
    form, results = ChangeForm(request.POST), ResultForms(request.POST, prefix="to")
    if "more" in request.POST:
        return _form(request, form, _with_another(request))
    if form.is_valid() and results.is_valid():
        changes, parts = changes_from(form, results)
        try:
            plan = plan_changes(changes)
        except Unsound as unsound:
            for defect in unsound.defects:
                show_defect(defect, form, parts)
        else:
            return _preview(request, plan)
    return _form(request, form, results, 422)


@gate(Action.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def upload_changes(request: HttpRequest) -> HttpResponseBase:
    """Record the changes of a table."""
    form = ChangesFileForm(request.POST or None, request.FILES or None)
    faults: Sequence[Fault] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            with as_file(upload.name, upload.read()) as path:
                read = read_changes(path, units_from(UnitRecord.objects.filter(valid_until=None)))
            return _preview(request, plan_changes(read.changes))
        except Faulty as faulty:
            faults = faulty.faults
        except Unsound as unsound:  # what only the rows know: recorded before, or not yet in force
            name = upload.name
            faults = [Fault(name, each.place + 2, each.column, each.found, each.expected) for each in unsound.defects]
    status = 422 if faults or form.errors else 200
    return render(request, "administration/changes_file.html", {"form": form, "faults": faults}, status=status)


@gate(Action.MANAGE_UNITS)
@require_POST
def make(request: HttpRequest) -> HttpResponseBase:
    """Make the changes that the preview showed."""
    try:
        made = make_changes(actor_in(request), unpack_changes(request.POST.get("changes", "")))
    except Expired:
        messages.error(
            request, say("Bản xem trước đã hết hạn, hãy nhập lại.", "The preview is too old; enter it again.")
        )
        return redirect("administration:change")
    except Unsound as unsound:
        for defect in unsound.defects:
            messages.error(request, sentence(defect))
        return redirect("administration:change")
    messages.success(request, say(f"Đã ghi nhận {len(made)} thay đổi.", f"{len(made)} changes are recorded."))
    return redirect("administration:changes")


@frozen
class Effect:
    """What one change makes of the units, in names."""

    change: Change
    label: Text
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]


def _preview(request: HttpRequest, plan: Plan) -> HttpResponse:
    effects = []
    for change in sorted(plan.changes, key=lambda each: each.on):
        olds = [era for era in plan.chronicle.eras if change in era.ended_by or change in era.altered_by]
        news = [era for era in plan.chronicle.eras if change == era.begun_by or change in era.altered_by]
        before = [era.forms[_form_before(era.forms, change)][1] for era in olds]
        after = [unit for era in news if (unit := era.on(change.on)) is not None]
        effects.append(Effect(change, LABELS[change.kind], tuple(before), tuple(after)))
    context = {
        "plan": plan,
        "effects": effects,
        "followers": plan.followers,
        "carried": pack_changes(plan.changes),
    }
    return render(request, "administration/change_preview.html", context)


def _form_before(forms: Sequence[tuple[object, Unit]], change: Change) -> int:
    """The place of the last form that held before the change."""
    places = [at for at, (since, _) in enumerate(forms) if since is None or str(since) < change.on.isoformat()]
    return places[-1]


def _form(request: HttpRequest, form: ChangeForm, results: object, status: int = 200) -> HttpResponse:
    codes = form["before"].value() or ""
    known = UnitRecord.objects.filter(code__in=str(codes).split(), valid_until=None).select_related("parent")
    context = {"form": form, "results": results, "known": list(known)}
    return render(request, "administration/change.html", context, status=status)


def _with_another(request: HttpRequest) -> object:
    """The parts of the form as they were filled in, and an empty one."""
    entered = request.POST.copy()
    count = int(entered.get("to-TOTAL_FORMS", "1")) if entered.get("to-TOTAL_FORMS", "1").isdecimal() else 1
    entered["to-TOTAL_FORMS"] = str(min(count + 1, 60))
    results = ResultForms(entered, prefix="to")
    results.is_valid()
    return results


def _units(change: UnitChange, side: str) -> list[UnitRecord]:
    found = (getattr(line, side) for line in change.lines.all())
    return list(dict.fromkeys(unit for unit in found if unit is not None))


def _names(units: Sequence[UnitRecord]) -> str:
    links = ((reverse("looking:unit", args=[unit.pk]), unit.name, unit.code) for unit in units[:12])
    shown = format_html_join(", ", '<a href="{}">{}</a> ({})', links)
    more = len(units) - 12
    return (
        shown
        if more <= 0
        else format_html_join("", "{}{}", [(shown, say(f" và {more} đơn vị khác", f" and {more} more"))])
    )


def _label(change: UnitChange) -> Text:
    """What happened; units that only follow the one above are told as such."""
    if change.details.get("follows"):
        return Text(vi="Theo đơn vị cấp trên", en="Followed the unit above")
    return LABELS[Kind(change.kind)]


_TABLE: Table[UnitChange] = Table(
    name="unit-changes",
    caption=Text(vi="Thay đổi đơn vị", en="Changes of units"),
    empty=Text(vi="Chưa ghi nhận thay đổi nào.", en="No change is recorded yet."),
    columns=(
        Column(
            key="day",
            title=Text(vi="Có hiệu lực từ", en="Since"),
            value=lambda row: row.effective_on,
            order="effective_on",
            names_row=True,
        ),
        Column(key="kind", title=Text(vi="Thay đổi", en="Change"), value=_label, sortable=False, width=26),
        Column(
            key="before",
            title=Text(vi="Đơn vị cũ", en="Before"),
            value=lambda row: "; ".join(str(unit) for unit in _units(row, "predecessor")),
            show=lambda row: _names(_units(row, "predecessor")) or "–",
            sortable=False,
            width=40,
        ),
        Column(
            key="after",
            title=Text(vi="Đơn vị mới", en="After"),
            value=lambda row: "; ".join(str(unit) for unit in _units(row, "successor")),
            show=lambda row: _names(_units(row, "successor")) or "–",
            sortable=False,
            width=40,
        ),
        Column(
            key="act",
            title=Text(vi="Văn bản", en="Legal act"),
            value=lambda row: row.instrument,
            order="instrument",
            width=24,
        ),
        Column(
            key="by",
            title=Text(vi="Người ghi nhận", en="Recorded by"),
            value=lambda row: str(row.recorded_by) if row.recorded_by else None,
            order="recorded_by__sort_key",
        ),
        Column(
            key="at",
            title=Text(vi="Lúc", en="At"),
            value=lambda row: row.recorded_at,
            order="recorded_at",
            only_excel=True,
        ),
    ),
)
