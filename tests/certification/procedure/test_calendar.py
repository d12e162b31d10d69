"""The year's dates: the rulebook's last days, what a dossier waits for, and how late a step is."""

import datetime

import pytest
from attrs import evolve

from certification.procedure.actions import Action
from certification.procedure.calendar import Calendar, calendar_of, remind, remind_of
from certification.procedure.roles import Duty
from certification.procedure.states import State
from certification.procedure.subjects import Place, Subject
from levels.framework import Tier
from levels.loader import load_index
from tests.rules.dossiers import kon_tum


def day(month: int, number: int, year: int = 2025) -> datetime.date:
    return datetime.date(year, month, number)


@pytest.fixture(scope="module")
def year() -> Calendar:
    return calendar_of(kon_tum(), 2025)


def test_before_a_day_ends_with_the_day_before_it(year: Calendar) -> None:
    assert [(due.step, due.last_day) for due in year.steps] == [
        ("registration", day(1, 19)),
        ("self_assessment", day(11, 29)),
        ("appraisal", day(12, 14)),
        ("recognition", day(12, 19)),
        ("summary", day(12, 24)),
    ]


@pytest.mark.parametrize(
    ("action", "done", "late"),
    [
        (Action.REGISTER, day(1, 19), 0),
        (Action.REGISTER, day(1, 20), 1),
        (Action.SUBMIT, day(11, 29), 0),
        (Action.SUBMIT, day(11, 30), 1),
        (Action.SUBMIT, day(1, 2, 2026), 34),
        (Action.CLOSE_APPRAISAL, day(12, 15), 1),
        (Action.SIGN, day(12, 19), 0),
        (Action.SIGN, day(12, 20), 1),
        (Action.SUMMARISE, day(12, 25), 1),
        (Action.PUBLISH, day(12, 31), 0),  # no date in the text
        (Action.RECEIVE, day(12, 31), 0),
    ],
)
def test_a_step_is_late_from_the_day_on_that_the_text_names(
    year: Calendar, action: Action, done: datetime.date, late: int
) -> None:
    assert year.days_late(action, done) == late


def test_a_dossier_waits_for_whoever_has_to_act(year: Calendar) -> None:
    reminder = remind(year, "levels", State.ASSESSING, day(11, 26))
    assert reminder is not None
    assert (reminder.wait.duty, reminder.wait.action) == (Duty.ASSESS, Action.SUBMIT)
    assert (reminder.days_left, reminder.overdue, reminder.urgency) == (3, 0, "soon")


@pytest.mark.parametrize(
    ("today", "left", "overdue", "urgency"),
    [(day(12, 14), 0, 0, "soon"), (day(12, 15), -1, 1, "late"), (day(11, 29), 15, 0, "later")],
)
def test_a_reminder_counts_the_days(
    year: Calendar, today: datetime.date, left: int, overdue: int, urgency: str
) -> None:
    reminder = remind(year, "levels", State.RECEIVED, today)
    assert reminder is not None
    assert (reminder.days_left, reminder.overdue, reminder.urgency) == (left, overdue, urgency)


def test_a_complaint_waits_without_a_date_and_an_ended_year_for_nothing(year: Calendar) -> None:
    complaint = remind(year, "levels", State.COMPLAINED, day(12, 31))
    assert complaint is not None
    assert (complaint.due, complaint.days_left, complaint.urgency) == (None, None, "later")
    assert remind(year, "levels", State.PUBLISHED, day(12, 31)) is None


def test_a_closed_cycle_reminds_nobody_of_what_was_never_handed_in(year: Calendar) -> None:
    dossier = Subject(Place("23281", Tier.COMMUNE), state=State.ASSESSING, closed=True)
    assert remind_of(year, dossier, day(12, 31)) is None
    assert remind_of(year, evolve(dossier, state=State.RECEIVED), day(12, 31)) is not None
    assert remind_of(year, evolve(dossier, state=None), day(12, 31)) is None


def test_an_index_dates_its_self_assessment_and_its_publication() -> None:
    bac_ninh = calendar_of(load_index("bac-ninh-1187-2023"), 2023)
    assert bac_ninh.last_day("self_assessment") == day(10, 10, 2023)
    assert bac_ninh.last_day("publication") == day(11, 30, 2023)
    assert bac_ninh.days_late(Action.SUBMIT, day(10, 11, 2023)) == 1
    waiting = remind(bac_ninh, "index", State.PROPOSED, day(12, 1, 2023))
    assert waiting is not None
    assert waiting.overdue == 1


def test_an_index_may_be_published_in_the_year_after_and_leave_other_days_open() -> None:
    dak_lak = calendar_of(load_index("dak-lak-2534-2022"), 2022)
    assert dak_lak.last_day("publication") == day(4, 30, 2023)
    assert dak_lak.last_day("self_assessment") is None
    assert remind(dak_lak, "index", State.OPEN, day(12, 31, 2022)).days_left is None  # type: ignore[union-attr]
