"""Admission: what may be entered as a fact, whichever file or form it comes from."""

from collections.abc import Callable

from evidence.facts import Amount, Fact, Status
from evidence.index_values import write_decimal
from evidence.units import Units
from evidence.values import Flaw
from levels.faults import Text
from levels.framework import Criterion, Members

WITH_VALUE = (Status.SELF_REPORTED, Status.VERIFIED, Status.ADJUSTED)
_REASON = Text(vi="cần lý do của hội đồng thẩm định", en="expected the appraising council's reason")
_WITHOUT_REASON = Flaw("note", Text(vi="không chấp nhận mà không có lý do", en="rejected without a reason"), _REASON)
_WITHOUT_REPORTED = Flaw(
    "reported",
    Text(vi="điều chỉnh mà không ghi giá trị đã báo cáo", en="adjusted without the value reported"),
    Text(vi="cần giá trị do đơn vị báo cáo ở cột reported", en="expected the unit's own value in column reported"),
)
_BONUS_WITHOUT_REASON = Flaw(
    "note",
    Text(vi="điểm khuyến khích mà không có lý do", en="a bonus without a reason"),
    Text(vi="cần ghi lý do ở cột note", en="expected the reason in column note"),
)
# Section II.3: the dossier is sent «kèm tài liệu kiểm chứng liên quan».
_WITHOUT_DOCUMENT = Flaw(
    "document",
    Text(vi="được chấp nhận mà không có tài liệu kiểm chứng", en="accepted without a document"),
    Text(vi="cần tên tệp, đường dẫn hoặc số văn bản", en="expected a file, a link or the number of a letter"),
)


def find_flaws(fact: Fact, criterion: Criterion, units: Units) -> list[Flaw]:
    """Why ``fact`` cannot stand in a dossier; empty where it can."""
    if criterion.kind == "members":
        return _find_derived_flaws(fact, criterion, units)
    if fact.status is Status.EXEMPT:
        return [*_find_exemption_flaws(fact, criterion), *_find_reported_flaws(fact)]
    return _find_value_flaws(fact, "numerator" if criterion.kind == "ratio" else "value")


def find_input_flaws(fact: Fact) -> list[Flaw]:
    """Why ``fact``, an input of an index, cannot stand in a dossier; empty where it can.

    A council may rule that a unit is not subject to an indicator: any input can be exempted, for a reason.
    """
    if fact.status is Status.EXEMPT:
        return [*_find_missing_reason(fact), *_find_reported_flaws(fact, write_decimal)]
    return _find_value_flaws(fact, "value", write_decimal)


def find_bonus_flaws(fact: Fact) -> list[Flaw]:
    """Why ``fact``, the bonus of an index, cannot stand in a dossier: it is given for a reason, and binds nobody."""
    if fact.status is Status.EXEMPT:
        found = Text(vi="điểm khuyến khích không có gì để miễn", en="there is nothing to exempt from in a bonus")
        return [Flaw("status", found, Text(vi="hãy bỏ dòng này", en="leave this row out"))]
    flaws = _find_value_flaws(fact, "value", write_decimal)
    if fact.amount is not None and not fact.note:
        flaws.append(_BONUS_WITHOUT_REASON)
    return flaws


def _find_value_flaws(fact: Fact, column: str, write: Callable[[Amount], str] = str) -> list[Flaw]:
    """Whether the value and its status go together; ``column`` is where the value stands."""
    flaws = _find_reported_flaws(fact, write)
    if fact.status in WITH_VALUE and fact.amount is None:
        found = Text(
            vi=f"trạng thái {fact.status} nhưng không có giá trị", en=f"status {fact.status} but there is no value"
        )
        expected = Text(
            vi="cần giá trị; nếu chưa biết, ghi trạng thái unknown",
            en="expected a value; where nothing is known, write status unknown",
        )
        flaws.append(Flaw(column, found, expected))
    if fact.status is Status.UNKNOWN and fact.amount is not None:
        value = write(fact.amount)
        found = Text(vi=f"trạng thái unknown nhưng có giá trị {value}", en=f"status unknown but the value is {value}")
        expected = Text(vi="hãy xóa giá trị hoặc ghi trạng thái khác", en="remove the value, or write another status")
        flaws.append(Flaw("status", found, expected))
    return flaws


def find_doubts(fact: Fact) -> list[Flaw]:
    """What stops nothing but should be looked at before ``fact`` is relied on; each has a column of its own."""
    doubts = []
    if fact.status is Status.REJECTED and not fact.note:
        doubts.append(_WITHOUT_REASON)
    if fact.status is Status.ADJUSTED and fact.reported is None:
        doubts.append(_WITHOUT_REPORTED)
    if fact.status in (Status.VERIFIED, Status.ADJUSTED) and not fact.documents:
        doubts.append(_WITHOUT_DOCUMENT)
    return doubts


def _find_derived_flaws(fact: Fact, criterion: Criterion, units: Units) -> list[Flaw]:
    """District I.1: only the exemption of a unit without members can be entered."""
    tiers = {requirement.tier for requirement in criterion.requirements if isinstance(requirement, Members)}
    if fact.status is not Status.EXEMPT:
        found = Text(
            vi=f"{criterion.code} được tính từ mức độ của các đơn vị trực thuộc",
            en=f"{criterion.code} follows from the levels of the member units",
        )
        expected = Text(vi="hãy bỏ dòng này", en="leave this row out")
        return [Flaw("criterion", found, expected)]
    if any(unit.tier in tiers for unit in units.children(fact.unit)):
        found = Text(
            vi=f"{fact.unit} có đơn vị trực thuộc nên không được miễn {criterion.code}",
            en=f"{fact.unit} has member units and cannot be exempted from {criterion.code}",
        )
        expected = Text(
            vi="chỉ miễn cho đơn vị không có đơn vị trực thuộc", en="only a unit without members can be exempted"
        )
        return [Flaw("status", found, expected)]
    return _find_missing_reason(fact)


def _find_exemption_flaws(fact: Fact, criterion: Criterion) -> list[Flaw]:
    # «(nếu có)», or a zero base; anything else binds everybody.
    zero_base = fact.amount is not None and fact.amount.denominator == 0
    if criterion.exemption is not None or zero_base:
        return _find_missing_reason(fact)
    found = Text(vi=f"{criterion.code} không được miễn", en=f"{criterion.code} cannot be exempted")
    expected = Text(
        vi="chỉ miễn tiêu chí ghi “(nếu có)” hoặc có tổng số bằng 0 (ghi rõ 0/0)",
        en="only a criterion that says “(nếu có)”, or one whose base is zero (stated as 0/0), can be",
    )
    return [Flaw("status", found, expected), *_find_missing_reason(fact)]


def _find_missing_reason(fact: Fact) -> list[Flaw]:
    if fact.note:
        return []
    return [Flaw("note", Text(vi="miễn mà không có lý do", en="exempt without a reason"), _REASON)]


def _find_reported_flaws(fact: Fact, write: Callable[[Amount], str] = str) -> list[Flaw]:
    if fact.reported is None or fact.status is Status.ADJUSTED:
        return []
    value = write(fact.reported)
    found = Text(
        vi=f"có giá trị đã báo cáo {value} nhưng trạng thái là {fact.status}",
        en=f"a reported value {value} but the status is {fact.status}",
    )
    expected = Text(
        vi="cột reported chỉ dùng với trạng thái adjusted", en="column reported goes only with status adjusted"
    )
    return [Flaw("reported", found, expected)]
