"""A simulation as JSON that scripts rely on: counts of draws, and decimals of four places as text."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from levels.faults import Language
from levels.framework import LEVELS
from levels.loader import Rulebook
from reports.simulation_words import assumption_sentences
from reports.words import decimal_text, exact_text
from rules.outlook import Below, Outlook, RankOutlook, RankSimulation, Simulation, Used, Worth, interval
from rules.verdict import Member

_PLACES = 4


def simulation_as_json(simulation: Simulation, file: str, language: Language) -> dict[str, Any]:
    """The answer of ``simulate --format json``; ``language`` is that of the assumptions' ``text``."""
    return {
        **_common(simulation, simulation.framework, file, language),
        "members_recognised": [_member(each) for each in simulation.stated if not each.provisional],
        "members_provisional": [_member(each) for each in simulation.stated if each.provisional],
        "units": [_unit(outlook) for outlook in simulation.units],
    }


def rank_simulation_as_json(simulation: RankSimulation, file: str, language: Language) -> dict[str, Any]:
    """The same of an index: how likely each rank of each unit in its group is."""
    return {
        **_common(simulation, simulation.index, file, language),
        "groups": [
            {
                "group": group.group.id,
                "parent": None if group.parent is None else group.parent.code,
                "size": group.size,
                "units": [_ranked(outlook) for outlook in group.units],
            }
            for group in simulation.groups
        ],
    }


def _common(
    simulation: Simulation | RankSimulation, rulebook: Rulebook, file: str, language: Language
) -> dict[str, Any]:
    return {
        "framework": {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest},
        "cycle": simulation.cycle,
        "draws": simulation.draws,
        "seed": simulation.seed,
        "synthetic": simulation.synthetic,
        "assumptions": assumptions_as_json(simulation.used, file, language),
        "rows_without_effect": [each.row for each in simulation.idle],
    }


def assumptions_as_json(used: Iterable[Used], file: str, language: Language) -> list[dict[str, Any]]:
    """What was taken for granted of how many facts; ``row`` null: our default."""
    return [
        {
            "model": str(each.assumption.model),
            "tier": each.assumption.tier,
            "unit": each.assumption.unit,
            "criterion": each.assumption.criterion,
            "status": each.assumption.status,
            "p": _exact(each.assumption.p),
            "low": _exact(each.assumption.low),
            "high": _exact(each.assumption.high),
            "size": each.assumption.size,
            "row": each.assumption.row or None,
            "facts": each.facts,
            "text": assumption_sentences([each], file, language)[0],
        }
        for each in used
    ]


def decimal(value: Fraction) -> str:
    """Rounded half up to four places, none left out."""
    return decimal_text(value, "en", _PLACES, fixed=True)


def _unit(outlook: Outlook) -> dict[str, Any]:
    unit, levels = outlook.unit, outlook.levels
    low, high = interval(sum(outlook.counts[outlook.asked :]), outlook.draws)
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": str(unit.tier),
        "parent": unit.parent,
        "registered": unit.registered,
        "level": levels.level,
        "claimed_level": levels.claimed_level,
        "possible_level": levels.possible_level,
        "asked": outlook.asked,
        "best_guess": outlook.best_guess,
        "counts": list(outlook.counts),
        "probabilities": [decimal(chance) for chance in outlook.probabilities],
        "at_least": {str(level): decimal(outlook.at_least(level)) for level in LEVELS},
        "interval": {"low": decimal(low), "high": decimal(high)},
        "binding": [{"criterion": each.criterion.code, "count": each.count} for each in outlook.binding],
        "below": [_below(each) for each in outlook.below],
        "worth": [_worth(each) for each in outlook.worth],
    }


def _member(member: Member) -> dict[str, Any]:
    """A unit below and the decision on it: read where it is final, not used where it is provisional."""
    found = member.recognition
    return {
        "unit": member.unit.code,
        "level": member.levels.level,
        "decision": None if found is None else found.number or None,
        "sha256": None if found is None else found.decision,
    }


def _ranked(outlook: RankOutlook) -> dict[str, Any]:
    best, worst = outlook.span
    return {
        "code": outlook.unit.code,
        "name": outlook.unit.name,
        "tier": str(outlook.unit.tier),
        "parent": outlook.unit.parent,
        "points": decimal_text(outlook.points, "en", _PLACES),
        "rank": outlook.rank,
        "expected_points": decimal_text(outlook.expected, "en", _PLACES),
        "counts": list(outlook.counts),
        "probabilities": [decimal(chance) for chance in outlook.probabilities],
        "rank_or_better": decimal(outlook.at_best(outlook.rank)),
        "best_rank": best,
        "worst_rank": worst,
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "unit": worth.unit.code,
        "criterion": worth.criterion.code,
        "right_more_often": decimal(worth.right),
        "chance": {"lowest": decimal(worth.lowest), "highest": decimal(worth.highest)},
        "moves": decimal(worth.moves),
    }


def _below(below: Below) -> dict[str, Any]:
    return {
        "unit": below.unit.code,
        "criterion": below.criterion.code,
        "every": {"level": below.every, "count": below.below_every},
        "share": None if below.at is None else {"level": below.at, "count": below.below_at},
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
