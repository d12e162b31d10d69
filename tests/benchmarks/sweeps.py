"""Draws over all communes, for the columns and for a loop written by hand: same values, same blocks, same threads."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from evidence.facts import Fact
from evidence.units import Units
from levels.framework import LEVELS, Count, Criterion, Framework, Presence, Ratio, Requirement, Tier
from rules.columns import compile_columns
from rules.sweeps import hold, in_blocks, rows_of
from tests.benchmarks.country import CYCLE, LazyFacts, Setting, country

DRAWS = 10_000

Numbers = NDArray[np.int32]
Found = NDArray[np.int8]
Work = Callable[[range], Found]


@frozen(eq=False)
class Stock:
    """Drawn values of every criterion, made once and gone through again and again: drawing is not what is measured."""

    values: dict[str, Numbers]
    rows: int

    def draw(self, code: str, block: range) -> Numbers:
        """The values of a block; where they stand in the stock changes from block to block."""
        start = block.start % (self.rows + 1)
        return self.values[code][start : start + len(block)]


def facts_of_communes(framework: Framework, units: Units | None = None) -> dict[str, Mapping[str, Fact]]:
    """The facts of every commune of the country."""
    known = country() if units is None else units
    lazy = LazyFacts(framework, known, Setting.VERIFIED)
    return {code: lazy[code] for code, unit in known.items() if unit.tier is Tier.COMMUNE}


def stock_of(facts: Mapping[str, Mapping[str, Fact]]) -> Stock:
    """Two blocks of draws: mostly the recorded value, else up to two less or more; never below 0 or above the total."""
    rows = rows_of(len(facts))
    rng = np.random.default_rng(121)
    values = {}
    for code in next(iter(facts.values())):
        amounts = [dossier[code].amount for dossier in facts.values()]
        recorded = np.array([amount.numerator for amount in amounts if amount], np.int32)
        most = np.array([amount.denominator or 1 for amount in amounts if amount], np.int32)
        shape = 2 * rows, len(facts)
        move = np.where(rng.integers(0, 30, shape), np.int32(0), rng.integers(-2, 3, shape, dtype=np.int32))
        values[code] = np.clip(recorded + move, 0, most)
    return Stock(values, rows)


def by_columns(framework: Framework, facts: Mapping[str, Mapping[str, Fact]], stock: Stock) -> Work:
    """The columns, every criterion drawn."""
    columns = compile_columns(framework, Tier.COMMUNE)
    sweep = hold(columns, columns.encode(CYCLE, facts), tuple(stock.values))
    return lambda block: sweep.levels(block, stock.draw)


def by_hand(framework: Framework, facts: Mapping[str, Mapping[str, Fact]], stock: Stock) -> Work:
    """Nothing but comparisons: limits worked out before, values that are all known, no statuses, no checks."""
    limits = {
        criterion.code: _limits(criterion, [dossier[criterion.code] for dossier in facts.values()])
        for criterion in framework.sets[Tier.COMMUNE].criteria
    }

    def work(block: range) -> Found:
        shape = len(block), len(facts)
        met = np.ones((len(LEVELS), *shape), np.bool_)
        enough = np.empty(shape, np.bool_)
        for code, of_levels in limits.items():
            values = stock.draw(code, block)
            for place, limit in of_levels.items():
                np.greater_equal(values, limit, out=enough)
                met[place] &= enough
        for place in range(1, len(LEVELS)):
            met[place] &= met[place - 1]
        level: Found = met.sum(axis=0, dtype=np.int8)
        return level

    return work


def comparisons_alone(framework: Framework, facts: Mapping[str, Mapping[str, Fact]], stock: Stock) -> Work:
    """The same comparisons with nothing made of them: not even a level."""
    limits = {
        criterion.code: list(_limits(criterion, [dossier[criterion.code] for dossier in facts.values()]).values())
        for criterion in framework.sets[Tier.COMMUNE].criteria
    }

    def work(block: range) -> Found:
        enough = np.empty((len(block), len(facts)), np.bool_)
        for code, of_levels in limits.items():
            values = stock.draw(code, block)
            for limit in of_levels:
                np.greater_equal(values, limit, out=enough)
        return enough.view(np.int8)

    return work


def _limits(criterion: Criterion, facts: list[Fact]) -> dict[int, Numbers]:
    """By place of the level: every commune's least numerator; a level that asks no more than the one before it is
    left out.
    """
    limits: dict[int, Numbers] = {}
    before: Requirement | None = None
    for place, requirement in enumerate(criterion.requirements):
        if requirement != before and isinstance(requirement, Ratio | Count | Presence):
            limits[place] = np.array([_least(requirement, fact) for fact in facts], np.int32)
        before = requirement
    return limits


def _least(requirement: Requirement, fact: Fact) -> int:
    total = fact.amount.denominator if fact.amount else None
    match requirement:
        case Ratio(numerator, denominator):
            return -(-numerator * (total or 1) // denominator)
        case Count(at_least, or_all):
            return min(at_least, total) if or_all and total else at_least
    return 1


def swept(work: Work, draws: int, rows: int) -> int:
    """Go through all draws by the program's own blocks and threads; how many levels there were."""
    return sum(found.size for found in in_blocks(work, draws, rows))


def looped(work: Work, draws: int, rows: int) -> int:
    """Go through all draws on two threads, as one would by hand."""
    count = 0
    for found in _mapped(work, [range(first, min(first + rows, draws)) for first in range(0, draws, rows)]):
        count += found.size
    return count


def _mapped(work: Work, blocks: list[range]) -> Iterator[Found]:
    with ThreadPoolExecutor(2) as pool:
        waiting = deque(pool.submit(work, block) for block in blocks[:3])
        for block in blocks[3:]:
            yield waiting.popleft().result()
            waiting.append(pool.submit(work, block))
        while waiting:
            yield waiting.popleft().result()
