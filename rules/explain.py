"""Explain: why a unit has, or has not, reached a level, as Reasons without words.

Guarantees that *every* failing requirement at *every* level up to the one asked appears, and that
for a district every commune that holds it back appears with its own.
"""

from collections.abc import Iterator, Mapping

from evidence.facts import Amount
from levels.framework import LEVELS, Count, Members, NotApplicable, Presence, Ratio, Requirement
from rules.verdict import CriterionVerdict, Explanation, Reason, Standing, Verdict


def explain(verdict: Verdict, asked: int, verdicts: Mapping[str, Verdict]) -> Explanation:
    """Explain the accepted level of ``verdict`` against level ``asked`` (1..5).

    ``verdicts`` by unit code holds those of the units below; a member missing there appears in
    the reasons without an explanation of its own. Raises ``ValueError`` for another level.
    """
    if asked not in LEVELS:
        raise ValueError(f"there is no level {asked}; levels are 1 to 5")
    blockers = tuple(reason for criterion in verdict.criteria for reason in _reasons(verdict, criterion, asked))
    wanted: dict[str, int] = {}
    for reason in blockers:
        requirement = reason.criterion.requirements[reason.at_level - 1]
        if isinstance(requirement, Members):
            for code, level in _wanted_of_members(verdict, requirement).items():
                wanted[code] = max(level, wanted.get(code, 0))
    children = tuple(
        explain(verdicts[member.unit.code], wanted[member.unit.code], verdicts)
        for member in verdict.members
        if member.unit.code in wanted and member.unit.code in verdicts
    )
    return Explanation(verdict, asked, blockers, children)


def shortfall(requirement: Requirement, amount: Amount) -> int:
    """How many more of the numerator ``requirement`` needs; 0: it holds.

    A ratio of 0/0 is undetermined, not met: the caller looks at the standing first.
    """
    match requirement:
        case Ratio(numerator, denominator) if amount.denominator is not None:
            needed = -(-numerator * amount.denominator // denominator)
        case Count(at_least, True) if amount.denominator:  # «hoặc 100%» of a total that is not zero
            needed = min(at_least, amount.denominator)
        case Count(at_least):
            needed = at_least
        case Presence():
            needed = 1
        case _:
            raise ValueError(f"{requirement!r} is not a requirement on the value {amount}")
    return max(0, needed - amount.numerator)


def _reasons(verdict: Verdict, found: CriterionVerdict, asked: int) -> Iterator[Reason]:
    if found.levels.level >= asked:  # every requirement up to the level holds
        return
    for level, requirement in zip(LEVELS[:asked], found.criterion.requirements, strict=False):
        if isinstance(requirement, NotApplicable):
            continue
        missing, holding_back = _missing(verdict, found, requirement)
        if missing == 0 and found.standing in (Standing.ACCEPTED, Standing.DERIVED):
            continue
        yield Reason(
            unit=verdict.unit,
            criterion=found.criterion,
            at_level=level,
            required=found.criterion.cells[level - 1],
            actual=_actual(verdict, found, requirement),
            missing=missing,
            clause=verdict.framework.clause(verdict.unit.tier, found.code, level),
            status=found.status,
            standing=found.standing,
            holding_back=holding_back,
        )


def _missing(verdict: Verdict, found: CriterionVerdict, requirement: Requirement) -> tuple[int | None, tuple[str, ...]]:
    if found.standing is Standing.DERIVED and isinstance(requirement, Members):
        wanted = _wanted_of_members(verdict, requirement)
        below = sum(member.levels.level < requirement.every for member in verdict.members)
        return max(below, _short_of_share(verdict, requirement)), tuple(wanted)
    amount = found.fact.amount if found.fact else None
    if amount is None or found.standing not in (Standing.ACCEPTED, Standing.SELF_REPORTED):
        return None, ()
    return shortfall(requirement, amount), ()


def _actual(verdict: Verdict, found: CriterionVerdict, requirement: Requirement) -> str | None:
    if found.standing is not Standing.DERIVED or not isinstance(requirement, Members):
        return found.actual
    reached = [member.levels.level >= requirement.every for member in verdict.members]
    if all(reached) and requirement.at is not None:  # then it is the share that is not met
        reached = [member.levels.level >= requirement.at for member in verdict.members]
    return f"{sum(reached)}/{len(reached)}"


def _short_of_share(verdict: Verdict, requirement: Members) -> int:
    if requirement.share is None or requirement.at is None:
        return 0
    needed = -(-requirement.share.numerator * len(verdict.members) // requirement.share.denominator)
    return max(0, needed - sum(member.levels.level >= requirement.at for member in verdict.members))


def _wanted_of_members(verdict: Verdict, requirement: Members) -> dict[str, int]:
    """The members that hold a requirement back, and the level each of them would have to reach."""
    short = _short_of_share(verdict, requirement) > 0
    wanted = {}
    for member in verdict.members:
        if short and requirement.at is not None and member.levels.level < requirement.at:
            wanted[member.unit.code] = requirement.at
        elif member.levels.level < requirement.every:
            wanted[member.unit.code] = requirement.every
    return wanted
