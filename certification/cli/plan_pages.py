"""A plan as JSON that scripts rely on: sums are exact decimals as text, no float anywhere."""

from typing import Any

from evidence.costs import Money
from evidence.values import MAX_DECIMALS
from levels.faults import Language
from reports.plan import SAID, obstacle_sentence
from reports.words import decimal_text
from rules.plans import Choice, Obstacle, Plan, Step, Way
from rules.verdict import Standing


def plan_as_json(plan: Plan, language: Language) -> dict[str, Any]:
    """The answer of ``plan --format json``; ``language`` is that of the obstacles' ``text``.

    Where the plan is not feasible it has no steps and no cost, but all obstacles. ``equally_good`` is null
    where there are more than can be looked through.
    """
    ways = [way for way in plan.way.walk() if way.steps or way.below] if plan.feasible else []
    good = plan.way.equally_good if plan.feasible else 0
    return {
        "unit": plan.verdict.unit.code,
        "level": plan.verdict.levels.level,
        "target": plan.target,
        "feasible": plan.feasible,
        "optimal": plan.feasible,
        "objective": "cost" if plan.priced else "missing",
        "total_cost": money(plan.total_cost),
        "total_missing": plan.way.missing if plan.feasible else None,
        "equally_good": good if good <= SAID else None,
        "synthetic": plan.synthetic,
        "recognised": None if plan.recognition is None else plan.recognition.levels.level,
        "steps": [step_as_json(step) for step in plan.steps] if plan.feasible else [],
        "units": [_unit(way) for way in ways],
        "choices": [_choice(way, choice) for way in ways for choice in way.choices],
        "obstacles": [obstacle_as_json(each, language) for each in plan.way.obstacles],
        "left_out": [obstacle_as_json(each, language) for each in plan.way.left_out] if plan.feasible else [],
    }


def money(amount: Money | None) -> str | None:
    """A sum as exact decimal text."""
    return None if amount is None else decimal_text(amount, "en", MAX_DECIMALS)


def step_as_json(step: Step) -> dict[str, Any]:
    """One step of a plan."""
    return {
        "unit": step.unit.code,
        "criterion": step.criterion.code,
        "from": None if step.found.actual is None or step.found.standing is Standing.EXPIRED else str(step.start),
        "to": str(step.to),
        "missing": step.missing,
        "base_stated": step.base_stated,
        "cost": money(step.cost),
        "level": step.level,
        "actual": step.found.actual,
        "status": str(step.found.status),
        "standing": str(step.found.standing),
        "office": step.office or None,
        "requirements": [
            {"at_level": demand.at_level, "required": demand.required, "clause": demand.clause}
            for demand in step.demands
        ],
    }


def _unit(way: Way) -> dict[str, Any]:
    return {
        "unit": way.verdict.unit.code,
        "name": way.verdict.unit.name,
        "from": way.verdict.levels.level,
        "to": way.level,
        "missing": sum(step.missing for step in way.steps),
        "cost": money(sum(step.cost for step in way.steps if step.cost is not None))
        if all(step.cost is not None for step in way.steps)
        else None,
    }


def _choice(way: Way, choice: Choice) -> dict[str, Any]:
    return {
        "unit": way.verdict.unit.code,
        "at": choice.at,
        "needed": choice.needed,
        "ready": [unit.code for unit in choice.ready],
        "chosen": [unit.code for unit in choice.chosen],
        "dearest": money(choice.dearest),
        "cheapest_left": money(choice.cheapest_left),
    }


def obstacle_as_json(obstacle: Obstacle, language: Language) -> dict[str, Any]:
    """One obstacle; ``text`` says it aloud."""
    return {
        "unit": obstacle.unit.code,
        "criterion": None if obstacle.found is None else obstacle.found.code,
        "level": obstacle.level,
        "kind": str(obstacle.kind),
        "text": obstacle_sentence(obstacle, language),
    }
