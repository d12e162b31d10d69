"""The demonstration: the bundled samples in a store, with the people of a province and a year that is under way.

Everything is made up and says so. The facts are loaded as files are; whatever then happened to the dossiers of one
district was done by the use cases that the pages call, so that its history, log, minutes and acts are real ones. The
samples' years are moved so that the year under way is the present one.
"""

import datetime
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from importlib.resources import as_file

from attrs import evolve, frozen
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.demonstration_year import People, walk
from certification.store.loading import Province, load_assessment
from certification.store.models import Account, Appointment, UnitRecord
from certification.store.planning import keep_prices
from certification.store.results import results_of
from evidence.dossiers import Evidence
from evidence.facts import Fact, Facts, Status
from evidence.samples import FRAMEWORK, sample_ids, sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.faults import Text
from levels.framework import Tier
from levels.loader import load_rulebook

DISTRICT, COMMUNE = "615", "23518"
"""Đắk Hà, whose dossiers stand at every step, and Ngok Réo, which is still assessing itself."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
Progress = Callable[[str], AbstractContextManager[None]]


@frozen
class Entrance:
    """How one of the demonstration's people logs in; the password is nowhere else."""

    role: Role
    username: str
    password: str
    told: Text


@frozen
class _Seat:
    """One person of the cast: who he is, and where he works."""

    username: str
    name: str
    role: Role
    unit: str | None


