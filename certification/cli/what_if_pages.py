"""A what-if as JSON that scripts rely on, and analyses on a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table as Shown
from rich.text import Text as Styled

from certification.cli.pages import print_table
from certification.cli.speech import language
from certification.cli.wrapping import print_text
from certification.point_answers import exact
from evidence.asked import Asked
from evidence.facts import Fact, Status
from evidence.scenarios import NOT_RECORDED
from levels.faults import printable
from reports.analysis import Page, section_text
from reports.scenario_table import column_labels
from reports.tables import Line, Table
from reports.what_if import asked_name
from rules.changes import CriterionChange, LineChange, PlaceChange, UnitChange
from rules.hypotheses import Comparison, RankedComparison, Supposition, WhatIf, WhatIfRanked
from rules.scores import IndicatorScore, Place
from rules.verdict import CriterionVerdict, Levels, Reason


def levels_as_json(levels: Levels) -> dict[str, int]:
    """The three levels by the names that interfaces promise."""
    return {"level": levels.level, "claimed_level": levels.claimed_level, "possible_level": levels.possible_level}


def _head(found: WhatIf | WhatIfRanked) -> dict[str, Any]:
    rulebook = found.framework if isinstance(found, WhatIf) else found.index
    return {
        "framework": {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest},
        "cycle": found.cycle,
        "hypothesis": NOT_RECORDED.say(language()),
        "synthetic": found.synthetic,
    }


def _scenario(found: WhatIf | WhatIfRanked) -> dict[str, Any]:
    scenario = found.scenario
    return {
        "name": scenario.name,
        "note": scenario.note or None,
        "assumptions": [_supposition(made) for made in found.suppositions],
    }


def _supposition(made: Supposition) -> dict[str, Any]:
    return {
        "unit": made.unit.code,
        "criterion": made.asked.code,
        "name": asked_name(made.asked),
        "before": _fact(made.asked, made.recorded),
        "after": _fact(made.asked, made.supposed),
    }


def _fact(asked: Asked, fact: Fact | None) -> dict[str, Any]:
    value = None if fact is None or fact.amount is None else asked.write(fact.amount)
    return {"value": value, "status": str(Status.UNKNOWN if fact is None else fact.status)}


def what_if_as_json(found: WhatIf) -> dict[str, Any]:
    """The answer of ``what-if --format json`` under a framework of levels."""
    return {
        **_head(found),
        "scenario": _scenario(found),
        "units": [_unit(change) for change in found.units],
        "settled": [
            {"unit": each.unit, "level": each.levels.level, "number": each.number, "decision": each.decision}
            for each in found.settled
        ],
    }


def _unit(change: UnitChange) -> dict[str, Any]:
    unit = change.unit
    before = {member.unit.code: member for member in change.before.members}
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": str(unit.tier),
        "parent": unit.parent,
        "before": levels_as_json(change.before.levels),
        "after": levels_as_json(change.after.levels),
        "criteria": [criterion_as_json(each) for each in change.criteria],
        "members": [
            {
                "code": member.unit.code,
                "before": levels_as_json(before[member.unit.code].levels),
                "after": levels_as_json(member.levels),
            }
            for member in change.after.members
            if member.levels != before[member.unit.code].levels
        ],
        "asked": change.asked,
        "reasons_gone": [_reason(reason) for reason in change.gone],
        "reasons_new": [_reason(reason) for reason in change.new],
        "next_level": change.next_level,
        "blocking": [_reason(reason) for reason in change.blocking],
    }


def criterion_as_json(change: CriterionChange) -> dict[str, Any]:
    """One criterion before and after."""
    return {
        "code": change.code,
        "name": change.shown.criterion.name,
        "before": _known(change.before),
        "after": _known(change.after),
    }


def _known(found: CriterionVerdict | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        **levels_as_json(found.levels),
        "actual": found.actual,
        "status": str(found.status),
        "standing": str(found.standing),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "criterion": reason.criterion.code,
        "at_level": reason.at_level,
        "required": reason.required,
        "actual": reason.actual,
        "missing": reason.missing,
        "clause": reason.clause,
        "status": str(reason.status),
        "standing": str(reason.standing),
        "holding_back": list(reason.holding_back),
    }


def what_if_ranked_as_json(found: WhatIfRanked) -> dict[str, Any]:
    """The answer of ``what-if --format json`` under an index."""
    return {**_head(found), "scenario": _scenario(found), "units": [place_change_as_json(p) for p in found.places]}


def place_change_as_json(change: PlaceChange) -> dict[str, Any]:
    """One unit's points, rank and indicators before and after."""
    unit = change.unit
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": str(unit.tier),
        "parent": unit.parent,
        "group": change.group.group.id,
        "before": place_as_json(change.before),
        "after": place_as_json(change.after),
        "gained": exact(change.gained),
        "climbed": change.climbed,
        "indicators": [_line(each) for each in change.lines],
    }


