"""An impact as JSON that scripts rely on."""

from collections.abc import Iterable
from typing import Any

from certification.cli.speech import language
from certification.cli.what_if_pages import criterion_as_json, levels_as_json, place_change_as_json
from certification.point_answers import exact
from levels.loader import Rulebook
from reports.impact import COMPUTED
from rules.impacts import Decisive, Impact, RankedImpact, UnitImpact


def _head(found: Impact | RankedImpact) -> dict[str, Any]:
    return {
        "framework": _rulebook(found.before),
        "to": _rulebook(found.after),
        "cycle": found.cycle,
        "note": COMPUTED.say(language()),
        "synthetic": found.synthetic,
        "left_out": [unit.code for unit in found.left_out],
        "changes": [change.as_json() for change in found.changes],
        "not_carried": [
            {
                "tier": str(each.tier),
                "code": each.code,
                "became": each.became,
                "reason": each.why.say(language()),
                "units": list(each.units),
            }
            for each in found.dropped
        ],
    }


def _rulebook(rulebook: Rulebook) -> dict[str, str]:
    return {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest}


def impact_as_json(found: Impact) -> dict[str, Any]:
    """The answer of ``impact --format json`` under frameworks of levels."""
    tiers = dict.fromkeys(each.unit.tier for each in found.units)
    return {
        **_head(found),
        "counts": {
            str(tier): {
                str(level): {
                    "before": _count(found.units, tier, level, before=True),
                    "after": _count(found.units, tier, level, before=False),
                }
                for level in range(6)
            }
            for tier in tiers
        },
        "rise": [each.unit.code for each in found.units if each.climbed > 0],
        "fall": [each.unit.code for each in found.units if each.climbed < 0],
        "units": [_unit(each) for each in found.units],
    }


def _count(units: Iterable[UnitImpact], tier: str, level: int, *, before: bool) -> int:
    sides = ((each.before if before else each.after) for each in units if each.unit.tier == tier)
    return sum(side.levels.level == level for side in sides)


def _unit(each: UnitImpact) -> dict[str, Any]:
    unit = each.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": str(unit.tier),
        "parent": unit.parent,
        "before": {**levels_as_json(each.before.levels), "recognised_level": each.before.recognised_level},
        "after": {**levels_as_json(each.after.levels), "recognised_level": each.after.recognised_level},
        "climbed": each.climbed,
        "decisive": [_decisive(one) for one in each.decisive],
        "criteria": [criterion_as_json(change) for change in each.criteria if change.climbed != 0],
    }


def _decisive(decisive: Decisive) -> dict[str, Any]:
    return {
        **criterion_as_json(decisive.criterion),
        "changes": [change.text.say(language()) for change in decisive.changes],
        "members": [
            {"code": new.unit.code, "before": old.levels.level, "after": new.levels.level}
            for old, new in decisive.members
        ],
        "not_carried": None if decisive.dropped is None else decisive.dropped.say(language()),
    }


def ranked_impact_as_json(found: RankedImpact) -> dict[str, Any]:
    """The answer of ``impact --format json`` under indexes; ``adds`` is in points of the percentage."""
    units = []
    for each in found.units:
        answer = place_change_as_json(each.place)
        shares = {line.code: share for line, share in each.lines}
        decisive = [line.code for line, _ in each.lines]
        lines = sorted(answer["indicators"], key=lambda line: decisive.index(line["code"]))
        units.append(
            {
                **answer,
                "rest_adds": exact(each.rest),
                "indicators": [{**line, "adds": exact(shares[line["code"]])} for line in lines],
            }
        )
    return {
        **_head(found),
        "rise": [each.place.unit.code for each in found.units if each.place.climbed > 0],
        "fall": [each.place.unit.code for each in found.units if each.place.climbed < 0],
        "units": units,
    }
