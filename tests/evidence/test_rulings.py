"""What a council may make of a fact, and what it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.admission import find_flaws
from evidence.asked import AskedCriterion, catalogue
from evidence.facts import Amount, Document, Fact, Status
from evidence.rulings import Ruling, may_exempt, rule
from evidence.units import Unit, Units
from evidence.values import Unreadable
from levels.framework import Framework, Tier
from levels.loader import load_rulebook

UNITS = Units(
    {
        "62": Unit("62", "Tỉnh", Tier.PROVINCE),
        "613": Unit("613", "Huyện", Tier.DISTRICT, "62"),
        "23455": Unit("23455", "Xã", Tier.COMMUNE, "613"),
        "999": Unit("999", "Huyện đảo", Tier.DISTRICT, "62"),
    }
)
RULEBOOK = load_rulebook("kon-tum-121-2025")
ASKED = catalogue(RULEBOOK).asked


def claim(code: str, amount: Amount | None, unit: str = "23455") -> Fact:
    status = Status.UNKNOWN if amount is None else Status.SELF_REPORTED
    return Fact(unit, code, status, amount, documents=(Document("01/BC-UBND"),), note="theo báo cáo", cycle=2025)


def asked(code: str, tier: Tier = Tier.COMMUNE) -> AskedCriterion:
    found = ASKED[tier][code]
    assert isinstance(found, AskedCriterion)
    return found


def flaws(
    fact: Fact, ruling: Ruling, amount: Amount | None = None, note: str = "", tier: Tier = Tier.COMMUNE
) -> set[str]:
    with pytest.raises(Unreadable) as refused:
        rule(fact, ruling, asked(fact.criterion, tier), UNITS, amount, note)
    return {flaw.column for flaw in refused.value.flaws}


def test_an_accepted_fact_keeps_its_value_note_and_documents() -> None:
    fact = rule(claim("I.2", Amount(74, 104)), Ruling.ACCEPT, asked("I.2"), UNITS)
    assert (fact.status, fact.amount, fact.note) == (Status.VERIFIED, Amount(74, 104), "theo báo cáo")
    assert fact.documents


def test_what_is_not_reported_cannot_be_accepted() -> None:
    assert flaws(claim("I.2", None), Ruling.ACCEPT) == {"status"}


def test_adjusting_keeps_the_reported_value_beside_the_councils() -> None:
    fact = rule(claim("I.2", Amount(74, 104)), Ruling.ADJUST, asked("I.2"), UNITS, Amount(70, 104), "đếm lại")
    assert (fact.status, fact.amount, fact.reported) == (Status.ADJUSTED, Amount(70, 104), Amount(74, 104))
    assert fact.note == "đếm lại"


def test_adjusting_to_the_reported_value_is_refused() -> None:
    assert flaws(claim("I.2", Amount(74, 104)), Ruling.ADJUST, Amount(74, 104), "đếm lại") == {"value"}


def test_the_same_share_of_other_counts_is_an_adjustment() -> None:
    fact = rule(claim("I.2", Amount(1, 2)), Ruling.ADJUST, asked("I.2"), UNITS, Amount(2, 4), "đếm lại")
    assert fact.amount == Amount(2, 4)


def test_the_council_may_state_what_the_unit_did_not_report() -> None:
    fact = rule(claim("I.2", None), Ruling.ADJUST, asked("I.2"), UNITS, Amount(3, 4), "theo hệ thống")
    assert (fact.amount, fact.reported) == (Amount(3, 4), None)


def test_adjusting_needs_a_value_and_a_reason() -> None:
    assert flaws(claim("I.2", Amount(1, 2)), Ruling.ADJUST) == {"value", "note"}


def test_taking_a_ruling_back_is_no_ruling_on_the_fact() -> None:
    with pytest.raises(ValueError, match="no ruling"):
        rule(claim("I.2", Amount(1, 2)), Ruling.REOPEN, asked("I.2"), UNITS)


def test_rejecting_needs_a_reason() -> None:
    assert flaws(claim("I.2", Amount(1, 2)), Ruling.REJECT) == {"note"}


def test_what_is_unknown_can_be_rejected() -> None:
    fact = rule(claim("I.2", None), Ruling.REJECT, asked("I.2"), UNITS, note="không nộp")
    assert (fact.status, fact.amount) == (Status.REJECTED, None)


def test_an_ordinary_criterion_cannot_be_exempted() -> None:
    assert flaws(claim("I.2", Amount(1, 2)), Ruling.EXEMPT, note="không phù hợp") == {"status"}


def test_a_criterion_that_says_neu_co_can_be_exempted_for_a_reason() -> None:
    assert (
        rule(claim("II.3", None), Ruling.EXEMPT, asked("II.3"), UNITS, note="không có sản phẩm").status is Status.EXEMPT
    )
    assert flaws(claim("II.3", None), Ruling.EXEMPT) == {"note"}


def test_a_zero_base_can_be_exempted() -> None:
    fact = rule(claim("III.7", Amount(0, 0)), Ruling.EXEMPT, asked("III.7"), UNITS, note="không có nhà văn hóa")
    assert (fact.status, fact.amount, fact.reported) == (Status.EXEMPT, Amount(0, 0), None)


def test_a_zero_base_that_the_council_finds_itself_can_be_exempted() -> None:
    fact = rule(
        claim("III.7", Amount(1, 2)), Ruling.EXEMPT, asked("III.7"), UNITS, Amount(0, 0), "không có nhà văn hóa"
    )
    assert fact.status is Status.EXEMPT


def test_a_count_of_zero_is_no_zero_base() -> None:
    assert flaws(claim("I.7", Amount(0)), Ruling.EXEMPT, note="không có người") == {"status"}


def test_what_follows_from_members_can_only_be_exempted_where_there_is_none() -> None:
    for ruling in (Ruling.ACCEPT, Ruling.REJECT):
        with pytest.raises(Unreadable):
            rule(claim("I.1", None, "613"), ruling, asked("I.1", Tier.DISTRICT), UNITS, note="-")
    assert flaws(claim("I.1", None, "613"), Ruling.EXEMPT, note="-", tier=Tier.DISTRICT) == {"status"}
    assert may_exempt(claim("I.1", None, "999"), asked("I.1", Tier.DISTRICT), UNITS)


AMOUNTS = st.one_of(
    st.none(),
    st.builds(lambda whole, part: Amount(min(whole, part), whole), st.integers(0, 99), st.integers(0, 99)),
)


@given(
    st.sampled_from([each for each in Ruling if each is not Ruling.REOPEN]),
    st.sampled_from(sorted(ASKED[Tier.COMMUNE])),
    AMOUNTS,
    AMOUNTS,
    st.sampled_from(["", "lý do"]),
)
def test_whatever_a_ruling_leaves_can_stand_in_a_dossier(
    ruling: Ruling, code: str, reported: Amount | None, council: Amount | None, note: str
) -> None:
    assert isinstance(RULEBOOK, Framework)
    try:
        fact = rule(claim(code, reported), ruling, asked(code), UNITS, council, note)
    except Unreadable:
        return
    assert find_flaws(fact, asked(code).criterion, UNITS) == []
    assert fact.note or ruling is Ruling.ACCEPT
