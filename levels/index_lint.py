"""Is the rulebook of an index what a lawyer would sign: adding up, quoted, every odd word read aloud?

Each check is one small function that yields what it finds. Where the decision contradicts itself, the
contradiction is kept and shown as a warning once an interpretation says so; without one it is an error.
"""

import datetime
import re
from collections.abc import Callable, Iterator

from levels.faults import Fault, Text
from levels.findings import Finding, indicator_lines, misnumbered, placed
from levels.framework import Interpretation, Tier
from levels.index import Index, Pillar, Step
from levels.index_quotes import (
    check_choices,
    check_inputs,
    check_interpretations,
    check_odd_words,
    check_quotes,
    check_readings,
    check_unquoted,
)
from levels.scales import check_cliffs, check_scales
from levels.source import Path, Positions
from levels.words import TIERS

_TIERS = tuple(Tier)
_ROUNDS = ("self", "round1", "explanation", "round2")
_INDICATORS = Text("chỉ số thành phần", "indicators")
_PILLARS = Text("chỉ số chính", "pillars")
_POINTS = Text("điểm", "points")


def lint_index(index: Index, positions: Positions) -> list[Fault]:
    """Every error and warning against ``index``, in the order of its file."""
    return placed((finding for check in CHECKS for finding in check(index)), positions)


def check_codes(index: Index) -> Iterator[Finding]:
    """Pillars 1, 2, 3 … (or II.1, II.2 …) and in each its indicators: in order, without a gap."""
    for tier, indicator_set in index.sets.items():
        prefix = indicator_set.pillars[0].code.rpartition(".")[0]
        for number, pillar in enumerate(indicator_set.pillars):
            path: Path = ("sets", tier, "pillars", number)
            expected = f"{prefix}.{number + 1}" if prefix else str(number + 1)
            if pillar.code != expected:
                yield misnumbered((*path, "code"), pillar.code, expected)
                break  # those behind a gap are all off by it
            yield from _check_numbers(pillar, path)


def _check_numbers(pillar: Pillar, path: Path) -> Iterator[Finding]:
    if pillar.whole:
        return
    for number, indicator in enumerate(pillar.indicators):
        expected = f"{pillar.code}.{number + 1}"
        if indicator.code != expected:
            yield misnumbered((*path, "indicators", number, "code"), indicator.code, expected)
            break  # those behind a gap are all off by it


def check_totals(index: Index) -> Iterator[Finding]:
    """What the decision states of pillars, indicators and points equals what its tables add up to."""
    for tier, indicator_set in index.sets.items():
        path: Path = ("sets", tier)
        pillars = indicator_set.pillars
        yield from _compare(index, (*path, "stated_pillars"), indicator_set.stated_pillars, len(pillars), _PILLARS)
        counts = [pillar.stated_count if pillar.whole else len(pillar.indicators) for pillar in pillars]
        known = [count for count in counts if count is not None]
        if len(known) == len(counts):
            yield from _compare(index, (*path, "stated_count"), indicator_set.stated_count, sum(known), _INDICATORS)
        total = sum(pillar.max for pillar in pillars)
        yield from _compare(index, (*path, "stated_max"), indicator_set.stated_max, total, _POINTS)
        for number, pillar in enumerate(pillars):
            yield from _check_pillar(index, (*path, "pillars", number), pillar)
        for number, group in enumerate(indicator_set.stated_groups):
            under = [count or 0 for pillar, count in zip(pillars, counts, strict=True) if pillar.group == group.name]
            yield from _compare(index, (*path, "stated_groups", number, "count"), group.count, sum(under), _INDICATORS)


def _check_pillar(index: Index, path: Path, pillar: Pillar) -> Iterator[Finding]:
    if pillar.stated_count is not None and not pillar.whole:
        count = len(pillar.indicators)
        yield from _compare(index, (*path, "stated_count"), pillar.stated_count, count, _INDICATORS)
    yield from _compare(index, (*path, "max"), pillar.max, sum(line.max for line in pillar.indicators), _POINTS)


def _compare(index: Index, path: Path, stated: int, found: int, what: Text) -> Iterator[Finding]:
    if stated == found:
        return
    told = Text(
        f"văn bản nêu {stated} {what.vi}, các bảng cộng lại được {found}",
        f"the decision states {stated} {what.en}, its tables add up to {found}",
    )
    reading = next((i for i in index.interpretations if _reads(i, stated, found)), None)
    if reading is not None:
        kept = Text(f"giữ cả hai số theo cách hiểu «{reading.id}»", f"both are kept, as «{reading.id}» reads them")
        yield Finding(path, told, kept, "warning")
        return
    expected = Text(
        f"hai số phải bằng nhau, hoặc một cách hiểu có wording chứa {stated} và reading chứa {found}",
        f"both must be equal, or an interpretation is needed whose wording says {stated} and whose reading {found}",
    )
    yield Finding(path, told, expected)


def _reads(interpretation: Interpretation, stated: int, found: int) -> bool:
    return _says(interpretation.wording, stated) and _says(interpretation.reading, found)


