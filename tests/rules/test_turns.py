"""Work in turn: ahead of time, in order, and never more at once than was said."""

import threading
from collections.abc import Callable

import pytest

from rules.turns import in_turn, taken_in_turn


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_item_comes_with_its_result_in_order(threads: int) -> None:
    assert list(in_turn(str, range(20), threads=threads)) == [(number, str(number)) for number in range(20)]
    assert list(in_turn(str, [], threads=threads)) == []


def test_one_thread_is_the_caller_s_own() -> None:
    found = in_turn(lambda _: threading.current_thread(), [1, 2], threads=1)
    assert {thread for _, thread in found} == {threading.current_thread()}


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_is_raised_in_its_turn(threads: int) -> None:
    found = in_turn(lambda item: 6 // item, [3, 2, 0, 1], threads=threads)
    assert [next(found), next(found)] == [(3, 2), (2, 3)]
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_what_is_ahead_may_grow_and_shrink_on_the_way() -> None:
    sizes = iter([1, 1, 3, 3, 3, 0, 0, 0, 0])
    begun: list[int] = []

    def begin(item: int) -> Callable[[], int]:
        begun.append(item)
        return lambda: item

    found = taken_in_turn(begin, range(8), lambda: next(sizes, 0))
    assert next(found) == (0, 0)
    assert begun == [0, 1]
    assert next(found) == (1, 1)
    assert begun == [0, 1, 2, 3, 4]
    assert list(found) == [(number, number) for number in range(2, 8)]
