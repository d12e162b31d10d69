"""What a person sees of the year: the stages of a dossier, the reasons asked for, and the calendar file."""

import datetime

import pytest

from certification.procedure.actions import Action
from certification.procedure.calendar import calendar_of
from certification.procedure.icalendar import write_icalendar
from certification.procedure.reasons import reason_for
from certification.procedure.stages import Taken, stages_of
from certification.procedure.states import TRANSITIONS, State
from levels.loader import load_index
from tests.rules.dossiers import kon_tum

YEAR = calendar_of(kon_tum(), 2025)
NOVEMBER = datetime.date(2025, 11, 20)


def standings(state: State, *taken: Taken, today: datetime.date = NOVEMBER) -> dict[str, str]:
    return {stage.state.value: stage.standing for stage in stages_of("levels", state, taken, YEAR, today)}


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_place_among_the_stages(state: State) -> None:
    found = stages_of("levels", state, (), YEAR, NOVEMBER)
    if state is State.OPEN:
        assert {stage.standing for stage in found} == {"todo"}
    elif state is State.PUBLISHED:
        assert {stage.standing for stage in found} == {"done"}
    else:
        assert [stage.state for stage in found if stage.standing in ("current", "late")] == [state]


def test_what_was_skipped_is_not_shown_and_what_was_taken_keeps_its_day_and_lateness() -> None:
    late = Taken(State.SUBMITTED, datetime.date(2025, 12, 2), 3)
    found = stages_of("levels", State.RECEIVED, (late,), YEAR, datetime.date(2025, 12, 3))
    assert not {State.EXPLAINING, State.SECOND_ROUND} & {stage.state for stage in found}
    submitted = next(stage for stage in found if stage.state is State.SUBMITTED)
    assert (submitted.standing, submitted.reached, submitted.days_late) == ("done", late.on, 3)
    explained = standings(State.SECOND_ROUND, Taken(State.EXPLAINING, NOVEMBER))
    assert (explained["explaining"], explained["second_round"]) == ("done", "current")


def test_a_stage_is_late_once_its_last_day_has_gone_by() -> None:
    assert standings(State.ASSESSING, today=datetime.date(2025, 11, 29))["assessing"] == "current"
    assert standings(State.ASSESSING, today=datetime.date(2025, 11, 30))["assessing"] == "late"


def test_a_re_appraisal_has_the_rest_of_the_year_before_it_again() -> None:
    before = [Taken(State.MINUTED, NOVEMBER), Taken(State.PUBLISHED, NOVEMBER)]
    found = stages_of("levels", State.REAPPRAISING, before, YEAR, NOVEMBER)
    later = [stage for stage in found if stage.standing == "todo"]
    assert State.MINUTED in {stage.state for stage in later}
    assert all(stage.reached is None for stage in later)


def test_who_was_not_recognised_without_handing_in_was_never_appraised() -> None:
    refused = Taken(State.NOT_RECOGNISED, datetime.date(2025, 12, 18), 0, State.ASSESSING)
    shown = standings(State.NOT_RECOGNISED, refused)
    assert list(shown) == ["registered", "assessing", "not_recognised", "published"]
    never = Taken(State.NOT_RECOGNISED, datetime.date(2025, 12, 18), 0, State.OPEN)
    assert list(standings(State.NOT_RECOGNISED, never)) == ["not_recognised", "published"]
    usual = Taken(State.NOT_RECOGNISED, datetime.date(2025, 12, 18), 0, State.PROPOSED)
    assert standings(State.NOT_RECOGNISED, usual)["proposed"] == "done"


def test_an_index_has_no_registration_among_its_stages() -> None:
    calendar = calendar_of(load_index("bac-ninh-1187-2023"), 2023)
    found = stages_of("index", State.ASSESSING, (), calendar, datetime.date(2023, 10, 11))
    assert found[0].state is State.ASSESSING
    assert found[0].standing == "late"


def test_whoever_refuses_returns_or_reverses_says_why() -> None:
    for action in (Action.REFUSE_LATE, Action.RETURN, Action.SEND_BACK, Action.REVOKE, Action.REOPEN, Action.COMPLAIN):
        assert all(
            reason_for(action, before) for table in TRANSITIONS.values() for before, done in table if done is action
        )
    assert reason_for(Action.RECEIVE, State.SUBMITTED) is None
    assert reason_for(Action.RECEIVE, State.SUBMITTED, late=True)
    assert reason_for(Action.RECEIVE, State.REFUSED_LATE)
    assert reason_for(Action.REGISTER, State.OPEN) is None
    assert reason_for(Action.REGISTER, State.REGISTERED)


def test_the_calendar_file_escapes_and_folds_as_the_standard_asks() -> None:
    stamp = datetime.datetime(2025, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    text = write_icalendar(YEAR, "Tỉnh A, B; C\\D", "kon-tum-2025", stamp, "en")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert "X-WR-CALNAME:Tỉnh A\\, B\\; C\\\\D" in whole
    assert "UID:kon-tum-2025-registration-0@certify" in whole
    assert "DTSTAMP:20250102T030405Z" in whole
    assert "(last day)" in whole
    assert "trước ngày 30/11\\; Mục II.3\\, điểm a và điểm b\\; Sau thời gian quy định" in whole
