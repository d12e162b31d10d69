"""What ``certify standing`` prints: one line per unit, one column per rulebook; and JSON."""

from typing import Any

from rich.table import Table

from certification.cli.pages import SYNTHETIC_NOTE, print_table
from certification.cli.speech import language, say, tell
from certification.hierarchy import Assessment
from certification.point_answers import exact
from certification.side_by_side import Ranked, SideBySide, UnitStanding
from levels.faults import printable
from reports.words import decimal_text, level_text
from rules.verdict import Verdict, as_triple


def standings_as_json(found: SideBySide) -> dict[str, Any]:
    """The answer of ``standing --format json``."""
    return {
        "cycle": found.cycle,
        "rulebooks": [
            {
                "id": each.rulebook.id,
                "version": each.rulebook.version,
                "digest": each.rulebook.digest,
                "kind": "recognition" if isinstance(each, Assessment) else "index",
            }
            for each in found.judged
        ],
        "units": [
            {
                "code": standing.unit.code,
                "name": standing.unit.name,
                "tier": str(standing.unit.tier),
                "parent": standing.unit.parent,
                "levels": {name: _levels(verdict) for name, verdict in standing.levels.items()},
                "points": {name: _points(ranked) for name, ranked in standing.ranks.items()},
            }
            for standing in found.units
        ],
    }


def _levels(verdict: Verdict) -> dict[str, Any]:
    level, claimed, possible = as_triple(verdict.levels)
    return {
        "level": level,
        "claimed_level": claimed,
        "possible_level": possible,
        "synthetic": verdict.synthetic,
    }


def _points(ranked: Ranked) -> dict[str, Any]:
    score = ranked.place.score
    return {
        "points": exact(score.points),
        "reachable": str(score.reachable),
        "percent": exact(score.percent),
        "rank": ranked.place.rank,
        "tied": ranked.place.tied,
        "group": ranked.group.group.id,
        "peers": len(ranked.group.places),
        "missing": len(score.missing),
        "provisional": score.provisional,
        "synthetic": score.synthetic,
    }


def print_standings(found: SideBySide) -> None:
    """A table of units × rulebooks: levels as accepted, claimed and possible; points, per cent and rank."""
    table = Table(box=None, pad_edge=False)
    table.add_column(say("Đơn vị", "Unit"))
    for each in found.judged:
        table.add_column(each.rulebook.id)
    for standing in found.units:
        cells = [_cell(standing, each.rulebook.id) for each in found.judged]
        table.add_row(f"{standing.unit.code} {printable(standing.unit.name)}", *cells)
    print(say(f"Năm {found.cycle}", f"Cycle {found.cycle}"))
    print_table(table)
    print(
        say(
            "Mức: được chấp nhận / tự đánh giá / còn có thể đạt. Điểm: điểm trên tối đa, phần trăm, hạng trong nhóm.",
            "Levels: accepted / claimed / possible. Points: of the maximum, per cent, rank in the group.",
        )
    )
    if any(_synthetic(standing) for standing in found.units):
        print(tell(SYNTHETIC_NOTE))


def _synthetic(standing: UnitStanding) -> bool:
    scores = (ranked.place.score for ranked in standing.ranks.values())
    return any(v.synthetic for v in standing.levels.values()) or any(score.synthetic for score in scores)


def _cell(standing: UnitStanding, name: str) -> str:
    if name in standing.levels:
        verdict = standing.levels[name]
        return " / ".join(level_text(verdict.framework, level, language()) for level in as_triple(verdict.levels))
    if name not in standing.ranks:
        return "–"
    ranked = standing.ranks[name]
    score, place = ranked.place.score, ranked.place
    points = f"{decimal_text(score.points, language())}/{score.reachable} ({decimal_text(score.percent, language())} %)"
    rank = say(f"hạng {place.rank}/{len(ranked.group.places)}", f"rank {place.rank}/{len(ranked.group.places)}")
    mark = say(", tạm tính", ", provisional") if score.provisional else ""
    return f"{points}, {rank}{mark}"
