"""Runs the spec cases of tests/cases: a council can read and write them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from evidence.facts import Fact, Status
from evidence.values import read_written
from levels.framework import Criterion, Tier
from rules.decide import decide
from rules.explain import explain
from rules.verdict import as_triple
from tests.rules.dossiers import CYCLE, commune, district, fact, kon_tum, meeting, members

CASES = [
    (Tier.DISTRICT if "communes" in case else Tier.COMMUNE, case)
    for path in sorted((Path(__file__).parent / "cases").glob("*-levels.yaml"))
    for case in YAML(typ="safe").load(path)
]


@pytest.mark.parametrize(("tier", "case"), CASES, ids=[case["name"] for _, case in CASES])
def test_spec_case(tier: Tier, case: dict[str, Any]) -> None:
    unit = commune() if tier is Tier.COMMUNE else district()
    criteria = kon_tum().sets[tier].by_code
    changed = {code: _fact(criteria[code], told) for code, told in case.get("facts", {}).items()}
    verdict = decide(kon_tum(), unit, meeting(unit, 5) | changed, CYCLE, members(*case.get("communes", [])))
    expected = case["expect"]
    assert as_triple(verdict.levels) == (expected["level"], expected["claimed"], expected["possible"])
    for code, by_level in case.get("missing", {}).items():
        reasons = [r for r in explain(verdict, max(by_level), {}).blockers if r.criterion.code == code]
        assert {reason.at_level: reason.missing for reason in reasons} == by_level


def _fact(criterion: Criterion, told: Any) -> Fact:
    told = told if isinstance(told, dict) else {"value": told}
    amount = read_written(criterion, str(told["value"])) if "value" in told else None
    unit = commune() if criterion.code in kon_tum().sets[Tier.COMMUNE].by_code else district()
    measured = told.get("measured")
    return fact(
        unit,
        criterion.code,
        amount,
        Status(told.get("status", "verified")),
        measured_on=measured if isinstance(measured, datetime.date) else None,
    )
