"""A budget plan as JSON that scripts rely on: sums are exact decimals as text, no float anywhere."""

from fractions import Fraction
from typing import Any

from certification.cli.plan_pages import money, obstacle_as_json, step_as_json
from evidence.conditions import Stated
from levels.faults import Language
from reports.words import exact_text
from rules.budgets import Aim, Bought, BudgetPlan, Declined, Hindered, Outcome, Paid, Year


def budget_as_json(plan: BudgetPlan, language: Language) -> dict[str, Any]:
    """The answer of ``plan --budget --format json``; ``language`` is that of the obstacles' ``text``.

    ``reached`` lists by tier who is at the target at the end, ``already`` who was there before; ``bound`` what no
    plan exceeds, aim by aim. ``curve`` gives the least total by number of units of the broadest tier.
    """
    return {
        "unit": plan.unit.code,
        "target": plan.target,
        "feasible": plan.feasible,
        "objective": "weight" if plan.weighted else "units",
        "budget": money(sum(year.budget for year in plan.years)),
        "total_cost": money(plan.total_cost) if plan.feasible else None,
        "least_cost": money(plan.least),
        "carry_over": plan.carry_over,
        "optimal": plan.optimal and plan.feasible,
        "method": plan.method,
        "synthetic": plan.synthetic,
        "assumptions": _assumptions(plan, language),
        "years": [_year(year, plan) for year in plan.years],
        "reached": {str(tier): [each.unit.code for each in there] for tier, there in plan.reached.items()},
        "already": {
            str(tier): [each.unit.code for each in there if each.before >= plan.target]
            for tier, there in plan.reached.items()
        },
        "units": [_outcome(each) for each in plan.outcomes if each.after != each.before],
        "steps": [_paid(paid) for paid in plan.steps],
        "shared": [_bought(bought) for bought in plan.bought],
        "not_bought": [_declined(each) for each in plan.declined],
        "choices": [_stated(each) for each in plan.choices],
        "weights": {unit.code: money(weight) for unit, weight in plan.weights},
        "bound": [_aim(aim) for aim in plan.aims],
        "curve": [{"reached": number, "cost": money(cost)} for number, cost in enumerate(plan.curve)],
        "curve_tier": str(plan.curve_tier),
        "refused": [_hindered(each, language) for each in plan.refused],
        "hindered": [_hindered(each, language) for each in plan.hindered],
    }


def _assumptions(plan: BudgetPlan, language: Language) -> list[str]:
    from reports.budget import budget_notes

    return [text.say(language) for text in budget_notes(plan)]


def _year(year: Year, plan: BudgetPlan) -> dict[str, Any]:
    reached = [each.unit.code for each in plan.outcomes if each.year == year.year]
    return {
        "year": year.year,
        "budget": money(year.budget),
        "available": money(year.available),
        "spent": money(year.spent),
        "reached": reached,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "unit": outcome.unit.code,
        "name": outcome.unit.name,
        "tier": str(outcome.unit.tier),
        "from": outcome.before,
        "to": outcome.after,
        "year": outcome.year,
    }


def _paid(paid: Paid) -> dict[str, Any]:
    return {**step_as_json(paid.step), "year": paid.year, "shared": paid.shared or None}


def _bought(bought: Bought) -> dict[str, Any]:
    purchase = bought.purchase
    return {
        "name": purchase.name,
        "cost": money(purchase.cost),
        "year": bought.year,
        "office": purchase.office or None,
        "covers": [
            {"tier": str(cover.tier), "criterion": cover.criterion, "level": cover.level, "under": cover.under}
            for cover in purchase.covers
        ],
        "serves": [unit.code for unit in bought.serves],
    }


def _declined(declined: Declined) -> dict[str, Any]:
    purchase = declined.purchase
    return {"name": purchase.name, "cost": money(purchase.cost), "reason": str(declined.reason)}


def _stated(stated: Stated) -> dict[str, Any]:
    return {
        "choice": str(stated.choice),
        "unit": None if stated.unit is None else stated.unit.code,
        "criterion": stated.criterion or None,
        "year": stated.year,
    }


def _aim(aim: Aim) -> dict[str, Any]:
    return {
        "aim": aim.name,
        "year": aim.year,
        "found": exact_text(Fraction(aim.found)),
        "bound": exact_text(Fraction(aim.bound)),
        "proven": aim.proven,
    }


def _hindered(hindered: Hindered, language: Language) -> dict[str, Any]:
    return {
        "unit": hindered.unit.code,
        "name": hindered.unit.name,
        "obstacles": [obstacle_as_json(obstacle, language) for obstacle in hindered.obstacles],
    }
