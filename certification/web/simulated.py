"""Whether made-up facts lie in the store: every page of somebody who is signed in then says so."""

import time

from attrs import define
from django.http import HttpRequest

from certification.store.models import FactRecord
from certification.web.speech import tell
from evidence.facts import SYNTHETIC
from levels.faults import Text

MARK = Text(
    vi="Bản này có dữ liệu mô phỏng; số liệu mô phỏng không phải số liệu thật.",
    en="This installation holds synthetic data; they are no real figures.",
)

_ANEW = 60
"""Seconds after which it is looked again; once found, made-up facts stay: no fact is ever deleted."""


@define
class _Known:
    found: bool = False
    at: float | None = None


_known = _Known()


def mark_for(request: HttpRequest | None) -> str:
    """What is said of made-up facts to whoever is signed in, on pages and in workbooks; "": there are none."""
    signed_in = getattr(request, "user", None) is not None and request is not None and request.user.is_authenticated
    return tell(MARK) if signed_in and holds_made_up_facts() else ""


def holds_made_up_facts() -> bool:
    """Whether there are any; asked of the database at most once a minute."""
    now = time.monotonic()
    if not _known.found and (_known.at is None or now - _known.at > _ANEW):
        _known.found = FactRecord.objects.filter(source__startswith=SYNTHETIC).exists()
        _known.at = now
    return _known.found
