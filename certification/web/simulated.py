"""Whether made-up facts lie in the store: every page of somebody who is signed in then says so."""

import time

from attrs import define

from certification.store.models import FactRecord
from evidence.facts import SYNTHETIC

_ANEW = 60
"""Seconds after which it is looked again; once found, made-up facts stay: no fact is ever deleted."""


@define
class _Known:
    found: bool = False
    at: float | None = None


_known = _Known()


def holds_made_up_facts() -> bool:
    """Whether there are any; asked of the database at most once a minute."""
    now = time.monotonic()
    if not _known.found and (_known.at is None or now - _known.at > _ANEW):
        _known.found = FactRecord.objects.filter(source__startswith=SYNTHETIC).exists()
        _known.at = now
    return _known.found
