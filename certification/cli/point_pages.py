"""A plan of points as JSON that scripts rely on: exact decimals as text, no float anywhere."""

from fractions import Fraction
from typing import Any

from certification.cli.plan_pages import money
from certification.point_answers import exact
from levels.faults import Language
from reports.point_plan import barrier_sentence
from reports.words import exact_text
from rules.point_plans import Barrier, Improvement, Marginal, PointPlan, PointStep
from rules.scores import Place


def point_plan_as_json(plan: PointPlan, language: Language) -> dict[str, Any]:
    """The answer of ``plan --format json`` under an index; ``language`` is that of the obstacles' ``text``.

    Points are rounded half up to 4 places. ``total_cost`` is null without costs, where ``total_changes`` counts; both
    are null where there is no plan. ``bound``: no plan takes less (with a budget ``points_bound``: none reaches more).
    ``equally_good`` is null where they were not counted.
    """
    found = plan.feasible
    score, goal = plan.score, plan.goal
    return {
        "unit": score.unit.code,
        "cycle": score.cycle,
        "goal": {
            "points": _points(goal.points),
            "climb": goal.climb,
            "budget": money(goal.budget),
        },
        "reading": str(score.reading),
        "before": _standing(plan.before, plan.group_size),
        "after": None if plan.after is None else _standing(plan.after, plan.group_size),
        "target": _points(plan.needed),
        "most": exact(plan.most),
        "feasible": found,
        "optimal": found and plan.optimal,
        "objective": "points" if goal.budget is not None else "cost" if plan.priced else "changes",
        "total_cost": money(plan.effort) if found and plan.priced else None,
        "total_changes": money(plan.effort) if found and not plan.priced else None,
        "bound": money(plan.bound) if found else None,
        "points_bound": _points(plan.points_bound),
        "equally_good": plan.equally_good if found else None,
        "synthetic": plan.synthetic,
        "steps": [_step(step, each, plan) for each in plan.improvements for step in each.steps],
        "indicators": [_improvement(each, plan) for each in plan.improvements],
        "cheapest_points": [_marginal(each) for each in plan.marginals],
        "obstacles": [_barrier(each, language) for each in plan.barriers],
        "moved": [
            {"unit": before.unit.code, "before": exact(before.points), "after": exact(after.points)}
            for before, after in plan.moved
        ],
        "fixed": list(plan.settled),
    }


def _points(points: Fraction | None) -> str | None:
    return None if points is None else exact(points)


def _standing(place: Place, of: int) -> dict[str, Any]:
    score = place.score
    return {
        "points": exact(score.points),
        "reachable": str(score.reachable),
        "percent": exact(score.percent),
        "rank": place.rank or None,
        "tied": place.tied,
        "group_size": of or None,
    }


def _step(step: PointStep, improvement: Improvement, plan: PointPlan) -> dict[str, Any]:
    return {
        "unit": plan.score.unit.code,
        "criterion": step.code,
        "indicator": improvement.indicator.code,
        "kind": step.input.kind,
        "from": None if step.start is None else exact_text(step.start),
        "to": exact_text(step.to),
        "missing": _missing(step),
        "cost": money(step.cost),
        "office": step.office or None,
        "status": None if step.fact is None else str(step.fact.status),
    }


def _missing(step: PointStep) -> int | str:
    """How many more: whole things as in every plan a number, a yes or another option one; decimals as exact text."""
    if step.more is None:
        return 1
    whole = Fraction(step.more).denominator == 1 and step.input.kind == "count"
    return int(step.more) if whole else exact_text(step.more)


def _improvement(improvement: Improvement, plan: PointPlan) -> dict[str, Any]:
    score = plan.score
    return {
        "code": improvement.indicator.code,
        "before": exact(improvement.before.points),
        "after": exact(improvement.after.points),
        "points": exact(improvement.points),
        "max": str(improvement.indicator.max),
        "cost": money(improvement.cost) if plan.priced else None,
        "applied": [found.text for found in improvement.after.applied if found.text],
        "clause": score.index.clause(score.unit.tier, improvement.indicator.code),
    }


def _marginal(marginal: Marginal) -> dict[str, Any]:
    return {
        "indicator": marginal.indicator.code,
        "to": {marginal.indicator.fact_code(entry.key): exact_text(to) for entry, _, to in marginal.steps},
        "points": exact(marginal.points),
        "cost": money(marginal.cost),
        "per_point": exact(marginal.price),
        "taken": marginal.taken,
    }


def _barrier(barrier: Barrier, language: Language) -> dict[str, Any]:
    indicator = barrier.line.indicator
    return {
        "indicator": indicator.code,
        "kind": str(barrier.kind),
        "criteria": [indicator.fact_code(key) for key in barrier.keys],
        "lost": exact(barrier.line.lost),
        "text": barrier_sentence(barrier, language),
    }
