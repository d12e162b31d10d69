"""``certify plan … --out``: the plan as a paper that can be signed, and as a workbook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from certification.cli.inputs import refuse
from certification.cli.options import Plain, watch
from certification.cli.plans import Wanted
from certification.cli.speech import say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from reports.work_plan import WorkPlan


@contextmanager
def written(wanted: Wanted, plan: "WorkPlan", *, feasible: bool) -> Iterator[None]:
    """Write ``plan`` into the folder that was asked for, all or nothing; without one nothing happens.

    The block prints the plan: it is not reached where the paper cannot be written, and after it the files are
    listed (with ``--format json`` on standard error). A plan without items is no paper, which is said: there is no
    work or, where not ``feasible``, no plan.
    Raises ``Faulty`` for files that are there already, ``OSError`` where the folder cannot be written.
    """
    paths = write(wanted, plan, feasible=feasible)
    yield
    for path in paths:
        print(path, file=sys.stderr if wanted.shape is Plain.JSON else sys.stdout)


def write(wanted: Wanted, plan: "WorkPlan", *, feasible: bool) -> list[Path]:
    """What ``written`` writes; the paths, none where no folder was asked for or there is nothing to do."""
    from attrs import evolve

    from certification.staging import staged
    from reports.documents import unavailable
    from reports.work_files import work_plan_files

    if wanted.out is None:
        return []
    if not plan.items:
        nothing = say(
            "Không có việc nào để lập kế hoạch nên không soạn văn bản.",
            "There is no work to plan, so no paper is written.",
        )
        impossible = say(
            "Không có kế hoạch nào khả thi nên không soạn văn bản.", "There is no plan, so no paper is written."
        )
        print(nothing if feasible else impossible, file=sys.stderr)
        return []
    _check_date(wanted, plan)
    for text in unavailable().values():
        print(tell(text), file=sys.stderr)
    signed = evolve(plan, number=wanted.number, signed_on=wanted.signed_on, signer=wanted.signer)
    with (
        staged(wanted.out, replace=wanted.replace) as stage,
        watch(say("Soạn kế hoạch", "Writing the plan"), None) as step,
    ):
        paths = []
        for name, content in work_plan_files(signed):
            (stage / name).write_bytes(content)
            paths.append(wanted.out / name)
            step(1)
    return paths


def _check_date(wanted: Wanted, plan: "WorkPlan") -> None:
    """A plan is signed in the year before it begins, or while it runs; one too late or too early is warned of."""
    from reports.work_schedule import period_of

    signed_on, first, last = wanted.signed_on, plan.cycle - 1, plan.years[-1]
    if signed_on is None:
        return
    if not first <= signed_on.year <= last:
        raise refuse(
            say(
                f"--date {signed_on:%d/%m/%Y}: kế hoạch năm {plan.cycle} được ký từ năm {first} đến năm {last}.",
                f"--date {signed_on}: a plan for {plan.cycle} is signed from {first} to {last}.",
            )
        )
    issued = plan.rulebook.instrument.signed_on
    if issued is not None and signed_on < issued:
        print(
            say(
                f"Lưu ý: ngày ký {signed_on:%d/%m/%Y} trước ngày {issued:%d/%m/%Y} của quyết định mà kế hoạch căn cứ.",
                f"Note: the date of signing {signed_on} is before {issued}, that of the decision the plan rests on.",
            ),
            file=sys.stderr,
        )
    _, due = period_of(plan, last)
    if signed_on > due:
        print(
            say(
                f"Lưu ý: ngày ký {signed_on:%d/%m/%Y} sau ngày cuối cùng còn được tính, {due:%d/%m/%Y}.",
                f"Note: the date of signing {signed_on} is after the last day that counts, {due}.",
            ),
            file=sys.stderr,
        )
