"""Chances: the exact probability of each level in closed form, where the facts are independent of each other.

What many draws approach: the oracle of ``rules.trials``. It reads the requirements directly and shares no code with
the columns. A unit reaches a level where all its criteria do, so its probability is a product; of a district's
communes every one and half of them are asked, which is a Poisson-binomial count.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod

from levels.framework import LEVELS, Count, Criterion, Members, NotApplicable, Presence, Ratio, Requirement
from rules.draws import Law

Chances = tuple[Fraction, ...]
"""The probability of level 1 or above, 2 or above … 5."""


def certain(level: int) -> Chances:
    """The chances of what is at ``level`` for certain."""
    return tuple(Fraction(each <= level) for each in LEVELS)


def criterion_chances(criterion: Criterion, law: Law, base: int | None = None) -> Chances:
    """The chances of a criterion whose numerator ``law`` draws, of a ratio in parts of ``base``; of a count ``base``
    is the total, where one is known. Raises ``ValueError`` for a criterion that is no matter of a value.
    """
    found = []
    for level in LEVELS:
        demands = [demand for demand in criterion.requirements[:level] if not isinstance(demand, NotApplicable)]
        least = max((_least(demand, base) for demand in demands), default=None)
        if least is None:
            found.append(Fraction(1))
            continue
        chance = law.at_least(least)
        if base and base < least and all(_whole_suffices(demand, base) for demand in demands):
            chance += law.at_least(base) - law.at_least(base + 1)  # «hoặc 100%»: count = total
        found.append(chance)
    return tuple(found)


def unit_chances(criteria: Iterable[Chances]) -> Chances:
    """The chances of a unit from those of all its criteria."""
    return tuple(prod(each, start=Fraction(1)) for each in zip(*criteria, strict=True))


def members_chances(criterion: Criterion, members: Sequence[Chances]) -> Chances:
    """The chances of a criterion that reads the levels of ``members`` (at least one), independent of each other.

    Raises ``ValueError`` where a level does not imply those below it: then there is no closed form of this kind.
    """
    demands = [demand for demand in criterion.requirements if isinstance(demand, Members)]
    if len(demands) != len(LEVELS) or not members:
        raise ValueError(f"{criterion.code} does not read the levels of members")
    for lower, higher in pairwise(demands):
        if not _implies(higher, lower):
            raise ValueError(f"{criterion.code}: a level does not imply the one below it")
    return tuple(_members_chance(demand, members) for demand in demands)


def _least(demand: Requirement, base: int | None) -> int:
    match demand:
        case Ratio(numerator, denominator) if base is not None:
            return -(-numerator * base // denominator)
        case Presence():
            return 1
        case Count(at_least):
            return at_least
    raise ValueError(f"{demand!r} is not a requirement on a value")


def _whole_suffices(demand: Requirement, total: int) -> bool:
    return isinstance(demand, Count) and (demand.or_all or demand.at_least <= total)


def _implies(higher: Members, lower: Members) -> bool:
    """Whether whoever meets ``higher`` meets ``lower``."""
    if higher.every < lower.every:
        return False
    if lower.share is None or lower.at is None or lower.at <= higher.every:
        return True
    if higher.share is None or higher.at is None:
        return False
    return higher.at >= lower.at and higher.share.at_least >= lower.share.at_least


def _members_chance(demand: Members, members: Sequence[Chances]) -> Fraction:
    """That every member is at ``every`` or above, and enough of them at ``at``: a count of independent members."""

    def reaches(member: Chances, level: int) -> Fraction:
        return member[level - 1] if level else Fraction(1)

    at = demand.every if demand.at is None else max(demand.at, demand.every)
    share = Fraction(0) if demand.share is None else demand.share.at_least
    needed = -(-share.numerator * len(members) // share.denominator)
    counts = [Fraction(1)]  # by how many are at ``at`` already, none being below ``every``
    for member in members:
        high, low = reaches(member, at), reaches(member, demand.every)
        stays = [each * (low - high) for each in counts]
        rises = [each * high for each in counts]
        counts = [one + two for one, two in zip([*stays, Fraction(0)], [Fraction(0), *rises], strict=True)]
    return sum(counts[needed:], Fraction(0))
