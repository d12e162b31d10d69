"""Before a ranking is published nobody is told ranks of units into which he may not look, nor what tells of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.assessments import rating_of
from certification.store.loading import Province, load_assessment
from certification.store.models import Account, Dossier, FactRecord
from certification.store.tokens import issue_token
from levels.framework import Tier
from tests.web.conftest import Person, dossier_of, read_sample
from tests.web.indexes.conftest import AGENCY, DEPARTMENTS

SignIn = Callable[[Account], Client]
OTHERS = [code for code in DEPARTMENTS if code != AGENCY]


@pytest.fixture
def officer(ha_noi: Province, person: Person) -> Account:
    return person(Role.AGENCY_OFFICER, AGENCY)


def publish(ha_noi: Province) -> None:
    Dossier.objects.filter(cycle=ha_noi.cycle).update(state=State.PUBLISHED.value)


def names(ha_noi: Province) -> list[str]:
    return [ha_noi.units[code].name for code in OTHERS]


def test_an_agency_reads_its_points_and_no_rank_until_the_ranking_is_published(
    ha_noi: Province, officer: Account, sign_in: SignIn
) -> None:
    page = f"/indexes/units/{dossier_of(ha_noi, AGENCY).pk}/"
    before = sign_in(officer).get(page).content.decode()
    assert "công bố bằng quyết định xếp hạng" in before
    assert not re.search(r"<dt>Hạng</dt>|để bằng hạng|hạng \d+/\d+", before)
    assert "radar" not in before
    publish(ha_noi)
    assert "<dt>Hạng</dt>" in sign_in(officer).get(page).content.decode()


def test_neither_the_rounds_of_an_agency_nor_their_reasons_tell_its_rank(
    ha_noi: Province, officer: Account, sign_in: SignIn
) -> None:
    page = f"/indexes/units/{dossier_of(ha_noi, AGENCY).pk}/"
    ranks = r"Thứ hạng</|Điểm và thứ hạng|ảnh hưởng đến thứ hạng|hạng \d+|\(hạng"
    before = sign_in(officer).get(page).content.decode()
    assert "Điểm qua các vòng" in before
    assert re.findall(ranks, before) == []
    publish(ha_noi)
    after = sign_in(officer).get(page).content.decode()
    assert len(re.findall(ranks, after)) > 5


def test_an_agency_that_is_asked_to_explain_reads_the_rulings_and_no_rank(
    ha_noi: Province, officer: Account, sign_in: SignIn, scorer: Account
) -> None:
    dossier = dossier_of(ha_noi, AGENCY)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.EXPLAINING.value)
    for page in (f"/appraisal/{dossier.pk}/", f"/appraisal/{dossier.pk}/at/1.1/"):
        assert "Hạng" not in sign_in(officer).get(page).content.decode()
        assert "Hạng" in sign_in(scorer).get(page).content.decode()


def test_the_ranking_shows_an_agency_its_own_row_without_a_rank(
    ha_noi: Province, officer: Account, sign_in: SignIn
) -> None:
    page = sign_in(officer).get(f"/indexes/ranking/?cycle={ha_noi.cycle.pk}").content.decode()
    assert ha_noi.units[AGENCY].name in page
    assert not any(name in page for name in names(ha_noi))
    assert ">Hạng<" not in page


def test_a_what_if_of_an_agency_names_no_other_and_ranks_it_among_none(
    ha_noi: Province, officer: Account, sign_in: SignIn
) -> None:
    dossier = dossier_of(ha_noi, AGENCY)
    fact = FactRecord.objects.filter(dossier=dossier, numerator__gt=0).first()
    assert fact is not None
    address = f"/planning/{dossier.pk}/what-if/"
    client = sign_in(officer)
    assert client.get(f"/planning/{dossier.pk}/chances/").status_code == 200
    page = client.get(address, {f"v.{fact.criterion}": "0"}).content.decode()
    assert "Điều sẽ đổi" in page
    assert not any(name in page for name in names(ha_noi))
    assert f"/{len(DEPARTMENTS)}" not in page


def test_a_call_for_an_agency_gives_no_rank(ha_noi: Province, officer: Account, person: Person) -> None:
    dossier = dossier_of(ha_noi, AGENCY)

    def told(account: Account, address: str) -> dict[str, object]:
        token = issue_token(actor_of(account), account.appointments.get().pk, "máy", 30).secret
        answer: dict[str, object] = Client(headers={"Authorization": f"Bearer {token}"}).get(address).json()
        return answer

    why, result = f"/api/v1/dossiers/{dossier.pk}/why", f"/api/v1/dossiers/{dossier.pk}/result"
    assert told(officer, why)["rank"] is None
    rounds: Any = told(officer, why)["rounds"]
    moved = [change[key] for each in rounds for change in each["changes"] for key in ("rank_before", "rank_after")]
    assert moved
    assert {each["rank"] for each in rounds} == {each["tied"] for each in rounds} == {*moved} == {None}
    assert told(officer, result)["units"][0]["rank"] is None  # type: ignore[index]  # a list of units
    above = person(Role.DEPARTMENT, ha_noi.cycle.root.code)
    assert told(above, why)["rank"] == rating_of(ha_noi.cycle).ranking().place_of[AGENCY].rank


@pytest.mark.parametrize("page", ["what-if", "plan", "chances"])
def test_a_commune_plans_although_it_may_not_look_into_its_district(
    db: None, person: Person, sign_in: SignIn, page: str
) -> None:
    units, evidence = read_sample("dak-lak-2534-2022")
    code = next(unit.code for unit in units.values() if unit.tier is Tier.COMMUNE)
    province = load_assessment("dak-lak-2534-2022", units, evidence)
    client = sign_in(person(Role.COMMUNE_OFFICER, code))
    assert client.get(f"/planning/{dossier_of(province, code).pk}/{page}/").status_code == 200
