"""The words of an impact on points: whose percentage and rank change, and which indicators decide it."""

from collections.abc import Sequence
from fractions import Fraction

from levels.changes import Change
from levels.faults import Language, Text
from levels.framework import Tier
from levels.words import TIERS
from reports.analysis import Page, Section
from reports.change_words import HEADS, columns, moved, rank_text, signed_points
from reports.impact import changes_sections, impact_page, left_out, map_section
from reports.impact_map import Cell, Head, MapRow
from reports.score_words import state_text
from reports.tables import LANDSCAPE, Column, Table, cell, row, table
from reports.words import NOTHING, decimal_text
from rules.changes import LineChange, points_of
from rules.impacts import PlaceImpact, RankedImpact, can_move
from rules.scores import IndicatorScore

MOST = 4
"""How many indicators that decide are named in a table; the workbook names them all."""

_STRONG, _WEAK = Fraction(1, 2), Fraction(1, 5)  # of the maximum: from where a change is drawn darker


def view_ranked_impact(found: RankedImpact, language: Language) -> Page:
    """The page of an impact on points and ranks."""
    movers = [each for each in found.units if each.moved]
    by_tier: dict[Tier, list[PlaceImpact]] = {}
    for each in found.units:
        by_tier.setdefault(each.place.unit.tier, []).append(each)
    sections = [
        Section(
            Text(vi="Ai lên, ai xuống", en="Who rises, who falls").say(language),
            tuple(text.say(language) for text in (_outcome(found.units), *left_out(found))),
            table=_places_table(movers, language, MOST) if movers else None,
        ),
        *changes_sections(found, language),
        *(_map_section(tier, units, found.changes, language) for tier, units in by_tier.items()),
    ]
    matrices = (
        (
            Text(vi=f"Chỉ số {TIERS[tier].vi}", en=f"Indicators, {TIERS[tier].en}"),
            _matrix(units, found.changes, language),
        )
        for tier, units in by_tier.items()
    )
    sheets = [(HEADS["unit"], _places_table(found.units, language, None)), *matrices]
    return impact_page(found, sections, sheets, language)


def _outcome(units: Sequence[PlaceImpact]) -> Text:
    up, down = (sum(each.place.climbed * sign > 0 for each in units) for sign in (1, -1))
    more, less = (sum(each.place.gained * sign > 0 for each in units) for sign in (1, -1))
    return Text(
        vi=f"Trong {len(units)} đơn vị: {up} lên hạng, {down} xuống hạng; {more} tăng điểm, {less} giảm điểm.",
        en=f"Of {len(units)} units: {up} rise in rank, {down} fall; {more} gain points, {less} lose points.",
    )


def _places_table(units: Sequence[PlaceImpact], language: Language, most: int | None) -> Table:
    heads = columns(language, code=16, unit=38, group=24, points=44, percent=28, rank=18, decides=0)
    rows = []
    for each in units:
        before, after = each.place.before, each.place.after
        pairs = (
            _points_pair(each, language),
            [decimal_text(p.score.percent, language) for p in (before, after)],
            [rank_text(p) for p in (before, after)],
        )
        cells = [cell(moved(*pair), style="plain" if pair[0] == pair[1] else "bold") for pair in pairs]
        told = [_decisive(line, share, language) for line, share in each.lines[:most]]
        if len(each.lines) > len(told):
            rest = len(each.lines) - len(told)
            told.append(Text(vi=f"và {rest} chỉ số khác", en=f"and {rest} other indicators").say(language))
        if each.rest:
            told.append(_rest(each, language))
        if not told:
            told = [Text(vi="do các đơn vị khác thay đổi", en="for other units change").say(language)]
        unit = each.place.unit
        rows.append(row(unit.code, unit.name, each.place.group.group.name, *cells, cell(*(told if each.moved else ()))))
    return table(heads, rows, width=LANDSCAPE, size=10)


def _points_pair(each: PlaceImpact, language: Language) -> tuple[str, str]:
    """Points before and after, each with what could be reached; that just once where it is the same."""
    before, after = each.place.before.score, each.place.after.score
    points = [decimal_text(score.points, language) for score in (before, after)]
    if before.reachable != after.reachable:
        points[0] += f" / {before.reachable}"
    return points[0], f"{points[1]} / {after.reachable}"


