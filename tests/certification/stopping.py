"""Stops a running ``certify`` in the midst of writing, as a person would with Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# A shell that runs the tests in the background has its children ignore Ctrl-C; a person's terminal does not.
HEARING = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from certification.cli import main; main(sys.argv[1:])"
)


def stop_midway(folder: Path, request: signal.Signals, *arguments: str) -> tuple[int, bytes]:
    """Run ``certify`` with ``arguments``, writing below ``folder``; its exit code and what it said on stderr.

    It is asked to end once it has begun to write.
    """
    call = [sys.executable, "-c", HEARING, *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        deadline = time.monotonic() + 60
        while not list(folder.glob(".certify-*/*")) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        begun = list(folder.glob(".certify-*/*"))
        process.send_signal(request)
        _, told = process.communicate(timeout=60)
    assert begun, "the run had not begun to write"
    return process.returncode, told
