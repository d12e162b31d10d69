"""The stages of one dossier's year, as a person follows them: what is done, where it stands, what is to come."""

import datetime
from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from certification.procedure.calendar import WAITS, Calendar, Due, StepName
from certification.procedure.states import Kind, State


@frozen
class Taken:
    """One step that was taken, as far as the stages read it."""

    after: State
    on: datetime.date
    days_late: int = 0
    before: State | None = None


@frozen
class Stage:
    """One stage: the state that stands for it, how it stands, and its dates."""

    state: State
    standing: Literal["done", "current", "late", "todo"]
    reached: datetime.date | None  # when the dossier last got there
    days_late: int  # by how many days it got there late
    due: Due | None  # until when it should be left


_LINE: tuple[tuple[State, StepName | None], ...] = (
    (State.REGISTERED, "registration"),
    (State.ASSESSING, "self_assessment"),
    (State.SUBMITTED, None),
    (State.RECEIVED, None),
    (State.APPRAISING, "appraisal"),
    (State.EXPLAINING, None),
    (State.SECOND_ROUND, None),
    (State.APPRAISED, None),
    (State.MINUTED, None),
    (State.PROPOSED, "recognition"),
    (State.RECOGNISED, None),
    (State.PUBLISHED, "publication"),
)
_ASIDE = {
    State.RETURNED: State.SUBMITTED,
    State.REFUSED_LATE: State.RECEIVED,
    State.NOT_RECOGNISED: State.RECOGNISED,
    State.COMPLAINED: State.PUBLISHED,
    State.REVOKED: State.PUBLISHED,
    State.REAPPRAISING: State.APPRAISING,
}
"""States beside the line stand in the place of the stage that they interrupt."""
_OPTIONAL = frozenset({State.EXPLAINING, State.SECOND_ROUND})
"""Stages that many dossiers skip: shown once they were reached."""


def stages_of(
    kind: Kind, state: State, taken: Sequence[Taken], calendar: Calendar, today: datetime.date
) -> tuple[Stage, ...]:
    """The stages of a dossier in ``state`` that has ``taken`` these steps, in the order of the year."""
    place = _ASIDE.get(state, state)
    reached = {step.after: step for step in taken}
    passed_over = _passed_over(taken) - reached.keys() - {place}
    line = [
        (each, step)
        for each, step in _LINE
        if not (kind == "index" and each is State.REGISTERED)
        and (each not in _OPTIONAL or each in (place, *reached))
        and each not in passed_over
    ]
    order = [each for each, _ in line]
    here = order.index(place) if place in order else -1
    found = []
    for number, (each, step) in enumerate(line):
        shown = state if number == here else each
        got = reached.get(shown) or reached.get(each)
        due = None if step is None else calendar.find(step)
        standing: Literal["done", "current", "late", "todo"] = "todo"
        if number < here or (number == here and state is State.PUBLISHED):
            standing = "done"
        elif number == here:
            standing = "late" if _overdue(kind, state, calendar, today) else "current"
        if standing == "todo":  # what an earlier turn of the year had reached is to come again
            got = None
        found.append(Stage(shown, standing, got.on if got else None, got.days_late if got else 0, due))
    return tuple(found)


def _passed_over(taken: Sequence[Taken]) -> set[State]:
    """The stages that a step left out: who is not recognised because he handed in nothing was never appraised."""
    order = [each for each, _ in _LINE]
    found: set[State] = set()
    for step in taken:
        start, end = (
            _ASIDE.get(step.before or step.after, step.before or step.after),
            _ASIDE.get(step.after, step.after),
        )
        if end in order and (start in order or step.before is State.OPEN):
            found.update(order[order.index(start) + 1 if start in order else 0 : order.index(end)])
    return found


def _overdue(kind: Kind, state: State, calendar: Calendar, today: datetime.date) -> bool:
    wait = WAITS[kind].get(state)
    due = None if wait is None or wait.step is None else calendar.last_day(wait.step)
    return due is not None and due < today
