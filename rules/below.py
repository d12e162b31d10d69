"""Levels read from the units below, over NumPy columns: every commune, and half of them (district I.1)."""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from rules.compile import Share

LevelArray = NDArray[np.int8]


@frozen(eq=False)
class Below:
    """Whose levels the units of a tier read: ``order`` are the members' places among the units of their own tier,
    reader after reader; ``readers`` the places of the units that have any, ``starts`` and ``sizes`` where each
    one's members begin and how many they are. ``stated``: the level that a decision of this cycle states for a
    member and that takes the place of the computed one; -1 where there is none.
    """

    order: NDArray[np.intp]
    readers: NDArray[np.intp]
    starts: NDArray[np.intp]
    sizes: NDArray[np.int64]
    stated: LevelArray

    @staticmethod
    def of(
        units: Sequence[str],
        lower: Sequence[str],
        members: Mapping[str, Sequence[str]],
        stated: Mapping[str, int] | None = None,
    ) -> "Below":
        """``units`` and ``lower``: the codes of both tiers in the order of their columns; ``members``: the codes
        below a unit; ``stated``: the levels of final decisions of this cycle, by member.
        """
        place = {code: number for number, code in enumerate(lower)}
        read = [[place[member] for member in members.get(code, ())] for code in units]
        sizes = np.array([len(each) for each in read if each], np.int64)
        order = np.array([each for unit in read for each in unit], np.intp)
        final = stated or {}
        return Below(
            order,
            np.array([number for number, each in enumerate(read) if each], np.intp),
            (np.cumsum(sizes) - sizes).astype(np.intp),
            sizes,
            np.array([final.get(lower[number], -1) for number in order], np.int8),
        )

    def levels(self, shares: Sequence[Share], scale: int, members: LevelArray) -> LevelArray:
        """The level of a members criterion for every reader, from the levels of the tier below (its last axis)."""
        read = members[..., self.order]
        read = np.where(self.stated >= 0, self.stated, read)
        level = np.zeros((*read.shape[:-1], len(self.readers)), np.int8)
        so_far = np.ones(level.shape, np.bool_)
        for share in shares:
            for least, part in ((share.every_level, share.every), (share.at_level, share.at)):
                # Counted in 64 bits: a count of members does not fit into the eight of a level.
                reached = np.add.reduceat(read >= least, self.starts, axis=-1, dtype=np.int64)
                so_far &= reached >= -(-part * self.sizes // scale)
            level += so_far
        return level
