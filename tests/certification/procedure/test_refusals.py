"""A refusal says where the dossier is and what has to happen first, and no list of states."""

import pytest

from certification.procedure.actions import Action
from certification.procedure.refusals import find_way, tell_state
from certification.procedure.states import Kind, State, states_for


@pytest.mark.parametrize(
    ("kind", "action", "now", "first", "then"),
    [
        ("levels", Action.SIGN, State.RECEIVED, Action.APPRAISE, State.PROPOSED),
        ("levels", Action.RECEIVE, State.ASSESSING, Action.SUBMIT, State.SUBMITTED),
        ("index", Action.EXPLAIN, State.APPRAISING, Action.CLOSE_ROUND, State.EXPLAINING),
    ],
)
def test_the_first_step_of_the_shortest_way_is_told(
    kind: Kind, action: Action, now: State, first: Action, then: State
) -> None:
    assert find_way(kind, now, states_for(kind, action)) == (first, then)


def test_what_nothing_leads_to_names_where_it_is_done_and_claims_nothing_else() -> None:
    wanted = states_for("levels", Action.DISMISS_COMPLAINT)
    told = tell_state(Action.DISMISS_COMPLAINT, "levels", State.ASSESSING, wanted, None, None)
    assert told.vi.endswith("Chỉ làm được ở trạng thái «Đang có khiếu nại».")


def test_nobody_is_sent_to_complain_or_revoke_in_order_to_get_somewhere() -> None:
    assert find_way("levels", State.PUBLISHED, states_for("levels", Action.ENTER_FACT)) is None
