"""What an answer cost: each says it of itself, and processes are asked together with those that they started."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Cpu-Milliseconds"
_TICKS = os.sysconf("SC_CLK_TCK")


class MeterMiddleware:
    """Says in the head of every answer how long this thread was on a processor for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.thread_time()
        response = self.get_response(request)
        response.headers[HEADER] = f"{(time.thread_time() - began) * 1000:.2f}"
        return response


def seconds_of(process: int) -> float:
    """How long ``process`` and all that it started, also what has ended since, were on a processor."""
    spent = sum(float(ticks) for ticks in _stat(process)[11:15])
    return spent / _TICKS + sum(seconds_of(child) for child in _children(process))


def _stat(process: int) -> list[str]:
    """What Linux tells of a process, after its name; nothing where it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _children(process: int) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*"):
        if (stat := _stat(int(place.name))) and int(stat[1]) == process:
            yield int(place.name)
