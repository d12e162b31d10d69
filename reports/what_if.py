"""The words of a what-if: what was assumed, what changes before and after, which reasons vanish, which remain."""

from collections.abc import Iterator, Mapping, Sequence

from evidence.asked import Asked, AskedCriterion
from evidence.facts import Fact, Status
from evidence.inputs import AskedInput
from evidence.scenarios import NOT_RECORDED
from levels.faults import Language, Text
from reports.analysis import Page, Section, groups
from reports.change_words import ARROW, HEADS, columns, known_text, level_of, levels_text, moved, value_words
from reports.score_words import STATES, STATUSES, amount_text
from reports.sentences import NO_MEMBERS, STANDINGS, reason_sentence, short_reason
from reports.tables import LANDSCAPE, Row, Table, cell, row, table
from reports.words import SYNTHETIC_MARK, date_text, join, level_text, value_text, year_end
from rules.changes import CriterionChange, UnitChange
from rules.hypotheses import Supposition, WhatIf, WhatIfRanked
from rules.scores import State
from rules.verdict import Reason, Recognition, Standing, Verdict

SHEETS = {
    "assumed": Text(vi="Giả định", en="Assumed"),
    "units": Text(vi="Đơn vị", en="Units"),
    "criteria": Text(vi="Tiêu chí", en="Criteria"),
    "indicators": Text(vi="Chỉ số", en="Indicators"),
    "reasons": Text(vi="Lý do", en="Reasons"),
    "side_by_side": Text(vi="So sánh", en="Side by side"),
}


def heads(language: Language, *names: str) -> list[str]:
    """The heads of columns."""
    return [HEADS[name].say(language) for name in names]


def view_what_if(found: WhatIf, language: Language) -> Page:
    """The page of a scenario under a framework of levels."""
    sections = [assumed_section(found.suppositions, language), _outcome(found, language)]
    sections += [_unit_section(change, language) for change in found.units]
    sheets = (
        (SHEETS["assumed"], suppositions_table(found.suppositions, language)),
        (SHEETS["units"], _units_table(found.units, language)),
        (SHEETS["criteria"], _criteria_table(found.units, language)),
        (SHEETS["reasons"], _reasons_table(found.units, language)),
    )
    return what_if_page(found, found.framework.instrument.citation, sections, sheets, language)


def what_if_page(
    found: WhatIf | WhatIfRanked,
    citation: str,
    sections: Sequence[Section],
    sheets: Sequence[tuple[Text, Table]],
    language: Language,
) -> Page:
    """The page of one scenario: its name, what it is not, and the sections."""
    title = Text(vi=f"Nếu như: {found.scenario.name}", en=f"What if: {found.scenario.name}")
    return Page(
        title=title.say(language),
        language=language,
        citation=citation,
        mark=NOT_RECORDED.say(language),
        synthetic_mark=SYNTHETIC_MARK.say(language) if found.synthetic else "",
        notes=(found.scenario.note,) if found.scenario.note else (),
        sections=tuple(sections),
        sheets=tuple((name.say(language), made) for name, made in sheets),
        date=year_end(found.cycle).isoformat(),
    )


# What was assumed.


def assumed_section(suppositions: Sequence[Supposition], language: Language) -> Section:
    """What was assumed, beside what is recorded."""
    heading = Text(vi="Điều giả định", en="What is assumed").say(language)
    return Section(heading, tuple(f"{n}. {_supposition(s, language)}" for n, s in enumerate(suppositions, start=1)))


def _supposition(made: Supposition, language: Language) -> str:
    values = ARROW.join(fact_text(made.asked, fact, language) for fact in (made.recorded, made.supposed))
    said = f"{made.unit.name} ({made.unit.code}), {made.asked.code} – {asked_name(made.asked)}: {values}"
    if isinstance(made.asked, AskedInput) and not made.asked.is_for(made.unit):
        said += f" ({STATES[State.NOT_SUBJECT].say(language)})"
    return said


def asked_name(asked: Asked) -> str:
    """What the decision calls a criterion, or an input with its indicator."""
    if isinstance(asked, AskedCriterion):
        return asked.criterion.name
    assert isinstance(asked, AskedInput)
    if asked.indicator is None or asked.indicator.name == asked.input.label:
        return asked.input.label
    return f"{asked.indicator.name} ({asked.input.label})" if asked.input.label else asked.indicator.name


