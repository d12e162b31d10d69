"""Families for tests: small ones of every kind, a plain search through all there is, and random provinces."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import strategies as st

from certification.budgeting.allocation import HIGH, LOW, Allocation, Families
from rules.efforts import CANNOT

Score = tuple[int, int, int]
"""Readers lifted, members at the target, and the cost turned round: the greater the better."""


def families(
    own: Sequence[int],
    members: Sequence[tuple[int, int, int]],
    needed: Sequence[int],
    must_readers: Sequence[int] = (),
    must_members: Sequence[int] = (),
) -> Families:
    """``members``: low, high, reader."""
    low, high, reader = (np.array([member[place] for member in members], np.int64) for place in range(3))
    return Families(
        np.array(own, np.int64),
        low,
        high,
        reader.astype(np.intp),
        np.array(needed, np.int64),
        np.isin(np.arange(len(own)), must_readers),
        np.isin(np.arange(len(members)), must_members),
    )


@st.composite
def small_families(draw: st.DrawFn, readers: int = 3, members: int = 7) -> tuple[Families, int]:
    """Families with all their oddities, and a budget; costs with many ties, or near the end of 64 bits."""
    dearest = draw(st.sampled_from((0, 1, 2, 3, 7, 30, 10**6, 2**60)))
    cost = st.integers(0, dearest) | st.sampled_from((0, dearest))
    count = draw(st.integers(0, readers))
    own = draw(st.lists(cost | st.just(CANNOT), min_size=count, max_size=count))
    needed = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    drawn = []
    for reader in sorted(draw(st.lists(st.integers(-1, count - 1), max_size=members))):
        low = draw(cost | st.just(CANNOT)) if draw(st.booleans()) else draw(cost)
        more = draw(cost | st.just(CANNOT)) if draw(st.booleans()) else draw(cost)
        drawn.append((low, CANNOT if CANNOT in (low, more) else low + more, reader))
    few = st.sampled_from((0, 0, 0, 1))
    must_readers = [place for place in range(count) if draw(few)] if draw(st.booleans()) else []
    must_members = [place for place in range(len(drawn)) if draw(few)] if draw(st.booleans()) else []
    budget = draw(st.integers(0, 3) | st.integers(0, dearest * 2) | st.integers(0, dearest * 12))
    return families(own, drawn, needed, must_readers, must_members), budget


def every_score(given: Families) -> Iterator[Score]:
    """What every choice of readers and members comes to, one after the other."""
    members = [
        (HIGH,) if must else (0, HIGH) if high != CANNOT else (0,)
        for must, high in zip(given.must_member.tolist(), given.high.tolist(), strict=True)
    ]
    if (given.must_member & (given.high == CANNOT)).any():
        return
    for lifted in itertools.product(*((True,) if must else (False, True) for must in given.must_reader)):
        for states in itertools.product(*members):
            cost = _cost(given, lifted, states)
            if cost is not None:
                yield sum(lifted), states.count(HIGH), -cost


def _cost(given: Families, lifted: Sequence[bool], states: Sequence[int]) -> int | None:
    """None: some reader is not lifted by this."""
    total = 0
    for place, is_lifted in enumerate(lifted):
        if is_lifted:
            below = np.flatnonzero(given.reader == place)
            reached = sum(states[member] == HIGH for member in below)
            lost = given.own[place] == CANNOT or (given.low[below] == CANNOT).any()
            if lost or not len(below) or reached < given.needed[place]:
                return None
            total += int(given.own[place])
    for member, state in enumerate(states):
        reader = given.reader[member]
        if state == HIGH:
            total += int(given.high[member])
        elif reader >= 0 and lifted[reader]:
            total += int(given.low[member])
    return total


def score(found: Allocation) -> Score:
    return int(found.readers.sum()), found.reached, -found.spent


def cost_of(given: Families, found: Allocation) -> int:
    """What an allocation costs, from its members one by one; fails where it does not keep its word."""
    states = [HIGH if state == HIGH else 0 for state in found.members.tolist()]
    assert ((found.members == LOW) <= np.append(found.readers, False)[given.reader]).all()
    total = _cost(given, found.readers.tolist(), states)
    assert total is not None
    return total


def province(rng: np.random.Generator, readers: int, per_reader: int, dearest: int) -> Families:
    """A random province: about so many communes in every district, at least half of whom are needed."""
    sizes = rng.integers(max(1, per_reader // 2), per_reader * 3 // 2 + 1, readers)
    reader = np.repeat(np.arange(readers), sizes)
    low = rng.integers(0, dearest + 1, len(reader))
    high = low + rng.integers(0, dearest + 1, len(reader))
    high[rng.random(len(reader)) < 1 / 20] = CANNOT
    own = rng.integers(0, dearest * 5 + 1, readers)
    nobody = np.zeros(readers, np.bool_), np.zeros(len(reader), np.bool_)
    return Families(own, low, high, reader, (sizes + 1) // 2, *nobody)
