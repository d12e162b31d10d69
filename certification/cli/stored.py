"""The store as a source: where one is configured, ``--units`` and ``--evidence`` may be left out."""

import os
import sys
from typing import TYPE_CHECKING

from certification.cli.speech import say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.cli.inputs import Sources
    from certification.hierarchy import Assessment
    from certification.rating import Rating
    from levels.loader import Rulebook

CONFIGURED_BY = ("CERTIFY_HOME", "DATABASE_URL")


def is_configured(sources: "Sources") -> bool:
    """Whether a command that named no files, nor the sample, reads from a store."""
    named = sources.sample or sources.units is not None or sources.evidence is not None
    return not named and any(os.environ.get(name) for name in CONFIGURED_BY)


def read_stored(rulebook: "Rulebook", sources: "Sources") -> "Assessment | Rating":
    """The assessment or rating of the stored cycle under ``rulebook``: that of ``--cycle``, else the latest.

    Ends the command, saying why, where there is no store, no such cycle, or more than one.
    """
    from certification.cli.inputs import refuse
    from certification.store.opening import Unopened, open_store

    try:
        open_store()
    except Unopened as error:
        instead = say("Hoặc chỉ ra --units và --evidence.", "Or name --units and --evidence.")
        raise refuse(f"{tell(error.text)} {instead}") from error
    from certification.store.assessments import assessment_of, rating_of
    from certification.store.models import Cycle

    cycles = Cycle.objects.select_related("rulebook", "root__parent").filter(rulebook__framework=rulebook.id)
    if sources.cycle is not None:
        cycles = cycles.filter(year=sources.cycle)
    latest = cycles.order_by("-year").first()
    if latest is None:
        raise refuse(
            say(
                f"Kho dữ liệu không có kỳ đánh giá nào theo {rulebook.id}"
                + ("" if sources.cycle is None else f" năm {sources.cycle}")
                + "; hãy mở kỳ trên trang quản trị, hoặc chỉ ra --units và --evidence.",
                f"The store has no cycle under {rulebook.id}"
                + ("" if sources.cycle is None else f" of {sources.cycle}")
                + "; open one on the administration page, or name --units and --evidence.",
            )
        )
    same = [cycle for cycle in cycles if cycle.year == latest.year]
    if len(same) > 1:
        names = ", ".join(str(cycle.root) for cycle in same)
        raise refuse(
            say(
                f"Kho dữ liệu có nhiều kỳ năm {latest.year}: {names}; hãy chỉ ra --units và --evidence.",
                f"The store has several cycles of {latest.year}: {names}; name --units and --evidence.",
            )
        )
    print(
        say(f"Số liệu từ kho dữ liệu: {latest.root}, {latest.year}.", f"From the store: {latest.root}, {latest.year}."),
        file=sys.stderr,
    )
    return rating_of(latest) if latest.rulebook.kind == "index" else assessment_of(latest)
