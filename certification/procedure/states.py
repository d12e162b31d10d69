"""The states of a dossier and the transitions between them: one explicit table.

An action that is not in the table for a state cannot be done in it. Actions that leave the state as it
is (entering a fact while assessing) stand in the table too, so that it says all that can be done.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from certification.procedure.actions import Action
from levels.faults import Text

Kind = Literal["levels", "index"]
"""What the cycle's rulebook yields: recognised levels, or points and a published ranking."""


class State(StrEnum):
    """How far a dossier has got."""

    OPEN = "open"
    REGISTERED = "registered"
    ASSESSING = "assessing"
    SUBMITTED = "submitted"
    REFUSED_LATE = "refused_late"
    RETURNED = "returned"
    RECEIVED = "received"
    APPRAISING = "appraising"
    EXPLAINING = "explaining"
    SECOND_ROUND = "second_round"
    APPRAISED = "appraised"
    MINUTED = "minuted"
    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    PUBLISHED = "published"
    COMPLAINED = "complained"
    REAPPRAISING = "reappraising"
    REVOKED = "revoked"

    @property
    def label(self) -> Text:
        """The state's name in both languages, of a dossier that ends in a recognised level."""
        return _TITLES[self]

    def label_in(self, kind: Kind) -> Text:
        """The state's name in a cycle of ``kind``: what an index's committee signs is a ranking."""
        return _INDEX_TITLES.get(self, self.label) if kind == "index" else self.label


ENDS = frozenset({State.PUBLISHED, State.REFUSED_LATE, State.REVOKED})
"""Where a year may end; a complaint, a reversed refusal or a re-appraisal leads on from there."""

NOT_HANDED_IN = (State.OPEN, State.REGISTERED, State.ASSESSING, State.RETURNED, State.REFUSED_LATE)
"""The states of a dossier that no council has to appraise: nothing was handed in, or not in time."""

UNTOLD = frozenset({State.APPRAISING, State.SECOND_ROUND, State.APPRAISED, State.REAPPRAISING})
"""The states in which what the council rules is not the unit's to know yet: a round is open, or its result not adopted.

It is told when the council asks for explanations and when it adopts its minutes (mục II.3: «Sau khi có kết quả thẩm
định»; Hà Nội, mục III: the units explain «trên cơ sở kết quả đánh giá vòng 1»).
"""

_TITLES = {
    State.OPEN: Text("Chưa đăng ký", "Not registered yet"),
    State.REGISTERED: Text("Đã đăng ký", "Registered"),
    State.ASSESSING: Text("Đang tự đánh giá", "Self-assessment"),
    State.SUBMITTED: Text("Đã nộp", "Handed in"),
    State.REFUSED_LATE: Text("Từ chối do nộp muộn", "Refused as late"),
    State.RETURNED: Text("Trả lại để hoàn thiện", "Returned for completion"),
    State.RECEIVED: Text("Đã tiếp nhận", "Received"),
    State.APPRAISING: Text("Đang thẩm định vòng 1", "Appraisal, first round"),
    State.EXPLAINING: Text("Chờ giải trình", "Explanation"),
    State.SECOND_ROUND: Text("Đang thẩm định vòng 2", "Appraisal, second round"),
    State.APPRAISED: Text("Đã thẩm định", "Appraised"),
    State.MINUTED: Text("Đã có biên bản hội đồng", "Minutes kept"),
    State.PROPOSED: Text("Đã trình ký", "Submitted for signature"),
    State.RECOGNISED: Text("Đã công nhận", "Recognised"),
    State.NOT_RECOGNISED: Text("Không công nhận", "Not recognised"),
    State.PUBLISHED: Text("Đã công bố", "Published"),
    State.COMPLAINED: Text("Đang có khiếu nại", "Complaint pending"),
    State.REAPPRAISING: Text("Đang thẩm định lại", "Re-appraisal"),
    State.REVOKED: Text("Đã thu hồi", "Revoked"),
}

_INDEX_TITLES = {
    State.OPEN: Text("Chưa tự đánh giá", "Self-assessment not begun"),
    State.RECOGNISED: Text("Đã phê duyệt kết quả", "Result approved"),
}

