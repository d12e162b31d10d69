"""Runs the spec cases of tests/cases/chu-prong, one indicator each, at every boundary; a council can read them.

The points in them were worked out from the decision's words, not by the code under test. Every indicator,
line, option, part and boundary of the rulebook must be named by a case, so that it cannot grow unnoticed.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from evidence.facts import Amount, Document, Fact, Status
from evidence.inputs import AskedInput, ask_inputs, find_quantities
from evidence.units import Unit, Units
from levels.formulas import quoted
from levels.framework import Tier
from levels.index import Choice, Gate, Index, Indicator, NoneDetected, Peers, Quantity, Scale, Scoring, Sum
from levels.loader import load_index
from rules.scores import IndicatorScore, State
from rules.scoring import Unscorable, score_all

CYCLE = 2023
PROOF = (Document("12/BC-UBND"),)
CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "cases" / "chu-prong").glob("*.yaml"))
    for case in YAML(typ="safe").load(path)
]
SOMETIMES = {"points-missing", "points-ceiling", "points-not-subject", "boundary-first"}


@cache
def chu_prong() -> Index:
    return load_index("chu-prong-2023")


@cache
def asked() -> dict[str, AskedInput]:
    return {entry.code: entry for entry in ask_inputs(chu_prong(), chu_prong().sets[Tier.DISTRICT])}


INDICATORS = chu_prong().sets[Tier.DISTRICT].indicators


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_spec_case(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(Unscorable, match=case["refused"]):
            scored(case)
        return
    line = scored(case)
    assert line.points == number(case["points"])
    assert line.state is State(case.get("state", "accepted"))
    assert [words.text for words in line.applied] == case.get("words", [])
    assert set(case.get("readings", [])) <= set(line.readings)
    assert SOMETIMES & set(line.readings) == SOMETIMES & set(case.get("readings", []))
    assert set(line.readings) <= {interpretation.id for interpretation in chu_prong().interpretations}


def scored(case: Mapping[str, Any]) -> IndicatorScore:
    told = [case["facts"], *case.get("beside", [])]
    units = Units({str(n): Unit(str(n), f"Huyện {n}", Tier.DISTRICT) for n in range(len(told))})
    entry = chu_prong().sets[Tier.DISTRICT].by_code[case["indicator"]]
    facts = {
        unit: {entry.fact_code(key): fact(unit, entry, key, value) for key, value in given.items()}
        for unit, given in zip(units, told, strict=True)
    }
    return score_all(chu_prong(), units, facts, CYCLE)["0"].by_code[entry.code]


def fact(unit: str, entry: Indicator, key: str, told: Any) -> Fact:
    told = told if isinstance(told, dict) else {"value": told}
    assert told.keys() <= {"value", "status", "reported", "document", "cycle"}
    code = entry.fact_code(key)
    return Fact(
        unit,
        code,
        Status(told.get("status", "verified")),
        amount(code, told.get("value")),
        amount(code, told.get("reported")),
        () if told.get("document") == "none" else PROOF,
        cycle=told.get("cycle"),
    )


def amount(code: str, text: str | None) -> Amount | None:
    return None if text is None else asked()[code].read(value=text)


def number(text: str) -> Fraction:
    """``7,5`` or, where the decimals never end, ``20/3``."""
    return Fraction(text.replace(",", "."))


# Every line of the rulebook is named.


@cache
def lines_of(code: str) -> list[tuple[Mapping[str, Any], IndicatorScore]]:
    return [(case, scored(case)) for case in CASES if case["indicator"] == code and "refused" not in case]


def by_code(entry: Indicator) -> str:
    return entry.code


@pytest.mark.parametrize("entry", INDICATORS, ids=by_code)
def test_every_indicator_has_a_case_of_everything_of_nothing_and_of_what_is_not_known(entry: Indicator) -> None:
    lines = [line for _, line in lines_of(entry.code)]
    assert any(line.points == entry.max for line in lines)
    assert any(line.points == 0 and line.state is State.ACCEPTED for line in lines)
    unknown = {
        value.input.key for line in lines if line.state is State.MISSING for value in line.inputs if value.fact is None
    }
    assert unknown == {entry_input.key for entry_input in entry.inputs}
    assert all(case["name"].startswith(entry.code.partition(".")[2] + ":") for case, _ in lines_of(entry.code))


@pytest.mark.parametrize("entry", INDICATORS, ids=by_code)
def test_every_line_option_and_part_is_applied_by_a_case(entry: Indicator) -> None:
    unquoted = {quantity.text for quantity in find_quantities(entry.scoring)}
    unquoted |= {gate.text for gate in nested(entry.scoring) if isinstance(gate, Gate)}
    applied = {words.text for _, line in lines_of(entry.code) for words in line.applied}
    assert {text for _, text in quoted(entry.scoring)} - unquoted == applied


def nested(scoring: Scoring) -> Iterator[Scoring]:
    yield scoring
    if isinstance(scoring, Gate):
        yield from nested(scoring.then)
    if isinstance(scoring, NoneDetected):
        yield from nested(scoring.otherwise)


SCALES = [(entry, scale) for entry in INDICATORS for scale in nested(entry.scoring) if isinstance(scale, Scale)]


@pytest.mark.parametrize(("entry", "scale"), SCALES, ids=[entry.code for entry, _ in SCALES])
def test_every_boundary_is_met_exactly_and_missed_by_one(entry: Indicator, scale: Scale) -> None:
    written = {bound for segment in scale.segments for bound in (segment.low, segment.high) if bound is not None}
    # Where everything is reached without a line that says so: a plain ratio at 1, so many items at the maximum.
    rising = [(segment, (1 - segment.constant) / segment.slope) for segment in scale.segments if segment.slope > 0]
    bounds = written | {full for segment, full in rising if segment.holds(full)}
    measured = [measure(scale.quantity, line) for _, line in lines_of(entry.code)]
    for bound in bounds:
        assert any(below and above == bound * below for above, below, _ in measured), bound
        if bound > 0:
            near = [
                (above, below) for above, below, step in measured if below and above < bound * below <= above + step
            ]
            assert near, bound


def measure(quantity: Quantity, line: IndicatorScore) -> tuple[Fraction, Fraction, Fraction]:
    """What stands above and below the line (0 where nothing counts), and the smallest step: one, of money 0,01."""
    values = {value.input.key: value.value for value in line.inputs}
    step = Fraction(1 if line.indicator.by_key[quantity.numerator[0]].kind == "count" else "0.01")
    if any(values[key] is None for key in quantity.keys):
        return Fraction(0), Fraction(0), step
    above = sum((values[key] or Fraction(0) for key in quantity.numerator), Fraction(0))
    below = sum((values[key] or Fraction(0) for key in quantity.denominator), Fraction(0))
    return above, below if quantity.denominator else Fraction(1), step


QUOTIENTS = [(e, q) for e in INDICATORS for q in find_quantities(e.scoring) if q.denominator]


@pytest.mark.parametrize(("entry", "quantity"), QUOTIENTS, ids=[entry.code for entry, _ in QUOTIENTS])
def test_every_quotient_has_a_zero_base_and_more_than_the_whole(entry: Indicator, quantity: Quantity) -> None:
    lines = [line for _, line in lines_of(entry.code)]
    assert any(line.state is State.ZERO_BASE for line in lines)
    more = any(above > below > 0 for above, below, _ in (measure(quantity, line) for line in lines))
    refused = any(case["indicator"] == entry.code and "refused" in case for case in CASES)
    assert (more, refused) == (not quantity.part, quantity.part)


def test_options_parts_gates_proofs_and_peers_are_met_in_every_way() -> None:
    kinds = {Choice: 3, Sum: 4, Gate: 10, NoneDetected: 10, Peers: 7}
    for entry in INDICATORS:
        for scoring in nested(entry.scoring):
            least = kinds.get(type(scoring), 0)
            assert len(lines_of(entry.code)) >= least, entry.code
            if isinstance(scoring, NoneDetected):
                unproven = [case for case, _ in lines_of(entry.code) if "document" in str(case["facts"])]
                assert unproven
            if isinstance(scoring, Peers):
                assert {len(case.get("beside", [])) for case, _ in lines_of(entry.code)} >= {2}
                assert any(0 < line.share < 1 for _, line in lines_of(entry.code))


def test_the_cases_speak_of_nothing_else_and_no_two_have_the_same_name() -> None:
    assert {case["indicator"] for case in CASES} == {entry.code for entry in INDICATORS}
    assert len(INDICATORS) == 74
    assert len({case["name"] for case in CASES}) == len(CASES)
    known = {"name", "indicator", "facts", "beside", "points", "state", "words", "readings", "refused"}
    assert not [case["name"] for case in CASES if not case.keys() <= known]
