"""Rulings: what an appraising council makes of one fact, and what it may not make of it.

A ruling is always on what the unit itself states (its *claim*), never on an earlier ruling: changing one's mind
cannot lose what the unit had reported.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from attrs import evolve

from evidence.asked import Asked
from evidence.facts import Amount, Fact, Status
from evidence.units import Units
from evidence.values import Flaw, Unreadable
from levels.faults import Text


class Ruling(StrEnum):
    """What the council decides on one fact."""

    ACCEPT = "accept"
    ADJUST = "adjust"
    REJECT = "reject"
    EXEMPT = "exempt"
    REOPEN = "reopen"  # takes an earlier ruling back


RULED = frozenset({Status.VERIFIED, Status.ADJUSTED, Status.REJECTED, Status.EXEMPT})
"""The statuses that only a council gives."""

STATUS_AFTER = {
    Ruling.ACCEPT: Status.VERIFIED,
    Ruling.ADJUST: Status.ADJUSTED,
    Ruling.REJECT: Status.REJECTED,
    Ruling.EXEMPT: Status.EXEMPT,
}

RULINGS: Mapping[Ruling, Text] = {
    Ruling.ACCEPT: Text(vi="Chấp nhận", en="Accept"),
    Ruling.ADJUST: Text(vi="Điều chỉnh", en="Adjust"),
    Ruling.REJECT: Text(vi="Không chấp nhận", en="Reject"),
    Ruling.EXEMPT: Text(vi="Miễn", en="Exempt"),
    Ruling.REOPEN: Text(vi="Rút lại kết luận", en="Take back"),
}

_NOTHING_CLAIMED = Flaw(
    "status",
    Text(vi="đơn vị không báo cáo giá trị nào để chấp nhận", en="the unit reports no value that could be accepted"),
    Text(
        vi="hãy điều chỉnh (ghi giá trị của Hội đồng) hoặc không chấp nhận, kèm lý do",
        en="adjust (state the council's value) or reject, with a reason",
    ),
)
_WITHOUT_VALUE = Flaw(
    "value",
    Text(vi="điều chỉnh mà không ghi giá trị", en="adjusted without a value"),
    Text(vi="cần giá trị của Hội đồng", en="expected the council's value"),
)
_REASON = Text(vi="cần lý do của Hội đồng thẩm định", en="expected the appraisal council's reason")
_WITHOUT_REASON = {
    Ruling.ADJUST: Flaw("note", Text(vi="điều chỉnh mà không có lý do", en="adjusted without a reason"), _REASON),
    Ruling.REJECT: Flaw("note", Text(vi="không chấp nhận mà không có lý do", en="rejected without a reason"), _REASON),
}


def rule(claim: Fact, ruling: Ruling, asked: Asked, units: Units, amount: Amount | None = None, note: str = "") -> Fact:
    """The fact that stands after ``ruling`` on ``claim``.

    ``amount``: the council's value; needed to adjust, and to exempt where the council itself finds that the base is
    zero. ``note``: the reason; needed for everything but acceptance. The documents stay with the fact.

    Raises ``Unreadable`` with every flaw: nothing to accept, no value, no reason, the reported value itself as an
    adjustment, an exemption that the decision does not allow.
    """
    if ruling is Ruling.REOPEN:
        raise ValueError("to take a ruling back is no ruling on the fact")
    flaws = [*_find_shortcomings(claim, ruling, asked, amount, note)]
    fact = evolve(claim, status=STATUS_AFTER[ruling], reported=None, note=note)
    match ruling:
        case Ruling.ACCEPT:
            fact = evolve(fact, note=note or claim.note)
        case Ruling.ADJUST:
            fact = evolve(fact, amount=amount, reported=claim.amount)
        case Ruling.EXEMPT:
            fact = evolve(fact, amount=amount or claim.amount)
    flaws = flaws or asked.find_flaws(fact, units)
    if flaws:
        raise Unreadable(flaws)
    return fact


def _find_shortcomings(claim: Fact, ruling: Ruling, asked: Asked, amount: Amount | None, note: str) -> Iterator[Flaw]:
    if ruling is Ruling.ACCEPT and claim.amount is None:
        yield _NOTHING_CLAIMED
    if ruling is Ruling.ADJUST and amount is None:
        yield _WITHOUT_VALUE
    elif ruling is Ruling.ADJUST and claim.amount and amount and asked.write(claim.amount) == asked.write(amount):
        yield _same(asked, amount)
    if ruling in _WITHOUT_REASON and not note:
        yield _WITHOUT_REASON[ruling]


def may_exempt(claim: Fact, asked: Asked, units: Units) -> bool:
    """Whether the decision lets the council exempt ``claim`` as it stands, for a reason."""
    return not asked.find_flaws(evolve(claim, status=Status.EXEMPT, reported=None, note="-"), units)


def _same(asked: Asked, amount: Amount) -> Flaw:
    value = asked.write(amount)
    return Flaw(
        "value",
        Text(vi=f"{value} chính là giá trị đã báo cáo", en=f"{value} is the very value that was reported"),
        Text(
            vi="nếu giá trị đúng, hãy chọn “Chấp nhận”; nếu không, ghi giá trị khác",
            en="if it is right choose “Accept”, else state another value",
        ),
    )
