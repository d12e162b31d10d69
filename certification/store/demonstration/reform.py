"""A made-up province in the demonstration that lives through 1 July 2025: districts abolished, communes merged.

What its communes had reported by then stays with them in a year that was not brought to an end; the units of the
reform begin the present year with what they inherit, as drafts (``store.inheriting``).
"""

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve

from certification.procedure.actors import Actor
from certification.store.cycles import Opening, close_year, open_year
from certification.store.demonstration.cast import MERGED
from certification.store.demonstration.past import bearing
from certification.store.dossiers import register
from certification.store.loading import load_facts, open_cycle, place_dossiers
from certification.store.models import Account, Cycle, Dossier, RulebookRecord, UnitRecord
from certification.store.reorganising import make_changes
from evidence.facts import Document, Fact, Facts
from evidence.succession import Change, Kind
from evidence.units import Unit, Units
from levels.framework import Tier

PROVINCE = "98"
_DAY = datetime.date(2025, 7, 1)
_MEASURED = datetime.date(2025, 6, 15)
OTHER = Unit("98210", "Xã Núi Xanh", Tier.COMMUNE, PROVINCE)
"""The other commune of the reform, beside ``MERGED``."""
_ACT = "Nghị quyết về sắp xếp đơn vị hành chính của Tỉnh Mẫu (giả định)"
_LIKE = MappingProxyType({"98101": "23425", "98102": "23428", "98201": "23473", "98202": "23476", "98203": "23470"})
"""Whose sample facts the made-up communes report: communes of other districts of the sample province."""


def draw_up_units() -> Units:
    """The made-up province as it was before the reform."""
    units = (
        Unit(PROVINCE, "Tỉnh Mẫu", Tier.PROVINCE),
        Unit("981", "Huyện Suối Trong", Tier.DISTRICT, PROVINCE),
        Unit("982", "Huyện Núi Xanh", Tier.DISTRICT, PROVINCE),
        Unit("98101", "Xã Đồng Chè", Tier.COMMUNE, "981"),
        Unit("98102", "Xã Bến Nứa", Tier.COMMUNE, "981"),
        Unit("98201", "Xã Đồi Thông", Tier.COMMUNE, "982"),
        Unit("98202", "Xã Cầu Gỗ", Tier.COMMUNE, "982"),
        Unit("98203", "Xã Hồ Sen", Tier.COMMUNE, "982"),
    )
    return Units({unit.code: unit for unit in units})


def load_before(
    rulebook: RulebookRecord,
    records: Mapping[str, UnitRecord],
    facts: Facts,
    officers: Mapping[str, Account],
) -> Cycle:
    """The cycle of 2025 with what the communes had reported when they ended; ``facts`` are the sample's."""
    units = draw_up_units()
    cycle = open_cycle(rulebook, _DAY.year, records[PROVINCE], records, units)
    reported = {code: {row: _theirs(fact, code) for row, fact in facts[like].items()} for code, like in _LIKE.items()}
    load_facts(cycle, reported, entered_by=officers)
    place_dossiers(cycle, units, reported)
    return cycle


def _theirs(fact: Fact, code: str) -> Fact:
    paper = Document(f"Báo cáo 6 tháng đầu năm {_DAY.year} của UBND xã (dữ liệu mẫu)")
    return evolve(fact, unit=code, cycle=_DAY.year, measured_on=_MEASURED, documents=(paper,))


def reform(administrator: Actor, cycle: Cycle) -> Mapping[str, UnitRecord]:
    """Close ``cycle`` and record the reform; the units that it made or moved, by their codes."""
    close_year(administrator, cycle, "Đơn vị hành chính được sắp xếp lại từ ngày 01/7/2025 (dữ liệu mẫu)")
    changes = (
        Change(Kind.ABOLISH, _DAY, _ACT, ("981", "982"), parent=PROVINCE),
        Change(Kind.MERGE, _DAY, _ACT, ("98101", "98102"), MERGED, "Xã Suối Trong"),
        Change(Kind.MERGE, _DAY, _ACT, ("98201", "98202"), OTHER.code, OTHER.name),
    )
    make_changes(administrator, changes)
    made = UnitRecord.objects.filter(parent__code=PROVINCE, tier=Tier.COMMUNE.value, valid_until=None)
    return {record.code: record for record in made}


def begin_anew(administrator: Actor, officers: Mapping[str, Actor], before: Cycle, day: datetime.date) -> Cycle:
    """Open the present year with the units of the reform, and let them register what they want to reach."""
    cycle = open_year(administrator, Opening(before.rulebook, day.year, before.root, day))
    registered = datetime.date(day.year, 1, 12)
    with bearing(registered):
        for dossier in Dossier.objects.filter(cycle=cycle).select_related("unit"):
            officer = officers[dossier.unit.code]
            register(officer, dossier.pk, 2, why="Đăng ký của đơn vị mới (dữ liệu mẫu)", today=registered)
    return cycle
