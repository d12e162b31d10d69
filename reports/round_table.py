"""The rounds of a unit side by side: points of every round, why they differ, what that did to the rank."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import evolve

from levels.faults import Language, Text
from levels.index import Bonus, Indicator
from reports.labels import LABELS
from reports.tables import LANDSCAPE, Column, Row, Table, cell, heading, row, table
from reports.words import NOTHING, decimal_text
from rules.rounds import PUBLISHED
from rules.scores import Place, RoundChange, RoundScore, Score

_HEADS = {
    "indicator": Text(vi="Chỉ số", en="Indicator"),
    "max": Text(vi="Điểm tối đa", en="Max."),
    "reason": Text(vi="Lý do thay đổi (ảnh hưởng đến thứ hạng)", en="Reason of the difference (effect on the rank)"),
    "reason_alone": Text(vi="Lý do thay đổi", en="Reason of the difference"),
    "total": Text(vi="Tổng điểm", en="Points"),
    "rank": Text(vi="Thứ hạng", en="Rank"),
    "same": Text(
        vi="Không có chỉ số nào thay đổi điểm giữa các vòng.", en="No indicator's points differ between the rounds."
    ),
    "effect_note": Text(
        vi="Trong bảng điểm qua các vòng, hạng a → b là thứ hạng của đơn vị trước và sau, nếu chỉ chỉ số đó thay đổi.",
        en="In the table of rounds, rank a → b is the unit's rank before and after, had only that indicator changed.",
    ),
}
EFFECT_NOTE = _HEADS["effect_note"]
NO_REASON = Text(vi="không nêu lý do", en="no reason given")
NOT_ACCEPTED = Text(vi="Hội đồng chưa chấp nhận số liệu", en="the council has not accepted the figures")


def without_ranks(rounds: Sequence[RoundScore]) -> tuple[RoundScore, ...]:
    """``rounds`` without what a change did to the rank, for whoever may not know of the units it is ranked among."""
    return tuple(
        evolve(each, changes=tuple(evolve(change, rank_before=None, rank_after=None) for change in each.changes))
        for each in rounds
    )


def rounds_table(place: Place, rounds: Sequence[RoundScore], language: Language, *, ranked: bool = True) -> Table:
    """Every line whose points differ between rounds, with totals, for the unit of ``place``; ``ranked``: and ranks."""
    rounds = rounds if ranked else without_ranks(rounds)
    said = {key: text.say(language) for key, text in _HEADS.items()}
    columns = [
        Column(LABELS["code"].say(language), 15, centred=True),
        Column(said["indicator"], 0),
        Column(said["max"], 14, centred=True),
        *(Column(each.round.name, 22, centred=True) for each in rounds),
        Column(said["reason" if ranked else "reason_alone"], 82),
    ]
    return table(columns, _rows(place, rounds, language, ranked=ranked), width=LANDSCAPE, size=10)


def _rows(place: Place, rounds: Sequence[RoundScore], language: Language, *, ranked: bool) -> Iterator[Row]:
    places = [each.place for each in rounds]
    totals = [cell(decimal_text(each.score.points, language, fixed=True), style="bold") for each in places]
    yield row("", cell(_HEADS["total"].say(language), style="bold"), str(place.score.reachable), *totals, "")
    if ranked:
        ranks = [cell(str(each.rank), style="bold") for each in places]
        yield row("", cell(_HEADS["rank"].say(language), style="bold"), NOTHING, *ranks, "")
    changed = _changed(place.score, rounds)
    if not changed:
        yield heading(_HEADS["same"].say(language))
    for entry in changed:
        found = [(each, change) for each in rounds for change in each.changes if change.indicator.code == entry.code]
        yield row(
            entry.code,
            entry.name,
            str(entry.max or NOTHING),
            *(decimal_text(_points(each.score, entry), language) for each in places),
            cell(*(_reason(each, change, language) for each, change in found)),
        )


def _reason(each: RoundScore, change: RoundChange, language: Language) -> str:
    """``Đánh giá vòng 1 (hạng 18 → 17): Tài liệu kiểm chứng không thuộc năm đánh giá``."""
    rank = Text(vi="hạng", en="rank").say(language)
    reason = reason_text(each, change, language)
    scope = subject_text(change, language)
    told = f"{scope}; {reason}" if scope else reason
    if change.rank_before is None:
        return f"{each.round.name}: {told}"
    return f"{each.round.name} ({rank} {change.rank_before} → {change.rank_after}): {told}"


def subject_text(change: RoundChange, language: Language) -> str:
    """``chỉ số không còn áp dụng (điểm tối đa được tính −10)``; ``""`` where the unit can reach as much as before."""
    if not change.reachable:
        return ""
    number = f"{'−' if change.reachable < 0 else '+'}{abs(change.reachable)}"
    if change.reachable < 0:
        text = Text(
            vi=f"chỉ số không còn áp dụng (điểm tối đa được tính {number})",
            en=f"the indicator no longer applies (reachable maximum {number})",
        )
    else:
        text = Text(
            vi=f"chỉ số được áp dụng (điểm tối đa được tính {number})",
            en=f"the indicator applies (reachable maximum {number})",
        )
    return text.say(language)


def changed_text(change: RoundChange, language: Language) -> str:
    """``từ 20 thành 13 điểm``, and whether the indicator applies where that has changed."""
    before, after = decimal_text(change.before, language), decimal_text(change.after, language)
    points = Text(vi=f"từ {before} thành {after} điểm", en=f"from {before} to {after} points").say(language)
    scope = subject_text(change, language)
    if not scope:
        return points
    return scope if change.before == change.after else f"{points}, {scope}"


def reason_text(each: RoundScore, change: RoundChange, language: Language) -> str:
    """Why a round changed a line; of what can be published, that the council has not accepted it."""
    missing = NOT_ACCEPTED if each.round is PUBLISHED else NO_REASON
    return change.reason or missing.say(language)


def _changed(score: Score, rounds: Sequence[RoundScore]) -> list[Indicator | Bonus]:
    codes = {change.indicator.code: change.indicator for each in rounds for change in each.changes}
    order = [line.indicator.code for line in score.indicators]
    return sorted(codes.values(), key=lambda entry: order.index(entry.code) if entry.code in order else len(order))


def _points(score: Score, entry: Indicator | Bonus) -> Fraction:
    return score.by_code[entry.code].points if entry.code in score.by_code else score.bonus


def change_sentence(each: RoundScore, change: RoundChange, language: Language) -> str:
    """``Đánh giá vòng 1: từ 20 còn 13 điểm, lý do: …; hạng 3 → 4 nếu chỉ chỉ số này thay đổi``."""
    reason, changed = reason_text(each, change, language), changed_text(change, language)
    if change.rank_before is None:
        return f"{each.round.name}: {changed} ({reason})"
    return Text(
        vi=f"{each.round.name}: {changed} ({reason}); nếu chỉ chỉ số này thay đổi thì hạng "
        f"{change.rank_before} → {change.rank_after}",
        en=f"{each.round.name}: {changed} ({reason}); had only this indicator changed, rank "
        f"{change.rank_before} → {change.rank_after}",
    ).say(language)
