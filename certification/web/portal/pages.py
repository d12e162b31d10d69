"""The portal's pages: recognised levels and rankings by year, the map-like overview, the decisions with their files."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from certification.store.assessments import rulebook_of
from certification.store.models import Act, ActFile, Cycle, UnitRecord
from certification.store.published import (
    Stated,
    find_acts,
    published_acts,
    published_cycles,
    simulated,
    sort_stated,
    stated_in,
)
from certification.store.search import fold
from certification.web.decisions.register import ACT_KINDS
from certification.web.files import send_file as send
from certification.web.formats import figure, level_name
from certification.web.gate import public
from certification.web.speech import tell
from certification.web.tables import Column, Table, level_badge, show_table
from certification.web.words import capital
from levels.faults import Text
from levels.framework import Framework, Tier
from reports.words import TIER_NAMES


@public
@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """The years of which something has been published, and the latest decisions."""
    cycles = list(published_cycles())
    context = {"cycles": cycles, "acts": list(published_acts()[:8]), "simulated": simulated(cycles), "kinds": ACT_KINDS}
    return render(request, "portal/home.html", context)


def find_cycle(key: int) -> Cycle:
    """A cycle of which something has been published; any other is a page that there is not."""
    return get_object_or_404(published_cycles(), pk=key)


def _level_table(framework: Framework) -> Table[Stated]:
    def named(each: Stated) -> str:
        return "" if each.level is None else level_name(each.level, framework)

    return Table(
        name="muc-do-da-cong-bo",
        caption=Text(vi="Mức độ đã công bố", en="Published levels"),
        columns=(
            Column(
                key="name",
                title=Text(vi="Đơn vị", en="Unit"),
                value=lambda each: each.entry.dossier.unit.name,
                width=30,
                names_row=True,
            ),
            Column(key="code", title=Text(vi="Mã", en="Code"), value=lambda each: each.entry.dossier.unit.code),
            Column(
                key="under",
                title=Text(vi="Trực thuộc", en="Under"),
                value=lambda each: _parent(each.entry.dossier.unit),
                width=26,
            ),
            Column(
                key="level",
                title=Text(vi="Mức", en="Level"),
                value=lambda each: each.level,
                show=lambda each: level_badge(each.level, named(each)),
                align="middle",
            ),
            Column(
                key="level_name",
                title=Text(vi="Tên mức", en="Name of the level"),
                value=named,
                only_excel=True,
            ),
            Column(
                key="act",
                title=Text(vi="Quyết định", en="Decision"),
                value=lambda each: each.act.number,
                href=lambda each: act_address(each.act),
                width=22,
            ),
            Column(key="signed", title=Text(vi="Ngày ký", en="Signed on"), value=lambda each: each.act.signed_on),
        ),
    )


def _rank_table() -> Table[Stated]:
    return Table(
        name="xep-hang-da-cong-bo",
        caption=Text(vi="Xếp hạng đã công bố", en="Published ranking"),
        columns=(
            Column(key="rank", title=Text(vi="Hạng", en="Rank"), value=lambda each: each.entry.result.get("rank")),
            Column(
                key="name",
                title=Text(vi="Đơn vị", en="Unit"),
                value=lambda each: each.entry.dossier.unit.name,
                width=34,
                names_row=True,
            ),
            Column(
                key="group",
                title=Text(vi="Nhóm", en="Group"),
                value=lambda each: capital(tell(TIER_NAMES[each.entry.dossier.unit.tier])),
            ),
            Column(
                key="points",
                title=Text(vi="Điểm", en="Points"),
                value=lambda each: each.entry.result.get("points"),
                show=lambda each: figure(each.entry.result.get("points")),
                align="end",
            ),
            Column(
                key="percent",
                title=Text(vi="Tỷ lệ %", en="Percent"),
                value=lambda each: each.entry.result.get("percent"),
                show=lambda each: figure(each.entry.result.get("percent")),
                align="end",
            ),
            Column(
                key="act",
                title=Text(vi="Quyết định", en="Decision"),
                value=lambda each: each.act.number,
                href=lambda each: act_address(each.act),
            ),
        ),
    )


def act_address(act: Act) -> str:
    """Where the portal shows an act."""
    return reverse("portal:act", args=[act.pk])


def _parent(unit: UnitRecord) -> str:
    return unit.parent.name if unit.parent else ""


@public
@require_GET
def show_cycle(request: HttpRequest, cycle: int) -> HttpResponse:
    """What was published of one year under one rulebook; ``?q=`` finds units, ``&format=xlsx`` exports the table."""
    of = find_cycle(cycle)
    rulebook = rulebook_of(of)
    by_code = stated_in(of)
    levels = isinstance(rulebook, Framework)
    stated = sort_stated(by_code.values()) if levels else _in_order(by_code.values())
    sought = request.GET.get("q", "").strip()
    rows = [each for each in stated if fold(sought) in each.entry.dossier.unit.search_key] if sought else stated
    context: dict[str, Any] = {"cycle": of, "q": sought, "rulebook": rulebook, "simulated": simulated([of])}
    if isinstance(rulebook, Framework):
        blocks = _blocks(of, by_code)
        context |= {"framework": rulebook, "blocks": blocks, "counts": _count(blocks, rulebook)}
        return show_table(request, "portal/cycle.html", _level_table(rulebook), rows, context)
    return show_table(request, "portal/cycle.html", _rank_table(), rows, context)


@frozen
class Tile:
    """One unit in the overview; ``stated`` is None while nothing is published of it."""

    unit: UnitRecord
    stated: Stated | None


@frozen
class Block:
    """What stands together in the overview: a district, or a province without districts, and its communes."""

    name: str
    own: Tile | None  # its own result, where the rulebook assesses it
    tiles: tuple[Tile, ...]

    @property
    def published(self) -> int:
        """How many of its communes have a published result."""
        return sum(tile.stated is not None for tile in self.tiles)

    @property
    def told(self) -> bool:
        """Whether anything at all is published of it."""
        return bool(self.published) or (self.own is not None and self.own.stated is not None)


def _blocks(cycle: Cycle, stated: Mapping[str, Stated]) -> list[Block]:
    """The overview: a block for every district of the cycle, a tile for each commune; unpublished ones are blank."""
    units = [
        dossier.unit
        for dossier in cycle.dossiers.select_related("unit__parent").order_by("unit__sort_key", "unit__code")
    ]
    districts = [unit for unit in units if unit.tier == Tier.DISTRICT]
    communes = [unit for unit in units if unit.tier == Tier.COMMUNE]
    heads = {unit.pk: unit for unit in districts} | {unit.parent.pk: unit.parent for unit in communes if unit.parent}
    own = {unit.pk for unit in districts}
    blocks = [
        Block(
            head.name,
            Tile(head, stated.get(head.code)) if key in own else None,
            tuple(Tile(unit, stated.get(unit.code)) for unit in communes if unit.parent_id == key),
        )
        for key, head in heads.items()
    ]
    return sorted(blocks, key=lambda block: not block.told)


@frozen
class Count:
    """How many units of a tier have reached each level; the first figure counts those not recognised."""

    tier: str
    figures: tuple[int, ...]
    units: int  # of the cycle, whether published or not

    @property
    def published(self) -> int:
        """How many have a level that is in force."""
        return sum(self.figures)


def _count(blocks: Iterable[Block], framework: Framework) -> list[Count]:
    found = []
    for tier in framework.sets:
        tiles = [tile for block in blocks for tile in (*block.tiles, block.own) if tile and tile.unit.tier == tier]
        levels = [tile.stated.level for tile in tiles if tile.stated]
        if levels:
            figures = tuple(levels.count(level) for level in range(len(framework.levels) + 1))
            found.append(Count(capital(tell(TIER_NAMES[tier])), figures, len(tiles)))
    return found


def _in_order(stated: Iterable[Stated]) -> list[Stated]:
    """A ranking as it is read: by group, then by rank."""
    tiers = list(TIER_NAMES)
    return sorted(
        stated,
        key=lambda each: (
            tiers.index(Tier(each.entry.dossier.unit.tier)),
            each.entry.result.get("rank") or math.inf,
            each.entry.dossier.unit.sort_key,
        ),
    )


@public
@require_GET
def list_acts(request: HttpRequest) -> HttpResponse:
    """The published decisions; ``?q=`` finds them by number, body or unit, without tones."""
    sought = request.GET.get("q", "").strip()
    acts = find_acts(sought) if sought else published_acts()
    table: Table[Act] = Table(
        name="quyet-dinh-da-cong-bo",
        caption=Text(vi="Quyết định đã công bố", en="Published decisions"),
        columns=(
            Column(
                key="number",
                title=Text(vi="Số", en="Number"),
                value=lambda act: act.number,
                href=act_address,
                order="number",
                names_row=True,
            ),
            Column(key="body", title=Text(vi="Cơ quan", en="Body"), value=lambda act: act.body.name, sortable=False),
            Column(
                key="signed",
                title=Text(vi="Ngày ký", en="Signed on"),
                value=lambda act: act.signed_on,
                order="signed_on",
            ),
            Column(key="year", title=Text(vi="Kỳ", en="Cycle"), value=lambda act: act.cycle.year, order="cycle__year"),
            Column(
                key="units",
                title=Text(vi="Số đơn vị", en="Units"),
                value=lambda act: len(act.units.all()),
                sortable=False,
            ),
        ),
        sort="-signed",
    )
    return show_table(request, "portal/acts.html", table, acts, {"q": sought})


def find_act(key: int) -> Act:
    """A published act; any other is a page that there is not."""
    return get_object_or_404(published_acts(), pk=key)


@public
@require_GET
def show_act(request: HttpRequest, act: int) -> HttpResponse:
    """One published decision: what it states, its files and their hashes, what replaced it."""
    found = find_act(act)
    files = found.files.defer("content").order_by("name")
    later = [each for each in found.replaced_by.all() if hasattr(each, "publication")]
    context = {
        "act": found,
        "files": files,
        "later": later,
        "rulebook": rulebook_of(found.cycle),
        "simulated": simulated([found.cycle]),
    }
    return render(request, "portal/act.html", context)


@public
@require_GET
def send_file(request: HttpRequest, act: int, file: int) -> HttpResponse:
    """One file of a published decision, byte for byte as it was sealed."""
    found = get_object_or_404(ActFile, pk=file, act=find_act(act))
    answer = send(bytes(found.content), found.name, media_type=found.media_type)
    answer["ETag"] = f'"{found.sha256}"'
    return answer
