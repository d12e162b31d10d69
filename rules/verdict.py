"""Verdict: the computed result with its justification; what the other rooms read.

A verdict holds three levels side by side: ``level`` (accepted facts only: the only one that can
be recognised), ``claimed_level`` (self-reported facts taken at their word) and ``possible_level``
(unknowns taken as met); always level ≤ claimed_level ≤ possible_level.
"""

import datetime
from enum import StrEnum
from functools import cache

from attrs import frozen

from evidence.facts import Fact, Status
from evidence.units import Unit
from levels.faults import Text
from levels.framework import Criterion, Framework, Tier


class Standing(StrEnum):
    """What is known of one criterion of one unit: the kinds of knowing and not knowing."""

    ACCEPTED = "accepted"  # verified or adjusted: the value counts
    SELF_REPORTED = "self_reported"  # a value the council has not accepted yet
    UNKNOWN = "unknown"  # no fact
    EXPIRED = "expired"  # a fact of another cycle that no longer counts
    REJECTED = "rejected"  # counts as unmet
    ZERO_BASE = "zero_base"  # 0/0, or a district without communes: undetermined
    EXEMPT = "exempt"  # binds at no level
    DERIVED = "derived"  # district I.1: follows from the communes' levels


@frozen
class Levels:
    """Accepted, claimed and possible, side by side."""

    level: int
    claimed_level: int
    possible_level: int


@cache
def levels_of(level: int, claimed_level: int, possible_level: int) -> Levels:
    """The shared value for three levels: there are only 216."""
    return Levels(level, claimed_level, possible_level)


def as_triple(levels: Levels) -> tuple[int, int, int]:
    """Accepted, claimed, possible as plain integers."""
    return levels.level, levels.claimed_level, levels.possible_level


@frozen
class Recognition:
    """What the unit above reads from a decision of this cycle on ``unit``.

    A final decision is a legal fact: ``levels`` is the level it states, three times. A provisional
    or unsigned one is only a draft: ``levels`` are the computed ones that it holds.
    """

    unit: str
    levels: Levels
    decision: str  # digest of the sealed decision
    provisional: bool
    number: str = ""  # of a final decision: 12/QĐ-UBND
    signed_on: datetime.date | None = None


def recognise(
    unit: str,
    computed: Levels,
    stated: int,
    decision: str,
    number: str,
    signed_on: datetime.date | None,
    *,
    final: bool,
) -> Recognition:
    """The recognition of ``unit`` by a decision that states level ``stated`` for it."""
    if final:
        return Recognition(unit, levels_of(stated, stated, stated), decision, False, number, signed_on)
    return Recognition(unit, computed, decision, True)


@frozen
class Member:
    """A unit whose level is a fact of the unit above, and which level was used."""

    unit: Unit
    levels: Levels
    recognition: Recognition | None = None  # None: the levels are the computed ones

    @property
    def provisional(self) -> bool:
        """Not recognised yet, or recognised by a decision that is itself provisional."""
        return self.recognition is None or self.recognition.provisional


@frozen
class CriterionVerdict:
    """One criterion of one unit: its levels and what they rest on."""

    criterion: Criterion
    levels: Levels
    standing: Standing
    fact: Fact | None
    rules: tuple[str, str, str]  # the rules that fired for accepted, claimed, possible: "I.2/L3"

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def actual(self) -> str | None:
        """The value as exact text (``74/104``, ``2``, ``1``); None where nothing is known."""
        return None if self.fact is None or self.fact.amount is None else str(self.fact.amount)

    @property
    def status(self) -> Status:
        return Status.UNKNOWN if self.fact is None else self.fact.status


@frozen
class Verdict:
    """The levels of one unit under one framework in one cycle, with everything they rest on."""

    framework: Framework
    unit: Unit
    cycle: int
    levels: Levels
    criteria: tuple[CriterionVerdict, ...]
    members: tuple[Member, ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether it rests on made-up facts."""
        return any(found.fact is not None and found.fact.synthetic for found in self.criteria)

    @property
    def recognised_level(self) -> int:
        """The level a decision would state; 0: not recognised.

        The registered level caps it only where the framework says ``at_most_registered``.
        """
        if self.framework.recognise == "at_most_registered" and self.unit.registered is not None:
            return min(self.levels.level, self.unit.registered)
        return self.levels.level


@frozen
class Reason:
    """One requirement that does not hold: a blocker, with all that is needed to say it aloud."""

    unit: Unit
    criterion: Criterion
    at_level: int
    required: str  # the cell's own words
    actual: str | None  # exact: "74/104"; None where nothing is known
    missing: int | None  # how many more of the numerator (dossiers, systems, communes …); None: cannot be said
    clause: str
    status: Status
    standing: Standing  # the kind of not-knowing, or ACCEPTED: known and not enough
    holding_back: tuple[str, ...] = ()  # district I.1: codes of the communes that must rise


@frozen
class Explanation:
    """Why a unit has, or has not, reached the level asked for."""

    verdict: Verdict
    asked: int
    blockers: tuple[Reason, ...]  # every failing requirement at every level up to ``asked``
    children: tuple[
        "Explanation", ...
    ] = ()  # the communes that hold a district back, each asked for the level it lacks

    @property
    def reached(self) -> bool:
        return not self.blockers


@frozen
class Decision:
    """The draft of a legal act: ``issuer`` (people's committee of a district or province)
    recognises the levels of ``verdicts``.
    """

    framework: Framework
    cycle: int
    issuer: Unit
    superior: Unit | None  # the unit above the issuer; None for a province
    tier: Tier  # of the units recognised
    verdicts: tuple[Verdict, ...]  # in the order of the units file
    provisional: tuple[Text, ...]  # why it is not final; empty: final
    number: str = ""  # as the office registers it; empty: left open for the clerk
    signed_on: datetime.date | None = None
    signer: str = ""
    minutes: str = ""  # the appraisal council's minutes, cited among the grounds
    closed: bool = False  # the council has closed the dossiers: what is not shown by now is unmet
    synthetic: bool = False  # rests on synthetic facts: every page says so
    replaces: str = ""  # the earlier decision whose place it takes for these units, as a document cites it

    @property
    def final(self) -> bool:
        """Whether it is an act, signed and nothing provisional about it, and not just a draft of one."""
        return bool(self.number) and self.signed_on is not None and not self.provisional
