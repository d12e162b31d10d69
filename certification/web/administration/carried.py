"""Carried: what a preview page was about, signed, so that the confirmation takes exactly that and nothing else.

The server keeps nothing between the two pages; what was altered on the way, or is a day old, is refused.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core import signing

from evidence.succession import Change, Kind
from evidence.units import Unit, Units
from levels.framework import Tier

_DAY = 86_400


class Expired(Exception):
    """What came back is not what was sent out, or is too old."""


def pack_units(units: Units) -> str:
    """``units`` as one signed line."""
    rows = [[unit.code, unit.name, unit.tier.value, unit.parent] for unit in units.values()]
    return signing.dumps(rows, salt="administration.units", compress=True)


def unpack_units(text: str) -> Units:
    """What ``pack_units`` made. Raises ``Expired``."""
    rows = _loads(text, "administration.units")
    return Units({code: Unit(code, name, Tier(tier), parent) for code, name, tier, parent in rows})


def pack_changes(changes: Sequence[Change]) -> str:
    """``changes`` as one signed line."""
    rows = [
        [
            each.kind.value,
            each.on.isoformat(),
            each.instrument,
            list(each.before),
            each.code,
            each.name,
            each.tier and each.tier.value,
            each.parent,
        ]
        for each in changes
    ]
    return signing.dumps(rows, salt="administration.changes", compress=True)


def unpack_changes(text: str) -> list[Change]:
    """What ``pack_changes`` made. Raises ``Expired``."""
    return [
        Change(
            Kind(kind),
            datetime.date.fromisoformat(on),
            instrument,
            tuple(before),
            code,
            name,
            Tier(tier) if tier else None,
            parent,
        )
        for kind, on, instrument, before, code, name, tier, parent in _loads(text, "administration.changes")
    ]


def _loads(text: str, salt: str) -> list[Any]:
    try:
        loaded = signing.loads(text, salt=salt, max_age=_DAY)
    except signing.BadSignature as bad:
        raise Expired from bad
    assert isinstance(loaded, list)
    return loaded
