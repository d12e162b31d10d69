"""The publication: the draft of the legal act that publishes a ranking."""

import datetime
from typing import Literal

from attrs import frozen

from evidence.units import Unit
from levels.faults import Text
from levels.index import Index
from rules.scores import GroupRanking, Score


@frozen
class Publication:
    """The draft of the act by which ``issuer`` publishes the points and ranks of ``groups``.

    Its scores hold only what the council has accepted (``Reading.ACCEPTED``).
    """

    index: Index
    cycle: int
    issuer: Unit
    superior: Unit | None  # the unit above the issuer; None for a province
    groups: tuple[GroupRanking, ...]  # in the order of the index; at least one
    provisional: tuple[Text, ...]  # why it is not final; empty: final
    number: str = ""  # as the office registers it; empty: left open for the clerk
    signed_on: datetime.date | None = None
    signer: str = ""
    minutes: str = ""  # the council's minutes, cited among the grounds
    closed: bool = False  # the council has closed the dossiers: what is not shown is worth no points
    synthetic: bool = False  # rests on synthetic facts: every page says so
    replaces: str = ""  # the earlier decision whose place it takes, as a document cites it
    # What an index may leave open, as the office words it; empty: as the index's roles say, else left for the clerk.
    signed_by: Literal["committee", "chairman"] | None = None  # the people's committee, or its chairman in his own name
    proposed_by: str = ""  # Theo đề nghị của …
    responsible: str = ""  # … chịu trách nhiệm thi hành
    recipients: tuple[str, ...] = ()  # Nơi nhận, besides those of the last article and the archive

    @property
    def scores(self) -> tuple[Score, ...]:
        """The scores published, group by group, best first."""
        return tuple(place.score for group in self.groups for place in group.places)
