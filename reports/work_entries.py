"""The rows of a work plan's list and what refers to them: which numbers an office has, in which places it works."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from evidence.units import Unit
from levels.framework import Tier
from reports.plan import dong_text
from reports.words import in_sentence, join, kind_of
from reports.work_plan import Rise, WorkItem, WorkPlan, total_of

_LOCAL = ("Phòng ", "Văn phòng ", "Trung tâm ", "Ban ", "Công an ", "Thanh tra ", "Hạt ", "Đội ", "Trạm ")
"""How offices begin of which every district has its own."""


@frozen
class Entry:
    """One row: one piece of work, or all of one unit that only awaits appraisal."""

    number: int
    items: tuple[WorkItem, ...]

    @property
    def waiting(self) -> bool:
        """Whether nothing is to be done but to appraise."""
        return only_waits(self.items[0])


@frozen
class Group:
    """The rows of one unit in one year."""

    title: str
    entries: tuple[Entry, ...]


def only_waits(item: WorkItem) -> bool:
    """Whether a piece of work costs nothing and lacks nothing but the council's acceptance."""
    return item.to_appraise and not item.cost and not item.missing


def groups_of(plan: WorkPlan) -> tuple[Group, ...]:
    """The work by year and unit in the order of the plan, numbered through; what only waits is the last of its unit."""
    found: dict[tuple[int, str], list[WorkItem]] = {}
    for item in plan.items:
        found.setdefault((plan.year_of(item), item.unit.code), []).append(item)
    groups, number = [], 0
    for year, code in sorted(found, key=lambda key: key[0]):
        rows: list[tuple[WorkItem, ...]] = [(item,) for item in found[year, code] if not only_waits(item)]
        if waiting := tuple(item for item in found[year, code] if only_waits(item)):
            rows.append(waiting)
        entries = tuple(Entry(place, items) for place, items in enumerate(rows, start=number + 1))
        number += len(entries)
        groups.append(Group(_title(plan, year, code, found[year, code]), entries))
    return tuple(groups)


def _title(plan: WorkPlan, year: int, code: str, items: list[WorkItem]) -> str:
    total, rise = total_of(items), rise_of(plan, code, year)
    title = f"Năm {year} – " if len(plan.years) > 1 else ""
    title += items[0].unit.name + (f": {rise.now} → {rise.then}" if rise else "")
    return title + ("" if total is None or not plan.priced else f" – {dong_text(total, 'vi')}")


def rise_of(plan: WorkPlan, code: str, year: int) -> Rise | None:
    """Where the unit gets in ``year``; None where nobody says."""
    return next((rise for rise in plan.rises if rise.unit.code == code and (rise.year or plan.cycle) == year), None)


def numbers_of(plan: WorkPlan) -> Mapping[tuple[int, str], tuple[int, ...]]:
    """The numbers of the rows by year and office."""
    found: dict[tuple[int, str], dict[int, None]] = {}
    for group in groups_of(plan):
        for entry in group.entries:
            for item in entry.items:
                found.setdefault((plan.year_of(item), item.office), {})[entry.number] = None
    return {key: tuple(numbers) for key, numbers in found.items()}


def ranges_text(numbers: Iterable[int]) -> str:
    """Numbers in order, those that follow each other as a range: ``1-3, 7, 9-10``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def office_name(plan: WorkPlan, office: str, items: Iterable[WorkItem]) -> str:
    """An office; one that every district has, in the plan of a province, with the districts whose it is."""
    districts = _districts(plan, items)
    if plan.unit.tier is not Tier.PROVINCE or not districts or not f"{office} ".startswith(_LOCAL) or "tỉnh" in office:
        return office
    return f"{office} {places_text(districts)}"


def _districts(plan: WorkPlan, items: Iterable[WorkItem]) -> list[Unit]:
    known = {unit.code: unit for unit in plan.known}
    known |= {unit.code: unit for unit in (*(rise.unit for rise in plan.rises), *(item.unit for item in plan.items))}
    found: dict[str, Unit] = {}
    for item in items:
        for start in item.serves or (item.unit,):
            unit: Unit | None = start
            while unit is not None and unit.tier is not Tier.DISTRICT:
                unit = known.get(unit.parent or "")
            if unit is not None:
                found[unit.code] = unit
    return list(found.values())


def places_text(units: Iterable[Unit]) -> str:
    """Units inside a sentence, those of a kind together: ``thành phố Kon Tum, các huyện Đắk Hà và Kon Plông``."""
    kinds: dict[str, list[str]] = {}
    for unit in units:
        kinds.setdefault(kind_of(unit.name), []).append(unit.name)
    return ", ".join(_kind_text(kind, names) for kind, names in kinds.items())


def _kind_text(kind: str, names: Sequence[str]) -> str:
    if len(names) == 1 or not kind:
        return join([in_sentence(name) for name in names], "vi")
    return f"các {kind} {join([name[len(kind) :].strip() for name in names], 'vi')}"


def waiting_text(items: Iterable[WorkItem]) -> str:
    """The codes of what only awaits appraisal."""
    return ", ".join(item.code for item in items)


def entries_of(plan: WorkPlan) -> Iterator[Entry]:
    """All rows in order."""
    for group in groups_of(plan):
        yield from group.entries
