"""Inheritance: what the facts of units that merged or were divided offer the unit they became; drafts, never facts.

A new unit has shown nothing yet. What its predecessors had shown is put before its officer as a draft with its origin:
counts add up where every predecessor went wholly into the new unit and all are known; what cannot be added is told
without a value. The officer confirms, corrects or deletes it (``evidence.drafts``).
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from evidence.asked import Asked
from evidence.checks import is_bare_percentage
from evidence.drafts import Draft
from evidence.facts import ACCEPTED, Amount, Fact, Status
from evidence.units import Unit
from levels.faults import Text

_ADDED = ("ratio", "count", "amount")
_NEVER = ("members", "score")  # follows from the levels below; the council's own


@frozen
class Predecessor:
    """A unit that ended, what it had shown last, and whether it went wholly into the one new unit."""

    unit: Unit
    facts: Mapping[str, Fact]  # by ``Fact.criterion``
    cycle: int
    whole: bool = True


def inherit_facts(
    unit: Unit, predecessors: Sequence[Predecessor], asked: Mapping[str, Asked], cycle: int
) -> tuple[Draft, ...]:
    """The drafts for ``unit`` in ``cycle``, in the order of ``asked``, which is what the rulebook asks of its tier.

    Predecessors of another tier were asked other things and offer nothing.
    """
    alike = [predecessor for predecessor in predecessors if predecessor.unit.tier is unit.tier]
    drafts = []
    for one in {entry.code: entry for entry in asked.values()}.values():
        known = [(each, each.facts[one.code]) for each in alike if one.code in each.facts]
        stated = [(each, fact) for each, fact in known if fact.status is not Status.UNKNOWN]
        if stated and one.kind not in _NEVER:
            drafts.append(_draft(unit, one, stated, alike, cycle))
    return tuple(drafts)


def _draft(
    unit: Unit, asked: Asked, stated: Sequence[tuple[Predecessor, Fact]], all_of_them: Sequence[Predecessor], cycle: int
) -> Draft:
    amount, why = _unite(asked, stated, all_of_them)
    parts = [_origin(asked, each, fact) for each, fact in stated]
    origin = Text(
        "Kế thừa: " + "; ".join(part.vi for part in parts), "Inherited: " + "; ".join(part.en for part in parts)
    )
    confirm = Text(" Đơn vị mới kiểm tra, xác nhận hoặc xóa.", " The new unit checks, confirms or deletes it.")
    note = Text(why.vi + confirm.vi, why.en + confirm.en)
    return Draft(unit.code, asked.code, amount, tuple(fact for _, fact in stated), cycle, origin, note)


def _origin(asked: Asked, predecessor: Predecessor, fact: Fact) -> Text:
    name = f"{predecessor.unit.name} ({predecessor.cycle})"
    value = "–" if fact.amount is None else asked.write(fact.amount)
    state = _STATES[fact.status]
    return Text(f"{name} {value} {state.vi}", f"{name} {value} {state.en}")


_ACCEPTED_WORDS = Text("đã thẩm định", "appraised")
_STATES = {
    **dict.fromkeys(ACCEPTED, _ACCEPTED_WORDS),
    Status.EXEMPT: Text("được miễn", "exempt"),
    Status.REJECTED: Text("không được công nhận", "rejected"),
    Status.SELF_REPORTED: Text("tự báo cáo", "self-reported"),
}


def _unite(
    asked: Asked, stated: Sequence[tuple[Predecessor, Fact]], all_of_them: Sequence[Predecessor]
) -> tuple[Amount | None, Text]:
    """The value of the new unit as far as it follows from the old ones, and how, or why it does not."""
    divided = [each.unit.name for each, _ in stated if not each.whole]
    if divided:
        names = ", ".join(divided)
        return None, Text(
            f"{names} chia cho nhiều đơn vị: không suy ra được.", f"{names} was divided: nothing follows."
        )
    silent = [each.unit.name for each in all_of_them if each not in [one for one, _ in stated]]
    silent += [each.unit.name for each, fact in stated if fact.amount is None or fact.status not in _WITH_VALUE]
    if silent:
        names = ", ".join(silent)
        return None, Text(f"Thiếu số liệu dùng được của {names}.", f"No usable fact of {names}.")
    amounts = [fact.amount for _, fact in stated if fact.amount is not None]
    if len(amounts) == 1:
        return amounts[0], Text("Lấy nguyên từ một đơn vị.", "Taken over from one unit.")
    if asked.kind == "ratio" and any(map(is_bare_percentage, amounts)):
        return None, Text(
            "Tỷ lệ phần trăm không kèm số liệu gốc thì không cộng được.", "Bare percentages do not add up."
        )
    if asked.kind in _ADDED:
        return _add(asked, amounts), Text("Tổng của các đơn vị cũ.", "The sum of the units before.")
    if len(set(amounts)) == 1:
        return amounts[0], Text("Các đơn vị cũ như nhau.", "All units before were alike.")
    return None, Text("Các đơn vị cũ khác nhau.", "The units before differ.")


_WITH_VALUE = (Status.VERIFIED, Status.ADJUSTED, Status.SELF_REPORTED)


def _add(asked: Asked, amounts: Sequence[Amount]) -> Amount:
    if asked.kind == "amount":
        # Exact decimals: brought to the finest of their powers of ten.
        scale = max(amount.denominator or 1 for amount in amounts)
        return Amount(sum(a.numerator * (scale // (a.denominator or 1)) for a in amounts), scale)
    totals = [amount.denominator for amount in amounts]
    known = [total for total in totals if total is not None]
    return Amount(sum(amount.numerator for amount in amounts), sum(known) if len(known) == len(totals) else None)
