"""The cycle's calendar: the rulebook's dates, what each state of a dossier waits for, and how late a step is.

``trước ngày D`` ends with the day before D. Holidays are not in the law: no day is ever shifted.
"""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import evolve, frozen

from certification.procedure.actions import Action
from certification.procedure.roles import Duty
from certification.procedure.states import Kind, State
from certification.procedure.subjects import Subject
from levels.faults import Text
from levels.framework import Framework
from levels.index import Index, Step

StepName = Literal["registration", "self_assessment", "appraisal", "recognition", "publication", "summary", "other"]

SOON = 14
"""From how many days before its last day on a step is called urgent."""


@frozen
class Due:
    """One step of the year with its last day in time; None where the rulebook's words give no day."""

    step: StepName
    name: str  # the rulebook's words
    last_day: datetime.date | None
    clause: str
    by: str = ""  # who acts, where the rulebook says it beside the date
    words: str = ""  # when, in the rulebook's words
    late: str = ""  # what the rulebook says of lateness

    def days_left(self, today: datetime.date) -> int | None:
        """Days until the last day: 0 on it, negative after it; None where there is no day."""
        return None if self.last_day is None else (self.last_day - today).days


@frozen
class Calendar:
    """The steps of one cycle in the rulebook's order."""

    year: int
    steps: tuple[Due, ...]

    def find(self, step: StepName) -> Due | None:
        """The first dated entry of ``step``, else the first; None where the rulebook has no such step."""
        found = [due for due in self.steps if due.step == step]
        return next((due for due in found if due.last_day is not None), found[0] if found else None)

    def last_day(self, step: StepName) -> datetime.date | None:
        """The last day of ``step`` in time; None where there is no such day."""
        due = self.find(step)
        return None if due is None else due.last_day

    def days_late(self, action: Action, day: datetime.date) -> int:
        """By how many days ``action``, done on ``day``, comes after the last day of its step; 0: in time or no date."""
        step = _STEP_OF.get(action)
        last = None if step is None else self.last_day(step)
        return 0 if last is None else max((day - last).days, 0)


def calendar_of(rulebook: Framework | Index, year: int) -> Calendar:
    """The calendar of ``rulebook`` in the cycle ``year``."""
    if isinstance(rulebook, Framework):
        return Calendar(
            year,
            tuple(
                Due(
                    _named(deadline.step),
                    deadline.name,
                    deadline.last_day(year),
                    deadline.clause,
                    words=f"trước ngày {deadline.before_day:02}/{deadline.before_month:02}",
                    late=deadline.late,
                )
                for deadline in rulebook.deadlines
            ),
        )
    return Calendar(
        year,
        tuple(
            Due(_step_of(rulebook, step), step.name, step.last_day(year), step.clause, by=step.by, words=step.when)
            for step in rulebook.calendar
        ),
    )


@frozen
class Wait:
    """What a dossier waits for in a state: which duty has to do what, by the last day of which step."""

    duty: Duty
    action: Action
    step: StepName | None  # None: the rulebook sets no date
    choice: Text | None = None  # what the wait is called where the action is only one way to end it

    @property
    def label(self) -> Text:
        """What has to be done, in words that prejudge nothing."""
        return self.choice or self.action.label


@frozen
class Reminder:
    """What is due of one dossier today."""

    wait: Wait
    due: Due | None
    days_left: int | None  # negative: so many days overdue; None: there is no date

    @property
    def overdue(self) -> int:
        """By how many days the step is overdue; 0 where it is not."""
        return 0 if self.days_left is None else max(-self.days_left, 0)

    @property
    def urgency(self) -> Literal["late", "soon", "later"]:
        """How the reminder is shown."""
        if self.days_left is None:
            return "later"
        return "late" if self.days_left < 0 else "soon" if self.days_left <= SOON else "later"


def remind(calendar: Calendar, kind: Kind, state: State, today: datetime.date) -> Reminder | None:
    """What a dossier in ``state`` waits for, with the days left; None where its year has ended."""
    wait = WAITS[kind].get(state)
    if wait is None:
        return None
    due = None if wait.step is None else calendar.find(wait.step)
    return Reminder(wait, due, None if due is None else due.days_left(today))