def _decisive(line: LineChange, share: Fraction, language: Language) -> str:
    """One indicator: its points of its maximum under both texts, and what it adds to the percentage."""
    sides = moved(*(_of_maximum(side, language) for side in (line.before, line.after)))
    states = [state_text(side, language) for side in (line.before, line.after) if side is not None]
    state = f", {moved(*states)}" if len(set(states)) > 1 else ""
    points = Text(vi="điểm %", en="percentage points").say(language)
    return f"{line.code}: {sides}{state} ({signed_points(share, language)} {points})"


def _rest(each: PlaceImpact, language: Language) -> str:
    """What the unchanged indicators add, where the total that can be reached is another."""
    reachable = moved(str(each.place.before.score.reachable), str(each.place.after.score.reachable))
    share = signed_points(each.rest, language)
    return Text(
        vi=f"các chỉ số còn lại, trên tổng điểm tối đa {reachable} ({share} điểm %)",
        en=f"the other indicators, of a total of {reachable} ({share} percentage points)",
    ).say(language)


def _of_maximum(line: IndicatorScore | None, language: Language) -> str:
    if line is None:
        return NOTHING
    return f"{decimal_text(line.points, language)}/{line.indicator.max}"


def _shown(units: Sequence[PlaceImpact], changes: Sequence[Change]) -> list[Head]:
    """The indicators of a tier that the text changed or whose points differ, the removed ones last."""
    tier = units[0].place.unit.tier
    touched = {change.code for change in changes if change.tier is tier and can_move(change)}
    differing = {line.code for each in units for line, _ in each.lines}
    shown = [line.indicator for line in units[0].place.after.score.indicators]
    shown += [line.shown.indicator for line, _ in units[0].lines if line.after is None]
    return [Head(entry.code, entry.code in touched, entry.name) for entry in shown if entry.code in differing | touched]


def _matrix(units: Sequence[PlaceImpact], changes: Sequence[Change], language: Language) -> Table:
    """Units × the indicators that differ: points before and after."""
    shown = _shown(units, changes)
    heads = columns(language, code=16, unit=50, rank=20)
    heads += [Column(head.title, 24, centred=True) for head in shown]

    def points(each: PlaceImpact, code: str) -> str:
        line = next((line for line, _ in each.lines if line.code == code), None)
        if line is None:
            return decimal_text(points_of(each.place.after.score.by_code.get(code)), language)
        sides = (NOTHING if side is None else decimal_text(side.points, language) for side in (line.before, line.after))
        return moved(*sides)

    rows = (
        row(
            each.place.unit.code,
            each.place.unit.name,
            moved(rank_text(each.place.before), rank_text(each.place.after)),
            *(points(each, head.code) for head in shown),
        )
        for each in units
    )
    return table(heads, rows, width=max(LANDSCAPE, sum(head.width for head in heads)), size=10)


def _map_section(tier: Tier, units: Sequence[PlaceImpact], changes: Sequence[Change], language: Language) -> Section:
    note = Text(
        vi="Mỗi ô là số điểm tăng hoặc giảm; chỉ vẽ các chỉ số và đơn vị có thay đổi.",
        en="Each cell is the points gained or lost; only indicators and units with a change are drawn.",
    )
    title = Text(
        vi=f"Thay đổi điểm của từng chỉ số, {TIERS[tier].vi}", en=f"Change of points by indicator, {TIERS[tier].en}"
    )
    heads = _shown(units, changes)
    rows = [
        MapRow(
            each.place.unit.name,
            tuple(_cell(each, head.code, language) for head in heads),
            moved(rank_text(each.place.before), rank_text(each.place.after)),
            max(-3, min(3, each.place.climbed)),
        )
        for each in units
        if each.moved
    ]
    return map_section(tier, title, note, heads, rows, HEADS["rank"], language)


def _cell(each: PlaceImpact, code: str, language: Language) -> Cell:
    line = next((line for line, _ in each.lines if line.code == code), None)
    if line is None:
        return Cell()
    if line.before is None or line.after is None:
        return Cell("n" if line.before is None else "x", absent=True)
    gained = line.gained
    size = abs(gained) / line.after.indicator.max
    strength = 0 if not gained else 3 if size >= _STRONG else 2 if size >= _WEAK else 1
    places = 0 if abs(gained) >= 1 else 1
    text = ("+" if gained > 0 else "−") + decimal_text(abs(gained), language, places) if gained else ""
    return Cell(text, strength if gained > 0 else -strength)
