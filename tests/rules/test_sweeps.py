"""Draws: every draw has the levels that its facts would have, however it is cut into blocks and spread over threads."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from evidence.facts import Amount, Fact, Status
from levels.framework import Tier
from rules import reference
from rules.below import Below
from rules.columns import ACCEPTED, CLAIMED, POSSIBLE, Columns, Dossiers, Integers, compile_columns
from rules.compile import UNMET
from rules.sweeps import CELLS, count_levels, hold, in_blocks, rows_of
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting

DRAWS = 40
VARYING = ("I.1", "I.4", "II.4", "III.9")
"""A ratio, a presence, a count that asks for the total, and another presence."""

COMMUNES = [meeting(commune(), level) for level in (1, 3, 5)] + [
    meeting(commune(), 4, II_4=fact(commune(), "II.4", Amount(2, 2)), I_1=None),
    meeting(commune(), 5, I_2=fact(commune(), "I.2", Amount(85, 100), Status.SELF_REPORTED)),
]


def columns_of(tier: Tier) -> Columns:
    return compile_columns(kon_tum(), tier)


def encoded(*dossiers: dict[str, Fact]) -> Dossiers:
    return columns_of(Tier.COMMUNE).encode(CYCLE, {str(number): facts for number, facts in enumerate(dossiers)})


def draw(code: str, block: range) -> Integers:
    """For every draw values around the thresholds; sometimes unmet or free. Each draw has a seed of its own."""
    highest = {"I.1": 1000, "II.4": 4}.get(code, 1)
    rows = []
    for number in block:
        rng = np.random.default_rng([number, VARYING.index(code)])
        drawn = rng.integers(UNMET, highest + 1, len(COMMUNES), dtype=np.int32)
        rows.append(np.where(rng.integers(0, 2, len(COMMUNES)) == 0, np.int32(2**31 - 1), drawn))
    return np.stack(rows)


def drawn_facts(number: int, unit: int) -> dict[str, Fact]:
    """The facts of one commune in one draw."""
    facts = dict(COMMUNES[unit])
    for code in VARYING:
        value = int(draw(code, range(number, number + 1))[0, unit])
        known = facts.get(code)
        base = (known.amount.denominator if known and known.amount else None) or (100 if code == "I.1" else None)
        if value == UNMET:
            facts[code] = fact(commune(), code, None, Status.REJECTED)
        elif value == 2**31 - 1:
            facts[code] = fact(commune(), code, None, Status.EXEMPT)
        else:
            facts[code] = fact(commune(), code, Amount(value, base))
    return facts


def expected(kind: int) -> list[list[int]]:
    entry = kon_tum().sets[Tier.COMMUNE]
    return [
        [reference.decide(entry, CYCLE, drawn_facts(n, unit), [])[0][kind] for unit in range(len(COMMUNES))]
        for n in range(DRAWS)
    ]


@pytest.mark.parametrize("kind", [ACCEPTED, CLAIMED, POSSIBLE])
def test_every_draw_has_the_levels_of_its_facts(kind: int) -> None:
    sweep = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING, kind)
    found = sweep.levels(range(DRAWS), draw)
    assert found.tolist() == expected(kind)
    assert len(np.unique(found)) > 3


def test_the_lowest_criterion_of_a_draw_and_what_is_held_make_its_level() -> None:
    sweep = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING)
    criteria = sweep.criteria(range(DRAWS), draw)
    assert criteria.shape == (len(VARYING), DRAWS, len(COMMUNES))
    assert np.minimum(criteria.min(axis=0), sweep.held).tolist() == sweep.levels(range(DRAWS), draw).tolist()


def test_where_nothing_varies_every_draw_has_the_recorded_levels() -> None:
    columns, dossiers = columns_of(Tier.COMMUNE), encoded(*COMMUNES)
    sweep = hold(columns, dossiers, ())
    assert sweep.levels(range(2), draw).tolist() == [columns.levels(dossiers).units[ACCEPTED].tolist()] * 2
    assert sweep.criteria(range(2), draw).shape == (0, 2, len(COMMUNES))


# Districts read the levels of their communes in the same draw


def districts() -> tuple[Dossiers, Columns]:
    below = Below.of(["1", "2", "3"], list("abcde"), {"1": ["a", "b", "e"], "3": ["c", "d"]}, {"d": 4})
    columns = columns_of(Tier.DISTRICT)
    exempt = fact(district(), "I.1", None, Status.EXEMPT)
    facts = {"1": meeting(district(), 5), "2": meeting(district(), 3) | {"I.1": exempt}, "3": meeting(district(), 5)}
    return columns.encode(CYCLE, facts, below), columns


def test_a_district_reads_its_communes_levels_of_the_same_draw() -> None:
    dossiers, columns = districts()
    communes = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING)
    sweep = hold(columns, dossiers, ("II.1",))
    assert sweep.reads == ("I.1",)

    def shown(code: str, block: range) -> Integers:
        return np.array([[900, 1000, 1000 - number * 20] for number in block], np.int64)

    members = communes.levels(range(DRAWS), draw)
    found = sweep.levels(range(DRAWS), shown, members)
    entry = kon_tum().sets[Tier.DISTRICT]
    for number in range(DRAWS):
        a, b, c, _, e = ((level,) * 3 for level in members[number].tolist())
        for unit, read in ((0, [a, b, e]), (2, [c, (4, 4, 4)])):
            value = Amount(int(shown("II.1", range(number, number + 1))[0, unit]), 1000)
            facts = meeting(district(), 5, II_1=fact(district(), "II.1", value))
            assert found[number, unit] == reference.decide(entry, CYCLE, facts, read)[0][ACCEPTED]
    assert set(found[:, 1].tolist()) == {3}
    assert len(np.unique(found)) > 3
    criteria = sweep.criteria(range(DRAWS), shown, members)
    assert np.minimum(criteria.min(axis=0), sweep.held).tolist() == found.tolist()


def test_the_levels_of_the_communes_may_stay_while_other_criteria_are_drawn() -> None:
    dossiers, columns = districts()
    members = columns_of(Tier.COMMUNE).levels(encoded(*COMMUNES)).units
    sweep = hold(columns, dossiers, (), CLAIMED, members)
    assert sweep.reads == ()
    assert sweep.levels(range(2), draw).tolist() == [columns.levels(dossiers, members).units[CLAIMED].tolist()] * 2


# Refused


def with_type(kind: type, *shape: int) -> Callable[[str, range], Integers]:
    return lambda code, block: np.ones(shape or (len(block), len(COMMUNES)), kind)


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        (with_type(float), "drawn float64"),
        (with_type(np.uint64), "drawn uint64"),
        (with_type(bool), "drawn bool"),
        (with_type(int, len(COMMUNES)), r"of \(5,\); expected signed integers of \(3, 5\)"),
        (with_type(int, 1, len(COMMUNES)), r"of \(1, 5\)"),
    ],
)
def test_drawn_values_are_signed_integers_for_every_draw_and_unit(
    drawn: Callable[[str, range], Integers], found: str
) -> None:
    sweep = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING)
    with pytest.raises(ValueError, match=r"I\.1: .*" + found):
        sweep.levels(range(3), drawn)
    with pytest.raises(ValueError, match=r"I\.1: .*" + found):
        sweep.criteria(range(3), drawn)


def test_only_criteria_of_the_set_that_do_not_follow_from_levels_can_be_drawn() -> None:
    dossiers, columns = districts()
    with pytest.raises(ValueError, match=r"\['I\.1', 'IX\.1'\] cannot be drawn"):
        hold(columns, dossiers, ("II.1", "I.1", "IX.1"))


# Blocks


@pytest.mark.parametrize(("rows", "threads"), [(1, 1), (7, 2), (DRAWS, 3), (100, 2)])
def test_blocks_and_threads_change_no_answer(rows: int, threads: int) -> None:
    sweep = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING)
    told: list[int] = []
    blocks = in_blocks(lambda block: sweep.levels(block, draw), DRAWS, rows, threads=threads, progress=told.append)
    assert np.concatenate(list(blocks)).tolist() == sweep.levels(range(DRAWS), draw).tolist()
    assert sum(told) == DRAWS
    assert len(told) == -(-DRAWS // rows)


def test_no_draws_are_no_blocks() -> None:
    assert list(in_blocks(len, 0, 5)) == []


def test_no_more_blocks_are_begun_than_bound_memory() -> None:
    lock, begun = threading.Lock(), [0]

    def work(block: range) -> int:
        with lock:
            begun[0] += 1
        return block.start

    for taken, start in enumerate(in_blocks(work, 50, 1, threads=2), 1):
        assert start == taken - 1
        assert begun[0] <= taken + 2


def test_an_error_in_a_block_is_raised_in_its_turn() -> None:
    def work(block: range) -> int:
        if block.start == 4:
            raise ValueError("no such draw")
        return block.start

    taken = []
    with pytest.raises(ValueError, match="no such draw"):
        taken.extend(in_blocks(work, 10, 2))
    assert taken in ([], [0, 2])  # list.extend keeps what came before
    assert list(in_blocks(work, 4, 2)) == [0, 2]


def test_a_block_has_as_many_draws_as_units_leave_room_for() -> None:
    assert rows_of(CELLS) == 1
    assert rows_of(10 * CELLS) == 1
    assert rows_of(0) == CELLS
    assert rows_of(10_599) * 10_599 <= CELLS < (rows_of(10_599) + 1) * 10_599


def test_levels_are_counted_beyond_255_draws() -> None:
    found = np.array([[3, 5]] * 300 + [[0, 5]] * 4, np.int8)
    counts = count_levels(found)
    assert counts.tolist() == [[4, 0], [0, 0], [0, 0], [300, 0], [0, 0], [0, 304]]
    assert counts.dtype == np.int64
