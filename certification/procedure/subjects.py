"""Subjects: what an action is about, as far as it matters for who may do it."""

from attrs import frozen

from certification.procedure.states import Kind, State
from levels.framework import Tier


@frozen
class Place:
    """A unit as far as permissions read it; ``record``: which one of those that ever bore the code."""

    code: str
    tier: Tier
    record: int | None = None


@frozen
class Subject:
    """A unit, or the dossier of a unit in one cycle.

    ``state`` is None where the action is about the unit itself (its council, its accounts, its reports).
    Accounts are sets of ids: who ``entered`` facts or proofs of the dossier, who ``appraised`` any of
    them, who sits in the ``council`` that the reviewer has set up for the cycle (None: none is set up
    yet) and which of them declared ``conflicts`` of interest with this dossier.
    """

    unit: Place
    ancestors: tuple[Place, ...] = ()  # nearest first
    kind: Kind = "levels"
    state: State | None = None
    reviewed_by: Tier | None = None  # the tier that the rulebook lets appraise; None: the parent's
    entered: frozenset[int] = frozenset()
    appraised: frozenset[int] = frozenset()
    council: frozenset[int] | None = None
    conflicts: frozenset[int] = frozenset()
    late: bool = False  # the self-assessment came, or would come now, after the rulebook's last day
    published: bool = False  # its result has been published
    closed: bool = False  # its cycle is closed

    @property
    def reviewer(self) -> Place | None:
        """The unit whose office, council and committee review this one.

        The nearest ancestor of the tier that the rulebook names; the parent where the tree has none:
        since 1 July 2025 there are provinces without districts, whose council certifies communes directly.
        """
        parent = self.ancestors[0] if self.ancestors else None
        return next((place for place in self.ancestors if place.tier is self.reviewed_by), parent)

    @property
    def ended_by_closing(self) -> bool:
        """Whether the cycle was closed before the dossier was handed in; what was handed in goes to its end."""
        return self.closed and self.state in _NOT_HANDED_IN


_NOT_HANDED_IN = frozenset({State.OPEN, State.REGISTERED, State.ASSESSING, State.RETURNED})