def _says(text: str, number: int) -> bool:
    return str(number) in re.findall(r"\d+", re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", text))


def check_raters(index: Index) -> Iterator[Finding]:
    """Who rates stands above whom he rates."""
    for tier, indicator_set in index.sets.items():
        if _TIERS.index(indicator_set.rated_by) >= _TIERS.index(tier):
            yield Finding(
                ("sets", tier, "rated_by"),
                Text(
                    f"{TIERS[tier].vi} do {TIERS[indicator_set.rated_by].vi} đánh giá",
                    f"{tier} is rated by {indicator_set.rated_by}",
                ),
                Text("cấp đánh giá phải là cấp trên", "the rating tier must stand above"),
            )


def check_groups(index: Index) -> Iterator[Finding]:
    """Every tier that is rated is ranked in one group, and nothing else is."""
    for tier in index.sets:
        if index.group_of(tier) is None:
            yield Finding(
                ("groups",),
                Text(f"{TIERS[tier].vi} không thuộc nhóm xếp hạng nào", f"the tier {tier} is in no ranking group"),
                Text("cần một nhóm xếp hạng của cấp đó", "a ranking group of that tier is expected"),
            )
    for number, group in enumerate(index.groups):
        if group.tier in {earlier.tier for earlier in index.groups[:number]}:
            yield Finding(
                ("groups", number),
                Text(
                    f"{TIERS[group.tier].vi} có nhóm xếp hạng thứ hai", f"a second ranking group of tier {group.tier}"
                ),
                Text("mỗi cấp có một nhóm xếp hạng", "every tier has one ranking group"),
            )
        if group.tier not in index.sets:
            yield _without_set(("groups", number, "tier"), group.tier)


def _without_set(path: Path, tier: Tier) -> Finding:
    return Finding(
        path,
        Text(f"{TIERS[tier].vi} không có bộ chỉ số", f"the tier {tier} has no indicators"),
        Text("cần cấp có bộ chỉ số", "a tier with indicators is expected"),
    )


def check_lists(index: Index) -> Iterator[Finding]:
    """Lists are of rated tiers and name every unit once; what applies to a list finds it, of its own tier."""
    for number, entry in enumerate(index.lists):
        if entry.tier not in index.sets:
            yield _without_set(("lists", number, "tier"), entry.tier)
        for order, name in enumerate(entry.units):
            if name in entry.units[:order]:
                yield Finding(
                    ("lists", number, "units", order),
                    Text(f"«{name}» lặp lại", f"«{name}» occurs twice"),
                    Text("mỗi đơn vị ghi một lần", "every unit stands once"),
                )
    for tier, path, wanted in _applications(index):
        found = index.list_by_id.get(wanted)
        if found is None or found.tier is not tier:
            yield Finding(
                (*path, "applies_to"),
                Text(
                    f"không có danh sách «{wanted}» của {TIERS[tier].vi}", f"there is no list «{wanted}» of tier {tier}"
                ),
                Text("cần id của một danh sách cùng cấp", "the id of a list of that tier is expected"),
            )


def _applications(index: Index) -> Iterator[tuple[Tier, Path, str]]:
    """Every list that a pillar or an indicator applies to."""
    for tier, indicator_set in index.sets.items():
        for number, pillar in enumerate(indicator_set.pillars):
            if pillar.applies_to:
                yield tier, ("sets", tier, "pillars", number), pillar.applies_to
    for line in indicator_lines(index):
        if line.indicator.applies_to:
            yield line.tier, line.path, line.indicator.applies_to


def check_calendar(index: Index) -> Iterator[Finding]:
    """The dated steps follow one another, so do the rounds; the window is one year; no signing in another year."""
    latest: datetime.date | None = None
    for number, step in enumerate(index.calendar):
        day = step.last_day(2001)
        if latest is not None and day is not None and day < latest:
            yield _out_of_order(("calendar", number), step)
        latest = day or latest
    order = [_ROUNDS.index(entry.id) for entry in index.rounds]
    if order != sorted(order):
        yield Finding(
            ("rounds",),
            Text("các vòng không theo thứ tự", "the rounds are out of order"),
            Text(f"cần thứ tự {', '.join(_ROUNDS)}", f"the order {', '.join(_ROUNDS)} is expected"),
        )
    signed = index.instrument.signed_on
    if signed is not None and signed.year != index.instrument.year:
        yield Finding(
            ("instrument", "signed_on"),
            Text(
                f"ký năm {signed.year}, ghi năm {index.instrument.year}",
                f"signed in {signed.year}, dated {index.instrument.year}",
            ),
            Text("hai năm phải bằng nhau", "both years must be equal"),
        )
    yield from _check_window(index)


def _out_of_order(path: Path, step: Step) -> Finding:
    return Finding(
        path,
        Text(f"bước «{step.name}» không theo thứ tự", f"the step «{step.name}» is out of order"),
        Text("ngày của các bước phải tăng dần", "the days must follow one another"),
    )


def _check_window(index: Index) -> Iterator[Finding]:
    if index.window is None:
        return
    first, last = index.window.days(2002)
    after = last + datetime.timedelta(days=1)
    if last < first:
        found = Text("kết thúc trước khi bắt đầu", "it ends before it begins")
        yield Finding(("window",), found, Text("hãy kiểm tra hai ngày", "check both days"))
    elif after != first.replace(year=first.year + 1):
        yield Finding(
            ("window",),
            Text(f"từ {first:%d/%m} đến {last:%d/%m}", f"from {first:%d/%m} to {last:%d/%m}"),
            Text("thường là tròn một năm", "one whole year is usual"),
            "warning",
        )


CHECKS: tuple[Callable[[Index], Iterator[Finding]], ...] = (
    check_codes,
    check_totals,
    check_raters,
    check_groups,
    check_lists,
    check_calendar,
    check_quotes,
    check_unquoted,
    check_inputs,
    check_choices,
    check_scales,
    check_cliffs,
    check_odd_words,
    check_readings,
    check_interpretations,
)
