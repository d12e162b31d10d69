"""Draws integers for the samples: always the same ones, whatever else is drawn and whichever Python draws."""

import hashlib


def draw(what: str, low: int, high: int) -> int:
    """An integer from ``low`` to ``high``, always the same for the same ``what``."""
    digest = hashlib.sha256(what.encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low + 1)