_COMMON: dict[tuple[State, Action], State] = {
    (State.REGISTERED, Action.ENTER_FACT): State.ASSESSING,
    (State.REGISTERED, Action.ATTACH_PROOF): State.ASSESSING,
    (State.ASSESSING, Action.ENTER_FACT): State.ASSESSING,
    (State.ASSESSING, Action.ATTACH_PROOF): State.ASSESSING,
    (State.ASSESSING, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.WITHDRAW): State.ASSESSING,
    (State.SUBMITTED, Action.RECEIVE): State.RECEIVED,
    (State.SUBMITTED, Action.REFUSE_LATE): State.REFUSED_LATE,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    # The text gives the office a right to refuse, no duty: it may receive after all.
    (State.REFUSED_LATE, Action.RECEIVE): State.RECEIVED,
    (State.RETURNED, Action.ENTER_FACT): State.RETURNED,
    (State.RETURNED, Action.ATTACH_PROOF): State.RETURNED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RECEIVED, Action.RETURN): State.RETURNED,
    (State.RECEIVED, Action.APPRAISE): State.APPRAISING,
    (State.APPRAISING, Action.APPRAISE): State.APPRAISING,
    (State.APPRAISING, Action.CLOSE_ROUND): State.EXPLAINING,
    (State.APPRAISING, Action.CLOSE_APPRAISAL): State.APPRAISED,
    (State.EXPLAINING, Action.EXPLAIN): State.EXPLAINING,
    (State.EXPLAINING, Action.ATTACH_PROOF): State.EXPLAINING,
    (State.EXPLAINING, Action.SUBMIT): State.SECOND_ROUND,
    (State.EXPLAINING, Action.OPEN_SECOND_ROUND): State.SECOND_ROUND,  # the unit has not explained in time
    (State.SECOND_ROUND, Action.APPRAISE): State.SECOND_ROUND,
    (State.SECOND_ROUND, Action.CLOSE_APPRAISAL): State.APPRAISED,
    (State.APPRAISED, Action.OPEN_SECOND_ROUND): State.SECOND_ROUND,
    (State.APPRAISED, Action.VOTE): State.APPRAISED,
    (State.APPRAISED, Action.KEEP_MINUTES): State.MINUTED,
    (State.MINUTED, Action.OPEN_SECOND_ROUND): State.SECOND_ROUND,
    (State.MINUTED, Action.PROPOSE): State.PROPOSED,
    (State.PROPOSED, Action.SEND_BACK): State.APPRAISED,
    (State.PROPOSED, Action.SIGN): State.RECOGNISED,
    (State.RECOGNISED, Action.PUBLISH): State.PUBLISHED,
    (State.RECOGNISED, Action.REVOKE): State.REVOKED,
    (State.PUBLISHED, Action.COMPLAIN): State.COMPLAINED,
    (State.PUBLISHED, Action.REOPEN): State.REAPPRAISING,
    (State.PUBLISHED, Action.REVOKE): State.REVOKED,
    (State.COMPLAINED, Action.DISMISS_COMPLAINT): State.PUBLISHED,
    (State.COMPLAINED, Action.REOPEN): State.REAPPRAISING,
    (State.REAPPRAISING, Action.APPRAISE): State.REAPPRAISING,
    (State.REAPPRAISING, Action.CLOSE_ROUND): State.EXPLAINING,
    (State.REAPPRAISING, Action.CLOSE_APPRAISAL): State.APPRAISED,
    (State.REVOKED, Action.REOPEN): State.REAPPRAISING,
} | {
    (state, Action.DECLARE_CONFLICT): state
    for state in (
        State.RECEIVED, State.APPRAISING, State.EXPLAINING, State.SECOND_ROUND, State.APPRAISED, State.REAPPRAISING
    )
}  # fmt: skip

TRANSITIONS: Mapping[Kind, Mapping[tuple[State, Action], State]] = MappingProxyType(
    {
        "levels": MappingProxyType(
            _COMMON
            | {
                (State.OPEN, Action.REGISTER): State.REGISTERED,
                (State.REGISTERED, Action.REGISTER): State.REGISTERED,
                (State.ASSESSING, Action.REGISTER): State.ASSESSING,
                (State.PROPOSED, Action.REFUSE_RECOGNITION): State.NOT_RECOGNISED,
                # Who hands in nothing in time is not recognised either: the district above him waits for a decision.
                **{(state, Action.REFUSE_RECOGNITION): State.NOT_RECOGNISED for state in NOT_HANDED_IN},
                (State.NOT_RECOGNISED, Action.PUBLISH): State.PUBLISHED,
            }
        ),
        # An index knows no target level: entering begins the self-assessment; what is signed is the ranking.
        "index": MappingProxyType(
            {key: state for key, state in _COMMON.items() if key[0] is not State.REGISTERED}
            | {
                (State.OPEN, Action.ENTER_FACT): State.ASSESSING,
                (State.OPEN, Action.ATTACH_PROOF): State.ASSESSING,
                (State.EXPLAINING, Action.ENTER_FACT): State.EXPLAINING,
                # The points of one unit move the ranks of the others: a replacing ranking states them all again.
                (State.RECOGNISED, Action.RESTATE): State.RECOGNISED,
                (State.PUBLISHED, Action.RESTATE): State.PUBLISHED,
            }
        ),
    }
)
"""By kind of rulebook, the state that follows when an action is done in a state."""

PROCEDURAL = frozenset(action for table in TRANSITIONS.values() for _, action in table)
"""The actions that belong to a state of a dossier; all others may be done in any state, or need none."""


def next_state(kind: Kind, state: State, action: Action) -> State | None:
    """The state after ``action``; None where it cannot be done in ``state``."""
    return TRANSITIONS[kind].get((state, action))


def actions_in(kind: Kind, state: State) -> tuple[Action, ...]:
    """What can be done in ``state``, by anybody, in the order of the year."""
    return tuple(action for action in Action if (state, action) in TRANSITIONS[kind])


def states_for(kind: Kind, action: Action) -> tuple[State, ...]:
    """The states in which ``action`` can be done, in the order of the year."""
    return tuple(state for state in State if (state, action) in TRANSITIONS[kind])
