"""Parts of the samples of two indexes, small enough to be loaded for every test."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.procedure.roles import Role
from certification.store.loading import Province, load_assessment
from certification.store.models import Account, Council, CouncilMember
from tests.web.conftest import Person, cut, read_sample

DEPARTMENTS = ("01-BDT", "01-VP", "01-BQLKCN")
AGENCY = "01-BDT"


@pytest.fixture
def ha_noi(db: None) -> Province:
    """Three departments of Hà Nội with the self score, two rounds and what was explained between them."""
    return load_assessment("ha-noi-2024", *cut(*read_sample("ha-noi-2024"), DEPARTMENTS))


@pytest.fixture
def chu_prong(db: None) -> Province:
    """Three districts under the index of Chư Prông, whose decision puts offices in charge."""
    units, evidence = read_sample("chu-prong-2023")
    districts = [code for code, unit in units.items() if unit.parent is not None][:3]
    return load_assessment("chu-prong-2023", *cut(units, evidence, tuple(districts)))


@pytest.fixture
def scorer(ha_noi: Province, person: Person) -> Account:
    """A member of the city's council."""
    account = person(Role.PROVINCIAL_COUNCIL, ha_noi.cycle.root.code, "Lê Văn Chấm Điểm")
    council = Council.objects.create(cycle=ha_noi.cycle, body=ha_noi.cycle.root, decided_by="01/QĐ-UBND")
    CouncilMember.objects.create(council=council, account=account, name=account.full_name)
    return account


@pytest.fixture
def sign_in() -> Callable[[Account], Client]:
    """Puts a person in front of a browser."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return signed_in
