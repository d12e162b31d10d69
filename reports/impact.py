"""The words of an impact on levels: who rises, who falls, what decides it, and what has changed in the text."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from levels.changes import Change
from levels.faults import Language, Text
from levels.framework import LEVELS, Tier
from levels.loader import Rulebook
from levels.words import TIERS
from reports.analysis import Group, Page, Section
from reports.change_words import ARROW, HEADS, columns, level_of, levels_text, moved, value_words
from reports.impact_map import Cell as MapCell
from reports.impact_map import Head, MapRow, draw_impact_maps
from reports.tables import LANDSCAPE, Cell, Column, Table, cell, row, table
from reports.words import NOTHING, SYNTHETIC_MARK, level_text, year_end
from rules.changes import CriterionChange
from rules.impacts import Decisive, Dropped, Impact, RankedImpact, UnitImpact, can_move
from rules.verdict import CriterionVerdict, Standing

COMPUTED = Text(
    vi="Tính toán để so sánh hai văn bản, không phải kết quả công nhận",
    en="Computed to compare two texts, no recognition",
)


def view_impact(found: Impact, language: Language) -> Page:
    """The page of an impact on levels."""
    by_tier: dict[Tier, list[UnitImpact]] = {}
    for each in found.units:
        by_tier.setdefault(each.unit.tier, []).append(each)
    climbers = [each for each in found.units if each.climbed]
    sections = [
        Section(Text(vi="Số đơn vị theo mức", en="Units by level").say(language), table=_counts(by_tier, language)),
        Section(
            Text(vi="Ai lên, ai xuống", en="Who rises, who falls").say(language),
            tuple(text.say(language) for text in (_outcome(found.units), *_recognised(found), *left_out(found))),
            table=_climbers_table(climbers, language) if climbers else None,
        ),
        *changes_sections(found, language),
        *(_map_section(tier, units, found.changes, language) for tier, units in by_tier.items()),
    ]
    matrices = (
        (
            Text(vi=f"Tiêu chí {TIERS[tier].vi}", en=f"Criteria, {TIERS[tier].en}"),
            _matrix(units, found.changes, language),
        )
        for tier, units in by_tier.items()
    )
    sheets = [(HEADS["unit"], _units_table(found.units, language)), *matrices]
    return impact_page(found, sections, sheets, language)


def impact_page(
    found: Impact | RankedImpact, sections: Sequence[Section], sheets: Sequence[tuple[Text, Table]], language: Language
) -> Page:
    """The page of an impact: which two texts, what it is not, and the sections; its workbook ends with the changes."""
    title = Text(vi="Tác động của việc sửa đổi quy định", en="Impact of an amended text").say(language)
    both = [(HEADS["before"], found.before), (HEADS["after"], found.after)]
    changes = (HEADS["change"], _changes_table(found.changes, language))
    return Page(
        title=f"{title} – {found.cycle}",
        language=language,
        citation=found.before.instrument.citation,
        mark=COMPUTED.say(language),
        synthetic_mark=SYNTHETIC_MARK.say(language) if found.synthetic else "",
        notes=tuple(f"{head.say(language)}: {_rulebook(rulebook, language)}" for head, rulebook in both),
        sections=tuple(sections),
        sheets=tuple((name.say(language), made) for name, made in (*sheets, changes)),
        date=year_end(found.cycle).isoformat(),
    )


def _rulebook(rulebook: Rulebook, language: Language) -> str:
    """Which text: a draft may bear the number of the text it amends, its digest never does."""
    number = f"{rulebook.instrument.number}, " if rulebook.instrument.number else ""
    version = Text(vi=f"phiên bản {rulebook.version}", en=f"version {rulebook.version}").say(language)
    return f"{number}{rulebook.id}, {version} ({rulebook.digest[:19]}…)"


def changes_sections(found: Impact | RankedImpact, language: Language) -> Iterator[Section]:
    """What has changed in the text, as far as it can move anything, and which facts are of no use any more."""
    moving = [change for change in found.changes if can_move(change)]
    others = len(found.changes) - len(moving)
    heading = Text(vi="Điều thay đổi trong văn bản", en="What has changed in the text").say(language)
    told = [f"{number}. {change.text.say(language)}" for number, change in enumerate(moving, start=1)]
    if not moving:
        nothing = Text(vi="Không có thay đổi nào ảnh hưởng đến kết quả.", en="Nothing that could move a result.")
        told.append(nothing.say(language))
    if others:
        rest = Text(
            vi=f"Ngoài ra {others} thay đổi về tên gọi, câu chữ, cách hiểu: xem «certify framework diff».",
            en=f"Besides, {others} changes of names, words and readings: see «certify framework diff».",
        )
        told.append(rest.say(language))
    yield Section(heading, tuple(told))
    if found.dropped:
        heading = Text(
            vi="Số liệu không dùng được cho văn bản mới (tính là chưa có)",
            en="Facts that are of no use under the new text (they count as unknown)",
        ).say(language)
        yield Section(heading, tuple(_dropped(each, language) for each in found.dropped))


def _dropped(each: Dropped, language: Language) -> str:
    route = moved(each.code, each.became)
    return Text(
        vi=f"{TIERS[each.tier].vi}, {route}: {each.why.vi} ({len(each.units)} đơn vị).",
        en=f"{TIERS[each.tier].en}, {route}: {each.why.en} ({len(each.units)} units).",
    ).say(language)


def _changes_table(changes: Sequence[Change], language: Language) -> Table:
    rows = (
        row("" if each.tier is None else TIERS[each.tier].say(language), each.code or "", each.text.say(language))
        for each in changes
    )
    return table(columns(language, group=30, code=20, change=0), rows, width=LANDSCAPE, size=10)


def _outcome(units: Sequence[UnitImpact]) -> Text:
    up, down = (sum(each.climbed * sign > 0 for each in units) for sign in (1, -1))
    other = sum(each.moved and not each.climbed for each in units)
    return Text(
        vi=f"Trong {len(units)} đơn vị: {up} lên mức, {down} xuống mức, {other} giữ mức nhưng có tiêu chí"
        f" hoặc mức khác thay đổi, {len(units) - up - down - other} không đổi.",
        en=f"Of {len(units)} units: {up} rise, {down} fall, {other} stay at their level though a criterion or another"
        f" level changes, {len(units) - up - down - other} are unchanged.",
    )


def left_out(found: Impact | RankedImpact) -> Iterator[Text]:
    """The units that cannot be compared, for only one of the texts says anything of them."""
    if found.left_out:
        names = ", ".join(unit.name for unit in found.left_out)
        yield Text(
            vi=f"{len(found.left_out)} đơn vị chỉ có trong một văn bản nên không so sánh được: {names}.",
            en=f"{len(found.left_out)} units stand under one of the texts only and cannot be compared: {names}.",
        )


def _recognised(found: Impact) -> Iterator[Text]:
    """That another rule of recognition gives other levels than those computed, where it does."""
    others = [
        each for each in found.units if not each.climbed and each.before.recognised_level != each.after.recognised_level
    ]
    if others:
        names = ", ".join(each.unit.name for each in others)
        yield Text(
            vi="Cách công nhận đã thay đổi (mức đăng ký): mức được công nhận khác đi dù mức tính ra giữ nguyên"
            f" ở {names}.",
            en=f"The way of recognising has changed (registered level): the level recognised differs although the one"
            f" computed stays for {names}.",
        )


def _climbers_table(units: Sequence[UnitImpact], language: Language) -> Table:
    rows = (
        row(
            each.unit.code,
            each.unit.name,
            cell(moved(*_levels(each)), style="bold"),
            cell(*(decisive_sentence(one, language) for one in each.decisive)),
        )
        for each in sorted(units, key=lambda each: each.climbed < 0)
    )
    return table(columns(language, code=16, unit=50, level=20, decides=0), rows, width=LANDSCAPE, size=10)


def _levels(each: UnitImpact) -> tuple[str, str]:
    return str(each.before.levels.level), str(each.after.levels.level)


def decisive_sentence(decisive: Decisive, language: Language) -> str:
    """What decides: the criterion, what is known of it, its level under both texts, what has changed about it."""
    change = decisive.criterion
    known = [value_words(each, language) for each in (change.before, change.after)]
    levels = [level_of(each).say(language) for each in (change.before, change.after)]
    parts = [f"{change.code}: {known[0] if known[0] == known[1] or change.after is None else known[1]}"]
    parts.append(moved(*levels))
    parts += [_change_words(each).say(language) for each in decisive.changes]
    if decisive.members:
        named = "; ".join(
            f"{new.unit.name} {old.levels.level}{ARROW}{new.levels.level}" for old, new in decisive.members
        )
        parts.append(Text(vi=f"đơn vị trực thuộc: {named}", en=f"member units: {named}").say(language))
    if decisive.dropped is not None:
        parts.append(decisive.dropped.say(language))
    return "; ".join(parts)


def _change_words(change: Change) -> Text:
    """One change of the text beside its criterion: of a cell just what it demanded and demands."""
    if change.subject != "cell":
        return change.text
    demands = f"«{change.before}»{ARROW}«{change.after}»"
    return Text(vi=f"mức {change.level} yêu cầu {demands}", en=f"level {change.level} requires {demands}")


def _counts(by_tier: Mapping[Tier, Sequence[UnitImpact]], language: Language) -> Table:
    """Units by level before and after, tier by tier."""
    heads = [Column(HEADS["level"].say(language), 0)]
    for tier in by_tier:
        name = TIERS[tier].say(language)
        heads += [Column(f"{name}: {HEADS[side].say(language)}", 38, centred=True) for side in ("before", "after")]
    framework = next(iter(by_tier.values()))[0].after.framework if by_tier else None
    counts = [
        Counter(verdict.levels.level for verdict in side)
        for units in by_tier.values()
        for side in zip(*((each.before, each.after) for each in units), strict=True)
    ]
    rows = (
        row(level_text(framework, level, language), *(str(count[level]) for count in counts))
        for level in (*reversed(LEVELS), 0)
        if framework is not None
    )
    return table(heads, rows, width=LANDSCAPE, size=11)


def _units_table(units: Sequence[UnitImpact], language: Language) -> Table:
    def cells(each: UnitImpact) -> Iterator[Cell]:
        for pair in zip(levels_text(each.before.levels), levels_text(each.after.levels), strict=True):
            yield cell(moved(*pair), style="plain" if pair[0] == pair[1] else "bold")

    rows = (
        row(
            each.unit.code,
            each.unit.name,
            *cells(each),
            f"{each.climbed:+d}".replace("-", "−") if each.climbed else "0",
            cell(*(decisive_sentence(one, language) for one in each.decisive)),
        )
        for each in units
    )
    heads = columns(language, code=16, unit=45, level=18, claimed=18, possible=18, change=16, decides=0)
    return table(heads, rows, width=LANDSCAPE, size=10)


def _columns_of(units: Sequence[UnitImpact], changes: Sequence[Change]) -> list[tuple[int, Head]]:
    """The criteria whose text or whose level of a unit has changed, with their place among a unit's."""
    tier = units[0].unit.tier
    touched = {change.code for change in changes if change.tier is tier and can_move(change)}
    return [
        (place, Head(each.code, each.code in touched, each.shown.criterion.name))
        for place, each in enumerate(units[0].criteria)
        if each.code in touched or any(unit.criteria[place].climbed != 0 for unit in units)
    ]


