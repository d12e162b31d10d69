"""Improvement: the least that brings one criterion of one unit to a level, or why nothing can.

On one criterion there is no choice: every level has a least numerator, and costs never fall with more of it.
So the least step is the cheapest, and the only question left to a plan is which members rise.
"""

from evidence.costs import Costs
from evidence.facts import Amount
from levels.framework import LEVELS, NotApplicable
from rules.explain import shortfall
from rules.plans import Hindrance, Obstacle, Step
from rules.verdict import CriterionVerdict, Standing, Verdict


def improve(verdict: Verdict, found: CriterionVerdict, level: int, costs: Costs | None) -> Step | Obstacle | None:
    """The step by which ``found``, a criterion of ``verdict``, meets all requirements up to ``level``.

    None: they hold already. An obstacle where a base is zero or not known (domain.md: the council exempts, or
    it stays unmet), more is demanded than there is, a district has no members, or ``costs`` name no price.
    """
    if found.levels.level >= level:
        return None
    start = _start(found)
    if isinstance(start, Hindrance):
        return Obstacle(verdict, level, start, found)
    missing = 0
    for at, requirement in zip(LEVELS[:level], found.criterion.requirements, strict=False):
        if isinstance(requirement, NotApplicable):
            continue
        missing = max(missing, shortfall(requirement, start))
        needed = start.numerator + missing
        if start.denominator is not None and needed > start.denominator:
            # The level that demands it is named: «or 100%» of a higher one may well be met.
            return Obstacle(verdict, at, Hindrance.TOTAL, found, needed=needed, able=start.denominator)
    to = Amount(start.numerator + missing, start.denominator)
    price = None if costs is None else costs.get((verdict.unit.tier, found.code))
    if costs is not None and price is None and missing:
        return Obstacle(verdict, level, Hindrance.NO_COST, found)
    cost = price.of(missing) if price else None if costs is None else 0
    return Step(verdict, found, level, start, to, cost, price.office if price else "")


def _start(found: CriterionVerdict) -> Amount | Hindrance:
    """From what an improvement starts; a reported value from what is reported: the council may accept it."""
    amount = found.fact.amount if found.fact else None
    if found.criterion.kind == "members":
        return Hindrance.NO_MEMBERS
    if found.standing in (Standing.ACCEPTED, Standing.SELF_REPORTED):
        assert amount is not None  # rules.decide gives no such standing without
        return amount
    if amount is not None and found.standing in (Standing.ZERO_BASE, Standing.REJECTED):
        # Of a rejected value nothing counts, but its base was reported for this cycle.
        return Hindrance.ZERO_BASE if amount.denominator == 0 else Amount(0, amount.denominator)
    # Nothing known, or known of another cycle only: what it was a share of then says nothing of now.
    return Hindrance.NO_BASE if found.criterion.kind == "ratio" else Amount(0)
