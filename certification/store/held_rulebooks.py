"""Rulebooks as cycles are held under them: read from the store once per process."""

from functools import lru_cache

from certification.store.models.cycles import Cycle, RulebookRecord
from levels.framework import Framework
from levels.index import Index
from levels.loader import Rulebook, read_rulebook


@lru_cache(maxsize=32)
def read_content(raw: bytes, name: str) -> Rulebook:
    """The rulebook whose YAML is ``raw``, read once per process; ``name`` is what faults call it. Raises ``Faulty``."""
    return read_rulebook(raw, name)[0]


@lru_cache(maxsize=32)
def _load(digest: str, primary_key: int) -> Rulebook:
    record = RulebookRecord.objects.get(pk=primary_key)
    rulebook = read_content(bytes(record.content), record.framework)
    if rulebook.digest != digest:  # a content that is not what the cycle was opened with decides nothing
        raise RuntimeError(f"the stored rulebook {record} has the digest {rulebook.digest}, not {digest}")
    return rulebook


def rulebook_of(cycle: Cycle) -> Rulebook:
    """The rulebook that ``cycle`` is held under; read once per process."""
    record = cycle.rulebook
    return _load(record.digest, record.pk)


def framework_of(cycle: Cycle) -> Framework:
    """As ``rulebook_of``, of a cycle of levels. Raises ``TypeError`` for an index."""
    rulebook = rulebook_of(cycle)
    if not isinstance(rulebook, Framework):
        raise TypeError(f"{rulebook.id} is an index of points")
    return rulebook


def index_of(cycle: Cycle) -> Index:
    """As ``rulebook_of``, of a cycle of points. Raises ``TypeError`` for a framework of levels."""
    rulebook = rulebook_of(cycle)
    if not isinstance(rulebook, Index):
        raise TypeError(f"{rulebook.id} is a framework of levels")
    return rulebook
