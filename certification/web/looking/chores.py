"""Chores: what an office has to do beside the next steps of dossiers: its council, the targets, the yearly report."""

from collections.abc import Collection, Iterator, Sequence

from attrs import frozen
from django.urls import NoReverseMatch, reverse

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import appointments_for, may
from certification.procedure.states import State
from certification.store.models import Council, Cycle, Dossier, UnitRecord
from certification.store.subjects import kind_of, outline_of, subject_of_unit
from certification.web.speech import say
from reports.words import in_sentence

_BEFORE_RECEIPT = (State.OPEN, State.REGISTERED, State.ASSESSING, State.SUBMITTED, State.RETURNED, State.REFUSED_LATE)


@frozen
class Chore:
    """One thing to do, and the page where it is done; ``pressing``: dossiers already wait for it."""

    text: str
    href: str
    pressing: bool = False


def chores_of(actor: Actor, cycles: Collection[Cycle], dossiers: Sequence[Dossier]) -> list[Chore]:
    """What the actor's offices have to do in the open ``cycles``, the pressing first. Two queries."""
    codes = {each.unit for each in appointments_for(actor, Action.SET_UP_COUNCIL) if each.unit}
    signing = [each for each in dossiers if each.state == State.PROPOSED and may(actor, Action.SIGN, outline_of(each))]
    found: list[Chore] = []
    if signing:
        text = say(
            f"Xem xét, ký quyết định: {len(signing)} hồ sơ đã trình", f"Consider and sign: {len(signing)} proposed"
        )
        found += _chore(text, "decisions:waiting", pressing=True)
    if codes:
        bodies = list(UnitRecord.objects.filter(code__in=codes, valid_until=None).select_related("parent__parent"))
        seated = set(Council.objects.filter(cycle__in=cycles).values_list("cycle", "body"))
        for cycle in cycles:
            for body in bodies:
                if may(actor, Action.SET_UP_COUNCIL, subject_of_unit(body)):
                    received = [each for each in dossiers if each.cycle_id == cycle.pk and _receives(body, each)]
                    found += _of_body(cycle, body, received, seated=(cycle.pk, body.pk) in seated)
    found += [
        chore
        for cycle in cycles
        if kind_of(cycle) == "levels" and may(actor, Action.SUMMARISE, subject_of_unit(cycle.root))
        for chore in _chore(
            say(
                f"Báo cáo tổng hợp năm {cycle.year} của {in_sentence(cycle.root.name)} gửi Bộ",
                f"The {cycle.year} report of {cycle.root.name} to the ministry",
            ),
            "decisions:report",
            cycle.pk,
        )
    ]
    return sorted(found, key=lambda chore: not chore.pressing)


def _receives(body: UnitRecord, dossier: Dossier) -> bool:
    reviewer = outline_of(dossier).reviewer
    return reviewer is not None and reviewer.code == body.code


def _of_body(cycle: Cycle, body: UnitRecord, received: Sequence[Dossier], *, seated: bool) -> Iterator[Chore]:
    if not received:
        return
    name, year = in_sentence(body.name), cycle.year
    if not seated:
        handed_in = any(State(each.state) not in _BEFORE_RECEIPT for each in received)
        text = say(
            f"Thành lập Hội đồng thẩm định của {name} năm {year}",
            f"Set up the appraisal council of {body.name} for {year}",
        )
        yield from _chore(text, "procedure:council", body.pk, cycle.pk, pressing=handed_in)
    else:
        text = say(f"Hội đồng thẩm định của {name} năm {year}", f"The appraisal council of {body.name} for {year}")
        yield from _chore(text, "procedure:council", body.pk, cycle.pk)
    if kind_of(cycle) == "levels":
        missing = sum(each.target is None for each in received)
        text = say(
            f"Mức đăng ký năm {year} của các đơn vị thuộc {name}", f"The targets of the units of {body.name} for {year}"
        )
        if missing:
            text += say(f" (còn {missing} đơn vị chưa đăng ký)", f" ({missing} not registered yet)")
        yield from _chore(text, "procedure:registrations", body.pk, cycle.pk)


def _chore(text: str, view: str, *keys: int, pressing: bool = False) -> Iterator[Chore]:
    """The chore, where this installation has a page for it."""
    try:
        yield Chore(text, reverse(view, args=keys), pressing)
    except NoReverseMatch:
        return