_CAST = (
    _Seat("can-bo-xa", "Y Thảo (mẫu)", Role.COMMUNE_OFFICER, COMMUNE),
    _Seat("can-bo-huyen", "Nguyễn Văn Huyện (mẫu)", Role.DISTRICT_OFFICER, DISTRICT),
    _Seat("can-bo-so", "Trần Thị Sở (mẫu)", Role.AGENCY_OFFICER, "27-SNV"),
    _Seat("phong-vhkhtt", "Lê Văn Phòng (mẫu)", Role.DISTRICT_OFFICE, DISTRICT),
    _Seat("hoi-dong-huyen-1", "A Chủ (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    _Seat("hoi-dong-huyen-2", "Phạm Thị Viên (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    _Seat("hoi-dong-huyen-3", "Hoàng Thị Thư (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    _Seat("ubnd-huyen", "Y Đôn (mẫu)", Role.DISTRICT_COMMITTEE, DISTRICT),
    _Seat("so-khcn", "Đặng Văn Khoa (mẫu)", Role.DEPARTMENT, "62"),
    _Seat("hoi-dong-tinh-1", "Bùi Thị Chủ (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    _Seat("hoi-dong-tinh-2", "Đỗ Văn Viên (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    _Seat("hoi-dong-tinh-3", "Hồ Thị Thư (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    _Seat("ubnd-tinh", "Ngô Văn Tỉnh (mẫu)", Role.PROVINCIAL_COMMITTEE, "62"),
    _Seat("ke-hoach", "Dương Thị Hoạch (mẫu)", Role.PLANNER, None),
    _Seat("thanh-tra", "Vũ Văn Tra (mẫu)", Role.AUDITOR, None),
    _Seat("quan-tri", "Mai Thị Trị (mẫu)", Role.ADMINISTRATOR, None),
)
_ELSEWHERE = frozenset({Role.DEPARTMENT, Role.PROVINCIAL_COUNCIL, Role.PROVINCIAL_COMMITTEE})
"""The roles that the same people also hold in the provinces of the other samples: one person a role is enough."""


def load_demonstration(progress: Progress, today: datetime.date | None = None) -> tuple[Entrance, ...]:
    """Load everything into a store in which nobody works yet, all of it or nothing; how its people log in.

    ``progress`` is opened around each part with its name.
    """
    day = today or timezone.localdate()
    # Hashes take their time on purpose, outside of Python: they are made while the facts are read.
    with ThreadPoolExecutor(max_workers=1) as beside, transaction.atomic():
        passwords = {seat.username: _new_password() for seat in _CAST}
        hashes = {name: beside.submit(make_password, password) for name, password in passwords.items()}
        with progress("Tỉnh Kon Tum"):
            units, evidence = _sample(FRAMEWORK, day.year)
            officers = _officers(units)
            province = load_assessment(
                FRAMEWORK,
                units,
                _before_appraisal(evidence, units),
                entered_by=officers,
            )
        records, provinces = dict(province.units), {FRAMEWORK: province}
        for framework_id in sample_ids():
            if framework_id != FRAMEWORK:
                with progress(framework_id):
                    provinces[framework_id] = load_assessment(framework_id, *_sample(framework_id, day.year))
                    records |= provinces[framework_id].units
        with progress("Tài khoản"):
            _appoint_officers(officers, records)
            cast = {seat.username: _hire(seat, hashes[seat.username].result(), officers, records) for seat in _CAST}
        with progress("Hồ sơ huyện Đắk Hà"):
            walk(province, _people(cast, officers), day)
        _price(cast["ke-hoach"], provinces)
        with progress("Kết quả"):
            results_of(province.cycle)
    return tuple(Entrance(seat.role, seat.username, passwords[seat.username], _told(seat, records)) for seat in _CAST)


def _price(planner: Account, provinces: Mapping[str, Province]) -> None:
    """Keep the samples' made-up prices for all that is below a root: plans and budgets ask for some."""
    for framework_id, province in provinces.items():
        costs = sample_paths(framework_id).costs
        if costs is not None:
            cycle = province.cycle
            keep_prices(actor_of(planner), cycle, cycle.root, "don-gia-gia-dinh.csv", costs.read_bytes())


def _sample(framework_id: str, year: int) -> tuple[Units, Evidence]:
    """A bundled sample, moved to ``year``."""
    sample = sample_paths(framework_id)
    with as_file(sample.units) as units_path, as_file(sample.evidence) as evidence_path:
        units = read_units(units_path)
        evidence = read_evidence(evidence_path, load_rulebook(framework_id), units)
    return units, _moved(evidence, year - evidence.cycle)


def _moved(evidence: Evidence, years: int) -> Evidence:
    def move_all(facts: Facts) -> dict[str, dict[str, Fact]]:
        return {code: {row: move(fact) for row, fact in rows.items()} for code, rows in facts.items()}

    def move(fact: Fact) -> Fact:
        day = fact.measured_on
        return evolve(
            fact,
            cycle=None if fact.cycle is None else fact.cycle + years,
            measured_on=day and _in_year(day, day.year + years),
        )

    return evolve(
        evidence,
        facts=move_all(evidence.facts),
        cycle=evidence.cycle + years,
        history={year + years: move_all(facts) for year, facts in evidence.history.items()},
        rounds={name: move_all(facts) for name, facts in evidence.rounds.items()},
        stated={year + years: move_all(facts) for year, facts in evidence.stated.items()},
    )


def _in_year(day: datetime.date, year: int) -> datetime.date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _before_appraisal(evidence: Evidence, units: Units) -> Evidence:
    """The facts with those of the one district as it reported them: what its council rules is still to come."""
    ours = {DISTRICT, *(unit.code for unit in units.children(DISTRICT))}

    def report(facts: Facts) -> dict[str, Mapping[str, Fact]]:
        return {code: _reported(rows, code) if code in ours else rows for code, rows in facts.items()}

    stated = {**evidence.stated, evidence.cycle: report(evidence.stated[evidence.cycle])}
    return evolve(evidence, facts=report(evidence.facts), stated=stated)


def _reported(rows: Mapping[str, Fact], code: str) -> dict[str, Fact]:
    reported = {
        row: evolve(fact, status=Status.SELF_REPORTED, amount=fact.reported or fact.amount, reported=None, note="")
        for row, fact in rows.items()
        if fact.reported or fact.amount
    }
    if code != COMMUNE:
        return reported
    return dict(list(reported.items())[: len(reported) // 2])  # half of its year's work is still to be done


def _officers(units: Units) -> dict[str, Account]:
    """Whoever enters the facts of a unit, by its code. Nobody has told them how to log in."""
    made = {}
    for unit in units.values():
        if unit.tier in (Tier.COMMUNE, Tier.DISTRICT):
            seat = next((each for each in _CAST if each.unit == unit.code and each.role in _ENTERING), None)
            name = seat.username if seat else f"can-bo-{unit.code}"
            made[unit.code] = Account(username=name, full_name=seat.name if seat else f"Cán bộ {unit.name} (mẫu)")
            made[unit.code].set_unusable_password()
            made[unit.code].save()
    return made


_ENTERING = {Role.COMMUNE_OFFICER: Tier.COMMUNE, Role.DISTRICT_OFFICER: Tier.DISTRICT}


def _appoint_officers(officers: Mapping[str, Account], records: Mapping[str, UnitRecord]) -> None:
    roles = {tier.value: role for role, tier in _ENTERING.items()}
    Appointment.objects.bulk_create(
        Appointment(account=account, role=roles[records[code].tier].value, unit=records[code], basis=_BASIS)
        for code, account in officers.items()
    )


_BASIS = "Dữ liệu mẫu"


def _new_password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _hire(seat: _Seat, hashed: str, officers: Mapping[str, Account], records: Mapping[str, UnitRecord]) -> Account:
    """One person of the cast, appointed where he works."""
    known = officers.get(seat.unit or "") if seat.role in _ENTERING else None
    account = known or Account(username=seat.username, full_name=seat.name)
    account.password = hashed
    account.save()
    if known is None:
        places = [records[seat.unit] if seat.unit else None]
        if seat.role in _ELSEWHERE:
            places += [record for record in records.values() if record.parent_id is None and record.code != seat.unit]
        for place in places:
            Appointment.objects.create(account=account, role=seat.role.value, unit=place, basis=_BASIS)
    return account


def _people(cast: Mapping[str, Account], officers: Mapping[str, Account]) -> People:
    actors = {name: actor_of(account) for name, account in cast.items()}
    return People(
        officers={code: actor_of(account) for code, account in officers.items()},
        office=actors["phong-vhkhtt"],
        council=tuple(actors[f"hoi-dong-huyen-{number}"] for number in (1, 2, 3)),
        committee=actors["ubnd-huyen"],
        department=actors["so-khcn"],
        provincial_council=tuple(actors[f"hoi-dong-tinh-{number}"] for number in (1, 2, 3)),
    )


def _told(seat: _Seat, records: Mapping[str, UnitRecord]) -> Text:
    vi = records[seat.unit].name if seat.unit else "toàn hệ thống"
    en = records[seat.unit].name if seat.unit else "whole installation"
    return Text(vi=f"{seat.role.label.vi} – {vi}", en=f"{seat.role.label.en} – {en}")
