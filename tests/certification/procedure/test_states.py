"""The state machine of a dossier: every state can be reached and left, and separation of duties holds on every way."""

from typing import get_args

import networkx
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.permissions import may
from certification.procedure.roles import Role
from certification.procedure.states import ENDS, PROCEDURAL, TRANSITIONS, Kind, State, actions_in, next_state
from certification.procedure.subjects import Place, Subject
from levels.framework import Tier

KINDS: tuple[Kind, ...] = get_args(Kind)


def ways(kind: Kind) -> "networkx.DiGraph[State]":
    graph: networkx.DiGraph[State] = networkx.DiGraph()
    graph.add_edges_from((before, after) for (before, _), after in TRANSITIONS[kind].items())
    return graph


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_reached_from_the_beginning(kind: Kind) -> None:
    left_out = {"levels": set(), "index": {State.REGISTERED, State.NOT_RECOGNISED}}[kind]
    assert {State.OPEN} | networkx.descendants(ways(kind), State.OPEN) == set(State) - left_out


@pytest.mark.parametrize("kind", KINDS)
def test_from_every_state_a_year_can_end_published(kind: Kind) -> None:
    graph = ways(kind)
    assert all(state is State.PUBLISHED or networkx.has_path(graph, state, State.PUBLISHED) for state in graph)


@pytest.mark.parametrize("kind", KINDS)
def test_only_ends_wait_for_nobody(kind: Kind) -> None:
    from certification.procedure.calendar import WAITS

    for state in ways(kind):
        wait = WAITS[kind].get(state)
        assert (wait is None) is (state in ENDS)
        assert wait is None or wait.action in actions_in(kind, state)


def test_the_whole_year_of_a_recognised_commune() -> None:
    steps = (
        (Action.REGISTER, State.REGISTERED), (Action.ENTER_FACT, State.ASSESSING), (Action.SUBMIT, State.SUBMITTED),
        (Action.RETURN, State.RETURNED), (Action.ENTER_FACT, State.RETURNED), (Action.SUBMIT, State.SUBMITTED),
        (Action.RECEIVE, State.RECEIVED), (Action.APPRAISE, State.APPRAISING), (Action.CLOSE_ROUND, State.EXPLAINING),
        (Action.EXPLAIN, State.EXPLAINING), (Action.SUBMIT, State.SECOND_ROUND), (Action.APPRAISE, State.SECOND_ROUND),
        (Action.CLOSE_APPRAISAL, State.APPRAISED), (Action.VOTE, State.APPRAISED), (Action.KEEP_MINUTES, State.MINUTED),
        (Action.PROPOSE, State.PROPOSED), (Action.SIGN, State.RECOGNISED), (Action.PUBLISH, State.PUBLISHED),
        (Action.COMPLAIN, State.COMPLAINED), (Action.REOPEN, State.REAPPRAISING),
        (Action.CLOSE_APPRAISAL, State.APPRAISED), (Action.KEEP_MINUTES, State.MINUTED),
        (Action.PROPOSE, State.PROPOSED), (Action.SIGN, State.RECOGNISED), (Action.PUBLISH, State.PUBLISHED),
        (Action.REVOKE, State.REVOKED),
    )  # fmt: skip
    state: State | None = State.OPEN
    for action, expected in steps:
        assert state is not None
        state = next_state("levels", state, action)
        assert state is expected


def test_facts_never_change_once_they_are_handed_in_unless_the_dossier_is_returned() -> None:
    entering = {before for (before, action) in TRANSITIONS["levels"] if action is Action.ENTER_FACT}
    assert entering == {State.REGISTERED, State.ASSESSING, State.RETURNED}


@pytest.mark.parametrize("kind", KINDS)
def test_states_and_actions_have_names_in_both_languages(kind: Kind) -> None:
    assert all(state.label_in(kind).vi and state.label_in(kind).en for state in State)
    assert all(action.label.vi and action.label.en for action in Action)


_DISTRICT, _PROVINCE = Place("608", Tier.DISTRICT), Place("62", Tier.PROVINCE)
_ACCOUNTS = (1, 2, 3)
_ROLES = (Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICE, Role.DISTRICT_COUNCIL, Role.DISTRICT_COMMITTEE)
_UNIT_OF = {Role.COMMUNE_OFFICER: "23281"}
PROCEDURAL_IN_ORDER = sorted(PROCEDURAL)


@settings(deadline=None)  # the slower the machine, the longer each of the many judgements
@given(
    kind=st.sampled_from(KINDS),
    held=st.lists(st.sets(st.sampled_from(_ROLES), min_size=1), min_size=3, max_size=3),
    choices=st.lists(st.integers(min_value=0), min_size=10, max_size=60),
)
def test_no_sequence_of_steps_lets_an_account_appraise_what_it_entered(
    kind: Kind, held: list[set[Role]], choices: list[int]
) -> None:
    actors = [
        Actor(account, "", tuple(Appointment(role, _UNIT_OF.get(role, "608")) for role in sorted(roles)))
        for account, roles in zip(_ACCOUNTS, held, strict=True)
    ]
    dossier = Subject(
        Place("23281", Tier.COMMUNE),
        (_DISTRICT, _PROVINCE),
        kind=kind,
        state=State.OPEN,
        council=frozenset(_ACCOUNTS),
        late=True,
    )
    for choice in choices:
        possible = [
            (actor, action) for actor in actors for action in PROCEDURAL_IN_ORDER if may(actor, action, dossier)
        ]
        if not possible:
            break
        actor, action = possible[choice % len(possible)]
        assert actor.account is not None
        assert dossier.state is not None
        if action in (Action.APPRAISE, Action.CLOSE_APPRAISAL, Action.VOTE, Action.KEEP_MINUTES, Action.SIGN):
            assert actor.account not in dossier.entered
        own = frozenset({actor.account})
        dossier = evolve(
            dossier,
            state=next_state(kind, dossier.state, action),
            entered=dossier.entered | own if action in (Action.ENTER_FACT, Action.ATTACH_PROOF) else dossier.entered,
            appraised=dossier.appraised | own if action is Action.APPRAISE else dossier.appraised,
        )
        assert not dossier.entered & dossier.appraised
