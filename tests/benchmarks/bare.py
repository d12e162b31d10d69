"""The bare safe pattern, driven on the same facts as the rule base."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from evidence.facts import Amount, Fact
from levels.framework import LEVELS, Count, CriteriaSet, Criterion, Presence, Ratio
from tests.benchmarks.pattern import UnitRules

BareFacts = dict[str, tuple[str, Fraction]]


def bare_rules(criteria_set: CriteriaSet) -> Any:
    """The bare rules of one tier: five rising thresholds for every criterion."""
    thresholds = {criterion.code: _thresholds(criterion) for criterion in criteria_set.criteria}
    return UnitRules(thresholds, scale=100)  # type: ignore[no-untyped-call]  # the pattern states no types


def _thresholds(criterion: Criterion) -> list[Fraction]:
    if criterion.kind == "members":  # the pattern knows no hierarchy: it is given the level itself
        return [Fraction(level) for level in LEVELS]
    bounds = []
    for requirement in criterion.requirements:
        match requirement:
            case Ratio():
                bounds.append(requirement.at_least)
            case Count(at_least):
                bounds.append(Fraction(at_least))
            case Presence():
                bounds.append(Fraction(1))
            case _:
                bounds.append(Fraction(0))
    return bounds


def bare_facts(criteria_set: CriteriaSet, facts: Mapping[str, Fact], members_level: int = 0) -> BareFacts:
    """The same facts as plain fractions; where one is not known, as 0."""
    return {
        criterion.code: (
            f"f{index}",
            Fraction(members_level)
            if criterion.kind == "members"
            else _value(criterion, facts[criterion.code].amount or Amount(0, 1)),
        )
        for index, criterion in enumerate(criteria_set.criteria)
    }


def _value(criterion: Criterion, amount: Amount) -> Fraction:
    if criterion.kind == "ratio":
        return Fraction(amount.numerator, amount.denominator or 1)
    if criterion.needs_total and amount.numerator == amount.denominator and amount.numerator:
        return Fraction(max(amount.numerator, 3))  # «hoặc 100%», which the pattern cannot say
    return Fraction(amount.numerator)
