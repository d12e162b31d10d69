"""Dossiers for tests: facts that meet a level everywhere, with what a test changes."""

from collections.abc import Mapping
from functools import cache

from evidence.facts import Amount, Document, Fact, Status
from evidence.units import Unit
from levels.framework import Count, Criterion, Framework, Presence, Ratio, Requirement, Tier
from levels.loader import load_framework
from rules.verdict import Levels, Member

CYCLE = 2025
PROOF = (Document("123/BC-UBND"),)


@cache
def kon_tum() -> Framework:
    """The real rulebook."""
    return load_framework("kon-tum-121-2025")


def commune(code: str = "23281") -> Unit:
    return Unit(code, "Xã Đắk Hà", Tier.COMMUNE, "615")


def district(code: str = "615") -> Unit:
    return Unit(code, "Huyện Đắk Hà", Tier.DISTRICT, "62")


def just_enough(requirement: Requirement) -> Amount | None:
    """The least value that meets a requirement, of a base of 1,000 where there is one."""
    match requirement:
        case Ratio(numerator, denominator):
            return Amount(-(-numerator * 1000 // denominator), 1000)
        case Count(at_least):
            return Amount(at_least, 1000)
        case Presence():
            return Amount(1)
    return None


def nothing(criterion: Criterion) -> Amount:
    """A known value that meets no requirement."""
    return Amount(0) if criterion.kind == "presence" else Amount(0, 1000)


def fact(
    unit: Unit, criterion: str, amount: Amount | None = None, status: Status = Status.VERIFIED, **more: object
) -> Fact:
    return Fact(unit.code, criterion, status, amount, documents=PROOF, **more)  # type: ignore[arg-type]


def meeting(unit: Unit, level: int, status: Status = Status.VERIFIED, **changed: Fact | None) -> dict[str, Fact]:
    """Facts that meet exactly the requirements of ``level``; ``changed`` by code, ``I_2`` for I.2."""
    facts = {}
    for criterion in kon_tum().sets[unit.tier].criteria:
        if criterion.kind != "members":
            amount = just_enough(criterion.requirements[level - 1]) or nothing(criterion)
            facts[criterion.code] = fact(unit, criterion.code, amount, status)
    for name, new in changed.items():
        if new is None:
            facts.pop(name.replace("_", "."))
        else:
            facts[name.replace("_", ".")] = new
    return facts


def members(*levels: int | tuple[int, int, int]) -> list[Member]:
    """Communes with these levels (accepted, or all three)."""
    return [
        Member(commune(str(23000 + place)), Levels(*(level if isinstance(level, tuple) else (level,) * 3)))
        for place, level in enumerate(levels)
    ]


def without(facts: Mapping[str, Fact], *codes: str) -> dict[str, Fact]:
    return {code: known for code, known in facts.items() if code not in codes}
