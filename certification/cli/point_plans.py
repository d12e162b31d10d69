"""``certify plan UNIT --points X | --climb K | --budget X`` under an index: the cheapest points of one unit."""

from fractions import Fraction
from typing import TYPE_CHECKING

from certification.cli.inputs import chosen_units, find_sample, load_rating, refuse
from certification.cli.missing_prices import tell_missing
from certification.cli.options import Plain, no_criteria, print_json, watch
from certification.cli.plans import Wanted
from certification.cli.speech import language, say, tell
from certification.cli.wrapping import print_text
from levels.faults import Text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.rating import Rating
    from evidence.costs import Costs
    from rules.point_plans import PointGoal

_EXPECTED = Text(vi="cần số điểm lớn hơn 0, ví dụ 700 hoặc 812,5", en="expected points above 0, such as 700 or 812.5")


def plan_points(wanted: Wanted) -> bool:
    """Print the plan; whether there is one."""
    from certification.cli.point_pages import point_plan_as_json
    from certification.cli.work_plans import written
    from certification.planning import points
    from evidence.settled import read_settled
    from reports.point_plan import of_points, point_plan_text

    goal = read_goal(wanted)
    rating = load_rating(wanted.sources)
    prices = None if wanted.fewest else _read_prices(rating, wanted)
    [code] = chosen_units(rating, [wanted.unit])
    unit = rating.units[code]
    if unit.tier not in rating.index.sets:
        raise refuse(no_criteria(rating, code))
    if goal.budget is not None and prices is None:
        raise refuse(say("--budget cần chi phí; hãy thêm --costs.", "--budget needs costs; add --costs."))
    settled = frozenset[str]()
    if wanted.choices is not None:
        settled = read_settled(wanted.choices, rating.index, rating.units, unit)
    with watch(say("Tìm kế hoạch", "Searching"), None):
        found = points.plan_points(rating, code, goal, prices, settled=settled, seconds=wanted.time_limit)
    with written(wanted, of_points(found, rating.units.get(unit.parent or "")), feasible=found.feasible):
        if wanted.shape is Plain.JSON:
            print_json(point_plan_as_json(found, language()))
        else:
            print_text(point_plan_text(found, language()))
    unpriced = [barrier for barrier in found.barriers if barrier.kind == "no_cost"]
    codes = dict.fromkeys(each.line.indicator.fact_code(key) for each in unpriced for key in each.keys)
    tell_missing(wanted.costs, (f"{unit.tier},{fact_code},," for fact_code in codes))
    return found.feasible


def read_goal(wanted: Wanted) -> "PointGoal":
    """What the options ask for; ends the command with every fault where it is not just one thing."""
    from certification.cli.budget_plans import read_budgets
    from rules.point_plans import PointGoal

    asked = [wanted.points is not None, wanted.climb is not None, bool(wanted.budgets)]
    if sum(asked) != 1:
        raise refuse(
            say(
                "Với bộ chỉ số, hãy chỉ ra một trong: --points X (tổng điểm), --climb K (lên K hạng), --budget X (nhiều"
                " điểm nhất với X).",
                "Under an index name one of: --points X (a total), --climb K (climb K ranks), --budget X (the most"
                " points for X).",
            )
        )
    if wanted.climb is not None:
        return PointGoal(climb=wanted.climb)
    if wanted.points is not None:
        return PointGoal(points=_read_points(wanted.points))
    budgets = read_budgets(wanted.budgets)
    if len(budgets) > 1:
        raise refuse(
            say(
                "--budget: kế hoạch điểm là của một kỳ, chỉ một ngân sách.",
                "--budget: a plan of points is that of one cycle and takes one budget.",
            )
        )
    return PointGoal(budget=budgets[0])


def _read_points(text: str) -> Fraction:
    from evidence.index_values import read_decimal
    from evidence.values import Unreadable, quote

    try:
        amount = read_decimal(text, _EXPECTED, column="--points")
    except Unreadable as unreadable:
        raise refuse(
            "\n".join(f"--points: {tell(flaw.found)}; {tell(flaw.expected)}" for flaw in unreadable.flaws)
        ) from None
    points = Fraction(amount.numerator, amount.denominator or 1)
    if not points:
        raise refuse(f"--points: {quote(text)}; {tell(_EXPECTED)}")
    return points


def _read_prices(rating: "Rating", wanted: Wanted) -> "Costs | None":
    """The costs named, or with ``--sample`` those of the sample, where it has any."""
    from evidence.costs import read_costs

    path = wanted.costs
    if path is None and wanted.sources.sample:
        bundled = find_sample(rating.index).costs
        path = None if bundled is None else str(bundled)
    return None if path is None else read_costs(path, rating.index)
