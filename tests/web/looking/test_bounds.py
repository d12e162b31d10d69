"""A province with a thousand units: every screen asks the database a bounded number of questions."""

import pytest

from certification.procedure.roles import Role
from certification.store.loading import load_assessment
from certification.store.results import results_of
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Status
from evidence.units import Unit, Units
from levels.framework import Tier

DISTRICTS, COMMUNES = 20, 49


@pytest.fixture
def large(db):
    """A made-up province of 20 districts with 49 communes each, every commune with one fact."""
    units = {"99": Unit("99", "Tỉnh Lớn", Tier.PROVINCE)}
    facts = {}
    for district in range(DISTRICTS):
        above = f"9{district:02d}"
        units[above] = Unit(above, f"Huyện Thứ {district}", Tier.DISTRICT, "99", 3)
        for commune in range(COMMUNES):
            code = f"{90000 + district * 100 + commune}"
            units[code] = Unit(code, f"Xã Thứ {district}.{commune}", Tier.COMMUNE, above, 2)
            facts[code] = {"I.2": Fact(code, "I.2", Status.SELF_REPORTED, Amount(commune, 100), cycle=2025)}
    ordered = Units(dict(sorted(units.items(), key=lambda item: list(Tier).index(item[1].tier))))
    return load_assessment("kon-tum-121-2025", ordered, Evidence(facts, 2025, {}, (), stated={2025: facts}))


@pytest.mark.whole
def test_every_screen_of_a_thousand_units_asks_a_bounded_number_of_questions(
    large, browser, django_assert_max_num_queries
):
    client = browser(Role.DEPARTMENT, "99")
    with django_assert_max_num_queries(45):  # nothing has been decided yet: all results are kept first
        assert client.get("/").status_code == 200
    for address in (
        "/",
        "/units/",
        "/units/?only=mine",
        "/units/?format=xlsx",
        "/map/?tier=commune",
        "/map/?tier=commune&by=place",
        "/search/?q=xa",
    ):
        with django_assert_max_num_queries(22):
            answer = client.get(address)
        assert answer.status_code == 200
        if "xlsx" not in address:
            assert len(answer.content) < 150_000, f"{address}: {len(answer.content)}"
    assert len(results_of(large.cycle)) == DISTRICTS * (COMMUNES + 1)