def place_as_json(place: Place) -> dict[str, Any]:
    """Points and rank of one unit."""
    score = place.score
    return {
        "points": exact(score.points),
        "reachable": str(score.reachable),
        "percent": exact(score.percent),
        "bonus": exact(score.bonus),
        "rank": place.rank,
        "tied": place.tied,
    }


def _line(change: LineChange) -> dict[str, Any]:
    return {
        "code": change.code,
        "name": change.shown.indicator.name,
        "before": _points(change.before),
        "after": _points(change.after),
        "gained": exact(change.gained),
    }


def _points(line: IndicatorScore | None) -> dict[str, Any] | None:
    if line is None:
        return None
    return {"points": exact(line.points), "max": str(line.indicator.max), "state": str(line.state)}


def comparison_as_json(found: Comparison) -> dict[str, Any]:
    """The answer of ``what-if --compare --format json`` under a framework of levels; the first column is as it is."""
    return {
        **_head(found.columns[0]),
        "columns": _columns(found.columns),
        "units": [
            {
                "code": verdicts[0].unit.code,
                "name": verdicts[0].unit.name,
                "columns": [levels_as_json(verdict.levels) for verdict in verdicts],
                "criteria": [
                    {"code": sides[0].code, "columns": [_known(side) for side in sides]}
                    for sides in zip(*(verdict.criteria for verdict in verdicts), strict=True)
                    if any(_known(side) != _known(sides[0]) for side in sides)
                ],
            }
            for verdicts in found.rows
        ],
    }


def ranked_comparison_as_json(found: RankedComparison) -> dict[str, Any]:
    """The answer of ``what-if --compare --format json`` under an index; the first column is as it is."""
    return {
        **_head(found.columns[0]),
        "columns": _columns(found.columns),
        "units": [
            {
                "code": places[0].score.unit.code,
                "name": places[0].score.unit.name,
                "columns": [place_as_json(place) for place in places],
                "indicators": [
                    {"code": lines[0].indicator.code, "columns": [_points(line) for line in lines]}
                    for lines in zip(*(place.score.indicators for place in places), strict=True)
                    if any(_points(line) != _points(lines[0]) for line in lines)
                ],
            }
            for places in found.rows
        ],
    }


def _columns(columns: Sequence[WhatIf | WhatIfRanked]) -> list[dict[str, Any]]:
    labels = column_labels(len(columns))
    scenarios = ({"label": label, **_scenario(column)} for label, column in zip(labels, columns, strict=True))
    return [{"label": "", "name": None, "note": None, "assumptions": []}, *scenarios]


def print_page(page: Page) -> None:
    """Print a page's sentences and tables on standard output."""
    for line in (page.title, page.mark, page.synthetic_mark, page.citation, *page.notes):
        if line:
            print_text(printable(line))
    for section in page.sections:
        if section.drawings:  # a terminal shows no pictures
            continue
        print()
        print_text(section_text(section).removesuffix("\n"))
        if section.table is not None:
            print_table(_shown(section.table))


def _shown(table: Table) -> Shown:
    shown = Shown()
    for column in table.columns:
        shown.add_column(Styled(column.title), justify="center" if column.centred else "left")
    for row in table.rows:
        cells = (Styled("\n").join(_styled(line) for line in cell) for cell in row.cells)
        shown.add_row(*cells)
    return shown


def _styled(line: Line) -> Styled:
    return Styled(printable(line.text), style="bold" if line.style == "bold" else "")
