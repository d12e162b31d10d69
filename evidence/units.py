"""Units: who is assessed, and the tree province → district → commune."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from attrs import frozen

from levels.framework import Tier


@frozen
class Unit:
    """A locality or office with its official code, tier and parent."""

    code: str
    name: str
    tier: Tier
    parent: str | None = None
    registered: int | None = None  # the level registered as this cycle's target, if any


@frozen
class Units(Mapping[str, Unit]):
    """Units by code, checked: every parent exists and is broader, there is no cycle.

    Made by ``evidence.tables.read_units``; iterates in the order of the file.
    """

    by_code: dict[str, Unit]

    def __getitem__(self, code: str) -> Unit:
        return self.by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_code)

    def __len__(self) -> int:
        return len(self.by_code)

    @cached_property
    def _children(self) -> dict[str | None, list[Unit]]:
        children: dict[str | None, list[Unit]] = {}
        for unit in self.by_code.values():
            children.setdefault(unit.parent, []).append(unit)
        return children

    def children(self, code: str | None) -> list[Unit]:
        """The units directly under ``code``; under ``None`` the roots."""
        return self._children.get(code, [])
