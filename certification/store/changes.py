"""Changes: the one way in which anything in the store is changed.

A change is one transaction that holds the permission, judged on the rows as they are locked now and not as a page
showed them, the change itself, and its entry in the log; all of it or nothing.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.permissions import permit
from certification.procedure.states import State, next_state
from certification.procedure.subjects import Subject
from certification.store import audit
from certification.store.models.dossiers import Dossier, Transition
from certification.store.subjects import subject_of
from certification.store.telling import in_full
from levels.faults import Text


class Overtaken(Exception):
    """Somebody else has changed the same thing since the page was made; ``current`` is what it is now."""

    def __init__(self, text: Text, current: Any = None) -> None:
        super().__init__(text.en)
        self.text = text
        self.current = current


@define
class Change:
    """A change being made: whoever makes it says here what it was before and is after, for the log.

    ``after`` left at None with ``before`` None: nothing is entered in the log, nothing was changed.
    """

    appointment: Appointment
    kind: str
    key: object
    label: str
    why: str = ""
    before: Any = None
    after: Any = None
    also: list[dict[str, Any]] = field(factory=list)  # further entries of the same change


@contextlib.contextmanager
def change(
    actor: Actor,
    action: Action,
    subject: Subject,
    *,
    kind: str,
    key: object = "",
    label: str = "",
    why: str = "",
) -> Iterator[Change]:
    """Make one change about ``subject``: in one transaction with its permission and its entry in the log.

    Raises ``Refused`` where ``actor`` may not do ``action``; whatever is raised inside undoes everything.
    """
    with transaction.atomic(), in_full():
        made = Change(permit(actor, action, subject), kind, key, label, why)
        yield made
        _enter(actor, action, made)


@define
class DossierChange(Change):
    """A change of a dossier, which is locked until it is done; ``result_moved``: its result must be decided again."""

    dossier: Dossier = field(kw_only=True)
    subject: Subject = field(kw_only=True)
    result_moved: bool = False


@contextlib.contextmanager
def change_dossier(
    actor: Actor, action: Action, dossier: int, *, version: int | None = None, why: str = "", days_late: int = 0
) -> Iterator[DossierChange]:
    """Make one change of the dossier with primary key ``dossier``.

    The row is locked, the permission judged on its state now. Where ``action`` leads to another state the dossier moves
    there and the step is recorded (who, in which role, when, why). ``version``: the one the page was made from; with
    another one meanwhile, raises ``Overtaken``. Raises ``Refused``, ``Dossier.DoesNotExist``.
    """
    with transaction.atomic(), in_full():
        locked = (
            Dossier.objects.select_for_update(of=("self",))
            .select_related("unit__parent__parent", "cycle__rulebook", "cycle__root")
            .defer("result", "cycle__rulebook__content")
            .get(pk=dossier)
        )
        subject = subject_of(locked)
        appointment = permit(actor, action, subject)
        if version is not None and version != locked.version:
            now = State(locked.state).label
            raise Overtaken(
                Text(
                    vi=f"hồ sơ vừa được người khác xử lý (nay: {now.vi}); hãy xem lại rồi làm tiếp",
                    en=f"somebody else has handled the dossier meanwhile (now: {now.en}); look at it again",
                ),
                locked,
            )
        made = DossierChange(appointment, "dossier", locked.pk, str(locked), why, dossier=locked, subject=subject)
        yield made
        move(actor, action, made, days_late)
        _enter(actor, action, made)


def lock_dossiers(keys: Iterable[int]) -> None:
    """Lock the dossiers with these primary keys until the transaction ends, before the first entry of the log.

    The head of the log is locked by its first entry: whoever then waited for a dossier, while its holder waited for
    the head, would wait for ever.
    """
    list(Dossier.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(of=("self",)).only("pk"))


def move(actor: Actor, action: Action, made: DossierChange, days_late: int = 0) -> None:
    """Take the step of ``action`` in the procedure, if it is one, and count what changed."""
    dossier, before = made.dossier, State(made.dossier.state)
    after = next_state(made.subject.kind, before, action) or before
    counted: dict[str, Any] = {}
    if after is not before:
        Transition.objects.create(
            dossier=dossier,
            action=action.value,
            before=before.value,
            after=after.value,
            by_id=actor.account,
            role=made.appointment.role.value,
            at=timezone.now(),
            # A ruling's reason is told with the ruling (store.telling), not with the step into the appraisal.
            why="" if action is Action.APPRAISE else made.why,
            days_late=days_late,
        )
        counted = {"state": after.value, "version": F("version") + 1}
        made.also.append({"state": [before.value, after.value]})
    if made.result_moved:
        counted["revision"] = F("revision") + 1
    if counted:
        Dossier.objects.filter(pk=dossier.pk).update(**counted, changed_at=timezone.now())
        dossier.refresh_from_db(fields=["state", "version", "revision", "changed_at"])


def _enter(actor: Actor, action: Action, made: Change) -> None:
    before, after = made.before, made.after
    if made.also:
        after = {"after": after, "with": made.also} if after is not None else {"with": made.also}
    if before is None and after is None:
        return
    audit.append(
        audit.deed(
            action.value,
            made.kind,
            made.key,
            made.label,
            account="" if actor.account is None else actor.account,
            name=actor.name,
            role=made.appointment.role.value,
            unit=made.appointment.unit or "",
            before=before,
            after=after,
            why=made.why,
        )
    )
