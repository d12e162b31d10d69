"""What became of what was confirmed: ``python -m tests.load.counting FILE`` prints every update that was lost."""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certification.store.opening import set_up

set_up()

from certification.store.models import AuditEntry, FactRecord  # noqa: E402 - of an application that is set up

STATUSES = {"accept": "verified", "reject": "rejected"}


def find_lost(confirmed: list[dict[str, Any]]) -> Iterator[str]:
    """Everything confirmed that the log or the facts do not hold, as a line each."""
    entries = AuditEntry.objects.filter(action__in=("enter_fact", "appraise")).order_by("sequence")
    logged = Counter[str]()
    changes: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        after: dict[str, Any] = entry.after or {}
        if entry.action == "appraise":
            logged[entry.why] += 1
            for name, ruled in after.items():
                changes[entry.object_id, name.partition("@")[0]].append(ruled)
        else:
            logged[after["note"]] += 1
            changes[entry.object_id, after["criterion"]].append(after)
    for each in confirmed:
        if logged[each["mark"]] != 1:
            yield f"{each}: {logged[each['mark']]} entries in the log"
    yield from _find_overwritten(confirmed)
    rows = {
        (str(row.dossier_id), row.criterion): row for row in FactRecord.objects.filter(dossier__in=_touched(changes))
    }
    for key, made in changes.items():
        row = rows[key]
        if row.status != made[-1]["status"]:
            yield f"{key}: {row.status} stands, {made[-1]['status']} was entered last"
        if "note" in made[-1] and row.note != made[-1]["note"]:
            yield f"{key}: «{row.note}» stands, «{made[-1]['note']}» was entered last"
        if row.version != 1 + len(made):
            yield f"{key}: version {row.version} after {len(made)} changes"


def _touched(changes: dict[tuple[str, str], list[dict[str, Any]]]) -> set[int]:
    return {int(dossier) for dossier, _ in changes}


def _find_overwritten(confirmed: list[dict[str, Any]]) -> Iterator[str]:
    versions = Counter((each["dossier"], each["criterion"], each["version"]) for each in confirmed if "version" in each)
    yield from (f"{key}: confirmed {count} times" for key, count in versions.items() if count > 1)


if __name__ == "__main__":
    print("\n".join(find_lost(json.loads(Path(sys.argv[1]).read_text("utf-8"))["confirmed"])))
