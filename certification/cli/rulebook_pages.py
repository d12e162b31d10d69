"""Rulebooks as lines of text: the decision's own words, and the readings recorded of them."""

from collections.abc import Iterable, Iterator

from certification.cli.speech import say, tell
from levels.framework import Framework
from levels.index import Index, Indicator, IndicatorSet, Pillar
from levels.words import TIERS


def framework_lines(framework: Framework) -> Iterator[str]:
    """A framework as lines of text: criteria with their five cells, then the recorded readings."""
    yield f"{framework.id} {framework.version}  {framework.digest}"
    yield framework.instrument.citation
    for criteria_set in framework.sets.values():
        yield ""
        yield f"{criteria_set.annex}. {criteria_set.title} ({len(criteria_set.criteria)})"
        groups = {group.code: group.name for group in criteria_set.groups}
        for criterion in criteria_set.criteria:
            if criterion.group in groups:
                yield f"\n{criterion.group}. {groups.pop(criterion.group)}"
            yield f"  {criterion.code:6} {criterion.name} [{criterion.measure}]"
            yield "         " + " | ".join(criterion.cells)
    yield ""
    yield say("Thời hạn hằng năm", "Yearly dates")
    for deadline in framework.deadlines:
        before = f"{deadline.before_day:02}/{deadline.before_month:02}"
        last = deadline.last_day(framework.instrument.in_force.year)
        yield say(
            f"  {deadline.name}: trước ngày {before}, ngày cuối cùng là {last:%d/%m} ({deadline.clause})",
            f"  {deadline.name}: before {before}, the last day is {last:%d/%m} ({deadline.clause})",
        )
    yield ""
    yield say("Cách hiểu đã ghi nhận", "Recorded readings")
    for reading in framework.interpretations:
        yield f"  {reading.id} ({reading.clause}): {reading.reading}"
        yield say(f"      cách hiểu khác: {reading.alternative}", f"      alternative: {reading.alternative}")


def index_lines(index: Index) -> Iterator[str]:
    """An index as lines of text: every indicator in the decision's words, then what surrounds it."""
    yield f"{index.id} {index.version}  {index.digest}"
    yield index.instrument.citation
    for entry in index.sets.values():
        yield ""
        yield from _set_lines(entry)
    yield from _section(
        say("Nhóm xếp hạng", "Ranking groups"), (f"{g.id}: {g.name} ({g.clause})" for g in index.groups)
    )
    yield from _section(
        say("Danh sách đơn vị", "Lists of units"),
        (f"{found.id}: {found.title} ({found.clause}): {'; '.join(found.units)}" for found in index.lists),
    )
    window = [] if index.window is None else [f"{index.window.text} ({index.window.clause})"]
    yield from _section(say("Thời gian lấy số liệu", "Data window"), window)
    yield from _section(
        say("Lịch hằng năm", "Yearly calendar"), (f"{s.name}: {s.when}; {s.by} ({s.clause})" for s in index.calendar)
    )
    yield from _section(
        say("Các vòng chấm điểm", "Rounds of scoring"),
        (f"{r.id}: {r.name}; {r.by} ({r.clause})" for r in index.rounds),
    )
    yield from _section(say("Ai làm gì", "Who does what"), (f"{r.who}: {r.does} ({r.clause})" for r in index.roles))
    yield from _section(
        say("Quyết định bỏ trống", "What the decision leaves out"),
        (f"{o.what} → {o.instead} ({o.clause})" for o in index.omissions),
    )
    yield from _section(say("Cách hiểu đã ghi nhận", "Recorded readings"), _reading_lines(index))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        yield from (f"  {line}" for line in found)


def _reading_lines(index: Index) -> Iterator[str]:
    for reading in index.interpretations:
        yield f"{reading.id} ({reading.clause}): {reading.reading}"
        yield say(f"    cách hiểu khác: {reading.alternative}", f"    alternative: {reading.alternative}")


def _set_lines(entry: IndicatorSet) -> Iterator[str]:
    pillars, count = len(entry.pillars), len(entry.indicators)
    by = tell(TIERS[entry.rated_by])
    yield f"{entry.annex}. {entry.title}"
    yield say(
        f"{pillars} chỉ số chính, {count} dòng tính điểm, {entry.stated_max} điểm; {by} đánh giá",
        f"{pillars} pillars, {count} lines that earn points, {entry.stated_max} points; rated by the {by}",
    )
    if entry.general:
        yield say("  Thông tin chung (không tính điểm)", "  General information (worth no points)")
        for item in entry.general:
            yield f"    {item.number:4} {item.name}" + (f" [{item.unit}]" if item.unit else "")
    for pillar in entry.pillars:
        yield f"\n  {pillar.code} {pillar.name} [{pillar.max}]" + (f" · {pillar.group}" if pillar.group else "")
        if pillar.applies_to:
            yield say(f"    chỉ áp dụng cho: {pillar.applies_to}", f"    applies only to: {pillar.applies_to}")
        yield from _pillar_lines(pillar)
    if entry.bonus is not None:
        yield f"\n  {entry.bonus.code} {entry.bonus.name} ({entry.bonus.clause})"


def _pillar_lines(pillar: Pillar) -> Iterator[str]:
    if pillar.whole:
        yield say("    Quyết định không nêu chỉ số thành phần: chấm cả nhóm.", "    Scored whole: no indicators given.")
        return
    for indicator in pillar.indicators:
        yield f"    {indicator.code:8} {indicator.name} [{indicator.max}]"
        yield from (f"             {line}" for line in _indicator_lines(indicator))


def _indicator_lines(indicator: Indicator) -> Iterator[str]:
    yield from indicator.method.splitlines()
    if indicator.applies_to:
        yield say(f"chỉ áp dụng cho: {indicator.applies_to}", f"applies only to: {indicator.applies_to}")
    for entry in indicator.inputs:
        yield f"· {indicator.fact_code(entry.key)} [{entry.kind}] {entry.label}"
    if indicator.proof:
        yield say(f"kiểm chứng: {indicator.proof}", f"proof: {indicator.proof}")
    offices = [office for office in (indicator.lead, *indicator.support) if office]
    if offices:
        yield say(f"phụ trách: {'; '.join(offices)}", f"offices: {'; '.join(offices)}")
