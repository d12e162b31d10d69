"""The command line: ``certify``. It decides nothing; it calls the use cases and prints.

Importing this package is cheap: only the chosen command imports the rooms it needs.
"""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``certify``; exits with 0 (done), 1 (the answer is no), 2 (bad input), 3 (stopped itself)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    from certification.cli import speech

    given = speech.choose_language(given, os.environ)
    from certification.cli.commands import app

    app(args=given, prog_name="certify")
