"""Improvement: the least that brings one criterion of one unit to a level, or why nothing can.

On one criterion there is no choice: every level has a least numerator, and costs never fall with more of it.
So the least step is the cheapest, and the only question left to a plan is which members rise.
"""

from evidence.costs import Costs
from evidence.facts import Amount
from levels.framework import NotApplicable
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
    requirements = [r for r in found.criterion.requirements[:level] if not isinstance(r, NotApplicable)]
    missing = max(shortfall(requirement, start) for requirement in requirements)
    to = Amount(start.numerator + missing, start.denominator)
    if to.denominator is not None and to.numerator > to.denominator:
        return Obstacle(verdict, level, Hindrance.TOTAL, found, needed=to.numerator, able=to.denominator)
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
