"""The measurements: each returns rows of the table, as ratios of things timed side by side in one run."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from attrs import asdict, evolve, frozen

from certification.budgeting.allocation import allocate
from certification.cluster.executor import InProcess
from certification.cluster.processes import Processes
from certification.hierarchy import Assessment, evaluate, reevaluate
from evidence.facts import Amount, Status
from levels.framework import Framework, Tier
from levels.loader import load_framework
from rules.decide import decide, rule_base
from rules.ranking import rank
from rules.scores import Ranking
from rules.scoring import score_all
from rules.verdict import Levels
from tests.benchmarks.bare import bare_facts, bare_rules
from tests.benchmarks.by_hand import points_by_hand, ranks_by_hand
from tests.benchmarks.clusters import beside_one_process
from tests.benchmarks.country import CYCLE, LazyFacts, Setting, country
from tests.benchmarks.districts import districts, facts_of, index_of_76, plain_values
from tests.benchmarks.forms import measure
from tests.benchmarks.planner import TARGET, compared, country_families, within
from tests.benchmarks.solvers import by_cp_sat, by_milp
from tests.benchmarks.sweeps import (
    DRAWS,
    by_columns,
    by_hand,
    comparisons_alone,
    facts_of_communes,
    looped,
    stock_of,
    swept,
)

FRAMEWORK = "kon-tum-121-2025"


@frozen
class Row:
    """One line of the table: what was found, and the limit that the project has set itself."""

    what: str
    found: str
    limit: str = ""
    kept: bool | None = None  # None: there is no limit

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def at_most(what: str, ratio: float, limit: float, note: str = "") -> Row:
    return Row(what, f"{ratio:.2f} times{note}", f"at most {limit:g}", ratio <= limit)


def at_least(what: str, ratio: float, limit: float, note: str = "") -> Row:
    return Row(what, f"{ratio:.2f} times{note}", f"at least {limit:g}", ratio >= limit)


def peak_megabytes() -> float:
    """The largest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def against_bare(share: Fraction, rounds: int, setting: Setting) -> Iterator[Row]:
    """The rule base, with justifications and the reference check, against the bare pattern."""
    framework = load_framework(FRAMEWORK)
    units = country(share)
    bare = {tier: bare_rules(framework.sets[tier]) for tier in (Tier.COMMUNE, Tier.DISTRICT)}
    ratios, rates = [], []
    for _ in range(rounds):
        ours, theirs, facts = _one_round(framework, Assessment(framework, units, {}, CYCLE), setting, bare)
        ratios.append(ours / theirs)
        rates.append((round(facts / ours, -2), round(facts / theirs, -2)))
    limit = {Setting.VERIFIED: 1.3, Setting.MIXED: 3}[setting]
    what = {Setting.VERIFIED: "every fact verified", Setting.MIXED: "all three levels differ"}[setting]
    mine, bare_rate = sorted(rates)[len(rates) // 2]
    yield at_most(
        f"rule base / bare pattern, {what}", median(ratios), limit, f" ({mine:,.0f} / {bare_rate:,.0f} facts/s)"
    )


def _one_round(
    framework: Framework, assessment: Assessment, setting: Setting, bare: dict[Tier, Any]
) -> tuple[float, float, int]:
    """Seconds of the rule base and of the bare pattern, unit by unit in turns, and the number of facts."""
    facts = LazyFacts(framework, assessment.units, setting)
    levels: dict[str, Levels] = {}
    seconds, count = [0.0, 0.0], 0
    clock = time.perf_counter
    for number, code in enumerate(assessment.order):
        unit, dossier = assessment.units[code], facts[code]
        members = assessment.members(unit, levels)
        plain = bare_facts(framework.sets[unit.tier], dossier, min((m.levels.level for m in members), default=0))
        for which in (0, 1) if number % 2 else (1, 0):
            started = clock()
            if which:
                bare[unit.tier].decide(plain)
            else:
                verdict = decide(framework, unit, dossier, CYCLE, members)
            seconds[which] += clock() - started
        levels[code] = verdict.levels
        count += len(plain)
    return seconds[0], seconds[1], count


def growth(share: Fraction, setting: Setting) -> Iterator[Row]:
    """Time and memory of evaluating a share of the country in one process."""
    framework = load_framework(FRAMEWORK)
    units = country(share)
    facts = LazyFacts(framework, units, setting)
    for tier in framework.sets:
        rule_base(framework, tier)  # compiled once per process, whatever the number of units
    started = time.perf_counter()
    decided = sum(1 for _ in evaluate(Assessment(framework, units, facts, CYCLE)))
    seconds = time.perf_counter() - started - facts.seconds
    peak = peak_megabytes()
    yield Row(
        f"{_percent(share)} of the country, {setting}: {decided:,} units",
        f"{seconds:.1f} s, {seconds / decided * 1e3:.2f} ms a unit, {peak:.0f} MB",
        "at most 250 MB",
        peak <= 250,
    )


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"


def workers(share: Fraction, rounds: int) -> Iterator[Row]:
    """Two processes against one, facts in memory."""
    framework = load_framework(FRAMEWORK)
    units = country(share / 5)
    lazy = LazyFacts(framework, units, Setting.VERIFIED)
    assessment = Assessment(framework, units, {code: lazy[code] for code in _by_district(lazy)}, CYCLE)

    def seconds(count: int) -> tuple[float, float]:
        started, used = time.perf_counter(), _processor_time()
        for _ in evaluate(assessment, executor=Processes(2) if count == 2 else InProcess()):
            pass
        return time.perf_counter() - started, _processor_time() - used

    seconds(1)  # the rule base is compiled before either is timed
    rounds_of_both = [(seconds(1), seconds(2)) for _ in range(rounds)]
    ratio = median(one[0] / two[0] for one, two in rounds_of_both)
    # Where this is about 1 and the ratio is not, other work on the machine took the second core.
    work = median(two[1] / one[1] for one, two in rounds_of_both)
    note = f" (processor time of both together: {work:.2f} times)"
    yield at_least(f"one process / two processes, {_percent(share / 5)} of the country", ratio, 1.7, note)


def cluster(share: Fraction, rounds: int) -> Iterator[Row]:
    """A Dask cluster of two workers on this machine, two processes, and one."""
    for found in zip(*beside_one_process(share, rounds), strict=True):
        ratio = median(each.here / each.cluster for each in found)
        beside = median(each.here / each.processes for each in found)
        yield Row(
            f"one process / a Dask cluster of two workers: {found[0].what}",
            f"{ratio:.2f} times (two processes: {beside:.2f} times)",
        )


def _processor_time() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def _by_district(facts: LazyFacts) -> Iterator[str]:
    """Codes in the order in which each district's facts are made once."""
    for code in facts:
        if facts.units[code].tier is Tier.DISTRICT:
            yield from (commune.code for commune in facts.units.children(code))
            yield code


def one_change(rounds: int) -> Iterator[Row]:
    """One changed fact against the whole province, of 11 districts with their communes."""
    framework = load_framework(FRAMEWORK)
    units = country(Fraction(11, 705))
    lazy = LazyFacts(framework, units, Setting.VERIFIED)
    assessment = Assessment(framework, units, {code: lazy[code] for code in _by_district(lazy)}, CYCLE)
    communes = [unit.code for unit in units.values() if unit.tier is Tier.COMMUNE]
    ratios = []
    for number in range(rounds):
        started = time.perf_counter()
        verdicts = {verdict.unit.code: verdict for verdict in evaluate(assessment)}
        whole = time.perf_counter() - started
        changes = []
        for code in communes[number :: len(communes) // 9]:
            fact = evolve(assessment.facts[code]["I.2"], status=Status.ADJUSTED, amount=Amount(0, 100))
            started = time.perf_counter()
            reevaluate(assessment, verdicts, {code: {"I.2": fact}})
            changes.append(time.perf_counter() - started)
        ratios.append(whole / median(changes))
    yield Row("the province / one changed fact", f"{median(ratios):.0f} times", "at least 50", median(ratios) >= 50)


def points(share: Fraction, rounds: int) -> Iterator[Row]:
    """Scoring and ranking 705 districts on 76 indicators against the same formulas written by hand."""
    index, units = index_of_76(), districts(share)
    facts = facts_of(index, units)
    plain = plain_values(facts)

    def ranked() -> Ranking:
        return rank(index, units, score_all(index, units, facts, CYCLE, explain=False), CYCLE)

    def told() -> list[Fraction]:
        return [line.points for place in ranked().place_of.values() for line in place.score.indicators]

    def by_hand() -> dict[str, int]:
        found = points_by_hand(plain)
        return ranks_by_hand([(code, sum(given.values(), Fraction(0))) for code, given in found.items()])

    ranked()  # the formulas are compiled once per process
    turns = [(_clocked(ranked), _clocked(told), _clocked(by_hand)) for _ in range(max(rounds, 3) * 3)]
    ours, every_line, theirs = (median(column) * 1e3 for column in zip(*turns, strict=True))
    what = f"{len(units)} districts × 76 indicators"
    ratio = median(turn[0] / turn[2] for turn in turns)
    yield at_most(f"{what}, scored and ranked / formulas by hand", ratio, 2, f" ({ours:.0f} / {theirs:.0f} ms)")
    yield Row(f"{what}, scored, ranked and every line told", f"{every_line:.0f} ms")


def sweep(share: Fraction, rounds: int) -> Iterator[Row]:
    """10,000 draws of every criterion of every commune, in columns, against NumPy comparisons written by hand."""
    framework = load_framework(FRAMEWORK)
    facts = facts_of_communes(framework)
    stock, draws = stock_of(facts), max(1, int(DRAWS * share))
    started = time.perf_counter()
    columns = by_columns(framework, facts, stock)
    encoding = time.perf_counter() - started
    hand, alone = by_hand(framework, facts, stock), comparisons_alone(framework, facts, stock)
    block = range(stock.rows)
    if (columns(block) != hand(block)).any():
        raise ArithmeticError("the columns and the loop by hand find different levels")
    turns = [
        (
            _clocked(lambda: swept(columns, draws, stock.rows)),
            _clocked(lambda: looped(hand, draws, stock.rows)),
            _clocked(lambda: looped(alone, draws, stock.rows)),
        )
        for _ in range(max(rounds, 3))
    ]
    ours, theirs, bare = (median(column) for column in zip(*turns, strict=True))
    what = f"{len(facts):,} communes × {len(stock.values)} criteria × {draws:,} draws"
    ratio = median(turn[0] / turn[1] for turn in turns)
    yield at_most(f"{what}, columns / loop by hand", ratio, 1.3, f" ({ours:.1f} / {theirs:.1f} s)")
    ratio = median(turn[0] / turn[2] for turn in turns)
    yield Row(f"{what}, columns / comparisons thrown away", f"{ratio:.2f} times ({ours:.1f} / {bare:.1f} s)")
    yield Row("facts of the communes into columns", f"{encoding:.1f} s")
    peak = peak_megabytes()
    yield Row(f"{what}, memory", f"{peak:.0f} MB", "at most 1024 MB", peak <= 1024)


SECONDS = 120
"""How long a solver may take for each of the three stages: districts, communes, cost."""


def planner(share: Fraction, rounds: int) -> Iterator[Row]:
    """Whom three tenths of all costs lift in the whole country, against solvers that are told the same."""
    told = country_families(load_framework(FRAMEWORK), country(share))
    families = told.families
    budget = within(families, Fraction(3, 10))
    found = allocate(families, budget)
    ours = median(_clocked(lambda: allocate(families, budget)) for _ in range(max(rounds, 3) * 3))
    what = f"a budget over {len(families.own)} districts, {len(families.low):,} communes to level {TARGET}"
    reached = f"{int(found.readers.sum())} districts, {found.reached:,} communes"
    yield Row(f"{what}, exact", f"{ours * 1e3:.0f} ms ({reached})", "at most 100 ms", ours <= 0.1)
    for name, solve in (("scipy's milp (HiGHS)", by_milp), ("OR-Tools CP-SAT, 8 workers", by_cp_sat)):
        theirs = solve(families, budget, SECONDS)
        note = f"({theirs.seconds:.1f} s; {compared(found, theirs)})"
        yield Row(f"{name} / the planner, three stages", f"{theirs.seconds / ours:,.0f} times {note}")
    yield Row("facts of all communes and districts into columns", f"{told.encoding:.1f} s")
    yield Row("efforts of all communes and districts from columns", f"{told.finding * 1e3:.0f} ms")


def _clocked(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def forms(share: Fraction) -> Iterator[Row]:
    """Reading filled-in Excel forms against openpyxl alone."""
    number = max(20, int(1000 * share))
    yield at_most(f"reading {number} Excel forms / bare openpyxl", measure(number), 1.5)


BARE_APP = '''
import typer
app = typer.Typer()
@app.command()
def one(name: str = "x") -> None:
    """One."""
@app.command()
def two(name: str = "x") -> None:
    """Two."""
app()
'''


def help_page(rounds: int) -> Iterator[Row]:
    """``certify --help`` against the help of a bare Typer application."""
    certify = Path(sys.executable).with_name("certify")
    ours = [str(certify)] if certify.exists() else [sys.executable, "-c", "from certification.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE_APP, "utf-8")
        ratio = median(
            _seconds([*ours, "--help"]) / _seconds([sys.executable, str(bare), "--help"])
            for _ in range(max(rounds, 3) * 5)
        )
    yield at_most("certify --help / a bare Typer application's", ratio, 1.3)


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def measurements(share: Fraction, rounds: int) -> dict[str, Callable[[], Iterator[Row]]]:
    """Every measurement by name, in the order of the table; each runs in a process of its own."""
    parts = [part * share for part in (Fraction(1, 100), Fraction(1, 10), Fraction(1))]
    return {
        "verified": lambda: against_bare(share, rounds, Setting.VERIFIED),
        "mixed": lambda: against_bare(share, rounds, Setting.MIXED),
        **{
            f"growth-{setting}-{part.numerator}-{part.denominator}": _growth(part, setting)
            for setting in Setting
            for part in parts
        },
        "workers": lambda: workers(share, rounds),
        "cluster": lambda: cluster(share, rounds),
        "one-change": lambda: one_change(rounds),
        "points": lambda: points(share, rounds),
        "sweep": lambda: sweep(share, rounds),
        "planner": lambda: planner(share, rounds),
        "forms": lambda: forms(share),
        "help": lambda: help_page(rounds),
    }


def _growth(share: Fraction, setting: Setting) -> Callable[[], Iterator[Row]]:
    return lambda: growth(share, setting)
