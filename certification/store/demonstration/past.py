"""The year before in the demonstration: a district with its communes recognised, an index ranked, both published.

Every step is taken by the use case that the pages call. The rows bear the days of their year, so that the history
reads as one; the log, which nothing can deceive, says that they were entered today.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from attrs import frozen
from django.db.models import Model
from django.db.models.signals import pre_save
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.cycles import close_year
from certification.store.decisions import Signature, publish, sign
from certification.store.demonstration.year import People, accept_all, meet, seat_council
from certification.store.dossiers import take_step
from certification.store.loading import Province
from certification.store.models import Act, Council, Cycle, Dossier, Publication, Transition

_WHY = "Hồ sơ của năm trước (dữ liệu mẫu)"
_DATED = ((Transition, "at"), (Act, "signed_at"), (Publication, "at"))


@frozen
class Side:
    """Those who receive, appraise and sign at one body, and whose name is beneath its acts."""

    office: Actor
    council: tuple[Actor, ...]
    committee: Actor
    signer: str


def walk_year_before(province: Province, people: People, district: str) -> None:
    """Lead last year's dossiers of ``district`` and its communes to published acts, and close the year again."""
    cycle = province.earlier[-1]
    year, board = cycle.year, province.units[district]
    communes = list(Dossier.objects.filter(cycle=cycle, unit__parent=board).values_list("unit__code", "pk"))
    own = list(Dossier.objects.filter(cycle=cycle, unit=board).values_list("unit__code", "pk"))
    here = Side(people.office, people.council, people.committee, "Y Đôn (mẫu)")
    above = _province(people)
    with _opened(people.administrator, cycle):
        hand_in(people, [*communes, *own], datetime.date(year, 11, 20))
        with bearing(datetime.date(year, 11, 24)):
            boards = seat_council(here.office, here.council, cycle, board, datetime.date(year, 11, 24))
            upper = seat_council(above.office, above.council, cycle, cycle.root, datetime.date(year, 11, 24))
        _recognise(here, boards, [key for _, key in communes], year, 5)
        _recognise(above, upper, [key for _, key in own], year, 8)


def rank_year_before(province: Province, people: People) -> None:
    """Publish last year's ranking of an index whose units are all appraised already, and close the year again."""
    cycle = province.earlier[-1]
    side, day = _province(people), datetime.date(cycle.year, 12, 10)
    found = Dossier.objects.filter(cycle=cycle, state=State.APPRAISING).order_by("pk")
    keys = list(found.values_list("pk", flat=True))
    with _opened(people.administrator, cycle):
        board = seat_council(side.office, side.council, cycle, cycle.root, day)
        _decide(side, board, keys, day)


def _province(people: People) -> Side:
    return Side(people.department, people.provincial_council, people.provincial_committee, "Ngô Văn Tỉnh (mẫu)")


def hand_in(people: People, dossiers: Sequence[tuple[str, int]], day: datetime.date) -> None:
    """Hand in these dossiers (code of the unit, primary key), each by its own officer."""
    with bearing(day):
        for code, key in dossiers:
            take_step(people.officers[code], Action.SUBMIT, key, why=_WHY, today=day)


def _recognise(side: Side, board: Council, keys: Sequence[int], year: int, first: int) -> None:
    """Receive and appraise in the first days of December, then decide."""
    with bearing(datetime.date(year, 12, 1)):
        for key in keys:
            take_step(side.office, Action.RECEIVE, key, why=_WHY, today=datetime.date(year, 11, 24))
    day = datetime.date(year, 12, first)
    with bearing(day):
        for key in keys:
            accept_all(side.council, key)
    _decide(side, board, keys, day)


def _decide(side: Side, board: Council, keys: Sequence[int], day: datetime.date) -> None:
    """From the last ruling to the published act, a day or two each."""
    with bearing(day):
        for key in keys:
            take_step(side.council[0], Action.CLOSE_APPRAISAL, key, why=_WHY, today=day)
    meeting, signing = day + datetime.timedelta(days=2), day + datetime.timedelta(days=5)
    with bearing(meeting):
        meet(side.council, board, list(keys), meeting)
        for key in keys:
            take_step(side.office, Action.PROPOSE, key, why=_WHY, today=meeting)
    with bearing(signing):
        publish(side.committee, sign(side.committee, dict.fromkeys(keys), Signature(signing, side.signer)))


@contextmanager
def _opened(administrator: Actor, cycle: Cycle) -> Iterator[None]:
    close_year(administrator, cycle, "Nhập quyết định của năm trước (dữ liệu mẫu)", again=True)
    cycle.refresh_from_db()
    yield
    close_year(administrator, cycle, "Đã nhập đủ quyết định của năm trước (dữ liệu mẫu)")


@contextmanager
def bearing(day: datetime.date) -> Iterator[None]:
    """Let steps, acts and publications that are written meanwhile bear ``day`` at nine instead of the present time."""
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    columns = dict(_DATED)

    def date(sender: type[Model], instance: Model, **_: object) -> None:
        setattr(instance, columns[sender], moment)

    for model in columns:
        pre_save.connect(date, sender=model)
    try:
        yield
    finally:
        for model in columns:
            pre_save.disconnect(date, sender=model)
