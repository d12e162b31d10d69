"""Dossiers: the steps of the year's procedure, each one change with who took it, when and why.

Facts, rulings and acts have use cases of their own; here are the steps between them.
"""

import contextlib
import datetime
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from django.db.models import F
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.reasons import reason_for
from certification.procedure.states import State
from certification.store.assessments import rulebook_of
from certification.store.changes import DossierChange, change_dossier
from certification.store.facts import asked_of, refuse_entry, unit_of
from certification.store.models.councils import Minutes, Vote
from certification.store.models.dossiers import Complaint, Dossier, Transition
from certification.store.models.facts import FactRecord
from certification.store.subjects import calendar_in
from certification.store.unfit import Unfit
from evidence.facts import Status
from levels.faults import Text
from levels.framework import LEVELS
from levels.index import Index

STEPS = (
    Action.SUBMIT,
    Action.WITHDRAW,
    Action.RECEIVE,
    Action.REFUSE_LATE,
    Action.RETURN,
    Action.CLOSE_ROUND,
    Action.OPEN_SECOND_ROUND,
    Action.CLOSE_APPRAISAL,
    Action.PROPOSE,
    Action.SEND_BACK,
)
"""The steps that ask for nothing but a reason."""


def take_step(
    actor: Actor,
    action: Action,
    dossier: int,
    *,
    version: int | None = None,
    why: str = "",
    today: datetime.date | None = None,
) -> Dossier:
    """Take one of ``STEPS``; the dossier as it stands afterwards.

    ``version``: the one that the page was made from. ``today``: the day it is taken; None: the present one.

    Raises ``Refused`` where ``actor`` may not, ``Overtaken`` where somebody else was faster, ``Unfit`` where the
    reason is missing or the dossier is not ready for it, ``Dossier.DoesNotExist``.
    """
    if action not in STEPS:
        raise ValueError(f"{action} is no plain step")
    with _step(actor, action, dossier, version, why, today) as made:
        _READY.get(action, _always)(made)
    return made.dossier


def register(
    actor: Actor,
    dossier: int,
    target: int,
    *,
    version: int | None = None,
    why: str = "",
    today: datetime.date | None = None,
) -> Dossier:
    """Register the level a unit wants to reach, or change it; Quyết định 121, mục II.3: before 20 January.

    Raises as ``take_step``; ``Unfit`` also for what is no level.
    """
    if target not in LEVELS:
        raise Unfit(
            Text(
                f"Mức đăng ký phải từ 1 đến 5, không phải {target}.",
                f"The target is a level from 1 to 5, not {target}.",
            ),
            "target",
        )
    with _step(actor, Action.REGISTER, dossier, version, why, today) as made:
        locked = made.dossier
        if locked.target == target and made.subject.state is not State.OPEN:
            raise Unfit(
                Text(f"Đơn vị đã đăng ký mức {target} rồi.", f"The unit has registered level {target} already."),
                "target",
            )
        made.before, made.after = {"target": locked.target}, {"target": target}
        Dossier.objects.filter(pk=locked.pk).update(target=target)
        locked.target = target
        made.result_moved = True
        if made.subject.state is not State.OPEN:
            _record_in_place(actor, Action.REGISTER, made, today)
    return locked


def complain(actor: Actor, dossier: int, text: str, *, version: int | None = None) -> Complaint:
    """Lodge a complaint about a published result. Raises as ``take_step``."""
    with _step(actor, Action.COMPLAIN, dossier, version, text) as made:
        complaint = Complaint.objects.create(
            dossier=made.dossier, by_id=actor.account, received_at=timezone.now(), text=made.why
        )
        made.after = {"complaint": complaint.pk}
    return complaint


def dismiss_complaint(actor: Actor, dossier: int, answer: str, *, version: int | None = None) -> Dossier:
    """Dismiss the pending complaint with an ``answer``; the result stays as published. Raises as ``take_step``."""
    with _step(actor, Action.DISMISS_COMPLAINT, dossier, version, answer) as made:
        _answer(actor, made, "dismissed")
    return made.dossier


def reopen(actor: Actor, dossier: int, why: str, *, version: int | None = None) -> Dossier:
    """Have the council appraise again: the pending complaint is upheld, or an error has come to light.

    The decision stays in force until another replaces or revokes it. Raises as ``take_step``.
    """
    with _step(actor, Action.REOPEN, dossier, version, why) as made:
        _answer(actor, made, "upheld")
    return made.dossier


def missing_proof(dossier: Dossier) -> tuple[int, int, int]:
    """What a unit should look at before it hands in: facts without a document, drafts not confirmed, facts entered."""
    facts = FactRecord.objects.filter(dossier=dossier)
    entered = facts.filter(draft=False).exclude(status=Status.UNKNOWN)
    bare = entered.filter(proofs=None).values("criterion").distinct().count()
    return bare, facts.filter(draft=True).count(), entered.values("criterion").distinct().count()


def unanswered(dossier: Dossier) -> list[str]:
    """The codes of what the rulebook asks of the unit and nobody has entered yet, in printed order. Drafts are none."""
    unit = unit_of(dossier)
    facts = FactRecord.objects.filter(dossier=dossier, draft=False).exclude(status=Status.UNKNOWN)
    entered = set(facts.values_list("criterion", flat=True))
    return [
        code for code, asked in asked_of(dossier).items() if code not in entered and refuse_entry(asked, unit) is None
    ]


