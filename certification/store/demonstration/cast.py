"""The cast: one person for every role, and an officer for every unit who only has to have entered its facts."""

import secrets
from collections.abc import Iterable, Mapping

from attrs import frozen

from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.demonstration.year import People
from certification.store.models import Account, Appointment, UnitRecord
from evidence.units import Unit
from levels.faults import Text
from levels.framework import Tier

DISTRICT, COMMUNE = "615", "23518"
"""Đắk Hà, whose dossiers stand at every step, and Ngok Réo, which is still assessing itself."""
MERGED = "98110"
"""The commune that came out of two, whose officer finds what it inherits (``demonstration.reform``)."""


@frozen
class Seat:
    """One person of the cast: who he is, and where he works."""

    username: str
    name: str
    role: Role
    unit: str | None
    besides: str | None = None  # where he works as well


CAST = (
    Seat("can-bo-xa", "Y Thảo (mẫu)", Role.COMMUNE_OFFICER, COMMUNE, MERGED),
    Seat("can-bo-huyen", "Nguyễn Văn Huyện (mẫu)", Role.DISTRICT_OFFICER, DISTRICT),
    Seat("can-bo-so", "Trần Thị Sở (mẫu)", Role.AGENCY_OFFICER, "27-SNV"),
    Seat("phong-vhkhtt", "Lê Văn Phòng (mẫu)", Role.DISTRICT_OFFICE, DISTRICT),
    Seat("hoi-dong-huyen-1", "A Chủ (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    Seat("hoi-dong-huyen-2", "Phạm Thị Viên (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    Seat("hoi-dong-huyen-3", "Hoàng Thị Thư (mẫu)", Role.DISTRICT_COUNCIL, DISTRICT),
    Seat("ubnd-huyen", "Y Đôn (mẫu)", Role.DISTRICT_COMMITTEE, DISTRICT),
    Seat("so-khcn", "Đặng Văn Khoa (mẫu)", Role.DEPARTMENT, "62"),
    Seat("hoi-dong-tinh-1", "Bùi Thị Chủ (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    Seat("hoi-dong-tinh-2", "Đỗ Văn Viên (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    Seat("hoi-dong-tinh-3", "Hồ Thị Thư (mẫu)", Role.PROVINCIAL_COUNCIL, "62"),
    Seat("ubnd-tinh", "Ngô Văn Tỉnh (mẫu)", Role.PROVINCIAL_COMMITTEE, "62"),
    Seat("ke-hoach", "Dương Thị Hoạch (mẫu)", Role.PLANNER, None),
    Seat("thanh-tra", "Vũ Văn Tra (mẫu)", Role.AUDITOR, None),
    Seat("quan-tri", "Mai Thị Trị (mẫu)", Role.ADMINISTRATOR, None),
)
_ELSEWHERE = frozenset({Role.DEPARTMENT, Role.PROVINCIAL_COUNCIL, Role.PROVINCIAL_COMMITTEE})
"""The roles that the same people also hold in the provinces of the other samples: one person a role is enough."""


_ENTERING = {Role.COMMUNE_OFFICER: Tier.COMMUNE, Role.DISTRICT_OFFICER: Tier.DISTRICT}
_BASIS = "Dữ liệu mẫu"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hire_officers(units: Iterable[Unit]) -> dict[str, Account]:
    """Whoever enters the facts of a commune or district, by its code. Nobody has told them how to log in."""
    made = {}
    for unit in units:
        if unit.tier in _ENTERING.values():
            seat = next((each for each in CAST if each.unit == unit.code and each.role in _ENTERING), None)
            name = seat.username if seat else f"can-bo-{unit.code}"
            made[unit.code] = Account(username=name, full_name=seat.name if seat else f"Cán bộ {unit.name} (mẫu)")
            made[unit.code].set_unusable_password()
            made[unit.code].save()
    return made


def appoint_officers(officers: Mapping[str, Account], records: Mapping[str, UnitRecord]) -> None:
    """Appoint everybody of ``officers`` at his unit."""
    roles = {tier.value: role for role, tier in _ENTERING.items()}
    Appointment.objects.bulk_create(
        Appointment(account=account, role=roles[records[code].tier].value, unit=records[code], basis=_BASIS)
        for code, account in officers.items()
    )


def make_up_password() -> str:
    """A password that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def hire(seat: Seat, hashed: str, officers: Mapping[str, Account], records: Mapping[str, UnitRecord]) -> Account:
    """One person of the cast, appointed where he works; ``hashed`` is the password as it is kept."""
    known = officers.get(seat.unit or "") if seat.role in _ENTERING else None
    account = known or Account(username=seat.username, full_name=seat.name)
    account.password = hashed
    account.save()
    if known is None:
        places = [records[seat.unit] if seat.unit else None]
        if seat.role in _ELSEWHERE:
            places += [record for record in records.values() if record.parent_id is None and record.code != seat.unit]
        for place in places:
            appoint(account, seat.role, place)
    return account


def appoint(account: Account, role: Role, place: UnitRecord | None) -> None:
    """Appoint ``account`` at ``place``; None: in the whole installation."""
    Appointment.objects.create(account=account, role=role.value, unit=place, basis=_BASIS)


def people_of(cast: Mapping[str, Account], officers: Mapping[str, Account]) -> People:
    """Everybody as those who act, by what they do."""
    actors = {name: actor_of(account) for name, account in cast.items()}
    return People(
        officers={code: actor_of(account) for code, account in officers.items()},
        office=actors["phong-vhkhtt"],
        council=tuple(actors[f"hoi-dong-huyen-{number}"] for number in (1, 2, 3)),
        committee=actors["ubnd-huyen"],
        department=actors["so-khcn"],
        provincial_council=tuple(actors[f"hoi-dong-tinh-{number}"] for number in (1, 2, 3)),
        provincial_committee=actors["ubnd-tinh"],
        administrator=actors["quan-tri"],
    )


def tell_where(seat: Seat, names: Mapping[str, str]) -> Text:
    """What somebody of the cast is and where, by the ``names`` of units."""
    places = ", ".join(names[code] for code in (seat.unit, seat.besides) if code)
    label = seat.role.label
    return Text(vi=f"{label.vi} – {places or 'toàn hệ thống'}", en=f"{label.en} – {places or 'whole installation'}")
