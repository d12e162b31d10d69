"""Plan: the cheapest sufficient set of improvements, with all it rests on; what the other rooms read.

A plan starts from the facts a council has accepted, for only these are recognised. Where a unit reports a
value that is not appraised yet, the plan starts from that value and asks for its appraisal; where nothing is
known, or the council has rejected what was reported, it starts from nothing. A plan adds to numerators only:
bases are what they are, and exemptions are the council's.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

from attrs import frozen

from evidence.checks import is_bare_percentage
from evidence.costs import Money
from evidence.facts import Amount, Fact, Status
from evidence.units import Unit
from levels.framework import LEVELS, Criterion, NotApplicable
from rules.explain import shortfall
from rules.verdict import CriterionVerdict, Recognition, Standing, Verdict


class Hindrance(StrEnum):
    """Why no improvement brings a unit to a level."""

    ZERO_BASE = "zero_base"  # 0/0: only the council can exempt it, with a reason
    NO_BASE = "no_base"  # a ratio whose base is not known in this cycle
    TOTAL = "total"  # more are demanded than there are
    NO_COST = "no_cost"  # the costs name no price
    NO_MEMBERS = "no_members"  # a district without communes
    TOO_FEW = "too_few"  # fewer members can rise than the share demands
    RECOGNISED = "recognised"  # a decision of this cycle has settled the member's level
    REGISTERED = "registered"  # the framework recognises no more than the registered level
    FIXED = "fixed"  # it is settled that the criterion does not change
    NEVER = "never"  # it is settled that nothing is done in the unit


@frozen
class Demand:
    """One requirement that a step satisfies."""

    at_level: int
    required: str  # the cell's own words
    clause: str


@frozen
class Step:
    """One criterion of one unit raised as far as ``level`` demands, and no further."""

    verdict: Verdict  # of the unit, before
    found: CriterionVerdict
    level: int
    start: Amount  # what counts now: of a rejected value, or of nothing known, none
    to: Amount
    cost: Money | None  # None: planned without costs
    office: str = ""  # who would do it, where the costs say so

    @property
    def unit(self) -> Unit:
        return self.verdict.unit

    @property
    def criterion(self) -> Criterion:
        return self.found.criterion

    @property
    def missing(self) -> int:
        """How many more of the numerator; 0: the reported value suffices, it has only to be appraised."""
        return self.to.numerator - self.start.numerator

    @property
    def known(self) -> bool:
        """Whether the start is a value that stands, reported or accepted."""
        return self.found.standing in (Standing.ACCEPTED, Standing.SELF_REPORTED)

    @property
    def base_stated(self) -> bool:
        """Whether what is missing is counted in real things: not so of a percentage typed without its counts."""
        return not (self.missing and self.criterion.kind == "ratio" and is_bare_percentage(self.start))

    @property
    def demands(self) -> tuple[Demand, ...]:
        """Every requirement up to ``level`` that does not hold before the step and holds after it."""
        accepted = self.found.standing is Standing.ACCEPTED
        return tuple(
            Demand(level, cell, self.verdict.framework.clause(self.unit.tier, self.criterion.code, level))
            for level, cell, requirement in zip(
                LEVELS[: self.level], self.criterion.cells, self.criterion.requirements, strict=False
            )
            if not isinstance(requirement, NotApplicable) and not (accepted and shortfall(requirement, self.start) == 0)
        )

    def fact(self, amount: Amount | None = None) -> Fact:
        """The fact there would be: ``to`` (or ``amount``), verified by the council."""
        source = self.found.fact.source if self.found.fact else ""  # keeps the mark of made-up facts
        return Fact(
            self.unit.code,
            self.criterion.code,
            Status.VERIFIED,
            amount or self.to,
            source=source,
            cycle=self.verdict.cycle,
        )


@frozen
class Obstacle:
    """What no improvement can do for a unit that is to reach ``level`` (or one above it), and why."""

    verdict: Verdict
    level: int
    kind: Hindrance
    found: CriterionVerdict | None = None  # None: it is no matter of one criterion
    needed: int | None = None  # TOTAL: of the numerator; TOO_FEW: members
    able: int | None = None  # TOTAL: the total; TOO_FEW: members that can reach the level
    recognition: Recognition | None = None  # RECOGNISED: the decision

    @property
    def unit(self) -> Unit:
        return self.verdict.unit

    @property
    def key(self) -> tuple[str, str, Hindrance]:
        """What it is about, whatever the level."""
        return self.unit.code, self.found.code if self.found else "", self.kind


@frozen
class Choice:
    """Which members rise to ``at``: ``needed`` of them must have reached it, and all of them ``every``.

    ``dearest`` chosen ≤ ``cheapest_left`` is why no other choice costs less; both are None where nobody
    was to be chosen or nobody was left, and where ``exhaustive``: shares at several levels bind at once
    and every combination of counts was compared.
    """

    at: int
    needed: int
    ready: tuple[Unit, ...]  # there already, or with no more work than all members have
    chosen: tuple[Unit, ...]
    dearest: Money | None = None  # the additional cost (without costs: the missing items) of the dearest chosen
    cheapest_left: Money | None = None
    exhaustive: bool = False
    every: int = 0  # 0: nothing is demanded of all


@frozen
class Way:
    """How one unit comes to ``level``: its own steps, and the ways of the members that must rise."""

    verdict: Verdict
    level: int
    steps: tuple[Step, ...] = ()
    below: tuple["Way", ...] = ()
    choices: tuple[Choice, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()  # empty: there is a way
    left_out: tuple[Obstacle, ...] = ()  # why members were not among those to choose from
    effort: Money = 0  # what was to be least: the cost; without costs the missing items
    missing: int = 0
    equally_good: int = 1  # how many choices of members have the same effort, this one included

    @property
    def feasible(self) -> bool:
        return not self.obstacles

    def walk(self) -> Iterator["Way"]:
        """This way and all below it."""
        yield self
        for way in self.below:
            yield from way.walk()


@frozen
class Plan:
    """The answer for one unit and level; ``certification.planning.ways`` lets none out that it has not proven."""

    way: Way
    priced: bool  # False: planned without costs, for the fewest missing items
    recognition: Recognition | None = None  # a final decision of this cycle on the unit itself

    @property
    def verdict(self) -> Verdict:
        return self.way.verdict

    @property
    def target(self) -> int:
        return self.way.level

    @property
    def feasible(self) -> bool:
        return self.way.feasible

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the unit's own first, then those of its members."""
        return tuple(step for way in self.way.walk() for step in way.steps)

    @property
    def total_cost(self) -> Money | None:
        """None where there are no costs, or no way."""
        return self.way.effort if self.priced and self.feasible else None

    @property
    def synthetic(self) -> bool:
        """Whether it rests on made-up facts."""
        return any(way.verdict.synthetic for way in self.way.walk())
