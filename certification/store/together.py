"""The same step for many dossiers at once: all of them or none, with every reason why not."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from attrs import frozen
from django.db import transaction

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.store.changes import Overtaken, lock_dossiers
from certification.store.dossiers import register, take_step
from certification.store.unfit import Unfit
from levels.faults import Text


@frozen
class Registration:
    """One line of a list of registrations."""

    dossier: int
    target: int
    version: int | None = None


class NotTogether(Exception):
    """Some dossiers cannot take the step; none did. ``faults`` says why, by dossier."""

    def __init__(self, faults: Mapping[int, Text]) -> None:
        super().__init__("; ".join(text.en for text in faults.values()))
        self.faults = faults


def register_all(
    actor: Actor, lines: Iterable[Registration], *, why: str = "", today: datetime.date | None = None
) -> int:
    """Register all of ``lines`` or none; how many there were. Raises ``NotTogether``."""
    return _all_or_none(
        {
            line.dossier: partial(
                register, actor, line.dossier, line.target, version=line.version, why=why, today=today
            )
            for line in lines
        }
    )


def take_all(
    actor: Actor,
    action: Action,
    dossiers: Mapping[int, int | None],
    *,
    why: str = "",
    today: datetime.date | None = None,
) -> int:
    """Take the plain step ``action`` for all ``dossiers`` (key → version) or none; how many. Raises ``NotTogether``."""
    return _all_or_none(
        {
            key: partial(take_step, actor, action, key, version=version, why=why, today=today)
            for key, version in dossiers.items()
        }
    )


def _all_or_none(steps: Mapping[int, Callable[[], object]]) -> int:
    faults: dict[int, Text] = {}
    with transaction.atomic():
        lock_dossiers(steps)
        for dossier, step in sorted(steps.items()):
            try:
                with transaction.atomic():
                    step()
            except (Refused, Overtaken, Unfit) as error:
                faults[dossier] = error.text
        if faults:
            raise NotTogether(faults)
    return len(steps)
