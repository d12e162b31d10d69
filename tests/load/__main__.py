"""``make load``: a minute of a province's work, and how long it let people wait beside a bare view."""

import argparse
import sys

from rich.console import Console
from rich.table import Table

from tests.load.running import DELIBERATING, THINKING, put_under_load


def main() -> int:
    """Print the table; 1 where something was refused or lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--officers", type=int, default=100)
    parser.add_argument("--appraisers", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--thinking", type=float, default=THINKING, metavar="S", help="between an officer's facts")
    parser.add_argument("--deliberating", type=float, default=DELIBERATING, metavar="S", help="between two criteria")
    chosen = parser.parse_args()
    load = put_under_load(
        chosen.seconds, chosen.officers, chosen.appraisers, chosen.workers, chosen.thinking, chosen.deliberating
    )
    table = Table(title=f"{load.officers} officers and {load.appraisers} appraisers, {load.seconds:.0f} s, PostgreSQL")
    for heading in ("request", "number", "per second", "p50 ms", "p95 ms", "p95 / bare view", "CPU ms"):
        table.add_column(heading, justify="left" if heading == "request" else "right")
    for name, entry in sorted(load.entries.items()):
        times = (f"{entry['p50']:.0f}", f"{entry['p95']:.0f}", f"{load.ratio(name):.1f}")
        table.add_row(
            name, f"{entry['requests']:.0f}", f"{entry['requests'] / load.seconds:.1f}", *times, f"{entry['cpu']:.1f}"
        )
    console = Console(width=100)
    console.print(table)
    console.print(
        f"An officer pauses {load.thinking:g} s between two facts, an appraiser {load.deliberating:g} s between two "
        "criteria (a third less to a third more); both start the next turn only once they have their answer."
    )
    console.print(
        f"The bare view, while nobody works: p95 {load.bare:.0f} ms; above, in the same minute as everybody's requests."
    )
    shares = ", ".join(f"{name} {busy / load.seconds:.2f}" for name, busy in load.busy.items())
    console.print(f"CPU ms: of the thread that answers, on the average. Processors in use: {shares}.")
    console.print(
        f"{load.saved} saves and rulings confirmed, all of them in the database; {load.conflicts} conflicts shown."
    )
    for fault in (*load.errors, *load.lost):
        console.print(f"[red]{fault}[/red]")
    return 1 if load.errors or load.lost else 0


if __name__ == "__main__":
    sys.exit(main())
