"""Reminding: for everybody whose turn it is, one letter with what waits for him and until when."""

import datetime
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen
from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.calendar import SOON
from certification.procedure.permissions import may
from certification.procedure.states import State
from certification.store.accounts import actor_of
from certification.store.links import can_mail as can_mail
from certification.store.models.accounts import Account, Appointment
from certification.store.models.councils import Council
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.reports import YearReport
from certification.store.models.units import UnitRecord
from certification.store.subjects import calendar_in, outline_of, subject_of_unit
from certification.store.worklist import Waiting, dossiers_in, waiting_among
from levels.faults import Language, Text

_SHOWN = 30
"""How many dossiers a letter names; the desk shows them all."""

SUBJECT = Text("Nhắc việc thẩm định mức độ chuyển đổi số", "Reminder: digital transformation levels")


@frozen
class Letter:
    """What waits for one person, the most urgent first."""

    account: Account
    waiting: tuple[Waiting, ...]
    councils: tuple[tuple[UnitRecord, Cycle], ...] = ()  # not set up yet, though dossiers were received
    summaries: tuple[tuple[Cycle, datetime.date], ...] = ()  # yearly reports not signed yet, with their last day

    @property
    def count(self) -> int:
        """How many tasks it names."""
        return len(self.waiting) + len(self.councils) + len(self.summaries)

    @property
    def late(self) -> int:
        """How many are overdue."""
        return sum(each.reminder.overdue > 0 for each in self.waiting)

    def text(self, language: Language) -> str:
        """The letter as plain text."""
        return "\n".join(_lines(self, language))


def letters(today: datetime.date | None = None, *, within: int = SOON) -> list[Letter]:
    """The letters of ``today``: to everybody for whom something waits that is overdue or due ``within`` so many days.

    Cycles that are closed count for what was handed in before, in the year after at the latest.
    """
    day = today or timezone.localdate()
    cycles = Cycle.objects.filter(year__gte=day.year - 1).select_related("rulebook", "root__parent__parent")
    dossiers = dossiers_in(list(cycles))
    missing, unsigned = _missing_councils(dossiers), _unsigned(cycles, day, within)
    held = Appointment.objects.holding().values("account")
    found = []
    for account in Account.objects.filter(pk__in=held, is_active=True):
        actor = actor_of(account)
        waiting = tuple(each for each in waiting_among(actor, dossiers, day) if each.mine and _is_near(each, within))
        councils = tuple(each for each in missing if _sets_up(actor, each[0]))
        summaries = tuple(each for each in unsigned if may(actor, Action.SUMMARISE, subject_of_unit(each[0].root)))
        if waiting or councils or summaries:
            found.append(Letter(account, waiting, councils, summaries))
    return found


def send(written: Sequence[Letter]) -> list[Letter]:
    """Send the letters by mail over one connection; those that went out. Raises ``OSError`` where the server fails."""
    sent = []
    with get_connection() as connection:
        for letter in written:
            if letter.account.email:
                language: Language = "en" if letter.account.language == "en" else "vi"
                subject = SUBJECT.say(language)
                send_mail(subject, letter.text(language), None, [letter.account.email], connection=connection)
                sent.append(letter)
    return sent


_ASKED = frozenset({State.RETURNED, State.EXPLAINING, State.COMPLAINED, State.REAPPRAISING})
"""States in which somebody is asked for something that the year's dates alone do not bring up."""


def _is_near(waiting: Waiting, within: int) -> bool:
    left = waiting.reminder.days_left
    return waiting.dossier.state in _ASKED or (left is not None and left <= within)


def _missing_councils(dossiers: Sequence[Dossier]) -> list[tuple[UnitRecord, Cycle]]:
    """The bodies that have received dossiers and no council to appraise them."""
    there = set(Council.objects.filter(members__isnull=False).values_list("body__code", "cycle"))
    lacking: dict[tuple[str, int], Cycle] = {}
    for dossier in dossiers:
        reviewer = outline_of(dossier).reviewer
        if dossier.state == State.RECEIVED and reviewer and (reviewer.code, dossier.cycle_id) not in there:
            lacking[reviewer.code, dossier.cycle_id] = dossier.cycle
    units = {
        unit.code: unit
        for unit in UnitRecord.objects.filter(code__in=[code for code, _ in lacking], valid_until=None).select_related(
            "parent__parent"
        )
    }
    return [(units[code], cycle) for (code, _), cycle in lacking.items() if code in units]


def _unsigned(cycles: Iterable[Cycle], day: datetime.date, within: int) -> list[tuple[Cycle, datetime.date]]:
    """The cycles whose summary for the ministry is due (Quyết định 121, mục III.1) and not signed yet."""
    signed = set(YearReport.objects.filter(signed_on__isnull=False).values_list("cycle", "body"))
    found = []
    for cycle in cycles:
        last = calendar_in(cycle).last_day("summary")
        if last is not None and (last - day).days <= within and (cycle.pk, cycle.root_id) not in signed:
            found.append((cycle, last))
    return found


def _sets_up(actor: Actor, body: UnitRecord) -> bool:
    return may(actor, Action.SET_UP_COUNCIL, subject_of_unit(body))


def _lines(letter: Letter, language: Language) -> Iterator[str]:
    name = str(letter.account)
    yield Text(f"Kính gửi {name},", f"Dear {name},").say(language)
    yield ""
    if letter.waiting:
        late = f" ({letter.late} quá hạn)" if letter.late else ""
        overdue = f" ({letter.late} overdue)" if letter.late else ""
        yield Text(
            f"Có {len(letter.waiting)} hồ sơ đang chờ bạn{late}:",
            f"{len(letter.waiting)} dossiers wait for you{overdue}:",
        ).say(language)
    for each in letter.waiting[:_SHOWN]:
        yield f"- {_line(each, language)}"
    if len(letter.waiting) > _SHOWN:
        rest = len(letter.waiting) - _SHOWN
        yield Text(f"- và {rest} hồ sơ khác", f"- and {rest} more").say(language)
    for body, cycle in letter.councils:
        yield Text(
            f"- Chưa thành lập Hội đồng thẩm định tại {body.name}, năm {cycle.year}: hồ sơ đã tiếp nhận phải chờ",
            f"- No appraisal council is set up at {body.name} for {cycle.year}: what was received cannot be appraised",
        ).say(language)
    for cycle, last in letter.summaries:
        yield Text(
            f"- Tổng hợp, báo cáo năm {cycle.year} gửi Bộ, ngày cuối {last:%d/%m/%Y}",
            f"- The summary of {cycle.year} for the ministry, last day {last.isoformat()}",
        ).say(language)
    addresses = settings.CSRF_TRUSTED_ORIGINS
    if addresses:
        yield ""
        yield Text(f"Mở bàn làm việc: {addresses[0]}/", f"Open your desk: {addresses[0]}/").say(language)


def _line(waiting: Waiting, language: Language) -> str:
    dossier, reminder = waiting.dossier, waiting.reminder
    line = f"{dossier.unit.name} ({dossier.cycle.year}): {reminder.wait.label.say(language)}"
    left, last = reminder.days_left, reminder.due.last_day if reminder.due else None
    if left is None or last is None:
        return line
    when = (
        Text(f"quá hạn {-left} ngày", f"{-left} days overdue")
        if left < 0
        else Text("hôm nay là ngày cuối", "today is the last day")
        if left == 0
        else Text(f"còn {left} ngày", f"{left} days left")
    )
    day = Text(f"ngày cuối {last:%d/%m/%Y}", f"last day {last.isoformat()}")
    return f"{line}, {day.say(language)}, {when.say(language)}"
