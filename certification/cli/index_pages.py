"""What the commands print of points and ranks: tables on a terminal."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.table import Table
from rich.text import Text as Styled

from certification.cli.pages import SYNTHETIC_NOTE, print_table
from certification.cli.speech import language, say, tell
from certification.point_answers import exact
from certification.rating import Rating
from levels.faults import printable
from reports.round_table import reason_text, subject_text
from reports.score_words import ROUNDED, climbed_text
from reports.words import decimal_text
from rules.normalisation import Method, normalise
from rules.scores import (
    GroupRanking,
    Place,
    Reading,
    RoundChange,
    RoundScore,
    Score,
)


def print_ranking(rating: Rating, method: Method | None) -> None:
    """Print the units of every ranking group, best first, with what still hangs in the air."""
    ranking = rating.ranking()
    claimed = rating.scores(Reading.CLAIMED)
    for group in ranking.groups:
        print_table(_group_table(rating, group, claimed))
        if method is not None:
            print_table(_normalised_table(group, method))
    print(tell(ROUNDED))
    if any(place.score.synthetic for place in ranking.place_of.values()):
        print(tell(SYNTHETIC_NOTE))


def _group_table(rating: Rating, group: GroupRanking, claimed: Mapping[str, Score]) -> Table:
    table = Table(title=f"{_title(group)}, {say('năm ', '')}{rating.cycle}")
    table.add_column(say("Hạng", "Rank"), justify="right")
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Đơn vị", "Unit"))
    for title in (
        say("Điểm", "Points"),
        say("Tối đa", "Reachable"),
        "%",
        say("Tự chấm", "Self score"),
        say("So với năm trước", "Since last year"),
    ):
        table.add_column(title, justify="right")
    table.add_column(say("Ghi chú", "Remarks"))
    for place in group.places:
        score = place.score
        numbers = (score.points, Fraction(score.reachable), score.percent, claimed[score.unit.code].points)
        table.add_row(
            f"{place.rank}{'=' if place.tied else ''}",
            score.unit.code,
            Styled(score.unit.name),
            *(decimal_text(number, language()) for number in numbers),
            climbed_text(place, language()),
            _remarks(score),
        )
    return table


def _title(group: GroupRanking) -> str:
    return group.group.name if group.parent is None else f"{group.group.name} – {group.parent.name}"


def _normalised_table(group: GroupRanking, method: Method) -> Table:
    found = normalise(group, method)
    table = Table(title=say(f"Chuẩn hóa {method} (để so sánh)", f"Normalised, {method} (for comparison)"))
    table.add_column(say("Thứ tự", "Order"), justify="right")
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Đơn vị", "Unit"))
    table.add_column(say("Giá trị", "Value"), justify="right")
    table.add_column(say("Hạng (theo điểm)", "Rank (by points)"), justify="right")
    for unit in found.units:
        table.add_row(
            "–" if unit.rank is None else f"{unit.rank}{'=' if unit.tied else ''}",
            unit.place.score.unit.code,
            Styled(unit.place.score.unit.name),
            "–" if unit.composite is None else exact(unit.composite),
            str(unit.place.rank),
        )
    return table


def _remarks(score: Score) -> str:
    remarks = []
    if score.missing:
        count = len(score.missing)
        remarks.append(say(f"thiếu {count} chỉ số (0 điểm)", f"{count} indicators missing (0 points)"))
    if score.provisional:
        remarks.append(say("tạm tính", "provisional"))
    return "; ".join(remarks)


def print_rounds(rating: Rating, codes: Sequence[str]) -> None:
    """Print the rounds of the units side by side, then every difference with its reason and its effect."""
    present = {found.round.id: found.round for code in codes for found in rating.rounds.get(code, ())}
    table = Table(title=f"{say('Các vòng chấm điểm năm', 'Rounds of scoring')} {rating.cycle}")
    table.add_column(say("Mã", "Code"))
    table.add_column(say("Đơn vị", "Unit"))
    for entry in present.values():
        table.add_column(entry.name, justify="right")
    for code in codes:
        places = {found.round.id: found.place for found in rating.rounds.get(code, ())}
        cells = (_points_and_rank(places[name]) if name in places else "–" for name in present)
        table.add_row(code, Styled(rating.units[code].name), *cells)
    print_table(table)
    print(say("Trong ngoặc là hạng sau vòng ấy.", "In brackets: the rank after that round."))
    for code in codes:
        for found in rating.rounds.get(code, ()):
            for change in found.changes:
                print(printable(_change_line(rating.units[code].name, found, change)))


def _points_and_rank(place: Place) -> str:
    return f"{decimal_text(place.score.points, language())} ({place.rank})"


def _change_line(name: str, found: RoundScore, change: RoundChange) -> str:
    before, after = (decimal_text(points, language()) for points in (change.before, change.after))
    reason = reason_text(found, change, language())
    moved = "" if change.rank_before == change.rank_after else f" {change.rank_before} → {change.rank_after}"
    effect = say(f"hạng{moved or ' không đổi'}", f"rank{moved or ' unchanged'}")
    scope = subject_text(change, language())
    changed = scope if scope and before == after else f"{before} → {after}{', ' + scope if scope else ''}"
    return f"{name}, {found.round.name}, {change.indicator.code}: {changed} ({reason}); {effect}"
