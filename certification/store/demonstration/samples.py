"""The samples as the demonstration loads them: moved to the present year, one district with a year before it."""

import datetime
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from importlib.resources import as_file

from attrs import evolve

from evidence.dossiers import Evidence
from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.samples import sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Units
from levels.loader import load_rulebook

GROWTH, GROWN = Fraction(19, 20), "II."
"""How much of the present year's numbers the demonstration's district had the year before, in the group that grew."""


def read_sample(framework_id: str, year: int) -> tuple[Units, Evidence]:
    """A bundled sample, moved to ``year``."""
    sample = sample_paths(framework_id)
    with as_file(sample.units) as units_path, as_file(sample.evidence) as evidence_path:
        units = read_units(units_path)
        evidence = read_evidence(evidence_path, load_rulebook(framework_id), units)
    return units, _moved(evidence, year - evidence.cycle)


def _moved(evidence: Evidence, years: int) -> Evidence:
    def move_all(facts: Facts) -> Facts:
        return _change_all(facts, lambda fact: move(fact, years))

    return evolve(
        evidence,
        facts=move_all(evidence.facts),
        cycle=evidence.cycle + years,
        history={year + years: move_all(facts) for year, facts in evidence.history.items()},
        rounds={name: move_all(facts) for name, facts in evidence.rounds.items()},
        stated={year + years: move_all(facts) for year, facts in evidence.stated.items()},
    )


def move(fact: Fact, years: int) -> Fact:
    """``fact`` as it would be so many years later, its day and the dates of its documents among it."""
    day = fact.measured_on
    return evolve(
        fact,
        cycle=None if fact.cycle is None else fact.cycle + years,
        measured_on=day and _in_year(day, day.year + years),
        documents=tuple(Document(_later(each.reference, years), each.sha256) for each in fact.documents),
    )


def _later(reference: str, years: int) -> str:
    return re.sub(r"(?<=[/-])20\d\d\b|(?<=năm )20\d\d\b", lambda found: str(int(found[0]) + years), reference)


def _in_year(day: datetime.date, year: int) -> datetime.date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _change_all(facts: Facts, change: Callable[[Fact], Fact]) -> dict[str, dict[str, Fact]]:
    return {code: {row: change(fact) for row, fact in rows.items()} for code, rows in facts.items()}


def before_appraisal(evidence: Evidence, codes: set[str], half: str) -> Evidence:
    """The facts with those of ``codes`` as they were reported, this year and the year before; of ``half`` only half.

    What their councils rule is still to come.
    """
    year = evidence.cycle
    ours = {code: reported(evidence.facts[code]) for code in codes}
    former = {code: _change_all({code: rows}, _a_year_before)[code] for code, rows in ours.items()}
    known = evidence.stated.get(year - 1, {})
    former = {code: {**rows, **reported(known.get(code, {}))} for code, rows in former.items()}
    ours[half] = dict(list(ours[half].items())[: len(ours[half]) // 2])  # half of its year's work is still to be done
    return evolve(
        evidence,
        facts={**evidence.facts, **ours},
        history={**evidence.history, year - 1: {**evidence.history.get(year - 1, {}), **former}},
        stated={**evidence.stated, year: {**evidence.stated[year], **ours}, year - 1: {**known, **former}},
    )


def reported(rows: Mapping[str, Fact]) -> dict[str, Fact]:
    """A dossier before any council has ruled on it."""
    return {
        row: evolve(fact, status=Status.SELF_REPORTED, amount=fact.reported or fact.amount, reported=None, note="")
        for row, fact in rows.items()
        if fact.reported or fact.amount
    }


def _a_year_before(fact: Fact) -> Fact:
    amount = fact.amount
    assert amount is not None
    earlier = move(fact, -1)
    if not fact.criterion.startswith(GROWN) or (amount.denominator is None and amount.numerator <= 1):
        return earlier  # what is there was there
    return evolve(earlier, amount=Amount(int(amount.numerator * GROWTH), amount.denominator))
