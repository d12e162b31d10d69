"""Labels: the fixed words of the working papers, and the marks a paper has to bear on every page."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from levels.faults import Language, Text
from reports.words import PROVISIONAL, SYNTHETIC_MARK
from rules.verdict import Standing, Verdict

LABELS = {
    "accepted": Text(vi="Thẩm định", en="Accepted"),
    "appraisal": Text(vi="PHIẾU THẨM ĐỊNH", en="APPRAISAL SHEET"),
    "blocked": Text(vi="Số đơn vị bị giữ lại", en="Units held back"),
    "blockers": Text(vi="Tiêu chí giữ mức", en="Held back by"),
    "blocking": Text(vi="Tiêu chí giữ lại nhiều đơn vị nhất", en="Criteria that hold back most units"),
    "chain": Text(vi="Căn cứ thực tế và tài liệu kiểm chứng", en="Facts and documents that prove it"),
    "chairman": Text(vi="CHỦ TỊCH HỘI ĐỒNG", en="CHAIR OF THE COUNCIL"),
    "children": Text(vi="Các đơn vị trực thuộc còn giữ lại", en="Member units that hold it back"),
    "claimed": Text(vi="Tự đánh giá", en="Claimed"),
    "code": Text(vi="Mã", en="Code"),
    "criterion": Text(vi="Tiêu chí", en="Criterion"),
    "distribution": Text(vi="Số đơn vị theo mức", en="Units by level"),
    "documents": Text(vi="Tài liệu kiểm chứng", en="Documents"),
    "level": Text(vi="Mức", en="Level"),
    "members": Text(vi="Mức của các đơn vị trực thuộc", en="Levels of the member units"),
    "number": Text(vi="STT", en="No."),
    "possible": Text(vi="Còn có thể đạt", en="Possible"),
    "reason": Text(vi="Tình trạng, lý do", en="Status, reason"),
    "recognised": Text(vi="Được chấp nhận", en="Accepted"),
    "registered": Text(vi="Đăng ký", en="Registered"),
    "reported": Text(vi="Báo cáo", en="Reported"),
    "required": Text(vi="Yêu cầu của từng mức", en="Required at each level"),
    "secretary": Text(vi="THƯ KÝ HỘI ĐỒNG", en="SECRETARY OF THE COUNCIL"),
    "summary": Text(vi="BÁO CÁO TỔNG HỢP", en="SUMMARY REPORT"),
    "truncated": Text(
        vi="Tỷ lệ phần trăm được in đến hai chữ số thập phân và cắt bớt, không làm tròn; mức đạt được xét trên phân số "
        "chính xác in kèm.",
        en="Percentages are printed with two decimals, cut and not rounded; levels are decided on the exact fractions "
        "printed beside them.",
    ),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "units": Text(vi="Mức của từng đơn vị", en="Level of every unit"),
}


def labels(language: Language) -> dict[str, str]:
    """The fixed words of the working papers."""
    return {key: text.say(language) for key, text in LABELS.items()}


@frozen
class Marks:
    """What a paper has to say of itself on every page; ``""``: nothing."""

    provisional: str
    synthetic: str


def judge(
    verdicts: Sequence[Verdict], language: Language, *, provisional: bool | None = None, synthetic: bool = False
) -> Marks:
    """The marks of a paper on ``verdicts``; ``provisional`` where the caller knows better than they tell."""
    draft = is_provisional(verdicts) if provisional is None else provisional
    return Marks(
        PROVISIONAL.say(language) if draft else "",
        SYNTHETIC_MARK.say(language) if synthetic or is_synthetic(verdicts) else "",
    )


def is_provisional(verdicts: Iterable[Verdict]) -> bool:
    """Whether a paper rests on values no council has ruled on, on levels not recognised, or may still change.

    Whoever knows more (the council has closed the dossiers) says so to the ``render`` functions.
    """
    return any(
        verdict.levels.level != verdict.levels.possible_level
        or any(found.standing is Standing.SELF_REPORTED for found in verdict.criteria)
        or any(member.provisional for member in verdict.members)
        for verdict in verdicts
    )


def is_synthetic(verdicts: Iterable[Verdict]) -> bool:
    """Whether a paper rests on made-up facts."""
    return any(verdict.synthetic for verdict in verdicts)