def fact_text(asked: Asked, fact: Fact | None, language: Language) -> str:
    """A fact's value and status: ``74/104 (71,15%), đã thẩm định``; the status alone where there is no value."""
    status = Status.UNKNOWN if fact is None else fact.status
    words = _EXEMPT if status is Status.EXEMPT and isinstance(asked, AskedCriterion) else STATUSES[status]
    if fact is None and isinstance(asked, AskedCriterion) and asked.kind == "members":
        return NO_MEMBERS.say(language)  # only where there is none can anything be supposed of them
    if fact is None or fact.amount is None:
        return words.say(language)
    if isinstance(asked, AskedInput):
        return f"{amount_text(asked.input, fact.amount, language)}, {words.say(language)}"
    assert isinstance(asked, AskedCriterion)
    return f"{value_text(asked.criterion.kind, fact.amount, language)}, {words.say(language)}"


_EXEMPT = STANDINGS[Standing.EXEMPT]


def suppositions_table(suppositions: Sequence[Supposition], language: Language) -> Table:
    """What was assumed, one fact a row."""
    heads = columns(language, code=16, unit=45, fact=20, name=0, recorded=45, assumed=45)
    rows = (
        row(
            made.unit.code,
            made.unit.name,
            made.asked.code,
            asked_name(made.asked),
            *(fact_text(made.asked, fact, language) for fact in (made.recorded, made.supposed)),
        )
        for made in suppositions
    )
    return table(heads, rows, width=LANDSCAPE, size=10)


# Levels.


def _outcome(found: WhatIf, language: Language) -> Section:
    heading = Text(vi="Kết quả", en="Outcome").say(language)
    sentences = [_outcome_sentence(found).say(language)]
    sentences += [_settled(each, found, language) for each in found.settled]
    return Section(heading, tuple(sentences), table=_units_table(found.units, language) if found.units else None)


def _outcome_sentence(found: WhatIf) -> Text:
    if not found.units:
        return Text(vi="Không có gì thay đổi.", en="Nothing changes.")
    up, down = (sum(change.climbed * sign > 0 for change in found.units) for sign in (1, -1))
    same = len(found.units) - up - down
    return Text(
        vi=f"{up} đơn vị lên mức, {down} đơn vị xuống mức, {same} đơn vị thay đổi nhưng giữ mức.",
        en=f"{up} up, {down} down, {same} changed at the same level.",
    )


def _settled(recognition: Recognition, found: WhatIf, language: Language) -> str:
    name = next(change.unit.name for change in found.units if change.unit.code == recognition.unit)
    level = recognition.levels.level
    signed = recognition.signed_on
    day = "" if signed is None else f" {date_text(signed, language)}"
    return Text(
        vi=f"{name}: Quyết định số {recognition.number}{day} đã công nhận mức {level} của năm nay;"
        " cấp trên vẫn đọc mức đó.",
        en=f"{name}: decision {recognition.number}{f' of{day}' if day else ''} has recognised level {level} this year;"
        " the unit above still reads that level.",
    ).say(language)


def _units_table(changes: Sequence[UnitChange], language: Language) -> Table:
    heads = columns(language, code=20, unit=0, level=38, claimed=38, possible=38)
    return table(heads, (_unit_row(change) for change in changes), width=LANDSCAPE, size=11)


def _unit_row(change: UnitChange) -> Row:
    pairs = zip(levels_text(change.before.levels), levels_text(change.after.levels), strict=True)
    cells = [cell(moved(*pair), style="bold" if pair[0] != pair[1] else "plain") for pair in pairs]
    return row(change.unit.code, change.unit.name, *cells)


def _unit_section(change: UnitChange, language: Language) -> Section:
    framework = change.after.framework
    before, after = change.before.levels, change.after.levels
    level = moved(*(level_text(framework, levels.level, language) for levels in (before, after)))
    claimed, possible = (
        moved(str(one), str(other))
        for one, other in (
            (before.claimed_level, after.claimed_level), (before.possible_level, after.possible_level),
        )
    )  # fmt: skip
    sentence = Text(
        vi=f"Mức: {level}; tự đánh giá: {claimed}; còn có thể đạt: {possible}.",
        en=f"Level: {level}; claimed: {claimed}; possible: {possible}.",
    )
    return Section(
        f"{change.unit.name} ({change.unit.code})",
        (sentence.say(language), *_members(change, language)),
        groups(_reasons(change, language)),
    )


