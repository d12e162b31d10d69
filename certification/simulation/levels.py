"""Simulation: facts that may turn out otherwise → how likely each level of each unit is, and what to verify first.

Every fact is drawn by the assumption that speaks of it, each independently of the others; a district reads its
communes in the same draws. The answers depend on the facts, the assumptions, the seed and the number of draws, and
not on where or in how many pieces they are counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np
from attrs import frozen

from certification.cluster.executor import Executor, InProcess
from certification.hierarchy import Assessment
from certification.simulation.prospects import Prospect, drawn_together
from evidence.assumptions import Assumptions
from levels.framework import LEVELS, Members
from rules.columns import CLAIMED
from rules.outlook import Below, Binding, Outlook, Simulation, Used, Worth
from rules.trials import Batch, Stratum, Tally, count
from rules.verdict import Levels
from rules.worth import Joint, of_reader, of_unit

SPAN = 2**16
"""The most draws of a batch that are counted in one piece of work."""

WORK = 2**20
"""Units times draws of a piece: about a second, so that whoever waits sees it go on."""


def simulate(
    assessment: Assessment,
    assumptions: Assumptions,
    codes: Sequence[str],
    draws: int,
    seed: int,
    *,
    level: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Simulation:
    """The outlook of the units ``codes`` (with criteria) in ``draws`` draws (at least 1).

    ``level``: the one whose chance is looked at; None: the registered one, else the next above the recorded one.
    ``progress`` is called with the number of pieces of work done, of ``pieces``. Raises ``Faulty`` where an
    assumption names a fact that its model cannot speak of, and what ``Columns.encode`` raises.
    """
    prospect = Prospect(assessment, assumptions, assessment.resting_on(codes))
    batches = list(prospect.batches())
    items = ((batch, span) for batch in batches for span in _spans(_units(batch), draws))
    tallies = (executor or InProcess()).map(count, seed, items, progress)
    wanted, outlooks = set(codes), dict[str, Outlook]()
    for batch in batches:
        pieces_of = [next(tallies) for _ in _spans(_units(batch), draws)]
        whole = [reduce(add, strata) for strata in zip(*pieces_of, strict=True)]
        for outlook in _Account(prospect, batch, whole, level).outlooks(wanted):
            outlooks[outlook.unit.code] = outlook
    used = Counter(cell.assumption for cells in prospect.cells.values() for cell in cells.values())
    facts = (fact for code in prospect.codes for fact in assessment.facts.get(code, {}).values())
    return Simulation(
        assessment.framework,
        assessment.cycle,
        draws,
        seed,
        tuple(Used(assumption, number) for assumption, number in sorted(used.items(), key=lambda u: u[0].row)),
        tuple(outlooks[code] for code in codes),
        any(fact.synthetic for fact in facts),
        level,
        prospect.stated,
        assumptions.idle(prospect.spoken),
    )


def pieces(assessment: Assessment, codes: Sequence[str], draws: int) -> int:
    """How many pieces of work ``simulate`` will do: what a progress bar needs."""
    batches = drawn_together(assessment, assessment.resting_on(codes))
    return sum(len(_spans(len(batch), draws)) for batch in batches)


def _spans(units: int, draws: int) -> list[range]:
    step = max(1, min(SPAN, WORK // units))
    return [range(first, min(first + step, draws)) for first in range(0, draws, step)]


def _units(batch: Batch) -> int:
    return sum(len(stratum.dossiers.units) for stratum in batch)


@frozen
class _Account:
    """The tallies of one batch, read unit by unit."""

    prospect: Prospect
    batch: Batch
    tallies: Sequence[Tally]
    level: int | None

    def outlooks(self, wanted: set[str]) -> Iterator[Outlook]:
        recorded = self.prospect.recorded(self.batch)
        for stratum, tally in zip(self.batch, self.tallies, strict=True):
            for place, code in enumerate(stratum.dossiers.units):
                if code in wanted:
                    yield self._outlook(stratum, tally, place, recorded[code])

    def _outlook(self, stratum: Stratum, tally: Tally, place: int, levels: Levels) -> Outlook:
        unit = self.prospect.assessment.units[stratum.dossiers.units[place]]
        asked = self.level or unit.registered or min(levels.level + 1, LEVELS[-1])
        counts = tuple(tally.levels[place].tolist())
        worth = [*self._own(stratum, tally, place, asked), *self._below(stratum, place, asked)]
        worth.sort(key=lambda each: (-each.right, -each.moves))
        binding = sorted(self._binding(stratum, tally, place, counts), key=lambda each: -each.count)
        below = sorted(self._members(stratum, place, asked), key=lambda each: (-each.below_every, -each.below_at))
        return Outlook(unit, levels, asked, counts, tuple(binding), tuple(worth), tuple(below))

    def _members(self, stratum: Stratum, place: int, asked: int) -> Iterator[Below]:
        """The units that this one reads and that are, in some draw, below what ``asked`` asks of them."""
        read = stratum.dossiers.below
        if stratum.reads is None or read is None:
            return
        lower, tally = self.batch[stratum.reads], self.tallies[stratum.reads]
        found = [
            member
            for reader, start, size in zip(read.readers, read.starts, read.sizes, strict=True)
            if reader == place
            for member in range(start, start + size)
        ]
        demands = [(c.criterion, c.criterion.requirements[asked - 1]) for c in stratum.columns.columns if c.shares]
        for criterion, demand in demands:
            assert isinstance(demand, Members)
            for member in found:
                counts, stated = tally.levels[read.order[member]], int(read.stated[member])
                if stated >= 0:  # a decision stands, whatever is drawn
                    counts = np.where(np.arange(len(counts)) == stated, counts.sum(), 0)
                least, most = int(counts[: demand.every].sum()), int(counts[: demand.at or 0].sum())
                if least or most:
                    unit = self.prospect.assessment.units[lower.dossiers.units[read.order[member]]]
                    yield Below(unit, criterion, demand.every, least, demand.at, most)

    def _binding(self, stratum: Stratum, tally: Tally, place: int, counts: Sequence[int]) -> Iterator[Binding]:
        columns, dossiers = stratum.columns, stratum.dossiers
        derived = [c.code for c in columns.columns if c.shares] if stratum.reads is not None else []
        rows = {code: row for row, code in enumerate([*stratum.laws, *derived])}
        for column in columns.columns:
            if column.code in rows:
                found = int(tally.binding[rows[column.code], place])
            else:
                values = dossiers.values[CLAIMED, columns.place[column.code]]
                held = int(columns.criterion_levels(dossiers, column.code, values)[place])
                found = counts[held] if held < LEVELS[-1] else 0
            if found:
                yield Binding(column.criterion, found)

    def _own(self, stratum: Stratum, tally: Tally, place: int, asked: int) -> Iterator[Worth]:
        cells = stratum.cells_of[place]
        yield from self._worth(stratum, cells, of_unit(tally.facts[cells], tally.rest[cells]), asked)

    def _below(self, stratum: Stratum, place: int, asked: int) -> Iterator[Worth]:
        if stratum.reads is None:
            return
        lower, tally = self.batch[stratum.reads], self.tallies[stratum.reads]
        members = np.flatnonzero(lower.reader == place).tolist()
        cells = [cell for member in members for cell in lower.cells_of[member]]
        units = [lower.cells[cell][1] for cell in cells]
        joint = of_reader(of_unit(tally.facts[cells], tally.rest[cells]), tally.above[units])
        yield from self._worth(lower, cells, joint, asked)

    def _worth(self, stratum: Stratum, cells: Sequence[int], joint: Joint, asked: int) -> Iterator[Worth]:
        lowest, highest = joint.chances(asked)
        known = zip(cells, joint.gains().tolist(), lowest.tolist(), highest.tolist(), joint.draws.tolist(), strict=True)
        for cell, gain, low, high, draws in known:
            if gain or low != high:
                code, place = stratum.cells[cell]
                yield Worth(
                    self.prospect.assessment.units[stratum.dossiers.units[place]],
                    stratum.columns.columns[stratum.columns.place[code]].criterion,
                    Fraction(gain, draws * joint.whole),
                    Fraction(low, joint.whole),
                    Fraction(high, joint.whole),
                )
