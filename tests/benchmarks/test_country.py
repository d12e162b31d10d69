"""What is measured is what it says: the whole country, in two settings, decided alike by both."""

from collections import Counter
from fractions import Fraction

import pytest

from certification.hierarchy import Assessment, evaluate
from evidence.units import Unit
from levels.framework import Tier
from levels.loader import load_framework
from rules.verdict import Verdict
from tests.benchmarks.bare import bare_facts, bare_rules
from tests.benchmarks.country import CYCLE, LazyFacts, Setting, country

FRAMEWORK = load_framework("kon-tum-121-2025")
SOME = Fraction(4, 705)


def verdicts(setting: Setting) -> list[Verdict]:
    units = country(SOME)
    return list(evaluate(Assessment(FRAMEWORK, units, LazyFacts(FRAMEWORK, units, setting), CYCLE)))


def test_country_has_as_many_units_of_each_tier_as_there_are() -> None:
    units = country()
    assert Counter(unit.tier for unit in units.values()) == {
        Tier.PROVINCE: 63,
        Tier.DISTRICT: 705,
        Tier.COMMUNE: 10_599,
    }
    islands = [u for u in units.values() if u.tier is Tier.DISTRICT and not units.children(u.code)]
    assert len(islands) == 5


def test_facts_are_the_same_whenever_they_are_made() -> None:
    units = country(SOME)
    once, again = (LazyFacts(FRAMEWORK, units, Setting.MIXED) for _ in range(2))
    forwards = {code: once[code] for code in once}
    backwards = {code: again[code] for code in reversed(list(again))}
    assert forwards == backwards


def test_every_criterion_of_every_unit_has_a_fact() -> None:
    units = country(SOME)
    facts = LazyFacts(FRAMEWORK, units, Setting.VERIFIED)
    for code in facts:
        wanted = {c.code for c in FRAMEWORK.sets[units[code].tier].criteria if c.kind != "members"}
        assert facts[code].keys() == wanted


def test_in_the_mixed_setting_the_three_levels_differ_everywhere() -> None:
    for verdict in verdicts(Setting.MIXED):
        assert verdict.levels.level < verdict.levels.claimed_level < verdict.levels.possible_level


def test_in_the_verified_setting_the_three_levels_agree_and_many_levels_occur() -> None:
    found = [verdict.levels for verdict in verdicts(Setting.VERIFIED)]
    assert all(levels.level == levels.possible_level for levels in found)
    assert len({levels.level for levels in found}) >= 4


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_bare_pattern_is_given_the_same_question(tier: Tier) -> None:
    bare = bare_rules(FRAMEWORK.sets[tier])
    for verdict in verdicts(Setting.VERIFIED):
        unit: Unit = verdict.unit
        if unit.tier is tier:
            derived = [c.levels.level for c in verdict.criteria if c.criterion.kind == "members"]
            facts = {c.code: c.fact for c in verdict.criteria if c.fact is not None}
            level, why = bare.decide(bare_facts(FRAMEWORK.sets[tier], facts, *derived))
            assert level == verdict.levels.level
            assert len(why) == len(verdict.criteria)
