"""The permission matrix: tests/cases/permissions.yaml, which a council can read, is all that is allowed."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from ruamel.yaml import YAML

from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.permissions import Refused, allowed_actions, may, permit, roles_for
from certification.procedure.roles import Role, clash, fits
from certification.procedure.states import State
from certification.procedure.subjects import Place, Subject
from levels.framework import Tier

MATRIX = YAML(typ="safe").load(Path(__file__).parents[2] / "cases" / "permissions.yaml")
ME, SOMEBODY = 1, 2

_province = Place("62", Tier.PROVINCE)
_district, _other = Place("608", Tier.DISTRICT), Place("610", Tier.DISTRICT)
UNITS = {
    "commune": Subject(Place("23281", Tier.COMMUNE), (_district, _province)),
    "neighbour": Subject(Place("23284", Tier.COMMUNE), (_district, _province)),
    "far_commune": Subject(Place("23341", Tier.COMMUNE), (_other, _province)),
    "ward": Subject(Place("23999", Tier.COMMUNE), (_province,)),
    "district": Subject(_district, (_province,)),
    "other_district": Subject(_other, (_province,)),
    "agency": Subject(Place("so-yt", Tier.DEPARTMENT), (_province,)),
    "province": Subject(_province),
}


def actor(role: Role) -> Actor:
    home = UNITS[MATRIX["roles"][role]["at"]].unit.code
    return Actor(ME, "A", (Appointment(role, home),))


def subject(about: str, state: State | None) -> Subject:
    return evolve(UNITS[about], state=state, council=frozenset({ME}), late=True)


def written(lines: list[dict[str, Any]]) -> set[tuple[str, str, State | None]]:
    every: tuple[State | None, ...] = (None, *State)
    told = (None, *map(State, MATRIX["told"]))
    known = {"any": every, "told": told}
    return {
        (action, about, state)
        for line in lines
        for action in line["do"]
        for about in (UNITS if line["about"] == "all" else line["about"])
        for state in (known[line["states"]] if isinstance(line["states"], str) else map(State, line["states"]))
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("published", [False, True])
def test_a_role_may_do_exactly_what_the_matrix_says(role: Role, published: bool) -> None:
    expected = written(MATRIX["roles"][role]["may"] + MATRIX["everybody"])
    if published:
        expected |= written(MATRIX["published"])
    found = {
        (action.value, about, state)
        for about in UNITS
        for state in (None, *State)
        for action in allowed_actions(actor(role), evolve(subject(about, state), published=published))
    }
    assert found == expected


@pytest.mark.parametrize("role", list(Role))
def test_only_the_committee_states_again_what_a_replacing_ranking_keeps(role: Role) -> None:
    found = {
        (Action.RESTATE.value, about, state)
        for about in UNITS
        for state in (None, *State)
        if may(actor(role), Action.RESTATE, evolve(subject(about, state), kind="index"))
    }
    assert found == written(MATRIX["index"].get(role.value, []))


@pytest.mark.parametrize("case", MATRIX["refusals"], ids=lambda case: case["name"])
def test_a_refusal_says_why(case: dict[str, Any]) -> None:
    about = evolve(
        subject(case["about"], State(case["state"])),
        entered=frozenset({ME} if case.get("entered") else ()),
        appraised=frozenset({ME} if case.get("appraised") else ()),
        conflicts=frozenset({ME} if case.get("conflict") else ()),
        council={"none": None, "others": frozenset({SOMEBODY}), "mine": frozenset({ME})}[case.get("council", "mine")],
        late=case.get("late", True),
        closed=case.get("closed", False),
        kind=case.get("kind", "levels"),
    )
    with pytest.raises(Refused) as refused:
        permit(actor(Role(case["role"])), Action(case["do"]), about)
    assert case["says"] in refused.value.text.vi
    assert refused.value.text.en


def test_every_action_belongs_to_somebody() -> None:
    assert all(roles_for(action) for action in Action)


def test_nobody_who_has_not_signed_in_may_do_anything() -> None:
    stranger = Actor(None, "", (Appointment(Role.AUDITOR, None),))
    assert not allowed_actions(stranger, evolve(UNITS["commune"], published=True))


def test_who_is_appointed_to_nothing_may_do_nothing() -> None:
    assert not allowed_actions(Actor(ME), evolve(UNITS["commune"], published=True))


def test_an_appointment_at_a_unit_of_the_wrong_tier_opens_nothing() -> None:
    wrong = Actor(ME, "", (Appointment(Role.COMMUNE_OFFICER, "608"), Appointment(Role.PROVINCIAL_COUNCIL, "608")))
    assert not may(wrong, Action.REGISTER, subject("district", State.OPEN))
    assert not may(wrong, Action.APPRAISE, subject("commune", State.RECEIVED))
    assert not may(wrong, Action.READ_DOSSIER, subject("commune", State.RECEIVED))


def test_only_who_plans_audits_or_administers_can_be_appointed_everywhere() -> None:
    for role in Role:
        everywhere = Actor(ME, "", (Appointment(role, None),))
        reads = bool(set(allowed_actions(everywhere, subject("commune", State.RECEIVED))))
        assert reads is (role in {Role.PLANNER, Role.AUDITOR, Role.ADMINISTRATOR})


def test_the_auditor_changes_nothing_and_the_administrator_sees_no_dossier() -> None:
    changing = set(Action) - {
        Action.READ_UNIT, Action.READ_RESULT, Action.READ_DOSSIER, Action.READ_RULINGS, Action.READ_REPORTS,
        Action.READ_AUDIT, Action.PLAN, Action.ISSUE_TOKEN,
    }  # fmt: skip
    for state in State:
        assert not changing & set(allowed_actions(actor(Role.AUDITOR), subject("commune", state)))
        assert not may(actor(Role.ADMINISTRATOR), Action.READ_DOSSIER, subject("commune", state))


def test_the_appointment_that_allows_it_is_the_one_that_reaches_the_unit() -> None:
    two = Actor(ME, "", (Appointment(Role.DISTRICT_COUNCIL, "610"), Appointment(Role.DISTRICT_COUNCIL, "608")))
    assert permit(two, Action.APPRAISE, subject("commune", State.RECEIVED)).unit == "608"


def test_the_rulebook_may_leave_the_appraisal_to_a_broader_tier_than_the_parent() -> None:
    rated_by_province = evolve(subject("commune", State.RECEIVED), reviewed_by=Tier.PROVINCE)
    assert may(actor(Role.PROVINCIAL_COUNCIL), Action.APPRAISE, rated_by_province)
    assert not may(actor(Role.DISTRICT_COUNCIL), Action.APPRAISE, rated_by_province)


def test_an_index_needs_no_registration_and_recognises_nobody() -> None:
    index = evolve(subject("commune", State.OPEN), kind="index")
    assert may(actor(Role.COMMUNE_OFFICER), Action.ENTER_FACT, index)
    assert not may(actor(Role.COMMUNE_OFFICER), Action.REGISTER, index)
    with pytest.raises(Refused) as refused:
        permit(actor(Role.DISTRICT_COMMITTEE), Action.REFUSE_RECOGNITION, evolve(index, state=State.PROPOSED))
    assert "Bộ chỉ số" in refused.value.text.vi


def test_what_was_handed_in_before_a_cycle_closed_goes_to_its_end() -> None:
    closed = evolve(subject("commune", State.APPRAISED), closed=True)
    assert may(actor(Role.DISTRICT_COUNCIL), Action.KEEP_MINUTES, closed)
    assert may(actor(Role.COMMUNE_OFFICER), Action.COMPLAIN, evolve(closed, state=State.PUBLISHED))


def test_the_administrator_and_the_auditor_hold_no_other_role() -> None:
    assert clash([Role.DISTRICT_OFFICE, Role.DISTRICT_COUNCIL]) is None
    for lone in (Role.ADMINISTRATOR, Role.AUDITOR):
        assert clash([lone]) is None
        refusal = clash([lone, Role.PLANNER])
        assert refusal is not None
        assert lone.label.vi in refusal.vi


def test_a_role_is_held_at_units_of_its_tier() -> None:
    assert fits(Role.COMMUNE_OFFICER, Tier.COMMUNE)
    assert not fits(Role.COMMUNE_OFFICER, Tier.DISTRICT)
    assert all(fits(Role.AUDITOR, tier) for tier in Tier)
    assert all(role.does.vi and role.does.en for role in Role)
