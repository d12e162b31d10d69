"""What ``certify crosswalk`` prints: coverage and drafts, as tables and as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table

from certification.cli.pages import print_table
from certification.cli.speech import say, tell
from evidence.drafting import Withheld
from evidence.drafts import Draft, Drafts
from evidence.units import Unit
from levels.coverage import Counterpart, Coverage, CoveredLine, Standing
from levels.crosswalk import Crosswalk
from levels.faults import Text, printable
from levels.words import TIERS

STANDINGS = {
    Standing.OFFERED: Text("đủ dữ liệu", "in full"),
    Standing.PARTLY: Text("một phần", "in part"),
    Standing.INFORMS: Text("tham khảo", "informs"),
    Standing.DIFFERENT: Text("khác", "different"),
    Standing.NONE: Text("không có", "none"),
}


def coverage_as_json(crosswalk: Crosswalk, found: Sequence[Coverage]) -> dict[str, Any]:
    """The answer of ``crosswalk --format json``: counts per pair and tier, and every line that is compared."""
    return {
        "crosswalk": {"id": crosswalk.id, "version": crosswalk.version},
        "pairs": [
            {
                "from": part.source,
                "to": part.target,
                "tier": str(part.tier),
                "lines": len(part.lines),
                **{str(standing): part.count(standing) for standing in Standing},
                "reached": part.reached,
                "reason": None if part.reason is None else tell(part.reason),
            }
            for part in found
        ],
        "lines": [_line_as_json(part, line) for part in found if part.reason is None for line in part.lines],
    }


def _line_as_json(part: Coverage, line: CoveredLine) -> dict[str, Any]:
    return {
        "from": part.source,
        "to": part.target,
        "tier": str(part.tier),
        "code": line.code,
        "name": line.name,
        "standing": str(line.standing),
        "reason": None if line.counterparts else tell(line.unmatched),
        "counterparts": [_counterpart_as_json(counterpart) for counterpart in line.counterparts],
    }


def _counterpart_as_json(counterpart: Counterpart) -> dict[str, Any]:
    return {
        "tier": str(counterpart.tier),
        "code": counterpart.code,
        "name": counterpart.name,
        "standing": str(counterpart.standing),
        "summed": counterpart.summed,
        "conditions": [tell(condition) for condition in counterpart.conditions],
        "readings": list(counterpart.readings),
        "reason": tell(counterpart.reason),
    }


def print_coverage(found: Sequence[Coverage], *, in_detail: bool) -> None:
    """Counts per pair and tier, and why nothing flows elsewhere; ``in_detail`` also every line with its reasons."""
    table = Table(box=None, pad_edge=False)
    for heading in (say("Từ", "From"), say("Đến", "To"), say("Cấp", "Tier")):
        table.add_column(heading)
    for heading in (say("Số dòng", "Lines"), *map(tell, STANDINGS.values()), say("Chỉ số nhận", "Reached")):
        table.add_column(heading, justify="right")
    for part in found:
        if part.reason is None:
            counts = [len(part.lines), *(part.count(standing) for standing in Standing), part.reached]
            table.add_row(part.source, part.target, tell(TIERS[part.tier]), *map(str, counts))
    if table.row_count:
        print_table(table)
    _print_silence(found)
    for part in found if in_detail else ():
        if part.reason is None:
            print_lines(part)


def _print_silence(found: Sequence[Coverage]) -> None:
    """Between which rulebooks nothing can flow, and why: each reason once."""
    pairs: dict[Text, list[str]] = {}
    for part in found:
        if part.reason is not None:
            pairs.setdefault(part.reason, []).append(f"{part.source} → {part.target} ({tell(TIERS[part.tier])})")
    for reason, named in pairs.items():
        print(f"\n{tell(reason)}")
        for name in named:
            print(f"  {name}")


def print_lines(part: Coverage) -> None:
    """Every line of one pair and tier: what it is to the target, and why."""
    print(f"\n{part.source} → {part.target} ({tell(TIERS[part.tier])})")
    for line in part.lines:
        print(f"{line.code}  {line.name}")
        for counterpart in line.counterparts:
            standing = tell(STANDINGS[counterpart.standing])
            over = say(", cộng các xã", ", over communes") if counterpart.summed else ""
            print(f"    {standing}{over}: {counterpart.code}  {counterpart.name}\n        {tell(counterpart.reason)}")
            for reading in counterpart.readings:
                print(f"        {say('Cách hiểu', 'Reading')}: {reading}")
            for condition in counterpart.conditions:
                print(f"        {say('Chỉ dùng nếu', 'Only if')} {tell(condition)}.")
        if not line.counterparts:
            print(f"    {tell(STANDINGS[Standing.NONE])}: {tell(line.unmatched)}")


def drafts_as_json(source: str, target: str, cycle: int, found: Drafts) -> dict[str, Any]:
    """The answer of ``crosswalk --format json`` with facts."""
    return {
        "from": source,
        "to": target,
        "cycle": cycle,
        "drafts": [_draft_as_json(draft) for draft in found.drafts],
        "withheld": [
            {"unit": held.unit, "from": held.source, "to": held.target, "reason": tell(held.reason)}
            for held in found.withheld
        ],
    }


def _draft_as_json(draft: Draft) -> dict[str, Any]:
    return {
        "unit": draft.unit,
        "criterion": draft.code,
        "value": None if draft.amount is None else str(draft.amount),
        "informs": draft.informs,
        "sources": [fact.id for fact in draft.sources],
        "source": tell(draft.origin),
        "note": tell(draft.note),
        "documents": [document.reference for document in draft.documents],
    }


def print_drafts(
    source: str, target: str, units: Mapping[str, Unit], found: Drafts, obstacles: Iterable[Text], out: str | None
) -> None:
    """How many drafts every unit is offered, what was held back and why, and what to do with the file.

    ``obstacles`` say why a whole tier has none.
    """
    table = Table(box=None, pad_edge=False)
    table.add_column(say("Đơn vị", "Unit"))
    table.add_column(say("Bản nháp", "Drafts"), justify="right")
    table.add_column(say("Tham khảo", "Informs"), justify="right")
    given = Counter(draft.unit for draft in found.drafts if not draft.informs)
    shown = Counter(draft.unit for draft in found.drafts if draft.informs)
    for code in dict.fromkeys(draft.unit for draft in found.drafts):
        table.add_row(f"{code} {printable(units[code].name)}", str(given[code]), str(shown[code]))
    print(f"{source} → {target}")
    if found.drafts:
        print_table(table)
    _print_withheld(found.withheld)
    for obstacle in dict.fromkeys(obstacles):
        print(tell(obstacle))
    if not found.drafts:
        print(say("Không có bản nháp nào; không ghi gì.", "There are no drafts; nothing was written."))
    elif out is None:
        print(say("Chưa ghi gì; thêm --out FILE để ghi bản nháp.", "Nothing was written; add --out FILE to write."))
    else:
        print(out)
        print(
            say(
                "Đây là bản nháp: kiểm tra từng dòng rồi xóa chữ draft ở cột status để nhận, hoặc xóa dòng.",
                "These are drafts: check each row, then clear the word draft in column status, or delete the row.",
            )
        )


def _print_withheld(withheld: Sequence[Withheld]) -> None:
    units: dict[tuple[str, str, Text], list[str]] = {}
    for held in withheld:
        units.setdefault((held.source, held.target, held.reason), []).append(held.unit)
    if units:
        print(say("Không chuyển:", "Held back:"))
    for (source, target, reason), codes in units.items():
        print(f"  {source} → {target} ({', '.join(codes)}): {tell(reason)}")
