"""The same evaluation and simulation in this process and by the workers of a Dask cluster on this machine."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from attrs import frozen

from certification.cluster.executor import HERE, Executor, executor
from certification.cluster.processes import Processes
from certification.hierarchy import Assessment, evaluate
from certification.simulation.levels import simulate
from evidence.assumptions import Assumptions
from levels.framework import Tier
from levels.loader import load_framework
from tests.benchmarks.country import CYCLE, LazyFacts, Setting, country
from tests.certification.machines import machines

DRAWS = 20_000
SEED = 121


@frozen
class Compared:
    """One task: seconds in this process, in two processes and on two workers of a cluster."""

    what: str
    here: float
    processes: float
    cluster: float


def beside_one_process(share: Fraction, rounds: int) -> Iterator[list[Compared]]:
    """Every round of both tasks; the answers are compared too, and a difference ends the measurement."""
    evaluated, simulated = _evaluation(share / 5), _simulation(share / 50)
    with two_workers() as cluster:
        for number in range(rounds + 1):
            found = [_compared(f"evaluation, {float(share * 20):g} % of the country", evaluated, cluster)]
            found.append(_compared(f"simulation, {float(share * 2):g} % of it × {DRAWS:,} draws", simulated, cluster))
            if number:  # in the first, rule bases are compiled everywhere
                yield found


@contextmanager
def two_workers() -> Iterator[Executor]:
    """A scheduler and two workers as the README starts them."""
    os.environ["MALLOC_TRIM_THRESHOLD_"] = "67108864"
    with (
        tempfile.TemporaryDirectory() as folder,
        machines(Path(folder), 2) as found,
        executor(scheduler=found.address) as cluster,
    ):
        yield cluster


def _compared(what: str, task: Callable[[Executor], object], cluster: Executor) -> Compared:
    seconds, answers = [], []
    for by in (HERE, Processes(2), cluster):
        started = time.perf_counter()
        answers.append(task(by))
        seconds.append(time.perf_counter() - started)
    if not answers[0] == answers[1] == answers[2]:
        raise AssertionError(f"{what}: the answers differ")
    return Compared(what, *seconds)


def _evaluation(share: Fraction) -> Callable[[Executor], object]:
    assessment = _assessment(share, Setting.VERIFIED)
    return lambda by: [verdict.levels for verdict in evaluate(assessment, executor=by)]


def _simulation(share: Fraction) -> Callable[[Executor], object]:
    assessment = _assessment(share, Setting.MIXED)
    codes = assessment.order
    return lambda by: simulate(assessment, Assumptions(), codes, DRAWS, SEED, executor=by)


def _assessment(share: Fraction, setting: Setting) -> Assessment:
    framework = load_framework("kon-tum-121-2025")
    units = country(share)
    lazy = LazyFacts(framework, units, setting)
    districts = [unit for unit in units.values() if unit.tier is Tier.DISTRICT]
    codes = [unit.code for district in districts for unit in (*units.children(district.code), district)]
    return Assessment(framework, units, {code: lazy[code] for code in codes}, CYCLE)
