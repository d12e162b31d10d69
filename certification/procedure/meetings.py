"""Meetings of the council: when one is valid, who may vote, and what the votes decide.

The decision says nothing of quorum and majority: the act that sets up a council does, and the council records it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from levels.faults import Text


class Quorum(StrEnum):
    """How many members must be present."""

    HALF = "half"
    TWO_THIRDS = "two_thirds"

    @property
    def label(self) -> Text:
        """The rule in words."""
        if self is Quorum.HALF:
            return Text("quá nửa số thành viên", "more than half of the members")
        return Text("ít nhất hai phần ba số thành viên", "at least two thirds of the members")

    def holds(self, members: int, present: int) -> bool:
        """Whether a meeting of ``present`` out of ``members`` is valid."""
        return present * 2 > members if self is Quorum.HALF else members > 0 and present * 3 >= members * 2


class Seat(StrEnum):
    """What a member is in the council."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"

    @property
    def label(self) -> Text:
        """The seat in words."""
        return _SEATS[self]


_SEATS = {
    Seat.CHAIR: Text("Chủ tịch Hội đồng", "Chair"),
    Seat.DEPUTY: Text("Phó Chủ tịch Hội đồng", "Deputy chair"),
    Seat.MEMBER: Text("Ủy viên", "Member"),
    Seat.SECRETARY: Text("Ủy viên, Thư ký", "Member and secretary"),
}


class Choice(StrEnum):
    """How a member votes."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"

    @property
    def label(self) -> Text:
        """The vote in words."""
        return _CHOICES[self]


_CHOICES = {
    Choice.FOR: Text("Tán thành", "For"),
    Choice.AGAINST: Text("Không tán thành", "Against"),
    Choice.ABSTAIN: Text("Không có ý kiến", "Abstains"),
}


@frozen
class Tally:
    """The votes on one dossier."""

    in_favour: int
    against: int
    abstaining: int
    barred: int  # present, but with a conflict of interest
    missing: int  # present and entitled, without a vote so far

    @property
    def entitled(self) -> int:
        """The members present who may vote on this dossier."""
        return self.in_favour + self.against + self.abstaining + self.missing

    @property
    def complete(self) -> bool:
        """Whether everybody who may vote has voted, and there is somebody who may."""
        return self.missing == 0 and self.entitled > 0

    @property
    def adopted(self) -> bool:
        """Whether more than half of those who may vote are in favour; a tie adopts nothing."""
        return self.complete and self.in_favour * 2 > self.entitled


def count_votes(present: Iterable[int], barred: Iterable[int], votes: Mapping[int, Choice]) -> Tally:
    """The tally of the members ``present``; votes of the absent and of the ``barred`` do not count."""
    here = set(present)
    out = here & set(barred)
    cast = [votes.get(member) for member in here - out]
    return Tally(
        cast.count(Choice.FOR), cast.count(Choice.AGAINST), cast.count(Choice.ABSTAIN), len(out), cast.count(None)
    )
