"""``certify plan UNIT --level N``: the cheapest way of one unit to a level."""

from typing import TYPE_CHECKING

from certification.cli.inputs import chosen_units, decide_all, find_sample, load_assessment, refuse
from certification.cli.missing_prices import rows_missing, tell_missing
from certification.cli.options import Plain, no_criteria, print_json
from certification.cli.plans import Wanted
from certification.cli.speech import language, say
from certification.cli.wrapping import print_text

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.hierarchy import Assessment
    from evidence.costs import Costs


def plan_one(wanted: Wanted) -> bool:
    """Print the plan for one unit and level, by default the next above its own; whether there is one."""
    from certification.cli.plan_pages import plan_as_json
    from certification.cli.work_plans import written
    from certification.planning.ways import plan
    from reports.plan import plan_text
    from reports.work_plan import of_plan

    assessment = load_assessment(wanted.sources, "certify why")
    prices = None if wanted.fewest else read_prices(assessment, wanted)
    [code] = chosen_units(assessment, [wanted.unit])
    verdicts = decide_all(assessment, codes=assessment.resting_on([code]))
    if code not in verdicts:
        raise refuse(_no_criteria(assessment, code))
    found = plan(assessment, verdicts, code, wanted.level or min(verdicts[code].levels.level + 1, 5), prices)
    paper = of_plan(found, assessment.units.get(found.verdict.unit.parent or ""))
    with written(wanted, paper, feasible=found.feasible):
        if wanted.shape is Plain.JSON:
            print_json(plan_as_json(found, language()))
        else:
            print_text(plan_text(found, language()))
    if prices is not None and any(each.kind == "no_cost" for each in (*found.way.obstacles, *found.way.left_out)):
        tell_missing(wanted.costs, rows_missing(assessment.framework, (v.unit.tier for v in verdicts.values()), prices))
    return found.feasible


def _no_criteria(assessment: "Assessment", code: str) -> str:
    """That a unit has no level of its own, and where there are units below it, what can be planned for these."""
    said = no_criteria(assessment, code)
    if not assessment.units.children(code):
        return said
    return said + say(
        "; hãy thêm --budget để lập kế hoạch cho các đơn vị trực thuộc, hoặc chọn một đơn vị trực thuộc (một huyện).",
        "; add --budget to plan for the units below it, or choose one of these (a district).",
    )


def read_prices(assessment: "Assessment", wanted: Wanted) -> "Costs | None":
    """The costs named, or with ``--sample`` those of the sample."""
    from evidence.costs import read_costs

    path = wanted.costs
    if path is None and wanted.sources.sample:
        bundled = find_sample(assessment.framework).costs
        path = None if bundled is None else str(bundled)
    return None if path is None else read_costs(path, assessment.framework)
