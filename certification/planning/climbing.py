"""Climbing: the least a unit needs to come to a rank, where its own rise may lower its peers.

The others of the group stay as they are, and so does the total that has to be reached. Only where an indicator is
measured against the peers (Min-Max, the highest) a longer measure costs the others points. Those moves are few: their
rows of options are halved again and again, each half with the least that it could cost, until the best is proven.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import product
from time import monotonic

from attrs import define, evolve, field, frozen

from certification.planning.knapsack import Row, Solution, cheapest, least
from rules.frontiers import Frontier, Piece, quantities_of, share_among
from rules.ranking import merit
from rules.scores import Score
from rules.shares import rule_of

Changes = Mapping[str, Mapping[str, Fraction]]
"""What the unit's inputs come to, by indicator and key."""


@frozen
class Reached:
    """What is chosen: of every indicator, in printed order, a piece of its frontier and the option in it."""

    pieces: tuple[Piece, ...]
    numbers: tuple[int, ...]
    bound: int  # no choice costs less, in the whole numbers of the search
    equally_good: int | None


@define
class _Best:
    """The cheapest way so far, and the least that ways not looked into can cost."""

    cost: int | None = None
    reached: Reached | None = None
    left: int | None = None

    def take(self, cost: int, reached: Reached) -> None:
        if self.cost is None or cost < self.cost:
            self.cost, self.reached = cost, reached

    def leave(self, bound: int) -> None:
        self.left = bound if self.left is None else min(self.left, bound)


@frozen(eq=False)
class Climb:
    """The search for the cheapest way of ``score`` to ``rank`` among ``others``."""

    score: Score
    others: Sequence[Score]
    rank: int
    frontiers: Sequence[Frontier]
    rows: Callable[[Frontier, Sequence[Piece]], list[Row]]  # pieces in whole numbers
    needed: Callable[[Fraction], int]  # what the gains must add up to for a total
    until: float | None

    def total(self, changes: Changes) -> Fraction:
        """The points with which the unit is at ``rank``, once ``changes`` have moved the peers."""
        merits = sorted((self._merit(other, changes) for other in self.others), reverse=True)
        return merits[self.rank - 1] * self.score.reachable

    def run(self) -> Reached | None:
        """The cheapest way, or the best that was found in time, with the bound; None where there is none."""
        still = [[piece for piece in f.pieces if not self._moves(f, piece)] for f in self.frontiers]
        moving = [[piece for piece in (*f.pieces, *f.beyond) if self._moves(f, piece)] for f in self.frontiers]
        best = _Best()
        for pieces in product(*([None, *found] for found in moving)):
            moves = {place: piece for place, piece in enumerate(pieces) if piece is not None}
            _Along(self, still, moves, best).run()
        if best.reached is None or best.cost is None:
            return None
        bound = best.cost if best.left is None else min(best.left, best.cost)
        return evolve(best.reached, bound=bound, equally_good=None if any(moving) else best.reached.equally_good)

    def _moves(self, frontier: Frontier, piece: Piece) -> bool:
        """Whether ``piece`` moves a peer: between its ends its measure only grows."""
        if not compares(frontier):
            return False
        code = frontier.indicator.code
        return any(
            self._merit(other, {code: piece.changes(n)}) != merit(other.points, other.reachable)
            for other in self.others
            for n in {0, piece.last}
            if piece.changes(n)
        )

    def _merit(self, other: Score, changes: Changes) -> Fraction:
        points = other.points
        for frontier in self.frontiers:
            changed = changes.get(frontier.indicator.code)
            if changed and compares(frontier):
                line = other.by_code[frontier.indicator.code]
                share = share_among(line, self._measures(frontier, other, changed)) if line.reachable else line.share
                points += (share - line.share) * line.indicator.max
        return merit(points, other.reachable)

    def _measures(self, frontier: Frontier, other: Score, changed: Mapping[str, Fraction]) -> dict[str, list[Fraction]]:
        """What all but ``other`` bring to the comparison."""
        code = frontier.indicator.code
        brought = [quantities_of(each.by_code[code]) for each in self.others if each is not other]
        found: dict[str, list[Fraction]] = {}
        for quantities in (*brought, quantities_of(frontier.line, changed)):
            for name, quantity in quantities.items():
                found.setdefault(name, []).append(quantity)
        return found


def compares(frontier: Frontier) -> bool:
    """Whether the indicator is measured against the peers."""
    return bool(rule_of(frontier.indicator).peers)


_Corner = tuple[int, ...]
"""An option of each piece along which the unit moves its peers."""


