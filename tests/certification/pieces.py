"""Pieces of work for the tests of executors: functions that a worker process can import."""

import os
import signal
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rules.decide import Undecidable
from rules.sweeps import Sweep, count_levels
from tests.rules.test_sweeps import draw


def plus(shared: int, item: int) -> int:
    return shared + item


def where(shared: object, item: int) -> int:
    return os.getpid()


def where_then_long(shared: object, item: int) -> int:
    """Where the first item is worked on; the others take longer than anybody waits."""
    if item:
        time.sleep(120)
    return os.getpid()


def none_of_three(shared: int, item: int) -> int:
    if item == 3:
        raise Undecidable("three has no level")
    return item


def out_of_time(shared: object, item: int) -> int:
    raise TimeoutError("the work's own, not the cluster's")


def count_block(sweep: Sweep, block: range) -> NDArray[np.int64]:
    return count_levels(sweep.levels(block, draw))


def count_block_of_a_doomed_worker(shared: tuple[Sweep, Path], block: range) -> NDArray[np.int64]:
    """The first worker to come to the block in the middle tells its process and waits to be killed."""
    sweep, folder = shared
    if block.start == 20:
        wait_to_be_killed(folder)
    return count_block(sweep, block)


def wait_to_be_killed(folder: Path) -> None:
    """Whoever comes first writes its process id into ``folder``/doomed and waits; the others go on."""
    try:
        with (folder / "doomed").open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return
    (folder / "ready").touch()
    time.sleep(120)
    raise AssertionError("nobody killed this worker")


def die_once(folder: Path, item: int) -> int:
    """The worker that comes first to item 5 dies over it, as by ``kill -9``."""
    if item == 5:
        try:
            (folder / "dead").touch(exist_ok=False)
        except FileExistsError:
            return item
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die_always(shared: object, item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def wait_for_file(folder: Path, item: int) -> int:
    """Tell that work is under way, and go on once ``folder``/go is there."""
    (folder / f"begun-{item}").touch()
    for _ in range(600):
        if (folder / "go").exists():
            return item
        time.sleep(0.1)
    raise AssertionError("nobody said go")
