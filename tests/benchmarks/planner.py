"""Whom a budget lifts in the whole country: from made-up facts to families, for our planner and for the solvers."""

import time
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from attrs import frozen

from certification.budgeting.allocation import Allocation, Families, curve
from evidence.costs import Costs, Price
from evidence.facts import Fact
from evidence.units import Units
from levels.framework import Framework, Tier
from rules.below import Below
from rules.columns import Columns, Dossiers, compile_columns
from rules.efforts import efforts
from tests.benchmarks.country import CYCLE, LazyFacts, Setting, country
from tests.benchmarks.solvers import Solved

TARGET = 3


@frozen(eq=False)
class Told:
    """The families of the country, and the seconds that it took to encode its facts and to find the efforts."""

    families: Families
    encoding: float
    finding: float


def prices_of(framework: Framework) -> Costs:
    """A price for every criterion that can be bought, in đồng, each another."""
    return {
        (tier, criterion.code): Price(1_000_000 * (place % 7) + 500_000, 35_000 * (place % 11 + 1))
        for tier, criteria_set in framework.sets.items()
        for place, criterion in enumerate(criteria_set.criteria)
        if criterion.kind != "members"
    }


def country_families(framework: Framework, units: Units | None = None, target: int = TARGET) -> Told:
    """Districts to ``target``, every commune to the level below it, half of them to ``target``."""
    known = country() if units is None else units
    lazy = LazyFacts(framework, known, Setting.VERIFIED)
    facts: dict[Tier, dict[str, Mapping[str, Fact]]] = {Tier.COMMUNE: {}, Tier.DISTRICT: {}}
    for code in lazy:
        facts[known[code].tier][code] = lazy[code]
    districts, communes = list(facts[Tier.DISTRICT]), list(facts[Tier.COMMUNE])
    below = Below.of(districts, communes, {code: [unit.code for unit in known.children(code)] for code in districts})
    started = time.perf_counter()
    encoded: dict[Tier, tuple[Columns, Dossiers]] = {}
    for tier, reads in ((Tier.COMMUNE, None), (Tier.DISTRICT, below)):
        columns = compile_columns(framework, tier)
        encoded[tier] = columns, columns.encode(CYCLE, facts[tier], reads)
    between = time.perf_counter()
    prices = prices_of(framework)
    of_communes = efforts(*encoded[Tier.COMMUNE], (target - 1, target), prices)
    of_districts = efforts(*encoded[Tier.DISTRICT], (target,), prices)
    finding = time.perf_counter() - between
    place = {code: number for number, code in enumerate(districts)}
    reader = np.array([place[known[code].parent or ""] for code in communes], np.intp)
    sizes = np.bincount(reader, minlength=len(districts))
    families = Families(
        own=of_districts.to(target),
        low=of_communes.to(target - 1),
        high=of_communes.to(target),
        reader=reader,
        needed=(sizes + 1) // 2,
        must_reader=np.zeros(len(districts), np.bool_),
        must_member=np.zeros(len(communes), np.bool_),
    )
    return Told(families, between - started, finding)


def within(families: Families, part: Fraction) -> int:
    """So much of what it costs to lift every district that can be lifted."""
    return int(curve(families)[-1] * part)


def compared(found: Allocation, theirs: Solved) -> str:
    """How a solver's answer stands to ours: the same, or stopped, with the bounds it has come to.

    Raises ``ArithmeticError`` where both claim to be right and differ, and where the other is the better one.
    """
    ours = int(found.readers.sum()), found.reached, -found.spent
    other = theirs.readers, theirs.members, -theirs.cost
    if other > ours or (theirs.proven and other != ours) or not found.optimal:
        raise ArithmeticError(f"the planner finds {ours}, the solver {other}")
    if theirs.proven:
        return "same answer, proven by both"
    names = ("districts", "communes", "cost")
    reached = (theirs.readers, theirs.members, theirs.cost)
    told = [
        f"{value:,} {name} (bound {bound:,.0f})"
        for value, name, bound in zip(reached, names, theirs.bounds, strict=False)
    ]
    return "same answer, " * (other == ours) + "stopped: " + ", ".join(told)
