"""What ``certify tasks`` prints: who is in charge of which indicator, and how far its facts have got."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text as Styled

from certification.cli.pages import print_table
from certification.cli.speech import language, say
from certification.point_answers import exact, head
from certification.rating import Rating
from certification.tasks import Task
from levels.index import Indicator
from reports.words import decimal_text
from reports.work_list import joint_note
from rules.worklists import Progress


def tasks_as_json(rating: Rating, tasks: Sequence[Task]) -> dict[str, Any]:
    """The answer of ``tasks --format json``."""
    return {
        **head(rating),
        "offices": [
            {
                "office": task.work.office,
                "tier": str(task.tier),
                "lead": [_indicator_as_json(indicator) for indicator in task.work.lead],
                "support": [_indicator_as_json(indicator) for indicator in task.work.support],
                "general": [{"number": item.number, "name": item.name} for item in task.work.general],
                "progress": _sum_as_json(task.work.progress),
                "units": [_progress_as_json(found) for found in task.work.progress],
            }
            for task in tasks
        ],
    }


def _indicator_as_json(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "name": indicator.name,
        "max": str(indicator.max),
        "proof": indicator.proof,
        "inputs": [indicator.fact_code(entry.key) for entry in indicator.inputs],
    }


def _sum_as_json(progress: Sequence[Progress]) -> dict[str, int]:
    return {
        "inputs": sum(found.inputs for found in progress),
        "known": sum(found.known for found in progress),
        "accepted": sum(found.accepted for found in progress),
    }


def _progress_as_json(found: Progress) -> dict[str, Any]:
    return {
        "code": found.unit.code,
        "name": found.unit.name,
        **_sum_as_json([found]),
        "points": exact(found.points),
        "lost": exact(found.lost),
    }


def print_tasks(rating: Rating, tasks: Sequence[Task]) -> None:
    """Print the offices with their progress; of a single one also its indicators and units."""
    if not tasks:
        name = rating.index.id
        print(
            say(
                f"{name}: quyết định không giao chỉ số cho cơ quan nào.",
                f"{name}: the decision puts no office in charge.",
            )
        )
        return
    print_table(_offices(rating, tasks))
    note = joint_note([task.work for task in tasks], language())
    if note:
        print(note)
    if len({task.work.office for task in tasks}) == 1:
        for task in tasks:
            print_table(_indicators(task))
            print_table(_units(task))


def _offices(rating: Rating, tasks: Sequence[Task]) -> Table:
    table = Table(title=f"{say('Phân công theo cơ quan, năm', 'Work of the offices')} {rating.cycle}")
    table.add_column(say("Cơ quan", "Office"))
    for title in (
        say("Phụ trách", "In charge"),
        say("Phối hợp", "In support"),
        say("Điểm tối đa", "Max."),
        say("Số liệu cần", "Facts asked"),
        say("Đã có", "There"),
        say("Đã chấp nhận", "Accepted"),
    ):
        table.add_column(title, justify="right")
    for task in tasks:
        total = _sum_as_json(task.work.progress)
        numbers = (
            len(task.work.lead),
            len(task.work.support),
            sum(indicator.max for indicator in task.work.lead),
            *(total[key] for key in ("inputs", "known", "accepted")),
        )
        table.add_row(Styled(task.work.office), *map(str, numbers))
    return table


def _indicators(task: Task) -> Table:
    table = Table(title=say("Chỉ số", "Indicators"))
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Chỉ số", "Indicator"))
    table.add_column(say("Điểm", "Points"), justify="right")
    table.add_column(say("Vai trò", "Role"))
    roles = ((say("phụ trách", "in charge"), task.work.lead), (say("phối hợp", "in support"), task.work.support))
    for role, indicators in roles:
        for indicator in indicators:
            table.add_row(indicator.code, Styled(indicator.name), str(indicator.max), role)
    for item in task.work.general:
        table.add_row(item.number, Styled(item.name), "–", say("thông tin chung", "general information"))
    return table


def _units(task: Task) -> Table:
    table = Table(title=say("Tiến độ từng đơn vị", "Progress of each unit"))
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Đơn vị", "Unit"))
    for title in (
        say("Số liệu cần", "Facts asked"),
        say("Đã có", "There"),
        say("Đã chấp nhận", "Accepted"),
        say("Điểm", "Points"),
        say("Điểm mất", "Lost"),
    ):
        table.add_column(title, justify="right")
    for found in task.work.progress:
        points = (decimal_text(found.points, language()), decimal_text(found.lost, language()))
        numbers = map(str, (found.inputs, found.known, found.accepted))
        table.add_row(found.unit.code, Styled(found.unit.name), *numbers, *points)
    return table
