"""Worth: what it would help to know one fact for certain, from what many draws counted.

The level is guessed as the most likely one. Once a fact is known, the guess may follow what was found; its worth is by
how much more often it is then right, on average over what may be found. Facts are drawn independently of each other:
a unit's level is the lower of the fact's and of what its other criteria allow, and a district's level hangs on a
commune's facts through the commune's level alone. Counting these apart says more than counting them together would:
what changes nothing is worth exactly nothing, whatever the draws.
"""

import numpy as np
from attrs import frozen

from rules.trials import SIX, Counts

_FINE = 16
"""Bits of the chances of a reader's level given a member's: so many that all products stay within 64 bits."""


@frozen(eq=False)
class Joint:
    """Facts × outcome × level of a unit: ``outcomes`` counts the outcomes, ``levels`` is how likely each level is once
    an outcome is known, in parts of ``whole``.
    """

    outcomes: Counts
    levels: Counts
    whole: int

    @property
    def draws(self) -> Counts:
        draws: Counts = self.outcomes.sum(axis=1)
        return draws

    def gains(self) -> Counts:
        """By how much more often the guess is right, fact by fact, in parts of ``draws`` × ``whole``."""
        known: Counts = (self.outcomes * self.levels.max(axis=2)).sum(axis=1)
        guessed: Counts = (self.outcomes[:, :, None] * self.levels).sum(axis=1)
        gained: Counts = known - guessed.max(axis=1)
        return gained

    def chances(self, level: int) -> tuple[Counts, Counts]:
        """The lowest and the highest chance of ``level`` or above among the outcomes seen, in parts of ``whole``."""
        reached = self.levels[:, :, level:].sum(axis=2)
        seen = self.outcomes > 0
        return (
            np.where(seen, reached, self.whole).min(axis=1).astype(np.int64),
            np.where(seen, reached, 0).max(axis=1).astype(np.int64),
        )


def of_unit(facts: Counts, rest: Counts) -> Joint:
    """The facts of units beside the units' own levels; ``facts`` and ``rest`` as ``Tally`` counts them."""
    draws = int(facts[0].sum()) if len(facts) else 1
    # The unit is at u where the rest is (below the outcome), and at the outcome where the rest is at or above it.
    levels = np.zeros((len(facts), SIX, SIX), np.int64)
    for outcome in range(SIX):
        levels[:, outcome, :outcome] = rest[:, :outcome]
        levels[:, outcome, outcome] = rest[:, outcome:].sum(axis=1)
    return Joint(facts, levels, draws)


def of_reader(own: Joint, above: Counts) -> Joint:
    """The same facts beside the levels of the units that read the units; ``above``: for every fact the counts of its
    unit's level × the reader's.
    """
    seen = above.sum(axis=2, keepdims=True)
    marginal = np.broadcast_to(above.sum(axis=1, keepdims=True), above.shape)
    # A level of the unit that no draw has shown says nothing of the reader's.
    counted = np.where(seen > 0, above, marginal)
    given = (counted << _FINE) // np.maximum(counted.sum(axis=2, keepdims=True), 1)
    return Joint(own.outcomes, np.matmul(own.levels, given), own.whole << _FINE)
