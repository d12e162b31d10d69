"""The register of decisions (sổ quyết định) and the list of what must be looked at again."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.procedure.permissions import may
from certification.procedure.states import State
from certification.store.models import Act, Dossier
from certification.store.published import narrow_acts
from certification.store.staleness import stale_dossiers
from certification.store.subjects import outline_of
from certification.web.addresses import address_of
from certification.web.decisions.scope import readable_acts
from certification.web.gate import actor_in, gate
from certification.web.speech import tell
from certification.web.tables import Column, Table, badge, show_table
from levels.faults import Text

ACT_KINDS = {
    "recognise": Text(vi="Công nhận", en="Recognition"),
    "refuse": Text(vi="Không công nhận", en="Refusal"),
    "ranking": Text(vi="Công bố xếp hạng", en="Ranking"),
    "revoke": Text(vi="Thu hồi", en="Revocation"),
}


def standing_of(act: Act) -> tuple[str, Text]:
    """What has become of an act, as the kind of its badge and in words; read ``replaced_by`` along."""
    later = list(act.replaced_by.all())
    if any(each.kind == "revoke" for each in later):
        return "bad", Text(vi="đã bị thu hồi (toàn bộ hoặc một phần)", en="revoked (in whole or in part)")
    if later:
        return "warn", Text(vi="đã được thay thế (toàn bộ hoặc một phần)", en="replaced (in whole or in part)")
    if hasattr(act, "publication"):
        return "good", Text(vi="đã công bố", en="published")
    return "info", Text(vi="đã ký, chưa công bố", en="signed, not published")


def _standing_badge(act: Act) -> Any:
    kind, text = standing_of(act)
    return badge(tell(text), kind)  # type: ignore[arg-type]  # one of the badge's kinds


TABLE: Table[Act] = Table(
    name="so-quyet-dinh",
    caption=Text(vi="Sổ quyết định", en="Register of decisions"),
    sort="-signed",
    columns=(
        Column(
            key="number",
            title=Text(vi="Số", en="Number"),
            value=lambda act: act.number,
            href=lambda act: address_of("decisions:act", act.pk),
            order="sequence",
            names_row=True,
        ),
        Column(
            key="signed", title=Text(vi="Ngày ký", en="Signed on"), value=lambda act: act.signed_on, order="signed_at"
        ),
        Column(
            key="body",
            title=Text(vi="Cơ quan ban hành", en="Body"),
            value=lambda act: act.body.name,
            order="body__sort_key",
            width=28,
        ),
        Column(
            key="kind", title=Text(vi="Loại", en="Kind"), value=lambda act: ACT_KINDS[act.kind], order="kind", width=18
        ),
        Column(
            key="cycle",
            title=Text(vi="Kỳ", en="Cycle"),
            value=lambda act: str(act.cycle.year),
            order="cycle__year",
            width=8,
        ),
        Column(
            key="units",
            title=Text(vi="Số đơn vị", en="Units"),
            value=lambda act: act.count,  # type: ignore[attr-defined]  # annotated
            order="count",
            align="end",
            width=10,
        ),
        Column(key="signer", title=Text(vi="Người ký", en="Signed by"), value=lambda act: act.signer, order="signer"),
        Column(
            key="standing",
            title=Text(vi="Tình trạng", en="Standing"),
            value=lambda act: standing_of(act)[1],
            show=_standing_badge,
            sortable=False,
            width=30,
        ),
        Column(
            key="replaces",
            title=Text(vi="Thay thế, thu hồi", en="Replaces, revokes"),
            value=lambda act: act.replaces.number if act.replaces else "",
            sortable=False,
            only_excel=True,
        ),
        Column(
            key="why",
            title=Text(vi="Lý do", en="Why"),
            value=lambda act: act.why,
            sortable=False,
            only_excel=True,
            width=40,
        ),
        Column(
            key="seal",
            title=Text(vi="Niêm phong", en="Seal"),
            value=lambda act: act.seal,
            sortable=False,
            only_excel=True,
            width=72,
        ),
    ),
)


@gate(Action.READ_RESULT, anywhere=True)
@require_GET
def list_acts(request: HttpRequest) -> HttpResponse:
    """The register: ``?q=`` (number, body, units; without tones), ``year``, ``kind``, ``standing``; Excel."""
    readable = readable_acts(actor_in(request))
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "year", "kind", "standing")}
    context = {
        "asked": asked,
        "years": sorted(set(readable.order_by().values_list("cycle__year", flat=True)), reverse=True),
        "kinds": [(kind, tell(title)) for kind, title in ACT_KINDS.items()],
        "here": "home",
        "tabs": tabs(request),
    }
    rows = Act.objects.filter(pk__in=_filter(readable, asked).values("pk")).annotate(count=Count("units"))
    related = rows.select_related("body", "cycle", "replaces", "publication").prefetch_related("replaced_by")
    return show_table(request, "decisions/home.html", TABLE, related, context)


def _filter(acts: QuerySet[Act], asked: dict[str, str]) -> QuerySet[Act]:
    acts = narrow_acts(acts, asked["q"])
    if asked["year"].isdecimal() and len(asked["year"]) <= 4:
        acts = acts.filter(cycle__year=int(asked["year"]))
    if asked["kind"] in ACT_KINDS:
        acts = acts.filter(kind=asked["kind"])
    if asked["standing"]:
        acts = {
            "published": acts.filter(publication__isnull=False),
            "signed": acts.filter(publication__isnull=True),
            "replaced": acts.filter(replaced_by__isnull=False),
        }.get(asked["standing"], acts)
    return acts


def tabs(request: HttpRequest) -> list[tuple[str, str]]:
    """The pages of this group that the reader may use: the name of the view and its title."""
    actor = actor_in(request)
    found = [("home", Text(vi="Sổ quyết định", en="Register"))]
    if may(actor, Action.READ_DOSSIER):
        found += [
            ("waiting", Text(vi="Chờ ký", en="Awaiting signature")),
            ("stale", Text(vi="Cần xem lại", en="To be looked at again")),
        ]
    if may(actor, Action.READ_REPORTS):
        found.append(("reports", Text(vi="Báo cáo năm", en="Yearly report")))
    return [(view, tell(title)) for view, title in found]


_STALE: Table[Dossier] = Table(
    name="can-xem-lai",
    caption=Text(vi="Kết quả dựa vào quyết định đã thay đổi", en="Results that rest on acts that have changed"),
    empty=Text(vi="Không có kết quả nào phải xem lại.", en="Nothing has to be looked at again."),
    columns=(
        Column(
            key="unit",
            title=Text(vi="Đơn vị", en="Unit"),
            value=lambda row: row.unit.name,
            href=lambda row: address_of("procedure:dossier", row.pk),
            names_row=True,
            width=28,
        ),
        Column(key="year", title=Text(vi="Kỳ", en="Cycle"), value=lambda row: str(row.cycle.year), width=8),
        Column(
            key="state", title=Text(vi="Trạng thái", en="State"), value=lambda row: State(row.state).label, width=22
        ),
        Column(key="why", title=Text(vi="Vì sao", en="Why"), value=lambda row: row.stale, sortable=False, width=70),
    ),
)


@gate(Action.READ_DOSSIER, anywhere=True)
@require_GET
def list_stale(request: HttpRequest) -> HttpResponse:
    """The dossiers whose appraised or signed result rests on what has changed since; Excel."""
    actor = actor_in(request)
    rows = [row for row in stale_dossiers() if may(actor, Action.READ_DOSSIER, outline_of(row))]
    return show_table(request, "decisions/stale.html", _STALE, rows, {"here": "stale", "tabs": tabs(request)})
