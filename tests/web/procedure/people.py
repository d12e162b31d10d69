"""The people of one commune's year: its officer, the district's office, council and committee."""

import datetime
from collections.abc import Callable

from attrs import frozen

from certification.procedure.actors import Actor
from certification.procedure.meetings import Quorum, Seat
from certification.procedure.roles import Role
from certification.store.councils import Composition, Member, set_up_council
from certification.store.loading import Province
from certification.store.models import Council, Dossier
from certification.store.models.facts import FactRecord
from evidence.facts import Status
from tests.web.conftest import dossier_of

COMMUNE, DISTRICT = "23473", "613"
TODAY = datetime.date(2025, 11, 20)
MakeActor = Callable[..., Actor]


@frozen
class People:
    officer: Actor
    office: Actor
    chair: Actor
    secretary: Actor
    member: Actor
    committee: Actor


def people(actor: MakeActor, commune: str = COMMUNE, district: str = DISTRICT) -> People:
    return People(
        actor(Role.COMMUNE_OFFICER, commune),
        actor(Role.DISTRICT_OFFICE, district),
        actor(Role.DISTRICT_COUNCIL, district, name="Nguyễn Văn Chủ"),
        actor(Role.DISTRICT_COUNCIL, district, name="Trần Thị Thư"),
        actor(Role.DISTRICT_COUNCIL, district, name="Lê Văn Viên"),
        actor(Role.DISTRICT_COMMITTEE, district),
    )


def composition(who: People, *more: Member, quorum: Quorum = Quorum.TWO_THIRDS) -> Composition:
    return Composition(
        "Quyết định số 15/QĐ-UBND ngày 01/12/2025",
        quorum,
        (
            Member("Nguyễn Văn Chủ", "Phó Chủ tịch UBND huyện", Seat.CHAIR, who.chair.account),
            Member("Lê Văn Viên", "Trưởng phòng Nội vụ", Seat.MEMBER, who.member.account),
            Member("Trần Thị Thư", "Chuyên viên", Seat.SECRETARY, who.secretary.account),
            *more,
        ),
    )


def council(who: People, province: Province, *more: Member) -> Council:
    return set_up_council(who.office, province.cycle, province.units[DISTRICT], composition(who, *more))


def place(dossier: Dossier, state: str) -> Dossier:
    """The dossier put into a state by hand, as if it had gone all the way."""
    Dossier.objects.filter(pk=dossier.pk).update(state=state)
    dossier.refresh_from_db()
    return dossier


def commune(province: Province, state: str) -> Dossier:
    return place(dossier_of(province, COMMUNE), state)


def rule_all(dossier: Dossier, by: Actor) -> None:
    """Every fact accepted by ``by``, as the appraisal screens do."""
    FactRecord.objects.filter(dossier=dossier, status=Status.SELF_REPORTED).update(
        status=Status.VERIFIED, appraised_by=by.account
    )
