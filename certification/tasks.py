"""Tasks: the work lists of the offices that a decision puts in charge, found, and written as documents."""

import difflib
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from attrs import evolve, frozen

from certification.rating import Rating
from certification.staging import staged
from evidence.index_values import bare
from evidence.values import quote
from levels.faults import Fault, Faulty, Language, Text
from levels.framework import Tier
from reports.work_list import render_work_list, work_list_workbook
from rules.worklists import WorkList, work_lists


@frozen
class Task:
    """The work list of one office under the indicators of one tier."""

    tier: Tier
    work: WorkList


def find_tasks(rating: Rating, office: str | None, units: Collection[str] = ()) -> list[Task]:
    """The work lists of every office, or of the one that is named without regard to case and tone marks.

    ``units``, codes, limit the progress that is told; empty: of all. Raises ``Faulty`` with the nearest
    name where there is no such office.
    """
    scores = rating.scores()
    tasks = [Task(tier, work) for tier in rating.index.sets for work in work_lists(rating.index, tier, scores)]
    if office is not None:
        found = [task for task in tasks if bare(task.work.office) == bare(office)]
        if not found:
            raise _no_office(office, tasks)
        tasks = found
    if not units:
        return tasks
    return [evolve(task, work=_only(task.work, units)) for task in tasks]


def _only(work: WorkList, units: Collection[str]) -> WorkList:
    return evolve(work, progress=tuple(found for found in work.progress if found.unit.code in units))


def _no_office(office: str, tasks: Sequence[Task]) -> Faulty:
    names = {bare(task.work.office): task.work.office for task in tasks}
    found = Text(vi=f"không có cơ quan {quote(office)}", en=f"there is no office {quote(office)}")
    expected = Text(vi="quyết định không giao chỉ số cho cơ quan nào", en="the decision puts no office in charge")
    if names:
        plain = bare(office)
        near = [known for known in names if plain in known] or difflib.get_close_matches(plain, names, n=3, cutoff=0)
        told = "; ".join(names[known] for known in near[:6])
        expected = Text(vi=f"có phải là: {told}?", en=f"did you mean: {told}?")
    return Faulty([Fault("OFFICE", 1, 1, found, expected)])


def write_tasks(
    out: Path,
    rating: Rating,
    tasks: Sequence[Task],
    language: Language,
    *,
    replace: bool,
    progress: Callable[[int], object],
) -> list[Path]:
    """Write every work list as a document and all together as a workbook, all or nothing; the files."""
    names: list[str] = []
    with staged(out, replace=replace) as stage:
        for task in tasks:
            stem = f"phan-cong-{_slug(task)}-{rating.cycle}"
            for kind, content in render_work_list(task.work, rating.index, rating.cycle, language=language).items():
                names.append(f"{stem}.{kind}")
                (stage / names[-1]).write_bytes(content)
            progress(1)
        if tasks:
            names.append(f"phan-cong-{rating.index.id}-{rating.cycle}.xlsx")
            works = [task.work for task in tasks]
            (stage / names[-1]).write_bytes(work_list_workbook(works, rating.index, rating.cycle, language))
    return [out / name for name in names]


def _slug(task: Task) -> str:
    return "-".join((task.tier, *re.findall("[a-z0-9]+", bare(task.work.office))))