def remind_of(calendar: Calendar, subject: Subject, today: datetime.date) -> Reminder | None:
    """``remind`` for a dossier; None for any other subject, and where its cycle was closed before it was handed in."""
    if subject.state is None or subject.ended_by_closing:
        return None
    return remind(calendar, subject.kind, subject.state, today)


_STEP_OF: Mapping[Action, StepName] = MappingProxyType(
    {
        Action.REGISTER: "registration",
        Action.SUBMIT: "self_assessment",
        Action.CLOSE_APPRAISAL: "appraisal",
        Action.PROPOSE: "recognition",
        Action.SIGN: "recognition",
        Action.REFUSE_RECOGNITION: "recognition",
        Action.PUBLISH: "publication",
        Action.SUMMARISE: "summary",
    }
)

_LEVEL_WAITS = {
    State.OPEN: Wait(Duty.ASSESS, Action.REGISTER, "registration"),
    State.REGISTERED: Wait(Duty.ASSESS, Action.ENTER_FACT, "self_assessment"),
    State.ASSESSING: Wait(Duty.ASSESS, Action.SUBMIT, "self_assessment"),
    State.SUBMITTED: Wait(
        Duty.RECEIVE, Action.RECEIVE, "appraisal", Text("kiểm tra, tiếp nhận hồ sơ", "check and receive the dossier")
    ),
    # What was handed in and returned is in time if it can still be appraised in time.
    State.RETURNED: Wait(Duty.ASSESS, Action.SUBMIT, "appraisal"),
    State.RECEIVED: Wait(Duty.APPRAISE, Action.APPRAISE, "appraisal"),
    State.APPRAISING: Wait(Duty.APPRAISE, Action.CLOSE_APPRAISAL, "appraisal"),
    State.EXPLAINING: Wait(Duty.ASSESS, Action.EXPLAIN, "appraisal"),
    State.SECOND_ROUND: Wait(Duty.APPRAISE, Action.CLOSE_APPRAISAL, "appraisal"),
    State.APPRAISED: Wait(Duty.APPRAISE, Action.KEEP_MINUTES, "appraisal"),
    State.MINUTED: Wait(Duty.RECEIVE, Action.PROPOSE, "recognition"),
    State.PROPOSED: Wait(
        Duty.SIGN, Action.SIGN, "recognition", Text("xem xét, ký quyết định", "consider and sign the decision")
    ),
    State.RECOGNISED: Wait(Duty.RECEIVE, Action.PUBLISH, "publication"),
    State.NOT_RECOGNISED: Wait(Duty.RECEIVE, Action.PUBLISH, "publication"),
    State.COMPLAINED: Wait(
        Duty.SIGN, Action.DISMISS_COMPLAINT, None, Text("giải quyết khiếu nại", "decide on the complaint")
    ),
    State.REAPPRAISING: Wait(Duty.APPRAISE, Action.CLOSE_APPRAISAL, None),
}

WAITS: Mapping[Kind, Mapping[State, Wait]] = MappingProxyType(
    {
        "levels": MappingProxyType(_LEVEL_WAITS),
        # An index registers no target, and what its committee signs is the published ranking.
        "index": MappingProxyType(
            {
                state: evolve(wait, step="publication" if wait.step == "recognition" else wait.step)
                for state, wait in _LEVEL_WAITS.items()
                if state not in (State.OPEN, State.REGISTERED, State.NOT_RECOGNISED)
            }
            | {State.OPEN: Wait(Duty.ASSESS, Action.ENTER_FACT, "self_assessment")}
        ),
    }
)
"""By kind of rulebook and state, what the dossier waits for; a state that is not named waits for nothing."""


def _named(step: str) -> StepName:
    for name in ("registration", "self_assessment", "appraisal", "recognition", "summary"):
        if step == name:
            return name
    return "other"


def _step_of(index: Index, step: Step) -> StepName:
    """Which step of the year an index's dated step is.

    The index names its rounds and its dates apart: a date that stands in the clause of the self score is
    that of the self-assessment; «Công bố …» is the publication. Any other is shown, and reminds nobody.
    """
    if step.name.startswith("Công bố"):
        return "publication"
    if any(entry.id == "self" and entry.clause == step.clause for entry in index.rounds):
        return "self_assessment"
    return "other"
