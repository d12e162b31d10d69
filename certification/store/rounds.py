"""Rounds: in which round of an index a ruling stands that is made now.

A framework of levels keeps no rounds apart: both appraisals rule on the same fact, the log tells them apart. An index
keeps a row for each round that it names, so that they can be shown side by side.
"""

from certification.procedure.states import State
from certification.store.held_rulebooks import rulebook_of
from certification.store.models.cycles import Cycle
from levels.index import Index

COUNCIL_ROUNDS = frozenset({"round1", "round2"})
"""The rounds whose rows are the council's own; those of the others are the unit's, ruled on in their place."""


def rounds_of(cycle: Cycle) -> tuple[str, ...]:
    """The rounds of scoring that the rulebook of ``cycle`` names, in their order."""
    rulebook = rulebook_of(cycle)
    return tuple(each.id for each in rulebook.rounds) if isinstance(rulebook, Index) else ()


def round_of_ruling(cycle: Cycle, state: State) -> str:
    """The round of what the council rules now.

    Where the decision names no second round (Bắc Ninh), what follows the explanation belongs to its last round.
    """
    rounds = rounds_of(cycle)
    if not rounds:
        return ""
    if state in (State.SECOND_ROUND, State.REAPPRAISING):
        return "round2" if "round2" in rounds else rounds[-1]
    return "round1" if "round1" in rounds else rounds[-1]


def order_of(cycle: Cycle) -> dict[str, int]:
    """The place of each round; what belongs to no round comes before all of them."""
    return {name: at for at, name in enumerate(("", *rounds_of(cycle)))}
