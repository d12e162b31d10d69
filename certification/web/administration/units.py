"""The units as a tree and as a list, on any day; those picked lead to the form for a change."""

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET
from markupsafe import Markup

from certification.procedure.actions import Action
from certification.store.models import UnitRecord
from certification.store.units import records_on, search_units, tree_of
from certification.web.addresses import address_of
from certification.web.gate import gate
from certification.web.speech import say, tell
from certification.web.tables import Column, Table, show_table
from certification.web.words import TIERS
from levels.faults import Text
from levels.framework import Tier


@gate(Action.MANAGE_UNITS)
@require_GET
def show_units(request: HttpRequest) -> HttpResponse:
    """The tree of a day; what is searched for as a list, ended units included where that is asked."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "tier", "ended", "on")}
    day = _day(asked["on"])
    rows = UnitRecord.objects.all() if asked["ended"] else records_on(day)
    if asked["tier"] in set(Tier):
        rows = rows.filter(tier=asked["tier"])
    rows = search_units(rows, asked["q"]).select_related("parent")
    listed = bool(asked["q"] or asked["tier"] or asked["ended"])
    context = {
        "asked": asked,
        "day": day,
        "listed": listed,
        "tree": [] if listed else tree_of(rows),
        "tier_options": [("", say("(mọi cấp)", "(all tiers)")), *((tier.value, tell(TIERS[tier])) for tier in Tier)],
    }
    return show_table(request, "administration/units.html", _table(day), _ordered(rows), context)


def _ordered(rows: QuerySet[UnitRecord]) -> QuerySet[UnitRecord]:
    return rows.order_by("sort_key", "code", "pk")


def _day(text: str) -> datetime.date:
    """The day asked for; today where it is none."""
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _table(day: datetime.date) -> Table[UnitRecord]:
    def pick(unit: UnitRecord) -> Markup:
        """The code with a box to pick the unit, if it exists."""
        if unit.valid_until is not None:
            return Markup("<code>{}</code>").format(unit.code)
        return Markup(
            '<label class="pick"><input type="checkbox" name="from" value="{0}"><code>{0}</code>'
            '<span class="unseen"> {1}</span></label>'
        ).format(unit.code, unit.name)

    return Table(
        name="units",
        caption=Text(vi=f"Đơn vị ngày {day:%d/%m/%Y}", en=f"Units on {day.isoformat()}"),
        columns=(
            Column(key="code", title=Text(vi="Mã", en="Code"), value=lambda unit: unit.code, show=pick, order="code"),
            Column(
                key="name",
                title=Text(vi="Tên", en="Name"),
                value=lambda unit: unit.name,
                href=lambda unit: address_of("looking:unit", unit.pk),
                order="sort_key",
                width=34,
                names_row=True,
            ),
            Column(
                key="tier", title=Text(vi="Cấp", en="Tier"), value=lambda unit: TIERS[Tier(unit.tier)], order="tier"
            ),
            Column(
                key="parent",
                title=Text(vi="Trực thuộc", en="Under"),
                value=lambda unit: unit.parent.name if unit.parent else None,
                order="parent__sort_key",
                width=30,
            ),
            Column(
                key="parent_code",
                title=Text(vi="Mã cấp trên", en="Code of the parent"),
                value=lambda unit: unit.parent.code if unit.parent else None,
                only_excel=True,
            ),
            Column(
                key="from", title=Text(vi="Từ ngày", en="Since"), value=lambda unit: unit.valid_from, order="valid_from"
            ),
            Column(
                key="until",
                title=Text(vi="Đến hết ngày", en="Until"),
                value=lambda unit: unit.valid_until,
                order="valid_until",
            ),
        ),
    )
