"""Words: how all pages call units, states and whoever acts, what a value rests on, and how urgent something is."""

from typing import Literal

from certification.procedure.actions import Action
from certification.procedure.calendar import Reminder
from certification.procedure.refusals import DUTIES
from certification.procedure.roles import Duty, Role
from certification.procedure.states import Kind, State
from certification.store.assessments import rulebook_of
from certification.store.models import Cycle, Dossier
from certification.store.subjects import kind_of
from certification.web.speech import say, tell
from levels.faults import Text
from levels.framework import Criterion, Tier
from reports.charts import EXEMPT_MARK, MARKS
from reports.words import NOTHING
from rules.verdict import Standing

TIERS = {
    Tier.PROVINCE: Text(vi="Tỉnh", en="Province"),
    Tier.DISTRICT: Text(vi="Huyện", en="District"),
    Tier.COMMUNE: Text(vi="Xã", en="Commune"),
    Tier.DEPARTMENT: Text(vi="Sở, ngành", en="Department"),
}
_URGENCY: dict[str, Literal["bad", "warn", "neutral"]] = {"late": "bad", "soon": "warn", "later": "neutral"}


def capital(text: str) -> str:
    """``text`` with a capital at its head, the rest as it is written: ``nộp cho UBND`` → ``Nộp cho UBND``."""
    return text[:1].upper() + text[1:]


def tier_name(tier: str) -> str:
    """``Huyện``."""
    return tell(TIERS[Tier(tier)])


def duty_name(duty: Duty) -> str:
    """Who has to act: ``Hội đồng thẩm định``."""
    return tell(DUTIES[duty])


def cycle_name(cycle: Cycle) -> str:
    """``121/QĐ-UBND, năm 2026``; who issued the instrument instead, where the copy states no number."""
    instrument = rulebook_of(cycle).instrument
    return f"{instrument.number or instrument.issuer}, {say('năm', 'year')} {cycle.year}"


def state_name(dossier: Dossier) -> str:
    """How far a dossier has got: ``Đã nộp``. Reads ``dossier.cycle.rulebook``."""
    return state_in(dossier.state, kind_of(dossier.cycle))


def state_in(state: str, kind: Kind) -> str:
    """A state of a dossier of levels or of points: ``Đã nộp``."""
    return tell(State(state).label_in(kind))


def role_name(role: str) -> str:
    """In which role something was done: ``thành viên Hội đồng thẩm định huyện``."""
    return tell(Role(role).label)


def action_name(action: str) -> str:
    """What was done: ``nộp hồ sơ``."""
    return tell(Action(action).label)


def urgency_kind(reminder: Reminder) -> Literal["bad", "warn", "neutral"]:
    """The kind of the badge that shows a reminder's time."""
    return _URGENCY[reminder.urgency]


def time_left(reminder: Reminder) -> str:
    """``quá hạn 3 ngày``, ``hôm nay là ngày cuối``, ``còn 12 ngày``; "" where the rulebook sets no day."""
    left = reminder.days_left
    if left is None:
        return ""
    if left < 0:
        return say(f"quá hạn {-left} ngày", f"{-left} day{'' if left == -1 else 's'} overdue")
    if left == 0:
        return say("hôm nay là ngày cuối", "today is the last day")
    return say(f"còn {left} ngày", f"{left} day{'' if left == 1 else 's'} left")


def actual_text(criterion: Criterion, actual: str | None) -> str:
    """An exact value as a table shows it: ``74/104``, ``2``, «có»; a dash where nothing is known."""
    if actual is None:
        return NOTHING
    if criterion.kind == "presence":
        return say("không có", "not there") if actual == "0" else say("có", "present")
    return actual


def mark_of(standing: Standing) -> str:
    """The mark beside a level that does not rest on an accepted value, as on the printed heat maps."""
    return EXEMPT_MARK if standing is Standing.EXEMPT else MARKS.get(standing, "")