@frozen(eq=False)
class _Along:
    """The ways on which some lines move the peers, each along one piece, and the others do not."""

    climb: Climb
    still: Sequence[Sequence[Piece]]
    moves: Mapping[int, Piece]  # by the place of the line
    best: _Best
    solved: dict[int, Solution] = field(factory=dict)

    def run(self) -> None:
        first: _Corner = (0,) * len(self.moves)
        last = tuple(map(self._furthest, self._rows()))
        open_: list[tuple[int, int, _Corner, _Corner]] = []
        self._open(open_, first, last)
        while open_:
            bound, _, low, high = heappop(open_)
            if self.best.cost is not None and bound >= self.best.cost:
                return
            if self.climb.until is not None and monotonic() > self.climb.until and self.best.cost is not None:
                self.best.leave(bound)
                return
            self._look(open_, low, high)

    def _furthest(self, row: Row) -> int:
        """The last option that costs no more than the best way known."""
        if self.best.cost is None or not row.each:
            return row.last
        return max(0, min(row.last, (self.best.cost - row.cost) // row.each))

    def _look(self, open_: list[tuple[int, int, _Corner, _Corner]], low: _Corner, high: _Corner) -> None:
        """The cheapest corner between ``low`` and ``high``; both halves are opened where there may be a better."""
        near = self._solve(low)
        if near.picks is not None:
            least_ = self._shorter(low, near.cost)
            self.best.take(self._cost(low) + near.cost, self._reached(least_, self._solve(least_)))
        if low == high:
            if near.picks is not None and not near.optimal:
                self.best.leave(self._cost(low) + near.bound)
            return
        far = self._solve(high)
        if far.picks is None:
            return
        if near.picks is not None and near.optimal and far.optimal and near.cost == far.cost:
            return  # between them the moves cost more and save nothing
        if self.best.cost is not None and self._cost(low) + far.bound >= self.best.cost:
            return
        pieces = list(self.moves.values())
        place = max(range(len(low)), key=lambda p: (pieces[p].each * (high[p] - low[p]), high[p] - low[p]))
        middle = (low[place] + high[place]) // 2
        self._open(open_, low, _with(high, place, middle))
        self._open(open_, _with(low, place, middle + 1), high)

    def _shorter(self, corner: _Corner, cost: int) -> _Corner:
        """``corner`` without what is more than is needed along moves that cost nothing."""
        for place, row in enumerate(self._rows()):
            low, high = (corner[place], corner[place]) if row.each else (0, corner[place])
            while low < high:
                middle = (low + high) // 2
                found = self._solve(_with(corner, place, middle))
                if found.picks is not None and found.cost <= cost:
                    high = middle
                else:
                    low = middle + 1
            corner = _with(corner, place, high)
        return corner

    def _open(self, open_: list[tuple[int, int, _Corner, _Corner]], low: _Corner, high: _Corner) -> None:
        bound = least(self.classes, self._needed(high))
        if bound is not None:
            heappush(open_, (self._cost(low) + bound, len(open_), low, high))

    @property
    def classes(self) -> list[list[Row]]:
        """The lines that do not move the peers."""
        return [
            self.climb.rows(frontier, pieces)
            for place, (frontier, pieces) in enumerate(zip(self.climb.frontiers, self.still, strict=True))
            if place not in self.moves
        ]

    def _solve(self, corner: _Corner) -> Solution:
        needed = self._needed(corner)
        if needed not in self.solved:
            self.solved[needed] = cheapest(self.classes, needed, self.climb.until, count=not self.moves)
        return self.solved[needed]

    def _needed(self, corner: _Corner) -> int:
        """What the other lines must add up to where the moves have come to ``corner``."""
        changes = {
            self.climb.frontiers[place].indicator.code: piece.changes(n)
            for (place, piece), n in zip(self.moves.items(), corner, strict=True)
        }
        own = sum(row.gain + n * row.rise for row, n in zip(self._rows(), corner, strict=True))
        return self.climb.needed(self.climb.total(changes)) - own

    def _cost(self, corner: _Corner) -> int:
        return sum(row.cost + n * row.each for row, n in zip(self._rows(), corner, strict=True))

    def _rows(self) -> list[Row]:
        return [self.climb.rows(self.climb.frontiers[place], [piece])[0] for place, piece in self.moves.items()]

    def _reached(self, corner: _Corner, found: Solution) -> Reached:
        assert found.picks is not None  # there is a choice of the other lines
        moved = dict(zip(self.moves, corner, strict=True))
        picks = iter(found.picks)
        pieces, numbers = [], []
        for place, options in enumerate(self.still):
            if place in self.moves:
                pieces.append(self.moves[place])
                numbers.append(moved[place])
            else:
                row, n = next(picks)
                pieces.append(options[row])
                numbers.append(n)
        return Reached(tuple(pieces), tuple(numbers), self._cost(corner) + found.bound, found.equally_good)


def _with(corner: _Corner, place: int, n: int) -> _Corner:
    return *corner[:place], n, *corner[place + 1 :]