def _reasons(change: UnitChange, language: Language) -> Mapping[str, Sequence[str]]:
    next_level = change.next_level
    changed, gone, new = (
        Text(vi="Tiêu chí thay đổi:", en="Criteria that change:"),
        Text(vi="Lý do không còn nữa:", en="Reasons that vanish:"),
        Text(vi="Lý do mới:", en="New reasons:"),
    )
    left = Text(vi=f"Còn giữ lại trước mức {next_level}:", en=f"Still in the way of level {next_level}:")
    return {
        changed.say(language): [_criterion_sentence(each, language) for each in change.criteria],
        gone.say(language): list(_highest(change.gone, change.before, language)),
        new.say(language): list(_highest(change.new, change.after, language)),
        left.say(language): [short_reason(reason, change.after, language) for reason in change.blocking],
    }


def _highest(reasons: Sequence[Reason], verdict: Verdict, language: Language) -> Iterator[str]:
    """The reasons aloud, each criterion once: at the highest level that it is about, the others beside it."""
    levels: dict[str, list[int]] = {}
    for reason in reasons:
        levels.setdefault(reason.criterion.code, []).append(reason.at_level)
    for reason in reasons:
        *lower, highest = levels[reason.criterion.code]
        if reason.at_level == highest:
            also = join([str(level) for level in lower], language)
            more = Text(vi=f" Cũng vậy ở mức {also}.", en=f" The same at level {also}.").say(language)
            yield reason_sentence(reason, verdict, language) + (more if lower else "")


def _criterion_sentence(change: CriterionChange, language: Language) -> str:
    name = f"{change.code} – {change.shown.criterion.name}"
    values = {value_words(side, language) for side in change.sides}
    if len(values) > 1:
        return f"{name}: {ARROW.join(known_text(side, language) for side in change.sides)}"
    return f"{name}: {values.pop()}; {moved(*(level_of(side).say(language) for side in change.sides))}"


def _members(change: UnitChange, language: Language) -> Iterator[str]:
    """The member units whose levels, as this unit reads them, change."""
    before = {member.unit.code: member for member in change.before.members}
    moves = []
    for member in change.after.members:
        old = before[member.unit.code]
        if old.levels != member.levels:
            levels = zip(levels_text(old.levels), levels_text(member.levels), strict=True)
            names = [HEADS[name].say(language) for name in ("level", "claimed", "possible")]
            told = ", ".join(
                f"{name.lower()} {moved(*pair)}" for name, pair in zip(names, levels, strict=True) if pair[0] != pair[1]
            )
            moves.append(f"{member.unit.name} ({told})")
    if moves:
        said = Text(vi="Đơn vị trực thuộc thay đổi", en="Member units that change").say(language)
        yield f"{said}: {'; '.join(moves)}."


def _criteria_table(changes: Sequence[UnitChange], language: Language) -> Table:
    heads = columns(language, code=16, unit=45, criterion=16, name=0, before=52, after=52)
    rows = (
        row(
            change.unit.code,
            change.unit.name,
            each.code,
            each.shown.criterion.name,
            *(known_text(side, language) for side in each.sides),
        )
        for change in changes
        for each in change.criteria
    )
    return table(heads, rows, width=LANDSCAPE, size=10)


def _reasons_table(changes: Sequence[UnitChange], language: Language) -> Table:
    heads = columns(language, code=16, unit=45, change=26, criterion=16, level=12, state=0)
    kinds = (
        Text(vi="không còn nữa", en="vanishes"),
        Text(vi="mới", en="new"),
        Text(vi="còn lại", en="remains"),
    )
    rows = (
        row(
            change.unit.code,
            change.unit.name,
            kind.say(language),
            reason.criterion.code,
            str(reason.at_level),
            short_reason(reason, verdict, language),
        )
        for change in changes
        for kind, reasons, verdict in zip(
            kinds, (change.gone, change.new, change.blocking), (change.before, change.after, change.after), strict=True
        )
        for reason in reasons
    )
    return table(heads, rows, width=LANDSCAPE, size=10)
