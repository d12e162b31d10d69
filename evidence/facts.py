"""Facts: what is known of one unit on one criterion, with its status, source and documents.

Values are integers only; an unknown is a missing fact or status ``unknown``, never a zero.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from levels.framework import Criterion


class Status(StrEnum):
    """How far a fact has got; domain.md, «Five ways of not knowing»."""

    UNKNOWN = "unknown"
    SELF_REPORTED = "self_reported"
    VERIFIED = "verified"
    ADJUSTED = "adjusted"
    REJECTED = "rejected"
    EXEMPT = "exempt"


ACCEPTED = frozenset({Status.VERIFIED, Status.ADJUSTED, Status.EXEMPT})
"""The statuses on which a recognition may rest."""


SYNTHETIC = "Dữ liệu mô phỏng (synthetic)"
"""The ``source`` of made-up facts; whatever shows or rests on such a fact says so."""


@frozen(weakref_slot=False)  # a whole country's facts are half a million of these
class Amount:
    """An exact value as integers.

    ratio: ``numerator``/``denominator``; count: ``numerator`` of the total ``denominator`` (None
    where the total does not matter); presence: ``numerator`` 1 or 0. Of an index also: choice:
    ``numerator`` is the option's number from 1; amount of money and score: the exact decimal
    ``numerator``/``denominator``, the denominator a power of ten (1,25 is 125/100, 5 is 5/1).
    """

    numerator: int
    denominator: int | None = None

    def __str__(self) -> str:
        return str(self.numerator) if self.denominator is None else f"{self.numerator}/{self.denominator}"


@frozen(weakref_slot=False)
class Document:
    """One proof: a file, a link or an official letter's number; the hash only of a file that was seen."""

    reference: str
    sha256: str | None = None


def row_name(criterion: str, round_: str | None) -> str:
    """What tells apart the rows of one unit and cycle: the criterion, with a round ``II.6.5:a@round1``."""
    return f"{criterion}@{round_}" if round_ else criterion


@frozen(weakref_slot=False)
class Fact:
    """What is known of ``unit`` on ``criterion`` in the dossier of ``cycle``."""

    unit: str
    criterion: str
    status: Status
    amount: Amount | None = None  # None where the status needs no value
    reported: Amount | None = None  # what the unit had reported, where the council adjusted it
    documents: tuple[Document, ...] = ()
    source: str = ""
    measured_on: datetime.date | None = None
    cycle: int | None = None  # None: the cycle that is being assessed
    note: str = ""  # for rejected and exempt: the council's reason
    round: str = ""  # the round of scoring the row belongs to (index only); "": the base of all rounds

    @property
    def id(self) -> str:
        """How traces and bundles name the fact."""
        return f"{self.unit}/{self.criterion}"

    @property
    def row(self) -> str:
        """What tells apart the rows of one unit and cycle: the criterion, with a round ``II.6.5:a@round1``."""
        return row_name(self.criterion, self.round)

    @property
    def synthetic(self) -> bool:
        """Whether the fact is made up (the bundled sample)."""
        return self.source.startswith(SYNTHETIC)

    def counts_in(self, cycle: int, criterion: Criterion) -> bool:
        """Whether the fact may be used in ``cycle``.

        A fact counts in the cycle it was measured in; commune I.11 and district II.11 also in
        the next one («01 lần kiểm tra, đánh giá được tính cho 02 năm»: ``valid_cycles`` 2).
        """
        made = self.measured_on.year if self.measured_on else self.cycle or cycle
        return made <= cycle < made + criterion.valid_cycles


Facts = Mapping[str, Mapping[str, Fact]]
"""Facts by unit code, then by criterion code (or ``Fact.row``): one dossier per unit and cycle."""