def _matrix(units: Sequence[UnitImpact], changes: Sequence[Change], language: Language) -> Table:
    """The criteria that the text or their levels changed × all units: levels before and after."""
    shown = _columns_of(units, changes)
    heads = columns(language, code=16, unit=50, level=20)
    heads += [Column(head.title, 16, centred=True) for _, head in shown]
    rows = (
        row(
            each.unit.code,
            each.unit.name,
            moved(*_levels(each)),
            *(moved(*(_level(side) for side in (c.before, c.after))) for c in (each.criteria[at] for at, _ in shown)),
        )
        for each in units
    )
    return table(heads, rows, width=max(LANDSCAPE, sum(head.width for head in heads)), size=10)


def _level(found: CriterionVerdict | None) -> str:
    if found is None:
        return "×"
    return NOTHING if found.standing is Standing.EXEMPT else str(found.levels.level)


def _map_section(tier: Tier, units: Sequence[UnitImpact], changes: Sequence[Change], language: Language) -> Section:
    moving = [each for each in units if each.shifted]
    note = Text(
        vi="Mỗi ô là số mức mà tiêu chí tăng hoặc giảm; chỉ vẽ các tiêu chí và đơn vị có thay đổi.",
        en="Each cell is the number of levels by which a criterion rises or falls; only criteria and units with a"
        " change are drawn.",
    )
    title = Text(
        vi=f"Thay đổi mức của từng tiêu chí, {TIERS[tier].vi}", en=f"Change of level by criterion, {TIERS[tier].en}"
    )
    shown = _columns_of(units, changes)
    rows = [
        MapRow(
            each.unit.name,
            tuple(_cell(each.criteria[place]) for place, _ in shown),
            moved(*_levels(each)),
            each.climbed,
        )
        for each in moving
    ]
    return map_section(tier, title, note, [head for _, head in shown], rows, HEADS["level"], language)


def map_section(
    tier: Tier,
    title: Text,
    note: Text,
    heads: Sequence[Head],
    rows: Sequence[MapRow],
    outcome: Text,
    language: Language,
) -> Section:
    """The heat map of one tier with the names of what stands in its columns; a sentence where nothing moves."""
    heading = Text(vi=f"Bản đồ nhiệt, {TIERS[tier].vi}", en=f"Heat map, {TIERS[tier].en}").say(language)
    if not rows:
        nothing = Text(vi="Không đơn vị nào thay đổi.", en="No unit changes.")
        return Section(heading, (nothing.say(language),))
    names = Text(vi="Tên các cột", en="The columns").say(language)
    return Section(
        heading,
        (note.say(language),),
        (Group(names, tuple(f"{head.title} – {head.name}" for head in heads)),),
        drawings=draw_impact_maps(title, heads, rows, outcome, language),
    )


def _cell(change: CriterionChange) -> MapCell:
    climbed = change.climbed
    if climbed is None:
        return MapCell("n" if change.before is None else "x", absent=True)
    return MapCell(f"{climbed:+d}".replace("-", "−") if climbed else "", climbed)
