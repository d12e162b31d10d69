"""A council that sits before a dossier."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.loading import Province
from certification.store.models import Account, Council, CouncilMember, Cycle, Dossier, UnitRecord
from tests.web.conftest import Person, dossier_of

SELF_ASSESSED = "23455"
"""Xã Đắk Ring: everything is reported and proven, nothing is ruled on yet."""


def seat(account: Account, cycle: Cycle, body: str) -> None:
    """Let ``account`` sit in the council of ``body``, set up where there is none."""
    unit = UnitRecord.objects.get(code=body, valid_until=None)
    council, _ = Council.objects.get_or_create(cycle=cycle, body=unit, defaults={"decided_by": "01/QĐ-UBND"})
    CouncilMember.objects.create(council=council, account=account, name=account.full_name)


@pytest.fixture
def received(province: Province) -> Dossier:
    """A dossier that the office has received and nobody has appraised yet."""
    dossier = dossier_of(province, SELF_ASSESSED)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.RECEIVED.value)
    return dossier_of(province, SELF_ASSESSED)


@pytest.fixture
def member(province: Province, person: Person) -> Account:
    """A member of the council of Kon Plông."""
    account = person(Role.DISTRICT_COUNCIL, "613", "Nguyễn Thị Hội Đồng")
    seat(account, province.cycle, "613")
    return account


@pytest.fixture
def colleague(province: Province, person: Person) -> Account:
    """Another member of the same council."""
    account = person(Role.DISTRICT_COUNCIL, "613", "Trần Văn Ủy Viên")
    seat(account, province.cycle, "613")
    return account


@pytest.fixture
def sign_in() -> Callable[[Account], Client]:
    """Puts a person in front of a browser."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return signed_in


@pytest.fixture
def judge(member: Account) -> Actor:
    """The member as the procedure knows him."""
    return actor_of(member)
