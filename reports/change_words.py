"""Before and after in words: values, levels, points and ranks as they were and as they are."""

from fractions import Fraction

from levels.faults import Language, Text
from reports.score_words import points_text, state_text
from reports.sentences import standing_text
from reports.tables import Column
from reports.words import NO_LEVEL, decimal_text, value_text
from rules.scores import IndicatorScore, Place
from rules.verdict import CriterionVerdict, Levels, Standing

ARROW = " → "
HEADS = {
    "code": Text(vi="Mã", en="Code"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "criterion": Text(vi="Tiêu chí", en="Criterion"),
    "indicator": Text(vi="Chỉ số", en="Indicator"),
    "fact": Text(vi="Số liệu", en="Fact"),
    "name": Text(vi="Tên", en="Name"),
    "recorded": Text(vi="Đã ghi nhận", en="Recorded"),
    "assumed": Text(vi="Giả định", en="Assumed"),
    "before": Text(vi="Trước", en="Before"),
    "after": Text(vi="Sau", en="After"),
    "level": Text(vi="Mức", en="Level"),
    "claimed": Text(vi="Tự đánh giá", en="Claimed"),
    "possible": Text(vi="Có thể đạt", en="Possible"),
    "points": Text(vi="Điểm", en="Points"),
    "percent": Text(vi="%", en="%"),
    "rank": Text(vi="Hạng", en="Rank"),
    "change": Text(vi="Thay đổi", en="Change"),
    "as_it_is": Text(vi="Hiện nay", en="As it is"),
    "reason": Text(vi="Yêu cầu", en="Requirement"),
    "state": Text(vi="Lý do", en="Reason"),
    "group": Text(vi="Nhóm", en="Group"),
    "decides": Text(vi="Điều quyết định", en="What decides"),
    "scenario": Text(vi="Kịch bản", en="Scenario"),
}

NO_CRITERION = Text(vi="không có tiêu chí này", en="there is no such criterion")
_CENTRED = frozenset({"level", "claimed", "possible", "points", "percent", "rank", "change"})


def columns(language: Language, **widths: int) -> list[Column]:
    """Columns by the names of their heads, with their widths in millimetres (0: what the others leave)."""
    return [Column(HEADS[name].say(language), width, name in _CENTRED) for name, width in widths.items()]


def levels_text(levels: Levels) -> tuple[str, str, str]:
    """The three levels as plain numbers."""
    return str(levels.level), str(levels.claimed_level), str(levels.possible_level)


def moved(before: str, after: str) -> str:
    """``3 → 4``; the one value where nothing changes."""
    return before if before == after else before + ARROW + after


def known_text(found: CriterionVerdict, language: Language) -> str:
    """What is known of a criterion and the level it gives: ``74/104 (71,15%), đã thẩm định, mức 3``."""
    value = value_words(found, language)
    if found.standing is Standing.EXEMPT:  # binds at no level: its own says nothing
        return value
    return f"{value}, {level_of(found).say(language)}"


def value_words(found: CriterionVerdict | None, language: Language) -> str:
    """A criterion's value and what is known of it; of one that a rulebook does not have, just that."""
    if found is None:
        return NO_CRITERION.say(language)
    amount = found.fact.amount if found.fact else None
    value = "" if amount is None else value_text(found.criterion.kind, amount, language) + ", "
    return f"{value}{standing_text(found, language)}"


def level_of(found: CriterionVerdict | None) -> Text:
    """``mức 3``; for level 0 that none is reached."""
    if found is None:
        return NO_CRITERION
    level = found.levels.level
    return Text(vi=f"mức {level}", en=f"level {level}") if level else NO_LEVEL


def rank_text(place: Place) -> str:
    """``3``; ``3=`` where the rank is shared."""
    return f"{place.rank}{'=' if place.tied else ''}"


def signed_points(points: Fraction, language: Language) -> str:
    """``+18,75`` or ``−3``; a true minus sign, for it is read and not reckoned with."""
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return sign + decimal_text(abs(points), language)


def line_text(line: IndicatorScore | None, language: Language) -> str:
    """The points of an indicator, its maximum and what is known of it: ``12 điểm / 20, đã thẩm định``."""
    if line is None:
        return Text(vi="không có chỉ số này", en="there is no such indicator").say(language)
    of = Text(vi=f"trên {line.indicator.max}", en=f"of {line.indicator.max}").say(language)
    return f"{points_text(line.points, language)} {of}, {state_text(line, language)}"
