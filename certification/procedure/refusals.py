"""Refusals for the state a dossier is in: what it is now, and by which step, of whom, it comes to where it could be."""

from collections import deque
from collections.abc import Collection

from certification.procedure.actions import Action
from certification.procedure.roles import Duty
from certification.procedure.states import Kind, State, next_state
from levels.faults import Text

_BACK = frozenset({Action.REVOKE, Action.COMPLAIN, Action.REOPEN, Action.REFUSE_LATE, Action.REFUSE_RECOGNITION})
"""Steps that nobody takes in order to get somewhere."""


DUTIES = {
    Duty.ASSESS: Text("đơn vị được đánh giá", "the assessed unit"),
    Duty.RECEIVE: Text("cơ quan chuyên môn", "the specialised office"),
    Duty.APPRAISE: Text("Hội đồng thẩm định", "the appraisal council"),
    Duty.SIGN: Text("Ủy ban nhân dân", "the people's committee"),
}
"""Who takes the steps of the year, by duty."""


def find_way(kind: Kind, start: State | None, wanted: Collection[State]) -> tuple[Action, State] | None:
    """The first step of the shortest way from ``start`` to one of ``wanted``, and which one that is; None: no way."""
    if start is None:
        return None
    waiting: deque[tuple[State, Action | None]] = deque([(start, None)])
    seen = {start}
    while waiting:
        state, first = waiting.popleft()
        if first is not None and state in wanted:
            return first, state
        for action in Action:
            after = None if action in _BACK else next_state(kind, state, action)
            if after is not None and after not in seen:
                seen.add(after)
                waiting.append((after, first or action))
    return None


def tell_state(
    action: Action,
    kind: Kind,
    found: State | None,
    wanted: Collection[State],
    way: tuple[Action, State] | None,
    duty: Duty | None,
) -> Text:
    """Why ``action``, which is done in the states ``wanted``, cannot be in ``found``.

    ``duty`` takes the first step of ``way`` to one of them; None: nothing leads there from here.
    """
    if found is None:
        return Text(f"Chưa thể {action.label.vi}: chưa có hồ sơ.", f"Cannot {action.label.en}: there is no dossier.")
    now = found.label_in(kind)
    vi = f"Chưa thể {action.label.vi}: hồ sơ đang ở trạng thái «{now.vi}»."
    en = f"Cannot {action.label.en}: the dossier is in the state “{now.en}”."
    if way is None or duty is None:
        states = [state.label_in(kind) for state in wanted]
        return Text(
            f"{vi} Chỉ làm được ở trạng thái {' hoặc '.join(f'«{label.vi}»' for label in states)}.",
            f"{en} It can only be done in the state {' or '.join(f'“{label.en}”' for label in states)}.",
        )
    step, then = way
    who = DUTIES[duty]
    after = then.label_in(kind)
    return Text(
        f"{vi} Làm được khi hồ sơ chuyển sang «{after.vi}»; trước hết phải {step.label.vi} ({who.vi}).",
        f"{en} It can be done once it is “{after.en}”; first somebody has to {step.label.en} ({who.en}).",
    )
