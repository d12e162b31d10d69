"""``make bench``: the table of ratios, every measurement in a process of its own.

python -m tests.benchmarks [--share 1/10] [--rounds 3] [--only NAME …]
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measurements import measurements


def main() -> int:
    """Measure, print the table; 1 where a measurement itself fails, not where a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--share", type=Fraction, default=Fraction(1), help="the part of the country: 1/10")
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is timed; the median counts")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these measurements")
    parser.add_argument("--measure", metavar="NAME", help=argparse.SUPPRESS)
    given = parser.parse_args()
    known = measurements(given.share, given.rounds)
    if given.measure:
        print(json.dumps([row.as_json() for row in known[given.measure]()]))
        return 0
    if unknown := set(given.only or ()) - known.keys():
        parser.error(f"{', '.join(sorted(unknown))}: it is one of {', '.join(known)}")
    table = Table("what", "found", "limit", "", title=f"{machine()}; median of {given.rounds} rounds")
    failed = False
    for name in given.only or known:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        scale = ["--share", str(given.share), "--rounds", str(given.rounds)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks", "--measure", name, *scale], stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            failed = True
            table.add_row(name, "failed", "", "no")
            continue
        for row in json.loads(done.stdout):
            table.add_row(row["what"], row["found"], row["limit"], {True: "kept", False: "missed"}.get(row["kept"], ""))
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return int(failed)


def machine() -> str:
    """The machine in a few words."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
