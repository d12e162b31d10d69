"""How gunicorn runs its processes: Ctrl-C lets what is being answered come to its end, as a polite stop does."""

import gc
import os
import signal
from typing import Any

from django.urls import get_resolver

worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - heartbeats must not wait for a disk
control_socket_disable = True
max_requests = 20_000
max_requests_jitter = 2_000


def when_ready(server: Any) -> None:
    """Take an interrupt like SIGTERM: requests that are under way are answered."""
    server.handle_int = server.handle_term


def post_worker_init(worker: Any) -> None:
    """A terminal's Ctrl-C reaches every process at once; only the first one acts on it.

    All views are loaded now, not with the first request, and what is loaded stays: the collector of garbage does not
    look through it again and again, which would hold up every some hundredth request for a tenth of a second.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    list(get_resolver().reverse_dict)
    gc.collect()
    gc.freeze()
