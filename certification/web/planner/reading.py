"""What a planner types: a level, a sum, a goal in points; faults in plain words, what was typed is kept."""

import re
from collections.abc import Mapping
from fractions import Fraction

from certification.web.speech import say, tell
from evidence.costs import Money, read_sum
from evidence.index_values import read_decimal
from evidence.values import Unreadable
from levels.faults import Text
from levels.framework import LEVELS
from rules.point_plans import PointGoal

SUM = Text(
    vi="cần số tiền không âm, ví dụ 5000000000 hoặc 5.000.000.000",
    en="expected a sum from 0 up, such as 5000000000 or 5,000,000,000",
)
_POINTS = Text(vi="cần số điểm lớn hơn 0, ví dụ 700 hoặc 812,5", en="expected points above 0, such as 700 or 812.5")
MOST_YEARS = 10


def read_level(text: str | None, otherwise: int) -> int:
    """The level typed; ``otherwise`` where it is none of 1 to 5."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) in LEVELS else otherwise


def read_budgets(text: str) -> tuple[tuple[Money, ...], list[str]]:
    """One sum a year, each on a line or after a semicolon; and a sentence for everything wrong with them."""
    words = [word.strip() for word in re.split(r"[;\n]", text) if word.strip()]
    sums: list[Money] = []
    wrong: list[str] = []
    for word in words:
        try:
            sums.append(read_sum(word, SUM, "budget"))
        except Unreadable as unreadable:
            wrong += [f"{tell(flaw.found)}; {tell(flaw.expected)}" for flaw in unreadable.flaws]
    if not words:
        wrong = [say("Chưa ghi ngân sách; ", "No budget is stated; ") + tell(SUM)]
    if len(words) > MOST_YEARS:
        wrong.append(say(f"{len(words)} năm, nhiều nhất {MOST_YEARS}", f"{len(words)} years, at most {MOST_YEARS}"))
    return tuple(sums), wrong


def read_goal(typed: Mapping[str, str]) -> tuple[PointGoal | None, list[str]]:
    """The goal in points that was typed (``goal``: points, climb, budget; ``amount``); None where there is none."""
    kind, amount = typed.get("goal", ""), typed.get("amount", "").strip()
    if not kind:
        return None, []
    try:
        if kind == "climb":
            if not (amount.isascii() and amount.isdigit() and 0 < int(amount) < 1000):
                raise Unreadable([])
            return PointGoal(climb=int(amount)), []
        if kind == "budget":
            return PointGoal(budget=read_sum(amount, SUM, "amount")), []
        read = read_decimal(amount, _POINTS, column="amount")
        points = Fraction(read.numerator, read.denominator or 1)
        return (PointGoal(points=points), []) if points else (None, [tell(_POINTS)])
    except Unreadable as unreadable:
        flaws = [f"{tell(flaw.found)}; {tell(flaw.expected)}" for flaw in unreadable.flaws]
        return None, flaws or [say("Cần số hạng từ 1 trở lên.", "A number of ranks from 1 up is expected.")]
