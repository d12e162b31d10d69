"""The same answers in the same order in this process and in several; a worker's death changes nothing."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.cluster.executor import DEATHS, HERE, ClusterFailure, Executor, InProcess, executor
from certification.cluster.processes import Processes
from certification.hierarchy import evaluate
from evidence.facts import Fact, Facts
from evidence.units import Units
from levels.framework import Tier
from rules.decide import Undecidable
from rules.sweeps import hold
from rules.verdict import Levels, Recognition
from tests.certification import pieces
from tests.certification.machines import ROOT, until
from tests.certification.test_hierarchy import province
from tests.rules.test_sweeps import COMMUNES, VARYING, columns_of, encoded

SWEEP = hold(columns_of(Tier.COMMUNE), encoded(*COMMUNES), VARYING)
BLOCKS = [range(first, first + 5) for first in range(0, 40, 5)]
EVERYWHERE = [InProcess(), InProcess(threads=2), Processes(2)]


@pytest.mark.parametrize("by", EVERYWHERE, ids=str)
def test_results_come_in_the_order_of_the_items_and_are_counted(by: Executor) -> None:
    told: list[int] = []
    assert list(by.map(pieces.plus, 100, range(30), told.append)) == list(range(100, 130))
    assert told == [1] * 30
    assert list(by.map(pieces.plus, 100, [])) == []


@pytest.mark.parametrize("by", EVERYWHERE, ids=str)
def test_an_error_of_the_work_is_raised_in_its_turn_as_what_it_is(by: Executor) -> None:
    found = by.map(pieces.none_of_three, 0, range(6))
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(Undecidable, match="three has no level"):
        next(found)


@pytest.mark.parametrize("by", EVERYWHERE, ids=str)
def test_items_are_asked_for_only_a_few_ahead(by: Executor) -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            asked.append(item)
            yield item

    for taken, _ in enumerate(by.map(pieces.plus, 0, items()), 1):
        assert len(asked) <= taken + 7


def test_a_sweep_counts_the_same_in_several_processes() -> None:
    here = list(HERE.map(pieces.count_block, SWEEP, BLOCKS))
    assert np.array_equal(here, list(Processes(2).map(pieces.count_block, SWEEP, BLOCKS)))


def test_two_processes_work_and_this_one_does_not() -> None:
    places = set(Processes(2).map(pieces.where, None, range(20)))
    assert len(places) in (1, 2)
    assert os.getpid() not in places


def test_the_death_of_a_worker_loses_nothing(tmp_path: Path) -> None:
    assert list(Processes(2).map(pieces.die_once, tmp_path, range(12))) == list(range(12))
    assert (tmp_path / "dead").exists()


class _Deadly(dict[str, dict[str, Fact]]):
    """Facts over which the first worker that asks for those of a commune dies."""

    def __init__(self, facts: Facts, code: str, folder: Path) -> None:
        super().__init__({each: dict(dossier) for each, dossier in facts.items()})
        self.code, self.folder, self.parent = code, folder, os.getpid()

    def get(self, code: str, default: Any = None) -> Any:
        if code == self.code and os.getpid() != self.parent:
            pieces.die_once(self.folder, 5)
        return super().get(code, default)


def test_a_worker_that_dies_in_the_midst_of_an_evaluation_changes_no_verdict(tmp_path: Path) -> None:
    assessment = province([3, 4], *([[5, 1, 0, 2, 3, 4, 5, 5]] * 9), [1])
    deadly = evolve(assessment, facts=_Deadly(assessment.facts, "23503", tmp_path))
    assert list(evaluate(deadly, executor=Processes(2))) == list(evaluate(assessment))
    assert (tmp_path / "dead").exists()


class _ByPost:
    """Does in this process what another machine would do: with nothing but what was pickled."""

    inherits = False

    def map(self, work: Any, shared: Any, items: Any, progress: Any = None) -> Any:
        for item in items:
            do, with_what = posted((work, shared))
            yield posted(do(with_what, posted(item)))


def posted(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@given(
    st.lists(st.lists(st.integers(0, 5), max_size=9), min_size=1, max_size=9),
    st.sets(st.integers(0, 8)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=8, deadline=None)
def test_any_country_is_decided_the_same_by_post(levels: list[list[int]], decided: set[int], chance: Random) -> None:
    assessment = province(*levels)
    listed = [*assessment.units]
    chance.shuffle(listed)
    recognised = {
        code: Recognition(code, Levels(2, 2, 2), "sha256:x", provisional=bool(place % 2))
        for place, code in enumerate(assessment.order)
        if place in decided
    }
    units = Units({code: assessment.units[code] for code in listed})
    country = evolve(assessment, units=units, recognitions=recognised)
    assert list(evaluate(country, executor=_ByPost())) == list(evaluate(country))
    some = country.resting_on(listed[:2])
    assert list(evaluate(country, executor=_ByPost(), codes=some)) == list(evaluate(country, codes=some))


def test_units_listed_before_those_above_them_come_in_the_same_order() -> None:
    assessment = province([3, 4], [2], [5, 5])
    turned = evolve(assessment, units=Units({code: assessment.units[code] for code in reversed([*assessment.units])}))
    assert [verdict.unit.code for verdict in evaluate(turned)][-2:] == ["23000", "610"]
    assert list(evaluate(turned, executor=Processes(2))) == list(evaluate(turned))


def test_work_that_kills_every_worker_is_given_up() -> None:
    with pytest.raises(ClusterFailure, match=f"{DEATHS + 1} worker processes in a row died") as failed:
        list(Processes(2).map(pieces.die_always, None, range(3)))
    assert failed.value.code == 3


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="processes are found by /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from certification.cluster.processes import Processes; "
        "from tests.certification import pieces; "
        "print(*set(Processes(2).map(pieces.where, None, range(2))), flush=True); "
        "list(Processes(2).map(pieces.wait_for_file, Path(sys.argv[1]), range(2)))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        until((tmp_path / "begun-1").exists)
        children = [
            int(status.parent.name)
            for status in Path("/proc").glob("[0-9]*/status")
            if f"\nPPid:\t{parent.pid}\n" in status.read_text()
        ]
        parent.kill()
    assert len(children) == 2
    until(lambda: not any(runs(child) for child in children))


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_executor_is_chosen_by_what_is_asked_for() -> None:
    with executor() as alone, executor(1, threads=3) as threaded, executor(4) as together:
        assert (alone, threaded, together) == (HERE, InProcess(3), Processes(4))


def test_nothing_is_left_running_when_the_taker_stops(tmp_path: Path) -> None:
    started = time.monotonic()
    found = Processes(2).map(pieces.where_then_long, tmp_path, range(1000))
    worker = next(found)
    found.close()  # type: ignore[attr-defined]
    until(lambda: not runs(worker))
    assert time.monotonic() - started < 30
