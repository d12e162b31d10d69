"""Compile a criteria set into a rule base: plain data, no engine, nothing written by hand per criterion.

A fact enters the rule base as one bounded integer, its *amount*; every criterion becomes a list
of *bands* that are exclusive and exhaustive over the integers, so every fact fires exactly one
rule. A band states at once which requirements hold (those of levels 1..``level``) and which one
does not (``level`` + 1): «not met» is a band of its own, never the absence of a rule.
"""

from fractions import Fraction
from math import lcm

from attrs import frozen

from levels.framework import LEVELS, Count, CriteriaSet, Criterion, Framework, Members, NotApplicable, Presence, Ratio

UNMET = -1
"""The amount of a fact that counts as unmet: nothing known, rejected, undetermined."""

FREE = 2**52
"""The amount of a criterion that binds at no level: exempt, or (possible level) taken as met."""


class NotCompilable(ValueError):
    """A criteria set for which no exact rule base can be made; no verdict may be given under it."""


@frozen
class Band:
    """A fact of ``criterion`` with ``low`` ≤ amount < ``high`` gives the criterion ``level``."""

    rule: str
    criterion: str
    level: int
    low: int | None  # None: no lower bound
    high: int | None  # None: no upper bound
    whole: bool | None = None  # only where a requirement reads «hoặc 100%»: whether count = total


@frozen
class Share:
    """Requirement ``level`` of a members criterion: ``every`` and ``at`` are the least scaled shares
    of members that must have reached levels ``every_level`` and ``at_level``.
    """

    criterion: str
    level: int
    every_level: int
    every: int
    at_level: int
    at: int


@frozen
class RuleBase:
    """The rules for one criteria set.

    ``scales``: by how much the ratios of a criterion are multiplied; ``totals``: the criteria whose
    bands also ask whether count = total.
    """

    name: str
    criteria: tuple[str, ...]
    scales: dict[str, int]
    bands: tuple[Band, ...]
    shares: tuple[Share, ...]
    totals: frozenset[str]

    def amount(self, criterion: str, numerator: int, denominator: int | None) -> int:
        """The bounded integer that stands for a value.

        ``floor(numerator × scale / denominator)``: every threshold × scale is an integer, so
        comparing the floors is exact. Raises ``NotCompilable`` for values out of the bounds.
        """
        scale = self.scales.get(criterion)
        amount = numerator if scale is None else numerator * scale // denominator if denominator else UNMET
        if not 0 <= amount < FREE:
            raise NotCompilable(f"{criterion}: {numerator}/{denominator} is not a value the rule base can compare")
        return amount


def compile_set(framework: Framework, criteria_set: CriteriaSet) -> RuleBase:
    """The rule base of one tier of a framework.

    Raises ``NotCompilable`` where a threshold lies out of the engine's exact integers.
    """
    scales: dict[str, int] = {}
    bands: list[Band] = []
    shares: list[Share] = []
    for criterion in criteria_set.criteria:
        if criterion.kind == "ratio":
            scales[criterion.code] = lcm(*(r.denominator for r in criterion.requirements if isinstance(r, Ratio)))
        base = next((i for i, r in enumerate(criterion.requirements) if not isinstance(r, NotApplicable)), len(LEVELS))
        bands.append(Band(f"{criterion.code}/unmet", criterion.code, base, None, 0))
        bands.append(Band(f"{criterion.code}/free", criterion.code, len(LEVELS), FREE, None))
        if criterion.kind == "members":
            shares.extend(_shares(criterion, scales))
        elif criterion.needs_total:
            bands.extend(_bands(criterion, scales, whole=False))
            bands.extend(_bands(criterion, scales, whole=True))
        else:
            bands.extend(_bands(criterion, scales, whole=None))
    codes = tuple(criteria_set.by_code)
    name = f"{framework.digest.removeprefix('sha256:')[:16]}-{criteria_set.tier}"
    totals = frozenset(band.criterion for band in bands if band.whole is not None)
    return RuleBase(name, codes, scales, tuple(bands), tuple(shares), totals)


def _bands(criterion: Criterion, scales: dict[str, int], whole: bool | None) -> list[Band]:
    # A level holds only with all levels below it, so its threshold is the greatest so far.
    thresholds, greatest = [], 0
    for requirement in criterion.requirements:
        greatest = max(greatest, _threshold(requirement, scales.get(criterion.code, 1), whole is True))
        thresholds.append(greatest)
    if greatest >= FREE:
        raise NotCompilable(f"{criterion.code}: a threshold of {greatest} is too large to compare exactly")
    suffix = "/all" if whole else ""
    lows, highs = [0, *thresholds], [*thresholds, FREE]
    return [
        Band(f"{criterion.code}/L{level}{suffix}", criterion.code, level, low, high, whole)
        for level, (low, high) in enumerate(zip(lows, highs, strict=True))
        if low < high
    ]


def _threshold(requirement: object, scale: int, whole: bool) -> int:
    match requirement:
        case NotApplicable():
            return 0
        case Presence():
            return 1
        case Count(at_least, or_all):
            return 1 if or_all and whole else at_least  # «hoặc 100%»: count = total > 0
        case Ratio(numerator, denominator):
            return numerator * scale // denominator
    raise NotCompilable(f"no rule is known for the requirement {requirement!r}")


def _shares(criterion: Criterion, scales: dict[str, int]) -> list[Share]:
    found = [r for r in criterion.requirements if isinstance(r, Members)]
    scale = lcm(*(r.share.at_least.denominator for r in found if r.share))
    scales[criterion.code] = scale
    shares = []
    for level, requirement in zip(LEVELS, criterion.requirements, strict=True):
        if not isinstance(requirement, Members):
            raise NotCompilable(f"{criterion.code}: level {level} does not speak of member units")
        part = requirement.share.at_least if requirement.share else Fraction(0)
        at_level = requirement.every if requirement.at is None else requirement.at
        shares.append(Share(criterion.code, level, requirement.every, scale, at_level, int(part * scale)))
    return shares
