"""The same decision in plain lines: the check on the rule engine, the test oracle, the verifier's engine.

It shares no code with ``rules.compile``, ``rules.engine`` or ``rules.decide``: it reads the
requirements directly, in exact integers, so that one mistake cannot hide in both.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evidence.facts import Amount, Fact, Status
from levels.framework import Count, CriteriaSet, Criterion, Members, NotApplicable, Presence, Ratio, Requirement

Triple = tuple[int, int, int]
"""Accepted, claimed and possible level."""

# How each status reads for the accepted, the claimed and the possible level:
# v its value, u unmet, f met at every level (exempt, or an unknown taken as met).
_READINGS = {
    Status.VERIFIED: "vvv",
    Status.ADJUSTED: "vvv",
    Status.SELF_REPORTED: "uvv",
    Status.UNKNOWN: "uuf",
    Status.REJECTED: "uuu",
    Status.EXEMPT: "fff",
}


def decide(
    criteria_set: CriteriaSet, cycle: int, facts: Mapping[str, Fact], members: Sequence[Triple]
) -> tuple[Triple, dict[str, Triple]]:
    """The unit's three levels and those of every criterion, from its facts and its members' levels."""
    criteria = {c.code: _criterion(c, facts.get(c.code), cycle, members) for c in criteria_set.criteria}
    accepted, claimed, possible = zip(*criteria.values(), strict=True)
    return (min(accepted), min(claimed), min(possible)), criteria


def _criterion(criterion: Criterion, fact: Fact | None, cycle: int, members: Sequence[Triple]) -> Triple:
    if criterion.kind == "members" and members:
        accepted, claimed, possible = (
            _highest(criterion, _holds_for_members, each) for each in zip(*members, strict=True)
        )
        return accepted, claimed, possible
    reading = _reading(criterion, fact, cycle)
    level_of = {"f": len(criterion.requirements)}
    if "v" in reading and fact and fact.amount:
        level_of["v"] = _highest(criterion, _holds, fact.amount)
    if "u" in reading:
        level_of["u"] = _highest(criterion, _demands_nothing, None)
    return level_of[reading[0]], level_of[reading[1]], level_of[reading[2]]


def _highest(criterion: Criterion, holds: Callable[[Requirement, Any], bool], value: object) -> int:
    level = 0
    for requirement in criterion.requirements:
        if not holds(requirement, value):
            break
        level += 1
    return level


def _reading(criterion: Criterion, fact: Fact | None, cycle: int) -> str:
    if fact is None:
        return "uuf"
    if fact.status in (Status.EXEMPT, Status.REJECTED):  # a council's ruling counts in its own cycle only
        return _READINGS[fact.status] if fact.cycle in (None, cycle) else "uuf"
    made = fact.measured_on.year if fact.measured_on else fact.cycle or cycle
    if fact.status == Status.UNKNOWN or not made <= cycle < made + criterion.valid_cycles:
        return "uuf"
    zero_base = fact.amount is not None and fact.amount.denominator == 0  # 0/0: until the council rules
    return "uuf" if zero_base else _READINGS[fact.status]


def _demands_nothing(requirement: Requirement, _: None) -> bool:
    return isinstance(requirement, NotApplicable)


def _holds(requirement: Requirement, amount: Amount) -> bool:
    match requirement:
        case Ratio(numerator, denominator):
            return amount.numerator * denominator >= numerator * (amount.denominator or 1)
        case NotApplicable():
            return True
        case Presence():
            return amount.numerator >= 1
        case Count(at_least, or_all):
            whole = or_all and amount.numerator == amount.denominator
            return amount.numerator >= at_least or (whole and amount.numerator > 0)
    raise ValueError(f"{requirement!r} is not a requirement on a value")


def _holds_for_members(requirement: Requirement, levels: Sequence[int]) -> bool:
    if not isinstance(requirement, Members) or min(levels) < requirement.every:
        return False
    if requirement.share is None or requirement.at is None:
        return True
    reached = sum(level >= requirement.at for level in levels)
    return reached * requirement.share.denominator >= requirement.share.numerator * len(levels)