def unruled(dossier: Dossier) -> list[str]:
    """The criteria, in the order of the rulebook's rows, of facts on which the council has not ruled yet.

    Of an index the row of the latest round counts.
    """
    rulebook = rulebook_of(dossier.cycle)
    rounds = rulebook.rounds if isinstance(rulebook, Index) else ()
    order: dict[str, int] = {entry.id: number for number, entry in enumerate(rounds)}
    latest: dict[str, FactRecord] = {}
    for record in FactRecord.objects.filter(dossier=dossier, draft=False).order_by("criterion", "pk"):
        known = latest.get(record.criterion)
        if known is None or order.get(record.round, -1) >= order.get(known.round, -1):
            latest[record.criterion] = record
    return [code for code, record in latest.items() if record.status == Status.SELF_REPORTED]


def lateness(dossier: Dossier, action: Action, today: datetime.date | None = None) -> int:
    """By how many days ``action`` would be late if it were done ``today``; 0: in time, or no date.

    What was handed in once and returned for completion keeps the lateness it was handed in with.
    """
    day = today or timezone.localdate()
    if action is Action.SUBMIT:
        if dossier.state == State.EXPLAINING:
            return 0
        if dossier.state == State.RETURNED:
            first = dossier.transitions.filter(action=Action.SUBMIT).order_by("-id").first()
            return 0 if first is None else first.days_late
    return calendar_in(dossier.cycle).days_late(action, day)


@contextlib.contextmanager
def _step(
    actor: Actor,
    action: Action,
    dossier: int,
    version: int | None,
    why: str,
    today: datetime.date | None = None,
) -> Iterator[DossierChange]:
    """``change_dossier`` with the lateness of the step, and only with the reason that it needs."""
    found = Dossier.objects.select_related("cycle__rulebook").get(pk=dossier)
    late = lateness(found, action, today)
    with change_dossier(actor, action, dossier, version=version, why=why.strip(), days_late=late) as made:
        assert made.subject.state is not None
        wanted = reason_for(action, made.subject.state, late=made.subject.late)
        if wanted is not None and not made.why:
            raise Unfit(
                Text(f"Hãy ghi lý do: {_lower(wanted.vi)}.", f"State the reason: {_lower(wanted.en)}."),
                "why",
            )
        yield made


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _record_in_place(actor: Actor, action: Action, made: DossierChange, today: datetime.date | None) -> None:
    """A step that leaves the state as it is but belongs into the dossier's history all the same."""
    state = made.dossier.state
    Transition.objects.create(
        dossier=made.dossier,
        action=action.value,
        before=state,
        after=state,
        by_id=actor.account,
        role=made.appointment.role.value,
        at=timezone.now(),
        why=made.why,
        days_late=lateness(made.dossier, action, today),
    )
    Dossier.objects.filter(pk=made.dossier.pk).update(version=F("version") + 1)


def _answer(actor: Actor, made: DossierChange, outcome: str) -> None:
    pending = made.dossier.complaints.filter(outcome="")
    answered = list(pending.values_list("pk", flat=True))
    pending.update(outcome=outcome, answer=made.why, answered_by=actor.account, answered_at=timezone.now())
    if answered:
        made.after = {"complaints": answered, "outcome": outcome}


def _always(made: DossierChange) -> None:
    """Most steps need nothing but the right state."""


def _submittable(made: DossierChange) -> None:
    if made.subject.state is State.EXPLAINING:
        if not made.why and not made.dossier.explanations.exists():
            raise Unfit(
                Text(
                    "Chưa có giải trình nào. Hãy giải trình từng nội dung, hoặc ghi vì sao không giải trình.",
                    "There is no explanation yet. Explain each point, or say why you do not.",
                ),
                "why",
            )
        return
    _, drafts, entered = missing_proof(made.dossier)
    if not entered:
        raise Unfit(
            Text(
                "Hồ sơ chưa có số liệu nào được nhập"
                + (f" ({drafts} số liệu lấy từ năm trước chưa được xác nhận)" if drafts else "")
                + "; hãy nhập số liệu rồi nộp.",
                "The dossier holds no fact yet"
                + (f" ({drafts} taken over from an earlier year are not confirmed)" if drafts else "")
                + "; enter the facts, then hand it in.",
            )
        )


def _appraised(made: DossierChange) -> None:
    open_facts = unruled(made.dossier)
    if open_facts:
        listed = _shortened(open_facts)
        raise Unfit(
            Text(
                f"Còn {len(open_facts)} tiêu chí chưa thẩm định: {listed}.",
                f"{len(open_facts)} criteria are not ruled on yet: {listed}.",
            )
        )


def _void_votes(made: DossierChange) -> None:
    """What was voted so far was on the result so far: each votes again on what the round comes to."""
    drafts = Minutes.objects.filter(items__dossier=made.dossier, closed_at=None)
    votes = Vote.objects.filter(item__dossier=made.dossier, item__minutes__in=drafts).exclude(choice="")
    if voided := [[vote.member.name, vote.choice] for vote in votes.select_related("member").order_by("pk")]:
        made.before, made.after = {"votes": voided}, {"votes": []}
        votes.delete()
        # Whoever has the minutes open in a form must not write them down again unseen.
        drafts.update(version=F("version") + 1)


def _shortened(codes: Sequence[str], shown: int = 8) -> str:
    return ", ".join(codes[:shown]) + (" …" if len(codes) > shown else "")


_READY = MappingProxyType(
    {
        Action.SUBMIT: _submittable,
        Action.CLOSE_APPRAISAL: _appraised,
        Action.OPEN_SECOND_ROUND: _void_votes,
    }
)
