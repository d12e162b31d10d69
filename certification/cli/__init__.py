"""The command line: ``certify``. It decides nothing; it calls the use cases and prints.

Importing this package is cheap: only the chosen command imports the rooms it needs.
"""

import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn


def _stop(signal_number: int, _: object) -> NoReturn:
    # Libraries stopped in the midst of a file complain of it when they are cleared away: nobody is helped by that.
    sys.unraisablehook = lambda _: None
    if signal_number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + signal_number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``certify``; exits with 0 (done), 1 (the answer is no), 2 (bad input), 3 (stopped itself)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    from certification.cli import speech
    from levels.faults import reason_of

    if threading.current_thread() is threading.main_thread():
        # A polite request to end is taken like Ctrl-C: what is half-written is cleared away.
        signal.signal(signal.SIGTERM, _stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _stop)
    for stream in (sys.stdout, sys.stderr):
        # UTF-8 whatever the locale: everything is Vietnamese, and JSON is promised so.
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = speech.choose_language(given, os.environ)
    from certification.cli.commands import app

    try:
        app(args=given, prog_name="certify")
    except BrokenPipeError:  # the reader has seen enough: certify evaluate | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # the output cannot be taken: a full disk, a closed pipe
        cannot = speech.say("Không ghi được kết quả", "The result cannot be written")
        print(f"{cannot} ({speech.tell(reason_of(error))})", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # the last resort: a person gets a sentence, a developer the trace on request
        if os.environ.get("CERTIFY_DEBUG"):
            raise
        stopped = speech.say("Lỗi của phần mềm, đã dừng", "A fault of the software, stopped")
        more = speech.say("đặt CERTIFY_DEBUG=1 để xem chi tiết", "set CERTIFY_DEBUG=1 for the details")
        print(f"{stopped}: {type(error).__name__}: {error} ({more})", file=sys.stderr)
        sys.exit(3)
