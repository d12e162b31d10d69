"""Change checks: whether the changes of one day say what they must, and agree with each other and with who is there."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.succession import CONTINUING, LABELS, Change, Defect, Kind
from evidence.tables import CODE, MAX_NAME
from evidence.units import Unit
from evidence.values import quote, suggest
from levels.faults import Text

Placed = tuple[int, Change]
"""A change with its place in the list that it was given in."""


@frozen
class Shape:
    """What a change of one kind must and may say, by the columns of ``unit_changes.csv``."""

    fewest: int  # units before
    most: int
    needs: tuple[str, ...]
    allows: tuple[str, ...] = ()


SHAPES = {
    Kind.ESTABLISH: Shape(0, 0, ("to", "name", "tier"), ("parent",)),
    Kind.MERGE: Shape(2, 1000, ("to", "name"), ("tier", "parent")),
    Kind.SPLIT: Shape(1, 1, ("to", "name"), ("tier", "parent")),
    Kind.RENAME: Shape(1, 1, ("name",)),
    Kind.MOVE: Shape(1, 1, ("parent",)),
    Kind.RECODE: Shape(1, 1, ("to",)),
    Kind.RETIER: Shape(1, 1, ("tier",), ("to", "name", "parent")),
    Kind.ABOLISH: Shape(1, 1000, (), ("parent",)),
}

_CELLS = {
    "to": Text(vi="mã mới", en="the code afterwards"),
    "name": Text(vi="tên", en="the name"),
    "tier": Text(vi="cấp", en="the tier"),
    "parent": Text(vi="cấp trên", en="the parent"),
}


@frozen
class Standing:
    """The units on the day before the changes, and those that ended earlier with their last days, by code."""

    day: datetime.date
    current: Mapping[str, Unit]
    former: Callable[[str], tuple[Unit, datetime.date] | None]


def check_changes(standing: Standing, changes: Sequence[Placed]) -> list[Defect]:
    """Every defect of the ``changes`` of one day; what becomes of the tree is checked when they are made."""
    defects: list[Defect] = []
    for place, change in changes:
        defects += _check_shape(place, change)
        defects += _check_before(place, change, standing)
    ends = _by_unit(changes, standing, lambda kind: kind not in CONTINUING)
    alters = _by_unit(changes, standing, lambda kind: kind in CONTINUING)
    defects += _check_alterations(alters, ends)
    defects += _check_endings(ends)
    defects += _check_codes(changes, standing, {*ends} | {c for c, them in alters.items() if _recoded(them)})
    return defects


def given_code(change: Change) -> str:
    """The code that a change gives; a unit that changes its tier may keep its own."""
    return change.code or (change.before[0] if change.kind is Kind.RETIER and change.before else "")


def _by_unit(changes: Iterable[Placed], standing: Standing, wanted: Callable[[Kind], bool]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = {}
    for place, change in changes:
        for code in dict.fromkeys(change.before):
            if wanted(change.kind) and code in standing.current:
                found.setdefault(code, []).append((place, change))
    return found


def _recoded(changes: Iterable[Placed]) -> bool:
    return any(change.kind is Kind.RECODE for _, change in changes)


def _check_shape(place: int, change: Change) -> Iterator[Defect]:
    shape, kind, count = SHAPES[change.kind], LABELS[change.kind], len(change.before)
    if not shape.fewest <= count <= shape.most:
        found = Text(vi=f"“{kind.vi}” nêu {count} đơn vị cũ", en=f"“{kind.en}” names {count} units before")
        least = Text(vi=f"cần ít nhất {shape.fewest}", en=f"expected at least {shape.fewest}")
        exactly = Text(vi=f"cần {shape.most}", en=f"expected {shape.most}")
        yield Defect(place, "from", found, least if shape.most > 1 else exactly)
    cells = {"to": change.code, "name": change.name, "tier": str(change.tier or ""), "parent": change.parent}
    for column, text in cells.items():
        if not text and column in shape.needs:
            found = Text(vi=f"“{kind.vi}” thiếu {_CELLS[column].vi}", en=f"“{kind.en}” lacks {_CELLS[column].en}")
            yield Defect(place, column, found, Text(vi="cần ghi", en="expected it to be given"))
        elif text and column not in (*shape.needs, *shape.allows):
            word = _CELLS[column]
            found = Text(vi=f"“{kind.vi}” không đổi {word.vi}", en=f"“{kind.en}” does not change {word.en}")
            yield Defect(place, column, found, Text(vi="cần để trống", en="expected nothing"))
    if not change.instrument:
        found = Text(vi="thiếu văn bản pháp lý", en="no legal act is named")
        expected = Text(vi="cần số, ký hiệu của nghị quyết", en="expected the number of the resolution")
        yield Defect(place, "instrument", found, expected)
    if change.code and not CODE.fullmatch(change.code):
        found = Text(vi=f"mã {quote(change.code)} không hợp lệ", en=f"{quote(change.code)} is no code")
        expected = Text(vi="cần 1 đến 16 chữ cái không dấu, chữ số", en="expected 1 to 16 plain letters or digits")
        yield Defect(place, "to", found, expected)
    if len(change.name) > MAX_NAME:
        found = Text(vi=f"tên dài {len(change.name)} ký tự", en=f"the name has {len(change.name)} characters")
        expected = Text(vi=f"tối đa {MAX_NAME} ký tự", en=f"at most {MAX_NAME} characters")
        yield Defect(place, "name", found, expected)


def _check_before(place: int, change: Change, standing: Standing) -> Iterator[Defect]:
    for code in dict.fromkeys(change.before):
        if change.before.count(code) > 1:
            found = Text(vi=f"{code} được nêu hai lần", en=f"{code} is named twice")
            yield Defect(place, "from", found, Text(vi="mỗi đơn vị một lần", en="expected every unit once"))
        unit = standing.current.get(code)
        if unit is None:
            yield missing(place, "from", code, standing)
            continue
        stale = {
            Kind.RENAME: ("name", change.name == unit.name),
            Kind.MOVE: ("parent", change.parent == unit.parent),
            Kind.RECODE: ("to", change.code == unit.code),
            Kind.RETIER: ("tier", change.tier is unit.tier),
        }.get(change.kind)
        if stale is not None and stale[1]:
            found = Text(vi=f"{code} ({unit.name}) vốn đã như vậy", en=f"{code} ({unit.name}) is so already")
            yield Defect(place, stale[0], found, Text(vi="cần giá trị mới", en="expected what is new"))


def missing(place: int, column: str, code: str, standing: Standing) -> Defect:
    """That nobody bears ``code``: who did earlier, or which code may be meant."""
    former = standing.former(code)
    if former is None:
        found = Text(vi=f"không có đơn vị {quote(code)}", en=f"there is no unit {quote(code)}")
        return Defect(place, column, found, suggest(code, list(standing.current)))
    unit, last = former
    found = Text(
        vi=f"{code} ({unit.name}) đã kết thúc ngày {last:%d/%m/%Y}", en=f"{code} ({unit.name}) ended on {last:%d/%m/%Y}"
    )
    expected = Text(
        vi=f"cần đơn vị đang tồn tại trước ngày {standing.day:%d/%m/%Y}",
        en=f"expected a unit that exists before {standing.day:%d/%m/%Y}",
    )
    return Defect(place, column, found, expected)


def _check_alterations(
    alters: Mapping[str, Sequence[Placed]], ends: Mapping[str, Sequence[Placed]]
) -> Iterator[Defect]:
    """On one day a unit is renamed, moved or recoded once each, and only if it goes on."""
    for code, altering in alters.items():
        for number, (place, change) in enumerate(altering):
            if any(earlier.kind is change.kind for _, earlier in altering[:number]):
                found = Text(
                    vi=f"{code} có hai thay đổi như vậy cùng ngày", en=f"{code} is changed so twice on one day"
                )
                yield Defect(place, "from", found, Text(vi="chỉ một lần", en="expected it once"))
            if code in ends:
                other = ends[code][0][0] + 1
                found = Text(
                    vi=f"{code} kết thúc cùng ngày theo thay đổi thứ {other}",
                    en=f"{code} ends that day by change {other}",
                )
                yield Defect(place, "from", found, Text(vi="chỉ một trong hai", en="expected one of the two"))


def _check_endings(ends: Mapping[str, Sequence[Placed]]) -> Iterator[Defect]:
    """A unit may be divided among several, but is not abolished too; a split makes more than one."""
    for code, ending in ends.items():
        place, change = ending[-1]
        if len(ending) == 1 and change.kind is Kind.SPLIT:
            found = Text(vi=f"{code} chỉ chia ra một đơn vị", en=f"{code} is split into one unit only")
            yield Defect(place, "to", found, Text(vi="cần ít nhất hai dòng", en="expected two rows at least"))
        if len(ending) > 1 and any(c.kind in (Kind.ABOLISH, Kind.RETIER) for _, c in ending):
            others = ", ".join(str(other + 1) for other, _ in ending[:-1])
            found = Text(
                vi=f"{code} đã kết thúc theo thay đổi thứ {others}", en=f"{code} ends by change {others} already"
            )
            yield Defect(place, "from", found, Text(vi="chỉ một trong hai", en="expected one of the two"))


def _check_codes(changes: Iterable[Placed], standing: Standing, freed: set[str]) -> Iterator[Defect]:
    """A code is given once a day, and only when nobody bears it."""
    given: dict[str, int] = {}
    for place, change in changes:
        code = given_code(change)
        if not code:
            continue
        if code in given:
            first = given[code] + 1
            found = Text(vi=f"mã {code} đã cấp ở thay đổi thứ {first}", en=f"code {code} is given by change {first}")
            yield Defect(place, "to", found, Text(vi="mỗi mã một đơn vị", en="expected one unit for a code"))
        given.setdefault(code, place)
        holder = standing.current.get(code)
        if holder is not None and code not in freed:
            found = Text(vi=f"mã {code} đang là của {holder.name}", en=f"code {code} is that of {holder.name}")
            expected = Text(vi="cần mã không ai đang mang", en="expected a code that nobody bears")
            yield Defect(place, "to", found, expected)
